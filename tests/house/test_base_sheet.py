"""The base sheet is built without what no page has: here no page, no widget and no program has it."""

import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted((ROOT / "src/zhengyou/templates").rglob("*.html"))
PROGRAMS = [
    *sorted((ROOT / "src/zhengyou").rglob("*.py")),
    *sorted(
        path for path in (ROOT / "frontend").rglob("*.ts") if not {"node_modules", "build", "test"} & {*path.parts}
    ),
]
# What a selector of the sheet asks for, as a page, a widget or a program would write it; the rest are parts of these.
WRITTEN = {
    "data-theme": r"data-theme|dataset\.theme\b",
    "tooltip": r"data-tooltip|dataset\.tooltip\b",
    "dropdown": r"""["' ]dropdown["' ]""",
    "dialog": r"""<dialog\b|createElement\(["']dialog""",
    "modal": r"modal-is|showModal",
    "role=switch": r"""["']switch["']""",
    "type=range": r"""type=["']?range\b|input_type = ["']range|["']type["']: ["']range""",
    "type=color": r"""type=["']?color\b|ColorInput|input_type = ["']color|["']type["']: ["']color""",
    "type=week": r"""type=["']?week\b|input_type = ["']week|["']type["']: ["']week["']""",
    "type=month": r"""type=["']?month\b|input_type = ["']month|["']type["']: ["']month["']""",
    ".contrast": r"""class=["'][^"']*\bcontrast\b""",
    ".striped": r"""class=["'][^"']*\bstriped\b""",
    ".overflow-auto": r"overflow-auto",
    ".container-fluid": r"container-fluid",
    "breadcrumb": r"""aria-label=["']breadcrumb""",
    "dir=rtl": r"""dir=["']?rtl\b""",
    ":host": r"attachShadow",
}
PARTS = {"slider-", "range-", "color-swatch"}  # of an input of that type


def left_out() -> list[str]:
    listed = re.search(r"unused = \[(.*?)\];", (ROOT / "frontend/sheet.mjs").read_text(encoding="utf-8"), re.DOTALL)
    assert listed is not None
    return json.loads(f"[{listed[1].strip().rstrip(',')}]")


def test_for_everything_left_out_this_test_knows_how_it_would_be_written() -> None:
    assert set(left_out()) - PARTS == set(WRITTEN)


@pytest.mark.parametrize("word", WRITTEN)
def test_nothing_is_left_out_of_the_base_sheet_that_a_page_has(word: str) -> None:
    written = re.compile(WRITTEN[word])
    texts = {path: path.read_text(encoding="utf-8") for path in (*PAGES, *PROGRAMS)}
    assert [path.name for path, text in texts.items() if written.search(text)] == []

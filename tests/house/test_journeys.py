"""A journey waits for what it expects: what it reads right after a click may be a page that is still arriving."""

import re
from pathlib import Path

import pytest

JOURNEYS = sorted((Path(__file__).resolve().parents[1] / "journeys").glob("test_*.py"))
READ_AT_ONCE = re.compile(
    r"^\s*assert .*\.(is_visible|is_hidden|is_checked|is_enabled|is_disabled|inner_text|text_content|input_value)\("
)


@pytest.mark.parametrize("path", JOURNEYS, ids=lambda path: path.stem)
def test_a_journey_asserts_nothing_that_it_reads_at_once(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    assert [f"{n}: {line.strip()}" for n, line in enumerate(lines, 1) if READ_AT_ONCE.search(line)] == []

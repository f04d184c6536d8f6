"""The pages on methods: all in the index, links lead somewhere, each says what it assumes, when not to use it, and an example."""

import re
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "methods"
PAGES = sorted(path for path in FOLDER.glob("*.md") if path.name != "README.md")
CHOOSERS = {"reliability.md", "scale.md"}


def links(path: Path) -> set[str]:
    return set(re.findall(r"\]\(([\w-]+\.md)\)", path.read_text(encoding="utf-8")))


def test_the_index_names_every_page() -> None:
    assert links(FOLDER / "README.md") == {path.name for path in PAGES}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_to_pages(page: Path) -> None:
    assert links(page) <= {path.name for path in PAGES}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_page_opens_for_everybody_and_says_when_not_to_use_it(page: Path) -> None:
    title, opening = page.read_text(encoding="utf-8").split("\n\n", 2)[:2]
    assert title.startswith("# ")
    assert opening[0] not in "#|-`"
    if page.name not in CHOOSERS:
        heads = " ".join(re.findall(r"^## (.*)$", page.read_text(encoding="utf-8"), re.M)).lower()
        assert "assume" in heads
        assert re.search(r"when (not )?to use", heads)
        assert "worked example" in heads

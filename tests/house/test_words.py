"""One word, one thing: the names of classes are held to the last table of the glossary."""

import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROW = re.compile(r"^\| (?P<words>[a-z, ]+) \| [^|]+ \| ?(?P<classes>[^|]*)\|$")


def guarded() -> dict[str, set[str]]:
    """Each guarded word and the classes that may bear it."""
    _text, _heading, table = (ROOT / "docs/glossary.md").read_text(encoding="utf-8").partition("## One word, one thing")
    rows = [row for line in table.splitlines() if (row := ROW.match(line)) and row["words"] != "word"]
    return {word: set(re.findall(r"`(\w+)`", row["classes"])) for row in rows for word in row["words"].split(", ")}


@cache
def classes() -> set[str]:
    """The names of all classes of the house and its engines."""
    paths = [path for path in (ROOT / "src").rglob("*.py") if "migrations" not in path.parts]
    opened = re.compile(r"^\s*class (\w+)[(:]", re.MULTILINE)
    return {name for path in paths for name in opened.findall(path.read_text(encoding="utf-8"))}


def bearers(word: str) -> set[str]:
    """The classes in whose name the word stands, in singular or plural."""
    return {name for name in classes() if re.search(rf"{word.capitalize()}s?(?![a-z])", name)}


@pytest.mark.parametrize("word", sorted(set(guarded()) - {"form"}))
def test_a_guarded_word_stands_in_no_other_class(word: str) -> None:
    assert bearers(word) == guarded()[word]


def test_form_is_a_pages_or_a_paper_one() -> None:
    assert {name for name in bearers("form") if not name.endswith("Form")} == {"FormKind"}
    assert "BoxKeyedForm" in bearers("form")


def test_the_table_is_read() -> None:
    assert {"standing", "verdict", "key", "round"} <= set(guarded())


NAMED = re.compile(r"\b(?:cycle|campaign)\.(?:name|theme)\b")


@pytest.mark.parametrize("ending", ["py", "html"])
def test_no_face_says_the_chinese_name_of_a_cycle_or_campaign_to_a_reader_of_english(ending: str) -> None:
    """`called` and `motto` say it in the reader's language."""
    faces = ROOT / "src/zhengyou" / ("web" if ending == "py" else "templates")
    at = [
        f"{path.name}: {found[0]}"
        for path in sorted(faces.rglob(f"*.{ending}"))
        for found in NAMED.finditer(path.read_text(encoding="utf-8"))
    ]
    assert at == []

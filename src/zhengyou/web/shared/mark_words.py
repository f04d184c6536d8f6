"""What a mark is called wherever counts are shown: a grade by its name, and the two that give none. One word, one number.

`unmarked` is an item left blank: its voter abstains *there*. A whole slip without any grade is counted by itself (`abstained`).
"""

from collections.abc import Iterable, Mapping
from typing import Any

from zhengyou.base.words import Names, in_readers_words

NO_GRADE: dict[str, Names] = {
    "dont_know": {"zh-hans": "不了解", "en": "Don't know"},
    "unmarked": {"zh-hans": "弃权", "en": "Abstained"},
}


def mark_names(manifest: Mapping[str, Any]) -> dict[str, Names]:
    """What each mark of a poll's items is called."""
    return {grade["id"]: grade["name"] for grade in manifest["grades"]} | NO_GRADE


def cell_in_words(marks: Iterable[str], names: Mapping[str, Names]) -> str:
    """The marks of one published number; several are joined where single ones would be too few to show."""
    return "/".join(in_readers_words(names[mark]) for mark in marks)

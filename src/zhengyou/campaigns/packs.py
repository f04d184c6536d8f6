"""Campaign packs: the words and numbers of a kind of campaign, read from TOML. Never code."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from zhengyou.campaigns.ruleset import Rules

IMPORT_ONLY = {"aliases"}  # spellings of a word in files; the rules do not need them
FOLDER = Path(__file__).resolve().parent.parent / "packs"


def pack_ids() -> list[str]:
    """The packs that come with the product."""
    return sorted(path.stem for path in FOLDER.glob("*.toml"))


@cache
def load_pack(pack_id: str) -> dict[str, Any]:
    """One pack. Raises KeyError if there is none of that name."""
    if pack_id not in pack_ids():
        raise KeyError(pack_id)
    return tomllib.loads((FOLDER / f"{pack_id}.toml").read_text(encoding="utf-8"))


def rules_of(pack_id: str) -> Rules:
    """The rules with which a cycle begins: the pack's own, with its aims, titles and kinds of organisation.

    Raises KeyError or TypeError for a pack whose rules nobody can read.
    """
    pack = load_pack(pack_id)
    words = {
        "aims": pack["aims"],
        "titles": pack["titles"],
        "kinds": pack["organisation_kinds"],
        "stages": pack["stages"],
    }
    entries = {
        section: [{name: value for name, value in entry.items() if name not in IMPORT_ONLY} for entry in rows]
        for section, rows in words.items()
    }
    return Rules.read(pack["rules"] | entries | {"rooms": pack["rooms"]})

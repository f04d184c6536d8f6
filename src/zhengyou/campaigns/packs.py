"""Campaign packs: the words and numbers of a kind of campaign, read from TOML. Never code."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

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

"""The texts of two packs that come with the house, copies with a fault in them, and what is found there."""

import re

from zhengyou.campaigns import packs
from zhengyou.campaigns.packing.reading import read_pack

LIGHT = (packs.FOLDER / "excellence-light.toml").read_text(encoding="utf-8")
HOSPITAL = (packs.FOLDER / "hospital-appraisal.toml").read_text(encoding="utf-8")


def faults_of(text):
    """What is found in a pack, as (slug, place)."""
    pack, faults = read_pack(text if isinstance(text, bytes) else text.encode())
    assert (pack is None) == bool(faults)
    return [(fault.slug, "/".join(map(str, fault.place))) for fault in faults]


def changed(old, new, text=LIGHT):
    """The pack with its first `old` replaced. Fails if it has none."""
    assert old in text
    return text.replace(old, new, 1)


def without(table, text=LIGHT):
    """The pack without the tables of this name."""
    shorter = re.sub(rf"^\[+{re.escape(table)}\]+\n(?:(?!\[)[^\n]*\n)*", "", text, flags=re.MULTILINE)
    assert shorter != text
    return shorter

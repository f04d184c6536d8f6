"""What is asked for must go together, on the command line and in a call alike: the refusals, without looking at any file."""

from collections.abc import Mapping
from typing import Any

from honestrank.words.wording import InputError

APART = (("se", "rater"), ("se", "group"), ("part", "rater"), ("part", "fixed"))

NEEDS = (("count", "se"), ("part_weight", "part"))

GROUPED_NEEDS = ("part_weight", "count")


def check_asked(asked: Mapping[str, Any], *, options: bool) -> None:
    """Raise InputError for columns that exclude or need each other; named as options, or as arguments of a function."""

    def called(name: str) -> str:
        return f"--{name.replace('_', '-')}" if options else name

    given = {name for name, value in asked.items() if value}
    for one, other in APART:
        if {one, other} <= given:
            raise InputError("options_apart", option=called(one), other=called(other))
    for one, other in NEEDS:
        if one in given and other not in given:
            raise InputError("option_needs", option=called(one), other=called(other))
    for other in GROUPED_NEEDS if {"se", "part"} <= given else ():
        if other not in given:
            raise InputError("option_needs", option=f"{called('se')} with {called('part')}", other=called(other))
    if "group" in given and asked["unit"] in asked["group"]:
        raise InputError("group_is_unit", column=asked["unit"])
    if "group" in given and not {"rater", "fixed"} & given:
        raise InputError("option_needs", option=called("group"), other=called("rater"))

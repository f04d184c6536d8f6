"""A cycle's rules as types. The cycle keeps them as JSON, which the pack begins and the launch freezes; here they are read.

`SECTIONS` is the whole list of sections: a room that needs rules of its own adds a class and a line. What may stand in
them is checked in `rules`.
"""

from dataclasses import dataclass
from typing import Any, Self

Names = dict[str, str]
FROM_THE_PACK = {"aims": "aims", "titles": "titles", "kinds": "organisation_kinds"}


@dataclass(frozen=True)
class Named:
    """A word of the campaign, for example an aim, a title or an item of the sheet: its slug and its name in both languages."""

    id: str
    name: Names


@dataclass(frozen=True)
class Grade(Named):
    """One grade of the sheet and its points."""

    points: int


@dataclass(frozen=True)
class RaterGroup(Named):
    """A group of raters, counted apart. Weight 0 leaves it out. `side` is inside, outside, or empty for neither."""

    weight: int
    side: str = ""


@dataclass(frozen=True)
class Kind(Named):
    """A kind of organisation. `leads_others` marks kinds whose own organisations are appraised together."""

    leads_others: bool = False


@dataclass(frozen=True)
class Thresholds:
    """From how many ballots what may be published, and which part of a roll must vote (`turnout`, a fraction)."""

    nothing_below: int
    band_below: int
    open_from: int
    cell: int
    turnout: tuple[int, int]
    compare_from: int


@dataclass(frozen=True)
class CommitmentLimits:
    """How many promises an organisation makes."""

    fewest: int
    most: int


@dataclass(frozen=True)
class NoticeTime:
    """How long a notice of candidates lasts."""

    working_days: int


SECTIONS: tuple[tuple[str, type], ...] = (
    ("grades", Grade),
    ("criteria", Named),
    ("rater_groups", RaterGroup),
    ("thresholds", Thresholds),
    ("commitments", CommitmentLimits),
    ("notice", NoticeTime),
    ("aims", Named),
    ("titles", Named),
    ("kinds", Kind),
)


@dataclass(frozen=True)
class Rules:
    """All rules of one cycle. Lists keep the pack's order; grades fall from the best to the worst."""

    grades: tuple[Grade, ...]
    criteria: tuple[Named, ...]
    rater_groups: tuple[RaterGroup, ...]
    thresholds: Thresholds
    commitments: CommitmentLimits
    notice: NoticeTime
    aims: tuple[Named, ...]
    titles: tuple[Named, ...]
    kinds: tuple[Kind, ...]

    @classmethod
    def read(cls, written: dict[str, Any]) -> Self:
        """The rules from a cycle's JSON. Raises KeyError or TypeError where a section or a value is missing or unknown."""
        return cls(**{name: _section(kind, written[name]) for name, kind in SECTIONS})


def rules_of_pack(pack: dict[str, Any]) -> dict[str, Any]:
    """The rules with which a cycle begins: the pack's own and, of its lists of words, what `Rules` reads."""
    words = {section: [_known(entry) for entry in pack.get(name, [])] for section, name in FROM_THE_PACK.items()}
    rules: dict[str, Any] = pack["rules"] | words
    return rules


def _known(entry: dict[str, Any]) -> dict[str, Any]:
    """An entry without its spellings in files, which belong to the import."""
    return {name: value for name, value in entry.items() if name != "aliases"}


def _section(kind: type, written: Any) -> Any:
    if isinstance(written, list):
        return tuple(kind(**entry) for entry in written)
    return kind(**{name: tuple(value) if isinstance(value, list) else value for name, value in written.items()})

"""A poll's result as a typed document: what is computed, kept, compared and shown, read once from the JSON that is kept.

Each unit carries what the standing says of it. Nothing is computed here.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Literal, TypeVar

from honestrank import Standing, UnitStanding

FORMAT = "zhengyou-result-1"

Names = dict[str, str]
Level = Literal["nothing", "band", "counts", "open"]
# What JSON gives and takes.
Plain = dict[str, Any]


@dataclass(frozen=True)
class MarkCount:
    """How many slips have one of these marks; marks are joined where single ones would be too few to show."""

    marks: tuple[str, ...]
    n: int


@dataclass(frozen=True)
class CriterionResult:
    """One item of one unit: its published counts, or the grade nearly all gave (`most`), and the mean and errors, coarsened.

    `comparison_error` is the error widened by what the rounding may hide. `certificate` is honestrank's own.
    """

    criterion: str
    cells: tuple[MarkCount, ...] | None
    most: str | None
    mean: float | None
    standard_error: float | None
    comparison_error: float | None
    rounding: float | None
    certificate: Plain

    @classmethod
    def read(cls, plain: Plain) -> "CriterionResult":
        """From JSON."""
        cells = plain["cells"]
        marks = None if cells is None else tuple(MarkCount(tuple(cell["marks"]), cell["n"]) for cell in cells)
        return cls(**plain | {"cells": marks})


@dataclass(frozen=True)
class UnitResult:
    """One unit in one pool: how much of it is shown (`level`), its band or score, its items.

    `standing`: its places, None where it is not ranked; `alike`: the names of those it is indistinguishable from.
    """

    unit: str
    name: Names
    n: int
    level: Level
    band: str | None
    score: float | None
    standard_error: float | None
    criteria: tuple[CriterionResult, ...]
    standing: UnitStanding | None = None
    alike: tuple[Names, ...] = ()


@dataclass(frozen=True)
class NamedOption:
    """An option of a question."""

    id: str
    name: Names


@dataclass(frozen=True)
class QuestionResult:
    """One question in one pool: whom its method puts first (several draw level), and whether a few more slips could change it.

    Numbers only where slips are open: first choices or approvals by option, and for a ranking how many put one option (row)
    before another (column). `level` as in UnitResult.
    """

    line: str
    text: Names
    kind: str
    method: str
    options: tuple[NamedOption, ...]
    n: int
    level: Level
    winners: tuple[str, ...]
    is_certain: bool
    numbers: tuple[int, ...] | None
    pairwise: tuple[tuple[int, ...], ...] | None
    dont_know: int | None
    abstained: int | None

    @classmethod
    def read(cls, plain: Plain) -> "QuestionResult":
        """From JSON."""
        rows = {
            "options": tuple(NamedOption(**option) for option in plain["options"]),
            "winners": tuple(plain["winners"]),
            "numbers": None if plain["numbers"] is None else tuple(plain["numbers"]),
            "pairwise": None if plain["pairwise"] is None else tuple(tuple(row) for row in plain["pairwise"]),
        }
        return cls(**plain | rows)

    @property
    def first(self) -> list[Names]:
        """The names of those who are first."""
        return [option.name for option in self.options if option.id in self.winners]


@dataclass(frozen=True)
class PoolResult:
    """One pool of voters: its verdict, its units, their standing where at least two have a score, its questions."""

    pool: str
    name: Names
    size: int
    verdict: str
    rater_group: str
    sealed: bool
    units: tuple[UnitResult, ...]
    standing: Standing | None
    questions: tuple[QuestionResult, ...] = ()

    @classmethod
    def read(cls, plain: Plain) -> "PoolResult":
        """From JSON."""
        standing = _standing(plain)
        rows = [UnitResult(**row | {"criteria": _criteria(row)}) for row in plain["units"]]
        questions = tuple(QuestionResult.read(question) for question in plain["questions"])
        return cls(**plain | {"units": with_standing(rows, standing), "standing": standing, "questions": questions})

    def to_json(self) -> Plain:
        """Plain values; what the standing says of a unit stands there only."""
        questions = [asdict(question) for question in self.questions]
        return vars(self) | _ranked_json(self.units, self.standing) | {"questions": questions}


@dataclass(frozen=True)
class WeighedGroup:
    """A group of raters by the frozen rules: its weight, the side it sees from, and the pools of this poll that belong to it.

    `of`: the groups that the second table of weights joins in it. `called`: the names of those pools, for readers: they are
    no part of what is kept.
    """

    id: str
    name: Names
    weight: int
    side: str
    pools: tuple[str, ...] = ()
    of: tuple[str, ...] = ()
    called: tuple[Names, ...] = field(default=(), compare=False)

    @classmethod
    def read(cls, plain: Plain) -> "WeighedGroup":
        """From JSON."""
        return cls(**plain | {"pools": tuple(plain["pools"]), "of": tuple(plain.get("of", ()))})


@dataclass(frozen=True)
class SmallRoll:
    """A group of raters whose roll was too short to count by itself: how many people it held, and how many it takes."""

    id: str
    name: Names
    size: int
    least: int


@dataclass(frozen=True)
class GroupFigure:
    """What one group of raters says of one unit."""

    unit: str
    group: str
    weight: int
    n: int
    score: float
    standard_error: float


@dataclass(frozen=True)
class CombinedRow:
    """One unit's combined score, or the groups whose figure is missing. `standing` and `alike` as in UnitResult."""

    unit: str
    name: Names
    n: int
    score: float | None
    standard_error: float | None
    missing: tuple[str, ...]
    standing: UnitStanding | None = None
    alike: tuple[Names, ...] = ()


@dataclass(frozen=True)
class CombinedResult:
    """The groups of raters together: the groups, what each says of each unit, and the combined scores with their standing.

    `small`: the groups whose rolls were too short at the opening, so that the second table of weights served.
    """

    groups: tuple[WeighedGroup, ...]
    figures: tuple[GroupFigure, ...]
    units: tuple[CombinedRow, ...]
    standing: Standing | None
    small: tuple[SmallRoll, ...] = ()

    @classmethod
    def read(cls, plain: Plain) -> "CombinedResult":
        """From JSON."""
        standing = _standing(plain)
        rows = [CombinedRow(**row | {"missing": tuple(row["missing"])}) for row in plain["units"]]
        return cls(
            groups=tuple(WeighedGroup.read(group) for group in plain["groups"]),
            figures=tuple(GroupFigure(**figure) for figure in plain["figures"]),
            units=with_standing(rows, standing),
            standing=standing,
            small=tuple(SmallRoll(**roll) for roll in plain.get("small", ())),
        )

    def to_json(self) -> Plain:
        """Plain values; what the standing says of a unit stands there only."""
        groups, figures = [asdict(replace(group, called=())) for group in self.groups], [*map(asdict, self.figures)]
        for group in groups:
            del group["called"]
        small = [asdict(roll) for roll in self.small]
        return {"groups": groups, "figures": figures, "small": small, **_ranked_json(self.units, self.standing)}

    def names_of(self, groups: Iterable[str]) -> list[Names]:
        """The names of these groups of raters as the poll's own pages say them: those of their pools."""
        missing = [group for group in self.groups if group.id in groups]
        return [name for group in missing for name in group.called or (group.name,)]

    def calling(self, pools: "Iterable[PoolResult]") -> "CombinedResult":
        """The same, with the names of the pools of each group."""
        names = {pool.pool: pool.name for pool in pools}
        called = [tuple(names[pool] for pool in group.pools if pool in names) for group in self.groups]
        groups = (replace(group, called=own) for group, own in zip(self.groups, called, strict=True))
        return replace(self, groups=tuple(groups))


@dataclass(frozen=True)
class PeerGroup:
    """What makes organisations peers: the same sector, kind and size band."""

    sector: str
    kind: str
    size: str


@dataclass(frozen=True)
class Correction:
    """What is said instead of figures: which result is corrected, whether its outcome changed, and this as a sentence."""

    of: int
    outcome_changed: bool
    sentences: Names


@dataclass(frozen=True)
class ResultDocument:
    """One numbered result: the poll, the fingerprints of the manifest and record it was made from, and the figures.

    With a `correction` there are no figures. `peer_groups`: by an organisation's code, as they were at the first result.
    """

    poll: str
    manifest: str
    record: str
    pools: tuple[PoolResult, ...] = ()
    combined: CombinedResult | None = None
    peer_groups: Mapping[str, PeerGroup] = field(default_factory=dict)
    correction: Correction | None = None

    @classmethod
    def read(cls, plain: Plain) -> "ResultDocument":
        """From the JSON that `to_json` wrote. Raises KeyError or TypeError for anything else."""
        combined, correction = plain["combined"], plain.get("correction")
        pools = tuple(PoolResult.read(pool) for pool in plain["pools"])
        return cls(
            poll=plain["poll"],
            manifest=plain["manifest"],
            record=plain["record"],
            pools=pools,
            combined=None if combined is None else CombinedResult.read(combined).calling(pools),
            peer_groups={unit: PeerGroup(**group) for unit, group in plain["peer_groups"].items()},
            correction=None if correction is None else Correction(**correction),
        )

    def to_json(self) -> Plain:
        """Plain values for JSON. Without a correction the word is left out, so that the database finds those with figures."""
        plain = {
            "format": FORMAT,
            "poll": self.poll,
            "manifest": self.manifest,
            "record": self.record,
            "pools": [pool.to_json() for pool in self.pools],
            "combined": self.combined and self.combined.to_json(),
            "peer_groups": {unit: asdict(group) for unit, group in self.peer_groups.items()},
        }
        return plain if self.correction is None else plain | {"correction": asdict(self.correction)}

    def pool_with_id(self, pool_id: str) -> PoolResult | None:
        """One pool, or None."""
        return next((pool for pool in self.pools if pool.pool == pool_id), None)


Row = TypeVar("Row", UnitResult, CombinedRow)


def with_standing(rows: Iterable[Row], standing: Standing | None) -> tuple[Row, ...]:
    """The units, each with what the standing says of it and the names of those it is indistinguishable from."""
    known = list(rows)
    names = {row.unit: row.name for row in known}
    ranked = {row.unit: row for row in (standing.units if standing else ())}
    return tuple(
        replace(row, standing=own, alike=tuple(names[unit] for unit in own.indistinguishable_from))
        if (own := ranked.get(row.unit))
        else row
        for row in known
    )


def _criteria(row: Plain) -> tuple[CriterionResult, ...]:
    return tuple(CriterionResult.read(criterion) for criterion in row["criteria"])


def _standing(plain: Plain) -> Standing | None:
    return None if plain["standing"] is None else Standing.from_dict(plain["standing"])


def _ranked_json(rows: Iterable[UnitResult | CombinedRow], standing: Standing | None) -> Plain:
    units = [asdict(replace(row, standing=None, alike=())) for row in rows]
    for row in units:
        del row["standing"], row["alike"]
    return {"units": units, "standing": standing and standing.as_dict()}

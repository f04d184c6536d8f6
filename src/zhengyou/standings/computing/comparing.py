"""The four comparisons of one unit (M16), from published results only: with its past, among peers, inside, from outside.

Each is what the engine found with its sentences in the reader's language, or None where nobody asked what it takes.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from honestrank import (
    CombinedUnit,
    Comparison,
    Figure,
    GroupMean,
    Inside,
    Language,
    Need,
    NotCompared,
    PublishedPlace,
    RaterGroup,
    Wave,
    among_peers,
    among_published,
    combine_groups,
    inside,
    outside_view,
    over_time,
    standing_need,
)
from zhengyou.standings.computing.document import (
    CombinedRow,
    GroupFigure,
    Names,
    PoolResult,
    UnitResult,
    WeighedGroup,
)

# A card lists what it would take for so many others at most: the nearest ones, for whom it is least.
NEAREST = 5
# The last number of members of each size band; only organisations of one band are peers. They lie near the numbers
# from which a branch elects a committee (7) and a general branch (50) or a committee (100) is formed; 20 parts the
# many in between.
SIZE_BANDS = (7, 20, 50, 100)


@dataclass(frozen=True)
class Seen:
    """One unit in one pool of one result: the poll's name, its row, the grades with points."""

    poll: Names
    row: UnitResult
    grades: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class InWords:
    """What the engine found, with its sentences in the reader's language."""

    found: Comparison | Inside | PublishedPlace | NotCompared
    sentences: list[str]

    @property
    def is_compared(self) -> bool:
        """Whether there is anything but the reason why not."""
        return not isinstance(self.found, NotCompared)

    @property
    def comparison(self) -> Comparison | None:
        """The one comparison, where it is one: nothing for what is not compared, and for the units inside."""
        compared = self.found.comparison if isinstance(self.found, PublishedPlace) else self.found
        return compared if isinstance(compared, Comparison) else None

    @property
    def outcome(self) -> str:
        """`above` or `below` where this one comparison says so, else nothing."""
        compared = self.comparison
        return "" if compared is None or compared.outcome == "indistinguishable" else compared.outcome


@dataclass(frozen=True)
class Needed:
    """What would have to be different for a unit and this other one to separate: `need` is nothing where no number would do."""

    unit: str
    name: Names
    need: Need | None


def size_band(members: int) -> str:
    """The size band of an organisation for its peer group: up to 7 members, to 20, to 50, to 100, or more."""
    low = 0
    for high in SIZE_BANDS:
        if members <= high:
            return f"{low}–{high}"
        low = high + 1
    return f"{low}–"


@dataclass(frozen=True)
class Reader:
    """Who reads: language of names and sentences, and from how many ballots a unit is compared."""

    language: Language
    compare_from: int

    def name(self, words: Names) -> str:
        """A name kept in both languages, in the reader's."""
        return words.get(self.language) or next(iter(words.values()), "")

    def named(self, names: Iterable[str]) -> str:
        """Names of groups, each in its marks since many hold an “and” of their own, one after the other."""
        quoted = [f"“{name}”" for name in names]
        if self.language != "en":
            return "、".join(quoted)
        return " and ".join(filter(None, [", ".join(quoted[:-1]), quoted[-1]]))

    def figure(self, row: UnitResult | CombinedRow) -> Figure | None:
        """A published row as the engine takes it; None for one without a score."""
        if row.score is None or row.standard_error is None:
            return None
        return Figure(self.name(row.name), row.score, row.standard_error, row.n)

    def figures(self, rows: Iterable[UnitResult]) -> list[Figure]:
        """Those of these rows that have a score."""
        return [figure for row in rows if (figure := self.figure(row))]

    def in_words(self, found: Comparison | Inside | PublishedPlace | NotCompared) -> InWords:
        """What was found, with its sentences."""
        return InWords(found, found.sentences(self.language))


def past(now: Seen, before: Seen | None, criteria: Mapping[str, Names], reader: Reader) -> InWords | None:
    """The change since an earlier poll of the same group of raters, over the items both asked; None without one."""
    if before is None:
        return None
    waves = [_wave(seen, criteria, reader) for seen in (now, before)]
    return reader.in_words(over_time(reader.name(now.row.name), *waves, compare_from=reader.compare_from))


def _wave(seen: Seen, criteria: Mapping[str, Names], reader: Reader) -> Wave:
    items = {
        reader.name(criteria.get(item.criterion, {"": item.criterion})): Figure(
            item.criterion, item.mean, item.comparison_error, seen.row.n
        )
        for item in seen.row.criteria
        if item.mean is not None and item.comparison_error is not None
    }
    return Wave(reader.name(seen.poll), items, seen.grades)


def peers(own: Figure, others: Iterable[UnitResult], reader: Reader) -> InWords:
    """A unit against the mean of its declared peers, as far as they have a score."""
    return reader.in_words(among_peers(own, reader.figures(others), compare_from=reader.compare_from))


def units_inside(whole: str, rows: Iterable[UnitResult], reader: Reader) -> InWords:
    """The units inside a whole, each against the mean of the others, and which pairs separate."""
    return reader.in_words(inside(whole, reader.figures(rows), compare_from=reader.compare_from))


def outside(
    unit: Names, figures: Sequence[GroupFigure], groups: Iterable[WeighedGroup], reader: Reader
) -> InWords | None:
    """What the groups outside a unit say against what those inside say; None where one of the two sides was not asked.

    `figures`: this unit's, by group of raters; `groups`: those of the result. The frozen rules say who sees from where.
    """
    asked = [group for group in groups if group.pools]
    sides = [[group for group in asked if group.side == side] for side in ("outside", "inside")]
    if not all(sides):
        return None
    called = {group.id: reader.named(map(reader.name, group.called or (group.name,))) for group in asked}
    names = [
        reader.named(reader.name(name) for group in side for name in group.called or (group.name,)) for side in sides
    ]
    name = reader.name(unit)
    seen = [_together(name, figures, side, called) for side in sides]
    return reader.in_words(outside_view(name, *seen, names=(names[0], names[1]), compare_from=reader.compare_from))


def _together(
    unit: str, figures: Sequence[GroupFigure], groups: Sequence[WeighedGroup], called: Mapping[str, str]
) -> CombinedUnit:
    """Several groups' figures of one unit by their weights; one that is missing is named."""
    given = {figure.group: GroupMean(figure.score, figure.standard_error, figure.n) for figure in figures}
    raters = [
        RaterGroup(called[group.id], group.weight, {unit: given[group.id]} if group.id in given else {})
        for group in groups
    ]
    missing = tuple(rater.name for rater in raters if not rater.means)
    if missing or not any(rater.means[unit].standard_error for rater in raters):
        return CombinedUnit(unit, None, None, None, 0, missing or tuple(rater.name for rater in raters))
    return combine_groups([unit], raters)[0]


def elsewhere(own: Figure, published: Sequence[Figure], reader: Reader) -> InWords | None:
    """A unit among means published by others; None where none is on record."""
    if not published:
        return None
    return reader.in_words(among_published(own, published, compare_from=reader.compare_from))


def needs(own: Figure, row: UnitResult, pool: PoolResult, reader: Reader) -> list[Needed]:
    """What would have to be different for this unit and each of the nearest it is indistinguishable from to separate."""
    standing = pool.standing
    if standing is None or row.standing is None or not standing.fit_record["critical_value"]:
        return []
    alike = row.standing.indistinguishable_from
    rivals = [(other, figure) for other in pool.units if other.unit in alike and (figure := reader.figure(other))]
    rivals.sort(key=lambda rival: (abs(rival[1].score - own.score), rival[0].unit))
    needed = [
        (other, standing_need(standing, row.unit, other.unit, pool_size=pool.size))
        for other, _figure in rivals[:NEAREST]
    ]
    return [Needed(other.unit, other.name, need if isinstance(need, Need) else None) for other, need in needed]

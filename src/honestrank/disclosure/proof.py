"""Other tables that look the same, one set for each part that hangs together, or what can be worked out all the same.

They are found from the published figures alone, so that whoever is shown them learns nothing more.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from honestrank.disclosure.bounds import Booleans, Part, Search
from honestrank.disclosure.candidates import Counts, Scale
from honestrank.disclosure.one_group import witnesses
from honestrank.disclosure.table import Distribution, Integers, Table

# The number of needs that one table meets need not be the largest: with more than 60 wanted, 90 % of it is good
# enough and comes much sooner. What is left is met by the next table.
QUICK_FROM = 60

QUICK_GAP = 0.1


@dataclass(frozen=True)
class Group:
    """A distribution of which this part hides some figures: their places in the part (-1: published), and what is published."""

    distribution: Distribution
    places: Integers
    published: Integers

    def counts(self, table: Integers) -> Counts:
        """The distribution in one of the tables found for the part."""
        return tuple(np.where(self.places >= 0, table[self.places], self.published).tolist())


@dataclass
class Proof:
    """Tables that fit a part's published figures; `pinned` figures cannot reach what they must, `unique` distributions have no
    other form, or none that is not unanimous. Both empty: the part is safe.

    A single form is no harm if it is not unanimous and each of its counts is 0 or at least `least`.
    """

    part: Part
    least: int
    tables: list[Integers] = field(default_factory=list)
    pinned: list[int] = field(default_factory=list)
    unique: list[Distribution] = field(default_factory=list)

    @property
    def is_safe(self) -> bool:
        """Whether nothing can be worked out here."""
        return not self.pinned and not self.unique


def reaches(table: Table, known: Booleans, least: int) -> Integers:
    """What each hidden figure must be able to count as far as anybody can tell: `least`, or all of a smaller group.

    0 (no more than another form of the distribution) for sizes and where statistics of the distribution are published.
    """
    found = np.where(known, 0, np.minimum(least, table.caps))
    found[[at for at, figure in enumerate(table.figures) if figure.is_size]] = 0
    for one in table.distributions:
        if one.possible is not None:
            found[[table.place[name] for name in one.figures]] = 0
    return found


def groups_by_figure(table: Table, known: Booleans) -> dict[int, list[tuple[Distribution, Integers]]]:
    """The distributions that are not wholly published, under the place of their first hidden figure."""
    found: dict[int, list[tuple[Distribution, Integers]]] = {}
    for one in table.distributions:
        places = np.array([table.place[name] for name in one.figures], dtype=np.int64)
        hidden = places[~known[places]]
        if len(hidden):
            found.setdefault(int(hidden[0]), []).append((one, places))
    return found


def prove(
    part: Part, table: Table, known: Booleans, least: int, hidden: dict[int, list[tuple[Distribution, Integers]]]
) -> Proof:
    """Look for tables that show each figure at its `reaches`, and each distribution in two forms, one not unanimous."""
    proof = Proof(part, least)
    groups = _groups(part, table, known, hidden)
    if len(groups) == 1 and groups[0].distribution.shown is not None:
        return _proved_by_what_is_shown(proof, groups[0])
    reach = reaches(table, known, least)
    search = Search(part)
    wanted = [(at, int(reach[figure])) for at, figure in enumerate(part.figures) if reach[figure] > 0]
    _reach_all(proof, search, wanted)
    _vary_together(proof, search, groups)
    for group in groups:
        if not _is_varied(proof, group) and not _vary_alone(proof, search, group):
            proof.unique.append(group.distribution)
    return proof


def _proved_by_what_is_shown(proof: Proof, group: Group) -> Proof:
    """A distribution by itself, with all that it may be: no search. Other tables are those that vary each of its figures."""
    (_, vectors) = proof.part.choices[0]
    forms = [tuple(vector) for vector in vectors.tolist()]
    places, one = group.places, group.distribution
    inside = np.flatnonzero(places >= 0)
    proved = witnesses(forms, Scale(one.figures, one.points), inside.tolist()) if len(inside) == proof.part.size else []
    for form in proved or forms[:1]:
        found = np.zeros(proof.part.size, dtype=np.int64)
        found[places[inside]] = np.array(form)[inside]
        proof.tables.append(found)
    if not proved:
        proof.unique.append(one)
    return proof


def _groups(
    part: Part, table: Table, known: Booleans, hidden: dict[int, list[tuple[Distribution, Integers]]]
) -> list[Group]:
    local = {int(figure): at for at, figure in enumerate(part.figures)}
    found = []
    for figure in part.figures.tolist():
        for one, places in hidden.get(figure, []):
            inside = np.array([local.get(place, -1) for place in places.tolist()], dtype=np.int64)
            found.append(Group(one, inside, np.where(known[places], table.truth[places], 0)))
    return found


def _reach_all(proof: Proof, search: Search, wanted: list[tuple[int, int]]) -> None:
    """Tables that meet as many needs at once as fit, until none is left. A need that no table meets even alone is pinned."""
    nothing = np.zeros(search.width)
    gap = QUICK_GAP if len(wanted) > QUICK_FROM else 0
    while wanted:
        found = search.best(nothing, wanted=wanted, gap=gap)
        left = wanted if found is None else [(at, count) for at, count in wanted if found[at] < count]
        if found is None or len(left) == len(wanted):
            break
        proof.tables.append(found)
        wanted = left
    while wanted:
        at, count = wanted[0]
        found = search.best(nothing, least=(at, count))
        if found is None:
            proof.pinned.append(int(proof.part.figures[at]))
            wanted = wanted[1:]
        else:
            proof.tables.append(found)
            wanted = [(place, least) for place, least in wanted if found[place] < least]


def _vary_together(proof: Proof, search: Search, groups: Sequence[Group]) -> None:
    """Other forms for many distributions at once: the first hidden figure of each as small, then as large as can be."""
    for sign in (-1.0, 1.0):
        left = [group for group in groups if not _is_varied(proof, group)]
        if not left:
            return
        objective = np.zeros(search.width)
        objective[[int(group.places[group.places >= 0][0]) for group in left]] = sign
        found = search.best(objective)
        if found is not None:
            proof.tables.append(found)


def _vary_alone(proof: Proof, search: Search, group: Group) -> bool:
    """Every hidden figure of one distribution at its least and its most, then two grades side by side."""
    inside = group.places[group.places >= 0].tolist()
    for at in inside:
        for sign in (-1.0, 1.0):
            if _added(proof, group, search.best(_towards(search, at, sign))):
                return True
    for at in inside:
        for other in inside:
            if at != other and _added(proof, group, search.best(_towards(search, other, 1.0), least=(at, 1))):
                return True
    return False


def _towards(search: Search, place: int, sign: float) -> np.ndarray:
    objective = np.zeros(search.width)
    objective[place] = sign
    return objective


def _added(proof: Proof, group: Group, found: Integers | None) -> bool:
    """Keep a table if it shows the distribution in a new form; whether it now has what it needs."""
    forms = {group.counts(table) for table in proof.tables}
    if found is not None and group.counts(found) not in forms:
        proof.tables.append(found)
    return _is_varied(proof, group)


def _is_varied(proof: Proof, group: Group) -> bool:
    forms = {group.counts(table) for table in proof.tables}
    mixed = [form for form in forms if not group.distribution.is_unanimous(form)]
    return bool(mixed) and (len(forms) >= 2 or all(n == 0 or n >= proof.least for n in mixed[0]))

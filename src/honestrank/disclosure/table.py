"""What a release is made of: figures, how they add up, and which of them are one distribution; all of it checked.

Overlapping groups, earlier releases and corrections are written as sums too: over the part both have, and the parts only one
has. Which figures may be published is decided in `disclosure.gate`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from honestrank.disclosure.candidates import Counts
from honestrank.words.wording import InputError

State = Literal["public", "offered", "hidden"]

Integers = NDArray[np.int64]

# A count larger than any, small enough that sums of many of them do not overflow 64 bits.
NO_LIMIT = np.int64(2**40)


@dataclass(frozen=True)
class TableCount:
    """A count of ballots. `public`: known already, nothing can be done; `offered`: to be published if it may be; `hidden`: never
    published, but to be protected (a part two published groups have in common, say).

    `is_size`: how many people or ballots there are, whatever their marks; published freely. `loss`: what not publishing it costs.
    """

    id: str
    n: int
    state: State = "offered"
    is_size: bool = False
    loss: int = 1


@dataclass(frozen=True)
class Sum:
    """`total` is the sum of `parts`: units of a branch, grades of a ballot, the halves of a group."""

    total: str
    parts: tuple[str, ...]


@dataclass(frozen=True)
class Distribution:
    """One group's marks on one criterion: its figures in the order of the grades, the points of each (None for no grade).

    `possible`: all that the statistics published of it (mean, standard error) leave, as `disclosure.coarsen` lists it in
    `Release.alike`. `shown`: the certificate of `coarsen`, which says the same in few words; the gate's own certificate has it
    in place of the list. Such a distribution stands in no sum with others: each of its hidden figures keeps two values, also
    for whoever gave one of its marks.
    """

    id: str
    figures: tuple[str, ...]
    points: tuple[float | None, ...]
    possible: tuple[Counts, ...] | None = None
    shown: Mapping[str, Any] | None = field(default=None, compare=False)

    def is_unanimous(self, counts: Sequence[int]) -> bool:
        """Whether all graded marks are one grade. A single ballot agrees with nobody."""
        return (
            sum(counts) > 1
            and sum(1 for point, n in zip(self.points, counts, strict=True) if point is not None and n) <= 1
        )


@dataclass(frozen=True)
class Table:
    """Everything one release and what is public already say together. Raises InputError when it does not add up."""

    figures: tuple[TableCount, ...]
    sums: tuple[Sum, ...]
    distributions: tuple[Distribution, ...] = ()
    place: Mapping[str, int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        place = {figure.id: at for at, figure in enumerate(self.figures)}
        object.__setattr__(self, "place", place)
        if len(place) != len(self.figures) or any(figure.n < 0 for figure in self.figures):
            raise InputError("bad_table", what="figures")
        for one in self.sums:
            known = {one.total, *one.parts} <= place.keys()
            if not known or self._n(one.total) != sum(self._n(part) for part in one.parts):
                raise InputError("bad_table", what=one.total)
        for distribution in self.distributions:
            self._check_distribution(distribution)

    def _n(self, name: str) -> int:
        return self.figures[self.place[name]].n

    def _check_distribution(self, one: Distribution) -> None:
        if not set(one.figures) <= self.place.keys() or len(one.figures) != len(one.points):
            raise InputError("bad_table", what=one.id)
        if one.possible is not None and tuple(self._n(name) for name in one.figures) not in one.possible:
            raise InputError("bad_table", what=one.id)

    @cached_property
    def truth(self) -> Integers:
        """The true counts in the order of the figures."""
        return np.array([figure.n for figure in self.figures], dtype=np.int64)

    @cached_property
    def links(self) -> "Links":
        """The sums as arrays."""
        return Links.of(self)

    @cached_property
    def caps(self) -> Integers:
        """The size of the smallest group each figure is a part of; NO_LIMIT where no size is known. Sizes are no secret."""
        caps = np.full(len(self.figures), NO_LIMIT, dtype=np.int64)
        sizes = np.array([figure.is_size for figure in self.figures], dtype=bool)
        caps[sizes] = self.truth[sizes]
        links = self.links
        while True:
            before = caps.copy()
            np.minimum.at(caps, links.part, caps[links.total[links.row]])
            if (caps == before).all():
                return caps

    def published(self, names: Iterable[str]) -> "Table":
        """The table from which the next release starts: these figures are public now, the rest of what was offered is hidden."""
        names = set(names)
        states: dict[bool, State] = {True: "public", False: "hidden"}
        figures = [
            replace(figure, state=states[figure.id in names]) if figure.state == "offered" else figure
            for figure in self.figures
        ]
        return replace_figures(self, figures)


def replace_figures(table: Table, figures: Sequence[TableCount]) -> Table:
    """The table with other figures of the same names."""
    return Table(tuple(figures), table.sums, table.distributions)


@dataclass(frozen=True)
class Links:
    """Sums as arrays: sum `row[i]` has the figure `part[i]`; `total[row]` is what it adds up to."""

    total: Integers
    row: Integers
    part: Integers

    @classmethod
    def of(cls, table: Table) -> "Links":
        """Read the sums of a table."""
        place = table.place
        total = np.array([place[one.total] for one in table.sums], dtype=np.int64)
        part = np.array([place[name] for one in table.sums for name in one.parts], dtype=np.int64)
        row = np.repeat(np.arange(len(table.sums)), [len(one.parts) for one in table.sums]).astype(np.int64)
        return cls(total, row, part)

"""A year of one branch, attacked after every release: two pools, their subtotals, both pools joined later, and a correction."""

import random
from collections.abc import Iterable

import pytest
from tests.honestrank.attacker import onlooker_of
from tests.honestrank.trees import GRADES, Release, draw_marks

from honestrank.disclosure.certificate import failures
from honestrank.disclosure.gate import Gated, gate
from honestrank.disclosure.table import Table

LEAST = 6
UNITS = ("0", "1", "2")


def plus(*rows: Iterable[int]) -> list[int]:
    return [sum(column) for column in zip(*rows, strict=True)]


class Year:
    """The marks, and the table of everything up to a release; what was told before is public."""

    def __init__(self, seed: int, corrected: int) -> None:
        rng = random.Random(seed)
        self.marks = {(pool, unit): draw_marks(rng, rng.randint(14, 30)) for pool in "ab" for unit in UNITS}
        first = self.marks["a", "0"]
        drawn = rng.sample([grade for grade, n in enumerate(first) for _ in range(n)], corrected)
        self.removed = [drawn.count(grade) for grade in range(len(GRADES))]
        self.added = draw_marks(rng, corrected)
        self.kept = [n - less for n, less in zip(first, self.removed, strict=True)]

    def table(self, release: int, told: Iterable[str]) -> Table:
        """Release 1: each pool. 2: the pools joined. 3: pool a corrected in unit 0."""
        book = Release()
        for pool in "ab":
            self._add_tree(book, pool, {unit: self.marks[pool, unit] for unit in UNITS})
        if release > 1:
            self._add_joined(book)
        if release > 2:
            self._add_correction(book)
        return self._after(book, release, set(told))

    @staticmethod
    def _after(book: Release, release: int, told: set[str]) -> Table:
        """What an earlier release withheld is not offered again."""
        old = {1: (), 2: ("a", "b"), 3: ("a", "b", "joined")}[release]
        keep = {figure.id for figure in book.figures if figure.id.split(":")[0] in old and figure.state == "offered"}
        table = book.table()
        new = [figure.id for figure in table.figures if figure.state == "offered" and figure.id not in keep]
        states = table.published([*(told & keep), *new])
        figures = [
            original if original.id in new else after
            for original, after in zip(table.figures, states.figures, strict=True)
        ]
        return Table(tuple(figures), table.sums, table.distributions)

    def _add_tree(self, book: Release, name: str, rows: dict[str, list[int]]) -> None:
        for unit, row in rows.items():
            book.size(f"n-{name}:{unit}", sum(row))
        parts = [book.distribution(f"{name}:{unit}", row, f"n-{name}:{unit}") for unit, row in rows.items()]
        book.size(f"n-{name}:all", sum(map(sum, rows.values())))
        whole = book.distribution(f"{name}:all", plus(*rows.values()), f"n-{name}:all", loss=5)
        book.adds_up(whole, parts)

    def _names(self, name: str) -> dict[str, str]:
        return {grade: f"{name}/{grade}" for grade in GRADES}

    def _add_joined(self, book: Release) -> None:
        rows = {unit: plus(self.marks["a", unit], self.marks["b", unit]) for unit in UNITS}
        self._add_tree(book, "joined", rows)
        for unit in UNITS:
            book.adds_up(self._names(f"joined:{unit}"), [self._names(f"a:{unit}"), self._names(f"b:{unit}")])

    def _add_correction(self, book: Release) -> None:
        parts = {"kept": self.kept, "removed": self.removed, "added": self.added}
        for name, row in parts.items():
            book.size(f"n-{name}", sum(row))
            book.distribution(name, row, f"n-{name}", state="hidden")
        book.adds_up(self._names("a:0"), [self._names("kept"), self._names("removed")])
        rows = {"0": plus(self.kept, self.added), **{unit: self.marks["a", unit] for unit in UNITS[1:]}}
        book.size("n-new:0", sum(rows["0"]))
        book.size("n-new:all", sum(map(sum, rows.values())))
        new = book.distribution("new:0", rows["0"], "n-new:0")
        book.adds_up(new, [self._names("kept"), self._names("added")])
        whole = book.distribution("new:all", plus(*rows.values()), "n-new:all", loss=5)
        book.adds_up(whole, [new, *(self._names(f"a:{unit}") for unit in UNITS[1:])])


def attack(table: Table, gated: Gated) -> None:
    figures = {name: n for name, n, _ in gated.certificate["figures"]}
    looking = onlooker_of(figures, [(one.total, one.parts) for one in table.sums])
    caps = dict(zip(figures, table.caps.tolist(), strict=True))
    for name in looking.hidden:
        low, high = looking.bounds(name)
        assert high >= min(LEAST, caps[name]) or high == 0, (name, low, high)
    assert gated.exposed == ()
    assert failures(gated.certificate) == []


@pytest.mark.parametrize(("seed", "corrected"), [(1, 1), (2, 3), (3, 8)])
def test_nothing_can_be_worked_out_after_any_release_of_the_year(seed: int, corrected: int) -> None:
    year = Year(seed, corrected)
    told: set[str] = set()
    for release in (1, 2, 3):
        table = year.table(release, told)
        gated = gate(table)
        attack(table, gated)
        told |= set(gated.published)
    assert any(name.startswith("a:") for name in told)


@pytest.mark.parametrize("corrected", [1, 4, 5])
def test_a_correction_of_a_few_ballots_changes_no_count_that_was_told(corrected: int) -> None:
    """What is told again has not changed; the two counts a ballot moved between are not told a second time."""
    year = Year(7, corrected)
    first = gate(year.table(1, ()))
    second = gate(year.table(2, first.published))
    table = year.table(3, {*first.published, *second.published})
    third = gate(table)
    counts = {figure.id: figure.n for figure in table.figures}
    moved = [grade for grade in GRADES if counts[f"new:0/{grade}"] != counts[f"a:0/{grade}"]]
    again = [grade for grade in GRADES if f"a:0/{grade}" in first.published and f"new:0/{grade}" in third.published]
    assert moved
    assert [grade for grade in GRADES if f"a:0/{grade}" in first.published]
    assert set(again) & set(moved) == set()

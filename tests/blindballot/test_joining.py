"""Joined cells cannot be taken apart: every table that could stand behind what is published is listed, for small polls all of them.

Nothing here uses how the rule works, only what it leaves: two tables with the same output cannot be told apart.
"""

from __future__ import annotations

import itertools
import json
import random
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import pytest

from blindballot.format.joining import can_be_runs, join_runs, leading_mark

VECTORS = Path(__file__).parents[1] / "vectors" / "joining-1.json"

Table = tuple[int, ...]
# The place of the mark that nearly all gave, or cells as (marks, slips).
Output = int | tuple[tuple[int, int], ...]
Rule = Callable[[Table], Output]


def by_the_rule(table: Table, least: int = 5) -> Output:
    leader = leading_mark(table)
    return join_runs(table, least) if leader is None else leader


def by_the_smaller_neighbour(table: Table) -> Output:
    """The rule that was published before: grades alone could lead, and each small cell joined its smaller neighbour."""
    slips = sum(table)
    for place, count in enumerate(table[:-2]):
        if count and (10 * count >= 9 * slips or count + 2 >= slips):
            return place
    cells = [(1, count) for count in table]
    while len(cells) > 1:
        small = next((at for at, (_, count) in enumerate(cells) if 0 < count < 5), None)
        if small is None:
            break
        before = cells[small - 1][1] if small else None
        after = cells[small + 1][1] if small + 1 < len(cells) else None
        left = small - 1 if before is not None and (after is None or before <= after) else small
        (marks, count), (more_marks, more) = cells[left : left + 2]
        cells[left : left + 2] = [(marks + more_marks, count + more)]
    return tuple(cells)


def tables(slips: int, marks: int) -> Iterator[Table]:
    """All ways to give so many slips these marks."""
    for bars in itertools.combinations(range(slips + marks - 1), marks - 1):
        edges = (-1, *bars, slips + marks - 1)
        yield tuple(right - left - 1 for left, right in itertools.pairwise(edges))


def hidden_marks(output: Output, marks: int) -> list[int]:
    """The marks whose number is not published."""
    if isinstance(output, int):
        return list(range(marks))
    places, at = [], 0
    for width, _ in output:
        places += range(at, at + width) if width > 1 else ()
        at += width
    return places


def is_pinned(output: Output, members: Sequence[Table]) -> bool:
    """Whether an onlooker, or somebody who knows one slip (their own), can say how many slips have a hidden mark."""
    marks = len(members[0])
    checked_by = [members, *([table for table in members if table[own]] for own in range(marks))]
    return any(
        len({table[mark] for table in possible}) < 2
        for possible in checked_by
        if possible
        for mark in hidden_marks(output, marks)
    )


def pinned_outputs(rule: Rule, slips: int, marks: int) -> list[Output]:
    classes: dict[Output, list[Table]] = defaultdict(list)
    for table in tables(slips, marks):
        classes[rule(table)].append(table)
    return [output for output, members in classes.items() if is_pinned(output, members)]


# The attack first: what was found in November 2026 by listing all tables.


@pytest.mark.parametrize("slips", [11, 12])
def test_joining_the_smaller_neighbour_let_hidden_marks_be_worked_out(slips: int) -> None:
    pinned = pinned_outputs(by_the_smaller_neighbour, slips, 6)
    assert len(pinned) >= 7
    if slips == 11:
        # "good or fair 6, poor 5" was published of one table only: good 5, fair 1, poor 5
        assert ((1, 0), (2, 6), (1, 5), (1, 0), (1, 0)) in pinned


@pytest.mark.parametrize(
    ("slips", "marks"), [*((slips, 6) for slips in range(5, 14)), (10, 4), (29, 4), (50, 4), (11, 8)]
)
def test_no_hidden_mark_can_be_worked_out(slips: int, marks: int) -> None:
    assert pinned_outputs(by_the_rule, slips, marks) == []


@pytest.mark.long
@pytest.mark.parametrize("slips", range(14, 21))
def test_no_hidden_mark_of_six_can_be_worked_out_up_to_twenty_slips(slips: int) -> None:
    assert pinned_outputs(by_the_rule, slips, 6) == []


@pytest.mark.long
@pytest.mark.parametrize("slips", [40, 49, 51, 69, 72, 80, 90])
def test_a_tenth_as_the_most_that_may_differ_tells_nothing_either(slips: int) -> None:
    """From fifty slips on a tenth is as much as a cell, and the rule of the leading mark cuts into joined cells."""
    for least in (4, 5):
        assert pinned_outputs(lambda table, least=least: by_the_rule(table, least), slips, 4) == []  # type: ignore[misc]


def alike(table: Table, rule: Rule, most: int) -> Iterable[Table]:
    """Tables with the same output, reached by moving one slip at a time between marks of one cell; at most so many are looked at."""
    output, known, edge = rule(table), {table}, [table]
    places = hidden_marks(output, len(table))
    for one in edge:
        for taken, given in itertools.permutations(places, 2):
            if one[taken] and len(known) < most:
                other = list(one)
                other[taken] -= 1
                other[given] += 1
                if (moved := tuple(other)) not in known and rule(moved) == output:
                    known.add(moved)
                    edge.append(moved)
    return known


def some_table(rng: random.Random, marks: int, slips: int) -> Table:
    weights = [rng.random() ** 4 for _ in range(marks)]
    drawn = rng.choices(range(marks), weights=weights, k=slips)
    return tuple(drawn.count(mark) for mark in range(marks))


@pytest.mark.parametrize("seed", range(60))
def test_beyond_what_can_be_listed_other_tables_are_found_for_each_hidden_mark(seed: int) -> None:
    rng = random.Random(seed)
    marks, least = rng.randint(4, 14), rng.choice([4, 5, 5, 5, 6, 8])
    table = some_table(rng, marks, rng.choice([rng.randint(21, 49), rng.randint(50, 400)]))
    rule: Rule = lambda other: by_the_rule(other, least)  # noqa: E731
    others = list(alike(table, rule, 800))
    # Only what somebody with this table behind them can see: their own mark is one of it.
    own = [mark for mark in range(marks) if table[mark]]
    for seen in [others, *([other for other in others if other[mark]] for mark in own)]:
        for mark in hidden_marks(rule(table), marks):
            assert len({other[mark] for other in seen}) > 1, (table, least, rule(table), mark)


@pytest.mark.parametrize("seed", range(80))
def test_cells_are_never_small_lose_nobody_and_read_as_what_the_rule_leaves(seed: int) -> None:
    rng = random.Random(seed)
    least = rng.choice([4, 5, 7])
    table = some_table(rng, rng.randint(4, 14), rng.randint(10, 120))
    if leading_mark(table) is not None:
        assert not can_be_runs([(1, count) for count in table], least)
        return
    runs = join_runs(table, least)
    assert sum(width for width, _ in runs) == len(table)
    assert sum(count for _, count in runs) == sum(table)
    assert all(count == 0 or count >= least for _, count in runs)
    assert can_be_runs(runs, least)
    alone = tuple((1, count) for count in table)
    assert can_be_runs(alone, least) is (runs == alone)
    grades = [count for count in table[:-2] if count]
    assert len(runs) == 1 or len(grades) > 1


@pytest.mark.parametrize(
    ("counts", "cells"),
    [
        ([12, 9, 6, 3, 0, 0], [(1, 12), (1, 9), (4, 9)]),  # what is left over goes to the cell before
        ([12, 9, 6, 2, 3, 0], [(1, 12), (1, 9), (1, 6), (2, 5), (1, 0)]),
        ([20, 3, 3, 20, 0, 0], [(1, 20), (2, 6), (1, 20), (1, 0), (1, 0)]),
        ([0, 3, 1, 9, 7, 0], [(1, 0), (3, 13), (1, 7), (1, 0)]),
        ([9, 7, 0, 0, 0, 1], [(1, 9), (5, 8)]),  # over empty cells to the last that has any
        ([26, 4, 0, 0, 0, 0], [(6, 30)]),  # all others are four: one cell, or they would be seen
        ([3, 0, 20, 0, 0, 4], [(6, 27)]),
        ([12, 0, 0, 0, 9, 16], [(6, 37)]),  # whoever gave a grade gave the same: that is not told
        ([0, 0, 0, 0, 20, 17], [(6, 37)]),
        (
            [4, 71, 5, 0, 0, 0],
            [(6, 80)],
        ),  # 75 of 80: with 72 the second would lead, so the first would be four for sure
        ([3, 71, 6, 0, 0, 0], [(2, 74), (1, 6), (1, 0), (1, 0), (1, 0)]),
    ],
)
def test_cells_are_joined_as_by_hand(counts: list[int], cells: list[tuple[int, int]]) -> None:
    assert leading_mark(counts) is None
    assert join_runs(counts, 5) == tuple(cells)


@pytest.mark.parametrize(
    ("counts", "leader"),
    [
        ([10, 0, 0, 0, 0, 2], 0),
        ([10, 0, 0, 0, 0, 3], None),
        ([0, 0, 0, 2, 0, 27], 5),  # unmarked leads like a grade
        ([1, 0, 1, 1, 27, 0], 4),
        ([0, 0, 0, 0, 0, 0], None),
        ([45, 5, 0, 0, 0, 0], 0),
        ([44, 6, 0, 0, 0, 0], None),
    ],
)
def test_a_mark_that_nearly_all_gave_leads(counts: list[int], leader: int | None) -> None:
    assert leading_mark(counts) == leader


def test_the_vectors_are_those_of_the_browser() -> None:
    """frontend/test/recount/joining.test.ts reads the same file."""
    for one in json.loads(VECTORS.read_bytes()):
        output = by_the_rule(tuple(one["tally"]), one["least"])
        assert one["most"] == (output if isinstance(output, int) else None)
        assert one["cells"] == (None if isinstance(output, int) else [list(cell) for cell in output])

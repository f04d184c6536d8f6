"""Which cells of one criterion are joined before they are shown, so that nobody can take them apart again.

Whole numbers only, one pass, nothing listed. Tests list all tables instead, and find none of them pinned (docs/ballots.md).
"""

from __future__ import annotations

from collections.abc import Sequence

# A cell: how many neighbouring marks it stands for, and how many slips have one of them.
Run = tuple[int, int]

# Below it the marks inside a joined cell could be told by whoever gave one of them: of 1 + 1 + the rest nothing else is left.
SMALLEST_CELL = 4
# Don't know and unmarked, at the end of every tally.
NO_GRADES = 2


def most_others(slips: int) -> int:
    """How many slips may have another mark where nearly all have one: a tenth, or two if that is more.

    Were one the most, the one who differs would know what everybody else gave.
    """
    return max(2, slips // 10)


def leading_mark(tally: Sequence[int]) -> int | None:
    """The place of the mark that nearly all slips have; none where no mark has. At most one has it from five slips on."""
    slips = sum(tally)
    most = max(tally, default=0)
    return list(tally).index(most) if most and slips - most <= most_others(slips) else None


def join_runs(tally: Sequence[int], least: int) -> tuple[Run, ...]:
    """The cells of a tally of marks without a leading one: each has 0 or at least `least` slips, or it is the only one.

    From left to right, a cell ends as soon as it has no slip or at least `least`. What is left over at the end goes to the
    cell before it, and further back, until it has `least`. If then a joined cell has so nearly all slips that the rule of the
    leading mark would tell what is in it, there is one cell for all marks; also if all slips with a grade have the same one.
    The last two marks of a tally are no grades.
    """
    total = sum(tally)
    runs = _cut(tally, least)
    if sum(1 for count in tally[:-NO_GRADES] if count) < 2 or any(_is_told(run, total, least) for run in runs):
        return ((len(tally), total),)
    return tuple(runs)


def _cut(tally: Sequence[int], least: int) -> list[Run]:
    runs: list[Run] = []
    marks = slips = 0
    for count in tally:
        marks, slips = marks + 1, slips + count
        if slips == 0 or slips >= least:
            runs.append((marks, slips))
            marks = slips = 0
    if marks:
        while runs and slips < least:
            before, more = runs.pop()
            marks, slips = marks + before, slips + more
        runs.append((marks, slips))
    return runs


def can_be_runs(runs: Sequence[Run], least: int) -> bool:
    """Whether `join_runs` can leave these cells: what a reader can hold them to without the slips."""
    if len(runs) == 1:
        return True
    total, grades = sum(slips for _, slips in runs), sum(marks for marks, _ in runs) - NO_GRADES
    given = 0
    for marks, slips in runs:
        given += min(marks, grades, 2) if slips and grades > 0 else 0
        grades -= marks
        is_large = slips >= least or (slips == 0 and marks == 1)
        is_told = _is_told((marks, slips), total, least) or (
            marks == 1 and slips > 0 and total - slips <= most_others(total)
        )
        if not is_large or is_told:
            return False
    return given > 1


def _is_told(run: Run, total: int, least: int) -> bool:
    """Whether all slips outside a joined cell are so few that most tables inside it would have a leading mark.

    Inside, the marks before the largest have at most `least` - 1 slips, and they must be more than `most_others` together
    with those outside. Two values at least must be left for them, `least` - 2 and `least` - 1.
    """
    marks, slips = run
    return marks > 1 and total - slips <= max(0, most_others(total) - least + 2)

"""The publication rule of docs/ballots.md: from the patterns of a line's valid slips to what may be shown of them.

Whole numbers only, so that every implementation agrees. Who opens slips and who compares counts is elsewhere.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from blindballot.format.encoding import FormatError
from blindballot.format.fields import Fields, read_identifier
from blindballot.format.manifest import DONT_KNOW, DONT_KNOW_ID, UNMARKED, UNMARKED_ID, Line, Manifest, Pool, Thresholds

BANDS = ("high", "middle", "low", "none")
VERDICTS = ("valid", "void", "below-turnout")
INVALID_REASONS = ("unreadable", "other-commitment", "no-such-mark")
ANY_REASON = "any"
WITHOUT_REASONS = ("nothing", "band")

Patterns = Mapping[bytes, int]
Cell = tuple[tuple[str, ...], int]


def pool_verdict(manifest: Manifest, pool: Pool, issued: Mapping[str, int], returned: Sequence[int]) -> str:
    """`void`, `below-turnout` or `valid`, from the tokens issued and the slips returned on each line.

    Void: a line returned more than the smallest `issued`, or more was issued than there are people on the roll.
    Below turnout: the largest `returned` x turnout[1] < size x turnout[0].
    """
    share, whole = manifest.thresholds.turnout
    most = max(returned, default=0)
    if most > min(issued.values()) or max(issued.values()) > pool.size:
        return "void"
    return "below-turnout" if most * whole < pool.size * share else "valid"


def publish_line(
    manifest: Manifest,
    line: Line,
    patterns: Patterns,
    invalid: Mapping[str, int],
    pool_is_valid: bool,
    *,
    kinds_without_reasons: Collection[str] = WITHOUT_REASONS,
) -> dict[str, Any]:
    """The line's object in `counts.json` from its valid slips by pattern of marks and its invalid ones by reason.

    A band is the line's own; `one_band_a_unit` makes one of those of a unit. In form 1 a band had reasons beside it.
    """
    valid = sum(patterns.values())
    tallies = [tally_criterion(manifest, patterns, place) for place in range(len(line.criteria))]
    leaders = [nearly_unanimous(manifest, tally, valid) for tally in tallies]
    kind = publication_kind(manifest.thresholds, valid, any(leaders)) if pool_is_valid else "nothing"
    reasons = {reason: count for reason, count in invalid.items() if count}
    published: dict[str, Any] = {
        "line": line.id,
        "returned": valid + sum(reasons.values()),
        "valid": valid,
        "invalid": reasons,
        "publication": kind,
    }
    if kind in kinds_without_reasons:
        published["invalid"] = {ANY_REASON: sum(reasons.values())} if reasons else {}
    if kind == "band":
        published["band"] = band(manifest, tallies)
    if kind in ("counts", "open"):
        cell = manifest.thresholds.cell if kind == "counts" else 0
        published["criteria"] = [
            _publish_criterion(manifest, criterion, tally, leader if kind == "counts" else None, cell)
            for criterion, tally, leader in zip(line.criteria, tallies, leaders, strict=True)
        ]
    if kind == "open":
        published["abstained"] = sum(count for marks, count in patterns.items() if not has_grade(marks))
    return published


def one_band_a_unit(manifest: Manifest, lines: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The lines of a pool with the lowest of a unit's bands on every one of its banded lines, `none` below `low`.

    A unit with several lines has several slips of the same few people; it has one result from them all the same.
    """
    lowest: dict[str, str] = {}
    for line in lines:
        if "band" in line:
            unit = manifest.line_by_id[line["line"]].unit
            lowest[unit] = max(lowest.get(unit, BANDS[0]), line["band"], key=BANDS.index)
    return [
        {**line, "band": lowest[manifest.line_by_id[line["line"]].unit]} if "band" in line else line for line in lines
    ]


def publication_kind(thresholds: Thresholds, valid: int, some_leader: bool) -> str:
    """`nothing`, `band`, `counts` or `open` by the number of valid slips; a near-unanimous criterion keeps slips closed."""
    if valid < thresholds.nothing_below:
        return "nothing"
    if valid < thresholds.band_below:
        return "band"
    return "counts" if valid < thresholds.open_from or some_leader else "open"


def mark_ids(manifest: Manifest) -> tuple[str, ...]:
    """What a criterion can be marked with, in the order of cells: the grades, then don't know, then unmarked."""
    return (*(grade.id for grade in manifest.grades), DONT_KNOW_ID, UNMARKED_ID)


def tally_criterion(manifest: Manifest, patterns: Patterns, place: int) -> tuple[int, ...]:
    """How many slips carry each mark on the criterion at `place`, in the order of `mark_ids`."""
    counted: Counter[int] = Counter()
    for marks, count in patterns.items():
        counted[marks[place]] += count
    grades = tuple(counted[value] for value in range(1, len(manifest.grades) + 1))
    return (*grades, counted[DONT_KNOW], counted[UNMARKED])


def has_grade(marks: bytes) -> bool:
    """Whether any criterion is marked by a grade; a slip without one abstains."""
    return any(mark not in (UNMARKED, DONT_KNOW) for mark in marks)


def nearly_all(count: int, valid: int) -> bool:
    """At least nine tenths of the valid slips, or all of them but two: whoever is one of the two still does not know the other."""
    return bool(valid) and (10 * count >= 9 * valid or count + 2 >= valid)


def nearly_unanimous(manifest: Manifest, tally: Sequence[int], valid: int) -> str | None:
    """The grade that nearly all of the valid slips gave, if there is one; the largest, the first of equals."""
    counts = tally[: len(manifest.grades)]
    most = max(counts, default=0)
    return manifest.grades[list(counts).index(most)].id if most and nearly_all(most, valid) else None


def band(manifest: Manifest, tallies: Sequence[Sequence[int]]) -> str:
    """The mean of all grade marks' points over the largest: `high` from 0.8, `middle` from 0.5, `low`; `none` without marks."""
    points = [grade.points for grade in manifest.grades]
    marked = sum(sum(tally[: len(points)]) for tally in tallies)
    total = sum(count * worth for tally in tallies for count, worth in zip(tally, points, strict=False))
    if not marked:
        return "none"
    if 5 * total >= 4 * marked * points[0]:
        return "high"
    return "middle" if 2 * total >= marked * points[0] else "low"


def join_cells(cells: Sequence[Cell], least: int) -> list[Cell]:
    """Neighbours joined until every cell has 0 or at least `least` slips, or one cell is left.

    The first cell with too few is joined with its smaller neighbour, on a tie with the one before it; again from the start.
    """
    joined = list(cells)
    while len(joined) > 1:
        small = next((at for at, (_, count) in enumerate(joined) if 0 < count < least), None)
        if small is None:
            break
        before = joined[small - 1][1] if small else None
        after = joined[small + 1][1] if small + 1 < len(joined) else None
        left = small - 1 if before is not None and (after is None or before <= after) else small
        (marks, count), (more_marks, more) = joined[left], joined[left + 1]
        joined[left : left + 2] = [((*marks, *more_marks), count + more)]
    return joined


def read_line(
    manifest: Manifest,
    value: object,
    where: str,
    pool_is_valid: bool,
    *,
    kinds_without_reasons: Collection[str] = WITHOUT_REASONS,
) -> dict[str, Any]:
    """The line's object of a record, checked for what can be checked without its slips. Raises FormatError.

    Checked: its fields, returned = valid + invalid, the kind of publication by the number of valid slips, that cells cover
    every mark once and in order, add up to the valid slips, and none is below the smallest cell.
    """
    fields = Fields(value, where)
    line = manifest.line_by_id.get(fields.identifier("line"))
    if line is None or not isinstance(value, dict):
        raise FormatError(f"{where}.line: is not a line of the manifest")
    returned, valid, kind = fields.whole("returned", 0), fields.whole("valid", 0), fields.text("publication")
    invalid = _read_invalid(fields.take("invalid"), f"{where}.invalid", kind not in kinds_without_reasons)
    if returned != valid + sum(invalid.values()):
        raise FormatError(f"{where}.returned: is not valid and invalid together")
    some_leader = False
    if kind == "band" and fields.text("band") not in BANDS:
        raise FormatError(f"{where}.band: must be one of {', '.join(BANDS)}")
    if kind in ("counts", "open"):
        some_leader = _read_criteria(manifest, line, fields, valid, kind)
    if kind == "open":
        fields.whole("abstained", 0, valid)
    fields.done()
    if kind != (publication_kind(manifest.thresholds, valid, some_leader) if pool_is_valid else "nothing"):
        raise FormatError(f"{where}.publication: {valid} valid slips may not be published as {kind}")
    return value


def _publish_criterion(
    manifest: Manifest, criterion: str, tally: Sequence[int], leader: str | None, least: int
) -> dict[str, Any]:
    if leader:
        return {"criterion": criterion, "most": leader}
    single = [((mark,), count) for mark, count in zip(mark_ids(manifest), tally, strict=True)]
    return {
        "criterion": criterion,
        "cells": [{"marks": list(marks), "n": count} for marks, count in join_cells(single, least)],
    }


def _read_invalid(value: object, where: str, has_reasons: bool) -> dict[str, int]:
    fields = Fields(value, where)
    allowed = INVALID_REASONS if has_reasons else (ANY_REASON,)
    invalid = {reason: fields.whole(reason, 1) for reason in allowed if fields.has(reason)}
    fields.done()
    return invalid


def _read_criteria(manifest: Manifest, line: Line, fields: Fields, valid: int, kind: str) -> bool:
    """Checks the criteria of a line; whether one of them is published as `most`."""
    wanted = len(line.criteria)
    least = manifest.thresholds.cell if kind == "counts" else 0
    leaders = []
    for criterion, each in zip(line.criteria, fields.items("criteria", Fields, wanted, wanted), strict=True):
        each.constant("criterion", criterion)
        leaders.append(kind == "counts" and each.has("most"))
        if leaders[-1]:
            _read_most(manifest, each)
        else:
            _read_cells(manifest, each, valid, least)
        each.done()
    return any(leaders)


def _read_most(manifest: Manifest, fields: Fields) -> None:
    if fields.identifier("most") not in {grade.id for grade in manifest.grades}:
        raise FormatError(f"{fields.where}.most: is not a grade of the manifest")


def _read_cells(manifest: Manifest, fields: Fields, valid: int, least: int) -> None:
    marks = mark_ids(manifest)
    cells = fields.items("cells", _read_cell, 1, len(marks))
    if tuple(mark for listed, _ in cells for mark in listed) != marks or (not least and len(cells) < len(marks)):
        raise FormatError(f"{fields.where}.cells: must cover every mark once, in order")
    if sum(count for _, count in cells) != valid:
        raise FormatError(f"{fields.where}.cells: do not add up to {valid} valid slips")
    if len(cells) > 1 and any(0 < count < least for _, count in cells):
        raise FormatError(f"{fields.where}.cells: a cell has fewer than {least} slips")
    single = [count if len(listed) == 1 else 0 for listed, count in cells]
    if nearly_unanimous(manifest, single[: _grades_alone(manifest, cells)], valid):
        raise FormatError(f"{fields.where}.cells: nearly unanimous, must be published as most")


def _grades_alone(manifest: Manifest, cells: Sequence[Cell]) -> int:
    """How many leading cells stand for grades alone."""
    grades = {grade.id for grade in manifest.grades}
    return sum(1 for listed, _ in cells if set(listed) <= grades)


def _read_cell(value: Any, where: str) -> Cell:
    fields = Fields(value, where)
    marks = fields.items("marks", read_identifier, 1, 20)
    count = fields.whole("n", 0)
    fields.done()
    return marks, count

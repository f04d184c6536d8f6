"""The publication rule of docs/ballots.md: from the patterns of a line's valid slips to what may be shown of them.

Whole numbers only, so that every implementation agrees. Which cells are joined is joining.py; who opens slips and who
compares counts is elsewhere.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from blindballot.format.answers import check_answers, count_answers, publish_answers
from blindballot.format.encoding import FormatError
from blindballot.format.fields import Fields, read_identifier
from blindballot.format.joining import can_be_runs, join_runs, leading_mark
from blindballot.format.manifest import Line, Manifest, Pool, Thresholds
from blindballot.format.marks import DONT_KNOW, DONT_KNOW_ID, UNMARKED, UNMARKED_ID
from blindballot.format.questions import Question

BANDS = ("high", "middle", "low", "none")
# From the least that can be published of a line to the most.
KINDS = ("nothing", "band", "counts", "open")
VERDICTS = ("valid", "void", "below-turnout")
INVALID_REASONS = ("unreadable", "other-commitment", "no-such-mark")
ANY_REASON = "any"
WITHOUT_REASONS = ("nothing", "band")

Patterns = Mapping[bytes, int]
Cell = tuple[tuple[str, ...], int]


@dataclass(frozen=True, slots=True)
class Withheld:
    """What the gate keeps back of a line beside the rule: it is published as `most` at most, and of these criteria only that
    so many slips were valid (one cell for all marks)."""

    most: str = KINDS[-1]
    criteria: frozenset[str] = frozenset()


NOTHING_WITHHELD = Withheld()


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
    withheld: Withheld = NOTHING_WITHHELD,
) -> dict[str, Any]:
    """The line's object in `counts.json`, of a pool with a valid verdict.

    From its valid slips by pattern of marks, and its invalid ones by reason.

    `withheld` is what the gate keeps back. A band is the line's own; `one_band_a_unit` makes one of those of a unit.
    """
    valid = sum(patterns.values())
    reasons = {reason: count for reason, count in invalid.items() if count}
    returned = valid + sum(reasons.values())
    tallies = [tally_criterion(manifest, patterns, place) for place in range(len(line.criteria))]
    has_leader = _has_leader(line, patterns, tallies)
    kind = publication_kind(manifest.thresholds, (returned, valid), shared_slips(patterns), has_leader=has_leader)
    kind = min(kind, withheld.most, key=KINDS.index)
    published: dict[str, Any] = {
        "line": line.id,
        "returned": returned,
        "valid": valid,
        "invalid": reasons,
        "publication": kind,
    }
    if kind in WITHOUT_REASONS:
        published["invalid"] = {ANY_REASON: sum(reasons.values())} if reasons else {}
    if line.question:
        return published | _question_shown(manifest, line.question, patterns, kind)
    if kind == "band":
        published["band"] = band(manifest, tallies)
    if kind in ("counts", "open"):
        shown = [
            _every_cell(manifest, tally) if kind == "open" else _shown(manifest, tally, criterion in withheld.criteria)
            for criterion, tally in zip(line.criteria, tallies, strict=True)
        ]
        published["criteria"] = [{"criterion": name} | each for name, each in zip(line.criteria, shown, strict=True)]
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


def publication_kind(thresholds: Thresholds, slips: tuple[int, int], shared: int, *, has_leader: bool) -> str:
    """`nothing`, `band`, `counts` or `open`, before the gate. `slips` are those returned and the valid ones of them.

    Open by the slips *returned*, so that nobody closes a line by calling slips invalid: four fifths of them must share their
    pattern (`shared_slips`), and there may be no mark that nearly all gave. What is broken down otherwise is the valid slips.
    """
    returned, valid = slips
    if returned >= thresholds.open_from and 5 * shared >= 4 * returned and not has_leader:
        return "open"
    if valid < thresholds.nothing_below:
        return "nothing"
    return "band" if valid < thresholds.band_below else "counts"


def _has_leader(line: Line, patterns: Patterns, tallies: Sequence[Sequence[int]]) -> bool:
    if line.question:
        return count_answers(line.question, patterns).has_leader
    return any(leading_mark(tally) is not None for tally in tallies)


def _question_shown(manifest: Manifest, question: Question, patterns: Patterns, kind: str) -> dict[str, Any]:
    if kind == "nothing":
        return {}
    answers, cell = count_answers(question, patterns), manifest.thresholds.cell
    return {"question": publish_answers(question, answers, cell, is_open=kind == "open")}


def shared_slips(patterns: Patterns) -> int:
    """How many valid slips have the same marks on the whole line as another one."""
    return sum(count for count in patterns.values() if count > 1)


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


def read_line(
    manifest: Manifest,
    value: object,
    where: str,
    withheld: Withheld = NOTHING_WITHHELD,
) -> dict[str, Any]:
    """The line's object of a record whose pool has a valid verdict, checked for what can be checked without its slips. Raises FormatError.

    Checked: its fields, returned = valid + invalid, the kind of publication by the numbers of slips, that cells cover
    every mark once and in order, add up to the valid slips, and are cells that the rule can leave.
    """
    fields = Fields(value, where)
    line = manifest.line_by_id.get(fields.identifier("line"))
    if line is None or not isinstance(value, dict):
        raise FormatError(f"{where}.line: is not a line of the manifest")
    returned, valid, kind = fields.whole("returned", 0), fields.whole("valid", 0), fields.text("publication")
    invalid = _read_invalid(fields.take("invalid"), f"{where}.invalid", kind not in WITHOUT_REASONS)
    if returned != valid + sum(invalid.values()):
        raise FormatError(f"{where}.returned: is not valid and invalid together")
    if kind not in allowed_kinds(manifest.thresholds, returned, valid, withheld.most):
        raise FormatError(f"{where}.publication: {valid} valid slips may not be published as {kind}")
    if line.question:
        _read_question(manifest, line.question, fields, (kind, valid))
    else:
        _read_graded(manifest, line, fields, (kind, valid), withheld)
    fields.done()
    return value


def _read_question(manifest: Manifest, question: Question, fields: Fields, shown: tuple[str, int]) -> None:
    kind, valid = shown
    if kind != "nothing":
        place = f"{fields.where}.question"
        check_answers(question, fields.take("question"), place, (valid, manifest.thresholds.cell, kind == "open"))


def _read_graded(manifest: Manifest, line: Line, fields: Fields, shown: tuple[str, int], withheld: Withheld) -> None:
    kind, valid = shown
    if kind == "band" and fields.text("band") not in BANDS:
        raise FormatError(f"{fields.where}.band: must be one of {', '.join(BANDS)}")
    if kind in ("counts", "open"):
        _read_criteria(manifest, line, fields, valid, withheld.criteria if kind == "counts" else None)
    if kind == "open":
        fields.whole("abstained", 0, valid)


def allowed_kinds(thresholds: Thresholds, returned: int, valid: int, most: str) -> set[str]:
    """The kinds that the numbers of slips and the gate's `most` leave: one, or two where only the slips could tell."""
    kind = KINDS[(valid >= thresholds.nothing_below) + (valid >= thresholds.band_below)]
    kinds = {kind, "open"} if returned >= thresholds.open_from else {kind}
    return {min(kind, most, key=KINDS.index) for kind in kinds}


def _every_cell(manifest: Manifest, tally: Sequence[int]) -> dict[str, Any]:
    cells = zip(mark_ids(manifest), tally, strict=True)
    return {"cells": [{"marks": [mark], "n": count} for mark, count in cells]}


def _shown(manifest: Manifest, tally: Sequence[int], is_withheld: bool) -> dict[str, Any]:
    """The criterion of a line in counts: the mark that nearly all gave, or cells; one cell if it is withheld."""
    marks, leader = mark_ids(manifest), leading_mark(tally)
    if is_withheld:
        return {"cells": [{"marks": list(marks), "n": sum(tally)}]}
    if leader is not None:
        return {"most": marks[leader]}
    cells, at = [], 0
    for width, count in join_runs(tally, manifest.thresholds.cell):
        cells.append({"marks": list(marks[at : at + width]), "n": count})
        at += width
    return {"cells": cells}


def _read_invalid(value: object, where: str, has_reasons: bool) -> dict[str, int]:
    fields = Fields(value, where)
    allowed = INVALID_REASONS if has_reasons else (ANY_REASON,)
    invalid = {reason: fields.whole(reason, 1) for reason in allowed if fields.has(reason)}
    fields.done()
    return invalid


def _read_criteria(
    manifest: Manifest, line: Line, fields: Fields, valid: int, withheld: Collection[str] | None
) -> None:
    """Checks the criteria of a line in counts, of which some may be withheld; of an open one, which withholds nothing (None)."""
    wanted = len(line.criteria)
    for criterion, each in zip(line.criteria, fields.items("criteria", Fields, wanted, wanted), strict=True):
        each.constant("criterion", criterion)
        if withheld is not None and each.has("most"):
            _read_most(manifest, each, criterion in withheld)
        else:
            cells = _read_cells(manifest, each, valid)
            if withheld is None:
                _check_open(manifest, each.where, cells, valid)
            else:
                _check_joined(manifest, each.where, cells, criterion in withheld)
        each.done()


def _read_most(manifest: Manifest, fields: Fields, is_withheld: bool) -> None:
    if fields.identifier("most") not in mark_ids(manifest) or is_withheld:
        raise FormatError(f"{fields.where}.most: is not a mark of the manifest that may be told")


def _read_cells(manifest: Manifest, fields: Fields, valid: int) -> tuple[Cell, ...]:
    marks = mark_ids(manifest)
    cells = fields.items("cells", _read_cell, 1, len(marks))
    if tuple(mark for listed, _ in cells for mark in listed) != marks:
        raise FormatError(f"{fields.where}.cells: must cover every mark once, in order")
    if sum(count for _, count in cells) != valid:
        raise FormatError(f"{fields.where}.cells: do not add up to {valid} valid slips")
    return cells


def _check_open(manifest: Manifest, where: str, cells: Sequence[Cell], valid: int) -> None:
    if len(cells) < len(mark_ids(manifest)):
        raise FormatError(f"{where}.cells: must cover every mark once, in order")
    if leading_mark([count for _, count in cells]) is not None:
        raise FormatError(f"{where}.cells: nearly all of {valid} slips agree, which keeps a line from being open")


def _check_joined(manifest: Manifest, where: str, cells: Sequence[Cell], is_withheld: bool) -> None:
    least = manifest.thresholds.cell
    if is_withheld and len(cells) > 1:
        raise FormatError(f"{where}.cells: are withheld by the gate")
    if not can_be_runs([(len(listed), count) for listed, count in cells], least):
        raise FormatError(f"{where}.cells: are not joined by the rule for cells of {least} slips")


def _read_cell(value: Any, where: str) -> Cell:
    fields = Fields(value, where)
    marks = fields.items("marks", read_identifier, 1, 20)
    count = fields.whole("n", 0)
    fields.done()
    return marks, count

"""From a poll's published counts to scores, intervals and rank sets, pool by pool.

Everything after the first step is a function of published figures only, so anybody can recompute it, for sealed slips too:
1. each criterion's mean and standard error, coarsened where slips are sealed, the error widened by what the rounding may hide
   (honestrank.disclosure.one_group);
2. a unit's score is the plain mean over the criteria; its standard error the mean of theirs, the bound for any correlation
   between criteria, since the slips of one voter cannot be joined (honestrank.estimators.parts);
3. shrinkage, intervals and rank sets over the units of the pool (honestrank.ranks.standing).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from honestrank import Cell, Majority, Release, Rules, Scale, Standing, coarsen, join_parts, standing
from zhengyou.standings.computing.answering import question_results
from zhengyou.standings.computing.document import (
    CriterionResult,
    Level,
    MarkCount,
    Names,
    PoolResult,
    UnitResult,
    with_standing,
)

NO_MARK = ("dont_know", "unmarked")
# Decimals of a published score: the marks are whole points, so two more than a mean of them is read with.
DECIMALS = 4
LEVELS: tuple[Level, ...] = ("nothing", "band", "counts", "open")
BANDS = ("none", "low", "middle", "high")

# The true counts by (pool, line, criterion), mark to number of slips.
Counts = Mapping[tuple[str, str, str], Mapping[str, int]]
# What the record says of a line, and the manifest, are blindballot's JSON.
Plain = Mapping[str, Any]


def score_pools(
    manifest: Plain, counts: Plain, exact: Counts, compare_from: int, group_of: Mapping[str, str]
) -> tuple[PoolResult, ...]:
    """The pools of a poll, each with its units' shown figures and, where some are compared, the standing; and its questions.

    `counts` is the record's counts.json; `group_of` has the group of raters of each pool that belongs to one.
    """
    published = {pool["pool"]: pool for pool in counts["pools"]}
    sheet, found = Sheet.read(manifest), []
    for pool in manifest["pools"]:
        lines = {line["line"]: line for line in published[pool["id"]]["lines"]}
        own = {key[1:]: marks for key, marks in exact.items() if key[0] == pool["id"]}
        rows = [sheet.unit(unit, lines, own) for unit in sheet.lines_of]
        ranked = _standing(rows, compare_from, sheet.points)
        found.append(
            PoolResult(
                pool=pool["id"],
                name=pool["name"],
                size=pool["size"],
                verdict=published[pool["id"]]["verdict"],
                rater_group=group_of.get(pool["id"], ""),
                sealed=any(row.level == "counts" for row in rows),
                units=with_standing(rows, ranked),
                standing=ranked,
                questions=question_results(manifest, lines),
            )
        )
    return tuple(found)


@dataclass(frozen=True)
class Sheet:
    """What scoring and the gate need of a manifest: the scale, the least count of a cell and of a score, each unit's lines and name."""

    scale: Scale
    cell: int
    score_from: int
    lines_of: Mapping[str, Sequence[str]]
    names: Mapping[str, Names]

    @classmethod
    def read(cls, manifest: Plain) -> "Sheet":
        grades = tuple(grade["id"] for grade in manifest["grades"])
        points = tuple(float(grade["points"]) for grade in manifest["grades"])
        lines: dict[str, list[str]] = {}
        graded = [line for line in manifest["lines"] if "question" not in line]
        for line in graded:
            lines.setdefault(line["unit"], []).append(line["id"])
        scale = Scale(grades + NO_MARK, (*points, *(None for _ in NO_MARK)))
        thresholds, names = manifest["thresholds"], {line["unit"]: line["name"] for line in graded}
        return cls(scale, thresholds["cell"], thresholds["band_below"], lines, names)

    @property
    def points(self) -> list[float]:
        """What the grades are worth, the best first."""
        return sorted((point for point in self.scale.points if point is not None), reverse=True)

    def unit(self, unit: str, published: Mapping[str, Plain], exact: Mapping[tuple[str, str], Any]) -> UnitResult:
        """One level for the unit: the most cautious of its lines; a score only if every criterion has one."""
        shown = [published[line] for line in self.lines_of[unit]]
        level: Level = min((line["publication"] for line in shown), key=LEVELS.index)
        entries = [(line, entry) for line in shown for entry in line.get("criteria", [])]
        criteria = [self._criterion(entry, exact[line["line"], entry["criterion"]], line) for line, entry in entries]
        is_open = level in ("counts", "open")
        score, error = _joined(criteria, [line["valid"] for line, _ in entries]) if is_open else (None, None)
        # The lowest band of the lines, so that the unit's one band tells none of them apart.
        band = min((line.get("band") or BANDS[0] for line in shown), key=BANDS.index)
        return UnitResult(
            unit=unit,
            name=self.names[unit],
            n=min(line.get("valid", line["returned"]) for line in shown),
            level=level,
            band=band if level == "band" else None,
            score=score,
            standard_error=error,
            criteria=tuple(criteria) if is_open else (),
        )

    def _criterion(self, entry: Plain, counts: Mapping[str, int], line: Plain) -> CriterionResult:
        release = release_of(self, entry, counts, line)
        shown = entry.get("cells")
        return CriterionResult(
            criterion=entry["criterion"],
            cells=None if shown is None else tuple(MarkCount(tuple(cell["marks"]), cell["n"]) for cell in shown),
            most=entry.get("most"),
            mean=release.mean,
            standard_error=release.standard_error,
            comparison_error=release.error_for_comparison,
            rounding=release.rounding,
            certificate=release.certificate,
        )


def release_of(sheet: Sheet, entry: Plain, counts: Mapping[str, int], line: Plain) -> Release:
    """Mean and error of a criterion, coarsened so that they and its cells hide what the cells hide. None of a withheld one."""
    rules = Rules(joined_from=sheet.cell if line["publication"] == "counts" else None)
    if "most" in entry:
        majority = Majority(entry["most"], rules.least_of_majority(line["valid"]), line["valid"])
        return coarsen(counts, sheet.scale, majority, score_from=sheet.score_from, rules=rules)
    cells = [Cell(tuple(cell["marks"]), cell["n"]) for cell in entry["cells"]]
    is_withheld = line["publication"] == "counts" and not rules.joins_to(counts, sheet.scale, cells)
    # Whoever withheld a criterion knew more than its one cell, so no mean is told beside it: no group is large enough.
    score_from = line["valid"] + 1 if is_withheld else sheet.score_from
    return coarsen(counts, sheet.scale, cells, score_from=score_from, rules=rules)


def _joined(criteria: Sequence[CriterionResult], counts: Sequence[int]) -> tuple[float | None, float | None]:
    """Score and error over the criteria, all of one weight; none where a criterion has no mean."""
    figures = [
        (criterion.mean, criterion.comparison_error)
        for criterion in criteria
        if criterion.mean is not None and criterion.comparison_error is not None
    ]
    if len(figures) < len(criteria) or not criteria:
        return None, None
    means, errors = zip(*figures, strict=True)
    found = join_parts(
        [1.0] * len(criteria), [[mean] for mean in means], [[error] for error in errors], [[n] for n in counts]
    )
    return round(float(found.score[0]), DECIMALS), round(float(found.standard_error[0]), DECIMALS)


def _standing(rows: Sequence[UnitResult], compare_from: int, grades: Sequence[float]) -> Standing | None:
    """None for fewer than two scores, and where every error is zero: nothing is known about the noise then."""
    scored = [
        (row.unit, row.score, row.standard_error, row.n)
        for row in rows
        if row.score is not None and row.standard_error is not None
    ]
    if len(scored) < 2 or not any(error for _, _, error, _ in scored):
        return None
    units, scores, errors, counts = zip(*scored, strict=True)
    return standing(units, scores, errors, counts, compare_from=compare_from, grades=grades).as_written()

"""From a poll's published counts to scores, intervals and rank sets, pool by pool.

Everything after the first step is a function of published figures only, so anybody can recompute it, for sealed slips too:
1. each criterion's mean and standard error, coarsened where slips are sealed, the error widened by what the rounding may hide
   (honestrank.disclosure);
2. a unit's score is the plain mean over the criteria; its standard error the mean of theirs, the bound for any correlation
   between criteria, since the slips of one voter cannot be joined (honestrank.parts);
3. shrinkage, intervals and rank sets over the units of the pool (honestrank.standing).
"""

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

from honestrank.answer import write_files
from honestrank.assembly import Ranking
from honestrank.candidates import Cell, Majority, Rules, Scale
from honestrank.disclosure import Release, coarsen
from honestrank.means import grouped_standing, means_standing, read_grouped_means, read_means
from honestrank.standing import standing
from honestrank.sufficient import Columns

NO_MARK = ("dont_know", "unmarked")

Counts = dict[tuple[str, str, str], dict[str, int]]


def score_pools(
    manifest: dict[str, Any], counts: dict[str, Any], exact: Counts, compare_from: int
) -> list[dict[str, Any]]:
    """The pools of a poll, each with its units' shown figures and, where some are compared, the standing.

    `counts` is the record's counts.json; `exact` has the true counts by (pool, line, criterion), mark to number of slips.
    """
    published = {pool["pool"]: pool for pool in counts["pools"]}
    return [_score_pool(manifest, pool, published[pool["id"]], exact, compare_from) for pool in manifest["pools"]]


def recompute(scores: str, compare_from: int, *, is_combined: bool = False) -> str:
    """The units.csv that the published command writes for published scores (of a pool, or of groups of raters), to the byte."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "scores.csv")
        path.write_text(scores, encoding="utf-8", newline="")
        columns, ranking = Columns("unit", "score", error="se", count="n"), Ranking(compare_from=compare_from)
        if is_combined:
            grouped = read_grouped_means(path, replace(columns, part="group", part_weight="weight"))
            found, source = grouped_standing(grouped, ranking), grouped.source
        else:
            means = read_means(path, columns)
            found, source = means_standing(means, ranking), means.source
        write_files(found, source, "", Path(folder, "answer"), "en")
        return Path(folder, "answer", "units.csv").read_text(encoding="utf-8")


def _score_pool(
    manifest: dict[str, Any], pool: dict[str, Any], published: dict[str, Any], exact: Counts, compare_from: int
) -> dict[str, Any]:
    scale = _scale(manifest)
    lines = {line["line"]: line for line in published["lines"]}
    units: dict[str, dict[str, Any]] = {}
    for line in manifest["lines"]:
        unit = units.setdefault(
            line["unit"], {"unit": line["unit"], "name": line["name"], "lines": [], "criteria": [], "n": None}
        )
        shown = lines[line["id"]]
        unit["lines"].append(shown["publication"])
        unit["n"] = shown["valid"] if unit["n"] is None else min(unit["n"], shown["valid"])
        unit.setdefault("bands", []).append(shown.get("band"))
        unit["criteria"] += [
            _criterion(scale, manifest, entry, exact[pool["id"], line["id"], entry["criterion"]], shown)
            for entry in shown.get("criteria", [])
        ]
    rows = [_unit(row) for row in units.values()]
    return {
        "pool": pool["id"],
        "name": pool["name"],
        "size": pool["size"],
        "verdict": published["verdict"],
        "sealed": any(row["level"] == "counts" for row in rows),
        "units": rows,
        "standing": _standing(rows, compare_from),
    }


def _scale(manifest: dict[str, Any]) -> Scale:
    grades = tuple(grade["id"] for grade in manifest["grades"]) + NO_MARK
    points: tuple[float | None, ...] = (*tuple(float(grade["points"]) for grade in manifest["grades"]), None, None)
    return Scale(grades, points)


def _criterion(
    scale: Scale, manifest: dict[str, Any], entry: dict[str, Any], counts: dict[str, int], line: dict[str, Any]
) -> dict[str, Any]:
    valid = line["valid"]
    rules = Rules(joined_from=manifest["thresholds"]["cell"] if line["publication"] == "counts" else None)
    cells: list[Cell] | Majority
    if "most" in entry:
        cells = Majority(entry["most"], rules.least_of_majority(valid), valid)
    else:
        cells = [Cell(tuple(cell["marks"]), cell["n"]) for cell in entry["cells"]]
    release: Release = coarsen(counts, scale, cells, score_from=manifest["thresholds"]["band_below"], rules=rules)
    return {
        "criterion": entry["criterion"],
        "cells": entry.get("cells"),
        "most": entry.get("most"),
        "mean": release.mean,
        "standard_error": release.standard_error,
        "comparison_error": release.error_for_comparison,
        "rounding": release.rounding,
        "certificate": release.certificate,
    }


def _unit(row: dict[str, Any]) -> dict[str, Any]:
    """One level for the unit: the most cautious of its lines; a score only if every criterion has one."""
    order = ("nothing", "band", "counts", "open")
    level = min(row.pop("lines"), key=order.index)
    bands = row.pop("bands")
    scored = level in ("counts", "open") and all(criterion["mean"] is not None for criterion in row["criteria"])
    count = len(row["criteria"]) or 1
    return row | {
        "level": level,
        "criteria": row["criteria"] if level in ("counts", "open") else [],
        "band": _band(bands) if level == "band" else None,
        "score": round(sum(c["mean"] for c in row["criteria"]) / count, 4) if scored else None,
        "standard_error": round(sum(c["comparison_error"] for c in row["criteria"]) / count, 4) if scored else None,
    }


def _band(bands: list[str | None]) -> str:
    """The unit's one band: the lowest of its lines, which tells no line's apart."""
    order = ("none", "low", "middle", "high")
    return min((band or "none" for band in bands), key=order.index)


def _standing(rows: list[dict[str, Any]], compare_from: int) -> dict[str, Any] | None:
    scored = [row for row in rows if row["score"] is not None]
    if len(scored) < 2 or all(row["standard_error"] == 0 for row in scored):
        return None
    found = standing(
        [row["unit"] for row in scored],
        [row["score"] for row in scored],
        [row["standard_error"] for row in scored],
        [row["n"] for row in scored],
        compare_from=compare_from,
    )
    answer = found.as_dict()
    answer["sentences"] = {
        "zh-hans": [warned.sentence("zh") for warned in found.warnings],
        "en": [warned.sentence("en") for warned in found.warnings],
    }
    return answer

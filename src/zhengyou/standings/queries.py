"""Results for pages: numbered, the newest first, and one organisation's rows in them."""

import csv
import io
from typing import Any

from zhengyou.appraisals import queries as appraisals
from zhengyou.appraisals.models import Round
from zhengyou.organisations.models import Organisation
from zhengyou.standings.models import Result


def results_of(round_: Round) -> list[Result]:
    """All results of a round, the newest first."""
    return list(Result.objects.filter(round=round_).select_related("round").order_by("-number"))


def newest_result(round_: Round) -> Result | None:
    """The result in force."""
    return Result.objects.filter(round=round_).select_related("round").order_by("-number").first()


def newest_results(rounds: list[Round]) -> dict[int, Result]:
    """Round id to the result in force, for the rounds that have one."""
    rows = (
        Result.objects.filter(round__in=rounds).select_related("round").order_by("round", "-number").distinct("round")
    )
    return {row.round_id: row for row in rows}


def rounds_with_result(rounds: list[Round]) -> set[int]:
    """The ids of those rounds that have a result."""
    return set(Result.objects.filter(round__in=rounds).values_list("round", flat=True))


def correction_of(result: Result) -> dict[str, Any] | None:
    """For a result that only says something was corrected: `of` (the number of the result whose figures it corrects),
    `outcome_changed`, and `sentences` by language. None for a result with figures.
    """
    found: dict[str, Any] | None = result.document.get("correction")
    return found


def figures_in_force(round_: Round) -> Result | None:
    """The newest result with figures: what scores, comparisons and selections go by. The newest result of all may be a
    correction without figures, and then says whether these still stand.
    """
    return next((result for result in results_of(round_) if not correction_of(result)), None)


def result_with_number(round_: Round, number: int) -> Result | None:
    """One numbered result."""
    return Result.objects.filter(round=round_, number=number).first()


def pools_for_pages(result: Result) -> list[dict[str, Any]]:
    """The result's pools; each unit's row joined with its standing, so that a page has nothing to look up."""
    words = _words(appraisals.manifest_document(result.round))
    pools = []
    for pool in result.document["pools"]:
        ranked = {row["unit"]: row for row in (pool["standing"] or {}).get("units", [])}
        names = {row["unit"]: row["name"] for row in pool["units"]}
        rows = []
        for row in pool["units"]:
            found = ranked.get(row["unit"])
            alike = [names[unit] for unit in found["cannot_be_told_from"]] if found else []
            criteria = [_criterion_in_words(criterion, words) for criterion in row["criteria"]]
            rows.append(row | {"standing": found, "alike": alike, "criteria": criteria})
        pools.append(pool | {"units": rows})
    return pools


def results_of_organisation(organisation: Organisation) -> list[dict[str, Any]]:
    """What the newest results say of one organisation: round, pool and row, the newest round first."""
    found = []
    rounds = appraisals.closed_rounds_rating(organisation)
    results = newest_results(rounds)
    for round_ in rounds:
        result = results.get(round_.pk)
        for pool in pools_for_pages(result) if result else []:
            row = next((row for row in pool["units"] if row["unit"] == organisation.code), None)
            if row is not None:
                found.append({"round": round_, "result": result, "pool": pool, "row": row})
    return found


def _words(manifest: dict[str, Any]) -> dict[str, dict[str, str]]:
    named = {entry["id"]: entry["name"] for entry in manifest["grades"] + manifest["criteria"]}
    return named | {
        "dont_know": {"zh-hans": "不了解", "en": "Don't know"},
        "unmarked": {"zh-hans": "弃权", "en": "Abstained"},
    }


def _criterion_in_words(criterion: dict[str, Any], words: dict[str, dict[str, str]]) -> dict[str, Any]:
    cells = [
        {"names": [words[mark] for mark in cell["marks"]], "n": cell["n"]}
        for cell in criterion["cells"] or []
        if cell["n"]
    ]
    most = words[criterion["most"]] if criterion["most"] else None
    return criterion | {"name": words[criterion["criterion"]], "shown_cells": cells, "most_name": most}


def units_csv(pool: dict[str, Any]) -> str:
    """A pool's published scores as CSV: what `python -m honestrank` needs to recompute the standing.

    A name that a spreadsheet would run as a formula begins with an apostrophe.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["unit", "name", "n", "score", "se"])
    for row in pool["units"]:
        if row["score"] is not None:
            name = row["name"]["zh-hans"]
            shown = f"'{name}" if name.startswith(("=", "+", "-", "@", "\t", "\r")) else name
            writer.writerow([row["unit"], shown, row["n"], row["score"], row["standard_error"]])
    return out.getvalue()

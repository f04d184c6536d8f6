"""Results of closed rounds: chart, table, who cannot be told apart, turnout, method card and the data to recompute."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from zhengyou.appraisals import queries as appraisals
from zhengyou.standings import queries
from zhengyou.standings.models import Result
from zhengyou.templatetags.words import said
from zhengyou.web.shared.charts import Whisker, whisker_chart

MOST_TICKS = 12


@require_GET
def results(request: HttpRequest, key: UUID, number: int | None = None) -> HttpResponse:
    """The result of a round (the newest, or an older number), with the units that a chosen one cannot be told from."""
    result, older = _result(key, number)
    chosen = request.GET.get("unit", "")[:100]
    pools = [_shown(pool, result, chosen) for pool in queries.pools_for_pages(result)]
    return render(
        request,
        "public/results.html",
        {
            "round": result.round,
            "result": result,
            "older": older,
            "pools": pools,
            "turnout": {pool["id"]: pool for pool in appraisals.turnout_of_record(result.round)},
            "manifest": appraisals.manifest_document(result.round),
            "refused": appraisals.refused_pools(result.round),
            "chosen": chosen,
        },
    )


@require_GET
def scores(request: HttpRequest, key: UUID, number: int, pool_id: str) -> HttpResponse:
    """A pool's published scores as CSV, from which the standing is recomputed."""
    result, _older = _result(key, number)
    pool = next((pool for pool in queries.pools_for_pages(result) if pool["pool"] == pool_id), None)
    if pool is None:
        raise Http404
    response = HttpResponse(queries.units_csv(pool), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="scores-{pool_id}-{number}.csv"'
    return response


def _result(key: UUID, number: int | None) -> tuple[Result, list[Result]]:
    row = appraisals.round_with_key(key)
    found = queries.results_of(row) if row else []
    result = next((one for one in found if number is None or one.number == number), None)
    if result is None:
        raise Http404
    return result, [one for one in found if one.number != result.number]


def _shown(pool: dict[str, Any], result: Result, chosen: str) -> dict[str, Any]:
    ranked = [row for row in pool["units"] if row["standing"]]
    alike = next((set(row["standing"]["cannot_be_told_from"]) for row in ranked if row["unit"] == chosen), None)
    points = [grade["points"] for grade in appraisals.manifest_document(result.round)["grades"]]
    low, high = _span(ranked, min(points), max(points))
    rows = [_whisker(row, chosen, alike) for row in ranked]
    language = "en" if (get_language() or "").startswith("en") else "zh-hans"
    return pool | {
        "ranked": ranked,
        "nothing": sum(row["level"] == "nothing" for row in pool["units"]),
        "has_bands": any(row["level"] == "band" for row in pool["units"]),
        "unscored": [row for row in pool["units"] if row["level"] in ("counts", "open") and row["score"] is None],
        "detailed": [row for row in pool["units"] if row["criteria"]],
        "sentences": (pool["standing"] or {}).get("sentences", {}).get(language, []),
        "chart": whisker_chart(rows, first=low, last=high, ticks=_ticks(low, high), summary=_summary(pool, ranked)),
        "has_chosen": alike is not None,
        "file": f"scores-{pool['pool']}-{result.number}.csv",
    }


def _whisker(row: dict[str, Any], chosen: str, alike: set[str] | None) -> Whisker:
    shade = "plain"
    if alike is not None:
        shade = "chosen" if row["unit"] == chosen else "alike" if row["unit"] in alike else "apart"
    low, high = row["standing"]["interval"]
    return Whisker(said(row["name"]), row["score"], low, high, shade)


def _span(rows: list[dict[str, Any]], lowest: float, highest: float) -> tuple[float, float]:
    """The part of the scale where the intervals lie, in whole points."""
    lows = [row["standing"]["interval"][0] for row in rows] or [lowest]
    highs = [row["standing"]["interval"][1] for row in rows] or [highest]
    return max(int(min(lows)), lowest), min(int(max(highs)) + 1, highest)


def _ticks(low: float, high: float) -> list[float]:
    """At most twelve round values on the axis."""
    step = next((step for step in (1, 2, 5, 10) if (high - low) / step < MOST_TICKS), 20)
    first = -(-int(low) // step) * step
    return [float(value) for value in range(first, int(high) + 1, step)]


def _summary(pool: dict[str, Any], ranked: list[dict[str, Any]]) -> str:
    standing = pool["standing"] or {}
    return _(
        "%(units)d organisations with their mean points and 95 %% intervals; %(apart)d of %(pairs)d pairs separate."
    ) % {
        "units": len(ranked),
        "apart": standing.get("pairs_that_separate", 0),
        "pairs": standing.get("pairs", 0),
    }

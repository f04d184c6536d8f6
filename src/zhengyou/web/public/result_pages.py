"""Results of closed polls: charts, tables, who cannot be told apart, one organisation's card, and the data to recompute."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from zhengyou.counting import queries as counting_queries
from zhengyou.organisations import queries as organisations
from zhengyou.polls import queries as poll_queries
from zhengyou.standings import queries
from zhengyou.standings.comparing import Reader
from zhengyou.standings.models import Result
from zhengyou.web.shared.downloads import download
from zhengyou.web.shared.standing_charts import nearest, rank_chart, score_chart

CLOSE_UP = 12


@require_GET
def results(request: HttpRequest, key: UUID, number: int | None = None) -> HttpResponse:
    """The result of a poll (the newest, or an older number); `unit` chooses one, `close` shows only those nearest to it."""
    result, others = _result(key, number)
    chosen, is_close = request.GET.get("unit", "")[:100], request.GET.get("close") == "1"
    pools = [_shown(pool, result, chosen, is_close) for pool in queries.pools_for_pages(result)]
    combined = queries.combined_for_pages(result)
    return render(
        request,
        "public/results.html",
        {
            "poll": result.poll,
            "result": result,
            "others": others,
            "pools": pools,
            "combined": _shown(combined, result, chosen, is_close) if combined else None,
            "correction": queries.correction_of(result),
            "recount": counting_queries.recount_by_scrutineers(result.poll),
            "turnout": {pool["id"]: pool for pool in counting_queries.turnout_of_record(result.poll)},
            "manifest": poll_queries.manifest_document(result.poll),
            "refused": poll_queries.refused_pools(result.poll),
            "chosen": chosen,
            "is_close": is_close,
        },
    )


@require_GET
def unit(request: HttpRequest, key: UUID, number: int, code: str) -> HttpResponse:
    """The card of one organisation: score, places that fit, whom it cannot be told from, and the four comparisons."""
    result, others = _result(key, number)
    organisation = organisations.organisation_with_code(code)
    card = queries.unit_card(result, organisation, reader_of(result)) if organisation else None
    if organisation is None or card is None:
        raise Http404
    points = _points(result)
    for line in card["pools"]:
        ranked = [row for row in line["pool"]["units"] if row["standing"]]
        if line["row"]["standing"]:
            close = nearest(ranked, code, CLOSE_UP)
            line["chart"] = score_chart(close, line["pool"]["standing"], points, code)
            line["rank_chart"] = rank_chart(close, line["pool"]["standing"], code)
            line["is_whole"] = len(close) == len(ranked)
    return render(
        request,
        "public/unit.html",
        {
            "poll": result.poll,
            "result": result,
            "is_newest": all(other.number < result.number for other in others),
            "organisation": organisation,
            "card": card,
            "lessons": queries.lessons_of(organisation),
            "kinds": organisations.term_names("organisation_kind"),
            "sectors": organisations.term_names("sector"),
        },
    )


@require_GET
def scores(request: HttpRequest, key: UUID, number: int, pool_id: str) -> HttpResponse:
    """A pool's published scores as CSV, from which the standing is recomputed."""
    result, _others = _result(key, number)
    text = queries.scores_csv(result, pool_id)
    if text is None:
        raise Http404
    return download(text, f"scores-{pool_id}-{number}.csv")


@require_GET
def standing(request: HttpRequest, key: UUID, number: int, pool_id: str) -> HttpResponse:
    """The answer of the published command to the published scores, byte for byte, so that anybody can compare theirs."""
    result, _others = _result(key, number)
    text = queries.standing_csv(result, pool_id)
    if text is None:
        raise Http404
    return download(text, f"standing-{pool_id}-{number}.csv")


def reader_of(result: Result) -> Reader:
    """The reader's language, and the least number of ballots the poll's rules compare."""
    language = "en" if (get_language() or "").startswith("en") else "zh-hans"
    return Reader(language, result.poll.cycle.ruleset.thresholds.compare_from)


def _result(key: UUID, number: int | None) -> tuple[Result, list[Result]]:
    found = queries.results_of_poll_with_key(key)
    result = next((one for one in found if number is None or one.number == number), None)
    if result is None:
        raise Http404
    return result, [one for one in found if one.number != result.number]


def _points(result: Result) -> list[int]:
    return [grade["points"] for grade in poll_queries.manifest_document(result.poll)["grades"]]


def _shown(pool: dict[str, Any], result: Result, chosen: str, is_close: bool) -> dict[str, Any]:
    ranked = [row for row in pool["units"] if row["standing"]]
    drawn = nearest(ranked, chosen, CLOSE_UP) if is_close else ranked
    language = "en" if (get_language() or "").startswith("en") else "zh-hans"
    shown = {
        "ranked": ranked,
        "drawn": drawn,
        "nothing": sum(row.get("level") == "nothing" for row in pool["units"]),
        "has_bands": any(row.get("level") == "band" for row in pool["units"]),
        "unscored": [row for row in pool["units"] if row.get("level") in ("counts", "open") and row["score"] is None],
        "detailed": [row for row in pool["units"] if row.get("criteria")],
        "sentences": (pool["standing"] or {}).get("sentences", {}).get(language, []),
        "has_chosen": any(row["unit"] == chosen for row in ranked),
        "file": f"scores-{pool['pool']}-{result.number}.csv",
        "answer": f"standing-{pool['pool']}-{result.number}.csv",
    }
    if ranked:
        shown["chart"] = score_chart(drawn, pool["standing"], _points(result), chosen)
        shown["rank_chart"] = rank_chart(drawn, pool["standing"], chosen)
    return pool | shown

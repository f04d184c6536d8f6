"""Results of closed polls: charts, tables, who is indistinguishable, one organisation's card, and the data to recompute."""

from typing import Any, Literal
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from zhengyou.base.words import language
from zhengyou.counting import queries as counting_queries
from zhengyou.organisations import queries as organisations
from zhengyou.organisations.models import Post
from zhengyou.polls import queries as poll_queries
from zhengyou.scrutiny import queries as scrutiny
from zhengyou.standings import queries
from zhengyou.standings.computing.comparing import Reader
from zhengyou.standings.computing.document import CombinedResult, CriterionResult, Names, PoolResult, QuestionResult
from zhengyou.standings.models import Result
from zhengyou.web.shared import doors
from zhengyou.web.shared.downloads import download
from zhengyou.web.shared.question_words import GOOD_FOR, METHODS, Method, outcome_in_words
from zhengyou.web.shared.standing_charts import Row, Table, nearest, rank_chart, score_chart

CLOSE_UP = 12
NO_GRADE: dict[str, Names] = {
    "dont_know": {"zh-hans": "不了解", "en": "Don't know"},
    "unmarked": {"zh-hans": "弃权", "en": "Abstained"},
}


@require_GET
def results(request: HttpRequest, key: UUID, number: int | None = None) -> HttpResponse:
    """The result of a poll (the newest, or an older number); `unit` chooses one, `close` shows only those nearest to it."""
    result, others = _result(key, number)
    chosen, is_close = request.GET.get("unit", "")[:100], request.GET.get("close") == "1"
    manifest, combined = poll_queries.manifest_document(result.poll), result.document.combined
    return render(
        request,
        "public/results.html",
        {
            "poll": result.poll,
            "result": result,
            "others": others,
            "pools": [
                _shown(pool, pool.pool, result, chosen, is_close) | _unranked(pool, manifest) | _asked(pool, manifest)
                for pool in result.document.pools
            ],
            "combined": combined
            and _shown(combined, queries.COMBINED, result, chosen, is_close) | {"uncompared": _uncompared(combined)},
            "correction": result.document.correction,
            "recount": scrutiny.recount_by_scrutineers(result.poll),
            "turnout": {pool["id"]: pool for pool in counting_queries.turnout_of_record(result.poll)},
            "manifest": manifest,
            "unasked": result.poll.cycle.ruleset.unasked_groups,
            "refused": poll_queries.refused_pools(result.poll),
            "chosen": chosen,
            "is_close": is_close,
        },
    )


@require_GET
def unit(request: HttpRequest, key: UUID, number: int, code: str) -> HttpResponse:
    """The card of one organisation: score, places that fit, whom it is indistinguishable from, and the four comparisons."""
    result, others = _result(key, number)
    organisation = organisations.organisation_with_code(code)
    card = queries.unit_card(result, organisation, reader_of(result)) if organisation else None
    if organisation is None or card is None:
        raise Http404
    newer = [other for other in others if other.number > result.number]
    kinds, sectors = organisations.kinds_and_sectors()
    return render(
        request,
        "public/unit.html",
        {
            "poll": result.poll,
            "result": result,
            "newer_figures": any(not other.document.correction for other in newer),
            "correction": next((other.document.correction for other in newer), None),
            "organisation": organisation,
            "heads_it": organisation in doors.reader_of(request).organisations_as(Post.Role.SECRETARY),
            "card": card,
            "pools": [vars(line) | _charts(line, result) for line in card.pools],
            "lessons": queries.lessons_of(organisation),
            "kinds": kinds,
            "sectors": sectors,
        },
    )


def _charts(line: queries.PoolCard, result: Result) -> dict[str, Any]:
    """The two charts of a unit and those nearest to it, where it is ranked in a pool."""
    if line.row.standing is None:
        return {}
    ranked: list[Row] = [row for row in line.pool.units if row.standing]
    close = nearest(ranked, line.row.unit, CLOSE_UP)
    return {
        "chart": score_chart(close, line.pool, _points(result), line.row.unit),
        "rank_chart": rank_chart(close, line.pool, line.row.unit),
        "is_whole": len(close) == len(ranked),
    }


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
    return Reader(_language(), result.poll.cycle.ruleset.thresholds.compare_from)


def _language() -> Literal["en", "zh-hans"]:
    return "en" if language() == "en" else "zh-hans"


def _result(key: UUID, number: int | None) -> tuple[Result, list[Result]]:
    found = queries.results_of_poll_with_key(key)
    result = next((one for one in found if number is None or one.number == number), None)
    if result is None:
        raise Http404
    return result, [one for one in found if one.number != result.number]


def _points(result: Result) -> list[int]:
    return [grade["points"] for grade in poll_queries.manifest_document(result.poll)["grades"]]


def _shown(table: Table, name: str, result: Result, chosen: str, is_close: bool) -> dict[str, Any]:
    """A pool, or all groups together, as the templates of a standing take it."""
    ranked: list[Row] = [row for row in table.units if row.standing]
    drawn = nearest(ranked, chosen, CLOSE_UP) if is_close else ranked
    return vars(table) | {
        "pool": name,
        "ranked": ranked,
        "drawn": drawn,
        "chart": score_chart(drawn, table, _points(result), chosen) if ranked else "",
        "rank_chart": rank_chart(drawn, table, chosen) if ranked else "",
        "sentences": [warned.sentence(_language()) for warned in table.standing.warnings] if table.standing else [],
        "has_chosen": any(row.unit == chosen for row in ranked),
        "file": f"scores-{name}-{result.number}.csv",
        "answer": f"standing-{name}-{result.number}.csv",
    }


def _unranked(pool: PoolResult, manifest: dict[str, Any]) -> dict[str, Any]:
    """What is shown of a pool's units beside the ranking: how many show nothing, who has no score, the counts item by item."""
    names = {entry["id"]: entry["name"] for entry in manifest["grades"] + manifest["criteria"]} | NO_GRADE
    return {
        "nothing": sum(row.level == "nothing" for row in pool.units),
        "has_bands": any(row.level == "band" for row in pool.units),
        "unscored": [row for row in pool.units if row.level in ("counts", "open") and row.score is None],
        "detailed": [
            {"name": row.name, "criteria": [_criterion(criterion, names) for criterion in row.criteria]}
            for row in pool.units
            if row.criteria
        ],
    }


def _asked(pool: PoolResult, manifest: dict[str, Any]) -> dict[str, Any]:
    """The questions of a pool as the page shows them: the outcome in words, the method, and numbers where slips are open."""
    return {"questions": [_question(question, manifest["thresholds"]["cell"]) for question in pool.questions]}


def _question(question: QuestionResult, cell: int) -> dict[str, Any]:
    pairs = question.pairwise or [()] * len(question.options)
    rows = zip(question.options, question.numbers or (), pairs, strict=False)
    return {
        "row": question,
        "sentences": outcome_in_words(question, cell),
        "method": METHODS[Method(question.method)],
        "good_for": GOOD_FOR[Method(question.method)],
        "options": [
            {"name": option.name, "n": n, "is_first": option.id in question.winners, "before": before}
            for option, n, before in rows
        ],
    }


def _criterion(criterion: CriterionResult, names: dict[str, Names]) -> dict[str, Any]:
    cells = [{"names": [names[mark] for mark in cell.marks], "n": cell.n} for cell in criterion.cells or () if cell.n]
    most = names[criterion.most] if criterion.most else None
    return vars(criterion) | {"name": names[criterion.criterion], "shown_cells": cells, "most_name": most}


def _uncompared(combined: CombinedResult) -> list[dict[str, Any]]:
    """The names of the units that are not compared, by the groups of raters whose figure is missing."""
    units: dict[tuple[str, ...], list[Names]] = {}
    for row in combined.units:
        if row.missing:
            units.setdefault(row.missing, []).append(row.name)
    return [{"missing": combined.names_of(missing), "units": names} for missing, names in units.items()]

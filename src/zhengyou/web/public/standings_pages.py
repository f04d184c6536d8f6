"""Results of closed polls: charts, tables, who is indistinguishable, one organisation's card, and the data to recompute."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

import segno
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.views.decorators.http import require_GET

from zhengyou.counting import queries as counting_queries
from zhengyou.organisations import queries as organisations
from zhengyou.organisations.models import Post
from zhengyou.persons import queries as persons
from zhengyou.polls import queries as poll_queries
from zhengyou.polls.models import Poll
from zhengyou.scrutiny import queries as scrutiny
from zhengyou.standings import queries
from zhengyou.standings.computing.comparing import Reader
from zhengyou.standings.computing.document import CriterionResult, Names, PoolResult, QuestionResult
from zhengyou.standings.models import Result
from zhengyou.web.public.standings_tables import (
    CLOSE_UP,
    View,
    chosen_of,
    in_order,
    lead_of,
    readers_language,
    shown_table,
)
from zhengyou.web.shared import doors
from zhengyou.web.shared.charts import Axis
from zhengyou.web.shared.comparison_words import four_comparisons
from zhengyou.web.shared.downloads import download
from zhengyou.web.shared.mark_words import cell_in_words, mark_names
from zhengyou.web.shared.question_words import GOOD_FOR, METHODS, Method, outcome_in_words
from zhengyou.web.shared.standing_charts import nearest, rank_chart, score_axis, score_chart
from zhengyou.web.shared.standing_words import conclusions_about

# One sheet holds so many rows of the chart and the table beside all sentences.
MOST_ON_PAPER = 10


@require_GET
def results(request: HttpRequest, key: UUID, number: int | None = None) -> HttpResponse:
    """The result of a poll (the newest, or an older number). `unit` highlights one, `close` leaves those nearest to it, `order=name`.

    `table` opens one that is folded, `page` leads on in it.
    """
    rows = queries.results_of_poll_with_key(key)
    if number is None and not rows:
        return _no_result_yet(request, key)
    result, others = _chosen(request, rows, number)
    view, choice = chosen_of(View.of(request), result.document)
    return render(
        request,
        "public/results.html",
        _with_tables(result, view)
        | {
            "poll": result.poll,
            "result": result,
            "others": others,
            "correction": result.document.correction,
            "recount": scrutiny.recount_by_scrutineers(result.poll),
            "unasked": result.poll.cycle.ruleset.unasked_groups,
            "refused": poll_queries.refused_pools(result.poll),
            "view": view,
            "choice": choice,
            "own": next((row for row in choice.rows if row.unit == view.chosen), None),
        },
    )


@require_GET
def brief(request: HttpRequest, key: UUID, number: int) -> HttpResponse:
    """A result on one sheet of paper: what may be said, small charts, the tables, how to recount."""
    result, _others = _result(request, key, number)
    address = request.build_absolute_uri(reverse("public-result-number", args=[key, number]))
    code = segno.make(address, error="m").svg_inline(scale=3, border=2)
    shown = _with_tables(result, View(), on_paper=True)
    tables = [*([shown["combined"]] if shown["combined"] else []), *shown["pools"]]
    shown |= {"poll": result.poll, "result": result, "address": address, "code": SafeString(code)}
    shown["tables"] = [table | {"is_lead": table["pool"] == shown["lead"]} for table in tables]
    return render(request, "public/result_brief.html", shown)


def _with_tables(result: Result, view: View, *, on_paper: bool = False) -> dict[str, Any]:
    """All groups together and every pool as the page and the sheet show them, on one axis."""
    manifest, combined = poll_queries.manifest_document(result.poll), result.document.combined
    axis = score_axis(result.document, _points(manifest))
    most = MOST_ON_PAPER if on_paper else None
    together = shown_table(combined, queries.COMBINED, result.number, axis, view, most) if combined else None
    pools = [
        shown_table(pool, pool.pool, result.number, axis, view, most)
        | _unranked(pool, manifest)
        | _asked(pool, manifest)
        for pool in result.document.pools
    ]
    return {
        "manifest": manifest,
        "turnout": {pool["id"]: pool for pool in counting_queries.turnout_of_record(result.poll)},
        "combined": together,
        "pools": pools,
        "lead": lead_of(together, pools),
    }


@require_GET
def unit(request: HttpRequest, key: UUID, number: int, code: str) -> HttpResponse:
    """The card of one organisation: score, places that fit, whom it is indistinguishable from, and the four comparisons."""
    result, others = _result(request, key, number)
    organisation = organisations.organisation_with_code(code)
    card = queries.unit_card(result, organisation, reader_of(result)) if organisation else None
    if organisation is None or card is None:
        raise Http404
    newer = [other for other in others if other.number > result.number]
    kinds, sectors = organisations.kinds_and_sectors()
    axis = score_axis(result.document, _points(poll_queries.manifest_document(result.poll)))
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
            "together": card.combined and conclusions_about(card.combined.row, result.document.combined),
            "four": four_comparisons(card),
            "pools": _with_charts(card.pools, axis),
            "is_unbeaten": _is_unbeaten(card.pools),
            "asks_what_counts": any(line.needs for line in card.pools),
            "lessons": queries.lessons_of(organisation),
            "kinds": kinds,
            "sectors": sectors,
        },
    )


def _is_unbeaten(lines: Iterable[queries.PoolCard]) -> bool:
    """Whether groups compared the unit with others and none rated another clearly higher."""
    compared = [line for line in lines if line.row.standing and line.row.standing.compared]
    return bool(compared) and not any(line.better for line in compared)


def _with_charts(lines: Iterable[queries.PoolCard], axis: Axis) -> list[dict[str, Any]]:
    """What each pool says of the unit; the first with charts shows them, those of the others wait folded."""
    shown = [vars(line) | _charts(line, axis) for line in lines]
    lead = next((line["pool"].pool for line in shown if line.get("chart")), "")
    return [line | {"is_lead": line["pool"].pool == lead} for line in shown]


def _charts(line: queries.PoolCard, axis: Axis) -> dict[str, Any]:
    """The two charts of a unit and those nearest to it, where it is ranked in a pool, and what may be said of it."""
    if line.row.standing is None:
        return {}
    ranked = [row for row in in_order(line.pool.units, View()) if row.standing]
    close = nearest(ranked, line.row.unit, CLOSE_UP)
    return {
        "chart": score_chart(close, line.pool, axis, line.row.unit),
        "rank_chart": rank_chart(close, line.pool, line.row.unit),
        "is_whole": len(close) == len(ranked),
        "conclusions": conclusions_about(line.row, line.pool),
    }


@require_GET
def scores(request: HttpRequest, key: UUID, number: int, pool_id: str) -> HttpResponse:
    """A pool's published scores as CSV, from which the standing is recomputed."""
    result, _others = _result(request, key, number)
    text = queries.scores_csv(result, pool_id)
    if text is None:
        raise Http404
    return download(text, f"scores-{pool_id}-{number}.csv")


@require_GET
def standing(request: HttpRequest, key: UUID, number: int, pool_id: str) -> HttpResponse:
    """The answer of the published command to the published scores, byte for byte, so that anybody can compare theirs."""
    result, _others = _result(request, key, number)
    text = queries.standing_csv(result, pool_id)
    if text is None:
        raise Http404
    return download(text, f"standing-{pool_id}-{number}.csv")


def reader_of(result: Result) -> Reader:
    """The reader's language, and the least number of ballots the poll's rules compare."""
    return Reader(readers_language(), result.poll.cycle.ruleset.thresholds.compare_from)


def _no_result_yet(request: HttpRequest, key: UUID) -> HttpResponse:
    """A 404 that says why, of a poll that everybody may know; one of persons has no result here, now or later."""
    poll = persons.poll_for_reader(key)
    if poll is None or poll.is_of_persons or poll.state == Poll.State.VOIDED:
        raise Http404
    return render(request, "public/result_none.html", {"poll": doors.about(request, poll)}, status=404)


def _result(request: HttpRequest, key: UUID, number: int | None) -> tuple[Result, list[Result]]:
    return _chosen(request, queries.results_of_poll_with_key(key), number)


def _chosen(request: HttpRequest, rows: list[Result], number: int | None) -> tuple[Result, list[Result]]:
    """The result of that number, or the newest, and the others."""
    result = next((one for one in rows if number is None or one.number == number), None)
    if result is None:
        raise Http404
    doors.about(request, result.poll)
    return result, [one for one in rows if one.number != result.number]


def _points(manifest: dict[str, Any]) -> list[int]:
    return [grade["points"] for grade in manifest["grades"]]


def _unranked(pool: PoolResult, manifest: dict[str, Any]) -> dict[str, Any]:
    """What is shown of a pool's units beside the ranking: how many show nothing, who has no score, the counts item by item."""
    names = {entry["id"]: entry["name"] for entry in manifest["criteria"]}
    marks = mark_names(manifest)
    return {
        "nothing": sum(row.level == "nothing" for row in pool.units),
        "has_bands": any(row.level == "band" for row in pool.units),
        "unscored": [row for row in pool.units if row.level in ("counts", "open") and row.score is None],
        "detailed": [
            {
                "unit": row.unit,
                "name": row.name,
                "criteria": [_criterion(criterion, names, marks) for criterion in row.criteria],
            }
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


def _criterion(criterion: CriterionResult, names: dict[str, Names], marks: dict[str, Names]) -> dict[str, Any]:
    """An item with its counts in the words of the count report."""
    cells = [f"{cell_in_words(cell.marks, marks)} {cell.n}" for cell in criterion.cells or ()]
    most = marks[criterion.most] if criterion.most else None
    return vars(criterion) | {"name": names[criterion.criterion], "counted": " · ".join(cells), "most_name": most}

"""Results for pages: numbered, the newest first, and one organisation's rows in them."""

import csv
import io
from typing import Any
from uuid import UUID

from zhengyou.base.spreadsheets import harmless
from zhengyou.campaigns.models import Cycle
from zhengyou.organisations import queries as organisations
from zhengyou.organisations.models import Organisation
from zhengyou.polls import queries as poll_queries
from zhengyou.polls.models import Poll
from zhengyou.standings import comparing, scoring
from zhengyou.standings.comparing import Reader, Seen
from zhengyou.standings.models import Lesson, OutsideFigure, Result

COMBINED = "combined"


def results_of(poll: Poll) -> list[Result]:
    """All results of a poll, the newest first."""
    return results_of_poll_with_key(poll.key)


def results_of_poll_with_key(key: UUID) -> list[Result]:
    """The same by the poll's public key; none for a poll that is not there."""
    rows = Result.objects.filter(poll__key=key).select_related("poll", "poll__cycle")
    return list(rows.order_by("-number"))


def newest_result(poll: Poll) -> Result | None:
    """The newest result, which may only say that something was corrected (`correction_of`)."""
    return Result.objects.filter(poll=poll).select_related("poll").order_by("-number").first()


def newest_results(polls: list[Poll]) -> dict[int, Result]:
    """Poll id to the newest result with figures, for the polls that have one."""
    rows = (
        Result.objects.filter(poll__in=polls)
        .exclude(document__has_key="correction")
        .select_related("poll")
        .order_by("poll", "-number")
        .distinct("poll")
    )
    return {row.poll_id: row for row in rows}


def polls_with_result(polls: list[Poll]) -> set[int]:
    """The ids of those polls that have a result."""
    return set(Result.objects.filter(poll__in=polls).values_list("poll", flat=True))


def correction_of(result: Result) -> dict[str, Any] | None:
    """For a result that only says something was corrected: `of` (the number of the result whose figures it corrects),
    `outcome_changed`, and `sentences` by language. None for a result with figures.
    """
    found: dict[str, Any] | None = result.document.get("correction")
    return found


def figures_in_force(poll: Poll) -> Result | None:
    """The newest result with figures: what scores, comparisons and selections go by. The newest result of all may be a
    correction without figures, and then says whether these still stand.
    """
    return next((result for result in results_of(poll) if not correction_of(result)), None)


def result_with_number(poll: Poll, number: int) -> Result | None:
    """One numbered result."""
    return Result.objects.filter(poll=poll, number=number).first()


def pools_for_pages(result: Result) -> list[dict[str, Any]]:
    """The result's pools; each unit's row joined with its standing, so that a page has nothing to look up."""
    words = _words(poll_queries.manifest_document(result.poll))
    pools = []
    for pool in result.document["pools"]:
        rows = _joined(pool["units"], pool["standing"])
        for row in rows:
            row["criteria"] = [_criterion_in_words(criterion, words) for criterion in row["criteria"]]
        pools.append(pool | {"units": rows})
    return pools


def _joined(units: list[dict[str, Any]], standing: dict[str, Any] | None) -> list[dict[str, Any]]:
    """Units' rows with what the standing says of each, and the names of those it cannot be told from."""
    ranked = {row["unit"]: row for row in (standing or {}).get("units", [])}
    names = {row["unit"]: row["name"] for row in units}
    rows = []
    for row in units:
        found = ranked.get(row["unit"])
        alike = [names[unit] for unit in found["cannot_be_told_from"]] if found else []
        rows.append(row | {"standing": found, "alike": alike})
    return rows


def combined_for_pages(result: Result) -> dict[str, Any] | None:
    """The combined scores in the form of a pool, or None where the poll asked fewer than two groups of raters."""
    combined: dict[str, Any] | None = result.document.get("combined")
    if not combined:
        return None
    groups = {group["id"]: group["name"] for group in combined["groups"]}
    rows = _joined(combined["units"], combined["standing"])
    shown = [row | {"missing_names": [groups[group] for group in row["missing"]]} for row in rows]
    return combined | {"pool": COMBINED, "units": shown, "uncompared": _uncompared(shown)}


def _uncompared(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The names of the units that are not compared, by the groups of raters whose figure is missing."""
    found: dict[tuple[str, ...], dict[str, Any]] = {}
    for row in rows:
        if row["missing"]:
            entry = found.setdefault(tuple(row["missing"]), {"missing": row["missing_names"], "units": []})
            entry["units"].append(row["name"])
    return list(found.values())


def results_of_organisation(organisation: Organisation) -> list[dict[str, Any]]:
    """What the newest results say of one organisation: poll, pool and row, the newest poll first."""
    found = []
    polls = poll_queries.closed_polls_rating(organisation)
    results = newest_results(polls)
    for poll in polls:
        result = results.get(poll.pk)
        for pool in pools_for_pages(result) if result else []:
            row = next((row for row in pool["units"] if row["unit"] == organisation.code), None)
            if row is not None:
                found.append({"poll": poll, "result": result, "pool": pool, "row": row})
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


def peer_groups(units: list[Organisation]) -> dict[str, dict[str, str]]:
    """The declared peer group of each organisation by its code: sector, kind and size band, as they are now."""
    members = organisations.member_counts(units)
    return {
        unit.code: {"sector": unit.sector, "kind": unit.kind, "size": comparing.size_band(members.get(unit.pk, 0))}
        for unit in units
    }


def unit_card(result: Result, unit: Organisation, reader: Reader) -> dict[str, Any] | None:
    """Everything a result says of one organisation: its row in every pool, the combined one, and the four comparisons.

    None if it does not stand in the result. Constant number of queries.
    """
    pools = pools_for_pages(result)
    rows = [(pool, row) for pool in pools for row in pool["units"] if row["unit"] == unit.code]
    if not rows:
        return None
    document = poll_queries.manifest_document(result.poll)
    names = {criterion["id"]: criterion["name"] for criterion in document["criteria"]}
    earlier = _earlier_results(result, unit)
    peer_codes = _peer_codes(result, unit.code)
    shown = []
    for pool, row in rows:
        scored = [other for other in pool["units"] if other["score"] is not None and other["unit"] != unit.code]
        card = {"pool": pool, "row": row, "past": None, "peers": None, "needs": [], "better": []}
        if row["score"] is not None:
            now = Seen(result.poll.name, pool, row, _grades(document))
            card["past"] = comparing.past(now, _before(earlier, pool, unit.code), names, reader)
            card["peers"] = comparing.peers(row, [other for other in scored if other["unit"] in peer_codes], reader)
            card["needs"] = comparing.needs(row, scored, pool, reader)
            card["better"] = _better(scored, unit.code)
        shown.append(card)
    return {
        "pools": shown,
        "combined": _combined_row(result, unit.code),
        "outside": _outside(result, rows[0][1]["name"], unit.code, reader),
        "elsewhere": _elsewhere(result, unit.code, reader),
        "inside": inside_comparisons(unit, reader),
        "peer_group": result.document.get("peer_groups", {}).get(unit.code),
    }


def inside_comparisons(whole: Organisation, reader: Reader) -> list[dict[str, Any]]:
    """The units directly below an organisation, compared with each other where the newest poll rated at least two of them."""
    below = organisations.children(whole)
    polls = poll_queries.closed_polls_rating(*below) if below else []
    results = newest_results(polls)
    codes = {row.code for row in below}
    for poll in polls:
        result = results.get(poll.pk)
        found = [
            {"poll": poll, "result": result, "pool": pool, "found": comparing.units_inside(whole.name, rows, reader)}
            for pool in (result.document["pools"] if result else [])
            if len(rows := [row for row in pool["units"] if row["unit"] in codes and row["score"] is not None]) > 1
        ]
        if found:
            return found
    return []


def outside_figures(cycle: Cycle) -> list[OutsideFigure]:
    """The means published elsewhere that are on record for a cycle, by name."""
    return list(OutsideFigure.objects.filter(cycle=cycle).order_by("name"))


def outside_figure(cycle: Cycle, figure_id: int) -> OutsideFigure | None:
    """One outside figure of a cycle, or None."""
    return OutsideFigure.objects.select_related("cycle").filter(cycle=cycle, pk=figure_id).first()


def better_ones(unit: Organisation) -> list[tuple[Organisation, Poll]]:
    """The organisations that separate above this one in the newest results, each once, with the poll that says so."""
    polls = poll_queries.closed_polls_rating(unit)
    results = newest_results(polls)
    found: dict[str, Poll] = {}
    for poll in polls:
        for pool in results[poll.pk].document["pools"] if poll.pk in results else []:
            for row in (pool["standing"] or {}).get("units", []):
                if unit.code in row["separates_above"]:
                    found.setdefault(row["unit"], poll)
    known = organisations.organisations_by_code(found)
    return [(known[code], poll) for code, poll in found.items() if code in known]


def lessons_of(unit: Organisation) -> list[Lesson]:
    """What an organisation wrote down to have learnt from others, the newest first."""
    rows = Lesson.objects.filter(organisation=unit).select_related("learned_from", "cycle")
    return list(rows.order_by("-written_at", "-id"))


def _grades(document: dict[str, Any]) -> tuple[tuple[str, int], ...]:
    return tuple((grade["id"], grade["points"]) for grade in document["grades"])


def _earlier_results(result: Result, unit: Organisation) -> list[Result]:
    """The newest results of earlier polls that rated the organisation, the latest poll first."""
    polls = [row for row in poll_queries.closed_polls_rating(unit) if row.closes_at < result.poll.closes_at]
    results = newest_results(polls)
    return [results[row.pk] for row in polls if row.pk in results]


def _before(earlier: list[Result], pool: dict[str, Any], code: str) -> Seen | None:
    """The unit in the latest earlier pool of the same group of raters (or of the same name, for a pool of none)."""
    group = pool.get("rater_group", "")
    for result in earlier:
        for other in result.document["pools"]:
            is_same = other.get("rater_group", "") == group if group else other["name"] == pool["name"]
            row = next((row for row in other["units"] if row["unit"] == code and row["score"] is not None), None)
            if is_same and row is not None:
                return Seen(result.poll.name, other, row, _grades(poll_queries.manifest_document(result.poll)))
    return None


def _peer_codes(result: Result, code: str) -> set[str]:
    groups = result.document.get("peer_groups", {})
    return {other for other, group in groups.items() if group == groups.get(code)} - {code}


def _better(scored: list[dict[str, Any]], code: str) -> list[dict[str, Any]]:
    """Those that separate above the unit, in the sheet's order."""
    return [row for row in scored if row["standing"] and code in row["standing"]["separates_above"]]


def _combined_row(result: Result, code: str) -> dict[str, Any] | None:
    combined = combined_for_pages(result)
    if not combined:
        return None
    row: dict[str, Any] = next(row for row in combined["units"] if row["unit"] == code)
    return row | {"all": (combined["standing"] or {}).get("compared")}


def _outside(result: Result, name: dict[str, str], code: str, reader: Reader) -> dict[str, Any] | None:
    combined = result.document.get("combined")
    if not combined:
        return None
    parts = [part for part in combined["parts"] if part["unit"] == code]
    return comparing.outside(reader.name(name), parts, {group["id"]: group for group in combined["groups"]}, reader)


def _elsewhere(result: Result, code: str, reader: Reader) -> dict[str, Any] | None:
    combined = result.document.get("combined")
    row = next((row for row in combined["units"] if row["unit"] == code), None) if combined else None
    if row is None or row["score"] is None:
        return None
    figures = [comparing.figure_of(figure) for figure in outside_figures(result.poll.cycle)]
    return comparing.elsewhere(row, figures, reader)


def units_csv(pool: dict[str, Any]) -> str:
    """A pool's published scores as CSV: what `python -m honestrank` needs to recompute the standing."""
    rows = [
        [row["unit"], _plain_name(row["name"]), row["n"], row["score"], row["standard_error"]]
        for row in pool["units"]
        if row["score"] is not None
    ]
    return _csv(["unit", "name", "n", "score", "se"], rows)


def groups_csv(combined: dict[str, Any]) -> str:
    """What each group of raters says of each unit, with the group's weight, as CSV: enough to recompute the combined standing."""
    names = {row["unit"]: _plain_name(row["name"]) for row in combined["units"]}
    rows = [
        [
            part["unit"],
            names[part["unit"]],
            part["group"],
            part["weight"],
            part["n"],
            part["score"],
            part["standard_error"],
        ]
        for part in combined["parts"]
    ]
    return _csv(["unit", "name", "group", "weight", "n", "score", "se"], rows)


def scores_csv(result: Result, pool_id: str) -> str | None:
    """The published scores of a pool, or of the groups of raters together (`combined`); None if there is no such pool."""
    if pool_id == COMBINED:
        combined = result.document.get("combined")
        return groups_csv(combined) if combined else None
    pool = next((pool for pool in result.document["pools"] if pool["pool"] == pool_id), None)
    return units_csv(pool) if pool else None


def standing_csv(result: Result, pool_id: str) -> str | None:
    """What the published command answers for the scores of a pool or of all groups together; None where nothing is ranked."""
    pools = [*result.document["pools"], (result.document.get("combined") or {"standing": None}) | {"pool": COMBINED}]
    pool = next((pool for pool in pools if pool["pool"] == pool_id), None)
    scores = scores_csv(result, pool_id)
    if pool is None or scores is None or not pool["standing"]:
        return None
    least = pool["standing"]["fit_record"]["compare_from"]
    return scoring.recompute(scores, least, is_combined=pool_id == COMBINED)


def _csv(head: list[str], rows: list[list[Any]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerows([head, *rows])
    return out.getvalue()


def _plain_name(name: dict[str, str]) -> str:
    """A unit's name for a spreadsheet."""
    return harmless(name["zh-hans"])

"""The count report (计票报告) of a closed poll: nothing in it that the record's counts do not publish. As rows, and as a workbook."""

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from zhengyou.base.spreadsheets import Sheet, write_workbook
from zhengyou.base.words import in_readers_words, language
from zhengyou.counting import queries as counting_queries
from zhengyou.polls import queries as poll_queries
from zhengyou.polls.models import Poll
from zhengyou.standings import queries as standings
from zhengyou.standings.computing.answering import question_result
from zhengyou.standings.computing.document import QuestionResult
from zhengyou.web.shared.mark_words import cell_in_words, mark_names
from zhengyou.web.shared.question_words import number_in_words, outcome_in_words

WIDTHS = (28, 10, 22, 10, 10, 10, 10, 70)


def report_of(row: Poll) -> dict[str, Any]:
    """The pools of a poll with their turnout and, line by line, what the publication rule lets be told."""
    manifest = poll_queries.manifest_document(row)
    turnout = {pool["id"]: pool for pool in counting_queries.turnout_of_record(row)}
    scores = _scores(row)
    pools = []
    for pool in counting_queries.record_counts(row)["pools"]:
        counted, known = turnout[pool["pool"]], scores.get(pool["pool"], {})
        rows = _once(one for line in pool["lines"] for one in _rows(line, manifest, known))
        share = round(100 * counted["returned"] / counted["size"], 1)
        pools.append(counted | {"share": share, "units": _by_unit(rows)})
    return {
        "pools": pools,
        "scrutineers": [one.person.name for one in poll_queries.scrutineers_of(row)],
        "counters": [one.name for one in (row.close_asked_by, row.closed_by) if one],
    }


def _scores(row: Poll) -> dict[str, dict[str, float]]:
    """Pool to unit to the score in force; the newest result of all may be a correction without figures."""
    result = standings.figures_in_force(row)
    return {
        pool.pool: {one.unit: one.score for one in pool.units if one.score is not None}
        for pool in (result.document.pools if result else ())
    }


def _once(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """A unit with several lines and one band for all of them stands there once, as long as their numbers are the same."""
    shown: list[dict[str, Any]] = []
    for one in rows:
        if one not in shown[-1:]:
            shown.append(one)
    return shown


def _by_unit(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each unit once, with its score and its rows."""
    units = [list(group) for _code, group in groupby(rows, key=lambda one: one["code"])]
    return [{"unit": group[0]["unit"], "score": group[0]["score"], "rows": group} for group in units]


def _rows(line: dict[str, Any], manifest: dict[str, Any], scores: dict[str, float]) -> list[dict[str, Any]]:
    """One row for each item of a line that has counts, else one for the line."""
    found = next(one for one in manifest["lines"] if one["id"] == line["line"])
    reasons = line.get("invalid", {})
    invalid = ", ".join(f"{_reasons().get(reason, reason)} {n}" for reason, n in reasons.items())
    base = {
        "code": found["unit"],
        "unit": in_readers_words(found["name"]),
        "returned": line["returned"],
        "valid": line.get("valid"),  # nobody knows it of a pool without a valid verdict: no slip was opened
        "invalid": (invalid or "0") if "valid" in line else None,
        "abstained": line.get("abstained", line.get("question", {}).get("abstained")),
        "score": scores.get(found["unit"]),
    }
    if "question" in found:
        return _answers(base, question_result(found, line), manifest["thresholds"]["cell"])
    items = line.get("criteria", [])
    if not items:
        bands = {"high": _("high"), "middle": _("middle"), "low": _("low"), "none": _("no marks")}
        return [base | {"item": "", "marks": [bands[line["band"]] if "band" in line else _("nothing is published")]}]
    names = {one["id"]: in_readers_words(one["name"]) for one in manifest["criteria"]}
    return [base | {"item": names[one["criterion"]], "marks": _marks(one, manifest, line["valid"])} for one in items]


def _answers(base: dict[str, Any], question: QuestionResult, cell: int) -> list[dict[str, Any]]:
    """A question: who is first and whether that is certain; where slips are open every number, option by option."""
    between = " " if language() == "en" else ""
    rows = [base | {"item": "", "marks": [between.join(outcome_in_words(question, cell))]}]
    if question.numbers is None:
        return rows
    names = [in_readers_words(option.name) for option in question.options]
    for place, name in enumerate(names):
        beaten = [
            _("before %(name)s: %(n)d") % {"name": other, "n": question.pairwise[place][at]}
            for at, other in enumerate(names)
            if question.pairwise and at != place
        ]
        rows.append(base | {"item": name, "marks": [number_in_words(question, question.numbers[place]), *beaten]})
    unsure = _("Don’t know: %(n)d") % {"n": question.dont_know}
    return [*rows, base | {"item": "", "marks": [unsure]}]


def _marks(item: dict[str, Any], manifest: dict[str, Any], valid: int) -> list[str]:
    names = mark_names(manifest)
    if "most" in item:
        grade = in_readers_words(names[item["most"]])
        return [_("nearly all (at least nine in ten, or all but two at most): %(grade)s") % {"grade": grade}]
    cells = [(cell_in_words(cell["marks"], names), cell["n"]) for cell in item["cells"]]
    return [f"{name} {n} ({100 * n / max(valid, 1):.1f} %)" for name, n in cells]


def _reasons() -> dict[str, str]:
    return {
        "unreadable": _("does not open"),
        "other-commitment": _("other marks than announced"),
        "no-such-mark": _("no such mark"),
        "any": _("invalid"),
    }


def heads() -> list[str]:
    """The columns of a pool's table."""
    return [
        _("Unit"),
        _("Score"),
        _("Item"),
        _("Returned"),
        _("Valid"),
        _("Invalid"),
        _("Without any grade"),
        _("Grades: number and share"),
    ]


def workbook_of(row: Poll, report: dict[str, Any]) -> bytes:
    """The report as .xlsx, a sheet a pool.

    A unit's name stands in each of its rows, so that they can be filtered; its score in the first one only.
    """
    sheets = []
    for number, pool in enumerate(report["pools"], 1):
        body = [_cells(one, is_first=one is unit["rows"][0]) for unit in pool["units"] for one in unit["rows"]]
        sheets.append(Sheet(f"{number}", heads(), body, above=[*_facts(row, report, pool), ()], widths=WIDTHS))
    return write_workbook(sheets)


def _facts(row: Poll, report: dict[str, Any], pool: dict[str, Any]) -> list[tuple[Any, Any]]:
    """What stands above the table of a pool."""
    return [
        (in_readers_words(row.name), ""),
        (_("Pool"), in_readers_words(pool["name"])),
        (_("On the roll"), pool["size"]),
        (_("Entitled"), pool["size"]),
        (_("Present (paper)"), ""),
        (_("Issued"), pool["issued"]),
        (_("Returned"), pool["returned"]),
        (_("Share of the roll, %"), pool["share"]),
        (_("Scrutineers"), "、".join(report["scrutineers"])),
        (_("Counted by"), "、".join(report["counters"])),
        (_("Date"), date_format(localtime(row.closed_at)) if row.closed_at else ""),
    ]


def _cells(one: dict[str, Any], *, is_first: bool) -> tuple[Any, ...]:
    score = round(one["score"], 2) if is_first and one["score"] is not None else ""
    abstained = "" if one["abstained"] is None else one["abstained"]
    counts = (one["returned"], *("" if one[name] is None else one[name] for name in ("valid", "invalid")), abstained)
    return (one["unit"], score, one["item"], *counts, " · ".join(one["marks"]))

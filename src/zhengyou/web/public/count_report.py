"""The count report (计票报告) of a closed round: nothing in it that the record's counts do not publish. As rows, and as a workbook."""

import io
from collections.abc import Iterable
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _

from zhengyou.appraisals import queries
from zhengyou.appraisals.models import Round
from zhengyou.appraisals.queries import scrutiny
from zhengyou.standings import queries as standings
from zhengyou.templatetags.words import said


def report_of(row: Round) -> dict[str, Any]:
    """The pools of a round with their turnout and, line by line, what the publication rule lets be told."""
    manifest = queries.manifest_document(row)
    turnout = {pool["id"]: pool for pool in queries.turnout_of_record(row)}
    scores = _scores(row)
    pools = [
        turnout[pool["pool"]]
        | {
            "share": round(100 * turnout[pool["pool"]]["returned"] / turnout[pool["pool"]]["size"], 1),
            "rows": _once(one for line in pool["lines"] for one in _rows(line, manifest, scores.get(pool["pool"], {}))),
        }
        for pool in queries.record_counts(row)["pools"]
    ]
    return {
        "pools": pools,
        "scrutineers": [one.person.name for one in scrutiny.scrutineers_of(row)],
        "counters": [one.name for one in (row.close_asked_by, row.closed_by) if one],
    }


def _scores(row: Round) -> dict[str, dict[str, float]]:
    """Pool to unit to the published score, if there is a result."""
    result = standings.newest_result(row)
    pools = standings.pools_for_pages(result) if result else []
    return {pool["pool"]: {one["unit"]: one["score"] for one in pool["units"]} for pool in pools}


def _once(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """A unit with several lines and one band for all of them stands there once, as long as their numbers are the same."""
    shown: list[dict[str, Any]] = []
    for one in rows:
        if one not in shown[-1:]:
            shown.append(one)
    return shown


def _rows(line: dict[str, Any], manifest: dict[str, Any], scores: dict[str, float]) -> list[dict[str, Any]]:
    """One row for each item of a line that has counts, else one for the line."""
    found = next(one for one in manifest["lines"] if one["id"] == line["line"])
    invalid = ", ".join(f"{_reasons().get(reason, reason)} {n}" for reason, n in line["invalid"].items())
    base = {
        "code": found["unit"],
        "unit": said(found["name"]),
        "returned": line["returned"],
        "valid": line["valid"],
        "invalid": invalid or "0",
        "abstained": line.get("abstained"),
        "score": scores.get(found["unit"]),
    }
    items = line.get("criteria", [])
    if not items:
        bands = {"high": _("high"), "middle": _("middle"), "low": _("low"), "none": _("no marks")}
        return [base | {"item": "", "marks": bands[line["band"]] if "band" in line else _("nothing is published")}]
    names = {one["id"]: said(one["name"]) for one in manifest["criteria"]}
    return [base | {"item": names[one["criterion"]], "marks": _marks(one, manifest, line["valid"])} for one in items]


def _marks(item: dict[str, Any], manifest: dict[str, Any], valid: int) -> str:
    names = {grade["id"]: said(grade["name"]) for grade in manifest["grades"]}
    names |= {"dont_know": _("Don't know"), "unmarked": _("unmarked")}
    if "most" in item:
        return _("nine in ten or more: %(grade)s") % {"grade": names[item["most"]]}
    cells = [("/".join(names[mark] for mark in cell["marks"]), cell["n"]) for cell in item["cells"]]
    return " · ".join(f"{name} {n} ({100 * n / max(valid, 1):.1f} %)" for name, n in cells)


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
        _("Organisation"),
        _("Item"),
        _("Returned"),
        _("Valid"),
        _("Invalid"),
        _("Abstained"),
        _("Grades: number and share"),
        _("Score"),
    ]


def workbook_of(row: Round, report: dict[str, Any]) -> bytes:
    """The report as .xlsx, a sheet a pool; names are written as text, so that none runs as a formula."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    for number, pool in enumerate(report["pools"], 1):
        sheet = book.add_worksheet(f"{number}")
        facts = [
            (said(row.name), ""),
            (_("Pool"), said(pool["name"])),
            (_("On the roll"), pool["size"]),
            (_("Entitled"), pool["size"]),
            (_("Present (paper)"), ""),
            (_("Issued"), pool["issued"]),
            (_("Returned"), pool["returned"]),
            (_("Share of the roll, %"), pool["share"]),
            (_("Scrutineers"), "、".join(report["scrutineers"])),
            (_("Counted by"), "、".join(report["counters"])),
            (_("Date"), f"{row.closed_at:%Y-%m-%d}" if row.closed_at else ""),
        ]
        rows = [*facts, (), tuple(heads()), *[_cells(one) for one in pool["rows"]]]
        for line, values in enumerate(rows):
            for column, value in enumerate(values):
                write = sheet.write_number if isinstance(value, int | float) else sheet.write_string
                write(line, column, value)
    book.close()
    return out.getvalue()


def _cells(one: dict[str, Any]) -> tuple[Any, ...]:
    shown = [one["unit"], one["item"], one["returned"], one["valid"], one["invalid"], one["abstained"], one["marks"]]
    score = "" if one["score"] is None else round(one["score"], 2)
    return tuple("" if value is None else value for value in (*shown, score))

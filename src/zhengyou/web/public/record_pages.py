"""Records of closed polls for anybody to take and recount."""

import io
import zipfile
from uuid import UUID

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from zhengyou.counting import queries as counting_queries
from zhengyou.polls import queries as poll_queries
from zhengyou.polls.models import Poll
from zhengyou.web.public import count_report as count_reports
from zhengyou.web.shared.downloads import download
from zhengyou.web.shared.pages import found


@require_GET
def record(request: HttpRequest, key: UUID) -> HttpResponse:
    """What the record is, its files, and how to recount it; before the close and after a void a 404 that says why there is none."""
    row = poll_queries.poll_with_key(key)
    if row is not None and row.state in (Poll.State.OPENED, Poll.State.VOIDED):
        turnout = counting_queries.turnout_of_void(row) if row.state == Poll.State.VOIDED else []
        return render(request, "public/record_none.html", {"poll": row, "turnout": turnout}, status=404)
    row = found(poll_queries.closed_poll(key))
    shown = {
        "poll": row,
        "files": counting_queries.record_files(row),
        "pools": counting_queries.turnout_of_record(row),
        "extensions": poll_queries.extensions_of([row]).get(row.pk, []),
        "recount": counting_queries.recount_by_scrutineers(row),
    }
    return render(request, "public/record.html", shown)


@require_GET
def count_report(request: HttpRequest, key: UUID) -> HttpResponse:
    """The count report of a closed poll, made to be printed and signed."""
    row = found(poll_queries.closed_poll(key))
    report = count_reports.report_of(row)
    return render(request, "public/count_report.html", {"poll": row, "heads": count_reports.heads(), **report})


@require_GET
def count_report_workbook(request: HttpRequest, key: UUID) -> HttpResponse:
    """The same as a workbook."""
    row = found(poll_queries.closed_poll(key))
    return download(count_reports.workbook_of(row, count_reports.report_of(row)), f"count-report-{row.key}.xlsx")


@require_GET
def record_file(request: HttpRequest, key: UUID, name: str) -> HttpResponse | FileResponse:
    """One file of the record, byte for byte; 404 before the close."""
    row = found(poll_queries.closed_poll(key))
    if name not in counting_queries.record_files(row):
        raise Http404
    kind = "text/plain; charset=utf-8" if name.endswith((".jsonl", ".sig")) else "application/json"
    return FileResponse(counting_queries.record_path(row, name).open("rb"), content_type=kind)


@require_GET
def record_index(request: HttpRequest, key: UUID) -> HttpResponse:
    """The runs of the board with their roots, by which a device finds out where its slips would stand; 404 before the close."""
    index = found(counting_queries.board_index(found(poll_queries.closed_poll(key))))
    return HttpResponse(index, content_type="application/json")


@require_GET
def record_run(request: HttpRequest, key: UUID, number: int) -> HttpResponse:
    """The lines of one run of the board, byte for byte."""
    lines = found(counting_queries.board_run(found(poll_queries.closed_poll(key)), number))
    return HttpResponse(lines, content_type="text/plain; charset=utf-8")


@require_GET
def record_zip(request: HttpRequest, key: UUID) -> HttpResponse:
    """The whole record as one zip."""
    row = found(poll_queries.closed_poll(key))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in counting_queries.record_files(row):
            archive.write(counting_queries.record_path(row, name), f"record-{row.key}/{name}")
    return download(out.getvalue(), f"record-{row.key}.zip")

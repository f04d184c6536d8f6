"""Records of closed polls for anybody to take, and the page that recounts one in the visitor's own browser."""

from contextlib import suppress
from typing import Any
from uuid import UUID

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_GET

from zhengyou import jobs
from zhengyou.base import jobs as base_jobs
from zhengyou.counting import queries
from zhengyou.operating import wheels
from zhengyou.persons import queries as persons
from zhengyou.polls import queries as polls
from zhengyou.polls.models import Poll
from zhengyou.roster import queries as roster
from zhengyou.scrutiny import queries as scrutiny
from zhengyou.standings import queries as standings
from zhengyou.web.public import counting_report
from zhengyou.web.public.doubting_words import second_device_words
from zhengyou.web.shared import clock, doors, job_parts
from zhengyou.web.shared.downloads import download, streamed
from zhengyou.web.shared.job_parts import JobFacts
from zhengyou.web.shared.pages import found
from zhengyou.web.shared.record_words import record_files
from zhengyou.web.shared.recount_words import recount_words


@require_GET
def record(request: HttpRequest, key: UUID) -> HttpResponse:
    """What the record is, its files, and how to recount it; before the close and after a void a 404 that says why there is none."""
    poll = doors.about(request, found(persons.poll_for_reader(key)))
    if poll.is_of_persons:
        return _slips_alone(request, poll)
    if poll.state != Poll.State.CLOSED:
        turnout = queries.turnout_of_void(poll) if poll.state == Poll.State.VOIDED else []
        return render(request, "public/record_none.html", {"poll": poll, "turnout": turnout}, status=404)
    shown = {
        "poll": poll,
        "files": record_files(queries.record_paths(poll)),
        "verifier": wheels.verifier(),
        "has_result": standings.figures_in_force(poll) is not None,
        "pools": queries.turnout_of_record(poll),
        "left_since": roster.left_since(poll),
        "extensions": polls.extensions_of([poll]).get(poll.pk, []),
        "recount": scrutiny.recount_by_scrutineers(poll),
        "packing": None if queries.packed_record(poll).exists() else _packing(poll),
    }
    return render(request, "public/record.html", shown)


def _slips_alone(request: HttpRequest, poll: Poll) -> HttpResponse:
    """For whoever voted on persons: that their slips are in the record, and nothing of anybody's marks (decision 80)."""
    if poll.state != Poll.State.CLOSED:
        raise Http404
    shown = {"poll": poll, "pools": queries.turnout_of_record(poll), "slips": queries.named_slips(poll)}
    shown["recount"] = scrutiny.recount_by_scrutineers(poll)
    return render(request, "public/record_slips.html", shown)


@require_GET
def slip_names(request: HttpRequest, key: UUID) -> HttpResponse:
    """The names of all slips of a poll of persons, one a line, for a device that looks for its own among them."""
    names = found(queries.names_of_slips(found(persons.names_for_reader(key))))
    return HttpResponse(names, content_type="text/plain; charset=utf-8")


@require_GET
def count_report(request: HttpRequest, key: UUID) -> HttpResponse:
    """The count report of a closed poll, made to be printed and signed."""
    poll = doors.about(request, found(persons.record_for_reader(key)))
    report = counting_report.report_of(poll)
    return render(
        request,
        "public/count_report.html",
        {"poll": poll, "heads": counting_report.heads(), "left_since": roster.left_since(poll), **report},
    )


@require_GET
def count_report_workbook(request: HttpRequest, key: UUID) -> HttpResponse:
    """The count report of a closed poll as a workbook."""
    poll = found(persons.record_for_reader(key))
    return download(counting_report.workbook_of(poll, counting_report.report_of(poll)), f"count-report-{poll.key}.xlsx")


@require_GET
def record_file(request: HttpRequest, key: UUID, name: str) -> HttpResponse | FileResponse:
    """One file of the record, byte for byte; 404 before the close."""
    poll = found(persons.record_for_reader(key))
    if name not in queries.record_files(poll):
        raise Http404
    kind = "text/plain; charset=utf-8" if name.endswith((".jsonl", ".sig")) else "application/json"
    return FileResponse(queries.record_path(poll, name).open("rb"), content_type=kind)


@require_GET
def record_index(request: HttpRequest, key: UUID) -> HttpResponse:
    """The runs of the board with their roots, by which a device finds out where its slips would stand; 404 before the close."""
    index = found(queries.board_index(found(persons.record_for_reader(key))))
    return HttpResponse(index, content_type="application/json")


@require_GET
def record_run(request: HttpRequest, key: UUID, number: int) -> HttpResponse:
    """The lines of one run of the board, byte for byte."""
    lines = found(queries.board_run(found(persons.record_for_reader(key)), number))
    return HttpResponse(lines, content_type="text/plain; charset=utf-8")


@require_GET
def record_zip(request: HttpRequest, key: UUID) -> HttpResponseBase:
    """The whole record as one file, made once. If a close was cut off before it, a worker makes it, and the record's page says so."""
    poll = found(persons.record_for_reader(key))
    packed = queries.packed_record(poll)
    if not packed.exists():
        page = reverse("public-record", args=[poll.way_in])
        jobs.ask("record", poll, at=clock.now(), by=None, page=page)
        return redirect(page)
    mark = f'"{poll.record_fingerprint}-{packed.stat().st_size}"'
    unchanged = get_conditional_response(request, etag=mark)
    if unchanged is not None:
        return unchanged
    file = streamed(packed.open("rb"), f"record-{poll.key}.zip")
    file.headers["ETag"] = mark
    return file


@require_GET
def record_packing(request: HttpRequest, key: UUID) -> HttpResponse:
    """How far the packing of the record is, as a fragment of the record's page."""
    return job_parts.fragment(request, found(_packing(found(persons.record_for_reader(key)))))


def _packing(poll: Poll) -> JobFacts | None:
    """The job that packs the record, or nothing once it is packed or if nobody has asked for it."""
    job = base_jobs.newest(poll.reference).get(("record", ""))
    addresses = {"": reverse("public-record-packing", args=[poll.way_in])}
    return job_parts.drawn([job], None, may_act=False, addresses=addresses)[0] if job else None


@require_GET
def verifier(request: HttpRequest, name: str) -> HttpResponseBase:
    """The verifier as a wheel; an older or other name is not there."""
    wheel = wheels.verifier()
    if name != wheel.name:
        raise Http404
    mark = f'"{wheel.sha256}"'
    unchanged = get_conditional_response(request, etag=mark)
    if unchanged is not None:
        return unchanged
    file = download(wheel.data, wheel.name)
    file.headers["ETag"] = mark
    return file


@require_GET
def recount(request: HttpRequest) -> HttpResponse:
    """Recount what is dropped here or, with `?record=<key of the poll>`, a record of this site; 404 before its close.

    The server only hands out the page and the record's files; it takes nothing.
    """
    doors.frame_of(request)  # its one question brings the house's words along
    shown: dict[str, Any] = {"program_words": recount_words()}
    if "record" in request.GET:
        poll = doors.about(request, found(_poll_named(request.GET["record"])))
        shown |= {
            "poll": poll,
            "files": _addresses(poll),
            "has_result": standings.figures_in_force(poll) is not None,
        }
    return render(request, "public/recount.html", shown)


@require_GET
def second_device(request: HttpRequest) -> HttpResponse:
    """Keeps seal codes, shows opened slips and finds cast ones, all in the visitor's own browser; `?poll=` names the poll.

    The server only hands out the page, the poll's rules and the record; it takes nothing. The page may ask for the camera.
    """
    poll = found(_announced_poll_named(request.GET["poll"])) if "poll" in request.GET else None
    doors.about(request, poll)
    response = render(request, "public/second_device.html", {"program_words": second_device_words(), "poll": poll})
    response.headers["Permissions-Policy"] = "camera=(self), geolocation=(), microphone=()"
    return response


def _poll_named(text: str) -> Poll | None:
    with suppress(ValueError):
        return persons.record_for_reader(UUID(text))
    return None


def _announced_poll_named(text: str) -> Poll | None:
    with suppress(ValueError):
        return persons.poll_for_reader(UUID(text))
    return None


def _addresses(poll: Poll) -> list[dict[str, str]]:
    names = queries.record_files(poll)
    return [{"name": name, "url": reverse("public-record-file", args=[poll.way_in, name])} for name in names]

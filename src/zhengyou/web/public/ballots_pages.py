"""The booth: where a code becomes a ballot. Issuing knows the person and no slip; casting knows the slip and no person.

Issuing and casting read no session; casting refuses requests that carry anything that could name somebody. Beside it: with a
code, whether a ballot was issued in its holder's name; the code comes in the body of the request, never in an address.
"""

import json
import logging
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db import Error as DatabaseError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhengyou.ballots import actions, queries
from zhengyou.base.words import language
from zhengyou.counting import queries as counting_queries
from zhengyou.operating import wheels
from zhengyou.paper import actions as paper_actions
from zhengyou.persons import queries as persons
from zhengyou.polls import queries as polls
from zhengyou.polls.models import Poll, VoterPool
from zhengyou.web.public.ballots_words import booth_words
from zhengyou.web.public.doubting_words import doubting_words
from zhengyou.web.shared import clock, doors, security
from zhengyou.web.shared.answers import answered, asked, refused
from zhengyou.web.shared.downloads import download
from zhengyou.web.shared.pages import found
from zhengyou.web.shared.readings import is_chinese, reading, short_reading

Answer = Callable[..., dict[str, Any]]
LONGEST_CODE = 60


@require_GET
def booth(request: HttpRequest, key: UUID) -> HttpResponse:
    """The booth of one poll."""
    poll = doors.about(request, found(persons.poll_for_reader(key)))
    shown = {"poll": poll, "now": clock.now(), "extensions": polls.extensions_of([poll]).get(poll.pk, [])}
    if poll.state == Poll.State.VOIDED:
        again = polls.repetitions_of([poll]).get(poll.pk)
        is_opened = again is not None and again.state != Poll.State.DRAFTED
        shown |= {"turnout": counting_queries.turnout_of_void(poll), "again": again if is_opened else None}
        return render(request, "public/booth_void.html", shown)
    pools = [pool for pool in polls.pools_of(poll) if pool.issuer]
    shown |= {
        "program_words": booth_words(),
        "doubting_words": doubting_words(),
        "seconds": json.dumps(_seconds(poll, pools)),
        "units": _pages_of_units(poll),
        "readings": _readings(poll) if language() == "en" else {},
    }
    response = render(request, "public/booth.html", shown)
    response.headers["Content-Security-Policy"] = security.policy_with_connections(
        [pool.issuer_address for pool in pools]
    )
    return response


def _pages_of_units(poll: Poll) -> dict[str, str]:
    """The public page of each organisation on the sheet, by the manifest's name of it, at its promises."""
    units = polls.rated_organisations(poll)  # of persons none: their names lead nowhere
    return {unit.code: f"{reverse('public-organisation', args=[unit.code])}#promises" for unit in units}


def _seconds(poll: Poll, pools: list[VoterPool]) -> list[dict[str, Any]]:
    """Where the booth finds the second issuers of this poll; their names are shown, their keys are the manifest's."""
    return [
        {
            "pool": pool.slug,
            "issuer": pool.issuer,
            "name": pool.issuer_name,
            "check": f"{pool.issuer_address}/issue/{poll.key}/{pool.slug}/check",
            "issue": f"{pool.issuer_address}/issue/{poll.key}/{pool.slug}/",
        }
        for pool in pools
    ]


def _readings(poll: Poll) -> dict[str, str]:
    """How the names on the sheet are read that are Chinese in English too; of persons none, whose names stand on the sheet alone."""
    lines = polls.manifest_document(poll)["lines"] if poll.manifest and not poll.is_of_persons else []
    options = [option for line in lines for option in line.get("question", {}).get("options", [])]
    chinese = [name for name in (one["name"].get("en", "") for one in [*lines, *options]) if is_chinese(name)]
    return {name: _unit_reading(name) for name in chinese}


def _unit_reading(name: str) -> str:
    """In short; in full where a figure tells it from others, which the short one leaves out."""
    return reading(name) if any(sign.isdigit() for sign in name) else short_reading(name)


@require_GET
def manifest(request: HttpRequest, key: UUID) -> HttpResponse:
    """The poll's manifest, byte for byte."""
    poll = found(persons.poll_for_reader(key))
    return HttpResponse(poll.manifest.encode(), content_type="application/json")


@require_GET
def opening(request: HttpRequest, key: UUID) -> HttpResponse:
    """The manifest with all key documents, in the one file that second issuers open the poll with. Nothing in it is secret."""
    poll = found(persons.poll_for_reader(key))
    if poll.state != Poll.State.OPENED:
        raise Http404
    return download(queries.issuer_opening_file(poll), f"opening-{key}.json")


def _answering(page: Answer) -> Callable[..., HttpResponse]:
    """A booth's request in JSON: answers JSON, and refusals as a sentence with their reason."""

    @never_cache
    @csrf_exempt
    @require_POST
    def answer(request: HttpRequest, key: UUID) -> HttpResponse:
        if not security.is_private(request):
            return refused(security.insecure_address(), 409)
        try:
            return answered(lambda: page(request, polls.poll_at_the_booth(key)))
        except DatabaseError as error:
            # Only what kind of error: a database's own words may hold rows, and so a slip or a person beside a time.
            said = logging.getLogger("django.request")
            said.error("The booth's database did not answer: %s", type(error).__name__, extra={"of_booth": True})
            return JsonResponse({"reason": "unavailable"}, status=503)

    return answer


@_answering
def keys(request: HttpRequest, poll: Poll | None) -> dict[str, Any]:
    """Which sheet a code is for, and the keys of its pool."""
    fingerprint, code = asked(request, "manifest", "code")
    return actions.show_sheet_keys(poll=poll, fingerprint=fingerprint, code=str(code), at=clock.now())


@_answering
def paper(request: HttpRequest, poll: Poll | None) -> dict[str, Any]:
    """What a printed slip is for. Asked without cookie or session, like casting: the slip names nobody, nor does the request."""
    _check_names_nobody(request)
    fingerprint, finder = asked(request, "manifest", "finder")
    return paper_actions.show_paper_slip(poll=poll, fingerprint=fingerprint, finder=finder, at=clock.now())


@_answering
def issue(request: HttpRequest, poll: Poll | None) -> dict[str, Any]:
    """Sign the blinded serials of one person."""
    return actions.issue_tokens(poll=poll, body=request.body, at=clock.now())


@_answering
def cast(request: HttpRequest, poll: Poll | None) -> dict[str, Any]:
    """Take slips from nobody in particular: a request that carries a cookie or credentials is refused."""
    _check_names_nobody(request)
    return {"acknowledgements": actions.take_slips(poll=poll, body=request.body, at=clock.now())}


def _check_names_nobody(request: HttpRequest) -> None:
    if request.headers.get("Cookie") or request.headers.get("Authorization"):
        raise security.carries_identity()


@sensitive_post_parameters("code")
@never_cache
@csrf_exempt
@require_http_methods(["GET", "POST"])
def entry(request: HttpRequest, key: UUID) -> HttpResponse:
    """Ask for a code; with one, say what was issued in its holder's name, and hand out the proof of their place on the roll.

    The page sets no cookie and reads no session.
    """
    poll = doors.about(request, found(persons.poll_for_reader(key)))
    if not security.is_private(request):
        return render(request, "public/booth_entry.html", {"poll": poll, "refusal": str(security.insecure_address())})
    if request.method == "GET":
        return render(request, "public/booth_entry.html", {"poll": poll})
    code = request.POST.get("code", "")[:LONGEST_CODE]
    row = queries.roll_entry_with_code(poll, code)
    if row is None:
        shown = {"poll": poll, "refusal": str(queries.refusal_of(poll, code))}
        return render(request, "public/booth_entry.html", shown, status=409)
    if "keep" in request.POST:
        return download(queries.kept_entry(row), f"roll-entry-{key}.json")
    return render(request, "public/booth_entry.html", {"poll": poll, "entry": row, "code": code})


@require_GET
def trust(request: HttpRequest) -> HttpResponse:
    """What is promised of the ballots and what is not, linked from every booth."""
    return render(request, "public/trust.html", {"verifier": wheels.verifier()})

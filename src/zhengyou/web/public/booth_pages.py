"""The booth: where a code becomes a ballot. Issuing knows the person and no slip; casting knows the slip and no person.

Issuing and casting read no session; casting refuses requests that carry anything that could name somebody.
"""

import json
import logging
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.core.exceptions import RequestDataTooBig
from django.db import Error as DatabaseError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from zhengyou.ballots import actions as ballot_actions
from zhengyou.ballots import rules as ballot_rules
from zhengyou.base.refusals import Refused
from zhengyou.counting import queries as counting_queries
from zhengyou.paper import actions as paper_actions
from zhengyou.polls import queries as poll_queries
from zhengyou.polls.models import Poll, VoterPool
from zhengyou.standings import queries as standings
from zhengyou.web.public.booth_words import booth_words
from zhengyou.web.shared import clock, security
from zhengyou.web.shared.downloads import download
from zhengyou.web.shared.pages import found
from zhengyou.web.shared.security import is_private, policy_with_connections

Answer = Callable[..., dict[str, Any]]


@require_GET
def polls(request: HttpRequest) -> HttpResponse:
    """All polls: open ones to vote in, closed ones to recount."""
    rows = poll_queries.all_polls()
    extensions, again = poll_queries.extensions_of(rows), {row.repeats_id: row for row in rows}
    shown = {
        "polls": [(row, extensions.get(row.pk, []), again.get(row.pk)) for row in rows],
        "with_result": standings.polls_with_result([row for row in rows if row.state == Poll.State.CLOSED]),
        "now": clock.now(),
    }
    return render(request, "public/polls.html", shown)


@require_GET
def booth(request: HttpRequest, key: UUID) -> HttpResponse:
    """The booth of one poll."""
    row = found(poll_queries.announced_poll(key))
    shown = {"poll": row, "now": clock.now(), "extensions": poll_queries.extensions_of([row]).get(row.pk, [])}
    if row.state == Poll.State.VOIDED:
        again = poll_queries.repetitions_of([row]).get(row.pk)
        is_opened = again is not None and again.state != Poll.State.DRAFTED
        shown |= {"turnout": counting_queries.turnout_of_void(row), "again": again if is_opened else None}
        return render(request, "public/booth_void.html", shown)
    pools = [pool for pool in poll_queries.pools_of(row) if pool.issuer]
    shown |= {"words": booth_words(), "seconds": json.dumps(_seconds(row, pools))}
    response = render(request, "public/booth.html", shown)
    response.headers["Content-Security-Policy"] = policy_with_connections([pool.issuer_address for pool in pools])
    return response


def _seconds(row: Poll, pools: list[VoterPool]) -> list[dict[str, Any]]:
    """Where the booth finds the second issuers of this poll; their names are shown, their keys are the manifest's."""
    return [
        {
            "pool": pool.slug,
            "issuer": pool.issuer,
            "name": pool.issuer_name,
            "check": f"{pool.issuer_address}/issue/{row.key}/{pool.slug}/check",
            "issue": f"{pool.issuer_address}/issue/{row.key}/{pool.slug}/",
        }
        for pool in pools
    ]


@require_GET
def manifest(request: HttpRequest, key: UUID) -> HttpResponse:
    """The poll's manifest, byte for byte."""
    return HttpResponse(found(poll_queries.announced_poll(key)).manifest.encode(), content_type="application/json")


@require_GET
def opening(request: HttpRequest, key: UUID) -> HttpResponse:
    """The manifest with all key documents, in the one file that second issuers open the poll with. Nothing in it is secret."""
    row = found(poll_queries.announced_poll(key))
    if row.state != Poll.State.OPENED:
        raise Http404
    return download(ballot_actions.write_issuer_opening(row), f"opening-{row.key}.json")


def _answering(page: Answer) -> Callable[..., HttpResponse]:
    """A booth's request in JSON: answers JSON, and refusals as a sentence with their reason."""

    @never_cache
    @csrf_exempt
    @require_POST
    def answer(request: HttpRequest, key: UUID) -> HttpResponse:
        try:
            if not is_private(request):
                raise security.insecure_address()
            return JsonResponse(page(request, poll_queries.poll_at_the_booth(key)))
        except RequestDataTooBig:
            refusal = ballot_rules.refused_by_the_box("too-large")
            return JsonResponse({"error": str(refusal), "reason": refusal.reason}, status=413)
        except Refused as refusal:
            status = 404 if refusal.reason == "no-poll" else 409
            return JsonResponse({"error": str(refusal), "reason": refusal.reason}, status=status)
        except DatabaseError as error:
            # Only what kind of error: a database's own words may hold rows, and so a slip or a person beside a time.
            logging.getLogger("django").error("The booth's database did not answer: %s", type(error).__name__)
            return JsonResponse({"reason": "unavailable"}, status=503)

    return answer


@_answering
def keys(request: HttpRequest, poll: Poll | None) -> dict[str, Any]:
    """Which sheet a code is for, and the keys of its pool."""
    try:
        asked = json.loads(request.body)
        fingerprint, code = asked["manifest"], str(asked["code"])
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise ballot_rules.refused_by_the_box("malformed") from error
    return ballot_actions.show_sheet_keys(poll=poll, fingerprint=fingerprint, code=code, at=clock.now())


@_answering
def paper(request: HttpRequest, poll: Poll | None) -> dict[str, Any]:
    """What a printed slip is for. Asked without cookie or session, like casting: the slip names nobody, nor does the request."""
    if request.headers.get("Cookie") or request.headers.get("Authorization"):
        raise security.carries_identity()
    try:
        asked = json.loads(request.body)
        fingerprint, finder = asked["manifest"], asked["finder"]
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise ballot_rules.refused_by_the_box("malformed") from error
    return paper_actions.show_paper_slip(poll=poll, fingerprint=fingerprint, finder=finder, at=clock.now())


@_answering
def issue(request: HttpRequest, poll: Poll | None) -> dict[str, Any]:
    """Sign the blinded serials of one person."""
    return ballot_actions.issue_tokens(poll=poll, body=request.body, at=clock.now())


@_answering
def cast(request: HttpRequest, poll: Poll | None) -> dict[str, Any]:
    """Take slips from nobody in particular: a request that carries a cookie or credentials is refused."""
    if request.headers.get("Cookie") or request.headers.get("Authorization"):
        raise security.carries_identity()
    return {"acknowledgements": ballot_actions.take_slips(poll=poll, body=request.body, at=clock.now())}

"""What a second issuer answers: is this code good, sign these serials, and after the close how many were issued.

Only the booth of the office that asked may read the answers in a browser: one origin is granted, without credentials.
"""

import json
from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods

from zhengyou.ballots import rules as ballot_rules
from zhengyou.base.refusals import Refused
from zhengyou.issuers import actions as issuer_actions
from zhengyou.issuers import queries as issuer_queries
from zhengyou.web.shared import clock

Answer = Callable[[HttpRequest, UUID, str], dict[str, Any]]
ASKED_AGAIN_AFTER = "600"


@require_GET
def about(request: HttpRequest) -> HttpResponse:
    """What this place is and for which polls it issues; no counts."""
    return render(request, "issuer/about.html", {"duties": issuer_queries.opened_duties()})


@never_cache
@require_GET
def health(request: HttpRequest) -> HttpResponse:
    """Whether this process and its database answer."""
    issuer_queries.all_duties()
    return JsonResponse({"ok": True})


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """A page that is not there."""
    return render(request, "issuer/not_found.html", status=404)


def _answering(page: Answer) -> Callable[..., HttpResponse]:
    """A booth's request from the office's site: answers JSON, refusals as a sentence; nobody else's script may read either."""

    @never_cache
    @csrf_exempt
    @require_http_methods(["POST", "OPTIONS"])
    @wraps(page)
    def answer(request: HttpRequest, key: UUID, pool: str) -> HttpResponse:
        origin, asking = issuer_queries.duty_origin(key, pool), request.headers.get("Origin", "")
        if asking and asking != origin:
            response: HttpResponse = _refused(_other_origin(), 403)
        elif request.method == "OPTIONS":
            response = HttpResponse(status=204)
        else:
            response = _answer(page, request, key, pool)
        return _grant(response, asking) if asking and asking == origin else _only_varies(response)

    return answer


def _answer(page: Answer, request: HttpRequest, key: UUID, pool: str) -> HttpResponse:
    try:
        return JsonResponse(page(request, key, pool))
    except RequestDataTooBig:
        return _refused(ballot_rules.refused_by_the_box("too-large"), 413)
    except Refused as refusal:
        return _refused(refusal, 404 if refusal.reason == "no-poll" else 409)


def _refused(refusal: Refused, status: int) -> HttpResponse:
    return JsonResponse({"error": str(refusal), "reason": refusal.reason}, status=status)


def _other_origin() -> Refused:
    return Refused(_("Only the booth of the appraisal's own site may ask here."), reason="other-origin")


def _grant(response: HttpResponse, origin: str) -> HttpResponse:
    response.headers["Access-Control-Allow-Origin"] = origin
    response.headers["Access-Control-Allow-Methods"] = "POST"
    response.headers["Access-Control-Allow-Headers"] = "content-type, accept-language"
    response.headers["Access-Control-Max-Age"] = ASKED_AGAIN_AFTER
    return _only_varies(response)


def _only_varies(response: HttpResponse) -> HttpResponse:
    response.headers["Vary"] = "Origin, Accept-Language"
    return response


@_answering
def check(request: HttpRequest, key: UUID, pool: str) -> dict[str, Any]:
    """Whether a code is good here and whether ballot papers were issued with it."""
    try:
        asked = json.loads(request.body)
        fingerprint, code = asked["manifest"], str(asked["code"])
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise ballot_rules.refused_by_the_box("malformed") from error
    return issuer_actions.show_duty_code(poll_key=key, pool=pool, fingerprint=fingerprint, code=code, at=clock.now())


@_answering
def issue(request: HttpRequest, key: UUID, pool: str) -> dict[str, Any]:
    """Sign the blinded serials of one person of this issuer's own roll."""
    return issuer_actions.issue_second_tokens(poll_key=key, pool=pool, body=request.body, at=clock.now())


@never_cache
@require_GET
def statement(request: HttpRequest, key: UUID, pool: str) -> HttpResponse:
    """The signed count, after the closing time; before it a sentence."""
    duty = issuer_queries.duty_of(key, pool)
    if duty is None:
        raise Http404
    try:
        said = issuer_actions.state_count(duty=duty, at=clock.now())
    except Refused as refusal:
        return _refused(refusal, 409)
    return HttpResponse(said, content_type="application/json")

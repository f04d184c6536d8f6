"""What a second issuer answers: is this code good, sign these serials, and after the close how many were issued.

Only the booth of the office that asked may read the answers in a browser: one origin is granted, without credentials.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods

from zhengyou.base.refusals import Refused
from zhengyou.issuers import actions, queries, rules
from zhengyou.web.shared import clock
from zhengyou.web.shared.answers import answered, asked, refused
from zhengyou.web.shared.pages import found

Answer = Callable[[HttpRequest, UUID, str], dict[str, Any]]
ASKED_AGAIN_AFTER = "600"


@require_GET
def about(request: HttpRequest) -> HttpResponse:
    """What this place is and for which polls it issues; no counts."""
    return render(request, "issuer/about.html", {"duties": queries.opened_duties()})


@never_cache
@require_GET
def health(request: HttpRequest) -> HttpResponse:
    """Whether this process and its database answer."""
    queries.all_duties()
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
        origin, asking = queries.duty_origin(key, pool), request.headers.get("Origin", "")
        if asking and asking != origin:
            response: HttpResponse = refused(_other_origin(), 403)
        elif request.method == "OPTIONS":
            response = HttpResponse(status=204)
        else:
            response = answered(lambda: page(request, key, pool))
        return _grant(response, asking) if asking and asking == origin else _only_varies(response)

    return answer


def _other_origin() -> Refused:
    return Refused(_("Only the booth of the appraisal’s own site may ask here."), reason="other-origin")


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
    fingerprint, code = asked(request, "manifest", "code")
    return actions.show_duty_code(poll_key=key, pool=pool, fingerprint=fingerprint, code=str(code), at=clock.now())


@_answering
def issue(request: HttpRequest, key: UUID, pool: str) -> dict[str, Any]:
    """Sign the blinded serials of one person of this issuer's own roll."""
    return actions.issue_second_tokens(poll_key=key, pool=pool, body=request.body, at=clock.now())


@never_cache
@require_GET
def statement(request: HttpRequest, key: UUID, pool: str) -> HttpResponse:
    """The signed count once this house's operator has stated it; before that a sentence. Asking changes nothing."""
    duty = found(queries.duty_of(key, pool))
    try:
        document = rules.check_is_stated(duty).statement
    except Refused as refusal:
        return refused(refusal, 409)
    return HttpResponse(document, content_type="application/json")

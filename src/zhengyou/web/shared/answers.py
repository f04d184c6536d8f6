"""What a booth's script asks in JSON, and how it is answered: by the office's house and by a second issuer's alike."""

import json
from collections.abc import Callable
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, JsonResponse

from zhengyou.ballots import rules
from zhengyou.base.refusals import Refused


def asked(request: HttpRequest, *names: str) -> list[Any]:
    """What the request's body has under each of these names. Raises BallotRefused for a body that lacks one or is no JSON."""
    try:
        given = json.loads(request.body)
        if b"\\u" in request.body:  # only an escape can bring in what no text of the database can hold
            _check_readable(given)
        return [given[name] for name in names]
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise rules.refused_by_the_box("malformed") from error


def _check_readable(given: Any) -> None:
    """Raises ValueError for a NUL and for half a character."""
    text = json.dumps(given, ensure_ascii=False)
    if "\\u0000" in text or not text.encode():
        raise ValueError


def answered(deed: Callable[[], dict[str, Any]]) -> JsonResponse:
    """What the deed gives, as JSON; a refusal as its sentence and reason, with 413 for too much, 404 for no poll, else 409."""
    try:
        return JsonResponse(deed())
    except RequestDataTooBig:
        return refused(rules.refused_by_the_box("too-large"), 413)
    except Refused as refusal:
        return refused(refusal, 404 if refusal.reason == "no-poll" else 409)


def refused(refusal: Refused, status: int) -> JsonResponse:
    """A refusal as JSON."""
    return JsonResponse({"error": str(refusal), "reason": refusal.reason}, status=status)

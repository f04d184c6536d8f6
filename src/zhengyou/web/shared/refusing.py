"""How a refusal that no form and no button took (`web/shared/pages`) reaches a person: as a page of its own."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from zhengyou.base.refusals import Refused
from zhengyou.boxes.queries import BoxSilent
from zhengyou.identity.models import Account
from zhengyou.identity.rules import RoleRefused


class RefusalMiddleware:
    """Turns a Refused that a page did not catch, or a box that does not answer, into a page (or JSON) with the sentence and a way back."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, BoxSilent):
            return refused_page(request, _silent(), 503, "box.silent")
        if not isinstance(exception, Refused):
            return None
        status = 403 if isinstance(exception, RoleRefused) else 409
        return refused_page(request, str(exception), status, exception.reason)


def _silent() -> str:
    return _(
        "The ballot box of this appraisal does not answer at the moment. Nothing is lost: load this page again in a minute. If it "
        "stays so, tell whoever keeps the server."
    )


def refused_page(request: HttpRequest, sentence: str, status: int, reason: str) -> HttpResponse:
    """A sentence in the house's frame with a way back; as JSON for whoever asks for JSON. A way back never leads here again."""
    if request.headers.get("Accept", "").startswith("application/json"):
        return JsonResponse({"error": sentence, "reason": reason}, status=status)
    came_from = request.headers.get("Referer", "")
    back = came_from if came_from != request.build_absolute_uri() else ""
    headings: dict[int | str, str] = {
        400: _("This address cannot be read"),
        "form.unreadable": _("What you sent cannot be read"),
        403: _("You do not have this permission"),
        404: _("This page does not exist"),
        405: _("This cannot be done at this address"),
    }
    heading = headings.get(reason) or headings.get(status) or _("This cannot be done now")
    shown = {
        "sentence": sentence,
        "back": back,
        "heading": heading,
        "base": _frame_of(request, status),
        "status": status,
    }
    return render(request, "parts/refused.html", shown, status=status)


def _frame_of(request: Any, status: int) -> str:
    """Whoever is refused at the office's door stands at the desk: the office's menu would lead to the same refusal."""
    face = face_of(request)
    is_outside = status == 403 and not getattr(request, "is_of_the_office", False)
    return "parts/desk_page.html" if is_outside and face == "parts/office_page.html" else face


def face_of(request: Any) -> str:
    """The frame of the face that an address belongs to, so that nobody seems signed out of it; the public one for strangers."""
    face = request.path.split("/")[1]
    is_inside = face in ("desk", "office") and isinstance(getattr(request, "user", None), Account)
    return f"parts/{face}_page.html" if is_inside else "parts/page.html"

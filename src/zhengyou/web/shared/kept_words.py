"""A form that could not be taken, because its page was too old or the session had ended: what was written is shown and kept,
and the page says how to go on. Nothing is sent again without a press, and only what came from a page of this house can be.
"""

import uuid
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from zhengyou.identity.models import Account
from zhengyou.web.shared.refusing import face_of

MARK = "csrfmiddlewaretoken"
SECRET = {"password", "old", "new", "again", "code"}
SHORTEST = 12  # shorter than that is a choice or a number rather than something written, unless it has a blank or Chinese in it


@dataclass(frozen=True)
class Kept:
    """What came with a form: `fields` as they were sent, `texts` as people wrote them."""

    fields: list[tuple[str, str]]
    texts: list[str]
    has_files: bool


@never_cache
def form_without_its_mark(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Django's `CSRF_FAILURE_VIEW`: the form lacks the mark that its page was given, which every sign-in makes anew."""
    return kept_page(request)


def kept_page(request: Any) -> HttpResponse:
    """The page (403) with what was written: to send again, or, for whoever is signed out, to sign in first."""
    kept = kept_of(request)
    is_ours = came_from_us(request) and not kept.has_files
    is_signed_out = not isinstance(request.user, Account)
    shown: dict[str, Any] = {
        "sentences": [_why(is_signed_out), *([_("What you wrote is shown below.")] if kept.texts else [])],
        "kept": kept,
        "may_send": bool(kept.fields) and is_ours,
        "is_signed_out": is_signed_out,
        "page": page_of_form(request),
        "base": face_of(request),
    }
    return render(request, "parts/kept_words.html", shown, status=403)


def _why(is_signed_out: bool) -> str:
    if is_signed_out:
        return _("You are no longer signed in, so nothing was saved.")
    return _("Its page was open for a long time, or you have signed in again since, so nothing was saved.")


def kept_of(request: HttpRequest) -> Kept:
    """Everything that was sent but the page's mark; a form with a secret in it is not kept at all."""
    if SECRET & set(request.POST):
        return Kept([], [], has_files=False)
    fields = [(name, value) for name, values in request.POST.lists() if name != MARK for value in values]
    return Kept(fields, [value for _name, value in fields if _is_written(value)], has_files=bool(request.FILES))


def came_from_us(request: HttpRequest) -> bool:
    """Whether the browser says that the form stood on a page of this house. Another site's form is never sent on."""
    said = request.headers.get("Origin") or request.headers.get("Referer", "")
    return urlsplit(said)[:2] == (request.scheme, request.get_host())


def page_of_form(request: HttpRequest) -> str:
    """The address of the page on which the form stood; if that is not known its own, which leads there."""
    came_from = urlsplit(request.headers.get("Referer", ""))
    if came_from[:2] == (request.scheme, request.get_host()) and came_from.path != request.path:
        return came_from.path
    return request.path


def _is_written(value: str) -> bool:
    text = value.strip()
    try:
        uuid.UUID(text)
    except ValueError:
        return len(text) > SHORTEST or " " in text or not text.isascii()
    return False

"""The one door for anybody's words: no account, no cookie, no JavaScript needed.

A form has a ticket, so that sent twice is once; a post must come from our own page, which its `Origin` says; a puzzle is
solved meanwhile by `frontend/writing`. What comes without a solution is taken as well, and waits for a look.
"""

import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET

from zhengyou.base.refusals import Refused
from zhengyou.remarks.rules import Arrival
from zhengyou.web.shared import puzzles
from zhengyou.web.shared.fields import LongText

TICKETS_HOLD = 12 * 60 * 60  # seconds: whoever opens a page in the morning may send in the evening
LONGEST_ABOUT = 120
SALT = "public-writing"
Page = Callable[..., HttpResponse]


class StrangeOrigin(Refused):
    """A form came from a page that is not ours, or says not from where it came."""


def from_our_page(page: Page) -> Page:
    """For pages that anybody may post to: instead of a token in a cookie, the request says that our own page sent it.

    The page finds in `request.strange` the refusal of a post that does not say so, or None. Words are never dropped for it:
    the page shows them again with the sentence, in an answer of 403. A form belongs to one visitor, so no cache between
    hands it to another; the browser itself may keep it for the way back.
    """

    @cache_control(private=True, no_cache=True)
    @csrf_exempt
    @wraps(page)
    def door(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        request.strange = _strangeness(request) if request.method == "POST" else None
        answer = page(request, *args, **kwargs)
        if request.strange is not None:
            answer.status_code = 403
        return answer

    return door


def _strangeness(request: Any) -> StrangeOrigin | None:
    """Why this post is not taken. Django's own mark for tests that do not try this is honoured."""
    if getattr(request, "_dont_enforce_csrf_checks", False):
        return None
    origin = request.headers.get("Origin") or _origin_of(request.headers.get("Referer", ""))
    if origin in {f"{request.scheme}://{request.get_host()}", *settings.CSRF_TRUSTED_ORIGINS}:
        return None
    if origin:
        return StrangeOrigin(
            _(
                "This was sent from a page that is not ours, so it was not accepted. Read it once more and send "
                "it from here."
            ),
            reason="origin.not-ours",
        )
    return StrangeOrigin(
        _(
            "Your browser does not say from which page this was sent, so it was not taken. "
            "Allow it to send the page’s address, or use another browser."
        ),
        reason="origin.missing",
    )


def _origin_of(address: str) -> str:
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""


class Words(LongText):
    """Anybody's words. How long they may be and what they may hold is said by the room, in our own sentences."""

    def __init__(self, *, most: int, **kwargs: Any) -> None:
        super().__init__(strip=False, **kwargs)
        self.validators = []  # without Django's own sentence about null characters
        self.widget.attrs |= {"maxlength": most, "dir": "auto"}

    def to_python(self, value: Any) -> str:
        """The text as it was sent, with plain line breaks."""
        return str(forms.CharField.to_python(self, value)).replace("\r\n", "\n")


class Line(forms.CharField):
    """One line of the same kind, such as a name."""

    def __init__(self, *, most: int, autocomplete: str = "off", **kwargs: Any) -> None:
        attributes = {"maxlength": most, "dir": "auto", "autocomplete": autocomplete}
        super().__init__(strip=False, widget=forms.TextInput(attrs=attributes), **kwargs)
        self.validators = []


class PublicForm(forms.Form):
    """A form about one subject (its reference) that anybody may send. Clean data has an `arrival` for the room's action."""

    ticket = forms.CharField(required=False, widget=forms.HiddenInput)
    altcha = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, request: HttpRequest, *, about: str, **kwargs: Any) -> None:
        self.request, self.about = request, about
        self.sent = request.POST.copy() if request.method == "POST" else None
        super().__init__(self.sent, request.FILES if self.sent is not None else None, **kwargs)
        self.fields["ticket"].initial = fresh_ticket(about)

    def clean(self) -> dict[str, Any]:
        """The data with what is known of its way here in one piece."""
        given = super().clean() or self.cleaned_data
        ticket, answer = given.pop("ticket", ""), given.pop("altcha", "")
        if strange := getattr(self.request, "strange", None):
            self.add_error(None, str(strange))
        number = ticket_number(ticket, self.about)
        if number is None:
            self.add_error(None, _("This form was open for a long time. Nothing is lost: please send it again."))
        return given | {"arrival": Arrival(number, puzzles.solution_of(answer, self.about))}

    def add_error(self, field: str | None, error: Any) -> None:
        """What is wrong. The form then goes back with a ticket of its own, so that it can be sent once more as it stands."""
        super().add_error(field, error)
        if self.sent is not None:
            self.sent["ticket"], self.sent["altcha"] = fresh_ticket(self.about), ""


def fresh_ticket(about: str) -> str:
    """A ticket for a form about this subject: a random number, signed with the time."""
    return signing.TimestampSigner(salt=f"{SALT}:{about}").sign(uuid.uuid4().hex)


def ticket_number(ticket: str, about: str) -> uuid.UUID | None:
    """The number of a ticket of ours for this subject that still holds, or None."""
    try:
        return uuid.UUID(signing.TimestampSigner(salt=f"{SALT}:{about}").unsign(ticket, max_age=TICKETS_HOLD))
    except (signing.BadSignature, ValueError):
        return None


@never_cache
@require_GET
def puzzle(request: HttpRequest) -> JsonResponse:
    """A puzzle about a subject, fetched by the page when somebody begins to write."""
    return JsonResponse(puzzles.puzzle(request.GET.get("about", "")[:LONGEST_ABOUT]))

"""The three shapes of a page: find the row or say 404, take a posted form to an action, press a button.

A `deed` is an action that lacks only what the form gives, the instant, and, behind a door, who acts: the piece hands these in.
"""

from collections.abc import Callable
from typing import Any, TypeVar, cast

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from zhengyou.base.refusals import Refused
from zhengyou.web.shared import clock, reach

Row = TypeVar("Row")
Deed = Callable[..., object]
To = str | tuple[Any, ...]


def found(row: Row | None) -> Row:
    """The row, or Http404 where there is none."""
    if row is None:
        raise Http404
    return row


def check_opens(request: HttpRequest, check: Callable[..., object], *args: Any, **kwargs: Any) -> None:
    """Where a deed would be refused whatever is written, whoever opens its form reads why at once, and is asked for nothing.

    What was written before that is sent all the same: its form says what the deed refuses, and nothing typed is lost.
    """
    if request.method != "POST":
        check(*args, **kwargs)


def posted(request: HttpRequest, form: Form, deed: Deed, *, done: Any = "", to: To = ()) -> HttpResponse | None:
    """Do what a posted form asks for; None when the page is to be shown, with what is wrong in the form.

    A refusal stands above the form. Otherwise `done` is said and the reader led on to `to`: an address's name, or a tuple of
    it and its arguments. A deed that answers with a response of its own leads on by itself, and then needs no `to`.
    """
    if request.method == "POST":
        reach.limit(request, form)
    if request.method != "POST" or not form.is_valid():
        return None
    try:
        reach.check_typed(request, form.cleaned_data)
        given = {name: value for name, value in form.cleaned_data.items() if name != "sure"}  # a question, no fact
        return _led_on(request, deed(**given, **_acting(request)), done, to)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return None


def pressed(request: HttpRequest, deed: Deed, *, done: Any = "", to: To) -> HttpResponse:
    """Do what a button asks for, say how it went, and lead back to `to`, the page with the button.

    A refusal is said there as well. A deed that answers with a response of its own leads elsewhere.
    """
    try:
        return _led_on(request, deed(**_acting(request)), done, to)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return _led_on(request, None, "", to)


def asked_nothing(request: HttpRequest, to: To) -> HttpResponse:
    """Back to a list whose ticked rows a page is about. A visit asks for nothing; a form without a deed that is known is told so."""
    if request.method == "POST":
        messages.error(request, _("Nothing was done: choose by one of the buttons what is to happen to those ticked."))
    return _led_on(request, None, "", to)


def _acting(request: HttpRequest) -> dict[str, Any]:
    """When, and behind a door by whom."""
    return {"at": clock.now()} | ({"by": request.person} if hasattr(request, "person") else {})


def _led_on(request: HttpRequest, answer: object, done: Any, to: To) -> HttpResponse:
    if done:
        messages.success(request, done)
    if isinstance(answer, HttpResponseBase):  # also one that streams a file
        return cast("HttpResponse", answer)
    leads_to = redirect(to) if isinstance(to, str) else redirect(*to)
    cycle = request.GET.get("cycle", "")
    if (
        cycle.isascii() and cycle.isdigit() and "?" not in leads_to.url
    ):  # whoever works in one of several campaigns stays in it (`stages`)
        place, mark, part = leads_to.url.partition("#")
        leads_to["Location"] = f"{place}?cycle={cycle}{mark}{part}"
    return leads_to

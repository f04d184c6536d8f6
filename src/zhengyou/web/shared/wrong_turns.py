"""Addresses that were asked for in a way they do not take: a button's address typed, reloaded or come to by signing in.

A reader is led to the page on which the button stands; whatever else is asked for wrongly gets a page in words, and before
anything else is looked at: what nobody may do here is not said to lack a permission.
"""

from collections.abc import Callable
from functools import cache
from inspect import getclosurevars
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _

from zhengyou.web.shared import doors
from zhengyou.web.shared.refusing import refused_page


class WrongTurnMiddleware:
    """Turns an empty 405 into the page with the button, or into words."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code != 405 or response.content:
            return response
        if request.method == "GET" and request.path.endswith("/") and "GET" not in response.headers["Allow"]:
            return _led_to_the_button(request)
        return _in_words(request, response.headers["Allow"])


class OtherMethodMiddleware:
    """Answers 405 to every method that a page does not take, before the form's mark, the session or a door is asked for."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, _args: Any, _kwargs: Any) -> HttpResponse | None:
        """A visit to a button's address goes on: it is led to its page."""
        taken = methods_of(view)
        return None if request.method in ("GET", *taken) else _in_words(request, ", ".join(taken))


@cache
def methods_of(view: Any) -> tuple[str, ...]:
    """What this view takes: as it was declared by Django's decorators below or above its doors, else reading and sending."""
    layer = view
    while layer is not None:
        declared = getclosurevars(layer).nonlocals.get("request_method_list")
        if declared is not None:
            return tuple(dict.fromkeys(part for one in declared for part in ([one, "HEAD"] if one == "GET" else [one])))
        layer = getattr(layer, "__wrapped__", None)
    return ("GET", "HEAD", "POST")


def _in_words(request: HttpRequest, allowed: str) -> HttpResponse:
    sentence = _("This address takes no request of this kind, and nothing was done.")
    page = refused_page(request, sentence, 405, "address.other-method")
    page.headers["Allow"] = allowed
    return page


def page_above(path: str) -> str:
    """The nearest address above this one that is a page of ours; the first page if there is none."""
    while path != "/":
        path = path.rstrip("/").rpartition("/")[0] + "/"
        try:
            resolve(path)
        except Resolver404:
            continue
        return path
    return "/"


def _led_to_the_button(request: HttpRequest) -> HttpResponse:
    """Somebody signed in is told that nothing was pressed; a public page sets no cookie and says nothing."""
    if doors.person_of(request):
        messages.warning(
            request, _("Nothing was done: that address belongs to a button. Press the button on this page.")
        )
    return HttpResponseRedirect(page_above(request.path))

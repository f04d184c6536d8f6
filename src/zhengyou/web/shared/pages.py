"""The three shapes of a page: find the row or say 404, take a posted form to an action, press a button.

An action is handed in as `deed`, a function without arguments, so that a page says in its own words which action it takes.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from django.contrib import messages
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from zhengyou.base.refusals import Refused

Row = TypeVar("Row")
Deed = Callable[[], object]
To = str | tuple[Any, ...]


def found(row: Row | None) -> Row:
    """The row, or Http404 where there is none."""
    if row is None:
        raise Http404
    return row


def posted(request: HttpRequest, form: BaseForm, deed: Deed, *, done: Any = "", to: To = ()) -> HttpResponse | None:
    """Do what a posted form asks for; None when the page is to be shown, with what is wrong in the form.

    A refusal stands above the form. Otherwise `done` is said and the reader led on to `to`: an address's name, or a tuple of
    it and its arguments. A deed that answers with a response of its own leads on by itself, and then needs no `to`.
    """
    if request.method != "POST" or not form.is_valid():
        return None
    try:
        answer = deed()
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return None
    if done:
        messages.success(request, done)
    return answer if isinstance(answer, HttpResponse) else _on(to)


def pressed(request: HttpRequest, deed: Deed, *, done: Any = "", to: To) -> HttpResponse:
    """Do what a button asks for, say how it went, and lead back to `to`, the page with the button.

    A refusal is said there as well. A deed that answers with a response of its own leads elsewhere.
    """
    try:
        answer = deed()
    except Refused as refusal:
        messages.error(request, str(refusal))
        return _on(to)
    if done:
        messages.success(request, done)
    return answer if isinstance(answer, HttpResponse) else _on(to)


def _on(to: To) -> HttpResponse:
    return redirect(to) if isinstance(to, str) else redirect(*to)

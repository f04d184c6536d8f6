"""How a worker gets the file of a long list: it asks the page that shows the list, as the person who wants the file.

The page's door is asked as ever, so that whoever lost a post meanwhile gets nothing. There is no session and no form here.
"""

from typing import Any

from django.http import Http404, HttpRequest, QueryDict
from django.urls import resolve
from django.utils.translation import gettext_lazy as _

from zhengyou.base.jobs import JobRefused
from zhengyou.identity import queries as accounts
from zhengyou.organisations.models import Person
from zhengyou.web.shared.pages import found


def answer(address: str, person: Person) -> bytes:
    """The file that the page at this address gives to this person. Raises Refused where there is none, or none any more."""
    request: Any = HttpRequest()
    path, _mark, query = address.partition("?")
    request.method, request.path, request.path_info, request.GET = "GET", path, path, QueryDict(query)
    request.META = {"REQUEST_METHOD": "GET", "QUERY_STRING": query, "SERVER_NAME": "localhost", "SERVER_PORT": "80"}
    request.session, request.htmx, request.is_of_a_worker = {}, False, True
    gone = JobRefused(_("This list is not there any more, or you may not see it any more."), reason="list.gone")
    try:
        request.user, page = found(accounts.account_of(person)), resolve(path)
        request.resolver_match = page  # the office's door asks it what the address names
        response = page.func(request, *page.args, **page.kwargs)
    except Http404:
        raise gone from None
    if response.status_code != 200 or "Content-Disposition" not in response.headers:
        raise gone
    return bytes(response.content)

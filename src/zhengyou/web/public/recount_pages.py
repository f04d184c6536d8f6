"""The page that recounts a record in the visitor's own browser. The server only hands out the page and the record's files."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from zhengyou.counting import queries as counting_queries
from zhengyou.polls import queries as poll_queries
from zhengyou.polls.models import Poll
from zhengyou.web.public.recount_words import recount_words
from zhengyou.web.shared.pages import found


@require_GET
def recount(request: HttpRequest) -> HttpResponse:
    """Recount what is dropped here or, with `?record=<key of the poll>`, a record of this site; 404 before its close."""
    shown: dict[str, Any] = {"words": recount_words()}
    if "record" in request.GET:
        row = _closed(request.GET["record"])
        shown |= {"poll": row, "files": _addresses(row)}
    return render(request, "public/recount.html", shown)


def _addresses(row: Poll) -> list[dict[str, str]]:
    names = counting_queries.record_files(row)
    return [{"name": name, "url": reverse("public-record-file", args=[row.key, name])} for name in names]


def _closed(text: str) -> Poll:
    try:
        return found(poll_queries.closed_poll(UUID(text)))
    except ValueError as error:
        raise Http404 from error

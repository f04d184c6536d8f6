"""Paging of long lists: a page of rows and where one stands."""

from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest

ROWS = 50


def page_of(request: HttpRequest, rows: Any, count: int = ROWS) -> "Page[Any]":
    """The page that the address asks for; a page that does not exist gives the nearest one."""
    return Paginator(rows, count).get_page(request.GET.get("page"))

"""What a reader is told when the house itself fails. Static words in both languages: nothing here may need the database."""

import errno
import sys
from typing import Literal

import psycopg
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views import defaults

Why = Literal["busy", "away", "full", "large"]
DISK_FULL = psycopg.errors.DiskFull.sqlstate


def why_away(error: BaseException | None) -> Why | None:
    """Why the house cannot answer now: its disk is full, or its database is away; None if it is another fault."""
    cause = error.__cause__ if error is not None else None
    if getattr(cause, "sqlstate", None) == DISK_FULL or (isinstance(error, OSError) and error.errno == errno.ENOSPC):
        return "full"
    return "away" if isinstance(error, OperationalError | InterfaceError) else None


def page(why: Why) -> str:
    """The page in both languages."""
    return render_to_string("503.html", {"why": why})


def server_error(request: HttpRequest) -> HttpResponse:
    """Called by Django while a fault is handled."""
    why = why_away(sys.exc_info()[1])
    if why is None:
        return defaults.server_error(request)
    return HttpResponse(page(why), status=503, headers={"Retry-After": "10", "Cache-Control": "no-store"})

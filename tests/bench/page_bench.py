"""How fast the public pages are served, against a bare Django view with as many queries and as many bytes.

Both sides run through WSGI in this process, on the same embedded database. Ours goes through the whole house: middleware,
language, templates, compression. The bare view has no middleware; it asks `SELECT 1` as often as the page asks the database,
and renders the page's own HTML as one piece of text. Run: `PYTHONPATH=src python -m tests.bench.page_bench`.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from wsgiref.util import setup_testing_defaults

import django
from django.core.handlers.wsgi import WSGIHandler
from django.core.management import call_command
from django.db import connection, connections
from django.http import HttpRequest, HttpResponse
from django.template import Context, Template
from django.test.utils import CaptureQueriesContext, override_settings
from django.urls import include, path, reverse

from zhengyou.base.home import own_cluster

REPEATS = 5
REQUESTS = 30
BARE = "/bare/"

bare_page: dict[str, Any] = {"queries": 0, "template": None}


def bare(_request: HttpRequest) -> HttpResponse:
    """The reference: as many trivial queries and as many bytes as the page it stands beside."""
    with connection.cursor() as cursor:
        for _time in range(bare_page["queries"]):
            cursor.execute("SELECT 1")
            cursor.fetchall()
    return HttpResponse(bare_page["template"].render(Context()))


@dataclass(frozen=True)
class Timed:
    """One page: seconds a request of ours and of the bare view, and what both have in common."""

    name: str
    ours: float
    bare: float
    queries: int
    size: int


@contextmanager
def running_house(kept: Path | None = None) -> Iterator[None]:
    """Django set up on an embedded server of its own, in a folder that is thrown away afterwards or in one that is `kept`."""
    home = kept or Path(tempfile.mkdtemp(prefix="zhengyou-bench-"))
    home.mkdir(parents=True, exist_ok=True)
    home.chmod(0o711)
    os.environ |= {"ZHENGYOU_HOME": str(home), "DJANGO_SETTINGS_MODULE": "zhengyou.settings"}
    for name in ("DATABASE_URL", "ZHENGYOU_DEBUG"):
        os.environ.pop(name, None)
    try:
        with own_cluster(home, durable=False):
            django.setup()
            call_command("migrate", verbosity=0, interactive=False)
            yield
            connections.close_all()
    finally:
        if kept is None:
            shutil.rmtree(home, ignore_errors=True)


def pages() -> dict[str, str]:
    """The addresses that are timed, in a small district whose first village has published promises."""
    from tests.cast import commitments as cast_commitments
    from tests.cast import district as cast

    from zhengyou.web.shared import clock

    at = clock.now()
    district = cast.small_district(at=at)
    cycle = cast.launched_cycle(district, at=at)
    village = district.villages[0]
    cast_commitments.published_commitment(district, cycle, village, items=6, at=at)
    return {"home": reverse("public-home"), "organisation": reverse("public-organisation", args=[village.code])}


def fetch(application: Callable[..., Any], address: str, *, packed: bool = True) -> bytes:
    """One request as a browser sends it. Raises RuntimeError for anything but a page."""
    where, _, query = address.partition("?")
    environ: dict[str, Any] = {"PATH_INFO": where, "QUERY_STRING": query.encode().decode("latin-1")}
    environ |= {"HTTP_HOST": "localhost", "HTTP_ACCEPT_LANGUAGE": "zh-CN"}
    environ |= {"HTTP_ACCEPT_ENCODING": "gzip"} if packed else {}
    setup_testing_defaults(environ)
    told: list[str] = []
    response = application(environ, lambda status, _headers, _info=None: told.append(status))
    body = b"".join(response)
    response.close()
    if told != ["200 OK"]:
        raise RuntimeError(f"{address}: {told}")
    return body


def seconds(application: Callable[..., Any], address: str) -> float:
    """The mean of one batch of requests."""
    start = time.perf_counter()
    for _request in range(REQUESTS):
        fetch(application, address)
    return (time.perf_counter() - start) / REQUESTS


def time_page(name: str, address: str, house: Callable[..., Any], plain: Callable[..., Any]) -> Timed:
    """The best batch of each side; they take turns, so that a busy machine disturbs both alike."""
    with CaptureQueriesContext(connection) as asked:
        html = fetch(house, address, packed=False).decode()
        queries = len(asked)
    bare_page.update(queries=queries, template=Template(html))
    if fetch(plain, BARE).decode() != html:
        raise RuntimeError("the bare view does not send the same page")
    batches = [(seconds(house, address), seconds(plain, BARE)) for _repeat in range(REPEATS)]
    ours, reference = (min(side) for side in zip(*batches, strict=True))
    return Timed(name, ours, reference, queries, len(html.encode()))


def timed_pages() -> list[Timed]:
    """Every page, timed in a house of its own."""
    with running_house():
        found = pages()
        return list(timed_side_by_side(found))


def timed_side_by_side(found: dict[str, str]) -> Iterator[Timed]:
    """The house with all its middleware and the bare view with none, one beside the other."""
    addresses = (path(BARE[1:], bare), path("", include("zhengyou.urls")))
    with override_settings(ROOT_URLCONF=addresses):
        house = WSGIHandler()
        with override_settings(MIDDLEWARE=[]):
            plain = WSGIHandler()
        for name, address in found.items():
            yield time_page(name, address, house, plain)


def measure() -> dict[str, Any]:
    """`page_vs_bare_django`: pages a second of ours and of the bare view, one of each page in turn, and their ratio."""
    found = timed_pages()
    ours, reference = (len(found) / sum(side) for side in zip(*((page.ours, page.bare) for page in found), strict=True))
    return {
        "name": "page_vs_bare_django",
        "ours": round(ours, 1),
        "reference": round(reference, 1),
        "ratio": round(ours / reference, 3),
        "unit": "pages/s",
    }


if __name__ == "__main__":
    for page in timed_pages():
        print(
            f"{page.name}: ours {page.ours * 1000:.2f} ms, bare Django {page.bare * 1000:.2f} ms a page, "
            f"ratio {page.bare / page.ours:.3f}; {page.queries} queries, {page.size} bytes"
        )

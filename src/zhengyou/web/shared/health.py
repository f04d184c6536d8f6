"""/health/live and /health/ready, for who keeps the server: under any name of the host, without cookies and words about people."""

from collections.abc import Callable

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse

from zhengyou.base import jobs
from zhengyou.boxes import queries as box_queries
from zhengyou.polls import queries as poll_queries
from zhengyou.web.shared import clock, machine


class HealthMiddleware:
    """Answers both addresses before anything else looks at the request, its host and its cookies."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path == "/health/live":
            return _told({"status": "live"}, 200)
        if request.path == "/health/ready":
            wrong = [name for name, is_well in CHECKS.items() if not is_well()]
            return _told({"status": "not ready" if wrong else "ready", "wrong": wrong}, 503 if wrong else 200)
        return self.get_response(request)


def _told(answer: dict[str, object], status: int) -> HttpResponse:
    return JsonResponse(answer, status=status, headers={"Cache-Control": "no-store"})


def has_database() -> bool:
    """Whether the house's database answers and takes what is written."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SHOW transaction_read_only")
            return bool(cursor.fetchone()[0] == "off")
    except DatabaseError:
        return False


def has_ballot_boxes() -> bool:
    """Whether the server of every open poll answers."""
    try:
        for poll in poll_queries.open_polls():
            with box_queries.at_box(poll.key) as box:
                box.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def has_worker() -> bool:
    """Whether no job waits for a worker that was not seen for a minute."""
    try:
        return not jobs.waits_for_nobody(clock.now())
    except DatabaseError:
        return False


CHECKS: dict[str, Callable[[], bool]] = {
    "database": has_database,
    "worker": has_worker,
    "disk": lambda: machine.free_bytes(settings.HOME) >= machine.LEAST_FREE,
    "clock": lambda: not machine.has_jumped(),
}
if not settings.IS_SECOND_ISSUER:
    CHECKS["ballot boxes"] = has_ballot_boxes

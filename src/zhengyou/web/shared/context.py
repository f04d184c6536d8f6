"""What every page's frame shows: who is signed in and which faces they may enter."""

from typing import Any

from django.http import HttpRequest

from zhengyou.web.shared import doors


def house(request: HttpRequest) -> dict[str, Any]:
    """For the page frame. Public pages without a session cost no query."""
    if not hasattr(request, "user"):
        return {}
    person = doors.person_of(request)
    return {"signed_in_person": person, "shows_office": bool(person and doors.is_office(request))}

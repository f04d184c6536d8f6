"""What every page's frame shows: who is signed in, which faces they may enter, where the page stands in each language."""

from typing import Any

from django.http import HttpRequest

from zhengyou.web.shared import doors, languages


def house(request: HttpRequest) -> dict[str, Any]:
    """For the page frame. Public pages without a session cost no query."""
    addresses = {"addresses": languages.addresses_of(request)}
    if not hasattr(request, "user"):
        return addresses
    person = doors.person_of(request)
    return addresses | {"signed_in_person": person, "shows_office": bool(person and doors.is_office(request))}

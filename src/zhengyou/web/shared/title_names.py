"""What a page of desk or office is about, in the name that its title adds: its own row's, else its unit, person or cycle.

Only what the page has loaded is read, so that a title asks nothing of the database.
"""

from typing import Any

from django.db.models import Model

INSIDE = ("desk/", "office/")
NAMES = ("called", "title", "name")  # of a row itself, the first that is a text
HOLDERS = ("person", "organisation", "unit", "point", "campaign", "cycle")  # of a row without a name


def subject_of(request: Any) -> str:
    """The name of what this page is about; nothing on a public page, and where the page is about no row."""
    match = getattr(request, "resolver_match", None)
    if match is None or not match.route.startswith(INSIDE):
        return ""
    rows = (getattr(request, "row_shown", None), getattr(request, "subject_shown", None))
    return next((name for row in rows if row is not None and (name := _name_of(row))), "")


def _name_of(row: Any) -> str:
    if name := _own_name(row):
        return name
    loaded = row._state.fields_cache if isinstance(row, Model) else {}
    return next((name for part in HOLDERS if (name := _own_name(loaded.get(part)))), "")


def _own_name(row: Any) -> str:
    names = (getattr(row, part, "") for part in NAMES)
    return next((name for name in names if name and isinstance(name, str)), "")

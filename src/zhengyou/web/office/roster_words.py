"""How lists of the office name an organisation, with the way down to it, and how they are narrowed to one town."""

from collections.abc import Callable, Sequence
from typing import Any

from django.db.models import Count, Q
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from zhengyou.organisations import queries as organisations
from zhengyou.organisations.models import Organisation
from zhengyou.organisations.tree import downward
from zhengyou.web.shared import doors
from zhengyou.web.shared.addresses import address_of
from zhengyou.web.shared.lists import Cell
from zhengyou.web.shared.narrowing import Filter, address_with, words_of


def below_of(row: Any) -> str:
    """Up to two of those above an organisation, the upper one first; the top of the tree is left out, it is above all."""
    return downward(_names_above(row))


def path_read(row: Any) -> SafeString:
    """The same for a page: each step says that it is a name, so that an English page reads it in short."""
    steps = ((name,) for name in reversed(_names_above(row)))
    return format_html_join(" › ", '<span data-read="short">{}</span>', steps)


def _names_above(row: Any) -> list[str]:
    names: list[str] = []
    above = row.parent
    while above is not None and above.depth > 0 and len(names) < 2:
        names.append(above.name)
        above = above.parent if len(names) < 2 else None
    return names


def name_and_path(row: Any, *, with_path: bool = True) -> Cell:
    """An organisation in a list: its name, leading to its page, and, in small letters, where it stands."""
    return Cell(row.name, address_of("office-organisation", row.pk), note=path_read(row) if with_path else "")


def those_gone(request: Any, rows: Any, filters: Sequence[Filter]) -> dict[str, Any]:
    """How many of those who are gone the search would find, and where they stand. The last filter says who is gone, by its last choice.

    A search looks at every row: those who are here are counted in the same look (`counted`, for `listed`).
    """
    state = filters[-1]
    if not words_of(request) or state.chosen(request) != state.default or state.means is None:
        return {}
    for one in filters[:-1]:
        rows = one.of(rows, one.chosen(request)) if one.chosen(request) else rows
    gone, here = state.choices[-1][0], state.default
    counts = rows.aggregate(here=Count("pk", filter=state.means(here)), gone=Count("pk", filter=state.means(gone)))
    return {"gone": counts["gone"], "gone_address": address_with(request, state=gone), "counted": counts["here"]}


def town_filter(request: Any, means: Callable[[Organisation], Q]) -> Filter:
    """Only what lies within one of the organisations right below the reader's office; `means` says of which rows that is true."""
    towns = {row.code: row for row in organisations.right_below(doors.offices_of(request))}
    choices = [(code, row.name) for code, row in towns.items()]
    return Filter("town", _("Within"), "", choices, means=lambda code: means(towns[code]), of_units=True)

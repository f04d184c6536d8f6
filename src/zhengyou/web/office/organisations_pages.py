"""The tree of organisations. The office's first page is in `home_pages`."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from zhengyou.base.words import in_readers_words
from zhengyou.organisations import queries as organisations
from zhengyou.organisations.tree import is_within_any
from zhengyou.organisations.vocabulary import word
from zhengyou.web.shared import doors
from zhengyou.web.shared.lists import Cell, Column, listed
from zhengyou.web.shared.narrowing import words_of

OF_TREE = 200  # rows a page: more than that nobody reads, and they would take a second


@doors.office
def tree(request: doors.PersonRequest) -> HttpResponse:
    """The tree with its sizes, in its order, or what a search finds in it."""
    words = words_of(request)
    kinds, sectors = organisations.kinds_and_sectors()
    is_tree = not words and "order" not in request.GET
    return listed(
        request,
        "office/tree.html",
        _in_reach(request, organisations.tree_with_sizes(words)),
        [
            Column(_("Name"), lambda row: _name_of(row, is_tree=is_tree), order="name_key"),
            Column(_("Code"), lambda row: row.code, order="code"),
            Column(_("Kind"), lambda row: in_readers_words(kinds.get(row.kind)), order="kind"),
            Column(_("Sector"), lambda row: in_readers_words(sectors.get(row.sector)), order="sector"),
            Column(word("Members"), lambda row: row.people, order="people", is_figure=True),
        ],
        name="organisations",
        nothing=_("The tree is empty. Import the organisations from your workbook first."),
        search=_("Find by name, code or pinyin"),
        per_page=OF_TREE,
    )


def _in_reach(request: doors.PersonRequest, rows: Any) -> Any:
    if isinstance(rows, list):  # what a search found
        return [row for row in rows if is_within_any(row, doors.offices_of(request))]
    return rows.filter(doors.reach_of(request))


def _name_of(row: Any, *, is_tree: bool) -> Cell:
    """Its name where it stands in the tree, or, out of the tree, with the one above it."""
    address = reverse("office-organisation", args=[row.pk])
    if is_tree:
        return Cell(row.name, address, depth=row.depth)
    return Cell(row.name, address, note=row.parent.name if row.parent else "")

"""The tree for the campaign office: every organisation with its size, as a tree or, searched, filtered or ordered, as a table."""

from typing import Any

from django.db.models import Q
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from zhengyou.base.words import in_readers_words
from zhengyou.organisations import queries as organisations
from zhengyou.organisations.vocabulary import word, worded
from zhengyou.roster import queries as roster
from zhengyou.web.office.roster_words import below_of, name_and_path, those_gone, town_filter
from zhengyou.web.shared import doors
from zhengyou.web.shared.addresses import address_of
from zhengyou.web.shared.lists import Cell, Column, listed, ticks
from zhengyou.web.shared.narrowing import ROWS, Filter, words_of

OF_TREE = 100  # rows a page: more than that nobody reads, and they would take a fifth of a second
TICKS = ticks(lambda row: row.name)
MOVED, MERGED, DISSOLVED, CORRECTED, LED = "moved", "merged", "dissolved", "corrected", "led"
DEEDS: dict[str, Any] = {
    MOVED: lazy("Move them below another one"),
    MERGED: lazy("Merge them into another one"),
    DISSOLVED: lazy("Dissolve them"),
    CORRECTED: lazy("Correct kind or sector"),
    LED: worded(lazy("Where nobody answers, the %(secretary)s does")),
}


@doors.office
def tree(request: doors.PersonRequest) -> HttpResponse:
    """The tree with its sizes, in its order, or what a search and the filters leave of it."""
    kinds, sectors = organisations.kinds_and_sectors()
    filters = tree_filters(request, kinds, sectors)
    has_ended = filters[-1].chosen(request) == "ended"
    is_tree = "order" not in request.GET and not words_of(request)
    is_tree = is_tree and not any(one.chosen(request) != one.default for one in filters[1:])
    by_size = request.GET.get("order", "").endswith("people")
    rows = roster.organisations_of_the_roster(words_of(request), by_size=by_size).filter(doors.reach_of(request))
    return listed(
        request,
        "office/tree.html",
        rows,
        [
            Column(_("Name"), lambda row: _name_of(row, is_tree=is_tree), order="name_key"),
            Column(_("Code"), lambda row: row.code, order="code"),
            Column(_("Part of"), below_of, order="path", is_only_in_files=is_tree),
            Column(_("Kind"), lambda row: in_readers_words(kinds.get(row.kind)), order="kind"),
            Column(_("Sector"), lambda row: in_readers_words(sectors.get(row.sector)), order="sector"),
            Column(_("Founded on"), lambda row: row.founded_on, is_only_in_files=True),
            Column(word("Members"), lambda row: row.people, order="people", is_figure=True),
            *([Column(_("Ended on"), lambda row: row.ended_on, order="ended_on")] if has_ended else [TICKS]),
        ],
        name="organisations",
        nothing=_("The tree is empty. Import the units from your workbook first."),
        search=_("Find by name, code, pinyin or the unit above"),
        filters=filters,
        per_page=OF_TREE if is_tree else ROWS,
        deeds=[] if has_ended else DEEDS.items(),
        **those_gone(request, rows, filters),
    )


def tree_filters(request: Any, kinds: dict[str, Any], sectors: dict[str, Any]) -> list[Filter]:
    """How the tree is narrowed, on its page and where all that match are meant."""
    return [
        town_filter(request, lambda town: Q(path__startswith=town.path)),
        Filter("kind", _("Kind"), "kind", [(slug, in_readers_words(name)) for slug, name in kinds.items()]),
        Filter("sector", _("Sector"), "sector", [(slug, in_readers_words(name)) for slug, name in sectors.items()]),
        Filter("state", _("State"), "", _states(), means=_is_in_state, default="here"),
    ]


def _is_in_state(state: str) -> Q:
    return Q(ended_on__isnull=state == "here")


def _states() -> list[tuple[str, str]]:
    return [("here", _("Existing")), ("ended", _("Ended"))]


def _name_of(row: Any, *, is_tree: bool) -> Cell:
    """Its name where it stands in the tree; out of the tree the path stands beside it."""
    address = address_of("office-organisation", row.pk)
    return Cell(row.name, address, depth=row.depth) if is_tree else name_and_path(row, with_path=False)

"""The one search: organisations, promises, plans, notices and honours by their words, or down from the top of the tree."""

import sys
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from zhengyou.awards import queries as awards
from zhengyou.base import searching
from zhengyou.base.models import SearchEntry
from zhengyou.base.numbers import number_words
from zhengyou.base.searching import Group
from zhengyou.base.words import in_readers_words, language, names_of_line
from zhengyou.carriers import queries as carriers
from zhengyou.cases import queries as cases
from zhengyou.commitments import queries as commitments
from zhengyou.consultation import queries as consultation
from zhengyou.notices import queries as notices
from zhengyou.organisations import queries as organisations
from zhengyou.situations import queries as situations
from zhengyou.web.shared import doors
from zhengyou.web.shared.addresses import address
from zhengyou.web.shared.day_words import day_in_words
from zhengyou.web.shared.narrowing import ROWS, Choice, address_with, page_of, words_of
from zhengyou.web.shared.pages import found
from zhengyou.windows import queries as windows

# What can be found, in the order in which it is shown: where it leads, and what it is called.
KINDS = {
    organisations.SEARCHED_AS: ("public-organisation", _("Units")),
    commitments.SEARCHED_AS: ("public-promise", _("Promises")),
    situations.SEARCHED_AS: ("public-situation", _("Situation reports")),
    windows.SEARCHED_AS: ("public-window-page", _("Service windows")),
    carriers.SEARCHED_AS: ("public-carrier", _("Projects")),
    consultation.SEARCHED_AS: ("public-plan", _("Plans")),
    cases.SEARCHED_AS: ("public-case", _("Cases")),
    notices.SEARCHED_AS: ("public-notice", _("Notices")),
    awards.SEARCHED_AS: ("public-honour", _("Honours")),
}
STATES = {"revoked": _("revoked"), "closed": _("closed")}
NUMBERED = {cases.SEARCHED_AS, notices.SEARCHED_AS}  # several have the same title
FIRST = 10  # of each kind, until somebody asks for all of one


@dataclass(frozen=True)
class Hit:
    """One thing found: what it is called, where it leads, and where it is, from above to below; what tells it apart (`number`)."""

    title: str
    address: str
    path: list[str]
    state: Any = ""
    number: str = ""
    is_chinese: bool = True
    code: str = ""


@dataclass(frozen=True)
class HitsOfKind:
    """What was found of one kind; `address` leads to all of it where only the first is shown."""

    kind: str
    name: Any
    count: int
    hits: list[Hit]
    address: str


@require_safe
def find(request: HttpRequest) -> HttpResponse:
    """Everything public that the words can mean, by kind; one kind alone is paged. Without words, or hits, the tree."""
    words, errand = words_of(request), _errand(request)
    if not words and "sector" in request.GET:
        return _sector(request, request.GET["sector"])
    start = page_of(request, range(sys.maxsize)).start_index() - 1 if "page" in request.GET else 0
    answer = searching.search(words, ERRANDS.get(errand, list(KINDS)), start=start, most=ROWS)
    groups = answer.groups
    only = groups[0].kind if len(groups) == 1 else request.GET.get("kind", "")
    chosen = [group for group in groups if group.kind == only]
    page = page_of(request, range(chosen[0].count)) if chosen else None
    ids = {group.kind: group.ids if page else group.ids[:FIRST] for group in chosen or groups}
    rows = searching.shown(pk for some in ids.values() for pk in some) if ids else {}
    shown: dict[str, Any] = {
        "typed": words,
        "count": sum(group.count for group in groups),
        "is_exact": answer.is_exact,
        "is_too_little": answer.is_too_little,
        "groups": [
            _shown(request, group, [rows[pk] for pk in ids[group.kind]], not page) for group in chosen or groups
        ],
        "choices": _choices(request, groups, only if chosen else "") if len(groups) > 1 else [],
        "page": page,
        "top": [] if groups else organisations.top_of_the_tree(),
        "errand": errand,
    }
    shown["groups"] = [_led_on(errand, group) for group in shown["groups"]]
    return render(request, "public/find.html", shown)


def _errand(request: HttpRequest) -> str:
    """What somebody looks for a unit or a promise for: to report something, to say whether it is kept, or nothing of the kind."""
    asked = request.GET.get("for", "")
    return asked if ROOM_OF.get(asked) in doors.frame_of(request).rooms else ""


def _leading_to_the_form(hits: list[Hit]) -> list[Hit]:
    """Each unit found leads to the form of a report about it, but for those that take none. Two queries."""
    rows = organisations.organisations_by_code(hit.code for hit in hits)
    taking = cases.units_taking(rows.values())
    forms = {code: address("public-case-report", code) for code, row in rows.items() if row.pk in taking}
    return [replace(hit, address=forms.get(hit.code, hit.address)) for hit in hits]


def _leading_to_promises(hits: list[Hit]) -> list[Hit]:
    """Each unit found leads to its promises."""
    return [replace(hit, address=f"{hit.address}#promises") for hit in hits]


# What is looked for on an errand, the room that it needs, and where a unit that is found leads.
ERRANDS = {"report": [organisations.SEARCHED_AS], "answer": [organisations.SEARCHED_AS, commitments.SEARCHED_AS]}
ROOM_OF = {"report": "cases", "answer": "commitments"}
LEADING_ON = {"report": _leading_to_the_form, "answer": _leading_to_promises}


def _led_on(errand: str, group: HitsOfKind) -> HitsOfKind:
    """What was found on an errand, its units leading where that goes on."""
    leads = LEADING_ON.get(errand) if group.kind == organisations.SEARCHED_AS else None
    return replace(group, hits=leads(group.hits)) if leads else group


def _sector(request: HttpRequest, slug: str) -> HttpResponse:
    """All organisations of one sector, by name, each with where it is."""
    name = found(organisations.term_names("sector").get(slug))
    page = page_of(request, organisations.in_sector(slug))
    names = organisations.names_upward(row.pk for row in page)
    hits = [Hit(row.name, address("public-organisation", row.code), list(reversed(names[row.pk][1:]))) for row in page]
    group = HitsOfKind(organisations.SEARCHED_AS, in_readers_words(name), page.paginator.count, hits, "")
    return render(
        request, "public/find.html", {"sector": group.name, "groups": [group], "count": group.count, "page": page}
    )


def _shown(request: HttpRequest, group: Group, rows: list[SearchEntry], is_overview: bool) -> HitsOfKind:
    is_more = is_overview and group.count > len(rows)
    address = address_with(request, kind=group.kind) if is_more else ""
    return HitsOfKind(group.kind, KINDS[group.kind][1], group.count, [_hit(row) for row in rows], address)


def _hit(row: SearchEntry) -> Hit:
    leads_to = address(KINDS[row.kind][0], *row.address.split("/"))
    names = row.place.names if row.place else []
    path = [name for name in reversed(names) if name != row.title]
    # The top of the tree is above everything: beside a unit of its own it says nothing.
    path = path[1:] if len(path) > 1 else path
    number = _told_apart_by(row)
    if row.kind != cases.SEARCHED_AS:
        return Hit(row.title, leads_to, path, STATES.get(row.state, ""), number, code=row.address)
    title = in_readers_words(names_of_line(row.title))
    return Hit(title, leads_to, path, STATES.get(row.state, ""), number, is_chinese=language() != "en")


def _told_apart_by(row: SearchEntry) -> str:
    """What tells this one from others with the same title: its number, of a promise its day."""
    if row.kind in NUMBERED:
        return number_words(*map(int, row.address.split("/")))
    if row.kind == commitments.SEARCHED_AS and row.state:
        return _("by %(day)s") % {"day": day_in_words(date.fromisoformat(row.state))}
    return ""


def _choices(request: HttpRequest, groups: list[Group], only: str) -> list[Choice]:
    every = Choice(_("All"), address_with(request, kind=None), not only, sum(group.count for group in groups))
    return [every] + [
        Choice(KINDS[group.kind][1], address_with(request, kind=group.kind), group.kind == only, group.count)
        for group in groups
    ]

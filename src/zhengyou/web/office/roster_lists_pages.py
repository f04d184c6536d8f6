"""The list of people, and what is done with several of them at once: asked once, done together, undone together."""

from functools import partial
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy
from django.views.decorators.http import require_POST

from zhengyou.base.refusals import reason_against
from zhengyou.organisations.models import Person, Term
from zhengyou.organisations.tree import is_within_any
from zhengyou.roster import actions, queries, rules
from zhengyou.roster.models import RosterChange
from zhengyou.web.office.roster_forms import HAPPENED, DayAndReasonForm
from zhengyou.web.office.roster_words import name_and_path, those_gone, town_filter
from zhengyou.web.shared import clock, doors
from zhengyou.web.shared.addresses import address_of
from zhengyou.web.shared.fields import OrganisationField, Ticket, terms_in_readers_words
from zhengyou.web.shared.lists import Cell, Column, listed, matching, means_all, ticks
from zhengyou.web.shared.narrowing import Filter, page_of, words_of
from zhengyou.web.shared.pages import asked_nothing, posted, pressed

Kind = RosterChange.Kind
DEEDS: dict[str, Any] = {
    Kind.MOVED: _("Move them to another unit"),
    Kind.LEFT: _("Record that they have left"),
}
FOLLOWS: dict[str, Any] = {
    Kind.MOVED: _("Posts and responsibilities at the unit until now end that day; others stay."),
    Kind.LEFT: _(
        "From that day posts and responsibilities end, the person can no longer sign in, and polls that "
        "open later no longer ask them."
    ),
}


class ManyForm(DayAndReasonForm):
    """On which day and why, once for all of them."""

    ticket = Ticket()


class MoveManyForm(ManyForm):
    """Where to."""

    to = OrganisationField(label=_("To which unit?"))
    field_order = ("to",)


@doors.office
def people(request: doors.PersonRequest) -> HttpResponse:
    """Everybody of the roster, with where they belong; who has left stands apart."""
    heads = dict(terms_in_readers_words(Term.Category.PEOPLE_COLUMN))
    memberships = terms_in_readers_words(Term.Category.MEMBERSHIP)
    post_kinds = terms_in_readers_words(Term.Category.POST_KIND)
    filters = _filters(request, heads, memberships, post_kinds)
    has_left = filters[-1].chosen(request) == "left"
    names, kinds = dict(memberships), dict(post_kinds)
    rows = queries.people_of_the_roster(words_of(request)).filter(doors.reach_of(request, "organisation"))
    return listed(
        request,
        "office/people.html",
        rows,
        [
            Column(_NAME, lambda row: Cell(row.name, address_of("office-person", row.pk)), order="name_key"),
            Column(heads["number"], lambda row: row.number, order="number"),
            Column(_("Unit"), lambda row: name_and_path(row.organisation), order="organisation__path"),
            Column(heads["membership"], lambda row: names.get(row.membership, row.membership), order="membership"),
            Column(heads["post_kind"], lambda row: kinds.get(row.post_kind, row.post_kind), order="post_kind"),
            *_joined(heads),
            Column(_("Left on"), lambda row: row.left_on, order="left_on") if has_left else _TICKS,
        ],
        name="people",
        nothing=_("Nobody is on the roster yet. Import the people from your workbook."),
        search=_("Find by name, pinyin, initials, number, login or unit"),
        filters=filters,
        deeds=[] if has_left else DEEDS.items(),
        **those_gone(request, rows, filters),
    )


def _joined(heads: dict[str, str]) -> list[Column]:
    """The day of joining, where the house's pack has such a column."""
    return [Column(heads["joined_on"], lambda row: row.joined_on, order="joined_on")] if "joined_on" in heads else []


_Words = list[tuple[str, str]]
_STATES = [("here", _("On the roster")), ("left", _("Left"))]
_NAME = pgettext_lazy("of a person", "Name")
_TICKS = ticks(lambda row: row.name)


def _filters(request: Any, heads: dict[str, str], memberships: _Words, post_kinds: _Words) -> list[Filter]:
    roles, holding = terms_in_readers_words(Term.Category.ROLE), partial(queries.holding, on=clock.today())
    return [
        town_filter(request, queries.people_within),
        Filter("membership", heads.get("membership", ""), "membership", memberships),
        Filter("kind", heads.get("post_kind", ""), "post_kind", post_kinds),
        Filter("post", _("Post"), "", roles, means=holding),
        Filter("state", _("State"), "", _STATES, means=lambda one: Q(left_on__isnull=one == "here"), default="here"),
    ]


def _people_meant(request: doors.PersonRequest) -> list[Person]:
    """Those who are ticked, or all who fit the list on all its pages: asked about once, they are sent on one by one."""
    if means_all(request):
        rows = queries.people_of_the_roster(words_of(request)).filter(doors.reach_of(request, "organisation"))
        memberships = terms_in_readers_words(Term.Category.MEMBERSHIP)
        filters = _filters(request, {}, memberships, terms_in_readers_words(Term.Category.POST_KIND))
        return list(matching(request, rows.filter(left_on=None), filters=filters)[: rules.MOST_AT_ONCE + 1])
    ids = [int(one) for one in request.POST.getlist("row") if one.isascii() and one.isdigit() and len(one) < 18]
    return [row for row in queries.people_with_ids(ids) if is_within_any(row.organisation, doors.offices_of(request))]


@doors.office
def change_many(request: doors.PersonRequest) -> HttpResponse:
    """Ask once what is to happen to those who are ticked; with a day and a reason, do it. A visit leads to the list."""
    kind = request.POST.get("deed", "")
    if kind not in DEEDS:
        return asked_nothing(request, "office-people")
    rows = _people_meant(request)
    if refusal := reason_against(rules.check_how_many, len(rows)):
        messages.error(request, refusal)
        return redirect("office-people")
    form_of = MoveManyForm if kind == Kind.MOVED else ManyForm
    form: Any = form_of(request.POST if "on" in request.POST else None)

    def change(ticket: UUID | None, **given: Any) -> HttpResponse:
        together = actions.change_many(people=rows, kind=kind, ticket=ticket or uuid4(), **given)
        return redirect("office-roster-together", together)

    shown = {"form": form, "people": rows, "deed": kind, "deed_words": DEEDS[kind], "follows": FOLLOWS[kind]}
    shown["posts"] = queries.posts_of_people(rows, clock.today())
    done = _("Recorded. It can be undone here for a day.")
    return posted(request, form, change, done=done) or render(request, "office/people_many.html", shown)


@doors.office
def together(request: doors.PersonRequest, together_key: UUID) -> HttpResponse:
    """What one deed or one import changed of many, and the button that undoes it."""
    rows = queries.changes_together(together_key)
    first, left = rows.first(), rows.filter(undone_at=None)
    if first is None:
        return redirect("office-people")
    oldest = left.order_by("pk").first()
    may_undo = oldest is not None and rules.allows_undo(oldest, is_newest=True, at=clock.now(), by=request.person)
    page = page_of(request, rows, rules.MOST_AT_ONCE)
    shown = {
        "page": page,
        "changes": [(row, HAPPENED[row.kind]) for row in page.object_list],
        "first": first,
        "deed_words": HAPPENED[first.kind],
        "key": together_key,
        "may_undo": may_undo,
        "import_id": first.source_id if first.source and first.made_at == first.source.applied_at else None,
    }
    return render(request, "office/people_together.html", shown)


@doors.office
@require_POST
def undo_together(request: doors.PersonRequest, together_key: UUID) -> HttpResponse:
    """Undo for all of them what one deed changed."""

    def undo(**given: Any) -> None:
        count = actions.undo_together(together=together_key, **given)
        messages.success(
            request, ngettext("%(n)d change is undone.", "%(n)d changes are undone.", count) % {"n": count}
        )

    return pressed(request, undo, to=("office-roster-together", together_key))

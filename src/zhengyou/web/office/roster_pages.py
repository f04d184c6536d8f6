"""People and organisations one by one: a page for each person and each organisation, what happened to them."""

from collections.abc import Mapping
from functools import partial
from types import MappingProxyType
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from zhengyou.base.refusals import reason_against
from zhengyou.base.words import in_readers_words, joined
from zhengyou.identity import queries as accounts
from zhengyou.organisations import queries as organisations
from zhengyou.organisations.models import Organisation, Person, Term
from zhengyou.organisations.tree import is_within_any
from zhengyou.roster import actions, queries, rules
from zhengyou.roster.models import RosterChange
from zhengyou.web.office.roster_forms import HAPPENED, OF_ORGANISATION, OF_PERSON, Way, asking_of_namesakes, facts_of
from zhengyou.web.shared import clock, doors, meanwhile
from zhengyou.web.shared.fields import terms_in_readers_words, titled
from zhengyou.web.shared.pages import found, posted, pressed

OTHERWISE_BEFORE = (RosterChange.Kind.RENAMED, RosterChange.Kind.RECODED, RosterChange.Kind.POST_CHANGED)
MOST_ASKED = 20  # fresh changes of which a page asks whether they are the newest


@doors.office
def person(request: doors.PersonRequest, person_id: int) -> HttpResponse:
    """One person: where they belong, their posts, what happened, and what can be written down."""
    row = found(organisations.person_with_id(person_id))
    today, changes = clock.today(), list(queries.changes_of_person(row))
    return render(
        request,
        "office/person.html",
        {
            "person": row,
            "heads": dict(terms_in_readers_words(Term.Category.PEOPLE_COLUMN)),
            "membership": _word_of(Term.Category.MEMBERSHIP, row.membership),
            "post_kind": _word_of(Term.Category.POST_KIND, row.post_kind),
            "posts": titled(organisations.posts_of(row, today)),
            "duties": organisations.responsibilities_of(row, today),
            "account": accounts.account_of(row),
            "writings": _writings(OF_PERSON, "office-person-change", row) if row.left_on is None else [],
            "has_died": any(one.kind == RosterChange.Kind.DIED and not one.undone_at for one in changes),
            "history": _history(request, changes),
        },
    )


@doors.office
def organisation(request: doors.PersonRequest, organisation_id: int) -> HttpResponse:
    """One organisation: path, who belongs to it, posts and who answers for it, what happened, and what can be written down."""
    row = found(organisations.organisation_with_id(organisation_id))
    kinds, sectors = organisations.kinds_and_sectors()
    uppers, below = organisations.above_and_below(row)
    above = [(one, is_within_any(one, doors.offices_of(request))) for one in uppers]
    duties, tiers = organisations.responsible_for(row, clock.today()), dict(terms_in_readers_words(Term.Category.TIER))
    held = {duty.tier for duty in duties}
    people = organisations.members_of([row])
    return render(
        request,
        "office/organisation.html",
        {
            "organisation": row,
            "kind": in_readers_words(kinds.get(row.kind)),
            "sector": in_readers_words(sectors.get(row.sector)),
            "above": above,
            "enters_for_it": bool(above and above[-1][1]),
            "below": below,
            "people": people,
            "posts": titled(organisations.posts_at(row, clock.today())),
            "duties": duties,
            "tiers": tiers,
            "missing": joined(words for tier, words in tiers.items() if tier not in held),
            "writings": _writings_of_unit(row, people=len(people), below=len(below)) if row.ended_on is None else [],
            "history": _history(request, queries.changes_of_organisation(row)),
        },
    )


@doors.office
def change_person(request: doors.PersonRequest, person_id: int, what: str) -> HttpResponse:
    """Write down one thing about a person."""
    row = found(organisations.person_with_id(person_id))
    return _change(request, row, OF_PERSON, what, reverse("office-person", args=[row.pk]))


@doors.office
def change_organisation(request: doors.PersonRequest, organisation_id: int, what: str) -> HttpResponse:
    """Write down one thing about an organisation."""
    row = found(organisations.organisation_with_id(organisation_id))
    return _change(request, row, OF_ORGANISATION, what, reverse("office-organisation", args=[row.pk]))


@doors.office
@require_POST
def undo(request: doors.PersonRequest, change_id: int) -> HttpResponse:
    """Put everything back as it was before a change."""
    row = found(queries.change_with_id(change_id))
    if row.kind == RosterChange.Kind.ENTERED:
        return pressed(request, partial(_take_out, row), done=_("The entry is taken out."), to=_page_of(row))
    deed = partial(actions.undo_change, change=row)
    return pressed(request, deed, done=_("It is undone: everything is as it was before."), to=_page_of(row))


def _take_out(change: RosterChange, **given: Any) -> HttpResponse:
    """The page of what is gone leads nowhere any more; the list is where the eye was before."""
    actions.undo_change(change=change, **given)
    return redirect("office-people" if change.person_id else "office-tree")


def _change(
    request: doors.PersonRequest, row: Person | Organisation, ways: dict[str, Way], what: str, back: str
) -> HttpResponse:
    if what not in ways:
        raise Http404
    way = ways[what]
    if request.method == "GET" and (why := _why_not_any_more(row)):
        messages.error(request, why)
        return redirect(back)
    form = way.form(request.POST or None, about=row)
    meanwhile.guard(form, about=row.reference, now=None if what == "correct" else facts_of(row))
    done = _("Recorded.") if what == "correct" else _("Recorded. It can be undone here for a day.")
    return posted(request, form, asking_of_namesakes(form, way.deed(row)), done=done, to=back) or render(
        request, "office/roster_change.html", {"form": form, "row": row, "way": way, "back": back}
    )


def _why_not_any_more(row: Person | Organisation) -> str:
    """Why nothing can be written down of somebody who is gone, or of what has ended; nothing while it can."""
    if isinstance(row, Person):
        return reason_against(rules.check_is_there, row)
    return reason_against(rules.check_exists, row)


def _writings(
    ways: dict[str, Way], name: str, row: Person | Organisation, first: Mapping[str, str] = MappingProxyType({})
) -> list[dict[str, Any]]:
    """What can be written down; of what cannot yet, what must come `first`, in place of the way there."""
    return [
        {
            "words": way.words,
            "address": reverse(name, args=[row.pk, what]),
            "is_grave": way.is_grave,
            "first": first.get(what, ""),
        }
        for what, way in ways.items()
    ]


def _writings_of_unit(row: Organisation, *, people: int, below: int) -> list[dict[str, Any]]:
    """The topmost unit neither moves nor ends, and the page says so; one that is not empty is not dissolved."""
    is_top = reason_against(rules.check_is_not_the_top, row)
    ways = {what: way for what, way in OF_ORGANISATION.items() if not is_top or what not in ("move", "merge")}
    first = is_top or reason_against(rules.check_is_empty, row, people=people, below=below)
    return _writings(ways, "office-organisation-change", row, {"dissolve": first})


def _history(request: doors.PersonRequest, changes: Any) -> list[dict[str, Any]]:
    """What happened, each with whether it can be undone still (what is newest of its kind, for a day), and whether this office may
    open where it led to.
    """
    at, by, offices, rows = clock.now(), request.person, doors.offices_of(request), list(changes)
    titles = _titles() if any(one.what for one in rows) else {}
    fresh = [one for one in rows if rules.allows_undo(one, is_newest=True, at=at, by=by)][:MOST_ASKED]
    undoable = {one.pk for one in fresh if queries.is_newest(one)}
    return [
        {
            "row": one,
            "words": HAPPENED[one.kind],
            "title": titles.get(one.what, one.what),
            "is_of_post": one.kind in queries.OF_POSTS,
            "holder": one.person or one.into_person,
            "place": one.organisation or one.into_organisation,
            "formerly": _formerly(one),
            "is_undoable": one.pk in undoable,
            "leads": _leads(one, offices),
        }
        for one in rows
    ]


def _formerly(change: RosterChange) -> str:
    """What somebody or a post was called, or which code or number they had, before they got another one."""
    held = change.before[0]["fields"] if change.kind in OTHERWISE_BEFORE else {}
    return next((str(held[name]) for name in ("name", "code", "number", "title") if name in held), "")


def _titles() -> dict[str, str]:
    """What posts and duties are called, by the slug under which a change has them."""
    return dict([*terms_in_readers_words(Term.Category.ROLE), *terms_in_readers_words(Term.Category.TIER)])


def _leads(change: RosterChange, offices: list[Organisation]) -> bool:
    if change.kind in queries.OF_POSTS:  # its place and its holder
        holder, place = change.person or change.into_person, change.organisation or change.into_organisation
        both = [place, holder.organisation if holder else None]
        return all(one is not None and is_within_any(one, offices) for one in both)
    place = change.into_person.organisation if change.into_person else change.into_organisation
    return place is not None and is_within_any(place, offices)


def _page_of(change: RosterChange) -> tuple[str, int]:
    if change.kind in queries.OF_POSTS:
        return "office-organisation", int(change.organisation_id or change.into_organisation_id or 0)
    if change.person_id:
        return "office-person", change.person_id
    return "office-organisation", int(change.organisation_id or 0)


def _word_of(category: str, slug: str) -> str:
    return dict(terms_in_readers_words(category)).get(slug, slug)

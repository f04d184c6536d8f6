"""Posts and duties that are given, changed and ended by hand, written down like all that happens to people and organisations.

The deeds are those of `organisations`; here what was there before is kept, so that each stands with the person and with the
organisation and can be undone for a day.
"""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any
from uuid import uuid4

from django.db import transaction

from zhengyou.base import locks
from zhengyou.base.time import local_day
from zhengyou.organisations import actions as organisations
from zhengyou.organisations.models import Organisation, Person, Post, Responsibility
from zhengyou.roster import rules
from zhengyou.roster.before import Before, as_it_was, as_made, with_values
from zhengyou.roster.models import RosterChange

Kind = RosterChange.Kind
Rows = dict[int, Any]  # posts or duties, by the number of the row


@transaction.atomic
def give_post(
    *, person: Person, organisation: Organisation, role: str, title: str, from_on: date, at: datetime,
    by: Person | None, until_on: date | None = None,
) -> Post:  # fmt: skip
    """Give a person a post, or change the title and days of one that they hold.

    Raises RosterRefused for an ID-card number, and what `organisations.actions.appoint` raises.
    """
    rules.check_holds_no_id_number(title)
    locks.alone(locks.POSTS)
    held = Post.objects.filter(person=person, organisation=organisation, role=role)
    before = _by_number(held)
    row = organisations.appoint(
        person=person,
        organisation=organisation,
        role=role,
        title=title,
        from_on=from_on,
        until_on=until_on,
        at=at,
        by=by,
    )
    _write_down(before, _by_number(held), from_on, at, by)
    return row


@transaction.atomic
def change_post(*, post: Post, title: str, from_on: date, until_on: date | None, at: datetime, by: Person) -> Post:
    """Change the title of a post or its days. Raises what `organisations.actions.change_post` raises."""
    rules.check_holds_no_id_number(title)
    locks.alone(locks.POSTS)
    this = Post.objects.filter(pk=post.pk)
    before = _by_number(this)
    row = organisations.change_post(post=post, title=title, from_on=from_on, until_on=until_on, at=at, by=by)
    _write_down(before, _by_number(this), local_day(at), at, by)
    return row


@transaction.atomic
def end_post(*, post: Post, until_on: date, at: datetime, by: Person) -> None:
    """End a post on that day. Raises what `organisations.actions.end_post` raises."""
    locks.alone(locks.POSTS)
    this = Post.objects.filter(pk=post.pk)
    before = _by_number(this)
    organisations.end_post(post=post, until_on=until_on, at=at, by=by)
    _write_down(before, _by_number(this), until_on, at, by, Kind.POST_ENDED)


@transaction.atomic
def make_responsible(
    *, organisation: Organisation, person: Person, tier: str, from_on: date, at: datetime, by: Person | None
) -> Responsibility:
    """Make a person answer for an organisation; whoever did so before does until that day.

    Raises what `organisations.actions.make_responsible` raises.
    """
    locks.alone(locks.POSTS)
    held = Responsibility.objects.filter(organisation=organisation, tier=tier)
    before = _by_number(held)
    row = organisations.make_responsible(
        organisation=organisation, person=person, tier=tier, from_on=from_on, at=at, by=by
    )
    _write_down(before, _by_number(held), from_on, at, by, Kind.POST_ENDED)
    return row


def _by_number(rows: Any) -> Rows:
    return {row.pk: row for row in rows.select_for_update()}


def _write_down(
    before: Rows, after: Rows, on: date, at: datetime, by: Person | None, ending: str = Kind.POST_CHANGED
) -> None:
    """One change for each row that is not as it was; `ending` is what it is called that another last day is set."""
    found = [*_ended_or_changed(before, after, ending), *_given(before, after)]
    made = {"happened_on": on, "made_at": at, "made_by": by, "together": uuid4() if len(found) > 1 else None}
    RosterChange.objects.bulk_create(RosterChange(**facts, **made) for facts in found)


def _ended_or_changed(before: Rows, after: Rows, ending: str) -> Iterator[dict[str, Any]]:
    for pk, old in before.items():
        new = after.get(pk)
        if new is None:
            yield _about_holder(old, Kind.POST_ENDED, [as_it_was(old)])
            continue
        was = as_it_was(old)["fields"]
        now = {name: value for name, value in as_it_was(new)["fields"].items() if value != was[name]}
        if not now:
            continue
        kept = with_values(old, {name: was[name] for name in now}) | {"now": now}
        goes_on = ending == Kind.POST_ENDED and now.get("until_on", "") is None
        yield _about_place(new, [kept]) if goes_on else _about_holder(new, ending, [kept])


def _given(before: Rows, after: Rows) -> Iterator[dict[str, Any]]:
    for pk in after.keys() - before.keys():
        yield _about_place(after[pk], [as_made(after[pk])])


def _about_holder(row: Post | Responsibility, kind: str, kept: Before) -> dict[str, Any]:
    return {
        "kind": kind, "what": _what(row), "before": kept, "person_id": row.person_id,
        "into_organisation_id": row.organisation_id,
    }  # fmt: skip


def _about_place(row: Post | Responsibility, kept: Before) -> dict[str, Any]:
    return {
        "kind": Kind.POST_GIVEN, "what": _what(row), "before": kept, "organisation_id": row.organisation_id,
        "into_person_id": row.person_id,
    }  # fmt: skip


def _what(row: Post | Responsibility) -> str:
    return row.role if isinstance(row, Post) else row.tier

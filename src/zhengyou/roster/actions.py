"""Who comes onto the roster, and changes of it: each writes down day and reason, keeps what was there before, and can be undone for a day.

Access follows at once, since roles follow from posts and nobody who left signs in. Rolls of polls that are not open follow; rolls of
open and closed polls never change.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhengyou.base import locks, texts
from zhengyou.base.deeds import done, locked
from zhengyou.base.time import local_day
from zhengyou.identity import actions as accounts
from zhengyou.organisations import actions as organisations
from zhengyou.organisations import queries as tree
from zhengyou.organisations import rules as tree_rules
from zhengyou.organisations.importing.judging import clean_code
from zhengyou.organisations.models import Organisation, Person, Post, Responsibility, held_on
from zhengyou.organisations.tree import is_within_any
from zhengyou.polls import actions as polls
from zhengyou.roster import posts, queries, rules, taking_back
from zhengyou.roster.before import Before, as_it_was, put_all_back
from zhengyou.roster.models import RosterChange

Kind = RosterChange.Kind


@transaction.atomic
def enter_person(
    *, name: str, organisation: Organisation, membership: str, post_kind: str, at: datetime, by: Person | None,
    number: str = "", is_floating: bool = False, is_another: bool = False,
) -> Person:  # fmt: skip
    """Enter one person; without a number one is issued. Somebody of the same name there must be known to be another one.

    Raises RosterRefused, TextRefused, TreeRefused for an organisation that has ended.
    """
    home = locked(organisation)
    given = texts.check_texts(rules.RosterRefused, Person, _("Write the name."), name=name)
    number = clean_code(number)
    rules.check_holds_no_id_number(name, number)
    if number:
        rules.check_may_be_code(number)
        rules.check_is_free(tree.is_number_known(number), number)
    if not is_another:
        rules.check_is_alone(queries.namesakes(given["name"], home))
    row = organisations.add_person(
        **given, number=number, organisation=home, membership=membership, post_kind=post_kind, is_floating=is_floating,
        at=at, by=by,
    )  # fmt: skip
    RosterChange.objects.create(
        kind=Kind.ENTERED, person=row, happened_on=local_day(at), before=[], made_at=at, made_by=by
    )
    return row


@transaction.atomic
def enter_organisation(
    *, name: str, parent: Organisation, kind: str, sector: str, at: datetime, by: Person | None,
    code: str = "", is_another: bool = False,
) -> Organisation:  # fmt: skip
    """Enter one organisation below another; without a code the next free one is given. One of the same name beside it must be
    known to be another one. Raises RosterRefused, TextRefused, TreeRefused for a parent that has ended.
    """
    locks.alone(locks.TREE)
    above = locked(parent)
    tree_rules.check_may_join(above)
    given = texts.check_texts(rules.RosterRefused, Organisation, _("Write the name."), name=name)
    code = clean_code(code)
    rules.check_holds_no_id_number(name, code)
    if code:
        rules.check_may_be_code(code)
        rules.check_is_free(tree.is_code_known(code), code)
    if not is_another:
        rules.check_is_alone(queries.organisations_named(given["name"], above))
    row = organisations.add_organisation(
        **given, code=code or queries.next_code(above), kind=kind, sector=sector, parent=above, at=at, by=by
    )
    RosterChange.objects.create(
        kind=Kind.ENTERED, organisation=row, happened_on=local_day(at), before=[], made_at=at, made_by=by
    )
    return row


@transaction.atomic
def change_many(
    *, people: Sequence[Person], kind: str, on: date, reason: str, at: datetime, by: Person, ticket: UUID,
    to: Organisation | None = None,
) -> UUID:  # fmt: skip
    """Move several people to another organisation, or let them go: all of them or none, undone together. Sent twice is once.

    Returns what their changes have as `together`. Raises RosterRefused, also for nobody and for more than MOST_AT_ONCE.
    """
    locks.alone(locks.POSTS)  # the same form twice waits here
    if queries.changes_together(ticket).exists():
        return ticket
    rules.check_how_many(len(people))
    for person in sorted(people, key=lambda one: one.pk):
        if to is not None:
            change = move_person(person=person, to=to, on=on, reason=reason, at=at, by=by)
        else:
            change = let_go(person=person, kind=kind, on=on, reason=reason, at=at, by=by)
        change.together = ticket
        change.save(update_fields=["together"])
    return ticket


@transaction.atomic
def change_many_units(
    *, units: Sequence[Organisation], kind: str, on: date, reason: str, at: datetime, by: Person, ticket: UUID,
    to: Organisation | None = None,
) -> UUID:  # fmt: skip
    """Let several organisations stand below another one, pass into it, or end: all of them or none, undone together. Twice is once.

    Of several that stand below each other the upper one moves, with all below it; they end from below. Returns what their changes
    have as `together`. Raises RosterRefused, also for nobody and for more than MOST_AT_ONCE; TreeRefused.
    """
    locks.alone(locks.TREE)
    locks.alone(locks.POSTS)
    if queries.changes_together(ticket).exists():
        return ticket
    rules.check_how_many(len(units))
    rows = sorted(units, key=lambda one: one.path)
    given: dict[str, Any] = {"on": on, "reason": reason, "at": at, "by": by}
    if kind == Kind.MOVED and to is not None:
        tops = [row for n, row in enumerate(rows) if not is_within_any(row, rows[:n])]
        made = [move_organisation(organisation=row, to=to, **given) for row in tops]
    else:
        made = [end_organisation(organisation=row, into=to, **given) for row in reversed(rows)]
    RosterChange.objects.filter(pk__in=[one.pk for one in made]).update(together=ticket)
    return ticket


@transaction.atomic
def correct_many_units(*, units: Sequence[Organisation], changes: dict[str, str], at: datetime, by: Person) -> int:
    """Give several organisations another kind or sector, as an office corrects one; how many were not so before.

    Raises RosterRefused for nobody, for more than MOST_AT_ONCE, and where nothing is said.
    """
    rules.check_how_many(len(units))
    rules.check_says_something(changes)
    other = [row for row in units if any(getattr(row, name) != value for name, value in changes.items())]
    for row in other:
        organisations.change_organisation(organisation=row, changes=changes, at=at, by=by)
    return len(other)


@transaction.atomic
def let_heads_answer(*, units: Iterable[Organisation], at: datetime, by: Person) -> int:
    """Wherever nobody answers for one of these, its head does from today on; how many. Without a head nothing changes. Idempotent."""
    day, named = local_day(at), 0
    for unit in units:
        answers = Responsibility.objects.filter(held_on(day), organisation=unit)
        heads = [post.person for post in tree.posts_at(unit, day) if post.role == Post.Role.SECRETARY]
        if heads and not answers.exists():
            posts.make_responsible(
                organisation=unit, person=heads[0], tier=Responsibility.Tier.PRIMARY, from_on=day, at=at, by=by
            )
            named += 1
    return named


@transaction.atomic
def undo_together(*, together: UUID, at: datetime, by: Person) -> int:
    """Undo what one deed or one import changed of many, as far as it was not undone one by one; how many. Raises RosterRefused for
    any of them that cannot be undone: then nothing is.
    """
    rows = [row for row in queries.changes_together(together) if row.undone_at is None]
    if rows and rows[0].source and rows[0].made_at == rows[0].source.applied_at:
        return taking_back.take_back_import(draft=rows[0].source, at=at, by=by)
    for row in sorted(rows, key=lambda one: -one.pk):
        undo_change(change=row, at=at, by=by)
    return len(rows)


@transaction.atomic
def let_go(*, person: Person, kind: str, on: date, reason: str, at: datetime, by: Person | None) -> RosterChange:
    """A person leaves or has died: from that day they hold no post, answer for nothing, and vote in no poll that opens later.

    Raises RosterRefused, also for a post or duty out of reach; PostRefused for the last one in the campaign office.
    """
    row = _begin(person, on, local_day(at))
    rules.check_is_there(row)
    rules.check_had_begun(row, on)
    _check_reaches_duties(row, on, at, by)
    before: Before = [as_it_was(row, "left_on")]
    before += _end_duties(row, Q(), on)
    before += _taken_off_rolls([row])
    row.left_on = on
    row.save(update_fields=["left_on"])
    accounts.sign_out_everywhere(person=row)
    return _written("roster.let_go", row, kind, on, reason, before, at, by)


@transaction.atomic
def move_person(
    *, person: Person, to: Organisation, on: date, reason: str, at: datetime, by: Person | None
) -> RosterChange:
    """A person moves to another organisation. Posts and responsibilities at the old one end that day; others stay.

    Raises RosterRefused, TreeRefused for one that has ended.
    """
    row = _begin(person, on, local_day(at))
    rules.check_is_there(row)
    to = locked(to)
    rules.check_is_elsewhere(row, to)
    tree_rules.check_may_join(to)
    before: Before = [as_it_was(row, "organisation_id")]
    before += _end_duties(row, Q(organisation=row.organisation_id), on)
    row.organisation = to
    row.save(update_fields=["organisation"])
    return _written("roster.move_person", row, Kind.MOVED, on, reason, before, at, by, into_organisation=to)


@transaction.atomic
def join_people(
    *, duplicate: Person, kept: Person, on: date, reason: str, at: datetime, by: Person | None
) -> RosterChange:
    """Two numbers are found to be one person: posts and duties of the duplicate pass to the one who is kept, and it leaves.

    On rolls of polls that are not open the one who is kept takes the place. Raises RosterRefused; PostRefused where posts would
    pass from below to somebody in an office above.
    """
    rules.check_are_two(duplicate, kept)
    row = _begin(duplicate, on, local_day(at))
    kept = locked(kept)
    for one in (row, kept):
        rules.check_is_there(one)
    _check_reaches_duties(row, on, at, by)
    organisations.check_binds_nobody_above(kept, queries.places_of_duties(row, on), at, by)
    before: Before = [as_it_was(row, "left_on"), *_passed_on(row, kept, on), *_end_duties(row, Q(), on)]
    before += _taken_off_rolls([row], instead=kept)
    row.left_on = on
    row.save(update_fields=["left_on"])
    accounts.sign_out_everywhere(person=row)
    return _written("roster.join_people", row, Kind.JOINED, on, reason, before, at, by, into_person=kept)


@transaction.atomic
def move_organisation(
    *, organisation: Organisation, to: Organisation, on: date, reason: str, at: datetime, by: Person | None
) -> RosterChange:
    """An organisation stands below another one from that day, with all below it; its people, posts and promises stay with it.

    Raises RosterRefused for the topmost one and where it stands there already; TreeRefused if `to` lies below it or has ended.
    """
    locks.alone(locks.TREE)
    row = _begin(organisation, on, local_day(at))
    rules.check_exists(row)
    rules.check_is_not_the_top(row)
    above = locked(to)
    rules.check_stands_elsewhere(row, above)
    tree_rules.check_may_join(above)
    before = [as_it_was(row, "parent_id")]
    organisations.change_organisation(organisation=row, changes={"parent": above}, at=at, by=by)
    return _written("roster.move_organisation", row, Kind.MOVED, on, reason, before, at, by, into_organisation=above)


@transaction.atomic
def end_organisation(
    *, organisation: Organisation, on: date, reason: str, at: datetime, by: Person | None,
    into: Organisation | None = None,
) -> RosterChange:  # fmt: skip
    """An organisation ends; its people and those below it pass to `into`, if one is named, and posts at it end.

    Raises RosterRefused, without `into` also while anybody belongs to it; TreeRefused if `into` lies below it or has ended.
    """
    locks.alone(locks.TREE)
    row = _begin(organisation, on, local_day(at))
    rules.check_exists(row)
    rules.check_is_not_the_top(row)
    rules.check_had_begun(row, on)
    people = list(Person.objects.select_for_update().filter(organisation=row, left_on=None))
    below = list(Organisation.objects.filter(parent=row, ended_on=None).order_by("path"))
    if into is None:
        rules.check_is_empty(row, people=len(people), below=len(below))
    else:
        into = locked(into)
        rules.check_are_two(row, into)
        tree_rules.check_may_join(into)
        tree_rules.check_may_place(row, into)
    before: Before = [as_it_was(row, "ended_on"), *(as_it_was(one, "organisation_id") for one in people)]
    before += [as_it_was(one, "parent_id") for one in below]
    before += _end_duties(None, Q(organisation=row), on)
    Person.objects.filter(pk__in=[one.pk for one in people]).update(organisation=into)
    for one in below:
        organisations.change_organisation(organisation=one, changes={"parent": into}, at=at, by=by)
    organisations.change_organisation(organisation=row, changes={"ended_on": on}, at=at, by=by)
    kind = Kind.MERGED if into else Kind.DISSOLVED
    return _written("roster.end_organisation", row, kind, on, reason, before, at, by, into_organisation=into)


@transaction.atomic
def give_name(
    *,
    about: Person | Organisation,
    name: str,
    on: date,
    reason: str,
    at: datetime,
    by: Person | None,
    is_another: bool = False,
) -> RosterChange:
    """A person or organisation gets another name; one of that name beside it must be known to be another one.

    Raises RosterRefused, TextRefused.
    """
    row = _begin(about, on, local_day(at))
    given = texts.check_texts(rules.RosterRefused, type(row), _("Write the new name."), name=name)
    rules.check_holds_no_id_number(name)
    if not is_another:
        rules.check_is_alone(queries.named_beside(given["name"], row))
    before = [as_it_was(row, "name", "name_key")]
    _change(row, given, at, by)
    return _written("roster.give_name", row, Kind.RENAMED, on, reason, before, at, by)


@transaction.atomic
def give_code(
    *, about: Person | Organisation, code: str, on: date, reason: str, at: datetime, by: Person | None
) -> RosterChange:
    """An organisation gets another code, or a person another number. Raises RosterRefused if it is taken, also by one that ended."""
    row = _begin(about, on, local_day(at))
    field = "number" if isinstance(row, Person) else "code"
    given = texts.check_texts(
        rules.RosterRefused, type(row), _("Write the new code or number."), **{field: clean_code(code)}
    )
    rules.check_may_be_code(given[field])
    rules.check_holds_no_id_number(given[field])
    rules.check_is_free(
        tree.is_code_known(given[field]) if field == "code" else tree.is_number_known(given[field]), given[field]
    )
    before = [as_it_was(row, field)]
    if isinstance(row, Organisation):
        before = [as_it_was(row, "code", "former_codes")]
        _change(row, {"former_codes": [*row.former_codes, row.code]}, at, by)
    _change(row, dict(given), at, by)
    return _written("roster.give_code", row, Kind.RECODED, on, reason, before, at, by)


@transaction.atomic
def undo_change(*, change: RosterChange, at: datetime, by: Person) -> RosterChange:
    """Put everything back as it was before the newest change of a person or organisation.

    Raises RosterRefused after a day, and for what an office above has written down; PostRefused for the last post in the office.
    """
    locks.alone(locks.TREE)
    locks.alone(locks.POSTS)
    row = locked(change)
    rules.check_may_undo(row, is_newest=queries.is_newest(row), at=at, by=by)
    if row.kind == Kind.ENTERED:
        return _take_out(row, at, by)
    put_all_back(row.before, at, by)
    if row.what == Post.Role.CAMPAIGN_OFFICE:
        tree_rules.check_office_remains(tree.count_office_posts(local_day(at)))
    row.undone_at = at
    row.save(update_fields=["undone_at"])
    done("roster.undo_change", _subject(row), at=at, by=by, change=row.reference, kind=row.kind)
    return row


def _take_out(row: RosterChange, at: datetime, by: Person) -> RosterChange:
    subject = _subject(row)
    known_as = {"number": subject.number} if isinstance(subject, Person) else {"code": subject.code}
    taking_back.take_out(
        people=[row.person_id] if row.person_id else [], places=[row.organisation_id] if row.organisation_id else []
    )
    done("roster.undo_change", subject.reference, at=at, by=by, kind=row.kind, **known_as)
    return row


def _begin(row: Any, on: date, today: date) -> Any:
    """The row held, after whoever ends posts meanwhile, with a day that has come."""
    rules.check_day(on, today)
    locks.alone(locks.POSTS)
    return locked(row)


def _change(row: Person | Organisation, changes: dict[str, Any], at: datetime, by: Person | None) -> None:
    if isinstance(row, Person):
        organisations.change_person(person=row, changes=changes, at=at, by=by)
    else:
        organisations.change_organisation(organisation=row, changes=changes, at=at, by=by)


def _check_reaches_duties(person: Person, on: date, at: datetime, by: Person | None) -> None:
    """What a person holds elsewhere is neither ended nor passed on from below. A command (`by` is None) may."""
    if by is not None:
        mine = tree.offices_of(by, local_day(at))
        rules.check_reaches_duties(person, queries.places_of_duties(person, on), mine)


def _end_duties(person: Person | None, where: Q, on: date) -> Before:
    """End posts and responsibilities that are held on that day; what would begin later never begins. What they were."""
    before: Before = []
    whose = Q(person=person) if person else Q()
    for table in (Post, Responsibility):
        rows = table._default_manager.select_for_update().filter(whose & where)
        for row in rows.filter(Q(until_on=None) | Q(until_on__gt=on)):
            before.append(as_it_was(row))
            if row.from_on >= on:
                row.delete()
            else:
                row.until_on = on
                row.save(update_fields=["until_on"])
    if any(one["fields"].get("role") == Post.Role.CAMPAIGN_OFFICE for one in before):
        tree_rules.check_office_remains(tree.count_office_posts(on))
    return before


def _passed_on(duplicate: Person, kept: Person, on: date) -> Before:
    """The posts and duties of a duplicate become those of the one who is kept, unless they have them too."""
    before: Before = []
    for row in Post.objects.select_for_update().filter(person=duplicate, until_on=None):
        if not Post.objects.filter(
            person=kept, organisation=row.organisation_id, role=row.role, until_on=None
        ).exists():
            before.append(as_it_was(row, "person_id"))
            row.person = kept
            row.save(update_fields=["person"])
    for duty in Responsibility.objects.select_for_update().filter(person=duplicate, until_on=None):
        before.append(as_it_was(duty, "person_id"))
        duty.person = kept
        duty.save(update_fields=["person"])
    return before


def _taken_off_rolls(people: Iterable[Person], instead: Person | None = None) -> Before:
    return [
        {"table": "roll", "pk": pool, "fields": {"person_id": person, "instead_id": other}}
        for pool, person, other in polls.take_off_rolls(people=people, instead=instead)
    ]


def _written(
    deed: str,
    row: Person | Organisation,
    kind: str,
    on: date,
    reason: str,
    before: Before,
    at: datetime,
    by: Person | None,
    **into: Any,
) -> RosterChange:
    """The change on record. Its reason may name people, so the journal has only that there is one."""
    about: dict[str, Any] = {"person": row} if isinstance(row, Person) else {"organisation": row}
    missing = "" if kind == Kind.DIED else _("Say why, in a few words.")
    given = texts.check_texts(rules.RosterRefused, RosterChange, missing, reason=reason)
    rules.check_holds_no_id_number(reason)
    change = RosterChange.objects.create(
        kind=kind, **about, **into, **given, happened_on=on, before=before, made_at=at, made_by=by
    )
    done(deed, row, at=at, by=by, kind=kind, on=on, change=change.reference)
    return change


def _subject(change: RosterChange) -> Any:
    return change.person or change.organisation

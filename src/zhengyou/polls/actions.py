"""Planning a poll: its sheet, days, pools with their rolls, scrutineers. Opening, voting and second issuers are the room ballots."""

import secrets
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import connection, transaction
from django.db.models import Max, Q

from zhengyou.base import locks
from zhengyou.base.deeds import done, locked
from zhengyou.base.time import instant_text
from zhengyou.boxes import actions as box_actions
from zhengyou.boxes import queries as box_queries
from zhengyou.boxes import rules as box_rules
from zhengyou.boxes.models import Mark
from zhengyou.campaigns.models import Cycle
from zhengyou.organisations import queries as organisations
from zhengyou.organisations.models import Organisation, Person
from zhengyou.pledges import queries as pledges
from zhengyou.pledges import rules as pledge_rules
from zhengyou.polls import queries, rules
from zhengyou.polls.models import (
    Guest,
    Poll,
    PollScrutineer,
    QuestionOption,
    RatedOrganisation,
    RatedPerson,
    RefusedPool,
    RollEntry,
    RollMark,
    SheetQuestion,
    VoterPool,
)

TURNOUT_EVERY = timedelta(hours=1)  # so that nobody who watches the door and the figure joins the two


@transaction.atomic
def read_turnout(*, poll: Poll, at: datetime, by: Person) -> list[VoterPool]:
    """The pools of an open poll with what their turnout may be known as: in fives, from ten people on, an hour old at most.

    Read at most once an hour and written over what was read before, so that no series of times comes about; looking is not
    journalled. Raises ConcernRefused for those who are rated or administer the rated.
    """
    rules.check_is_not_concerned(poll, by, at)
    if poll.state != Poll.State.OPENED or at < poll.opens_at:
        return queries.pools_of(poll)
    is_due = Q(turnout_shown_at=None) | Q(turnout_shown_at__lte=at - TURNOUT_EVERY)
    due = VoterPool.objects.select_for_update().filter(is_due, poll=poll)
    sizes = queries.pool_sizes(poll) if due else {}
    for pool in due:
        pool.turnout_shown, pool.turnout_shown_at = queries.coarse_turnout(*sizes[pool.pk]), at
    VoterPool.objects.bulk_update(due, ["turnout_shown", "turnout_shown_at"])
    return queries.pools_of(poll)


def keep_marks(*, marks: Iterable[Mark]) -> None:
    """Write into the house in whose names ballots were issued, at the close: all entries in one statement, in a random order."""
    rows = [(mark.entry, mark.is_issued, mark.is_on_paper) for mark in marks]
    secrets.SystemRandom().shuffle(rows)
    statement = f"""
        INSERT INTO {RollMark._meta.db_table} (entry_id, is_issued, is_on_paper)
        SELECT * FROM unnest(%s::bigint[], %s::boolean[], %s::boolean[])
    """
    with connection.cursor() as cursor:
        cursor.execute(statement, [list(column) for column in zip(*rows, strict=True)] or [[], [], []])


@transaction.atomic
def plan_poll(
    *,
    cycle: Cycle,
    name: dict[str, str],
    organisations: list[Organisation],
    opens_at: datetime,
    closes_at: datetime,
    at: datetime,
    by: Person,
    ticket: UUID | None = None,
    people: Sequence[Person] = (),
) -> Poll:
    """Draft a poll over these organisations, or these people, or over none where it will ask questions only. A `ticket` that is
    given twice makes one poll, and the second call returns it.

    Raises PollRefused for times or a sheet that cannot be, PledgeRefused for people who may not be judged.
    """
    rules.check_may_plan(cycle, opens_at, closes_at, at)
    rules.check_units(len(organisations) + len(people))
    check_may_be_judged(cycle=cycle, people=people)
    rules.check_may_run(cycle, [*organisations, *(one.organisation for one in people)], by, at)
    facts = {"cycle": cycle, "name": name, "opens_at": opens_at, "closes_at": closes_at}
    defaults = facts | addresses_of_own(is_of_persons=bool(people))
    row, is_new = Poll.objects.get_or_create(key=ticket or uuid4(), defaults=defaults)
    if not is_new:
        return row
    RatedPerson.objects.bulk_create(
        RatedPerson(poll=row, person=one, organisation=one.organisation, position=position)
        for position, one in enumerate(people, 1)
    )
    RatedOrganisation.objects.bulk_create(
        RatedOrganisation(poll=row, organisation=organisation, position=position)
        for position, organisation in enumerate(organisations, 1)
    )
    done("polls.plan_poll", row, at=at, by=by, name=name)
    return row


def check_may_be_judged(*, cycle: Cycle, people: Sequence[Person]) -> None:
    """Only who committed in public in this cycle and is not on probation is rated, by the cycle's items for persons.

    Asked when a poll is planned, and again when it opens. Raises PledgeRefused.
    """
    if people:
        committed = pledges.people_committed(cycle, people)
        pledge_rules.check_may_be_judged(people, committed, len(cycle.ruleset.person_criteria))


def addresses_of_own(*, is_of_persons: bool) -> dict[str, Any]:
    """What a new poll that rates persons is found by; nothing for one that rates organisations."""
    return {"is_of_persons": True, "booth_key": uuid4()} if is_of_persons else {}


def repeat_sheet(*, old: Poll, new: Poll) -> None:
    """Put the organisations, people and questions of a poll on the sheet of the one in which it is held again."""
    of_either: tuple[Any, ...] = (RatedOrganisation, RatedPerson)
    for rated in of_either:
        rows = list(rated.objects.filter(poll=old).order_by("position"))
        for row in rows:
            row.pk, row.poll = None, new
        rated.objects.bulk_create(rows)
    repeat_questions(old=old, new=new)


@transaction.atomic
def write_question(
    *, poll: Poll, asked: rules.Asked, at: datetime, by: Person, instead_of: SheetQuestion | None = None
) -> SheetQuestion:
    """Put a question on the sheet of a drafted poll, last or `instead_of` one that is there. The same again changes nothing.

    Raises PollRefused, also where a scrutineer or the poll's own people would be concerned by an option, or ConcernRefused.
    """
    row = locked(poll, "cycle__campaign")
    rules.check_drafted(row)
    rules.check_asks_no_question_of_persons(row)
    rules.check_is_not_concerned(row, by, at)
    others = [one for one in queries.questions_of(row) if instead_of is None or one.row.pk != instead_of.pk]
    rules.check_question(asked, len(others))
    typed = [name for one in asked.choices if one.organisation is None for name in one.name.values()]
    rules.check_names_no_person(organisations.names_of_people(typed))
    rules.check_names_no_organisation(organisations.names_of_organisations(typed))
    same = next((one.row for one in others if queries.is_asked(one, asked)), None)
    if same and instead_of is None:
        return same
    position = instead_of.position if instead_of else max((one.row.position for one in others), default=0) + 1
    SheetQuestion.objects.filter(poll=row, position=position).delete()
    made = _keep_question(row, position, asked)
    rules.check_is_not_concerned(row, by, at)
    for scrutineer in queries.scrutineers_of(row):
        rules.check_may_scrutinise(row, scrutineer.person, at)
    done("polls.write_question", row, at=at, by=by, text=asked.text, kind=asked.kind, method=asked.method)
    return made


def _keep_question(poll: Poll, position: int, asked: rules.Asked) -> SheetQuestion:
    said = {"kind": asked.kind, "method": asked.method, "text": asked.text}
    row = SheetQuestion.objects.create(poll=poll, position=position, **said)
    QuestionOption.objects.bulk_create(
        QuestionOption(question=row, position=place, name=one.name, organisation=one.organisation)
        for place, one in enumerate(asked.choices, 1)
    )
    return row


@transaction.atomic
def remove_question(*, poll: Poll, question: SheetQuestion, at: datetime, by: Person) -> None:
    """Take a question off the sheet of a drafted poll. Idempotent. Raises PollRefused or ConcernRefused."""
    row = locked(poll)
    rules.check_drafted(row)
    rules.check_is_not_concerned(row, by, at)
    if SheetQuestion.objects.filter(pk=question.pk, poll=row).delete()[0]:
        done("polls.remove_question", row, at=at, by=by, text=question.text)


def repeat_questions(*, old: Poll, new: Poll) -> None:
    """Put the questions of a poll on the sheet of the one in which it is held again."""
    for one in queries.questions_of(old):
        choices = tuple(rules.Choice(each.name, each.organisation) for each in one.options)
        asked = rules.Asked(one.row.kind, one.row.method, one.row.text, choices)
        _keep_question(new, one.row.position, asked)


@transaction.atomic
def change_times(*, poll: Poll, opens_at: datetime, closes_at: datetime, at: datetime, by: Person) -> Poll:
    """Give a drafted poll another window. Raises PollRefused."""
    row = locked(poll)
    rules.check_drafted(row)
    rules.check_is_not_concerned(row, by, at)
    rules.check_times(opens_at, closes_at, at)
    row.opens_at, row.closes_at = opens_at, closes_at
    row.save(update_fields=["opens_at", "closes_at"])
    done("polls.change_times", row, at=at, by=by, opens_at=instant_text(opens_at), closes_at=instant_text(closes_at))
    return row


def add_pool(
    *,
    poll: Poll,
    name: dict[str, str],
    people: list[Person],
    at: datetime,
    by: Person,
    rater_group: str = "",
    guests: Sequence[rules.Invited] = (),
) -> VoterPool:
    """Add a pool with its roll of members and guests, as part of a group of raters or of none.

    Raises PollRefused below five people (which is put on record, for the result's reader) or if somebody sits in another
    pool already.
    """
    rules.check_drafted(poll)
    rules.check_is_not_concerned(poll, by, at)
    size = len(people) + len(guests)
    try:
        rules.check_pool_size(size)
    except rules.PollRefused:
        first = {"refused_at": at, "refused_by": by}
        RefusedPool.objects.get_or_create(poll=poll, name=name, size=size, defaults=first)
        raise
    with transaction.atomic():
        row = locked(poll)
        rules.check_drafted(row)
        rules.check_in_one_pool(people, set(RollEntry.objects.filter(poll=row).values_list("person_id", flat=True)))
        rules.check_rater_group(row.cycle.ruleset, rater_group)
        pool = new_pool(poll=row, name=name, rater_group=rater_group)
        put_on_roll(pool=pool, voters=[*people, *invite(pool=pool, guests=guests)])
        done("polls.add_pool", row, at=at, by=by, pool=pool.slug, size=size, rater_group=rater_group)
    return pool


def invite(*, pool: VoterPool, guests: Sequence[rules.Invited]) -> list[Guest]:
    """Rows for these guests of a pool whose poll the caller holds; on the roll they are not yet. Raises PollRefused."""
    made = [queries.likeness_of(pool.poll.cycle_id, one) for one in guests]
    known = Guest.objects.filter(poll=pool.poll_id)
    rules.check_invited(guests, set(known.values_list("likeness", flat=True)), made)
    last = known.aggregate(last=Max("position"))["last"] or 0
    return Guest.objects.bulk_create(
        Guest(poll_id=pool.poll_id, pool=pool, position=place, name=one.name, contact=one.contact, likeness=likeness)
        for place, (one, likeness) in enumerate(zip(guests, made, strict=True), last + 1)
    )


def put_on_roll(*, pool: VoterPool, voters: Sequence[Person | Guest]) -> list[RollEntry]:
    """Entries for these voters on the roll of a pool whose poll the caller holds, each with a nonce of its own."""
    return RollEntry.objects.bulk_create(
        RollEntry(
            pool=pool,
            poll_id=pool.poll_id,
            person=one if isinstance(one, Person) else None,
            guest=one if isinstance(one, Guest) else None,
            nonce=secrets.token_bytes(16),
        )
        for one in voters
    )


def repeat_roll(*, old: VoterPool, new: VoterPool) -> None:
    """Put the voters of a pool on the roll of the one in which they are asked again; guests who are forgotten cannot be."""
    entries = queries.entries_of(old.poll, old)
    guests = [rules.Invited(one.guest.name, one.guest.contact) for one in entries if one.guest and one.guest.name]
    people = [one.person for one in entries if one.person]
    put_on_roll(pool=new, voters=[*people, *invite(pool=new, guests=guests)])


def new_pool(*, poll: Poll, name: dict[str, str], rater_group: str) -> VoterPool:
    """An empty pool behind the others."""
    position = (VoterPool.objects.filter(poll=poll).aggregate(last=Max("position"))["last"] or 0) + 1
    return VoterPool.objects.create(
        poll=poll,
        slug=f"pool-{position}",
        name=name,
        position=position,
        rater_group=rater_group,
    )


@transaction.atomic
def delete_poll(*, poll: Poll, at: datetime, by: Person) -> None:
    """Take a drafted poll away with its sheet, pools and keys; the journal keeps that it was there. Raises PollRefused."""
    row = locked(poll)
    rules.check_drafted(row)
    rules.check_is_not_concerned(row, by, at)
    done("polls.delete_poll", row, at=at, by=by, name=row.name)
    row.delete()


@transaction.atomic
def remove_pool(*, poll: Poll, pool: VoterPool, at: datetime, by: Person) -> None:
    """Take a pool back before the poll opens."""
    row = locked(poll)
    rules.check_drafted(row)
    rules.check_is_not_concerned(row, by, at)
    done("polls.remove_pool", row, at=at, by=by, pool=pool.slug)
    pool.delete()


@transaction.atomic
def take_off_rolls(*, people: Iterable[Person], instead: Person | None = None) -> list[tuple[int, int, int | None]]:
    """Take people off the rolls of polls that are not open; or put one `instead` of them, who is on no roll of that poll yet.

    Returns pool, person, and who took the place. Rolls of open and closed polls stay as they are. Idempotent.
    """
    rows = RollEntry.objects.filter(person__in=list(people), poll__state=Poll.State.DRAFTED)
    drafted = Poll.objects.select_for_update().filter(pk__in=rows.values("poll"), state=Poll.State.DRAFTED)
    taken: list[tuple[int, int, int | None]] = []
    for entry in RollEntry.objects.filter(person__in=list(people), poll__in=list(drafted)).order_by("pk"):
        is_replaced = instead and not RollEntry.objects.filter(poll=entry.poll_id, person=instead).exists()
        taken.append((entry.pool_id, entry.person_id or 0, instead.pk if instead and is_replaced else None))
        entry.delete()
        if instead and is_replaced:
            put_on_roll(pool=entry.pool, voters=[instead])
    return taken


@transaction.atomic
def put_back_on_roll(*, pool: int, person: int, instead: int | None) -> None:
    """Undo `take_off_rolls` for one entry, if its poll is still not open and the person is on none of its rolls."""
    row = VoterPool.objects.select_related("poll").filter(pk=pool).first()
    if row is None or locked(row.poll).state != Poll.State.DRAFTED:
        return
    if instead:
        RollEntry.objects.filter(pool=row, person=instead).delete()
    if not RollEntry.objects.filter(poll=row.poll, person=person).exists():
        put_on_roll(pool=row, voters=[Person.objects.get(pk=person)])


@transaction.atomic
def register_scrutineer(*, poll: Poll, person: Person, at: datetime, by: Person) -> PollScrutineer:
    """Register a scrutineer from outside for a drafted poll; twice is once. Raises PollRefused or ConcernRefused."""
    row = locked(poll)
    rules.check_drafted(row)
    rules.check_is_not_concerned(row, by, at)
    rules.check_may_scrutinise(row, person, at)
    registered, is_new = PollScrutineer.objects.get_or_create(poll=row, person=person, defaults={"registered_at": at})
    if is_new:
        done("polls.register_scrutineer", row, at=at, by=by, scrutineer=person)
    return registered


@transaction.atomic
def dismiss_scrutineer(*, poll: Poll, person: Person, at: datetime, by: Person) -> None:
    """Take a registration back while the poll is drafted. Raises PollRefused or ConcernRefused."""
    row = locked(poll)
    rules.check_drafted(row)
    rules.check_is_not_concerned(row, by, at)
    if PollScrutineer.objects.filter(poll=row, person=person).delete()[0]:
        done("polls.dismiss_scrutineer", row, at=at, by=by, scrutineer=person)


def destroy_box(*, poll: Poll) -> bool:
    """Destroy desk and box of a poll that is over, with the key and all files; whether that is done. Idempotent.

    Where it cannot be done now, or not by us, the poll stays "not done" for every reader until it is.
    """
    if not box_actions.destroy_box(poll=poll.key):
        return False
    Poll.objects.filter(pk=poll.pk).update(is_box_destroyed=True)
    poll.is_box_destroyed = True
    return True


def destroy_boxes_left() -> None:
    """Destroy what closes left that were cut off. Idempotent."""
    for poll in queries.polls_with_box_left():
        destroy_box(poll=poll)


def sweep_boxes() -> list[UUID]:
    """Destroy the boxes of openings that were cut off: boxes of no open poll. Idempotent.

    Returns those that are left alone, because another house, or an older state of this one, does not know them.
    """
    with locks.kept(locks.BOX, 0) as is_alone:
        # Not waited for: an opening that is under way waits in turn for its server, which whoever calls this has to start.
        if not is_alone:
            return []
        box_actions.sweep()
        strangers, house = _strangers(), box_queries.watermark_of_house()
        known = {poll: box_queries.watermark(poll) for poll in strangers}
        ours = [poll for poll, then in known.items() if then is None or box_rules.is_same_house(then, house)]
        # A box that was used was no opening that was cut off, whatever a database that was restored on the same server says.
        ours = [poll for poll in ours if not box_queries.is_used(poll)]
        for poll in ours:
            box_actions.destroy_box(poll=poll)
    return sorted(strangers - set(ours))


def _strangers() -> set[UUID]:
    return set(box_queries.polls_with_box()) - {poll.key for poll in queries.open_polls()}


def watch_house(*, at: datetime) -> list[Poll]:
    """Compare how far the house's database is with what each open poll saw last, and remember it there. Once a minute, and at a start.

    A house that is another one, or further back, was restored: marks of issue and states may be missing, so that the poll can only be
    declared void; so can one whose box is gone. Returns the polls of which this was found now.
    """
    house, stopped = box_queries.watermark_of_house(), []
    for poll in queries.open_polls():
        if not box_queries.has_box(poll.key):
            why = Poll.OnlyVoid.NO_BOX.value
        else:
            then = box_queries.watermark(poll.key)
            why = "" if then is None or box_rules.is_same_house(then, house) else Poll.OnlyVoid.RESTORED.value
        if not why:
            box_actions.keep_watermark(poll=poll.key, house=house)
        elif not poll.only_void:
            stopped.append(_stop_for_good(poll, why, at))
    return stopped


def stop_open_polls(*, at: datetime) -> list[Poll]:
    """Every open poll of a house that was just restored can only be declared void, wherever its box is. Idempotent.

    Returns those that were stopped now.
    """
    return [
        _stop_for_good(poll, Poll.OnlyVoid.RESTORED.value, at) for poll in queries.open_polls() if not poll.only_void
    ]


@transaction.atomic
def _stop_for_good(poll: Poll, why: str, at: datetime) -> Poll:
    row = locked(poll)
    row.only_void = why
    row.save(update_fields=["only_void"])
    done("polls.watch_house", row, at=at, by=None, why=why)
    return row

"""What goes around its target: naming the two people who read it, and handing it to the body that the rules name. What they set
aside together is in `setting_aside`.

Nothing here is journalled about a case or its unit, only about the cycle: the journal is read by more than two people.
"""

from collections.abc import Collection, Iterable
from datetime import datetime

from django.db import transaction

from zhengyou.base.deeds import done, locked, two_people
from zhengyou.base.entries import Public
from zhengyou.base.time import local_day
from zhengyou.cases import aside_rules, own_words, reader_queries, rules
from zhengyou.cases.actions import add_step, change_case
from zhengyou.cases.models import Case, CaseGiven, CaseGiving, CaseReader, CaseReading, CaseStep
from zhengyou.identity import rules as identity_rules
from zhengyou.organisations.models import Organisation, Person


@transaction.atomic
def name_reader(*, organisation: Organisation, person: Person, at: datetime, by: Person) -> CaseReader:
    """Name one of the two people who read what goes around its target in the campaigns of this organisation. They read nothing
    before another person of the office has confirmed it, and then what comes from the next day on. Raises CaseRefused,
    RoleRefused.
    """
    day = local_day(at)
    identity_rules.check_is_office_of(by, organisation, day)
    locked(organisation)
    aside_rules.check_stands_outside(person, reader_queries.is_barred(person, organisation, day))
    rules.check_may_be_reader(person, [one.person for one in reader_queries.readers_named(organisation)])
    row = CaseReader.objects.create(organisation=organisation, person=person, named_by=by)
    done("cases.name_reader", organisation, at=at, by=by, person=person)
    return row


@transaction.atomic
def confirm_reader(*, reader: CaseReader, at: datetime, by: Person) -> CaseReader:
    """A second person of the office confirms who is named; that person reads what comes after today. Everybody sees that the
    readers changed.

    Raises CaseRefused, RoleRefused.
    """
    day, row = local_day(at), locked(reader, "organisation", "person")
    identity_rules.check_is_office_of(by, row.organisation, day)
    aside_rules.check_waits_for_a_second(row)
    two_people(row.named_by_id, by, aside_rules.second_office_person_needed())
    aside_rules.check_stands_outside(row.person, reader_queries.is_barred(row.person, row.organisation, day))
    row.from_on, row.confirmed_by = day, by
    row.save()
    public = Public(
        {"readers": len(reader_queries.confirmed_readers(row.organisation))}, about=row.organisation.public_reference
    )
    done("cases.confirm_reader", row.organisation, at=at, by=by, public=public, person=row.person)
    return row


@transaction.atomic
def release_reader(*, reader: CaseReader, at: datetime, by: Person) -> CaseReader:
    """Release one of the two; from then on that person reads none of it. One person of the office asks for it and another one does it,
    since whoever could release both alone could bring readers of their choice. Who reads nothing anyway is released by one. Twice is
    harmless. Raises CaseRefused, RoleRefused.
    """
    day, row = local_day(at), locked(reader, "organisation", "person")
    identity_rules.check_is_office_of(by, row.organisation, day)
    if row.until_on is not None:
        return row
    reads = row.from_on is not None and not reader_queries.is_barred(row.person, row.organisation, day)
    if reads and row.release_asked_by_id is None:
        row.release_asked_by = by
        row.save(update_fields=["release_asked_by"])
        done("cases.ask_release", row.organisation, at=at, by=by, person=row.person)
        return row
    if reads:
        two_people(row.release_asked_by_id, by, aside_rules.second_releaser_needed())
    row.until_on = day
    row.save(update_fields=["until_on"])
    left = len(reader_queries.confirmed_readers(row.organisation))
    public = Public({"readers": left}, about=row.organisation.public_reference) if row.from_on else None
    done("cases.release_reader", row.organisation, at=at, by=by, public=public, person=row.person)
    return row


@transaction.atomic
def keep_reader(*, reader: CaseReader, at: datetime, by: Person) -> CaseReader:
    """Take back that somebody asked for a release, or decline it: one person of the office is enough to leave a reader what they are.

    Twice is harmless. Raises CaseRefused where they are released already, RoleRefused.
    """
    row = locked(reader, "organisation", "person")
    identity_rules.check_is_office_of(by, row.organisation, local_day(at))
    aside_rules.check_reads_still(row)
    if row.release_asked_by_id is not None:
        row.release_asked_by = None
        row.save(update_fields=["release_asked_by"])
        done("cases.keep_reader", row.organisation, at=at, by=by, person=row.person)
    return row


@transaction.atomic
def ask_giving(*, organisation: Organisation, at: datetime, by: Person) -> CaseGiving:
    """Somebody of the office asks that what nobody may read is given to those who are named now. Raises CaseRefused, RoleRefused."""
    day = local_day(at)
    identity_rules.check_is_office_of(by, organisation, day)
    locked(organisation)
    aside_rules.check_waits_for_giving(
        reader_queries.unread_by_anybody(organisation, day).count(), reader_queries.readers_now(organisation, day)
    )
    one = reader_queries.giving_asked(organisation)
    if one is None:
        one = CaseGiving.objects.create(organisation=organisation, asked_by=by, asked_on=day)
        done("cases.ask_giving", organisation, at=at, by=by)
    return one


@transaction.atomic
def confirm_giving(*, giving: CaseGiving, at: datetime, by: Person) -> CaseGiving:
    """A second person of the office gives it: what lay unread on the day of the question, to those who were readers by then. That it
    was done everybody sees, and each reporter. Raises CaseRefused, RoleRefused.
    """
    day, one = local_day(at), locked(giving, "organisation")
    identity_rules.check_is_office_of(by, one.organisation, day)
    aside_rules.check_is_not_given(one)
    two_people(one.asked_by_id, by, aside_rules.second_giver_needed())
    unread = reader_queries.unread_by_anybody(one.organisation, day).filter(turn_on__lte=one.asked_on)
    rows = list(unread.order_by("lookup"))
    readers = [
        row for row in reader_queries.readers_now(one.organisation, day) if row.from_on and row.from_on <= one.asked_on
    ]
    CaseGiven.objects.bulk_create([CaseGiven(giving=one, reader=to, case=row) for to in readers for row in rows])
    one.given_by, one.given_on = by, day
    one.save()
    public = Public({"readers": len(readers)}, about=one.organisation.public_reference)
    done("cases.confirm_giving", one.organisation, at=at, by=by, public=public, readers=[to.person for to in readers])
    return one


@transaction.atomic
def hand_over(*, case: Case, words: str, at: datetime, by: Person) -> Case:
    """One of the two readers hands a case to the body that the rules name: here it ends. Its reporter reads to whom, and the
    words. Raises CaseRefused, ConfidenceRefused.
    """
    row = guarded(case, at, by)
    rules.check_state(row, Case.State.GUARDED)
    words = rules.check_words(words, rules.HANDING_MISSING)
    add_step(case=row, kind=CaseStep.Kind.HANDED, side=CaseStep.Side.READER, at=at, by=by, words=words)
    change_case(case=row, state=Case.State.HANDED, closed_on=local_day(at))
    done("cases.hand_over", row.cycle, at=at, by=by)
    return row


@transaction.atomic
def hand_over_many(*, cases: Iterable[Case], words: str, at: datetime, by: Person) -> int:
    """Hand several of them over at once, with the same words, which are a copy of none; how many. All of them or none. Raises as
    `hand_over` does.
    """
    rows = sorted(cases, key=lambda row: row.pk)
    for row in rows:
        hand_over(case=row, words=words, at=at, by=by)
    own_words.check_copies_none_for_others(rows, words)
    return len(rows)


@transaction.atomic
def note_readings(
    *, cases: Collection[Case], side: str = CaseStep.Side.READER, first_only: bool = False, at: datetime, by: Person
) -> None:
    """Keep that one of the two, or of the office, read these reports; their reporters see it. Once a day for each, or, for what a list
    shows, once for all; twice is harmless.
    """
    day, what = local_day(at), CaseReading.What.REPORT
    rows = CaseReading.objects.filter(case__in=cases, person=by, what=what, **({} if first_only else {"on": day}))
    known = rows.values_list("case", flat=True)
    left = {row.pk for row in cases} - set(known)
    new = [CaseReading(case=row, person=by, what=what, side=side, on=day) for row in cases if row.pk in left]
    CaseReading.objects.bulk_create(new, ignore_conflicts=True)
    for cycle in {one.case.cycle for one in new}:
        done("cases.note_reading", cycle, at=at, by=by, what=what)


@transaction.atomic
def write_guarded_message(*, case: Case, words: str, at: datetime, by: Person) -> Case:
    """One of the two readers writes to the reporter, who reads it by the code. Raises CaseRefused, ConfidenceRefused."""
    row = guarded(case, at, by)
    words = rules.check_words(words, rules.MESSAGE_MISSING)
    add_step(case=row, kind=CaseStep.Kind.MESSAGE, side=CaseStep.Side.READER, at=at, by=by, words=words)
    done("cases.write_guarded_message", row.cycle, at=at, by=by)
    return row


def guarded(case: Case, at: datetime, by: Person) -> Case:
    """The case, locked, for one of the two who read it. Raises ConfidenceRefused."""
    row = locked(case, *reader_queries.RELATED)
    if reader_queries.guarded_case(row.pk, by, local_day(at)) is None:
        raise rules.not_for_you()
    return row

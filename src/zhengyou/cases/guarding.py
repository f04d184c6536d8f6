"""What goes around its target: naming the two people who read it, handing it to the body that the rules name.

Nothing here is journalled about a case or its unit, only about the cycle: the journal is read by more than two people.
"""

from datetime import datetime

from django.db import transaction

from zhengyou.base.deeds import done, locked
from zhengyou.base.time import local_day
from zhengyou.cases import queries, rules
from zhengyou.cases.actions import add_step, change_case
from zhengyou.cases.models import Case, CaseReader, CaseStep
from zhengyou.identity import rules as identity_rules
from zhengyou.organisations.models import Organisation, Person


@transaction.atomic
def name_reader(*, organisation: Organisation, person: Person, at: datetime, by: Person) -> CaseReader:
    """Name one of the two people who read what goes around its target in the campaigns of this organisation.

    Raises CaseRefused, RoleRefused.
    """
    day = local_day(at)
    identity_rules.check_is_office_of(by, organisation, day)
    locked(organisation)
    rules.check_may_be_reader(person, [one.person for one in queries.readers_named(organisation)])
    row = CaseReader.objects.create(organisation=organisation, person=person, from_on=day)
    done("cases.name_reader", organisation, at=at, by=by, person=person)
    return row


@transaction.atomic
def release_reader(*, reader: CaseReader, at: datetime, by: Person) -> CaseReader:
    """Release one of the two; from now on that person reads none of it. Twice is harmless. Raises RoleRefused."""
    day, row = local_day(at), locked(reader, "organisation", "person")
    identity_rules.check_is_office_of(by, row.organisation, day)
    if row.until_on is None:
        row.until_on = day
        row.save(update_fields=["until_on"])
        done("cases.release_reader", row.organisation, at=at, by=by, person=row.person)
    return row


@transaction.atomic
def hand_over(*, case: Case, words: str, at: datetime, by: Person) -> Case:
    """One of the two readers hands a case to the body that the rules name: here it ends. Its reporter reads to whom, and the
    words. Raises CaseRefused, ConfidenceRefused.
    """
    row = _guarded(case, at, by)
    rules.check_state(row, Case.State.GUARDED)
    words = rules.check_words(words, rules.HANDING_MISSING)
    add_step(case=row, kind=CaseStep.Kind.HANDED, side=CaseStep.Side.READER, at=at, by=by, words=words)
    change_case(case=row, state=Case.State.HANDED, closed_on=local_day(at))
    done("cases.hand_over", row.cycle, at=at, by=by)
    return row


@transaction.atomic
def write_guarded_message(*, case: Case, words: str, at: datetime, by: Person) -> Case:
    """One of the two readers writes to the reporter, who reads it by the code. Raises CaseRefused, ConfidenceRefused."""
    row = _guarded(case, at, by)
    words = rules.check_words(words, rules.MESSAGE_MISSING)
    add_step(case=row, kind=CaseStep.Kind.MESSAGE, side=CaseStep.Side.READER, at=at, by=by, words=words)
    done("cases.write_guarded_message", row.cycle, at=at, by=by)
    return row


def _guarded(case: Case, at: datetime, by: Person) -> Case:
    row = locked(case, *queries.RELATED)
    if queries.guarded_case(row.pk, by, local_day(at)) is None:
        raise rules.not_for_you()
    return row

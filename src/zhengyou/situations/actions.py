"""A unit tells everybody how things stand; anybody says something to it. Nothing is ever changed."""

import uuid
from datetime import datetime

from django.db import transaction

from zhengyou.base.deeds import done, locked
from zhengyou.base.entries import UNIT, Erasable, Public
from zhengyou.base.files import store_photo
from zhengyou.base.numbers import next_number
from zhengyou.base.once import once_of
from zhengyou.base.time import local_day, start_of_day
from zhengyou.campaigns import rules as campaign_rules
from zhengyou.campaigns.calendar import Calendar
from zhengyou.campaigns.models import Cycle
from zhengyou.campaigns.ruleset import Purpose
from zhengyou.identity import rules as identity_rules
from zhengyou.organisations import actions as organisation_actions
from zhengyou.organisations.models import Organisation, Person
from zhengyou.remarks import actions as remarks
from zhengyou.remarks.models import Remark
from zhengyou.remarks.rules import Arrival
from zhengyou.situations import queries, rules
from zhengyou.situations.models import SituationReport


@transaction.atomic
def publish_report(
    *,
    cycle: Cycle,
    organisation: Organisation,
    title: str,
    text: str,
    at: datetime,
    by: Person,
    ticket: uuid.UUID | None = None,
    as_clerk: bool = False,
) -> SituationReport:
    """Publish one report under the unit's next number of the year. Sent twice is once.

    Raises RoleRefused, StageRefused, OutsideRefused, SituationRefused.
    """
    day = local_day(at)
    identity_rules.check_acts_for(by, organisation, day, as_clerk=as_clerk)
    campaign_rules.check_takes_part(cycle, organisation)
    Calendar.of(cycle).check_begun(Purpose.FULFIL, day)
    said = rules.check_report(title, text)
    unit = locked(organisation)  # the same form twice waits here
    once = once_of(ticket, unit.reference, *said.values())
    if known := SituationReport.objects.filter(once=once).first():
        return known
    number = next_number(f"situation-{unit.pk}", day.year)
    made = {"year": day.year, "number": number, "once": once, "published_at": at, "published_by": by, **said}
    row = SituationReport.objects.create(cycle=cycle, organisation=unit, **made)
    organisation_actions.make_findable(queries.searchable([row]))
    told = {"number": [row.year, row.number], "title": row.title, "text": Erasable(row.text, is_public=True)}
    public = Public(told, about=unit.public_reference, by=UNIT)
    behalf = unit if as_clerk else None
    done("situations.publish_report", row, at=at, by=by, on_behalf_of=behalf, public=public, title=row.title)
    return row


@transaction.atomic
def say_to_report(
    *, report: SituationReport, words: str, at: datetime, arrival: Arrival | None, photo: bytes | None = None
) -> Remark:
    """Take what anybody says to a report, by the one door for anybody's words. Raises StageRefused, SituationRefused, RemarkRefused."""
    campaign_rules.check_under_way(report.cycle)
    remark = remarks.take_remark(
        subject=report,
        heading=report.title,
        kind=queries.REMARK,
        cycle=report.cycle,
        organisation=report.organisation,
        words=rules.check_words(words),
        photo=store_photo(photo, at=start_of_day(at)) if photo else None,
        arrival=arrival,
        at=at,
    )
    done("situations.say_to_report", report, at=start_of_day(at), by=None, remark=remark.pk)
    return remark

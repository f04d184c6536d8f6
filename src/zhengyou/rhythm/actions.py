"""Deeds that take several rooms: a poll is closed by `counting` and its result computed by `standings`; the search made anew."""

from datetime import datetime

from django.db import transaction

from zhengyou.awards import queries as awards
from zhengyou.base import locks, searching
from zhengyou.base.deeds import done, locked
from zhengyou.base.time import local_day
from zhengyou.campaigns import actions as campaigns
from zhengyou.campaigns.models import Campaign, Cycle
from zhengyou.carriers import queries as carriers
from zhengyou.cases import effects as case_effects
from zhengyou.cases import queries as cases
from zhengyou.cases import reporting as cases_reporting
from zhengyou.cases import tallies as case_tallies
from zhengyou.commitments import queries as commitments
from zhengyou.consultation import queries as consultation
from zhengyou.counting import actions as counting
from zhengyou.identity import rules as identity_rules
from zhengyou.notices import queries as notices
from zhengyou.organisations import actions as organisation_actions
from zhengyou.organisations import queries as organisations
from zhengyou.organisations.models import Person
from zhengyou.polls.models import Poll
from zhengyou.rhythm import queries
from zhengyou.rolls import actions as rolls
from zhengyou.roster import actions as roster
from zhengyou.situations import queries as situations
from zhengyou.standings import actions as standings
from zhengyou.standings import queries as results
from zhengyou.vows import actions as vows
from zhengyou.windows import actions as windows
from zhengyou.windows import queries as window_queries


@transaction.atomic
def close_cycle(*, cycle: Cycle, at: datetime, by: Person) -> Cycle:
    """The second person closes a cycle in which nothing is open but what was marked to go on. Twice is harmless.

    Raises CloseRefused with how much is open, StageRefused.
    """
    row = locked(cycle, "campaign__organisation")
    things = queries.open_in(row)
    staying = {one.about for one in things if not one.may_go_on}
    return campaigns.close_cycle(cycle=row, open_things=[one.about for one in things], staying=staying, at=at, by=by)


@transaction.atomic
def make_secretaries_responsible(*, campaign: Campaign, at: datetime, by: Person) -> int:
    """Wherever nobody answers for a unit of the campaign, its secretary does from today on. How many; where there is no
    secretary nothing changes. Idempotent. Raises RoleRefused.
    """
    day = local_day(at)
    identity_rules.check_is_office_of(by, campaign.organisation, day)
    lacking = organisations.organisations_without_responsible(day, campaign.organisation)
    named = roster.let_heads_answer(units=lacking, at=at, by=by)
    if named:
        done("rhythm.make_secretaries_responsible", campaign, at=at, by=by, units=named)
    return named


def check_close_and_count(*, poll: Poll, at: datetime, by: Person) -> None:
    """Whether this person may close and count the poll now, or count what a cut-off close left. Raises as that would."""
    row = Poll.objects.get(pk=poll.pk)
    if row.state == Poll.State.CLOSED and not results.polls_with_result([row]):
        standings.check_compute(poll=row, at=at, by=by)
    else:
        counting.check_close(poll=row, at=at, by=by)


def close_and_count(*, poll: Poll, at: datetime, by: Person) -> Poll:
    """The second person closes the poll, and its first result is computed. Returns the poll as it then stands.

    Counting opens and counts, standings says what may be published of it all, counting writes the record with that answer.
    Two transactions, because the box must be empty before anything is computed from its record. What a crash between them
    left undone is done when the deed is asked for again: a closed poll without a result gets one. Raises what
    `counting.actions.close_poll` and `standings.actions.compute_result` raise; a poll that has both is not closed again.
    """
    row = Poll.objects.get(pk=poll.pk)
    if row.state != Poll.State.CLOSED or results.polls_with_result([row]):
        row = counting.close_poll(poll=row, at=at, by=by, judge=standings.JUDGE)
    if row.is_of_persons:  # its figures are kept at the close, for those whom they concern
        return row
    standings.compute_result(poll=row, at=at, by=by)
    return row


def forget(*, at: datetime) -> None:
    """Forget what the rooms promised to forget by now: the guests of polls that are over, what members promised in cycles that
    ended a year ago, how reporters of cases are reached, what windows noted of earlier days. What reporters said on earlier days
    stands in their cases; what was reported in weeks that are over is entered in public as a number, and what is odd about their
    marks at windows is flagged; what became public by itself is found. Again and again, by the worker. Idempotent.
    """
    rolls.forget_guests(at=at)
    vows.take_off(at=at)
    windows.forget_watches(at=at)
    case_effects.settle(at=at)
    windows.flag_weeks(at=at)
    cases_reporting.forget_contacts(at=at)
    cases_reporting.count_weeks(at=at)
    case_tallies.keep()
    find_what_became_public(at=at)


@transaction.atomic
def find_what_became_public(*, at: datetime) -> None:
    """What everybody may read because its day has come, or because its campaign was launched, is found from then on. No deed tells
    of that moment, so the worker looks again and again. Idempotent.
    """
    there = [
        *carriers.searchable(carriers.every_public_carrier()),
        *consultation.searchable(consultation.public_plans(local_day(at))),
    ]
    if new := searching.unknown(there):
        organisation_actions.make_findable(new)


@transaction.atomic
def rebuild_search(*, at: datetime, by: Person | None) -> int:
    """Make the table of the search anew from what the rooms hold; how many things it has. Whoever publishes waits meanwhile.

    The table made anew equals the one that deeds write. It is needed where a later version finds things by other words.
    """
    locks.alone(locks.TREE)
    things = [
        *organisations.searchable(organisations.living_organisations()),
        *commitments.searchable(commitments.every_published_promise()),
        *situations.searchable(situations.reports()),
        *window_queries.searchable(window_queries.points()),
        *carriers.searchable(carriers.every_public_carrier()),
        *consultation.searchable(consultation.public_plans(local_day(at))),
        *cases.searchable(cases.public_cases()),
        *notices.searchable(notices.notices(at)),
        *awards.searchable(awards.honours_register()),
    ]
    places = organisations.names_upward(thing.place for thing in things if thing.place is not None)
    count = searching.replace(things, places)
    done("rhythm.rebuild_search", "search", at=at, by=by, count=count)
    return count

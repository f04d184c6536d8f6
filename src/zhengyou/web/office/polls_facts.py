"""What the office's page of a poll shows: its steps with what is next, and the facts of each. Also the way all poll pages fetch it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from zhengyou.ballots import queries as ballot_queries
from zhengyou.ballots.rules import FEWEST_TO_CLOSE
from zhengyou.base import jobs
from zhengyou.base.words import in_readers_words
from zhengyou.counting import queries as counting_queries
from zhengyou.identity import rules as identity
from zhengyou.organisations import queries as organisations
from zhengyou.organisations.models import Person
from zhengyou.polls import actions as poll_actions
from zhengyou.polls import queries as poll_queries
from zhengyou.polls.models import Poll, PollScrutineer, VoterPool
from zhengyou.polls.rules import FEWEST_SCRUTINEERS, PlannedPool, foresee, foresee_of_persons
from zhengyou.roster import queries as roster
from zhengyou.scrutiny import queries as scrutiny
from zhengyou.standings import queries as standings
from zhengyou.web.office.polls_forms import ReasonForm
from zhengyou.web.shared import clock, doors, job_parts
from zhengyou.web.shared.question_words import questions_in_words

of_poll = doors.fetched("key", poll_queries.poll_with_key)


def back_to(row: Poll) -> tuple[str, UUID]:
    """The address of a poll's page, which most deeds lead back to."""
    return "office-poll", row.key


def facts_of(row: Poll, person: Person) -> dict[str, Any]:
    """Everything the page of a poll shows to this person of the office."""
    now = clock.now()
    rated, questions = poll_queries.rated_units(row), poll_queries.questions_of(row)
    free = poll_queries.people_who_may_run(row, now)
    may_run = person in free
    sizes = poll_queries.pool_sizes(row)
    facts = {
        "poll": row,
        "title": in_readers_words(row.name),
        "units": [] if row.is_of_persons else rated,
        "people": rated if row.is_of_persons else [],
        "questions": questions_in_words(questions),
        "unasked": row.cycle.ruleset.unasked_groups,
        "now": now,
        "is_over": now >= row.closes_at,
        "may_run": may_run,
        "concern": "" if may_run else _concern(row, person),
        "who_may": [one.name for one in free],
        "is_understaffed": len(free) < FEWEST_TO_CLOSE and row.state in (Poll.State.DRAFTED, Poll.State.OPENED),
        "scrutineers": poll_queries.scrutineers_of(row),
        "extensions": [] if row.state == Poll.State.DRAFTED else poll_queries.extensions_of([row]).get(row.pk, []),
        "jobs": _jobs(row, person, may_act=may_run),
        **_aftermath(row),
    }
    facts |= _pools(row, person, sizes, may_run=may_run, now=now)
    _join_letters(facts)
    facts["foreseen"] = [] if row.is_over else _foreseen(row, facts["pools"])
    sheet = poll_queries.lines_with(row, rated, questions)
    facts |= _keys(row, sheet, [pool["row"] for pool in facts["pools"]], sizes)
    return facts | _steps(row, facts)


def _join_letters(facts: dict[str, Any]) -> None:
    """Each pool with the job of its letters."""
    for pool in facts["pools"]:
        pool["letters"] = facts["jobs"]["letters"].get(pool["row"].slug)


def _foreseen(row: Poll, pools: list[dict[str, Any]]) -> list[str]:
    """What will not come out, said while the pools can still be changed and until the close."""
    planned = [PlannedPool(pool["row"].name, pool["row"].rater_group, pool["size"]) for pool in pools]
    if row.is_of_persons:
        return foresee_of_persons(row.cycle.ruleset, planned, [one.name for one in poll_queries.rated_people(row)])
    return foresee(row.cycle.ruleset, planned)


def section_of(row: Poll, section: str) -> str:
    """The address of one section of a poll's page, where its jobs are looked at."""
    return f"{reverse('office-poll', args=[row.key])}#{section}"


def _jobs(row: Poll, person: Person, *, may_act: bool) -> dict[str, Any]:
    """The newest job of each kind, by its slug; `letters` are by pool. `are_under_way` says whether the page asks again."""
    newest = jobs.newest(row.reference)
    drawn = dict(zip(newest, job_parts.drawn(newest.values(), person, may_act=may_act), strict=True))
    letters = {part: job for (kind, part), job in drawn.items() if kind == "letters"}
    facts = {kind: job for (kind, _part), job in drawn.items() if kind != "letters"}
    # Without this, a template that asks for `jobs.keys` where there is none gets the dictionary's own method.
    return (
        {"keys": None}
        | facts
        | {"letters": letters, "are_under_way": any(job.row.is_under_way for job in drawn.values())}
    )


def _concern(row: Poll, person: Person) -> str:
    judged = poll_queries.judged_organisations(row)
    tie = organisations.ties_to([person], judged, row.cycle.campaign.organisation, clock.today()).get(person.pk)
    return str(identity.concern_sentence(person, tie)) if tie else ""


Sizes = dict[int, tuple[int, int]]


def _pools(row: Poll, person: Person, sizes: Sizes, *, may_run: bool, now: datetime) -> dict[str, Any]:
    is_told = may_run and row.state == Poll.State.OPENED
    rows = poll_actions.read_turnout(poll=row, at=now, by=person) if is_told else poll_queries.pools_of(row)
    read = [pool.turnout_shown_at for pool in rows if pool.turnout_shown_at]
    groups = {one.id: one.name for one in (*row.cycle.ruleset.rater_groups, *row.cycle.ruleset.joint_groups)}
    return {
        "pools": [
            {"row": pool, "size": sizes.get(pool.pk, (0, 0))[0], "group": groups.get(pool.rater_group)} for pool in rows
        ],
        "tells_turnout": is_told,
        "left_since": roster.left_since(row),
        "turnout_read_at": max(read, default=None),
    }


def _keys(row: Poll, sheet: list[dict[str, Any]], pools: list[VoterPool], sizes: Sizes) -> dict[str, Any]:
    if row.state != Poll.State.DRAFTED:
        return {}
    needed = len(sheet) * len(pools)
    waiting = ballot_queries.pools_waiting_for_issuer(row, pools, sizes, sheet)
    return {
        "issuers_awaited": [in_readers_words(pool.name) for pool in waiting],
        "keys_needed": needed,
        "keys_made": needed - ballot_queries.keys_missing(pools, sheet),
    }


def _aftermath(row: Poll) -> dict[str, Any]:
    """What there is once a poll is over."""
    if row.state not in (Poll.State.CLOSED, Poll.State.VOIDED):
        return {}
    is_closed = row.state == Poll.State.CLOSED
    return {
        "result": standings.newest_result(row) if is_closed else None,
        "reason_form": ReasonForm(),
        "recount": scrutiny.recount_by_scrutineers(row) if is_closed else None,
        "turnout": counting_queries.turnout_of_record(row) if is_closed else counting_queries.turnout_of_void(row),
        "to_repeat": counting_queries.pools_to_repeat(row),
        "again": poll_queries.repetitions_of([row]).get(row.pk),
    }


def _are_scrutineers_ready(registered: list[PollScrutineer]) -> bool:
    return len(registered) >= FEWEST_SCRUTINEERS and all(one.tried_at for one in registered)


def _steps(row: Poll, facts: dict[str, Any]) -> dict[str, Any]:
    """The steps of a poll, each with whether it is done; `next` is the first that is not."""
    is_drafted, is_closed = row.state == Poll.State.DRAFTED, row.state == Poll.State.CLOSED
    has_keys = bool(facts.get("keys_needed")) and facts.get("keys_made") == facts.get("keys_needed")
    steps = [
        ("sheet", _("Sheet and times"), bool(facts["units"] or facts["people"] or facts["questions"])),
        ("pools", _("Pools of voters"), bool(facts["pools"])),
        ("scrutineers", _("Scrutineers"), not is_drafted or _are_scrutineers_ready(facts["scrutineers"])),
        ("opening", _("Keys and opening"), not is_drafted),
        ("voting", _("Announcing and voting"), not is_drafted and facts["is_over"]),
        ("closing", _("Closing by two people"), is_closed),
        ("recount", _("Recount by the scrutineers"), is_closed and facts["recount"]["verdict"] == "agreed"),
    ]
    if row.state == Poll.State.VOIDED:
        return {"steps": [], "next": None}
    next_ = next((slug for slug, _title, is_done in steps if not is_done), None)
    shown = [{"slug": slug, "title": title, "is_done": done, "is_next": slug == next_} for slug, title, done in steps]
    return {"steps": shown, "next": next_, "has_keys": has_keys}

"""The register of background jobs. Each calls one action of a room, in steps; what runs them is procrastinate's worker.

Who may ask for a job may stop it and try it again. How a job is asked for and run is `base/jobs` and `base/job_runs`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from hashlib import sha256
from typing import Any, TypeVar
from uuid import UUID

from asgiref.sync import sync_to_async
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy
from procrastinate import JobContext
from procrastinate.contrib.django import app

from zhengyou.ballots import actions as ballots
from zhengyou.ballots import rules as ballot_rules
from zhengyou.base import job_files, job_runs
from zhengyou.base import jobs as base
from zhengyou.base.job_runs import Clock, Steps
from zhengyou.base.models import Job
from zhengyou.base.refusals import Refused
from zhengyou.base.time import local_day
from zhengyou.base.words import in_readers_words
from zhengyou.campaigns import packs
from zhengyou.counting import actions as counting
from zhengyou.counting import rules as counting_rules
from zhengyou.documents import actions as documents
from zhengyou.identity import actions as identity
from zhengyou.identity import queries as accounts
from zhengyou.identity import rules as identity_rules
from zhengyou.organisations import actions as lists
from zhengyou.organisations import queries as organisations
from zhengyou.organisations import vocabulary
from zhengyou.organisations.importing import drafts, workbooks
from zhengyou.organisations.models import ImportDraft, Person
from zhengyou.polls import queries as polls
from zhengyou.polls import rules as poll_rules
from zhengyou.polls.models import Poll, VoterPool
from zhengyou.rhythm import actions as rhythm
from zhengyou.rolls import queries as rolls
from zhengyou.roster import imports as roster_imports
from zhengyou.roster import taking_back
from zhengyou.standings import actions as standings
from zhengyou.standings import queries as results
from zhengyou.windows import actions as window_actions
from zhengyou.windows import queries as windows
from zhengyou.windows import rules as window_rules
from zhengyou.windows.models import ServicePoint

LIST, ACCOUNTS, SLIPS = "list", "accounts", "slips"  # the kinds whose files are their asker's alone
OWN = {LIST: _("The list as a file"), ACCOUNTS: _("Letters with accounts"), SLIPS: _("Slips with slip codes")}
# About an import: its file is read, its rows are written, what it changed is taken back.
READ_IN, WRITE_IN, TAKE_BACK = IMPORTS = "read-in", "write-in", "take-back"
OTHERS = OWN | {READ_IN: _("Reading the file"), WRITE_IN: _("Importing the rows"), TAKE_BACK: _("Taking it back")}
# Up to here a job is short: some ten seconds on the machine we have in mind. Keys, people on a roll, bytes of a file, its rows, passwords.
SHORT_KEYS, SHORT_ROLL, SHORT_FILE, SHORT_ROWS, SHORT_ACCOUNTS = 50, 300, 100_000, 1_000, 30
LONGEST_NAME = 60  # of a file, without its ending

Row = TypeVar("Row")
Answer = Callable[[str, Person], bytes]  # the file that a page gives to a person, by its address


@dataclass(frozen=True)
class JobKind:
    """One kind of job: what it is called, who may have it done to a poll, its steps, and whether it is short for this poll.

    One that is a single step cannot be stopped once it runs.
    """

    slug: str
    title: Any
    check: Callable[[Poll, datetime, Person | None], None]
    act: Callable[[Job, datetime], Steps]
    is_short: Callable[[Poll, VoterPool | None, dict[str, Any]], bool]
    is_one_step: bool = False
    asks_first: bool = False  # what it does cannot be taken back, so it is not tried again by one press
    stopped: Any = None  # what is said of one that was stopped, if not what is said of all


def ask(
    slug: str, poll: Poll, *, at: datetime, by: Person | None, page: str, pool: VoterPool | None = None, **given: Any
) -> Job:
    """Have something done to a poll by a worker; asked twice at once is one job. Refuses, by an exception, what the deed itself would.

    `page` is where its asker looks at it. `given` must hold no secret.
    """
    kind, part = KINDS[slug], pool.slug if pool else ""
    kind.check(poll, at, by)
    made = base.newest(poll.reference).get((slug, part))
    if made and not made.taken_at and job_files.until(made, at):
        raise base.JobRefused(
            _("This was made already and waits for the person who asked for it. It is deleted within the hour."),
            reason="job.not-taken",
        )
    facts = {"poll": str(poll.key), **given}
    is_short = kind.is_short(poll, pool, given)
    return base.ask(kind=slug, about=poll, part=part, given=facts, page=page, at=at, by=by, is_short=is_short)


def ask_for_list(*, address: str, name: str, page: str, at: datetime, by: Person) -> Job:
    """Have the list at this address written into a file of this name for this person; the same list twice at once is one job."""
    given = {"address": address, "name": name}
    return base.ask(
        kind=LIST, about=by, part=sha256(address.encode()).hexdigest(), given=given, page=page, at=at, by=by
    )


def ask_for_account_letters(
    *, people: list[int], paper: str, languages: list[str], address: str, page: str, at: datetime, by: Person
) -> Job:
    """Have letters made by which these people, by id, sign in for the first time; the same letters twice at once are one job.

    Earlier passwords stop working once the file lies there whole. Raises what refuses it to this person.
    """
    holders = list(accounts.people_with_posts(people, local_day(at)))
    identity_rules.check_somebody_gets_letters(holders)
    for person in holders:
        identity_rules.check_may_change_account(person, by, local_day(at))
    given = {"people": people, "paper": paper, "languages": languages, "address": address}
    part = sha256(",".join(map(str, people)).encode()).hexdigest()
    is_short = len(people) <= SHORT_ACCOUNTS
    return base.ask(kind=ACCOUNTS, about=by, part=part, given=given, page=page, at=at, by=by, is_short=is_short)


def ask_for_slips(*, point: ServicePoint, count: int, address: str, page: str, at: datetime, by: Person) -> Job:
    """Have slips with one-time codes of a window made into a file; the same number twice at once is one job. `address` is printed
    on them. Raises what refuses it to this person.
    """
    window_rules.check_may_add_codes(point, count, by, local_day(at))
    language = translation.get_language() or ""
    given = {"point": point.pk, "count": count, "address": address, "language": language}
    return base.ask(kind=SLIPS, about=by, part=f"{point.pk}-{count}", given=given, page=page, at=at, by=by)


@transaction.atomic
def ask_to_read(*, draft: ImportDraft, data: bytes, page: str, at: datetime, by: Person) -> Job:
    """Have the file of an import read. It lies beside the jobs' files until that is done."""
    job = base.ask(kind=READ_IN, about=draft, page=page, at=at, by=by, is_short=len(data) <= SHORT_FILE)
    job_files.hand_in(job, data)
    return job


def ask_to_write(*, draft: ImportDraft, seen: str, page: str, at: datetime, by: Person) -> Job:
    """Have the rows of an import written as its preview showed them; pressed twice it is one job."""
    is_short = len(draft.rows) <= SHORT_ROWS
    return base.ask(kind=WRITE_IN, about=draft, given={"seen": seen}, page=page, at=at, by=by, is_short=is_short)


def ask_to_take_back(*, draft: ImportDraft, page: str, at: datetime, by: Person) -> Job:
    """Have all that an import changed taken back; pressed twice it is one job."""
    return base.ask(kind=TAKE_BACK, about=draft, page=page, at=at, by=by)


def import_job_of(draft: ImportDraft) -> Job | None:
    """The newest job about an import, or None."""
    return max(base.newest(draft.reference).values(), key=lambda job: job.pk, default=None)


def own_job_of(number: int, person: Person) -> Job | None:
    """The job by which this person has a file made for themselves, or None."""
    job = base.job_with_number(number)
    return job if job and job.kind in OWN and job.by == person.reference else None


def title_of(job: Job) -> Any:
    """What a job is called, for people."""
    return OTHERS[job.kind] if job.kind in OTHERS else KINDS[job.kind].title


def stop(*, job: Job, at: datetime, by: Person) -> Job:
    """Stop a job before its next step. Raises what refuses the deed itself to this person, and JobRefused where it is too late."""
    check_may_act(job, at, by)
    if job.is_under_way and not job.is_stop_asked and not can_be_stopped(job):
        raise base.JobRefused(
            _("This is done in one piece and has begun. It cannot be stopped any more; wait until it is done."),
            reason="job.cannot-be-stopped",
        )
    return base.stop(job=job, at=at)


def can_be_stopped(job: Job) -> bool:
    """Whether a job can still be stopped: not twice, and not in the middle of its only step."""
    is_one_step = job.kind not in (READ_IN, ACCOUNTS, SLIPS) and (job.kind in OTHERS or KINDS[job.kind].is_one_step)
    has_begun = job.state == Job.State.RUNNING and is_one_step
    return job.is_under_way and not job.is_stop_asked and not has_begun


def can_be_tried_again(job: Job) -> bool:
    """Whether pressing a button does a job once more; what cannot be taken back is asked for anew."""
    return job.kind == LIST or (job.kind in KINDS and not KINDS[job.kind].asks_first)


def stopped_words(job: Job) -> Any:
    """What became of a job that was stopped, for people."""
    if job.kind == ACCOUNTS:
        return _("stopped. No letter was made, and everybody’s password is the one of before.")
    if job.kind == SLIPS:
        return _("stopped. No slip was made.")
    own = None if job.kind in OTHERS else KINDS[job.kind].stopped
    return own or _("stopped. What was finished stays, nothing half-done is left.")


def ask_again(*, job: Job, at: datetime, by: Person) -> Job:
    """Try a job once more that failed or was stopped. Raises what refuses the deed itself to this person now, and JobRefused
    for what asks first: it is asked for anew.
    """
    check_may_act(job, at, by)
    if not can_be_tried_again(job):
        raise base.JobRefused(_("This is not tried again by one press. Ask for it anew."), reason="job.ask-anew")
    return base.ask_again(job=job, at=at)


def job_of_office(number: int) -> Job | None:
    """A job that a page of the office shows, or None."""
    job = base.job_with_number(number)
    return job if job and (job.kind in KINDS or job.kind in IMPORTS) else None


def check_may_act(job: Job, at: datetime, by: Person) -> None:
    """Who is concerned by a poll has no part in its jobs, whatever state the poll is in meanwhile; a list is its asker's.

    Raises ConcernRefused or JobRefused.
    """
    if job.kind in OWN:
        if job.by != by.reference:
            raise base.JobRefused(_("Somebody else asked for this file."), reason="job.not-yours")
        return
    if job.kind not in IMPORTS:  # those are anybody’s in the office
        poll_rules.check_is_not_concerned(_poll(job), by, at)


def _prepare_keys(job: Job, _at: datetime) -> Steps:
    poll = _poll(job)
    needed = len(polls.pools_of(poll)) * len(polls.sheet_lines(poll))
    missing = ballots.prepare_keys(poll=poll, count=0)
    while missing:
        yield needed - missing, needed
        missing = ballots.prepare_keys(poll=poll, count=1)
    return ngettext_lazy("%(n)d key is ready.", "%(n)d keys are ready.", needed) % {"n": needed}


def _make_letters(job: Job, at: datetime) -> Steps:
    """The codes work only once the file lies there whole; until then the earlier ones do."""
    poll, pool = _poll(job), _pool(job)
    if job.file:  # cut off between the last step and the end
        return _letters_are_made(job)
    languages, chosen = job.given["languages"], job.given.get("entries")
    wanted = None if chosen is None else set(chosen)
    lines = [line for line in rolls.lines_of(pool) if wanted is None or line.pk in wanted]
    write = partial(
        documents.write_code_letters, draw=render_to_string, poll=poll, pool=pool, lines=lines, languages=languages,
        address=job.given["address"], at=at,
    )  # fmt: skip
    with translation.override(languages[0]):
        name = " - ".join(in_readers_words(name)[: LONGEST_NAME // 2] for name in (poll.name, pool.name))

    def take(made: Any) -> None:
        ballots.replace_poll_codes(poll=poll, made=made, at=at, by=_asker(job))

    yield from job_files.into_file(job, f"{name}.html", write, take, earlier=job_files.drop_earlier)
    return _letters_are_made(job)


def _letters_are_made(job: Job) -> Any:
    if "entries" in job.given:
        return _("The letters are made. If these people had codes before, those do not work any more.")
    return _("The letters are made. If this pool had codes before, those do not work any more.")


def _close_and_count(job: Job, at: datetime) -> Steps:
    poll = _poll(job)
    if poll.state != Poll.State.CLOSED or not results.polls_with_result([poll]):
        yield 0, 1
        rhythm.close_and_count(poll=poll, at=at, by=_asker(job))
    if poll.is_of_persons:
        return _(
            "The appraisal is closed and its record is written. Who was rated reads the result at their desk, and so do those who "
            "lead them; nobody else does."
        )
    return _("The appraisal is closed and its record is written. The result is computed. Anybody can check both now.")


def _compute_result(job: Job, at: datetime) -> Steps:
    poll, earlier = _poll(job), job.given["earlier"]
    yield 0, 1
    result = standings.compute_result(poll=poll, at=at, by=_asker(job), reason=job.given["reason"])
    if earlier is None:
        return _("The result is computed.")
    if result.number == earlier:
        sentence = _(
            "The record gives the same figures again: result number %(number)d stays, and no reason is published."
        )
    else:
        sentence = _("Result number %(number)d is computed. It is published with your reason beside the earlier ones.")
    return sentence % {"number": result.number}


def _pack_record(job: Job, _at: datetime) -> Steps:
    yield 0, 1
    counting.pack_record(poll=_poll(job))
    return _("The record is packed into one file.")


def _write_list(job: Job, answer: Answer) -> Steps:
    yield 0, 1
    data = answer(job.given["address"], _asker(job))
    with job_files.written(job) as file:
        file.write(data)
    Job.objects.filter(pk=job.pk).update(file=job.given["name"])
    return _("The list is written.")


def _make_account_letters(job: Job, at: datetime) -> Steps:
    """The passwords work only once the file lies there whole; until then the earlier ones do."""
    by, given = _asker(job), job.given
    done = _("The letters are made. Earlier passwords of these people do not work any more.")
    if job.file:  # cut off between the last step and the end
        return done
    people = accounts.people_to_write_to(given["people"], local_day(at))
    write = partial(
        documents.write_account_letters, draw=render_to_string, people=people, logins_at=given["address"],
        paper=given["paper"], languages=given["languages"], at=at,
    )  # fmt: skip
    whose = next((office.name for office in organisations.offices_of(by, local_day(at))), "")
    name = _file_name(job, whose, given["languages"][0], at)
    yield from job_files.into_file(job, name, write, lambda made: identity.open_accounts(passwords=made, at=at, by=by))
    return done


def _make_slips(job: Job, at: datetime) -> Steps:
    """The codes count only once the file lies there whole."""
    given, done = job.given, _("The slips are made. Print them and delete the file.")
    if job.file:  # cut off between the last step and the end
        return done
    point = _there(windows.point_with_id(given["point"]))
    write = partial(
        documents.write_slips, draw=render_to_string, point=point, count=given["count"], address=given["address"],
        language=given["language"], at=at,
    )  # fmt: skip
    add = partial(window_actions.add_codes, point=point, at=at, by=_asker(job))
    name = _file_name(job, point.name, given["language"], at)
    yield from job_files.into_file(job, name, write, lambda made: add(made=made))
    return done


def _file_name(job: Job, whose: str, language: str, at: datetime) -> str:
    """What a file is called that lies among others on somebody's machine: what it is, whose, of which day."""
    with translation.override(language or None):
        what = str(title_of(job))
    return " - ".join(part for part in (what, whose[: LONGEST_NAME // 2], f"{local_day(at)}") if part) + ".html"


def _read_file(job: Job, at: datetime) -> Steps:
    draft, steps = _import(job), 3
    try:
        yield 0, steps
        sheets = workbooks.read_sheets(job_files.handed_in(job))
        yield 1, steps
        foreign = packs.headings_of_others(organisations.pack_of_house())
        reading = drafts.reading_of(sheets, draft.what, foreign)
        yield 2, steps
        lists.fill_draft(draft=draft, reading=reading, at=at, by=_asker(job))
    except Refused:
        job_files.drop(job)
        raise
    job_files.drop(job)
    return ngettext_lazy("%(n)d row was read.", "%(n)d rows were read.", (n := len(reading.rows))) % {"n": n}


def _write_rows(job: Job, at: datetime) -> Steps:
    yield 0, 4
    draft = _import(job)
    if draft.applied_at is None:  # else a worker was cut off after it had written
        with job_runs.told_beside(job) as told:
            roster_imports.confirm_import(draft=draft, seen=job.given["seen"], at=at, by=_asker(job), told=told)
    return _("The rows are imported.")


def _take_back(job: Job, at: datetime) -> Steps:
    yield 0, 4
    with job_runs.told_beside(job) as told:
        taking_back.take_back_import(draft=_import(job), at=at, by=_asker(job), told=told)
    return _("The import is taken back. Everything is as it was before it.")


def _import(job: Job) -> ImportDraft:
    return _there(organisations.import_with_id(int(job.about.partition(":")[2])))


def _check_keys(poll: Poll, at: datetime, by: Person | None) -> None:
    poll_rules.check_drafted(poll)
    poll_rules.check_is_not_concerned(poll, _somebody(by), at)


def _check_letters(poll: Poll, at: datetime, by: Person | None) -> None:
    ballot_rules.check_may_hand_out(poll)
    poll_rules.check_is_not_concerned(poll, _somebody(by), at)


def _check_close(poll: Poll, at: datetime, by: Person | None) -> None:
    rhythm.check_close_and_count(poll=poll, at=at, by=_somebody(by))


def _check_compute(poll: Poll, at: datetime, by: Person | None) -> None:
    standings.check_compute(poll=poll, at=at, by=_somebody(by))


def _check_pack(poll: Poll, _at: datetime, _by: Person | None) -> None:
    counting_rules.check_has_record(poll)


def _has_few_keys(poll: Poll, _pool: VoterPool | None, _given: dict[str, Any]) -> bool:
    return len(polls.pools_of(poll)) * len(polls.sheet_lines(poll)) <= SHORT_KEYS


def _has_few_people(poll: Poll, pool: VoterPool | None, given: dict[str, Any]) -> bool:
    if given.get("entries") is not None:
        return len(given["entries"]) <= SHORT_ROLL
    sizes = {pk: size for pk, (size, _issued) in polls.pool_sizes(poll).items()}
    return (sizes.get(pool.pk, 0) if pool else sum(sizes.values())) <= SHORT_ROLL


WAYS = {
    READ_IN: _read_file, WRITE_IN: _write_rows, TAKE_BACK: _take_back, ACCOUNTS: _make_account_letters, SLIPS: _make_slips,
}  # fmt: skip
KINDS = {
    kind.slug: kind
    for kind in (
        JobKind("keys", _("Preparing the keys"), _check_keys, _prepare_keys, _has_few_keys),
        JobKind(
            "letters", _("Letters with codes"), _check_letters, _make_letters, _has_few_people, asks_first=True,
            stopped=_("stopped. No letter was made, and the codes that were handed out before work as ever."),
        ),
        JobKind("close", _("Closing and counting"), _check_close, _close_and_count, _has_few_people, is_one_step=True),
        JobKind("result", _("Computing the result"), _check_compute, _compute_result, _has_few_people, is_one_step=True),
        JobKind("record", _("Packing the record"), _check_pack, _pack_record, _has_few_people, is_one_step=True),
    )
}  # fmt: skip


def _poll(job: Job) -> Poll:
    return _there(polls.poll_with_key(UUID(job.given["poll"])))


def _pool(job: Job) -> VoterPool:
    return _there(polls.pool_of(_poll(job), job.part))


def _there(row: Row | None) -> Row:
    if row is None:
        raise base.JobRefused(_("What this was asked for does not exist any more."), reason="job.nothing-left")
    return row


def _asker(job: Job) -> Person:
    return _somebody(organisations.people_with_references([job.by]).get(job.by))


def _somebody(person: Person | None) -> Person:
    if person is None:
        raise base.JobRefused(_("The person who asked for this is not known any more."), reason="job.nobody-asked")
    return person


@app.task(name=base.TASK, pass_context=True)
async def work_off(context: JobContext, number: int) -> None:
    """What the queue runs: the job with this number. Its worker says what time it is, when it is about to end, and what pages answer."""
    told = dict(context.additional_context)
    thread = told.pop("thread")  # the lane's own; without one the caller's
    await sync_to_async(_work_off, thread_sensitive=thread is None, executor=thread)(number, **told)


def _work_off(number: int, now: Clock, is_ending: Callable[[], bool], answer: Answer) -> None:
    def act(job: Job, at: datetime) -> Steps:
        if job.kind == LIST:
            return _write_list(job, answer)
        return WAYS[job.kind](job, at) if job.kind in WAYS else KINDS[job.kind].act(job, at)

    with vocabulary.read_once():
        job_runs.run(number, act, now, is_ending)


def pick_up(*, at: datetime) -> int:
    """Take over what workers that are gone have left behind; how many jobs. Idempotent."""
    return job_runs.pick_up_left_behind(at=at)


def forget(*, at: datetime) -> None:
    """Delete the files that have lain for an hour, the jobs that ended a month ago, and the guests of polls long over. Idempotent."""
    rhythm.forget(at=at)
    job_files.forget_files(at=at)
    base.forget_jobs(at=at)

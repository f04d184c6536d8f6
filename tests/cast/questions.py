"""Questions of the tests: rankings and approvals put on a drafted poll's sheet, over names or over organisations."""

from datetime import timedelta

from tests.cast.booth import HOUR, codes_for
from tests.cast.district import NOW, District
from tests.cast.keys import give_keys
from tests.cast.polls import NAMES, cast_body, issue_body, watched

from blindballot.format.encoding import unb64
from blindballot.format.manifest import read_manifest
from blindballot.voter.voting import Ballot
from zhengyou.ballots import actions as ballot_actions
from zhengyou.ballots import queries as ballot_queries
from zhengyou.campaigns.models import Cycle
from zhengyou.counting import actions as counting
from zhengyou.organisations.models import Organisation, Person
from zhengyou.polls import actions as poll_actions
from zhengyou.polls.models import Poll, SheetQuestion
from zhengyou.polls.rules import Asked, Choice
from zhengyou.rhythm import actions as rhythm
from zhengyou.web.shared import clock

TEXT = {"zh-hans": "推荐哪个单位？", "en": "Which one do you recommend?"}


def ranking(*options: str | Organisation, kind: str = "ranking", method: str = "schulze") -> Asked:
    """All of these in order."""
    return Asked(kind, method, TEXT, tuple(choice_of(option) for option in options))


def approval(*options: str | Organisation) -> Asked:
    """As many of these as one likes."""
    text = {"zh-hans": "同意哪些？", "en": "Which do you approve?"}
    return Asked("approval", "approvals", text, tuple(choice_of(option) for option in options))


def choice_of(option: str | Organisation) -> Choice:
    """A unit of the tree, or something named by hand."""
    if isinstance(option, Organisation):
        return Choice({"zh-hans": option.name, "en": option.name}, option)
    return Choice({"zh-hans": f"{option}窗口", "en": f"Window {option}"})


def written(poll: Poll, asked: Asked, district: District, *, at=NOW) -> SheetQuestion:
    """The question on the poll's sheet."""
    return poll_actions.write_question(poll=poll, asked=asked, at=at, by=district.office)


def drafted_questions(
    district: District, cycle: Cycle, questions: list[Asked], pools: list[list[Person]], *, units: int = 0
) -> Poll:
    """A drafted poll, open from an hour ago to two hours from now, with these questions (and units) on its sheet."""
    at = clock.now()
    row = poll_actions.plan_poll(
        cycle=cycle,
        name=NAMES,
        organisations=district.villages[:units],
        opens_at=at - HOUR,
        closes_at=at + 2 * HOUR,
        at=at,
        by=district.office,
    )
    for asked in questions:
        written(row, asked, district, at=at)
    for number, people in enumerate(pools, 1):
        name = {"zh-hans": f"第{number}组", "en": f"Pool {number}"}
        poll_actions.add_pool(poll=row, name=name, people=people, at=at, by=district.office)
    watched(row, district, at=at)
    return row


def opened_questions(
    district: District, cycle: Cycle, questions: list[Asked], pools: list[list[Person]], *, units: int = 0
) -> Poll:
    """The same with its keys made, opened."""
    row = drafted_questions(district, cycle, questions, pools, units=units)
    give_keys(row)
    return ballot_actions.open_poll(poll=row, at=clock.now() + timedelta(seconds=1), by=district.office)


def answer(poll: Poll, pool: str, code: str, *answers: list[str]) -> None:
    """One ballot with this code: an answer for each question in order, as options by their numbers from 1. Units get the best grade."""
    manifest = read_manifest(poll.manifest.encode())
    ballot = Ballot.begin(manifest, ballot_queries.public_keys(poll), pool)
    signed = ballot_actions.issue_tokens(poll=poll, body=issue_body(poll, ballot, code), at=clock.now())
    ballot.accept("office", {line: unb64(text) for line, text in signed["signatures"].items()})
    graded = {line.id: dict.fromkeys(line.criteria, "good") for line in manifest.lines if line.question is None}
    asked = [line.id for line in manifest.lines if line.question]
    slips = ballot.cast(graded | dict(zip(asked, answers, strict=True)))
    ballot_actions.take_slips(poll=poll, body=cast_body(poll, slips), at=clock.now())


def answer_all(poll: Poll, people: list[Person], answers: list[tuple[list[str], ...]]) -> None:
    """Everybody of the first pool answers, in turn with each of these."""
    for voter, code in enumerate(codes_for(poll, people)):
        answer(poll, "pool-1", code, *answers[voter % len(answers)])


def closed_and_counted(poll: Poll, district: District) -> Poll:
    """Closed by two people after its time, with its result."""
    after = poll.closes_at + timedelta(minutes=1)
    counting.ask_to_close(poll=poll, at=after, by=district.office)
    return rhythm.close_and_count(poll=poll, at=after, by=district.second_office)

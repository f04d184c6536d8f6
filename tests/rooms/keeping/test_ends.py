"""How promises end: doubted and answered, decided on, taken over or dropped. Each wrong turn is refused by name."""

from collections import Counter
from datetime import date, datetime, timedelta

import pytest
from django.db import transaction
from django.db.models import Q
from hypothesis import HealthCheck, given, settings
from hypothesis.strategies import integers, lists, sampled_from, tuples
from tests.cast.commitments import (
    photo_bytes,
    promise_text,
    promises_of,
    published_commitment,
    secretary_of,
)
from tests.cast.district import NOW, closed_cycle, drafted_cycle, launched_cycle, small_district
from tests.cast.refusing import refused

from zhengyou.base.models import PublicEntry
from zhengyou.base.time import local_day, working_days_after
from zhengyou.campaigns import actions as campaigns
from zhengyou.commitments import actions as commitments
from zhengyou.commitments import by_unit, tallies
from zhengyou.commitments import queries as promises
from zhengyou.commitments.models import AnswerTally, CitizenAnswer, Promise
from zhengyou.commitments.rules import KEPT_OR_NOT
from zhengyou.keeping import actions, owing, queries, rules
from zhengyou.keeping.rules import DayOfAnswers
from zhengyou.organisations.readers import Reader
from zhengyou.remarks.models import Remark

pytestmark = pytest.mark.django_db
DUE = date(NOW.year, 4, 1)
AFTER = NOW + timedelta(days=30)  # when the first promise's day has come
LATER = AFTER.date() + timedelta(days=30)
HOUR = timedelta(hours=1)
FIRST, SECOND, THIRD = date(2026, 5, 6), date(2026, 5, 7), date(2026, 5, 8)


def at_noon(day):
    return datetime(day.year, day.month, day.day, 12, tzinfo=NOW.tzinfo)


@pytest.fixture
def district():
    return small_district()


@pytest.fixture
def cycle(district):
    return launched_cycle(district)


@pytest.fixture
def village(district):
    return district.villages[0]


@pytest.fixture
def promise(district, cycle, village):
    [row, *_rest] = promises_of(published_commitment(district, cycle, village))
    Promise.objects.filter(pk=row.pk).update(due_on=DUE)
    row.refresh_from_db()
    return row


@pytest.fixture
def promises_there(promise, cycle, village):
    """Three published promises of one village."""
    rows = list(promises.published_in(cycle, [village]).order_by("pk"))
    assert len(rows) >= 3
    return rows[:3]


def said(promise, *marks, at=AFTER):
    """So many people answer."""
    for mark in marks:
        commitments.answer_promise(promise=promise, mark=mark, arrival=None, at=at)


def answered(promise, at=AFTER, **changes):
    given = {
        "promise": promise,
        "text": "还差三盏，月底装好",
        "at": at,
        "by": secretary_of(promise.commitment.organisation),
    }
    return actions.answer_in_public(**given | changes)


def decided(promise, by, decision, at=AFTER):
    return actions.decide(promise=promise, decision=decision, reason="现场看过", at=at, by=by)


@pytest.mark.parametrize(
    ("days", "upheld", "answer", "since"),
    [
        ([DayOfAnswers(FIRST, not_kept=4)], [], None, None),
        ([DayOfAnswers(FIRST, not_kept=4), DayOfAnswers(SECOND, cannot_tell=1)], [], None, SECOND),
        ([DayOfAnswers(FIRST, kept=3, not_kept=3)], [], None, None),
        ([DayOfAnswers(FIRST, kept=3, not_kept=2), DayOfAnswers(SECOND, not_kept=2)], [], None, SECOND),
        ([DayOfAnswers(FIRST, not_kept=5), DayOfAnswers(THIRD, kept=5)], [], None, None),
        ([DayOfAnswers(THIRD, not_kept=5)], [], at_noon(SECOND), THIRD),
        ([], [at_noon(SECOND)], None, SECOND),
        ([], [at_noon(SECOND)], at_noon(THIRD), None),
        ([], [at_noon(SECOND) + HOUR], at_noon(SECOND), SECOND),
    ],
)
def test_when_a_promise_is_contested(days, upheld, answer, since) -> None:
    assert rules.contested_since(days, upheld, answer) == since


def test_a_contested_promise_is_due_with_its_unit_until_it_answers(promise, cycle, village) -> None:
    reader = Reader.of(secretary_of(village), AFTER.date(), "en")
    said(promise, "not_kept", "not_kept", "not_kept", "kept")
    assert owing.contested_in(cycle, [village]) == []
    with refused("answer.not-asked"):
        answered(promise)
    said(promise, "cannot_tell")
    [owed] = owing.contested_in(cycle, [village])
    assert (owed.is_contested, owed.due_on) == (True, working_days_after(AFTER.date(), 10))
    [due] = [one for one in queries.due_for(reader) if one.kind == "answer_doubts"]
    assert (due.organisation, due.count, due.due_on) == (village, 1, owed.due_on)
    answered(promise)
    assert owing.contested_in(cycle, [village]) == []
    assert PublicEntry.objects.filter(what="keeping.answer_in_public").count() == 1


def test_ten_thousand_answers_are_read_by_day(promise, cycle, village, django_assert_num_queries) -> None:
    said(promise, "not_kept")
    [one] = CitizenAnswer.objects.filter(promise=promise)
    given = {"subject": promise.reference, "heading": "灯", "kind": "answer", "state": "shown", "came_on": AFTER.date()}
    copies = [Remark(cycle=cycle, organisation=village, **given) for _n in range(10_000)]
    rows = Remark.objects.bulk_create(copies)
    CitizenAnswer.objects.bulk_create([CitizenAnswer(promise=promise, mark=one.mark, remark=row) for row in rows])
    AnswerTally.objects.filter(promise=promise).update(not_kept=10_001)
    with django_assert_num_queries(5):
        [owed] = owing.contested_in(cycle, [village])
    assert owed.since == AFTER.date()


def test_the_level_above_upholds_one_answer_and_the_unit_never_does(promise, district, cycle, village) -> None:
    said(promise, "not_kept", "kept")
    kept, doubt = CitizenAnswer.objects.filter(promise=promise).order_by("mark")
    given = {"reason": "现场看过，确实没亮", "at": AFTER}
    with refused("role.not-above"):
        actions.uphold_answer(answer=doubt, by=secretary_of(village), **given)
    with refused("upholding.of-no-doubt"):
        actions.uphold_answer(answer=kept, by=district.leader, **given)
    actions.uphold_answer(answer=doubt, by=district.leader, **given)
    with refused("upholding.done"):
        actions.uphold_answer(answer=doubt, by=district.leader, **given)
    assert [one.promise for one in owing.contested_in(cycle, [village])] == [promise]


def test_doubts_that_come_after_the_answer_of_that_day_count_towards_another_contest(promise, cycle, village) -> None:
    said(promise, *["not_kept"] * 5)
    first = answered(promise)
    assert owing.contested_in(cycle, [village]) == []
    said(promise, *["not_kept"] * 4)
    assert owing.contested_in(cycle, [village]) == []
    said(promise, "not_kept", at=AFTER + HOUR)
    [owed] = owing.contested_in(cycle, [village])
    assert (owed.since, owing.owed_by_unit(cycle, [village])) == (AFTER.date(), {village.pk: 1})
    second = answered(promise, text="今天下午又装好两盏", at=AFTER + 2 * HOUR)
    assert (owing.contested_in(cycle, [village]), second.heard - first.heard) == ([], 5)


def test_the_database_counts_what_is_owed_as_the_list_says_it(district, cycle) -> None:
    """Doubted, answered, doubted again, upheld, decided on, explained: for some units, and for all of them at once."""
    above = district.leader
    for nth, village in enumerate(district.villages):
        rows = promises_of(published_commitment(district, cycle, village))
        Promise.objects.filter(pk__in=[row.pk for row in rows]).update(due_on=DUE)
        for row in rows[: nth + 1]:
            said(row, *["not_kept"] * 5)
        if nth > 0:
            answered(rows[0])
        if nth > 1:
            decided(rows[1], above, Promise.Decision.NOT_KEPT, at=AFTER + HOUR)
            doubt = CitizenAnswer.objects.filter(promise=rows[0]).first()
            actions.uphold_answer(answer=doubt, reason="现场看过", at=AFTER + HOUR, by=above)
        if nth > 2:
            answered(rows[1], text="没有修，因为缺零件", at=AFTER + 2 * HOUR)
    every = promises.promising_organisations(cycle)
    listed = Counter(one.promise.commitment.organisation_id for one in owing.contested_in(cycle, every))
    assert sorted(listed.values()) == [1, 1, 2, 3]
    assert owing.owed_by_unit(cycle, every) == listed


WHYS = [
    ("", "shown", ""),
    ("flood", "waiting", ""),
    ("flood", "shown", ""),
    ("look", "waiting", ""),
    ("", "hidden", "program"),
]


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lists(tuples(integers(0, 2), sampled_from(CitizenAnswer.Mark.values), sampled_from(WHYS)), max_size=24))
def test_what_the_tallies_say_is_what_counting_every_answer_says(
    district, cycle, village, promises_there, answers
) -> None:
    with transaction.atomic():
        for nth, mark, (why, state, reason) in answers:
            promise = promises_there[nth]
            Promise.objects.filter(pk=promise.pk).update(due_on=DUE if mark in KEPT_OR_NOT else LATER)
            said(promise, mark)
            last = Remark.objects.order_by("pk").last()
            Remark.objects.filter(pk=last.pk).update(why=why, state=state, hidden_because=reason)
        counted = Counter((row.promise_id, row.mark) for row in tallies.counted_answers())
        for told in promises.progress_of(promises_there):
            assert {mark: getattr(told, mark) for mark in CitizenAnswer.Mark.values} == {
                mark: counted[told.promise.pk, mark] for mark in CitizenAnswer.Mark.values
            }
            waiting = CitizenAnswer.objects.filter(promise=told.promise, remark__why="flood", remark__state="waiting")
            assert told.waiting == waiting.count()
        doubted = {pk for pk, mark in counted if mark in tallies.DOUBTS}
        figures = by_unit.figures_by_unit(cycle, [village.pk], AFTER.date())[village.pk]
        first = by_unit.first_doubted(cycle, [village.pk]).get(village.pk)
        assert (figures.doubted, first) == (len(doubted), min(doubted, default=None))
        listed = Counter(one.promise.commitment.organisation_id for one in owing.contested_in(cycle, [village]))
        assert owing.owed_by_unit(cycle, [village]) == listed
        transaction.set_rollback(True)


def test_what_the_level_above_says_later_on_the_day_of_an_answer_asks_for_a_new_one(
    promise, district, cycle, village
) -> None:
    said(promise, *["not_kept"] * 5)
    answered(promise)
    assert owing.contested_in(cycle, [village]) == []
    doubt = CitizenAnswer.objects.filter(promise=promise).first()
    actions.uphold_answer(answer=doubt, reason="现场看过", at=AFTER + HOUR, by=district.leader)
    assert [one.is_contested for one in owing.contested_in(cycle, [village])] == [True]
    answered(promise, text="下周修", at=AFTER + 2 * HOUR)
    assert owing.contested_in(cycle, [village]) == []
    decided(promise, district.leader, Promise.Decision.NOT_KEPT, at=AFTER + 3 * HOUR)
    assert [one.is_contested for one in owing.contested_in(cycle, [village])] == [False]
    answered(promise, text="没有修，因为缺零件", at=AFTER + 4 * HOUR)
    assert owing.contested_in(cycle, [village]) == []


def test_no_reason_tells_somebodys_number(promise, district) -> None:
    said(promise, "not_kept")
    [doubt] = CitizenAnswer.objects.filter(promise=promise)
    given = {"reason": "问过张三 13800138000", "at": AFTER, "by": district.leader}
    with refused("answer.tells-of-somebody"):
        actions.decide(promise=promise, decision="not_kept", **given)
    with refused("answer.tells-of-somebody"):
        actions.uphold_answer(answer=doubt, **given)


def test_the_secretary_of_another_unit_answers_nothing(promise, district) -> None:
    said(promise, *["not_kept"] * 5)
    with refused("role.not-secretary"):
        answered(promise, by=district.secretaries[1])


def test_without_evidence_or_words_the_only_decision_is_nothing_shown(promise, district, cycle) -> None:
    with refused("decision.nothing-shown"):
        decided(promise, district.leader, "kept")
    decided(promise, district.leader, "nothing_shown")
    [offer] = queries.offers_for(cycle)
    assert (offer.reference, offer.decision) == (promise.reference, "nothing_shown")
    answered(promise, text="材料在村委会，下周补上")
    assert queries.offers_for(cycle) == []


def test_evidence_lets_the_level_above_decide_and_the_unit_never_does(promise, district, village) -> None:
    report = {"text": "装好了", "photo": photo_bytes(), "at": NOW, "by": secretary_of(village)}
    commitments.report_progress(promise=promise, **report)
    with refused("role.not-above"):
        decided(promise, secretary_of(village), "kept")
    with refused("decision.something-shown"):
        decided(promise, district.leader, "nothing_shown")
    decided(promise, district.leader, "not_kept")
    decided(promise, district.leader, "mostly")
    promise.refresh_from_db()
    ending = queries.ending_of(promise)
    assert (promise.decision, [one.decision for one in ending.decisions]) == ("mostly", ["mostly", "not_kept"])
    assert ending.owed is None


def test_what_the_unit_tells_otherwise_after_the_decision_is_decided_on_again(
    promise, district, village, cycle
) -> None:
    def told(outcome, hours):
        at = AFTER + hours * HOUR
        by = secretary_of(village)
        commitments.state_outcome(promise=promise, outcome=outcome, explanation="如实报告", at=at, by=by)
        return list(queries.to_decide(cycle, Q()))

    assert told("fulfilled", 1) == [promise]
    said(promise, *["not_kept"] * 5)
    decided(promise, district.leader, "not_kept", at=AFTER + 2 * HOUR)
    assert list(queries.to_decide(cycle, Q())) == []
    assert told("not_fulfilled", 3) == []  # the unit says what was decided
    assert told("partly", 4) == [promise]
    decided(promise, district.leader, "mostly", at=AFTER + 5 * HOUR)
    assert list(queries.to_decide(cycle, Q())) == []


def test_it_is_not_decided_on_before_its_day_or_the_units_word(promise, district) -> None:
    with refused("decision.too-early"):
        decided(promise, district.leader, "nothing_shown", at=NOW)


def test_what_cannot_be_checked_never_counts_as_kept(promise, district) -> None:
    Promise.objects.filter(pk=promise.pk).update(checked_by="nothing")
    said(promise, "kept", "kept")
    with refused("decision.cannot-be-checked"):
        decided(promise, district.leader, "kept")
    decided(promise, district.leader, "nothing_shown")


@pytest.fixture
def next_cycle(district, cycle, promise):
    """The next cycle, launched after the first was closed with three unkept promises, one of them decided on."""
    decided(promise, district.leader, "nothing_shown")
    at = NOW + timedelta(days=300)
    closed_cycle(district, cycle, at=at)
    row = drafted_cycle(district, at=at, name="下一年度")
    campaigns.launch_cycle(cycle=row, why="", at=at, by=district.office)
    row.refresh_from_db()
    return row


def test_what_was_not_kept_is_taken_over_or_dropped_with_consent_before_anything_is_proposed(
    district, next_cycle, village
) -> None:
    at, by = NOW + timedelta(days=301), secretary_of(village)
    first, second, third = (one.promise for one in queries.inherited(next_cycle, village))
    text = promise_text(due_on=next_cycle.ends_on)
    write = {"cycle": next_cycle, "organisation": village, "at": at, "by": by}
    for carried in (first, second):
        commitments.write_promise(text=text, carried_from=carried, **write)
    commitment = promises.commitment_of(next_cycle, village)
    with refused("commitment.inherited-open"):
        actions.propose_promises(commitment=commitment, at=at, by=by)
    with refused("dropping.not-inherited"):
        actions.ask_to_drop(promise=first, cycle=next_cycle, reason="不需要了", at=at, by=by)
    with refused("dropping.reason-missing"):
        actions.ask_to_drop(promise=third, cycle=next_cycle, reason=" ", at=at, by=by)
    wish = actions.ask_to_drop(promise=third, cycle=next_cycle, reason="这条路已经改道", at=at, by=by)
    with refused("commitment.inherited-open"):
        actions.propose_promises(commitment=commitment, at=at, by=by)
    with refused("role.not-above"):
        actions.answer_dropping(dropping=wish, consents=True, opinion="", at=at, by=by)
    actions.answer_dropping(dropping=wish, consents=True, opinion="", at=at, by=district.leader)
    assert actions.propose_promises(commitment=commitment, at=at, by=by).state == "proposed"
    assert PublicEntry.objects.filter(what="keeping.drop_promise").count() == 1


def test_a_clerk_takes_over_and_drops_for_a_unit_that_has_only_paper(district, next_cycle, village) -> None:
    at, clerk = NOW + timedelta(days=301), district.town_secretary
    first, second, third = (one.promise for one in queries.inherited(next_cycle, village))
    entered = {"as_clerk": True, "at": at, "by": clerk}
    text = promise_text(due_on=next_cycle.ends_on)
    for carried in (first, second):
        commitments.write_promise(
            cycle=next_cycle, organisation=village, text=text, carried_from=carried, **entered
        )  # fmt: skip
    with refused("role.not-clerk-above"):
        actions.ask_to_drop(
            promise=third, cycle=next_cycle, reason="改道", as_clerk=True, at=at, by=secretary_of(village)
        )  # fmt: skip
    wish = actions.ask_to_drop(promise=third, cycle=next_cycle, reason="这条路已经改道", **entered)
    told = {
        one: {due.kind for due in queries.due_for(Reader.of(one, local_day(at), "en"))}
        for one in (clerk, district.leader)
    }
    assert ["answer_droppings" in told[one] for one in (clerk, district.leader)] == [False, True]
    with refused("dropping.own"):
        actions.answer_dropping(dropping=wish, consents=True, opinion="", at=at, by=clerk)
    actions.answer_dropping(dropping=wish, consents=True, opinion="", at=at, by=district.leader)
    commitment = promises.commitment_of(next_cycle, village)
    assert actions.propose_promises(commitment=commitment, **entered).state == "proposed"


def test_what_a_closed_cycle_leaves_unexplained_is_due_until_it_is_explained(district, next_cycle, village) -> None:
    at, by = NOW + timedelta(days=301), secretary_of(village)
    [one, *_rest] = queries.inherited(next_cycle, village)

    def owed():
        reader = Reader.of(by, at.date(), "en")
        return [due.promise for due in queries.due_for(reader) if due.kind == "explain_promise"]

    assert one.promise in owed()
    actions.answer_in_public(promise=one.promise, text="材料在村部，已补上", at=at, by=by)
    assert one.promise not in owed()


def test_a_promise_of_another_unit_is_not_taken_over(district, next_cycle, village) -> None:
    [one, *_rest] = queries.inherited(next_cycle, village)
    other = district.villages[1]
    text = promise_text(due_on=next_cycle.ends_on)
    with refused("promise.not-inherited"):
        commitments.write_promise(
            cycle=next_cycle, organisation=other, text=text, carried_from=one.promise,
            at=NOW + timedelta(days=301), by=secretary_of(other),
        )  # fmt: skip

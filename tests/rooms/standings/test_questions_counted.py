"""Questions from the vote to the result: who is first, draws, what is told of few ballots and what of many, corrected results."""

import json

import pytest
from tests.cast import district as cast
from tests.cast.booth import small_cycle
from tests.cast.questions import (
    answer_all,
    approval,
    closed_and_counted,
    opened_questions,
    ranking,
)

from zhengyou.counting import queries as counting_queries
from zhengyou.standings import queries
from zhengyou.standings.computing import releasing
from zhengyou.standings.computing.answering import question_result
from zhengyou.standings.computing.document import PoolResult, ResultDocument

pytestmark = pytest.mark.django_db(transaction=True)

ABC = ("甲", "乙", "丙")
A, B, C = "o01", "o02", "o03"


@pytest.fixture
def district():
    return cast.small_district(members_a_village=4)


def result_of(poll, district, people, answers):
    answer_all(poll, people, answers)
    poll = closed_and_counted(poll, district)
    return queries.figures_in_force(poll).document


def test_of_few_ballots_only_who_is_first_is_told(district):
    """Eleven ballots beside a graded village: too few to be published one by one."""
    asked = [ranking(*ABC), ranking(*ABC, method="borda"), approval(*ABC)]
    poll = opened_questions(district, small_cycle(district, criteria=1), asked, [district.members[:11]], units=1)
    answers = [([A, B], [A, B, C], [A, B]), ([B], [B, C], [B]), (["dont_know"], [], [])]
    document = result_of(poll, district, district.members[:11], answers)
    [pool] = document.pools
    assert [one.level for one in pool.questions] == ["counts"] * 3
    assert [one.winners for one in pool.questions] == [(A, B), (B,), (B,)]
    assert [(one.numbers, one.pairwise, one.dont_know) for one in pool.questions] == [(None, None, None)] * 3
    assert len(pool.units) == 1
    assert ResultDocument.read(json.loads(json.dumps(document.to_json()))) == document


def test_another_first_is_a_correction_and_its_numbers_are_not_shown():
    options = [{"id": one, "name": {"en": one}} for one in (A, B, C)]
    question = {"kind": "approval", "method": "approvals", "options": options}
    line = {"id": "q001", "name": {"en": "Which?"}, "question": question}
    numbers = {"options": [40, 30, 20], "winners": [A], "is_certain": True, "dont_know": 0, "abstained": 2}
    counted = {"returned": 60, "valid": 60, "publication": "open", "question": numbers}
    one = document_of(question_result(line, counted))
    other = document_of(question_result(line, counted | {"question": numbers | {"options": [41, 30, 20]}}))
    outcome = document_of(question_result(line, counted | {"question": numbers | {"is_certain": False}}))
    assert releasing.may_be_published([one], one, 5)
    assert not releasing.may_be_published([one], other, 5)
    assert not releasing.outcome_changed(one, other)
    assert releasing.outcome_changed(one, outcome)


def document_of(question):
    pool = PoolResult(
        "p", {"en": "Pool"}, 60, "valid", "", sealed=False, units=(), standing=None, questions=(question,)
    )
    return ResultDocument("poll", "manifest", "record", (pool,))


def test_of_many_ballots_every_number_is_told_and_the_record_says_the_same():
    district = cast.small_district(members_a_village=13)
    people = district.members
    poll = opened_questions(district, small_cycle(district), [ranking(*ABC), approval(*ABC)], [people])
    answers = [([A, B, C], [A, B])] * 9 + [([B, C, A], [C])] * 3 + [(["dont_know"], [])]
    document = result_of(poll, district, people, answers)
    ranked, approved = document.pools[0].questions
    assert (ranked.level, ranked.winners, ranked.is_certain, ranked.numbers) == ("open", (A,), True, (36, 12, 0))
    assert ranked.pairwise == ((0, 36, 36), (12, 0, 48), (12, 0, 0))
    assert (ranked.dont_know, ranked.abstained, ranked.n) == (4, 0, 52)
    assert (approved.winners, approved.is_certain, approved.numbers) == ((A, B), False, (36, 36, 12))
    assert approved.abstained == 4
    assert document.pools[0].units == ()
    record = {line["line"]: line["question"] for line in counting_queries.record_counts(poll)["pools"][0]["lines"]}
    assert record["q001"]["winners"] == [A]
    assert record["q002"]["options"] == [36, 36, 12]


def test_a_pool_without_a_valid_verdict_tells_nothing(district):
    poll = opened_questions(district, small_cycle(district), [approval(*ABC)], [district.members[:16]])
    document = result_of(poll, district, district.members[:5], [([A],)])
    [pool] = document.pools
    assert (pool.verdict, pool.questions[0].winners, pool.questions[0].level) == ("below-turnout", (), "nothing")

"""Questions on a sheet: what may be asked, in which words it is refused, whom an option concerns, what the manifest will say."""

from dataclasses import replace

import pytest
from tests.cast import district as cast
from tests.cast import polls as cast_polls
from tests.cast.keys import give_keys
from tests.cast.questions import TEXT, approval, choice_of, ranking, written
from tests.cast.refusing import refused

from zhengyou.ballots import actions as ballot_actions
from zhengyou.ballots import queries as ballot_queries
from zhengyou.base.models import JournalEntry
from zhengyou.base.refusals import allows
from zhengyou.organisations import actions as organisations
from zhengyou.organisations.models import Post
from zhengyou.polls import actions, queries, rules

pytestmark = pytest.mark.django_db(transaction=True)

ABC = ("甲", "乙", "丙")


@pytest.fixture
def district():
    return cast.small_district(members_a_village=4)


@pytest.fixture
def cycle(district):
    return cast.launched_cycle(district)


@pytest.fixture
def drafted(district, cycle):
    """A poll without organisations, with a pool of twelve and two scrutineers."""
    return another(district, cycle, district.members[:12])


def another(district, cycle, people):
    window = {"opens_at": cast_polls.OPENS, "closes_at": cast_polls.CLOSES}
    deed = {"at": cast.NOW, "by": district.office}
    row = actions.plan_poll(cycle=cycle, name=cast_polls.NAMES, organisations=[], **window, **deed)
    actions.add_pool(poll=row, name={"zh-hans": "一组", "en": "Pool"}, people=people, **deed)
    cast_polls.watched(row, district)
    return row


def letters(count):
    return [f"第{number}" for number in range(count)]


def test_a_sheet_of_questions_has_a_line_each_without_grades(district, drafted):
    written(drafted, ranking(*ABC), district)
    written(drafted, ranking(*letters(9), kind="best-three", method="borda"), district)
    written(drafted, approval(*letters(11)), district)
    lines = queries.sheet_lines(drafted)
    assert [line["id"] for line in lines] == ["q001", "q002", "q003"]
    assert [line["question"]["kind"] for line in lines] == ["ranking", "ranking", "approval"]
    assert [line["question"]["most"] for line in lines] == [3, 3, 11]
    assert [line["question"]["method"] for line in lines] == ["schulze", "borda", "approvals"]
    assert lines[0]["question"]["options"][1] == {"id": "o02", "name": {"zh-hans": "乙窗口", "en": "Window 乙"}}


def test_questions_stand_beside_units(district, cycle):
    poll = cast_polls.planned_poll(district, cycle, [district.members[:12]])
    written(poll, approval(*ABC), district)
    lines = queries.sheet_lines(poll)
    assert [("criteria" in line, "question" in line) for line in lines[-2:]] == [(True, False), (False, True)]


@pytest.mark.parametrize(
    ("asked", "reason"),
    [
        (ranking("甲"), "question.too-few-options"),
        (ranking(), "question.too-few-options"),
        (ranking(*letters(7)), "question.too-many-options"),
        (ranking(*letters(17), kind="best-three"), "question.too-many-options"),
        (approval(*letters(12)), "question.too-many-options"),
        (ranking("甲", "乙", " 甲 "), "question.option-twice"),
        (ranking(*ABC, method="approvals"), "question.method-does-not-fit"),
        (replace(approval(*ABC), method="borda"), "question.method-does-not-fit"),
        (replace(ranking(*ABC), text={"zh-hans": "问", "en": " "}), "question.text-missing"),
        (replace(ranking(*ABC), text={"zh-hans": "问" * 201, "en": "Q"}), "question.text-too-long"),
        (ranking("甲", "乙" * 90), "question.option-too-long"),
    ],
)
def test_what_cannot_be_asked_is_refused_and_leaves_nothing(district, drafted, asked, reason):
    with refused(reason):
        written(drafted, asked, district)
    assert queries.questions_of(drafted) == []


def test_no_person_is_an_option(district, drafted):
    named = rules.Choice({"zh-hans": "某某", "en": district.members[0].name})
    with refused("question.names-a-person"):
        written(drafted, replace(ranking(*ABC), choices=(choice_of("甲"), named)), district)


def test_no_organisation_of_the_tree_is_typed_by_hand(district, drafted):
    """Its own secretary could otherwise run the poll, and polls about it would not be held apart."""
    named = rules.Choice({"zh-hans": district.villages[0].name, "en": "Window"})
    with refused("question.names-an-organisation"):
        written(drafted, replace(ranking(*ABC), choices=(choice_of("甲"), named)), district)


def test_a_sheet_takes_twelve_questions(district, drafted):
    for number in range(12):
        written(drafted, replace(ranking(*ABC), text={"zh-hans": f"{number}", "en": f"{number}"}), district)
    with refused("question.too-many"):
        written(drafted, ranking(*ABC), district)


def test_the_same_sent_twice_is_one_question_and_another_wording_takes_its_place(district, drafted):
    first = written(drafted, ranking(*ABC), district)
    assert written(drafted, ranking(*ABC), district) == first
    other = written(drafted, approval(*ABC), district)
    changed = actions.write_question(
        poll=drafted, asked=ranking("丁", "戊"), at=cast.NOW, by=district.office, instead_of=first
    )
    assert [one.row for one in queries.questions_of(drafted)] == [changed, other]
    assert [one.name["zh-hans"] for one in queries.questions_of(drafted)[0].options] == ["丁窗口", "戊窗口"]
    for _time in range(2):
        actions.remove_question(poll=drafted, question=changed, at=cast.NOW, by=district.office)
    assert [(one.row, one.line) for one in queries.questions_of(drafted)] == [(other, "q001")]
    assert JournalEntry.objects.filter(deed="polls.remove_question").count() == 1


def test_whom_an_option_concerns_has_no_part_in_the_poll(district, drafted):
    village = district.villages[0]
    for person in (district.secretaries[0], district.town_secretary):
        assert allows(rules.check_is_not_concerned, drafted, person, cast.NOW)
    written(drafted, ranking(village, "乙"), district)
    for person in (district.secretaries[0], district.town_secretary):
        assert not allows(rules.check_is_not_concerned, drafted, person, cast.NOW)
    assert queries.judged_organisations(drafted) == [village]


def test_an_option_that_concerns_a_scrutineer_or_its_own_author_is_refused(district, drafted):
    own = district.office.organisation
    with refused("person.is-concerned"):
        written(drafted, ranking(own, "乙"), district)
    scrutineer = queries.scrutineers_of(drafted)[0].person
    organisations.appoint(
        person=scrutineer,
        organisation=district.villages[1],
        role=Post.Role.SECRETARY,
        title="",
        from_on=cast.NOW.date(),
        at=cast.NOW,
        by=None,
    )
    with refused("person.is-concerned"):
        written(drafted, ranking(district.villages[1], "乙"), district)
    assert queries.questions_of(drafted) == []


def test_an_empty_sheet_does_not_open_and_an_opened_one_takes_no_question(district, drafted):
    with refused("poll.sheet-empty"):
        ballot_actions.open_poll(poll=drafted, at=cast.NOW, by=district.office)
    question = written(drafted, ranking(*ABC), district)
    give_keys(drafted)
    opened = ballot_actions.open_poll(poll=drafted, at=cast.NOW, by=district.office)
    document = queries.manifest_document(opened)
    assert (document["grades"], document["criteria"]) == ([], [])
    [line] = document["lines"]
    assert (line["name"], line["question"]["method"]) == (TEXT, "schulze")
    with refused("poll.opened"):
        written(opened, approval(*ABC), district)
    with refused("poll.opened"):
        actions.remove_question(poll=opened, question=question, at=cast.NOW, by=district.office)


def test_keys_of_a_question_that_was_taken_off_do_not_count_for_another(district, drafted):
    written(drafted, ranking(*ABC), district)
    last = written(drafted, approval(*ABC), district)
    give_keys(drafted)
    actions.remove_question(poll=drafted, question=last, at=cast.NOW, by=district.office)
    pools, lines = queries.pools_of(drafted), queries.sheet_lines(drafted)
    assert ballot_queries.keys_missing(pools, lines) == 0
    assert ballot_queries.keys_missing(pools, [*lines, {"id": "q009"}]) == 1


def test_two_polls_that_rank_the_same_organisation_need_groups_that_differ_enough(district, drafted, cycle):
    graded = cast_polls.planned_poll(district, cycle, [district.members[:11]])
    ranked = another(district, cycle, district.members[:11])
    written(ranked, approval(district.villages[0], "乙"), district)
    written(drafted, ranking(district.villages[0], "丙"), district)
    give_keys(drafted)
    opened = ballot_actions.open_poll(poll=drafted, at=cast.NOW, by=district.office)
    assert ballot_queries.differences_from_other_polls(ranked) == [(opened, 1)]
    assert ballot_queries.differences_from_other_polls(graded) == []

"""The yearly grade: who writes, who decides, who is told, who objects and answers, who reads; and that nothing says it elsewhere."""

from datetime import date, timedelta

import pytest
from tests.cast.district import NOW, launched_cycle, small_district
from tests.cast.persons import committed
from tests.cast.refusing import refused

from zhengyou.base.models import JournalEntry, PublicEntry
from zhengyou.campaigns.calendar import Calendar
from zhengyou.grades import actions, queries, rules
from zhengyou.grades.models import GradeDecision, SelfAssessment
from zhengyou.grades.rules import PersonGrade
from zhengyou.organisations.models import Person
from zhengyou.organisations.readers import Reader
from zhengyou.rhythm.queries import open_in

pytestmark = pytest.mark.django_db
MET = date(2026, 3, 9)


@pytest.fixture
def district():
    return small_district()


@pytest.fixture
def cycle(district):
    """Everybody of the first village and its secretary committed in public."""
    cycle = launched_cycle(district)
    committed(district, cycle, [*district.members[:3], district.secretaries[0]])
    return cycle


def decide(district, cycle, grades, *, by=None, at=NOW, decided_on=MET, knowingly=False, reason=""):
    lines = [PersonGrade(person, grade, "" if grade else reason) for person, grade in grades.items()]
    return actions.decide_grades(
        cycle=cycle,
        organisation=district.villages[0],
        decided_on=decided_on,
        lines=lines,
        at=at,
        by=by or district.secretaries[0],
        knowingly=knowingly,
    )


def due(person, at=NOW):
    reader = Reader.of(person, at.date(), "en")
    return [(one.kind, one.count) for one in queries.due_for(reader, Calendar.under_way(), at)]


def test_a_year_from_ones_own_words_to_a_changed_grade_that_keeps_the_old(district, cycle):
    secretary, above = district.secretaries[0], district.town_secretary
    first, second, third = district.members[:3]
    assert due(first) == [("write", 1)]
    actions.write_self_assessment(cycle=cycle, text="修了两条路，学习不够。", at=NOW, by=first)
    actions.write_self_assessment(cycle=cycle, text="修了三条路，学习不够。", at=NOW, by=first)
    assert due(first) == []
    assert ("decide", 3) in due(secretary)
    assert due(above) == [("decide_heads", 1)]
    [seen, *_others] = queries.unit_year(cycle, district.villages[0], secretary, NOW.date())
    assert seen.assessment.text == "修了三条路，学习不够。"
    decide(district, cycle, {first: "excellent", second: "qualified"})
    decide(district, cycle, {third: ""}, reason="长期患病")
    with refused("grade.decided-already"):
        actions.write_self_assessment(cycle=cycle, text="再改", at=NOW, by=first)
    decide(district, cycle, {secretary: "qualified"}, by=above)
    assert due(above) == []
    decision = queries.decision_on(cycle, second)
    assert due(second) == [("read", 1)]
    with refused("grade.not-read-yet"):
        actions.object_to_grade(decision=decision, text="不公", at=NOW, by=second)
    actions.confirm_read(decision=decision, at=NOW, by=second)
    actions.confirm_read(decision=decision, at=NOW + timedelta(days=3), by=second)
    [own] = queries.own_years(second, [cycle])
    assert (own.decision.told_on, own.decision.told_how) == (NOW.date(), "desk")
    objection = actions.object_to_grade(decision=decision, text="我转移了三户老人。", at=NOW, by=second)
    assert due(above) == [("answer", 1)]
    assert due(district.leader) == []  # the nearest level above answers
    answer = {"answer": "核实属实，改为优秀。", "grade": "excellent", "reason": "", "at": NOW, "by": above}
    actions.answer_grade_objection(objection=objection, **answer)
    with refused("grade.answered-already"):
        actions.answer_grade_objection(objection=objection, **answer)
    [own] = queries.own_years(second, [cycle])
    assert (own.decision.grade, own.decision.told_on) == ("excellent", None)
    assert [(one.grade_before, one.why) for one in own.changes] == [("qualified", "核实属实，改为优秀。")]
    assert due(second) == [("read", 1)]
    actions.confirm_read(decision=own.decision, at=NOW, by=second)
    with refused("grade.objected-already"):
        actions.object_to_grade(decision=own.decision, text="还有", at=NOW, by=second)


def test_only_who_committed_in_public_is_graded_and_nobody_probationary_or_gone(district, cycle):
    first, second, third = district.members[:3]
    with refused("grade.without-public-commitment"):
        actions.write_self_assessment(cycle=cycle, text="我", at=NOW, by=district.members[3])
    with refused("grade.without-public-commitment"):
        decide(district, cycle, {district.members[3]: "qualified"})
    Person.objects.filter(pk=second.pk).update(membership=Person.Membership.PROBATIONARY)
    Person.objects.filter(pk=third.pk).update(left_on=NOW.date())
    for person, slug in [(second, "grade.probationary"), (third, "grade.person-left")]:
        person.refresh_from_db()
        with refused(slug):
            decide(district, cycle, {first: "qualified", person: "qualified"})
    assert not GradeDecision.objects.exists()  # all of them or none
    assert [row.pk for row in queries.probationary_of(cycle, district.villages[0])] == [second.pk]


def test_who_moved_is_graded_where_they_are_now(district, cycle):
    mover = district.members[0]
    Person.objects.filter(pk=mover.pk).update(organisation=district.villages[1])
    mover.refresh_from_db()
    with refused("grade.without-public-commitment"):
        decide(district, cycle, {mover: "qualified"})
    assert mover in queries.people_to_grade(cycle, district.villages[1])


def test_more_than_a_third_of_the_best_is_a_warning_that_asks_once(district, cycle):
    first, second, third = district.members[:3]  # four are graded here, so one may be the best
    with refused("grade.too-many-best") as caught:
        decide(district, cycle, {first: "excellent", second: "excellent"})
    assert "2 of 4" in str(caught.value)
    decide(district, cycle, {first: "excellent"})
    with refused("grade.too-many-best"):
        decide(district, cycle, {second: "excellent"})
    decide(district, cycle, {second: "excellent", third: "qualified"}, knowingly=True)


@pytest.mark.parametrize(
    ("given", "slug"),
    [
        ({"grade": "best"}, "grade.unknown"),
        ({"grade": ""}, "gradedecision.reason-missing"),
        ({"decided_on": date(2026, 3, 11)}, "grade.impossible-day"),
        ({"decided_on": date(2025, 12, 31)}, "grade.impossible-day"),
        ({"by": "leader of another unit"}, "role.not-secretary"),
        ({"by": "office"}, "role.not-secretary"),
        ({"who": "oneself"}, "grade.of-oneself"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_cannot_be_decided_so(district, cycle, given, slug):
    by = {"leader of another unit": district.secretaries[1], "office": district.office}.get(given.get("by"))
    who = district.secretaries[0] if given.get("who") else district.members[0]
    with refused(slug):
        decide(district, cycle, {who: given.get("grade", "qualified")}, by=by, decided_on=given.get("decided_on", MET))


def test_two_who_enter_at_once_are_told_and_nothing_half_done_stays(district, cycle):
    first, second = district.members[:2]
    decide(district, cycle, {first: "qualified"})
    with refused("grade.decided-meanwhile") as caught:
        decide(district, cycle, {second: "qualified", first: "excellent"}, by=district.town_secretary)
    assert first.name in str(caught.value)
    assert GradeDecision.objects.count() == 1


def test_a_typo_is_mended_until_the_person_was_told_and_the_old_stays(district, cycle):
    [row] = decide(district, cycle, {district.members[0]: "unqualified"})
    by = {"at": NOW, "by": district.secretaries[0]}
    with refused("grade.same"):
        actions.correct_grade(decision=row, grade="unqualified", reason="", why="录错", **by)
    row = actions.correct_grade(decision=row, grade="qualified", reason="", why="录错一行", **by)
    actions.tell_in_talk(decision=row, told_on=NOW.date(), **by)
    with refused("grade.told-already"):
        actions.correct_grade(decision=row, grade="excellent", reason="", why="再改", **by)
    with refused("grade.told-already"):
        actions.tell_in_talk(decision=row, told_on=NOW.date(), **by)


def test_who_does_not_read_it_is_told_in_a_talk_after_a_week_and_may_object_some_days(district, cycle):
    [row] = decide(district, cycle, {district.members[0]: "qualified"})
    week_on = NOW + timedelta(days=7)
    assert ("tell", 1) not in due(district.secretaries[0])
    assert ("tell", 1) in due(district.secretaries[0], week_on)
    by = {"by": district.secretaries[0], "at": week_on}
    for day in (MET - timedelta(days=1), week_on.date() + timedelta(days=1)):
        with refused("grade.impossible-day"):
            actions.tell_in_talk(decision=row, told_on=day, **by)
    row = actions.tell_in_talk(decision=row, told_on=week_on.date(), **by)
    last = rules.last_day_to_object(row)
    assert last == date(2026, 3, 24)  # five working days after Tuesday the 17th
    with refused("grade.objection-too-late"):
        actions.object_to_grade(decision=row, text="不公", at=week_on + timedelta(days=8), by=district.members[0])


def test_only_the_person_confirms_and_objects_and_whoever_entered_it_does_not_answer(district, cycle):
    secretary, above, member = district.secretaries[0], district.town_secretary, district.members[0]
    [row] = decide(district, cycle, {member: "qualified"}, by=above)
    for deed, given in [(actions.confirm_read, {}), (actions.object_to_grade, {"text": "不公"})]:
        with refused("grade.of-another"):
            deed(decision=row, at=NOW, by=secretary, **given)
    actions.confirm_read(decision=row, at=NOW, by=member)
    objection = actions.object_to_grade(decision=row, text="不公", at=NOW, by=member)
    answer = {"answer": "维持。", "grade": "qualified", "reason": "", "at": NOW}
    with refused("role.not-above"):
        actions.answer_grade_objection(objection=objection, by=secretary, **answer)
    with refused("grade.own-objection"):
        actions.answer_grade_objection(objection=objection, by=above, **answer)
    assert (due(above), due(district.leader)) == ([("decide_heads", 1)], [("answer", 1)])
    actions.answer_grade_objection(objection=objection, by=district.leader, **answer)


def test_nobody_else_reads_it_and_it_stands_in_no_journal_and_no_entry(district, cycle):
    """Person, committee and level above; the office gets numbers alone."""
    actions.write_self_assessment(cycle=cycle, text="暗号甲乙丙", at=NOW, by=district.members[0])
    entries = PublicEntry.objects.count()
    [row] = decide(district, cycle, {district.members[0]: "unqualified"})
    actions.correct_grade(
        decision=row, grade="nearly-qualified", reason="暗号", why="暗号", at=NOW, by=district.secretaries[0]
    )
    actions.confirm_read(decision=row, at=NOW, by=district.members[0])
    village, on = district.villages[0], NOW.date()
    for person in (district.office, district.secretaries[1], district.members[1], district.members[0]):
        with refused("grade.not-for-you"):
            queries.unit_year(cycle, village, person, on)
    assert len(queries.unit_year(cycle, village, district.secretaries[0], on)) == 4
    above = queries.unit_year(cycle, village, district.town_secretary, on)
    assert [one.assessment for one in above] == [None] * 4  # one's own words are for the committee
    [line] = queries.coverage(cycle)
    assert (line.people, line.wrote, line.decided, line.told, line.is_done) == (4, 1, 1, 1, "no")
    assert [(one.kind, one.count) for one in open_in(cycle)] == [("grades", 3)]
    assert PublicEntry.objects.count() == entries
    told = str(list(JournalEntry.objects.filter(deed__startswith="grades.").values_list("payload", flat=True)))
    for word in ("qualified", "unqualified", "暗号"):
        assert word not in told
    assert SelfAssessment.objects.get().text == "暗号甲乙丙"

"""Looking at words: who may, hiding with a reason, two people about the top, undoing, reporting, answering, and the figures."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from tests.cast.commitments import promises_of, published_commitment, secretary_of
from tests.cast.district import NOW, launched_cycle, small_district
from tests.cast.refusing import refused
from tests.cast.writing import arrived

from zhengyou.base.journal import entries_about
from zhengyou.base.time import week_of
from zhengyou.organisations import actions as organisations
from zhengyou.organisations.models import Post
from zhengyou.organisations.readers import Reader
from zhengyou.remarks import actions, queries
from zhengyou.remarks.models import Remark

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=1)


@pytest.fixture
def district():
    return small_district()


@pytest.fixture
def cycle(district):
    return launched_cycle(district)


@pytest.fixture
def about(district, cycle):
    """Words about a unit that wait for a look."""
    promise = promises_of(published_commitment(district, cycle, district.villages[0]))[0]

    def taken(unit, words="村口还是黑的", *, is_solved=True):
        return actions.take_remark(
            subject=promise,
            heading=promise.what,
            kind="answer",
            cycle=cycle,
            organisation=unit,
            words=words,
            at=NOW,
            arrival=arrived(is_solved=is_solved),
        )

    return taken


@pytest.fixture
def remark(about, district):
    return about(district.villages[0])


def show(remark, by, at=LATER):
    return actions.show_remarks(remarks=[remark], at=at, by=by)[0]


def hide(remark, by, reason="insult"):
    return actions.hide_remarks(remarks=[remark], reason=reason, at=LATER, by=by)[0]


def test_the_office_looks_and_it_is_known_who_and_when(district, remark):
    row = show(remark, district.office)
    assert (row.state, row.looked_by, row.looked_on) == ("shown", district.office, LATER.date())
    assert [entry.deed for entry in entries_about(remark.reference)] == ["remarks.show_remarks"]


def test_the_level_above_looks(district, remark):
    assert show(remark, district.town_secretary).is_shown
    assert hide(remark, district.leader).is_hidden


def test_the_unit_never_hides_words_about_itself(district, remark):
    with refused("remark.own-unit"):
        hide(remark, district.secretaries[0])
    with refused("role.not-office"):
        show(remark, district.secretaries[1])


def test_a_member_of_the_unit_who_works_in_the_office_does_not_either(district, remark):
    member = district.members[0]
    organisations.appoint(
        person=member,
        organisation=district.root,
        role=Post.Role.CAMPAIGN_OFFICE,
        title="",
        from_on=NOW.date() - timedelta(days=1),
        at=NOW,
        by=None,
    )
    with refused("remark.own-unit"):
        hide(remark, member)
    assert not Remark.objects.get().is_hidden


def test_words_are_hidden_for_a_reason_of_the_list_which_stands_in_their_place(district, remark):
    for reason in ("", "ugly"):
        with refused("remark.unknown-reason"):
            hide(remark, district.office, reason)
    row = hide(remark, district.office)
    assert (row.state, row.hidden_because) == ("hidden", "insult")
    with refused("remark.already-hidden"):
        hide(remark, district.second_office)
    assert hide(remark, district.second_office, "private").hidden_because == "private"


def test_about_the_top_organisation_two_people_hide(about, district, cycle):
    remark = about(district.root)
    asked = hide(remark, district.office)
    assert (asked.state, asked.hiding_asked_by) == ("waiting", district.office)
    with refused("remark.same-person"):
        hide(remark, district.office)
    assert hide(remark, district.second_office).is_hidden
    [listed] = queries.account_of(cycle).about_the_top
    assert (listed.number, listed.reason, listed.looked_on) == (remark.pk, "insult", LATER.date())


def test_about_the_top_another_reason_of_the_second_person_is_a_new_question(about, district):
    remark = about(district.root)
    hide(remark, district.office)
    assert hide(remark, district.second_office, "private").hiding_asked_by == district.second_office
    assert hide(remark, district.office, "private").is_hidden


def test_many_are_looked_at_together_or_none(about, district):
    rows = [about(village, f"第{n}句") for n, village in enumerate(district.villages)]
    with refused("remark.unknown-reason"):
        actions.hide_remarks(remarks=rows, reason="none", at=LATER, by=district.office)
    with refused("role.not-office"):
        actions.show_remarks(remarks=[*rows, about(district.root)], at=LATER, by=district.town_secretary)
    assert set(Remark.objects.values_list("state", flat=True)) == {"waiting"}
    assert all(row.is_shown for row in actions.show_remarks(remarks=rows, at=LATER, by=district.office))


def test_a_look_is_undone_and_only_the_last_one(district, remark):
    with refused("remark.nothing-to-undo"):
        actions.undo_look(remarks=[remark], at=LATER, by=district.office)
    show(remark, district.office)
    hide(remark, district.office)
    [row] = actions.undo_look(remarks=[remark], at=LATER, by=district.office)
    assert (row.state, row.hidden_because, row.looked_by) == ("shown", "", None)
    with refused("remark.nothing-to-undo"):
        actions.undo_look(remarks=[remark], at=LATER, by=district.office)


def test_readers_report_what_they_can_read_and_it_stays_until_somebody_has_looked(district, remark, cycle):
    with refused("remark.not-shown"):
        actions.report_remark(remark=remark, at=LATER, arrival=arrived())
    show(remark, district.office)
    form = arrived()
    for _twice in range(2):
        reported = actions.report_remark(remark=remark, at=LATER, arrival=form)
    assert (reported.reports, reported.reported_on, reported.state) == (1, LATER.date(), "shown")
    reader = Reader.of(district.office, LATER.date(), "en")
    assert queries.due_for(reader, cycle).count == 1
    show(remark, district.office)
    assert queries.due_for(reader, cycle).count == 0


def test_the_secretary_of_the_unit_answers_once_what_is_shown(district, remark):
    secretary = secretary_of(district.villages[0])
    answer = {"remark": remark, "at": LATER}
    with refused("remark.not-shown"):
        actions.answer_remark(answer="周五装好。", by=secretary, **answer)
    show(remark, district.office)
    with refused("role.not-office"):
        actions.answer_remark(answer="周五装好。", by=district.secretaries[1], **answer)
    with refused("remark.answer-missing"):
        actions.answer_remark(answer=" ", by=secretary, **answer)
    row = actions.answer_remark(answer="周五装好。", by=secretary, **answer)
    assert (row.answer, row.answered_by) == ("周五装好。", secretary)
    with refused("remark.already-answered"):
        actions.answer_remark(answer="再说", by=district.office, **answer)


def test_the_figures_of_a_cycle_say_what_became_of_all_words(about, district, cycle):
    rows = [about(district.villages[0], f"第{n}句") for n in range(5)]
    about(district.villages[0], "第4句！")
    show(rows[0], district.office)
    hide(rows[1], district.office)
    hide(rows[2], district.office, "advertising")
    account = queries.account_of(cycle)
    assert (account.remarks, account.sent, account.shown, account.waiting.count) == (5, 6, 1, 2)
    assert {reason: n for reason, n in account.hidden.items() if n} == {"insult": 1, "advertising": 1}
    assert account.about_the_top == []


def test_at_the_desk_one_reads_what_is_shown_about_the_own_unit_and_all_about_those_below(about, district, cycle):
    own, below = about(district.town, "上面的事"), about(district.villages[1], "下面的事")
    reader = Reader.of(district.town_secretary, NOW.date(), "en")
    assert list(queries.remarks_for(reader, cycle)) == [below]
    show(own, district.office)
    assert set(queries.remarks_for(reader, cycle)) == {own, below}
    nobody = Reader.of(district.members[0], NOW.date(), "en")
    assert not queries.remarks_for(nobody, cycle).exists()


def test_attack_the_place_in_a_list_tells_the_own_unit_no_day_within_a_week(about, district, cycle):
    rows = [show(about(district.villages[0], f"第{n}句"), district.office) for n in range(3)]
    monday = week_of(NOW.date())
    for row, days, kind in zip(rows, (2, 3, 4), ("answer", "window", "answer"), strict=True):
        Remark.objects.filter(pk=row.pk).update(came_on=monday + timedelta(days=days), kind=kind)
    reader = Reader.of(district.secretaries[0], NOW.date(), "en")
    by_day, by_week = queries.remarks_for(reader, cycle), queries.remarks_for(reader, cycle, ["window"])
    assert list(by_day) == rows, "between two days there would be one day to find"
    assert list(by_week) == [rows[1], rows[0], rows[2]]


def test_the_database_itself_wants_a_reason_for_what_is_hidden(remark):
    with pytest.raises(IntegrityError), transaction.atomic():
        Remark.objects.filter(pk=remark.pk).update(state="hidden")


@pytest.fixture
def flooded(about, district):
    """A village about which eight came without a puzzle, the last with somebody's number: five usual, three wait as a flood."""
    village = district.villages[0]
    for n in range(7):
        about(village, f"第{n}句", is_solved=False)
    return about(village, "打13812345678", is_solved=False).subject


def states():
    return list(Remark.objects.order_by("pk").values_list("state", "why", "hidden_because"))


def test_a_flood_is_set_aside_by_one_deed_and_put_back_by_one(district, flooded):
    before = states()
    assert queries.flood_on(flooded).numbers == 1
    assert actions.hide_flood(subject=flooded, at=LATER, by=district.office) == 3
    assert states() == before[:5] + [("hidden", "flood", "program")] * 3
    assert (queries.flood_on(flooded), [entry.deed for entry in entries_about(flooded)][-1]) == (
        None,
        "remarks.hide_flood",
    )
    with refused("remark.no-flood"):
        actions.hide_flood(subject=flooded, at=LATER, by=district.office)
    with refused("remark.no-flood"):
        actions.undo_hide_flood(subject=flooded, at=LATER, by=district.second_office)
    assert actions.undo_hide_flood(subject=flooded, at=LATER, by=district.office) == 3
    assert states() == before


def test_a_flood_of_people_counts_by_one_deed_and_shows_nothing_unread(district, flooded, about):
    about(district.villages[0], "", is_solved=False)
    assert actions.let_flood_in(subject=flooded, at=LATER, by=district.office) == 4
    assert Remark.objects.filter(queries.counted()).count() == 9
    assert states()[5:] == [("waiting", "look", "")] * 3 + [("shown", "flood", "")]


def test_a_flood_about_a_unit_is_not_settled_by_the_unit(district, flooded):
    for deed in (actions.hide_flood, actions.let_flood_in):
        with refused("remark.own-unit"):
            deed(subject=flooded, at=LATER, by=district.secretaries[0])
    assert queries.flood_on(flooded).count == 3


def test_a_flood_about_the_top_is_set_aside_by_two_people(district, about):
    for n in range(8):
        row = about(district.root, f"第{n}句", is_solved=False)
    given = {"subject": row.subject, "at": LATER}
    assert actions.hide_flood(**given, by=district.office) == 0
    with refused("remark.same-person"):
        actions.hide_flood(**given, by=district.office)
    assert actions.hide_flood(**given, by=district.second_office) == 3


def test_words_with_a_number_are_never_shown_among_many_without_being_named(district, about):
    rows = [about(district.villages[0], words) for words in ("路不平", "打13812345678", "身份证110101199003077715")]
    named = {"at": LATER, "by": district.office}
    for given in ((), [rows[1].pk]):
        with refused("remark.number-not-named"):
            actions.show_remarks(remarks=rows, named=given, **named)
    assert not Remark.objects.filter(state="shown").exists()
    shown = actions.show_remarks(remarks=rows[:2], named=[rows[1].pk], **named)
    assert [row.is_shown for row in shown] == [True, True]

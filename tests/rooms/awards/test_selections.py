"""Selections: candidates of the campaign, each once, with deeds; the notice freezes them."""

from datetime import UTC, datetime, timedelta

import pytest
from tests.cast.awards import RECEIVING, drafted_selection, published_notice
from tests.cast.district import NOW, drafted_cycle, launched_cycle, small_district

from zhengyou.awards import actions, queries
from zhengyou.awards.models import Candidate, Selection
from zhengyou.awards.rules import SelectionRefused
from zhengyou.base import journal
from zhengyou.campaigns import actions as campaigns
from zhengyou.campaigns.rules import StageRefused
from zhengyou.identity.rules import RoleRefused
from zhengyou.notices.models import Notice
from zhengyou.notices.rules import NoticeRefused
from zhengyou.organisations import actions as organisations


@pytest.fixture
def district(db):
    return small_district()


@pytest.fixture
def cycle(district):
    return launched_cycle(district)


def make(district, cycle, *, title="先进基层党组织", quota=2, by=None):
    return actions.make_selection(cycle=cycle, title=title, quota=quota, at=NOW, by=by or district.office)


def publish(district, selection, *, at=NOW, **changes):
    said = {"title": "公示", "route": "推荐", **RECEIVING} | changes
    return actions.publish_candidates(selection=selection, at=at, by=district.office, **said)


def test_a_title_is_selected_for_once_a_cycle(district, cycle):
    selection = make(district, cycle)
    with pytest.raises(SelectionRefused):
        make(district, cycle, title=" 先进基层党组织 ")
    assert list(queries.selections()) == [selection]


@pytest.mark.parametrize("changes", [{"title": " "}, {"title": "长" * 121}, {"quota": 0}])
def test_a_selection_needs_a_title_and_a_place(district, cycle, changes):
    with pytest.raises(SelectionRefused):
        make(district, cycle, **changes)


def test_only_in_a_cycle_under_way_and_by_the_office(district):
    cycle = drafted_cycle(district)
    with pytest.raises(SelectionRefused):
        make(district, cycle)
    campaigns.launch_cycle(cycle=cycle, why="启动", at=NOW, by=district.office)
    with pytest.raises(RoleRefused):
        make(district, cycle, by=district.leader)
    campaigns.close_cycle(cycle=cycle, at=NOW, by=district.office)
    with pytest.raises(SelectionRefused):
        make(district, cycle)
    assert not Selection.objects.exists()


def test_an_organisation_is_a_candidate_once(district, cycle):
    selection = drafted_selection(district, cycle)
    with pytest.raises(SelectionRefused, match="测试1村党支部"):
        actions.add_candidate(
            selection=selection, organisation=district.villages[0], deeds="又一次", at=NOW, by=district.office
        )
    assert len(queries.candidates(selection)) == 2


def test_only_living_organisations_of_the_campaign_stand(district, cycle):
    selection = make(district, cycle)
    stranger = organisations.add_organisation(
        code="002", name="外区委", kind="committee", sector="", parent=None, at=NOW, by=None
    )
    ended = organisations.change_organisation(
        organisation=district.villages[2], changes={"ended_on": NOW.date()}, at=NOW, by=None
    )
    for organisation in (stranger, ended):
        with pytest.raises(SelectionRefused):
            actions.add_candidate(
                selection=selection, organisation=organisation, deeds="事迹", at=NOW, by=district.office
            )


@pytest.mark.parametrize("deeds", ["", "事" * 1501])
def test_deeds_are_checked_when_added_and_when_changed(district, cycle, deeds):
    selection = drafted_selection(district, cycle)
    with pytest.raises(NoticeRefused):
        actions.add_candidate(
            selection=selection, organisation=district.villages[2], deeds=deeds, at=NOW, by=district.office
        )
    with pytest.raises(NoticeRefused):
        actions.change_deeds(candidate=queries.candidates(selection)[0], deeds=deeds, at=NOW, by=district.office)


def test_deeds_change_and_candidates_leave_before_the_notice(district, cycle):
    selection = drafted_selection(district, cycle)
    first, second = queries.candidates(selection)
    assert actions.change_deeds(candidate=first, deeds="改过的事迹", at=NOW, by=district.office).deeds == "改过的事迹"
    actions.remove_candidate(candidate=second, at=NOW, by=district.office)
    actions.remove_candidate(candidate=Candidate(pk=second.pk, selection=selection), at=NOW, by=district.office)
    assert [row.organisation for row in queries.candidates(selection)] == [district.villages[0]]
    deeds = [entry.deed for entry in journal.entries_about(selection.reference)]
    assert deeds.count("awards.remove_candidate") == 1


def test_the_notice_freezes_names_deeds_and_evidence(district, cycle):
    selection = drafted_selection(district, cycle)
    evidence = {"label": {"zh-hans": "测评结果", "en": "Result"}, "url": "/results/1/"}
    actions.add_candidate(
        selection=selection,
        organisation=district.villages[2],
        deeds="第三个",
        evidence=evidence,
        at=NOW,
        by=district.office,
    )
    notice = publish(district, selection)
    organisations.change_organisation(organisation=district.villages[0], changes={"name": "改名"}, at=NOW, by=None)
    notice.refresh_from_db()
    assert [row["name"] for row in notice.nominees] == ["测试1村党支部", "测试2村党支部", "测试3村党支部"]
    assert notice.nominees[0]["unit"] == "测试镇党委"
    assert notice.nominees[2]["evidence"] == evidence
    assert notice.basis == "测试区委 测发〔2026〕1号"
    assert notice.subject == selection.reference
    assert queries.selection_of(notice) == selection


def test_nothing_changes_after_the_notice(district, cycle):
    notice = published_notice(district, cycle)
    selection = queries.selection_of(notice)
    candidate = queries.candidates(selection)[0]
    with pytest.raises(SelectionRefused):
        actions.add_candidate(
            selection=selection, organisation=district.villages[2], deeds="事迹", at=NOW, by=district.office
        )
    with pytest.raises(SelectionRefused):
        actions.change_deeds(candidate=candidate, deeds="改", at=NOW, by=district.office)
    with pytest.raises(SelectionRefused):
        actions.remove_candidate(candidate=candidate, at=NOW, by=district.office)
    with pytest.raises(NoticeRefused):
        publish(district, selection)
    assert Notice.objects.count() == 1


def test_more_candidates_than_places_are_refused(district, cycle):
    selection = drafted_selection(district, cycle, quota=1)
    with pytest.raises(SelectionRefused):
        publish(district, selection)
    actions.remove_candidate(candidate=queries.candidates(selection)[0], at=NOW, by=district.office)
    assert len(publish(district, selection).nominees) == 1


def test_nobody_put_forward_needs_a_reason(district, cycle):
    selection = make(district, cycle)
    with pytest.raises(NoticeRefused):
        publish(district, selection)
    assert publish(district, selection, reason_for_none="无单位达到标准。").nominees == []


def test_the_notice_belongs_to_the_stage_of_recognition(district):
    cycle = drafted_cycle(district)
    windows = {"recognise": (NOW.date() + timedelta(days=1), NOW.date() + timedelta(days=10))}
    campaigns.set_windows(cycle=cycle, windows=windows, at=NOW, by=district.office)
    campaigns.launch_cycle(cycle=cycle, why="启动", at=NOW, by=district.office)
    selection = drafted_selection(district, cycle)
    for day in (0, 11):
        with pytest.raises(StageRefused):
            publish(district, selection, at=NOW + timedelta(days=day))
    campaigns.close_cycle(cycle=cycle, at=NOW, by=district.office)
    with pytest.raises(StageRefused):
        publish(district, selection, at=NOW + timedelta(days=5))


def test_the_number_of_working_days_is_the_cycles_own(district):
    cycle = drafted_cycle(district)
    rules = cycle.rules | {"notice": {"working_days": 7}}
    campaigns.set_rules(cycle=cycle, rules_=rules, at=NOW, by=district.office)
    campaigns.launch_cycle(cycle=cycle, why="启动", at=NOW, by=district.office)
    notice = publish(district, drafted_selection(district, cycle))
    assert (notice.working_days, notice.ends_on) == (7, datetime(2026, 3, 19, tzinfo=UTC).date())


def test_organisations_are_found_by_code_then_name_then_part_of_it(district, cycle):
    selection = make(district, cycle)
    first, *_others = district.villages
    assert queries.organisations_called(selection, first.code) == [first]
    assert queries.organisations_called(selection, first.name) == [first]
    assert queries.organisations_called(selection, "村党支部") == district.villages
    assert queries.organisations_called(selection, "没有") == []


def test_earlier_titles_are_suggested(district, cycle):
    make(district, cycle, title="群众满意窗口")
    assert "群众满意窗口" in queries.title_suggestions(cycle)

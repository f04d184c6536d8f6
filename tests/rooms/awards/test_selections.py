"""Selections: candidates of the campaign, each once, with deeds; the notice freezes them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from tests.cast.awards import RECEIVING, drafted_selection, published_notice, selection_of
from tests.cast.district import NOW, closed_cycle, drafted_cycle, launched_cycle, small_district
from tests.cast.refusing import refused

from zhengyou.awards import actions, queries
from zhengyou.awards.models import Candidate, Selection
from zhengyou.base import journal
from zhengyou.campaigns import actions as campaigns
from zhengyou.campaigns.ruleset import Named, NoticeTime
from zhengyou.notices.models import Notice
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
    with refused("selection.title-taken"):
        make(district, cycle, title=" 先进基层党组织 ")
    assert list(queries.selections()) == [selection]


@pytest.mark.parametrize(
    ("changes", "slug"),
    [
        ({"title": " "}, "selection.title-missing"),
        ({"title": "长" * 121}, "selection.title-too-long"),
        ({"quota": 0}, "selection.quota-too-small"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_selection_needs_a_title_and_a_place(district, cycle, changes, slug):
    with refused(slug):
        make(district, cycle, **changes)


def test_nothing_is_selected_in_a_cycle_before_its_launch(district):
    with refused("cycle.not-launched"):
        make(district, drafted_cycle(district))
    assert not Selection.objects.exists()


def test_nothing_is_selected_in_a_closed_cycle(district, cycle):
    closed_cycle(district, cycle, at=NOW)
    with refused("cycle.closed"):
        make(district, cycle)


def test_only_the_office_makes_a_selection(district, cycle):
    with refused("role.not-office"):
        make(district, cycle, by=district.leader)


def add(district, selection, organisation, *, deeds="事迹", by=None, **changes):
    given = {"organisation": organisation, "deeds": deeds, "at": NOW, "by": by or district.office}
    return actions.add_candidate(selection=selection, **(given | changes))


def test_an_organisation_is_a_candidate_once(district, cycle):
    selection = drafted_selection(district, cycle)
    with refused("candidate.already-there") as caught:
        add(district, selection, district.villages[0])
    assert "测试1村党支部" in str(caught.value)
    assert len(queries.candidates(selection)) == 2


def test_an_organisation_of_another_tree_is_no_candidate(district, cycle):
    stranger = organisations.add_organisation(
        code="002", name="外区委", kind="committee", sector="", parent=None, at=NOW, by=None
    )
    with refused("organisation.takes-no-part"):
        add(district, make(district, cycle), stranger)


def test_an_organisation_that_has_ended_is_no_candidate(district, cycle):
    ended = organisations.change_organisation(
        organisation=district.villages[2], changes={"ended_on": NOW.date()}, at=NOW, by=None
    )
    with refused("organisation.takes-no-part"):
        add(district, make(district, cycle), ended)


@pytest.mark.parametrize(("deeds", "slug"), [("", "notice.deeds-missing"), ("事" * 1501, "notice.deeds-too-long")])
def test_deeds_are_checked_when_a_candidate_is_added(district, cycle, deeds, slug):
    selection = drafted_selection(district, cycle)
    with refused(slug):
        add(district, selection, district.villages[2], deeds=deeds)


@pytest.mark.parametrize(("deeds", "slug"), [("", "notice.deeds-missing"), ("事" * 1501, "notice.deeds-too-long")])
def test_deeds_are_checked_when_they_are_changed(district, cycle, deeds, slug):
    candidate = queries.candidates(drafted_selection(district, cycle))[0]
    with refused(slug):
        actions.change_deeds(candidate=candidate, deeds=deeds, at=NOW, by=district.office)


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
    add(district, selection, district.villages[2], evidence=evidence)
    notice = publish(district, selection)
    organisations.change_organisation(organisation=district.villages[0], changes={"name": "改名"}, at=NOW, by=None)
    notice.refresh_from_db()
    assert [row["name"] for row in notice.nominees] == ["测试1村党支部", "测试2村党支部", "测试3村党支部"]
    assert notice.nominees[0]["unit"] == "测试镇党委"
    assert notice.nominees[2]["evidence"] == evidence
    assert notice.basis == "测试区委 测发〔2026〕1号"
    assert notice.subject == selection.reference
    assert selection_of(notice) == selection


@pytest.fixture
def noticed(district, cycle):
    """A selection whose notice has been published."""
    return selection_of(published_notice(district, cycle))


def test_nobody_is_added_after_the_notice(district, noticed):
    with refused("selection.frozen"):
        add(district, noticed, district.villages[2])


def test_deeds_do_not_change_after_the_notice(district, noticed):
    with refused("selection.frozen"):
        actions.change_deeds(candidate=queries.candidates(noticed)[0], deeds="改", at=NOW, by=district.office)


def test_nobody_leaves_after_the_notice(district, noticed):
    with refused("selection.frozen"):
        actions.remove_candidate(candidate=queries.candidates(noticed)[0], at=NOW, by=district.office)
    assert len(queries.candidates(noticed)) == 2


def test_a_notice_is_published_once(district, noticed):
    with refused("notice.already-published"):
        publish(district, noticed)
    assert Notice.objects.count() == 1


def test_more_candidates_than_places_are_refused(district, cycle):
    selection = drafted_selection(district, cycle, quota=1)
    with refused("selection.over-quota"):
        publish(district, selection)
    actions.remove_candidate(candidate=queries.candidates(selection)[0], at=NOW, by=district.office)
    assert len(publish(district, selection).nominees) == 1


def test_nobody_put_forward_needs_a_reason(district, cycle):
    selection = make(district, cycle)
    with refused("notice.nobody-without-reason"):
        publish(district, selection)
    assert publish(district, selection, reason_for_none="无单位达到标准。").nominees == []


@pytest.fixture
def recognised_later(district):
    """A selection in a cycle whose stage of recognition opens tomorrow, for ten days."""
    cycle = drafted_cycle(district)
    windows = {"recognise": (NOW.date() + timedelta(days=1), NOW.date() + timedelta(days=10))}
    campaigns.set_windows(cycle=cycle, windows=windows, at=NOW, by=district.office)
    campaigns.launch_cycle(cycle=cycle, why="启动", at=NOW, by=district.office)
    return drafted_selection(district, cycle)


@pytest.mark.parametrize(("days", "slug"), [(0, "stage.not-yet-open"), (11, "stage.closed")])
def test_the_notice_belongs_to_the_stage_of_recognition(district, recognised_later, days, slug):
    with refused(slug):
        publish(district, recognised_later, at=NOW + timedelta(days=days))


def test_no_notice_in_a_closed_cycle(district, recognised_later):
    closed_cycle(district, recognised_later.cycle, at=NOW)
    with refused("cycle.closed"):
        publish(district, recognised_later, at=NOW + timedelta(days=5))


def test_the_number_of_working_days_is_the_cycles_own(district):
    cycle = drafted_cycle(district)
    rules = replace(cycle.ruleset, notice=NoticeTime(working_days=7))
    campaigns.set_rules(cycle=cycle, ruleset=rules, at=NOW, by=district.office)
    campaigns.launch_cycle(cycle=cycle, why="启动", at=NOW, by=district.office)
    notice = publish(district, drafted_selection(district, cycle))
    assert (notice.working_days, notice.ends_on) == (7, datetime(2026, 3, 19, tzinfo=UTC).date())


def test_titles_of_the_frozen_rules_are_suggested_then_earlier_ones(district):
    cycle = drafted_cycle(district)
    titles = (Named("window", {"zh-hans": "示范窗口", "en": "Model window"}),)
    campaigns.set_rules(cycle=cycle, ruleset=replace(cycle.ruleset, titles=titles), at=NOW, by=district.office)
    campaigns.launch_cycle(cycle=cycle, why="启动", at=NOW, by=district.office)
    cycle.refresh_from_db()
    make(district, cycle, title="群众满意窗口")
    make(district, cycle, title="示范窗口")
    assert queries.title_suggestions(cycle) == ["示范窗口", "群众满意窗口"]

"""What was launched is corrected in the open: an addendum with its reason, a new number of the rules, a public entry."""

from datetime import date, timedelta

import pytest
from django.utils import translation
from tests.cast import district as cast
from tests.cast.refusing import refused

from zhengyou.base.addenda import addenda_to
from zhengyou.base.models import PublicEntry
from zhengyou.campaigns import actions, queries
from zhengyou.campaigns import rules as campaign_rules
from zhengyou.campaigns.calendar import Calendar
from zhengyou.campaigns.models import Manifest

pytestmark = pytest.mark.django_db
TODAY = cast.NOW.date()


@pytest.fixture
def district():
    return cast.small_district()


@pytest.fixture
def cycle(district):
    return cast.launched_cycle(district)


@pytest.fixture
def acting(district):
    return {"at": cast.NOW, "by": district.office}


def days_of(cycle, stage):
    window = Calendar.of(cycle).windows[stage]
    return window.opens_on, window.closes_on


def test_a_typo_in_a_launched_theme_is_corrected_beside_the_old_one_and_the_rules_get_a_number(cycle, acting):
    old = queries.sector_themes(cycle)["rural"]
    manifest = actions.correct_themes(cycle=cycle, texts={"rural": "当好带头人"}, why="错别字", **acting)
    assert queries.sector_themes(cycle)["rural"] == "当好带头人"
    assert (manifest.number, manifest.why) == (2, "错别字")
    assert queries.manifest_of(cycle) == manifest
    [row] = addenda_to(cycle.reference)
    assert (row.number, row.part, row.before, row.after, row.why) == (1, "theme:rural", old, "当好带头人", "错别字")
    assert PublicEntry.objects.filter(what="campaigns.correct_themes").count() == 1


def test_a_correction_without_a_reason_without_a_change_or_that_empties_leaves_everything_as_it_was(cycle, acting):
    old = queries.sector_themes(cycle)
    with refused("addendum.why-missing"):
        actions.correct_themes(cycle=cycle, texts={"rural": "别的"}, why=" ", **acting)
    with refused("addendum.nothing-changed"):
        actions.correct_themes(cycle=cycle, texts=old, why="错别字", **acting)
    with refused("sector.without-theme"):
        actions.correct_themes(cycle=cycle, texts={"rural": " "}, why="错别字", **acting)
    assert queries.sector_themes(cycle) == old
    assert addenda_to(cycle.reference) == []


def test_a_stage_is_prolonged_past_the_end_of_the_cycle_together_with_it(cycle, acting):
    first, last = days_of(cycle, "promise")
    later = last + timedelta(days=40)
    with refused("stage.outside-the-cycle"):
        actions.correct_windows(
            cycle=cycle, windows={"promise": (first, later)}, ends_on=cycle.ends_on, why="汛情", **acting
        )
    actions.correct_windows(cycle=cycle, windows={"promise": (first, later)}, ends_on=later, why="汛情", **acting)
    cycle.refresh_from_db()
    assert days_of(cycle, "promise") == (first, cycle.ends_on) == (first, later)
    assert {row.part for row in addenda_to(cycle.reference)} == {"stage:promise", "ends-on"}


def test_a_stage_that_has_begun_keeps_its_first_day_and_none_is_ended_in_the_past(cycle, acting):
    first, last = days_of(cycle, "promise")
    move = {"cycle": cycle, "ends_on": cycle.ends_on, "why": "调整", **acting}
    with refused("stage.begun-already"):
        actions.correct_windows(windows={"promise": (first + timedelta(days=3), last)}, **move)
    with refused("stage.ended-in-the-past"):
        actions.correct_windows(windows={"promise": (first, TODAY - timedelta(days=1))}, **move)
    assert days_of(cycle, "promise") == (first, last)


def test_what_a_campaign_says_of_itself_is_free_before_the_launch_and_corrected_with_a_reason_after_it(
    district, acting
):
    cycle = cast.drafted_cycle(district)
    texts = {"name": "改名后的活动", "theme": "新主题", "aim": "", "launch_words": "为什么", "launch_speaker": "丙书记"}
    texts |= {"opinion": "实施意见", "asked_of_you": "做一件实事"}
    actions.describe_campaign(campaign=cycle.campaign, **texts, **acting)
    actions.launch_cycle(cycle=cycle, why="启动", **acting)
    with refused("addendum.why-missing"):
        actions.describe_campaign(campaign=cycle.campaign, **texts | {"theme": "更新的主题"}, **acting)
    row = actions.describe_campaign(
        campaign=cycle.campaign, **texts | {"theme": "更新的主题"}, why="上级要求", **acting
    )
    assert (row.name, row.theme) == ("改名后的活动", "更新的主题")
    assert [(one.part, one.before) for one in addenda_to(row.reference)] == [("theme", "新主题")]


def test_name_and_days_of_a_cycle_are_changed_before_its_launch_and_never_beside_its_stages(district, acting):
    cycle = cast.drafted_cycle(district)
    with refused("stage.outside-the-cycle"):
        actions.rename_cycle(
            cycle=cycle, name="短", starts_on=cycle.starts_on, ends_on=cycle.starts_on + timedelta(days=9), **acting
        )
    row = actions.rename_cycle(
        cycle=cycle, name="改名", starts_on=cycle.starts_on, ends_on=cycle.ends_on + timedelta(days=9), **acting
    )
    assert row.name == "改名"
    actions.launch_cycle(cycle=cycle, why="启动", **acting)
    with refused("cycle.frozen"):
        actions.rename_cycle(cycle=cycle, name="再改", starts_on=row.starts_on, ends_on=row.ends_on, **acting)


def test_the_next_cycle_copies_the_last_one_and_has_days_of_its_own(district, cycle, acting):
    actions.correct_themes(cycle=cycle, texts={"rural": "去年的主题"}, why="更新", **acting)
    days = {"starts_on": date(2026, 12, 1), "ends_on": date(2027, 11, 30)}
    with refused("cycle.overlaps-another"):
        actions.add_cycle(campaign=cycle.campaign, name="重叠", **days, **acting)
    later = actions.add_cycle(
        campaign=cycle.campaign, name="下年度", **days | {"starts_on": date(2027, 1, 1)}, **acting
    )
    assert queries.sector_themes(later) == queries.sector_themes(cycle)
    assert later.rules == cycle.rules


def test_cycles_and_what_they_rest_on_have_years_that_can_be(cycle, acting):
    old, far = date(1899, 1, 1), date(2099, 1, 1)
    for starts_on, ends_on, slug in (
        (old, date(2027, 1, 1), "day.year-long-ago"),
        (date(2027, 1, 1), far, "day.year-far-ahead"),
    ):
        days = {"starts_on": starts_on, "ends_on": ends_on}
        with refused(slug):
            actions.add_cycle(campaign=cycle.campaign, name="滑了年份", **days, **acting)
    with refused("day.year-far-ahead"):
        actions.correct_windows(cycle=cycle, windows={}, ends_on=far, why="延长", **acting)
    basis = {"kind": "internal-annual-assessment", "body": "测试区委", "number": "测发1号"}
    for first, last, slug in (
        (old, None, "day.year-long-ago"),
        (far, None, "day.year-far-ahead"),
        (date(2026, 1, 1), far, "day.year-far-ahead"),
    ):
        with refused(slug):
            campaign_rules.check_basis(**basis, valid_from=first, valid_until=last, today=date(2026, 11, 29))


def test_a_document_of_a_higher_body_is_named_once_by_its_number(cycle, acting):
    for title in ("旧标题", "新标题"):
        actions.cite_document(campaign=cycle.campaign, title=title, number="中办发〔2010〕1号", body="上级", **acting)
    [row] = queries.superior_documents(cycle.campaign)
    assert row.title == "新标题"
    with refused("superiordocument.body-missing"):
        actions.cite_document(campaign=cycle.campaign, title="标题", number="2号", body=" ", **acting)
    actions.drop_document(document=row, **acting)
    assert queries.superior_documents(cycle.campaign) == []


def test_english_names_stand_on_english_pages_until_the_chinese_is_corrected(client, cycle, acting):
    """A translation is no rule: it comes at any time, and the frozen rules keep the Chinese."""
    frozen = Manifest.objects.count()
    names = {"campaign_name": "The campaign", "campaign_theme": "Better every year", "cycle_name": "The year"}
    actions.name_in_english(cycle=cycle, themes={"rural": "Villages first"}, **names, **acting)
    assert Manifest.objects.count() == frozen

    def page(language):
        return client.get("/", headers={"accept-language": language}).content.decode()

    assert all(words in page("en") for words in ("The campaign", "Better every year", "The year: where it stands"))
    assert "The campaign" not in page("zh-CN")
    theme = queries.sector_themes(cycle)["rural"]
    with translation.override("en"):
        assert queries.sector_themes_said(cycle)["rural"] == "Villages first"
        actions.correct_themes(cycle=cycle, texts={"rural": f"{theme}！"}, why="标点", **acting)
        assert queries.sector_themes_said(cycle)["rural"] == f"{theme}！"

"""Setting a cycle up and launching it: what is refused, what is frozen."""

import hashlib
import json
from dataclasses import replace
from datetime import date, timedelta

import pytest
from tests.cast import district as cast
from tests.cast.refusing import refused

from zhengyou.base.journal import entries_about
from zhengyou.campaigns import actions, packs, queries, rules
from zhengyou.campaigns.calendar import Calendar
from zhengyou.campaigns.models import Campaign, Cycle
from zhengyou.campaigns.ruleset import Rules
from zhengyou.organisations import actions as organisations
from zhengyou.organisations import queries as organisation_queries

pytestmark = pytest.mark.django_db


@pytest.fixture
def district():
    return cast.small_district()


@pytest.fixture
def cycle(district):
    return cast.drafted_cycle(district)


def launch(cycle, district, at=cast.NOW):
    return actions.launch_cycle(cycle=cycle, why="测试", at=at, by=district.office)


def test_launch_freezes_the_rules_into_a_canonical_manifest_with_its_fingerprint(district, cycle):
    manifest = launch(cycle, district)
    document = json.loads(manifest.document)
    assert hashlib.sha256(manifest.document.encode()).hexdigest() == manifest.fingerprint
    assert [grade["points"] for grade in document["rules"]["grades"]] == [10, 7, 5, 2]
    assert document["organisations"] == {"rural": 5}
    assert (manifest.number, queries.manifest_of(cycle)) == (1, manifest)
    [entry] = [entry for entry in entries_about(cycle.reference) if entry.deed == "campaigns.launch_cycle"]
    assert entry.payload["fingerprint"] == manifest.fingerprint


@pytest.mark.parametrize("deed", ["rules", "windows", "themes"])
def test_after_launch_nothing_of_the_rules_can_be_changed(district, cycle, deed):
    launch(cycle, district)
    cycle.refresh_from_db()
    by = {"cycle": cycle, "at": cast.NOW, "by": district.office}
    with refused("cycle.frozen"):
        match deed:
            case "rules":
                actions.set_rules(ruleset=cycle.ruleset, **by)
            case "windows":
                actions.set_windows(windows={"promise": (cycle.starts_on, cycle.ends_on)}, **by)
            case "themes":
                actions.write_sector_themes(texts={"rural": "x"}, **by)


def test_a_cycle_is_launched_once(district, cycle):
    launch(cycle, district)
    with refused("cycle.launched-already"):
        launch(cycle, district)


def test_aims_titles_kinds_and_groups_are_frozen_with_the_rules(district, cycle):
    manifest = launch(cycle, district)
    frozen = json.loads(manifest.document)["rules"]
    assert [aim["id"] for aim in frozen["aims"]] == ["development", "harmony", "service", "grassroots"]
    assert [title["id"] for title in frozen["titles"]] == [
        "outstanding-organisation",
        "demonstration-site",
        "outstanding-member",
        "outstanding-worker",
    ]
    assert [kind["id"] for kind in frozen["kinds"] if kind.get("leads_others")] == ["committee", "general-branch"]
    assert [group["id"] for group in frozen["rater_groups"] if group.get("side") == "outside"] == ["public"]
    assert Rules.read(frozen) == Cycle.objects.get().ruleset


@pytest.mark.parametrize("pack_id", packs.pack_ids())
def test_the_rules_of_every_pack_can_be_read_and_stand(pack_id):
    ruleset = packs.rules_of(pack_id)
    rules.check_sheet(ruleset)
    rules.check_thresholds(ruleset.thresholds)
    assert Rules.read(ruleset.as_json()) == ruleset


def test_rules_with_a_section_too_few_or_a_value_too_many_are_not_read(cycle):
    missing = {name: section for name, section in cycle.rules.items() if name != "thresholds"}
    with pytest.raises(KeyError, match="thresholds"):
        Rules.read(missing)
    with pytest.raises(TypeError, match="weeks"):
        Rules.read(cycle.rules | {"notice": {"working_days": 5, "weeks": 1}})


def test_the_same_rules_are_read_once_and_changed_ones_anew(cycle):
    one, same = Cycle.objects.get(), Cycle.objects.get()
    assert same.ruleset is one.ruleset
    same.rules["notice"]["working_days"] = 9
    assert same.ruleset.notice.working_days == 9
    assert one.ruleset.notice.working_days == 5


def test_a_cycle_is_not_launched_while_an_organisation_has_nobody_responsible(district, cycle):
    lonely = organisations.add_organisation(
        code="009", name="新支部", kind="branch", sector="rural", parent=district.town, at=cast.NOW, by=None
    )
    assert list(organisation_queries.organisations_without_responsible(cast.NOW.date(), district.root)) == [lonely]
    with refused("organisation.without-responsible"):
        launch(cycle, district)
    cycle.refresh_from_db()
    assert not cycle.is_launched
    assert queries.manifest_of(cycle) is None


def test_a_launch_needs_stages_themes_and_a_basis_in_force(district):
    cycle = cast.drafted_cycle(district)
    actions.write_sector_themes(cycle=cycle, texts={"rural": " "}, at=cast.NOW, by=district.office)
    with refused("sector.without-theme"):
        launch(cycle, district)
    actions.write_sector_themes(cycle=cycle, texts={"rural": "主题"}, at=cast.NOW, by=district.office)
    Campaign.objects.update(basis_until=cast.NOW.date())
    cycle.refresh_from_db()
    with refused("basis.not-in-force"):
        launch(cycle, district)
    Campaign.objects.update(basis_until=None)
    assert launch(cycle, district).number == 1


def test_dates_in_the_wrong_order_are_refused_in_words(district):
    campaign = cast.drafted_cycle(district).campaign
    with refused("cycle.ends-before-it-starts"):
        actions.add_cycle(
            campaign=campaign,
            name="倒着",
            starts_on=date(2027, 2, 1),
            ends_on=date(2027, 1, 1),
            at=cast.NOW,
            by=district.office,
        )


@pytest.mark.parametrize(
    ("first", "last", "why"),
    [(9, 0, "stage.closes-before-it-opens"), (-1, 9, "stage.outside-the-cycle"), (0, 400, "stage.outside-the-cycle")],
)
def test_a_stage_keeps_its_order_and_its_cycle_and_none_is_half_set(district, cycle, first, last, why):
    days = [cycle.starts_on + timedelta(days=days) for days in (first, last)]
    windows = {"promise": (cycle.starts_on, cycle.starts_on), "fulfil": (days[0], days[1])}
    with refused(why):
        actions.set_windows(cycle=cycle, windows=windows, at=cast.NOW, by=district.office)
    assert Calendar.of(cycle).windows["promise"].closes_on == cycle.ends_on


@pytest.mark.parametrize(
    ("name", "value"), [("nothing_below", 4), ("band_below", 9), ("open_from", 49), ("cell", 2), ("compare_from", 9)]
)
def test_thresholds_are_never_lowered(district, cycle, name, value):
    lowered = replace(cycle.ruleset, thresholds=replace(cycle.ruleset.thresholds, **{name: value}))
    with refused("thresholds.lowered"):
        actions.set_rules(cycle=cycle, ruleset=lowered, at=cast.NOW, by=district.office)
    cycle.refresh_from_db()
    assert cycle.rules["thresholds"][name] != value


def test_points_fall_from_the_best_grade_to_the_worst(district, cycle):
    best, second, *others = cycle.ruleset.grades
    level = replace(cycle.ruleset, grades=(best, replace(second, points=10), *others))
    with refused("grades.do-not-fall"):
        actions.set_rules(cycle=cycle, ruleset=level, at=cast.NOW, by=district.office)


def test_no_campaign_without_a_legal_basis(district):
    with refused("basis.incomplete"):
        actions.create_campaign(
            pack_id="excellence-2010",
            name="无依据",
            theme="",
            aim="",
            organisation=district.root,
            basis={"kind": "internal", "body": " ", "number": "", "valid_from": date(2026, 1, 1), "valid_until": None},
            at=cast.NOW,
            by=district.office,
        )
    assert not Campaign.objects.exists()


def test_a_second_cycle_gets_the_next_number_and_the_first_keeps_its_own(district, cycle):
    first = launch(cycle, district)
    cast.closed_cycle(district, cycle, at=cast.NOW)
    second = launch(cast.drafted_cycle(district, name="下一轮"), district)
    first.refresh_from_db()
    assert (first.number, second.number) == (1, 2)
    assert [one.cycle for one in Calendar.under_way()] == [second.cycle]

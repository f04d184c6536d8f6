"""A pack's file: every fault has its place and its sentence, all are named at once, and no contradiction comes into the house."""

import re
from datetime import date

import pytest
from django.utils import translation
from tests.cast.district import NOW, drafted_cycle, small_district
from tests.cast.packs import HOSPITAL, LIGHT, changed, faults_of, without
from tests.cast.refusing import refused

from zhengyou.base.models import JournalEntry
from zhengyou.burden.rules import FilledBy
from zhengyou.campaigns import actions, packs
from zhengyou.campaigns.models import Campaign
from zhengyou.campaigns.packing.faults import PackRefused
from zhengyou.campaigns.packing.reading import LARGEST, read_pack
from zhengyou.campaigns.ruleset import Rules, asks_of
from zhengyou.organisations import actions as organisations
from zhengyou.organisations.models import Term

GOOD = 'name = { zh-hans = "好", en = "Good" }'


@pytest.mark.parametrize("pack_id", packs.pack_ids())
def test_every_pack_of_ours_can_be_read_and_its_rules_survive_being_kept(pack_id):
    pack = packs.load_pack(pack_id)
    assert pack.id == pack_id
    assert Rules.read(pack.rules.as_json()) == pack.rules


def test_the_light_pack_is_offered_first_and_has_less_of_everything():
    light, whole = packs.load_pack(packs.pack_ids()[0]), packs.load_pack("excellence-2010")
    assert light.id == packs.DEFAULT == "excellence-light"
    assert len(light.rules.stages) < len(whole.rules.stages)
    assert len(light.rules.criteria) < len(whole.rules.criteria)
    assert {kind.id for kind in light.organisation_kinds} == {kind.id for kind in whole.organisation_kinds}


FAULTS = {
    "a key misspelt": (
        changed("[rules.notice]\nworking_days", "[rules.notice]\nworkingdays"),
        "unknown-near",
        "rules/notice/workingdays",
    ),
    "a table nobody knows": (f"{LIGHT}\n[weather]\nrain = true\n", "unknown", "weather"),
    "a language missing": (changed(', en = "Rural"', ""), "language-missing", "sectors/0/name"),
    "a third language": (changed('en = "Rural"', 'en = "Rural", fr = "Rural"'), "unknown", "sectors/0/name/fr"),
    "a name in one language only": (changed(GOOD, 'name = "好"'), "wrong-type", "rules/grades/0/name"),
    "a name that is empty": (changed('en = "Rural"', 'en = "  "'), "empty", "sectors/0/name/en"),
    "a name far too long": (changed('en = "Rural"', f'en = "{"x" * 81}"'), "too-long", "sectors/0/name/en"),
    "a title without a name": (
        changed(
            '[[titles]]\nid = "outstanding-organisation"\nname', '[[titles]]\nid = "outstanding-organisation"\nnam'
        ),
        "missing",
        "titles/0",
    ),
    "points in quotation marks": (changed("points = 10", 'points = "10"'), "wrong-type", "rules/grades/0/points"),
    "points as true": (changed("points = 10", "points = true"), "wrong-type", "rules/grades/0/points"),
    "points that are no number": (changed("points = 10", "points = nan"), "wrong-type", "rules/grades/0/points"),
    "points out of range": (changed("points = 10", "points = 101"), "out-of-range", "rules/grades/0/points"),
    "a notice of no days": (
        changed("working_days = 5", "working_days = 0"),
        "out-of-range",
        "rules/notice/working_days",
    ),
    "a list where a table belongs": (
        changed("[rules.notice]\nworking_days = 5", "[[rules.notice]]\nworking_days = 5"),
        "wrong-type",
        "rules/notice",
    ),
    "a table where a list belongs": (f'{without("aims")}\n[aims]\nid = "a"\n', "wrong-type", "aims"),
    "an id with a blank": (changed('id = "rural"', 'id = "the land"'), "bad-id", "sectors/0/id"),
    "an id twice": (changed('id = "street-community"', 'id = "rural"'), "twice", "sectors/1/id"),
    "a control character": (changed('en = "Rural"', 'en = "Ru\\u0007ral"'), "odd-character", "sectors/0/name/en"),
    "a character that turns the text round": (
        changed('en = "Rural"', 'en = "Ru\\u202eral"'),
        "odd-character",
        "sectors/0/name/en",
    ),
    "grades that do not fall": (changed("points = 7", "points = 10"), "grades-do-not-fall", "rules/grades/1/points"),
    "a side nobody knows": (
        changed('side = "inside"', 'side = "insde"'),
        "not-one-of-near",
        "rules/rater_groups/0/side",
    ),
    "a threshold below the floor": (
        changed("band_below = 10", "band_below = 9"),
        "below-floor",
        "rules/thresholds/band_below",
    ),
    "thresholds that do not rise": (
        changed("band_below = 10", "band_below = 60"),
        "thresholds-do-not-rise",
        "rules/thresholds",
    ),
    "a turnout of more than all": (
        changed("turnout = [2, 3]", "turnout = [4, 3]"),
        "no-share",
        "rules/thresholds/turnout",
    ),
    "more promises at least than at most": (
        changed("fewest = 1", "fewest = 4"),
        "fewest-above-most",
        "rules/commitments/fewest",
    ),
    "an alias that means two": (
        changed('aliases = ["支部"]', 'aliases = ["支部", "总支"]'),
        "means-two",
        "organisation_kinds/2/aliases/1",
    ),
    "an alias that is another's name": (
        changed('aliases = ["支部"]', 'aliases = ["党委"]'),
        "means-two",
        "organisation_kinds/2/aliases/0",
    ),
    "a heading at two columns": (
        changed('aliases = ["领域",', 'aliases = ["组织类型", "领域",'),
        "two-columns",
        "headings/organisations/sector/aliases/0",
    ),
    "a heading for ID-card numbers": (
        changed('aliases = ["领域",', 'aliases = ["身份证号", "领域",'),
        "id-heading",
        "headings/organisations/sector",
    ),
    "a heading of marks only": (
        changed('aliases = ["领域",', 'aliases = ["（*）", "领域",'),
        "empty-heading",
        "headings/organisations/sector",
    ),
    "a column that does not exist": (
        changed("[headings.people.post_kind]", "[headings.people.post_kid]"),
        "unknown-near",
        "headings/people/post_kid",
    ),
    "no column of numbers": (without("headings.people.number"), "column-missing", "headings/people"),
    "no word for members": (changed("members = {", "membres = {"), "missing", "words/members"),
    "a stage that opens nothing": (changed('opens = ["appraise"]', "opens = []"), "opens-nothing", "stages/1"),
    "a stage that opens what nobody knows": (
        changed('opens = ["appraise"]', 'opens = ["apraise"]'),
        "not-one-of-near",
        "stages/1/opens/0",
    ),
    "a stage without its room": (changed('"polls", "paper", ', ""), "opens-without-room", "stages/1/opens"),
    "two stages that open one thing": (
        changed('opens = ["appraise"]', 'opens = ["appraise", "recognise"]'),
        "opened-twice",
        "stages/2/opens",
    ),
    "a room without its stage": (
        changed(
            '[[stages]]\nid = "appraise"\nname = { zh-hans = "民主测评", en = "Appraisal" }\nopens = ["appraise"]\n', ""
        ),
        "never-opened",
        "rooms/2",
    ),
    "a room nobody knows": (changed('"polls", "paper"', '"polls", "papers"'), "not-one-of-near", "rooms/3"),
    "paper without appraisals": (changed('"polls", ', ""), "room-without-room", "rooms/2"),
    "awards without titles": (without("titles"), "room-without-part", "titles"),
    "appraisals without items": (without("rules.criteria"), "room-without-part", "rules/criteria"),
    "a sector without a theme": (re.sub(r"theme = .*新农村.*\n", "", LIGHT), "missing", "sectors/0"),
    "a root of no kind": (changed('root_kind = "committee"', 'root_kind = "comittee"'), "nothing-there", "root_kind"),
    "a case for a body that is not there": (
        changed('body = "discipline-inspection"', 'body = "police"'),
        "nothing-there",
        "case_kinds/3/body",
    ),
    "a role of one's own": (changed('id = "scrutineer"', 'id = "counter"'), "not-one-of", "roles/3/id"),
    "a tier too few": (re.sub(r'\[\[tiers\]\]\nid = "operational"\nname.*\n', "", LIGHT), "fixed-id-missing", "tiers"),
    "a clock that never ends": (changed("fix_long = 15", "fix_long = 4000"), "out-of-range", "clocks/fix_long"),
    "too many sectors": (
        LIGHT
        + "".join(
            f'[[post_kinds]]\nid = "k{n}"\nname = {{ zh-hans = "岗{n}", en = "Post {n}" }}\n' for n in range(300)
        ),
        "too-many",
        "post_kinds",
    ),
}


@pytest.mark.parametrize(("text", "slug", "place"), FAULTS.values(), ids=FAULTS)
def test_a_fault_is_named_with_its_place_its_line_and_a_sentence_in_both_languages(text, slug, place):
    _pack, faults = read_pack(text.encode())
    fault = next(row for row in faults if (row.slug, "/".join(map(str, row.place))) == (slug, place))
    with translation.override("en"):
        english = str(fault)
    with translation.override("zh-hans"):
        chinese = str(fault)
    assert english != chinese
    assert fault.where
    if slug not in {"missing", "fixed-id-missing", "column-missing", "room-without-part"}:
        assert 1 <= fault.line <= len(text.splitlines())


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        (b"\xff\xfe\x00", "not-utf8"),
        ("创先争优".encode("gbk"), "not-utf8"),
        (b'id = "x\n', "not-toml"),
        (b"a" + b".a" * 50_000 + b" = 1", "line-too-long"),
        (b"a" + b".a" * 900 + b" = 1", "too-many-dots"),
        (b"[a" + b" . a" * 400 + b"]", "too-many-dots"),
        (b"x = { a" + b'."a"' * 400 + b" = 1 }", "too-many-dots"),
        (b"a = " + b"[" * 60_000, "line-too-long"),
        (b"a = " + b"[" * 60, "too-deep"),
        (b"a = " + b"[\n" * 20_000, "too-deep"),
        (b"a = " + b"{a = " * 300, "too-deep"),
        (b"a = " + b"9" * 60_000, "line-too-long"),
        (b"#" * (LARGEST + 1), "too-large"),
    ],
)
def test_what_is_no_pack_at_all_is_said_in_one_sentence(text, slug):
    assert [found for found, _place in faults_of(text)] == [slug]


def test_wrong_toml_is_named_with_its_line():
    _pack, [fault] = read_pack(changed('en = "Rural"', 'en = "Rural').encode())
    assert LIGHT.splitlines()[fault.line - 1].count("Rural") == 1


def test_blanks_around_a_name_are_named():
    assert faults_of(changed('en = "Rural"', 'en = " Rural"')) == [("blanks-around", "sectors/0/name/en")]


@pytest.mark.parametrize("sign", "%{}<>")
def test_no_sign_that_means_something_stands_in_a_word_of_sentences(sign):
    text = changed('members = { zh-hans = "党员"', f'members = {{ zh-hans = "党员{sign}(n)s"')
    assert faults_of(text) == [("sign-in-a-word", "words/members/zh-hans")]


def test_a_heading_with_what_may_follow_it_is_no_other_columns():
    text = changed('aliases = ["领域",', 'aliases = ["书记编号", "领域",')
    assert [place for slug, place in faults_of(text) if slug == "two-columns"]
    assert len(faults_of(text)) == 1


def test_a_cap_below_what_the_packs_own_rooms_ask_in_one_month_is_named():
    text = changed("unit_minutes = 60", "unit_minutes = 1")
    assert faults_of(text) == [("asks-too-much", "rules/burden/unit_minutes")]
    assert faults_of(changed("member_minutes = 10", "member_minutes = 2")) == [
        ("asks-too-much", "rules/burden/member_minutes")
    ]
    ruleset = packs.rules_of("excellence-light")
    enough = sum(one.minutes(ruleset) for one in asks_of(ruleset) if one.form.filled_by == FilledBy.UNIT)
    assert faults_of(changed("unit_minutes = 60", f"unit_minutes = {enough}")) == []


def test_a_file_is_read_once_until_it_changes(own_packs):
    own_pack(own_packs)
    first = [row.pack for row in packs.pack_files() if row.id == "our-town"]
    assert first[0] is next(row.pack for row in packs.pack_files() if row.id == "our-town")
    own_pack(own_packs, changed("points = 7", "points = 8"))
    assert first[0] != next(row.pack for row in packs.pack_files() if row.id == "our-town")


def test_all_faults_are_named_at_once_and_none_because_of_another():
    text = changed(
        "points = 7", "points = 70", changed(', en = "Rural"', "", changed('aliases = ["支部"]', 'aliases = ["总支"]'))
    )
    assert faults_of(text) == [
        ("language-missing", "sectors/0/name"),
        ("means-two", "organisation_kinds/2/aliases/0"),
        ("grades-do-not-fall", "rules/grades/1/points"),
    ]


def test_a_file_of_a_hundred_megabytes_is_refused_without_reading_it(tmp_path):
    path = tmp_path / "large.toml"
    with path.open("wb") as file:
        file.truncate(100 * 1024 * 1024)
    [fault] = packs.check_file(path).faults
    assert fault.slug == "too-large"


def test_a_folder_and_a_file_that_is_not_there_cannot_be_read(tmp_path):
    assert [packs.check_file(path).faults[0].slug for path in (tmp_path, tmp_path / "none.toml")] == ["unreadable"] * 2


def test_a_mark_at_the_beginning_of_the_file_and_windows_lines_do_no_harm():
    assert faults_of(b"\xef\xbb\xbf" + LIGHT.replace("\n", "\r\n").encode()) == []


# The hospital asks three groups; here its patients, the last of them, are not asked yet.
PATIENTS_LATER = changed('side = "outside"', 'asked = false\nside = "outside"', HOSPITAL)


def test_a_hospital_asks_its_patients_too():
    groups = {group.id: group.weight_that_counts for group in packs.rules_of("hospital-appraisal").rater_groups}
    assert groups == {"management": 30, "staff": 40, "patients": 30}


def test_a_group_that_is_not_asked_has_no_weight_that_counts():
    pack, _faults = read_pack(PATIENTS_LATER.encode())
    groups = {group.id: group.weight_that_counts for group in pack.rules.rater_groups}
    assert groups == {"management": 30, "staff": 40, "patients": 0}


def test_weights_of_groups_that_are_asked_are_not_all_nothing():
    text = PATIENTS_LATER.replace("weight = 30", "weight = 0", 1).replace("weight = 40", "weight = 0", 1)
    assert faults_of(text) == [("nobody-counts", "rules/rater_groups")]


@pytest.fixture
def own_packs(settings, tmp_path):
    """The house's own folder of packs."""
    settings.HOME = tmp_path
    folder = tmp_path / "packs"
    folder.mkdir()
    return folder


def own_pack(folder, text=LIGHT, name="our-town"):
    (folder / f"{name}.toml").write_text(text.replace('id = "excellence-light"', f'id = "{name}"', 1), encoding="utf-8")


def test_a_pack_of_the_houses_own_is_found_and_can_be_named_by_its_beginning(own_packs):
    own_pack(own_packs)
    assert packs.load_pack(packs.pack_named("our")).id == "our-town"
    assert "our-town" in packs.pack_ids()


def test_a_name_that_could_mean_two_packs_is_refused():
    with refused("pack.unknown"):
        packs.pack_named("excellence")


def test_a_pack_of_the_houses_own_with_the_id_of_ours_is_refused(own_packs):
    (own_packs / "excellence-light.toml").write_text(LIGHT, encoding="utf-8")
    with refused("pack.has-faults") as refusal:
        packs.load_pack("excellence-light")
    assert [fault.slug for fault in refusal.value.faults] == ["id-of-ours"]


def test_a_pack_whose_file_has_another_name_is_refused(own_packs):
    (own_packs / "ours.toml").write_text(LIGHT.replace("excellence-light", "theirs", 1), encoding="utf-8")
    with refused("pack.has-faults"):
        packs.load_pack("ours")


def test_a_pack_that_is_mended_is_read_anew(own_packs):
    own_pack(own_packs, changed("points = 7", "points = 70"))
    assert "our-town" not in packs.pack_ids()
    own_pack(own_packs)
    assert "our-town" in packs.pack_ids()


def test_no_pack_with_a_fault_is_loaded_into_the_house(db, own_packs):
    own_pack(own_packs, changed("points = 7", "points = 70"))
    with refused("pack.has-faults"):
        actions.load_pack_words(pack_id="our-town", at=NOW, by=None)
    assert not Term.objects.exists()


def test_no_campaign_begins_from_a_pack_with_a_fault(db, own_packs):
    district = small_district()
    own_pack(own_packs, changed("points = 7", "points = 70"))
    with refused("pack.has-faults"):
        campaign_of(district, "our-town")
    assert not Campaign.objects.exists()


def test_no_campaign_begins_from_a_pack_that_does_not_know_the_house(db):
    with refused("pack.does-not-know-the-house"):
        campaign_of(small_district(), "hospital-appraisal")


def test_a_cycle_gets_the_rules_of_the_pack_as_it_is_now(db, own_packs):
    own_pack(own_packs)
    district = small_district()
    campaign = campaign_of(district, "our-town")
    own_pack(own_packs, changed("points = 7", "points = 8"))
    days = {"starts_on": date(2026, 1, 1), "ends_on": date(2026, 12, 31)}
    cycle = actions.add_cycle(campaign=campaign, name="一", at=NOW, by=district.office, **days)
    assert [grade.points for grade in cycle.ruleset.grades] == [10, 8, 5, 2]


def test_a_campaign_whose_pack_has_gone_is_told_so(db, own_packs):
    own_pack(own_packs)
    district = small_district()
    campaign = campaign_of(district, "our-town")
    (own_packs / "our-town.toml").unlink()
    days = {"starts_on": date(2026, 1, 1), "ends_on": date(2026, 12, 31)}
    with refused("pack.unknown"):
        actions.add_cycle(campaign=campaign, name="一", at=NOW, by=district.office, **days)


def test_words_are_renewed_and_unused_ones_go_when_a_pack_is_loaded_again(db, own_packs):
    small_district()
    own_pack(own_packs, changed('zh-hans = "农村"', 'zh-hans = "乡村"', without("post_kinds")))
    actions.load_pack_words(pack_id="our-town", at=NOW, by=None)
    assert Term.objects.get(category="sector", slug="rural").name["zh-hans"] == "乡村"
    assert not Term.objects.filter(category="post_kind").exists()
    assert Term.objects.get(category="pack").slug == "our-town"
    assert JournalEntry.objects.filter(deed="organisations.load_terms", subject="pack:our-town").count() == 1


def test_loading_a_pack_twice_changes_nothing(db):
    actions.load_pack_words(pack_id="hospital-appraisal", at=NOW, by=None)
    before = list(Term.objects.values_list())
    actions.load_pack_words(pack_id="hospital-appraisal", at=NOW, by=None)
    assert list(Term.objects.values_list()) == before


def test_a_pack_that_lacks_a_kind_in_use_is_refused_by_name_and_changes_nothing(db):
    small_district()
    before = list(Term.objects.values_list())
    with refused("pack.lacks-words-in-use") as refusal:
        actions.load_pack_words(pack_id="hospital-appraisal", at=NOW, by=None)
    assert "Branch (branch)" in str(refusal.value)
    assert "Rural (rural)" in str(refusal.value)
    assert list(Term.objects.values_list()) == before


def test_a_kind_of_post_that_somebody_has_does_not_go(db, own_packs):
    district = small_district()
    organisations.change_person(person=district.leader, changes={"post_kind": "leading"}, at=NOW, by=None)
    own_pack(own_packs, without("post_kinds"))
    with refused("pack.lacks-words-in-use"):
        actions.load_pack_words(pack_id="our-town", at=NOW, by=None)


def test_what_a_cycle_has_frozen_stays_when_the_words_of_the_house_change(db, own_packs):
    cycle = drafted_cycle(small_district())
    own_pack(own_packs, changed('zh-hans = "党支部"', 'zh-hans = "基层支部"'))
    actions.load_pack_words(pack_id="our-town", at=NOW, by=None)
    cycle.refresh_from_db()
    assert {kind.id: kind.name["zh-hans"] for kind in cycle.ruleset.kinds}["branch"] == "党支部"


def campaign_of(district, pack_id):
    """A campaign over the district from that pack."""
    basis = {
        "kind": "internal-annual-assessment", "body": "测试区委", "number": "1号",
        "valid_from": date(2020, 1, 1), "valid_until": None,
    }  # fmt: skip
    given = {"name": "活动", "theme": "主题", "aim": "", "organisation": district.root, "basis": basis}
    return actions.create_campaign(pack_id=pack_id, at=NOW, by=district.office, **given)


def test_the_refusal_says_how_many_faults_and_the_first(own_packs):
    own_pack(own_packs, changed("points = 7", "points = 70", changed(', en = "Rural"', "")))
    with pytest.raises(PackRefused, match=r"2 faults.*The name in English is missing"):
        packs.load_pack("our-town")

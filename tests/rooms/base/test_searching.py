"""The search finds what was meant: names cut and joined as people type them, pinyin, initials, figures, old characters, English."""

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.cast.awards import published_notice
from tests.cast.commitments import published_commitment
from tests.cast.district import NOW, PASSWORD, launched_cycle, small_district
from tests.cast.memory import built_once

from zhengyou.base import folding, meanings, search_questions, searching
from zhengyou.base.models import SearchEntry, SearchPlace
from zhengyou.base.searching import Searchable
from zhengyou.organisations import actions as organisations
from zhengyou.rhythm import actions as rhythm

KINDS = ["organisation", "promise", "notice", "honour"]
NAMES = {
    "R1": ("红石镇党委", "committee", "rural", "001"),
    "R2": ("青山街道党工委", "committee", "street-community", "001"),
    "101": ("红石下坪村党支部", "branch", "rural", "R1"),
    "102": ("红石大湾村党支部", "branch", "rural", "R1"),
    "103": ("东风三里社区党支部", "branch", "street-community", "R2"),
    "104": ("区人民医院党总支", "general-branch", "public-institution", "001"),
    "105": ("第十三中学党支部", "branch", "public-institution", "001"),
    "106": ("门诊第一党支部", "branch", "public-institution", "104"),
    "107": ("重庆路小学党支部", "branch", "public-institution", "R2"),
}


@pytest.fixture
def district(db):
    return built_once("a district to search", built)


def built():
    district = small_district()
    rows = {"001": district.root}
    for code, (name, kind, sector, parent) in NAMES.items():
        facts = {"kind": kind, "sector": sector, "parent": rows[parent], "at": NOW, "by": None}
        rows[code] = organisations.add_organisation(code=code, name=name, **facts)
    return district, rows


def found(typed, kinds=KINDS):
    """By kind: the titles, the best first; and whether the very words were found."""
    answer = searching.search(typed, kinds)
    rows = searching.shown(pk for group in answer.groups for pk in group.ids)
    return {group.kind: [rows[pk].title for pk in group.ids] for group in answer.groups}, answer.is_exact


VILLAGE, BAY, LANE, HOSPITAL = "红石下坪村党支部", "红石大湾村党支部", "东风三里社区党支部", "区人民医院党总支"


@pytest.mark.parametrize(
    ("typed", "title"),
    [
        ("红石 下坪", VILLAGE),
        ("红石，下坪", VILLAGE),
        ("下坪 红石", VILLAGE),
        ("hongshi xiaping", VILLAGE),
        ("HongShi  XiaPing", VILLAGE),
        ("hongshixiaping", VILLAGE),
        ("红石镇下坪村", VILLAGE),
        ("红石镇 下坪村", VILLAGE),
        ("红石镇下坪村委会", VILLAGE),
        ("红石下坪村委会", VILLAGE),
        ("红石下坪村村民委员会", VILLAGE),
        ("红石下坪村党支部。", VILLAGE),
        ("「红石下坪」", VILLAGE),
        ("紅石下坪村黨支部", VILLAGE),
        ("紅石鎮下坪村", VILLAGE),
        ("hsxp", VILLAGE),
        ("HSXP", VILLAGE),
        ("hongshizhenxiapingcun", VILLAGE),
        ("hongshixiapin", VILLAGE),
        ("hongshi xiapang", VILLAGE),
        ("hongshixiapping", VILLAGE),
        ("hongsixiaping", VILLAGE),
        ("洪石下坪", VILLAGE),
        ("１０１", VILLAGE),
        ("hongshi village xiaping", VILLAGE),
        ("东风3里", LANE),
        ("东风３里", LANE),
        ("东风三里", LANE),
        ("東風三里", LANE),
        ("dongfeng3li", LANE),
        ("dfsl", LANE),
        ("东风三里社区居委会", LANE),
        ("青山街道办事处 东风", LANE),
        ("hospital", HOSPITAL),
        ("Hospitals", HOSPITAL),
        ("the hospital", HOSPITAL),
        ("人民医院", HOSPITAL),
        ("13中", "第十三中学党支部"),
        ("第13中学", "第十三中学党支部"),
        ("middle school", "第十三中学党支部"),
        ("primary school", "重庆路小学党支部"),
        ("chongqinglu", "重庆路小学党支部"),
        ("医院 门诊", "门诊第一党支部"),
        ("人民医院门诊第1支部", "门诊第一党支部"),
        ("东风路", LANE),
        ("Dong Feng", LANE),
        ("chongqing", "重庆路小学党支部"),
    ],
)
def test_the_first_thing_found_is_the_one_meant(district, typed, title):
    assert found(typed)[0]["organisation"][0] == title


@pytest.mark.parametrize("typed", ["红石", "（红石）", "紅石", "hongshi", "红石镇", "hs", "红十", "hong shi"])
def test_a_place_finds_itself_first_and_what_lies_in_it(district, typed):
    titles = found(typed)[0]["organisation"]
    assert titles[0] == "红石镇党委"
    assert {VILLAGE, BAY} <= set(titles)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "  ",
        "。，（）",
        "zzzz",
        "fftzzqqxw",
        "'; DROP TABLE",
        "%",
        "_",
        "\\",
        "\0",
        "😀",
        "红" * 500,
        "a",
        "1",
        "<b>",
        "霞",
    ],
)
def test_what_means_nothing_finds_nothing(district, typed):
    assert found(typed)[0] == {}


def test_health_is_what_the_pack_calls_a_sector(district):
    assert HOSPITAL in found("health")[0]["organisation"]


def test_a_persons_name_finds_nothing_for_pages_name_no_secretary(district):
    assert found(district[0].secretaries[0].name)[0] == {}
    assert found(district[0].office.name)[0] == {}
    assert found(PASSWORD)[0] == {}


def test_whatever_is_typed_costs_at_most_four_queries_and_a_name_one(district, django_assert_max_num_queries):
    for typed, most in [("红石下坪村党支部", 1), ("红石镇下坪村", 2), ("hongshi xiapang", 4), ("zzzz zz " * 50, 4)]:
        with django_assert_max_num_queries(most):
            searching.search(typed, KINDS)


CODES = list(NAMES)
SIGNS = st.text(alphabet="红石下坪村党支部委员会abcdefs3十 ", max_size=300)


@given(typed=SIGNS | st.text(max_size=300))
def test_whatever_is_typed_a_question_looks_for_no_more_than_a_number_has_bits(typed):
    words = meanings.words_of(typed)
    assert sum(map(len, words)) <= meanings.MOST_SIGNS
    halves = meanings.halves(words)
    assert len(halves) <= 2 * meanings.MOST_FORGIVEN
    wrong = [(half, letter * half.around) for half in halves for letter in "abcdefghij"] if words else []
    levels = [meanings.main_parts(words), meanings.in_pieces(words)]
    for asked in ([meanings.as_typed(words)], levels, [meanings.sounding_alike(words, meanings.readings(wrong))]):
        assert len(meanings.texts_of(asked)) <= meanings.MOST_TEXTS


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(typed=SIGNS)
def test_whatever_is_typed_the_database_understands(district, typed):
    for group in searching.search(typed, KINDS).groups:
        assert len(group.ids) == min(group.count, searching.MOST)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(typed=SIGNS | st.sampled_from([*CODES, "红石镇下坪村", "hongshi xiapang", "红石 下坪", "洪石下坪", "东风路"]))
def test_the_numbers_that_spare_work_change_nothing_of_what_is_found(district, typed):
    told = found(typed)
    with transaction.atomic():
        everything = 2**folding.BITS - 1  # nothing is ruled out
        SearchEntry.objects.update(folded_bits=everything, spelled_bits=everything)
        looked_through = found(typed)
        transaction.set_rollback(True)
    assert told == looked_through


@given(before=st.text(), sign=st.text(max_size=5), behind=st.text(), letters=st.text("abcdefgh", max_size=9))
def test_what_stands_in_a_text_has_no_bit_that_the_text_has_not(before, sign, behind, letters):
    word = f"{sign}{letters}".replace(" ", "")
    whole = folding.bits(before + word + behind)
    assert 0 <= whole < 2**63
    assert folding.bits(word) & whole == folding.bits(word)


@pytest.mark.parametrize("places", [search_questions.MANY_PLACES - 3, search_questions.MANY_PLACES + 3])
def test_what_stands_at_many_places_is_found_as_what_stands_at_few(db, places):
    """With their units, what is done there, one thing that says it in its own words elsewhere, and one that does not."""
    names = {n: (f"长河镇{n}村", "长河镇") for n in range(1, places + 1)} | {9999: ("山上",)}
    units = [Searchable("unit", f"u:{n}", f"{n}村", str(n), place=n) for n in range(1, places + 1)]
    done = [Searchable("thing", f"t:{n}", f"修路{n}段", str(n), place=n) for n in range(1, places + 1, 2)]
    own = Searchable("thing", "t:own", "去长河镇的路", "own", place=9999)
    other = Searchable("thing", "t:other", "山上的路", "other", place=9999)
    searching.put([*units, *done, own, other], names)
    for typed in ("长河镇", "changhezhen", "chang he zhen", "長河鎮"):
        groups = {group.kind: group for group in searching.search(typed, ["unit", "thing"]).groups}
        assert {kind: group.count for kind, group in groups.items()} == {"unit": places, "thing": len(done) + 1}
        rows = searching.shown(groups["thing"].ids)
        assert [rows[pk].title for pk in groups["thing"].ids[:3]] == ["去长河镇的路", "修路1段", "修路3段"]


def test_a_part_of_what_is_found_is_a_page_and_behind_the_last_page_is_the_last(district):
    def page(start):
        (group,) = searching.search("党支部", KINDS, start=start, most=4).groups
        return group.count, group.ids

    count, first = page(0)
    assert (count, len(first)) == (10, 4)
    parts = [page(start)[1] for start in (0, 4, 8)]
    assert len({pk for part in parts for pk in part}) == count
    assert [len(part) for part in parts] == [4, 4, 2]
    assert page(12) == page(4000) == (count, parts[-1])


def test_of_what_is_near_only_the_nearest_is_shown(district):
    assert found("红石镇大湾村")[0]["organisation"] == [BAY]
    assert found("红石镇下坪村")[0]["organisation"] == [VILLAGE]


def test_letters_mean_the_same_with_a_blank_after_each_syllable(district):
    assert found("Hong Shi") == found("hongshi")


def test_what_is_called_so_in_pinyin_comes_before_what_has_it_somewhere(district):
    facts = {"kind": "branch", "sector": "rural", "parent": district[1]["R1"], "at": NOW, "by": None}
    for code, name in (("201", "平安新村党支部"), ("202", "安心药房党支部")):
        organisations.add_organisation(code=code, name=name, **facts)
    assert found("anxin")[0]["organisation"] == ["安心药房党支部", "平安新村党支部"]


def test_one_letter_is_said_to_be_too_little(district):
    assert searching.search("a", KINDS).is_too_little
    assert not searching.search("ab", KINDS).is_too_little


def test_near_is_told_from_exact(district):
    assert found("红石下坪")[1]
    assert not found("红石镇下坪村")[1]


# Promises, notices, honours


@pytest.fixture
def small(db):
    return small_district()


@pytest.fixture
def cycle(small):
    return launched_cycle(small)


def test_promises_notices_and_honours_are_found_by_what_they_say(small, cycle):
    district = small
    village = district.villages[0]
    published_commitment(district, cycle, village)
    promise = SearchEntry.objects.filter(kind="promise").first()
    notice = published_notice(district, cycle)
    assert promise.title in found(promise.title[:4])[0]["promise"]
    assert promise.title in found(f"{village.name} 承诺")[0]["promise"]
    assert found("公示")[0]["notice"] == [notice.title]
    assert found(f"{notice.year} {notice.number}")[0]["notice"] == [notice.title]


def test_a_renamed_town_is_found_below_by_its_new_name_only(small, cycle):
    district = small
    published_commitment(district, cycle, district.villages[0])
    organisations.change_organisation(organisation=district.town, changes={"name": "白云镇党委"}, at=NOW, by=None)
    titles, _is_exact = found("白云镇")
    assert set(titles["organisation"]) == {"白云镇党委", *(village.name for village in district.villages)}
    assert titles["promise"]
    assert "测试镇党委" not in str(list(SearchPlace.objects.values_list("names", flat=True)))


def test_an_organisation_that_ended_is_no_longer_found(district):
    organisations.change_organisation(
        organisation=district[1]["101"], changes={"ended_on": NOW.date()}, at=NOW, by=None
    )
    assert VILLAGE not in found("下坪")[0].get("organisation", [])


def table():
    names = [field.name for field in SearchEntry._meta.concrete_fields if field.name != "id"]
    names += [f"place__{field.name}" for field in SearchPlace._meta.concrete_fields]
    return sorted(SearchEntry.objects.values_list(*names), key=str)


MOVES = st.lists(
    st.tuples(st.sampled_from(["rename", "move", "end", "sector"]), st.integers(0, 5), st.integers(0, 5)), max_size=5
)


@pytest.mark.django_db(transaction=True)
def test_the_table_made_anew_equals_the_one_that_deeds_wrote():
    """Whatever is renamed, moved or ended: for what stands in the table it makes no difference when it was written."""
    district = small_district()
    cycle = launched_cycle(district)
    for village in district.villages[:2]:
        published_commitment(district, cycle, village)
    published_notice(district, cycle)

    @settings(max_examples=8, deadline=None)
    @given(moves=MOVES)
    def holds(moves):
        for n, (deed, which, other) in enumerate(moves):
            row, parent = district.everywhere[which], district.everywhere[other]
            changes = {
                "rename": {"name": f"新{n}村党支部"},
                "move": {"parent": parent},
                "end": {"ended_on": NOW.date()},
                "sector": {"sector": "rural" if n % 2 else "government-office"},
            }[deed]
            try:
                organisations.change_organisation(organisation=row, changes=changes, at=NOW, by=None)
            except organisations.rules.TreeRefused:
                continue
        written = table()
        rhythm.rebuild_search(at=NOW, by=None)
        assert table() == written

    holds()


def test_attack_words_for_somebody_else_are_not_found_in_public(db):
    things = [
        Searchable("case", f"case:{n}", f"第{n}件举报", str(n), audience=who)
        for n, who in enumerate(["office", "public"])
    ]
    searching.put(things, {})
    assert found("举报", ["case"])[0] == {"case": ["第1件举报"]}


@given(text=st.text(max_size=60))
def test_folding_is_done_once_and_for_all(text):
    assert folding.folded(folding.folded(text)) == folding.folded(text)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("十三", "13"),
        ("三十", "30"),
        ("三十二", "32"),
        ("二〇二六年", "2026年"),
        ("第一", "第1"),
        ("ＡＢＣ－１", "abc 1"),
        ("裏麵", "里面"),
    ],
)
def test_folded(text, folded):
    assert folding.folded(text) == folded

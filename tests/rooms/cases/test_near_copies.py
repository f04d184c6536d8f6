"""A copy stays one when some of its signs are changed, put in or turned round; what an honest text needs to name stays free."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.cast.cases import two_readers
from tests.cast.district import NOW, launched_cycle, small_district
from tests.cast.refusing import refused
from tests.rooms.cases.test_cases import DAY, received

from zhengyou.cases import actions, guarding, own_words, reporting
from zhengyou.cases.computing.repeating import copied, repeated

STORY = (
    "上个月我三次去所里补办老人的优待卡，头一回说系统升级，第二回说照片不合要求，第三回窗口里根本没有人，"
    "隔壁的大姐告诉我管章的人请假看孙子去了，我站到快下班才走。"
)
ENGLISH = (
    "On three mornings I went there for my mother's card and first they said the system was down then that her photo "
    "would not do and the last time nobody sat behind the glass at all until the cleaner told me to come back in spring"
)
SIGNS = st.characters(min_codepoint=0x4E00, max_codepoint=0x7FFF)
PUT_IN = st.sampled_from([" ", "，", "、", "·", "\u200b", "\n", "a", "7", "ok", "……"])
# Of what an honest text says: where, what about, what is asked for, and what is wrong, as its reporter says it and as an office does.
PLACES = ["红星街道综合服务大厅三号窗口", "村部便民服务点", "锦溪市第二人民医院门诊楼一楼收费处", "镇上"]
THINGS = ["城乡居民基本医疗保险参保登记", "老年人优待证", "低保申请", "村口的路灯", "农村危房改造补助"]
WRONGS = [
    ("排了一上午的队也没轮到我，旁边的人都走了", "等候时间过长"),
    ("我问了四个人，都说不归他管", "几个部门互相推诿"),
    ("交上去二十天了，一点回音也没有", "久未答复"),
    ("坏了快一个月，晚上出门要打手电", "损坏未修"),
]
ASKS = ["请查看并改进。", "请在五个工作日内办理并答复。", "请查明原因，公开说明。", "请按规定一次告知所需材料。"]


def changed(text, every, other):
    """The text with every so-manieth sign replaced."""
    return "".join(other if place % every == every - 1 else sign for place, sign in enumerate(text))


@settings(deadline=None)
@given(st.integers(5, 40), SIGNS.filter(lambda one: one not in STORY))
def test_a_copy_of_which_every_so_manieth_sign_is_changed_is_a_copy(every, other):
    assert copied(f"请注意：{changed(STORY, every, other)}", STORY)


@settings(deadline=None)
@given(st.integers(4, 12))
def test_a_copy_in_words_of_which_every_so_manieth_is_changed_is_a_copy(every):
    words = ENGLISH.split()
    text = " ".join("another" if place % every == every - 1 else word for place, word in enumerate(words))
    assert copied(text, ENGLISH)


@settings(deadline=None)
@given(st.lists(PUT_IN, min_size=len(STORY), max_size=len(STORY)))
def test_a_copy_into_which_blanks_points_and_letters_are_put_is_a_copy(put_in):
    assert copied("".join(map("".join, zip(STORY, put_in, strict=True))), STORY)


@settings(deadline=None)
@given(st.permutations(STORY.replace("。", "").split("，")))
def test_a_copy_whose_clauses_are_turned_round_is_a_copy(clauses):
    text = "，另外，".join(clauses)
    assert copied(text, STORY)
    assert copied(changed(text, 9, "某"), STORY)


@settings(deadline=None)
@given(st.text(SIGNS, min_size=40, max_size=120), st.integers(5, 30))
def test_whatever_somebody_wrote_its_changed_copy_is_one(words, every):
    assert copied(changed(words, every, "某"), words)


@settings(deadline=None)
@given(st.integers(12, 24), st.data())
def test_a_short_message_with_one_sign_changed_in_its_middle_is_copied(size, data):
    words = STORY.replace("，", "")[:size]
    place = data.draw(st.integers(size // 3 + 1, size - size // 3 - 2))
    assert copied(f"{words[:place]}某{words[place + 1 :]}", words)


@pytest.mark.parametrize(("place", "thing"), list(product(PLACES, THINGS)))
@pytest.mark.parametrize("wrong", WRONGS)
def test_an_honest_text_says_where_and_what_it_is_about(place, thing, wrong):
    told, said = wrong
    reports = [
        f"我去{place}办{thing}，{told}。",
        f"{thing}的事，{told}，就是{place}那里。",
        f"{place}，{thing}，{told}",
    ]
    texts = [f"{place}{thing}{said}，{{}}", f"有人反映{thing}{said}，涉及{place}，{{}}", f"关于{thing}：{said}。{{}}"]
    for report, text, ask in product(reports, texts, ASKS):
        assert copied(text.format(ask), report, [place], [place]) == "", (text, report)


@settings(deadline=None)
@given(st.text(SIGNS, min_size=25, max_size=200), st.text(SIGNS, min_size=5, max_size=80), st.data())
def test_one_long_name_that_both_hold_makes_no_copy(words, own, data):
    start = data.draw(st.integers(0, len(words) - 19))
    name = words[start : start + 19]
    others = "".join(sign for sign in own if sign not in words)
    assert copied(f"{others}{name}{others}", words) == ""


@settings(deadline=None)
@given(st.text(SIGNS, max_size=300), st.text(SIGNS, max_size=300))
def test_what_two_people_write_of_different_things_is_no_copy(words, text):
    assert copied("".join(sign for sign in text if sign not in words), words) == ""


def test_what_is_known_anyway_is_no_part_of_a_copy():
    text = "红星街道综合服务大厅三号窗口补办老人的优待卡，等得太久。"
    words = "红星街道综合服务大厅三号窗口又说不能补办老人的优待卡，等得太久了，叫人着急。"
    assert copied(text, words)
    assert copied(text, words, ["红星街道综合服务大厅三号窗口"]) == ""


@pytest.fixture
def district(db):
    return small_district()


@pytest.fixture
def cycle(district):
    return launched_cycle(district)


def test_attack_a_clerk_who_changes_every_fifteenth_sign_gets_past_no_form(cycle, district):
    row = received(district.villages[0], words=STORY, at=NOW - DAY).case
    given = {"case": row, "to": row.unit, "repeats": True, "at": NOW, "by": district.office}
    for text in (changed(STORY, 15, "某"), f"请注意：{changed(STORY[20:70], 7, '他')}"):
        with refused("case.copies-report"):
            actions.assign_case(target_text=text, **given)
    row = actions.assign_case(target_text="有人反映优待卡补办不便，请查看窗口值守情况。", **given)
    reporting.write_as_reporter(case=row, words=ENGLISH, at=NOW)
    with refused("case.copies-report"):
        actions.change_kind(
            case=row, kind="inaction", words=ENGLISH.replace("they", "we").upper(), at=NOW, by=district.office
        )


def test_attack_a_changed_message_of_one_reporter_is_sent_to_no_other(cycle, district):
    first, _second = two_readers(district, at=NOW)
    rows = [received(district.villages[n], kind="misconduct", words=f"收钱{n}", at=NOW + DAY).case for n in range(2)]
    reporting.write_as_reporter(case=rows[0], words=STORY, at=NOW + DAY)
    with refused("case.copies-another"):
        guarding.hand_over_many(cases=rows, words=changed(STORY, 15, "某"), at=NOW + DAY, by=first)


def test_all_pieces_that_are_copied_are_said_at_once(cycle, district):
    row = received(district.villages[0], words=STORY, at=NOW - DAY).case
    text = f"第一，{STORY[:30]}。所以要认真整改。第二，{STORY[50:80]}。"
    found = own_words.copied_of(row, text)
    assert STORY[:20] in found
    assert STORY[52:70] in found


HOME = "食堂的菜经常是凉的，跟班主任说了两个月也没有人管。我家住在北门路12号，孩子上初二。"


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["北门路12号的家长反映食堂。", "请回复北门路 12号。", "家住北门路的家长说菜不热。"])
def test_attack_no_unit_is_told_where_its_reporter_lives_however_short_it_is(text):
    district = small_district()
    launched_cycle(district)
    row = received(district.villages[0], words=HOME, at=NOW - DAY).case
    given = {"case": row, "to": row.unit, "at": NOW, "by": district.office}
    with refused("case.repeats-report"):
        actions.assign_case(target_text=text, **given)
    actions.assign_case(target_text="有家长说食堂的饭菜不热，请查看并改进。", **given)


@pytest.mark.parametrize("between", ["A", "9", "x1"])
def test_attack_letters_put_between_the_signs_of_a_turn_of_phrase_hide_none(between):
    phrase = "低保材料交上去二十天没有回音"
    assert repeated(between.join(phrase), f"{phrase}，打电话说人下乡了。")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("系统故障时请说明什么时候能好。", "轮到我时说系统坏了，没人说什么时候能好"),
        ("请说明现在有没有人管，能不能尽快处理。", "到底有没有人管，能不能处理"),
    ],
)
def test_a_short_run_of_words_that_everybody_says_tells_of_nobody(text, words):
    assert repeated(text, words) == ""

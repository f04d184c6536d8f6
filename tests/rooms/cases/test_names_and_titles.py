"""Names beside titles, in all the ways in which people write them: the whole name is ringed, and no title is cut."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhengyou.cases.computing.naming import NO_TITLES, OF_TWO_UNSURE, TITLES, names_in, words_of_titles
from zhengyou.cases.computing.ringing import blacked_out, pieces, rings

TWO = ["欧阳", "司马", "上官", "诸葛", "夏侯", "皇甫", "尉迟", "慕容", "令狐"]
ONE = list("王李张刘陈杨赵吴徐孙朱胡郭罗梁宋韩冯邓曹彭曾肖董袁潘蒋蔡杜魏姚卢姜崔谭贾薛闫")
GIVEN = st.text(st.sampled_from("建国春花德福秀英志强丽娜文军敏静磊洋艳勇杰婷"), min_size=1, max_size=2)
SURNAMES = st.sampled_from([*ONE, *TWO])
TITLE = st.sampled_from(TITLES)
CALLED = st.one_of(
    SURNAMES,
    st.builds("".join, st.tuples(SURNAMES, GIVEN)),
    st.builds("".join, st.tuples(st.sampled_from("老小"), st.sampled_from(ONE))),
    st.builds("".join, st.tuples(SURNAMES, st.sampled_from(["某", "某某", "××", "**"]))),
)
BEFORE = st.sampled_from(["", "那天", "我找到了", "村里的", "听说，", "三年级的"])
AFTER = st.sampled_from(["", "，", "说没有时间。", "不在", "收了东西", "的态度很差", "让我回去等"])


def ringed(words):
    return [words[start:end] for start, end in rings(words)]


@settings(deadline=None)
@given(BEFORE, st.one_of(st.just(""), TITLE), CALLED, TITLE, AFTER)
def test_a_name_before_a_title_is_ringed_and_no_title_is_cut(before, first, called, title, after):
    words = f"{before}{first}{called}{title}{after}"
    begin = len(before) + len(first)
    spans = rings(words)
    assert any(start <= begin and begin + len(called) <= end for start, end in spans), (words, ringed(words))
    for start, end in spans:
        for place, stop in words_of_titles(words):
            assert not place < start < stop, (words, ringed(words))
            assert not place < end < stop, (words, ringed(words))


@pytest.mark.parametrize("called", ["孙××", "孙某", "孙某某", "孙**"])
def test_a_name_behind_a_title_whose_end_could_begin_one_is_ringed(called):
    words = f"科长{called}先生来过"
    assert called in names_in(words)
    assert any(start <= 2 and end >= 2 + len(called) for start, end in rings(words)), ringed(words)


@settings(deadline=None)
@given(BEFORE, TITLE, st.builds("".join, st.tuples(SURNAMES, GIVEN)), AFTER)
def test_a_name_behind_a_title_is_ringed_with_all_of_the_title(before, title, name, after):
    words = f"{before}{title}{name}{after}"
    begin = len(before)
    assert any(start <= begin and begin + len(title + name) <= end for start, end in rings(words)), ringed(words)


@settings(deadline=None)
@given(BEFORE, TITLE, AFTER)
def test_a_title_without_a_name_is_no_name(before, title, after):
    assert names_in(f"{before}{title}{after}") == []


@settings(deadline=None)
@given(st.sampled_from(NO_TITLES), AFTER)
def test_a_word_that_only_begins_like_a_title_is_none(word, after):
    assert names_in(f"去{word}{after}") == []
    assert ringed(f"去{word}{after}") == []


@pytest.mark.parametrize(
    ("words", "whole"),
    [
        ("主任王老师收了钱", ["主任王老师"]),
        ("班主任王老师打人", ["班主任王老师"]),
        ("三年级班主任李红", ["三年级", "班主任李红"]),
        ("王老师和老王都在", ["王老师", "老王"]),
        ("王某某打人，王某也在", ["王某某", "王某"]),
        ("欧阳老师骂人", ["欧阳老师"]),
        ("司马光明老师说", ["司马光明"]),
        ("是欧阳建国说的", ["欧阳建国"]),
        ("护士长刘敏态度差", ["护士长刘敏态"]),
        ("高主任医师不在", ["高主任医师"]),
        ("班主任和王老师", ["王老师"]),
        ("老王院长和小李在", ["老王", "小李"]),
        ("東門的歐陽老師、張醫生", ["歐陽老師", "張醫生"]),
        ("西门老师不在，西门的灯坏了", ["西门老师"]),
    ],
)
def test_rings_around_people_with_titles(words, whole):
    assert ringed(words) == whole
    black = blacked_out(words, [one.ring for one in pieces(words) if one.ring])
    assert not any(one in black for one in whole)


@pytest.mark.parametrize(
    "words",
    [
        "于是老师来了，何时老师走",
        "向老师反映，对方经理不理",
        "历史老师、课程主任、现金会计",
        "周一主任不在，马上医生来",
        "高级工程师和主任科员",
        "公司马上派人，网上官方回复",
        "外公孙子都在",
        "小于三天，小程序坏了，老顾客多",
        "校长办公室没有人，会计师事务所关门",
        "西门和东方红广场的灯坏了",
        "王家村、李家巷、上官镇的路",
        "主任高度重视",
        "路灯已换，并贴出报修电话",
        "由社区办理，方便群众",
        "请周边的人来",
        "一张表，两万元",
        "缩小范围",
    ],
)
def test_words_that_name_nobody(words):
    assert names_in(words) == []


def test_names_in_words_are_said_without_their_titles():
    assert names_in("王老师、班主任李红、主任赵大勇同志和欧阳书记在") == ["王", "李红", "赵大勇", "欧阳"]
    assert names_in("请赵春花家再来，经王德福同意") == ["赵春花", "王德福"]
    assert set(OF_TWO_UNSURE.split("|")) & set(names_in("东方校长来了")) == {"东方"}


@pytest.mark.parametrize("whom", ["职工", "租户", "商户", "考生", "困难户", "村民", "居民", "学生", "患者", "业主"])
@pytest.mark.parametrize("said", ["说明", "说清楚", "解释", "公示", "道歉", "核实"])
def test_to_whom_something_is_said_is_nobodys_name(whom, said):
    assert names_in(f"已向{whom}{said}。") == names_in(f"向{whom}{said}") == []


@pytest.mark.parametrize(
    "words",
    [
        "请林业站配合，许可证办理情况一并说明。",
        "施工许可到期，申请许可的事归镇里。",
        "任课老师已经换了。",
        "祝大家满意，祝各位平安。",
        "高清摄像头已装，白天施工，万家灯火。",
    ],
)
def test_words_of_every_day_name_nobody(words):
    assert names_in(words) == []

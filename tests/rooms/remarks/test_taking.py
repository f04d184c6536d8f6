"""How words are taken: when they wait, what is one remark, what the valve holds back, what a text may be."""

from datetime import timedelta
from functools import partial

import pytest
from tests.cast.at_once import at_once
from tests.cast.commitments import promises_of, published_commitment
from tests.cast.district import NOW, launched_cycle, small_district
from tests.cast.refusing import refused
from tests.cast.writing import arrived

from zhengyou.remarks import actions, queries, rules
from zhengyou.remarks.models import Remark, Spent, Valve

pytestmark = pytest.mark.django_db


@pytest.fixture
def district():
    return small_district()


@pytest.fixture
def cycle(district):
    return launched_cycle(district)


@pytest.fixture
def promise(district, cycle):
    return promises_of(published_commitment(district, cycle, district.villages[0]))[0]


@pytest.fixture
def take(promise, cycle):
    """Take words about a promise, solved and in a form of their own, unless changed."""

    def taken(words="村口还是黑的", **changes):
        given = {
            "subject": promise,
            "heading": promise.what,
            "kind": "answer",
            "cycle": cycle,
            "organisation": promise.commitment.organisation,
            "words": words,
            "at": NOW,
            "arrival": arrived(),
        }
        return actions.take_remark(**(given | changes))

    return taken


@pytest.fixture
def shown_at_once(cycle):
    """The rules of another pack: nothing of the sort is looked at first."""
    cycle.rules["remarks"]["words_shown"] = "at_once"
    cycle.save()


def test_words_wait_for_a_look_where_the_rules_say_so_and_a_mark_alone_has_nothing_to_wait_for(take):
    waiting, alone = take(), take("")
    assert (waiting.state, waiting.why) == ("waiting", "look")
    assert (alone.state, alone.why) == ("shown", "")
    assert waiting.came_on == NOW.date()


@pytest.mark.usefixtures("shown_at_once")
def test_words_are_shown_at_once_where_the_rules_say_so(take):
    assert take().state == Remark.State.SHOWN


@pytest.mark.usefixtures("shown_at_once")
def test_what_comes_without_a_solved_puzzle_waits_and_is_never_lost(take):
    row = take(arrival=arrived(is_solved=False))
    assert (row.state, row.why) == ("waiting", "look")


@pytest.mark.usefixtures("shown_at_once")
def test_a_solution_is_good_once(take):
    first = arrived()
    assert take(arrival=first).is_shown
    again = take("换一句话", arrival=rules.Arrival(arrived().ticket, first.solution))
    assert (again.state, again.why) == ("waiting", "look")
    assert Spent.objects.count() == 3  # one solution, two forms


@pytest.mark.usefixtures("shown_at_once")
def test_the_same_form_sent_again_is_the_same_remark_and_spends_nothing_more(take):
    form = arrived()
    assert take(arrival=form) == take(arrival=form)
    assert (Remark.objects.count(), Spent.objects.count(), Valve.objects.get().load) == (1, 2, 1)


@pytest.mark.parametrize("words", ["另外一句", ""])
def test_a_form_is_good_once_and_other_words_under_it_are_refused(take, words):
    form = arrived()
    take(arrival=form)
    with refused("remark.form-used"):
        take(words, arrival=form)
    assert (Remark.objects.count(), Valve.objects.get().load) == (1, 1)


def test_equal_words_are_one_remark_that_says_how_often_it_was_sent(take):
    spellings = ["路灯不亮", "路灯，不亮！", " 路灯 不亮", "路灯不亮\u200b", "路灯\u2060不亮。"]
    rows = [take(words) for words in spellings]
    assert {row.pk for row in rows} == {rows[0].pk}
    assert rows[-1].times == 5
    assert take("路灯亮了") != rows[0]


def test_equal_words_with_another_mark_beside_them_are_another_remark(take):
    assert take(beside="kept") != take(beside="not_kept")


def test_a_form_whose_words_were_folded_counts_once_however_often_it_is_sent(take):
    take()
    form = arrived()
    assert [take(arrival=form).times for _time in range(3)] == [2, 2, 2]


def test_equal_words_stay_hidden_when_they_are_sent_again(district, take):
    row = take()
    actions.hide_remarks(remarks=[row], reason="insult", at=NOW, by=district.office)
    again = take()
    assert (again.pk, again.is_hidden, again.times) == (row.pk, True, 2)


def test_more_than_the_usual_number_in_ten_minutes_waits_whole(take):
    rows = [take("") for _one in range(25)]
    assert [row.why for row in rows] == [""] * rules.USUAL + ["flood"] * 5
    assert [row.is_counted for row in rows] == [True] * rules.USUAL + [False] * 5


def test_of_what_comes_without_solutions_fewer_are_usual(take):
    rows = [take("", arrival=arrived(is_solved=False)) for _one in range(8)]
    assert [row.why for row in rows] == [""] * 5 + ["flood"] * 3


def test_solved_words_pass_through_a_flood_of_unsolved_ones(take):
    for _one in range(30):
        take("", arrival=arrived(is_solved=False))
    honest = [take("") for _one in range(rules.USUAL + 1)]
    assert [row.is_counted for row in honest] == [True] * rules.USUAL + [False]
    assert not take("", arrival=arrived(is_solved=False)).is_counted


def test_nobody_gets_twice_the_usual_number_through_where_two_pieces_of_ten_minutes_meet(take):
    border = NOW + timedelta(minutes=10)
    rows = [take("", at=border - timedelta(seconds=1)) for _one in range(rules.USUAL)]
    rows += [take("", at=border) for _one in range(rules.USUAL)]
    assert [row.is_counted for row in rows] == [True] * rules.USUAL + [False] * rules.USUAL


def test_a_flood_holds_nobody_back_twenty_minutes_after_its_last(take):
    last = NOW + timedelta(minutes=9, seconds=59)
    for _one in range(100):
        take("", at=last)
    assert not take("", at=last + timedelta(minutes=5)).is_counted
    assert take("", at=last + timedelta(minutes=20)).is_counted


def test_honest_words_that_equal_those_of_a_flood_are_freed_from_it(take):
    for n in range(7):
        row = take(f"第{n}句", arrival=arrived(is_solved=False))
    assert (row.why, row.is_counted) == ("flood", False)
    again = take("第6句")
    assert (again.pk, again.why, again.is_counted, again.times) == (row.pk, "look", True, 2)


def test_the_valve_opens_again_after_ten_quiet_minutes_and_each_subject_has_its_own(take, promise):
    other = promises_of(promise.commitment)[1]
    for _one in range(25):
        take("")
    assert take("", subject=other).why == ""
    assert take("", at=NOW + timedelta(minutes=10)).why == "flood"
    assert take("", at=NOW + timedelta(minutes=30)).why == ""


def test_a_flood_that_goes_on_stays_shut(take):
    for minute in range(0, 40, 10):
        rows = [take("", at=NOW + timedelta(minutes=minute)) for _one in range(25)]
        assert sum(row.is_counted for row in rows) == (rules.USUAL if minute == 0 else 0)


def test_counts_and_digests_are_dropped_when_nothing_asks_for_them_any_more(take):
    take("")
    take("", at=NOW + timedelta(days=4))
    assert (Valve.objects.count(), Spent.objects.count()) == (1, 2)


def test_what_somebody_of_the_house_enters_passes_no_valve(take):
    rows = [take("", arrival=None) for _one in range(30)]
    assert all(row.is_counted for row in rows)
    assert not Valve.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_the_same_words_sent_by_many_in_one_moment_are_one_remark(take):
    outcomes = at_once(*[partial(take, arrival=arrived()) for _one in range(6)])
    assert len({row.pk for row in outcomes}) == 1
    assert Remark.objects.get().times == 6


@pytest.mark.django_db(transaction=True)
def test_of_two_that_spend_one_solution_in_one_moment_one_is_unsolved(take):
    first = arrived()
    second = rules.Arrival(arrived().ticket, first.solution)
    at_once(partial(take, "甲", arrival=first), partial(take, "乙", arrival=second))
    assert list(Valve.objects.order_by("is_solved").values_list("is_solved", "load")) == [(False, 1), (True, 1)]


def test_a_look_is_due_within_one_working_day_and_how_long_the_oldest_waits_is_known(take, promise, cycle):
    take("一", at=NOW)  # a Tuesday
    take("二", at=NOW + timedelta(days=3))
    state = queries.waiting_about(promise.reference)
    assert (state.count, state.oldest_on, state.due_on) == (2, NOW.date(), NOW.date() + timedelta(days=1))
    assert not state.is_late(NOW.date() + timedelta(days=1))
    assert state.is_late(NOW.date() + timedelta(days=2))
    assert rules.look_due_on((NOW + timedelta(days=3)).date()) == (NOW + timedelta(days=6)).date()
    assert queries.waiting_in(cycle).count == 2


@pytest.mark.parametrize(
    "words",
    [
        "请打13812345678",
        "138-1234-5678",
        "一三八一二三四五六七八",
        "１３８ １２３４ ５６７８",
        "身份证43120219900101001X",
        "0745-2712345",
        "卡号6222 0202 0000 1234",
        "幺三八零零一三八零零零",
    ],
)
@pytest.mark.usefixtures("shown_at_once")
def test_words_with_something_like_a_number_of_a_person_wait_for_a_look(take, words):
    row = take(words)
    assert (row.state, row.why, row.has_number) == ("waiting", "look", True)


def test_that_words_hold_a_number_is_known_in_a_flood_too(take):
    rows = [take(f"打1381234567{n}", arrival=arrived(is_solved=False)) for n in range(7)]
    assert [(row.why, row.has_number) for row in rows[-2:]] == [("flood", True)] * 2
    assert not take("没有号码").has_number


@pytest.mark.parametrize("words", ["2026年11月28日看过", "2026-11-28修好了3盏", "花了120000元", "第3段，12盏"])
def test_days_prices_and_counts_are_no_such_numbers(words):
    assert not rules.holds_a_number(words)


@pytest.mark.parametrize("words", ["\u200b", "\u2800 \u3164", "\u202e\u202d", "\u0301", "\ufe0f", "\u200d"])
def test_words_of_which_nothing_can_be_seen_are_refused(take, words):
    with refused("remark.words-invisible"):
        take(words)


@pytest.mark.parametrize("words", ["a\x00b", "\x1b[31m红", "\ufffd\ufffd", "a\x85b", "\ud800"])
def test_words_with_what_cannot_be_shown_are_refused(take, words):
    with refused("remark.words-unreadable"):
        take(words)


def test_what_turns_or_hides_the_words_around_it_is_taken_out(take):
    row = take("前\u202e面\u2066的\u200b字\u00ad好" + "Z" + "\u0301" * 40 + "\n\n\n\n\n尾")
    assert row.words == "前面的字好Z\u0301\u0301\u0301\n\n尾"


def test_emoji_that_are_joined_stay_joined(take):
    assert take("👨‍👩‍👧好").words == "👨‍👩‍👧好"


def test_words_that_are_too_long_are_refused_in_our_own_words(take):
    with refused("remark.words-too-long") as caught:
        take("长" * 34_000)
    assert "has 34000 characters. Shorten it to 2000." in str(caught.value)
    assert not Remark.objects.exists()

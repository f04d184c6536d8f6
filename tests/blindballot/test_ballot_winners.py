"""Whom the methods put first: examples worked out by hand or printed in papers, and what holds for every table."""

from __future__ import annotations

import itertools
import json
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from tests.vectors.make_questions import described

from blindballot.format.answers import Answers, count_answers, publish_answers
from blindballot.format.questions import METHODS, Option, Question, marks_of_answer
from blindballot.format.winners import leads_of, schulze_leads, swing

CELL = 4


def ask(kind: str, options: int, most: int = 0, method: str = "") -> Question:
    names = tuple(Option(chr(97 + place), {"en": "One"}) for place in range(options))
    return Question(kind, most or options, method or METHODS[kind][0], names)


def count(question: Question, answers: Mapping[str, int]) -> Answers:
    patterns = Counter[bytes]()
    for each, n in answers.items():
        patterns[marks_of_answer(question, list(each))] += n  # an approval is the same in any order
    return count_answers(question, patterns)


def told(question: Question, answers: Mapping[str, int]) -> tuple[str, bool]:
    published = publish_answers(question, count(question, answers), CELL, is_open=True)
    return "".join(published["winners"]), published["is_certain"]


def test_schulze_agrees_with_the_first_example_of_its_paper() -> None:
    """Schulze 2011, example 1: 45 voters, E wins; its path to A is of 25 votes against 24 the other way. By margins here: 5 and 3."""
    answers = dict(acbed=5, adecb=5, bedac=8, cabed=3, caebd=7, cbade=2, dceba=7, ebadc=8)
    question = ask("ranking", 5)
    answered = count(question, answers)
    assert answered.pairwise[4] == (23, 27, 21, 31, 0)
    assert told(question, answers) == ("e", False)
    assert leads_of(question, *numbers(answered))[4] == [5 - 3, 8, 8, 14, 0]


def numbers(answers: Answers) -> tuple[tuple[int, ...], tuple[tuple[int, ...], ...]]:
    return answers.numbers, answers.pairwise


def test_borda_puts_the_broadly_liked_first_and_schulze_the_one_who_beats_each_other() -> None:
    """Three of five put a above everybody; b is first or second with all five. Borda: a 6 - 4, b 5 + 1, c less."""
    answers = dict(abc=3, bca=2)
    assert told(ask("ranking", 3), answers) == ("a", False)
    assert told(ask("ranking", 3, method="borda"), answers) == ("b", False)


def test_a_circle_of_equals_is_a_draw() -> None:
    for method in METHODS["ranking"]:
        assert told(ask("ranking", 3, method=method), dict(abc=9, bca=9, cab=9)) == ("abc", False)


def test_a_circle_is_cut_at_its_weakest_step() -> None:
    """a over b by 10, b over c by 8, c over a by 4: the strongest way back to a is of 4, so a is first."""
    answers = dict(abc=11, bca=8, cab=6)
    assert told(ask("ranking", 3), answers) == ("a", False)


def test_whoever_is_not_ranked_is_below_and_level_with_the_others_who_are_not() -> None:
    question = ask("ranking", 4, 3, "borda")
    answers = count(question, dict(a=1, ab=1))
    assert answers.pairwise == ((0, 2, 2, 2), (0, 0, 1, 1), (0, 0, 0, 0), (0, 0, 0, 0))
    # a has 3 points on each slip; b one less than nothing on the first, two less one on the second; c and d -1 and -2
    assert leads_of(question, *numbers(answers))[0] == [0, 6, 9, 9]


@pytest.mark.parametrize(
    ("question", "answers", "others"),
    [
        (ask("approval", 3), dict(ab=8, a=5), dict(b=4)),
        (ask("ranking", 3, method="borda"), dict(abc=13, bca=2), dict(bca=4)),
        (ask("ranking", 2), dict(a=13, ba=8), dict(b=4)),
    ],
    ids=["approvals", "borda", "schulze"],
)
def test_certain_is_who_stays_first_whatever_four_more_say(
    question: Question, answers: dict[str, int], others: dict[str, int]
) -> None:
    """With one slip less for the winner it is not certain any more, and four slips could make it a draw."""
    assert told(question, answers) == ("a", True)
    first, second = answers
    fewer = {first: answers[first], second: answers[second]}
    weakest = "a" if "a" in answers else first
    fewer[weakest] -= 1
    assert told(question, fewer) == ("a", False)
    assert told(question, Counter(fewer) + Counter(others))[0] != "a"


def questions() -> st.SearchStrategy[Question]:
    ranking = st.builds(
        lambda options, most, method: ask("ranking", options, min(most, options), method),
        st.integers(2, 5),
        st.integers(1, 5),
        st.sampled_from(METHODS["ranking"]),
    )
    return ranking | st.integers(2, 5).map(lambda options: ask("approval", options))


@st.composite
def asked_and_answered(draw: st.DrawFn) -> tuple[Question, Counter[str]]:
    question = draw(questions())
    one = st.lists(st.sampled_from(question.option_ids), max_size=question.most, unique=True).map("".join)
    return question, Counter(draw(st.dictionaries(one, st.integers(1, 15), max_size=6)))


@settings(deadline=None)
@given(asked_and_answered(), st.data())
def test_no_few_slips_more_change_who_is_certain(table: tuple[Question, Counter[str]], data: st.DataObject) -> None:
    question, answers = table
    first, certain = told(question, answers)
    assume(certain)
    ids = [option for option in question.option_ids if option != first]
    others = st.permutations(ids).map(lambda order: "".join([*order, first][: question.most]))
    more = Counter(data.draw(st.lists(others, max_size=CELL)))
    if question.kind == "approval":
        more = Counter("".join(ids[: len(each)]) for each in more.elements())
    assert told(question, answers + more)[0] == first


@settings(deadline=None)
@given(asked_and_answered(), st.lists(st.text("abcde", max_size=5), max_size=1))
def test_one_slip_moves_a_lead_by_a_swing_at_most(table: tuple[Question, Counter[str]], more: list[str]) -> None:
    question, answers = table
    extra = [dict.fromkeys(option for option in each if option in question.option_ids) for each in more]
    added = answers + Counter("".join(list(each)[: question.most]) for each in extra)
    before = leads_of(question, *numbers(count(question, answers)))
    after = leads_of(question, *numbers(count(question, added)))
    moved = [
        abs(one - other) for was, now in zip(before, after, strict=True) for one, other in zip(was, now, strict=True)
    ]
    assert max(moved) <= swing(question)


@settings(deadline=None)
@given(asked_and_answered())
def test_the_order_of_options_in_the_manifest_decides_nothing(table: tuple[Question, Counter[str]]) -> None:
    question, answers = table
    ids = list(question.option_ids)
    renamed = dict(zip(ids, reversed(ids), strict=True))
    other = Counter({"".join(renamed[option] for option in each): n for each, n in answers.items()})
    first, certain = told(question, answers)
    assert told(question, other) == ("".join(sorted(renamed[option] for option in first)), certain)
    assert first


@settings(deadline=None)
@given(asked_and_answered())
def test_whoever_beats_every_other_is_first_by_schulze(table: tuple[Question, Counter[str]]) -> None:
    question, answers = table
    assume(question.kind == "ranking")
    pairwise = count(question, answers).pairwise
    options = range(len(pairwise))
    beating = [i for i in options if all(pairwise[i][j] > pairwise[j][i] for j in options if i != j)]
    leads = schulze_leads(pairwise)
    assert not beating or all(lead > 0 for j, lead in enumerate(leads[beating[0]]) if j != beating[0])
    assert leads == by_all_paths(pairwise)


def by_all_paths(pairwise: tuple[tuple[int, ...], ...]) -> list[list[int]]:
    """The leads of Schulze's definition, from a list of all paths."""
    options = range(len(pairwise))
    margin = {(i, j): pairwise[i][j] - pairwise[j][i] for i in options for j in options}
    strongest = {
        (i, j): max(
            min(margin[step] for step in itertools.pairwise((i, *between, j)))
            for size in range(len(options) - 1)
            for between in itertools.permutations([k for k in options if k not in (i, j)], size)
        )
        for i, j in itertools.permutations(options, 2)
    }
    return [[strongest[i, j] - strongest[j, i] if i != j else 0 for j in options] for i in options]


def test_every_question_of_the_vectors_is_told_as_it_stands_there() -> None:
    """As in the browser: frontend/test/recount/answers.test.ts."""
    cases = json.loads((Path(__file__).parents[1] / "vectors" / "questions-1.json").read_bytes())
    assert len(cases) > 280
    for case in cases:
        options = tuple(Option(option, {"en": "x"}) for option in case["options"])
        question = Question(case["kind"], case["most"], case["method"], options)
        slips = Counter({bytes.fromhex(marks): n for marks, n in case["slips"].items()})
        assert described(question, slips, case["cell"]) == case

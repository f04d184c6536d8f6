"""Questions: rankings and approvals in manifest, marks and counts, and what a record of them tells."""

from __future__ import annotations

import itertools
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.blindballot.polls import Poll, asking, document, make_poll, question
from tests.blindballot.records import edit_counts, export, spoil, verify_all

from blindballot.box.paper import read_marks, spoilt_marks
from blindballot.closing.tallying import Tally
from blindballot.format.answers import count_answers, publish_answers
from blindballot.format.encoding import FormatError
from blindballot.format.lines import Opening
from blindballot.format.manifest import Line, ManifestError, write_manifest
from blindballot.format.publication import Withheld, publish_line, read_line
from blindballot.format.questions import Question, is_answer, marks_of_answer
from blindballot.format.slips import are_marks, sealed_length

ASKED = (
    question("order", "ranking", 4),
    question("three", "ranking", 16, 3, "borda"),
    question("duty", "approval", 3),
    question("points", "ranking", 3, 3, "borda"),
)
MADE = make_poll(asking(*ASKED, pools={"members": 80}))
MANIFEST = MADE.manifest
ORDER, THREE, DUTY, POINTS = MANIFEST.lines
CELL = MANIFEST.thresholds.cell


def asked(line: Line) -> Question:
    assert line.question is not None
    return line.question


def counted(line: Line, answers: Mapping[str, int]) -> Counter[bytes]:
    """Patterns from answers written as option letters in order, `?` for don't know, an empty text for nothing."""
    chosen = {answer: ["dont_know"] if answer == "?" else list(answer) for answer in answers}
    return Counter({marks_of_answer(asked(line), chosen[answer]): count for answer, count in answers.items()})


def publish(line: Line, answers: Mapping[str, int], invalid: Mapping[str, int] | None = None) -> dict[str, Any]:
    published = publish_line(MANIFEST, line, counted(line, answers), invalid or {})
    assert read_line(MANIFEST, published, "line") == published
    return published


# The manifest


def changed(path: str, value: object) -> dict[str, Any]:
    plan = asking(question("q", "ranking", 4), question("d", "approval", 3))
    *steps, last = path.split(".")
    place: Any = plan
    for step in steps:
        place = place[int(step)] if step.isdigit() else place[step]
    place[last] = value
    return plan


def options(count: int) -> list[dict[str, Any]]:
    return [{"id": f"o{number}", "name": {"en": "One"}} for number in range(count)]


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        ("lines.0.question.kind", "vote", r"lines\[0\].question.kind: must be ranking or approval"),
        ("lines.0.question.method", "approvals", r"lines\[0\].question.method: must be schulze or borda"),
        ("lines.1.question.method", "borda", r"lines\[1\].question.method: must be approvals"),
        ("lines.0.question.options", options(1), r"question.options: must be a list of 2 to 16 items"),
        ("lines.0.question.options", options(17), r"question.options: must be a list of 2 to 16 items"),
        ("lines.1.question.options", options(12), r"question.options: must be a list of 2 to 11 items"),
        ("lines.0.question.options", options(7), r"question.most: of more than 6 options at most the first 3"),
        ("lines.0.question.most", 5, r"question.most: must be a whole number from 1 to 4"),
        ("lines.0.question.most", 0, r"question.most: must be a whole number from 1 to 4"),
        ("lines.0.question.most", True, r"question.most: must be a whole number"),
        ("lines.1.question.most", 2, r"question.most: must be the number of options"),
        ("lines.0.question.options", [*options(3), *options(1)], r"question.options: o0 stands twice"),
        ("lines.0.question.options", [{"id": "unmarked", "name": {"en": "x"}}, *options(3)], "are kept for slips"),
        ("lines.0.question.options", [{"id": "x"}, *options(1)], r"options\[0\].name: is missing"),
        ("lines.0.question.why", "", r"lines\[0\].question.why: is not a field"),
        ("lines.0.question", None, r"lines\[0\].question: must be an object"),
        ("lines.0.criteria", [], r"lines\[0\].criteria: is not a field"),
        ("grades", [{"id": "good", "points": 1, "name": {"en": "Good"}}], "grades: .* none if all lines are questions"),
        ("criteria", [{"id": "work", "name": {"en": "Work"}}], "criteria: .* none if all lines are questions"),
    ],
)
def test_what_is_wrong_with_a_question_is_named(path: str, value: object, message: str) -> None:
    with pytest.raises(ManifestError, match=message):
        write_manifest(changed(path, value))


@pytest.mark.parametrize("missing", ["grades", "criteria"])
def test_a_line_of_criteria_needs_grades_and_criteria_beside_questions_too(missing: str) -> None:
    plan = document()
    plan["lines"].append(question("q", "ranking", 3))
    manifest = write_manifest(plan)
    assert [line.question is None for line in manifest.lines] == [True, True, False]
    with pytest.raises(ManifestError, match=f"{missing}: must be a list of"):
        write_manifest(plan | {missing: []})


def test_no_question_has_more_patterns_than_a_line_may_have() -> None:
    assert 1 + sum(math.perm(6, places) for places in range(7)) == 1958
    assert 1 + sum(math.perm(16, places) for places in range(4)) == 3618
    assert 1 + 2**11 == 2049


# Marks


def test_an_answer_has_one_form_and_one_length() -> None:
    assert marks_of_answer(asked(ORDER), ["c", "a"]) == b"\3\1\0\0"
    assert marks_of_answer(asked(THREE), ["p"]) == b"\x10\0\0"
    assert marks_of_answer(asked(DUTY), ["c", "a"]) == b"\1\0\1"
    assert marks_of_answer(asked(DUTY), ["dont_know"]) == b"\xff\0\0"
    assert marks_of_answer(asked(ORDER), []) == bytes(4)
    assert [sealed_length(line) - 113 for line in (ORDER, THREE, DUTY)] == [4, 3, 3]
    for wrong in (["a", "a"], ["z"], ["a", "dont_know"], list("abcd")):
        with pytest.raises(ValueError):
            marks_of_answer(asked(THREE if len(wrong) == 4 else ORDER), wrong)


@pytest.mark.parametrize(
    ("line", "marks"),
    [
        (ORDER, b"\1\1\0\0"),
        (ORDER, b"\1\0\2\0"),
        (ORDER, b"\0\1\0\0"),
        (ORDER, b"\5\0\0\0"),
        (ORDER, b"\1\2\3"),
        (ORDER, b"\1\2\3\4\0"),
        (ORDER, b"\xff\1\0\0"),
        (ORDER, b"\1\xff\0\0"),
        (ORDER, b"\xff\xff\xff\xff"),
        (THREE, b"\x11\0\0"),
        (DUTY, b"\1\2\0"),
        (DUTY, b"\0\xff\0"),
        (DUTY, b"\xff\0\1"),
        (DUTY, b"\xfe\xfe\xfe"),
        (DUTY, b""),
    ],
)
def test_anything_else_is_no_mark(line: Line, marks: bytes) -> None:
    assert not are_marks(MANIFEST, line, marks)


def test_the_marks_there_are_can_be_counted_through() -> None:
    """Of all bytes that could stand there exactly the patterns that the format speaks of are marks."""
    small = write_manifest(asking(question("r", "ranking", 3, 2), question("a", "approval", 3))).lines
    codes = (*range(6), 254, 255)
    assert sum(is_answer(asked(small[0]), bytes(each)) for each in itertools.product(codes, repeat=2)) == 1 + 3 + 6 + 1
    assert sum(is_answer(asked(small[1]), bytes(each)) for each in itertools.product(codes, repeat=3)) == 8 + 1


def test_a_form_is_keyed_as_it_is_written() -> None:
    assert read_marks(MANIFEST, ORDER, ["3", "1", "0", "0"]) == b"\3\1\0\0"
    assert read_marks(MANIFEST, ORDER, ["5", "0", "0", "0"]) == b"\xff\0\0\0"
    assert read_marks(MANIFEST, DUTY, ["1", "0", "1"]) == b"\1\0\1"
    assert read_marks(MANIFEST, DUTY, ["2", "0", "0"]) == b"\xff\0\0"
    # written, but no answer: an option twice, a gap, don't know beside an option
    for line, typed in ((ORDER, "3300"), (ORDER, "3010"), (ORDER, "5100"), (DUTY, "210")):
        assert read_marks(MANIFEST, line, list(typed)) == spoilt_marks(line)
    for line, typed in ((ORDER, "300"), (ORDER, "6000"), (DUTY, "30x")):
        assert read_marks(MANIFEST, line, list(typed)) is None


# What is published


def test_five_to_forty_nine_slips_tell_who_is_first_and_no_number() -> None:
    few = publish(ORDER, {"ab": 3, "ba": 2, "?": 1, "": 1}, {"unreadable": 1})
    assert few == {
        "line": "order",
        "returned": 8,
        "valid": 7,
        "invalid": {"any": 1},
        "publication": "band",
        "question": {"winners": ["a"], "is_certain": False},
    }
    more = publish(DUTY, {"ab": 20, "b": 2, "c": 8}, {"unreadable": 1})
    assert more["invalid"] == {"unreadable": 1}
    assert (more["publication"], more["question"]) == ("counts", {"winners": ["b"], "is_certain": False})
    assert "question" not in publish(DUTY, {"a": 4})


def test_a_draw_is_told_with_everybody_in_it() -> None:
    assert publish(DUTY, {"ab": 6, "c": 5})["question"] == {"winners": ["a", "b"], "is_certain": False}
    assert publish(ORDER, {"": 5, "?": 2})["question"] == {"winners": list("abcd"), "is_certain": False}


def test_a_draw_of_nearly_all_of_few_slips_does_not_tell_of_whom() -> None:
    """Two who chose a, two who chose b and one who chose c: c's voter would know the other four."""
    assert publish(ORDER, {"a": 2, "b": 2, "c": 1})["question"]["winners"] == list("abcd")
    assert publish(ORDER, {"a": 3, "b": 3})["question"]["winners"] == list("abcd")
    assert publish(ORDER, {"a": 3, "b": 3, "c": 1})["question"]["winners"] == ["a", "b"]


def test_open_slips_tell_every_number() -> None:
    published = publish(ORDER, {"abcd": 30, "ba": 20, "c": 10, "?": 3, "": 2}, {"unreadable": 1})
    assert published["publication"] == "open"
    assert published["question"] == {
        "winners": ["a"],
        "is_certain": True,
        "options": [30, 20, 10, 0],
        "dont_know": 3,
        "abstained": 2,
        "pairwise": [[0, 30, 50, 50], [20, 0, 50, 50], [10, 10, 0, 40], [0, 0, 0, 0]],
    }
    approved = publish(DUTY, {"ab": 20, "b": 26, "": 8})
    assert approved["question"] == {
        "winners": ["b"],
        "is_certain": True,
        "options": [20, 46, 0],
        "dont_know": 0,
        "abstained": 8,
    }


@pytest.mark.parametrize(
    ("line", "most"), [(ORDER, {"abc": 55}), (DUTY, {"ab": 30, "a": 25}), (DUTY, {"?": 55}), (ORDER, {"": 55})]
)
def test_a_question_that_nearly_all_answer_alike_stays_closed(line: Line, most: dict[str, int]) -> None:
    few = "c" if line is DUTY else "b"
    assert publish(line, most | {few: 6})["publication"] == "counts"
    assert publish(line, most | {few: 7})["publication"] == "open"


def test_a_question_with_many_patterns_that_nobody_else_has_stays_closed() -> None:
    alone = ["".join(each) for each in itertools.permutations("abcd", 3)][:11]
    patterns = dict.fromkeys(alone, 1) | {"d": 22, "dc": 22}
    assert publish(ORDER, patterns)["publication"] == "open"
    assert publish(ORDER, patterns | {"d": 21})["publication"] == "counts"


def test_the_gate_can_withhold_a_question() -> None:
    patterns = counted(DUTY, {"ab": 30, "b": 30})
    for most, wanted in (("counts", True), ("band", True), ("nothing", False)):
        published = publish_line(MANIFEST, DUTY, patterns, {}, Withheld(most))
        assert published["publication"] == most
        assert ("question" in published) is wanted
        assert published.get("question", {}).keys() <= {"winners", "is_certain"}
        assert read_line(MANIFEST, published, "line", Withheld(most)) == published


def test_the_gate_is_told_the_true_numbers() -> None:
    tally = Tally(MANIFEST)
    for answer in (["b"], ["b", "a"], ["dont_know"], []):
        tally.add("members", "order", Opening(b"", marks_of_answer(asked(ORDER), answer)))
    assert tally.exact() == {
        ("members", "order", "question"): {"a": 0, "b": 2, "c": 0, "d": 0, "dont_know": 1, "unmarked": 1}
    }


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        ("winners", [], "winners: must be a list of 1 to 4"),
        ("winners", ["b", "a"], "winners: must be options of the question, each once, in its order"),
        ("winners", ["a", "a"], "winners: must be options"),
        ("winners", ["z"], "winners: must be options"),
        ("winners", ["b"], "winners: are not those that the numbers give"),
        ("is_certain", False, "winners: are not those that the numbers give"),
        ("is_certain", 1, "is_certain: must be true or false"),
        ("options", [30, 19, 10, 0], "options: do not add up to 60"),
        ("options", [30, 20, 10], "options: must be a list of 4 to 4"),
        ("options", [31, 19, 10, 0], "cannot be of 60 rankings"),
        ("pairwise", [[0] * 4] * 3, "pairwise: must be a list of 4 to 4"),
        ("pairwise", [[0] * 4] * 4, "cannot be of 60 rankings"),
        ("dont_know", 4, "pairwise: these numbers cannot be of 59 rankings"),
        ("abstained", 1, "options: do not add up to 61"),
        ("surprise", 1, "question.surprise: is not a field"),
    ],
)
def test_numbers_that_cannot_be_are_refused(path: str, value: object, message: str) -> None:
    published = publish(ORDER, {"abcd": 30, "ba": 20, "c": 10, "?": 3, "": 2})
    published["question"][path] = value
    with pytest.raises(FormatError, match=message):
        read_line(MANIFEST, published, "line")


@pytest.mark.parametrize(
    ("valid", "told", "message"),
    [
        (20, {"winners": ["a", "b"], "is_certain": True}, "neither a draw"),
        (11, {"winners": ["a"], "is_certain": True}, "the word of so few"),
        (6, {"winners": ["a", "b"], "is_certain": False}, "told as a draw of all options"),
        (20, {"winners": ["a"], "is_certain": False, "options": [20, 0, 0]}, "options: is not a field"),
        (20, {"winners": ["a"]}, "is_certain: is missing"),
    ],
)
def test_what_a_closed_line_may_not_tell_is_refused(valid: int, told: dict[str, Any], message: str) -> None:
    published = publish(DUTY, {"a": valid}) | {"question": told}
    with pytest.raises(FormatError, match=message):
        read_line(MANIFEST, published, "line")


answers_to = {
    line.id: st.lists(st.sampled_from(asked(line).option_ids), max_size=asked(line).most, unique=True).map(
        lambda chosen, line=line: marks_of_answer(asked(line), chosen)
    )
    | st.just(marks_of_answer(asked(line), ["dont_know"]))
    for line in MANIFEST.lines
}


@settings(deadline=None)
@given(st.data(), st.sampled_from(MANIFEST.lines))
def test_whatever_is_published_passes_the_readers_own_checks(data: st.DataObject, line: Line) -> None:
    patterns = Counter(data.draw(st.dictionaries(answers_to[line.id], st.integers(1, 40), max_size=8)))
    published = publish_line(MANIFEST, line, patterns, {})
    assert read_line(MANIFEST, published, "line") == published
    if published["publication"] in ("band", "counts"):
        assert published["question"].keys() == {"winners", "is_certain"}


def multisets(patterns: Sequence[bytes], slips: int) -> Any:
    return (Counter(each) for each in itertools.combinations_with_replacement(patterns, slips))


SMALL = write_manifest(
    asking(
        question("a2", "approval", 2),
        question("r2", "ranking", 2),
        question("b2", "ranking", 2, 2, "borda"),
        question("r3", "ranking", 3, 1),
        question("b3", "ranking", 3, 1, "borda"),
        question("r5", "ranking", 5, 1),
    )
)


@pytest.mark.parametrize(
    ("line", "slips"),
    [(line, slips) for line in SMALL.lines for slips in (5, 6, 7, 12) if slips < 12 or line.id != "r5"],
    ids=lambda one: one.id if isinstance(one, Line) else str(one),
)
def test_nobody_who_knows_one_slip_learns_another_from_who_is_first(line: Line, slips: int) -> None:
    """All tables of so many slips: whatever is told and whatever the own slip is, no pattern of the others has a number that is
    known, unless nobody has it. So nobody else's slip is known either."""
    patterns = [
        marks
        for marks in (bytes(each) for each in itertools.product((*range(6), 255), repeat=asked(line).most))
        if is_answer(asked(line), marks)
    ]
    numbers: dict[tuple[str, bytes], dict[bytes, set[int]]] = {}
    for table in multisets(patterns, slips):
        told = str(publish_answers(asked(line), count_answers(asked(line), table), CELL, is_open=False))
        for own in table:
            possible = numbers.setdefault((told, own), {marks: set() for marks in patterns})
            for marks in patterns:
                possible[marks].add(table[marks] - (marks == own))
    assert any("True" in told for told, _ in numbers) is (slips == 12)
    for possible in numbers.values():
        assert all(len(found) > 1 or found == {0} for found in possible.values())


# Records


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> tuple[Poll, Path]:
    """Sixty members, of whose slips those of `order` are open; twelve guests, six workers: a line in counts, one in a band."""
    plan = asking(
        question("order", "ranking", 4),
        question("duty", "approval", 3),
        question("three", "ranking", 16, 3, "borda"),
        pools={"members": 60, "guests": 12, "workers": 6},
    )
    plan["pools"][0]["lines"] = ["order"]
    made = make_poll(plan)
    for number in range(52):
        made.vote("members", {"order": list(("abcd", "ba", "c")[number % 3])})
    spoil(made, "members", "order", marks=b"\1\1\0\0")
    for number in range(11):
        made.vote("guests", {"order": ["d"], "duty": list(("ab", "b")[number % 2]), "three": list("pa")})
    spoil(made, "guests", "duty", marks=b"\1\2\0")
    for _ in range(6):
        made.vote("workers", {"order": ["dont_know"], "three": list("abc")})
    return made, export(made, tmp_path_factory.mktemp("questions"))


def test_a_record_of_questions_is_sound(exported: tuple[Poll, Path]) -> None:
    verdict = verify_all(exported[1])
    assert verdict.findings == []
    assert verdict.opened == 53


@pytest.mark.parametrize(
    ("pool", "place", "change", "check"),
    [
        (0, 0, {"winners": ["b"]}, "bad-counts"),
        (0, 0, {"is_certain": True}, "bad-counts"),
        (1, 1, {"is_certain": True, "winners": ["a", "b"]}, "bad-counts"),
        (1, 1, {"winners": ["a"]}, "recount"),
        (2, 2, {"winners": ["p"]}, "recount"),
    ],
)
def test_another_outcome_is_found(
    exported: tuple[Poll, Path], made: Poll, folder: Path, pool: int, place: int, change: dict[str, Any], check: str
) -> None:
    """In open lines by anybody, in the others by the scrutineers."""

    def other(pools: list[dict[str, Any]]) -> None:
        pools[pool]["lines"][place]["question"] |= change

    edit_counts(made, folder, other)
    assert [finding.check for finding in verify_all(folder).findings] == [check]


def test_other_numbers_than_the_slips_have_are_found(made: Poll, folder: Path) -> None:
    """Numbers that fit one another and the winner, but not the slips."""

    def other(pools: list[dict[str, Any]]) -> None:
        told = pools[0]["lines"][0]["question"]
        told["options"] = [told["options"][0] + 1, told["options"][1], told["options"][2] - 1, 0]
        told["pairwise"][0] = [0, *(number + 1 for number in told["pairwise"][0][1:])]
        told["pairwise"][2] = [told["pairwise"][2][0] - 1, *told["pairwise"][2][1:]]

    edit_counts(made, folder, other)
    assert [finding.check for finding in verify_all(folder).findings] == ["recount"]

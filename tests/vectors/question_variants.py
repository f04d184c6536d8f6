"""A record of rankings and approvals, and ways to tamper with what it says of them."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

from tests.blindballot.polls import Poll, document, make_poll, question
from tests.blindballot.records import edit_counts, edit_document, edit_opened, spoil
from tests.vectors.bound_variants import manifest
from tests.vectors.record_variants import Forgery, Variant

from blindballot.format.lines import read_opening_line, write_opening_line
from blindballot.format.record import COUNTS, GATE, MANIFEST, OPENED

MEMBERS, GUESTS, ELDERS = 0, 1, 2
GRADED, ORDER, THREE, DUTY = 0, 1, 2, 3
VOTES: dict[str, list[str]] = {
    "order": ["abcd", "ba", "c"],
    "three": ["apc", "pa", "b"],
    "duty": ["ab", "b", "cde"],
}


def question_poll() -> Poll:
    """Beside a line of criteria a ranking of four, the first three of sixteen and an approval of five, each of them published open, in
    counts, in a band and not at all; slips that don't know, abstain, or are no answer."""
    plan = document({"members": 16, "guests": 12, "elders": 8, "few": 5}, ("u1",), ("work",))
    plan["lines"] += [
        question("order", "ranking", 4),
        question("three", "ranking", 16, 3, "borda"),
        question("duty", "approval", 5),
    ]
    plan["thresholds"] |= {"open_from": 12, "turnout": [1, 4]}
    made = make_poll(plan, scrutineers=2)
    for pool, voters in (("members", 13), ("guests", 10), ("elders", 6), ("few", 2)):
        for voter in range(voters):
            answers: dict[str, Any] = {line: list(each[voter % 3]) for line, each in VOTES.items()}
            if voter in (7, 8):
                answers |= {"order": ["dont_know"], "three": [], "duty": ["dont_know"]}
            made.vote(pool, answers | {"u1": {"work": ("good", "fair")[voter % 2]}})
    spoil(made, "members", "order", marks=b"\2\2\0\0")
    spoil(made, "members", "three", marks=b"\0\1\2")
    spoil(made, "guests", "order", marks=b"\5\0\0\0")
    spoil(made, "guests", "duty", marks=b"\xff\xff\xff\xff\xff")
    spoil(made, "elders", "duty", marks=b"\2\0\0\0\0")
    return made


def question_variants() -> list[Variant]:
    """In the manifest, in the counts of open lines and of others, in the gate, in what is opened."""
    return [
        Variant("sound", lambda made, folder: None),
        *in_questions(),
        *in_open_numbers(),
        *in_closed_lines(),
        Variant(
            "a criterion withheld of a question",
            lambda made, folder: edit_document(made, folder, GATE, withhold("counts", ["work"])),
            GATE,
            "bad-gate",
        ),
        Variant(
            "an open question withheld",
            lambda made, folder: edit_document(made, folder, GATE, withhold("band", [])),
            COUNTS,
            "bad-counts",
        ),
        # Nobody but who opens the slips sees it: the scrutineers must.
        Variant("another winner of a line in counts", told(GUESTS, DUTY, lambda said: said.update(winners=["a"]))),
        Variant("an option put in another place", other_marks(b"\1\2\4\3"), OPENED, "other-commitment"),
    ]


def other_marks(marks: bytes) -> Forgery:
    """A slip of the order of four is said to have other marks."""

    def change(lines: list[bytes]) -> None:
        openings = [read_opening_line(line) for line in lines]
        at = next(place for place, each in enumerate(openings) if each.marks == b"\1\2\3\4")
        lines[at] = write_opening_line(dataclasses.replace(openings[at], marks=marks))

    return lambda made, folder: edit_opened(made, folder, change)


def withhold(most: str, criteria: list[str]) -> Callable[[dict[str, Any]], None]:
    row = {"pool": "members", "line": "order", "most": most, "criteria": criteria}
    return lambda gate: gate["withheld"].append(row)


def in_questions() -> list[Variant]:
    """What a question in the manifest may not be; under another manifest nothing else is looked at."""

    def refused(name: str, line: int, **changes: Any) -> Variant:
        def change(said: dict[str, Any]) -> None:
            said["lines"][line]["question"] |= changes

        return Variant(name, manifest(change), MANIFEST, "bad-manifest")

    def options(count: int) -> list[dict[str, Any]]:
        return [{"id": f"o{number}", "name": {"en": "o"}} for number in range(count)]

    def of_lines(name: str, change: Callable[[dict[str, Any]], object]) -> Variant:
        return Variant(name, manifest(change), MANIFEST, "bad-manifest")

    return [
        refused("a question of another kind", ORDER, kind="vote"),
        refused("a ranking by approvals", ORDER, method="approvals"),
        refused("an approval by points", DUTY, method="borda"),
        refused("one option", ORDER, options=options(1), most=1),
        refused("seventeen options to rank", THREE, options=options(17)),
        refused("twelve options to approve of", DUTY, options=options(12), most=12),
        refused("seven options ranked wholly", ORDER, options=options(7), most=7),
        refused("the first four of sixteen", THREE, most=4),
        refused("more places than options", ORDER, most=5),
        refused("no places", ORDER, most=0),
        refused("a true number of places", ORDER, most=True),
        refused("an approval of some", DUTY, most=4),
        refused("an option twice", ORDER, options=[*options(3), *options(1)]),
        refused("an option called dont_know", ORDER, options=[*options(3), {"id": "dont_know", "name": {"en": "?"}}]),
        refused("an option without a name", ORDER, options=[*options(3), {"id": "o9", "name": {}}]),
        refused("a question with one field more", ORDER, weight=1),
        of_lines("a question with criteria", lambda said: said["lines"][ORDER].update(criteria=["work"])),
        of_lines("a line that asks nothing", lambda said: said["lines"][ORDER].pop("question")),
        of_lines("criteria without grades", lambda said: said.update(grades=[])),
        of_lines("grades without criteria", lambda said: said.update(criteria=[])),
        of_lines("one grade", lambda said: said.update(grades=said["grades"][:1])),
        of_lines("grades where all lines are questions", lambda said: said["lines"].pop(GRADED)),
    ]


def told(pool: int, line: int, change: Callable[[dict[str, Any]], object]) -> Forgery:
    """Another `question` in the counts."""
    return lambda made, folder: edit_counts(made, folder, lambda pools: change(pools[pool]["lines"][line]["question"]))


def in_open_numbers() -> list[Variant]:
    """Numbers that cannot be, that do not give those who are first, or that are not those of the slips."""

    def refused(name: str, line: int, change: Callable[[dict[str, Any]], object]) -> Variant:
        return Variant(name, told(MEMBERS, line, change), COUNTS, "bad-counts")

    def moved(said: dict[str, Any]) -> None:
        """One who chose c alone chose d alone: every number fits every other."""
        said["options"] = [*said["options"][:2], said["options"][2] - 1, said["options"][3] + 1]
        for other in range(4):
            said["pairwise"][2][other] -= other != 2
            said["pairwise"][3][other] += other != 3

    def approved(said: dict[str, Any]) -> None:
        said["options"][1] -= 1

    def nearly_all(said: dict[str, Any]) -> None:
        said["options"] = [0, said["options"][1] + 3, 0, 0, 0]

    return [
        refused("another winner of an order", ORDER, lambda said: said.update(winners=["b"])),
        refused("a winner more", ORDER, lambda said: said.update(winners=["a", "b"])),
        refused("nobody is first", ORDER, lambda said: said.update(winners=[])),
        refused("a winner who was not asked about", DUTY, lambda said: said.update(winners=["z"])),
        refused("certain though it is not", THREE, lambda said: said.update(is_certain=True)),
        refused("certain by a number", ORDER, lambda said: said.update(is_certain=0)),
        refused("a first choice more", ORDER, lambda said: said["options"].__setitem__(3, 1)),
        refused("somebody above himself", ORDER, lambda said: said["pairwise"][0].__setitem__(0, 1)),
        refused("more pairs than slips", THREE, lambda said: said["pairwise"][5].__setitem__(6, 13)),
        refused("a row too few", ORDER, lambda said: said["pairwise"].pop()),
        refused("a row too short", ORDER, lambda said: said["pairwise"][1].pop()),
        refused("a column too many", ORDER, lambda said: [row.append(0) for row in said["pairwise"]]),
        refused("half a number", DUTY, lambda said: said["options"].__setitem__(0, 0.5)),
        refused("pairs of an approval", DUTY, lambda said: said.update(pairwise=[[0] * 5] * 5)),
        refused("no pairs of an order", ORDER, lambda said: said.pop("pairwise")),
        refused("fewer approvals than slips", DUTY, lambda said: said.update(options=[1, 1, 1, 1, 1])),
        refused("an option of which nearly all approve", DUTY, nearly_all),
        refused("nobody abstained, who did", THREE, lambda said: said.update(abstained=0)),
        Variant("a first choice moved", told(MEMBERS, ORDER, moved), COUNTS, "recount"),
        Variant("an approval left out", told(MEMBERS, DUTY, approved), COUNTS, "recount"),
    ]


def in_closed_lines() -> list[Variant]:
    """More than may be told of few slips, or what the rule never says."""

    def refused(name: str, pool: int, line: int, change: Callable[[dict[str, Any]], object]) -> Variant:
        return Variant(name, told(pool, line, change), COUNTS, "bad-counts")

    def line(name: str, pool: int, place: int, change: Callable[[dict[str, Any]], object]) -> Variant:
        forge = lambda made, folder: edit_counts(made, folder, lambda pools: change(pools[pool]["lines"][place]))  # noqa: E731
        return Variant(name, forge, COUNTS, "bad-counts")

    return [
        refused("numbers of a line in counts", GUESTS, ORDER, lambda said: said.update(options=[4, 3, 3, 0])),
        refused("certain of so few", ELDERS, ORDER, lambda said: said.update(is_certain=True)),
        refused("a draw of two of six slips", ELDERS, ORDER, lambda said: said.update(winners=["a", "b"])),
        refused("a draw that is certain", GUESTS, DUTY, lambda said: said.update(winners=["a", "b"], is_certain=True)),
        refused("winners in another order", GUESTS, DUTY, lambda said: said.update(winners=["b", "a"])),
        refused("a winner twice", GUESTS, DUTY, lambda said: said.update(winners=["a", "a"])),
        refused("certain by a word", GUESTS, THREE, lambda said: said.update(is_certain="false")),
        line("no word of a question", GUESTS, ORDER, lambda said: said.pop("question")),
        line("a band of a question", ELDERS, ORDER, lambda said: said.update(band="high")),
        line("a question of a line of criteria", GUESTS, GRADED, lambda said: said.update(question={})),
        line("criteria of a question", GUESTS, ORDER, lambda said: said.update(criteria=[])),
        line(
            "a question of which nothing is published",
            3,
            ORDER,
            lambda said: said.update(question={"winners": ["a"], "is_certain": False}),
        ),
        line("reasons in a band", ELDERS, DUTY, lambda said: said.update(invalid={"no-such-mark": 1})),
        Variant(
            "a slip less that is no answer",
            lambda made, folder: edit_counts(
                made, folder, lambda pools: pools[GUESTS]["lines"][ORDER].update(invalid={}, valid=11)
            ),
            COUNTS,
            "unproved-invalid",
        ),
    ]

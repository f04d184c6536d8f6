"""Writes tests/vectors/questions-1.json: slips of one question and what is told of them, for both implementations.

Run once by hand (`python -m tests.vectors.make_questions`); like the records, the file is the contract.
"""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from blindballot.format.answers import Answers, count_answers, publish_answers
from blindballot.format.questions import APPROVAL, METHODS, RANKING, Option, Question

TARGET = Path(__file__).parent / "questions-1.json"
Slips = Counter[bytes]


def ask(kind: str, method: str, options: int, most: int) -> Question:
    """A question whose options are called by letters."""
    return Question(kind, most, method, tuple(Option(chr(97 + place), {"en": "x"}) for place in range(options)))


def cases() -> Iterator[tuple[Question, Slips, int]]:
    """Circles, draws, nobody and don't know by hand; the edges of what is certain; others drawn, of all sizes."""
    for method in METHODS[RANKING]:
        three, five = ask(RANKING, method, 3, 3), ask(RANKING, method, 5, 5)
        for ahead in (0, 1, 2, 6, 9):
            yield three, Counter({b"\1\2\3": 9 + ahead, b"\2\3\1": 9, b"\3\1\2": 9}), 5
        for n in range(10, 24):
            yield three, Counter({b"\1\2\3": n, b"\2\3\1": 10}), 4
            yield ask(RANKING, method, 4, 1), Counter({b"\1": n - 6, b"\2": 3, b"\3": 2}), 4
        schulze = dict(acbed=5, adecb=5, bedac=8, cabed=3, caebd=7, cbade=2, dceba=7, ebadc=8)
        yield five, Counter({bytes(ord(letter) - 96 for letter in order): n for order, n in schulze.items()}), 5
        yield three, Counter({b"\0\0\0": 8, b"\xff\0\0": 5}), 4
        for n in range(1, 6):
            yield ask(RANKING, method, 4, 1), Counter({b"\1": n, b"\2": n, b"\3": 1}), 5
            yield ask(RANKING, method, 6, 2), Counter({bytes((place, 0)): n for place in range(1, 6)}), 5
    for n in range(2, 14):
        yield ask(APPROVAL, "approvals", 3, 3), Counter({b"\1\0\0": n, b"\0\1\0": 6, b"\0\1\1": 2}), 4
        yield ask(APPROVAL, "approvals", 2, 2), Counter({b"\1\0": n, b"\0\1": n, b"\1\1": 1}), 4
    yield from drawn(random.Random(33))


def drawn(dice: random.Random) -> Iterator[tuple[Question, Slips, int]]:
    """Questions of every size with slips that agree more or less."""
    for _ in range(220):
        kind = dice.choice((RANKING, RANKING, APPROVAL))
        options = dice.randint(2, {RANKING: 16, APPROVAL: 11}[kind])
        most = options if kind == APPROVAL else dice.randint(1, options if options <= 6 else 3)
        question = ask(kind, dice.choice(METHODS[kind]), options, most)
        liked = [dice.random() ** dice.choice((1, 6)) for _ in range(options)]
        size = dice.choice((dice.randint(5, 15), dice.randint(10, 49), dice.randint(50, 300)))
        yield question, Counter(answer(question, liked, dice) for _ in range(size)), dice.choice((4, 5, 5, 7))


def answer(question: Question, liked: list[float], dice: random.Random) -> bytes:
    """One slip's marks."""
    if dice.random() < 0.05:
        return bytes([255]) + bytes(question.most - 1)
    if question.kind == APPROVAL:
        return bytes(dice.random() < like for like in liked)
    order = sorted(range(len(liked)), key=lambda place: liked[place] + 0.4 * dice.random(), reverse=True)
    ranked = order[: dice.choice((question.most, dice.randint(0, question.most)))]
    return bytes(place + 1 for place in ranked) + bytes(question.most - len(ranked))


def described(question: Question, slips: Slips, cell: int) -> dict[str, Any]:
    """One case as it stands in the file; `closed` is what a line in counts tells."""
    count: Answers = count_answers(question, slips)
    return {
        "kind": question.kind,
        "method": question.method,
        "most": question.most,
        "options": list(question.option_ids),
        "cell": cell,
        "slips": {marks.hex(): n for marks, n in sorted(slips.items()) if n > 0},
        "nearly_all": count.has_leader,
        "open": publish_answers(question, count, cell, is_open=True),
        "closed": publish_answers(question, count, cell, is_open=False),
    }


def main() -> None:
    """Write the file, one case a line."""
    lines = [json.dumps(described(*case), separators=(",", ":")) for case in cases()]
    TARGET.write_text("[\n" + ",\n".join(lines) + "\n]\n", encoding="ascii")


if __name__ == "__main__":
    main()

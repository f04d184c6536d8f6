"""From a record's count of a question to what a result says of it. Pure: the method was applied at the close, and is not again here."""

from collections.abc import Mapping
from typing import Any

from zhengyou.standings.computing.document import NamedOption, QuestionResult

Plain = Mapping[str, Any]


def question_results(manifest: Plain, lines: Mapping[str, Plain]) -> tuple[QuestionResult, ...]:
    """The questions of a pool, in the manifest's order; `lines` are the pool's lines of counts.json, by id."""
    asked = [line for line in manifest["lines"] if "question" in line]
    return tuple(question_result(line, lines[line["id"]]) for line in asked if line["id"] in lines)


def question_result(line: Plain, counted: Plain) -> QuestionResult:
    """One question: a line of the manifest, and the same line of counts.json."""
    question, answers = line["question"], counted.get("question", {})
    pairwise = answers.get("pairwise")
    return QuestionResult(
        line=line["id"],
        text=line["name"],
        kind=question["kind"],
        method=question["method"],
        options=tuple(NamedOption(option["id"], option["name"]) for option in question["options"]),
        n=counted.get("valid", counted["returned"]),
        level=counted["publication"],
        winners=tuple(answers.get("winners", ())),
        is_certain=answers.get("is_certain", False),
        numbers=tuple(answers["options"]) if "options" in answers else None,
        pairwise=None if pairwise is None else tuple(tuple(row) for row in pairwise),
        dont_know=answers.get("dont_know"),
        abstained=answers.get("abstained"),
    )

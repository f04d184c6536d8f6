"""What a statistician tries first: codes for missing marks, weights that are none, counts and options beyond sense."""

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

import honestrank as hr
from honestrank.__main__ import main

UNITS, RATERS = range(6), range(14)


def text(heading: str, row: Callable[[int, int], str]) -> str:
    return heading + "\n" + "".join(row(u, r) + "\n" for u in UNITS for r in RATERS)


def mark(u: int, r: int) -> int:
    return (3 * u + 5 * r + u * r) % 7


PLAIN = ("--unit", "u", "--score", "s")
BY_RATER = (*PLAIN, "--rater", "r")
MEANS = (*PLAIN, "--se", "e")
PARTS = (*PLAIN, "--part", "p", "--part-weight", "w")


@pytest.mark.parametrize(
    ("file", "words", "said"),
    [
        (text("u,s", lambda u, r: f"{u},{-99 if r == 3 else mark(u, r)}"), PLAIN, "holds -99 in 6 rows"),
        (text("u,r,s", lambda u, r: f"{u},{r},{999 if u == r else mark(u, r)}"), BY_RATER, "holds 999 in 6 rows"),
        ("u,s,e\na,3,1\nb,-9,1\nc,4,1\n", MEANS, "holds -9 in 1 row,"),
        (text("u,p,w,s", lambda u, r: f"{u},p{r % 2},{['', 2][r % 2]},{mark(u, r)}"), PARTS, "blank or no number"),
        (
            text("u,p,w,s", lambda u, r: f"{u},p{r % 2},{['40%', '60%'][r % 2]},{mark(u, r)}"),
            PARTS,
            "blank or no number",
        ),
        ("u,s,e,n\na,1,.1,1e20\nb,2,.1,20\n", (*MEANS, "--count", "n"), "is not a whole number"),
        (text("u,r,s", lambda u, r: f"{u},{r},{mark(u, r)}"), (*BY_RATER, "--many", "-5"), "--many is -5"),
        (text("u,r,w,s", lambda u, r: f"{u},{r},{u}-{r},{mark(u, r)}"), (*BY_RATER, "--fixed", "w"), "nothing is left"),
        (text("u,s", lambda u, r: f"{u},{mark(u, r)}e70"), PLAIN, "Divide all scores"),
    ],
)
def test_what_cannot_be_meant_is_said(
    file: str, words: tuple[str, ...], said: str, csv_file: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(csv_file(file)), *words]) == 2
    assert said in capsys.readouterr().err


@pytest.mark.parametrize("words", [("--seed", "-1"), ("--level", "95")])
def test_a_count_is_asked_with_sense(
    words: tuple[str, str], csv_file: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    path = csv_file("A,B\n1,2\n2,1\n")
    assert main(["rank", str(path), "--method", "plackett-luce", *words]) == 2
    assert words[1].lstrip("-") in capsys.readouterr().err or words[0] == "--level"


@pytest.mark.parametrize(
    ("file", "words"),
    [
        # A code that lies among the marks is one of them, and so is one that is declared.
        (text("u,s", lambda u, r: f"{u},{99 if r == 3 else 60 + 5 * mark(u, r)}"), PLAIN),
        (text("u,s", lambda u, r: f"{u},{99 if r == 3 else mark(u, r)}"), (*PLAIN, "--grades", "0,1,2,3,4,5,6,99")),
        (text("u,s", lambda u, r: f"{u},{mark(u, r)}"), (*PLAIN, "--quota", "2", "--compare-from", "50")),
        (text("u,s", lambda u, r: f"{u},{mark(u, r) % 2}"), (*PLAIN, "--grades", "\uff11\uff0c0、")),
    ],
)
def test_what_can_be_meant_is_answered(file: str, words: tuple[str, ...], csv_file: Callable[..., Path]) -> None:
    assert main([str(csv_file(file)), *words]) == 0


def test_a_grade_named_twice_counts_once() -> None:
    marks = {"u": [u for u in UNITS for _ in RATERS], "s": [mark(u, r) % 3 for u in UNITS for r in RATERS]}
    once, twice = (hr.rate(marks, unit="u", score="s", grades=grades) for grades in ([0, 1, 2], [0, 0, 1, 2]))
    assert once.units == twice.units


def test_fractions_are_numbers_and_a_decimal_that_is_none_is_refused() -> None:
    units = [u for u in UNITS for _ in RATERS]
    thirds = [Fraction(mark(u, r), 3) for u in UNITS for r in RATERS]
    found = hr.rate({"u": units, "s": thirds}, unit="u", score="s")
    assert found.units == hr.rate({"u": units, "s": [float(s) for s in thirds]}, unit="u", score="s").units
    with pytest.raises(hr.InputError) as refused:
        hr.rate({"u": units, "s": [Decimal("NaN"), *thirds[1:]]}, unit="u", score="s")
    assert refused.value.key == "score_not_finite"

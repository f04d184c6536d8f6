"""What two readings make doubtful is refused: grades beside marks, decimals, numbers of ballots, long numbers, two errors."""

from pathlib import Path

import pytest

from honestrank import rate, standing
from honestrank.reading.ballots import read_ballots
from honestrank.reading.means import read_means
from honestrank.sums import BallotColumns, Columns
from honestrank.words.wording import InputError, say

MARKS = {"u": ["a", "b", "c"] * 6, "s": [1, 2, 3] * 5 + [2, 3, 4]}


@pytest.mark.parametrize(
    ("table", "more", "key"),
    [
        (MARKS, {"grades": (2, 2.1)}, "mark_no_grade"),
        (MARKS, {"noise": "x"}, "bad_noise"),
        (MARKS, {"level": "0.95"}, "bad_level"),
        ({"u": [1e17 + i for i in range(6)] * 3, "s": list(range(18))}, {}, "label_shortened"),
        ({"u": ["a", "b", "c"] * 6, "s": ["3,5", "1.234", "2"] * 6}, {}, "two_marks_for_decimals"),
    ],
)
def test_ratings_that_can_be_meant_in_two_ways_are_refused(table, more, key) -> None:
    with pytest.raises(InputError) as refused:
        rate(table, unit="u", score="s", **more)
    assert refused.value.key == key


def test_no_interval_leaves_the_declared_grades() -> None:
    found = rate(MARKS, unit="u", score="s", grades=(1, 2, 3, 4))
    assert all(1 <= row.interval[0] <= row.score <= row.interval[1] <= 4 for row in found.units)


def test_a_covariance_beside_other_errors_is_refused() -> None:
    with pytest.raises(InputError) as refused:
        standing(["a", "b"], [1, 2], [0.1, 0.1], [20, 20], covariance=[[0, 0], [0, 0]])
    assert refused.value.key == "covariance_differs"


@pytest.mark.parametrize(
    ("heading", "key"),
    [
        ("Voter No.", "heading_of_ballots"),
        ("序号", "heading_of_ballots"),
        ("票数", "heading_of_counts"),
        ("1-Mar", "heading_dated"),
    ],
)
def test_a_column_that_is_no_candidate_is_asked_about(tmp_path: Path, heading: str, key: str) -> None:
    path = tmp_path / "ballots.csv"
    path.write_text(f"{heading},A,B,C,D,E\n1,1,2,3,4,5\n2,2,1,3,4,5\n1,1,2,3,4,5\n2,1,2,3,5,4\n", encoding="utf-8")
    with pytest.raises(InputError) as refused:
        read_ballots(path, BallotColumns())
    assert refused.value.key == key


def test_a_blank_ballot_is_counted(tmp_path: Path) -> None:
    path = tmp_path / "ballots.csv"
    path.write_text("A,B,C\n1,2,3\n,,\n2,1,3\n\n", encoding="utf-8")
    read = read_ballots(path, BallotColumns())
    assert (read.cast, read.blank) == (2, 1)


def test_one_is_said_as_one() -> None:
    assert say("few_units", "en", units=1, few=7).startswith("With 1 unit (")


LABELS = ["44987", "13-40", "14-2", "甲"]


def serial_in(kind: str, folder: Path) -> object:
    """What the readers make of a label that a spreadsheet has turned into the number of a day."""
    path = folder / "file.csv"
    if kind == "table":
        return rate({"u": LABELS * 6, "s": list(range(24))}, unit="u", score="s")
    if kind == "ratings":
        path.write_text("u,s\n" + "".join(f"{u},{s}\n" for u in LABELS for s in range(6)), encoding="utf-8")
        return rate(path, unit="u", score="s")
    if kind == "means":
        path.write_text("u,s,e\n" + "".join(f"{u},1,1\n" for u in LABELS), encoding="utf-8")
        return read_means(path, Columns("u", "s", error="e"))
    if kind == "long":
        path.write_text("b,i,r\n" + "".join(f"1,{u},{r}\n" for r, u in enumerate(LABELS, 1)), encoding="utf-8")
        return read_ballots(path, BallotColumns("b", "i", "r"))
    path.write_text(",".join(LABELS) + "\n1,2,3,4\n2,1,3,4\n", encoding="utf-8")
    return read_ballots(path, BallotColumns())


@pytest.mark.parametrize("kind", ["table", "ratings", "means", "long", "wide"])
def test_the_number_of_a_day_is_no_label(kind: str, tmp_path: Path) -> None:
    with pytest.raises(InputError) as refused:
        serial_in(kind, tmp_path)
    assert refused.value.key == ("heading_serial" if kind == "wide" else "label_serial")
    assert "2023-03-02" in refused.value.sentence("zh-hans")


def test_numbers_among_numbers_are_labels(tmp_path: Path) -> None:
    path = tmp_path / "ballots.csv"
    path.write_text("44987,44988,7\n1,2,3\n2,1,3\n", encoding="utf-8")
    assert read_ballots(path, BallotColumns()).ballots.candidates == ("44987", "44988", "7")
    found = rate({"u": ["44987", "甲"] * 8, "s": list(range(16))}, unit="u", score="s")
    assert [row.unit for row in found.units] == ["44987", "甲"]

"""`python -m honestrank rank`: both forms of files, every method, both languages, files out, bad input in sentences."""

import csv
import json
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from honestrank.__main__ import main
from honestrank.reading.ballots import read_ballots
from honestrank.sums import BallotColumns

# Four towns vote for a capital (see test_rankings): N beats all, STV seats K.
WIDE = "voters,M,N,C,K\n42,1,2,3,4\n26,4,1,2,3\n15,4,3,1,2\n17,4,3,2,1\n"
ORDERS = {"b1": "abc", "b2": "abc", "b3": "bca", "b4": "bac", "b5": "cba", "b6": "acb"}
LONG = "ballot,item,rank\n" + "".join(f"{b},{c},{i}\n" for b, o in ORDERS.items() for i, c in enumerate(o, 1))
AS_LONG = ("--ballot", "ballot", "--item", "item", "--rank", "rank")

Writer = Callable[..., Path]


def run(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> tuple[int, str, str]:
    code = main(["rank", *(str(argument) for argument in arguments)])
    said = capsys.readouterr()
    return code, said.out, said.err


@pytest.mark.parametrize(
    ("method", "said"),
    [
        ("borda", "First by this count: N."),
        ("copeland", "N beats every other candidate two by two"),
        ("schulze", "First by this count: N."),
        ("ranked-pairs", "First by this count: N."),
    ],
)
def test_wide_ballots_with_counts(csv_file: Writer, capsys: pytest.CaptureFixture[str], method: str, said: str) -> None:
    code, out, err = run(capsys, csv_file(WIDE), "--count", "voters", "--method", method)
    assert (code, err) == (0, "")
    assert said in out
    assert "100 ballots, 4 candidates; blank and left out: 0" in out
    assert "declared before anybody votes" in out


def test_seats_by_transfer(csv_file: Writer, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    asked = ("--count", "voters", "--method", "stv", "--seats", "1", "--out", tmp_path / "out")
    code, out, _ = run(capsys, csv_file(WIDE), *asked)
    assert code == 0
    assert "seats: 1, quota: 51 votes" in out
    assert "Elected, in this order: K." in out
    assert "Stage 1: M 42, N 26, C 15, K 17; excluded: C" in out
    result = json.loads((tmp_path / "out" / "result.json").read_text(encoding="utf-8"))
    assert result["first"] == ["K"]
    assert [stage["excluded"] for stage in result["stages"]] == ["C", "N", None]
    assert "python -m honestrank rank ratings.csv --count voters" in (tmp_path / "out" / "method.md").read_text("utf-8")


def test_long_and_wide_form_and_parquet_say_the_same(
    csv_file: Writer, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    wide = "a,b,c\n" + "".join(",".join(str(o.index(c) + 1) for c in "abc") + "\n" for o in ORDERS.values())
    parquet = tmp_path / "ballots.parquet"
    duckdb.sql(f"COPY (FROM read_csv('{csv_file(LONG, name='long.csv')}')) TO '{parquet}' (FORMAT parquet)")
    for method in ("borda", "schulze", "plackett-luce"):
        told = [
            run(capsys, path, *form, "--method", method, "--draws", "500")
            for path, form in ((tmp_path / "long.csv", AS_LONG), (parquet, AS_LONG), (csv_file(wide), ()))
        ]
        assert told[0][0] == 0
        assert told[0] == told[1] == told[2]


def test_strengths_come_with_errors_and_places_with_ranges(
    csv_file: Writer, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    asked = (*AS_LONG, "--method", "plackett-luce", "--draws", "500", "--out", tmp_path)
    code, out, _ = run(capsys, csv_file(LONG), *asked)
    assert code == 0
    assert "0 of 3 pairs of candidates separate" in out
    assert "nobody stands above these, and it does not tell them apart: a, b, c." in out
    with (tmp_path / "candidates.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert {(row["rank_low"], row["rank_high"]) for row in rows} == {("1", "3")}
    assert sum(float(row["strength"]) for row in rows) == pytest.approx(0, abs=1e-9)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    run(capsys, csv_file(LONG), *asked)
    assert {name: (tmp_path / name).read_bytes() for name in before} == before


def test_ties_gaps_and_those_not_listed(csv_file: Writer) -> None:
    path = csv_file("who,a,b,c,d\nx,2,2,7,\ny,1,1,2,NA\nz,,,,\n")
    file = read_ballots(path, BallotColumns(ballot="who"))
    assert file.ballots.places.tolist() == [[1, 1, 2, 0]]
    assert (file.ballots.counts.tolist(), file.labels, file.cast, file.blank) == ([2], ("x",), 2, 1)
    long = csv_file("who,what,rank\nx,a,3\nx,b,\nz,a,\n", name="long.csv")
    file = read_ballots(long, BallotColumns("who", "what", "rank"), "unknown")
    assert (file.ballots.candidates, file.ballots.places.tolist(), file.blank) == (("a", "b"), [[1, 0]], 1)
    assert file.ballots.unlisted == "unknown"


def test_what_not_listing_says_is_said(csv_file: Writer, capsys: pytest.CaptureFixture[str]) -> None:
    path = csv_file("a,b,c\n1,2,\n1,,2\n,1,2\n")
    _, out, _ = run(capsys, path, "--method", "borda")
    assert "stands below all it lists" in out
    _, out, _ = run(capsys, path, "--method", "borda", "--unlisted", "unknown", "--lang", "zh")
    assert "视为未作评价" in out
    assert "按此计数" in out


def test_a_circle_of_majorities_is_told(csv_file: Writer, capsys: pytest.CaptureFixture[str]) -> None:
    path = csv_file("a,b,c\n1,2,3\n3,1,2\n2,3,1\n")
    _, out, _ = run(capsys, path, "--method", "ranked-pairs")
    assert "Nobody beats every other candidate" in out
    assert "another order gives another result" in out
    _, out, _ = run(capsys, path, "--method", "schulze")
    assert "does not tell them apart: a, b, c" in out


def test_a_count_that_passes_over_who_beats_all_others_says_so(
    csv_file: Writer, capsys: pytest.CaptureFixture[str]
) -> None:
    path = csv_file("n,a,b,c\n3,1,2,3\n2,3,1,2\n")
    _, out, _ = run(capsys, path, "--count", "n", "--method", "borda")
    assert "First by this count: b." in out
    assert "Warning: a beats every other candidate two by two, which this count does not look at." in out
    _, out, _ = run(capsys, path, "--count", "n", "--method", "copeland")
    assert "a beats every other candidate two by two." in out
    assert "Warning" not in out


def test_lots_are_said_and_can_be_given(csv_file: Writer, capsys: pytest.CaptureFixture[str]) -> None:
    path = csv_file("n,a,b\n3,1,\n3,,1\n")
    asked = (path, "--count", "n", "--method", "stv", "--seats", "1")
    _, out, _ = run(capsys, *asked)
    assert "decided by lot for: b" in out
    assert "Elected, in this order: a." in out
    _, out, _ = run(capsys, *asked, "--lot", "a:b")
    assert "Elected, in this order: b." in out


@pytest.mark.parametrize(
    ("text", "arguments", "english", "chinese"),
    [
        (WIDE, ("--method", "stv", "--count", "voters"), "stv needs it", "必须给出席位数"),
        (
            WIDE,
            ("--method", "borda", "--count", "voters", "--seats", "2"),
            "--seats belongs to --method stv",
            "--seats 只用于",
        ),
        (WIDE, ("--method", "stv", "--seats", "9", "--count", "voters"), "from 1 to 4", "1 到 4"),
        (WIDE, ("--method", "borda", "--count", "voters", "--lot", "M:N"), "--lot belongs", "--lot 只用于"),
        (WIDE, ("--method", "stv", "--seats", "1", "--count", "voters", "--lot", "M:N"), "M, N, C, K", "M、N、C、K"),
        (WIDE, ("--method", "borda", "--count", "nobody"), "no column “nobody”", "没有名为“nobody”"),
        (LONG, ("--method", "borda", "--item", "item", "--ballot", "ballot"), "--item needs --rank", "--item 须与"),
        (LONG, (*AS_LONG, "--method", "borda", "--count", "rank"), "--item and --count", "--item 与 --count"),
        (LONG + "b1,a,3\n", (*AS_LONG, "--method", "borda"), "ballot “b1” ranks “a” a second time", "第 20 行"),
        ("a,b\n1,2\n1,x\n", ("--method", "borda"), "Line 3: “x” in column “b” is not a whole number", "第 3 行"),
        ("a,b\n0,1\n", ("--method", "borda"), "“0” in column “a” is not a whole number from 1", "1 以上的整数"),
        ("w,a\nx,1\nx,1\n", ("--method", "borda", "--ballot", "w"), "“x” appears a second time", "重复出现"),
        ("w,a\n,1\n", ("--method", "borda", "--ballot", "w"), "column “w” is blank", "是空的"),
        ("w,a\nx,\n", ("--method", "borda", "--ballot", "w"), "No ballot ranks anybody", "没有一张选票"),
        ("w\nx\n", ("--method", "borda", "--ballot", "w"), "no candidate to rank", "没有候选对象"),
        (
            "w,a,b\nx,1,1\n",
            ("--method", "stv", "--seats", "1", "--ballot", "w"),
            "Ballot x puts two",
            "第 x 张选票有并列",
        ),
        ("a,b\n1,2\n1,2\n", ("--method", "plackett-luce"), "ranks “b” above “a”", "把“b”排在“a”之前"),
        ("a,b\n1,2,3\n", ("--method", "borda"), "columns", "列"),
    ],
)
def test_bad_input_is_told_in_both_languages(
    csv_file: Writer,
    capsys: pytest.CaptureFixture[str],
    text: str,
    arguments: tuple[str, ...],
    english: str,
    chinese: str,
) -> None:
    path = csv_file(text)
    for language, expected in (("en", english), ("zh", chinese)):
        code, out, err = run(capsys, path, *arguments, "--lang", language)
        assert (code, out) == (2, "")
        assert expected in err
        assert err.count("\n") == 1


def test_no_file_and_an_out_folder_that_is_a_file(csv_file: Writer, capsys: pytest.CaptureFixture[str]) -> None:
    path = csv_file(WIDE)
    assert run(capsys, "nowhere.csv", "--method", "borda")[0] == 2
    code, _, err = run(capsys, path, "--method", "borda", "--count", "voters", "--out", path)
    assert code == 4
    assert err.count("\n") == 1

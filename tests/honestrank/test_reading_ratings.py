"""Files in: encodings, delimiters, Parquet, and one clear sentence for each kind of bad file."""

from collections.abc import Callable
from pathlib import Path

import duckdb
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from honestrank.linear.sorted_ratings import Sheets
from honestrank.reading.ratings import read_ratings
from honestrank.sums import Columns, LargeRatings, UnitSums
from honestrank.words.wording import SENTENCES, InputError

GOOD = "单位,分数\n甲,10\n甲,7\n乙,5\n"


def unit_sums(path: Path, unit: str = "单位", score: str = "分数") -> UnitSums:
    sums = read_ratings(path, Columns(unit, score)).units
    assert sums is not None
    return sums


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_reads_any_office_encoding(csv_file: Callable[..., Path], encoding: str, delimiter: str, line_end: str) -> None:
    sums = unit_sums(csv_file(GOOD.replace(",", delimiter).replace("\n", line_end), encoding))
    assert dict(zip(sums.units, sums.means.tolist(), strict=True)) == {"甲": 8.5, "乙": 5.0}
    assert sums.n.tolist() == [1, 2]


def test_reads_parquet(tmp_path: Path) -> None:
    path = tmp_path / "ratings.parquet"
    rows = "(VALUES ('a', 1.5::DOUBLE), ('a', 2.5), ('b', NULL), ('b', 3)) AS t(unit, score)"
    duckdb.connect().execute(f"COPY (SELECT * FROM {rows}) TO '{path}' (FORMAT parquet)")
    ratings = read_ratings(path, Columns("unit", "score"))
    assert ratings.units is not None
    assert ratings.units.means.tolist() == [2.0, 3.0]
    assert ratings.source.missing == 1


@pytest.mark.parametrize(
    ("row", "key"),
    [
        ("(NULL::INTEGER, 3.0::DOUBLE)", "blank_label"),
        ("(7, 'nan'::DOUBLE)", "score_not_finite"),
        ("(7, 'infinity'::DOUBLE)", "score_not_finite"),
    ],
)
def test_numbers_in_parquet_that_cannot_be_used(tmp_path: Path, row: str, key: str) -> None:
    path = tmp_path / "ratings.parquet"
    rows = f"(VALUES (1::INTEGER, 1.5::DOUBLE), (2, NULL), {row}) AS t(u, s)"
    duckdb.connect().execute(f"COPY (SELECT * FROM {rows}) TO '{path}' (FORMAT parquet)")
    with pytest.raises(InputError) as refused:
        read_ratings(path, Columns("u", "s"))
    assert refused.value.key == key
    assert "3" in refused.value.sentence("en")


def test_decimals_give_the_same_digits_every_time(tmp_path: Path) -> None:
    """Enough rows for several threads, which would add them up in another order each time; some given twice."""
    path = tmp_path / "decimals.csv"
    made = (
        "SELECT hash(i) % 3000 AS r, hash(i + 5) % 50 AS u, (hash(i + 9) % 1000003) / 1e6 AS s FROM range(600000) t(i)"
    )
    duckdb.connect().execute(f"COPY ({made}) TO '{path}' (HEADER)")
    first, again = (read_ratings(path, Columns("u", "s", rater="r")).crossed for _ in range(2))
    assert first is not None
    assert again is not None
    assert first.duplicates > 0
    assert (first.total == again.total).all()
    assert first.squares == again.squares
    pieces, anew = (read_ratings(path, Columns("u", "s", rater="r"), many=1000).large for _ in range(2))
    assert isinstance(pieces, LargeRatings)
    assert isinstance(anew, LargeRatings)
    assert isinstance(pieces.sheets, Sheets)
    assert isinstance(anew.sheets, Sheets)
    assert (pieces.sheets.total == anew.sheets.total).all()
    assert pieces.sheets.squares == anew.sheets.squares
    one, other = (unit_sums(path, "u", "s") for _ in range(2))
    assert (one.total == other.total).all()
    assert (one.squares == other.squares).all()


def test_blanks_around_labels_and_scores_do_not_count(csv_file: Callable[..., Path]) -> None:
    sums = unit_sums(csv_file("u,s\n a,1\na , 3\nb,2 \n"), "u", "s")
    assert sums.units == ("a", "b")
    assert sums.means.tolist() == [2.0, 2.0]


def test_a_long_remark_beside_a_rating(csv_file: Callable[..., Path]) -> None:
    assert unit_sums(csv_file("u,s,remark\na,1,short\nb,3," + "x" * 100_000 + "\n"), "u", "s").units == ("a", "b")


@pytest.mark.parametrize("more", ["", "c,4\n"])
def test_a_line_too_long(csv_file: Callable[..., Path], more: str) -> None:
    """Also where a ragged line comes after it, which is looked for."""
    path = csv_file("u,s,remark\na,1,short\nb,3," + "x" * 300_000 + "\n" + more)
    with pytest.raises(InputError) as refused:
        read_ratings(path, Columns("u", "s"))
    assert refused.value.key == "line_too_long"
    assert "Line 3 is too long" in refused.value.sentence("en")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('u,"s\na,1\n' + "b,2\n" * 50_000, 1),
        ('\n\nu,s\n"a,1\n' + "b,2\n" * 50_000, 4),
        ("u,s," + "x" * 200_000 + "\na,1,2\n", 1),
    ],
)
def test_a_quotation_mark_that_is_never_closed(csv_file: Callable[..., Path], text: str, line: int) -> None:
    with pytest.raises(InputError) as refused:
        read_ratings(csv_file(text), Columns("u", "s"))
    assert f"Line {line} is too long. Is a quotation mark missing" in refused.value.sentence("en")


def test_an_open_quotation_mark_near_the_end(csv_file: Callable[..., Path]) -> None:
    with pytest.raises(InputError) as refused:
        read_ratings(csv_file('u,s\nb,2\n"a,1\nb,2\n'), Columns("u", "s"))
    assert refused.value.sentence("en") == "In line 3 a quotation mark is opened and never closed."


def test_blank_lines_above_the_heading_and_between(csv_file: Callable[..., Path]) -> None:
    assert unit_sums(csv_file("\r\n \r\nu,s\r\na,1\r\n\r\nb,2\r\n"), "u", "s").units == ("a", "b")


def test_quoted_commas_line_feeds_and_pattern_characters_in_the_path(csv_file: Callable[..., Path]) -> None:
    path = csv_file('unit,score\n"a, and\nb",1\n"a, and\nb",3\n', name="mai [1]*?'s.csv")
    sums = unit_sums(path, "unit", "score")
    assert sums.units == ("a, and\nb",)
    assert sums.means.tolist() == [2.0]


def test_blank_and_na_scores_are_left_out_and_counted(csv_file: Callable[..., Path]) -> None:
    ratings = read_ratings(csv_file("u,s\na,1\na,\na,NA\nb,2\nb,nan\n"), Columns("u", "s"))
    assert ratings.source.missing == 3
    assert ratings.units is not None
    assert ratings.units.n.tolist() == [1, 1]


@pytest.mark.parametrize(
    ("text", "key", "said"),
    [
        ("", "empty_file", "is empty"),
        ("\n\n", "empty_file", "is empty"),
        ("u,s\n", "no_rows", "no rows"),
        ("u,x\na,1\n", "no_such_column", "no column “s”; the file has: u, x"),
        ("u,s,s\na,1,2\n", "column_twice", "“s” appears twice"),
        ("u,s\na,1\nb,good\nc,bad\n", "score_is_text", "Line 3: “good”"),
        ("u,s\na,1\n\nb,good\n", "score_is_text", "Line 4: “good”"),
        ('u,s\n"a\nb",1\nb,good\n', "score_is_text", "Line 4: “good”"),
        ("u,s\na,1\nb,inf\n", "score_not_finite", "Line 3: “inf”"),
        ("u,s\na,1\n,2\n", "blank_label", "Line 3: column “u” is blank"),
        ("u,s\na,1\nb,2,3\n", "ragged", "Line 3 has 3 columns where the heading has 2"),
        ("u,s\na,1\nb\n", "ragged", "Line 3 has 1 column where the heading has 2"),
        ("u,s\na,\nb,NA\n", "no_scores", "no score at all"),
    ],
)
def test_bad_files_are_refused_in_a_sentence(csv_file: Callable[..., Path], text: str, key: str, said: str) -> None:
    with pytest.raises(InputError) as refused:
        read_ratings(csv_file(text), Columns("u", "s"))
    assert refused.value.key == key
    assert said in str(refused.value)
    assert refused.value.sentence("zh-hans") != refused.value.sentence("en")


def test_binary_and_missing_files(csv_file: Callable[..., Path], tmp_path: Path) -> None:
    binary = tmp_path / "photo.csv"
    binary.write_bytes(bytes(range(256)))
    for path, key in ((binary, "unknown_encoding"), (tmp_path / "none.csv", "no_such_file")):
        with pytest.raises(InputError) as refused:
            read_ratings(path, Columns("u", "s"))
        assert refused.value.key == key


def test_truncated_parquet_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "broken.parquet"
    path.write_bytes(b"PAR1\x15\x04\x15\x00 and nothing more")
    with pytest.raises(InputError) as refused:
        read_ratings(path, Columns("u", "s"))
    assert refused.value.key == "parquet_broken"


def test_labels_that_are_numbers_are_in_order_of_number(csv_file: Callable[..., Path]) -> None:
    assert unit_sums(csv_file("u,s\n10,1\n9,1\n2,1\n"), "u", "s").units == ("2", "9", "10")
    assert unit_sums(csv_file("u,s\n10,1\n9,1\nx,1\n"), "u", "s").units == ("10", "9", "x")


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    rows=st.lists(
        st.tuples(st.sampled_from("abcd"), st.integers(-50, 50).map(lambda k: k / 4)), min_size=1, max_size=30
    ),
    order=st.randoms(),
)
def test_row_order_does_not_matter_and_sums_are_right(
    tmp_path: Path, rows: list[tuple[str, float]], order: "object"
) -> None:
    shuffled = rows.copy()
    order.shuffle(shuffled)  # type: ignore[attr-defined]
    found = []
    for name, listed in (("one.csv", rows), ("two.csv", shuffled)):
        path = tmp_path / name
        path.write_text("u,s\n" + "".join(f"{unit},{score}\n" for unit, score in listed))
        found.append(unit_sums(path, "u", "s"))
    one, two = found
    assert one.units == two.units
    assert np.array_equal(one.means, two.means)
    assert one.within == two.within
    for unit, mean in zip(one.units, one.means, strict=True):
        assert mean == pytest.approx(np.mean([score for name, score in rows if name == unit]))


def test_raters_and_joined_groups(csv_file: Callable[..., Path]) -> None:
    text = "r,u,g,h,s\n1,a,x,0,1\n1,b,x,1,2\n2,a,x,0,3\n2,a,x,0,5\n"
    sums = read_ratings(csv_file(text), Columns("u", "s", rater="r", group=("g", "h"))).crossed
    assert sums is not None
    assert sums.groups == ("x:0", "x:1")
    assert sums.raters == 2
    assert sums.duplicates == 1
    assert sums.n.tolist() == [1, 1, 2]


def test_parts_need_one_weight_each_and_every_unit(csv_file: Callable[..., Path]) -> None:
    columns = Columns("u", "s", part="p", part_weight="w")
    parts = read_ratings(csv_file("u,p,w,s\na,1,3,1\na,2,1,5\n"), columns).parts
    assert parts is not None
    assert parts.weights.tolist() == [0.75, 0.25]
    for text, key in (
        ("u,p,w,s\na,1,3,1\na,1,2,5\n", "weight_varies"),
        ("u,p,w,s\na,1,0,1\n", "weight_not_positive"),
        ("u,p,w,s\na,1,1,1\na,2,1,1\nb,1,1,1\n", "part_missing"),
    ):
        with pytest.raises(InputError) as refused:
            read_ratings(csv_file(text), columns)
        assert refused.value.key == key


def test_every_sentence_takes_the_same_values_in_both_languages() -> None:
    from string import Formatter

    for key, (english, chinese) in SENTENCES.items():
        names = [{name for _, name, _, _ in Formatter().parse(text) if name} for text in (english, chinese)]
        assert names[0] == names[1], key

"""Files as pandas, R, Excel and WPS write them, through all three readers: the answer of the clean file, or a sentence."""

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from honestrank.reading.ballots import read_ballots
from honestrank.reading.means import read_means
from honestrank.reading.ratings import read_ratings
from honestrank.sums import BallotColumns, Columns
from honestrank.words.wording import InputError

RATINGS = ["评委,单位,得分", "7,甲,3", "7,乙村 支部,4.5", "8,甲,2", "8,乙村 支部,5", "12,甲,", "12,乙村 支部,1"]
MEANS = ["单位,均值,误差,n", "甲,3.5,0.25,20", "乙村 支部,4,0.5,12", "丙,,,", "丁,2.25,0.125,40"]
BALLOTS = ["票,甲,乙村 支部,丙", "1,1,2,", "2,2,1,3", "3,,1,2"]
LONG = ["票,对象,位次", "1,甲,1", "1,乙村 支部,2", "2,甲,2", "2,乙村 支部,1", "2,丙,", "3,丙,1"]


def ratings_said(path: Path) -> object:
    """What a file of ratings comes to, with raters."""
    read = read_ratings(path, Columns("单位", "得分", rater="评委"))
    sums = read.crossed
    assert sums is not None
    cells = [sums.rater, sums.unit, sums.n, sums.total]
    return sums.units, sums.raters, [cell.tolist() for cell in cells], sums.origin, sums.squares, read.source.missing


def means_said(path: Path) -> object:
    """What a file of means comes to."""
    read = read_means(path, Columns("单位", "均值", error="误差", count="n"))
    return read.units, read.scores, read.errors, read.counts, read.source.missing


def ballots_said(path: Path) -> object:
    """What a file with a ballot a row comes to."""
    return counted(path, BallotColumns(ballot="票"))


def long_said(path: Path) -> object:
    """What a file with a candidate a row comes to."""
    return counted(path, BallotColumns("票", "对象", "位次"))


def counted(path: Path, columns: BallotColumns) -> object:
    """The ballots themselves, without the file's name and hash."""
    read = read_ballots(path, columns)
    return read.ballots.candidates, read.ballots.places.tolist(), read.ballots.counts.tolist(), read.labels, read.cast


READERS: dict[str, tuple[list[str], Callable[[Path], object]]] = {
    "ratings": (RATINGS, ratings_said),
    "means": (MEANS, means_said),
    "ballots": (BALLOTS, ballots_said),
    "long": (LONG, long_said),
}


@dataclass
class Sheet:
    """A table on its way into a file: rows of cells, and how the program at hand writes them."""

    rows: list[list[str]]
    delimiter: str = ","
    line_end: str = "\n"
    encoding: str = "utf-8"
    above: list[str] = field(default_factory=list)
    below: list[str] = field(default_factory=list)
    quoting: int = csv.QUOTE_MINIMAL

    def data(self) -> bytes:
        """The bytes of the file."""
        out = io.StringIO()
        writer = csv.writer(out, delimiter=self.delimiter, lineterminator=self.line_end, quoting=self.quoting)  # type: ignore[arg-type]
        writer.writerows(self.rows)
        lines = "".join(line + self.line_end for line in self.above)
        return (lines + out.getvalue() + "".join(line + self.line_end for line in self.below)).encode(self.encoding)


def each_cell(change: Callable[[str], str], *, head: bool = True) -> Callable[[Sheet], None]:
    """A fault in every cell, or in those below the heading."""

    def apply(sheet: Sheet) -> None:
        for number, row in enumerate(sheet.rows):
            if head or number:
                row[:] = [change(cell) if cell else cell for cell in row]

    return apply


def numbers(change: Callable[[str], str]) -> Callable[[Sheet], None]:
    """A fault in every cell that is a number."""
    return each_cell(lambda cell: change(cell) if cell.replace(".", "").isdigit() else cell, head=False)


def index(begin: int, name: str) -> Callable[[Sheet], None]:
    """The numbers of rows in front, as pandas and R put them."""

    def apply(sheet: Sheet) -> None:
        for place, row in enumerate(sheet.rows):
            row.insert(0, str(place - 1 + begin) if place else name)

    return apply


def put(**values: object) -> Callable[[Sheet], None]:
    """Another way to write the whole file."""

    def apply(sheet: Sheet) -> None:
        for name, value in values.items():
            setattr(sheet, name, value)

    return apply


def trailing(*, head: bool, body: bool) -> Callable[[Sheet], None]:
    """A separator left at the end of lines."""

    def apply(sheet: Sheet) -> None:
        for number, row in enumerate(sheet.rows):
            if head if number == 0 else body:
                row.append("")

    return apply


def blank_rows(sheet: Sheet) -> None:
    """Rows of separators, as Excel leaves them at the end."""
    width = len(sheet.rows[0])
    sheet.rows += [[""] * width, [" "] * width]


def missing(word: str) -> Callable[[Sheet], None]:
    """A word where nothing is known. No program writes one into rows that are blank altogether."""

    def apply(sheet: Sheet) -> None:
        for row in sheet.rows[1:]:
            if not any(cell.strip() for cell in row):
                continue
            row[:] = [cell or word for cell in row]

    return apply


def wide(text: str) -> str:
    """ASCII at full width."""
    return "".join(chr(ord(one) + 0xFEE0) if "!" <= one <= "~" else one for one in text)


FAULTS: dict[str, Callable[[Sheet], None]] = {
    "pandas index": index(0, ""),
    "R row names": index(1, ""),
    "an index read and written again": index(0, "Unnamed: 0"),
    "trailing separators": trailing(head=True, body=True),
    "trailing separators below the heading": trailing(head=False, body=True),
    "a trailing separator in the heading": trailing(head=True, body=False),
    "blank rows at the end": blank_rows,
    "a title": lambda sheet: sheet.above.append("2026年测评结果" + sheet.delimiter * 2),
    "a title without separators": lambda sheet: sheet.above.append("2026年测评结果"),
    "a title and a remark": lambda sheet: sheet.above.extend(["测评结果", "", "单位：县委" + sheet.delimiter + "十一月"]),
    "what Excel says of separators": lambda sheet: sheet.above.append(f"sep={sheet.delimiter}"),
    "blank lines above": lambda sheet: sheet.above.extend(["", " "]),
    "headings at full width": lambda sheet: sheet.rows.__setitem__(0, [wide(cell) for cell in sheet.rows[0]]),
    "headings with blanks": lambda sheet: sheet.rows.__setitem__(0, [f" {cell}\u3000" for cell in sheet.rows[0]]),
    "semicolons": put(delimiter=";"),
    "tabs": put(delimiter="\t"),
    "full-width commas": put(delimiter="\uff0c"),
    "quoted everywhere": put(quoting=csv.QUOTE_ALL),
    "BOM": put(encoding="utf-8-sig"),
    "UTF-16": put(encoding="utf-16"),
    "UTF-16 without its mark": put(encoding="utf-16-le"),
    "GBK": put(encoding="gb18030"),
    "CRLF": put(line_end="\r\n"),
    "old Mac": put(line_end="\r"),
    "blanks around": each_cell(lambda cell: f" {cell}  "),
    "NBSP around": each_cell(lambda cell: f"\xa0{cell}\u2003"),
    "full-width blanks": each_cell(lambda cell: f"{cell}\u3000"),
    "blanks of no width": each_cell(lambda cell: f"\u200b{cell}\ufeff"),
    "writing turned round": each_cell(lambda cell: f"\u2066{cell}\u2069"),
    "the end of a file in DOS": lambda sheet: sheet.below.append("\x1a"),
    "NBSP inside": each_cell(lambda cell: cell.replace(" ", "\xa0 ")),
    "full-width digits": numbers(wide),
    "scientific notation": numbers(lambda cell: f"{float(cell):.6e}" if "." in cell else cell),
    "7.0": numbers(lambda cell: cell if "." in cell else f"{cell}.0"),
    "a decimal comma": numbers(lambda cell: cell.replace(".", ",")),
    "text kept by a formula": numbers(lambda cell: cell if "." in cell else f'="{cell}"'),
    **{f"missing as {word}": missing(word) for word in ("NA", "NaN", "#N/A", "-", "NULL", "None", "\u2014", ".")},
}  # fmt: skip


def read_with(reader: str, faults: list[str], folder: Path) -> tuple[object, object]:
    """What the clean file says and what the faulty one says: the answer, or the sentence."""
    lines, said = READERS[reader]
    clean, faulty = clean_answer(reader, folder), folder / "faulty.csv"
    sheet = Sheet([line.split(",") for line in lines])
    for name in faults:
        FAULTS[name](sheet)
    faulty.write_bytes(sheet.data())
    try:
        return clean, said(faulty)
    except InputError as error:
        return None, error


_clean: dict[str, object] = {}


def clean_answer(reader: str, folder: Path) -> object:
    """What the clean file says, which is read once in a process."""
    if reader not in _clean:
        lines, said = READERS[reader]
        path = folder / "clean.csv"
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        _clean[reader] = said(path)
    return _clean[reader]


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_alone_changes_nothing(reader: str, fault: str, tmp_path: Path) -> None:
    clean, faulty = read_with(reader, [fault], tmp_path)
    assert faulty == clean


# The same examples in every run.
FAULTY = given(
    reader=st.sampled_from(list(READERS)), faults=st.lists(st.sampled_from(list(FAULTS)), max_size=6, unique=True)
)


@pytest.mark.parametrize("reader", READERS)
def test_blanks_round_cells_do_not_divide_what_separators_divide(reader: str, tmp_path: Path) -> None:
    """Three faults that together once made the blank the separator."""
    faults = ["a trailing separator in the heading", "missing as NA", "blanks around"]
    clean, faulty = read_with(reader, faults, tmp_path)
    assert faulty == clean


def test_digits_behind_the_last_heading_are_refused(tmp_path: Path) -> None:
    """A decimal comma without quotation marks; the heading's trailing separator made room for what is behind it."""
    path = tmp_path / "marks.csv"
    path.write_text("单位,得分,\n甲,3,5\n乙,4,\n甲,4,好\n", encoding="utf-8")
    with pytest.raises(InputError) as error:
        read_ratings(path, Columns("单位", "得分"))
    assert (error.value.key, error.value.values["line"]) == ("number_behind_headings", 2)


MARKS = "单位,评委,得分\n" + "".join(
    f"{unit},{rater},{(len(unit) + 3 * rater) % 5}\n" for rater in range(9) for unit in ("甲", "乙村", "Café")
)
OF_MEANS = "单位,均值,误差\n甲,3.5,0.25\n乙,4,0.5\n"
PLACES = "甲,乙,丙\n1,2,3\n2,1,3\n"


def rated(path: Path) -> object:
    return read_ratings(path, Columns("单位", "得分"))


def averaged(path: Path) -> object:
    return read_means(path, Columns("单位", "均值", error="误差"))


def cast(path: Path) -> object:
    return read_ballots(path, BallotColumns())


# What would be read in silence as something that nobody meant: the file, the reader, the sentence.
STRANGE: dict[str, tuple[str, Callable[[Path], object], str]] = {
    "a row of totals": (MARKS + "合计,合计,2.1\n", rated, "label_total"),
    "a row of means": (OF_MEANS + "平均,3.75,0.3\n", averaged, "label_total"),
    "a column of totals": ("甲,乙,合计\n1,2,3\n2,1,3\n", cast, "label_total"),
    "an accent apart from its letter": (MARKS + "Cafe\u0301,9,2\n", rated, "labels_alike"),
    "differences whose squares vanish": (
        "单位,得分\n" + "".join(f"{row % 2},{row}e-300\n" for row in range(9)), rated, "score_too_small",
    ),
    "an error whose square vanishes": (
        OF_MEANS + "丙,4,1e-200\n", averaged, "score_too_small",
    ),
    "numbers of ballots for a candidate": ("no," + PLACES.replace("\n", "\n1001,", 2), cast, "heading_of_ballots"),
    "shuffled numbers of ballots": ("票号,甲,乙,丙\n3,1,2,3\n6,2,1,3\n1,1,2,3\n", cast, "heading_of_ballots"),
    "dates made of some labels": (MARKS + "3月1日,9,2\n", rated, "label_dated"),
    "dates made of some labels of means": (OF_MEANS + "2026-03-01,4,0.5\n", averaged, "label_dated"),
    "99 for not listed": (PLACES + "1,99,2\n", cast, "rank_beyond"),
    "one column for two things": (MARKS, lambda _: Columns("单位", "得分", rater="单位"), "column_asked_twice"),
    "one column for two things of a ballot": (PLACES, lambda _: BallotColumns("甲", "乙", "甲"), "column_asked_twice"),
}  # fmt: skip


@pytest.mark.parametrize("case", STRANGE)
def test_what_nobody_meant_is_refused(case: str, tmp_path: Path) -> None:
    text, read, key = STRANGE[case]
    path = tmp_path / "strange.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as error:
        read(path)
    assert error.value.key == key
    assert error.value.sentence("zh-hans") != error.value.sentence("en")


def test_days_can_be_compared(tmp_path: Path) -> None:
    path = tmp_path / "days.csv"
    path.write_text("单位,得分\n3月1日,1\n3月2日,2\n3月1日,3\n", encoding="utf-8")
    assert read_ratings(path, Columns("单位", "得分")).units.units == ("3月1日", "3月2日")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("unit,note\nZürich,1\nMünchen,2\nKöln,3\n", "latin-1"),
        ("單位,得分\n黃金坳鎮黨委,1\n涼亭坳鄉黨委,2\n", "big5"),
        ("単位,得点\nさくら支部,1\nもみじ支部,2\n", "shift-jis"),
    ],
)
def test_another_code_is_not_taken_for_gbk(text: str, code: str, tmp_path: Path) -> None:
    path = tmp_path / "other.csv"
    path.write_bytes(text.encode(code))
    heads = text.splitlines()[0].split(",")
    with pytest.raises(InputError) as error:
        read_ratings(path, Columns(*heads))
    assert error.value.key == "unknown_encoding"


def test_a_name_outside_gb_2312_is_read(tmp_path: Path) -> None:
    path = tmp_path / "names.csv"
    path.write_bytes("单位,得分\n镕村,1\n甲村,2\n乙村,3\n".encode("gb18030"))
    assert read_ratings(path, Columns("单位", "得分")).units.units == ("乙村", "甲村", "镕村")


def never_another_answer(reader: str, faults: list[str], folder: Path) -> None:
    """Faults upon faults: the same answer or a sentence in both languages."""
    clean, faulty = read_with(reader, faults, folder)
    if isinstance(faulty, InputError):
        assert faulty.sentence("zh-hans") != faulty.sentence("en")
    else:
        assert faulty == clean


@settings(max_examples=60, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@FAULTY
def test_faults_together_never_give_another_answer(reader: str, faults: list[str], tmp_path: Path) -> None:
    never_another_answer(reader, faults, tmp_path)


@pytest.mark.long
@settings(
    max_examples=200, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@FAULTY
def test_thousands_of_faulty_files_never_give_another_answer(reader: str, faults: list[str], tmp_path: Path) -> None:
    never_another_answer(reader, faults, tmp_path)

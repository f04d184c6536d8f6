"""What a cell of a file says, however a program wrote it: text without stray blanks, a number or nothing.

The readers in Python use `plain` and `number`; the reader of ratings has the same in SQL (`text_in_sql`, `number_in_sql`).
Nothing here knows a file or a column.
"""

import datetime
import math
import re
import unicodedata
from collections.abc import Iterable

# Blanks within a line, of every width, and the sign that ended a file in DOS; line breaks inside a quoted cell are text.
BLANKS = (
    "\t\x0b\x0c\x1a\x1c\x1d\x1e\x1f \x85\xa0\u1680" + "".join(map(chr, range(0x2000, 0x200B))) + "\u202f\u205f\u3000"
)

# Signs without any width that copying from Word, WPS and chats leaves behind, those that turn the direction of writing too.
HIDDEN = "\xad\u200b\u200e\u200f\u2060\ufeff" + "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"

# What pandas, R, Excel, SQL and people write where nothing is known.
MISSING = (
    "", "NA", "N/A", "n/a", "#N/A", "#NA", "NaN", "nan", "NAN", "-NaN", "-nan", "<NA>", "NULL", "null", "Null", "None", "none", "\\N",
    "-", "--", "\u2013", "\u2014", "\u2014\u2014", "\u2212", "\uff0d", ".",
)  # fmt: skip

# Full-width letters, digits and signs, and the true minus, as ASCII has them.
WIDE = "".join(map(chr, range(0xFF01, 0xFF5F))) + "\u2212"
NARROW = "".join(map(chr, range(0x21, 0x7F))) + "-"
NARROWED = str.maketrans(WIDE, NARROW)

# What spreadsheets make of labels such as 3-1 or 3/1, in their forms for China, for England and for everybody.
DATED = (
    r"[0-9]{1,2}月[0-9]{1,2}日|[0-9]{1,2}-(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
    r"|(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)-[0-9]{2}|[0-9]{4}[-/][0-9]{1,2}[-/][0-9]{1,2}( 0?0:00(:00)?)?"
)

# The number by which spreadsheets keep a day from 1982 to 2064, shown where its format as a date was lost; and labels of which
# they make such days.
SERIAL = r"[345][0-9]{4}"
CUT_IN_TWO = r"[0-9]{1,2}[-/.][0-9]{1,2}"

NUMBER = r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?"

# The decimal comma. Three digits behind it may as well be thousands, unless a zero stands alone before it.
DECIMAL_COMMA = r"[+-]?([0-9]*,([0-9]{1,2}|[0-9]{4,})|0,[0-9]{3})([eE][+-]?[0-9]+)?"
TWO_READINGS = r"[+-]?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]*)?"

# Beside decimal commas in one column this may be one thousand two hundred and thirty-four, or a little more than one.
POINT_OF_THOUSANDS = r"[+-]?[1-9][0-9]{0,2}(\.[0-9]{3})+"

INFINITE = r"[+-]?[iI][nN][fF]([iI][nN][iI][tT][yY])?"

# `="007"` keeps a spreadsheet from dropping zeros; an apostrophe keeps it from running a formula.
KEPT_AS_TEXT = r'^="([^"]*)"$'
KEPT_FROM_RUNNING = "^'([=+@\uff1d\uff0b\uff0d\uff20-])"

# Ends and beginnings of numbers that can be written in another way.
ALSO_WRITTEN = r"^0[0-9]|\.0+$|[eE]\+[0-9]+$"

# What does not count where two labels are held beside each other: line breaks, joiners of letters, variants of a sign too.
UNCOUNTED = BLANKS + "\r\n\u200c\u200d" + "".join(map(chr, range(0xFE00, 0xFE10)))

RUN = re.compile(f"[{re.escape(BLANKS)}]+")
WITHOUT_HIDDEN = str.maketrans("", "", HIDDEN)

# What a row of totals is called in the column of units; a file that has both such a row and such a unit is not read.
TOTALS = (
    "合计", "总计", "小计", "总和", "合計", "總計", "平均", "平均分", "平均值", "平均数", "均值",
    "Total", "TOTAL", "total", "Totals", "Grand Total", "Grand total", "Subtotal", "Average", "AVERAGE", "average",
)  # fmt: skip

# Bytes that say that a cell may need more than DuckDB's own reading: blanks, signs of several bytes that hide or widen,
# numbers that DuckDB takes and nobody writes (1_000, +-1), text kept from a spreadsheet's hands, accents apart from their letter.
ODD_BYTES = b"\t\x0b\x0c\x1a\x1c\x1d\x1e\x1f _'"
ODD_OF_ASCII = (b"+-", b'="')
ODD = (
    *ODD_OF_ASCII, b"\xc2\x85", b"\xc2\xa0", b"\xc2\xad", b"\xe1\x9a\x80", b"\xe2\x80", b"\xe2\x81", b"\xe2\x88\x92",
    b"\xe3\x80\x80", b"\xef", b"\xcc", b"\xcd",
)  # fmt: skip


def plain(cell: str) -> str:
    """The text of a cell: no blanks around it, one blank where several stand, nothing that cannot be seen."""
    if cell.isascii() and cell.isprintable() and " " not in cell and cell[:1] not in ("'", "="):
        return cell
    text = RUN.sub(" ", cell.translate(WITHOUT_HIDDEN)).strip(" \r\n")
    text = re.sub(KEPT_AS_TEXT, r"\1", text)
    return re.sub(KEPT_FROM_RUNNING, r"\1", text)


def number(text: str) -> float | None:
    """The number in a plain cell, None where the cell says that there is none.

    Raises ValueError with the key of the sentence that says what is wrong.
    """
    if text in MISSING:
        return None
    narrow = text.translate(NARROWED)
    if re.fullmatch(DECIMAL_COMMA, narrow):
        narrow = narrow.replace(",", ".")
    if re.fullmatch(NUMBER, narrow):
        value = float(narrow)
        if math.isfinite(value):
            return value
        raise ValueError("score_not_finite")
    if re.fullmatch(INFINITE, narrow):
        raise ValueError("score_not_finite")
    raise ValueError("number_has_two_readings" if re.fullmatch(TWO_READINGS, narrow) else "score_is_text")


def two_decimals(texts: Iterable[str]) -> tuple[str, str] | None:
    """A decimal comma and a point before three digits in one column, which can be read in two ways; None where not both are."""
    narrow = [text.translate(NARROWED) for text in texts]
    comma = next((text for text in narrow if re.fullmatch(DECIMAL_COMMA, text)), None)
    point = next((text for text in narrow if re.fullmatch(POINT_OF_THOUSANDS, text)), None)
    return (comma, point) if comma and point else None


def folded(text: str) -> str:
    """What is left of a text when blanks, width and leading zeros do not count: texts alike in this are one to a reader.

    A letter with its accent is one sign or two, as the program that wrote it has it.
    """
    narrow = re.sub(f"[{re.escape(UNCOUNTED)}]", "", unicodedata.normalize("NFC", text).translate(NARROWED))
    return narrow.lstrip("0") or "0" if narrow.isascii() and narrow.isdecimal() else narrow


def is_odd(data: bytes, delimiter: bytes) -> bool:
    """Whether a cell in these bytes may need more than DuckDB's own reading; `ODD` says when."""
    single = ODD_BYTES.replace(delimiter, b"")
    longer = ODD_OF_ASCII if data.isascii() else ODD
    return len(data.translate(None, single)) < len(data) or any(one in data for one in longer)


def text_in_sql(cell: str, *, odd: bool) -> str:
    """`plain` as SQL, null for a blank cell; where no odd byte is in the file the cell is plain as it stands."""
    if odd:
        cell = f"translate({cell}, {_quoted(HIDDEN)}, '')"
        cell = f"trim(regexp_replace({cell}, {_quoted(f'[{_in_class(BLANKS)}]+')}, ' ', 'g'), ' \r\n')"
        cell = f"regexp_replace({cell}, {_quoted(KEPT_AS_TEXT)}, '\\1')"
        cell = f"regexp_replace({cell}, {_quoted(KEPT_FROM_RUNNING)}, '\\1')"
    return f"nullif({cell}, '')"


def number_in_sql(text: str, *, odd: bool) -> str:
    """`number` of a text as SQL: null where there is none, not a number where `number` raises."""
    narrow = f"translate({text}, {_quoted(WIDE)}, {_quoted(NARROW)})" if odd else text
    cast = f"TRY_CAST({narrow} AS DOUBLE)"
    is_number = f"regexp_full_match({narrow}, {_quoted(NUMBER)}) AND isfinite({cast})" if odd else f"isfinite({cast})"
    comma = f"TRY_CAST(replace({narrow}, ',', '.') AS DOUBLE)"
    return (
        f"CASE WHEN {is_number} THEN {cast} WHEN {text} IS NULL OR ({missing_in_sql(text)}) THEN NULL "
        f"WHEN regexp_full_match({narrow}, {_quoted(DECIMAL_COMMA)}) THEN coalesce({comma}, 'nan'::DOUBLE) "
        "ELSE 'nan'::DOUBLE END"
    )


def may_be_alike_in_sql(label: str) -> str:
    """Whether a label without any odd byte may still be another one written in another way (07, 7.0, 1e+05), a total, or a date."""
    whole = "|".join((*map(re.escape, TOTALS), DATED))
    return f"regexp_matches({label}, {_quoted(ALSO_WRITTEN)}) OR regexp_full_match({label}, {_quoted(whole)})"


def are_dated_in_sql(label: str) -> str:
    """Whether a column of labels has both numbers that may be days and labels of which a spreadsheet makes days."""
    return " AND ".join(f"bool_or(regexp_full_match({label}, {_quoted(kind)}))" for kind in (SERIAL, CUT_IN_TWO))


def whole_label_in_sql(label: str) -> str:
    """`labels.whole_label` of a label at any width as SQL, for a column in which all are whole numbers."""
    narrow = f"translate({label}, {_quoted(WIDE)}, {_quoted(NARROW)})"
    return f"CASE WHEN contains({narrow}, 'e') THEN ({narrow}::DOUBLE)::HUGEINT::VARCHAR ELSE split_part({narrow}, '.', 1) END"


def day_of(serial: str) -> str:
    """The day that a spreadsheet keeps as this number."""
    return (datetime.date(1899, 12, 30) + datetime.timedelta(days=int(serial))).isoformat()


def _in_class(signs: str) -> str:
    return "".join(f"\\x{{{ord(one):04x}}}" for one in signs)


def missing_in_sql(text: str) -> str:
    """Whether a text says that nothing is known, as SQL.

    Without IN: DuckDB makes a join of a long list, which loses the order of rows, on which the digits of sums depend.
    """
    longest = max(len(word.encode()) for word in MISSING)
    words = "|".join(re.escape(word) for word in MISSING if word)
    return f"strlen({text}) <= {longest} AND regexp_full_match({text}, {_quoted(words)})"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"

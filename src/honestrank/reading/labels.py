"""The labels of one column together: whole numbers written in several ways, labels only a machine tells apart, reading order."""

import re
from collections.abc import Collection, Sequence

from honestrank.reading.cells import CUT_IN_TWO, DATED, NARROWED, SERIAL, TOTALS, day_of, folded
from honestrank.words.wording import InputError

# Products of two sums of squares of smaller differences may vanish.
SMALLEST = 1e-60

# Numbers by which programs of statistics say that nothing is known.
CODES = (-9.0, -99.0, -999.0, -9999.0, 99.0, 999.0, 9999.0)

# A whole number as pandas writes it in a column with gaps (7.0) and R from 100000 on (1e+05).
WHOLE_LABEL = r"[0-9]+(\.0+)?|[0-9](\.[0-9]+)?e\+[0-9]{2}"

# Digits that survive in a double.
EXACT = 15

# What Excel makes of a long number: its last digits are gone, and two units may have become one.
SHORTENED = r"[0-9]([.,][0-9]+)?E\+[0-9]{2,3}"


# A whole number so long that a program which keeps numbers as doubles has lost its last digits.
BEYOND_EXACT = r"[0-9](\.[0-9]+)?e\+(1[6-9]|[2-9][0-9]|[0-9]{3})|[1-9][0-9]{15,}\.0+"

COMMA = re.compile(r"^([0-9]+),0+$")  # 7,0 as spreadsheets of half of Europe write 7.0


def refuse_code(scores: Sequence[float], column: str) -> None:
    """Raise InputError where the least or largest score is a code for a missing one, as far from the others as these reach."""
    for code in {min(scores), max(scores)} & set(CODES):
        others = [score for score in scores if score != code]
        if others and is_far(code, min(others), max(others)):
            raise InputError("score_is_code", column=column, value=f"{code:g}", count=len(scores) - len(others))


def is_far(code: float, low: float, high: float) -> bool:
    """Whether `code` lies further from the scores between `low` and `high` than these from each other."""
    return max(low - code, code - high) > max(high - low, 1.0)


def settled(labels: Collection[str], column: str) -> dict[str, str]:
    """For each label of a column the one it is to have: 7.0, 1e+05 and full-width digits become 7, 100000 and
    ASCII where all are whole numbers.

    Raises InputError for labels that a spreadsheet has shortened or made a date of beside others that are none, for a row
    of totals, and for two that differ in blanks, width or zeros alone.
    """
    _refuse_some_dates(labels, column)
    for label in labels:
        if re.fullmatch(SHORTENED, label) or re.fullmatch(BEYOND_EXACT, label):
            raise InputError("label_shortened", column=column, label=label)
        if label in TOTALS:
            raise InputError("label_total", column=column, label=label)
    narrow = {label: COMMA.sub(r"\1.0", label.translate(NARROWED)) for label in labels}
    found = {label: whole_label(own) if re.fullmatch(WHOLE_LABEL, own) else label for label, own in narrow.items()}
    if not all(label.isascii() and label.isdecimal() for label in found.values()):
        found = {label: label for label in labels}
    kinds: dict[str, str] = {}
    for label in found.values():
        kind = _without_point(folded(label))
        if kinds.setdefault(kind, label) != label:
            raise InputError("labels_alike", column=column, one=kinds[kind], other=label)
    return found


def _refuse_some_dates(labels: Collection[str], column: str) -> None:
    """Where all are dates, days are what is compared; where some are, a spreadsheet has taken 3-1 for the first of March."""
    dated = [label for label in labels if re.fullmatch(DATED, label)]
    if dated and len(dated) < len(labels):
        raise InputError("label_dated", column=column, label=dated[0])
    days = [label for label in labels if re.fullmatch(SERIAL, label)]
    if days and any(re.fullmatch(CUT_IN_TWO, label) for label in labels):
        raise InputError("label_serial", column=column, label=days[0], day=day_of(days[0]))


def whole_label(label: str) -> str:
    """A whole number in its plainest writing, zeros in front kept; a number that is none after all stays as it is."""
    if "e" not in label:
        return label.partition(".")[0]
    digits, _, power = label.partition("e+")
    whole, _, rest = digits.partition(".")
    rest = rest.rstrip("0")
    is_exact = len(rest) <= min(int(power), EXACT - 1)
    return whole + rest.ljust(int(power), "0") if is_exact else label


def _without_point(label: str) -> str:
    return whole_label(label) if re.fullmatch(r"[0-9]+\.0+", label) else label


def label_order(labels: Sequence[str]) -> list[int]:
    """Places of `labels` in reading order: as numbers when all are whole numbers, else by code point."""
    if all(label.isdecimal() for label in labels):
        return sorted(range(len(labels)), key=lambda i: (int(labels[i]), labels[i]))
    return sorted(range(len(labels)), key=lambda i: labels[i])

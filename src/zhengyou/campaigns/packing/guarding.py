"""What a file must not be before it is parsed: tomllib's time and memory grow with the square of the dots of a key, and it calls
itself for every bracket. And what it says, in sentences of ours with both lines of what stands twice.
"""

import re
from collections.abc import Iterator
from itertools import accumulate

from django.utils.translation import gettext_lazy as _

from zhengyou.campaigns.packing.faults import Fault, Faults
from zhengyou.campaigns.packing.places import Places

LONGEST_LINE = 2000  # two texts of 400 signs with what stands around them are half of it
MOST_DOTS = 40  # a line; a text with more of them can say the same with fewer
MOST_OPEN = 50  # brackets and braces inside one another; a pack has four
AT_LINE = re.compile(r"\s*\(at (?:line (\d+), column \d+|end of document)\)")
TWICE = ("Cannot declare", "Cannot overwrite", "Duplicate inline table key", "Cannot redefine", "Cannot mutate")
WHYS = {
    "Invalid statement": _("a line must begin with a key, a heading in brackets, or # for a remark"),
    "Expected newline": _("something stands behind the end of the value"),
    "Found invalid character": _("a character stands here that cannot be seen"),
    "Illegal character": _("a text ends on another line, or a character stands in it that cannot be seen"),
    "Expected ']": _("the brackets of a heading are not closed"),
    "Expected '='": _("an equals sign is missing after the key"),
    "Invalid initial character": _("a key has other signs than Latin letters, digits and hyphens"),
    "Unclosed array": _("a list is not closed, or a comma is missing in it"),
    "Unclosed inline table": _("a brace is not closed on its line, or a comma is missing in it"),
    "Unescaped": _("a backslash stands in a text; write two of them"),
    "Invalid hex value": _("a backslash stands in a text; write two of them"),
    "Escaped character": _("a backslash stands in a text; write two of them"),
    "Unterminated string": _("a quotation mark is missing"),
    "Expected '\"": _("a quotation mark is missing"),
    "Expected \"'": _("a quotation mark is missing"),
    "Invalid date": _("this is no date"),
    "Invalid value": _("this value cannot be read; texts stand in quotation marks"),
    "Exceeds the limit": _("this number has too many digits"),
}  # fmt: skip


def is_bearable(text: str, faults: Faults) -> bool:
    """Whether the text can be parsed at once; if not, one fault says why, with its line."""
    for number, row in enumerate(text.split("\n"), 1):
        if len(row) > LONGEST_LINE:
            return _refused(faults, "line-too-long", number, count=len(row), most=LONGEST_LINE)
        if row.count(".") > MOST_DOTS:
            return _refused(faults, "too-many-dots", number, most=MOST_DOTS)
    for number, depth in _depths(text):
        if depth > MOST_OPEN:
            return _refused(faults, "too-deep", number, most=MOST_OPEN)
    return True


def add_unparsed(text: str, error: ValueError, faults: Faults) -> None:
    """Note what tomllib says, in words; a thing that stands twice with the line of the first."""
    at = AT_LINE.search(str(error))
    line, why = int(at[1]) if at and at[1] else 0, AT_LINE.sub("", str(error)).strip()
    if why.startswith(TWICE):
        first = Places(text).earlier(line)
        slug = "stands-twice" if first else "stands-twice-somewhere"
        faults.found.append(Fault(slug, (), line, (("first", first),)))
        return
    said = next((sentence for begin, sentence in WHYS.items() if why.startswith(begin)), why)
    faults.found.append(Fault("not-toml", (), line or text.count("\n") + 1, (("why", said),)))


def _depths(text: str) -> Iterator[tuple[int, int]]:
    """After each line, how many brackets and braces are open at most; those in texts count too, as nobody writes so many."""
    opened = (row.count("[") + row.count("{") - row.count("]") - row.count("}") for row in text.split("\n"))
    within = (row.count("[") + row.count("{") for row in text.split("\n"))
    before = accumulate(opened, lambda open_now, change: max(open_now + change, 0), initial=0)
    for number, (depth, more) in enumerate(zip(before, within, strict=False), 1):
        yield number, depth + more


def _refused(faults: Faults, slug: str, line: int, **details: int) -> bool:
    faults.found.append(Fault(slug, (), line, tuple(details.items())))
    return False

"""A Chinese page has no blank after a full-width sign, nor between two Chinese signs where a line of its template ends.

Done to the finished page, since a template breaks its lines wherever a sentence is put together from parts. A blank between
two signs within a line stays: it was meant. So does everything in fields, in programs, and where line breaks are shown.
"""

import re

from zhengyou.web.shared.readings import HAN

AFTER = "，。、；：？！（《「『〔“"
BEFORE = "，。、；：？！）》」』〕”"
# Elements that stand within a sentence; a blank beside any other one is not seen, or is its distance from the next one.
TAG = r"</?(?:a|abbr|b|bdi|em|small|span|strong|time)\b[^<>]*>"
WITHIN = re.compile(TAG)
LEFT = re.compile(r'<(script|style|textarea|title|pre)\b.*?</\1>|<div class="report-words".*?</div>', re.DOTALL)
# Each begins with a sign of which a page has few, so that reading it costs little. No possessive quantifiers: those of Python 3.11.2,
# which is Debian 12's, eat the beginning of what does not match.
AFTER_A_SIGN = re.compile(rf"[{AFTER}](?:{TAG})*\s(?:{TAG}|\s)*")
# What stands before a sign is read backwards from the few that follow a blank or a tag: from each line's end on it costs most of all.
BEFORE_A_SIGN = re.compile(rf"[{BEFORE}](?<=[\s>].)")
BACKWARDS = re.compile(r"(?:\s+|>\w+/<)+")
# What is said of a field in brackets stands close to its name, whatever sign or letter that ends with.
OPTIONAL = "<small>（"
BETWEEN = re.compile(rf"\n(?<=[{HAN}{BEFORE}]\n)\s*(?=[{HAN}{AFTER}])")


def closed_up(page: str) -> str:
    """The page without those blanks. A page that has none stays the very same."""
    pieces, last = [], 0
    for left in LEFT.finditer(page):
        pieces += [_closed(page[last : left.start()]), left[0]]
        last = left.end()
    *before, after = "".join([*pieces, _closed(page[last:])]).split(OPTIONAL)
    return OPTIONAL.join([*(piece.rstrip() for piece in before), after])


def _closed(piece: str) -> str:
    piece = AFTER_A_SIGN.sub(lambda found: found[0][0] + "".join(WITHIN.findall(found[0])), piece)
    pieces, last = [], 0
    for found in BEFORE_A_SIGN.finditer(piece):
        end = found.start()
        start = piece.find("\n", _beginning(piece, end), end)
        if start >= last:
            pieces += [piece[last:start], *WITHIN.findall(piece, start, end)]
            last = end
    return BETWEEN.sub("", "".join([*pieces, piece[last:]]))


def _beginning(piece: str, end: int) -> int:
    """Where the blanks and closing tags begin that stand right before this place."""
    length = 200
    while True:
        found = BACKWARDS.match(piece[max(0, end - length) : end][::-1])
        if not found or found.end() < length or length >= end:
            return end - (found.end() if found else 0)
        length *= 4

"""A day in running text stays on one line: *3 December 2026*, 2026年12月3日, and the hours *15:00–17:00*. A line may break between a day
and its hour, never within either. Done to the finished page, since days stand in sentences of templates, of messages and of people.

Only what is drawn changes: nothing is put between the signs, so that copying, searching and files have the text as it was.
"""

import re

MONTHS = (
    "Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?"
    "|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?"
)
IN_ENGLISH = rf" (?:{MONTHS})\b(?: [0-9]{{4}}\b)?"
HOURS = ":[0-9]{2}–[0-9]{1,2}:[0-9]{2}"
IN_CHINESE = "年[0-9]{1,2}月(?:[0-9]{1,2}日)?|月[0-9]{1,2}日"
# Begins with a set of signs, which the machine of expressions looks for by itself: several times quicker than beginning with a choice.
DAY = re.compile(f"[0-9][0-9]{{0,3}}(?:{IN_ENGLISH}|{HOURS}|{IN_CHINESE})")
LEFT = re.compile(r"<(script|style|textarea|title|pre)\b.*?</\1>", re.DOTALL)
HOLDS_NO_TAGS = ("<option", "<text", "<tspan")
WHOLE = '<span class="day">'


def days_whole(page: str) -> str:
    """The page with each day in one piece. A page that has none stays the very same."""
    if not DAY.search(page):
        return page
    pieces, last = [], 0
    for left in LEFT.finditer(page):
        pieces += [_whole(page[last : left.start()]), left[0]]
        last = left.end()
    return "".join([*pieces, _whole(page[last:])])


def _whole(piece: str) -> str:
    return DAY.sub(lambda found: f"{WHOLE}{found[0]}</span>" if _is_text(piece, found.start()) else found[0], piece)


def _is_text(piece: str, place: int) -> bool:
    """Whether this place is drawn as text that may hold tags, and is not whole already; within a tag are its attributes."""
    opens, closes = piece.rfind("<", 0, place), piece.rfind(">", 0, place)
    return opens <= closes and not piece.startswith((*HOLDS_NO_TAGS, WHOLE), max(opens, 0))

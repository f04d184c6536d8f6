"""Reads what TOML gives into the dataclasses of `parts` and `ruleset`, by their annotations, and notes every fault on the way.

Where something is wrong a harmless value stands in, so that the reading goes on. What a value means beside others is judged in
`contradictions`.
"""

import re
import unicodedata
from collections.abc import Collection
from dataclasses import MISSING, Field, fields, is_dataclass
from typing import Any, get_args, get_origin, get_type_hints

from django.utils.translation import gettext_lazy as _

from zhengyou.base.words import Names
from zhengyou.campaigns.packing.faults import LANGUAGES, Faults
from zhengyou.campaigns.ruleset import GIVEN_TO, ROOMS, WORDS_SHOWN, Purpose

ID = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*")
LONGEST_ID = 40  # what the narrowest column that keeps one takes
LONGEST = {
    "name": 80,
    "theme": 200,
    "about": 400,
    "aim": 400,
    "text": 400,
}  # by field; titles and kinds stand in narrow tables
USUAL_LENGTH = 80
MOST_ENTRIES = 300
# Whole numbers by field: what a form, a table or the clock can bear.
RANGES = {
    "points": (0, 100),
    "weight": (0, 1000),
    "least": (0, 1000),
    "nothing_below": (1, 1000),
    "band_below": (1, 1000),
    "open_from": (1, 100_000),
    "cell": (1, 1000),
    "compare_from": (1, 1000),
    "fewest": (1, 100),
    "most": (1, 100),
    "working_days": (1, 60),
    "unit_minutes": (1, 600),
    "member_minutes": (1, 600),
    "value": (-2, 2),
}
USUAL_RANGE = (1, 366)
CLOSED: dict[str, tuple[str, ...]] = {
    "side": ("inside", "outside"),
    "opens": tuple(purpose.value for purpose in Purpose),
    "rooms": ROOMS,
    "clock": ("fix", "fix_long"),
    "words_shown": WORDS_SHOWN,
    "given_to": GIVEN_TO,
}
EMPTY_ALLOWED = {"side", "body", "post_kind", "sector"}
KINDS = {
    str: _("a text in quotation marks"),
    bool: _("true or false"),
    int: _("a whole number"),
    float: _("a number with a point"),
    list: _("a list ([…], or for entries a heading in two brackets, [[…]])"),
    dict: _('a table or something in braces (a name is { zh-hans = "…", en = "…" })'),
}


class Shaper:
    """Reads parts of one file; what is wrong goes into `faults`."""

    def __init__(self, faults: Faults) -> None:
        self.faults = faults

    def record(self, kind: type, raw: Any, *place: str | int) -> Any:
        """One dataclass from one table. Fields with a default may be left out."""
        hints = get_type_hints(kind)
        known: dict[str, Field[Any]] = {part.name: part for part in fields(kind)}
        table = self.table(raw, list(known), *place)
        values = {}
        for name, part in known.items():
            if name in table:
                values[name] = self.value(name, hints[name], table[name], *place, name)
            elif part.default is MISSING:
                if table is raw:
                    self.faults.add("missing", *place, key=name)
                values[name] = self.stand_in(hints[name], name)
        return kind(**values)

    def table(self, raw: Any, known: Collection[str], *place: str | int) -> dict[str, Any]:
        """A table with these keys only; an empty one stands in for anything else."""
        if not isinstance(raw, dict):
            self._wrong(raw, dict, *place)
            return {}
        for key in raw:
            if key not in known:
                self.faults.add_unknown("unknown", key, known, *place, key)
        return raw

    def value(self, name: str, hint: Any, raw: Any, *place: str | int) -> Any:
        """One value by its annotation."""
        if hint in (Names, Names | None):
            return self.names(raw, LONGEST.get(name, USUAL_LENGTH), *place)
        if get_origin(hint) is tuple:
            return self.several(name, hint, raw, *place)
        if is_dataclass(hint):
            return self.record(hint, raw, *place)  # type: ignore[arg-type]
        if hint is int:
            return self.number(raw, *RANGES.get(name, USUAL_RANGE), *place)
        if type(raw) is not hint:
            self._wrong(raw, hint, *place)
            return self.stand_in(hint, name)
        return self._text(name, raw, *place) if hint is str else raw

    def several(self, name: str, hint: Any, raw: Any, *place: str | int) -> tuple[Any, ...]:
        """A list: of tables with ids, of texts, or the two numbers of a share."""
        if not isinstance(raw, list):
            self._wrong(raw, list, *place)
            return self.stand_in(hint, name)  # type: ignore[no-any-return]
        kind = get_args(hint)[0]
        if kind is int:
            return self._share(raw, *place)
        if len(raw) > MOST_ENTRIES:
            self.faults.add("too-many", *place, count=len(raw), most=MOST_ENTRIES)
            return ()
        entries = tuple(self.value(name, kind, entry, *place, nth) for nth, entry in enumerate(raw))
        self._no_repeats(entries, *place)
        return entries

    def names(self, raw: Any, longest: int, *place: str | int) -> Names:
        """A text in both languages."""
        table = self.table(raw, list(LANGUAGES), *place)
        for language, called in LANGUAGES.items():
            if table is raw and language not in table:
                self.faults.add("language-missing", *place, language=called)
        return {key: self.text(text, longest, *place, key) for key, text in table.items() if key in LANGUAGES}

    def text(self, raw: Any, longest: int, *place: str | int) -> str:
        """A text of one line that can be read: not empty, not too long, no character that hides or turns others."""
        if not isinstance(raw, str):
            self._wrong(raw, str, *place)
            return ""
        if odd := next((char for char in raw if _is_odd(char)), None):
            self.faults.add("odd-character", *place, code=f"U+{ord(odd):04X}")
        if not raw.strip():
            self.faults.add("empty", *place)
        elif raw != raw.strip():
            self.faults.add("blanks-around", *place)
        elif len(raw) > longest:
            self.faults.add("too-long", *place, count=len(raw), most=longest)
        return raw.strip()

    def number(self, raw: Any, least: int, most: int, *place: str | int) -> int:
        """A whole number within its range."""
        if type(raw) is not int:
            self._wrong(raw, int, *place)
        elif not least <= raw <= most:
            shown = raw if abs(raw) < 10**12 else "…"
            self.faults.add("out-of-range", *place, value=shown, least=least, most=most)
        else:
            return raw
        return least

    def stand_in(self, hint: Any, name: str) -> Any:
        """A harmless value of this type, for what is missing or wrong."""
        if hint == Names | None:
            return None
        if hint == Names:
            return {}
        if get_origin(hint) is tuple:
            return (2, 3) if get_args(hint)[0] is int else ()
        if is_dataclass(hint):
            return Shaper(Faults()).record(hint, {}, name)  # type: ignore[arg-type]
        return RANGES.get(name, USUAL_RANGE)[0] if hint is int else hint()

    def _text(self, name: str, raw: str, *place: str | int) -> str:
        if name == "id":
            return self.id(raw, *place)
        if name in EMPTY_ALLOWED and not raw:
            return raw
        if name in CLOSED:
            if raw not in CLOSED[name]:
                self.faults.add_unknown("not-one-of", raw, CLOSED[name], *place, word="value")
            return raw
        return self.text(raw, LONGEST.get(name, USUAL_LENGTH), *place)

    def id(self, raw: Any, *place: str | int) -> str:
        """An id: a word for addresses and files."""
        if not isinstance(raw, str):
            self._wrong(raw, str, *place)
            return ""
        if not ID.fullmatch(raw) or len(raw) > LONGEST_ID:
            self.faults.add("bad-id", *place, value=raw, example="town-hall-2")
        return raw

    def _share(self, raw: list[Any], *place: str | int) -> tuple[int, int]:
        if len(raw) != 2 or any(type(part) is not int for part in raw) or not 1 <= raw[0] <= raw[1] <= 1000:
            self.faults.add("no-share", *place)
            return 2, 3
        return raw[0], raw[1]

    def _no_repeats(self, entries: tuple[Any, ...], *place: str | int) -> None:
        seen: dict[str, int] = {}
        for nth, entry in enumerate(entries):
            word = entry if isinstance(entry, str) else getattr(entry, "id", "")
            if word and word in seen:
                at = (*place, nth) if isinstance(entry, str) else (*place, nth, "id")
                self.faults.add("twice", *at, value=word, first=seen[word])
            seen.setdefault(word, self.faults.lines.of((*place, nth)))

    def _wrong(self, raw: Any, wanted: type, *place: str | int) -> None:
        self.faults.add("wrong-type", *place, got=KINDS.get(type(raw), _("something else")), wanted=KINDS[wanted])


def _is_odd(char: str) -> bool:
    """Control, format (which turn the direction of what follows), private, unassigned, and separators of lines."""
    return unicodedata.category(char) in {"Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp"} or char == "\ufffd"

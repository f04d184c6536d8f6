"""From the bytes of a pack's file to a pack, or to all its faults. Opens no file itself and knows no folder."""

import tomllib
from dataclasses import fields
from typing import Any, get_type_hints

from zhengyou.campaigns.packing.contradictions import judge
from zhengyou.campaigns.packing.faults import MOST_FAULTS, Fault, Faults
from zhengyou.campaigns.packing.guarding import add_unparsed, is_bearable
from zhengyou.campaigns.packing.parts import Heading, Headings, Pack
from zhengyou.campaigns.packing.places import Places
from zhengyou.campaigns.packing.shapes import USUAL_LENGTH, Shaper
from zhengyou.campaigns.ruleset import Kind, Named, Rules
from zhengyou.organisations.importing.columns import COLUMNS
from zhengyou.organisations.vocabulary import MARK, WHERE, WORDS

LARGEST = 256 * 1024
# Sections of the rules that stand at the top of the file; the others stand in [rules]. Kinds come from `organisation_kinds`.
AT_THE_TOP = (
    "aims",
    "titles",
    "stages",
    "rooms",
    "clocks",
    "case_kinds",
    "bodies",
    "member_grades",
    "carrier_kinds",
    "guidance",
    "service_steps",
    "service_reasons",
)
FROM_KINDS = "kinds"
# What a pack may leave out altogether; whether a chosen room needs it is judged later.
MAY_BE_LEFT_OUT = {
    "aim", "post_kinds", "organisation_standards", "member_standards", "aims", "titles", "case_kinds", "bodies",
    "grades", "criteria", "rater_groups", "joint_groups", "member_grades", "carrier_kinds", "guidance",
    "service_steps", "service_reasons",
}  # fmt: skip
BY_HAND = {"words", "headings", "rules"}
MARK_LENGTH = 2  # signs in a seal
NO_SIGNS_OF_WORDS = "%{}<>"  # words are put into sentences, where such signs mean something else
ONLY_AT_THE_TOP = ("rooms", "root_kind", "about")  # in no table is there a key of this name


def read_pack(data: bytes) -> tuple[Pack | None, tuple[Fault, ...]]:
    """The pack, or None with every fault that was found, in the order of the file."""
    faults = Faults()
    raw = _parsed(data, faults)
    if raw is None:
        return None, tuple(faults.found)
    pack = _Reader(faults).pack(raw)
    judge(pack, faults)
    if len(faults.found) >= MOST_FAULTS:
        faults.found.append(Fault("more-faults", (), max(fault.line for fault in faults.found), ()))
    found = tuple(sorted(faults.found, key=lambda fault: fault.line))
    return (None, found) if found else (pack, ())


def _parsed(data: bytes, faults: Faults) -> dict[str, Any] | None:
    if len(data) > LARGEST:
        faults.add("too-large", most=LARGEST // 1024)
        return None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        faults.add("not-utf8")
        return None
    text = text.replace("\r\n", "\n")
    if not is_bearable(text, faults):
        return None
    try:
        raw = tomllib.loads(text)
    except ValueError as error:  # tomllib's own, and Python's for a number of thousands of digits
        add_unparsed(text, error, faults)
        return None
    faults.read(raw, Places(text))
    return raw


class _Reader:
    """Reads the top of the file part by part."""

    def __init__(self, faults: Faults) -> None:
        self.faults, self.shaper = faults, Shaper(faults)

    def pack(self, raw: dict[str, Any]) -> Pack:
        """Everything the file says, with stand-ins where it says nothing that can be read."""
        hints = get_type_hints(Pack)
        self._lift(raw, raw)
        parts = [part.name for part in fields(Pack)]
        self.shaper.table(raw, [*parts, *AT_THE_TOP])
        plain = {name: self._part(raw, name, hints[name]) for name in parts if name not in BY_HAND}
        return Pack(
            **plain,
            words=self._words(raw.get("words", {})),
            headings=self._headings(raw.get("headings", {})),
            rules=self._rules(raw, plain["organisation_kinds"]),
        )

    def _lift(self, top: dict[str, Any], inside: Any, *place: str | int) -> None:
        """What belongs to the top of the file and stands below a heading is read, as one fault and not as several."""
        entries = inside.items() if isinstance(inside, dict) else enumerate(inside) if isinstance(inside, list) else ()
        for step, value in list(entries):
            if place and step in ONLY_AT_THE_TOP and step not in top:
                self.faults.add("belongs-to-the-top", *place, step, key=step)
                top[step] = inside.pop(step)
            elif len(place) < 4:
                self._lift(top, value, *place, step)

    def _part(self, raw: dict[str, Any], name: str, hint: Any, *place: str) -> Any:
        """One part of a table; what is missing is a fault unless it may be left out or all of it has defaults."""
        if name in raw:
            return self.shaper.value(name, hint, raw[name], *place, name)
        if name == "id" or (name not in MAY_BE_LEFT_OUT and not _has_defaults(hint)):
            self.faults.add("missing", *place, name, key=name)
        return hint() if _has_defaults(hint) else self.shaper.stand_in(hint, name)

    def _words(self, raw: Any) -> tuple[Named, ...]:
        table = self.shaper.table(raw, (*WORDS, MARK, WHERE), "words")
        for slug in WORDS:
            if table is raw and slug not in table:
                self.faults.add("missing", "words", slug, key=slug)
        words = [
            (slug, self.shaper.names(table[slug], MARK_LENGTH if slug == MARK else USUAL_LENGTH, "words", slug))
            for slug in (*WORDS, MARK, WHERE)
            if slug in table
        ]
        for slug, name in words:
            for language, text in name.items():
                if sign := next((sign for sign in text if sign in NO_SIGNS_OF_WORDS), None):
                    self.faults.add("sign-in-a-word", "words", slug, language, sign=sign)
        return tuple(Named(slug, name) for slug, name in words)

    def _headings(self, raw: Any) -> Headings:
        table = self.shaper.table(raw, COLUMNS, "headings")
        return Headings(**{what: self._columns(table.get(what, {}), what) for what in COLUMNS})

    def _columns(self, raw: Any, what: str) -> tuple[Heading, ...]:
        """The columns in their fixed order, so that exports look the same whichever way a pack was written."""
        table = self.shaper.table(raw, COLUMNS[what], "headings", what)
        places = [("headings", what, slug) for slug in COLUMNS[what] if slug in table]
        entries = [self.shaper.table(table[place[-1]], ["name", "aliases"], *place) for place in places]
        return tuple(
            self.shaper.record(Heading, {"id": place[-1], **entry}, *place)
            for place, entry in zip(places, entries, strict=True)
        )

    def _rules(self, raw: dict[str, Any], kinds: tuple[Any, ...]) -> Rules:
        hints = get_type_hints(Rules)
        names = [part.name for part in fields(Rules)]
        inside = [name for name in names if name not in (*AT_THE_TOP, FROM_KINDS)]
        table = self.shaper.table(raw.get("rules", {}), inside, "rules")
        read = {name: self._part(raw, name, hints[name]) for name in AT_THE_TOP}
        read |= {name: self._part(table, name, hints[name], "rules") for name in inside}
        return Rules(**read, kinds=tuple(Kind(kind.id, kind.name, kind.leads_others) for kind in kinds))


def _has_defaults(hint: Any) -> bool:
    """Whether it is a dataclass that can be made of nothing: all its fields have defaults."""
    try:
        return bool(fields(hint)) and hint() is not None
    except TypeError:
        return False

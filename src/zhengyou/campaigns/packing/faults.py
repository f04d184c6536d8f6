"""What can be wrong with a pack's file: each fault has a slug, its place, its line, and a sentence that says what to do.

Nothing here stops at the first fault: an office that writes a pack wants to see all of them at once.
"""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from zhengyou.base.refusals import Refused
from zhengyou.base.words import joined
from zhengyou.campaigns.packing.places import Place, Places

MOST_NAMED = 12
MOST_FAULTS = 200
LONGEST_QUOTE = 40

SENTENCES = {
    # the file as a whole
    "unreadable": _("This file cannot be read. Check its name, and that you may open it."),
    "too-large": _("This file is larger than %(most)s KB, and no pack is. Choose the pack’s own file."),
    "not-utf8": _("This file is not saved as UTF-8. Save it again with the encoding UTF-8."),
    "not-toml": _(
        "From here on this is no TOML (%(why)s). Look at this line and the one above for a missing comma, quotation mark or "
        "bracket, for a Chinese sign such as ， ： “ ”, or for something written twice."
    ),
    "line-too-long": _("This line has %(count)s characters, and no pack needs more than %(most)s. Break it up."),
    "too-many-dots": _("On this line stand more than %(most)s dots. Take them out."),
    "too-deep": _("Here are more than %(most)s brackets open inside one another. Close them, or take them out."),
    "stands-twice": _("This is already on line %(first)s. Keep one of them, or make one list of them."),
    "stands-twice-somewhere": _("This has already been written above. Keep one of them, or make one list of them."),
    "more-faults": _("There are more faults than these. Mend these first, then check again."),
    "belongs-to-the-top": _("“%(key)s” belongs to the top of the file. Move it above the first heading in brackets."),
    "other-id": _("The id is “%(value)s” and the file is called %(file)s. Give both the same name."),
    "id-of-ours": _("A pack with this id comes with Zhengyou. Give yours another id and another file name."),
    # one value
    "missing": _("“%(key)s” is missing. Write it here."),
    "unknown": _("“%(key)s” is not known here. Known are: %(known)s."),
    "unknown-near": _("“%(key)s” is not known here. Did you mean: %(near)s?"),
    "wrong-type": _("This is %(got)s, but it should be %(wanted)s."),
    "language-missing": _("The name in %(language)s is missing. Write both: zh-hans and en."),
    "empty": _("This text is empty. Write it, or take the line out."),
    "too-long": _("This text has %(count)s characters. Shorten it to %(most)s."),
    "odd-character": _("This text holds a character that cannot be seen (%(code)s). Type the text again."),
    "bad-id": _("“%(value)s” cannot be an id. Use small Latin letters, digits and hyphens, for example: %(example)s."),
    "out-of-range": _("%(value)s is out of range. Choose a whole number from %(least)s to %(most)s."),
    "not-one-of": _("“%(value)s” is not one of these: %(known)s."),
    "not-one-of-near": _("“%(value)s” is not known here. Did you mean: %(near)s?"),
    "twice": _("“%(value)s” is already on line %(first)s. Keep one of them, or give the other its own."),
    "blanks-around": _("This text begins or ends with blanks. Take them out."),
    "sign-in-a-word": _("“%(sign)s” cannot stand in a word that stands in sentences. Write the word alone."),
    "too-many": _("There are %(count)s entries here, and at most %(most)s can be read. Take some out."),
    "none": _("At least one entry is needed here. Add one."),
    # what contradicts itself
    "means-two": _("“%(value)s” means both “%(first)s” and “%(second)s”. Take it away from one of them."),
    "two-columns": _(
        "The heading “%(value)s” stands at the columns “%(first)s” and “%(second)s”. Take it away from one of them."
    ),
    "column-missing": _("No list can be read without the column “%(key)s”. Add its heading."),
    "grades-do-not-fall": _(
        "The points must fall from the best grade to the worst, but after %(before)s stands %(value)s."
    ),
    "reserved-id": _("“%(value)s” is what a ballot says where no grade is given. Give this grade another id."),
    "too-few-grades": _("A sheet needs at least two grades. Add one."),
    "nobody-counts": _(
        "No group of raters that is asked has a weight above 0. Give at least one of them a weight, for example 50."
    ),
    "joined-twice": _("“%(value)s” is joined by “%(first)s” already. Take it out of one of them."),
    "joins-one": _("A joint group joins two groups of raters or more. Name them in “of”."),
    "never-joined": _("None of these groups has a “least”, so they would never be joined. Give one of them its least number."),
    "steps-do-not-balance": _(
        "A window is rated in five steps with the values 2, 1, 0, -1 and -2, each once: as many good "
"ones as bad ones."
    ),
    "below-floor": _("%(value)s is too low: this threshold protects the voters and is at least %(most)s."),
    "thresholds-do-not-rise": _("nothing_below, band_below and open_from must rise in this order."),
    "no-share": _("The turnout is a part of the roll, such as [2, 3]: the first number at most the second."),
    "fewest-above-most": _("“fewest” is larger than “most”. Exchange the two."),
    "nothing-there": _("“%(value)s” is named here, but there is none in %(part)s. Write one of these: %(known)s."),
    "nothing-there-yet": _("“%(value)s” is named here, but %(part)s has no entry. Add one, or take the line out."),
    "fixed-id-missing": _("An entry with the id “%(key)s” is missing. These ids are fixed: %(known)s. Change names only."),
    "opens-nothing": _("This stage opens nothing. Say what may be done in it, for example opens = [\"%(example)s\"]."),
    "opens-without-room": _("“%(value)s” needs the room “%(room)s”, which “rooms” does not name. Add it there, or take this out."),
    "opened-twice": _("“%(value)s” is opened by the stages “%(first)s” and “%(second)s”. One stage opens it."),
    "never-opened": _("The room “%(room)s” is named, but no stage opens “%(value)s”. Add it to a stage."),
    "room-without-room": _("The room “%(value)s” works only beside “%(room)s”. Add it to “rooms”."),
    "room-without-part": _("The room “%(room)s” is named, but there is nothing in %(part)s. Add an entry."),
    "asks-too-much": _(
        "The rules allow %(value)s minutes a month, but the rooms of this pack ask %(minutes)s. Allow as many, or leave a room out."
    ),
    "id-heading": _("“%(value)s” heads ID-card numbers, which are never read. Take it out."),
    "empty-heading": _("Of the heading “%(value)s” only marks and brackets are left, which are not compared. Write a word."),
}  # fmt: skip
LANGUAGES = {"zh-hans": _("Chinese"), "en": _("English")}


class PackRefused(Refused):
    """A pack cannot be taken as it stands; `faults` are all its faults, if it is the file that is at fault."""

    def __init__(self, sentence: Any, *, reason: str, faults: "tuple[Fault, ...]" = ()) -> None:
        super().__init__(sentence, reason=reason)
        self.faults = faults


@dataclass(frozen=True)
class Fault:
    """One fault. `str` is its sentence in the reader's language, `where` its place in words; line 0 is the file as a whole."""

    slug: str
    place: Place
    line: int
    details: tuple[tuple[str, Any], ...]
    where: str = ""

    def __str__(self) -> str:
        return str(SENTENCES[self.slug]) % {name: _shown(value) for name, value in self.details}


@dataclass
class Faults:
    """The faults found so far, and whether a part of the file is free of them."""

    found: list[Fault] = field(default_factory=list)
    raw: dict[str, Any] = field(default_factory=dict)
    lines: Places = field(default_factory=lambda: Places(""))

    def read(self, raw: dict[str, Any], lines: Places) -> None:
        """The file could be parsed: from now on faults know their lines, and entries are called by their ids."""
        self.raw, self.lines = raw, lines

    def add(self, slug: str, *place: str | int, **details: Any) -> None:
        """Note a fault at a place. Of thousands only the first are kept: nobody mends more at once."""
        if len(self.found) >= MOST_FAULTS:
            return
        self.found.append(Fault(slug, place, self.lines.of(place), tuple(details.items()), self._where(place)))

    def _where(self, place: Place) -> str:
        """The way to a place as people read it: an entry of a list by its id, or else by its number."""
        words: list[str] = []
        inside: Any = self.raw
        for step in place:
            try:
                inside = inside[step]
            except (KeyError, IndexError, TypeError):
                inside = None
            named = inside.get("id") if isinstance(inside, dict) and isinstance(step, int) else None
            words.append(
                _shown(named) if isinstance(named, str) else _shown(step + 1 if isinstance(step, int) else step)
            )
        return " › ".join(words)

    def add_unknown(self, slug: str, text: str, known: Iterable[str], *place: str | int, word: str = "key") -> None:
        """Note a word that is not known, with those nearest to it."""
        if len(self.found) >= MOST_FAULTS:  # to look for words like it takes time
            return
        known = list(known)
        near = difflib.get_close_matches(text, known, n=3, cutoff=0.6)
        named: dict[str, Any] = {"near": near} if near else {"known": known}
        self.add(f"{slug}-near" if near else slug, *place, **{word: text}, **named)

    def is_sound(self, *place: str | int) -> bool:
        """Whether nothing was found at this place or inside it."""
        return not any(fault.place[: len(place)] == place for fault in self.found)


def _shown(value: Any) -> str:
    """A detail as it stands in a sentence: lists joined, long texts cut."""
    if isinstance(value, list | tuple):
        more = " …" if len(value) > MOST_NAMED else ""
        return joined(_shown(part) for part in value[:MOST_NAMED]) + more
    text = str(value)
    return text if len(text) <= LONGEST_QUOTE else f"{text[:LONGEST_QUOTE]}…"

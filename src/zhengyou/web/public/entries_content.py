"""What an entry says, in words: its names and values as the pages call them, and the texts beside it where they may be read.

What is held to the byte stays beside it. A name without words is shown as it stands in the entry: nothing is left out but empty values.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from zhengyou.base.models import PublicEntry
from zhengyou.base.numbers import number_words
from zhengyou.base.words import day_said, in_readers_words, joined
from zhengyou.campaigns import queries as campaigns
from zhengyou.commitments import queries as commitments
from zhengyou.commitments.models import Commitment, OutcomeStatement, Promise
from zhengyou.organisations import queries as organisations
from zhengyou.organisations.vocabulary import word
from zhengyou.web.shared import case_words, leading_words
from zhengyou.web.shared.addenda_words import PARTS, part_in_words
from zhengyou.web.shared.addresses import address

Texts = Mapping[str, Mapping[str, str]]
DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+Z", re.ASCII)
FIGURES = re.compile(r"[0-9a-f]{32,}|[\w-]{43}", re.ASCII)  # a hash or a random id, in hexadecimal or base64
NUMBERS = {"case": "public-case", "notice": "public-notice"}  # pairs of a year and a number, and the page of each
ROWS = ("organisation", "reference")  # of a snapshot: numbers of rows
# What the house itself writes: the map of a notice, references to units, days and instants. All else stands as somebody wrote it.
MAP = "snapshot"
UNITS = ("level", "to")
MOMENTS = re.compile(r"(?:.*_)?(?:after|at|before|by|from|on|until|week)")
NO_MOMENTS = ("adopted_by", "checked_by", "designated_by")
YES_OR_NO = {True: _("yes"), False: _("no")}
IN_RULES = ("aim", "kind")
FIRST = (
    "case",
    "notice",
    "title",
    "name",
    "team",
    "person",
    "leader",
    "member",
    "holder",
    "role",
    "week",
    "kinds",
    "what",
    "candidates",
    "says",
    "text",
    "outcome",
    "decision",
)
LAST = ("manifest", "record", "slips", "fingerprint", "text_sha256", "keys_root", "roll_root", "sha256", "bytes")
NO_LONGER = _("This text is no longer shown. Its hash stays in the entry.")

NAMES: dict[str, Any] = {
    **PARTS,
    "adopted_by": _("Adopted by"),
    "adopted_on": _("Adopted on"),
    "after": _("New wording"),
    "aim": _("Aim"),
    "answer": _("Answer"),
    "around": _("About misconduct"),
    "because": _("Reason"),
    "before": _("Old wording"),
    "body": _("Issued by"),
    "by": _("By when"),
    "bytes": _("Length in bytes"),
    "campaign": _("Campaign"),
    "candidates": _("Candidates"),
    "carrier": _("Project"),
    "case": _("Case"),
    "cases": _("Reports concerned"),
    "closes_at": _("Closes"),
    "code": _("Certificate"),
    "content": _("Content"),
    "corrected": _("Corrections"),
    "criteria": _("Why it is a model"),
    "cycle": _("Cycle"),
    "decision": _("Decision"),
    "designated_by": _("Designated by"),
    "documents": _("Documents"),
    "duty": _("Post"),
    "ends_on": _("Objections until"),
    "explanation": _("Explanation"),
    "fingerprint": _("Fingerprint"),
    "from_on": _("From"),
    "goes_on": _("Promises that go on"),
    "grew_from": _("Grew out of"),
    "holder": _("Holder"),
    "id": _("Group"),
    "is_upheld": _("Upheld"),
    "keys_root": _("Root of the keys"),
    "kind": _("Kind"),
    "kinds": _("Given to units in that week"),
    "lacks": _("What is missing"),
    "leader": _("Leader"),
    "level": _("Decided by"),
    "lines": _("Lines recounted"),
    "manifest": _("Fingerprint of the rules"),
    "member": word("Member"),
    "members_from": _("Its own people read it from"),
    "name": _("Name"),
    "nominees": _("Candidates"),
    "not_taken_up": _("Comments not taken up"),
    "notice": _("Notice"),
    "number": _("Number"),
    "objections": _("Objections"),
    "on": _("Day"),
    "open_until": _("Open for comments until"),
    "opened_on": _("Open since"),
    "opens_at": _("Opens"),
    "outcome": _("Outcome"),
    "part": _("What is corrected"),
    "partly": _("Comments partly taken up"),
    "person": _("Person"),
    "plan": _("Plan"),
    "promise": _("Promise, its number"),
    "promises": _("Promises"),
    "public_from": _("Open to everybody from"),
    "readers": _("People who read such reports"),
    "reason": _("Reason"),
    "record": _("Fingerprint of the record"),
    "remark": _("Remark"),
    "remarks": _("Comments on the plan"),
    "repeats": _("Repeats"),
    "role": _("Role"),
    "roll_root": _("Root of the roll"),
    "rolls": _("Rolls"),
    "says": _("The unit says"),
    "sha256": _("Fingerprint"),
    "since_on": _("Since"),
    "size": _("People on the roll"),
    "slips": _("Fingerprint of the slips"),
    "snapshot": _("The notice as published"),
    "taken_up": _("Comments taken up"),
    "tasks": _("Tasks"),
    "team": _("Team"),
    "text": _("Text"),
    "text_sha256": _("Fingerprint of the text"),
    "title": _("Name"),
    "to": _("Passed on to"),
    "unit": _("Unit"),
    "units": _("Units that take part"),
    "until_on": _("Until"),
    "verdicts": _("Whether it counts"),
    "version": _("Version"),
    "votes": _("Votes"),
    "waiting": _("Reports that waited at its end"),
    "week": _("Week of"),
    "what": _("What"),
    "what_is_new": _("What is new"),
    "why": _("Reason"),
    "window": _("Code of the window"),
    "year": _("Year"),
}
VALUES: dict[str, tuple[Mapping[Any, Any], ...]] = {
    "checked_by": (dict(Promise.CheckedBy.choices),),
    "decision": (dict(Promise.Decision.choices),),
    "kind": (
        dict(Commitment.Kind.choices),
        leading_words.TEAMS,
        {
            "seen": _("seen"),
            "checked": _("recounted, and it agrees"),
            "disagrees": _("recounted, and it does not agree"),
        },
    ),
    "lacks": (case_words.LACKS,),
    "outcome": (dict(OutcomeStatement.Outcome.choices),),
    "role": (leading_words.ROLES,),
    "verdicts": ({"valid": _("valid"), "void": _("void"), "below-turnout": _("void: too few ballots came back")},),
    "why": (case_words.PAUSE_WHYS, case_words.ASIDE_WHYS),
}


@dataclass(frozen=True)
class InEntry:
    """One value under its name: words, which may lead somewhere or be figures to compare, or parts with names of their own."""

    name: Any
    words: Any = ""
    address: str = ""
    is_figures: bool = False
    parts: tuple["InEntry", ...] = ()


def said_in(row: PublicEntry, texts: Texts) -> tuple[InEntry, ...]:
    """All that an entry says but empty values, in the order of the entry. `texts` are those beside it, by their place."""
    return tuple(_Reading(texts).parts(json.loads(row.document)["content"], ""))


class _Reading:
    """One entry as it is read: the texts beside it, and the names that the rules of the cycles give, asked for once."""

    def __init__(self, texts: Texts) -> None:
        self.texts = texts

    @cached_property
    def in_rules(self) -> dict[str, dict[str, Any]]:
        """The aims, and the kinds of cases and projects, in the rules of all cycles. One query."""
        cycles = [one for one in campaigns.cycles() if one.launched_at]
        kinds = [kind for one in cycles for kind in (*one.ruleset.carrier_kinds, *one.ruleset.case_kinds)]
        return {
            "aim": {aim: in_readers_words(name) for one in cycles for aim, name in commitments.aims_of(one).items()},
            "kind": {one.id: in_readers_words(one.name) for one in kinds},
        }

    def parts(self, values: Mapping[str, Any], place: str, under: str = "") -> Iterator[InEntry]:
        for name in sorted(values, key=_turn):
            said = self.one(name, values[name], f"{place}.{name}" if place else name, under)
            if values[name] is not None and (said.words != "" or said.parts):
                yield said

    def one(self, name: str, value: Any, place: str, under: str) -> InEntry:
        words = self._name(name, under)
        if isinstance(value, dict):
            return self._map(name, words, value, place)
        if isinstance(value, list):
            return self._list(name, words, value, place)
        return self._plain(name, words, value, under)

    def _name(self, name: str, under: str) -> Any:
        return self.in_rules["kind"].get(name, name) if under == "kinds" else NAMES.get(name, name)

    def _map(self, name: str, words: Any, value: dict[str, Any], place: str) -> InEntry:
        if set(value) == {"salted"}:
            return self._beside(name, words, place)
        if set(value) == {"bytes", "sha256"}:
            return InEntry(words, value["sha256"], address("public-entry-text", value["sha256"]), is_figures=True)
        if {"zh-hans", "en"} == set(value):
            return InEntry(words, in_readers_words(value))
        return InEntry(words, parts=tuple(self.parts(value, place, name)))

    def _beside(self, name: str, words: Any, place: str) -> InEntry:
        text = self.texts.get(place, {}).get("text")
        if text is None:
            return InEntry(words, NO_LONGER)
        found = dict(_without_rows(json.loads(text))) if name == MAP else {}
        return InEntry(words, parts=tuple(self.parts(found, place))) if found else InEntry(words, text)

    def _list(self, name: str, words: Any, value: list[Any], place: str) -> InEntry:
        if name in NUMBERS and len(value) == 2:
            return InEntry(words, number_words(*value), address(NUMBERS[name], *value))
        if name == "number":
            return InEntry(words, number_words(*value))
        if all(isinstance(one, dict) for one in value):
            rows = [tuple(self.parts(one, f"{place}.{n}")) for n, one in enumerate(value)]
            numbered = (InEntry(n, parts=row) for n, row in enumerate(rows, 1))
            return InEntry(words, parts=rows[0] if len(rows) == 1 else tuple(numbered))
        return InEntry(words, joined(str(one) for one in value))

    def _plain(self, name: str, words: Any, value: Any, under: str) -> InEntry:
        if isinstance(value, bool):
            return InEntry(words, YES_OR_NO[value])
        text = str(value)
        if name == "part":
            return InEntry(words, part_in_words(text))
        if name == "code":
            return InEntry(words, text, address("public-honour", text))
        if name in UNITS:
            return _unit(words, text)
        for known in (*VALUES.get(name, ()), *VALUES.get(under, ()), self.in_rules[name] if name in IN_RULES else {}):
            if text in known:
                return InEntry(words, known[text])
        said = "" if (name, value) == ("piece", 0) else _moment(name, text)
        return InEntry(words, said, is_figures=bool(FIGURES.fullmatch(text)))


def _turn(name: str) -> int:
    """An entry is kept in the order of the alphabet: people read first what it is about, and figures to compare last."""
    return FIRST.index(name) - len(FIRST) if name in FIRST else int(name in LAST)


def _unit(words: Any, reference: str) -> InEntry:
    code = reference.removeprefix("organisation:")
    row = organisations.organisation_with_code(code)
    return InEntry(words, row.name, address("public-organisation", code)) if row else InEntry(words, reference)


def _moment(name: str, text: str) -> str:
    """A day and an instant as the reader writes them; everything else, and what people wrote, as it is."""
    if name in NO_MOMENTS or not MOMENTS.fullmatch(name):
        return text
    if DAY.fullmatch(text):
        return day_said(date.fromisoformat(text))
    if INSTANT.fullmatch(text):
        return date_format(localtime(datetime.fromisoformat(text)), "DATETIME_FORMAT")
    return text


def _without_rows(value: Any) -> Any:
    """The same without the numbers of rows, which tell people nothing."""
    if isinstance(value, dict):
        return {name: _without_rows(one) for name, one in value.items() if name not in ROWS}
    return [_without_rows(one) for one in value] if isinstance(value, list) else value

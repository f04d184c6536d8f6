"""Judges a list of members against the house: who is new, who changes, who cannot be taken."""

from collections import defaultdict
from typing import Any

from zhengyou.organisations import queries
from zhengyou.organisations.importing.columns import columns_of_house, plain
from zhengyou.organisations.importing.headings import ReadRow
from zhengyou.organisations.importing.judging import (
    CodeIndex,
    JudgedRow,
    Plan,
    TermIndex,
    clean_name,
    judged,
    mark_repeats,
)
from zhengyou.organisations.importing.sentences import Remark, say
from zhengyou.organisations.models import ImportDraft, Person, Term

LONGEST = {"number": 40, "name": 80}
FLOATING = {True: {"zh-hans": "是", "en": "Yes"}, False: {"zh-hans": "否", "en": "No"}}
FLOATING_WORDS = {True: "是 有 yes y true 1 √ ✓", False: "否 无 不是 no n false 0 ×"}


def plan_people(read: list[ReadRow]) -> Plan:
    """What these rows would do to the members as they stand. Five queries, whatever the number of rows."""
    return _PeopleJudge(read).plan()


class _PeopleJudge:
    def __init__(self, read: list[ReadRow]) -> None:
        self.homes = {home.code: home for home in queries.all_organisations()}
        self.home_codes = CodeIndex(self.homes)
        self.home_names: dict[str, list[str]] = defaultdict(list)
        for code, home in self.homes.items():
            if home.ended_on is None:
                self.home_names[plain(home.name)].append(code)
        self.found_homes: dict[str, str | Remark] = {}
        self.memberships = TermIndex(queries.terms(Term.Category.MEMBERSHIP))
        self.post_kinds = TermIndex(queries.terms(Term.Category.POST_KIND))
        self.floating = _floating_words()
        self.people = queries.all_members()
        codes = CodeIndex(self.people)
        self.rows = [judged(row, "number", codes, LONGEST) for row in read]
        self.same: dict[tuple[str, str], list[str]] = defaultdict(list)
        for number, member in self.people.items():
            self.same[plain(member["name"]), member["organisation"]].append(number)

    def plan(self) -> Plan:
        mark_repeats(self.rows)
        for row in self.rows:
            if row.key:
                self._judge(row)
        present = {number for number, member in self.people.items() if member["left_on"] is None}
        return Plan(self.rows, len(present - {row.key for row in self.rows}))

    def _judge(self, row: JudgedRow) -> None:
        known = self.people.get(row.key)
        if known and known["left_on"]:
            row.problems.append(say("left"))
            return
        self._judge_name(row, known)
        self._judge_home(row, known)
        self._judge_word(row, known, "membership", self.memberships, Person.Membership.FORMAL)
        self._judge_word(row, known, "post_kind", self.post_kinds, None)
        self._judge_floating(row, known)

    def _judge_name(self, row: JudgedRow, known: dict[str, Any] | None) -> None:
        name = clean_name(row.cells.get("name", ""))
        if known is None:
            row.values["name"] = name
        elif name and name != clean_name(known["name"]):
            row.change("name", name, known["name"], name)

    def _judge_home(self, row: JudgedRow, known: dict[str, Any] | None) -> None:
        text = row.cells.get("organisation", "")
        if not text:
            if known is None:
                row.problems.append(say("missing", field="organisation"))
            return
        if text not in self.found_homes:
            self.found_homes[text] = self._find_home(text)
        home = self.found_homes[text]
        if isinstance(home, dict):
            row.problems.append(home)
        elif known is None or home != known["organisation"]:
            self._move(row, known, home, text)

    def _move(self, row: JudgedRow, known: dict[str, Any] | None, code: str, text: str) -> None:
        if self.homes[code].ended_on:
            row.problems.append(say("home-ended", value=text))
        elif known is None:
            row.values["organisation"] = code
            if same := self.same.get((plain(row.cells.get("name", "")), code)):
                row.notes.append(say("same-name", found=same))
        else:
            row.change("organisation", code, self._place(known["organisation"]), self._place(code))

    def _find_home(self, text: str) -> str | Remark:
        codes = self.home_codes.find(text)
        if len(codes) > 1:
            return say("unclear-code", value=text, found=codes)
        codes = codes or self.home_names.get(plain(text), [])
        if not codes:
            return say("home-unknown", value=text)
        return codes[0] if len(codes) == 1 else say("home-unclear", value=text, found=codes)

    def _place(self, code: str) -> str:
        return f"{self.homes[code].name} ({code})"

    def _judge_word(
        self, row: JudgedRow, known: dict[str, Any] | None, slug: str, words: TermIndex, usual: str | None
    ) -> None:
        """A word of the pack. What the house has kept from an earlier pack may stay as it is written."""
        text = row.cells.get(slug, "")
        value = words.find(text) if text else None
        if text and value is None and not (known and known[slug] == text):
            row.problems.append(words.unknown(slug, text))
        else:
            _take(row, known, slug, value, usual)

    def _judge_floating(self, row: JudgedRow, known: dict[str, Any] | None) -> None:
        text = row.cells.get("is_floating", "")
        value = self.floating.get(plain(text)) if text else None
        if text and value is None:
            names = ["{zh-hans} ({en})".format(**name) for name in FLOATING.values()]
            row.problems.append(say("unknown-word-all", field="is_floating", value=text, found=names))
        else:
            _take(row, known, "is_floating", value, False)


def _take(row: JudgedRow, known: dict[str, Any] | None, slug: str, value: Any, usual: Any) -> None:
    """What a row says for a column; whoever is new has the usual value where it says nothing."""
    if known is None:
        if (taken := usual if value is None else value) is not None:
            row.values[slug] = taken
    elif value is not None and value != known[slug]:
        row.change(slug, value, str(known[slug]), str(value))


def _floating_words() -> dict[str, bool]:
    """What means yes and no in that column; who writes the column's own heading into a cell, with or without 非, says so too."""
    words = {plain(word): value for value, text in FLOATING_WORDS.items() for word in text.split()}
    column = next((row for row in columns_of_house(ImportDraft.What.PEOPLE) if row.slug == "is_floating"), None)
    for text in (*column.name.values(), *column.others) if column else ():
        words[plain(text)] = True
        words[plain(f"非{text}")] = words[plain(f"not {text}")] = False
    return words

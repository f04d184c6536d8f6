"""Judges a list of members against the house: who is new, who changes, who cannot be taken."""

from collections import defaultdict
from typing import Any

from zhengyou.organisations import queries
from zhengyou.organisations.importing.headings import ReadRow, plain
from zhengyou.organisations.importing.judging import CodeIndex, JudgedRow, Plan, clean_name, judged, mark_repeats
from zhengyou.organisations.importing.sentences import Remark, say
from zhengyou.organisations.models import Person

LONGEST = {"number": 40, "name": 80}
MEMBERSHIPS = {
    Person.Membership.FORMAL: {"zh-hans": "正式党员", "en": "Formal member"},
    Person.Membership.PROBATIONARY: {"zh-hans": "预备党员", "en": "Probationary member"},
}
FLOATING = {True: {"zh-hans": "是", "en": "Yes"}, False: {"zh-hans": "否", "en": "No"}}
MEMBERSHIP_WORDS = {
    Person.Membership.FORMAL: "正式党员 正式 formal formalmember fullmember full",
    Person.Membership.PROBATIONARY: "预备党员 预备 probationary probationarymember",
}
FLOATING_WORDS = {True: "是 有 yes y true 1 √ ✓ 流动 流动党员", False: "否 无 不是 no n false 0 × 非流动 非流动党员"}


def plan_people(read: list[ReadRow]) -> Plan:
    """What these rows would do to the members as they stand. Two queries, whatever the number of rows."""
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
        self._judge_word(row, known, "membership", _MEMBERSHIPS, Person.Membership.FORMAL)
        self._judge_word(row, known, "is_floating", _FLOATING, False)

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
        self, row: JudgedRow, known: dict[str, Any] | None, slug: str, words: dict[str, Any], usual: Any
    ) -> None:
        text = row.cells.get(slug, "")
        value = words.get(plain(text)) if text else None
        if text and value is None:
            choices = MEMBERSHIPS if slug == "membership" else FLOATING
            names = ["{zh-hans} ({en})".format(**name) for name in choices.values()]
            row.problems.append(say("unknown-word-all", field=slug, value=text, found=names))
        elif known is None:
            row.values[slug] = usual if value is None else value
        elif value is not None and value != known[slug]:
            row.change(slug, value, str(known[slug]), str(value))


def _by_word(words: Any) -> dict[str, Any]:
    return {plain(word): value for value, text in words.items() for word in text.split()}


_MEMBERSHIPS = _by_word(MEMBERSHIP_WORDS)
_FLOATING = _by_word(FLOATING_WORDS)

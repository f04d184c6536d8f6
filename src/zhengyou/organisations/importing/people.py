"""Judges a list of members against the house: who is new, who changes, who cannot be taken."""

from collections import defaultdict
from typing import Any

from zhengyou.organisations import queries
from zhengyou.organisations.importing.headings import plain
from zhengyou.organisations.importing.lines import Codes, Line, Plan, clean_name, mark_repeats, open_line
from zhengyou.organisations.importing.sentences import Said, say
from zhengyou.organisations.models import Person

LONGEST = {"number": 40, "name": 80}
STANDINGS = {
    Person.Standing.FORMAL: {"zh-hans": "正式党员", "en": "Formal member"},
    Person.Standing.PROBATIONARY: {"zh-hans": "预备党员", "en": "Probationary member"},
}
FLOATING = {True: {"zh-hans": "是", "en": "Yes"}, False: {"zh-hans": "否", "en": "No"}}
STANDING_WORDS = {
    Person.Standing.FORMAL: "正式党员 正式 formal formalmember fullmember full",
    Person.Standing.PROBATIONARY: "预备党员 预备 probationary probationarymember",
}
FLOATING_WORDS = {True: "是 有 yes y true 1 √ ✓ 流动 流动党员", False: "否 无 不是 no n false 0 × 非流动 非流动党员"}


def plan_people(rows: list[dict[str, Any]]) -> Plan:
    """What these rows would do to the members as they stand. Two queries, whatever the number of rows."""
    return _PeopleJudge(rows).plan()


class _PeopleJudge:
    def __init__(self, rows: list[dict[str, Any]]) -> None:
        self.homes = {row.code: row for row in queries.all_organisations()}
        self.home_codes = Codes(self.homes)
        self.home_names: dict[str, list[str]] = defaultdict(list)
        for code, row in self.homes.items():
            if row.ended_on is None:
                self.home_names[plain(row.name)].append(code)
        self.found_homes: dict[str, str | Said] = {}
        self.people = queries.all_members()
        codes = Codes(self.people)
        self.lines = [open_line(row, "number", codes, LONGEST) for row in rows]
        self.same: dict[tuple[str, str], list[str]] = defaultdict(list)
        for number, member in self.people.items():
            self.same[plain(member["name"]), member["organisation"]].append(number)

    def plan(self) -> Plan:
        mark_repeats(self.lines)
        for line in self.lines:
            if line.key:
                self._judge(line)
        present = {number for number, member in self.people.items() if member["left_on"] is None}
        return Plan(self.lines, len(present - {line.key for line in self.lines}))

    def _judge(self, line: Line) -> None:
        known = self.people.get(line.key)
        if known and known["left_on"]:
            line.problems.append(say("left"))
            return
        self._judge_name(line, known)
        self._judge_home(line, known)
        self._judge_word(line, known, "standing", _STANDINGS, Person.Standing.FORMAL)
        self._judge_word(line, known, "is_floating", _FLOATING, False)

    def _judge_name(self, line: Line, known: dict[str, Any] | None) -> None:
        name = clean_name(line.cells.get("name", ""))
        if known is None:
            line.values["name"] = name
        elif name and name != clean_name(known["name"]):
            line.change("name", name, known["name"], name)

    def _judge_home(self, line: Line, known: dict[str, Any] | None) -> None:
        text = line.cells.get("organisation", "")
        if not text:
            if known is None:
                line.problems.append(say("missing", field="organisation"))
            return
        if text not in self.found_homes:
            self.found_homes[text] = self._find_home(text)
        found = self.found_homes[text]
        if isinstance(found, dict):
            line.problems.append(found)
        elif known is None or found != known["organisation"]:
            self._move(line, known, found, text)

    def _move(self, line: Line, known: dict[str, Any] | None, code: str, text: str) -> None:
        if self.homes[code].ended_on:
            line.problems.append(say("home-ended", value=text))
        elif known is None:
            line.values["organisation"] = code
            if same := self.same.get((plain(line.cells.get("name", "")), code)):
                line.notes.append(say("same-name", found=same))
        else:
            line.change("organisation", code, self._place(known["organisation"]), self._place(code))

    def _find_home(self, text: str) -> str | Said:
        found = self.home_codes.find(text)
        if len(found) > 1:
            return say("unclear-code", value=text, found=found)
        found = found or self.home_names.get(plain(text), [])
        if not found:
            return say("home-unknown", value=text)
        return found[0] if len(found) == 1 else say("home-unclear", value=text, found=found)

    def _place(self, code: str) -> str:
        return f"{self.homes[code].name} ({code})"

    def _judge_word(
        self, line: Line, known: dict[str, Any] | None, slug: str, words: dict[str, Any], usual: Any
    ) -> None:
        text = line.cells.get(slug, "")
        value = words.get(plain(text)) if text else None
        if text and value is None:
            shown = STANDINGS if slug == "standing" else FLOATING
            names = ["{zh-hans} ({en})".format(**name) for name in shown.values()]
            line.problems.append(say("unknown-word-all", field=slug, value=text, found=names))
        elif known is None:
            line.values[slug] = usual if value is None else value
        elif value is not None and value != known[slug]:
            line.change(slug, value, str(known[slug]), str(value))


def _by_word(words: Any) -> dict[str, Any]:
    return {plain(word): value for value, text in words.items() for word in text.split()}


_STANDINGS = _by_word(STANDING_WORDS)
_FLOATING = _by_word(FLOATING_WORDS)

"""Judges a list of members against the house: who is new, who changes, who cannot be taken."""

import re
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from zhengyou.organisations.importing.columns import columns_of_house, plain
from zhengyou.organisations.importing.headings import ReadRow
from zhengyou.organisations.importing.judging import (
    CodeIndex,
    JudgedRow,
    TermIndex,
    WrittenZeros,
    ZeroHabit,
    clean_code,
    clean_name,
    find_key,
    judge_day,
    judged,
    mark_repeats,
    note_zeros,
    put_zeros,
    take_written,
)
from zhengyou.organisations.importing.known import Home, Known, codes_by_name
from zhengyou.organisations.importing.sentences import Remark, say
from zhengyou.organisations.models import ImportDraft, Person, Term

LONGEST = {"number": 40, "name": 80}
FLOATING = {True: {"zh-hans": "是", "en": "Yes"}, False: {"zh-hans": "否", "en": "No"}}
FLOATING_WORDS = {True: "是 有 yes y true 1 √ ✓", False: "否 无 不是 no n false 0 ×"}
ISSUED = re.compile(r"N([0-9]{6})")  # a number that the house gave to somebody whose list has none
SAME, ANOTHER = "same", "another"  # what the office answers where a name and a place change under one number


def judge_people(
    read: list[ReadRow],
    known: Known,
    homes: dict[str, Home],
    answers: Mapping[str, Mapping[str, str]],
    bad_homes: Mapping[str, JudgedRow],
    written: WrittenZeros,
) -> list[JudgedRow]:
    """These rows judged against the members as they stand, with the organisations as they will stand. One query at most.

    `bad_homes` are the file's own rows of organisations that cannot be imported, by code and name; `written` the codes and numbers that
    the whole file has as texts.
    """
    return _PeopleJudge(read, known, homes, answers, bad_homes, written).rows if read else []


class _PeopleJudge:
    def __init__(
        self,
        read: list[ReadRow],
        known: Known,
        homes: dict[str, Home],
        answers: Mapping[str, Mapping[str, str]],
        bad_homes: Mapping[str, JudgedRow],
        written: WrittenZeros,
    ) -> None:
        self.bad_homes, self.written = bad_homes, written
        self.homes, self.answers, self.posts, self.people = homes, answers, known.posts, known.people
        self.latest = known.day
        self.home_codes = CodeIndex(homes)
        self.home_names = codes_by_name(homes)
        self.found_homes: dict[str, str | Remark] = {}
        self.memberships = known.index(Term.Category.MEMBERSHIP)
        self.post_kinds = known.index(Term.Category.POST_KIND)
        self.floating = _floating_words()
        names = {number: plain(member["name"]) for number, member in self.people.items()}
        self.codes = CodeIndex(self.people, names)
        self.rows = [judged(row, "number", self.codes, LONGEST, {"name"}) for row in read]
        self.same: dict[tuple[str, str], list[str]] = defaultdict(list)
        for number, member in known.living_people().items():
            self.same[plain(member["name"]), member["organisation"]].append(number)
        self._put_zeros()
        self._find_numbers()
        mark_repeats(self.rows)
        for row in self.rows:
            if row.key:
                self._judge(row)
            else:
                self._judge_without_key(row)
        self._note_who_may_have_moved()

    def _put_zeros(self) -> None:
        for row in self.rows:
            if row.key and not row.is_known and not row.problems and (full := self.written.of(row.key)):
                take_written(row, full)
        habit = ZeroHabit([*self.people, *(row.key for row in self.rows if row.key and not row.is_known)])
        for row in self.rows:
            if row.key and not row.is_known and not row.problems and habit.has_lost(row.key):
                put_zeros(row, habit.mended(row.key))

    def _find_numbers(self) -> None:
        """Who is another person than the one with that number, and who has no number: whom they mean, or the next free number."""
        to_issue = [row for row in self.rows if self._is_another(row)]
        without: dict[tuple[str, str], list[JudgedRow]] = defaultdict(list)
        for row in self.rows:
            if not row.key and not row.problems and row not in to_issue:
                self._place_of_unnumbered(row, without)
        numbered = {row.key for row in self.rows if row.key}
        for place, rows in without.items():
            to_issue += self._unnumbered(rows, [one for one in self.same.get(place, []) if one not in numbered])
        used = [int(match[1]) for number in (*self.people, *numbered) if (match := ISSUED.fullmatch(number))]
        for count, row in enumerate(to_issue, max(used, default=0) + 1):
            row.key, row.is_issued = f"N{count:06d}", True
            row.notes.append(say("number-issued", value=row.key))

    def _is_another(self, row: JudgedRow) -> bool:
        """Take the office's answer that this is somebody else; whether a number must be found for them."""
        answer = self.answers.get(row.key, {})
        if row.problems or not row.key or answer.get("is") != ANOTHER:
            return False
        number, row.asked, row.key, row.is_known, row.notes = answer.get("number", ""), row.key, "", False, []
        row.notes.append(say("said-another", value=row.asked))
        if number:
            find_key(row, "number", number, self.codes)
            if row.is_known:
                row.problems.append(say("number-taken", value=number))
        return not number

    def _place_of_unnumbered(self, row: JudgedRow, without: dict[tuple[str, str], list[JudgedRow]]) -> None:
        text = row.cells.get("organisation", "")
        home = self._home(text) if text else say("missing", field="organisation")
        if isinstance(home, dict):
            row.problems.append(home)
        else:
            without[plain(row.cells.get("name", "")), home].append(row)

    def _unnumbered(self, rows: list[JudgedRow], numbers: list[str]) -> list[JudgedRow]:
        """Rows of one name at one place without a number: the one of that name there is meant; those that need a number."""
        if len(rows) > 1:
            for row in rows:
                row.problems.append(say("namesakes", rows=[other.place for other in rows if other is not row]))
            return []
        if len(numbers) > 1:
            rows[0].problems.append(say("person-unclear", field="number", value=rows[0].label, found=numbers))
            return []
        if numbers:
            rows[0].key, rows[0].is_known = numbers[0], True
            return []
        return rows

    def _note_who_may_have_moved(self) -> None:
        """Somebody of the same name to whom the house gave a number, and whom the file leaves out, may be the one who is new elsewhere."""
        named, gone = {row.key for row in self.rows}, defaultdict[str, list[str]](list)
        for (name, _home), numbers in self.same.items():
            gone[name] += [number for number in numbers if ISSUED.fullmatch(number) and number not in named]
        for row in self.rows:
            if row.is_issued and not row.problems and (alike := gone.get(plain(row.cells.get("name", "")))):
                found = [f"{number}, {self._place(self.people[number]['organisation'])}" for number in alike]
                row.notes.append(say("perhaps-moved", found=found))

    def _judge(self, row: JudgedRow) -> None:
        known = self.people.get(row.key)
        row.posts = self.posts.get(row.key, [])
        if known and known["left_on"]:
            row.problems.append(say("left"))
            return
        self._judge_name(row, known)
        if not _is_faulty(row, "organisation"):
            self._judge_home(row, known)
        self._judge_word(row, known, "membership", self.memberships, Person.Membership.FORMAL)
        self._judge_word(row, known, "post_kind", self.post_kinds, None)
        self._judge_floating(row, known)
        judge_day(row, "joined_on", known["joined_on"] if known else None, is_new=known is None, latest=self.latest)
        if known and "name" in row.values:
            self._ask_who(row, known)

    def _judge_without_key(self, row: JudgedRow) -> None:
        """A row that cannot be taken for its number or place says in the same go what else of it is wrong."""
        is_told = any(problem["slug"].startswith("home-") for problem in row.problems)
        if "organisation" in row.cells and not is_told and not _is_faulty(row, "organisation"):
            self._judge_home(row, None)
        self._judge_word(row, None, "membership", self.memberships, Person.Membership.FORMAL)
        self._judge_word(row, None, "post_kind", self.post_kinds, None)
        self._judge_floating(row, None)

    def _ask_who(self, row: JudgedRow, known: dict[str, Any]) -> None:
        """Another name at another place, or for somebody with a post, may be another person under the same number."""
        is_moved = "organisation" in row.values
        if not is_moved and not row.posts and not row.is_by_zeros:
            return
        if self.answers.get(row.key, {}).get("is") == SAME:
            row.asked = row.key
            row.notes.append(say("said-same", value=known["name"]))
        else:
            slug = "who-zeros" if row.is_by_zeros else "who-moved" if is_moved else "who-renamed"
            row.question = say(slug, value=known["name"], place=self._place(known["organisation"]), found=row.label)

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
        home = self._home(text)
        if isinstance(home, dict):
            row.problems.append(home)
        elif known is None or home != known["organisation"]:
            self._move(row, known, home, text)

    def _home(self, text: str) -> str | Remark:
        if text not in self.found_homes:
            self.found_homes[text] = self._find_home(text)
        return self.found_homes[text]

    def _move(self, row: JudgedRow, known: dict[str, Any] | None, code: str, text: str) -> None:
        if self.homes[code].ended_on:
            row.problems.append(say("home-ended", value=text))
        elif known is None:
            note_zeros(row, text, code)
            row.values["organisation"] = code
            if not row.is_issued and (same := self.same.get((plain(row.cells.get("name", "")), code))):
                row.notes.append(say("same-name", found=same))
        else:
            note_zeros(row, text, code)
            row.change("organisation", code, self._place(known["organisation"]), self._place(code))

    def _find_home(self, text: str) -> str | Remark:
        codes = self.home_codes.find(text)
        if len(codes) > 1:
            return say("unclear-code", value=text, found=codes)
        codes = codes or self.home_names.get(plain(text), [])
        if not codes and (bad := self.bad_homes.get(clean_code(text)) or self.bad_homes.get(plain(text))):
            return say("home-bad", row=bad.place, value=text, above=bad.key)
        if not codes:
            return say("home-unknown", value=text)
        return (
            codes[0]
            if len(codes) == 1
            else say("home-unclear", value=text, found=[self._with_above(one) for one in codes])
        )

    def _with_above(self, code: str) -> str:
        """A code with the name of the unit above, which tells those of one name apart."""
        above = self.homes[code].parent
        return f"{code} ({self.homes[above].name})" if above in self.homes else code

    def _place(self, code: str) -> str:
        return f"{self.homes[code].name} ({code})"

    def _judge_word(
        self, row: JudgedRow, known: dict[str, Any] | None, slug: str, words: TermIndex, usual: str | None
    ) -> None:
        """A word of the pack. What the house has kept from an earlier pack may stay as it is written."""
        text = "" if _is_faulty(row, slug) else row.cells.get(slug, "")
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


def _is_faulty(row: JudgedRow, slug: str) -> bool:
    return any(problem.get("field") == slug for problem in row.problems)


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

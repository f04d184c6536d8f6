"""Judges a list of organisations against the tree: what is new, what changes, what cannot be."""

from collections import defaultdict
from typing import Any

from zhengyou.organisations import queries
from zhengyou.organisations.importing.headings import HOLDERS, plain
from zhengyou.organisations.importing.lines import Codes, Line, Plan, Words, clean_name, mark_repeats, open_line
from zhengyou.organisations.importing.sentences import Said, say
from zhengyou.organisations.models import Organisation, Term
from zhengyou.organisations.rules import DEEPEST

LONGEST = {"code": 40, "name": 200}


def plan_organisations(rows: list[dict[str, Any]]) -> Plan:
    """What these rows would do to the tree as it stands. Four queries at most, whatever the number of rows."""
    return _TreeJudge(rows).plan()


class _TreeJudge:
    def __init__(self, rows: list[dict[str, Any]]) -> None:
        self.tree = {row.code: row for row in queries.all_organisations()}
        self.codes_by_id = {row.pk: row.code for row in self.tree.values()}
        self.parents = {row.code: self.codes_by_id.get(row.parent_id or 0) for row in self.tree.values()}
        self.kinds = Words(queries.terms(Term.Category.ORGANISATION_KIND))
        self.sectors = Words(queries.terms(Term.Category.SECTOR))
        codes = Codes(self.tree)
        self.lines = [open_line(row, "code", codes, LONGEST) for row in rows]
        self.by_key = {line.key: line for line in reversed(self.lines) if line.key}
        self.codes = Codes([*self.tree, *self.by_key])
        self.names = self._names()
        self.holders = _Holders() if any(set(HOLDERS) & set(line.cells) for line in self.lines) else None

    def plan(self) -> Plan:
        mark_repeats(self.lines)
        for line in self.lines:
            if line.key:
                self._judge(line)
        while self._mark_broken_places():
            pass
        living = {code for code, row in self.tree.items() if row.ended_on is None}
        return Plan(self.lines, len(living - set(self.by_key)))

    def _names(self) -> dict[str, set[str]]:
        """Name, for comparing, to the codes that bear it in the tree or will bear it."""
        names: dict[str, set[str]] = defaultdict(set)
        for code, row in self.tree.items():
            if row.ended_on is None:
                names[plain(row.name)].add(code)
        for line in self.lines:
            if line.key and "name" in line.cells:
                names[plain(line.cells["name"])].add(line.key)
        return names

    def _judge(self, line: Line) -> None:
        known = self.tree.get(line.key)
        if known and known.ended_on:
            line.problems.append(say("ended"))
            return
        self._judge_name(line, known)
        self._judge_kind(line, known)
        self._judge_sector(line, known)
        self._judge_parent(line, known)
        if self.holders:
            self.holders.judge(line)

    def _judge_name(self, line: Line, known: Organisation | None) -> None:
        name = clean_name(line.cells.get("name", ""))
        if known is None:
            line.values["name"] = name
        elif name and name != clean_name(known.name):
            line.change("name", name, known.name, name)

    def _judge_kind(self, line: Line, known: Organisation | None) -> None:
        text = line.cells.get("kind", "")
        if text:
            self._judge_word(line, "kind", text, self.kinds, known)
        elif known is None:
            slug = self.kinds.at_the_end_of(line.cells.get("name", ""))
            line.values["kind"] = slug
            if slug is None:
                line.problems.append(say("missing", field="kind"))
            else:
                line.notes.append(say("kind-from-name"))

    def _judge_sector(self, line: Line, known: Organisation | None) -> None:
        text = line.cells.get("sector", "")
        if text:
            self._judge_word(line, "sector", text, self.sectors, known)
        elif known is None:
            line.values["sector"] = ""

    def _judge_word(self, line: Line, slug: str, text: str, words: Words, known: Organisation | None) -> None:
        found = words.find(text)
        if found is None and not (known and getattr(known, slug) == text):
            line.problems.append(words.unknown(slug, text))
        elif known is None:
            line.values[slug] = found
        elif found and found != (before := getattr(known, slug)):
            line.change(slug, found, before, found)

    def _judge_parent(self, line: Line, known: Organisation | None) -> None:
        text = line.cells.get("parent", "")
        if not text:
            if known is None:
                line.values["parent"] = None
                line.notes.append(say("at-the-top"))
        elif isinstance(found := self._find_parent(text), dict):
            line.problems.append(found)
        elif found == line.key:
            line.problems.append(say("under-itself"))
        elif known is None:
            self._check_living(line, found, text)
            line.values["parent"] = found
        elif found != self.parents[line.key]:
            self._check_living(line, found, text)
            line.change("parent", found, self._place(self.parents[line.key]), self._place(found))
        self._note_same_name(line, known)

    def _find_parent(self, text: str) -> str | Said:
        """The parent's code, by code or by a name that only one bears; else why not."""
        found = self.codes.find(text)
        if len(found) > 1:
            return say("unclear-code", value=text, found=found)
        found = found or sorted(self.names.get(plain(text), ()))
        if not found:
            return say("parent-unknown", value=text)
        return found[0] if len(found) == 1 else say("parent-unclear", value=text, found=found)

    def _check_living(self, line: Line, code: str, text: str) -> None:
        if code in self.tree and self.tree[code].ended_on:
            line.problems.append(say("parent-ended", value=text))

    def _note_same_name(self, line: Line, known: Organisation | None) -> None:
        if known is not None or "parent" not in line.values:
            return
        bearers = self.names.get(plain(line.cells.get("name", "")), set()) & set(self.tree)
        same = sorted(code for code in bearers if self.parents[code] == line.values["parent"])
        if same:
            line.notes.append(say("same-name", found=same))

    def _place(self, code: str | None) -> str:
        if code is None:
            return ""
        line = self.by_key.get(code)
        name = self.tree[code].name if code in self.tree else line.label if line else ""
        return f"{name} ({code})"

    def _mark_broken_places(self) -> bool:
        """Mark rows whose parent is bad, who stand in a circle or too deep; whether any was marked just now."""
        good = {key: line for key, line in self.by_key.items() if not line.problems}
        parents = self.parents | {key: line.values["parent"] for key, line in good.items() if "parent" in line.values}
        marked = False
        for key in parents:
            line = good.get(key)
            parent = parents[key]
            if line and parent and parent not in parents:
                line.problems.append(say("parent-bad", row=self.by_key[parent].row))
                marked = True
        return marked or self._mark_circles(good, parents)

    def _mark_circles(self, good: dict[str, Line], parents: dict[str, str | None]) -> bool:
        marked = False
        for key in parents:
            chain = _chain(key, parents)
            movers = [good[code] for code in chain if code in good and "parent" in good[code].values]
            if len(chain) > 1 and chain[-1] == key and key in good and "parent" in good[key].values:
                good[key].problems.append(say("circle", found=chain))
            elif len(chain) > DEEPEST and len(set(chain)) == len(chain) and movers and not movers[0].problems:
                movers[0].problems.append(say("too-deep", most=DEEPEST))
            else:
                continue
            marked = True
        return marked


def _chain(key: str, parents: dict[str, str | None]) -> list[str]:
    """The codes from here up to the root, to the first that comes again, or to one level more than is allowed."""
    chain = [key]
    seen = {key}
    while (parent := parents.get(chain[-1])) is not None and len(chain) <= DEEPEST:
        chain.append(parent)
        if parent in seen:
            break
        seen.add(parent)
    return chain


class _Holders:
    """Who answers for organisations now, and who a file names."""

    def __init__(self) -> None:
        self.now = queries.holders_now()
        self.people = {number: (name, home) for number, name, home in queries.members_briefly()}
        self.numbers = Codes(self.people)
        self.by_name: dict[str, list[str]] = defaultdict(list)
        for number, (name, _home) in self.people.items():
            self.by_name[plain(name)].append(number)

    def judge(self, line: Line) -> None:
        """What the row says about responsible people and the secretary. Somebody not yet known is only noted."""
        for slug in HOLDERS:
            text = line.cells.get(slug)
            if text is None:
                continue
            found = self._find(text, line.key)
            if not found:
                line.notes.append(say("person-unknown", field=slug, value=text))
            elif len(found) > 1:
                named = [f"{self.people[number][0]} ({number})" for number in found]
                line.problems.append(say("person-unclear", field=slug, value=text, found=named))
            else:
                self._compare(line, slug, found[0])

    def _find(self, text: str, organisation: str) -> list[str]:
        """The member numbers it can mean; of several people with one name, those of the organisation itself."""
        found = self.numbers.find(text) or self.by_name.get(plain(text), [])
        inside = [number for number in found if self.people[number][1] == organisation]
        return inside if len(inside) == 1 else found

    def _compare(self, line: Line, slug: str, number: str) -> None:
        held = self.now.get((line.key, slug), [])
        if number in [holder for holder, _name in held]:
            return
        before = ", ".join(f"{name} ({holder})" for holder, name in held)
        after = f"{self.people[number][0]} ({number})"
        if line.is_known:
            line.change(slug, number, before, after)
        else:
            line.values[slug] = number

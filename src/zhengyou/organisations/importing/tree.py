"""Judges a list of organisations against the tree: what is new, what changes, what cannot be."""

from collections import defaultdict

from zhengyou.organisations import queries
from zhengyou.organisations.importing.columns import HOLDERS, plain
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
from zhengyou.organisations.models import Organisation, Term
from zhengyou.organisations.rules import DEEPEST

LONGEST = {"code": 40, "name": 200}


def plan_organisations(read: list[ReadRow]) -> Plan:
    """What these rows would do to the tree as it stands. Four queries at most, whatever the number of rows."""
    return _TreeJudge(read).plan()


class _TreeJudge:
    def __init__(self, read: list[ReadRow]) -> None:
        self.tree = {one.code: one for one in queries.all_organisations()}
        self.codes_by_id = {one.pk: one.code for one in self.tree.values()}
        self.parents = {one.code: self.codes_by_id.get(one.parent_id or 0) for one in self.tree.values()}
        self.kinds = TermIndex(queries.terms(Term.Category.ORGANISATION_KIND))
        self.sectors = TermIndex(queries.terms(Term.Category.SECTOR))
        codes = CodeIndex(self.tree)
        self.rows = [judged(row, "code", codes, LONGEST) for row in read]
        self.by_key = {row.key: row for row in reversed(self.rows) if row.key}
        self.codes = CodeIndex([*self.tree, *self.by_key])
        self.names = self._names()
        self.holders = _Holders() if any(set(HOLDERS) & set(row.cells) for row in self.rows) else None

    def plan(self) -> Plan:
        mark_repeats(self.rows)
        for row in self.rows:
            if row.key:
                self._judge(row)
        while self._mark_broken_places():
            pass
        living = {code for code, one in self.tree.items() if one.ended_on is None}
        return Plan(self.rows, len(living - set(self.by_key)))

    def _names(self) -> dict[str, set[str]]:
        """Name, for comparing, to the codes that bear it in the tree or will bear it."""
        names: dict[str, set[str]] = defaultdict(set)
        for code, organisation in self.tree.items():
            if organisation.ended_on is None:
                names[plain(organisation.name)].add(code)
        for row in self.rows:
            if row.key and "name" in row.cells:
                names[plain(row.cells["name"])].add(row.key)
        return names

    def _judge(self, row: JudgedRow) -> None:
        known = self.tree.get(row.key)
        if known and known.ended_on:
            row.problems.append(say("ended"))
            return
        self._judge_name(row, known)
        self._judge_kind(row, known)
        self._judge_sector(row, known)
        self._judge_parent(row, known)
        if self.holders:
            self.holders.judge(row)

    def _judge_name(self, row: JudgedRow, known: Organisation | None) -> None:
        name = clean_name(row.cells.get("name", ""))
        if known is None:
            row.values["name"] = name
        elif name and name != clean_name(known.name):
            row.change("name", name, known.name, name)

    def _judge_kind(self, row: JudgedRow, known: Organisation | None) -> None:
        text = row.cells.get("kind", "")
        if text:
            self._judge_word(row, "kind", text, self.kinds, known)
        elif known is None:
            slug = self.kinds.at_the_end_of(row.cells.get("name", ""))
            row.values["kind"] = slug
            if slug is None:
                row.problems.append(say("missing", field="kind"))
            else:
                row.notes.append(say("kind-from-name"))

    def _judge_sector(self, row: JudgedRow, known: Organisation | None) -> None:
        text = row.cells.get("sector", "")
        if text:
            self._judge_word(row, "sector", text, self.sectors, known)
        elif known is None:
            row.values["sector"] = ""

    def _judge_word(self, row: JudgedRow, slug: str, text: str, words: TermIndex, known: Organisation | None) -> None:
        term = words.find(text)
        if term is None and not (known and getattr(known, slug) == text):
            row.problems.append(words.unknown(slug, text))
        elif known is None:
            row.values[slug] = term
        elif term and term != (before := getattr(known, slug)):
            row.change(slug, term, before, term)

    def _judge_parent(self, row: JudgedRow, known: Organisation | None) -> None:
        text = row.cells.get("parent", "")
        if not text:
            if known is None:
                row.values["parent"] = None
                row.notes.append(say("at-the-top"))
        elif isinstance(parent := self._find_parent(text), dict):
            row.problems.append(parent)
        elif parent == row.key:
            row.problems.append(say("under-itself"))
        elif known is None:
            self._check_living(row, parent, text)
            row.values["parent"] = parent
        elif parent != self.parents[row.key]:
            self._check_living(row, parent, text)
            row.change("parent", parent, self._place(self.parents[row.key]), self._place(parent))
        self._note_same_name(row, known)

    def _find_parent(self, text: str) -> str | Remark:
        """The parent's code, by code or by a name that only one bears; else why not."""
        codes = self.codes.find(text)
        if len(codes) > 1:
            return say("unclear-code", value=text, found=codes)
        codes = codes or sorted(self.names.get(plain(text), ()))
        if not codes:
            return say("parent-unknown", value=text)
        return codes[0] if len(codes) == 1 else say("parent-unclear", value=text, found=codes)

    def _check_living(self, row: JudgedRow, code: str, text: str) -> None:
        if code in self.tree and self.tree[code].ended_on:
            row.problems.append(say("parent-ended", value=text))

    def _note_same_name(self, row: JudgedRow, known: Organisation | None) -> None:
        if known is not None or "parent" not in row.values:
            return
        bearers = self.names.get(plain(row.cells.get("name", "")), set()) & set(self.tree)
        same = sorted(code for code in bearers if self.parents[code] == row.values["parent"])
        if same:
            row.notes.append(say("same-name", found=same))

    def _place(self, code: str | None) -> str:
        if code is None:
            return ""
        row = self.by_key.get(code)
        name = self.tree[code].name if code in self.tree else row.label if row else ""
        return f"{name} ({code})"

    def _mark_broken_places(self) -> bool:
        """Mark rows whose parent is bad, who stand in a circle or too deep; whether any was marked just now."""
        good = {key: row for key, row in self.by_key.items() if not row.problems}
        parents = self.parents | {key: row.values["parent"] for key, row in good.items() if "parent" in row.values}
        marked = False
        for key in parents:
            row = good.get(key)
            parent = parents[key]
            if row and parent and parent not in parents:
                row.problems.append(say("parent-bad", row=self.by_key[parent].number))
                marked = True
        return marked or self._mark_circles(good, parents)

    def _mark_circles(self, good: dict[str, JudgedRow], parents: dict[str, str | None]) -> bool:
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
        self.numbers = CodeIndex(self.people)
        self.by_name: dict[str, list[str]] = defaultdict(list)
        for number, (name, _home) in self.people.items():
            self.by_name[plain(name)].append(number)

    def judge(self, row: JudgedRow) -> None:
        """What the row says about responsible people and the secretary. Somebody not yet known is only noted."""
        for slug in HOLDERS:
            text = row.cells.get(slug)
            if text is None:
                continue
            numbers = self._find(text, row.key)
            if not numbers:
                row.notes.append(say("person-unknown", field=slug, value=text))
            elif len(numbers) > 1:
                named = [f"{self.people[number][0]} ({number})" for number in numbers]
                row.problems.append(say("person-unclear", field=slug, value=text, found=named))
            else:
                self._compare(row, slug, numbers[0])

    def _find(self, text: str, organisation: str) -> list[str]:
        """The member numbers it can mean; of several people with one name, those of the organisation itself."""
        numbers = self.numbers.find(text) or self.by_name.get(plain(text), [])
        inside = [number for number in numbers if self.people[number][1] == organisation]
        return inside if len(inside) == 1 else numbers

    def _compare(self, row: JudgedRow, slug: str, number: str) -> None:
        holders = self.now.get((row.key, slug), [])
        if number in [holder for holder, _name in holders]:
            return
        before = ", ".join(f"{name} ({holder})" for holder, name in holders)
        after = f"{self.people[number][0]} ({number})"
        if row.is_known:
            row.change(slug, number, before, after)
        else:
            row.values[slug] = number

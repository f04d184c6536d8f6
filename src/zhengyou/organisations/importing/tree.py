"""Judges a list of organisations against the tree: what is new, what changes, what cannot be. Who holds posts: `holders`."""

import difflib
from collections import defaultdict

from zhengyou.organisations.importing.columns import plain
from zhengyou.organisations.importing.headings import ReadRow
from zhengyou.organisations.importing.judging import (
    CodeIndex,
    JudgedRow,
    TermIndex,
    WrittenZeros,
    ZeroHabit,
    clean_name,
    judge_day,
    judged,
    mark_repeats,
    note_zeros,
    put_zeros,
    take_written,
)
from zhengyou.organisations.importing.known import Home, Known
from zhengyou.organisations.importing.sentences import Remark, say
from zhengyou.organisations.models import Term
from zhengyou.organisations.rules import DEEPEST

LONGEST = {"code": 40, "name": 200}
MOST_COMPARED = 50  # 2,000 names each time


def judge_organisations(read: list[ReadRow], known: Known, written: WrittenZeros) -> list[JudgedRow]:
    """These rows judged against the tree as it stands; `written` are the codes that the whole file has as texts."""
    return _TreeJudge(read, known, written).rows if read else []


class _TreeJudge:
    def __init__(self, read: list[ReadRow], known: Known, written: WrittenZeros) -> None:
        self.tree, self.latest, self.written = known.homes, known.day, written
        self.parents = {code: home.parent for code, home in self.tree.items()}
        self.kinds = known.index(Term.Category.ORGANISATION_KIND)
        self.sectors = known.index(Term.Category.SECTOR)
        codes = CodeIndex(self.tree, {code: plain(home.name) for code, home in self.tree.items()})
        self.rows = [judged(row, "code", codes, LONGEST, set(LONGEST)) for row in read]
        self._put_zeros()
        self.by_key = {row.key: row for row in reversed(self.rows) if row.key}
        self.codes = CodeIndex([*self.tree, *self.by_key])
        self.names = self._names()
        self.near: dict[str, list[str]] = {}
        mark_repeats(self.rows)
        for row in self.rows:
            if row.key:
                self._judge(row)
            else:
                self._judge_without_key(row)
        while self._mark_broken_places():
            pass

    def _put_zeros(self) -> None:
        """A new code without zeros that the file has with them elsewhere, or that stands below one which begins with them and whose own it
        begins with but for these, has lost them.
        """
        new = [row for row in self.rows if row.key and not row.is_known and not row.problems]
        for row in new:
            if full := self.written.of(row.key):
                take_written(row, full)
        habit = ZeroHabit([*self.tree, *(row.key for row in new)])
        lost = [row for row in new if habit.has_lost(row.key)]
        codes, found = CodeIndex([*self.tree, *(row.key for row in new)]), dict[str, str]()
        for _level in range(DEEPEST if lost else 0):
            for row in lost:
                above = codes.find(row.cells.get("parent", ""))
                if len(above) == 1 and (full := _below(found.get(above[0], above[0]), row.key)):
                    found[row.key] = full
        for row in lost:
            put_zeros(row, found.get(row.key, ""))

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
        judge_day(row, "founded_on", known.founded_on if known else None, is_new=known is None, latest=self.latest)
        if not _is_faulty(row, "parent"):
            self._judge_parent(row, known)
        if known and row.is_by_zeros and "name" in row.values:
            row.notes.append(say("zeros-renamed", value=known.name, found=row.key))
        if known and {"name", "parent"} <= row.values.keys():
            row.notes.append(say("renamed-and-moved"))

    def _judge_without_key(self, row: JudgedRow) -> None:
        """A row that cannot be taken for its code says in the same go what else of it is wrong."""
        if "kind" in row.cells:
            self._judge_kind(row, None)
        self._judge_sector(row, None)
        if not _is_faulty(row, "parent") and isinstance(found := self._find_parent(row.cells.get("parent", "")), dict):
            row.problems += [found] if "parent" in row.cells else []

    def _judge_name(self, row: JudgedRow, known: Home | None) -> None:
        name = clean_name(row.cells.get("name", ""))
        if known is None:
            row.values["name"] = name
        elif name and name != clean_name(known.name):
            row.change("name", name, known.name, name)

    def _judge_kind(self, row: JudgedRow, known: Home | None) -> None:
        text = row.cells.get("kind", "")
        if _is_faulty(row, "kind"):
            return
        if text:
            self._judge_word(row, "kind", text, self.kinds, known)
        elif known is None:
            name = row.cells.get("name", "")
            slug = self.kinds.at_the_end_of(name)
            row.values["kind"] = slug
            if slug is None:
                row.problems.append(say("missing-word", field="kind", found=self.kinds.offered(name)))
            else:
                row.notes.append(say("kind-from-name"))

    def _judge_sector(self, row: JudgedRow, known: Home | None) -> None:
        text = row.cells.get("sector", "")
        if _is_faulty(row, "sector"):
            return
        if text:
            self._judge_word(row, "sector", text, self.sectors, known)
        elif known is None:
            row.values["sector"] = ""

    def _judge_word(self, row: JudgedRow, slug: str, text: str, words: TermIndex, known: Home | None) -> None:
        term = words.find(text)
        if term is None and not (known and getattr(known, slug) == text):
            row.problems.append(words.unknown(slug, text))
        elif known is None:
            row.values[slug] = term
        elif term and term != (before := getattr(known, slug)):
            row.change(slug, term, before, term)

    def _judge_parent(self, row: JudgedRow, known: Home | None) -> None:
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
            note_zeros(row, text, parent)
            self._check_living(row, parent, text)
            row.values["parent"] = parent
        elif parent != self.parents[row.key]:
            note_zeros(row, text, parent)
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
            near = self._near(text)
            return say("parent-near", value=text, found=near) if near else say("parent-unknown", value=text)
        return (
            codes[0]
            if len(codes) == 1
            else say("parent-unclear", value=text, found=[self._with_above(code) for code in codes])
        )

    def _near(self, text: str) -> list[str]:
        """The units whose names come nearest to a text; not for more texts than `MOST_COMPARED`, each with every name there is."""
        key = plain(text)
        if key not in self.near and len(self.near) < MOST_COMPARED:
            names = difflib.get_close_matches(key, self.names, n=2, cutoff=0.7)
            self.near[key] = [f"{self._name(code)} ({code})" for name in names for code in sorted(self.names[name])][:3]
        return self.near.get(key, [])

    def _name(self, code: str) -> str:
        return self.tree[code].name if code in self.tree else self.by_key[code].label

    def _with_above(self, code: str) -> str:
        """A code with the name of the unit above, which tells those of one name apart."""
        row = self.by_key.get(code)
        above = self.parents.get(code) or (clean_name(row.cells.get("parent", "")) if row else "")
        upper = self.by_key.get(above or "")
        name = self.tree[above].name if above in self.tree else upper.label if upper else above
        return f"{code} ({name})" if name else code

    def _check_living(self, row: JudgedRow, code: str, text: str) -> None:
        if code in self.tree and self.tree[code].ended_on:
            row.problems.append(say("parent-ended", value=text))

    def _note_same_name(self, row: JudgedRow, known: Home | None) -> None:
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
                row.problems.append(say("parent-bad", row=self.by_key[parent].place, parent=parent))
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


def _below(parent: str, code: str) -> str:
    """The code with the zeros of its parent's, if it begins like that without them; else empty."""
    bare = parent.lstrip("0") if parent.isdigit() else ""
    return code.zfill(len(code) + len(parent) - len(bare)) if bare and bare != parent and code.startswith(bare) else ""


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


def _is_faulty(row: JudgedRow, slug: str) -> bool:
    """Whether the cell is something else than a text, which is said already."""
    return any(problem.get("field") == slug for problem in row.problems)

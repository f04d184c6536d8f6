"""A row of an office's list, judged: what it would do, why it is bad, what is worth knowing. And how codes and names are found."""

import difflib
import hashlib
import json
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from zhengyou.organisations.importing.headings import plain
from zhengyou.organisations.importing.sentences import Said, say
from zhengyou.organisations.importing.workbook_reader import ROUNDED
from zhengyou.organisations.models import Term

NEW, CHANGED, UNCHANGED, BAD = "new", "changed", "unchanged", "bad"
STATES = (BAD, CHANGED, NEW, UNCHANGED)
ADDRESSABLE = re.compile(r"(?=.*\w)[^/\\?#%]+")  # codes stand in addresses of pages
IDEOGRAPH = "\u3400-\u9fff\uf900-\ufaff"
Change = dict[str, str]


@dataclass(slots=True)
class Line:
    """One row. `key` is its code or number as the house knows it; `values` is what is to be written, by column."""

    row: int
    cells: dict[str, str]
    key: str = ""
    label: str = ""
    is_known: bool = False
    values: dict[str, Any] = field(default_factory=dict)
    changes: list[Change] = field(default_factory=list)
    problems: list[Said] = field(default_factory=list)
    notes: list[Said] = field(default_factory=list)

    @property
    def state(self) -> str:
        """new, changed, unchanged or bad."""
        if self.problems:
            return BAD
        if not self.is_known:
            return NEW
        return CHANGED if self.changes else UNCHANGED

    def change(self, slug: str, value: Any, before: str, after: str) -> None:
        """Note that the row changes a column of what is known, and how that reads."""
        self.values[slug] = value
        self.changes.append({"field": slug, "before": before, "after": after})


@dataclass
class Plan:
    """What an import would do: its lines, and how many in the tree the file does not name."""

    lines: list[Line]
    missing: int

    @property
    def counts(self) -> dict[str, int]:
        """How many lines are in each state."""
        counts = dict.fromkeys(STATES, 0)
        for line in self.lines:
            counts[line.state] += 1
        return counts

    @property
    def fingerprint(self) -> str:
        """SHA-256 over everything the preview shows: equal fingerprints, equal imports."""
        shown = [
            (line.row, line.state, line.key, line.values, line.changes, line.problems, line.notes)
            for line in self.lines
        ]
        text = json.dumps(shown, ensure_ascii=False, sort_keys=True, default=str)
        return hashlib.sha256(text.encode()).hexdigest()

    def lines_to_write(self) -> list[Line]:
        """The new and the changed ones."""
        return [line for line in self.lines if line.state in (NEW, CHANGED)]


class Codes:
    """Finds a known code or number from what a file says, also when spaces, width or leading zeros differ."""

    def __init__(self, known: Iterable[str]) -> None:
        self.known = set(known)
        self.by_clean: dict[str, list[str]] = defaultdict(list)
        self.by_bare: dict[str, list[str]] = defaultdict(list)
        for code in sorted(self.known):
            self.by_clean[clean_code(code)].append(code)
            if (clean := clean_code(code)).isdigit():
                self.by_bare[clean.lstrip("0")].append(code)

    def find(self, text: str) -> list[str]:
        """The known codes it can mean: none, one, or several when it is unclear."""
        if text in self.known:
            return [text]
        clean = clean_code(text)
        if found := self.by_clean.get(clean):
            return found
        return self.by_bare.get(clean.lstrip("0"), []) if clean.isdigit() else []


class Words:
    """The pack's words of one kind, found by name in either language, alias or slug."""

    def __init__(self, terms: Iterable[Term]) -> None:
        self.slugs: dict[str, str] = {}
        self.names: list[dict[str, str]] = []
        for term in terms:
            self.names.append(term.name)
            for text in (term.slug, *term.name.values(), *term.aliases):
                self.slugs.setdefault(plain(text), term.slug)

    def find(self, text: str) -> str | None:
        """The word's slug, or None."""
        return self.slugs.get(plain(text))

    def at_the_end_of(self, name: str) -> str | None:
        """The slug of the longest word with which a name ends, or None: 坨院街道党委 is a 党委."""
        ends = [word for word in self.slugs if len(word) > 1 and plain(name).endswith(word)]
        return self.slugs[max(ends, key=len)] if ends else None

    def unknown(self, slug: str, text: str) -> Said:
        """The sentence for a word that is not known, with those nearest to it."""
        language = "zh-hans" if re.search(f"[{IDEOGRAPH}]", text) else "en"
        names = [name.get(language) or next(iter(name.values())) for name in self.names]
        near = difflib.get_close_matches(text, names, n=3, cutoff=0.5)
        if near:
            return say("unknown-word", field=slug, value=text, found=near)
        return say("unknown-word-all", field=slug, value=text, found=names)


def clean_code(text: str) -> str:
    """A code without spaces and in half width; an apostrophe put before it for a spreadsheet is taken away."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).removeprefix("'")


def clean_name(text: str) -> str:
    """A name with full-width letters and digits made half-width, without needless spaces (张 三 is 张三)."""
    half = re.sub(r"[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a]", lambda found: chr(ord(found[0]) - 0xFEE0), text)
    single = re.sub(r"\s+", " ", half).strip()
    joined = re.sub(f"(?<=[{IDEOGRAPH}]) (?=[{IDEOGRAPH}])", "", single)
    return re.sub(r"^'(?=[=+\-@])", "", joined)


def open_line(row: dict[str, Any], key_slug: str, codes: Codes, longest: dict[str, int]) -> Line:
    """The line of a row: its key found, its needed cells checked. `longest` gives the most characters of code and name."""
    cells = row["cells"]
    line = Line(row=row["row"], cells=cells, label=clean_name(cells.get("name", "")) or cells.get(key_slug, "—"))
    line.problems += [say("id-number", field=slug) for slug in row["removed"]]
    for slug, most in longest.items():
        if slug not in cells and slug not in row["removed"]:
            line.problems.append(say("missing", field=slug))
        elif len(cells.get(slug, "")) > most:
            line.problems.append(say("too-long", field=slug, most=most))
    text = cells.get(key_slug, "")
    if text.startswith(ROUNDED):
        line.problems.append(say("rounded", field=key_slug))
    elif text:
        _find_key(line, key_slug, text, codes)
    return line


def _find_key(line: Line, key_slug: str, text: str, codes: Codes) -> None:
    found = codes.find(text)
    if len(found) > 1:
        line.problems.append(say("unclear-code", value=text, found=found))
        return
    line.is_known = bool(found)
    line.key = found[0] if found else clean_code(text)
    if not found and not ADDRESSABLE.fullmatch(line.key):
        line.problems.append(say("odd-code", field=key_slug))
    if found and clean_code(found[0]) != clean_code(text):
        line.notes.append(say("zeros", value=text, found=found[0]))


def mark_repeats(lines: list[Line]) -> None:
    """A code twice in the file: the first stays if all say the same; if they do not, none of them can be believed."""
    by_key: dict[str, list[Line]] = defaultdict(list)
    for line in lines:
        if line.key:
            by_key[line.key].append(line)
    for key, several in by_key.items():
        first, *others = several
        if all(_said(line) == _said(first) for line in others):
            for line in others:
                line.problems.append(say("repeated", row=first.row))
            continue
        for line in several:
            rows = [other.row for other in several if other is not line]
            line.problems.append(say("contradicted", value=key, rows=rows))


def _said(line: Line) -> dict[str, str]:
    return {slug: clean_name(text) for slug, text in line.cells.items()} | {"key": line.key}

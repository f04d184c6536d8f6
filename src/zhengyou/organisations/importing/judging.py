"""A row of an office's list, judged: what it would do, why it is bad, what is worth knowing. And how codes and names are found."""

import difflib
import hashlib
import json
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from zhengyou.organisations.importing.columns import HOLDERS, plain
from zhengyou.organisations.importing.headings import SHORTENED, ReadRow
from zhengyou.organisations.importing.sentences import Remark, say
from zhengyou.organisations.importing.workbook_reader import DAY, FAILED, ROUNDED, TRUTH, UNCOMPUTED
from zhengyou.organisations.models import Term

NEW, CHANGED, UNCHANGED, BAD, ASKED = "new", "changed", "unchanged", "bad", "asked"
STATES = (BAD, ASKED, CHANGED, NEW, UNCHANGED)
FAULTS = {
    DAY: "is-day", TRUTH: "is-truth", FAILED: "formula-failed", UNCOMPUTED: "formula-uncomputed", ROUNDED: "rounded",
    SHORTENED: "shortened",
}  # fmt: skip
HARMLESS = {
    "zeros",
    "zeros-beyond",
    "zeros-written",
    "kind-from-name",
    "person-unknown",
}  # said once for all rows together
ADDRESSABLE = re.compile(r"(?=.*\w)[^/\\?#%]+")  # codes stand in addresses of pages
WRITTEN_DAY = re.compile(
    r"(?P<y>(?:19|20)[0-9]{2})(?:\s*[年./-]\s*|(?=[0-9]{2}))(?P<m>[0-9]{1,2})"
    r"(?:(?:\s*[月./-]\s*|(?=[0-9]{2}))(?P<d>[0-9]{1,2})?\s*日?)?(?:[ T][0-9:.]+)?"
)
UNSET = {"person-unknown", "person-unclear", "person-elsewhere"}  # notes on a post that the row could not give
FEWEST_OF_A_HABIT = 3
OLDEST = {"joined_on": 80, "founded_on": 500}  # years: as `organisations.rules` has it for what is entered by hand
IDEOGRAPH = "\u3400-\u9fff\uf900-\ufaff"
Change = dict[str, str]


@dataclass(slots=True)
class JudgedRow:
    """One row. `key` is its code or number as the house knows it; `values` is what is to be written, by column.

    `question` is what only the office can say; until it is answered the row is not written. `posts` are the role and place of
    the posts that the person holds; `holders` says by role or tier whom the row names, and `ends` which of their duties somebody who
    moves leaves behind.
    """

    number: int
    cells: dict[str, str]
    key: str = ""
    label: str = ""
    is_known: bool = False
    values: dict[str, Any] = field(default_factory=dict)
    changes: list[Change] = field(default_factory=list)
    problems: list[Remark] = field(default_factory=list)
    notes: list[Remark] = field(default_factory=list)
    what: str = ""
    sheet: str = ""
    question: Remark | None = None
    posts: list[list[str]] = field(default_factory=list)
    holders: dict[str, str] = field(default_factory=dict)
    ends: list[str] = field(default_factory=list)
    is_issued: bool = False
    asked: str = ""  # the number under which the office was asked who this is, once it has answered
    is_by_zeros: bool = False  # found only because leading zeros were forgiven

    @property
    def state(self) -> str:
        """new, changed, unchanged, asked or bad."""
        if self.problems:
            return BAD
        if self.question:
            return ASKED
        if not self.is_known:
            return NEW
        return CHANGED if self.changes else UNCHANGED

    @property
    def place(self) -> str:
        """Where it stands in the file."""
        return f"{self.sheet} {self.number}".strip()

    @property
    def is_worth_a_look(self) -> bool:
        """Whether a person should read it before it is imported."""
        return not self.problems and (
            self.question is not None or any(note["slug"] not in HARMLESS for note in self.notes)
        )

    @property
    def unset(self) -> list[Remark]:
        """Why posts that the row names are not given by it, though the row itself is taken."""
        return [] if self.problems else [note for note in self.notes if note["slug"] in UNSET]

    def change(self, slug: str, value: Any, before: str, after: str) -> None:
        """Note that the row changes a column of what is known, and how that reads."""
        self.values[slug] = value
        self.changes.append({"field": slug, "before": before, "after": after})


@dataclass(frozen=True)
class Missing:
    """One of the house that the file does not name. `is_near`: it belongs to a place that the file does name."""

    what: str
    key: str
    name: str
    place: str
    posts: list[list[str]]
    is_near: bool

    @property
    def reference(self) -> str:
        """How a form names it."""
        return f"{self.what}:{self.key}"


@dataclass
class Plan:
    """What an import would do: its rows, and who and what of the house the file does not name."""

    rows: list[JudgedRow]
    missing: list[Missing]
    is_of_corrections: bool = False  # names a few of those at the places that it names: nobody is missing from it

    @property
    def counts(self) -> dict[str, int]:
        """How many rows are in each state."""
        counts = dict.fromkeys(STATES, 0)
        for row in self.rows:
            counts[row.state] += 1
        return counts

    @property
    def fingerprint(self) -> str:
        """SHA-256 over everything the preview shows of its rows: equal fingerprints, equal imports."""
        plan = [
            (row.place, row.state, row.key, row.values, row.changes, row.problems, row.notes, row.question)
            for row in self.rows
        ]
        text = json.dumps(plan, ensure_ascii=False, sort_keys=True, default=str)
        return hashlib.sha256(text.encode()).hexdigest()

    @property
    def bad_rows(self) -> list[JudgedRow]:
        """Those that cannot be imported."""
        return [row for row in self.rows if row.state == BAD]

    def rows_to_write(self, what: str | None = None) -> list[JudgedRow]:
        """The new and the changed ones, of one kind or of both."""
        return [row for row in self.rows if row.state in (NEW, CHANGED) and what in (None, row.what)]


def judge_day(row: JudgedRow, slug: str, before: date | None, *, is_new: bool, latest: date) -> None:
    """Take a day of the list, which keeps the row from nothing: one that cannot be read, or be, is told and left out."""
    text = row.cells.get(slug, "")
    if not text:
        return
    day = day_in(text)
    if day is None:
        row.notes.append(say("day-unclear", field=slug, value=text))
    elif day > latest or latest.year - day.year > OLDEST[slug]:
        row.notes.append(say("day-unlikely", field=slug, value=text))
    elif is_new:
        row.values[slug] = day.isoformat()
    elif day != before:
        row.change(slug, day.isoformat(), before.isoformat() if before else "", day.isoformat())


def day_in(text: str) -> date | None:
    """The day that a cell names, as 1990.7.19, 1990年7月, 19900719 or a day of the spreadsheet; a month alone is its first day."""
    found = WRITTEN_DAY.fullmatch(unicodedata.normalize("NFKC", text).strip())
    if not found:
        return None
    year, month, day = (int(part) if part else 1 for part in (found["y"], found["m"], found["d"]))
    try:
        return date(year, month, day)
    except ValueError:
        return None


class CodeIndex:
    """Finds a known code or number from what a file says, also when spaces, width or leading zeros differ.

    Zeros are forgiven only where one of the two has none: a spreadsheet that takes a code for a number drops them all.
    0001 and 000001 were both written as texts, and are two. `names`, for comparing, decide between several.
    """

    def __init__(self, known: Iterable[str], names: Mapping[str, str] | None = None) -> None:
        self.known = set(known)
        self.names = names or {}
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
        return self.by_clean.get(clean_code(text)) or self._alike(text)

    def find_named(self, text: str, name: str) -> list[str]:
        """The same, for a row with a name: who bears it is meant where the zeros alone would not say."""
        named = [code for code in self._alike(text) if self.names.get(code) == plain(name)]
        return named if len(named) == 1 else self.find(text)

    def _alike(self, text: str) -> list[str]:
        clean = clean_code(text)
        alike = self.by_bare.get(clean.lstrip("0"), []) if clean.isdigit() else []
        return [code for code in alike if clean[0] != "0" or clean_code(code)[0] != "0"]


class ZeroHabit:
    """Whether the codes of a house begin with zeros, all of one length: then a shorter one without has lost them."""

    def __init__(self, codes: Iterable[str]) -> None:
        digits = [code for code in codes if code.isdigit()]
        lengths = Counter(len(code) for code in digits if code[0] == "0")
        self.has_zeros = lengths.total() * 2 > len(digits)
        self.longest = max(lengths, default=0)
        usual, count = lengths.most_common(1)[0] if lengths else (0, 0)
        self.usual = usual if count >= max(FEWEST_OF_A_HABIT, lengths.total() * 0.9) else 0

    def has_lost(self, code: str) -> bool:
        """Whether this one may lack its zeros."""
        return self.has_zeros and code.isdigit() and code[0] != "0" and len(code) < self.longest

    def mended(self, code: str) -> str:
        """The code with its zeros; empty where nobody can know them."""
        return code.zfill(self.usual) if self.has_lost(code) and len(code) < self.usual else ""


class WrittenZeros:
    """Which codes a file writes as texts, with zeros before them: they tell what a cell was whose number lost them."""

    def __init__(self, texts: Iterable[str]) -> None:
        self.by_bare: dict[str, set[str]] = defaultdict(set)
        for code in {clean_code(text) for text in texts if text}:
            if code.isdigit() and code[0] == "0":
                self.by_bare[code.lstrip("0")].add(code)

    def of(self, code: str) -> str:
        """The code with the zeros that the file has for it elsewhere; empty where it has none, or not one alone."""
        found = self.by_bare.get(code, set()) if code.isdigit() and code[0] != "0" else set()
        return next(iter(found)) if len(found) == 1 else ""


class TermIndex:
    """The pack's words of one kind, found by name in either language, alias or slug."""

    def __init__(self, terms: Iterable[Term]) -> None:
        self.slugs: dict[str, str] = {}
        self.names: list[dict[str, str]] = []
        for term in terms:
            self.names.append(term.name)
            for text in (term.slug, *term.name.values(), *term.aliases, *term.learned):
                self.slugs.setdefault(plain(text), term.slug)

    def find(self, text: str) -> str | None:
        """The word's slug, or None."""
        return self.slugs.get(plain(text))

    def at_the_end_of(self, name: str) -> str | None:
        """The slug of the longest word with which a name ends, or None: 坨院街道党委 is a 党委, 心内科 a 科. One letter is no word."""
        ends = [word for word in self.slugs if is_word(word) and plain(name).endswith(word)]
        return self.slugs[max(ends, key=len)] if ends else None

    def offered(self, text: str) -> list[dict[str, str]]:
        """The words as they are written in the script of a text, each with its names in both languages. What has no letters is taken
        for Chinese, as the lists of a house are.
        """
        is_latin = re.search("[A-Za-z]", text) and not re.search(f"[{IDEOGRAPH}]", text)
        language = "en" if is_latin else "zh-hans"
        return [{"written": name.get(language) or next(iter(name.values()))} | name for name in self.names]

    def unknown(self, slug: str, text: str) -> Remark:
        """The sentence for a word that is not known, with those nearest to it."""
        offered = {one["written"]: one for one in self.offered(text)}
        near = difflib.get_close_matches(text, offered, n=3, cutoff=0.5)
        if near:
            return say("unknown-word", field=slug, value=text, found=[offered[one] for one in near])
        return say("unknown-word-all", field=slug, value=text, found=list(offered.values()))


def is_word(text: str) -> bool:
    """Whether it is more than one letter; one sign of the Chinese script is a word."""
    return len(text) > 1 or bool(re.fullmatch(f"[{IDEOGRAPH}]", text))


def clean_code(text: str) -> str:
    """A code without spaces and in half width; an apostrophe put before it for a spreadsheet is taken away."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).removeprefix("'")


def clean_name(text: str) -> str:
    """A name with full-width letters and digits made half-width, without needless spaces (张 三 is 张三)."""
    half = re.sub(r"[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a]", lambda found: chr(ord(found[0]) - 0xFEE0), text)
    single = re.sub(r"\s+", " ", half).strip()
    joined = re.sub(f"(?<=[{IDEOGRAPH}]) (?=[{IDEOGRAPH}])", "", single)
    return re.sub(r"^'(?=[=+\-@])", "", joined)


def judged(read: ReadRow, key_slug: str, codes: CodeIndex, longest: dict[str, int], needed: set[str]) -> JudgedRow:
    """A row with its key found and its needed cells checked. `longest` gives the most characters of code and name."""
    cells = read.cells
    label = clean_name(cells.get("name", "")) or cells.get(key_slug, "—")
    row = JudgedRow(number=read.number, cells=cells, label=label, what=read.what, sheet=read.sheet)
    row.problems += [say("id-number", field=slug) for slug in read.removed]
    for slug, fault in read.faults.items():
        said = say(FAULTS[fault], field=slug, value=cells.get(slug, ""))
        (row.notes if slug in HOLDERS else row.problems).append(said)
    for slug, most in longest.items():
        if slug in needed and slug not in cells and slug not in read.removed and slug not in read.faults:
            row.problems.append(say("missing", field=slug))
        elif len(cells.get(slug, "")) > most:
            row.problems.append(say("too-long", field=slug, most=most))
    if key_slug in cells and key_slug not in read.faults:
        find_key(row, key_slug, cells[key_slug], codes)
    return row


def find_key(row: JudgedRow, key_slug: str, text: str, codes: CodeIndex) -> None:
    """Note whom a code or number means: somebody known, somebody new, or a problem."""
    codes_meant = codes.find_named(text, row.label)
    if len(codes_meant) > 1:
        row.problems.append(say("unclear-code", value=text, found=codes_meant))
        return
    row.is_known = bool(codes_meant)
    row.key = codes_meant[0] if codes_meant else clean_code(text)
    if not codes_meant and not ADDRESSABLE.fullmatch(row.key):
        row.problems.append(say("odd-code", field=key_slug))
    if codes_meant and clean_code(codes_meant[0]) != clean_code(text):
        row.is_by_zeros = True
        row.notes.append(_other_zeros(text, codes_meant[0]))


def _other_zeros(text: str, found: str) -> dict[str, Any]:
    """Which of the two lacks zeros: what the file says, or what is on record."""
    is_longer = len(clean_code(text)) > len(clean_code(found))
    return say("zeros-beyond" if is_longer else "zeros", value=text, found=found)


def note_zeros(row: JudgedRow, text: str, found: str) -> None:
    """Say that a code beside the row's own, of its parent, its unit or a person, was found only because zeros were forgiven."""
    if clean_code(text).isdigit() and clean_code(found) != clean_code(text):
        row.notes.append(_other_zeros(text, found))


def take_written(row: JudgedRow, full: str) -> None:
    """Take a new code as the same file writes it elsewhere."""
    row.notes.append(say("zeros-written", value=row.key, found=full))
    row.key = full


def put_zeros(row: JudgedRow, full: str) -> None:
    """Take a new code with the zeros that it lost in the spreadsheet, and say so; without `full` only that it may lack them."""
    row.notes.append(say("zeros-put", value=row.key, found=full) if full else say("zeros-perhaps", value=row.key))
    row.key = full or row.key


def mark_repeats(rows: list[JudgedRow]) -> None:
    """A code twice in the file: the first stays if all say the same; if they do not, none of them can be believed."""
    by_key: dict[str, list[JudgedRow]] = defaultdict(list)
    for row in rows:
        if row.key:
            by_key[row.key].append(row)
    for key, several in by_key.items():
        first, *others = several
        if all(_what_it_says(row) == _what_it_says(first) for row in others):
            for row in others:
                row.problems.append(say("repeated", row=first.place))
            continue
        for row in several:
            elsewhere = [other.place for other in several if other is not row]
            row.problems.append(say("contradicted", value=key, rows=elsewhere))


def _what_it_says(row: JudgedRow) -> dict[str, str]:
    return {slug: clean_name(text) for slug, text in row.cells.items()} | {"key": row.key}

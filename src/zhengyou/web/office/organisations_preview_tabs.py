"""Which rows of a preview a tab shows: to mend, worth a look, not in the file, ready; searched, by kind, a page of them."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.core.paginator import Page
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from zhengyou.organisations import queries
from zhengyou.organisations.importing import causes, drafts
from zhengyou.organisations.importing.causes import Cause
from zhengyou.organisations.importing.judging import (
    ASKED,
    BAD,
    CHANGED,
    HARMLESS,
    NEW,
    UNCHANGED,
    JudgedRow,
    Missing,
    Plan,
)
from zhengyou.organisations.importing.sentences import Remark
from zhengyou.organisations.models import ImportDraft, Term
from zhengyou.organisations.rules import LEARNED
from zhengyou.organisations.vocabulary import word
from zhengyou.web.office.organisations_kept_plans import KeptPlan
from zhengyou.web.shared.narrowing import Choice, address_with, page_of, words_of

MEND, LOOK, MISSING, READY = "mend", "look", "missing", "ready"
STATES = {
    BAD: _("cannot be imported"),
    ASKED: _("asked about"),
    CHANGED: _("changed"),
    NEW: _("new"),
    UNCHANGED: _("unchanged"),
}
TABS = {MEND: _("To correct"), LOOK: _("Worth a look"), MISSING: _("Not in the file"), READY: _("Ready")}
LOOKS = {
    "asked": _("Who is it?"),
    "same-name": _("Same name"),
    "at-the-top": _("No parent"),
    "renamed-and-moved": _("Renamed and moved"),
    "person-unclear": _("Person not clear"),
    "perhaps-moved": _("Perhaps moved"),
    "number-issued": _("New number"),
    "duty-ends": _("A duty ends"),
    "post-passes-on": _("A post passes on"),
    "zeros-put": _("Zeros put before it"),
    "zeros-perhaps": _("Perhaps without its zeros"),
    "zeros-renamed": _("Renamed, without its zeros"),
    "answered": _("Answered"),
    "other": _("Other"),
}
PEOPLE = ImportDraft.What.PEOPLE.value


@dataclass(frozen=True)
class PreviewTab:
    """What the chosen tab shows: a page of its things, the ways to narrow it, and all tabs with their counts."""

    show: str
    tabs: list[tuple[str, Any, int]]
    page: "Page[Any]"
    kinds: list[Choice]
    words: str
    kind: str
    folded: int = 0  # unchanged rows, which stand on a page of their own

    @property
    def numbers(self) -> list[Any]:
        """The numbers of the pages, with a gap where there are many."""
        return list(self.page.paginator.get_elided_page_range(self.page.number, on_each_side=2, on_ends=1))


def _rows_by_tab(plan: Plan) -> dict[str, list[JudgedRow]]:
    rows = sorted(plan.rows, key=lambda row: not row.posts)  # those with posts come first
    looks = [row for row in rows if row.is_worth_a_look]
    return {
        MEND: plan.bad_rows,
        LOOK: [row for row in looks if row.question] + [row for row in looks if not row.question],
        READY: [row for row in rows if not row.problems and not row.is_worth_a_look],
    }


def tab_of(request: HttpRequest, kept: KeptPlan, left_out: Sequence[Missing]) -> PreviewTab:
    """The tab that the address asks for, or the first that needs a person."""
    rows = kept.part("rows by tab", lambda: _rows_by_tab(kept.plan))
    things: dict[str, Sequence[Any]] = rows | {MISSING: left_out}
    is_near = any(one.is_near for one in left_out)
    counts = [(show, name, len(things[show])) for show, name in TABS.items()]
    first = next(
        (show for show, some in ((MEND, things[MEND]), (LOOK, things[LOOK]), (MISSING, is_near)) if some), READY
    )
    wanted = request.GET.get("show", "")
    show = wanted if wanted in TABS else first
    if show == MISSING:
        return missing_tab(request, left_out, counts)
    kinds = {MEND: (_mend_kinds(), causes.kind_of), LOOK: (LOOKS, _look_of), READY: (STATES, lambda row: row.state)}
    names, kind_of = kinds[show]
    tab = _narrowed(request, show, counts, things[show], names, kind_of, _is_row_like)
    return _folded(request, tab, things[show]) if show == READY and not tab.kind and not tab.words else tab


def left_out_tab(request: HttpRequest, bad: Sequence[JudgedRow]) -> PreviewTab:
    """The rows that an import left out, by their causes as its preview had them."""
    return _narrowed(request, MEND, [], bad, _mend_kinds(), causes.kind_of, _is_row_like)


def _folded(request: HttpRequest, tab: PreviewTab, rows: Sequence[JudgedRow]) -> PreviewTab:
    """The ready rows that change something; of the others only how many they are."""
    changing = [row for row in rows if row.state != UNCHANGED]
    return replace(tab, page=page_of(request, changing), folded=len(rows) - len(changing))


def missing_tab(
    request: HttpRequest, left_out: Sequence[Missing], counts: list[tuple[str, Any, int]] | None = None
) -> PreviewTab:
    """Those whom the file leaves out. Whoever belongs to a place that the file names comes first, and there those with posts."""
    rows = sorted(left_out, key=lambda one: (not one.is_near, not one.posts))
    names = {ImportDraft.What.ORGANISATIONS.value: _("Units"), PEOPLE: word("Members")}
    return _narrowed(request, MISSING, counts or [], rows, names, lambda one: one.what, _is_missing_like)


def harmless_of(plan: Plan) -> list[tuple[Remark, JudgedRow, int]]:
    """What many rows have to say is said once: the first such sentence of each kind, and how many say the like."""
    first: dict[str, tuple[Remark, JudgedRow]] = {}
    counts: Counter[str] = Counter()
    for row in plan.rows:
        for note in row.notes if not row.problems else ():
            if note["slug"] in HARMLESS:
                counts[note["slug"]] += 1
                first.setdefault(note["slug"], (note, row))
    return [(note, row, counts[slug] - 1) for slug, (note, row) in first.items()]


def unset_lines(unset: Sequence[tuple[JudgedRow, list[Remark]]]) -> list[tuple[Remark, JudgedRow, int]]:
    """What is said of posts that nobody holds yet: what many rows have to say once, with how many more say it; the rest row by row."""
    counts = Counter(note["slug"] for _row, notes in unset for note in notes)
    once, lines = set[str](), []
    for row, notes in unset:
        for note in notes:
            slug, is_of_many = note["slug"], note["slug"] in HARMLESS
            if slug not in once:
                lines.append((note, row, counts[slug] - 1 if is_of_many else 0))
            once |= {slug} if is_of_many else set()
    return lines


def gathered(kept: KeptPlan, like: str, *, below: bool) -> list[JudgedRow]:
    """The rows that one line of the preview gathers: those with a sentence that is said once, those with one cause, or those below it."""
    if like in HARMLESS:
        return [row for row in kept.plan.rows if not row.problems and any(note["slug"] == like for note in row.notes)]
    return _of_cause(kept.part("causes", lambda: causes.causes_of(kept.plan.bad_rows)), like, below=below)


def gathered_afterwards(draft: ImportDraft, like: str, *, below: bool) -> list[JudgedRow]:
    """The rows that one line gathers on the page of an import that is done."""
    if like in HARMLESS:
        return [row for row, notes in drafts.unset_of(draft) if any(note["slug"] == like for note in notes)]
    return _of_cause(causes.causes_of(drafts.bad_rows_of(draft)), like, below=below)


def _of_cause(every: list[Cause], like: str, *, below: bool) -> list[JudgedRow]:
    for cause in every:
        if any(row.place == like for row in cause.rows):
            return cause.below if below else cause.rows
    return []


def words_to_choose() -> dict[str, list[Term]]:
    """By category the words that a spelling can be taken for."""
    words = queries.terms_by_category()
    return {category.value: words.get(category.value, []) for category in LEARNED}


def _mend_kinds() -> dict[str, Any]:
    return {kind: name for kind, (name, _slugs) in causes.KINDS.items()} | {causes.OTHER: _("Other")}


def _look_of(row: JudgedRow) -> str:
    if row.question:
        return "asked"
    if row.asked:
        return "answered"
    slugs = [note["slug"] for note in row.notes if note["slug"] not in HARMLESS]
    return next((slug for slug in LOOKS if slug in slugs), "other")


def _is_row_like(row: JudgedRow, words: list[str]) -> bool:
    text = " ".join([row.label, row.key, row.place, *row.cells.values()]).casefold()
    return all(one in text for one in words)


def _is_missing_like(one: Missing, words: list[str]) -> bool:
    text = f"{one.name} {one.key} {one.place}".casefold()
    return all(part in text for part in words)


def _narrowed(
    request: HttpRequest,
    show: str,
    counts: list[tuple[str, Any, int]],
    rows: Sequence[Any],
    names: dict[str, Any],
    kind_of: Callable[[Any], str],
    is_like: Callable[[Any, list[str]], bool],
) -> PreviewTab:
    words = words_of(request)
    some = [row for row in rows if is_like(row, words.casefold().split())] if words else list(rows)
    by_kind = Counter(map(kind_of, some))
    kind = request.GET.get("kind", "")
    kind = kind if kind in by_kind else ""
    choices = [Choice(_("All"), address_with(request, show=show, kind=None), not kind, len(some))]
    choices += [
        Choice(name, address_with(request, show=show, kind=slug), kind == slug, by_kind[slug])
        for slug, name in names.items()
        if by_kind[slug]
    ]
    chosen = [row for row in some if kind in ("", kind_of(row))]
    things = causes.causes_of(chosen, rows) if show == MEND else chosen
    return PreviewTab(show, counts, page_of(request, things), choices if len(choices) > 2 else [], words, kind)

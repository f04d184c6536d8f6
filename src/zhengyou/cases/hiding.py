"""Hiding what somebody wrote in public about a case, because it names or insults a person: the page says that it is hidden and why, and
the public entry keeps its hash and loses the text.
"""

import json
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from zhengyou.base import entries
from zhengyou.base.deeds import done, locked
from zhengyou.base.entries import Public
from zhengyou.base.models import PublicEntry
from zhengyou.base.time import local_day
from zhengyou.cases import queries, reader_queries, rules
from zhengyou.cases.models import Case, CaseStep
from zhengyou.organisations.models import Person


@transaction.atomic
def hide_words(*, case: Case, number: int, why: str, at: datetime, by: Person) -> CaseStep:
    """Somebody of the office hides the public words of one step that another person wrote, for good. They stay with the step for
    whoever looks after the case.

    Raises CaseRefused, ConfidenceRefused, RoleRefused.
    """
    row, day = locked(case, *reader_queries.RELATED), local_day(at)
    rules.check_looks_after(row, by, queries.touched_of(row), day)
    step = check_may_hide(CaseStep.objects.select_for_update().filter(case=row, number=number).first(), why)
    check_are_of_others(step, queries.steps_of(row), by)
    step.hidden, step.hidden_on = why, day
    step.save(update_fields=["hidden", "hidden_on"])
    if row.unit_says == step.words:
        row.unit_says = ""
        row.save(update_fields=["unit_says"])
    erased = [entry.number for entry in _entries_with(row, step.words)]
    for one in erased:
        entries.forget(one)
    # Not which step: the numbers between public ones count what its reporter and the office wrote to each other.
    public = Public({"case": [row.year, row.number], "words": step.kind, "why": why}, about=row.unit.public_reference)
    done("cases.hide_words", row, at=at, by=by, public=public, entries=erased)
    return step


def is_said_in_public(step: CaseStep) -> bool:
    """Whether everybody reads the words of a step, as long as they are not hidden."""
    kinds = CaseStep.Kind
    said = {kinds.PASSED, kinds.ASKED, kinds.DECLINED, kinds.IMPOSSIBLE, kinds.FIXED}
    said |= {kinds.PAUSED, kinds.PAUSE_ASKED, kinds.PAUSE_DENIED}
    return step.kind in said or (step.kind == kinds.ASSIGNED and step.side == CaseStep.Side.ABOVE)


def may_be_hidden(step: CaseStep) -> bool:
    """Whether a step has public words that are not hidden."""
    return bool(step.words) and not step.hidden and is_said_in_public(step)


def are_own(step: CaseStep, steps: Iterable[CaseStep], by: Person | None) -> bool:
    """Whether this person wrote the words, or said them again: a pause often repeats what the unit wrote when it asked."""
    return by is not None and any(one.by_id == by.pk and one.words == step.words for one in (step, *steps))


def check_are_of_others(step: CaseStep, steps: Iterable[CaseStep], by: Person) -> None:
    """Nobody takes back what they said in public themselves, such as why a clock stands still."""
    if are_own(step, steps, by):
        raise rules.CaseRefused(
            _("These are your own words, so another person in the office looks at them and hides them if need be."),
            reason="case.own-words",
        )


def check_may_hide(step: CaseStep | None, why: str) -> CaseStep:
    """Public words are hidden once, for one of the reasons. Returns the step."""
    if step is None or not may_be_hidden(step):
        raise rules.CaseRefused(
            _("There are no public words here, or they are hidden already."), reason="case.nothing-to-hide"
        )
    if why not in CaseStep.Hidden.values:
        raise rules.CaseRefused(
            _("Choose one of the reasons. It stands in place of the words."), reason="case.unknown-reason"
        )
    return step


def _entries_with(row: Case, words: str) -> list[PublicEntry]:
    """The public entries of this case that hold these words."""
    return [
        one
        for one in entries.entries_with_text(words)
        if json.loads(one.document)["content"].get("case") == [row.year, row.number]
    ]

"""Hiding what somebody wrote in public about a case, or blacking out words of it, because it names or insults a person: the page says so
and why, and the public entry keeps its hash and loses the text.
"""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from zhengyou.base import entries
from zhengyou.base.deeds import done, locked
from zhengyou.base.entries import Erasable
from zhengyou.base.models import PublicEntry
from zhengyou.base.time import local_day
from zhengyou.cases import queries, reader_queries, rules
from zhengyou.cases.actions import add_step, change_case, looked_after, told
from zhengyou.cases.computing.ringing import blacked_out
from zhengyou.cases.models import Case, CaseStep
from zhengyou.organisations.models import Person
from zhengyou.organisations.vocabulary import worded


@transaction.atomic
def hide_words(*, case: Case, number: int, why: str, parts: str = "", at: datetime, by: Person) -> CaseStep:
    """Somebody of the office hides the public words of one step that another person wrote, for good: all of them, or blacks out `parts`,
    words parted by blanks. They stay with the step for whoever looks after the case.

    Raises CaseRefused, ConfidenceRefused, RoleRefused.
    """
    row, day = locked(case, *reader_queries.RELATED), local_day(at)
    rules.check_looks_after(row, by, queries.touched_of(row), day)
    step = check_may_hide(CaseStep.objects.select_for_update().filter(case=row, number=number).first(), why)
    check_are_of_others(step, queries.steps_of(row), by)
    was, left = shown_words(step), ""
    if parts.strip():
        left = check_blacks_out(was, parts)
    step.hidden, step.hidden_on, step.blacked = why, day, left
    step.save(update_fields=["hidden", "hidden_on", "blacked"])
    if row.unit_says == was:
        row.unit_says = left
        row.save(update_fields=["unit_says"])
    erased = [entry.number for entry in _entries_with(row, was)]
    for one in erased:
        entries.forget(one)
    # Not which step: the numbers between public ones count what its reporter and the office wrote to each other.
    said: dict[str, Any] = {"says": Erasable(left, is_public=True)} if left else {}
    public = told(row, words=step.kind, why=why, **said)
    done("cases.hide_words", row, at=at, by=by, public=public, entries=erased)
    return step


@transaction.atomic
def black_out_words(*, case: Case, why: str, parts: str, at: datetime, by: Person) -> Case:
    """Somebody of the office blacks out words of a report that everybody reads, for good; its reporter reads that, and why. Not whoever
    wrote the report down. Raises CaseRefused, ConfidenceRefused, RoleRefused.
    """
    row, day = looked_after(case, at, by), local_day(at)
    check_why(why)
    if not row.is_shown:
        raise rules.CaseRefused(_("Nobody reads the words of this report."), reason="case.nothing-to-hide")
    if any(step.kind == CaseStep.Kind.RECEIVED and step.by_id == by.pk for step in queries.steps_of(row)):
        raise rules.CaseRefused(
            worded(_("You wrote this report down yourself, so another person in the %(office)s looks at its words.")),
            reason="case.own-words",
        )
    left = check_blacks_out(row.public_words, parts)
    more: dict[str, Any] = {"hidden": why, "hidden_on": day}
    add_step(case=row, kind=CaseStep.Kind.BLACKED_OUT, side=CaseStep.Side.OFFICE, at=at, by=by, **more)
    change_case(case=row, public_words=left)
    done("cases.black_out_words", row, at=at, by=by, public=told(row, words="report", why=why))
    return row


def shown_words(step: CaseStep) -> str:
    """The public words of a step as everybody reads them; nothing where all of them are hidden."""
    return step.blacked if step.hidden else step.words


def is_said_in_public(step: CaseStep) -> bool:
    """Whether everybody reads the words of a step, as long as they are not hidden."""
    kinds = CaseStep.Kind
    said = {kinds.PASSED, kinds.ASKED, kinds.DECLINED, kinds.IMPOSSIBLE, kinds.FIXED}
    said |= {kinds.PAUSED, kinds.PAUSE_ASKED, kinds.PAUSE_DENIED, kinds.KIND_CHANGED}
    return step.kind in said or (step.kind == kinds.ASSIGNED and step.side == CaseStep.Side.ABOVE)


def may_be_hidden(step: CaseStep) -> bool:
    """Whether a step has public words that are not hidden."""
    return bool(shown_words(step)) and is_said_in_public(step)


def are_own(step: CaseStep, steps: Iterable[CaseStep], by: Person | None) -> bool:
    """Whether this person wrote the words, or said them again: a pause often repeats what the unit wrote when it asked."""
    return by is not None and any(one.by_id == by.pk and one.words == step.words for one in (step, *steps))


def check_are_of_others(step: CaseStep, steps: Iterable[CaseStep], by: Person) -> None:
    """Nobody takes back what they said in public themselves, such as why a clock stands still."""
    if are_own(step, steps, by):
        raise rules.CaseRefused(
            worded(
                _(
                    "These are your own words, so another person in the %(office)s looks at them and hides them if "
                    "need be."
                )
            ),
            reason="case.own-words",
        )


def check_may_hide(step: CaseStep | None, why: str) -> CaseStep:
    """Public words are hidden once, for one of the reasons. Returns the step."""
    if step is None or not may_be_hidden(step):
        raise rules.CaseRefused(
            _("There are no public words here, or they are hidden already."), reason="case.nothing-to-hide"
        )
    check_why(why)
    return step


def check_why(why: str) -> None:
    """Public words are hidden for one of the reasons, and no other."""
    if why not in CaseStep.Hidden.values:
        raise rules.CaseRefused(
            _("Choose one of the reasons. It stands in place of the words."), reason="case.unknown-reason"
        )


def check_blacks_out(words: str, parts: str) -> str:
    """Black out what stands there. Returns what is left, sign by sign in its place."""
    left = blacked_out(words, [], parts)
    if left == words:
        raise rules.CaseRefused(
            _("None of these words is in the text. Write them exactly as they appear, separated by spaces."),
            reason="case.no-such-words",
        )
    return left


def _entries_with(row: Case, words: str) -> list[PublicEntry]:
    """The public entries of this case that hold these words."""
    return [
        one
        for one in entries.entries_with_text(words)
        if json.loads(one.document)["content"].get("case") == [row.year, row.number]
    ]

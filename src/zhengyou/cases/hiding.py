"""Hiding what somebody wrote in public about a case, because it names or insults a person: the page says that it is hidden and why, and
the public entry keeps its hash and loses the text.
"""

import json
from datetime import datetime

from django.db import transaction

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
    """Somebody of the office hides the public words of one step, for good. They stay with the step for whoever looks after the case.

    Raises CaseRefused, ConfidenceRefused, RoleRefused.
    """
    row, day = locked(case, *reader_queries.RELATED), local_day(at)
    rules.check_looks_after(row, by, queries.touched_of(row), day)
    step = rules.check_may_hide(CaseStep.objects.select_for_update().filter(case=row, number=number).first(), why)
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


def _entries_with(row: Case, words: str) -> list[PublicEntry]:
    """The public entries of this case that hold these words."""
    return [
        one
        for one in entries.entries_with_text(words)
        if json.loads(one.document)["content"].get("case") == [row.year, row.number]
    ]

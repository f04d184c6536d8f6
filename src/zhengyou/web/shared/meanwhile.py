"""Two people at one thing: a form knows what its writer saw, and a deed whose thing is gone says who was there first.

No page saves over somebody else's change unasked. What the forms and deeds are is said by the pages.
"""

import hashlib
import json
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

from django import forms
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from zhengyou.base import journal
from zhengyou.base.refusals import Refused
from zhengyou.organisations import queries as organisations

Row = TypeVar("Row")


class GoneMeanwhile(Refused):
    """What somebody wants to change is not there any more, or was done already."""


@dataclass(frozen=True)
class Differing:
    """One field in which the writer's version and the one that stands there differ."""

    label: Any
    theirs: Any
    mine: Any


@dataclass(frozen=True)
class Seen:
    """What a form carries: `mark` for what its writer saw, `now` for what stands there, and where the two collide."""

    mark: str
    now: str
    differing: tuple[Differing, ...] = ()


def guard(
    form: Any, *, about: str, deeds: Collection[str] = (), now: Mapping[str, Any] | None = None, **facts: Any
) -> None:
    """Let the form refuse to save over what somebody changed since its page was made; it says who, and shows both versions.

    What stands there is the form's initial values, or `now` where the form does not begin with them. Who changed it last
    stands in the journal under `about`, with one of the `deeds` and these `facts`. A form without the mark is taken as it
    is, and so is one whose writer has seen both versions and saves theirs all the same. `parts/form.html` draws it.
    """
    mark = _mark_of(now if now is not None else {bound.name: bound.initial for bound in form.visible_fields()})
    seen = form.data.get("seen", mark) if form.is_bound else mark
    form.meanwhile = Seen(seen, mark)
    if seen == mark or form.data.get("all_the_same") == mark:
        return
    differing = tuple(_differing(form, now))
    if differing or now is not None:
        form.errors  # noqa: B018 - Django cleans the form here; without it no error could be added
        form.add_error(None, _changed(about, deeds, facts))
        form.meanwhile = Seen(seen, mark, differing)


def still(row: Row | None, otherwise: Any, *, about: str = "", deeds: Collection[str] = (), **facts: Any) -> Row:
    """The row that a deed is about. Raises GoneMeanwhile with the sentence and, if the journal knows, who was first and when."""
    if row is None:
        sentence = whoever_was_first(otherwise, about=about, deeds=deeds, **facts)
        raise GoneMeanwhile(sentence, reason="page.gone-meanwhile")
    return row


def whoever_was_first(sentence: Any, *, about: str, deeds: Collection[str] = (), **facts: Any) -> str:
    """The sentence and, if the journal knows, who did it and when."""
    first = _last(about, deeds, facts) if about else None
    by_whom = _("%(name)s did it on %(moment)s.") % first if first else ""
    return f"{sentence} {by_whom}".strip()


def _changed(about: str, deeds: Collection[str], facts: dict[str, Any]) -> str:
    last = _last(about, deeds, facts)
    if last is None:
        return _("Somebody changed this while you were writing. What you wrote has not been saved yet.")
    return (
        _("%(name)s changed this on %(moment)s, while you were writing. What you wrote has not been saved yet.") % last
    )


def _last(about: str, deeds: Collection[str], facts: dict[str, Any]) -> dict[str, str] | None:
    entry = journal.last_about(about, deeds, **facts)
    person = organisations.people_with_references([entry.by]).get(entry.by) if entry and entry.by else None
    if entry is None or person is None:
        return None
    return {"name": person.name, "moment": date_format(localtime(entry.at), "DATETIME_FORMAT")}


def _differing(form: Any, now: Mapping[str, Any] | None) -> list[Differing]:
    rows = []
    for bound in form.visible_fields():
        if now is not None and bound.name not in now:
            continue
        stands = bound.initial if now is None else now[bound.name]
        typed = bound.data
        if bound.field.has_changed(stands, typed):
            rows.append(Differing(bound.label, _read(bound.field, stands), _read(bound.field, typed)))
    return rows


def _mark_of(values: Mapping[str, Any]) -> str:
    text = json.dumps({name: str("" if value is None else value) for name, value in values.items()}, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _read(field: Any, value: Any) -> Any:
    """A value as people read it: the words of a choice, a day in their form, yes or no."""
    with suppress(forms.ValidationError):  # what cannot be read is shown as it was typed
        value = field.to_python(value)
    choices: Any = getattr(field, "choices", None)
    if choices is not None:
        words = {str(slug): name for slug, name in choices}
        many = value if isinstance(value, list | tuple) else [value]
        return _(", ").join(str(words.get(str(one), one)) for one in many)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        return date_format(localtime(value), "DATETIME_FORMAT")
    return date_format(value, "DATE_FORMAT") if isinstance(value, date) else value

"""What is done with several ticked cases at once: asked once on a page that names them, done to all of them or to none."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render, resolve_url

from zhengyou.base.refusals import reason_against
from zhengyou.cases import actions, aside_rules, queries
from zhengyou.cases.models import Case
from zhengyou.web.shared import case_words, clock
from zhengyou.web.shared.doors import PersonRequest
from zhengyou.web.shared.lists import numbers_in
from zhengyou.web.shared.naming_question import let_know
from zhengyou.web.shared.pages import asked_nothing, posted

# By the word of the button: the form, the deed to all of them, the heading, what is said when it is done.
Deeds = Mapping[str, tuple[type[forms.Form], Callable[..., object], Any, Any]]


def each(deed: Callable[..., object]) -> Callable[..., object]:
    """A deed to one case, done to all of several."""
    return partial(actions.do_to_each, deed=deed)


def by_their_texts(rows: Sequence[Case]) -> list[str]:
    """What the unit reads of each."""
    return [case_words.text_of(row) for row in rows]


def many_page(
    request: PersonRequest,
    mine: Any,
    deeds: Deeds,
    *,
    base: str,
    back: tuple[Any, ...],
    known_by: Callable[[Sequence[Case]], list[str]] = by_their_texts,
) -> HttpResponse:
    """The form for those of `mine` that are ticked, or the deed; a visit, or nothing ticked, leads back to the list. `known_by`: by what
    their reader knows them again.
    """
    name = request.POST.get("deed", "")
    if name not in deeds:
        return asked_nothing(request, back)
    rows = queries.with_cycles(mine.filter(pk__in=[int(one) for one, _same in numbers_in(request.POST, "row")]))
    if refusal := reason_against(aside_rules.check_how_many, len(rows)):
        messages.error(request, refusal)
        return redirect(*back)
    kind, deed, heading, done = deeds[name]
    form = kind(request.POST if "asked" in request.POST else None)
    let_know(form, rows, request.person, clock.today())
    acting = partial(deed, cases=rows)
    if form.is_bound and (answer := posted(request, form, acting, done=done, to=back)):
        return answer
    states = [case_words.STATES[row.state] for row in rows]
    lines = list(zip(rows, states, known_by(rows), strict=True))
    shown = {"rows": rows, "lines": lines, "form": form, "deed": name, "heading": heading}
    return render(request, "parts/case_many.html", shown | {"base": base, "back": resolve_url(*back)})

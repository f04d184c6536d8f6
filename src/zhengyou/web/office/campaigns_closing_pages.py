"""The end of a cycle: what is open in it, what goes on, and two people who close it."""

from collections.abc import Callable, Collection
from datetime import date
from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from zhengyou.base.refusals import reason_against
from zhengyou.base.words import in_readers_words, joined
from zhengyou.campaigns import actions, queries, rules
from zhengyou.campaigns.calendar import Calendar
from zhengyou.campaigns.models import Cycle
from zhengyou.organisations.vocabulary import worded
from zhengyou.polls.models import Poll
from zhengyou.rhythm import actions as rhythm
from zhengyou.rhythm.queries import OpenThing, open_in
from zhengyou.web.office.campaigns_pages import of_cycle
from zhengyou.web.shared import clock, doors
from zhengyou.web.shared.lists import Cell, Column, listed, matching, means_all, ticks
from zhengyou.web.shared.narrowing import Filter
from zhengyou.web.shared.pages import posted, pressed

KINDS = {
    "draft": _("Appraisal in preparation"),
    "poll": _("Appraisal not closed"),
    "result": _("Result not computed"),
    "recount": _("Recount not signed"),
    "selection": _("Selection without a decision"),
    "objection": _("Objection not answered"),
    "plan": _("Plan not adopted"),
    "promises": _("Promises without an outcome"),
    "grades": _("Yearly grades not decided"),
    "cases": _("Cases not closed"),
    "guarded": _("Reports that go around the units they are about, not handed over"),
}
FILTERS = [Filter("kind", _("What"), "kind", list(KINDS.items()))]
MARKS = {"goes_on": actions.mark_goes_on, "is_open": actions.unmark_goes_on}
SAID: dict[str, Callable[[int], str]] = {
    "goes_on": lambda n: ngettext("%(n)d matter carries over.", "%(n)d matters carry over.", n) % {"n": n},
    "is_open": lambda n: ngettext("%(n)d matter is unmarked.", "%(n)d matters are unmarked.", n) % {"n": n},
}


class MarkForm(forms.Form):
    """The ticked things, and whether they go on."""

    deed = forms.ChoiceField(choices=[(name, name) for name in MARKS])
    voting = forms.BooleanField(required=False)
    row = forms.MultipleChoiceField(
        error_messages={"required": _("Tick at least one line, then press the button again.")}
    )

    def __init__(self, data: Any, *, things: list[OpenThing], matching: list[OpenThing] | None) -> None:
        """`matching`: what fits the list on all its pages, where that is meant and not only what is ticked."""
        if data and matching is not None:
            data = data.copy()
            data.setlist("row", [one.about for one in matching if one.may_go_on])
        super().__init__(data)
        self.fields["row"].choices = [(one.about, one.about) for one in things]  # type: ignore[attr-defined]
        sent: Any = self.data
        self.kept = set(sent.getlist("row")) if self.is_bound else set()  # after a refusal
        self.drafts = {one.about: one for one in things if not one.may_go_on}
        self.voted_on = {one.about: one for one in things if _is_voted_on(one)}
        self.asked: list[str] = []  # the appraisals of which the page asks apart

    def clean_row(self) -> list[str]:
        """What is ticked, which may go on."""
        chosen: list[str] = self.cleaned_data["row"]
        if drafts := [_words_of(self.drafts[about]) for about in chosen if about in self.drafts]:
            raise forms.ValidationError(
                _(
                    "An appraisal in preparation does not carry over, since its sheet and rolls are of this cycle: %(names)s. Hold it, or"
                    " delete it. Nothing was marked: take its tick out and press again."
                )
                % {"names": joined(drafts)}
            )
        return chosen

    def clean(self) -> dict[str, Any]:
        """An appraisal in which people are voting carries over by a tick of its own, which says what becomes of them."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if given.pop("voting", False) or given.get("deed") != "goes_on":
            return given
        self.asked = [_words_of(self.voted_on[about]) for about in given.get("row", ()) if about in self.voted_on]
        if self.asked:
            raise forms.ValidationError(
                _(
                    "People are voting in %(names)s. Nothing was marked yet: read below what becomes of their votes, and say yes to it."
                )
                % {"names": joined(self.asked)}
            )
        return given


def _is_voted_on(one: OpenThing) -> bool:
    return one.kind == "poll" and not one.goes_on and one.row.state == Poll.State.OPENED


@doors.office
@of_cycle
def close(request: doors.PersonRequest, row: Cycle) -> HttpResponse:
    """What is open in the cycle; posting marks what goes on. The close itself is two presses, by two people."""
    things = open_in(row) if row.is_launched else []
    things = [one for one in things if one.goes_on] if row.is_closed else things
    every = matching(request, things, paths=("name",), filters=FILTERS) if means_all(request) else None
    form = MarkForm(request.POST or None, things=things, matching=every)

    left = [one.about for one in things if not one.goes_on]
    return posted(request, form, partial(_mark, request, row), to=("office-cycle-close", row.pk)) or listed(
        request,
        "office/cycle_close.html",
        things,
        _columns(may_mark=not row.is_closed, kept=form.kept),
        name="open",
        nothing=_("Nothing is open in this cycle."),
        search=_("Find by name"),
        paths=("name",),
        filters=FILTERS,
        form=form,
        cycle=row,
        left=len(left),
        runs_until=_last_day_to_come(row),
        hindrance=reason_against(rules.check_may_close, row, request.person, left),
        asked_by=row.close_asked_by,
        is_mine=row.close_asked_by_id == request.person.pk,
        marked=len(queries.marked_to_go_on(row)),
    )


def _mark(request: doors.PersonRequest, cycle: Cycle, *, deed: str, row: list[str], **acting: Any) -> None:
    MARKS[deed](cycle=cycle, things=row, **acting)
    messages.success(request, SAID[deed](len(row)))


def _last_day_to_come(row: Cycle) -> date | None:
    """The last day of the stage that runs longest, if the close would cut it short."""
    last = max((window.closes_on for window in Calendar.of(row).windows.values()), default=None)
    return last if last and last >= clock.today() else None


@doors.office
@require_POST
@of_cycle
def ask(request: doors.PersonRequest, row: Cycle) -> HttpResponse:
    """The first person asks for the close, and reads what still holds it up."""
    done: Any = worded(_("You have asked for the close. Another person in the %(office)s confirms it here."))
    if left := len([one for one in open_in(row) if not one.goes_on]):
        more = ngettext(
            "Before that, %(n)d matter must be finished, or marked to carry over.",
            "Before that, %(n)d matters must be finished, or marked to carry over.",
            left,
        )
        done = f"{done} {more % {'n': left}}"
    to = ("office-cycle-close", row.pk)
    return pressed(request, partial(actions.ask_to_close, cycle=row), done=done, to=to)


@doors.office
@require_POST
@of_cycle
def take_back(request: doors.PersonRequest, row: Cycle) -> HttpResponse:
    """The close is not asked for any more."""
    done = _("The cycle stays open. The close can be asked for again.")
    to = ("office-cycle-close", row.pk)
    return pressed(request, partial(actions.take_back_close, cycle=row), done=done, to=to)


@doors.office
@require_POST
@of_cycle
def confirm(request: doors.PersonRequest, row: Cycle) -> HttpResponse:
    """The second person closes the cycle."""
    to = ("office-cycle-close", row.pk)
    return pressed(request, partial(rhythm.close_cycle, cycle=row), done=_("The cycle is closed."), to=to)


def _columns(*, may_mark: bool, kept: Collection[str]) -> list[Column]:
    columns = [
        Column(_("Name"), _name_of),
        Column(_("What"), lambda one: KINDS[one.kind], order="kind"),
        Column(
            _("State"),
            lambda one: _("carries over into the next cycle") if one.goes_on else _("not finished"),
            order="goes_on",
        ),
    ]
    return [*columns, ticks(_words_of, kept=kept)] if may_mark else columns


def _words_of(one: OpenThing) -> str:
    return in_readers_words(one.name) if isinstance(one.name, dict) else one.name


def _name_of(one: OpenThing) -> Cell:
    if one.kind in ("draft", "poll", "result", "recount"):
        return Cell(_words_of(one), reverse("office-poll", args=[one.row.key]))
    if one.kind == "selection":
        return Cell(_words_of(one), reverse("office-selection", args=[one.row.pk]))
    if one.kind == "objection":
        note = _("objection %(number)d") % {"number": one.row.number}
        return Cell(_words_of(one), reverse("office-objection", args=[one.row.pk]), note=note)
    if one.kind == "plan":
        return _plan_of(one)
    if one.kind == "grades":
        unit, text = one.row, ngettext("%(n)d person undecided", "%(n)d people undecided", one.count)
    elif one.kind in ("cases", "guarded"):
        unit, text = one.row, ngettext("%(n)d case", "%(n)d cases", one.count)
    else:
        unit, text = one.row.organisation, ngettext("%(n)d promise", "%(n)d promises", one.count)
    said = text % {"n": one.count}
    above = f"{unit.parent.name} · {said}" if unit.parent else said
    return Cell(unit.name, reverse("public-organisation", args=[unit.code]), note=above)


def _plan_of(one: OpenThing) -> Cell:
    """A plan by its title; what is with the members yet has no page that an office reads, and stands in the office's list."""
    plan, unit = one.row, one.row.organisation
    is_public = plan.public_from is not None and plan.public_from <= clock.today()
    to = (
        reverse("public-plan", args=[unit.code, plan.pk])
        if is_public
        else reverse("office-plans", args=[plan.cycle_id])
    )
    return Cell(_words_of(one), to, note=f"{unit.name} · {unit.parent.name}" if unit.parent else unit.name)

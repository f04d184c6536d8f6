"""What an organisation learns from those that did better: one step from the card to their promises, and a note of its own."""

from functools import partial
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from zhengyou.organisations.models import Organisation
from zhengyou.standings import actions, queries
from zhengyou.standings.rules import LONGEST_LESSON
from zhengyou.web.shared import doors
from zhengyou.web.shared.fields import LongText
from zhengyou.web.shared.pages import posted
from zhengyou.web.shared.stages import cycle_for


class LessonForm(forms.Form):
    """From whom, and what."""

    learned_from = forms.TypedChoiceField(label=_("From whom"))
    text = LongText(
        label=_("What we learn from them and do ourselves"),
        max_length=LONGEST_LESSON,
        help_text=_("It is shown on your public card with today’s date."),
    )

    def __init__(self, *args: Any, better: list[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["learned_from"]
        field.choices = [(row.code, " · ".join(one.name for one in (row, row.parent) if one)) for row in better]
        field.coerce = {row.code: row for row in better}.get


@doors.secretary
def lessons(request: doors.PersonRequest, organisation: Organisation) -> HttpResponse:
    """Those that separate above our organisation, the lessons written so far, and a new one."""
    cycle = cycle_for(request, organisation)
    better = queries.better_ones(organisation)
    form = LessonForm(request.POST or None, better=[row for row, _poll in better])
    shown = {"organisation": organisation, "better": better, "form": form, "lessons": queries.lessons_of(organisation)}
    return posted(
        request,
        form,
        partial(actions.write_lesson, cycle=cycle, organisation=organisation),
        done=_("The lesson is written down and shown on your public card."),
        to=("desk-lessons", organisation.code),
    ) or render(request, "desk/lessons.html", shown)

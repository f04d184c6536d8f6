"""Forms for what a unit handed in on paper: the fields of the thing itself, and how and when it came."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from zhengyou.base.texts import longest
from zhengyou.campaigns.models import Cycle
from zhengyou.commitments import queries as commitments
from zhengyou.commitments.models import OutcomeStatement, ProgressReport
from zhengyou.organisations import queries as organisations
from zhengyou.organisations.models import Organisation
from zhengyou.remarks import queries as remarks
from zhengyou.remarks.models import Remark
from zhengyou.web.desk.commitments_forms import WordingForm
from zhengyou.web.shared import clock
from zhengyou.web.shared.central_work import add_central_work
from zhengyou.web.shared.fields import DayInput, LongText, PhotoField, ShortText, Ticket
from zhengyou.web.shared.pledge_forms import MadeForm
from zhengyou.web.shared.submission_words import HOWS


class CameForm(forms.Form):
    """How it came, on which day, and a photo of the paper."""

    ticket = Ticket()
    came_how = forms.ChoiceField(label=_("How did the unit hand it in?"), choices=HOWS)
    came_on = forms.DateField(label=_("On which day?"), widget=DayInput, initial=clock.today)
    came_photo = PhotoField(
        label=_("Photo of the paper"),
        help_text=_("Only the unit and the levels above see it. Place and device are removed."),
    )


class ThemeForm(CameForm):
    """The practice theme."""

    text = ShortText(label=_("Practice theme"), max_length=200)
    main_work = LongText(label=_("Main work that it serves"), max_length=300, rows=2)
    field_order = ("text", "main_work", "central_work")

    def __init__(self, *args: Any, cycle: Cycle, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        add_central_work(self, cycle)
        self.order_fields(self.field_order)


class PromiseForm(WordingForm, CameForm):
    """One promise."""

    field_order = ("what", "standard", "for_whom", "due_on", "evidence", "aim")


class ProposalForm(CameForm):
    """That the unit proposes what is written: nothing of its own is to be said."""


class OfPromiseForm(CameForm):
    """Something about one of the unit's published promises."""

    promise = forms.TypedChoiceField(label=_("About which promise?"))

    def __init__(self, *args: Any, unit: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        groups = commitments.published_promises(unit)
        known = {str(line.promise.pk): line.promise for group in groups for line in group.lines}
        chosen: Any = self.fields["promise"]
        chosen.choices = [(pk, row.what) for pk, row in known.items()]
        chosen.coerce = known.get


class ReportForm(OfPromiseForm):
    """A report of progress."""

    text = LongText(label=_("What has been done"), max_length=longest(ProgressReport, "text"), rows=4)
    field_order = ("promise", "text")


class OutcomeForm(OfPromiseForm):
    """The unit's own word on how a promise ended."""

    outcome = forms.ChoiceField(
        label=_("How it ended"), choices=OutcomeStatement.Outcome.choices, widget=forms.RadioSelect
    )
    explanation = LongText(
        label=_("Explanation for everybody"), max_length=longest(OutcomeStatement, "explanation"), rows=4
    )
    field_order = ("promise", "outcome", "explanation")


class AnswerForm(CameForm):
    """The unit's answer to what somebody wrote."""

    remark = forms.TypedChoiceField(label=_("To which words?"))
    answer = LongText(label=_("Answer"), max_length=longest(Remark, "answer"), rows=4)
    field_order = ("remark", "answer")

    def __init__(self, *args: Any, unit: Organisation, cycle: Cycle, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = {str(row.pk): row for row in remarks.words_to_answer(unit, cycle)}
        chosen: Any = self.fields["remark"]
        chosen.choices = [(pk, row.words[:80]) for pk, row in known.items()]
        chosen.coerce = known.get


class CommittedForm(MadeForm, CameForm):
    """Who of the unit's people committed in public, where and when. Its photo is that of the paper."""

    field_order = ("people", "on", "place", "evidence")
    people = forms.ModelMultipleChoiceField(
        label=_("Who?"), queryset=organisations.members_of([]), widget=forms.CheckboxSelectMultiple
    )
    photo = None  # type: ignore[assignment]

    def __init__(self, *args: Any, unit: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["people"]
        field.queryset = organisations.members_of([unit]).select_related("organisation")


class ObjectionForm(forms.Form):
    """What is not as the unit handed it in."""

    objection = LongText(label=_("What is not as you handed it in?"), max_length=500, rows=3)


class SettlementForm(forms.Form):
    """What was done about it."""

    settlement = LongText(label=_("What was done about it?"), max_length=500, rows=3)

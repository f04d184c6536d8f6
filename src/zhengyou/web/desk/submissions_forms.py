"""Forms for what a unit handed in on paper: the fields of the thing itself, and how and when it came."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhengyou.base.refusals import allows
from zhengyou.base.texts import longest
from zhengyou.campaigns import rules as campaigns
from zhengyou.campaigns.models import CentralWork, Cycle
from zhengyou.commitments import queries as commitments
from zhengyou.commitments.models import (
    LONGEST_NAME,
    LONGEST_TEXT,
    OutcomeStatement,
    ProgressReport,
    Promise,
    PromiseText,
)
from zhengyou.consultation import on_paper
from zhengyou.consultation.on_paper import Written
from zhengyou.consultation.rules import LONGEST_REMARK, MOST_PARAGRAPHS
from zhengyou.keeping import owing
from zhengyou.keeping import queries as keeping
from zhengyou.keeping.models import Dropping, UnitAnswer
from zhengyou.organisations import queries as organisations
from zhengyou.organisations.models import Organisation
from zhengyou.remarks import queries as remarks
from zhengyou.remarks.models import Remark
from zhengyou.situations.models import SituationReport
from zhengyou.web.desk.commitments_forms import WordingForm
from zhengyou.web.desk.consultation_forms import BeginForm
from zhengyou.web.shared import clock
from zhengyou.web.shared.blocks import blocks_of, others_of
from zhengyou.web.shared.central_work import PieceField, add_central_work
from zhengyou.web.shared.fields import DayInput, LongText, PhotoField, ReasonField, ShortText, Ticket
from zhengyou.web.shared.pledge_forms import MadeForm
from zhengyou.web.shared.submission_words import HOWS

ON_A_BOARD = 30  # folded from the third, so a long board costs nobody anything; where the rules allow more, the rest is a second one
ON_A_DESK = 20  # comments on paper that are typed at once; a second form takes the rest
OF_A_COMMENT = ("sheet", "place", "words")
PARTS = ("what", "standard", "checked_by", "due_on", "piece")  # of each promise on a board


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

    text = ShortText(label=_("Theme"), max_length=200)
    main_work = LongText(label=_("Main work that it serves"), max_length=300, rows=2)
    field_order = ("text", "main_work", "central_work")

    def __init__(self, *args: Any, cycle: Cycle, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        add_central_work(self, cycle)
        self.order_fields(self.field_order)


class PromiseForm(WordingForm, CameForm):
    """One promise."""

    field_order = ("what", "standard", "checked_by", "for_whom", "due_on", "evidence", "aim", "piece")


class OfInheritedForm(CameForm):
    """Something about a promise that an earlier cycle left open with the unit, of those neither taken over nor dropped."""

    promise = forms.TypedChoiceField(label=_("Which one was left open by an earlier cycle?"))

    def __init__(self, *args: Any, unit: Organisation, cycle: Cycle, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choose(self.fields["promise"], [one.promise for one in keeping.inherited(cycle, unit) if one.is_open])


class TakenOverForm(WordingForm, OfInheritedForm):
    """A promise of this cycle that takes over one that an earlier cycle left open."""

    field_order = ("promise", "what", "standard", "checked_by", "for_whom", "due_on", "evidence", "aim", "piece")

    def clean(self) -> dict[str, Any]:
        """The wording, and what it is carried from."""
        given = super().clean()
        return given | {"carried_from": given.pop("promise", None)}


class DroppedForm(OfInheritedForm):
    """That the unit no longer promises it, and why."""

    reason = ReasonField(label=_("Why the unit no longer promises this"), max_length=longest(Dropping, "reason"))
    field_order = ("promise", "reason")

    def __init__(self, *args: Any, unit: Organisation, cycle: Cycle, **kwargs: Any) -> None:
        super().__init__(*args, unit=unit, cycle=cycle, **kwargs)
        open_ones = [one for one in keeping.inherited(cycle, unit) if one.is_open and one.dropping is None]
        _choose(self.fields["promise"], [one.promise for one in open_ones])


class RevisedForm(WordingForm, CameForm):
    """A promise that was sent back, or that was entered from paper and is a draft, as the unit words it now."""

    promise = forms.TypedChoiceField(label=_("Which promise?"))
    field_order = ("promise", "what", "standard", "checked_by", "for_whom", "due_on", "evidence", "aim", "piece")

    def __init__(self, *args: Any, unit: Organisation, cycle: Cycle, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choose(self.fields["promise"], commitments.promises_to_reword_for(cycle, unit, clock.today()))


class TakenOffForm(CameForm):
    """A promise that a clerk entered twice or wrongly, and why it comes off."""

    promise = forms.TypedChoiceField(label=_("Which promise was entered twice or wrongly?"))
    reason = ReasonField(
        max_length=200,
        help_text=_(
            "The unit reads it, with the promise, and may object. Of a promise given on the spot everybody reads it. What the unit wrote "
            "itself is not listed, nor what somebody has already said something of."
        ),
    )
    field_order = ("promise", "reason")

    def __init__(self, *args: Any, unit: Organisation, cycle: Cycle, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["came_how"].label = _("How did you learn of it?")
        _choose(self.fields["promise"], commitments.promises_entered_for(cycle, unit, clock.today()))


def _choose(field: Any, rows: list[Promise]) -> None:
    """A field that chooses one of these promises."""
    known = {str(row.pk): row for row in rows}
    field.choices = [(pk, row.what) for pk, row in known.items()]
    field.coerce = known.get


class ProposalForm(CameForm):
    """That the unit proposes what is written: nothing of its own is to be said."""


class OfPromiseForm(CameForm):
    """Something about one of the unit's published promises, of cycles that are under way: of others nothing more is said."""

    promise = forms.TypedChoiceField(label=_("About which promise?"))

    def __init__(self, *args: Any, unit: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        groups = commitments.published_promises(unit)
        under_way = [group for group in groups if allows(campaigns.check_under_way, group.cycle)]
        _choose(self.fields["promise"], [line.promise for group in under_way for line in group.lines])


class DoubtsForm(OfPromiseForm):
    """The unit's answer about a promise that people doubt, or that was not kept."""

    text = LongText(label=_("Answer"), max_length=longest(UnitAnswer, "text"), rows=4)
    field_order = ("promise", "text")

    def __init__(self, *args: Any, unit: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, unit=unit, **kwargs)
        published = [line.promise for group in commitments.published_promises(unit) for line in group.lines]
        _choose(self.fields["promise"], [one.promise for one in owing.to_answer(published)])


class SituationForm(CameForm):
    """A report on the situation."""

    title = ShortText(label=pgettext_lazy("of a text", "Title"), max_length=longest(SituationReport, "title"))
    text = LongText(label=_("How things stand"), max_length=longest(SituationReport, "text"), rows=8)
    field_order = ("title", "text")


class OnTheSpotForm(WordingForm, CameForm):
    """A promise that the unit gave on the spot."""

    given_on = forms.DateField(label=_("On which day was it given?"), widget=DayInput(), initial=clock.today)
    field_order = ("what", "standard", "checked_by", "for_whom", "given_on", "due_on", "evidence", "aim", "piece")

    def clean(self) -> dict[str, Any]:
        """What tells of a promise comes no earlier than the promise."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        came_on, given_on = given.get("came_on"), given.get("given_on")
        if came_on and given_on and came_on < given_on:
            self.add_error("came_on", _("On this day the promise had not been given yet. Look at both days once more."))
        return given


class BoardForm(CameForm):
    """A board of promises as it hangs in the village: as many as the rules allow, with a photo of the whole. What is common to all
    comes first. Blocks left empty count for nothing.
    """

    common_first = True

    for_whom = ShortText(label=_("For whom"), max_length=LONGEST_NAME)
    evidence = ShortText(
        label=_("Evidence"),
        max_length=LONGEST_TEXT,
        help_text=_("What the board itself says about it, for example: a photo of each stretch of road."),
    )

    def __init__(
        self,
        *args: Any,
        aims: list[tuple[str, str]],
        pieces: list[CentralWork],
        first: date,
        last: date,
        most: int,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.numbers = range(1, min(most, ON_A_BOARD) + 1)
        photo = self.fields["came_photo"]
        photo.required = True
        photo.help_text = _(
            "Needed here: many promises are typed at once, and the unit compares them with its board. Only the unit and the levels "
            "above see it. Place and device are removed."
        )
        for n in self.numbers:
            self._add_promise(n, first, last)
            if pieces:
                self.fields[f"piece_{n}"] = PieceField(pieces, required=False)
        if aims:
            self.fields["aim"] = forms.ChoiceField(
                label=_("Aim of the campaign that they serve"), choices=[("", "—"), *aims]
            )
        blocks = [f"{name}_{n}" for n in self.numbers for name in PARTS]
        self.order_fields(["came_photo", "came_how", "came_on", "for_whom", "evidence", "aim", *blocks])

    def blocks(self) -> Iterator[tuple[int, bool, list[forms.BoundField]]]:
        """Each promise with its fields, and whether it is open: the first two, and what holds something or is wrong."""
        return blocks_of(self, self.numbers, PARTS)

    def others(self) -> list[forms.BoundField]:
        """What is common to all promises."""
        return others_of(self)

    def _add_promise(self, n: int, first: date, last: date) -> None:
        self.fields[f"what_{n}"] = LongText(
            label=_("Promise %(n)d") % {"n": n}, required=n == 1, max_length=LONGEST_TEXT, rows=2
        )
        self.fields[f"standard_{n}"] = ShortText(
            label=_("Standard"), required=n == 1, max_length=LONGEST_TEXT, help_text=_("How much, how good, how fast.")
        )
        self.fields[f"checked_by_{n}"] = forms.ChoiceField(
            label=_("How could a stranger see that it is kept?"),
            required=n == 1,
            choices=[("", "—"), *Promise.CheckedBy.choices],
        )
        days = DayInput(attrs={"min": first.isoformat(), "max": last.isoformat()})
        self.fields[f"due_on_{n}"] = forms.DateField(label=_("By when"), required=n == 1, widget=days)

    def clean(self) -> dict[str, Any]:
        """The wordings in one list."""
        given = self.cleaned_data
        if self.errors:
            return given
        for_whom, evidence, aim = given.pop("for_whom"), given.pop("evidence"), given.pop("aim", "")
        texts = []
        for n in self.numbers:
            what, standard, checked_by, due_on, piece = (given.pop(f"{name}_{n}", None) for name in PARTS)
            if what and not (standard and checked_by and due_on):
                self.add_error(f"standard_{n}", _("Say how others can see that it is kept, and by when."))
            if what:
                number = piece.number if piece else 0
                checked = checked_by or ""
                texts.append(PromiseText(what, standard, for_whom, due_on, evidence, aim, checked, piece=number))
        return given | {"texts": texts}


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


class PlanForm(BeginForm, CameForm):
    """A plan's draft: title and text."""

    field_order = ("title", "text")


class CommentsForm(CameForm):
    """What people wrote on forms about a plan: each comment with the number of its form and of its paragraph. Of a second comment
    on the same form the number may be left out.
    """

    common_first = of_comments = True

    version = forms.TypedChoiceField(label=_("About which plan?"))
    field_order = ("version", "came_how", "came_on", "came_photo")

    def __init__(self, *args: Any, unit: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = {str(row.pk): row for row in on_paper.versions_on_paper(unit, clock.today())}
        chosen: Any = self.fields["version"]
        words = _("%(plan)s, version %(number)d")
        chosen.choices = [(pk, words % {"plan": row.plan.title, "number": row.number}) for pk, row in known.items()]
        chosen.coerce = known.get
        self.fields["came_how"].label = _("How did it come?")
        self.fields["came_photo"].help_text = _(
            "Only the levels above see it: the unit is not shown whose hand it is. Place and device are removed."
        )
        self.numbers = range(1, ON_A_DESK + 1)
        for n in self.numbers:
            self._add_comment(n)

    def _add_comment(self, n: int) -> None:
        self.fields[f"sheet_{n}"] = ShortText(
            label=_("Number of the form"), required=n == 1, max_length=on_paper.LONGEST_NUMBER
        )
        self.fields[f"place_{n}"] = forms.IntegerField(
            label=_("Paragraph (0: the plan as a whole)"), required=n == 1, min_value=0, max_value=MOST_PARAGRAPHS
        )
        self.fields[f"words_{n}"] = LongText(
            label=_("Comment"), required=n == 1, max_length=LONGEST_REMARK, rows=2, help_text=_("Word for word.")
        )

    def blocks(self) -> Iterator[tuple[int, bool, list[forms.BoundField]]]:
        """Each comment with its fields, and whether it is open."""
        return blocks_of(self, self.numbers, OF_A_COMMENT)

    def others(self) -> list[forms.BoundField]:
        """What is common to all comments."""
        return others_of(self)

    def clean(self) -> dict[str, Any]:
        """The comments in one list, and the day."""
        given, written, sheet = self.cleaned_data, [], ""
        for n in self.numbers:
            number, place, words = (given.pop(f"{name}_{n}", None) for name in OF_A_COMMENT)
            sheet = number or sheet
            if words and place is None and not self.has_error(f"place_{n}"):
                self.add_error(f"place_{n}", _("Write the number of the paragraph, or 0 for the plan as a whole."))
            if number and not words and not self.has_error(f"words_{n}"):
                self.add_error(f"words_{n}", _("Copy what stands on this form, or leave out its number."))
            if words and place is not None:
                written.append(Written(sheet, place, words))
        return given | {"written": written, "handed_in_on": given.get("came_on")}


class ObjectionForm(forms.Form):
    """What is not as the unit handed it in."""

    objection = LongText(label=_("What differs from what you handed in?"), max_length=500, rows=3)


class SettlementForm(forms.Form):
    """What was done about it."""

    settlement = LongText(label=_("What was done about it?"), max_length=500, rows=3)

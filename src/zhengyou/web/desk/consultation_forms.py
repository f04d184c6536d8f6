"""The desk's forms about plans: beginning, paragraphs, days, answers, the adoption."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from zhengyou.base.texts import longest
from zhengyou.consultation import rules
from zhengyou.consultation.models import ParagraphFate, ParagraphWording, Plan, PlanRemark, PlanResponse
from zhengyou.organisations.vocabulary import worded
from zhengyou.web.shared import clock
from zhengyou.web.shared.fields import DayInput, LongText, ShortText, SureField, Ticket
from zhengyou.web.shared.naming_question import AsksAboutNames

SEVERAL = _("An empty line, or a line that begins with a number, begins a new paragraph.")
TEXT = longest(ParagraphWording, "text") or 0
WORDS_OF_A_CHOICE = 40


class BeginForm(forms.Form):
    """Title and pasted text of a new plan."""

    ticket = Ticket()
    title = ShortText(label=_("Title of the plan"), max_length=longest(Plan, "title"))
    text = LongText(label=_("Text"), max_length=TEXT * 100, rows=14, help_text=SEVERAL)


class AddForm(forms.Form):
    """New paragraphs."""

    text = LongText(label=_("New text"), max_length=TEXT * 100, rows=8, help_text=SEVERAL)


class ParagraphForm(forms.Form):
    """A paragraph's wording."""

    text = LongText(
        label=_("Text of this paragraph"),
        max_length=TEXT,
        rows=8,
        help_text=_(
            "An empty line splits it there. The first part remains this paragraph; comments go with all parts."
        ),
    )


class RemoveForm(forms.Form):
    """Why a paragraph leaves the text."""

    because = ShortText(
        label=_("Why is it taken out?"),
        max_length=longest(ParagraphFate, "because"),
        required=False,
        help_text=_("Needed where people have read it: everybody sees the reason in its place."),
    )


class PublishForm(forms.Form):
    """The days of the first version."""

    members_from = forms.DateField(label="", widget=DayInput)
    public_from = forms.DateField(label=_("Everybody reads it from"), widget=DayInput)
    open_until = forms.DateField(
        label=_("Last day for comments"),
        widget=DayInput,
        help_text=_("Everybody has at least 7 days, including this one."),
    )
    sure = SureField(_("Publish it. From then on the text of this version cannot be changed."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        day = clock.today()
        days = {"members_from": day, "public_from": day + timedelta(days=3), "open_until": day + timedelta(days=16)}
        super().__init__(*args, **{"initial": days} | kwargs)
        self.fields["members_from"].label = worded(_("The %(members)s read it from"))


class PublishNextForm(forms.Form):
    """Whether remarks are taken on a next version, and how long."""

    open_until = forms.DateField(
        label=_("Last day for comments on this version"),
        widget=DayInput,
        required=False,
        help_text=_(
            "At least 7 days from today. If you leave it empty, no more comments are taken; this works "
            "after the last day of the version before."
        ),
    )
    sure = SureField(_("Publish it. From then on the text of this version cannot be changed."))


class ProlongForm(forms.Form):
    """A later last day."""

    open_until = forms.DateField(label=_("New last day for comments"), widget=DayInput)


class SetAsideForm(forms.Form):
    """Whether a next version is set aside."""

    sure = SureField(_("Set aside the version being written. Its text remains only in the journal."))


class AdoptForm(forms.Form):
    """Who adopted the plan, and when."""

    body = ShortText(
        label=_("Which body adopted it?"),
        max_length=longest(Plan, "adopted_by_body"),
        help_text=_("For example the meeting or the board, by its full name."),
    )
    adopted_on = forms.DateField(label=_("Day of the adoption"), widget=DayInput, initial=clock.today)
    sure = SureField(_("Publish the adoption. After that, nothing in this plan changes."))


class ResponseForm(AsksAboutNames):
    """What became of one remark or of several, in which paragraphs, and why; and an answer to what single ones added."""

    asks_about = ("text",)
    ticket = Ticket()
    outcome = forms.ChoiceField(
        label=_("What becomes of it?"), choices=PlanResponse.Outcome.choices, widget=forms.RadioSelect
    )
    paragraphs = forms.TypedMultipleChoiceField(
        label=_("Paragraphs that change because of it"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "picked"}),
        help_text=_(
            "Needed for what is taken up. Before the adoption is entered, at least one of them must really "
            "have changed."
        ),
    )
    text = LongText(
        label=_("Answer"),
        max_length=longest(PlanResponse, "text"),
        rows=4,
        help_text=_("Everybody sees it below the comment: what changes, or why nothing does."),
    )

    def __init__(self, *args: Any, wordings: list[ParagraphWording], own: list[PlanRemark], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["paragraphs"].choices = [  # type: ignore[attr-defined]
            (one.paragraph_id, f"{one.place} · {Truncator(one.text).chars(WORDS_OF_A_CHOICE)}")
            for one in wordings
            if one.place
        ]
        for one in own[: rules.TOGETHER]:
            self.fields[f"own-{one.pk}"] = LongText(
                label=_("Answer to what comment %(number)d added") % {"number": one.remark_id},
                max_length=longest(PlanRemark, "own_answer"),
                rows=2,
                required=False,
                help_text=one.remark.words,
            )

    def more(self, cleaned: dict[str, Any]) -> str:
        """The answers to what single ones added."""
        return "\n".join(str(text) for name, text in cleaned.items() if name.startswith("own-"))

    def clean(self) -> dict[str, Any]:
        """The data as the deed takes it."""
        given = super().clean()
        own = {int(name.removeprefix("own-")): given.pop(name) for name in list(given) if name.startswith("own-")}
        paragraphs = given.pop("paragraphs", [])
        return given | {"paragraph_ids": paragraphs, "own_answers": own}

"""Forms about how promises end: an answer in public, a decision, a doubt upheld, an inherited promise dropped."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from zhengyou.base.texts import longest
from zhengyou.commitments.models import CitizenAnswer, Promise, PromiseReview
from zhengyou.commitments.rules import Opinion
from zhengyou.keeping.models import Dropping, PromiseDecision, UnitAnswer, Upholding
from zhengyou.web.shared.fields import LongText, OpinionField, ReasonField, SureField, Ticket, YesOrNoField
from zhengyou.web.shared.naming_question import AsksAboutNames


class UnitAnswerForm(AsksAboutNames):
    """What the unit answers, for everybody."""

    asks_about = ("text",)
    ticket = Ticket()
    text = LongText(
        label=_("Your answer"),
        max_length=longest(UnitAnswer, "text"),
        rows=6,
        help_text=_(
            "Say what is true of it, and what happens next and by when. Everybody can read it, and it "
            "cannot be changed."
        ),
    )


class DecisionForm(forms.Form):
    """How the level above decides, of the decisions that are open, and why."""

    ticket = Ticket()
    decision = forms.ChoiceField(label=_("Your decision"), widget=forms.RadioSelect)
    reason = ReasonField(max_length=longest(PromiseDecision, "reason"))

    def __init__(self, *args: Any, open_ones: tuple[str, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = dict(Promise.Decision.choices)
        chosen: Any = self.fields["decision"]
        chosen.choices = [(one, DECISIONS.get(one, words[one])) for one in open_ones]


DECISIONS: dict[str, Any] = {
    Promise.Decision.KEPT: _("kept"),
    Promise.Decision.MOSTLY: _("mostly kept"),
    Promise.Decision.NOT_KEPT: _("not kept"),
    Promise.Decision.NOTHING_SHOWN: _("nothing shown"),
}


class UpholdForm(forms.Form):
    """Which of the answers that doubt is right, and what was found."""

    answer = forms.TypedChoiceField(label=_("Which answer is right?"), widget=forms.RadioSelect)
    reason = ReasonField(label=_("What you found"), max_length=longest(Upholding, "reason"))

    def __init__(self, *args: Any, answers: list[CitizenAnswer], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = {str(row.pk): row for row in answers}
        chosen: Any = self.fields["answer"]
        chosen.choices = [
            (pk, f"{row.get_mark_display()} · {row.remark.words[:120] or _('a photo')}") for pk, row in known.items()
        ]
        chosen.coerce = known.get


class LookForm(forms.Form):
    """What the level above thinks of a promise given on the spot."""

    agrees = YesOrNoField(
        label=_("What do you think of it?"), yes=("agree", _("agree")), no=("object", _("I see it differently"))
    )
    words = OpinionField(
        max_length=longest(PromiseReview, "opinion"),
        help_text=_("Needed if you see it differently. Everybody can read it beside the promise."),
    )

    def clean(self) -> dict[str, Any]:
        """The opinion in one piece."""
        given = self.cleaned_data
        if self.errors:
            return given
        return {"opinion": Opinion(given["agrees"], given["words"])}


class DropForm(forms.Form):
    """Why an inherited promise is dropped."""

    reason = ReasonField(label=_("Why you no longer promise this"), max_length=longest(Dropping, "reason"))
    sure = SureField(_("Ask the level above to let us drop this promise, with this reason in public."))


class DroppingForm(forms.Form):
    """Whether the level above consents."""

    consents = YesOrNoField(
        label=_("May it be dropped?"), yes=("yes", _("yes, it is dropped")), no=("no", _("no, it is to be kept"))
    )
    opinion = OpinionField(max_length=longest(Dropping, "opinion"), help_text=_("Needed if it is to be kept: why."))

    def __init__(self, *args: Any, is_taken_over: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_taken_over:  # then only one of the two answers is left
            consents: Any = self.fields["consents"]
            consents.choices = consents.choices[1:]

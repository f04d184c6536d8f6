"""The forms of reporters: the report, the code, and what the page of one's own case offers."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhengyou.base.texts import longest
from zhengyou.campaigns.models import Cycle
from zhengyou.cases import pausing, reporting, setting_aside
from zhengyou.cases.computing.reaching import holds_a_phone
from zhengyou.cases.computing.ringing import blacked_out
from zhengyou.cases.models import Case, CaseStep
from zhengyou.organisations.models import Organisation
from zhengyou.organisations.vocabulary import worded
from zhengyou.web.shared import case_words
from zhengyou.web.shared.fields import PhotoField
from zhengyou.web.shared.public_writing import Line, PublicForm, Words

LONGEST_STEP = longest(CaseStep, "words") or 0
GUARDED_PHOTO = _(
    "Only the two people who read your report see it. Place, time and device are removed from the "
    "file, but not what the picture itself shows."
)
CHOOSE_KIND = _("Choose a kind, so that we know what it is about.")
CHOOSE_VERDICT = _("Choose one of the three answers.")
CHOOSE_NEXT = _("Choose whether it goes on or is closed.")


class ReportForm(PublicForm):
    """A report about a unit. Nothing is chosen beforehand, and nothing needs a name."""

    kind = forms.ChoiceField(
        label=_("What is it about?"),
        widget=forms.RadioSelect,
        error_messages={"required": CHOOSE_KIND, "invalid_choice": CHOOSE_KIND},
    )
    words = Words(
        label=pgettext_lazy("report", "What happened"),
        required=False,
        most=longest(Case, "words") or 0,
        rows=6,
        help_text=_(
            "Write it here, or leave it empty and give your contact details below. At most 2,000 "
            "characters. The unit reads it only if you let everybody read it."
        ),
    )
    place = Line(label=_("Where"), required=False, most=longest(Case, "place") or 0)
    happened = Line(
        label=_("When"),
        required=False,
        most=longest(Case, "happened") or 0,
        help_text=_("In your own words. The unit is not told the hour."),
    )
    contact = Line(
        label=_("How to reach you"),
        required=False,
        most=longest(Case, "contact") or 0,
        help_text=_("Leave it empty to stay unknown. Whoever reads your report reads this too; the unit never does."),
    )
    may_show = forms.BooleanField(
        label=worded(_("Everybody, the unit too, may read my words, once somebody in the %(office)s has read them")),
        required=False,
    )
    others = Line(label=_("Other words to black out, separated by spaces"), required=False, most=300)
    photo = PhotoField(
        help_text=worded(_("Only the %(office)s sees it. Place, time and device are removed from the file."))
    )
    field_order = ("kind", "words", "place", "happened", "contact", "may_show")

    def __init__(self, request: HttpRequest, unit: Organisation, cycle: Cycle) -> None:
        super().__init__(request, about=unit.reference)
        self.fields["kind"].choices = case_words.kinds_explained(cycle)  # type: ignore[attr-defined]

    def go_around(self) -> None:
        """Say who reads what goes around its target."""
        self["photo"].help_text = GUARDED_PHOTO  # the field was bound when the form was judged

    @property
    def first(self) -> list[Any]:
        """What is asked on the first page; the rest belongs to the preview."""
        return [self[name] for name in self.field_order]


def kept_of(form: ReportForm, texts: dict[str, str], *, is_guarded: bool) -> list[tuple[Any, str, Any]]:
    """What is kept beside the words, as it was typed, each with its label and who reads it: so that a wrong number is seen in time."""
    reads = _("Read by the two named people alone.") if is_guarded else worded(_("Read by the %(office)s alone."))
    calls = (
        reads
        if holds_a_phone(texts["contact"])
        else _("It contains no phone number, so answers can be read only with the code.")
    )
    says = {"place": reads, "happened": reads, "contact": calls}
    return [(form[name].label, texts[name], who) for name, who in says.items() if texts[name]]


class CodeForm(PublicForm):
    """The code that was shown when a report was received."""

    code = Line(label=_("Your case code"), most=40)

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request, about="cases")
        self.fields["code"].widget.attrs |= {"autocapitalize": "characters", "spellcheck": "false"}


class MessageForm(forms.Form):
    """A message to the office."""

    words = Words(
        label=worded(_("Message to the %(office)s")),
        most=LONGEST_STEP,
        rows=3,
        help_text=_("The unit does not read it."),
        error_messages={"required": _("Write the message.")},
    )


class GuardedMessageForm(MessageForm):
    """A message to the two people who read what goes around its target."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.fields["words"].label = _("Message to the two people who read your report")
        self.fields["words"].help_text = worded(_("Nobody else reads it, neither the %(office)s nor the unit."))


class ReopenForm(forms.Form):
    """Why a closed case is opened again."""

    words = Words(
        label=_("What is still not right"),
        most=LONGEST_STEP,
        rows=3,
        error_messages={"required": worded(_("Say what is still not right. The %(office)s will read it."))},
    )


class ReporterWordForm(forms.Form):
    """The reporter's own verdict, and what comes next. Neither is chosen beforehand."""

    verdict = forms.ChoiceField(
        label=_("How is it now?"),
        choices=list(case_words.VERDICTS.items()),
        widget=forms.RadioSelect,
        error_messages={"required": CHOOSE_VERDICT, "invalid_choice": CHOOSE_VERDICT},
    )
    goes_on = forms.TypedChoiceField(
        label=_("What comes next?"),
        choices=[("no", _("Close the case")), ("yes", _("Let it go on"))],
        coerce=lambda said: said == "yes",
        widget=forms.RadioSelect,
        error_messages={"required": CHOOSE_NEXT, "invalid_choice": CHOOSE_NEXT},
    )
    words = Words(
        label=_("What you want to say about it"),
        required=False,
        most=LONGEST_STEP,
        rows=3,
        help_text=worded(_("Only the %(office)s reads this. Your answer above is for everybody.")),
    )


class BlackForm(forms.Form):
    """What else of one's words is blacked out, and whether they are shown at all."""

    others = Line(label=_("Other words to black out, separated by spaces"), required=False, most=300)
    hides = forms.BooleanField(label=_("Do not show my words any more"), required=False)


class NoForm(forms.Form):
    """A press that asks nothing: taking back how one is reached, saying that nobody called, or that one is a person."""


def _black_out(case: Case, *, at: Any, tapped: list[str], others: str, hides: bool) -> None:
    words = blacked_out(case.public_words, tapped, others)
    reporting.black_out(case=case, public_words=words, may_show=case.may_show and not hides, at=at)


def _message(case: Case, *, at: Any, words: str, **_more: Any) -> None:
    reporting.write_as_reporter(case=case, words=words, at=at)


def _verdict(case: Case, *, at: Any, tapped: list[str], **given: Any) -> None:
    reporting.give_verdict(case=case, at=at, **given)


def _reopen(case: Case, *, at: Any, words: str, **_more: Any) -> None:
    reporting.reopen_case(case=case, words=words, at=at)


def _contact(case: Case, *, at: Any, **_more: Any) -> None:
    reporting.take_back_contact(case=case, at=at)


def _person(case: Case, *, at: Any, **_more: Any) -> None:
    setting_aside.say_is_person(case=case, at=at)


def _around(case: Case, *, at: Any, **_more: Any) -> None:
    reporting.go_around(case=case, at=at)


def _uncalled(case: Case, *, at: Any, **_more: Any) -> None:
    pausing.deny_call(case=case, at=at)


SAID = _("Sent. Tomorrow it stands beside what the unit says: not today, so that the unit does not learn the hour.")
REOPENED = _(
    "Opened again. The unit learns it tomorrow, so that it does not learn the hour, and its time limit starts anew."
)
ACTS: dict[str, tuple[type[forms.Form], Callable[..., None], Any]] = {
    "message": (MessageForm, _message, _("Sent. The answer will appear here.")),
    "verdict": (ReporterWordForm, _verdict, SAID),
    "reopen": (ReopenForm, _reopen, REOPENED),
    "black": (BlackForm, _black_out, _("Blacked out.")),
    "contact": (NoForm, _contact, _("Your contact details are deleted.")),
    "person": (NoForm, _person, _("Your report is back in the list, and somebody will look at it.")),
    "around": (
        NoForm,
        _around,
        worded(_("It now goes around the unit: two people named for this read it instead of the %(office)s.")),
    ),
    "uncalled": (NoForm, _uncalled, _("Your word is shown beside theirs, and their time limit runs on.")),
}

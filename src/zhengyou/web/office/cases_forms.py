"""The forms of the office about cases: assigning, the target's text, calling back, pausing, a report by telephone, two readers."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from zhengyou.base.refusals import reason_against
from zhengyou.base.texts import longest
from zhengyou.cases import giving_rules, own_words, pausing_rules, queries, rules
from zhengyou.cases.models import Case, CaseStep
from zhengyou.organisations.importing.workbooks import LARGEST
from zhengyou.organisations.vocabulary import worded
from zhengyou.web.shared import case_words, clock
from zhengyou.web.shared.fields import DayInput, LongText, OrganisationField, PersonField, ShortText, SureField
from zhengyou.web.shared.lists import numbers_in
from zhengyou.web.shared.naming_question import REPEATS, AsksAboutNames

TEXT = _("What the unit reads")
TEXT_HELP = _("In your own words: no name, no hour, no turn of phrase by which the unit could know who reported it.")
SHOWS = _("I have read the words that everybody may read, and they can be shown")
TODAY = _(
    "It came today, so a unit can get it from tomorrow on: a unit with few visitors would know from the day who was there. "
    "If somebody is in danger, telephone."
)


def _words(label: Any, help_text: Any) -> LongText:
    return LongText(label=label, max_length=longest(CaseStep, "words"), rows=4, help_text=help_text)


class CaseForm(forms.Form):
    """A form about one case."""

    def __init__(self, data: Any, case: Case) -> None:
        super().__init__(data)
        self.case = case


class ForEverybodyForm(AsksAboutNames, CaseForm):
    """A form whose words everybody reads: neither a copy of the report, nor a number, nor a name that need not be there."""

    def refused(self, cleaned: dict[str, Any]) -> Iterator[tuple[str, str]]:
        """What copies the report or tells of somebody."""
        for sentence in own_words.reasons_against_saying(self.case, cleaned.get("words", "")):
            yield "words", sentence

    def turns(self, cleaned: dict[str, Any]) -> Iterator[str]:
        """Turns of phrase of the report, which the office has before it."""
        yield own_words.turn_of_phrase(self.case, cleaned.get("words", ""))


class TextForm(AsksAboutNames, CaseForm):
    """The text that the unit reads, whether the reporter's words may be shown, which are asked about like the office's own, and, where
    the text repeats words of the report, whether it has to.
    """

    asks_about = ("target_text",)
    target_text = LongText(label=TEXT, max_length=longest(Case, "target_text"), rows=4, help_text=TEXT_HELP)
    who_reads: Any = _("Better without a name: the unit keeps this text, and a name does not make it clearer.")
    repeats = forms.BooleanField(label=REPEATS, required=False)
    shows = forms.BooleanField(label=SHOWS, required=False)

    def __init__(self, data: Any, case: Case) -> None:
        if data and data.get("shows"):
            self.who_reads = AsksAboutNames.who_reads
        super().__init__(data, case)
        text = data.get("target_text", "") if data else ""
        if not own_words.repeated_of(case, own_words.beside_copies(case, text)):
            del self.fields["repeats"]

    def more(self, cleaned: dict[str, Any]) -> str:
        """The words as everybody would read them."""
        return self.case.public_words if cleaned.get("shows") and not self.case.is_shown else ""

    def refused(self, cleaned: dict[str, Any]) -> Iterator[tuple[str, str]]:
        """What its reporter wrote as well, a number, and words that cannot be shown yet."""
        text, is_meant = cleaned.get("target_text", ""), bool(cleaned.get("repeats"))
        for sentence in own_words.reasons_against_text(self.case, text, is_meant=is_meant) if text else []:
            yield "target_text", sentence
        if cleaned.get("shows"):
            yield "shows", reason_against(giving_rules.check_may_be_shown, self.case)


NEXT_ONE = _("What stands here now is the next report.")


class AssignForm(TextForm):
    """To which unit, what it reads, and whether the reporter's words may be shown."""

    to = OrganisationField(label=_("Unit"))
    stays = forms.BooleanField(
        label=_("I have read it, and it does not go around the unit"),
        required=False,
        help_text=_(
            "It seems to be about money, gifts, threats or violence. What is about misconduct goes around the unit: correct its "
            "kind instead, and only two named people read it."
        ),
    )
    field_order = ("to", "target_text", "repeats", "stays")

    def __init__(self, data: Any, case: Case) -> None:
        super().__init__(data, case)
        if not giving_rules.seems_grave(case):
            del self.fields["stays"]
        self.fields["to"].initial = case.unit
        self.fields["target_text"].initial = rules.plain_text(case)
        if case.received_on == clock.today():
            self.fields["to"].help_text = TODAY
        if not case.may_show:
            del self.fields["shows"]

    def refused(self, cleaned: dict[str, Any]) -> Iterator[tuple[str, str]]:
        """Also a unit that cannot get it, and grave words that nobody looked at."""
        yield from super().refused(cleaned)
        if "to" in cleaned:
            yield "to", reason_against(rules.check_may_get, self.case, cleaned["to"])
        if not cleaned.pop("stays", True):
            yield "stays", str(_("Read it first: correct its kind if it is about misconduct, or tick this."))


class RewordForm(TextForm):
    """The target's text anew, and whether the reporter's words are shown."""

    def __init__(self, data: Any, case: Case) -> None:
        super().__init__(data, case)
        self.fields["target_text"].initial = giving_rules.text_read(case)
        self.fields["shows"].initial = case.is_shown
        if not case.may_show:
            del self.fields["shows"]


class KindForm(ForEverybodyForm):
    """Another kind; once a unit has the case, with the reason."""

    kind = forms.ChoiceField(label=_("Kind"), widget=forms.RadioSelect)
    words = _words(
        _("Why it is another kind"),
        _(
            "Everybody can read it, for ever: name nobody. If it goes around the unit it is about, only its reporter and the two "
            "people read it."
        ),
    )
    sure = SureField(
        _("What goes around the unit it is about is gone from here at once, and only two named people read it")
    )

    def __init__(self, data: Any, case: Case) -> None:
        super().__init__(data, case)
        self.fields["kind"].choices = case_words.kinds_of(case.cycle)  # type: ignore[attr-defined]
        self.fields["kind"].initial = case.kind
        if not case.number:
            del self.fields["words"]
        kind = str(data.get("kind", "")) if data else ""
        if kind in dict(case_words.kinds_of(case.cycle)) and not rules.is_guarded_kind(case.cycle, kind):
            self.fields["sure"].required = False  # nothing happens of what it says

    def refused(self, cleaned: dict[str, Any]) -> Iterator[tuple[str, str]]:
        """The kind that it has, and a reason that copies a report or tells of somebody."""
        yield "kind", reason_against(giving_rules.check_is_another_kind, self.case, cleaned.get("kind", ""))
        yield from super().refused(cleaned)


class LetGoForm(forms.Form):
    """Nothing but the question."""

    sure = SureField(
        _("From then on this person can read none of these reports, and named again only those that come later")
    )


class CallForm(CaseForm):
    """What was said when the reporter was called back."""

    words = _words(_("What was said"), _("The reporter reads it by the code; the unit does not."))


class MessageForm(CaseForm):
    """A message to the reporter."""

    words = _words(_("Message to the reporter"), _("Found with the code. Ask for nothing that would show who it is."))


class SameMessageForm(forms.Form):
    """One message to several reporters."""

    words = _words(
        _("Message to each reporter"),
        _("Found with the code. For reporters who left no phone number, the first message is the call-back."),
    )


class PauseForm(ForEverybodyForm):
    """What the work waits for, and until when at the latest; where the unit asked, its reason stands there already."""

    why = forms.ChoiceField(
        label=_("What the work waits for"), choices=list(case_words.PAUSE_WHYS.items()), widget=forms.RadioSelect
    )
    words = _words(_("Why the time limit is paused"), _("Everybody can read it, for good: name nobody."))
    until_on = forms.DateField(label=_("Last day of the pause"), widget=DayInput)

    def __init__(self, data: Any, case: Case) -> None:
        super().__init__(data, case)
        last = date_format(pausing_rules.last_day_of_pause(case, clock.today()))
        self.fields["until_on"].help_text = _(
            "%(day)s at the latest; then the time limit starts running again by itself. If more is needed, "
            "pause it again. All pauses are counted in public."
        ) % {"day": last}
        if asked := queries.pause_asked(case):
            self.fields["why"].initial, self.fields["words"].initial = asked.why, asked.words

    def refused(self, cleaned: dict[str, Any]) -> Iterator[tuple[str, str]]:
        """Also a day that is too far."""
        yield from super().refused(cleaned)
        if until_on := cleaned.get("until_on"):
            on, steps = clock.today(), queries.steps_of(self.case)
            yield "until_on", reason_against(pausing_rules.check_until, self.case, until_on, on)
            yield "until_on", reason_against(pausing_rules.check_stands_not_too_long, self.case, steps, until_on, on)


class DenyForm(ForEverybodyForm):
    """Why the time limit runs on though the unit asked."""

    words = _words(_("Why the time limit runs on"), _("Everybody can read it, for good: name nobody."))


class HotlineForm(forms.Form):
    """The table of a hotline."""

    file = forms.FileField(
        label=_("Table"),
        help_text=_(
            "A workbook or CSV file with columns for the number (工单编号), the unit (承办单位) and what was reported (诉求内容);"
            " if there are, for kind, contact, place and time."
        ),
    )

    def clean_file(self) -> bytes:
        """What the file holds."""
        return bytes(self.cleaned_data["file"].read(LARGEST + 1))


PARTS = _("Only these words")


class BlackWordsForm(CaseForm):
    """Which words of a report that everybody reads are blacked out, and why."""

    parts = ShortText(label=PARTS, max_length=300, help_text=_("Exactly as they appear there, separated by spaces."))
    why = forms.ChoiceField(
        label=_("Why they are blacked out"),
        choices=list(case_words.HIDDEN.items()),
        widget=forms.RadioSelect,
        help_text=worded(_("Everybody reads that the %(office)s did it, and why; its reporter as well.")),
    )
    sure = SureField(_("They are black for good"))


class HideForm(forms.Form):
    """Why public words are hidden, and whether all of them."""

    parts = ShortText(
        label=PARTS,
        max_length=300,
        required=False,
        help_text=_(
            "Exactly as they appear there, separated by spaces: they are blacked out, and the rest stays. Leave it empty to hide all."
        ),
    )
    why = forms.ChoiceField(
        label=_("Why they are hidden"),
        choices=list(case_words.HIDDEN.items()),
        widget=forms.RadioSelect,
        help_text=worded(_("It stands in place of the words, and everybody reads that the %(office)s hid them.")),
    )
    sure = SureField(_("They are hidden for good, here and in the public entries"))


class ReaderForm(forms.Form):
    """Whom the office names to read what goes around its target."""

    person = PersonField(label=_("Person"))


class ByKindForm(forms.Form):
    """Nothing but the question."""

    sure = SureField(_("Each unit reads the kind of its report and nothing else, and its time limit begins today"))


class TogetherForm(forms.Form):
    """Which cases, and what is done with them."""

    deed = forms.ChoiceField(choices=[("close", "close")])
    row = forms.TypedMultipleChoiceField(
        coerce=int, error_messages={"required": _("Tick at least one line, then press the button again.")}
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        self.fields["row"].choices = numbers_in(data, "row")  # type: ignore[attr-defined]

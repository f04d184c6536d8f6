"""The forms of polls: times, sheet, questions, pools, scrutineers, a later closing time, a reason."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from zhengyou.base.words import in_readers_words, line_of_names, names_of_line
from zhengyou.campaigns.calendar import Calendar
from zhengyou.campaigns.ruleset import JointGroup, Purpose, RaterGroup
from zhengyou.organisations import queries as organisations
from zhengyou.organisations.importing.workbooks import LARGEST
from zhengyou.organisations.models import Organisation, Person
from zhengyou.organisations.rules import WorkbookRefused
from zhengyou.organisations.vocabulary import worded
from zhengyou.polls.models import LONGEST_QUESTION, LONGEST_REASON
from zhengyou.polls.queries import QuestionWithOptions
from zhengyou.polls.rules import Asked, Choice, Invited, PollRefused, check_times
from zhengyou.templatetags.days import day
from zhengyou.web.office.guests_reading import guests_of_file, pasted_guests
from zhengyou.web.shared import clock
from zhengyou.web.shared.fields import (
    NOBODY,
    InstantInput,
    LongText,
    OrganisationField,
    ReasonField,
    ShortText,
    Ticket,
    names_in,
)
from zhengyou.web.shared.question_words import GOOD_FOR, KINDS, METHODS, Kind, Method
from zhengyou.web.shared.which_one import pieces_of


class TimesForm(forms.Form):
    """The window of a poll."""

    opens_at = forms.DateTimeField(label=_("Opens at"), widget=InstantInput())
    closes_at = forms.DateTimeField(label=_("Closes at"), widget=InstantInput())

    def __init__(self, *args: Any, calendar: Calendar, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if window := calendar.window(Purpose.APPRAISE):
            self.fields["opens_at"].help_text = _("The stage for appraisals runs from %(first)s to %(last)s.") % {
                "first": day(window.opens_on),
                "last": day(window.closes_on),
            }

    def clean(self) -> dict[str, Any]:
        """Times in the wrong order are told with everything else that is wrong, and not once the rest is right."""
        given = super().clean() or self.cleaned_data
        if given.get("opens_at") and given.get("closes_at"):
            try:
                check_times(given["opens_at"], given["closes_at"], clock.now())
            except PollRefused as refusal:
                self.add_error("closes_at", str(refusal))
        return given


class PollForm(TimesForm):
    """Name, sheet and window of a poll."""

    field_order = ("ticket", "name_zh", "name_en", "parent", "codes", "is_of_questions", "opens_at", "closes_at")
    ticket = Ticket()
    name_zh = ShortText(label=_("Name in Chinese"), max_length=120)
    name_en = ShortText(label=_("Name in English"), max_length=120, required=False)
    parent = OrganisationField(label=_("Units on the sheet: those directly below"), required=False)
    codes = ShortText(
        label=_("Or single units: their codes, one a line"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    is_of_questions = forms.BooleanField(
        label=_("No unit is graded: the sheet has questions only"),
        help_text=_("Questions let people put options in order or approve them. They are added on the next page."),
        required=False,
    )

    def __init__(self, *args: Any, calendar: Calendar, **kwargs: Any) -> None:
        super().__init__(*args, calendar=calendar, **kwargs)
        parent: Any = self.fields["parent"]
        parent.within = calendar.cycle.campaign.organisation
        parent.may_wait = True  # one of the three is needed, so that none is called optional
        self.fields["codes"].may_wait = True  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Find the organisations; a code that is nobody's is named."""
        given = super().clean() or self.cleaned_data
        chosen, unknown = _by_code(given.get("codes", ""))
        if unknown:
            self.add_error("codes", _("No unit has the code %(code)s.") % {"code": unknown})
        if not chosen and given.get("parent"):
            chosen = organisations.children(given["parent"])
            if not chosen and not given.get("is_of_questions"):
                self.add_error("parent", _("Nothing lies directly below this unit. Choose one above it."))
        if chosen and given.get("is_of_questions"):
            self.add_error("is_of_questions", _("Units are chosen above. Untick this, or leave them out."))
        if not chosen and not given.get("is_of_questions") and not {"parent", "codes"} & set(self.errors):
            self.add_error("parent", worded(_("Choose a unit, or name units below, each by %(unit_code)s.")))
        if self.errors:
            return given
        times = {name: given[name] for name in ("opens_at", "closes_at")}
        return {"name": names_in(given), "organisations": chosen, "ticket": given["ticket"], **times}


class QuestionForm(forms.Form):
    """A question of the sheet: its text, how it is answered and counted, its options from the tree and by hand."""

    text_zh = ShortText(label=_("Question in Chinese"), max_length=LONGEST_QUESTION)
    text_en = ShortText(label=_("Question in English"), max_length=LONGEST_QUESTION, required=False)
    kind = forms.ChoiceField(
        label=_("How people answer"), choices=list(KINDS.items()), initial=Kind.RANKING, widget=forms.RadioSelect
    )
    method = forms.ChoiceField(
        label=_("How an order is counted"),
        help_text=_(
            "For approvals there is nothing to choose: they are counted. The method is frozen when the appraisal opens."
        ),
        initial=Method.SCHULZE,
        widget=forms.RadioSelect,
    )
    parent = OrganisationField(label=_("Options: the units directly below"), required=False)
    codes = ShortText(
        label=_("Or single units: their codes, one a line"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    typed = LongText(
        label=_("Options typed by hand, one a line"),
        help_text=_("Chinese and English with | between them: 文明窗口 | Model window. Without | both are the same."),
        required=False,
        max_length=4000,
    )

    def __init__(self, *args: Any, top: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parent"].within = top  # type: ignore[attr-defined]
        methods: Any = self.fields["method"]
        methods.choices = [
            (method, format_lazy("{} — {}", METHODS[method], GOOD_FOR[method]))
            for method in (Method.SCHULZE, Method.BORDA)
        ]

    def clean(self) -> dict[str, Any]:
        """The question as it is asked for; a code that is nobody's is named."""
        given = super().clean() or self.cleaned_data
        chosen, unknown = _by_code(given.get("codes", ""))
        if unknown:
            self.add_error("codes", _("No unit has the code %(code)s.") % {"code": unknown})
        if self.errors:
            return given
        if not chosen and given.get("parent"):
            chosen = organisations.children(given["parent"])
        typed = [names_of_line(line) for line in given["typed"].splitlines() if line.strip()]
        choices = [Choice({"zh-hans": unit.name, "en": unit.name}, unit) for unit in chosen]
        kind, method = given["kind"], given["method"]
        asked = Asked(
            kind=kind,
            method=Method.APPROVALS if kind == Kind.APPROVAL else method,
            text={"zh-hans": given["text_zh"], "en": given["text_en"] or given["text_zh"]},
            choices=(*choices, *map(Choice, typed)),
        )
        return {"asked": asked}

    @staticmethod
    def initial_of(question: QuestionWithOptions) -> dict[str, Any]:
        """What the form shows of a question that is changed."""
        row, options = question.row, question.options
        return {
            "text_zh": row.text["zh-hans"],
            "text_en": row.text["en"],
            "kind": row.kind,
            "method": Method.SCHULZE if row.kind == Kind.APPROVAL else row.method,
            "codes": "\n".join(one.organisation.code for one in options if one.organisation),
            "typed": "\n".join(line_of_names(one.name) for one in options if one.organisation is None),
        }


def _by_code(codes: str) -> tuple[list[Organisation], str]:
    """The organisations with these codes, each once, and the first code that is nobody's."""
    wanted = pieces_of(codes)
    known = organisations.organisations_by_code(wanted)
    unknown = next((code for code in wanted if code not in known), "")
    return [known[code] for code in wanted if code in known], unknown


class PoolForm(forms.Form):
    """A pool of voters: the members of an organisation and all below it, a list of member numbers, or guests."""

    field_order = ("name_zh", "name_en", "rater_group")
    name_zh = ShortText(label=_("Name of the pool in Chinese"), max_length=80)
    name_en = ShortText(label=_("Name of the pool in English"), max_length=80, required=False)
    within = OrganisationField(label=worded(_("%(Members)s of this unit and all below it")), required=False)
    numbers = LongText(
        label=worded(_("Or single people, each by %(member_number)s")),
        required=False,
        max_length=40_000,
        rows=3,
        help_text=_("Separate them with spaces, commas or new lines."),
    )
    guests = LongText(
        label=_("Or guests, one a line: name, contact"),
        required=False,
        max_length=400_000,
        rows=3,
        help_text=_(
            "People who are asked but are not on the list of people: representatives of the public, "
            "patients, parents, users of a service. The contact is used to deliver the letter. Names and "
            "contacts are deleted after the appraisal."
        ),
    )
    guests_file = forms.FileField(
        label=_("Or guests from a workbook"),
        required=False,
        help_text=_("With a column for the name and one for the contact."),
    )

    def __init__(self, *args: Any, groups: Iterable[RaterGroup | JointGroup], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        weights = [(group.id, _group_and_weight(group)) for group in groups]
        if weights:
            self.fields["rater_group"] = forms.ChoiceField(
                label=_("Group of raters, with its weight in the combined score"),
                choices=[("", _("none: shown by itself only")), *weights],
                required=False,
            )
            self.order_fields(self.field_order)

    def clean(self) -> dict[str, Any]:
        """Find the people; a number that is nobody's is named."""
        given = super().clean() or self.cleaned_data
        numbers = pieces_of(given.get("numbers", ""))
        people = organisations.people_by_number(numbers)
        unknown = [number for number in numbers if number not in people]
        if unknown:
            self.add_error("numbers", worded(NOBODY, number=unknown[0]))
        given["people"] = [people[number] for number in numbers if number in people]
        if not numbers and given.get("within"):
            given["people"] = list(organisations.members_of(organisations.subtree(given["within"])))
        guests = self._guests(given)
        if not given["people"] and not guests and not self.errors:
            sentence = worded(_("Choose a unit, or name people by %(member_number)s, or guests, below."))
            self.add_error("within", sentence)
        if self.errors:
            return given
        group = given.get("rater_group", "")
        return {"name": names_in(given), "people": given["people"], "guests": guests, "rater_group": group}

    def _guests(self, given: dict[str, Any]) -> list[Invited]:
        file = given.get("guests_file")
        try:
            in_file = guests_of_file(file.read(LARGEST + 1)) if file else []
        except WorkbookRefused as refusal:
            self.add_error("guests_file", str(refusal))
            in_file = []
        return [*pasted_guests(given.get("guests", "")), *in_file]


def _group_and_weight(group: RaterGroup | JointGroup) -> str:
    """A group as one chooses it. A joint one without a weight of its own has those of its groups together."""
    name = in_readers_words(group.name)
    return f"{name} ({group.weight})" if group.weight else _("%(groups)s, together") % {"groups": name}


class ScrutineerForm(forms.Form):
    """One more scrutineer from outside."""

    person = forms.TypedChoiceField(label=_("Scrutineer"))

    def __init__(self, *args: Any, people: list[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["person"]
        field.choices = [(person.pk, f"{person.name} · {person.number}") for person in people]
        field.coerce = {str(person.pk): person for person in people}.get


class ReasonForm(forms.Form):
    """Why something is done that everybody will read."""

    reason = ReasonField(max_length=LONGEST_REASON)


class VoidForm(ReasonForm):
    """The same for what cannot be undone: beside its button stands the way back."""

    is_final = True


class ExtensionForm(ReasonForm):
    """A later closing time and why."""

    field_order = ("closes_at", "reason")
    closes_at = forms.DateTimeField(label=_("New closing time"), widget=InstantInput())

"""Forms about carriers and demonstration units."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from zhengyou.base.texts import longest
from zhengyou.base.words import in_readers_words, joined
from zhengyou.campaigns.models import Cycle
from zhengyou.carriers.models import Carrier, CarrierYear, DemonstrationUnit
from zhengyou.organisations import queries as organisations
from zhengyou.organisations.models import Organisation, Term
from zhengyou.web.shared import clock
from zhengyou.web.shared.fields import (
    DayInput,
    LongText,
    OrganisationField,
    ReasonField,
    ShortText,
    terms_in_readers_words,
)
from zhengyou.web.shared.which_one import pieces_of


class UnitsField(LongText):
    """Several units by code or exact name, with any marks between them. The clean value is the list of units."""

    within: Organisation | None = None

    def clean(self, value: Any) -> Any:
        """The units; what is none, or could be several, is named."""
        typed = pieces_of(super().clean(value))
        meant = {one: organisations.the_one(one, self.within).one for one in typed}
        unclear = [one for one, row in meant.items() if row is None]
        if unclear:
            raise forms.ValidationError(
                _("These do not point to a single unit: %(names)s. Write the code instead.")
                % {"names": joined(unclear[:10])}
            )
        return list(dict.fromkeys(meant.values()))


class CarrierForm(forms.Form):
    """What a carrier is: it stays the same from cycle to cycle."""

    kind = forms.ChoiceField(label=_("Kind of project"))
    name = ShortText(label=_("Name"), max_length=longest(Carrier, "name"))
    organisation = OrganisationField(label=_("Run by"))
    since_on = forms.DateField(label=_("Since"), widget=DayInput, initial=clock.today)
    grew_from = forms.TypedChoiceField(
        label=_("Continues an earlier one"), required=False, empty_value=None, help_text=_("If it grew out of one.")
    )

    def __init__(self, *args: Any, cycle: Cycle, others: list[Carrier], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds, earlier, run_by = self.fields["kind"], self.fields["grew_from"], self.fields["organisation"]
        kinds.choices = [(one.id, in_readers_words(one.name)) for one in cycle.ruleset.carrier_kinds]  # type: ignore[attr-defined]
        earlier.choices = [("", "—"), *((str(one.pk), one.name) for one in others)]  # type: ignore[attr-defined]
        earlier.coerce = {str(one.pk): one for one in others}.get  # type: ignore[attr-defined]
        run_by.within = cycle.campaign.organisation  # type: ignore[attr-defined]


class YearForm(forms.Form):
    """What a carrier does in one cycle."""

    content = LongText(label=_("What is done in this cycle"), max_length=longest(CarrierYear, "content"), rows=5)
    what_is_new = LongText(
        label=_("What is new"),
        max_length=longest(CarrierYear, "what_is_new"),
        required=False,
        rows=2,
        help_text=_("Compared with the last cycle. “Nothing new” is an honest answer: leave it empty."),
    )
    units = UnitsField(
        label=_("Units that take part"), max_length=20_000, rows=4, help_text=_("Codes or names, one a line.")
    )
    with_all_below = forms.BooleanField(label=_("Each with everything below it"), required=False)
    post_kinds = forms.MultipleChoiceField(
        label=_("For people in these kinds of post"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("None ticked: for everybody."),
    )

    def __init__(self, *args: Any, cycle: Cycle, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["post_kinds"].choices = terms_in_readers_words(Term.Category.POST_KIND)  # type: ignore[attr-defined]
        self.fields["units"].within = cycle.campaign.organisation  # type: ignore[attr-defined]


class EndForm(forms.Form):
    """From which day, and why."""

    on = forms.DateField(label=_("On which day?"), widget=DayInput, initial=clock.today)
    reason = ReasonField(max_length=longest(Carrier, "end_reason"))


class DesignateForm(forms.Form):
    """A unit that a body designated as an example."""

    organisation = OrganisationField(label=_("Unit"))
    carrier = forms.TypedChoiceField(label=_("For which project?"), required=False, empty_value=None)
    criteria = LongText(
        label=_("Criteria that it meets"),
        max_length=longest(DemonstrationUnit, "criteria"),
        rows=3,
        help_text=_("Everybody reads them, and can look whether they hold."),
    )
    designated_by = ShortText(label=_("Designated by"), max_length=longest(DemonstrationUnit, "designated_by"))
    designated_on = forms.DateField(label=_("On which day?"), widget=DayInput, initial=clock.today)

    def __init__(self, *args: Any, carriers: list[Carrier], within: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field, unit = self.fields["carrier"], self.fields["organisation"]
        field.choices = [("", "—"), *((str(one.pk), one.name) for one in carriers)]  # type: ignore[attr-defined]
        field.coerce = {str(one.pk): one for one in carriers}.get  # type: ignore[attr-defined]
        unit.within = within  # type: ignore[attr-defined]

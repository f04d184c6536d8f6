"""The forms of polls: times, sheet, pools, scrutineers, a later closing time, a reason."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from zhengyou.base.words import in_readers_words
from zhengyou.campaigns.ruleset import RaterGroup
from zhengyou.organisations import queries as organisations
from zhengyou.organisations.models import Person
from zhengyou.organisations.vocabulary import worded
from zhengyou.polls.models import LONGEST_REASON
from zhengyou.web.shared.fields import NOBODY, InstantInput, ReasonField, ShortText, Ticket, names_in


class TimesForm(forms.Form):
    """The window of a poll."""

    opens_at = forms.DateTimeField(label=_("Opens at"), widget=InstantInput())
    closes_at = forms.DateTimeField(label=_("Closes at"), widget=InstantInput())


class PollForm(TimesForm):
    """Name, sheet and window of a poll."""

    field_order = ("ticket", "name_zh", "name_en", "parent", "codes", "opens_at", "closes_at")
    ticket = Ticket()
    name_zh = ShortText(label=_("Name in Chinese"), max_length=120)
    name_en = ShortText(label=_("Name in English"), max_length=120)
    parent: Any = forms.ModelChoiceField(
        label=_("Organisations on the sheet: those directly below"), queryset=None, required=False
    )
    codes = ShortText(
        label=_("or these, by code, one a line"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, parents: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parent"].queryset = parents  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Find the organisations; a code that is nobody's is named."""
        given = super().clean() or self.cleaned_data
        codes = given.get("codes", "").split()
        known = organisations.organisations_by_code(codes)
        unknown = [code for code in codes if code not in known]
        if unknown:
            self.add_error("codes", _("No organisation has the code %(code)s.") % {"code": unknown[0]})
        chosen = [known[code] for code in dict.fromkeys(codes) if code in known]
        if not codes and given.get("parent"):
            chosen = organisations.children(given["parent"])
        if not chosen and not self.errors:
            self.add_error("parent", _("Choose an organisation, or write codes below."))
        if self.errors:
            return given
        times = {name: given[name] for name in ("opens_at", "closes_at")}
        return {"name": names_in(given), "organisations": chosen, "ticket": given["ticket"], **times}


class PoolForm(forms.Form):
    """A pool of voters: the members of an organisation and all below it, or a list of member numbers."""

    field_order = ("name_zh", "name_en", "rater_group")
    name_zh = ShortText(label=_("Name of the pool in Chinese"), max_length=80)
    name_en = ShortText(label=_("Name of the pool in English"), max_length=80)
    within: Any = forms.ModelChoiceField(
        label=worded(_("%(Members)s of this organisation and all below it")), queryset=None, required=False
    )
    numbers = ShortText(
        label=worded(_("or these people, by %(member)s number")),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, roots: Any, groups: Iterable[RaterGroup], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["within"].queryset = roots  # type: ignore[attr-defined]
        counting = [group for group in groups if group.weight_that_counts]
        weights = [(group.id, f"{in_readers_words(group.name)} ({group.weight})") for group in counting]
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
        numbers = list(dict.fromkeys(given.get("numbers", "").split()))
        people = organisations.people_by_number(numbers)
        unknown = [number for number in numbers if number not in people]
        if unknown:
            self.add_error("numbers", worded(NOBODY, number=unknown[0]))
        given["people"] = [people[number] for number in numbers if number in people]
        if not numbers and given.get("within"):
            given["people"] = list(organisations.members_of(organisations.subtree(given["within"])))
        if not given["people"] and not self.errors:
            self.add_error("within", worded(_("Choose an organisation, or write %(member)s numbers below.")))
        if self.errors:
            return given
        return {"name": names_in(given), "people": given["people"], "rater_group": given.get("rater_group", "")}


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


class ExtensionForm(ReasonForm):
    """A later closing time and why."""

    field_order = ("closes_at", "reason")
    closes_at = forms.DateTimeField(label=_("New closing time"), widget=InstantInput())

"""What the office can write down of a person or an organisation: a form for each, its words, and the deed it leads to."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from zhengyou.base.refusals import reason_against
from zhengyou.organisations import actions as organisations
from zhengyou.organisations.models import Organisation, Person, Term
from zhengyou.organisations.vocabulary import worded
from zhengyou.roster import actions, rules
from zhengyou.roster.models import RosterChange
from zhengyou.web.shared import clock
from zhengyou.web.shared.fields import (
    DayInput,
    OrganisationField,
    PersonField,
    ShortText,
    terms_in_readers_words,
)

Kind = RosterChange.Kind


class DayAndReasonForm(forms.Form):
    """On which day, and why. Both are complained of together."""

    on = forms.DateField(label=_("On which day?"), widget=DayInput, initial=clock.today)
    reason = ShortText(
        label=_("Why?"),
        max_length=300,
        help_text=worded(_("Only the %(office)s reads it. Do not mention illness or family matters.")),
    )

    def is_of_units(self) -> None:
        """The reason is that of a unit, which has no illness and no family."""
        self.fields["reason"].help_text = worded(_("Only the %(office)s reads it."))

    def clean_on(self) -> date:
        """A day that can be written down."""
        on: date = self.cleaned_data["on"]
        if why := reason_against(rules.check_day, on, clock.today()):
            raise forms.ValidationError(why)
        return on


class ChangeForm(DayAndReasonForm):
    """What happened to one person or organisation."""

    def __init__(self, *args: Any, about: Person | Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.about = about
        if isinstance(about, Organisation):
            self.is_of_units()


class DeathForm(ChangeForm):
    """On which day. Nobody has to say why, since the reason would mostly be an illness."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = False
        self.fields["reason"].label = _("Note")


class MoveForm(ChangeForm):
    """Where to."""

    to = OrganisationField(label=_("To which unit?"))
    field_order = ("to",)


class MoveUnitForm(ChangeForm):
    """Below which one."""

    to = OrganisationField(label=_("Below which unit?"))
    field_order = ("to",)


class MergeForm(ChangeForm):
    """Into which one."""

    into = OrganisationField(label=_("Into which unit?"))
    field_order = ("into",)


class JoinForm(ChangeForm):
    """Who stays."""

    kept = PersonField(label=_("Which entry of the same person stays?"))
    field_order = ("kept",)


class SameNameForm(forms.Form):
    """A form with a name. The box that says "another one" appears once that name stands there already."""

    is_another = forms.BooleanField(label=_("It is another one of the same name"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.data.get("is_another") != "on":
            self.fields["is_another"].widget = forms.HiddenInput()

    def ask_for_another(self) -> None:
        """Show the box: from now on it matters whether it is the same."""
        self.fields["is_another"].widget = forms.CheckboxInput()


class RenameForm(ChangeForm, SameNameForm):
    """The new name."""

    name = ShortText(label=_("New name"), max_length=200)
    field_order = ("name", "on", "reason", "is_another")


def asking_of_namesakes(form: Any, deed: Callable[..., Any]) -> Callable[..., Any]:
    """The deed; refused because the name stands there already, the form shows the box that says it is another one."""

    def asking(**given: Any) -> Any:
        try:
            return deed(**given)
        except rules.RosterRefused as refusal:
            if refusal.reason == "roster.namesake":
                form.ask_for_another()
            raise

    return asking


class RecodeForm(ChangeForm):
    """The new code or number."""

    code = ShortText(label=_("New code or number"), max_length=40)
    field_order = ("code",)


class PersonFacts(forms.Form):
    """What is corrected without a day: membership, kind of post, whether somebody is floating, when they joined."""

    membership = forms.ChoiceField(label="")
    post_kind = forms.ChoiceField(label="", required=False)
    is_floating = forms.BooleanField(label="", required=False)
    joined_on = forms.DateField(label="", required=False, widget=DayInput())

    def __init__(self, *args: Any, about: Person, **kwargs: Any) -> None:
        names = ("membership", "post_kind", "is_floating", "joined_on")
        kwargs["initial"] = {name: getattr(about, name) for name in names}
        super().__init__(*args, **kwargs)
        chosen: Any = self.fields
        heads = dict(terms_in_readers_words(Term.Category.PEOPLE_COLUMN))
        for name in names:
            chosen[name].label = heads.get(name, name)
        chosen["membership"].choices = terms_in_readers_words(Term.Category.MEMBERSHIP)
        chosen["post_kind"].choices = [("", "—"), *terms_in_readers_words(Term.Category.POST_KIND)]
        if "joined_on" not in heads:
            del chosen["joined_on"]


class OrganisationFacts(forms.Form):
    """What is corrected without a day: kind, sector, when it was founded."""

    kind = forms.ChoiceField(label=_("Kind"))
    sector = forms.ChoiceField(label=_("Sector"), required=False)
    founded_on = forms.DateField(label=_("Founded on"), required=False, widget=DayInput())

    def __init__(self, *args: Any, about: Organisation, **kwargs: Any) -> None:
        kwargs["initial"] = {"kind": about.kind, "sector": about.sector, "founded_on": about.founded_on}
        super().__init__(*args, **kwargs)
        chosen: Any = self.fields
        chosen["kind"].choices = terms_in_readers_words(Term.Category.ORGANISATION_KIND)
        chosen["sector"].choices = [("", "—"), *terms_in_readers_words(Term.Category.SECTOR)]


def facts_of(row: Person | Organisation) -> dict[str, Any]:
    """What every change looks at: if somebody changed one of these meanwhile, the writer of a form is told."""
    if isinstance(row, Person):
        return {"name": row.name, "code": row.number, "to": row.organisation.name, "left_on": row.left_on}
    above = row.parent_id or ""
    return {"name": row.name, "code": row.code, "above": above, "ended_on": row.ended_on}


@dataclass(frozen=True)
class Way:
    """One thing to write down: the words of its link and button, what then follows, its form, and the deed for a row."""

    words: Any
    follows: Any
    form: Callable[..., forms.Form]
    deed: Callable[[Any], Callable[..., object]]
    is_grave: bool = False


def _facts(row: Person | Organisation) -> Callable[..., object]:
    def correct(*, at: Any, by: Any, **changes: Any) -> object:
        if isinstance(row, Person):
            return organisations.change_person(person=row, changes=changes, at=at, by=by)
        return organisations.change_organisation(organisation=row, changes=changes, at=at, by=by)

    return correct


_PASSES = _(
    "From that day posts and responsibilities end, the person can no longer sign in, and polls that "
    "open later no longer ask them."
)
_RENAMED = _("Pages and lists show the new name at once; what was printed or signed before keeps the old one.")
_RECODED = _("Files that you import must use the new one from now on.")

OF_PERSON: dict[str, Way] = {
    "correct": Way(_("Correct what is known"), "", PersonFacts, _facts),
    "rename": Way(
        _("Correct the name"), _RENAMED, RenameForm, lambda row: partial(actions.give_name, about=row)
    ),
    "recode": Way(
        worded(_("Correct the %(member_number)s")), _RECODED, RecodeForm, lambda row: partial(actions.give_code, about=row)
    ),
    "move": Way(
        _("Move to another unit"),
        _("Posts and responsibilities at the unit until now end that day; others stay."),
        MoveForm, lambda row: partial(actions.move_person, person=row),
    ),
    "join": Way(
        _("Is the same person as another entry"),
        _("The other entry stays and takes over posts, responsibilities, and places on rolls of polls that are not open yet."),
        JoinForm, lambda row: partial(actions.join_people, duplicate=row), is_grave=True,
    ),
    "left": Way(
        _("Has left"), _PASSES, ChangeForm, lambda row: partial(actions.let_go, person=row, kind=Kind.LEFT), is_grave=True
    ),
    "died": Way(
        _("Has died"), _PASSES, DeathForm, lambda row: partial(actions.let_go, person=row, kind=Kind.DIED), is_grave=True
    ),
}  # fmt: skip
OF_ORGANISATION: dict[str, Way] = {
    "correct": Way(_("Correct kind and sector"), "", OrganisationFacts, _facts),
    "rename": Way(_("Give it another name"), _RENAMED, RenameForm, lambda row: partial(actions.give_name, about=row)),
    "recode": Way(
        _("Give it another code"),
        _("Its page stays under the old code as well. Files that you import must use the new one from now on."),
        RecodeForm, lambda row: partial(actions.give_code, about=row),
    ),
    "move": Way(
        _("Move it below another unit"),
        worded(_(
"Everything below it moves with it. Its people, posts and promises stay. The %(office)s of its new "
"place looks after it from then on."
)),
        MoveUnitForm, lambda row: partial(actions.move_organisation, organisation=row),
    ),
    "merge": Way(
        _("Merge it into another unit"),
        _("All who belong to it and all units below it pass to the other one; posts at it end that day."),
        MergeForm, lambda row: partial(actions.end_organisation, organisation=row), is_grave=True,
    ),
    "dissolve": Way(
        _("Dissolve it"),
        _("It must be empty. Posts at it end that day; its promises, results and honours stay to be read."),
        ChangeForm, lambda row: partial(actions.end_organisation, organisation=row), is_grave=True,
    ),
}  # fmt: skip
HAPPENED: dict[str, Any] = {
    Kind.LEFT: _("Left"), Kind.DIED: _("Died"), Kind.MOVED: _("Moved"), Kind.JOINED: _("Found to be the same person"),
    Kind.DISSOLVED: _("Dissolved"), Kind.MERGED: _("Merged"), Kind.RENAMED: _("Renamed"), Kind.RECODED: _("Given another code or number"),
    Kind.ENTERED: _("Entered"), Kind.POST_GIVEN: _("Post given"), Kind.POST_CHANGED: _("Post changed"),
    Kind.POST_ENDED: _("Post ended"),
}  # fmt: skip

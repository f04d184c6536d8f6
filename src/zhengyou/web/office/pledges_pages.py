"""Who committed in public, for the office: a list, entered many at once, corrected one by one, taken back with a reason."""

from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from zhengyou.base.files import path_of
from zhengyou.campaigns import queries as campaigns
from zhengyou.campaigns.models import Cycle
from zhengyou.organisations import queries as organisations
from zhengyou.organisations.models import Organisation
from zhengyou.organisations.vocabulary import worded
from zhengyou.pledges import actions, queries
from zhengyou.pledges.models import PublicCommitment
from zhengyou.pledges.rules import Made
from zhengyou.web.office.roster_words import name_and_path
from zhengyou.web.shared import doors, meanwhile
from zhengyou.web.shared.fields import LongText, OrganisationField, ShortText, SureField
from zhengyou.web.shared.lists import Cell, Column, listed, numbers_in, ticks
from zhengyou.web.shared.narrowing import Filter, of_person, of_unit
from zhengyou.web.shared.pages import found, posted
from zhengyou.web.shared.pledge_forms import MadeForm
from zhengyou.web.shared.which_one import pieces_of

of_cycle = doors.of_campaign("cycle_id", campaigns.cycle_with_id)
of_pledge = doors.of_campaign("pledge_id", queries.commitment_with_id)
FOUND_BY = (*of_person("person"), *of_unit("person__organisation"), "place")
_STATES = [("standing", _("In force")), ("taken-back", _("Taken back"))]
_TICKS = ticks(lambda row: row.person.name)


class EnterForm(MadeForm):
    """Who, where and when: a list of numbers, or everybody of a unit."""

    field_order = ("numbers", "within", "on", "place", "evidence", "photo")
    numbers = LongText(
        label=worded(_("People, each by %(member_number)s")),
        required=False,
        max_length=40_000,
        rows=4,
        help_text=_("Paste them from your list, with any mark or line break between them."),
    )
    within = OrganisationField(label=_("or everybody of this unit and all below it"), required=False)

    def __init__(self, *args: Any, top: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["within"].within = top  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """The people who are meant; the first number that is nobody's is named."""
        given = super().clean() or self.cleaned_data
        numbers = pieces_of(given.pop("numbers", ""))
        known = organisations.people_by_number(numbers)
        if unknown := next((number for number in numbers if number not in known), None):
            self.add_error("numbers", worded(_("No %(member)s has the number %(number)s."), number=unknown))
        unit = given.pop("within", None)
        given["people"] = [known[number] for number in numbers if number in known]
        if unit and not numbers:
            within = organisations.members_of(organisations.subtree(unit)).select_related("organisation")
            given["people"] = list(within)
        if unit and numbers:
            self.add_error("within", _("Numbers are written above. Take them out, or leave this empty."))
        return given


class TakeBackForm(forms.Form):
    """Why, and the one question."""

    row = forms.MultipleChoiceField(widget=forms.MultipleHiddenInput)
    why = ShortText(label=_("Why it is taken back"), max_length=300, help_text=_("The journal keeps it."))
    sure = SureField(_("From now on no appraisal that opens later rates these people."))

    def __init__(self, data: Any) -> None:
        super().__init__(data if data and "why" in data else None)
        self.fields["row"].choices = numbers_in(data, "row")  # type: ignore[attr-defined]
        self.fields["row"].initial = [one for one, _same in numbers_in(data, "row")]


@doors.office
@of_cycle
def pledges(request: doors.PersonRequest, cycle: Cycle) -> HttpResponse:
    """Who committed in public in this cycle."""
    state = Filter("state", _("State"), "", _STATES, means=_means, default="standing")
    has_taken_back = state.chosen(request) == "taken-back"
    return listed(
        request,
        "office/pledges.html",
        queries.every_one(cycle).filter(doors.reach_of(request, "person__organisation")),
        _columns(has_taken_back),
        name="public-commitments",
        nothing=_(
            "Nobody has been entered yet. Only people who made a public commitment can be rated in an "
            "appraisal of people."
        ),
        search=_("Find by name, pinyin, number, unit or place"),
        paths=FOUND_BY,
        filters=[state],
        cycle=cycle,
        may_take_back=not has_taken_back,
    )


def _columns(has_taken_back: bool) -> list[Column]:
    why = Column(_("Why"), lambda row: Cell(row.why_taken_back, note=row.taken_back_by.name))
    home = "person__organisation__path"
    return [
        Column(pgettext_lazy("of a person", "Name"), partial(_name_of, has_taken_back), order="person__name_key"),
        Column(_("Number"), lambda row: row.person.number, order="person__number"),
        Column(_("Unit"), lambda row: name_and_path(row.person.organisation), order=home),
        Column(_("Made in public on"), lambda row: row.made_on, order="made_on"),
        Column(_("Where"), _where_of, order="place"),
        why if has_taken_back else _TICKS,
    ]


def _means(choice: str) -> Any:
    return queries.is_standing(choice == "standing")


def _name_of(has_taken_back: bool, row: PublicCommitment) -> Cell:
    return Cell(row.person.name, "" if has_taken_back else reverse("office-pledge-correct", args=[row.pk]))


def _where_of(row: PublicCommitment) -> Cell:
    return Cell(row.place, reverse("office-pledge-photo", args=[row.pk]) if row.photo else "", note=row.evidence)


@doors.office
@of_cycle
def enter(request: doors.PersonRequest, cycle: Cycle) -> HttpResponse:
    """Enter that people committed in public, as many at once as stood up at one place."""
    form = EnterForm(request.POST or None, request.FILES or None, top=cycle.campaign.organisation)

    def put(**given: Any) -> None:
        came = actions.enter_public_commitments(cycle=cycle, **given)
        new = ngettext("%(n)d person is entered.", "%(n)d people are entered.", len(came.new)) % {"n": len(came.new)}
        messages.success(request, new)
        if came.had:
            had = ngettext(
                "%(n)d stood in the list already and stays as it is.",
                "%(n)d stood in the list already and stay as they are.",
                came.had,
            )
            messages.info(request, had % {"n": came.had})

    shown = {
        "form": form,
        "heading": _("Enter who made a public commitment"),
        "button": _("Enter them"),
        "cycle": cycle,
    }
    return posted(request, form, put, to=("office-pledges", cycle.pk)) or render(
        request, "office/pledge_form.html", shown
    )


@doors.office
@of_pledge
def correct(request: doors.PersonRequest, row: PublicCommitment) -> HttpResponse:
    """Correct day, place or evidence of one."""
    initial = {"on": row.made_on, "place": row.place, "evidence": row.evidence}
    form = MadeForm(request.POST or None, initial=initial)
    del form.fields["photo"]
    meanwhile.guard(form, about=row.reference, deeds=["pledges.correct_public_commitment"])

    def put(made: Made, **given: Any) -> None:
        actions.correct_public_commitment(commitment=row, made=made, at=given["at"], by=given["by"])

    to = ("office-pledges", row.cycle_id)
    shown = {"form": form, "heading": row.person.name, "lead": row.person.organisation.name, "button": _("Save")}
    done = _("Corrected. The journal keeps what stood there before.")
    return posted(request, form, put, done=done, to=to) or render(
        request, "office/pledge_form.html", shown | {"cycle": row.cycle}
    )


@doors.office
@of_cycle
def take_back(request: doors.PersonRequest, cycle: Cycle) -> HttpResponse:
    """Take back those that are ticked, after one question. A visit leads to the list."""
    ids = [int(one) for one, _same in numbers_in(request.POST, "row")]
    rows = list(queries.standing_in(cycle).filter(doors.reach_of(request, "person__organisation"), pk__in=ids))
    if not rows:
        if request.method == "POST":
            messages.error(request, _("Tick somebody in the list first."))
        return redirect("office-pledges", cycle.pk)
    form = TakeBackForm(request.POST)

    def put(why: str, at: Any, by: Any, **_rest: Any) -> None:
        actions.take_back_public_commitments(commitments=rows, why=why, at=at, by=by)

    shown = {"form": form, "heading": _("Remove"), "button": _("Remove"), "cycle": cycle, "rows": rows}
    done = _("Taken back. The list keeps it under “Taken back”, with the reason.")
    return posted(request, form, put, done=done, to=("office-pledges", cycle.pk)) or render(
        request, "office/pledge_form.html", shown
    )


@doors.office
@of_pledge
def photo(request: doors.PersonRequest, row: PublicCommitment) -> HttpResponse:
    """The photo that shows it, for the office."""
    kept = found(row.photo)
    if not path_of(kept.digest).exists():
        raise Http404
    return HttpResponse(path_of(kept.digest).read_bytes(), content_type=kept.media_type)

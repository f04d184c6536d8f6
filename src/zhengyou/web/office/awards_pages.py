"""Selections: candidates with their deeds, their notice, the commendation, and revoking an honour."""

from collections.abc import Iterable
from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from zhengyou.awards import actions, queries, rules
from zhengyou.awards.models import Commendation, Selection, Votes
from zhengyou.base.refusals import reason_against
from zhengyou.base.texts import longest
from zhengyou.base.time import local_day
from zhengyou.base.words import joined
from zhengyou.campaigns.models import Cycle
from zhengyou.notices import queries as notices
from zhengyou.notices.rules import LONGEST_DEEDS
from zhengyou.organisations.models import Person
from zhengyou.organisations.vocabulary import worded
from zhengyou.web.office.awards_people import GIVEN_TO, PersonCandidateForm, make_up_in_words
from zhengyou.web.shared import clock, doors, meanwhile
from zhengyou.web.shared.addenda_words import corrections_of
from zhengyou.web.shared.fields import LongText, OrganisationField, ReasonField, ShortText, SureField
from zhengyou.web.shared.lists import Cell, Column, listed
from zhengyou.web.shared.pages import found, posted, pressed
from zhengyou.web.shared.stages import office_calendar, office_face


class SelectionForm(forms.Form):
    """A title and how many may be given it."""

    title = ShortText(
        label=_("Title to be given"),
        max_length=120,
        widget=forms.TextInput(attrs={"list": "titles", "autocomplete": "off"}),
    )
    quota = forms.IntegerField(label=_("At most this many"), min_value=1, max_value=2000)


class MakeSelectionForm(SelectionForm):
    """The same, with whom it is given to, and for people how many of one unit and how many at the front line."""

    of = forms.ChoiceField(
        label=_("Given to"),
        choices=GIVEN_TO,
        initial=Selection.Of.ORGANISATIONS.value,
        widget=forms.RadioSelect,
        required=False,
    )
    most_of_one = forms.IntegerField(
        label=_("People: at most this many of one unit"), min_value=1, max_value=2000, required=False
    )
    front_line_least = forms.IntegerField(
        label=_("People: at least this many at the front line"), min_value=1, max_value=2000, required=False
    )

    def __init__(self, *args: Any, cycle: Cycle, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.given_to = {name: title.given_to for title in cycle.ruleset.titles for name in title.name.values()}

    def clean(self) -> dict[str, Any]:
        """A title of the frozen rules is given to those whom they name."""
        given = self.cleaned_data
        meant = self.given_to.get(given.get("title", ""))
        given["of"] = given.get("of") or meant or Selection.Of.ORGANISATIONS.value
        if meant and given["of"] != meant:
            sentence = _("By the rules of this cycle this title is given to others. Choose: %(meant)s.")
            self.add_error("of", sentence % {"meant": dict(GIVEN_TO)[meant]})
        return given


class DeedsForm(forms.Form):
    """What a candidate did."""

    deeds = LongText(
        label=_("Deeds"), max_length=LONGEST_DEEDS, rows=6, help_text=_("Plain facts, at most 1,500 characters.")
    )


class CandidateForm(DeedsForm):
    """An organisation of the campaign and its deeds."""

    organisation = OrganisationField(label=_("Unit"))
    field_order = ("organisation", "deeds")

    def __init__(self, *args: Any, selection: Selection, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].within = selection.cycle.campaign.organisation  # type: ignore[attr-defined]


class NoticeForm(forms.Form):
    """What the notice says beside the candidates and the basis."""

    title = ShortText(label=_("Title of the notice"), max_length=200)
    route = LongText(label=_("How the candidates were found"), max_length=2000, rows=3)
    reason_for_none = LongText(label=_("Why nobody is put forward"), required=False, max_length=1000, rows=3)
    receiving_body = ShortText(label=_("Body that takes objections"), max_length=200)
    phone = ShortText(label=_("Phone"), max_length=80)
    mail = forms.EmailField(label=_("Email"), max_length=200, required=False)
    address = ShortText(label=_("Address"), max_length=300)
    sure = SureField(_("Publish it now: everybody reads it at once, and what is wrong in it is corrected in public."))

    def __init__(self, *args: Any, has_candidates: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if has_candidates:
            del self.fields["reason_for_none"]


COUNTS = ("present", "in_favour", "against", "abstained")
PARTS_OF_A_DECISION = ("decision_number", "deciding_body", "reasons", "stepped_aside", *COUNTS)


class CountField(forms.IntegerField):
    """How many of a body did something; zero is as good as any."""

    def __init__(self, **given: Any) -> None:
        super().__init__(min_value=0, max_value=9999, **given)


class CommendationForm(forms.Form):
    """The decision. Votes and scores are evidence; a named body decides and gives its reasons."""

    decision_number = ShortText(label=_("Number of the decision"), max_length=100)
    deciding_body = ShortText(label=_("Deciding body"), max_length=200)
    reasons = LongText(label=_("Reasons"), max_length=4000)
    stepped_aside = ShortText(
        label=_("Who stepped aside, and why"),
        max_length=longest(Commendation, "stepped_aside"),
        required=False,
        help_text=_("Anyone related to a candidate takes no part in deciding. Everybody can read this: name posts."),
    )
    present = CountField(label=_("How many of the body’s members were present"))
    in_favour = CountField(label=_("Votes for"))
    against = CountField(label=_("Votes against"))
    abstained = CountField(
        label=_("Abstained"),
        help_text=_(
            "Zero is a number too. The three add up to those present; people who stepped aside are not among them."
        ),
    )
    sure = SureField(_("Record it now: every candidate still on the notice gets the title, which everybody sees."))
    field_order = (*PARTS_OF_A_DECISION, "all_the_same", "sure")

    def __init__(self, *args: Any, gone: Iterable[Person] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if names := joined(person.name for person in gone):
            label = _("They left or died since they were announced, and are honoured all the same: %(names)s")
            self.fields["all_the_same"] = forms.BooleanField(label=label % {"names": names}, required=False)
            self.order_fields(self.field_order)

    def clean(self) -> dict[str, Any]:
        """The votes in one piece."""
        given = self.cleaned_data
        if self.errors:
            return given
        return given | {"votes": Votes(*(given.pop(part) for part in COUNTS))}


class RevocationForm(forms.Form):
    """Why an honour is revoked."""

    reason = ReasonField(max_length=500, help_text=_("Shown in the public register."))
    sure = SureField(_("Revoke it: it stays in the register, marked, and cannot be given back."))


of_selection = doors.of_campaign("pk", queries.selection)


def _title_of(row: Selection) -> Cell:
    """Each year gives the same titles: what is only heard tells the links apart."""
    return Cell(row.title, reverse("office-selection", args=[row.pk]), apart=row.cycle.called)


@doors.room("awards")
@doors.office
def selections(request: doors.PersonRequest) -> HttpResponse:
    """All selections of a campaign and where they stand."""
    at, face = clock.now(), office_face(request)
    columns = [
        Column(_("Title"), _title_of, order="title"),
        Column(_("Cycle"), lambda row: row.cycle.called, order="cycle__name"),
        Column(_("Given to"), lambda row: _("people") if row.is_of_people else _("units"), order="of"),
        Column(_("Candidates / places"), lambda row: f"{row.candidates} / {row.quota}", is_figure=True),
        Column(_("State"), lambda row: {"row": row, "now": at}, part="parts/selection_state.html"),
    ]
    return listed(
        request,
        "office/award_selections.html",
        queries.selections().filter(cycle__campaign=face.campaign_id if face else None),
        columns,
        name="selections",
        nothing=_("There is no selection yet."),
        search=_("Find by title or cycle"),
        paths=("title", "cycle__name", "cycle__name_en"),
        may_make=face is not None and face.is_under_way,
    )


@doors.room("awards")
@doors.office
def make(request: doors.PersonRequest) -> HttpResponse:
    """Begin a selection in the cycle under way of the campaign that the address names."""
    calendar = office_calendar(request)
    if calendar is None:
        messages.error(
            request, worded(_("No cycle of your %(office)s is under way. Launch one first, then select in it."))
        )
        return redirect("office-selections")
    cycle = calendar.cycle
    form = MakeSelectionForm(request.POST or None, cycle=cycle)

    def begin(**given: Any) -> HttpResponse:
        row = actions.make_selection(cycle=cycle, **given)
        return redirect("office-selection", row.pk)

    shown = {"form": form, "cycle": cycle, "titles": queries.title_suggestions(cycle)}
    return posted(request, form, begin) or render(request, "office/award_make.html", shown)


@doors.office
@of_selection
def selection(request: doors.PersonRequest, row: Selection) -> HttpResponse:
    """One selection: candidates, notice, commendation; posting adds a candidate."""
    data = request.POST or None
    form = PersonCandidateForm(data) if row.is_of_people else CandidateForm(data, selection=row)
    deed = actions.add_person if row.is_of_people else actions.add_candidate
    return posted(
        request, form, partial(deed, selection=row), done=_("Added."), to=("office-selection", row.pk)
    ) or render(request, "office/award_selection.html", {"form": form, **_facts_of(row)})


def _facts_of(row: Selection) -> dict[str, Any]:
    at, commendation = clock.now(), queries.commendation_of(row)
    return {
        "selection": row,
        "basis": queries.basis_of(row.cycle),
        "candidates": queries.candidate_rows(row),
        "given_to": dict(GIVEN_TO)[row.of],
        "make_up": make_up_in_words(row, local_day(at)) if row.is_of_people else None,
        "units_put_forward": queries.units_put_forward(row),
        "clock": notices.clock_of(row.notice, at) if row.notice else None,
        "withdrawn": notices.withdrawn_about(row.reference),
        "notice_hindrance": reason_against(rules.check_may_publish, row, at),
        "hindrance": reason_against(rules.check_may_commend, row, at),
        "commendation": commendation,
        "honours": queries.honours_in(commendation) if commendation else [],
        "addenda": corrections_of(*(one.reference for one in (row.notice, commendation) if one)),
    }


@doors.office
@of_selection
def change_deeds(request: doors.PersonRequest, row: Selection, candidate_pk: int) -> HttpResponse:
    """Rewrite a candidate's deeds before the notice."""
    candidate = meanwhile.still(
        queries.candidate(row, candidate_pk),
        _("This candidate is not on the list any more."),
        about=row.reference,
        deeds=["awards.remove_candidate"],
    )
    form = DeedsForm(request.POST or None, initial={"deeds": candidate.deeds})
    whom: Any = {"person": candidate.reference} if candidate.person else {"organisation": candidate.reference}
    meanwhile.guard(form, about=row.reference, deeds=["awards.change_deeds"], **whom)
    return posted(
        request,
        form,
        partial(actions.change_deeds, candidate=candidate),
        done=_("The deeds are saved."),
        to=("office-selection", row.pk),
    ) or _form_page(request, row, form, candidate.name, _("Save"))


@doors.office
@require_POST
@of_selection
def remove_candidate(request: doors.PersonRequest, row: Selection, candidate_pk: int) -> HttpResponse:
    """Take a candidate out before the notice; one who is out already stays out."""
    candidate = queries.candidate(row, candidate_pk)
    if candidate is None:
        return redirect("office-selection", row.pk)
    return pressed(request, partial(actions.remove_candidate, candidate=candidate), to=("office-selection", row.pk))


@doors.office
@of_selection
def publish(request: doors.PersonRequest, row: Selection) -> HttpResponse:
    """Publish the notice of the candidates."""
    candidates = queries.candidates(row)
    title = gettext("Notice of the candidates for “%(title)s”, %(cycle)s") % {
        "title": row.title,
        "cycle": row.cycle.called,
    }
    initial = {"title": title, **notices.last_receiving()}
    form = NoticeForm(request.POST or None, initial=initial, has_candidates=bool(candidates))

    def publish_it(**given: Any) -> HttpResponse:
        notice = actions.publish_candidates(selection=row, **given)
        messages.success(request, _("Published as notice %(number)s.") % {"number": notice.number_words})
        return redirect("office-selection", row.pk)

    days = queries.working_days_of(row.cycle)
    shown = {
        "selection": row,
        "candidates": candidates,
        "basis": queries.basis_of(row.cycle),
        "last_day": notices.last_day(clock.today(), days),
        "working_days": days,
        "form": form,
    }
    return posted(request, form, publish_it) or render(request, "office/award_notice.html", shown)


@doors.office
@of_selection
def commend(request: doors.PersonRequest, row: Selection) -> HttpResponse:
    """Record the commendation."""
    gone, body = queries.honoured_who_left(row), row.cycle.campaign.organisation.name
    form = CommendationForm(request.POST or None, initial={"deciding_body": body}, gone=gone)
    return posted(
        request,
        form,
        partial(actions.record_commendation, selection=row),
        done=_("The commendation is recorded and is in the register of honours."),
        to=("office-selection", row.pk),
    ) or _form_page(request, row, form, _("Record the commendation"), _("Record"))


@doors.office
def revoke(request: doors.PersonRequest, pk: int) -> HttpResponse:
    """Revoke one honour."""
    honour = found(queries.honour(pk))
    selection = honour.commendation.selection
    form = RevocationForm(request.POST or None)
    heading = _("Revoke “%(title)s” of %(holder)s") % {"title": honour.title, "holder": honour.holder}
    return posted(
        request, form, partial(actions.revoke_honour, honour=honour), to=("office-selection", selection.pk)
    ) or _form_page(request, selection, form, heading, _("Revoke"))


def _form_page(
    request: doors.PersonRequest, row: Selection, form: forms.Form, heading: Any, button: Any
) -> HttpResponse:
    shown = {"selection": row, "heading": heading, "button": button, "form": form}
    return render(request, "office/award_form.html", shown)

"""Paper ballots for the office: who votes on paper, printing under a scrutineer's eyes, the draw, forms and instructions."""

from functools import partial
from typing import Any

import segno
from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from zhengyou.base.refusals import Refused, reason_against
from zhengyou.base.words import in_readers_words
from zhengyou.identity import actions as identity
from zhengyou.identity.rules import Place
from zhengyou.organisations.vocabulary import worded
from zhengyou.paper import actions, queries, rules
from zhengyou.paper.models import PaperBatch
from zhengyou.polls import queries as polls
from zhengyou.polls.models import Poll, VoterPool
from zhengyou.web.shared import clock, devices, doors
from zhengyou.web.shared.fields import MEMBER_NUMBER, ShortText
from zhengyou.web.shared.lists import Column, listed
from zhengyou.web.shared.narrowing import of_person, of_unit
from zhengyou.web.shared.pages import found, posted, pressed
from zhengyou.web.shared.public_address import printed_address
from zhengyou.web.shared.question_words import places
from zhengyou.web.shared.which_one import pieces_of

MOST_BOXES = 120


class MarkForm(forms.Form):
    """Who votes on paper: ticked, or by member number."""

    people = forms.MultipleChoiceField(
        label=_("People of this group"), required=False, widget=forms.CheckboxSelectMultiple
    )
    numbers = ShortText(
        label=worded(_("or by %(member_number)s, one a line")),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, pool: VoterPool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        free = queries.may_go_on_paper(pool)
        self.pool = pool
        boxes: Any = self.fields["people"]
        boxes.choices = [(person.number, f"{person.name} {person.number}") for person in free]
        if len(free) > MOST_BOXES or not free:
            del self.fields["people"]

    def clean(self) -> dict[str, Any]:
        """Find the people; a number that is nobody's is named."""
        given = self.cleaned_data
        numbers = list(dict.fromkeys([*given.get("people", []), *pieces_of(given.get("numbers", ""))]))
        voters: dict[str, Any] = {voter.number: voter for voter in polls.voters_of(self.pool)}
        unknown = [number for number in numbers if number not in voters]
        if unknown:
            sentence = _("Not on the roll of this pool: %(numbers)s. Check the numbers.")
            self.add_error("numbers", sentence % {"numbers": unknown[0]})
        return {"people": [voters[number] for number in numbers if number in voters]}


class PrintForm(forms.Form):
    """How many sheets, and the scrutineer who is present and says so with a password."""

    sheets = forms.IntegerField(label=_("Number of sheets"), min_value=1, max_value=3000)
    login = ShortText(
        label=_("Login of the scrutineer who is present"),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    password = ShortText(
        label=_("The scrutineer’s password, entered by the scrutineer"),
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, data: Any, *, place: Place, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.place = place

    def clean(self) -> dict[str, Any]:
        """The scrutineer in place of login and password; a wrong password counts like one at the door."""
        given = self.cleaned_data
        if self.errors:
            return given
        try:
            account = identity.check_sign_in(
                login=given["login"],
                password=given["password"],
                place=self.place,
                at=clock.now(),
            )
        except Refused as refusal:
            raise forms.ValidationError(str(refusal)) from refusal
        return {"sheets": given["sheets"], "scrutineer": account.person}


class DrawForm(forms.Form):
    """The sheets left in the urn, and how many people did not come."""

    absent = forms.IntegerField(
        label=_("How many of these people did not come"), initial=0, min_value=0, max_value=32_000
    )
    codes = ShortText(
        label=_("Codes of the sheets left in the urn, one a line"),
        help_text=_(
            "Scan or type the code on the cover. If a cover is lost, enter the numbers of all slips of that sheet."
        ),
        required=False,
        max_length=100_000,
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false", "autocapitalize": "characters"}),
    )

    def clean_codes(self) -> list[str]:
        """The codes, a line each."""
        return [code for code in self.cleaned_data["codes"].splitlines() if code.strip()]


of_poll = doors.fetched("key", polls.announced_poll)


@doors.office
@of_poll
def overview(request: doors.PersonRequest, poll: Poll) -> HttpResponse:
    """Paper in every group of a poll: people, batches and what is to be done next."""
    pools = [
        {"row": pool, "people": people, "batches": batches} for pool, people, batches in queries.paper_by_pool(poll)
    ]
    shown = {"poll": poll, "pools": pools, "is_over": clock.now() >= poll.closes_at}
    return render(request, "office/paper.html", shown)


@doors.office
@of_poll
def pool(request: doors.PersonRequest, poll: Poll, slug: str) -> HttpResponse:
    """Who of a group votes on paper; posting marks more."""
    group = found(polls.pool_of(poll, slug))
    form = MarkForm(request.POST or None, pool=group)
    deed = partial(actions.mark_on_paper, poll=poll, pool=group)
    done = _("Marked: these people vote on paper.")
    return posted(request, form, deed, done=done, to=("office-paper-pool", poll.key, slug)) or _voters(
        request, poll, group, form
    )


def _voters(request: doors.PersonRequest, poll: Poll, group: VoterPool, form: MarkForm) -> HttpResponse:
    waiting, is_over = queries.waiting_for_sheets(group), clock.now() >= poll.closes_at
    slips = waiting * len(polls.sheet_lines(poll))
    printed = queries.with_printed_sheet(group)
    shown: dict[str, Any] = {"poll": poll, "pool": group, "is_over": is_over, "printed": printed}
    return listed(
        request,
        "office/paper_pool.html",
        queries.paper_voters(group),
        [
            Column(_("Who"), lambda row: row.voter.name, order="person__name_key"),
            Column(MEMBER_NUMBER, lambda row: row.voter.number, order="person__number"),
            Column(_("Unit"), _home_of, order="person__organisation__path"),
            Column(_("Action"), lambda row: {"entry": row, **shown}, part="parts/paper_button.html", is_deed=True),
        ],
        name=f"paper-{group.slug}",
        nothing=_("Nobody of this group votes on paper so far."),
        search=_("Find a person or a unit"),
        paths=(*of_person("person"), *of_unit("person__organisation"), "guest__name"),
        form=form,
        batches=queries.batches_of(group),
        waiting=waiting,
        hindrance=reason_against(rules.check_may_print, waiting=waiting, sheets=waiting, slips=slips),
        **shown,
    )


def _home_of(row: Any) -> Any:
    return row.person.organisation.name if row.person else row.guest.contact


@doors.office
@require_POST
@of_poll
def take_off(request: doors.PersonRequest, poll: Poll, slug: str, number: str) -> HttpResponse:
    """Take a person's mark back before printing."""
    group = found(polls.pool_of(poll, slug))
    voters: list[Any] = [voter for voter in polls.voters_of(group) if voter.number == number]
    person = found(voters[0] if voters else None)
    deed = partial(actions.take_off_paper, poll=poll, pool=group, person=person)
    done = _("Taken back: %(name)s votes by phone.") % {"name": person.name}
    return pressed(request, deed, done=done, to=("office-paper-pool", poll.key, slug))


@sensitive_post_parameters("password")
@doors.office
@never_cache
@of_poll
def print_sheets(request: doors.PersonRequest, poll: Poll, slug: str) -> HttpResponse:
    """Ask how many sheets and who watches; then the sheets, shown this once."""
    group = found(polls.pool_of(poll, slug))
    waiting = queries.waiting_for_sheets(group)
    place = devices.place_of_session(request)
    form = PrintForm(request.POST or None, place=place, initial={"sheets": waiting + max(2, waiting // 5)})

    def print_them(**given: Any) -> HttpResponse:
        one, sheets = actions.print_batch(poll=poll, pool=group, **given)
        return render(request, "office/paper_sheets.html", _printed(request, poll, one, sheets))

    scrutineers = queries.scrutineers_outside(poll, clock.today())
    shown = {"poll": poll, "pool": group, "form": form, "waiting": waiting, "scrutineers": scrutineers}
    return posted(request, form, print_them) or render(request, "office/paper_print.html", shown)


@doors.office
@of_poll
def batch(request: doors.PersonRequest, poll: Poll, number: int) -> HttpResponse:
    """One batch: what has been done and what comes next; posting settles its draw."""
    one = found(queries.paper_batch(poll, number))
    form = DrawForm(request.POST or None)
    shown = {"poll": poll, "batch": one, "form": form, "is_over": clock.now() >= poll.closes_at}
    return posted(
        request,
        form,
        partial(actions.settle_draw, batch=one),
        done=_("The draw is settled: the undrawn sheets are cancelled, the others can be used."),
        to=("office-paper-batch", poll.key, number),
    ) or render(request, "office/paper_batch.html", shown)


@doors.office
@require_POST
@of_poll
def withdraw(request: doors.PersonRequest, poll: Poll, number: int) -> HttpResponse:
    """Cancel a whole batch whose draw is not settled."""
    one = found(queries.paper_batch(poll, number))
    done = _("The batch is withdrawn. Its people wait for new sheets.")
    to = ("office-paper-pool", poll.key, one.pool.slug)
    return pressed(request, partial(actions.withdraw_batch, batch=one), done=done, to=to)


@doors.office
@of_poll
def blank_forms(request: doors.PersonRequest, poll: Poll) -> HttpResponse:
    """One set of paper forms to print and copy: a page for each organisation, nothing secret on it."""
    grades = poll.cycle.ruleset.grades
    shown = {"poll": poll, "units": _form_units(poll), "grades": grades, "dont_know": len(grades) + 1}
    return render(request, "office/paper_forms.html", shown)


@doors.office
@of_poll
def instructions(request: doors.PersonRequest, poll: Poll) -> HttpResponse:
    """What those at the urn do, step by step, and what voters read on the wall."""
    return render(request, "office/paper_instructions.html", {"poll": poll})


def entry_labels(line: dict[str, Any]) -> dict[str, str]:
    """What is keyed of a form, by id in order: its items; the places of a ranking; the options that may be approved."""
    question = line["question"]
    if question is None:
        return {item["id"]: in_readers_words(item["name"]) for item in line["criteria"]}
    if question["kind"] == "ranking":
        return {str(number): place for number, place in enumerate(places(question["most"]), 1)}
    return {option["id"]: in_readers_words(option["name"]) for option in question["options"]}


def _form_units(poll: Poll) -> list[list[dict[str, Any]]]:
    """The forms of each organisation together."""
    units: dict[str, list[dict[str, Any]]] = {}
    for line in queries.form_lines(poll):
        own = places(line["question"]["most"]) if line["question"] else []
        units.setdefault(in_readers_words(line["name"]), []).append(line | {"places": own})
    return list(units.values())


def _printed(request: doors.PersonRequest, poll: Poll, one: PaperBatch, sheets: list[Any]) -> dict[str, Any]:
    """The sheets with their QR codes: the slip's leads to the booth, the cover's is the sheet's own code."""
    address = printed_address(request, reverse("booth", args=[poll.way_in]))
    names = {line["id"]: line for line in queries.form_lines(poll)}
    return {
        "poll": poll,
        "batch": one,
        "sheets": [
            {
                "code": sheet.code,
                "qr": _qr(sheet.code),
                "slips": [
                    {
                        "line": names[slip.line],
                        "number": slip.number,
                        "groups": slip.key.split("-"),
                        "qr": _qr(f"{address}#m={poll.fingerprint}&s={slip.key.replace('-', '')}"),
                    }
                    for slip in sheet.slips
                ],
            }
            for sheet in sheets
        ],
    }


def _qr(text: str) -> str:
    return segno.make(text, error="m", micro=False).svg_inline(scale=1, border=4, omitsize=True)

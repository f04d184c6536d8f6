"""Paper ballots for the office: who votes on paper, printing under a scrutineer's eyes, the draw, forms and instructions."""

from datetime import datetime
from functools import partial
from typing import Any

import segno
from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from zhengyou.base.refusals import reason_against
from zhengyou.base.words import in_readers_words
from zhengyou.identity import actions as identity
from zhengyou.organisations import queries as organisations
from zhengyou.paper import actions as paper_actions
from zhengyou.paper import queries as paper_queries
from zhengyou.paper.models import PaperBatch
from zhengyou.paper.rules import check_may_print
from zhengyou.polls import queries as poll_queries
from zhengyou.polls.models import Poll, VoterPool
from zhengyou.web.shared import clock, doors
from zhengyou.web.shared.pages import found, posted, pressed

MOST_BOXES = 120


class MarkForm(forms.Form):
    """Who votes on paper: ticked, or by member number."""

    people = forms.MultipleChoiceField(
        label=_("People of this group"), required=False, widget=forms.CheckboxSelectMultiple
    )
    numbers = forms.CharField(
        label=_("or by member number, one a line"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, pool: VoterPool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        free = paper_queries.may_go_on_paper(pool)
        boxes: Any = self.fields["people"]
        boxes.choices = [(person.number, f"{person.name} {person.number}") for person in free]
        if len(free) > MOST_BOXES or not free:
            del self.fields["people"]

    def clean(self) -> dict[str, Any]:
        """Find the people; a number that is nobody's is named."""
        given = super().clean() or self.cleaned_data
        numbers = list(dict.fromkeys([*given.get("people", []), *given.get("numbers", "").split()]))
        people = organisations.people_by_number(numbers)
        unknown = [number for number in numbers if number not in people]
        if unknown:
            self.add_error("numbers", _("No member has the number %(number)s.") % {"number": unknown[0]})
        return {"people": [people[number] for number in numbers if number in people]}


class PrintForm(forms.Form):
    """How many sheets, and the scrutineer who is present and says so with a password."""

    sheets = forms.IntegerField(label=_("Number of sheets"), min_value=1, max_value=3000)
    login = forms.CharField(
        label=_("Login of the scrutineer who is present"),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    password = forms.CharField(
        label=_("The scrutineer's password, entered by the scrutineer"),
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )


class DrawForm(forms.Form):
    """The sheets left in the urn, and how many people did not come."""

    absent = forms.IntegerField(
        label=_("How many of these people did not come"), initial=0, min_value=0, max_value=32_000
    )
    codes = forms.CharField(
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


of_poll = doors.fetched("key", poll_queries.announced_poll)


@doors.office
@of_poll
def overview(request: doors.PersonRequest, row: Poll) -> HttpResponse:
    """Paper in every group of a poll: people, batches and what is to be done next."""
    pools = [
        {"row": pool, "people": people, "batches": batches}
        for pool, people, batches in paper_queries.paper_by_pool(row)
    ]
    shown = {"poll": row, "pools": pools, "is_over": clock.now() >= row.closes_at}
    return render(request, "office/paper.html", shown)


@doors.office
@of_poll
def pool(request: doors.PersonRequest, row: Poll, slug: str) -> HttpResponse:
    """Who of a group votes on paper; posting marks more."""
    group = found(poll_queries.pool_of(row, slug))
    form = MarkForm(request.POST or None, pool=group)
    deed = partial(paper_actions.mark_on_paper, poll=row, pool=group)
    done = _("Marked: these people vote on paper.")
    return posted(request, form, deed, done=done, to=("office-paper-pool", row.key, slug)) or render(
        request, "office/paper_pool.html", {"form": form, **_facts_of(row, group)}
    )


def _facts_of(row: Poll, group: VoterPool) -> dict[str, Any]:
    waiting = paper_queries.waiting_for_sheets(group)
    slips = waiting * len(poll_queries.sheet_lines(row))
    return {
        "poll": row,
        "pool": group,
        "entries": paper_queries.paper_voters(group),
        "batches": paper_queries.batches_of(group),
        "waiting": waiting,
        "hindrance": reason_against(check_may_print, waiting=waiting, sheets=waiting, slips=slips),
        "is_over": clock.now() >= row.closes_at,
    }


@doors.office
@require_POST
@of_poll
def take_off(request: doors.PersonRequest, row: Poll, slug: str, number: str) -> HttpResponse:
    """Take a person's mark back before printing."""
    person = found(organisations.people_by_number([number]).get(number))
    deed = partial(paper_actions.take_off_paper, poll=row, pool=found(poll_queries.pool_of(row, slug)), person=person)
    done = _("Taken back: %(name)s votes by phone.") % {"name": person.name}
    return pressed(request, deed, done=done, to=("office-paper-pool", row.key, slug))


@sensitive_post_parameters("password")
@doors.office
@never_cache
@of_poll
def print_sheets(request: doors.PersonRequest, row: Poll, slug: str) -> HttpResponse:
    """Ask how many sheets and who watches; then the sheets, shown this once."""
    group = found(poll_queries.pool_of(row, slug))
    waiting = paper_queries.waiting_for_sheets(group)
    form = PrintForm(request.POST or None, initial={"sheets": waiting + max(2, waiting // 5)})

    def print_them(*, login: str, password: str, at: datetime, **given: Any) -> HttpResponse:
        present = identity.check_sign_in(login=login, password=password, at=at).person
        one, sheets = paper_actions.print_batch(poll=row, pool=group, scrutineer=present, at=at, **given)
        return render(request, "office/paper_sheets.html", _printed(request, row, one, sheets))

    scrutineers = paper_queries.scrutineers_outside(row, clock.today())
    shown = {"poll": row, "pool": group, "form": form, "waiting": waiting, "scrutineers": scrutineers}
    return posted(request, form, print_them) or render(request, "office/paper_print.html", shown)


@doors.office
@of_poll
def batch(request: doors.PersonRequest, row: Poll, number: int) -> HttpResponse:
    """One batch: what has been done and what comes next; posting settles its draw."""
    one = found(paper_queries.paper_batch(row, number))
    form = DrawForm(request.POST or None)
    shown = {"poll": row, "batch": one, "form": form, "is_over": clock.now() >= row.closes_at}
    return posted(
        request,
        form,
        partial(paper_actions.settle_draw, batch=one),
        done=_("The draw is settled: the undrawn sheets are cancelled, the others can be used."),
        to=("office-paper-batch", row.key, number),
    ) or render(request, "office/paper_batch.html", shown)


@doors.office
@require_POST
@of_poll
def withdraw(request: doors.PersonRequest, row: Poll, number: int) -> HttpResponse:
    """Cancel a whole batch whose draw is not settled."""
    one = found(paper_queries.paper_batch(row, number))
    done = _("The batch is withdrawn. Its people wait for new sheets.")
    to = ("office-paper-pool", row.key, one.pool.slug)
    return pressed(request, partial(paper_actions.withdraw_batch, batch=one), done=done, to=to)


@doors.office
@of_poll
def blank_forms(request: doors.PersonRequest, row: Poll) -> HttpResponse:
    """One set of paper forms to print and copy: a page for each organisation, nothing secret on it."""
    grades = row.cycle.ruleset.grades
    shown = {"poll": row, "units": form_units(row), "grades": grades, "dont_know": len(grades) + 1}
    return render(request, "office/paper_forms.html", shown)


@doors.office
@of_poll
def instructions(request: doors.PersonRequest, row: Poll) -> HttpResponse:
    """What those at the urn do, step by step, and what voters read on the wall."""
    return render(request, "office/paper_instructions.html", {"poll": row})


def form_units(row: Poll) -> list[list[dict[str, Any]]]:
    """The forms of each organisation together."""
    units: dict[str, list[dict[str, Any]]] = {}
    for line in paper_queries.form_lines(row):
        units.setdefault(in_readers_words(line["name"]), []).append(line)
    return list(units.values())


def _printed(request: doors.PersonRequest, row: Poll, one: PaperBatch, sheets: list[Any]) -> dict[str, Any]:
    """The sheets with their QR codes: the slip's leads to the booth, the cover's is the sheet's own code."""
    address = request.build_absolute_uri(f"/booth/{row.key}/")
    names = {line["id"]: line for line in paper_queries.form_lines(row)}
    return {
        "poll": row,
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
                        "qr": _qr(f"{address}#m={row.fingerprint}&s={slip.key.replace('-', '')}"),
                    }
                    for slip in sheet.slips
                ],
            }
            for sheet in sheets
        ],
    }


def _qr(text: str) -> str:
    return segno.make(text, error="m", micro=False).svg_inline(scale=1, border=4, omitsize=True)

"""Accounts: one handed out or given a new password, switched off and on; letters for many at once, made by a worker."""

from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from zhengyou import jobs
from zhengyou.base import codes
from zhengyou.base.refusals import Refused, reason_against
from zhengyou.identity import actions, queries, rules
from zhengyou.organisations import queries as organisations
from zhengyou.organisations.models import Person, Post
from zhengyou.organisations.vocabulary import worded
from zhengyou.web.office.posts_pages import posts_in_reach, posts_that_match
from zhengyou.web.shared import clock, doors
from zhengyou.web.shared.fields import ShortText, titled
from zhengyou.web.shared.lists import means_all, numbers_in
from zhengyou.web.shared.pages import found, posted, pressed
from zhengyou.web.shared.public_address import doubts, printed_address

MOST_AT_ONCE = 2000  # an hour's hashing of passwords on the machine we have in mind takes ten times as many


class OffForm(forms.Form):
    """Why nobody may sign in by this account any more."""

    reason = ShortText(
        label=_("Why?"),
        max_length=300,
        help_text=worded(_("Only the %(office)s reads it. Do not mention illness or family matters.")),
    )


class LettersForm(forms.Form):
    """On which paper, in which language, and for whom: the posts that were ticked, or everybody without an account."""

    paper = forms.ChoiceField(
        label=_("Paper"),
        widget=forms.RadioSelect,
        choices=[("A4", _("A4, one letter a page")), ("A5", _("A5, one letter a page"))],
        initial="A4",
    )
    languages = forms.ChoiceField(
        label=_("Language of the letters"),
        choices=[("zh-hans en", _("both in each letter")), ("zh-hans", _("Chinese")), ("en", _("English"))],
    )
    row = forms.TypedMultipleChoiceField(coerce=int, required=False, widget=forms.MultipleHiddenInput)

    def __init__(self, data: Any, rows: list[tuple[str, str]]) -> None:
        super().__init__(data, initial={"row": [number for number, _same in rows]})
        self.fields["row"].choices = rows  # type: ignore[attr-defined]

    def clean_languages(self) -> list[str]:
        """One language or both, the first for the frame of the sheet."""
        return str(self.cleaned_data["languages"]).split()


of_person = doors.fetched("person_id", lambda pk: organisations.person_with_post(pk, clock.today()))


@doors.office
@of_person
@never_cache
def account(request: doors.PersonRequest, person: Person) -> HttpResponse:
    """The account of one post holder; asked for, a fresh password, shown this once, and an earlier one stops working."""
    password = ""
    if request.method == "POST":
        password = codes.fresh()
        given: dict[str, Any] = {"login": person.number, "password": password, "is_handed_out": True}
        try:
            actions.open_account(person=person, at=clock.now(), by=request.person, **given)
        except Refused as refusal:
            messages.error(request, str(refusal))
            return redirect("office-account", person.pk)
    shown = {
        "person": person,
        "account": queries.any_account_of(person),
        "contact": queries.contact_of(person, clock.today()),
        "posts": titled(organisations.posts_of(person, clock.today())),
        "password": password,
        "hindrance": reason_against(rules.check_may_change_account, person, request.person, clock.today()),
    }
    return render(request, "office/account.html", shown)


@doors.office
@of_person
def switch_off(request: doors.PersonRequest, person: Person) -> HttpResponse:
    """Ask why, and let nobody sign in by this account any more."""
    row, form = found(queries.any_account_of(person)), OffForm(request.POST or None)
    done = _("The account is switched off. Anyone signed in with it has been signed out.")
    return posted(
        request, form, partial(actions.switch_off, account=row), done=done, to=("office-account", person.pk)
    ) or render(request, "office/account_off.html", {"form": form, "person": person})


@doors.office
@require_POST
@of_person
def switch_on(request: doors.PersonRequest, person: Person) -> HttpResponse:
    """Open the account again with the password it had."""
    row = found(queries.any_account_of(person))
    done = _("The account is switched on again, with the same password as before.")
    return pressed(request, partial(actions.switch_on, account=row), done=done, to=("office-account", person.pk))


@doors.office
@require_GET
def letters(request: doors.PersonRequest) -> HttpResponse:
    """Say what letters with accounts bring about, for those who are ticked or for all who have no account.

    The button below a list means those who are ticked: where nobody is, it says so and never means everybody.
    """
    numbers, is_of_ticked = numbers_in(request.GET, "row"), request.GET.get("of") == "ticked"
    rows: Any = posts_in_reach(request)
    if means_all(request):
        rows = posts_that_match(request)
    elif is_of_ticked and not numbers:
        messages.error(request, _("Tick at least one line, then press the button again."))
        return redirect("office-posts")
    else:
        rows = rows.filter(pk__in=[number for number, _same in numbers]) if numbers else rows.filter(account="none")
    return _letters_page(request, LettersForm(None, [(str(row.pk), str(row.pk)) for row in rows[:MOST_AT_ONCE]]))


@doors.office
@require_POST
def make_letters(request: doors.PersonRequest) -> HttpResponse:
    """Have the letters made, and lead on to where their asker takes them."""
    form = LettersForm(request.POST, numbers_in(request.POST, "row"))
    address = printed_address(request, reverse("sign-in"))

    def ask(*, paper: str, languages: list[str], row: list[int], **acting: Any) -> HttpResponse:
        chosen = list(posts_in_reach(request).filter(pk__in=row))
        above = {person.pk for person in accounts_above(request, chosen)}
        people = sorted({post.person_id for post in chosen} - above)[:MOST_AT_ONCE]
        job = jobs.ask_for_account_letters(
            people=people, paper=paper, languages=languages, address=address, page=reverse("office-posts"), **acting
        )
        return redirect("list-job", job.pk)

    return posted(request, form, ask) or _letters_page(request, form)


def accounts_above(request: doors.PersonRequest, rows: list[Post]) -> list[Person]:
    """Those with these posts whose accounts the office of a level above looks after."""
    return queries.looked_after_above({row.person_id for row in rows}, request.person, clock.today())


def _letters_page(request: doors.PersonRequest, form: LettersForm) -> HttpResponse:
    numbers = [number for number, _same in form.fields["row"].choices]  # type: ignore[attr-defined]
    rows = list(posts_in_reach(request).filter(pk__in=numbers))
    above = accounts_above(request, rows)
    form.initial["row"] = [row.pk for row in rows if row.person not in above]
    people = {row.person_id: row for row in rows if row.person not in above}
    states: list[str] = [row.account for row in people.values()]  # type: ignore[attr-defined]
    shown = {
        "form": form if people and len(people) > states.count("off") else None,
        "above": above,
        "count": len(people) - states.count("off"),
        "renewed": states.count("used") + states.count("handed_out"),
        "off": states.count("off"),
        "address": printed_address(request, reverse("sign-in")),
        "doubts": doubts(request),
        "names": [row.person.name for row in people.values()][:10],
    }
    return render(request, "office/post_letters.html", shown)

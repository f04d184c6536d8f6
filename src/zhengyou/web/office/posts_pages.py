"""Posts: who is secretary, leader, scrutineer or works in the office; given, changed, ended. Accounts are in `accounts_pages`."""

from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhengyou.base.refusals import allows, reason_against
from zhengyou.base.words import Names, in_readers_words
from zhengyou.identity import queries as accounts
from zhengyou.identity import rules as account_rules
from zhengyou.organisations import queries, rules
from zhengyou.organisations.models import Person, Post, Term
from zhengyou.organisations.tree import is_within_any
from zhengyou.organisations.vocabulary import word, worded
from zhengyou.roster import posts as deeds
from zhengyou.roster import queries as roster
from zhengyou.web.office.roster_words import below_of, name_and_path
from zhengyou.web.shared import clock, doors, meanwhile
from zhengyou.web.shared.day_words import day_in_a_cell
from zhengyou.web.shared.fields import (
    MEMBER_NUMBER,
    DayInput,
    OrganisationField,
    PersonField,
    ShortText,
    terms_in_readers_words,
)
from zhengyou.web.shared.lists import Cell, Column, listed, matching, ticks
from zhengyou.web.shared.narrowing import Filter, words_of
from zhengyou.web.shared.pages import posted

TITLE = pgettext_lazy("of a post", "Title")
STATES = {
    "none": _("no account"),
    "handed_out": _("handed out, not used yet"),
    "used": _("in use"),
    "off": _("switched off"),
}


class DaysForm(forms.Form):
    """What a post is called, and from when to when it is held."""

    title = ShortText(
        label=TITLE, max_length=80, required=False, help_text=_("The title in use, if it says more than the post.")
    )
    from_on = forms.DateField(label=_("First day"), widget=DayInput, initial=clock.today)
    until_on = forms.DateField(
        label=_("Not held any more from"),
        widget=DayInput,
        required=False,
        help_text=_("Leave it empty if no end is set."),
    )


class PostForm(DaysForm):
    """Who gets which post where."""

    person = PersonField(label=word("Member"))
    organisation = OrganisationField(label=_("Unit"))
    role = forms.ChoiceField(label=_("Post"))
    field_order = ("person", "organisation", "role")

    def __init__(self, *args: Any, roles: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [("", "…"), *roles]  # type: ignore[attr-defined]  # nobody gets the widest by mistake


class EndForm(forms.Form):
    """From which day a post is not held any more."""

    until_on = forms.DateField(label=_("Not held any more from"), widget=DayInput, initial=clock.today)


def posts_in_reach(request: doors.PersonRequest) -> QuerySet[Post]:
    """The posts that this office looks after, with their accounts."""
    return accounts.posts_with_accounts(clock.today()).filter(doors.reach_of(request, "organisation"))


@doors.office
def posts(request: doors.PersonRequest) -> HttpResponse:
    """Everybody with a post, whether they can sign in, and a form for a new post: begun where a unit's or a person's page leads here."""
    names = _roles()
    roles = [(slug, in_readers_words(name)) for slug, name in names.items()]
    form = PostForm(request.POST or None, roles=roles, initial=_begun(request))
    return posted(request, form, partial(_give, request)) or listed(
        request,
        "office/posts.html",
        roster.posts_called(posts_in_reach(request), words_of(request)),
        _columns(names),
        name="posts",
        nothing=_("Nobody has a post yet."),
        search=_("Find by name, pinyin, number, login, phone, unit or code"),
        filters=_filters(request, roles),
        form=form,
    )


def _columns(names: dict[str, Names]) -> list[Column]:
    return [
        Column(_("Who"), _who, order="person__name_key"),
        Column(MEMBER_NUMBER, lambda row: row.person.number, order="person__number"),
        Column(_("Unit"), lambda row: name_and_path(row.organisation), order="organisation__path", is_wide=True),
        Column(_("Within"), lambda row: below_of(row.organisation), is_only_in_files=True),
        Column(_("Post"), lambda row: Cell(_post_of(row, names), note=_days_of(row)), order="role", is_wide=True),
        Column(_("Held from"), lambda row: row.from_on, is_only_in_files=True),
        Column(_("Account"), _account_of, order="login"),
        Column(_("Action"), lambda row: {"row": row}, part="parts/post_buttons.html", is_deed=True),
        ticks(lambda row: row.person.name),
    ]


def _begun(request: doors.PersonRequest) -> dict[str, Any]:
    """What the form begins with: the unit or the person whose page led here, if this office looks after them."""
    code, number = request.GET.get("organisation", ""), request.GET.get("person", "")
    unit = queries.organisation_with_code(code) if code else None
    among = doors.reach_of(request, "organisation")
    person = queries.the_one_person(number, among).one if number else None
    is_ours = unit is not None and is_within_any(unit, doors.offices_of(request))
    return ({"organisation": unit} if is_ours else {}) | ({"person": person} if person else {})


def _filters(request: doors.PersonRequest, roles: list[tuple[str, str]]) -> list[Filter]:
    return [
        Filter("post", _("Post"), "role", roles),
        Filter("account", _("Account"), "account", list(STATES.items())),
        Filter("town", _("Within"), "organisation__path__startswith", _towns(request), of_units=True),
    ]


def posts_that_match(request: doors.PersonRequest) -> Any:
    """All posts that the list at this address shows, on all its pages."""
    filters = _filters(request, terms_in_readers_words(Term.Category.ROLE))
    return matching(request, roster.posts_called(posts_in_reach(request), words_of(request)), filters=filters)


def _give(request: doors.PersonRequest, **given: Any) -> HttpResponse:
    """A post that is held already is changed, and the page says so."""
    held = queries.post_held_or_to_come(given["person"], given["organisation"], given["role"], given["from_on"])
    before = (held.title, held.from_on, held.until_on) if held else ()
    row = deeds.give_post(**given)
    if not before:
        said = {"name": row.person.name, "post": _post_of(row, _roles()), "place": row.organisation.name}
        said["account"] = _what_to_do_with_account(row.person, request.person)
        messages.success(request, _("%(name)s now holds this post: %(place)s, %(post)s. %(account)s") % said)
    elif before == (row.title, row.from_on, row.until_on):
        messages.success(
            request, _("%(name)s holds this post already. Nothing was changed.") % {"name": row.person.name}
        )
    else:
        messages.success(
            request,
            _("%(name)s holds this post already. Its title and days are now what you wrote.")
            % {"name": row.person.name},
        )
    if request.GET.get("organisation") == row.organisation.code:
        return redirect("office-organisation", row.organisation_id)
    return redirect(
        *("office-person", row.person_id) if request.GET.get("person") == row.person.number else ("office-posts",)
    )


def _what_to_do_with_account(person: Person, by: Person) -> Any:
    """What is left to be done so that somebody can sign in; of who can already, that they can."""
    account = accounts.any_account_of(person)
    if account and account.is_active:
        return _("They have an account already.")
    if not allows(account_rules.check_may_change_account, person, by, clock.today()):
        return worded(_("They cannot sign in yet. The %(office)s of the level above looks after their account."))
    return _("Their account is switched off.") if account else _("Hand out an account to them now: they have none.")


def _roles() -> dict[str, Names]:
    return queries.term_names(Term.Category.ROLE)


def _who(row: Any) -> Cell:
    return Cell(row.person.name, reverse("office-person", args=[row.person_id]))


def _post_of(row: Any, names: dict[str, Names]) -> str:
    """The role, and the title where it says more than what the role is called in any language."""
    usual = names.get(row.role, {})
    role = in_readers_words(usual) or row.role
    return f"{role} · {row.title}" if row.title and row.title not in usual.values() else role


def _days_of(row: Any) -> str:
    """From when a post is held, and until when, if its end is known."""
    last = day_in_a_cell(row.until_on) if row.until_on else ""
    given = {"day": day_in_a_cell(row.from_on), "last": last}
    return _("Held from %(day)s until %(last)s") % given if last else _("Held from %(day)s") % given


def _account_of(row: Any) -> Cell:
    return Cell(row.login or STATES["none"], note="" if row.account in ("none", "used") else STATES[row.account])


def _towns(request: doors.PersonRequest) -> list[tuple[str, str]]:
    """The organisations right below those of this office, by which a long list is narrowed."""
    return [(row.path, row.name) for row in queries.right_below(doors.offices_of(request))]


@doors.office
@doors.fetched("post_id", queries.post_with_id)
def change(request: doors.PersonRequest, post: Post) -> HttpResponse:
    """Another title, another first or last day."""
    initial = {"title": post.title, "from_on": post.from_on, "until_on": post.until_on}
    form = DaysForm(request.POST or None, initial=initial)
    meanwhile.guard(form, about=post.organisation.reference, deeds=["organisations.change_post"])
    shown = {"form": form, "post": post, "called": _post_of(post, _roles())}
    return posted(
        request, form, partial(deeds.change_post, post=post), done=_("The post is changed."), to="office-posts"
    ) or render(request, "office/post_change.html", shown)


@doors.office
def end(request: doors.PersonRequest, post_id: int) -> HttpResponse:
    """Ask from which day a post is not held any more, and end it; its role ends with it."""
    post = _not_ended(queries.post_with_id(post_id))
    request.subject_shown = post.person
    form = EndForm(request.POST or None)
    done: Any = _(
        "The post of %(name)s has ended. If that was a mistake, undo it within a day on the person’s page."
    ) % {"name": post.person.name}
    is_own = post.person == request.person and post.role == Post.Role.CAMPAIGN_OFFICE
    if is_own:  # the pages of the office close behind them
        done = worded(
            _("Your post has ended. If that was a mistake, ask somebody in the %(office)s to undo it within a day.")
        )
    shown = {"form": form, "post": post, "is_own": is_own, **_what_ends(post)}
    to = "desk-home" if is_own else "office-posts"
    return posted(request, form, partial(deeds.end_post, post=post), done=done, to=to) or render(
        request, "office/post_end.html", shown
    )


def _not_ended(post: Post | None) -> Post:
    """A post that can be ended still. Raises GoneMeanwhile, with who was first if the post is there to be asked about."""
    refusal = reason_against(rules.check_has_not_ended, post, clock.today())
    asked = {"about": post.organisation.reference, "person": post.person.reference, "role": post.role} if post else {}
    return meanwhile.still(None if refusal else post, refusal, deeds=["organisations.end_post"], **asked)


def _what_ends(post: Post) -> dict[str, Any]:
    """What the question says: how the post is called, and whether it is the person's only one."""
    names = _roles()
    others = [row for row in queries.posts_of(post.person, clock.today()) if row.pk != post.pk]
    return {
        "called": _post_of(post, names),
        "is_only_one": not others,
        "is_begun_today": post.from_on >= clock.today(),
        "leaves_one": post.role == Post.Role.CAMPAIGN_OFFICE
        and queries.count_office_posts(clock.today(), but=post) == 1,
        "account": accounts.account_of(post.person),
    }

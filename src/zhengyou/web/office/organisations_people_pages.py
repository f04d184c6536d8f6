"""Posts and accounts: who is secretary, leader, scrutineer or works in the office, and how they sign in."""

import secrets
from functools import partial
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from zhengyou.identity import actions as identity
from zhengyou.identity import queries as accounts
from zhengyou.organisations import actions, queries
from zhengyou.organisations.models import Term
from zhengyou.organisations.vocabulary import word
from zhengyou.web.shared import clock, doors, meanwhile
from zhengyou.web.shared.fields import MEMBER_NUMBER, OrganisationField, PersonField, ShortText, terms_in_readers_words
from zhengyou.web.shared.lists import Cell, Column, listed
from zhengyou.web.shared.narrowing import Filter
from zhengyou.web.shared.pages import found, posted, pressed


class PostForm(forms.Form):
    """Who gets which post where."""

    person = PersonField(label=word("Member"))
    organisation = OrganisationField(label=_("Organisation"))
    role = forms.ChoiceField(label=_("Post"))
    title = ShortText(label=_("Title"), max_length=80, required=False)

    def __init__(self, *args: Any, roles: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = roles  # type: ignore[attr-defined]


@doors.office
def posts(request: doors.PersonRequest) -> HttpResponse:
    """Everybody with a post, whether they can sign in, and a form for a new post."""
    roles = terms_in_readers_words(Term.Category.ROLE)
    form, names = PostForm(request.POST or None, roles=roles), dict(roles)
    return posted(
        request,
        form,
        partial(actions.appoint, from_on=clock.today()),
        done=_("The post is given. Hand out an account if the person has none."),
        to="office-posts",
    ) or listed(
        request,
        "office/posts.html",
        accounts.posts_with_logins(clock.today()),
        [
            Column(_("Who"), lambda row: row.person.name, order="person__name_key"),
            Column(MEMBER_NUMBER, lambda row: row.person.number, order="person__number"),
            Column(_("Organisation"), lambda row: row.organisation.name, order="organisation__path"),
            Column(_("Post"), lambda row: _post_of(row, names), order="role"),
            Column(_("Login"), lambda row: row.login, order="login"),
            Column(_("Action"), lambda row: {"row": row}, part="parts/post_buttons.html", in_files=False),
        ],
        name="posts",
        nothing=_("Nobody has a post yet."),
        search=_("Find a person or an organisation"),
        paths=("person__name", "person__number", "person__name_key", "organisation__name", "organisation__code"),
        filters=[Filter("post", _("Post"), "role", roles)],
        form=form,
    )


def _post_of(row: Any, names: dict[str, Any]) -> Cell:
    """The role, and the title where it says more than the role."""
    role = names.get(row.role, row.role)
    return Cell(role, note=f"· {row.title}" if row.title not in ("", str(role)) else "")


@doors.office
@require_POST
def end(request: doors.PersonRequest, post_id: int) -> HttpResponse:
    """End a post today; its role ends with it."""
    post = queries.post_with_id(post_id)
    is_over = post is not None and post.until_on is not None and post.until_on <= clock.today()
    post = meanwhile.still(
        None if is_over else post,
        _("This post has ended already. There is nothing left to do."),
        about=post.organisation.reference if post else "",
        deeds=["organisations.end_post"],
    )
    return pressed(
        request,
        partial(actions.end_post, post=post, until_on=clock.today()),
        done=_("The post has ended."),
        to="office-posts",
    )


@doors.office
@never_cache
@require_POST
def hand_out_account(request: doors.PersonRequest, person_id: int) -> HttpResponse:
    """A login with a fresh password, shown this once; an earlier password stops working."""
    person = found(queries.person_with_post(person_id, clock.today()))
    password = secrets.token_urlsafe(9)
    account = identity.open_account(
        person=person, login=person.number, password=password, at=clock.now(), by=request.person
    )
    return render(request, "office/account.html", {"account": account, "password": password})

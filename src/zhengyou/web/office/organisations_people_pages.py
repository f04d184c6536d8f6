"""Posts and accounts: who is secretary, leader, scrutineer or works in the office, and how they sign in."""

import secrets
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from zhengyou.identity import actions as identity
from zhengyou.identity import queries as accounts
from zhengyou.organisations import actions, queries
from zhengyou.organisations.models import Organisation, Person, Post
from zhengyou.web.shared import clock, doors
from zhengyou.web.shared.narrowing import page_of
from zhengyou.web.shared.refusing import refused_into

ROLES = {
    Post.Role.SECRETARY.value: _("Secretary"),
    Post.Role.LEADER.value: _("Leader"),
    Post.Role.CAMPAIGN_OFFICE.value: _("Campaign office"),
    Post.Role.SCRUTINEER.value: _("Scrutineer"),
}


class PostForm(forms.Form):
    """Who gets which post where."""

    number = forms.CharField(label=_("Member number"), max_length=40)
    organisation = forms.CharField(label=_("Code of the organisation"), max_length=40)
    role = forms.ChoiceField(label=_("Post"), choices=list(ROLES.items()))
    title = forms.CharField(label=_("Title"), max_length=80, required=False)

    def clean_number(self) -> Person:
        """The person with this number."""
        person = queries.people_by_number([self.cleaned_data["number"].strip()]).get(
            self.cleaned_data["number"].strip()
        )
        if person is None:
            raise forms.ValidationError(
                _("No member has the number %(number)s.") % {"number": self.cleaned_data["number"]}
            )
        return person

    def clean_organisation(self) -> Organisation:
        """The living organisation with this code."""
        row = queries.organisation_with_code(self.cleaned_data["organisation"].strip())
        if row is None or row.ended_on is not None:
            raise forms.ValidationError(
                _("No organisation has the code %(code)s.") % {"code": self.cleaned_data["organisation"]}
            )
        return row


@doors.office
def posts(request: doors.PersonRequest) -> HttpResponse:
    """Everybody with a post, whether they can sign in, and a form for a new post."""
    form = PostForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refused_into(form):
            given = form.cleaned_data
            actions.appoint(
                person=given["number"],
                organisation=given["organisation"],
                role=given["role"],
                title=given["title"],
                from_on=clock.today(),
                at=clock.now(),
                by=request.person.reference,
            )
            messages.success(request, _("The post is given. Hand out an account if the person has none."))
            return redirect("office-posts")
    page = page_of(request, queries.posts_held(clock.today()))
    logins = accounts.logins_of([post.person for post in page])
    rows = [{"post": post, "role": ROLES[post.role], "login": logins.get(post.person_id)} for post in page]
    return render(request, "office/posts.html", {"form": form, "page": page, "rows": rows})


@doors.office
@require_POST
def end(request: doors.PersonRequest, post_id: int) -> HttpResponse:
    """End a post today; its role ends with it."""
    post = queries.post_with_id(post_id)
    if post is None:
        raise Http404
    actions.end_post(post=post, until_on=clock.today(), at=clock.now(), by=request.person.reference)
    messages.success(request, _("The post has ended."))
    return redirect("office-posts")


@doors.office
@never_cache
@require_POST
def hand_out_account(request: doors.PersonRequest, person_id: int) -> HttpResponse:
    """A login with a fresh password, shown this once; an earlier password stops working."""
    person: Any = queries.person_with_post(person_id, clock.today())
    if person is None:
        raise Http404
    password = secrets.token_urlsafe(9)
    account = identity.open_account(
        person=person, login=person.number, password=password, at=clock.now(), by=request.person
    )
    return render(request, "office/account.html", {"account": account, "password": password})

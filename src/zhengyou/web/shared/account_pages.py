"""One's own account: the password, phone and mail of a post holder, where one is signed in. Signing in is in `sessions`."""

from datetime import datetime
from functools import partial
from typing import Any

from django import forms
from django.contrib.auth import update_session_auth_hash
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from zhengyou.identity import actions, queries
from zhengyou.organisations import queries as organisations
from zhengyou.organisations.models import Person
from zhengyou.web.shared import clock, devices, doors
from zhengyou.web.shared.fields import ShortText
from zhengyou.web.shared.pages import found, posted, pressed


def _password(label: Any, kind: str = "new-password", help_text: Any = "") -> forms.CharField:
    widget = forms.PasswordInput(attrs={"autocomplete": kind})
    return forms.CharField(label=label, max_length=200, widget=widget, help_text=help_text)


class FirstPasswordForm(forms.Form):
    """The new password, twice."""

    new = _password(_("New password"), help_text=_("At least ten characters."))
    again = _password(_("New password again"))

    def clean_again(self) -> str:
        """Both times the same."""
        if self.cleaned_data["again"] != self.cleaned_data.get("new"):
            raise forms.ValidationError(_("The two new passwords are not the same."))
        return str(self.cleaned_data["again"])


class PasswordForm(FirstPasswordForm):
    """The old password and the new one, twice."""

    old = _password(_("Password until now"), "current-password")
    field_order = ("old", "new", "again")


class ContactForm(forms.Form):
    """How a post holder is reached. Both may stay empty."""

    phone = ShortText(
        label=_("Phone"), max_length=40, required=False, widget=forms.TextInput(attrs={"autocomplete": "tel"})
    )
    mail = forms.EmailField(label=_("Email"), max_length=120, required=False)


@sensitive_post_parameters("old", "new", "again")
@doors.signed_in
@never_cache
def change_password(request: doors.PersonRequest) -> HttpResponse:
    """Change one's own password; other sessions of the account end. One that was handed out is replaced at the first sign-in."""
    account: Any = request.user
    is_first = account.is_handed_out
    form = (FirstPasswordForm if is_first else PasswordForm)(request.POST or None)

    def change(*, new: str, at: datetime, old: str = "", **_rest: Any) -> None:
        if is_first:
            changed = actions.replace_handed_out_password(account=account, new=new, at=at)
        else:
            place = devices.place_of_session(request)
            changed = actions.change_password(account=account, old=old, new=new, place=place, at=at)
        update_session_auth_hash(request, changed)

    to = "office-home" if is_first and doors.is_office(request) else "desk-home"
    return posted(request, form, change, done=_("Your password is changed."), to=to) or render(
        request, "parts/password.html", {"form": form, "is_first": is_first}
    )


@doors.signed_in
@never_cache
def account(request: doors.PersonRequest) -> HttpResponse:
    """One's own account, with a form for phone and mail where one holds a post."""
    own: Any = request.user
    today, here = clock.today(), request.session.session_key
    contact = queries.contact_of(request.person, today)
    initial = {"phone": contact.phone, "mail": contact.mail} if contact else {}
    posts = organisations.posts_of(request.person, today)
    form = ContactForm(request.POST or None, initial=initial)
    keep = partial(actions.keep_contact, person=request.person)
    shown = {
        "account": own,
        "form": form if posts else None,
        "sessions": sorted(((row, row.key == here) for row in queries.sessions_of(own)), key=lambda one: not one[1]),
    }
    return posted(request, form, keep, done=_("Kept."), to="account") or render(request, "parts/account.html", shown)


@doors.signed_in
@require_POST
def sign_out_there(request: doors.PersonRequest, number: str) -> HttpResponse:
    """End one of one's own sessions."""
    own: Any = request.user

    def end(**_acting: Any) -> None:
        actions.end_session(account=own, number=number)

    return pressed(request, end, done=_("You are signed out there."), to="account")


@doors.signed_in
@require_POST
def sign_out_elsewhere(request: doors.PersonRequest) -> HttpResponse:
    """End all sessions but this one."""

    def end(*, by: Person, **_acting: Any) -> None:
        actions.sign_out_everywhere(person=by)
        update_session_auth_hash(request, found(queries.any_account_of(by)))

    return pressed(request, end, done=_("You are signed out everywhere else."), to="account")

"""Signing in and signing out. One's own account is in `account_pages`."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth import login as open_session
from django.contrib.auth import logout as close_session
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from zhengyou.identity import actions as identity
from zhengyou.identity import rules as identity_rules
from zhengyou.identity.queries import DEVICE
from zhengyou.web.shared import devices, doors
from zhengyou.web.shared.pages import posted


class SignInForm(forms.Form):
    """Login and password."""

    login = forms.CharField(
        label=_("Login"), max_length=80, widget=forms.TextInput(attrs={"autocomplete": "username", "autofocus": True})
    )
    password = forms.CharField(
        label=_("Password"), max_length=200, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )

    def clean_login(self) -> str:
        """Before anything is counted by it: otherwise each spelling would be a login of its own to a guesser."""
        return identity_rules.login_of(self.cleaned_data["login"])


@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """The sign-in page; afterwards on to where one wanted to go."""
    if request.method == "GET" and doors.person_of(request):
        return HttpResponseRedirect(_way_on(request, request.GET))
    form = SignInForm(request.POST or None)

    def enter(**given: Any) -> HttpResponse:
        login = given["login"]
        account = identity.check_sign_in(place=devices.place_of(request, login), **given)
        open_session(request, account, backend=settings.AUTHENTICATION_BACKENDS[0])
        request.session[DEVICE] = devices.named(request)
        response = HttpResponseRedirect(_way_on(request, request.POST))
        devices.remember(request, response, login)
        return response

    shown = {"form": form, "next": request.GET.get("next", ""), "has_left": "left" in request.GET}
    return posted(request, form, enter) or render(request, "parts/sign_in.html", shown)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Close the session, and say so on the sign-in page. A message would need a session of its own."""
    close_session(request)
    return redirect(f"{reverse('sign-in')}?left=1")


def _way_on(request: Any, given: Any) -> str:
    wanted = given.get("next", "")
    if wanted and url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}):
        return str(wanted)
    return "/office/" if doors.is_office(request) else "/desk/"

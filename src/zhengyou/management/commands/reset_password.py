"""`reset_password`: a fresh password for an account, from the house's machine. For an office that nobody can enter any more."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import translation
from django.utils.translation import gettext as _

from zhengyou.base import codes
from zhengyou.identity import actions, queries
from zhengyou.identity.rules import AccountRefused
from zhengyou.management.spoken import LANGUAGES, spoken_language
from zhengyou.web.shared import clock


class Command(BaseCommand):
    """The earlier password stops working at once. The journal says that it was done by a command."""

    help = "Give an account a fresh password, and print it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("login")
        parser.add_argument("--lang", choices=sorted(LANGUAGES))

    def handle(self, *args: Any, login: str, lang: str | None, **options: Any) -> None:
        with translation.override(spoken_language(lang)):
            password = _renewed(login)
            self.stdout.write(_("The password is shown only here, and is changed at the first sign-in."))
            self.stdout.write(_("Login: %(login)s") % {"login": login})
            self.stdout.write(_("Password: %(password)s") % {"password": password})


def _renewed(login: str) -> str:
    account = queries.any_account_with_login(login)
    if account is None:
        raise CommandError(_("There is no account with the login %(login)s.") % {"login": login})
    password = codes.fresh()
    try:
        actions.open_account(
            person=account.person,
            login=account.login,
            password=password,
            at=clock.now(),
            by=None,
            is_handed_out=True,
        )
    except AccountRefused as refused:
        raise CommandError(str(refused)) from refused
    return password

"""`appoint_office`: somebody known to the house gets a post in the campaign office, and an account, from its machine.

For an office that nobody can enter any more: it has left, or lost its passwords.
"""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from zhengyou.base import codes
from zhengyou.base.refusals import Refused
from zhengyou.base.time import local_day
from zhengyou.identity import actions as identity
from zhengyou.identity import queries as accounts
from zhengyou.management.spoken import LANGUAGES, spoken_language
from zhengyou.organisations import queries
from zhengyou.organisations.models import Organisation, Person, Post
from zhengyou.organisations.vocabulary import worded
from zhengyou.roster import posts
from zhengyou.web.shared import clock


class Command(BaseCommand):
    """Whoever may run it could write to the database as well. The journal says that it was done by a command."""

    help = "Give a person a post in the campaign office, and an account if they have none; prints its password."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("number", help="the person's number, exactly as the house has it")
        parser.add_argument("--code", help="the unit whose office it is; the topmost one if it is not named")

        parser.add_argument("--lang", choices=sorted(LANGUAGES))

    def handle(self, *args: Any, number: str, code: str | None, lang: str | None, **options: Any) -> None:
        with translation.override(spoken_language(lang)), transaction.atomic():
            person = queries.people_by_number([number]).get(number)
            if person is None:
                text = _("Nobody here has the number %(number)s. Look it up in the list of people.")
                raise CommandError(text % {"number": number})
            at, place = clock.now(), _office_of(code)
            post: dict[str, Any] = {"role": Post.Role.CAMPAIGN_OFFICE, "title": "", "from_on": local_day(at)}
            try:
                posts.give_post(person=person, organisation=place, at=at, by=None, **post)
            except Refused as refused:
                raise CommandError(str(refused)) from refused
            text = _("%(person)s works in the %(office)s of %(name)s.")
            self.stdout.write(str(worded(text, person=person.name, name=place.name)))
            self.stdout.write(_account_of(person, at))


def _office_of(code: str | None) -> Organisation:
    rows = queries.living_organisations()
    found = rows.filter(code=code).first() if code else rows.first()
    if found is None and code:
        raise CommandError(_("There is no unit %(code)s.") % {"code": code})
    if found is None:
        raise CommandError(_("There is no unit yet. Run: zhengyou create_office"))
    return found


def _account_of(person: Person, at: Any) -> str:
    account = accounts.any_account_of(person)
    if account and not account.is_active:
        account = identity.switch_on(account=account, at=at, by=None)
    if account:
        text = _("The account stays as it is. If its password is lost, run: zhengyou reset_password %(login)s")
        return text % {"login": account.login}
    password = codes.fresh()
    account = identity.open_account(
        person=person, login=person.number, password=password, at=at, by=None, is_handed_out=True
    )
    lines = [
        _("The password is shown only here, and is changed at the first sign-in."),
        _("Login: %(login)s") % {"login": account.login},
        _("Password: %(password)s") % {"password": password},
    ]
    return "\n".join(lines)

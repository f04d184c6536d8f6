"""`appoint_office`: somebody known to the house gets a post in the campaign office, and an account, from its machine.

For an office that nobody can enter any more: it has left, or lost its passwords.
"""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from zhengyou.base import codes
from zhengyou.base.time import local_day
from zhengyou.identity import actions as identity
from zhengyou.identity import queries as accounts
from zhengyou.organisations import actions as organisations
from zhengyou.organisations import queries
from zhengyou.organisations.models import Organisation, Person, Post
from zhengyou.web.shared import clock


class Command(BaseCommand):
    """Whoever may run it could write to the database as well. The journal says that it was done by a command."""

    help = "Give a person a post in the campaign office, and an account if they have none; prints its password."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("number", help="the person's number, exactly as the house has it")
        parser.add_argument("--code", help="the organisation whose office it is; the topmost one if it is not named")

    @transaction.atomic
    def handle(self, *args: Any, number: str, code: str | None, **options: Any) -> None:
        person = queries.people_by_number([number]).get(number)
        if person is None:
            raise CommandError(f"Nobody here has the number {number}. Look it up in the list of people.")
        at, place = clock.now(), _office_of(code)
        organisations.appoint(
            person=person,
            organisation=place,
            role=Post.Role.CAMPAIGN_OFFICE,
            title="",
            from_on=local_day(at),
            at=at,
            by=None,
        )
        self.stdout.write(f"{person.name} works in the campaign office of {place.name}.")
        self.stdout.write(_account_of(person, at))


def _office_of(code: str | None) -> Organisation:
    rows = queries.living_organisations()
    found = rows.filter(code=code).first() if code else rows.first()
    if found is None:
        raise CommandError(
            f"There is no organisation {code}." if code else "There is no organisation yet: run create_office."
        )
    return found


def _account_of(person: Person, at: Any) -> str:
    account = accounts.any_account_of(person)
    if account and not account.is_active:
        account = identity.switch_on(account=account, at=at, by=None)
    if account:
        return f"Login: {account.login}, with the password they have. If it is lost, run: zhengyou reset_password {account.login}"
    password = codes.fresh()
    account = identity.open_account(
        person=person, login=person.number, password=password, at=at, by=None, is_handed_out=True
    )
    return f"It is changed at the first sign-in.\nLogin: {account.login}\nPassword: {password}"

"""Opening accounts, handing out one-time codes, signing in."""

import secrets
from collections.abc import Iterable
from datetime import datetime

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from zhengyou.base import journal
from zhengyou.identity import queries, rules
from zhengyou.identity.models import Account, FailedSignIn, OneTimeCode
from zhengyou.organisations.models import Person


@transaction.atomic
def open_account(*, person: Person, login: str, password: str, at: datetime, by: str) -> Account:
    """Give a person an account, or renew login and password of the one they have."""
    account, _created = Account.objects.update_or_create(
        person=person, defaults={"login": login, "password": make_password(password)}
    )
    journal.record(deed="identity.open_account", subject=person.reference, by=by, at=at)
    return account


def check_sign_in(*, login: str, password: str, at: datetime) -> Account:
    """Return the account, or raise SignInRefused; a failure is remembered, the answer never tells which part was wrong."""
    rules.check_may_try_to_sign_in(login, at)
    account = Account.objects.select_related("person").filter(login=login, is_active=True).first()
    stored = account.password if account else make_password("nobody")
    if check_password(password, stored) and account is not None:
        FailedSignIn.objects.filter(login=login).delete()
        return account
    FailedSignIn.objects.create(login=login[:80], at=at)
    raise rules.SignInRefused(_("This login and password do not fit together. Check both and try again."))


@transaction.atomic
def change_password(*, account: Account, old: str, new: str, at: datetime) -> Account:
    """Set a new password for who knows the old one. Raises SignInRefused for a wrong old one or a new one that is too easy."""
    row = Account.objects.select_for_update().select_related("person").get(pk=account.pk)
    check_sign_in(login=row.login, password=old, at=at)
    rules.check_password(new, row)
    row.password = make_password(new)
    row.save(update_fields=["password"])
    journal.record(deed="identity.change_password", subject=row.person.reference, by=row.person.reference, at=at)
    return row


@transaction.atomic
def hand_out_codes(*, purpose: str, people: Iterable[Person]) -> dict[int, str]:
    """A fresh code of 60 bits for each person, by person id; an earlier code for the same purpose stops working.

    The codes exist only in the answer: the house keeps their HMAC.
    """
    codes = {person.pk: fresh_code() for person in people}
    OneTimeCode.objects.filter(purpose=purpose, person__in=list(codes)).delete()
    OneTimeCode.objects.bulk_create(
        [
            OneTimeCode(purpose=purpose, person_id=person, digest=queries.code_digest(purpose, code))
            for person, code in codes.items()
        ]
    )
    return codes


def fresh_code() -> str:
    """A random code of 60 bits in groups of four, without letters that look like figures."""
    letters = [secrets.choice(queries.ALPHABET) for _place in range(12)]
    return "-".join("".join(letters[n : n + 4]) for n in (0, 4, 8))

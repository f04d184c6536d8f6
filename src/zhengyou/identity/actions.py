"""Opening accounts, signing in. That somebody signed in is written nowhere."""

from datetime import datetime

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from zhengyou.base import passwords
from zhengyou.base.deeds import done, locked
from zhengyou.identity import rules
from zhengyou.identity.models import Account, FailedSignIn
from zhengyou.organisations.models import Person


@transaction.atomic
def open_account(*, person: Person, login: str, password: str, at: datetime, by: Person | None) -> Account:
    """Give a person an account, or renew login and password of the one they have."""
    account, _created = Account.objects.update_or_create(
        person=person, defaults={"login": login, "password": make_password(password)}
    )
    done("identity.open_account", person, at=at, by=by)
    return account


def check_sign_in(*, login: str, password: str, place: rules.Place, at: datetime) -> Account:
    """Return the account, or raise SignInRefused. The refusal never tells which part was wrong.

    Wrong passwords make the place wait from which they come, and in numbers all places from which nobody signed in before.

    A failure is remembered for a while, in a transaction of its own; older ones of everybody are forgotten first.
    """
    forget_failed_sign_ins(at=at)
    rules.check_may_try_to_sign_in(login, place, at)
    account = Account.objects.admitted().filter(login=login).first()
    stored = account.password if account else passwords.nobodys()
    if check_password(password, stored) and account is not None:
        FailedSignIn.objects.filter(login=login, place=place.mark).delete()
        return account
    FailedSignIn.objects.create(login=login[:80], place=place.mark, at=at)
    raise rules.SignInRefused(
        _("This login and password do not fit together. Check both and try again."), reason="sign-in.does-not-fit"
    )


def forget_failed_sign_ins(*, at: datetime) -> None:
    """Delete the wrong passwords that no longer make anybody wait, so that no history of sign-ins grows."""
    FailedSignIn.objects.filter(at__lte=at - rules.FAILURE_MEMORY).delete()


def change_password(*, account: Account, old: str, new: str, place: rules.Place, at: datetime) -> Account:
    """Set a new password for who knows the old one. Raises SignInRefused for a wrong old one or a new one that is too easy.

    A wrong old password counts like one at the door, and so it is asked before the transaction that a refusal undoes.
    """
    check_sign_in(login=account.login, password=old, place=place, at=at)
    with transaction.atomic():
        row = locked(account, "person")
        rules.check_password(new, row)
        row.password = make_password(new)
        row.save(update_fields=["password"])
        done("identity.change_password", row.person, at=at, by=row.person)
    return row


def choose_language(*, account: Account, language: str) -> None:
    """Keep in which language somebody reads. It changes nothing for anybody else, so no journal is written."""
    Account.objects.filter(pk=account.pk).update(language=language)

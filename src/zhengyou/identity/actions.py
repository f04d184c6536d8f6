"""Opening accounts, switching them off, signing in. That somebody signed in is written nowhere."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TypeGuard

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from zhengyou.base import codes, locks, texts
from zhengyou.base.deeds import done, locked
from zhengyou.base.time import local_day
from zhengyou.identity import queries, rules
from zhengyou.identity.models import Account, AccountSession, Contact, FailedSignIn, fresh_seal
from zhengyou.organisations.models import Person


@transaction.atomic
def open_account(
    *, person: Person, login: str, password: str, at: datetime, by: Person | None, is_handed_out: bool = False
) -> Account:
    """Give a person an account, or renew login and password of the one they have; whoever was signed in by it is no more.

    `is_handed_out` says that others may have seen the password: it is changed at the first sign-in. Raises AccountRefused, RoleRefused.
    """
    return _open_account(person, login, make_password(password), at, by, is_handed_out=is_handed_out)


@transaction.atomic
def open_accounts(*, passwords: Mapping[int, str], at: datetime, by: Person) -> list[Account]:
    """Give all these people, by id, an account with a password that is handed out (here its hash); the login is their number.

    All or nobody. Whoever left or lost their post meanwhile gets none. Raises AccountRefused.
    """
    people = queries.people_with_posts(passwords, local_day(at))
    return [_open_account(person, person.number, passwords[person.pk], at, by, is_handed_out=True) for person in people]


def _open_account(
    person: Person, login: str, stored: str, at: datetime, by: Person | None, *, is_handed_out: bool
) -> Account:
    rules.check_may_change_account(person, by, local_day(at))
    login = rules.login_of(login)
    earlier = Account.objects.select_for_update(of=("self",)).filter(person=person).first()
    rules.check_is_switched_on(earlier)
    rules.check_login_is_free(Account.objects.filter(login=login).exclude(person=person).first())
    values = {"login": login, "password": stored, "is_handed_out": is_handed_out, "seal": fresh_seal()}
    account, _created = Account.objects.update_or_create(person=person, defaults=values)
    _end_sessions(account)
    done("identity.open_account", person, at=at, by=by)
    return account


@transaction.atomic
def switch_off(*, account: Account, reason: str, at: datetime, by: Person) -> Account:
    """Nobody signs in by this account any more, and whoever is signed in by it is no longer. Raises AccountRefused, TextRefused."""
    row = locked(account, "person")
    rules.check_may_change_account(row.person, by, local_day(at))
    rules.check_may_switch_off(row, by)
    given = texts.check_texts(rules.AccountRefused, Account, _("Say why, in a few words."), off_reason=reason)
    row.is_active, row.off_reason, row.seal = False, given["off_reason"], fresh_seal()
    row.save(update_fields=["is_active", "off_reason", "seal"])
    _end_sessions(row)
    done("identity.switch_off", row.person, at=at, by=by)
    return row


@transaction.atomic
def switch_on(*, account: Account, at: datetime, by: Person | None) -> Account:
    """The account opens again with the password it had; sessions of before stay ended. Idempotent."""
    row = locked(account, "person")
    rules.check_may_change_account(row.person, by, local_day(at))
    if not row.is_active:
        row.is_active, row.off_reason = True, ""
        row.save(update_fields=["is_active", "off_reason"])
        done("identity.switch_on", row.person, at=at, by=by)
    return row


@transaction.atomic
def sign_out_everywhere(*, person: Person) -> None:
    """End all sessions of a person. Idempotent. Like signing in and out it is written nowhere."""
    for account in Account.objects.select_for_update(of=("self",)).filter(person=person):
        account.seal = fresh_seal()
        account.save(update_fields=["seal"])
        _end_sessions(account)


@transaction.atomic
def drop_unused_accounts(*, people: Sequence[int]) -> None:
    """Delete accounts that were handed out and never used, of people by id whose entry is taken out. Inside the caller's deed."""
    Account.objects.filter(person__in=people, is_handed_out=True).delete()


def end_session(*, account: Account, number: str) -> None:
    """End one of the account's own sessions, by what `queries.sessions_of` calls it. Idempotent."""
    for session in queries.sessions_of(account):
        if session.number == number:
            AccountSession.objects.filter(pk=session.key).delete()


def _end_sessions(account: Account) -> None:
    AccountSession.objects.filter(account=account).delete()


def check_sign_in(*, login: str, password: str, place: rules.Place, at: datetime) -> Account:
    """Return the account, or raise SignInRefused. The refusal never tells which part was wrong, nor does the time it takes.

    A password that was handed out may be typed in small letters and without its dashes, as codes may.
    Wrong passwords make the place wait from which they come, and in numbers all places from which nobody signed in before.

    A try is remembered before the password is looked at, in a transaction of its own, so that a hundred at one moment are a
    hundred tries; the right password takes it back. Older ones of everybody are forgotten first.
    """
    forget_failed_sign_ins(at=at)
    mark = codes.digest("login", login.encode().hex())
    _begin_try(mark, place, at)
    account = Account.objects.admitted().filter(login=login).first()
    stored = queries.somebodys_password(login)  # asked in both cases, as that takes time too
    if _fits(account, password, stored):
        FailedSignIn.objects.filter(login=mark, place=place.mark).delete()
        return account
    raise rules.SignInRefused(
        _("This login and password do not match. Check both and try again."), reason="sign-in.does-not-fit"
    )


def _fits(account: Account | None, password: str, stored: str) -> TypeGuard[Account]:
    """Whether it is the account's password. What looks like a printed one is compared as printed too, also for a login of nobody:
    the time must tell nothing.
    """
    typed = list(dict.fromkeys([password, *rules.as_printed(password)]))
    fit = [one for one in typed if check_password(one, account.password if account else stored)]
    return account is not None and (password in fit or (bool(fit) and account.is_handed_out))


@transaction.atomic
def _begin_try(mark: str, place: rules.Place, at: datetime) -> None:
    locks.alone(f"{locks.TRIES} {mark}")
    rules.check_may_try_to_sign_in(mark, place, at)
    FailedSignIn.objects.create(login=mark, place=place.mark, at=at)


def forget_failed_sign_ins(*, at: datetime) -> None:
    """Delete the wrong passwords that no longer make anybody wait, so that no history of sign-ins grows."""
    FailedSignIn.objects.filter(at__lte=at - rules.FAILURE_MEMORY).delete()


def forget_sessions(*, at: datetime) -> None:
    """Delete the sessions that are over. Idempotent."""
    AccountSession.objects.filter(expire_date__lte=at).delete()


def change_password(*, account: Account, old: str, new: str, place: rules.Place, at: datetime) -> Account:
    """Set a new password for who knows the old one. Raises SignInRefused for a wrong old one or a new one that is too easy.

    A wrong old password counts like one at the door, and so it is asked before the transaction that a refusal undoes.
    """
    check_sign_in(login=account.login, password=old, place=place, at=at)
    return _set_password(account, new, at)


def replace_handed_out_password(*, account: Account, new: str, at: datetime) -> Account:
    """Set an own password in place of the one that was handed out, which was given at sign-in. Raises SignInRefused."""
    rules.check_is_handed_out(account)
    return _set_password(account, new, at)


@transaction.atomic
def _set_password(account: Account, new: str, at: datetime) -> Account:
    row = locked(account, "person")
    rules.check_password(new, row)
    rules.check_is_another(same=check_password(new, row.password))
    row.password, row.is_handed_out = make_password(new), False
    row.save(update_fields=["password", "is_handed_out"])
    _end_sessions(row)
    done("identity.change_password", row.person, at=at, by=row.person)
    return row


def choose_language(*, account: Account, language: str) -> None:
    """Keep in which language somebody reads. It changes nothing for anybody else, so no journal is written."""
    Account.objects.filter(pk=account.pk).update(language=language)


@transaction.atomic
def keep_contact(*, person: Person, phone: str, mail: str, at: datetime, by: Person) -> None:
    """Keep how a post holder is reached; both empty deletes it. Raises AccountRefused, also for somebody without a post. Idempotent."""
    rules.check_has_post(person, local_day(at))
    phone, mail = rules.contact_of(phone), rules.contact_of(mail)
    rules.check_may_be_contact(phone, mail)
    if phone or mail:
        Contact.objects.update_or_create(person=person, defaults={"phone": phone, "mail": mail})
    else:
        Contact.objects.filter(person=person).delete()
    done("identity.keep_contact", person, at=at, by=by)


def forget_contacts(*, at: datetime) -> int:
    """Delete phone and mail of everybody who holds no post any more; of how many. Idempotent."""
    gone, _rows = queries.contacts_without_post(local_day(at)).delete()
    return gone

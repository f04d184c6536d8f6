"""Accounts, how post holders are reached, sessions and failed sign-ins. Roles are not stored: they follow from posts."""

import secrets

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models
from django.utils.crypto import salted_hmac

from zhengyou.organisations.models import Person


def fresh_seal() -> str:
    """What sessions are bound to besides the password: a new one ends them all."""
    return secrets.token_hex(16)


class AccountsWithPerson(models.Manager["Account"]):
    """An account is read together with its person and where they belong, which every page behind a door needs."""

    def get_queryset(self) -> models.QuerySet["Account"]:
        """All accounts."""
        return super().get_queryset().select_related("person__organisation")

    def admitted(self) -> models.QuerySet["Account"]:
        """Those by which somebody may come in: none that was switched off, and none of people who have left."""
        return self.get_queryset().filter(is_active=True, person__left_on=None)


class Account(AbstractBaseUser):
    """How a person signs in. One account a person."""

    login = models.CharField(max_length=80, unique=True)
    person = models.OneToOneField(Person, on_delete=models.PROTECT, related_name="+")
    is_active = models.BooleanField(default=True)
    is_handed_out = models.BooleanField(default=False)  # with a password that others may have seen: it is changed first
    off_reason = models.CharField(max_length=300, blank=True)  # only the office reads it
    seal = models.CharField(max_length=32, default=fresh_seal)
    language = models.CharField(max_length=10, blank=True)  # as chosen; without a choice the browser's counts
    last_login = None  # nobody is judged by log-ins, so none is kept

    objects = AccountsWithPerson()

    USERNAME_FIELD = "login"

    def __str__(self) -> str:
        return self.login

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """What a session must carry: it changes with the password and with the seal."""
        salt = "zhengyou.identity.models.Account"
        return salted_hmac(salt, f"{self.password}{self.seal}", secret=secret, algorithm="sha256").hexdigest()


class Contact(models.Model):
    """Phone and mail of a post holder, for questions about the post and nothing else. Gone with the last post."""

    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="+")
    phone = models.CharField(max_length=40, blank=True)
    mail = models.EmailField(max_length=120, blank=True)


class AccountSession(models.Model):
    """A session, and by which account it is, so that somebody sees where they are signed in. Nothing says since when.

    The names of the first three fields are those by which Django's store of sessions asks.
    """

    session_key = models.CharField(max_length=40, primary_key=True)
    session_data = models.TextField()
    expire_date = models.DateTimeField(db_index=True)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, null=True, related_name="+")
    device = models.CharField(max_length=60, blank=True)  # the browser and the system, in two words


class FailedSignIn(models.Model):
    """A wrong password, kept to slow guessing down, for a quarter of an hour.

    `login` and `place` are keyed digests of what was typed and of whence it came; they lead nowhere.
    """

    login = models.CharField(max_length=64, db_index=True)
    place = models.CharField(max_length=64)
    at = models.DateTimeField()

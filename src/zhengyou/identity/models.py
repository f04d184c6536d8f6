"""Accounts and failed sign-ins. Roles are not stored: they follow from posts."""

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models

from zhengyou.organisations.models import Person


class AccountsWithPerson(models.Manager["Account"]):
    """An account is read together with its person, whom every page behind a door needs."""

    def get_queryset(self) -> models.QuerySet["Account"]:
        """All accounts."""
        return super().get_queryset().select_related("person")

    def admitted(self) -> models.QuerySet["Account"]:
        """Those by which somebody may come in: none that was switched off, and none of people who have left."""
        return self.get_queryset().filter(is_active=True, person__left_on=None)


class Account(AbstractBaseUser):
    """How a person signs in. One account a person."""

    login = models.CharField(max_length=80, unique=True)
    person = models.OneToOneField(Person, on_delete=models.PROTECT, related_name="+")
    is_active = models.BooleanField(default=True)
    language = models.CharField(max_length=10, blank=True)  # as chosen; without a choice the browser's counts
    last_login = None  # nobody is judged by log-ins, so none is kept

    objects = AccountsWithPerson()

    USERNAME_FIELD = "login"

    def __str__(self) -> str:
        return self.login


class FailedSignIn(models.Model):
    """A wrong password, kept to slow guessing down. The first sign-in after a quarter of an hour deletes it, whoever signs in.

    `place` is a keyed digest of whence it came, which leads nowhere.
    """

    login = models.CharField(max_length=80, db_index=True)
    place = models.CharField(max_length=64)
    at = models.DateTimeField()

"""Accounts, one-time codes and failed sign-ins. Roles are not stored: they follow from posts."""

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models

from zhengyou.organisations.models import Person


class AccountsWithPerson(models.Manager["Account"]):
    """An account is read together with its person, whom every page behind a door needs."""

    def get_queryset(self) -> models.QuerySet["Account"]:
        """All accounts."""
        return super().get_queryset().select_related("person")


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


class OneTimeCode(models.Model):
    """A code handed to one person for one purpose, kept as HMAC only. No time of use is stored."""

    purpose = models.CharField(max_length=80)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64, unique=True)
    is_renewed = models.BooleanField(default=False)  # this person had an earlier one for the purpose

    class Meta:
        constraints = [models.UniqueConstraint(fields=["purpose", "person"], name="one_code_a_person_and_purpose")]


class ReplacedCode(models.Model):
    """A code that a newer one took the place of, so that whoever types it is told so. Whose it was is not kept."""

    purpose = models.CharField(max_length=80)
    digest = models.CharField(max_length=64, unique=True)


class FailedSignIn(models.Model):
    """A wrong password, kept to slow guessing down. The first sign-in after a quarter of an hour deletes it, whoever signs in.

    `place` is a keyed digest of whence it came, which leads nowhere.
    """

    login = models.CharField(max_length=80, db_index=True)
    place = models.CharField(max_length=64)
    at = models.DateTimeField()

"""Who somebody is: roles from posts, and by which account they sign in."""

from datetime import date

from django.db.models import OuterRef, QuerySet, Subquery

from zhengyou.identity.models import Account
from zhengyou.organisations import queries as organisations
from zhengyou.organisations.models import Person, Post


def roles_of(person: Person, on: date) -> set[str]:
    """The roles that a person's posts give on that day."""
    return {post.role for post in organisations.posts_of(person, on)}


def is_office(person: Person, on: date) -> bool:
    """Whether the person works in the campaign office on that day."""
    return Post.Role.CAMPAIGN_OFFICE in roles_of(person, on)


def account_of(person: Person) -> Account | None:
    """The account by which a person signs in, unless it is switched off or they have left."""
    return Account.objects.admitted().filter(person=person).first()


def account_with_login(login: str) -> Account | None:
    """The account with exactly this login, unless it is switched off or its person has left."""
    return Account.objects.admitted().filter(login=login).first()


def posts_with_logins(on: date) -> QuerySet[Post]:
    """All posts held on that day, by organisation, each with the holder's `login`, which is None without an account."""
    login = Account.objects.filter(person=OuterRef("person")).values("login")[:1]
    return organisations.posts_held(on).annotate(login=Subquery(login))

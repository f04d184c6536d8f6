"""Who somebody is: roles from posts, and the person behind a one-time code."""

from datetime import date

from django.db.models import OuterRef, QuerySet, Subquery

from zhengyou.base import codes
from zhengyou.identity.models import Account, OneTimeCode, ReplacedCode
from zhengyou.organisations import queries as organisations
from zhengyou.organisations.models import Person, Post


def roles_of(person: Person, on: date) -> set[str]:
    """The roles that a person's posts give on that day."""
    return {post.role for post in organisations.posts_of(person, on)}


def is_office(person: Person, on: date) -> bool:
    """Whether the person works in the campaign office on that day."""
    return Post.Role.CAMPAIGN_OFFICE in roles_of(person, on)


def account_of(person: Person) -> Account | None:
    """The account by which a person signs in, unless it is closed."""
    return Account.objects.select_related("person").filter(person=person, is_active=True).first()


def person_with_code(purpose: str, code: str) -> Person | None:
    """Whose code this is, or None; it may be typed as carelessly as `codes.plain` forgives."""
    rows = OneTimeCode.objects.select_related("person")
    row = rows.filter(purpose=purpose, digest=codes.digest(purpose, code)).first()
    return row.person if row else None


def holders_of_codes(purpose: str) -> set[int]:
    """The ids of the people who hold a working code for this purpose."""
    return set(OneTimeCode.objects.filter(purpose=purpose).values_list("person", flat=True))


def is_replaced(purpose: str, code: str) -> bool:
    """Whether this code worked until a newer one took its place."""
    return ReplacedCode.objects.filter(purpose=purpose, digest=codes.digest(purpose, code)).exists()


def is_renewed(purpose: str, code: str) -> bool:
    """Whether whoever holds this code had an earlier one."""
    return OneTimeCode.objects.filter(purpose=purpose, digest=codes.digest(purpose, code), is_renewed=True).exists()


def posts_with_logins(on: date) -> QuerySet[Post]:
    """All posts held on that day, by organisation, each with the holder's `login`, which is None without an account."""
    login = Account.objects.filter(person=OuterRef("person")).values("login")[:1]
    return organisations.posts_held(on).annotate(login=Subquery(login))

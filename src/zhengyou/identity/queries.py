"""Who somebody is: roles from posts, by which account they sign in, where they are signed in, how they are reached."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import reduce
from operator import or_
from typing import Any, cast

from django.db.models import Case, CharField, Count, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from zhengyou.base import codes, passwords
from zhengyou.base.prepared import prepared
from zhengyou.identity.models import Account, AccountSession, Contact
from zhengyou.organisations import queries as organisations
from zhengyou.organisations.models import Organisation, Person, Post, Responsibility, held_on
from zhengyou.organisations.tree import ids_above, is_within_any, topmost

DEVICE = "device"  # under which a session keeps what it was opened with, in two words


@dataclass(frozen=True)
class OpenSession:
    """A place where somebody is signed in: its number for the page, the browser it was opened with, when it ends by itself."""

    number: str
    key: str
    device: str
    ends_at: datetime


def roles_of(person: Person, on: date) -> set[str]:
    """The roles that a person's posts give on that day."""
    return {post.role for post in organisations.posts_of(person, on)}


def is_office(person: Person, on: date) -> bool:
    """Whether the person works in the campaign office on that day."""
    return Post.Role.CAMPAIGN_OFFICE in roles_of(person, on)


def account_of(person: Person) -> Account | None:
    """The account by which a person signs in, unless it is switched off or they have left."""
    return Account.objects.admitted().filter(person=person).first()


def any_account_with_login(login: str) -> Account | None:
    """The account with exactly this login, also one that is switched off, unless its person has left."""
    return Account.objects.filter(login=login, person__left_on=None).first()


def any_account_of(person: Person) -> Account | None:
    """The account of a person, also one that is switched off; or None."""
    return Account.objects.filter(person=person).first()


def somebodys_password(login: str) -> str:
    """The stored password of somebody, always the same one for a login; of nobody where there are no accounts.

    With it the wrong password for a login that nobody has takes as long as one for a login that somebody has, also where some
    passwords were stored under earlier settings.
    """
    count = Account.objects.count()
    place = int(codes.digest("decoy", login.encode().hex())[:12], 16) % count if count else 0
    stored = Account.objects.order_by("pk").values_list("password", flat=True)[place : place + 1].first()
    return stored or passwords.nobodys()


def posts_with_accounts(on: date) -> QuerySet[Post]:
    """All posts held on that day or to come, by organisation, with the two levels above it and the holder's account.

    `login` is None without an account; `account` is one of `none handed_out used off`.
    """
    accounts = Account.objects.filter(person=OuterRef("person"))
    state = Case(
        When(is_active=False, then=Value("off")),
        When(is_handed_out=True, then=Value("handed_out")),
        default=Value("used"),
        output_field=CharField(),
    )
    rows = organisations.posts_held_or_to_come(on)
    return rows.annotate(
        login=Subquery(accounts.values("login")[:1]),
        account=Coalesce(Subquery(accounts.annotate(state=state).values("state")[:1]), Value("none")),
    )


def unanswered_and_shut_out(top: Organisation, offices: Iterable[Organisation], on: date) -> tuple[int, int]:
    """Of the living units below one (itself too) that these offices look after, for how many nobody answers on that day; and how many are
    led by people of whom none has an account. One query.
    """
    reaches = [one.path for one in topmost(offices)]
    return next(iter(_unanswered_and_shut_out(top.path, on, *reaches)), (0, 0)) if reaches else (0, 0)


@prepared
def _unanswered_and_shut_out(top: str, on: date, *reaches: Any) -> QuerySet[Any, tuple[int, int]]:
    units = Organisation.objects.filter(reduce(or_, (Q(path__startswith=path) for path in reaches)))
    units = units.filter(ended_on=None, path__startswith=top).order_by()
    answered = Responsibility.objects.filter(held_on(on)).values("organisation")
    heads = Post.objects.filter(held_on(on), role=Post.Role.SECRETARY, person__left_on=None)
    known = heads.filter(person__in=Account.objects.values("person")).values("organisation")
    is_shut_out = Q(pk__in=heads.values("organisation")) & ~Q(pk__in=known)
    counted: Any = units.values("ended_on").annotate(
        unanswered=Count("pk", filter=~Q(pk__in=answered)), shut_out=Count("pk", filter=is_shut_out)
    )
    return cast("QuerySet[Any, tuple[int, int]]", counted.values_list("unanswered", "shut_out"))


def people_with_posts(people: Iterable[int], on: date) -> list[Person]:
    """Those of these people, by id, who have not left and hold a post then or later; by organisation, then by number."""
    holders = Post.objects.exclude(until_on__lte=on).filter(person__in=list(people)).values("person")
    rows = Person.objects.filter(pk__in=holders, left_on=None).select_related("organisation")
    return list(rows.order_by("organisation__path", "number"))


def posts_of_many(people: Iterable[Person], on: date) -> dict[int, list[Post]]:
    """Person id to the posts held on that day or later, each with its organisation. One query."""
    rows: dict[int, list[Post]] = {}
    for post in organisations.posts_held_or_to_come(on).filter(person__in=list(people)):
        rows.setdefault(post.person_id, []).append(post)
    return rows


def looked_after_above(people: Iterable[int], by: Person, on: date) -> list[Person]:
    """Those of these people, by id, whose accounts the office of this person does not look after: they belong elsewhere too, or hold a
    post there (`rules.check_may_change_account`). By number; two queries, however many they are.
    """
    offices, rows = organisations.offices_of(by, on), Person.objects.filter(pk__in=list(people))
    held = Post.objects.filter(held_on(on), person__in=rows.values("pk")).select_related("organisation")
    beyond = {post.person_id for post in held if not is_within_any(post.organisation, offices)}
    every = rows.select_related("organisation").order_by("number")
    return [one for one in every if one.pk in beyond or not is_within_any(one.organisation, offices)]


def people_to_write_to(people: Iterable[int], on: date) -> list[Person]:
    """Those of these people, by id, whom a letter with a password may reach: with a post, and no account that is switched off."""
    off = set(Account.objects.filter(is_active=False).values_list("person", flat=True))
    return [person for person in people_with_posts(people, on) if person.pk not in off]


def account_with_id(pk: int) -> Account | None:
    """One account with its person, or None."""
    return next(iter(_account(pk)), None)


@prepared
def _account(pk: int) -> QuerySet[Account]:
    return Account.objects.filter(pk=pk)


def sessions_of(account: Account) -> list[OpenSession]:
    """Where somebody is signed in, the latest first. What the page calls them says nothing of the keys that open them."""
    rows = AccountSession.objects.filter(account=account).order_by("-expire_date", "pk")
    return [OpenSession(codes.digest("session", row.pk)[:16], row.pk, row.device, row.expire_date) for row in rows]


def contact_of(person: Person, on: date) -> Contact | None:
    """Phone and mail of somebody who holds a post on that day, or None."""
    return Contact.objects.filter(person=person).first() if organisations.posts_of(person, on) else None


def contacts_without_post(on: date) -> QuerySet[Contact]:
    """What is kept of people who hold no post on that day and get none later, or who left."""
    holders = Post.objects.exclude(until_on__lte=on).values("person")
    return Contact.objects.exclude(person__in=holders) | Contact.objects.exclude(person__left_on=None)


def levels_of(
    unit: Organisation, judged: Iterable[tuple[int | None, date]]
) -> dict[tuple[int | None, date], Organisation]:
    """From which level above a unit these people (by number) judged on these days: the nearest one that they led then. One query,
    none where nobody judged.
    """
    asked = set(judged)
    if not asked:
        return {}
    path = ids_above(unit)
    posts = Post.objects.filter(person__in={person for person, _on in asked}, organisation__in=path)
    led = posts.filter(role__in=(Post.Role.SECRETARY, Post.Role.LEADER)).select_related("organisation")
    nearest = sorted(led, key=lambda post: path.index(post.organisation_id))
    return {
        (post.person_id, on): post.organisation
        for post in nearest
        for person, on in asked
        if person == post.person_id and post.from_on <= on and (post.until_on is None or on < post.until_on)
    }


def level_told(unit: Organisation, person: Person, day: date) -> dict[str, str]:
    """What a public entry says of which level above a unit it was that decided: its reference, as several may decide differently."""
    level = levels_of(unit, [(person.pk, day)]).get((person.pk, day))
    return {"level": level.public_reference} if level else {}

"""Lists of people and organisations, searched and narrowed; what happened to them, newest first."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import reduce
from operator import or_
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Func, IntegerField, OuterRef, Q, QuerySet, Subquery, TextField, Window
from django.db.models.functions import Cast, Coalesce

from zhengyou.base import searching
from zhengyou.base.folding import narrow, simplified
from zhengyou.base.time import local_day
from zhengyou.identity.models import Account, Contact
from zhengyou.organisations import queries as organisations
from zhengyou.organisations.importing.judging import IDEOGRAPH
from zhengyou.organisations.models import ImportDraft, Organisation, Person, Post, Responsibility, held_on
from zhengyou.polls.models import Poll, RollEntry
from zhengyou.roster.models import RosterChange

OF_POSTS = (RosterChange.Kind.POST_GIVEN, RosterChange.Kind.POST_CHANGED, RosterChange.Kind.POST_ENDED)
NAMED = 5  # in a refusal
FEW = 500  # found people who are named by number in the questions that follow
HELD_BY_MANY = (Post.Role.CAMPAIGN_OFFICE, Post.Role.LEADER, Post.Role.SCRUTINEER)


class SizeCountedOnce(Func):
    """How many belong to each organisation, counted once for all of them: the question in it names none of the rows outside."""

    template = (
        "coalesce(((SELECT jsonb_object_agg(place, n) FROM (SELECT organisation_id AS place, count(*) AS n "
        f"FROM {Person._meta.db_table} WHERE left_on IS NULL GROUP BY organisation_id) AS counted) ->> %(expressions)s)::integer, 0)"
    )

    def __init__(self) -> None:
        super().__init__(Cast("pk", TextField()), output_field=IntegerField())


def people_of_the_roster(words: str = "") -> QuerySet[Person]:
    """Everybody, also who left, by organisation and name, each with where they belong and what stands above it.

    Each of the words is in the name, its pinyin or initials, the number, the login, or the name of the organisation or of one above it.
    """
    rows, found = Person.objects.select_related("organisation__parent__parent"), Person.objects.order_by()
    for word in narrow(words).split():
        found = found.filter(
            _is_called(word) | Q(organisation__in=_places_called(word)) | _is_numbered(word) | _signs_in_as(word)
        )
    if words.split():
        # To look at everybody costs most of a search. Where few are found it is done once, and not again to count, to order and to show.
        few = list(found.values_list("pk", flat=True)[: FEW + 1])
        rows = rows.filter(pk__in=few) if len(few) <= FEW else rows.filter(pk__in=found.values("pk"))
    return rows.order_by("organisation__path", "name_key", "number")


def posts_called(posts: QuerySet[Post], words: str) -> QuerySet[Post]:
    """Those of these posts whose holder, unit or title has each of the words; a holder's login, phone and mail find them as well."""
    for word in narrow(words).split():
        reached = Contact.objects.filter(Q(phone__contains=word) | Q(mail__icontains=word)).order_by()
        holder = _is_called(word, "person__") | _is_numbered(word, "person__") | _signs_in_as(word, "person")
        is_there = Q(organisation__in=_places_called(word)) | Q(title__icontains=word)
        posts = posts.filter(holder | is_there | Q(person__in=reached.values("person")))
    return posts


def people_called(word: str) -> QuerySet[Person]:
    """Everybody with this word in their name, its pinyin or initials, or with just this number or login: by parts of them an office
    below could spell out, letter by letter, how somebody above signs in.
    """
    just = Account.objects.filter(login__iexact=word).order_by().values("person")
    return everybody().filter(_is_called(word) | Q(number__in=_in_either_case(word)) | Q(pk__in=just))


def _places_called(word: str) -> QuerySet[Organisation, Any]:
    """The units with this word in their name or in that of one above them, or at the beginning of their code.

    They are looked for among the units, which are few, and not once more beside each person.
    """
    places = Organisation.objects.filter(Q(pk__in=searching.places_named(word)) | Q(code__istartswith=word))
    return places.order_by().values("pk")


def _signs_in_as(word: str, of: str = "pk") -> Q:
    """Who has this word in the login of their account."""
    return Q(**{f"{of}__in": Account.objects.filter(login__icontains=word).order_by().values("person")})


def _is_numbered(word: str, at: str = "") -> Q:
    """People with this word in their number."""
    return reduce(or_, (Q(**{f"{at}number__contains": one}) for one in _in_either_case(word)))


def _in_either_case(word: str) -> set[str]:
    """A number's letters as they may be written: to make every number small first would cost more than the search itself."""
    return {word, word.lower(), word.upper(), word.capitalize()}


def _is_called(word: str, at: str = "") -> Q:
    """People with this word in their name. Letters are looked for in the key alone, which has those of the name in small; signs of the
    Chinese script in the name alone, since the key says them in letters.
    """
    if word.isascii():
        return Q(**{f"{at}name_key__contains": word.lower()})
    written = reduce(or_, (Q(**{f"{at}name__contains": one}) for one in {word, simplified(word)}))
    return written if re.search(f"[{IDEOGRAPH}]", word) else written | Q(**{f"{at}name_key__contains": word.lower()})


def organisations_of_the_roster(words: str = "", *, by_size: bool = False) -> QuerySet[Organisation]:
    """Every organisation, also those that ended, in the order of the tree, each with `people` (members of its own).

    Each of the words is in the name, its pinyin or initials, the code, or the name of one above it. Whoever orders `by_size` has all
    of them counted in one go, which costs a page of a few more than it needs.
    """
    own = Person.objects.filter(organisation=OuterRef("pk"), left_on=None).order_by().values("organisation")
    people = Coalesce(Subquery(own.annotate(n=Count("*")).values("n")), 0)  # told by an index alone
    rows = Organisation.objects.select_related("parent__parent")
    rows = rows.annotate(people=SizeCountedOnce() if by_size else people)
    for word in narrow(words).split():
        name = Q(name__contains=word) | Q(name_key__contains=word.lower()) | Q(pk__in=searching.places_named(word))
        rows = rows.filter(name | Q(code__icontains=word))
    return rows.order_by("path")


def holding(role: str, on: date) -> Q:
    """People who hold a post of this role on that day."""
    return Q(pk__in=Post.objects.filter(held_on(on), role=role).order_by().values("person"))


def people_within(outer: Organisation) -> Q:
    """People who belong to an organisation or to one below it."""
    return Q(organisation__path__startswith=outer.path)


def people_with_ids(ids: Iterable[int]) -> list[Person]:
    """The people with these numbers of their rows, by organisation and name."""
    return list(people_of_the_roster().filter(pk__in=list(ids)))


def organisations_with_ids(ids: Iterable[int]) -> list[Organisation]:
    """The organisations with these numbers of their rows that have not ended, in the order of the tree, each with how many belong to it."""
    return list(organisations_of_the_roster().filter(pk__in=list(ids), ended_on=None))


def posts_of_people(people: Iterable[Person], on: date) -> dict[int, list[Post]]:
    """The posts that these people hold on that day, by the person's id. One query."""
    posts = defaultdict(list)
    rows = Post.objects.filter(held_on(on), person__in=list(people)).select_related("organisation")
    for row in rows.order_by("role", "id"):
        posts[row.person_id].append(row)
    return dict(posts)


def everybody() -> QuerySet[Person]:
    """Everybody who is or was on the roster."""
    return Person.objects.all()


def places_of_duties(person: Person, on: date) -> QuerySet[Organisation]:
    """The organisations where a person holds a post, or for which they answer, after that day too."""
    lasting = Q(person=person) & (Q(until_on=None) | Q(until_on__gt=on))
    posts, duties = (table._default_manager.filter(lasting) for table in (Post, Responsibility))
    return Organisation.objects.filter(Q(pk__in=posts.values("organisation")) | Q(pk__in=duties.values("organisation")))


def changes_of_person(person: Person) -> QuerySet[RosterChange]:
    """What happened to a person, also where another number was found to be theirs; newest first."""
    return _changes().filter(Q(person=person) | Q(into_person=person))


def changes_of_organisation(organisation: Organisation) -> QuerySet[RosterChange]:
    """What happened to an organisation, also where another one was merged into it; newest first."""
    return _changes().filter(Q(organisation=organisation) | Q(into_organisation=organisation))


def change_with_id(change_id: int) -> RosterChange | None:
    """One change, or None."""
    return _changes().filter(pk=change_id).first()


def left_since(poll: Poll) -> int:
    """How many of an opened poll's rolls have left since the poll opened. Their places stay: the roll was announced as it is."""
    if poll.state == Poll.State.DRAFTED:
        return 0
    return RollEntry.objects.filter(poll=poll, person__left_on__gte=local_day(poll.opens_at)).count()


def changes_together(together: UUID) -> QuerySet[RosterChange]:
    """What one deed changed of many people and organisations: organisations first, in their order, then people by name."""
    rows = _changes().filter(together=together)
    return rows.order_by(F("organisation__path").asc(nulls_last=True), "person__name_key", "pk")


def places_together(together: UUID) -> QuerySet[Organisation]:
    """The organisations that one deed changed, or where those belong whom it changed."""
    rows = RosterChange.objects.filter(together=together).order_by()
    homes = Person.objects.filter(pk__in=rows.values("person")).values("organisation")
    return Organisation.objects.filter(Q(pk__in=rows.values("organisation")) | Q(pk__in=homes))


def changes_of_import(draft: ImportDraft) -> QuerySet[RosterChange]:
    """What an import changed of people and organisations, the newest deed first."""
    return RosterChange.objects.filter(source=draft).order_by("-pk")


def written_by(draft: ImportDraft) -> QuerySet[RosterChange]:
    """What the rows of an import changed and entered, without what was written down afterwards of those whom it left out."""
    rows = RosterChange.objects.filter(source=draft)
    return rows.filter(made_at=draft.applied_at) if draft.applied_at else rows.none()


def built_on(rows: Sequence[RosterChange]) -> Iterator[int]:
    """Which of these changes, made by one deed, are not the newest any more; what was changed beside them counts. One query."""
    changed = RosterChange.objects.filter(undone_at=None, pk__gt=min(row.pk for row in rows)).exclude(
        together=rows[0].together
    )
    people, places, posts = set[int | None](), set[int | None](), set[tuple[str, int | None]]()
    for kind, what, person, into_person, place, into_place in changed.values_list(
        "kind", "what", "person", "into_person", "organisation", "into_organisation"
    ):
        if kind in OF_POSTS:
            posts |= {(what, place), (what, into_place)}
        else:
            people |= {person, into_person}
            places.add(place)
    for row in rows:
        if row.kind in OF_POSTS:
            is_old = (row.what, row.organisation_id or row.into_organisation_id) in posts
        else:
            about = {row.organisation_id, row.into_organisation_id} - {None}
            is_old = (row.person_id is not None and row.person_id in people) or bool(about & places)
        if is_old:
            yield row.pk


def one_of_all(changes: QuerySet[RosterChange]) -> Any:
    """One of these changes, if there is any one that is not undone, and how many there are (`of_all`); or None. One query."""
    return changes.annotate(of_all=Window(Count("pk"))).order_by(F("undone_at").desc(nulls_first=True)).first()


def counts_by_kind(changes: QuerySet[RosterChange]) -> dict[str, int]:
    """How many of these changes there are of each kind, the commonest first."""
    return dict(changes.order_by().values_list("kind").annotate(n=Count("id")).order_by("-n", "kind"))


def subjects_of(changes: Iterable[int]) -> tuple[list[Person | Organisation], int]:
    """The first few whom these changes, by their numbers, are about, each once; and how many changes there are beside theirs."""
    numbers = list(changes)
    rows = _changes().filter(pk__in=numbers[:NAMED]).order_by("pk")
    named = dict.fromkeys(one for row in rows for one in (row.person, row.organisation) if one)
    return list(named), max(len(numbers) - NAMED, 0)


def on_drafted_rolls(people: Sequence[int]) -> QuerySet[RollEntry, Any]:
    """Those of these people, by the number of their row, who stand on the roll of a poll that is not open."""
    rows = RollEntry.objects.filter(poll__state=Poll.State.DRAFTED, person__in=list(people))
    return rows.order_by().values("person")


def next_code(parent: Organisation) -> str:
    """A free code for an organisation below this one: the last of its siblings and one more, else its own with 001."""
    siblings = Organisation.objects.filter(parent=parent, code__startswith=parent.code).values_list("code", flat=True)
    tails = [code[len(parent.code) :] for code in siblings]
    figures = [tail for tail in tails if tail.isascii() and tail.isdigit()]
    width = max((len(tail) for tail in figures), default=3)
    number = max((int(tail) for tail in figures), default=0) + 1
    while organisations.is_code_known(code := f"{parent.code}{number:0{width}d}"):
        number += 1
    return code


def namesakes(name: str, home: Organisation) -> list[Person]:
    """People of this name in an organisation, also those who left it, by number."""
    return list(Person.objects.filter(name=name.strip(), organisation=home).order_by("left_on", "number"))


def organisations_named(name: str, parent: Organisation) -> list[Organisation]:
    """Organisations of this name below another one, also those that ended, by code."""
    return list(Organisation.objects.filter(name=name.strip(), parent=parent).order_by("ended_on", "code"))


def named_beside(name: str, row: Person | Organisation) -> list[Any]:
    """Who has this name where this one stands, but itself."""
    if isinstance(row, Person):
        found: list[Any] = [*namesakes(name, row.organisation)]
    else:
        found = [*organisations_named(name, row.parent)] if row.parent else []
    return [one for one in found if one.pk != row.pk]


def is_newest(change: RosterChange) -> bool:
    """Whether nothing that still counts was changed later at any of those whom this change is about, or whom it moved along.

    A post that was given, changed or ended stands by itself: what counts there is the same post at the same organisation, and of one
    that many hold at once, the same person's; and what ended that post, since its holder left or its place ended.
    """
    later = RosterChange.objects.filter(undone_at=None, pk__gt=change.pk)
    places = [pk for pk in (change.organisation_id, change.into_organisation_id, *_moved(change, "organisation")) if pk]
    if change.kind in OF_POSTS:
        rows = later.filter(
            Q(organisation__in=places) | Q(into_organisation__in=places), kind__in=OF_POSTS, what=change.what
        )
        if change.what in HELD_BY_MANY:
            holder = change.person_id or change.into_person_id
            rows = rows.filter(Q(person=holder) | Q(into_person=holder))
        return not rows.exists() and not _touched_since(change, later)
    people = [pk for pk in (change.person_id, change.into_person_id, *_moved(change, "person")) if pk]
    about = Q(person__in=people) | Q(into_person__in=people) | Q(organisation__in=places)
    return not later.exclude(kind__in=OF_POSTS).filter(about).exists()


def _touched_since(change: RosterChange, later: QuerySet[RosterChange]) -> bool:
    """Whether somebody's leaving or moving, or the end of a place, has changed the very post since."""
    holders = [pk for pk in (change.person_id, change.into_person_id) if pk]
    places = [pk for pk in (change.organisation_id, change.into_organisation_id) if pk]
    about = Q(person__in=holders) | Q(organisation__in=places)
    posts = {(kept["table"], kept["pk"]) for kept in change.before}
    rows = later.exclude(kind__in=OF_POSTS).filter(about).values_list("before", flat=True)
    return any((kept["table"], kept["pk"]) in posts for before in rows for kept in before)


def _moved(change: RosterChange, table: str) -> list[int]:
    return [kept["pk"] for kept in change.before if kept["table"] == table]


def _changes() -> QuerySet[RosterChange]:
    rows = RosterChange.objects.select_related(
        "person__organisation", "organisation", "into_person__organisation", "into_organisation", "made_by", "source"
    ).defer(*(f"source__{name}" for name in ("rows", "outcome", "remarks", "answers", "kept")))
    return rows.order_by("-pk")

"""What pages and other rooms ask about the tree and its people."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

from django.db.models import Count, F, Q, QuerySet

from zhengyou.organisations.models import ImportDraft, Organisation, Person, Post, Responsibility, Term, held_on


class Tie(NamedTuple):
    """How somebody is tied to organisations that are judged: as `member`, by a `post`, or as `responsible`; and through which."""

    kind: str
    organisation: Organisation


def terms(category: str) -> list[Term]:
    """The pack's words of one category, in the pack's order."""
    return list(Term.objects.filter(category=category))


def term_names(category: str) -> dict[str, dict[str, str]]:
    """Slug to name in both languages, for one category."""
    return {term.slug: term.name for term in terms(category)}


def living_organisations() -> QuerySet[Organisation]:
    """All organisations that have not ended, in the order of the tree."""
    return Organisation.objects.filter(ended_on=None).order_by("path")


def subtree(root: Organisation) -> QuerySet[Organisation]:
    """`root` and everything below it that has not ended, in the order of the tree."""
    return living_organisations().filter(path__startswith=root.path)


def organisations_by_code(codes: Iterable[str]) -> dict[str, Organisation]:
    """The organisations with these codes, by code."""
    return {row.code: row for row in Organisation.objects.filter(code__in=list(codes))}


def organisation_with_code(code: str) -> Organisation | None:
    """The organisation with this code, or None."""
    return Organisation.objects.select_related("parent").filter(code=code).first()


def ancestors(organisation: Organisation) -> list[Organisation]:
    """The organisations above, the root first."""
    ids = [int(part) for part in organisation.path.split("/") if part][:-1]
    return list(Organisation.objects.filter(id__in=ids).order_by("depth"))


def children(organisation: Organisation) -> list[Organisation]:
    """The organisations directly below, by name."""
    return list(living_organisations().filter(parent=organisation).order_by("name_key"))


def top_of_the_tree() -> list[Organisation]:
    """The living organisations at the top and those right below them, in the order of the tree."""
    return list(living_organisations().filter(depth__lte=1))


def tree_with_sizes(words: str = "") -> list[Organisation]:
    """The living tree in its order, or those in it that the words find; each with `people` (members of its own)."""
    members = Person.objects.filter(left_on=None).values_list("organisation")
    counts = dict(members.annotate(n=Count("id")).values_list("organisation", "n"))
    rows = find_organisations(words, 200) if words else list(living_organisations())
    for row in rows:
        row.people = counts.get(row.pk, 0)  # type: ignore[attr-defined]
    return rows


def members_of(organisations: Iterable[Organisation]) -> QuerySet[Person]:
    """The members of these organisations who have not left, by number."""
    return Person.objects.filter(organisation__in=list(organisations), left_on=None).order_by("number")


def member_counts(organisations: Iterable[Organisation]) -> dict[int, int]:
    """Organisation id to the number of its own members who have not left."""
    rows = Person.objects.filter(organisation__in=list(organisations), left_on=None).order_by()
    return dict(rows.values("organisation").annotate(n=Count("id")).values_list("organisation", "n"))


def posts_of(person: Person, on: date) -> list[Post]:
    """The posts a person holds on that day."""
    return list(Post.objects.filter(held_on(on), person=person).select_related("organisation").order_by("role", "id"))


def holds_post(person: Person, role: str, organisation: Organisation, on: date) -> bool:
    """Whether the person holds that role in exactly this organisation on that day."""
    return Post.objects.filter(held_on(on), person=person, role=role, organisation=organisation).exists()


def holds_post_above(person: Person, roles: Iterable[str], organisation: Organisation, on: date) -> bool:
    """Whether the person holds one of the roles in an organisation strictly above this one."""
    above = [row.pk for row in ancestors(organisation)]
    return Post.objects.filter(held_on(on), person=person, role__in=list(roles), organisation__in=above).exists()


def responsible_people(organisation: Organisation, on: date) -> list[Responsibility]:
    """Who answers for an organisation on that day, the first tier first."""
    order = {tier: n for n, tier in enumerate(Responsibility.Tier.values)}
    rows = Responsibility.objects.filter(held_on(on), organisation=organisation).select_related("person")
    return sorted(rows, key=lambda row: order[row.tier])


def without_responsible_person(root: Organisation, on: date) -> list[Organisation]:
    """The organisations of a subtree for which nobody is responsible on that day."""
    answered = Responsibility.objects.filter(held_on(on)).values("organisation")
    return list(subtree(root).exclude(id__in=answered).select_related("parent"))


def sizes_by_sector(root: Organisation) -> dict[str, int]:
    """How many organisations of a subtree stand in each sector."""
    rows = subtree(root).exclude(sector="").order_by().values(slug=F("sector")).annotate(n=Count("id"))
    return {row["slug"]: row["n"] for row in rows}


def find_organisations(words: str, limit: int = 50) -> list[Organisation]:
    """Living organisations whose name, code or pinyin contains the words."""
    words = words.strip()
    if not words:
        return []
    found = Q(name__icontains=words) | Q(code__icontains=words) | Q(name_key__icontains=words.replace(" ", ""))
    return list(living_organisations().filter(found).select_related("parent").order_by("depth", "name_key")[:limit])


def people_by_number(numbers: Iterable[str]) -> dict[str, Person]:
    """The people with these member numbers who have not left, by number."""
    return {row.number: row for row in Person.objects.filter(number__in=list(numbers), left_on=None)}


def find_people(words: str, limit: int = 20) -> list[Person]:
    """Members who have not left with this number, else whose name, number or pinyin contains the words."""
    words = words.strip()
    if not words:
        return []
    rows = Person.objects.filter(left_on=None).select_related("organisation")
    exact = list(rows.filter(number=words))
    if exact:
        return exact
    found = Q(name__icontains=words) | Q(number__icontains=words) | Q(name_key__icontains=words.replace(" ", ""))
    return list(rows.filter(found).order_by("name_key", "number")[:limit])


def nobody_responsible(on: date) -> list[Organisation]:
    """All living organisations for which nobody is responsible on that day, in the order of the tree."""
    answered = Responsibility.objects.filter(held_on(on)).values("organisation")
    return list(living_organisations().exclude(id__in=answered).select_related("parent"))


def all_organisations() -> list[Organisation]:
    """Every organisation, ended ones too, parents before their children."""
    return list(Organisation.objects.order_by("path"))


def all_members() -> dict[str, dict[str, Any]]:
    """Every member by number, those who left too: name, organisation (its code), standing, is_floating, left_on."""
    rows = Person.objects.order_by("number").values(
        "number", "name", "standing", "is_floating", "left_on", organisation_code=F("organisation__code")
    )
    return {row["number"]: row | {"organisation": row["organisation_code"]} for row in rows.iterator(5000)}


def members_briefly() -> list[tuple[str, str, str]]:
    """Number, name and organisation's code of every member who has not left."""
    return list(Person.objects.filter(left_on=None).values_list("number", "name", "organisation__code"))


def holders_now() -> dict[tuple[str, str], list[tuple[str, str]]]:
    """By organisation's code and tier (or `secretary`): number and name of those who hold it with no end set."""
    held: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
    shown = ("organisation__code", "person__number", "person__name")
    for code, number, name, tier in Responsibility.objects.filter(until_on=None).values_list(*shown, "tier"):
        held[code, tier].append((number, name))
    posts = Post.objects.filter(until_on=None, role=Post.Role.SECRETARY).order_by("id")
    for code, number, name in posts.values_list(*shown):
        held[code, Post.Role.SECRETARY].append((number, name))
    return held


def import_with_id(import_id: int) -> ImportDraft | None:
    """One import, confirmed or not, or None."""
    return ImportDraft.objects.filter(pk=import_id).select_related("read_by").first()


def imports() -> QuerySet[ImportDraft]:
    """All imports without their rows, the newest first."""
    return ImportDraft.objects.defer("rows", "remarks").select_related("read_by").order_by("-read_at", "-id")


def count_without_responsible_person(on: date) -> int:
    """For how many living organisations nobody is responsible on that day."""
    answered = Responsibility.objects.filter(held_on(on)).values("organisation")
    return living_organisations().exclude(id__in=answered).count()


def posts_held(on: date) -> QuerySet[Post]:
    """All posts held on that day, by organisation."""
    rows = Post.objects.filter(held_on(on)).select_related("person", "organisation")
    return rows.order_by("organisation__path", "role", "id")


def post_with_id(post_id: int) -> Post | None:
    """One post, or None."""
    return Post.objects.filter(pk=post_id).first()


def person_with_post(person_id: int, on: date) -> Person | None:
    """The person, if they hold any post on that day."""
    is_holder = Post.objects.filter(held_on(on), person=person_id).exists()
    return Person.objects.filter(pk=person_id).first() if is_holder else None


def holders_of(role: str, on: date) -> list[Person]:
    """Everybody who holds a post of this role on that day, by number."""
    held = Post.objects.filter(held_on(on), role=role).values("person")
    return list(Person.objects.filter(pk__in=held).select_related("organisation").order_by("number"))


def ties_to(people: Iterable[Person], judged: list[Organisation], top: Organisation, on: date) -> dict[int, Tie]:
    """Person id to tie, for those of these people who are judged or administer the judged; the others are left out.

    Judged: whoever is a member of one of these organisations or of one below it. Administers: whoever is secretary or leader
    of, or answers for, one of them, one below it, or one above it as far up as `top`, that one included.
    """
    people = list(people)
    ids = [person.pk for person in people]
    below = tuple(row.path for row in judged)
    over = {pk for row in judged for pk in _ids_from(row, top)}
    found = {row.pk: Tie("member", row.organisation) for row in people if row.organisation.path.startswith(below)}
    posts = Post.objects.filter(held_on(on), person__in=ids, role__in=[Post.Role.SECRETARY, Post.Role.LEADER])
    answering = Responsibility.objects.filter(held_on(on), person__in=ids)
    for kind, rows in (("post", posts), ("responsible", answering)):
        for person, organisation in _held(rows):
            if organisation.pk in over or organisation.path.startswith(below):
                found.setdefault(person, Tie(kind, organisation))
    return found


def _held(rows: Any) -> list[tuple[int, Organisation]]:
    return [(row.person_id, row.organisation) for row in rows.select_related("organisation").order_by("id")]


def _ids_from(organisation: Organisation, top: Organisation) -> list[int]:
    """The ids on the way from `top` down to an organisation; all of them if it does not lie below `top`."""
    ids = [int(part) for part in organisation.path.split("/") if part]
    return ids[ids.index(top.pk) :] if top.pk in ids else ids

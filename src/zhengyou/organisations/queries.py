"""What pages and other rooms ask about the tree and its people."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from operator import attrgetter
from typing import Any, Generic, NamedTuple, TypeVar

from django.db.models import Case, CharField, Count, Exists, F, Model, OuterRef, Q, QuerySet, Subquery, Value, When

from zhengyou.base import searching
from zhengyou.base.prepared import prepared
from zhengyou.base.searching import Searchable
from zhengyou.base.words import Names
from zhengyou.organisations import asked_often, tree, vocabulary
from zhengyou.organisations.models import ImportDraft, Organisation, Person, Post, Responsibility, Term, held_on

SEARCHED_AS = "organisation"  # what the search calls them
EVERYBODY = Q()
MOST_MEANT = 20  # so many are shown to somebody who must choose; more would not be read
Row = TypeVar("Row", bound=Model)


class Tie(NamedTuple):
    """How somebody is tied to organisations that are judged: as `member`, by a `post`, or as `responsible`; and through which."""

    kind: str
    organisation: Organisation


@dataclass(frozen=True)
class Meant(Generic[Row]):
    """What a typed text means: `one`, or else those that it could mean, which may be none (at most MOST_MEANT)."""

    one: Row | None
    possible: list[Row]


def terms(category: str) -> list[Term]:
    """The pack's words of one category, in the pack's order."""
    kept = vocabulary.kept_terms()
    return asked_often.terms_of(category) if kept is None else list(kept.get(category, []))


def terms_by_category() -> dict[str, list[Term]]:
    """All words of the house's pack, by category, in the pack's order. One query."""
    words: dict[str, list[Term]] = defaultdict(list)
    for term in Term.objects.all():
        words[term.category].append(term)
    return words


def term_with_slug(category: str, slug: str) -> Term | None:
    """One word of the house's pack, or None."""
    return Term.objects.filter(category=category, slug=slug).first()


def learned_words() -> list[Term]:
    """The words for which the office took other spellings, in the pack's order."""
    return list(Term.objects.exclude(learned=[]))


def term_names(category: str) -> dict[str, dict[str, str]]:
    """Slug to name in both languages, for one category."""
    return {term.slug: term.name for term in terms(category)}


def kinds_and_sectors() -> list[dict[str, Names]]:
    """Slug to name in both languages, for the kinds of organisations and for the sectors. One query."""
    return names_of_terms(Term.Category.ORGANISATION_KIND, Term.Category.SECTOR)


def names_of_terms(*categories: str) -> list[dict[str, Names]]:
    """Slug to name in both languages, for each of these categories. One query."""
    rows = asked_often.names_of_terms(list(categories))
    return [{slug: name for of, slug, name in rows if of == category} for category in categories]


def words_in_use() -> dict[str, set[str]]:
    """By category the slugs that organisations and people have, those of the past too."""
    return {
        Term.Category.ORGANISATION_KIND.value: _used(Organisation, "kind"),
        Term.Category.SECTOR.value: _used(Organisation, "sector"),
        Term.Category.POST_KIND.value: _used(Person, "post_kind"),
        Term.Category.MEMBERSHIP.value: _used(Person, "membership"),
    }


def words_within(root: Organisation) -> dict[str, list[Term]]:
    """By category the house's words for the kinds and sectors that the living organisations of a subtree have."""
    rows = list(subtree(root).order_by().values_list("kind", "sector").distinct())
    had = {
        Term.Category.ORGANISATION_KIND.value: {kind for kind, _sector in rows},
        Term.Category.SECTOR.value: {sector for _kind, sector in rows},
    }
    return {category: [term for term in terms(category) if term.slug in slugs] for category, slugs in had.items()}


def pack_of_house() -> str:
    """The id of the pack whose words the house has; nothing before the first one is loaded."""
    return Term.objects.filter(category=Term.Category.PACK).values_list("slug", flat=True).first() or ""


def living_organisations() -> QuerySet[Organisation]:
    """All organisations that have not ended, in the order of the tree."""
    return Organisation.objects.filter(ended_on=None).order_by("path")


def subtree(root: Organisation) -> QuerySet[Organisation]:
    """`root` and everything below it that has not ended, in the order of the tree."""
    return living_organisations().filter(tree.within(root))


def organisations_by_code(codes: Iterable[str]) -> dict[str, Organisation]:
    """The organisations with these codes, by code."""
    asked = list(codes)
    return {row.code: row for row in (asked_often.with_codes(asked) if asked else [])}


def organisations_by_id(ids: Iterable[int]) -> dict[int, Organisation]:
    """The organisations with these ids, by id, each with the one above it."""
    return Organisation.objects.select_related("parent").in_bulk(list(ids))


def organisation_with_code(code: str) -> Organisation | None:
    """The organisation with this code, or that had it before it was given another; or None."""
    return next(iter(asked_often.with_code(code) or asked_often.with_former_code(code)), None)


def person_with_id(person_id: int) -> Person | None:
    """One person, also one who has left; or None."""
    return Person.objects.select_related("organisation", "organisation__parent").filter(pk=person_id).first()


def responsibilities_of(person: Person, on: date) -> list[Responsibility]:
    """What the person answers for on that day."""
    rows = Responsibility.objects.filter(held_on(on), person=person).select_related("organisation")
    return list(rows.order_by("organisation__path"))


def responsible_for(organisation: Organisation, on: date) -> list[Responsibility]:
    """Who answers for the organisation on that day, the first tier first."""
    order = {tier: place for place, tier in enumerate(Responsibility.Tier.values)}
    return sorted(asked_often.responsibilities_at(organisation, on), key=lambda row: order[row.tier])


def posts_at(organisation: Organisation, on: date) -> list[Post]:
    """The posts held in exactly this organisation on that day."""
    rows = Post.objects.filter(held_on(on), organisation=organisation).select_related("person")
    return list(rows.order_by("role", "id"))


def names_of_holders(role: str, at: Iterable[Organisation | int], on: date) -> dict[int, list[str]]:
    """The names of those who hold this post in these organisations on that day, by the id of the organisation. One query."""
    names: dict[int, list[str]] = {}
    rows = Post.objects.filter(held_on(on), role=role, organisation__in=list(at)).order_by("id")
    for organisation, name in rows.values_list("organisation", "person__name"):
        names.setdefault(organisation, []).append(name)
    return names


def organisation_with_id(organisation_id: int | None) -> Organisation | None:
    """The organisation with this number of its row, or None."""
    return Organisation.objects.filter(pk=organisation_id).first() if organisation_id else None


def is_code_known(code: str) -> bool:
    """Whether some organisation has this code or had it, also one that ended."""
    return Organisation.objects.filter(Q(code=code) | Q(former_codes__contains=[code])).exists()


def is_number_known(number: str) -> bool:
    """Whether somebody has this number, also somebody who left."""
    return Person.objects.filter(number=number).exists()


def above_and_below(organisation: Organisation) -> tuple[list[Organisation], list[Organisation]]:
    """The organisations above, the root first, and those directly below, both in the order of the tree. One query."""
    above = tree.ids_above(organisation)
    rows = asked_often.with_below(above, organisation) if above else children(organisation)
    below = sorted((row for row in rows if row.pk not in above), key=attrgetter("path"))
    return [row for row in rows if row.pk in above], below


@prepared
def children(organisation: Organisation) -> QuerySet[Organisation]:
    """The organisations directly below, by name."""
    return living_organisations().filter(parent=organisation).order_by("name_key")


def right_below(organisations: Iterable[Organisation]) -> list[Organisation]:
    """The living organisations directly below any of these, in the order of the tree."""
    return list(living_organisations().filter(parent__in=list(organisations)))


def top_of_the_tree() -> list[Organisation]:
    """The living organisations at the top and those right below them, in the order of the tree."""
    return list(living_organisations().filter(depth__lte=1))


def in_sector(sector: str) -> QuerySet[Organisation]:
    """The living organisations of one sector, by name."""
    return living_organisations().filter(sector=sector).order_by("name_key")


def names_upward(places: Iterable[int]) -> dict[int, list[str]]:
    """By id: the organisation's name, then those above it up to the root. Two queries."""
    paths = {row.pk: tree.ids_of(row) for row in Organisation.objects.filter(pk__in=set(places)).only("path")}
    above = {pk for ids in paths.values() for pk in ids}
    names = dict(Organisation.objects.filter(pk__in=above).values_list("id", "name"))
    return {pk: [names[one] for one in reversed(ids)] for pk, ids in paths.items()}


def searchable(organisations: Iterable[Organisation]) -> list[Searchable]:
    """How these organisations are found: by name and code, and by what their kind and sector are called in both languages."""
    words = {(term.category, term.slug): tuple(term.name.values()) for term in Term.objects.all()}
    kind, sector = Term.Category.ORGANISATION_KIND, Term.Category.SECTOR
    return [
        Searchable(
            kind=SEARCHED_AS,
            reference=row.reference,
            title=row.name,
            address=row.code,
            more=(row.code, *words.get((kind, row.kind), ()), *words.get((sector, row.sector), ())),
            place=row.pk,
        )
        for row in organisations
    ]


def members_of(organisations: Iterable[Organisation]) -> QuerySet[Person]:
    """The members of these organisations who have not left, by number."""
    return Person.objects.filter(organisation__in=list(organisations), left_on=None).order_by("number")


def living_people() -> QuerySet[Person]:
    """Everybody who has not left, members and others."""
    return Person.objects.filter(left_on=None)


def commonest_post_kinds(organisation: Organisation) -> list[str]:
    """The kinds of post of those who belong to an organisation or below it, the commonest first."""
    rows = living_people().filter(tree.within_any([organisation], "organisation")).exclude(post_kind="").order_by()
    return [kind for kind, _n in rows.values_list("post_kind").annotate(n=Count("id")).order_by("-n", "post_kind")]


def member_counts(organisations: Iterable[Organisation]) -> dict[int, int]:
    """Organisation id to the number of its own members who have not left."""
    rows = Person.objects.filter(organisation__in=list(organisations), left_on=None).order_by()
    return dict(rows.values("organisation").annotate(n=Count("id")).values_list("organisation", "n"))


def posts_of(person: Person, on: date) -> list[Post]:
    """The posts a person holds on that day; `has_below` says of each whether its organisation has others below it."""
    return asked_often.posts_held(person, on)


def offices_of(person: Person, on: date) -> list[Organisation]:
    """The organisations in whose campaign office a person works on that day."""
    return [post.organisation for post in posts_of(person, on) if post.role == Post.Role.CAMPAIGN_OFFICE]


def holds_post(person: Person, role: str, organisation: Organisation, on: date) -> bool:
    """Whether the person holds that role in exactly this organisation on that day."""
    return Post.objects.filter(held_on(on), person=person, role=role, organisation=organisation).exists()


def holds_post_above(person: Person, roles: Iterable[str], organisation: Organisation, on: date) -> bool:
    """Whether the person holds one of the roles in an organisation strictly above this one."""
    above = tree.ids_above(organisation)
    return Post.objects.filter(held_on(on), person=person, role__in=list(roles), organisation__in=above).exists()


def organisations_without_responsible(on: date, within: Organisation | None = None) -> QuerySet[Organisation]:
    """The living organisations (of a subtree) for which nobody is responsible on that day, in the order of the tree."""
    answered = Responsibility.objects.filter(held_on(on)).values("organisation")
    return (subtree(within) if within else living_organisations()).exclude(id__in=answered).select_related("parent")


def organisations_with_responsible(on: date) -> QuerySet[Organisation]:
    """The living organisations in the order of the tree, each with the two levels above it and, by tier, who answers for it.

    `primary`, `direct` and `operational` are names or None; `answered` is `yes` or `no`.
    """
    held = Responsibility.objects.filter(held_on(on), organisation=OuterRef("pk")).order_by("-from_on")
    names = {tier: Subquery(held.filter(tier=tier).values("person__name")[:1]) for tier in Responsibility.Tier.values}
    answered = Case(When(Exists(held), then=Value("yes")), default=Value("no"), output_field=CharField())
    return living_organisations().select_related("parent", "parent__parent").annotate(**names, answered=answered)


def sizes_by_sector(root: Organisation) -> dict[str, int]:
    """How many organisations of a subtree stand in each sector."""
    return dict(asked_often.sizes_under(root.path))


def find_organisations(words: str, limit: int = 50) -> list[Organisation]:
    """Living organisations that the words can mean, the best first. What can be meant is said in `base.searching`."""
    ids = [pk for group in searching.search(words, [SEARCHED_AS], most=limit).groups for pk in group.ids]
    entries = searching.shown(ids)
    rows = living_organisations().select_related("parent").in_bulk([entries[pk].place_id for pk in ids])
    return [rows[place] for pk in ids if (place := entries[pk].place_id) in rows]


def the_one(
    typed: str, within: Organisation | None = None, among: Sequence[Organisation] | None = None
) -> Meant[Organisation]:
    """The one living organisation (of a subtree, and of those `among` which somebody may look) that a typed text means, by its
    code or exact name.

    Where nothing has the text in its name, what the search finds is offered: it knows the names above, as in “town first branch”.
    """
    rows = subtree(within) if within else living_organisations()
    rows = rows if among is None else rows.filter(tree.within_any(among))
    meant = _meant(rows.select_related("parent").order_by("depth", "name_key"), typed, "code")
    if meant.possible or not typed.strip():
        return meant
    close = [row for row in find_organisations(typed, MOST_MEANT) if within is None or tree.is_within(row, within)]
    return Meant(None, [row for row in close if among is None or tree.is_within_any(row, among)])


def the_one_person(typed: str, among: Q = EVERYBODY) -> Meant[Person]:
    """The one member who has not left (`among` these) that a typed text means, by number or exact name."""
    rows = Person.objects.filter(among, left_on=None).select_related("organisation")
    return _meant(rows.order_by("name_key", "number"), typed, "number")


def people_by_number(numbers: Iterable[str]) -> dict[str, Person]:
    """The people with these member numbers who have not left, by number."""
    rows = Person.objects.filter(number__in=list(numbers), left_on=None).select_related("organisation")
    return {row.number: row for row in rows}


def names_of_people(names: Iterable[str]) -> list[str]:
    """Those of these texts that are the name of somebody who has not left, each once, by name."""
    rows = Person.objects.filter(name__in=[name.strip() for name in names], left_on=None)
    return sorted(set(rows.values_list("name", flat=True)))


def names_of_organisations(names: Iterable[str]) -> list[str]:
    """Those of these texts that are the name of an organisation that has not ended, each once, by name."""
    rows = Organisation.objects.filter(name__in=[name.strip() for name in names], ended_on=None)
    return sorted(set(rows.values_list("name", flat=True)))


def all_organisations() -> list[Organisation]:
    """Every organisation, ended ones too, parents before their children."""
    return list(Organisation.objects.order_by("path"))


def all_members() -> dict[str, dict[str, Any]]:
    """Every member by number, those who left too: their fields by name, `organisation` being its code."""
    fields = ("number", "name", "membership", "is_floating", "post_kind", "joined_on", "left_on")
    rows = Person.objects.order_by("number").values(*fields, organisation_code=F("organisation__code"))
    return {row["number"]: row | {"organisation": row["organisation_code"]} for row in rows.iterator(5000)}


def posts_by_number() -> dict[str, list[list[str]]]:
    """By number: role and organisation's name of each post held with no end set. One query."""
    held: dict[str, list[list[str]]] = defaultdict(list)
    posts = Post.objects.filter(until_on=None).order_by("role", "id")
    for number, role, name in posts.values_list("person__number", "role", "organisation__name"):
        held[number].append([role, name])
    return held


def holders_now() -> dict[tuple[str, str], list[tuple[str, str]]]:
    """By organisation's code and tier (or `secretary`): number and name of those who hold it with no end set."""
    held: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
    names = ("organisation__code", "person__number", "person__name")
    for code, number, name, tier in Responsibility.objects.filter(until_on=None).values_list(*names, "tier"):
        held[code, tier].append((number, name))
    posts = Post.objects.filter(until_on=None, role=Post.Role.SECRETARY).order_by("id")
    for code, number, name in posts.values_list(*names):
        held[code, Post.Role.SECRETARY].append((number, name))
    return held


def named_missing(references: Iterable[str]) -> tuple[list[Person], list[Organisation]]:
    """The living people and organisations that an import's list of those left out names, by number and by code."""
    keys: dict[str, list[str]] = {what: [] for what in ImportDraft.What.values}
    for reference in references:
        what, _colon, key = reference.partition(":")
        keys.get(what, []).append(key)
    people = Person.objects.filter(number__in=keys[ImportDraft.What.PEOPLE], left_on=None)
    places = Organisation.objects.filter(code__in=keys[ImportDraft.What.ORGANISATIONS], ended_on=None)
    return list(people.order_by("number")), list(places.order_by("path"))


def import_with_id(import_id: int) -> ImportDraft | None:
    """One import, confirmed or not, or None. Its rows, which may be 40,000, are read when somebody asks for them."""
    return ImportDraft.objects.filter(pk=import_id).select_related("read_by").defer("rows").first()


def imports() -> QuerySet[ImportDraft]:
    """All imports without their rows, the newest first."""
    return ImportDraft.objects.defer("rows", "remarks").select_related("read_by").order_by("-read_at", "-id")


def posts_held_or_to_come(on: date) -> QuerySet[Post]:
    """All posts held on that day or later, by organisation, each with the two levels above it."""
    rows = Post.objects.exclude(until_on__lte=on)
    rows = rows.select_related("person", "organisation", "organisation__parent", "organisation__parent__parent")
    return rows.order_by("organisation__path", "role", "id")


def count_office_posts(on: date, *, but: Post | None = None) -> int:
    """How many posts in the campaign office are held on that day by somebody who has not left, without this one."""
    rows = Post.objects.filter(held_on(on), role=Post.Role.CAMPAIGN_OFFICE, person__left_on=None)
    return rows.exclude(pk=but.pk).count() if but else rows.count()


def post_with_id(post_id: int) -> Post | None:
    """One post with its holder and its organisation, or None."""
    return Post.objects.select_related("person", "organisation").filter(pk=post_id).first()


def post_held_or_to_come(person: Person, organisation: Organisation, role: str, on: date) -> Post | None:
    """The post of this kind that the person holds on that day, or else the next one."""
    rows = Post.objects.filter(person=person, organisation=organisation, role=role)
    return rows.exclude(until_on__lte=on).select_related("person", "organisation").order_by("from_on").first()


def posts_beside(post: Post, from_on: date, until_on: date | None) -> list[Post]:
    """Other posts of the same person, organisation and kind that share a day with this period."""
    rows = Post.objects.filter(person=post.person_id, organisation=post.organisation_id, role=post.role)
    rows = rows.exclude(pk=post.pk).exclude(until_on__lte=from_on)
    return list(rows.filter(from_on__lt=until_on) if until_on else rows)


def organisations_with_references(references: Iterable[str]) -> list[Organisation]:
    """The organisations among what these references name; no query where none is named."""
    numbers = [number for kind, _colon, number in (one.partition(":") for one in references) if kind == "organisation"]
    return list(Organisation.objects.filter(pk__in=numbers)) if numbers else []


def people_with_references(references: Iterable[str]) -> dict[str, Person]:
    """Whom jobs name, by reference; nobody who is not known any more, and no query where nobody is named."""
    numbers = [number for kind, _colon, number in (one.partition(":") for one in references) if kind == "person"]
    return {person.reference: person for person in Person.objects.filter(pk__in=numbers)} if numbers else {}


def person_with_post(person_id: int, on: date) -> Person | None:
    """The person with their organisation, if they hold any post on that day or get one later."""
    is_holder = Post.objects.exclude(until_on__lte=on).filter(person=person_id).exists()
    rows = Person.objects.select_related("organisation").filter(pk=person_id, left_on=None)
    return rows.first() if is_holder else None


def holders_of(role: str, on: date) -> list[Person]:
    """Everybody who holds a post of this role on that day, by number."""
    holders = Post.objects.filter(held_on(on), role=role).values("person")
    return list(Person.objects.filter(pk__in=holders).select_related("organisation").order_by("number"))


def ties_to(people: Iterable[Person], judged: list[Organisation], top: Organisation, on: date) -> dict[int, Tie]:
    """Person id to tie, for those of these people who are judged or administer the judged; the others are left out.

    Judged: whoever is a member of one of these organisations or of one below it. Administers: whoever is secretary or leader
    of, or answers for, one of them, one below it, or one above it as far up as `top`, that one included.
    """
    people, judged = list(people), list(judged)
    over = {pk for row in judged for pk in _ids_from(row, top)}
    ties = {row.pk: Tie("member", row.organisation) for row in people if tree.is_within_any(row.organisation, judged)}
    posts = Post.objects.filter(held_on(on), person__in=people, role__in=[Post.Role.SECRETARY, Post.Role.LEADER])
    answering = Responsibility.objects.filter(held_on(on), person__in=people)
    for kind, rows in (("post", posts), ("responsible", answering)):
        for row in rows.select_related("organisation").order_by("id"):
            if row.organisation_id in over or tree.is_within_any(row.organisation, judged):
                ties.setdefault(row.person_id, Tie(kind, row.organisation))
    return ties


def _used(model: type[Model], field: str) -> set[str]:
    rows: QuerySet[Any] = model._default_manager.exclude(**{field: ""}).order_by()
    return set(rows.values_list(field, flat=True).distinct())


def _ids_from(organisation: Organisation, top: Organisation) -> list[int]:
    """The ids on the way from `top` down to an organisation; all of them if it does not lie below `top`."""
    ids = tree.ids_of(organisation)
    return ids[ids.index(top.pk) :] if top.pk in ids else ids


def _contains(words: str, code: str) -> Q:
    """Rows whose name, pinyin or `code` contains the words; none for no words."""
    words = words.strip()
    if not words:
        return Q(pk__in=[])
    by_pinyin = Q(name_key__icontains=words.replace(" ", ""))
    return Q(name__icontains=words) | Q(**{f"{code}__icontains": words}) | by_pinyin


def _meant(rows: QuerySet[Row], typed: str, code: str) -> Meant[Row]:
    """The code comes before the name. What merely has the text in its name is offered, never taken."""
    typed = typed.strip()
    for condition in (Q(**{code: typed}), Q(name=typed)):
        if exact := list(rows.filter(condition)[:MOST_MEANT]):
            return Meant(exact[0] if len(exact) == 1 else None, exact)
    return Meant(None, list(rows.filter(_contains(typed, code))[:MOST_MEANT]))

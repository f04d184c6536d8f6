"""Rows of the tree that nearly every page asks for: their statements are built once. Other rooms ask `queries`, which asks here."""

from datetime import date
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from zhengyou.base.prepared import prepared
from zhengyou.base.words import Names
from zhengyou.organisations.models import Organisation, Person, Post, Responsibility, Term, held_on


@prepared
def with_code(code: str) -> QuerySet[Organisation]:
    """The one with this code, with what stands above it."""
    return Organisation.objects.select_related("parent").filter(code=code)


@prepared
def with_codes(codes: list[str]) -> QuerySet[Organisation]:
    """Those with these codes."""
    return Organisation.objects.filter(code__in=codes)


@prepared
def terms_of(category: str) -> QuerySet[Term]:
    """The pack's words of one category, in the pack's order."""
    return Term.objects.filter(category=category)


@prepared
def names_of_terms(categories: list[str]) -> QuerySet[Any, tuple[str, str, Names]]:
    """Category, slug and name of the words of these categories."""
    return Term.objects.filter(category__in=categories).values_list("category", "slug", "name")


@prepared
def responsibilities_at(organisation: Organisation, on: date) -> QuerySet[Responsibility]:
    """Who answers for it on that day."""
    return Responsibility.objects.filter(held_on(on), organisation=organisation).select_related("person")


@prepared
def posts_held(person: Person, on: date) -> QuerySet[Post]:
    """The posts somebody holds on that day, each with its organisation and whether that has others below it."""
    below = Organisation.objects.filter(parent=OuterRef("organisation"), ended_on=None)
    rows = Post.objects.filter(held_on(on), person=person).select_related("organisation")
    return rows.annotate(has_below=Exists(below)).order_by("role", "id")


@prepared
def with_below(ids: list[int], organisation: Organisation) -> QuerySet[Organisation]:
    """These, and those directly below it, from above to below and by name."""
    below = Q(parent=organisation, ended_on=None)
    return Organisation.objects.filter(Q(id__in=ids) | below).order_by("depth", "name_key")


@prepared
def sizes_under(path: str) -> QuerySet[Any, tuple[str, int]]:
    """How many living ones stand in each sector, below a path."""
    rows = Organisation.objects.filter(ended_on=None).filter(path__startswith=path).exclude(sector="").order_by()
    return rows.values_list("sector").annotate(n=Count("id"))


def with_former_code(code: str) -> QuerySet[Organisation]:
    """The organisations that had this code before they were given another, the elder first; seldom asked, and so not prepared."""
    return Organisation.objects.select_related("parent").filter(former_codes__contains=[code]).order_by("pk")

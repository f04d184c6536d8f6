"""What pages and later rooms ask about units' plans."""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Count, QuerySet

from zhengyou.base.prepared import prepared
from zhengyou.campaigns.models import Cycle
from zhengyou.organisations import queries as organisations
from zhengyou.organisations.models import Organisation, Person, Post
from zhengyou.plans import rules
from zhengyou.plans.models import PracticeTheme, ThemeAsked, ThemeKnown


def practice_theme(cycle: Cycle, organisation: Organisation) -> PracticeTheme | None:
    """The organisation's own theme in this cycle, if it has chosen one."""
    return next(iter(_themes_of(cycle, organisation)), None)


@prepared
def _themes_of(cycle: Cycle, organisation: Organisation) -> QuerySet[PracticeTheme]:
    return PracticeTheme.objects.filter(cycle=cycle, organisation=organisation).select_related("central_work")


def practice_themes(cycle: Cycle, units: list[int] | None = None) -> dict[int, str]:
    """Organisation id to practice theme, of these units, by their ids, or of all."""
    return dict(_texts_of(cycle, units))


@prepared
def _texts_of(cycle: Cycle, units: list[int] | None) -> QuerySet[Any, tuple[int, str]]:
    rows = PracticeTheme.objects.filter(cycle=cycle)
    rows = rows if units is None else rows.filter(organisation__in=units)
    return rows.values_list("organisation_id", "text")


def themes_by_piece(cycle: Cycle) -> dict[int, int]:
    """Id of a piece of central work to how many units' themes serve it. One query."""
    rows = PracticeTheme.objects.filter(cycle=cycle, central_work__isnull=False).order_by()
    return dict(rows.values("central_work").annotate(n=Count("id")).values_list("central_work", "n"))


def is_asked(cycle: Cycle, person: Person) -> bool:
    """Whether somebody was asked in this cycle whether they know their unit's theme."""
    return ThemeAsked.objects.filter(cycle=cycle, person=person).exists()


def theme_to_ask_of(person: Person, cycles: Iterable[Cycle], on: date) -> PracticeTheme | None:
    """The theme of somebody's own unit about which they have not been asked; None for whoever chose it, and for no member."""
    rows = [cycle for cycle in cycles if "plans" in cycle.ruleset.rooms]
    if not rows or person.membership not in Person.Membership.values:
        return None
    theme = next(iter(_theme_unasked(person, person.organisation_id, rows)), None)
    if theme is None or organisations.holds_post(person, Post.Role.SECRETARY, theme.organisation, on):
        return None
    return theme


def known_band(cycle: Cycle, organisation: Organisation) -> str:
    """How well the people of a unit know its theme, as `rules.band_of` says it."""
    return rules.band_of(ThemeKnown.objects.filter(cycle=cycle, organisation=organisation).first())


def known_bands(cycle: Cycle) -> dict[str, int]:
    """How many units stand in each band; an empty one for those with too few answers. Units without any answer are not counted."""
    return dict(Counter(rules.band_of(row) for row in ThemeKnown.objects.filter(cycle=cycle)))


@prepared
def _theme_unasked(person: Person, organisation: int, cycles: list[Cycle]) -> QuerySet[PracticeTheme]:
    asked = ThemeAsked.objects.filter(person=person).values("cycle")
    themes = PracticeTheme.objects.filter(organisation=organisation, cycle__in=cycles).exclude(cycle__in=asked)
    return themes.select_related("cycle", "organisation").order_by("pk")[:1]


def practice_themes_of(units: Iterable[int]) -> list[PracticeTheme]:
    """The themes of these units (by number) in every cycle, the newest last. One query."""
    rows = PracticeTheme.objects.filter(organisation__in=list(units))
    return list(rows.select_related("central_work").order_by("pk"))

"""What pages ask about carriers: what there is, who takes part, who is reached by none."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Count, Q, QuerySet

from zhengyou.base.prepared import prepared
from zhengyou.base.searching import Searchable
from zhengyou.campaigns.models import Campaign, Cycle
from zhengyou.carriers.models import Carrier, CarrierUnit, CarrierYear, DemonstrationUnit
from zhengyou.organisations import queries as organisations
from zhengyou.organisations import tree
from zhengyou.organisations.models import Organisation, Person

SEARCHED_AS = "carrier"


@dataclass(frozen=True)
class CarrierNow:
    """A carrier with its content of one cycle, None where nothing is written yet, and how many units it names."""

    carrier: Carrier
    year: CarrierYear | None
    units: int

    @property
    def has(self) -> str:
        """For a filter."""
        return "written" if self.year else "missing"


@dataclass(frozen=True)
class PostReach:
    """A kind of post: how many people have it, and how many of them a carrier reaches."""

    kind: str
    people: int
    reached: int


@dataclass(frozen=True)
class Reach:
    """Whom the carriers of a cycle reach: ids of units, of those that none reaches, and the kinds of post."""

    units: int
    unreached: list[int] = field(default_factory=list)
    post_kinds: list[PostReach] = field(default_factory=list)


def carrier_with_id(carrier_id: int) -> Carrier | None:
    """One carrier, or None."""
    rows = Carrier.objects.select_related("campaign__organisation", "organisation", "grew_from")
    return rows.filter(pk=carrier_id).first()


def carriers_of(campaign: Campaign) -> list[Carrier]:
    """The carriers of a campaign, those that go on first, by their age."""
    rows = Carrier.objects.filter(campaign=campaign).select_related("organisation", "grew_from")
    return sorted(rows, key=lambda row: (row.ended_on is not None, row.since_on, row.pk))


def carriers_in(campaign: Campaign, cycle: Cycle | None) -> list[CarrierNow]:
    """The same, each with what it does in this cycle. Three queries."""
    rows = CarrierYear.objects.filter(cycle=cycle)
    years = {row.carrier_id: row for row in rows}
    counts = dict(CarrierUnit.objects.filter(year__cycle=cycle).order_by().values_list("year").annotate(n=Count("id")))
    made = []
    for carrier in carriers_of(campaign):
        year = years.get(carrier.pk)
        made.append(CarrierNow(carrier, year, counts.get(year.pk, 0) if year else 0))
    return made


def years_of(carrier: Carrier) -> list[CarrierYear]:
    """What a carrier did in each cycle, the newest first; of cycles that were launched."""
    rows = CarrierYear.objects.filter(carrier=carrier).select_related("cycle").exclude(cycle__launched_at=None)
    return list(rows.order_by("-cycle__starts_on"))


def year_in(carrier: Carrier, cycle: Cycle) -> CarrierYear | None:
    """What it does in one cycle, or None."""
    return CarrierYear.objects.filter(carrier=carrier, cycle=cycle).first()


def units_in(year: CarrierYear | None) -> list[CarrierUnit]:
    """The units that take part, in the order of the tree."""
    rows = CarrierUnit.objects.filter(year=year).select_related("organisation__parent") if year else []
    return sorted(rows, key=lambda row: row.organisation.path)


def taking_part(organisation: Organisation, cycles: Iterable[Cycle]) -> list[CarrierYear]:
    """The carriers that reach a unit in these cycles: it is named, or something above it with everything below."""
    among = [cycle.pk for cycle in cycles]
    return _reaching(organisation, tree.ids_of(organisation), among) if among else []


def reaching(organisation: Organisation, with_above: list[int]) -> QuerySet[CarrierUnit]:
    """Where a unit takes part, in whatever cycle: it is named, or one of it and those above it with everything below."""
    wide = Q(organisation__in=with_above, is_with_all_below=True)
    return CarrierUnit.objects.filter(wide | Q(organisation=organisation))


@prepared
def _reaching(organisation: Organisation, with_above: list[int], cycles: list[int]) -> QuerySet[CarrierYear]:
    named = reaching(organisation, with_above).values("year")
    rows = CarrierYear.objects.filter(pk__in=named, cycle__in=cycles, carrier__ended_on=None)
    return rows.select_related("carrier").order_by("carrier__since_on", "carrier_id")


def demonstration_units(campaign: Campaign) -> QuerySet[DemonstrationUnit]:
    """All that were designated in a campaign, those that go on first, then the newest."""
    rows = DemonstrationUnit.objects.filter(campaign=campaign).select_related("organisation__parent", "carrier")
    return rows.order_by("-ended_on", "-designated_on", "-pk")


@prepared
def demonstrations_of(organisation: Organisation) -> QuerySet[DemonstrationUnit]:
    """For what a unit is shown as an example, and was, the newest first."""
    rows = DemonstrationUnit.objects.filter(organisation=organisation).select_related("campaign", "carrier")
    return rows.order_by("-designated_on", "-pk")


def demonstration_with_id(row_id: int) -> DemonstrationUnit | None:
    """One of them, or None."""
    rows = DemonstrationUnit.objects.select_related("campaign__organisation", "organisation", "carrier")
    return rows.filter(pk=row_id).first()


def reach_of(cycle: Cycle) -> Reach:
    """Whom the carriers of a cycle reach and whom none does. Four queries for any number of units and people."""
    top = cycle.campaign.organisation
    paths = dict(organisations.subtree(top).exclude(pk=top.pk).values_list("id", "path"))
    years = CarrierYear.objects.filter(cycle=cycle, carrier__ended_on=None)
    kinds = {row.pk: set(row.post_kinds) for row in years}
    narrow: dict[int, set[int]] = {}
    wide: dict[int, set[int]] = {}
    for year, unit, is_wide in CarrierUnit.objects.filter(year__in=kinds).values_list(
        "year", "organisation", "is_with_all_below"
    ):
        (wide if is_wide else narrow).setdefault(unit, set()).add(year)
    reached: dict[int, set[int]] = {}
    for pk, path in paths.items():
        above = [year for part in path.split("/") if part for year in wide.get(int(part), ())]
        reached[pk] = narrow.get(pk, set()) | set(above)
    unreached = [pk for pk, several in reached.items() if not several]
    return Reach(len(paths), unreached, _post_kinds(reached, kinds))


def _post_kinds(reached: dict[int, set[int]], kinds: dict[int, set[str]]) -> list[PostReach]:
    people: dict[str, list[int]] = {}
    rows = Person.objects.filter(organisation__in=reached, left_on=None).exclude(post_kind="").order_by()
    for unit, kind, count in rows.values_list("organisation", "post_kind").annotate(n=Count("id")):
        counts = people.setdefault(kind, [0, 0])
        counts[0] += count
        if any(not kinds[year] or kind in kinds[year] for year in reached[unit]):
            counts[1] += count
    return [PostReach(kind, *counts) for kind, counts in people.items()]


def searchable(carriers: Iterable[Carrier]) -> list[Searchable]:
    """How carriers are found: by name and by whoever runs them."""
    return [
        Searchable(
            kind=SEARCHED_AS,
            reference=row.reference,
            title=row.name,
            address=str(row.pk),
            more=(row.organisation.name,),
            place=row.organisation_id,
        )
        for row in carriers
    ]


def every_public_carrier() -> QuerySet[Carrier]:
    """The carriers of campaigns that were launched."""
    launched = Cycle.objects.exclude(launched_at=None).values("campaign")
    return Carrier.objects.filter(campaign__in=launched).select_related("organisation")

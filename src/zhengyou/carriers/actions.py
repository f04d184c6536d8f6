"""Beginning carriers, writing their content of a cycle, carrying them on, designating demonstration units. By the campaign's office."""

from collections.abc import Collection, Sequence
from datetime import date, datetime

from django.db import transaction

from zhengyou.base.deeds import done, locked
from zhengyou.base.entries import Public
from zhengyou.base.time import local_day
from zhengyou.campaigns import queries as campaigns
from zhengyou.campaigns import rules as campaign_rules
from zhengyou.campaigns.models import Campaign, Cycle
from zhengyou.carriers import queries, rules
from zhengyou.carriers.models import Carrier, CarrierUnit, CarrierYear, DemonstrationUnit
from zhengyou.identity import rules as identity
from zhengyou.organisations import actions as organisations
from zhengyou.organisations import rules as organisation_rules
from zhengyou.organisations.models import Organisation, Person


@transaction.atomic
def begin_carrier(
    *, cycle: Cycle, organisation: Organisation, kind: str, name: str, since_on: date, grew_from: Carrier | None,
    at: datetime, by: Person,
) -> Carrier:  # fmt: skip
    """Begin a carrier of the cycle's campaign, run by this organisation. Raises RoleRefused, CarrierRefused."""
    top = _held(cycle.campaign, at, by)
    name = rules.check_carrier(name=name, kind=kind, ruleset=cycle.ruleset)
    rules.check_takes_part(top, [organisation])
    organisation_rules.check_year(since_on, local_day(at))
    rules.check_grew_from(None, grew_from, since_on)
    rules.check_name_is_free(Carrier.objects.filter(campaign=top, name=name, ended_on=None).exists())
    row = Carrier.objects.create(
        campaign=top, organisation=organisation, kind=kind, name=name, since_on=since_on, grew_from=grew_from
    )
    told = {"name": name, "kind": kind, "since_on": since_on, "grew_from": grew_from.name if grew_from else ""}
    _make_findable(row)
    done("carriers.begin_carrier", row, at=at, by=by, public=_told(top, organisation, told), **told)
    return row


@transaction.atomic
def change_carrier(
    *, carrier: Carrier, cycle: Cycle, organisation: Organisation, kind: str, name: str, since_on: date,
    grew_from: Carrier | None, at: datetime, by: Person,
) -> Carrier:  # fmt: skip
    """Correct what a carrier is. Raises RoleRefused, CarrierRefused."""
    top = _held(carrier.campaign, at, by)
    row = locked(carrier)
    rules.check_goes_on(row)
    name = rules.check_carrier(name=name, kind=kind, ruleset=cycle.ruleset)
    rules.check_takes_part(top, [organisation])
    organisation_rules.check_year(since_on, local_day(at))
    rules.check_grew_from(row, grew_from, since_on)
    taken = Carrier.objects.filter(campaign=top, name=name, ended_on=None).exclude(pk=row.pk)
    rules.check_name_is_free(taken.exists())
    row.organisation, row.kind, row.name, row.since_on, row.grew_from = organisation, kind, name, since_on, grew_from
    row.save(update_fields=["organisation", "kind", "name", "since_on", "grew_from"])
    told = {"name": name, "kind": kind, "since_on": since_on, "grew_from": grew_from.name if grew_from else ""}
    _make_findable(row)
    done("carriers.change_carrier", row, at=at, by=by, public=_told(top, organisation, told), **told)
    return row


@transaction.atomic
def end_carrier(*, carrier: Carrier, on: date, reason: str, at: datetime, by: Person) -> Carrier:
    """A carrier ends, with a reason that everybody reads. Raises RoleRefused, CarrierRefused."""
    top = _held(carrier.campaign, at, by)
    row = locked(carrier, "organisation")
    row.end_reason = rules.check_end(row, row.since_on, on, reason, local_day(at))
    row.ended_on = on
    row.save(update_fields=["ended_on", "end_reason"])
    told = {"name": row.name, "on": on, "reason": row.end_reason}
    done("carriers.end_carrier", row, at=at, by=by, public=_told(top, row.organisation, told), **told)
    return row


@transaction.atomic
def write_year(
    *, carrier: Carrier, cycle: Cycle, content: str, what_is_new: str, units: Sequence[Organisation],
    with_all_below: bool, post_kinds: Collection[str], at: datetime, by: Person,
) -> CarrierYear:  # fmt: skip
    """Write what a carrier does in a cycle and who takes part; written again it replaces what stood there.

    Raises RoleRefused, CarrierRefused.
    """
    top = _held(carrier.campaign, at, by)
    row = locked(carrier, "organisation")
    rules.check_goes_on(row)
    rules.check_cycle(row, cycle)
    rules.check_takes_part(top, units)
    texts = rules.check_year(content=content, what_is_new=what_is_new, units=units)
    year, _new = CarrierYear.objects.update_or_create(
        carrier=row,
        cycle=cycle,
        defaults={**texts, "post_kinds": sorted(post_kinds), "written_at": at, "written_by": by},
    )
    CarrierUnit.objects.filter(year=year).delete()
    CarrierUnit.objects.bulk_create(
        [CarrierUnit(year=year, organisation=one, is_with_all_below=with_all_below) for one in dict.fromkeys(units)]
    )
    told = {"name": row.name, "cycle": cycle.name, **texts, "units": len(units)}
    _make_findable(row)
    public = _told(top, row.organisation, told) if cycle.is_launched else None
    done("carriers.write_year", row, at=at, by=by, public=public, cycle=cycle, units=len(units))
    return year


@transaction.atomic
def carry_on(*, cycle: Cycle, at: datetime, by: Person) -> int:
    """Every carrier that goes on begins this cycle with its last content and units, as far as nothing is written; how many did.

    What is new stays to be said. Idempotent. Raises RoleRefused, StageRefused for a closed cycle.
    """
    top = _held(cycle.campaign, at, by)
    if cycle.is_closed:
        campaign_rules.check_under_way(cycle)
    written = set(CarrierYear.objects.filter(cycle=cycle).values_list("carrier", flat=True))
    count = 0
    for carrier in queries.carriers_of(top):
        last = CarrierYear.objects.filter(carrier=carrier).order_by("-cycle__starts_on").first()
        if carrier.ended_on is None and carrier.pk not in written and last is not None:
            _begin_like(last, cycle, at, by)
            count += 1
    if count:
        done("carriers.carry_on", cycle, at=at, by=by, count=count)
    return count


@transaction.atomic
def designate_unit(
    *, campaign: Campaign, organisation: Organisation, carrier: Carrier | None, criteria: str, designated_by: str,
    designated_on: date, at: datetime, by: Person,
) -> DemonstrationUnit:  # fmt: skip
    """Show a unit as an example to look at, as a body decided it. Raises RoleRefused, CarrierRefused."""
    top = _held(campaign, at, by)
    rules.check_takes_part(top, [organisation])
    organisation_rules.check_has_come(designated_on, local_day(at))
    organisation_rules.check_year(designated_on, local_day(at))
    known = DemonstrationUnit.objects.filter(campaign=top, organisation=organisation, ended_on=None)
    texts = rules.check_designation(criteria=criteria, designated_by=designated_by, is_one_already=known.exists())
    row = DemonstrationUnit.objects.create(
        campaign=top, organisation=organisation, carrier=carrier, designated_on=designated_on, **texts
    )
    told = {**texts, "on": designated_on, "carrier": carrier.name if carrier else ""}
    done("carriers.designate_unit", row, at=at, by=by, public=_told(top, organisation, told), organisation=organisation)
    return row


@transaction.atomic
def end_designation(*, row: DemonstrationUnit, on: date, reason: str, at: datetime, by: Person) -> None:
    """A unit is shown as an example no longer, with the reason. Raises RoleRefused, CarrierRefused."""
    top = _held(row.campaign, at, by)
    held = locked(row, "organisation")
    held.end_reason = rules.check_end(held, held.designated_on, on, reason, local_day(at))
    held.ended_on = on
    held.save(update_fields=["ended_on", "end_reason"])
    told = {"on": on, "reason": held.end_reason}
    done("carriers.end_designation", held, at=at, by=by, public=_told(top, held.organisation, told), **told)


def _held(campaign: Campaign, at: datetime, by: Person) -> Campaign:
    """The campaign, held, for somebody of its own office."""
    row = locked(campaign, "organisation")
    identity.check_is_office_of(by, row.organisation, local_day(at))
    return row


def _told(campaign: Campaign, about: Organisation, content: dict[str, object]) -> Public | None:
    """What everybody is told; nothing of a campaign that nobody knows of yet."""
    told = Public({"campaign": campaign.name, **content}, about=about.public_reference)
    return told if campaigns.is_public(campaign) else None


def _make_findable(row: Carrier) -> None:
    """In a campaign that nobody sees yet nothing is found; `rhythm.find_what_became_public` brings it after the launch."""
    if queries.every_public_carrier().filter(pk=row.pk).exists():
        organisations.make_findable(queries.searchable([row]))


def _begin_like(last: CarrierYear, cycle: Cycle, at: datetime, by: Person) -> None:
    units = CarrierUnit.objects.filter(year=last, organisation__ended_on=None)
    year = CarrierYear.objects.create(
        carrier=last.carrier,
        cycle=cycle,
        content=last.content,
        post_kinds=last.post_kinds,
        written_at=at,
        written_by=by,
    )
    CarrierUnit.objects.bulk_create(
        [
            CarrierUnit(year=year, organisation_id=one.organisation_id, is_with_all_below=one.is_with_all_below)
            for one in units
        ]
    )

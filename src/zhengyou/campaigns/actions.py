"""Setting a campaign up from a pack and launching a cycle: the rules are frozen into a canonical, fingerprinted manifest."""

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import rfc8785
from django.db import transaction
from django.db.models import Max, ProtectedError

from zhengyou.base.deeds import done, locked
from zhengyou.base.entries import Public
from zhengyou.base.time import local_day
from zhengyou.burden import actions as burden_actions
from zhengyou.campaigns import packs, queries, rules
from zhengyou.campaigns.calendar import Calendar
from zhengyou.campaigns.models import Campaign, Cycle, Manifest, SectorTheme, StageWindow
from zhengyou.campaigns.ruleset import Rules
from zhengyou.organisations import actions as organisation_actions
from zhengyou.organisations import queries as organisations
from zhengyou.organisations.models import Organisation, Person


@transaction.atomic
def load_pack_words(*, pack_id: str, at: datetime, by: Person | None) -> None:
    """Bring a pack's words into the house, in place of those it has. Can be done again, with the same pack or with another.

    Raises PackRefused for a pack that is not there or has faults, and WordsRefused if it lacks words that the house uses.
    """
    pack = packs.load_pack(pack_id)
    organisation_actions.load_terms(pack_id=pack.id, words=packs.words_for_house(pack), at=at, by=by)


@transaction.atomic
def create_campaign(
    *,
    pack_id: str,
    name: str,
    theme: str,
    aim: str,
    organisation: Organisation,
    basis: dict[str, Any],
    at: datetime,
    by: Person,
) -> Campaign:
    """Create a campaign from a pack. `basis` has kind, body, number, valid_from, valid_until.

    Raises SetUpRefused, and PackRefused if there is no such pack or it has faults.
    """
    rules.check_basis(**basis)
    rules.check_knows(packs.load_pack(pack_id), organisations.words_within(organisation))
    root = locked(organisation)
    rules.check_is_new_campaign(Campaign.objects.filter(organisation=root, name=name).exists())
    row = Campaign.objects.create(
        pack=pack_id,
        name=name,
        theme=theme,
        aim=aim,
        organisation=organisation,
        **_basis_fields(basis),
    )
    done("campaigns.create_campaign", row, at=at, by=by, name=name)
    return row


@transaction.atomic
def correct_basis(*, campaign: Campaign, basis: dict[str, Any], at: datetime, by: Person) -> Campaign:
    """Correct the legal basis, or enter its renewal, while no cycle of the campaign is under way. Raises SetUpRefused.

    Cycles that are closed keep the one that was frozen with their rules.
    """
    rules.check_basis(**basis)
    row = locked(campaign)
    under_way = Cycle.objects.filter(campaign=row, closed_at=None).exclude(launched_at=None)
    rules.check_may_correct_basis(row, under_way.count())
    fields = _basis_fields(basis)
    for name, value in fields.items():
        setattr(row, name, value)
    row.save(update_fields=list(fields))
    done("campaigns.correct_basis", row, at=at, by=by, **fields)
    return row


@transaction.atomic
def delete_campaign(*, campaign: Campaign, at: datetime, by: Person) -> None:
    """Take back a campaign that has no cycle. Raises SetUpRefused."""
    row = locked(campaign)
    rules.check_may_delete_campaign(Cycle.objects.filter(campaign=row).count())
    done("campaigns.delete_campaign", row, at=at, by=by, name=row.name)
    row.delete()


@transaction.atomic
def delete_cycle(*, cycle: Cycle, at: datetime, by: Person) -> None:
    """Take back a cycle that was never launched, with its dates and themes. Raises SetUpRefused if anything else is in it."""
    row = locked(cycle)
    rules.check_may_change(row)
    done("campaigns.delete_cycle", row, at=at, by=by, name=row.name)
    try:
        row.delete()
    except ProtectedError as error:
        raise rules.has_traces() from error


def _basis_fields(basis: dict[str, Any]) -> dict[str, Any]:
    names = {"kind": "kind", "body": "body", "number": "number", "from": "valid_from", "until": "valid_until"}
    return {f"basis_{field}": basis[name] for field, name in names.items()}


@transaction.atomic
def add_cycle(*, campaign: Campaign, name: str, starts_on: date, ends_on: date, at: datetime, by: Person) -> Cycle:
    """Add a cycle with the pack's rules and sector themes as its editable start. Raises SetUpRefused."""
    rules.check_dates(starts_on, ends_on)
    locked(campaign)
    rules.check_is_new_cycle(Cycle.objects.filter(campaign=campaign, name=name).exists())
    pack = packs.load_pack(campaign.pack)
    row = Cycle.objects.create(
        campaign=campaign,
        name=name,
        starts_on=starts_on,
        ends_on=ends_on,
        rules=pack.rules.as_json(),
    )
    SectorTheme.objects.bulk_create(
        [SectorTheme(cycle=row, sector=one.id, text=one.theme["zh-hans"]) for one in pack.sectors if one.theme]
    )
    done("campaigns.add_cycle", row, at=at, by=by, name=name)
    return row


@transaction.atomic
def set_rules(*, cycle: Cycle, ruleset: Rules, at: datetime, by: Person) -> Cycle:
    """Replace the cycle's rules before launch. Raises SetUpRefused for sheets or thresholds that cannot stand."""
    row = locked(cycle)
    rules.check_may_change(row)
    rules.check_sheet(ruleset)
    rules.check_thresholds(ruleset.thresholds)
    rules.check_words_shown(ruleset.remarks.words_shown)
    row.rules = ruleset.as_json()
    row.save(update_fields=["rules"])
    done("campaigns.set_rules", row, at=at, by=by)
    return row


@transaction.atomic
def choose_parts(*, cycle: Cycle, rooms: Collection[str], stages: Collection[str], at: datetime, by: Person) -> Cycle:
    """Choose, before launch, which rooms and stages of its pack the cycle has. Windows of others fall away.

    Raises SetUpRefused for a choice that does not fit together.
    """
    row = locked(cycle, "campaign")
    rules.check_may_change(row)
    pack = packs.rules_of(row.campaign.pack)
    chosen = replace(
        row.ruleset,
        rooms=tuple(room for room in pack.rooms if room in rooms),
        stages=tuple(stage for stage in pack.stages if stage.id in stages),
    )
    rules.check_choice(chosen)
    row.rules = chosen.as_json()
    row.save(update_fields=["rules"])
    StageWindow.objects.filter(cycle=row).exclude(stage__in=[stage.id for stage in chosen.stages]).delete()
    done("campaigns.choose_parts", row, at=at, by=by, rooms=chosen.rooms, stages=[stage.id for stage in chosen.stages])
    return row


@transaction.atomic
def set_windows(*, cycle: Cycle, windows: Mapping[str, tuple[date, date]], at: datetime, by: Person) -> None:
    """Say when stages are open (first and last day), before launch; all of them or none.

    Raises SetUpRefused for dates out of order or outside the cycle.
    """
    rules.check_may_change(locked(cycle))
    for stage, (opens_on, closes_on) in windows.items():
        rules.check_window(cycle, opens_on, closes_on)
        StageWindow.objects.update_or_create(
            cycle=cycle, stage=stage, defaults={"opens_on": opens_on, "closes_on": closes_on}
        )
    done("campaigns.set_windows", cycle, at=at, by=by, **windows)


@transaction.atomic
def write_sector_themes(*, cycle: Cycle, texts: Mapping[str, str], at: datetime, by: Person) -> None:
    """Write the themes of sectors, by their slugs, before launch; all of them or none. Raises SetUpRefused."""
    rules.check_may_change(locked(cycle))
    for sector, text in texts.items():
        SectorTheme.objects.update_or_create(cycle=cycle, sector=sector, defaults={"text": text})
    done("campaigns.write_sector_themes", cycle, at=at, by=by, sectors=sorted(texts))


@transaction.atomic
def launch_cycle(*, cycle: Cycle, why: str, at: datetime, by: Person) -> Manifest:
    """Freeze the cycle's rules into the campaign's next manifest and launch it; from now on its stages ask what they ask.

    Raises LaunchRefused, and BurdenRefused where the stages would ask more of a unit than the rules allow.
    """
    row = locked(cycle, "campaign__organisation")
    root = row.campaign.organisation
    calendar, themes, sectors = Calendar.of(row), queries.sector_themes(row), organisations.sizes_by_sector(root)
    rules.check_may_launch(
        row,
        missing=organisations.organisations_without_responsible(local_day(at), root).count(),
        windows=len(calendar.in_order()),
        themes=len([slug for slug in sectors if themes.get(slug, "").strip()]),
        sectors=len(sectors),
        at_day=local_day(at),
    )
    asked = queries.what_it_asks(row, calendar)
    burden_actions.ask(asked=asked, about=row, cap=row.ruleset.burden, at=at, by=by)
    row.launched_at = at
    row.save(update_fields=["launched_at"])
    return _freeze(row, why, at, by)


@transaction.atomic
def close_cycle(*, cycle: Cycle, at: datetime, by: Person) -> Cycle:
    """End a cycle: nothing that belongs to its stages can be done any more."""
    row = locked(cycle, "campaign__organisation")
    if row.closed_at is None:
        row.closed_at = at
        row.save(update_fields=["closed_at"])
        told = {"campaign": row.campaign.name, "cycle": row.name}
        public = Public(told, about=row.campaign.organisation.public_reference)
        done("campaigns.close_cycle", row, at=at, by=by, public=public)
    return row


def _freeze(cycle: Cycle, why: str, at: datetime, by: Person) -> Manifest:
    """Write the cycle's rules down as the campaign's next manifest, and put its fingerprint on record."""
    document = rfc8785.dumps(_manifest_document(cycle))
    newest = Manifest.objects.filter(campaign=cycle.campaign).aggregate(n=Max("number"))["n"] or 0
    manifest = Manifest.objects.create(
        campaign=cycle.campaign,
        cycle=cycle,
        number=newest + 1,
        document=document.decode(),
        fingerprint=hashlib.sha256(document).hexdigest(),
        frozen_at=at,
        frozen_by=by,
        why=why,
    )
    facts = {"number": manifest.number, "fingerprint": manifest.fingerprint}
    told = {"campaign": cycle.campaign.name, "cycle": cycle.name, "manifest": manifest.document, **facts}
    public = Public(told, about=cycle.campaign.organisation.public_reference)
    done("campaigns.launch_cycle", cycle, at=at, by=by, public=public, why=why, **facts)
    return manifest


def _manifest_document(cycle: Cycle) -> dict[str, Any]:
    campaign = cycle.campaign
    return {
        "format": "zhengyou-campaign-1",
        "campaign": campaign.name,
        "theme": campaign.theme,
        "aim": campaign.aim,
        "pack": campaign.pack,
        "organisation": campaign.organisation.code,
        "legal_basis": {
            "kind": campaign.basis_kind,
            "body": campaign.basis_body,
            "number": campaign.basis_number,
            "valid_from": campaign.basis_from.isoformat(),
            "valid_until": campaign.basis_until.isoformat() if campaign.basis_until else None,
        },
        "cycle": {"name": cycle.name, "starts_on": cycle.starts_on.isoformat(), "ends_on": cycle.ends_on.isoformat()},
        "stages": {
            stage.id: {"opens_on": window.opens_on.isoformat(), "closes_on": window.closes_on.isoformat()}
            for stage, window in Calendar.of(cycle).in_order()
        },
        "sector_themes": queries.sector_themes(cycle),
        "organisations": organisations.sizes_by_sector(campaign.organisation),
        "rules": cycle.rules,
    }

"""Setting a campaign up from a pack and launching a cycle: the rules are frozen into a canonical, fingerprinted manifest."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import rfc8785
from django.db import transaction
from django.db.models import Max, ProtectedError

from zhengyou.base import addenda
from zhengyou.base.deeds import done, locked
from zhengyou.base.entries import Public
from zhengyou.base.models import Addendum
from zhengyou.base.time import local_day
from zhengyou.burden import actions as burden_actions
from zhengyou.campaigns import packs, queries, rules
from zhengyou.campaigns.calendar import Calendar
from zhengyou.campaigns.models import (
    Campaign,
    CentralWork,
    Cycle,
    GoesOn,
    Manifest,
    SectorTheme,
    StageWindow,
    SuperiorDocument,
)
from zhengyou.campaigns.rules import Piece
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
    *, pack_id: str, name: str, theme: str, aim: str, organisation: Organisation, basis: dict[str, Any], at: datetime, by: Person,
) -> Campaign:  # fmt: skip
    """Create a campaign from a pack, with the pack's English where the Chinese is the pack's.

    `basis` has kind, body, number, valid_from, valid_until.

    Raises SetUpRefused, and PackRefused if there is no such pack or it has faults.
    """
    rules.check_basis(**basis, today=local_day(at))
    rules.check_knows(packs.load_pack(pack_id), organisations.words_within(organisation))
    root = locked(organisation)
    rules.check_is_new_campaign(Campaign.objects.filter(organisation=root, name=name).exists())
    texts = {"name": name, "theme": theme}
    texts |= packs.english_of(pack_id, **texts) | {"aim": aim}
    row = Campaign.objects.create(pack=pack_id, organisation=organisation, **texts, **rules.basis_fields(basis))
    done("campaigns.create_campaign", row, at=at, by=by, name=name)
    return row


@transaction.atomic
def correct_basis(*, campaign: Campaign, basis: dict[str, Any], at: datetime, by: Person, why: str = "") -> Campaign:
    """Correct the legal basis, or enter its renewal: freely before the first launch, afterwards as addenda with their reason.

    A cycle under way gets a new number of its rules; closed ones keep what was frozen with theirs. Raises SetUpRefused,
    AddendumRefused.
    """
    rules.check_basis(**basis, today=local_day(at))
    row = locked(campaign, "organisation")
    launched = [cycle for cycle in queries.cycles(row) if cycle.is_launched]
    for cycle in launched:
        cycle.campaign = row  # this very row, as it is being changed
    old = queries.basis_in_words(row)
    fields = rules.basis_fields(basis)
    for name, value in fields.items():
        setattr(row, name, value)
    changes = addenda.corrections(old, queries.basis_in_words(row))
    public = None
    if launched:
        why = addenda.check_corrects(changes, why)
    row.save(update_fields=list(fields))
    if launched:
        told = [_write_rules_down(cycle, why, at, by)[1] for cycle in launched if cycle.is_under_way]
        written = addenda.add(row, changes, why=why, at=at, by=by)
        public = addenda.public_of(written, about=row.organisation.public_reference, **(told[0] if told else {}))
    done("campaigns.correct_basis", row, at=at, by=by, public=public, why=why, **fields)
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


@transaction.atomic
def add_cycle(*, campaign: Campaign, name: str, starts_on: date, ends_on: date, at: datetime, by: Person) -> Cycle:
    """Add a cycle. It begins like the last launched one, the first like its pack. Raises SetUpRefused, also for another's days."""
    rules.check_dates(starts_on, ends_on, local_day(at))
    locked(campaign)
    others = queries.cycles(campaign)
    rules.check_is_new_cycle(any(one.name == name for one in others))
    rules.check_overlaps_none(starts_on, ends_on, others)
    last = next((one for one in others if one.is_launched and one.starts_on < starts_on), None)
    begun = last.rules if last else packs.load_pack(campaign.pack).rules.as_json()
    row = Cycle.objects.create(campaign=campaign, name=name, starts_on=starts_on, ends_on=ends_on, rules=begun)
    SectorTheme.objects.bulk_create(_first_themes(row, last))
    _write_pieces(row, _pieces_of(last) if last else [])
    done("campaigns.add_cycle", row, at=at, by=by, name=name, like=last.reference if last else "")
    return row


def _first_themes(cycle: Cycle, last: Cycle | None) -> list[SectorTheme]:
    names = ("sector", "text", "text_en")
    like = SectorTheme.objects.filter(cycle=last).values_list(*names) if last else packs.themes_of(cycle.campaign.pack)
    return [SectorTheme(cycle=cycle, **dict(zip(names, one, strict=True))) for one in like]


@transaction.atomic
def name_in_english(
    *, cycle: Cycle, campaign_name: str, campaign_theme: str, cycle_name: str, themes: Mapping[str, str], at: datetime, by: Person,
) -> None:  # fmt: skip
    """Say how campaign, cycle and themes of sectors are called on English pages; an empty name shows the Chinese one.

    A translation is no rule: it can be written at any time, and the frozen rules keep the Chinese. All or nothing.
    """
    row = locked(cycle, "campaign")
    Campaign.objects.filter(pk=row.campaign_id).update(name_en=campaign_name.strip(), theme_en=campaign_theme.strip())
    Cycle.objects.filter(pk=row.pk).update(name_en=cycle_name.strip())
    for sector, text in themes.items():
        SectorTheme.objects.filter(cycle=row, sector=sector).update(text_en=text.strip())
    done("campaigns.name_in_english", row, at=at, by=by, sectors=sorted(themes))


@transaction.atomic
def describe_campaign(
    *, campaign: Campaign, name: str, theme: str, aim: str, launch_words: str, launch_speaker: str, opinion: str, asked_of_you: str,
    at: datetime, by: Person, why: str = "",
) -> Campaign:  # fmt: skip
    """Say what the campaign is and why: name, theme, aim, the words of the launch page. Before the first launch freely,
    afterwards as a correction with its reason, which everybody reads. Raises SetUpRefused, AddendumRefused.
    """
    row = locked(campaign, "organisation")
    given = {"name": name, "theme": theme, "aim": aim, "launch_words": launch_words, "launch_speaker": launch_speaker}
    texts = rules.check_description(**given, opinion=opinion, asked_of_you=asked_of_you)
    namesakes = Campaign.objects.filter(organisation=row.organisation_id, name=texts["name"]).exclude(pk=row.pk)
    rules.check_is_new_campaign(namesakes.exists())
    changes = addenda.corrections({part: getattr(row, part) for part in texts}, texts)
    written: list[Addendum] = []
    if queries.is_public(row):
        why = addenda.check_corrects(changes, why)
        written = addenda.add(row, changes, why=why, at=at, by=by)
    stale = [f"{one.part}_en" for one in changes if one.part in ("name", "theme")]  # a translation of other words
    for part, text in (texts | dict.fromkeys(stale, "")).items():
        setattr(row, part, text)
    row.save(update_fields=[*texts, *stale])
    public = addenda.public_of(written, about=row.organisation.public_reference) if written else None
    done("campaigns.describe_campaign", row, at=at, by=by, public=public, parts=[one.part for one in changes])
    return row


@transaction.atomic
def cite_document(*, campaign: Campaign, title: str, number: str, body: str, at: datetime, by: Person) -> None:
    """Name a document of a higher body that the campaign carries out; one of the same number is replaced. Raises SetUpRefused."""
    row = locked(campaign, "organisation")
    texts = rules.check_document(title=title, number=number, body=body)
    SuperiorDocument.objects.update_or_create(campaign=row, number=texts["number"], defaults=texts)
    public = Public(texts, about=row.organisation.public_reference) if queries.is_public(row) else None
    done("campaigns.cite_document", row, at=at, by=by, public=public, **texts)


@transaction.atomic
def drop_document(*, document: SuperiorDocument, at: datetime, by: Person) -> None:
    """Name a document no longer. One that is gone already is no error."""
    row, number = locked(document.campaign, "organisation"), document.number
    if SuperiorDocument.objects.filter(pk=document.pk).delete()[0]:
        about = row.organisation.public_reference
        public = Public({"number": number}, about=about) if queries.is_public(row) else None
        done("campaigns.drop_document", row, at=at, by=by, public=public, number=number)


@transaction.atomic
def rename_cycle(*, cycle: Cycle, name: str, starts_on: date, ends_on: date, at: datetime, by: Person) -> Cycle:
    """Change a cycle's name and days before its launch. Stages must still lie within. Raises SetUpRefused."""
    row = locked(cycle)
    rules.check_may_change(row)
    rules.check_dates(starts_on, ends_on, local_day(at))
    others = [one for one in queries.cycles(locked(row.campaign)) if one.pk != row.pk]
    rules.check_is_new_cycle(any(one.name == name for one in others))
    rules.check_overlaps_none(starts_on, ends_on, others)
    row.name_en = row.name_en if row.name == name else ""
    row.name, row.starts_on, row.ends_on = name, starts_on, ends_on
    for window in Calendar.of(row).windows.values():
        rules.check_window(row, window.opens_on, window.closes_on)
    row.save(update_fields=["name", "name_en", "starts_on", "ends_on"])
    done("campaigns.rename_cycle", row, at=at, by=by, name=name, starts_on=starts_on, ends_on=ends_on)
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
        days = {"opens_on": opens_on, "closes_on": closes_on}
        StageWindow.objects.update_or_create(cycle=cycle, stage=stage, defaults=days)
    done("campaigns.set_windows", cycle, at=at, by=by, **windows)


@transaction.atomic
def write_sector_themes(*, cycle: Cycle, texts: Mapping[str, str], at: datetime, by: Person) -> None:
    """Write the themes of sectors, by their slugs, before launch; all of them or none. Raises SetUpRefused."""
    rules.check_may_change(locked(cycle))
    _write_themes(cycle, texts)
    done("campaigns.write_sector_themes", cycle, at=at, by=by, sectors=sorted(texts))


def _write_themes(cycle: Cycle, texts: Mapping[str, str]) -> None:
    """English that translates other words goes."""
    for sector, text in texts.items():
        SectorTheme.objects.filter(cycle=cycle, sector=sector).exclude(text=text).update(text_en="")
        SectorTheme.objects.update_or_create(cycle=cycle, sector=sector, defaults={"text": text})


@transaction.atomic
def write_central_work(*, cycle: Cycle, pieces: Sequence[Piece], at: datetime, by: Person) -> None:
    """Write the list of central work before launch, the whole of it. Raises SetUpRefused."""
    row = locked(cycle)
    rules.check_may_change(row)
    rules.check_pieces(pieces, row.ruleset)
    _write_pieces(row, pieces)
    done("campaigns.write_central_work", row, at=at, by=by, count=len(pieces))


@transaction.atomic
def launch_cycle(*, cycle: Cycle, why: str, at: datetime, by: Person) -> Manifest:
    """Freeze the cycle's rules into the campaign's next manifest and launch it; from now on its stages ask what they ask.

    Raises LaunchRefused, and BurdenRefused where the stages would ask more of a unit than the rules allow.
    """
    row = locked(cycle, "campaign__organisation")
    root, calendar = row.campaign.organisation, Calendar.of(row)
    themes, sectors = queries.sector_themes(row), organisations.sizes_by_sector(root)
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
def correct_themes(*, cycle: Cycle, texts: Mapping[str, str], why: str, at: datetime, by: Person) -> Manifest:
    """Correct themes of sectors after the launch: addenda beside the old, and a new number of the frozen rules.

    Raises StageRefused for a cycle that is not under way, SetUpRefused for an empty theme, AddendumRefused.
    """
    row = locked(cycle, "campaign__organisation")
    rules.check_under_way(row)
    themes = {slug: text.strip() for slug, text in texts.items()}
    rules.check_no_theme_is_emptied(themes)
    old = {f"theme:{slug}": text for slug, text in queries.sector_themes(row).items()}
    changes = addenda.corrections(old, {f"theme:{slug}": text for slug, text in themes.items()})
    why = addenda.check_corrects(changes, why)
    _write_themes(row, themes)
    return _corrected("campaigns.correct_themes", row, changes, why, at, by)


@transaction.atomic
def correct_central_work(*, cycle: Cycle, pieces: Sequence[Piece], why: str, at: datetime, by: Person) -> Manifest:
    """Reword pieces of central work after the launch, or add some: addenda beside the old, and a new number of the rules.

    Raises StageRefused for a cycle that is not under way, SetUpRefused where a piece would go, AddendumRefused.
    """
    row = locked(cycle, "campaign__organisation")
    rules.check_under_way(row)
    rules.check_pieces(pieces, row.ruleset)
    before = _pieces_of(row)
    rules.check_no_piece_goes(before, pieces)
    changes = addenda.corrections(rules.pieces_in_words(before), rules.pieces_in_words(pieces))
    why = addenda.check_corrects(changes, why)
    _write_pieces(row, pieces)
    return _corrected("campaigns.correct_central_work", row, changes, why, at, by)


def _pieces_of(cycle: Cycle) -> list[Piece]:
    return [Piece(one.number, one.text, one.aim) for one in queries.central_work(cycle)]


def _write_pieces(cycle: Cycle, pieces: Sequence[Piece]) -> None:
    """A piece keeps its row as long as its number stands in the list."""
    for one in pieces:
        words = {"text": one.text, "aim": one.aim}
        CentralWork.objects.update_or_create(cycle=cycle, number=one.number, defaults=words)
    CentralWork.objects.filter(cycle=cycle).exclude(number__in=[one.number for one in pieces]).delete()


@transaction.atomic
def correct_windows(
    *, cycle: Cycle, windows: Mapping[str, tuple[date, date]], ends_on: date, why: str, at: datetime, by: Person
) -> Manifest:
    """Prolong or move stages after the launch, and the cycle's last day with them: addenda, and a new number of the rules.

    A stage that has begun keeps its first day, and none ends before today. Raises StageRefused, SetUpRefused, AddendumRefused.
    """
    row, day = locked(cycle, "campaign__organisation"), local_day(at)
    rules.check_under_way(row)
    rules.check_dates(row.starts_on, ends_on, day)
    others = [one for one in queries.cycles(locked(row.campaign)) if one.pk != row.pk]
    rules.check_overlaps_none(row.starts_on, ends_on, others)
    calendar = Calendar.of(row)
    old = {"ends-on": row.ends_on} | {f"stage:{slug}": rules.days_of(one) for slug, one in calendar.windows.items()}
    row.ends_on = ends_on
    for slug, (first, last) in windows.items():
        rules.check_window(row, first, last)
        rules.check_may_move(calendar.windows[slug], first, last, day)
    new = {f"stage:{slug}": f"{first} – {last}" for slug, (first, last) in windows.items()}
    changes = addenda.corrections(old, new | {"ends-on": ends_on})
    why = addenda.check_corrects(changes, why)
    row.save(update_fields=["ends_on"])
    for slug, (first, last) in windows.items():
        StageWindow.objects.filter(cycle=row, stage=slug).update(opens_on=first, closes_on=last)
    return _corrected("campaigns.correct_windows", row, changes, why, at, by)


def _corrected(
    deed: str, cycle: Cycle, changes: list[addenda.Correction], why: str, at: datetime, by: Person
) -> Manifest:
    """The next number of the rules, with what was corrected beside the old for everybody."""
    manifest, told = _write_rules_down(cycle, why, at, by)
    written = addenda.add(cycle, changes, why=why, at=at, by=by)
    public = addenda.public_of(written, about=cycle.campaign.organisation.public_reference, **told)
    done(deed, cycle, at=at, by=by, public=public, number=manifest.number, why=why)
    return manifest


@transaction.atomic
def mark_goes_on(*, cycle: Cycle, things: Collection[str], at: datetime, by: Person) -> None:
    """Say of open things, by their references, that they go on in the next cycle. Idempotent. Raises StageRefused."""
    row = locked(cycle)
    rules.check_under_way(row)
    fresh = sorted(set(things) - queries.marked_to_go_on(row))
    GoesOn.objects.bulk_create([GoesOn(cycle=row, about=about, marked_at=at, marked_by=by) for about in fresh])
    if fresh:
        done("campaigns.mark_goes_on", row, at=at, by=by, things=fresh)


@transaction.atomic
def unmark_goes_on(*, cycle: Cycle, things: Collection[str], at: datetime, by: Person) -> None:
    """Take such marks back, before the close. Idempotent. Raises StageRefused."""
    row = locked(cycle)
    rules.check_under_way(row)
    gone = sorted(set(things) & queries.marked_to_go_on(row))
    GoesOn.objects.filter(cycle=row, about__in=gone).delete()
    if gone:
        done("campaigns.unmark_goes_on", row, at=at, by=by, things=gone)


@transaction.atomic
def ask_to_close(*, cycle: Cycle, at: datetime, by: Person) -> Cycle:
    """The first of two people says that the cycle can be closed. Asked again it stands as it was. Raises StageRefused."""
    row = locked(cycle)
    rules.check_under_way(row)
    if row.close_asked_at is None:
        row.close_asked_at, row.close_asked_by = at, by
        row.save(update_fields=["close_asked_at", "close_asked_by"])
        done("campaigns.ask_to_close", row, at=at, by=by)
    return row


@transaction.atomic
def take_back_close(*, cycle: Cycle, at: datetime, by: Person) -> Cycle:
    """Whoever asked, or somebody else of the office, says that the cycle is not to be closed yet. Twice is harmless."""
    row = locked(cycle)
    if row.close_asked_at is not None and row.closed_at is None:
        row.close_asked_at, row.close_asked_by = None, None
        row.save(update_fields=["close_asked_at", "close_asked_by"])
        done("campaigns.take_back_close", row, at=at, by=by)
    return row


@transaction.atomic
def close_cycle(
    *, cycle: Cycle, open_things: Collection[str], at: datetime, by: Person, staying: Collection[str] = ()
) -> Cycle:
    """End a cycle, as the second of two people: nothing that belongs to its stages can be done any more. Twice is harmless.

    Each of `open_things`, which are references, must have been marked to go on; those `staying` cannot be. Raises CloseRefused.
    """
    row = locked(cycle, "campaign__organisation")
    if row.closed_at is None:
        marked = queries.marked_to_go_on(row) - set(staying)
        rules.check_may_close(row, by, [about for about in open_things if about not in marked])
        row.closed_at = at
        row.save(update_fields=["closed_at"])
        goes_on = sorted(marked & set(open_things))
        told = {"campaign": row.campaign.name, "cycle": row.name, "goes_on": len(goes_on)}
        public = Public(told, about=row.campaign.organisation.public_reference)
        done("campaigns.close_cycle", row, at=at, by=by, public=public, goes_on=goes_on)
    return row


def _freeze(cycle: Cycle, why: str, at: datetime, by: Person) -> Manifest:
    """Freeze the rules at the launch, and put their fingerprint on record."""
    manifest, told = _write_rules_down(cycle, why, at, by)
    cited = SuperiorDocument.objects.filter(campaign=cycle.campaign).order_by("pk").values("title", "number", "body")
    if cited and not Manifest.objects.filter(campaign=cycle.campaign).exclude(pk=manifest.pk).exists():
        told["documents"] = list(cited)  # what was cited before anybody knew of the campaign
    public = Public(told, about=cycle.campaign.organisation.public_reference)
    number, fingerprint = manifest.number, manifest.fingerprint
    done("campaigns.launch_cycle", cycle, at=at, by=by, public=public, why=why, number=number, fingerprint=fingerprint)
    return manifest


def _write_rules_down(cycle: Cycle, why: str, at: datetime, by: Person) -> tuple[Manifest, dict[str, Any]]:
    """The cycle's rules as the campaign's next manifest, with what its public entry tells."""
    document = rfc8785.dumps(queries.rules_to_freeze(cycle))
    newest = Manifest.objects.filter(campaign=locked(cycle.campaign)).aggregate(n=Max("number"))["n"] or 0
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
    return manifest, {"campaign": cycle.campaign.name, "cycle": cycle.name, "manifest": manifest.document, **facts}

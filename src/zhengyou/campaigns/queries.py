"""What pages and later rooms ask about campaigns, cycles, stages and themes."""

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from zhengyou.base.prepared import prepared
from zhengyou.base.words import Names, in_readers_words, language
from zhengyou.burden.rules import Asking, FormKind
from zhengyou.campaigns import packs
from zhengyou.campaigns.calendar import Calendar
from zhengyou.campaigns.models import Campaign, CentralWork, Cycle, GoesOn, Manifest, SectorTheme, SuperiorDocument
from zhengyou.campaigns.ruleset import ROOMS, Purpose, Rules, When, asks_of
from zhengyou.organisations import queries as organisations
from zhengyou.organisations.models import Organisation
from zhengyou.organisations.tree import is_within, is_within_any


@dataclass(frozen=True)
class AskCost:
    """What one form takes of each unit, or of each member (`form.filled_by`), in a month in which its stage asks for it."""

    form: FormKind
    purpose: Purpose
    when: When
    minutes: int


def campaigns() -> list[Campaign]:
    """All campaigns, the newest first."""
    return _campaigns()


@prepared
def _campaigns() -> QuerySet[Campaign]:
    return Campaign.objects.select_related("organisation").order_by("-id")


def cycles(campaign: Campaign | None = None) -> list[Cycle]:
    """All cycles (of one campaign), the newest first."""
    return _cycles(campaign)


@prepared
def _cycles(campaign: Campaign | None) -> QuerySet[Cycle]:
    rows = Cycle.objects.select_related("campaign", "campaign__organisation").order_by("-starts_on", "-id")
    return rows if campaign is None else rows.filter(campaign=campaign)


def campaign_with_id(campaign_id: int) -> Campaign | None:
    """One campaign with its organisation, or None."""
    return Campaign.objects.select_related("organisation").filter(pk=campaign_id).first()


def basis_in_words(campaign: Campaign) -> dict[str, str]:
    """The legal basis as corrections tell it, by part; its kind by the name that the pack gives it."""
    kinds = {kind.id: kind.name["zh-hans"] for kind in packs.load_pack(campaign.pack).basis_kinds}
    return {
        "basis_kind": kinds.get(campaign.basis_kind, campaign.basis_kind),
        "basis_body": campaign.basis_body,
        "basis_number": campaign.basis_number,
        "basis_from": campaign.basis_from.isoformat(),
        "basis_until": campaign.basis_until.isoformat() if campaign.basis_until else "",
    }


def cycle_with_id(cycle_id: int) -> Cycle | None:
    """One cycle with its campaign and organisation, or None."""
    return next(iter(_cycles_with_id(cycle_id)), None)


@prepared
def _cycles_with_id(cycle_id: int) -> QuerySet[Cycle]:
    return Cycle.objects.select_related("campaign", "campaign__organisation").filter(pk=cycle_id)


def launched_cycle(cycle_id: int) -> Cycle | None:
    """One launched cycle, closed or not, or None."""
    row = cycle_with_id(cycle_id)
    return row if row and row.is_launched else None


FRAME = """
SELECT cycle.rules -> 'rooms',
    (SELECT jsonb_object_agg(CASE category WHEN 'role' THEN 'office' WHEN 'organisations_column' THEN 'unit_code'
        WHEN 'people_column' THEN 'member_number' ELSE slug END, name)
    FROM zhengyou_term WHERE category = 'word' OR (category, slug) IN
        (('role', 'campaign_office'), ('organisations_column', 'code'), ('people_column', 'number'))),
    cycle.id, campaign.id, COALESCE(NULLIF(CASE WHEN %(english)s THEN campaign.name_en END, ''), campaign.name),
    COALESCE(NULLIF(CASE WHEN %(english)s THEN campaign.theme_en END, ''), campaign.theme), organisation.name,
    COALESCE(NULLIF(CASE WHEN %(english)s THEN cycle.name_en END, ''), cycle.name), organisation.path,
    cycle.closed_at IS NULL
FROM (SELECT) house LEFT JOIN zhengyou_cycle cycle ON cycle.launched_at IS NOT NULL
LEFT JOIN zhengyou_campaign campaign ON campaign.id = cycle.campaign_id
LEFT JOIN zhengyou_organisation organisation ON organisation.id = campaign.organisation_id
ORDER BY organisation.depth, campaign.id, cycle.closed_at IS NOT NULL, cycle.starts_on DESC, cycle.id DESC
"""


@dataclass(frozen=True)
class Face:
    """What stands at the head of a page of one campaign: the cycle under way, or the last launched until the next begins.

    Its words are in the reader's language; `path` is that of the campaign's organisation in the tree, `earlier` the cycle before.
    """

    cycle_id: int
    campaign_id: int
    name: str
    motto: str
    organisation: str
    cycle: str
    path: str
    is_under_way: bool
    earlier_id: int | None = None
    earlier: str = ""

    def is_led_from(self, uppers: Iterable[Organisation]) -> bool:
        """Whether one of these organisations is the campaign's own, or stands above it."""
        return any(self.path.startswith(upper.path) for upper in uppers)


@dataclass(frozen=True)
class Frame:
    """The rooms in use (`rooms_in_use`), those of every launched cycle, whose pages can still be read, the words of the house,
    and a face for each campaign that was ever launched: the widest first, of equally wide ones those under way, then the elder.
    """

    rooms: set[str]
    rooms_ever: set[str]
    words: dict[str, Names]
    faces: tuple[Face, ...] = ()

    @property
    def face(self) -> Face | None:
        """The campaign of the house's front page. One that is launched below it, or later, changes nothing here."""
        return self.faces[0] if self.faces else None

    def face_of(self, cycle_id: int | None) -> Face | None:
        """The campaign whose cycle this is, if it is the one that its pages show now."""
        return next((face for face in self.faces if face.cycle_id == cycle_id), None)


def rooms_in_use() -> set[str]:
    """The rooms of the cycles under way; without one those of the house's face; before the first launch all of them.

    Menus and cards follow it. One query.
    """
    return frame().rooms


def frame() -> Frame:
    """What the frame of every page asks for. One query, written by hand, as no page is shown without it."""
    with connection.cursor() as cursor:
        cursor.execute(FRAME, {"english": language() == "en"})
        rows = cursor.fetchall()
    launched = [(rooms, Face(*face)) for rooms, _words, *face in rows if rooms]
    faces: dict[int, Face] = {}
    for _rooms, face in launched:
        first = faces.setdefault(face.campaign_id, face)
        if first is not face and first.earlier_id is None:
            faces[face.campaign_id] = replace(first, earlier_id=face.cycle_id, earlier=face.cycle)
    shown = sorted(faces.values(), key=lambda face: (face.path.count("/"), not face.is_under_way))
    now = [json.loads(rooms) for rooms, face in launched if face.is_under_way]
    last = [json.loads(rooms) for rooms, face in launched if shown and face.cycle_id == shown[0].cycle_id]
    in_use = {room for rooms in now or last for room in rooms} or set(ROOMS)
    ever = {room for rooms, _face in launched for room in json.loads(rooms)} or set(ROOMS)
    return Frame(in_use, ever, json.loads(rows[0][1] or "{}"), tuple(shown))


def marked_to_go_on(cycle: Cycle) -> set[str]:
    """The references of what was marked to go on in the next cycle."""
    return set(GoesOn.objects.filter(cycle=cycle).values_list("about", flat=True))


def superior_documents(campaign: Campaign) -> list[SuperiorDocument]:
    """The documents of higher bodies that the campaign carries out, in the order in which they were named."""
    return list(SuperiorDocument.objects.filter(campaign=campaign).order_by("id"))


def superior_document(campaign: Campaign, document_id: int) -> SuperiorDocument | None:
    """One of them, or None."""
    return SuperiorDocument.objects.select_related("campaign").filter(campaign=campaign, pk=document_id).first()


def sector_themes(cycle: Cycle) -> dict[str, str]:
    """Sector to theme."""
    return dict(SectorTheme.objects.filter(cycle=cycle).values_list("sector", "text"))


def themes_of_sectors(cycle: Cycle) -> list[SectorTheme]:
    """The themes of a cycle's sectors as they are written, by sector."""
    return list(SectorTheme.objects.filter(cycle=cycle).order_by("sector"))


def sector_themes_said(cycle: Cycle) -> dict[str, str]:
    """Sector to theme in the reader's language, where it has one in English."""
    rows = _sector_themes(cycle)
    return {sector: in_readers_words({"zh-hans": text, "en": english}) for sector, text, english in rows}


@prepared
def _sector_themes(cycle: Cycle) -> QuerySet[Any, tuple[str, str, str]]:
    return SectorTheme.objects.filter(cycle=cycle).values_list("sector", "text", "text_en")


@prepared
def central_work(cycle: Cycle) -> QuerySet[CentralWork]:
    """The pieces of a cycle's central work, in their order."""
    return CentralWork.objects.filter(cycle=cycle).order_by("number")


def pieces_of(cycles: Iterable[Cycle]) -> dict[int, dict[int, CentralWork]]:
    """For each of these cycles its pieces of central work by their number. One query."""
    found: dict[int, dict[int, CentralWork]] = {cycle.pk: {} for cycle in cycles}
    for one in _pieces_of(list(found)) if found else []:
        found[one.cycle_id][one.number] = one
    return found


@prepared
def _pieces_of(cycles: list[int]) -> QuerySet[CentralWork]:
    return CentralWork.objects.filter(cycle__in=cycles).order_by("number")


def manifests(campaign: Campaign) -> list[Manifest]:
    """The frozen rules of a campaign, the newest first."""
    return list(Manifest.objects.filter(campaign=campaign).select_related("cycle", "frozen_by").order_by("-number"))


def manifest_of(cycle: Cycle) -> Manifest | None:
    """The newest frozen rules of a cycle."""
    return Manifest.objects.filter(cycle=cycle).select_related("frozen_by").order_by("-number").first()


def manifest_with_id(manifest_id: int) -> Manifest | None:
    """One frozen set of rules, or None."""
    return Manifest.objects.filter(pk=manifest_id).first()


def campaigns_with_cycles(within: Iterable[Organisation]) -> list[tuple[Campaign, list[Cycle]]]:
    """Each campaign of these organisations and of those below them with its cycles, the newest first."""
    tops = list(within)
    by_campaign: dict[int, list[Cycle]] = {}
    for cycle in cycles():
        by_campaign.setdefault(cycle.campaign_id, []).append(cycle)
    rows = [row for row in campaigns() if is_within_any(row.organisation, tops)]
    return [(campaign, by_campaign.get(campaign.pk, [])) for campaign in rows]


def under_way_above(offices: Collection[Organisation]) -> list[Cycle]:
    """The cycles under way of campaigns that organisations above these run, with their campaigns."""
    return [
        row
        for row in cycles()
        if row.is_under_way
        and not is_within_any(row.campaign.organisation, offices)
        and any(is_within(one, row.campaign.organisation) for one in offices)
    ]


def is_public(campaign: Campaign) -> bool:
    """Whether everybody knows of a campaign: a cycle of it has been launched."""
    return Cycle.objects.filter(campaign=campaign).exclude(launched_at=None).exists()


def what_it_asks(cycle: Cycle, calendar: Calendar) -> list[Asking]:
    """What the cycle's stages ask of every unit of its campaign, by form and month. What polls ask they ask when they open."""
    root, chosen = cycle.campaign.organisation, cycle.ruleset
    asked = []
    for one in asks_of(chosen):
        window = None if one.asked_by_polls else calendar.window(one.purpose)
        months = one.months(window.opens_on, window.closes_on) if window else []
        asked += [Asking(one.form, root, month, one.minutes(chosen), is_for_all_below=True) for month in months]
    return asked


def cost_of(ruleset: Rules) -> list[AskCost]:
    """What this choice of rooms and stages costs, by form: minutes in a month in which it is asked, of a unit or a member.

    For the page before the launch: no dates are needed. Sum it by `filled_by` for the dearest month there can be.
    """
    return [AskCost(one.form, one.purpose, one.when, one.minutes(ruleset)) for one in asks_of(ruleset)]


def rules_to_freeze(cycle: Cycle) -> dict[str, Any]:
    """What is frozen of a cycle: its rules, dates, themes and central work, with the legal basis of its campaign."""
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
        "sector_themes": sector_themes(cycle),
        "central_work": [{"number": one.number, "text": one.text, "aim": one.aim} for one in central_work(cycle)],
        "organisations": organisations.sizes_by_sector(campaign.organisation),
        "rules": cycle.rules,
    }

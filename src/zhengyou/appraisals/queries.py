"""What pages and the room of standings ask about rounds. Turnout while a round is open is only told as coarsely as the rules say."""

import json
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings
from django.db.models import Count, Q

from blindballot.encoding import parse_canonical
from blindballot.keyring import Keyring, key_document
from blindballot.keys import point_key_from_pem
from blindballot.manifest import Manifest, read_manifest
from blindballot.paper import spoilt_marks
from blindballot.publication import mark_ids, tally_criterion
from blindballot.record import BOARD, OPENED, read_board_line, read_opening_line
from blindballot.slips import Slip
from blindballot.tallying import Tally, open_slip
from zhengyou.appraisals.models import (
    BoxKeyedForm,
    BoxPaperSlip,
    LineKey,
    PaperBatch,
    RatedOrganisation,
    RollEntry,
    Round,
    VoterPool,
)
from zhengyou.base.journal import entries_about
from zhengyou.campaigns.models import Cycle
from zhengyou.identity import queries as identity
from zhengyou.organisations import queries as organisations
from zhengyou.organisations.models import Organisation, Person, Post

ISSUER = "office"
TURNOUT_STEP = 5
TURNOUT_SHOWN_FROM = 10


def rounds_of(cycle: Cycle) -> list[Round]:
    """The rounds of a cycle, the newest first."""
    return list(Round.objects.filter(cycle=cycle).order_by("-opens_at", "-id"))


def rounds_by_cycle(cycles: list[Cycle]) -> list[tuple[Cycle, list[Round]]]:
    """Each of these cycles with its rounds, the newest first."""
    found: dict[int, list[Round]] = {}
    for row in Round.objects.filter(cycle__in=cycles).order_by("-opens_at", "-id"):
        found.setdefault(row.cycle_id, []).append(row)
    return [(cycle, found.get(cycle.pk, [])) for cycle in cycles]


def all_rounds() -> list[Round]:
    """All rounds that have been opened, the newest first."""
    rows = Round.objects.exclude(state=Round.State.DRAFTED).select_related("cycle")
    return list(rows.order_by("-opens_at", "-id"))


def round_with_key(key: UUID) -> Round | None:
    """The round with this public key, or None."""
    return Round.objects.select_related("cycle", "cycle__campaign").filter(key=key).first()


def rated_organisations(round_: Round) -> list[Organisation]:
    """The organisations on the sheet, in the sheet's order."""
    rows = RatedOrganisation.objects.filter(round=round_).select_related("organisation").order_by("position")
    return [row.organisation for row in rows]


def pools_of(round_: Round) -> list[VoterPool]:
    """The round's pools in order."""
    return list(VoterPool.objects.filter(round=round_).order_by("position"))


def pool_sizes(round_: Round) -> dict[int, tuple[int, int]]:
    """Pool id to (people on the roll, tokens issued)."""
    rows = (
        RollEntry.objects.filter(round=round_)
        .values_list("pool")
        .annotate(size=Count("id"), issued=Count("id", filter=Q(is_issued=True)))
    )
    return {pool: (size, issued) for pool, size, issued in rows}


def coarse_turnout(size: int, issued: int) -> int | None:
    """What may be known while the round is open: multiples of five, and nothing in pools below ten."""
    return None if size < TURNOUT_SHOWN_FROM else issued // TURNOUT_STEP * TURNOUT_STEP


def keys_missing(round_: Round, lines: int) -> int:
    """How many keys the round still needs before it can open."""
    pools = VoterPool.objects.filter(round=round_).count()
    return pools * lines - LineKey.objects.filter(pool__round=round_).count()


def people_on_roll(round_: Round, pool: VoterPool | None = None) -> list[Person]:
    """The people of a round's roll (or of one pool), by number."""
    rows = RollEntry.objects.filter(round=round_).select_related("person", "person__organisation")
    rows = rows.filter(pool=pool) if pool else rows
    return [row.person for row in rows.order_by("person__number")]


def open_rounds_for(person: Person) -> list[tuple[Round, bool]]:
    """The open rounds on whose roll this person stands, each with whether a ballot was issued in their name."""
    rows = RollEntry.objects.filter(person=person, round__state=Round.State.OPENED).select_related("round")
    return [(row.round, row.is_issued) for row in rows]


def lines_of(rules: dict[str, Any], units: list[Organisation]) -> list[dict[str, Any]]:
    """The sheet's lines: one slip each. A unit with more criteria than one slip may carry gets several, evenly filled.

    A slip carries at most 4,096 patterns (docs/ballots.md), so that a pattern is no signature.
    """
    criteria = [criterion["id"] for criterion in rules["criteria"]]
    options = len(rules["grades"]) + 2
    most = max(count for count in range(1, 13) if options**count <= 4096)
    parts = -(-len(criteria) // most)
    cuts = [len(criteria) * part // parts for part in range(parts + 1)]
    return [
        {
            "id": f"u{position:03d}-{part + 1}",
            "unit": unit.code,
            "name": {"zh-hans": unit.name, "en": unit.name},
            "criteria": criteria[cuts[part] : cuts[part + 1]],
        }
        for position, unit in enumerate(units, 1)
        for part in range(parts)
    ]


def record_folder(round_: Round) -> Path:
    """Where the record of a closed round lies."""
    return Path(settings.RECORDS) / str(round_.key) / "record"


def openings_file(round_: Round) -> Path:
    """The openings of slips that are not published one by one: for scrutineers, never served."""
    return Path(settings.RECORDS) / str(round_.key) / "openings-for-scrutineers.jsonl"


def record_files(round_: Round) -> list[str]:
    """The names of the record's files."""
    return sorted(path.name for path in record_folder(round_).iterdir())


def record_path(round_: Round, name: str) -> Path:
    """The path of one of the record's files."""
    return record_folder(round_) / name


def record_counts(round_: Round) -> dict[str, Any]:
    """The record's counts as written."""
    counts: dict[str, Any] = json.loads(record_path(round_, "counts.json").read_bytes())
    return counts


def manifest_document(round_: Round) -> dict[str, Any]:
    """The manifest of an opened round as plain values."""
    document: dict[str, Any] = json.loads(round_.manifest)
    return document


def turnout_of_record(round_: Round) -> list[dict[str, Any]]:
    """Each pool's turnout from the record: name, size, issued (the smallest), returned (the largest of its lines), verdict."""
    manifest = manifest_document(round_)
    counted = {pool["pool"]: pool for pool in record_counts(round_)["pools"]}
    return [
        {
            "id": pool["id"],
            "name": pool["name"],
            "size": pool["size"],
            "issued": min(counted[pool["id"]]["issued"].values()),
            "returned": max(line["returned"] for line in counted[pool["id"]]["lines"]),
            "verdict": counted[pool["id"]]["verdict"],
        }
        for pool in manifest["pools"]
    ]


def closed_rounds_rating(organisation: Organisation) -> list[Round]:
    """The closed rounds in which an organisation stood on the sheet, the newest first."""
    rated = RatedOrganisation.objects.filter(organisation=organisation).values("round")
    rows = Round.objects.filter(pk__in=rated, state=Round.State.CLOSED).select_related("cycle")
    return list(rows.order_by("-closes_at"))


def exact_counts(round_: Round) -> dict[tuple[str, str, str], dict[str, int]]:
    """The true counts of a closed round by (pool, line, criterion), mark to number of slips; for the room of standings only.

    From the record and the scrutineers' openings. Pools without a valid verdict have none.
    """
    manifest = read_manifest(round_.manifest.encode())
    with record_path(round_, BOARD).open("rb") as board:
        slips = [read_board_line(line) for line in board]
    places = {slip.name(manifest.digest): (slip.pool, slip.line) for slip in slips}
    tally = Tally(manifest)
    for path in (record_path(round_, OPENED), openings_file(round_)):
        with path.open("rb") as file:
            for line in file:
                opening = read_opening_line(line)
                tally.add(*places[opening.name], opening)
    return {
        (pool, line, criterion): dict(zip(mark_ids(manifest), tally_criterion(manifest, patterns, place), strict=True))
        for (pool, line), patterns in tally.patterns.items()
        for place, criterion in enumerate(manifest.line_by_id[line].criteria)
    }


def refused_pools(round_: Round) -> list[dict[str, Any]]:
    """Groups that were too small to be a pool of this round, each once: name and size, for the record.

    A group that became a pool under the same name after all is not among them.
    """
    names = [pool.name for pool in pools_of(round_)]
    found: list[dict[str, Any]] = []
    for entry in entries_about(round_.reference):
        said = entry.payload or {}
        if entry.deed == "appraisals.refuse_pool" and said not in found and said["name"] not in names:
            found.append(said)
    return found


def people_without_ballot(round_: Round) -> list[Person]:
    """The people of a round's roll in whose name no ballot was issued yet, by number."""
    rows = RollEntry.objects.filter(round=round_, is_issued=False).select_related("person")
    return [row.person for row in rows.order_by("person__number")]


def rounds_under_way(at: datetime) -> list[Round]:
    """The rounds in which one can vote at that instant, the first to close first."""
    rows = Round.objects.filter(state=Round.State.OPENED, opens_at__lte=at, closes_at__gt=at)
    return list(rows.order_by("closes_at"))


def sheet_lines(round_: Round) -> list[dict[str, Any]]:
    """The lines of a round's sheet."""
    return lines_of(round_.cycle.rules, rated_organisations(round_))


def key_documents(pools: list[VoterPool], lines: list[str]) -> list[bytes]:
    """The pools' key documents (docs/ballots.md), from the keys made so far for these lines."""
    documents = []
    for pool in pools:
        moduli = {row.line: int.from_bytes(row.modulus, "big") for row in LineKey.objects.filter(pool=pool)}
        documents.append(key_document(pool.slug, [(line, ISSUER, moduli[line]) for line in lines]))
    return documents


@lru_cache(maxsize=8)
def open_manifest_and_keys(round_id: int, fingerprint: str) -> tuple[Manifest, Keyring]:
    """The manifest and public keys of an open round, read once a process."""
    row = Round.objects.get(pk=round_id, fingerprint=fingerprint)
    manifest = read_manifest(row.manifest.encode())
    return manifest, Keyring.read(manifest, key_documents(pools_of(row), [line.id for line in manifest.lines]))


def public_keys(round_: Round) -> Keyring:
    """The public keys of an opened round, as its key documents list them."""
    return open_manifest_and_keys(round_.pk, round_.fingerprint)[1]


def instant_text(at: datetime) -> str:
    """An instant as manifests and records write it."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def key_password() -> bytes:
    """What the private keys of open rounds are encrypted under in the house's database."""
    return str(settings.KEY_PASSWORD).encode()


# Paper: who votes on it, batches of sheets, what two people keyed.


@dataclass(frozen=True)
class PaperDifference:
    """A slip that the two keyers of a batch do not agree on: keyed by one only, other marks, or looked at again by one only."""

    number: str
    line: str
    criteria: tuple[str, ...]
    keyed_by: tuple[bool, bool]
    looked_again: tuple[bool, bool]


def paper_voters(pool: VoterPool) -> list[RollEntry]:
    """The entries of a pool whose people vote on paper, by number."""
    rows = RollEntry.objects.filter(pool=pool, is_on_paper=True).select_related("person", "person__organisation")
    return list(rows.order_by("person__number"))


def may_go_on_paper(pool: VoterPool) -> list[Person]:
    """The people of a pool in whose name nothing was issued yet, by number."""
    rows = RollEntry.objects.filter(pool=pool, is_issued=False).select_related("person", "person__organisation")
    return [row.person for row in rows.order_by("person__number")]


def waiting_for_sheets(pool: VoterPool) -> int:
    """How many people of a pool vote on paper for whom no living batch has a sheet."""
    people = RollEntry.objects.filter(pool=pool, is_on_paper=True).count()
    return people - sum(batch.people for batch in batches_of(pool) if batch.withdrawn_at is None)


def batches_of(pool: VoterPool) -> list[PaperBatch]:
    """The batches of a pool in the order in which they were printed."""
    related = ("scrutineer", "printed_by", "first_keyer", "second_keyer")
    return list(PaperBatch.objects.filter(pool=pool).select_related(*related).order_by("number"))


def paper_batch(round_: Round, batch_id: int) -> PaperBatch | None:
    """One batch of a round, or None."""
    rows = PaperBatch.objects.select_related("pool", "scrutineer", "printed_by", "first_keyer", "second_keyer")
    return rows.filter(pool__round=round_, pk=batch_id).first()


def unsettled_batches(round_: Round) -> list[PaperBatch]:
    """The batches that keep a round from being closed: neither signed by both nor withdrawn."""
    rows = PaperBatch.objects.filter(pool__round=round_, withdrawn_at=None, reconciled_at=None)
    return list(rows.order_by("pool__position", "number"))


def is_from_rated_unit(round_: Round, person: Person, on: date) -> bool:
    """Whether a person belongs to an organisation on the sheet, or one below it, or holds a post there."""
    places = [person.organisation.path, *(post.organisation.path for post in organisations.posts_of(person, on))]
    rated = [unit.path for unit in rated_organisations(round_)]
    return any(place.startswith(path) for place in places for path in rated)


def may_key_paper(person: Person, on: date) -> bool:
    """Whether a person's posts let them key forms: campaign office or scrutineer."""
    return bool({Post.Role.CAMPAIGN_OFFICE, Post.Role.SCRUTINEER} & identity.roles_of(person, on))


def scrutineers_outside(round_: Round, on: date) -> list[Person]:
    """The people with a scrutineer's post who do not belong to the rated organisations."""
    rows = organisations.posts_held(on).filter(role=Post.Role.SCRUTINEER).select_related("person__organisation")
    people = {row.person.pk: row.person for row in rows}
    return [person for person in people.values() if not is_from_rated_unit(round_, person, on)]


def keyed_counts(batch: PaperBatch) -> tuple[int, int]:
    """How many forms the first and the second person keyed so far."""
    rows = BoxKeyedForm.objects.filter(batch=batch.pk)
    return rows.filter(keying=1).count(), rows.filter(keying=2).count()


def numbers_keyed(batch: PaperBatch, keying: int) -> list[str]:
    """The numbers of the slips that one of the two has keyed, in order of their letters."""
    slips = BoxKeyedForm.objects.filter(batch=batch.pk, keying=keying).values_list("slip", flat=True)
    return sorted(BoxPaperSlip.objects.filter(key__in=list(slips)).values_list("number", flat=True))


def paper_differences(batch: PaperBatch) -> list[PaperDifference]:
    """Where the two keyers differ, by slip number; nothing before both have keyed as many forms as were counted.

    Both versions are opened with the pool's closing key for the comparison alone; no mark is told or kept.
    """
    if batch.forms is None or set(keyed_counts(batch)) != {batch.forms}:
        return []
    keyed: dict[bytes, dict[int, BoxKeyedForm]] = {}
    for row in BoxKeyedForm.objects.filter(batch=batch.pk):
        keyed.setdefault(bytes(row.slip), {})[row.keying] = row
    slips = BoxPaperSlip.objects.filter(key__in=list(keyed)).order_by("number")
    manifest, closing = _paper_opening(batch.pool)
    found = [_difference(manifest, closing, slip, keyed[bytes(slip.key)]) for slip in slips]
    return [difference for difference in found if difference]


def is_disputed(batch: PaperBatch, number: str) -> bool:
    """Whether the two keyers of a finished batch differ in this slip."""
    return any(difference.number == number for difference in paper_differences(batch))


def _paper_opening(pool: VoterPool) -> tuple[Manifest, ec.EllipticCurvePrivateKey]:
    manifest, _keys = open_manifest_and_keys(pool.round_id, pool.round.fingerprint)
    return manifest, point_key_from_pem(bytes(pool.closing_key or b""), key_password())


def _difference(
    manifest: Manifest, closing: ec.EllipticCurvePrivateKey, slip: BoxPaperSlip, rows: dict[int, BoxKeyedForm]
) -> PaperDifference | None:
    line = manifest.line_by_id[slip.line.partition("/")[2]]
    first, second = rows.get(1), rows.get(2)
    looked = tuple(bool(row and row.is_second_look) for row in (first, second))
    criteria: tuple[str, ...] = ()
    if first and second:
        marks = [paper_marks(manifest, closing, bytes(row.document)) for row in (first, second)]
        criteria = tuple(name for name, one, other in zip(line.criteria, *marks, strict=True) if one != other)
        if not criteria and looked[0] == looked[1]:
            return None
    return PaperDifference(
        slip.number, line.id, criteria, (first is not None, second is not None), (looked[0], looked[1])
    )


def paper_marks(manifest: Manifest, closing: ec.EllipticCurvePrivateKey, document: bytes) -> bytes:
    """The marks of a sealed form, one byte a criterion; those of a spoilt form are no grades."""
    slip = Slip.from_json(parse_canonical(document))
    opening = open_slip(manifest, closing, slip)
    return spoilt_marks(manifest.line_by_id[slip.line]) if opening.invalid else opening.marks


def form_lines(round_: Round) -> list[dict[str, Any]]:
    """What the paper forms show, one a slip: unit, which part of how many, and its criteria with their names."""
    names = {criterion["id"]: criterion["name"] for criterion in round_.cycle.rules["criteria"]}
    lines = sheet_lines(round_)
    parts = Counter(line["unit"] for line in lines)
    return [
        {
            "id": line["id"],
            "name": line["name"],
            "part": int(line["id"].rpartition("-")[2]) if parts[line["unit"]] > 1 else 0,
            "parts": parts[line["unit"]],
            "criteria": [{"id": each, "name": names[each]} for each in line["criteria"]],
        }
        for line in lines
    ]

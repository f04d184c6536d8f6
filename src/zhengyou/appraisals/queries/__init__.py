"""What pages and the room of standings ask about rounds. Turnout while a round is open is only told as coarsely as the rules say."""

import json
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Count, Q
from django.utils.translation import get_language

from blindballot.encoding import FormatError, canonical, fingerprint
from blindballot.keyring import Keyring, key_document
from blindballot.manifest import Manifest, read_manifest
from blindballot.overlaps import smallest_difference
from blindballot.publication import mark_ids, tally_criterion
from blindballot.record import BOARD, OPENED, read_board_line, read_opening_line
from blindballot.runs import IndexedBoard
from blindballot.tallying import Tally
from zhengyou.appraisals.models import (
    IssuerDuty,
    LineKey,
    RatedOrganisation,
    RollEntry,
    Round,
    RoundExtension,
    VoterPool,
)
from zhengyou.base.journal import entries_about
from zhengyou.base.time import local_day
from zhengyou.campaigns.models import Cycle
from zhengyou.organisations import queries as organisations
from zhengyou.organisations.models import Organisation, Person, Post

ISSUER = "office"
REQUEST_FORMAT = "zhengyou-issuer-request-1"
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
    rows = Round.objects.select_related("cycle", "cycle__campaign", "cycle__campaign__organisation")
    return rows.filter(key=key).first()


def round_at_the_booth(key: UUID) -> Round | None:
    """The same with what issuing and casting need of its row; the manifest, which is long, is remembered elsewhere."""
    return Round.objects.only("key", "state", "opens_at", "closes_at", "fingerprint").filter(key=key).first()


def rated_organisations(round_: Round) -> list[Organisation]:
    """The organisations on the sheet, in the sheet's order."""
    rows = RatedOrganisation.objects.filter(round=round_).select_related("organisation").order_by("position")
    return [row.organisation for row in rows]


def pools_of(round_: Round) -> list[VoterPool]:
    """The round's pools in order."""
    return list(VoterPool.objects.filter(round=round_).order_by("position"))


def rater_groups_of(round_: Round) -> dict[str, str]:
    """Pool id to its group of raters, for the pools that belong to one."""
    rows = VoterPool.objects.filter(round=round_).exclude(rater_group="")
    return dict(rows.values_list("slug", "rater_group"))


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


def keys_missing(pools: list[VoterPool], lines: int) -> int:
    """How many keys the office still has to make for these pools before their round can open; a second issuer makes its own."""
    return len(pools) * lines - LineKey.objects.filter(pool__in=pools, issuer=ISSUER).count()


def issuers_of(pool: VoterPool) -> list[str]:
    """Who issues tokens to a pool, in the manifest's order: the office, then the second issuer if one is named."""
    return [ISSUER, pool.issuer] if pool.issuer else [ISSUER]


def issuer_request(round_: Round, pool: VoterPool, size: int, lines: list[dict[str, Any]]) -> dict[str, Any]:
    """What is asked of a pool's second issuer, but for the site's own address: as the round stands now."""
    return {
        "format": REQUEST_FORMAT,
        "round": str(round_.key),
        "pool": pool.slug,
        "pool_name": pool.name,
        "issuer": pool.issuer,
        "name": pool.issuer_name,
        "title": round_.name,
        "opens_at": instant_text(round_.opens_at),
        "closes_at": instant_text(round_.closes_at),
        "size": size,
        "lines": lines,
        "criteria": round_.cycle.rules["criteria"],
    }


def issuer_request_now(round_: Round, pool: VoterPool) -> dict[str, Any]:
    """The same, read from the tables."""
    return issuer_request(round_, pool, RollEntry.objects.filter(pool=pool).count(), sheet_lines(round_))


def request_digest(request: dict[str, Any]) -> str:
    """The fingerprint by which a reply names the request it answers."""
    return fingerprint(canonical(request))


def issuer_request_file(round_: Round, pool: VoterPool, origin: str) -> bytes:
    """The request with the address of the site whose booth will ask, as the file to hand on."""
    return canonical({**issuer_request_now(round_, pool), "origin": origin})


def pools_waiting_for_issuer(
    round_: Round, pools: list[VoterPool], sizes: dict[int, tuple[int, int]], lines: list[dict[str, Any]]
) -> list[VoterPool]:
    """The pools whose second issuer has not answered the request as it now stands."""
    asked = {pool.pk: issuer_request(round_, pool, sizes[pool.pk][0], lines) for pool in pools if pool.issuer}
    return [pool for pool in pools if pool.issuer and pool.issuer_request != request_digest(asked[pool.pk])]


def is_extended(round_: Round) -> bool:
    """Whether an open round closes later than its manifest says, which a second issuer has to be told."""
    return bool(round_.manifest) and manifest_document(round_)["closes_at"] < instant_text(round_.closes_at)


def duty_of(round_key: UUID, pool: str) -> IssuerDuty | None:
    """What this house issues for as a second issuer in that round and pool, or None."""
    return IssuerDuty.objects.filter(round=round_key, pool=pool).first()


def duty_origin(round_key: UUID, pool: str) -> str:
    """The one site whose booth may ask this second issuer, or nothing."""
    return IssuerDuty.objects.filter(round=round_key, pool=pool).values_list("origin", flat=True).first() or ""


def all_duties() -> list[IssuerDuty]:
    """Everything this house prepared for as a second issuer, the oldest first."""
    return list(IssuerDuty.objects.order_by("id"))


def duty_title(duty: IssuerDuty) -> dict[str, str]:
    """The title of the round as the office asked it."""
    title: dict[str, str] = json.loads(duty.request)["title"]
    return title


def opened_duties() -> list[dict[str, Any]]:
    """The rounds in which this second issuer issues or issued: round, origin, own name, closing time and title."""
    rows = IssuerDuty.objects.exclude(fingerprint="").order_by("-closes_at", "id")
    return [
        {
            "round": row.round,
            "origin": row.origin,
            "name": row.name,
            "closes_at": row.closes_at,
            "title": duty_title(row),
        }
        for row in rows
    ]


def names_of_issuers_without_statement(round_: Round) -> list[str]:
    """Second issuers that have not stated their count, as the reader calls them."""
    return [
        in_readers_words(pool.issuer_name) for pool in pools_of(round_) if pool.issuer and pool.issuer_count is None
    ]


def in_readers_words(name: dict[str, str] | None) -> str:
    """A name kept in both languages, in the reader's; a missing one falls back to the other."""
    words = name or {}
    return words.get("en" if (get_language() or "").startswith("en") else "zh-hans") or next(iter(words.values()), "")


def issued_by_each(pools: list[VoterPool], sizes: dict[int, tuple[int, int]]) -> dict[str, dict[str, int]]:
    """Tokens issued by pool and issuer, for the record. Every second issuer has stated its count."""
    return {
        pool.slug: {ISSUER: sizes[pool.pk][1], **({pool.issuer: pool.issuer_count or 0} if pool.issuer else {})}
        for pool in pools
    }


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


def board_index(round_: Round) -> bytes | None:
    """The index of the record's board in runs, kept beside the record's folder; None for a board that is not the record's."""
    board = _indexed_board(round_)
    return board.index.to_bytes() if board else None


def board_run(round_: Round, number: int) -> bytes | None:
    """The lines of one run of the record's board, or None if there is none of this number."""
    board = _indexed_board(round_)
    return board.run(number) if board else None


def _indexed_board(round_: Round) -> IndexedBoard | None:
    folder = record_folder(round_)
    try:
        return IndexedBoard.open(folder, folder.with_name("board-index.json"))
    except FormatError:
        return None


def record_counts(round_: Round) -> dict[str, Any]:
    """The record's counts as written."""
    counts: dict[str, Any] = json.loads(record_path(round_, "counts.json").read_bytes())
    return counts


def manifest_document(round_: Round) -> dict[str, Any]:
    """The manifest of an opened round as plain values."""
    document: dict[str, Any] = json.loads(round_.manifest)
    return document


def turnout_of_record(round_: Round) -> list[dict[str, Any]]:
    """Each pool's turnout from the record: name, size, issued (the smallest), returned (the largest of its lines), how many
    had to come back (`needed`), verdict.

    `issuers` has each issuer's name and count where there are two, `apart` how far the two counts lie apart.
    """
    manifest = manifest_document(round_)
    share, whole = manifest["thresholds"]["turnout"]
    has_second = any(len(pool["issuers"]) > 1 for pool in manifest["pools"])
    named = {pool.slug: pool.issuer_name for pool in pools_of(round_)} if has_second else {}
    counted = {pool["pool"]: pool for pool in record_counts(round_)["pools"]}
    return [
        {
            "id": pool["id"],
            "name": pool["name"],
            "size": pool["size"],
            "issued": min(counted[pool["id"]]["issued"].values()),
            "returned": max(line["returned"] for line in counted[pool["id"]]["lines"]),
            "needed": -(-pool["size"] * share // whole),
            "verdict": counted[pool["id"]]["verdict"],
            **_two_counts(pool["issuers"], counted[pool["id"]]["issued"], named.get(pool["id"])),
        }
        for pool in manifest["pools"]
    ]


def _two_counts(issuers: list[str], issued: dict[str, int], name: dict[str, str] | None) -> dict[str, Any]:
    if len(issuers) == 1:
        return {"issuers": [], "apart": 0}
    listed = [{"id": one, "name": None if one == ISSUER else name, "issued": issued[one]} for one in issuers]
    return {"issuers": listed, "apart": max(issued.values()) - min(issued.values())}


def closed_rounds_rating(*organisations: Organisation) -> list[Round]:
    """The closed rounds in which any of these organisations stood on the sheet, the newest first."""
    rated = RatedOrganisation.objects.filter(organisation__in=organisations).values("round")
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
    announced = manifest_document(round_)["pools"] if round_.manifest else None
    names = [pool["name"] for pool in announced] if announced else [pool.name for pool in pools_of(round_)]
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
        rows = LineKey.objects.filter(pool=pool)
        moduli = {(row.line, row.issuer): int.from_bytes(row.modulus, "big") for row in rows}
        listed = [(line, issuer, moduli[line, issuer]) for line in lines for issuer in issuers_of(pool)]
        documents.append(key_document(pool.slug, listed))
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


def people_who_may_run(round_: Round, at: datetime, rated: list[Organisation] | None = None) -> list[Person]:
    """The people of the campaign office who are neither rated in this round nor administer the rated, who may be given."""
    on = local_day(at)
    office = organisations.holders_of(Post.Role.CAMPAIGN_OFFICE, on)
    rated = rated_organisations(round_) if rated is None else rated
    tied = organisations.ties_to(office, rated, round_.cycle.campaign.organisation, on)
    return [person for person in office if person.pk not in tied]


def extensions_of(rounds: list[Round]) -> dict[int, list[RoundExtension]]:
    """Round id to its extensions, the first one first."""
    found: dict[int, list[RoundExtension]] = {}
    for row in RoundExtension.objects.filter(round__in=rounds).order_by("closes_at", "id"):
        found.setdefault(row.round_id, []).append(row)
    return found


def repetitions_of(rounds: list[Round]) -> dict[int, Round]:
    """Round id to the round in which it was held again, drafted ones too."""
    return {row.repeats_id: row for row in Round.objects.filter(repeats__in=rounds).order_by("id") if row.repeats_id}


def pools_to_repeat(round_: Round) -> list[VoterPool]:
    """The pools that are held again: all of a void round, those without a valid verdict of a closed one."""
    pools = pools_of(round_)
    if round_.state != Round.State.CLOSED:
        return pools if round_.state == Round.State.VOIDED else []
    verdicts = {pool["pool"]: pool["verdict"] for pool in record_counts(round_)["pools"]}
    return [pool for pool in pools if verdicts[pool.slug] != "valid"]


def turnout_of_void(round_: Round) -> list[dict[str, Any]]:
    """What is published of a void round: each pool's name and size, and its issued tokens as coarsely as while it was open."""
    sizes = pool_sizes(round_)
    return [
        {"name": pool.name, "size": sizes[pool.pk][0], "issued": coarse_turnout(*sizes[pool.pk])}
        for pool in pools_of(round_)
    ]


def differences_from_other_rounds(round_: Round) -> list[tuple[Round, int | None]]:
    """The other rounds of the cycle that tell, or will tell, of an organisation on this sheet; each with the fewest people by
    whom pools of the two differ. Pools without a valid verdict tell nothing and are left out.
    """
    units = RatedOrganisation.objects.filter(round=round_).values("organisation")
    same = RatedOrganisation.objects.filter(organisation__in=units).values("round")
    told = Round.objects.filter(cycle=round_.cycle_id, pk__in=same, state__in=[Round.State.OPENED, Round.State.CLOSED])
    own = list(_rolls(round_).values())
    return [(other, smallest_difference(own, _rolls_that_tell(other))) for other in told.exclude(pk=round_.pk)]


def _rolls(round_: Round) -> dict[str, set[int]]:
    found: dict[str, set[int]] = {}
    for slug, person in RollEntry.objects.filter(round=round_).values_list("pool__slug", "person"):
        found.setdefault(slug, set()).add(person)
    return found


def _rolls_that_tell(round_: Round) -> list[set[int]]:
    rolls = _rolls(round_)
    if round_.state == Round.State.CLOSED:
        valid = {pool["pool"] for pool in record_counts(round_)["pools"] if pool["verdict"] == "valid"}
        rolls = {slug: people for slug, people in rolls.items() if slug in valid}
    return list(rolls.values())

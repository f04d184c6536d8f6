"""What pages and the room of standings ask about polls. Turnout while a poll is open is only told as coarsely as the rules say."""

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
    Poll,
    PollExtension,
    RatedOrganisation,
    RollEntry,
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


def polls_of(cycle: Cycle) -> list[Poll]:
    """The polls of a cycle, the newest first."""
    return list(Poll.objects.filter(cycle=cycle).order_by("-opens_at", "-id"))


def polls_by_cycle(cycles: list[Cycle]) -> list[tuple[Cycle, list[Poll]]]:
    """Each of these cycles with its polls, the newest first."""
    found: dict[int, list[Poll]] = {}
    for row in Poll.objects.filter(cycle__in=cycles).order_by("-opens_at", "-id"):
        found.setdefault(row.cycle_id, []).append(row)
    return [(cycle, found.get(cycle.pk, [])) for cycle in cycles]


def all_polls() -> list[Poll]:
    """All polls that have been opened, the newest first."""
    rows = Poll.objects.exclude(state=Poll.State.DRAFTED).select_related("cycle")
    return list(rows.order_by("-opens_at", "-id"))


def poll_with_key(key: UUID) -> Poll | None:
    """The poll with this public key, or None."""
    rows = Poll.objects.select_related("cycle", "cycle__campaign", "cycle__campaign__organisation")
    return rows.filter(key=key).first()


def poll_at_the_booth(key: UUID) -> Poll | None:
    """The same with what issuing and casting need of its row; the manifest, which is long, is remembered elsewhere."""
    return Poll.objects.only("key", "state", "opens_at", "closes_at", "fingerprint").filter(key=key).first()


def rated_organisations(poll: Poll) -> list[Organisation]:
    """The organisations on the sheet, in the sheet's order."""
    rows = RatedOrganisation.objects.filter(poll=poll).select_related("organisation").order_by("position")
    return [row.organisation for row in rows]


def pools_of(poll: Poll) -> list[VoterPool]:
    """The poll's pools in order."""
    return list(VoterPool.objects.filter(poll=poll).order_by("position"))


def rater_groups_of(poll: Poll) -> dict[str, str]:
    """Pool id to its group of raters, for the pools that belong to one."""
    rows = VoterPool.objects.filter(poll=poll).exclude(rater_group="")
    return dict(rows.values_list("slug", "rater_group"))


def pool_sizes(poll: Poll) -> dict[int, tuple[int, int]]:
    """Pool id to (people on the roll, tokens issued)."""
    rows = (
        RollEntry.objects.filter(poll=poll)
        .values_list("pool")
        .annotate(size=Count("id"), issued=Count("id", filter=Q(is_issued=True)))
    )
    return {pool: (size, issued) for pool, size, issued in rows}


def coarse_turnout(size: int, issued: int) -> int | None:
    """What may be known while the poll is open: multiples of five, and nothing in pools below ten."""
    return None if size < TURNOUT_SHOWN_FROM else issued // TURNOUT_STEP * TURNOUT_STEP


def keys_missing(pools: list[VoterPool], lines: int) -> int:
    """How many keys the office still has to make for these pools before their poll can open; a second issuer makes its own."""
    return len(pools) * lines - LineKey.objects.filter(pool__in=pools, issuer=ISSUER).count()


def issuers_of(pool: VoterPool) -> list[str]:
    """Who issues tokens to a pool, in the manifest's order: the office, then the second issuer if one is named."""
    return [ISSUER, pool.issuer] if pool.issuer else [ISSUER]


def issuer_request(poll: Poll, pool: VoterPool, size: int, lines: list[dict[str, Any]]) -> dict[str, Any]:
    """What is asked of a pool's second issuer, but for the site's own address: as the poll stands now."""
    return {
        "format": REQUEST_FORMAT,
        "poll": str(poll.key),
        "pool": pool.slug,
        "pool_name": pool.name,
        "issuer": pool.issuer,
        "name": pool.issuer_name,
        "title": poll.name,
        "opens_at": instant_text(poll.opens_at),
        "closes_at": instant_text(poll.closes_at),
        "size": size,
        "lines": lines,
        "criteria": poll.cycle.rules["criteria"],
    }


def issuer_request_now(poll: Poll, pool: VoterPool) -> dict[str, Any]:
    """The same, read from the tables."""
    return issuer_request(poll, pool, RollEntry.objects.filter(pool=pool).count(), sheet_lines(poll))


def request_digest(request: dict[str, Any]) -> str:
    """The fingerprint by which a reply names the request it answers."""
    return fingerprint(canonical(request))


def issuer_request_file(poll: Poll, pool: VoterPool, origin: str) -> bytes:
    """The request with the address of the site whose booth will ask, as the file to hand on."""
    return canonical({**issuer_request_now(poll, pool), "origin": origin})


def pools_waiting_for_issuer(
    poll: Poll, pools: list[VoterPool], sizes: dict[int, tuple[int, int]], lines: list[dict[str, Any]]
) -> list[VoterPool]:
    """The pools whose second issuer has not answered the request as it now stands."""
    asked = {pool.pk: issuer_request(poll, pool, sizes[pool.pk][0], lines) for pool in pools if pool.issuer}
    return [pool for pool in pools if pool.issuer and pool.issuer_request != request_digest(asked[pool.pk])]


def is_extended(poll: Poll) -> bool:
    """Whether an open poll closes later than its manifest says, which a second issuer has to be told."""
    return bool(poll.manifest) and manifest_document(poll)["closes_at"] < instant_text(poll.closes_at)


def duty_of(poll_key: UUID, pool: str) -> IssuerDuty | None:
    """What this house issues for as a second issuer in that poll and pool, or None."""
    return IssuerDuty.objects.filter(poll=poll_key, pool=pool).first()


def duty_origin(poll_key: UUID, pool: str) -> str:
    """The one site whose booth may ask this second issuer, or nothing."""
    return IssuerDuty.objects.filter(poll=poll_key, pool=pool).values_list("origin", flat=True).first() or ""


def all_duties() -> list[IssuerDuty]:
    """Everything this house prepared for as a second issuer, the oldest first."""
    return list(IssuerDuty.objects.order_by("id"))


def duty_title(duty: IssuerDuty) -> dict[str, str]:
    """The title of the poll as the office asked it."""
    title: dict[str, str] = json.loads(duty.request)["title"]
    return title


def opened_duties() -> list[dict[str, Any]]:
    """The polls in which this second issuer issues or issued: poll, origin, own name, closing time and title."""
    rows = IssuerDuty.objects.exclude(fingerprint="").order_by("-closes_at", "id")
    return [
        {
            "poll": row.poll,
            "origin": row.origin,
            "name": row.name,
            "closes_at": row.closes_at,
            "title": duty_title(row),
        }
        for row in rows
    ]


def names_of_issuers_without_statement(poll: Poll) -> list[str]:
    """Second issuers that have not stated their count, as the reader calls them."""
    return [in_readers_words(pool.issuer_name) for pool in pools_of(poll) if pool.issuer and pool.issuer_count is None]


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


def people_on_roll(poll: Poll, pool: VoterPool | None = None) -> list[Person]:
    """The people of a poll's roll (or of one pool), by number."""
    rows = RollEntry.objects.filter(poll=poll).select_related("person", "person__organisation")
    rows = rows.filter(pool=pool) if pool else rows
    return [row.person for row in rows.order_by("person__number")]


def open_polls_for(person: Person) -> list[tuple[Poll, bool]]:
    """The open polls on whose roll this person stands, each with whether a ballot was issued in their name."""
    rows = RollEntry.objects.filter(person=person, poll__state=Poll.State.OPENED).select_related("poll")
    return [(row.poll, row.is_issued) for row in rows]


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


def record_folder(poll: Poll) -> Path:
    """Where the record of a closed poll lies."""
    return Path(settings.RECORDS) / str(poll.key) / "record"


def openings_file(poll: Poll) -> Path:
    """The openings of slips that are not published one by one: for scrutineers, never served."""
    return Path(settings.RECORDS) / str(poll.key) / "openings-for-scrutineers.jsonl"


def record_files(poll: Poll) -> list[str]:
    """The names of the record's files."""
    return sorted(path.name for path in record_folder(poll).iterdir())


def record_path(poll: Poll, name: str) -> Path:
    """The path of one of the record's files."""
    return record_folder(poll) / name


def board_index(poll: Poll) -> bytes | None:
    """The index of the record's board in runs, kept beside the record's folder; None for a board that is not the record's."""
    board = _indexed_board(poll)
    return board.index.to_bytes() if board else None


def board_run(poll: Poll, number: int) -> bytes | None:
    """The lines of one run of the record's board, or None if there is none of this number."""
    board = _indexed_board(poll)
    return board.run(number) if board else None


def _indexed_board(poll: Poll) -> IndexedBoard | None:
    folder = record_folder(poll)
    try:
        return IndexedBoard.open(folder, folder.with_name("board-index.json"))
    except FormatError:
        return None


def record_counts(poll: Poll) -> dict[str, Any]:
    """The record's counts as written."""
    counts: dict[str, Any] = json.loads(record_path(poll, "counts.json").read_bytes())
    return counts


def manifest_document(poll: Poll) -> dict[str, Any]:
    """The manifest of an opened poll as plain values."""
    document: dict[str, Any] = json.loads(poll.manifest)
    return document


def turnout_of_record(poll: Poll) -> list[dict[str, Any]]:
    """Each pool's turnout from the record: name, size, issued (the smallest), returned (the largest of its lines), how many
    had to come back (`needed`), verdict.

    `issuers` has each issuer's name and count where there are two, `apart` how far the two counts lie apart.
    """
    manifest = manifest_document(poll)
    share, whole = manifest["thresholds"]["turnout"]
    has_second = any(len(pool["issuers"]) > 1 for pool in manifest["pools"])
    named = {pool.slug: pool.issuer_name for pool in pools_of(poll)} if has_second else {}
    counted = {pool["pool"]: pool for pool in record_counts(poll)["pools"]}
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


def closed_polls_rating(*organisations: Organisation) -> list[Poll]:
    """The closed polls in which any of these organisations stood on the sheet, the newest first."""
    rated = RatedOrganisation.objects.filter(organisation__in=organisations).values("poll")
    rows = Poll.objects.filter(pk__in=rated, state=Poll.State.CLOSED).select_related("cycle")
    return list(rows.order_by("-closes_at"))


def exact_counts(poll: Poll) -> dict[tuple[str, str, str], dict[str, int]]:
    """The true counts of a closed poll by (pool, line, criterion), mark to number of slips; for the room of standings only.

    From the record and the scrutineers' openings. Pools without a valid verdict have none.
    """
    manifest = read_manifest(poll.manifest.encode())
    with record_path(poll, BOARD).open("rb") as board:
        slips = [read_board_line(line) for line in board]
    places = {slip.name(manifest.digest): (slip.pool, slip.line) for slip in slips}
    tally = Tally(manifest)
    for path in (record_path(poll, OPENED), openings_file(poll)):
        with path.open("rb") as file:
            for line in file:
                opening = read_opening_line(line)
                tally.add(*places[opening.name], opening)
    return {
        (pool, line, criterion): dict(zip(mark_ids(manifest), tally_criterion(manifest, patterns, place), strict=True))
        for (pool, line), patterns in tally.patterns.items()
        for place, criterion in enumerate(manifest.line_by_id[line].criteria)
    }


def refused_pools(poll: Poll) -> list[dict[str, Any]]:
    """Groups that were too small to be a pool of this poll, each once: name and size, for the record.

    A group that became a pool under the same name after all is not among them.
    """
    announced = manifest_document(poll)["pools"] if poll.manifest else None
    names = [pool["name"] for pool in announced] if announced else [pool.name for pool in pools_of(poll)]
    found: list[dict[str, Any]] = []
    for entry in entries_about(poll.reference):
        said = entry.payload or {}
        if entry.deed == "appraisals.refuse_pool" and said not in found and said["name"] not in names:
            found.append(said)
    return found


def people_without_ballot(poll: Poll) -> list[Person]:
    """The people of a poll's roll in whose name no ballot was issued yet, by number."""
    rows = RollEntry.objects.filter(poll=poll, is_issued=False).select_related("person")
    return [row.person for row in rows.order_by("person__number")]


def polls_under_way(at: datetime) -> list[Poll]:
    """The polls in which one can vote at that instant, the first to close first."""
    rows = Poll.objects.filter(state=Poll.State.OPENED, opens_at__lte=at, closes_at__gt=at)
    return list(rows.order_by("closes_at"))


def sheet_lines(poll: Poll) -> list[dict[str, Any]]:
    """The lines of a poll's sheet."""
    return lines_of(poll.cycle.rules, rated_organisations(poll))


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
def open_manifest_and_keys(poll_id: int, fingerprint: str) -> tuple[Manifest, Keyring]:
    """The manifest and public keys of an open poll, read once a process."""
    row = Poll.objects.get(pk=poll_id, fingerprint=fingerprint)
    manifest = read_manifest(row.manifest.encode())
    return manifest, Keyring.read(manifest, key_documents(pools_of(row), [line.id for line in manifest.lines]))


def public_keys(poll: Poll) -> Keyring:
    """The public keys of an opened poll, as its key documents list them."""
    return open_manifest_and_keys(poll.pk, poll.fingerprint)[1]


def instant_text(at: datetime) -> str:
    """An instant as manifests and records write it."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def key_password() -> bytes:
    """What the private keys of open polls are encrypted under in the house's database."""
    return str(settings.KEY_PASSWORD).encode()


def people_who_may_run(poll: Poll, at: datetime, rated: list[Organisation] | None = None) -> list[Person]:
    """The people of the campaign office who are neither rated in this poll nor administer the rated, who may be given."""
    on = local_day(at)
    office = organisations.holders_of(Post.Role.CAMPAIGN_OFFICE, on)
    rated = rated_organisations(poll) if rated is None else rated
    tied = organisations.ties_to(office, rated, poll.cycle.campaign.organisation, on)
    return [person for person in office if person.pk not in tied]


def extensions_of(polls: list[Poll]) -> dict[int, list[PollExtension]]:
    """Poll id to its extensions, the first one first."""
    found: dict[int, list[PollExtension]] = {}
    for row in PollExtension.objects.filter(poll__in=polls).order_by("closes_at", "id"):
        found.setdefault(row.poll_id, []).append(row)
    return found


def repetitions_of(polls: list[Poll]) -> dict[int, Poll]:
    """Poll id to the poll in which it was held again, drafted ones too."""
    return {row.repeats_id: row for row in Poll.objects.filter(repeats__in=polls).order_by("id") if row.repeats_id}


def pools_to_repeat(poll: Poll) -> list[VoterPool]:
    """The pools that are held again: all of a void poll, those without a valid verdict of a closed one."""
    pools = pools_of(poll)
    if poll.state != Poll.State.CLOSED:
        return pools if poll.state == Poll.State.VOIDED else []
    verdicts = {pool["pool"]: pool["verdict"] for pool in record_counts(poll)["pools"]}
    return [pool for pool in pools if verdicts[pool.slug] != "valid"]


def turnout_of_void(poll: Poll) -> list[dict[str, Any]]:
    """What is published of a void poll: each pool's name and size, and its issued tokens as coarsely as while it was open."""
    sizes = pool_sizes(poll)
    return [
        {"name": pool.name, "size": sizes[pool.pk][0], "issued": coarse_turnout(*sizes[pool.pk])}
        for pool in pools_of(poll)
    ]


def differences_from_other_polls(poll: Poll) -> list[tuple[Poll, int | None]]:
    """The other polls of the cycle that tell, or will tell, of an organisation on this sheet; each with the fewest people by
    whom pools of the two differ. Pools without a valid verdict tell nothing and are left out.
    """
    units = RatedOrganisation.objects.filter(poll=poll).values("organisation")
    same = RatedOrganisation.objects.filter(organisation__in=units).values("poll")
    told = Poll.objects.filter(cycle=poll.cycle_id, pk__in=same, state__in=[Poll.State.OPENED, Poll.State.CLOSED])
    own = list(_rolls(poll).values())
    return [(other, smallest_difference(own, _rolls_that_tell(other))) for other in told.exclude(pk=poll.pk)]


def _rolls(poll: Poll) -> dict[str, set[int]]:
    found: dict[str, set[int]] = {}
    for slug, person in RollEntry.objects.filter(poll=poll).values_list("pool__slug", "person"):
        found.setdefault(slug, set()).add(person)
    return found


def _rolls_that_tell(poll: Poll) -> list[set[int]]:
    rolls = _rolls(poll)
    if poll.state == Poll.State.CLOSED:
        valid = {pool["pool"] for pool in record_counts(poll)["pools"] if pool["verdict"] == "valid"}
        rolls = {slug: people for slug, people in rolls.items() if slug in valid}
    return list(rolls.values())

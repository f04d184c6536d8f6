"""Refusals 1 and 3 on a real round: ballots with known codes and marks are cast over HTTP, then looked for where they must not be.

Every search is also made where it must find something, so that a search that finds nothing anywhere fails.
"""

import base64
import json
import logging
import re
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.contrib.sessions.models import Session
from django.db import connections
from django.test import Client
from django.urls import reverse
from tests import cast, cast_rounds

from blindballot.encoding import b64, canonical, unb64
from blindballot.keyring import Keyring
from blindballot.manifest import read_manifest
from blindballot.record import BOARD, read_board_line
from blindballot.slips import Slip
from blindballot.voting import Ballot
from zhengyou.appraisals import actions, queries
from zhengyou.appraisals.models import BoxSlip, RollEntry, Round
from zhengyou.identity.models import Account, OneTimeCode
from zhengyou.organisations.models import Person
from zhengyou.web.shared import clock

pytestmark = pytest.mark.django_db(databases=["default", "box"], transaction=True)

GRADES = ["good", "fairly-good", "fair", "poor"]
PRIVATE_KEY = b"PRIVATE KEY-----"


@dataclass
class Voter:
    """What one voter's phone knows."""

    person: Person
    code: str
    ballot: Ballot
    slips: list[Slip]
    acknowledgements: list[str]

    @property
    def of_the_ballot(self) -> list[bytes]:
        """Whatever would lead to the marks."""
        slip = self.slips[0]
        shown = [slip.serial, slip.tokens[0][32:], slip.commitment, slip.sealed, slip.signature]
        return [*shown, unb64(self.acknowledgements[0])]

    @property
    def of_the_person(self) -> list[bytes]:
        """Whatever would lead to the voter."""
        entry = RollEntry.objects.get(person=self.person)
        digest = OneTimeCode.objects.get(person=self.person).digest.encode()
        known = [
            self.person.name.encode(),
            self.code.encode(),
            digest,
            bytes(entry.nonce),
            bytes(entry.request_digest or b""),
        ]
        return known + list(self.ballot.request("office").values())


@dataclass
class Evening:
    """A round with everybody of its one pool voting; `said` is what the house's loggers wrote meanwhile."""

    began: float
    round: Round
    district: cast.District
    voters: list[Voter] = field(default_factory=list)
    said: str = ""


def post(round_: Round, name: str, body: bytes) -> dict[str, object]:
    """A booth's request as the browser sends it: from nobody in particular."""
    response = Client().post(reverse(name, args=[round_.key]), body, content_type="application/json")
    assert response.status_code == 200, response.content
    assert not response.cookies
    assert "no-store" in response.headers["Cache-Control"]
    answer: dict[str, object] = response.json()
    return answer


def vote(round_: Round, person: Person, code: str, place: int) -> Voter:
    manifest = read_manifest(Client().get(reverse("booth-manifest", args=[round_.key])).content)
    shown = post(round_, "booth-keys", canonical({"manifest": round_.fingerprint, "code": code}))
    ballot = Ballot.begin(manifest, Keyring.read(manifest, [canonical(shown["keys"])]), str(shown["pool"]))
    answer = post(round_, "booth-issue", cast_rounds.issue_body(round_, ballot, code))
    signatures = answer["signatures"]
    assert isinstance(signatures, dict)
    ballot.accept("office", {line: unb64(text) for line, text in signatures.items()})
    slips = ballot.cast(cast_rounds.marks_for(manifest, place, lambda voter, line: GRADES[(voter + line) % 4]))
    receipts = post(round_, "booth-cast", cast_rounds.cast_body(round_, slips))["acknowledgements"]
    assert isinstance(receipts, list)
    return Voter(person, code, ballot, slips, receipts)


@pytest.fixture
def opened() -> Evening:
    """A round that is open now, for seven people."""
    began, now = time.time(), clock.now()
    district = cast.small_district(at=now)
    row = actions.plan_round(
        cycle=cast.launched_cycle(district, at=now),
        name=cast_rounds.NAMES,
        organisations=district.villages[:2],
        opens_at=now,
        closes_at=now + timedelta(hours=1),
        at=now,
        by=district.office,
    )
    people = district.members[:7]
    actions.add_pool(round_=row, name=cast_rounds.NAMES, people=people, at=now, by=district.office)
    actions.prepare_keys(round_=row, count=100)
    cast_rounds.watched(row, district, at=now)
    return Evening(began, actions.open_round(round_=row, at=now, by=district.office), district)


@pytest.fixture
def loggers() -> Iterator[list[str]]:
    """Everything that the loggers write, as they are set."""
    written: list[str] = []

    class Pen(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            written.append(logging.Formatter("%(name)s %(levelname)s %(message)s").format(record))

    pen, names = Pen(), ("", "django")
    for name in names:
        logging.getLogger(name).addHandler(pen)
    yield written
    for name in names:
        logging.getLogger(name).removeHandler(pen)


@pytest.fixture
def evening(opened: Evening, loggers: list[str]) -> Evening:
    """Everybody has voted; one tried twice and one came with a wrong code, which is written into the log."""
    people = queries.people_on_roll(opened.round)
    codes = actions.hand_out_round_codes(round_=opened.round, people=people, at=clock.now(), by=opened.district.office)
    opened.voters = [vote(opened.round, person, codes[person.pk], place) for place, person in enumerate(people)]
    first = opened.voters[0]
    other = Ballot.begin(first.ballot.manifest, first.ballot.keys, first.ballot.pool.id)
    for code in (first.code, "AAAA-AAAA-AAAA"):
        body = cast_rounds.issue_body(opened.round, other, code)
        refused = Client().post(reverse("booth-issue", args=[opened.round.key]), body, content_type="application/json")
        assert refused.status_code == 409
    opened.said = "\n".join(loggers)
    return opened


def close(evening: Evening) -> Round:
    at = evening.round.closes_at + timedelta(minutes=1)
    actions.ask_to_close(round_=evening.round, at=at, by=evening.district.office)
    return actions.close_round(round_=evening.round, at=at, by=evening.district.second_office)


def rows_of(alias: str) -> bytes:
    """Every row of every table of a database as PostgreSQL writes it, binary columns in hexadecimal."""
    found: list[str] = []
    with connections[alias].cursor() as cursor:
        for table in connections[alias].introspection.table_names(cursor):
            cursor.execute(f"SELECT one::text FROM {connections[alias].ops.quote_name(table)} AS one")
            found += [row[0] for row in cursor.fetchall()]
    return "\n".join(found).encode()


def files_of(folder: Path, since: float = 0.0) -> bytes:
    """Every file below a folder that was written since then."""
    found = []
    for path in sorted(folder.rglob("*")):
        with suppress(FileNotFoundError):  # servers at work drop and rename theirs
            if path.is_file() and path.stat().st_mtime >= since - 1:
                found.append(path.read_bytes())
    return b"\n".join(found)


def cluster_files(alias: str, settings, since: float) -> bytes:
    """What a cluster has written to the disk: tables, indexes, write-ahead log, server log."""
    with connections[alias].cursor() as cursor:
        cursor.execute("CHECKPOINT")
    return files_of(settings.EMBEDDED_CLUSTERS[alias].folder, since)


def spellings(secret: bytes) -> set[bytes]:
    """A secret as bytes, in hexadecimal, in both alphabets of base64, without the dashes of a code, and each again in hexadecimal."""
    forms = {secret, secret.replace(b"-", b""), secret.hex().encode(), b64(secret).encode(), base64.b64encode(secret)}
    return forms | {form.hex().encode() for form in forms}


def found_in(haystack: bytes, secrets: list[bytes]) -> list[bytes]:
    """Which of the secrets stand in it, in whatever spelling."""
    return [secret for secret in secrets if any(form in haystack for form in spellings(secret))]


def test_no_row_of_either_database_joins_a_ballot_with_a_person(evening: Evening) -> None:
    house, box = rows_of("default"), rows_of("box")
    for voter in evening.voters:
        assert found_in(house, voter.of_the_ballot) == []
        assert found_in(box, voter.of_the_person) == []
        assert found_in(house, [voter.code.encode()]) == []
        serial, *_others = voter.of_the_ballot
        assert found_in(box, [serial]) == [serial]
        name, _code, digest, nonce, *_others = voter.of_the_person
        assert found_in(house, [name, digest, nonce]) == [name, digest, nonce]
    assert Session.objects.count() == 0


def test_no_file_of_the_house_knows_a_ballot_and_none_of_the_box_a_person(evening: Evening, settings) -> None:
    house = cluster_files("default", settings, evening.began)
    box = cluster_files("box", settings, evening.began)
    voter = evening.voters[3]
    name, code, digest, nonce, request, *blinded = voter.of_the_person
    assert found_in(house, [*voter.of_the_ballot, code, *blinded]) == []
    assert found_in(box, voter.of_the_person) == []
    assert found_in(house, [name, digest, nonce, request]) == [name, digest, nonce, request]
    assert found_in(box, voter.of_the_ballot[:1]) == voter.of_the_ballot[:1]
    logs = b"".join(path.read_bytes() for path in settings.EMBEDDED_CLUSTERS["box"].folder.glob("server.log*"))
    assert found_in(logs, [str(evening.round.key).encode(), *voter.of_the_ballot]) == []


def test_no_log_line_holds_a_code_a_name_or_anything_of_a_ballot(evening: Evening) -> None:
    said = evening.said.encode()
    assert said.count(reverse("booth-issue", args=[evening.round.key]).encode()) == 2
    for voter in evening.voters:
        assert found_in(said, voter.of_the_person + voter.of_the_ballot) == []


def test_the_close_leaves_no_private_key_no_slip_and_a_record_without_people(evening: Evening, settings) -> None:
    assert found_in(rows_of("default"), [PRIVATE_KEY]) == [PRIVATE_KEY]
    people = [secret for voter in evening.voters for secret in voter.of_the_person]
    closed = close(evening)
    assert found_in(rows_of("default") + rows_of("box"), [PRIVATE_KEY]) == []
    assert BoxSlip.objects.count() == 0
    written = files_of(Path(settings.RECORDS))
    serials = [voter.slips[0].serial for voter in evening.voters]
    assert found_in(written, serials) == serials
    assert found_in(written, [PRIVATE_KEY, *people]) == []
    assert queries.openings_file(closed).stat().st_mode & 0o077 == 0


def test_the_order_of_the_record_says_nothing_of_the_order_of_casting(evening: Evening) -> None:
    manifest = evening.voters[0].ballot.manifest
    closed = close(evening)
    with queries.record_path(closed, BOARD).open("rb") as board:
        names = [read_board_line(line).name(manifest.digest) for line in board]
    cast_first = [slip.name(manifest.digest) for voter in evening.voters for slip in voter.slips]
    assert names == sorted(cast_first)
    assert names != cast_first


def pages_about(evening: Evening) -> dict[str, bytes]:
    """What anybody, and the office, can read about the round; tokens against forged forms differ at every visit."""
    round_, office = evening.round, Client()
    office.force_login(Account.objects.get(person=evening.district.office))
    units = [reverse("public-organisation", args=[unit.code]) for unit in evening.district.villages]
    addresses = ["/", reverse("public-rounds"), reverse("booth", args=[round_.key]), *units]
    seen = {address: Client().get(address).content for address in addresses}
    for name in ("office-home", "office-rounds", "office-round"):
        address = reverse(name, args=[round_.key] if name == "office-round" else [])
        seen[address] = office.get(address).content
    return {address: re.sub(rb'name="csrfmiddlewaretoken" value="\w+"', b"", page) for address, page in seen.items()}


def test_while_a_round_is_open_no_page_changes_with_the_ballots_cast(opened: Evening, request) -> None:
    before = pages_about(opened)
    evening: Evening = request.getfixturevalue("evening")
    assert BoxSlip.objects.count() == 28
    assert pages_about(evening) == before
    assert all(b"<h1" in page for page in before.values())


def test_neither_record_nor_result_can_be_fetched_before_the_close(evening: Evening) -> None:
    key = evening.round.key
    addresses = [reverse("public-record", args=[key]), reverse("public-record-zip", args=[key])]
    addresses += [reverse("public-results", args=[key]), reverse("public-result-number", args=[key, 1])]
    addresses += [reverse("public-record-file", args=[key, name]) for name in ("board.jsonl", "counts.json")]
    assert {status_of(address) for address in addresses} == {404}
    close(evening)
    assert {status_of(address) for address in addresses if "results" not in address} == {200}
    assert status_of(reverse("public-record-file", args=[key, queries.openings_file(evening.round).name])) == 404


def status_of(address: str) -> int:
    with closing(Client().get(address)) as response:
        return response.status_code


def test_a_ballot_that_comes_with_a_cookie_or_a_login_is_refused(opened: Evening) -> None:
    address = reverse("booth-cast", args=[opened.round.key])
    body = json.dumps({"manifest": opened.round.fingerprint, "slips": []}).encode()
    visitor = Client()
    visitor.cookies["anything"] = "at all"
    member = Client()
    member.force_login(Account.objects.get(person=opened.district.office))
    reasons = [
        visitor.post(address, body, content_type="application/json").json()["reason"],
        member.post(address, body, content_type="application/json").json()["reason"],
        Client().post(address, body, content_type="application/json", HTTP_AUTHORIZATION="Bearer x").json()["reason"],
        Client().post(address, body, content_type="application/json").json()["reason"],
    ]
    assert reasons == ["carries-identity"] * 3 + ["malformed"]


def test_neither_the_roll_nor_the_box_keeps_a_time_an_order_or_a_counter(evening: Evening) -> None:
    kinds = {model: {f.name: type(f).__name__ for f in model._meta.get_fields()} for model in (BoxSlip, RollEntry)}
    assert kinds[BoxSlip] == {
        "key": "BinaryField",
        "round": "UUIDField",
        "line": "CharField",
        "version": "BigIntegerField",
        "document": "BinaryField",
    }
    assert kinds[RollEntry] == {
        "id": "BigAutoField",
        "pool": "ForeignKey",
        "round": "ForeignKey",
        "person": "ForeignKey",
        "nonce": "BinaryField",
        "is_issued": "BooleanField",
        "is_on_paper": "BooleanField",
        "is_sheet_printed": "BooleanField",
        "request_digest": "BinaryField",
    }
    digests = [bytes(row.request_digest or b"") for row in RollEntry.objects.all()]
    assert len(set(digests)) == 7
    documents = [json.loads(bytes(row.document)) for row in BoxSlip.objects.all()]
    said = {name for document in documents for name in document}
    assert said == {"pool", "line", "serial", "tokens", "version", "commitment", "sealed", "signature"}
    assert not any(isinstance(value, datetime) for row in BoxSlip.objects.values() for value in row.values())

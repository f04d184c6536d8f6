"""An evening of voting over HTTP with known codes and marks, and the searches that look for them where they must not be.

Every search finds a secret in whatever spelling; a test that searches in vain also searches where it must find something.
"""

import base64
import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.db import connection
from django.test import Client
from django.urls import reverse
from tests.cast import boxes as cast_boxes
from tests.cast import district as cast
from tests.cast import keys as cast_keys
from tests.cast import polls as cast_polls

from blindballot.format.encoding import b64, canonical, sha256, unb64
from blindballot.format.keyring import Keyring
from blindballot.format.manifest import read_manifest
from blindballot.format.slips import Slip
from blindballot.voter.voting import Ballot
from zhengyou.ballots import actions as ballot_actions
from zhengyou.ballots import queries as ballot_queries
from zhengyou.boxes import queries as box_queries
from zhengyou.campaigns import actions as campaigns
from zhengyou.counting import actions as counting_actions
from zhengyou.organisations.models import Person
from zhengyou.polls import actions as poll_actions
from zhengyou.polls import queries as poll_queries
from zhengyou.polls.models import Poll, RollEntry
from zhengyou.standings.actions import JUDGE
from zhengyou.web.shared import clock
from zhengyou.web.shared.quiet_booth import QuietBooth

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
        digest = ballot_queries.code_digest(entry.poll, self.code)
        request = sha256(canonical({line: b64(data) for line, data in self.ballot.request("office").items()}))
        known = [self.person.name.encode(), self.code.encode(), digest, bytes(entry.nonce), request]
        return known + list(self.ballot.request("office").values())


@dataclass
class Evening:
    """A poll with everybody of its one pool voting; `said` is what the house's loggers wrote meanwhile."""

    began: float
    poll: Poll
    district: cast.District
    voters: list[Voter] = field(default_factory=list)
    codes: dict[int, str] = field(default_factory=dict)
    said: str = ""


def post(poll: Poll, name: str, body: bytes) -> dict[str, object]:
    """A booth's request as the browser sends it: from nobody in particular."""
    response = Client().post(reverse(name, args=[poll.key]), body, content_type="application/json")
    assert response.status_code == 200, response.content
    assert not response.cookies
    assert "no-store" in response.headers["Cache-Control"]
    answer: dict[str, object] = response.json()
    return answer


def vote(poll: Poll, person: Person, code: str, place: int) -> Voter:
    manifest = read_manifest(Client().get(reverse("booth-manifest", args=[poll.key])).content)
    shown = post(poll, "booth-keys", canonical({"manifest": poll.fingerprint, "code": code}))
    ballot = Ballot.begin(manifest, Keyring.read(manifest, [canonical(shown["keys"])]), str(shown["pool"]))
    answer = post(poll, "booth-issue", cast_polls.issue_body(poll, ballot, code))
    signatures = answer["signatures"]
    assert isinstance(signatures, dict)
    ballot.accept("office", {line: unb64(text) for line, text in signatures.items()})
    slips = ballot.cast(cast_polls.marks_for(manifest, place, lambda voter, line: GRADES[(voter + line) % 4]))
    receipts = post(poll, "booth-cast", cast_polls.cast_body(poll, slips))["acknowledgements"]
    assert isinstance(receipts, list)
    return Voter(person, code, ballot, slips, receipts)


def open_evening() -> Evening:
    """A poll that is open now, for seven people."""
    began, now = time.time(), clock.now()
    district = cast.small_district(at=now)
    cycle = cast.drafted_cycle(district, at=now)
    sheet = replace(cycle.ruleset, criteria=cycle.ruleset.criteria[:5])  # two slips an organisation: few keys
    campaigns.set_rules(cycle=cycle, ruleset=sheet, at=now, by=district.office)
    campaigns.launch_cycle(cycle=cycle, why="测试启动", at=now, by=district.office)
    cycle.refresh_from_db()
    row = poll_actions.plan_poll(
        cycle=cycle,
        name=cast_polls.NAMES,
        organisations=district.villages[:2],
        opens_at=now,
        closes_at=now + timedelta(hours=1),
        at=now,
        by=district.office,
    )
    people = district.members[:7]
    poll_actions.add_pool(poll=row, name=cast_polls.NAMES, people=people, at=now, by=district.office)
    cast_keys.give_keys(row)
    cast_polls.watched(row, district, at=now)
    return Evening(began, ballot_actions.open_poll(poll=row, at=now, by=district.office), district)


@contextmanager
def overheard() -> Iterator[list[str]]:
    """Everything that the loggers write meanwhile, tracebacks included, as if nothing had been said in the minute before."""
    written: list[str] = []
    for one in logging.getLogger("django.request").filters:
        assert isinstance(one, QuietBooth)
        one.forget()

    class Pen(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            written.append(logging.Formatter("%(name)s %(levelname)s %(message)s").format(record))

    pen, names = Pen(), ("", "django")
    for name in names:
        logging.getLogger(name).addHandler(pen)
    try:
        yield written
    finally:
        for name in names:
            logging.getLogger(name).removeHandler(pen)


def hand_out_codes(opened: Evening) -> None:
    """The office has given everybody a code. Twice is once."""
    if not opened.codes:
        people = poll_queries.people_on_roll(opened.poll)
        opened.codes = ballot_actions.hand_out_poll_codes(
            poll=opened.poll, people=people, at=clock.now(), by=opened.district.office
        )


def vote_all_evening(opened: Evening, loggers: list[str]) -> Evening:
    """Everybody has voted; one tried twice and one came with a wrong code, which is written into the log."""
    hand_out_codes(opened)
    people = poll_queries.people_on_roll(opened.poll)
    opened.voters = [vote(opened.poll, person, opened.codes[person.pk], place) for place, person in enumerate(people)]
    first = opened.voters[0]
    other = Ballot.begin(first.ballot.manifest, first.ballot.keys, first.ballot.pool.id)
    for code in (first.code, "AAAA-AAAA-AAAA"):
        body = cast_polls.issue_body(opened.poll, other, code)
        refused = Client().post(reverse("booth-issue", args=[opened.poll.key]), body, content_type="application/json")
        assert refused.status_code == 409
    opened.said = "\n".join(loggers)
    return opened


def close(evening: Evening) -> Poll:
    at = evening.poll.closes_at + timedelta(minutes=1)
    counting_actions.ask_to_close(poll=evening.poll, at=at, by=evening.district.office)
    return counting_actions.close_poll(poll=evening.poll, at=at, by=evening.district.second_office, judge=JUDGE)


def rows_of_house() -> bytes:
    """Every row of every table of the house's database as PostgreSQL writes it, binary columns in hexadecimal."""
    with connection.cursor() as cursor:
        return _rows_of(cursor)


def rows_of_desk(poll: Poll) -> bytes:
    """The same of a poll's desk; nothing where it is gone."""
    if not box_queries.has_box(poll.key):
        return b""
    with box_queries.at_desk(poll.key) as desk, desk.cursor() as cursor:
        return _rows_of(cursor)


def rows_of_box(poll: Poll) -> bytes:
    """The same of a poll's box; nothing where it is gone."""
    if not box_queries.has_box(poll.key):
        return b""
    with box_queries.at_box(poll.key) as box, box.cursor() as cursor:
        return _rows_of(cursor)


def slips_of_box(poll: Poll) -> bytes:
    """What the box's documents say to whoever has its key; nothing where it is gone."""
    return b"\n".join(canonical(slip.to_json()) for slip in cast_boxes.slips_in(poll))


def _rows_of(cursor: Any) -> bytes:
    found: list[str] = []
    cursor.execute("SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public'")
    for (table,) in cursor.fetchall():
        cursor.execute(f"SELECT one::text FROM {table} AS one")
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


def house_files(settings, since: float) -> bytes:
    """What the house's server has written to the disk: tables, indexes, write-ahead log, server log."""
    with connection.cursor() as cursor:
        cursor.execute("CHECKPOINT")
    return files_of(settings.EMBEDDED_CLUSTERS["default"].folder, since)


def poll_files(poll: Poll, settings) -> bytes:
    """What the poll's own server has written to the disk, key file included."""
    with box_queries.at_box(poll.key) as box:
        box.execute("CHECKPOINT")
    return files_of(settings.POLL_SERVERS.folder / str(poll.key))


def spellings(secret: bytes) -> set[bytes]:
    """A secret as bytes, in hexadecimal, in both alphabets of base64, without the dashes of a code, and each again in hexadecimal."""
    forms = {secret, secret.replace(b"-", b""), secret.hex().encode(), b64(secret).encode(), base64.b64encode(secret)}
    return forms | {form.hex().encode() for form in forms}


def found_in(haystack: bytes, secrets: list[bytes]) -> list[bytes]:
    """Which of the secrets stand in it, in whatever spelling."""
    return [secret for secret in secrets if any(form in haystack for form in spellings(secret))]

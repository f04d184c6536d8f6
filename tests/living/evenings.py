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

from django.db import connections
from django.test import Client
from django.urls import reverse
from tests.cast import district as cast
from tests.cast import keys as cast_keys
from tests.cast import polls as cast_polls

from blindballot.format.encoding import b64, canonical, unb64
from blindballot.format.keyring import Keyring
from blindballot.format.manifest import read_manifest
from blindballot.format.slips import Slip
from blindballot.voter.voting import Ballot
from zhengyou.ballots import actions as ballot_actions
from zhengyou.campaigns import actions as campaigns
from zhengyou.counting import actions as counting_actions
from zhengyou.identity.models import OneTimeCode
from zhengyou.organisations.models import Person
from zhengyou.polls import actions as poll_actions
from zhengyou.polls import queries as poll_queries
from zhengyou.polls.models import Poll, RollEntry
from zhengyou.standings.actions import ask_gate
from zhengyou.web.shared import clock

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
    """A poll with everybody of its one pool voting; `said` is what the house's loggers wrote meanwhile."""

    began: float
    poll: Poll
    district: cast.District
    voters: list[Voter] = field(default_factory=list)
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
    """Everything that the loggers write meanwhile, tracebacks included."""
    written: list[str] = []

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


def vote_all_evening(opened: Evening, loggers: list[str]) -> Evening:
    """Everybody has voted; one tried twice and one came with a wrong code, which is written into the log."""
    people = poll_queries.people_on_roll(opened.poll)
    codes = ballot_actions.hand_out_poll_codes(
        poll=opened.poll, people=people, at=clock.now(), by=opened.district.office
    )
    opened.voters = [vote(opened.poll, person, codes[person.pk], place) for place, person in enumerate(people)]
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
    return counting_actions.close_poll(poll=evening.poll, at=at, by=evening.district.second_office, gate=ask_gate)


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

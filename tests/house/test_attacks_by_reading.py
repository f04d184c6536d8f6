"""Attacks by somebody who reads: both databases, their logs and sequences, every backup ever taken, the files, the secrets.

Each first makes sure that there is something to find where it may be found. docs/attacks.md lists them.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connections
from django.test import Client
from django.urls import reverse
from tests.cast import polls as cast_polls
from tests.living.evenings import Evening, Voter, close, files_of, found_in, rows_of, vote

from blindballot.format.encoding import sha256, unb64
from blindballot.format.keys import acknowledgement_key_from_pem
from blindballot.format.lines import read_board_line, read_opening_line
from blindballot.format.record import BOARD, OPENED
from blindballot.voter.voting import Ballot
from zhengyou.ballots import actions as ballot_actions
from zhengyou.ballots import queries as ballot_queries
from zhengyou.ballots.models import BoxSlip, PlatformKey
from zhengyou.counting import queries as counting_queries
from zhengyou.polls import queries as poll_queries
from zhengyou.polls.models import RollEntry
from zhengyou.web.shared import clock

PEM_HEAD = b"-----BEGIN ENCRYPTED PRIVATE KEY-----"

pytestmark = pytest.mark.django_db(databases=["default", "box"], transaction=True)


def backup(settings) -> str:
    """The house's database as pg_dump writes it, without the word that differs in every dump."""
    cluster, name = settings.EMBEDDED_CLUSTERS["default"], connections["default"].settings_dict["NAME"]
    reached = ("--host", cluster.socket_folder, "--port", "5432", "--username", "zhengyou", name)
    dumped = cluster.account.run(cluster.programs / "pg_dump", "--inserts", "--rows-per-insert=1", *reached)
    assert dumped.returncode == 0, dumped.stderr
    return re.sub(r"(?m)^\\(un)?restrict .*$", "", dumped.stdout)


def changed(before: str, after: str) -> tuple[list[str], list[str]]:
    """The lines that went and the lines that came."""
    old, new = before.splitlines(), after.splitlines()
    gone, come = set(old) - set(new), set(new) - set(old)
    return sorted(gone), sorted(come)


def codes_of(opened: Evening) -> list[tuple[object, str]]:
    """Everybody of the roll with a fresh code."""
    people = poll_queries.people_on_roll(opened.poll)
    codes = ballot_actions.hand_out_poll_codes(
        poll=opened.poll, people=people, at=clock.now(), by=opened.district.office
    )
    return [(person, codes[person.pk]) for person in people]


def issue_then_cast(opened: Evening, person, code: str, place: int) -> Iterator[Voter | None]:
    """One voter's evening in two steps, so that somebody may look in between."""
    manifest, keys = ballot_queries.open_manifest_and_keys(opened.poll.pk, opened.poll.fingerprint)
    ballot = Ballot.begin(manifest, keys, "pool-1")
    body = cast_polls.issue_body(opened.poll, ballot, code)
    answer = post(opened, "booth-issue", body)
    ballot.accept("office", {line: unb64(text) for line, text in answer["signatures"].items()})
    yield None
    slips = ballot.cast(cast_polls.marks_for(manifest, place, lambda voter, line: ["good", "fair"][(voter + line) % 2]))
    receipts = post(opened, "booth-cast", cast_polls.cast_body(opened.poll, slips))["acknowledgements"]
    yield Voter(person, code, ballot, slips, receipts)


def post(opened: Evening, name: str, body: bytes):
    response = Client().post(reverse(name, args=[opened.poll.key]), body, content_type="application/json")
    assert response.status_code == 200, response.content
    return response.json()


def test_link_by_the_difference_of_two_backups(opened: Evening, settings) -> None:
    """A backup around every step: issuing changes one row of the roll and nothing else, casting changes nothing at all."""
    dumps, files = [backup(settings)], files_of(Path(settings.FILES))
    for place, (person, code) in enumerate(codes_of(opened)[:3]):
        dumps.append(backup(settings))
        steps = issue_then_cast(opened, person, code, place)
        next(steps)
        issued = backup(settings)
        gone, come = changed(dumps[-1], issued)
        assert [line.split(" ")[2] for line in (*gone, *come)] == ["public.zhengyou_rollentry"] * 2
        entry = RollEntry.objects.get(person=person)
        assert entry.is_issued
        assert entry.request_digest is not None
        assert come[0].replace(f"'\\x{bytes(entry.request_digest).hex()}'", "NULL").count("true") == 1
        opened.voters.append(next(steps))
        cast = backup(settings)
        assert cast == issued
        dumps += [issued, cast]
    assert files_of(Path(settings.FILES)) == files
    everything = "\n".join(dumps).encode()
    for voter in opened.voters:
        assert found_in(everything, voter.of_the_ballot) == []
        name, _code, digest, nonce, request, *_blinded = voter.of_the_person
        assert found_in(everything, [name, digest, nonce, request]) == [name, digest, nonce, request]


def test_open_the_slips_with_every_backup_and_every_secret(opened: Evening, settings) -> None:
    """The closing key can be taken from a backup made before the close; there is nothing left that it opens."""
    voters = [vote(opened.poll, person, code, place) for place, (person, code) in enumerate(codes_of(opened))]
    dumps = [backup(settings)]
    [pool] = poll_queries.pools_of(opened.poll)
    found = re.findall(rf"'\\x({PEM_HEAD.hex()}[0-9a-f]+)'", dumps[0])
    stolen = [secret_of(bytes.fromhex(pem), settings.KEY_PASSWORD) for pem in found]
    assert (
        secret_of(bytes(PlatformKey.objects.get(poll=pool.poll, purpose="closing").private_key), settings.KEY_PASSWORD)
        in stolen
    )
    sealed = [slip.sealed for voter in voters for slip in voter.slips]
    assert found_in(rows_of("box"), sealed) == sealed
    close(opened)
    dumps.append(backup(settings))
    left = files_of(Path(settings.FILES)) + files_of(Path(settings.RECORDS)) + rows_of("box")
    everything = "\n".join(dumps).encode() + left
    assert found_in(everything, sealed) == []
    serials = [slip.serial for voter in voters for slip in voter.slips]
    assert found_in(everything, serials) == serials


def secret_of(pem: bytes, password: bytes) -> bytes | None:
    """The 32 bytes of one of the platform's keys, or None for another kind."""
    try:
        return acknowledgement_key_from_pem(pem, password).private_bytes_raw()
    except ValueError:
        return None


def in_physical_order(alias: str, query: str) -> list[bytes]:
    """Rows of a table as they came, told by the transaction that wrote them and their place on the disk."""
    with connections[alias].cursor() as cursor:
        cursor.execute(f"{query} ORDER BY age(xmin) DESC, ctid")
        return [bytes(row[0]) for row in cursor.fetchall()]


def test_link_by_the_order_of_rows_after_the_export(evening: Evening) -> None:
    """While the poll is open, who reads both databases can lay the orders side by side: it is said so and not promised.

    After the export the roll still tells who asked first; what is left of the slips has only the order of its hashes.
    """
    digest = evening.voters[0].ballot.manifest.digest
    asked = [bytes(RollEntry.objects.get(person=voter.person).request_digest or b"") for voter in evening.voters]
    roll = "SELECT request_digest FROM zhengyou_rollentry WHERE is_issued"
    assert in_physical_order("default", roll) == asked
    came = in_physical_order("box", "SELECT key FROM zhengyou_boxslip")
    stacks = [{sha256(slip.serial) for slip in voter.slips} for voter in evening.voters]
    width = len(stacks[0])
    assert [set(came[n : n + width]) for n in range(0, len(came), width)] == stacks
    closed = close(evening)
    assert in_physical_order("default", roll) == asked
    assert in_physical_order("box", "SELECT key FROM zhengyou_boxslip") == []
    with counting_queries.record_path(closed, BOARD).open("rb") as board:
        names = [read_board_line(line).name(digest) for line in board]
    assert names == sorted(names)
    for path in (counting_queries.record_path(closed, OPENED), counting_queries.openings_file(closed)):
        with path.open("rb") as openings:
            opened_names = [read_opening_line(line).name for line in openings]
        assert opened_names == sorted(opened_names)


def sequences() -> dict[str, object]:
    """How far every sequence of both databases has counted."""
    counted: dict[str, object] = {}
    for alias in ("default", "box"):
        with connections[alias].cursor() as cursor:
            cursor.execute("SELECT sequencename, last_value FROM pg_sequences")
            counted |= {f"{alias}.{name}": value for name, value in cursor.fetchall()}
    return counted


def test_link_by_row_number(opened: Evening) -> None:
    """No number is drawn for issuing or casting, and the box's rows have none: their keys are hashes of their serials."""
    codes = codes_of(opened)
    before = sequences()
    voters = [vote(opened.poll, person, code, place) for place, (person, code) in enumerate(codes)]
    assert sequences() == before
    assert any(value for value in before.values())
    keys = {bytes(key) for key in BoxSlip.objects.values_list("pk", flat=True)}
    assert keys == {sha256(slip.serial) for voter in voters for slip in voter.slips}


def server_logs(settings) -> bytes:
    """What both database servers have written."""
    folders = [settings.EMBEDDED_CLUSTERS[alias].folder for alias in ("default", "box")]
    return b"".join(path.read_bytes() for folder in folders for path in folder.glob("server.log*"))


def test_link_by_error_message_and_log_line(opened: Evening, loggers: list[str], settings) -> None:
    """Databases that refuse a row name it in their errors. Neither they nor the house write it down beside a time."""
    codes = codes_of(opened)
    voter = vote(opened.poll, *codes[0], 0)
    secrets = [sha256(slip.serial)[:12] for slip in voter.slips] + voter.of_the_ballot
    changed_stack = voter.ballot.cast({}, version=99)
    refusing = [("box", "zhengyou_boxslip", "version < 99"), ("default", "zhengyou_rollentry", "NOT is_issued")]
    fresh = Ballot.begin(voter.ballot.manifest, voter.ballot.keys, "pool-1")
    requests = [
        ("booth-cast", cast_polls.cast_body(opened.poll, changed_stack)),
        ("booth-issue", cast_polls.issue_body(opened.poll, fresh, codes[1][1])),
    ]
    for (alias, table, check), (name, body) in zip(refusing, requests, strict=True):
        with connections[alias].cursor() as cursor:
            cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT trap CHECK ({check}) NOT VALID")
        try:
            caller = Client(raise_request_exception=False)
            answer = caller.post(reverse(name, args=[opened.poll.key]), body, content_type="application/json")
        finally:
            with connections[alias].cursor() as cursor:
                cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT trap")
        assert answer.status_code == 503
        assert found_in(answer.content, secrets) == []
    said = "\n".join(loggers).encode() + server_logs(settings)
    assert said.count(b"did not answer: IntegrityError") == 2
    assert b'violates check constraint "trap"' in said
    assert b"Failing row" not in said
    assert found_in(said, [*secrets, *(sha256(slip.serial)[:12] for slip in changed_stack)]) == []
    entry = RollEntry.objects.get(person=codes[1][0])
    assert found_in(said, [bytes(entry.nonce), codes[1][1].encode()]) == []

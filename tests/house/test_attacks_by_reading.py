"""Attacks by somebody who reads: both databases, their logs and sequences, every backup ever taken, the files, the secrets.

Each first makes sure that there is something to find where it may be found. docs/attacks.md lists them.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from tests.cast import boxes as cast_boxes
from tests.cast import polls as cast_polls
from tests.cast import watchers
from tests.living.evenings import Evening, Voter, close, files_of, found_in, slips_of_box, vote

from blindballot.format.encoding import unb64
from blindballot.format.keys import acknowledgement_key_from_pem
from blindballot.format.lines import read_board_line, read_opening_line
from blindballot.format.record import BOARD, OPENED
from blindballot.voter.voting import Ballot
from zhengyou.ballots import actions as ballot_actions
from zhengyou.ballots import queries as ballot_queries
from zhengyou.ballots.models import PlatformKey
from zhengyou.boxes import queries as box_queries
from zhengyou.boxes.models import Mark
from zhengyou.counting import queries as counting_queries
from zhengyou.polls import actions as poll_actions
from zhengyou.polls import queries as poll_queries
from zhengyou.polls.models import RollEntry, RollMark
from zhengyou.scrutiny import actions as scrutiny_actions
from zhengyou.scrutiny.rules import HANDOVER_KEPT
from zhengyou.web.shared import clock

PEM_HEAD = b"-----BEGIN ENCRYPTED PRIVATE KEY-----"

pytestmark = pytest.mark.django_db(transaction=True)


def backup(settings) -> str:
    """The house's database as pg_dump writes it, without the word that differs in every dump."""
    cluster, name = settings.EMBEDDED_CLUSTERS["default"], connection.settings_dict["NAME"]
    reached = ("--host", cluster.socket_folder, "--port", "5432", "--username", "zhengyou", name)
    dumped = cluster.account.run(cluster.programs / "pg_dump", "--inserts", "--rows-per-insert=1", *reached)
    assert dumped.returncode == 0, dumped.stderr
    return re.sub(r"(?m)^\\(un)?restrict .*$", "", dumped.stdout)


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
    """A backup around every step: neither issuing nor casting changes a byte of it."""
    dumps, files = [backup(settings)], files_of(Path(settings.FILES))
    for place, (person, code) in enumerate(codes_of(opened)[:3]):
        dumps.append(backup(settings))
        steps = issue_then_cast(opened, person, code, place)
        next(steps)
        issued = backup(settings)
        assert issued == dumps[-1]
        assert cast_boxes.mark_of(opened.poll, person).is_issued
        opened.voters.append(next(steps))
        cast = backup(settings)
        assert cast == issued
        dumps += [issued, cast]
    assert files_of(Path(settings.FILES)) == files
    everything = "\n".join(dumps).encode()
    for voter in opened.voters:
        assert found_in(everything, voter.of_the_ballot) == []
        name, _code, digest, nonce, request, *_blinded = voter.of_the_person
        assert found_in(everything, [name, digest, nonce, request]) == [name, nonce]


def test_open_the_slips_with_every_backup_and_every_secret(opened: Evening, settings) -> None:
    """The closing key can be taken from a backup made before the close. Once what is handed to scrutineers has gone, after seven
    days at most, there is nothing left that it opens; until then it opens slips, of which nobody can say whose they are."""
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
    assert found_in(slips_of_box(opened.poll), sealed) == sealed
    closed = close(opened)
    scrutiny_actions.forget_handovers(at=closed.closed_at + HANDOVER_KEPT)
    dumps.append(backup(settings))
    left = files_of(Path(settings.FILES)) + files_of(Path(settings.RECORDS)) + slips_of_box(opened.poll)
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


def in_physical_order(connection: Any, query: str) -> list[Any]:
    """Rows of a table as they came, told by the transaction that wrote them and their place on the disk."""
    with connection.cursor() as cursor:
        cursor.execute(f"{query} ORDER BY age(xmin) DESC, ctid")
        return [row[0] for row in cursor.fetchall()]


def test_link_by_the_order_of_rows_after_the_export(evening: Evening) -> None:
    """While the poll is open, who reads desk and box together can lay the orders side by side: it is said so and not promised.

    After the close both are gone; what the house has then was written in one transaction, in a random order.
    """
    manifest = evening.voters[0].ballot.manifest
    people = RollEntry.objects.filter(poll=evening.poll).values_list("person", "pk")
    entry_of, sealer = dict(people), box_queries.sealer(evening.poll.key)
    came_in_order = [entry_of[voter.person.pk] for voter in evening.voters]
    with box_queries.at_desk(evening.poll.key) as desk:
        assert in_physical_order(desk, "SELECT entry FROM mark WHERE is_issued") == came_in_order
    with box_queries.at_box(evening.poll.key) as box:
        came = in_physical_order(box, "SELECT key FROM slip")
    stacks = [{sealer.name("slip", slip.serial) for slip in voter.slips} for voter in evening.voters]
    width = len(stacks[0])
    assert [set(came[n : n + width]) for n in range(0, len(came), width)] == stacks
    closed = close(evening)
    asked = f"SELECT xmin::text FROM {RollMark._meta.db_table} WHERE entry_id = ANY(%s)"
    with connection.cursor() as cursor:
        cursor.execute(asked, [came_in_order])
        assert len(set(cursor.fetchall())) == 1
    assert set(came_in_order) == set(RollMark.objects.filter(is_issued=True).values_list("pk", flat=True))
    with counting_queries.record_path(closed, BOARD).open("rb") as board:
        names = [read_board_line(line).name(manifest.digest) for line in board]
    assert names == sorted(names)
    with counting_queries.record_path(closed, OPENED).open("rb") as openings:
        opened_names = [read_opening_line(line).name for line in openings]
    handed_names = [slip.name for _number, slip in watchers.papers_of(closed).handover.slips()]
    assert opened_names == sorted(opened_names)
    assert handed_names == sorted(handed_names)


def test_the_house_writes_the_marks_of_issue_in_a_random_order(opened: Evening) -> None:
    """Once in twenty-five million a shuffle of seven would come out the same twice in a row; the desk's order is none of them."""
    entries = sorted(RollEntry.objects.filter(poll=opened.poll).values_list("pk", flat=True))
    orders = set()
    for _turn in range(3):
        RollMark.objects.all().delete()
        poll_actions.keep_marks(marks=[Mark(entry, 1, is_issued=True) for entry in entries])
        orders.add(tuple(in_physical_order(connection, f"SELECT entry_id FROM {RollMark._meta.db_table}")))
    assert all(sorted(order) == entries for order in orders)
    assert len(orders) > 1


def sequences() -> dict[str, object]:
    """How far every sequence of the house has counted."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT sequencename, last_value FROM pg_sequences")
        return dict(cursor.fetchall())


def test_link_by_row_number(opened: Evening) -> None:
    """No number is drawn when a member draws a code, a ballot is issued or slips are cast."""
    before, people = sequences(), poll_queries.people_on_roll(opened.poll)
    draw = ballot_actions.draw_own_code
    codes = [(person, draw(poll=opened.poll, person=person, at=clock.now())) for person in reversed(people)]
    voters = [vote(opened.poll, person, code, place) for place, (person, code) in enumerate(codes)]
    assert sequences() == before
    assert any(value for value in before.values())
    assert {slip.serial for slip in cast_boxes.slips_in(opened.poll)} == {
        slip.serial for voter in voters for slip in voter.slips
    }


def server_logs(settings) -> bytes:
    """What the database servers of house and poll have written."""
    folders = [settings.EMBEDDED_CLUSTERS["default"].folder, settings.POLL_SERVERS.folder]
    return b"".join(path.read_bytes() for folder in folders for path in folder.rglob("server.log*"))


def test_link_by_error_message_and_log_line(servers, opened: Evening, loggers: list[str], settings) -> None:
    """Databases that refuse a row name it in their errors. Neither they nor the house write it down beside a time."""
    codes = codes_of(opened)
    voter = vote(opened.poll, *codes[0], 0)
    changed_stack = voter.ballot.cast({}, version=99)
    sealer = box_queries.sealer(opened.poll.key)
    rows = [sealer.name("slip", slip.serial)[:12] for slip in changed_stack]
    secrets = [*rows, *voter.of_the_ballot]
    refusing = [(box_queries.at_box, "slip", "document IS NULL"), (box_queries.at_desk, "mark", "NOT is_issued")]
    fresh = Ballot.begin(voter.ballot.manifest, voter.ballot.keys, "pool-1")
    requests = [
        ("booth-cast", cast_polls.cast_body(opened.poll, changed_stack)),
        ("booth-issue", cast_polls.issue_body(opened.poll, fresh, codes[1][1])),
    ]
    for (place, table, check), (name, body) in zip(refusing, requests, strict=True):
        with place(opened.poll.key) as database:
            database.execute(f"ALTER TABLE {table} ADD CONSTRAINT trap CHECK ({check}) NOT VALID")
        caller = Client(raise_request_exception=False)
        answer = caller.post(reverse(name, args=[opened.poll.key]), body, content_type="application/json")
        assert answer.status_code == 503
        assert found_in(answer.content, secrets) == []
    said = "\n".join(loggers).encode() + server_logs(settings)
    assert said.count(b"did not answer: IntegrityError") == 1, (
        "of many in a minute one is enough, and it has no address"
    )
    assert b"ready to accept connections" in said
    assert b"Failing row" not in said
    assert b"trap" not in said
    assert b"/booth/" not in said
    assert found_in(said, [*secrets, *(slip.serial[:12] for slip in changed_stack)]) == []
    entry = RollEntry.objects.get(person=codes[1][0])
    assert found_in(said, [bytes(entry.nonce), codes[1][1].encode()]) == []

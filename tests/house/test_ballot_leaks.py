"""Refusals 1 and 3 on a real poll: ballots with known codes and marks are cast over HTTP, then looked for where they must not be.

Every search is also made where it must find something, so that a search that finds nothing anywhere fails.
"""

import json
import re
from contextlib import closing
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from tests.cast import boxes as cast_boxes
from tests.living.evenings import (
    PRIVATE_KEY,
    Evening,
    close,
    files_of,
    found_in,
    hand_out_codes,
    house_files,
    poll_files,
    rows_of_box,
    rows_of_desk,
    rows_of_house,
    slips_of_box,
)

from blindballot.format.lines import read_board_line
from blindballot.format.record import BOARD
from zhengyou.boxes import queries as box_queries
from zhengyou.counting import queries as counting_queries
from zhengyou.identity.models import Account, AccountSession
from zhengyou.polls.models import RollEntry, RollMark

KEY = "ForeignKey"

pytestmark = pytest.mark.django_db(transaction=True)


def test_no_row_of_any_database_joins_a_ballot_with_a_person(evening: Evening) -> None:
    house, desk, box = rows_of_house(), rows_of_desk(evening.poll), rows_of_box(evening.poll)
    slips = slips_of_box(evening.poll)
    for voter in evening.voters:
        assert found_in(house + desk + box, [*voter.of_the_ballot, voter.code.encode()]) == []
        assert found_in(box + slips, voter.of_the_person) == []
        serial, *_others = voter.of_the_ballot
        assert found_in(slips, [serial]) == [serial]
        name, _code, digest, nonce, request, *_others = voter.of_the_person
        assert found_in(house, [name, digest, nonce, request]) == [name, nonce]
        assert found_in(desk, [name, digest, nonce, request]) == [digest, request]
    assert AccountSession.objects.count() == 0


def test_no_file_of_the_house_knows_a_ballot_and_none_of_the_polls_server_a_person(
    servers, evening: Evening, settings
) -> None:
    house, own = house_files(settings, evening.began), poll_files(evening.poll, settings)
    voter = evening.voters[3]
    name, code, digest, nonce, request, *blinded = voter.of_the_person
    assert found_in(house, [*voter.of_the_ballot, code, digest, request, *blinded]) == []
    assert found_in(own, [*voter.of_the_ballot, name, code, nonce, *blinded]) == []
    assert found_in(house, [name, nonce]) == [name, nonce]
    assert found_in(own, [digest, request]) == [digest, request]
    logs = b"".join(path.read_bytes() for path in settings.POLL_SERVERS.folder.rglob("server.log*"))
    assert b"ready to accept connections" in logs
    assert found_in(logs, voter.of_the_ballot) == []


def test_no_log_line_holds_a_code_a_name_or_anything_of_a_ballot(evening: Evening) -> None:
    said = evening.said.encode()
    assert b"/booth/" not in said, "two requests were refused, and the time of that would stand beside the line"
    for voter in evening.voters:
        assert found_in(said, voter.of_the_person + voter.of_the_ballot) == []


def test_the_close_leaves_no_private_key_no_slip_and_a_record_without_people(evening: Evening, settings) -> None:
    assert found_in(rows_of_house(), [PRIVATE_KEY]) == [PRIVATE_KEY]
    people = [secret for voter in evening.voters for secret in voter.of_the_person]
    closed = close(evening)
    assert found_in(rows_of_house(), [PRIVATE_KEY]) == []
    assert cast_boxes.slips_in(closed) == []
    written = files_of(Path(settings.RECORDS))
    serials = [voter.slips[0].serial for voter in evening.voters]
    assert found_in(written, serials) == serials
    assert found_in(written, [PRIVATE_KEY, *people]) == []
    assert counting_queries.handover_file(closed).stat().st_mode & 0o077 == 0


def test_the_order_of_the_record_says_nothing_of_the_order_of_casting(evening: Evening) -> None:
    manifest = evening.voters[0].ballot.manifest
    closed = close(evening)
    with counting_queries.record_path(closed, BOARD).open("rb") as board:
        names = [read_board_line(line).name(manifest.digest) for line in board]
    cast_first = [slip.name(manifest.digest) for voter in evening.voters for slip in voter.slips]
    assert names == sorted(cast_first)
    assert names != cast_first


def pages_about(evening: Evening) -> dict[str, bytes]:
    """What anybody, and the office, can read about the poll; tokens against forged forms differ at every visit."""
    poll, office = evening.poll, Client()
    office.force_login(Account.objects.get(person=evening.district.office))
    units = [reverse("public-organisation", args=[unit.code]) for unit in evening.district.villages]
    addresses = ["/", reverse("public-polls"), reverse("booth", args=[poll.key]), *units]
    seen = {address: Client().get(address).content for address in addresses}
    for name in ("office-home", "office-polls", "office-poll"):
        address = reverse(name, args=[poll.key] if name == "office-poll" else [])
        seen[address] = office.get(address).content
    return {address: re.sub(rb'name="csrfmiddlewaretoken" value="\w+"', b"", page) for address, page in seen.items()}


def test_while_a_poll_is_open_no_page_changes_with_the_ballots_cast(opened: Evening, request) -> None:
    hand_out_codes(opened)  # a deed of the office, which its own page tells
    before = pages_about(opened)
    evening: Evening = request.getfixturevalue("evening")
    assert len(cast_boxes.slips_in(opened.poll)) == 28
    assert pages_about(evening) == before
    assert all(b"<h1" in page for page in before.values())


def test_neither_record_nor_result_can_be_fetched_before_the_close(evening: Evening) -> None:
    key = evening.poll.key
    addresses = [reverse("public-record", args=[key]), reverse("public-record-zip", args=[key])]
    addresses += [reverse("public-results", args=[key]), reverse("public-result-number", args=[key, 1])]
    addresses += [reverse("public-record-file", args=[key, name]) for name in ("board.jsonl", "counts.json")]
    assert {status_of(address) for address in addresses} == {404}
    close(evening)
    assert {status_of(address) for address in addresses if "results" not in address} == {200}
    assert (
        status_of(reverse("public-record-file", args=[key, counting_queries.handover_file(evening.poll).name])) == 404
    )


def status_of(address: str) -> int:
    with closing(Client().get(address)) as response:
        return response.status_code


def test_a_ballot_that_comes_with_a_cookie_or_a_login_is_refused(opened: Evening) -> None:
    address = reverse("booth-cast", args=[opened.poll.key])
    body = json.dumps({"manifest": opened.poll.fingerprint, "slips": []}).encode()
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


def test_neither_roll_nor_desk_nor_box_keeps_a_time_an_order_or_a_counter(evening: Evening) -> None:
    kinds = {model: {f.name: type(f).__name__ for f in model._meta.get_fields()} for model in (RollEntry, RollMark)}
    assert kinds == {
        RollEntry: {
            "id": "BigAutoField",
            "pool": KEY,
            "poll": KEY,
            "person": KEY,
            "guest": "OneToOneField",
            "nonce": "BinaryField",
        },
        RollMark: {"entry": "OneToOneField", "is_issued": "BooleanField", "is_on_paper": "BooleanField"},
    }
    asked = """
        SELECT table_name || '.' || column_name, udt_name FROM information_schema.columns WHERE table_schema = 'public'
    """
    columns, sequences = {}, 0
    for place in (box_queries.at_desk, box_queries.at_box):
        with place(evening.poll.key) as connection:
            columns |= dict(connection.execute(asked).fetchall())
            sequences += len(connection.execute("SELECT FROM pg_sequences").fetchall())
    assert sequences == 0
    assert columns == {
        "mark.entry": "int8",
        "mark.pool": "int8",
        "mark.is_issued": "bool",
        "mark.is_on_paper": "bool",
        "mark.is_sheet_printed": "bool",
        "mark.request": "bytea",
        "code.entry": "int8",
        "code.digest": "bytea",
        "code.is_renewed": "bool",
        "replaced_code.digest": "bytea",
        "watermark.is_the_one": "bool",
        "watermark.system": "text",
        "watermark.timeline": "int8",
        "watermark.position": "pg_lsn",
        "slip.key": "bytea",
        "slip.document": "bytea",
        "held.key": "bytea",
        "held.is_cancelled": "bool",
        "paper.kind": "text",
        "paper.key": "bytea",
        "paper.batch": "int8",
        "paper.document": "bytea",
    }
    marks = box_queries.marks(evening.poll.key).values()
    assert len({mark.request for mark in marks if mark.is_issued}) == 7
    with box_queries.at_box(evening.poll.key) as box:
        lengths = {length for (length,) in box.execute("SELECT length(document) FROM slip")}
    assert len(lengths) == 1, "a length would tell pool, line or version"
    said = {name for slip in cast_boxes.slips_in(evening.poll) for name in slip.to_json()}
    assert said == {"pool", "line", "serial", "tokens", "version", "commitment", "sealed", "signature"}

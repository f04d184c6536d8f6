"""Refusals 1 and 3 on a real poll: ballots with known codes and marks are cast over HTTP, then looked for where they must not be.

Every search is also made where it must find something, so that a search that finds nothing anywhere fails.
"""

import json
import re
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from tests.living.evenings import PRIVATE_KEY, Evening, close, cluster_files, files_of, found_in, rows_of

from blindballot.format.lines import read_board_line
from blindballot.format.record import BOARD
from zhengyou.ballots.models import BoxSlip
from zhengyou.counting import queries as counting_queries
from zhengyou.identity.models import Account
from zhengyou.polls.models import RollEntry

pytestmark = pytest.mark.django_db(databases=["default", "box"], transaction=True)


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
    assert found_in(logs, [str(evening.poll.key).encode(), *voter.of_the_ballot]) == []


def test_no_log_line_holds_a_code_a_name_or_anything_of_a_ballot(evening: Evening) -> None:
    said = evening.said.encode()
    assert said.count(reverse("booth-issue", args=[evening.poll.key]).encode()) == 2
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
    assert counting_queries.openings_file(closed).stat().st_mode & 0o077 == 0


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
    before = pages_about(opened)
    evening: Evening = request.getfixturevalue("evening")
    assert BoxSlip.objects.count() == 28
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
        status_of(reverse("public-record-file", args=[key, counting_queries.openings_file(evening.poll).name])) == 404
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


def test_neither_the_roll_nor_the_box_keeps_a_time_an_order_or_a_counter(evening: Evening) -> None:
    kinds = {model: {f.name: type(f).__name__ for f in model._meta.get_fields()} for model in (BoxSlip, RollEntry)}
    assert kinds[BoxSlip] == {
        "key": "BinaryField",
        "poll": "UUIDField",
        "line": "CharField",
        "version": "BigIntegerField",
        "document": "BinaryField",
    }
    assert kinds[RollEntry] == {
        "id": "BigAutoField",
        "pool": "ForeignKey",
        "poll": "ForeignKey",
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

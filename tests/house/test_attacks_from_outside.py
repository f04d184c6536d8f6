"""Attacks by somebody outside with a command line, against the box of a real poll. docs/attacks.md lists them.

The last ones need a house in processes of its own: what holds up a server cannot be seen from inside it.
"""

import json
import socket
from collections import Counter
from contextlib import closing
from http.client import HTTPConnection

import pytest
from django.test import Client
from django.urls import reverse
from tests.cast import boxes as cast_boxes
from tests.cast import polls as cast_polls
from tests.living.evenings import Evening, rows_of_box, rows_of_desk, rows_of_house, vote
from tests.living.house import LivingHouse, LivingPoll, ask

from blindballot.format.encoding import canonical, parse_canonical
from blindballot.format.keyring import is_key_document_of, key_document
from blindballot.format.slips import Slip
from blindballot.voter.voting import Ballot
from zhengyou.ballots import actions as ballot_actions
from zhengyou.ballots import queries as ballot_queries
from zhengyou.ballots.models import LineKey
from zhengyou.base import codes
from zhengyou.polls import queries as poll_queries
from zhengyou.web.shared import clock

pytestmark = pytest.mark.django_db(transaction=True)

GUESSES, ANSWERED = 10_000, 400


def codes_of(opened: Evening) -> list[str]:
    """A fresh code for everybody of the roll."""
    people = poll_queries.people_on_roll(opened.poll)
    by_person = ballot_actions.hand_out_poll_codes(
        poll=opened.poll, people=people, at=clock.now(), by=opened.district.office
    )
    return [by_person[person.pk] for person in people]


def sent(opened: Evening, name: str, body: bytes, kind: str = "application/json", **more: str) -> tuple[int, str]:
    """Status and reason of one request from nobody in particular."""
    response = Client().post(reverse(name, args=[opened.poll.key]), body, content_type=kind, **more)
    return response.status_code, response.json().get("reason", "")


def box_rows(opened: Evening) -> list[Slip]:
    """What the box holds."""
    return cast_boxes.slips_in(opened.poll)


def stack(opened: Evening, slips) -> bytes:
    return cast_polls.cast_body(opened.poll, slips)


@pytest.fixture
def two(opened: Evening) -> Evening:
    """Two of the seven have voted; all codes are known."""
    people = poll_queries.people_on_roll(opened.poll)
    opened.voters = [vote(opened.poll, people[n], code, n) for n, code in enumerate(codes_of(opened)[:2])]
    return opened


def test_replay_of_a_stack(two: Evening) -> None:
    before = box_rows(two)
    again = stack(two, two.voters[0].slips)
    assert sent(two, "booth-cast", again) == sent(two, "booth-cast", again) == (200, "")
    assert box_rows(two) == before


def test_one_slip_twice_in_a_stack(two: Evening) -> None:
    slip = two.voters[0].ballot.cast({}, version=2)[0]
    before = box_rows(two)
    assert sent(two, "booth-cast", stack(two, [slip, slip])) == (409, "malformed")
    assert box_rows(two) == before


def test_one_stale_slip_among_good_ones_leaves_the_whole_stack_out(two: Evening) -> None:
    """All or none: a newer version of nine lines does not enter with an older one of the tenth."""
    ballot = two.voters[0].ballot
    newest = ballot.cast({}, version=3)
    assert sent(two, "booth-cast", stack(two, newest[-1:])) == (200, "")
    before = box_rows(two)
    mixed = [*ballot.cast({}, version=4)[:-1], *ballot.cast({}, version=2)[-1:]]
    assert sent(two, "booth-cast", stack(two, mixed)) == (409, "superseded")
    assert box_rows(two) == before


def test_slips_of_two_voters_change_places(two: Evening) -> None:
    """Nobody puts a slip where another voter's lies, nor a token of one line on another."""
    mine, theirs = (voter.ballot for voter in two.voters)
    lines = list(mine.prepared)
    before = box_rows(two)
    for first, second in (
        (mine.prepared[lines[0]], theirs.prepared[lines[0]]),
        (mine.prepared[lines[0]], mine.prepared[lines[1]]),
    ):
        first.tokens, second.tokens = second.tokens, first.tokens
        assert sent(two, "booth-cast", stack(two, mine.cast({}, version=9))) == (409, "forged-token")
        first.tokens, second.tokens = second.tokens, first.tokens
    assert box_rows(two) == before
    assert sent(two, "booth-cast", stack(two, mine.cast({}, version=9))) == (200, "")


def test_stuffing_with_one_code_in_many_windows(two: Evening) -> None:
    """A code that was used signs nothing more, however often and in whatever spelling it comes."""
    code = two.voters[0].code
    manifest, keys = ballot_queries.open_manifest_and_keys(two.poll.pk, two.poll.fingerprint)
    for spelled in (code, code.lower(), code.replace("-", ""), f" {code} "):
        body = cast_polls.issue_body(two.poll, Ballot.begin(manifest, keys, "pool-1"), spelled)
        assert sent(two, "booth-issue", body) == (409, "already-issued")


def test_other_keys_for_one_voter(opened: Evening) -> None:
    """Keys made for one voter would mark that voter's slips. The booth asks for the path to the manifest and sees it."""
    code = codes_of(opened)[0]
    manifest, _keys = ballot_queries.open_manifest_and_keys(opened.poll.pk, opened.poll.fingerprint)
    body = canonical({"manifest": opened.poll.fingerprint, "code": code})
    answer = Client().post(reverse("booth-keys", args=[opened.poll.key]), body, content_type="application/json").json()
    path = [cast_polls.unb64(step) for step in answer["path"]]
    pool = manifest.pool_by_id[answer["pool"]]
    assert is_key_document_of(manifest, pool, canonical(answer["keys"]), path)
    marked = [
        (key["line"], cast_polls.unb64(key["closing_key"]), [2**2047 + 2 * place + 1])
        for place, key in enumerate(answer["keys"]["keys"])
    ]
    assert not is_key_document_of(manifest, pool, key_document(pool.id, marked), path)
    swapped = [
        key | {"line": other["line"]}
        for key, other in zip(answer["keys"]["keys"], answer["keys"]["keys"][::-1], strict=True)
    ]
    assert not is_key_document_of(manifest, pool, canonical(answer["keys"] | {"keys": swapped}), path)
    other = LineKey.objects.filter(pool__poll=opened.poll).first()
    assert other is not None
    other.modulus = (2**2047 + 3).to_bytes(256, "big")
    other.save()
    ballot_queries.open_manifest_and_keys.cache_clear()
    with pytest.raises(ValueError, match="root"):
        ballot_queries.open_manifest_and_keys(opened.poll.pk, opened.poll.fingerprint)
    ballot_queries.open_manifest_and_keys.cache_clear()


def test_bodies_that_are_no_ballot(two: Evening) -> None:
    """Whatever is sent is refused in words, at once, and nothing is kept."""
    whole = parse_canonical(stack(two, two.voters[0].ballot.cast({}, version=5)))
    slip = whole["slips"][0]
    text = json.dumps(whole)

    def with_slip(**changes: object) -> bytes:
        return json.dumps(whole | {"slips": [slip | changes]}).encode()

    bodies = {
        "nested": b'{"manifest":' + b"[" * 3000 + b"]" * 3000 + b"}",
        "name twice": text.replace('"pool"', '"version": 1, "pool"', 1).encode(),
        "not a number": with_slip(version=float("nan")),
        "infinite": with_slip(version=float("inf")),
        "below one": with_slip(version=0),
        "a truth": with_slip(version=True),
        "beyond 32 bits": with_slip(version=2**32),
        "a fraction": text.replace('"version": 5', '"version": 5.0').encode(),
        "no UTF-8": text.encode().replace(b'"pool-1"', b'"pool-\xff"', 1),
        "UTF-16": text.encode("utf-16"),
        "a mark before": b"\xef\xbb\xbf" + text.encode(),
        "a lone surrogate": with_slip(pool="\ud800"),
        "a zero byte": with_slip(line="u001-1\0"),
        "padding": with_slip(serial=slip["serial"] + "="),
        "other alphabet": with_slip(commitment="+" * 43),
        "a field more": with_slip(name="somebody"),
        "no slips": json.dumps(whole | {"slips": []}).encode(),
        "too many": json.dumps(whole | {"slips": [slip] * 400}).encode(),
        "CBOR": b"\xa2hmanifestx@" + two.poll.fingerprint.encode() + b"eslips\x80",
        "two documents": text.encode() * 2,
    }
    before = box_rows(two)
    told = {name: sent(two, "booth-cast", body) for name, body in bodies.items()}
    assert {name: answer for name, answer in told.items() if answer[1] not in ("malformed", "too-large")} == {}
    assert box_rows(two) == before
    for kind in (
        "application/cbor",
        "text/plain",
        "multipart/form-data; boundary=x",
        "application/x-www-form-urlencoded",
    ):
        assert sent(two, "booth-cast", b"x", kind) == (409, "malformed")
    assert sent(two, "booth-cast", text.encode(), "text/plain") == (200, "")


def test_ten_thousand_wrong_codes(opened: Evening) -> None:
    """Guessing leaves no trace that could lock anybody out, gets one and the same answer, and meets a space of 60 bits.

    All guesses ask whose the code is; of some the whole answer is looked at.
    """
    code = codes_of(opened)[0]
    row = opened.poll

    def everything() -> bytes:
        return rows_of_house() + rows_of_desk(row) + rows_of_box(row)

    before = everything()
    answers: Counter[tuple[int, bytes]] = Counter()
    booth, address = Client(), reverse("booth-keys", args=[row.key])
    for _guess in range(ANSWERED):
        body = canonical({"manifest": row.fingerprint, "code": codes.fresh()})
        refused = booth.post(address, body, content_type="application/json")
        answers[refused.status_code, refused.content] += 1
    [(status, told)] = answers
    assert (status, json.loads(told)["reason"]) == (409, "unknown-code")
    guesses = [codes.fresh() for _guess in range(GUESSES - ANSWERED)]
    assert {ballot_queries.roll_entry_with_code(row, guess) for guess in guesses} == {None}
    assert everything() == before
    entry = ballot_queries.roll_entry_with_code(row, code)
    assert entry is not None
    assert entry.person == poll_queries.people_on_roll(row)[0]
    assert vote(row, poll_queries.people_on_roll(row)[0], code, 0).acknowledgements


def test_the_space_of_codes() -> None:
    """Twelve letters, each of 32 and each as likely: 60 bits. A thousand codes are hit once in 10^15 guesses."""
    drawn = [codes.fresh().replace("-", "") for _draw in range(4000)]
    assert len(set(drawn)) == 4000
    assert {len(code) for code in drawn} == {12}
    assert len(set(codes.ALPHABET)) == 32
    for place in range(12):
        counts = Counter(code[place] for code in drawn)
        assert set(counts) == set(codes.ALPHABET)
        assert max(counts.values()) < 230, "125 are expected; 230 happens once in 10^15"


def test_a_used_code_of_somebody_else_answers_like_no_code_at_all(two: Evening) -> None:
    """Only who holds a working code learns that it was used. Wrong codes and those of others get one answer, byte for byte, and so
    do replaced ones, used or not.
    """
    used = two.voters[0].code
    [replaced, *_rest] = codes_of(two)
    codes_of(two)
    near = used[:-1] + ("0" if used[-1] != "0" else "1")
    manifest, keys = ballot_queries.open_manifest_and_keys(two.poll.pk, two.poll.fingerprint)
    ballot = Ballot.begin(manifest, keys, "pool-1")
    wrong = {code: "unknown-code" for code in (near, "0000-0000-0000", "x", "'; --", "０" * 12)}
    for name in ("booth-keys", "booth-issue"):
        answers = set()
        for code, reason in (wrong | dict.fromkeys((replaced, used), "code-replaced")).items():
            body = (
                canonical({"manifest": two.poll.fingerprint, "code": code})
                if name == "booth-keys"
                else cast_polls.issue_body(two.poll, ballot, code)
            )
            response = Client().post(reverse(name, args=[two.poll.key]), body, content_type="application/json")
            assert json.loads(response.content)["reason"] == reason
            answers.add((response.status_code, response.content))
        assert len(answers) == 2
    assert len(box_rows(two)) == len(two.voters) * len(manifest.lines)


def test_slow_and_endless_bodies_hold_nobody_up() -> None:
    """Sixty clients that never finish their request, and one that promises gigabytes; meanwhile a voter votes."""
    with LivingHouse(is_new=True) as house:
        poll = LivingPoll(house.tell("open_poll", "5", "2"))
        head = f"POST {poll.path('cast')} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        slow = [held_open(house, f"{head}Content-Length: 9000\r\n\r\n{{") for _client in range(50)]
        slow += [held_open(house, f"{head}X-Slow: ") for _client in range(10)]
        slow += [held_open(house, f"{head}Transfer-Encoding: chunked\r\n\r\n1\r\n{{\r\n") for _client in range(5)]
        with closing(house.connect()) as connection:
            ballot = poll.ballot()
            status, answer = ask(connection, "POST", poll.path("issue"), poll.issue_body(ballot, poll.codes[0]))
            assert status == 200
            poll.accept(ballot, answer)
            body = poll.cast_body(ballot, "good")
            assert ask(connection, "POST", poll.path("cast"), body)[0] == 200
            assert_front_keeps_what_matters(connection, poll)
        assert refused_size(house, head) == b"413"
        for number, client in enumerate(slow):
            client.sendall(b" ") if number < 50 else None
            client.close()


def held_open(house: LivingHouse, text: str) -> socket.socket:
    """A connection on which only this was sent."""
    client = socket.create_connection(("127.0.0.1", house.port), timeout=60)
    client.sendall(text.encode())
    return client


def refused_size(house: LivingHouse, head: str) -> bytes:
    """The status with which gigabytes are refused, before any of them is sent."""
    with closing(held_open(house, f"{head}Content-Length: 5000000000\r\n\r\n")) as client:
        return client.recv(100).split()[1]


def assert_front_keeps_what_matters(connection: HTTPConnection, poll: LivingPoll) -> None:
    """Names outside ASCII in an address, the server's clock, headers, large answers: as the pages need them."""
    connection.request(
        "GET", "/organisations/?q=%E6%B5%8B%E8%AF%95", headers={"Cookie": "a=1; b=2", "Accept-Language": "en"}
    )
    response = connection.getresponse()
    page = response.read().decode()
    assert response.status == 200
    assert "测试" in page
    assert '<html lang="en"' in page
    assert response.headers["Date"]
    assert response.headers["X-Frame-Options"] == "DENY"
    for name, language in (("Accept-Language", "en"), ("Accept_Language", "zh-Hans")):
        connection.request("GET", "/organisations/", headers={name: "en"})
        assert f'<html lang="{language}"' in connection.getresponse().read().decode(), "a header passed for another"
    connection.request("HEAD", "/organisations/")
    answered = connection.getresponse()
    assert (answered.status, answered.read()) == (200, b"")
    assert ask(connection, "GET", "/organisations/%E6%B5%8B/")[0] == 404
    assert ask(connection, "GET", poll.path("manifest.json"))[1] == poll.manifest.data

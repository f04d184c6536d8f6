"""A poll from its plan to its verified record, through the real actions, the real box and the independent verifier."""

import json
import subprocess
import sys
from datetime import timedelta
from uuid import uuid4

import pytest
from tests.cast import boxes as cast_boxes
from tests.cast import district as cast
from tests.cast import polls as cast_polls
from tests.cast.refusing import refused

from blindballot.format.encoding import canonical
from blindballot.format.keyring import Keyring
from blindballot.voter.voting import Ballot
from zhengyou.ballots import actions as ballot_actions
from zhengyou.ballots import queries as ballot_queries
from zhengyou.ballots.models import LineKey, PlatformKey
from zhengyou.base.models import JournalEntry
from zhengyou.boxes import queries as box_queries
from zhengyou.counting import actions as counting_actions
from zhengyou.counting import queries as counting_queries
from zhengyou.polls import actions as poll_actions
from zhengyou.polls import queries as poll_queries
from zhengyou.polls import rules as poll_rules
from zhengyou.polls.models import Poll, RollEntry
from zhengyou.standings.actions import JUDGE

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def district():
    return cast.small_district(members_a_village=3)


@pytest.fixture
def cycle(district):
    return cast.launched_cycle(district)


@pytest.fixture
def opened(district, cycle):
    return cast_polls.opened_poll(district, cycle, [district.members[:7]])


@pytest.fixture
def voter(opened, district):
    pool = poll_queries.pools_of(opened)[0]
    person = poll_queries.people_on_roll(opened, pool)[-1]
    code = ballot_actions.hand_out_poll_codes(poll=opened, people=[person], at=cast.NOW, by=district.office)[person.pk]
    return pool, person, code


def verify(folder):
    command = [sys.executable, "-m", "blindballot", "verify", str(folder), "--lang", "en"]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_a_voted_poll_closes_into_a_record_that_verifies_and_one_changed_byte_fails(opened, district):
    cast_polls.vote_all(
        opened, poll_queries.pools_of(opened)[0], district, lambda voter, line: ["good", "fair"][voter % 2]
    )
    closed = cast_polls.closed_poll(opened, district)
    folder = counting_queries.record_folder(closed)
    told = verify(folder)
    assert told.returncode == 0, told.stdout + told.stderr

    board = folder / "board.jsonl"
    data = bytearray(board.read_bytes())
    data[len(data) // 2] ^= 1
    board.write_bytes(bytes(data))
    told = verify(folder)
    assert told.returncode == 1
    assert "board.jsonl" in told.stdout + told.stderr


def test_after_the_close_neither_slips_nor_private_keys_are_left(opened, district):
    cast_polls.vote_all(opened, poll_queries.pools_of(opened)[0], district, lambda voter, line: "good")
    assert len(cast_boxes.slips_in(opened)) == 7 * 4
    cast_polls.closed_poll(opened, district)
    assert cast_boxes.slips_in(opened) == []
    assert not PlatformKey.objects.exists()
    assert not LineKey.objects.exclude(private_key=None).exists()


def test_neither_issuing_nor_casting_leaves_a_trace_beside_roll_and_box(opened, voter, district):
    pool, person, code = voter
    before = JournalEntry.objects.count()
    manifest, _keys = cast_polls.read_poll(opened)
    entries = JournalEntry.objects.count() - before  # handing out codes is put on record
    ballot = cast_polls.drawn_ballot(
        opened,
        pool,
        ballot_actions.hand_out_poll_codes(poll=opened, people=[person], at=cast.NOW, by=district.office)[person.pk],
    )
    handed_out = JournalEntry.objects.count()
    slips = ballot.cast(cast_polls.marks_for(manifest, 0, lambda voter, line: "good"))
    ballot_actions.take_slips(poll=opened, body=cast_polls.cast_body(opened, slips), at=cast.NOW)
    assert entries == 1
    assert JournalEntry.objects.count() == handed_out
    entry = RollEntry.objects.get(person=person, poll=opened)
    documents = b"".join(canonical(slip.to_json()) for slip in cast_boxes.slips_in(opened))
    request = cast_boxes.mark_of(opened, person).request
    for secret in (bytes(entry.nonce), request, person.number.encode(), code.encode()):
        assert secret not in documents


def test_the_same_request_gets_the_same_answer_and_a_second_token_is_refused(opened, voter):
    pool, _person, code = voter
    manifest, keys = read(opened, voter)
    ballot = Ballot.begin(manifest, keys, pool.slug)
    body = cast_polls.issue_body(opened, ballot, code)
    first = ballot_actions.issue_tokens(poll=opened, body=body, at=cast.NOW)
    assert ballot_actions.issue_tokens(poll=opened, body=body, at=cast.NOW) == first
    other = Ballot.begin(manifest, keys, pool.slug)
    with refused("already-issued"):
        ballot_actions.issue_tokens(poll=opened, body=cast_polls.issue_body(opened, other, code), at=cast.NOW)


def read(opened, voter):
    _pool, _person, code = voter
    shown = ballot_actions.show_sheet_keys(poll=opened, fingerprint=opened.fingerprint, code=code, at=cast.NOW)
    manifest = cast_polls.read_manifest(opened.manifest.encode())
    return manifest, Keyring.read(manifest, [canonical(shown["keys"])])


def test_a_later_version_replaces_until_the_close_and_an_older_one_does_not_come_back(opened, voter, district):
    pool, _person, code = voter
    manifest, keys = read(opened, voter)
    ballot = Ballot.begin(manifest, keys, pool.slug)
    answer = ballot_actions.issue_tokens(poll=opened, body=cast_polls.issue_body(opened, ballot, code), at=cast.NOW)
    ballot.accept("office", {line: cast_polls.unb64(text) for line, text in answer["signatures"].items()})
    first = ballot.cast(cast_polls.marks_for(manifest, 0, lambda voter, line: "poor"), version=1)
    second = ballot.cast(cast_polls.marks_for(manifest, 0, lambda voter, line: "good"), version=2)
    ballot_actions.take_slips(poll=opened, body=cast_polls.cast_body(opened, first), at=cast.NOW)
    receipts = ballot_actions.take_slips(poll=opened, body=cast_polls.cast_body(opened, second), at=cast.NOW)
    assert ballot_actions.take_slips(poll=opened, body=cast_polls.cast_body(opened, second), at=cast.NOW) == receipts
    with refused("superseded"):
        ballot_actions.take_slips(poll=opened, body=cast_polls.cast_body(opened, first), at=cast.NOW)
    assert [slip.version for slip in cast_boxes.slips_in(opened)] == [2] * len(manifest.lines)


def test_stuffing_a_changed_slip_and_malformed_bodies_are_refused_in_words(opened, voter):
    pool, _person, code = voter
    manifest, _keys = read(opened, voter)
    ballot = cast_polls.drawn_ballot(opened, pool, code)
    slips = ballot.cast(cast_polls.marks_for(manifest, 0, lambda voter, line: "good"))
    forged = json.loads(cast_polls.cast_body(opened, slips))
    forged["slips"][0]["tokens"] = forged["slips"][1]["tokens"]
    changed = json.loads(cast_polls.cast_body(opened, slips))
    changed["slips"][0]["version"] = 9
    for body, reason in [
        (canonical(forged), "forged-token"),
        (canonical(changed), "forged-signature"),
        (b"[" * 5000, "malformed"),
        (b"{}", "malformed"),
        (b"x" * 2_000_000, "too-large"),
        (canonical(forged | {"manifest": "0" * 64}), "wrong-manifest"),
    ]:
        with refused(reason) as caught:
            ballot_actions.take_slips(poll=opened, body=body, at=cast.NOW)
        assert str(caught.value)
    assert cast_boxes.slips_in(opened) == []


def test_the_window_and_the_code_are_checked(opened, voter):
    pool, _person, code = voter
    ballot = Ballot.begin(*read(opened, voter), pool.slug)
    body = cast_polls.issue_body(opened, ballot, code)
    for at, reason in [(cast_polls.CLOSES, "closed"), (cast_polls.OPENS - timedelta(seconds=1), "not-open")]:
        with refused(reason):
            ballot_actions.issue_tokens(poll=opened, body=body, at=at)
    wrong = cast_polls.issue_body(opened, ballot, "AAAA-AAAA-AAAA")
    with refused("unknown-code"):
        ballot_actions.issue_tokens(poll=opened, body=wrong, at=cast.NOW)


def test_pools_of_four_are_refused_and_put_on_record(district, cycle):
    row = cast_polls.planned_poll(district, cycle, [])
    with pytest.raises(poll_rules.PollRefused, match="5"):
        poll_actions.add_pool(
            poll=row, name=cast_polls.NAMES, people=district.members[:4], at=cast.NOW, by=district.office
        )
    [group] = poll_queries.refused_pools(row)
    assert (group.name, group.size) == (cast_polls.NAMES, 4)
    assert (group.refused_by, group.refused_at) == (district.office, cast.NOW)
    poll_actions.add_pool(poll=row, name=cast_polls.NAMES, people=district.members[:5], at=cast.NOW, by=district.office)
    with pytest.raises(poll_rules.PollRefused, match="1-2"):
        poll_actions.add_pool(
            poll=row, name=cast_polls.NAMES, people=district.members[2:8], at=cast.NOW, by=district.office
        )
    assert [pool.slug for pool in poll_queries.pools_of(row)] == ["pool-1"]


def test_a_poll_opens_only_with_pools_and_keys_and_then_stands_still(district, cycle):
    row = cast_polls.planned_poll(district, cycle, [])
    with refused("poll.no-pool"):
        ballot_actions.open_poll(poll=row, at=cast.NOW, by=district.office)
    pool = poll_actions.add_pool(
        poll=row, name=cast_polls.NAMES, people=district.members[:6], at=cast.NOW, by=district.office
    )
    assert ballot_actions.prepare_keys(poll=row, count=3) == 1
    with refused("poll.no-keys"):
        ballot_actions.open_poll(poll=row, at=cast.NOW, by=district.office)
    assert ballot_actions.prepare_keys(poll=row, count=100) == 0
    ballot_actions.open_poll(poll=row, at=cast.NOW, by=district.office)
    for deed in (
        lambda: poll_actions.remove_pool(poll=row, pool=pool, at=cast.NOW, by=district.office),
        lambda: poll_actions.add_pool(
            poll=row, name=cast_polls.NAMES, people=district.members[6:12], at=cast.NOW, by=district.office
        ),
        lambda: ballot_actions.open_poll(poll=row, at=cast.NOW, by=district.office),
    ):
        with refused("poll.opened"):
            deed()


def test_closing_takes_two_people_and_is_never_early(opened, district):
    with refused("poll.too-early"):
        counting_actions.ask_to_close(poll=opened, at=cast_polls.CLOSES - timedelta(seconds=1), by=district.office)
    with refused("poll.close-unasked"):
        counting_actions.close_poll(poll=opened, at=cast_polls.AFTER, by=district.office, judge=JUDGE)
    counting_actions.ask_to_close(poll=opened, at=cast_polls.AFTER, by=district.office)
    with refused("poll.close-by-the-same"):
        counting_actions.close_poll(poll=opened, at=cast_polls.AFTER, by=district.office, judge=JUDGE)
    closed = counting_actions.close_poll(poll=opened, at=cast_polls.AFTER, by=district.second_office, judge=JUDGE)
    assert closed.state == "closed"
    with refused("poll.not-open"):
        counting_actions.close_poll(poll=opened, at=cast_polls.AFTER, by=district.second_office, judge=JUDGE)


def test_turnout_while_open_is_told_in_fives_and_not_at_all_below_ten():
    assert [
        poll_queries.coarse_turnout(9, 9),
        poll_queries.coarse_turnout(10, 4),
        poll_queries.coarse_turnout(80, 79),
    ] == [
        None,
        0,
        75,
    ]


def test_a_unit_with_five_criteria_takes_two_slips_so_that_no_pattern_is_a_signature(district, cycle):
    lines = poll_queries.lines_of(cycle.ruleset, district.villages)
    assert [len(line["criteria"]) for line in lines[:2]] == [2, 3]
    assert len(lines) == 8


def test_codes_are_forgiving_to_type_kept_as_hmac_only_and_bound_to_their_poll(opened, district):
    person = district.members[0]
    handed = {"poll": opened, "people": [person], "at": cast.NOW, "by": district.office}
    code = ballot_actions.hand_out_poll_codes(**handed)[person.pk]
    assert len(code.replace("-", "")) == 12
    for typed in (code, code.lower(), code.replace("-", " "), code.replace("0", "o").replace("1", "l")):
        entry = ballot_queries.roll_entry_with_code(opened, typed)
        assert entry is not None
        assert entry.person == person
    stored = ballot_queries.code_digest(opened, code)
    assert box_queries.entry_with_code(opened.key, stored) is not None
    assert code.replace("-", "").encode() not in stored.hex().upper().encode()
    other = Poll(key=uuid4())
    assert ballot_queries.code_digest(other, code) != stored
    ballot_actions.hand_out_poll_codes(**handed)
    assert ballot_queries.roll_entry_with_code(opened, code) is None

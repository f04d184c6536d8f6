"""Extending, voiding, holding again and the hourly turnout, through the actions, down to what is left in tables and records."""

import json
import subprocess
import sys
from datetime import timedelta
from functools import partial

import pytest
from tests.cast import boxes as cast_boxes
from tests.cast import district as cast
from tests.cast import polls as cast_polls
from tests.cast import watchers
from tests.cast.refusing import refused

from zhengyou.ballots import actions as ballot_actions
from zhengyou.ballots import rules as ballot_rules
from zhengyou.ballots.models import LineKey, PlatformKey
from zhengyou.base.journal import entries_about
from zhengyou.base.time import instant_text
from zhengyou.counting import actions as counting_actions
from zhengyou.counting import queries as counting_queries
from zhengyou.polls import actions as poll_actions
from zhengyou.polls import queries as poll_queries
from zhengyou.polls import rules as poll_rules
from zhengyou.polls.models import Poll, RollEntry, VoterPool
from zhengyou.standings.actions import JUDGE

pytestmark = pytest.mark.django_db(transaction=True)

HOUR = timedelta(hours=1)


@pytest.fixture
def district():
    return cast.small_district(members_a_village=3)


@pytest.fixture
def cycle(district):
    return cast.launched_cycle(district)


@pytest.fixture
def opened(district, cycle):
    return cast_polls.opened_poll(district, cycle, [district.members[:10]])


def extend(poll, district, *, by_days=1, reason="停电", at=cast.NOW):
    return ballot_actions.extend_poll(
        poll=poll, closes_at=cast_polls.CLOSES + timedelta(days=by_days), reason=reason, at=at, by=district.office
    )


def void(poll, district):
    counting_actions.ask_to_void(poll=poll, reason="名册有误", at=cast.NOW, by=district.office)
    return counting_actions.void_poll(poll=poll, at=cast.NOW, by=district.second_office)


def test_extensions_move_the_close_and_stand_in_the_record_which_verifies(opened, district):
    extend(opened, district, by_days=1, reason=" 停电 ")
    extend(opened, district, by_days=3, reason="雪" * 500, at=cast_polls.CLOSES + HOUR)
    cast_polls.vote_all(opened, poll_queries.pools_of(opened)[0], district, lambda voter, line: "good")
    with pytest.raises(poll_rules.PollRefused, match="no early close"):
        counting_actions.ask_to_close(poll=opened, at=cast_polls.AFTER, by=district.office)
    at = cast_polls.CLOSES + timedelta(days=3, minutes=1)
    counting_actions.ask_to_close(poll=opened, at=at, by=district.office)
    closed = counting_actions.close_poll(poll=opened, at=at, by=district.second_office, judge=JUDGE)
    head = json.loads((counting_queries.record_folder(closed) / "record.json").read_bytes())
    assert [(one["reason"], one["closes_at"]) for one in head["extensions"]] == [
        ("停电", instant_text(cast_polls.CLOSES + timedelta(days=1))),
        ("雪" * 500, instant_text(cast_polls.CLOSES + timedelta(days=3))),
    ]
    told = subprocess.run(
        [sys.executable, "-m", "blindballot", "verify", str(counting_queries.record_folder(closed)), "--lang", "en"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 0, told.stdout + told.stderr


def test_after_the_manifests_time_ballots_are_taken_until_the_extended_one(opened, district):
    extend(opened, district)
    person = district.members[0]
    code = ballot_actions.hand_out_poll_codes(poll=opened, people=[person], at=cast.NOW, by=district.office)[person.pk]
    opened.refresh_from_db()
    shown = ballot_actions.show_sheet_keys(
        poll=opened, fingerprint=opened.fingerprint, code=code, at=cast_polls.CLOSES + HOUR
    )
    assert shown["pool"] == "pool-1"
    with pytest.raises(ballot_rules.BallotRefused, match="has closed"):
        ballot_actions.show_sheet_keys(
            poll=opened, fingerprint=opened.fingerprint, code=code, at=cast_polls.CLOSES + timedelta(days=1)
        )


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"by_days": 0}, "can only be extended"),
        ({"by_days": -1}, "can only be extended"),
        ({"reason": "  "}, "Say why"),
        ({"reason": "x" * 501}, "Shorten it to 500"),
        ({"at": cast_polls.CLOSES}, "cannot be extended any more"),
        ({"by_days": 400}, "a year at most"),
    ],
)
def test_extensions_that_cannot_be_are_refused_and_leave_nothing(opened, district, change, sentence):
    with pytest.raises(poll_rules.PollRefused, match=sentence):
        extend(opened, district, **change)
    assert poll_queries.extensions_of([opened]) == {}
    assert Poll.objects.get().closes_at == cast_polls.CLOSES


def test_turnout_is_read_once_an_hour_in_fives_and_written_over(district, cycle):
    opened = cast_polls.opened_poll(district, cycle, [district.members[:10]])
    entries = list(RollEntry.objects.filter(poll=opened).order_by("id"))

    def read(at):
        return [
            (p.turnout_shown, p.turnout_shown_at)
            for p in poll_actions.read_turnout(poll=opened, at=at, by=district.office)
        ]

    def issue(count):
        for entry in entries[:count]:
            cast_boxes.mark_as_issued(opened, entry.person)

    journal = len(entries_about(opened.reference))
    issue(4)
    assert read(cast.NOW) == [(0, cast.NOW)]
    issue(9)
    assert read(cast.NOW + HOUR - timedelta(seconds=1)) == [(0, cast.NOW)]
    assert read(cast.NOW + HOUR) == [(5, cast.NOW + HOUR)]
    assert len(entries_about(opened.reference)) == journal


def test_small_pools_tell_no_turnout_and_the_close_forgets_it(district, cycle):
    opened = cast_polls.opened_poll(district, cycle, [district.members[:7]])
    pools = poll_actions.read_turnout(poll=opened, at=cast.NOW, by=district.office)
    assert [(pool.turnout_shown, pool.turnout_shown_at) for pool in pools] == [(None, cast.NOW)]
    cast_polls.closed_poll(opened, district)
    assert not VoterPool.objects.exclude(turnout_shown_at=None).exists()


def test_a_void_takes_two_people_and_leaves_neither_ballots_nor_keys_nor_a_count(opened, district, settings):
    cast_polls.vote_all(opened, poll_queries.pools_of(opened)[0], district, lambda voter, line: "good")
    with pytest.raises(poll_rules.PollRefused, match="Ask first"):
        counting_actions.void_poll(poll=opened, at=cast.NOW, by=district.second_office)
    with pytest.raises(poll_rules.PollRefused, match="Say why"):
        counting_actions.ask_to_void(poll=opened, reason=" ", at=cast.NOW, by=district.office)
    counting_actions.ask_to_void(poll=opened, reason="名册有误", at=cast.NOW, by=district.office)
    with pytest.raises(poll_rules.PollRefused, match="A second person"):
        counting_actions.void_poll(poll=opened, at=cast.NOW, by=district.office)
    assert cast_boxes.slips_in(opened)
    voided = counting_actions.void_poll(poll=opened, at=cast.NOW, by=district.second_office)
    assert (voided.state, voided.void_reason) == ("voided", "名册有误")
    assert cast_boxes.slips_in(opened) == []
    assert not PlatformKey.objects.exists()
    assert not LineKey.objects.exclude(private_key=None).exists()
    assert not counting_queries.record_folder(voided).exists()
    assert [(pool["size"], pool["issued"]) for pool in counting_queries.turnout_of_void(voided)] == [(10, 10)]
    for deed, slug in (
        (counting_actions.void_poll, "void.not-open"),
        (counting_actions.ask_to_close, "poll.not-open"),
        (partial(counting_actions.close_poll, judge=JUDGE), "poll.not-open"),
        (counting_actions.drop_void, "void.unasked"),
    ):
        with refused(slug):
            deed(poll=voided, at=cast_polls.AFTER, by=district.office)
    last = entries_about(voided.reference)[-1]
    assert (last.deed, last.payload["reason"]) == ("counting.void_poll", "名册有误")
    assert "issued" not in json.dumps(last.payload)


def test_a_ballot_that_arrives_after_the_void_is_refused(opened, district):
    pool, person = poll_queries.pools_of(opened)[0], district.members[9]
    code = ballot_actions.hand_out_poll_codes(poll=opened, people=[person], at=cast.NOW, by=district.office)[person.pk]
    ballot = cast_polls.drawn_ballot(opened, pool, code)
    slips = ballot.cast(cast_polls.marks_for(ballot.manifest, 0, lambda voter, line: "good"))
    body = cast_polls.cast_body(opened, slips)
    voided = void(opened, district)
    for poll in (opened, voided):  # as a request that was on its way sees it, and as a later one does
        with refused("closed"):
            ballot_actions.take_slips(poll=poll, body=body, at=cast.NOW)
    assert cast_boxes.slips_in(opened) == []


def test_a_void_poll_is_held_again_with_the_same_people_under_new_keys(opened, district):
    voided = void(opened, district)
    again = counting_actions.repeat_poll(poll=voided, at=cast_polls.AFTER, by=district.office)
    assert counting_actions.repeat_poll(poll=voided, at=cast_polls.AFTER, by=district.office) == again
    assert (again.state, again.repeats, again.closes_at - again.opens_at) == ("drafted", voided, timedelta(days=7))
    assert poll_queries.rated_organisations(again) == poll_queries.rated_organisations(voided)
    assert poll_queries.people_on_roll(again) == poll_queries.people_on_roll(voided)
    assert [one.person for one in poll_queries.scrutineers_of(again)] == cast.scrutineers(district)
    nonces = set(RollEntry.objects.values_list("nonce", flat=True))
    assert len(nonces) == 20
    while ballot_actions.prepare_keys(poll=again, count=100):
        pass
    with refused("poll.scrutineer-without-keys"):
        ballot_actions.open_poll(poll=again, at=cast_polls.AFTER, by=district.office)
    for row in poll_queries.scrutineers_of(again):
        watchers.answer_test(again, row.person, cast_polls.AFTER)
    reopened = ballot_actions.open_poll(poll=again, at=cast_polls.AFTER, by=district.office)
    old, new = poll_queries.manifest_document(voided), poll_queries.manifest_document(reopened)
    assert old["keys_root"] != new["keys_root"]
    assert old["pools"][0]["roll_root"] != new["pools"][0]["roll_root"]


def test_of_a_closed_poll_only_the_pools_without_a_valid_verdict_are_held_again(district, cycle):
    opened = cast_polls.opened_poll(district, cycle, [district.members[:5], district.members[5:10]])
    cast_polls.vote_all(opened, poll_queries.pools_of(opened)[0], district, lambda voter, line: "good")
    closed = cast_polls.closed_poll(opened, district)
    assert [pool["verdict"] for pool in counting_queries.turnout_of_record(closed)] == ["valid", "below-turnout"]
    again = counting_actions.repeat_poll(poll=closed, at=cast_polls.AFTER, by=district.office)
    assert poll_queries.people_on_roll(again) == district.members[5:10]


def test_a_poll_with_valid_results_is_not_held_again(district, cycle):
    opened = cast_polls.opened_poll(district, cycle, [district.members[:5]])
    with pytest.raises(poll_rules.PollRefused, match="not over"):
        counting_actions.repeat_poll(poll=opened, at=cast.NOW, by=district.office)
    cast_polls.vote_all(opened, poll_queries.pools_of(opened)[0], district, lambda voter, line: "good")
    closed = cast_polls.closed_poll(opened, district)
    with pytest.raises(poll_rules.PollRefused, match="has a valid result"):
        counting_actions.repeat_poll(poll=closed, at=cast_polls.AFTER, by=district.office)

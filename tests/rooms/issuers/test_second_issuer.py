"""Two issuers: what passes between the two houses, from the naming to the count."""

import json
import subprocess
import sys
import threading
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connections
from django.utils import translation
from tests.cast import booth as cast_booth
from tests.cast import boxes as cast_boxes
from tests.cast import district as cast
from tests.cast import issuers as cast_issuers
from tests.cast import watchers

from blindballot.box import issuer_files as documents
from blindballot.format.encoding import canonical
from blindballot.format.keys import acknowledgement_key_from_pem, generate_acknowledgement_key
from blindballot.format.statements import IssuerStatement, read_statement, write_statement
from zhengyou.ballots import actions as ballot_actions
from zhengyou.ballots import queries as ballot_queries
from zhengyou.ballots.models import LineKey
from zhengyou.base.models import JournalEntry
from zhengyou.base.refusals import Refused
from zhengyou.counting import actions as counting_actions
from zhengyou.counting import queries as counting_queries
from zhengyou.identity.rules import ConcernRefused
from zhengyou.issuers import actions as issuer_actions
from zhengyou.issuers import rules as issuer_rules
from zhengyou.issuers.models import IssuerDuty, IssuerLineKey, IssuerRollEntry
from zhengyou.polls import actions as poll_actions
from zhengyou.polls import queries as poll_queries
from zhengyou.polls.models import Poll, VoterPool
from zhengyou.standings.actions import JUDGE
from zhengyou.web.shared import clock

pytestmark = pytest.mark.django_db

GRADES = ("good", "fairly-good", "fair")
MINUTE = timedelta(minutes=1)


@pytest.fixture
def district():
    return cast.small_district(members_a_village=3)


@pytest.fixture
def cycle(district):
    return cast_booth.small_cycle(district)


@pytest.fixture
def people(district):
    return district.members[:6]


@pytest.fixture
def named(district, cycle, people):
    return cast_issuers.named(district, cycle, people)


@pytest.fixture
def both(district, cycle, people):
    return cast_issuers.opened_by_both(district, cycle, people)


def take(poll, pool, reply, district, origin=cast_issuers.OFFICE_SITE):
    return ballot_actions.take_reply(
        poll=poll, pool=pool, reply=reply, origin=origin, at=clock.now(), by=district.office
    )


def take_count(both, statement, district, at):
    return ballot_actions.take_statement(poll=both.poll, pool=both.pool, statement=statement, at=at, by=district.office)


def close(both, district, at):
    counting_actions.ask_to_close(poll=both.poll, at=at, by=district.office)
    return counting_actions.close_poll(poll=both.poll, at=at, by=district.second_office, judge=JUDGE)


def refused(act, sentence, **given):
    with pytest.raises(Refused, match=sentence) as caught:
        act(**given)
    return caught.value


def verify(folder):
    command = [sys.executable, "-m", "blindballot", "verify", str(folder), "--lang", "en"]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def after(both):
    return both.poll.closes_at + MINUTE


# The whole way


def test_a_poll_with_two_issuers_is_counted_with_both_counts_and_verifies(both, district):
    for voter, person in enumerate(both.people[:5]):
        cast_issuers.vote(both, person.number, GRADES[voter % 3])
    half = both.ballot()
    cast_issuers.drawn_from_office(both, half, both.people[5].number)
    statement = cast_issuers.stated(both, after(both))
    take_count(both, statement, district, after(both))
    closed = close(both, district, after(both))
    [pool] = counting_queries.record_counts(closed)["pools"]
    assert pool["issued"] == {"county": 5, "office": 6}
    assert {line["returned"] for line in pool["lines"]} == {5}
    assert pool["verdict"] == "valid"
    told = verify(counting_queries.record_folder(closed))
    assert told.returncode == 0, told.stdout + told.stderr
    [turnout] = counting_queries.turnout_of_record(closed)
    assert (turnout["issued"], turnout["apart"]) == (5, 1)
    assert [row["name"] for row in turnout["issuers"]] == [None, cast_issuers.COUNTY]


def test_the_manifest_lists_both_issuers_and_two_keys_a_line(both):
    [pool] = both.manifest.pools
    assert pool.issuers == ("office", "county")
    assert {len(group) for group in both.keys.keys.values()} == {2}


def test_without_a_second_issuer_nothing_is_asked_of_one(district, cycle, people):
    row = cast_booth.opened_now(district, cycle, [people])
    assert read(row)["pools"][0]["issuers"] == ["office"]
    cast_booth.vote(row, "pool-1", cast_booth.codes_for(row, people[:1])[0], lambda place: "good")
    closed = cast_booth.closed_now(row, district)
    assert counting_queries.record_counts(closed)["pools"][0]["issued"] == {"office": 1}
    assert counting_queries.turnout_of_record(closed)[0]["issuers"] == []


def read(poll):
    return json.loads(poll.manifest)


# Before the opening


def test_a_poll_does_not_open_before_the_second_issuer_has_answered(named, district, people):
    row, pool = named
    refused(ballot_actions.open_poll, "has not answered for Pool 1", poll=row, at=clock.now(), by=district.office)
    _duty, reply = cast_issuers.answered(row, pool, people)
    take(row, pool, reply, district)
    take(row, pool, reply, district)
    assert LineKey.objects.filter(pool=pool, issuer="county").count() == 1
    assert ballot_actions.open_poll(poll=row, at=clock.now(), by=district.office).state == "opened"


def test_a_poll_changed_since_the_reply_wants_a_new_one(named, district, people):
    row, pool = named
    _duty, reply = cast_issuers.answered(row, pool, people)
    take(row, pool, reply, district)
    poll_actions.change_times(
        poll=row, opens_at=row.opens_at, closes_at=row.closes_at + MINUTE, at=clock.now(), by=district.office
    )
    refused(ballot_actions.open_poll, "was changed since", poll=row, at=clock.now(), by=district.office)
    row.refresh_from_db()
    refused(take, "answers an earlier request", poll=row, pool=pool, reply=reply, district=district)
    _duty, second = cast_issuers.answered(row, pool, people)
    take(row, pool, second, district)
    assert IssuerLineKey.objects.count() == 1
    ballot_actions.open_poll(poll=row, at=clock.now(), by=district.office)


@pytest.mark.parametrize(
    ("issuer", "address", "sentence"),
    [
        ("office", "https://a.example", "is the campaign office itself"),
        ("County", "https://a.example", "small letters"),
        ("x" * 41, "https://a.example", "small letters"),
        ("", "https://a.example", "small letters"),
        ("county", "http://a.example", "Write the address as https"),
        ("county", "https://a.example/path", "Write the address as https"),
        ("county", "https://a.example; script-src *", "Write the address as https"),
        ("county", "https://a.example, https://b.example", "Write the address as https"),
        ("county", "javascript:alert(1)", "Write the address as https"),
        ("county", "https://user@a.example", "Write the address as https"),
    ],
)
def test_an_issuer_that_cannot_be_named(district, cycle, people, issuer, address, sentence):
    row = cast_booth.drafted_now(district, cycle, [people])
    [pool] = poll_queries.pools_of(row)
    given = {"issuer": issuer, "address": address, "name": cast_issuers.COUNTY}
    refused(ballot_actions.name_issuer, sentence, poll=row, pool=pool, **given, at=clock.now(), by=district.office)
    assert poll_queries.pools_of(row)[0].issuer == ""


def test_an_issuer_can_be_dismissed_until_the_opening_and_the_office_then_opens_alone(named, district, people):
    row, pool = named
    _duty, reply = cast_issuers.answered(row, pool, people)
    take(row, pool, reply, district)
    ballot_actions.dismiss_issuer(poll=row, pool=pool, at=clock.now(), by=district.office)
    assert not LineKey.objects.filter(issuer="county").exists()
    opened = ballot_actions.open_poll(poll=row, at=clock.now(), by=district.office)
    assert read(opened)["pools"][0]["issuers"] == ["office"]
    refused(
        ballot_actions.dismiss_issuer, "has been opened", poll=opened, pool=pool, at=clock.now(), by=district.office
    )


def test_whoever_is_judged_or_administers_the_judged_has_no_hand_in_it(named, district):
    row, pool = named
    judged = district.secretaries[0]
    given = {"poll": row, "pool": pool, "at": clock.now(), "by": judged}
    for act in (
        lambda: ballot_actions.dismiss_issuer(**given),
        lambda: ballot_actions.take_reply(**given, reply=b"", origin=""),
        lambda: ballot_actions.take_statement(**given, statement=b""),
        lambda: ballot_actions.name_issuer(
            **given, issuer="county", name=cast_issuers.COUNTY, address="https://a.example"
        ),
    ):
        with pytest.raises(ConcernRefused, match="is judged here"):
            act()
    assert poll_queries.pools_of(row)[0].issuer_address == cast_issuers.ADDRESS


def test_a_reply_for_another_poll_pool_site_or_roll_is_refused(named, district, cycle, people):
    row, pool = named
    other, other_pool = cast_issuers.named(district, cycle, people)
    _duty, foreign = cast_issuers.answered(other, other_pool, people)
    refused(take, "is for another appraisal", poll=row, pool=pool, reply=foreign, district=district)
    _duty, reply = cast_issuers.answered(row, pool, people)
    elsewhere = "https://elsewhere.example"
    refused(take, "booth at", poll=row, pool=pool, reply=reply, district=district, origin=elsewhere)
    for broken in (b"", b"{}", reply.replace(b'"size":6', b'"size":7'), reply[:-9], foreign[: len(foreign) // 2]):
        refused(take, "not the reply", poll=row, pool=pool, reply=broken, district=district)
    assert take(row, pool, reply + b"\r\n", district).issuer_key


def test_a_reply_signed_anew_still_has_to_fit(named, district, people):
    """Whoever changes a reply can sign it again with a key of their own; what it says is checked all the same."""
    row, pool = named
    _duty, reply = cast_issuers.answered(row, pool, people)
    asked = documents.read_request(ballot_queries.issuer_request_file(row, pool, cast_issuers.OFFICE_SITE))
    key = generate_acknowledgement_key()
    own = bytes(LineKey.objects.get(issuer="office").modulus)
    [(line, modulus)] = documents.read_reply(reply).moduli.items()
    for size, moduli, sentence in [
        (7, {line: modulus}, "roll has 7 people and the campaign office’s 6"),
        (6, {"u009-1": modulus}, "keys for other lines"),
        (6, {line: own}, "one of the campaign office’s own"),
    ]:
        forged = documents.write_reply(asked, size, moduli, key)
        refused(take, sentence, poll=row, pool=pool, reply=forged, district=district)
    assert not LineKey.objects.filter(issuer="county").exists()


# In the second issuer's house


def test_the_second_issuer_takes_on_only_a_request_and_a_roll_that_fit(named, people):
    row, pool = named
    request = ballot_queries.issuer_request_file(row, pool, cast_issuers.OFFICE_SITE)
    roll, at = cast_issuers.roll_of(people), clock.now()
    for broken in (b"", b"[]", request.replace(b'"pool"', b'"pol"'), request + b"x", request[:40]):
        refused(issuer_actions.take_on_duty, "not the request of a campaign office", request=broken, roll=roll, at=at)
    refused(issuer_actions.take_on_duty, "roll has 5 people and", request=request, roll=roll[:5], at=at)
    refused(issuer_actions.take_on_duty, "At least 5 are needed", request=request, roll=roll[:4], at=at)
    assert IssuerDuty.objects.count() == 0


def test_preparing_again_keeps_the_keys_and_takes_the_new_roll(named, people):
    row, pool = named
    duty, first = cast_issuers.answered(row, pool, people)
    IssuerRollEntry.objects.filter(number=people[0].number).update(name="旧名")
    again, second = cast_issuers.answered(row, pool, people)
    assert (again.pk, first) == (duty.pk, second)
    assert not IssuerRollEntry.objects.filter(name="旧名").exists()
    assert issuer_actions.make_duty_keys(duty=duty, count=0) == (1, 1)


def test_the_second_issuer_opens_only_a_poll_that_carries_its_own_keys(named, district, people):
    row, pool = named
    duty, reply = cast_issuers.answered(row, pool, people)
    take(row, pool, reply, district)
    opened = ballot_actions.open_poll(poll=row, at=clock.now(), by=district.office)
    opening, at = ballot_queries.issuer_opening_file(opened), clock.now()
    own = bytes(IssuerLineKey.objects.get().modulus)
    IssuerLineKey.objects.update(modulus=own[:-1] + bytes([own[-1] ^ 2]))
    refused(issuer_actions.open_duties, "does not carry the keys this issuer made", opening=opening, at=at)
    IssuerLineKey.objects.update(modulus=own)
    for broken in (b"", opening[:-3], opening.replace(b'"size":6', b'"size":7'), opened.manifest.encode()):
        refused(issuer_actions.open_duties, "not the opening|prepared nothing|size or the times", opening=broken, at=at)
    refused(issuer_actions.open_duties, "already passed", opening=opening, at=row.closes_at)
    [done] = issuer_actions.open_duties(opening=opening, at=at)
    assert (done.pk, done.fingerprint) == (duty.pk, opened.fingerprint)
    assert issuer_actions.open_duties(opening=opening, at=at) == [done]
    refused(issuer_actions.make_duty_keys, "already opened the appraisal", duty=done, count=1)


def test_a_poll_that_is_not_what_was_asked_is_not_opened(named, district, people):
    row, pool = named
    _duty, reply = cast_issuers.answered(row, pool, people)
    take(row, pool, reply, district)
    opened = ballot_actions.open_poll(poll=row, at=clock.now(), by=district.office)
    opening = json.loads(ballot_queries.issuer_opening_file(opened))
    at = clock.now()
    lines = opening["manifest"]["lines"]
    for change, sentence in [
        ({"closes_at": "2099-01-01T00:00:00Z"}, "size or the times"),
        ({"pools": [opening["manifest"]["pools"][0] | {"size": 9}]}, "size or the times"),
        ({"lines": [lines[0] | {"unit": "somebody-else"}]}, "sheet of this appraisal is not"),
        ({"pools": [opening["manifest"]["pools"][0] | {"issuers": ["county", "office"]}]}, "prepared nothing"),
    ]:
        forged = canonical(opening | {"manifest": opening["manifest"] | change})
        refused(issuer_actions.open_duties, sentence, opening=forged, at=at)
    other = canonical(opening | {"manifest": opening["manifest"] | {"poll": "00000000-0000-4000-8000-000000000000"}})
    refused(issuer_actions.open_duties, "prepared nothing", opening=other, at=at)
    assert IssuerDuty.objects.get().fingerprint == ""


def test_a_second_manifest_of_the_same_poll_is_not_opened(both):
    opening = json.loads(ballot_queries.issuer_opening_file(both.poll))
    other = canonical(opening | {"manifest": opening["manifest"] | {"title": {"en": "Another"}}})
    refused(issuer_actions.open_duties, "under another manifest", opening=other, at=clock.now())


def test_codes_are_told_once_and_those_already_issued_keep_theirs(both):
    first = both.people[0].number
    ballot = both.ballot()
    cast_issuers.drawn_from_county(both, ballot, first)
    fresh = {entry.number: code for entry, code in issuer_actions.hand_out_duty_codes(duty=both.duty, at=clock.now())}
    assert set(fresh) == {person.number for person in both.people[1:]}
    cast_issuers.drawn_from_county(both, ballot, first)
    stale = cast_issuers.body(both, both.ballot(), "county", both.county_codes[both.people[1].number])
    refused(issue, "not on the second roll", both=both, sent=stale)
    one = issuer_actions.hand_out_duty_codes(duty=both.duty, at=clock.now(), numbers=[both.people[2].number])
    assert [entry.number for entry, _code in one] == [both.people[2].number]
    refused(issuer_actions.hand_out_duty_codes, "Nobody on this roll", duty=both.duty, at=clock.now(), numbers=["none"])
    told = " ".join(map(str, JournalEntry.objects.values_list("payload", flat=True)))
    assert not any(code in told for code in [*both.county_codes.values(), *fresh.values()])


def issue(both, sent, at=None):
    return issuer_actions.issue_second_tokens(
        poll_key=both.poll.key, pool=both.pool.slug, body=sent, at=at or clock.now()
    )


def test_a_replay_at_the_second_issuer_gets_the_same_answer_and_other_serials_none(both):
    code = both.county_codes[both.people[0].number]
    sent = cast_issuers.body(both, both.ballot(), "county", code)
    before = JournalEntry.objects.count()
    assert issue(both, sent) == issue(both, sent)
    other = cast_issuers.body(both, both.ballot(), "county", code)
    assert refused(issue, "already issued", both=both, sent=other).reason == "already-issued"
    assert IssuerRollEntry.objects.filter(is_issued=True).count() == 1
    assert JournalEntry.objects.count() == before
    state = issuer_actions.show_duty_code(
        poll_key=both.poll.key, pool="pool-1", fingerprint=both.poll.fingerprint, code=code, at=clock.now()
    )
    assert state == {"pool": "pool-1", "issued": True}


@pytest.mark.django_db(transaction=True)
def test_two_phones_with_one_code_at_once_get_one_ballot(both):
    """Both ask the second issuer in the same moment: one is signed, the other is told so."""
    code, start, answers = both.county_codes[both.people[0].number], threading.Barrier(2, timeout=20), []

    def ask(sent):
        start.wait()
        try:
            issue(both, sent)
            answers.append("issued")
        except issuer_rules.IssuingRefused as refusal:
            answers.append(refusal.reason)
        finally:
            connections.close_all()

    threads = [
        threading.Thread(target=ask, args=(cast_issuers.body(both, both.ballot(), "county", code),)) for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(answers) == ["already-issued", "issued"]


def test_neither_issuers_code_is_good_at_the_other(both):
    number = both.people[0].number
    mine, theirs = both.office_codes[number], both.county_codes[number]
    refused(issue, "not on the second roll", both=both, sent=cast_issuers.body(both, both.ballot(), "county", mine))
    wrong = cast_issuers.body(both, both.ballot(), "office", theirs)
    refused(ballot_actions.issue_tokens, "not on the roll", poll=both.poll, body=wrong, at=clock.now())


def test_the_second_issuer_keeps_no_time_no_address_and_no_code():
    kinds = {field.name: type(field).__name__ for field in IssuerRollEntry._meta.get_fields()}
    assert kinds == {
        "id": "BigAutoField",
        "duty": "ForeignKey",
        "number": "CharField",
        "name": "CharField",
        "code_digest": "CharField",
        "is_issued": "BooleanField",
        "request_digest": "BinaryField",
    }


def test_the_second_issuer_issues_within_its_time_only(both):
    sent = cast_issuers.body(both, both.ballot(), "county", both.county_codes[both.people[0].number])
    for at, reason in [(both.poll.opens_at - MINUTE, "not-open"), (both.poll.closes_at, "closed")]:
        assert refused(issue, "appraisal has", both=both, sent=sent, at=at).reason == reason
    later = both.poll.closes_at + timedelta(hours=1)
    issuer_actions.extend_duty(duty=both.duty, closes_at=later, at=clock.now())
    issue(both, sent, at=both.poll.closes_at + MINUTE)
    refused(issuer_actions.extend_duty, "must be later", duty=both.duty, closes_at=both.poll.closes_at, at=clock.now())


# The count


def test_no_count_is_stated_or_taken_before_the_close(both, district):
    early = both.poll.closes_at - MINUTE
    refused(issuer_actions.state_count, "after the closing time, not before", duty=both.duty, at=early)
    assert IssuerDuty.objects.get().statement_key is not None
    statement = cast_issuers.stated(both, after(both))
    refused(take_count, "after the closing time", both=both, statement=statement, district=district, at=early)


def test_the_close_waits_for_the_count_and_says_so(both, district):
    for person in both.people:
        cast_issuers.vote(both, person.number, "good")
    counting_actions.ask_to_close(poll=both.poll, at=after(both), by=district.office)
    given = {"poll": both.poll, "at": after(both), "by": district.second_office, "judge": JUDGE}
    refused(counting_actions.close_poll, "waits for the signed count of County issuer", **given)
    with translation.override("zh-hans"):
        refused(counting_actions.close_poll, "县级发票方", **given)
    assert Poll.objects.get().state == "opened"
    assert len(cast_boxes.slips_in(both.poll)) == 6
    assert LineKey.objects.exclude(private_key=None).exists()
    take_count(both, cast_issuers.stated(both, after(both)), district, after(both))
    assert counting_actions.close_poll(**given).state == "closed"


def test_stating_the_count_destroys_the_keys_and_says_the_same_again(both):
    cast_issuers.drawn_from_county(both, both.ballot(), both.people[0].number)
    statement = cast_issuers.stated(both, after(both))
    assert json.loads(statement)["issued"] == 1
    assert not IssuerLineKey.objects.exclude(private_key=None).exists()
    assert IssuerDuty.objects.get().statement_key is None
    assert cast_issuers.stated(both, after(both) + MINUTE) == statement
    sent = cast_issuers.body(both, both.ballot(), "county", both.county_codes[both.people[1].number])
    assert refused(issue, "has closed", both=both, sent=sent).reason == "closed"
    refused(issuer_actions.hand_out_duty_codes, "issues nothing more", duty=both.duty, at=clock.now())


def test_a_count_of_somebody_else_or_another_poll_is_refused(both, district, cycle):
    statement, at = cast_issuers.stated(both, after(both)), after(both)
    forged = write_statement(read_statement(statement, bytes(both.pool.issuer_key)), generate_acknowledgement_key())
    for broken in (b"", forged, statement.replace(b'"issued":0', b'"issued":6'), statement[:-1]):
        refused(take_count, "not the count signed by", both=both, statement=broken, district=district, at=at)
    take_count(both, statement, district, at)
    take_count(both, statement + b"\n", district, at)
    assert poll_queries.pools_of(both.poll)[0].issuer_count == 0
    assert JournalEntry.objects.filter(deed="ballots.take_statement").count() == 1


def test_a_count_above_the_roll_makes_the_pool_void(both, district):
    """A second issuer that issues more than there are people is seen in the verdict."""
    for person in both.people:
        cast_issuers.vote(both, person.number, "good")
    count = IssuerStatement(str(both.poll.key), both.pool.slug, both.pool.issuer, both.poll.fingerprint, 7)
    key = acknowledgement_key_from_pem(bytes(IssuerDuty.objects.get().statement_key), settings.KEY_PASSWORD)
    VoterPool.objects.update(issuer_count=7, issuer_statement=write_statement(count, key).decode())
    closed = close(both, district, after(both))
    assert counting_queries.record_counts(closed)["pools"][0]["verdict"] == "void"
    assert verify(counting_queries.record_folder(closed)).returncode == 0


def test_a_poll_held_again_names_the_same_issuer_and_group_and_waits_for_its_new_keys(district, both):
    VoterPool.objects.filter(pk=both.pool.pk).update(rater_group="members")
    counting_actions.ask_to_void(poll=both.poll, reason="停电", at=clock.now(), by=district.office)
    voided = counting_actions.void_poll(poll=both.poll, at=clock.now(), by=district.second_office)
    again = counting_actions.repeat_poll(poll=voided, at=clock.now(), by=district.office)
    [pool] = poll_queries.pools_of(again)
    assert (pool.issuer, pool.issuer_name, pool.issuer_address) == ("county", cast_issuers.COUNTY, cast_issuers.ADDRESS)
    assert (pool.issuer_key, pool.issuer_request, pool.issuer_count, pool.issuer_statement) == (None, "", None, "")
    assert pool.rater_group == "members"
    assert not LineKey.objects.filter(pool=pool).exists()
    ballot_actions.prepare_keys(poll=again, count=100)
    for row in poll_queries.scrutineers_of(again):
        watchers.answer_test(again, row.person, clock.now())
    refused(ballot_actions.open_poll, "second issuer has not answered", poll=again, at=clock.now(), by=district.office)
    reply = cast_issuers.answered(again, pool, both.people)[1]
    take(again, pool, reply, district)
    assert ballot_actions.open_poll(poll=again, at=clock.now(), by=district.office).state == "opened"

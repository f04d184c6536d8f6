"""Rolls: corrected until the opening and never after it; guests on them, who vote like members and are forgotten."""

import json
from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse
from tests.cast import polls as cast_polls
from tests.cast.district import NOW, launched_cycle, small_district
from tests.cast.keys import give_keys
from tests.cast.refusing import refused

from zhengyou import jobs
from zhengyou.ballots import actions as ballot_actions
from zhengyou.ballots import queries as ballot_queries
from zhengyou.base.models import JournalEntry
from zhengyou.boxes import queries as box_queries
from zhengyou.counting import actions as counting
from zhengyou.counting import queries as records
from zhengyou.identity.models import Account
from zhengyou.organisations import actions as organisations
from zhengyou.polls import actions as poll_actions
from zhengyou.polls import queries as poll_queries
from zhengyou.polls.models import Guest, RollEntry, VoterPool
from zhengyou.polls.rules import Invited
from zhengyou.rolls import actions, queries

pytestmark = pytest.mark.django_db(transaction=True)
PATIENTS = [Invited(f"患者{n}", f"住院部{n}床") for n in range(1, 7)]
NAMES = {"zh-hans": "群众代表", "en": "Guests"}


@pytest.fixture
def district():
    return small_district(members_a_village=3)


@pytest.fixture
def drafted(district):
    return cast_polls.planned_poll(district, launched_cycle(district), [district.members[:6]])


@pytest.fixture
def pool(drafted):
    return poll_queries.pools_of(drafted)[0]


def with_guests(drafted, district):
    return poll_actions.add_pool(
        poll=drafted, name=NAMES, people=[], guests=PATIENTS, rater_group="public", at=NOW, by=district.office
    )


def names_on(pool):
    return {line.name for line in queries.lines_of(pool)}


def test_one_is_put_on_and_one_taken_off_and_both_are_undone(drafted, pool, district):
    before, new, old = names_on(pool), district.members[7], district.members[0]
    acting = {"at": NOW, "by": district.office}
    put = actions.put_on_roll(pool=pool, who=new, reason="漏掉", **acting)
    entry = queries.entry_of_person(drafted, old)
    off = actions.take_off_roll(entry=entry, reason="长期患病", **acting)
    assert names_on(pool) == before - {old.name} | {new.name}
    said = json.dumps(list(JournalEntry.objects.values_list("payload", flat=True)), ensure_ascii=False)
    assert "长期患病" not in said, "what ails somebody is no matter of the journal, which never forgets"
    for change in (put, off):
        actions.undo_roll_change(change=change, **acting)
    assert names_on(pool) == before
    with refused("roll.undone-already"):
        actions.undo_roll_change(change=off, **acting)


def test_nobody_is_on_two_rolls_nor_on_one_after_they_left(drafted, pool, district):
    acting = {"reason": "漏掉", "at": NOW, "by": district.office}
    with refused("roll.there-already"):
        actions.put_on_roll(pool=pool, who=district.members[0], **acting)
    gone = district.members[8]
    gone.left_on = NOW.date()
    with refused("roll.person-left"):
        actions.put_on_roll(pool=pool, who=gone, **acting)
    with refused("rollchange.reason-missing"):
        actions.put_on_roll(pool=pool, who=district.members[7], **(acting | {"reason": " "}))


def test_five_stay_on_every_roll(drafted, pool, district):
    acting = {"reason": "出国", "at": NOW, "by": district.office}
    actions.take_off_roll(entry=queries.entry_of_person(drafted, district.members[0]), **acting)
    with refused("roll.too-few-left"):
        actions.take_off_roll(entry=queries.entry_of_person(drafted, district.members[1]), **acting)


def test_after_the_opening_a_roll_never_changes(drafted, pool, district):
    acting = {"at": NOW, "by": district.office}
    change = actions.put_on_roll(pool=pool, who=district.members[7], reason="漏掉", **acting)
    give_keys(drafted)
    opened = ballot_actions.open_poll(poll=drafted, **acting)
    for attempt in (
        lambda: actions.put_on_roll(pool=pool, who=district.members[8], reason="漏掉", **acting),
        lambda: actions.put_on_roll(pool=pool, who=Invited("某", "某处"), reason="漏掉", **acting),
        lambda: actions.take_off_roll(entry=queries.entry_of_person(opened, district.members[0]), reason="x", **acting),
        lambda: actions.undo_roll_change(change=change, **acting),
    ):
        with refused("roll.opened"):
            attempt()
    assert RollEntry.objects.filter(pool=pool).count() == 7


@pytest.mark.parametrize(
    ("rows", "slug"),
    [
        ([*PATIENTS, Invited("患者 1", "住院部1床")], "guest.twice"),
        ([*PATIENTS[:5], Invited("患者9", "")], "guest.incomplete"),
        ([*PATIENTS[:5], Invited("患者9", "110101199003078515")], "guest.id-number"),
        ([*PATIENTS[:5], Invited("长" * 81, "一床")], "guest.too-long"),
        (PATIENTS[:4], "pool.too-small"),
    ],
)
def test_a_list_of_guests_that_cannot_be_leaves_nothing_behind(drafted, district, rows, slug):
    with refused(slug):
        poll_actions.add_pool(poll=drafted, name=NAMES, people=[], guests=rows, at=NOW, by=district.office)
    assert not Guest.objects.exists()
    assert VoterPool.objects.count() == 1


def test_guests_vote_like_members_and_neither_record_nor_box_knows_the_difference(drafted, district):
    guests = with_guests(drafted, district)
    give_keys(drafted)
    opened = ballot_actions.open_poll(poll=drafted, at=NOW, by=district.office)
    manifest, keys = ballot_queries.open_manifest_and_keys(opened.pk, opened.fingerprint)
    made = {line.pk: f"AAAA-BBBB-CCC{n}" for n, line in enumerate(queries.lines_of(guests))}
    ballot_actions.replace_poll_codes(poll=opened, made=made, at=NOW, by=district.office)
    for voter, code in enumerate(made.values()):
        ballot = cast_polls.Ballot.begin(manifest, keys, guests.slug)
        body = cast_polls.issue_body(opened, ballot, code)
        answer = ballot_actions.issue_tokens(poll=opened, body=body, at=NOW)
        ballot.accept("office", {line: cast_polls.unb64(one) for line, one in answer["signatures"].items()})
        marks = cast_polls.marks_for(manifest, voter, lambda voter, place: ["good", "fair"][voter % 2])
        ballot_actions.take_slips(poll=opened, body=cast_polls.cast_body(opened, ballot.cast(marks)), at=NOW)
    entry = RollEntry.objects.get(pk=min(made))
    assert ballot_queries.kept_entry(entry)  # the roll that was announced holds them
    documents = [opened.manifest, *map(str, box_queries.every_slip(opened.key))]
    assert not [one for one in PATIENTS if any(one.name in text or one.contact in text for text in documents)]
    closed = cast_polls.closed_poll(opened, district)
    assert VoterPool.objects.get(pk=guests.pk).verdict == "valid"
    written = records.record_folder(closed)
    text = b"".join(path.read_bytes() for path in sorted(written.iterdir()) if path.is_file())
    assert not [one for one in PATIENTS if one.name.encode() in text or one.contact.encode() in text]
    assert b"guest-" not in text


def test_a_lost_code_is_replaced_for_one_and_the_others_stay(drafted, district):
    guests = with_guests(drafted, district)
    give_keys(drafted)
    opened = ballot_actions.open_poll(poll=drafted, at=NOW, by=district.office)
    first, second, *_others = queries.lines_of(guests)
    acting = {"poll": opened, "at": NOW, "by": district.office}
    ballot_actions.replace_poll_codes(made={first.pk: "AAAA-AAAA-AAAA", second.pk: "BBBB-BBBB-BBBB"}, **acting)
    ballot_actions.replace_poll_codes(made={first.pk: "CCCC-CCCC-CCCC"}, **acting)
    holders = [
        ballot_queries.roll_entry_with_code(opened, code) for code in ("AAAAAAAAAAAA", "BBBBBBBBBBBB", "CCCCCCCCCCCC")
    ]
    assert [holder and holder.pk for holder in holders] == [None, second.pk, first.pk]
    assert ballot_queries.refusal_of(opened, "AAAA-AAAA-AAAA").reason == "code-replaced"


def test_guests_are_forgotten_two_weeks_after_the_end_by_the_worker_and_nowhere_found(drafted, district):
    guests = with_guests(drafted, district)
    acting = {"at": NOW, "by": district.office}
    actions.put_on_roll(pool=guests, who=Invited("患者甲", "门诊七号"), reason="患者甲漏掉", **acting)
    give_keys(drafted)
    opened = ballot_actions.open_poll(poll=drafted, **acting)
    counting.ask_to_void(poll=opened, reason="试", **acting)
    over = counting.void_poll(poll=opened, at=NOW, by=district.second_office)
    jobs.forget(at=NOW + timedelta(days=13))
    assert found_in_house("住院部3床") == {"zhengyou_guest"}
    assert found_in_house("患者甲") == {"zhengyou_guest", "zhengyou_rollchange"}
    jobs.forget(at=NOW + timedelta(days=15))
    assert found_in_house("住院部") | found_in_house("患者") == set()
    assert [line.number for line in queries.lines_of(guests)] == [f"guest-000{n}" for n in range(1, 8)]
    jobs.forget(at=NOW + timedelta(days=16))
    again = counting.repeat_poll(poll=over, at=NOW + timedelta(days=20), by=district.office)
    assert [poll_queries.pool_sizes(again).get(pool.pk, (0, 0))[0] for pool in poll_queries.pools_of(again)] == [6, 0]


def found_in_house(text):
    """The tables of the house in whose rows the text stands."""
    found = set()
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT count(*) FROM "{table}" AS kept WHERE kept::text LIKE %s', [f"%{text}%"])
            if cursor.fetchone()[0]:
                found.add(table)
    return found


def test_two_polls_of_a_cycle_whose_guests_differ_by_one_are_refused(drafted, district):
    with_guests(drafted, district)
    give_keys(drafted)
    ballot_actions.open_poll(poll=drafted, at=NOW, by=district.office)
    other = cast_polls.planned_poll(district, drafted.cycle, [])
    rows = [*PATIENTS[:5], Invited("患者 八", "门诊")]
    poll_actions.add_pool(poll=other, name=NAMES, people=[], guests=rows, at=NOW, by=district.office)
    give_keys(other)
    with refused("poll.groups-too-alike"):
        ballot_actions.open_poll(poll=other, at=NOW, by=district.office)


def test_who_is_rated_corrects_no_roll(drafted, pool, district):
    organisations.appoint(
        person=district.second_office,
        organisation=district.villages[0],
        role="secretary",
        title="",
        from_on=NOW.date(),
        at=NOW,
        by=None,
    )
    with refused("person.is-concerned"):
        actions.put_on_roll(pool=pool, who=district.members[7], reason="漏", at=NOW, by=district.second_office)


def test_a_guest_called_like_somebody_of_the_roster_is_asked_about_once(client, drafted, pool, district):
    """A member among the guests would vote twice."""
    member = district.members[8]
    twin, acting = Invited(member.name, "住院部9床"), {"reason": "漏掉", "at": NOW, "by": district.office}
    with refused("roll.namesake"):
        actions.put_on_roll(pool=pool, who=twin, **acting)
    assert not Guest.objects.exists()
    client.force_login(Account.objects.get(person=district.office))
    address = reverse("office-roll-invite", args=[drafted.key, pool.slug])
    sent = {"name": twin.name, "contact": twin.contact, "reason": "漏掉"}
    asked = client.post(address, sent).content.decode()
    assert member.organisation.name in asked
    assert 'type="checkbox" name="is_another"' in asked
    assert client.post(address, sent | {"is_another": "on"}).status_code == 302
    pasted = {"name_zh": "患者", "guests": "\n".join([f"{member.name},1床", *(f"患者{n},{n}床" for n in range(2, 8))])}
    page = client.post(reverse("office-poll", args=[drafted.key]), pasted, follow=True, HTTP_ACCEPT_LANGUAGE="en")
    assert f"The list of people has: {member.name} ({member.organisation.name})" in page.content.decode()

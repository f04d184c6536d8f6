"""Attacks on reporters and their cases, each shown to find something first: what the target sees while its reporter does what is for
nobody else, codes that a clerk of the target has seen, words that name a person's misconduct.
"""

import re
import uuid

import pytest
from django.urls import reverse
from tests.cast.cases import released, two_readers
from tests.cast.district import launched_cycle, small_district
from tests.cast.hunting import found, pages_by_links
from tests.cast.opening import through_the_button
from tests.cast.refusing import refused
from tests.cast.writing import filled
from tests.rooms.cases import test_cases as cases
from tests.rooms.cases.test_cases import DAY, WORDS
from tests.web.test_case_pages import (
    ENGLISH,
    NOW,
    assigned,
    noon,
    opened,
    received,
    signed_in,
    text_of,
)

from zhengyou.base.models import PublicEntry
from zhengyou.base.time import working_days_after
from zhengyou.cases import actions, effects, guarding, pausing, queries, reader_queries, reporting
from zhengyou.cases.models import Case

LOOKED_AT = ("ETag", "Last-Modified", "Content-Length")


@pytest.fixture
def district(db):
    return small_district(at=noon(70))


@pytest.fixture
def cycle(district):
    return launched_cycle(district, at=noon(60))


@pytest.fixture
def village(district):
    return district.villages[0]


def seen(client, rows):
    """What somebody can compare of a case from day to day: pages, lists, files, entries and their headers, without what is drawn by lot."""
    made = {}
    addresses = [
        reverse("public-cases"),
        reverse("public-cases") + "?as=csv",
        reverse("public-entries"),
        reverse("public-case-figures"),
    ]
    addresses += [reverse(name, args=[row.year, row.number]) for row in rows for name in ("public-case", "desk-case")]
    addresses += [reverse("desk-cases"), reverse("desk-cases") + "?as=csv", reverse("desk-home")]
    for address in addresses:
        answer = client.get(address, **ENGLISH)
        body = (b"".join(answer) if answer.streaming else answer.content).decode("utf-8-sig")
        body = re.sub(r'(?:csrfmiddlewaretoken|nonce)[^>]*>|nonce="[^"]*"', "", body)
        made[address] = (answer.status_code, body, *(answer.get(name) for name in LOOKED_AT if "csrf" not in body))
    return made


def test_attack_nothing_that_the_target_sees_moves_when_its_reporter_writes_blacks_out_or_changes_the_code(
    cycle, village, district
):
    rows = [assigned(district, village, words=f"{WORDS}{n}", contact="0745-1", may_show=True) for n in range(3)]
    desk = signed_in(district.secretaries[0])
    seen(desk, rows)  # its own reading is told to the reporter, once
    before = seen(desk, rows)
    row = rows[1]
    reporting.write_as_reporter(case=row, words="我是王德福。", at=NOW)
    reporting.black_out(case=row, public_words=row.words.replace("四", "█"), may_show=True, at=NOW)
    reporting.take_back_contact(case=row, at=NOW)
    reporting.change_code(case=row, at=NOW)
    actions.write_message(case=row, words="收到。", at=NOW, by=district.office, as_office=True)
    after = seen(desk, rows)
    assert {address for address in before if before[address] != after[address]} == set()
    until = working_days_after(NOW.date(), 3)
    paused = {"why": "delivery", "words": "等材料", "until_on": until}
    pausing.pause_clock(case=row, **paused, at=NOW, by=district.office)
    moved = seen(desk, rows)  # what is public does move: the comparison finds something
    assert reverse("public-case", args=[row.year, row.number]) in {one for one in before if before[one] != moved[one]}


def test_attack_no_public_entry_counts_the_messages_between_reporter_and_office(cycle, village, district):
    """The number of a step would: those of messages lie between the public ones."""
    documents = []
    for messages in (0, 3):
        row = assigned(district, village)
        for n in range(messages):
            reporting.write_as_reporter(case=row, words=f"第{n}次", at=NOW)
        row = actions.say_fixed(case=row, says="已给赵春花办好。", at=NOW, by=district.secretaries[0])
        number = queries.steps_of(row)[-1].number
        signed_in(district.office).post(
            reverse("office-case-hide", args=[row.pk, number]), {"why": "names", "sure": "on"}
        )
        told = PublicEntry.objects.filter(what="cases.hide_words").order_by("-number")[0].document
        documents.append(re.sub(r'"case":\[\d+,\d+\]', "", told))
    assert documents[0] == documents[1]


def test_attack_a_clerk_of_the_target_keeps_the_code_of_a_slip_and_closes_the_case_as_its_reporter(
    client, cycle, village, district
):
    clerk = district.secretaries[0]
    taken = actions.receive_case(
        kind="delay", unit=village, words="等了三天", contact="", source="counter", witness="甲乙", ticket=uuid.uuid4(),
        at=NOW - DAY, by=district.secretaries[1],  # written down elsewhere, and the target saw the slip
    )  # fmt: skip
    kept_page, kept_word = opened(client, taken.code)  # the clerk tries the code: it opens
    assert "Somebody else has seen my code" in kept_page
    changed = client.post(reverse("public-case-own"), {"opened": kept_word, "act": "code"}, **ENGLISH)
    assert "Who read it" in through_the_button(client, changed)
    answer = changed.content.decode()
    fresh = re.search(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}", answer.partition("<main")[2])[0]
    assert fresh != taken.code
    row = actions.assign_case(case=taken.case, to=village, target_text="请查。", at=NOW, by=district.office)
    row = actions.say_fixed(case=row, says="好了。", at=NOW, by=clerk)
    said = {"opened": kept_word, "act": "verdict", "verdict": "solved", "goes_on": "no"}
    client.post(reverse("public-case-own"), said, **ENGLISH)
    row.refresh_from_db()
    assert (row.state, row.verdict) == ("fixed", "")
    assert "Is this your report" not in opened_or_not(client, taken.code)
    _page, word = opened(client, fresh)
    client.post(reverse("public-case-own"), said | {"opened": word}, **ENGLISH)
    effects.settle(at=NOW + DAY)
    row.refresh_from_db()
    assert (row.state, row.verdict) == ("closed", "solved")


def opened_or_not(client, code):
    page = client.post(reverse("public-case-own"), filled("cases", code=code), **ENGLISH).content.decode()
    assert 'name="opened"' not in page
    return page


def test_attack_a_form_sent_again_after_the_code_was_changed_is_still_one_case(cycle, village):
    ticket = uuid.uuid4()
    taken = received(village, ticket=ticket)
    reporting.change_code(case=taken.case, at=NOW)
    assert received(village, ticket=ticket).case == taken.case
    assert Case.objects.count() == 1


def test_refusal_13_a_reporters_words_that_name_a_person_are_asked_about_before_everybody_reads_them(
    client, cycle, village, district
):
    row = received(village, kind="other", words="村民王德福反映，刘建国主任收钱。", may_show=True).case
    office = signed_in(district.office)
    address = reverse("office-case-act", args=[row.pk, "assign"])
    sent = {"to": village.code, "target_text": "请查。", "shows": "on"}
    page = office.post(address, sent, **ENGLISH).content.decode()
    assert "This seems to name somebody" in page
    row.refresh_from_db()
    assert row.state == "received"
    office.post(address, {"to": village.code, "target_text": "请查。", "stays": "on"})
    row.refresh_from_db()
    assert "刘建国" not in text_of(client, "public-case", row.year, row.number)


def test_attack_no_login_but_those_of_the_two_comes_by_links_to_what_goes_around(client, cycle, village, district):
    """Words, contact, place and id of misconduct, hunted on every page that somebody reaches by links; the readers find them."""
    secrets = ["收了红包三千元", "0745-9988", "村委会二楼西"]
    given = {"words": secrets[0], "contact": secrets[1], "place": secrets[2]}
    row = received(village, kind="misconduct", **given).case
    first, _second = two_readers(district, at=NOW)
    guarding.note_readings(cases=[row], at=NOW, by=first)
    guarding.write_guarded_message(case=row, words="收到。", at=NOW, by=first)
    reporting.write_as_reporter(case=row, words="他还在收。", at=NOW)
    hunted, own = [*secrets, str(row.pk), "他还在收"], reverse("desk-guarded-case", args=[row.pk])
    reader = {secret for _address, secret in found(pages_by_links(signed_in(first), own, 1), hunted)}
    assert reader >= {*secrets, "他还在收"}
    for person in (
        district.office,
        district.second_office,
        district.leader,
        district.town_secretary,
        district.secretaries[0],
    ):
        start = "office-home" if person in (district.office, district.second_office) else "desk-home"
        assert found(pages_by_links(signed_in(person), reverse(start), 20), hunted) == set(), person.name
    assert found(pages_by_links(client, "/", 20), hunted) == set()
    released(reader_queries.readers_named(district.root)[0], district, at=NOW)
    assert signed_in(first).get(reverse("desk-guarded")).status_code == 404


def test_attack_a_pause_is_forged_by_nobody_of_the_unit_nor_right_above_it(cycle, village, district):
    row = assigned(district, village)
    for person in (district.secretaries[0], district.town_secretary, district.leader):
        page = signed_in(person).post(reverse("office-case-act", args=[row.pk, "pause"]), {"why": "等"})
        assert page.status_code in (403, 404)
    row.refresh_from_db()
    assert (row.paused_until, row.pauses) == (None, 0)


def test_attack_the_unit_looks_every_hour_and_learns_no_hour_of_a_verdict_a_reopening_or_a_denied_call(
    cycle, village, district
):
    """The list of all that the unit can compare is the same after its reporter spoke; at the turn of the day it moves, once."""
    first, second, third = rows = [
        assigned(district, village, words=f"{WORDS}{n}", contact="0745-1234567") for n in range(3)
    ]
    first = actions.say_fixed(case=first, says="好了。", at=NOW, by=district.secretaries[0])
    second = actions.say_fixed(case=second, says="好了。", at=NOW - 2 * DAY, by=district.secretaries[0])
    reporting.give_verdict(case=second, verdict="partly", goes_on=False, at=NOW - 2 * DAY)
    pausing.call_back(case=third, words="说了。", at=NOW, by=district.office)
    effects.settle(at=NOW)
    desk = signed_in(district.secretaries[0])
    seen(desk, rows)
    before = seen(desk, rows)
    said = reporting.give_verdict(case=first, verdict="not_solved", goes_on=True, at=NOW)
    again = reporting.reopen_case(case=second, words="又坏了。", at=NOW)
    pausing.deny_call(case=third, at=NOW)
    assert (said.state, said.verdict, again.state) == ("assigned", "not_solved", "assigned"), (
        "its reporter sees it at once"
    )
    assert effects.settle(at=NOW) == 0
    assert seen(desk, rows) == before
    page = text_of(signed_in(district.office), "office-case", first.pk)
    assert "The reporter says: It has not been put right" in page
    assert "see it when the day is over" in page
    assert effects.settle(at=NOW + DAY) == 3
    assert effects.settle(at=NOW + DAY) == 0
    after = seen(desk, rows)
    assert {one for one in before if after[one] != before[one]} >= {
        reverse(name, args=[row.year, row.number]) for name in ("public-case", "desk-case") for row in (first, second)
    }
    assert "The reporter says: It has not been put right" in text_of(desk, "desk-case", first.year, first.number)


def test_what_is_done_before_the_worker_looks_finds_the_case_as_its_reporter_left_it(cycle, village, district):
    row = assigned(district, village)
    row = actions.say_fixed(case=row, says="好了。", at=NOW, by=district.secretaries[0])
    reporting.give_verdict(case=row, verdict="not_solved", goes_on=True, at=NOW)
    with refused("case.other-state"):
        actions.say_fixed(case=row, says="又好了。", at=NOW, by=district.secretaries[0])
    row = actions.say_fixed(case=row, says="又好了。", at=NOW + DAY, by=district.secretaries[0])
    assert (row.state, row.reopened, row.verdict, row.said_on) == ("fixed", 1, "not_solved", None)


def test_attack_nobody_closes_a_silent_case_over_the_head_of_a_reporter_who_spoke_today(cycle, village, district):
    row = cases.assigned(district, village, at=noon(50))
    row = actions.say_fixed(case=row, says="好了。", at=noon(45), by=district.secretaries[0])
    assert queries.is_silent(row, NOW.date())
    reporting.give_verdict(case=row, verdict="not_solved", goes_on=True, at=NOW)
    assert not queries.is_silent(row, NOW.date())
    with refused("case.reporter-spoke"):
        actions.close_silent(case=row, at=NOW, by=district.office)


def test_attack_what_was_found_to_be_grave_after_the_giving_is_hunted_by_everybody(cycle, village, district, client):
    """Its readers find the reason and the words; the unit, another unit, the level above, the office and everybody find neither."""
    first, _second = two_readers(district, at=NOW)
    secret, why = "会计老陈收了三千块才给盖章", "说的是收钱"
    row = assigned(district, village, words=secret)
    address = reverse("public-case", args=[row.year, row.number])
    assert client.get(address).status_code == 200
    row = actions.change_kind(case=row, kind="misconduct", words=why, at=NOW, by=district.office)
    hunted = [secret, why]
    page = text_of(signed_in(first), "desk-guarded-case", row.pk)
    assert all(words in page for words in hunted), "they are there to be found"
    assert "What its unit has read" in page
    for person, start in (
        (district.secretaries[0], "desk-home"),
        (district.secretaries[1], "desk-home"),
        (district.town_secretary, "desk-home"),
        (district.second_office, "office-home"),
    ):
        assert found(pages_by_links(signed_in(person), reverse(start), 15), hunted) == set(), person.name
    assert found(pages_by_links(client, "/", 15), hunted) == set()
    assert client.get(address).status_code == 404
    assert "No. 1 of" not in text_of(client, "public-cases")

"""Paper forms after the closing time: counted, keyed by two apart, compared, signed by both, in one record with the phones."""

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections
from tests.cast import booth as cast_booth
from tests.cast import boxes as cast_boxes
from tests.cast import district as cast
from tests.cast import paper as cast_paper
from tests.cast import polls as cast_polls
from tests.cast import watchers
from tests.cast.polls import AFTER
from tests.cast.refusing import refused

from blindballot.format.lines import read_cancelled_line
from blindballot.format.record import BOARD, CANCELLED
from zhengyou.ballots import actions as ballot_actions
from zhengyou.base.models import JournalEntry
from zhengyou.base.refusals import Refused
from zhengyou.counting import actions as counting_actions
from zhengyou.counting import queries as counting_queries
from zhengyou.identity.rules import RoleRefused
from zhengyou.paper import actions as paper_actions
from zhengyou.paper import queries as paper_queries
from zhengyou.paper.models import PaperBatch
from zhengyou.paper.rules import PaperRefused
from zhengyou.polls import queries as poll_queries
from zhengyou.polls import rules as poll_rules

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def district():
    return cast.small_district(members_a_village=3)


@pytest.fixture
def opened(district):
    return cast_polls.opened_poll(district, cast_booth.small_cycle(district), [district.members[:7]])


@pytest.fixture
def watching(district):
    return cast_paper.scrutineer(district)


@pytest.fixture
def printing(opened, district, watching):
    """Five people on paper, one spare sheet cancelled."""
    return cast_paper.settled(opened, district, watching, people=5, spare=1)


def key(printing, sheet, line, entry, by, at=AFTER):
    slip = printing.voters[sheet].slips[line]
    entries = None if entry is None else [entry] * 2
    return paper_actions.key_form(batch=printing.batch, scanned=slip.key, entries=entries, at=at, by=by)


def differences(printing):
    return paper_queries.paper_differences(PaperBatch.objects.get(pk=printing.batch.pk))


def test_forms_are_keyed_after_the_closing_time_by_office_or_scrutineers_without_a_tie(
    opened, printing, district, watching
):
    with pytest.raises(PaperRefused, match="after the closing time"):
        cast_paper.counted(printing, district.office, at=cast.NOW)
    with pytest.raises(PaperRefused, match="Count the forms of this batch by hand first"):
        key(printing, 0, 0, "1", district.office)
    with pytest.raises(PaperRefused, match="office or by scrutineers"):
        cast_paper.counted(printing, district.members[-1])
    with pytest.raises(PaperRefused, match="office or by scrutineers"):
        cast_paper.counted(printing, district.leader)
    tied = cast_paper.scrutineer(district, number="W0002")
    tied.organisation = district.villages[1]
    tied.save()
    with refused("person.is-concerned"):
        cast_paper.counted(printing, tied)
    with pytest.raises(PaperRefused, match="there cannot be 11 forms"):
        cast_paper.counted(printing, watching, forms=11)
    with pytest.raises(PaperRefused, match="below nothing"):
        cast_paper.counted(printing, watching, forms=-1)
    assert cast_paper.counted(printing, watching).forms == 10


def test_a_batch_whose_draw_is_not_settled_is_not_keyed(opened, district, watching):
    printing = cast_paper.printed(opened, district, watching)
    with pytest.raises(PaperRefused, match="First settle the draw"):
        cast_paper.counted(printing, district.office)
    with pytest.raises(poll_rules.PollRefused, match="Batch 1 of the paper ballots is still open"):
        counting_actions.ask_to_close(poll=opened, at=AFTER, by=district.office)


def test_a_slip_is_keyed_from_its_address_or_its_letters_and_others_are_refused(opened, printing, district, watching):
    cast_paper.counted(printing, district.office)
    slips = printing.voters[0].slips
    address = f"https://example.test/booth/{opened.key}/#m={opened.fingerprint}&s={slips[0].key}"
    deed = {"batch": printing.batch, "at": AFTER, "by": district.office}
    assert paper_actions.find_slip(scanned=address, **deed).number == slips[0].number
    assert paper_actions.key_form(scanned=address, entries=["1", "2"], **deed).number == slips[0].number
    typed = slips[1].key.replace("-", " ").lower()
    assert paper_actions.key_form(scanned=typed, entries=["0", "5"], **deed).number == slips[1].number
    for again in (address, slips[0].key):
        with pytest.raises(PaperRefused, match="A copy does not count twice"):
            paper_actions.key_form(scanned=again, entries=["1", "1"], **deed)
    wrong = slips[0].key[:-1] + ("0" if slips[0].key[-1] != "0" else "1")
    refused = {
        "all its 28 letters": "hello",
        "A letter of this code is wrong": wrong,
        "another appraisal": address.replace(opened.fingerprint, "0" * 64),
        "has been cancelled": printing.undrawn[0].slips[0].key,
    }
    for sentence, scanned in refused.items():
        with pytest.raises(PaperRefused, match=sentence):
            paper_actions.key_form(scanned=scanned, entries=["1", "1"], **deed)
    for entries in (["1"], ["6", "1"], ["", "1"], ["x", "1"]):
        with pytest.raises(PaperRefused, match="a figure from 0 to 5"):
            paper_actions.key_form(scanned=printing.voters[1].slips[0].key, entries=entries, **deed)
    assert paper_queries.keyed_counts(printing.batch) == (2, 0)


def test_two_people_key_and_a_third_cannot(printing, district, watching):
    cast_paper.counted(printing, district.office, forms=1)
    key(printing, 0, 0, "1", district.office)
    key(printing, 0, 0, "1", watching)
    with pytest.raises(PaperRefused, match="Two other people key this batch"):
        key(printing, 0, 0, "1", district.second_office)
    with pytest.raises(PaperRefused, match="all 1 forms of the hand count"):
        key(printing, 1, 0, "1", watching)
    batch = paper_actions.restart_keying(batch=printing.batch, keying=2, at=AFTER, by=district.office)
    assert (batch.second_keyer, paper_queries.keyed_counts(batch)) == (None, (1, 0))
    key(printing, 0, 0, "1", district.second_office)
    assert paper_queries.keyed_counts(batch) == (1, 1)
    with pytest.raises(RoleRefused, match="Only the two people who keyed"):
        paper_actions.sign_batch(batch=batch, at=AFTER, by=watching)


def test_a_batch_that_does_not_add_up_stays_open_with_a_sentence(opened, printing, district, watching):
    cast_paper.counted(printing, district.office, forms=3)
    for sheet in range(3):
        key(printing, sheet, 0, "2", district.office)
    for sheet in range(2):
        key(printing, sheet, 0, "2", watching)
    with pytest.raises(PaperRefused, match="says 3 forms; the first person keyed 3, the second 2"):
        paper_actions.sign_batch(batch=printing.batch, at=AFTER, by=district.office)
    for deed in (
        lambda: counting_actions.ask_to_close(poll=opened, at=AFTER, by=district.office),
        lambda: cast_polls.closed_poll(opened, district),
    ):
        with pytest.raises(poll_rules.PollRefused, match="still open"):
            deed()
    cast_paper.counted(printing, watching, forms=2)
    with pytest.raises(PaperRefused, match="says 2 forms; the first person keyed 3, the second 2"):
        paper_actions.sign_batch(batch=printing.batch, at=AFTER, by=district.office)
    number = printing.voters[2].slips[0].number
    paper_actions.take_back_form(batch=printing.batch, number=number, at=AFTER, by=district.office)
    batch = cast_paper.signed(printing, [district.office, watching])
    assert batch.reconciled_at == AFTER
    assert len(cast_boxes.slips_in(printing.batch.pool.poll)) == 2
    with pytest.raises(PaperRefused, match="signed by both"):
        key(printing, 2, 0, "2", watching)


def test_differences_are_told_by_number_and_item_only_when_both_are_done_and_both_look_again(
    printing, district, watching
):
    cast_paper.counted(printing, district.office, forms=2)
    key(printing, 0, 0, "1", district.office)
    key(printing, 1, 0, "1", district.office)
    key(printing, 0, 0, "1", watching)
    assert differences(printing) == []
    slip = printing.voters[1].slips[0]
    paper_actions.key_form(batch=printing.batch, scanned=slip.key, entries=["1", "4"], at=AFTER, by=watching)
    [difference] = differences(printing)
    criteria = poll_queries.sheet_lines(printing.batch.pool.poll)[0]["criteria"]
    assert (difference.number, difference.criteria, difference.keyed_by) == (slip.number, (criteria[1],), (True, True))
    with pytest.raises(PaperRefused, match="differ in 1 forms"):
        paper_actions.sign_batch(batch=printing.batch, at=AFTER, by=watching)
    with pytest.raises(PaperRefused, match="A copy does not count twice"):
        key(printing, 0, 0, "2", watching)
    found = paper_actions.find_slip(batch=printing.batch, scanned=slip.key, at=AFTER, by=watching)
    assert found.is_second_look
    key(printing, 1, 0, "1", watching)
    assert [each.looked_again for each in differences(printing)] == [(False, True)]
    key(printing, 1, 0, "1", district.office)
    assert differences(printing) == []
    assert cast_paper.signed(printing, [watching, district.office]).reconciled_at == AFTER


def test_forms_that_only_one_has_keyed_are_differences_until_the_hand_count_is_right(printing, district, watching):
    cast_paper.counted(printing, district.office, forms=1)
    key(printing, 0, 0, "1", district.office)
    key(printing, 1, 0, "1", watching)
    assert sorted(each.keyed_by for each in differences(printing)) == [(False, True), (True, False)]
    cast_paper.counted(printing, watching, forms=2)
    key(printing, 1, 0, "1", district.office)
    key(printing, 0, 0, "1", watching)
    assert differences(printing) == []


def test_a_change_after_the_first_signature_takes_it_away(printing, district, watching):
    cast_paper.counted(printing, district.office, forms=1)
    for person in (district.office, watching):
        key(printing, 0, 0, "1", person)
    assert paper_actions.sign_batch(batch=printing.batch, at=AFTER, by=district.office).is_signed_by_first
    paper_actions.take_back_form(batch=printing.batch, number=printing.voters[0].slips[0].number, at=AFTER, by=watching)
    key(printing, 0, 0, "2", watching)
    assert not PaperBatch.objects.get().is_signed_by_first
    with pytest.raises(PaperRefused, match="differ in 1"):
        paper_actions.sign_batch(batch=printing.batch, at=AFTER, by=watching)
    assert cast_boxes.slips_in(printing.batch.pool.poll) == []


def test_a_batch_from_which_no_form_came_back_is_signed_by_two_too(printing, district, watching):
    with pytest.raises(RoleRefused, match="Only the two people who keyed"):
        paper_actions.sign_batch(batch=printing.batch, at=AFTER, by=district.office)
    cast_paper.counted(printing, district.office, forms=0)
    assert cast_paper.signed(printing, [district.office]).reconciled_at is None
    with pytest.raises(PaperRefused, match="signed by both"):
        cast_paper.signed(printing, [watching, district.second_office])
    assert PaperBatch.objects.get().reconciled_at == AFTER


def test_nothing_keyed_is_readable_and_no_private_key_is_kept(printing, district, watching):
    cast_paper.counted(printing, district.office, forms=1)
    for person in (district.office, watching):
        key(printing, 0, 0, "3", person)
    rows = [form.written() for form in cast_boxes.forms_in(printing.batch.pool.poll)]
    assert len(set(rows)) == 2
    assert all(b'"sealed"' in row and b"marks" not in row for row in rows)
    letters = printing.voters[0].slips[0].key.replace("-", "").encode()
    assert not any(letters in row for row in rows)
    deeds = list(JournalEntry.objects.values_list("deed", flat=True))
    assert "paper.count_forms" in deeds
    assert not any("key_form" in deed for deed in deeds)


def verify(folder):
    command = [sys.executable, "-m", "blindballot", "verify", str(folder), "--lang", "en"]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_paper_and_phone_end_in_one_record_where_the_form_wins_and_cancelled_serials_are_listed(
    opened, printing, district, watching
):
    """Two vote by phone, five on paper: the first scans both slips and staples one, the fourth spoils a form, the fifth staples none."""
    people = poll_queries.people_on_roll(opened, cast_paper.pool_of(opened))[5:]
    codes = ballot_actions.hand_out_poll_codes(poll=opened, people=people, at=cast.NOW, by=district.office)
    for person in people:
        cast_booth.vote(opened, "pool-1", codes[person.pk], lambda place: "good", at=cast.NOW)
    for slip in printing.voters[0].slips:
        cast_paper.cast_by_phone(opened, slip.key, "poor")
    cancelled = {slip.serial for slip in paper_queries.paper_for_record(opened).cancelled}

    cast_paper.counted(printing, watching, forms=7)
    for person in (watching, district.second_office):
        for sheet in range(4):
            key(printing, sheet, 0, "1" if sheet < 3 else None, person)
        for sheet in range(1, 4):
            key(printing, sheet, 1, "2", person)
    assert len(cast_boxes.slips_in(opened)) == 2 * 2 + 2
    cast_paper.signed(printing, [watching, district.second_office])
    assert len(cast_boxes.slips_in(opened)) == 2 * 2 + 2 + 6

    closed = cast_polls.closed_poll(opened, district)
    assert cast_boxes.forms_in(opened) == paper_queries.printed_slips(opened) == cast_boxes.slips_in(opened) == []
    told = verify(counting_queries.record_folder(closed))
    assert told.returncode == 0, told.stdout + told.stderr
    [pool] = counting_queries.record_counts(closed)["pools"]
    assert pool["issued"] == {"office": 7}
    assert pool["cancelled"] == {"u001-1": 1, "u002-1": 1}
    first, second = pool["lines"]
    assert (first["returned"], first["valid"]) == (6, 5)
    assert (second["returned"], second["valid"], second["invalid"]) == (6, 6, {})
    counts = watchers.exact_counts(closed)
    criterion = poll_queries.sheet_lines(closed)[0]["criteria"][0]
    assert counts["pool-1", "u001-1", criterion]["good"] == 5
    assert counts["pool-1", "u001-1", criterion]["poor"] == 0
    criterion = poll_queries.sheet_lines(closed)[1]["criteria"][0]
    marks = counts["pool-1", "u002-1", criterion]
    assert (marks["good"], marks["fairly-good"], marks["poor"]) == (2, 3, 1)
    assert cancelled_of(closed) == cancelled
    board = counting_queries.record_path(closed, BOARD).read_text().splitlines()
    versions = [json.loads(line)["version"] for line in board]
    assert sorted(versions) == [1] * 11 + [2]


def cancelled_of(closed):
    """The serials that the record says were cancelled."""
    with counting_queries.record_path(closed, CANCELLED).open("rb") as file:
        return {read_cancelled_line(line).serial for line in file}


def test_two_people_at_once_key_the_same_form_each_once_and_sign_once(printing, district, watching):
    cast_paper.counted(printing, district.office, forms=1)

    def deed(by):
        try:
            return key(printing, 0, 0, "1", by).number
        except Refused as refusal:
            return str(refusal)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(deed, [district.office, watching, district.office, watching]))
    number = printing.voters[0].slips[0].number
    assert sorted(done).count(number) == 2
    assert paper_queries.keyed_counts(printing.batch) == (1, 1)

    def sign(by):
        try:
            return paper_actions.sign_batch(batch=printing.batch, at=AFTER, by=by).reconciled_at
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        signed = list(pool.map(sign, [district.office, watching]))
    assert sorted(signed, key=str) == [AFTER, None]
    assert len(cast_boxes.slips_in(printing.batch.pool.poll)) == 1

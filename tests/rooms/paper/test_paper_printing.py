"""Paper until it is in the voters' hands: marked once, printed under a scrutineer's eyes, drawn, the rest cancelled."""

import pytest
from tests.cast import booth as cast_booth
from tests.cast import boxes as cast_boxes
from tests.cast import district as cast
from tests.cast import paper as cast_paper
from tests.cast import polls as cast_polls
from tests.cast.refusing import refused

from blindballot.box.paper import read_key, secret_of
from blindballot.format.keyring import is_token
from blindballot.format.keys import point_bytes
from zhengyou.ballots import actions as ballot_actions
from zhengyou.base.models import JournalEntry
from zhengyou.boxes import actions as box_actions
from zhengyou.boxes import queries as box_queries
from zhengyou.identity.rules import ConcernRefused
from zhengyou.paper import actions as paper_actions
from zhengyou.paper import queries as paper_queries
from zhengyou.paper.models import PRINTED, BoxPaperSlip, PaperBatch
from zhengyou.paper.rules import PaperRefused
from zhengyou.polls import queries as poll_queries

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def district():
    return cast.small_district(members_a_village=3)


@pytest.fixture
def opened(district):
    return cast_polls.opened_poll(district, cast_booth.small_cycle(district), [district.members[:8]])


@pytest.fixture
def watching(district):
    return cast_paper.scrutineer(district)


def mark(poll, people, district, at=cast.NOW):
    pool = cast_paper.pool_of(poll)
    paper_actions.mark_on_paper(poll=poll, pool=pool, people=people, at=at, by=district.office)


def print_sheets(poll, district, watching, sheets, at=cast.NOW, by=None):
    return paper_actions.print_batch(
        poll=poll,
        pool=cast_paper.pool_of(poll),
        sheets=sheets,
        scrutineer=watching,
        at=at,
        by=by or district.office,
    )


def test_marking_issues_a_ballot_to_each_and_keeps_the_phone_out(opened, district):
    person, other = district.members[:2]
    mark(opened, [person], district)
    entry = cast_boxes.mark_of(opened, person)
    assert (entry.is_issued, entry.is_on_paper, entry.request) == (True, True, None)
    assert poll_queries.pool_sizes(opened)[entry.pool] == (8, 1)
    code = ballot_actions.hand_out_poll_codes(poll=opened, people=[person], at=cast.NOW, by=district.office)[person.pk]
    for deed in (
        lambda: ballot_actions.show_sheet_keys(poll=opened, fingerprint=opened.fingerprint, code=code, at=cast.NOW),
        lambda: ballot_actions.draw_own_code(poll=opened, person=person, at=cast.NOW),
    ):
        with refused("on-paper"):
            deed()
    assert person not in paper_queries.may_go_on_paper(cast_paper.pool_of(opened))
    assert other in paper_queries.may_go_on_paper(cast_paper.pool_of(opened))


def test_nobody_is_marked_twice_or_after_a_token_and_one_bad_name_marks_nobody(opened, district):
    first, second, third = district.members[:3]
    mark(opened, [first], district)
    with pytest.raises(PaperRefused, match=f"Already voting on paper: {first.name}"):
        mark(opened, [second, first], district)
    code = ballot_actions.hand_out_poll_codes(poll=opened, people=[third], at=cast.NOW, by=district.office)[third.pk]
    cast_polls.drawn_ballot(opened, cast_paper.pool_of(opened), code)
    with pytest.raises(PaperRefused, match=f"already issued by phone to {third.name}"):
        mark(opened, [second, third], district)
    with pytest.raises(PaperRefused, match="not on the roll"):
        mark(opened, [second, district.members[-1]], district)
    with pytest.raises(PaperRefused, match="at least one person"):
        mark(opened, [], district)
    assert [entry.person for entry in paper_queries.paper_voters(cast_paper.pool_of(opened))] == [first]


def test_a_mark_is_taken_back_only_before_printing_and_gives_the_phone_back(opened, district, watching):
    people = district.members[:6]
    mark(opened, people, district)
    pool = cast_paper.pool_of(opened)
    off = {"poll": opened, "pool": pool, "at": cast.NOW, "by": district.office}
    paper_actions.take_off_paper(person=people[5], **off)
    code = ballot_actions.hand_out_poll_codes(poll=opened, people=[people[5]], at=cast.NOW, by=district.office)
    cast_booth.vote(opened, pool.slug, code[people[5].pk], lambda _place: "good", at=cast.NOW)
    assert len(cast_boxes.slips_in(opened)) == 2
    with pytest.raises(PaperRefused, match="does not vote on paper"):
        paper_actions.take_off_paper(person=people[5], **off)
    print_sheets(opened, district, watching, 5)
    with pytest.raises(PaperRefused, match="A sheet has been printed"):
        paper_actions.take_off_paper(person=people[0], **off)


def test_marking_and_printing_end_with_the_closing_time_and_wait_for_the_opening(district, opened, watching):
    with pytest.raises(PaperRefused, match="before its closing time"):
        mark(opened, district.members[:5], district, at=cast_polls.CLOSES)
    mark(opened, district.members[:5], district)
    with pytest.raises(PaperRefused, match="before its closing time"):
        print_sheets(opened, district, watching, 5, at=cast_polls.CLOSES)


def test_a_batch_has_a_sheet_for_each_at_least_five_and_not_too_many(opened, district, watching):
    with pytest.raises(PaperRefused, match="Nobody waits for a sheet"):
        print_sheets(opened, district, watching, 5)
    mark(opened, district.members[:4], district)
    with pytest.raises(PaperRefused, match="at least 5 people, 4 wait"):
        print_sheets(opened, district, watching, 8)
    mark(opened, district.members[4:5], district)
    with pytest.raises(PaperRefused, match="5 people wait"):
        print_sheets(opened, district, watching, 4)
    with pytest.raises(PaperRefused, match="more sheets than can be handled"):
        print_sheets(opened, district, watching, 31)
    assert not PaperBatch.objects.exists()
    assert paper_queries.printed_slips(opened) == []
    batch, sheets = print_sheets(opened, district, watching, 7)
    assert (batch.number, batch.people, batch.sheets, len(sheets)) == (1, 5, 7, 7)
    with pytest.raises(PaperRefused, match="Nobody waits"):
        print_sheets(opened, district, watching, 7)


def test_the_scrutineer_holds_the_post_does_not_print_and_is_not_tied_to_the_rated(opened, district, watching):
    mark(opened, district.members[:5], district)
    with pytest.raises(PaperRefused, match="no post as scrutineer"):
        print_sheets(opened, district, district.second_office, 5)
    with pytest.raises(PaperRefused, match="cannot be the scrutineer"):
        print_sheets(opened, district, watching, 5, by=watching)
    inside = cast_paper.scrutineer(district, number="W0002")
    inside.organisation = district.villages[0]
    inside.save()
    with pytest.raises(ConcernRefused, match=inside.name):
        print_sheets(opened, district, inside, 5)
    with pytest.raises(ConcernRefused, match=district.leader.name):
        print_sheets(opened, district, watching, 5, by=district.leader)
    outside = paper_queries.scrutineers_outside(opened, cast.NOW.date())
    assert watching in outside
    assert inside not in outside


def test_a_pool_with_a_second_issuer_has_no_paper(opened, district, watching):
    pool = cast_paper.pool_of(opened)
    pool.issuer = "above"
    pool.save()
    with pytest.raises(PaperRefused, match="A second office issues"):
        mark(opened, district.members[:5], district)


def test_every_printed_slip_has_a_token_and_neither_key_nor_sheet_is_kept(opened, district, watching):
    printing = cast_paper.printed(opened, district, watching, people=5, spare=1)
    manifest, keys = cast_polls.read_poll(opened)
    rows = {row.serial: row for row in paper_queries.printed_slips(opened)}
    assert len(rows) == 6 * 2
    numbers = set()
    for sheet in printing.sheets:
        assert [slip.line for slip in sheet.slips] == [line.id for line in manifest.lines]
        for slip in sheet.slips:
            secret = secret_of(manifest.digest, read_key(slip.key, opened.fingerprint))
            row = rows[point_bytes(secret.serial)]
            assert (row.number, row.line, row.finder) == (slip.number, f"pool-1/{slip.line}", secret.finder)
            assert is_token(keys.keys["pool-1", slip.line][0], row.serial, row.token)
            numbers.add(slip.number)
    assert len(numbers) == 12
    said = "".join(str(entry.payload) for entry in JournalEntry.objects.all())
    stored = said + "".join(str(row) for row in rows.values())
    for sheet in printing.sheets:
        assert sheet.code not in stored
        assert not any(slip.key in stored or slip.key.replace("-", "") in stored for slip in sheet.slips)
        assert not any(slip.number in said for slip in sheet.slips)


def test_the_rows_of_a_batch_lie_in_no_order_of_sheets(opened, district, watching):
    printing = cast_paper.printed(opened, district, watching, people=5, spare=1)
    printed = [slip.number for sheet in printing.sheets for slip in sheet.slips]
    hidden = box_queries.sealer(opened.key)
    with box_queries.at_box(opened.key) as box:
        rows = box.execute("SELECT key, document FROM paper ORDER BY ctid").fetchall()
        held = [key for (key,) in box.execute("SELECT key FROM held ORDER BY ctid")]
    as_stored = [BoxPaperSlip.read(hidden.open(key, document)) for key, document in rows]
    assert [key for key, _document in rows] == sorted(hidden.name(PRINTED, row.finder) for row in as_stored)
    assert held == sorted(hidden.name("slip", row.serial) for row in as_stored)
    assert [row.number for row in as_stored] != printed


def settle(printing, district, codes, absent=0):
    return paper_actions.settle_draw(batch=printing.batch, codes=codes, absent=absent, at=cast.NOW, by=district.office)


def test_no_slip_is_taken_before_the_draw_is_settled_and_cancelled_ones_never(opened, district, watching):
    printing = cast_paper.printed(opened, district, watching, people=5, spare=2)
    drawn, undrawn = printing.voters[0].slips[0], printing.undrawn[0].slips[0]
    with refused("not-released"):
        cast_paper.cast_by_phone(opened, drawn.key, "good")
    batch = settle(printing, district, [sheet.code for sheet in printing.undrawn])
    assert (batch.drawn, batch.sheets) == (5, 7)
    assert len(paper_queries.paper_for_record(opened).cancelled) == len(cast_boxes.held_in(opened)) == 2 * 2
    cast_paper.cast_by_phone(opened, drawn.key, "good")
    assert len(cast_boxes.slips_in(opened)) == 1
    with refused("cancelled"):
        cast_paper.cast_by_phone(opened, undrawn.key, "good")
    with pytest.raises(PaperRefused, match="draw of this batch is settled"):
        settle(printing, district, [])


def test_the_box_itself_refuses_a_cancelled_serial_even_from_who_knows_its_token(opened, district, watching):
    printing = cast_paper.printed(opened, district, watching, people=5, spare=1)
    key = printing.undrawn[0].slips[0].key
    held = cast_boxes.held_in(opened)
    box_actions.release_serials(poll=opened.key, serials=held)
    kept = cast_paper.slip_by_phone(opened, key, "poor")
    box_actions.hold_serials(poll=opened.key, serials=held, is_cancelled=False)
    body = cast_polls.cast_body(opened, [kept])
    with refused("not-released"):
        ballot_actions.take_slips(poll=opened, body=body, at=cast.NOW)
    settle(printing, district, [printing.undrawn[0].code])
    with refused("cancelled"):
        ballot_actions.take_slips(poll=opened, body=body, at=cast.NOW)
    assert cast_boxes.slips_in(opened) == []


def test_a_draw_that_does_not_add_up_changes_nothing(opened, district, watching):
    printing = cast_paper.printed(opened, district, watching, people=5, spare=2)
    first, second = printing.undrawn
    with pytest.raises(PaperRefused, match="2 must be cancelled"):
        settle(printing, district, [first.code])
    with pytest.raises(PaperRefused, match="2 must be cancelled"):
        settle(printing, district, [first.code, *[slip.number for slip in second.slips[:-1]]])
    with pytest.raises(PaperRefused, match="2 must be cancelled"):
        settle(printing, district, [sheet.code for sheet in printing.sheets[:3]])
    with pytest.raises(PaperRefused, match="did not come"):
        settle(printing, district, [first.code, second.code], absent=6)
    wrong = ("0" if first.code[0] != "0" else "1") + first.code[1:]
    with pytest.raises(PaperRefused, match=f"“{wrong}” is no code of this batch"):
        settle(printing, district, [wrong, second.code])
    assert list(cast_boxes.held_in(opened).values()) == [False] * len(paper_queries.printed_slips(opened))
    batch = settle(printing, district, [first.code.lower(), *[slip.number.replace("-", " ") for slip in second.slips]])
    assert batch.drawn == 5


def test_sheets_of_those_who_did_not_come_are_cancelled_too(opened, district, watching):
    printing = cast_paper.printed(opened, district, watching, people=6, spare=1)
    undrawn = [printing.undrawn[0].code, printing.voters[5].code]
    with pytest.raises(PaperRefused, match="1 must be cancelled"):
        settle(printing, district, undrawn)
    assert settle(printing, district, undrawn, absent=1).drawn == 5


def test_a_withdrawn_batch_is_cancelled_whole_and_its_people_wait_for_new_sheets(opened, district, watching):
    printing = cast_paper.printed(opened, district, watching, people=5, spare=0)
    paper_actions.withdraw_batch(batch=printing.batch, at=cast.NOW, by=district.office)
    assert len(paper_queries.paper_for_record(opened).cancelled) == 10
    with pytest.raises(PaperRefused, match="has been withdrawn"):
        settle(printing, district, [])
    assert paper_queries.waiting_for_sheets(cast_paper.pool_of(opened)) == 5
    batch, _sheets = print_sheets(opened, district, watching, 6)
    assert (batch.number, batch.people) == (2, 5)
    batch = paper_actions.settle_draw(batch=batch, codes=[_sheets[5].code], absent=0, at=cast.NOW, by=district.office)
    with pytest.raises(PaperRefused, match="settled"):
        paper_actions.withdraw_batch(batch=batch, at=cast.NOW, by=district.office)


def test_a_code_of_another_batch_is_no_code_of_this_one(opened, district, watching):
    printing = cast_paper.settled(opened, district, watching, people=5, spare=1)
    assert paper_queries.waiting_for_sheets(cast_paper.pool_of(opened)) == 0
    with pytest.raises(PaperRefused, match="draw of this batch is settled"):
        settle(printing, district, [printing.sheets[0].code])


def test_a_draw_cut_off_between_the_two_databases_is_settled_again_and_cancels_what_it_had_released(
    opened, district, watching
):
    """The box had committed, the house had not: whoever settles again may say that other sheets were left in the urn."""
    printing = cast_paper.printed(opened, district, watching, people=5, spare=1)
    settle(printing, district, [printing.undrawn[0].code])
    PaperBatch.objects.update(drawn=None)
    mistaken = printing.voters[0]
    settle(printing, district, [mistaken.code])
    assert {slip.serial for slip in paper_queries.paper_for_record(opened).cancelled} == serials_of(opened, mistaken)
    with refused("cancelled"):
        cast_paper.cast_by_phone(opened, mistaken.slips[0].key, "good")
    cast_paper.cast_by_phone(opened, printing.undrawn[0].slips[0].key, "good")


def test_a_batch_withdrawn_after_a_draw_was_cut_off_is_cancelled_whole(opened, district, watching):
    printing = cast_paper.printed(opened, district, watching, people=5, spare=0)
    settle(printing, district, [])
    PaperBatch.objects.update(drawn=None)
    paper_actions.withdraw_batch(batch=printing.batch, at=cast.NOW, by=district.office)
    assert len(paper_queries.paper_for_record(opened).cancelled) == len(paper_queries.printed_slips(opened)) == 10


def serials_of(opened, sheet) -> set[bytes]:
    numbers = [slip.number for slip in sheet.slips]
    return {row.serial for row in paper_queries.printed_slips(opened) if row.number in numbers}

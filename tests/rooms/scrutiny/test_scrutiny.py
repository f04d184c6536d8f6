"""Scrutineers who are absent, late, disagree, cheat or publish what they have; and what was handed over, until it goes."""

import json
from datetime import timedelta

import pytest
from tests.cast import district as cast
from tests.cast import polls as cast_polls
from tests.cast import watchers
from tests.cast.refusing import refused

from blindballot.format.encoding import FormatError
from blindballot.verifying.scrutiny import recount_sealed
from blindballot.verifying.verifier import verify
from zhengyou.counting import actions as counting_actions
from zhengyou.counting import queries as counting
from zhengyou.polls import queries as polls
from zhengyou.scrutiny import actions, queries
from zhengyou.scrutiny.models import PassedShares
from zhengyou.scrutiny.rules import HANDOVER_KEPT

pytestmark = pytest.mark.django_db
SOON = cast_polls.AFTER + timedelta(hours=1)


@pytest.fixture
def district():
    return cast.small_district(members_a_village=3)


@pytest.fixture
def closed(district):
    opened = cast_polls.opened_poll(district, cast.launched_cycle(district), [district.members[:6]])
    cast_polls.vote_all(opened, polls.pools_of(opened)[0], district, lambda voter, line: ["good", "fair"][voter % 2])
    return cast_polls.closed_poll(opened, district)


def passed_on(poll, *people):
    for person in people:
        lines = watchers.shares_to_pass(poll, person)
        assert actions.pass_shares(poll=poll, lines=lines, at=SOON, by=person) == 2


def signed(poll, person, line, at=SOON):
    return actions.sign_word(poll=poll, line=line, at=at, by=person)


def test_one_is_absent_and_the_other_two_recount(district, closed):
    one, two, three = cast.scrutineers(district)
    passed_on(closed, one, two)
    words = [watchers.recounted(closed, person) for person in (one, two)]
    signed(closed, one, words[0])
    assert queries.recount_by_scrutineers(closed)["verdict"] == "waiting"
    assert queries.is_handover_there(closed)
    signed(closed, two, words[1])
    said = queries.recount_by_scrutineers(closed)
    assert (said["verdict"], said["agreed"], said["waiting"]) == ("agreed", [one.name, two.name], [three.name])
    assert verify(counting.record_folder(closed), processes=1).has_enough_scrutineers
    assert not queries.is_handover_there(closed)
    assert not PassedShares.objects.exists()
    with refused("handover.gone"):
        actions.hand_over(poll=closed, at=SOON, by=three)


def test_nobody_comes_for_seven_days_and_what_was_handed_over_goes(district, closed):
    one = cast.scrutineers(district)[0]
    passed_on(closed, one)
    actions.forget_handovers(at=closed.closed_at + HANDOVER_KEPT - timedelta(minutes=1))
    assert queries.is_handover_there(closed)
    late, word = watchers.papers_of(closed), watchers.word(closed, one)
    actions.forget_handovers(at=closed.closed_at + HANDOVER_KEPT)
    actions.forget_handovers(at=closed.closed_at + HANDOVER_KEPT)
    assert not queries.is_handover_there(closed)
    assert not PassedShares.objects.exists()
    for deed in (
        lambda: actions.hand_over(poll=closed, at=SOON, by=one),
        lambda: actions.pass_shares(poll=closed, lines="x", at=SOON, by=one),
    ):
        with refused("handover.gone"):
            deed()
    signed(closed, one, word, closed.closed_at + timedelta(days=20))
    assert queries.recount_by_scrutineers(closed)["verdict"] == "waiting"
    assert late.handover.places


def test_who_fetched_it_in_time_may_still_recount_late(district, closed, tmp_path):
    one, two, _three = cast.scrutineers(district)
    passed_on(closed, one)
    word = watchers.recounted(closed, two)
    actions.forget_handovers(at=closed.closed_at + HANDOVER_KEPT)
    signed(closed, two, word, closed.closed_at + timedelta(days=30))
    assert queries.recount_by_scrutineers(closed)["agreed"] == [two.name]


def test_a_disagreement_outweighs_agreement_and_stands_for_good(district, closed):
    one, two, three = cast.scrutineers(district)
    passed_on(closed, one, two)
    words = [watchers.recounted(closed, person) for person in (one, two)]
    disagreement = watchers.word(closed, three, "disagrees", "第三行少一票")
    signed(closed, three, disagreement)
    for person, word in zip((one, two), words, strict=True):
        signed(closed, person, word)
    said = queries.recount_by_scrutineers(closed)
    assert (said["verdict"], [row.remark for row in said["disagreed"]]) == ("disagreed", ["第三行少一票"])
    with refused("recount.signed"):
        signed(closed, three, watchers.word(closed, three))
    with refused("recount.signed"):
        signed(closed, one, watchers.word(closed, one, "disagrees", "later"))
    verdict = verify(counting.record_folder(closed), processes=1)
    assert [said.kind for said in verdict.cosignatures] == ["checked", "checked", "disagrees"]


def test_one_who_publishes_shares_opens_nothing_alone_and_two_open_all(district, closed):
    """Not promised: two of the named scrutineers together can open sealed lines, and may tell."""
    one, two, _three = cast.scrutineers(district)
    papers = watchers.papers_of(closed)
    published = papers.own_shares(watchers.keys_of(one))
    assert recount_sealed(papers, published).findings[0].check == "other-places"
    with pytest.raises(FormatError, match="nobody has passed"):
        papers.join(watchers.keys_of(one), [])
    lines = watchers.shares_to_pass(closed, one).encode().splitlines()
    assert recount_sealed(papers, papers.join(watchers.keys_of(two), lines)).findings == []


def test_what_lies_on_the_server_opens_no_slip(district, closed):
    """Whoever reads every file and row after the close, with the password of the house, finds no key of a sealed line."""
    passed_on(closed, *cast.scrutineers(district))
    papers = watchers.papers_of(closed)
    secrets = papers.join(
        watchers.keys_of(cast.scrutineers(district)[0]),
        queries.shares_for(closed, cast.scrutineers(district)[0]).splitlines(),
    )
    files = b"".join(path.read_bytes() for path in counting.handover_file(closed).parent.rglob("*") if path.is_file())
    for secret in secrets.values():
        assert secret.to_bytes(32, "big") not in files
        assert f"{secret:x}".encode() not in files
    assert b'"marks"' not in counting.handover_file(closed).read_bytes()


def test_shares_and_words_of_others_are_refused(district, closed):
    one, two, three = cast.scrutineers(district)
    lines = watchers.shares_to_pass(closed, one)
    for person, wrong in ((two, lines), (one, "nonsense"), (one, "  ")):
        with refused("shares.unreadable"):
            actions.pass_shares(poll=closed, lines=wrong, at=SOON, by=person)
    passed_on(closed, one)
    passed_on(closed, one)
    assert PassedShares.objects.count() == 2
    word = watchers.recounted(closed, two)
    for person, wrong in ((three, word), (two, word.replace("checked", "seen")), (two, "{}")):
        with refused("recount.no-word"):
            signed(closed, person, wrong)
    with refused("no-scrutineer"):
        signed(closed, district.office, word)


def test_no_word_that_breaks_the_record_is_taken(district, closed):
    """One scrutineer could otherwise make the record false for good, and keep the honest ones from signing."""
    one, two, _three = cast.scrutineers(district)
    passed_on(closed, one)
    right = watchers.recounted(closed, two)
    for changes in (
        {"invalid": (bytes(32),)},
        {"invalid": tuple(number.to_bytes(32, "big") for number in range(25_000))},
        {"lines": (("pool-9", "u001-1"),)},
    ):
        with refused("recount.no-word"):
            signed(closed, two, watchers.signed_again(closed, two, right, **changes))
    assert verify(counting.record_folder(closed), processes=1).is_sound
    signed(closed, two, right)
    assert verify(counting.record_folder(closed), processes=1).is_sound


def test_shares_are_passed_once_to_each_and_no_larger_than_they_are(district, closed):
    one, _two, _three = cast.scrutineers(district)
    first, second = watchers.shares_to_pass(closed, one).splitlines()
    longer = json.loads(first)
    longer["sealed"] += "A" * 400
    fat = json.dumps(longer, separators=(",", ":"), sort_keys=True)
    for wrong in (f"{first}\n{first}", f"{first}\n" * 2000, fat):
        with refused("shares.unreadable"):
            actions.pass_shares(poll=closed, lines=wrong, at=SOON, by=one)
    assert actions.pass_shares(poll=closed, lines=f"{second}\n{first}", at=SOON, by=one) == 2


def test_a_recount_of_some_lines_only_is_refused(district, closed):
    one, two, _three = cast.scrutineers(district)
    passed_on(closed, one)
    with refused("recount.not-all"):
        signed(closed, two, watchers.recounted(closed, two, most_lines=1))
    signed(closed, two, watchers.recounted(closed, two))


def test_words_come_back_beside_a_record_that_lost_them(district, closed):
    one, two, _three = cast.scrutineers(district)
    signed(closed, one, watchers.word(closed, one))
    path = counting.record_folder(closed) / "cosignatures.jsonl"
    first = path.read_bytes()
    path.unlink()
    signed(closed, two, watchers.word(closed, two))
    assert path.read_bytes().startswith(first)
    assert verify(counting.record_folder(closed), processes=1).is_sound


def test_a_poll_held_again_asks_for_the_test_of_keys_once_more(district, closed):
    again_of = cast_polls.opened_poll(district, closed.cycle, [district.members[6:12]])
    counting_actions.ask_to_void(poll=again_of, reason="停电", at=cast.NOW, by=district.office)
    voided = counting_actions.void_poll(poll=again_of, at=cast.NOW, by=district.second_office)
    again = counting_actions.repeat_poll(poll=voided, at=cast.NOW, by=district.office)
    rows = polls.scrutineers_of(again)
    assert {row.tried_at for row in rows} == {None}
    assert [bytes(row.signing_key) for row in rows] == [watchers.keys_of(r.person).card.signing_key for r in rows]
    watchers.answer_test(again, rows[0].person, cast.NOW)
    assert polls.scrutineers_of(again)[0].tried_at == cast.NOW

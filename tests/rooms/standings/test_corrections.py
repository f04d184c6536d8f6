"""A result that replaces another: told beside it only if the two together show no small group, and never without a reason."""

import copy

import pytest
from tests.cast import booth as cast_booth
from tests.cast import district as cast
from tests.cast.sheets import scored, slips_of

from zhengyou.ballots.models import AcknowledgementKey, BoxSlip, ClosingKey, LineKey
from zhengyou.base import journal
from zhengyou.polls.models import Poll
from zhengyou.standings import actions, queries, releasing, rules
from zhengyou.standings.models import Result
from zhengyou.web.shared import clock

MIXED = ["good"] * 12 + ["fairly-good"] * 9 + ["fair"] * 7 + ["poor"] * 6
LOWER = ["fair"] * 12 + ["poor"] * 9 + ["fairly-good"] * 7 + ["good"] * 6


def document(first=MIXED, second=LOWER, *, record="a"):
    pool = scored(len(first), u1=slips_of(len(first), first, MIXED), u2=slips_of(len(second), second, LOWER))
    return {"format": "zhengyou-result-1", "poll": "r", "manifest": "m", "record": record, "pools": [pool]}


def may_follow(newer, *earlier):
    return releasing.may_be_told(earlier, newer, 5)


def test_the_first_result_is_told_and_the_same_figures_are_again():
    assert may_follow(document())
    assert may_follow(document(record="b"), document())


@pytest.mark.parametrize(
    ("marks", "told"),
    [
        (["good"] * 13 + MIXED[13:], False),
        (["good"] * 17 + MIXED[17:], False),
        (MIXED[:28] + ["good"] * 6, True),
        ([*MIXED, "good"], False),
        (MIXED[:-1], False),
        (MIXED + ["good"] * 5, False),
        (MIXED + ["good"] * 6, True),
    ],
)
def test_a_change_is_told_only_if_it_stands_for_six_ballots(marks, told):
    """One changed, five changed, six changed; one more, one fewer, five more, six more. In the 28-case poor falls to none."""
    older = document()
    newer = document(marks, record="b")
    if len(marks) != len(MIXED):
        newer["pools"][0]["size"] = older["pools"][0]["size"]
    assert may_follow(newer, older) is told


def test_a_mean_that_moves_while_no_count_does_shows_the_one_who_moved():
    older = document(["good"] * 16 + ["fairly-good"] * 9 + ["fair"] * 3 + ["poor"] * 2)
    newer = copy.deepcopy(older) | {"record": "b"}
    criterion = newer["pools"][0]["units"][0]["criteria"][0]
    assert criterion["rounding"] > 0.01
    assert may_follow(newer, older)
    criterion["mean"] += criterion["rounding"]
    assert not may_follow(newer, older)


def test_the_same_marks_computed_in_another_way_must_leave_two_forms():
    older = document(["good"] * 16 + ["fairly-good"] * 9 + ["fair"] * 3 + ["poor"] * 2)
    first = older["pools"][0]["units"][0]["criteria"][0]["certificate"]
    finer = copy.deepcopy(older)
    certificate = finer["pools"][0]["units"][0]["criteria"][0]["certificate"]
    certificate |= {"rounding": 0.01, "mean": 8.07, "standard_error": 0.45}
    assert not may_follow(finer, older)
    silent = copy.deepcopy(older)
    silent["pools"][0]["units"][0]["criteria"][0]["certificate"] |= {
        "rounding": None, "mean": None, "standard_error": None,
    }  # fmt: skip
    assert first["rounding"] is not None
    assert may_follow(silent, older)
    assert may_follow(older, silent)
    assert not may_follow(finer, silent, older)


def test_cells_joined_otherwise_another_level_or_band_are_not_told():
    older = document()
    joined = document(["good"] * 12 + ["fairly-good"] * 9 + ["fair"] * 12 + ["poor"], record="b")
    assert not may_follow(joined, older)
    banded = copy.deepcopy(older) | {"record": "b"}
    banded["pools"][0]["units"][0]["level"] = "band"
    assert not may_follow(banded, older)
    void = copy.deepcopy(older) | {"record": "b"}
    void["pools"][0]["verdict"] = "void"
    assert not may_follow(void, older)


def test_every_earlier_result_counts_not_only_the_last():
    first, last = document(), document(MIXED[:28] + ["good"] * 6, record="b")
    third = document(MIXED[:27] + ["good"] * 7, record="c")
    assert not may_follow(third, last)
    assert not may_follow(document(["good"] * 13 + MIXED[13:], record="c"), last, first)


def test_the_notice_says_whether_the_outcome_changed_and_nothing_else():
    older = document()
    same = releasing.correction(1, older, document(["good"] * 13 + MIXED[13:], record="b"))
    assert same["pools"] == []
    assert same["correction"]["outcome_changed"] is False
    assert same["correction"]["sentences"]["en"] == "Corrected; the outcome did not change."
    other = releasing.correction(1, older, document(["good"] * 34, record="b"))
    assert other["correction"]["outcome_changed"] is True
    assert other["correction"]["sentences"]["zh-hans"] == "已更正；结论有变化。"
    assert set(other) == {"format", "poll", "manifest", "record", "correction", "pools"}


@pytest.fixture
def district():
    return cast.small_district(members_a_village=5)


def recounted(poll: Poll, district, kept, without: int) -> Poll:
    """The record made again without some ballots, as after an upheld objection: the box as it was, closed once more."""
    slips, keys, pool_keys, acknowledging = kept
    BoxSlip.objects.bulk_create(slips[without:])
    LineKey.objects.bulk_update(keys, ["private_key"])
    ClosingKey.objects.bulk_create(pool_keys)
    acknowledging.save(force_insert=True)
    reopened = {"state": Poll.State.OPENED, "close_asked_by": None, "closed_by": None, "closed_at": None}
    Poll.objects.filter(pk=poll.pk).update(**reopened)
    poll.refresh_from_db()
    return cast_booth.closed_now(poll, district)


@pytest.mark.django_db(databases=["default", "box"])
@pytest.mark.parametrize(("without", "told"), [(1, False), (6, True)])
def test_a_correction_of_one_ballot_is_only_said_one_of_six_is_shown(district, without, told):
    cycle = cast_booth.small_cycle(district, criteria=1)
    people = district.members[:20]
    row = cast_booth.opened_now(district, cycle, [people], units=1)
    for code in cast_booth.codes_for(row, people):
        cast_booth.vote(row, "pool-1", code, lambda _place: "good")
    kept = (
        list(BoxSlip.objects.filter(poll=row.key)),
        list(LineKey.objects.filter(pool__poll=row)),
        list(ClosingKey.objects.filter(pool__poll=row)),
        AcknowledgementKey.objects.get(poll=row),
    )
    closed = cast_booth.closed_now(row, district)
    first = actions.compute_result(poll=closed, at=clock.now(), by=district.office)
    assert queries.correction_of(first) is None
    again = recounted(closed, district, kept, without)
    with pytest.raises(rules.ResultRefused, match="result number 1"):
        actions.compute_result(poll=again, at=clock.now(), by=district.office, reason="  ")
    second = actions.compute_result(poll=again, at=clock.now(), by=district.office, reason="重复计票")
    assert (second.number, second.reason) == (2, "重复计票")
    assert (queries.correction_of(second) is None) is told
    if not told:
        assert queries.correction_of(second)["of"] == 1
        assert queries.figures_in_force(closed) == first
    assert actions.compute_result(poll=again, at=clock.now(), by=district.office) == second
    assert Result.objects.count() == 2
    assert [entry.deed for entry in journal.entries_about(closed.reference)].count("standings.compute_result") == 2

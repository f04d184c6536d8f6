"""A result that replaces another: published beside it only if the two together show no small group, and never without a reason."""

import shutil
from dataclasses import replace

import pytest
from tests.cast import booth as cast_booth
from tests.cast import boxes as cast_boxes
from tests.cast import district as cast
from tests.cast.refusing import refused
from tests.cast.sheets import scored, slips_of

from blindballot.format.encoding import canonical
from zhengyou.ballots.models import LineKey, PlatformKey
from zhengyou.base import journal
from zhengyou.boxes import actions as box_actions
from zhengyou.boxes import queries as box_queries
from zhengyou.counting import queries as counting_queries
from zhengyou.polls.models import Poll, RollEntry, RollMark
from zhengyou.standings import actions, queries
from zhengyou.standings.computing import releasing
from zhengyou.standings.computing.document import ResultDocument
from zhengyou.standings.models import Result
from zhengyou.web.shared import clock

MIXED = ["good"] * 12 + ["fairly-good"] * 9 + ["fair"] * 7 + ["poor"] * 6
LOWER = ["fair"] * 12 + ["poor"] * 9 + ["fairly-good"] * 7 + ["good"] * 6


def document(first=MIXED, second=LOWER, *, record="a"):
    pool = scored(len(first), u1=slips_of(len(first), first, MIXED), u2=slips_of(len(second), second, LOWER))
    return ResultDocument("r", "m", record, (pool,))


def changed_pool(document, **changes):
    """The document with other facts of its one pool."""
    return replace(document, pools=(replace(document.pools[0], **changes),))


def changed_unit(document, **changes):
    """The document with other facts of its first unit."""
    first, *others = document.pools[0].units
    return changed_pool(document, units=(replace(first, **changes), *others))


def changed_item(document, **changes):
    """The document with other facts of its first unit's first item; `certificate` changes within it."""
    first, *others = document.pools[0].units[0].criteria
    changes["certificate"] = first.certificate | changes.get("certificate", {})
    return changed_unit(document, criteria=(replace(first, **changes), *others))


def may_follow(newer, *earlier):
    return releasing.may_be_published(earlier, newer, 5)


def test_the_first_result_is_published_and_the_same_figures_are_again():
    assert may_follow(document())
    assert may_follow(document(record="b"), document())


@pytest.mark.parametrize(
    ("marks", "published"),
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
def test_a_change_is_published_only_if_it_stands_for_six_ballots(marks, published):
    """One changed, five changed, six changed; one more, one fewer, five more, six more. In the 28-case poor falls to none."""
    older = document()
    newer = document(marks, record="b")
    if len(marks) != len(MIXED):
        newer = changed_pool(newer, size=older.pools[0].size)
    assert may_follow(newer, older) is published


def test_a_mean_that_moves_while_no_count_does_shows_the_one_who_moved():
    older = document(["good"] * 16 + ["fairly-good"] * 9 + ["fair"] * 3 + ["poor"] * 2)
    newer = replace(older, record="b")
    item = newer.pools[0].units[0].criteria[0]
    assert item.rounding > 0.01
    assert may_follow(newer, older)
    assert not may_follow(changed_item(newer, mean=item.mean + item.rounding), older)


def test_the_same_marks_computed_in_another_way_must_leave_two_forms():
    older = document(["good"] * 16 + ["fairly-good"] * 9 + ["fair"] * 3 + ["poor"] * 2)
    assert older.pools[0].units[0].criteria[0].certificate["rounding"] is not None
    finer = changed_item(older, certificate={"rounding": 0.01, "mean": 8.07, "standard_error": 0.45})
    assert not may_follow(finer, older)
    silent = changed_item(older, certificate={"rounding": None, "mean": None, "standard_error": None})
    assert may_follow(silent, older)
    assert may_follow(older, silent)
    assert not may_follow(finer, silent, older)


def test_cells_joined_otherwise_another_level_or_band_are_not_published():
    older = document()
    joined = document(["good"] * 12 + ["fairly-good"] * 9 + ["fair"] * 12 + ["poor"], record="b")
    assert not may_follow(joined, older)
    assert not may_follow(changed_unit(replace(older, record="b"), level="band"), older)
    assert not may_follow(changed_pool(replace(older, record="b"), verdict="void"), older)


def test_every_earlier_result_counts_not_only_the_last():
    first, last = document(), document(MIXED[:28] + ["good"] * 6, record="b")
    third = document(MIXED[:27] + ["good"] * 7, record="c")
    assert not may_follow(third, last)
    assert not may_follow(document(["good"] * 13 + MIXED[13:], record="c"), last, first)


def test_the_notice_says_whether_the_outcome_changed_and_nothing_else():
    older = document()
    same = releasing.correction(1, older, document(["good"] * 13 + MIXED[13:], record="b"))
    assert same.correction.outcome_changed is False
    assert same.correction.sentences["en"] == "Corrected; the outcome did not change."
    other = releasing.correction(1, older, document(["good"] * 34, record="b"))
    assert other.correction.outcome_changed is True
    assert other.correction.sentences["zh-hans"] == "已更正；结论有变化。"
    assert other == ResultDocument("r", "m", "b", correction=other.correction)


@pytest.fixture
def district():
    return cast.small_district(members_a_village=5)


def recounted(poll: Poll, district, kept, without: int) -> Poll:
    """The record made again without some ballots, as after an upheld objection: the box as it was, closed once more."""
    slips, keys, platform = kept
    people = RollEntry.objects.filter(poll=poll).order_by("pk")
    RollMark.objects.filter(entry__in=people).delete()
    box_actions.make_box(
        poll=poll.key, entries=people.values_list("pk", "pool"), house=box_queries.watermark_of_house()
    )
    cast_boxes.mark_as_issued(poll, *[entry.person for entry in people])
    box_actions.add_slips(poll=poll.key, slips={slip.serial: canonical(slip.to_json()) for slip in slips[without:]})
    LineKey.objects.bulk_update(keys, ["private_key"])
    PlatformKey.objects.bulk_create(platform)
    shutil.rmtree(counting_queries.record_path(poll, "record.json").parent)  # else nothing would be written over it
    reopened = {"state": Poll.State.OPENED, "close_asked_by": None, "closed_by": None, "closed_at": None}
    Poll.objects.filter(pk=poll.pk).update(**reopened)
    poll.refresh_from_db()
    return cast_booth.closed_now(poll, district)


@pytest.mark.django_db
@pytest.mark.parametrize(("without", "published"), [(1, False), (6, True)])
def test_a_correction_of_one_ballot_is_only_said_one_of_six_is_shown(district, without, published):
    cycle = cast_booth.small_cycle(district, criteria=1)
    people = district.members[:20]
    row = cast_booth.opened_now(district, cycle, [people], units=1)
    for code in cast_booth.codes_for(row, people):
        cast_booth.vote(row, "pool-1", code, lambda _place: "good")
    kept = (
        cast_boxes.slips_in(row),
        list(LineKey.objects.filter(pool__poll=row)),
        list(PlatformKey.objects.filter(poll=row)),
    )
    closed = cast_booth.closed_now(row, district)
    first = actions.compute_result(poll=closed, at=clock.now(), by=district.office)
    assert first.document.correction is None
    again = recounted(closed, district, kept, without)
    with refused("result.no-reason-for-correction"):
        actions.compute_result(poll=again, at=clock.now(), by=district.office, reason="  ")
    second = actions.compute_result(poll=again, at=clock.now(), by=district.office, reason="重复计票")
    assert (second.number, second.reason) == (2, "重复计票")
    assert (second.document.correction is None) is published
    if not published:
        assert second.document.correction.of == 1
        assert queries.figures_in_force(closed) == first
    assert actions.compute_result(poll=again, at=clock.now(), by=district.office) == second
    assert Result.objects.count() == 2
    assert [entry.deed for entry in journal.entries_about(closed.reference)].count("standings.compute_result") == 2

"""The list of central work: written before the launch, frozen, corrected in public, named by themes."""

import json

import pytest
from tests.cast import district as cast
from tests.cast.refusing import refused

from zhengyou.base import addenda
from zhengyou.campaigns import actions, queries
from zhengyou.campaigns.rules import Piece
from zhengyou.plans import actions as plans
from zhengyou.rhythm import queries as rhythm

pytestmark = pytest.mark.django_db
ROADS, WATER = Piece(1, "修通村组道路", "development"), Piece(2, "改造饮用水", "service")


@pytest.fixture
def district():
    return cast.small_district()


@pytest.fixture
def cycle(district):
    cycle = cast.drafted_cycle(district)
    plans.write_central_work(cycle=cycle, pieces=[ROADS, WATER], at=cast.NOW, by=district.office)
    return cycle


def launched(cycle, district):
    actions.launch_cycle(cycle=cycle, why="", at=cast.NOW, by=district.office)
    cycle.refresh_from_db()
    return cycle


def test_the_list_is_frozen_at_the_launch_and_corrected_by_addenda(district, cycle):
    manifest = actions.launch_cycle(cycle=cycle, why="", at=cast.NOW, by=district.office)
    frozen = json.loads(manifest.document)["central_work"]
    assert frozen == [
        {"number": 1, "text": "修通村组道路", "aim": "development"},
        {"number": 2, "text": "改造饮用水", "aim": "service"},
    ]
    cycle.refresh_from_db()
    with refused("cycle.frozen"):
        plans.write_central_work(cycle=cycle, pieces=[ROADS], at=cast.NOW, by=district.office)
    acting = {"cycle": cycle, "why": "会议调整", "at": cast.NOW, "by": district.office}
    with refused("central-work.taken-out"):
        plans.correct_central_work(pieces=[WATER], **acting)
    with refused("addendum.nothing-changed"):
        plans.correct_central_work(pieces=[ROADS, WATER], **acting)
    second = plans.correct_central_work(
        pieces=[ROADS, Piece(2, "改造全镇饮用水", "service"), Piece(3, "植树")], **acting
    )
    assert second.number == manifest.number + 1
    assert [(one.part, one.before, one.after) for one in addenda.addenda_to(cycle.reference)] == [
        ("central-work:2", "改造饮用水", "改造全镇饮用水"),
        ("central-work:3", "", "植树"),
    ]
    assert [one.text for one in queries.central_work(cycle)] == ["修通村组道路", "改造全镇饮用水", "植树"]


@pytest.mark.parametrize(
    ("pieces", "why"),
    [
        ([Piece(1, "")], "central-work.text"),
        ([Piece(1, "一" * 201)], "central-work.text"),
        ([ROADS, Piece(2, ROADS.text)], "central-work.twice"),
        ([Piece(1, "修路", "no-such-aim")], "central-work.unknown-aim"),
        ([Piece(n, f"事{n}") for n in range(1, 32)], "central-work.too-many"),
    ],
)
def test_a_list_that_says_nothing_clear_is_refused_whole(district, cycle, pieces, why):
    with refused(why):
        plans.write_central_work(cycle=cycle, pieces=pieces, at=cast.NOW, by=district.office)
    assert len(queries.central_work(cycle)) == 2


def test_a_theme_names_its_piece_and_the_view_says_what_nothing_serves(district, cycle):
    village, secretary = district.villages[0], district.secretaries[0]
    [roads, water] = queries.central_work(launched(cycle, district))
    given = {"organisation": village, "text": "点亮测试路", "main_work": "道路", "at": cast.NOW, "by": secretary}
    plans.choose_practice_theme(cycle=cycle, central_work=roads, **given)
    served = rhythm.served_in(cycle)
    assert [(one.piece, one.themes) for one in served.pieces] == [(water, 0), (roads, 1)]
    by_aim = {one.aim.id: (one.pieces, one.themes, one.is_served) for one in served.aims}
    assert by_aim["development"] == (1, 1, True)
    assert by_aim["service"] == (1, 0, False)
    assert by_aim["harmony"] == (0, 0, False)
    cast.closed_cycle(district, cycle)
    following = cast.drafted_cycle(district, name="下一轮")
    assert [one.text for one in queries.central_work(following)] == [roads.text, water.text]  # nothing is typed anew
    other = queries.central_work(following)[0]
    launched(following, district)
    with refused("theme.piece-of-another-cycle"):
        plans.choose_practice_theme(cycle=following, central_work=roads, **given)
    plans.choose_practice_theme(cycle=following, central_work=other, **given)

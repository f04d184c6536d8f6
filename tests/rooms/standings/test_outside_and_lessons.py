"""Figures published elsewhere and lessons learnt: who may write what, and that nothing is written twice."""

import pytest
from tests.cast import district as cast
from tests.cast.refusing import refused

from zhengyou.base.models import JournalEntry
from zhengyou.standings import actions, queries
from zhengyou.standings.models import Lesson, OutsideFigure
from zhengyou.standings.rules import Published

pytestmark = pytest.mark.django_db


@pytest.fixture
def district():
    return cast.small_district()


@pytest.fixture
def cycle(district):
    return cast.launched_cycle(district)


def enter(cycle, district, **changes):
    said = {"name": "测试邻区", "mean": 8.1, "standard_error": 0.2, "count": 400, "source": "测试公报第1期"} | changes
    return actions.enter_outside_figure(cycle=cycle, figure=Published(**said), at=cast.NOW, by=district.office)


def test_the_same_name_again_corrects_the_figure_and_the_journal_keeps_both(cycle, district):
    enter(cycle, district)
    enter(cycle, district, mean=7.9, name=" 测试邻区 ")
    assert [(row.name, row.mean) for row in queries.outside_figures(cycle)] == [("测试邻区", 7.9)]
    told = JournalEntry.objects.filter(deed="standings.enter_outside_figure").order_by("id")
    assert [entry.payload["mean"] for entry in told] == [8.1, 7.9]


@pytest.mark.parametrize(
    ("changes", "slug"),
    [
        ({"mean": 81.0}, "figure.off-the-scale"),
        ({"mean": float("nan")}, "figure.off-the-scale"),
        ({"standard_error": 0.0}, "figure.no-error"),
        ({"standard_error": float("inf")}, "figure.no-error"),
        ({"source": "  "}, "figure.no-source"),
        ({"name": ""}, "figure.no-source"),
    ],
)
def test_a_figure_that_cannot_be_compared_is_refused(cycle, district, changes, slug):
    with refused(slug):
        enter(cycle, district, **changes)
    assert not OutsideFigure.objects.exists()


def test_a_figure_can_be_taken_back(cycle, district):
    row = enter(cycle, district)
    actions.remove_outside_figure(figure=row, at=cast.NOW, by=district.office)
    assert queries.outside_figures(cycle) == []


def write(cycle, district, **changes):
    given = {
        "cycle": cycle,
        "organisation": district.villages[0],
        "learned_from": district.villages[1],
        "text": "每月公布一次承诺进展。",
        "at": cast.NOW,
        "by": district.secretaries[0],
    }
    return actions.write_lesson(**given | changes)


def test_a_lesson_sent_twice_is_written_once(cycle, district):
    assert write(cycle, district) == write(cycle, district)
    assert [row.text for row in queries.lessons_of(district.villages[0])] == ["每月公布一次承诺进展。"]


def test_only_its_own_secretary_writes_what_an_organisation_learns(cycle, district):
    for person in (district.office, district.secretaries[1], district.leader):
        with refused("role.not-secretary"):
            write(cycle, district, by=person)
    assert not Lesson.objects.exists()


def test_a_lesson_names_somebody_else_and_says_something_short(cycle, district):
    with refused("lesson.from-itself"):
        write(cycle, district, learned_from=district.villages[0])
    for text, slug in (("", "lesson.no-text"), ("  ", "lesson.no-text"), ("长" * 2001, "lesson.too-long")):
        with refused(slug):
            write(cycle, district, text=text)
    assert not Lesson.objects.exists()

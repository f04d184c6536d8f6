"""Situation reports: numbered without a gap by unit, due once a quarter, taking words."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from tests.cast.district import NOW, launched_cycle, small_district
from tests.cast.refusing import refused
from tests.cast.writing import arrived

from zhengyou.base.models import SearchEntry
from zhengyou.campaigns.calendar import Calendar
from zhengyou.organisations.readers import Reader
from zhengyou.remarks.models import Remark
from zhengyou.situations import actions, queries, rules
from zhengyou.situations.models import SituationReport

pytestmark = pytest.mark.django_db


@pytest.fixture
def district():
    return small_district()


@pytest.fixture
def cycle(district):
    return launched_cycle(district)


def told(cycle, district, n=0, **changes):
    facts = {
        "cycle": cycle,
        "organisation": district.villages[n],
        "title": "一季度情况",
        "text": "灯修了六盏",
        "at": NOW,
    }
    return actions.publish_report(**facts | {"by": district.secretaries[n]} | changes)


def test_numbers_run_by_unit_and_sent_twice_is_once(cycle, district) -> None:
    rows = [told(cycle, district), told(cycle, district, title="补充"), told(cycle, district, n=1)]
    assert [(row.year, row.number) for row in rows] == [(2026, 1), (2026, 2), (2026, 1)]
    twice = [told(cycle, district, ticket=UUID(int=1)).pk for _time in range(2)]
    assert twice[0] == twice[1]
    assert SearchEntry.objects.filter(kind="situation").count() == 4


@pytest.mark.parametrize(("part", "slug"), [("title", "title-missing"), ("text", "text-missing")])
def test_it_says_something(cycle, district, part, slug) -> None:
    with refused(f"situationreport.{slug}"):
        told(cycle, district, **{part: " "})
    with refused("answer.tells-of-somebody"):
        told(cycle, district, **{part: "联系张三 13800138000"})


def test_the_secretary_of_another_unit_tells_nothing(cycle, district) -> None:
    with refused("role.not-secretary"):
        told(cycle, district, by=district.secretaries[1])


def test_one_is_due_each_quarter_until_it_is_told(cycle, district) -> None:
    assert [one.last for one in rules.periods_of(Calendar.of(cycle))] == [
        date(2026, 3, 31), date(2026, 6, 30), date(2026, 9, 30), date(2026, 12, 31),
    ]  # fmt: skip

    def due(on):
        return [one.due_on for one in queries.due_for(Reader.of(district.secretaries[0], on, "en"))]

    assert due(date(2026, 2, 1)) == []
    assert due(date(2026, 3, 10)) == [date(2026, 3, 31)]
    assert due(date(2026, 4, 10)) == [date(2026, 3, 31)]
    told(cycle, district, at=datetime(2026, 4, 12, 4, tzinfo=UTC))
    assert due(date(2026, 4, 13)) == []
    assert due(date(2026, 7, 10)) == [date(2026, 6, 30)]
    # The second quarter was never told of. No report can do that in November, so only the third one is due, and one report is enough.
    assert due(date(2026, 11, 20)) == [date(2026, 9, 30)]
    told(cycle, district, title="三季度情况", at=datetime(2026, 11, 20, 4, tzinfo=UTC))
    assert due(date(2026, 11, 21)) == []


def test_anybody_says_something_to_it_and_it_is_looked_at_first(cycle, district) -> None:
    row = told(cycle, district)
    with refused("situation.words-missing"):
        actions.say_to_report(report=row, words=" ", at=NOW, arrival=arrived())
    with refused("situation.words-too-long"):
        actions.say_to_report(report=row, words="长" * 501, at=NOW, arrival=arrived())
    remark = actions.say_to_report(report=row, words="第三盏还不亮", at=NOW + timedelta(days=1), arrival=arrived())
    assert (remark.is_waiting, list(queries.words_about(row))) == (True, [])
    Remark.objects.update(state="shown")
    assert list(queries.words_about(row)) == [remark]
    assert SituationReport.objects.count() == 1

"""Publishing a notice: its number, its clock, what it must contain, what it freezes."""

from datetime import UTC, date, datetime, timedelta
from functools import partial

import pytest
from tests.cast.at_once import at_once
from tests.cast.awards import RECEIVING
from tests.cast.district import NOW, small_district
from tests.cast.refusing import refused

from zhengyou.base import journal
from zhengyou.notices import actions, queries
from zhengyou.notices.models import Notice


@pytest.fixture
def district(db):
    return small_district()


def nominee(organisation, **changes):
    said = {
        "reference": organisation.reference,
        "organisation": organisation.pk,
        "name": organisation.name,
        "unit": "测试镇党委",
        "deeds": "办成三件实事。",
        "evidence": None,
    }
    return said | changes


def publish(district, *, subject="subject:1", at=NOW, by=None, nominees=None, reason_for_none="", **changes):
    listed = [nominee(district.villages[0])] if nominees is None else nominees
    said = {
        "title": "公示",
        "basis": "测试区委 测发〔2026〕1号",
        "route": "推荐",
        "snapshot": {"nominees": listed, "reason_for_none": reason_for_none},
        "working_days": 5,
        **RECEIVING,
    }
    return actions.publish_notice(subject=subject, at=at, by=by or district.office, **(said | changes))


def test_the_clock_ends_at_midnight_of_the_fifth_working_day(district):
    notice = publish(district)
    assert notice.ends_on == date(2026, 3, 17)
    assert notice.closes_at == datetime(2026, 3, 17, 16, 0, tzinfo=UTC)
    assert notice.is_by_official_calendar
    before, after = notice.closes_at - timedelta(seconds=1), notice.closes_at
    assert queries.clock_of(notice, before) == queries.Clock(is_running=True, is_last_day=True, days_left=1)
    assert queries.clock_of(notice, after) == queries.Clock(is_running=False, is_last_day=False, days_left=0)


@pytest.mark.parametrize(("days", "left"), [(0, 5), (1, 5), (2, 4), (4, 2), (5, 2), (6, 2), (7, 1)])
def test_days_left_count_working_days_with_today(district, days, left):
    notice = publish(district)
    assert queries.clock_of(notice, NOW + timedelta(days=days)).days_left == left


def test_the_spring_festival_does_not_count(district):
    notice = publish(district, at=datetime(2026, 2, 13, 2, 0, tzinfo=UTC))
    assert notice.ends_on == date(2026, 2, 27)


def test_a_late_evening_in_utc_is_the_next_day_here(district):
    notice = publish(district, at=datetime(2026, 3, 10, 16, 30, tzinfo=UTC))
    assert notice.ends_on == date(2026, 3, 18)


def test_a_year_without_a_calendar_is_marked():
    last = queries.last_day(date(2098, 12, 30), 5)
    assert not last.is_by_official_calendar
    assert last.ends_on == date(2099, 1, 6)


def test_numbers_run_within_the_year(district):
    first, second = publish(district), publish(district, subject="subject:2")
    next_year = publish(district, subject="subject:3", at=datetime(2027, 1, 4, 2, 0, tzinfo=UTC))
    assert [(row.year, row.number) for row in (first, second, next_year)] == [(2026, 1), (2026, 2), (2027, 1)]
    assert queries.notice_numbered(2026, 2) == second
    assert queries.notice_on("subject:3") == next_year
    assert queries.notice_numbered(2026, 3) is None


def test_a_refused_notice_uses_up_no_number(district):
    with refused("notice.title-missing"):
        publish(district, title=" ")
    assert publish(district).number == 1


def test_a_subject_is_noticed_once(district):
    publish(district)
    with refused("notice.already-published") as caught:
        publish(district)
    assert "No. 1 of 2026" in str(caught.value)
    assert Notice.objects.count() == 1


def test_only_the_office_publishes(district):
    with refused("role.not-office"):
        publish(district, by=district.town_secretary)


@pytest.mark.parametrize(
    ("changes", "slug"),
    [
        ({"title": ""}, "title-missing"),
        ({"basis": " "}, "basis-missing"),
        ({"route": ""}, "route-missing"),
        ({"receiving_body": ""}, "receiving-body-missing"),
        ({"phone": ""}, "phone-missing"),
        ({"address": ""}, "address-missing"),
        ({"title": "长" * 201}, "title-too-long"),
        ({"mail": "m" * 201}, "mail-too-long"),
        ({"working_days": 0}, "working-days-out-of-bounds"),
        ({"working_days": 61}, "working-days-out-of-bounds"),
        ({"nominees": []}, "nobody-without-reason"),
        ({"nominees": [], "reason_for_none": "  "}, "nobody-without-reason"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_a_notice_must_contain(district, changes, slug):
    with refused(f"notice.{slug}"):
        publish(district, **changes)
    assert not Notice.objects.exists()


def test_deeds_fill_a_page(district):
    deeds = "事" * 1500
    assert publish(district, nominees=[nominee(district.villages[0], deeds=deeds)]).nominees[0]["deeds"] == deeds


@pytest.mark.parametrize(("deeds", "slug"), [(" ", "deeds-missing"), ("事" * 1501, "deeds-too-long")])
def test_deeds_are_said_and_have_a_length(district, deeds, slug):
    with refused(f"notice.{slug}"):
        publish(district, nominees=[nominee(district.villages[0], deeds=deeds)])


def test_nobody_stands_twice(district):
    with refused("notice.nominee-twice"):
        publish(district, nominees=[nominee(district.villages[0]), nominee(district.villages[0], name="别名")])


def test_nobody_at_all_is_allowed_with_a_reason(district):
    notice = publish(district, nominees=[], reason_for_none="本年度无单位达到标准。")
    assert notice.nominees == []
    assert notice.snapshot["reason_for_none"] == "本年度无单位达到标准。"


def test_the_list_has_running_notices_first_then_the_newest(district):
    old = publish(district, subject="subject:1")
    older = publish(district, subject="subject:2", at=NOW - timedelta(days=30))
    running = publish(district, subject="subject:3", at=NOW + timedelta(days=20))
    at = NOW + timedelta(days=21)
    assert list(queries.notices(at)) == [running, old, older]
    assert list(queries.notices(NOW)) == [old, older]


def test_the_journal_says_what_was_published(district):
    notice = publish(district)
    entry = journal.entries_about(notice.reference)[-1]
    assert (entry.deed, entry.by) == ("notices.publish_notice", district.office.reference)
    said = {"number": "2026-1", "subject": "subject:1", "ends_on": "2026-03-17", "snapshot": notice.fingerprint}
    assert entry.payload.items() > said.items()
    assert len(notice.fingerprint) == 64


@pytest.mark.django_db(transaction=True)
def test_two_people_at_once_get_two_numbers():
    district = small_district()
    notices = at_once(*[partial(publish, district, subject=f"subject:{n}") for n in (1, 2)])
    assert sorted(notice.number for notice in notices) == [1, 2]

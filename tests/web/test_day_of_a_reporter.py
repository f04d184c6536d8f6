"""Refusals 4 and 8: the day on which somebody marked, reported, gave a verdict or opened again stands nowhere that the unit or
everybody reads; the week does. The office, by the same way, finds each day.
"""

import uuid
from datetime import UTC, datetime, time, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from tests.cast.district import launched_cycle, small_district
from tests.cast.hunting import ENGLISH, finds_all, found, pages_by_links
from tests.cast.windows import MIDDLING, WORST, marked, opened

from zhengyou.base.time import week_of
from zhengyou.cases import actions as cases
from zhengyou.cases import queries, reporting
from zhengyou.cases.models import Case
from zhengyou.identity.models import Account
from zhengyou.remarks import actions as remarks
from zhengyou.remarks.models import Remark
from zhengyou.rhythm import actions as rhythm
from zhengyou.web.shared import clock

pytestmark = pytest.mark.django_db(transaction=True)
MARKED, GIVEN, FIXED, JUDGED, REOPENED, SPOKEN = 47, 26, 24, 19, 11, 31  # days ago


def noon(days_ago=0):
    return datetime.combine(clock.today() - timedelta(days=days_ago), time(4), tzinfo=UTC)


@pytest.fixture
def district():
    return small_district(at=noon(70))


@pytest.fixture
def cycle(district):
    return launched_cycle(district, at=noon(60))


def signed_in(person):
    client = Client()
    client.force_login(Account.objects.get(person=person))
    return client


def written(days_ago):
    """The day as English pages and files write it."""
    day = noon(days_ago).date()
    return f"{day.day} {day:%B %Y}", day.isoformat()


def lived(district):
    """A bad mark at a window that became a case, was put right, judged, closed and opened again; and words of somebody content."""
    point = opened(district, at=noon(50))
    made = marked(point, WORST, words="等了半天没人", at=noon(MARKED))
    row = queries.case_with_code(made.case_code)
    row = cases.assign_case(case=row, to=row.unit, target_text="请查。", at=noon(GIVEN), by=district.office)
    row = cases.say_fixed(case=row, says="好了。", at=noon(FIXED), by=district.secretaries[0])
    row = reporting.give_verdict(case=row, verdict="solved", goes_on=False, at=noon(JUDGED))
    row = reporting.reopen_case(case=row, words="又关了", at=noon(REOPENED))
    marked(point, MIDDLING, words="椅子太少", at=noon(SPOKEN))
    remarks.show_remarks(remarks=Remark.objects.all(), at=noon(29), by=district.office)
    rhythm.forget(at=noon())
    rhythm.rebuild_search(at=noon(), by=None)
    return point, row


def test_refusal_8_the_day_of_a_reporter_stands_nowhere_for_the_unit_or_for_everybody(cycle, district):
    point, row = lived(district)
    secret = [text for ago in (MARKED, JUDGED, REOPENED, SPOKEN) for text in written(ago)]
    office = pages_by_links(signed_in(district.office), reverse("office-case", args=[row.pk]), 60)
    assert finds_all(office, [written(ago)[0] for ago in (MARKED, JUDGED, REOPENED)]), "they are there to be found"
    visitor, unit = Client(), signed_in(district.secretaries[0])
    starts = [
        ("public-case", row.year, row.number),
        ("public-window-page", point.code),
        ("public-cases",),
        ("public-entries",),
    ]
    for name, *parts in starts:
        assert found(pages_by_links(visitor, reverse(name, args=parts), 25), secret) == set()
    for start in (reverse("desk-case", args=[row.year, row.number]), reverse("desk-remarks"), reverse("desk-home")):
        assert found(pages_by_links(unit, start, 25), secret) == set()
    page = visitor.get(reverse("public-case", args=[row.year, row.number]), **ENGLISH).content.decode()
    for ago in (MARKED, JUDGED, REOPENED):
        week = week_of(noon(ago).date())
        assert f"in the week of {week.day} {week:%B %Y}" in page
    csv = visitor.get(reverse("public-cases"), {"as": "csv"}, **ENGLISH).content.decode("utf-8-sig")
    assert written(GIVEN)[1] in csv, "a day in the file would be found"


def test_attack_whoever_looks_every_day_learns_no_day_from_a_clock_or_a_figure(cycle, district):
    """Two cases that came on two days and were given to their units together: no page of any later day tells them apart."""
    unit, other = district.villages[:2]
    rows = [
        cases.receive_case(
            kind="delay", unit=one, words="慢", contact="", source="report", ticket=uuid.uuid4(), at=noon(ago)
        ).case
        for one, ago in ((unit, 14), (other, 10))
    ]
    rows = [
        cases.assign_case(case=row, to=row.unit, target_text="查。", at=noon(9), by=district.office) for row in rows
    ]
    for days in range(9, 0, -1):
        on = noon(days).date()
        late = set(Case.objects.filter(queries.late_in_hand(cycle, on)).values_list("pk", flat=True))
        assert late in (set(), {row.pk for row in rows})
        seen = [queries.figures(cycle, on, one) for one in (unit, other)]
        assert seen[0] == seen[1]
    assert Case.objects.filter(queries.late(cycle, noon(9).date())).count() == 1, (
        "the office’s own clock tells them apart"
    )


def test_no_number_of_a_case_tells_what_came_before_or_beside_it(cycle, district):
    unit = district.villages[0]
    rows = [
        cases.receive_case(
            kind=kind, unit=unit, words=f"事{n}", contact="", source="report", ticket=uuid.uuid4(), at=noon()
        ).case
        for n, kind in enumerate(("delay", "misconduct", "delay", "delay", "delay"))
    ]
    ids = [row.pk for row in rows]
    assert all(abs(one - other) > 1000 for one in ids for other in ids if one != other)

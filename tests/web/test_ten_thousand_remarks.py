"""Ten thousand remarks on one plan: pages stay bounded, like ones are answered at one press, the list comes whole as a file.

The rows are copies of one that was sent, since ten thousand forms would take an hour; what is done with them goes through the pages.
"""

import re
from hashlib import sha256

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.cast.district import launched_cycle, small_district
from tests.cast.jobs import run_jobs
from tests.cast.plans import BODY, published_plan, remark, wordings
from tests.web.test_plan_pages import noon, signed_in

from zhengyou.consultation import queries
from zhengyou.consultation.models import Plan, PlanRemark
from zhengyou.remarks.models import Remark
from zhengyou.web.shared import clock

pytestmark = [pytest.mark.django_db, pytest.mark.long]
MANY, ALIKE, A_PAGE = 10_020, 100, 60_000
COMMON = "路灯太少，学校门口晚上看不见路，请多装几盏"


def copied(row: PlanRemark, words: list[str]) -> None:
    """As many remarks like this one, each with words of its own."""
    first = Remark.objects.get(pk=row.remark_id)
    given = {field.attname: getattr(first, field.attname) for field in Remark._meta.fields}
    del given["id"], given["once"], given["public_id"]
    rows = [Remark(**given | {"words": one, "fold": sha256(one.encode()).hexdigest()}) for one in words]
    made = Remark.objects.bulk_create(rows, batch_size=2000)
    whose = {"plan_id": row.plan_id, "wording_id": row.wording_id}
    PlanRemark.objects.bulk_create([PlanRemark(**whose, remark=one) for one in made], batch_size=2000)


@pytest.fixture
def district():
    return small_district(at=noon(70))


@pytest.fixture
def plan(district):
    return published_plan(launched_cycle(district, at=noon(40)), district.villages[0], at=noon(12))


def asked_and_told(client: Client, address: str) -> tuple[int, str]:
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(address, headers={"accept-language": "en"})
    assert answer.status_code == 200, address
    return len(asked), answer.content.decode()


def test_ten_thousand_remarks_on_one_plan(client, plan, district):
    lamps = wordings(plan)[1]
    row = remark(lamps, "太少", by_office=district.office, at=noon(5))
    copied(row, [f"第{n}条：{chr(0x4E00 + n)}{chr(0x6000 + n)}{chr(0x7000 + n)}应当写清楚" for n in range(30)])
    desk = signed_in(district.secretaries[0])
    pages = {
        reverse("public-plan", args=[district.villages[0].code, plan.pk]): client,
        reverse("public-plan-paragraph", args=[district.villages[0].code, lamps.pk]): client,
        reverse("desk-plan-remarks", args=[plan.pk]): desk,
        reverse("desk-plan", args=[plan.pk]): desk,
    }
    few = [asked_and_told(who, page)[0] for page, who in pages.items()]
    more = [f"另{n}：{chr(0x4E00 + n)}{chr(0x6000 + n)}{chr(0x7000 + n)}请改" for n in range(31, MANY - ALIKE)]
    more[0] += "，长" * 300  # a file holds every word, a page the beginning
    copied(row, [*more, *(f"{COMMON}{chr(0x4E00 + n)}" for n in range(ALIKE))])
    many = [asked_and_told(who, page) for page, who in pages.items()]
    assert [count for count, _text in many] == few
    assert max(len(text) for _count, text in many[:2]) < A_PAGE
    assert max(len(text) for _count, text in many) < 2 * A_PAGE
    paragraph, listed = list(pages)[1:3]
    last = asked_and_told(client, f"{paragraph}?page=500")[1]
    assert "第" in last
    assert len(last) < A_PAGE
    found = asked_and_told(desk, f"{listed}?q=学校门口")[1]
    assert found.count("学校门口") <= 200

    # A hundred alike among them are found at one press and answered at once.
    assert desk.post(reverse("desk-plan-groups", args=[plan.pk])).status_code == 302
    alike = max(queries.groups_of(plan, is_open=True), key=lambda group: group.unanswered)
    assert alike.unanswered == ALIKE
    answering = reverse("desk-plan-answer", args=[plan.pk]) + f"?group={alike.pk}"
    page = asked_and_told(desk, answering)[1]
    assert "The first five of 100" in page
    assert len(page) < A_PAGE
    given = {"outcome": "not_taken_up", "text": "年内再装。", "ticket": "3" * 32}
    with CaptureQueriesContext(connection) as asked:
        desk.post(answering, given)
    assert len(asked) < 60
    assert PlanRemark.objects.filter(response__text="年内再装。").count() == ALIKE

    # One without an answer holds the adoption up, whatever their number.
    adopt = desk.post(
        reverse("desk-plan-adopt", args=[plan.pk]),
        {"body": BODY, "adopted_on": clock.today(), "sure": "on"},
        headers={"accept-language": "en"},
    ).content.decode()
    assert re.search(r"9,?9\d\d comments", adopt)
    assert Plan.objects.get(pk=plan.pk).adopted_on is None

    # All that the list finds are answered a few thousand at a press, the oldest first.
    everything = reverse("desk-plan-answer", args=[plan.pk]) + "?all_that_match="
    left = PlanRemark.objects.filter(response=None).count()
    page = asked_and_told(desk, everything)[1]
    assert "This answers the oldest 2,000 of them" in page or "This answers the oldest 2000 of them" in page
    assert len(page) < A_PAGE
    those = re.search(r'name="those" value="([^"]+)"', page)[1]
    with CaptureQueriesContext(connection) as asked:
        desk.post(everything, {"outcome": "not_taken_up", "text": "一并答复。", "ticket": "4" * 32, "those": those})
    assert len(asked) < 60
    assert PlanRemark.objects.filter(response=None).count() == left - 2000

    asked_for = desk.get(f"{listed}?as=csv")
    run_jobs()
    taken = desk.post(f"{asked_for.headers['Location']}take/").getvalue().decode("utf-8-sig")
    assert len(taken.splitlines()) == PlanRemark.objects.count() + 1
    assert taken.count("年内再装。") == ALIKE
    assert "，长" * 300 in taken

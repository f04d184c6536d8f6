"""On a phone: somebody taps the number of a paragraph and writes; the unit answers and rewrites; the plan says what changed."""

from datetime import UTC, datetime, time, timedelta

import pytest
from django.urls import reverse
from playwright.sync_api import expect
from tests.cast.district import PASSWORD, launched_cycle, small_district
from tests.cast.plans import published_plan

from zhengyou.remarks import actions as remarks
from zhengyou.remarks.models import Remark
from zhengyou.web.shared import clock

pytestmark = pytest.mark.django_db(transaction=True)
NEW = "六月底前修好村口到学校和卫生室的路灯，共十八盏。由村委会负责。"


def noon(days_ago=0):
    return datetime.combine(clock.today() - timedelta(days=days_ago), time(4), tzinfo=UTC)


@pytest.fixture
def plan(request):
    district = small_district(at=noon(30), members_a_village=0)
    plan = published_plan(launched_cycle(district, at=noon(20)), district.villages[0], at=noon(4))
    plan.office, plan.secretary = district.office, district.secretaries[0]
    return plan


def _says_something(page, address, check_axe, picture):
    page.goto(address)
    check_axe(page)
    picture(page, "plan-open-phone")
    page.locator(".plan-text a.number").first.tap()
    expect(page.locator("[name=words]")).to_be_visible()
    check_axe(page)
    page.fill("[name=words]", "学校到卫生室的路也没有灯，请一起装上。")
    page.locator("#say ~ form button:not([type=button])").click()
    expect(page.locator("#recorded")).to_be_visible()


def _answers_and_rewrites(page, server, plan):
    page.goto(server + reverse("sign-in"))
    page.fill("[name=login]", plan.secretary.number)
    page.fill("[name=password]", PASSWORD)
    page.locator("main form button").first.click()
    expect(page.locator("ol.todos")).to_be_visible()
    page.locator("ol.todos a", has_text="路灯计划").click()
    expect(page.locator("a[href*='/answer/?row=']").first).to_be_visible()
    page.locator("a[href*='/answer/?row=']").first.click()
    page.locator("[name=outcome][value=taken_up]").check()
    page.locator("[name=paragraphs]").first.check()
    page.fill("[name=text]", "采纳，已写进第一段。")
    page.locator("main form button").last.click()
    expect(page.get_by_text("1条意见已答复，答复写在意见下面。")).to_be_visible()
    page.goto(server + reverse("desk-plan", args=[plan.pk]))
    page.locator("form[action*='/next/'] button").click()
    page.locator("ol.writing a[href*='/paragraphs/']").first.click()
    page.fill("[name=text]", NEW)
    page.locator("main form button").last.click()
    page.locator("a[href*='/publish/']").first.click()
    page.fill("[name=open_until]", (clock.today() + timedelta(days=10)).isoformat())
    page.locator("[name=sure]").check()
    page.locator("main form button").last.click()
    expect(page.get_by_text("第2版已公布。")).to_be_visible()


def test_a_remark_changes_a_plan(phone, phone_of, live_server, plan, check_axe, picture):
    address = live_server.url + reverse("public-plan", args=[plan.organisation.code, plan.pk])
    _says_something(phone, address, check_axe, picture)
    remarks.show_remarks(remarks=Remark.objects.all(), at=clock.now(), by=plan.office)
    desk = phone_of().new_page()
    _answers_and_rewrites(desk, live_server.url, plan)
    phone.reload()  # the address ends in the form's mark, so that going there again would load nothing
    expect(phone.get_by_text("采纳，已写进第一段。")).to_be_visible()
    phone.goto(address)
    expect(phone.locator(".changed ins", has_text="和卫生室")).to_be_visible()
    check_axe(phone)
    picture(phone, "plan-changed-phone")
    phone.locator(".changed a").last.click()
    expect(phone.locator(".stretch del").first).to_be_visible()
    check_axe(phone)
    picture(phone, "plan-compare-phone")
    assert phone.context.cookies() == []

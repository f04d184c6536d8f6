"""A report to its reopening on a phone, without a script and with; a case that three units pass on until the level above decides."""

from datetime import UTC, datetime, time, timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import expect
from tests.cast.district import launched_cycle, small_district
from tests.journeys import looking
from tests.rooms.cases.test_cases import assigned

from zhengyou.cases import actions, effects
from zhengyou.cases.models import Case
from zhengyou.identity.models import Account
from zhengyou.web.shared import clock

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def district():
    at = datetime.combine(clock.today() - timedelta(days=20), time(4), tzinfo=UTC)
    district = small_district(at=at)
    launched_cycle(district, at=at)
    return district


def reported(page, live_server, unit):
    """The report with one ring tapped, sent; gives the code that is shown once."""
    page.goto(live_server.url + reverse("public-case-report", args=[unit.code]))
    assert page.locator("input:checked").count() == 0
    page.locator("input[value=delay]").check()
    page.fill("[name=words]", "王建国主任让我跑了四趟，电话13800000000")
    page.locator("[name=may_show]").check()
    page.locator("article form > button").click()
    page.locator(".ring").first.click()
    page.locator("button[name=send]").click()
    return page.locator("[data-case-code]").inner_text()


def opened(page, live_server, code):
    page.goto(live_server.url + reverse("public-case-own"))
    page.fill("[name=code]", code.lower().replace("-", " "))
    page.locator("article form button").click()


def test_a_report_is_followed_by_its_code_and_opened_again_without_a_script(browser, live_server, district, picture):
    device = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "locale": "zh-CN"}
    context = browser.new_context(**device, java_script_enabled=False)
    page = context.new_page()
    page.set_default_timeout(15_000)
    village = district.villages[0]
    code = reported(page, live_server, village)
    row, now = Case.objects.get(), clock.now()
    assert row.public_words.startswith("███主任")
    assert "13800000000" in row.words
    assert "13800000000" not in row.public_words  # a number is black unless its owner shows it
    Case.objects.update(
        received_on=now.date() - timedelta(days=1)
    )  # a unit gets it on a later day than that on which it came
    row = actions.assign_case(case=row, to=village, target_text="请查窗口。", at=now, by=district.office)
    actions.say_fixed(case=row, says="加开了窗口。", at=now, by=district.secretaries[0])
    opened(page, live_server, code)
    picture(page, "case-own-phone")
    page.locator("input[value=not_solved]").check()
    page.locator("input[name=goes_on][value=yes]").check()
    page.locator("button[value=verdict]").click()
    expect(page.locator("hgroup")).to_contain_text("办理中")
    row.refresh_from_db()
    assert (row.state, row.reopened, row.verdict) == ("fixed", 0, ""), "for others, until the day is over"
    effects.settle(at=clock.now() + timedelta(days=1))
    row.refresh_from_db()
    assert (row.state, row.reopened, row.verdict) == ("assigned", 1, "not_solved")
    assert context.cookies() == []
    context.close()


def test_the_pages_of_a_report_can_be_used_by_everybody(phone, live_server, district, check_axe):
    """axe finds nothing, nothing scrolls sideways, and a message is answered by the same code."""
    village = district.villages[0]
    phone.goto(live_server.url + reverse("public-case-report", args=[village.code]))
    assert looking.overprinted(phone) == []
    check_axe(phone)
    code = reported(phone, live_server, village)
    check_axe(phone)
    opened(phone, live_server, code)
    check_axe(phone)
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
    phone.fill("[name=words]", "还有一件事")
    phone.locator("button[value=message]").click()
    expect(phone.locator(".case-steps")).to_contain_text("还有一件事")


def signed_in(page, live_server, person):
    """The page's browser is signed in as somebody; signing in itself has journeys of its own."""
    client = Client()
    client.force_login(Account.objects.get(person=person))
    page.context.clear_cookies()
    kept = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": kept, "url": live_server.url}])


def test_three_units_pass_a_case_on_until_the_level_above_decides(desktop, live_server, district, check_axe):
    first, second, third, last = district.villages
    row = assigned(district, first, at=clock.now())
    act = [reverse("desk-case-act", args=[row.year, row.number, name]) for name in ("pass", "settle")]
    for person, to in zip(district.secretaries[:3], (second, third, last), strict=True):
        signed_in(desktop, live_server, person)
        desktop.goto(live_server.url + act[0])
        desktop.fill("[name=to]", to.code)
        desktop.fill("[name=words]", "不归我们")
        desktop.locator("main form button").click()
        desktop.wait_for_load_state()
    row.refresh_from_db()
    assert (row.state, row.unit, row.hands) == ("unowned", third, 3)
    signed_in(desktop, live_server, district.town_secretary)
    desktop.goto(live_server.url + reverse("desk-cases"))
    check_axe(desktop)
    desktop.goto(live_server.url + act[1])
    desktop.fill("[name=to]", last.code)
    desktop.locator("main form button").click()
    desktop.wait_for_load_state()
    row.refresh_from_db()
    assert (row.state, row.unit) == ("assigned", last)
    desktop.goto(live_server.url + reverse("public-case", args=[row.year, row.number]))
    check_axe(desktop)
    expect(desktop.locator(".case-steps")).to_contain_text("不归我们")

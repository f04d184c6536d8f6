"""Journey 1: somebody of 65 at a counter scans, taps, sends; on a phone, with scripts off and with scripts on."""

from datetime import UTC, datetime, time, timedelta

import pytest
from django.urls import reverse
from playwright.sync_api import expect
from tests.cast.district import launched_cycle, small_district
from tests.cast.windows import opened

from zhengyou.base import codes
from zhengyou.cases.models import Case
from zhengyou.remarks.models import Remark, Valve
from zhengyou.web.shared import clock
from zhengyou.windows import actions
from zhengyou.windows.models import MarkTally

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def at():
    return datetime.combine(clock.today() - timedelta(days=20), time(4), tzinfo=UTC)


@pytest.fixture
def district(at):
    return small_district(at=at, members_a_village=0)


@pytest.fixture
def point(district, at):
    launched_cycle(district, at=at)
    return opened(district, at=at)


def total():
    return sum(row.count for row in MarkTally.objects.all())


def test_three_taps_without_a_script(browser, live_server, point, picture):
    """The scan, the step, the button: nothing to scroll for, nothing chosen beforehand, all steps of one size."""
    device = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "locale": "zh-CN"}
    context = browser.new_context(**device, java_script_enabled=False)
    page = context.new_page()
    page.set_default_timeout(15_000)
    page.goto(live_server.url + reverse("public-window", args=[point.code]))
    picture(page, "window-phone")
    boxes = [one.bounding_box() for one in page.locator(".steps .mark span").all()]
    assert len({(box["width"], box["height"], box["x"]) for box in boxes}) == 1
    assert page.locator(".steps input:checked").count() == 0
    button = page.locator("form.window > button")
    assert button.bounding_box()["y"] + button.bounding_box()["height"] <= 844
    page.locator(".steps .mark").nth(3).tap()
    button.tap()
    expect(page.locator("h1")).to_contain_text("评价已计入")
    picture(page, "window-thanks-phone")
    assert total() == 1
    assert not Remark.objects.exists()
    assert context.cookies() == []
    context.close()


def test_a_bad_mark_with_words_becomes_a_case_on_a_phone_with_scripts(
    phone, live_server, district, point, check_axe, picture
):
    """With a script the puzzle is solved meanwhile, so that many honest marks are no burst."""
    phone.goto(live_server.url + reverse("public-window", args=[point.code]))
    check_axe(phone)
    phone.locator(".steps .mark").nth(4).tap()
    phone.locator("form.window summary").tap()
    phone.fill("[name=words]", "等了两小时，没有人说为什么")
    picture(phone, "window-more-phone")
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
    phone.locator("form.window > button").tap()
    expect(phone.locator("[data-case-code]")).to_be_visible()
    check_axe(phone)
    picture(phone, "window-case-phone")
    assert (total(), Case.objects.get().words) == (1, "等了两小时，没有人说为什么")
    assert Valve.objects.filter(subject=point.reference, is_solved=True).count() == 1
    code = codes.fresh()
    actions.add_codes(point=point, made=[code], at=clock.now(), by=district.office)
    phone.goto("about:blank")  # else only the part behind the # would change
    phone.goto(f"{live_server.url}{reverse('public-window', args=[point.code])}#{code}")
    phone.locator(".steps .mark").nth(0).tap()
    phone.locator("form.window > button").tap()
    expect(phone.locator("h1")).to_contain_text("评价已计入")
    assert MarkTally.objects.filter(
        way="coded", count=1
    ).exists()  # scanned, and never in an address that a server sees
    phone.goto(live_server.url + reverse("public-window-sheet", args=[point.code]))
    check_axe(phone)
    picture(phone, "window-sheet-phone")


def test_sent_again_by_back_is_the_same_mark_and_the_same_case(browser, live_server, point):
    """Somebody without scripts goes back after sending and presses once more, as people do who doubt that it went."""
    context = browser.new_context(locale="en", java_script_enabled=False)
    page = context.new_page()
    page.set_default_timeout(15_000)
    page.goto(live_server.url + reverse("public-window", args=[point.code]))
    given = []
    for _n in range(2):
        page.locator(".steps .mark").nth(4).click()
        page.locator("form.window summary").click()
        page.fill("[name=words]", "等了两小时")
        page.locator("form.window > button").click()
        given.append(page.locator("[data-case-code]").inner_text())
        page.go_back()
    assert given[0] == given[1]
    assert (total(), Case.objects.count()) == (1, 1)
    context.close()


def test_a_report_or_a_bad_mark_that_was_not_sent_is_not_kept_on_the_device(phone, live_server, district, point):
    """Else whoever opens the page next, on a shared phone or in a school, would read it."""
    unit = district.villages[0]
    for name, code in (("public-case-report", unit.code), ("public-window", point.code)):
        address = live_server.url + reverse(name, args=[code])
        phone.goto(address)
        phone.evaluate(
            "about => localStorage.setItem('zhengyou-draft:' + about, Date.now() + ':from before')",
            unit.reference if name == "public-case-report" else point.reference,
        )
        phone.goto(address)
        if name == "public-window":
            phone.locator("form summary").tap()
        phone.fill("[name=words]", "刘老师收红包")
        assert phone.evaluate("JSON.stringify(localStorage)") == "{}"
        phone.goto("about:blank")
        phone.goto(address)
        expect(phone.locator("[name=words]")).to_have_value("")


def test_what_one_visitor_chose_on_the_counters_device_is_gone_for_the_next(browser, live_server, district, point):
    """Whoever taps and walks away leaves nothing chosen; after an hour without a touch the page is a fresh one."""
    actions.give_tablet(point=point, secret="ABCD-EFGH-JKMN", at=clock.now(), by=district.office)
    context = browser.new_context(viewport={"width": 820, "height": 1180}, has_touch=True, locale="zh-CN")
    page = context.new_page()
    page.set_default_timeout(15_000)
    page.clock.install()
    page.goto(live_server.url + reverse("public-window-counter", args=["ABCD-EFGH-JKMN"]))
    page.locator(".steps .mark").nth(0).tap()
    page.locator("form.window summary").tap()
    page.clock.run_for(45_000)
    assert page.locator(".steps input:checked").count() == 1
    page.clock.run_for(30_000)
    assert page.locator(".steps input:checked").count() == 0
    assert page.locator("form.window details[open]").count() == 0
    before = page.locator("[name=ticket]").input_value()
    page.clock.run_for(3_600_000)
    expect(page.locator("[name=ticket]")).not_to_have_value(before)
    assert total() == 0
    context.close()

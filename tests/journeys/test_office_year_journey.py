"""The office's year: somebody moves, is renamed and brought back; a village's paper is entered by the town, and the village looks at it."""

import re
from datetime import UTC, datetime, time

import pytest
from django.urls import reverse
from playwright.sync_api import expect
from tests.cast.district import PASSWORD, launched_cycle, small_district

from zhengyou.web.shared import clock

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def district():
    return small_district(at=datetime.combine(clock.today(), time(4), tzinfo=UTC), members_a_village=2)


@pytest.fixture
def enter(live_server, phone):
    """Sign in by the page and go somewhere."""

    def go(person, address):
        phone.context.clear_cookies()
        phone.goto(f"{live_server.url}{reverse('sign-in')}?next={address}")
        phone.fill("[name=login]", person.number)
        phone.fill("[name=password]", PASSWORD)
        phone.locator("main button").click()
        phone.wait_for_url(f"**{address}")
        return phone

    return go


def test_people_move_and_come_back(district, enter):
    movers, home = district.members[:2], district.villages[2]
    page = enter(district.office, reverse("office-people"))
    for one in movers:
        page.get_by_role("checkbox", name=one.name).check()
    page.get_by_role("button", name="转到另一个单位").click()
    for one in movers:
        expect(page.locator("main")).to_contain_text(one.name)
    page.fill("[name=to]", home.code)
    page.fill("[name=reason]", "并入")
    page.get_by_role("button", name="登记").click()
    expect(page.locator("main h1")).to_contain_text(home.name)
    page.get_by_role("button", name="全部撤回").click()
    expect(page.locator("body")).to_contain_text("撤回了2项变动")

    page.get_by_role("link", name=movers[0].name).click()
    page.locator("a[href$='/change/rename/']").click()
    page.fill("[name=name]", "成员改名")
    page.fill("[name=reason]", "身份证上是这个名字")
    page.get_by_role("button", name="登记").click()
    expect(page.locator("main h1")).to_have_text("成员改名")
    page.get_by_role("link", name="本人操作记录").click()
    expect(page.locator("main")).to_contain_text("列表中没有符合条件的内容")


def test_a_promise_on_paper_is_entered_and_the_village_objects(district, enter, live_server):
    launched_cycle(district, at=datetime.combine(clock.today(), time(4), tzinfo=UTC))
    village, secretary = district.villages[0], district.secretaries[0]
    page = enter(district.town_secretary, reverse("desk-units-below"))
    page.locator(f"a[href='{reverse('desk-submissions', args=[village.code])}']").click()
    page.locator("a[href$='/paper/promise/']").click()
    texts = {"what": "修三公里水渠", "standard": "通水", "for_whom": "全村", "evidence": "照片"}
    for name, text in texts.items():
        page.fill(f"[name={name}]", text)
    page.fill("[name=due_on]", f"{clock.today().year}-12-31")
    page.locator("[name=checked_by]").first.check()
    page.locator("[name=aim]").first.check()
    page.locator("main form button").last.click()
    expect(page.locator("main")).to_contain_text(re.compile(f"{district.town_secretary.name}于.*为{village.name}代录"))

    page = enter(secretary, "/desk/")
    page.get_by_role("link", name=re.compile("核对上级为本单位代录的")).click()
    page.get_by_role("link", name="对这条代录提出异议").click()
    page.fill("[name=objection]", "是两公里")
    page.locator("main form button").last.click()
    expect(page.locator("main")).to_contain_text("是两公里")

    page = enter(district.town_secretary, "/desk/")
    expect(page.locator("main")).to_contain_text("有单位对代录提出异议")

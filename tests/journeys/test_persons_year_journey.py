"""A person's year on a phone: their own words, the grade of their branch, told, an objection answered; and one person commended."""

import re
from datetime import UTC, datetime, time, timedelta

import pytest
from django.urls import reverse
from playwright.sync_api import expect
from tests.cast.awards import RECEIVING, notice_of_people, selection_of
from tests.cast.district import PASSWORD, launched_cycle, small_district
from tests.cast.persons import committed

from zhengyou.awards import queries as awards
from zhengyou.identity import actions as identity
from zhengyou.web.shared import clock

pytestmark = pytest.mark.django_db(transaction=True)


def noon(days_ago=0):
    return datetime.combine(clock.today() - timedelta(days=days_ago), time(4), tzinfo=UTC)


@pytest.fixture
def district():
    return small_district(at=noon(70), members_a_village=2)


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


def test_a_branch_grades_its_members_and_each_is_told_in_private(district, enter, check_axe, picture):
    member, colleague = district.members[:2]
    secretary = district.secretaries[0]
    cycle = launched_cycle(district, at=noon(2))
    committed(district, cycle, [member, colleague, secretary], at=noon(2))
    identity.open_account(person=member, login=member.number, password=PASSWORD, at=clock.now(), by=None)

    page = enter(member, "/desk/")
    page.get_by_role("link", name=re.compile("写本年度自评")).click()
    page.fill("[name=text]", "修好了村口的排水沟，学习不够。")
    check_axe(page)
    page.get_by_role("button", name="保存").click()
    expect(page.locator("main")).to_contain_text("修好了村口的排水沟")

    page = enter(secretary, "/desk/")
    page.get_by_role("link", name=re.compile("录入2人的年度等次")).click()
    page.get_by_text("个人自评").click()
    expect(page.get_by_text("修好了村口的排水沟")).to_be_visible()
    page.fill("[name=decided_on]", clock.today().isoformat())
    page.select_option("[name=rest]", "qualified")
    check_axe(page)
    picture(page, "grades-unit-phone")
    page.get_by_role("button", name="录入这些等次").click()
    expect(page.locator("main")).to_contain_text("尚未告知")

    page = enter(member, "/desk/")
    page.get_by_role("link", name=re.compile("查看对您本年度的评定")).click()
    expect(page.locator("main .lead")).to_have_text("等次：合格")
    page.get_by_role("button", name="我已看过").click()
    page.get_by_role("link", name="提出异议").click()
    page.fill("[name=text]", "清渠也是我组织的，请核实。")
    page.check("[name=sure]")
    page.locator("main form button").last.click()
    expect(page.locator("main")).to_contain_text("等待上级答复")

    page = enter(district.town_secretary, "/desk/")
    page.get_by_role("link", name=re.compile("答复对年度等次的异议")).click()
    page.get_by_role("button", name="答复异议").click()
    page.fill("[name=answer]", "属实，改为优秀。")
    page.select_option("[name=grade]", "excellent")
    page.check("[name=sure]")
    page.locator("main form button").last.click()
    expect(page.locator("main")).to_contain_text("属实，改为优秀。")

    page = enter(member, reverse("desk-grades"))
    expect(page.locator("main .lead")).to_have_text("等次：优秀")
    expect(page.locator("main del")).to_have_text("合格")
    check_axe(page)
    picture(page, "grades-own-phone")


def test_a_person_is_put_forward_announced_and_commended(district, enter, live_server, check_axe, picture):
    member, other = district.members[0], district.members[2]
    cycle = launched_cycle(district, at=noon(60))
    committed(district, cycle, [other], at=noon(60))
    over = selection_of(notice_of_people(district, cycle, [member], at=noon(60)))

    page = enter(district.office, reverse("office-selection-make"))
    page.fill("[name=title]", "优秀党务工作者")
    page.fill("[name=quota]", "2")
    page.get_by_text("公开承诺过的人和担任职务的人").click()
    page.locator("main form button").last.click()
    page.fill("[name=person]", other.name)
    page.fill("[name=post]", "村民小组长")
    page.get_by_label("是", exact=True).check()
    page.fill("[name=deeds]", "牵头修通了两公里机耕路。")
    page.locator("main form button").last.click()
    expect(page.locator("main")).to_contain_text("推荐对象中0 %担任职务")
    check_axe(page)
    picture(page, "awards-person-selection-phone")
    page.get_by_role("button", name="发布公示").click()
    page.fill("[name=route]", "支部推荐，集体研究。")
    for name in ("receiving_body", "phone", "mail", "address"):
        page.fill(f"[name={name}]", RECEIVING[name])
    page.check("[name=sure]")
    page.locator("main form button").last.click()
    page.locator("a[href^='/notices/']").first.click()
    expect(page.locator("main")).to_contain_text("牵头修通了两公里机耕路")
    picture(page, "awards-person-notice-phone")

    page.goto(f"{live_server.url}{reverse('office-selection-commend', args=[over.pk])}")
    page.fill("[name=decision_number]", "测发〔2026〕9号")
    page.fill("[name=reasons]", "公示期满，集体研究。")
    for name, votes in {"present": "9", "in_favour": "8", "against": "0", "abstained": "1"}.items():
        page.fill(f"[name={name}]", votes)
    page.fill("[name=stepped_aside]", "组织委员（与对象有亲属关系）")
    page.check("[name=sure]")
    page.locator("main form button").last.click()
    [honour] = awards.honours_at(district.villages[0])[1]
    page.context.clear_cookies()
    page.goto(f"{live_server.url}{reverse('public-honour', args=[honour.code])}")
    expect(page.locator("main h1")).to_have_text(member.name)
    expect(page.locator(".certificate")).to_contain_text("荣誉证书")
    check_axe(page)
    picture(page, "awards-person-certificate-phone")
    page.get_by_role("link", name=re.compile("推荐了谁")).click()
    expect(page.locator("main")).to_contain_text("个人事迹已撤下")
    expect(page.locator("main")).not_to_contain_text("守住了堤口")

"""Two campaigns side by side, the district's and a town's: each shows its own to everybody and to its office, and leads to the other."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect
from tests.cast.awards import filed_objection, published_notice
from tests.cast.district import PASSWORD, campaign_beneath, launched_cycle, small_district

from zhengyou.organisations import actions as organisations
from zhengyou.organisations.models import Post
from zhengyou.web.shared import clock

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def at():
    return clock.now()


@pytest.fixture
def district(at):
    """The town's leader works in an office of the town's own."""
    made = small_district(at=at, members_a_village=2)
    post = {"role": Post.Role.CAMPAIGN_OFFICE, "title": "", "from_on": clock.today(), "at": at, "by": made.office}
    organisations.appoint(person=made.town_secretary, organisation=made.town, **post)
    return made


def test_each_campaign_shows_its_own_and_leads_to_the_other(live_server, phone, district, at):
    wide, beneath = launched_cycle(district, at=at), campaign_beneath(district, at=at)
    notices = {
        wide: published_notice(district, wide, at=at, title="区里的称号"),
        beneath: published_notice(district, beneath, at=at, title="镇里的称号"),
    }
    objections = {
        cycle: filed_objection(notice, at=at, ticket=ticket * 32)
        for ticket, (cycle, notice) in zip("ab", notices.items(), strict=True)
    }
    main, other = phone.locator("main"), phone.get_by_role("navigation", name="选择活动")

    phone.goto(f"{live_server.url}/")
    expect(main).to_contain_text("关于区里的称号")
    phone.get_by_role("link", name=beneath.campaign.name).click()
    expect(phone.locator(".brand strong")).to_have_text(beneath.campaign.name)
    expect(main).not_to_contain_text("关于区里的称号")
    phone.locator("nav.ways summary").click()
    phone.get_by_role("link", name="公示与荣誉").first.click()
    expect(main.locator("tbody tr")).to_have_count(1)
    expect(main).to_contain_text("关于镇里的称号")
    phone.get_by_role("link", name="关于镇里的称号").click()
    expect(phone.locator(".brand strong")).to_have_text(beneath.campaign.name)
    phone.locator("nav.ways summary").click()
    phone.get_by_role("link", name="测评与结果").first.click()
    expect(phone.locator(".brand strong")).to_have_text(beneath.campaign.name)
    other.get_by_role("link", name=re.compile(wide.campaign.name)).click()
    expect(phone.locator(".brand strong")).to_have_text(wide.campaign.name)

    phone.goto(f"{live_server.url}{reverse('sign-in')}?next={reverse('office-docket')}")
    phone.fill("[name=login]", district.office.number)
    phone.fill("[name=password]", PASSWORD)
    phone.locator("main button").click()
    expect(main.locator("tbody tr")).to_have_count(1)
    expect(main.locator(f"a[href*='{reverse('office-objection', args=[objections[wide].pk])}']")).to_have_count(1)
    other.get_by_role("link", name=re.compile(beneath.campaign.name)).click()
    main.locator(f"a[href*='{reverse('office-objection', args=[objections[beneath].pk])}']").click()
    expect(phone.locator(".brand strong")).to_have_text(beneath.campaign.name)
    main.get_by_role("button", name="登记").click()
    expect(main).to_contain_text("已登记")

    phone.context.clear_cookies()
    phone.goto(f"{live_server.url}{reverse('sign-in')}?next={reverse('office-docket')}")
    phone.fill("[name=login]", district.town_secretary.number)
    phone.fill("[name=password]", PASSWORD)
    phone.locator("main button").click()
    expect(main.locator(f"a[href*='{reverse('office-objection', args=[objections[beneath].pk])}']")).to_have_count(1)
    expect(other).to_have_count(0)
    assert phone.goto(f"{live_server.url}{reverse('office-objection', args=[objections[wide].pk])}").status == 403

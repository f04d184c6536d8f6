"""A member reads on a phone what was said of them, and the campaign's office does not."""

import pytest
from playwright.sync_api import Page, expect
from tests.cast import persons as cast
from tests.cast.district import NOW, PASSWORD, small_district
from tests.cast.polls import vote_all

from zhengyou.identity import actions as identity
from zhengyou.polls import queries as polls

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def house():
    house = small_district(members_a_village=20)
    rated = house.members[:2]
    cycle = cast.small_cycle(house)
    cast.committed(house, cycle, rated)
    poll = cast.opened_of(house, cycle, rated, [house.members[:20]])
    [pool] = polls.pools_of(poll)
    vote_all(poll, pool, house, lambda voter, place: ("good", "fair", "poor")[voter % 3])
    cast.closed_of(poll, house)
    identity.open_account(person=rated[0], login="member", password=PASSWORD, at=NOW, by=None)
    return house


def sign_in(page: Page, address: str, login: str) -> None:
    page.goto(address)
    page.locator("input[name=login], input[name=username]").first.fill(login)
    page.locator("input[type=password]").first.fill(PASSWORD)
    page.get_by_role("main").get_by_role("button").first.click()


def test_a_member_reads_their_own_result_and_nobody_elses(live_server, phone: Page, house, check_axe, picture):
    sign_in(phone, f"{live_server.url}/sign-in/?next=/desk/ballots/", "member")
    phone.get_by_role("link", name="对我的评价").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("对我的评价")
    expect(phone.get_by_role("main")).to_contain_text("20张票")
    expect(phone.get_by_role("main")).not_to_contain_text(house.members[1].name)
    check_axe(phone)
    picture(phone, "person-result-phone")
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    phone.goto(f"{live_server.url}/booth/")
    expect(phone.get_by_role("main")).to_contain_text("关于个人的结果一概不公布")
    picture(phone, "person-poll-public-phone")

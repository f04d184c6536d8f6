"""A member reads on a phone what was said of them, and the campaign's office does not; a guest finds their slips counted."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect
from tests.cast import persons as cast
from tests.cast.booth import closed_now
from tests.cast.district import NOW, PASSWORD, small_district
from tests.cast.keys import give_keys
from tests.cast.polls import vote_all, watched
from tests.journeys.test_ballot_journey import cast_sheet, mark_all

from zhengyou.ballots import actions as ballots
from zhengyou.base.models import PublicEntry
from zhengyou.counting.queries import named_slips
from zhengyou.identity import actions as identity
from zhengyou.polls import actions as poll_actions
from zhengyou.polls import queries as polls
from zhengyou.polls.models import RollEntry
from zhengyou.polls.rules import Invited
from zhengyou.web.shared import clock

pytestmark = pytest.mark.django_db(transaction=True)
HOUR = timedelta(hours=1)


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
    phone.get_by_role("link", name="我的测评结果").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("我的测评结果")
    expect(phone.get_by_role("main")).to_contain_text("20张票")
    expect(phone.get_by_role("main")).not_to_contain_text(house.members[1].name)
    check_axe(phone)
    picture(phone, "person-result-phone")
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    phone.goto(f"{live_server.url}/booth/")
    expect(phone.get_by_role("main")).to_contain_text("关于个人的一概不公布")
    picture(phone, "person-poll-public-phone")


def opened_this_minute(house, cycle, rated):
    """A poll of these people, open by the real clock, whose one pool are six guests; and the code of the first of them."""
    at = clock.now()
    row = poll_actions.plan_poll(
        cycle=cycle, name=cast.NAMES, organisations=[], people=rated, opens_at=at - HOUR, closes_at=at + HOUR, at=at, by=house.office
    )  # fmt: skip
    guests = [Invited(f"患者{number}", f"内科{number}床") for number in range(1, 7)]
    poll_actions.add_pool(poll=row, name={"zh-hans": "患者"}, people=[], guests=guests, at=at, by=house.office)
    watched(row, house, at=at)
    give_keys(row)
    poll = ballots.open_poll(poll=row, at=at, by=house.office)
    entry = RollEntry.objects.filter(poll=poll).order_by("pk").first()
    ballots.replace_poll_codes(poll=poll, made={entry.pk: "7GGX-4QZB-9K2M"}, at=at, by=house.office)
    return poll, "7GGX-4QZB-9K2M"


def test_a_guest_sees_that_their_slips_are_counted_and_nothing_of_anybodys_marks(
    live_server, phone: Page, check_axe, picture
):
    house = small_district(members_a_village=4)
    cycle, rated = cast.small_cycle(house), house.members[:2]
    cast.committed(house, cycle, rated)
    poll, code = opened_this_minute(house, cycle, rated)
    phone.goto(f"{live_server.url}/booth/{poll.booth_key}/#m={poll.fingerprint}&c={code}")
    expect(phone.locator("fieldset.unit")).to_have_count(2)
    mark_all(phone, 1)
    cast_sheet(phone)
    closed = closed_now(poll, house)
    root = named_slips(closed).root
    phone.goto(f"{live_server.url}/booth/{poll.booth_key}/")
    expect(phone.locator("#sheet")).to_contain_text("您的选票在记录中")
    expect(phone.locator("#sheet .fingerprint")).to_have_text(root)
    check_axe(phone)
    picture(phone, "persons-guest-in-the-record-phone")
    phone.get_by_role("link", name="我的票计入了吗").click()
    expect(phone.get_by_role("main")).to_contain_text(root[:8])
    expect(phone.get_by_role("main")).not_to_contain_text(rated[0].name)
    check_axe(phone)
    picture(phone, "persons-list-of-slips-phone")
    assert root in PublicEntry.objects.get(what="counting.close_poll").document
    # A list without their slips says so, and whom to ask.
    phone.route("**/names", lambda route: route.fulfill(body=""))
    phone.goto(f"{live_server.url}/booth/{poll.booth_key}/")
    expect(phone.locator("#sheet")).to_contain_text("请找本次测评的监票人")

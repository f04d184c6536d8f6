"""Rolls: patients of a hospital are put on a roll as guests, and one who lost the letter gets another; the old code is dead."""

import re

import pytest
from playwright.sync_api import Page, expect
from tests.cast import booth as cast_booth
from tests.cast import district as cast
from tests.cast import keys as cast_keys
from tests.cast.jobs import run_jobs

from zhengyou.ballots import actions as ballots
from zhengyou.ballots import queries as ballot_queries
from zhengyou.polls.models import Poll
from zhengyou.web.shared import clock

pytestmark = pytest.mark.django_db(transaction=True)
GUESTS = "\n".join(f"患者{n}，内科{n}床" for n in range(1, 7))


def letters(page: Page, path) -> list[str]:
    """The codes of the letters that wait to be taken."""
    run_jobs()
    take = page.get_by_role("button", name="Download the file")
    with page.expect_download() as download:
        take.click()
    download.value.save_as(path)
    return re.findall(r'class="code">([0-9A-Z-]{14})<', path.read_text(encoding="utf-8"))


def test_patients_are_guests_and_one_lost_letter_is_replaced(live_server, desktop: Page, tmp_path, check_axe, picture):
    district, page = cast.small_district(members_a_village=4), desktop
    poll = cast_booth.drafted_now(district, cast_booth.small_cycle(district), [district.members[:6]])
    page.goto(f"{live_server.url}/sign-in/?next=/office/polls/{poll.key}/")
    page.get_by_label("Login").fill(district.office.number)
    page.get_by_label("Password").fill(cast.PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    page.get_by_text("Add a pool").click()
    page.get_by_label("Name of the pool in Chinese").fill("患者")
    page.get_by_label("or guests, one a line").fill(GUESTS)
    page.get_by_role("button", name="Add the pool").click()
    page.get_by_role("row", name="患者").get_by_role("link", name="See the roll").click()
    expect(page.get_by_role("row", name="患者3")).to_contain_text("内科3床")
    check_axe(page)
    picture(page, "roll-of-guests-desktop")

    cast_keys.give_keys(poll)
    opened = ballots.open_poll(poll=Poll.objects.get(), at=clock.now(), by=district.office)
    page.goto(f"{live_server.url}/office/polls/{poll.key}/pools/pool-2/codes/")
    page.get_by_label("for the whole pool").check()
    page.get_by_role("button", name="Make the letters").click()
    old = letters(page, tmp_path / "all.html")
    page.goto(f"{live_server.url}/office/polls/{poll.key}/pools/pool-2/roll/")
    page.get_by_role("row", name="患者1").get_by_role("link", name="New letter").click()
    expect(page.get_by_label("Numbers of the people who need a new letter")).to_have_value("guest-0001")
    check_axe(page)
    page.get_by_role("button", name="Make the letters").click()
    [new] = letters(page, tmp_path / "one.html")
    works = [ballot_queries.roll_entry_with_code(opened, code) is not None for code in (old[0], old[1], new)]
    assert works == [False, True, True]

"""From a printed letter to a first sign-in, and back into an office that nobody can enter any more."""

import html
import re
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from playwright.sync_api import Page, expect
from tests.cast import district as cast
from tests.cast.jobs import run_jobs

from zhengyou.organisations import actions as organisations
from zhengyou.web.shared import clock

pytestmark = pytest.mark.django_db(transaction=True)
OWN = "a short sentence of mine"
# What would have been sent is counted and stays here.
KEPT_HERE = """() => { window.sent = 0; addEventListener('submit', event => {
  if (!event.defaultPrevented) sent += 1;
  event.preventDefault();
}); }"""


@pytest.fixture
def district():
    return cast.small_district()


def sign_in(page: Page, address: str, login: str, password: str) -> None:
    page.goto(f"{address}/sign-in/")
    page.get_by_label("Login").fill(login)
    page.get_by_label("Password").fill(password)
    page.get_by_role("main").get_by_role("button", name="Sign in").click()


def choose_own(page: Page) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text("Choose your own password")
    page.get_by_label("New password", exact=True).fill(OWN)
    page.get_by_label("New password again").fill(OWN)
    page.get_by_role("button", name="Use this password").click()
    expect(page.get_by_role("status")).to_contain_text("Your password is changed.")


def sign_out(page: Page, name: str) -> None:
    page.get_by_text(name).first.click()
    page.get_by_role("button", name="Sign out").click()


def test_a_letter_leads_to_a_first_sign_in_and_a_command_back_into_the_office(desktop: Page, live_server, district):
    page, secretary = desktop, district.members[0]
    organisations.appoint(
        person=secretary,
        organisation=district.villages[0],
        role="secretary",
        title="",
        from_on=clock.today(),
        at=clock.now(),
        by=None,
    )
    call_command("reset_password", district.office.number, lang="en", stdout=(told := StringIO()))
    sign_in(page, live_server.url, district.office.number, told.getvalue().split()[-1])
    choose_own(page)
    page.goto(f"{live_server.url}/office/posts/")
    page.get_by_role("link", name="Letters for everybody who has a post and no account").click()
    expect(page.get_by_text("A letter for 1 person.")).to_be_visible()
    page.get_by_role("button", name="Make the letters").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Letters with accounts")
    run_jobs()
    page.reload()
    with page.expect_download() as taken:
        page.get_by_role("button", name="Download the file").first.click()
    letter = html.unescape(Path(taken.value.path()).read_text(encoding="utf-8"))
    assert letter.count("<article>") == 1
    login, password = re.findall(r"<code>([^<]+)</code>", letter)[:2]
    page.goto(f"{live_server.url}/office/")
    sign_out(page, district.office.name)
    sign_in(page, live_server.url, login, password)
    choose_own(page)
    expect(page).to_have_url(re.compile("/desk/$"))


def test_the_button_says_that_one_is_being_signed_in_and_is_pressed_once(phone: Page, live_server):
    page = phone
    page.goto(f"{live_server.url}/sign-in/?lang=en")
    page.evaluate(KEPT_HERE)
    button = page.get_by_role("main").get_by_role("button")
    button.click()
    expect(button).to_have_text("Signing in …")
    expect(button).to_have_css("pointer-events", "none")
    page.get_by_label("Password").press("Enter")
    assert page.evaluate("sent") == 1
    page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))")
    expect(button).to_have_text("Sign in")
    button.click()
    assert page.evaluate("sent") == 2

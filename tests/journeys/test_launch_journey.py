"""Launch: from the pack to frozen rules, in the browser of somebody in the campaign office."""

import hashlib
import re

import pytest
from playwright.sync_api import Page, expect
from tests.cast import district as cast
from tests.cast.awards import drafted_selection

from zhengyou.campaigns.models import Cycle, Manifest
from zhengyou.organisations import actions as organisations
from zhengyou.web.shared import clock

pytestmark = pytest.mark.django_db(transaction=True)

YEAR = clock.today().year


@pytest.fixture
def district():
    return cast.small_district()


def add_villages(district) -> None:
    """Two villages are new and have nobody responsible."""
    for number in (5, 6):
        organisations.add_organisation(
            code=f"00100100{number}",
            name=f"测试{number}村党支部",
            kind="branch",
            sector="rural",
            parent=district.town,
            at=cast.NOW,
            by=None,
        )


def name_leader(page: Page, district, name: str) -> None:
    """The leader answers for this organisation, named on the page that its link leads to."""
    page.get_by_role("link", name=name).click()
    page.get_by_label("Member").fill(district.leader.number)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_contain_text(f"now answers for {name}")


def sign_in(page: Page, address: str, login: str) -> None:
    page.goto(f"{address}/sign-in/")
    page.get_by_label("Login").fill(login)
    page.get_by_label("Password").fill(cast.PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Sign in").click()


def make_campaign(page: Page) -> None:
    page.locator("main a", has_text="Make a campaign from a pack").first.click()
    page.get_by_role("link", name="Excellence campaign (2010)").click()
    expect(page.get_by_label("Name of the campaign")).to_have_value("Excellence campaign (2010)")
    page.get_by_label("Aim").fill("Promises that are kept.")
    page.get_by_label("Approved by").fill("测试区委")
    page.get_by_label("Document number").fill("测发〔2026〕1号")
    page.get_by_label("In force from").fill(f"{YEAR}-01-01")
    page.get_by_label("In force until").fill(f"{YEAR - 1}-01-01")
    page.get_by_role("button", name="Save and go on to the cycle").click()
    expect(page.get_by_role("alert")).to_contain_text("would end before it begins")


def test_the_office_launches_a_cycle(live_server, desktop: Page, district, check_axe, picture):
    page = desktop
    add_villages(district)
    sign_in(page, live_server.url, district.office.number)
    make_campaign(page)
    check_axe(page)
    picture(page, "launch-campaign-desktop")
    page.get_by_label("In force until").fill(f"{YEAR + 1}-01-01")
    page.get_by_role("button", name="Save and go on to the cycle").click()

    page.get_by_label("Name of the cycle").fill("The year")
    page.get_by_label("First day").fill(f"{YEAR}-12-31")
    page.get_by_label("Last day").fill(f"{YEAR}-01-01")
    page.get_by_role("button", name="Save and go on to the stages").click()
    expect(page.get_by_role("alert")).to_contain_text("would end before it starts")
    check_axe(page)
    picture(page, "launch-cycle-refused-desktop")
    page.get_by_label("First day").fill(f"{YEAR}-01-01")
    page.get_by_label("Last day").fill(f"{YEAR}-12-31")
    page.get_by_role("button", name="Save and go on to the stages").click()
    check_axe(page)
    page.get_by_label("Appraisal: first day").fill(f"{YEAR}-09-10")
    page.get_by_label("Appraisal: last day").fill(f"{YEAR}-09-01")
    page.get_by_role("button", name="Save the dates").click()
    wrong = page.locator(".field.wrong")
    expect(wrong).to_have_count(1)
    expect(wrong).to_contain_text("Appraisal: last day")
    expect(wrong).to_contain_text("would close before it opens")
    check_axe(page)
    picture(page, "launch-stages-refused-desktop")
    page.get_by_label("Appraisal: last day").fill(f"{YEAR}-09-30")
    page.get_by_role("button", name="Save the dates").click()
    expect(page.get_by_role("row", name="Appraisal")).to_contain_text(f"30 Sep {YEAR}")
    expect(page.get_by_text("2 units have nobody responsible.", exact=True)).to_be_visible()
    check_axe(page)
    picture(page, "launch-cycle-desktop")

    page.get_by_role("button", name="Change the themes").click()
    check_axe(page)
    page.get_by_label("Rural").fill("种好田，办好事")
    page.get_by_role("button", name="Save the themes").click()
    expect(page.get_by_role("row", name="Rural")).to_contain_text("种好田，办好事")

    change_sheet(page, check_axe, picture)
    launch(page, district, check_axe, picture)

    manifest, shown = Manifest.objects.get(), page.locator(".fingerprint").inner_text()
    assert shown.replace(" ", "") == manifest.fingerprint
    expect(page.get_by_text(re.compile(r"Number 1, frozen on .* by 甲办公"))).to_be_visible()
    document = page.request.get(
        live_server.url + page.get_by_role("link", name="The frozen rules as a document").get_attribute("href")
    )
    assert hashlib.sha256(document.body()).hexdigest() == manifest.fingerprint
    assert document.json()["rules"]["thresholds"]["open_from"] == 60
    a_theme_is_corrected_and_a_stage_prolonged(page, check_axe, picture)
    close_with_something_open(page, live_server.url, district, check_axe, picture)


def change_sheet(page: Page, check_axe, picture) -> None:
    """Points 10, 7, 5, 2 stand; a floor cannot be lowered; a raised threshold is taken, and an item left out comes back."""
    page.get_by_role("button", name="Change the sheet").click()
    for grade, points in (("Good", "10"), ("Fairly good", "7"), ("Fair", "5"), ("Poor", "2")):
        expect(page.get_by_label(f"Points for “{grade}”")).to_have_value(points)
    check_axe(page)
    page.get_by_label("Ballots are published one by one from this many valid ones").fill("20")
    page.locator("main form").evaluate("form => form.noValidate = true")
    page.get_by_role("button", name="Save the sheet").click()
    expect(page.locator(".field.wrong")).to_contain_text("never lowered: this one is at least 50")
    check_axe(page)
    picture(page, "launch-sheet-refused-desktop")
    page.get_by_label("Ballots are published one by one from this many valid ones").fill("60")
    page.get_by_label("Points for “Fair”").fill("8")
    page.get_by_role("button", name="Save the sheet").click()
    expect(page.get_by_role("alert")).to_contain_text("must fall from the best grade to the worst")
    page.get_by_label("Points for “Fair”").fill("5")
    page.get_by_label("Central work").uncheck()
    page.get_by_role("button", name="Save the sheet").click()
    sheet = page.locator("li").get_by_text("Central work", exact=True)
    expect(sheet).to_have_count(0)
    page.get_by_role("button", name="Change the sheet").click()
    page.get_by_label("Central work").check()
    page.get_by_role("button", name="Save the sheet").click()
    expect(sheet).to_be_visible()
    expect(page.get_by_text("single ballots are published from 60")).to_be_visible()


def launch(page: Page, district, check_axe, picture) -> None:
    """Not offered while somebody is missing, with their names; then done."""
    expect(page.get_by_role("button", name="Freeze the rules and launch")).to_have_count(0)
    expect(page.locator("#launch")).to_contain_text("2 units have nobody responsible")
    for name in ("测试5村党支部", "测试6村党支部"):
        expect(page.get_by_role("listitem").filter(has_text=name)).to_be_visible()
    check_axe(page)
    picture(page, "launch-refused-desktop")
    cycle_page = page.url
    name_leader(page, district, "测试5村党支部")
    name_leader(page, district, "测试6村党支部")
    check_axe(page)
    page.goto(cycle_page)
    page.get_by_label("Note for the record").fill("Approved at the meeting.")
    page.get_by_label("Freeze the rules now").check()
    page.get_by_role("button", name="Freeze the rules and launch").click()
    expect(page.get_by_role("status")).to_contain_text("frozen as number 1")
    check_axe(page)
    picture(page, "launch-launched-desktop")


def a_theme_is_corrected_and_a_stage_prolonged(page: Page, check_axe, picture) -> None:
    """What is launched is put right with its reason, and everybody reads the old beside the new."""
    page.get_by_role("button", name="Correct a theme").click()
    page.get_by_label("Rural").fill("种好田，办实事")
    page.get_by_label("Why it is corrected").fill("错别字")
    page.get_by_role("button", name="Save the themes").click()
    expect(page.get_by_role("status")).to_contain_text("The themes are saved.")
    page.get_by_role("button", name="Extend or move a stage").click()
    check_axe(page)
    page.get_by_label("Last day of the cycle").fill(f"{YEAR + 1}-01-31")
    page.get_by_label("Notice and commendation: last day").fill(f"{YEAR + 1}-01-31")
    page.get_by_label("Why it is corrected").fill("汛情")
    page.get_by_role("button", name="Save the dates").click()
    expect(page.get_by_role("status")).to_contain_text("The dates are saved.")
    expect(page.get_by_text(re.compile("Number 3, frozen on"))).to_be_visible()
    page.get_by_text("3 corrections").click()
    expect(page.locator("del", has_text="种好田，办好事")).to_be_visible()
    check_axe(page)
    picture(page, "launch-corrected-desktop")


def close_with_something_open(page: Page, address: str, district, check_axe, picture) -> None:
    """One asks, something open is marked to go on, and another one closes."""
    drafted_selection(district, Cycle.objects.get(), title="先锋支部")
    page.get_by_role("link", name="See what is open, and close this cycle").click()
    page.get_by_role("button", name="Ask for the close").click()
    page.get_by_label("先锋支部").check()
    page.get_by_role("button", name="Carry the ticked lines over into the next cycle").click()
    expect(page.get_by_role("row", name="先锋支部")).to_contain_text("carries over into the next cycle")
    expect(page.get_by_text("You asked for this close yourself.")).to_be_visible()
    check_axe(page)
    picture(page, "launch-close-desktop")
    closing = page.url
    page.context.clear_cookies()
    sign_in(page, address, district.second_office.number)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.goto(closing)
    page.get_by_text("Confirm the close").click()
    page.get_by_role("button", name="Close this cycle for good").click()
    expect(page.get_by_role("status")).to_contain_text("The cycle is closed.")


def test_a_launched_cycle_reads_well_on_a_phone(live_server, phone: Page, district, check_axe, picture):
    cycle = cast.launched_cycle(district)
    phone.goto(f"{live_server.url}/sign-in/?next=/office/cycles/{cycle.pk}/")
    phone.locator("#id_login").fill(district.office.number)
    phone.locator("#id_password").fill(cast.PASSWORD)
    phone.locator("main form button:not([type=button])").click()
    expect(phone.locator("#frozen")).to_be_visible()
    expect(phone.locator("a[href^='/rules/']")).to_have_count(1)
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    check_axe(phone)
    picture(phone, "launch-launched-phone")

"""Paper: sheets printed, drawn and cancelled; one slip on a phone; forms keyed by two; the batch reconciles; one record."""

import re
import subprocess
import sys
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, Route, expect
from tests.cast import booth as cast_booth
from tests.cast import boxes as cast_boxes
from tests.cast import district as cast
from tests.cast import paper as cast_paper
from tests.cast import watchers
from tests.journeys.conftest import PICTURES

from zhengyou.counting import queries as counting_queries
from zhengyou.identity import actions as identity
from zhengyou.paper.models import PaperBatch
from zhengyou.polls import queries as poll_queries
from zhengyou.web.shared import clock

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def district():
    return cast.small_district(members_a_village=3)


@pytest.fixture
def watching(district):
    person = cast_paper.scrutineer(district)
    identity.open_account(person=person, login=person.number, password=cast.PASSWORD, at=cast.NOW, by=None)
    return person


def sign_in(page: Page, address: str, login: str, to: str) -> None:
    page.goto(f"{address}/sign-in/?next={to}")
    page.locator("input[name=login]").fill(login)
    page.locator("input[name=password]").fill(cast.PASSWORD)
    page.get_by_role("main").get_by_role("button").click()


def printed_sheets(page: Page) -> list[dict]:
    """What stands on the paper: each sheet's code, and number and key of its slips."""
    return [
        {
            "code": sheet.locator(".sheet-code").inner_text(),
            "slips": [
                (slip.locator("strong").inner_text(), re.sub(r"\s+", "", slip.locator(".key").inner_text()))
                for slip in sheet.locator(".slip").all()
            ],
        }
        for sheet in page.locator(".sheet").all()
    ]


def key_before_the_script(page: Page, scanned: str, figures: str) -> None:
    """On a slow network figures are typed before the script is there: it puts them where they belong."""
    held: list[Route] = []
    page.route("**/keying*.js", held.append)
    page.keyboard.type(scanned)
    page.keyboard.press("Enter")
    expect(page.locator("input[name=entry]").first).to_be_focused()
    page.keyboard.type(figures)
    expect(page.locator("input[name=entry]").first).to_have_value(figures)
    page.unroute("**/keying*.js")
    held[0].continue_()
    expect(page.locator("#keying[data-ready]")).to_be_visible()
    for place, figure in enumerate(figures):
        expect(page.locator("input[name=entry]").nth(place)).to_have_value(figure)
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_be_visible()


def key_form(page: Page, scanned: str, figures: str) -> None:
    """By keyboard alone: the scanner types and presses Enter, the figures follow, Enter saves."""
    expect(page.locator("input[name=scanned]")).to_be_focused()
    page.keyboard.type(scanned)
    page.keyboard.press("Enter")
    expect(page.locator("#keying[data-ready]")).to_be_visible()
    expect(page.locator("input[name=entry]").first).to_be_focused()
    page.keyboard.type(figures)
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_be_visible()


def test_paper_and_one_phone_end_in_one_record(
    live_server, desktop: Page, phone: Page, browser: Browser, district, watching, check_axe, picture, monkeypatch
):
    page, people = desktop, district.members[:6]
    poll = cast_booth.opened_now(district, cast_booth.small_cycle(district), [people], units=2)
    sign_in(page, live_server.url, district.office.number, f"/office/polls/{poll.key}/")
    page.get_by_role("link", name="Prepare, draw and key paper ballots").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Paper ballots")
    check_axe(page)
    picture(page, "paper-overview-desktop")
    page.get_by_role("link", name="Who votes on paper").click()
    for person in people[:5]:
        page.get_by_label(f"{person.name} {person.number}").check()
    check_axe(page)
    picture(page, "paper-marking-desktop")
    page.get_by_role("button", name="They vote on paper").click()
    expect(page.get_by_text("5 people wait for a sheet.")).to_be_visible()
    picture(page, "paper-marked-desktop")

    page.get_by_role("button", name="Print sheets").click()
    expect(page.get_by_text(watching.name)).to_be_visible()
    check_axe(page)
    picture(page, "paper-print-desktop")
    page.get_by_label("Number of sheets").fill("6")
    page.get_by_label("Login of the scrutineer").fill(watching.number)
    page.get_by_label("The scrutineer’s password").fill("not this one at all")
    page.get_by_role("button", name="Make the sheets now").click()
    expect(page.get_by_role("alert")).to_contain_text("do not match")
    page.get_by_label("The scrutineer’s password").fill(cast.PASSWORD)
    page.get_by_role("button", name="Make the sheets now").click()
    expect(page.locator(".sheet")).to_have_count(6)
    check_axe(page)
    picture(page, "paper-sheets-desktop")
    sheets = printed_sheets(page)
    assert_fits_a4(page, "paper-sheets", 6)

    page.goto(f"{live_server.url}/office/polls/{poll.key}/paper/forms/")
    check_axe(page)
    picture(page, "paper-forms-desktop")
    assert_fits_a4(page, "paper-forms", 2)
    page.goto(f"{live_server.url}/office/polls/{poll.key}/paper/instructions/")
    check_axe(page)
    assert_fits_a4(page, "paper-instructions", 2)

    first = sheets[0]["slips"][0]
    address = f"{live_server.url}/booth/{poll.key}/#m={poll.fingerprint}&s={first[1]}"
    phone.goto(address)
    expect(phone.locator(".booth-alert")).to_contain_text("还不能使用")
    batch = PaperBatch.objects.get()
    page.goto(f"{live_server.url}/office/polls/{poll.key}/paper/{batch.pk}/")
    check_axe(page)
    picture(page, "paper-draw-desktop")
    page.get_by_role("button", name="Cancel these sheets").click()
    expect(page.get_by_role("alert")).to_contain_text("1 must be cancelled")
    page.get_by_label("Codes of the sheets left in the urn").fill(sheets[5]["code"])
    page.get_by_role("button", name="Cancel these sheets").click()
    expect(page.get_by_role("status")).to_contain_text("The draw is settled")

    phone.goto("about:blank")
    phone.goto(address)
    expect(phone.locator("fieldset.unit")).to_have_count(1)
    assert first[1] not in phone.url
    expect(phone.locator("fieldset.unit > legend")).to_have_text(district.villages[0].name)
    check_axe(phone)
    picture(phone, "paper-slip-phone")
    for item in phone.locator("fieldset.criterion").all():
        item.locator("label.mark").nth(3).click()
    phone.locator(".sheet button.cast").click()
    phone.locator(".confirm button.cast").click()
    expect(phone.locator(".check-code strong")).to_be_visible()
    picture(phone, "paper-cast-phone")
    assert len(cast_boxes.slips_in(poll)) == 1
    phone.goto("about:blank")
    phone.goto(f"{live_server.url}/booth/{poll.key}/#m={poll.fingerprint}&s={sheets[5]['slips'][0][1]}")
    expect(phone.locator(".booth-alert")).to_contain_text("已经作废")

    code = cast_booth.codes_for(poll, [people[5]])[0]
    cast_booth.vote(poll, "pool-1", code, lambda place: "good")

    real = clock.now
    monkeypatch.setattr(clock, "now", lambda: real() + timedelta(hours=3))
    other = browser.new_context(locale="zh-CN", viewport={"width": 1280, "height": 800})
    second = other.new_page()
    sign_in(second, live_server.url, watching.number, "/desk/")
    second.locator(".todos a").first.click()
    expect(second.locator("input[name=forms_]")).to_be_visible()
    check_axe(second)
    picture(second, "paper-count-desktop-zh")
    second.locator("input[name=forms_]").fill("4")
    second.get_by_role("main").locator("form[action$='/count/'] button").first.click()
    keying = f"{live_server.url}/office/polls/{poll.key}/paper/{batch.pk}/keying/"
    page.goto(keying)
    stapled = [sheets[number]["slips"][0] for number in range(1, 5)]
    scans = [f"{live_server.url}/booth/{poll.key}/#m={poll.fingerprint}&s={key}" for _number, key in stapled]
    page.locator("input[name=scanned]").fill(scans[0])
    page.keyboard.press("Enter")
    expect(page.locator("input[name=entry]").first).to_be_focused()
    check_axe(page)
    picture(page, "paper-form-desktop")
    page.keyboard.type("11")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("is keyed")
    for scan, figures in zip(scans[1:], ("12", "12", "22"), strict=True):
        key_form(page, scan, figures)
    for scan, figures in zip([key for _number, key in stapled], ("11", "12", "12", "21"), strict=True):
        key_form(second, scan, figures)
    expect(second.locator("ul.rows strong")).to_have_text(stapled[3][0])
    check_axe(second)
    picture(second, "paper-differences-desktop-zh")
    key_form(second, stapled[3][1], "22")
    page.goto(keying)
    expect(page.get_by_role("heading", name="You differ in 1 form")).to_be_visible()
    key_form(page, scans[3], "22")
    expect(page.get_by_role("button", name="I sign this batch")).to_be_visible()
    check_axe(page)
    picture(page, "paper-sign-desktop")
    page.get_by_role("button", name="I sign this batch").click()
    expect(page.get_by_role("status")).to_contain_text("The other person signs too")
    page.goto(f"{live_server.url}/office/polls/{poll.key}/")
    page.get_by_role("button", name="Ask to close").click()
    expect(page.get_by_role("status")).to_contain_text("Batch 1 of the paper ballots is still open")
    second.goto(keying)
    second.locator("form[action$='/sign/'] button").click()
    expect(second.get_by_role("status")).to_be_visible()
    other.close()

    closed = cast_booth.closed_now(poll, district)
    told = subprocess.run(
        [sys.executable, "-m", "blindballot", "verify", str(counting_queries.record_folder(closed)), "--lang", "en"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 0, told.stdout + told.stderr
    assert "1 printed paper slips were not drawn" in told.stdout or "2 printed paper slips" in told.stdout
    items = poll_queries.sheet_lines(closed)[0]["criteria"]
    counts = [watchers.exact_counts(closed)["pool-1", "u001-1", item] for item in items]
    assert [(each["good"], each["fairly-good"], each["poor"]) for each in counts] == [(4, 1, 1), (2, 3, 1)]


def assert_fits_a4(page: Page, name: str, pages: int) -> None:
    """Printed on A4, the page takes exactly so many sheets of paper."""
    data = page.pdf(prefer_css_page_size=True, print_background=True)
    (PICTURES / f"{name}.pdf").write_bytes(data)
    assert len(re.findall(rb"/Type\s*/Page\b", data)) == pages

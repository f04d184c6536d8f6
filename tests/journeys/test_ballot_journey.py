"""Grade: a member on a phone from the code to "in the record"; the office from the plan to a record that verifies."""

import json
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from django.utils.timezone import localtime
from playwright.sync_api import Browser, Page, expect
from tests.cast import booth as cast_booth
from tests.cast import boxes as cast_boxes
from tests.cast import district as cast
from tests.cast import polls as cast_polls
from tests.cast.jobs import run_jobs

from zhengyou.counting import queries as counting_queries
from zhengyou.polls.models import Poll
from zhengyou.web.shared import clock

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def district():
    return cast.small_district(members_a_village=4)


def mark_all(page: Page, place: int) -> None:
    """The mark at this place on every item of the sheet."""
    for item in page.locator("fieldset.criterion").all():
        item.locator("label.mark").nth(place).click()


def cast_sheet(page: Page) -> str:
    """From the marked sheet into the box; returns the check code."""
    page.locator(".sheet button.cast").click()
    page.locator(".confirm button.cast").click()
    return page.locator(".check-code strong").inner_text()


def switch_language(page: Page, language: str) -> None:
    """The other language keeps the step and the marks."""
    page.locator("header a[hreflang]").click()
    expect(page.locator("html")).to_have_attribute("lang", language)


def words_of(page: Page) -> dict[str, str]:
    """The booth's sentences as the page has them."""
    return json.loads(page.locator("#booth-words").text_content())


def test_a_member_grades_on_a_phone_and_later_finds_the_ballot_in_the_record(
    live_server, phone: Page, browser: Browser, district, check_axe, picture
):
    poll = cast_booth.opened_now(district, cast_booth.small_cycle(district), [district.members[:6]], units=2)
    code = cast_booth.codes_for(poll, [district.members[5]])[0]
    invitation = f"{live_server.url}/booth/{poll.key}/#m={poll.fingerprint}&c={code}"
    sent = []
    phone.on("request", lambda request: sent.append(request) if request.url.endswith("/cast") else None)

    phone.goto(invitation)
    expect(phone.locator("fieldset.unit")).to_have_count(2)
    assert code not in phone.url
    assert code.replace("-", "") not in phone.url
    expect(phone.locator("fieldset.unit > legend").first).to_have_text(district.villages[0].name)
    expect(phone.locator("fieldset.criterion")).to_have_count(4)
    for label in phone.locator("fieldset.criterion").first.locator("label.mark").all():
        box = label.bounding_box()
        assert min(box["width"], box["height"]) >= 44
    mark_all(phone, 0)
    last = phone.locator("fieldset.criterion").last
    last.locator("button.clear").click()
    expect(last.locator("input:checked")).to_have_count(0)
    check_axe(phone)
    picture(phone, "ballot-sheet-phone")
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390

    for language in ("en", "zh-Hans"):
        switch_language(phone, language)
        expect(phone.locator("fieldset.criterion input:checked")).to_have_count(3)

    phone.locator(".sheet button.cast").click()
    expect(phone.locator(".confirm")).to_contain_text(district.villages[1].name)
    expect(phone.locator(".confirm .blank")).to_have_count(1)
    closes = timezone.localtime(poll.closes_at)  # an hour has no zero before it
    expect(phone.locator(".confirm")).to_contain_text(f" {closes.hour}:{closes:%M}")
    check_axe(phone)
    picture(phone, "ballot-confirm-phone")
    phone.locator(".confirm button.cast").click()
    first = phone.locator(".check-code strong").inner_text()
    expect(phone.locator("#sheet h2")).to_have_text(words_of(phone)["done_heading"])
    check_axe(phone)
    picture(phone, "ballot-done-phone")
    [request] = sent
    assert "cookie" not in request.all_headers()

    phone.reload()
    expect(phone.locator("section.ballot")).to_contain_text(words_of(phone)["in_box"])
    expect(phone.locator(".check-code strong")).to_have_text(first)
    check_axe(phone)
    picture(phone, "ballot-again-phone")

    other = browser.new_context(viewport={"width": 390, "height": 844}, locale="zh-CN")
    second = other.new_page()
    second.goto(invitation)
    expect(second.locator(".booth-alert")).to_contain_text(words_of(second)["issued_elsewhere"])
    check_axe(second)
    expect(second.locator("#booth-code")).to_have_value(code.replace("-", ""))
    picture(second, "ballot-elsewhere-phone")
    other.close()

    phone.locator("section.ballot button").first.click()
    expect(phone.locator("fieldset.criterion input:checked")).to_have_count(0)
    mark_all(phone, 2)
    changed = cast_sheet(phone)
    assert changed != first
    assert [slip.version for slip in cast_boxes.slips_in(poll)] == [2, 2]

    for voter in cast_booth.codes_for(poll, district.members[:5]):
        cast_booth.vote(poll, "pool-1", voter, lambda place: ["good", "fair"][place])
    cast_booth.closed_now(poll, district)
    phone.reload()
    expect(phone.locator(".record-whole")).to_have_text(words_of(phone)["in_record"])
    expect(phone.locator(".check-code strong")).to_have_text(changed)
    expect(phone.locator("section.ballot button")).to_have_text([words_of(phone)["forget"]])
    check_axe(phone)
    picture(phone, "ballot-recorded-phone")

    head = counting_queries.record_path(poll, "record.json")
    head.write_bytes(head.read_bytes().replace(b'"closed_at":"2', b'"closed_at":"3'))
    phone.reload()
    expect(phone.locator(".note.error")).to_have_text(words_of(phone)["record_refused"])
    expect(phone.locator(".record-whole")).to_have_count(0)
    check_axe(phone)
    picture(phone, "ballot-record-refused-phone")


def sign_in(page: Page, address: str, login: str, to: str) -> None:
    page.goto(f"{address}/sign-in/?next={to}")
    page.get_by_label("Login").fill(login)
    page.get_by_label("Password").fill(cast.PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Sign in").click()


def add_pool(page: Page, name: str, numbers: list[str]) -> None:
    page.get_by_label("Name of the pool in Chinese").fill(name)
    page.get_by_label("Name of the pool in English").fill(name)
    page.get_by_label("Or single people, each by number").fill(" ".join(numbers))
    page.get_by_role("button", name="Add the pool").click()


def local(at) -> str:
    return localtime(at).strftime("%Y-%m-%dT%H:%M")


def test_the_office_plans_opens_and_closes_a_poll_and_the_record_verifies(
    live_server, desktop: Page, district, check_axe, picture, tmp_path, monkeypatch
):
    page, numbers = desktop, [person.number for person in district.members]
    cast_booth.small_cycle(district)
    sign_in(page, live_server.url, district.office.number, "/office/polls/")
    check_axe(page)

    page.get_by_role("button", name="Plan an appraisal", exact=True).click()
    page.get_by_label("Name in Chinese").fill("村级测评")
    page.get_by_label("Name in English").fill("Appraisal of villages")
    page.get_by_label("Or single units: their codes").fill("001001001\n001001002")
    now = clock.now()
    page.get_by_label("Opens at").fill(local(now - timedelta(hours=1)))
    page.get_by_label("Closes at").fill(local(now - timedelta(hours=2)))
    page.get_by_role("button", name="Save and go on").click()
    expect(page.locator("main")).to_contain_text("would close before it opens")
    check_axe(page)
    picture(page, "ballot-plan-refused-desktop")
    page.get_by_label("Closes at").fill(local(now + timedelta(hours=2)))
    page.get_by_role("button", name="Save and go on").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Appraisal of villages")
    add_pool(page, "Four", numbers[:4])
    expect(page.get_by_role("alert")).to_contain_text("at least 5 people, this one has 4")
    check_axe(page)
    picture(page, "ballot-pool-refused-desktop")
    add_pool(page, "Six", numbers[:6])
    expect(page.get_by_role("row", name="Six")).to_contain_text("6")
    page.get_by_text("Add a pool", exact=True).click()
    add_pool(page, "Ten", numbers[6:])
    check_axe(page)
    page.get_by_role("button", name="Prepare the keys").click()
    expect(page.locator(".job")).to_contain_text("Preparing the keys: waiting for its turn")
    check_axe(page)
    picture(page, "ballot-keys-waiting-desktop")
    run_jobs()
    expect(page.get_by_text("4 of 4 keys are ready.")).to_be_visible()
    picture(page, "ballot-keys-desktop")
    cast_polls.watched(Poll.objects.get(), district, at=now)
    page.get_by_role("button", name="Freeze and open the appraisal").click()
    page.get_by_role("button", name="Open it now").click()
    expect(page.get_by_role("status")).to_contain_text("The appraisal is open.")
    expect(page.get_by_text("There is no early close.")).to_be_visible()
    expect(page.get_by_role("button", name="Ask to close")).to_have_count(0)
    check_axe(page)

    poll = Poll.objects.get()
    for pool, size in (("Six", 6), ("Ten", 10)):
        listed = page.locator("#voting").get_by_role("listitem").filter(has_text=pool)
        listed.get_by_role("link", name="Make letters with codes").click()
        page.get_by_label("Language of the letters").select_option("en")
        check_axe(page)
        picture(page, f"ballot-letters-asked-{size}-desktop")
        page.get_by_role("button", name="Make the letters").click()
        expect(listed.locator(".job")).to_contain_text("waiting for its turn")
        run_jobs()
        take = listed.get_by_role("button", name="Download the file")
        expect(take).to_be_visible()
        check_axe(page)
        picture(page, f"ballot-letters-made-{size}-desktop")
        with page.expect_download() as download:
            take.click()
        assert download.value.suggested_filename == f"Appraisal of villages - {pool}.html"
        letters = tmp_path / f"{pool}.html"
        download.value.save_as(letters)
        page.goto(letters.as_uri())
        expect(page.locator(".codes .code")).to_have_count(size)
        expect(page.locator(".codes svg")).to_have_count(size)
        codes = page.locator(".codes .code").all_inner_texts()
        for voter, code in enumerate(codes[: size - 1]):
            slug = {"Six": "pool-1", "Ten": "pool-2"}[pool]
            cast_booth.vote(poll, slug, code, lambda place, n=voter: ["good", "fairly-good", "fair"][(n + place) % 3])
        check_axe(page)
        picture(page, f"ballot-codes-{size}-desktop")
        page.goto(f"{live_server.url}/office/polls/{poll.key}/")
    expect(page.get_by_role("row", name="Six")).to_contain_text("shown after the close")
    expect(page.get_by_role("row", name="Ten")).to_contain_text("0 or more")
    expect(page.get_by_text("read again an hour later")).to_be_visible()
    picture(page, "ballot-turnout-desktop")

    real = clock.now
    monkeypatch.setattr(clock, "now", lambda: real() + timedelta(hours=3))
    page.reload()
    page.get_by_role("button", name="Ask to close").click()
    expect(page.get_by_role("status")).to_contain_text("A second person in the campaign office must now confirm")
    expect(page.get_by_role("button", name="Confirm: close")).to_have_count(0)
    check_axe(page)
    picture(page, "ballot-asked-desktop")
    page.locator(".who summary").click()
    page.get_by_role("button", name="Sign out").click()
    sign_in(page, live_server.url, district.second_office.number, f"/office/polls/{poll.key}/")
    page.get_by_role("button", name="Confirm: close").click()
    expect(page.locator("#closing .job")).to_contain_text("waiting for its turn")
    run_jobs()
    expect(page.locator("#closing .job")).to_contain_text("its record is written")
    expect(page.locator("#closing .job")).to_contain_text("The result is computed.")
    check_axe(page)
    picture(page, "ballot-closed-desktop")

    page.get_by_role("link", name="Record and recount").click()
    check_axe(page)
    picture(page, "ballot-record-desktop")
    command = page.locator("pre code").last.inner_text()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download the record").click()
    download.value.save_as(tmp_path / download.value.suggested_filename)
    assert_verifies(command, tmp_path)
    assert counting_queries.record_counts(Poll.objects.get())["pools"][1]["verdict"] == "valid"


def assert_verifies(command: str, folder: Path) -> None:
    """The zip, as it was downloaded, passes the command that the page prints."""
    done = subprocess.run(
        [sys.executable, *command.split()[1:]], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr

"""Recount: a doubting citizen recounts a record in the browser, from the site, from a zip and a folder, with the network off."""

import json
import shutil
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from tests.cast import booth as cast_booth
from tests.cast import district as cast

from zhengyou.polls.models import Poll

VECTORS = Path(__file__).parents[1] / "vectors" / "record"
GRADES = ("good", "fairly-good", "fair")

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def closed() -> Poll:
    district = cast.small_district(members_a_village=5)
    people = district.members[:12]
    row = cast_booth.opened_now(district, cast_booth.small_cycle(district), [people], units=2)
    for voter, code in enumerate(cast_booth.codes_for(row, people)):
        cast_booth.vote(row, "pool-1", code, lambda place, n=voter: GRADES[(n + place) % 3])
    return cast_booth.closed_now(row, district)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(VECTORS / "record", tmp_path / "record"))


def zipped(folder: Path) -> Path:
    """The folder as people zip it."""
    return Path(shutil.make_archive(str(folder.parent / "record"), "zip", folder.parent, folder.name))


def words_of(page: Page) -> dict[str, str]:
    return json.loads(page.locator("#recount-words").text_content())


def recount(page: Page) -> None:
    page.locator("#recount button[type=submit]").click()


def heading(page: Page):
    return page.locator("#recount-result h2")


def test_a_record_of_the_site_is_recounted_on_a_phone(live_server, phone: Page, closed, check_axe, picture):
    phone.goto(f"{live_server.url}/records/{closed.key}/")
    phone.locator('a[href^="/recount/?"]').click()
    words = words_of(phone)
    expect(heading(phone)).to_have_text(words["sound_heading"])
    expect(heading(phone)).to_be_focused()
    verdicts = phone.locator("#recount-result .success")
    expect(verdicts).to_have_count(1)
    expect(verdicts).to_contain_text("24")
    expect(phone.locator("#recount-result > h2 + .success")).to_have_count(1)
    expect(phone.get_by_text(words["unscrutinised"])).to_be_visible()
    expect(phone.locator("#recount-result tbody tr:not(#recount-counted *)")).to_have_count(1)
    expect(phone.locator("#recount-result .fingerprint")).to_have_text([closed.fingerprint, closed.record_fingerprint])
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    check_axe(phone)
    picture(phone, "recount-sound-phone")


def test_with_the_network_off_a_zip_a_folder_and_a_forgery(live_server, desktop: Page, folder, check_axe, picture):
    page = desktop
    page.goto(f"{live_server.url}/recount/")
    words = words_of(page)
    check_axe(page)
    picture(page, "recount-empty-desktop")
    recount(page)
    expect(page.get_by_role("status").last).to_have_text(words["choose_first"])
    page.context.set_offline(True)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))

    page.get_by_label("As a zip file").set_input_files(zipped(folder))
    expect(page.locator("#recount-chosen")).to_have_text("Chosen: record.zip")
    recount(page)
    expect(heading(page)).to_have_text(words["sound_heading"])
    expect(page.locator("#recount-result tbody tr:not(#recount-counted *)")).to_have_count(6)
    expect(page.get_by_text(words["sealed"])).to_be_visible()
    check_axe(page)
    picture(page, "recount-sound-desktop")

    page.get_by_text("More to check").click()
    page.get_by_label("Also decrypt every slip").check()
    page.get_by_label("Fingerprint of the manifest").fill("0" * 64)
    recount(page)
    expect(page.locator(".findings code")).to_have_text("other-manifest")
    page.get_by_label("Fingerprint of the manifest").fill("")
    recount(page)
    expect(heading(page)).to_have_text(words["sound_heading"])
    expect(page.get_by_text("2 scrutineers have signed")).to_be_visible()
    expect(page.locator("#recount-result")).to_contain_text("The reason given: 下大雪，道路不通")
    expect(page.locator("#recount-result")).to_contain_text("Members: 8 printed paper slips were not drawn")

    board = folder / "board.jsonl"
    lines = board.read_bytes().splitlines(keepends=True)
    lines[6], lines[7] = lines[7], lines[6]
    board.write_bytes(b"".join(lines))
    page.get_by_label("Or as a folder").set_input_files(folder)
    expect(page.locator("#recount-chosen")).to_have_text("Chosen: record")
    recount(page)
    expect(heading(page)).to_have_text(words["changed_heading"])
    expect(page.locator(".findings li")).to_have_text(
        [
            f"board.jsonl: {words['file-changed']} file-changed",
            f"board.jsonl, line 8: {words['board-order']} board-order",
            f"board.jsonl: {words['board-root']} board-root",
        ]
    )
    check_axe(page)
    picture(page, "recount-forged-desktop")
    assert asked == []


def test_what_is_no_record_is_said(live_server, desktop: Page, tmp_path):
    (tmp_path / "holiday.zip").write_bytes(b"PK, but no zip")
    with zipfile.ZipFile(tmp_path / "photos.zip", "w") as archive:
        archive.writestr("photos/one.jpg", b"x")
    desktop.goto(f"{live_server.url}/recount/")
    for name, word in (("holiday.zip", "no_zip"), ("photos.zip", "no_record")):
        desktop.get_by_label("As a zip file").set_input_files(tmp_path / name)
        recount(desktop)
        expect(desktop.locator("#recount-status")).to_have_text(words_of(desktop)[word])
        expect(desktop.locator("#recount button[type=submit]")).to_be_enabled()


def test_a_dropped_zip_and_the_stop_button(live_server, desktop: Page, folder, check_axe, picture):
    page = desktop
    board = folder / "board.jsonl"
    board.write_bytes(board.read_bytes().splitlines(keepends=True)[0] * 20_000)
    page.goto(f"{live_server.url}/recount/")
    words = words_of(page)
    drop(page, zipped(folder))
    expect(page.locator("#recount-chosen")).to_have_text("Chosen: record.zip")
    recount(page)
    expect(page.locator("#recount-status")).to_contain_text("of 20000 slips checked")
    expect(page.locator("#recount-stop")).to_be_focused()
    check_axe(page)
    picture(page, "recount-progress-desktop")
    page.keyboard.press("Enter")
    expect(page.locator("#recount-status")).to_have_text(words["stopped"])
    expect(page.locator("#recount button[type=submit]")).to_be_focused()
    expect(page.locator("#recount-stop")).to_be_hidden()
    expect(page.locator("#recount-result")).to_be_empty()


def drop(page: Page, archive: Path) -> None:
    """Drops the file on the page, which no person can do without a mouse and no browser without bytes."""
    transfer = page.evaluate_handle(
        """(bytes) => {
            const transfer = new DataTransfer();
            transfer.items.add(new File([Uint8Array.from(bytes)], "record.zip"));
            return transfer;
        }""",
        list(archive.read_bytes()),
    )
    page.dispatch_event("#recount-drop", "drop", {"dataTransfer": transfer})

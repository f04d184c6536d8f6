"""Doubt: a member holds the phone to its word with a second device, has a shared phone forget, and misses a slip in the record."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from tests.cast import booth as cast_booth
from tests.cast import boxes as cast_boxes
from tests.cast import district as cast

from blindballot.__main__ import main
from zhengyou.counting import queries as counting_queries
from zhengyou.polls.models import Poll

pytestmark = pytest.mark.django_db(transaction=True)

# Everything that the site has kept in this browser, as text.
STORED = """async () => {
  const kept = [JSON.stringify({...localStorage}), JSON.stringify({...sessionStorage})];
  for (const {name} of await indexedDB.databases()) {
    const database = await new Promise((done) => {
      const asked = indexedDB.open(name); asked.onsuccess = () => done(asked.result); });
    for (const table of database.objectStoreNames) {
      const rows = await new Promise((done) => {
        const asked = database.transaction(table).objectStore(table).getAll(); asked.onsuccess = () => done(asked.result); });
      kept.push(...rows.map((row) => row.id));
    }
    database.close();
  }
  return kept.join("\\n");
}"""


@pytest.fixture
def district():
    return cast.small_district(members_a_village=4)


@pytest.fixture
def poll(district) -> Poll:
    return cast_booth.opened_now(district, cast_booth.small_cycle(district), [district.members[:6]], units=2)


def words_of(page: Page, name: str = "booth") -> dict[str, str]:
    return json.loads(page.locator(f"#{name}-words").text_content())


def open_sheet(page: Page, address: str, poll: Poll, district) -> None:
    """The last of six members opens the invitation and marks everything with the second grade."""
    code = cast_booth.codes_for(poll, [district.members[5]])[0]
    page.goto(f"{address}/booth/{poll.key}/#m={poll.fingerprint}&c={code}")
    expect(page.locator("fieldset.unit")).to_have_count(2)
    for item in page.locator("fieldset.criterion").all():
        item.locator("label.mark").nth(1).click()


def press(page: Page, text: str) -> None:
    page.get_by_role("button", name=text, exact=True).click()


def doubt(page: Page) -> str:
    """From the answers, read once more, to the seal code."""
    press(page, words_of(page)["doubt"])
    return page.locator(".seal-code strong").inner_text()


def others_vote_and_close(poll: Poll, district) -> None:
    for voter in cast_booth.codes_for(poll, district.members[:5]):
        cast_booth.vote(poll, "pool-1", voter, lambda place: ["good", "fair"][place])
    cast_booth.closed_now(poll, district)


def test_a_second_device_sees_what_was_opened_and_finds_what_was_cast_and_then_the_phone_forgets(
    live_server, phone: Page, desktop: Page, poll, district, check_axe, picture
):
    open_sheet(phone, live_server.url, poll, district)
    phone.locator(".sheet button.cast").click()
    opened_code = doubt(phone)
    expect(phone.locator("svg.qr")).to_be_visible()
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    check_axe(phone)
    picture(phone, "doubt-code-phone")

    desktop.goto(f"{live_server.url}/recount/seal/?poll={poll.key}")
    said = words_of(desktop, "seal")
    check_axe(desktop)
    desktop.wait_for_load_state("networkidle")
    desktop.context.set_offline(True)
    desktop.locator("#seal-code").fill(opened_code.lower().replace("-", " "))
    desktop.locator("#seal-keep").click()
    expect(desktop.locator("#seal-kept .seal-code")).to_have_text(opened_code)
    for field, wrong, button, word in (
        ("#seal-code", "ABC", "#seal-keep", "code_wrong"),
        ("#seal-opened", "", "#seal-show", "opened_none"),
        ("#seal-opened", '\n{"format": 1}', "#seal-show", "opened_unreadable"),
    ):
        desktop.locator(field).fill(wrong)
        desktop.locator(button).click()
        expect(desktop.locator(field)).to_be_focused()
        expect(desktop.locator(f"{field} + .fault")).to_have_text(said[word].replace("{line}", "2"))
        expect(desktop.locator(".fault")).to_have_count(1)
        check_axe(desktop)
        desktop.locator("#seal-code").fill(opened_code)
    press(phone, words_of(phone, "doubting")["open_it"])
    heading = phone.locator(".pictures h3")
    expect(heading).to_contain_text("第1/2张")
    press(phone, words_of(phone, "doubting")["next"])
    expect(heading).to_contain_text("第2/2张")
    expect(phone.locator("svg.qr")).to_have_count(1)
    check_axe(phone)
    picture(phone, "doubt-opened-phone")
    opened = phone.locator("#opened-text").input_value()
    assert "token" not in opened
    assert "signature" not in opened
    desktop.locator("#seal-opened").fill(opened.splitlines()[0])
    desktop.locator("#seal-show").click()
    expect(desktop.locator("#seal-result .warning")).to_be_visible()
    desktop.locator("#seal-opened").fill(opened)
    desktop.locator("#seal-show").click()
    expect(desktop.locator("#seal-result .success")).to_have_text(said["opened_fits"].replace("{count}", "2"))
    expect(desktop.locator("#seal-result dd")).to_have_count(4)
    assert len(set(desktop.locator("#seal-result dd").all_inner_texts())) == 1
    check_axe(desktop)
    picture(desktop, "doubt-second-device-desktop")
    assert cast_boxes.slips_in(poll) == []

    phone.reload()
    expect(phone.locator(".confirm td")).to_have_count(4)
    phone.go_back()
    expect(phone.locator(".sheet > .note")).to_have_text(words_of(phone)["doubted_note"])
    phone.locator(".sheet button.cast").click()
    expect(phone.locator(".confirm td")).to_have_count(4)
    doubt(phone)
    press(phone, words_of(phone, "doubting")["open_it"])
    press(phone, words_of(phone, "doubting")["fill_again"])
    expect(phone.locator(".confirm td")).to_have_count(4)
    cast_code = doubt(phone)
    assert cast_code != opened_code
    press(phone, words_of(phone, "doubting")["cast_it"])
    expect(phone.locator("#sheet h2")).to_have_text(words_of(phone)["done_heading"])
    expect(phone.locator(".seal-code strong")).to_have_text(cast_code)
    assert cast_boxes.seal_code(poll) == cast_code
    desktop.locator("#seal-code").fill(cast_code)
    desktop.locator("#seal-keep").click()
    expect(desktop.locator("#seal-kept .seal-code")).to_have_text([cast_code, opened_code])

    others_vote_and_close(poll, district)
    phone.reload()
    expect(phone.locator(".record-whole")).to_be_visible()
    expect(phone.get_by_text(words_of(phone)["keep_proof"])).to_have_count(0)
    press(phone, words_of(phone)["show_where"])
    where = phone.locator("#where").inner_text()
    expect(phone.locator(".seal-code strong")).to_have_text(cast_code)
    check_axe(phone)
    desktop.context.set_offline(False)
    desktop.locator("#seal-where").fill(where)
    desktop.locator("#seal-site").click()
    expect(desktop.locator("#seal-result .success")).to_have_text(said["found"].replace("{count}", "2"))
    desktop.locator("#seal-code").fill(opened_code)
    desktop.locator("#seal-site").click()
    expect(desktop.locator("#seal-result .error")).to_have_text(said["not_found"])
    check_axe(desktop)
    picture(desktop, "doubt-not-found-desktop")

    press(phone, words_of(phone, "doubting")["back"])
    assert poll.fingerprint in phone.evaluate(STORED)
    press(phone, words_of(phone)["forget"])
    check_axe(phone)
    picture(phone, "doubt-forget-phone")
    press(phone, words_of(phone, "doubting")["forget_not"])
    expect(phone.locator(".check-code")).to_be_visible()
    press(phone, words_of(phone)["forget"])
    press(phone, words_of(phone, "doubting")["forget_now"])
    expect(phone.locator("#sheet h2")).to_have_text(words_of(phone, "doubting")["forgotten_heading"])
    assert phone.evaluate(STORED) == "{}\n{}"
    check_axe(phone)
    phone.goto(f"{live_server.url}/recount/")
    phone.go_back()
    expect(phone.locator("#booth-code")).to_be_visible()
    expect(phone.locator("#booth-code")).to_have_value("")
    expect(phone.locator(".check-code")).to_have_count(0)


def test_only_who_misses_a_slip_is_offered_a_file_and_the_file_proves_it(
    live_server, phone: Page, poll, district, check_axe, picture, tmp_path, capsys
):
    """Whoever has the box takes one of the two slips out of it before the close; the record is then signed as always."""
    open_sheet(phone, live_server.url, poll, district)
    phone.locator(".sheet button.cast").click()
    phone.locator(".confirm button.cast").click()
    expect(phone.locator("#sheet h2")).to_have_text(words_of(phone)["done_heading"])
    expect(phone.get_by_text(words_of(phone)["keep_proof"])).to_have_count(0)
    cast_boxes.take_one_out(poll)
    others_vote_and_close(poll, district)
    phone.reload()
    expect(phone.locator(".record-missing")).to_be_visible()
    check_axe(phone)
    picture(phone, "doubt-missing-phone")
    with phone.expect_download() as download:
        press(phone, words_of(phone)["keep_proof"])
    file = Path(tmp_path / "missing.json")
    download.value.save_as(file)
    record = counting_queries.record_path(poll, "record.json").parent
    assert main(["missing", str(file), str(record), "--lang", "en"]) == 0
    assert "the record leaves it out" in capsys.readouterr().out
    assert main(["verify", str(record)]) == 0

"""Scrutineers at their desk, beside the usual way: keys typed from paper, wrong keys, a handover that is gone, a disagreement. Nothing of
the keys is sent or kept.
"""

import json
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect
from tests.cast import booth as cast_booth
from tests.cast import district as cast
from tests.cast import watchers
from tests.cast.keys import give_keys

from blindballot.format.scrutineers import ScrutineerKeys, read_card
from zhengyou.ballots import actions as ballot_actions
from zhengyou.counting import queries as counting
from zhengyou.organisations.models import Person
from zhengyou.polls import queries as polls
from zhengyou.polls.models import Poll
from zhengyou.scrutiny import actions, queries
from zhengyou.web.shared import clock

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def district():
    return cast.small_district(members_a_village=5)


@pytest.fixture
def drafted(district) -> Poll:
    return cast_booth.drafted_now(district, cast_booth.small_cycle(district), [district.members[:9]])


@pytest.fixture
def closed(district, drafted) -> Poll:
    give_keys(drafted)
    opened = ballot_actions.open_poll(poll=drafted, at=clock.now(), by=district.office)
    for number, code in enumerate(cast_booth.codes_for(opened, district.members[:9])):
        cast_booth.vote(opened, "pool-1", code, lambda place, number=number: ("good", "fair")[(number + place) % 2])
    return cast_booth.closed_now(opened, district)


def key_file(at: Path, person: Person) -> Path:
    """The key file that this scrutineer saved."""
    path = at / f"{person.number}.json"
    path.write_bytes(watchers.keys_of(person).to_file())
    return path


def sign_in(page: Page, address: str, person: Person, to: str) -> None:
    page.goto(f"{address}/sign-in/?next={to}")
    page.locator("input[name=login]").fill(person.number)
    page.locator("input[name=password]").fill(cast.PASSWORD)
    page.get_by_role("main").get_by_role("button").click()


def words_of(page: Page) -> dict[str, str]:
    return json.loads(page.locator("#scrutineer-words").text_content())


def section(page: Page, kind: str) -> Locator:
    return page.locator(f'[data-scrutineer="{kind}"]')


def choose(page: Page, kind: str, path: Path) -> None:
    section(page, kind).locator('input[type="file"]').first.set_input_files(path)


def hand_in(page: Page, kind: str) -> None:
    section(page, kind).locator("form button:not([type])").click()


def watch_what_is_sent(page: Page) -> list[str]:
    """The bodies of all requests from here on."""
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.post_data or ""))
    return sent


def assert_keys_stayed(page: Page, sent: list[str], file: bytes) -> None:
    """The seed was in no request, and lies in no store of the browser."""
    seed = json.loads(file)["seed"]
    paper = ScrutineerKeys.from_file(file).to_paper().replace(" ", "")
    for body in sent:
        assert seed not in body
        assert paper not in body.lower()
    assert page.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]
    assert page.evaluate("indexedDB.databases ? indexedDB.databases() : []") == []


def test_keys_are_made_printed_registered_and_tried(
    live_server, phone: Page, district, drafted, tmp_path, check_axe, picture
):
    one = cast.scrutineers(district)[0]
    sign_in(phone, live_server.url, one, f"/desk/scrutiny/{drafted.key}/")
    words, sent = words_of(phone), watch_what_is_sent(phone)
    with phone.expect_download() as download:
        phone.get_by_role("button", name=words["make_keys"]).click()
    saved = Path(download.value.path()).read_bytes()
    keys = ScrutineerKeys.from_file(saved)
    expect(phone.get_by_text(words["keys_made"])).to_be_visible()
    assert download.value.suggested_filename == "scrutineer-keys.json"
    assert " ".join(phone.locator(".printed-keys li").all_text_contents()).lower() == keys.to_paper()
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    check_axe(phone)
    picture(phone, "scrutineer-keys-phone")
    card = phone.locator("textarea[name=card]").input_value()
    hand_in(phone, "keys")
    status = section(phone, "try").get_by_role("status").first
    choose(phone, "try", key_file(tmp_path, one))
    expect(status).to_have_text(words["try_other_keys"])
    choose(phone, "try", Path(__file__))
    expect(status).to_have_text(words["bad_key_file"])
    paper = section(phone, "try").get_by_label(words["paper"])
    paper.fill(keys.to_paper()[:-1] + ("y" if keys.to_paper().endswith("z") else "z"))
    paper.blur()
    expect(status).to_have_text(words["paper_check"])
    paper.fill(keys.to_paper().upper())
    expect(status).to_have_text(words["tried"])
    hand_in(phone, "try")
    expect(section(phone, "try")).to_have_count(0)
    registered = polls.registration_of(drafted, one)
    assert queries.card_of(registered) == read_card(card.encode()) == keys.card
    assert registered.tried_at
    assert_keys_stayed(phone, sent, saved)


def recount(page: Page, path: Path) -> dict[str, str]:
    """The keys are chosen; the words of the page once its result stands there."""
    words = words_of(page)
    choose(page, "recount", path)
    expect(page.get_by_role("heading", name=words["sealed_heading"])).to_be_focused()
    return words


def two_have_signed(closed: Poll, one: Person, two: Person, three: Person, at: Path) -> list[Path]:
    """Both passed shares on and signed that it fits; the house has the handover no longer. Gives what a third saved before."""
    for person in (one, two):
        shares = watchers.shares_to_pass(closed, person)
        actions.pass_shares(poll=closed, lines=shares, at=clock.now(), by=person)
    saved = [at / "handover.jsonl", at / "passed.jsonl"]
    saved[0].write_bytes(counting.handover_file(closed).read_bytes())
    saved[1].write_bytes(queries.shares_for(closed, three))
    words = [(person, watchers.recounted(closed, person)) for person in (one, two)]
    for person, word in words:
        actions.sign_word(poll=closed, line=word, at=clock.now(), by=person)
    assert not queries.is_handover_there(closed)
    return saved


def test_a_third_counts_again_from_a_saved_handover_disagrees_and_says_why(
    live_server, desktop: Page, district, closed, tmp_path, check_axe, picture
):
    one, two, three = cast.scrutineers(district)
    saved = two_have_signed(closed, one, two, three, tmp_path)
    sign_in(desktop, live_server.url, three, f"/desk/scrutiny/{closed.key}/")
    sent = watch_what_is_sent(desktop)
    words = recount(desktop, key_file(tmp_path, one))
    said = desktop.locator("textarea[name=cosignature]")
    expect(desktop.get_by_text(words["not_named"])).to_be_visible()
    expect(desktop.get_by_text(words["sign_legend"], exact=True)).to_have_count(0)
    recount(desktop, key_file(tmp_path, three))
    note = section(desktop, "recount").locator(".note").first
    expect(note).to_have_text(words["handover_gone"])
    desktop.get_by_label(words["saved_files"]).set_input_files(saved)
    expect(note).to_contain_text(one.name)
    expect(desktop.get_by_label(words["sign_checked"].split("(")[0])).to_be_checked()
    desktop.get_by_label(words["sign_disagrees"]).check()
    expect(desktop.get_by_text(words["remark_needed"])).to_be_visible()
    expect(said).to_have_value("")
    desktop.get_by_label(words["remark"]).fill("Two slips\nof mine are missing")
    expect(desktop.get_by_text(words["sign_ready"])).to_be_visible()
    check_axe(desktop)
    picture(desktop, "scrutineer-disagrees-desktop")
    hand_in(desktop, "recount")
    expect(section(desktop, "recount")).to_have_count(0)
    assert queries.word_of(closed, three).remark == "Two slips of mine are missing"
    assert_keys_stayed(desktop, sent, key_file(tmp_path, three).read_bytes())

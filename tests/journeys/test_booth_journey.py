"""The booth's way on a phone: three taps, Back, marks kept until they are cast, and who cannot vote here is told so first."""

import re

import pytest
from django.utils.translation import override
from playwright.sync_api import Page, expect
from tests.cast import booth as cast_booth
from tests.cast import boxes as cast_boxes
from tests.cast import district as cast
from tests.journeys import looking
from tests.journeys.test_ballot_journey import mark_all, words_of

from zhengyou.polls.models import Poll
from zhengyou.web.public.ballots_words import booth_words

pytestmark = pytest.mark.django_db(transaction=True)

# Each makes a browser that cannot make a ballot, as such browsers do it.
BLOCKED = """
for (const name of ["sessionStorage", "localStorage"])
  Object.defineProperty(window, name, { get() { throw new DOMException("blocked", "SecurityError"); } });
IDBFactory.prototype.open = () => { throw new DOMException("blocked", "SecurityError"); };
"""
FULL = """
IDBObjectStore.prototype.put = function () {
  const request = this.get("nothing");
  Object.defineProperty(request, "error", { get: () => new DOMException("full", "QuotaExceededError") });
  request.addEventListener("success", (event) => {
    event.stopImmediatePropagation();
    request.onerror(event);
  });
  return request;
};
"""
NO_KEYS = """
const put = IDBObjectStore.prototype.put;
IDBObjectStore.prototype.put = function (value, ...rest) {
  if (value.key instanceof CryptoKey) throw new DOMException("a key cannot be cloned", "DataCloneError");
  return put.call(this, value, ...rest);
};
"""
LOST_KEYS = """
const put = IDBObjectStore.prototype.put;
IDBObjectStore.prototype.put = function (value, ...rest) { return put.call(this, { ...value, key: {} }, ...rest); };
"""
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_2 like Mac OS X) AppleWebKit/605.1.15 Version/18.2 Mobile/15E148 Safari/604.1"
WECHAT = "Mozilla/5.0 (Linux; Android 13) AppleWebKit/537.36 Chrome/116.0 Mobile Safari/537.36 MicroMessenger/8.0.44"


@pytest.fixture
def district():
    return cast.small_district(members_a_village=4)


def opened(district, *, units: int = 1, criteria: int = 1) -> Poll:
    cycle = cast_booth.small_cycle(district, criteria=criteria)
    return cast_booth.opened_now(district, cycle, [district.members[:6]], units=units)


def invitation(live_server, poll: Poll, code: str) -> str:
    return f"{live_server.url}/booth/{poll.key}/#m={poll.fingerprint}&c={code}"


def kept(page: Page, marked: int) -> None:
    """The browser has kept so many marks."""
    expect(page.locator(".sheet")).to_have_attribute("data-kept", str(marked))


def test_the_smallest_sheet_is_three_taps(live_server, phone: Page, district, check_axe, picture):
    poll = opened(district)
    code = cast_booth.codes_for(poll, [district.members[5]])[0]
    phone.goto(invitation(live_server, poll, code))
    taps = [".criterion .mark >> nth=0", ".sheet button.cast", ".confirm button.cast"]
    for tap in taps:
        if tap == taps[1]:
            assert looking.choices_unseen(phone) == []
        phone.locator(tap).tap()
    expect(phone.locator("#sheet h2")).to_have_text(words_of(phone)["done_heading"])
    assert len(taps) == 3
    assert len(cast_boxes.slips_in(poll)) == 1
    expect(phone.locator("#sheet button:not(.secondary, .aside)")).to_have_count(0)
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390

    # What was cast is not kept, and Back leads to no sheet that would count.
    phone.go_back()
    expect(phone.locator("#sheet h2")).to_have_text(words_of(phone)["again_heading"])
    expect(phone.locator("#booth[aria-busy]")).to_have_count(0)
    phone.go_back()
    expect(phone.locator("#booth-code")).to_have_value("")
    phone.reload()
    expect(phone.locator(".done")).to_be_visible()
    phone.goto(invitation(live_server, poll, code))
    words = words_of(phone)
    phone.get_by_role("button", name=words["change"]).tap()
    old, new = (words["so_many"].replace("{marked}", n).replace("{total}", "1") for n in ("1", "0"))
    expect(phone.locator(".criterion input:checked")).to_have_count(0)
    expect(phone.locator(".sheet .note")).to_have_text(words["replaces"].replace("{old}", old))
    picture(phone, "booth-refill-phone")
    phone.locator(".sheet button.cast").tap()
    replaced = words["replaced"].replace("{old}", old).replace("{new}", new)
    expect(phone.locator(".confirm .note").first).to_have_text(replaced)
    check_axe(phone)
    picture(phone, "booth-refill-check-phone")
    phone.locator(".confirm button.cast").tap()
    expect(phone.locator(".done")).to_be_visible()
    assert [slip.version for slip in cast_boxes.slips_in(poll)] == [2]


def test_one_tap_says_that_a_unit_is_not_known_and_blanks_of_a_unit_are_one_line(
    live_server, phone: Page, district, check_axe, picture
):
    poll = opened(district, units=3, criteria=3)
    phone.goto(invitation(live_server, poll, cast_booth.codes_for(poll, district.members[4:5])[0]))
    words = words_of(phone)
    units = phone.locator("fieldset.unit")
    unknown = units.nth(0).get_by_role("button", name=words["unit_unknown"])
    unknown.tap()
    expect(phone.locator(".progress")).to_have_text("已评3项，共9项")
    expect(units.nth(0).locator("input:checked")).to_have_count(3)
    assert units.nth(0).locator("input:checked").evaluate_all("all => all.every((one) => one.value === '255')")
    units.nth(0).get_by_role("button", name=words["unit_known"]).tap()
    expect(units.nth(0).locator("input:checked")).to_have_count(0)
    unknown.tap()
    kept(phone, 3)
    units.nth(1).locator("label.mark").nth(0).tap()
    expect(units.nth(1).get_by_role("button", name=words["unit_unknown"])).to_be_hidden()
    check_axe(phone)
    picture(phone, "booth-unit-unknown-phone")
    phone.locator(".sheet button.cast").tap()
    rows = phone.locator(".answers tbody")
    every = words["all_items"].replace("{count}", "3")
    expect(rows.nth(0).locator("tr").nth(1).locator("th, td")).to_have_text([every, words["dont_know"]])
    expect(rows.nth(1).locator("td")).to_have_count(2)
    expect(rows.nth(1).locator(".blank")).to_have_count(1)
    expect(rows.nth(2).locator("tr").nth(1).locator("th, td")).to_have_text([every, words["left_blank"]])
    picture(phone, "booth-folded-check-phone")
    phone.locator(".confirm button.cast").tap()
    expect(phone.locator(".done")).to_be_visible()


def test_back_and_reload_walk_through_the_steps_and_a_closed_tab_loses_no_mark(
    live_server, phone: Page, district, check_axe, picture
):
    poll = opened(district, units=4, criteria=3)
    first = cast_booth.codes_for(poll, district.members[4:5])[0]
    phone.goto("about:blank")
    phone.goto(invitation(live_server, poll, first))
    expect(phone.locator(".progress")).to_have_text("已评0项，共12项")
    expect(phone.locator(".sheet button.cast")).to_be_in_viewport()
    blank = phone.locator(".sheet .bar button").first
    for item in range(11):
        if item != 7:
            phone.locator("fieldset.criterion").nth(item).locator("label.mark").nth(item % 5).click()
    blank.click()
    expect(phone.locator("fieldset.criterion").nth(11).locator("input").first).to_be_focused()
    blank.click()
    expect(phone.locator("fieldset.criterion").nth(7).locator("input").first).to_be_focused()
    expect(phone.locator("fieldset.criterion").nth(7)).to_be_in_viewport()
    kept(phone, 10)

    phone.locator(".sheet button.cast").click()
    expect(phone.locator(".answers .blank")).to_have_count(2)
    expect(phone.locator(".confirm .note")).to_contain_text(f"{district.villages[2].name}、{district.villages[3].name}")
    phone.reload()
    expect(phone.locator(".answers td")).to_have_count(12)
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    phone.locator(".answers button").nth(2).click()
    expect(phone.locator("fieldset.unit").nth(2).locator("input").first).to_be_focused()
    expect(phone.locator("fieldset.unit").nth(2)).to_be_in_viewport()
    phone.locator(".skip").evaluate("link => link.click()")
    phone.evaluate("location.hash = 'elsewhere'")
    expect(phone).to_have_url(f"{live_server.url}/booth/{poll.key}/#m={poll.fingerprint}")
    expect(phone.locator(".criterion input:checked")).to_have_count(10)
    phone.goto(f"{live_server.url}/trust/")
    phone.go_back()
    expect(phone.locator(".criterion input:checked")).to_have_count(10)

    phone.evaluate("history.go(-2)")  # over the link within the page
    phone.go_back()
    expect(phone.locator("#booth-code")).to_have_value(first.replace("-", ""))
    check_axe(phone)
    picture(phone, "booth-start-phone")
    phone.locator("#sheet button[type=submit]").click()
    expect(phone.locator(".criterion input:checked")).to_have_count(10)

    context = phone.context
    phone.close()
    again = context.new_page()
    again.goto(invitation(live_server, poll, first))
    expect(again.locator(".criterion input:checked")).to_have_count(10)


def test_the_next_person_on_the_phone_learns_no_mark_of_a_sheet_that_was_not_cast(live_server, phone_of, district):
    poll = opened(district, units=2)
    first, second = cast_booth.codes_for(poll, district.members[4:6])
    phone = phone_of()
    page = phone.new_page()
    page.goto(invitation(live_server, poll, first))
    marks = page.locator("fieldset.criterion").first.locator("label.mark")
    marks.nth(0).click()
    kept(page, 1)
    one = stored(page)
    mark_all(page, 3)
    kept(page, 2)
    both = stored(page)
    assert one != both
    assert len(one["drafts"][0]) == len(both["drafts"][0])  # not even how much is marked
    for secret in (first.replace("-", ""), "central-work", "u001", '"4"'):
        assert secret not in str(both)
    page.close()

    other = phone.new_page()
    other.goto(invitation(live_server, poll, second))
    expect(other.locator("fieldset.criterion")).to_have_count(2)
    expect(other.locator(".criterion input:checked")).to_have_count(0)
    other.goto(invitation(live_server, poll, first))  # only the fragment changes
    expect(other.locator(".criterion input:checked")).to_have_count(2)
    other.on("dialog", lambda dialog: dialog.accept())
    other.locator(".kept button").click()
    expect(other.locator(".note")).to_have_text(words_of(other)["cleared"])
    expect(other.locator("#booth-code")).to_have_value("")
    assert stored(other)["drafts"] == []


def stored(page: Page) -> dict[str, list[str]]:
    """Everything that this browser keeps for the site beyond the tab, as text: drafts, and the rest."""
    return page.evaluate(
        """async () => {
          const opening = indexedDB.open("zhengyou-booth");
          await new Promise((done) => { opening.onsuccess = done; });
          const all = opening.result.transaction("ballots").objectStore("ballots").getAll();
          await new Promise((done) => { all.onsuccess = done; });
          opening.result.close();
          const text = (value) => value instanceof Uint8Array ? String.fromCharCode(...value) : String(value);
          const rows = all.result.map((row) => Object.values(row).map(text).join(" "));
          const drafts = rows.filter((row) => row.includes("draft "));
          return { drafts, rest: [...rows.filter((row) => !drafts.includes(row)), JSON.stringify(localStorage)] };
        }"""
    )


def test_what_a_unit_promised_is_one_tap_away_and_says_nothing_of_the_sheet(
    live_server, phone: Page, district, picture
):
    poll = opened(district, units=2)
    code = cast_booth.codes_for(poll, [district.members[5]])[0]
    phone.goto(invitation(live_server, poll, code))
    links = phone.locator(".promises a")
    expect(links).to_have_count(2)
    with phone.expect_popup() as popup:
        links.first.tap()
    page = popup.value
    expect(page.locator("h1")).to_have_text(district.villages[0].name)
    expect(page).to_have_url(f"{live_server.url}/organisations/{district.villages[0].code}/#promises")
    assert page.evaluate("[document.referrer, window.opener]") == ["", None]
    expect(phone.locator("fieldset.unit")).to_have_count(2)
    phone.set_viewport_size({"width": 1280, "height": 800})
    phone.goto(f"{live_server.url}/booth/{poll.key}/?lang=en")
    expect(phone.locator("fieldset.unit")).to_have_count(2)
    mark_all(phone, 1)
    picture(phone, "booth-sheet-desktop")
    phone.locator(".sheet button.cast").click()
    expect(phone.locator(".confirm")).to_contain_text("Nothing is left blank.")
    picture(phone, "booth-check-desktop")
    phone.locator(".confirm button.cast").click()
    expect(phone.locator(".done")).to_be_visible()
    picture(phone, "booth-done-desktop")


def test_every_browser_that_cannot_keep_a_ballot_is_told_before_the_first_mark(
    live_server, phone_of, district, check_axe, picture
):
    poll = opened(district)
    code = cast_booth.codes_for(poll, [district.members[5]])[0]
    with override("zh-hans"):
        words = booth_words()
    for name, script, agent, said in (
        ("blocked", BLOCKED, None, words["no_storage"]),
        ("full", FULL, None, words["storage_full"]),
        ("no-keys", NO_KEYS, None, words["no_keys"]),
        ("lost-keys", LOST_KEYS, None, words["no_keys"]),
        ("wechat", NO_KEYS, WECHAT, words["no_keys"] + words["wechat_leave"]),
    ):
        page = phone_of(script, agent).new_page()
        page.goto(invitation(live_server, poll, code))
        expect(page.locator(".booth-alert")).to_have_text(said)
        expect(page.locator("#booth input, #booth-old")).to_have_count(0)
        assert code in page.url
        picture(page, f"booth-{name}-phone")
    check_axe(page)
    assert not cast_boxes.mark_of(poll, district.members[5]).is_issued


def test_a_browser_that_is_too_old_reads_why_in_plain_words(live_server, phone_of, district, check_axe, picture):
    poll = opened(district)
    code = cast_booth.codes_for(poll, [district.members[5]])[0]

    def without_modules(route):
        answer = route.fetch()
        route.fulfill(response=answer, body=answer.text().replace('type="module"', 'type="not-known"'))

    for name, script, pattern, way in (
        ("no-modules", "", f"**/booth/{poll.key}/", without_modules),
        ("no-big-numbers", "delete globalThis.BigInt;", None, None),
        (
            "does-not-parse",
            "",
            re.compile(r"/dist/booth(\.\w+)?\.js$"),
            lambda route: route.fulfill(body="let x = 1n ?? #;"),
        ),
    ):
        context = phone_of(script)
        if pattern:
            context.route(pattern, way)
        page = context.new_page()
        page.goto(invitation(live_server, poll, code))
        expect(page.locator("#booth-old.now")).to_be_visible()
        expect(page.locator("#booth")).to_be_hidden()
        assert code in page.url, name
    check_axe(page)
    picture(page, "booth-old-phone")


def test_an_iphone_is_told_to_cast_in_one_sitting_and_later_that_the_browser_forgot(
    live_server, phone_of, district, check_axe, picture
):
    poll = opened(district)
    code = cast_booth.codes_for(poll, [district.members[5]])[0]
    iphone = phone_of(agent=IPHONE).new_page()
    iphone.goto(invitation(live_server, poll, code))
    words = words_of(iphone)
    expect(iphone.locator(".sheet .note")).to_have_text(words["iphone_note"])
    expect(iphone.locator("fieldset.criterion")).to_have_count(1)
    check_axe(iphone)
    picture(iphone, "booth-iphone-phone")
    wechat = phone_of(agent=WECHAT).new_page()
    wechat.goto(invitation(live_server, poll, code))
    expect(wechat.locator(".sheet .note")).to_have_text(words["wechat_note"])

    mark_all(iphone, 0)
    iphone.locator(".sheet button.cast").click()
    iphone.locator(".confirm button.cast").click()
    expect(iphone.locator(".done")).to_be_visible()
    iphone.evaluate("localStorage.clear(); sessionStorage.clear(); indexedDB.deleteDatabase('zhengyou-booth')")
    iphone.goto("about:blank")
    iphone.goto(invitation(live_server, poll, code))
    expect(iphone.locator(".booth-alert")).to_have_text(words["issued_erased"])
    picture(iphone, "booth-erased-phone")
    wechat.goto("about:blank")
    wechat.goto(invitation(live_server, poll, code))
    expect(wechat.locator(".booth-alert")).to_have_text(words["issued_elsewhere"])

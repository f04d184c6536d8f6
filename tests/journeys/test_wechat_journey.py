"""A telephone of 375 × 600 in WeChat with large text, which saves no file and opens no window: everybody gets to the end."""

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, BrowserContext, Page, expect
from tests.cast import booth as cast_booth
from tests.cast import boxes as cast_boxes
from tests.cast.commitments import promises_of, published_commitment
from tests.cast.district import launched_cycle, small_district
from tests.cast.results import computed_poll
from tests.journeys import hearing, looking
from tests.journeys.test_ballot_journey import cast_sheet, mark_all, switch_language, words_of
from tests.journeys.test_booth_journey import BLOCKED, WECHAT
from tests.journeys.test_doubt_journey import open_sheet, others_vote_and_close

from blindballot.__main__ import main
from zhengyou.commitments.models import CitizenAnswer, Promise
from zhengyou.counting import queries as counting_queries
from zhengyou.web.shared import clock

pytestmark = pytest.mark.django_db(transaction=True)

# As WeChat does it: the text alone grows by the reader's setting, a link that asks for a new window opens in this one, and
# what asks for a window or for paper gets nothing.
WECHATS = """
window.open = () => null;
window.printed = 0;
window.print = () => { window.printed += 1; };
document.addEventListener("click", ({target}) => target.closest?.("a[target]")?.removeAttribute("target"), true);
document.addEventListener("DOMContentLoaded", () => { document.body.style.setProperty("text-size-adjust", "140%"); });
"""
NO_LASTING = """
Object.defineProperty(window, "localStorage", { get() { throw new DOMException("blocked", "SecurityError"); } });
"""
LINE = "document.querySelector('footer h2').offsetHeight"
USUAL_LINE = 22  # px, with text as the page asks for it


@pytest.fixture
def district():
    return small_district(at=clock.now(), members_a_village=6)


@pytest.fixture
def wechat(browser: Browser):
    """Makes such a telephone; what goes wrong in a page's programs is asked for at the end."""
    made: list[BrowserContext] = []
    problems: list[str] = []

    def make(*scripts: str) -> Page:
        telephone = {"viewport": {"width": 375, "height": 600}, "is_mobile": True, "has_touch": True, "locale": "zh-CN"}
        context = browser.new_context(**telephone, user_agent=WECHAT, accept_downloads=False, reduced_motion="reduce")
        context.set_default_timeout(15_000)
        for script in (WECHATS, *scripts):
            context.add_init_script(script)
        made.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: problems.append(str(error)))
        return page

    yield make
    for context in made:
        context.close()
    assert problems == []


def seen_well(page: Page) -> None:
    """With the reader's large text nothing lies beside the telephone or over something else, and what is heard is in order."""
    assert page.evaluate(LINE) >= 1.3 * USUAL_LINE
    wrong = {name: check(page) for name, check in hearing.CHECKS.items()}
    wrong |= {"overprinted": looking.overprinted(page), "wide": page.evaluate(looking.WIDE)}
    assert {name: found for name, found in wrong.items() if found} == {}


def test_a_citizen_in_wechat_says_that_a_promise_was_kept(live_server, wechat, district, check_axe, picture):
    cycle = launched_cycle(district, at=clock.now())
    promise = promises_of(published_commitment(district, cycle, district.villages[0], at=clock.now()))[0]
    Promise.objects.filter(pk=promise.pk).update(due_on=clock.today())
    page = wechat(BLOCKED)
    page.goto(live_server.url + reverse("public-promise", args=[promise.commitment.organisation.code, promise.pk]))
    seen_well(page)
    picture(page, "wechat-promise")
    page.locator(".marks .mark").first.tap()
    page.fill("[name=words]", "路灯都亮了。")
    page.locator("main form button:not([type=button])").tap()
    expect(page.locator("#recorded")).to_be_visible()
    assert [(answer.mark, answer.remark.words) for answer in CitizenAnswer.objects.all()] == [("kept", "路灯都亮了。")]
    seen_well(page)
    check_axe(page)
    picture(page, "wechat-recorded")


def test_a_member_in_wechat_reads_a_promise_on_the_way_and_votes(live_server, wechat, district, check_axe, picture):
    cycle = launched_cycle(district, at=clock.now())
    poll = cast_booth.opened_now(district, cycle, [district.members[:6]], units=2)
    code = cast_booth.codes_for(poll, [district.members[5]])[0]
    page = wechat(NO_LASTING)
    page.goto(f"{live_server.url}/booth/{poll.key}/#m={poll.fingerprint}&c={code}")
    expect(page.locator("fieldset.unit")).to_have_count(2)
    mark_all(page, 0)
    seen_well(page)
    picture(page, "wechat-sheet")
    expect(page.locator(".sheet")).to_have_attribute("data-kept", str(page.locator("fieldset.criterion").count()))

    page.locator("fieldset.unit a").first.tap()
    page.wait_for_url("**/organisations/**")
    page.go_back()
    expect(page.locator("fieldset.criterion input:checked")).to_have_count(page.locator("fieldset.criterion").count())

    page.locator(".sheet button.cast").tap()
    expect(page.locator(".confirm")).to_be_visible()
    picture(page, "wechat-check")
    page.evaluate("scrollTo(0, document.body.scrollHeight)")  # the bar lies over what is behind it until then
    seen_well(page)
    switch_language(page, "en")
    expect(page.locator("#sheet h2")).to_have_text(words_of(page)["check_heading"])
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    seen_well(page)
    switch_language(page, "zh-Hans")
    check_axe(page)
    page.locator(".confirm button.cast").tap()
    expect(page.locator("#sheet h2")).to_have_text(words_of(page)["done_heading"])
    assert len(cast_boxes.slips_in(poll)) == 4  # of each unit two
    seen_well(page)
    check_axe(page)
    picture(page, "wechat-done")
    switch_language(page, "en")
    expect(page.locator("#sheet h2")).to_have_text(words_of(page)["again_heading"])
    seen_well(page)


def test_a_member_in_wechat_who_misses_a_slip_copies_what_proves_it(
    live_server, wechat, district, check_axe, picture, tmp_path, capsys
):
    poll = cast_booth.opened_now(district, cast_booth.small_cycle(district), [district.members[:6]], units=2)
    page = wechat()
    open_sheet(page, live_server.url, poll, district)
    cast_sheet(page)
    cast_boxes.take_one_out(poll)
    others_vote_and_close(poll, district)
    page.reload()
    page.get_by_role("button", name=words_of(page)["keep_proof"]).tap()
    text = page.get_by_label("这台设备签过什么，票箱确认过什么")
    file = tmp_path / "missing.json"
    file.write_text(text.input_value(), encoding="utf-8")
    seen_well(page)
    check_axe(page)
    picture(page, "wechat-proof")
    record = counting_queries.record_path(poll, "record.json").parent
    assert main(["missing", str(file), str(record), "--lang", "en"]) == 0
    assert "the record leaves it out" in capsys.readouterr().out
    page.get_by_role("button", name="返回").tap()
    expect(page.locator(".record-missing")).to_be_visible()


def test_a_doubter_in_wechat_is_told_how_to_get_the_record(live_server, wechat, phone, district, check_axe, picture):
    cycle = launched_cycle(district, at=clock.now())
    poll = computed_poll(district, cycle, pools={"members": district.members[:8]})
    record = live_server.url + reverse("public-record", args=[poll.key])
    page = wechat(BLOCKED)
    page.goto(record)
    told = page.locator("#in-wechat")
    whole = page.locator("main a[href$='record.zip']")
    assert whole.evaluate("(link, told) => told.compareDocumentPosition(link) & 4", told.element_handle()) == 4
    seen_well(page)
    check_axe(page)
    picture(page, "wechat-record")

    workbook = page.locator("main a[href$='report.xlsx']")
    workbook.tap()
    assert page.url == record
    assert told.evaluate("one => one.nextElementSibling.querySelector('a[href$=\"report.xlsx\"]') !== null")
    expect(workbook).to_have_accessible_description(told.inner_text())

    phone.goto(record)
    expect(phone.locator("#in-wechat")).to_have_count(0)
    expect(phone.locator("main a[aria-describedby]")).to_have_count(0)

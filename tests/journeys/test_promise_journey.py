"""Journeys 6 and 2: a secretary's promises go to the level above, come back, are mended and published; a citizen answers on a phone."""

import re
from datetime import UTC, datetime, time

import pytest
from django.urls import reverse
from playwright.sync_api import expect
from tests.cast.commitments import photo_bytes, promises_of, published_commitment, secretary_of
from tests.cast.district import PASSWORD, launched_cycle, small_district

from zhengyou.commitments import actions
from zhengyou.commitments.models import CitizenAnswer, Promise
from zhengyou.remarks import actions as remarks
from zhengyou.remarks import queries as remark_queries
from zhengyou.remarks.models import Spent
from zhengyou.web.shared import clock

WIDTHS = ["phone", pytest.param("desktop", marks=pytest.mark.long)]
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def noon():
    return datetime.combine(clock.today(), time(4), tzinfo=UTC)


@pytest.fixture
def district(noon):
    return small_district(at=noon, members_a_village=0)


@pytest.fixture
def cycle(district, noon):
    return launched_cycle(district, at=noon)


@pytest.fixture
def photo(tmp_path):
    path = tmp_path / "lamp.jpg"
    path.write_bytes(photo_bytes("goldenrod", (2400, 1800)))
    return path


@pytest.fixture
def sign_in(live_server):
    """Sign in by the page, as people do."""

    def enter(page, person):
        page.context.clear_cookies()
        page.goto(f"{live_server.url}{reverse('sign-in')}?next=/desk/")
        page.fill("[name=login]", person.number)
        page.fill("[name=password]", PASSWORD)
        page.locator("main button").click()
        page.wait_for_url("**/desk/")

    return enter


@pytest.fixture
def fits():
    """Nothing makes the page scroll sideways, and what is tapped is large enough."""

    def check(page):
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        small = page.evaluate(
            """[...document.querySelectorAll("main button, main [role=button], main .mark")]
            .filter(e => e.getClientRects().length && e.getBoundingClientRect().height < 44).map(e => e.outerHTML)"""
        )
        assert small == []

    return check


@pytest.fixture
def look(check_axe, picture, fits):
    """axe, width, and a picture for people."""

    def at(page, name):
        check_axe(page)
        fits(page)
        picture(page, name)

    return at


def _write(page, n, last):
    page.fill("[name=what]", f"修好测试路第{n}段的路灯")
    page.fill("[name=standard]", "夜间全部能亮，坏一盏两天内修好")
    page.locator("[name=checked_by]").first.check()
    page.fill("[name=for_whom]", "全体村民")
    page.fill("[name=due_on]", last.isoformat())
    page.fill("[name=evidence]", "完工照片和夜间照片")
    page.locator("[name=aim]").nth(2).check()
    page.locator("main form button").click()


def _the_secretary_writes_and_proposes(page, server, village, cycle, look, width):
    look(page, f"promise-due-{width}")
    page.locator(f"a[href^='{reverse('desk-theme', args=[village.code])}']").click()
    page.fill("[name=text]", "点亮每一条回家的路")
    page.fill("[name=main_work]", "村内道路照明")
    look(page, f"promise-theme-{width}")
    page.locator("main form button").click()
    for n in (1, 2):
        page.goto(server + reverse("desk-promise-write", args=[village.code]))
        if n == 1:
            look(page, f"promise-write-{width}")
        _write(page, n, cycle.ends_on)
    look(page, f"promise-drafts-{width}")
    page.locator(f"form[action='{reverse('desk-propose', args=[village.code])}'] button").click()
    page.locator(".note.success").wait_for()


def _the_level_above_sends_one_back(page, server, village, look, width):
    overview = reverse("desk-promises")
    page.locator(f"a[href='{overview}'], a[href^='{overview}?']").last.click()
    look(page, f"promise-overview-{width}")
    page.locator(f"a[href^='{reverse('desk-review', args=[village.code])}']").click()
    look(page, f"promise-review-{width}")
    marks = page.locator(".marks")
    marks.nth(0).locator(".mark").nth(1).click()
    marks.nth(1).locator(".mark").nth(0).click()
    page.locator("textarea").nth(0).fill("请写明盏数，村民才能数得清。")
    page.locator("main form button").click()
    page.wait_for_url(f"**{reverse('desk-promises')}")


def _the_secretary_mends_and_proposes_again(page, server, village, look, width):
    page.goto(server + reverse("desk-commitment", args=[village.code]))
    expect(page.get_by_text("请写明盏数，村民才能数得清。")).to_be_visible()
    look(page, f"promise-returned-{width}")
    page.locator("article.promise .actions a").first.click()
    page.fill("[name=standard]", "十二盏全部能亮，坏一盏两天内修好")
    look(page, f"promise-mend-{width}")
    page.locator("main form button").click()
    page.locator(f"form[action='{reverse('desk-propose', args=[village.code])}'] button").click()
    page.locator(".note.success").wait_for()


def _the_level_above_agrees(page, server, village):
    page.goto(server + reverse("desk-review", args=[village.code]))
    page.locator(".marks .mark").nth(0).click()
    page.locator("main form button").click()
    page.wait_for_url(f"**{reverse('desk-promises')}")


def _the_secretary_reports(page, server, village, promise, photo, look, width):
    page.goto(server + reverse("desk-commitment", args=[village.code]))
    look(page, f"promise-published-{width}")
    page.goto(server + reverse("desk-progress", args=[village.code, promise.pk]))
    page.fill("[name=text]", "十二盏已修好十盏，余下两盏在等配件。")
    page.set_input_files("[name=photo]", photo)
    look(page, f"promise-progress-{width}")
    page.locator("main form button").click()
    page.goto(server + reverse("desk-outcome", args=[village.code, promise.pk]))
    page.locator("[name=outcome]").nth(1).check()
    page.fill("[name=explanation]", "还差两盏，配件到后一周内装好。")
    look(page, f"promise-outcome-{width}")
    page.locator("main form button").click()


@pytest.mark.parametrize("width", WIDTHS)
def test_from_the_theme_to_the_public_page(width, request, live_server, district, cycle, photo, sign_in, look):
    page = request.getfixturevalue(width)
    village, secretary, above = district.villages[0], district.secretaries[0], district.town_secretary
    sign_in(page, secretary)
    _the_secretary_writes_and_proposes(page, live_server.url, village, cycle, look, width)
    sign_in(page, above)
    _the_level_above_sends_one_back(page, live_server.url, village, look, width)
    sign_in(page, secretary)
    _the_secretary_mends_and_proposes_again(page, live_server.url, village, look, width)
    sign_in(page, above)
    _the_level_above_agrees(page, live_server.url, village)
    promise = Promise.objects.order_by("id").first()
    sign_in(page, secretary)
    _the_secretary_reports(page, live_server.url, village, promise, photo, look, width)
    page.context.clear_cookies()
    page.goto(live_server.url + reverse("public-organisation", args=[village.code]))
    expect(page.get_by_text("点亮每一条回家的路")).to_be_visible()
    look(page, f"promise-organisation-{width}")
    page.get_by_role("link", name=promise.what, exact=True).click()
    expect(page.get_by_text("十二盏全部能亮")).to_be_visible()
    assert page.locator("img.photo").evaluate(
        "img => (img.scrollIntoView(), img.decode()).then(() => img.naturalWidth)"
    )
    look(page, f"promise-one-{width}")


@pytest.fixture
def promise(district, cycle, noon):
    """A published promise with a report and a statement."""
    village = district.villages[0]
    row = promises_of(published_commitment(district, cycle, village, at=noon))[0]
    by = secretary_of(village)
    actions.report_progress(promise=row, text="十盏已亮。", photo=photo_bytes("olive"), at=noon, by=by)
    actions.state_outcome(promise=row, outcome="fulfilled", explanation="全部修好。", at=noon, by=by)
    return row


@pytest.mark.parametrize("width", WIDTHS)
def test_a_citizen_says_how_it_stands_and_reads_the_answer_at_an_address(
    width, request, live_server, district, promise, photo, look
):
    page = request.getfixturevalue(width)
    page.goto(live_server.url + reverse("public-organisation", args=[promise.commitment.organisation.code]))
    page.get_by_role("link", name=promise.what).first.click()
    expect(page.locator("[name=mark]:checked")).to_have_count(0)
    look(page, f"promise-ask-{width}")
    page.locator(".marks .mark").nth(1).click()
    page.fill("[name=words]", "村口那两盏还是不亮。")
    page.set_input_files("[name=photo]", photo)
    expect(page.locator(".preview img")).to_be_visible()
    page.locator(".preview button").click()
    expect(page.locator(".preview")).to_have_count(0)
    assert page.evaluate("document.querySelector('[name=photo]').files.length") == 0
    page.set_input_files("[name=photo]", photo)
    expect(page.locator(".preview img")).to_be_visible()
    expect(page.locator(".preview[data-small]")).to_have_count(1)
    assert page.evaluate("document.querySelector('[name=photo]').files[0].size") < photo.stat().st_size
    page.locator("main form button:not([type=button])").click()
    page.locator("#recorded").wait_for()
    answer = CitizenAnswer.objects.get()
    assert (answer.remark.photo.width, answer.remark.photo.height) == (1600, 1200)
    assert (answer.mark, answer.remark.why) == ("off_course", "look")
    assert Spent.objects.count() == 2  # the form and its solution
    expect(page.locator("#recorded")).to_contain_text(str(answer.remark_id))
    expect(page.get_by_text("村口那两盏还是不亮。")).to_be_visible()
    own = page.url
    look(page, f"promise-answered-{width}")
    remarks.show_remarks(remarks=[answer.remark], at=clock.now(), by=district.office)
    by = secretary_of(promise.commitment.organisation)
    remarks.answer_remark(remark=answer.remark, answer="配件已到，周五装好。", at=clock.now(), by=by)
    page.reload()
    page.locator(f"main a[href='{reverse('public-remark', args=[answer.remark_id])}']").click()
    expect(page).to_have_url(re.compile(rf"#remark-{answer.remark_id}$"))
    expect(page.get_by_text("村口那两盏还是不亮。")).to_be_visible()
    assert page.evaluate("localStorage.length") == 0
    look(page, f"promise-voices-{width}")
    page.goto(own)
    expect(page.get_by_text("配件已到，周五装好。")).to_be_visible()
    assert page.context.cookies() == []


def test_a_draft_outlives_the_page_until_it_is_sent_or_deleted(phone, live_server, promise):
    address = live_server.url + reverse("public-promise", args=[promise.commitment.organisation.code, promise.pk])
    phone.goto(address)
    phone.locator("[name=words]").press_sequentially("写了一半")
    phone.goto(live_server.url + reverse("public-home"))
    phone.goto(address)
    expect(phone.locator("[name=words]")).to_have_value("写了一半")
    phone.get_by_role("status").get_by_role("button").click()
    expect(phone.locator("[name=words]")).to_have_value("")
    phone.reload()
    expect(phone.locator("[name=words]")).to_have_value("")


def test_without_javascript_and_with_the_keyboard_alone(browser, live_server, promise):
    context = browser.new_context(viewport={"width": 360, "height": 740}, java_script_enabled=False)
    page = context.new_page()
    page.goto(live_server.url + reverse("public-promise", args=[promise.commitment.organisation.code, promise.pk]))
    page.locator("[name=mark]").first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.type("看过了，确实不亮。")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.locator("#recorded").wait_for()
    assert context.cookies() == []
    context.close()
    answer = CitizenAnswer.objects.get()
    assert (answer.mark, answer.remark.words, answer.remark.state) == ("off_course", "看过了，确实不亮。", "waiting")
    assert Spent.objects.count() == 1  # the form, without a solution


@pytest.mark.parametrize("width", WIDTHS)
def test_the_office_sees_coverage_and_looks_at_words(
    width, request, live_server, district, cycle, promise, noon, sign_in, look
):
    page = request.getfixturevalue(width)
    given = {"promise": promise, "mark": "off_course", "at": noon, "arrival": None}
    rude, fair = (actions.answer_promise(words=words, **given).remark for words in ("不当的话", "村口还是黑的"))
    sign_in(page, district.office)
    page.goto(live_server.url + reverse("office-coverage", args=[cycle.pk]))
    look(page, f"promise-coverage-{width}")
    page.goto(live_server.url + reverse("office-remarks", args=[cycle.pk]))
    look(page, f"words-waiting-{width}")
    page.locator(f"[name=row][value='{rude.pk}']").check()
    page.locator("#ticked [name=reason]").select_option("insult")
    page.locator("#ticked [value=hide]").click()
    page.locator("button[value=undo]").wait_for()
    look(page, f"words-hidden-{width}")
    page.locator(f"[name=row][value='{fair.pk}']").check()
    page.locator("#ticked [value=show]").click()
    page.locator("button[value=undo]").wait_for()
    assert [remark_queries.remark_with_id(row.pk).state for row in (rude, fair)] == ["hidden", "shown"]
    page.locator("button[value=undo]").click()
    page.wait_for_url(f"**{reverse('office-remarks', args=[cycle.pk])}")
    assert [remark_queries.remark_with_id(row.pk).state for row in (rude, fair)] == ["hidden", "waiting"]
    page.goto(live_server.url + reverse("public-words"))
    look(page, f"words-accounts-{width}")

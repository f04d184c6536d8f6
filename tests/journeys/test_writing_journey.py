"""Anybody objects to a notice on a phone, with JavaScript and without; what a public page weighs; both languages."""

import gzip
from datetime import UTC, datetime, time, timedelta

import pytest
from django.urls import reverse
from playwright.sync_api import expect
from tests.cast.awards import published_notice
from tests.cast.commitments import promises_of, published_commitment
from tests.cast.district import PASSWORD, launched_cycle, small_district
from tests.cast.writing import arrived

from zhengyou.commitments.actions import answer_promise
from zhengyou.notices.actions import file_objection
from zhengyou.notices.models import Objection
from zhengyou.remarks.models import Remark, Spent
from zhengyou.web.shared import clock

pytestmark = pytest.mark.django_db(transaction=True)
HEAVIEST = 60 * 1024


@pytest.fixture
def yesterday():
    return datetime.combine(clock.today() - timedelta(days=1), time(4), tzinfo=UTC)


@pytest.fixture
def district(yesterday):
    return small_district(at=yesterday, members_a_village=0)


@pytest.fixture
def cycle(district, yesterday):
    return launched_cycle(district, at=yesterday)


@pytest.fixture
def notice(district, cycle, yesterday):
    return published_notice(district, cycle, at=yesterday)


def _object(page, server, notice):
    page.goto(server + reverse("public-notice", args=[notice.year, notice.number]))
    page.select_option("[name=nominee]", index=1)
    page.fill("[name=content]", "三月说修通的路，现在还过不了车。")
    page.fill("[name=name]", "某居民")
    page.locator("#object button:not([type=button])").click()
    page.locator("#recorded").wait_for()
    return page.locator(".big-code").inner_text().strip()


@pytest.mark.parametrize("width", ["phone", pytest.param("desktop", marks=pytest.mark.long)])
def test_somebody_objects_and_finds_their_words_by_the_code(width, request, live_server, notice, check_axe, picture):
    page = request.getfixturevalue(width)
    page.goto(live_server.url + reverse("public-notice", args=[notice.year, notice.number]))
    check_axe(page)
    picture(page, f"objection-ask-{width}")
    code = _object(page, live_server.url, notice)
    check_axe(page)
    picture(page, f"objection-received-{width}")
    assert (Objection.objects.get().is_from_flood, Spent.objects.count()) == (False, 1)
    assert page.evaluate("localStorage.length") == 0
    page.locator("main a.alone").first.click()
    page.fill("[name=code]", code)
    page.locator("main form button:not([type=button])").click()
    expect(page.get_by_text("三月说修通的路，现在还过不了车。")).to_be_visible()
    picture(page, f"objection-stands-{width}")
    assert page.context.cookies() == []


def test_without_javascript_an_objection_arrives_as_well(browser, live_server, notice):
    context = browser.new_context(viewport={"width": 390, "height": 844}, java_script_enabled=False)
    assert _object(context.new_page(), live_server.url, notice)
    assert context.cookies() == []
    context.close()
    assert Objection.objects.get().name == "某居民"
    assert not Spent.objects.exists()


def test_a_visitor_changes_the_language_and_every_further_page_keeps_it(phone, live_server, notice):
    phone.goto(live_server.url)
    phone.get_by_role("link", name="English").click()
    phone.locator("nav.ways summary").click()
    phone.get_by_role("navigation", name="Main").get_by_role("link", name="Notices and honours").click()
    phone.get_by_role("link", name=notice.title).click()
    expect(phone.get_by_role("heading", name="How to object")).to_be_visible()
    phone.go_back()
    phone.fill("[name=q]", "先进")
    phone.keyboard.press("Enter")
    phone.wait_for_url("**/notices/?*")
    expect(phone.locator("html")).to_have_attribute("lang", "en")
    phone.get_by_role("link", name="中文").click()
    expect(phone.locator("html")).to_have_attribute("lang", "zh-Hans")


def test_a_page_to_write_on_weighs_no_more_than_a_public_page_may(phone, live_server, district, cycle, yesterday):
    promise = promises_of(published_commitment(district, cycle, district.villages[2], at=yesterday))[0]
    answers = []

    def keep(answer):
        answers.append(answer)

    phone.on("response", keep)
    phone.goto(live_server.url + reverse("public-promise", args=[promise.commitment.organisation.code, promise.pk]))
    phone.locator("[name=words]").focus()
    phone.locator("form[data-ready]").wait_for()
    weights = {answer.url: len(gzip.compress(answer.body())) for answer in answers}
    assert any("/dist/writing." in url for url in weights)
    assert any("/words/puzzle/" in url for url in weights)
    assert all(url.startswith(live_server.url) for url in weights)
    assert sum(weights.values()) <= HEAVIEST


@pytest.mark.parametrize("width", ["phone", pytest.param("desktop", marks=pytest.mark.long)])
def test_the_office_settles_floods_and_names_what_holds_a_number(
    width, request, live_server, district, cycle, notice, yesterday, check_axe, picture
):
    page = request.getfixturevalue(width)
    promise = promises_of(published_commitment(district, cycle, district.villages[0], at=yesterday))[0]
    given = {"promise": promise, "mark": "off_course", "at": clock.now()}
    for n in range(9):
        answer_promise(words=f"第{n}句，给1381234567{n}打", arrival=arrived(is_solved=False), **given)
        arrival, content = arrived(is_solved=False), f"第{n}件：三月说修通的路还过不了车"
        file_objection(
            notice=notice,
            nominee="",
            content=content,
            name="",
            contact="",
            ticket=arrival.ticket.hex,
            arrival=arrival,
            at=clock.now(),
        )
    page.goto(live_server.url + reverse("sign-in"))
    page.fill("[name=login]", district.office.number)
    page.fill("[name=password]", PASSWORD)
    page.locator("main button").click()
    for start, together in (("office-remarks", "remarks"), ("office-docket", "objections")):
        page.goto(live_server.url + reverse(start, args=[cycle.pk] if start == "office-remarks" else []))
        check_axe(page)
        picture(page, f"flood-{together}-list-{width}")
        page.locator("section.note a").click()
        page.locator("button[value=program]").wait_for()
        check_axe(page)
        picture(page, f"flood-{together}-{width}")
        page.locator("button[value=program]").click()
        page.locator("#ticked").wait_for()
    assert Objection.objects.filter(state="set_aside").count() == Remark.objects.filter(state="hidden").count() == 4
    page.goto(live_server.url + reverse("office-remarks", args=[cycle.pk]))
    page.locator("[name=row]").first.check()
    page.locator("#ticked [value=show]").click()
    page.locator("[name=named]").check()
    check_axe(page)
    picture(page, f"numbers-named-{width}")
    page.locator("main button").click()
    page.locator("button[value=undo]").wait_for()
    assert Remark.objects.filter(state="shown").count() == 1

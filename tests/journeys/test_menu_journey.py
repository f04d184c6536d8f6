"""The menus: folded on a phone, opened by a tap with scripts and without, closed by Escape, which gives the focus back."""

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect
from tests.cast.district import PASSWORD, small_district

pytestmark = pytest.mark.django_db(transaction=True)


def test_escape_closes_an_open_menu_and_gives_the_focus_back(live_server, phone: Page, check_axe):
    phone.goto(live_server.url + reverse("public-help"))
    ways, button = phone.locator("nav.ways ul"), phone.locator("nav.ways summary")
    expect(ways).to_be_hidden()
    button.tap()
    expect(ways).to_be_visible()
    check_axe(phone)
    phone.keyboard.press("Tab")
    expect(ways.locator("a").first).to_be_focused()
    phone.keyboard.press("Escape")
    expect(ways).to_be_hidden()
    expect(button).to_be_focused()


def test_without_scripts_the_menu_opens_and_on_a_wide_screen_it_is_no_menu(live_server, browser: Browser):
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(live_server.url + reverse("public-help"))
    expect(page.locator("nav.ways ul")).to_be_hidden()
    page.locator("nav.ways summary").click()
    expect(page.locator("nav.ways ul a").first).to_be_visible()
    page.set_viewport_size({"width": 1280, "height": 900})
    expect(page.locator("nav.ways summary")).to_be_hidden()
    expect(page.locator("nav.ways ul")).to_be_visible()
    context.close()


def test_the_sections_of_a_units_page_fold_on_a_phone_and_without_scripts(live_server, browser: Browser):
    unit = small_district().villages[0]
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(live_server.url + reverse("public-organisation", args=[unit.code]))
    sections = page.get_by_role("navigation", name="On this page")
    expect(sections.get_by_role("link").first).to_be_hidden()
    sections.locator("summary").click()
    expect(sections.get_by_role("link").first).to_be_visible()
    sections.locator("summary").click()
    page.set_viewport_size({"width": 1280, "height": 900})
    expect(sections.locator("summary")).to_be_hidden()
    expect(sections.get_by_role("link").first).to_be_visible()
    context.close()


def test_the_pages_of_a_way_are_one_row_on_a_phone_which_shows_where_one_is_and_follows_the_keyboard(
    live_server, phone
):
    phone.goto(live_server.url + "/trust/?lang=en")
    pages = phone.locator("nav.pages a")
    tops = {round(one.bounding_box()["y"]) for one in pages.all()}
    assert pages.count() > 3
    assert len(tops) == 1
    here = phone.locator("nav.pages [aria-current]")
    for one in (here, pages.first, pages.last):
        one.focus()
        expect(one).to_be_in_viewport(ratio=1)
    phone.reload()
    expect(here).to_be_in_viewport(ratio=1)
    assert phone.evaluate("document.documentElement.scrollWidth") <= phone.viewport_size["width"]


def _signed_in(page: Page, address: str) -> None:
    page.goto(address)
    page.get_by_label("Login").fill(small_district().office.number)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("Password").press("Enter")


def test_the_help_of_a_page_stands_there_whole_where_there_is_room_and_opens_by_a_word_on_a_phone(live_server, desktop):
    _signed_in(desktop, live_server.url + reverse("desk-home"))
    more, rest = desktop.locator(".help summary"), desktop.get_by_text("A line disappears by itself")
    expect(rest).to_be_visible()
    expect(more).to_be_hidden()
    desktop.set_viewport_size({"width": 390, "height": 844})
    expect(rest).to_be_hidden()
    more.click()
    expect(rest).to_be_visible()


def test_the_office_s_selections_are_printed_as_its_other_pages_and_a_notice_as_a_letter(live_server, desktop):
    _signed_in(desktop, live_server.url + reverse("office-selections"))
    desktop.emulate_media(media="print")
    expect(desktop.locator("header.frame")).to_be_visible()
    expect(desktop.locator("h1")).to_have_css("text-align", "start")

"""A real browser for the journeys: the system's Chromium if there is one, else playwright's own."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from tests.browsers import QUIET, chromium

# Playwright's synchronous side runs an event loop in this thread; Django would refuse the database to it.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

# Three journeys share two cores: five seconds are few where a page reads twenty thousand slips.
expect.set_options(timeout=20_000)

# What takes minutes begins first, so that no process of a run is left alone with it at the end.
LONGEST = ("[/office/-20]", "[/desk/-6]", "test_a_hospital_from_nothing", "[/-20]", "test_a_poll_with_two_issuers")
PICTURES = Path(__file__).resolve().parents[2] / "build" / "screenshots"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest first, everything else as it stands."""
    places = {name: place for place, name in enumerate(LONGEST)}
    items.sort(
        key=lambda item: min((place for name, place in places.items() if name in item.nodeid), default=len(places))
    )


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One headless Chromium a worker."""
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium(), args=QUIET)
        yield opened
        opened.close()


def _page(browser: Browser, width: int, height: int, *, touch: bool, language: str) -> Iterator[Page]:
    """Of a traveller's device: its clock is not the house's."""
    context = browser.new_context(
        viewport={"width": width, "height": height},
        has_touch=touch,
        locale=language,
        reduced_motion="reduce",
        timezone_id="America/New_York",
    )
    page = context.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.set_default_timeout(15_000)
    yield page
    context.close()
    assert problems == []


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    """A phone of 390 × 844 in Chinese."""
    yield from _page(browser, 390, 844, touch=True, language="zh-CN")


@pytest.fixture
def desktop(browser: Browser) -> Iterator[Page]:
    """A desktop of 1280 × 800 in English."""
    yield from _page(browser, 1280, 800, touch=False, language="en-US")


@pytest.fixture
def phone_of(browser: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """Makes a phone with this faulty browser, or the browser's name."""
    made: list[BrowserContext] = []

    def make(script: str = "", agent: str | None = None) -> BrowserContext:
        phone = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "locale": "zh-CN"}
        context = browser.new_context(**phone, reduced_motion="reduce", user_agent=agent)
        context.set_default_timeout(15_000)
        if script:
            context.add_init_script(script)
        made.append(context)
        return context

    yield make
    for context in made:
        context.close()


@pytest.fixture
def check_axe() -> Callable[[Page], None]:
    """Asserts that axe finds nothing on the page."""

    def check(page: Page) -> None:
        page.wait_for_load_state()
        results = Axe().run(page)
        assert results.violations_count == 0, results.generate_report()

    return check


@pytest.fixture
def picture() -> Callable[[Page, str], None]:
    """Keeps a full-page screenshot under build/screenshots for people to look at."""

    def keep(page: Page, name: str) -> None:
        PICTURES.mkdir(parents=True, exist_ok=True)
        page.wait_for_load_state()
        page.screenshot(path=PICTURES / f"{name}.png", full_page=True)

    return keep

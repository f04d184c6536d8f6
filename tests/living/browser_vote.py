"""A vote in a real browser at somebody else's site: `python -m tests.living.browser_vote LINK` prints what was seen, as JSON.

A process of its own, because a browser leaves its loop behind.
"""

import json
import sys

from playwright.sync_api import Page, sync_playwright
from tests.browsers import QUIET, chromium


def vote(page: Page, link: str) -> dict[str, str]:
    """Follows a printed link on a phone in Chinese, gives everything the best mark and casts."""
    page.goto(link)
    page.wait_for_selector("fieldset.criterion")
    for item in page.locator("fieldset.criterion").all():
        item.locator("label.mark").first.click()
    page.locator(".sheet button.cast").click()
    page.locator(".confirm button.cast").click()
    code = page.locator(".check-code strong").inner_text()
    return {"language": page.locator("html").get_attribute("lang") or "", "title": page.title(), "check_code": code}


def main(link: str, trusting: str = "") -> None:
    """One vote. With a second word the site's certificate may be nobody's."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=QUIET)
        context = browser.new_context(
            viewport={"width": 390, "height": 844}, has_touch=True, locale="zh-CN", ignore_https_errors=bool(trusting)
        )
        context.set_default_timeout(60_000)
        print(json.dumps(vote(context.new_page(), link)))
        browser.close()


if __name__ == "__main__":
    main(*sys.argv[1:])

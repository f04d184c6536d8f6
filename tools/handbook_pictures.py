"""Takes the pictures of the handbook and of the READMEs from a demo that is served: `make pictures` (SITE=http://localhost:8000).

Small pictures of few colours: what stands on them can be read, and all together stay below 1.5 MB (a test asks).
"""

import io
import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs/handbook/pictures"
PASSWORD = "zhengyou-demo"
LANGUAGES = {"zh": "zh-CN", "en": "en-US"}
DESKTOP, PHONE = (1120, 760), (390, 760)
COLOURS = 48
# Name of the picture: who looks, at what, how large.
SHOWN = {
    "first-page": ("", "/", DESKTOP),
    "a-unit": ("", "link:/organisations/", PHONE),
    "promise": ("", "link:/organisations/[^/]+/promises/", PHONE),
    "result": ("", "link:/results/", DESKTOP),
    "office": ("office", "/office/", DESKTOP),
    "lists": ("office", "/office/organisations/import/", DESKTOP),
    "posts": ("office", "/office/posts/", DESKTOP),
    "appraisals": ("office", "/office/polls/", DESKTOP),
    "desk": ("village", "/desk/", PHONE),
    "scrutiny": ("scrutineer", "/desk/", PHONE),
}
BEGINS = {"result": "main h2", "promise": ".voices"}


def signed_in(browser: Browser, site: str, login: str, language: str, size: tuple[int, int]) -> Page:
    """A page of somebody's own browser."""
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]}, locale=LANGUAGES[language], reduced_motion="reduce"
    )
    context.set_default_timeout(60_000)
    page = context.new_page()
    if login:
        page.goto(f"{site}/sign-in/")
        page.fill("input[name=username], input[name=login]", login)
        page.fill("input[name=password]", PASSWORD)
        page.click("main form button")
        page.wait_for_load_state()
    return page


def found(page: Page, site: str, wanted: str) -> str:
    """An address, or the first link that begins so on the pages that list such things."""
    if not wanted.startswith("link:"):
        return f"{site}{wanted}"
    beginning = wanted.removeprefix("link:")
    for listing in ("/promises/", "/booth/", "/organisations/"):
        page.goto(f"{site}{listing}")
        links = page.eval_on_selector_all("main a[href]", "all => all.map((one) => one.getAttribute('href'))")
        fitting = [to for to in links if re.match(rf"{beginning}[^/?]+/$", to.split("?")[0].split("#")[0])]
        if fitting:
            return f"{site}{fitting[0]}"
    raise SystemExit(f"no link to {beginning} was found")


def pictures(browser: Browser, site: str, only: tuple[str, ...]) -> Iterator[tuple[str, bytes]]:
    for name, (login, wanted, size) in SHOWN.items() if not only else [(one, SHOWN[one]) for one in only]:
        for language in LANGUAGES:
            page = signed_in(browser, site, login, language, size)
            page.goto(found(page, site, wanted))
            if name in BEGINS:  # what matters stands further below
                page.eval_on_selector(BEGINS[name], "one => one.scrollIntoView()")
            yield f"{name}-{language}.png", page.screenshot()
            page.context.close()


def made_small(picture: bytes) -> bytes:
    """The same in few colours; a wide one at two thirds."""
    image = Image.open(io.BytesIO(picture)).convert("RGB")
    if image.width > PHONE[0]:
        image = image.resize((image.width * 3 // 4, image.height * 3 // 4), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    image.quantize(COLOURS, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
    return out.getvalue()


def main(site: str, *only: str) -> None:
    """All pictures, or those of these names."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    system = next(
        filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "chromium-headless-shell"))),
        None,
    )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=system, args=["--no-sandbox", "--disable-gpu"])
        for name, picture in pictures(browser, site.rstrip("/"), only):
            (FOLDER / name).write_bytes(made_small(picture))
            sys.stdout.write(f"{name}\n")
        browser.close()


if __name__ == "__main__":
    main(*sys.argv[1:])

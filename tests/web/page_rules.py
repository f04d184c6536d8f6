"""What every page of desk and office keeps to: one paragraph of help, one primary button at most, the name that its menu gives it, and
beside the button of what is final the way back.
"""

import re

from django.utils.translation import override

from zhengyou.web.shared.ways import DESK, OFFICE

HELP_ON_PAGE = re.compile(r'<div class="help"><p>\s*(\S.*?)</p>', re.DOTALL)
BUTTON = re.compile(r'<button\b[^>]*>|<a\b[^>]*role="button"[^>]*>')
WHOLE_BUTTON = re.compile(r"(<button\b[^>]*>)(.*?)</button>", re.DOTALL)
QUIETER = re.compile(r'class="[^"]*\b(secondary|plain|clear)\b')
HEADING = re.compile(r"<h1[^>]*>(.*?)</h1>", re.DOTALL)
TAG = re.compile(r"<[^>]*>")
# Pages of a thing that has a name of its own: they are called as it is.
OF_A_THING = {"office-campaign", "office-cycle", "desk-unit"}
# What asks without a box to tick, and the launch, which stands on the page of its cycle.
FINAL = {"desk-window-close", "office-window-close", "office-poll-ask-void", "office-poll-open"}
CALLED = {
    page.page: page.words for way in (*OFFICE, *DESK) for page in (way.pages or (way,)) if page.page not in OF_A_THING
}


def what_is_wrong(name: str, page: str) -> list[str]:
    """What the page at the address of this name does otherwise than the others, in words; nothing if all is well."""
    main = page.partition("<main")[2].partition("</main>")[0]
    helps, loud = len(HELP_ON_PAGE.findall(page)), primary_buttons(main)
    heading = " ".join(TAG.sub("", (HEADING.findall(main) or [""])[0]).split())
    asked = 'name="sure"' in main or name in FINAL
    with override("en"):
        called = str(CALLED.get(name, heading))
    said = {
        f"{helps} paragraphs of help": helps != 1,
        f"{len(loud)} primary buttons: {loud}": len(loud) > 1,
        f"is called {heading}, and {called} in the menu": heading != called,
        f"a button without a word: {wordless_buttons(main)}": wordless_buttons(main) != [],
        "nothing to press for who would change nothing": asked
        and name != "office-cycle"
        and "Change nothing" not in main,
    }
    return [words for words, is_so in said.items() if is_so]


def wordless_buttons(main: str) -> list[str]:
    """Buttons that say nothing."""
    return [
        start
        for start, inside in WHOLE_BUTTON.findall(main)
        if not TAG.sub("", inside).strip() and "aria-label" not in start
    ]


def primary_buttons(main: str) -> list[str]:
    """What is drawn as the one thing to do on a page."""
    return [one for one in BUTTON.findall(main) if not QUIETER.search(one)]

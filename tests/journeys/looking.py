"""What is looked at on every page beyond axe, each as a list of what is wrong: empty when all is well."""

import gzip
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Error, Page, Response, ViewportSize

HEAVIEST = 60 * 1024
SMALLEST_TARGET = 44
DESKTOP = ViewportSize(width=1280, height=900)
HAN = re.compile("[\u4e00-\u9fff]")
MARKED = re.compile(r"\.[0-9a-f]{8,}\.\w+$")
_of_files: dict[str, int] = {}

# Whatever takes the focus shows an outline of three pixels at least; a radio that is drawn by its label shows it there.
UNMARKED = """() => [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary')]
  .filter(one => one.checkVisibility() && !one.disabled).slice(0, 400)
  .filter(one => {
    one.focus({preventScroll: true});
    if (document.activeElement !== one) return false;
    const drawn = [one, one.nextElementSibling].filter(Boolean).map(part => getComputedStyle(part));
    return !drawn.some(style => style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 3);
  }).map(one => one.outerHTML.slice(0, 120))"""

# Buttons, fields and the links of menus are 44 px high; a link within a sentence is as high as its line.
SMALL = """smallest => [...document.querySelectorAll(
    'button, select, summary, input:not([type=hidden], [type=checkbox], [type=radio]), nav a, .actions a, footer a, .who a')]
  .filter(one => one.checkVisibility() && !one.classList.contains('unseen'))
  .filter(one => one.getBoundingClientRect().height < smallest - .5)
  .map(one => `${Math.round(one.getBoundingClientRect().height)}px ${one.outerHTML.slice(0, 120)}`)"""

# What shows no difference between chosen and not chosen where the reader's own colours take grounds away. A control that the browser
# draws shows it by itself; of one that the page draws, borders, outlines and colours are compared, its own and its neighbours'.
# A picture behind a control does not count: white on white is a difference that nobody sees.
UNCHOSEN = """() => {
  const drawn = one => [one, one.nextElementSibling, one.parentElement, ...one.querySelectorAll('*')].filter(Boolean).map(part => {
    const style = getComputedStyle(part);
    return [style.borderTopWidth, style.borderTopStyle, style.borderTopColor, style.outlineStyle, style.outlineColor,
      style.color, style.backgroundColor, style.textDecorationLine].join();
  }).join('|');
  const differs = (one, choose, leave) => { choose(); const chosen = drawn(one); leave(); return chosen !== drawn(one); };
  const controls = [...document.querySelectorAll('input[type=radio], input[type=checkbox]')].slice(0, 60).filter(one => {
    const style = getComputedStyle(one);
    if (style.appearance !== 'none' && style.opacity !== '0') return false;
    const was = one.checked, all = [...document.getElementsByName(one.name)].map(other => [other, other.checked]);
    const seen = differs(one, () => { one.checked = true; }, () => { one.checked = false; });
    for (const [other, checked] of all) other.checked = checked;
    one.checked = was;
    return !seen;
  });
  const pressed = ['aria-pressed', 'aria-selected'].flatMap(name => [...document.querySelectorAll(`[${name}]`)].filter(one => {
    const was = one.getAttribute(name);
    const seen = differs(one, () => one.setAttribute(name, 'true'), () => one.setAttribute(name, 'false'));
    one.setAttribute(name, was);
    return !seen;
  }));
  return [...controls, ...pressed].map(one => one.outerHTML.slice(0, 120));
}"""

# Chinese that is shown on a page in English and does not say that it is Chinese.
UNSAID = r"""() => {
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), found = [];
  for (let text = texts.nextNode(); text; text = texts.nextNode())
    if (/[\u4e00-\u9fff]/.test(text.data) && !text.parentElement.closest('script, style, textarea')
        && !text.parentElement.closest('[lang]').getAttribute('lang').startsWith('zh')) found.push(text.data.trim().slice(0, 80));
  return found;
}"""

# What stands beyond the right edge, but for what scrolls within itself. Not the page's own width is asked, since what leaves a
# container may be left out of it.
WIDE = """() => [...document.querySelectorAll('main *, header *, footer *')]
  .filter(one => one.checkVisibility() && one.getBoundingClientRect().right > innerWidth + 1 && !one.closest('.scroll, svg, .unseen'))
  .map(one => `${innerWidth}: ${one.outerHTML.slice(0, 100)}`).slice(-3)"""

# A name or an address in letters of somebody else, which has no place to break: where units and people are named, and who is signed in.
LONG_NAMES = f"""() => {{
  const named = 'main a[href*="/organisations/"]:not(.number), main a[href*="/people/"], .who summary > span';
  const names = [...document.querySelectorAll(named)]
    .filter(one => one.checkVisibility()).slice(0, 200).map(one => [one, one.innerHTML]);
  for (const [one] of names) one.textContent = 'Donaudampfschifffahrtsgesellschaftskapitaenswitwenrentenversicherung@example.org';
  const found = ({WIDE})();
  for (const [one, was] of names) one.innerHTML = was;
  return found;
}}"""

# Lines of text in a form that are printed over one another: each line as it is drawn, shrunk a little, since rows may touch.
OVERPRINTED = """() => {
  const drawn = [], texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), range = document.createRange();
  for (let text = texts.nextNode(); text; text = texts.nextNode()) {
    const holder = text.parentElement;
    if (!text.data.trim() || !holder.closest('main form') || !holder.checkVisibility()) continue;
    if (holder.closest('option, textarea, .unseen')) continue;
    range.selectNodeContents(text);
    for (const box of range.getClientRects()) if (box.width > 1 && box.height > 1) drawn.push([holder, text.data.trim().slice(0, 40), box]);
  }
  const spare = 3, found = [];
  drawn.slice(0, 600).forEach(([one, words, box], place, all) => all.slice(place + 1).forEach(([other, others, beside]) => {
    const across = Math.min(box.right, beside.right) - Math.max(box.left, beside.left);
    const down = Math.min(box.bottom, beside.bottom) - Math.max(box.top, beside.top);
    if (one !== other && across > spare && down > spare) found.push(`${words} / ${others}`);
  }));
  return found.slice(0, 5);
}"""

# What a template writes of an object that has no words.
OBJECT = "document.documentElement.innerHTML.includes('object at 0x')"

# What has a line around it holds together what is in it, unless it is a table, whose rows do, a form, or as long as a sheet.
TORN = """() => {
  const isHeld = one => one !== null && (getComputedStyle(one).breakInside.startsWith('avoid') || isHeld(one.parentElement));
  const isBox = one => one.checkVisibility() && getComputedStyle(one).display !== 'inline' && one.offsetHeight > 40
    && one.offsetHeight < 800
    && ['Top', 'Right', 'Bottom', 'Left'].every(side => parseFloat(getComputedStyle(one)[`border${side}Width`]) > 0);
  const isWhole = one => one.matches('table, table *, form, form *, fieldset, fieldset *, summary, button');
  return [...document.querySelectorAll('main *')].filter(one => !isWhole(one) && isBox(one) && !isHeld(one))
    .map(one => one.outerHTML.slice(0, 80)); }"""
# Title, description, and how many first headings are seen.
NAMED = """() => [document.title, document.querySelector('meta[name=description]')?.content ?? '',
  [...document.querySelectorAll('h1')].filter(one => one.checkVisibility({visibilityProperty: true}) && one.offsetWidth).length]"""


def without_a_mark_of_focus(page: Page) -> list[str]:
    """What takes the focus unseen in the colours of the page."""
    page.keyboard.press("Tab")  # from now on the browser takes the focus for one of the keyboard
    found: list[str] = page.evaluate(UNMARKED)
    return found


def choices_unseen(page: Page) -> list[str]:
    """Answers, ticks and pressed buttons that look the same chosen and not chosen in forced colours."""
    return _in_forced_colours(page, f"({UNCHOSEN})()")


def lost_in_forced_colours(page: Page) -> list[str]:
    """What takes the focus unseen there, and choices that are not seen; the colours are changed once for both."""
    return _in_forced_colours(page, f"[...({UNMARKED})(), ...({UNCHOSEN})()]")


def _in_forced_colours(page: Page, looked_for: str) -> list[str]:
    page.emulate_media(forced_colors="active")
    found: list[str] = page.evaluate(looked_for)
    page.emulate_media(forced_colors="none")
    return found


def torn_on_paper(page: Page) -> list[str]:
    """Boxes that may be cut in two where a sheet ends, though they are shorter than one."""
    page.emulate_media(media="print")
    found: list[str] = page.evaluate(TORN)
    page.emulate_media(media="screen")
    return found


def too_small(page: Page) -> list[str]:
    found: list[str] = page.evaluate(SMALL, SMALLEST_TARGET)
    return found


def chinese_unsaid(page: Page) -> list[str]:
    found: list[str] = page.evaluate(UNSAID)
    return found


def overprinted(page: Page) -> list[str]:
    found: list[str] = page.evaluate(OVERPRINTED)
    return found


def wide_when_doubled(page: Page) -> list[str]:
    """With text twice as large nothing leaves the side of a phone, nor that of a desktop, where lists are wide."""
    phone = page.viewport_size
    found: list[str] = page.evaluate(f"(document.documentElement.style.fontSize = '200%', ({WIDE})())")
    page.set_viewport_size(DESKTOP)
    found += page.evaluate(f"[({WIDE})(), document.documentElement.style.fontSize = ''][0]")
    if phone:
        page.set_viewport_size(phone)
    return found


def wide_with_a_long_name(page: Page) -> list[str]:
    """With names of eighty letters and text twice as large nothing leaves the side of a phone."""
    found: list[str] = page.evaluate(
        f"(document.documentElement.style.fontSize = '200%', [({LONG_NAMES})(), document.documentElement.style.fontSize = ''][0])"
    )
    return found


def days_of_machines(page: Page) -> list[str]:
    """Days in a form that no reader writes, but in what is shown as it is kept."""
    text = page.evaluate(
        "(() => { const main = document.querySelector('main').cloneNode(true);"
        " main.querySelectorAll('pre, code, script').forEach(one => one.remove()); return main.textContent; })()"
    )
    return re.findall(r"\b20\d\d-\d\d-\d\d\b(?!T)|\b[A-Z][a-z]{2}\. \d+, 20\d\d", text)


def unnamed(page: Page) -> list[str]:
    """A page has one h1, a title of its own and a sentence on what it is about."""
    title, about, headings = page.evaluate(NAMED)
    own = title.partition(" · ")[0].strip()
    return [f"{what}: {value}" for what, value, is_well in (
        ("title", title, len(own) > 1), ("description", about, len(about) > 10), ("h1", headings, headings == 1)
    ) if not is_well]  # fmt: skip


def several_primary_buttons(page: Page) -> list[str]:
    """What is drawn as the one thing to do, where it is more than one. Each promise has its own, which is framed only."""
    buttons = page.locator("main :is(button, [role=button]):not(.secondary, .plain, .clear, .say):visible")
    found: list[str] = buttons.evaluate_all("all => all.map(one => one.outerHTML.slice(0, 100))")
    return found if len(found) > 1 else []


def faint_in_the_dark(page: Page) -> list[str]:
    """Texts without enough contrast where the reader's device is dark."""
    page.emulate_media(color_scheme="dark")
    found = Axe().run(page, options={"runOnly": ["color-contrast"], "resultTypes": ["violations"]})
    page.emulate_media(color_scheme="light")
    return [
        f"{node['html'][:100]} {node['any'][0]['message'][:140]}"
        for one in found.response["violations"]
        for node in one["nodes"]
    ]


@contextmanager
def weighed(page: Page, weights: dict[str, int]) -> Iterator[None]:
    """What is fetched within this, by address, as it would come packed. A file under the mark of its content is weighed once."""
    answers: list[Response] = []

    def note(answer: Response) -> None:
        answers.append(answer)

    page.on("response", note)
    yield
    page.remove_listener("response", note)
    for answer in answers:
        if answer.status == 200 and answer.request.resource_type in ("document", "stylesheet", "script"):
            with suppress(Error):  # what still came for the page before is not of this one
                weights[answer.url] = _of_files.get(answer.url) or len(gzip.compress(answer.body(), 6))
            if MARKED.search(answer.url) and answer.url in weights:
                _of_files[answer.url] = weights[answer.url]


CHECKS = {
    "no mark of focus": without_a_mark_of_focus,
    "lost in forced colours": lost_in_forced_colours,
    "smaller than 44 px": too_small,
    "printed over one another": overprinted,
    "wide with doubled text": wide_when_doubled,
    "wide with a long name": wide_with_a_long_name,
    "days of machines": days_of_machines,
    "unnamed": unnamed,
    "several primary buttons": several_primary_buttons,
    "faint in the dark": faint_in_the_dark,
}

"""Chinese on an English page says that it is Chinese, so that a screen reader reads it as such (WCAG 3.1.2); the name of a unit to
which a link leads or that a template marks, and that of a person, has its pinyin beside it in every row, item and section, once
in each of them; a sentence, which that would make long, has only what tells the unit from others, and once on the page (a line of
what is due: each). Done to the finished page, as names stand everywhere and no template could forget it this way.

Not marked: what stands in attributes (an attribute has no language of its own), in scripts, and what people are typing.
"""

import re
from collections.abc import Callable
from functools import partial
from html import unescape
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.utils.html import escape

from zhengyou.web.shared.readings import HAN, looks_like_a_unit, reading, short_reading
from zhengyou.web.shared.readings_of_persons import person_reading
from zhengyou.web.shared.spacing import closed_up
from zhengyou.web.shared.whole_days import days_whole

SIGNS = "\u3000-\u303f\uff00-\uffef\u2014\u2018\u2019\u201c\u201d\u2026\u3014\u3015\u00b7"
# Han characters with the signs, figures and blanks between them; Latin letters end a run.
OPENS = "\u3014\u300a\u300c\u201c"
CLOSES = "\u3015\u300b\u300d\u201d\u3001\u3002\uff0c\uff1b\uff01\uff1f\uff09"
RUN = re.compile(f"[{HAN}{OPENS}](?:[{HAN}{SIGNS}0-9 ]*[{HAN}{CLOSES}])?")
ANY = re.compile(f"[{HAN}]")
PART = re.compile(
    r"(?P<left><(?P<name>script|style|textarea|title)\b.*?</(?P=name)>|<!--.*?-->)"
    rf"|(?P<tag><[^<>]*>)(?P<text>[^<]*?[{HAN}][^<]*)"
    r"|(?P<begins><(?:h[1-6]|li|tr|dt|dd|article|section|figure|main|nav|footer)\b[^<>]*>)",
    re.DOTALL | re.IGNORECASE,
)
HOLDS_NO_TAGS = ("<option", "<text", "<tspan")  # these say their language themselves
OF_A_UNIT = re.compile(r"/(?:organisations|results/[^/]+/\d+/units|desk/unit|office/organisations)/(?:[^/]+/)?")
HEADING = re.compile(r'(?P<before><h1[^>]*>\s*<span lang="zh-Hans">)(?P<name>[^<]+)(?P<after></span>\s*</h1>)')
# A unit's own page, its review, its card in a result, and a row that chooses it for a form.
UNIT = re.compile(
    r'<a\b[^>]*\shref="(?:\?organisation=[^"]+'
    r'|/(?:organisations|office/organisations|desk/reviews|desk/grades/unit|results/[^/"]+/\d+/units)/[^/"?#]+/(?:\?[^"#]*)?(?:#[\w-]+)?)"[^>]*>'
)
# Where the eye begins anew: what stood before is not looked for again.
BEGINS = re.compile(r"<(?:h[1-6]|li|tr|dt|dd|article|section|figure|main|nav|footer)\b")
NAME = re.compile(f"[{HAN}]{{2,4}}")
SENTENCE = re.compile("[A-Za-z]+ [A-Za-z]+")  # a link that says more than a name is not read as one

IN_A_SENTENCE = 'class="quiet"'
READ = " data-read"  # what a template sets on a tag that holds the name of a unit alone and is no link
SHORT = ' data-read="short"'  # the same, read in short: in a path, beside a name that is read in full
WHOSE = '<span class="for">'  # whose a line of what is due is (`parts/to_dos.html`): read in short, in every line


class MarkingMiddleware:
    """Marks every page that goes out in English; closes up those in Chinese; keeps days whole in both."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        is_page = not response.streaming and response.headers.get("Content-Type", "").startswith("text/html")
        if is_page:
            page = response.content.decode()
            if response.headers.get("Content-Language") != "en":
                page = closed_up(page)
            elif response.status_code == HTTPStatus.OK and OF_A_UNIT.fullmatch(request.path):
                page = HEADING.sub(_read_heading, marked(page), count=1)
            else:
                page = marked(page)
            page = days_whole(page)
            response.content = page.encode()
            if "Content-Length" in response.headers:
                response.headers["Content-Length"] = str(len(response.content))
        return response


def marked(page: str) -> str:
    """The page with its Chinese marked. A page without any stays the very same."""
    if not ANY.search(page):
        return page
    return PART.sub(partial(_part, read=set(), said=set()), page)


def _part(part: "re.Match[str]", *, read: set[str], said: set[str]) -> str:
    """One tag with the text behind it; `read` are the names whose pinyin stands in this piece already, `said` those of sentences."""
    if part["left"] or part["begins"]:
        read.clear()
        return part[0]
    if part["tag"].startswith(HOLDS_NO_TAGS):
        reading_too = _reading_of_choice(part["text"]) if part["tag"].startswith("<option") else ""
        return f'{part["tag"].rstrip("/>")} lang="zh-Hans">{part["text"]}{reading_too}'
    tag, text = part["tag"], part["text"]
    if BEGINS.match(tag):
        read.clear()
    if (UNIT.match(tag) or READ in tag) and not SENTENCE.search(text):
        return tag + (text if 'lang="zh' in tag else RUN.sub(_run, text)) + _read_once(tag, text, read, said)
    if tag == WHOSE and RUN.fullmatch(text):
        return tag + RUN.sub(_run, text) + _pinyin_of(text, is_short=True)
    if 'lang="zh' in tag:
        return tag + text + _read_person(text.strip(), read)
    return tag + RUN.sub(lambda run: _run(run) + _read_person(run[0], read), text)


def _read_once(tag: str, name: str, read: set[str], said: set[str]) -> str:
    """The pinyin of a unit to which a link leads; short in a sentence (`standing_words.linked`)."""
    is_short = IN_A_SENTENCE in tag or SHORT in tag
    known = said if IN_A_SENTENCE in tag else read
    if name in known:
        return ""
    known.add(name)
    return _pinyin_of(name, is_short=is_short)


def _read_person(name: str, read: set[str]) -> str:
    words = person_reading(name) if NAME.fullmatch(name) and name not in read else ""
    if words:
        read.add(name)
    return f'<small class="pinyin" lang="zh-Latn"> {escape(words)}</small>' if words else ""


def _reading_of_choice(text: str) -> str:
    """How the unit or the person is read that can be chosen; a choice holds no tags, so it stands in the same letters."""
    name = unescape(text).split(" · ")[0].strip()
    if short_reading(name) in unescape(text):
        return ""
    words = reading(name) if looks_like_a_unit(name) and RUN.fullmatch(name) else person_reading(name)
    return f" ({escape(words)})" if words else ""


def _read_heading(heading: "re.Match[str]") -> str:
    """The heading of a unit's own page with its pinyin below it."""
    return heading["before"] + heading["name"] + _pinyin_of(heading["name"]) + heading["after"]


def _run(run: "re.Match[str]") -> str:
    return f'<span lang="zh-Hans">{run[0]}</span>' if ANY.search(run[0]) else run[0]


def _pinyin_of(name: str, *, is_short: bool = False) -> str:
    words = (short_reading if is_short else reading)(unescape(name).strip())
    return f'<small class="pinyin" lang="zh-Latn"> {escape(words)}</small>'

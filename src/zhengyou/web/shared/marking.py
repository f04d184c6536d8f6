"""Chinese on an English page says that it is Chinese, so that a screen reader reads it as such (WCAG 3.1.2); the name of a unit has
its pinyin beside it where the page first leads to it, but never within a sentence, which it would make long. Done to the
finished page, as names stand everywhere and no template could forget it this way.

Not marked: what stands in attributes (an attribute has no language of its own), in scripts, and what people are typing.
"""

import re
from collections.abc import Callable
from functools import lru_cache
from html import unescape

from django.http import HttpRequest, HttpResponse
from django.utils.html import escape

HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
SIGNS = "\u3000-\u303f\uff00-\uffef\u2014\u2018\u2019\u201c\u201d\u2026\u3014\u3015\u00b7"
# Han characters with the signs, figures and blanks between them; Latin letters end a run.
OPENS = "\u3014\u300a\u300c\u201c"
CLOSES = "\u3015\u300b\u300d\u201d\u3001\u3002\uff0c\uff1b\uff01\uff1f\uff09"
RUN = re.compile(f"[{HAN}{OPENS}](?:[{HAN}{SIGNS}0-9 ]*[{HAN}{CLOSES}])?")
ANY = re.compile(f"[{HAN}]")
PART = re.compile(
    r"(?P<left><(?P<name>script|style|textarea|title)\b.*?</(?P=name)>|<!--.*?-->)"
    rf"|(?P<tag><[^<>]*>)(?P<text>[^<]*?[{HAN}][^<]*)",
    re.DOTALL | re.IGNORECASE,
)
HOLDS_NO_TAGS = ("<option", "<text", "<tspan")  # these say their language themselves
OF_A_UNIT = re.compile(r"/(?:organisations|results/[^/]+/\d+/units)/[^/]+/")
HEADING = re.compile(r'(?P<before><h1[^>]*>\s*<span lang="zh-Hans">)(?P<name>[^<]+)(?P<after></span>\s*</h1>)')
# A unit's own page, and its card in a result.
UNIT = re.compile(r'<a\b[^>]*\shref="/(?:organisations|results/[^/"]+/\d+/units)/[^/"?#]+/(?:\?lang=\w+)?"[^>]*>')


IN_A_SENTENCE = 'class="quiet"'


class MarkingMiddleware:
    """Marks every page that goes out in English."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        is_page = not response.streaming and response.headers.get("Content-Type", "").startswith("text/html")
        if is_page and response.headers.get("Content-Language") == "en":
            page = marked(response.content.decode())
            if OF_A_UNIT.fullmatch(request.path):
                page = HEADING.sub(_read_heading, page, count=1)
            response.content = page.encode()
            if "Content-Length" in response.headers:
                response.headers["Content-Length"] = str(len(response.content))
        return response


def marked(page: str) -> str:
    """The page with its Chinese marked. A page without any stays the very same."""
    read: set[str] = set()
    return PART.sub(lambda part: _part(part, read), page) if ANY.search(page) else page


def _part(part: "re.Match[str]", read: set[str]) -> str:
    """One tag with the text behind it; `read` are the units whose pinyin the page has shown already."""
    if part["left"]:
        return part[0]
    if part["tag"].startswith(HOLDS_NO_TAGS):
        return f'{part["tag"].rstrip("/>")} lang="zh-Hans">{part["text"]}'
    text = part["text"] if 'lang="zh' in part["tag"] else RUN.sub(_run, part["text"])
    return part["tag"] + text + _read_once(part["tag"], part["text"], read)


def _read_once(tag: str, name: str, read: set[str]) -> str:
    """The pinyin of a unit to which a link leads for the first time; nothing for a name within a sentence (`standing_words.linked`)."""
    if not UNIT.match(tag) or IN_A_SENTENCE in tag or name in read:
        return ""
    read.add(name)
    return _pinyin_of(name)


def _read_heading(heading: "re.Match[str]") -> str:
    """The heading of a unit's own page with its pinyin below it."""
    return heading["before"] + heading["name"] + _pinyin_of(heading["name"]) + heading["after"]


def _run(run: "re.Match[str]") -> str:
    return f'<span lang="zh-Hans">{run[0]}</span>' if ANY.search(run[0]) else run[0]


@lru_cache(maxsize=4096)
def _pinyin_of(name: str) -> str:
    """How the name of a unit is read, syllable by syllable with its tones."""
    from pypinyin import (
        Style,
        lazy_pinyin,
    )  # here, as its dictionaries are a fifth of what a worker would load to start

    syllables = lazy_pinyin(unescape(name).strip(), style=Style.TONE)
    words = " ".join(" ".join(syllables).split())
    return f'<small class="pinyin" lang="zh-Latn"> {escape(words)}</small>'

"""In which language a page is served, without a cookie: by the browser, overridden by `?lang=`, which all links then carry on.

Somebody signed in has the language they chose. Chinese is for whoever asks for any Chinese, English for whoever
asks for another language; whoever asks for none gets the language of the house.
"""

import re
from collections.abc import Callable
from html import escape, unescape
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.templatetags.static import static
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation.trans_real import parse_accept_lang_header
from django.views.decorators.http import require_POST

from zhengyou.identity import actions as identity
from zhengyou.identity.models import Account
from zhengyou.web.shared.readings import is_chinese

WORD = "lang"
BY_WORD = {"zh": "zh-hans", "en": "en"}
# Chinese by its other names, as a phone set to Cantonese or to another of its languages asks: `yue-Hant-HK`, `cmn`.
CHINESE_TOO = {"cmn", "yue", "wuu", "nan", "hak", "gan", "hsn"}
WORDS = {language: word for word, language in BY_WORD.items()}
FOREIGN = "en"

# Addresses inside a page that stay in the house: absolute paths, and a query alone. Files keep their one address.
LINKS = re.compile(
    rb'(?P<before>\s(?:href|action|hx-get|hx-post)=")(?P<address>(?:/(?!/|static/)|\?)[^"]*)"', re.IGNORECASE
)
# A form that asks (any but post) drops the query of its address, so the word goes into a field of it.
FORMS = re.compile(rb'<form\b(?![^>]*\bmethod="post")[^>]*>', re.IGNORECASE)


def note_that_chinese(text: str) -> str:
    """For whoever reads English: that what stays as it was written, such as a title, is in Chinese. Else nothing."""
    return translation.gettext("in Chinese") if translation.get_language() == FOREIGN and is_chinese(text) else ""


class LanguageMiddleware:
    """Chooses the language of every answer and says so; after `?lang=` it writes the word into the page's links."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponse:
        own = of_reader(request)
        asked = BY_WORD.get(request.GET.get(WORD, ""))
        language = asked or own
        with translation.override(language):
            request.LANGUAGE_CODE = translation.get_language()
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        patch_vary_headers(response, ["Accept-Language"])
        if asked and asked != own:
            carry_on(response, WORDS[asked])
        return response


def of_reader(request: Any) -> str:
    """The language that somebody signed in chose, else that of the browser."""
    has_session = getattr(getattr(request, "session", None), "session_key", None)
    chosen = request.user.language if has_session and isinstance(request.user, Account) else ""
    if chosen:
        return str(chosen)
    return of_browser(request.headers.get("Accept-Language", ""))


def of_browser(accepted: str) -> str:
    """Chinese if the browser likes any Chinese better than English; for other languages English, for none the house's."""
    wanted = [language for language, _quality in parse_accept_lang_header(accepted.lower()) if language != "*"]
    for one in wanted:
        word = one.partition("-")[0]
        if word in BY_WORD or word in CHINESE_TOO:
            return BY_WORD.get(word, BY_WORD["zh"])
    return FOREIGN if wanted else settings.LANGUAGE_CODE


def carry_on(response: Any, word: str) -> None:
    """Write the word into the links and forms of a page, or into the address of a redirect that stays in the house."""
    if location := response.headers.get("Location", ""):
        if not urlsplit(location).netloc:
            response.headers["Location"] = with_word(location, word)
        return
    if response.streaming or not response.headers.get("Content-Type", "").startswith("text/html"):
        return
    field = f'<input type="hidden" name="{WORD}" value="{word}">'.encode()
    page = LINKS.sub(lambda link: _link_with_word(link, word), response.content)
    response.content = FORMS.sub(lambda form: form[0] + field, page)
    if "Content-Length" in response.headers:
        response.headers["Content-Length"] = str(len(response.content))


def with_word(address: str, word: str) -> str:
    """The address with this language in its query instead of any other; nothing else of it changes."""
    parts = urlsplit(address)
    rest = [one for one in parts.query.split("&") if one and one.partition("=")[0] != WORD]
    return urlunsplit(parts._replace(query="&".join([*rest, f"{WORD}={word}"])))


def addresses_of(request: HttpRequest) -> dict[str, str]:
    """Where this page stands whatever the language, as whole addresses: `canonical`, and one for each language."""
    canonical = request.build_absolute_uri(without_word(request.get_full_path()))
    picture = request.build_absolute_uri(static("share.png"))
    return {"canonical": canonical, "picture": picture} | {
        language: with_word(canonical, word) for language, word in WORDS.items()
    }


def without_word(address: str) -> str:
    """The address without a language: the one that stays."""
    parts = urlsplit(address)
    rest = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if pair[0] != WORD]
    return urlunsplit(parts._replace(query=urlencode(rest)))


def _link_with_word(link: "re.Match[bytes]", word: str) -> bytes:
    """A link that names a language itself, as the switch does, keeps it."""
    address = unescape(link["address"].decode())
    if f"{WORD}=" not in urlsplit(address).query:
        address = with_word(address, word)
    return link["before"] + escape(address).encode() + b'"'


@require_POST
def choose(request: Any) -> HttpResponse:
    """Keep the language that somebody signed in chose, and lead back. For anybody else a link with `?lang=` does it."""
    word = BY_WORD.get(request.POST.get("language", ""))
    if word and isinstance(request.user, Account):
        identity.choose_language(account=request.user, language=word)
    back = without_word(request.POST.get("next", ""))
    is_ours = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()})
    return HttpResponseRedirect(back if is_ours and back else "/")

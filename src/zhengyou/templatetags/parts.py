"""Parts of pages that hold other parts, which an include cannot: the way to a page, a button that posts."""

import re
from html import unescape
from http import HTTPStatus
from typing import Any

from django import template
from django.conf import settings
from django.core.paginator import Page
from django.forms import BaseForm
from django.template.context import RequestContext
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext

from zhengyou.organisations.vocabulary import worded
from zhengyou.web.shared.help_words import HELP
from zhengyou.web.shared.languages import note_that_chinese
from zhengyou.web.shared.title_names import subject_of

register = template.Library()
MARKS_A_SHEET = 160  # more than fit on a page, so that no strip that is cut from it is without one

SHORT_HELP = {"en": 120}  # signs that are three lines of a phone, where another language has 63
FIRST_SENTENCE = re.compile(r"[^<]*?(?:[.?!]”?\s(?=[A-Z“])|[。？！]”?(?=.))")
FOLDED_HELP = """<div class="help"><p>{}</p>
<details class="wide-open"><summary>{}</summary><p>{}</p></details></div>"""
LEADS_TO = re.compile(r'<a [^>]*href="([^"]*)"')
BUTTON_THAT_POSTS = """<form method="post" action="{}"{} novalidate>
<input type="hidden" name="csrfmiddlewaretoken" value="{}">
<button{}>{}</button>
</form>"""


@register.simple_block_tag(takes_context=True)
def crumbs(context: RequestContext, content: SafeString) -> SafeString:
    """The links that lead to this page; nothing where there are none."""
    if not content.strip():
        return SafeString()
    context.render_context["way_back"] = unescape(LEADS_TO.findall(content)[-1]) if LEADS_TO.search(content) else ""
    return format_html('<nav class="crumbs" aria-label="{}">{}</nav>', gettext("Where this belongs"), content)


@register.simple_tag(takes_context=True)
def page_shown(context: RequestContext, page: Page[Any] | None) -> SafeString:
    """That the page which the address asks for does not exist, and which one is shown instead; else nothing."""
    asked = context["request"].GET.get("page", "") if page else ""
    if not page or not asked or asked == str(page.number):
        return SafeString()
    count = page.paginator.num_pages
    said = gettext("The page of the list that you asked for does not exist. This is page %(number)s of %(count)s.")
    return format_html('<p class="note" role="status">{}</p>', said % {"number": page.number, "count": count})


@register.simple_tag
def in_chinese(text: str) -> str:
    """For whoever reads English, that a title which stays as it was written is in Chinese."""
    note = note_that_chinese(str(text))
    return f" · {note}" if note else ""


@register.simple_tag(takes_context=True)
def change_nothing(context: RequestContext) -> str:
    """Where whoever is asked before something final goes to change nothing: the page above. Nothing for other forms."""
    form = context.get("form")
    is_final = form is not None and ("sure" in form.fields or getattr(form, "is_final", False))
    return str(context.render_context.get("way_back", "")) if is_final else ""


@register.simple_block_tag(takes_context=True)
def titled(context: RequestContext, content: SafeString) -> SafeString:
    """The title of the page: its own, inside the house what it is about, then whose campaign it is; where it is shared its own alone."""
    own, site = _one_line(content), _site(context)
    subject = "" if _is_refused(context) else subject_of(context["request"])
    if subject and subject not in own and subject != site:
        own = f"{own} · {subject}"
    title = gettext("Please check: %(title)s") % {"title": own} if _is_wrong(context) else own
    parts = (title, site, own or site) if own != site else (title, gettext("Zhengyou"), own)
    return format_html('<title>{} · {}</title><meta property="og:title" content="{}">', *parts)


def _is_refused(context: RequestContext) -> bool:
    """Whether this is the page of a refusal (`refusing`), or of what is not there: it names nothing that its reader may not know."""
    return "exception" in context or context.get("status", HTTPStatus.OK) != HTTPStatus.OK


@register.simple_block_tag(takes_context=True)
def described(context: RequestContext, content: SafeString) -> SafeString:
    """What the page is about in a sentence, for whoever finds or shares it; without its own what the house is."""
    own = _one_line(content) or gettext(
        "%(site)s: what units promised, whether it was kept, secret appraisals that anybody can recount, and their results."
    ) % {"site": _site(context)}
    return format_html('<meta name="description" content="{0}"><meta property="og:description" content="{0}">', own)


def _is_wrong(context: RequestContext) -> bool:
    """Whether the form of the page came back with something wrong, or refused: its title says so first, as it is read first."""
    if context["request"].method == "POST" and context.get("refusal"):
        return True
    forms = (context.get("form"), *(context.get("forms") or {}).values())
    return any(isinstance(form, BaseForm) and form.errors for form in forms)


def _site(context: RequestContext) -> str:
    face = context.get("face")
    return str(face.name) if face else gettext("Zhengyou")


def _one_line(content: SafeString) -> str:
    return " ".join(unescape(content).split())


@register.simple_block_tag(takes_context=True)
def press(
    context: RequestContext, content: SafeString, address: str, *parts: Any, look: str = "", form: str = ""
) -> SafeString:
    """A button that posts to this address, by its name or as it is; `look` is the class of the button, `form` that of the form."""
    url = address if address.startswith("/") else reverse(address, args=parts)
    url = url if "?" in url else f"{url}{context.get('in_cycle', '')}"
    return format_html(BUTTON_THAT_POSTS, url, _class(form), context["csrf_token"], _class(look), content)


def _class(names: str) -> SafeString:
    return format_html(' class="{}"', names) if names else SafeString()


@register.simple_tag(takes_context=True)
def which_cycle(context: RequestContext, cycle: Any) -> str:
    """What a cycle is called; with its campaign in a house that has several, where "first round" alone says too little."""
    return f"{cycle.campaign.called} · {cycle.called}" if context.get("side_by_side") else str(cycle.called)


@register.simple_tag(takes_context=True)
def page_help(context: RequestContext) -> SafeString:
    """The paragraph of help of the page that is shown; nothing where its address has none."""
    request: Any = context.request
    text = HELP.get(request.resolver_match.view_name) if request and request.resolver_match else None
    return _helping(escape(worded(text))) if text else SafeString()


@register.simple_block_tag
def helped(content: SafeString) -> SafeString:
    """A paragraph of help that a page has of its own."""
    return _helping(content)


def _helping(content: str) -> SafeString:
    """A paragraph of help; a long one is its first sentence on a phone, and the rest behind one word."""
    words = " ".join(content.split())
    if found := FIRST_SENTENCE.match(words) if len(words) > SHORT_HELP.get(get_language(), 63) else None:
        first, rest = found[0].rstrip(), words[found.end() :]
        return format_html(FOLDED_HELP, mark_safe(first), gettext("More"), mark_safe(rest))
    return format_html('<div class="help"><p>{}</p></div>', mark_safe(words))


@register.simple_tag
def practice() -> SafeString:
    """What a practice house says on every page and sheet; nothing in any other house."""
    return (
        render_to_string("parts/practice.html", {"rows": range(MARKS_A_SHEET)})
        if settings.IS_PRACTICE
        else SafeString()
    )

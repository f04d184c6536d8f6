"""`translate`, `blocktranslate` and `url` as Django has them; what a template says in them is worked out when it is read.

Pages have hundreds of these tags, and Django works out each anew in every rendering.
"""

from typing import Any

from django import template
from django.template.base import Parser, Token, render_value_in_context
from django.template.context import Context
from django.template.defaulttags import URLNode, url
from django.templatetags import i18n
from django.utils.html import conditional_escape, escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, ngettext

from zhengyou.web.shared.addresses import address

register = template.Library()
LEAST_GROUPED = 1000  # the first number in which a language may part the thousands


class Sentence(i18n.TranslateNode):
    """A sentence without context and filters, which is not kept for later."""

    sentence: str

    def render(self, context: Context) -> SafeString:
        """As Django says it."""
        return mark_safe(gettext(self.sentence).replace("%%", "%"))


@register.tag("translate")
def translate(parser: Parser, token: Token) -> Any:  # a Node
    """As Django's."""
    node: Any = i18n.do_translate(parser, token)
    said: Any = node.filter_expression
    literal = getattr(said.var, "literal", None)
    if isinstance(literal, str) and not (said.filters or node.noop or node.asvar or node.message_context):
        node.__class__ = Sentence
        node.sentence = literal.replace("%", "%%")
    return node


class Passage(i18n.BlockTranslateNode):
    """Its sentences are put together from its tokens once."""

    sentences: dict[int, tuple[str, list[str]]]

    def render_token_list(self, tokens: list[Token]) -> tuple[str, list[str]]:
        """The sentence, and a list of its own of the variables in it."""
        which = id(tokens)  # of the singular or the plural, which live as long as this
        if which not in self.sentences:
            self.sentences[which] = super().render_token_list(tokens)
        sentence, names = self.sentences[which]
        return sentence, list(names)

    def render(self, context: Context, nested: bool = False) -> str:
        """As Django says it, and by Django where a sentence is anything but plain: of a context, kept for later, or malformed."""
        said = None if nested or self.asvar or self.message_context else self._said(context)
        return str(super().render(context, nested)) if said is None else said

    def _said(self, context: Any) -> str | None:
        given = {name: value.resolve(context) for name, value in self.extra_context.items()}
        sentence, names = self.render_token_list(self.singular)
        if self.plural and self.countervar and self.counter:
            count = given[self.countervar] = self.counter.resolve(context)
            if not isinstance(count, int):
                return None
            several, more = self.render_token_list(self.plural)
            sentence, names = ngettext(sentence, several, count), names + more
        else:
            sentence = gettext(sentence)
        absent = context.template.engine.string_if_invalid
        if "%s" in absent:
            return None
        values = {
            name: as_on_page(given[name] if name in given else context.get(name, absent), context) for name in names
        }
        try:
            return sentence % values
        except (KeyError, ValueError):
            return None


def as_on_page(value: Any, context: Context) -> str:
    """A value as Django writes it into a page; texts and small numbers are what they are in every language."""
    kind = type(value)
    if kind is SafeString:
        text: str = value
        return text
    if kind is str and context.autoescape:
        return escape(value)
    if kind is int and 0 <= value < LEAST_GROUPED:
        return str(value)
    return str(render_value_in_context(value, context))


@register.tag("blocktranslate")
def blocktranslate(parser: Parser, token: Token) -> Any:  # a Node
    """As Django's."""
    node: Any = i18n.do_block_translate(parser, token)
    node.__class__, node.sentences = Passage, {}
    return node


class Address(URLNode):
    """An address by its name, without names of its parts and spaces of names, which is not kept for later."""

    name: str

    def render(self, context: Context) -> str:
        """As Django writes it."""
        found = address(self.name, *(arg.resolve(context) for arg in self.args))
        return conditional_escape(found) if context.autoescape else found


@register.tag("url")
def kept_url(parser: Parser, token: Token) -> Any:  # a Node
    """As Django's."""
    node: Any = url(parser, token)
    name, view = getattr(node.view_name.var, "literal", node.view_name.var), node.view_name
    if isinstance(name, str) and ":" not in name and not (view.filters or node.kwargs or node.asvar):
        node.__class__, node.name = Address, str(name)
    return node

"""`translate`, `blocktranslate` and `url` as Django has them; what a template says in them is worked out when it is read.

Pages have hundreds of these tags, and Django works out each anew in every rendering.
"""

from typing import Any

from django import template
from django.template.base import Parser, Token
from django.template.context import Context
from django.template.defaulttags import URLNode, url
from django.templatetags import i18n
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from zhengyou.web.shared.addresses import address

register = template.Library()


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

"""Templates as Django reads them, whose parts are made ready for drawing when they are read: what a name is looked up in, which
filters it passes, which texts stand between. What cannot be drawn quickly is drawn as Django does it.

A page has some six hundred such parts, and a third of what Python did for it was asking of each anew what kind of part it is.
"""

import operator
from collections.abc import Callable, Iterator
from html import escape
from typing import Any

from django.template import Template
from django.template.base import (
    FilterExpression,
    Node,
    NodeList,
    TextNode,
    VariableDoesNotExist,
    VariableNode,
    render_value_in_context,
)
from django.template.defaulttags import CycleNode, ForNode, IfChangedNode, IfNode
from django.template.loader_tags import BlockNode, ExtendsNode, IncludeNode
from django.template.loaders import cached
from django.template.smartif import TokenBase
from django.templatetags.i18n import TranslateNode
from django.utils.safestring import SafeData, SafeString, mark_safe
from django.utils.timezone import template_localtime  # type: ignore[attr-defined]

Context = Any  # of Django's templates, with its dictionaries
REMEMBERING = (BlockNode, CycleNode, ExtendsNode, IfChangedNode)  # what an included template keeps for itself
AS_THEY_ARE = ("token", "origin")
NOTHING = object()
NO_SUCH_ITEM = (TypeError, AttributeError, KeyError, ValueError, IndexError)


class Loader(cached.Loader):
    """As Django's that keeps templates; while the house is mended they stay as Django made them, which says where a fault is."""

    def get_template(self, template_name: str, skip: Any = None) -> Template:
        """The template, ready for drawing. Raises TemplateDoesNotExist."""
        template = super().get_template(template_name, skip)
        if not self.engine.debug and not isinstance(template.nodelist, _Parts):
            make_quick(template.nodelist)
        return template


def make_quick(nodes: Any) -> None:
    """Make these parts ready, with all that is in them. Two threads may do it at once, while a third one draws them."""
    for node in nodes:
        if not isinstance(node, TranslateNode):  # which alters its expression whenever it is drawn
            for name, held in [one for one in vars(node).items() if one[0] not in AS_THEY_ARE]:
                setattr(node, name, _ready(held))
        quick = READY.get(type(node))
        if quick is not None:
            quick.make_ready(node)
            node.__class__ = quick
    nodes.drawn = [node.s if type(node) is TextNode else node.render for node in nodes]
    nodes.found = {}
    nodes.__class__ = _Parts


def _ready(held: Any) -> Any:
    """What a part holds: expressions, conditions of them, further parts, and lists of these."""
    if isinstance(held, NodeList):
        make_quick(held)
    elif type(held) is FilterExpression:
        return _Expression(held)
    elif isinstance(held, TokenBase):
        for name in ("first", "second", "value"):
            if hasattr(held, name):
                setattr(held, name, _ready(getattr(held, name)))
    elif type(held) in (list, tuple):
        made = [_ready(one) for one in held]
        return held if all(map(operator.is_, made, held)) else type(held)(made)
    elif type(held) is dict:
        values = [_ready(one) for one in held.values()]
        return held if all(map(operator.is_, values, held.values())) else dict(zip(held, values, strict=True))
    return held


class _Parts(NodeList):
    """Texts as they are, and what draws each of the other parts."""

    drawn: list[Any]
    found: dict[Any, list[Any]]

    def render(self, context: Context) -> SafeString:
        """All of them, one after the other."""
        return SafeString("".join([one if type(one) is str else one(context) for one in self.drawn]))

    def get_nodes_by_type(self, nodetype: Any) -> list[Any]:
        """As Django finds them, once."""
        if nodetype not in self.found:
            self.found[nodetype] = super().get_nodes_by_type(nodetype)
        return list(self.found[nodetype])


class _Expression(FilterExpression):
    """A name with its filters, each of which was asked once what it takes."""

    __slots__ = ("constant", "look", "steps")

    def __init__(self, made: FilterExpression) -> None:
        self.token, self.filters, self.var, self.is_var = made.token, made.filters, made.var, made.is_var
        said = getattr(self.var, "literal", None) if self.is_var else self.var
        lookups = getattr(self.var, "lookups", None) if self.is_var else None
        self.look = None if lookups is None or self.var.translate else _looking(lookups)
        self.constant = NOTHING if lookups or (self.is_var and self.var.translate) else said
        self.steps = [_step(func, args) for func, args in self.filters]

    def resolve(self, context: Context, ignore_failures: bool = False) -> Any:
        """As Django's, which is asked wherever the name is not found."""
        if self.look is None:
            if self.constant is NOTHING:
                return super().resolve(context, ignore_failures)
            found = self.constant
        else:
            try:
                found = self.look(context)
            except Exception as fault:  # Django says what becomes of it
                if not getattr(fault, "silent_variable_failure", False):
                    return super().resolve(context, ignore_failures)
                found = context.template.engine.string_if_invalid
            if found is NOTHING:
                if not ignore_failures:
                    return super().resolve(context)
                found = None
        return _filtered(found, self.steps, context) if self.steps else found


def _looking(lookups: tuple[str, ...]) -> Callable[[Context], Any]:
    """What finds the value of such a name, or NOTHING; it raises whatever the value raises."""
    first, *others = lookups

    def look(context: Context) -> Any:
        for names in reversed(context.dicts):
            if first in names:
                found = names[first]
                break
        else:
            return NOTHING
        if callable(found):
            found = _called(found, context)
        for part in others:
            if hasattr(type(found), "__getitem__"):
                try:
                    found = found[part]
                except NO_SUCH_ITEM:
                    found = getattr(found, part)
            else:
                found = getattr(found, part)
            if callable(found):
                found = _called(found, context)
        return found

    return look


def _called(found: Any, context: Context) -> Any:
    if getattr(found, "do_not_call_in_templates", False):
        return found
    if getattr(found, "alters_data", False):
        return context.template.engine.string_if_invalid
    return found()


def _step(func: Any, args: list[tuple[bool, Any]]) -> tuple[Any, ...]:
    """A filter, its arguments and what it takes and gives."""
    given = [(lookup, arg if lookup else mark_safe(arg)) for lookup, arg in args]
    names = ("expects_localtime", "needs_autoescape", "is_safe")
    return func, given, *(getattr(func, name, False) for name in names)


def _filtered(found: Any, steps: list[tuple[Any, ...]], context: Context) -> Any:
    for func, given, is_local, escapes, is_safe in steps:
        values = [arg.resolve(context) if lookup else arg for lookup, arg in given]
        if is_local:
            found = template_localtime(found, context.use_tz)
        made = func(found, *values, autoescape=context.autoescape) if escapes else func(found, *values)
        found = mark_safe(made) if is_safe and isinstance(found, SafeData) else made
    return found


class _Value(VariableNode):
    """A value as it stands on the page."""

    def make_ready(self) -> None:
        """Nothing is left to do."""

    def render(self, context: Context) -> str:
        """As Django says it."""
        try:
            return as_on_page(self.filter_expression.resolve(context), context)
        except UnicodeDecodeError:
            return ""


def as_on_page(value: Any, context: Context) -> str:
    """A value as Django writes it into a page; texts and small numbers are what they are in every language."""
    kind = type(value)
    if kind is SafeString:
        text: str = value
        return text
    if kind is str and context.autoescape:
        return escape(value)
    if kind is int and 0 <= value < 1000:
        return str(value)
    written: str = render_value_in_context(value, context)
    return written


class _If(IfNode):
    """Conditions as Django's; a simple one is asked without a step between."""

    asked: list[tuple[Any, Any]]

    def make_ready(self) -> None:
        """Leave out what stands around a simple condition."""
        self.asked = [(_asking(condition), parts) for condition, parts in self.conditions_nodelists]

    def render(self, context: Context) -> str:
        """The parts below the first condition that holds."""
        for ask, parts in self.asked:
            try:
                holds = ask is None or ask(context)
            except VariableDoesNotExist:  # in what a filter is given
                continue
            if holds:
                return str(parts.render(context))
        return ""


def _asking(condition: Any) -> Any:
    """What answers a condition. An operator answers no where something cannot be asked."""
    value, kind = getattr(condition, "value", None), getattr(condition, "id", None)
    if isinstance(value, _Expression):
        return lambda context: value.resolve(context, ignore_failures=True)
    if kind not in OPERATORS or kind is None:
        return condition and condition.eval
    apply, first = OPERATORS[kind], _asking(condition.first)
    second = _asking(condition.second) if condition.second is not None else None

    def ask(context: Context) -> Any:
        try:
            return apply(context, first, second)
        except Exception:  # as Django's
            return False

    return ask


def _compared(compare: Callable[[Any, Any], Any]) -> Callable[..., Any]:
    return lambda context, first, second: compare(first(context), second(context))


OPERATORS: dict[str, Callable[..., Any]] = {
    "or": lambda context, first, second: first(context) or second(context),
    "and": lambda context, first, second: first(context) and second(context),
    "not": lambda context, first, _second: not first(context),
    "in": _compared(lambda one, several: one in several),
    "not in": _compared(lambda one, several: one not in several),
    "is": _compared(operator.is_),
    "is not": _compared(operator.is_not),
    "==": _compared(operator.eq),
    "!=": _compared(operator.ne),
    ">": _compared(operator.gt),
    ">=": _compared(operator.ge),
    "<": _compared(operator.lt),
    "<=": _compared(operator.le),
}


class _For(ForNode):
    """A loop whose parts are drawn at once."""

    def make_ready(self) -> None:
        """Its own steps stay Django's."""
        if not (len(self.nodelist_loop) == 1 and isinstance(self.nodelist_loop[0], _Whole)):
            whole: Any = self.nodelist_loop
            self.nodelist_loop = NodeList([_Whole(whole)])


class _Whole(Node):
    """Several parts as one."""

    def __init__(self, nodelist: _Parts) -> None:
        self.nodelist = nodelist
        self.render_annotated = self.render = nodelist.render  # type: ignore[method-assign]


class _Include(IncludeNode):
    """A part that is named in the template is found once."""

    part: Any  # a Template, once it is found

    def make_ready(self) -> None:
        """It is found when it is drawn first, since templates may include each other."""
        self.part = None

    def render(self, context: Context) -> Any:
        """As Django draws it, in the same context or one of its own."""
        part = self.part or self._found(context)
        if part is None:
            return super().render(context)
        values = {name: value.resolve(context) for name, value in self.extra_context.items()}
        if self.isolated_context:
            return part._render(context.new(values))
        with context.push(**values):
            return part._render(context)

    def _found(self, context: Context) -> Any:
        named: Any = self.template
        name = None if named.filters else named.constant
        if not isinstance(name, str) or name.startswith("."):
            return None
        part = context.template.engine.get_template(name)
        if any(True for _one in _remembering(part.nodelist)):
            return None
        self.part = part
        return part


def _remembering(nodes: NodeList) -> Iterator[Node]:
    for kind in REMEMBERING:
        yield from nodes.get_nodes_by_type(kind)


READY: dict[type, Any] = {VariableNode: _Value, IfNode: _If, ForNode: _For, IncludeNode: _Include}

"""What the house's own loader draws is what Django draws: names, filters, conditions, loops, parts of parts, and what is not there."""

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.template import Context, Engine, TemplateDoesNotExist, engines
from django.template.base import NodeList
from django.utils import translation
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy

from zhengyou.web.shared.quick_templates import Loader, make_quick

DJANGOS = "django.template.loaders.locmem.Loader"
QUICK = "zhengyou.web.shared.quick_templates.Loader"
TEMPLATES = {
    "page.html": "<title>{% block title %}none{% endblock %}</title>{% for n in few %}{% block main %}{% endblock %}{% endfor %}",
    "own.html": "{% extends 'page.html' %}{% block title %}{{ unit.name }}, {{ block.super }}{% endblock %}"
    "{% block main %}{% if unit.is_old %}old{% endif %}{% include 'row.html' with row=unit only %}{% endblock %}",
    "chosen.html": "{% extends parent %}{% block title %}{{ title }}{% endblock %}",
    "row.html": "[{{ row.name|default:'nobody' }}{{ few.0 }}]",
    "naming.html": "{% firstof row.name as named %}{{ named }}",
    "deep.html": "{{ depth }}{% if depth %}{% with depth=depth|add:'-1' %}{% include 'deep.html' %}{% endwith %}{% endif %}",
    "striped.html": "{% cycle 'odd' 'even' %}{{ n }}",
}
SAID = [
    "{{ unit.name }} {{ unit.motto }} {{ unit.safe }} {{ unit.told }} {{ unit.count }} {{ unit.many }} {{ unit.share }}",
    "{{ nothing }}|{{ unit.nothing }}|{{ nothing.more }}|{{ nothing|default:'none' }}|{{ few.7 }}|{{ few.1 }}|{{ named.x }}",
    "{{ unit.lost }}|{{ unit.lost|default:'lost' }}|{{ unit.delete }}|{{ unit.kind }}|{{ unit.kind.CALLED }}|{{ unit.asks }}",
    "{{ 'quoted <b>' }} {{ 7 }} {{ 1.5 }} {{ True }} {{ None }} {{ _('Help') }} {{ unit.lazy }} {{ unit.lazy|lower }}",
    "{{ unit.name|upper|truncatechars:3 }} {{ unit.safe|lower }} {{ few|join:', ' }} {{ unit.name|add:unit.motto|safe }}",
    "{{ unit.at|date:'H:i' }} {{ unit.at }} {{ few|length }} {{ unit.motto|linebreaksbr }} {{ unit.motto|force_escape|urlize }}",
    "{% autoescape off %}{{ unit.motto }} {{ unit.safe }} {{ few }}{% endautoescape %}{% filter upper %}{{ unit.motto }}{% endfilter %}",
    "{% if unit %}a{% elif few %}b{% else %}c{% endif %}{% if nothing %}a{% elif few.9 %}b{% else %}c{% endif %}",
    "{% if unit.count > 2 and not nothing or few %}a{% endif %}{% if unit.name in few %}b{% else %}c{% endif %}{% if 1 %}d{% endif %}",
    "{% if unit.name|default:nothing.at_all %}a{% else %}b{% endif %}{% if nothing|add:nothing.at_all %}a{% else %}b{% endif %}",
    "{% if few.0 == 'a' %}1{% endif %}{% if few.0 != 'a' %}2{% endif %}{% if unit.count >= 3 and unit.count <= 3 %}3{% endif %}",
    "{% if unit.count < nothing %}1{% endif %}{% if unit.count > 'a' or 'a' not in few %}2{% endif %}{% if nothing is None %}3{% endif %}",
    "{% if unit is not None and 'a' in few %}1{% endif %}{% if not nothing and not unit.nothing.more %}2{% endif %}",
    "{% if 'x' in 7 %}0{% endif %}{% if not 'x' in 7 %}1{% endif %}{% if unit.broken or few %}2{% endif %}",
    "{% if few and unit.broken %}3{% else %}4{% endif %}",
    "{% for one in few %}{{ forloop.counter }}{{ one }}{% if not forloop.last %}, {% endif %}{% empty %}none{% endfor %}",
    "{% for one in nothing %}x{% empty %}none{% endfor %}{% for name, n in named.items %}{{ name }}={{ n }};{% endfor %}",
    "{% for one in few reversed %}{% for other in few %}{{ forloop.parentloop.counter0 }}{{ one }}{{ other }} {% endfor %}{% endfor %}",
    "{% for one in few %}{% ifchanged one|length %}{{ one }}{% endifchanged %}{% include 'striped.html' with n=one %}{% endfor %}",
    "{% with row=unit n=few|length %}{% include 'row.html' %}{{ n }}{% endwith %}{{ row.name }}{% include 'row.html' with few=unit %}",
    "{% include 'naming.html' with row=unit %}{{ named }}{% include part %}{% include part only %}{% include chosen %}",
    "{% with depth=3 %}{% include 'deep.html' %}{% endwith %}{% for one in few %}{% include 'row.html' with row=unit only %}{% endfor %}",
    "{% translate 'Help' %} {% translate 'Help' as said %}{{ said }} {% translate unit.word %} {% translate 'Help' noop %}",
    "{% blocktranslate with n=few|length called=unit.motto %}{{ n }} of {{ called }} {{ nothing }}{% endblocktranslate %}",
    "{% blocktranslate count n=unit.count %}one{% plural %}{{ n }} several{% endblocktranslate %}{% translate 'closed' context 'window' %}",
    "{% now 'Y' as year %}{% if year %}{% spaceless %}<a> <b>{{ unit.count }}</b> </a>{% endspaceless %}{% endif %}",
    "{% verbatim %}{{ x }}{% endverbatim %}",
    "{% regroup few by 0 as groups %}{{ groups|length }}{% widthratio unit.count 2 10 %}{% cycle 'a' 'b' %}{% firstof nothing unit.name %}",
]


class Missing(ObjectDoesNotExist):
    """As the row behind a relation that is not there."""


class Unit:
    """What pages hold: values, methods, a method that alters, one that asks for more, and what is not there."""

    name, motto, word, count, many, share = "大镇<村>", "a & b\n\"c\" 'd' www.x.cn", "Help", 3, 12345, 0.25
    safe, lazy, at = mark_safe("<i>x</i>"), gettext_lazy("Help"), datetime(2026, 3, 1, 4, 5, tzinfo=UTC)
    is_old = True

    class Kind:
        """A class that stands in a template as it is."""

        do_not_call_in_templates = True
        CALLED = "called"

    def kind(self) -> Any:
        """Handed out by a method."""
        return self.Kind

    def told(self) -> str:
        """Asked without arguments."""
        return "told <b>"

    def asks(self, more: str) -> str:
        """No template can ask it."""
        return more

    def delete(self) -> None:
        """No template may call it."""
        raise AssertionError

    delete.alters_data = True  # type: ignore[attr-defined]

    @property
    def lost(self) -> str:
        """A row that is not there."""
        raise Missing

    @property
    def broken(self) -> str:
        """Code that fails."""
        raise ZeroDivisionError


def engine(loader: str, more: dict[str, str], *, debug: bool = False) -> Engine:
    house: Any = engines["django"]
    loaders: list[Any] = [(loader, [(DJANGOS, TEMPLATES | more)] if loader == QUICK else TEMPLATES | more)]
    return Engine(
        loaders=loaders,
        builtins=[one for one in house.engine.builtins if "defaulttags" not in one and "defaultfilters" not in one],
        debug=debug,
    )


def facts() -> Any:
    row = SimpleNamespace(name="of the part")
    named = {"x": "<", "items_": 1}
    return {"unit": Unit(), "few": ["a", "b", "<c>"], "named": named, "row": row, "part": "row.html", "parent": "page.html",
            "chosen": ["no.html", "row.html"], "title": "chosen"}  # fmt: skip


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("text", [*SAID, TEMPLATES["own.html"], TEMPLATES["chosen.html"]])
def test_is_drawn_as_django_draws_it(text: str, language: str) -> None:
    with translation.override(language):
        djangos = engine(DJANGOS, {"it.html": text}).get_template("it.html")
        quick = engine(QUICK, {"it.html": text}).get_template("it.html")
        assert type(quick.nodelist) is not NodeList
        for _twice in range(2):
            assert quick.render(Context(facts())) == djangos.render(Context(facts()))


def test_what_fails_in_a_value_fails_on_the_page() -> None:
    quick = engine(QUICK, {"it.html": "{{ unit.broken }}"}).get_template("it.html")
    with pytest.raises(ZeroDivisionError):
        quick.render(Context(facts()))


def test_a_part_that_is_nowhere_is_said_when_it_is_drawn() -> None:
    quick = engine(QUICK, {"it.html": "{% if nothing %}{% include 'no.html' %}{% endif %}a"}).get_template("it.html")
    assert quick.render(Context(facts())) == "a"
    with pytest.raises(TemplateDoesNotExist):
        quick.render(Context(facts() | {"nothing": True}))


def test_made_ready_twice_it_is_the_same() -> None:
    quick = engine(QUICK, {"it.html": SAID[10] + SAID[19]}).get_template("it.html")
    before = quick.render(Context(facts()))
    make_quick(quick.nodelist)
    assert quick.render(Context(facts())) == before


def test_while_the_house_is_mended_templates_are_djangos() -> None:
    mended = engine(QUICK, {"it.html": "{{ unit.broken }}"}, debug=True).get_template("it.html")
    assert type(mended.nodelist) is NodeList
    with pytest.raises(ZeroDivisionError) as raised:
        mended.render(Context(facts()))
    assert raised.value.template_debug["during"] == "{{ unit.broken }}"  # type: ignore[attr-defined]


def test_the_house_reads_its_templates_so() -> None:
    house: Any = engines["django"]
    assert [type(one) for one in house.engine.template_loaders] == [Loader]

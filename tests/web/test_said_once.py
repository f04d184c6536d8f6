"""Tags that say what Django's say, and days and addresses that are worked out once: the same words in every language and case."""

from datetime import UTC, date, datetime

import pytest
from django.template import Engine, engines
from django.template.context import Context
from django.urls import NoReverseMatch, reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.safestring import SafeString

from zhengyou.web.shared.addresses import address
from zhengyou.web.shared.day_words import day_in_words

TEMPLATES = [
    '{% translate "kept" %}',
    '{% translate "kept" %}|{% translate "Nobody ever wrote <b>this</b> & that, 100%" %}',
    '{% translate "kept" as word %}[{{ word }}]',
    '{% translate "kept"|upper %}',
    '{% translate "kept" noop %}',
    "{% translate word %}",
    '{% translate "May" context "month" %}',
    "{% blocktranslate %}by {{ day }}{% endblocktranslate %}",
    "{% blocktranslate with day=word %}by {{ day }}, 100% of it{% endblocktranslate %}",
    "{% blocktranslate trimmed count n=count %}\n {{ n }} report\n{% plural %}\n {{ n }} reports\n{% endblocktranslate %}",
    "{% for n in several %}{% blocktranslate count n=n %}{{ n }} report{% plural %}{{ n }} reports{% endblocktranslate %};{% endfor %}",
    "{% blocktranslate asvar said %}by {{ day }}{% endblocktranslate %}({{ said }})",
    "{% url 'public-home' %} {% url 'public-organisation' code %} {% url 'public-promise' code count %}",
    "{% url 'public-organisation' code as there %}[{{ there }}]{% url 'no-such-page' as nowhere %}[{{ nowhere }}]",
    "{% url name %} {% url 'public-organisation' code=code %}",
]
GIVEN = {"word": "kept", "day": "<3>", "count": 2, "several": [1, 2, 1], "code": "00 1&", "name": "public-promises"}


def of_django() -> Engine:
    """The same engine without our tags."""
    ours = engines["django"].engine
    return Engine(builtins=[one for one in ours.builtins if not one.endswith("said_once")], libraries=ours.libraries)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("text", TEMPLATES)
def test_a_tag_says_what_that_of_django_says(text: str, language: str) -> None:
    ours, theirs = engines["django"].engine.from_string(text), of_django().from_string(text)
    for other in ("en", language):
        for autoescape in (True, False):
            with translation.override(other):
                said = [one.render(Context(GIVEN, autoescape=autoescape)) for one in (ours, theirs, ours)]
            assert said == [said[1]] * 3


def test_an_address_is_that_of_its_parts_and_of_no_others() -> None:
    assert address("public-promise", "001", 1) == reverse("public-promise", args=["001", 1])
    assert address("public-promise", "001", 2) == reverse("public-promise", args=["001", 2])
    assert address("public-organisation", SafeString("a b")) == reverse("public-organisation", args=["a b"])
    with pytest.raises(NoReverseMatch):
        address("public-promise", "001", True)
    for _time in range(2):
        with pytest.raises(NoReverseMatch):
            address("no-such-page")


def test_a_day_is_written_in_the_language_of_its_reader() -> None:
    day, instant = date(2026, 12, 3), datetime(2026, 12, 3, 23, tzinfo=UTC)
    for language in ("en", "zh-hans", "en"):
        with translation.override(language):
            assert day_in_words(day) == date_format(day, "DATE_FORMAT")
            assert day_in_words(instant) == date_format(instant, "DATE_FORMAT")
    assert day_in_words(day) != day_in_words(date(2026, 12, 4))

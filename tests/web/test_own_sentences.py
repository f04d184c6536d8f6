"""Odd data in every form of the house: what is wrong is said in our own words, in both languages, and no page falls over."""

import ast
import gettext
import html
import re
from collections.abc import Iterator
from pathlib import Path

import django
import pytest
from django import forms
from django.core import validators
from django.forms import fields as field_kinds
from django.test import Client
from django.urls import get_resolver
from django.utils.translation import override
from tests.cast.district import launched_cycle, small_district
from tests.web.test_hostile_addresses import addresses, clients

pytestmark = pytest.mark.django_db

LANGUAGES = ("zh-hans", "en")
ODD = ("", "-1", "x" * 3000, "一" * 3000, "2026-13-41", "9" * 30, "name@", "<b>")
OF_FIELDS = ("forms/fields.py", "forms/models.py", "core/validators.py", "contrib/auth/password_validation.py")
# Fields that no form of the house has, and that say what Django says.
WITHOUT = {"ComboField", "DurationField", "FilePathField", "GenericIPAddressField", "SlugField", "NullBooleanField"}


def stock() -> re.Pattern[str]:
    """What Django itself says of fields and passwords, in English and Chinese, with anything in its places."""
    root = Path(django.__file__).parent
    chinese = [
        gettext.translation("django", root / folder / "locale", ["zh_Hans"]) for folder in ("conf", "contrib/auth")
    ]
    found = {text for path in OF_FIELDS for text in translated_in((root / path).read_text(encoding="utf-8"))}
    found |= {each.gettext(text) for each in chinese for text in found} | {
        each.ngettext(text, text, 2) for each in chinese for text in found
    }
    sentences = [re.split(r"%\(\w+\)\w|%\w|\{\w+\}", text) for text in found if len(text) > 6]
    return re.compile("|".join(".{0,80}?".join(map(re.escape, parts)) for parts in sentences))


def translated_in(source: str) -> Iterator[str]:
    """Every sentence that this module has translated."""
    for call in ast.walk(ast.parse(source)):
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") in {"_", "ngettext", "ngettext_lazy"}:
            yield from (
                part.value for part in call.args if isinstance(part, ast.Constant) and isinstance(part.value, str)
            )


STOCK = stock()


def load_every_page() -> None:
    """With the pages all forms are there."""
    assert get_resolver().url_patterns


def kinds(of: type) -> Iterator[type]:
    for kind in of.__subclasses__():
        yield kind
        yield from kinds(kind)


def test_the_stock_sentences_are_known_to_this_test():
    for text in (
        "This field is required.",
        "这个字段是必填项。",
        "Ensure this value has at most 5 characters (it has 6).",
    ):
        assert STOCK.search(text), text
    assert not STOCK.search("Write at most 5 characters; now there are 6.")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_of_field_and_every_form_has_our_own_sentences(language):
    load_every_page()
    with override(language):
        of_kinds = [
            kind for kind in vars(field_kinds).values() if isinstance(kind, type) and issubclass(kind, forms.Field)
        ]
        told = {
            kind.__name__: getattr(kind, "default_error_messages", {})
            for kind in of_kinds
            if kind.__name__ not in WITHOUT
        }
        ours = [form for form in kinds(forms.BaseForm) if form.__module__.startswith("zhengyou.")]
        assert len(ours) > 40
        for form in ours:
            told |= {f"{form.__name__}.{name}": field.error_messages for name, field in form.base_fields.items()}
        found = {
            (name, code): str(text)
            for name, texts in told.items()
            for code, text in texts.items()
            if STOCK.search(str(text))
        }
        assert found == {}
        for kind in (validators.MaxLengthValidator(5), validators.MinValueValidator(5), validators.EmailValidator()):
            with pytest.raises(forms.ValidationError) as raised:
                kind("x" * 6 if not isinstance(kind, validators.MinValueValidator) else 1)
            assert not STOCK.search(raised.value.messages[0])


@pytest.mark.parametrize("language", LANGUAGES)
def test_odd_values_in_every_field_of_every_form_are_answered_in_our_words(language):
    load_every_page()
    said = {}
    with override(language):
        for form in kinds(forms.BaseForm):
            for name, field in form.base_fields.items() if form.__module__.startswith("zhengyou.") else ():
                for odd in (*ODD, ["<b>"], None):
                    said[form.__name__, name] = said.get((form.__name__, name), []) + messages_of(field, odd)
    assert sum(map(len, said.values())) > 200
    assert {place: texts for place, texts in said.items() if any(map(STOCK.search, texts))} == {}


def messages_of(field: forms.Field, odd: object) -> list[str]:
    try:
        field.clean(odd)
    except forms.ValidationError as error:
        return error.messages
    except (
        AttributeError,
        TypeError,
    ):  # a text where a browser sends a file or a list: no browser and no test client does it
        return []
    return []


@pytest.mark.long
def test_every_page_with_a_form_answers_odd_data_in_our_words():
    district = small_district()
    launched_cycle(district)
    known = {"code": district.villages[0].code, "pk": "1", "year": "2026", "number": "1"}
    asked = 0
    for client, face in zip(clients(district), ("/", "/office/", "/desk/"), strict=True):
        own = [one for one in dict.fromkeys(addresses(known, 2)) if one.startswith(face) and "xxx" not in one]
        for address in own:
            if face == "/" and address.startswith(("/office/", "/desk/")):
                continue
            asked += posts_odd_data(client, address, "zh-CN")
    assert asked > 20


def posts_odd_data(client: Client, address: str, language: str) -> int:
    """Fill every form of a page with odd data; how many were."""
    headers = {"Accept-Language": language}
    page = client.get(address, headers=headers)
    if page.status_code != 200 or page.streaming or b"<form" not in page.content:
        return 0
    names = set(re.findall(r'<(?:input|textarea|select)[^>]* name="([^"]+)"', page.content.decode()))
    for odd in ("", "一" * 2000, "-1"):
        answer = client.post(address, dict.fromkeys(names - {"csrfmiddlewaretoken"}, odd), headers=headers)
        assert answer.status_code < 500, (address, odd)
        text = "" if answer.streaming else html.unescape(answer.content.decode(errors="replace"))
        assert not STOCK.search(re.sub(r"<[^>]+>", "\n", text)), (address, odd, STOCK.search(text))
    return 1

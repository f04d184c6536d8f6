"""Where something is wrong in a form: no bubble of a browser, our sentence at its place, and the focus led there."""

import re
from pathlib import Path

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse
from django.utils import translation
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy
from tests.cast.commitments import promises_of, published_commitment
from tests.cast.district import drafted_cycle, launched_cycle, small_district
from tests.cast.writing import filled

from zhengyou.identity.models import Account
from zhengyou.web.shared.wrong_fields import LeadingRenderer

pytestmark = pytest.mark.django_db

HOUSE = Path(__file__).resolve().parents[2] / "src" / "zhengyou"
FORM = re.compile(r"<form\b(?:\{%.*?%\}|\{\{.*?\}\}|[^>{]|\{)*>", re.DOTALL)
FOCUSED = re.compile(r"<(\w+)\b[^>]*\sautofocus\b[^>]*>")


class Asking(forms.Form):
    hidden = forms.CharField(widget=forms.HiddenInput)
    name = forms.CharField()
    kind = forms.ChoiceField(choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect)
    day = forms.DateField()


@pytest.fixture
def district():
    return small_district()


def test_no_form_of_any_face_leaves_what_is_wrong_to_the_browser():
    written = {path: path.read_text(encoding="utf-8") for path in (HOUSE / "templates").rglob("*.html")}
    written[HOUSE / "templatetags/parts.py"] = (HOUSE / "templatetags/parts.py").read_text(encoding="utf-8")
    tags = [(path.name, tag) for path, text in written.items() for tag in FORM.findall(text)]
    assert len(tags) > 90
    # A browser that goes to a fragment lets `autofocus` be.
    assert [(name, tag) for name, tag in tags if 'method="post"' in tag and re.search(r'action="[^"]*#', tag)] == []
    assert [(name, tag) for name, tag in tags if "novalidate" not in tag] == []


@pytest.mark.parametrize(
    ("given", "leads"),
    [
        ({"hidden": "x", "kind": "a"}, "name"),
        ({"name": "x", "day": "2026-13-41"}, "kind"),
        ({"hidden": "x", "name": "x", "kind": "b", "day": "soon"}, "day"),
        ({"hidden": "x", "name": "x", "kind": "b", "day": "2026-12-03"}, ""),
    ],
)
def test_the_first_wrong_field_that_is_shown_leads(given, leads):
    form = Asking(given)
    assert [field.name for field in form if field.leads] == [leads] * bool(leads)
    assert ("autofocus" in str(form)) == (leads not in {"", "kind"})
    assert not any(field.leads for field in Asking())


def test_a_citizen_is_led_to_the_answer_that_is_missing(client, district):
    village = district.villages[0]
    promise = promises_of(published_commitment(district, launched_cycle(district), village))[0]
    address = reverse("public-promise", args=[village.code, promise.pk])
    page = client.post(address, filled(promise.reference, words="看到了"), headers={"Accept-Language": "en"})
    text = page.content.decode()
    [focused] = FOCUSED.finditer(text)
    assert focused[1] == "fieldset"
    [described] = re.findall(r'aria-describedby="([^"]+)"', focused[0])
    assert f'id="{described}">Choose one' in text or f'id="{described}">Please choose' in text
    assert "<title>Please check: " in text


def test_an_office_is_led_to_what_is_missing_and_sees_above_what_it_is(district):
    office = Client(headers={"Accept-Language": "en"})
    office.force_login(Account.objects.get(person=district.office))
    cycle = drafted_cycle(district)
    text = office.post(reverse("office-cycle-parts", args=[cycle.pk]), {"sent": "1"}).content.decode()
    focused = next(FOCUSED.finditer(text))
    [identity] = re.findall(r'aria-describedby="(\w+)_help"', focused[0])
    summary = text[text.index('role="alert"') : focused.start()]
    assert re.search(rf'<a href="#{identity}">[^<]+</a>: [^<\s][^<]+', summary)
    assert len(list(FOCUSED.finditer(text))) == 1


@pytest.mark.parametrize(
    ("language", "label", "said"),
    [
        ("en", "Day", ">Day</a>: "),
        ("zh-hans", "哪一天", ">哪一天</a>："),
        ("en", "Which day?", ">Which day?</a> "),
        ("en", "It ends today.", ">It ends today.</a> "),
    ],
)
def test_above_a_form_stands_what_is_wrong_with_each_field_that_is(language, label, said):
    form = Asking({"hidden": "x", "name": "x", "kind": "b", "day": "soon"})
    form.fields["day"].label = label
    with translation.override(language):
        [wrong] = form.errors["day"]
        text = render_to_string("parts/form.html", {"form": form})
    summary = text[: text.index("</ul>")]
    assert f'href="#id_day"{said}{wrong}' in summary
    assert summary.count("<li>") == 1


def test_what_is_wrong_with_a_group_stands_above_its_choices_and_with_a_box_below_it():
    form = Asking({"hidden": "x", "day": "2026-12-03"})
    [wrong] = form.errors["kind"]
    group = render_to_string("parts/field.html", {"field": form["kind"]})
    assert group.index("</legend>") < group.index(f'id="id_kind_error">{wrong}') < group.index("<input")
    assert group.count(wrong) == group.count('id="id_kind_help"') == 1
    box = render_to_string("parts/field.html", {"field": form["name"]})
    assert box.index("<input") < box.index('id="id_name_error"')


def test_a_report_sent_empty_says_above_what_is_missing(client, district):
    launched_cycle(district)
    village = district.villages[0]
    address = reverse("public-case-report", args=[village.code])
    given = filled(village.reference, words="路灯不亮")
    text = client.post(address, given, headers={"Accept-Language": "en"}).content.decode()
    summary = text[text.index('role="alert"') : text.index("<legend")]
    assert '<a href="#id_kind">What is it about?</a> Choose a kind' in summary
    assert summary.count("<li>") == 1
    assert [focused[1] for focused in FOCUSED.finditer(text)] == ["fieldset"]


def test_a_refusal_has_the_focus_itself(client):
    text = client.post(reverse("sign-in"), {"login": "nobody", "password": "x"}).content.decode()
    assert 'role="alert"' in next(FOCUSED.finditer(text))[0]


@pytest.mark.parametrize(
    "value", ["", None, 0, 1234.5, "a<b>\"'&", "优", ("a", 1), False, mark_safe("&amp;"), gettext_lazy("Help")]
)
@pytest.mark.parametrize(
    "widget", [forms.HiddenInput, forms.TextInput, forms.NumberInput, forms.EmailInput, forms.DateInput]
)
def test_boxes_of_one_line_are_drawn_as_by_django(widget: type[forms.Widget], value: object) -> None:
    attrs = {
        "id": "id_a",
        "required": True,
        "autofocus": False,
        "maxlength": 5000,
        "data-x": 'a"<&>',
        "class": mark_safe("&lt;"),
    }
    box = widget(attrs=attrs)
    assert box.render("a<b", value, renderer=LeadingRenderer()) == box.render("a<b", value, renderer=DjangoTemplates())

"""A button's address that is typed or come to by signing in, a form whose page was too old, a session that ended while writing."""

import re
from collections import Counter
from html import unescape

import pytest
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse
from tests.cast.district import PASSWORD, launched_cycle, small_district

from zhengyou.commitments.models import Promise
from zhengyou.identity.models import Account
from zhengyou.web.shared.wrong_turns import methods_of, page_above

pytestmark = pytest.mark.django_db

PROMISE = {
    "what": "修好上坪到下坪的路，雨季前完成",
    "standard": "路面平整",
    "checked_by": "place",
    "for_whom": "村民",
    "due_on": "2026-12-31",
    "evidence": "照片",
    "aim": "service",
}
FIELD = re.compile(r'<input type="hidden" name="([^"]*)" value="([^"]*)">')
FROM_US = {"Referer": "http://testserver/desk/"}


@pytest.fixture
def district():
    district = small_district()
    launched_cycle(district)
    return district


@pytest.fixture
def address(district):
    return reverse("desk-promise-write", args=[district.villages[0].code])


def signed_in(person) -> Client:
    client = Client(enforce_csrf_checks=True, headers={"Accept-Language": "en"})
    client.force_login(Account.objects.get(person=person))
    return client


def sign_in(client, person):
    page = client.get(reverse("sign-in"))
    given = {"login": person.number, "password": PASSWORD, "csrfmiddlewaretoken": page.context["csrf_token"]}
    assert client.post(reverse("sign-in"), given).status_code == 302


def kept_fields(page):
    return FIELD.findall(page.content.decode().partition("<main")[2])


def sent_on(client, page, address):
    """Press the button of the page that kept the words."""
    fields = {unescape(name): unescape(value) for name, value in kept_fields(page)}
    return client.post(address, fields, headers=FROM_US)


def test_words_of_a_page_that_was_too_old_are_kept_and_sent_by_one_press(district, address):
    client = signed_in(district.secretaries[0])
    page = client.post(address, PROMISE | {"csrfmiddlewaretoken": "a" * 64}, headers=FROM_US)
    text = page.content.decode()
    assert (page.status_code, Promise.objects.count()) == (403, 0)
    assert "This form could not be accepted" in text
    assert "雨季前完成</textarea>" in text
    assert sent_on(client, page, address).status_code == 302
    assert Promise.objects.get().what == PROMISE["what"]


def test_words_of_a_session_that_ended_come_along_through_signing_in(district, address):
    client = signed_in(district.secretaries[0])
    token = client.get(address).context["csrf_token"]
    del client.cookies["zhengyou"]
    page = client.post(address, PROMISE | {"csrfmiddlewaretoken": str(token)}, headers=FROM_US)
    assert (page.status_code, Promise.objects.count()) == (403, 0)
    assert "I have signed in, go on" in page.content.decode()
    sign_in(client, district.secretaries[0])
    second = sent_on(client, page, address)
    assert "Send it now" in second.content.decode()
    assert sent_on(client, second, address).status_code == 302
    assert Promise.objects.get().what == PROMISE["what"]


def test_the_form_of_another_site_is_never_offered_to_be_sent(district, address):
    client = signed_in(district.secretaries[0])
    for headers in ({"Origin": "http://elsewhere.invalid"}, {"Referer": "http://testserver.elsewhere.invalid/"}, {}):
        page = client.post(address, PROMISE, headers=headers)
        assert page.status_code == 403
        assert not kept_fields(page)
    assert not Promise.objects.exists()


def test_a_password_is_not_shown_again(district):
    client = Client(enforce_csrf_checks=True, headers=FROM_US)
    page = client.post(reverse("sign-in"), {"login": "a", "password": "my secret password"})
    assert page.status_code == 403
    assert "my secret password" not in page.content.decode()


def test_a_kept_text_cannot_break_out_of_its_page(district, address):
    client = signed_in(district.secretaries[0])
    hostile = '</textarea><script>alert("1")</script>'
    text = client.post(address, {"content": hostile, hostile: hostile}, headers=FROM_US).content.decode()
    assert "<script>alert" not in text


@pytest.mark.parametrize(
    ("name", "args", "leads_to"),
    [
        ("office-post-letters-make", [], "/office/posts/letters/"),
        ("sign-out", [], "/"),
        ("desk-propose", ["001001001"], "/desk/promises/001001001/"),
        ("office-job-stop", [1], "/office/jobs/1/"),
    ],
)
def test_a_visit_to_a_buttons_address_leads_to_the_page_with_the_button(district, name, args, leads_to):
    person = district.office if name.startswith("office") else district.secretaries[0]
    client = signed_in(person)
    answer = client.get(reverse(name, args=args))
    assert (answer.status_code, answer.headers["Location"]) == (302, leads_to)
    assert "Press the button on this page" in client.get("/desk/").content.decode()


def test_whoever_signs_in_for_a_button_reaches_its_page(district):
    client = Client()
    wanted = reverse("office-post-letters-make")
    answer = client.post(
        reverse("sign-in"), {"login": district.office.number, "password": PASSWORD, "next": wanted}, follow=True
    )
    assert answer.request["PATH_INFO"] == reverse("office-post-letters")


@pytest.mark.parametrize("method", ["put", "delete"])
def test_somebody_signed_in_is_told_the_same_before_the_mark_of_a_form_is_asked_for(district, method):
    answer = getattr(signed_in(district.office), method)("/office/journal/")
    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, HEAD, POST")
    assert "This cannot be done at this address" in answer.content.decode()


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_what_an_address_does_not_take_is_said_in_words(district, method):
    answer = getattr(Client(), method)("/entries/")
    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, HEAD")
    assert "nothing was done" in answer.content.decode()
    assert not answer.cookies


def test_the_page_above_an_address():
    assert page_above("/office/posts/1/end/") == "/office/posts/"
    assert page_above("/nowhere/at/all/") == "/"


def test_pages_for_reading_answer_no_other_method(district):
    unit = reverse("public-organisation", args=[district.villages[0].code])
    pages = [unit, *map(reverse, ("public-home", "public-find", "public-honours", "public-notices", "public-promises"))]
    for method in ("OPTIONS", "TRACE", "PUT", "DELETE"):
        assert {Client().generic(method, page).status_code for page in pages} == {405}, method


def addresses(patterns, before=""):
    """Every address of the house with a value for each of its parts, and its view."""
    values = {"int": "1", "slug": "a", "str": "a", "path": "a", "uuid": "d81f32ac-edf1-4465-b65a-f59f5f861667"}
    for one in patterns:
        text = before + str(one.pattern)
        if isinstance(one, URLPattern):
            yield "/" + re.sub(r"<(?:(\w+):)?\w+>", lambda part: values.get(part[1] or "str", "1"), text), one.callback
        else:
            yield from addresses(one.url_patterns, text)


def test_no_address_takes_a_method_that_it_does_not_name(district):
    """Nobody is told of a permission, a form or a session where nothing can be done: every address says what it takes."""
    client = Client(enforce_csrf_checks=True)
    answers, wrong = Counter(), []
    for n, (address, view) in enumerate(addresses(get_resolver().url_patterns)):
        taken = methods_of(view)
        method = ("PUT", "DELETE", "PATCH", "TRACE", "OPTIONS", "BREW")[n % 6]
        for asked in {method, "POST"} - set(taken):
            answer = client.generic(
                asked, address, headers={"Accept": "application/json"}
            )  # drawn in a tenth of the time
            answers[answer.status_code] += 1
            if answer.status_code != 404 and (answer.status_code, answer.get("Allow")) != (405, ", ".join(taken)):
                wrong.append((asked, address, answer.status_code, answer.get("Allow")))
    assert wrong == []
    assert answers[405] > 400
    assert answers[404] < 20

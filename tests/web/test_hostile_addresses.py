"""Every address of the house with what nobody types: no page falls over, and what the database cannot take is refused in words."""

from uuid import uuid4

import pytest
from django.test import Client, RequestFactory
from django.urls import URLPattern, get_resolver, reverse
from django.utils.http import urlencode
from tests.cast.awards import published_notice
from tests.cast.commitments import promises_of, published_commitment
from tests.cast.district import launched_cycle, small_district
from tests.cast.refusing import refused

from zhengyou.campaigns.models import Cycle
from zhengyou.identity.models import Account
from zhengyou.notices.models import Notice
from zhengyou.organisations.models import Organisation, Post
from zhengyou.remarks.models import Remark
from zhengyou.web.shared import answers

pytestmark = pytest.mark.django_db

WORDS = ("q", "page", "order", "kind", "what", "about", "after", "why", "state", "done", "organisation", "next", "lang")
TEXTS = ("\u202e\ufffe", "x" * 3000, "' OR 1=1 --", "%s%n{0}", "-1", "9" * 400)
HOSTILE = {
    "str": ["a%00b", "%E2%80%AE", "%2e%2e", "x" * 3000, "%ED%B3%BF", "%25s"],
    "slug": ["x" * 3000, "0", "-"],
    "int": ["0", "9223372036854775808", "9" * 400, "9" * 5000],
    "uuid": [str(uuid4())],
}


@pytest.fixture
def house():
    district = small_district()
    published_notice(district, launched_cycle(district))
    return district


def routes(patterns=None, before: str = "", converters: tuple = ()):
    """Every address of the house as a text with places in it, and the kinds of its places."""
    for one in patterns if patterns is not None else get_resolver().url_patterns:
        route = before + str(one.pattern)
        known = (*converters, *getattr(one.pattern, "converters", {}).items())
        if isinstance(one, URLPattern):
            yield route, known
        else:
            yield from routes(one.url_patterns, route, known)


def filled(route: str, converters, values) -> str:
    for name, converter in converters:
        kind = type(converter).__name__.removesuffix("Converter").lower().replace("string", "str")
        for written in (f"<{kind}:{name}>", f"<{name}>"):
            route = route.replace(written, values(kind, name))
    return "/" + route.replace("^", "").replace("$", "")


def addresses(real: dict[str, str], nth: int):
    """Every address, with real values where they are known, else with the hostile ones at this place of their lists."""
    for route, converters in routes():
        yield filled(route, converters, lambda kind, name: real.get(name, HOSTILE[kind][nth % len(HOSTILE[kind])]))


def queries():
    yield from (urlencode(dict.fromkeys(WORDS, text)) for text in TEXTS)
    yield "q=%FF%ED%B3%BF&page=%FF"


def clients(house):
    nobody, office, secretary = Client(), Client(), Client()
    office.force_login(Account.objects.get(person=house.office))
    secretary.force_login(Account.objects.get(person=house.secretaries[0]))
    return nobody, office, secretary


def fallen(client, asked) -> dict[str, int]:
    client.raise_request_exception = False
    found = {}
    for address in dict.fromkeys(asked):
        answer = client.get(address)
        if answer.streaming:
            list(answer)
        if answer.status_code >= 500:
            found[address[:200]] = answer.status_code
    return found


def test_no_address_falls_over_a_sign_that_no_text_can_have(house):
    nobody, office, secretary = clients(house)
    everywhere = list(addresses({}, nth=0))
    assert len(everywhere) > 120
    assert fallen(nobody, (address for address in everywhere if not address.startswith(("/desk/", "/office/")))) == {}
    assert fallen(office, (f"{address}?q=%00" for address in everywhere if address.startswith("/office/"))) == {}
    assert fallen(secretary, (f"{address}?q=%00" for address in everywhere if address.startswith("/desk/"))) == {}


@pytest.mark.long
def test_no_address_of_the_house_falls_over(house):
    notice = Notice.objects.get()
    known = {"code": house.villages[0].code, "year": str(notice.year), "number": str(notice.number), "pk": "1"}
    nobody, office, secretary = clients(house)
    for client, faces in ((nobody, ""), (office, "/office/"), (secretary, "/desk/")):
        every = (one for nth in range(1, 6) for real in ({}, known) for one in addresses(real, nth))
        assert fallen(client, (one for one in every if one.startswith(faces))) == {}
    lists = ("/", "/organisations/", "/notices/", "/honours/", "/entries/", "/entries/lines/", "/words/", "/sign-in/")
    for_office = ("organisations", "posts", "polls", "objections", "selections")
    lists += (*tuple(f"/office/{name}/" for name in for_office), "/desk/words/", "/desk/promises/")
    assert fallen(office, (f"{address}?{query}" for address in lists for query in queries())) == {}


@pytest.mark.parametrize("address", ["/notices/?q=%00", "/entries/?q=a%00", "/organisations/%00/", "/honours/?%00=1"])
def test_a_sign_that_no_text_can_have_is_refused_in_words(house, address):
    answer = Client().get(address, headers={"Accept-Language": "zh-CN"})
    assert answer.status_code == 400
    assert "<h1>这个地址无法识别" in answer.content.decode()
    assert "地址里有不允许使用的字符" in answer.content.decode()
    assert not answer.cookies


def test_such_a_sign_in_a_form_changes_nothing(house):
    _nobody, office, _secretary = clients(house)
    post = Post.objects.first()
    answer = office.post(f"/office/posts/{post.pk}/end/", {"reason": "a\0b"}, headers={"Accept-Language": "en"})
    assert answer.status_code == 400
    assert "What you sent cannot be read" in answer.content.decode()
    assert "This address" not in answer.content.decode(), "it was a field"
    assert Post.objects.get(pk=post.pk).until_on is None


@pytest.mark.parametrize("code", ["a\\u0000b", "\\ud800", "\\udfff\\ud800"])
def test_such_a_sign_in_json_is_malformed(code):
    request = RequestFactory().post("/", f'{{"code": "{code}"}}', content_type="application/json")
    with refused("malformed"):
        answers.asked(request, "code")


def test_a_cookie_with_such_a_sign_is_no_cookie(house):
    client = Client()
    client.cookies.load('zhengyou="aaaaaaaaaaaaaaaa\\000bbbbbbbbbbbbbbb"')
    assert client.get("/desk/").status_code == 302
    assert client.get("/organisations/").status_code == 200
    assert Organisation.objects.exists()


FORM = "application/x-www-form-urlencoded"
PLACES = {
    "field": (b"words=a%00b&mark=off_course&content=a%00b&what=a%00b&login=a%00b&code=a%00", FORM),
    "name of a field": (b"wo%00rds=x&%FF=y&mark=off_course", FORM),
    "lone bytes": (b"words=%FF%FE&mark=%80&login=%ED%B3%BF", FORM),
    "raw bytes": (b"words=\xff\x00&\xfe", FORM),
    "body that is no form": (b"\0\xff" * 50, "multipart/form-data; boundary=x"),
    "unknown charset": (b"words=x", f"{FORM}; charset=no\xff"),
    "file": (
        b'--x\r\nContent-Disposition: form-data; name="photo"; filename="a\x00\xe2\x80\xae\x07/../b.jpg"\r\n\r\n\x00\r\n--x--\r\n',
        "multipart/form-data; boundary=x",
    ),
}
HEADERS = (
    *("Accept-Language", "Referer", "Origin", "User-Agent", "Accept", "If-None-Match"),
    *("HX-Request", "HX-Current-URL", "X-Forwarded-For"),
)


@pytest.mark.parametrize("place", PLACES)
def test_no_public_form_falls_over_what_no_browser_sends(house, place):
    promise = promises_of(published_commitment(house, Cycle.objects.get(), house.villages[0]))[0]
    own = reverse("public-promise", args=[promise.commitment.organisation.code, promise.pk])
    notice = Notice.objects.get()
    pages = (own, reverse("public-notice", args=[notice.year, notice.number]), "/sign-in/", "/language/", "/words/")
    client = Client(raise_request_exception=False)
    for address in pages:
        answer = client.generic("POST", address, *PLACES[place])
        assert answer.status_code < 500, address
        assert answer.content or answer.status_code == 302, address
    assert not Remark.objects.exists()


@pytest.mark.parametrize("header", HEADERS)
def test_no_page_falls_over_a_header(house, header):
    client = Client(raise_request_exception=False)
    for text in ("\xff\xfe", "a\0b", "x" * 5000, "http://[", ";q=;;,,*", "\u202e".encode().decode("latin-1")):
        for address in ("/", "/organisations/?q=a", "/no-such-page/", "/desk/", "/sign-in/"):
            assert client.get(address, headers={header: text}).status_code < 500, (address, text)
        assert client.post("/sign-in/", {"login": "x"}, headers={header: text}).status_code < 500, text


@pytest.mark.parametrize("cookie", ["zhengyou_language", "zhengyou_csrf", "zhengyou", "django_language", "messages"])
def test_no_page_falls_over_a_cookie(house, cookie):
    client = Client(raise_request_exception=False)
    for text in ('"a\\000b"', '"\\377\\376"', "x" * 4000, "%00", "{}"):
        client.cookies.load(f"{cookie}={text}")
        for address in ("/", "/organisations/", "/desk/", "/sign-in/"):
            assert client.get(address).status_code < 500, (address, text)

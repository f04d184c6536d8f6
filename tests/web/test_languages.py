"""Languages without a cookie: by the browser, by `?lang=` that links carry on, by the choice of somebody signed in."""

import re

import pytest
from django.http import HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.test import RequestFactory
from django.urls import reverse
from tests.cast.awards import published_notice
from tests.cast.commitments import promises_of, published_commitment
from tests.cast.district import launched_cycle, small_district
from tests.cast.writing import filled

from zhengyou.identity.models import Account
from zhengyou.web.shared import clock, languages

CHINESE, ENGLISH = '<html lang="zh-Hans"', '<html lang="en"'


@pytest.fixture
def district(db):
    return small_district(at=clock.now())


@pytest.fixture
def cycle(district):
    return launched_cycle(district, at=clock.now())


@pytest.fixture
def promise(district, cycle):
    return promises_of(published_commitment(district, cycle, district.villages[0], at=clock.now()))[0]


def served(client, address="/", accepted="", **given):
    return client.get(address, headers={"accept-language": accepted} if accepted else {}, **given)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("zh-CN,zh;q=0.9,en;q=0.8", CHINESE),
        ("zh-TW", CHINESE),
        ("zh-Hant-HK", CHINESE),
        ("yue-Hant-HK,en;q=0.5", CHINESE),
        ("cmn", CHINESE),
        ("en,yue;q=0.5", ENGLISH),
        ("en-GB,en;q=0.9", ENGLISH),
        ("en,zh;q=0.9", ENGLISH),
        ("fr-FR,fr;q=0.9", ENGLISH),
        ("fr,zh-CN;q=0.5", CHINESE),
        ("*", ENGLISH),
        ("", ENGLISH),
        ("nonsense;;q=x,,", ENGLISH),
    ],
)
def test_chinese_is_for_whoever_asks_for_any_and_english_for_everybody_else(client, accepted, language):
    answer = served(client, accepted=accepted)
    assert language in answer.content.decode()
    assert "accept-language" in answer["Vary"].lower()
    assert answer["Content-Language"] == ("zh-hans" if language is CHINESE else "en")


@pytest.mark.django_db
def test_a_page_names_itself_in_both_languages_and_its_lasting_address(client):
    page = served(client, "/organisations/?q=a%26b&lang=zh&page=2").content.decode()
    links = dict(re.findall(r'<link rel="alternate" hreflang="([^"]+)" href="([^"]+)"', page))
    canonical = "http://testserver/organisations/?q=a%26b&amp;page=2"
    assert f'<link rel="canonical" href="{canonical}">' in page
    assert links == {
        "zh-Hans": f"{canonical}&amp;lang=zh",
        "en": f"{canonical}&amp;lang=en",
        "x-default": canonical,
    }


@pytest.mark.django_db
def test_an_unknown_language_in_the_address_changes_nothing(client):
    for word in ("fr", "", "zh-hans", "<script>"):
        page = served(client, f"/?lang={word}", "zh-CN").content.decode()
        assert CHINESE in page
        assert not re.search(r'href="/[^"]*lang=', page)


@pytest.mark.django_db
def test_what_the_browser_asks_for_anyway_needs_no_word_in_the_links(client):
    assert not re.search(r'<a [^>]*href="/[^"]*lang=', served(client, "/?lang=zh", "zh-CN").content.decode())


def test_every_link_and_form_of_a_page_carries_the_language_on(client, promise):
    village = promise.commitment.organisation
    address = reverse("public-organisation", args=[village.code])
    waiting, seen = [f"{address}?lang=zh", "/?lang=zh", "/organisations/?lang=zh"], set()
    while waiting:
        page = served(client, waiting.pop(), "en")
        if not page["Content-Type"].startswith("text/html"):
            continue
        text = page.content.decode()
        assert CHINESE in text
        links = re.findall(r'<a [^>]*href="([^"#]*)', text)
        inside = {link.replace("&amp;", "&") for link in links if link[:1] in "/?" and link}
        assert all("lang=zh" in link or "lang=en" in link for link in inside)
        fresh = {link for link in inside if link.startswith("/") and "lang=zh" in link} - seen
        seen |= fresh
        waiting += sorted(link for link in fresh if "/booth/" not in link and "sign-in" not in link)[:30]
        assert re.search(r'href="/static/zhengyou\.[0-9a-f]{12}\.css"', text)
    assert len(seen) > 8


def test_a_form_that_asks_takes_the_language_along_in_a_field(client, cycle):
    page = served(client, "/organisations/?lang=zh", "en").content.decode()
    [search] = re.findall(r"<form[^>]*role=\"search\".*?</form>", page, re.DOTALL)
    assert '<input type="hidden" name="lang" value="zh">' in search


def test_a_form_that_posts_comes_back_in_its_language_and_leads_on_in_it(client, promise):
    address = f"{reverse('public-promise', args=[promise.commitment.organisation.code, promise.pk])}?lang=zh"
    page = served(client, address, "en").content.decode()
    assert re.search(r'action="/organisations/[^"]*\?lang=zh"', page)
    answer = client.post(address, filled(promise.reference, mark="on_course"), headers={"accept-language": "en"})
    assert answer["Location"].endswith("/?lang=zh")
    assert CHINESE in served(client, answer["Location"], "en").content.decode()
    wrong = client.post(address, filled(promise.reference, mark=""), headers={"accept-language": "en"})
    assert "请从三项中选一项" in wrong.content.decode()


def carried(answer, address="/?lang=zh"):
    request = RequestFactory().get(address, headers={"accept-language": "en"})
    return languages.LanguageMiddleware(lambda _request: answer)(request)


@pytest.mark.parametrize(
    ("written", "carried_on"),
    [
        ('<a href="/a/">', '<a href="/a/?lang=zh">'),
        ('<a href="/a/?b=1&amp;c=%26#d">', '<a href="/a/?b=1&amp;c=%26&amp;lang=zh#d">'),
        ('<a href="?page=2">', '<a href="?page=2&amp;lang=zh">'),
        ('<a href="?page=2&amp;lang=en">', '<a href="?page=2&amp;lang=en">'),
        ('<a href="#d">', '<a href="#d">'),
        ('<a href="//elsewhere.example/">', '<a href="//elsewhere.example/">'),
        ('<a href="https://elsewhere.example/">', '<a href="https://elsewhere.example/">'),
        ('<link href="/static/a.css">', '<link href="/static/a.css">'),
        ('<div hx-get="/a/">', '<div hx-get="/a/?lang=zh">'),
        ('<form method="post" action="/a/">', '<form method="post" action="/a/?lang=zh">'),
        ('<a href="/o&#x27;b/">', '<a href="/o&#x27;b/?lang=zh">'),
        ('<p>href="/a/"</p>', '<p>href="/a/"</p>'),
        ("<form>", '<form><input type="hidden" name="lang" value="zh">'),
    ],
)
def test_links_are_carried_on_and_nothing_else_is_touched(written, carried_on):
    assert carried(HttpResponse(written)).content.decode() == carried_on


def test_what_is_no_page_is_left_as_it_is():
    assert carried(HttpResponse('{"href": "/a/"}', content_type="application/json")).content == b'{"href": "/a/"}'
    streamed = carried(StreamingHttpResponse(iter([b'<a href="/a/">']), content_type="text/html"))
    assert b"".join(streamed) == b'<a href="/a/">'
    assert carried(HttpResponseRedirect("https://elsewhere.example/"))["Location"] == "https://elsewhere.example/"


def test_somebody_signed_in_keeps_the_language_they_chose(client, district):
    account = Account.objects.get(person=district.office)
    client.force_login(account)
    assert CHINESE in served(client, "/office/", "zh-CN").content.decode()
    answer = client.post(reverse("language"), {"language": "en", "next": "/office/?lang=zh&page=2"})
    assert answer["Location"] == "/office/?page=2"
    assert ENGLISH in served(client, "/office/", "zh-CN").content.decode()
    assert CHINESE in served(client, "/office/?lang=zh", "zh-CN").content.decode()
    client.logout()
    client.force_login(account)
    assert ENGLISH in served(client, "/office/", "zh-CN").content.decode()


@pytest.mark.django_db
def test_the_switch_leads_nowhere_else_and_keeps_nothing_for_a_visitor(client):
    for back in ("https://elsewhere.example/", "//elsewhere.example/", "", "javascript:alert(1)"):
        assert client.post(reverse("language"), {"language": "en", "next": back})["Location"] == "/"
    assert not client.cookies
    page = served(client, "/?a=1", "zh-CN").content.decode()
    assert '<a href="?a=1&amp;lang=en" lang="en" hreflang="en">English</a>' in page


def test_no_public_page_sets_a_cookie_of_all_that_links_lead_to(client, district, cycle, promise):
    notice = published_notice(district, cycle, at=clock.now())
    form = filled(promise.reference, mark="on_course", words="一句话")
    posted = client.post(reverse("public-promise", args=[promise.commitment.organisation.code, promise.pk]), form)
    filed = filled(notice.reference, nominee="whole", content="路未修通", name="", contact="")
    client.post(reverse("public-notice", args=[notice.year, notice.number]), filed)
    client.post(reverse("public-objection-answer"), {"code": "0000"})
    waiting, seen = (
        ["/", "/words/", "/words/puzzle/?about=promise:1", "/trust/", "/no-such/", posted["Location"]],
        set(),
    )
    while waiting:
        address = waiting.pop()
        answer = client.get(address)
        seen.add(address)
        assert not answer.cookies, address
        assert answer.status_code in {200, 404}, address
        if answer["Content-Type"].startswith("text/html"):
            links = set(re.findall(r'href="(/(?!static/)[^"#?]*)', answer.content.decode()))
            waiting += sorted(links - seen - set(waiting) - {reverse("sign-in")})
    assert len(seen) > 20
    assert not client.cookies

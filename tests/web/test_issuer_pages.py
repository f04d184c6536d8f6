"""A second issuer's own addresses: one site may ask, without cookies; what others get; the count before and after the close."""

import json
from uuid import uuid4

import pytest
from django.test import Client
from tests.cast import booth as cast_booth
from tests.cast import district as cast
from tests.cast import issuers as cast_issuers

from blindballot.format.encoding import unb64
from zhengyou.issuers import actions as issuer_actions
from zhengyou.issuers.models import IssuerDuty, IssuerRollEntry
from zhengyou.web.shared import clock

pytestmark = pytest.mark.django_db

ENGLISH = {"HTTP_ACCEPT_LANGUAGE": "en"}
OFFICE = {"HTTP_ORIGIN": cast_issuers.OFFICE_SITE}


@pytest.fixture
def both(settings):
    settings.ROOT_URLCONF = "zhengyou.web.issuer.urls"
    # As its settings have it: it has no pages to lead anybody to.
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if ".wrong_turns." not in name]
    district = cast.small_district()
    return cast_issuers.opened_by_both(district, cast_booth.small_cycle(district), district.members[:6])


def address(both, what=""):
    return f"/issue/{both.poll.key}/{both.pool.slug}/{what}"


def send(where, body, **more):
    return Client().post(where, body, content_type="application/json", **(ENGLISH | more))


def check_body(both, code):
    return json.dumps({"manifest": both.poll.fingerprint, "code": code})


def test_a_booth_checks_a_code_and_has_its_serials_signed(both):
    number = both.people[0].number
    code = both.county_codes[number]
    checked = send(address(both, "check"), check_body(both, code.lower().replace("-", " ")), **OFFICE)
    assert checked.json() == {"pool": "pool-1", "issued": False}
    ballot = both.ballot()
    body = cast_issuers.body(both, ballot, "county", code)
    issued = send(address(both), body, **OFFICE)
    ballot.accept("county", {line: unb64(text) for line, text in issued.json()["signatures"].items()})
    assert send(address(both), body, **OFFICE).json() == issued.json()
    assert send(address(both, "check"), check_body(both, code), **OFFICE).json()["issued"] is True
    other = send(address(both), cast_issuers.body(both, both.ballot(), "county", code), **OFFICE)
    assert (other.status_code, other.json()["reason"]) == (409, "already-issued")
    for answer in (checked, issued, other):
        assert not answer.cookies
        assert "no-store" in answer.headers["Cache-Control"]


def test_exactly_the_offices_own_site_is_granted_and_without_credentials(both):
    body = check_body(both, both.county_codes[both.people[0].number])
    for what in ("check", ""):
        asked = Client().options(address(both, what), **OFFICE)
        assert (asked.status_code, asked.content) == (204, b"")
        assert asked.headers["Access-Control-Allow-Origin"] == cast_issuers.OFFICE_SITE
        assert asked.headers["Access-Control-Allow-Methods"] == "POST"
        assert asked.headers["Access-Control-Allow-Headers"] == "content-type, accept-language"
        assert "Origin" in asked.headers["Vary"]
        refused = send(address(both, what), b"{", **OFFICE)
        assert refused.headers["Access-Control-Allow-Origin"] == cast_issuers.OFFICE_SITE
        assert not asked.has_header("Access-Control-Allow-Credentials")
        assert not refused.has_header("Access-Control-Allow-Credentials")
    granted = send(address(both, "check"), body, **OFFICE)
    assert granted.headers["Access-Control-Allow-Origin"] == cast_issuers.OFFICE_SITE


@pytest.mark.parametrize(
    "origin",
    [
        "https://elsewhere.example",
        "null",
        "http://testserver.elsewhere.example",
        "https://testserver",
        "http://testserver:81",
    ],
)
def test_a_request_from_another_site_is_refused_and_granted_nothing(both, origin):
    code = both.county_codes[both.people[0].number]
    bodies = {"check": check_body(both, code), "": cast_issuers.body(both, both.ballot(), "county", code)}
    for what, body in bodies.items():
        answers = [
            send(address(both, what), body, HTTP_ORIGIN=origin),
            Client().options(address(both, what), HTTP_ORIGIN=origin, **ENGLISH),
        ]
        for answer in answers:
            assert (answer.status_code, answer.json()["reason"]) == (403, "other-origin")
            assert not any(name.startswith("Access-Control") for name in answer.headers)
    assert not IssuerRollEntry.objects.filter(is_issued=True).exists()


def test_nonsense_and_strangers_are_answered_in_words(both):
    good = both.county_codes[both.people[0].number]
    for what, body, status, reason in [
        ("check", b"", 409, "malformed"),
        ("check", b"[" * 50_000, 409, "malformed"),
        ("check", b'{"manifest": {}, "code": []}', 409, "wrong-manifest"),
        ("check", check_body(both, "AAAA-AAAA-AAAA"), 409, "unknown-code"),
        ("", b"null", 409, "malformed"),
        ("", cast_issuers.body(both, both.ballot(), "county", "AAAA"), 409, "unknown-code"),
        ("", b"x" * 5_000_000, 413, "too-large"),
        ("", json.dumps({"manifest": both.poll.fingerprint, "code": good, "blinded": {}}), 409, "wrong-lines"),
    ]:
        answer = send(address(both, what), body, **OFFICE)
        assert (answer.status_code, answer.json()["reason"]) == (status, reason), body[:40]
        assert answer.json()["error"]
    for unknown in (f"/issue/{uuid4()}/pool-1/", f"/issue/{both.poll.key}/pool-9/check"):
        body = (
            check_body(both, good)
            if unknown.endswith("check")
            else cast_issuers.body(both, both.ballot(), "county", good)
        )
        assert send(unknown, body).json()["reason"] == "no-poll"
    assert not IssuerRollEntry.objects.filter(is_issued=True).exists()


def test_the_second_issuer_answers_in_the_readers_language(both):
    where, body = address(both, "check"), check_body(both, "AAAA")
    assert "second roll" in send(where, body, **OFFICE).json()["error"]
    chinese = Client().post(where, body, content_type="application/json", HTTP_ACCEPT_LANGUAGE="zh-Hans", **OFFICE)
    assert "名册" in chinese.json()["error"]


def test_it_has_no_other_pages(both):
    page = Client().get("/", **ENGLISH)
    text = page.content.decode()
    assert "Second issuer of ballot papers" in text
    assert f"{cast_issuers.OFFICE_SITE}/booth/{both.poll.key}/" in text
    assert not page.cookies
    assert Client().get("/health").json() == {"ok": True}
    for path in ("/office/", "/desk/", "/sign-in/", "/booth/", f"/booth/{both.poll.key}/cast", "/issue/", "/nothing"):
        answer = Client().get(path, **ENGLISH)
        assert (answer.status_code, "This page does not exist" in answer.content.decode()) == (404, True)
    for what in ("check", ""):
        assert Client().get(address(both, what)).status_code == 405
    assert Client().post(address(both, "statement")).status_code == 405


def test_the_count_is_told_once_its_operator_has_stated_it_and_asking_states_nothing(both):
    cast_issuers.drawn_from_county(both, both.ballot(), both.people[0].number)
    for _closed in range(2):
        early = Client().get(address(both, "statement"), **ENGLISH)
        assert (early.status_code, "has not stated its count yet" in early.json()["error"]) == (409, True)
        IssuerDuty.objects.update(closes_at=clock.now())
    issuer_actions.state_count(duty=both.duty, at=clock.now())
    said = Client().get(address(both, "statement"))
    assert json.loads(said.content)["issued"] == 1
    assert Client().get(address(both, "statement")).content == said.content
    assert Client().get(f"/issue/{uuid4()}/pool-1/statement").status_code == 404


def test_before_anything_is_opened_the_page_says_so(settings):
    settings.ROOT_URLCONF = "zhengyou.web.issuer.urls"
    assert "No appraisal has been opened here yet." in Client().get("/", **ENGLISH).content.decode()

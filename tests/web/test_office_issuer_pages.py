"""The office's page of a second issuer: naming, files in and out, what is refused and how it is said; what the booth's page then allows."""

import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from tests.cast import booth as cast_booth
from tests.cast import district as cast
from tests.cast import issuers as cast_issuers
from tests.cast.jobs import run_jobs

from zhengyou.ballots import actions as ballot_actions
from zhengyou.counting import actions as counting_actions
from zhengyou.identity.models import Account
from zhengyou.issuers import actions as issuer_actions
from zhengyou.polls import actions as poll_actions
from zhengyou.polls import queries as poll_queries
from zhengyou.polls.models import Poll, VoterPool
from zhengyou.web.shared import clock

pytestmark = pytest.mark.django_db

ENGLISH = {"HTTP_ACCEPT_LANGUAGE": "en"}
NAMED = {"issuer": "county", "name_zh": "县级发票方", "name_en": "County", "address": "https://issuer.example"}


@pytest.fixture
def district():
    return cast.small_district()


@pytest.fixture
def drafted(district):
    return cast_booth.drafted_now(district, cast_booth.small_cycle(district), [district.members[:6]])


@pytest.fixture
def office(district):
    return signed_in(district.office)


def signed_in(person):
    client = Client(**ENGLISH)
    client.force_login(Account.objects.get(person=person))
    return client


def page_of(poll, what=""):
    return reverse("office-issuer", args=[poll.key, "pool-1"]) + what


def text_of(response):
    return response.content.decode()


def upload(office, poll, what, data):
    form = {"file": SimpleUploadedFile("file.json", data)} if data is not None else {}
    return text_of(office.post(page_of(poll, what), form, follow=True))


def test_only_the_office_enters(district, drafted):
    for what in ("", "request.json", "reply/", "dismiss/", "statement/"):
        assert Client().get(page_of(drafted, what)).headers["Location"].startswith(reverse("sign-in"))
        is_file = what == "request.json"  # nothing is sent there by anybody
        assert Client().post(page_of(drafted, what)).status_code == (405 if is_file else 302)
        assert signed_in(district.leader).post(page_of(drafted, what)).status_code == (405 if is_file else 403)
    assert signed_in(district.office).get(page_of(drafted).replace("pool-1", "pool-9")).status_code == 404


def test_a_second_issuer_is_named_answers_and_the_poll_opens_with_both(office, district, drafted):
    poll_page = reverse("office-poll", args=[drafted.key])
    assert "Name a second issuer" in text_of(office.get(poll_page))
    shown = text_of(office.post(page_of(drafted), NAMED, follow=True))
    assert "The second issuer is named." in shown
    assert "Download the request" in shown
    assert "prepares its own roll of the same 6 people" in shown
    ballot_actions.prepare_keys(poll=drafted, count=9)
    waiting = text_of(office.get(poll_page))
    assert "Second issuer: County" in waiting
    assert "once the second issuer of Pool 1 has answered" in waiting
    assert "Freeze and open the appraisal" not in waiting
    request = office.get(page_of(drafted, "request.json"))
    assert "attachment" in request.headers["Content-Disposition"]
    assert json.loads(request.content)["origin"] == "http://testserver"
    duty = issuer_actions.take_on_duty(
        request=request.content, roll=cast_issuers.roll_of(district.members[:6]), at=clock.now()
    )
    issuer_actions.make_duty_keys(duty=duty, count=9)
    assert "not the reply of a second issuer" in upload(office, drafted, "reply/", b"nonsense")
    assert "not the reply of a second issuer" in upload(office, drafted, "reply/", None)
    assert "The keys of the second issuer are taken." in upload(
        office, drafted, "reply/", issuer_actions.write_duty_reply(duty)
    )
    assert "The second issuer has answered." in text_of(office.get(page_of(drafted)))
    assert "Freeze and open the appraisal" in text_of(office.get(poll_page))
    poll_actions.change_times(
        poll=drafted,
        opens_at=drafted.opens_at,
        closes_at=drafted.closes_at + cast_booth.HOUR,
        at=clock.now(),
        by=district.office,
    )
    assert "was changed since the second issuer answered" in text_of(office.get(page_of(drafted)))


def test_what_cannot_be_named_is_said_above_the_form(office, drafted):
    for changes, sentence in [
        ({"issuer": "office"}, "is the campaign office itself"),
        ({"address": "http://issuer.example"}, "Write the address as https://"),
        ({"name_en": ""}, "Please fill this in."),
    ]:
        assert sentence in text_of(office.post(page_of(drafted), NAMED | changes))
    assert VoterPool.objects.get().issuer == ""


def test_a_second_issuer_is_taken_back_and_hostile_names_stay_text(office, drafted):
    hostile = "</script><script>alert(1)</script>"
    office.post(page_of(drafted), NAMED | {"name_zh": hostile, "name_en": hostile})
    for page in (page_of(drafted), reverse("office-poll", args=[drafted.key])):
        assert "alert(1)" in text_of(office.get(page))
        assert "<script>alert" not in text_of(office.get(page))
    alone = text_of(office.post(page_of(drafted, "dismiss/"), follow=True))
    assert "The campaign office issues alone for this pool again." in alone
    assert VoterPool.objects.get().issuer == ""
    assert office.get(page_of(drafted, "request.json")).status_code == 409


@pytest.fixture
def both(district):
    return cast_issuers.opened_by_both(district, cast_booth.small_cycle(district), district.members[:6])


def test_the_booths_page_may_ask_the_second_issuer_of_its_poll_and_nobody_else(client, both, district):
    page = client.get(reverse("booth", args=[both.poll.key]), **ENGLISH)
    assert page.headers["Content-Security-Policy"].endswith("; connect-src 'self' https://issuer.example")
    assert f"https://issuer.example/issue/{both.poll.key}/pool-1/check" in text_of(page)
    alone = cast_booth.opened_now(district, both.poll.cycle, [district.members[6:11]])
    other = client.get(reverse("booth", args=[alone.key]), **ENGLISH)
    assert "connect-src" not in other.headers["Content-Security-Policy"]
    assert "issuer.example" not in text_of(other)


def test_the_opening_is_for_anybody_while_the_poll_is_open(client, office, district, both):
    drafted = cast_booth.drafted_now(district, both.poll.cycle, [])
    got = client.get(reverse("booth-opening", args=[both.poll.key]))
    assert json.loads(got.content)["manifest"] == json.loads(both.poll.manifest)
    assert reverse("booth-opening", args=[both.poll.key]) in text_of(office.get(page_of(both.poll)))
    assert client.get(reverse("booth-opening", args=[drafted.key])).status_code == 404


def test_the_office_is_told_to_pass_an_extension_on(office, both):
    assert "was extended" not in text_of(office.get(page_of(both.poll)))
    Poll.objects.update(closes_at=both.poll.closes_at + cast_booth.HOUR)
    assert "have it run “issuer extend 20" in text_of(office.get(page_of(both.poll)))


def test_after_the_close_the_office_sees_both_counts_and_who_got_half(office, district, both, monkeypatch):
    for person in both.people[:5]:
        cast_issuers.vote(both, person.number, "good")
    cast_issuers.drawn_from_office(both, both.ballot(), both.people[5].number)
    real, row = clock.now, both.poll
    monkeypatch.setattr(clock, "now", lambda: real() + 3 * cast_booth.HOUR)
    page = text_of(office.get(page_of(row)))
    assert "Fetch the count from its address" in page
    assert "not the count signed by" in upload(office, row, "statement/", b"{}")
    counting_actions.ask_to_close(poll=row, at=clock.now(), by=district.office)
    second = signed_in(district.second_office)
    waits = text_of(second.post(reverse("office-poll-close", args=[row.key]), follow=True))
    assert "The close waits for the signed count of County issuer" in waits
    statement = cast_issuers.stated(both, both.poll.closes_at)
    assert "The count of the second issuer is taken." in upload(office, row, "statement/", statement)
    page = text_of(office.get(page_of(row)))
    assert "The campaign office issued 6 ballot papers, County issuer 5." in page
    assert "At least 1 person got papers from only one of the two" in page
    second.post(reverse("office-poll-close", args=[row.key]))
    run_jobs()
    assert "its record is written" in text_of(second.get(reverse("office-poll", args=[row.key])))
    record = text_of(Client().get(reverse("public-record", args=[row.key]), **ENGLISH))
    assert "at least 1 got papers from only one of the two" in record
    assert "County issuer 5" in " ".join(record.split())


@contextmanager
def answering(status, body, location=""):
    """A small server that always gives this answer; yields its address."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(status)
            if location:
                self.send_header("Location", location)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args):
            pass

    server = HTTPServer(("127.0.0.1", 0), Answer)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_the_count_is_fetched_from_the_issuers_own_address(office, both):
    Poll.objects.update(closes_at=clock.now())
    statement = cast_issuers.stated(both, both.poll.closes_at)
    refusal = b'{"error": "The appraisal is still open here.", "reason": "poll"}'
    for status, body, location, sentence in [
        (409, refusal, "", "The appraisal is still open here."),
        (500, b"<html>", "", "answered with error 500"),
        (302, b"", "https://elsewhere.example/", "answered with error 302"),
        (200, b"<html>", "", "not the count signed by"),
        (200, statement, "", "The count of the second issuer is taken."),
    ]:
        with answering(status, body, location) as address:
            VoterPool.objects.update(issuer_address=address)
            assert sentence in upload(office, both.poll, "statement/", None)
    VoterPool.objects.update(issuer_address=address, issuer_count=None, issuer_statement="")
    assert "No answer came from" in upload(office, both.poll, "statement/", None)
    assert poll_queries.pools_of(both.poll)[0].issuer_count is None


@pytest.mark.parametrize("pools", [1, 3])
def test_the_page_of_a_poll_asks_as_much_for_many_second_issuers(office, district, pools, django_assert_num_queries):
    groups = [district.members[n : n + 5] for n in (0, 5)] + [[*district.secretaries, district.leader]]
    row = cast_booth.drafted_now(district, cast_booth.small_cycle(district), groups[:pools])
    for pool in poll_queries.pools_of(row):
        ballot_actions.name_issuer(
            poll=row,
            pool=pool,
            issuer="county",
            name=cast_issuers.COUNTY,
            address=cast_issuers.ADDRESS,
            at=clock.now(),
            by=district.office,
        )
    with django_assert_num_queries(16):
        page = office.get(reverse("office-poll", args=[row.key]))
    assert text_of(page).count("Second issuer: County issuer") == pools

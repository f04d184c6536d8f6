"""The booth's addresses as a browser, a tampered page or somebody with a command line calls them."""

import hashlib
import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from tests.cast import booth as cast_booth
from tests.cast import boxes as cast_boxes
from tests.cast import district as cast
from tests.cast import keys as cast_keys
from tests.cast import polls as cast_polls

from blindballot.format.manifest import read_manifest
from blindballot.voter.voting import Ballot
from zhengyou.ballots import actions as ballot_actions
from zhengyou.ballots import queries as ballot_queries
from zhengyou.organisations.models import Organisation
from zhengyou.polls import actions as poll_actions
from zhengyou.polls.models import Poll
from zhengyou.web.shared import clock
from zhengyou.web.shared.readings import reading

pytestmark = pytest.mark.django_db

ENGLISH = {"HTTP_ACCEPT_LANGUAGE": "en"}
HOSTILE = "</script><script>alert(1)</script><img src=x onerror=alert(2)>\"'"


@pytest.fixture
def district():
    return cast.small_district()


@pytest.fixture
def cycle(district):
    return cast_booth.small_cycle(district)


@pytest.fixture
def opened(district, cycle):
    return cast_booth.opened_now(district, cycle, [district.members[:7]])


def send(client, name, poll, body, **more):
    return client.post(reverse(name, args=[poll.key]), body, content_type="application/json", **(ENGLISH | more))


def a_ballot(poll):
    return Ballot.begin(read_manifest(poll.manifest.encode()), ballot_queries.public_keys(poll), "pool-1")


def filled(poll, ballot):
    manifest = read_manifest(poll.manifest.encode())
    marks = {line.id: dict.fromkeys(line.criteria, "good") for line in manifest.lines}
    return cast_polls.cast_body(poll, ballot.cast(marks))


def shift(poll, by):
    Poll.objects.filter(pk=poll.pk).update(opens_at=poll.opens_at + by, closes_at=poll.closes_at + by)


def test_a_ballot_goes_from_code_to_box_over_http(client, opened, district):
    code = cast_booth.codes_for(opened, [district.members[3]])[0]
    sheet = send(client, "booth-keys", opened, cast_booth.keys_body(opened, code)).json()
    assert (sheet["pool"], sheet["issued"]) == ("pool-1", False)
    ballot = a_ballot(opened)
    issued = send(client, "booth-issue", opened, cast_polls.issue_body(opened, ballot, code)).json()
    ballot.accept("office", {line: cast_booth.unb64(text) for line, text in issued["signatures"].items()})
    answer = send(Client(), "booth-cast", opened, filled(opened, ballot))
    assert len(answer.json()["acknowledgements"]) == 1
    assert "no-store" in answer.headers["Cache-Control"]
    assert not answer.cookies
    again = send(client, "booth-issue", opened, cast_polls.issue_body(opened, a_ballot(opened), code))
    assert (again.status_code, again.json()["reason"]) == (409, "already-issued")
    assert send(client, "booth-keys", opened, cast_booth.keys_body(opened, code)).json()["issued"] is True
    assert len(cast_boxes.slips_in(opened)) == 1


def test_the_booth_knows_that_a_letter_was_renewed_so_that_it_cries_no_alarm(client, opened, district):
    (first,) = cast_booth.codes_for(opened, district.members[:1])
    sheet = send(client, "booth-keys", opened, cast_booth.keys_body(opened, first)).json()
    (second,) = cast_booth.codes_for(opened, district.members[:1])
    before = send(client, "booth-keys", opened, cast_booth.keys_body(opened, second)).json()
    cast_boxes.mark_as_issued(opened, district.members[0])
    (third,) = cast_booth.codes_for(opened, district.members[:1])
    renewed = send(client, "booth-keys", opened, cast_booth.keys_body(opened, third)).json()
    assert (sheet["renewed"], before["renewed"], renewed["renewed"]) == (False, False, True)


def test_the_page_carries_what_the_booth_needs_and_a_word_for_those_without_javascript(client, opened):
    page = client.get(reverse("booth", args=[opened.key]), **ENGLISH)
    text = page.content.decode()
    assert f'data-fingerprint="{opened.fingerprint}"' in text
    assert "<noscript>" in text
    assert "Voting needs JavaScript" in text
    assert "Open until" in text
    assert 'lang="en"' in text
    manifest = client.get(reverse("booth-manifest", args=[opened.key]))
    assert hashlib.sha256(manifest.content).hexdigest() == opened.fingerprint
    assert manifest.headers["Content-Type"] == "application/json"
    assert manifest.headers["X-Content-Type-Options"] == "nosniff"
    assert 'lang="zh-Hans"' in client.get(reverse("booth", args=[opened.key])).content.decode()


def test_in_english_the_names_on_the_sheet_come_with_their_pinyin(client, opened, district):
    page = client.get(reverse("booth", args=[opened.key]), **ENGLISH).content.decode()
    assert json.loads(page.partition('id="booth-readings" type="application/json">')[2].partition("<")[0]) == {
        name: reading(name) for name in {line["name"]["en"] for line in json.loads(opened.manifest)["lines"]}
    }
    chinese = client.get(reverse("booth", args=[opened.key]), HTTP_ACCEPT_LANGUAGE="zh-hans")
    assert "booth-readings" not in chinese.content.decode()


def test_before_and_after_its_time_the_booth_says_so(client, opened, district):
    code = cast_booth.codes_for(opened, [district.members[0]])[0]
    for by, sentence, reason in [
        (timedelta(days=1), "Opens on", "not-open"),
        (timedelta(days=-1), "Closed since", "closed"),
    ]:
        shift(opened, by)
        assert sentence in client.get(reverse("booth", args=[opened.key]), **ENGLISH).content.decode()
        refused = send(client, "booth-keys", opened, cast_booth.keys_body(opened, code))
        assert (refused.status_code, refused.json()["reason"]) == (409, reason)


def test_polls_that_are_not_there_or_not_open_to_the_public_are_not_found(client, district, cycle):
    drafted = cast_booth.drafted_now(district, cycle, [district.members[:5]])
    pages = ("booth", "booth-manifest", "public-record", "public-record-zip", "public-results")
    for key in (drafted.key, uuid4()):
        assert {client.get(reverse(name, args=[key])).status_code for name in pages} == {404}
        for name in ("booth-keys", "booth-issue", "booth-cast"):
            body = b'{"manifest": "", "code": ""}'
            answer = Client().post(reverse(name, args=[key]), body, content_type="application/json", **ENGLISH)
            assert (answer.status_code, answer.json()["reason"]) == (404, "no-poll")
    for path in ("/booth/1/", "/booth/not-a-uuid/", f"/booth/{str(drafted.key).upper()}/", "/records/../files/x"):
        assert client.get(path).status_code == 404


def test_each_address_takes_its_own_method(client, opened):
    for name in ("booth", "booth-manifest", "public-polls"):
        args = [] if name == "public-polls" else [opened.key]
        assert client.post(reverse(name, args=args)).status_code == 405
        assert client.delete(reverse(name, args=args)).status_code == 405
    for name in ("booth-keys", "booth-issue", "booth-cast"):
        assert client.get(reverse(name, args=[opened.key])).status_code == 405
        assert client.put(reverse(name, args=[opened.key]), b"{}").status_code == 405


def test_nonsense_is_answered_in_words_and_leaves_nothing(client, opened):
    nonsense = [
        b"",
        b"{",
        b"null",
        b"[]",
        b"7",
        b"\xff\xfe",
        b'{"manifest": 1, "manifest": 2}',
        b"[" * 50_000,
        b'{"manifest": {}, "code": []}',
        json.dumps({"manifest": opened.fingerprint, "code": "\ud800\0" * 50}).encode(),
        json.dumps({"manifest": opened.fingerprint, "code": {"a": 1}, "slips": {}, "blinded": []}).encode(),
        json.dumps({"manifest": opened.fingerprint, "code": "A" * 100_000, "slips": [1, None], "blinded": {}}).encode(),
        b'{"manifest": ' + b"9" * 5000 + b"}",
    ]
    known = {"malformed", "wrong-manifest", "unknown-code", "wrong-lines", "too-large"}
    for body in nonsense:
        for name in ("booth-keys", "booth-issue", "booth-cast"):
            answer = send(client, name, opened, body)
            assert answer.status_code == 409, body[:40]
            assert answer.json()["reason"] in known
            assert answer.json()["error"]
    assert cast_boxes.slips_in(opened) == []


def test_huge_bodies_are_refused_in_words(client, opened):
    for name in ("booth-keys", "booth-issue", "booth-cast"):
        answer = send(client, name, opened, b"x" * 5_000_000)
        assert (answer.status_code, answer.json()["reason"]) == (413, "too-large")


def test_what_could_name_the_voter_is_refused_by_the_box(client, opened, district):
    code = cast_booth.codes_for(opened, [district.members[2]])[0]
    ballot = a_ballot(opened)
    signed = ballot_actions.issue_tokens(poll=opened, body=cast_polls.issue_body(opened, ballot, code), at=clock.now())
    ballot.accept("office", {line: cast_booth.unb64(text) for line, text in signed["signatures"].items()})
    body = filled(opened, ballot)
    client.cookies["any"] = "1"
    for caller, header in ((client, {}), (Client(), {"HTTP_AUTHORIZATION": "Basic eDp5"})):
        answer = send(caller, "booth-cast", opened, body, **header)
        assert (answer.status_code, answer.json()["reason"]) == (409, "carries-identity")
    assert cast_boxes.slips_in(opened) == []


def test_another_polls_code_or_manifest_opens_nothing(client, opened, cycle, district):
    other = cast_booth.opened_now(district, cycle, [district.members[7:12]])
    code = cast_booth.codes_for(other, [district.members[8]])[0]
    for body, reason in [
        (cast_booth.keys_body(opened, code), "unknown-code"),
        (cast_booth.keys_body(other, code), "wrong-manifest"),
        (cast_polls.issue_body(opened, a_ballot(opened), code), "unknown-code"),
    ]:
        name = "booth-issue" if b"blinded" in body else "booth-keys"
        answer = send(client, name, opened, body)
        assert (answer.status_code, answer.json()["reason"]) == (409, reason)
    cast_booth.vote(other, "pool-1", code, lambda place: "good")
    [slip] = cast_boxes.slips_in(other)
    document = slip.to_json()
    stolen = json.dumps({"manifest": opened.fingerprint, "slips": [document]}).encode()
    assert send(client, "booth-cast", opened, stolen).json()["reason"] in {"forged-token", "forged-signature"}


def test_hostile_names_stay_text(client, district, cycle):
    Organisation.objects.filter(pk=district.villages[0].pk).update(name=HOSTILE)
    row = poll_actions.plan_poll(
        cycle=cycle,
        name={"zh-hans": HOSTILE, "en": HOSTILE},
        organisations=[Organisation.objects.get(pk=district.villages[0].pk)],
        opens_at=clock.now() - cast_booth.HOUR,
        closes_at=clock.now() + cast_booth.HOUR,
        at=clock.now(),
        by=district.office,
    )
    poll_actions.add_pool(
        poll=row,
        name={"zh-hans": HOSTILE, "en": HOSTILE},
        people=district.members[:5],
        at=clock.now(),
        by=district.office,
    )
    cast_keys.give_keys(row)
    cast_polls.watched(row, district, at=clock.now())
    ballot_actions.open_poll(poll=row, at=clock.now(), by=district.office)
    for address in (reverse("booth", args=[row.key]), reverse("public-polls")):
        text = client.get(address).content.decode()
        assert "alert(1)" in text
        assert "<script>alert" not in text
        assert "<img" not in text
    document = json.loads(client.get(reverse("booth-manifest", args=[row.key])).content)
    assert document["lines"][0]["name"]["en"] == HOSTILE


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(("state", "questions"), [(Poll.State.OPENED, 3), (Poll.State.CLOSED, 4)])
def test_the_list_of_polls_asks_as_much_for_many_polls(
    client, district, cycle, rows, state, questions, django_assert_num_queries
):
    for _number in range(rows):
        row = cast_booth.drafted_now(district, cycle, [])
        Poll.objects.filter(pk=row.pk).update(state=state)
    with django_assert_num_queries(questions):
        page = client.get(reverse("public-polls"), **ENGLISH)
    assert page.content.decode().count(">Test appraisal</a>") == rows

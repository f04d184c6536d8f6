"""The page of the recount: a closed poll's files by their addresses, nothing before the close, all sentences there."""

import json
import re
from pathlib import Path

import pytest
from django.urls import reverse
from tests.cast import booth as cast_booth
from tests.cast import district as cast

from zhengyou.counting import queries as counting_queries
from zhengyou.web.shared.recount_words import recount_words

pytestmark = pytest.mark.django_db

ENGLISH = {"HTTP_ACCEPT_LANGUAGE": "en"}
CLIENT = Path(__file__).parents[2] / "frontend" / "recount"


@pytest.fixture
def district():
    return cast.small_district(members_a_village=5)


@pytest.fixture
def opened(district):
    return cast_booth.opened_now(district, cast_booth.small_cycle(district, criteria=1), [district.members[:6]])


@pytest.fixture
def closed(district, opened):
    return cast_booth.closed_now(opened, district)


def page_of(client, words=""):
    return client.get(reverse("recount") + words, **ENGLISH)


def listed(response, name):
    found = re.search(rf'<script id="{name}" type="application/json">(.*?)</script>', response.content.decode())
    return json.loads(found[1]) if found else None


def test_the_page_asks_the_house_for_its_menu_only(client, django_assert_num_queries):
    with django_assert_num_queries(1):
        page = page_of(client)
    assert page.status_code == 200
    assert listed(page, "recount-files") is None
    text = page.content.decode()
    for name in ("recount-zip", "recount-folder", "recount-announced", "recount-open-all"):
        assert f'for="{name}"' in text
        assert f'id="{name}"' in text


def test_a_record_of_this_site_is_named_with_the_addresses_of_its_files(client, closed):
    page = page_of(client, f"?record={closed.key}")
    files = listed(page, "recount-files")
    names = [
        "board.jsonl",
        "cancelled.jsonl",
        "closing-keys.json",
        "counts.json",
        "gate.json",
        "invalid.jsonl",
        "keys.json",
        "manifest.json",
        "opened.jsonl",
        "printed.json",
        "record.json",
        "record.sig",
        "sealed.jsonl",
        "statements.jsonl",
    ]
    assert [file["name"] for file in files] == names
    for file in files:
        answer = client.get(file["url"])
        assert b"".join(answer.streaming_content) == counting_queries.record_path(closed, file["name"]).read_bytes()
    assert 'data-record="Test appraisal"' in page.content.decode()


def test_the_page_of_the_record_leads_here(client, closed):
    text = client.get(reverse("public-record", args=[closed.key]), **ENGLISH).content.decode()
    assert f'href="{reverse("recount")}?record={closed.key}"' in text
    assert "Recount it in this browser" in text


@pytest.mark.parametrize("key", ["", "x", "%01", "00000000-0000-4000-8000-00000000000f"])
def test_what_is_no_record_is_not_found(client, key):
    assert page_of(client, f"?record={key}").status_code == 404


def test_an_open_poll_has_nothing_to_recount(client, opened):
    assert page_of(client, f"?record={opened.key}").status_code == 404


def test_every_sentence_the_client_knows_is_there_and_no_other(client):
    sources = "".join((CLIENT / name).read_text("utf-8") for name in ("words.ts", "findings.ts"))
    lists = re.findall(r"= \[([^=\[\]]*)\] as const", sources)
    known = {word for one in lists for word in re.findall(r'"([a-z0-9_-]+)"', one)}
    assert known == set(recount_words()) == set(listed(page_of(client), "recount-words"))


def test_the_braces_are_those_that_the_client_fills():
    allowed = {"name", "done", "total", "slips", "opened", "count", "file", "line", "detail"}
    allowed |= {
        "pool",
        "place",
        "said",
        "counted",
        "field",
        "closes_at",
        "announced_at",
        "reason",
        "lines",
        "remark",
        "fingerprint",
    }
    for sentence in recount_words().values():
        assert set(re.findall(r"{(\w+)}", sentence)) <= allowed

"""One number, one word: what the record, the count report, the result and an organisation's card say of the same thing."""

import html
import re

import pytest
from django.urls import reverse
from tests.cast import booth as cast_booth
from tests.cast import district as cast

from zhengyou.counting import queries as counting
from zhengyou.polls import queries as polls
from zhengyou.standings import actions, queries
from zhengyou.web.public import counting_report
from zhengyou.web.shared import clock
from zhengyou.web.shared.mark_words import mark_names

pytestmark = pytest.mark.django_db

CHINESE = {"HTTP_ACCEPT_LANGUAGE": "zh-CN"}
MARKS = ("good", "fairly-good", "fair", "poor", "dont_know", "unmarked")


@pytest.fixture
def computed():
    """Two pools whose voters use every mark, one of them small enough for bands, and some slips without any grade."""
    district = cast.small_district(members_a_village=8)
    large, small = district.members[:24], district.members[24:30]
    row = cast_booth.opened_now(district, cast_booth.small_cycle(district, criteria=2), [large, small], units=3)
    for number, people in ((1, large), (2, small)):
        for voter, code in enumerate(cast_booth.codes_for(row, people)):
            cast_booth.vote(row, f"pool-{number}", code, lambda place, n=voter: MARKS[(n + place) % 6 if n % 5 else 5])
    closed = cast_booth.closed_now(row, district)
    actions.compute_result(poll=closed, at=clock.now(), by=district.office)
    return closed


def text_of(client, name, *parts):
    answer = client.get(reverse(name, args=parts), **CHINESE)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())))


def items_of(poll):
    """Organisation, item and counts as the record has them, in the words of the pages."""
    manifest = polls.manifest_document(poll)
    lines = {line["id"]: line for line in manifest["lines"]}
    items = {one["id"]: one["name"]["zh-hans"] for one in manifest["criteria"]}
    names = {mark: name["zh-hans"] for mark, name in mark_names(manifest).items()}
    for pool in counting.record_counts(poll)["pools"]:
        for line in pool["lines"]:
            for one in line.get("criteria", []):
                cells = [("/".join(names[mark] for mark in cell["marks"]), cell["n"]) for cell in one.get("cells", [])]
                yield lines[line["line"]]["name"]["zh-hans"], items[one["criterion"]], cells


def test_every_count_of_the_record_stands_in_the_same_words_on_result_and_report(client, computed):
    result, report = (text_of(client, name, computed.key) for name in ("public-results", "public-count-report"))
    counted = [(unit, item, cells) for unit, item, cells in items_of(computed) if cells]
    assert any("弃权" in mark for _unit, _item, cells in counted for mark, _n in cells)
    for _unit, item, cells in counted:
        assert f"{item} {' · '.join(f'{mark} {n}' for mark, n in cells)} " in result
        for mark, n in cells:
            assert re.search(rf"{re.escape(mark)} {n} \(\d", report)
    assert "未评" not in result + report
    # What counts whole slips has a name of its own.
    assert counting_report.heads().count("Without any grade") == 1
    assert "整张弃权" in report


def test_turnout_scores_and_sentences_are_the_same_on_every_page(client, computed):
    result, report, record = (
        text_of(client, name, computed.key) for name in ("public-results", "public-count-report", "public-record")
    )
    for pool in counting.turnout_of_record(computed):
        turnout = f"名册{pool['size']}人，发出选票{pool['issued']}张，收回{pool['returned']}张。"
        assert turnout in result
        assert turnout in report
        assert turnout in record
    document, brief = queries.newest_result(computed).document, text_of(client, "public-result-brief", computed.key, 1)
    scored = [row for row in document.pools[0].units if row.score is not None]
    assert len(scored) == 3
    for row in scored:
        card = text_of(client, "public-unit", computed.key, 1, row.unit)
        for page in (result, report, card, brief):
            assert f"{row.score:.2f}" in page
        low, high = row.standing.rank_low, row.standing.rank_high
        places = f"{low}" if low == high else f"{low}–{high}"
        assert all(f" {places} " in page for page in (result, card, brief))
    may = result.split("可以说", 1)[1].split("突出显示")[0]
    assert may
    assert may.split("不可以说")[0].strip() in brief

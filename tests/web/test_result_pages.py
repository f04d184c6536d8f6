"""Results and records in public: nothing before the close, everything afterwards, and names that stay names."""

import csv
import hashlib
import io
import re
import zipfile
from uuid import uuid4

import pytest
from django.urls import reverse
from tests.cast import booth as cast_booth
from tests.cast import district as cast

from honestrank import for_spreadsheet
from zhengyou.organisations.models import Organisation
from zhengyou.polls.models import Poll
from zhengyou.standings import actions, queries
from zhengyou.standings.computing import releasing
from zhengyou.standings.models import Result
from zhengyou.web.shared import clock
from zhengyou.web.shared.charts import Axis, Whisker, whisker_chart
from zhengyou.web.shared.readings import short_reading
from zhengyou.web.shared.standing_charts import _ticks

pytestmark = pytest.mark.django_db

ENGLISH = {"HTTP_ACCEPT_LANGUAGE": "en"}
HOSTILE = "=1+1</text></svg><script>alert(1)</script>\"'"
GRADES = ("good", "fairly-good", "fair")


@pytest.fixture
def district():
    return cast.small_district(members_a_village=5)


@pytest.fixture
def cycle(district):
    return cast_booth.small_cycle(district, criteria=1)


def closed_poll(district, cycle, *, units=2, voters=14):
    """One pool of fourteen: the later an organisation stands on the sheet, the worse its grades."""
    people = district.members[:14]
    row = cast_booth.opened_now(district, cycle, [people], units=units)
    for voter, code in enumerate(cast_booth.codes_for(row, people[:voters])):
        cast_booth.vote(row, "pool-1", code, lambda place, n=voter: GRADES[min((n % 2) + place, 2)])
    return cast_booth.closed_now(row, district)


@pytest.fixture
def computed(district, cycle):
    closed = closed_poll(district, cycle)
    actions.compute_result(poll=closed, at=clock.now(), by=district.office)
    return closed


def shared(page):
    """What a page says of itself where its address is shared."""
    return re.search(r'<meta property="og:description" content="([^"]*)"', page)[1]


def text_of(response):
    return b"".join(response.streaming_content if response.streaming else [response.content]).decode("utf-8-sig")


def page_of(client, poll, words=""):
    return text_of(client.get(reverse("public-results", args=[poll.key]) + words, **ENGLISH))


def test_a_unit_page_names_an_appraisal_once_above_the_groups_that_graded(client, computed, district):
    unit = queries.newest_result(computed).document.pools[0].units[0].unit
    page = text_of(client.get(reverse("public-organisation", args=[unit]), **ENGLISH))
    table = page.partition('id="results"')[2].partition("</table>")[0]
    assert table.count('scope="colgroup"') == 1
    [linked] = re.findall(r"<th scope=\"row\">\s*<a [^>]+>(.*?)</a>", table, re.DOTALL)
    assert computed.name["en"] not in re.sub(r'<span class="unseen">.*?</span>', "", linked)
    assert f"This page on {clock.today():%-d %B %Y}:" in page


def test_a_result_has_its_chart_its_table_and_its_method(client, computed, district):
    text = page_of(client, computed)
    assert (text.count("<circle"), text.count('class="mark bar"')) == (2, 2)
    for words in ("14 on the roll, 14 ballots issued, 14 returned.", "Possible places", "Not clearly different from"):
        assert words in text
    assert "python -m honestrank scores-pool-1-1.csv --unit unit" in text
    assert reverse("public-record", args=[computed.key]) in text
    assert text.index("May be said") < text.partition("<main")[2].index("<svg") + text.index("<main")
    assert "Bold: the chosen one." not in text
    assert "what may be said of the units and what may not" in shared(text)
    chosen = page_of(client, computed, "?unit=001001001")
    assert chosen.count('<tr class="chosen"') == 1
    assert chosen.count('<p class="chosen"') == 2
    assert "Bold: the chosen one." in chosen


def test_the_data_are_the_published_scores(client, computed):
    answer = client.get(reverse("public-scores", args=[computed.key, 1, "pool-1"]))
    assert answer.headers["Content-Disposition"] == 'attachment; filename="scores-pool-1-1.csv"'
    rows = list(csv.DictReader(io.StringIO(text_of(answer))))
    [pool] = queries.newest_result(computed).document.pools
    assert [(row["unit"], float(row["score"]), float(row["se"]), int(row["n"])) for row in rows] == [
        (for_spreadsheet(row.unit), row.score, row.standard_error, row.n) for row in pool.units
    ]


def test_the_address_of_a_result_says_that_it_is_not_there_yet(client, district, cycle):
    opened = cast_booth.opened_now(district, cycle, [district.members[:14]], units=2)
    answer = client.get(reverse("public-results", args=[opened.key]), **ENGLISH)
    assert answer.status_code == 404
    assert "There is no result yet" in text_of(answer)
    assert client.get(reverse("public-result-number", args=[opened.key, 1]), **ENGLISH).status_code == 404
    drafted = cast_booth.drafted_now(district, cycle, [])
    assert "There is no result yet" not in text_of(client.get(f"/results/{drafted.key}/", **ENGLISH))


def test_what_is_not_there_is_not_found(client, computed, district, cycle):
    drafted = cast_booth.drafted_now(district, cycle, [])
    for key in (drafted.key, uuid4(), "x"):
        for address in (f"/results/{key}/", f"/records/{key}/", f"/records/{key}/record.zip"):
            assert client.get(address).status_code == 404
    results, record = f"/results/{computed.key}/", f"/records/{computed.key}/files/"
    for address in ("2/", f"{10**30}/", "-1/", "1/pool-9.csv", "1/pool-1.xml", "2/pool-1.csv"):
        assert client.get(results + address).status_code == 404
    for name in ("../handover-for-scrutineers.jsonl", "..%2fhandover-for-scrutineers.jsonl", "nothing", "."):
        assert client.get(record + name).status_code == 404
    assert client.get(f"{record}%00").status_code == 400
    for name in ("public-results", "public-record", "public-record-zip"):
        assert client.post(reverse(name, args=[computed.key])).status_code == 405


def test_a_chosen_organisation_that_is_not_there_changes_nothing(client, computed):
    plain = page_of(client, computed)
    for words in ("?unit=none", "?unit=", "?unit=" + "x" * 3000, "?unit=%22%3E%3Cscript%3Ealert(1)", "?unit=%ff"):
        text = page_of(client, computed, words)
        assert "<script>alert" not in text
        assert (text.count("<circle"), text.count('class="chosen"')) == (2, plain.count('class="chosen"'))
        assert "Bold: the chosen one." not in text


def test_the_chooser_stands_at_the_chosen_organisation(client, computed):
    codes = re.findall(r'<option value="(\d+)"', page_of(client, computed))
    assert len(codes) == 2
    for code in codes:
        text = page_of(client, computed, f"?unit={code}")
        assert re.findall(r'<option value="(\d+)" selected', text) == [code]
        assert (
            "It is not clearly different from" in text
            or "It is clearly different from every other one compared." in text
        )


def test_a_unit_that_can_be_chosen_is_read_once(client, computed):
    for choice in re.findall("<option value=.+?>([^<]+)</option>", page_of(client, computed))[1:]:
        name, _dot, read = choice.strip().partition(" · ")
        assert read == short_reading(name)


def test_in_chinese_what_is_rated_has_one_word(client, computed):
    """They are called 单位 everywhere; 组织 stands in their names and titles alone."""
    code = re.findall(r'<option value="(\d+)"', page_of(client, computed))[0]
    chinese = {"HTTP_ACCEPT_LANGUAGE": "zh-CN"}
    for address in (
        f"{reverse('public-results', args=[computed.key])}?unit={code}",
        reverse("public-unit", args=[computed.key, 1, code]),
    ):
        text = client.get(address, **chinese).content.decode()
        assert "个单位" in text
        assert not re.findall("(?:个|各|些|其他|的|选|比|哪个|下列)组织", text)


def test_a_long_table_has_pages_and_its_file_has_all(client, computed, monkeypatch):
    """Two organisations on pages of one stand for two thousand on pages of fifty."""
    monkeypatch.setattr("zhengyou.web.public.standings_tables.ROWS", 1)
    monkeypatch.setattr("zhengyou.web.public.standings_tables.MOST_CHOICES", 1)
    table = r'<th scope="row">\s*<a href="[^"]*/units/(\d+)/">([^<]+)'
    [(best, its_name)] = re.findall(table, page_of(client, computed))
    second = page_of(client, computed, "?table=pool-1&page=2")
    [(worse, other_name)] = re.findall(table, second)
    assert best != worse
    assert "show 2 to 2 of 2" in second
    assert second.count("<circle") == second.count('class="mark bar"') == 1
    # Whoever is highlighted is seen, by code or by name; a name that several have asks which.
    for asked in (worse, other_name):
        found = page_of(client, computed, f"?unit={asked}")
        assert [one for one, _name in re.findall(table, found)] == [worse]
    assert "Which one?" in page_of(client, computed, f"?unit={its_name[0]}")
    assert "is called “不在这里”" in page_of(client, computed, "?unit=不在这里")
    data = text_of(client.get(reverse("public-scores", args=[computed.key, 1, "pool-1"])))
    assert len(list(csv.DictReader(io.StringIO(data)))) == 2


def test_hostile_names_stay_text_in_chart_table_data_and_record(client, district, cycle):
    Organisation.objects.filter(pk=district.villages[0].pk).update(name=HOSTILE)
    district.villages[0].refresh_from_db()
    closed = closed_poll(district, cycle)
    actions.compute_result(poll=closed, at=clock.now(), by=district.office)
    for words in ("", "?unit=001001002"):
        text = page_of(client, closed, words)
        assert "alert(1)" in text
        assert "<script>alert" not in text
        assert text.partition("<main")[2].count("</svg>") == 2 * (2 + 2)  # two charts: grid, scale, two rows
    data = text_of(client.get(reverse("public-scores", args=[closed.key, 1, "pool-1"])))
    first = next(csv.DictReader(io.StringIO(data)))
    assert first["name"] == "'" + HOSTILE
    assert "<script>alert" not in text_of(client.get(f"/organisations/{district.villages[0].code}/"))


def test_a_poll_that_too_few_answered_shows_turnout_only(client, district, cycle):
    closed = closed_poll(district, cycle, units=1, voters=3)
    actions.compute_result(poll=closed, at=clock.now(), by=district.office)
    text = page_of(client, closed)
    assert (
        "Not valid: the rules ask for at least 10 to be returned. No ballot was opened, and nothing is counted." in text
    )
    assert "14 on the roll, 3 ballots issued, 3 returned." in text
    assert "<svg" not in text.partition("<main")[2]
    assert "How this was computed" not in text


def test_an_older_result_stays_where_it_was(client, computed):
    first = Result.objects.get()
    Result.objects.create(
        poll=computed, number=2, stored_document=first.stored_document, fingerprint="2" * 64, computed_at=clock.now()
    )
    text = page_of(client, computed)
    assert "Result number 2" in text
    older = reverse("public-result-number", args=[computed.key, 1])
    assert older in text
    assert "Result number 1, computed" in text_of(client.get(older, **ENGLISH))


def test_the_record_can_be_taken_whole_or_file_by_file(client, computed):
    archive = client.get(reverse("public-record-zip", args=[computed.key]))
    with zipfile.ZipFile(io.BytesIO(archive.getvalue())) as unpacked:
        files = {name.split("/")[1]: unpacked.read(name) for name in unpacked.namelist()}
    assert {name.split("/")[0] for name in unpacked.namelist()} == {f"record-{computed.key}"}
    assert "handover-for-scrutineers.jsonl" not in files
    for name, data in files.items():
        address = reverse("public-record-file", args=[computed.key, name])
        assert text_of(client.get(address)).encode() == data
    assert hashlib.sha256(files["record.json"]).hexdigest() == Poll.objects.get().record_fingerprint
    page = text_of(client.get(reverse("public-record", args=[computed.key]), **ENGLISH))
    assert f"python -m blindballot verify record-{computed.key}" in page
    assert "every slip that was in the box, without names" in shared(page)


@pytest.mark.parametrize("units", [1, 3])
def test_the_page_of_a_result_asks_as_much_for_many_organisations(
    client, district, cycle, units, django_assert_num_queries
):
    closed = closed_poll(district, cycle, units=units)
    actions.compute_result(poll=closed, at=clock.now(), by=district.office)
    with django_assert_num_queries(5):
        page_of(client, closed)


@pytest.mark.parametrize("polls", [1, 3])
def test_an_organisations_results_ask_as_much_for_many_polls(district, cycle, polls, django_assert_num_queries):
    for _number in range(polls):
        closed = closed_poll(district, cycle, units=1)
        actions.compute_result(poll=closed, at=clock.now(), by=district.office)
    with django_assert_num_queries(2):
        found = queries.results_of_organisation(district.villages[0])
    assert len(found) == polls


@pytest.mark.parametrize(
    ("low", "high", "shown"),
    [(2, 10, [2, 3, 4, 5, 6, 7, 8, 9, 10]), (3, 3, [3]), (41, 97, [45, 50, 55, 60, 65, 70, 75, 80, 85, 90, 95])],
)
def test_an_axis_has_at_most_twelve_poll_values(low, high, shown):
    assert _ticks(low, high) == shown


def test_a_long_name_is_whole_in_the_chart_and_marks_are_shares_of_its_width():
    axis = Axis("title", "points", 2, 10, [2, 10])
    chart = whisker_chart([Whisker("支" * 40, 6, 2, 10), Whisker("x" * 200, reason="too few")], axis, summary="s")
    assert "支" * 40 + "<" in chart
    assert "x" * 200 + "<" in chart
    assert '<line class="mark" x1="5.0%" x2="95.0%"' in chart
    assert 'cx="50.0%"' in chart
    assert '<span class="why">too few</span>' in chart
    assert whisker_chart([], axis, summary="s") == ""


def test_a_correction_that_may_not_be_shown_is_said_in_both_languages(client, computed):
    [first] = queries.results_of(computed)
    document = releasing.correction(1, first.document, first.document)
    Result.objects.create(
        poll=computed,
        number=2,
        stored_document=document.to_json(),
        fingerprint="0" * 64,
        computed_at=clock.now(),
        reason="重复计票",
    )
    text = page_of(client, computed)
    for words in ("Corrected; the outcome did not change.", "compared with those of result number 1", "重复计票"):
        assert words in text
    assert reverse("public-result-number", args=[computed.key, 1]) in text
    assert "<circle" not in text
    chinese = client.get(reverse("public-results", args=[computed.key]), HTTP_ACCEPT_LANGUAGE="zh-hans")
    assert "已更正；结论没有变化。" in text_of(chinese)
    assert queries.figures_in_force(computed) == first

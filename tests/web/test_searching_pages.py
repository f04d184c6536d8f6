"""The search page: how many were found, by kind, page by page; the tree where nothing fits; as many queries for many rows."""

import re
from datetime import UTC, datetime, time, timedelta

import pytest
from django.urls import reverse
from tests.cast.awards import published_notice, selection_of
from tests.cast.commitments import published_commitment
from tests.cast.district import launched_cycle, small_district
from tests.cast.memory import built_once

from zhengyou.awards import actions as awards
from zhengyou.awards.models import Honour
from zhengyou.commitments.models import Promise
from zhengyou.organisations import actions as organisations
from zhengyou.web.shared import clock
from zhengyou.web.shared.day_words import day_in_words

ENGLISH = {"HTTP_ACCEPT_LANGUAGE": "en"}
DECISION = {"decision_number": "测发〔2026〕9号", "deciding_body": "测试区委", "reasons": "公示期满，研究决定。"}
PAGE = reverse("public-find")


def noon(days_ago=0):
    """Noon, local time, that many days ago."""
    return datetime.combine(clock.today() - timedelta(days=days_ago), time(4), tzinfo=UTC)


@pytest.fixture
def district(db):
    return small_district(at=noon(70))


@pytest.fixture
def full(db):
    return built_once(("what is found", noon()), built)


def built():
    """Promises of a village, a notice that has ended, and honours."""
    district = small_district(at=noon(70))
    cycle = launched_cycle(district, at=noon(60))
    published_commitment(district, cycle, district.villages[0], at=noon(50))
    notice = published_notice(district, cycle, at=noon(50))
    awards.record_commendation(selection=selection_of(notice), at=noon(20), by=district.office, **DECISION)
    return district


def asked(client, words, **more):
    response = client.get(PAGE, {"q": words, **more}, **ENGLISH)
    assert response.status_code == 200
    return response.content.decode()


def branches(district, count):
    for n in range(count):
        facts = {"kind": "branch", "sector": "rural", "parent": district.town, "at": noon(), "by": None}
        organisations.add_organisation(code=f"9{n:03d}", name=f"新村第{n}党支部", **facts)


def test_each_kind_leads_where_it_should(client, full):
    page = asked(client, full.villages[0].name)
    headings = re.findall("<h2>([^<]*)</h2>", page)
    assert headings[:2] == ["Units", "Promises"]
    assert reverse("public-organisation", args=[full.villages[0].code]) in page
    for address in re.findall(r'<li>\s*<a href="([^"]+)" lang="zh-Hans">', page):
        assert client.get(address).status_code == 200


def test_promises_with_one_title_are_told_apart_by_their_day(client, full):
    for promise in Promise.objects.all():
        address = reverse("public-promise", args=[promise.commitment.organisation.code, promise.pk])
        [hit] = re.findall(f'<a href="{address}".*?</li>', asked(client, promise.what), re.DOTALL)
        unit, day = promise.commitment.organisation.name, day_in_words(promise.due_on)
        whose, when = [
            " ".join(re.sub("<[^>]*>", "", said).split()) for said in re.findall("<small>.*?</small>", hit, re.DOTALL)
        ]
        assert (whose.rpartition(" › ")[2], when) == (
            unit,
            f"by {day}",
        )  # whose it is first: that tells most of them apart


def test_where_something_is_leaves_out_the_top_that_is_above_everything(client, full):
    [promises] = re.findall("<h2>Promises</h2>(.*?)</section>", asked(client, full.villages[0].name), re.DOTALL)
    assert full.villages[0].name in promises
    assert full.root.name not in promises


def test_notices_and_honours_are_found(client, full):
    honour = Honour.objects.first()
    page = asked(client, honour.title)
    assert reverse("public-honour", args=[honour.code]) in page
    assert reverse("public-notice", args=[noon(50).year, 1]) in asked(client, "公示")
    assert f"No. 1 of {noon(50).year}" in asked(client, "公示")  # notices often have the same title


def test_a_revoked_honour_is_marked(client, full):
    honour = Honour.objects.first()
    assert ">revoked<" not in asked(client, honour.holder)
    awards.revoke_honour(honour=honour, reason="事迹不实", at=noon(), by=full.office)
    assert ">revoked<" in asked(client, honour.holder)


def test_it_says_how_many_and_pages_through_them(client, district):
    branches(district, 120)
    page = asked(client, "新村")
    assert "120 found." in page
    assert "Page 1 of 3" in page
    last = asked(client, "新村", page=3)
    assert len(re.findall(r'<a href="/organisations/9\d\d\d/"', last)) == 20


def test_of_several_kinds_the_first_ten_are_shown_and_all_of_one_are_an_address_away(client, full):
    branches(full, 30)
    page = asked(client, "测试")
    assert len(re.findall(r'<a href="/organisations/[0-9]+/" ', page)) == 10
    assert "Show all 36: Units" in page
    only = asked(client, "测试", kind="organisation")
    assert len(re.findall(r'<a href="/organisations/[0-9]+/" ', only)) == 36
    assert "<h2>Promises</h2>" not in only
    assert asked(client, "测试", kind="nonsense").count("<h2>") == page.count("<h2>")


def test_where_nothing_fits_the_tree_is_there(client, district):
    page = asked(client, "zzzz")
    assert "Nothing matches “zzzz”." in page
    assert reverse("public-organisation", args=[district.town.code]) in page


def test_units_have_one_order_on_the_tree_and_below_their_unit(client, district):
    facts = {"kind": "committee", "sector": "rural", "parent": district.root, "at": noon(), "by": None}
    first_by_name = organisations.add_organisation(code="002", name="阿里镇党委", **facts)
    tree = client.get(PAGE).content.decode()
    below = client.get(reverse("public-organisation", args=[district.root.code])).content.decode()
    for page in (tree, below):
        assert page.index(district.town.name) < page.index(first_by_name.name)


def test_what_is_only_near_is_said_to_be(client, district):
    assert "come closest" in asked(client, "测试镇测试1村委会")
    assert "come closest" not in asked(client, "测试1村")


def test_attack_words_cannot_leave_their_place(client, district):
    page = asked(client, '"><script>alert(1)</script>')
    assert "<script>alert" not in page


@pytest.mark.parametrize("rows", [1, 30])
def test_as_many_queries_for_many_rows_as_for_one(client, district, rows, django_assert_num_queries):
    branches(district, rows)
    client.get(PAGE, **ENGLISH)
    with django_assert_num_queries(3):
        asked(client, "新村")


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_sector_is_shown_with_an_empty_box_and_no_word_of_a_search(client, district, language):
    sector = district.villages[0].sector
    page = client.get(PAGE, {"sector": sector}, HTTP_ACCEPT_LANGUAGE=language).content.decode()
    assert 'name="q" type="search" value=""' in page
    assert 'role="status"' not in page
    assert "object at 0x" not in page


def test_whoever_reports_a_problem_is_led_from_the_unit_to_its_form(client, full):
    village = full.villages[0]
    form = reverse("public-case-report", args=[village.code])
    page = asked(client, village.name, **{"for": "report"})
    assert f'href="{form}"' in page
    assert "Which unit is it about?" in page
    assert '<input type="hidden" name="for" value="report">' in page
    assert client.get(form).status_code == 200
    assert form not in asked(client, village.name)
    home = client.get("/", **ENGLISH).content.decode()
    assert f"{PAGE}?for=report" in home


def test_a_title_says_what_was_looked_for(client, district):
    assert "<title>“zzzz” · Search" in client.get(PAGE, {"q": "zzzz"}, **ENGLISH).content.decode()
    assert "<title>Find a unit" in client.get(PAGE, **ENGLISH).content.decode()

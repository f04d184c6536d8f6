"""One rule of crumbs for everybody's pages: the list first, then the unit. And what a thing is stands before its number."""

import csv
import re

import pytest
from django.urls import reverse
from tests.cast.awards import published_notice
from tests.cast.commitments import promises_of, published_commitment
from tests.cast.district import launched_cycle, small_district
from tests.cast.plans import published_plan
from tests.cast.windows import opened
from tests.rooms.cases import test_cases as cases

from zhengyou.web.shared import clock

pytestmark = pytest.mark.django_db
ENGLISH = {"accept-language": "en"}


@pytest.fixture
def house():
    """The pages that lie below a list, by the list's name."""
    now = clock.now()
    district = small_district(at=now)
    cycle = launched_cycle(district, at=now)
    village = district.villages[0]
    promise = promises_of(published_commitment(district, cycle, village, at=now))[0]
    case = cases.assigned(district, village, at=now)
    notice = published_notice(district, cycle, at=now)
    point = opened(district, at=now)
    plan = published_plan(cycle, village, at=now)
    return {
        "public-promises": [reverse("public-promise", args=[village.code, promise.pk])],
        "public-cases": [
            reverse("public-case", args=[case.year, case.number]),
            reverse("public-case-report", args=[village.code]),
        ],
        "public-notices": [
            reverse("public-notice", args=[notice.year, notice.number]),
            reverse("public-objection-answer"),
        ],
        "public-windows": [
            reverse("public-window-page", args=[point.code]),
            reverse("public-window-sheet", args=[point.code]),
            reverse("public-window-board", args=[village.code]),
        ],
        "public-plans": [reverse("public-plan", args=[village.code, plan.pk])],
    }


def read(client, address):
    answer = client.get(address, headers=ENGLISH)
    assert answer.status_code == 200, address
    return answer.content.decode()


def test_a_page_leads_back_to_its_list_first(client, house):
    for name, addresses in house.items():
        for address in addresses:
            crumbs = read(client, address).partition('class="crumbs"')[2]
            first = re.search(r'href="([^"]*)"', crumbs)
            assert first, address
            assert first[1].partition("?")[0] == reverse(name), address


def test_a_title_that_stays_in_chinese_says_so_to_whoever_reads_english(client, house):
    for name in ("public-promises", "public-notices", "public-plans"):
        if name != "public-plans":  # the plan is its members' alone yet
            assert "· in Chinese" in read(client, house[name][0])
        assert "· 中文" not in client.get(house[name][0], headers={"accept-language": "zh"}).content.decode()


def test_a_case_is_headed_by_what_it_is_about_and_a_file_has_each_in_its_column(client, house):
    page = read(client, reverse("public-cases"))
    head = re.search(r'<th scope="row"[^>]*>.*?</th>(.*?)</tr>', page, re.DOTALL)
    assert re.search(r">\w[\w-]* · No\. \d+ of \d+</a>", head[0])
    assert "data-label" not in head[1].partition("<td")[2].partition(">")[0]  # the unit, which needs no label
    assert '<span class="nothing">' in head[1]  # passed on no times
    heads, row = csv.reader(
        client.get(reverse("public-cases"), {"as": "csv"}, headers=ENGLISH).content.decode("utf-8-sig").splitlines()
    )
    told = dict(zip(heads, row, strict=True))
    assert re.fullmatch(r"No\. \d+ of \d+", told["Case"])
    assert told["Kind"]
    assert told["Times passed on"] == "0"


def test_an_entry_is_headed_by_what_happened(client, house):
    page = read(client, reverse("public-entries"))
    assert re.search(r'<th scope="row"[^>]*><a href="/entries/\d+/">[A-Z][a-z]+ [^<]+</a>', page)

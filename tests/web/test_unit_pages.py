"""The card of one organisation: score, places, the four comparisons, what it would take; and data that recompute to the byte."""

import re
import subprocess
import sys
from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from tests.cast import district as cast
from tests.cast.results import computed_poll, weighed_cycle

from zhengyou.standings import queries

pytestmark = pytest.mark.django_db

ENGLISH = {"HTTP_ACCEPT_LANGUAGE": "en"}


@pytest.fixture
def district():
    return cast.small_district(members_a_village=14)


@pytest.fixture
def cycle(district):
    return weighed_cycle(district)


def card_of(client, poll, district, number=1, language="en"):
    address = reverse("public-unit", args=[poll.key, number, district.villages[0].code])
    return client.get(address, HTTP_ACCEPT_LANGUAGE=language).content.decode()


def test_the_card_has_score_places_and_all_four_comparisons(client, district, cycle):
    people = district.members
    earlier = computed_poll(district, cycle, pools={"members": people[:15]})
    earlier.closes_at -= timedelta(days=100)
    earlier.opens_at -= timedelta(days=100)
    earlier.save()
    closed = computed_poll(district, cycle, pools={"members": people[:15], "public": people[15:30]}, better=1)
    text = card_of(client, closed, district)
    assert text.partition("<main")[2].count('class="chart"') == 4
    for words in (
        "With its own past",
        "Among its peers",
        "From outside",
        "All groups together",
    ):
        assert words in text
    found = queries.unit_card(queries.newest_result(closed), district.villages[0], queries.Reader("en", 13))
    past = found.pools[0].past
    assert past.is_compared
    before = queries.newest_result(earlier).document.pools[0].units[0].criteria[0].mean
    now = found.pools[0].row.criteria[0].mean
    assert past.found.difference.value == pytest.approx(now - before)
    assert "It scored higher than last time." in text
    for score, reference, apart in re.findall(r"([\d.]+) against ([\d.]+), ([\d.]+) points", text):
        assert Decimal(apart) == abs(Decimal(score) - Decimal(reference))  # as whoever subtracts what is shown
    # Each caveat once, whatever number of comparisons it holds for.
    assert text.count("They do not hold for many of them read together") == 1
    assert found.pools[0].peers.found.reason.key == "too_few_peers"
    assert found.outside.is_compared
    chinese = card_of(client, closed, district, language="zh-hans")
    assert "纵向比" in chinese
    assert found.outside.sentences[0] not in chinese


def test_the_first_poll_has_no_past_and_says_so(client, district, cycle):
    closed = computed_poll(district, cycle, pools={"members": district.members[:15]})
    text = card_of(client, closed, district)
    assert "No earlier appraisal asked the same voters about it." in text
    assert "This appraisal did not ask both those outside and those inside" in text


def test_the_units_inside_a_town_are_compared_with_each_other(district, cycle):
    computed_poll(district, cycle, pools={"members": district.members[:15]}, units=4)
    [line] = queries.inside_comparisons(district.town, queries.Reader("en", 13))
    assert line.compared.is_compared
    assert len(line.compared.found.comparisons) == 3
    assert queries.inside_comparisons(district.villages[0], queries.Reader("en", 13)) == []


def test_what_stands_in_no_result_is_not_found(client, district, cycle):
    closed = computed_poll(district, cycle, pools={"members": district.members[:15]})
    for number, code in ((1, "nobody"), (1, district.villages[3].code), (2, district.villages[0].code)):
        assert client.get(reverse("public-unit", args=[closed.key, number, code])).status_code == 404


@pytest.mark.parametrize("units", [2, 4])
def test_a_card_asks_as_much_for_many_organisations(client, district, cycle, units, django_assert_num_queries):
    closed = computed_poll(district, cycle, pools={"members": district.members[:15]}, units=units)
    with django_assert_num_queries(7):
        card_of(client, closed, district)


@pytest.mark.parametrize("place", [0, 1])
def test_the_published_command_writes_the_published_answer_to_the_byte(client, district, cycle, tmp_path, place):
    """For all groups together, which stand first on the page, and for a pool."""
    people = district.members
    closed = computed_poll(district, cycle, pools={"members": people[:20], "public": people[20:40]}, units=4)
    name = ("combined", "pool-1")[place]
    scores = client.get(reverse("public-scores", args=[closed.key, 1, name])).content
    answer = client.get(reverse("public-standing", args=[closed.key, 1, name])).content
    (tmp_path / f"scores-{name}-1.csv").write_bytes(scores)
    page = client.get(reverse("public-results", args=[closed.key]), **ENGLISH).content.decode()
    command = page.split("<pre><code>python ")[1 + place].split("</code>", 1)[0]
    subprocess.run([sys.executable, *command.split()], cwd=tmp_path, check=True, capture_output=True)
    assert (tmp_path / "answer" / "units.csv").read_bytes() == answer
    assert answer.count(b"\n") == 1 + len({line.split(b",")[0] for line in scores.splitlines()[1:]}) > 3
    for nothing in ("pool-9", "combined-1"):
        assert client.get(reverse("public-standing", args=[closed.key, 1, nothing])).status_code == 404


def test_zooming_draws_only_those_nearest_to_the_chosen_one(client, district, cycle, monkeypatch):
    closed = computed_poll(district, cycle, pools={"members": district.members[:20]}, units=4)
    monkeypatch.setattr("zhengyou.web.public.standings_tables.CLOSE_UP", 1)
    address = reverse("public-results", args=[closed.key])
    whole = client.get(f"{address}?unit={district.villages[0].code}", **ENGLISH).content.decode()
    close = client.get(f"{address}?unit={district.villages[0].code}&close=1", **ENGLISH).content.decode()
    assert (whole.count("<circle"), whole.count('class="mark bar"')) == (3, 3)
    assert (close.count("<circle"), close.count('class="mark bar"')) == (2, 2)
    assert "Only those nearest to it" in whole
    assert "Show all again" in close

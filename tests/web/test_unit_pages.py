"""The card of one organisation: score, places, the four comparisons, what it would take; and data that recompute to the byte."""

import subprocess
import sys
from datetime import timedelta

import pytest
from django.urls import reverse
from tests import cast, cast_booth

from zhengyou.appraisals import actions as appraisals
from zhengyou.standings import actions, queries
from zhengyou.web.shared import clock

pytestmark = pytest.mark.django_db(databases=["default", "box"])

ENGLISH = {"HTTP_ACCEPT_LANGUAGE": "en"}
GRADES = ("good", "fairly-good", "fair", "poor")
WEIGHTS = {"members": 60, "public": 40}


@pytest.fixture
def district():
    return cast.small_district(members_a_village=14)


@pytest.fixture
def cycle(district):
    cycle = cast.drafted_cycle(district)
    groups = [group | {"weight": WEIGHTS.get(group["id"], 0)} for group in cycle.rules["rater_groups"]]
    sheet = cycle.rules | {"criteria": cycle.rules["criteria"][:1], "rater_groups": groups}
    cast_booth.campaigns.set_rules(cycle=cycle, rules_=sheet, at=cast.NOW, by=district.office)
    cast_booth.campaigns.launch_cycle(cycle=cycle, why="测试启动", at=cast.NOW, by=district.office)
    cycle.refresh_from_db()
    return cycle


def computed_round(district, cycle, *, pools, better=0, units=2):
    """A closed round: the pools' people by group of raters; `better` shifts everybody's grades up."""
    row = cast_booth.drafted_now(district, cycle, [], units=units)
    for number, (group, people) in enumerate(pools.items(), 1):
        name = {"zh-hans": f"第{number}组", "en": f"Pool {number}"}
        appraisals.add_pool(round_=row, name=name, people=people, rater_group=group, at=clock.now(), by=district.office)
    appraisals.prepare_keys(round_=row, count=100)
    row = appraisals.open_round(round_=row, at=clock.now(), by=district.office)
    for number, people in enumerate(pools.values(), 1):
        for voter, code in enumerate(cast_booth.codes_for(row, people)):
            grade = lambda place, n=voter: GRADES[min(max((n % 3) + place - better, 0), 3)]  # noqa: E731
            cast_booth.vote(row, f"pool-{number}", code, grade)
    closed = cast_booth.closed_now(row, district)
    actions.compute_result(round_=closed, at=clock.now(), by=district.office)
    return closed


def card_of(client, round_, district, number=1, language="en"):
    address = reverse("public-unit", args=[round_.key, number, district.villages[0].code])
    return client.get(address, HTTP_ACCEPT_LANGUAGE=language).content.decode()


def test_the_card_has_score_places_and_all_four_comparisons(client, district, cycle):
    people = district.members
    earlier = computed_round(district, cycle, pools={"members": people[:15]})
    earlier.closes_at -= timedelta(days=100)
    earlier.opens_at -= timedelta(days=100)
    earlier.save()
    closed = computed_round(district, cycle, pools={"members": people[:15], "public": people[15:30]}, better=1)
    text = card_of(client, closed, district)
    assert text.count("<svg") == 4
    for words in (
        "With its own past",
        "Among its peers",
        "From outside: the public against those inside",
        "All groups together",
    ):
        assert words in text
    found = queries.unit_card(queries.newest_result(closed), district.villages[0], queries.Reader("en", 13))
    past = found["pools"][0]["past"]
    assert past["compared"]
    before = queries.newest_result(earlier).document["pools"][0]["units"][0]["criteria"][0]["mean"]
    now = found["pools"][0]["row"]["criteria"][0]["mean"]
    assert past["difference"] == pytest.approx(now - before)
    assert past["sentences"][0] in text.replace("&#x27;", "'")
    assert found["pools"][0]["peers"]["reason"] == "too_few_peers"
    assert found["outside"]["compared"]
    chinese = card_of(client, closed, district, language="zh-hans")
    assert "纵向比" in chinese
    assert found["outside"]["sentences"][0] not in chinese


def test_the_first_round_has_no_past_and_says_so(client, district, cycle):
    closed = computed_round(district, cycle, pools={"members": district.members[:15]})
    text = card_of(client, closed, district)
    assert "No earlier round asked the same group of raters about it." in text
    assert "This round did not ask both the public and those inside" in text


def test_the_units_inside_a_town_are_compared_with_each_other(district, cycle):
    computed_round(district, cycle, pools={"members": district.members[:15]}, units=4)
    [line] = queries.inside_comparisons(district.town, queries.Reader("en", 13))
    assert line["found"]["compared"]
    assert len(line["found"]["units"]) == 4
    assert queries.inside_comparisons(district.villages[0], queries.Reader("en", 13)) == []


def test_what_stands_in_no_result_is_not_found(client, district, cycle):
    closed = computed_round(district, cycle, pools={"members": district.members[:15]})
    for number, code in ((1, "nobody"), (1, district.villages[3].code), (2, district.villages[0].code)):
        assert client.get(reverse("public-unit", args=[closed.key, number, code])).status_code == 404


@pytest.mark.parametrize("units", [2, 4])
def test_a_card_asks_as_much_for_many_organisations(client, district, cycle, units, django_assert_num_queries):
    closed = computed_round(district, cycle, pools={"members": district.members[:15]}, units=units)
    with django_assert_num_queries(8):
        card_of(client, closed, district)


def test_the_published_command_writes_the_published_answer_to_the_byte(client, district, cycle, tmp_path):
    closed = computed_round(district, cycle, pools={"members": district.members[:20]}, units=4)
    scores = client.get(reverse("public-scores", args=[closed.key, 1, "pool-1"])).content
    answer = client.get(reverse("public-standing", args=[closed.key, 1, "pool-1"])).content
    (tmp_path / "scores-pool-1-1.csv").write_bytes(scores)
    page = client.get(reverse("public-results", args=[closed.key]), **ENGLISH).content.decode()
    command = page.split("<pre><code>python ", 1)[1].split("</code>", 1)[0]
    subprocess.run([sys.executable, *command.split()], cwd=tmp_path, check=True, capture_output=True)
    assert (tmp_path / "answer" / "units.csv").read_bytes() == answer
    assert answer.count(b"\n") == 1 + scores.count(b"\n") - 1 > 3
    assert client.get(reverse("public-standing", args=[closed.key, 1, "pool-9"])).status_code == 404


def test_zooming_draws_only_those_nearest_to_the_chosen_one(client, district, cycle, monkeypatch):
    closed = computed_round(district, cycle, pools={"members": district.members[:20]}, units=4)
    monkeypatch.setattr("zhengyou.web.public.result_pages.CLOSE_UP", 1)
    address = reverse("public-results", args=[closed.key])
    whole = client.get(f"{address}?unit={district.villages[0].code}", **ENGLISH).content.decode()
    close = client.get(f"{address}?unit={district.villages[0].code}&close=1", **ENGLISH).content.decode()
    assert whole.count("<circle") == 2 * 3
    assert close.count("<circle") == 2 * 2
    assert "Show all again" in close

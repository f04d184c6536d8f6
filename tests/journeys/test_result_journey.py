"""Results: chart and table, places that fit, who cannot be told apart, bands for small pools, the data and the command."""

import csv
import json
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from tests.cast import booth as cast_booth
from tests.cast import district as cast

from zhengyou.polls import queries as poll_queries
from zhengyou.polls.models import Poll
from zhengyou.standings import actions, queries
from zhengyou.web.shared import clock

pytestmark = pytest.mark.django_db(transaction=True)

# What the voters of the pool of 14 give each of the three organisations, one letter a voter.
LETTERS = {"g": "good", "f": "fairly-good", "a": "fair", "p": "poor"}
GIVEN = ("gggggggggfffff", "ggggggggffffff", "fffffppppppppp")


@pytest.fixture
def poll() -> Poll:
    district = cast.small_district(members_a_village=6)
    large, small = district.members[:14], district.members[14:21]
    row = cast_booth.opened_now(district, cast_booth.small_cycle(district), [large, small], units=3)
    for voter, code in enumerate(cast_booth.codes_for(row, large)):
        cast_booth.vote(row, "pool-1", code, lambda place, n=voter: LETTERS[GIVEN[place][n]])
    for code in cast_booth.codes_for(row, small):
        cast_booth.vote(row, "pool-2", code, lambda place: ["good", "fairly-good", "poor"][place])
    closed = cast_booth.closed_now(row, district)
    actions.compute_result(poll=closed, at=clock.now(), by=district.second_office)
    return closed


def test_anyone_reads_a_result_on_a_phone(live_server, phone: Page, poll, check_axe, picture):
    phone.goto(f"{live_server.url}/booth/")
    check_axe(phone)
    picture(phone, "result-polls-phone")
    phone.locator("article h2 a").first.click()
    expect(phone).to_have_url(f"{live_server.url}/results/{poll.key}/")
    check_axe(phone)
    picture(phone, "result-phone")
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    large, small = (phone.locator(f"section[aria-labelledby=pool-{n}]") for n in (1, 2))
    scores, places = large.locator(".chart[role=img]").all()
    expect(scores).to_be_visible()
    expect(places).to_be_visible()
    expect(large.locator("svg circle")).to_have_count(3)
    expect(large.locator("svg .bar")).to_have_count(3)
    expect(large.locator(".verdict.may")).to_contain_text("排在最后：明显低于其余")
    expect(large.locator(".verdict.not")).to_contain_text("谁是第一名")
    expect(small.locator(".verdict.not")).to_contain_text("这一投票组人数太少")
    expect(small.locator("svg")).to_have_count(0)
    expect(small.locator("tbody tr")).to_have_count(3)
    expect(large.locator("table").first).to_be_hidden()
    large.get_by_text("看数据表").click()
    large.locator("tbody tr").first.locator("td a").click()
    expect(phone.locator("tr.chosen")).to_have_count(1)
    phone.locator("details.method summary").click()
    check_axe(phone)
    picture(phone, "result-chosen-phone")


def test_anyone_computes_a_result_again(live_server, desktop: Page, poll, check_axe, picture, tmp_path):
    page = desktop
    page.goto(f"{live_server.url}/results/{poll.key}/")
    table = page.get_by_role("table").first
    expect(page.get_by_role("img", name="3 units with their mean points")).to_be_visible()
    expect(table.get_by_role("columnheader", name="Possible places")).to_be_visible()
    names = [village.name for village in poll_queries.rated_organisations(poll)]
    expect(table.get_by_role("row", name=names[0])).to_contain_text("1–2")
    expect(table.get_by_role("row", name=names[2])).to_contain_text("none")
    table.get_by_role("row", name=names[0]).get_by_role("link", name="1 other").click()
    expect(page.locator("tr.chosen")).to_contain_text(names[0])
    alike = page.get_by_text("It is not clearly different from 1 other: ")
    expect(alike).to_contain_text(names[1])
    expect(alike).to_have_text(re.compile(r"\.\s*$"))
    expect(page.get_by_role("combobox").first).to_have_value(poll_queries.rated_organisations(poll)[0].code)
    expect(page.get_by_text("Bold: the chosen one.")).to_be_visible()
    expect(page.get_by_text("only one overall band is shown")).to_be_visible()
    expect(page.get_by_role("table").last.get_by_role("row", name=names[2])).to_contain_text("low")
    page.get_by_text("How this was computed").click()
    check_axe(page)
    picture(page, "result-desktop")

    command = shlex.split(page.locator("details.method code").inner_text())
    with page.expect_download() as download:
        page.locator("details.method").get_by_role("link", name="scores-pool-1-1.csv").click()
    file = tmp_path / command[3]
    file.write_bytes(Path(download.value.path()).read_bytes())
    [pool, _small] = queries.newest_result(poll).document.pools
    with file.open(encoding="utf-8-sig") as lines:
        assert [(row["unit"].strip('="'), float(row["score"])) for row in csv.DictReader(lines)] == [
            (row.unit, row.score) for row in pool.units
        ]
    out = tmp_path / "again"
    done = subprocess.run(
        [sys.executable, *command[1:], "--out", str(out)], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    again = json.loads((out / "result.json").read_text(encoding="utf-8"))
    published = pool.standing.as_dict()["units"]
    assert len(again["units"]) == len(published) == 3
    for mine, theirs in zip(again["units"], published, strict=True):
        assert {"interval", "rank_low", "rank_high", "shrunken"} < set(mine)
        assert mine == {name: theirs[name] for name in mine}


def test_a_result_is_printed_on_one_sheet(live_server, desktop: Page, poll):
    desktop.goto(f"{live_server.url}/results/{poll.key}/")
    desktop.get_by_role("link", name="One page to print").click()
    expect(desktop.locator(".verdict.may").first).to_be_visible()
    expect(desktop.get_by_role("link", name=f"{live_server.url}/results/{poll.key}/1/")).to_be_visible()
    for language in ("en", "zh"):
        desktop.goto(f"{live_server.url}/results/{poll.key}/1/brief/?lang={language}")
        sheet = desktop.pdf(prefer_css_page_size=True)
        assert len(re.findall(rb"/Type\s*/Page\b[^s]", sheet)) == 1, language

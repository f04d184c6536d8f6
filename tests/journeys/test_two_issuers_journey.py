"""Two issuers: the office's site and a second issuer's own process with its own home and database, from the naming to the verdict."""

import csv
import json
import re
import subprocess
import sys
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from tests.cast import booth as cast_booth
from tests.cast import boxes as cast_boxes
from tests.cast import district as cast
from tests.cast import issuers as cast_issuers
from tests.cast.jobs import run_jobs
from tests.living.homes import empty_home
from tests.living.issuer import IssuersHouse

from blindballot.format.encoding import b64, canonical, unb64
from blindballot.format.manifest import read_manifest
from blindballot.voter.voting import Ballot
from zhengyou.ballots import actions as ballot_actions
from zhengyou.ballots import queries as ballot_queries
from zhengyou.counting import actions as counting_actions
from zhengyou.polls import queries as poll_queries
from zhengyou.polls.models import Poll
from zhengyou.web.shared import clock

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def county():
    with empty_home() as home:
        house = IssuersHouse(home)
        yield house
        house.stop()


@pytest.fixture
def district():
    return cast.small_district()


def words_of(page: Page) -> dict[str, str]:
    return json.loads(page.locator("#booth-words").text_content())


def sign_in(page: Page, address: str, login: str, to: str) -> None:
    page.goto(f"{address}/sign-in/?next={to}")
    page.get_by_label("Login").fill(login)
    page.get_by_label("Password").fill(cast.PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Sign in").click()


def download(page: Page, name: str, folder: Path) -> Path:
    with page.expect_download() as arriving:
        page.get_by_role("main").get_by_text(name, exact=True).click()
    target = folder / arriving.value.suggested_filename
    arriving.value.save_as(target)
    return target


def vote_with_both(poll: Poll, county: IssuersHouse, first: str, second: str, grade: str) -> None:
    """What a booth does, spoken to both processes."""
    manifest = read_manifest(poll.manifest.encode())
    ballot = Ballot.begin(manifest, ballot_queries.public_keys(poll), "pool-1")

    def asked(issuer: str, code: str) -> bytes:
        blinded = {line: b64(data) for line, data in ballot.request(issuer).items()}
        return canonical({"manifest": poll.fingerprint, "code": code, "blinded": blinded})

    mine = ballot_actions.issue_tokens(poll=poll, body=asked("office", first), at=clock.now())
    theirs = county.ask(f"/issue/{poll.key}/pool-1/", asked("county", second))
    for issuer, answer in (("office", mine), ("county", theirs)):
        ballot.accept(issuer, {line: unb64(text) for line, text in answer["signatures"].items()})
    marks = {line.id: dict.fromkeys(line.criteria, grade) for line in manifest.lines}
    slips = [slip.to_json() for slip in ballot.cast(marks)]
    ballot_actions.take_slips(poll=poll, body=canonical({"manifest": poll.fingerprint, "slips": slips}), at=clock.now())


def test_a_poll_with_two_issuers_from_the_naming_to_the_verdict(
    live_server, desktop: Page, phone: Page, county: IssuersHouse, district, check_axe, picture, tmp_path, monkeypatch
):
    people = district.members[:6]
    poll = cast_booth.drafted_now(district, cast_booth.small_cycle(district), [people])
    page, poll_page = desktop, f"{live_server.url}/office/polls/{poll.key}/"
    sign_in(page, live_server.url, district.office.number, f"/office/polls/{poll.key}/")

    # The office names a second issuer and hands on the request.
    page.get_by_role("link", name="Name a second issuer").click()
    check_axe(page)
    picture(page, "issuers-name-desktop")
    page.get_by_label("Short name").fill("county")
    page.get_by_label("Name in Chinese").fill(cast_issuers.COUNTY["zh-hans"])
    page.get_by_label("Name in English").fill(cast_issuers.COUNTY["en"])
    page.get_by_label("Address of its process").fill(county.address)
    page.get_by_role("button", name="Name this issuer").click()
    request = download(page, "Download the request", tmp_path)
    check_axe(page)
    picture(page, "issuers-named-desktop")
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    picture(page, "issuers-named-phone")
    page.set_viewport_size({"width": 1280, "height": 800})

    # The second issuer prepares in its own house, from its own list; a wrong list is refused row by row.
    roll, reply = tmp_path / "roll.csv", tmp_path / "reply.json"
    roll.write_bytes("编号,姓名\nM1,甲\n,乙\nM1,丙\n".encode("gb18030"))
    told = county.run("prepare", request, reply, "--roll", roll, expected=1)
    assert "Row 3: the number is missing." in told
    assert "Row 4: the number M1 already stands in row 2." in told
    rows = "".join(f"{person.number},{person.name}\n" for person in people)
    roll.write_bytes(f"编号,姓名\n{rows}".encode("gb18030"))
    assert "1 of 1 keys are ready." in county.run("prepare", request, reply, "--roll", roll)

    # The office takes the reply and opens; the second issuer checks what was frozen.
    page.get_by_label("Its reply").set_input_files(reply)
    page.get_by_role("button", name="Take the reply").click()
    expect(page.get_by_text("The second issuer has answered.")).to_be_visible()
    page.goto(poll_page)
    page.get_by_role("button", name="Prepare the keys").click()
    expect(page.locator(".job")).to_contain_text("waiting for its turn")
    run_jobs()
    page.get_by_role("button", name="Freeze and open the appraisal").click()
    page.get_by_role("button", name="Open it now").click()
    expect(page.get_by_role("status")).to_contain_text("The appraisal is open.")
    poll = Poll.objects.get()
    page.get_by_role("link", name="Second issuer: County issuer").click()
    opening = page.locator("p.fingerprint").inner_text()
    assert opening.endswith("/opening.json")
    check_axe(page)
    picture(page, "issuers-opened-desktop")
    assert poll.fingerprint in county.run("open", opening)
    assert "not before" in county.run("statement", tmp_path / "early.json", expected=1)
    assert not (tmp_path / "early.json").exists()

    # Codes by two channels.
    sheet = tmp_path / "codes.html"
    county.run("codes", sheet)
    assert sheet.stat().st_mode & 0o077 == 0
    assert sheet.read_text(encoding="utf-8").count("<svg") == len(people)
    assert "Name a new file" in county.run("codes", sheet, expected=1)
    page.goto(sheet.as_uri())
    check_axe(page)
    picture(page, "issuers-codes-desktop")
    county.run("codes", tmp_path / "codes.csv")
    with (tmp_path / "codes.csv").open(encoding="utf-8-sig") as lines:
        second = {row["Number"]: row for row in csv.DictReader(lines)}
    first = dict(zip([person.number for person in people], cast_booth.codes_for(poll, people), strict=True))
    mine = people[0].number

    # A voter on a phone; the second issuer is down at first.
    asked: list[str] = []
    phone.on("request", lambda sent: asked.append(sent.url) if sent.method == "POST" else None)
    phone.goto(f"{live_server.url}/booth/{poll.key}/#m={poll.fingerprint}&c={first[mine]}")
    words, name = words_of(phone), cast_issuers.COUNTY["zh-hans"]
    expect(phone.locator(".note")).to_have_text(words["both_codes"].replace("{names}", name))
    check_axe(phone)
    picture(phone, "issuers-first-code-phone")
    phone.locator("#sheet button[type=submit]").click()
    expect(phone.locator("#sheet h2")).to_have_text(words["second_heading"])
    expect(phone.locator("label[for=booth-code]")).to_have_text(words["second_label"].replace("{name}", name))
    phone.locator("#booth-code").fill(first[mine])
    phone.locator("#sheet button[type=submit]").click()
    expect(phone.locator(".booth-alert")).to_have_text(words["second_same"])
    phone.locator("#booth-code").fill(second[mine]["Code"].lower())
    phone.locator("#sheet button[type=submit]").click()
    expect(phone.locator(".booth-alert p")).to_have_text(words["second_down"].replace("{name}", name))
    check_axe(phone)
    picture(phone, "issuers-second-down-phone")
    county.serve()
    phone.get_by_role("button", name=words["retry"]).click()

    about = phone.context.new_page()
    about.goto(county.address)
    expect(about.locator("ul.rows a")).to_have_attribute("href", f"{live_server.url}/booth/{poll.key}/")
    check_axe(about)
    picture(about, "issuers-about-phone")
    assert about.context.cookies(county.address) == []
    about.close()

    # The sheet; then the second issuer's answer is lost, the tab is closed, and it goes on without a second issue.
    expect(phone.locator("fieldset.criterion")).to_have_count(2)
    for item in phone.locator("fieldset.criterion").all():
        item.locator("label.mark").first.click()
    lost = re.compile(rf"{re.escape(county.address)}/issue/[^/]+/pool-1/$")

    def lose(route):
        route.fetch()
        route.abort()

    phone.route(lost, lose, times=1)
    phone.locator(".sheet button.cast").click()
    phone.locator(".confirm button.cast").click()
    expect(phone.locator(".booth-alert p")).to_have_text(words["second_down"].replace("{name}", name))
    assert cast_boxes.mark_of(poll, people[0]).is_issued
    phone.reload()
    expect(phone.locator(".confirm td")).to_have_count(2)
    phone.evaluate("sessionStorage.clear()")
    phone.goto(f"{live_server.url}/booth/{poll.key}/")
    expect(phone.locator("section.ballot")).to_contain_text(words["not_drawn"])
    county_asked = [url for url in asked if url.startswith(county.address)]
    asked.clear()
    phone.get_by_role("button", name=words["continue"]).click()
    expect(phone.locator("fieldset.criterion input:checked")).to_have_count(2)
    phone.locator(".sheet button.cast").click()
    phone.locator(".confirm button.cast").click()
    expect(phone.locator("#sheet h2")).to_have_text(words["done_heading"])
    code = phone.locator(".check-code strong").inner_text()
    assert len(county_asked) >= 3
    assert [url.rsplit("/", 1)[1] for url in asked if url.startswith(live_server.url)] == ["cast"]
    assert len(cast_boxes.slips_in(poll)) == 1

    # The same codes elsewhere open nothing more; the others vote; one gets papers from the office only.
    elsewhere = phone.context.browser.new_context(locale="zh-CN")
    other = elsewhere.new_page()
    other.goto(second[mine]["Address"])
    other.locator("#booth-code").fill(first[people[5].number])
    other.locator("#sheet button[type=submit]").click()
    expect(other.locator("#booth-code")).to_have_value(second[mine]["Code"].replace("-", ""))
    other.locator("#sheet button[type=submit]").click()
    expect(other.locator(".booth-alert p")).to_have_text(words["second_elsewhere"])
    elsewhere.close()
    for person, grade in zip(people[1:5], ("good", "fair", "good", "fairly-good"), strict=True):
        vote_with_both(poll, county, first[person.number], second[person.number]["Code"], grade)

    # Serving wrote down its address and nothing of anybody.
    assert county.log().splitlines() == [f"Zhengyou issuer: http://localhost:{county.port}/"]

    # The close waits for the signed count, which is fetched from the issuer's own address.
    real = clock.now
    monkeypatch.setattr(clock, "now", lambda: real() + timedelta(hours=3))
    counting_actions.ask_to_close(poll=poll, at=clock.now(), by=district.second_office)
    page.goto(poll_page)
    page.get_by_role("button", name="Confirm: close").click()
    expect(page.get_by_role("status")).to_contain_text("waits for the signed count of County issuer")
    page.get_by_role("link", name="Second issuer: County issuer").click()
    page.get_by_role("button", name="Fetch the count").click()
    expect(page.get_by_role("status")).to_contain_text("has not stated its count yet")
    county.end_the_poll()
    page.get_by_role("button", name="Fetch the count").click()
    expect(page.get_by_role("status")).to_contain_text("has not stated its count yet")
    statement = tmp_path / "statement.json"
    assert "keys are destroyed" in county.run("statement", statement)
    page.get_by_role("button", name="Fetch the count").click()
    expect(page.get_by_text("The campaign office issued 5 ballot papers, County issuer 5.")).to_be_visible()
    check_axe(page)
    picture(page, "issuers-counted-desktop")
    assert statement.read_text() == poll_queries.pools_of(poll)[0].issuer_statement
    page.goto(poll_page)
    page.get_by_role("button", name="Confirm: close").click()
    expect(page.locator("#closing .job")).to_contain_text("waiting for its turn")
    run_jobs()
    expect(page.locator("#closing .job")).to_contain_text("its record is written")

    phone.reload()
    expect(phone.locator(".record-whole")).to_have_text(words["in_record"])
    expect(phone.locator(".check-code strong")).to_have_text(code)
    page.get_by_role("link", name="Record and recount").click()
    expect(page.locator("main p").filter(has_text="Pool 1")).to_contain_text("County issuer 5")
    archive = download(page, "Download the record", tmp_path)
    with zipfile.ZipFile(archive) as unpacking:
        unpacking.extractall(tmp_path)
    done = subprocess.run(
        [sys.executable, "-m", "blindballot", "verify", f"record-{poll.key}"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    page.goto(f"{live_server.url}/recount/?record={poll.key}")
    sound = json.loads(page.locator("#recount-words").text_content())["sound_heading"]
    expect(page.locator("#recount-result h2")).to_have_text(sound)

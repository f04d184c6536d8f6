"""A hospital from nothing to a result, by clicks: an empty house, its roster, posts, letters, launch, a poll of departments with staff and
with patients as guests, keys of scrutineers, letters with codes, votes on a phone, the close by two, two recounts, and the result.
"""

import json
import re
from dataclasses import dataclass, field
from datetime import timedelta
from html import unescape
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils.timezone import localtime
from playwright.sync_api import Locator, Page, expect
from tests.cast import booth as cast_booth
from tests.cast.hunting import tables_with
from tests.cast.jobs import run_jobs
from tests.rooms.organisations.lists import xlsx

from zhengyou.polls.models import Guest, Poll
from zhengyou.rhythm import actions as rhythm
from zhengyou.web.shared import clock

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.long]
PATIENCE = 20_000
OWN = "four-words-of-my-own"
WATCHERS = {"0011": "外监一", "0012": "外监二", "0013": "外监三"}
DEPARTMENTS = [
    ["科室编号", "科室名称", "上级科室", "科室类别", "科室主任"],
    ["H001", "仁和医院", "", "", ""],
    ["H01", "内科", "H001", "临床科室", "内主任"],
    ["H02", "外科", "H001", "临床科室", "外主任"],
]
STAFF = [
    ["工号", "姓名", "所在科室", "岗位类别"],
    ["0100", "内主任", "内科", "管理"],
    ["0200", "外主任", "外科", "管理"],
    *[[f"01{n:02d}", f"内职工{n}", "内科", "护士"] for n in range(1, 8)],
    *[[f"02{n:02d}", f"外职工{n}", "外科", "医师"] for n in range(1, 8)],
    *[[f"03{n:02d}", f"处长{n}", "仁和医院", "行政"] for n in range(1, 15)],
    ["0002", "李考评", "仁和医院", "管理"],
    *[[number, name, "仁和医院", "行政"] for number, name in WATCHERS.items()],
]
GRADES = ("excellent", "good", "fair", "poor")
GIVEN = ((0,) * 9 + (1,) * 5, (1,) * 5 + (3,) * 9)  # what the fourteen of a pool give each department
POOLS = {  # whose pool, its group of raters, the field that names them, and what is written there
    "管理层": ("management", "numbers", "、".join(row[0] for row in STAFF if row[1].startswith("处长"))),
    "职工": ("staff", "numbers", "、".join(row[0] for row in STAFF if "职工" in row[1])),
    "患者": ("patients", "guests", "\n".join(f"患者{n}，内科{n}床" for n in range(1, 15))),
}


@dataclass
class Office:
    """The office's own page at a desktop, and what it learned on the way."""

    page: Page
    address: str
    folder: Path
    passwords: dict[str, str] = field(default_factory=dict)

    def go(self, path: str) -> None:
        self.page.goto(f"{self.address}{path}")

    def take(self, where: Locator) -> str:
        """The file that a job made, once it is there."""
        run_jobs()
        take = where.get_by_role("button", name="Download the file")
        expect(take).to_be_visible(timeout=PATIENCE)  # the page looks by itself how far its job is
        with self.page.expect_download() as download:
            take.click()
        kept = self.folder / f"{len(list(self.folder.iterdir()))}.html"
        download.value.save_as(kept)
        return unescape(kept.read_text(encoding="utf-8"))


def enter(page: Page, address: str, login: str, password: str, to: str) -> None:
    """Sign in; whoever still has the password of a letter chooses one."""
    page.context.clear_cookies()
    page.goto(f"{address}/sign-in/?next={to}")
    page.fill("[name=login]", login)
    page.fill("[name=password]", password)
    page.locator("main form button:not([type=button])").click()
    page.wait_for_load_state()
    if page.locator("[name=again]").count():
        page.fill("[name=new]", OWN)
        page.fill("[name=again]", OWN)
        page.locator("main form button:not([type=button])").last.click()
    page.wait_for_url(f"**{to}**")


def founded() -> str:
    """The house of a hospital with one person in it; gives the password that the command prints."""
    said = StringIO()
    call_command("create_office", code="H001", name="仁和医院", person="王考评", number="0001", login="0001",
                 pack="hospital-appraisal", lang="en", stdout=said)  # fmt: skip
    return re.search(r"Password: (\S+)", said.getvalue())[1]


def the_roster_is_read(office: Office) -> None:
    page = office.page
    office.go("/office/organisations/import/")
    book = xlsx(("科室", DEPARTMENTS), ("职工", STAFF))
    page.set_input_files("[name=file]", {"name": "名册.xlsx", "mimeType": "application/octet-stream", "buffer": book})
    page.locator("main form:has([name=file]) button").click()
    page.get_by_label("Take “管理” from now on as").select_option("administrator")
    page.get_by_role("button", name="Use this meaning").click()
    page.locator("form:has([name=seen]) button").click()
    expect(page.locator(".note.success")).to_be_visible()


def posts_and_letters(office: Office) -> None:
    """A second person of the office and three scrutineers; everybody with a post gets a letter with a password."""
    page = office.page
    for number, role in (("0002", "campaign_office"), *((number, "scrutineer") for number in WATCHERS)):
        office.go("/office/posts/")
        page.get_by_text("Give somebody a post", exact=True).click()
        page.fill("main [name=person]", number)
        page.fill("main [name=organisation]", "H001")
        page.select_option("main [name=role]", role)
        page.locator("main form:has([name=from_on]) button").last.click()
        expect(page.locator(".note.success")).to_be_visible()
    office.go("/office/posts/letters/")
    page.locator("main form button").last.click()
    codes = re.findall(r"<code>([^<]+)</code>", office.take(page.locator("main")))
    office.passwords.update(zip(codes[::2], codes[1::2], strict=True))


def the_year_is_launched(office: Office) -> None:
    page, today = office.page, clock.today()
    office.go("/office/campaigns/new/hospital-appraisal/")
    page.get_by_label("Approved by").fill("仁和医院")
    page.get_by_label("Document number").fill("仁医〔2026〕1号")
    page.get_by_label("In force from").fill(f"{today.year - 1}-01-01")
    page.get_by_role("button", name="Save and go on to the cycle").click()
    page.get_by_label("Name of the cycle").fill("2026年度")
    page.get_by_label("First day").fill(f"{today.year}-01-01")
    page.get_by_label("Last day").fill(f"{today.year + 1}-12-31")
    page.get_by_role("button", name="Save and go on to the stages").click()
    page.get_by_label("Yearly appraisal: first day").fill(f"{today.year}-01-01")
    page.get_by_label("Yearly appraisal: last day").fill(f"{today.year + 1}-12-31")
    page.get_by_role("button", name="Save the dates").click()
    page.get_by_role("button", name="Whoever leads it is responsible").click()
    page.locator("a[href*='organisation=H001']").click()
    page.get_by_label("Staff member").fill("0100")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_contain_text("now answers for 仁和医院")
    office.go("/office/set-up/")
    page.get_by_role("link", name="To the launch").click()
    page.get_by_label("Note for the record").fill("院务会通过")
    page.get_by_label("Freeze the rules now").check()
    page.get_by_role("button", name="Freeze the rules and launch").click()
    expect(page.get_by_role("status")).to_contain_text("frozen as number 1")


def a_poll_is_planned(office: Office) -> Poll:
    """Of the two departments, by staff and by patients who are guests; three scrutineers are named."""
    page, now = office.page, clock.now()
    office.go("/office/polls/new/")
    page.get_by_label("Name in Chinese").fill("科室年度测评")
    page.fill("[name=parent]", "H001")
    page.fill("[name=opens_at]", localtime(now - timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M"))
    page.fill("[name=closes_at]", localtime(now + timedelta(hours=2)).strftime("%Y-%m-%dT%H:%M"))
    page.get_by_role("button", name="Save and go on").click()
    for name, (group, field_name, people) in POOLS.items():
        page.locator("details:has([name=rater_group])").evaluate("one => one.open = true")
        page.get_by_label("Name of the pool in Chinese").fill(name)
        page.get_by_label("Group of raters").select_option(group)
        page.fill(f"[name={field_name}]", people)
        page.get_by_role("button", name="Add the pool").click()
        expect(page.get_by_role("row", name=name)).to_be_visible()
    for number, name in WATCHERS.items():
        page.get_by_role("button", name="Register a scrutineer").click()
        page.get_by_label("Scrutineer").select_option(label=f"{name} · {number}")
        page.get_by_role("button", name="Register").click()
        expect(page.locator("#scrutineers")).to_contain_text(name)
    return Poll.objects.get()


def words_of(page: Page, kind: str) -> dict[str, str]:
    return json.loads(page.locator(f"#{kind}-words").text_content())


def keys_are_made(phone: Page, office: Office, poll: Poll) -> None:
    """Each scrutineer enters with the letter's password, follows what is due, makes keys, hands them in and tries them."""
    for number in WATCHERS:
        enter(phone, office.address, number, office.passwords[number], "/desk/")
        phone.locator(f'main a[href^="/desk/scrutiny/{poll.key}/"]').first.click()
        words = words_of(phone, "scrutineer")
        with phone.expect_download() as download:
            phone.get_by_role("button", name=words["make_keys"]).click()
        download.value.save_as(office.folder / number)
        phone.locator('[data-scrutineer="keys"] form button:not([type])').click()
        trying = phone.locator('[data-scrutineer="try"]')
        trying.locator('input[type="file"]').set_input_files(office.folder / number)
        expect(trying.get_by_role("status").first).to_have_text(words["tried"])
        trying.locator("form button:not([type])").click()
        expect(trying).to_have_count(0)


def the_poll_is_opened(office: Office, poll: Poll) -> None:
    page = office.page
    office.go(f"/office/polls/{poll.key}/")
    page.get_by_role("button", name="Prepare the keys").click()
    run_jobs()
    page.get_by_role("button", name="Freeze and open the appraisal").click()
    page.get_by_role("button", name="Open it now").click()
    expect(page.get_by_role("status")).to_contain_text("The appraisal is open.")


def letters(office: Office, name: str) -> list[str]:
    """The letters of this pool, asked for on the page that is open: their codes."""
    office.page.get_by_role("button", name="Make the letters").click()
    row = office.page.locator("#voting").get_by_role("listitem").filter(has_text=name)
    expect(row.locator(".job")).to_contain_text("waiting for its turn")
    return re.findall(r'class="code">([0-9A-Z-]{14})<', office.take(row))


def codes_are_printed(office: Office, poll: Poll) -> dict[str, list[str]]:
    """The letters of every pool; one patient lost hers and gets another, whose code is then the one that works."""
    page, codes = office.page, {}
    for name in POOLS:
        office.go(f"/office/polls/{poll.key}/")
        row = page.locator("#voting").get_by_role("listitem").filter(has_text=name)
        row.get_by_role("link", name="Make letters with codes").click()
        page.get_by_label("for the whole pool").check()
        codes[name] = letters(office, name)
    office.go(f"/office/polls/{poll.key}/pools/pool-3/roll/")
    page.get_by_role("link", name="New letter 患者1", exact=True).click()
    [new] = letters(office, "患者")
    return codes | {"lost": [codes["患者"][0]], "患者": [new, *codes["患者"][1:]]}


def a_vote_in_the_booth(phone: Page, code: str) -> str:
    """The first department gets the best mark, the other one the second, as the first voters of GIVEN have it; gives the check code,
    and makes the device free for somebody else.
    """
    phone.fill("#booth-code", code)
    phone.locator("main form button").first.click()
    expect(phone.locator("fieldset.unit")).to_have_count(2)
    items = phone.locator("fieldset.criterion").all()
    for place, item in enumerate(items):
        item.locator("label.mark").nth(2 * place // len(items)).click()
    phone.locator(".sheet button.cast").click()
    phone.locator(".confirm button.cast").click()
    check_code = phone.locator(".check-code strong").inner_text()
    phone.get_by_text(words_of(phone, "booth")["another_person"]).click()
    return check_code


def votes_are_cast(phone: Page, office: Office, poll: Poll, codes: dict[str, list[str]]) -> None:
    """Two patients and a nurse by the booth, the others as their booths would; the lost code opens nothing."""
    phone.context.clear_cookies()
    phone.goto(f"{office.address}/booth/{poll.key}/")
    phone.fill("#booth-code", codes["lost"][0])
    phone.locator("main form button").first.click()
    expect(phone.locator(".booth-alert")).to_be_visible()
    by_phone = [codes["患者"][0], codes["患者"][1], codes["职工"][0]]
    assert len({a_vote_in_the_booth(phone, code) for code in by_phone}) == len(by_phone)
    for number, name in enumerate(POOLS, 1):
        for voter, code in enumerate(codes[name]):
            if code not in by_phone:
                cast_booth.vote(poll, f"pool-{number}", code, lambda place, n=voter: GRADES[GIVEN[place // 2][n]])


def two_people_close(office: Office, poll: Poll) -> None:
    """Asked for by one, confirmed by the other one, whose first page leads there."""
    page = office.page
    office.go(f"/office/polls/{poll.key}/")
    page.get_by_role("button", name="Ask to close").click()
    expect(page.get_by_role("status")).to_contain_text("A second person in the appraisal office must now confirm")
    enter(page, office.address, "0002", office.passwords["0002"], "/office/")
    page.locator(f'main a[href^="/office/polls/{poll.key}/"]').first.click()
    page.get_by_role("button", name="Confirm: close").click()
    expect(page.locator("#closing .job")).to_contain_text("waiting for its turn")
    run_jobs()
    expect(page.locator("#closing")).to_contain_text("The result is computed.", timeout=PATIENCE)


def two_recount(phone: Page, office: Office, poll: Poll) -> None:
    """The first passes shares on, the second opens with them and signs; then the first does as well."""
    for number in ("0011", "0012", "0011"):
        enter(phone, office.address, number, OWN, "/desk/")
        phone.locator(f'main a[href^="/desk/scrutiny/{poll.key}/"]').first.click()
        words = words_of(phone, "scrutineer")
        part = phone.locator('[data-scrutineer="recount"]')
        part.locator('input[type="file"]').first.set_input_files(office.folder / number)
        expect(phone.get_by_role("heading", name=words["sealed_heading"])).to_be_focused(timeout=PATIENCE)
        part.locator("form button:not([type])").last.click()
        expect(phone.locator(".note.success").first).to_be_visible(timeout=PATIENCE)


@pytest.fixture
def office(desktop, live_server, tmp_path) -> Office:
    password = founded()
    (tmp_path / "taken").mkdir()
    made = Office(desktop, live_server.url, tmp_path / "taken")
    enter(desktop, live_server.url, "0001", password, "/office/")
    return made


def the_result_is_read(phone: Page, address: str, poll: Poll, check_axe, picture) -> None:
    """By somebody without an account: from the list of appraisals to the result."""
    phone.context.clear_cookies()
    phone.goto(f"{address}/booth/")
    phone.locator(f'main a[href="/results/{poll.key}/"]').first.click()
    expect(phone.locator("svg circle").first).to_be_visible()
    for name in ("患者", "职工", "管理层"):
        expect(phone.get_by_role("heading", name=name, exact=True)).to_be_visible()
    expect(phone.locator("main")).to_contain_text("内科")
    check_axe(phone)
    picture(phone, "hospital-result-phone")


def test_a_hospital_from_nothing_to_a_result(office: Office, phone: Page, check_axe, picture, monkeypatch):
    the_roster_is_read(office)
    posts_and_letters(office)
    the_year_is_launched(office)
    poll = a_poll_is_planned(office)
    keys_are_made(phone, office, poll)
    the_poll_is_opened(office, poll)
    votes_are_cast(phone, office, Poll.objects.get(), codes_are_printed(office, poll))
    real = clock.now
    monkeypatch.setattr(clock, "now", lambda: real() + timedelta(hours=3))
    two_people_close(office, poll)
    two_recount(phone, office, poll)
    the_result_is_read(phone, office.address, poll, check_axe, picture)
    monkeypatch.setattr(clock, "now", lambda: real() + timedelta(days=15))
    rhythm.forget(at=clock.now())
    assert not Guest.objects.exclude(name="", contact="").exists()
    assert tables_with("内科3床") == set()
    office.go(f"/office/polls/{poll.key}/pools/pool-3/roll/")
    expect(office.page.locator("main")).not_to_contain_text("内科3床")

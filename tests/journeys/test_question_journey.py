"""Ask: the office puts a ranking and an approval on a sheet; a member taps an order on a phone; everybody sees who is first."""

import re
import zipfile
from datetime import timedelta

import pytest
from django.urls import reverse
from playwright.sync_api import Locator, Page, expect
from tests.cast import booth as cast_booth
from tests.cast import boxes as cast_boxes
from tests.cast import district as cast
from tests.cast.keys import give_keys
from tests.cast.polls import watched
from tests.cast.questions import answer_all, closed_and_counted
from tests.journeys import looking
from tests.journeys.test_ballot_journey import local, sign_in

from blindballot.__main__ import main as blindballot
from zhengyou.ballots import actions as ballot_actions
from zhengyou.counting import queries as counting_queries
from zhengyou.polls import actions as poll_actions
from zhengyou.polls.models import Poll
from zhengyou.web.shared import clock

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def district():
    return cast.small_district(members_a_village=13)


def fill_question(page: Page, chinese: str, english: str, kind: str, *, codes: str = "", typed: str = "") -> None:
    page.get_by_label("Question in Chinese").fill(chinese)
    page.get_by_label("Question in English").fill(english)
    page.get_by_label(kind).check()
    page.get_by_label("Or single units: their codes").fill(codes)
    page.get_by_label("Options typed by hand").fill(typed)
    page.get_by_role("button", name="Save the question").click()


def planned_in_the_office(page: Page, address: str, district, check_axe, picture) -> Poll:
    """A poll of two questions, planned by hand."""
    cast_booth.small_cycle(district)
    sign_in(page, address, district.office.number, "/office/polls/new/")
    page.get_by_label("Name in Chinese").fill("推荐测评")
    page.get_by_label("Name in English").fill("Recommendation")
    page.get_by_label("No unit is graded").check()
    now = clock.now()
    page.get_by_label("Opens at").fill(local(now - timedelta(hours=1)))
    page.get_by_label("Closes at").fill(local(now + timedelta(hours=2)))
    page.get_by_role("button", name="Save and go on").click()
    expect(page.locator("#sheet")).to_contain_text("Nothing is on the sheet yet.")
    picture(page, "question-none-desktop")
    page.get_by_role("button", name="Add a question").click()
    check_axe(page)
    fill_question(
        page, "推荐哪个支部？", "Which branch do you recommend?", "Put all options in order", codes="001001001"
    )
    expect(page.get_by_role("alert")).to_contain_text("at least two options")
    picture(page, "question-refused-desktop")
    fill_question(
        page, "推荐哪个支部？", "Which branch do you recommend?", "Put all options in order",
        codes="001001001\n001001002\n001001003\n001001004",
    )  # fmt: skip
    page.get_by_role("button", name="Add a question").click()
    windows = "服务窗口 | Service window\n阅览室 | Reading room\n调解室 | Mediation room"
    fill_question(page, "赞成设立哪些？", "Which do you approve?", "Approve as many", typed=windows)
    expect(page.locator("article.question")).to_have_count(2)
    expect(page.locator("article.question").last).to_contain_text("It counts how many people approve each option.")
    check_axe(page)
    picture(page, "question-sheet-desktop")
    return Poll.objects.get()


def opened_by_hand(poll: Poll, district) -> Poll:
    people = {"name": {"zh-hans": "全体", "en": "All"}, "people": district.members}
    poll_actions.add_pool(poll=poll, **people, at=clock.now(), by=district.office)
    watched(poll, district, at=clock.now())
    give_keys(poll)
    return ballot_actions.open_poll(poll=poll, at=clock.now(), by=district.office)


def chosen(page: Page) -> Locator:
    return page.locator(".ranking .option[aria-pressed=true]")


def test_questions_from_the_plan_to_a_record_that_verifies(
    live_server, desktop: Page, phone: Page, district, check_axe, picture, tmp_path
):
    poll = opened_by_hand(planned_in_the_office(desktop, live_server.url, district, check_axe, picture), district)
    code = cast_booth.codes_for(poll, district.members[-1:])[0]
    phone.goto(f"{live_server.url}/booth/{poll.key}/#m={poll.fingerprint}&c={code}")
    ranking, approval = phone.locator(".question.ranking"), phone.locator(".question.approval")
    expect(phone.locator("fieldset.question")).to_have_count(2)
    for option in phone.locator(".question .option").all():
        assert option.bounding_box()["height"] >= 44
    check_axe(phone)
    picture(phone, "question-empty-phone")

    second, first = ranking.locator(".option").nth(1), ranking.locator(".option").first
    second.tap()
    first.tap()
    expect(ranking.locator(".order")).to_contain_text("第1 测试2村党支部 · 第2 测试1村党支部")
    ranking.locator(".undo").click()
    expect(chosen(phone)).to_have_text(["第1测试2村党支部"])
    assert looking.choices_unseen(phone) == []
    ranking.locator(".unsure").click()
    expect(chosen(phone)).to_have_count(0)
    phone.keyboard.press("Shift+Tab")  # back to the last option, by the keyboard alone
    phone.keyboard.press("Space")
    phone.keyboard.press("Shift+Tab")
    phone.keyboard.press("Enter")
    expect(chosen(phone)).to_have_text(["第2测试3村党支部", "第1测试4村党支部"])
    expect(ranking.locator(".unsure input")).not_to_be_checked()
    check_axe(phone)
    picture(phone, "question-order-phone")
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390

    phone.locator("header a[hreflang]").click()
    expect(chosen(phone)).to_have_text([re.compile("^2nd测试3村党支部 Cèshì"), re.compile("^1st测试4村党支部 Cèshì")])
    phone.locator(".sheet button.cast").click()
    expect(phone.locator(".confirm td").last).to_have_text("left blank: you abstain")
    check_axe(phone)
    picture(phone, "question-confirm-phone")
    phone.locator(".confirm button.secondary").click()
    approval.get_by_text("Reading room").click()
    approval.locator(".unsure").click()
    approval.get_by_text("Mediation room").click()
    expect(approval.locator("input:checked")).to_have_count(1)
    phone.locator(".sheet button.cast").click()
    expect(phone.locator(".confirm td").last).to_have_text("Mediation room")
    expect(phone.locator(".confirm")).to_contain_text("Nothing is left blank.")
    phone.locator(".confirm button.cast").click()
    expect(phone.locator(".check-code strong")).to_be_visible()
    assert [slip.version for slip in cast_boxes.slips_in(poll)] == [1, 1]

    answers = (
        [(["o02", "o01"], ["o01", "o02"])] * 8 + [(["o01", "o02", "o03", "o04"], ["o01"])] * 3 + [(["dont_know"], [])]
    )
    answer_all(poll, district.members[:-1], answers)
    poll = closed_and_counted(poll, district)
    verified(poll, tmp_path / "taken")
    phone.reload()
    expect(phone.locator(".record-whole")).to_be_visible()
    phone.goto(f"{live_server.url}/recount/?record={poll.key}&lang=en")
    expect(phone.locator("#recount-result h2").first).to_have_text("The record is sound")
    results(phone, live_server.url + reverse("public-results", args=[poll.key]), check_axe, picture, "phone")
    desktop.context.clear_cookies()
    results(desktop, live_server.url + reverse("public-results", args=[poll.key]), check_axe, picture, "desktop")
    desktop.goto(live_server.url + reverse("public-count-report", args=[poll.key]))
    expect(desktop.locator("table")).to_contain_text("First: 测试2村党支部.")
    check_axe(desktop)
    picture(desktop, "question-report-desktop")


def results(page: Page, address: str, check_axe, picture, name: str) -> None:
    """The result of both questions: who is first, and every number, as so many voted alike."""
    page.goto(f"{address}?lang=en")
    first, second = page.locator("article.question").all()
    expect(first.locator(".outcome")).to_contain_text("First: 测试2村党支部. Certain:")
    expect(second.locator(".outcome")).to_contain_text("First: Service window.")
    expect(first.locator("table.stack tr", has_text="测试2村党支部").locator("td")).to_have_text("35")
    first.get_by_text("Every two options compared").click()
    expect(first).to_contain_text("How many put the option of the row before")
    expect(first.locator("table.pairs tr", has_text="测试2村党支部").last.locator("td").first).to_have_text("35")
    second.get_by_text("How this was computed").click()
    expect(second).to_contain_text("It is good for narrowing many options down")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    check_axe(page)
    picture(page, f"question-result-{name}")


def verified(poll: Poll, folder) -> None:
    """The record of the poll passes the check that anybody makes."""
    with zipfile.ZipFile(counting_queries.packed_record(poll)) as packed:
        packed.extractall(folder)
    [record] = folder.iterdir()
    assert blindballot(["verify", str(record)]) == 0

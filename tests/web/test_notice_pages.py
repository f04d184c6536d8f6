"""Notices for everybody, objections and their answers, and the office's docket."""

import re
from datetime import UTC, datetime, time, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from tests.cast.awards import answered_objection, filed_objection, published_notice
from tests.cast.district import launched_cycle, small_district
from tests.cast.writing import filled, ticket_in

from zhengyou.identity.models import Account
from zhengyou.notices import queries
from zhengyou.notices.models import Objection
from zhengyou.web.shared import clock

ENGLISH = {"HTTP_ACCEPT_LANGUAGE": "en"}


def noon(days_ago=0):
    """Noon, local time, that many days ago."""
    return datetime.combine(clock.today() - timedelta(days=days_ago), time(4), tzinfo=UTC)


def sign_in(client, person):
    client.force_login(Account.objects.get(person=person))


@pytest.fixture
def district(db):
    return small_district(at=noon(70))


@pytest.fixture
def running(district):
    """A notice published yesterday."""
    at = noon(1)
    return published_notice(district, launched_cycle(district, at=at), at=at)


@pytest.fixture
def office(client, district):
    sign_in(client, district.office)
    return client


def address(notice):
    return reverse("public-notice", args=[notice.year, notice.number])


def text_of(response):
    return response.content.decode()


def typed(client, notice, **changes):
    """What the form of a notice sends, with its own ticket."""
    ticket = ticket_in(text_of(client.get(address(notice))))
    return {"ticket": ticket, "nominee": "whole", "content": "所述的路并未修通。", "name": "", "contact": ""} | changes


def test_anybody_reads_a_notice(client, running):
    page = text_of(client.get(address(running), **ENGLISH))
    for said in (
        running.title,
        "测试1村党支部",
        "修通了村里的路",
        "测试区委 测发〔2026〕1号",
        "测试区委活动办",
        "0745-0000000",
        "测试路1号",
        "working days left, until ",
        "24:00 on",
    ):
        assert said in page
    assert "not known" not in page
    assert re.search(rf'<a href="{address(running)}">', text_of(client.get(reverse("public-notices"))))


def test_a_year_without_a_calendar_is_said(client, db):
    at = datetime(2024, 12, 30, 4, 0, tzinfo=UTC)
    district = small_district(at=at)
    notice = published_notice(district, launched_cycle(district, at=at), at=at)
    notice.is_by_official_calendar = False
    notice.save()
    page = text_of(client.get(address(notice), **ENGLISH))
    assert "The public holidays of 2025 were not known" in page
    assert "Monday to Friday count as working days" in page


def test_an_ended_notice_has_no_form_and_refuses_in_words(client, district):
    at = noon(60)
    notice = published_notice(district, launched_cycle(district, at=at), at=at)
    page = text_of(client.get(address(notice), **ENGLISH))
    assert "ended on" in page
    assert "<textarea" not in page
    sent = filled(notice.reference, nominee="whole", content="晚了", name="", contact="")
    refused = text_of(client.post(address(notice), sent, **ENGLISH))
    assert "objections count by arrival" in refused
    assert not Objection.objects.exists()


def test_no_such_notice(client, running):
    assert client.get(reverse("public-notice", args=[running.year, 99])).status_code == 404


def test_an_objection_is_received_and_its_answer_read_by_code(client, district, running):
    received = client.post(address(running), typed(client, running, name="某居民"), **ENGLISH)
    page = text_of(received)
    assert "Received, number 1" in page
    assert {"no-store", "private"} <= set(received.headers["Cache-Control"].split(", "))
    code = re.search(r'class="big-code"><strong>([0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4})</strong>', page)[1]
    lookup = reverse("public-objection-answer")
    assert "being dealt with" in text_of(client.post(lookup, {"code": code.lower()}, **ENGLISH))
    answered_objection(district, Objection.objects.get(), is_upheld=False, at=clock.now())
    answer = text_of(client.post(lookup, {"code": code}, **ENGLISH))
    assert "已核实，谢谢。" in answer
    assert "not upheld" in answer
    assert "已到现场查看" not in answer
    wrong = text_of(client.post(lookup, {"code": "0000"}, **ENGLISH))
    assert "No objection matches this code" in wrong
    assert "nothing was saved" not in wrong  # a question saves nothing


@pytest.mark.parametrize(("origin", "status"), [("http://testserver", 200), ("http://elsewhere", 403)])
def test_an_empty_code_of_an_objection_is_asked_for_wherever_it_comes_from(running, origin, status):
    lookup, asking = reverse("public-objection-answer"), Client(enforce_csrf_checks=True, raise_request_exception=False)
    answer = asking.post(lookup, {}, HTTP_ORIGIN=origin, **ENGLISH)
    assert (answer.status_code, 'aria-invalid="true"' in answer.content.decode()) == (status, True)


def test_nothing_of_an_objection_is_public(client, running):
    client.post(address(running), typed(client, running, name="某居民", contact="0745-1111111"))
    shown = "".join(text_of(client.get(page)) for page in (address(running), "/notices/", "/honours/", "/"))
    for secret in ("某居民", "0745-1111111", "并未修通"):
        assert secret not in shown


def test_the_same_form_sent_twice_is_one_objection(client, running):
    sent = typed(client, running)
    first, again = (text_of(client.post(address(running), sent)) for _time in range(2))
    codes = [re.search(r"<strong>([0-9A-Z-]{14})</strong>", page)[1] for page in (first, again)]
    assert codes[0] == codes[1]
    assert Objection.objects.count() == 1


def test_what_was_typed_stays_on_an_error(client, running):
    page = text_of(client.post(address(running), typed(client, running, content="长" * 2001, name="某居民")))
    assert "某居民" in page
    assert "长" * 2001 in page
    assert not Objection.objects.exists()


def test_a_line_break_counts_as_one_character(client, running):
    text = "行\r\n" * 999 + "行行"
    client.post(address(running), typed(client, running, content=text))
    assert len(Objection.objects.get().content) == 2000


def test_the_docket_is_for_the_office(client, district, running):
    objection = filed_objection(running, at=clock.now())
    addresses = [reverse("office-docket"), reverse("office-objection", args=[objection.pk])]
    assert all(client.get(page).status_code == 302 for page in addresses)
    sign_in(client, district.leader)
    assert all(client.get(page).status_code == 403 for page in addresses)


def test_the_office_leads_an_objection_to_its_answer(office, district, running):
    objection = filed_objection(running, nominee=district.villages[0].reference, at=clock.now())
    page = reverse("office-objection", args=[objection.pk])

    def step(name, **said):
        return office.post(reverse("office-objection-step", args=[objection.pk, name]), said, **ENGLISH)

    assert "Register the objection" in text_of(office.get(page, **ENGLISH))
    assert step("register").url == page
    insider = step("check", checker=district.secretaries[0].number, finding="没有问题")
    assert "Somebody from outside it must do this" in text_of(insider)
    assert "没有问题" in text_of(insider)
    assert "No member has the number or name 没有此人" in text_of(step("check", checker="没有此人", finding="查看"))
    assert step("check", checker=district.secretaries[3].name, finding="路已修通").url == page
    unmarked = text_of(office.get(page))
    assert "checked" not in re.search(r'<input[^>]*value="yes"[^>]*>', unmarked)[0]
    assert step("rule", is_upheld="no", sure="on").url == page
    second = text_of(step("check", checker=district.secretaries[3].number, finding="再查"))
    assert f"{district.office.name} did it on" in second
    assert "再查" in second
    assert step("answer", answer="路已修通，感谢。").url == page
    objection.refresh_from_db()
    assert (objection.state, objection.is_upheld, objection.checked_by) == ("answered", False, district.secretaries[3])
    assert step("nonsense").status_code == 404
    assert office.get(reverse("office-objection", args=[0])).status_code == 404


def test_two_people_of_one_name_are_told_apart_by_number(office, district, running):
    district.members[5].name = district.members[6].name = "同名"
    for member in district.members[5:7]:
        member.save()
    objection = filed_objection(running, at=clock.now())
    step = {"checker": "同名", "finding": "查看"}
    page = text_of(office.post(reverse("office-objection-step", args=[objection.pk, "check"]), step, **ENGLISH))
    assert "Several fit." in page
    assert district.members[5].number in page


def test_the_office_enters_a_letter_and_is_shown_the_code(office, running):
    page = reverse("office-objection-enter", args=[running.year, running.number])
    ticket = re.search(r'name="ticket" value="([0-9a-f]{32})"', text_of(office.get(page)))[1]
    arrived = clock.now() - timedelta(minutes=2)
    sent = {
        "ticket": ticket,
        "way": "letter",
        "arrived_at": (arrived + timedelta(hours=8)).strftime("%Y-%m-%dT%H:%M"),
        "nominee": "whole",
        "content": "来信反映",
        "name": "",
        "contact": "",
    }
    code = re.search(r"<strong>([0-9A-Z-]{14})</strong>", text_of(office.post(page, sent)))[1]
    found = queries.objection_with_code(code)
    assert found is not None
    assert (found.way, found.arrived_at) == ("letter", arrived.replace(second=0, microsecond=0))


def test_a_file_of_notices_holds_days_that_can_be_sorted(client, running):
    assert "<small>in Chinese</small>" in text_of(client.get(reverse("public-notices"), **ENGLISH))
    assert "<small>中文</small>" not in text_of(client.get(reverse("public-notices")))
    file = client.get(reverse("public-notices") + "?as=csv", **ENGLISH)
    assert "in Chinese" not in file.content.decode()
    rows = text_of(file).splitlines()
    assert rows[1].endswith(f",{clock.today() - timedelta(days=1)},{running.ends_on}")
    assert "working day" in text_of(client.get(reverse("public-notices"), **ENGLISH))

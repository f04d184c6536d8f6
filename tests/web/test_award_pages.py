"""The office's way from a selection to honours, and the public register."""

from datetime import UTC, datetime, time, timedelta

import pytest
from django.urls import reverse
from tests.cast.awards import RECEIVING, drafted_selection, filed_objection, published_notice, selection_of
from tests.cast.district import closed_cycle, launched_cycle, small_district

from zhengyou.awards import actions, queries
from zhengyou.awards.models import Honour, Selection
from zhengyou.identity.models import Account
from zhengyou.notices.models import Notice
from zhengyou.web.shared import clock

ENGLISH = {"HTTP_ACCEPT_LANGUAGE": "en"}
DECISION = {
    "decision_number": "测发〔2026〕9号",
    "deciding_body": "测试区委",
    "reasons": "公示期满，研究决定。",
    "present": 9,
    "in_favour": 8,
    "against": 0,
    "abstained": 1,
    "sure": "on",
}
WORDS = ("decision_number", "deciding_body", "reasons")


def noon(days_ago=0):
    """Noon, local time, that many days ago."""
    return datetime.combine(clock.today() - timedelta(days=days_ago), time(4), tzinfo=UTC)


def sign_in(client, person):
    client.force_login(Account.objects.get(person=person))


@pytest.fixture
def district(db):
    return small_district(at=noon(70))


@pytest.fixture
def office(client, district):
    sign_in(client, district.office)
    return client


@pytest.fixture
def cycle(district):
    return launched_cycle(district, at=noon())


@pytest.fixture
def ended(district):
    """A selection whose notice has run out."""
    at = noon(60)
    return selection_of(published_notice(district, launched_cycle(district, at=at), at=at))


def text_of(response):
    return response.content.decode()


def page_of(selection):
    return reverse("office-selection", args=[selection.pk])


def commended(district, selection):
    given = {name: DECISION[name] for name in WORDS}
    return actions.record_commendation(selection=selection, at=clock.now(), by=district.office, **given)


def test_from_a_title_to_a_published_notice(office, district, cycle):
    sent = {"title": "先进基层党组织", "quota": "2"}
    made = office.post(reverse("office-selection-make"), sent)
    selection = Selection.objects.get()
    page = page_of(selection)
    assert made.url == page
    assert "测试区委 测发〔2026〕1号" in text_of(office.get(page))
    for village in district.villages[:2]:
        assert office.post(page, {"organisation": village.code, "deeds": "办成三件实事。"}).url == page
    twice = office.post(page, {"organisation": district.villages[0].name, "deeds": "再来一次"}, **ENGLISH)
    assert "is a candidate already" in text_of(twice)
    assert "再来一次" in text_of(twice)
    notice_page = reverse("office-selection-notice", args=[selection.pk])
    form = text_of(office.get(notice_page, **ENGLISH))
    assert "5 working days" in form
    assert "测试1村党支部" in form
    sent = {"title": "公示", "route": "推荐", "sure": "on", **RECEIVING}
    assert office.post(notice_page, sent).url == page
    notice = Notice.objects.get()
    again = text_of(office.post(notice_page, sent, **ENGLISH))
    assert f"as notice No. {notice.number} of {notice.year}" in again
    shown = text_of(office.get(page, **ENGLISH))
    assert "The notice runs until the end of" in shown
    assert 'name="deeds"' not in shown


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("zh-hans", "关于“先进基层党组织”候选对象的公示（%s）"),
        ("en", "Notice of the candidates for “先进基层党组织”, %s"),
    ],
)
def test_a_notice_is_proposed_with_a_title_in_the_offices_language(office, district, cycle, language, title):
    selection = drafted_selection(district, cycle, at=noon(), title="先进基层党组织")
    form = office.get(reverse("office-selection-notice", args=[selection.pk]), HTTP_ACCEPT_LANGUAGE=language)
    assert f'value="{title % cycle.name}"' in text_of(form)


def test_several_organisations_that_fit_are_named(office, district, cycle):
    selection = drafted_selection(district, cycle, at=noon(), candidates=[])
    page = text_of(office.post(page_of(selection), {"organisation": "村党支部", "deeds": "事"}, **ENGLISH))
    assert "测试1村党支部 <small>001001001 · 测试区委 › 测试镇党委" in page
    assert district.villages[3].code in page
    nobody = text_of(office.post(page_of(selection), {"organisation": "没有", "deeds": "事"}, **ENGLISH))
    assert "No unit has the code or name 没有." in nobody


def test_deeds_are_changed_and_candidates_taken_out(office, district, cycle):
    selection = drafted_selection(district, cycle, at=noon())
    first, second = queries.candidates(selection)
    office.post(reverse("office-candidate-deeds", args=[selection.pk, first.pk]), {"deeds": "改过的事迹"})
    taken_out = reverse("office-candidate-remove", args=[selection.pk, second.pk])
    assert [office.post(taken_out).status_code for _time in range(2)] == [302, 302]
    assert [row.deeds for row in queries.candidates(selection)] == ["改过的事迹"]
    other = reverse("office-candidate-deeds", args=[selection.pk, second.pk])
    assert office.get(other).status_code == 409


def test_nobody_put_forward_is_published_with_a_reason(office, client, district, cycle):
    selection = drafted_selection(district, cycle, at=noon(), candidates=[])
    page = reverse("office-selection-notice", args=[selection.pk])
    sent = {"title": "公示", "route": "推荐", "sure": "on", **RECEIVING}
    assert "say why, or add candidates" in text_of(office.post(page, sent, **ENGLISH))
    office.post(page, sent | {"reason_for_none": "本年度无单位达到标准。"})
    notice = Notice.objects.get()
    public = text_of(client.get(reverse("public-notice", args=[notice.year, notice.number])))
    assert "本年度无单位达到标准。" in public


def test_too_many_candidates_are_said_before_the_form(office, district, cycle):
    selection = drafted_selection(district, cycle, at=noon(), quota=1)
    page = text_of(office.get(page_of(selection), **ENGLISH))
    assert "There are 2 candidates, and the quota is 1" in page
    assert reverse("office-selection-notice", args=[selection.pk]) not in page


def test_where_objections_go_is_not_typed_twice(office, district, cycle):
    published_notice(district, cycle, at=noon())
    other = drafted_selection(district, cycle, at=noon(), title="群众满意窗口")
    form = text_of(office.get(reverse("office-selection-notice", args=[other.pk])))
    assert all(f'value="{said}"' in form for said in RECEIVING.values())


def test_no_selection_without_a_cycle_under_way(office, district, cycle):
    closed_cycle(district, cycle, at=clock.now())
    answer = office.get(reverse("office-selection-make"), follow=True, **ENGLISH)
    assert "No cycle of your campaign office is under way" in text_of(answer)


def test_a_running_notice_or_an_open_objection_holds_the_commendation_up(office, district, cycle):
    running = selection_of(published_notice(district, cycle, at=clock.now()))
    page = reverse("office-selection-commend", args=[running.pk])
    refused = text_of(office.post(page, DECISION, **ENGLISH))
    assert "Record the commendation after that day" in refused
    assert DECISION["reasons"] in refused
    assert not Honour.objects.exists()


def test_an_open_objection_is_counted_in_the_refusal(office, district, ended):
    filed_objection(ended.notice, at=noon(59))
    assert "1 objection has not been answered yet" in text_of(office.get(page_of(ended), **ENGLISH))
    page = reverse("office-selection-commend", args=[ended.pk])
    assert "1 objection has not been answered yet" in text_of(office.post(page, DECISION, **ENGLISH))


def test_the_commendation_is_recorded_once_and_anybody_verifies_it(office, client, district, ended):
    page = reverse("office-selection-commend", args=[ended.pk])
    assert office.post(page, DECISION).url == page_of(ended)
    assert "already been recorded" in text_of(office.post(page, DECISION, **ENGLISH))
    honour = queries.honours_of(district.villages[0])[0]
    register = text_of(client.get(reverse("public-honours")))
    assert f'<span data-read="short">{district.villages[0].parent.name}</span>' in register
    assert honour.code in register
    found = client.get(reverse("public-honours"), {"code": honour.code.lower()})
    assert found.url == reverse("public-honour", args=[honour.code])
    certificate = text_of(client.get(found.url, **ENGLISH))
    for said in ("测试1村党支部", "先进基层党组织", "测发〔2026〕9号", "is genuine", "公示期满，研究决定。"):
        assert said in certificate
    notice = text_of(client.get(reverse("public-notice", args=[ended.notice.year, ended.notice.number])))
    assert "测发〔2026〕9号" in notice


def test_an_unknown_certificate(client, db):
    assert client.get("/honours/0000-0000-0000/").status_code == 404
    answer = text_of(client.get(reverse("public-honours"), {"code": "0000-0000-0000"}, **ENGLISH))
    assert "No certificate has this code" in answer


def test_a_revoked_honour_is_shown_as_revoked(office, client, district, ended):
    honour = queries.honours_in(commended(district, ended))[0]
    page = reverse("office-honour-revoke", args=[honour.pk])
    assert office.get(page).status_code == 200
    assert office.post(page, {"reason": "事迹不实", "sure": "on"}).url == page_of(ended)
    assert "already been revoked" in text_of(office.post(page, {"reason": "再次", "sure": "on"}, **ENGLISH))
    shown = text_of(client.get(reverse("public-honour", args=[honour.code]), **ENGLISH))
    assert "事迹不实" in shown
    assert "is genuine" not in shown


def test_the_pages_are_for_the_office(client, district, ended):
    pages = [
        reverse("office-selections"),
        reverse("office-selection-make"),
        page_of(ended),
        reverse("office-selection-notice", args=[ended.pk]),
        reverse("office-selection-commend", args=[ended.pk]),
    ]
    assert [client.get(page).status_code for page in pages] == [302] * 5
    sign_in(client, district.town_secretary)
    assert [client.get(page).status_code for page in pages] == [403] * 5


@pytest.mark.parametrize("name", ["office-selection", "office-selection-notice", "office-selection-commend"])
def test_no_such_selection(office, name):
    assert office.get(reverse(name, args=[0])).status_code == 404


def test_no_such_honour_to_revoke(office):
    assert office.get(reverse("office-honour-revoke", args=[0])).status_code == 404

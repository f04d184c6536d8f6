"""What was left of cases after strangers had walked them: a question at the counter, one before a release, a print button, texts in
their reader's language, and the day after a reporter's word.
"""

import re
import uuid

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override
from tests.cast.cases import two_readers
from tests.rooms.cases import test_cases as cases
from tests.rooms.cases.test_cases import DAY
from tests.web.test_case_pages import ENGLISH, NOW, assigned, noon, received, signed_in, text_of
from tests.web.test_case_pages import cycle as cycle  # noqa: PLC0414 - a fixture
from tests.web.test_case_pages import district as district  # noqa: PLC0414
from tests.web.test_case_pages import village as village  # noqa: PLC0414
from tests.web.test_case_work import sent

from zhengyou import jobs
from zhengyou.cases import actions, pausing, reader_queries, reporting
from zhengyou.cases.models import Case, CaseWeekStale
from zhengyou.web.shared import clock

pytestmark = pytest.mark.django_db
CHINESE = {"headers": {"accept-language": "zh-CN"}}


def written_down(village, **more):
    facts = {"unit": village.code, "source": "phone", "kind": "delay", "words": "他收了红包才办事", "contact": ""}
    return facts | {"ticket": uuid.uuid4().hex} | more


def test_grave_words_at_the_counter_are_asked_about_before_they_are_taken(cycle, district, village):
    office = signed_in(district.office)
    first = sent(office, "office-case-enter", cycle.pk, unit=village.code)
    ticket = first.partition('name="ticket" value="')[2].partition('"')[0]
    given = written_down(village, ticket=ticket)
    page = sent(office, "office-case-enter", cycle.pk, **given)
    assert "seems to be about money, gifts, threats or violence" in page
    assert "Nothing has been taken yet" in page
    assert given["words"] in page
    assert not Case.objects.exists()
    page = sent(office, "office-case-enter", cycle.pk, **given, stays="yes", around="yes")
    assert "seems to be about money" not in page
    assert "two named people read it and hand it over" in page
    assert Case.objects.get().is_guarded


def test_grave_words_stay_with_the_office_where_their_reporter_wants_it_and_others_are_not_asked_about(
    cycle, district, village
):
    office = signed_in(district.office)
    first = sent(office, "office-case-enter", cycle.pk, unit=village.code)
    ticket = first.partition('name="ticket" value="')[2].partition('"')[0]
    sent(office, "office-case-enter", cycle.pk, **written_down(village, ticket=ticket), stays="yes")
    assert [row.kind for row in Case.objects.all()] == ["delay"]
    first = sent(office, "office-case-enter", cycle.pk, unit=village.code)
    ticket = first.partition('name="ticket" value="')[2].partition('"')[0]
    page = sent(office, "office-case-enter", cycle.pk, **written_down(village, ticket=ticket, words="等了三天"))
    assert "seems to be about money" not in page
    assert Case.objects.count() == 2


def test_nobody_is_released_before_a_question(cycle, district):
    two_readers(district, at=NOW)
    [one, _other] = reader_queries.readers_named(district.root)
    office, place = signed_in(district.office), [cycle.campaign_id, one.pk]
    page = text_of(office, "office-case-release", *place)
    assert "another person in the campaign office does it" in page
    assert "can read none of these reports" in page
    answer = office.post(reverse("office-case-release", args=place), **ENGLISH)
    one.refresh_from_db()
    assert (answer.status_code, one.release_asked_by) == (200, None)
    for who in (district.office, district.second_office):
        client = signed_in(who)
        assert client.post(reverse("office-case-release", args=place), {"sure": "on"}, **ENGLISH).status_code == 302
    one.refresh_from_db()
    assert one.until_on == clock.today()


def test_the_readers_sheet_has_a_button_to_print(cycle, district, village):
    reader, _other = two_readers(district, at=NOW)
    row = received(village, kind="misconduct").case
    page = text_of(signed_in(reader), "desk-guarded-sheet", row.pk)
    assert "data-print" in page
    assert "dist/writing" in page


def test_each_line_that_explains_a_kind_stands_by_itself(client, cycle, village):
    page = client.get(reverse("public-case-report", args=[village.code]), **ENGLISH).content.decode()
    assert "<br>Two named people read it, not the campaign office." in page


def test_the_houses_own_text_for_a_unit_is_read_in_the_language_of_its_reader_and_by_the_present_kind(
    cycle, district, village
):
    row = received(village).case
    with override("en"):
        [row] = actions.assign_cases(cases=[row], at=NOW, by=district.office)
    desk, place = signed_in(district.secretaries[0]), reverse("desk-case", args=[row.year, row.number])
    english = "Somebody reported this about your unit"
    assert english in desk.get(place, **ENGLISH).content.decode()
    page = desk.get(place, **CHINESE).content.decode()
    assert english not in page
    assert "有人反映" in page
    actions.change_kind(case=row, kind="inaction", words="看过。", at=NOW, by=district.office)
    kinds = {one.id: one.name["zh-hans"] for one in cycle.ruleset.case_kinds}
    with override("zh-hans"):
        page = desk.get(place, **CHINESE).content.decode()
    assert f"{kinds['inaction']}" in page.partition("有人反映")[2][:80]


def test_a_verdict_of_yesterday_appears_with_the_workers_next_round_and_until_then_nothing_moves(
    cycle, district, village
):
    facts = {"kind": "delay", "words": "等了三天", "contact": "", "source": "report", "ticket": uuid.uuid4()}
    row = actions.receive_case(unit=village, at=noon(4), **facts).case
    row = actions.assign_case(case=row, to=village, target_text="请查。", at=noon(3), by=district.office)
    row = actions.say_fixed(case=row, says="好了。", at=noon(2), by=district.secretaries[0])
    jobs.forget(at=noon(2))
    pages = [("public-case", [row.year, row.number]), ("public-cases", []), ("public-case-figures", [])]

    def seen():
        return [Client().get(reverse(name, args=args), **ENGLISH).content.decode() for name, args in pages]

    before = seen()
    reporting.give_verdict(case=row, verdict="not_solved", goes_on=False, at=noon(1))
    jobs.forget(at=noon(1))
    assert seen() == before, "on the day itself nothing moves, whatever the worker does"
    assert not CaseWeekStale.objects.exists()
    jobs.forget(at=noon())
    assert all(one != other for one, other in zip(seen(), before, strict=True))
    assert "It has not been put right" in seen()[0]


def test_the_lists_that_everybody_reads_say_which_case_is_late(client, cycle, district, village):
    late, fresh = cases.assigned(district, village, at=noon(20)), cases.assigned(district, village, at=NOW)
    for name, args in (("public-cases", ()), ("public-organisation", (village.code,))):
        page = text_of(client, name, *args)
        told = {row: re.split("</tr>|</li>", page.partition(row.number_words)[2])[0] for row in (late, fresh)}
        assert ">late<" in told[late], name
        assert ">late<" not in told[fresh], name


def test_which_cases_are_late_is_worked_out_once_for_a_page(client, cycle, district, village):
    late, fresh = cases.assigned(district, village, at=noon(20)), cases.assigned(district, village, at=NOW)
    address = reverse("public-cases")
    client.get(address, **ENGLISH)  # questions that are built once
    with CaptureQueriesContext(connection) as of_all:
        client.get(address, **ENGLISH)
    with CaptureQueriesContext(connection) as of_late:
        page = client.get(address, {"late": "yes"}, **ENGLISH).content.decode()
    assert late.number_words in page
    assert fresh.number_words not in page
    assert len(of_late) == len(of_all)


def test_after_giving_a_report_the_office_is_told_that_the_next_one_stands_there(cycle, village, district):
    row, after = received(village).case, received(district.villages[1]).case
    office = signed_in(district.office)
    given = {"to": village.code, "target_text": "请查窗口。"}
    page = office.post(reverse("office-case-act", args=[row.pk, "assign"]), given, follow=True, **ENGLISH)
    assert page.redirect_chain[-1][0] == reverse("office-case", args=[after.pk])
    assert "What stands here now is the next report." in page.content.decode()
    to = reverse("office-case-act", args=[after.pk, "assign"])
    page = office.post(to, given | {"to": district.villages[1].code}, follow=True, **ENGLISH).content.decode()
    assert "What stands here now is the next report." not in page


def test_whoever_paused_a_case_last_is_led_to_no_form_that_would_refuse_them(cycle, village, district):
    row, until = assigned(district, village), clock.today() + 3 * DAY
    pausing.pause_clock(case=row, why="delivery", words="等配件", until_on=until, at=NOW, by=district.office)
    prolonging = reverse("office-case-act", args=[row.pk, "pause"])
    assert prolonging not in text_of(signed_in(district.office), "office-case", row.pk)
    assert prolonging in text_of(signed_in(district.second_office), "office-case", row.pk)


def test_whoever_hands_a_report_over_sees_which(cycle, village, district):
    readers = two_readers(district, at=noon(9))
    row = received(village, kind="misconduct", words="收了红包").case
    reader = signed_in(readers[0])
    page = text_of(reader, "desk-guarded-act", row.pk, "hand")
    assert village.name in re.search(r'<nav class="crumbs".*?</nav>', page, re.S)[0]

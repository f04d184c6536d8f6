"""A clerk with many reports: knows them apart, goes from one to the next, is warned, and sets nothing aside alone; what reporters press."""

import csv
import io
import re
import uuid

import pytest
from django.urls import reverse
from django.utils.dateformat import format as date_format
from tests.rooms.cases.test_cases import DAY
from tests.web.test_case_pages import CONTACT, ENGLISH, NOW, assigned, noon, opened, received, signed_in, text_of
from tests.web.test_case_pages import cycle as cycle  # noqa: PLC0414 - a fixture
from tests.web.test_case_pages import district as district  # noqa: PLC0414
from tests.web.test_case_pages import village as village  # noqa: PLC0414
from tests.web.test_case_work import sent

from zhengyou.base.time import working_days_after
from zhengyou.cases import actions, effects, pausing, queries, reporting
from zhengyou.cases.models import Case, CaseReading
from zhengyou.web.shared import clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(district):
    return signed_in(district.office)


def test_the_list_knows_reports_apart_by_their_first_words_and_each_reporter_sees_that_they_were_read(
    cycle, village, office, client
):
    first, second = received(village, words="路灯坏了三个月"), received(village, words="井盖没有了")
    page = text_of(office, "office-cases", cycle.pk)
    assert "路灯坏了三个月" in page
    assert "井盖没有了" in page
    text_of(office, "office-cases", cycle.pk)
    assert CaseReading.objects.filter(case__in=[first.case, second.case]).count() == 2
    assert "the campaign office · your report" in opened(client, first.code)[0]
    file = office.get(reverse("office-cases", args=[cycle.pk]), {"as": "csv"}, **ENGLISH).content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(file)))
    assert len(rows) == 3
    assert "路灯" not in file
    assert CaseReading.objects.count() == 2
    found = text_of(office, "office-cases", cycle.pk, q="井盖")
    assert ("井盖没有了" in found, "路灯坏了三个月" in found) == (True, False)


def test_the_list_begins_with_what_is_not_closed_and_what_is_late_stands_first(cycle, village, office, district):
    for words, days_ago in (("新的", 0), ("旧的", 9), ("关了", 3)):
        actions.receive_case(
            unit=village, kind="delay", words=words, contact="", source="report", ticket=uuid.uuid4(), at=noon(days_ago)
        )
    Case.objects.filter(words="关了").update(state="closed", closed_on=NOW.date())
    page = text_of(office, "office-cases", cycle.pk)
    assert re.findall(r">(新的|旧的|关了)<", page) == ["旧的", "新的"]
    assert len(re.findall(r'<small class="late">\d working days late<', page)) == 1
    assert re.findall(r">(新的|旧的|关了)<", text_of(office, "office-cases", cycle.pk, due="late")) == ["旧的"]
    assert "关了" in text_of(office, "office-cases", cycle.pk, which="all")
    assert "关了" in text_of(office, "office-cases", cycle.pk, q="关了")


def test_what_the_office_owes_stands_by_its_day_and_what_is_over_behind_it(cycle, village, office, district):
    rows = {name: received(village, words=name).case for name in ("等上级", "旧的", "新的", "办好了")}
    told = {"旧的": ("received", 5), "新的": ("received", 2), "等上级": ("asked", 9), "办好了": ("fixed", 4)}
    for name, (state, days) in told.items():
        day = clock.today() - days * DAY
        facts = {"year": 2026, "number": days, "given_on": day} if state in ("asked", "fixed") else {}
        Case.objects.filter(pk=rows[name].pk).update(state=state, received_on=day, from_on=day, turn_on=day, **facts)
    names = r">(旧的|新的|等上级|办好了)<"
    assert re.findall(names, text_of(office, "office-cases", cycle.pk)) == ["等上级", "旧的", "新的", "办好了"]
    by_day = text_of(office, "office-cases", cycle.pk, order="day_shown")
    assert re.findall(names, by_day) == ["等上级", "旧的", "新的", "办好了"]


def test_from_one_report_to_the_next_without_the_list(cycle, village, office):
    rows = [received(village, words=f"第{n}件").case for n in range(3)]
    seen = [queries.by_due(Case.objects.all(), [cycle], NOW.date(), calls=True)[0]]
    for _n in range(2):
        given = {"to": village.code, "target_text": "请查。"}
        answer = office.post(reverse("office-case-act", args=[seen[-1].pk, "assign"]), given, **ENGLISH)
        pk = int(re.search(r"/cases/(\d+)/$", answer.url)[1])
        assert f"/cases/{seen[-1].pk}/" not in answer.url
        seen.append(Case.objects.get(pk=pk))
    assert {row.pk for row in seen} == {row.pk for row in rows}
    answer = office.post(reverse("office-case-act", args=[seen[-1].pk, "assign"]), given, **ENGLISH)
    assert answer.url == reverse("office-cases", args=[cycle.pk])
    assert "The next case" in text_of(office, "office-case", seen[0].pk)


def test_nobody_is_led_to_a_report_that_came_today_since_its_reporter_would_see_it_read(cycle, village, office):
    old, new = received(village, words="旧的").case, received(village, words="今天的").case
    Case.objects.filter(pk=new.pk).update(received_on=clock.today())
    given = {"to": village.code, "target_text": "请查。"}
    answer = office.post(reverse("office-case-act", args=[old.pk, "assign"]), given, **ENGLISH)
    assert answer.url == reverse("office-cases", args=[cycle.pk])
    assert not CaseReading.objects.filter(case=new).exists()


def test_a_text_that_repeats_the_report_is_asked_about_once(cycle, village, office):
    row = received(village, words="我女儿在三年级二班教室门口等了两个小时").case
    given = {"to": village.code, "target_text": "请查三年级二班教室门口的事。"}
    form = text_of(office, "office-case-act", row.pk, "assign")
    assert "三年级二班教室门口" in form, "the report stands on the page"
    assert f"{village.name} · {village.code}" in form
    assert 'name="repeats"' not in text_of(office, "office-case-act", row.pk, "assign")
    page = sent(office, "office-case-act", row.pk, "assign", **given)
    assert "is in what its reporter wrote as well" in page
    assert 'name="repeats"' in page
    assert Case.objects.get().state == "received"
    sent(office, "office-case-act", row.pk, "assign", repeats="on", **given)
    assert Case.objects.get().state == "assigned"


def test_a_copy_of_the_report_has_no_tick(cycle, village, office):
    words = "我女儿在三年级二班教室门口等了两个小时，没有人来开门"
    row = received(village, words=words).case
    page = sent(office, "office-case-act", row.pk, "assign", to=village.code, target_text=words, repeats="on")
    assert "is what its reporter wrote" in page
    assert 'name="repeats"' not in page
    assert Case.objects.get().state == "received"


def test_two_people_of_the_office_set_a_flood_aside_and_a_person_comes_back(cycle, village, office, district, client):
    taken = [received(village, words=f"乱敲{n}") for n in range(2)]
    alone = received(village, words="井盖没有了")
    Case.objects.exclude(pk=alone.case.pk).update(is_from_flood=True)
    rows = [one.case.pk for one in taken]
    page = sent(office, "office-case-aside-ask", cycle.pk, row=[*rows, alone.case.pk])
    assert "Only what came in a rush within minutes is set aside" in page
    asking = sent(office, "office-case-aside-ask", cycle.pk, row=rows)
    assert all(f"乱敲{n}" in asking for n in range(2))
    given = {"asked": "yes", "why": "program", "words": "同一分钟来的。"}
    page = sent(office, "office-case-aside-ask", cycle.pk, row=rows, **given)
    aside_id = re.search(r"/cases/aside/(\d+)/", page)[1]
    assert "another person answers" in text_of(office, "office-case-aside", cycle.pk, aside_id)
    other = signed_in(district.second_office)
    assert "asks for reports" not in text_of(office, "office-home")
    assert "set aside, as another person in the campaign office asks" in text_of(other, "office-home")
    sent(other, "office-case-aside", cycle.pk, aside_id, agrees="yes")
    assert set(Case.objects.filter(pk__in=rows).values_list("state", flat=True)) == {"set_aside"}
    own, word = opened(client, taken[0].code)
    assert all(words in own for words in ("I am a person", "同一分钟来的。", "without anything having been done"))
    assert "Call back" not in own
    again = client.post(reverse("public-case-own"), {"opened": word, "act": "person"}, **ENGLISH).content.decode()
    assert "back in the list" in again
    assert Case.objects.get(pk=rows[0]).state == "received"
    sent(office, "office-case-undo", cycle.pk, aside_id)
    assert set(Case.objects.values_list("state", flat=True)) == {"received"}
    assert signed_in(district.leader).get(reverse("office-case-aside", args=[cycle.pk, aside_id])).status_code == 403


def test_a_pause_is_seen_with_its_day_and_counted(cycle, village, office, district, client):
    row = assigned(district, village)
    desk = signed_in(district.secretaries[0])
    sent(desk, "desk-case-act", row.year, row.number, "pause", why="delivery", words="零件在路上。")
    assert "the unit asks for a pause" in text_of(office, "office-cases", cycle.pk)
    form = text_of(office, "office-case-act", row.pk, "pause")
    assert "零件在路上。" in form
    assert re.search(r'value="delivery"[^>]*checked', form)
    until = working_days_after(NOW.date(), 3)
    page = sent(office, "office-case-act", row.pk, "pause", why="delivery", words="零件在路上。", until_on=str(until))
    assert "paused until that day" in page
    for seen in (
        text_of(client, "public-case", row.year, row.number),
        text_of(desk, "desk-case", row.year, row.number),
    ):
        assert "parts or work on order" in seen
        assert "paused until" in seen
        assert "was paused 1 time" in seen
    assert "Paused at least once" in text_of(client, "public-case-figures")
    page = sent(office, "office-case-press", row.pk, "start")
    assert "The time limit runs again." in page


def test_a_reporter_says_that_nobody_called_and_the_office_reads_it_at_once(cycle, village, office, district, client):
    taken = received(village, contact=CONTACT)
    row = actions.assign_case(case=taken.case, to=village, target_text="请查。", at=NOW, by=district.office)
    assert "Nobody called me" not in opened(client, taken.code)[0]
    pausing.call_back(case=row, words="说清了。", at=NOW, by=district.office)
    own, word = opened(client, taken.code)
    assert "Nobody called me" in own
    again = client.post(reverse("public-case-own"), {"opened": word, "act": "uncalled"}, **ENGLISH).content.decode()
    assert "is shown beside theirs" in again
    assert "Nobody called me" not in again
    assert "The reporter says: nobody called me" in text_of(office, "office-case", row.pk)
    assert "?due=uncalled" in text_of(office, "office-home"), "it stands among what is due on the same day"
    assert row.number_words in text_of(office, "office-cases", cycle.pk, due="uncalled")
    effects.settle(at=NOW + DAY)
    page = text_of(client, "public-case", row.year, row.number)
    assert "nobody called me" not in page, "while it is open it tells who left a telephone"
    assert "given, not called back" in text_of(office, "office-cases", cycle.pk), (
        "those not given yet stand under their own word"
    )


def test_a_report_of_today_whose_reporter_says_that_nobody_called_is_to_be_called_at_once_and_on_the_days_after(
    cycle, village, office, district, client
):
    taken = actions.receive_case(
        kind="delay",
        unit=village,
        words="等了三天",
        contact=CONTACT,
        source="report",
        ticket=uuid.uuid4(),
        at=clock.now(),
    )
    received(village, words="也还没交办", contact=CONTACT)
    row = pausing.call_back(case=taken.case, words="说清了。", at=clock.now(), by=district.office)
    assert row.state == "received"
    client.post(reverse("public-case-own"), {"opened": opened(client, taken.code)[1], "act": "uncalled"}, **ENGLISH)
    for settled in (False, True):
        page = text_of(office, "office-cases", cycle.pk, due="uncalled")
        assert ("等了三天" in page, "也还没交办" in page) == (True, False), settled
        page = office.get(reverse("office-home"), **ENGLISH).content.decode()
        assert "Call 1 reporter back" in page, settled
        effects.settle(at=clock.now() + DAY)


def test_nobody_is_offered_a_call_where_no_telephone_was_left(cycle, village, office, district):
    row = assigned(district, village)
    page = text_of(office, "office-case", row.pk)
    assert "Enter a call" not in page
    assert "First message" in page
    assert "No telephone number was left" in sent(office, "office-case-act", row.pk, "call", words="打过了。")


def test_whoever_left_no_number_is_written_to_and_each_line_leads_to_just_its_cases(cycle, village, office, district):
    for words, contact in (("有电话", CONTACT), ("没电话", ""), ("也没有", "")):
        assigned(district, village, words=words, contact=contact)
    received(village, words="还没交办", contact="")
    page = office.get(reverse("office-home"), **ENGLISH).content.decode()
    assert "Call 1 reporter back" in page
    assert "Write to 2 reporters who left no number" in page
    assert re.findall(r">(\S*电话|也没有|还没交办)<", text_of(office, "office-cases", cycle.pk, due="uncalled")) == [
        "有电话"
    ]
    found = re.findall(r">(\S*电话|也没有|还没交办)<", text_of(office, "office-cases", cycle.pk, due="unwritten"))
    assert sorted(found) == ["也没有", "没电话"]
    steps = {"有电话": "call", "没电话": "message", "还没交办": "assign"}
    for row in Case.objects.filter(words__in=steps):
        page = text_of(office, "office-case", row.pk)
        assert re.findall(r'<a role="button" href="[^"]*/do/(\w+)/"', page) == [steps[row.words]]


def test_one_next_step_stands_above_and_the_rest_below_it_by_what_it_touches(cycle, village, office, district):
    row = assigned(district, village, contact=CONTACT)
    page = text_of(office, "office-case", row.pk)
    deeds = page.partition("What else can be done")[2]
    groups = re.split(r"<dt>([^<]+)</dt>", deeds[: deeds.index("</dl>")])[1:]
    led = {name: re.findall(r"/do/(\w+)/", text) for name, text in zip(groups[::2], groups[1::2], strict=True)}
    assert led == {"Reporter": ["message"], "Report": ["reword", "kind"], "Time limit": ["pause"]}
    assert re.findall(r'<a role="button" href="[^"]*/do/(\w+)/"', page) == ["call"]
    assert page.count("/do/call/") == 1


def test_a_unit_notes_who_does_it_for_its_own_people_alone(cycle, village, office, district, client):
    row = assigned(district, village)
    desk = signed_in(district.secretaries[0])
    sent(desk, "desk-case-act", row.year, row.number, "who", in_house="交给小赵")
    assert "交给小赵" in text_of(desk, "desk-case", row.year, row.number)
    assert "交给小赵" in text_of(desk, "desk-cases")
    above = signed_in(district.town_secretary)
    for page in (
        text_of(client, "public-case", row.year, row.number),
        text_of(office, "office-case", row.pk),
        text_of(above, "desk-case", row.year, row.number),
    ):
        assert "交给小赵" not in page


def without_tokens(page):
    """A page but for the token of its forms, which is new each time."""
    return re.sub(r'value="[^"]{64}"', "", page)


def rows_of(client, cycle, **query):
    page = text_of(client, "office-cases", cycle.pk, **query)
    return [" ".join(re.sub(r"<[^>]+>", " ", one).split()) for one in re.findall(r"<tr>.*?</tr>", page, re.DOTALL)[1:]]


def test_own_page_and_the_offices_list_say_the_same_on_the_same_day_and_the_unit_on_the_next(
    cycle, village, office, district, client
):
    """Opened again, and nobody called: the office sees state and last day at once, where its list puts what is due; the unit tomorrow."""
    taken, other = received(village, contact=CONTACT), received(village, words="别的事", contact=CONTACT)
    by = {"at": NOW, "by": district.office}
    row, other = [actions.assign_case(case=one.case, to=village, target_text="请查。", **by) for one in (taken, other)]
    pausing.call_back(case=row, words="说清了。", **by)
    actions.say_fixed(case=row, says="好了。", at=NOW, by=district.secretaries[0])
    desk = signed_in(district.secretaries[0])
    before = without_tokens(text_of(desk, "desk-cases"))
    said = reporting.give_verdict(case=row, verdict="not_solved", goes_on=True, at=NOW)
    due = date_format(queries.clocks_of(said, NOW.date())["fix"].due_on, "j M")  # in sentences the month is written out
    assert due in opened(client, taken.code)[0]
    mine = next(one for one in rows_of(office, cycle) if row.number_words in one)
    assert due in mine
    assert "its reporter said so today" in mine
    assert row.number_words in rows_of(office, cycle, state="assigned")[-1]
    assert due in text_of(office, "office-case", row.pk)
    assert without_tokens(text_of(desk, "desk-cases")) == before
    pausing.call_back(case=other, words="说清了。", **by)
    pausing.deny_call(case=row, at=NOW)
    assert row.number_words in rows_of(office, cycle)[0], "whom the office owes a call stands first"
    effects.settle(at=NOW + DAY)
    assert due in text_of(desk, "desk-cases")


def test_what_its_reporter_closed_today_is_closed_in_the_offices_list(cycle, village, office, district):
    row = assigned(district, village)
    actions.say_fixed(case=row, says="好了。", at=NOW, by=district.secretaries[0])
    reporting.give_verdict(case=row, verdict="solved", goes_on=False, at=NOW)
    assert row.number_words not in " ".join(rows_of(office, cycle))
    assert row.number_words in " ".join(rows_of(office, cycle, state="closed"))
    assert row.number_words not in " ".join(rows_of(office, cycle, state="fixed"))


def test_what_is_done_to_several_names_each_by_its_first_words_and_their_reporters_see_that_they_were_read(
    cycle, village, office, client
):
    first, second = received(village, words="路灯坏了三个月"), received(village, words="井盖没有了")
    ticked = {"deed": "assign", "row": [first.case.pk, second.case.pk]}
    page = office.post(reverse("office-case-many", args=[cycle.pk]), ticked, **ENGLISH).content.decode()
    assert "路灯坏了三个月" in page
    assert "井盖没有了" in page
    assert "—" not in page[page.index('<ul class="rows">') : page.index('name="asked"')]
    assert CaseReading.objects.filter(case__in=[first.case, second.case]).count() == 2
    assert "the campaign office · your report" in opened(client, first.code)[0]

"""The work of a day with many cases: the two readers in a flood, a clerk with thirty cases, a paper at a counter."""

import re
import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from tests.cast.cases import two_readers
from tests.cast.district import closed_cycle
from tests.rooms.cases.test_cases import DAY
from tests.web.test_case_pages import ENGLISH, NOW, assigned, code_on, noon, opened, received, signed_in, text_of
from tests.web.test_case_pages import cycle as cycle  # noqa: PLC0414 - a fixture
from tests.web.test_case_pages import district as district  # noqa: PLC0414
from tests.web.test_case_pages import village as village  # noqa: PLC0414

from zhengyou.base.models import StoredFile
from zhengyou.base.time import working_days_after
from zhengyou.cases import actions, desk_queries, pausing, queries, reader_queries, reporting, setting_aside
from zhengyou.cases.models import Case, CaseReading
from zhengyou.organisations.readers import Reader


@pytest.fixture
def readers(district, cycle):
    """Both readers, signed in."""
    return [signed_in(person) for person in two_readers(district, at=NOW)]


def sent(client, name, *args, **given):
    return client.post(reverse(name, args=args), given, follow=True, **ENGLISH).content.decode()


def test_two_readers_set_a_flood_aside_and_the_public_counts_it(client, cycle, village, district, readers):
    first, second = readers
    flood = [received(village, kind="misconduct", words=f"乱敲{n}").case for n in range(4)]
    told = received(village, kind="misconduct", words="收了红包")
    rows = [row.pk for row in [*flood, told.case]]
    assert "乱敲0" not in text_of(first, "desk-guarded")
    asking = sent(first, "desk-guarded-many", deed="aside", row=rows)
    assert all(one in asking for one in ("乱敲0", "乱敲3", "收了红包"))
    assert CaseReading.objects.count() == 5
    page = sent(first, "desk-guarded-many", deed="aside", row=rows, why="senseless", words="全是乱敲的字。")
    assert "asked on" in page
    aside_id = re.search(r"/around/aside/(\d+)/", page)[1]
    assert "another person answers" in text_of(first, "desk-guarded-aside", aside_id)
    assert signed_in(district.office).get(reverse("desk-guarded-aside", args=[aside_id])).status_code == 404
    sent(second, "desk-guarded-aside", aside_id, agrees="yes", row=[told.case.pk])
    states = sorted(Case.objects.values_list("state", flat=True))  # ids are by chance
    assert (states, Case.objects.get(pk=told.case.pk).state) == (["guarded"] + ["set_aside"] * 4, "guarded")
    week_ago = NOW.date() - timedelta(days=7)
    Case.objects.update(received_on=week_ago, turn_on=week_ago)  # counted in public once its week is over
    figures = text_of(client, "public-case-figures")
    row = figures.partition("Of these, set aside by the two people who read them")[2]
    assert re.search(r'class="figure">(\d+)<', row)[1] == "4"
    assert "set aside by two people" in text_of(client, "public-entries")
    sent(first, "desk-guarded-undo", aside_id)
    assert set(Case.objects.values_list("state", flat=True)) == {"guarded"}


def test_a_reporter_reads_why_and_brings_a_report_back(client, cycle, village, district, readers):
    taken = received(village, kind="misconduct", words="啊啊啊")
    said = {"why": "senseless", "words": "看不出说的是什么。", "at": NOW}
    first, second = (row.person for row in reader_queries.readers_named(district.root))
    one = setting_aside.ask_aside(cases=[taken.case], by=first, **said)[0]
    setting_aside.answer_aside(aside=one, agrees=True, at=NOW, by=second)
    page, word = opened(client, taken.code)
    assert "says nothing that anybody could look into" in page
    assert "看不出说的是什么。" in page
    assert first.name not in page
    sent(client, "public-case-own", opened=word, act="message", words="我是说王主任收钱。")
    assert Case.objects.get().state == "guarded"


def test_all_that_match_are_handed_over_after_one_question(cycle, village, district, readers):
    for n in range(60):
        received(village, kind="misconduct", words=f"同一件事{n}")
    other = received(village, kind="misconduct", words="另一件").case
    asking = sent(readers[0], "desk-guarded-many", deed="hand", all_that_match="q=同一件事")
    rows = re.findall(r'name="row" value="(\d+)"', asking)
    assert len(rows) == 60
    sent(readers[0], "desk-guarded-many", deed="hand", row=rows, words="已当面移交。", sure="on")
    assert Case.objects.filter(state="handed").count() == 60
    other.refresh_from_db()
    assert other.state == "guarded"


def test_a_paper_at_a_counter_becomes_a_case_and_its_bringer_gets_a_slip(client, cycle, village, district):
    desk = signed_in(district.secretaries[1])
    assert reverse("desk-case-enter") in text_of(desk, "desk-cases")
    assert 'name="words"' not in text_of(desk, "desk-case-enter"), "the unit comes before the first word"
    form = sent(desk, "desk-case-enter", unit=village.code)
    assert f'value="{village.code}"' in form
    assert f"{village.name} · {village.code}" in form, "nobody knows codes by heart"
    ticket = re.search(r'name="ticket" value="([^"]+)"', form)[1]
    given = {"unit": village.code, "kind": "delay", "words": "窗口总没人", "ticket": ticket}
    assert "Read it back before somebody else" in sent(desk, "desk-case-enter", source="counter", **given)
    page = sent(desk, "desk-case-enter", source="counter", witness="门卫老李", **given)
    code, address = code_on(page), reverse("public-case-own")
    assert f"{address}</strong>" in page
    own, _word = opened(client, code)
    assert f"written down by {district.secretaries[1].name}" in own
    row = Case.objects.get()
    assert "门卫老李" in text_of(signed_in(district.office), "office-case", row.pk)
    assert desk.get(reverse("office-case", args=[row.pk])).status_code == 403
    nobody = signed_in(district.leader)
    assert nobody.get(reverse("desk-case-enter")).status_code == 403


def test_a_clerk_who_writes_down_misconduct_is_told_truly_who_reads_it(cycle, village, district):
    """The page once said of every kind that the office reads it, and the slip that its bringer closes it."""
    desk = signed_in(district.secretaries[1])
    form = sent(desk, "desk-case-enter", unit=village.code)
    assert "Two named people read it, not the campaign office." in form
    assert "Only the campaign office" not in form
    ticket = re.search(r'name="ticket" value="([^"]+)"', form)[1]
    given = {"unit": village.code, "kind": "misconduct", "words": "收红包", "source": "paper", "ticket": ticket}
    page = sent(desk, "desk-case-enter", **given)
    slip = page.partition('<article class="case-slip">')[2].partition("</article>")[0]
    assert "two named people read it" in slip
    assert "close it" not in slip
    assert "follow and close" not in page


def test_attack_a_clerk_of_the_target_is_turned_away_when_the_unit_is_chosen(cycle, village, district):
    desk = signed_in(district.secretaries[0])
    page = sent(desk, "desk-case-enter", unit=village.code)
    assert "so you cannot write down a report about it" in page
    assert "the public page, which goes to two named people" in page
    assert 'name="words"' not in page
    given = {"unit": village.code, "kind": "delay", "words": "路灯不亮", "ticket": str(uuid.uuid4())}
    assert "so you cannot write down a report about it" in sent(desk, "desk-case-enter", source="paper", **given)
    assert not Case.objects.exists()


def test_the_office_enters_a_call_a_paper_or_spoken_words(cycle, village, district):
    office = signed_in(district.office)
    page = sent(office, "office-case-enter", cycle.pk, unit=village.code)
    assert re.findall(r'name="source" value="([a-z]+)"', page) == ["phone", "paper", "counter"]
    assert "checked" not in page.partition("<main")[2]
    given = {"unit": village.code, "kind": "delay", "words": "窗口总没人", "ticket": str(uuid.uuid4())}
    assert code_on(sent(office, "office-case-enter", cycle.pk, source="phone", **given))


def test_a_clerk_does_the_same_with_many_and_nothing_of_others(cycle, village, district):
    rows = [assigned(district, village, words=f"第{n}件") for n in range(3)]
    other = assigned(district, district.villages[1], words="别村的")
    desk = signed_in(district.secretaries[0])
    ticked = [row.pk for row in [*rows, other]]
    asking = sent(desk, "desk-case-many", deed="fix", row=ticked)
    assert re.findall(r'name="row" value="(\d+)"', asking) == [str(row.pk) for row in desk_queries.at_desk(
        Reader.of(district.secretaries[0], NOW.date(), "en"))]  # fmt: skip
    sent(desk, "desk-case-many", deed="fix", row=ticked, asked="yes", says="三处都加了人。")
    assert [Case.objects.get(pk=row.pk).state for row in [*rows, other]] == ["fixed"] * 3 + ["assigned"]
    page = sent(desk, "desk-case-many", deed="fix", row=ticked, asked="yes", says="再来。")
    assert "somebody was first" in page
    assert Client().post(reverse("desk-case-many"), {"deed": "fix"}).status_code == 302


def test_passed_on_and_taken_on_together(cycle, village, district):
    rows = [assigned(district, village, words=f"第{n}件").pk for n in range(3)]
    first, second = signed_in(district.secretaries[0]), signed_in(district.secretaries[1])
    to = district.villages[1].code
    sent(first, "desk-case-many", deed="pass", row=rows, asked="yes", to=to, words="是他们的路。")
    assert set(Case.objects.values_list("state", "unit")) == {("passed", district.villages[1].pk)}
    sent(second, "desk-case-many", deed="take", row=rows, asked="yes", sure="on")
    assert set(Case.objects.values_list("state", flat=True)) == {"assigned"}


def test_the_office_writes_the_same_to_many_and_so_calls_back_whom_it_cannot_reach(client, cycle, village, district):
    unknown, reachable = received(village), received(village, words="有电话", contact="0745-1")
    rows = [unknown.case.pk, reachable.case.pk]
    office = signed_in(district.office)
    sent(office, "office-case-many", cycle.pk, deed="message", row=rows, asked="yes", words="收到，正在看。")
    called = dict(Case.objects.values_list("pk", "called_on"))
    assert (called[rows[0]], called[rows[1]]) == (NOW.date(), None)
    assert "收到，正在看。" in opened(client, unknown.code)[0]
    assert queries.docket(district.office, queries.tree.within_any([district.root], "unit"), NOW.date()).count() == 2


def test_the_two_readers_hand_over_a_sheet_with_the_words_and_no_copy_of_it_is_kept(cycle, village, district, readers):
    given = {"place": "村委会二楼西", "happened": "九点四十", "contact": "0745-9988"}
    row = received(village, kind="misconduct", words="收了红包三千元", **given).case
    reporting.write_as_reporter(case=row, words="还有李四也看见了", at=NOW)
    told = (
        "收了红包三千元",
        *given.values(),
        village.name,
        row.sign,
        "纪检监察",
        "反映移交单",
        "Report handed over",
        "还有李四也看见了",
        f"{NOW.year}年{NOW.month}月{NOW.day}日",
        f"{NOW:%B} {NOW.year}",
        "接收人签字",
    )
    reader, address = readers[0], reverse("desk-guarded-sheet", args=[row.pk])
    sheet, file = reader.get(address, **ENGLISH), reader.get(address, {"as": "txt"}, **ENGLISH)
    for answer in (sheet, file):
        assert [one for one in told if one not in answer.content.decode()] == []
        assert "no-store" in answer["Cache-Control"]
    assert file["Content-Disposition"].startswith("attachment")
    assert StoredFile.objects.count() == 0
    assert CaseReading.objects.filter(case=row).count() == 1, "its reporter sees that it was read"
    form = text_of(reader, "desk-guarded-act", row.pk, "hand")
    assert all(one in form for one in told[:4]), "nobody hands over another one than they mean"
    for person in (district.office, district.leader, district.town_secretary, district.secretaries[0]):
        assert signed_in(person).get(address).status_code == 404


def test_the_list_says_first_what_is_due_next(cycle, village, district):
    """A kind with fifteen days that came first stands behind one with five that came later; what stands still comes after both."""
    long = next(one.id for one in cycle.ruleset.case_kinds if one.clock == "fix_long")
    made = {}
    for name, kind, days_ago in (("long", long, 3), ("short", "delay", 1), ("still", "delay", 9), ("done", "delay", 9)):
        at = noon(days_ago)
        row = actions.receive_case(
            unit=village, kind=kind, words=name, contact="", source="report", ticket=uuid.uuid4(), at=at - DAY
        ).case
        made[name] = actions.assign_case(case=row, to=village, target_text=name, at=at, by=district.office)
    until = working_days_after(NOW.date(), 3)
    pausing.pause_clock(
        case=made["still"], why="delivery", words="等零件。", until_on=until, at=NOW, by=district.office
    )
    actions.say_fixed(case=made["done"], says="好了。", at=NOW, by=district.secretaries[0])
    page = text_of(signed_in(district.secretaries[0]), "desk-cases")
    order = re.findall(r">(short|long|still|done)<", page)
    assert order == ["short", "long", "still", "done"]


def test_the_text_for_the_unit_is_not_saved_over_what_somebody_else_wrote_meanwhile(cycle, village, district):
    row = assigned(district, village)
    mine, theirs = signed_in(district.office), signed_in(district.second_office)
    page = text_of(mine, "office-case-act", row.pk, "reword")
    seen = re.search(r'name="seen" value="([^"]+)"', page)[1]
    sent(theirs, "office-case-act", row.pk, "reword", target_text="别人写的。", seen=seen)
    page = sent(mine, "office-case-act", row.pk, "reword", target_text="我写的。", seen=seen)
    assert "while you were writing" in page
    assert "别人写的。" in page
    assert Case.objects.get().target_text == "别人写的。"


def test_nothing_ticked_or_a_visit_leads_back(cycle, village, district, readers):
    assert "Choose from 1 to 500" in sent(readers[0], "desk-guarded-many", deed="aside")
    assert readers[0].get(reverse("desk-guarded-many")).url == reverse("desk-guarded")
    office = signed_in(district.office)
    assert office.get(reverse("office-case-many", args=[cycle.pk])).url == reverse("office-cases", args=[cycle.pk])
    assert signed_in(district.office).post(reverse("desk-guarded-many"), {"deed": "hand"}).status_code == 404


def test_what_carried_over_stays_due_for_office_and_unit_after_the_end_of_the_cycle(cycle, village, district):
    received(village)
    assigned(district, village)
    closed_cycle(district, cycle, at=NOW)
    assert "Give 1 report to its unit" in text_of(signed_in(district.office), "office-home")
    at_desk = signed_in(district.secretaries[0])
    assert "Deal with 1 case" in text_of(at_desk, "desk-home")
    assert "Give 1 report" not in text_of(at_desk, "desk-home")
    Case.objects.update(state="closed", closed_on=NOW.date())
    assert "Deal with" not in text_of(at_desk, "desk-home")

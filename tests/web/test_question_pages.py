"""Pages of questions: written and changed in the office, printed and keyed on paper, one outcome in the same words everywhere."""

import re
from datetime import timedelta
from io import BytesIO

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook
from tests.cast import district as cast
from tests.cast import paper as cast_paper
from tests.cast.booth import small_cycle
from tests.cast.questions import (
    answer_all,
    approval,
    closed_and_counted,
    drafted_questions,
    opened_questions,
    ranking,
)

from zhengyou.identity.models import Account
from zhengyou.polls import queries
from zhengyou.polls.models import Poll, SheetQuestion
from zhengyou.web.shared import clock

pytestmark = pytest.mark.django_db

ABC = ("甲", "乙", "丙")


@pytest.fixture
def district():
    return cast.small_district(members_a_village=4)


@pytest.fixture
def cycle(district):
    return small_cycle(district, criteria=1)


def signed_in(person, language="en"):
    client = Client(HTTP_ACCEPT_LANGUAGE=language)
    client.force_login(Account.objects.get(person=person))
    return client


@pytest.fixture
def office(district):
    return signed_in(district.office)


def text_of(response):
    return response.content.decode()


def filled(**changes):
    given = {"text_zh": "推荐哪个？", "text_en": "Which one?", "kind": "ranking", "method": "borda"}
    return given | {"typed": "甲 | A\n乙｜B", "codes": "001001001"} | changes


def test_a_question_is_written_changed_and_taken_off(district, cycle, office):
    poll = drafted_questions(district, cycle, [], [])
    add = reverse("office-poll-question-add", args=[poll.key])
    page = office.post(add, filled(), follow=True)
    assert "The question is on the sheet." in text_of(page)
    [one] = queries.questions_of(poll)
    assert [option.name["en"] for option in one.options] == [district.villages[0].name, "A", "B"]
    change = reverse("office-poll-question", args=[poll.key, one.row.pk])
    form = text_of(office.get(change))
    assert "甲 | A\n乙 | B" in form
    assert re.search(r'value="borda"[^>]*checked', form)
    office.post(change, filled(kind="approval", codes="", typed="丁 | D\n戊"))
    [one] = queries.questions_of(poll)
    assert (one.row.kind, one.row.method, one.options[1].name["en"]) == ("approval", "approvals", "戊")
    remove = reverse("office-poll-question-remove", args=[poll.key, one.row.pk])
    for _time in range(2):
        assert office.post(remove).headers["Location"] == reverse("office-poll", args=[poll.key])
    assert not SheetQuestion.objects.exists()


@pytest.mark.parametrize(
    ("changes", "sentence", "chinese"),
    [
        ({"codes": "", "typed": "甲 | A"}, "at least two options", "至少要有两个选项"),
        ({"typed": "\n".join(f"{n}" for n in range(9))}, "at most 6 options, and there are 10", "现在有10个"),
        ({"typed": "甲 | A\n甲 | B"}, "stands twice among the options", "重复了"),
        ({"codes": "999"}, "No unit has the code 999", "999"),
        ({"text_zh": ""}, "Please look at what is marked below", "请查看下面标出的地方"),
    ],
)
def test_what_cannot_be_asked_is_said_in_both_languages_and_stays_in_the_form(
    district, cycle, changes, sentence, chinese
):
    poll = drafted_questions(district, cycle, [], [])
    add = reverse("office-poll-question-add", args=[poll.key])
    for language, words in (("en", sentence), ("zh-hans", chinese)):
        page = text_of(signed_in(district.office, language).post(add, filled(**changes)))
        assert words in page
        assert "Which one?" in page
    assert not SheetQuestion.objects.exists()


def test_a_poll_is_planned_of_questions_only_or_of_organisations_never_of_nothing(cycle, office):
    now = clock.now()
    window = {"opens_at": f"{now:%Y-%m-%dT%H:%M}", "closes_at": f"{now + timedelta(days=2):%Y-%m-%dT%H:%M}"}
    given = {"name_zh": "测评", "name_en": "Appraisal", **window}
    plan = reverse("office-poll-plan")
    assert "Choose a unit, or name units below, each by code." in text_of(office.post(plan, given))
    both = given | {"codes": "001001001", "is_of_questions": "on"}
    assert "Untick this, or leave them out." in text_of(office.post(plan, both))
    assert not Poll.objects.exists()
    page = text_of(office.post(plan, given | {"is_of_questions": "on"}, follow=True))
    assert "Add its questions next." in page
    assert "Nothing is on the sheet yet." in page


def test_an_opened_poll_offers_no_change_of_its_questions(district, cycle, office):
    poll = opened_questions(district, cycle, [ranking(*ABC)], [district.members[:6]])
    page = text_of(office.get(reverse("office-poll", args=[poll.key])))
    assert "Which one do you recommend?" in page
    assert "Add a question" not in page
    assert "Take it off the sheet" not in page
    poster = text_of(office.get(reverse("office-poll-poster", args=[poll.key])))
    assert "Which one do you recommend?" in poster


def test_paper_forms_have_a_grid_and_the_keying_page_a_field_for_each_place(district, cycle, office):
    asked = [ranking(*ABC, "丁", kind="best-three"), approval(*ABC)]
    poll = opened_questions(district, cycle, asked, [district.members[:6]])
    forms = text_of(office.get(reverse("office-paper-forms", args=[poll.key])))
    ranked, approved = re.findall(r'<table class="matrix options">.*?</table>', forms, re.DOTALL)
    assert (ranked.count('class="box"'), approved.count('class="box"')) == (4 * 3 + 1, 3 + 1)
    assert "one tick in each column" in forms
    printing = cast_paper.settled(poll, district, cast_paper.scrutineer(district, at=clock.now()), at=clock.now())
    Poll.objects.filter(pk=poll.pk).update(closes_at=clock.now())
    cast_paper.counted(printing, district.office, at=clock.now())
    keying = reverse("office-paper-keying", args=[poll.key, printing.batch.pk])
    slip = printing.voters[0].slips[0]
    page = text_of(office.post(keying, {"scanned": slip.key}))
    assert page.count('name="entry"') == 3
    assert "<kbd>4</kbd> Window 丁" in page
    assert "<kbd>5</kbd> Don’t know" in page
    key = reverse("office-paper-key", args=[poll.key, printing.batch.pk])
    refused = text_of(office.post(key, {"scanned": slip.key, "entry": ["9", "0", "0"]}))
    assert "Enter a figure from 0 to 5 for every item" in refused
    spoilt = text_of(office.post(key, {"scanned": slip.key, "entry": ["2", "2", "0"]}, follow=True))
    assert "keyed as not countable: what was keyed is no answer" in spoilt


def test_result_report_and_workbook_say_the_same_of_a_question_and_no_number_of_few_ballots(district, cycle):
    asked = [ranking(*ABC), approval(*ABC)]
    poll = opened_questions(district, cycle, asked, [district.members[:11]], units=1)
    answer_all(poll, district.members[:11], [(["o01", "o02"], ["o01", "o02"]), (["o01"], ["o02", "o01"])])
    poll = closed_and_counted(poll, district)
    for language, first, draw in (("en", "First: Window 甲.", "A draw: "), ("zh-hans", "第一：甲窗口。", "并列第一：")):
        client = Client(HTTP_ACCEPT_LANGUAGE=language)
        result = text_of(client.get(reverse("public-results", args=[poll.key])))
        report = text_of(client.get(reverse("public-count-report", args=[poll.key])))
        book = client.get(reverse("public-count-report-workbook", args=[poll.key]))
        cells = " ".join(str(cell.value) for row in load_workbook(BytesIO(book.content)).active.rows for cell in row)
        for page in (result, report, cells):
            assert first in page
            assert draw in page
    assert "首选" not in result
    assert "第一选择数" not in result
    card = reverse("public-unit", args=[poll.key, 1, district.villages[0].code])
    assert Client().get(card).status_code == 200

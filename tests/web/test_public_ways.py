"""Where the public pages lead: the first page's doors, a unit, its promises, one's own words, candidates, honours."""

import re
from datetime import UTC, datetime, time, timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from tests.cast.awards import answered_objection, filed_objection, published_notice, selection_of
from tests.cast.commitments import promises_of, published_commitment, secretary_of
from tests.cast.district import closed_cycle, launched_cycle, small_district

from zhengyou.awards import actions as awards
from zhengyou.awards.models import Honour
from zhengyou.commitments import actions, queries
from zhengyou.commitments.models import Promise
from zhengyou.remarks import actions as remarks
from zhengyou.web.shared import clock

pytestmark = pytest.mark.django_db


def noon(days_ago=0):
    return datetime.combine(clock.today() - timedelta(days=days_ago), time(4), tzinfo=UTC)


@pytest.fixture
def district():
    return small_district(at=noon(70))


@pytest.fixture
def cycle(district):
    return launched_cycle(district, at=noon(2))


@pytest.fixture
def promise(district, cycle):
    return promises_of(published_commitment(district, cycle, district.villages[0], at=noon()))[0]


@pytest.fixture
def page(client):
    """The text of a page in English; what an address leads on to is followed."""

    def read(name, *parts, **words):
        answer = client.get(reverse(name, args=parts), words, headers={"accept-language": "en"}, follow=True)
        assert answer.status_code == 200
        return " ".join(answer.content.decode().split())

    return read


def said(promise, words, *, mark="off_course"):
    """Somebody's words, looked at and shown."""
    answer = actions.answer_promise(promise=promise, mark=mark, words=words, arrival=None, at=noon())
    return answer.remark


def show(district, *rows):
    remarks.show_remarks(remarks=rows, at=noon(), by=district.office)


def test_nothing_is_guaranteed_that_a_reporter_may_undo(page, cycle):
    for name in ("public-help", "trust"):
        said_there = page(name)
        assert re.search(r"own words only if (?:you|the reporter) lets? everybody read them", said_there)
        assert "never your own words" not in said_there
        assert "never the report" not in said_there


def test_the_appraisals_are_for_all_who_have_a_code(page, cycle):
    assert "Whoever was given a one-time code answers in secret." in page("public-polls")


def test_the_first_page_opens_its_doors_and_says_what_is_new(page, district, promise):
    remark = said(promise, "村口还是黑的")
    show(district, remark)
    by = secretary_of(district.villages[0])
    remarks.answer_remark(remark=remark, answer="配件周五装好。", at=noon(), by=by)
    home = page("public-home")
    doors = re.findall(r'class="door" href="([^"]+)"', home)
    find = reverse("public-find")
    others = [reverse(name) for name in ("public-windows", "public-polls")]
    assert doors == [reverse("public-promises"), f"{find}?for=answer", f"{find}?for=report", *others]
    assert "What was promised here, and was it kept?" in home
    assert "配件周五装好。" in home
    unit = district.villages[0]
    leads = re.escape(reverse("public-organisation", args=[unit.code]))
    assert re.search(rf'<strong><a href="{leads}[^>]*>(?:<span[^>]*>)?{unit.name}<', home)


def test_the_first_page_says_what_changed_because_of_what_people_wrote(page, district, cycle, promise):
    by, said_first = secretary_of(district.villages[0]), page("public-home")
    assert "what came of it" not in said_first
    for outcome in ("fulfilled", "partly", "partly"):
        step = {"promise": promise, "outcome": outcome, "explanation": "已装九盏，还差三盏。"}
        actions.state_outcome(ticket=uuid4(), at=noon(), by=by, **step)
    notice = published_notice(district, cycle, at=noon(1))
    answered_objection(district, filed_objection(notice, at=noon(1)), is_upheld=False, at=noon())
    home = page("public-home").partition("what came of it")[2]
    assert "Objection not upheld" in home
    assert f"No. {notice.number} of {notice.year}" in home
    assert home.count("changed its statement") == 1  # the third time it was only repeated
    assert "from “kept” to “partly kept”" in home
    actions.state_outcome(
        promise=promise, outcome="not_fulfilled", explanation="灯又坏了。", ticket=uuid4(), at=noon(), by=by
    )
    home = page("public-home")
    assert "from “partly kept” to “not kept”" in home
    assert reverse("public-promise", args=[district.villages[0].code, promise.pk]) in home


def test_before_the_first_launch_the_first_page_says_what_will_be_here(page, district):
    home = page("public-home")
    assert "No campaign is under way yet" in home
    assert 'class="door"' not in home
    main = home.partition("<main")[2].partition("</main>")[0]
    assert all(f'href="{reverse(name)}"' in main for name in ("public-find", "public-help", "sign-in"))


def test_what_was_never_promised_is_not_announced_once_the_cycle_is_closed(page, district, cycle):
    assert "None yet: they will appear here" in page("public-home")
    closed_cycle(district, cycle, at=noon())
    home = page("public-home")
    assert "No promises were published" in home
    assert "they will appear here" not in home


def test_the_last_cycle_stays_on_the_first_page_until_the_next_begins(page, district, cycle, promise):
    closed_cycle(district, cycle, at=noon())
    home = page("public-home")
    assert "It stays here until the next one begins." in home
    assert reverse("public-promises") in home
    assert "Say whether it is kept" not in home
    assert promise.what in page("public-promises")


def test_the_front_page_of_a_closed_campaign_promises_nothing_more_and_counts_no_empty_sector(page, district, cycle):
    assert "The line is today." in page("public-home")
    for home in (page("public-home"), closed_cycle(district, cycle, at=noon()) and page("public-home")):
        sizes = re.findall(r'class="size">(\d+) unit', home)
        assert sizes
        assert "0" not in sizes
    assert "The line is today." not in home
    assert "The next date is" not in home
    assert "ended on" in home
    assert " to 31 December" not in home


def test_all_promises_stand_in_one_list_with_both_words(page, district, promise, django_assert_num_queries):
    show(district, said(promise, "村口还是黑的"))
    actions.state_outcome(
        promise=promise, outcome="partly", explanation="还差两盏", at=noon(), by=secretary_of(district.villages[0])
    )
    listed = page("public-promises", q=promise.what)
    assert "partly kept" in listed
    assert "not going well 1" in re.sub("<[^>]+>", "", listed)
    assert reverse("public-organisation", args=[district.villages[0].code]) in listed
    Promise.objects.filter(pk=promise.pk).update(due_on=clock.today())
    assert promise.what in page("public-promises", when="due")
    assert "Nothing in this list matches." in page("public-promises", when="due", sector="government-office")


def test_a_sector_leads_to_its_organisations_each_with_its_place(page, district):
    listed = page("public-find", sector="rural")
    assert all(reverse("public-organisation", args=[row.code]) in listed for row in district.villages)
    assert district.town.name in listed


def test_a_sector_that_is_none_is_not_found(client, district):
    assert client.get(reverse("public-find"), {"sector": "<b>"}).status_code == 404


def test_the_way_to_ones_own_words_leads_to_the_right_page_of_them(client, district, promise):
    rows = [said(promise, f"第{n}句，路灯还是不亮") for n in range(queries.ANSWERS_A_PAGE + 1)]
    show(district, *rows)
    oldest, newest = rows[0], rows[-1]
    address = reverse("public-promise", args=[district.villages[0].code, promise.pk])
    assert client.get(reverse("public-remark", args=[oldest.pk])).url == f"{address}?page=2#remark-{oldest.pk}"
    assert client.get(reverse("public-remark", args=[newest.pk])).url == f"{address}#remark-{newest.pk}"
    own = client.get(reverse("public-own-words", args=[oldest.public_id])).content.decode()
    assert reverse("public-remark", args=[oldest.pk]) in own


def test_words_that_are_not_shown_have_no_place_to_lead_to(client, promise):
    waiting = said(promise, "还没有人看过这一句")
    assert client.get(reverse("public-remark", args=[waiting.pk])).status_code == 404


def test_a_promise_of_a_closed_cycle_says_where_to_go_with_news(page, district, cycle, promise):
    published_notice(district, cycle, at=noon(1))
    closed_cycle(district, cycle, at=noon())
    closed = page("public-promise", district.villages[0].code, promise.pk)
    assert 'href="tel:0745-0000000"' in closed
    assert "<form" not in closed.partition("<main")[2].partition("</main>")[0]


def test_the_question_of_a_promise_is_not_printed_and_says_that_it_is_not_due(page, district, promise):
    shown = page("public-promise", district.villages[0].code, promise.pk)
    assert re.search(r'<section aria-labelledby="ask" class="screen-only"', shown)
    assert re.search(r"in \d+ days", shown)
    assert f"<title>{promise.what} · {district.villages[0].name}" in shown


def test_a_unit_leads_to_its_promises_notices_and_honours_and_asks_for_a_word(page, district, cycle, promise):
    notice = published_notice(district, cycle, at=noon(1))
    unit = page("public-organisation", district.villages[0].code)
    assert reverse("public-notice", args=[notice.year, notice.number]) in unit
    assert "You can be the first." in unit
    assert f"{reverse('public-promise', args=[district.villages[0].code, promise.pk])}#ask" in unit
    other = page("public-organisation", district.villages[2].code)
    assert reverse("public-notice", args=[notice.year, notice.number]) not in other


def test_candidates_lead_to_their_unit_promises_and_results(page, district, cycle):
    notice = published_notice(district, cycle, at=noon(1))
    shown = page("public-notice", notice.year, notice.number)
    for unit in district.villages[:2]:
        address = reverse("public-organisation", args=[unit.code])
        assert all(f'href="{address}{part}"' in shown for part in ("", "#promises", "#results"))
    assert f'href="{reverse("public-organisation", args=[district.town.code])}"' in shown
    assert 'href="mailto:office@example.org"' in shown


def test_an_honour_leads_to_unit_notice_and_reasons_and_prints_a_code_to_scan(page, district):
    at = noon(60)
    notice = published_notice(district, launched_cycle(district, at=at), at=at)
    awards.record_commendation(
        selection=selection_of(notice),
        decision_number="测发〔2026〕9号",
        deciding_body="测试区委",
        reasons="公示期满，研究决定。",
        at=noon(),
        by=district.office,
    )
    row = Honour.objects.order_by("pk")[0]
    certificate = page("public-honour", row.code)
    assert reverse("public-notice", args=[notice.year, notice.number]) in certificate
    assert reverse("public-organisation", args=[row.organisation.code]) in certificate
    assert "公示期满，研究决定。" in certificate
    assert str(at.year) in certificate.partition('class="certificate')[2].partition("</article>")[0]
    assert re.search(r'class="paper verify"><svg', certificate)
    assert reverse("public-honour", args=[row.code]) in page("public-notice", notice.year, notice.number)


def test_a_unit_without_promises_says_until_when_they_are_to_come(page, district, cycle, promise):
    to_come = "the promises will be published by"
    assert to_come in page("public-organisation", district.villages[1].code)
    assert to_come not in page("public-organisation", district.villages[0].code)


def test_the_menu_leads_to_all_promises_and_says_on_a_promise_that_it_is_one(page, district, promise):
    second = '<a href="/promises/"'
    unit, shown = page("public-organisation", promise.commitment.organisation.code), page("public-find")
    assert second in unit
    assert second in shown
    shown = page("public-promise", promise.commitment.organisation.code, promise.pk)
    assert re.search(r'<a href="/promises/"[^>]* aria-current="true"', shown)


def test_the_clock_of_a_notice_stands_apart_from_what_is_asked(page, district, cycle):
    published_notice(district, cycle, at=noon(1))
    row = page("public-home").partition("Read it or object</a>")[2]
    assert re.match(r' <span class="tag[^>]+> [^<]*working days? left, until [^<]+</span> </p> <h3', row)


def test_the_first_page_shows_three_of_what_is_open_and_leads_to_the_rest(page, district, cycle):
    for title in ("第一份", "第二份", "第三份"):
        published_notice(district, cycle, at=noon(1), title=title)
    assert "notices that are open" not in page("public-home")
    published_notice(district, cycle, at=noon(1), title="第四份")
    home = page("public-home")
    assert home.count("Read it or object</a>") == 3
    assert re.search(rf'href="{reverse("public-notices")}"> All 4 notices that are open </a>', home)

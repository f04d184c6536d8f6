"""What office and desk pages look like: late things first, no deeds on paper, titles that say the heading, nothing offered in vain."""

import re
from datetime import UTC, datetime, time, timedelta

import pytest
from django.urls import reverse
from tests.cast.commitments import secretary_of
from tests.cast.district import launched_cycle, small_district

from zhengyou.base.time import local_day
from zhengyou.consultation.actions import begin_plan
from zhengyou.identity.models import Account
from zhengyou.organisations.models import Post
from zhengyou.web.desk.units_pages import _besides
from zhengyou.web.shared import clock
from zhengyou.web.shared.due_lines import DueLine

pytestmark = pytest.mark.django_db

TODAY = local_day(datetime(2026, 6, 1, 4, tzinfo=UTC))


@pytest.fixture
def district():
    return small_district(at=datetime.combine(clock.today() - timedelta(days=70), time(4), tzinfo=UTC))


@pytest.fixture
def cycle(district):
    return launched_cycle(district, at=datetime.combine(clock.today() - timedelta(days=60), time(4), tzinfo=UTC))


@pytest.fixture
def enter(client):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"

    def as_(person):
        client.force_login(Account.objects.get(person=person))
        return client

    return as_


def test_what_is_late_in_part_stands_before_what_has_time_on_the_page_of_a_unit() -> None:
    soon = DueLine("/a/", "soon", due_on=TODAY + timedelta(days=3))
    overdue = DueLine("/b/", "overdue", due_on=TODAY - timedelta(days=3))
    partly = DueLine("/c/", "one of several is late", late="1 is late")
    whenever = DueLine("/d/", "whenever")
    ordered = _besides([soon, whenever, partly, overdue], [], TODAY)
    assert [line.text for line, _late in ordered] == ["overdue", "one of several is late", "soon", "whenever"]


def test_a_column_of_deeds_is_neither_printed_nor_in_a_file(district, cycle, enter) -> None:
    client = enter(district.town_secretary)
    page = client.get(reverse("desk-units-below")).content.decode()
    head = re.search(r'<th\s+scope="col"\s+class="screen-only"[^>]*>\s*Paper\s*</th>', page)
    assert head, "the head of the column stays on the screen"
    assert page.count('<td class="screen-only">') == len(district.villages)
    assert "Paper" not in client.get(reverse("desk-units-below"), {"as": "csv"}).content.decode()


def test_boxes_to_tick_are_not_printed_and_a_row_s_head_is_what_it_is_about(district, enter) -> None:
    page = enter(district.office).get(reverse("office-people")).content.decode()
    boxes = page.count('class="screen-only"><label class="tick">')
    assert boxes > 0
    assert '<th scope="row"><label' not in page


LEADS_ON_ONLY = re.compile(r"<p>\s*(?:<a (?![^>]*role=\"button\")[^>]*>[^<]*</a>[\s·]*)+</p>")


@pytest.mark.parametrize("name", ["office-cycle", "office-remarks", "office-cases", "office-tree", "office-home"])
def test_a_line_that_only_leads_on_is_not_printed(district, cycle, enter, name) -> None:
    of_cycle = [cycle.pk] if name in {"office-cycle", "office-remarks", "office-cases"} else []
    page = enter(district.office).get(reverse(name, args=of_cycle)).content.decode()
    assert not LEADS_ON_ONLY.findall(page.partition("<main")[2])


def test_the_help_of_a_table_is_for_those_who_see_the_table(district, cycle, enter) -> None:
    address = reverse("desk-units-below")
    assert 'class="help"' in enter(district.town_secretary).get(address).content.decode()
    page = enter(secretary_of(district.villages[0])).get(address).content.decode()
    assert 'class="help"' not in page
    assert 'class="empty"' in page


def test_frozen_guidance_is_text_and_no_form(district, cycle, enter) -> None:
    page = enter(district.office).get(reverse("office-cycle-guidance", args=[cycle.pk])).content.decode()
    main = page.partition("<main")[2].partition("</main>")[0]
    assert "It is frozen with the rules" in main
    assert '<dl class="facts known">' in main
    assert "<textarea" not in main


def test_a_selection_is_offered_only_where_a_cycle_of_the_office_runs(district, enter) -> None:
    client = enter(district.office)
    address = f'role="button" href="{reverse("office-selection-make")}'
    assert address not in client.get(reverse("office-selections")).content.decode()
    launched_cycle(district, at=datetime.combine(clock.today() - timedelta(days=60), time(4), tzinfo=UTC))
    assert address in client.get(reverse("office-selections")).content.decode()


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
def test_a_list_in_which_nothing_matches_says_what_to_do(district, enter, language) -> None:
    client = enter(district.office)
    page = client.get(reverse("office-tree"), {"q": "xyzzy"}, HTTP_ACCEPT_LANGUAGE=language).content.decode()
    words = {"en": "Try fewer letters", "zh-Hans": "换一个筛选条件"}[language]
    assert words in page.partition('class="empty"')[2]


@pytest.mark.parametrize("name", ["desk-person-results", "desk-ballots", "desk-home", "desk-units-below", "desk-cases"])
def test_a_title_begins_with_the_heading(district, cycle, enter, name) -> None:
    page = enter(district.town_secretary).get(reverse(name)).content.decode()
    heading = re.sub(r"<[^>]+>", "", re.search(r"<h1[^>]*>(.*?)</h1>", page, re.DOTALL)[1]).strip()
    assert re.search(r"<title>\s*(.*?)\s*</title>", page, re.DOTALL)[1].startswith(heading)


def test_a_title_names_the_unit_person_or_cycle_that_the_page_is_about(district, cycle, enter) -> None:
    """Two villages in two tabs were told apart by nothing."""

    def title(person, name, *args) -> str:
        page = enter(person).get(reverse(name, args=args), HTTP_ACCEPT_LANGUAGE="en").content.decode()
        return re.search(r"<title>\s*(.*?)\s*</title>", page, re.DOTALL)[1]

    village, member = district.villages[0], district.members[0]
    for person, name, args, about in (
        (district.town_secretary, "desk-submission-enter", [village.code, "promise"], village.name),
        (district.town_secretary, "desk-submissions", [village.code], village.name),
        (secretary_of(village), "desk-commitment", [village.code], village.name),
        (secretary_of(village), "desk-vow-record", [member.pk], member.name),
        (district.office, "office-remarks", [cycle.pk], cycle.called),
        (
            district.office,
            "office-post-end",
            [Post.objects.get(person=secretary_of(village)).pk],
            secretary_of(village).name,
        ),
    ):
        assert title(person, name, *args).count(about) == 1, name
    # The page of a unit names it once, and a public page as its own template does.
    assert title(district.office, "office-organisation", village.pk).count(village.name) == 1
    assert title(district.office, "public-organisation", village.code).startswith(village.name)


def test_a_refusal_names_nothing_that_its_reader_may_not_know(district, cycle, enter) -> None:
    """Counting up an address told a member the names of all people, and the titles of drafts."""
    plan = begin_plan(
        cycle=cycle,
        organisation=district.villages[0],
        title="还没公布的计划",
        text="一。\n\n二。",
        at=datetime.combine(clock.today(), time(4), tzinfo=UTC),
        by=secretary_of(district.villages[0]),
    )
    neighbour, other = secretary_of(district.villages[1]), secretary_of(district.villages[0])
    for name, args, secret in (
        ("desk-plan", [plan.pk], plan.title),
        ("desk-vow-record", [other.pk], other.name),
        ("desk-vow-exempt", [other.pk], other.name),
        ("desk-submissions", [district.villages[0].code], district.villages[0].name),
    ):
        answer = enter(neighbour).get(reverse(name, args=args))
        assert answer.status_code in (403, 404), name
        title = re.search(r"<title>(.*?)</title>", answer.content.decode(), re.DOTALL)[1]
        assert secret not in title, name

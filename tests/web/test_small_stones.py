"""Small things that a stranger stumbled over: work one cannot find again, names out of order, words on top of a long form."""

import pytest
from django.test import Client
from django.urls import reverse
from tests.cast.awards import published_notice
from tests.cast.district import NOW, drafted_cycle, launched_cycle, small_district

from zhengyou.base.models import Job
from zhengyou.campaigns.models import Campaign
from zhengyou.identity.models import Account
from zhengyou.organisations import actions as organisations
from zhengyou.organisations.models import Post, unit_key
from zhengyou.web.shared import clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def district():
    return small_district()


@pytest.fixture
def office(district):
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(Account.objects.get(person=district.office))
    return client


def text_of(response):
    return response.content.decode()


def test_names_with_a_number_stand_in_its_order():
    names = ["十二里", "二里", "10号楼", "三里", "一里", "2号楼", "二十一里", "安里"]
    assert sorted(names, key=unit_key) == ["一里", "2号楼", "二里", "三里", "10号楼", "十二里", "二十一里", "安里"]
    assert sorted(["东风二里", "东风一里", "东风十里"], key=unit_key) == ["东风一里", "东风二里", "东风十里"]
    assert "yili" in unit_key("一里")


def test_work_in_the_background_is_found_again_on_the_offices_first_page(office, district):
    facts = {"language": "en", "page": "/office/polls/", "asked_at": clock.now(), "by": district.office.reference}
    Job.objects.create(kind="keys", about="poll:1", state=Job.State.RUNNING, **facts)
    done = {"state": Job.State.DONE, "ended_at": clock.now(), "file": "letters.html"}
    Job.objects.create(kind="letters", about="poll:2", **facts, **done)
    Job.objects.create(kind="letters", about="poll:3", **(facts | {"by": "person:0"}), **done)
    page = text_of(office.get(reverse("office-home")))
    assert page.count("Preparing the keys") == 1
    assert page.count("a file is ready to download") == 1


def test_a_title_is_shown_where_it_says_more_than_the_post(office, district):
    for title in ("Secretary", "代理"):
        person = district.members.pop()
        organisations.appoint(
            person=person,
            organisation=person.organisation,
            role=Post.Role.SECRETARY,
            title=title,
            from_on=NOW.date(),
            at=NOW,
            by=district.office,
        )
    page = text_of(office.get(reverse("office-posts")))
    assert "Secretary · 代理 <small>Held from" in page
    assert "Secretary · Secretary" not in page


def test_a_form_with_a_fault_far_below_says_so_on_top(office, district):
    cycle = drafted_cycle(district)
    page = text_of(office.post(reverse("office-cycle-parts", args=[cycle.pk]), {"sent": "1"}))
    assert page.index("Please look at what is marked below") < page.index("Please choose")


def test_a_pack_without_windows_says_so_and_where_they_come_from(office, district):
    cycle = drafted_cycle(district)
    Campaign.objects.filter(pk=cycle.campaign_id).update(pack="excellence-light")
    page = text_of(office.get(reverse("office-cycle-parts", args=[cycle.pk])))
    said = page.partition("no stages or words for:")[2].partition("They come")[0]
    assert "Service windows" in said
    assert "Secret appraisals" not in said


def test_entries_name_what_they_are_about_and_lead_there(client, district):
    notice = published_notice(district, launched_cycle(district))
    page = text_of(client.get(reverse("public-entries"), headers={"Accept-Language": "en"}))
    assert f'<a href="{reverse("public-organisation", args=[district.root.code])}">{district.root.name}</a>' in page
    assert f">Notice No. {notice.number} of {notice.year}</a>" in page
    assert "organisation:" not in page


def test_somebody_signed_in_keeps_the_menu_of_their_desk_where_they_may_not_go(district):
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(Account.objects.get(person=district.secretaries[0]))
    refused = client.get(reverse("desk-lessons", args=[district.villages[1].code]))
    assert refused.status_code == 403
    assert reverse("desk-home") in text_of(refused).partition("<nav")[2].partition("</nav>")[0]


def test_floods_of_wrong_hosts_write_one_line_each(caplog, district):
    with caplog.at_level("ERROR", logger="django.security"):
        assert Client().get("/", headers={"Host": "elsewhere.invalid"}).status_code == 400


@pytest.mark.parametrize(
    ("house", "accepted", "begin"), [("zh-hans", "", "zh"), ("zh-hans", "*", "zh"), ("en", "", "en")]
)
def test_whoever_asks_for_no_language_gets_the_houses(settings, house, accepted, begin, client):
    settings.LANGUAGE_CODE = house
    answer = client.get("/trust/", headers={"Accept-Language": accepted} if accepted else {})
    assert answer["Content-Language"].startswith(begin)

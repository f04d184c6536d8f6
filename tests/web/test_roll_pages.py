"""The roll in the office: seen and searched, posted without contacts, corrected with an undo; guests pasted and from a file."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from tests.cast import booth as cast_booth
from tests.cast.district import campaign_beneath, small_district
from tests.cast.jobs import run_jobs
from tests.rooms.organisations.lists import xlsx

from zhengyou.base.models import Job
from zhengyou.identity.models import Account
from zhengyou.polls import queries as poll_queries
from zhengyou.polls.models import Guest, Poll
from zhengyou.polls.rules import Invited
from zhengyou.rolls import queries
from zhengyou.web.office.guests_reading import guests_of_file, pasted_guests

pytestmark = pytest.mark.django_db


@pytest.fixture
def district():
    return small_district(members_a_village=4)


@pytest.fixture
def cycle(district):
    return cast_booth.small_cycle(district)


@pytest.fixture
def office(district):
    client = Client(HTTP_ACCEPT_LANGUAGE="en")
    client.force_login(Account.objects.get(person=district.office))
    return client


def text_of(response):
    return response.content.decode()


def roll_page(poll, slug="pool-1", name="office-roll", *more):
    return reverse(name, args=[poll.key, slug, *more])


def test_a_roll_is_found_by_name_pinyin_branch_and_posted_as_a_file(office, district, cycle):
    poll = cast_booth.drafted_now(district, cycle, [district.members[:8]])
    page = roll_page(poll)
    for words, count in {"成员1-0": 1, "chengyuan2": 4, "001001002": 4, "测试1村": 4, "没有": 0}.items():
        found = office.get(page, {"q": words})
        assert found.context["page"].paginator.count == count, words
    assert "测试镇党委" in text_of(office.get(page))
    posted = office.get(page, {"as": "csv"}).content.decode("utf-8-sig")
    assert posted.count("成员") == 8
    outsider = Client()
    outsider.force_login(Account.objects.get(person=district.leader))
    assert outsider.get(page).status_code == 403


def test_guests_come_with_a_pool_and_their_contacts_are_not_posted(office, district, cycle):
    poll = cast_booth.drafted_now(district, cycle, [])
    sent = {"name_zh": "患者", "guests": "".join(f"患者{n}，病区{n}\n" for n in range(1, 4)), "rater_group": "public"}
    sheet = xlsx(("表", [["2026年名单"], ["序号", "姓名", "联系电话"], ["1", "病人甲", "139"], ["2", "病人乙", "138"]]))
    sent["guests_file"] = SimpleUploadedFile("名单.xlsx", sheet)
    assert office.post(reverse("office-poll", args=[poll.key]), sent).status_code == 302
    [pool] = poll_queries.pools_of(poll)
    assert pool.name == {"zh-hans": "患者", "en": "患者"}
    assert {guest.name: guest.contact for guest in Guest.objects.all()}["病人乙"] == "138"
    page = text_of(office.get(roll_page(poll)))
    assert "病区2" in page
    assert "They rate as:" in page
    assert office.get(roll_page(poll), {"q": "brj"}).context["page"].paginator.count == 1
    posted = office.get(roll_page(poll), {"as": "csv"}).content.decode("utf-8-sig")
    assert ("患者2" in posted, "病区2" in posted) == (True, False)


def test_a_correction_is_made_and_undone_on_the_page(office, district, cycle):
    poll = cast_booth.drafted_now(district, cycle, [district.members[:6]])
    add = roll_page(poll, "pool-1", "office-roll-add")
    assert "Choose below the one that you mean" in text_of(office.post(add, {"who": "成员2", "reason": "漏"}))
    assert office.post(add, {"who": "成员2-3", "reason": "漏"}).url == roll_page(poll)
    [pool] = poll_queries.pools_of(poll)
    entry = next(line for line in queries.lines_of(pool) if line.name == "成员1-0")
    office.post(roll_page(poll, "pool-1", "office-roll-take-off", entry.pk), {"reason": "出国"})
    assert {line.name for line in queries.lines_of(pool)} >= {"成员2-3"}
    page = text_of(office.get(roll_page(poll)))
    assert "出国" in page
    newest = queries.corrections_of(pool)[0]
    office.post(roll_page(poll, "pool-1", "office-roll-undo", newest.pk))
    assert "成员1-0" in {line.name for line in queries.lines_of(pool)}


def test_whoever_has_no_part_in_the_campaign_is_put_on_a_roll_with_a_remark(office, district):
    poll = cast_booth.drafted_now(district, campaign_beneath(district), [district.members[:6]])
    add = roll_page(poll, "pool-1", "office-roll-add")
    inside, outside = ({"who": name, "reason": "漏"} for name in ("成员2-3", district.leader.name))
    assert "has no part in this campaign" not in text_of(office.post(add, inside, follow=True))
    said = text_of(office.post(add, outside, follow=True))
    assert f"{district.leader.name} belongs to {district.root.name}, which has no part in this campaign." in said


def test_letters_of_one_branch_lie_with_its_path_and_a_list_to_sign(office, district, cycle, settings):
    poll = cast_booth.opened_now(district, cycle, [district.members[:8]])
    page = reverse("office-poll-codes", args=[poll.key, "pool-1"])
    settings.PUBLIC_ADDRESS = "https://vote.example"
    assert "you are working at http://testserver" in text_of(office.get(page))
    assert "Who gets a code" in text_of(office.get(page))
    nobody = {"whom": "branch", "branch": "001001004", "languages": "en"}
    assert "Nobody of this unit" in text_of(office.post(page, nobody))
    office.post(page, nobody | {"branch": "001001002"})
    run_jobs()
    job = Job.objects.get(kind="letters")
    assert job.file.startswith(f"{poll.name['en']} - ".replace("/", "_")[:20])
    letters = office.post(reverse("office-job-take", args=[job.pk])).getvalue().decode()
    assert poll.name["en"] in letters.partition("<title>")[2].partition("</title>")[0]
    assert letters.count("https://vote.example/") == 4
    assert ("成员2-0" in letters, "成员1-0" in letters) == (True, False)
    assert "(测试区委 › 测试镇党委)" in " ".join(letters.split())
    assert "Signature and day" in letters


def test_after_the_opening_a_new_letter_is_offered_and_no_correction(office, district, cycle):
    poll = cast_booth.opened_now(district, cycle, [district.members[:6]])
    page = text_of(office.get(roll_page(poll)))
    number = district.members[0].number
    assert f"?number={number}" in page
    assert "can no longer change" in page
    form = text_of(office.get(reverse("office-poll-codes", args=[poll.key, "pool-1"]), {"number": number}))
    assert number in form
    assert Poll.objects.get().state == "opened"
    assert "never changes" in text_of(
        office.post(roll_page(poll, "pool-1", "office-roll-add"), {"who": "成员3-3", "reason": "漏"})
    )


@pytest.mark.parametrize("line", ["张三，内科3床", "张三 内科3床", "张三\t内科3床", "张三、内科3床", "张三  内科3床"])
def test_a_pasted_line_is_a_name_and_a_contact(line):
    assert pasted_guests(f"{line}\n\n") == [Invited("张三", "内科3床")]


def test_a_file_without_headings_has_names_first():
    assert guests_of_file("张三,一床\n李四,二床\n".encode()) == [Invited("张三", "一床"), Invited("李四", "二床")]

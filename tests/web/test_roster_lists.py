"""The lists of people and organisations, entering by hand, deeds on several people at once, and the journal."""

import re
from datetime import timedelta
from uuid import UUID

import pytest
from django.urls import reverse
from tests.cast import booth as cast_booth
from tests.cast.district import small_district
from tests.cast.refusing import refused

from zhengyou.base.models import JournalEntry
from zhengyou.identity.models import Account
from zhengyou.organisations import actions as organisations
from zhengyou.organisations.models import Organisation, Person, Post
from zhengyou.roster import actions
from zhengyou.roster.models import RosterChange
from zhengyou.web.shared import clock

ENGLISH = {"HTTP_ACCEPT_LANGUAGE": "en"}
pytestmark = pytest.mark.django_db
PEOPLE, TREE, JOURNAL, MANY = (reverse(f"office-{name}") for name in ("people", "tree", "journal", "people-many"))


@pytest.fixture
def district():
    return small_district(members_a_village=3)


@pytest.fixture
def office(client, district):
    client.force_login(Account.objects.get(person=district.office))
    return client


def rows_in(office, address, **asked) -> str:
    page = office.get(address, asked, **ENGLISH).content.decode()
    body = re.search(r"<tbody>(.*?)</tbody>", page, re.DOTALL)
    return re.sub(r"<[^>]+>", " ", body[1]) if body else ""


def wide(code: str) -> str:
    """The code as a Chinese keyboard types it."""
    return "".join(chr(ord(sign) + 0xFEE0) for sign in code)


def test_people_are_found_by_name_pinyin_initials_number_code_and_what_stands_above(office, district):
    person = actions.enter_person(
        name="欧阳春", organisation=district.villages[0], membership="formal", post_kind="", at=clock.now(), by=None
    )
    number = person.number
    for words in (
        "欧阳",
        "ouyangchun",
        "oyc",
        number,
        wide(number),
        "测试镇 欧阳",
        "csz oyc",
        f"{district.town.code} 春",
    ):
        assert "欧阳春" in rows_in(office, PEOPLE, q=words), words
    assert "欧阳春" not in rows_in(office, PEOPLE, q="欧阳 测试2村")
    assert district.villages[0].name in rows_in(office, TREE, q=wide(district.villages[0].code))


def test_people_are_filtered_by_town_post_and_whether_they_left(office, district):
    secretary, gone = district.secretaries[0], district.members[0]
    assert secretary.name in rows_in(office, PEOPLE, post="secretary")
    assert district.members[1].name not in rows_in(office, PEOPLE, post="secretary")
    assert secretary.name in rows_in(office, PEOPLE, town=district.town.code)
    assert district.office.name not in rows_in(office, PEOPLE, town=district.town.code)
    given = {"on": clock.today(), "reason": "调往外地", "at": clock.now(), "by": district.office}
    actions.let_go(person=gone, kind=RosterChange.Kind.LEFT, **given)
    assert gone.name not in rows_in(office, PEOPLE)
    assert rows_in(office, PEOPLE, state="left").split()[0] == gone.name


def test_the_tree_counts_what_a_search_finds_and_shows_what_ended_apart(office, district):
    page = office.get(TREE, {"q": "测试镇"}, **ENGLISH).content.decode()
    assert "5 found" in page  # the town and all below it
    ended = district.villages[3]
    actions.end_organisation(
        organisation=ended,
        into=district.villages[0],
        on=clock.today(),
        reason="并村",
        at=clock.now(),
        by=district.office,
    )
    assert ended.name not in rows_in(office, TREE)
    assert ended.name in rows_in(office, TREE, state="ended")
    listed = office.get(TREE, {"as": "csv"}, **ENGLISH).content.decode("utf-8-sig")
    assert "Part of" in listed.splitlines()[0]


def test_a_person_without_a_number_gets_one_and_a_namesake_is_asked_about_once(office, district):
    village, address = district.villages[0], reverse("office-person-enter")
    sent = {"name": "新同志", "organisation": village.code, "membership": "formal"}
    page = office.post(address, sent, follow=True, **ENGLISH).content.decode()
    assert "Entered." in page
    first = Person.objects.get(name="新同志")
    assert first.number == f"N{clock.today().year}0001"
    page = office.post(address, sent, **ENGLISH).content.decode()
    assert f"There already is: 新同志 ({first.number})" in page
    assert Person.objects.filter(name="新同志").count() == 1
    office.post(address, sent | {"is_another": "on"}, **ENGLISH)
    assert Person.objects.filter(name="新同志").count() == 2
    taken = office.post(address, sent | {"name": "别人", "number": first.number}, **ENGLISH).content.decode()
    assert "belongs to another one already" in taken


def test_an_organisation_gets_the_next_code_below_its_parent(office, district):
    sent = {"name": "测试5村党支部", "parent": district.town.code, "kind": "branch", "sector": "rural"}
    office.post(reverse("office-organisation-enter"), sent, **ENGLISH)
    assert Organisation.objects.get(name="测试5村党支部").code == "001001005"
    page = office.post(reverse("office-organisation-enter"), sent, **ENGLISH).content.decode()
    assert "There already is: 测试5村党支部 (001001005)" in page


def test_several_are_moved_after_one_question_and_brought_back_together(office, district):
    movers, home = [district.secretaries[1], *district.members[3:5]], district.villages[0]
    asked = {"deed": "moved", "row": [one.pk for one in movers]}
    question = office.post(reverse("office-people-many"), asked, **ENGLISH).content.decode()
    assert all(one.name in question for one in movers)
    assert district.villages[1].name in question
    assert not RosterChange.objects.exists()
    ticket = re.search(r'name="ticket" value="([^"]+)"', question)[1]
    sent = asked | {"to": home.code, "on": clock.today().isoformat(), "reason": "并入", "ticket": ticket}
    pages = [office.post(reverse("office-people-many"), sent, follow=True, **ENGLISH) for _time in range(2)]
    assert RosterChange.objects.count() == 3
    assert {one.organisation_id for one in Person.objects.filter(pk__in=[one.pk for one in movers])} == {home.pk}
    undo = re.search(r'action="(/office/changes/together/[^"]+/undo/)"', pages[1].content.decode())[1]
    assert "3 changes are undone." in office.post(undo, follow=True, **ENGLISH).content.decode()
    for one in movers:
        assert Person.objects.get(pk=one.pk).organisation_id == one.organisation_id
    assert Post.objects.filter(person=movers[0], role=Post.Role.SECRETARY, until_on=None).exists()


def test_all_that_match_are_meant_on_every_page_after_one_question_and_brought_back_together(office, district):
    """Also what was made up by somebody else: an address of the list is no way beyond the reach or the filters of it."""
    here, there = district.villages[0], district.villages[1]
    given = {"organisation": here, "at": clock.now(), "by": district.office}
    for n in range(55):
        organisations.add_person(number=f"Q{n:03d}", name=f"全选{n:02d}", **given)
    page = office.get(PEOPLE, {"q": "全选"}, **ENGLISH).content.decode()
    assert "All 55 that match, on every page" in page
    words = re.search(r'name="all_that_match" value="([^"]*)"', page)[1]
    asked = office.post(MANY, {"deed": "moved", "all_that_match": words}, **ENGLISH)
    assert asked.context["people"][0].name == "全选00"
    rows = [str(one.pk) for one in asked.context["people"]]
    sent = {"deed": "moved", "row": rows, "to": there.code, "reason": "并入", "ticket": UUID(int=55)}
    moved = office.post(MANY, sent | {"on": clock.today().isoformat()})
    assert Person.objects.filter(organisation=there, number__startswith="Q").count() == 55
    office.post(f"{moved.url}undo/")
    assert Person.objects.filter(organisation=here, number__startswith="Q").count() == 55
    junk = office.post(MANY, {"deed": "moved", "all_that_match": "q=%00&town=../x&state=left"}, follow=True, **ENGLISH)
    assert "None is ticked" in junk.content.decode()


def test_of_several_all_or_nobody(district):
    given = {"on": clock.today(), "reason": "并入", "at": clock.now(), "by": district.office}
    there = district.members[0]
    with refused("person.belongs-there"):
        actions.change_many(
            people=[district.members[5], there], kind="moved", to=district.villages[0], ticket=UUID(int=1), **given
        )
    assert not RosterChange.objects.exists()
    with refused("roster.nobody-ticked"):
        actions.change_many(people=[], kind="left", ticket=UUID(int=2), **given)
    with refused("roster.too-many"):
        actions.change_many(people=[there] * 501, kind="left", ticket=UUID(int=3), **given)


def test_the_journal_says_who_did_what_and_leads_there(office, district):
    person = district.members[0]
    given = {"on": clock.today(), "reason": "保密的事由", "at": clock.now(), "by": district.office}
    actions.move_person(person=person, to=district.villages[1], **given)
    page = office.get(JOURNAL, {"q": "Person moved"}, **ENGLISH).content.decode()
    assert reverse("office-person", args=[person.pk]) in page
    assert district.office.name in page
    assert "保密的事由" not in page
    assert person.name in rows_in(office, JOURNAL, who=district.office.number)
    assert rows_in(office, JOURNAL, who=district.secretaries[0].number) == ""
    assert person.name in rows_in(office, JOURNAL, unit=district.villages[1].code, room="roster")
    assert rows_in(office, JOURNAL, unit=district.villages[2].code, room="roster") == ""
    assert rows_in(office, JOURNAL, until=(clock.today() - timedelta(days=1)).isoformat(), room="roster") == ""
    assert "Person moved" in office.get(JOURNAL, {"as": "csv"}, **ENGLISH).content.decode()


def test_what_somebody_did_many_times_in_a_minute_is_one_line_that_opens(office, district):
    """Files have every deed, the list counts every deed, and who did it in another minute stands apart."""
    at = clock.now().replace(second=20)
    for n, person in enumerate(district.members[:6]):
        given = {"on": clock.today(), "reason": "改名", "by": district.office}
        actions.give_name(about=person, name=f"改名{n}", at=at - timedelta(minutes=n == 5, seconds=n % 5), **given)
    asked = {"room": "roster", "q": "Name"}
    page = office.get(JOURNAL, asked, **ENGLISH).content.decode()
    table = page.partition("<tbody>")[2].partition("</tbody>")[0]
    assert table.count("<tr>") == 2
    assert "<small>5×</small>" in table
    assert "<summary>5 things</summary>" in table
    assert [reverse("office-person", args=[one.pk]) in table for one in district.members[:6]] == [True] * 6
    assert page.partition('class="found"')[2].split("found", 1)[0].split()[-1] == "6"
    file = office.get(JOURNAL, asked | {"as": "csv"}, **ENGLISH).content.decode()
    assert file.count("改名") == 6
    assert "×" not in file


def test_an_office_further_down_sees_the_deeds_of_its_own_people(client, district):
    lower = district.town_secretary
    Post.objects.create(person=lower, organisation=district.town, role=Post.Role.CAMPAIGN_OFFICE, from_on=clock.today())
    given = {"on": clock.today(), "reason": "改名", "at": clock.now()}
    actions.give_name(about=district.members[0], name="上级改的", by=district.office, **given)
    actions.give_name(about=district.members[1], name="镇里改的", by=lower, **given)
    client.force_login(Account.objects.get(person=lower))
    shown = rows_in(client, JOURNAL)
    assert "镇里改的" in shown
    assert "上级改的" not in shown


def test_neither_votes_nor_marks_nor_what_anybody_sent_stand_in_the_journal(office, district):
    cycle = cast_booth.small_cycle(district)
    poll = cast_booth.opened_now(district, cycle, [district.members])
    entry = {"at": clock.now(), "payload": {"mark": "not_kept"}, "salt": b"0" * 16, "leaf": ""}
    JournalEntry.objects.create(deed="commitments.answer_promise", subject="promise:1", by="person:1", **entry)
    JournalEntry.objects.create(deed="notices.file_objection", subject="objection:1", by="", **entry)
    shown = rows_in(office, JOURNAL)
    assert "Appraisal opened" in shown
    assert "not_kept" not in shown
    assert "Objection entered" not in shown
    assert poll.reference not in shown


def test_the_journal_asks_as_often_for_fifty_rows_as_for_one(office, district, django_assert_max_num_queries):
    for number, member in enumerate(district.members):
        actions.give_code(
            about=member, code=f"X{number}", on=clock.today(), reason="更正", at=clock.now(), by=district.office
        )
    with django_assert_max_num_queries(26):
        office.get(JOURNAL)


UNITS = reverse("office-organisations-many")


def sent_units(office, deed, units, **more):
    return office.post(
        UNITS, {"deed": deed, "asked": "on", "row": [one.pk for one in units], **more}, follow=True, **ENGLISH
    )


def test_several_organisations_move_and_come_back_together(office, district):
    first, second, third = district.villages[:3]
    question = office.post(UNITS, {"deed": "moved", "row": [first.pk, second.pk]}, **ENGLISH).content.decode()
    assert first.name in question
    assert "Below which unit?" in question
    ticket = re.search(r'name="ticket" value="([^"]+)"', question)[1]
    given = {"on": clock.today(), "reason": "区划调整", "to": third.code, "ticket": ticket}
    pages = [sent_units(office, "moved", [first, second], **given) for _time in range(2)]
    assert Organisation.objects.filter(parent=third).count() == 2
    assert RosterChange.objects.count() == 2
    undo = re.search(r'action="([^"]+/undo/)"', pages[1].content.decode())[1]
    assert "2 changes are undone." in office.post(undo, follow=True, **ENGLISH).content.decode()
    assert Organisation.objects.filter(parent=district.town).count() == 4


def test_several_organisations_end_from_below_or_none_does(office, district):
    given = {"at": clock.now(), "by": None, "kind": "branch", "sector": ""}
    above = organisations.add_organisation(code="77", name="新建总支", parent=district.town, **given)
    below = organisations.add_organisation(code="771", name="新建支部", parent=above, **given)
    said = {"on": clock.today(), "reason": "撤销"}
    page = sent_units(office, "dissolved", [above, below, district.villages[0]], **said).content.decode()
    assert "still belong to" in page
    assert not Organisation.objects.exclude(ended_on=None).exists()
    sent_units(office, "dissolved", [above, below], **said)
    assert set(Organisation.objects.exclude(ended_on=None)) == {above, below}
    assert above.name in rows_in(office, TREE, state="ended")
    sent_units(office, "merged", district.villages[:2], **said, to=district.villages[2].code)
    assert Person.objects.filter(organisation__in=district.villages[:2], left_on=None).count() == 0


def test_kind_and_sector_of_all_that_match_and_heads_that_answer(office, district):
    ticked = {"all_that_match": f"town={district.town.code}&kind=branch"}
    question = office.post(UNITS, {"deed": "corrected", **ticked}, **ENGLISH).content.decode()
    assert all(village.name in question for village in district.villages)
    assert district.town.name not in re.search(r'<ul class="rows">(.*?)</ul>', question, re.DOTALL)[1].split("·")[0]
    empty = sent_units(office, "corrected", district.villages).content.decode()
    assert "Choose a kind or a sector" in empty
    page = sent_units(office, "corrected", district.villages, sector="public-institution").content.decode()
    assert "4 units are corrected." in page
    organisations.Responsibility.objects.filter(organisation__in=district.villages[:2]).delete()
    assert "Somebody answers for 2 more units." in sent_units(office, "led", district.villages).content.decode()
    again = sent_units(office, "led", district.villages).content.decode()
    assert "somebody answers for each of them already" in again
    assert "0 more units" not in again
    assert "None is ticked" in office.post(UNITS, {"deed": "led"}, follow=True, **ENGLISH).content.decode()


def test_whoever_left_is_told_of_where_few_are_found(office, district):
    gone = district.members[0]
    given = {"on": clock.today(), "reason": "调往外地", "at": clock.now(), "by": district.office}
    actions.let_go(person=gone, kind=RosterChange.Kind.LEFT, **given)
    page = office.get(PEOPLE, {"q": gone.name}, **ENGLISH).content.decode()
    assert "1 of those who left fits too." in page
    assert "state=left" in page
    assert "fits too" not in office.get(PEOPLE, {"q": district.members[1].name}, **ENGLISH).content.decode()
    actions.end_organisation(organisation=district.villages[0], into=district.villages[1], **given)
    assert (
        "1 of those that ended fits too."
        in office.get(TREE, {"q": district.villages[0].name}, **ENGLISH).content.decode()
    )

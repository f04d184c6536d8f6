"""The office's list of who committed in public, from a pasted list to the unit's page, and a clerk's entry at the desk."""

import pytest
from django.test import Client
from django.urls import reverse
from tests.cast.commitments import photo_bytes
from tests.cast.district import launched_cycle, small_district

from zhengyou.identity.models import Account
from zhengyou.pledges import actions, queries
from zhengyou.pledges.models import PublicCommitment
from zhengyou.pledges.rules import Made
from zhengyou.web.shared import clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def house():
    return small_district(at=clock.now())


@pytest.fixture
def cycle(house):
    return launched_cycle(house, at=clock.now())


def client_of(person) -> Client:
    client = Client()
    client.force_login(Account.objects.get(person=person))
    return client


def test_from_a_pasted_list_to_the_page_of_the_unit(house, cycle, settings, tmp_path) -> None:
    settings.FILES = tmp_path
    office, list_of = client_of(house.office), reverse("office-pledges", args=[cycle.pk])
    enter = reverse("office-pledge-enter", args=[cycle.pk])
    made = {"on": clock.today().isoformat(), "place": "测试1村党员大会", "evidence": "记录第3号"}
    wrong = office.post(enter, made | {"numbers": f"{house.members[0].number}、没有此号"})
    assert "没有此号" in wrong.content.decode()
    assert not PublicCommitment.objects.exists()
    with (tmp_path / "board.jpg").open("w+b") as board:
        board.write(photo_bytes())
        board.seek(0)
        pasted = {"numbers": f"{house.members[0].number}、{house.members[1].number}", "photo": board}
        office.post(enter, made | pasted)
    office.post(enter, made | {"within": house.villages[0].code})
    rows = list(queries.standing_in(cycle).order_by("pk"))
    assert [bool(row.photo) for row in rows] == [True, True, False, False]
    assert office.get(reverse("office-pledge-photo", args=[rows[0].pk]))["Content-Type"] == "image/jpeg"
    assert client_of(house.secretaries[0]).get(reverse("office-pledge-photo", args=[rows[0].pk])).status_code == 403
    page = office.get(list_of, {"q": house.members[1].number}).content.decode()
    assert house.members[1].name in page
    assert house.members[0].name not in page
    assert house.members[1].name in office.get(list_of, {"as": "csv"}).content.decode("utf-8-sig")
    public = reverse("public-organisation", args=[house.villages[0].code])
    shown = Client().get(public).content.decode()
    assert all(row.person.name in shown for row in rows)
    assert "测试1村党员大会" in shown
    assert "记录第3号" not in shown
    ticked = {"row": [rows[0].pk]}
    take_back = reverse("office-pledge-take-back", args=[cycle.pk])
    assert "为什么" in office.post(take_back, ticked, headers={"accept-language": "zh-hans"}).content.decode() or rows
    office.post(take_back, ticked | {"why": "会上没有宣读"})
    assert queries.standing_in(cycle).count() == 4, "the question was not answered"
    office.post(take_back, ticked | {"why": "会上没有宣读", "sure": "on"})
    assert rows[0].person.name not in Client().get(public).content.decode()
    assert "会上没有宣读" in office.get(list_of, {"state": "taken-back"}).content.decode()


def test_two_at_one_entry_and_a_clerk_for_a_unit(house, cycle) -> None:
    now = clock.now()
    made = Made(clock.today(), "大会")
    [row] = actions.enter_public_commitments(
        cycle=cycle, people=house.members[:1], made=made, at=now, by=house.office
    ).new
    office, address = client_of(house.office), reverse("office-pledge-correct", args=[row.pk])
    seen = office.get(address).context["form"].meanwhile.mark
    actions.correct_public_commitment(
        commitment=row, made=Made(clock.today(), "公开栏"), at=now, by=house.second_office
    )
    words = {"on": clock.today().isoformat(), "place": "别处", "evidence": "", "seen": seen}
    assert house.second_office.name in office.post(address, words).content.decode()
    row.refresh_from_db()
    assert row.place == "公开栏"
    clerk = client_of(house.town_secretary)
    enter = reverse("desk-submission-enter", args=[house.villages[1].code, "committed"])
    whom = house.members[4]
    handed = {
        "came_how": "paper",
        "came_on": clock.today().isoformat(),
        "people": [whom.pk],
        "on": clock.today().isoformat(),
    }
    clerk.post(enter, handed | {"place": "二村大会"})
    assert queries.standing_in(cycle).get(person=whom).place == "二村大会"
    assert whom.name in clerk.get(reverse("desk-submissions", args=[house.villages[1].code])).content.decode()


def test_the_list_asks_as_much_for_many_as_for_one(house, cycle, django_assert_max_num_queries) -> None:
    made = Made(clock.today(), "大会")
    office, address = client_of(house.office), reverse("office-pledges", args=[cycle.pk])
    counts = []
    for people in (house.members[:1], house.members):
        actions.enter_public_commitments(cycle=cycle, people=people, made=made, at=clock.now(), by=house.office)
        with django_assert_max_num_queries(60) as asked:
            assert office.get(address).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1]

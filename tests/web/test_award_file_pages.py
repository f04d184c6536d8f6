"""Candidates with their deeds out of a workbook: all of them or none, and what speaks against a row is said with its row."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from tests.cast.awards import drafted_selection, published_notice, selection_of, selection_of_people
from tests.cast.district import launched_cycle, small_district
from tests.cast.persons import committed
from tests.rooms.organisations.lists import csv_text, xlsx

from zhengyou.awards.models import Candidate
from zhengyou.identity.models import Account
from zhengyou.organisations.importing import workbooks
from zhengyou.web.shared import clock

pytestmark = pytest.mark.django_db
HEAD = ["组织代码", "组织名称", "主要事迹"]
DEEDS = "修通了村里的路，办成了三件实事。"


@pytest.fixture
def district():
    return small_district(at=clock.now())


@pytest.fixture
def cycle(district):
    return launched_cycle(district, at=clock.now())


@pytest.fixture
def send(client, district):
    """Upload these rows for a selection; the page that follows, in English."""
    client.force_login(Account.objects.get(person=district.office))

    def send_rows(selection, rows):
        data = rows if isinstance(rows, bytes) else xlsx(("候选", rows))
        file = SimpleUploadedFile("候选.xlsx", data)
        address = reverse("office-candidates-file", args=[selection.pk])
        return client.post(address, {"file": file}, headers={"accept-language": "en"}, follow=True).content.decode()

    return send_rows


def test_units_of_a_workbook_are_put_forward_with_their_deeds(send, district, cycle):
    selection = drafted_selection(district, cycle, at=clock.now(), candidates=[])
    names = [village.name for village in district.villages]
    rows = [
        ["推荐名单"],
        HEAD,
        ["001001001", "", DEEDS],
        ["001001002", names[1], DEEDS],
        ["", names[2], DEEDS],
        ["", "", ""],
    ]
    assert "3 candidates are put forward" in send(selection, rows)
    assert set(Candidate.objects.filter(selection=selection).values_list("organisation__code", "deeds")) == {
        (f"00100100{n}", DEEDS) for n in (1, 2, 3)
    }


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([HEAD, ["001001001", "", DEEDS], ["001001002", "另一村", DEEDS], ["99", "", DEEDS]], "候选 3, 候选 4"),
        ([HEAD, ["001001001", "", DEEDS], ["001001001", "", DEEDS]], "Row 候选 3"),
        ([HEAD, ["001001001", "", DEEDS], ["001001002", "", "长" * 1501]], "Row 候选 3"),
        ([HEAD, ["001001001", "", DEEDS], ["001001002", "", ""]], "Row 候选 3"),
        ([["甲", "乙"], ["001001001", DEEDS]], "No row of candidates was found"),
        ([HEAD], "No row of candidates was found"),
        ([HEAD, *[["001001001", "", DEEDS]] * 501], "More than 500 rows"),
        (b"PK\x03\x04 cut off", "damaged"),
    ],
)
def test_what_cannot_be_put_forward_is_named_by_row_and_nothing_is_done(send, district, cycle, rows, said):
    selection = drafted_selection(district, cycle, at=clock.now(), candidates=[])
    assert said in send(selection, rows)
    assert not Candidate.objects.exists()


def test_after_the_notice_no_list_is_taken(send, district, cycle):
    selection = selection_of(published_notice(district, cycle, at=clock.now()))
    assert "Nothing was put forward" in send(selection, [HEAD, ["001001003", "", DEEDS]])
    assert Candidate.objects.filter(selection=selection).count() == 2


def test_people_come_with_what_they_are_and_whether_at_the_front_line(send, client, district, cycle):
    selection = selection_of_people(district, cycle, at=clock.now())
    person, other = district.members[:2]
    committed(district, cycle, [person, other], at=clock.now())
    head = ["党员编号", "姓名", "职务", "是否一线", "事迹材料"]
    rows = [head, [person.number, person.name, "护林员", "是", DEEDS], [other.number, "", "", "否", DEEDS]]
    send(selection, csv_text(rows).encode())
    found = Candidate.objects.filter(selection=selection).order_by("pk")
    assert [(one.person, one.post, one.is_front_line) for one in found] == [
        (person, "护林员", True),
        (other, "", False),
    ]
    empty = client.get(reverse("office-candidates-file", args=[selection.pk]) + "?empty")
    assert len(workbooks.read_sheets(empty.content)[0].rows[0][1]) == 5

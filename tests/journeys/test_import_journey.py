"""Journey 4: the office drops its workbook as it is, reads the preview, confirms, sees the tree; next month only changes."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect
from tests.cast.district import PASSWORD, small_district
from tests.rooms.organisations.lists import csv_text, xlsx

from zhengyou.organisations.models import Organisation, Person, Responsibility

WIDTHS = ["phone", pytest.param("desktop", marks=pytest.mark.long)]
pytestmark = pytest.mark.django_db(transaction=True)

TREE = [
    ["测试镇基层党组织一览表", "", "", "", "", "", ""],
    ["序号", "党组织名称", "组织代码", "上级党组织", "类别", "所属领域", "联系电话"],
    [1, "新桥社区党支部", 2002, "新桥街道党委", "党支部", "社区", "0745-1"],
    [2, "新桥街道党委", 2001, 1, "党委", "街道", "0745-2"],
    [],
    [3, "测试1村联合党支部", "001001001", "测试镇党委", "联合支部", "农村", ""],
    [4, "河湾党支部", 2003, "河湾街道党委", "党支布", "社区", ""],
    ["合计", 4, "", "", "", "", ""],
]
MENDED = [["组织名称", "代码", "上级组织", "类别"], ["河湾党支部", "2003", "2001", "党支部"]]
MEMBERS = [
    ["姓名", "工号", "所属党组织", "党员类别", "身份证号"],
    ["张明", "3001", "新桥社区党支部", "正式党员", "431202198001011234"],
    ["李霞", "3002", "2002", "预备党员", "431202199001011234"],
]


@pytest.fixture
def district():
    return small_district()


@pytest.fixture
def look(check_axe, picture):
    """axe, width, size of what is tapped, and a picture for people."""

    def at(page, name):
        check_axe(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        heights = page.locator("main button:visible, main [role=button]:visible").evaluate_all(
            "all => all.map(one => one.getBoundingClientRect().height)"
        )
        assert all(height >= 44 for height in heights)
        picture(page, name)

    return at


def _sign_in(page, server, person):
    page.goto(f"{server}{reverse('sign-in')}?next=/office/")
    page.fill("[name=login]", person.number)
    page.fill("[name=password]", PASSWORD)
    page.locator("main button").click()
    page.wait_for_url("**/office/")


def _upload(page, server, what, name, data):
    page.goto(f"{server}{reverse('office-imports')}?what={what}")
    page.set_input_files("[name=file]", {"name": name, "mimeType": "application/octet-stream", "buffer": data})
    page.locator("main form button").click()
    page.wait_for_load_state()


def _confirm(page):
    page.locator("form:has([name=seen]) button").click()
    page.locator(".note.success").wait_for()


@pytest.mark.parametrize("width", WIDTHS)
def test_from_the_offices_workbook_to_the_tree(width, request, live_server, district, look):
    page = request.getfixturevalue(width)
    server = live_server.url
    _sign_in(page, server, district.office)

    _upload(page, server, "organisations", "照片.xlsx", b"\xff\xd8\xff\xe0 not a workbook")
    expect(page.locator("[role=alert]")).to_be_visible()
    look(page, f"import-refused-{width}")

    _upload(page, server, "organisations", "一览表.xlsx", xlsx(("一览表", TREE), ("说明", [["x"]]), merged=("A1:G1",)))
    expect(page.get_by_text("河湾街道党委")).to_be_visible()
    look(page, f"import-preview-bad-{width}")
    page.locator("a[href='?show=ready']").click()
    expect(page.locator("ins").first).to_have_text("测试1村联合党支部")
    look(page, f"import-preview-changed-{width}")
    assert not Organisation.objects.filter(code="2001").exists()
    _confirm(page)
    look(page, f"import-done-{width}")
    with page.expect_download() as download:
        page.locator("a[href$='bad.xlsx']").click()
    assert download.value.path().read_bytes().startswith(b"PK")

    _upload(page, server, "organisations", "改好.csv", csv_text(MENDED).encode("gbk"))
    _confirm(page)
    _upload(page, server, "people", "党员.xlsx", xlsx(("党员", MEMBERS)))
    look(page, f"import-preview-members-{width}")
    _confirm(page)
    assert Person.objects.get(number="3001").organisation.code == "2002"

    page.locator(f"main .actions a[href='{reverse('office-tree')}']").click()
    expect(page.get_by_role("link", name="河湾党支部")).to_be_visible()
    look(page, f"import-tree-{width}")

    _upload(page, server, "organisations", "改好.csv", csv_text(MENDED).encode("gbk"))
    expect(page.locator("form:has([name=seen])")).to_have_count(0)
    look(page, f"import-again-{width}")


@pytest.mark.parametrize("width", WIDTHS)
def test_naming_somebody_for_an_organisation_that_nobody_answers_for(width, request, live_server, district, look):
    page = request.getfixturevalue(width)
    village = district.villages[1]
    Responsibility.objects.filter(organisation=village).delete()
    _sign_in(page, live_server.url, district.office)
    page.goto(live_server.url + reverse("office-tree"))
    page.locator(f"main a[href='{reverse('office-responsible')}']").click()
    page.locator("main table a", has_text=village.name).click()
    page.fill("[name=person]", "成员2")
    page.locator("main form[method=post] button").click()
    expect(page.get_by_text("M2001")).to_be_visible()
    look(page, f"import-responsible-{width}")
    page.fill("[name=person]", "M2001")
    page.locator("main form[method=post] button").click()
    page.locator(".note.success").wait_for()
    assert Responsibility.objects.get(organisation=village, until_on=None).person.number == "M2001"

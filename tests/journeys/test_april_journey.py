"""April's roster: people moved, one renamed as well, a branch renamed and one dissolved, somebody left; and a hospital's roster."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect
from tests.cast.district import NOW, PASSWORD, small_district
from tests.rooms.organisations.lists import xlsx

from zhengyou.campaigns import actions as campaigns
from zhengyou.identity import actions as identity
from zhengyou.organisations import actions as organisations
from zhengyou.organisations.models import Organisation, Person

pytestmark = pytest.mark.django_db(transaction=True)

HEAD = ["姓名", "党员编号", "党支部代码", "人员类别"]


def _sign_in(page, server, login):
    page.goto(f"{server}{reverse('sign-in')}?next={reverse('office-imports')}")
    page.fill("[name=login]", login)
    page.fill("[name=password]", PASSWORD)
    page.locator("main button").click()
    page.wait_for_url(f"**{reverse('office-imports')}")


def _upload(page, data):
    page.set_input_files("[name=file]", {"name": "名册.xlsx", "mimeType": "application/octet-stream", "buffer": data})
    page.locator("main form:has([name=file]) button").click()
    expect(page.locator("main nav .actions").first).to_be_visible()


def _confirm(page):
    page.locator("form:has([name=seen]) button").click()
    page.locator(".note.success").wait_for()


def test_aprils_roster(phone, live_server, check_axe, picture):
    district = small_district()
    first, second, third = district.villages[:3]
    people = Person.objects.filter(left_on=None).exclude(number="M1002").exclude(organisation=third)
    rows = [[row.name, row.number, row.organisation.code, "中共党员"] for row in people.select_related("organisation")]
    rows += [[row.name, row.number, second.code, "正式党员"] for row in Person.objects.filter(organisation=third)]
    changed = {"M1000": ["夏红波", "M1000", second.code, "正式党员"], "M1001": ["成员1-1", "M1001", second.code, ""]}
    rows = [changed.get(row[1], row) for row in rows]
    tree = [["组织代码", "组织名称", "上级组织"]] + [
        [row.code, "河湾联合党支部" if row == first else row.name, row.parent.code if row.parent else ""]
        for row in district.everywhere
        if row != third
    ]
    _sign_in(phone, live_server.url, district.office.number)
    _upload(phone, xlsx(("党员", [HEAD, *rows]), ("党组织", tree)))

    expect(phone.get_by_text("夏红波是同一个人吗").first).to_be_visible()
    check_axe(phone)
    picture(phone, "april-look-phone")
    phone.locator("tr", has_text="夏红波").get_by_role("button", name="同一个人").click()
    _confirm(phone)
    assert Person.objects.get(number="M1000").name == "夏红波"
    assert Organisation.objects.get(pk=first.pk).name == "河湾联合党支部"

    phone.locator("main a[href$='/missing/']").click()
    check_axe(phone)
    picture(phone, "april-missing-phone")
    phone.locator("tr", has_text="成员1-2").locator("[type=checkbox]").check()
    phone.locator("tr", has_text=third.name).locator("[type=checkbox]").check()
    phone.fill("[name=reason]", "四月名册")
    phone.locator("#ticked button").click()
    expect(phone.locator(".note.success")).to_contain_text("1人离开，1个单位撤销")
    third.refresh_from_db()
    assert third.ended_on is not None
    assert Person.objects.get(number="M1002").left_on is not None


def test_a_hospitals_roster(desktop, live_server, check_axe, picture):
    campaigns.load_pack_words(pack_id="hospital-appraisal", at=NOW, by=None)
    root = organisations.add_organisation(
        code="001", name="仁和医院集团", kind="hospital-group", sector="", parent=None, at=NOW, by=None
    )
    person = organisations.add_person(number="001", name="乙", organisation=root, at=NOW, by=None)
    organisations.appoint(
        person=person, organisation=root, role="campaign_office", title="", from_on=NOW.date(), at=NOW, by=None
    )
    identity.open_account(person=person, login="001", password=PASSWORD, at=NOW, by=None)
    departments = [
        ["科室", "", "上级科室", "科室类别", "负责人", ""],
        ["编号", "名称", "编号", "", "姓名", "电话"],
        ["H1", "东院区", "001", "院区", "", ""],
        ["H101", "心内科", "H1", "科室", "王医生", "1"],
    ]
    staff = [
        ["姓名", "所在科室编号", "用工性质", "岗位类别"],
        ["王医生", "H101", "在编", "医师"],
        ["李护士", "H101", "轮转", "护士"],
    ]
    _sign_in(desktop, live_server.url, "001")
    _upload(desktop, xlsx(("科室", departments), ("职工", staff), merged=("A1:B1", "D1:D2", "E1:F1")))
    check_axe(desktop)
    picture(desktop, "hospital-mend-desktop")
    desktop.get_by_label("Take “轮转” from now on as").select_option("probationary")
    desktop.get_by_role("button", name="Use this meaning").click()
    expect(desktop.locator(".note.success")).to_contain_text("“轮转” is known from now on")
    _confirm(desktop)
    check_axe(desktop)
    picture(desktop, "hospital-done-desktop")
    expect(desktop.get_by_role("cell", name="N000002")).to_be_visible()
    assert Person.objects.get(name="李护士").membership == "probationary"
    assert Organisation.objects.get(code="H101").parent.code == "H1"

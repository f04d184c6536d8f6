"""Trust in cases on their pages: who reads what goes around its target, names that are asked about, public words that are hidden."""

import io
import json
import re

import pytest
from django.urls import reverse
from tests.cast.cases import released, two_readers
from tests.cast.district import launched_cycle, small_district
from tests.cast.refusing import refused
from tests.cast.writing import filled, ticket_in
from tests.rooms.cases.test_cases import DAY
from tests.web.test_case_pages import ENGLISH, NOW, assigned, noon, opened, received, signed_in, text_of

from zhengyou.base import entries
from zhengyou.base.entries_checked import check
from zhengyou.base.time import working_days_after
from zhengyou.cases import actions, guarding, pausing, reader_queries, reporting
from zhengyou.cases.computing.naming import names_in
from zhengyou.cases.computing.ringing import pieces, rings, sounds_grave
from zhengyou.cases.models import Case
from zhengyou.organisations.models import Person

ASKED = "This seems to name somebody"
OFFICE = re.compile(r"the (?:campaign )?office", re.IGNORECASE)
NAMED = "已给赵春花办好。"


@pytest.fixture
def district(db):
    return small_district(at=noon(70))


@pytest.fixture
def cycle(district):
    return launched_cycle(district, at=noon(60))


@pytest.fixture
def village(district):
    return district.villages[0]


def article(page):
    """What a page says, without its head and foot."""
    return page.partition("<main")[2].partition("</main>")[0]


def reported(client, unit, **given):
    """The answer to a report's form that is sent once."""
    address = reverse("public-case-report", args=[unit.code])
    form = client.get(address, **ENGLISH).content.decode()
    facts = {
        "kind": "misconduct",
        "words": "三年级二班的刘建国老师收红包。",
        "contact": "0745-1",
        "place": "",
        "happened": "",
    }
    sent = filled(unit.reference, ticket=ticket_in(form), **(facts | given))
    return client.post(address, sent, **ENGLISH).content.decode()


def test_whoever_reports_misconduct_reads_of_two_people_on_every_page_and_never_that_the_office_reads_it(
    client, cycle, village, district
):
    two_readers(district, at=NOW)
    preview = article(reported(client, village))
    assert "The campaign office reads none of it." in preview
    assert "Only the two people who read your report see it." in preview
    rest = preview.replace("The campaign office reads none of it.", "")
    assert not OFFICE.search(rest), OFFICE.findall(rest)
    assert "black" not in rest
    taken = received(village, kind="misconduct", words="刘建国老师收红包。", contact="0745-1")
    page, word = opened(client, taken.code)
    page = article(page)
    assert "Message to the two people who read your report" in page
    assert taken.case.sign in page
    assert "2 people may read it today." in page
    rest = page.replace("neither the campaign office nor the unit", "")
    assert not OFFICE.search(rest), OFFICE.findall(rest)
    assert "Do not show my words" not in page
    sent = {"opened": word, "act": "message", "words": "他还在教课。"}
    assert (
        "The two people who read your report will find it."
        in client.post(reverse("public-case-own"), sent, **ENGLISH).content.decode()
    )


def test_a_kind_says_what_it_means_and_who_reads_it(client, cycle, village):
    page = client.get(reverse("public-case-report", args=[village.code]), **ENGLISH).content.decode()
    assert "Taking money or gifts" in page
    assert page.count("Two named people read it, not the campaign office.") == 1


def test_words_of_money_or_violence_are_asked_about_and_lead_around_the_unit(client, cycle, village):
    page = reported(client, village, kind="other")
    assert 'name="around"' in page
    assert 'name="around"' not in reported(client, village, kind="other", words="路灯坏了。")
    around = article(reported(client, village, kind="other", around="yes"))
    assert 'name="kind" value="misconduct"' in around
    assert "These two people see" in around


def test_a_row_of_the_hotline_without_a_kind_that_speaks_of_violence_is_not_taken_as_other(cycle, village, district):
    rows = f"H1,{village.name},,刘建国老师打学生\nH2,{village.name},,路灯坏了\n"
    file = io.BytesIO(f"工单编号,承办单位,问题类型,诉求内容\n{rows}".encode("utf-8-sig"))
    file.name = "12345.csv"
    address = reverse("office-case-hotline", args=[cycle.pk])
    page = signed_in(district.office).post(address, {"file": file}, **ENGLISH).content.decode()
    assert "1 of 2 rows would be taken." in page
    assert "its words speak of money, threats or violence" in page


def test_the_reporter_sees_that_the_two_people_changed(client, cycle, village, district):
    two_readers(district, at=NOW - 9 * DAY)
    taken = received(village, kind="misconduct")
    assert "They have not changed since you sent it." in opened(client, taken.code)[0]
    released(reader_queries.readers_named(district.root)[0], district, at=NOW)
    page = opened(client, taken.code)[0]
    assert "1 person may read it today." in page
    assert "was released and can no longer read anything" in page


def test_the_office_gives_what_nobody_reads_by_two_people_on_its_page(cycle, village, district):
    row = received(village, kind="misconduct").case
    readers = two_readers(district, at=NOW + DAY)  # named today, so that they read what comes tomorrow
    assert signed_in(readers[0]).get(reverse("desk-guarded-case", args=[row.pk])).status_code == 404
    first, second = signed_in(district.office), signed_in(district.second_office)
    page = text_of(first, "office-case-readers", cycle.campaign_id)
    assert "1 report is waiting that nobody may read" in page
    give = reverse("office-case-give", args=[cycle.campaign_id])
    first.post(give)
    first.post(give)
    assert "Confirm: give them" not in text_of(first, "office-case-readers", cycle.campaign_id)
    assert signed_in(readers[0]).get(reverse("desk-guarded-case", args=[row.pk])).status_code == 404
    second.post(give)
    assert signed_in(readers[0]).get(reverse("desk-guarded-case", args=[row.pk])).status_code == 200
    assert "given to the people named now" in text_of(first, "public-entries")


def test_the_list_of_the_two_says_what_is_read_and_who_waits(client, cycle, village, district):
    reader = signed_in(two_readers(district, at=NOW)[0])
    rows = [received(village, kind="misconduct", words=f"第{n}件").case for n in range(3)]
    text_of(reader, "desk-guarded-case", rows[0].pk)
    reporting.write_as_reporter(case=rows[0], words="他还在收。", at=NOW)
    waits = text_of(reader, "desk-guarded", word="message")
    assert [row.sign in waits for row in rows] == [True, False, False]
    unread = text_of(reader, "desk-guarded", word="unread")
    assert [row.sign in unread for row in rows] == [False, True, True]


def test_after_handing_over_it_is_closed_for_reading_and_says_so(client, cycle, village, district):
    reader = two_readers(district, at=NOW - 20 * DAY)[0]
    taken = received(village, kind="misconduct")
    guarding.hand_over(case=taken.case, words="已移交。", at=NOW, by=reader)
    page = signed_in(reader).get(reverse("desk-guarded-case", args=[taken.case.pk]), **ENGLISH)
    assert "Until" in page.content.decode()
    Case.objects.update(closed_on=NOW.date() - 8 * DAY)
    assert signed_in(reader).get(reverse("desk-guarded-case", args=[taken.case.pk])).status_code == 404
    assert taken.case.sign not in text_of(signed_in(reader), "desk-guarded")
    page = client.post(reverse("public-case-own"), filled("cases", code=taken.code), **ENGLISH).content.decode()
    assert "nobody reads it or any message about it any more" in page
    assert 'value="message"' not in page


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("已给赵春花办好", ["赵春花"]),
        ("归镇里办，赵春花家的事", ["赵春花"]),
        ("村民王德福反映的路灯已换", ["王德福"]),
        ("老张家门口的灯已换", ["老张"]),
        ("路灯已换，并贴出报修电话。", []),
        ("由社区办理，方便群众。", []),
        ("已给高山路换灯，给向阳村办好", []),
    ],
)
def test_what_reads_like_a_name(words, names):
    assert names_in(words) == names


def test_rings_find_kin_classes_and_houses_and_grave_words_are_known():
    words = "三年级二班的刘建国老师收家长红包，我女儿叫小雨，住白水镇5组12号。"
    assert [words[a:b] for a, b in rings(words)] == ["三年级二班", "刘建国", "我女儿叫", "小雨", "5组12号"]
    assert sounds_grave(words)
    assert sounds_grave("The teacher takes envelopes")
    assert not sounds_grave("路灯坏了半个月，晚上老人不敢出门。")


@pytest.mark.parametrize("may_show", [{}, {"may_show": "on"}])
def test_what_nobody_else_reads_is_not_blacked_out(client, cycle, village, may_show):
    given = filled(village.reference, kind="delay", words="我女儿等了很久", **may_show)
    page = client.post(reverse("public-case-report", args=[village.code]), given, **ENGLISH).content.decode()
    assert ("for everybody but the campaign office" in page) is bool(may_show)
    assert ('name="black"' in page) is bool(may_show)
    assert ("The campaign office alone reads them." in page) is not bool(may_show)


@pytest.mark.parametrize(
    ("contact", "says"), [("13800000000", "calls you back"), ("", "writes to you"), ("a@b.example", "writes to you")]
)
def test_who_left_no_telephone_is_promised_a_message(client, cycle, village, contact, says):
    given = filled(village.reference, kind="delay", words="等了很久", contact=contact, send="yes")
    page = client.post(reverse("public-case-report", args=[village.code]), given, **ENGLISH).content.decode()
    assert [one for one in ("calls you back", "writes to you") if one in page] == [says]


@pytest.mark.parametrize(
    ("words", "is_grave"),
    [
        ("老师李红在课堂上打了我的孩子", True), ("她骂我女儿", True), ("他踢了我一脚", True), ("班主任收补课费", True),
        ("The teacher kicked my son", True), ("给学生打了三次电话", False), ("打了孩子的电话没有人接", False), ("打学生证", False),
    ],
)  # fmt: skip
def test_how_people_say_that_somebody_was_hit(words, is_grave):
    assert sounds_grave(words) is is_grave


@pytest.mark.parametrize(
    ("words", "ringed"),
    [
        ("老师李红在课堂上收钱", ["老师李红"]),
        ("王老师说", ["王老师"]),
        ("主任高度重视，老师向我们说", []),
        ("医生赵春花不在", ["医生赵春花"]),
    ],
)
def test_a_title_before_a_name_is_ringed_with_it(words, ringed):
    assert [words[a:b] for a, b in rings(words)] == ringed


@pytest.mark.parametrize(
    ("words", "ringed"),
    [
        ("我是李雷的妈妈，电话13800000000", ["我是李雷的妈妈", "13800000000"]),
        ("本人是残疾人，住西头", ["本人是残疾人"]),
        ("I am the mother of Li Lei, call 138-1234-5678", ["I am the mother of Li Lei", "138-1234-5678"]),
        ("I'm Li Lei's mother. 110101199001011234", ["I'm Li Lei's mother", "110101199001011234"]),
        ("我是来反映的，窗口没有人", []),
    ],
)
def test_who_somebody_says_to_be_is_ringed_and_a_number_is_black_unless_they_show_it(words, ringed):
    assert [words[a:b] for a, b in rings(words)] == ringed
    black = [one.text for one in pieces(words) if one.is_number]
    assert black == [one for one in ringed if one[:3].isdigit()]


def test_a_public_text_that_names_somebody_is_asked_about_before_it_is_public(client, cycle, village, district):
    row, desk = assigned(district, village), signed_in(district.secretaries[0])
    address = reverse("desk-case-act", args=[row.year, row.number, "fix"])
    asked = desk.post(address, {"says": NAMED}, **ENGLISH).content.decode()
    assert "Say it without “赵春花”" in asked
    assert "赵春花" not in text_of(client, "public-case", row.year, row.number)
    of_house = desk.post(address, {"says": f"{district.office.name}已去过"}, **ENGLISH).content.decode()
    assert "Say it without" in of_house
    ticked = desk.post(address, {"says": NAMED, "names_seen": "on"}, **ENGLISH).content.decode()
    assert "Say it without “赵春花”" in ticked, "a tick is no way past the name of somebody else"
    holder = "钱正德"
    Person.objects.filter(pk=district.secretaries[0].pk).update(name=holder)
    own = desk.post(address, {"says": f"{holder}已去过"}, **ENGLISH).content.decode()
    assert ("Say it without" in own, ASKED in own) == (False, True)
    pointing = desk.post(address, {"says": "已解决，反映人住村西头，已上门道歉"}, **ENGLISH).content.decode()
    assert "“反映人” points to the person who made the report" in pointing
    assert Case.objects.get().state == "assigned"
    desk.post(address, {"says": f"{holder}已去过", "names_seen": "on"})
    assert holder in text_of(client, "public-case", row.year, row.number)


def test_attack_the_question_about_names_does_not_tell_whether_a_guess_is_right(cycle, village, district):
    """The target types the name that it suspects: its form answers alike whether the report and its contact hold it or not."""
    desk, pages = signed_in(district.secretaries[0]), []
    for given in ({"contact": "赵春花 0745-1", "words": "我是赵春花。"}, {"words": "等了三天。"}):
        row = assigned(district, village, **given)
        for words in (NAMED, "已办好。电话0745-7654321"):
            page = desk.post(reverse("desk-case-act", args=[row.year, row.number, "fix"]), {"says": words}, **ENGLISH)
            said = page.content.decode()
            pages.append((re.findall(r'class="error"[^>]*>[^<]*<', said), "Leave out the telephone" in said))
    assert pages[:2] == pages[2:]
    assert (bool(pages[0][0]), pages[1][1]) == (True, True)


def test_the_office_hides_what_a_unit_wrote_about_a_person_and_everybody_reads_why(client, cycle, village, district):
    row = assigned(district, village)
    row = actions.say_fixed(case=row, says=NAMED, at=NOW, by=district.secretaries[0])
    entry = entries.entries().filter(what="cases.say_fixed").get()
    page = reverse("public-case", args=[row.year, row.number])
    assert "赵春花" in client.get(page).content.decode()
    hide = reverse("office-case-hide", args=[row.pk, 3])
    desk, office = signed_in(district.secretaries[0]), signed_in(district.office)
    assert desk.post(hide, {"why": "names", "sure": "on"}).status_code == 403
    assert hide in text_of(office, "office-case", row.pk)
    office.post(hide, {"why": "names"})  # without the answer to the question
    assert "赵春花" in client.get(page).content.decode()
    office.post(hide, {"why": "names", "sure": "on"})
    for name, args, given in [
        ("public-case", [row.year, row.number], {}),
        ("public-entry", [entry.number], {}),
        ("public-organisation", [village.code], {}),
        ("public-cases", [], {"as": "csv"}),
        ("public-entries", [], {}),
    ]:
        assert "赵春花" not in client.get(reverse(name, args=args), given).content.decode(), name
    assert "赵春花" not in text_of(desk, "desk-case", row.year, row.number)
    assert "because they name a person, or point to one" in text_of(client, "public-case", row.year, row.number)
    assert "赵春花" in text_of(office, "office-case", row.pk)
    assert office.get(hide).status_code == 404
    hidden = json.loads(entries.entries().filter(what="cases.hide_words").get().document)
    assert hidden["content"] == {"case": [row.year, row.number], "words": "fixed", "why": "names"}
    assert check().wrong == 0


def test_a_hidden_reason_of_a_pause_is_gone_from_its_clock_as_well(client, cycle, village, district):
    row = assigned(district, village)
    until = working_days_after(NOW.date(), 3)
    pausing.pause_clock(
        case=row, why="reporter", words="等赵春花本人来", until_on=until, at=NOW, by=district.second_office
    )
    Case.objects.update(given_on=NOW.date() - 9 * DAY, from_on=NOW.date() - 9 * DAY)
    signed_in(district.office).post(reverse("office-case-hide", args=[row.pk, 3]), {"why": "names", "sure": "on"})
    page = text_of(client, "public-case", row.year, row.number)
    assert "赵春花" not in page


def test_the_offices_text_holds_no_number_and_no_name_hour_or_place_of_the_report_unasked(cycle, village, district):
    words = "会计多年没有发粮补。我叫王小红。My mother Wang Xiufen waits since half past three."
    row = received(village, words=words, contact="0745-1", place="西头第三家").case
    office, address = signed_in(district.office), reverse("office-case-act", args=[row.pk, "assign"])
    for text in ("没有发给王小红粮补", "Wang Xiufen waits", "Somebody came at half past three", "西头第三家没有灯"):
        page = office.post(address, {"to": village.code, "target_text": text}, **ENGLISH).content.decode()
        assert "is in what its reporter wrote as well" in page, text
    text = "路灯不亮，联系人 13800138000"
    given = {"to": village.code, "target_text": text, "repeats": "on", "names_seen": "on"}
    assert "Leave out the telephone" in office.post(address, given, **ENGLISH).content.decode()
    page = office.get(address, **ENGLISH).content.decode()
    assert "It came today" not in page
    assert Case.objects.get().state == "received"


def test_words_with_a_number_are_not_shown_to_everybody(client, cycle, village, district):
    row = received(village, words="打我电话13912345678", may_show=True).case
    given = {"to": village, "target_text": "请查。", "at": NOW, "by": district.office}
    with refused("case.shows-number"):
        actions.assign_case(case=row, shows=True, **given)
    reporting.black_out(case=row, public_words="打我电话███████████", may_show=True, at=NOW)
    assert actions.assign_case(case=row, shows=True, **given).is_shown


def test_that_a_reporter_was_called_back_is_never_for_the_unit_or_for_everybody(client, cycle, village, district):
    row = assigned(district, village, contact="0745-1234567")
    pausing.call_back(case=row, words="说清了。", at=NOW, by=district.office)
    desk, said = signed_in(district.secretaries[0]), "The reporter was called back"
    for who, name in ((client, "public-case"), (desk, "desk-case")):
        assert said not in text_of(who, name, row.year, row.number)
    assert said in text_of(signed_in(district.office), "office-case", row.pk)
    Case.objects.update(state="closed", closed_on=NOW.date())
    for who, name in ((client, "public-case"), (desk, "desk-case")):
        assert said not in text_of(who, name, row.year, row.number), "it would tell for ever who left a telephone"


def test_a_release_has_a_no_for_each_of_the_two(cycle, district):
    two_readers(district, at=NOW)
    [one, _other] = reader_queries.readers_named(district.root)
    page, place = ("office-case-readers", cycle.campaign_id), [cycle.campaign_id, one.pk]
    for who, word in ((district.office, "Take back"), (district.second_office, "No, keep them")):
        guarding.release_reader(reader=one, at=NOW, by=district.office)
        office = signed_in(who)
        assert word in text_of(office, *page)
        assert office.post(reverse("office-case-keep", args=place), **ENGLISH).status_code == 302
        assert word not in text_of(office, *page)
    assert signed_in(district.leader).post(reverse("office-case-keep", args=place), **ENGLISH).status_code == 403

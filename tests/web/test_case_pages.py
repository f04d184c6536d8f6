"""Cases on their pages: a report without an account or a script, its page by the code, the docket, the desk; and who learns nothing."""

import csv
import io
import re
from datetime import UTC, datetime, time

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation
from PIL import Image
from tests.cast.cases import two_readers
from tests.cast.district import launched_cycle, small_district
from tests.cast.opening import through_the_button
from tests.cast.writing import filled, ticket_in
from tests.rooms.cases import test_cases as cases
from tests.rooms.cases.test_cases import DAY, WORDS

from zhengyou.base import codes, entries
from zhengyou.base.files import path_of
from zhengyou.base.models import JournalEntry, SearchEntry
from zhengyou.base.time import start_of_day
from zhengyou.cases import actions, desk_queries, effects, pausing, queries, reporting
from zhengyou.cases.models import Case, CaseReading
from zhengyou.identity import actions as identity
from zhengyou.identity.models import Account
from zhengyou.organisations import actions as organisations
from zhengyou.organisations.importing.workbooks import read_sheets
from zhengyou.organisations.models import Post
from zhengyou.organisations.readers import Reader
from zhengyou.web.shared import clock

ENGLISH = {"HTTP_ACCEPT_LANGUAGE": "en"}
SECRET = "四趟"  # a turn of phrase of the reporter
CONTACT = "0745-7654321"


def noon(days_ago=0):
    """Noon, local time, that many days ago."""
    return datetime.combine(clock.today() - days_ago * DAY, time(4), tzinfo=UTC)


NOW = noon()


def received(unit, **given):
    """A report of yesterday, which a unit may get today; one that goes around it came today."""
    return cases.received(unit, at=NOW if given.get("kind") == "misconduct" else NOW - DAY, **given)


def assigned(district, unit, **given):
    return cases.assigned(district, unit, at=NOW, **given)


@pytest.fixture
def district(db):
    return small_district(at=noon(70))


@pytest.fixture
def cycle(district):
    return launched_cycle(district, at=noon(60))


@pytest.fixture
def village(district):
    return district.villages[0]


def signed_in(person):
    client = Client()
    client.force_login(Account.objects.get(person=person))
    return client


def text_of(client, name, *args, **given):
    answer = client.get(reverse(name, args=args), given, **ENGLISH)
    assert answer.status_code == 200, (name, answer.status_code)
    return answer.content.decode()


def code_on(page):
    return re.search(r'(?:data-case-code="|<strong>)([0-9A-Z-]{14})["<]', page)[1]


def opened(client, code):
    """The page of one's own case, and the signed word by which its forms go on."""
    answer = client.post(reverse("public-case-own"), filled("cases", code=code), **ENGLISH)
    page = answer.content.decode()
    return page, re.search(r'name="opened" value="([^"]+)"', page)[1]


def photo_with_a_place():
    """A JPEG whose metadata name a device."""
    picture, data = Image.new("RGB", (40, 30), "red"), io.BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "SECRETPHONE"
    picture.save(data, "JPEG", exif=exif)
    data.seek(0)
    data.name = "photo.jpg"
    return data


def test_a_report_is_seen_as_others_see_it_then_sent_and_followed_by_its_code(client, cycle, village, district):
    address = reverse("public-case-report", args=[village.code])
    page = client.get(address, **ENGLISH).content.decode()
    assert "checked" not in page
    given = {"ticket": ticket_in(page), "kind": "delay", "words": WORDS, "may_show": "on", "contact": CONTACT}
    preview = client.post(address, given, **ENGLISH).content.decode()
    assert not Case.objects.exists()
    ring = re.search(r'checked name="black" value="(\d+-\d+)"\s*>13800000000', preview)[1]
    sent = given | {"send": "yes", "black": [ring], "others": "窗口", "photo": photo_with_a_place()}
    answer = client.post(address, sent, **ENGLISH)
    assert not answer.cookies
    code = code_on(answer.content.decode())
    row = Case.objects.get()
    assert "13800000000" not in row.public_words
    assert "窗口" not in row.public_words
    assert row.words == WORDS
    assert row.photo is not None
    assert "Who read it" in through_the_button(client, answer)
    own, _word = opened(client, code.lower())
    assert "Who read it" in own
    assert "Nobody yet." in own
    assert code not in own
    assert client.get(reverse("public-photo", args=[row.photo.digest])).status_code == 404


def test_the_photo_of_a_report_keeps_nothing_of_its_device(client, cycle, village):
    address = reverse("public-case-report", args=[village.code])
    given = filled(village.reference, kind="delay", words=WORDS, send="yes", photo=photo_with_a_place())
    client.post(address, given, **ENGLISH)
    kept = Case.objects.get().photo
    assert b"SECRETPHONE" not in path_of(kept.digest).read_bytes()
    assert kept.stored_at == start_of_day(clock.now())  # nothing but the day


def test_the_reporter_writes_gives_a_verdict_and_opens_it_again(client, cycle, village, district):
    taken = received(village)
    actions.assign_case(case=taken.case, to=village, target_text="排队久。", at=NOW, by=district.office)
    own = reverse("public-case-own")
    _page, word = opened(client, taken.code)
    page = client.post(own, {"opened": word, "act": "message", "words": "还有一件事"}, **ENGLISH).content.decode()
    assert "还有一件事" in page
    actions.say_fixed(case=taken.case, says="加开了窗口。", at=NOW, by=district.secretaries[0])
    page = client.post(own, {"opened": word, "act": "verdict", "verdict": "not_solved"}, **ENGLISH).content.decode()
    assert "Choose whether it goes on or is closed." in page
    given = {"opened": word, "act": "verdict", "verdict": "not_solved", "goes_on": "yes"}
    page = client.post(own, given, **ENGLISH).content.decode()
    assert "Opened again" not in page
    assert "You said: It has not been put right" in page
    assert "You opened it again" in page
    assert "The reporter" not in page
    effects.settle(at=NOW + DAY)
    row = Case.objects.get()
    assert (row.state, row.verdict, row.reopened) == ("assigned", "not_solved", 1)
    public = text_of(client, "public-case", row.year, row.number)
    assert "加开了窗口" in public
    assert "It has not been put right" in public
    assert "the end of the week in which it was opened again" in public
    assert "还有一件事" not in public


def test_a_thousand_guesses_find_no_case_lock_nobody_out_and_a_forged_page_opens_nothing(client, cycle, village):
    taken = received(village)
    own = reverse("public-case-own")
    assert len(codes.plain(taken.code)) * 5 >= 60
    wrong = (codes.spelled(number) for number in range(1_000))
    assert not any(queries.case_with_code(code) for code in wrong if codes.plain(code) != codes.plain(taken.code))
    page = client.post(own, filled("cases", is_solved=False, code="0000-0000-0000"), **ENGLISH).content.decode()
    assert "No case matches this code." in page
    assert "nothing was saved" not in page
    page = client.post(own, filled("cases", is_solved=False, code=taken.code), **ENGLISH).content.decode()
    assert "Your report" in page
    page = client.post(
        own, {"opened": taken.case.lookup, "act": "message", "words": "假的"}, **ENGLISH
    ).content.decode()
    assert "假的" not in page
    assert "Follow your report" in page


def test_a_post_from_elsewhere_is_not_taken(cycle, village):
    client = Client(enforce_csrf_checks=True)
    address = reverse("public-case-report", args=[village.code])
    given = filled(village.reference, kind="delay", words=WORDS, send="yes")
    answer = client.post(address, given, HTTP_ORIGIN="https://elsewhere.example", **ENGLISH)
    assert answer.status_code == 403
    assert not Case.objects.exists()


def test_the_office_reads_assigns_calls_and_its_reading_is_shown(client, cycle, village, district):
    taken = received(village, contact=CONTACT)
    office = signed_in(district.office)
    page = text_of(office, "office-case", taken.case.pk)
    assert SECRET in page
    assert CONTACT in page
    assert CaseReading.objects.get().what == "report"
    own, _word = opened(client, taken.code)
    assert "the campaign office" in own
    to = reverse("office-case-act", args=[taken.case.pk, "assign"])
    office.post(to, {"to": village.code, "target_text": "请查窗口。"}, **ENGLISH)
    office.post(reverse("office-case-act", args=[taken.case.pk, "call"]), {"words": "电话里说了。"}, **ENGLISH)
    row = Case.objects.get()
    assert (row.state, row.called_on) == ("assigned", NOW.date())
    listed = text_of(office, "office-cases", cycle.pk)
    assert CONTACT not in listed


def test_many_are_given_to_their_units_at_once(cycle, village, district):
    rows = [received(unit).case for unit in district.villages[:3]]
    office = signed_in(district.office)
    to, ticked = reverse("office-case-many", args=[cycle.pk]), {"deed": "assign", "row": [row.pk for row in rows]}
    assert "Confirm, for these 3 cases" in office.post(to, ticked, **ENGLISH).content.decode()
    assert {row.state for row in Case.objects.all()} == {"received"}  # asked first
    office.post(to, {**ticked, "asked": "yes", "sure": "on"}, **ENGLISH)
    assert {row.state for row in Case.objects.all()} == {"assigned"}
    assert all(SECRET not in row.target_text for row in Case.objects.all())


def test_what_sounds_grave_is_given_to_no_unit_among_many(cycle, village, district):
    rows = [received(village, words=words).case for words in (WORDS, "窗口收了我五百元红包", "他还威胁我")]
    ticked = {"deed": "assign", "row": [row.pk for row in rows], "asked": "yes", "sure": "on"}
    page = signed_in(district.office).post(reverse("office-case-many", args=[cycle.pk]), ticked, **ENGLISH)
    assert "2 of these seem to speak of money, gifts, threats or violence" in page.content.decode()
    assert {row.state for row in Case.objects.all()} == {"received"}


def test_the_text_of_the_house_is_read_in_the_readers_language(cycle, village, district):
    with translation.override("en"):
        row = actions.assign_cases(cases=[received(village).case], at=NOW, by=district.office)[0]
    desk = signed_in(district.secretaries[0])
    address = reverse("desk-case", args=[row.year, row.number])
    assert "有人反映本单位" in desk.get(address, headers={"accept-language": "zh-hans"}).content.decode()
    assert "Somebody reported this about your unit" in desk.get(address, **ENGLISH).content.decode()


def test_the_desk_puts_right_passes_on_and_the_level_above_decides(cycle, district):
    first, second = district.villages[:2]
    row = assigned(district, first)
    desk = signed_in(district.secretaries[0])
    assert "请查窗口排队" in text_of(desk, "desk-cases")
    address = reverse("desk-case-act", args=[row.year, row.number, "pass"])
    desk.post(address, {"to": second.code, "words": "是他们的。"}, **ENGLISH)
    other = signed_in(district.secretaries[1])
    other.post(reverse("desk-case-take", args=[row.year, row.number]), **ENGLISH)
    given = {"lacks": "means", "words": "没有钱。"}
    other.post(reverse("desk-case-act", args=[row.year, row.number, "impossible"]), given, **ENGLISH)
    above = signed_in(district.town_secretary)
    assert "Can it be done?" in text_of(above, "desk-cases")
    given = {"confirms": "no", "words": "确实没有。"}
    above.post(reverse("desk-case-act", args=[row.year, row.number, "opinion"]), given, **ENGLISH)
    row.refresh_from_db()
    assert (row.state, row.unit, row.hands) == ("impossible", second, 1)


# Attacks. Each test first sees that what is looked for would be found where it may stand.


def test_who_lands_on_a_case_reads_what_it_is_about_and_whose_it_is(client, cycle, village, district):
    row = assigned(district, village, kind="delay")
    english = text_of(client, "public-case", row.year, row.number, lang="en")
    assert f"<title>Delay · No. {row.number} of {row.year} · {village.name}" in english
    assert re.search(rf"<h1>\s*Delay · No. {row.number} of {row.year}\s*</h1>", english)
    assert f"Delay, reported about {village.name}" in english.partition('name="description"')[2][:200]
    chinese = text_of(client, "public-case", row.year, row.number, lang="zh")
    assert f"<title>拖拉〔{row.year}〕{row.number}号 · {village.name}" in chinese
    assert f"拖拉〔{row.year}〕{row.number}号" in text_of(client, "public-cases", lang="zh")
    assert ", " not in chinese.partition('class="clock"')[2].partition("</details>")[0]


def pages_of_the_target(desk, row):
    """Everything that somebody of the unit can open about a case, its lists and files among it."""
    yield text_of(desk, "desk-cases")
    yield desk.get(reverse("desk-cases"), {"as": "csv"}).content.decode()
    yield text_of(desk, "desk-case", row.year, row.number)
    yield text_of(desk, "desk-home")
    yield text_of(desk, "public-case", row.year, row.number)
    yield text_of(desk, "public-cases")
    yield text_of(desk, "public-organisation", row.unit.code)
    yield text_of(desk, "public-entries")


def test_the_target_finds_no_word_number_photo_or_hour_of_the_reporter(client, cycle, village, district):
    photo = photo_with_a_place().read()
    taken = received(village, contact=CONTACT, place="二号窗口旁", happened="九点四十", photo=photo)
    row = actions.assign_case(case=taken.case, to=village, target_text="请查窗口。", at=NOW, by=district.office)
    reporting.write_as_reporter(case=row, words="另外还有一句话", at=NOW)
    pausing.call_back(case=row, words="她说下午在家", at=NOW, by=district.office)
    seen = text_of(signed_in(district.office), "office-case", row.pk)
    hidden = [SECRET, CONTACT, "二号窗口旁", "九点四十", "另外还有一句话", "她说下午在家"]
    assert all(one in seen for one in hidden)
    desk = signed_in(district.secretaries[0])
    for page in pages_of_the_target(desk, row):
        assert not [one for one in hidden if one in page]
        assert taken.code not in page
        assert row.photo.digest not in page
    for name in ("office-case", "office-case-photo"):
        assert desk.get(reverse(name, args=[row.pk]), **ENGLISH).status_code == 403


def test_the_journal_holds_no_hour_and_no_word_of_a_reporter(cycle, village, district):
    taken = received(village, contact=CONTACT)
    reporting.write_as_reporter(case=taken.case, words="另外还有一句话", at=NOW)
    assert not JournalEntry.objects.filter(subject=taken.case.reference).exists()
    actions.assign_case(case=taken.case, to=village, target_text="请查窗口。", at=NOW + DAY, by=district.office)
    kept = JournalEntry.objects.get(deed="cases.assign_case")
    assert not [one for one in (SECRET, CONTACT) if one in str(kept.payload)]
    assert kept.at == NOW + DAY


def test_lists_and_numbers_say_nothing_of_who_came_first(cycle, village, district):
    rows = [received(village, words=f"第{n}件") for n in range(8)]
    actions.assign_cases(cases=[one.case for one in rows], at=NOW, by=district.office)
    came = [one.case.pk for one in rows]
    by_number = list(queries.public_cases().order_by("number").values_list("pk", flat=True))
    assert sorted(came) == sorted(by_number)
    assert by_number == list(Case.objects.order_by("lookup").values_list("pk", flat=True))
    desk = desk_queries.at_desk(Reader.of(district.secretaries[0], NOW.date(), "en"))
    assert list(desk.values_list("pk", flat=True)) == by_number


def test_misconduct_stands_on_no_page_but_those_of_its_two_readers(client, cycle, village, district):
    taken = received(village, kind="misconduct", words=f"{WORDS}收了红包", contact=CONTACT)
    reader = signed_in(two_readers(district, at=NOW)[0])
    assert "收了红包" in text_of(reader, "desk-guarded-case", taken.case.pk)
    reporting.count_weeks(at=NOW + 7 * DAY)
    assert not entries.entries().filter(what="cases.count_week").exists()
    assert not SearchEntry.objects.filter(kind="case").exists()
    offices = [signed_in(district.office), signed_in(district.second_office)]
    for office in offices:
        for name, args in [("office-cases", [cycle.pk]), ("office-journal", []), ("office-home", [])]:
            page = text_of(office, name, *args)
            assert "收了红包" not in page
            assert CONTACT not in page
        csv_file = office.get(reverse("office-cases", args=[cycle.pk]), {"as": "csv"}).content.decode("utf-8-sig")
        assert len(list(csv.reader(io.StringIO(csv_file)))) == 1
        assert office.get(reverse("office-case", args=[taken.case.pk])).status_code == 404
    outsider = signed_in(district.office)
    assert outsider.get(reverse("desk-guarded")).status_code == 404
    assert outsider.get(reverse("desk-guarded-case", args=[taken.case.pk])).status_code == 404
    assert "收了红包" not in text_of(signed_in(district.secretaries[0]), "desk-cases")
    assert village.name not in text_of(client, "public-case-figures")
    kept = JournalEntry.objects.filter(deed="cases.note_reading").get()
    assert kept.subject == cycle.reference
    assert village.name not in str(kept.payload)


def test_a_unit_neither_pauses_nor_closes_its_own_case(cycle, village, district):
    row = assigned(district, village)
    desk = signed_in(district.secretaries[0])
    given = {"why": "delivery", "words": "等", "until_on": "2099-01-01"}
    for name in ("pause", "reword", "kind", "call", "deny"):
        assert desk.post(reverse("office-case-act", args=[row.pk, name]), given).status_code == 403
    assert desk.post(reverse("office-case-press", args=[row.pk, "close"])).status_code == 403
    assert desk.post(reverse("desk-case-act", args=[row.year, row.number, "close"])).status_code == 404
    row.refresh_from_db()
    assert (row.state, row.paused_until) == ("assigned", None)


def test_an_office_person_of_the_target_sees_nothing_of_it(cycle, village, district):
    mine = district.members[0]
    organisations.appoint(
        person=mine, organisation=district.root, role=Post.Role.CAMPAIGN_OFFICE, title="",
        from_on=NOW.date(), at=NOW, by=None,
    )  # fmt: skip
    identity.open_account(person=mine, login=mine.number, password="a-long-test-password", at=NOW, by=None)
    row = received(village).case
    assert reverse("office-case", args=[row.pk]) in text_of(signed_in(district.office), "office-cases", cycle.pk)
    own = signed_in(mine)
    assert reverse("office-case", args=[row.pk]) not in text_of(own, "office-cases", cycle.pk)
    assert own.get(reverse("office-case", args=[row.pk]), **ENGLISH).status_code == 403


def test_the_hotlines_table_is_looked_at_row_by_row_and_taken_once(cycle, village, district):
    head = "工单编号,承办单位,问题类型,诉求内容,联系电话\n"
    table = head + f"H1,{village.name},拖拉,等了三天,0745-1\nH2,没有此村,拖拉,路坏了,\nH1,{village.name},拖拉,又一次,\n"
    office = signed_in(district.office)
    address = reverse("office-case-hotline", args=[cycle.pk])

    def look():
        file = io.BytesIO(table.encode("utf-8-sig"))
        file.name = "12345.csv"
        return office.post(address, {"file": file}, **ENGLISH).content.decode()

    page = look()
    assert "1 of 3 rows would be taken." in page
    assert "No unit has exactly this name or code." in page
    assert "Its number stands in the table twice." in page
    assert not Case.objects.exists()
    rows = re.search(r'name="rows" value="([^"]+)"', page)[1]
    taken = office.post(address, {"rows": rows}, **ENGLISH).content.decode()
    code = re.search(r'class="fingerprint">([0-9A-Z-]{14})<', taken)[1]
    assert queries.case_with_code(code).external == "H1"
    again = office.post(address, {"rows": rows}, **ENGLISH).content.decode()
    assert code in again  # a double press drops the first answer, and with it the only place of the codes
    file = office.post(address, {"rows": rows, "table": "xlsx"}, **ENGLISH)
    assert "case-codes.xlsx" in file["Content-Disposition"]
    assert "no-store" in file["Cache-Control"]
    assert read_sheets(file.content)[0].rows[1][1][:2] == ["H1", code]
    assert Case.objects.count() == 1
    assert "It is here already." in look()
    reporting.change_code(case=Case.objects.get(), at=NOW)
    assert code not in office.post(address, {"rows": rows}, **ENGLISH).content.decode()
    out = office.get(reverse("office-cases", args=[cycle.pk]), {"as": "csv"}).content.decode("utf-8-sig")
    assert "H1" in out


def test_the_hotlines_table_says_what_goes_around_the_unit_and_what_a_row_lacks(cycle, village, district):
    file = io.BytesIO(
        f"工单编号,承办单位,类别,诉求内容\nH1,{village.name},乱作为,收礼\nH2,{village.name},拖拉,\n".encode()
    )
    file.name = "12345.csv"
    address = reverse("office-case-hotline", args=[cycle.pk])
    page = signed_in(district.office).post(address, {"file": file}, **ENGLISH).content.decode()
    assert "it never stands in your list" in page
    assert "It says neither what happened nor how to reach whoever called." in page
    assert "how to reach you" not in page


def test_figures_rank_nobody_and_no_mean_of_marks_is_shown(client, cycle, village, district):
    row = assigned(district, village)
    row = actions.say_fixed(case=row, says="好了。", at=NOW, by=district.secretaries[0])
    reporting.give_verdict(case=row, verdict="solved", goes_on=False, at=NOW)
    page = text_of(client, "public-case-figures")
    assert "%" not in re.sub(r"<style.*?</style>|<script.*?</script>", "", page.partition("<main")[2], flags=re.S)
    assert ("order=" in page, page.count("too few cases")) == (False, 3)
    for name in ("reasons", "days"):
        assert f'<h2 id="{name}">' in page
        assert f'<table class="counted" aria-labelledby="{name}">' in page


def test_a_case_is_found_and_called_in_the_reader_s_language_whoever_wrote_the_index(client, district, cycle, village):
    """Its number was once kept in the words of whoever assigned it."""
    with translation.override("en"):
        case = assigned(district, village)
    page = client.get(reverse("public-find"), {"q": village.name}, HTTP_ACCEPT_LANGUAGE="zh").content.decode()
    assert f"〔{case.year}〕{case.number}号" in page
    assert "No. " not in page
    assert f"No. {case.number} of {case.year}" in text_of(client, "public-find", q=f"No. {case.number} of {case.year}")


def test_a_public_case_lies_below_all_cases_and_then_its_unit(client, district, village, cycle):
    row = assigned(district, village)
    crumbs = text_of(client, "public-case", row.year, row.number).partition('class="crumbs"')[2]
    assert crumbs.index(f'href="{reverse("public-cases")}') < crumbs.index(
        reverse("public-organisation", args=[village.code])
    )


def test_a_weekly_count_is_named_by_its_week_and_leads_to_the_figures(client, cycle, village, district):
    assigned(district, village)
    assert reporting.count_weeks(at=NOW + 7 * DAY) == 1
    entry = entries.entries().get(what="cases.count_week")
    for name, *args in (("public-entries",), ("public-entry", entry.number)):
        page = text_of(client, name, *args)
        assert "week of " in page
        assert f'href="{reverse("public-case-figures")}"' in page


def previewed(client, village, **more):
    address = reverse("public-case-report", args=[village.code])
    page = client.get(address, **ENGLISH).content.decode()
    given = {"ticket": ticket_in(page), "kind": "delay", "words": WORDS, "may_show": "on"} | more
    return page, " ".join(client.post(address, given, **ENGLISH).content.decode().split())


def test_whoever_lets_everybody_read_the_words_is_told_that_the_unit_is_among_them(client, cycle, village):
    page, preview = previewed(client, village)
    assert "The unit never reads this" not in page
    assert "Everybody, the unit too, may read my words" in page
    assert "your words as everybody reads them, see below" in preview
    assert re.search(r'<p class="actions">\s*<button name="send"', preview)  # two buttons side by side do not touch
    assert "It does not get your words" not in preview
    _page, preview = previewed(client, village, may_show="")
    assert "It does not get your words" in preview
    _page, preview = previewed(client, village, kind="misconduct")
    assert "You ticked that everybody may read your words." in preview


def test_the_words_that_everybody_reads_follow_what_everybody_sees_and_what_is_kept_comes_last(client, cycle, village):
    _page, preview = previewed(client, village, contact=CONTACT, words="他收了红包，还让人等。")
    heads = [
        "You seem to be writing about",
        "The unit sees",
        "Everybody sees",
        "And your words, like this",
        "Kept with it",
    ]
    places = [preview.index(one) for one in heads]
    assert places == sorted(places)


def test_words_that_never_become_public_are_not_shown_as_if_they_would(client, cycle, village):
    own, _word = opened(client, received(village).code)
    assert "They do not become public." in own
    assert 'name="hides"' not in own
    assert SECRET in own
    shown, _word = opened(client, received(village, may_show=True).code)
    assert 'name="hides"' in shown

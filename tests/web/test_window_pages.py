"""Windows on their pages: three taps without a script, nothing chosen beforehand, what a stranger may see, desk and office."""

import re
from datetime import UTC, datetime, time, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from tests.cast.district import launched_cycle, small_district
from tests.cast.jobs import run_jobs
from tests.cast.opening import through_the_button
from tests.cast.refusing import refused
from tests.cast.windows import BAD, FAIR, GOOD, MIDDLING, WORST, marked, opened
from tests.cast.writing import filled

from zhengyou.base import codes as codes_of_house
from zhengyou.cases import queries as cases
from zhengyou.cases.models import Case
from zhengyou.identity.models import Account
from zhengyou.remarks.models import Remark
from zhengyou.rhythm import actions as rhythm
from zhengyou.web.shared import clock
from zhengyou.windows import actions
from zhengyou.windows.models import CodeSheet, MarkTally, ServicePoint, WindowFlag

pytestmark = pytest.mark.django_db
EN = {"accept-language": "en"}


def noon(days_ago=0):
    return datetime.combine(clock.today() - timedelta(days=days_ago), time(4), tzinfo=UTC)


@pytest.fixture
def district():
    return small_district(at=noon(70))


@pytest.fixture
def cycle(district):
    return launched_cycle(district, at=noon(60))


@pytest.fixture
def point(cycle, district):
    return opened(district, at=noon(50))


def signed_in(person):
    client = Client(headers=EN)
    client.force_login(Account.objects.get(person=person))
    return client


def text_of(client, name, *parts, query=""):
    answer = client.get(reverse(name, args=parts) + query, headers=EN, follow=True)
    assert answer.status_code == 200, answer.status_code
    return " ".join(answer.content.decode().split())


def sent(client, point, step, page="public-window", to="", **more):
    given = filled(point.reference, is_solved=False, step=step) | more
    return client.post(reverse(page, args=[to or point.code]), given, headers=EN)


def tablet_of(point, district):
    """The secret of the counter's own device, as the office's page shows it once."""
    page = signed_in(district.office).post(reverse("office-window-tablet", args=[point.pk]), {"sure": "on"}, headers=EN)
    assert "no-store" in page["Cache-Control"]
    return re.search(r"/tablet/([0-9A-Z]{4}-[0-9A-Z-]+)/", page.content.decode())[1]


def total(**which):
    return sum(row.count for row in MarkTally.objects.filter(**which))


def test_a_mark_takes_one_page_one_step_and_one_button(client, point):
    page = client.get(reverse("public-window", args=[point.code]), headers=EN)
    text = page.content.decode()
    steps = re.findall(r'<input type="radio" name="step" value="([^"]+)"', text)
    assert steps == [GOOD, FAIR, MIDDLING, BAD, WORST]
    assert "checked" not in text
    assert not page.cookies
    labels = re.findall(r'<label class="(mark[^"]*)"', text)
    assert set(labels) == {"mark"}  # all alike
    answer = sent(client, point, BAD)
    assert answer.status_code == 302
    assert "Your rating counts" in client.get(answer.url, headers=EN).content.decode()
    assert total() == 1
    assert not Remark.objects.exists()


def test_nothing_chosen_is_no_mark_and_the_page_says_so(client, point):
    answer = sent(client, point, "")
    assert "Choose one of the five steps." in answer.content.decode()
    assert total() == 0


def test_a_good_word_leads_to_its_own_address_and_a_bad_one_to_a_case(client, point, district):
    own = sent(client, point, GOOD, words="讲得清楚<script>alert(1)</script>")
    page = client.get(own.url, headers=EN).content.decode()
    assert "Very satisfied" in page
    assert "Your rating already counts." in page
    assert "讲得清楚" not in text_of(client, "public-window-page", point.code)
    office = signed_in(district.office)
    office.post(
        reverse("office-remarks", args=[Remark.objects.get().cycle_id]),
        {"deed": "show", "row": [Remark.objects.get().pk]},
    )
    page = text_of(client, "public-window-page", point.code)
    assert "讲得清楚&lt;script&gt;" in page
    answer = sent(client, point, WORST, words="等了两小时", contact="138 0013 8000")
    text = answer.content.decode()
    code = re.search(r'data-case-code="([^"]+)"', text)[1]
    assert cases.case_with_code(code).words == "等了两小时"
    assert "no-store" in answer["Cache-Control"]
    assert "等了两小时" in through_the_button(client, answer)
    assert "等了两小时" not in text_of(client, "public-window-page", point.code)


def test_the_counters_own_page_takes_nothing_typed_and_is_counted_apart(client, point, district):
    secret = tablet_of(point, district)
    page = text_of(client, "public-window-counter", secret)
    assert 'name="words"' not in page
    assert 'name="contact"' not in page
    answer = sent(client, point, GOOD, page="public-window-counter", to=secret, words="好", contact="1", code="2")
    assert answer.url == reverse("public-window-next", args=[secret])
    after = client.get(answer.url).content.decode()
    assert re.search(rf'http-equiv="refresh" content="\d+; url=/tablet/{secret}/"', after)
    for one in (page, after):
        links = [link for link in re.findall(r'<a [^>]*href="([^"]*)"', one) if "/tablet/" not in link]
        assert [link for link in links if not link.startswith(("?lang=", "#"))] == [], "a tablet leads nowhere else"
    assert (total(way="counter"), total(way="phone"), Remark.objects.count()) == (1, 0, 0)


def test_attack_nobody_marks_as_the_counter_without_the_address_that_the_office_gave(client, point, district):
    desk, before = signed_in(district.secretaries[0]), tablet_of(point, district)
    for page in (f"/w/{point.code}/counter/", f"/tablet/{point.code}/"):
        assert client.get(page).status_code == 404
    secret = tablet_of(point, district)
    for one, status in ((before, 404), (secret, 200)):
        assert client.get(reverse("public-window-counter", args=[one])).status_code == status
    assert sent(client, point, GOOD, page="public-window-counter", to=before).status_code == 404
    shown = [text_of(client, "public-window-page", point.code), text_of(client, "public-window-sheet", point.code)]
    shown += [text_of(desk, "desk-window", point.pk), text_of(signed_in(district.office), "office-window", point.pk)]
    shown += [text_of(client, "public-entries"), text_of(signed_in(district.office), "office-journal")]
    assert not [
        page for page in shown if secret in page or "/tablet/" in page.replace(f"/windows/{point.pk}/tablet/", "")
    ]
    assert desk.post(reverse("office-window-tablet", args=[point.pk]), {"sure": "on"}).status_code == 403
    with refused("role.not-office"):
        actions.give_tablet(point=point, secret=secret, at=noon(), by=district.secretaries[0])
    signed_in(district.office).post(reverse("office-window-tablet-take", args=[point.pk]))
    assert client.get(reverse("public-window-counter", args=[secret])).status_code == 404
    assert total() == 0


def test_open_counts_are_called_so_and_never_a_share(client, point):
    for n in range(12):
        marked(point, BAD if n % 3 else GOOD, at=noon(21) + timedelta(minutes=11 * n))
    page = text_of(client, "public-window-page", point.code)
    assert "12 answers (anybody may answer; this is not a sample)." in page
    assert "%" not in page.partition('id="figures"')[2].partition('id="voices"')[0]
    marked(point, WORST, at=clock.now())
    assert text_of(client, "public-window-page", point.code).count("12 answers") == 1  # this week waits


def test_slips_are_shown_once_count_once_and_give_a_share_with_its_margin(client, point, district):
    secretary = signed_in(district.office)
    address = reverse("office-window-codes", args=[point.pk])
    assert "Please tick this to confirm" in secretary.post(address, {"count": 40}).content.decode()
    assert "one-time code" not in secretary.get(address).content.decode()  # that is the code of a ballot
    slips = secretary.post(address, {"count": 12, "sure": "on"})
    assert "no-store" in slips["Cache-Control"]
    codes = re.findall(r'class="code">([^<]+)<', slips.content.decode())
    assert len(set(codes)) == 12
    assert CodeSheet.objects.get().count == 12
    assert not any(code in secretary.get(address).content.decode() for code in codes)
    assert "No slip of this window has this code" in sent(client, point, GOOD, code="0000-0000-0000").content.decode()
    for n, code in enumerate(codes[:11]):
        marked(point, BAD if n < 3 else GOOD, at=noon(14), code=code)
    page = text_of(client, "public-window-page", point.code)
    assert "12 slips were made outside the unit, 11 were used" in page
    assert "between 6 and 61 %" in page  # 3 of 11, Clopper and Pearson
    assert "With a slip code: one for each visit" in page
    assert "one-time code" not in page  # that is the code of a ballot
    assert "made itself" not in page
    assert total(way="coded") == 11


def test_attack_the_page_says_the_same_of_a_fresh_slip_and_of_one_that_was_used(client, point, district):
    """Word for word, also among very many, also beside words of either kind; only the random parts of it differ."""
    made = [codes_of_house.fresh() for _n in range(4)]
    actions.add_codes(point=point, made=made, at=noon(14), by=district.office)
    for code in made[:2]:
        sent(client, point, WORST, code=code)
    for _n in range(24):
        marked(point, GOOD, code=made[1], at=clock.now())  # whoever keeps a copy fills the door for used slips
    answers = [sent(client, point, GOOD, code=code) for code in (made[0], made[2])]
    assert {(one.status_code, one.url) for one in answers} == {(302, f"/w/{point.code}/thanks/?slip")}
    page = client.get(answers[0].url, headers=EN).content.decode()
    assert "Nobody is told whether it was" in page
    assert "shown apart" not in page

    def said(code):
        page = sent(client, point, WORST, code=code, words="等了两小时").content.decode()
        assert "Your rating counts, and a case is open" in page
        return re.sub(r"[0-9A-Z]{4}(-[0-9A-Z]{4}){2}|nonce-\S+|name=\"opened\" value=\S+", "", page)

    assert said(made[0]) == said(made[3])


def test_of_slips_that_the_unit_printed_itself_no_share_is_computed(client, point, district):
    made = [codes_of_house.fresh() for _n in range(12)]
    actions.add_codes(point=point, made=made, at=noon(14), by=district.secretaries[0])
    actions.add_codes(point=point, made=[codes_of_house.fresh()], at=noon(14), by=district.office)
    for n, code in enumerate(made):
        marked(point, BAD if n < 3 else GOOD, at=noon(14), code=code)
    page = text_of(client, "public-window-page", point.code)
    assert "The unit made 12 slips itself" in page
    assert "slips were made outside the unit" not in page
    assert "between" not in page.partition('id="figures"')[2].partition('id="voices"')[0]
    assert "12 answers (anybody may answer; this is not a sample)" in page


def test_many_slips_are_made_in_the_background_and_count_once_their_file_lies_there(client, point, district):
    secretary = signed_in(district.secretaries[0])
    address = reverse("desk-window-codes", args=[point.pk])
    assert "5000" in secretary.post(address, {"count": 5001, "sure": "on"}).content.decode().replace(",", "")
    page = secretary.post(address, {"count": 250, "sure": "on"}).headers["Location"]
    assert not CodeSheet.objects.exists()
    run_jobs()
    assert CodeSheet.objects.get().count == 250
    stranger = signed_in(district.secretaries[1])
    assert stranger.post(f"{page}take/").status_code == 404
    text = b"".join(secretary.post(f"{page}take/")).decode()
    codes = re.findall(r'class="code">([^<]+)<', text)
    assert len(set(codes)) == 250
    assert sent(client, point, GOOD, code=codes[249]).status_code == 302
    assert total(way="own") == 1
    refused = stranger.post(address, {"count": 250, "sure": "on"})
    assert refused.status_code in (403, 404)


def test_the_sheet_speaks_both_languages_and_holds_the_short_address(client, point):
    page = text_of(client, "public-window-sheet", point.code)
    assert f"http://testserver/w/{point.code}/" in page
    assert "How was the service here?" in page
    assert "这里的服务怎么样" in page
    assert "<svg" in page
    board = text_of(client, "public-window-board", point.organisation.code)
    assert f"/w/{point.code}/" in board


def test_a_closed_window_says_why_and_takes_nothing(client, point, district):
    secretary = signed_in(district.secretaries[0])
    secretary.post(reverse("desk-window-close", args=[point.pk]), {"on": noon(1).date(), "because": "并入大厅"})
    assert "并入大厅" in text_of(client, "public-window", point.code)
    assert "takes no more ratings" in sent(client, point, GOOD).content.decode()
    assert total() == 0
    secretary.post(reverse("desk-window-reopen", args=[point.pk]))
    assert sent(client, point, GOOD).status_code == 302


def test_an_address_that_is_none_is_not_found_and_a_lower_case_one_is(client, point):
    assert client.get("/w/ZZZZZZZZ/").status_code == 404
    assert client.get(f"/w/{point.code.lower()}/").status_code == 200


def test_what_a_form_is_about_stands_below_its_heading_and_above_the_help(district, point):
    page = text_of(signed_in(district.secretaries[0]), "desk-window-close", point.pk)
    heading = page[page.index("<hgroup>") : page.index("</hgroup>")]
    assert point.name in heading
    assert page.index("</hgroup>") < page.index('class="help"')


def test_the_unit_keeps_its_windows_at_the_desk_and_sees_no_others(district, point):
    secretary, other = signed_in(district.secretaries[0]), signed_in(district.secretaries[1])
    assert "1号窗口" in text_of(secretary, "desk-windows")
    assert "1号窗口" not in text_of(other, "desk-windows")
    for name in ("desk-window", "desk-window-close", "desk-window-codes"):
        assert other.get(reverse(name, args=[point.pk])).status_code == 404
    code = district.villages[0].code
    new = {"name": "2号窗口", "what": "老年证", "opened_on": noon().date(), "ticket": "0" * 32}
    assert secretary.post(reverse("desk-window-open", args=[code]), new).status_code == 302
    assert other.get(reverse("desk-window-open", args=[code])).status_code == 403
    changed = {"name": "1号窗口", "what": "证明、盖章", "opened_on": noon(50).date(), "closes_at": "17:00"}
    assert secretary.post(reverse("desk-window", args=[point.pk]), changed).status_code == 302
    point.refresh_from_db()
    assert (point.what, point.closes_at) == ("证明、盖章", None)  # the hour is not theirs to say
    office = signed_in(district.office)
    assert office.post(reverse("office-window", args=[point.pk]), changed).status_code == 302
    point.refresh_from_db()
    assert point.closes_at == time(17)
    assert "unusual ratings" not in text_of(secretary, "desk-window", point.pk)
    assert "unusual ratings 0, windows closed 0" in text_of(office, "office-window", point.pk)
    assert "1号窗口" not in text_of(office, "office-windows", query="?hour=no")
    assert "1号窗口" in text_of(office, "office-windows", query="?hour=yes")
    town = signed_in(district.town_secretary)
    assert "1号窗口" in text_of(town, "desk-windows")
    town.post(reverse("desk-window-close", args=[point.pk]), {"on": noon().date(), "because": "x"})
    point.refresh_from_db()
    assert point.closed_on is None


def test_the_office_enters_finds_silence_and_oddities(district, point, client):
    office = signed_in(district.office)
    given = {
        "name": "3号窗口",
        "what": "社保",
        "opened_on": noon(30).date(),
        "organisation": "测试2村党支部",
        "ticket": "1" * 32,
    }
    assert office.post(reverse("office-window-open"), given).status_code == 302
    marked(point, at=noon(14))
    page = text_of(office, "office-windows")
    assert "Without any rating up to last week: 1" in page
    assert page.count('Open its page<span class="unseen">') == 2  # each link says of which window
    silent = text_of(office, "office-windows", query="?silent=yes")
    assert "3号窗口" in silent
    assert "1号窗口" not in silent
    for _n in range(23):
        marked(point, MIDDLING, at=noon())
    flag = WindowFlag.objects.get()
    assert "Unusual ratings (1)" in text_of(office, "office-windows")
    assert "3 ratings" in text_of(office, "office-window-flag", flag.pk)
    town = signed_in(district.town_secretary)
    assert "set of unusual ratings" in text_of(town, "desk-home")
    town.post(reverse("desk-window-flag", args=[flag.pk]), {"finding": "集中办证日"})
    assert "集中办证日" in text_of(signed_in(district.secretaries[0]), "desk-window-flags")
    assert "set of unusual ratings" not in text_of(town, "desk-home")


def test_a_window_is_found_and_stands_on_its_units_page(client, point, district):
    assert "1号窗口" in text_of(client, "public-find", query="?q=1号窗口")
    rhythm.rebuild_search(at=noon(), by=district.office)
    assert "1号窗口" in text_of(client, "public-find", query="?q=证明")
    assert "1号窗口" in text_of(client, "public-organisation", point.organisation.code)
    assert "Service window opened" in text_of(client, "public-entries")


def test_a_flood_does_not_hold_back_a_mark(client, point):
    for _n in range(7):
        answer = sent(client, point, GOOD)
    assert "shown apart" in client.get(answer.url, headers=EN).content.decode()
    assert (total(is_burst=True), total(is_burst=False)) == (2, 5)


def test_attack_a_foreign_page_gives_no_mark(point):
    browser = Client(enforce_csrf_checks=True)
    given = filled(point.reference, is_solved=False, step=GOOD)
    answer = browser.post(
        reverse("public-window", args=[point.code]), given, headers=EN | {"origin": "https://elsewhere.example"}
    )
    assert answer.status_code == 403
    assert total() == 0
    assert ServicePoint.objects.count() == 1


def test_words_of_money_beside_a_bad_mark_go_around_the_counter_by_one_tap(client, point, district):
    page = sent(client, point, WORST, words="窗口收了我五百元红包").content.decode()
    assert "Your rating counts, and a case is open" in page
    assert "You seem to be writing about money" in page
    row = Case.objects.get()
    given = {"opened": re.search(r'name="opened" value="([^"]+)"', page)[1], "act": "around"}
    for _twice in range(2):
        answer = client.post(reverse("public-case-own"), given, headers=EN).content.decode()
        assert "two people named for this read it instead of the campaign office" in answer
    row.refresh_from_db()
    assert (row.state, row.is_guarded, row.may_show) == ("guarded", True, False)
    assert signed_in(district.office).get(reverse("office-case", args=[row.pk])).status_code in (403, 404)
    assert [step.kind for step in cases.steps_of(row)] == ["received", "kind_changed"]
    plain = sent(client, point, WORST, words="等了两小时没人理").content.decode()
    assert "You seem to be writing about money" not in plain

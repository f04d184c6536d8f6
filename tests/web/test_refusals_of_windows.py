"""Refusals 4, 6, 7, 8 and 13 at windows and in cases, each with something put there that could leak, and each hunt shown to find."""

import re
import uuid
from datetime import UTC, datetime, time, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from tests.cast.district import launched_cycle, small_district
from tests.cast.hunting import ENGLISH, finds_all, found, pages_by_links, tables_with
from tests.cast.packs import HOSPITAL, faults_of
from tests.cast.windows import BAD, FAIR, GOOD, MIDDLING, WORST, marked, marked_apart, opened
from tests.cast.writing import filled

from zhengyou.base import codes
from zhengyou.cases import actions as cases
from zhengyou.cases import effects, reporting
from zhengyou.cases.models import CaseStep
from zhengyou.identity import actions as identity
from zhengyou.identity.models import Account
from zhengyou.remarks.models import Remark
from zhengyou.rhythm import actions as rhythm
from zhengyou.web.shared import clock
from zhengyou.windows import actions as windows
from zhengyou.windows.models import MarkTally

pytestmark = pytest.mark.django_db(transaction=True)
SECRETS = ("跑了四趟", "0745-7654321", "二号窗口旁", "九点四十", "门卫老李")
SHARE = re.compile(r"\d\s*%")


def noon(days_ago=0):
    return datetime.combine(clock.today() - timedelta(days=days_ago), time(4), tzinfo=UTC)


@pytest.fixture
def district():
    return small_district(at=noon(70))


@pytest.fixture
def cycle(district):
    return launched_cycle(district, at=noon(60))


def signed_in(person):
    client = Client()
    client.force_login(Account.objects.get(person=person))
    return client


def text_of(client, name, *parts, **given):
    answer = client.get(reverse(name, args=parts), given, **ENGLISH)
    assert answer.status_code == 200, (name, answer.status_code)
    return answer.content.decode()


def reported(unit, *, at=None, **given):
    said = {"kind": "delay", "words": "我跑了四趟", "contact": "", "source": "report", "ticket": uuid.uuid4()}
    return cases.receive_case(unit=unit, at=at or noon(1), **said | given)


def main_of(page):
    """The words of a page’s body."""
    page = re.sub(r"<(style|script).*?</\1>", "", page.partition("<main")[2], flags=re.S)
    return re.sub(r"<[^>]*>", " ", page)  # places in a drawn strip are no shares


PUBLIC = ("public-windows", "public-cases", "public-case-figures")


def orders(client, units):
    """In which order the lists name these units, by the list."""
    pages = {name: main_of(text_of(client, name)) for name in PUBLIC}
    return {name: sorted(units, key=lambda unit: page.find(unit.name)) for name, page in pages.items()}


def test_refusal_4_no_list_is_ordered_by_how_many_marks_reports_or_photos(client, cycle, district):
    """The last unit gets most of everything that counts; where it stands does not change. A list by counts would be noticed."""
    units = district.villages[:3]
    points = [opened(district, n, at=noon(50)) for n in range(3)]
    for unit, to in zip(units, units[1:] + units[:1], strict=True):
        row = reported(unit, at=noon(2)).case
        row = cases.assign_case(case=row, to=unit, target_text="查。", at=noon(1), by=district.office)
        cases.pass_on(case=row, to=to, words="是他们的。", at=noon(1), by=district.secretaries[units.index(unit)])
    before = orders(client, units)
    for n in range(4):
        row = reported(units[2], words=f"又一件{n}", at=noon(2)).case
        row = cases.assign_case(case=row, to=units[2], target_text="查。", at=noon(1), by=district.office)
        cases.pass_on(case=row, to=units[0], words="是他们的。", at=noon(1), by=district.secretaries[2])
    marked_apart(points[2], [GOOD, FAIR, WORST] * 5, at=noon(20))
    after = orders(client, units)
    planted = sorted(units, key=lambda unit: -CaseStep.objects.filter(kind="passed", unit=unit).count())
    assert planted != before["public-windows"], "a list by counts would stand otherwise"
    assert after["public-windows"] == before["public-windows"]
    assert after["public-case-figures"] == before["public-case-figures"]
    offered = {one for name in PUBLIC for one in re.findall(r"order=-?(\w+)", text_of(client, name))}
    assert offered <= {"unit__name_key", "given_on", "hands", "name_key", "organisation__name_key", "opened_on"}


def preselected(page):
    """Inputs of a mark that are chosen before anybody chose."""
    return [one for one in re.findall(r"<input[^>]*>", page) if 'name="step"' in one and "checked" in one]


def test_refusal_6_no_mark_is_preselected_and_no_scale_leans(client, cycle, district):
    assert faults_of(HOSPITAL) == []
    first, *steps = HOSPITAL.split("[[service_steps]]")
    for leaning in ("value = 1\n", "value = 2\n"):
        text = "[[service_steps]]".join([first, *(re.sub(r"value = (0|-1)\n", leaning, one) for one in steps)])
        assert ("steps-do-not-balance", "service_steps") in faults_of(text)
    point = opened(district, at=noon(50))
    windows.give_tablet(point=point, secret="ABCD-EFGH-JKMN", at=noon(1), by=district.office)
    for name, code in (("public-window", point.code), ("public-window-counter", "ABCD-EFGH-JKMN")):
        page = text_of(client, name, code)
        drawn = re.findall(r'<input[^>]*name="step"[^>]*>', page)
        assert len(drawn) == 5
        assert preselected(page) == []
        assert preselected(page.replace('name="step"', 'name="step" checked', 1)), "a chosen one would be found"
        assert len({re.sub(r'value="[^"]*"|id="[^"]*"', "", one) for one in drawn}) == 1, "all five are drawn alike"


def test_refusal_6_no_step_asks_for_more_than_another(client, cycle, district):
    """Each of the five, sent bare, takes one request and leads to one page; what asks for more is found: words beside a bad one."""
    point = opened(district, at=noon(50))

    def answered(step, **more):
        given = filled(point.reference, is_solved=False, step=step, **more)
        answer = client.post(reverse("public-window", args=[point.code]), given, **ENGLISH)
        return answer.status_code, answer.get("Location", "")

    told = {answered(step) for step in (WORST, BAD, MIDDLING, FAIR, GOOD)}
    assert told == {(302, reverse("public-window-thanks", args=[point.code]))}
    assert MarkTally.objects.count() == 5
    assert answered(WORST, words="等了两小时") not in told, "another page would be found"


def test_refusal_6_good_steps_are_never_added_up(client, cycle, district):
    """Of twelve slips twelve are good or very good: “100 % satisfied” would be their sum, and stands nowhere."""
    point = opened(district, at=noon(50))
    made = [codes.fresh() for _n in range(12)]
    windows.add_codes(point=point, made=made, at=noon(49), by=district.office)
    for n, code in enumerate(made):
        marked(point, GOOD if n % 2 else FAIR, at=noon(20), code=code)
    page = main_of(text_of(client, "public-window-page", point.code))
    assert SHARE.search(page), "shares are told here, of each step by itself"
    hunted = re.compile(r"100\s*%|\b12 of 12\b")
    assert not hunted.search(page)
    assert hunted.search(page + "<p>100 % satisfied</p>"), "a sum would be found"


def test_refusal_7_nobody_is_recognised_by_cookie_or_address(cycle, district):
    """One device marks and reports twice from one address: both count, nothing is set, and no row knows it."""
    point, client = opened(district, at=noon(50)), Client(REMOTE_ADDR="203.0.113.77", HTTP_USER_AGENT="Fremdling/7")
    for _n in range(2):
        given = filled(point.reference, is_solved=False, step=GOOD, words="谢谢你们。")
        answer = client.post(reverse("public-window", args=[point.code]), given, **ENGLISH)
        assert answer.status_code == 302
        assert not answer.cookies
        address = reverse("public-case-report", args=[district.villages[0].code])
        client.post(address, filled("cases", is_solved=False, kind="delay", words="等了三天", send="yes"), **ENGLISH)
    assert not client.cookies
    assert sum(MarkTally.objects.values_list("count", flat=True)) == 2
    traces = ("203.0.113.77", "Fremdling/7")
    assert [tables_with(trace) for trace in traces] == [set(), set()]
    Remark.objects.update(words=f"{traces[0]} {traces[1]}")
    assert [tables_with(trace) for trace in traces] == [{"Remark"}, {"Remark"}], "a kept one would be found"


def test_refusal_8_nobody_of_the_target_finds_the_reporter_by_any_link(cycle, district):
    """The secretary follows every link there is; the office from elsewhere, by the same way, finds all of it."""
    village = district.villages[0]
    given = {"contact": SECRETS[1], "place": SECRETS[2], "happened": SECRETS[3], "witness": SECRETS[4]}
    taken = reported(village, source="counter", by=district.secretaries[1], **given)
    row = cases.assign_case(case=taken.case, to=village, target_text="请查窗口。", at=noon(), by=district.office)
    reporting.write_as_reporter(case=row, words="我跑了四趟，再说一次", at=noon())
    rhythm.rebuild_search(at=noon(), by=None)
    office = pages_by_links(signed_in(district.office), reverse("office-cases", args=[cycle.pk]), 150)
    assert finds_all(office, SECRETS), "it is there to be found"
    member = district.members[0]
    identity.open_account(person=member, login=member.number, password="a-long-test-password", at=noon(), by=None)
    code = taken.code
    for person in (district.secretaries[0], member):
        client = signed_in(person)
        for start in (reverse("desk-home"), reverse("public-case", args=[row.year, row.number])):
            assert found(pages_by_links(client, start), (*SECRETS, code, district.secretaries[1].number)) == set()
    assert tables_with(SECRETS[1]) == {"Case"}
    assert tables_with(code) == set()


def test_refusal_8_nobody_closes_what_is_their_own(cycle, district):
    """Every address by which a case can be closed, pressed by those who own it, and by the reporter, who alone can."""
    village = district.villages[0]
    taken = reported(village, at=noon(41))
    row = cases.assign_case(case=taken.case, to=village, target_text="查。", at=noon(40), by=district.office)
    row = cases.say_fixed(case=row, says="好了。", at=noon(39), by=district.secretaries[0])
    for person in (district.secretaries[0], district.town_secretary):
        client = signed_in(person)
        client.post(reverse("office-case-press", args=[row.pk, "close"]))
        client.post(reverse("office-cases", args=[cycle.pk]), {"deed": "close", "row": [row.pk]})
        for name in ("close", "verdict", "fix"):
            client.post(reverse("desk-case-act", args=[row.year, row.number, name]), {"says": "关", "sure": "on"})
        client.post(reverse("desk-case-many"), {"deed": "fix", "row": [row.pk], "asked": "yes", "says": "关"})
        row.refresh_from_db()
        assert row.state == "fixed"
    visitor = Client()
    page = visitor.post(reverse("public-case-own"), filled("cases", code=taken.code), **ENGLISH).content.decode()
    word = re.search(r'name="opened" value="([^"]+)"', page)[1]
    given = {"opened": word, "act": "verdict", "verdict": "solved", "goes_on": "no"}
    visitor.post(reverse("public-case-own"), given, **ENGLISH)
    effects.settle(at=clock.now() + timedelta(days=1))
    row.refresh_from_db()
    assert row.state == "closed", "there was something to close"


def test_refusal_13_open_counts_are_no_measurement(client, cycle, district):
    """Forty marks that anybody could send, and verdicts of reporters: no page makes a share of them. With slips one does."""

    def of_unit():  # the unit's page tells other shares as well
        return SHARE.findall(main_of(text_of(client, "public-organisation", district.villages[0].code)))

    before, point = of_unit(), opened(district, at=noon(50))
    marked_apart(point, [GOOD, FAIR, WORST, GOOD] * 10, at=noon(20))
    for n in range(3):
        row = reported(district.villages[0], words=f"第{n}件", at=noon(10)).case
        row = cases.assign_case(case=row, to=row.unit, target_text="查。", at=noon(9), by=district.office)
        row = cases.say_fixed(case=row, says="好了。", at=noon(8), by=district.secretaries[0])
        reporting.give_verdict(case=row, verdict="solved", goes_on=False, at=noon(7))
    starts = [("public-window-page", point.code), ("public-case-figures",), ("public-windows",), ("public-cases",)]
    shares = {name for name, *parts in starts if SHARE.search(main_of(text_of(client, name, *parts)))}
    assert shares == set()
    assert of_unit() == before
    assert "not a sample" in text_of(client, "public-window-page", point.code)
    made = [codes.fresh() for _n in range(12)]
    windows.add_codes(point=point, made=made, at=noon(49), by=district.office)
    for n, code in enumerate(made):
        marked(point, WORST if n < 3 else GOOD, at=noon(20), code=code)
    assert SHARE.search(main_of(text_of(client, "public-window-page", point.code))), "a share would be found"


def test_refusal_13_words_that_may_name_somebody_are_shown_after_a_look(client, cycle, district):
    """A visitor follows every link before somebody has looked and finds nothing, and after it the words with the name blacked out."""
    words, covered = "王建国主任让我跑了四趟", "███主任让我跑了四趟"
    row = reported(district.villages[0], words=words, may_show=True, public_words=covered).case
    point = opened(district, at=noon(50))
    marked(point, GOOD, at=noon(1), words="李秀英态度好")
    hunted = ("王建国", "跑了四趟", "李秀英")
    row = cases.assign_case(case=row, to=row.unit, target_text="查。", at=noon(), by=district.office)
    starts = [reverse("public-case", args=[row.year, row.number]), reverse("public-window-page", args=[point.code])]

    def seen():
        return {secret for start in starts for _page, secret in found(pages_by_links(client, start, 12), hunted)}

    assert seen() == set()
    cases.reword_case(case=row, target_text="查。", shows=True, at=noon(), by=district.office)
    Remark.objects.update(state="shown")
    assert seen() == {"跑了四趟", "李秀英"}, "what was looked at is found by the same way; what is blacked out never"

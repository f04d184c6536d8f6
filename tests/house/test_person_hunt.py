"""Refusal 12: what an appraisal, or the leaders of a unit, said of a person stands nowhere for anybody else: no page, title, list, file
or name of one, entry, search, job, log.

The same search is first made where it must find something: with the reader's own eyes, in the record that scrutineers have, and planted.
"""

import io
import json
import re
import zipfile
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import unquote
from uuid import UUID

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse
from tests.cast import persons as cast
from tests.cast.cases import two_readers
from tests.cast.district import NOW, District, campaign_beneath, launched_cycle, small_district
from tests.cast.hunting import tables_with
from tests.cast.polls import vote_all

from zhengyou.base.models import Job, JournalEntry, PublicEntry, SearchEntry
from zhengyou.campaigns.models import Cycle
from zhengyou.cases import actions as cases
from zhengyou.cases import guarding
from zhengyou.cases.models import Case
from zhengyou.grades import actions as grades
from zhengyou.grades.rules import PersonGrade
from zhengyou.identity import actions as identity
from zhengyou.identity.models import Account
from zhengyou.organisations import actions as organisations
from zhengyou.organisations.models import Person, Post
from zhengyou.persons import queries as persons
from zhengyou.polls import queries as polls
from zhengyou.polls.models import Poll, PollScrutineer
from zhengyou.rhythm import actions as rhythm
from zhengyou.vows import actions as vows
from zhengyou.vows.models import VowText

pytestmark = pytest.mark.django_db(transaction=True)
NAMES = ("甄可寻", "贾难找")
SAID = {
    "assessment": "自评里的暗语甲一", "reason": "不定等次的暗语乙二", "changed": "改后的暗语丙三", "why": "更正缘由暗语丁四",
    "objection": "异议里的暗语戊五", "answer": "答复里的暗语己六", "exempt": "免予承诺的暗语庚七", "opinion": "退回意见暗语辛八",
    "promise": "没有公布的暗语壬九",
}  # fmt: skip
REPORTED = {
    "words": "反映他收钱的暗语子一",
    "place": "在哪里的暗语丑二",
    "contact": "0745-暗语寅三",
    "answered": "怎样答复的暗语卯四",
}
SAID_IN_HEAD = re.compile(r"<title>.*?</title>|<meta[^>]*>|<link[^>]*>", re.DOTALL)
FILE_OF_A_LIST = re.compile(r"\bas=csv\b")
DEEDS = re.compile(r"remove|delete|dismiss|sign-out|stop|again|compute|close|void")
# Where names of people stand by their business: the roster, posts, rolls and lists of who committed; never what was said of them.
NAMED = {
    "public-organisation", "office-people", "office-person", "office-organisation", "office-pledges", "office-pledge-correct",
    "desk-vows", "desk-vow-record", "desk-vow-exempt", "desk-vow-colleagues", "office-roll", "office-poll", "office-journal",
    "office-person-change", "office-roll-take-off", "office-pledge-enter", "office-home",
}  # fmt: skip


@dataclass
class Held:
    """What was said of two people: by a closed poll, every figure of it, or by those who lead their unit, every word."""

    house: District
    cycle: Cycle
    rated: list[Person]
    figures: set[str]
    poll: Poll | None = None


@pytest.fixture
def held(settings) -> Held:
    house = small_district(members_a_village=24)
    cycle = cast.small_cycle(house)
    rated = with_rare_names(house, cycle)
    poll = cast.opened_of(house, cycle, rated, [house.members[:24]])
    [pool] = polls.pools_of(poll)
    vote_all(poll, pool, house, lambda voter, place: ("good", "fair", "poor")[(voter * (1 + place)) % 3])
    cast.closed_of(poll, house)
    rhythm.rebuild_search(at=NOW, by=None)
    rows = [row for one in rated for each in persons.outcomes_of(one) for row in (each.pools[0].row,)]
    values = [value for row in rows for value in (row.score, *(one.mean for one in row.criteria)) if value]
    assert len(values) >= 2
    figures = {f"{value:.{n}f}" for value in values for n in (2, 3)} | {repr(value) for value in values if value % 1}
    return Held(house, cycle, rated, figures | {"person-001", "person-002"}, Poll.objects.get(pk=poll.pk))


def with_rare_names(house: District, cycle: Cycle) -> list[Person]:
    """Two people with accounts who committed in public, and whose names are nowhere else."""
    rated = house.members[:2]
    for person, name in zip(rated, NAMES, strict=True):
        organisations.change_person(person=person, changes={"name": name}, at=NOW, by=house.office)
        person.refresh_from_db()
        identity.open_account(person=person, login=person.number, password="a-long-one-1", at=NOW, by=None)
    cast.committed(house, cycle, rated)
    return rated


@pytest.fixture
def decided() -> Held:
    """Grades with all that is written around them, a promise of somebody sent back, and one who need not promise."""
    house = small_district(members_a_village=6)
    cycle = launched_cycle(house)
    first, second = with_rare_names(house, cycle)
    leads, above, spared = house.secretaries[0], house.town_secretary, house.members[2]
    grades.write_self_assessment(cycle=cycle, text=SAID["assessment"], at=NOW, by=first)
    lines = [PersonGrade(first, "qualified", ""), PersonGrade(second, "", SAID["reason"])]
    [decision, _other] = grades.decide_grades(
        cycle=cycle, organisation=house.villages[0], decided_on=NOW.date(), lines=lines, at=NOW, by=leads
    )
    grades.correct_grade(decision=decision, grade="", reason=SAID["changed"], why=SAID["why"], at=NOW, by=leads)
    grades.confirm_read(decision=decision, at=NOW, by=first)
    objection = grades.object_to_grade(decision=decision, text=SAID["objection"], at=NOW, by=first)
    answer = {"answer": SAID["answer"], "grade": "qualified", "reason": "", "at": NOW, "by": above}
    grades.answer_grade_objection(objection=objection, **answer)
    vows.exempt_member(cycle=cycle, person=spared, reason=SAID["exempt"], at=NOW, by=leads)
    promise = VowText(SAID["promise"], "门上贴的登记卡有签名", date(2026, 12, 1))
    vow = vows.hand_in_vow(cycle=cycle, items=[promise], is_of_age=True, at=NOW, by=house.members[3])
    vows.review_vow(vow=vow, agrees=False, opinion=SAID["opinion"], at=NOW, by=leads)
    misconduct_of(house, first)
    rhythm.rebuild_search(at=NOW, by=None)
    return Held(house, cycle, [first, second], {*SAID.values(), *REPORTED.values()})


def misconduct_of(house: District, person: Person) -> None:
    """What somebody reported about this person, read and answered by one of the two who read it; what is handed over they read no more."""
    reader = two_readers(house, at=NOW)[0]
    said = {one: REPORTED[one] for one in ("words", "place", "contact")} | {"kind": "misconduct", "source": "report"}
    said["words"] = f"{person.name}{said['words']}"
    row = cases.receive_case(unit=house.villages[0], ticket=UUID(int=9), at=NOW, **said).case
    guarding.note_readings(cases=[row], at=NOW, by=reader)
    guarding.write_guarded_message(case=row, words=REPORTED["answered"], at=NOW, by=reader)


def addresses():
    """Every address of every face with the names of its parts."""

    def walk(patterns):
        for one in patterns:
            if not isinstance(one, URLPattern):
                yield from walk(one.url_patterns)
            elif one.name:
                yield one.name, {*one.pattern.converters, *one.pattern.regex.groupindex}

    return sorted((name, sorted(parts)) for name, parts in walk(get_resolver().url_patterns) if not DEEDS.search(name))


def values_for(held: Held, key) -> dict[str, list]:
    unit, cycle = held.house.villages[0], held.cycle
    return {
        "key": [key], "code": [unit.code], "cycle_id": [cycle.pk], "campaign_id": [cycle.campaign_id],
        "person_id": [one.pk for one in held.rated], "organisation_id": [unit.pk], "slug": ["pool-1"], "pool_id": ["pool-1", "combined"],
        "case_id": list(Case.objects.values_list("pk", flat=True)),
        "name": ["counts.json", "manifest.json", "opened.jsonl", "gate.json"], "number": [1], "pledge_id": [1], "pk": [1],
    }  # fmt: skip


def pages(held: Held, client: Client, key, faces: tuple[str, ...], keyed: bool):
    """What this reader is given at every address of these faces (or those that hold the key): its name, the address, the text."""
    values = values_for(held, key)
    asked = [(name, {}) for name, parts in addresses() if not parts and not keyed]
    for name, parts in addresses():
        if parts and set(parts) <= set(values) and ("key" in parts or not keyed):
            combined = [{}]
            for part in parts:
                combined = [one | {part: value} for one in combined for value in values[part]]
            asked += [(name, one) for one in combined]
    extras = [f"{reverse('public-find')}?q={name}" for name in NAMES]
    extras += [
        f"{reverse('recount')}?record={key}",
        f"{reverse('second-device')}?poll={key}",
        f"{reverse('public-entries')}?as=csv",
    ]
    extras += [f"{reverse('office-people')}?as=csv&q={NAMES[0]}", f"{reverse('office-polls')}?as=csv"]
    asked = [(name, given) for name, given in asked if "name" not in given or name == "public-record-file"]
    asked = [(name, reverse(name, kwargs=given)) for name, given in asked]
    for name, address in [*asked, *(("", address) for address in extras)]:
        face = next((one for one in ("desk", "office") if address.startswith(f"/{one}/")), "public")
        if face not in faces:
            continue
        answer = client.get(address)
        if answer.status_code == 200:
            text = whole(answer)
            yield name, address, text
            if file := FILE_OF_A_LIST.search(text):
                separator = "&" if "?" in address else "?"
                yield name, f"{address}{separator}{file[0]}", whole(client.get(f"{address}{separator}{file[0]}"))
        else:
            yield name, address, answer.headers.get("Location", "")


def whole(answer) -> str:
    """All that is sent: what stands there, and before it the names of files and whatever else the head of the answer says."""
    text = text_of(b"".join(answer) if answer.streaming else answer.content)
    head = "\n".join(
        unquote(value) for name, value in answer.headers.items() if name not in {"ETag", "Content-Security-Policy"}
    )
    return f"{head}\n{text}"


def text_of(data: bytes) -> str:
    """What stands there; of a zip, and of a workbook, in all files of it."""
    if not zipfile.is_zipfile(io.BytesIO(data)):
        return data.decode(errors="replace")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return "\n".join(archive.read(one).decode(errors="replace") for one in archive.namelist())


def told(held: Held, client: Client, key, *faces: str, keyed: bool = False) -> list[tuple[str, str]]:
    """Where figures of these people, or names beyond their business, are found."""
    found = []
    for name, address, text in pages(held, client, key, faces, keyed):
        page, main, body = text.partition("<main")
        head, body = ("\n".join(SAID_IN_HEAD.findall(page)) + page.partition("<html")[0], body) if main else ("", text)
        found += [(address, figure) for figure in held.figures if figure in head + body]
        found += [(address, one) for one in NAMES if one in head and "q=" not in address and name not in NAMED]
        # A search says again what was typed; what it can find is looked at in its table.
        if name not in NAMED and "q=" not in address and not address.startswith("/office/"):
            found += [(address, one) for one in NAMES if one in body]
    return found


def client_of(person: Person) -> Client:
    client = Client()
    client.force_login(Account.objects.get(person=person))
    return client


def others(held: Held) -> dict[str, Client]:
    """Anybody else: a visitor, a colleague who voted, another member, another unit's secretary, offices."""
    house, member, voter = held.house, held.house.members[-1], held.house.members[5]
    for one in (member, voter):
        identity.open_account(person=one, login=one.number, password="a-long-one-2", at=NOW, by=None)
    campaign_beneath(house)
    clerk = organisations.add_person(number="W9", name="镇办公", organisation=house.villages[3], at=NOW, by=None)
    given = {
        "role": Post.Role.CAMPAIGN_OFFICE,
        "title": "",
        "from_on": NOW.date() - timedelta(days=9),
        "at": NOW,
        "by": None,
    }
    organisations.appoint(person=clerk, organisation=house.town, **given)
    identity.open_account(person=clerk, login="W9", password="a-long-one-3", at=NOW, by=None)
    people = {
        "member": member,
        "voter": voter,
        "secretary": house.secretaries[2],
        "office": house.office,
        "other office": clerk,
    }
    return {"visitor": Client()} | {name: client_of(person) for name, person in people.items()}


def test_nobody_else_finds_what_was_said_of_a_person(held: Held, caplog) -> None:
    own = told(held, client_of(held.rated[0]), held.poll.key, "desk")
    assert {address for address, what in own if what not in NAMES} == {reverse("desk-person-results")}, "it is there"
    assert told(held, client_of(held.house.secretaries[0]), held.poll.key, "desk"), "and what the committee reads"
    watcher = PollScrutineer.objects.filter(poll=held.poll).first().person
    record = told(held, client_of(watcher), held.poll.key, "desk")
    assert {what for _address, what in record} >= {*NAMES, "person-001"}, "and what the record gives away"
    assert {address for address, _what in record} == {reverse("desk-scrutiny-record", args=[held.poll.key])}
    assert told(held, client_of(watcher), held.poll.key, "public") == []
    for who, client in others(held).items():
        faces = {"visitor": ("public",), "office": ("public", "desk", "office"), "other office": ("desk", "office")}
        assert told(held, client, held.poll.key, *faces.get(who, ("public", "desk"))) == [], who
        if who in {"visitor", "voter", "office"}:  # whoever has a letter, with or without an account
            sheet = reverse("booth-manifest", args=[held.poll.booth_key])
            found = [
                one for one in told(held, client, held.poll.booth_key, "public", "desk", keyed=True) if one[0] != sheet
            ]
            assert found == [], "the address in the letters opens the sheet and nothing else"
    assert not [figure for figure in held.figures if figure in caplog.text]


def test_no_row_of_the_house_but_the_kept_pools_knows_it(held: Held) -> None:
    rows = {
        "journal": json.dumps(
            list(JournalEntry.objects.values_list("payload", flat=True)), ensure_ascii=False, default=str
        ),
        "entries": "".join(PublicEntry.objects.values_list("document", flat=True)),
        "search": str(list(SearchEntry.objects.values())),
        "jobs": json.dumps(list(Job.objects.values_list("given", flat=True)), default=str),
    }
    assert rows["journal"]
    assert rows["entries"]
    assert {name for name, text in rows.items() for figure in held.figures if figure in text} == set()
    assert not [name for name in NAMES if name in rows["entries"] + rows["search"]]


def test_nobody_else_finds_what_the_leaders_of_a_unit_said_of_its_people(decided: Held, caplog) -> None:
    house, nowhere = decided.house, UUID(int=7)
    own = {what for _address, what in told(decided, client_of(decided.rated[0]), nowhere, "desk")}
    assert own >= {SAID[one] for one in ("assessment", "changed", "objection", "answer")}, "the person reads it"
    assert not own & {SAID["reason"], SAID["exempt"], SAID["opinion"], SAID["promise"]}, "and nothing of a colleague"
    leads = {what for _address, what in told(decided, client_of(house.secretaries[0]), nowhere, "desk")}
    assert leads >= set(SAID.values()) - {SAID["opinion"]}, "and so does whoever leads the unit"
    reader = Person.objects.get(name="纪检甲")
    assert {what for _at, what in told(decided, client_of(reader), nowhere, "desk")} >= set(REPORTED.values())
    for who, client in others(decided).items():
        faces = {"visitor": ("public",), "office": ("public", "desk", "office"), "other office": ("desk", "office")}
        found = told(decided, client, nowhere, *faces.get(who, ("public", "desk")))
        if (
            "office" in who
        ):  # they enter for units what came on paper, and so meet what is promised before it is published
            found = [one for one in found if not ("/members/" in one[0] and one[1] == SAID["promise"])]
        assert found == [], who
    assert not [one for one in (*SAID.values(), *REPORTED.values()) if one in caplog.text]


def test_what_the_leaders_said_lies_in_its_own_tables_alone(decided: Held) -> None:
    allowed = {"SelfAssessment", "GradeDecision", "GradeChange", "GradeObjection", "Vow", "VowItem"}
    holding = {one: tables_with(one) for one in (*SAID.values(), *REPORTED.values())}
    assert all(holding.values())
    assert set.union(*holding.values()) <= allowed | {"Case", "CaseStep"}


def test_the_hunt_finds_what_is_planted_in_a_title_a_name_of_a_file_and_a_list(decided: Held) -> None:
    decided.figures = {"暗语癸十"}
    decided.cycle.campaign.name = "年度活动暗语癸十"
    decided.cycle.campaign.save(update_fields=["name"])
    found = {address for address, _what in told(decided, Client(), UUID(int=7), "public")}
    assert reverse("public-home") in found
    answer = HttpResponse(
        "1", headers={"Content-Disposition": "attachment; filename*=utf-8''%E6%9A%97%E8%AF%AD%E7%99%B8%E5%8D%81.csv"}
    )
    assert "暗语癸十" in whole(answer)
    organisations.change_person(person=decided.rated[0], changes={"name": "暗语癸十"}, at=NOW, by=decided.house.office)
    asked = {address for address, _what in told(decided, client_of(decided.house.office), UUID(int=7), "office")}
    assert f"{reverse('office-people')}?as=csv" in asked

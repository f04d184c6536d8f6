"""A hospital's house, walked through by each of its roles in both languages: no word of the first pack stands on any page.

What people have typed is not the house's: the hospital of this test has no such word in it, so every word found is ours.
"""

import re
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from html import unescape
from io import BytesIO
from urllib.parse import urljoin, urlsplit

import pytest
from babel.messages.pofile import read_po
from django.test import Client
from django.urls import Resolver404, resolve
from django.utils import translation
from tests.rooms.organisations.lists import xlsx

from zhengyou.campaigns import actions as campaigns
from zhengyou.campaigns import packs
from zhengyou.campaigns import queries as campaign_queries
from zhengyou.commitments import actions as commitments
from zhengyou.commitments.queries import published_in
from zhengyou.identity.models import Account
from zhengyou.management.commands.translate import PO
from zhengyou.management.demo import hospital, shared
from zhengyou.management.demo.hospital import DEPARTMENTS, Size
from zhengyou.notices import actions as notices
from zhengyou.notices.models import Notice
from zhengyou.organisations import actions as organisations
from zhengyou.organisations.importing import drafts as importing
from zhengyou.organisations.importing.columns import COLUMNS, columns_of_house
from zhengyou.organisations.models import ImportDraft, Organisation, Person, Post
from zhengyou.polls import actions as poll_actions
from zhengyou.polls.models import Guest, Poll, VoterPool
from zhengyou.web.shared import clock
from zhengyou.web.shared.fields import OrganisationField, PersonField

CHINESE = ("党", "书记", "支部", "群众", "先锋", "创先争优", "五个好", "五带头", "区委", "村民", "乱作为", "实践主题")
ENGLISH = re.compile(
    r"\b(Party|[Ss]ecretar(?:y|ies)|[Bb]ranch(?:es)?|[Cc]ommittees?|[Cc]omrades?|[Vv]anguard|[Gg]rassroots|[Vv]illagers?"
    r"|[Cc]itizens?|[Ee]xcellence [Cc]ampaigns?|[Pp]ractice [Tt]hemes?)\b"
)
# What the first packs call the office that runs the campaign; a hospital's is 考评办公室, on every page.
OFFICE_OF_THE_FIRST_PACKS = ("活动办", "campaign office", "Campaign office")
LANGUAGES = {"zh-hans": "zh-CN", "en": "en"}
SMALL = Size(
    campuses=2,
    departments=(*DEPARTMENTS[:3], *DEPARTMENTS[10:12], DEPARTMENTS[13]),
    offices=3,
    staff=4,
    closed=(22, 16, 6),
    opened=(12, 8, 5),
)
ROLES = ("", "office", "leader", "head", "scrutineer", "staff")
MOST_OF_ONE_KIND = 3  # so many addresses of one page are looked at; they differ in their data only
HREF = re.compile(r"""<a\b[^>]*?\shref=["']([^"'#]*)""")
SILENT = re.compile(r"<(script|style)\b.*?</\1>", re.DOTALL)
SAID_ATTRIBUTE = re.compile(r"""\b(?:title|alt|placeholder|aria-label|content|data-[a-z-]+)=["']([^"']*)""")
# The office may look at what another pack would bring, in that pack's own words.
ABOUT_PACKS = {"office-campaign-create", "office-campaign-name", "office-packs"}


def words_of_the_first_pack(text: str) -> list[str]:
    """What must not stand there."""
    return sorted({word for word in CHINESE if word in text} | set(ENGLISH.findall(text)))


@dataclass(frozen=True)
class Page:
    """A page as it was answered."""

    address: str
    name: str
    text: str


def walk(client: Client, language: str, faces: tuple[str, ...]) -> list[Page]:
    """Every page that links lead to from the first pages of these faces; other faces are left to whoever they are for."""
    waiting, seen, pages = list(faces), set(), []
    counts: Counter[str] = Counter()
    while waiting:
        address = waiting.pop()
        name = name_of(address)
        is_of_a_face = address.startswith(tuple(face for face in faces if face != "/")) or "/" in faces
        if address in seen or name is None or not is_of_a_face or counts[name] >= MOST_OF_ONE_KIND:
            continue
        seen.add(address)
        answer = client.get(address, headers={"accept-language": LANGUAGES[language]})
        assert answer.status_code < 500, address
        if answer.status_code in (301, 302):
            waiting.append(urljoin(address, answer.headers["Location"]))
        is_page = answer.status_code == 200 and answer.headers["Content-Type"].startswith("text/html")
        html = SILENT.sub(" ", answer.content.decode()) if is_page else ""
        if answer.streaming:
            list(answer)  # to its end, so that its file is closed
        if not is_page:
            continue
        counts[name] += 1
        attributes = " ".join(SAID_ATTRIBUTE.findall(html))
        pages.append(Page(address, name, unescape(re.sub(r"<[^>]*>", " ", html) + attributes)))
        waiting += [urljoin(address, unescape(link)) for link in HREF.findall(html)]
    return pages


def name_of(address: str) -> str | None:
    """The name of the page at an address of this site, or None."""
    parts = urlsplit(address)
    if parts.netloc or parts.scheme:
        return None
    try:
        return resolve(parts.path).view_name
    except Resolver404:
        return None


@pytest.fixture
def hospital_house(db):
    """A small hospital: last year closed with its awards, this year open, lists half read in, an objection, a plan for next year."""
    now = clock.now()
    campaigns.load_pack_words(pack_id=hospital.PACK, at=now, by=None)
    hospital.build_group(now.replace(year=now.year - 2, month=1, day=1), SMALL)
    staff = hospital.find_staff()
    one = Person.objects.filter(organisation=staff.department).order_by("number").last()
    first, second, *_third = staff.scrutineers
    people = {"office": staff.office, "office2": staff.second_office, "leader": staff.leader, "head": staff.head}
    shared.open_accounts({**people, "scrutineer": first, "scrutineer2": second, "staff": one}, now)
    campaign = hospital.begin_campaign(staff, now)
    hospital.closed_cycle(campaign, staff, now, print, SMALL)
    hospital.cycle_under_way(campaign, staff, now, print, SMALL)
    what_waits(staff, now)
    this_year = campaign_queries.cycles(campaign)[0]
    days = {"starts_on": this_year.ends_on + timedelta(days=1), "ends_on": this_year.ends_on + timedelta(days=365)}
    campaigns.add_cycle(campaign=campaign, name="下年度", at=now, by=staff.office, **days)
    return staff


def what_waits(staff, now):
    """An objection, a list with a bad row, one that was read in, a poll that is being planned, a department nobody answers for."""
    notice = Notice.objects.order_by("-id").first()
    notices.file_objection(
        notice=notice, nominee="", content="数据不对。", name="", contact="", ticket="a" * 32, at=now
    )
    head = ["工号", "姓名", "所在科室", "人员类别", "岗位类别"]
    rows = [head, ["9001", "甲", "H101", "在编", "医师"], ["9002", "乙", "没有", "奇怪", "飞行员"]]
    drafts = [
        organisations.draft_import(
            what=ImportDraft.What.PEOPLE,
            data=xlsx(("名册", list(rows))),
            file_name="名册.xlsx",
            at=now,
            by=staff.office,
        )
        for _turn in range(2)
    ]
    organisations.confirm_import(
        draft=drafts[0], seen=importing.plan_of(drafts[0]).fingerprint, at=now, by=staff.office
    )
    organisations.add_organisation(
        code="H900", name="新科室", kind="department", sector="clinical", parent=staff.root, at=now, by=staff.office
    )
    cycle = Poll.objects.order_by("-opens_at").first().cycle
    units = list(Organisation.objects.filter(code__in=["H103"]))
    promise = published_in(cycle, units).filter(decision="").order_by("pk").first()
    by = shared.holder(Post.Role.SECRETARY, units[0])
    commitments.state_outcome(promise=promise, outcome="fulfilled", explanation="办好了。", at=now, by=by)
    plan = shared.plan(cycle, staff, units, {"zh-hans": "筹备中的测评", "en": "A planned one"}, now)
    people = list(Person.objects.filter(organisation__code="H201")[:5])
    poll_actions.add_pool(poll=plan, name=hospital.POOLS["staff"], people=people, at=now, by=staff.office)


@pytest.mark.long
@pytest.mark.django_db
def test_no_page_of_a_hospital_has_a_word_of_the_first_pack(hospital_house):
    """From nothing to a result, with patients as guests: their pool counts, and their contact stands on no public page."""
    patients = VoterPool.objects.filter(rater_group="patients", poll__state="closed")
    assert [pool.verdict for pool in patients] == ["valid"]
    contact = Guest.objects.filter(pool__in=patients).first().contact
    found: dict[str, list[str]] = {}
    walked: set[str] = set()
    helps: dict[str, str] = {}
    for role in ROLES:
        client = Client()
        if role:
            client.force_login(Account.objects.get(login=role))
        for language in LANGUAGES:
            for page in walk(client, language, ("/desk/", "/office/") if role else ("/",)):
                walked.add(page.name)
                helps |= {language: page.text} if page.name == "public-help" else {}
                assert role or contact not in page.text
                words = words_of_the_first_pack(page.text)
                words += [word for word in OFFICE_OF_THE_FIRST_PACKS if word in page.text]
                if words and page.name not in ABOUT_PACKS:
                    found[f"{role or 'nobody'} {language} {page.address}"] = words
    assert found == {}
    for language, name, told in (
        ("zh-hans", "请选“违规违纪”", "请找考评办公室领取"),
        ("en", "Choose “Misconduct”", "The appraisal office gives you a new password"),
    ):
        assert name in helps[language], "what the form is to be sent as, by its name on the form"
        assert told in helps[language], "whom to ask, as posts and notices call it"
    assert {"public-results", "office-poll", "office-import", "office-cycle", "desk-home", "public-notice"} <= walked
    assert {"public-promise", "desk-promises", "desk-vows", "desk-keeping-decide", "public-plan"} <= walked
    assert len(walked) > 50


def test_no_sentence_of_the_house_has_a_word_of_the_first_pack():
    catalogue = read_po(BytesIO(PO.read_bytes()))
    found = {}
    for message in catalogue:
        texts = [*_texts(message.id), *_texts(message.string)]
        if words := words_of_the_first_pack(" ".join(re.sub(r"%\(\w+\)s", "", text) for text in texts)):
            found[str(message.id)] = words
    assert found == {}


# Said where no pack is loaded, so that its words stand nowhere: by a second issuer, and by what examines the machine.
WITHOUT_A_PACK = (
    "issuers/",
    "templates/issuer/",
    "management/commands/issuer.py",
    "operating/",
    "web/shared/security.py",
)


def test_no_sentence_calls_the_office_as_the_first_packs_do():
    found = {}
    for message in read_po(BytesIO(PO.read_bytes())):
        places = [place for place, _line in message.locations if not place.startswith(WITHOUT_A_PACK)]
        is_the_word = message.id == "campaign office"
        if "活动办" in " ".join(_texts(message.string)) and places and not is_the_word:
            found[str(message.id)] = places
    assert found == {}


def test_no_word_of_the_first_pack_stands_in_the_hospitals_own():
    text = (packs.FOLDER / f"{hospital.PACK}.toml").read_text(encoding="utf-8")
    said = re.findall(r'(?:zh-hans|en) = "([^"]*)"', text) + re.findall(r"aliases = \[([^\]]*)\]", text)
    assert len(said) > 100
    assert words_of_the_first_pack(" ".join(said)) == []


def test_a_hospital_reads_and_writes_its_own_headings(hospital_words):
    headings = [column.name["zh-hans"] for what in COLUMNS for column in columns_of_house(what)]
    assert {"科室编号", "科室名称", "上级科室", "科室主任", "岗位类别", "工号", "所在科室", "人员类别"} <= set(headings)


def test_a_hospitals_forms_name_units_and_people_by_its_own_headings(hospital_words):
    with translation.override("zh-hans"):
        assert OrganisationField().help_text == "科室编号、名称或拼音。"
        assert PersonField().help_text == "工号、姓名或拼音。"
    with translation.override("en"):
        assert PersonField().help_text == "Staff number, name or pinyin."


@pytest.fixture
def hospital_words(db):
    campaigns.load_pack_words(pack_id=hospital.PACK, at=clock.now(), by=None)


def _texts(text):
    return [part for part in (text if isinstance(text, tuple) else (text,)) if part]

"""Public entries for everybody: what the house's deeds enter, the list, one entry, and lines of JSON that check by themselves."""

import ast
import hashlib
import json
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from django.urls import reverse
from tests.cast.awards import answered_objection, filed_objection, published_notice, selection_of
from tests.cast.commitments import promises_of, published_commitment
from tests.cast.district import NOW, launched_cycle, small_district
from tests.cast.memory import built_once
from tests.cast.results import computed_poll, weighed_cycle
from tests.cast.writing import arrived

from zhengyou.awards import actions as awards
from zhengyou.awards.models import Honour
from zhengyou.base import deeds, entries
from zhengyou.base.entries import Erasable, Public
from zhengyou.base.entries_checked import check
from zhengyou.base.models import JournalEntry, PublicEntry
from zhengyou.base.words import day_said
from zhengyou.campaigns.models import Cycle
from zhengyou.commitments import actions as commitments
from zhengyou.web.public.entries_content import said_in
from zhengyou.web.public.entries_pages import MOST_LINES
from zhengyou.web.public.entries_words import WORDS
from zhengyou.web.shared import clock

ENGLISH = {"HTTP_ACCEPT_LANGUAGE": "en"}
DECISION = {"decision_number": "测发〔2026〕9号", "deciding_body": "测试区委", "reasons": "公示期满，研究决定。"}
HOUSE = Path(__file__).resolve().parents[2] / "src/zhengyou"


def noon(days_ago=0):
    """Noon, local time, that many days ago."""
    return datetime.combine(clock.today() - timedelta(days=days_ago), time(4), tzinfo=UTC)


@pytest.fixture
def full(db):
    return built_once(("what is public", noon()), built)


def built():
    """A launch, promises, a notice with a ruling, a decision and a revoked honour."""
    district = small_district(at=noon(70))
    cycle = launched_cycle(district, at=noon(60))
    published_commitment(district, cycle, district.villages[0], at=noon(55))
    notice = published_notice(district, cycle, at=noon(50))
    objection = filed_objection(notice, at=noon(48))
    answered_objection(district, objection, is_upheld=False, at=noon(40))
    awards.record_commendation(selection=selection_of(notice), at=noon(20), by=district.office, **DECISION)
    awards.revoke_honour(honour=Honour.objects.first(), reason="事迹不实", at=noon(), by=district.office)
    return district


def test_what_is_public_is_entered_in_its_order(full):
    whats = list(dict.fromkeys(PublicEntry.objects.order_by("number").values_list("what", flat=True)))
    assert whats == [
        "campaigns.launch_cycle",
        "commitments.publish_promise",
        "notices.publish_notice",
        "notices.rule_on_objection",
        "awards.record_commendation",
        "awards.give_honour",
        "awards.revoke_honour",
    ]
    assert check().wrong == 0


@pytest.mark.django_db
def test_a_poll_enters_its_opening_its_close_and_its_result_with_their_roots():
    district = small_district(members_a_village=14)
    poll = computed_poll(district, weighed_cycle(district), pools={"members": district.members[:15]})
    contents = {
        row.what: json.loads(row.document)["content"]
        for row in PublicEntry.objects.filter(about=poll.reference).order_by("number")
    }
    poll.refresh_from_db()
    assert list(contents) == ["ballots.open_poll", "counting.close_poll", "standings.compute_result"]
    assert contents["ballots.open_poll"]["manifest"] == poll.fingerprint
    assert contents["ballots.open_poll"]["rolls"][0]["size"] == 15
    assert contents["counting.close_poll"]["record"] == poll.record_fingerprint
    assert check().wrong == 0


def test_nothing_that_a_citizen_does_is_entered(full):
    """An objection and an answer about a promise are in the journal by their day, and in no public entry."""
    before = PublicEntry.objects.count()
    [promise, *_rest] = promises_of(published_commitment(full, Cycle.objects.get(), full.villages[1], at=noon(55)))
    entered = PublicEntry.objects.count()
    commitments.answer_promise(promise=promise, mark="on_course", words="修好了", at=noon(1), arrival=arrived())
    assert PublicEntry.objects.count() == entered > before
    assert not PublicEntry.objects.filter(document__contains="修好了").exists()
    ruling = json.loads(PublicEntry.objects.get(what="notices.rule_on_objection").document)
    assert set(ruling["content"]) == {"notice", "is_upheld"}


def test_no_entry_names_a_person(full):
    documents = " ".join(PublicEntry.objects.values_list("document", flat=True))
    everybody = [full.office, full.second_office, full.leader, full.town_secretary, *full.secretaries, *full.members]
    assert [person.name for person in everybody if person.name in documents] == []
    assert [person.reference for person in everybody if f'"{person.reference}"' in documents] == []


def test_every_deed_that_enters_something_has_words():
    """Found in the sources: a call of `done` with `public=`, and the `what` of entries that have another name."""
    names = set()
    for path in HOUSE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                given = {word.arg: word.value for word in node.keywords}
                if (
                    getattr(node.func, "id", "") == "done"
                    and "public" in given
                    and isinstance(node.args[0], ast.Constant)
                ):
                    names.add(node.args[0].value)
                if getattr(node.func, "id", "") == "_corrected":  # a step that several deeds share
                    names.add(node.args[0].value)
                if getattr(node.func, "id", "") == "Public" and "what" in given:
                    names.add(given["what"].value)
    assert names - {"commitments.review_promises", "vows.review_vow"} == set(WORDS)


def test_the_list_is_filtered_by_kind_and_searched(client, full):
    page = client.get(reverse("public-entries"), **ENGLISH).content.decode()
    assert "Rules frozen, cycle launched" in page
    honours = client.get(reverse("public-entries"), {"what": "awards.give_honour"}, **ENGLISH)
    assert honours.context["page"].paginator.count == PublicEntry.objects.filter(what="awards.give_honour").count()
    found = client.get(reverse("public-entries"), {"q": f"organisation:{full.villages[0].code}"}, **ENGLISH)
    assert 0 < found.context["page"].paginator.count < PublicEntry.objects.count()


def test_one_entry_is_shown_with_its_hashes_and_its_bytes(client, full):
    entry = PublicEntry.objects.get(number=1)
    page = client.get(reverse("public-entry", args=[1]), **ENGLISH).content.decode()
    assert entry.leaf in page
    assert entry.chain in page
    document = client.get(reverse("public-entry-document", args=[1])).content
    assert hashlib.sha256(b"\0" + document).hexdigest() == entry.leaf
    digest = json.loads(document)["content"]["manifest"]["sha256"]
    assert hashlib.sha256(client.get(reverse("public-entry-text", args=[digest])).content).hexdigest() == digest
    assert client.get(reverse("public-entry", args=[10**6])).status_code == 404
    assert client.get(reverse("public-entry-text", args=["0" * 64])).status_code == 404


def as_said(page):
    """What the page says under "What it says", before the figures and the bytes."""
    return page.split(">What it says<")[1].split(">How to check it<")[0]


def test_an_entry_says_in_words_what_it_holds(client, full):
    notice = PublicEntry.objects.get(what="notices.publish_notice")
    page = as_said(client.get(reverse("public-entry", args=[notice.number]), **ENGLISH).content.decode())
    said = json.loads(notice.document)["content"]
    assert said["candidates"][0] in page
    assert "<dt>Candidates</dt>" in page
    assert day_said(date.fromisoformat(said["ends_on"])) in page
    assert [sign for sign in ("{", "salted", said["ends_on"], "organisation:") if sign in page] == []
    honour = PublicEntry.objects.filter(what="awards.give_honour")[0]
    page = as_said(client.get(reverse("public-entry", args=[honour.number]), **ENGLISH).content.decode())
    code = json.loads(honour.document)["content"]["code"]
    assert f'<a href="{reverse("public-honour", args=[code])}">{code}</a>' in page


@pytest.mark.parametrize(
    "words",
    [
        '{"code": "a/b"}',
        '{"case": ["a", "b"]}',
        '{"number": []}',
        '{"unit": "organisation:1"}',
        '{"x": ' * 150,
        "2026-13-45",
        "2026-11-30",
        "2026-99-99T99Z",
        "organisation:1",
        "<b>{{ x }}</b>",
    ],
)
def test_what_people_write_is_read_as_words_whatever_it_looks_like(client, full, words):
    """A sentence that looks like what the house writes itself is neither read as such nor keeps the entry from being shown."""
    content = {"title": words, "why": words, "says": Erasable(words, is_public=True)}
    told = Public(content, about="test:1", what="commitments.publish_promise")
    deeds.done("test.tell", "test:1", at=noon(), by=None, public=told)
    number = PublicEntry.objects.order_by("number").last().number
    answer = client.get(reverse("public-entry", args=[number]), **ENGLISH)
    assert answer.status_code == 200
    assert [one.words for one in answer.context["said"]] == [words] * 3
    assert "<b>" not in as_said(answer.content.decode())


def test_no_name_and_no_empty_value_of_an_entry_is_left_to_programs(full):
    """Each name has words, so that a reader of Chinese meets no English identifier; a text without words is not there."""
    for row in PublicEntry.objects.all():
        texts = entries.readable_texts([row.number]).get(row.number, {})
        waiting = list(said_in(row, texts))
        assert waiting
        while waiting:
            said = waiting.pop()
            waiting += said.parts
            assert isinstance(said.name, int) or str(said.name)[0].isupper(), (row.what, said.name)
            assert said.parts or str(said.words).strip(), (row.what, said.name)


def test_a_text_that_was_erased_is_said_to_be_gone(client, full):
    row = PublicEntry.objects.get(what="awards.revoke_honour")
    address = reverse("public-entry", args=[row.number])
    assert "事迹不实" in as_said(client.get(address, **ENGLISH).content.decode())
    entries.forget(row.number)
    page = as_said(client.get(address, **ENGLISH).content.decode())
    assert "事迹不实" not in page
    assert "This text is no longer shown." in page


def lines_of(client, **asked):
    response = client.get(reverse("public-entries-lines"), asked)
    return [json.loads(line) for line in b"".join(response.streaming_content).splitlines()], response


def test_a_stranger_checks_the_lines_with_nothing_of_ours(client, full):
    lines, response = lines_of(client)
    assert "Link" not in response
    chain = bytes(32)
    for number, line in enumerate(lines, 1):
        leaf = hashlib.sha256(b"\0" + line["entry"].encode()).digest()
        chain = hashlib.sha256(chain + leaf).digest()
        assert (line["number"], line["leaf"], line["chain"]) == (number, leaf.hex(), chain.hex())
    reason = json.loads(lines[-1]["entry"])["content"]["reason"]["salted"]
    kept = lines[-1]["texts"]["reason"]
    assert kept["text"] == "事迹不实"
    assert hashlib.sha256(bytes.fromhex(kept["salt"]) + kept["text"].encode()).hexdigest() == reason


def test_lines_go_on_after_a_number_and_are_narrowed(client, full):
    every, _response = lines_of(client)
    after, _response = lines_of(client, after="2")
    assert after == every[2:]
    honours, _response = lines_of(client, what="awards.give_honour")
    assert honours == [line for line in every if '"awards.give_honour"' in line["entry"]]
    for nonsense in ("x", "-1", "9" * 40, "²"):
        assert lines_of(client, after=nonsense)[0] == every


def test_a_thousand_lines_are_one_page_and_lead_to_the_next(client, db):
    deeds.done("stamps.press", "stamp:1", at=NOW, by=None, public=[Public({"n": n}) for n in range(MOST_LINES + 1)])
    lines, response = lines_of(client)
    assert len(lines) == MOST_LINES
    address = response["Link"].split(">")[0].removeprefix("<")
    rest = [json.loads(line) for line in b"".join(client.get(address).streaming_content).splitlines()]
    assert [line["number"] for line in rest] == [MOST_LINES + 1]


def test_attack_what_was_said_in_confidence_is_on_no_page(client, db):
    deeds.done("stamps.press", "stamp:1", at=NOW, by=None, public=Public({"holder": Erasable("王小明")}))
    pages = [reverse("public-entries"), reverse("public-entry", args=[1]), reverse("public-entry-document", args=[1])]
    assert all("王小明" not in client.get(page).content.decode() for page in pages)
    assert "王小明" not in str(lines_of(client)[0])
    assert JournalEntry.objects.get().payload["public_entries"]


def test_attack_scripts_in_an_entry_stay_text(client, db):
    deeds.done("stamps.press", "stamp:1", at=NOW, by=None, public=Public({"words": "<script>alert(1)</script>"}))
    assert "<script>alert" not in client.get(reverse("public-entry", args=[1])).content.decode()

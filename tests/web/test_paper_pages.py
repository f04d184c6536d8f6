"""Paper pages: who may enter which, what a refusal leaves on the page, the print shown once, in both languages."""

import json

import pytest
from django.test import Client
from django.urls import reverse
from tests.cast import booth as cast_booth
from tests.cast import boxes as cast_boxes
from tests.cast import district as cast
from tests.cast import paper as cast_paper

from blindballot.format.encoding import canonical
from zhengyou.identity import actions as identity
from zhengyou.identity.models import Account
from zhengyou.paper import actions as paper_actions
from zhengyou.paper import queries as paper_queries
from zhengyou.paper.models import PaperBatch
from zhengyou.polls import queries as poll_queries
from zhengyou.web.shared import clock

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def district():
    return cast.small_district(members_a_village=3)


@pytest.fixture
def watching(district):
    person = cast_paper.scrutineer(district)
    identity.open_account(person=person, login=person.number, password=cast.PASSWORD, at=cast.NOW, by=None)
    return person


@pytest.fixture
def opened(district):
    return cast_booth.opened_now(district, cast_booth.small_cycle(district), [district.members[:6]])


def client_of(person, language="en"):
    client = Client(headers={"accept-language": language})
    client.force_login(Account.objects.get(person=person))
    return client


def later(monkeypatch):
    real = clock.now
    monkeypatch.setattr(clock, "now", lambda: real() + 3 * cast_booth.HOUR)


def test_only_the_office_prints_and_only_office_and_scrutineers_key(opened, district, watching, monkeypatch):
    printing = cast_paper.settled(opened, district, watching, at=clock.now())
    office_only = [
        reverse("office-paper", args=[opened.key]),
        reverse("office-paper-forms", args=[opened.key]),
        reverse("office-paper-instructions", args=[opened.key]),
        reverse("office-paper-pool", args=[opened.key, "pool-1"]),
        reverse("office-paper-print", args=[opened.key, "pool-1"]),
        reverse("office-paper-batch", args=[opened.key, printing.batch.pk]),
    ]
    keying = reverse("office-paper-keying", args=[opened.key, printing.batch.pk])
    asked = {
        person: [client_of(person).get(address).status_code for address in [*office_only, keying]]
        for person in (district.office, watching, district.secretaries[3])
    }
    assert asked == {
        district.office: [200] * 7,
        watching: [403] * 6 + [200],
        district.secretaries[3]: [403] * 7,
    }
    assert b"after the closing time" in client_of(watching).get(keying).content
    assert b'href="/office/"' not in client_of(watching).get(keying).content
    later(monkeypatch)
    due = client_of(watching).get(reverse("desk-home")).content.decode()
    assert keying in due
    assert keying not in client_of(district.secretaries[3]).get(reverse("desk-home")).content.decode()
    missing = [
        reverse("office-paper-batch", args=[opened.key, 999_999]),
        reverse("office-paper-pool", args=[opened.key, "pool-9"]),
        reverse("office-paper-keying", args=["00000000-0000-4000-8000-000000000000", printing.batch.pk]),
    ]
    assert {client_of(district.office).get(address).status_code for address in missing} == {404}


def test_marking_by_number_names_who_is_nobody_and_refuses_who_voted(opened, district):
    client, address = client_of(district.office), reverse("office-paper-pool", args=[opened.key, "pool-1"])
    assert b"Nobody of this group votes on paper" in client.get(address).content
    assert b"Not on the roll of this pool: X1." in client.post(address, {"numbers": "X1"}).content
    assert b"Choose at least one person." in client.post(address, {"numbers": ""}).content
    voted = district.members[0]
    cast_booth.vote(opened, "pool-1", cast_booth.codes_for(opened, [voted])[0], lambda place: "good")
    page = client.post(address, {"numbers": f"{voted.number} {district.members[1].number}"})
    assert f"already issued by phone to {voted.name}".encode() in page.content
    numbers = "\n".join(person.number for person in district.members[1:3])
    page = client.post(address, {"numbers": numbers}, follow=True)
    assert b"A batch is for at least 5 people, 2 wait" in page.content
    off = reverse("office-paper-take-off", args=[opened.key, "pool-1", district.members[1].number])
    assert b"votes by phone." in client.post(off, follow=True).content
    assert b"does not vote on paper." in client.post(off, follow=True).content
    assert len(paper_queries.paper_voters(cast_paper.pool_of(opened))) == 1


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_of_those_on_paper_asks_as_much_for_many(opened, district, rows, django_assert_num_queries):
    client, address = client_of(district.office), reverse("office-paper-pool", args=[opened.key, "pool-1"])
    marked = district.members[:rows]
    client.post(address, {"numbers": "\n".join(person.number for person in marked)})
    with django_assert_num_queries(14):
        page = client.get(address)
    assert page.content.count(b">\n      Remove\n") == rows
    assert [row.person for row in page.context["page"]] == marked
    found = client.get(address, {"q": marked[0].number, "as": "csv"}).content.decode("utf-8-sig").splitlines()
    assert found == [
        "Who,Number,Unit",
        f"{marked[0].name},{marked[0].number},{marked[0].organisation.name}",
    ]


def test_sheets_are_offered_once_five_people_wait_for_one(opened, district):
    client, address = client_of(district.office), reverse("office-paper-pool", args=[opened.key, "pool-1"])
    numbers = [person.number for person in district.members[:5]]
    few = client.post(address, {"numbers": "\n".join(numbers[:4])}, follow=True).content.decode()
    printing = reverse("office-paper-print", args=[opened.key, "pool-1"])
    assert "A batch is for at least 5 people, 4 wait" in few
    assert printing not in few
    assert printing in client.post(address, {"numbers": numbers[4]}, follow=True).content.decode()


def test_sheets_are_shown_once_to_who_prints_beside_a_scrutineer_who_gave_a_password(opened, district, watching):
    pool = cast_paper.pool_of(opened)
    paper_actions.mark_on_paper(poll=opened, pool=pool, people=district.members[:5], at=clock.now(), by=district.office)
    client, address = client_of(district.office), reverse("office-paper-print", args=[opened.key, "pool-1"])
    said = {"sheets": 6, "login": watching.number, "password": cast.PASSWORD}
    assert b"do not match" in client.post(address, said | {"password": "something else"}).content
    own = client.post(address, said | {"login": district.office.number}).content
    assert b"no post as scrutineer" in own
    assert b"5 people wait for a sheet" in client.post(address, said | {"sheets": 4}).content
    assert not PaperBatch.objects.exists()
    page = client.post(address, said)
    assert page.content.count(b'class="sheet"') == 6
    assert page.content.count(b'class="slip"') == 6
    assert f"/booth/{opened.key}/".encode() not in page.content
    assert b"Nobody waits for a sheet." in client.post(address, said).content
    assert PaperBatch.objects.get().scrutineer == watching


def test_a_form_is_keyed_corrected_and_spoilt_and_a_bad_figure_keeps_the_others(
    opened, district, watching, monkeypatch
):
    printing = cast_paper.settled(opened, district, watching, at=clock.now())
    later(monkeypatch)
    client, args = client_of(watching), [opened.key, printing.batch.pk]
    keying, saving = reverse("office-paper-keying", args=args), reverse("office-paper-key", args=args)
    assert b"Count by hand first" in client.get(keying).content
    assert (
        b"there cannot be 99 forms"
        in client.post(reverse("office-paper-count", args=args), {"forms_": 99, "without_slip": 0}).content
    )
    counted = client.post(reverse("office-paper-count", args=args), {"forms_": 2, "without_slip": 1}, follow=True)
    assert b"The hand count is entered." in counted.content
    assert PaperBatch.objects.get().forms_without_slip == 1
    first, second = [sheet.slips[0] for sheet in printing.voters[:2]]
    assert b"This is not a slip" in client.post(keying, {"scanned": "hello"}).content
    assert first.number.encode() in client.post(keying, {"scanned": first.key}).content
    page = client.post(saving, {"scanned": first.key, "entry": ["9", "1"]})
    assert b"a figure from 0 to 5" in page.content
    assert b'name="entry"' in page.content
    assert b"is keyed." in client.post(saving, {"scanned": first.key, "entry": ["4", "1"]}, follow=True).content
    assert (
        b"does not count twice" in client.post(saving, {"scanned": first.key, "entry": ["4", "1"]}, follow=True).content
    )
    back = client.post(reverse("office-paper-take-back", args=args), {"slip": first.number}, follow=True)
    assert b"is taken back" in back.content
    assert cast_boxes.forms_in(opened) == []
    spoilt = client.post(saving, {"scanned": second.key, "spoilt": "1", "entry": ["", ""]}, follow=True)
    assert b"not countable" in spoilt.content
    assert len(cast_boxes.forms_in(opened)) == 1
    restart = client.post(reverse("office-paper-restart", args=[*args, 1]), follow=True)
    assert b"Somebody can begin it again" in restart.content
    assert cast_boxes.forms_in(opened) == []


def test_the_booth_answers_for_a_slip_only_without_a_cookie_and_only_to_its_finder(opened, district, watching):
    printing = cast_paper.settled(opened, district, watching, at=clock.now())
    slip = printing.voters[0].slips[0]
    address = reverse("booth-paper", args=[opened.key])
    asked = {"manifest": opened.fingerprint, "finder": cast_paper.finder_of(opened, slip.key)}

    def answer(body, client=None):
        response = (client or Client()).post(address, body, content_type="application/json")
        return response.status_code, json.loads(response.content)

    status, shown = answer(canonical(asked))
    assert (status, shown["pool"], shown["line"]) == (200, "pool-1", slip.line)
    assert answer(canonical(asked), client_of(district.office))[1]["reason"] == "carries-identity"
    assert answer(canonical(asked | {"finder": "A" * 43}))[1]["reason"] == "unknown-slip"
    assert answer(canonical(asked | {"finder": "short"}))[1]["reason"] == "malformed"
    assert answer(canonical(asked | {"manifest": "0" * 64}))[1]["reason"] == "wrong-manifest"
    for body in (b"{", b"[]", b'{"manifest": 1}'):
        assert answer(body)[1]["reason"] == "malformed"
    cast_paper.cast_by_phone(opened, slip.key, "good", at=clock.now())
    assert answer(canonical(asked))[1]["reason"] == "slip-used"


def test_the_overview_asks_as_much_for_three_pools_as_for_one(district, django_assert_num_queries):
    cycle = cast_booth.small_cycle(district)
    one = cast_booth.opened_now(district, cycle, [district.members[:5]])
    pools = [district.members[:5], district.members[5:10], [*district.secretaries, district.leader]]
    three = cast_booth.opened_now(district, cycle, pools)
    client = client_of(district.office)
    for poll in (one, three):
        with django_assert_num_queries(8):
            assert client.get(reverse("office-paper", args=[poll.key])).status_code == 200


def test_forms_and_instructions_are_in_both_languages_and_a_form_shows_every_grade(opened, district):
    for language, word in (("en", "Staple the slip here"), ("zh-hans", "请将票页钉在此处")):
        page = (
            client_of(district.office, language).get(reverse("office-paper-forms", args=[opened.key])).content.decode()
        )
        assert word in page
        names = [grade["name"]["zh-hans" if language != "en" else "en"] for grade in opened.cycle.rules["grades"]]
        assert all(name in page for name in names)
        assert page.count('class="box"') == 2 * (len(names) + 1)
    assert poll_queries.sheet_lines(opened)[0]["criteria"]

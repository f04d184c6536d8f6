"""Promises of units and of single people name the piece of central work they serve, and every page says it."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from tests.cast.commitments import photo_bytes, promise_text, promises_of, secretary_of
from tests.cast.district import PASSWORD, drafted_cycle, small_district
from tests.cast.refusing import refused

from zhengyou.base import addenda
from zhengyou.campaigns import actions as campaigns
from zhengyou.campaigns.rules import Piece
from zhengyou.commitments import actions, queries
from zhengyou.commitments.models import Promise
from zhengyou.commitments.rules import Opinion
from zhengyou.identity import actions as identity
from zhengyou.identity.models import Account
from zhengyou.rhythm import queries as rhythm
from zhengyou.vows import actions as vows
from zhengyou.vows.models import Vow, VowItem, VowText
from zhengyou.web.desk.vows_forms import VowForm
from zhengyou.web.shared import clock

pytestmark = pytest.mark.django_db
ROADS, WATER, TREES = "修通村组道路", "改造饮用水", "河岸植树"


@pytest.fixture
def district():
    return small_district(at=clock.now())


@pytest.fixture
def cycle(district):
    row = drafted_cycle(district, at=clock.now())
    pieces = [Piece(1, ROADS, "development"), Piece(2, WATER, "service"), Piece(3, TREES)]
    campaigns.write_central_work(cycle=row, pieces=pieces, at=clock.now(), by=district.office)
    campaigns.launch_cycle(cycle=row, why="", at=clock.now(), by=district.office)
    row.refresh_from_db()
    return row


@pytest.fixture
def enter(client):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"

    def as_(person):
        if not Account.objects.filter(person=person).exists():
            identity.open_account(person=person, login=person.number, password=PASSWORD, at=clock.now(), by=None)
        client.force_login(Account.objects.get(person=person))
        return client

    return as_


def read(client, name, *args):
    return client.get(reverse(name, args=args)).content.decode()


def sent(client, name, *args, **given):
    return client.post(reverse(name, args=args), given)


def wording(cycle, **changes):
    text = promise_text(due_on=cycle.ends_on)
    return text.__dict__ | {"due_on": cycle.ends_on.isoformat(), "checked_by": "place"} | changes


def test_a_unit_says_what_its_promise_serves_and_everybody_reads_it(enter, client, district, cycle):
    village, secretary = district.villages[0], district.secretaries[0]
    desk = enter(secretary)
    assert ROADS in read(desk, "desk-promise-write", village.code)
    unsaid = sent(desk, "desk-promise-write", village.code, **wording(cycle, piece=""))
    assert unsaid.status_code == 200  # nothing is chosen beforehand, and something must be said
    forged = sent(desk, "desk-promise-write", village.code, **wording(cycle, piece="9"))
    assert forged.status_code == 200
    assert not Promise.objects.exists()
    for n in range(1, 4):
        done = sent(desk, "desk-promise-write", village.code, **wording(cycle, what=f"修好第{n}段", piece="2"))
        assert done.status_code == 302
    first = Promise.objects.order_by("pk")[0]
    changed = wording(cycle, what="修好第1段", piece="none", revision=first.revision)
    assert sent(desk, "desk-promise-change", village.code, first.pk, **changed).status_code == 302
    first.refresh_from_db()
    assert first.piece == 0
    row = actions.propose_promises(commitment=queries.commitment_of(cycle, village), at=clock.now(), by=secretary)
    assert WATER in read(enter(district.town_secretary), "desk-review", village.code)
    said = {one.pk: Opinion(agrees=True) for one in promises_of(row)}
    actions.review_promises(commitment=row, opinions=said, at=clock.now(), by=district.town_secretary)
    second = Promise.objects.order_by("pk")[1]
    client.logout()
    assert f"2. {WATER}" in read(client, "public-promise", village.code, second.pk)
    assert f"serves “{WATER}”" in read(client, "public-organisation", village.code)
    listed = client.get(reverse("public-promises"), {"piece": "2"}).content.decode()
    assert "修好第2段" in listed
    assert "修好第1段" not in listed
    assert WATER in client.get(reverse("public-promises"), {"as": "csv"}).content.decode()
    english = client.get(reverse("public-promises"), {"lang": "en"}).content.decode()
    choices = english.partition('aria-label="Central work"')[2].partition("</nav>")[0]
    assert WATER in choices
    assert "pinyin" not in choices  # which is for names: a whole sentence in it is noise


def test_a_piece_is_corrected_in_public_and_a_strange_one_is_refused(enter, district, cycle):
    village, secretary = district.villages[0], district.secretaries[0]
    strange = promise_text(due_on=cycle.ends_on)
    with refused("central-work.not-in-the-list"):
        actions.write_promise(
            cycle=cycle,
            organisation=village,
            text=type(strange)(**strange.__dict__ | {"piece": 7}),
            at=clock.now(),
            by=secretary,
        )
    row = actions.publish_immediate_promise(
        cycle=cycle,
        organisation=village,
        text=strange,
        given_on=clock.today(),
        at=clock.now(),
        by=secretary,
    )
    given = wording(cycle, piece="1", checked_by="thing", why="会上说的是修路")
    assert sent(enter(district.town_secretary), "desk-review-correct", village.code, row.pk, **given).status_code == 302
    [written] = addenda.addenda_to(row.reference)
    assert (written.part, written.before, written.after) == ("piece", "0", "1")
    assert "Piece of central work" in read(enter(secretary), "public-promise", village.code, row.pk)


def test_a_board_on_paper_names_the_piece_of_each_promise(enter, district, cycle):
    village = district.villages[1]
    given = {"for_whom": "村民", "evidence": "照片", "aim": "service", "came_how": "paper"}
    given |= {"came_on": clock.today().isoformat()}
    for n, piece in enumerate(("1", "", "none"), 1):
        given |= {f"what_{n}": f"办好第{n}件", f"standard_{n}": "看得见", f"due_on_{n}": cycle.ends_on.isoformat()}
        given |= {f"checked_by_{n}": "thing"}
        given |= {f"piece_{n}": piece}
    photo = SimpleUploadedFile("board.jpg", photo_bytes(), "image/jpeg")
    done = sent(
        enter(district.town_secretary), "desk-submission-enter", village.code, "board", came_photo=photo, **given
    )
    assert done.status_code == 302
    assert [one.piece for one in Promise.objects.order_by("pk")] == [1, 0, 0]


def test_a_single_person_finds_as_many_blocks_as_the_rules_advise(cycle):
    assert [n for n, _open, _fields in VowForm(cycle=cycle, items=[]).blocks()] == [1, 2, 3, 4, 5]
    cycle.rules["commitments"] |= {"member_fewest": 1, "member_most": 3}
    assert [n for n, _open, _fields in VowForm(cycle=cycle, items=[]).blocks()] == [1, 2, 3]
    items = [VowItem(what=f"办好第{n}件", due_on=cycle.ends_on) for n in range(4)]
    form = VowForm(cycle=cycle, items=items)
    assert [bound[0].value() for _n, _open, bound in form.blocks()] == [one.what for one in items]


def test_a_single_person_is_asked_one_question_and_the_aim_follows_from_the_piece(enter, client, district, cycle):
    person = next(one for one in district.members if one.organisation == district.villages[0])
    block = {"due_on_1": cycle.ends_on.isoformat(), "what_1": "每周扫一次桥面", "standard_1": "桥上没有泥"}
    desk = enter(person)
    assert sent(desk, "desk-vow", is_of_age="on", **block).status_code == 200  # not said what it serves
    assert sent(desk, "desk-vow", is_of_age="on", serves_1="nonsense", **block).status_code == 200
    assert not Vow.objects.exists()
    assert sent(desk, "desk-vow", is_of_age="on", serves_1="1", **block).status_code == 302
    item = VowItem.objects.get()
    assert (item.piece, item.aim) == (1, "development")
    assert f"serves “{ROADS}”" in read(desk, "desk-vow")
    vow = Vow.objects.get()
    vows.review_vow(vow=vow, agrees=True, opinion="", at=clock.now(), by=secretary_of(district.villages[0]))
    client.logout()
    assert f"serves “{ROADS}”" in read(client, "public-organisation", district.villages[0].code)
    with refused("promise.unknown-aim"):
        vows.hand_in_vow(
            cycle=cycle,
            items=[VowText("扫桥", "没有泥", cycle.ends_on, aim="no-such-aim")],
            is_of_age=True,
            at=clock.now(),
            by=district.members[-1],
        )


def test_the_office_sees_what_nothing_serves(enter, district, cycle):
    village, secretary = district.villages[0], district.secretaries[0]
    text = promise_text(due_on=cycle.ends_on)
    given = {"cycle": cycle, "given_on": clock.today(), "at": clock.now(), "by": secretary}
    serving = type(text)(**text.__dict__ | {"piece": 2})
    actions.publish_immediate_promise(organisation=village, text=serving, **given)
    item = VowText("每周扫一次桥面", "没有泥", cycle.ends_on, piece=1)
    vow = vows.hand_in_vow(cycle=cycle, items=[item], is_of_age=True, at=clock.now(), by=district.members[0])
    waiting = [(one.piece.number, one.is_served) for one in rhythm.served_in(cycle).pieces]
    assert waiting == [(1, False), (3, False), (2, True)]  # what waits for its review serves nothing yet
    vows.review_vow(vow=vow, agrees=True, opinion="", at=clock.now(), by=district.town_secretary)
    served = rhythm.served_in(cycle)
    assert [(one.piece.number, one.promises, one.vows) for one in served.pieces] == [(3, 0, 0), (1, 0, 1), (2, 1, 0)]
    by_aim = {one.aim.id: (one.promises, one.vows) for one in served.aims}
    assert by_aim["service"] == (1, 0)
    assert by_aim["development"] == (0, 1)
    assert "nothing serves it" in read(enter(district.office), "office-cycle-served", cycle.pk)

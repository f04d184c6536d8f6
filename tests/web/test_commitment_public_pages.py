"""Promises as citizens see them, without an account, and the office's coverage and moderation."""

import csv
import re
from datetime import UTC, datetime, time, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.cast.commitments import (
    drafted_commitment,
    photo_bytes,
    promises_of,
    proposed_commitment,
    published_commitment,
    secretary_of,
)
from tests.cast.district import closed_cycle, drafted_cycle, launched_cycle, small_district
from tests.cast.writing import filled

from zhengyou.base.files import store_photo
from zhengyou.campaigns import actions as campaigns
from zhengyou.commitments import actions
from zhengyou.commitments.models import CitizenAnswer, Promise
from zhengyou.identity.models import Account
from zhengyou.remarks import actions as remarks
from zhengyou.remarks.models import Remark
from zhengyou.web.shared import clock

pytestmark = pytest.mark.django_db


def noon():
    return datetime.combine(clock.today(), time(4), tzinfo=UTC)


@pytest.fixture
def district():
    return small_district(at=noon())


@pytest.fixture
def cycle(district):
    return launched_cycle(district, at=noon())


@pytest.fixture
def village(district):
    return district.villages[0]


@pytest.fixture
def promise(district, cycle, village):
    return promises_of(published_commitment(district, cycle, village, at=noon()))[0]


@pytest.fixture
def citizen(client):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


@pytest.fixture
def office(citizen, district):
    citizen.force_login(Account.objects.get(person=district.office))
    return citizen


def text_of(response):
    return response.content.decode()


def address(promise):
    return reverse("public-promise", args=[promise.commitment.organisation.code, promise.pk])


def upload(colour="teal"):
    return SimpleUploadedFile("p.jpg", photo_bytes(colour), "image/jpeg")


def test_whoever_does_not_know_the_name_goes_down_from_the_top(citizen, district, village, django_assert_num_queries):
    with django_assert_num_queries(2):
        page = text_of(citizen.get(reverse("public-find")))
    assert [reverse("public-organisation", args=[row.code]) in page for row in (district.root, district.town)] == [
        True
    ] * 2
    assert village.name not in page
    assert village.name in text_of(citizen.get(reverse("public-organisation", args=[district.town.code])))
    assert "Or browse from the top" not in text_of(citizen.get(reverse("public-find"), {"q": village.name}))


def _answer(promise, **changes):
    said = {"promise": promise, "mark": "off_course", "words": "村口还是黑的", "at": noon(), "arrival": None}
    return actions.answer_promise(**(said | changes))


def _shown(district, *answers):
    remarks.show_remarks(remarks=[answer.remark for answer in answers], at=noon(), by=district.office)


def send(client, promise, **fields):
    return client.post(address(promise), filled(promise.reference, **({"mark": "on_course"} | fields)))


def test_the_page_of_the_organisation_shows_both_words_side_by_side(citizen, promise, village):
    actions.state_outcome(
        promise=promise, outcome="partly", explanation="还差两盏", at=noon(), by=secretary_of(village)
    )
    _answer(promise)
    _answer(promise, mark="on_course", words="")
    page = text_of(citizen.get(reverse("public-organisation", args=[village.code])))
    assert promise.what in page
    assert "partly kept" in page
    assert f'href="{address(promise)}#ask"' in page
    assert "so far: going well 1, not going well 1, can’t tell yet 0" in " ".join(re.sub("<[^>]+>", "", page).split())
    assert "neither a vote nor a sample" in page


def test_drafts_and_proposals_are_nobodys_business_yet(citizen, cycle, district):
    one, two = district.villages[:2]
    rows = [
        *promises_of(drafted_commitment(cycle, one, at=noon())),
        *promises_of(proposed_commitment(cycle, two, at=noon())),
    ]
    assert "No promise has been published yet" in text_of(citizen.get(reverse("public-organisation", args=[one.code])))
    for promise in rows:
        assert citizen.get(address(promise)).status_code == 404
        assert send(citizen, promise).status_code == 404


def test_a_promise_is_found_only_under_its_own_organisation(citizen, promise, district):
    assert citizen.get(reverse("public-promise", args=[district.villages[1].code, promise.pk])).status_code == 404
    assert citizen.get(reverse("public-promise", args=["nowhere", promise.pk])).status_code == 404


def test_whoever_looks_sees_the_photo_and_never_the_senders_own_address(client, citizen, promise, district):
    send(citizen, promise, mark="off_course", words="村口还是黑的", photo=upload())
    row = Remark.objects.get()
    readers = [(district.town_secretary, "desk"), (district.office, "office")]
    photos = {face: reverse(f"{face}-remark-photo", args=[row.pk]) for _person, face in readers}
    lists = {"desk": reverse("desk-remarks"), "office": reverse("office-remarks", args=[row.cycle_id])}
    for person, face in readers:
        client.force_login(Account.objects.get(person=person))
        for page in (lists[face], f"{lists[face]}?as=csv"):
            answer = client.get(page)
            assert row.public_id not in (text_of(answer) if not answer.streaming else answer.getvalue().decode())
        assert photos[face] in text_of(client.get(lists[face]))
        assert client.get(photos[face])["Content-Type"] == "image/jpeg"
    client.force_login(Account.objects.get(person=secretary_of(row.organisation)))
    assert client.get(photos["desk"]).status_code == 404
    assert client.get(photos["office"]).status_code == 403


def test_words_about_ones_own_unit_are_read_at_the_desk_and_neither_shown_hidden_nor_answered_by_others(
    client, citizen, promise, district
):
    send(citizen, promise, mark="off_course", words="还差两盏灯")
    row, page = Remark.objects.get(), reverse("desk-remarks")
    remarks.show_remarks(remarks=[row], at=clock.now(), by=district.office)
    answer = reverse("desk-remark-answer", args=[row.pk])

    def seen(person):
        client.force_login(Account.objects.get(person=person))
        shown = text_of(client.get(page))
        assert "还差两盏灯" in shown
        return 'name="row"' in shown, 'value="hide"' in shown, answer in shown

    assert seen(secretary_of(row.organisation)) == (False, False, True)
    assert seen(district.town_secretary) == (True, True, False)


def test_no_mark_is_chosen_beforehand_and_one_must_be_chosen(citizen, promise):
    page = text_of(citizen.get(address(promise)))
    assert len(re.findall(r'type="radio" name="mark"', page)) == 3
    assert " checked" not in page
    assert "Anybody can answer, and more than once" in page
    answer = send(citizen, promise, mark="", words="还差两盏")
    assert "Choose one of the three answers." in text_of(answer)
    assert "还差两盏" in text_of(answer)
    assert CitizenAnswer.objects.count() == 0


def test_what_is_decided_before_its_day_is_asked_whether_it_was_kept(citizen, promise):
    Promise.objects.filter(pk=promise.pk).update(due_on=clock.today() + timedelta(days=40))
    assert "How does it look so far?" in text_of(citizen.get(address(promise)))
    Promise.objects.filter(pk=promise.pk).update(decision="kept")
    page = text_of(citizen.get(address(promise)))
    assert "Was this promise kept?" in page
    assert "Not due for" not in page
    assert send(citizen, promise, mark="not_kept").status_code == 302


def test_an_answer_is_recorded_with_a_number_and_has_an_address_of_its_own(citizen, promise, district):
    response = send(citizen, promise, mark="off_course", words="村口还是黑的", photo=upload())
    answer = CitizenAnswer.objects.get()
    assert response["Location"] == reverse("public-own-words", args=[answer.remark.public_id])
    own = text_of(citizen.get(response["Location"]))
    assert f"Recorded, number {answer.remark_id}" in own
    assert "村口还是黑的" in own
    assert "Your answer already counts." in own
    assert "what became of your words" in own
    assert (
        f'<a href="{reverse("public-organisation", args=[promise.commitment.organisation.code])}">'
        in own.partition("<h1")[0]
    )
    assert citizen.get(reverse("public-own-photo", args=[answer.remark.public_id])).status_code == 200
    page = text_of(citizen.get(address(promise)))
    assert "村口还是黑的" not in page
    assert "1 waits to be read before it is shown." in page
    assert "not going well 1" in page
    _shown(district, answer)
    page = text_of(citizen.get(address(promise)))
    assert "<bdi>村口还是黑的</bdi>" in page
    assert reverse("public-photo", args=[answer.remark.photo.digest]) in page
    assert not citizen.cookies


def test_an_address_that_was_never_given_leads_nowhere(citizen, promise):
    _answer(promise)
    for wrong in ("0000-0000-0000", "x", "9" * 30):
        assert citizen.get(reverse("public-own-words", args=[wrong])).status_code == 404


def test_a_form_sent_twice_is_one_answer_and_the_same_person_may_answer_again(citizen, promise):
    form = filled(promise.reference, mark="on_course")
    for _twice in range(2):
        citizen.post(address(promise), form)
    assert CitizenAnswer.objects.count() == 1
    other = citizen.post(address(promise), form | {"mark": "off_course"})
    assert "This form has already been sent." in text_of(other)
    assert CitizenAnswer.objects.count() == 1
    send(citizen, promise)
    assert CitizenAnswer.objects.count() == 2


def test_from_its_day_on_a_promise_asks_whether_it_was_kept(citizen, promise):
    days = (promise.due_on - clock.today()).days
    page = " ".join(text_of(citizen.get(address(promise))).split())
    assert "How does it look so far?" in page
    assert f"Not due for {days} day" in page
    assert 'value="on_course"' in page
    assert 'value="kept"' not in page
    Promise.objects.filter(pk=promise.pk).update(due_on=clock.today())
    page = text_of(citizen.get(address(promise)))
    assert "Was this promise kept?" in page
    assert "Not due" not in page
    assert 'value="kept"' in page
    assert send(citizen, promise, mark="kept").status_code == 302
    assert "None of them has words or a photo." in text_of(citizen.get(address(promise)))


def test_words_that_wait_to_be_read_are_not_said_to_be_missing(citizen, promise):
    Promise.objects.filter(pk=promise.pk).update(due_on=clock.today())
    assert send(citizen, promise, mark="not_kept", words="扶手还没有装").status_code == 302
    page = text_of(citizen.get(address(promise)))
    assert "1 waits to be read before it is shown." in page
    assert "None of them has words" not in page


def test_words_are_shown_as_words_never_as_markup(citizen, promise, district):
    send(citizen, promise, words="<script>alert(1)</script>")
    _shown(district, CitizenAnswer.objects.get())
    page = text_of(citizen.get(address(promise)))
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_too_many_words_and_files_that_are_no_photo_are_refused_in_the_form(citizen, promise):
    answer = send(citizen, promise, words="长" * 501)
    assert "长" * 501 in text_of(answer)
    fake = SimpleUploadedFile("p.jpg", b"GIF89a no", "image/jpeg")
    answer = send(citizen, promise, words="看图", photo=fake)
    assert "not a photo" in text_of(answer)
    assert "看图" in text_of(answer)
    empty = SimpleUploadedFile("p.jpg", b"", "image/jpeg")
    assert send(citizen, promise, photo=empty).status_code == 200
    assert CitizenAnswer.objects.count() == 0


def test_photos_are_public_only_while_they_hang_on_something_shown(citizen, promise, village, district):
    loose = store_photo(photo_bytes("navy"), at=noon())
    assert citizen.get(reverse("public-photo", args=[loose.digest])).status_code == 404
    assert citizen.get(reverse("public-photo", args=["0" * 64])).status_code == 404
    report = actions.report_progress(
        promise=promise, text="已开工", photo=photo_bytes("olive"), at=noon(), by=secretary_of(village)
    )
    response = citizen.get(reverse("public-photo", args=[report.photo.digest]))
    assert response["Content-Type"] == "image/jpeg"
    assert response["Cache-Control"] == "public, max-age=31536000, immutable"
    assert response.content.startswith(b"\xff\xd8")
    answer = _answer(promise, photo=photo_bytes("red"))
    shown = reverse("public-photo", args=[answer.remark.photo.digest])
    assert citizen.get(shown).status_code == 404
    _shown(district, answer)
    assert citizen.get(shown).status_code == 200
    remarks.hide_remarks(remarks=[answer.remark], reason="private", at=noon(), by=district.office)
    assert citizen.get(shown).status_code == 404
    page = text_of(citizen.get(address(promise)))
    assert "Hidden: names or numbers of a private person" in page
    assert "村口还是黑的" not in page
    assert answer.remark.photo.digest not in page
    assert "not going well 1" in page


def test_a_closed_cycle_takes_no_more_answers_and_still_shows_everything(citizen, promise, cycle, district):
    _shown(district, _answer(promise))
    closed_cycle(district, cycle, at=noon())
    page = text_of(citizen.get(address(promise)))
    assert "takes no more answers" in page
    assert 'name="mark"' not in page
    assert "村口还是黑的" in page
    send(citizen, promise)
    assert CitizenAnswer.objects.count() == 1


def test_promises_of_earlier_cycles_stay_on_the_page(citizen, promise, cycle, village, district):
    _answer(promise)
    closed_cycle(district, cycle, at=noon())
    later = drafted_cycle(district, at=noon(), name="第二轮")
    campaigns.launch_cycle(cycle=later, why="测试启动", at=noon(), by=district.office)
    later.refresh_from_db()
    published_commitment(district, later, village, items=2, at=noon())
    page = text_of(citizen.get(reverse("public-organisation", args=[village.code])))
    folded = page.index("<summary>", page.index("第二轮"))
    assert cycle.name in page[folded : page.index("</summary>", folded)]
    assert folded < page.index(address(promise))


def test_public_pages_cost_the_same_for_few_and_many(citizen, district, cycle, django_assert_num_queries):
    one, two = district.villages[:2]
    few = promises_of(published_commitment(district, cycle, one, items=2, at=noon()))[0]
    many = promises_of(published_commitment(district, cycle, two, items=6, at=noon()))[0]
    _shown(district, _answer(few))
    for n in range(3):
        _shown(district, _answer(many, words=f"第{n}句", photo=photo_bytes(size=(40 + n, 30))))
        actions.report_progress(promise=many, text=f"第{n}次", at=noon(), by=secretary_of(two))
    costs = []
    for village, page in ((one, address(few)), (two, address(many))):
        with CaptureQueriesContext(connection) as queries:
            citizen.get(reverse("public-organisation", args=[village.code]))
        costs.append(len(queries))
        with django_assert_num_queries(17):
            citizen.get(page)
    assert costs[0] == costs[1]


def test_the_office_sees_who_lacks_what(office, district, cycle):
    one, two, three, _four = district.villages
    published_commitment(district, cycle, one, at=noon())
    proposed_commitment(cycle, two, at=noon())
    page = reverse("office-coverage", args=[cycle.pk])
    assert page in text_of(office.get(reverse("office-home")))
    everything = text_of(office.get(page))
    assert all(row.name in everything for row in district.villages)
    assert "5 units take part" in everything
    lacking = text_of(office.get(page, {"missing": "promise"}))
    assert (one.name in lacking, two.name in lacking, three.name in lacking) == (False, True, True)
    waiting = text_of(office.get(page, {"state": "proposed"}))
    assert (one.name in waiting, two.name in waiting, three.name in waiting) == (False, True, False)
    assert "Nothing in this list matches." in text_of(office.get(page, {"state": "returned"}))
    assert office.get(reverse("office-coverage", args=[cycle.pk + 9])).status_code == 404


def test_only_the_office_sees_coverage(citizen, cycle, district):
    citizen.force_login(Account.objects.get(person=district.secretaries[0]))
    assert citizen.get(reverse("office-coverage", args=[cycle.pk])).status_code == 403


def test_who_answers_for_the_unit_is_not_asked_about_its_own_promise(citizen, promise, village, district):
    assert "How does it look so far?" in text_of(citizen.get(address(promise)))
    citizen.force_login(Account.objects.get(person=secretary_of(village)))
    page = citizen.get(address(promise))
    assert "How does it look so far?" not in text_of(page)
    assert f"{reverse('desk-commitment', args=[village.code])}?cycle={promise.commitment.cycle_id}" in text_of(page)
    refused = send(citizen, promise, words="都亮了")
    assert "this page does not ask you" in text_of(refused)
    assert not CitizenAnswer.objects.exists()
    citizen.force_login(Account.objects.get(person=district.leader))
    assert send(citizen, promise).status_code == 302


def test_a_file_of_what_people_wrote_keeps_notes_out_of_their_words(office, promise, village):
    row = _answer(promise, photo=photo_bytes()).remark
    own = reverse("public-own-words", args=[row.public_id])
    assert "given the same address" not in text_of(office.get(own))
    Remark.objects.filter(pk=row.pk).update(times=60)
    assert "Whoever sends the same words is given the same address." in text_of(office.get(own))
    answer = office.get(reverse("office-remarks", args=[row.cycle_id]), {"as": "csv"})
    [heads, told] = csv.reader(answer.content.decode("utf-8-sig").splitlines())
    of = dict(zip(heads, told, strict=True))
    assert [of[name] for name in ("Words", "Photo", "Times sent", "Answer")] == ["村口还是黑的", "yes", "60", ""]


def test_the_photo_of_hidden_words_is_gone_at_every_address_but_for_those_who_look_after_hiding(
    client, promise, village, district
):
    row = _answer(promise, photo=photo_bytes()).remark
    remarks.show_remarks(remarks=[row], at=noon(), by=district.office)
    row.refresh_from_db()
    everybodys = [reverse("public-own-photo", args=[row.public_id]), reverse("public-photo", args=[row.photo.digest])]
    desk, office = (reverse(f"{face}-remark-photo", args=[row.pk]) for face in ("desk", "office"))

    def seen(person, *addresses):
        client.force_login(Account.objects.get(person=person)) if person else client.logout()
        return {client.get(one).status_code for one in addresses}

    assert seen(None, *everybodys) == seen(secretary_of(village), desk) == {200}
    remarks.hide_remarks(remarks=[row], reason="insult", at=noon(), by=district.office)
    assert seen(None, *everybodys) == {404}
    assert "public-own-photo" not in client.get(reverse("public-own-words", args=[row.public_id])).content.decode()
    assert seen(secretary_of(village), desk) == {404}
    assert desk not in client.get(reverse("desk-remarks")).content.decode()
    assert seen(district.town_secretary, desk) == seen(district.office, office) == {200}


def test_a_file_of_promises_holds_a_day_alone_and_the_page_says_that_it_has_come(citizen, promise, cycle):
    Promise.objects.filter(pk=promise.pk).update(due_on=clock.today() - timedelta(days=3))
    page = reverse("public-promises")
    assert '<span class="tag red">due</span>' in text_of(citizen.get(page))
    [row, *_rest] = csv.DictReader(text_of(citizen.get(f"{page}?as=csv")).removeprefix("\ufeff").splitlines())
    assert row["By when"] == str(clock.today() - timedelta(days=3))

"""Promises as citizens see them, without an account, and the office's coverage and moderation."""

import re
from datetime import UTC, datetime, time

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
from tests.cast.district import drafted_cycle, launched_cycle, small_district

from zhengyou.base.files import store_photo
from zhengyou.campaigns import actions as campaigns
from zhengyou.commitments import actions
from zhengyou.commitments.models import CitizenAnswer
from zhengyou.identity.models import Account
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
    assert "Or look from the top" not in text_of(citizen.get(reverse("public-find"), {"q": village.name}))


def _answer(promise, **changes):
    said = {"promise": promise, "mark": "not_kept", "words": "村口还是黑的", "at": noon()}
    return actions.answer_promise(**(said | changes))


def test_the_page_of_the_organisation_shows_both_words_side_by_side(citizen, promise, village):
    actions.state_outcome(
        promise=promise, outcome="partly", explanation="还差两盏", at=noon(), by=secretary_of(village)
    )
    _answer(promise)
    _answer(promise, mark="kept", words="")
    page = text_of(citizen.get(reverse("public-organisation", args=[village.code])))
    assert promise.what in page
    assert "partly fulfilled" in page
    assert "kept 1 · not kept 1 · can’t tell 0" in " ".join(re.sub("<[^>]+>", "", page).split())
    assert "these are words, not votes" in page


def test_drafts_and_proposals_are_nobodys_business_yet(citizen, cycle, district):
    one, two = district.villages[:2]
    rows = [
        *promises_of(drafted_commitment(cycle, one, at=noon())),
        *promises_of(proposed_commitment(cycle, two, at=noon())),
    ]
    assert "No promise has been published yet" in text_of(citizen.get(reverse("public-organisation", args=[one.code])))
    for promise in rows:
        assert citizen.get(address(promise)).status_code == 404
        assert citizen.post(address(promise), {"mark": "kept"}).status_code == 404


def test_a_promise_is_found_only_under_its_own_organisation(citizen, promise, district):
    assert citizen.get(reverse("public-promise", args=[district.villages[1].code, promise.pk])).status_code == 404
    assert citizen.get(reverse("public-promise", args=["nowhere", promise.pk])).status_code == 404


def test_no_mark_is_chosen_beforehand_and_one_must_be_chosen(citizen, promise):
    page = text_of(citizen.get(address(promise)))
    assert len(re.findall(r'type="radio" name="mark"', page)) == 3
    assert " checked" not in page
    assert "Anybody can answer, and more than once" in page
    answer = citizen.post(address(promise), {"words": "还差两盏"})
    assert "Choose one: kept, not kept, or can’t tell." in text_of(answer)
    assert "还差两盏" in text_of(answer)
    assert CitizenAnswer.objects.count() == 0


def test_an_answer_is_recorded_with_a_number_and_leaves_no_cookie_of_who(citizen, promise):
    said = {"mark": "not_kept", "words": "村口还是黑的", "photo": upload()}
    response = citizen.post(address(promise), said)
    answer = CitizenAnswer.objects.get()
    assert response["Location"] == f"{address(promise)}?recorded={answer.pk}#recorded"
    page = citizen.get(response["Location"])
    assert f"Recorded, number {answer.pk}." in text_of(page)
    assert "村口还是黑的" in text_of(page)
    assert reverse("public-photo", args=[answer.photo.digest]) in text_of(page)
    assert set(citizen.cookies) <= {"zhengyou_csrf"}


def test_a_number_that_was_never_given_is_not_confirmed(citizen, promise):
    _answer(promise)
    for number in ("999999", "x", "", "9" * 30, "²"):
        assert "Recorded, number" not in text_of(citizen.get(address(promise), {"recorded": number}))


def test_a_form_sent_twice_is_one_answer_and_the_same_person_may_answer_again(citizen, promise):
    ticket = re.search(r'name="ticket" value="([^"]+)"', text_of(citizen.get(address(promise))))[1]
    for _twice in range(2):
        citizen.post(address(promise), {"ticket": ticket, "mark": "kept"})
    assert CitizenAnswer.objects.count() == 1
    citizen.post(address(promise), {"ticket": ticket, "mark": "not_kept"})
    citizen.post(address(promise), {"mark": "kept"})
    assert CitizenAnswer.objects.count() == 3


def test_words_are_shown_as_words_never_as_markup(citizen, promise):
    citizen.post(address(promise), {"mark": "kept", "words": "<script>alert(1)</script>"})
    page = text_of(citizen.get(address(promise)))
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_too_many_words_and_files_that_are_no_photo_are_refused_in_the_form(citizen, promise):
    answer = citizen.post(address(promise), {"mark": "kept", "words": "长" * 501})
    assert "长" * 501 in text_of(answer)
    fake = SimpleUploadedFile("p.jpg", b"GIF89a no", "image/jpeg")
    answer = citizen.post(address(promise), {"mark": "kept", "words": "看图", "photo": fake})
    assert "not a photo" in text_of(answer)
    assert "看图" in text_of(answer)
    empty = SimpleUploadedFile("p.jpg", b"", "image/jpeg")
    assert citizen.post(address(promise), {"mark": "kept", "photo": empty}).status_code == 200
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
    shown = reverse("public-photo", args=[answer.photo.digest])
    assert citizen.get(shown).status_code == 200
    actions.hide_answer(answer=answer, reason="照片里有无关的人", at=noon(), by=district.office)
    assert citizen.get(shown).status_code == 404
    page = text_of(citizen.get(address(promise)))
    assert "Hidden by the office: 照片里有无关的人" in page
    assert "村口还是黑的" not in page
    assert answer.photo.digest not in page
    assert "not kept 1" in page


def test_a_closed_cycle_takes_no_more_answers_and_still_shows_everything(citizen, promise, cycle, district):
    _answer(promise)
    campaigns.close_cycle(cycle=cycle, at=noon(), by=district.office)
    page = text_of(citizen.get(address(promise)))
    assert "No more answers are taken" in page
    assert 'name="mark"' not in page
    assert "村口还是黑的" in page
    citizen.post(address(promise), {"mark": "kept"})
    assert CitizenAnswer.objects.count() == 1


def test_promises_of_earlier_cycles_stay_on_the_page(citizen, promise, cycle, village, district):
    _answer(promise)
    campaigns.close_cycle(cycle=cycle, at=noon(), by=district.office)
    later = drafted_cycle(district, at=noon(), name="第二轮")
    campaigns.launch_cycle(cycle=later, why="测试启动", at=noon(), by=district.office)
    later.refresh_from_db()
    published_commitment(district, later, village, items=2, at=noon())
    page = text_of(citizen.get(reverse("public-organisation", args=[village.code])))
    assert f"<summary>{cycle.name}</summary>" in page
    assert page.index("第二轮") < page.index(f"<summary>{cycle.name}</summary>") < page.index(address(promise))


def test_public_pages_cost_the_same_for_few_and_many(citizen, district, cycle, django_assert_num_queries):
    one, two = district.villages[:2]
    few = promises_of(published_commitment(district, cycle, one, items=2, at=noon()))[0]
    many = promises_of(published_commitment(district, cycle, two, items=6, at=noon()))[0]
    _answer(few)
    for n in range(3):
        _answer(many, words=f"第{n}句", photo=photo_bytes(size=(40 + n, 30)))
        actions.report_progress(promise=many, text=f"第{n}次", at=noon(), by=secretary_of(two))
    costs = []
    for village, page in ((one, address(few)), (two, address(many))):
        with CaptureQueriesContext(connection) as queries:
            citizen.get(reverse("public-organisation", args=[village.code]))
        costs.append(len(queries))
        with django_assert_num_queries(11):
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
    assert "5 organisations take part" in everything
    lacking = text_of(office.get(page, {"missing": "promise"}))
    assert (one.name in lacking, two.name in lacking, three.name in lacking) == (False, True, True)
    waiting = text_of(office.get(page, {"state": "proposed"}))
    assert (one.name in waiting, two.name in waiting, three.name in waiting) == (False, True, False)
    assert "Nothing in this list fits." in text_of(office.get(page, {"state": "returned"}))
    assert office.get(reverse("office-coverage", args=[cycle.pk + 9])).status_code == 404


def test_only_the_office_sees_coverage_and_hides(citizen, promise, cycle, village, district):
    answer = _answer(promise)
    citizen.force_login(Account.objects.get(person=district.secretaries[0]))
    assert citizen.get(reverse("office-coverage", args=[cycle.pk])).status_code == 403
    assert citizen.get(reverse("office-answers", args=[cycle.pk])).status_code == 403
    assert citizen.post(reverse("office-answer-hide", args=[answer.pk]), {"reason": "不好看"}).status_code == 403
    assert citizen.post(reverse("office-answer-show", args=[answer.pk])).status_code == 403
    assert not CitizenAnswer.objects.get().is_hidden


def test_the_office_hides_and_shows_again(office, promise, cycle):
    answer = _answer(promise)
    hide = reverse("office-answer-hide", args=[answer.pk])
    assert hide in text_of(office.get(address(promise)))
    assert "村口还是黑的" in text_of(office.get(reverse("office-answers", args=[cycle.pk])))
    assert "required" in text_of(office.post(hide, {"reason": ""}))
    assert "The reason is shown in their place" in text_of(office.post(hide, {"reason": "骂人"}, follow=True))
    assert "already hidden" in text_of(office.post(hide, {"reason": "再藏"}))
    shown = office.post(reverse("office-answer-show", args=[answer.pk]), follow=True)
    assert "shown again" in text_of(shown)
    assert "村口还是黑的" in text_of(office.get(address(promise)))
    assert office.get(reverse("office-answer-hide", args=[answer.pk + 9])).status_code == 404

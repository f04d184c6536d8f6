"""The desk of promises: a secretary's and a reviewer's way through the pages."""

import re
from datetime import UTC, datetime, time, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from tests.cast.commitments import (
    drafted_commitment,
    photo_bytes,
    promises_of,
    proposed_commitment,
    published_commitment,
)
from tests.cast.district import drafted_cycle, launched_cycle, small_district

from zhengyou.commitments import queries
from zhengyou.commitments.models import Commitment, ProgressReport, Promise
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
def enter(client):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"

    def as_(person):
        client.force_login(Account.objects.get(person=person))
        return client

    return as_


def text_of(response):
    return response.content.decode()


def typed(cycle, n=1, **changes):
    return {
        "what": f"修好第{n}段路灯",
        "standard": "夜间全亮",
        "checked_by": "place",
        "for_whom": "全体村民",
        "due_on": cycle.ends_on.isoformat(),
        "evidence": "照片",
        "aim": "service",
    } | changes


def test_everything_behind_the_desk_asks_to_sign_in(client, district, cycle, village):
    promise = promises_of(published_commitment(district, cycle, village, at=noon()))[0]
    for name, args in [
        ("desk-promises", []),
        ("desk-commitment", [village.code]),
        ("desk-theme", [village.code]),
        ("desk-promise-write", [village.code]),
        ("desk-promise-change", [village.code, promise.pk]),
        ("desk-progress", [village.code, promise.pk]),
        ("desk-outcome", [village.code, promise.pk]),
        ("desk-review", [village.code]),
    ]:
        response = client.get(reverse(name, args=args))
        assert response.status_code == 302
        assert response["Location"].startswith(reverse("sign-in"))


def test_whoever_leads_nothing_is_led_to_the_year_of_their_unit(enter, district, cycle):
    page = text_of(enter(district.office).get(reverse("desk-promises")))
    assert page.index("and nothing waits for your review.") < page.index(
        f'<a href="{reverse("desk-unit")}">My unit</a></p>'
    )


def test_strangers_are_told_so_and_what_does_not_exist_is_not_found(enter, district, cycle, village):
    promise = promises_of(published_commitment(district, cycle, village, at=noon()))[0]
    stranger = enter(district.secretaries[1])
    for name, args in [
        ("desk-commitment", [village.code]),
        ("desk-promise-write", [village.code]),
        ("desk-progress", [village.code, promise.pk]),
        ("desk-review", [village.code]),
    ]:
        assert stranger.get(reverse(name, args=args)).status_code == 403
    assert stranger.post(reverse("desk-propose", args=[village.code])).status_code == 403
    other = district.villages[1]
    assert stranger.get(reverse("desk-commitment", args=["nowhere"])).status_code == 404
    assert stranger.get(reverse("desk-progress", args=[other.code, promise.pk])).status_code == 404
    assert stranger.post(reverse("desk-promise-withdraw", args=[other.code, promise.pk])).status_code == 404


def test_from_the_theme_to_the_outcome(enter, district, cycle, village):
    secretary = enter(district.secretaries[0])
    _choose_theme(secretary, village)
    for n in (1, 2):
        answer = secretary.post(reverse("desk-promise-write", args=[village.code]), typed(cycle, n), follow=True)
        assert "saved as a draft" in text_of(answer)
    answer = secretary.post(reverse("desk-propose", args=[village.code]), follow=True)
    assert "The level above reviews them now" in text_of(answer)
    first, second = promises_of(queries.commitment_of(cycle, village))
    _review(enter(district.town_secretary), village, {first: ("return", "写明盏数"), second: ("agree", "")})
    secretary = enter(district.secretaries[0])
    page = text_of(secretary.get(reverse("desk-commitment", args=[village.code])))
    assert "写明盏数" in page
    assert "Revise" in page
    mend = reverse("desk-promise-change", args=[village.code, first.pk])
    assert "写明盏数" in text_of(secretary.get(mend))
    secretary.post(mend, typed(cycle, 1, standard="十二盏夜间全亮", revision=1))
    secretary.post(reverse("desk-propose", args=[village.code]))
    _review(enter(district.town_secretary), village, {first: ("agree", "")})
    secretary = enter(district.secretaries[0])
    _report(secretary, village, first)
    answer = secretary.post(
        reverse("desk-outcome", args=[village.code, first.pk]),
        {"outcome": "fulfilled", "explanation": "十二盏全部修好"},
        follow=True,
    )
    assert "Your statement is published" in text_of(answer)
    public = text_of(secretary.get(reverse("public-promise", args=[village.code, first.pk])))
    assert "十二盏夜间全亮" in public
    assert "十二盏全部修好" in public
    assert "已修好三盏" in public


def _choose_theme(secretary, village):
    page = reverse("desk-theme", args=[village.code])
    assert "Theme of your sector" in text_of(secretary.get(page))
    answer = secretary.post(page, {"text": "点亮回家路", "main_work": "道路照明"}, follow=True)
    assert "点亮回家路" in text_of(answer)


def _review(reviewer, village, opinions):
    page = reverse("desk-review", args=[village.code])
    shown = text_of(reviewer.get(page))
    said = {"proposal": re.search(r'name="proposal" value="(\d+)"', shown)[1]}
    assert " checked" not in shown
    for promise, (word, opinion) in opinions.items():
        said |= {f"word_{promise.pk}": word, f"opinion_{promise.pk}": opinion}
    answer = reviewer.post(page, said)
    assert answer.status_code == 302, text_of(answer)


def _report(secretary, village, promise):
    page = reverse("desk-progress", args=[village.code, promise.pk])
    photo = SimpleUploadedFile("lamp.jpg", photo_bytes(), "image/jpeg")
    answer = secretary.post(page, {"text": "已修好三盏", "photo": photo}, follow=True)
    assert "The report is published" in text_of(answer)
    assert "corrects" in text_of(secretary.get(page))


def test_a_refused_promise_keeps_what_was_typed(enter, district, cycle, village):
    page = reverse("desk-promise-write", args=[village.code])
    secretary = enter(district.secretaries[0])
    yesterday = (clock.today() - timedelta(days=1)).isoformat()
    answer = text_of(secretary.post(page, typed(cycle, due_on=yesterday)))
    assert "has already passed" in answer
    assert "修好第1段路灯" in answer
    answer = text_of(secretary.post(page, typed(cycle, aim="")))
    assert "夜间全亮" in answer
    assert Promise.objects.count() == 0


def test_a_page_shows_a_promise_only_if_it_is_ours_and_about_something_else(enter, district, cycle, village):
    promise = promises_of(published_commitment(district, cycle, village, at=noon()))[0]
    page, secretary = reverse("desk-progress", args=[village.code, promise.pk]), enter(district.secretaries[0])
    own = reverse("public-promise", args=[village.code, promise.pk])
    lists = [
        "/",
        "http://testserver",
        "/promises/",
        f"/organisations/{village.code}/",
        own,
        f"http://testserver{own}#x",
    ]
    notice = "/notices/2026-1/"
    foreign = [
        "https://evil.example",
        "https://evil.example/",
        f"https://evil.example{notice}",
        f"//evil.example{notice}",
    ]
    for link in (*lists, *foreign, "http://[::1", "/words/HR9P-03J6-0DBC/"):
        answer = text_of(secretary.post(page, {"text": "已修好", "link": link}))
        assert "is no address of one of our own" in answer or "does not show it" in answer, link
    assert not ProgressReport.objects.exists()
    assert secretary.post(page, {"text": "已修好", "link": f"http://testserver{notice}?a=b"}).status_code == 302
    assert ProgressReport.objects.get().link == notice


def test_a_promise_form_sent_twice_is_one_promise(enter, district, cycle, village):
    page = reverse("desk-promise-write", args=[village.code])
    secretary = enter(district.secretaries[0])
    ticket = re.search(r'name="ticket" value="([^"]+)"', text_of(secretary.get(page)))[1]
    for _twice in range(2):
        assert secretary.post(page, typed(cycle, ticket=ticket)).status_code == 302
    assert Promise.objects.count() == 1


def test_proposing_twice_says_that_it_is_being_reviewed(enter, district, cycle, village):
    drafted_commitment(cycle, village, items=2, at=noon())
    secretary, page = enter(district.secretaries[0]), reverse("desk-propose", args=[village.code])
    secretary.post(page)
    assert "being reviewed" in text_of(secretary.post(page, follow=True))


def test_a_draft_is_withdrawn(enter, district, cycle, village):
    first = promises_of(drafted_commitment(cycle, village, items=2, at=noon()))[0]
    secretary = enter(district.secretaries[0])
    answer = secretary.post(reverse("desk-promise-withdraw", args=[village.code, first.pk]), follow=True)
    assert "It stays on record" in text_of(answer)
    assert first.what not in text_of(answer)


def test_a_review_without_an_opinion_names_the_place_and_keeps_the_rest(enter, district, cycle, village):
    first, second = promises_of(proposed_commitment(cycle, village, items=2, at=noon()))
    reviewer, page = enter(district.town_secretary), reverse("desk-review", args=[village.code])
    said = {"proposal": 1, f"word_{first.pk}": "return", f"word_{second.pk}": "return"}
    answer = reviewer.post(page, said | {f"opinion_{second.pk}": "太笼统"})
    assert "Write what should be changed" in text_of(answer)
    assert "太笼统" in text_of(answer)
    first.refresh_from_db()
    assert first.state == Promise.State.PROPOSED


def test_whoever_sent_a_promise_back_still_reads_what_was_said_to_it(enter, district, cycle, village):
    first, second = promises_of(proposed_commitment(cycle, village, items=2, at=noon()))
    reviewer, page = enter(district.town_secretary), reverse("desk-review", args=[village.code])
    assert "Sent back" not in text_of(reviewer.get(page))
    said = {
        "proposal": 1,
        f"word_{first.pk}": "return",
        f"opinion_{first.pk}": "请写清几盏灯",
        f"word_{second.pk}": "agree",
    }
    assert reviewer.post(page, said).status_code == 302
    shown = text_of(reviewer.get(page))
    assert "Nothing waits for your review here" not in shown
    sent_back, agreed = shown.split("Sent back, being revised")[1].split("Already agreed to")
    assert first.what in sent_back
    assert "请写清几盏灯" in sent_back
    assert second.what not in sent_back
    assert second.what in agreed


def test_whoever_proposed_as_a_clerk_reads_why_they_do_not_review_it(enter, district, cycle, village):
    commitment = proposed_commitment(cycle, village, items=2, at=noon())
    Commitment.objects.filter(pk=commitment.pk).update(proposed_by=district.town_secretary)
    page = text_of(enter(district.town_secretary).get(reverse("desk-review", args=[village.code])))
    assert "You proposed these promises yourself." in page
    assert "Nothing waits for your review here" not in page


def test_a_review_of_an_older_proposal_or_of_nothing_is_refused(enter, district, cycle, village):
    commitment = proposed_commitment(cycle, village, items=2, at=noon())
    reviewer, page = enter(district.town_secretary), reverse("desk-review", args=[village.code])
    said = {f"word_{row.pk}": "agree" for row in promises_of(commitment)}
    for proposal in ("0", "7", "x", ""):
        answer = reviewer.post(page, said | {"proposal": proposal})
        assert answer.status_code == 409
    assert reviewer.post(page, said | {"proposal": "1"}).status_code == 302
    assert reviewer.post(page, said | {"proposal": "1"}).status_code == 409
    assert "Nothing waits for your review here" in text_of(reviewer.get(page))
    assert reviewer.get(reverse("desk-review", args=[district.villages[1].code])).status_code == 404


def test_something_that_is_no_photo_is_said_and_the_words_are_kept(enter, district, cycle, village):
    promise = promises_of(published_commitment(district, cycle, village, at=noon()))[0]
    page = reverse("desk-progress", args=[village.code, promise.pk])
    upload = SimpleUploadedFile("lamp.jpg", b"not a photo", "image/jpeg")
    answer = text_of(enter(district.secretaries[0]).post(page, {"text": "已修好三盏", "photo": upload}))
    assert "not a photo" in answer
    assert "已修好三盏" in answer
    assert "choose it again" in answer
    assert ProgressReport.objects.count() == 0


def test_a_correction_stands_beside_the_old_report(enter, district, cycle, village):
    promise = promises_of(published_commitment(district, cycle, village, at=noon()))[0]
    page = reverse("desk-progress", args=[village.code, promise.pk])
    secretary = enter(district.secretaries[0])
    secretary.post(page, {"text": "已修好三盏"})
    old = ProgressReport.objects.get()
    secretary.post(page, {"text": "更正：两盏", "corrects": old.pk})
    shown = text_of(secretary.get(page))
    assert "已修好三盏" in shown
    assert "corrects the report of" in shown
    assert "Choose one of the answers" in text_of(secretary.post(page, {"text": "更正", "corrects": old.pk + 99}))


def test_the_desk_opens_on_what_is_due(enter, district, cycle, village):
    secretary = enter(district.secretaries[0])
    page = text_of(secretary.get(reverse("desk-home")))
    assert reverse("desk-theme", args=[village.code]) in page
    assert "Write and propose the promises (0 written)" in page
    proposed_commitment(cycle, village, items=2, at=noon())
    page = text_of(enter(district.town_secretary).get(reverse("desk-home")))
    assert "Review the promises of 1 unit" in page
    assert reverse("desk-promises") in page
    assert village.name in text_of(enter(district.leader).get(reverse("desk-promises")))


def test_without_a_cycle_the_desk_says_so(enter, district, village):
    drafted_cycle(district, at=noon())
    secretary = enter(district.secretaries[0])
    assert "No cycle is under way" in text_of(secretary.get(reverse("desk-promises")))
    assert secretary.get(reverse("desk-commitment", args=[village.code])).status_code == 409
    assert "Nothing to do right now" in text_of(secretary.get(reverse("desk-home")))


def test_the_desk_costs_the_same_for_few_and_many(enter, district, cycle, village, django_assert_num_queries):
    drafted_commitment(cycle, village, items=1, at=noon())
    secretary = enter(district.secretaries[0])
    with django_assert_num_queries(17):
        secretary.get(reverse("desk-commitment", args=[village.code]))
    drafted_commitment(cycle, village, items=2, at=noon())
    with django_assert_num_queries(17):
        secretary.get(reverse("desk-commitment", args=[village.code]))
    for other in district.villages[1:2]:
        proposed_commitment(cycle, other, items=2, at=noon())
    reviewer = enter(district.town_secretary)
    with django_assert_num_queries(8):
        reviewer.get(reverse("desk-promises"))
    for other in district.villages[2:]:
        proposed_commitment(cycle, other, items=2, at=noon())
    with django_assert_num_queries(8):
        reviewer.get(reverse("desk-promises"))

"""Attacks on what anybody may write: floods with and without puzzles, replays, forged origins, tricks in words, used tickets.

Each is made by requests, as an attacker would; what the room says of them is tried in `tests/rooms/remarks`.
"""

import base64
import json
import re
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from datetime import time as of_day
from http.client import HTTPConnection
from urllib.parse import urlencode, urlsplit

import altcha
import pytest
from django.core import signing
from django.test import Client
from django.urls import reverse
from tests.cast.awards import published_notice
from tests.cast.commitments import promises_of, published_commitment
from tests.cast.district import launched_cycle, small_district
from tests.cast.writing import filled, solved, ticket_in

from zhengyou.commitments import queries as commitments
from zhengyou.identity.models import Account
from zhengyou.notices import actions as notice_actions
from zhengyou.notices import queries as notices
from zhengyou.notices.models import Objection
from zhengyou.remarks import actions as remarks
from zhengyou.remarks.models import Remark, Valve
from zhengyou.web.shared import clock, puzzles

pytestmark = pytest.mark.django_db
OURS = {"HTTP_ORIGIN": "http://testserver", "HTTP_ACCEPT_LANGUAGE": "en"}


def noon(days_ago=0):
    return datetime.combine(clock.today() - timedelta(days=days_ago), of_day(4), tzinfo=UTC)


@pytest.fixture
def district():
    return small_district(at=noon(70))


@pytest.fixture
def cycle(district):
    return launched_cycle(district, at=noon(60))


@pytest.fixture
def promises(district, cycle):
    return promises_of(published_commitment(district, cycle, district.villages[0], at=noon(50)))


@pytest.fixture
def promise(promises):
    return promises[0]


@pytest.fixture
def notice(district, cycle):
    return published_notice(district, cycle, at=noon(1))


@pytest.fixture
def stranger():
    """A browser whose origin is looked at, as every visitor's is."""
    return Client(enforce_csrf_checks=True, headers={"accept-language": "en"})


@pytest.fixture
def office_client(district):
    client = Client(headers={"accept-language": "en"})
    client.force_login(Account.objects.get(person=district.office))
    return client


def address_of(subject):
    if hasattr(subject, "commitment"):
        return reverse("public-promise", args=[subject.commitment.organisation.code, subject.pk])
    return reverse("public-notice", args=[subject.year, subject.number])


def send(client, subject, headers=OURS, *, is_solved=True, **fields):
    given = filled(subject.reference, is_solved=is_solved, **({"mark": "off_course"} | fields))
    return client.post(address_of(subject), given, **headers)


def counted(promise):
    return commitments.progress_of([promise])[0].early_answers


def text_of(response):
    return " ".join(response.content.decode().split())


def test_a_flood_without_puzzles_counts_five_and_the_page_says_that_the_others_wait(stranger, promise):
    for _one in range(50):
        assert send(stranger, promise, is_solved=False).status_code == 302
    assert counted(promise) == 5
    page = text_of(stranger.get(address_of(promise)))
    assert "Many answers came in a short time and are being looked at: 45 are not counted yet." in page
    assert "5 answers before its day (anybody may answer; this is not a sample)" in page


def test_a_flood_with_solved_puzzles_counts_no_more_than_the_usual_number(stranger, promise):
    for _one in range(30):
        send(stranger, promise)
    assert counted(promise) == 20
    assert Remark.objects.count() == 30


def test_solved_answers_count_while_a_flood_of_unsolved_ones_goes_on(stranger, promise):
    for _one in range(20):
        send(stranger, promise, is_solved=False)
    answer = send(stranger, promise)
    assert "Your answer counts." in text_of(stranger.get(answer["Location"]))
    assert counted(promise) == 6


def test_a_flood_is_settled_by_one_press_and_its_numbers_stay_out_of_the_public(
    stranger, promise, cycle, office_client
):
    for n in range(12):
        send(stranger, promise, is_solved=False, words=f"第{n}句，给1381234567{n % 10}打")
    page = reverse("office-remarks", args=[cycle.pk])
    together = f"{reverse('office-remark-flood', args=[cycle.pk])}?about={promise.reference}"
    assert together.replace(":", "%3A") in text_of(office_client.get(page))
    assert Remark.objects.filter(why="flood", has_number=True).count() == 7
    assert len(re.findall("contains what looks like a phone or ID number", text_of(office_client.get(page)))) == 12
    led = office_client.post(together, {"deed": "program"})
    assert Remark.objects.filter(state="hidden").count() == 7
    assert "All that were waiting together are set aside." in text_of(office_client.get(led["Location"]))
    office_client.post(together, {"deed": "undo"})
    office_client.post(together, {"deed": "people"})
    assert counted(promise) == 12
    ids = list(Remark.objects.values_list("pk", flat=True))
    asked = text_of(office_client.post(page, {"deed": "show", "row": ids}))
    assert asked.count("may be shown") >= 12
    office_client.post(page, {"deed": "show", "row": ids, "is_read": "1"})
    assert not Remark.objects.filter(state="shown").exists()
    office_client.post(page, {"deed": "show", "row": ids, "is_read": "1", "named": ids[:1]})
    assert list(Remark.objects.filter(state="shown").values_list("pk", flat=True)) == ids[:1]


def test_a_flood_of_equal_words_is_one_answer(stranger, promise):
    for n in range(12):
        send(stranger, promise, words="路灯不亮" + "！" * n)
    assert (counted(promise), Remark.objects.get().times) == (1, 12)


@pytest.mark.django_db(transaction=True)
def test_a_hundred_senders_in_one_second_lose_nothing_and_count_no_more_than_the_usual_number(live_server, promise):
    """Real connections, twenty at a time, each with a form and a puzzle of its own."""
    host, address = urlsplit(live_server.url).netloc, address_of(promise)
    bodies = [urlencode(filled(promise.reference, mark="off_course", words=f"第{n}句")) for n in range(100)]
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Origin": live_server.url}

    def post(body):
        connection = HTTPConnection(host, timeout=60)
        connection.request("POST", address, body, headers)
        answer = connection.getresponse()
        answer.read()
        connection.close()
        return answer.status

    with ThreadPoolExecutor(20) as senders:
        assert set(senders.map(post, bodies)) == {302}
    assert Remark.objects.count() == 100
    assert Valve.objects.count() in {1, 2}
    assert 20 <= counted(promise) <= 40


def test_a_solution_that_was_used_does_not_solve_again(stranger, promise, cycle):
    cycle.rules["remarks"]["words_shown"] = "at_once"
    cycle.save()
    answer = solved(promise.reference)
    for words in ("第一句", "第二句"):
        send(stranger, promise, words=words, altcha=answer)
    assert list(Remark.objects.order_by("pk").values_list("state", flat=True)) == ["shown", "waiting"]


def test_a_solution_for_another_subject_solves_nothing(promises):
    one, other = promises[:2]
    answer = solved(one.reference)
    assert puzzles.solution_of(answer, one.reference)
    assert puzzles.solution_of(answer, other.reference) == ""


def test_a_puzzle_as_visitors_get_it_costs_a_hundred_thousand_hashes_at_least(settings, promise):
    settings.PUZZLE_TRIES = 500
    payload = json.loads(base64.b64decode(solved(promise.reference)))
    tries = payload["solution"]["counter"] * payload["challenge"]["parameters"]["cost"]
    assert 100_000 <= tries <= 200_000


def test_a_solution_expires(monkeypatch, promise):
    monkeypatch.setattr(puzzles, "GOOD_FOR", timedelta(seconds=-1))
    assert puzzles.solution_of(solved(promise.reference), promise.reference) == ""


def changed(answer, **changes):
    payload = json.loads(base64.b64decode(answer))
    payload["challenge"]["parameters"] |= changes
    return base64.b64encode(json.dumps(payload).encode()).decode()


@pytest.mark.parametrize("changes", [{"cost": 1}, {"keyPrefix": ""}, {"expiresAt": 2**40}, {"expiresAt": None}])
def test_a_puzzle_that_its_solver_made_easier_solves_nothing(promise, changes):
    about = promise.reference
    assert puzzles.solution_of(changed(solved(about), **changes), about) == ""


def test_a_puzzle_that_the_attacker_made_solves_nothing(promise):
    made = altcha.create_challenge(
        "SHA-256", 1, counter=1, data={"about": promise.reference}, expires_at=int(time.time()) + 900, hmac_secret="x"
    )
    answer = altcha.Payload(made, altcha.solve_challenge(made)).to_base64()
    assert puzzles.solution_of(answer, promise.reference) == ""


@pytest.mark.parametrize(
    "junk", ["x", "e30=", "bnVsbA==", "W10=", "A" * 3000, "¡", base64.b64encode(b"[" * 900).decode()]
)
def test_junk_for_a_solution_is_no_solution_and_no_error(stranger, promise, junk):
    assert puzzles.solution_of(junk, promise.reference) == ""
    assert send(stranger, promise, altcha=junk).status_code == 302


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "null", "http://testserver.evil.example", "https://testserver"]
)
def test_a_forged_origin_is_refused_with_a_sentence_and_the_words_stay(stranger, promise, origin):
    answer = send(stranger, promise, {"HTTP_ORIGIN": origin}, words="我写的话")
    assert answer.status_code == 403
    assert "This was sent from a page that is not ours" in text_of(answer)
    assert "我写的话" in text_of(answer)
    assert not Remark.objects.exists()


def test_a_request_that_says_not_whence_it_comes_is_refused_with_a_sentence(stranger, promise, notice):
    answer = send(stranger, promise, {}, words="我写的话")
    assert answer.status_code == 403
    assert "Your browser does not say from which page this was sent" in text_of(answer)
    assert "我写的话" in text_of(answer)
    assert send(stranger, notice, {}, nominee="whole", content="路未修通").status_code == 403
    assert not Remark.objects.exists()
    assert not Objection.objects.exists()


def test_a_browser_that_sends_the_page_instead_of_the_origin_is_believed(stranger, promise):
    ours = {"HTTP_REFERER": f"http://testserver{address_of(promise)}"}
    assert send(stranger, promise, ours).status_code == 302
    assert send(stranger, promise, {"HTTP_REFERER": "http://evil.example/"}).status_code == 403
    assert send(stranger, promise, {"HTTP_REFERER": "http://[evil"}).status_code == 403


def test_a_ticket_is_good_once_and_what_is_more_goes_back_with_a_fresh_one(stranger, promise):
    form = filled(promise.reference, mark="off_course", words="一句")
    places = {stranger.post(address_of(promise), form, **OURS)["Location"] for _time in range(3)}
    assert len(places) == 1
    for n in range(10):
        page = text_of(stranger.post(address_of(promise), form | {"words": f"另{n}句"}, **OURS))
        assert "This form has already been sent" in page
    assert Remark.objects.count() == 1
    assert "另9句" in page
    again = stranger.post(address_of(promise), form | {"words": "另9句", "ticket": ticket_in(page)}, **OURS)
    assert again.status_code == 302
    assert Remark.objects.count() == 2


def test_a_used_objection_form_goes_back_with_the_new_words_and_a_fresh_ticket(stranger, notice):
    form = filled(notice.reference, nominee="whole", content="路未修通", name="", contact="")
    stranger.post(address_of(notice), form, **OURS)
    page = text_of(stranger.post(address_of(notice), form | {"content": "桥也没有"}, **OURS))
    assert "send it once more" in page
    assert "桥也没有" in page
    stranger.post(address_of(notice), form | {"content": "桥也没有", "ticket": ticket_in(page)}, **OURS)
    assert Objection.objects.count() == 2


@pytest.mark.parametrize("ticket", ["", "x", "0" * 32, "of another subject", "old"])
def test_a_ticket_that_is_forged_old_or_of_another_page_is_not_taken_and_nothing_is_lost(stranger, promises, ticket):
    one, other = promises[:2]
    if ticket == "of another subject":
        ticket = filled(other.reference, is_solved=False)["ticket"]
    if ticket == "old":
        ticket = aged(filled(one.reference, is_solved=False)["ticket"], one.reference)
    answer = send(stranger, one, words="我写的话", ticket=ticket)
    page = text_of(answer)
    assert "Nothing is lost: please send it again." in page
    assert "我写的话" in page
    assert not Remark.objects.exists()
    assert send(stranger, one, words="我写的话", ticket=ticket_in(page)).status_code == 302


def aged(ticket, about):
    """The ticket as it was signed a day ago."""
    number = ticket.split(":")[0]
    signer = signing.TimestampSigner(salt=f"public-writing:{about}")
    signer.timestamp = lambda: signing.b62_encode(int(time.time()) - 24 * 3600)
    return signer.sign(number)


TRICKS = {
    "script": "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "right to left": "好\u202eevil\u202d\u2066",
    "zero width": "路\u200b灯\u2060不\ufeff亮",
    "close the isolation": "</bdi><b>大</b>\u2069",
}


@pytest.mark.parametrize("words", TRICKS.values(), ids=TRICKS)
def test_tricks_in_words_stay_words_inside_their_own_element(stranger, promise, district, words):
    send(stranger, promise, words=words)
    row = Remark.objects.get()
    remarks.show_remarks(remarks=[row], at=noon(), by=district.office)
    for page in (address_of(promise), reverse("public-own-words", args=[row.public_id])):
        text = stranger.get(page).content.decode()
        [shown] = re.findall(r'<div class="words">\s*<bdi>(.*?)</bdi>\s*</div>', text, re.DOTALL)
        assert "<" not in shown
        assert not re.search("[\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]", text)


def test_34_000_characters_are_refused_in_our_own_words(stranger, promise, notice):
    for subject, fields in (
        (promise, {"words": "长" * 34_000}),
        (notice, {"nominee": "whole", "content": "长" * 34_000}),
    ):
        page = text_of(send(stranger, subject, **fields))
        assert re.search(r"34000 characters\. Shorten (it|them) to (500|2000)", page)
        assert "长" * 34_000 in page
        assert "Ensure this value" not in page


@pytest.mark.parametrize(
    "words", ["\u200b\u200b", "\u2800", "a\x00b", b"\xff\xfe"], ids=["zero", "braille", "nul", "bytes"]
)
def test_what_cannot_be_seen_or_shown_is_refused_in_our_own_words(stranger, promise, words):
    form = urlencode(filled(promise.reference, mark="off_course", words=words))
    answer = stranger.post(address_of(promise), form, content_type="application/x-www-form-urlencoded", **OURS)
    assert answer.status_code == 200
    assert re.search("Nothing of your text can be seen|holds characters that cannot be shown", text_of(answer))
    assert not Remark.objects.exists()


def test_no_cache_between_hands_one_visitors_form_to_another(stranger, promise, notice):
    for subject in (promise, notice):
        first, second = (stranger.get(address_of(subject)) for _time in range(2))
        assert "private" in first["Cache-Control"]
        assert ticket_in(first.content.decode()) != ticket_in(second.content.decode())


def test_nobody_finds_anybodys_words_by_their_number(stranger, promise):
    send(stranger, promise, words="还没有人看过的话")
    row = Remark.objects.get()
    for page in (f"/words/{row.pk}/", f"/words/{row.pk}/report/", f"/words/{row.pk}/reported/", f"/words/{row.pk}.jpg"):
        assert stranger.get(page).status_code == 404
    for page in (address_of(promise), "/words/", "/", reverse("public-organisation", args=["001001001"])):
        assert "还没有人看过的话" not in text_of(stranger.get(page))


def test_a_flood_of_objections_arrives_whole_equal_ones_fold_and_the_clock_runs(stranger, notice):
    for n in range(30):
        content = f"第{n}件：路未修通" if n < 25 else "同一句话"
        sent = send(stranger, notice, is_solved=False, nominee="whole", content=content, name="", contact="")
        assert "With this code" in text_of(sent)
    rows = Objection.objects.order_by("number")
    assert [row.number for row in rows] == list(range(1, 27))
    assert (rows.last().times, rows.filter(is_from_flood=True).count()) == (5, 21)
    assert all(row.arrived_at <= clock.now() for row in rows)
    assert notices.open_objections(notice) == 26


def test_a_flood_of_objections_freezes_nobody_and_ends_with_one_press(stranger, notice, district, office_client):
    for n in range(30):
        send(stranger, notice, is_solved=False, nominee="whole", content=f"第{n}件：路未修通", name="", contact="")
    registered = Objection.objects.filter(is_from_flood=False)
    notice_actions.register_objections(objections=registered, at=clock.now(), by=district.office)
    for row in registered:
        row.refresh_from_db()
        row.state = "answered"
        row.save()
    assert notices.frozen_nominees(notice) == set()
    assert notices.open_objections(notice) == 25
    honest = text_of(send(stranger, notice, nominee="whole", content="桥没有修", name="", contact=""))
    assert "With this code" in honest
    assert notices.frozen_nominees(notice) != set()
    due = text_of(office_client.get("/desk/"))
    assert "Handle 1 objection" in due
    assert "Look at 25 objections that arrived together within minutes" in due
    together = reverse("office-docket-flood", args=[notice.year, notice.number])
    assert together in text_of(office_client.get(reverse("office-docket")))
    assert "第29件" not in text_of(office_client.get(together))  # twenty of them are enough to judge by
    office_client.post(together, {"deed": "program"})
    assert Objection.objects.filter(state="set_aside").count() == 25
    assert notices.open_objections(notice) == 1


def test_whoever_sent_an_equal_objection_finds_the_answer_by_a_code_of_their_own(stranger, notice):
    pages = [
        text_of(send(stranger, notice, nominee="whole", content=content, name="", contact=""))
        for content in ("路未修通", "路，未修通！")
    ]
    codes = {re.search(r"<strong>([0-9A-Z-]{14})</strong>", page)[1] for page in pages}
    assert len(codes) == 2
    assert {notices.objection_with_code(code).number for code in codes} == {1}

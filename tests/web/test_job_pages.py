"""Jobs on the pages of the office: seen and acted on by whom, letters asked for twice, taken once, and what is kept of their codes."""

import re
import stat
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateWorker
from tests.cast import booth as cast_booth
from tests.cast import district as cast
from tests.cast import polls as cast_polls
from tests.cast.jobs import run_jobs
from tests.cast.refusing import refused
from tests.living.evenings import found_in, rows_of_desk

from zhengyou import jobs
from zhengyou.ballots import queries as ballot_queries
from zhengyou.ballots.queries import code_digest
from zhengyou.base import job_files
from zhengyou.base.models import Job, JournalEntry
from zhengyou.counting import actions as counting
from zhengyou.counting import queries as records
from zhengyou.identity.models import Account
from zhengyou.organisations import actions as organisations
from zhengyou.organisations.models import Post
from zhengyou.polls import queries as poll_queries
from zhengyou.polls.models import Poll, VoterPool
from zhengyou.web.shared import clock

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def district():
    return cast.small_district(members_a_village=4)


@pytest.fixture
def opened(district) -> Poll:
    return cast_booth.opened_now(district, cast_booth.small_cycle(district), [district.members[:6]])


@pytest.fixture
def office(district) -> Client:
    return signed_in(district.office)


def signed_in(person, language: str = "en") -> Client:
    client = Client(HTTP_ACCEPT_LANGUAGE=language)
    client.force_login(Account.objects.get(person=person))
    return client


def page_of(poll: Poll) -> str:
    return reverse("office-poll", args=[poll.key])


def text_of(response) -> str:
    return response.content.decode()


def letters_page(poll: Poll) -> str:
    return reverse("office-poll-codes", args=[poll.key, "pool-1"])


def ask_for_letters(client: Client, poll: Poll, **changes: str) -> str:
    given = {"whom": "all", "people": "", "languages": "en"}
    return text_of(client.post(letters_page(poll), given | changes, follow=True))


def letters_job() -> Job:
    return Job.objects.filter(kind="letters").latest("pk")


def taken(client: Client, job: Job) -> str:
    response = client.post(reverse("office-job-take", args=[job.pk]))
    assert response.streaming, response.headers
    return response.getvalue().decode()


def codes_in(letters: str) -> list[str]:
    return re.findall(r'class="code">([0-9A-Z-]{14})<', letters)


def works(poll: Poll, code: str) -> bool:
    return ballot_queries.roll_entry_with_code(poll, code) is not None


def deed(client: Client, job: Job, name: str) -> str:
    return text_of(client.post(reverse(f"office-job-{name}", args=[job.pk]), follow=True))


def tied(person, district) -> None:
    """The person gets a post by which they have no part in polls over the town's villages."""
    day = clock.today() - timedelta(days=3)
    organisations.appoint(
        person=person,
        organisation=district.town,
        role=Post.Role.SECRETARY,
        title="",
        from_on=day,
        at=clock.now(),
        by=None,
    )


def test_a_job_is_shown_while_it_waits_and_the_page_asks_again_until_it_is_over(office, opened):
    page = ask_for_letters(office, opened)
    address = reverse("office-job", args=[letters_job().pk])
    assert f'hx-get="{address}?seen=waiting"' in page
    assert re.search(r"/htmx\.min(\.\w+)?\.js", page)
    assert 'role="status" aria-live="polite"' in page
    assert letters_page(opened) not in page
    fragment = text_of(office.get(address, {"seen": "waiting"}, headers=HTMX))
    assert "<html" not in fragment
    assert "hx-swap-oob" not in fragment
    Job.objects.update(state="running", steps_done=3, steps=6)
    fragment = text_of(office.get(address, {"seen": "waiting"}, headers=HTMX))
    assert "3 of 6 letters" in " ".join(fragment.split())
    assert "hx-swap-oob" in fragment
    Job.objects.update(state="waiting")
    run_jobs()
    over = office.get(address, {"seen": "running"}, headers=HTMX)
    assert over.headers["HX-Refresh"] == "true"
    assert office.get(address).headers["Location"].startswith(page_of(opened))
    page = text_of(office.get(page_of(opened)))
    assert "The letters are made." in page
    assert "hx-get" not in page


def test_letters_speak_the_voters_language_whatever_the_clerks_browser_speaks(district, opened):
    for clerk, languages, lang in (("en", "zh-hans", "zh-Hans"), ("zh-CN", "en", "en")):
        client = signed_in(district.office, clerk)
        ask_for_letters(client, opened, languages=languages)
        run_jobs()
        letters = taken(client, letters_job())
        assert f'<html lang="{lang}">' in letters
        assert ("Open until" in letters) == (lang == "en")
    ask_for_letters(client, opened, languages="zh-hans en")
    run_jobs()
    letters = taken(client, letters_job())
    assert '<html lang="zh-Hans">' in letters
    assert (letters.count("Open until"), len(codes_in(letters))) == (6, 6)


def test_the_houses_language_is_the_one_proposed_for_letters(office, opened, settings):
    settings.LANGUAGE_CODE = "zh-hans"
    assert '<option value="zh-hans" selected>' in text_of(office.get(letters_page(opened)))


def test_what_a_job_says_is_read_in_the_readers_language(district, office, opened):
    ask_for_letters(office, opened)
    run_jobs()
    chinese = text_of(signed_in(district.second_office, "zh-CN").get(page_of(opened)))
    assert "The letters are made." not in chinese
    assert in_language(letters_job(), "zh-hans") in chinese
    assert in_language(letters_job(), "en") in text_of(office.get(page_of(opened)))


def in_language(job: Job, code: str) -> str:
    return job.sentence[code]


def test_before_codes_die_a_page_says_how_many_and_proposes_to_name_people(office, opened, district):
    assert re.search('value="all"[^>]*checked', text_of(office.get(letters_page(opened))))
    ask_for_letters(office, opened)
    run_jobs()
    page = text_of(office.get(letters_page(opened)))
    assert "6 codes of this pool have been handed out and work." in " ".join(page.split())
    assert re.search('value="some"[^>]*checked', page)
    for wrong in ({"whom": "some"}, {"whom": ""}, {"whom": "some", "people": "none-such"}, {"people": "x"}):
        assert 'class="error"' in ask_for_letters(office, opened, **wrong)
    assert Job.objects.count() == 1


def test_a_new_letter_for_one_person_leaves_the_others_codes_alone(office, opened, district):
    ask_for_letters(office, opened)
    run_jobs()
    first = codes_in(taken(office, letters_job()))
    lost = district.members[0]
    ask_for_letters(office, opened, whom="some", people=lost.number)
    run_jobs()
    (code,) = codes_in(taken(office, letters_job()))
    assert ballot_queries.roll_entry_with_code(opened, code).person == lost
    assert sorted(works(opened, one) for one in first) == [False] + [True] * 5


def test_whoever_types_a_replaced_code_is_told_that_a_newer_one_was_made(office, opened, district):
    earlier, other = cast_booth.codes_for(opened, district.members[:2])
    ask_for_letters(office, opened, whom="some", people=district.members[0].number)
    run_jobs()
    assert ballot_queries.refusal_of(opened, earlier).reason == "code-replaced"
    assert ballot_queries.refusal_of(opened, "0000-0000-0000").reason == "unknown-code"
    page = text_of(Client(HTTP_ACCEPT_LANGUAGE="en").post(reverse("booth-entry", args=[opened.key]), {"code": earlier}))
    assert "A newer code was made for you" in page
    assert works(opened, other)


def test_letters_cannot_be_tried_again_by_one_press(office, opened):
    ask_for_letters(office, opened)
    assert "the codes that were handed out before work as ever" in deed(office, letters_job(), "stop")
    assert reverse("office-job-again", args=[letters_job().pk]) not in text_of(office.get(page_of(opened)))
    assert "Ask for it anew" in deed(office, letters_job(), "again")
    assert letters_job().state == "stopped"


def test_a_download_that_broke_off_costs_nothing_and_the_file_can_be_deleted_early(office, opened, district, settings):
    ask_for_letters(office, opened)
    run_jobs()
    job = letters_job()
    file, _name = job_files.take(job=job, at=clock.now(), by=district.office)
    assert len(file.read(400)) == 400
    file.close()  # the wireless network was gone
    page = text_of(office.get(page_of(opened)))
    assert "Download it again" in page
    codes = codes_in(taken(office, job))
    assert [works(opened, code) for code in codes] == [True] * 6
    assert "Only the person who asked" in deed(signed_in(district.second_office), job, "put-away")
    deed(office, job, "put-away")
    assert list(Path(settings.HANDED).iterdir()) == []
    assert "This file is gone" in deed(office, job, "take")


def test_a_taken_file_goes_an_hour_after_it_was_taken_or_when_newer_letters_are_made(
    office, opened, district, settings
):
    ask_for_letters(office, opened)
    run_jobs()
    job = letters_job()
    late = job.ended_at + timedelta(minutes=59)
    job_files.take(job=job, at=late, by=district.office)[0].close()
    jobs.forget(at=late + timedelta(minutes=59))
    assert job_files.place_of(job).exists()
    jobs.forget(at=late + timedelta(hours=1))
    assert not job_files.place_of(job).exists()
    for _time in range(2):
        ask_for_letters(office, opened)
        run_jobs()
        taken(office, letters_job())
    assert [path.name for path in Path(settings.HANDED).iterdir()] == [str(letters_job().pk)]


def test_without_a_worker_the_page_says_what_to_do(office, opened):
    assert "no worker is running" not in ask_for_letters(office, opened)
    Job.objects.update(asked_at=clock.now() - timedelta(minutes=2))
    assert "“zhengyou work”" in text_of(office.get(page_of(opened)))
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers DEFAULT VALUES")
    assert ProcrastinateWorker.objects.count() == 1
    assert "no worker is running" not in text_of(office.get(page_of(opened)))


def test_letters_are_taken_by_whoever_asked_and_lie_where_nobody_else_reads(office, district, opened, settings):
    ask_for_letters(office, opened)
    run_jobs()
    job = letters_job()
    place = job_files.place_of(job)
    assert stat.S_IMODE(place.stat().st_mode) == 0o600
    assert stat.S_IMODE(place.parent.stat().st_mode) == 0o700
    assert not place.is_relative_to(settings.FILES)
    second = signed_in(district.second_office)
    assert "Download the file" not in text_of(second.get(page_of(opened)))
    assert "Only the person who asked for this file may take it." in deed(second, job, "take")
    codes = codes_in(taken(office, job))
    assert [works(opened, code) for code in codes] == [True] * 6


def test_letters_lie_for_an_hour_and_not_longer(office, district, opened, settings):
    ask_for_letters(office, opened)
    run_jobs()
    job = letters_job()
    hour = job.ended_at + timedelta(hours=1)
    with refused("file.gone"):
        job_files.take(job=job, at=hour, by=district.office)
    jobs.forget(at=hour - timedelta(seconds=1))
    assert job_files.place_of(job).exists()
    jobs.forget(at=hour)
    assert list(Path(settings.HANDED).iterdir()) == []
    assert "Download the file" not in text_of(office.get(page_of(opened)))


def test_a_long_name_of_a_pool_makes_no_file_fail(office, opened):
    VoterPool.objects.update(name={"zh-hans": "组" * 120, "en": "p/" * 60})
    ask_for_letters(office, opened)
    run_jobs()
    assert letters_job().state == "done"
    assert len(codes_in(taken(office, letters_job()))) == 6


def test_letters_go_with_the_close(district, settings):
    over = cast_booth.over_now(district, cast_booth.small_cycle(district), [district.members[:6]])
    ask_for_letters(signed_in(district.office), over)
    run_jobs()
    assert job_files.place_of(letters_job()).exists()
    counting.ask_to_void(poll=over, reason="测试", at=clock.now(), by=district.office)
    counting.void_poll(poll=over, at=clock.now(), by=district.second_office)
    assert list(Path(settings.HANDED).iterdir()) == []


def test_letters_asked_for_twice_at_once_are_made_once(office, district, opened):
    ask_for_letters(office, opened)
    ask_for_letters(signed_in(district.second_office), opened)
    run_jobs()
    assert Job.objects.count() == 1
    assert JournalEntry.objects.filter(deed="ballots.hand_out_poll_codes").count() == 1
    assert Job.objects.get().by == district.office.reference


def test_nobody_makes_letters_worthless_that_were_not_taken_yet(office, district, opened):
    ask_for_letters(office, opened)
    run_jobs()
    for person in (district.office, district.second_office):
        assert "This was made already" in ask_for_letters(signed_in(person), opened)
    run_jobs()
    first = codes_in(taken(office, letters_job()))
    assert all(works(opened, code) for code in first)
    ask_for_letters(office, opened)
    run_jobs()
    second = codes_in(taken(office, letters_job()))
    assert [works(opened, code) for code in (*first, *second)] == [False] * 6 + [True] * 6


def test_the_earlier_codes_work_until_the_new_letters_lie_there_whole(office, district, opened, settings):
    (earlier,) = cast_booth.codes_for(opened, district.members[:1])
    ask_for_letters(office, opened)
    looks = []

    def stop_when_all_are_written() -> bool:
        looks.append(works(opened, earlier))
        if len(looks) == 1:
            jobs.stop(job=letters_job(), at=clock.now(), by=district.office)
        return False

    run_jobs(is_ending=stop_when_all_are_written)
    job = letters_job()
    assert (job.state, job.steps_done, job.file) == ("stopped", 6, "")
    assert (looks, works(opened, earlier)) == ([True], True)
    assert list(Path(settings.HANDED).iterdir()) == []
    ask_for_letters(office, opened)
    run_jobs()
    assert not works(opened, earlier)


def test_a_stopped_job_leaves_nothing_and_can_be_asked_for_anew(office, opened, settings):
    ask_for_letters(office, opened)
    deed(office, letters_job(), "stop")
    run_jobs()
    assert not Path(settings.HANDED).exists()
    ask_for_letters(office, opened)
    run_jobs()
    assert len(codes_in(taken(office, letters_job()))) == 6


def test_letters_of_a_poll_that_was_closed_meanwhile_are_refused_and_gone(office, district, settings):
    over = cast_booth.over_now(district, cast_booth.small_cycle(district), [district.members[:6]])
    ask_for_letters(office, over)
    Poll.objects.filter(pk=over.pk).update(state=Poll.State.VOIDED)
    run_jobs()
    assert (letters_job().state, "Codes belong to an open appraisal" in letters_job().sentence["en"]) == (
        "failed",
        True,
    )
    assert list(Path(settings.HANDED).iterdir()) == []


def test_a_letters_codes_stand_in_the_file_and_nowhere_in_the_database(office, opened):
    ask_for_letters(office, opened)
    run_jobs()
    codes = codes_in(taken(office, letters_job()))
    with connection.cursor() as cursor:
        for table in (
            "zhengyou_job",
            "procrastinate_jobs",
            "procrastinate_events",
            "zhengyou_journalentry",
        ):
            cursor.execute(f"SELECT string_agg(kept::text, ' ') FROM {table} AS kept")
            (kept,) = cursor.fetchone()
            assert not [code for code in codes if code in (kept or "")], table
    desk = rows_of_desk(opened)
    assert found_in(desk, [code_digest(opened, codes[0])])
    assert found_in(desk, [code.encode() for code in codes]) == []


def test_others_than_the_office_see_and_do_nothing_to_a_job(district, opened, office):
    ask_for_letters(office, opened)
    job = letters_job()
    addresses = [reverse(f"office-job{name}", args=[job.pk]) for name in ("", "-stop", "-again", "-take", "-put-away")]
    for client in (signed_in(district.leader), signed_in(district.secretaries[0])):
        assert [client.get(address, headers=HTMX).status_code for address in addresses] == [403] * 5
        assert [client.post(address).status_code for address in addresses] == [405, 403, 403, 403, 403]
    for address in addresses[1:]:
        assert Client().post(address).headers["Location"].startswith(reverse("sign-in"))
    job.refresh_from_db()
    assert (job.state, job.is_stop_asked) == ("waiting", False)
    assert office.get(reverse("office-job", args=[job.pk + 1])).status_code == 404
    assert office.post(addresses[0]).status_code == 405
    assert [office.get(address).status_code for address in addresses[1:]] == [302] * 4  # to the page with the button


def test_who_is_rated_may_look_but_not_stop_retry_or_ask(district, opened, office):
    ask_for_letters(office, opened)
    job = letters_job()
    tied(district.second_office, district)
    rated = signed_in(district.second_office)
    shown = text_of(rated.get(reverse("office-job", args=[job.pk]), {"seen": "waiting"}, headers=HTMX))
    assert "甲办公 asked for it" in shown
    assert reverse("office-job-stop", args=[job.pk]) not in shown
    for name in ("stop", "again"):
        assert "may do it: 甲办公" in deed(rated, job, name)
    job.refresh_from_db()
    assert (job.state, job.is_stop_asked) == ("waiting", False)


def test_a_close_that_has_begun_is_not_stopped(district):
    over = cast_booth.over_now(district, cast_booth.small_cycle(district), [district.members[:6]])
    counting.ask_to_close(poll=over, at=clock.now(), by=district.office)
    second = signed_in(district.second_office)
    second.post(reverse("office-poll-close", args=[over.key]))
    job = Job.objects.get()
    assert "Stop" in text_of(second.get(page_of(over)))
    Job.objects.update(state="running")
    assert reverse("office-job-stop", args=[job.pk]) not in text_of(second.get(page_of(over)))
    assert "It cannot be stopped any more" in deed(second, job, "stop")
    Job.objects.update(state="waiting")
    run_jobs()
    assert Poll.objects.get().state == Poll.State.CLOSED


def test_a_record_is_packed_once_with_the_same_bytes_for_everybody(district, opened):
    closed = cast_booth.closed_now(opened, district)
    address = reverse("public-record-zip", args=[closed.key])
    first = Client().get(address, headers={"Accept-Encoding": "gzip"})
    data = first.getvalue()
    assert "Content-Encoding" not in first.headers
    assert first.headers["ETag"].startswith(f'"{closed.record_fingerprint}')
    assert Client().get(address).getvalue() == data
    assert Client().get(address, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    packed = records.packed_record(closed)
    packed.unlink()
    counting.pack_record(poll=closed)
    assert packed.read_bytes() == data


def test_a_record_whose_close_was_cut_off_before_it_was_packed_is_packed_when_asked_for(client, district, opened):
    closed = cast_booth.closed_now(opened, district)
    records.packed_record(closed).unlink()
    address, record = (reverse(f"public-record{name}", args=[closed.key]) for name in ("-zip", ""))
    for _visitor in range(2):
        page = text_of(client.get(address, HTTP_ACCEPT_LANGUAGE="en", follow=True))
    assert "Packing the record:" in page
    assert "Stop" not in page
    packing = reverse("public-record-packing", args=[closed.key])
    assert f'hx-get="{packing}?seen=waiting"' in page
    assert client.get(packing, headers=HTMX).status_code == 200
    run_jobs()
    assert Job.objects.count() == 1
    assert client.get(packing, headers=HTMX).headers["HX-Refresh"] == "true"
    assert client.get(address).getvalue()[:2] == b"PK"
    assert "Packing the record:" not in text_of(client.get(record, HTTP_ACCEPT_LANGUAGE="en"))


@pytest.mark.parametrize("pools", [1, 2])
def test_the_page_of_a_poll_asks_as_much_for_the_letters_of_many_pools(
    office, district, pools, django_assert_num_queries
):
    groups = [district.members[n : n + 5] for n in (0, 5)][:pools]
    poll = cast_booth.opened_now(district, cast_booth.small_cycle(district), groups)
    second = signed_in(district.second_office)
    for pool in poll_queries.pools_of(poll):
        second.post(reverse("office-poll-codes", args=[poll.key, pool.slug]), {"whom": "all", "languages": "zh-hans"})
    Job.objects.update(asked_at=cast_polls.NOW)
    office.get(page_of(poll))
    with django_assert_num_queries(25):
        page = text_of(office.get(page_of(poll)))
    assert page.count("乙办公 asked for it") == pools

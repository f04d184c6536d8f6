"""A job from being asked for to its end: once, stopped, tried again, taken over; what is told of it and when it is forgotten."""

import logging
from datetime import timedelta

import pytest
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob
from tests.cast import district as cast
from tests.cast.at_once import at_once
from tests.cast.refusing import refused

from zhengyou.base import codes, job_runs, jobs
from zhengyou.base.models import Job
from zhengyou.base.refusals import Refused

NOW = cast.NOW
LATER = NOW + timedelta(minutes=2)


@pytest.fixture
def district():
    return cast.small_district()


def asked(district, **changes) -> Job:
    given = {"kind": "any", "about": district.town, "page": "/", "at": NOW, "by": district.office} | changes
    return jobs.ask(**given)


def run(job: Job, steps=3, at_step=None, is_ending=lambda: False) -> Job:
    """The real runner with a made-up piece of work, in which `at_step` is called at each step."""

    def act(_job, _at):
        for done in range(steps):
            if at_step:
                at_step(done)
            yield done + 1, steps
        return "All done."

    job_runs.run(job.pk, act, lambda: LATER, is_ending)
    job.refresh_from_db()
    return job


def state(job: Job) -> tuple[str, int, str]:
    return job.state, job.steps_done, job.sentence.get("en", "")


@pytest.mark.django_db
def test_a_job_is_asked_for_once_while_it_is_under_way_and_anew_when_it_is_over(district):
    first = asked(district)
    assert asked(district, by=district.second_office) == first
    assert asked(district, part="other") != first
    assert state(run(first)) == ("done", 3, "All done.")
    assert asked(district).pk > first.pk


@pytest.mark.django_db
def test_the_queue_knows_a_number_and_nothing_else(district):
    job = asked(district, given={"reason": "words that somebody wrote"})
    assert list(ProcrastinateJob.objects.values_list("args", flat=True)) == [{"number": job.pk}]


@pytest.mark.django_db(transaction=True)
def test_two_ask_at_once_and_it_is_one_job(district):
    asked_by = (district.office, district.second_office)
    outcomes = at_once(*[lambda one=one: asked(district, by=one) for one in asked_by])
    assert len({job.pk for job in outcomes}) == Job.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_do_a_job_once(district):
    job, worked = asked(district), []
    at_once(*[lambda: run(Job.objects.get(pk=job.pk), at_step=worked.append)] * 2)
    assert worked == [0, 1, 2]


@pytest.mark.django_db
def test_a_job_that_waits_is_stopped_at_once_and_not_run(district):
    job = jobs.stop(job=asked(district), at=LATER)
    assert (job.state, job.ended_at) == ("stopped", LATER)
    assert state(run(job)) == ("stopped", 0, "")


@pytest.mark.django_db
def test_a_job_that_runs_stops_before_its_next_step_and_ends_tidily(district):
    job, ended = asked(district), []

    def act(_job, _at):
        try:
            yield 1, 3
            jobs.stop(job=job, at=LATER)
            yield 2, 3
            ended.append("went on")
        finally:
            ended.append("tidied")

    job_runs.run(job.pk, act, lambda: LATER, lambda: False)
    job.refresh_from_db()
    assert (state(job), ended) == (("stopped", 2, ""), ["tidied"])


@pytest.mark.django_db
def test_a_refusal_is_the_jobs_sentence_and_it_can_be_tried_again(district):
    def refuse(_step):
        raise Refused("Not yet. Come back tomorrow.", reason="any.not-yet")

    job = run(asked(district), at_step=refuse)
    assert state(job) == ("failed", 0, "Not yet. Come back tomorrow.")
    again = jobs.ask_again(job=job, at=LATER)
    assert jobs.ask_again(job=job, at=LATER) == again
    assert state(run(again)) == ("done", 3, "All done.")


@pytest.mark.django_db
def test_an_error_is_told_by_a_number_and_logged_without_its_words(district, caplog, monkeypatch):
    code = codes.fresh()

    def fail(_step):
        raise ValueError(code)

    monkeypatch.setattr(logging.getLogger("django"), "propagate", True)
    job = run(asked(district), at_step=fail)
    assert job.state == "failed"
    assert f": {job.pk}." in job.sentence["en"]
    assert "ValueError" in caplog.text
    assert "test_jobs.py" in caplog.text
    assert code not in caplog.text + str(job.sentence)


@pytest.mark.django_db
def test_what_was_asked_for_anew_is_not_tried_again(district):
    old = jobs.stop(job=asked(district), at=LATER)
    asked(district)
    with refused("job.superseded"):
        jobs.ask_again(job=old, at=LATER)


@pytest.mark.django_db
def test_a_worker_that_ends_puts_its_job_back(district):
    ending = iter([False, True])
    job = run(asked(district), is_ending=lambda: next(ending))
    assert (job.state, job.ended_at) == ("waiting", None)
    assert ProcrastinateJob.objects.filter(args__number=job.pk).count() == 2
    assert state(run(job)) == ("done", 3, "All done.")


@pytest.mark.django_db
def test_what_a_dead_worker_left_running_is_taken_over(district):
    job = asked(district)
    Job.objects.update(state="running")
    assert job_runs.pick_up_left_behind(at=NOW) == 1
    job.refresh_from_db()
    assert job.state == "waiting"


@pytest.mark.django_db(transaction=True)
def test_what_a_living_worker_does_is_not_taken_over(district):
    picked_up = []
    job = asked(district)
    run(job, at_step=lambda _step: picked_up.extend(at_once(lambda: job_runs.pick_up_left_behind(at=LATER))))
    assert picked_up == [0, 0, 0]


@pytest.mark.django_db
def test_what_the_queue_has_lost_is_put_back_after_a_while(district):
    asked(district)
    assert job_runs.pick_up_left_behind(at=LATER) == 0
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")
    assert job_runs.pick_up_left_behind(at=NOW) == 0
    assert job_runs.pick_up_left_behind(at=LATER) == 1
    assert ProcrastinateJob.objects.count() == 1


@pytest.mark.django_db
def test_a_job_is_stranded_after_a_minute_without_a_worker(district):
    job = asked(district)
    assert jobs.stranded([job], NOW + timedelta(seconds=59)) == set()
    assert jobs.stranded([job], LATER) == {job.pk}
    assert jobs.stranded([run(job)], LATER) == set()


@pytest.mark.django_db
def test_jobs_are_forgotten_a_month_after_their_end_and_not_while_they_are_under_way(district):
    waiting = asked(district, part="waiting")
    run(asked(district))
    month = LATER + timedelta(days=30)
    assert jobs.forget_jobs(at=month - timedelta(seconds=1)) == 0
    assert jobs.forget_jobs(at=month) == 1
    assert list(Job.objects.all()) == [waiting]

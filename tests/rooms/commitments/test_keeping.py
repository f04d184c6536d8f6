"""Reports of progress, the organisation's statement, and what citizens say."""

import uuid
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from tests.cast.commitments import (
    drafted_commitment,
    photo_bytes,
    promise_text,
    promises_of,
    published_commitment,
    secretary_of,
)
from tests.cast.district import NOW, closed_cycle, launched_cycle, small_district
from tests.cast.refusing import refused
from tests.cast.writing import arrived

from zhengyou.base.files import store_photo
from zhengyou.base.journal import entries_about
from zhengyou.base.models import JournalEntry, StoredFile
from zhengyou.campaigns.models import StageWindow
from zhengyou.commitments import actions, queries
from zhengyou.commitments.models import CitizenAnswer, OutcomeStatement, ProgressReport
from zhengyou.commitments.spoken import spoken_answers
from zhengyou.remarks import actions as remarks

pytestmark = pytest.mark.django_db


@pytest.fixture
def district():
    return small_district()


@pytest.fixture
def cycle(district):
    return launched_cycle(district)


@pytest.fixture
def village(district):
    return district.villages[0]


@pytest.fixture
def promise(district, cycle, village):
    return promises_of(published_commitment(district, cycle, village))[0]


def _report(promise, **changes):
    by = secretary_of(promise.commitment.organisation)
    given = {"promise": promise, "text": "已修好三盏", "at": NOW, "by": by}
    return actions.report_progress(**(given | changes))


def _answer(promise, **changes):
    given = {"promise": promise, "mark": "on_course", "at": NOW, "arrival": arrived()}
    return actions.answer_promise(**(given | changes))


def test_reports_stand_in_order_with_photo_and_a_correction_is_a_new_report(promise, village):
    first = _report(promise, photo=photo_bytes())
    second = _report(promise, text="更正：已修好两盏", corrects=first, at=NOW + timedelta(days=1))
    rows = queries.reports_of(promise)
    assert [row.pk for row in rows] == [first.pk, second.pk]
    assert rows[0].photo.width == 640
    assert rows[1].corrects == rows[0]
    assert rows[0].text == "已修好三盏"
    (line,) = [line for line in queries.published_promises(village)[0].lines if line.promise == promise]
    assert (line.reports, line.last_reported_at) == (2, NOW + timedelta(days=1))


def test_a_correction_of_another_promise_is_refused(promise):
    other = promises_of(promise.commitment)[1]
    report = _report(promise)
    with refused("report.of-another-promise"):
        _report(other, corrects=report)


def test_a_report_sent_twice_is_one_report(promise):
    ticket = uuid.uuid4()
    one = _report(promise, ticket=ticket, photo=photo_bytes())
    assert _report(promise, ticket=ticket, photo=photo_bytes()).pk == one.pk
    assert _report(promise, ticket=ticket, text="又修好一盏", photo=photo_bytes()).pk != one.pk
    assert ProgressReport.objects.count() == 2
    assert StoredFile.objects.count() == 1
    assert (
        len([entry for entry in entries_about(promise.reference) if entry.deed == "commitments.report_progress"]) == 2
    )


@pytest.mark.parametrize(
    ("text", "slug"), [("", "text-missing"), ("   ", "text-missing"), ("长" * 1001, "text-too-long")]
)
def test_a_report_says_something_and_is_not_a_book(promise, text, slug):
    with refused(f"progressreport.{slug}"):
        _report(promise, text=text)


def test_nobodys_mobile_or_identity_number_is_made_public(promise, cycle, village):
    for deed, changes in (
        (_report, {"text": "找张三 138 0013 8000"}),
        (_state, {"explanation": "身份证110101199003078515"}),
    ):
        with refused("answer.tells-of-somebody"):
            deed(promise, **changes)
    by = secretary_of(village)
    for part in ("what", "standard", "for_whom", "evidence"):
        text = replace(promise_text(), **{part: "打13800138000"})
        with refused("answer.tells-of-somebody"):
            actions.publish_immediate_promise(
                cycle=cycle, organisation=village, text=text, given_on=NOW.date(), at=NOW, by=by
            )
    assert _report(promise, text="值班电话 0745-5551234").pk  # an office's may stand there


def test_something_that_is_no_photo_leaves_no_report(promise):
    with refused("photo.no-photo"):
        _report(promise, photo=b"%PDF-1.4 not a photo")
    assert ProgressReport.objects.count() == 0


def test_strangers_report_nothing(district, promise):
    with refused("role.not-secretary"):
        _report(promise, by=district.secretaries[1])


@pytest.fixture
def draft(district, cycle):
    return promises_of(drafted_commitment(cycle, district.villages[1]))[0]


def test_a_draft_has_no_reports(draft):
    with refused("promise.not-published"):
        _report(draft)


def test_a_draft_has_no_answers(draft):
    with refused("promise.not-published"):
        _answer(draft)


@pytest.fixture
def kept_in_april(cycle, promise):
    """The promise, in a cycle whose stage of keeping lies in April."""
    StageWindow.objects.filter(cycle=cycle, stage="fulfil").update(
        opens_on=date(2026, 4, 1), closes_on=date(2026, 4, 30)
    )
    return promise


@pytest.mark.parametrize(("days", "slug"), [(0, "stage.not-yet-open"), (60, "stage.closed")])
def test_reports_belong_to_the_stage_of_keeping(kept_in_april, days, slug):
    with refused(slug):
        _report(kept_in_april, at=NOW + timedelta(days=days))


def test_a_report_in_the_stage_of_keeping_is_taken(kept_in_april):
    assert _report(kept_in_april, at=NOW + timedelta(days=30)).promise == kept_in_april


def _state(promise, **changes):
    by = secretary_of(promise.commitment.organisation)
    given = {"promise": promise, "outcome": "partly", "explanation": "还差两盏", "at": NOW, "by": by}
    return actions.state_outcome(**(given | changes))


def test_the_newest_statement_counts_and_the_earlier_one_stays(promise):
    _state(promise)
    _state(promise, outcome="fulfilled", explanation="全部修好")
    assert queries.progress_of([promise])[0].outcome.outcome == OutcomeStatement.Outcome.FULFILLED
    assert [row.explanation for row in queries.outcomes_of(promise)] == ["全部修好", "还差两盏"]


@pytest.mark.parametrize(
    ("changes", "slug"),
    [
        ({"outcome": "great"}, "outcome.unknown"),
        ({"explanation": " "}, "outcomestatement.explanation-missing"),
        ({"explanation": "长" * 501}, "outcomestatement.explanation-too-long"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_statement_needs_an_outcome_and_an_explanation(promise, changes, slug):
    with refused(slug):
        _state(promise, **changes)


def test_a_statement_sent_twice_is_one_statement(promise):
    ticket = uuid.uuid4()
    assert _state(promise, ticket=ticket).pk == _state(promise, ticket=ticket).pk
    assert OutcomeStatement.objects.count() == 1


def test_a_statement_waits_for_the_keeping(kept_in_april):
    with refused("stage.not-yet-open"):
        _state(kept_in_april)


def test_a_statement_is_still_possible_after_the_keeping(kept_in_april):
    assert _state(kept_in_april, at=NOW + timedelta(days=90)).promise == kept_in_april


def test_no_statement_after_the_cycle_was_closed(district, cycle, promise):
    closed_cycle(district, cycle, at=NOW)
    with refused("cycle.closed"):
        _state(promise)


DUE = datetime(2026, 12, 31, 4, tzinfo=UTC)  # the day of the promises of the cast


def test_citizens_words_stand_beside_the_organisations_word(district, promise):
    _state(promise, outcome="fulfilled", explanation="全部修好")
    _answer(promise, mark="kept", at=DUE)
    spoken = _answer(promise, mark="not_kept", words="村口那盏还是不亮", photo=photo_bytes("black"), at=DUE)
    _answer(promise, mark="cannot_tell", at=DUE)
    line = queries.progress_of([promise])[0]
    assert (line.kept, line.not_kept, line.cannot_tell, line.answers) == (1, 1, 1, 3)
    assert line.outcome.outcome == "fulfilled"
    assert list(spoken_answers(promise)) == []
    remarks.show_remarks(remarks=[spoken.remark], at=DUE, by=district.office)
    assert list(spoken_answers(promise)) == [spoken]


def test_before_its_day_it_is_asked_how_it_looks_and_that_is_counted_apart(promise):
    _answer(promise)
    _answer(promise, mark="off_course")
    _answer(promise, mark="kept", at=DUE)
    line = queries.progress_of([promise])[0]
    assert (line.on_course, line.off_course, line.early_answers) == (1, 1, 2)
    assert (line.kept, line.answers) == (1, 1)


@pytest.mark.parametrize("mark", ["kept", "not_kept", "cannot_tell"])
def test_nobody_says_before_its_day_that_a_promise_was_kept(promise, mark):
    with refused("answer.not-yet-due") as caught:
        _answer(promise, mark=mark, at=DUE - timedelta(days=1))
    assert "not due for 1 day yet" in str(caught.value)
    assert not CitizenAnswer.objects.exists()


def test_who_was_asked_on_the_eve_may_answer_on_the_day_and_not_later(promise):
    _answer(promise, mark="off_course", at=DUE)
    with refused("answer.day-has-come"):
        _answer(promise, mark="on_course", at=DUE + timedelta(days=1))
    line = queries.progress_of([promise])[0]
    assert (line.off_course, line.on_course) == (1, 0)


def test_anybody_may_answer_again_but_one_form_sent_twice_is_one_answer(promise):
    form = arrived()
    one = _answer(promise, arrival=form)
    assert _answer(promise, arrival=form).pk == one.pk
    with refused("remark.form-used"):
        _answer(promise, arrival=form, mark="off_course")
    assert _answer(promise, mark="off_course").pk != one.pk
    assert CitizenAnswer.objects.count() == 2
    assert queries.progress_of([promise])[0].early_answers == 2


def test_equal_words_with_one_mark_are_one_answer(promise):
    first = _answer(promise, mark="off_course", words="路灯，不亮！")
    assert _answer(promise, mark="off_course", words=" 路灯不亮 ") == first
    assert _answer(promise, mark="on_course", words="路灯不亮") != first
    line = queries.progress_of([promise])[0]
    assert (line.off_course, line.on_course) == (1, 1)


def test_an_answer_keeps_the_day_only_and_the_journal_keeps_no_words(promise):
    answer = _answer(promise, words="很好")
    assert answer.remark.came_on == date(2026, 3, 10)
    entry = JournalEntry.objects.get(deed="commitments.answer_promise")
    assert entry.by == ""
    assert entry.payload == {"answer": answer.pk, "mark": "on_course"}


@pytest.mark.parametrize(
    ("changes", "slug"),
    [
        ({"mark": ""}, "answer.unknown-mark"),
        ({"mark": "very"}, "answer.unknown-mark"),
        ({"words": "长" * 501}, "answer.words-too-long"),
    ],
)
def test_an_answer_without_a_mark_or_with_too_many_words_is_refused(promise, changes, slug):
    with refused(slug):
        _answer(promise, **changes)


def test_a_line_break_counts_as_one_letter_as_it_does_in_the_browser(promise):
    assert _answer(promise, words="长\r\n" * 249 + "长长").remark.words == "长\n" * 249 + "长长"


def test_nobody_answers_after_the_cycle_was_closed(district, cycle, promise):
    closed_cycle(district, cycle, at=NOW)
    with refused("cycle.closed"):
        _answer(promise)


def test_the_mark_counts_while_its_words_wait_and_when_they_are_hidden(district, promise):
    rude = _answer(promise, mark="off_course", words="有人骂人", photo=photo_bytes("red"))
    assert queries.progress_of([promise])[0].off_course == 1
    assert not queries.is_public_photo(rude.remark.photo.digest)
    remarks.show_remarks(remarks=[rude.remark], at=NOW, by=district.office)
    assert queries.is_public_photo(rude.remark.photo.digest)
    remarks.hide_remarks(remarks=[rude.remark], reason="insult", at=NOW, by=district.office)
    assert not queries.is_public_photo(rude.remark.photo.digest)
    assert queries.progress_of([promise])[0].off_course == 1


def test_what_a_program_sent_does_not_count(district, promise):
    answer = _answer(promise, mark="off_course", words="刷的")
    remarks.hide_remarks(remarks=[answer.remark], reason="program", at=NOW, by=district.office)
    assert queries.progress_of([promise])[0].off_course == 0


def test_a_flood_waits_whole_and_is_counted_once_somebody_has_looked(district, promise):
    sent = [_answer(promise, mark="off_course") for _one in range(50)]
    line = queries.progress_of([promise])[0]
    assert (line.off_course, line.waiting) == (20, 30)
    remarks.show_remarks(remarks=[sent[-1].remark], at=NOW, by=district.office)
    remarks.hide_remarks(remarks=[sent[-2].remark], reason="program", at=NOW, by=district.office)
    line = queries.progress_of([promise])[0]
    assert (line.off_course, line.waiting) == (21, 28)


def test_only_photos_of_reports_and_answers_are_public(promise):
    loose = store_photo(photo_bytes("navy"), at=NOW)
    assert not queries.is_public_photo(loose.digest)
    _report(promise, photo=photo_bytes("navy"))
    assert queries.is_public_photo(loose.digest)

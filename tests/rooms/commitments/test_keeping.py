"""Reports of progress, the organisation's statement, and what citizens say."""

import uuid
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from tests.cast.commitments import drafted_commitment, photo_bytes, promises_of, published_commitment, secretary_of
from tests.cast.district import NOW, launched_cycle, small_district

from zhengyou.base.files import NotAPhoto
from zhengyou.base.journal import entries_about
from zhengyou.base.models import JournalEntry, StoredFile
from zhengyou.campaigns import actions as campaigns
from zhengyou.campaigns.models import StageWindow
from zhengyou.campaigns.rules import StageRefused
from zhengyou.commitments import actions, queries
from zhengyou.commitments.models import CitizenAnswer, OutcomeStatement, ProgressReport
from zhengyou.commitments.rules import ReportRefused
from zhengyou.identity.rules import RoleRefused

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
    return actions.answer_promise(**({"promise": promise, "verdict": "kept", "at": NOW} | changes))


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
    with pytest.raises(ReportRefused):
        _report(other, corrects=_report(promise))


def test_a_report_sent_twice_is_one_report(promise):
    key = uuid.uuid4()
    one = _report(promise, key=key, photo=photo_bytes())
    assert _report(promise, key=key, photo=photo_bytes()).pk == one.pk
    assert _report(promise, key=key, text="又修好一盏", photo=photo_bytes()).pk != one.pk
    assert ProgressReport.objects.count() == 2
    assert StoredFile.objects.count() == 1
    assert (
        len([entry for entry in entries_about(promise.reference) if entry.deed == "commitments.report_progress"]) == 2
    )


@pytest.mark.parametrize("text", ["", "   ", "长" * 1001])
def test_a_report_says_something_and_is_not_a_book(promise, text):
    with pytest.raises(ReportRefused):
        _report(promise, text=text)


def test_something_that_is_no_photo_leaves_no_report(promise):
    with pytest.raises(NotAPhoto):
        _report(promise, photo=b"%PDF-1.4 not a photo")
    assert ProgressReport.objects.count() == 0


def test_strangers_report_nothing_and_drafts_have_no_reports(district, cycle, promise):
    with pytest.raises(RoleRefused):
        _report(promise, by=district.secretaries[1])
    draft = promises_of(drafted_commitment(cycle, district.villages[1]))[0]
    with pytest.raises(ReportRefused):
        _report(draft)
    with pytest.raises(ReportRefused):
        _answer(draft)


def test_reports_belong_to_the_stage_of_keeping(district, cycle, promise):
    StageWindow.objects.filter(cycle=cycle, stage="fulfil").update(
        opens_on=date(2026, 4, 1), closes_on=date(2026, 4, 30)
    )
    for days in (0, 60):
        with pytest.raises(StageRefused):
            _report(promise, at=NOW + timedelta(days=days))
    _report(promise, at=NOW + timedelta(days=30))


def test_the_newest_statement_counts_and_the_earlier_one_stays(promise, village):
    by = secretary_of(village)
    actions.state_outcome(promise=promise, outcome="partly", explanation="还差两盏", at=NOW, by=by)
    actions.state_outcome(promise=promise, outcome="fulfilled", explanation="全部修好", at=NOW, by=by)
    line = queries.lines_of([promise])[0]
    assert line.outcome.outcome == OutcomeStatement.Outcome.FULFILLED
    assert [row.explanation for row in queries.outcomes_of(promise)] == ["全部修好", "还差两盏"]


@pytest.mark.parametrize(("outcome", "explanation"), [("great", "好"), ("fulfilled", " "), ("partly", "长" * 501)])
def test_a_statement_needs_an_outcome_and_an_explanation(promise, village, outcome, explanation):
    with pytest.raises(ReportRefused):
        actions.state_outcome(
            promise=promise, outcome=outcome, explanation=explanation, at=NOW, by=secretary_of(village)
        )


def test_a_statement_waits_for_the_keeping_and_is_still_possible_after_it(cycle, promise, village):
    StageWindow.objects.filter(cycle=cycle, stage="fulfil").update(
        opens_on=date(2026, 4, 1), closes_on=date(2026, 4, 30)
    )
    said = {"promise": promise, "outcome": "partly", "explanation": "还差两盏", "by": secretary_of(village)}
    with pytest.raises(StageRefused):
        actions.state_outcome(at=NOW, **said)
    actions.state_outcome(at=NOW + timedelta(days=90), **said)


def test_citizens_words_stand_beside_the_organisations_word(promise, village):
    actions.state_outcome(
        promise=promise, outcome="fulfilled", explanation="全部修好", at=NOW, by=secretary_of(village)
    )
    _answer(promise)
    _answer(promise, verdict="not_kept", words="村口那盏还是不亮", photo=photo_bytes("black"))
    _answer(promise, verdict="cannot_tell")
    line = queries.lines_of([promise])[0]
    assert (line.kept, line.not_kept, line.cannot_tell, line.answers) == (1, 1, 1, 3)
    assert line.outcome.outcome == "fulfilled"
    (spoken,) = queries.spoken_answers(promise)
    assert spoken.words == "村口那盏还是不亮"


def test_anybody_may_answer_again_but_one_form_sent_twice_is_one_answer(promise):
    key = uuid.uuid4()
    one = _answer(promise, key=key)
    assert _answer(promise, key=key).pk == one.pk
    assert _answer(promise, key=key, verdict="not_kept").pk != one.pk
    assert _answer(promise).pk != one.pk
    assert CitizenAnswer.objects.count() == 3
    assert queries.has_answer(promise, one.pk)
    assert not queries.has_answer(promises_of(promise.commitment)[1], one.pk)


def test_an_answer_keeps_the_day_only_and_the_journal_keeps_no_words(promise):
    answer = _answer(promise, words="很好")
    assert answer.answered_on == date(2026, 3, 10)
    entry = JournalEntry.objects.get(deed="commitments.answer_promise")
    assert entry.by == ""
    assert entry.payload == {"answer": answer.pk, "verdict": "kept"}


@pytest.mark.parametrize("changes", [{"verdict": ""}, {"verdict": "very"}, {"words": "长" * 501}])
def test_an_answer_without_a_mark_or_with_too_many_words_is_refused(promise, changes):
    with pytest.raises(ReportRefused):
        _answer(promise, **changes)


def test_nobody_answers_after_the_cycle_was_closed(district, cycle, promise):
    campaigns.close_cycle(cycle=cycle, at=NOW, by=district.office)
    with pytest.raises(StageRefused):
        _answer(promise)


def test_the_office_hides_words_for_a_reason_and_the_mark_still_counts(district, promise):
    answer = _answer(promise, verdict="not_kept", words="有人骂人", photo=photo_bytes("red"))
    digest = answer.photo.digest
    assert queries.is_public_photo(digest)
    with pytest.raises(RoleRefused):
        actions.hide_answer(answer=answer, reason="骂人", at=NOW, by=district.secretaries[0])
    for reason in (" ", "长" * 301):
        with pytest.raises(ReportRefused):
            actions.hide_answer(answer=answer, reason=reason, at=NOW, by=district.office)
    actions.hide_answer(answer=answer, reason="骂人", at=NOW, by=district.office)
    assert not queries.is_public_photo(digest)
    assert queries.lines_of([promise])[0].not_kept == 1
    (spoken,) = queries.spoken_answers(promise)
    assert (spoken.is_hidden, spoken.hidden_because) == (True, "骂人")
    with pytest.raises(ReportRefused):
        actions.hide_answer(answer=answer, reason="再藏", at=NOW, by=district.second_office)
    for _twice in range(2):
        actions.show_answer(answer=answer, at=NOW, by=district.office)
    assert queries.is_public_photo(digest)
    deeds = [entry.deed for entry in entries_about(answer.reference)]
    assert deeds == ["commitments.hide_answer", "commitments.show_answer"]


def test_only_photos_of_reports_and_answers_are_public(promise):
    from zhengyou.base.files import store_photo

    loose = store_photo(photo_bytes("navy"), at=NOW)
    assert not queries.is_public_photo(loose.digest)
    _report(promise, photo=photo_bytes("navy"))
    assert queries.is_public_photo(loose.digest)


def test_the_database_itself_wants_a_reason_for_what_is_hidden(promise):
    answer = _answer(promise)
    with pytest.raises(IntegrityError), transaction.atomic():
        CitizenAnswer.objects.filter(pk=answer.pk).update(hidden_at=NOW)

"""Promises given on the spot, remarks on a draft, and that a PDF as evidence is kept with its pages only."""

import io
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pikepdf
import pytest
from tests.cast.commitments import drafted_commitment, promise_text, promises_of, published_commitment, secretary_of
from tests.cast.district import NOW, launched_cycle, small_district
from tests.cast.refusing import refused

from zhengyou.base.files import path_of
from zhengyou.base.time import working_days_after
from zhengyou.commitments import actions, queries
from zhengyou.commitments.models import Commitment, DraftRemark, ProgressReport, Promise
from zhengyou.commitments.rules import Opinion, publish_by
from zhengyou.keeping import coverage
from zhengyou.keeping import queries as keeping
from zhengyou.organisations.readers import Reader

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


def given(cycle, village, **changes):
    facts = {"cycle": cycle, "organisation": village, "text": promise_text(), "given_on": NOW.date(), "at": NOW}
    return actions.publish_immediate_promise(**facts | {"by": secretary_of(village)} | changes)


def test_what_is_promised_and_not_told_the_end_of_is_not_promised_anew(district, cycle, village) -> None:
    row = given(cycle, village, ticket=UUID(int=1))
    again = replace(
        promise_text(), what=f" {promise_text().what[:4]} {promise_text().what[4:]}。", due_on=date(2026, 12, 1)
    )
    with refused("promise.said-already"):
        given(cycle, village, text=again)
    facts = {"cycle": cycle, "organisation": village, "at": NOW, "by": secretary_of(village)}
    with refused("promise.said-already"):
        actions.write_promise(text=again, **facts)
    assert given(cycle, village, ticket=UUID(int=1)).pk == row.pk
    assert given(cycle, district.villages[1], text=again)
    ended = {"outcome": "not_fulfilled", "explanation": "没有办成", "at": NOW, "by": secretary_of(village)}
    actions.state_outcome(promise=row, **ended)
    assert given(cycle, village, text=again).pk != row.pk


def test_it_is_public_at_once_and_reviewed_afterwards_by_another_person(district, cycle, village) -> None:
    ticket = UUID(int=3)
    row = given(cycle, village, ticket=ticket)
    assert given(cycle, village, ticket=ticket).pk == row.pk
    assert Commitment.objects.get(pk=row.commitment_id).kind == "immediate"
    assert [one.commitment.kind for one in queries.published_promises(village)] == ["immediate"]
    assert coverage.coverage(cycle)[1].state == ""  # its yearly promises are still to come
    reader = Reader.of(district.town_secretary, NOW.date(), "en")
    assert [due.kind for due in keeping.due_for(reader) if due.kind == "look_at_promises"] == ["look_at_promises"]
    with refused("role.not-above"):
        actions.look_at_promise(promise=row, opinion=Opinion(True), at=NOW, by=secretary_of(village))
    with refused("promisereview.opinion-missing"):
        actions.look_at_promise(promise=row, opinion=Opinion(False, " "), at=NOW, by=district.leader)
    actions.look_at_promise(promise=row, opinion=Opinion(False, "请写清哪几盏"), at=NOW, by=district.leader)
    with refused("review.no-longer-waiting"):
        actions.look_at_promise(promise=row, opinion=Opinion(True), at=NOW, by=district.leader)


@pytest.mark.parametrize(
    ("days_away", "looked_at"), [(2, NOW.date() + timedelta(2)), (60, working_days_after(NOW.date(), 10))]
)
def test_the_level_above_looks_within_ten_working_days_and_before_the_day_of_the_promise(
    district, cycle, village, days_away, looked_at
) -> None:
    given(cycle, village, text=replace(promise_text(), due_on=NOW.date() + timedelta(days_away)))
    reader = Reader.of(district.town_secretary, NOW.date(), "en")
    assert [due.due_on for due in keeping.due_for(reader) if due.kind == "look_at_promises"] == [looked_at]


def test_one_that_a_level_above_entered_is_reviewed_by_somebody_else(district, cycle, village) -> None:
    row = given(cycle, village, by=district.leader, as_clerk=True)
    with refused("review.own-proposal"):
        actions.look_at_promise(promise=row, opinion=Opinion(True), at=NOW, by=district.leader)


def test_it_is_published_by_the_end_of_the_next_working_day_over_a_weekend(cycle) -> None:
    assert publish_by(date(2026, 3, 13), cycle) == date(2026, 3, 16)


@pytest.mark.parametrize(
    ("changes", "slug"),
    [
        ({"given_on": NOW.date() + timedelta(days=1)}, "promise.given-ahead"),
        ({"given_on": date(2025, 12, 31)}, "promise.given-before-the-cycle"),
        ({"text": promise_text(due_on=date(2027, 1, 1))}, "promise.due-outside-the-cycle"),
    ],
)
def test_its_days_lie_in_the_cycle(cycle, village, changes, slug) -> None:
    with refused(slug):
        given(cycle, village, **changes)


def test_the_secretary_of_another_unit_gives_none(district, cycle, village) -> None:
    with refused("role.not-secretary"):
        given(cycle, village, by=district.secretaries[1])


def test_people_of_the_unit_remark_on_its_draft_until_it_is_published(district, cycle, village) -> None:
    commitment = drafted_commitment(cycle, village)
    member = next(one for one in district.members if one.organisation == village)
    stranger = next(one for one in district.members if one.organisation != village)
    say = {"commitment": commitment, "text": "灯再加两盏吧", "at": NOW, "ticket": UUID(int=5)}
    for _time in range(2):
        actions.remark_on_draft(by=member, **say)
    assert DraftRemark.objects.count() == 1
    with refused("draft.of-another-unit"):
        actions.remark_on_draft(by=stranger, **say)
    Commitment.objects.filter(pk=commitment.pk).update(state="published", published_at=NOW)
    with refused("draft.published"):
        actions.remark_on_draft(by=member, **say)


def test_a_pdf_is_kept_with_its_pages_only_and_a_link_is_one_of_ours(district, cycle, village) -> None:
    [promise, *_rest] = promises_of(published_commitment(district, cycle, village))
    report = {"promise": promise, "text": "验收单", "at": NOW, "by": secretary_of(village)}
    made, out = pikepdf.new(), io.BytesIO()
    made.add_blank_page(page_size=(200, 200))
    made.docinfo["/Author"] = "Zhang San"
    made.save(out)
    data = out.getvalue()
    row = actions.report_progress(paper=data, link=f"/organisations/{village.code}/", **report)
    kept = path_of(row.paper.digest).read_bytes()
    assert b"Zhang" in data
    assert b"Zhang" not in kept
    assert queries.is_public_paper(row.paper.digest)
    for link in ("/", "https://evil.example/", "//evil.example/", "/a b", "javascript:alert(1)", "/\\evil.example"):
        with refused("report.link-not-ours"):
            actions.report_progress(link=link, **report | {"text": "另一份"})
    assert ProgressReport.objects.count() == 1
    assert Promise.objects.get(pk=promise.pk).decision == ""

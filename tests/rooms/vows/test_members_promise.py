"""Members promise for themselves, in writing or aloud; who records, who reviews, who is exempt, and that it is forgotten."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from tests.cast.district import NOW, launched_cycle, small_district
from tests.cast.refusing import refused

from zhengyou.base.models import ErasableText, JournalEntry, PublicEntry
from zhengyou.organisations.models import Person
from zhengyou.organisations.readers import Reader
from zhengyou.pledges.queries import who_committed_in_public
from zhengyou.rhythm import actions as rhythm
from zhengyou.vows import actions, queries
from zhengyou.vows.models import Vow, VowItem, VowText

pytestmark = pytest.mark.django_db
LAMPS = VowText("每周帮两户老人买药", "门上贴的登记卡有签名", date(2026, 12, 1))


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
def member(district, village) -> Person:
    return next(one for one in district.members if one.organisation == village)


@pytest.fixture
def secretary(district) -> Person:
    return district.secretaries[0]


def handed_in(cycle, by, **changes):
    return actions.hand_in_vow(**{"cycle": cycle, "items": [LAMPS], "is_of_age": True, "at": NOW, "by": by} | changes)


def recorded(cycle, person, by, **changes):
    facts = {
        "cycle": cycle,
        "person": person,
        "items": [LAMPS],
        "read_back_on": NOW.date(),
        "is_of_age": True,
        "at": NOW,
    }
    return actions.record_vow(**facts | {"by": by} | changes)


def agreed(row, by):
    return actions.review_vow(vow=row, agrees=True, opinion="", at=NOW, by=by)


def kinds_due(person):
    return [due.kind for due in queries.due_for(Reader.of(person, NOW.date(), "en"))]


def test_it_is_due_handed_in_sent_back_mended_and_published(cycle, village, member, secretary) -> None:
    assert kinds_due(member) == ["write_vow"]
    ticket = UUID(int=9)
    row = handed_in(cycle, member, ticket=ticket)
    assert handed_in(cycle, member, ticket=ticket).pk == row.pk
    assert "review_vows" in kinds_due(secretary)
    with refused("vow.opinion-missing"):
        actions.review_vow(vow=row, agrees=False, opinion=" ", at=NOW, by=secretary)
    actions.review_vow(vow=row, agrees=False, opinion="请写清哪两户", at=NOW, by=secretary)
    assert kinds_due(member) == ["mend_vow"]
    agreed(handed_in(cycle, member), secretary)
    [of_cycle] = queries.published_by(village, NOW.date())
    assert [(line.person, line.items[0].what) for line in of_cycle.lines] == [(member, LAMPS.what)]
    assert [one.person for one in who_committed_in_public(cycle, village)] == [member]
    with refused("vow.published"):
        handed_in(cycle, member)
    with refused("review.no-longer-waiting"):
        agreed(row, secretary)


def test_nobody_reviews_their_own(cycle, secretary, district) -> None:
    row = handed_in(cycle, secretary)
    with refused("review.own-proposal"):
        agreed(row, secretary)
    assert "review_vows" in kinds_due(district.town_secretary)
    assert "review_vows" not in kinds_due(district.leader)  # the town is nearer
    assert agreed(row, district.town_secretary).state == "published"


def test_what_the_town_recorded_for_a_units_leader_waits_for_the_district(cycle, secretary, district) -> None:
    row = recorded(cycle, secretary, district.town_secretary)
    assert "review_vows" not in kinds_due(district.town_secretary)
    assert "review_vows" in kinds_due(district.leader)
    assert agreed(row, district.leader).state == "published"


def test_whoever_promised_is_never_the_recorder(cycle, member) -> None:
    with refused("promise.recorder-is-promisor"):
        recorded(cycle, member, member)
    assert not Vow.objects.exists()


def test_a_spoken_one_is_reviewed_by_another_than_its_recorder(cycle, member, secretary, district) -> None:
    row = recorded(cycle, member, secretary)
    assert (row.mode, row.recorder, row.read_back_on) == ("oral", secretary, NOW.date())
    with refused("review.own-record"):
        agreed(row, secretary)
    assert agreed(row, district.town_secretary).state == "published"


def test_a_stranger_records_nothing(cycle, member, district) -> None:
    stranger = next(one for one in district.members if one.organisation == district.villages[1])
    with refused("role.not-of-the-unit"):
        recorded(cycle, member, stranger)


def test_minors_and_residents_never_have_any(cycle, member) -> None:
    with refused("vow.minor"):
        handed_in(cycle, member, is_of_age=False)
    Person.objects.filter(pk=member.pk).update(membership="resident")
    member.refresh_from_db()
    with refused("vow.not-a-member"):
        handed_in(cycle, member)


@pytest.mark.parametrize(
    ("items", "slug"),
    [
        ([], "vow.too-few-or-many"),
        ([VowText("办事", " ", LAMPS.due_on)], "vowitem.standard-missing"),
        ([VowText("给张大爷打13800138000", "看得见", LAMPS.due_on)], "answer.tells-of-somebody"),
        ([VowText("办事", "看得见", date(2027, 1, 1))], "promise.due-outside-the-cycle"),
        ([VowText("办事", "看得见", date(2026, 1, 1))], "promise.due-outside-the-cycle"),
    ],
)
def test_what_is_promised_can_be_seen_and_lies_in_the_cycle(cycle, member, items, slug) -> None:
    with refused(slug):
        handed_in(cycle, member, items=items)


def test_somebody_is_exempt_with_a_reason_that_is_not_public(cycle, village, member, secretary) -> None:
    with refused("vow.own-exemption"):
        actions.exempt_member(cycle=cycle, person=secretary, reason="忙", at=NOW, by=secretary)
    with refused("vow.exempt-because-missing"):
        actions.exempt_member(cycle=cycle, person=member, reason=" ", at=NOW, by=secretary)
    actions.exempt_member(cycle=cycle, person=member, reason="重病住院", at=NOW, by=secretary)
    assert queries.published_by(village, NOW.date()) == []
    assert not PublicEntry.objects.filter(what__startswith="vows.").exists()


def test_a_year_after_the_cycle_it_is_gone_from_page_and_entries(cycle, village, member, secretary) -> None:
    row = agreed(handed_in(cycle, member), secretary)
    texts = ErasableText.objects.filter(entry__what="vows.publish_vow")
    rhythm.forget(at=datetime(2027, 12, 31, 4, tzinfo=UTC))
    assert (texts.count(), queries.published_by(village, NOW.date()) != []) == (2, True)
    for _time in range(2):
        rhythm.forget(at=datetime(2028, 1, 1, 4, tzinfo=UTC))
    row.refresh_from_db()
    assert (texts.count(), queries.published_by(village, NOW.date()), VowItem.objects.count()) == (0, [], 0)
    assert row.taken_off_at is not None


def test_nobody_below_or_elsewhere_records_for_those_above(cycle, member, district) -> None:
    below = [member, district.secretaries[0]]
    above = [district.leader, district.town_secretary]
    for by in below:
        for person in above:
            with refused("role.not-of-the-unit"):
                recorded(cycle, person, by)
    assert not Vow.objects.exists()
    assert recorded(cycle, member, district.leader).recorder == district.leader


def test_a_recording_never_takes_the_place_of_what_the_member_wrote(
    cycle, village, member, secretary, district
) -> None:
    other = next(one for one in district.members if one.organisation == village and one != member)
    row = handed_in(cycle, member)
    forged = VowText("每天送全村人早饭", "有目共睹", LAMPS.due_on)
    for by in (other, secretary, district.town_secretary):
        with refused("vow.own-words"):
            recorded(cycle, member, by, items=[forged])
    actions.review_vow(vow=row, agrees=False, opinion="请写清", at=NOW, by=secretary)
    with refused("vow.own-words"):
        recorded(cycle, member, other, items=[forged])
    actions.exempt_member(cycle=cycle, person=member, reason="住院", at=NOW, by=secretary)
    with refused("vow.own-words"):
        recorded(cycle, member, other, items=[forged])
    assert [one.what for one in queries.vow_of(cycle, member).items] == [LAMPS.what]


def test_what_one_recorded_another_does_not_record_over_while_it_waits(cycle, village, member, secretary) -> None:
    row = recorded(cycle, member, secretary)
    other = Person.objects.filter(organisation=village).exclude(pk__in=[member.pk, secretary.pk]).first()
    with refused("vow.recorded-by-another"):
        recorded(cycle, member, other, items=[VowText("别的", "看得见", LAMPS.due_on)])
    assert recorded(cycle, member, secretary, items=[VowText("改好的", "看得见", LAMPS.due_on)]).pk == row.pk
    handed_in(cycle, member)
    row.refresh_from_db()
    assert (row.mode, row.recorder) == ("written", None)


def test_whoever_is_exempt_keeps_what_they_wrote_and_is_told(cycle, member, secretary) -> None:
    handed_in(cycle, member)
    actions.exempt_member(cycle=cycle, person=member, reason="住院", at=NOW, by=secretary)
    kept = queries.vow_of(cycle, member)
    assert (kept.vow.state, [one.what for one in kept.items]) == ("exempt", [LAMPS.what])
    assert kinds_due(member) == ["look_at_exemption"]
    with refused("vow.is-exempt"):
        actions.answer_record(vow=kept.vow, is_so=False, at=NOW, by=member)
    actions.answer_record(vow=kept.vow, is_so=True, at=NOW, by=member)
    assert kinds_due(member) == []
    assert handed_in(cycle, member).state == "proposed"


def test_a_recording_ends_no_exemption_and_shows_its_writer_nothing_of_others(
    cycle, village, member, secretary, district
) -> None:
    other = Person.objects.filter(organisation=village).exclude(pk__in=[member.pk, secretary.pk]).first()
    row = recorded(cycle, member, other)
    assert queries.recorded_by(cycle, member, other).vow == row
    assert queries.recorded_by(cycle, member, secretary).vow is None
    actions.review_vow(vow=row, agrees=False, opinion="太空", at=NOW, by=secretary)
    assert queries.recorded_by(cycle, member, other) == queries.MemberVow(member, None)
    actions.exempt_member(cycle=cycle, person=member, reason="住院", at=NOW, by=secretary)
    for by in (other, secretary, district.town_secretary):
        assert queries.recorded_by(cycle, member, by).vow is None
        with refused("vow.no-record-over-an-exemption"):
            recorded(cycle, member, by, items=[VowText("每天扫一段路", "路干净", LAMPS.due_on)])
    row.refresh_from_db()
    assert (row.state, row.exempt_because) == ("exempt", "住院")


def test_whose_name_it_bears_says_whether_it_is_so(cycle, village, member, secretary, district) -> None:
    row = recorded(cycle, member, secretary)
    assert kinds_due(member) == ["look_at_record"]
    with refused("vow.of-somebody-else"):
        actions.answer_record(vow=row, is_so=True, at=NOW, by=secretary)
    actions.answer_record(vow=row, is_so=True, at=NOW, by=member)
    with refused("vow.nothing-to-answer"):
        actions.answer_record(vow=row, is_so=False, at=NOW, by=member)
    with refused("vow.nothing-to-answer"):
        actions.answer_record(vow=handed_in(cycle, secretary), is_so=True, at=NOW, by=secretary)
    assert agreed(row, district.town_secretary).state == "published"


def test_what_is_denied_leaves_the_page_even_after_it_was_published(
    cycle, village, member, secretary, district
) -> None:
    row = agreed(recorded(cycle, member, secretary), district.town_secretary)
    texts = ErasableText.objects.filter(entry__what="vows.publish_vow")
    assert (texts.count(), len(queries.published_by(village, NOW.date()))) == (2, 1)
    actions.answer_record(vow=row, is_so=False, at=NOW, by=member)
    row.refresh_from_db()
    assert (row.state, row.published_at, texts.count(), queries.published_by(village, NOW.date())) == (
        "returned",
        None,
        0,
        [],
    )
    assert list(who_committed_in_public(cycle, village)) == []


@pytest.mark.parametrize(
    ("day", "slug"),
    [(NOW.date() + timedelta(days=1), "vow.read-back-ahead"), (date(2001, 1, 1), "vow.read-back-before-the-cycle")],
)
def test_it_was_read_back_within_the_cycle(cycle, member, secretary, day, slug) -> None:
    with refused(slug):
        recorded(cycle, member, secretary, read_back_on=day)


def test_an_exemption_that_was_a_mistake_is_ended_by_whoever_leads_and_never_by_a_colleague(
    cycle, village, district, member, secretary
) -> None:
    row = actions.exempt_member(cycle=cycle, person=member, reason="住院", at=NOW, by=secretary)
    colleague = next(one for one in district.members if one.organisation == village and one != member)
    for by, slug in ((member, "vow.is-exempt"), (colleague, "role.not-leading")):
        with refused(slug):
            actions.end_exemption(vow=row, at=NOW, by=by)
    actions.end_exemption(vow=row, at=NOW, by=district.leader)
    assert queries.vow_of(cycle, member).vow is None
    assert kinds_due(member) == ["write_vow"]
    with refused("vow.is-not-exempt"):
        actions.end_exemption(vow=row, at=NOW, by=secretary)
    assert JournalEntry.objects.filter(
        deed="vows.end_exemption", subject=member.reference, by=district.leader.reference
    )
    handed_in(cycle, member)
    row = actions.exempt_member(cycle=cycle, person=member, reason="住院", at=NOW, by=secretary)
    actions.end_exemption(vow=row, at=NOW, by=secretary)
    kept = queries.vow_of(cycle, member)
    assert (kept.vow.state, kept.vow.exempt_because, len(kept.items)) == ("proposed", "", 1)

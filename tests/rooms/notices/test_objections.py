"""Objections: they count by arrival, are sent once, and are handled step by step from outside the nominee."""

from datetime import timedelta

import pytest
from tests.cast.awards import answered_objection, filed_objection, published_notice
from tests.cast.district import NOW, launched_cycle, small_district
from tests.cast.refusing import refused
from tests.cast.writing import arrived

from zhengyou.base import journal
from zhengyou.base.models import JournalEntry, PublicEntry
from zhengyou.notices import actions, queries
from zhengyou.notices.models import Objection
from zhengyou.notices.rules import check_is_outside
from zhengyou.organisations import actions as organisations
from zhengyou.organisations.models import Post
from zhengyou.organisations.readers import Reader

LATER = NOW + timedelta(hours=1)
TEXT = "所述的路并未修通。"


@pytest.fixture
def district(db):
    return small_district()


@pytest.fixture
def notice(district):
    return published_notice(district, launched_cycle(district))


def file(notice, *, nominee="", content=TEXT, name="", contact="", ticket="a" * 32, at=LATER, **changes):
    return actions.file_objection(
        notice=notice, nominee=nominee, content=content, name=name, contact=contact, ticket=ticket, at=at, **changes
    )


def test_an_objection_is_received_with_a_number_and_a_code(district, notice):
    first = file(notice, nominee=district.villages[0].reference, name="某居民", contact="0745-1111111")
    second = file(notice, ticket="b" * 32)
    assert (first.objection.number, second.objection.number) == (1, 2)
    assert first.objection.state == Objection.State.RECEIVED
    assert len(first.code.replace("-", "")) == 12
    assert first.code != second.code


def test_the_code_finds_it_forgivingly_and_is_not_stored(notice):
    filed = file(notice)
    assert queries.objection_with_code(filed.code.lower().replace("-", " ")) == filed.objection
    assert queries.objection_with_code("0000-0000-0000") is None
    stored = Objection.objects.values().get(pk=filed.objection.pk)
    entries = [str(entry.payload) for entry in JournalEntry.objects.all()]
    assert filed.code not in str(stored)
    assert not any(filed.code in entry for entry in entries)


def test_the_same_form_twice_is_one_objection_with_the_same_code(notice):
    first, again = file(notice), file(notice, at=LATER + timedelta(minutes=5))
    assert again.objection == first.objection
    assert again.code == first.code
    assert Objection.objects.count() == 1


def test_another_text_needs_another_form(notice):
    file(notice)
    with refused("objection.form-used"):
        file(notice, content="另一件事。")
    assert Objection.objects.count() == 1


def test_objections_count_by_arrival(notice):
    last = file(notice, at=notice.closes_at - timedelta(seconds=1))
    assert last.objection.number == 1
    with refused("objection.too-late") as caught:
        file(notice, ticket="b" * 32, at=notice.closes_at)
    assert "0745-0000000" in str(caught.value)


def test_the_office_enters_later_what_arrived_in_time(district, notice):
    late = notice.closes_at + timedelta(days=1)
    came = {"way": Objection.Way.LETTER, "by": district.office, "at": late}
    filed = file(notice, arrived_at=notice.closes_at - timedelta(hours=2), **came)
    assert filed.objection.arrived_at == notice.closes_at - timedelta(hours=2)


@pytest.mark.parametrize(
    ("hours", "slug"),
    [(0, "objection.too-late"), (25, "objection.impossible-arrival"), (-400, "objection.impossible-arrival")],
    ids=["after the end", "in the future", "before the notice"],
)
def test_the_office_enters_nothing_that_arrived_at_another_time(district, notice, hours, slug):
    late = notice.closes_at + timedelta(days=1)
    with refused(slug):
        file(notice, arrived_at=notice.closes_at + timedelta(hours=hours), at=late, way="letter", by=district.office)


def test_only_the_office_enters_what_came_by_letter(district, notice):
    with refused("role.not-office"):
        file(notice, way=Objection.Way.LETTER, by=district.leader)


@pytest.mark.parametrize(
    ("changes", "slug"),
    [
        ({"content": "  "}, "objection.content-missing"),
        ({"content": "长" * 2001}, "objection.content-too-long"),
        ({"nominee": "organisation:0"}, "objection.unknown-nominee"),
        ({"name": "名" * 81}, "objection.name-too-long"),
        ({"contact": "1" * 201}, "objection.contact-too-long"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_an_objection_must_contain(notice, changes, slug):
    with refused(slug):
        file(notice, **changes)
    assert not Objection.objects.exists()


def test_the_journal_names_no_objector(district, notice):
    filed = file(notice, name="某居民", contact="0745-1111111")
    entry = journal.entries_about(filed.objection.reference)[0]
    assert (entry.deed, entry.by, entry.payload) == ("notices.file_objection", "", {"way": "form"})


@pytest.fixture
def objection(district, notice):
    return filed_objection(notice, nominee=district.villages[0].reference, at=LATER)


@pytest.fixture
def take(district, objection):
    """Take one step of the docket with the objection, by its name."""
    steps = {
        "register": (actions.register_objection, {}),
        "check": (actions.record_check, {"checker": district.secretaries[3], "finding": "属实"}),
        "rule": (actions.rule_on_objection, {"is_upheld": True}),
        "answer": (actions.answer_objection, {"answer": "已核实。"}),
    }

    def step(name, **changes):
        action, given = steps[name]
        return action(objection=objection, at=LATER, by=district.office, **(given | changes))

    return step


def test_the_docket_goes_step_by_step(district, objection, take):
    assert take("register").state == Objection.State.REGISTERED
    checked = take("check")
    assert (checked.state, checked.checked_by, checked.finding) == ("checked", district.secretaries[3], "属实")
    assert take("rule").is_upheld is True
    answered = take("answer")
    assert (answered.state, answered.is_open, answered.is_upheld) == ("answered", False, True)
    deeds = [entry.deed for entry in journal.entries_about(objection.reference)]
    assert deeds == [
        f"notices.{verb}"
        for verb in ("file_objection", "register_objection", "record_check", "rule_on_objection", "answer_objection")
    ]


@pytest.mark.parametrize(
    ("taken", "step", "slug"),
    [
        ("", "check", "objection.not-registered"),
        ("", "rule", "objection.not-checked"),
        ("", "answer", "objection.not-ruled"),
        ("register", "register", "objection.already-registered"),
        ("register", "rule", "objection.not-checked"),
        ("register", "answer", "objection.not-ruled"),
        ("register check", "register", "objection.already-registered"),
        ("register check", "check", "objection.already-checked"),
        ("register check", "answer", "objection.not-ruled"),
        ("register check rule", "check", "objection.already-checked"),
        ("register check rule", "rule", "objection.already-ruled"),
        ("register check rule answer", "register", "objection.already-registered"),
        ("register check rule answer", "check", "objection.already-checked"),
        ("register check rule answer", "rule", "objection.already-ruled"),
        ("register check rule answer", "answer", "objection.already-answered"),
    ],
)
def test_no_step_is_left_out_or_taken_twice(objection, take, taken, step, slug):
    for earlier in taken.split():
        take(earlier)
    with refused(slug):
        take(step)
    assert len(journal.entries_about(objection.reference)) == 1 + len(taken.split())


@pytest.mark.parametrize(("finding", "slug"), [(" ", "finding-missing"), ("长" * 2001, "finding-too-long")])
def test_a_check_finds_something_out(take, finding, slug):
    take("register")
    with refused(f"objection.{slug}"):
        take("check", finding=finding)


@pytest.mark.parametrize(("answer", "slug"), [("", "answer-missing"), ("长" * 2001, "answer-too-long")])
def test_an_answer_says_something(take, answer, slug):
    for earlier in ("register", "check", "rule"):
        take(earlier)
    with refused(f"objection.{slug}"):
        take("answer", answer=answer)


def test_only_the_office_leads_the_docket(district, notice):
    with refused("role.not-office"):
        actions.register_objection(objection=filed_objection(notice, at=LATER), at=LATER, by=district.secretaries[3])


def test_who_comes_from_elsewhere_or_from_the_office_above_checks(district):
    for outsider in (district.secretaries[1], district.office):
        check_is_outside(outsider, [district.villages[0]], NOW.date())


@pytest.mark.parametrize("who", ["secretary", "member"])
def test_who_belongs_to_the_nominee_does_not_check(district, who):
    insider = {"secretary": district.secretaries[0], "member": district.members[0]}[who]
    with refused("objection.handler-from-nominee"):
        check_is_outside(insider, [district.villages[0]], NOW.date())


@pytest.mark.parametrize("who", ["town_secretary", "leader"])
def test_who_works_in_the_line_above_the_nominee_does_not_check(district, who):
    with refused("objection.handler-from-above"):
        check_is_outside(getattr(district, who), [district.villages[0]], NOW.date())


def test_who_is_below_the_nominee_belongs_to_it(district):
    with refused("objection.handler-from-nominee"):
        check_is_outside(district.secretaries[0], [district.town], NOW.date())


def test_the_office_itself_does_not_check_its_own_organisation(district):
    with refused("objection.handler-from-nominee"):
        check_is_outside(district.office, [district.root], NOW.date())


def test_a_post_in_the_nominee_counts_as_belonging_to_it(district):
    outsider, day = district.secretaries[3], NOW.date()
    organisations.appoint(
        person=outsider,
        organisation=district.villages[0],
        role=Post.Role.LEADER,
        title="",
        from_on=day,
        at=NOW,
        by=None,
        until_on=day + timedelta(days=10),
    )
    with refused("objection.handler-from-nominee"):
        check_is_outside(outsider, [district.villages[0]], day)
    check_is_outside(outsider, [district.villages[0]], day + timedelta(days=10))


def test_an_objection_to_the_whole_concerns_every_nominee(district, notice):
    objection = filed_objection(notice, at=LATER)
    step = {"objection": objection, "at": LATER, "by": district.office}
    actions.register_objection(**step)
    for insider in district.secretaries[:2]:
        with refused("objection.handler-from-nominee"):
            actions.record_check(checker=insider, finding="不属实", **step)
    assert actions.record_check(checker=district.secretaries[2], finding="不属实", **step).checked_by is not None


@pytest.fixture
def insider(district):
    """A member of the nominated village who works in the office."""
    organisations.appoint(
        person=district.secretaries[0],
        organisation=district.root,
        role=Post.Role.CAMPAIGN_OFFICE,
        title="",
        from_on=NOW.date(),
        at=NOW,
        by=None,
    )
    return district.secretaries[0]


def test_an_office_person_of_the_nominee_does_not_read_it(objection, insider):
    with refused("objection.handler-from-nominee"):
        queries.objection_for(objection.pk, reader=insider, on=NOW.date())


def test_an_office_person_of_the_nominee_does_not_handle_it(objection, insider):
    with refused("objection.handler-from-nominee"):
        actions.register_objection(objection=objection, at=LATER, by=insider)


def test_an_office_person_reads_objections_to_others(district, notice, insider):
    other = filed_objection(notice, nominee=district.villages[1].reference, at=LATER)
    assert queries.objection_for(other.pk, reader=insider, on=NOW.date()) == other
    assert queries.objection_for(0, reader=insider, on=NOW.date()) is None


def test_open_objections_freeze_and_upheld_ones_remove(district, notice):
    one, two = (village.reference for village in district.villages[:2])
    objection = filed_objection(notice, nominee=one, at=LATER)
    assert (queries.open_objections(notice), queries.frozen_nominees(notice)) == (1, {one})
    answered_objection(district, objection, is_upheld=True, at=LATER)
    assert (queries.open_objections(notice), queries.frozen_nominees(notice)) == (0, set())
    assert queries.removed_nominees(notice) == {one}
    whole = filed_objection(notice, at=LATER, ticket="b" * 32)
    assert queries.frozen_nominees(notice) == {one, two}
    answered_objection(district, whole, is_upheld=False, at=LATER)
    assert queries.removed_nominees(notice) == {one}


def test_the_docket_lists_open_ones_first(district, notice):
    answered = filed_objection(notice, at=LATER)
    answered_objection(district, answered, is_upheld=False, at=LATER)
    later = filed_objection(notice, at=LATER + timedelta(hours=2), ticket="b" * 32)
    earlier = filed_objection(notice, at=LATER + timedelta(hours=1), ticket="c" * 32)
    assert list(queries.docket()) == [earlier, later, answered]


@pytest.fixture
def flood(notice):
    """Seven objections without a puzzle within a minute: five usual ones, two that wait as a flood."""
    for n in range(7):
        arrival = arrived(is_solved=False)
        file(notice, content=f"第{n}件", ticket=arrival.ticket.hex, arrival=arrival)
    return list(queries.flood_to(notice))


def test_what_came_in_a_flood_freezes_nobody_until_somebody_looked(district, notice, flood):
    answer_all(district, Objection.objects.filter(is_from_flood=False))
    assert (len(flood), queries.frozen_nominees(notice), queries.open_objections(notice)) == (2, set(), 2)
    assert actions.register_flood(notice=notice, at=LATER, by=district.office) == 2
    assert queries.frozen_nominees(notice) == {row["reference"] for row in notice.nominees}
    with refused("objection.not-from-flood"):
        actions.set_aside_objections(objections=flood, at=LATER, by=district.office)


def answer_all(district, rows):
    given = {"at": LATER, "by": district.office}
    for row in rows:
        actions.register_objection(objection=row, **given)
        actions.record_check(objection=row, checker=district.secretaries[3], finding="属实", **given)
        actions.rule_on_objection(objection=row, is_upheld=False, **given)
        actions.answer_objection(objection=row, answer="已核实。", **given)


def test_only_what_came_in_a_flood_is_set_aside_and_it_is_put_back(district, notice, flood):
    given = {"at": LATER, "by": district.office}
    alone = Objection.objects.filter(is_from_flood=False).first()
    with refused("objection.not-from-flood"):
        actions.set_aside_objections(objections=[*flood, alone], **given)
    assert actions.set_aside_flood(notice=notice, **given) == 2
    assert queries.open_objections(notice) == 5
    assert PublicEntry.objects.filter(what="notices.set_aside_objections").count() == 1
    with refused("objection.not-from-flood"):
        actions.set_aside_flood(notice=notice, **given)
    with refused("objection.not-set-aside"):
        actions.put_back_objections(objections=[flood[0], alone], **given)
    assert actions.put_back_objections(objections=flood, **given) == 2
    assert len(queries.flood_to(notice)) == 2


def test_a_flood_is_settled_from_outside_its_nominees(district, notice, flood):
    for deed in (actions.set_aside_flood, actions.register_flood):
        with refused("role.not-office"):
            deed(notice=notice, at=LATER, by=district.secretaries[0])
    assert len(queries.flood_to(notice)) == 2


def test_an_honest_objection_that_equals_one_of_a_flood_counts_like_any(district, notice, flood):
    actions.set_aside_flood(notice=notice, at=LATER, by=district.office)
    arrival = arrived()
    filed = file(notice, content="第6件", ticket=arrival.ticket.hex, arrival=arrival)
    assert (filed.objection.state, filed.objection.is_from_flood, filed.objection.times) == ("received", False, 2)


def test_solved_objections_pass_through_a_flood_of_unsolved_ones(notice, flood):
    arrival = arrived()
    filed = file(notice, content="桥没有修", ticket=arrival.ticket.hex, arrival=arrival)
    assert not filed.objection.waits_for_a_look


def test_the_desk_of_the_office_says_what_is_due_in_the_docket(district, notice, flood):
    docket = queries.due_for(Reader.of(district.office, LATER.date(), "en"), [notice.subject])
    assert (docket.objections, docket.flood, docket.oldest_at, docket.first) == (5, 2, LATER, None)
    for person in (None, district.secretaries[0]):
        assert queries.due_for(Reader.of(person, LATER.date(), "en"), [notice.subject]).oldest_at is None

"""Every address of desk and office is visited: what answers with a page has its one paragraph of help, in both languages, and
one primary button at most. Every list can be taken away as a file.

A new address without help fails here, and so does one of which this house has no example: give it one in `examples`.
"""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from functools import partial
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse
from tests.cast import booth as cast_booth
from tests.cast import paper as cast_paper
from tests.cast.awards import drafted_selection, filed_objection, published_notice, selection_of
from tests.cast.cases import named_reader, outsiders
from tests.cast.commitments import drafted_commitment, promises_of, proposed_commitment, published_commitment
from tests.cast.district import drafted_cycle, small_district
from tests.cast.keys import give_keys
from tests.cast.leading import adopted, carriers_of, formed_group
from tests.cast.persons import committed
from tests.cast.plans import published_plan, wordings
from tests.cast.plans import remark as plan_remark
from tests.cast.polls import watched
from tests.cast.windows import FAIR, marked, opened
from tests.rooms.organisations.lists import xlsx
from tests.web.page_rules import what_is_wrong

from zhengyou.awards import actions as awards
from zhengyou.awards import queries as award_queries
from zhengyou.ballots import actions as ballots
from zhengyou.base import jobs
from zhengyou.campaigns import actions as campaigns
from zhengyou.campaigns.models import Cycle
from zhengyou.cases import actions as cases
from zhengyou.cases import setting_aside
from zhengyou.commitments import actions as commitments
from zhengyou.commitments.models import Commitment, Promise
from zhengyou.consultation import actions as consultation
from zhengyou.grades import actions as grades
from zhengyou.grades.rules import PersonGrade
from zhengyou.identity import actions as identity
from zhengyou.identity.models import Account
from zhengyou.keeping import actions as keeping
from zhengyou.leadership.queries import beside
from zhengyou.organisations import actions as organisations
from zhengyou.organisations.models import ImportDraft, Organisation, Person, Post
from zhengyou.plans import actions as plans
from zhengyou.pledges import actions as pledges
from zhengyou.pledges.queries import standing_in
from zhengyou.pledges.rules import Made
from zhengyou.polls import actions as polls
from zhengyou.polls import queries as poll_queries
from zhengyou.polls import rules
from zhengyou.remarks.models import Remark
from zhengyou.roster import actions as roster
from zhengyou.standings import actions as standings
from zhengyou.standings.rules import Published
from zhengyou.submissions import actions as submissions
from zhengyou.vows import actions as vows
from zhengyou.vows.models import VowText
from zhengyou.web.shared import clock
from zhengyou.web.shared.help_words import HELP
from zhengyou.windows.models import WindowFlag

pytestmark = pytest.mark.django_db(transaction=True)
DECISION = {"decision_number": "测发〔2026〕9号", "deciding_body": "测试区委", "reasons": "公示期满，研究决定。"}
# Files that scrutineers and issuers take, and how far a job is, as a fragment of its page.
NOT_PAGES = {
    "desk-guarded-photo",
    "desk-remark-photo",
    "office-case-photo",
    "desk-scrutiny-challenge",
    "desk-scrutiny-handover",
    "desk-scrutiny-passed",
    "desk-scrutiny-record",
    "desk-submission-photo",
    "office-issuer-request",
    "office-job",
    "office-pledge-photo",
    "office-remark-photo",
}


def noon(days_ago=0):
    return datetime.combine(clock.today() - timedelta(days=days_ago), time(4), tzinfo=UTC)


def addresses(patterns=None):
    """The names of all addresses of both faces, each with the names of its parts."""
    for one in patterns if patterns is not None else get_resolver().url_patterns:
        if not isinstance(one, URLPattern):
            yield from addresses(one.url_patterns)
        elif one.name and one.name.startswith(("desk-", "office-")) and one.name not in NOT_PAGES:
            yield one.name, {*one.pattern.converters, *one.pattern.regex.groupindex}


@pytest.fixture
def house():
    return small_district(at=noon(70))


@pytest.fixture
def cycle(house):
    cycle = drafted_cycle(house, at=noon(60))
    sheet = replace(cycle.ruleset, criteria=cycle.ruleset.criteria[:2])
    campaigns.set_rules(cycle=cycle, ruleset=sheet, at=noon(60), by=house.office)
    campaigns.launch_cycle(cycle=cycle, why="", at=noon(60), by=house.office)
    cycle.refresh_from_db()
    return cycle


@pytest.fixture
def examples(house, cycle):
    """A value for each part of an address, and, after a name, for that of this address alone."""
    now, office = clock.now(), house.office
    of_all = {
        "slug": "pool-1",
        "pack_id": "excellence-2010",
        "what": "organisations",
        "ending": "csv",
        "name": "register",
    }
    of_all |= {"cycle_id": cycle.pk, "campaign_id": cycle.campaign_id, "person_id": house.leader.pk, "keying": 1}
    group = formed_group(house, cycle.campaign, at=noon(50))
    point = adopted(house, cycle.campaign, house.leader, house.villages[3], at=noon(50))
    carrier, example = carriers_of(house, cycle, at=noon(50))
    of_all |= {"carrier_id": carrier.pk, "row_id": example.pk}
    of_all |= {"team_id": group.pk, "member_id": beside(group)[0].pk, "point_id": point.pk}
    of_all |= _windows(house)
    of_all |= (
        _promises(house, cycle)
        | _plans(house, cycle)
        | _polls(house, cycle)
        | _awards(house, cycle)
        | _grades(house, cycle)
        | _cases(house)
    )
    draft = organisations.draft_import(
        what=ImportDraft.What.ORGANISATIONS,
        data=xlsx(("表", [["组织名称", "组织代码"], ["某村党支部", "91"]])),
        file_name="名册.xlsx",
        at=now,
        by=office,
    )
    figure = Published(name="外区", mean=8.0, standard_error=1.5, count=None, source="公报")
    entered = standings.enter_outside_figure(cycle=cycle, figure=figure, at=now, by=office)
    return of_all | {
        "import_id": draft.pk,
        "figure_id": entered.pk,
        "pledge_id": standing_in(cycle).first().pk,
        "post_id": Post.objects.get(person=house.leader).pk,
    }


def _windows(house):
    """A window of another unit than that of the desk's examples, with something odd."""
    window = opened(house, at=noon(50))
    for _n in range(22):
        marked(window, FAIR, at=noon(3))
    return {"window_id": window.pk, "flag_id": WindowFlag.objects.get().pk}


def _promises(house, cycle):
    ours, below, writing = house.villages[:3]
    [promise, second, ended, *_rest] = promises_of(published_commitment(house, cycle, ours, at=noon(50)))
    proposed_commitment(cycle, below, at=noon(50))
    [draft, *_rest] = promises_of(drafted_commitment(cycle, writing, at=noon(50)))
    commitments.answer_promise(promise=promise, mark="on_course", words="快修好了", arrival=None, at=noon(2))
    Remark.objects.update(state=Remark.State.SHOWN)
    commitments.answer_promise(promise=second, mark="on_course", words="很多人一起写", arrival=None, at=noon(2))
    Remark.objects.exclude(subject=promise.reference).update(state=Remark.State.WAITING, why=Remark.Why.FLOOD)
    together = roster.change_many(
        people=house.members[-1:],
        kind="left",
        on=clock.today(),
        reason="调往外地",
        ticket=uuid4(),
        at=clock.now(),
        by=house.office,
    )
    commitments.state_outcome(
        promise=ended, outcome="not_fulfilled", explanation="没有修", at=noon(), by=house.secretaries[0]
    )
    keeping.decide(promise=ended, decision="nothing_shown", reason="没有凭据", at=noon(), by=house.leader)
    entry, objected = _entered(house, cycle, ours), _entered(house, cycle, ours)
    submissions.object_to(submission=objected, objection="原文不同", at=clock.now(), by=house.secretaries[0])
    return _endings(house, cycle) | {
        "desk-submission-enter what": "theme",
        "desk-submission-agree number": entry.pk,
        "desk-submission-object number": entry.pk,
        "desk-submission-settle number": objected.pk,
        "desk-promise-write code": writing.code,
        "desk-promise-answer promise_id": ended.pk,
        "desk-keeping-decide promise_id": ended.pk,
        "code": ours.code,
        "organisation_id": ours.pk,
        "office-person-change what": "correct",
        "office-organisation-change what": "correct",
        "change_id": 1,
        "together_key": together,
        "promise_id": promise.pk,
        "remark_id": Remark.objects.get(subject=promise.reference).pk,
        "office-remark-flood ?": f"?about={second.reference}",
        "desk-review code": below.code,
        "desk-promise-change code": writing.code,
        "desk-promise-change promise_id": draft.pk,
    }


def _entered(house, cycle, unit):
    """A theme that the office entered for the unit from paper."""
    theme = {"cycle": cycle, "organisation": unit, "text": "修好水渠", "main_work": "水利"}
    return submissions.enter_for_unit(
        organisation=unit,
        what="theme",
        text="修好水渠",
        came=submissions.HandedIn("paper", clock.today()),
        deed=partial(plans.choose_practice_theme, **theme, as_clerk=True),
        ticket=None,
        at=clock.now(),
        by=house.office,
    )


def _endings(house, cycle):
    """What waits about promises: a vow, a promise that an earlier cycle left unkept, and the wish to drop it."""
    ours, secretary = house.villages[0], house.secretaries[0]
    item = VowText("每周帮两户老人买药", "登记卡有签名", cycle.ends_on)
    vow = vows.hand_in_vow(cycle=cycle, items=[item], is_of_age=True, at=noon(50), by=house.members[1])
    days = {"starts_on": cycle.starts_on - timedelta(days=400), "ends_on": cycle.starts_on - timedelta(days=1)}
    given = {"rules": cycle.rules, "launched_at": noon(400), "closed_at": noon(61), **days}
    before = Cycle.objects.create(campaign=cycle.campaign, name="上一年度", **given)
    stood = {"state": "published", "begun_at": noon(300), "published_at": noon(300)}
    commitment = Commitment.objects.create(cycle=before, organisation=ours, **stood)
    texts = {"what": "修桥", "standard": "能过车", "for_whom": "村民", "due_on": before.ends_on, "evidence": "照片"}
    left = [
        Promise.objects.create(
            commitment=commitment, state="agreed", written_at=noon(300), written_by=secretary, **texts
        )
        for _n in range(2)
    ]
    wish = keeping.ask_to_drop(promise=left[0], cycle=cycle, reason="已经改道", at=noon(3), by=secretary)
    return {
        "desk-vow-review number": vow.pk,
        "desk-vow-answer number": vow.pk,
        "desk-vow-exemption-end number": vow.pk,
        "desk-vow-record person_id": house.members[0].pk,
        "desk-vow-exempt person_id": house.members[0].pk,
        "desk-keeping-dropping number": wish.pk,
        "desk-draft code": house.villages[2].code,
        "desk-promise-drop promise_id": left[1].pk,
    }


def _plans(house, cycle):
    """A plan that everybody reads, with a next version and an answer; and one that members read today."""
    ours, by = house.villages[0], house.secretaries[0]
    plan = published_plan(cycle, ours, at=noon(4))
    answered, unanswered = (
        plan_remark(wordings(plan)[1], words, by_office=house.office, at=noon()) for words in "甲乙"
    )
    given = {"outcome": "not_taken_up", "text": "不改。", "remark_ids": [answered.pk]}
    response = consultation.respond(plan=plan, **given, at=noon(), by=by)
    consultation.begin_version(plan=plan, at=noon(), by=by)
    first = published_plan(cycle, ours, at=noon(), text="只给党员看的草案。")
    return {
        "plan_id": plan.pk,
        "wording_id": wordings(plan)[1].pk,
        "response_id": response.pk,
        "fate_id": 1,
        "way": "down",
        "desk-plan-apart remark_id": unanswered.pk,
        "desk-plan-answer ?": f"?row={unanswered.pk}",
        "desk-plan-answer-apart ?": f"?row={answered.pk}",
        "desk-plan-read plan_id": first.pk,
        "desk-plan-say wording_id": wordings(first)[1].pk,
    }


def _polls(house, cycle):
    now, office = clock.now(), house.office
    planned = cast_booth.drafted_now(house, cycle, [house.members[6:]], units=2)
    choices = tuple(rules.Choice(name={"zh-hans": one, "en": one}) for one in "甲乙")
    asked = rules.Asked(kind="approval", text={"zh-hans": "办什么", "en": "What"}, method="approvals", choices=choices)
    polls.write_question(poll=planned, asked=asked, at=now, by=office)
    opened = cast_booth.opened_now(house, cycle, [house.members[:6]])
    watching = cast_paper.scrutineer(house, at=now)
    batch = cast_paper.settled(opened, house, watching, at=now).batch
    watched(planned, house, at=now)
    while_planned = ("poll-open", "poll-times", "poll-question", "poll-question-add", "poll-scrutineers", "issuer")
    return {
        "key": opened.key,
        "number": batch.pk,
        **{f"office-{name} key": planned.key for name in while_planned},
        "office-poll-question number": poll_queries.questions_of(planned)[0].row.pk,
        "desk-scrutiny key": planned.key,
        "desk-person-unit key": _over_persons(house, cycle).key,
        "office-roll-take-off number": poll_queries.entries_of(opened)[0].pk,
    }


def _over_persons(house, cycle):
    """A closed poll of one person in which nobody voted."""
    at = clock.now() - timedelta(hours=3)
    made = Made(clock.today() - timedelta(days=1), "党员大会")
    pledges.enter_public_commitments(cycle=cycle, people=house.members[:1], made=made, at=at, by=house.office)
    window = {"opens_at": at, "closes_at": at + timedelta(hours=2)}
    facts = {"cycle": cycle, "name": {"zh-hans": "党员测评", "en": "Of members"}, "organisations": [], **window}
    poll = polls.plan_poll(**facts, people=house.members[:1], at=at, by=house.office)
    polls.add_pool(poll=poll, name=facts["name"], people=house.members[:6], at=at, by=house.office)
    watched(poll, house, at=at)
    give_keys(poll)
    return cast_booth.closed_now(ballots.open_poll(poll=poll, at=at, by=house.office), house)


def _awards(house, cycle):
    old = published_notice(house, cycle, at=noon(50), title="旧")
    awards.record_commendation(selection=selection_of(old), at=noon(20), by=house.office, **DECISION)
    notice = published_notice(house, cycle, at=noon(1))
    objection = filed_objection(notice, at=clock.now(), ticket="0" * 32)
    flooded = filed_objection(notice, at=clock.now(), ticket="1" * 32)
    type(flooded).objects.filter(pk=flooded.pk).update(is_from_flood=True)
    over = selection_of(published_notice(house, cycle, at=noon(40), title="期满"))
    selection = drafted_selection(house, cycle, at=noon(1), title="先锋")
    return {
        "pk": selection.pk,
        "candidate_pk": award_queries.candidates(selection)[0].pk,
        "year": notice.year,
        "office-objection pk": objection.pk,
        "office-objection-enter number": notice.number,
        "office-docket-flood number": notice.number,
        "office-selection-commend pk": over.pk,
        **{f"office-selection-notice-{deed} pk": over.pk for deed in ("correct", "withdraw")},
        "office-selection-decision pk": selection_of(old).pk,
        "office-objection-turn pk": objection.pk,
        "office-cycle-rename cycle_id": cycle.pk,
        "document_id": 1,
        "office-honour-revoke pk": award_queries.honours_register().first().pk,
    }


def _grades(house, cycle):
    ours, member, secretary = house.villages[0], house.members[0], house.secretaries[0]
    committed(house, cycle, [member], at=noon(1))
    [decision] = grades.decide_grades(
        cycle=cycle,
        organisation=ours,
        decided_on=clock.today(),
        lines=[PersonGrade(member, "qualified")],
        at=clock.now(),
        by=secretary,
    )
    grades.confirm_read(decision=decision, at=clock.now(), by=member)
    grades.object_to_grade(decision=decision, text="请再核实", at=clock.now(), by=member)
    return {f"desk-grade-{page} number": decision.pk for page in ("read", "object", "correct", "tell", "answer")}


def _cases(house):
    """A report that waits, a case in hand, one that goes around its target and that a reader reads."""
    ours, words, now = house.villages[0], {"words": "等了三天", "contact": "", "source": "report"}, clock.now()

    def reported(kind):  # a unit may get today what came yesterday
        given = words | {"at": now - timedelta(days=kind != "misconduct")}
        return cases.receive_case(unit=ours, kind=kind, ticket=uuid4(), **given).case

    people = outsiders(house, at=now)
    reader, second = [named_reader(organisation=house.root, person=one, at=now, by=house.office) for one in people]
    waits, given, around = reported("delay"), reported("delay"), reported("misconduct")
    given = cases.assign_case(case=given, to=ours, target_text="请查窗口", at=now, by=house.office)
    told = cases.assign_case(case=reported("delay"), to=ours, target_text="请查窗口", at=now, by=house.office)
    cases.say_fixed(case=told, says="加开了窗口。", at=now, by=house.secretaries[0])
    said = {"why": "senseless", "words": "看不懂。", "at": now, "by": second.person}
    aside = setting_aside.ask_aside(cases=[reported("misconduct")], **said)[0]
    flood = reported("delay")
    type(flood).objects.filter(pk=flood.pk).update(is_from_flood=True)
    ours_aside = setting_aside.ask_aside(cases=[flood], **(said | {"by": house.second_office}))[0]
    examples = {f"office-case-{page} aside_id": ours_aside.pk for page in ("aside", "undo")}
    examples |= {"case_id": waits.pk, "reader_id": reader.pk, "office-case-act name": "assign", "aside_id": aside.pk}
    examples |= {
        "desk-case-act name": "fix",
        "desk-guarded-act name": "hand",
        "office-case-press name": "close",
        "office-case-hide case_id": told.pk,
        "office-case-hide number": 3,
    }
    for page in ("desk-case", "desk-case-act", "desk-case-take"):
        examples |= {f"{page} year": given.year, f"{page} number": given.number}
    return examples | {f"desk-guarded-{page} case_id": around.pk for page in ("case", "act", "photo", "sheet")}


def clients(house):
    """Who may enter: for each address one of these does."""
    people = [house.office, house.secretaries[0], house.secretaries[2], house.leader, house.members[0]]
    people += organisations.queries.people_by_number(["D0000", "D0001"]).values()  # who read what goes around
    watching = [person for person in organisations.queries.holders_of("scrutineer", clock.today())]
    for person in [*people, *watching]:
        if not Account.objects.filter(person=person).exists():
            identity.open_account(
                person=person, login=person.number, password="another-long-one", at=clock.now(), by=None
            )
        client = Client()
        client.force_login(Account.objects.get(person=person))
        yield client


def gives_file(client, address, answer, kind: str) -> bool:
    """Whether the list on this page offers itself as such a file, and the file comes."""
    file = client.get(address + ("&" if "?" in address else "?") + f"as={kind}")
    return f"as={kind}" in answer.content.decode() and f".{kind}" in file.get("Content-Disposition", "")


def test_every_page_of_desk_and_office_says_what_it_is(house, examples) -> None:
    entering, unseen, wrong, kept = list(clients(house)), [], {}, []
    for name, parts in addresses():
        address = reverse(name, kwargs={part: examples.get(f"{name} {part}", examples.get(part)) for part in parts})
        address += examples.get(f"{name} ?", "")
        for client in entering:
            answer = client.get(address)
            if answer.status_code < 400 or answer.status_code == 405:
                break
        is_page = answer.status_code == 200 and answer["Content-Type"].startswith("text/html")
        if answer.streaming:
            list(answer)  # to its end, so that its file is closed
        assert not (is_page and "object at 0x" in answer.content.decode()), address
        if is_page and (said := what_is_wrong(name, answer.content.decode())):
            wrong[address] = said
        if is_page and answer.context and (answer.context.get("list") or {}).get("rows"):
            kept += [(name, kind) for kind in ("csv", "xlsx") if not gives_file(client, address, answer, kind)]
        # A button's address that is visited leads on or says 405; a file is no page. Everything else must have been seen.
        if answer.status_code >= 400 and answer.status_code != 405:
            unseen.append((name, answer.status_code))
    assert wrong == {}, wrong
    assert not kept, kept
    assert not unseen, unseen


# Addresses of the office that name nothing of a unit: what all see, and lists of one's own.
OF_NOBODY = {
    "office-poll-plan",
    "office-home",
    "office-set-up",
    "office-packs",
    "office-campaign-create",
    "office-campaign-name",
}


def test_an_office_sees_and_touches_nothing_that_is_another_offices(house, examples) -> None:
    """Every address of the office, visited and sent to by the office of a bureau beside: a new address is covered by itself."""
    examples |= _rows_of(house, examples)
    client = Client()
    client.force_login(Account.objects.get(person=_clerk_of_a_bureau()))
    theirs = [*Person.objects.exclude(name="外局办公").values_list("name", flat=True)]
    theirs += [row.name for row in house.everywhere if row != house.root]
    let_in, told = [], []
    for name, parts in addresses():
        if not name.startswith("office-") or name in OF_NOBODY:
            continue
        address = reverse(name, kwargs={part: examples.get(f"{name} {part}", examples.get(part)) for part in parts})
        for answer in (client.get(address), client.post(address)):
            takes_nothing = answer.status_code == 405 and "POST" not in answer.headers["Allow"]  # from nobody
            if parts and answer.status_code != 403 and not takes_nothing:
                let_in.append((name, answer.status_code))
            text = b"".join(answer).decode(errors="replace")
            told += [(name, word) for word in theirs if word in text]
    assert not let_in, let_in
    assert not told, told


def _rows_of(house, examples):
    """Rows for what may only be sent to: a change of the roster, a job, an objection."""
    renamed = {"about": house.members[0], "name": "成员改名", "on": clock.today(), "reason": "改错字"}
    change = roster.give_name(**renamed, at=clock.now(), by=house.office)
    poll = poll_queries.poll_with_key(examples["key"])
    job = jobs.ask(kind="record", about=poll, page="/office/", at=clock.now(), by=house.office)
    jobs_named = {f"office-job-{act} number": job.pk for act in ("stop", "again", "take", "put-away")}
    return {"change_id": change.pk, "office-objection-step pk": examples["office-objection pk"], **jobs_named}


def _clerk_of_a_bureau():
    now = clock.now()
    kind = {"kind": "committee", "sector": "", "at": now, "by": None}
    top = Organisation.objects.get(parent=None)
    bureau = organisations.add_organisation(code="002", name="外局党委", parent=top, **kind)
    clerk = organisations.add_person(number="W1", name="外局办公", organisation=bureau, at=now, by=None)
    given = {"role": Post.Role.CAMPAIGN_OFFICE, "title": "", "from_on": clock.today(), "at": now, "by": None}
    organisations.appoint(person=clerk, organisation=bureau, **given)
    identity.open_account(person=clerk, login="W1", password="another-long-one", at=now, by=None)
    return clerk


def test_no_help_is_kept_for_a_page_that_is_gone() -> None:
    assert {name for name in HELP if name not in ("password", "account")} <= {name for name, _parts in addresses()}
    assert all(len(str(text)) > 60 for text in HELP.values())

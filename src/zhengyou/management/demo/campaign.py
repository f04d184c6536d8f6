"""The demo's campaign: one closed cycle with its poll, result, notice and honours, and one cycle under way."""

import random
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta

from zhengyou.awards import actions as awards
from zhengyou.ballots import actions as ballot_actions
from zhengyou.base.time import local_day
from zhengyou.campaigns import actions as campaigns
from zhengyou.campaigns.models import Campaign, Cycle
from zhengyou.campaigns.ruleset import Purpose
from zhengyou.commitments import actions as commitments
from zhengyou.commitments import queries as commitment_queries
from zhengyou.commitments import rules as commitment_rules
from zhengyou.commitments.models import Promise
from zhengyou.commitments.rules import Opinion
from zhengyou.counting import actions as counting_actions
from zhengyou.management.demo import voters, words
from zhengyou.management.demo.district import Cast
from zhengyou.organisations import queries as organisations
from zhengyou.organisations.models import Organisation, Person, Post
from zhengyou.plans import actions as plans
from zhengyou.polls import actions as poll_actions
from zhengyou.polls import queries as poll_queries
from zhengyou.polls.models import Poll
from zhengyou.polls.rules import PollRefused
from zhengyou.remarks import actions as remarks
from zhengyou.remarks import queries as remark_queries
from zhengyou.rhythm import actions as rhythm
from zhengyou.standings import queries as standing_queries

Say = Callable[[str], None]
Name = dict[str, str]
POOLS: list[tuple[Name, int, str]] = [
    ({"zh-hans": "党员和群众代表", "en": "Members and residents' representatives"}, 80, "members"),
    ({"zh-hans": "服务对象", "en": "Service users"}, 30, "public"),
    ({"zh-hans": "镇领导班子", "en": "Town leaders"}, 7, ""),
    ({"zh-hans": "特邀监督员", "en": "Invited supervisors"}, 4, ""),
]
WEIGHTS = {"members": 50, "public": 50}
TITLE = "先进基层党组织"


def begin_campaign(cast: Cast, now: datetime) -> Campaign:
    """The campaign over the whole district, from the pack, with its legal basis."""
    day = local_day(now)
    return campaigns.create_campaign(
        pack_id="excellence-2010",
        name="演示区创先争优活动",
        theme="推动科学发展、促进社会和谐、服务人民群众、加强基层组织",
        aim="组织创先进，党员争优秀，群众得实惠",
        organisation=cast.root,
        basis={
            "kind": "internal-annual-assessment",
            "body": "演示区委",
            "number": f"演发〔{day.year - 2}〕1号",
            "valid_from": day - timedelta(days=900),
            "valid_until": day + timedelta(days=900),
        },
        at=now - timedelta(days=620),
        by=cast.office,
    )


def launch(
    campaign: Campaign,
    name: str,
    first: date,
    last: date,
    windows: Mapping[str, tuple[date, date]],
    at: datetime,
    by: Person,
) -> Cycle:
    """A cycle with its stages, launched."""
    cycle = campaigns.add_cycle(campaign=campaign, name=name, starts_on=first, ends_on=last, at=at, by=by)
    campaigns.set_windows(cycle=cycle, windows=windows, at=at, by=by)
    weighed = tuple(replace(group, weight=WEIGHTS.get(group.id, 0)) for group in cycle.ruleset.rater_groups)
    campaigns.set_rules(cycle=cycle, ruleset=replace(cycle.ruleset, rater_groups=weighed), at=at, by=by)
    cycle.refresh_from_db()
    campaigns.launch_cycle(cycle=cycle, why="区委常委会审定", at=at, by=by)
    cycle.refresh_from_db()
    return cycle


def closed_cycle(campaign: Campaign, cast: Cast, now: datetime, say: Say) -> Cycle:
    """Last year's cycle: promises, a poll at mid-year, one at its end with pools of 4 (refused), 7, 30 and 80, their results,
    a notice, honours, the end.
    """
    first, last = local_day(now) - timedelta(days=605), local_day(now) - timedelta(days=241)
    everything = dict.fromkeys((purpose.value for purpose in Purpose), (first, last))
    started = now - timedelta(days=604)
    cycle = launch(campaign, "第一轮", first, last, everything, started, cast.office)
    villages = _branches(cast.root, "rural")[:12]
    promise_all(cycle, villages, started, random.Random(1), fulfilled=True)
    look_at_words(cycle, cast, now - timedelta(days=242))
    people = list(organisations.members_of(_branches(cast.root, "rural")))
    random.Random(80).shuffle(people)
    mid_year_poll(cycle, cast, villages, people[-60:], now - timedelta(days=480), say)
    opened = year_end_poll(cycle, cast, villages, people, now - timedelta(days=320), say)
    closed = count(opened, cast)
    say("a notice of candidates, five working days, a commendation")
    commend(cycle, cast, closed, opened.closes_at + timedelta(days=10))
    campaigns.close_cycle(cycle=cycle, at=now - timedelta(days=241), by=cast.office)
    return cycle


def mid_year_poll(
    cycle: Cycle, cast: Cast, villages: list[Organisation], people: list[Person], opens: datetime, say: Say
) -> None:
    """A poll with one pool, voted, closed, counted."""
    say("a poll at mid-year with one pool, voted, closed, counted")
    name = {"zh-hans": "农村党组织年中测评", "en": "Mid-year appraisal of village organisations"}
    poll = plan(cycle, cast, villages, name, opens)
    pool, _size, group = POOLS[0]
    poll_actions.add_pool(poll=poll, name=pool, people=people, rater_group=group, at=poll.opens_at, by=cast.office)
    count(open_and_vote(poll, cast, poll.opens_at, {60: 0.9}, spread=0.6, seed=2009, say=say), cast)


def year_end_poll(
    cycle: Cycle, cast: Cast, villages: list[Organisation], people: list[Person], opens: datetime, say: Say
) -> Poll:
    """A poll with pools of 80, 30 and 7, voted; the pool of 4 is refused."""
    say("a poll with three pools, voted, closed, counted")
    name = {"zh-hans": "农村党组织民主测评", "en": "Appraisal of village organisations"}
    poll = plan(cycle, cast, villages, name, opens)
    for pool, size, group in POOLS:
        chosen, people = people[:size], people[size:]
        try:
            poll_actions.add_pool(poll=poll, name=pool, people=chosen, rater_group=group, at=opens, by=cast.office)
        except PollRefused as refused:
            say(f"a pool of {size} was refused: {refused}")
    return open_and_vote(poll, cast, opens, {80: 0.95, 30: 0.9, 7: 0.86}, spread=0.75, seed=2010, say=say)


def count(opened: Poll, cast: Cast) -> Poll:
    """Closed by two people after its time, and its result computed."""
    after = opened.closes_at + timedelta(hours=1)
    counting_actions.ask_to_close(poll=opened, at=after, by=cast.office)
    closed = rhythm.close_and_count(poll=opened, at=after + timedelta(hours=1), by=cast.second_office)
    for person in cast.scrutineers:
        counting_actions.hand_over_openings(poll=closed, at=after + timedelta(hours=3), by=person)
        counting_actions.sign_recount(poll=closed, is_agreed=True, remark="", at=after + timedelta(hours=4), by=person)
    return closed


def commend(cycle: Cycle, cast: Cast, closed: Poll, at: datetime) -> None:
    """Candidates from the result, their notice, and after its clock has run out the commendation."""
    selection = awards.make_selection(cycle=cycle, title=TITLE, quota=3, at=at, by=cast.office)
    for organisation in _best(closed, 3):
        awards.add_candidate(
            selection=selection, organisation=organisation, deeds=words.deeds(organisation.name), at=at, by=cast.office
        )
    notice(selection, cast, at)
    awards.record_commendation(
        selection=selection,
        decision_number=f"演发〔{at.year}〕12号",
        deciding_body="演示区委",
        reasons="公示期满无异议，经区委常委会研究决定。",
        at=at + timedelta(days=21),
        by=cast.office,
    )


def notice(selection: object, cast: Cast, at: datetime) -> None:
    """Publish a selection's notice with a reachable receiving body."""
    awards.publish_candidates(
        selection=selection,  # type: ignore[arg-type]
        title="先进基层党组织拟表彰对象公示",
        route="各党（工）委推荐，民主测评，活动办审核，区委常委会研究",
        receiving_body="演示区活动办",
        phone="0000-0000000",
        mail="office@example.invalid",
        address="演示区政府大院一号楼",
        at=at,
        by=cast.office,
    )


def cycle_under_way(campaign: Campaign, cast: Cast, now: datetime, say: Say) -> Cycle:
    """This year's cycle: most branches have promised and report; one has something to mend; a poll is open; a notice runs."""
    day = local_day(now)
    first, last = day - timedelta(days=240), day + timedelta(days=120)
    windows = {
        Purpose.PROMISE.value: (first, day + timedelta(days=30)),
        Purpose.FULFIL.value: (first, last),
        Purpose.APPRAISE.value: (day - timedelta(days=20), day + timedelta(days=60)),
        Purpose.RECOGNISE.value: (day - timedelta(days=30), last),
    }
    started = now - timedelta(days=239)
    cycle = launch(campaign, "第二轮", first, last, windows, started, cast.office)
    branches = [row for row in organisations.subtree(cast.root) if row.kind == "branch"]
    dice = random.Random(2)
    promised = [row for row in branches if row.pk != cast.village.pk and dice.random() < 0.8]
    say(f"promises of {len(promised)} branches, with reports and citizens' words")
    promise_all(cycle, promised, started + timedelta(days=20), dice, fulfilled=False)
    look_at_words(cycle, cast, now)
    words_of_today(promised, now)
    _something_to_mend(cycle, cast, now)
    open_poll(cycle, cast, now, say)
    running_notice(cycle, cast, promised[:3], now)
    return cycle


def open_poll(cycle: Cycle, cast: Cast, now: datetime, say: Say) -> None:
    """A poll in which half of the voters have voted."""
    say("an open poll that you can vote in")
    communities = _branches(cast.root, "street-community")[:12]
    name = {"zh-hans": "社区党组织民主测评", "en": "Appraisal of community organisations"}
    poll = plan(cycle, cast, communities, name, now - timedelta(days=2))
    people = list(organisations.members_of(_branches(cast.root, "street-community")))
    random.Random(60).shuffle(people)
    for (name, _size, group), chosen in zip(POOLS, (people[:60], people[60:80]), strict=False):
        poll_actions.add_pool(poll=poll, name=name, people=chosen, rater_group=group, at=now, by=cast.office)
    open_and_vote(poll, cast, now - timedelta(days=1), {60: 0.5, 20: 0.5}, spread=0.6, seed=2011, say=say)


def running_notice(cycle: Cycle, cast: Cast, candidates: list[Organisation], now: datetime) -> None:
    """A selection with its candidates, whose notice was published yesterday."""
    selection = awards.make_selection(cycle=cycle, title=TITLE, quota=3, at=now, by=cast.office)
    for organisation in candidates:
        awards.add_candidate(
            selection=selection, organisation=organisation, deeds=words.deeds(organisation.name), at=now, by=cast.office
        )
    notice(selection, cast, now - timedelta(days=1))


def promise_all(
    cycle: Cycle, branches: list[Organisation], at: datetime, dice: random.Random, *, fulfilled: bool
) -> None:
    """Each branch chooses a theme, promises, is agreed to by the level above, and reports; citizens say what they saw."""
    for organisation in branches:
        secretary = _holder(Post.Role.SECRETARY, organisation)
        for promise in agreed_promises(cycle, organisation, secretary, at, dice):
            report_and_hear(promise, secretary, at, dice)
            if fulfilled:
                hear(promise, at + timedelta(days=362), dice)
                outcome, explanation = words.outcome(dice)
                commitments.state_outcome(
                    promise=promise, outcome=outcome, explanation=explanation, at=at + timedelta(days=300), by=secretary
                )


def agreed_promises(
    cycle: Cycle, organisation: Organisation, secretary: Person, at: datetime, dice: random.Random
) -> list[Promise]:
    """A theme and promises, agreed to by the level above three days later."""
    above = _holder(Post.Role.SECRETARY, organisation.parent or organisation)
    theme, main_work = words.theme(dice)
    plans.choose_practice_theme(
        cycle=cycle, organisation=organisation, text=theme, main_work=main_work, at=at, by=secretary
    )
    promises = [
        commitments.write_promise(cycle=cycle, organisation=organisation, text=text, at=at, by=secretary)
        for text in words.promises(dice, cycle)
    ]
    commitment = commitments.propose_promises(commitment=promises[0].commitment, at=at, by=secretary)
    opinions = {promise.pk: Opinion(agrees=True) for promise in promises}
    commitments.review_promises(commitment=commitment, opinions=opinions, at=at + timedelta(days=3), by=above)
    return promises


def report_and_hear(promise: Promise, secretary: Person, at: datetime, dice: random.Random) -> None:
    """Perhaps a report, and what some citizens say."""
    if dice.random() < 0.6:
        commitments.report_progress(
            promise=promise,
            text=words.report(dice),
            photo=words.photo(dice) if dice.random() < 0.15 else None,
            at=at + timedelta(days=dice.randint(30, 120)),
            by=secretary,
        )
    for _citizen in range(dice.choice([0, 0, 1, 3])):
        came_at = at + timedelta(days=dice.randint(60, 200))
        hear(promise, came_at, dice)


def hear(promise: Promise, at: datetime, dice: random.Random) -> None:
    """What one citizen says of a promise."""
    mark, sentence = words.citizen(dice, commitment_rules.is_due(promise, local_day(at)))
    commitments.answer_promise(promise=promise, mark=mark, words=sentence, arrival=None, at=at)


def look_at_words(cycle: Cycle, cast: Cast, at: datetime) -> None:
    """The office looks at all that citizens wrote: it hides what advertises, and shows the rest."""
    rows = [row for row in remark_queries.remarks_of(cycle) if row.is_waiting]
    adverts = [row for row in rows if row.words == words.ADVERTISEMENT]
    remarks.hide_remarks(remarks=adverts, reason="advertising", at=at, by=cast.office)
    remarks.show_remarks(remarks=[row for row in rows if row not in adverts], at=at, by=cast.office)


def words_of_today(units: list[Organisation], at: datetime) -> None:
    """What came today and waits for the office."""
    for unit, (mark, sentence) in zip(units, words.OF_TODAY, strict=False):
        [published, *_earlier] = commitment_queries.published_promises(unit)
        promise = published.lines[0].promise
        commitments.answer_promise(promise=promise, mark=mark, words=sentence, arrival=None, at=at)


def plan(cycle: Cycle, cast: Cast, units: list[Organisation], name: Name, opens: datetime) -> Poll:
    """A poll over these organisations, open for a week, with its scrutineers."""
    poll = poll_actions.plan_poll(
        cycle=cycle,
        name=name,
        organisations=units,
        opens_at=opens,
        closes_at=opens + timedelta(days=7),
        at=opens,
        by=cast.office,
    )
    for person in cast.scrutineers:
        poll_actions.register_scrutineer(poll=poll, person=person, at=opens, by=cast.office)
    return poll


def open_and_vote(
    poll: Poll, cast: Cast, at: datetime, turnout: dict[int, float], *, spread: float, seed: int, say: Say
) -> Poll:
    """Make the keys, open, and let that share of each pool (known by its size) vote."""
    while missing := ballot_actions.prepare_keys(poll=poll, count=8):
        say(f"keys: {missing} to make")
    opened = ballot_actions.open_poll(poll=poll, at=at, by=cast.office)
    opinions = voters.opinions_on(opened, seed, spread)
    for pool in poll_queries.pools_of(opened):
        people = poll_queries.people_on_roll(opened, pool)
        coming = people[: round(len(people) * turnout[len(people)])]
        voters.vote(opened, pool, coming, opinions, opened.opens_at + timedelta(days=1), cast.office)
        say(f"{len(coming)} of {len(people)} voted in a pool")
    return opened


def _something_to_mend(cycle: Cycle, cast: Cast, now: datetime) -> None:
    """The printed village secretary finds one promise sent back with an opinion."""
    at = now - timedelta(days=2)
    promises = [
        commitments.write_promise(cycle=cycle, organisation=cast.village, text=text, at=at, by=cast.village_secretary)
        for text in words.promises(random.Random(7), cycle)
    ]
    commitment = commitments.propose_promises(commitment=promises[0].commitment, at=at, by=cast.village_secretary)
    opinions = {promise.pk: Opinion(agrees=True) for promise in promises}
    opinions[promises[0].pk] = Opinion(agrees=False, words="请写清数量和完成标准，让群众能够对照检查。")
    commitments.review_promises(commitment=commitment, opinions=opinions, at=at, by=cast.town_secretary)


def _best(closed: Poll, count: int) -> list[Organisation]:
    """The organisations whose range of places begins first; which of them is named is the body's decision, not the score's."""
    result = standing_queries.figures_in_force(closed)
    standing = result.document.pools[0].standing if result else None
    ranked = [row for row in standing.units if row.compared] if standing else []
    ranked.sort(key=lambda row: (row.rank_low, row.rank_high, row.unit))
    known = organisations.organisations_by_code([row.unit for row in ranked[:count]])
    return list(known.values())


def _branches(root: Organisation, sector: str) -> list[Organisation]:
    return [row for row in organisations.subtree(root) if row.kind == "branch" and row.sector == sector]


def _holder(role: str, organisation: Organisation) -> Person:
    return Post.objects.select_related("person").filter(role=role, organisation=organisation).order_by("id")[0].person

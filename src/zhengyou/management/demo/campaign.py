"""The demo's campaign: one closed cycle with its poll, result, notice and honours, and one cycle under way."""

import random
from datetime import datetime, timedelta
from typing import Any

from zhengyou.base.time import local_day
from zhengyou.base.words import Names
from zhengyou.campaigns import actions as campaigns
from zhengyou.campaigns import queries as campaign_queries
from zhengyou.campaigns.models import Campaign, Cycle
from zhengyou.campaigns.ruleset import Purpose
from zhengyou.commitments import actions as commitments
from zhengyou.commitments import queries as commitment_queries
from zhengyou.commitments import rules as commitment_rules
from zhengyou.commitments.models import CitizenAnswer, Promise
from zhengyou.commitments.rules import Opinion
from zhengyou.management.demo import counters, district, endings, grading, leading, reports, shared, words
from zhengyou.management.demo import plans as public_plans
from zhengyou.management.demo.district import Cast
from zhengyou.management.demo.shared import Login, NoticeWords, Say, Steps, Story
from zhengyou.organisations import queries as organisations
from zhengyou.organisations.models import Organisation, Person, Post
from zhengyou.plans import actions as plans
from zhengyou.pledges.rules import Made
from zhengyou.polls import actions as poll_actions
from zhengyou.polls.models import Poll, SheetQuestion
from zhengyou.polls.rules import Asked, Choice, PollRefused
from zhengyou.remarks import actions as remarks
from zhengyou.remarks import queries as remark_queries

Kind, Method = SheetQuestion.Kind, SheetQuestion.Method
POOLS: list[tuple[Names, int, str]] = [
    ({"zh-hans": "党员和群众代表", "en": "Members and residents’ representatives"}, 60, "members"),
    ({"zh-hans": "服务对象", "en": "Service users"}, 60, "public"),
    ({"zh-hans": "特邀监督员", "en": "Invited supervisors"}, 4, ""),
]
# Twelve leaders are too few to count by themselves: the second table of weights joins them with their peers.
LEADERS, PEERS = 12, 28
LEADERS_AND_PEERS: Names = {"zh-hans": "党（工）委书记和社区书记", "en": "Secretaries of committees and communities"}
ALL_WEIGHTS = {"superiors": 30, "peers": 20, "members": 25, "public": 25}
WEIGHTS = {"members": 50, "public": 50}
PACK = "excellence-2010"
TITLE = "先进基层党组织"
DECIDED = "区委常委会审定"
NOTICE = NoticeWords(
    title="先进基层党组织拟表彰对象公示",
    route="各党（工）委推荐，民主测评，活动办审核，区委常委会研究",
    receiving_body="演示区活动办",
    address="演示区政府大院一号楼",
    deciding_body="演示区委",
    decision_number="演发〔{year}〕12号",
    reasons="公示期满无异议，经区委常委会研究决定。",
)


FIRST: Names = {"zh-hans": "第一轮", "en": "First round"}
SECOND: Names = {"zh-hans": "第二轮", "en": "Second round"}
TELLING = shared.Telling(
    name_en="Excellence campaign of the demo district",
    theme_en="Scientific growth, social harmony, service to the people, strong grassroots organisations",
    words=(
        "老百姓看我们，不看说了什么，看办成了什么。这次活动，请每个党组织公开承诺几件实事，写清标准和期限，"
        "到期请群众来评。\n评得怎么样、怎么算出来的，全部公开；算错了，谁都可以指出来。"
    ),
    speaker="演示区委书记",
    opinion="一、公开承诺。\n二、领导点评。\n三、群众评议，匿名投票。\n四、评选表彰，先公示五个工作日。",
    asked_of_you="党员：和支部一起承诺、兑现，测评时凭代码投一次票。群众：到承诺页说说看到的情况，不用登录。",
    documents=(
        ("关于在基层党组织和党员中开展创先争优活动的意见（虚构）", "演组发〔2025〕7号", "演示市委组织部"),
        ("关于做好基层党组织公开承诺工作的通知（虚构）", "演组发〔2025〕11号", "演示市委组织部"),
    ),
)


def begin_campaign(cast: Cast, now: datetime) -> Campaign:
    """The campaign over the whole district, from the pack, with its legal basis."""
    day = local_day(now)
    campaign = campaigns.create_campaign(
        pack_id=PACK,
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
    return shared.tell(campaign, TELLING, now - timedelta(days=619), cast.office)


def closed_cycle(campaign: Campaign, cast: Cast, now: datetime, say: Say) -> Cycle:
    """Last year's cycle: promises, a poll at mid-year, one at its end with pools of 4 (refused), 40 and 60, their results,
    a notice, honours, the end.
    """
    first, last = local_day(now) - timedelta(days=605), local_day(now) - timedelta(days=241)
    everything = dict.fromkeys((purpose.value for purpose in Purpose), (first, last))
    started = now - timedelta(days=604)
    cycle = shared.launch(campaign, FIRST, everything, ALL_WEIGHTS, DECIDED, started, cast.office)
    villages = _branches(cast.root, "rural")[:12]
    promise_all(cycle, villages, started, random.Random(1), fulfilled=True)
    look_at_words(cycle, cast, now - timedelta(days=242))
    endings.decide_all(cycle, now - timedelta(days=242))
    people = list(organisations.members_of(_branches(cast.root, "rural")))
    random.Random(80).shuffle(people)
    mid_year_poll(cycle, cast, villages, people[-60:], now - timedelta(days=480), say)
    opened = year_end_poll(cycle, cast, villages, people, now - timedelta(days=320), say)
    closed = shared.count(opened, cast)
    say("a notice of candidates, five working days, a commendation")
    deeds = {organisation: deeds_of(organisation, cycle) for organisation in shared.best(closed, 3)}
    announced = opened.closes_at + timedelta(days=10)
    selection = shared.announce(cycle, cast, TITLE, deeds, NOTICE, announced)
    shared.commend(selection, cast, NOTICE, announced + timedelta(days=21))
    say("one branch graded, two people commended")
    grading.grade_a_branch(cycle, cast, now - timedelta(days=270))
    grading.commend_people(cycle, cast, villages[1], now - timedelta(days=285))
    shared.close(cycle, cast, now - timedelta(days=241))
    return cycle


def mid_year_poll(
    cycle: Cycle, cast: Cast, villages: list[Organisation], people: list[Person], opens: datetime, say: Say
) -> None:
    """A poll with one pool, voted, closed, counted."""
    say("a poll at mid-year with one pool, voted, closed, counted")
    name = {"zh-hans": "农村党组织年中测评", "en": "Mid-year appraisal of village organisations"}
    poll = shared.plan(cycle, cast, villages, name, opens)
    pool, _size, group = POOLS[0]
    poll_actions.add_pool(poll=poll, name=pool, people=people, rater_group=group, at=poll.opens_at, by=cast.office)
    for question in (where_to_meet(villages[:3]), WHAT_NEXT):
        poll_actions.write_question(poll=poll, asked=question, at=opens, by=cast.office)
    shared.count(shared.open_and_vote(poll, cast, poll.opens_at, {60: 0.9}, spread=0.6, seed=2009, say=say), cast)


def where_to_meet(villages: list[Organisation]) -> Asked:
    """A question that puts villages in order."""
    text = {"zh-hans": "现场观摩会放在哪个村开最合适？", "en": "Which village should host the visit of good practice?"}
    return Asked(Kind.RANKING, Method.SCHULZE, text, tuple(map(_choice, villages)))


def whom_to_recommend(communities: list[Organisation]) -> Asked:
    """A question that names the best three of several communities."""
    text = {
        "zh-hans": "推荐哪三个社区参评先进基层党组织？",
        "en": "Which three communities do you recommend for the honour?",
    }
    return Asked(Kind.BEST_THREE, Method.BORDA, text, tuple(map(_choice, communities)))


WHAT_NEXT = Asked(
    Kind.APPROVAL,
    Method.APPROVALS,
    {"zh-hans": "下半年您赞成先办哪些事？", "en": "What should be done first in the second half of the year?"},
    (
        Choice({"zh-hans": "装村道路灯", "en": "Lamps on the village road"}),
        Choice({"zh-hans": "修灌溉水渠", "en": "Repair the canals"}),
        Choice({"zh-hans": "办农技夜校", "en": "An evening school for farming"}),
        Choice({"zh-hans": "建停车场地", "en": "A place to park"}),
    ),
)


def _choice(organisation: Organisation) -> Choice:
    return Choice({"zh-hans": organisation.name, "en": organisation.name}, organisation)


def year_end_poll(
    cycle: Cycle, cast: Cast, villages: list[Organisation], people: list[Person], opens: datetime, say: Say
) -> Poll:
    """A poll with pools of 60, 60 and 40 (12 leaders with 28 peers), voted; the pool of 4 is refused."""
    say("a poll with three pools, voted, closed, counted")
    name = {"zh-hans": "农村党组织民主测评", "en": "Appraisal of village organisations"}
    poll = shared.plan(cycle, cast, villages, name, opens)
    for pool, size, group in POOLS:
        chosen, people = people[:size], people[size:]
        try:
            poll_actions.add_pool(poll=poll, name=pool, people=chosen, rater_group=group, at=opens, by=cast.office)
        except PollRefused as refused:
            say(f"a pool of {size} was refused: {refused}")
    together = leaders_and_peers(cast)
    group = "superiors-and-peers"
    poll_actions.add_pool(
        poll=poll, name=LEADERS_AND_PEERS, people=together, rater_group=group, at=opens, by=cast.office
    )
    return shared.open_and_vote(poll, cast, opens, {60: 0.95, 40: 0.95}, spread=0.75, seed=2010, say=say)


def leaders_and_peers(cast: Cast) -> list[Person]:
    """The secretaries of committees, who lead the units appraised or others, and those of communities, who are their peers."""
    committees = [row for row in organisations.subtree(cast.root) if row.kind == "committee" and row.pk != cast.root.pk]
    communities = _branches(cast.root, "street-community")
    return [shared.holder(Post.Role.SECRETARY, row) for row in (*committees[:LEADERS], *communities[:PEERS])]


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
    cycle = shared.launch(campaign, SECOND, windows, WEIGHTS, DECIDED, started, cast.office, words.CENTRAL_WORK)
    lead(campaign, cast, started)
    carry(cycle, cast, started)
    branches = [row for row in organisations.subtree(cast.root) if row.kind == "branch"]
    dice = random.Random(2)
    promised = [row for row in branches if row.pk != cast.village.pk and dice.random() < 0.8]
    say(f"promises of {len(promised)} branches, with reports and citizens’ words")
    promise_all(cycle, promised, started + timedelta(days=20), dice, fulfilled=False)
    look_at_words(cycle, cast, now)
    answer_words(cycle, now)
    words_of_today(promised, now)
    _something_to_mend(cycle, cast, now)
    endings.this_year(cycle, cast, promised, now)
    with_the_public(cycle, cast, now, say)
    open_poll(cycle, cast, now, say)
    people_of_a_branch(cycle, cast, now, say)
    announce_first(cycle, cast, promised, now)
    grading.begin_this_year(cycle, cast, now - timedelta(days=10))
    return cycle


def with_the_public(cycle: Cycle, cast: Cast, now: datetime, say: Say) -> None:
    """Plans that people say something to, windows that they mark, problems that they report."""
    say("three plans: adopted, open for remarks, read by its own people first")
    plans_of_the_public(cycle, cast, now)
    say("three service windows with marks of five weeks")
    counters.open_counters(counters.DISTRICT, cast.office, now)
    say("cases that people reported")
    reports_of_the_public(cycle, cast, now)


def announce_first(cycle: Cycle, cast: Cast, promised: list[Organisation], now: datetime) -> None:
    """A notice of yesterday names the first three rural branches that were rated and promised something."""
    rated = [row for row in _branches(cast.root, "rural")[:12] if row in promised]
    deeds = {organisation: deeds_of(organisation, cycle) for organisation in rated[:3]}
    shared.announce(cycle, cast, TITLE, deeds, NOTICE, now - timedelta(days=1))


def lead(campaign: Campaign, cast: Cast, at: datetime) -> None:
    """The leading group and its office; every committee's secretary looks after units of other committees, a few have nobody."""
    committees = [row for row in organisations.children(cast.root) if row.kind == "committee"]
    secretaries = [shared.holder(Post.Role.SECRETARY, row) for row in committees]
    first = shared.holder(Post.Role.SECRETARY, cast.root)
    group = [(first, "区委书记"), (cast.leader, "区领导")]
    group += [(person, f"{row.name}书记") for row, person in zip(committees[:6], secretaries, strict=False)]
    office = [(cast.office, "活动办主任"), (cast.second_office, "活动办副主任")]
    teams = {"综合协调组": "材料、会议、联络", "宣传组": "简报、展板、网页", "督导组": "到联系点了解情况"}
    leading.form_teams(campaign, group, office, teams, at, cast.office)
    villages = [row for row in _branches(cast.root, "rural") if row.pk != cast.village.pk]
    pairs = [(cast.leader, cast.village), (cast.leader, villages[-1]), (first, villages[3])]
    others = [row for row in organisations.subtree(cast.root) if row.kind == "branch" and row not in villages[:4]]
    for nth, unit in enumerate(others[: len(others) * 4 // 5]):
        leader = secretaries[nth % 5]  # the sixth of the group looks after nobody yet
        if leader.organisation_id not in (unit.pk, unit.parent_id):
            pairs.append((leader, unit))
    leading.give_units(campaign, pairs, at, cast.office)


def carry(cycle: Cycle, cast: Cast, at: datetime) -> None:
    """Two carriers over most of the committees, and a village as an example."""
    committees = [row for row in organisations.children(cast.root) if row.kind == "committee"]
    example = (_branches(cast.root, "rural")[-1], "去年承诺全部兑现，账目每季公开", "演示区委")
    leading.begin_carriers(cycle, words.CARRIERS, committees[:-2], example, at, cast.office)


def people_of_a_branch(cycle: Cycle, cast: Cast, now: datetime, say: Say) -> None:
    """Members of the printed village committed in public and were appraised; one of them signs in as `member` and reads the result."""
    say("members of a branch who committed in public are appraised; each reads their own result")
    name = {"zh-hans": f"{cast.village.name}党员民主测评", "en": "Appraisal of a branch’s members"}
    opens = now - timedelta(days=12)
    made = Made(local_day(now) - timedelta(days=40), "支部党员大会", "会议记录第6号")
    rated = shared.appraise_people(cycle, cast, cast.village, name, made, opens, 2012, say)
    shared.open_accounts({"member": next(one for one in rated if one.pk != cast.village_secretary.pk)}, now)


def plans_of_the_public(cycle: Cycle, cast: Cast, now: datetime) -> None:
    """The district's plan, which a remark changed; the village's, open for remarks; the town's, which its people read first."""
    public_plans.adopted(cycle, cast.root, cast.office, cast.office, public_plans.ROADS, now)
    public_plans.open_now(cycle, cast.village, cast.village_secretary, cast.office, public_plans.VILLAGE, now)
    public_plans.read_first(cycle, cast.town, cast.town_secretary, public_plans.TOWN, now)


def reports_of_the_public(cycle: Cycle, cast: Cast, now: datetime) -> None:
    """What people reported about the printed village; the town decides, and two people read what goes around its target."""
    readers = cast.scrutineers[0], cast.scrutineers[1]
    hands = reports.Hands(
        cast.office, cast.second_office, cast.village, cast.village_secretary, cast.neighbour, readers, cast.root
    )
    reports.tell(cycle, hands, reports.DISTRICT, now)


def open_poll(cycle: Cycle, cast: Cast, now: datetime, say: Say) -> None:
    """A poll in which half of the voters have voted."""
    say("an open poll that you can vote in")
    communities = _branches(cast.root, "street-community")[:12]
    name = {"zh-hans": "社区党组织民主测评", "en": "Appraisal of community organisations"}
    poll = shared.plan(cycle, cast, communities, name, now - timedelta(days=2))
    poll_actions.write_question(poll=poll, asked=whom_to_recommend(communities[:6]), at=now, by=cast.office)
    people = list(organisations.members_of(_branches(cast.root, "street-community")))
    random.Random(60).shuffle(people)
    for (name, _size, group), chosen in zip(POOLS, (people[:60], people[60:80]), strict=False):
        poll_actions.add_pool(poll=poll, name=name, people=chosen, rater_group=group, at=now, by=cast.office)
    shared.open_and_vote(poll, cast, now - timedelta(days=1), {60: 0.5, 20: 0.5}, spread=0.6, seed=2011, say=say)


def promise_all(
    cycle: Cycle, branches: list[Organisation], at: datetime, dice: random.Random, *, fulfilled: bool
) -> None:
    """Each branch chooses a theme, promises, is agreed to by the level above, and reports; citizens say what they saw."""
    for organisation in branches:
        secretary = shared.holder(Post.Role.SECRETARY, organisation)
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
    above = shared.holder(Post.Role.SECRETARY, organisation.parent or organisation)
    theme, main_work = words.theme(dice)
    pieces = {one.number: one for one in campaign_queries.central_work(cycle)}
    plans.choose_practice_theme(
        cycle=cycle,
        organisation=organisation,
        text=theme,
        main_work=main_work,
        central_work=pieces.get(words.PIECE_OF.get(main_work, 0)),
        at=at,
        by=secretary,
    )
    promises = endings.take_over(cycle, organisation, secretary, at) + [
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
            text=words.report(dice, promise.what),
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


def answer_words(cycle: Cycle, at: datetime) -> None:
    """The secretaries answered one of each kind of words about their units, a few days ago."""
    rows = [
        row for row in commitment_queries.with_marks(remark_queries.remarks_of(cycle)) if row.is_shown and row.words
    ]
    of_each_kind: dict[str, Any] = {row.mark: row for row in rows}  # type: ignore[attr-defined]
    for mark, row in of_each_kind.items():
        remarks.answer_remark(
            remark=row,
            answer=words.ANSWERS[CitizenAnswer.Mark(mark)],
            at=at - timedelta(days=3),
            by=shared.holder(Post.Role.SECRETARY, row.organisation),
        )


def deeds_of(organisation: Organisation, cycle: Cycle) -> str:
    """A candidate's deeds, out of what the house knows of it."""
    lines = next(one.lines for one in commitment_queries.published_promises(organisation) if one.cycle == cycle)
    fulfilled = [line for line in lines if line.outcome and line.outcome.outcome == "fulfilled"]
    promised = [line.promise.what for line in lines]
    return words.deeds(organisation.name, promised, len(fulfilled) if any(line.outcome for line in lines) else None)


def words_of_today(units: list[Organisation], at: datetime) -> None:
    """What came today and waits for the office."""
    for unit, (mark, sentence) in zip(units, words.OF_TODAY, strict=False):
        [published, *_earlier] = commitment_queries.published_promises(unit)
        promise = published.lines[0].promise
        commitments.answer_promise(promise=promise, mark=mark, words=sentence, arrival=None, at=at)


def _something_to_mend(cycle: Cycle, cast: Cast, now: datetime) -> None:
    """The printed village secretary finds one promise sent back with an opinion."""
    at = now - timedelta(days=2)
    promises = [
        commitments.write_promise(cycle=cycle, organisation=cast.village, text=text, at=at, by=cast.village_secretary)
        for text in words.promises(random.Random(7), cycle)
    ]
    commitment = commitments.propose_promises(commitment=promises[0].commitment, at=at, by=cast.village_secretary)
    opinions = {promise.pk: Opinion(agrees=True) for promise in promises}
    opinions[promises[0].pk] = Opinion(agrees=False, words=words.OPINION)
    commitments.review_promises(commitment=commitment, opinions=opinions, at=at, by=cast.town_secretary)


def _branches(root: Organisation, sector: str) -> list[Organisation]:
    return [row for row in organisations.subtree(root) if row.kind == "branch" and row.sector == sector]


def steps(now: datetime, say: Say) -> Steps:
    """The district's steps in their order."""

    def tree() -> None:
        begun = now.replace(year=now.year - 2, month=1, day=1)
        campaigns.load_pack_words(pack_id=PACK, at=now, by=None)
        root = district.build_tree(begun)
        district.build_people(root, list(organisations.subtree(root)), begun)
        shared.open_accounts(district.accounts(district.find_cast()), now)
        say(f"{Organisation.objects.count()} organisations")

    def last_year() -> None:
        cast = district.find_cast()
        closed_cycle(begin_campaign(cast, now), cast, now, say)

    def this_year() -> None:
        cycle_under_way(Campaign.objects.get(), district.find_cast(), now, say)

    return {"district": tree, "closed cycle": last_year, "cycle under way": this_year}


def logins() -> list[Login]:
    """Who can be played."""
    cast = district.find_cast()
    scrutineers = ", ".join(person.name for person in cast.scrutineers)
    return [
        Login("campaign office", "office", cast.office.name),
        Login("office, second person", "office2", cast.second_office.name),
        Login("leader", "leader", cast.leader.name),
        Login("secretary of a town", "town", f"{cast.town_secretary.name}, {cast.town.name}"),
        Login("clerk in the office of that town", "clerk", f"{cast.clerk.name}: enters what villages hand in on paper"),
        Login("secretary of a village", "village", f"{cast.village_secretary.name}, {cast.village.name}"),
        Login(
            "secretary of the village beside it", "neighbour", f"{cast.neighbour_secretary.name}, {cast.neighbour.name}"
        ),
        Login(
            "secretary of a third village",
            "third",
            f"{cast.third_secretary.name}, {cast.third_secretary.organisation.name}",
        ),
        Login("member", "member", f"of {cast.village.name}: reads what was said of them, and their own yearly grade"),
        Login("scrutineers", "scrutineer, scrutineer2, scrutineer3", f"{scrutineers} (two signed last year’s recount)"),
        Login("citizen", "", ""),
    ]


STORY = Story(
    pack=PACK,
    place="The demo district",
    steps=steps,
    logins=logins,
    office=lambda: district.find_cast().office,
    to_try=(
        "Vote: open the first member’s link on your phone or here, grade, cast. Then look at {address}/booth/",
        "Doubt: open last year’s result on {address}/booth/, download its record, change a byte, verify.",
        "Plan: open the village’s plan on {address}/plans/ , tap a number, say something; answer it as village at {address}/desk/plans/",
        "Window: open {address}/windows/ , choose one, rate the service as on your phone; look at it as town at {address}/desk/windows/",
        "Case: sign in as neighbour at {address}/desk/cases/ : take the case passed to you, or pass it on; go on as third, then town.",
        "Promise: sign in as village at {address}/desk/ , mend what was sent back; review it as town.",
        "Recount: sign in as scrutineer at {address}/desk/ : see what two of three signed. Keys: the demo’s folder scrutineer-keys.",
        "Paper: sign in as office at {address}/office/polls/ , open the poll under way, mark five people, print their sheets.",
    ),
)

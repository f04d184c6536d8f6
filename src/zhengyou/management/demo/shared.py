"""What the stories of the demo share: a cycle launched, a poll planned, voted and counted, candidates announced and commended."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Protocol

from zhengyou.awards import actions as awards
from zhengyou.awards.models import Selection, Votes
from zhengyou.ballots import actions as ballot_actions
from zhengyou.base.words import Names
from zhengyou.campaigns import actions as campaigns
from zhengyou.campaigns.models import Campaign, Cycle
from zhengyou.campaigns.rules import Piece
from zhengyou.counting import actions as counting_actions
from zhengyou.identity import actions as identity
from zhengyou.management.demo import voters, watchers
from zhengyou.organisations import queries as organisations
from zhengyou.organisations.models import Organisation, Person, Post
from zhengyou.pledges import actions as pledges
from zhengyou.pledges.rules import Made
from zhengyou.polls import actions as poll_actions
from zhengyou.polls import queries as poll_queries
from zhengyou.polls.models import Poll, RollEntry
from zhengyou.rhythm import actions as rhythm
from zhengyou.rhythm import queries as open_things
from zhengyou.standings import queries as standing_queries

Say = Callable[[str], None]
Steps = dict[str, Callable[[], None]]
Windows = Mapping[str, tuple[date, date]]
PASSWORD = "zhengyou-demo"
RATED = 4  # people of one unit, who committed in public


class Crew(Protocol):
    """Who runs a story's polls."""

    office: Person
    second_office: Person
    scrutineers: list[Person]


@dataclass(frozen=True)
class Login:
    """One line of the invitation: what somebody is, their login, who they are."""

    what: str
    login: str
    who: str


@dataclass(frozen=True)
class Story:
    """One pack's demo: its steps, each done whole or not at all, and what its invitation says."""

    pack: str
    place: str
    steps: Callable[[datetime, Say], Steps]
    logins: Callable[[], list[Login]]
    office: Callable[[], Person]
    to_try: tuple[str, ...]


@dataclass(frozen=True)
class NoticeWords:
    """What a notice says beside its candidates, and who decides in the end."""

    title: str
    route: str
    receiving_body: str
    address: str
    deciding_body: str
    decision_number: str
    reasons: str


def open_accounts(people: Mapping[str, Person], at: datetime) -> None:
    """An account for each printed login, all with one password."""
    for login, person in people.items():
        identity.open_account(person=person, login=login, password=PASSWORD, at=at, by=None)


def holder(role: str, organisation: Organisation, nth: int = 0) -> Person:
    """Who holds that post there, the first of them unless told otherwise."""
    posts = Post.objects.select_related("person").filter(role=role, organisation=organisation)
    return posts.order_by("id")[nth].person


@dataclass(frozen=True)
class Telling:
    """What a story's campaign says of itself, and the documents of higher bodies that it carries out: title, number, body."""

    name_en: str
    theme_en: str
    words: str
    speaker: str
    opinion: str
    asked_of_you: str
    documents: tuple[tuple[str, str, str], tuple[str, str, str]]


def tell(campaign: Campaign, telling: Telling, at: datetime, by: Person) -> Campaign:
    """The campaign with its launch page and its English names."""
    said = {"launch_words": telling.words, "launch_speaker": telling.speaker, "opinion": telling.opinion}
    same = {"name": campaign.name, "theme": campaign.theme, "aim": campaign.aim, "asked_of_you": telling.asked_of_you}
    row = campaigns.describe_campaign(campaign=campaign, **same, **said, at=at, by=by)
    for title, number, body in telling.documents:
        campaigns.cite_document(campaign=row, title=title, number=number, body=body, at=at, by=by)
    row.name_en, row.theme_en = telling.name_en, telling.theme_en  # `launch` writes them with each cycle's
    return row


def launch(
    campaign: Campaign, name: Names, windows: Windows, weights: Mapping[str, int] | None, why: str, at: datetime, by: Person,
    pieces: Sequence[Piece] = (),
) -> Cycle:  # fmt: skip
    """A cycle from the first day of its stages to the last, launched. Groups of raters without a weight here are left out;
    where no weights are given, those of the pack hold.
    """
    first, last = min(days[0] for days in windows.values()), max(days[1] for days in windows.values())
    cycle = campaigns.add_cycle(campaign=campaign, name=name["zh-hans"], starts_on=first, ends_on=last, at=at, by=by)
    english = {"campaign_name": campaign.name_en, "campaign_theme": campaign.theme_en, "cycle_name": name["en"]}
    campaigns.name_in_english(cycle=cycle, **english, themes={}, at=at, by=by)
    campaigns.set_windows(cycle=cycle, windows=windows, at=at, by=by)
    if pieces:
        campaigns.write_central_work(cycle=cycle, pieces=pieces, at=at, by=by)
    if weights is not None:
        groups = cycle.ruleset.rater_groups
        weighed = tuple(replace(group, weight=weights.get(group.id, 0)) if group.asked else group for group in groups)
        campaigns.set_rules(cycle=cycle, ruleset=replace(cycle.ruleset, rater_groups=weighed), at=at, by=by)
    cycle.refresh_from_db()
    campaigns.launch_cycle(cycle=cycle, why=why, at=at, by=by)
    cycle.refresh_from_db()
    return cycle


def close(cycle: Cycle, crew: Crew, at: datetime) -> None:
    """End a cycle by two people; what is open goes on in the next one."""
    things = [one.about for one in open_things.open_in(cycle) if one.may_go_on]
    campaigns.mark_goes_on(cycle=cycle, things=things, at=at, by=crew.office)
    campaigns.ask_to_close(cycle=cycle, at=at, by=crew.office)
    rhythm.close_cycle(cycle=cycle, at=at, by=crew.second_office)


def plan(
    cycle: Cycle,
    crew: Crew,
    units: list[Organisation],
    name: Names,
    opens: datetime,
    people: Sequence[Person] = (),
) -> Poll:
    """A poll over these organisations or these people, open for a week, with its scrutineers."""
    poll = poll_actions.plan_poll(
        cycle=cycle,
        name=name,
        organisations=units,
        people=people,
        opens_at=opens,
        closes_at=opens + timedelta(days=7),
        at=opens,
        by=crew.office,
    )
    for person in crew.scrutineers:
        poll_actions.register_scrutineer(poll=poll, person=person, at=opens, by=crew.office)
        watchers.make_ready(poll, person, opens)
    return poll


def appraise_people(
    cycle: Cycle, crew: Crew, unit: Organisation, name: Names, made: Made, opens: datetime, seed: int, say: Say
) -> list[Person]:
    """Some of a unit's people, who committed in public, are rated by all of it; the poll is closed and counted. Returns the rated."""
    everybody = list(organisations.members_of([unit]).select_related("organisation"))
    rated = [one for one in everybody if one.membership != Person.Membership.PROBATIONARY][:RATED]
    pledges.enter_public_commitments(cycle=cycle, people=rated, made=made, at=opens, by=crew.office)
    poll = plan(cycle, crew, [], name, opens, rated)
    pool = {"zh-hans": unit.name, "en": unit.name}
    poll_actions.add_pool(poll=poll, name=pool, people=everybody, at=opens, by=crew.office)
    share = {len(everybody): 0.9}
    count(open_and_vote(poll, crew, opens, share, spread=0.5, seed=seed, say=say), crew)
    return rated


def open_and_vote(
    poll: Poll, crew: Crew, at: datetime, turnout: dict[int, float], *, spread: float, seed: int, say: Say
) -> Poll:
    """Make the keys, open, and let that share of each pool (known by its size) vote."""
    while missing := ballot_actions.prepare_keys(poll=poll, count=8):
        say(f"keys: {missing} to make")
    opened = ballot_actions.open_poll(poll=poll, at=at, by=crew.office)
    opinions = voters.opinions_on(opened, seed, spread)
    for pool in poll_queries.pools_of(opened):
        roll = RollEntry.objects.filter(poll=opened, pool=pool).order_by("person__number", "guest__position")
        people = list(roll.values_list("pk", flat=True))
        coming = people[: round(len(people) * turnout[len(people)])]
        voters.vote(opened, pool, coming, opinions, opened.opens_at + timedelta(days=1), crew.office)
        say(f"{len(coming)} of {len(people)} voted in a pool")
    return opened


def count(opened: Poll, crew: Crew) -> Poll:
    """Closed by two people after its time, and its result computed."""
    after = opened.closes_at + timedelta(hours=1)
    counting_actions.ask_to_close(poll=opened, at=after, by=crew.office)
    closed = rhythm.close_and_count(poll=opened, at=after + timedelta(hours=1), by=crew.second_office)
    watchers.recount(closed, crew.scrutineers, after + timedelta(hours=4))
    return closed


def best(closed: Poll, count: int) -> list[Organisation]:
    """The organisations whose range of places begins first; which of them is named is the body's decision, not the score's.

    Where too little may be told for anybody to be compared, those that stand first on the sheet.
    """
    result = standing_queries.figures_in_force(closed)
    standing = result.document.pools[0].standing if result else None
    ranked = [row for row in standing.units if row.compared] if standing else []
    ranked.sort(key=lambda row: (row.rank_low, row.rank_high, row.unit))
    known = organisations.organisations_by_code([row.unit for row in ranked[:count]])
    return list(known.values()) or poll_queries.rated_organisations(closed)[:count]


def announce(
    cycle: Cycle, crew: Crew, title: str, deeds: Mapping[Organisation, str], words: NoticeWords, at: datetime
) -> Selection:
    """A selection for a title with its candidates, and their notice."""
    selection = awards.make_selection(cycle=cycle, title=title, quota=3, at=at, by=crew.office)
    for organisation, text in deeds.items():
        awards.add_candidate(selection=selection, organisation=organisation, deeds=text, at=at, by=crew.office)
    publish(selection, words, at, crew.office)
    return selection


def publish(selection: Selection, words: NoticeWords, at: datetime, by: Person) -> None:
    """The notice of a selection's candidates, with a receiving body that can be reached."""
    awards.publish_candidates(
        selection=selection,
        title=words.title,
        route=words.route,
        receiving_body=words.receiving_body,
        phone="0000-0000000",
        mail="office@example.invalid",
        address=words.address,
        at=at,
        by=by,
    )


def commend(selection: Selection, crew: Crew, words: NoticeWords, at: datetime) -> None:
    """The commendation, once the clock of the notice has run out."""
    awards.record_commendation(
        selection=selection,
        decision_number=words.decision_number.format(year=at.year),
        deciding_body=words.deciding_body,
        reasons=words.reasons,
        votes=Votes(present=9, in_favour=8, against=0, abstained=1),
        at=at,
        by=crew.office,
    )

"""A house for practising: the real roster copied, invented units to appraise, invented scrutineers, one poll that everybody may try.

It has a home, a database and secrets of its own inside the real home, and nothing leads back from it. Passwords, contacts, promises,
words, ballots and the journal of the real house are not copied.
"""

import json
import shutil
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.core import serializers
from django.core.management.base import CommandError
from django.db import connection, transaction

from zhengyou.ballots import actions as ballot_actions
from zhengyou.base.home import PRACTICE, PRACTICE_MARK
from zhengyou.base.time import local_day
from zhengyou.campaigns import actions as campaigns
from zhengyou.campaigns.models import Cycle
from zhengyou.identity import actions as identity
from zhengyou.management.demo import shared
from zhengyou.organisations import actions as organisations
from zhengyou.organisations import queries as organisation_queries
from zhengyou.organisations.models import Organisation, Person, Post, Responsibility, Term
from zhengyou.polls import actions as poll_actions
from zhengyou.polls.models import Poll
from zhengyou.rhythm import actions as rhythm

ROSTER = "roster.json"
COPIED = (Term, Organisation, Person, Post, Responsibility)
PASSWORD = "practice-practice"
FEWEST, MOST_VOTERS, MOST_ACCOUNTS = 5, 200, 30
UNITS = ("演练单位甲", "演练单位乙", "演练单位丙")
SCRUTINEERS = ("演练监票人甲", "演练监票人乙", "演练监票人丙")
OFFICERS = ("演练活动办甲", "演练活动办乙")
HEAD = "演练负责人"  # of every unit that has nobody: no officer may run a poll about a unit for which they answer
NAME = {"zh-hans": "演练测评（不算数）", "en": "Practice appraisal (counts for nothing)"}
EVERYBODY = {"zh-hans": "名册上的人", "en": "People on the roster"}


@dataclass
class Crew:
    """Who runs the practice poll: all invented."""

    office: Person
    second_office: Person
    scrutineers: list[Person]
    head: Person


def copy_roster(home: Path) -> int:
    """Write the roster and the packs of this house into a new practice home; how many people. One that is there already stays."""
    place = home / PRACTICE
    if (place / PRACTICE_MARK).exists():
        return 0
    people = Person.objects.filter(left_on=None).count()
    if people < FEWEST:
        raise CommandError(
            f"The roster has {people} people. A practice poll needs {FEWEST} at least: read in a list first."
        )
    place.mkdir(mode=0o711, exist_ok=True)
    (place / ROSTER).touch(mode=0o600)
    rows = [row for model in COPIED for row in model.objects.order_by("pk")]
    (place / ROSTER).write_text(serializers.serialize("json", rows))
    if (home / "packs").is_dir():
        shutil.copytree(home / "packs", place / "packs", dirs_exist_ok=True)
    (place / PRACTICE_MARK).write_text("{}")
    return people


def wipe(home: Path) -> bool:
    """Delete the practice house with everything in it; whether there was one. The real house is not touched."""
    place = home / PRACTICE
    if not (place / PRACTICE_MARK).exists():
        return False
    shutil.rmtree(place)
    return True


def build(home: Path, *, at: datetime) -> dict[str, str]:
    """Everything of the practice house, once. Returns who may sign in, by login, and the first people's codes."""
    mark = home / PRACTICE_MARK
    told: dict[str, str] = json.loads(mark.read_text())
    if not told:
        with transaction.atomic():
            _load(home / ROSTER)
            crew = _crew(at)
            voters = _voters(crew)
            poll = _poll(crew, voters, at)
            told = _accounts(crew, at)
            rhythm.rebuild_search(at=at, by=crew.office)
        (home / ROSTER).unlink()
        mark.write_text(json.dumps(told | {"poll": str(poll.key)}))
    return told


def _load(file: Path) -> None:
    """The copied rows under their own numbers; what comes later is numbered after them."""
    for row in serializers.deserialize("json", file.read_text()):
        row.save()
    with connection.cursor() as cursor:
        for table in (model._meta.db_table for model in COPIED):
            ahead = f"SELECT greatest(max(id), nextval(pg_get_serial_sequence('{table}', 'id'))) FROM {table}"
            cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), ({ahead}))")


def _crew(at: datetime) -> Crew:
    top = Organisation.objects.filter(parent=None, ended_on=None).earliest("pk")
    people = {
        name: organisations.add_person(number=f"practice-{n}", name=name, organisation=top, at=at, by=None)
        for n, name in enumerate((*OFFICERS, *SCRUTINEERS, HEAD), 1)
    }
    roles = [Post.Role.CAMPAIGN_OFFICE] * len(OFFICERS) + [Post.Role.SCRUTINEER] * len(SCRUTINEERS)
    for person, role in zip(people.values(), roles, strict=False):
        day = local_day(at) - timedelta(days=1)
        organisations.appoint(person=person, organisation=top, role=role, title="演练", from_on=day, at=at, by=None)
    office, second, *scrutineers, head = people.values()
    return Crew(office, second, scrutineers, head)


def _voters(crew: Crew) -> list[Person]:
    invented = [crew.office.pk, crew.second_office.pk, crew.head.pk, *(one.pk for one in crew.scrutineers)]
    return list(Person.objects.filter(left_on=None).exclude(pk__in=invented).order_by("pk")[:MOST_VOTERS])


def _poll(crew: Crew, voters: list[Person], at: datetime) -> Poll:
    """Invented units only are appraised, so that nobody practises on a real one."""
    top = crew.office.organisation
    kind = Organisation.objects.exclude(parent=None).values_list("kind", flat=True).last() or top.kind
    units = [
        organisations.add_organisation(
            code=f"practice-{n}", name=name, kind=kind, sector="", parent=top, at=at, by=crew.office
        )
        for n, name in enumerate(UNITS, 1)
    ]
    poll = shared.plan(_cycle(crew, at), crew, units, NAME, at)
    poll_actions.add_pool(poll=poll, name=EVERYBODY, people=voters, at=at, by=crew.office)
    while ballot_actions.prepare_keys(poll=poll, count=8):
        pass
    return ballot_actions.open_poll(poll=poll, at=at, by=crew.office)


def _cycle(crew: Crew, at: datetime) -> Cycle:
    day = local_day(at)
    basis = {"kind": "internal-annual-assessment", "body": "演练", "number": "演练〔0〕0号"}
    campaign = campaigns.create_campaign(
        pack_id=Term.objects.get(category=Term.Category.PACK).slug, name="演练", theme="演练", aim="",
        organisation=crew.office.organisation, basis=basis | {"valid_from": day, "valid_until": None}, at=at, by=crew.office,
    )  # fmt: skip
    last = day + timedelta(days=60)
    cycle = campaigns.add_cycle(campaign=campaign, name="演练", starts_on=day, ends_on=last, at=at, by=crew.office)
    windows = dict.fromkeys([stage.id for stage in cycle.ruleset.stages], (day, last))
    campaigns.set_windows(cycle=cycle, windows=windows, at=at, by=crew.office)
    for place in organisation_queries.organisations_without_responsible(day, campaign.organisation):
        organisations.make_responsible(
            organisation=place, person=crew.head, tier=Responsibility.Tier.PRIMARY, from_on=day, at=at, by=crew.office
        )
    campaigns.launch_cycle(cycle=cycle, why="演练", at=at, by=crew.office)
    cycle.refresh_from_db()
    return cycle


def _accounts(crew: Crew, at: datetime) -> dict[str, str]:
    """Invented officers and scrutineers, and the first holders of posts, all with one password."""
    holders = Person.objects.filter(pk__in=Post.objects.filter(until_on=None).values("person"), left_on=None)
    invented = [crew.office, crew.second_office, *crew.scrutineers]
    real = holders.exclude(pk__in=[one.pk for one in invented]).order_by("pk")[:MOST_ACCOUNTS]
    told = {}
    for person in (*invented, *real):
        identity.open_account(person=person, login=person.number, password=PASSWORD, at=at, by=None)
        told[person.number] = person.name
    return told

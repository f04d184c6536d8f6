"""`demo`: a running district with one closed cycle and one under way, then the server. Can be run again; `--fresh` begins anew."""

import fcntl
import json
import shutil
import time
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connections, transaction
from django.utils import translation

from zhengyou.ballots import actions as ballot_actions
from zhengyou.campaigns import actions as campaigns
from zhengyou.campaigns.models import Campaign
from zhengyou.management.commands.serve import PORTS_TRIED, held_port, migrate, serve_house
from zhengyou.management.demo import campaign as story
from zhengyou.management.demo import district
from zhengyou.organisations import queries as organisations
from zhengyou.organisations.models import Organisation, Person
from zhengyou.polls import queries as poll_queries
from zhengyou.web.shared import clock

CODES_PRINTED = 3
WORKERS = 2


class Command(BaseCommand):
    """Build the demo district if it is not there yet, print the logins, serve."""

    help = "Build the demo district (or go on where it stopped), print its logins, and serve it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--fresh", action="store_true", help="throw the demo's data away and begin anew")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--no-serve", action="store_true", help="build only")
        parser.add_argument("--browser", action="store_true", help="open the site in a browser")

    def handle(self, *args: Any, **options: Any) -> None:
        translation.activate("en")
        with the_only_demo(Path(settings.HOME)):
            self._build(fresh=options["fresh"])
            with held_port("127.0.0.1", options["port"], PORTS_TRIED) as port:
                address = f"http://localhost:{port}"
                self._print_invitation(address)
                if not options["no_serve"]:
                    serve_house("127.0.0.1", port, WORKERS, browser=address if options["browser"] else "")

    def _build(self, *, fresh: bool) -> None:
        if fresh:
            throw_away()
        self._step("database", migrate)
        state = DemoState(Path(settings.HOME) / "demo.json")
        now = clock.now()
        for name, build in steps(now, self._say).items():
            if not state.has(name):
                self._step(name, partial(_whole, build))
                state.add(name)

    def _step(self, name: str, build: Callable[[], None]) -> None:
        begun = time.monotonic()
        self.stdout.write(f"· {name} …")
        self.stdout.flush()
        build()
        self.stdout.write(f"  done in {time.monotonic() - begun:.1f} s")

    def _say(self, sentence: str) -> None:
        self.stdout.write(f"    {sentence}")
        self.stdout.flush()

    def _print_invitation(self, address: str) -> None:
        cast = district.find_cast()
        lines = [
            "",
            f"The demo district is at {address}/ (plainly fictional; everybody's password: {district.PASSWORD})",
            f"  campaign office        login office   {cast.office.name}",
            f"  office, second person  login office2  {cast.second_office.name}",
            f"  leader                 login leader   {cast.leader.name}",
            f"  secretary of a town    login town     {cast.town_secretary.name}, {cast.town.name}",
            f"  secretary of a village login village  {cast.village_secretary.name}, {cast.village.name}",
            f"  scrutineers            login scrutineer, scrutineer2: {_names(cast.scrutineers)} (both signed last year's recount)",
            "  citizen                no login",
            *_member_lines(address, cast),
            "Stop it with Ctrl+C. Five things to try first:",
            f"  1. Vote: open the first member's link on your phone or here, grade, cast. Then look at {address}/booth/",
            f"  2. Doubt: open last year's result on {address}/booth/, download its record, change a byte, verify.",
            f"  3. Promise: sign in as village at {address}/desk/ , mend what was sent back; review it as town.",
            f"  4. Recount: sign in as scrutineer at {address}/desk/ : take last year's openings again, see what both signed.",
            f"  5. Paper: sign in as office at {address}/office/polls/ , open the poll under way, mark five people, print their sheets.",
            "",
        ]
        self.stdout.write("\n".join(lines))
        self.stdout.flush()


@contextmanager
def the_only_demo(home: Path) -> Iterator[None]:
    """Raises CommandError if a demo runs in this home: a second would take back the codes which that one has printed."""
    with (home / "demo.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CommandError(
                "The demo is already running from this folder. Stop that one first, or set ZHENGYOU_HOME to another folder."
            ) from None
        yield


class DemoState:
    """Which steps are done, kept beside the data so that a stopped demo goes on where it stopped."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def has(self, name: str) -> bool:
        """Whether the step is done."""
        return self.path.exists() and name in json.loads(self.path.read_text())

    def add(self, name: str) -> None:
        """Remember a step as done."""
        done = json.loads(self.path.read_text()) if self.path.exists() else []
        self.path.write_text(json.dumps([*done, name]))


def steps(now: Any, say: Callable[[str], None]) -> dict[str, Callable[[], None]]:
    """The demo's steps in their order; each is done whole or not at all."""

    def tree() -> None:
        campaigns.load_pack_words(pack_id="excellence-2010", at=now, by=None)
        root = district.build_tree(now.replace(year=now.year - 2, month=1, day=1))
        district.build_people(root, list(organisations.subtree(root)), now.replace(year=now.year - 2, month=1, day=1))
        district.open_accounts(district.find_cast(), now)
        say(f"{Organisation.objects.count()} organisations")

    def last_year() -> None:
        cast = district.find_cast()
        story.closed_cycle(story.begin_campaign(cast, now), cast, now, say)

    def this_year() -> None:
        story.cycle_under_way(Campaign.objects.get(), district.find_cast(), now, say)

    return {"district": tree, "closed cycle": last_year, "cycle under way": this_year}


def throw_away() -> None:
    """Empty the demo's databases and folders. Only ever a demo's: without its mark nothing is touched."""
    home = Path(settings.HOME)
    if not (home / "demo.json").exists():
        return
    (home / "demo.json").unlink()
    for alias in ("default", "box"):
        with connections[alias].cursor() as cursor:
            cursor.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
        connections[alias].close()
    for folder in (settings.FILES, settings.RECORDS):
        shutil.rmtree(folder, ignore_errors=True)


def _whole(build: Callable[[], None]) -> None:
    with transaction.atomic(), transaction.atomic(using="box"):
        build()


def _names(people: list[Person]) -> str:
    return ", ".join(person.name for person in people)


def _member_lines(address: str, cast: district.Cast) -> list[str]:
    """Fresh one-time codes for members who have not voted yet; earlier printed ones stop working."""
    poll = next(iter(poll_queries.polls_under_way(clock.now())), None)
    if poll is None:
        return ["  member                 the open poll is over; `make demo FRESH=1` makes a new one"]
    waiting = poll_queries.people_without_ballot(poll)[:CODES_PRINTED]
    codes = ballot_actions.hand_out_poll_codes(poll=poll, people=waiting, at=clock.now(), by=cast.office)
    link = f"{address}/booth/{poll.key}/#m={poll.fingerprint}&c="
    return [
        "  members with one-time codes (each votes once):",
        *[f"    {link}{codes[person.pk]}" for person in waiting],
    ]

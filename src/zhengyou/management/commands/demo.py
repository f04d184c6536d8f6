"""`demo`: a running district with one closed cycle and one under way, then the server. Can be run again; `--fresh` begins anew."""

import json
import shutil
import time
from argparse import ArgumentParser
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction
from django.utils import translation

from zhengyou.ballots import actions as ballot_actions
from zhengyou.boxes import actions as box_actions
from zhengyou.boxes import queries as box_queries
from zhengyou.management.commands.serve import PORT, serve_house
from zhengyou.management.demo import phone
from zhengyou.management.demo.shared import PASSWORD, Login, Story
from zhengyou.management.demo.stories import STORIES
from zhengyou.management.serving.starting import held_home, held_port, migrate
from zhengyou.organisations.models import Person
from zhengyou.polls import queries as poll_queries
from zhengyou.web.shared import clock

CODES_PRINTED = 3
WORKERS = 2
LOGIN_WIDE = 31


class Command(BaseCommand):
    """Build a pack's demo if it is not there yet, print the logins, serve."""

    help = "Build the demo (or go on where it stopped), print its logins, and serve it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--pack", default=next(iter(STORIES)), help=f"whose demo: {', '.join(STORIES)}, or a beginning"
        )
        parser.add_argument("--fresh", action="store_true", help="throw the demo's data away and begin anew")
        parser.add_argument("--port", type=int, help="this port and no other (without it 8000 or the next free one)")
        parser.add_argument("--no-serve", action="store_true", help="build only")
        parser.add_argument("--browser", action="store_true", help="open the site in a browser")
        parser.add_argument("--phone", action="store_true", help="serve phones in the same network too, by https")

    def handle(self, *args: Any, **options: Any) -> None:
        translation.activate("en")
        story = _story(options["pack"])
        with held_home(settings.HOME):  # a second demo would take back the codes which the first has printed
            host = "0.0.0.0" if options["phone"] else "127.0.0.1"  # phones in the network are to reach it
            with self._port(
                host, options
            ) as port:  # before minutes of building, so that a port that is taken is said at once
                self._build(story, fresh=options["fresh"])
                self._serve(story, host, port, options)

    def _port(self, host: str, options: dict[str, Any]) -> AbstractContextManager[int]:
        if options["no_serve"]:
            return nullcontext(options["port"] or PORT)
        return held_port(host, options["port"], PORT, self._say)

    def _serve(self, story: Story, host: str, port: int, options: dict[str, Any]) -> None:
        name = phone.address_in_network() if options["phone"] else "localhost"
        address = f"{'https' if options['phone'] else 'http'}://{name}:{port}"
        invitation = self._print_invitation(story, address)
        certificate = None
        if options["phone"]:
            phone.let_in(name)
            certificate = phone.make_certificate(Path(settings.HOME) / "phone", name, at=clock.now())
            self.stdout.write(phone.pictures({"The site": f"{address}/", **invitation}))
            self.stdout.flush()
        if not options["no_serve"]:
            opened = address if options["browser"] else ""
            serve_house(host, port, WORKERS, browser=opened, certificate=certificate)

    def _build(self, story: Story, *, fresh: bool) -> None:
        if fresh:
            throw_away()
        self._step("database", migrate)
        state = DemoState(Path(settings.HOME) / "demo.json")
        for name, build in story.steps(clock.now(), self._say).items():
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

    def _print_invitation(self, story: Story, address: str) -> dict[str, str]:
        """Who can sign in, and what to try. Returns the first ballot's link by its name, if one can vote."""
        logins = story.logins()
        members = _member_lines(address, story.office())
        wide = max(len(row.what) for row in logins) + 1
        lines = [
            "",
            f"{story.place} is at {address}/ (plainly fictional; everybody's password: {PASSWORD})",
            *[_login_line(row, wide) for row in logins],
            *members,
            "Stop it with Ctrl+C. Things to try first:",
            *[f"  {n}. {text.format(address=address)}" for n, text in enumerate(story.to_try, 1)],
            "",
        ]
        self.stdout.write("\n".join(lines))
        self.stdout.flush()
        return {"The first ballot": members[1].strip()} if len(members) > 1 else {}


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


def _story(typed: str) -> Story:
    """The story of the pack that was typed, also by its beginning. Raises CommandError if there is none."""
    meant = [story for pack, story in STORIES.items() if typed and pack.startswith(typed)]
    if len(meant) != 1:
        raise CommandError(f"There is no demo of the pack {typed}. There are: {', '.join(STORIES)}.")
    return meant[0]


def throw_away() -> None:
    """Empty the demo's databases and folders. Only ever a demo's: without its mark nothing is touched."""
    home = Path(settings.HOME)
    if not (home / "demo.json").exists():
        return
    (home / "demo.json").unlink()
    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    connection.close()
    for poll in box_queries.polls_with_box():
        box_actions.destroy_box(poll=poll)
    for folder in (settings.FILES, settings.RECORDS):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(mode=0o700)


def _whole(build: Callable[[], None]) -> None:
    with transaction.atomic():
        build()


def _login_line(row: Login, wide: int) -> str:
    return (
        f"  {row.what:{wide}}{f'login {row.login} ':{LOGIN_WIDE}}{row.who}"
        if row.login
        else f"  {row.what:{wide}}no login"
    )


def _member_lines(address: str, office: Person) -> list[str]:
    """Fresh one-time codes for members who have not voted yet; earlier printed ones stop working."""
    poll = next(iter(poll_queries.polls_under_way(clock.now())), None)
    if poll is None:
        return ["  member                 the open poll is over; `make demo FRESH=1` makes a new one"]
    waiting = poll_queries.people_without_ballot(poll)[:CODES_PRINTED]
    codes = ballot_actions.hand_out_poll_codes(poll=poll, people=waiting, at=clock.now(), by=office)
    link = f"{address}/booth/{poll.way_in}/#m={poll.fingerprint}&c="
    return [
        "  people with one-time codes (each votes once):",
        *[f"    {link}{codes[person.pk]}" for person in waiting],
    ]

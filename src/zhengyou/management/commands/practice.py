"""`practice`: copies the roster into a house of its own that says on every page that nothing counts, and serves it; `--wipe` deletes it."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from zhengyou.ballots import actions as ballot_actions
from zhengyou.base.home import PRACTICE, held
from zhengyou.management import practising
from zhengyou.management.commands.serve import serve_house
from zhengyou.management.serving.starting import held_home, held_port, migrate
from zhengyou.organisations.models import Person
from zhengyou.polls import queries as poll_queries
from zhengyou.web.shared import clock

PORT = 8010
CODES_PRINTED = 3
WORKERS = 1


class Command(BaseCommand):
    """In the real home it copies or wipes; then `__main__` starts it once more in the practice home, where it builds and serves."""

    help = "Serve a house for practising, with the roster of this one, in which nothing counts."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--wipe", action="store_true", help="delete the practice house")
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, help="this port and no other (without it 8010 or the next free one)")
        parser.add_argument("--address", default="", help="https:// and the name under which a proxy leads others here")
        parser.add_argument("--no-serve", action="store_true", help="build only")

    def handle(self, *args: Any, **options: Any) -> None:
        home = Path(settings.HOME)
        if options["wipe"]:
            self._wipe(home)
        elif settings.IS_PRACTICE:
            self._practise(home, options)
        elif people := practising.copy_roster(home):
            self.stdout.write(
                f"The roster of {people} people was copied. Nothing of this house is changed by what is practised. "
                "Its house is built now, which takes some minutes …"
            )
            self.stdout.flush()

    def _wipe(self, home: Path) -> None:
        place = home / PRACTICE
        if place.is_dir():
            with held(place) as other:
                if other:
                    raise CommandError(f"The practice house is served by process {other}. Stop it, then wipe it.")
        wiped = practising.wipe(home)
        self.stdout.write("The practice house is deleted." if wiped else "There is no practice house.")

    def _practise(self, home: Path, options: dict[str, Any]) -> None:
        with held_home(home), translation.override("zh-hans"):
            migrate()
            told = practising.build(home, at=clock.now())
            with held_port(options["host"], options["port"], PORT, self.stdout.write) as port:
                address = settings.PUBLIC_ADDRESS or f"http://localhost:{port}"
                self._invite(address, told)
                if not options["no_serve"]:
                    serve_house(options["host"], port, WORKERS)

    def _invite(self, address: str, told: dict[str, str]) -> None:
        logins = [f"  {login:16}{name}" for login, name in told.items() if login != "poll"]
        lines = [
            f"演练 · Practice at {address}/ (everybody's password: {practising.PASSWORD})",
            *logins,
            *self._links(address),
        ]
        self.stdout.write("\n".join([*lines, "Delete it: zhengyou practice --wipe"]))
        self.stdout.flush()

    def _links(self, address: str) -> list[str]:
        """Fresh codes of the first people who have not voted; letters for all are printed by the practice office."""
        poll = next(iter(poll_queries.polls_under_way(clock.now())), None)
        if poll is None:
            return ["The practice poll is over: wipe the house and begin anew."]
        waiting = poll_queries.people_without_ballot(poll)[:CODES_PRINTED]
        office = Person.objects.get(number="practice-1")
        codes = ballot_actions.hand_out_poll_codes(poll=poll, people=waiting, at=clock.now(), by=office)
        link = f"{address}/booth/{poll.way_in}/#m={poll.fingerprint}&c="
        return [
            "Ballots to try (each once; the office prints letters for all):",
            *[f"  {link}{codes[one.pk]}" for one in waiting],
        ]

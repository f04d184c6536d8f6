"""`search rebuild`: makes the table of what can be found anew. Needed after an update that says so; harmless otherwise."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from zhengyou.rhythm import actions
from zhengyou.web.shared import clock


class Command(BaseCommand):
    """Everything in one transaction: until it ends, people search the old table."""

    help = "Make the table of the search anew from everything that is public."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("deed", choices=["rebuild"])

    def handle(self, *args: Any, **options: Any) -> None:
        count = actions.rebuild_search(at=clock.now(), by=None)
        self.stdout.write(f"{count} things can be found.")

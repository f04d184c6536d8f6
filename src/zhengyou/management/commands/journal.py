"""`journal check`: whether every entry of the journal still is what its leaf was made of. Nothing is changed."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from zhengyou.base.journal import check_leaves


class Command(BaseCommand):
    """Ends with an error if an entry was changed after it was written; an entry whose payload was erased is none."""

    help = "Check the journal: make the hash of every entry again and compare."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("deed", choices=["check"])

    def handle(self, *args: Any, **options: Any) -> None:
        checked = check_leaves()
        if checked.wrong:
            named = ", ".join(map(str, checked.first_wrong))
            raise CommandError(f"{checked.wrong} entries were changed after they were written. The first: {named}.")
        self.stdout.write(f"{checked.right} entries are as they were written, {checked.erased} were erased.")

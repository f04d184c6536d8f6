"""`entries check | forget N`: whether the public entries are what they were; the texts about people of one entry erased."""

import re
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from zhengyou.base import entries
from zhengyou.base.deeds import done
from zhengyou.base.entries import Head
from zhengyou.base.entries_checked import check
from zhengyou.web.shared import clock

WORDS = {
    "missing": "is missing",
    "without-deed": "belongs to no deed of the journal",
    "out-of-order": "does not follow the one before it",
    "changed": "was changed after it was written",
    "not-canonical": "is not canonical JSON",
    "column-changed": "says something else than its row",
    "unreadable": "cannot be read",
    "text-missing": "has lost a long text, or the text was changed",
    "erasable-text-changed": "has a text about a person that was changed",
    "other-than-noted": "is another one than the head that was noted",
}


class Command(BaseCommand):
    """Ends with an error if anything is wrong, and names the first of it."""

    help = "Check the public entries, from the first to the last; or forget the texts about people of one entry."

    def add_arguments(self, parser: ArgumentParser) -> None:
        deeds = parser.add_subparsers(dest="deed", required=True)
        checking = deeds.add_parser("check", help="make every hash again and compare")
        checking.add_argument("--head", default="", help="a head that was noted earlier, as NUMBER:HASH")
        forgetting = deeds.add_parser("forget", help="erase the texts about people of one entry; the entry stays")
        forgetting.add_argument("number", type=int)

    def handle(self, *args: Any, deed: str, **options: Any) -> None:
        if deed == "check":
            self._check(_head(options["head"]))
        else:
            self._forget(options["number"])

    def _check(self, earlier: Head | None) -> None:
        checked = check(earlier)
        if checked.wrong:
            named = "; ".join(f"{flaw.number} {WORDS[flaw.what]}" for flaw in checked.first_wrong)
            raise CommandError(f"{checked.wrong} things are wrong with the public entries. The first: {named}.")
        head = f"{checked.head.number}:{checked.head.chain}"
        self.stdout.write(f"{checked.count} public entries are as they were written. Head: {head}")

    @transaction.atomic
    def _forget(self, number: int) -> None:
        erased = entries.forget(number)
        if not erased:
            raise CommandError(f"Entry {number} has no text that could be forgotten.")
        done("entries.forget", f"entry:{number}", at=clock.now(), by=None, texts=erased)
        self.stdout.write(f"{erased} texts of entry {number} were erased. The entry itself stays as it was.")


def _head(text: str) -> Head | None:
    if not text:
        return None
    if not (parts := re.fullmatch(r"(\d{1,18}):([0-9a-f]{64})", text)):
        raise CommandError("Write the head as it was shown: the number, a colon, 64 letters and figures.")
    return Head(int(parts[1]), parts[2])

"""`entries check [FILE…] | forget N`: whether the public entries, or some that were downloaded, are what they were; the texts
about people of one entry erased.
"""

import re
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from zhengyou.base import entries
from zhengyou.base.deeds import done
from zhengyou.base.entries import Head
from zhengyou.base.entries_checked import EntriesChecked, check
from zhengyou.base.entries_downloaded import NoLine, check_files
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
        checking.add_argument(
            "files", nargs="*", type=Path, help="downloaded entries, in their order; without, the house's own"
        )
        checking.add_argument("--head", default="", help="a head that was noted earlier, as NUMBER:HASH")
        forgetting = deeds.add_parser("forget", help="erase the texts about people of one entry; the entry stays")
        forgetting.add_argument("number", type=int)

    def handle(self, *args: Any, deed: str, **options: Any) -> None:
        if deed == "check":
            earlier = _head(options["head"])
            self._tell(_downloaded(options["files"], earlier) if options["files"] else check(earlier))
        else:
            self._forget(options["number"])

    def _tell(self, checked: EntriesChecked) -> None:
        if checked.wrong:
            named = "; ".join(f"{flaw.number} {WORDS[flaw.what]}" for flaw in checked.first_wrong)
            raise CommandError(f"{checked.wrong} things are wrong with the public entries. The first: {named}.")
        head = f"{checked.head.number}:{checked.head.chain}"
        self.stdout.write(f"{checked.count} public entries are as they were written. Head: {head}")
        if (first := checked.head.number - checked.count + 1) > 1:
            self.stdout.write(f"They begin with entry {first}: what stands before it was not checked.")

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


def _downloaded(files: list[Path], earlier: Head | None) -> EntriesChecked:
    try:
        checked = check_files(files, earlier)
    except NoLine as error:
        raise CommandError(str(error)) from None
    except OSError as error:
        raise CommandError(f"{error.filename} cannot be read: {error.strerror}.") from None
    if not checked.count:
        raise CommandError("There are no entries in what was given.")
    return checked

"""`backup FOLDER`: a whole copy of the house, checked by reading it again.

`backup --check FOLDER`: is the newest one there whole, and how old is it?
"""

from argparse import ArgumentParser, ArgumentTypeError
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.template.defaultfilters import filesizeformat
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ownpostgres.account import EmbeddedDatabaseError
from zhengyou.base.refusals import Refused
from zhengyou.management.spoken import LANGUAGES, spoken_language
from zhengyou.operating import actions, queries
from zhengyou.operating.queries import Backup
from zhengyou.web.shared import clock


class Command(BaseCommand):
    """Ends with an error, and leaves nothing, if the backup is not whole."""

    help = "Copy the house (database, photos, records, packs; secrets apart) into a folder, or check what was copied."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help="a folder that is empty, new, or holds backups")
        parser.add_argument("--check", action="store_true", help="make nothing: is the newest backup there whole?")
        parser.add_argument("--secrets", type=Path, help="the folder in which the secrets lie apart")
        parser.add_argument("--keep", type=_at_least_one, default=0, help="delete the oldest beyond so many")
        parser.add_argument("--lang", choices=sorted(LANGUAGES))

    def handle(self, *args: Any, folder: Path, secrets: Path | None, lang: str | None, **options: Any) -> None:
        with translation.override(spoken_language(lang)):
            try:
                if options["check"]:
                    self._check(queries.latest_backup(folder), secrets)
                else:
                    self._make(folder, secrets, options["keep"])
            except (Refused, EmbeddedDatabaseError) as error:
                raise CommandError(str(error)) from error

    def _make(self, folder: Path, secrets: Path | None, keep: int) -> None:
        made = actions.make_backup(home=settings.HOME, folder=folder, secrets_folder=secrets, keep=keep, at=clock.now())
        self.stdout.write(_("The backup is whole: %(folder)s. %(what)s") % {"folder": made.folder, "what": _what(made)})
        if made.forgotten:
            self.stdout.write(_("Deleted, as --keep asks: %s") % ", ".join(made.forgotten))
        if not made.listing.secrets:
            self.stdout.write(
                _("It holds no secrets: this system is given them by its environment. Keep them elsewhere.")
            )
        elif not made.listing.are_secrets_apart:
            self.stdout.write(
                _("Move %(folder)s to another place: whoever has both can open ballots of polls that are open now.")
                % {"folder": made.folder / "secrets"}
            )

    def _check(self, backup: Backup, secrets: Path | None) -> None:
        days = (clock.now() - backup.listing.at).days
        when = timezone.localtime(backup.listing.at).strftime("%Y-%m-%d %H:%M")
        self.stdout.write(
            ngettext("%(folder)s, of %(when)s, %(n)d day old.", "%(folder)s, of %(when)s, %(n)d days old.", days)
            % {"folder": backup.folder, "when": when, "n": days}
        )
        for fault in (faults := queries.faults_of(backup, secrets)):
            self.stdout.write(f"  {fault}")
        if faults:
            raise CommandError(_("This backup is not whole. Make another one, and look at the disk it lies on."))
        self.stdout.write(
            _("It is whole: every file is as it was written, and the database can be read. %s") % _what(backup)
        )
        if backup.listing.are_secrets_apart and secrets is None:
            self.stdout.write(_("Its secrets lie apart and were not looked at: name their folder with --secrets."))


def _what(backup: Backup) -> str:
    count = len(backup.listing.files)
    return ngettext("%(n)d file, %(size)s.", "%(n)d files, %(size)s.", count) % {
        "n": count,
        "size": filesizeformat(backup.size),
    }


def _at_least_one(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise ArgumentTypeError(_("Say how many backups shall stay: 1 or more. Without --keep, all stay."))
    return int(text)

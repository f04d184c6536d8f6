"""`restore FOLDER`: the newest backup in a folder becomes the house of an empty home; `--replace` moves aside what is there."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from ownpostgres.account import EmbeddedDatabaseError
from zhengyou.base.refusals import Refused
from zhengyou.base.words import in_readers_words
from zhengyou.management.spoken import LANGUAGES, spoken_language
from zhengyou.operating import queries, restoring, rules
from zhengyou.operating.restoring import Restored, Wanted
from zhengyou.web.shared import clock


class Command(BaseCommand):
    """Ends with an error, and leaves the home as it was, if anything does not fit."""

    help = "Make a house of a backup, in an empty home (ZHENGYOU_HOME)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help="a backup, or a folder of backups: then the newest")
        parser.add_argument("--secrets", type=Path, help="the folder in which the secrets lie apart")
        parser.add_argument("--new-secrets", action="store_true", help="do without the secrets of the backup")
        parser.add_argument("--replace", action="store_true", help="move aside the house that is in the home")
        parser.add_argument("--lang", choices=sorted(LANGUAGES))

    def handle(self, *args: Any, folder: Path, lang: str | None, **options: Any) -> None:
        with translation.override(spoken_language(lang)):
            try:
                backup = queries.latest_backup(folder)
                apart = backup.listing.are_secrets_apart
                is_given = bool(options["secrets"] or options["new_secrets"])
                rules.check_has_secrets(are_apart=apart, are_given=is_given)
                wanted = Wanted(backup, options["secrets"], options["replace"])
                done = restoring.restore_house(home=settings.HOME, wanted=wanted, migrate=_migrate, at=clock.now())
            except (Refused, EmbeddedDatabaseError, DatabaseError) as error:
                raise CommandError(str(error)) from error
            self._tell(done, backup)

    def _tell(self, done: Restored, backup: queries.Backup) -> None:
        when = timezone.localtime(backup.listing.at).strftime("%Y-%m-%d %H:%M")
        self.stdout.write(_("The system of %(when)s is in %(home)s.") % {"when": when, "home": settings.HOME})
        if done.moved_aside:
            self.stdout.write(_("What was there before lies in %s. Delete it once you are sure.") % done.moved_aside)
        for poll in done.only_void:
            self.stdout.write(
                _(
                    "“%(name)s” was open. Nobody can tell any more who has voted: it can only be declared void and held again."
                )
                % {"name": in_readers_words(poll.name)}
            )
        for name in done.records_kept:
            self.stdout.write(
                _(
                    "The record %(name)s was signed after the backup. It was kept in records/, and nothing is written over it."
                )
                % {"name": name}
            )
        self.stdout.write(
            _(
                "What was done after the backup is lost: compare with a head that was written down (zhengyou entries check --head …)."
            )
        )


def _migrate() -> None:
    call_command("migrate", verbosity=0, interactive=False)

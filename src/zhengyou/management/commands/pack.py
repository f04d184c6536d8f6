"""`pack check FILE`, `pack list`, `pack load ID`: try a campaign pack, see those there are, bring the words of one into the house.

What is said is said in Chinese where LANG is Chinese, else in English; `--lang` says it otherwise.
"""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import ProgrammingError
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from zhengyou.base.refusals import Refused
from zhengyou.base.words import in_readers_words
from zhengyou.campaigns import actions, packs
from zhengyou.campaigns.packs import PackFile
from zhengyou.management.spoken import LANGUAGES, spoken_language
from zhengyou.organisations import queries as organisations
from zhengyou.web.shared import clock


class Command(BaseCommand):
    """Ends with an error if a pack has faults, all of which are named, or if it cannot be loaded."""

    help = "Check a campaign pack's file, list the packs, or load the words of one into the house."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--lang", choices=sorted(LANGUAGES))
        deeds = parser.add_subparsers(dest="deed", required=True)
        deeds.add_parser("check", help="name every fault of a file").add_argument("file", type=Path)
        deeds.add_parser("list", help="the packs that come with Zhengyou, and those in the house's own folder")
        deeds.add_parser("load", help="bring a pack's words into the house, or bring them again").add_argument("id")

    def handle(self, *args: Any, **options: Any) -> None:
        with translation.override(spoken_language(options["lang"])):
            match options["deed"]:
                case "check":
                    self._check(packs.check_file(options["file"]))
                case "list":
                    self._list()
                case _:
                    self._load(options["id"])

    def _check(self, file: PackFile) -> None:
        if file.pack:
            self.stdout.write(_("%(file)s: no faults. %(what)s") % {"file": file.path, "what": _what(file)})
            return
        for fault in file.faults:
            line = _("line %d") % fault.line if fault.line else file.path.name
            where = f"{fault.where}: " if fault.where else ""
            self.stdout.write(f"  {line}  {where}{fault}")
        raise CommandError(
            ngettext("%(file)s has %(n)d fault.", "%(file)s has %(n)d faults.", len(file.faults))
            % {"file": file.path, "n": len(file.faults)}
        )

    def _list(self) -> None:
        try:
            loaded = organisations.pack_of_house()
        except ProgrammingError:  # no house has been made here yet, and a pack may be written before
            loaded = ""
        for file in packs.pack_files():
            mark = "*" if file.id == loaded else " "
            what = _what(file) if file.pack else _("has faults: zhengyou pack check %s") % file.path
            self.stdout.write(f"{mark} {file.id:24} {what}")
        self.stdout.write(_("* is the pack of this system. Your own packs lie in %s.") % (settings.HOME / "packs"))

    def _load(self, typed: str) -> None:
        try:
            pack = packs.load_pack(packs.pack_named(typed))
            actions.load_pack_words(pack_id=pack.id, at=clock.now(), by=None)
        except Refused as refused:
            raise CommandError(str(refused)) from refused
        self.stdout.write(_("The system now has the words of “%s”.") % in_readers_words(pack.name))


def _what(file: PackFile) -> str:
    return f"{in_readers_words(file.pack.name)}. {in_readers_words(file.pack.about)}" if file.pack else ""

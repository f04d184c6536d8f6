"""`doctor`: looks at home, machine, settings and database, and says in sentences what is wrong and what to do. Changes nothing."""

import json
from argparse import ArgumentParser
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.utils import translation
from django.utils.translation import gettext as _

from ownpostgres.account import EmbeddedDatabaseError
from zhengyou.management.spoken import LANGUAGES, spoken_language
from zhengyou.operating import findings, looking, product
from zhengyou.operating.findings import WRONG, Finding
from zhengyou.web.shared import clock


class Command(BaseCommand):
    """Ends with 1 if anything is wrong; what is only worth a look does not count."""

    help = "Look whether the house is well, and say what to do where it is not."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--proxy", type=Path, action="append", default=[], help="a file of nginx or Caddy to look at"
        )
        parser.add_argument("--json", action="store_true", help="for programs: a list of findings")
        parser.add_argument("--lang", choices=sorted(LANGUAGES))

    def handle(self, *args: Any, proxy: list[Path], lang: str | None, **options: Any) -> None:
        with translation.override(spoken_language(lang)):
            try:
                found = looking.around_the_house(home=settings.HOME, proxies=proxy, at=clock.now())
            except OSError as error:
                raise CommandError(
                    _("%(file)s cannot be read: %(why)s.") % {"file": error.filename, "why": error.strerror}
                ) from None
            found += self._inside()
            if options["json"]:
                self.stdout.write(json.dumps([_as_json(finding) for finding in found], ensure_ascii=False, indent=1))
            else:
                self._tell(found)
        if any(finding.severity == WRONG for finding in found):
            raise SystemExit(1)

    def _inside(self) -> list[Finding]:
        """What the database tells. One that was never made is not made for this."""
        try:
            with ExitStack() as stack:
                for cluster in settings.EMBEDDED_CLUSTERS.values():
                    if not cluster.is_prepared:
                        return findings.about_database(_("there is none in this home yet"))
                    stack.enter_context(cluster)
                return looking.inside_the_house(at=clock.now())
        except (EmbeddedDatabaseError, DatabaseError, OSError) as error:
            return findings.about_database(str(error).strip())

    def _tell(self, found: list[Finding]) -> None:
        self.stdout.write(f"{product.named()}  {settings.HOME}")
        for finding in found:
            mark = _("WRONG") if finding.severity == WRONG else _("LOOK")
            self.stdout.write(f"{mark}  {finding.what}\n       → {finding.advice}")
        if not found:
            self.stdout.write(_("Nothing is wrong with this system."))


def _as_json(finding: Finding) -> dict[str, str]:
    return {
        "slug": finding.slug,
        "severity": finding.severity,
        "what": str(finding.what),
        "advice": str(finding.advice),
    }

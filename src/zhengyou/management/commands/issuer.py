"""`issuer`: a second issuer's own house. Takes on a request, makes keys and codes, checks the frozen poll, serves, states its count.

Its home is its own (`ZHENGYOU_HOME`, else a folder `issuer` in the default place). docs/running.md tells it step by step.
"""

from argparse import ArgumentParser
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import segno
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from zhengyou.base.refusals import Refused
from zhengyou.base.spreadsheets import write_csv
from zhengyou.issuers import actions as issuer_actions
from zhengyou.issuers import queries as issuer_queries
from zhengyou.issuers.models import IssuerDuty
from zhengyou.management.issuer_roll import read_roll
from zhengyou.management.serving.keepers import Keepers, keep_database, watch_machine
from zhengyou.management.serving.starting import held_home, held_port, migrate
from zhengyou.management.serving.web_workers import serve
from zhengyou.web.shared import clock
from zhengyou.web.shared.fetching import fetch

PORT = 8100
KEYS_A_STEP = 4


class Command(BaseCommand):
    """The deeds of a second issuer, one word each."""

    help = "Run a second issuer of ballot papers, in a home of its own, for a poll of another level's office."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--language", choices=["zh-hans", "en"], help="language of what is said and printed")
        deeds = parser.add_subparsers(dest="deed", required=True, metavar="DEED")
        prepare = deeds.add_parser(
            "prepare", help="take on a request with your own roll; makes keys and writes the reply"
        )
        prepare.add_argument("request", type=Path, help="the file downloaded by the office")
        prepare.add_argument("reply", type=Path, help="where to write the reply for the office")
        prepare.add_argument("--roll", type=Path, required=True, help="your own list: number, name (CSV or workbook)")
        opening = deeds.add_parser("open", help="check the frozen poll against what was asked")
        opening.add_argument("opening", help="the opening file, or its address on the office's site")
        codes = _about_one_duty(deeds.add_parser("codes", help="write a sheet of fresh one-time codes, told once"))
        codes.add_argument("out", type=Path, help="a new file: .html to print, or .csv")
        codes.add_argument("--number", action="append", dest="numbers", help="only for this person; may be repeated")
        extend = _about_one_duty(deeds.add_parser("extend", help="follow a poll that its office extended"))
        extend.add_argument("until", help="the new closing time, such as 2026-11-30T18:00+08:00")
        statement = _about_one_duty(
            deeds.add_parser("statement", help="after the close: state the count, destroy the keys")
        )
        statement.add_argument("out", type=Path, help="where to write the signed count for the office")
        deeds.add_parser("duties", help="list what this house issues for")
        serving = deeds.add_parser("serve", help="answer the booth until stopped")
        serving.add_argument("--host", default="127.0.0.1")
        serving.add_argument("--port", type=int, help="this port and no other (without it 8100 or the next free one)")
        serving.add_argument("--workers", type=int, default=1)
        serving.add_argument("--exact-port", action="store_true", help="fail instead of taking another port")

    def handle(self, *args: Any, **options: Any) -> None:
        deeds: dict[str, Callable[..., None]] = {
            "prepare": self._prepare,
            "open": self._open,
            "codes": self._codes,
            "extend": self._extend,
            "statement": self._state,
            "duties": self._list,
            "serve": self._serve,
        }
        with translation.override(options["language"] or translation.get_language()):
            try:
                migrate()
                issuer_actions.check_own_home()
                deeds[options["deed"]](**options)
            except (Refused, OSError) as refusal:
                raise CommandError(str(refusal)) from refusal

    def _prepare(self, *, request: Path, reply: Path, roll: Path, **_options: Any) -> None:
        people = read_roll(roll.read_bytes())
        duty = issuer_actions.take_on_duty(request=request.read_bytes(), roll=people, at=clock.now())
        made, wanted = issuer_actions.make_duty_keys(duty=duty, count=0)
        while made < wanted:
            made, wanted = issuer_actions.make_duty_keys(duty=duty, count=KEYS_A_STEP)
            self._say(_("%(made)d of %(wanted)d keys are ready.") % {"made": made, "wanted": wanted})
        reply.write_bytes(issuer_actions.write_duty_reply(duty))
        self._say(
            _("%(count)d people on the roll. Hand this file to the office: %(file)s")
            % {"count": len(people), "file": reply}
        )

    def _open(self, *, opening: str, language: str | None, **_options: Any) -> None:
        is_address = opening.startswith(("https://", "http://"))
        data = fetch(opening, accept_language=language or "") if is_address else Path(opening).read_bytes()
        for duty in issuer_actions.open_duties(opening=data, at=clock.now()):
            self._say(
                _(
                    "The appraisal carries this issuer and its keys. Pool %(pool)s, open until %(until)s. Fingerprint: %(mark)s"
                )
                % {"pool": duty.pool, "until": _local(duty.closes_at), "mark": duty.fingerprint}
            )
        self._say(_("Now hand out codes (“issuer codes”) and answer the booth (“issuer serve”)."))

    def _codes(self, *, out: Path, numbers: list[str] | None, **options: Any) -> None:
        """The codes are in the file before the database knows them; if it cannot be written, nothing has changed."""
        duty = self._duty(**options)
        if out.suffix not in {".html", ".csv"} or out.exists():
            raise CommandError(_("Name a new file that ends with .html or .csv."))
        out.touch(mode=0o600, exist_ok=False)
        try:
            with transaction.atomic():
                slips = issuer_actions.hand_out_duty_codes(duty=duty, numbers=numbers, at=clock.now())
                out.write_bytes(_sheet(duty, slips) if out.suffix == ".html" else _list_of_codes(duty, slips))
        except BaseException:
            out.unlink()
            raise
        self._say(
            _("%(count)d codes, in %(file)s only. Print it, hand the slips over in closed envelopes, then delete it.")
            % {"count": len(slips), "file": out}
        )

    def _extend(self, *, until: str, **options: Any) -> None:
        try:
            later = parse_datetime(until)
        except ValueError:
            later = None
        if later is None:
            raise CommandError(_("Write the time like 2026-11-30T18:00+08:00."))
        later = later if later.tzinfo else timezone.make_aware(later)
        duty = issuer_actions.extend_duty(duty=self._duty(**options), closes_at=later, at=clock.now())
        self._say(_("Ballot papers are issued until %(until)s.") % {"until": _local(duty.closes_at)})

    def _state(self, *, out: Path, **options: Any) -> None:
        out.write_bytes(issuer_actions.state_count(duty=self._duty(**options), at=clock.now()))
        self._say(_("The keys are destroyed. Hand the signed count to the office: %(file)s") % {"file": out})

    def _list(self, **_options: Any) -> None:
        for duty in issuer_queries.all_duties():
            state = _("stated") if duty.stated_at else _("opened") if duty.fingerprint else _("prepared")
            self._say(f"{duty.poll} {duty.pool} {state}")

    def _serve(self, *, host: str, port: int | None, workers: int, exact_port: bool, **_options: Any) -> None:
        with held_home(settings.HOME), held_port(host, port, PORT, self._say, is_exact=exact_port) as held:
            self._say(f"Zhengyou issuer: http://{'localhost' if host == '127.0.0.1' else host}:{held}/")
            keepers = Keepers()
            with keepers.at_work(keep_database, watch_machine):
                serve(host, held, workers)
            if keepers.failure:
                raise CommandError(keepers.failure)

    def _say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()

    def _duty(self, *, poll: UUID | None, pool: str | None, **_options: Any) -> IssuerDuty:
        """The one duty meant; where there are several, it must be named."""
        fitting = [
            duty for duty in issuer_queries.all_duties() if poll in {None, duty.poll} and pool in {None, duty.pool}
        ]
        if len(fitting) != 1:
            known = "\n".join(f"--poll {duty.poll} --pool {duty.pool}" for duty in issuer_queries.all_duties())
            raise CommandError(_("Say which appraisal and pool you mean:") + f"\n{known or '—'}")
        return fitting[0]


def _about_one_duty(parser: ArgumentParser) -> ArgumentParser:
    parser.add_argument("--poll", type=UUID, help="if this house issues for several")
    parser.add_argument("--pool")
    return parser


def _sheet(duty: IssuerDuty, slips: list[Any]) -> bytes:
    """The print sheet: one slip a person with code and QR."""
    address = f"{duty.origin}/booth/{duty.poll}/"
    shown = [
        {"entry": entry, "code": code, "qr": _qr(f"{address}#m={duty.fingerprint}&d={code}")} for entry, code in slips
    ]
    facts = {"duty": duty, "slips": shown, "address": address, "title": issuer_queries.duty_title(duty)}
    return render_to_string("issuer/codes.html", facts).encode()


def _list_of_codes(duty: IssuerDuty, slips: list[Any]) -> bytes:
    address = f"{duty.origin}/booth/{duty.poll}/#m={duty.fingerprint}&d="
    rows = [(entry.number, entry.name, code, f"{address}{code}") for entry, code in slips]
    return write_csv([_("Number"), _("Name"), _("Code"), _("Address")], rows)


def _qr(text: str) -> str:
    return str(segno.make(text, error="m").svg_inline(scale=3, border=2, omitsize=False))


def _local(at: datetime | None) -> str:
    return timezone.localtime(at).strftime("%Y-%m-%d %H:%M %Z")

"""`create_office`: the first organisation, the first person of the campaign office, and their account."""

from argparse import ArgumentParser
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from zhengyou.base import codes
from zhengyou.base.time import local_day
from zhengyou.campaigns import actions as campaigns
from zhengyou.campaigns import packs
from zhengyou.campaigns.packing.faults import PackRefused
from zhengyou.identity import actions as identity
from zhengyou.management.spoken import LANGUAGES, spoken_language
from zhengyou.organisations import actions as organisations
from zhengyou.organisations.models import Organisation, Post
from zhengyou.organisations.vocabulary import worded
from zhengyou.roster import posts
from zhengyou.web.shared import clock


class Command(BaseCommand):
    """Begin a real installation; the printed password is to be changed at hand-over."""

    help = "Create the topmost unit, a first person of the campaign office and their account; prints the password."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--code", required=True, help="code of the topmost unit, as in your workbook")
        parser.add_argument("--name", required=True, help="its name")
        parser.add_argument("--person", required=True, help="name of the first person of the office")
        parser.add_argument("--number", required=True, help="that person's member number")
        parser.add_argument("--login", required=True)
        parser.add_argument("--pack", default=packs.DEFAULT, help=f"one of: {', '.join(packs.pack_ids())}")
        parser.add_argument("--lang", choices=sorted(LANGUAGES))

    def handle(self, *args: Any, lang: str | None, **options: Any) -> None:
        call_command("migrate", verbosity=0, interactive=False)
        with translation.override(spoken_language(lang)):
            try:
                with transaction.atomic():
                    password = self._create(options)
            except PackRefused as refused:
                raise CommandError(str(refused)) from refused
            text = worded(
                _(
                    "%(name)s now has its %(office)s, and %(person)s works in it. The password is shown only here, and "
                    "is changed at the first sign-in."
                ),
                name=options["name"],
                person=options["person"],
            )
            self.stdout.write(str(text))
            self.stdout.write(_("Login: %(login)s") % {"login": options["login"]})
            self.stdout.write(_("Password: %(password)s") % {"password": password})
            self.stdout.write(_("Start the site with: zhengyou serve (in the sources: make run)"))

    def _create(self, options: dict[str, Any]) -> str:
        if Organisation.objects.exists():
            raise CommandError(
                _(
                    "There are units already. Give the person a post and an account in the office, or run: "
                    "zhengyou appoint_office NUMBER"
                )
            )
        at = clock.now()
        pack = packs.load_pack(packs.pack_named(options["pack"]))
        as_founder: dict[str, Any] = {"at": at, "by": None}
        campaigns.load_pack_words(pack_id=pack.id, **as_founder)
        root = organisations.add_organisation(
            code=options["code"], name=options["name"], kind=pack.root_kind, sector="", parent=None, **as_founder
        )
        person = organisations.add_person(
            number=options["number"], name=options["person"], organisation=root, **as_founder
        )
        role, day = Post.Role.CAMPAIGN_OFFICE, local_day(at)
        posts.give_post(person=person, organisation=root, role=role, title="", from_on=day, **as_founder)
        password = codes.fresh()
        identity.open_account(
            person=person, login=options["login"], password=password, is_handed_out=True, **as_founder
        )
        return password

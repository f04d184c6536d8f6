"""Units choose what they plan for a cycle."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from zhengyou.base import addenda
from zhengyou.base.deeds import done, locked
from zhengyou.base.time import local_day
from zhengyou.campaigns import actions as campaign_actions
from zhengyou.campaigns import queries as campaigns
from zhengyou.campaigns import rules as campaign_rules
from zhengyou.campaigns.calendar import Calendar
from zhengyou.campaigns.models import CentralWork, Cycle, Manifest
from zhengyou.campaigns.rules import Piece
from zhengyou.campaigns.ruleset import Purpose
from zhengyou.identity import rules as identity_rules
from zhengyou.organisations.models import Organisation, Person
from zhengyou.plans import queries, rules
from zhengyou.plans.models import PracticeTheme, ThemeAsked, ThemeKnown


@transaction.atomic
def choose_practice_theme(
    *,
    cycle: Cycle,
    organisation: Organisation,
    text: str,
    main_work: str,
    central_work: CentralWork | None = None,
    at: datetime,
    by: Person,
    as_clerk: bool = False,
) -> PracticeTheme:
    """Its secretary chooses (or changes) an organisation's practice theme while the stage of promises is open.

    With `as_clerk` somebody of a level above enters what it handed in on paper.

    Raises RoleRefused, StageRefused or ThemeRefused.
    """
    identity_rules.check_acts_for(by, organisation, local_day(at), as_clerk=as_clerk)
    Calendar.of(cycle).check_open(Purpose.PROMISE, local_day(at))
    rules.check_may_choose_theme(text, main_work)
    rules.check_piece_of(cycle, central_work)
    row, _created = PracticeTheme.objects.update_or_create(
        cycle=cycle,
        organisation=organisation,
        defaults={
            "text": text.strip(),
            "main_work": main_work.strip(),
            "central_work": central_work,
            "chosen_at": at,
            "chosen_by": by,
        },
    )
    done(
        "plans.choose_practice_theme",
        organisation,
        at=at,
        by=by,
        on_behalf_of=organisation if as_clerk else None,
        cycle=cycle,
        text=row.text,
        central_work=central_work.number if central_work else None,
    )
    return row


@transaction.atomic
def say_theme_known(*, cycle: Cycle, answer: str, at: datetime, by: Person) -> None:
    """Somebody says whether they know their unit's theme, once a cycle; without an answer they are not asked again.

    It is counted and nothing else: no journal, no time, no name beside the answer. Raises StageRefused, ThemeRefused.
    """
    Calendar.of(cycle).check_begun(Purpose.PROMISE, local_day(at))
    unit = locked(by.organisation)  # the same press twice waits here
    theme = queries.practice_theme(cycle, unit)
    rules.check_may_say(answer, theme, is_asked=queries.is_asked(cycle, by))
    ThemeAsked.objects.create(cycle=cycle, person=by)
    if answer:
        known, _new = ThemeKnown.objects.get_or_create(cycle=cycle, organisation=unit)
        setattr(known, answer, getattr(known, answer) + 1)
        total = known.yes + known.partly + known.no
        if total % rules.FULL == 0:
            known.shown_yes, known.shown_all = known.yes, total
        known.save()


@transaction.atomic
def write_central_work(*, cycle: Cycle, pieces: Sequence[Piece], at: datetime, by: Person) -> None:
    """Write the list of central work before launch, the whole of it. Raises SetUpRefused."""
    row = locked(cycle)
    campaign_rules.check_may_change(row)
    campaign_rules.check_pieces(pieces, row.ruleset)
    _write_pieces(row, pieces)
    done("plans.write_central_work", row, at=at, by=by, count=len(pieces))


@transaction.atomic
def correct_central_work(*, cycle: Cycle, pieces: Sequence[Piece], why: str, at: datetime, by: Person) -> Manifest:
    """Reword pieces of central work after the launch, or add some: addenda beside the old, and a new number of the rules.

    Raises StageRefused for a cycle that is not under way, SetUpRefused where a piece would go, AddendumRefused.
    """
    row = locked(cycle, "campaign__organisation")
    campaign_rules.check_under_way(row)
    campaign_rules.check_pieces(pieces, row.ruleset)
    before = [Piece(one.number, one.text, one.aim) for one in campaigns.central_work(row)]
    campaign_rules.check_no_piece_goes(before, pieces)
    changes = addenda.corrections(campaign_rules.pieces_in_words(before), campaign_rules.pieces_in_words(pieces))
    why = addenda.check_corrects(changes, why)
    _write_pieces(row, pieces)
    manifest, told = campaign_actions.write_rules_down(cycle=row, why=why, at=at, by=by)
    written = addenda.add(row, changes, why=why, at=at, by=by)
    public = addenda.public_of(written, about=row.campaign.organisation.public_reference, **told)
    done("plans.correct_central_work", row, at=at, by=by, public=public, number=manifest.number, why=why)
    return manifest


def _write_pieces(cycle: Cycle, pieces: Sequence[Piece]) -> None:
    """A piece keeps its row as long as its number stands in the list."""
    for one in pieces:
        CentralWork.objects.update_or_create(
            cycle=cycle, number=one.number, defaults={"text": one.text, "aim": one.aim}
        )
    CentralWork.objects.filter(cycle=cycle).exclude(number__in=[one.number for one in pieces]).delete()

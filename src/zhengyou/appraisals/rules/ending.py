"""How a round may end otherwise than by its close: extended, declared void by two people, held again."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from zhengyou.appraisals.models import Round
from zhengyou.appraisals.rules import RoundRefused, check_times
from zhengyou.organisations.models import Person

LONGEST_REASON = 500


def check_reason(reason: str) -> None:
    """Whatever is made public about a round says why, in 500 characters at most."""
    if not reason.strip():
        raise RoundRefused(_("Say why: everybody will read the reason."))
    if len(reason.strip()) > LONGEST_REASON:
        raise RoundRefused(_("The reason is too long. Shorten it to %(most)d characters.") % {"most": LONGEST_REASON})


def check_may_extend(round_: Round, closes_at: datetime, reason: str, at: datetime) -> None:
    """An open round is extended only to a later time, only before its present time is over, and only with a reason."""
    if round_.state != Round.State.OPENED:
        raise RoundRefused(_("Only an open round can be extended."))
    present = round_.closes_at.replace(microsecond=0)  # records write whole seconds
    if at.replace(microsecond=0) >= present:
        raise RoundRefused(
            _("The closing time is over, so this round cannot be extended any more. Close it or void it.")
        )
    if closes_at.replace(microsecond=0) <= present:
        raise RoundRefused(_("A round can only be extended: choose a time later than the present closing time."))
    check_times(round_.opens_at, closes_at, at)
    check_reason(reason)


def check_may_ask_to_void(round_: Round, reason: str) -> None:
    """A round that has been opened and not closed can be declared void, with a reason."""
    if round_.state != Round.State.OPENED:
        raise RoundRefused(_("Only a round that is open, or over and not counted yet, can be declared void."))
    if round_.void_asked_by_id is not None:
        raise RoundRefused(_("Somebody has already asked to void this round. A second person confirms it or drops it."))
    check_reason(reason)


def check_may_drop_void(round_: Round) -> None:
    """What was asked for can be dropped until it is confirmed."""
    if round_.state != Round.State.OPENED or round_.void_asked_by_id is None:
        raise RoundRefused(_("Nobody asks to void this round any more."))


def check_may_void(round_: Round, by: Person) -> None:
    """A second person confirms what a first one asked for."""
    if round_.state != Round.State.OPENED:
        raise RoundRefused(_("Only a round that is open, or over and not counted yet, can be declared void."))
    if round_.void_asked_by_id is None:
        raise RoundRefused(_("Two people void a round: one asks and says why, another one confirms. Ask first."))
    if round_.void_asked_by_id == by.pk:
        raise RoundRefused(_("You asked to void this round. A second person of the office must confirm it."))


def check_may_repeat(round_: Round, pools: int) -> None:
    """What is held again: a void round, or those of a closed round's `pools` in which nothing valid came out."""
    if round_.state == Round.State.VOIDED:
        return
    if round_.state != Round.State.CLOSED:
        raise RoundRefused(
            _("This round is not over. Only a void round, or one without a valid result, is held again.")
        )
    if not pools:
        raise RoundRefused(_("Every pool of this round has a valid result. Nothing is held again."))

"""What may be set up, opened, issued, cast and closed. The sheet's width, the pools' size and the window are checked here."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from zhengyou.appraisals.models import RollEntry, Round
from zhengyou.base.refusals import Refused
from zhengyou.campaigns.models import Cycle
from zhengyou.organisations.models import Person

SMALLEST_POOL = 5
MOST_UNITS = 60


class RoundRefused(Refused):
    """The round cannot be set up, opened or closed so."""

    reason = "round"


class BallotRefused(Refused):
    """The booth or the box says no; `reason` tells the browser which kind of no."""

    reason = "ballot"


def check_may_plan(cycle: Cycle, opens_at: datetime, closes_at: datetime) -> None:
    """Rounds belong to a launched cycle and open before they close."""
    if not cycle.is_launched or cycle.is_closed:
        raise RoundRefused(_("This cycle is not under way. Launch it first."))
    if closes_at <= opens_at:
        raise RoundRefused(_("The round would close before it opens. Correct one of the two times."))


def check_drafted(round_: Round) -> None:
    """Sheet and pools can be changed only before the round opens."""
    if round_.state != Round.State.DRAFTED:
        raise RoundRefused(_("This round has been opened. Its sheet and its pools can no longer be changed."))


def check_units(count: int) -> None:
    """A sheet has between one and sixty organisations."""
    if not 1 <= count <= MOST_UNITS:
        raise RoundRefused(
            _("A sheet takes 1 to %(most)d organisations. Choose fewer, or make two rounds.") % {"most": MOST_UNITS}
        )


def check_pool(people: list[Person], already: set[int]) -> None:
    """A pool has at least five people, none of whom sits in another pool of the round."""
    if len(people) < SMALLEST_POOL:
        raise RoundRefused(
            _(
                "A pool needs at least %(fewest)d people, this one has %(count)d: fewer could be recognised by their marks. "
                "Join it with another group, or talk with them instead of voting."
            )
            % {"fewest": SMALLEST_POOL, "count": len(people)}
        )
    twice = [person.name for person in people if person.pk in already]
    if twice:
        raise RoundRefused(
            _("Nobody sits in two pools of one round. Already in another pool: %(names)s.")
            % {"names": "、".join(twice[:5])}
        )


def check_may_open(round_: Round, *, units: int, pools: int, keys_missing: int, at: datetime) -> None:
    """A round opens with a sheet, at least one pool, all its keys, and before its closing time."""
    check_drafted(round_)
    check_units(units)
    if not pools:
        raise RoundRefused(_("This round has no pool of voters yet. Add one."))
    if keys_missing:
        raise RoundRefused(_("The keys are not ready yet. Prepare them, then open the round."))
    if at >= round_.closes_at:
        raise RoundRefused(_("The closing time has already passed. Choose a later one."))


def check_is_open(round_: Round | None, at: datetime) -> Round:
    """Tokens and slips are taken only while the round is open. Returns the round."""
    if round_ is None or round_.state == Round.State.DRAFTED:
        raise BallotRefused(_("There is no such round. Check the address on your invitation."), reason="no-round")
    if at < round_.opens_at:
        raise BallotRefused(_("This round has not opened yet. Come back when it has."), reason="not-open")
    if round_.state == Round.State.CLOSED or at >= round_.closes_at:
        raise BallotRefused(_("This round has closed. Ballots can no longer be given."), reason="closed")
    return round_


def check_manifest(round_: Round, fingerprint: Any) -> None:
    """A booth that shows another manifest than the round's is refused."""
    if fingerprint != round_.fingerprint:
        raise BallotRefused(
            _("This page belongs to another round. Open the address on your invitation again."), reason="wrong-manifest"
        )


def check_may_issue(entry: RollEntry, request_digest: bytes) -> None:
    """Tokens are issued once; the same request again (a lost answer) gets the same answer."""
    if entry.is_issued and bytes(entry.request_digest or b"") != request_digest:
        raise BallotRefused(
            _(
                "A ballot was already issued with this code, on this phone or another one. If that was not you, tell the "
                "campaign office: it shows in the count as issued."
            ),
            reason="already-issued",
        )


def check_may_ask_to_close(round_: Round, at: datetime) -> None:
    """There is no early close."""
    if round_.state != Round.State.OPENED:
        raise RoundRefused(_("Only an open round can be closed."))
    if at < round_.closes_at:
        raise RoundRefused(_("The round is open until its closing time. There is no early close."))


def check_may_close(round_: Round, at: datetime, by: Person) -> None:
    """A second person closes what a first one asked to close."""
    check_may_ask_to_close(round_, at)
    if round_.close_asked_by_id is None:
        raise RoundRefused(_("Two people close a round: one asks, another one confirms. Ask first."))
    if round_.close_asked_by_id == by.pk:
        raise RoundRefused(_("You asked to close this round. A second person of the office must confirm it."))

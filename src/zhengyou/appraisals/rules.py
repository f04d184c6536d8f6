"""What may be set up, opened, issued, cast and closed. The sheet's width, the pools' size and the window are checked here."""

from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from zhengyou.appraisals.models import RatedOrganisation, RollEntry, Round, RoundScrutineer
from zhengyou.base.refusals import Refused
from zhengyou.base.time import local_day
from zhengyou.campaigns.models import Cycle
from zhengyou.identity import rules as identity
from zhengyou.organisations import queries as organisations
from zhengyou.organisations.models import Organisation, Person, Post

SMALLEST_POOL = 5
FEWEST_SCRUTINEERS = 2
LONGEST_REASON = 500
MOST_UNITS = 60
LONGEST_ROUND = timedelta(days=366)


class RoundRefused(Refused):
    """The round cannot be set up, opened or closed so."""

    reason = "round"


class ScrutinyRefused(Refused):
    """A scrutineer cannot do this (yet)."""

    reason = "scrutiny"


class BallotRefused(Refused):
    """The booth or the box says no; `reason` tells the browser which kind of no."""

    reason = "ballot"


def check_is_not_concerned(round_: Round, person: Person, at: datetime) -> None:
    """Whoever is rated, or administers the rated, does not run, extend, print, key, close, void or count the round (M32)."""
    rated = RatedOrganisation.objects.filter(round=round_).select_related("organisation")
    check_may_run(round_.cycle, [row.organisation for row in rated], person, at)


def check_may_run(cycle: Cycle, rated: list[Organisation], person: Person, at: datetime) -> None:
    """The same for a round that is only being planned. Raises identity's ConcernRefused, which names who may."""
    identity.check_is_unconcerned(person, rated, cycle.campaign.organisation, local_day(at))


def check_may_scrutinise(round_: Round, person: Person, at: datetime) -> None:
    """Scrutineers hold that post outside the rated units, are not tied to them, and do not work in the campaign office."""
    held = organisations.posts_of(person, local_day(at))
    rated = RatedOrganisation.objects.filter(round=round_).values_list("organisation__path", flat=True)
    homes = [post.organisation.path for post in held if post.role == Post.Role.SCRUTINEER]
    if not any(not home.startswith(tuple(rated)) for home in homes):
        raise RoundRefused(
            _("%(person)s holds no post as scrutineer outside the rated organisations. Give one on the page of posts.")
            % {"person": person.name}
        )
    if any(post.role == Post.Role.CAMPAIGN_OFFICE for post in held):
        raise RoundRefused(
            _("%(person)s works in the campaign office. A scrutineer checks the office and so comes from elsewhere.")
            % {"person": person.name}
        )
    check_is_not_concerned(round_, person, at)


def check_is_registered(registered: RoundScrutineer | None, round_: Round) -> RoundScrutineer:
    """Openings and signatures are for a closed round's own scrutineers. Returns the registration."""
    if registered is None:
        raise ScrutinyRefused(_("You are not a scrutineer of this round."), reason="no-scrutineer")
    if round_.state != Round.State.CLOSED:
        raise ScrutinyRefused(_("There is nothing to recount before the round is closed."))
    return registered


def check_may_sign(registered: RoundScrutineer, signed: bool, *, is_agreed: bool, remark: str) -> None:
    """A scrutineer signs once, after taking the openings; who disagrees says what does not fit."""
    if signed:
        raise ScrutinyRefused(_("You have already signed. What was signed stands."))
    if registered.handed_at is None:
        raise ScrutinyRefused(_("Take the openings and recount first, then sign."))
    if not is_agreed and not remark.strip():
        raise ScrutinyRefused(_("Say what does not fit: everybody will read it."))
    if len(remark.strip()) > LONGEST_REASON:
        raise ScrutinyRefused(_("This text is too long. Shorten it to %(most)d characters.") % {"most": LONGEST_REASON})


def check_may_plan(cycle: Cycle, opens_at: datetime, closes_at: datetime, at: datetime) -> None:
    """Rounds belong to a launched cycle, open before they close, and close in the future."""
    if cycle.is_closed:
        raise RoundRefused(_("This cycle has been closed. Plan the round in the next one."))
    if not cycle.is_launched:
        raise RoundRefused(_("This cycle is not under way. Launch it first."))
    check_times(opens_at, closes_at, at)


def check_times(opens_at: datetime, closes_at: datetime, at: datetime) -> None:
    """A round opens before it closes, lasts a year at most, and its close is still to come."""
    if closes_at <= opens_at:
        raise RoundRefused(_("The round would close before it opens. Correct one of the two times."))
    if closes_at - opens_at > LONGEST_ROUND:
        raise RoundRefused(_("A round lasts a year at most. Check the years of its two times."))
    if closes_at <= at:
        raise RoundRefused(_("The closing time has already passed. Choose a later one."))


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


def check_pool_size(count: int) -> None:
    """A pool has at least five people."""
    if count < SMALLEST_POOL:
        raise RoundRefused(
            _(
                "A pool needs at least %(fewest)d people, this one has %(count)d: fewer could be recognised by their marks. "
                "Join it with another group, or talk with them instead of voting."
            )
            % {"fewest": SMALLEST_POOL, "count": count}
        )


def check_in_one_pool(people: list[Person], already: set[int]) -> None:
    """Nobody sits in two pools of a round; `already` has the ids of those who sit in one."""
    twice = [person.name for person in people if person.pk in already]
    if twice:
        raise RoundRefused(
            _("Nobody sits in two pools of one round. Already in another pool: %(names)s.")
            % {"names": "、".join(twice[:5])}
        )


def check_rater_group(sheet: dict[str, Any], rater_group: str) -> None:
    """A pool belongs to one of the campaign's groups of raters, or to none."""
    if rater_group and rater_group not in {group["id"] for group in sheet.get("rater_groups", [])}:
        raise RoundRefused(_("The rules of this cycle know no such group of raters. Choose one of the list, or none."))


def check_may_open(round_: Round, *, units: int, pools: int, keys_missing: int, scrutineers: int, at: datetime) -> None:
    """A round opens with a sheet, a pool, two scrutineers, all its keys, and before its closing time.

    Any pool may stay sealed in part, however large: a nearly unanimous item is enough. So there are always scrutineers.
    """
    check_drafted(round_)
    check_units(units)
    if not pools:
        raise RoundRefused(_("This round has no pool of voters yet. Add one."))
    if scrutineers < FEWEST_SCRUTINEERS:
        raise RoundRefused(
            _("Register two scrutineers from outside first: they recount what is not published slip by slip.")
        )
    if keys_missing:
        raise RoundRefused(_("The keys are not ready yet. Prepare them, then open the round."))
    check_times(round_.opens_at, round_.closes_at, at)


def check_may_hand_out(round_: Round) -> None:
    """Codes are handed out for a round that has been opened and not closed."""
    if round_.state != Round.State.OPENED:
        raise RoundRefused(_("Codes belong to an open round. Open this one first; a closed one takes no ballots."))


def check_is_open(round_: Round | None, at: datetime) -> Round:
    """Tokens and slips are taken only while the round is open. Returns the round."""
    if round_ is None or round_.state == Round.State.DRAFTED:
        raise BallotRefused(_("There is no such round. Check the address on your invitation."), reason="no-round")
    if at < round_.opens_at:
        raise BallotRefused(_("This round has not opened yet. Come back when it has."), reason="not-open")
    if round_.state == Round.State.VOIDED:
        raise BallotRefused(
            _("This round was declared void. Its ballots were destroyed unopened and none is taken any more."),
            reason="closed",
        )
    if round_.state == Round.State.CLOSED or at >= round_.closes_at:
        raise BallotRefused(_("This round has closed. Ballots can no longer be given."), reason="closed")
    return round_


def check_still_open(is_open: bool) -> None:
    """The round may have been closed while a ballot was on its way."""
    if not is_open:
        raise BallotRefused(_("This round has closed. Ballots can no longer be given."), reason="closed")


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


def check_may_draw(entry: RollEntry | None) -> None:
    """Only people on the roll draw a code, and only before a ballot was issued in their name."""
    if entry is None:
        raise BallotRefused(_("You are not on the roll of this round."), reason="unknown-code")
    if entry.is_issued:
        raise BallotRefused(
            _("A ballot was already issued in your name. To change your marks, open the booth where you voted."),
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


def unknown_code() -> BallotRefused:
    """The refusal of a code that is nobody's."""
    return BallotRefused(
        _("This code is not on the roll of this round. Check it letter by letter, or ask the office for a new one."),
        reason="unknown-code",
    )


def refused_by_the_box(reason: str) -> BallotRefused:
    """The box's own reasons, in words."""
    sentences = {
        "malformed": _("The ballot did not arrive as it was sent. Your marks are still here: send it again."),
        "too-large": _("This is too large to be a ballot. Open the address on your invitation again."),
        "wrong-manifest": _("This page belongs to another round. Open the address on your invitation again."),
        "unknown-pool": _("This code is for another sheet. Open the address on your invitation again."),
        "unknown-line": _("This code is for another sheet. Open the address on your invitation again."),
        "wrong-lines": _("The sheet was not complete when it was sent. Load the page again; your marks are kept."),
        "wrong-issuers": _("A token is missing on this ballot. Load the page again and send it once more."),
        "forged-token": _("This ballot carries no valid token of this sheet, so it cannot be counted."),
        "forged-signature": _("This ballot was changed on its way, so it cannot be counted. Send it again."),
        "superseded": _("A newer version of this ballot is already in the box, from another tab or window."),
    }
    return BallotRefused(sentences[reason], reason=reason)


def insecure_address() -> BallotRefused:
    """The refusal of a code or a ballot that would travel in the open."""
    return BallotRefused(
        _(
            "Voting needs a secure address that begins with https. Ask the office for the right link. (For the office: "
            "docs/running.md says how to serve by https, also behind a proxy.)"
        ),
        reason="insecure",
    )


def carries_identity() -> BallotRefused:
    """The refusal of a ballot that comes with something that could name its voter."""
    return BallotRefused(
        _("This ballot came with a cookie, so it was not taken. Use the booth's own page, which sends none."),
        reason="carries-identity",
    )

"""What the booth and the box refuse, and what must be there before a poll opens or is extended."""

import re
from datetime import date, datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from blindballot.box.issuer_files import IssuerReply
from blindballot.format.encoding import IDENTIFIER, parse_canonical
from zhengyou.base.refusals import Refused
from zhengyou.base.words import joined
from zhengyou.boxes.models import Mark
from zhengyou.campaigns.rules import check_under_way
from zhengyou.organisations.vocabulary import worded
from zhengyou.polls import rules as poll_rules
from zhengyou.polls.models import Poll, PollExtension, PollScrutineer, RollEntry, VoterPool
from zhengyou.polls.rules import FEWEST_SCRUTINEERS, SMALLEST_POOL, PollRefused

FEWEST_TO_CLOSE = 2
MOST_OPEN_POLLS = 24
KEYS_AT_ONCE = 2  # as many processors as the smallest house has; no other thread waits while a key is made
ISSUER = "office"  # what the campaign office is called among the issuers of a pool
ORIGIN = re.compile(r"(https://[a-z0-9-]+(\.[a-z0-9-]+)*|http://(localhost|127\.0\.0\.1))(:[0-9]{1,5})?")


class BallotRefused(Refused):
    """The booth or the box says no; `reason` tells the browser which kind of no."""


def check_issuers_ready(waiting: list[str]) -> None:
    """A poll opens only when every second issuer has answered the request as it now stands; `waiting` names the others."""
    if waiting:
        raise PollRefused(
            _(
                "The second issuer has not answered for %(pools)s, or the appraisal was changed since it did. Hand it the request "
                "as it is now, and upload its reply."
            )
            % {"pools": joined(waiting)},
            reason="issuer.not-answered",
        )


def check_may_take_statement(poll: Poll, at: datetime) -> None:
    """Counts of tokens are taken after the closing time and before the close."""
    if poll.state != Poll.State.OPENED:
        raise PollRefused(
            _("Only an open appraisal waits for the count of a second issuer."), reason="statement.poll-not-open"
        )
    if at < poll.closes_at:
        raise PollRefused(
            _("The second issuer states its count after the closing time, not before."), reason="statement.too-early"
        )


def document_refused(sentence: Any) -> PollRefused:
    """The refusal of a file that came from the other side and does not fit."""
    return PollRefused(sentence, reason="document")


def check_may_open(poll: Poll, *, units: int, pools: int, keys_missing: int, at: datetime) -> None:
    """A poll opens in a cycle under way with a sheet, a pool, all its keys, and before its closing time; held again it also does later."""
    poll_rules.check_drafted(poll)
    if poll.repeats_id is None:
        check_under_way(poll.cycle)
    poll_rules.check_sheet(units)
    if not pools:
        raise PollRefused(_("This appraisal has no pool of voters yet. Add one."), reason="poll.no-pool")
    if keys_missing:
        raise PollRefused(
            _("The keys are not ready yet. Prepare them, then open the appraisal."), reason="poll.no-keys"
        )
    poll_rules.check_times(poll.opens_at, poll.closes_at, at)


def check_can_be_closed(free: int) -> None:
    """Two different people of the office close a poll. One that could not be closed is not opened; `free` may close it today."""
    if free < FEWEST_TO_CLOSE:
        raise PollRefused(
            worded(
                _(
                    "Two people in the %(office)s close an appraisal, and fewer than two may close this one: the "
                    "others are rated here or administer the rated units. Give somebody from elsewhere a post in the "
                    "%(office)s first, on the page of posts."
                )
            ),
            reason="poll.nobody-to-close",
        )


def check_scrutineers_ready(registered: list[PollScrutineer]) -> None:
    """A poll opens with three scrutineers whose keys were tried. Any pool may stay sealed in part, however large: a nearly
    unanimous item is enough. So there are always scrutineers; two open what is sealed, and one may be absent."""
    if len(registered) < FEWEST_SCRUTINEERS:
        raise PollRefused(
            _(
                "Register three scrutineers from outside first: two of them together recount what is not published slip by slip."
            ),
            reason="poll.no-scrutineers",
        )
    untried = [row.person.name for row in registered if row.tried_at is None]
    if untried:
        raise PollRefused(
            _(
                "These scrutineers have not made and tried their keys yet, at their desk under “Scrutiny”: %(names)s. Wait for them, "
                "or take their registration back and register others."
            )
            % {"names": joined(untried)},
            reason="poll.scrutineer-without-keys",
        )


def check_may_hand_out(poll: Poll) -> None:
    """Codes are handed out for a poll that has been opened and not closed."""
    if poll.state != Poll.State.OPENED:
        raise PollRefused(
            _("Codes belong to an open appraisal. Open this one first; a closed one takes no ballots."),
            reason="codes.poll-not-open",
        )
    poll_rules.check_goes_on(poll)


def check_is_open(poll: Poll | None, at: datetime) -> Poll:
    """Tokens and slips are taken only while the poll is open. Returns the poll."""
    if poll is None or poll.state == Poll.State.DRAFTED:
        raise BallotRefused(_("There is no such appraisal. Check the address on your invitation."), reason="no-poll")
    if at < poll.opens_at:
        raise BallotRefused(_("This appraisal has not opened yet. Come back when it has."), reason="not-open")
    if poll.state == Poll.State.VOIDED:
        raise BallotRefused(
            _("This appraisal was declared void. Its ballots were destroyed unopened and none is taken any more."),
            reason="closed",
        )
    if poll.state == Poll.State.CLOSED or at >= poll.closes_at:
        raise BallotRefused(_("This appraisal has closed. Ballots can no longer be given."), reason="closed")
    poll_rules.check_goes_on(poll)
    return poll


def check_still_open(is_open: bool) -> None:
    """The poll may have been closed while a ballot was on its way."""
    if not is_open:
        raise BallotRefused(_("This appraisal has closed. Ballots can no longer be given."), reason="closed")


def check_replaces(sent: bytes, known: bytes) -> None:
    """A slip replaces the one of its serial in the box by a higher version on the same line; the same slip again changes nothing."""
    if sent == known:
        return
    one, other = parse_canonical(sent), parse_canonical(known)
    is_same_line = (one["pool"], one["line"]) == (other["pool"], other["line"])
    if not is_same_line or one["version"] <= other["version"]:
        raise refused_by_the_box("superseded")


def check_not_too_many(count: int) -> None:
    """Each open poll has a server of its own, of which a machine bears so many."""
    if count >= MOST_OPEN_POLLS:
        raise PollRefused(
            _(
                "%(most)d appraisals are open, and each has a ballot box of its own. Wait until one of them is closed, then open "
                "this one."
            )
            % {"most": MOST_OPEN_POLLS},
            reason="poll.too-many-open",
        )


def check_manifest(poll: Poll, fingerprint: Any) -> None:
    """A booth that shows another manifest than the poll's is refused."""
    if fingerprint != poll.fingerprint:
        raise BallotRefused(
            _("This page belongs to another appraisal. Open the address on your invitation again."),
            reason="wrong-manifest",
        )


def check_may_issue(mark: Mark, request: bytes) -> None:
    """Tokens are issued once; the same request again (a lost answer) gets the same answer."""
    check_votes_by_phone(mark)
    if mark.is_issued and mark.request != request:
        raise BallotRefused(
            worded(
                _(
                    "A ballot was already issued with this code, on this phone or another one. If that was not you, "
                    "tell the %(office)s: it shows in the count as issued."
                )
            ),
            reason="already-issued",
        )


def check_votes_by_phone(mark: Mark | RollEntry) -> None:
    """Who is on the list for paper gets no token by phone as well."""
    if mark.is_on_paper:
        raise BallotRefused(
            _(
                "You are on the list of those who vote on paper. Use a slip from the urn; it can be scanned with a phone."
            ),
            reason="on-paper",
        )


def check_may_draw(mark: Mark | None) -> None:
    """Only people on the roll draw a code, and only before a ballot was issued in their name."""
    if mark is None:
        raise BallotRefused(_("You are not on the roll of this appraisal."), reason="unknown-code")
    check_votes_by_phone(mark)
    if mark.is_issued:
        raise BallotRefused(
            _("A ballot was already issued in your name. To change your marks, open the booth where you voted."),
            reason="already-issued",
        )


def code_is_replaced() -> BallotRefused:
    """The refusal of a code in whose place a newer one works."""
    return BallotRefused(
        worded(
            _(
                "A newer code was made for you, so this one does not work any more: in a new letter, or at your "
                "own desk. Use the newest, or ask the %(office)s where it is."
            )
        ),
        reason="code-replaced",
    )


def unknown_code() -> BallotRefused:
    """The refusal of a code that is nobody's."""
    return BallotRefused(
        worded(
            _(
                "This code is not on the roll of this appraisal. Check it letter by letter, or ask the %(office)s "
                "for a new one."
            )
        ),
        reason="unknown-code",
    )


def refused_by_the_box(reason: str) -> BallotRefused:
    """The box's own reasons, in words."""
    sentences = {
        "malformed": _("The ballot did not arrive as it was sent. Your marks are still here: send it again."),
        "too-large": _("This is too large to be a ballot. Open the address on your invitation again."),
        "wrong-manifest": _("This page belongs to another appraisal. Open the address on your invitation again."),
        "unknown-pool": _("This code is for another sheet. Open the address on your invitation again."),
        "unknown-line": _("This code is for another sheet. Open the address on your invitation again."),
        "wrong-lines": _("The sheet was not complete when it was sent. Load the page again; your marks are kept."),
        "wrong-issuers": _("A token is missing on this ballot. Load the page again and send it once more."),
        "forged-token": _("This ballot carries no valid token of this sheet, so it cannot be counted."),
        "forged-signature": _("This ballot was changed on its way, so it cannot be counted. Send it again."),
        "cancelled": _("This slip was not drawn and has been cancelled. It cannot be used."),
        "not-released": _("The slips of this batch cannot be used yet: the undrawn ones are still being cancelled."),
        "unknown-slip": worded(_("This is no slip of this appraisal. Scan it again, or ask the %(office)s.")),
        "slip-used": _(
            "A ballot was already cast with this slip, on another phone or in another browser. To change it, go on there, or "
            "staple the slip to a paper form: then the form counts."
        ),
        "superseded": _("A newer version of this ballot is already in the box, from another tab or window."),
    }
    return BallotRefused(sentences[reason], reason=reason)


def check_differs_enough(difference: int | None, opened_on: date) -> None:
    """Pools of two polls of a cycle about the same organisation are the same people, or differ by at least five."""
    if difference is not None and difference < SMALLEST_POOL:
        raise PollRefused(
            _(
                "The appraisal that opened on %(day)s asks about the same units, or about things named by hand as this one "
                "does, and its groups differ from these by only %(count)d people: the two results together could show how those few "
                "graded. Use the same groups, or groups that differ by at least %(fewest)d people."
            )
            % {"day": date_format(opened_on), "count": difference, "fewest": SMALLEST_POOL},
            reason="poll.groups-too-alike",
        )


def check_may_extend(poll: Poll, closes_at: datetime, reason: str, at: datetime) -> None:
    """An open poll is extended only to a later time, only before its present time is over, and only with a reason."""
    if poll.state != Poll.State.OPENED:
        raise PollRefused(_("Only an open appraisal can be extended."), reason="extension.not-open")
    poll_rules.check_goes_on(poll)
    present = poll.closes_at.replace(microsecond=0)  # records write whole seconds
    if at.replace(microsecond=0) >= present:
        raise PollRefused(
            _("The closing time is over, so this appraisal cannot be extended any more. Close it or void it."),
            reason="extension.too-late",
        )
    if closes_at.replace(microsecond=0) <= present:
        raise PollRefused(
            _("An appraisal can only be extended: choose a time later than the present closing time."),
            reason="extension.not-later",
        )
    poll_rules.check_times(poll.opens_at, closes_at, at)
    poll_rules.check_reason(PollExtension, reason=reason)


def check_issuer_name(issuer: str) -> None:
    """A second issuer has an identifier of its own in the manifest. "office" is the office's."""
    if issuer == ISSUER:
        raise PollRefused(
            worded(_("“office” is the %(office)s itself. Give the second issuer another short name.")),
            reason="issuer.name-taken",
        )
    if len(issuer) > 40 or not IDENTIFIER.fullmatch(issuer):
        raise PollRefused(
            _("A short name has up to 40 small letters a-z, digits and dashes, and begins with a letter or digit."),
            reason="issuer.name-malformed",
        )


def origin_of(address: str) -> str:
    """The address of an issuer's process as browsers compare it. Raises PollRefused unless it is https (or this machine)."""
    origin = address.strip().lower().removesuffix("/")
    if not ORIGIN.fullmatch(origin):
        raise PollRefused(
            _(
                "Write the address as https:// and the name of the machine, with nothing after it: https://issuer.example."
            ),
            reason="issuer.address-malformed",
        )
    return origin


def check_names_issuer(pool: VoterPool) -> None:
    """Requests, replies and statements belong to a pool that names a second issuer."""
    if not pool.issuer:
        raise PollRefused(_("This pool names no second issuer. Name one first."), reason="issuer.none")


def check_same_roll(count: int, asked: int) -> None:
    """A second issuer's roll has as many people as the office's; otherwise one of them has somebody too many or too few."""
    if count != asked:
        raise document_refused(
            worded(
                _(
                    "The second issuer’s roll has %(count)d people and the %(office)s’s %(asked)d. Compare the two "
                    "lists, find who is missing or too many, and correct the wrong one before anything is opened."
                ),
                count=count,
                asked=asked,
            )
        )


def held_back(held: dict[bytes, bool]) -> str:
    """Why the box does not take serials, as its reason; nothing where none is held back. A cancelled one weighs more."""
    return ("cancelled" if any(held.values()) else "not-released") if held else ""


def unreadable_reply() -> PollRefused:
    """The refusal of a file that is no reply of a second issuer."""
    return document_refused(
        _(
            "This is not the reply of a second issuer, or it was changed on its way. Ask for the file that it wrote once more."
        )
    )


def check_answers(answer: IssuerReply, pool: VoterPool, poll: Poll, origin: str) -> None:
    """The reply is to this poll and pool, by this issuer, for this site."""
    if answer.poll != str(poll.key):
        raise document_refused(_("This reply is for another appraisal. Ask for the one of this appraisal."))
    if (answer.pool, answer.issuer) != (pool.slug, pool.issuer):
        raise document_refused(
            _("This reply is for the pool %(pool)s and the issuer %(issuer)s. Ask for the one of this pool.")
            % {"pool": answer.pool, "issuer": answer.issuer}
        )
    if answer.origin != origin:
        raise document_refused(
            _(
                "This reply is for a booth at %(theirs)s, but this site is %(ours)s. Download the request again at the address "
                "that voters will use, and have it answered once more."
            )
            % {"theirs": answer.origin, "ours": origin}
        )

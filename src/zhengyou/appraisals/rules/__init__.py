"""What may be set up, opened, issued, cast and closed. The sheet's width, the pools' size and the window are checked here."""

import re
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from blindballot.encoding import IDENTIFIER
from zhengyou.appraisals.models import (
    IssuerDuty,
    IssuerRollEntry,
    Poll,
    RatedOrganisation,
    RollEntry,
    VoterPool,
)
from zhengyou.base.refusals import Refused
from zhengyou.base.time import local_day
from zhengyou.campaigns.models import Cycle
from zhengyou.identity import rules as identity
from zhengyou.organisations.models import Organisation, Person

SMALLEST_POOL = 5
FEWEST_SCRUTINEERS = 2
MOST_UNITS = 60
LONGEST_ROUND = timedelta(days=366)
OFFICE = "office"
ORIGIN = re.compile(r"(https://[a-z0-9-]+(\.[a-z0-9-]+)*|http://(localhost|127\.0\.0\.1))(:[0-9]{1,5})?")


class PollRefused(Refused):
    """The poll cannot be set up, opened or closed so."""

    reason = "poll"


class BallotRefused(Refused):
    """The booth or the box says no; `reason` tells the browser which kind of no."""

    reason = "ballot"


def check_is_not_concerned(poll: Poll, person: Person, at: datetime) -> None:
    """Whoever is rated, or administers the rated, does not run, extend, print, key, close, void or count the poll (M32)."""
    rated = RatedOrganisation.objects.filter(poll=poll).select_related("organisation")
    check_may_run(poll.cycle, [row.organisation for row in rated], person, at)


def check_may_run(cycle: Cycle, rated: list[Organisation], person: Person, at: datetime) -> None:
    """The same for a poll that is only being planned. Raises identity's ConcernRefused, which names who may."""
    identity.check_is_unconcerned(person, rated, cycle.campaign.organisation, local_day(at))


def check_may_plan(cycle: Cycle, opens_at: datetime, closes_at: datetime, at: datetime) -> None:
    """Polls belong to a launched cycle, open before they close, and close in the future."""
    if cycle.is_closed:
        raise PollRefused(_("This cycle has been closed. Plan the appraisal in the next one."))
    if not cycle.is_launched:
        raise PollRefused(_("This cycle is not under way. Launch it first."))
    check_times(opens_at, closes_at, at)


def check_times(opens_at: datetime, closes_at: datetime, at: datetime) -> None:
    """A poll opens before it closes, lasts a year at most, and its close is still to come."""
    if closes_at <= opens_at:
        raise PollRefused(_("The appraisal would close before it opens. Correct one of the two times."))
    if closes_at - opens_at > LONGEST_ROUND:
        raise PollRefused(_("An appraisal lasts a year at most. Check the years of its two times."))
    if closes_at <= at:
        raise PollRefused(_("The closing time has already passed. Choose a later one."))


def check_drafted(poll: Poll) -> None:
    """Sheet and pools can be changed only before the poll opens."""
    if poll.state != Poll.State.DRAFTED:
        raise PollRefused(_("This appraisal has been opened. Its sheet and its pools can no longer be changed."))


def check_units(count: int) -> None:
    """A sheet has between one and sixty organisations."""
    if not 1 <= count <= MOST_UNITS:
        raise PollRefused(
            _("A sheet takes 1 to %(most)d organisations. Choose fewer, or make two appraisals.") % {"most": MOST_UNITS}
        )


def check_pool_size(count: int) -> None:
    """A pool has at least five people."""
    if count < SMALLEST_POOL:
        raise PollRefused(
            _(
                "A pool needs at least %(fewest)d people, this one has %(count)d: fewer could be recognised by their marks. "
                "Join it with another group, or talk with them instead of voting."
            )
            % {"fewest": SMALLEST_POOL, "count": count}
        )


def check_in_one_pool(people: list[Person], already: set[int]) -> None:
    """Nobody sits in two pools of a poll; `already` has the ids of those who sit in one."""
    twice = [person.name for person in people if person.pk in already]
    if twice:
        raise PollRefused(
            _("Nobody sits in two pools of one appraisal. Already in another pool: %(names)s.")
            % {"names": "、".join(twice[:5])}
        )


def check_issuer_name(issuer: str) -> None:
    """A second issuer has an identifier of its own in the manifest. "office" is the office's."""
    if issuer == OFFICE:
        raise PollRefused(_("“office” is the campaign office itself. Give the second issuer another short name."))
    if len(issuer) > 40 or not IDENTIFIER.fullmatch(issuer):
        raise PollRefused(
            _("A short name has up to 40 small letters a-z, digits and dashes, and begins with a letter or digit.")
        )


def origin_of(address: str) -> str:
    """The address of an issuer's process as browsers compare it. Raises PollRefused unless it is https (or this machine)."""
    origin = address.strip().lower().removesuffix("/")
    if not ORIGIN.fullmatch(origin):
        raise PollRefused(
            _(
                "Write the address as https:// and the name of the machine, with nothing after it: https://issuer.example."
            )
        )
    return origin


def check_names_issuer(pool: VoterPool) -> None:
    """Requests, replies and statements belong to a pool that names a second issuer."""
    if not pool.issuer:
        raise PollRefused(_("This pool names no second issuer. Name one first."))


def check_issuers_ready(waiting: list[str]) -> None:
    """A poll opens only when every second issuer has answered the request as it now stands; `waiting` names the others."""
    if waiting:
        raise PollRefused(
            _(
                "The second issuer has not answered for %(pools)s, or the appraisal was changed since it did. Hand it the request "
                "as it is now, and upload its reply."
            )
            % {"pools": "、".join(waiting)}
        )


def check_issuers_stated(unstated: list[str]) -> None:
    """A poll with a second issuer is counted only with that issuer's signed count; `unstated` names those that owe it."""
    if unstated:
        raise PollRefused(
            _(
                "The close waits for the signed count of %(issuers)s: how many ballot papers it issued. Fetch it or upload its "
                "file on the page of the second issuer, then confirm again."
            )
            % {"issuers": "、".join(unstated)}
        )


def check_may_take_statement(poll: Poll, at: datetime) -> None:
    """Counts of tokens are taken after the closing time and before the close."""
    if poll.state != Poll.State.OPENED:
        raise PollRefused(_("Only an open appraisal waits for the count of a second issuer."))
    if at < poll.closes_at:
        raise PollRefused(_("The second issuer states its count after the closing time, not before."))


def document_refused(sentence: Any) -> PollRefused:
    """The refusal of a file that came from the other side and does not fit."""
    return PollRefused(sentence, reason="document")


def check_rater_group(sheet: dict[str, Any], rater_group: str) -> None:
    """A pool belongs to one of the campaign's groups of raters, or to none."""
    if rater_group and rater_group not in {group["id"] for group in sheet.get("rater_groups", [])}:
        raise PollRefused(_("The rules of this cycle know no such group of raters. Choose one of the list, or none."))


def check_may_open(poll: Poll, *, units: int, pools: int, keys_missing: int, scrutineers: int, at: datetime) -> None:
    """A poll opens with a sheet, a pool, two scrutineers, all its keys, and before its closing time.

    Any pool may stay sealed in part, however large: a nearly unanimous item is enough. So there are always scrutineers.
    """
    check_drafted(poll)
    check_units(units)
    if not pools:
        raise PollRefused(_("This appraisal has no pool of voters yet. Add one."))
    if scrutineers < FEWEST_SCRUTINEERS:
        raise PollRefused(
            _("Register two scrutineers from outside first: they recount what is not published slip by slip.")
        )
    if keys_missing:
        raise PollRefused(_("The keys are not ready yet. Prepare them, then open the appraisal."))
    check_times(poll.opens_at, poll.closes_at, at)


def check_may_hand_out(poll: Poll) -> None:
    """Codes are handed out for a poll that has been opened and not closed."""
    if poll.state != Poll.State.OPENED:
        raise PollRefused(_("Codes belong to an open appraisal. Open this one first; a closed one takes no ballots."))


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
    return poll


def check_still_open(is_open: bool) -> None:
    """The poll may have been closed while a ballot was on its way."""
    if not is_open:
        raise BallotRefused(_("This appraisal has closed. Ballots can no longer be given."), reason="closed")


def check_manifest(poll: Poll, fingerprint: Any) -> None:
    """A booth that shows another manifest than the poll's is refused."""
    if fingerprint != poll.fingerprint:
        raise BallotRefused(
            _("This page belongs to another appraisal. Open the address on your invitation again."),
            reason="wrong-manifest",
        )


def check_may_issue(entry: RollEntry | IssuerRollEntry, request_digest: bytes) -> None:
    """Tokens are issued once, by whichever issuer; the same request again (a lost answer) gets the same answer."""
    if isinstance(entry, RollEntry):
        check_votes_by_phone(entry)
    if entry.is_issued and bytes(entry.request_digest or b"") != request_digest:
        raise BallotRefused(
            _(
                "A ballot was already issued with this code, on this phone or another one. If that was not you, tell the "
                "campaign office: it shows in the count as issued."
            ),
            reason="already-issued",
        )


def check_votes_by_phone(entry: RollEntry) -> None:
    """Who is on the list for paper gets no token by phone as well."""
    if entry.is_on_paper:
        raise BallotRefused(
            _(
                "You are on the list of those who vote on paper. Use a slip from the urn; it can be scanned with a phone."
            ),
            reason="on-paper",
        )


def check_duty_is_open(duty: IssuerDuty | None, opens_at: str, now: str, at: datetime) -> IssuerDuty:
    """A second issuer issues between the manifest's opening and the closing time, until it has stated its count.

    `opens_at` and `now` are instants as manifests write them. Returns the duty.
    """
    if duty is None or not duty.fingerprint:
        raise BallotRefused(
            _("There is no such appraisal here. Check the address on your invitation."), reason="no-poll"
        )
    if now < opens_at:
        raise BallotRefused(_("This appraisal has not opened yet. Come back when it has."), reason="not-open")
    if duty.stated_at is not None or duty.closes_at is None or at >= duty.closes_at:
        raise BallotRefused(_("This appraisal has closed. Ballots can no longer be given."), reason="closed")
    return duty


def check_duty_manifest(duty: IssuerDuty, fingerprint: Any) -> None:
    """A booth that shows another manifest than the one this issuer opened is refused."""
    if fingerprint != duty.fingerprint:
        raise BallotRefused(
            _("This page belongs to another appraisal. Open the address on your invitation again."),
            reason="wrong-manifest",
        )


def check_may_prepare_duty(duty: IssuerDuty | None) -> None:
    """An issuer's roll and keys are fixed once it has opened the manifest."""
    if duty is not None and duty.fingerprint:
        raise PollRefused(
            _("This issuer has already opened the appraisal. Its roll and its keys can no longer be changed.")
        )


def check_may_open_duty(duty: IssuerDuty, fingerprint: str, closes_at: datetime, at: datetime) -> None:
    """A poll is opened under one manifest only, before its closing time; the same one again is nothing new."""
    if duty.stated_at is not None:
        raise PollRefused(_("This issuer has stated its count. It issues nothing more in this appraisal."))
    if duty.fingerprint and duty.fingerprint != fingerprint:
        raise PollRefused(
            _("This issuer has opened the appraisal under another manifest. Do not issue: ask the office why.")
        )
    if closes_at <= at:
        raise PollRefused(_("The closing time of this appraisal has already passed."))


def check_duty_opened(duty: IssuerDuty) -> None:
    """Codes are printed and counts stated for a poll whose manifest this issuer has checked."""
    if not duty.fingerprint:
        raise PollRefused(_("This issuer has not opened the appraisal yet. Run “zhengyou issuer open” first."))
    if duty.stated_at is not None:
        raise PollRefused(_("This issuer has stated its count. It issues nothing more in this appraisal."))


def check_may_state(duty: IssuerDuty, at: datetime) -> None:
    """The count is stated after the closing time, so that it can no longer change."""
    if duty.closes_at is None or not duty.fingerprint:
        raise PollRefused(_("This issuer has not opened the appraisal yet. Run “zhengyou issuer open” first."))
    if at < duty.closes_at:
        raise PollRefused(_("The count is stated after the closing time, not before: the appraisal is still open."))


def check_may_extend_duty(duty: IssuerDuty, closes_at: datetime, at: datetime) -> None:
    """A second issuer follows a longer poll only while it has not stated its count, and never makes it shorter."""
    check_duty_opened(duty)
    if duty.closes_at is None or closes_at <= duty.closes_at or closes_at <= at:
        raise PollRefused(_("The new closing time must be later than the present one, and still to come."))


def check_own_roll(count: int, asked: int) -> None:
    """Both issuers' rolls have the same size; otherwise one of them has somebody too many or too few."""
    if count < SMALLEST_POOL:
        raise PollRefused(
            _("This roll has %(count)d people. At least %(fewest)d are needed.")
            % {"count": count, "fewest": SMALLEST_POOL}
        )
    if count != asked:
        raise PollRefused(
            _(
                "The second issuer's roll has %(count)d people and the office's %(asked)d. Compare the two lists, find who is "
                "missing or too many, and correct the wrong one before anything is opened."
            )
            % {"count": count, "asked": asked}
        )


def check_may_draw(entry: RollEntry | None) -> None:
    """Only people on the roll draw a code, and only before a ballot was issued in their name."""
    if entry is None:
        raise BallotRefused(_("You are not on the roll of this appraisal."), reason="unknown-code")
    check_votes_by_phone(entry)
    if entry.is_issued:
        raise BallotRefused(
            _("A ballot was already issued in your name. To change your marks, open the booth where you voted."),
            reason="already-issued",
        )


def check_may_ask_to_close(poll: Poll, at: datetime) -> None:
    """There is no early close."""
    if poll.state != Poll.State.OPENED:
        raise PollRefused(_("Only an open appraisal can be closed."))
    if at < poll.closes_at:
        raise PollRefused(_("The appraisal is open until its closing time. There is no early close."))


def check_may_close(poll: Poll, at: datetime, by: Person) -> None:
    """A second person closes what a first one asked to close."""
    check_may_ask_to_close(poll, at)
    if poll.close_asked_by_id is None:
        raise PollRefused(_("Two people close an appraisal: one asks, another one confirms. Ask first."))
    if poll.close_asked_by_id == by.pk:
        raise PollRefused(_("You asked to close this appraisal. A second person of the office must confirm it."))


def unknown_code() -> BallotRefused:
    """The refusal of a code that is nobody's."""
    return BallotRefused(
        _(
            "This code is not on the roll of this appraisal. Check it letter by letter, or ask the office for a new one."
        ),
        reason="unknown-code",
    )


def unknown_second_code() -> BallotRefused:
    """The refusal of a code that is on nobody of a second issuer's roll."""
    return BallotRefused(
        _(
            "This code is not on the second roll of this appraisal. Check it letter by letter; it came to you on a sheet of its own."
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
        "unknown-slip": _("This is no slip of this appraisal. Scan it again, or ask the office."),
        "slip-used": _(
            "A ballot was already cast with this slip, on another phone or in another browser. To change it, go on there, or "
            "staple the slip to a paper form: then the form counts."
        ),
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


def check_differs_enough(difference: int | None, opened_on: date) -> None:
    """Pools of two polls of a cycle about the same organisation are the same people, or differ by at least five."""
    if difference is not None and difference < SMALLEST_POOL:
        raise PollRefused(
            _(
                "The appraisal that opened on %(day)s asks about the same organisations, and its groups differ from these by only "
                "%(count)d people: the two results together could show how those few graded. Use the same groups, or groups "
                "that differ by at least %(fewest)d people."
            )
            % {"day": opened_on.isoformat(), "count": difference, "fewest": SMALLEST_POOL}
        )

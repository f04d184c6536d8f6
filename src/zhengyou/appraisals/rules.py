"""What may be set up, opened, issued, cast and closed. The sheet's width, the pools' size and the window are checked here."""

from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from zhengyou.appraisals.models import BoxPaperSlip, PaperBatch, RollEntry, Round, VoterPool
from zhengyou.base.refusals import Refused
from zhengyou.campaigns.models import Cycle
from zhengyou.organisations.models import Person

SMALLEST_POOL = 5
MOST_UNITS = 60
LONGEST_ROUND = timedelta(days=366)
MOST_PAPER_SLIPS = 3000
SPARE_SHEETS = 20


class RoundRefused(Refused):
    """The round cannot be set up, opened or closed so."""

    reason = "round"


class BallotRefused(Refused):
    """The booth or the box says no; `reason` tells the browser which kind of no."""

    reason = "ballot"


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


def check_may_open(round_: Round, *, units: int, pools: int, keys_missing: int, at: datetime) -> None:
    """A round opens with a sheet, at least one pool, all its keys, and before its closing time."""
    check_drafted(round_)
    check_units(units)
    if not pools:
        raise RoundRefused(_("This round has no pool of voters yet. Add one."))
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


def check_may_draw(entry: RollEntry | None) -> None:
    """Only people on the roll draw a code, and only before a ballot was issued in their name."""
    if entry is None:
        raise BallotRefused(_("You are not on the roll of this round."), reason="unknown-code")
    check_votes_by_phone(entry)
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
        "cancelled": _("This slip was not drawn and has been cancelled. It cannot be used."),
        "not-released": _("The slips of this batch cannot be used yet: the undrawn ones are still being cancelled."),
        "unknown-slip": _("This is no slip of this round. Scan it again, or ask the office."),
        "slip-used": _(
            "A ballot was already cast with this slip, on another phone or in another browser. To change it, go on there, or "
            "staple the slip to a paper form: then the form counts."
        ),
        "superseded": _("A newer version of this ballot is already in the box, from another tab or window."),
    }
    return BallotRefused(sentences[reason], reason=reason)


def carries_identity() -> BallotRefused:
    """The refusal of a ballot that comes with something that could name its voter."""
    return BallotRefused(
        _("This ballot came with a cookie, so it was not taken. Use the booth's own page, which sends none."),
        reason="carries-identity",
    )


# Paper: people marked, sheets printed and drawn, forms keyed by two.


class PaperRefused(Refused):
    """The paper ballots cannot be marked, printed, drawn, keyed or signed so."""

    reason = "paper"


def check_paper_is_open(round_: Round, at: datetime) -> None:
    """People are put on paper and sheets printed in an opened round until its closing time."""
    if round_.state != Round.State.OPENED or at >= round_.closes_at:
        raise PaperRefused(_("Paper ballots are prepared in an open round, before its closing time."))


def check_paper_is_possible(pool: VoterPool) -> None:
    """A pool with a second issuer has no paper: the house could print only one of the two tokens a slip needs."""
    if pool.issuer:
        raise PaperRefused(
            _(
                "A second office issues ballots for this group, and the house cannot print its part. These people vote by "
                "phone, or on a phone that the office lends them."
            )
        )


def check_may_go_on_paper(names: list[str], entries: list[RollEntry]) -> None:
    """All named people stand on the pool's roll, and none has been issued a ballot yet."""
    if not names:
        raise PaperRefused(_("Choose at least one person."))
    if len(entries) != len(names):
        raise PaperRefused(_("Somebody you chose is not on the roll of this group. Load the page again."))
    already = [entry.person.name for entry in entries if entry.is_on_paper]
    if already:
        raise PaperRefused(_("Already voting on paper: %(names)s.") % {"names": "、".join(already[:5])})
    issued = [entry.person.name for entry in entries if entry.is_issued]
    if issued:
        raise PaperRefused(
            _("A ballot was already issued by phone to %(names)s, so they cannot vote on paper too.")
            % {"names": "、".join(issued[:5])}
        )


def check_may_leave_paper(entry: RollEntry | None) -> None:
    """A mark is taken back only before a sheet was printed for it."""
    if entry is None or not entry.is_on_paper:
        raise PaperRefused(_("This person does not vote on paper."))
    if entry.is_sheet_printed:
        raise PaperRefused(_("A sheet has been printed for this person. The mark can no longer be taken back."))


def check_may_print(*, waiting: int, sheets: int, slips: int) -> None:
    """A batch has a sheet for everybody who waits for one, at least five people, and no more slips than can be handled."""
    if not waiting:
        raise PaperRefused(_("Nobody waits for a sheet. Mark the people who vote on paper first."))
    if waiting < SMALLEST_POOL:
        raise PaperRefused(
            _("A batch is for at least %(fewest)d people, %(waiting)d wait: fewer could be recognised by their marks.")
            % {"fewest": SMALLEST_POOL, "waiting": waiting}
        )
    if sheets < waiting:
        raise PaperRefused(
            _("%(waiting)d people wait for a sheet. Print at least as many, better a few more.") % {"waiting": waiting}
        )
    if slips > MOST_PAPER_SLIPS or sheets > 2 * waiting + SPARE_SHEETS:
        raise PaperRefused(
            _("These are more sheets than can be handled: %(slips)d slips. Print fewer spare sheets.")
            % {"slips": slips}
        )


def check_scrutineer(*, is_scrutineer: bool, is_from_rated: bool, is_printing: bool) -> None:
    """Who watches the printing holds the scrutineer's post, does not print, and comes from outside the rated units."""
    if not is_scrutineer:
        raise PaperRefused(_("This person holds no post as scrutineer. Choose a registered scrutineer."))
    if is_printing:
        raise PaperRefused(_("Who prints cannot be the scrutineer of the printing. A second person must be present."))
    if is_from_rated:
        raise PaperRefused(_("The scrutineer belongs to an organisation on the sheet. Choose one from outside."))


def check_draw_is_unsettled(batch: PaperBatch) -> None:
    """Undrawn sheets are cancelled once, and a batch is withdrawn only before that."""
    if batch.withdrawn_at is not None:
        raise PaperRefused(_("This batch has been withdrawn."))
    if batch.drawn is not None:
        raise PaperRefused(
            _("The draw of this batch is settled. Its slips are in use and cannot be cancelled any more.")
        )


def check_draw(batch: PaperBatch, *, absent: int, cancelled: list[int]) -> None:
    """Drawn and cancelled sheets make all sheets; `cancelled` has the number of cancelled slips for each line."""
    if not 0 <= absent <= batch.people:
        raise PaperRefused(
            _("This batch is for %(people)d people, so between 0 and that many did not come.")
            % {"people": batch.people}
        )
    wanted = batch.sheets - batch.people + absent
    if set(cancelled) != {wanted}:
        raise PaperRefused(
            _(
                "%(sheets)d sheets were printed and %(drawn)d drawn, so %(wanted)d must be cancelled with all their slips; the "
                "codes make %(fewest)d. Look for the missing sheets. If one cannot be found, withdraw the whole batch."
            )
            % {
                "sheets": batch.sheets,
                "drawn": batch.people - absent,
                "wanted": wanted,
                "fewest": min(cancelled, default=0) if wanted > min(cancelled, default=0) else max(cancelled),
            }
        )


def wrong_paper_code(text: str) -> PaperRefused:
    """The refusal of a sheet's or slip's code that does not fit this batch, naming it."""
    return PaperRefused(
        _("“%(code)s” is no code of this batch. Compare it letter by letter with the paper.") % {"code": text[:40]}
    )


def check_may_key(round_: Round, batch: PaperBatch, at: datetime, *, has_role: bool, is_from_rated: bool) -> None:
    """Forms are keyed between the closing time and the close, by office or scrutineers from outside the rated units."""
    if not has_role:
        raise PaperRefused(_("Forms are keyed by people of the campaign office or by scrutineers."))
    if is_from_rated:
        raise PaperRefused(_("You belong to an organisation on the sheet. Somebody from outside keys the forms."))
    if round_.state != Round.State.OPENED or at < round_.closes_at:
        raise PaperRefused(_("Forms are keyed after the closing time and before the round is closed."))
    if batch.withdrawn_at is not None:
        raise PaperRefused(_("This batch has been withdrawn."))
    if batch.drawn is None:
        raise PaperRefused(_("First settle the draw of this batch: cancel the sheets that were not drawn."))
    if batch.reconciled_at is not None:
        raise PaperRefused(_("This batch is signed by both and in the box. Nothing can be changed any more."))


def check_form_count(batch: PaperBatch, forms: int, without_slip: int, lines: int) -> None:
    """There are at most as many forms as slips were drawn."""
    if forms < 0 or without_slip < 0:
        raise PaperRefused(_("A number of forms cannot be below nothing."))
    if forms > (batch.drawn or 0) * lines:
        raise PaperRefused(
            _("%(drawn)d sheets were drawn with %(lines)d slips each, so there cannot be %(forms)d forms. Count again.")
            % {"drawn": batch.drawn, "lines": lines, "forms": forms}
        )


def check_is_keyer(batch: PaperBatch, by: Person) -> None:
    """Two people key a batch; a third cannot."""
    if batch.forms is None:
        raise PaperRefused(_("Count the forms of this batch by hand first and enter their number."))
    if None not in (batch.first_keyer_id, batch.second_keyer_id) and by.pk not in keyers(batch):
        raise PaperRefused(_("Two other people key this batch already."))


def keyers(batch: PaperBatch) -> tuple[int | None, int | None]:
    """The ids of the two people who key a batch."""
    return batch.first_keyer_id, batch.second_keyer_id


def check_slip_is_usable(slip: BoxPaperSlip, *, is_used: bool) -> None:
    """A printed slip opens the booth once it is released and before something was cast with it elsewhere."""
    if slip.is_cancelled:
        raise refused_by_the_box("cancelled")
    if not slip.is_released:
        raise refused_by_the_box("not-released")
    if is_used:
        raise refused_by_the_box("slip-used")


def unreadable_key(reason: str) -> PaperRefused:
    """The refusal of what was scanned or typed as a slip's key; `reason` is that of the engine."""
    sentences = {
        "length": _("This is not a slip's code. Scan the QR code of the slip, or type all its 28 letters and figures."),
        "check": _("A letter of this code is wrong. Compare it with the slip, group by group."),
        "round": _("This slip belongs to another round. Put the form aside and show it to the scrutineer."),
    }
    return PaperRefused(sentences[reason])


def check_slip_of_batch(slip: BoxPaperSlip | None, batch: PaperBatch) -> BoxPaperSlip:
    """The slip was printed in this batch and not cancelled. Returns it."""
    if slip is None:
        raise PaperRefused(
            _("No slip with this code was ever printed. Put the form aside and show it to the scrutineer.")
        )
    if slip.is_cancelled:
        raise PaperRefused(
            _(
                "Slip %(number)s was not drawn and has been cancelled. Its form cannot be counted; show it to the scrutineer."
            )
            % {"number": slip.number}
        )
    if slip.batch != batch.pk:
        raise PaperRefused(_("Slip %(number)s belongs to another batch. Put the form there.") % {"number": slip.number})
    return slip


def check_entries(marks: bytes | None, grades: int) -> bytes:
    """Every criterion has an entry: a grade's number, the next number for don't know, or 0 for none. Returns the marks."""
    if marks is None:
        raise PaperRefused(
            _("Enter a figure from 0 to %(most)d for every item, or say that the form cannot be counted.")
            % {"most": grades + 1}
        )
    return marks


def check_form_may_be_keyed(batch: PaperBatch, number: str, *, is_keyed: bool, is_disputed: bool, count: int) -> None:
    """A slip is keyed once by each; again only where the two differ. Nobody keys more forms than were counted."""
    if is_keyed and not is_disputed:
        raise PaperRefused(
            _("You have keyed slip %(number)s already. A copy does not count twice; put it aside.") % {"number": number}
        )
    if not is_keyed and count >= (batch.forms or 0):
        raise PaperRefused(
            _(
                "You have keyed all %(forms)d forms of the hand count. If one is left over, the hand count is wrong: count again."
            )
            % {"forms": batch.forms}
        )


def check_batch_adds_up(batch: PaperBatch, counts: tuple[int, int], differences: int, by: Person) -> None:
    """A batch is signed by its two keyers, once both have keyed as many forms as were counted and no difference is left."""
    if by.pk not in keyers(batch):
        raise PaperRefused(_("Only the two people who keyed this batch sign it."))
    if set(counts) != {batch.forms}:
        raise PaperRefused(
            _(
                "The hand count says %(forms)d forms; the first person keyed %(first)d, the second %(second)d. The batch stays "
                "open until all three are the same."
            )
            % {"forms": batch.forms, "first": counts[0], "second": counts[1]}
        )
    if differences:
        raise PaperRefused(
            _("The two of you differ in %(count)d forms. Look at them together; each of you keys them again.")
            % {"count": differences}
        )


def check_paper_is_settled(unsettled: list[PaperBatch]) -> None:
    """A round closes when every batch of paper is signed by both or withdrawn."""
    if unsettled:
        batch = unsettled[0]
        raise RoundRefused(
            _(
                "Batch %(number)d of the paper ballots is still open. Settle its draw, key its forms and let both people sign, or "
                "withdraw it if nothing was drawn; then close."
            )
            % {"number": batch.number}
        )

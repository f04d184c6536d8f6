"""What may be marked, printed, drawn, keyed and signed on paper. Who has no part in a poll at all is a rule of the room polls."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from zhengyou.ballots import rules as ballot_rules
from zhengyou.base.deeds import two_people
from zhengyou.base.refusals import Refused
from zhengyou.base.words import joined
from zhengyou.boxes.models import Mark
from zhengyou.identity.rules import RoleRefused
from zhengyou.organisations.models import Person
from zhengyou.organisations.vocabulary import worded
from zhengyou.paper.models import BoxPaperSlip, PaperBatch
from zhengyou.polls.models import Poll, RollEntry, VoterPool
from zhengyou.polls.rules import SMALLEST_POOL, PollRefused

MOST_PAPER_SLIPS = 1500  # what one request signs and prints in about two seconds
SPARE_SHEETS = 20  # for misprints and late names; each has to be found again and cancelled


class PaperRefused(Refused):
    """The paper ballots cannot be marked, printed, drawn, keyed or signed so."""


def check_paper_is_open(poll: Poll, at: datetime) -> None:
    """People are put on paper and sheets printed in an opened poll until its closing time."""
    if poll.state != Poll.State.OPENED or at >= poll.closes_at:
        raise PaperRefused(
            _("Paper ballots are prepared in an open appraisal, before its closing time."), reason="paper.not-open"
        )


def check_paper_is_possible(pool: VoterPool) -> None:
    """A pool with a second issuer has no paper: the house could print only one of the two tokens a slip needs."""
    if pool.issuer:
        raise PaperRefused(
            worded(
                _(
                    "A second office issues ballots for this group, and the system cannot print its part. These people "
                    "vote by phone, or on a phone that the %(office)s lends them."
                )
            ),
            reason="paper.second-issuer",
        )


def check_may_go_on_paper(names: list[str], entries: list[RollEntry]) -> None:
    """All named people stand on the pool's roll, and none has been issued a ballot yet."""
    if not names:
        raise PaperRefused(_("Choose at least one person."), reason="paper.nobody-chosen")
    if len(entries) != len(names):
        raise PaperRefused(
            _("Somebody you chose is not on the roll of this group. Load the page again."), reason="paper.not-on-roll"
        )
    already = [entry.voter.name for entry in entries if entry.is_on_paper]
    if already:
        raise PaperRefused(
            _("Already voting on paper: %(names)s.") % {"names": joined(already[:5])}, reason="paper.already"
        )
    issued = [entry.voter.name for entry in entries if entry.is_issued]
    if issued:
        raise PaperRefused(
            _("A ballot was already issued by phone to %(names)s, so they cannot vote on paper too.")
            % {"names": joined(issued[:5])},
            reason="paper.issued-by-phone",
        )


def check_may_leave_paper(mark: Mark | None) -> None:
    """A mark is taken back only before a sheet was printed for it."""
    if mark is None or not mark.is_on_paper:
        raise PaperRefused(_("This person does not vote on paper."), reason="paper.not-on-paper")
    if mark.is_sheet_printed:
        raise PaperRefused(
            _("A sheet has been printed for this person. The mark can no longer be taken back."),
            reason="paper.sheet-printed",
        )


def check_may_print(*, waiting: int, sheets: int, slips: int) -> None:
    """A batch has a sheet for everybody who waits for one, at least five people, and no more slips than can be handled."""
    if not waiting:
        raise PaperRefused(
            _("Nobody waits for a sheet. Mark the people who vote on paper first."), reason="batch.nobody-waits"
        )
    if waiting < SMALLEST_POOL:
        raise PaperRefused(
            _("A batch is for at least %(fewest)d people, %(waiting)d wait: fewer could be recognised by their marks.")
            % {"fewest": SMALLEST_POOL, "waiting": waiting},
            reason="batch.too-few",
        )
    if sheets < waiting:
        raise PaperRefused(
            _("%(waiting)d people wait for a sheet. Print at least as many, better a few more.") % {"waiting": waiting},
            reason="batch.too-few-sheets",
        )
    if slips > MOST_PAPER_SLIPS or sheets > 2 * waiting + SPARE_SHEETS:
        raise PaperRefused(
            _("These are more sheets than can be handled: %(slips)d slips. Print fewer spare sheets.")
            % {"slips": slips},
            reason="batch.too-many-sheets",
        )


def check_scrutineer(scrutineer: Person, *, is_scrutineer: bool, by: Person) -> None:
    """Who watches the printing holds the scrutineer's post and does not print."""
    if not is_scrutineer:
        raise PaperRefused(
            _("This person holds no post as scrutineer. Choose a registered scrutineer."), reason="batch.no-scrutineer"
        )
    alone = _("Who prints cannot be the scrutineer of the printing. A second person must be present.")
    two_people(scrutineer.pk, by, PaperRefused(alone, reason="batch.printed-by-its-scrutineer"))


def check_draw_is_unsettled(batch: PaperBatch) -> None:
    """Undrawn sheets are cancelled once, and a batch is withdrawn only before that."""
    if batch.withdrawn_at is not None:
        raise PaperRefused(_("This batch has been withdrawn."), reason="batch.withdrawn")
    if batch.drawn is not None:
        raise PaperRefused(
            _("The draw of this batch is settled. Its slips are in use and cannot be cancelled any more."),
            reason="draw.settled",
        )


def check_draw(batch: PaperBatch, *, absent: int, cancelled: list[int]) -> None:
    """Drawn and cancelled sheets make all sheets; `cancelled` has the number of cancelled slips for each line."""
    if not 0 <= absent <= batch.people:
        raise PaperRefused(
            _("This batch is for %(people)d people, so between 0 and that many did not come.")
            % {"people": batch.people},
            reason="draw.absent-beyond",
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
            },
            reason="draw.does-not-add-up",
        )


def wrong_paper_code(text: str) -> PaperRefused:
    """The refusal of a sheet's or slip's code that does not fit this batch, naming it."""
    return PaperRefused(
        _("“%(code)s” is no code of this batch. Compare it letter by letter with the paper.") % {"code": text[:40]},
        reason="draw.unknown-code",
    )


def check_may_key(poll: Poll, batch: PaperBatch, at: datetime, *, has_role: bool) -> None:
    """Forms are keyed between the closing time and the close, by office or scrutineers."""
    if not has_role:
        raise PaperRefused(
            worded(_("Forms are keyed by people in the %(office)s or by scrutineers.")), reason="form.no-post"
        )
    if poll.state != Poll.State.OPENED or at < poll.closes_at:
        raise PaperRefused(
            _("Forms are keyed after the closing time and before the appraisal is closed."), reason="form.not-now"
        )
    if batch.withdrawn_at is not None:
        raise PaperRefused(_("This batch has been withdrawn."), reason="batch.withdrawn")
    if batch.drawn is None:
        raise PaperRefused(
            _("First settle the draw of this batch: cancel the sheets that were not drawn."), reason="draw.unsettled"
        )
    if batch.reconciled_at is not None:
        raise PaperRefused(
            _("This batch is signed by both and in the box. Nothing can be changed any more."), reason="batch.signed"
        )


def check_form_count(batch: PaperBatch, forms: int, without_slip: int, lines: int) -> None:
    """There are at most as many forms as slips were drawn."""
    if forms < 0 or without_slip < 0:
        raise PaperRefused(_("A number of forms cannot be below nothing."), reason="form.count-negative")
    if forms > (batch.drawn or 0) * lines:
        raise PaperRefused(
            _("%(drawn)d sheets were drawn with %(lines)d slips each, so there cannot be %(forms)d forms. Count again.")
            % {"drawn": batch.drawn, "lines": lines, "forms": forms},
            reason="form.count-beyond-slips",
        )


def check_is_keyer(batch: PaperBatch, by: Person) -> None:
    """Two people key a batch; a third cannot."""
    if batch.forms is None:
        raise PaperRefused(
            _("Count the forms of this batch by hand first and enter their number."), reason="form.not-counted"
        )
    if None not in (batch.first_keyer_id, batch.second_keyer_id) and by.pk not in keyers(batch):
        raise PaperRefused(_("Two other people key this batch already."), reason="form.third-keyer")


def keyers(batch: PaperBatch) -> tuple[int | None, int | None]:
    """The ids of the two people who key a batch."""
    return batch.first_keyer_id, batch.second_keyer_id


def check_slip_is_usable(held: str, *, is_used: bool) -> None:
    """A printed slip opens the booth once it is released and before something was cast with it elsewhere."""
    if held:
        raise ballot_rules.refused_by_the_box(held)
    if is_used:
        raise ballot_rules.refused_by_the_box("slip-used")


def unreadable_key(reason: str) -> PaperRefused:
    """The refusal of what was scanned or typed as a slip's key; `reason` is that of the engine."""
    sentences = {
        "length": _("This is not a slip’s code. Scan the QR code of the slip, or type all its 28 letters and figures."),
        "check": _("A letter of this code is wrong. Compare it with the slip, group by group."),
        "round": _("This slip belongs to another appraisal. Put the form aside and show it to the scrutineer."),
    }
    return PaperRefused(sentences[reason], reason="form.unreadable-key")


def check_slip_of_batch(slip: BoxPaperSlip | None, is_cancelled: bool, batch: PaperBatch) -> BoxPaperSlip:
    """The slip was printed in this batch and not cancelled. Returns it."""
    if slip is None:
        raise PaperRefused(
            _("No slip with this code was ever printed. Put the form aside and show it to the scrutineer."),
            reason="form.unknown-slip",
        )
    if is_cancelled:
        raise PaperRefused(
            _(
                "Slip %(number)s was not drawn and has been cancelled. Its form cannot be counted; show it to the scrutineer."
            )
            % {"number": slip.number},
            reason="form.cancelled-slip",
        )
    if slip.batch != batch.pk:
        raise PaperRefused(
            _("Slip %(number)s belongs to another batch. Put the form there.") % {"number": slip.number},
            reason="form.other-batch",
        )
    return slip


def check_entries(marks: bytes | None, most: int) -> bytes:
    """Every field has an entry: a grade's or an option's number, the next number (`most`) for don't know, or 0. Returns the marks."""
    if marks is None:
        raise PaperRefused(
            _("Enter a figure from 0 to %(most)d for every item, or say that the form cannot be counted.")
            % {"most": most},
            reason="form.entry-missing",
        )
    return marks


def check_form_may_be_keyed(batch: PaperBatch, number: str, *, is_keyed: bool, is_disputed: bool, count: int) -> None:
    """A slip is keyed once by each; again only where the two differ. Nobody keys more forms than were counted."""
    if is_keyed and not is_disputed:
        raise PaperRefused(
            _("You have keyed slip %(number)s already. A copy does not count twice; put it aside.")
            % {"number": number},
            reason="form.keyed-already",
        )
    if not is_keyed and count >= (batch.forms or 0):
        raise PaperRefused(
            _(
                "You have keyed all %(forms)d forms of the hand count. If one is left over, the hand count is wrong: count again."
            )
            % {"forms": batch.forms},
            reason="form.more-than-counted",
        )


def check_batch_adds_up(batch: PaperBatch, counts: tuple[int, int], differences: int, by: Person) -> None:
    """A batch is signed by its two keyers, once both have keyed as many forms as were counted and no difference is left."""
    if by.pk not in keyers(batch):
        raise RoleRefused(_("Only the two people who keyed this batch sign it."), reason="batch.not-its-keyer")
    if set(counts) != {batch.forms}:
        raise PaperRefused(
            _(
                "The hand count says %(forms)d forms; the first person keyed %(first)d, the second %(second)d. The batch stays "
                "open until all three are the same."
            )
            % {"forms": batch.forms, "first": counts[0], "second": counts[1]},
            reason="batch.does-not-add-up",
        )
    if differences:
        raise PaperRefused(
            _("The two of you differ in %(count)d forms. Look at them together; each of you keys them again.")
            % {"count": differences},
            reason="batch.keyers-differ",
        )


def check_paper_is_settled(unsettled: list[PaperBatch]) -> None:
    """A poll closes when every batch of paper is signed by both or withdrawn."""
    if unsettled:
        batch = unsettled[0]
        raise PollRefused(
            _(
                "Batch %(number)d of the paper ballots is still open. Settle its draw, key its forms and let both people sign, or "
                "withdraw it if nothing was drawn; then close."
            )
            % {"number": batch.number},
            reason="poll.paper-unsettled",
        )

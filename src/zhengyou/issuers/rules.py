"""What a second issuer takes on, opens, issues, extends and states."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from blindballot.format.manifest import SMALLEST_GROUP
from zhengyou.base.refusals import Refused
from zhengyou.issuers.models import IssuerDuty, IssuerRollEntry


class DutyRefused(Refused):
    """A second issuer cannot take on, open, extend or state this."""


class IssuingRefused(Refused):
    """A second issuer says no to a booth; `reason` tells the browser which kind of no."""


def document_refused(sentence: Any) -> DutyRefused:
    """The refusal of a file that came from the other side and does not fit."""
    return DutyRefused(sentence, reason="document")


def check_duty_is_open(duty: IssuerDuty | None, opens_at: str, now: str, at: datetime) -> IssuerDuty:
    """A second issuer issues between the manifest's opening and the closing time, until it has stated its count.

    `opens_at` and `now` are instants as manifests write them. Returns the duty.
    """
    if duty is None or not duty.fingerprint:
        raise IssuingRefused(
            _("There is no such appraisal here. Check the address on your invitation."), reason="no-poll"
        )
    if now < opens_at:
        raise IssuingRefused(_("This appraisal has not opened yet. Come back when it has."), reason="not-open")
    if duty.stated_at is not None or duty.closes_at is None or at >= duty.closes_at:
        raise IssuingRefused(_("This appraisal has closed. Ballots can no longer be given."), reason="closed")
    return duty


def check_duty_manifest(duty: IssuerDuty, fingerprint: Any) -> None:
    """A booth that shows another manifest than the one this issuer opened is refused."""
    if fingerprint != duty.fingerprint:
        raise IssuingRefused(
            _("This page belongs to another appraisal. Open the address on your invitation again."),
            reason="wrong-manifest",
        )


def check_may_prepare_duty(duty: IssuerDuty | None) -> None:
    """An issuer's roll and keys are fixed once it has opened the manifest."""
    if duty is not None and duty.fingerprint:
        raise DutyRefused(
            _("This issuer has already opened the appraisal. Its roll and its keys can no longer be changed."),
            reason="duty.opened",
        )


def check_may_open_duty(duty: IssuerDuty, fingerprint: str, closes_at: datetime, at: datetime) -> None:
    """A poll is opened under one manifest only, before its closing time; the same one again is nothing new."""
    if duty.stated_at is not None:
        raise DutyRefused(
            _("This issuer has stated its count. It issues nothing more in this appraisal."), reason="duty.stated"
        )
    if duty.fingerprint and duty.fingerprint != fingerprint:
        raise DutyRefused(
            _("This issuer has opened the appraisal under another manifest. Do not issue: ask the office why."),
            reason="duty.other-manifest",
        )
    if closes_at <= at:
        raise DutyRefused(_("The closing time of this appraisal has already passed."), reason="duty.too-late")


def check_duty_opened(duty: IssuerDuty) -> None:
    """Codes are printed and counts stated for a poll whose manifest this issuer has checked."""
    if not duty.fingerprint:
        raise DutyRefused(
            _("This issuer has not opened the appraisal yet. Run “zhengyou issuer open” first."),
            reason="duty.not-opened",
        )
    if duty.stated_at is not None:
        raise DutyRefused(
            _("This issuer has stated its count. It issues nothing more in this appraisal."), reason="duty.stated"
        )


def check_may_state(duty: IssuerDuty, at: datetime) -> None:
    """The count is stated after the closing time, so that it can no longer change."""
    if duty.closes_at is None or not duty.fingerprint:
        raise DutyRefused(
            _("This issuer has not opened the appraisal yet. Run “zhengyou issuer open” first."),
            reason="duty.not-opened",
        )
    if at < duty.closes_at:
        raise DutyRefused(
            _("The count is stated after the closing time, not before: the appraisal is still open."),
            reason="duty.too-early",
        )


def check_is_stated(duty: IssuerDuty) -> IssuerDuty:
    """The count is shown once this issuer's operator has stated it. Returns the duty."""
    if duty.stated_at is None:
        raise DutyRefused(
            _("This issuer has not stated its count yet. Its operator does so with “zhengyou issuer statement”."),
            reason="duty.not-stated",
        )
    return duty


def check_may_extend_duty(duty: IssuerDuty, closes_at: datetime, at: datetime) -> None:
    """A second issuer follows a longer poll only while it has not stated its count, and never makes it shorter."""
    check_duty_opened(duty)
    if duty.closes_at is None or closes_at <= duty.closes_at or closes_at <= at:
        raise DutyRefused(
            _("The new closing time must be later than the present one, and still to come."), reason="duty.not-later"
        )


def check_own_roll(count: int, asked: int) -> None:
    """Both issuers' rolls have the same size; otherwise one of them has somebody too many or too few."""
    if count < SMALLEST_GROUP:
        raise DutyRefused(
            _("This roll has %(count)d people. At least %(fewest)d are needed.")
            % {"count": count, "fewest": SMALLEST_GROUP},
            reason="duty.too-few",
        )
    if count != asked:
        raise DutyRefused(
            _(
                "The second issuer’s roll has %(count)d people and the office’s %(asked)d. Compare the two lists, find who is "
                "missing or too many, and correct the wrong one before anything is opened."
            )
            % {"count": count, "asked": asked},
            reason="duty.other-size",
        )


def unknown_second_code() -> IssuingRefused:
    """The refusal of a code that is on nobody of a second issuer's roll."""
    return IssuingRefused(
        _(
            "This code is not on the second roll of this appraisal. Check it letter by letter; it came to you on a sheet of its own."
        ),
        reason="unknown-code",
    )


def check_may_issue(entry: IssuerRollEntry, request_digest: bytes) -> None:
    """Tokens are issued once; the same request again (a lost answer) gets the same answer."""
    if entry.is_issued and bytes(entry.request_digest or b"") != request_digest:
        raise IssuingRefused(
            _(
                "A ballot was already issued with this code, on this phone or another one. If that was not you, tell the "
                "campaign office: it shows in the count as issued."
            ),
            reason="already-issued",
        )


def refused_request(reason: str) -> IssuingRefused:
    """The refusal of a request that cannot be signed; `reason` is that of the engine."""
    sentences = {
        "malformed": _("The ballot did not arrive as it was sent. Your marks are still here: send it again."),
        "too-large": _("This is too large to be a ballot. Open the address on your invitation again."),
        "wrong-manifest": _("This page belongs to another appraisal. Open the address on your invitation again."),
        "wrong-lines": _("The sheet was not complete when it was sent. Load the page again; your marks are kept."),
    }
    return IssuingRefused(sentences[reason], reason=reason)

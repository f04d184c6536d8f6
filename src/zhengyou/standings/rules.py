"""When a result may be computed, and the words for what is shown of a unit."""

from django.utils.translation import gettext_lazy as _

from zhengyou.appraisals.models import Round
from zhengyou.base.refusals import Refused


class ResultRefused(Refused):
    """There is nothing to compute yet."""

    reason = "result"


def check_may_compute(round_: Round) -> None:
    """No partial results: only a closed round is computed."""
    if round_.state != Round.State.CLOSED:
        raise ResultRefused(_("This round is still open. Results are computed after the close, never before."))


def check_says_why(corrects: int | None, reason: str) -> None:
    """A result that replaces another says why; `corrects` is the number of the one in force, if there is one."""
    if corrects is not None and not reason.strip():
        raise ResultRefused(
            _("The figures differ from those of result number %(number)d. Say why they are corrected; it is published.")
            % {"number": corrects}
        )

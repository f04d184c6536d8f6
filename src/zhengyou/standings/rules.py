"""When a result may be computed, a figure published elsewhere entered, and a lesson written."""

import math
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from zhengyou.base.refusals import Refused
from zhengyou.campaigns.models import Cycle
from zhengyou.organisations.models import Organisation
from zhengyou.polls.models import Poll

# A screen or two on a phone: a lesson is one thing learned, not a report.
LONGEST_LESSON = 2000


@dataclass(frozen=True)
class Published:
    """A mean published elsewhere: whose, the mean, its standard error, of how many ratings (if told), and where it stands."""

    name: str
    mean: float
    standard_error: float
    count: int | None
    source: str


class ResultRefused(Refused):
    """No result, no figure published elsewhere or no lesson may be written now, or not this one."""


def check_may_compute(poll: Poll) -> None:
    """No partial results: only a closed poll is computed."""
    if poll.state != Poll.State.CLOSED:
        raise ResultRefused(
            _("This appraisal is still open. Results are computed after the close, never before."),
            reason="result.poll-is-open",
        )


def check_is_public(poll: Poll) -> None:
    """What comes of a poll that rates persons is read by those concerned; it never becomes a result for everybody."""
    if poll.is_of_persons:
        raise ResultRefused(
            _(
                "This appraisal rates people. Its result is read by them and those who lead them, and is never "
                "published."
            ),
            reason="result.of-persons",
        )


def check_may_enter(cycle: Cycle, figure: Published) -> None:
    """An outside figure is on the campaign's own scale, has an error, and says where it was published."""
    if cycle.is_closed:
        raise ResultRefused(
            _("This cycle has been closed. Outside figures belong to the cycle under way."),
            reason="figure.cycle-is-closed",
        )
    points = [grade.points for grade in cycle.ruleset.grades]
    if not (math.isfinite(figure.mean) and min(points) <= figure.mean <= max(points)):
        raise ResultRefused(
            _("The mean must lie on this campaign’s scale, from %(low)s to %(high)s. Convert it first.")
            % {"low": min(points), "high": max(points)},
            reason="figure.off-the-scale",
        )
    if not (math.isfinite(figure.standard_error) and figure.standard_error > 0):
        raise ResultRefused(
            _("A figure without its standard error cannot be compared. Ask whoever published it, or leave it out."),
            reason="figure.no-error",
        )
    if not figure.name.strip() or not figure.source.strip():
        raise ResultRefused(_("Say whose figure it is and where it was published."), reason="figure.no-source")


def check_may_learn(organisation: Organisation, learned_from: Organisation, text: str) -> None:
    """A lesson says something and names somebody else."""
    if not text.strip() or len(text.strip()) > LONGEST_LESSON:
        raise ResultRefused(
            _("Write what you learn, in at most %(most)d characters.") % {"most": LONGEST_LESSON},
            reason="lesson.too-long" if text.strip() else "lesson.no-text",
        )
    if organisation.pk == learned_from.pk:
        raise ResultRefused(_("Choose another unit than your own."), reason="lesson.from-itself")


def check_says_why(corrects: int | None, reason: str) -> None:
    """A result that replaces another says why; `corrects` is the number of the one in force, if there is one."""
    if corrects is not None and not reason.strip():
        raise ResultRefused(
            _("The figures differ from those of result number %(number)d. Say why they are corrected; it is published.")
            % {"number": corrects},
            reason="result.no-reason-for-correction",
        )

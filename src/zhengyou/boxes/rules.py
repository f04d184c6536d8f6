"""When a poll's desk and box say no, and when the house beside them is not the one it was."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from zhengyou.base.refusals import Refused
from zhengyou.boxes.models import Watermark


class BoxRefused(Refused):
    """Desk and box cannot be made."""


def box_not_made(why: Any) -> BoxRefused:
    """The refusal of an opening for which no server could be started."""
    return BoxRefused(
        _(
            "The ballot box of this appraisal could not be made, so it was not opened. Tell whoever runs the site: %(why)s"
        )
        % {"why": why},
        reason="box.not-made",
    )


def box_in_use(poll: Any) -> BoxRefused:
    """The refusal of an opening onto the box of an earlier life of the poll, which a restored house does not know."""
    return BoxRefused(
        _(
            "There is a ballot box of this appraisal in which ballots lie already: it was opened before the "
            "system was restored from a backup. Draft another appraisal; or have whoever runs the site "
            "delete the folder polls/%(poll)s, and those ballots with it."
        )
        % {"poll": poll},
        reason="box.in-use",
    )


def is_same_house(then: Watermark, now: Watermark) -> bool:
    """Whether the house's database is the one it was and has lost nothing since: same cluster, same timeline, not further back."""
    return (then.system, then.timeline) == (now.system, now.timeline) and then.position <= now.position

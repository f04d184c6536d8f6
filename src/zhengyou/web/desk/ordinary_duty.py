"""What the desk says of a promise that sounds like ordinary duty: whoever writes it is asked once; of paper, which is taken as it is, it is
said beside the draft, to the unit and to whoever reviews it.
"""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from zhengyou.base.words import in_readers_words
from zhengyou.campaigns.models import Cycle
from zhengyou.campaigns.ruleset import CommitmentLimits
from zhengyou.commitments.models import Promise
from zhengyou.commitments.rules import ordinary_words_in


def said_of(what: str, limits: CommitmentLimits) -> str:
    """The sentence, with an example of better; nothing of a promise that says more."""
    phrase = ordinary_words_in(what, limits)
    words = {"phrase": phrase, "example": in_readers_words(limits.better)}
    return _("“%(phrase)s” is what everybody expects anyway. Better: “%(example)s”.") % words if phrase else ""


def of_drafts(promises: Iterable[Promise], cycle: Cycle) -> dict[int, str]:
    """The sentence for each of these that sounds so and can still be worded anew, by its id."""
    limits, agreed = cycle.ruleset.commitments, Promise.State.AGREED
    said = {one.pk: said_of(one.what, limits) for one in promises if one.state != agreed}
    return {pk: sentence for pk, sentence in said.items() if sentence}

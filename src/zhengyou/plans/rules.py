"""What a unit may plan. When it may do so is the calendar's matter, who may do so is identity's."""

from django.utils.translation import gettext_lazy as _

from zhengyou.base.refusals import Refused
from zhengyou.campaigns.models import CentralWork, Cycle
from zhengyou.plans.models import PracticeTheme, ThemeKnown
from zhengyou.remarks.rules import check_tells_of_nobody

LONGEST_THEME = PracticeTheme._meta.get_field("text").max_length or 0
LONGEST_MAIN_WORK = PracticeTheme._meta.get_field("main_work").max_length or 0


ANSWERS = ("yes", "partly", "no")
FULL = 10  # answers are shown by full tens, from the first ten on


class ThemeRefused(Refused):
    """The practice theme cannot stand like this."""


def check_may_choose_theme(text: str, main_work: str) -> None:
    """A practice theme says something and names the main work it serves."""
    if not text.strip() or not main_work.strip():
        raise ThemeRefused(_("Write the theme and the main work that it serves."), reason="theme.incomplete")
    if len(text.strip()) > LONGEST_THEME or len(main_work.strip()) > LONGEST_MAIN_WORK:
        raise ThemeRefused(_("The theme is too long. Say it in one sentence."), reason="theme.too-long")
    for said in (text, main_work):
        check_tells_of_nobody(ThemeRefused, said)


def check_piece_of(cycle: Cycle, piece: CentralWork | None) -> None:
    """A piece of central work that is named stands in the list of this cycle."""
    if piece is not None and piece.cycle_id != cycle.pk:
        raise ThemeRefused(
            _("This piece of central work belongs to another cycle. Choose one of this cycle’s list."),
            reason="theme.piece-of-another-cycle",
        )


def check_may_say(answer: str, theme: PracticeTheme | None, *, is_asked: bool) -> None:
    """Somebody says once a cycle whether they know the theme that their unit has chosen; an empty answer is not to be asked again."""
    if answer not in ("", *ANSWERS):
        raise ThemeRefused(_("Choose one of the answers."), reason="theme.unknown-answer")
    if theme is None:
        raise ThemeRefused(_("Your unit has chosen no theme yet, so nothing is asked."), reason="theme.none-chosen")
    if is_asked:
        raise ThemeRefused(_("You have answered this already. It is asked once a cycle."), reason="theme.asked-already")


def band_of(known: ThemeKnown | None) -> str:
    """What may be shown of a unit: `nearly_all`, `most`, `some`, `few` know it, or nothing below ten answers."""
    if known is None or known.shown_all < FULL:
        return ""
    tenths = known.shown_yes * 10 / known.shown_all
    if tenths >= 9:
        return "nearly_all"
    return "most" if tenths > 5 else "some" if tenths > 1 else "few"

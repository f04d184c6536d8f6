"""What a unit may plan. When it may do so is the calendar's matter, who may do so is identity's."""

from django.utils.translation import gettext_lazy as _

from zhengyou.base.refusals import Refused
from zhengyou.campaigns.models import CentralWork, Cycle
from zhengyou.plans.models import PracticeTheme

LONGEST_THEME = PracticeTheme._meta.get_field("text").max_length or 0
LONGEST_MAIN_WORK = PracticeTheme._meta.get_field("main_work").max_length or 0


class ThemeRefused(Refused):
    """The practice theme cannot stand like this."""


def check_may_choose_theme(text: str, main_work: str) -> None:
    """A practice theme says something and names the main work it serves."""
    if not text.strip() or not main_work.strip():
        raise ThemeRefused(_("Write the theme and the main work that it serves."), reason="theme.incomplete")
    if len(text.strip()) > LONGEST_THEME or len(main_work.strip()) > LONGEST_MAIN_WORK:
        raise ThemeRefused(_("The theme is too long. Say it in one sentence."), reason="theme.too-long")


def check_piece_of(cycle: Cycle, piece: CentralWork | None) -> None:
    """A piece of central work that is named stands in the list of this cycle."""
    if piece is not None and piece.cycle_id != cycle.pk:
        raise ThemeRefused(
            _("This piece of central work belongs to another cycle. Choose one of this cycle’s list."),
            reason="theme.piece-of-another-cycle",
        )

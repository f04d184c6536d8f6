"""What pages and later rooms ask about units' plans."""

from zhengyou.campaigns.models import Cycle
from zhengyou.organisations.models import Organisation
from zhengyou.plans.models import PracticeTheme


def practice_theme(cycle: Cycle, organisation: Organisation) -> PracticeTheme | None:
    """The organisation's own theme in this cycle, if it has chosen one."""
    return PracticeTheme.objects.filter(cycle=cycle, organisation=organisation).first()


def practice_themes(cycle: Cycle) -> dict[int, str]:
    """Organisation id to practice theme."""
    return dict(PracticeTheme.objects.filter(cycle=cycle).values_list("organisation_id", "text"))

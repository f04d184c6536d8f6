"""What pages and later rooms ask about units' plans."""

from django.db.models import Count

from zhengyou.campaigns.models import Cycle
from zhengyou.organisations.models import Organisation
from zhengyou.plans.models import PracticeTheme


def practice_theme(cycle: Cycle, organisation: Organisation) -> PracticeTheme | None:
    """The organisation's own theme in this cycle, if it has chosen one."""
    return PracticeTheme.objects.filter(cycle=cycle, organisation=organisation).select_related("central_work").first()


def practice_themes(cycle: Cycle) -> dict[int, str]:
    """Organisation id to practice theme."""
    return dict(PracticeTheme.objects.filter(cycle=cycle).values_list("organisation_id", "text"))


def themes_by_piece(cycle: Cycle) -> dict[int, int]:
    """Id of a piece of central work to how many units' themes serve it. One query."""
    rows = PracticeTheme.objects.filter(cycle=cycle, central_work__isnull=False).order_by()
    return dict(rows.values("central_work").annotate(n=Count("id")).values_list("central_work", "n"))

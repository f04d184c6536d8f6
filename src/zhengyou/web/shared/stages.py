"""The cycle under way, for pages that make no sense without one."""

from django.utils.translation import gettext_lazy as _

from zhengyou.campaigns import queries as campaigns
from zhengyou.campaigns.models import Cycle
from zhengyou.campaigns.rules import StageRefused


def cycle_under_way() -> Cycle:
    """The cycle under way, for pages that make no sense without one. Raises StageRefused."""
    cycle = campaigns.cycle_under_way()
    if cycle is None:
        raise StageRefused(
            _("No cycle is under way. When the campaign office launches one, promises are written here."),
            reason="cycle.none-under-way",
        )
    return cycle

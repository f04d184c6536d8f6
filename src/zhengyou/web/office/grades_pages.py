"""How far the units of a campaign are with their yearly grades. The office gets numbers and never a grade."""

from django.http import HttpResponse

from zhengyou.campaigns import queries as campaigns
from zhengyou.campaigns.models import Cycle
from zhengyou.grades import queries
from zhengyou.web.shared import doors
from zhengyou.web.shared.grade_coverage import coverage_page


@doors.room("grades")
@doors.office
@doors.of_campaign("cycle_id", campaigns.cycle_with_id)
def coverage(request: doors.PersonRequest, cycle: Cycle) -> HttpResponse:
    """Which units have decided."""
    return coverage_page(request, "office/grade_coverage.html", queries.coverage(cycle), cycle, is_read=False)

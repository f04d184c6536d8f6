"""All polls for everybody: open ones lead to the booth, closed ones to their record and result."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from zhengyou.counting import queries as counting
from zhengyou.polls import queries
from zhengyou.polls.models import Poll
from zhengyou.standings import queries as standings
from zhengyou.web.shared import clock, doors
from zhengyou.web.shared.stages import public_face, side_by_side


@doors.room("polls")
@require_GET
def polls(request: HttpRequest) -> HttpResponse:
    """All polls of a campaign: open ones to vote in, closed ones to recount."""
    face = side_by_side(request, public_face(request))
    rows = [row for row in queries.all_polls() if face is None or row.cycle.campaign_id == face.campaign_id]
    extensions, again = queries.extensions_of(rows), {row.repeats_id: row for row in rows}
    closed = [row for row in rows if row.is_of_persons and row.state == Poll.State.CLOSED]
    shown = {
        "polls": [(row, extensions.get(row.pk, []), again.get(row.pk)) for row in rows],
        "with_result": standings.polls_with_result([row for row in rows if row.state == Poll.State.CLOSED]),
        "turnouts": {row.pk: counting.turnout_of_record(row) for row in closed},
        "slips": {row.pk: counting.named_slips(row).root for row in closed},
        "now": clock.now(),
    }
    return render(request, "public/polls.html", shown)

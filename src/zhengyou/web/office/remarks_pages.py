"""The office looks at anybody's words: shows them, hides them with a reason, many at once, undoes it, and answers."""

from functools import partial

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from zhengyou.campaigns import queries as campaigns
from zhengyou.campaigns.models import Cycle
from zhengyou.commitments import queries as commitments
from zhengyou.remarks import actions, queries
from zhengyou.remarks.models import Remark
from zhengyou.web.shared import clock, doors, remark_lists
from zhengyou.web.shared.lists import listed
from zhengyou.web.shared.pages import posted

of_cycle = doors.fetched("cycle_id", campaigns.cycle_with_id)
of_remark = doors.fetched("remark_id", queries.remark_with_id)


@doors.room("commitments")
@doors.office
@of_cycle
def remarks(request: doors.PersonRequest, cycle: Cycle) -> HttpResponse:
    """What people wrote in a cycle: what needs a look first, the oldest of it first."""
    form = remark_lists.LookForm(request.POST or None)
    if answer := remark_lists.looked_at(request, form, reverse("office-remarks", args=[cycle.pk])):
        return answer
    waiting = queries.waiting_in(cycle)
    return listed(
        request,
        "office/remarks.html",
        commitments.with_marks(queries.remarks_of(cycle)),
        remark_lists.columns("office-remark-answer"),
        name="words",
        nothing=_("Nobody has written anything yet."),
        search=_("Find words, a promise, an organisation or a number"),
        paths=remark_lists.PATHS,
        filters=remark_lists.FILTERS,
        cycle=cycle,
        waiting=waiting,
        is_late=waiting.is_late(clock.today()),
        look=form,
        done=remark_lists.just_done(request),
    )


@doors.office
@of_remark
def answer(request: doors.PersonRequest, row: Remark) -> HttpResponse:
    """Answer words in public."""
    form = remark_lists.AnswerForm(request.POST or None)
    shown = {"remark": row, "form": form, "heading": _("Answer these words"), "button": _("Publish the answer")}
    return posted(
        request,
        form,
        partial(actions.answer_remark, remark=row),
        done=_("The answer stands below the words."),
        to=("office-remarks", row.cycle_id),
    ) or render(request, "office/remark_answer.html", shown)

"""At the desk: secretaries read and answer what is said of their unit; levels above look at what is said of those below."""

from functools import partial

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from zhengyou.commitments import queries as commitments
from zhengyou.remarks import actions, queries
from zhengyou.remarks.models import Remark
from zhengyou.web.shared import doors, remark_lists
from zhengyou.web.shared.lists import listed
from zhengyou.web.shared.pages import found, posted
from zhengyou.web.shared.stages import cycle_under_way


@doors.room("commitments")
@doors.signed_in
def remarks(request: doors.PersonRequest) -> HttpResponse:
    """What people wrote about the reader's own unit and about those below it, in the cycle under way."""
    cycle, reader = cycle_under_way(), doors.reader_of(request)
    form = remark_lists.LookForm(request.POST or None)
    if answer := remark_lists.looked_at(request, form, reverse("desk-remarks"), "parts/desk_page.html"):
        return answer
    return listed(
        request,
        "desk/remarks.html",
        commitments.with_marks(queries.remarks_for(reader, cycle)),
        remark_lists.columns("desk-remark-answer"),
        name="words",
        nothing=_("Nobody has written anything yet."),
        search=_("Find words, a promise, an organisation or a number"),
        paths=remark_lists.PATHS,
        filters=remark_lists.FILTERS,
        cycle=cycle,
        look=form,
        done=remark_lists.just_done(request),
    )


@doors.room("commitments")
@doors.signed_in
def answer(request: doors.PersonRequest, remark_id: int) -> HttpResponse:
    """Answer words about one's own unit in public."""
    cycle, reader = cycle_under_way(), doors.reader_of(request)
    row: Remark = found(queries.remarks_for(reader, cycle).filter(pk=remark_id).first())
    form = remark_lists.AnswerForm(request.POST or None)
    shown = {"remark": row, "form": form, "heading": _("Answer these words"), "button": _("Publish the answer")}
    return posted(
        request,
        form,
        partial(actions.answer_remark, remark=row),
        done=_("The answer stands below the words."),
        to="desk-remarks",
    ) or render(request, "desk/remark_answer.html", shown | {"base": "parts/desk_page.html"})

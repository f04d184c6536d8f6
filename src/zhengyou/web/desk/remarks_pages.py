"""At the desk: secretaries read and answer what is said of their unit; levels above look at what is said of those below."""

from functools import partial

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from zhengyou.campaigns.models import Cycle
from zhengyou.campaigns.rules import StageRefused
from zhengyou.commitments import queries as commitments
from zhengyou.consultation import queries as consultation
from zhengyou.identity.rules import RoleRefused
from zhengyou.organisations.models import Post
from zhengyou.organisations.vocabulary import worded
from zhengyou.remarks import actions, queries
from zhengyou.remarks.models import Remark
from zhengyou.web.shared import doors, remark_lists
from zhengyou.web.shared.lists import listed
from zhengyou.web.shared.pages import found, posted
from zhengyou.web.shared.stages import calendars_for, chosen
from zhengyou.web.shared.ways import ABOVE
from zhengyou.windows.queries import REMARK

WEEKLY = (REMARK,)


@doors.room("commitments", "consultation", "windows")
@doors.signed_in
def remarks(request: doors.PersonRequest) -> HttpResponse:
    """What people wrote about the reader's own unit and about those below it, in the cycle under way."""
    reader = doors.reader_of(request)
    cycle, own = _cycle(request), {row.pk for row in reader.organisations_as(Post.Role.SECRETARY)}
    may_look = any(getattr(post, "has_below", True) for post in reader.posts if post.role in ABOVE)
    if request.method == "POST" and not may_look:
        raise RoleRefused(
            _(
                "Words are shown or hidden by those who lead a level above the unit that they are about, or by its office."
            ),
            reason="role.not-to-look",
        )
    form = remark_lists.LookForm(request.POST or None)
    if answer := remark_lists.looked_at(request, form, reverse("desk-remarks"), "parts/desk_page.html"):
        return answer
    return listed(
        request,
        "desk/remarks.html",
        commitments.with_marks(queries.remarks_for(reader, cycle, WEEKLY)),
        remark_lists.columns("desk-remark-answer", reader, own),
        name="words",
        nothing=_("Nobody has written anything yet."),
        search=_("Find words, a promise, a unit or a number"),
        paths=remark_lists.PATHS,
        filters=remark_lists.FILTERS,
        cycle=cycle,
        look=form,
        may_look=may_look,
        done=remark_lists.just_done(request),
    )


@doors.room("commitments", "consultation", "windows")
@doors.signed_in
def answer(request: doors.PersonRequest, remark_id: int) -> HttpResponse:
    """Answer words about one's own unit in public."""
    row = _readable(request, remark_id)
    if on_plan := consultation.remark_of(row):
        return redirect(f"{reverse('desk-plan-answer', args=[on_plan.plan_id])}?row={on_plan.pk}")
    form = remark_lists.AnswerForm(request.POST or None)
    shown = {"remark": row, "form": form, "heading": _("Answer these words"), "button": _("Publish the answer")}
    return posted(
        request,
        form,
        partial(actions.answer_remark, remark=row),
        done=_("The answer is shown below the words."),
        to="desk-remarks",
    ) or render(request, "desk/remark_answer.html", shown | {"base": "parts/desk_page.html"})


@doors.room("commitments", "consultation", "windows")
@doors.signed_in
def photo(request: doors.PersonRequest, remark_id: int) -> HttpResponse:
    """The photo that came with words which the reader may read here."""
    return remark_lists.photo_of(_readable(request, remark_id), request.person)


def _readable(request: doors.PersonRequest, remark_id: int) -> Remark:
    """These words, if the reader finds them in their list of some cycle. Raises Http404."""
    reader = doors.reader_of(request)
    every = (queries.remarks_for(reader, one.cycle, WEEKLY) for one in calendars_for(reader))
    row: Remark = found(next((one for rows in every for one in rows.filter(pk=remark_id)), None))
    return row


def _cycle(request: doors.PersonRequest) -> Cycle:
    calendar = chosen(request, calendars_for(doors.reader_of(request)))
    if calendar is None:
        raise StageRefused(
            worded(
                _(
                    "No cycle is under way. When the %(office)s launches one, you can read here what people "
                    "write about it."
                )
            ),
            reason="cycle.none-under-way",
        )
    return calendar.cycle

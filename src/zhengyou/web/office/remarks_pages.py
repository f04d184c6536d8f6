"""The office looks at anybody's words: shows, hides with a reason, many or a whole flood at once, undoes it, and answers."""

from collections.abc import Callable
from functools import partial
from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhengyou.campaigns import queries as campaigns
from zhengyou.campaigns.models import Cycle
from zhengyou.commitments import queries as commitments
from zhengyou.consultation import queries as consultation
from zhengyou.remarks import actions, queries
from zhengyou.remarks.models import Remark
from zhengyou.web.shared import clock, doors, remark_lists
from zhengyou.web.shared.lists import listed
from zhengyou.web.shared.pages import found, posted, pressed
from zhengyou.web.shared.public_writing import LONGEST_ABOUT

SAMPLE = 20  # enough to see whether people wrote it
FLOOD = "flood"
FLOOD_DEEDS: dict[str, tuple[Callable[..., int], Any]] = {
    "program": (actions.hide_flood, ""),
    "people": (actions.let_flood_in, gettext_lazy("The marks count now. The words wait to be read like any others.")),
    "undo": (actions.undo_hide_flood, gettext_lazy("It waits again.")),
}
of_cycle = doors.of_campaign("cycle_id", campaigns.cycle_with_id)
of_remark = doors.fetched("remark_id", queries.remark_with_id)


@doors.room("commitments", "consultation", "windows")
@doors.office
@of_cycle
def remarks(request: doors.PersonRequest, cycle: Cycle) -> HttpResponse:
    """What people wrote in a cycle: what needs a look first, the oldest of it first."""
    form = remark_lists.LookForm(request.POST or None)
    back = reverse("office-remarks", args=[cycle.pk])
    if answer := remark_lists.looked_at(request, form, back, "parts/office_page.html"):
        return answer
    waiting = queries.waiting_in(cycle)
    return listed(
        request,
        "office/remarks.html",
        commitments.with_marks(queries.remarks_of(cycle)),
        remark_lists.columns("office-remark-answer", doors.reader_of(request)),
        name="words",
        nothing=_("Nobody has written anything yet."),
        search=_("Find words, a promise, a unit or a number"),
        paths=remark_lists.PATHS,
        filters=remark_lists.FILTERS,
        cycle=cycle,
        waiting=waiting,
        is_late=waiting.is_late(clock.today()),
        look=form,
        may_look=True,
        done=remark_lists.just_done(request),
        floods=queries.floods_in(cycle),
        hidden_flood=_just_hidden(request),
    )


@doors.office
@of_cycle
def flood(request: doors.PersonRequest, cycle: Cycle) -> HttpResponse:
    """All that waits about one subject because much came at once, looked at together: a program sent it, or people did."""
    about = request.GET.get("about", "").replace("\0", "")
    if request.method == "POST":
        return _settled(request, cycle, about)
    row = found(queries.flood_on(about))
    words = queries.flood_about(about).exclude(words="").order_by("pk")[:SAMPLE]
    return render(
        request, "office/remark_flood.html", {"cycle": cycle, "flood": row, "sent_words": words, "most": SAMPLE}
    )


def _settled(request: doors.PersonRequest, cycle: Cycle, about: str) -> HttpResponse:
    back, name = reverse("office-remarks", args=[cycle.pk]), request.POST.get("deed", "")
    deed, said = found(FLOOD_DEEDS.get(name))

    def settle(**acting: Any) -> HttpResponse:
        count = deed(subject=about, **acting)
        if name == "program" and not count:
            messages.success(request, _("Asked for. It is about the top unit: a second person decides."))
        return redirect(f"{back}?{FLOOD}={quote(about)}" if name == "program" and count else back)

    return pressed(request, settle, done=said, to=back)


def _just_hidden(request: doors.PersonRequest) -> str:
    """The subject of a flood that this person hid a moment ago, by this address, as far as that can be undone."""
    about = request.GET.get(FLOOD, "").replace("\0", "")[:LONGEST_ABOUT]
    hidden = queries.hidden_as_a_flood(about, request.person, clock.today()) if about else None
    return about if hidden is not None and hidden.exists() else ""


@doors.office
@of_remark
def answer(request: doors.PersonRequest, row: Remark) -> HttpResponse:
    """Answer words in public."""
    if on_plan := consultation.remark_of(row):
        return redirect(f"{reverse('desk-plan-answer', args=[on_plan.plan_id])}?row={on_plan.pk}")
    form = remark_lists.AnswerForm(request.POST or None)
    shown = {"remark": row, "form": form, "heading": _("Answer these words"), "button": _("Publish the answer")}
    return posted(
        request,
        form,
        partial(actions.answer_remark, remark=row),
        done=_("The answer is shown below the words."),
        to=("office-remarks", row.cycle_id),
    ) or render(request, "office/remark_answer.html", shown)


@doors.office
@of_remark
def photo(request: doors.PersonRequest, row: Remark) -> HttpResponse:
    """The photo that came with words, for whoever looks at them."""
    return remark_lists.photo_of(row, request.person)

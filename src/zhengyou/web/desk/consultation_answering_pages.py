"""At the desk: remarks on a plan are read and answered, one, many together, a group or all that a list finds; members read a draft
and say something.
"""

from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from zhengyou.consultation import actions, queries, rules, splitting
from zhengyou.consultation.comparing import Lineage
from zhengyou.consultation.models import Plan, PlanRemark, PlanResponse, RemarkGroup
from zhengyou.remarks import queries as remarks
from zhengyou.web.desk import consultation_forms as forms
from zhengyou.web.desk.consultation_doors import first_readers, writers
from zhengyou.web.shared import clock, doors, meanwhile
from zhengyou.web.shared.lists import ALL, Cell, Column, listed, matching, means_all, numbers_in, ticks
from zhengyou.web.shared.narrowing import Filter, page_of
from zhengyou.web.shared.pages import check_opens, found, posted, pressed
from zhengyou.web.shared.plan_parts import RemarkForm, reading_of, remarks_shown

ANSWERING = ("consultation.respond", "consultation.change_response", "consultation.answer_apart")
STATES = [
    ("open", gettext_lazy("not answered yet")),
    ("answered", gettext_lazy("answered")),
    ("hidden", gettext_lazy("hidden")),
]
BY_MEMBERS = [("True", gettext_lazy("before everybody could read it"))]
OWN_WORDS = [("True", gettext_lazy("own words beside those of a group"))]
FOUND_BY = ("words_read", "remark__pk", "response__text")


@dataclass(frozen=True)
class Meant:
    """The remarks that are to be answered together, and of how many that the list found. `listed`: by the list's address, so
    that a press answers those that were read, whatever came since; `leaves_own`: whose own words get no answer stays open.
    """

    rows: list[PlanRemark]
    found: int
    listed: bool = False
    leaves_own: bool = False


@writers
def remarks_on(request: doors.PersonRequest, plan: Plan) -> HttpResponse:
    """All remarks on a plan: those without an answer first, the groups above them."""
    groups, waiting = queries.groups_of(plan, is_open=True), queries.waiting_for_a_look(plan)
    split = None if plan.adopted_on else _split(request, plan)
    return listed(
        request,
        "desk/plan_remarks.html",
        queries.remarks_on(plan),
        _columns(plan, splits=split is not None),
        name="remarks",
        nothing=_("Nobody has said anything yet, or what was sent is waiting to be read by the level above."),
        search=_("Find words or a number"),
        paths=FOUND_BY,
        filters=_filters(plan, groups),
        plan=plan,
        organisation=plan.organisation,
        groups=groups,
        split=split,
        account=queries.account_of(plan),
        waiting=waiting,
        is_late=waiting.is_late(clock.today()),
    )


@writers
def answer(request: doors.PersonRequest, plan: Plan) -> HttpResponse:
    """Answer together the remarks that the address names, those of a group, or all that the list found."""
    meant = _meant(request, plan)
    rows, own = meant.rows, [row for row in meant.rows if row.has_own_words and len(meant.rows) > 1]
    if not rows and (meant.listed or request.method != "POST"):
        messages.error(request, _("None of these comments waits for an answer. Tick some, or choose others."))
        return redirect("desk-plan-remarks", plan.pk)
    newest = found(queries.newest_version(plan))
    form = forms.ResponseForm(request.POST or None, wordings=queries.wordings_of(newest), own=own)

    def respond(own_answers: dict[int, str], **given: Any) -> None:
        first = next((row for row in rows if row.response_id), None)
        about = f"planresponse:{first.response_id}" if first else ""
        answered = _("Some of these comments have an answer already.")
        meanwhile.still(None if first else plan, answered, about=about, deeds=ANSWERING)
        left_out = {row.pk for row in own if not own_answers.get(row.pk)} if meant.leaves_own else set()
        ids = [row.pk for row in rows if row.pk not in left_out] or [row.pk for row in rows]
        actions.respond(plan=plan, remark_ids=ids, own_answers=own_answers, **given)
        messages.success(request, _answered(len(ids)))

    if done := posted(request, form, respond, to=("desk-plan-remarks", plan.pk)):
        return done
    shown = {"plan": plan, "meant": meant, "own": own, "form": form, "base": "parts/desk_page.html"}
    shown |= {"heading": _heading(len(rows)), "button": _("Publish the answer")}
    if meant.listed:  # those that wait now: somebody may have answered some in this very moment
        now = queries.remarks_with_ids([row.pk for row in rows])
        shown["those"] = ".".join(str(row.pk) for row in now if row.response_id is None and row.remark.is_shown)
    return render(request, "desk/plan_answer.html", shown)


@writers
def change_answer(request: doors.PersonRequest, plan: Plan, response_id: int) -> HttpResponse:
    """Mend an answer before the plan is adopted."""
    response, newest = _response(plan, response_id), found(queries.newest_version(plan))
    check_opens(request, rules.check_not_adopted, plan, rules.PlanResponseRefused)
    named = [one.pk for one in response.paragraphs.all()]
    initial = {"outcome": response.outcome, "text": response.text, "paragraphs": named}
    form = forms.ResponseForm(request.POST or None, initial=initial, wordings=queries.wordings_of(newest), own=[])
    meanwhile.guard(form, about=response.reference, deeds=ANSWERING)

    def mend(own_answers: dict[int, str], ticket: Any, **given: Any) -> None:
        actions.change_response(response=response, **given)

    given_to = next((one.given_to for one in splitting.given_to_several(plan) if one.pk == response.pk), 1)  # type: ignore[attr-defined]
    shown = {"plan": plan, "form": form, "base": "parts/desk_page.html", "response": response, "given_to": given_to}
    shown |= {"heading": _("Correct the answer"), "button": _("Publish the corrected answer")}
    return posted(request, form, mend, done=_("The answer is corrected."), to=("desk-plan-remarks", plan.pk)) or render(
        request, "desk/plan_answer.html", shown
    )


@writers
def answer_apart(request: doors.PersonRequest, plan: Plan, response_id: int) -> HttpResponse:
    """Answer some of the comments apart that one answer was given to."""
    response, newest = _response(plan, response_id), found(queries.newest_version(plan))
    check_opens(request, rules.check_not_adopted, plan, rules.PlanResponseRefused)
    rows = [row for row in _of_plan(plan, [int(one) for one, _same in numbers_in(request.GET, "row")])]
    initial = {"outcome": response.outcome, "text": response.text}
    form = forms.ResponseForm(request.POST or None, initial=initial, wordings=queries.wordings_of(newest), own=[])

    def apart(own_answers: dict[int, str], **given: Any) -> None:
        splitting.answer_apart(response=response, remark_ids=[row.pk for row in rows], **given)
        messages.success(request, _answered(len(rows)))

    to = ("desk-plan-remarks", plan.pk)
    if request.method == "GET" and (elsewhere := _not_apart(request, response, rows)):
        return elsewhere
    shown = {
        "plan": plan,
        "meant": Meant(rows, len(rows)),
        "form": form,
        "base": "parts/desk_page.html",
        "before": response,
    }
    shown |= {"heading": _("Answer separately"), "button": _("Publish the answer")}
    return posted(request, form, apart, to=to) or render(request, "desk/plan_answer.html", shown)


def _not_apart(request: doors.PersonRequest, response: PlanResponse, rows: list[PlanRemark]) -> HttpResponse | None:
    """Where nothing can be answered apart, whoever asks is led on before they write: to the list, or to the answer itself."""
    of_it = [row.pk for row in rows if row.response_id == response.pk]
    if not of_it:
        messages.error(
            request, _("Tick comments of one answer, which you choose in the list under “Answer given to several”.")
        )
        return redirect("desk-plan-remarks", response.plan_id)
    if splitting.are_all_of(response, of_it):
        messages.error(request, splitting.NOTHING_LEFT)
        return redirect("desk-plan-answer-change", response.plan_id, response.pk)
    return None


def _response(plan: Plan, response_id: int) -> PlanResponse:
    row = found(queries.response_with_id(response_id))
    if row.plan_id != plan.pk:
        raise Http404
    return row


def _split(request: doors.PersonRequest, plan: Plan) -> PlanResponse | None:
    """The answer to whose comments the list is narrowed, if it was given to several."""
    chosen = request.GET.get("answer", "")
    return next((one for one in splitting.given_to_several(plan) if str(one.pk) == chosen), None)


@require_POST
@writers
def groups(request: doors.PersonRequest, plan: Plan) -> HttpResponse:
    """Look for remarks that share most of their words."""

    def look(**acting: Any) -> None:
        n = actions.propose_groups(plan=plan, **acting)
        messages.success(request, ngettext("%(n)d new group was found.", "%(n)d new groups were found.", n) % {"n": n})

    return pressed(request, look, to=("desk-plan-remarks", plan.pk))


@require_POST
@writers
def apart(request: doors.PersonRequest, plan: Plan, remark_id: int) -> HttpResponse:
    """Take a remark out of its group."""
    row = found(next(iter(queries.remarks_with_ids([remark_id])), None))
    if row.plan_id != plan.pk:
        raise Http404
    done = _("It is now apart from its group.")
    return pressed(
        request, partial(actions.take_out_of_group, remark=row), done=done, to=("desk-plan-remarks", plan.pk)
    )


@doors.room("consultation")
@doors.signed_in
@doors.fetched("plan_id", queries.plan_with_id)
def read(request: doors.PersonRequest, plan: Plan) -> HttpResponse:
    """Members read the draft before everybody does."""
    first_readers(plan, request)
    newest = found(queries.newest_version(plan, is_published=True))
    if rules.is_public(plan, clock.today()):
        return redirect("public-plan", plan.organisation.code, plan.pk)
    if rules.phase_on(plan, clock.today()) != Plan.Phase.MEMBERS:
        raise Http404
    shown = reading_of(plan, newest, Lineage(plan)) | {"of_members": True, "is_open": True}
    return render(request, "desk/plan_read.html", shown)


@doors.room("consultation")
@doors.signed_in
def say(request: doors.PersonRequest, wording_id: int) -> HttpResponse:
    """A member says something to a paragraph. No name is kept."""
    wording = found(queries.wording_with_id(wording_id))
    plan = wording.version.plan
    first_readers(plan, request)
    if rules.is_public(plan, clock.today()):
        return redirect("public-plan-paragraph", plan.organisation.code, wording.pk)
    if rules.phase_on(plan, clock.today()) != Plan.Phase.MEMBERS or wording.version.published_at is None:
        raise Http404
    form = RemarkForm(request, wording)

    def record(by: Any, **given: Any) -> HttpResponse:
        made = actions.remark_on_paragraph(wording=wording, by=by, **given)
        return redirect("public-own-words", made.remark.public_id)

    waiting = remarks.waiting_about(wording.reference)
    page = page_of(request, queries.remarks_at(wording, Lineage(plan)), queries.REMARKS_A_PAGE)
    shown = {"plan": plan, "organisation": plan.organisation, "wording": wording, "form": form, "page": page}
    shown |= {
        "rows": remarks_shown(page, wording.version),
        "waiting": waiting,
        "is_late": waiting.is_late(clock.today()),
    }
    return posted(request, form, record) or render(request, "desk/plan_say.html", shown)


def _meant(request: doors.PersonRequest, plan: Plan) -> Meant:
    """The remarks that are to be answered. Raises Http404 for those of another plan."""
    if ALL in request.GET:
        return _all_found(request, plan)
    if group_id := request.GET.get("group", ""):
        is_number = group_id.isascii() and group_id.isdigit() and len(group_id) < 18
        group = found(queries.group_with_id(plan, int(group_id)) if is_number else None)
        rows = list(queries.open_in_group(group)[: rules.MOST_AT_ONCE])
        return Meant(rows, queries.open_in_group(group).count(), leaves_own=True)
    rows = _of_plan(plan, [int(one) for one, _same in numbers_in(request.GET, "row")])
    return Meant(rows, len(rows))


def _all_found(request: doors.PersonRequest, plan: Plan) -> Meant:
    """What the list's address finds without an answer, the oldest of it; on the way back those that were read."""
    if request.method == "POST":
        given = [one for one in request.POST.get("those", "").split(".") if one.isascii() and one.isdigit()]
        rows = _of_plan(plan, [int(one) for one in given[: rules.MOST_AT_ONCE] if len(one) < 18])
        return Meant(rows, len(rows), listed=True, leaves_own=True)
    groups = queries.groups_of(plan, is_open=True)
    every: Any = queries.remarks_on(plan)
    every = every.filter(standing_now="open")  # what the query adds to its rows
    if not means_all(request):  # from here on the words of the list's address stand in `request.GET`
        return Meant([], 0)
    every = matching(request, every, paths=FOUND_BY, filters=_filters(plan, groups))
    return Meant(list(every[: rules.MOST_AT_ONCE]), every.count(), listed=True, leaves_own=True)


def _of_plan(plan: Plan, ids: list[int]) -> list[PlanRemark]:
    """Those of these that everybody reads: what waits for a look, or is hidden, is not told to those whom it is about."""
    rows = queries.remarks_with_ids(ids)
    if any(row.plan_id != plan.pk for row in rows):
        raise Http404
    return [row for row in rows if row.remark.is_shown]


def _filters(plan: Plan, groups: list[RemarkGroup]) -> list[Filter]:
    newest = found(queries.newest_version(plan))
    names = [(str(row.pk), f"{row.unanswered} · {_begin_of(row)}") for row in groups]  # type: ignore[attr-defined]
    several = [(str(one.pk), f"{one.given_to} · {one.text[:30]}") for one in splitting.given_to_several(plan)]  # type: ignore[attr-defined]
    places = [(str(one.paragraph_id), one.place or _("the whole")) for one in queries.wordings_of(newest)]
    return [
        Filter("state", _("Answer"), "standing_now", STATES),
        Filter("at", _("Paragraph"), "wording__paragraph", places),
        Filter("group", _("Group"), "group", names),
        Filter("answer", _("Answer given to several"), "response", several),
        Filter("first", _("Came"), "is_of_members", BY_MEMBERS),
        Filter("own", _("Contains"), "has_own_words", OWN_WORDS),
    ]


def _begin_of(group: RemarkGroup) -> str:
    """The first words of a group, or its number while the first one is hidden."""
    return group.first.remark.words[:30] if group.first.remark.is_shown else str(group.pk)


def _answered(n: int) -> str:
    return ngettext(
        "%(n)d comment is answered. The answer is shown below it.",
        "%(n)d comments are answered. The answer is shown below them.",
        n,
    ) % {"n": n}


def _heading(n: int) -> str:
    return _("Answer this comment") if n == 1 else _("Answer these %(n)d comments together") % {"n": n}


def _columns(plan: Plan, *, splits: bool) -> list[Column]:
    tick = ticks(lambda row: row.remark_id)
    return [
        Column(_("Number"), lambda row: Cell(row.remark_id, note=row.remark.came_on), order="remark_id"),
        Column(_("Paragraph"), lambda row: _place_of(row, plan)),
        Column(_("Words"), lambda row: {"row": row, "plan": plan}, part="parts/plan_remark_cell.html", in_files=False),
        Column(_("Words"), lambda row: row.words_read, is_only_in_files=True),
        Column(_("Group"), lambda row: row.group_id, is_only_in_files=True),
        Column(_("Sent"), lambda row: row.remark.times, order="remark__times", is_figure=True),
        Column(_("Answer"), lambda row: _answer_of(row, plan), part="parts/plan_answer_cell.html", in_files=False),
        Column(_("Answer"), _answer_in_file, is_only_in_files=True),
        Column(_("Action"), lambda row: {"row": row, "plan": plan}, part="parts/plan_remark_to_do.html", is_deed=True),
        replace(tick, cell=lambda row: tick.cell(row) if splits or row.standing_now == "open" else None),
    ]


def _answer_of(row: PlanRemark, plan: Plan) -> dict[str, Any]:
    return {"row": row, "plan": plan, "due_on": rules.answer_due_on(row.remark.came_on), "day": clock.today()}


def _answer_in_file(row: PlanRemark) -> str:
    """The whole answer, or why the remark is hidden; the page shows the beginning."""
    if row.remark.is_hidden:
        return f"{_('Hidden:')} {row.remark.get_hidden_because_display()}"
    return f"{row.response.get_outcome_display()}: {row.remark.answer}" if row.response else ""


def _place_of(row: PlanRemark, plan: Plan) -> Cell:
    wording = row.wording
    address = reverse("public-plan-paragraph", args=[plan.organisation.code, wording.pk])
    note = _("version %(n)d") % {"n": wording.version.number}
    return Cell(wording.place or _("the whole"), address, note=note, apart=_("Paragraph") if wording.place else "")

"""Anybody's words in public: one's own by its address, what became of all of them, and how to report what one reads."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from zhengyou.base import codes
from zhengyou.base.files import path_of
from zhengyou.campaigns import queries as campaigns
from zhengyou.commitments import queries as commitments
from zhengyou.commitments import spoken
from zhengyou.consultation import queries as consultation
from zhengyou.consultation.rules import answer_due_on, is_public
from zhengyou.remarks import actions, queries, rules
from zhengyou.remarks.models import Remark
from zhengyou.situations import queries as situations
from zhengyou.web.shared import clock, doors
from zhengyou.web.shared.pages import found, posted
from zhengyou.web.shared.public_writing import PublicForm, from_our_page
from zhengyou.web.shared.subjects import address_of
from zhengyou.web.shared.window_words import step_of
from zhengyou.windows import queries as windows

REASON_NAMES = dict(Remark.Reason.choices)


@never_cache
@require_GET
def own_words(request: HttpRequest, public_id: str) -> HttpResponse:
    """What somebody sent, how it stands and how it was answered, for whoever has its address."""
    row = found(queries.remark_with_public_id(codes.grouped(codes.plain(public_id))))
    answer = commitments.answer_of(row)
    on_plan, at_window = consultation.remark_of(row), windows.words_of(row)
    due_on, where = rules.look_due_on(row.came_on), address_of(row.subject, row.organisation.code)
    is_first = on_plan is not None and not is_public(on_plan.wording.version.plan, clock.today())  # read by some first
    shown = {
        "remark": row,
        "answer": answer,
        "on_plan": on_plan,
        "back": reverse("desk-plan-say", args=[on_plan.wording_id]) if is_first and on_plan else where,
        "is_first": is_first,
        "earlier": consultation.earlier_responses([on_plan]).get(on_plan.response_id or 0) if on_plan else None,
        "step": step_of(at_window) if at_window else None,
        "answer_due_on": answer_due_on(row.came_on) if on_plan else None,
        "is_readable": bool(row.words or row.photo),
        "due_on": due_on,
        "is_late": due_on < clock.today(),
        "address": request.build_absolute_uri(request.path),
    }
    return render(request, "public/remark_own.html", shown)


@never_cache
@require_GET
def own_photo(request: HttpRequest, public_id: str) -> HttpResponse:
    """The photo that somebody sent, for whoever has the address of the words it came with, while these are not hidden."""
    row = found(queries.remark_with_public_id(public_id))
    if row.is_hidden or row.photo is None or not path_of(row.photo.digest).exists():
        raise Http404
    return HttpResponse(path_of(row.photo.digest).read_bytes(), content_type="image/jpeg")


@require_safe
def words(request: HttpRequest, remark_id: int) -> HttpResponse:
    """On to where these words stand among the others, on the right page of them."""
    row = found(queries.shown_remark(remark_id))
    if on_plan := consultation.remark_of(row):
        page = consultation.readable_above(on_plan) // consultation.REMARKS_A_PAGE + 1
        address = address_of(row.subject, row.organisation.code)
        return redirect(f"{address}{f'?page={page}' if page > 1 else ''}#remark-{row.pk}")
    address = found(address_of(row.subject, row.organisation.code) or None)
    answer = commitments.answer_of(row)
    if at_window := windows.words_of(row):
        before = windows.spoken_before(at_window)
    else:
        before = spoken.spoken_before(answer) if answer else situations.words_before(row)
    page = before // commitments.ANSWERS_A_PAGE + 1
    return redirect(f"{address}{f'?page={page}' if page > 1 else ''}#remark-{row.pk}")


@doors.room("commitments", "consultation", "windows")
@require_GET
def all_words(request: HttpRequest) -> HttpResponse:
    """What became of anybody's words, cycle by cycle: numbers, reasons of hiding, how long the oldest waits."""
    cycles = [cycle for cycle in campaigns.cycles() if cycle.is_launched]
    accounts = [queries.account_of(cycle) for cycle in cycles]
    day = clock.today()
    shown = {
        "accounts": [{"account": account, "is_late": account.waiting.is_late(day)} for account in accounts],
        "reasons": REASON_NAMES,
    }
    return render(request, "public/remark_accounts.html", shown)


@require_http_methods(["GET", "HEAD", "POST"])
@from_our_page
def report(request: HttpRequest, remark_id: int) -> HttpResponse:
    """Ask the office to look at words that are shown."""
    row = found(queries.shown_remark(remark_id))
    form = PublicForm(request, about=row.reference)

    def tell(*, at: Any, arrival: rules.Arrival) -> HttpResponse:
        actions.report_remark(remark=row, at=at, arrival=arrival)
        return redirect("public-reported", row.pk)

    shown = {"remark": row, "form": form, "heading": _("Report these words")}
    return posted(request, form, tell) or render(request, "public/remark_report.html", shown)


@require_GET
def reported(request: HttpRequest, remark_id: int) -> HttpResponse:
    """Thanks for a report, and the way back to the words."""
    row = found(queries.shown_remark(remark_id))
    return render(request, "public/remark_reported.html", {"remark": row})

"""Reports on the situation for everybody: those of a unit, and each with what people say to it."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from zhengyou.base.numbers import number_words
from zhengyou.base.refusals import allows
from zhengyou.campaigns import rules as campaign_rules
from zhengyou.organisations import queries as organisations
from zhengyou.remarks import queries as remarks
from zhengyou.situations import actions, queries, rules
from zhengyou.web.shared import clock, doors
from zhengyou.web.shared.fields import PhotoField
from zhengyou.web.shared.narrowing import page_of
from zhengyou.web.shared.pages import found, posted
from zhengyou.web.shared.public_writing import PublicForm, Words, from_our_page


class SayForm(PublicForm):
    """What somebody wants to say to a report."""

    words = Words(
        label=_("What you want to say"),
        most=rules.LONGEST_WORDS,
        rows=3,
        help_text=_(
            "At most 500 characters. Everybody can read it. Please no names, telephone or identity numbers of others."
        ),
    )
    photo = PhotoField(help_text=_("Everybody can see it. Place and device are removed."))


@doors.room("commitments")
@require_safe
def reports(request: HttpRequest, code: str) -> HttpResponse:
    """All reports of a unit, the newest first."""
    unit = found(organisations.organisation_with_code(code))
    shown = {"organisation": unit, "page": page_of(request, queries.reports_of(unit), queries.WORDS_A_PAGE)}
    return render(request, "public/situations.html", shown)


@require_http_methods(["GET", "HEAD", "POST"])
@from_our_page
def report(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """One report; posting says something to it and leads to the page of its sender."""
    unit = found(organisations.organisation_with_code(code))
    row = doors.about(request, found(queries.report_with_id(unit, number)))
    form = SayForm(request, about=row.reference)

    def say(**given: Any) -> HttpResponse:
        remark = actions.say_to_report(report=row, **given)
        return redirect("public-own-words", remark.public_id)

    if response := posted(request, form, say):
        return response
    waiting = remarks.waiting_about(row.reference)
    shown = {
        "report": row,
        "number": number_words(row.year, row.number),
        "organisation": unit,
        "form": form,
        "is_open": allows(campaign_rules.check_under_way, row.cycle),
        "page": page_of(request, queries.words_about(row), queries.WORDS_A_PAGE),
        "waiting": waiting,
        "is_late": waiting.is_late(clock.today()),
    }
    return render(request, "public/situation.html", shown)

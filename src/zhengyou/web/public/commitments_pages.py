"""One promise for everybody: its reports, the organisation's word, the citizens' words, and the question whether it was kept."""

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from zhengyou.base.files import path_of
from zhengyou.base.refusals import allows
from zhengyou.base.texts import longest
from zhengyou.campaigns import rules as campaign_rules
from zhengyou.commitments import actions, queries
from zhengyou.commitments.models import CitizenAnswer, Promise
from zhengyou.organisations import queries as organisations
from zhengyou.web.shared.fields import LongText, PhotoField, Ticket
from zhengyou.web.shared.narrowing import page_of
from zhengyou.web.shared.pages import found, posted

ANSWERS = 20


class AnswerForm(forms.Form):
    """Kept or not. No mark is chosen beforehand; `ticket` makes a form sent twice one answer and says nothing of the sender."""

    ticket = Ticket()
    mark = forms.ChoiceField(
        label=_("Was this promise kept?"),
        choices=CitizenAnswer.Mark.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one: kept, not kept, or can’t tell.")},
    )
    words = LongText(
        label=_("What you saw"),
        required=False,
        max_length=longest(CitizenAnswer, "words"),
        rows=3,
        help_text=_("At most 500 characters. Everybody can read it."),
    )
    photo = PhotoField(help_text=_("Everybody can see it. Place and device are removed."))


@require_http_methods(["GET", "HEAD", "POST"])
def promise(request: HttpRequest, code: str, promise_id: int) -> HttpResponse:
    """One promise; posting records an answer and tells its number."""
    row = found(queries.published_promise(found(organisations.organisation_with_code(code)), promise_id))
    form = AnswerForm(request.POST or None, request.FILES or None)

    def record(**given: Any) -> HttpResponse:
        answer = actions.answer_promise(promise=row, **given)
        address = reverse("public-promise", args=[code, promise_id])
        return HttpResponseRedirect(f"{address}?recorded={answer.pk}#recorded")

    return posted(request, form, record) or render(
        request, "public/commitment_promise.html", _shown(request, row, form)
    )


@require_GET
def photo(request: HttpRequest, digest: str) -> HttpResponse:
    """A photo of a report or of an answer; 404 for every other file and for what is hidden. It never changes."""
    if not queries.is_public_photo(digest) or not path_of(digest).exists():
        raise Http404
    response = HttpResponse(path_of(digest).read_bytes(), content_type="image/jpeg")
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


def _shown(request: HttpRequest, row: Promise, form: AnswerForm) -> dict[str, Any]:
    cycle = row.commitment.cycle
    number = request.GET.get("recorded", "")
    is_number = number.isascii() and number.isdigit() and len(number) < 18
    return {
        "promise": row,
        "organisation": row.commitment.organisation,
        "cycle": cycle,
        "aims": queries.aims_of(cycle),
        "line": queries.progress_of([row])[0],
        "reports": queries.reports_of(row),
        "outcomes": queries.outcomes_of(row),
        "page": page_of(request, queries.spoken_answers(row), ANSWERS),
        "form": form,
        "is_open": allows(campaign_rules.check_under_way, cycle),
        "recorded": int(number) if is_number and queries.has_answer(row, int(number)) else None,
    }

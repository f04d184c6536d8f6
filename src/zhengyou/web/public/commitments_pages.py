"""Promises for everybody: the list of a cycle, and each with its reports, both words, and the question how it stands."""

from functools import cache, partial
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from zhengyou.base.files import path_of
from zhengyou.base.refusals import allows
from zhengyou.base.time import local_day
from zhengyou.base.words import in_readers_words
from zhengyou.campaigns import queries as campaigns
from zhengyou.campaigns import rules as campaign_rules
from zhengyou.campaigns.calendar import Calendar
from zhengyou.campaigns.models import CentralWork
from zhengyou.commitments import actions, queries, rules, spoken
from zhengyou.commitments.models import CitizenAnswer, Commitment, Promise
from zhengyou.identity import rules as identity_rules
from zhengyou.keeping import queries as keeping
from zhengyou.notices import queries as notices
from zhengyou.organisations import queries as organisations
from zhengyou.organisations.vocabulary import worded
from zhengyou.remarks import queries as remarks
from zhengyou.web.shared import clock, doors
from zhengyou.web.shared.addenda_words import corrections_of
from zhengyou.web.shared.addresses import address
from zhengyou.web.shared.fields import PhotoField
from zhengyou.web.shared.levels import levels_of
from zhengyou.web.shared.lists import Cell, Column, listed
from zhengyou.web.shared.narrowing import Filter, page_of_known
from zhengyou.web.shared.pages import found, posted
from zhengyou.web.shared.public_writing import PublicForm, Words, from_our_page
from zhengyou.web.shared.stages import public_face
from zhengyou.web.shared.submission_words import entered_for

CHOOSE = _("Choose one of the three answers.")


class AnswerForm(PublicForm):
    """How it looks so far, or, from the promise's day on, whether it was kept. No mark is chosen beforehand."""

    mark = forms.ChoiceField(
        choices=CitizenAnswer.Mark.choices,
        widget=forms.RadioSelect,
        error_messages={"required": CHOOSE, "invalid_choice": CHOOSE},
    )
    words = Words(
        label=_("What you saw"),
        required=False,
        most=rules.LONGEST_WORDS,
        rows=3,
        help_text=_(
            "At most 500 characters. Everybody can read it. Please no names, telephone or identity numbers of others."
        ),
    )
    photo = PhotoField(help_text=_("Everybody can see it. Place and device are removed."))

    def __init__(self, request: HttpRequest, promise: Promise) -> None:
        super().__init__(request, about=promise.reference)
        day, field = clock.today(), self.fields["mark"]
        is_over = rules.is_asked_of_its_end(promise, day)
        field.label = _("Was this promise kept?") if is_over else _("How does it look so far?")
        asked = rules.marks_on(promise, day)
        field.widget.choices = [(mark, words) for mark, words in CitizenAnswer.Mark.choices if mark in asked]


WHEN = [("due", pgettext_lazy("promise", "due")), ("soon", _("within 30 days")), ("later", _("later"))]

BY_WHEN = Column(
    _("By when"),
    lambda row: {"row": row},
    order="due_on",
    part="parts/commitment_due.html",
    filed=lambda row: row.due_on,
)


@doors.room("commitments")
@require_safe
def promises(request: HttpRequest) -> HttpResponse:
    """All promises of the cycle under way, or of the last one, those first whose day comes first."""
    calendar = _calendar(request)
    pieces = campaigns.central_work(calendar.cycle) if calendar else []
    texts = {one.number: one.text for one in pieces}
    lines: dict[int, queries.PromiseProgress] = {}

    def line(row: Promise) -> dict[str, Any]:
        return {"line": lines[row.pk]}

    return listed(
        request,
        "public/promises.html",
        queries.promises_in(calendar.cycle, clock.today()) if calendar else [],
        [
            Column(_("Promise"), lambda row: Cell(row.what, _address_of(row))),
            Column(_("Central work"), lambda row: texts.get(row.piece, ""), is_only_in_files=True),
            Column(_("Unit"), _unit_of, order="commitment__organisation__name_key", says_itself=True),
            BY_WHEN,
            Column(_("Unit says"), line, part="parts/commitment_said.html"),
            Column(worded(_("%(Citizens)s say")), line, part="parts/commitment_heard.html"),
        ],
        per_page=25,
        before=lambda rows: lines.update((one.promise.pk, one) for one in queries.progress_of(rows)),
        name="promises",
        nothing=_("No promise has been published yet."),
        search=_("Find a promise by a word in it, or by the name of its unit"),
        paths=("what", "standard", "for_whom", "commitment__organisation__name"),
        filters=_filters(pieces),
        cycle=calendar.cycle if calendar else None,
    )


def _filters(pieces: list[CentralWork]) -> list[Filter]:
    _kinds, sectors = organisations.kinds_and_sectors()
    names = [(slug, in_readers_words(name)) for slug, name in sectors.items()]
    served = [(str(one.number), f"{one.number}. {one.text}") for one in pieces]
    return [
        *([Filter("piece", _("Central work"), "piece", served)] if served else []),
        Filter("when", _("By when"), "", WHEN, means=partial(queries.comes_due, clock.today())),
        Filter("sector", _("Sector"), "commitment__organisation__sector", names),
    ]


def _calendar(request: HttpRequest) -> Calendar | None:
    """That of the campaign which the address names, else of the house's. Raises Http404 for one that has no page now."""
    face = public_face(request)
    return Calendar.of_id(face.cycle_id) if face else None


def _address_of(row: Promise) -> str:
    return address("public-promise", row.commitment.organisation.code, row.pk)


def _unit_of(row: Promise) -> Cell:
    unit = row.commitment.organisation
    return Cell(unit.name, address("public-organisation", unit.code))


@require_http_methods(["GET", "HEAD", "POST"])
@from_our_page
def promise(request: HttpRequest, code: str, promise_id: int) -> HttpResponse:
    """One promise; posting records an answer and leads to the page of its sender."""
    unit = found(organisations.organisation_with_code(code))
    row = queries.published_promise(unit, promise_id)
    if row is None:
        return _taken_off(request, found(queries.promise_with_id(unit, promise_id)))
    doors.about(request, row.commitment)
    form = AnswerForm(request, row)

    def record(**given: Any) -> HttpResponse:
        rules.check_asks_others(is_own=_answers_for(request, row))
        answer = actions.answer_promise(promise=row, **given)
        return redirect("public-own-words", answer.remark.public_id)

    return posted(request, form, record) or render(
        request, "public/commitment_promise.html", _shown(request, row, form)
    )


def _taken_off(request: HttpRequest, row: Promise) -> HttpResponse:
    """Whoever comes back to a promise that everybody could read learns that it was taken off, and where the reason stands."""
    entry = found(spoken.told_of_taking_off(row))
    doors.about(request, row.commitment)
    given = {"organisation": row.commitment.organisation, "entry": entry}
    return render(request, "public/commitment_taken_off.html", given, status=410)


@require_GET
def photo(request: HttpRequest, digest: str) -> HttpResponse:
    """A photo of a report or of an answer; 404 for every other file and for what is hidden. It never changes."""
    if not queries.is_public_photo(digest) or not path_of(digest).exists():
        raise Http404
    response = HttpResponse(path_of(digest).read_bytes(), content_type="image/jpeg")
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


@require_GET
def paper(request: HttpRequest, digest: str) -> HttpResponse:
    """A paper of a report, to be saved; 404 for every other file. It never changes."""
    if not queries.is_public_paper(digest) or not path_of(digest).exists():
        raise Http404
    response = HttpResponse(path_of(digest).read_bytes(), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{digest[:12]}.pdf"'
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


def _shown(request: HttpRequest, row: Promise, form: AnswerForm) -> dict[str, Any]:
    cycle, day = row.commitment.cycle, clock.today()
    waiting = remarks.waiting_about(row.reference)
    is_open = allows(campaign_rules.check_under_way, cycle)
    reports, outcomes = queries.reports_of(row), queries.outcomes_of(row)
    number, last = spoken.spoken_number(row), partial(spoken.spoken_last, row)
    page = page_of_known(request, number, last, partial(spoken.spoken_answers, row), queries.ANSWERS_A_PAGE)
    line = queries.progress_told(row, reports, outcomes)
    named = [row, *reports, *outcomes, *(answer.remark for answer in page)]
    return {
        "promise": row,
        "organisation": row.commitment.organisation,
        "cycle": cycle,
        **queries.served_by_promises(cycle),
        "line": line,
        "reports": reports,
        "outcomes": outcomes,
        **_of_its_end(row, line),
        "addenda": corrections_of(row.reference),
        "page": page,
        "entered_for": entered_for(one.reference for one in named),
        "form": form,
        "is_open": is_open,
        "may_answer": cache(lambda: _answers_for(request, row)),
        "may_correct": lambda: allows(rules.check_may_correct, doors.person_of(request), row.commitment, day),
        "days_left": 0 if rules.is_asked_of_its_end(row, day) else (row.due_on - day).days,
        "waiting": waiting,
        "is_late": waiting.is_late(day),
        **({} if is_open else _where_to_go(row)),
    }


def _answers_for(request: HttpRequest, row: Promise) -> bool:
    """Whether the reader is who answers for the unit."""
    person = doors.person_of(request)
    return person is not None and allows(
        identity_rules.check_is_secretary, person, row.commitment.organisation, clock.today()
    )


def _of_its_end(row: Promise, line: queries.PromiseProgress) -> dict[str, Any]:
    """What the level above said of it, what the unit answered and owes, whence it was taken over and whither it goes."""
    is_immediate = row.commitment.kind == Commitment.Kind.IMMEDIATE
    publish_by = rules.publish_by(row.given_on, row.commitment.cycle) if row.given_on else None
    ending, review = keeping.ending_of(row, line), queries.review_of(row) if is_immediate else None
    return {
        "ending": ending,
        "levels": levels_of(row, ending, review),
        "today": clock.today(),
        "is_immediate": is_immediate,
        "was_late": publish_by is not None and local_day(row.written_at) > publish_by,
        "review": review,
        "came_from": row.carried_from,
    }


def _where_to_go(row: Promise) -> dict[str, Any]:
    """For a promise of a closed cycle: a later cycle in which its organisation has promised, and whom to call."""
    return {"newer": queries.newer_cycle_of(row.commitment), "receiving": notices.last_receiving()}

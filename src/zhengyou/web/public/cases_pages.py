"""Cases for everybody: reporting without an account, following by the code, what all may see of a case, and the figures."""

from functools import partial
from typing import Any

from django.core import signing
from django.db.models import BooleanField, ExpressionWrapper, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_safe

from zhengyou.base.refusals import Refused
from zhengyou.campaigns import queries as campaigns
from zhengyou.campaigns.models import Cycle
from zhengyou.cases import actions, aside_queries, effects, queries, reader_queries, reporting, rules
from zhengyou.cases.computing.ringing import blacked_out, pieces, sounds_grave
from zhengyou.cases.models import Case, CaseStep
from zhengyou.organisations import queries as organisations
from zhengyou.organisations.models import Organisation
from zhengyou.remarks.rules import Arrival
from zhengyou.web.public import cases_forms as forms
from zhengyou.web.shared import case_words, clock, doors
from zhengyou.web.shared.addresses import address
from zhengyou.web.shared.lists import Cell, Column, listed
from zhengyou.web.shared.narrowing import Filter
from zhengyou.web.shared.pages import found, posted
from zhengyou.web.shared.public_writing import from_our_page
from zhengyou.web.shared.stages import public_face, side_by_side

OPEN_FOR = 12 * 60 * 60  # seconds for which a page that was opened by a code can be used
MOST_UNITS = 300  # said “not ours” in one cycle
SHOWN_STATES = [
    (slug, words) for slug, words in case_words.STATES.items() if slug not in (*rules.GUARDED, "received", "set_aside")
]


@doors.room("cases")
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@sensitive_post_parameters("words", "contact", "place", "happened", "ticket", "others")
@from_our_page
def report(request: HttpRequest, code: str) -> HttpResponse:
    """Report something about a unit: first written, then seen as others will see it, then sent; the code is shown once."""
    unit = found(organisations.organisation_with_code(code))
    cycle = found(queries.cycle_taking(unit))
    form = forms.ReportForm(request, unit, cycle)
    if "back" in request.POST:
        return render(request, "public/case_report.html", {"unit": unit, "form": form})
    send = partial(_sent if "send" in request.POST else _preview, request, unit, cycle, form)
    return posted(request, form, send) or render(request, "public/case_report.html", {"unit": unit, "form": form})


def _preview(request: HttpRequest, unit: Organisation, cycle: Cycle, form: Any, **given: Any) -> HttpResponse:
    """The report as others would read it, with what could tell who somebody is ringed. Nothing is kept yet."""
    texts: dict[str, Any] = rules.check_report(
        **{name: given[name] for name in ("words", "contact", "place", "happened")}
    )
    kind, around = rules.kind_named(cycle, given["kind"]), rules.kind_around(cycle)
    if "around" in request.POST and around:
        kind = around
    if is_guarded := bool(rules.body_of(kind, cycle)):
        form.go_around()
    shown = {
        "unit": unit,
        "form": form,
        "texts": texts,
        "kind": kind,
        "is_guarded": is_guarded,
        "around": around if around and not is_guarded and sounds_grave(f"{texts['words']}\n{texts['place']}") else None,
        "may_show": given["may_show"],
        "pieces": pieces(texts["words"]),
        "kept": forms.kept_of(form, texts, is_guarded=is_guarded),
    }
    return render(request, "public/case_preview.html", shown)


@sensitive_variables()
def _sent(
    request: HttpRequest, unit: Organisation, cycle: Cycle, form: Any, *, arrival: Arrival, at: Any, **given: Any
) -> HttpResponse:
    texts: dict[str, Any] = rules.check_report(
        **{name: given[name] for name in ("words", "contact", "place", "happened")}
    )
    covered = blacked_out(texts["words"], request.POST.getlist("black"), given["others"])
    # A form without a ticket of ours is not valid, and so does not come here.
    assert arrival.ticket is not None
    taken = actions.receive_case(
        unit=unit,
        cycle=cycle,
        kind=given["kind"],
        source=Case.Source.REPORT,
        photo=given["photo"],
        may_show=given["may_show"],
        public_words=covered,
        ticket=arrival.ticket,
        arrival=arrival,
        at=at,
        **texts,
    )
    shown = {"unit": unit, "taken": taken, "about": form.about, "opened": case_words.opened_word(taken.case)}
    return render(request, "public/case_received.html", shown)


@doors.room("cases")
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@sensitive_post_parameters("code", "words", "opened", "others")
@from_our_page
def own(request: Any) -> HttpResponse:
    """A case for whoever has its code. The code never stands in an address; a page that is open goes on by a signed word."""
    if row := _opened(request):
        return _acted(request, row)
    form = forms.CodeForm(request)
    if request.method == "POST" and form.is_valid():
        if row := queries.case_with_code(form.cleaned_data["code"]):
            return _own_page(request, row, {})
        form.add_error("code", _("No case matches this code. Check it and type it again."))
    return render(request, "public/case_code.html", {"form": form})


def _opened(request: HttpRequest) -> Case | None:
    """The case of a page that was opened by its code within the last hours."""
    try:
        lookup = signing.loads(request.POST.get("opened", ""), salt=case_words.OPENED, max_age=OPEN_FOR)
    except signing.BadSignature:
        return None
    return queries.case_with_lookup(str(lookup))


def _acted(request: Any, row: Case) -> HttpResponse:
    """Do what one of the page's forms asks for, and show the page again."""
    if request.POST.get("act") == "code" and request.strange is None:
        code = reporting.change_code(case=row, at=clock.now())
        row = found(queries.case_with_code(code))
        shown = {"code": code, "about": row.unit.name, "opened": case_words.opened_word(row)}
        return render(request, "public/case_code_changed.html", shown)
    acting = forms.ACTS.get(request.POST.get("act", ""))
    if acting is None or request.strange is not None:
        return _own_page(request, row, {}, refusal=str(request.strange or ""))
    kind, deed, done = acting
    if row.is_guarded and kind is forms.MessageForm:
        kind, done = forms.GuardedMessageForm, _("Sent. The two people who read your report will find it.")
    form = kind(request.POST)
    if not form.is_valid():
        return _own_page(request, row, {request.POST["act"]: form})
    try:
        deed(row, at=clock.now(), tapped=request.POST.getlist("black"), **form.cleaned_data)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _own_page(request, row, {request.POST["act"]: form})
    return _own_page(request, found(queries.case_with_lookup(row.key)), {}, done=done)


def _own_page(request: HttpRequest, row: Case, used: dict[str, Any], done: Any = "", refusal: str = "") -> HttpResponse:
    steps, called, on = queries.steps_of(row), queries.last_of_call(row), clock.today()
    row = effects.as_said(row, steps)
    shown = {
        "case": row,
        "opened": case_words.opened_word(row),
        "forms": _forms_of(row) | used,
        "done": done,
        "refusal": refusal,
        "state": case_words.state_of(row),
        "around": case_words.may_go_around(row),
        "text": case_words.text_of(row) if row.target_text else "",
        "aside_why": case_words.ASIDE_WHYS[row.aside.why] if row.aside else "",
        "comes_back": aside_queries.comes_back(row),
        "was_called": called if called and called.kind == CaseStep.Kind.CALLED else None,
        "kind": case_words.kind_name(row),
        "body": case_words.body_name(row),
        "verdict": case_words.VERDICTS.get(row.verdict, ""),
        "lacks": case_words.LACKS.get(row.lacks, ""),
        "hidden_says": case_words.hidden_says(steps),
        "clocks": case_words.clock_lines(row, on, steps, "reporter"),
        "steps": case_words.steps_for(steps, "reporter"),
        "readings": case_words.readings_in_words(queries.readings_of(row)),
        "pieces": pieces(row.public_words),
        "is_asked": row.state in rules.TURN_OF_REPORTER,
        "may_reopen": row.state == Case.State.CLOSED and row.cycle.is_under_way,
        "takes_messages": rules.is_read_still(row, on),
        "silent_days": row.cycle.ruleset.clocks.reporter_silent,
    }
    return render(request, "public/case_own.html", shown | (_of_guarded(row, on) if row.is_guarded else {}))


def _forms_of(row: Case) -> dict[str, Any]:
    kinds = {name: kind for name, (kind, _deed, _done) in forms.ACTS.items()}
    kinds |= {"message": forms.GuardedMessageForm} if row.is_guarded else {}
    return {name: kind() for name, kind in kinds.items()}


def _of_guarded(row: Case, on: Any) -> dict[str, Any]:
    """What the page of a report that goes around its target says beside: who may read it, and for how long."""
    return {
        "is_guarded": True,
        "changes": reader_queries.changes_since(row),
        "readers": reader_queries.readers_of(row, on),
        "read_for": rules.HANDED_READ.days,
    }


@doors.room("cases")
@require_safe
def cases(request: HttpRequest) -> HttpResponse:
    """All public cases of a campaign, the newest number first. No word of a reporter stands in a list."""
    face, rows, on = public_face(request), queries.public_cases(), clock.today()
    cycle = campaigns.launched_cycle(face.cycle_id) if face else None
    if side_by_side(request, face) and cycle:
        rows = rows.filter(cycle=cycle)
    late = queries.late_in_hand(cycle, on) if cycle else Q(pk__in=[])
    rows = rows.annotate(is_late=ExpressionWrapper(late, BooleanField()))
    names = dict(case_words.kinds_of(cycle)) if cycle else {}
    return listed(
        request,
        "public/cases.html",
        rows,
        [
            Column(_("Case"), lambda row: _headed(row, names), filed=lambda row: row.number_words),
            Column(_("Unit"), _unit_of, order="unit__name_key", says_itself=True),
            Column(_("Kind"), lambda row: names.get(row.kind) or row.kind, is_only_in_files=True),
            Column(_("Given to a unit on"), lambda row: row.given_on, order="given_on"),
            Column(_("State"), _standing_of),
            Column(_("Reporter says"), lambda row: case_words.VERDICTS.get(row.verdict, "")),
            PASSED_ON,
        ],
        name="cases",
        nothing=_("No case has been given to a unit yet. As soon as one is, it will appear here."),
        search=_("Find a case by its number, or by the name of its unit"),
        paths=("number", "unit__name"),
        filters=_filters(cycle, names, late),
        cycle=cycle,
    )


def _filters(cycle: Cycle | None, names: dict[str, str], late: Q) -> list[Filter]:
    """By kind, by state, and which are `late`, whose clocks are computed once for the page."""
    public = [(slug, name) for slug, name in names.items() if cycle and not rules.is_guarded_kind(cycle, slug)]
    filters = [
        Filter("kind", _("Kind"), "kind", public),
        Filter("state", _("State"), "state", SHOWN_STATES),
    ]
    if cycle:
        filters.append(Filter("late", _("Time limit"), "", [("yes", _("late"))], means=lambda _chosen: late))
    return filters


PASSED_ON = Column(
    _("Times passed on"), lambda row: row.hands or "", order="hands", is_figure=True, filed=lambda row: row.hands
)


def _headed(row: Case, names: dict[str, str]) -> Cell:
    words = case_words.headed(names.get(row.kind) or row.kind, row)
    return Cell(words, address("public-case", row.year, row.number))


def _standing_of(row: Any) -> Any:
    """How a case stands, and that it is late, as its own page says."""
    words = case_words.STATES[row.state]
    return Cell(words, note=_("late"), late="note") if row.is_late else words


def _unit_of(row: Case) -> Cell:
    return Cell(row.unit.name, address("public-organisation", row.unit.code))


@doors.room("cases")
@require_safe
def case(request: HttpRequest, year: int, number: int) -> HttpResponse:
    """What everybody may see of a case: kind, unit, days, what the unit says, what the reporter says; words only if both agreed."""
    row = doors.about(request, found(queries.case_numbered(year, number)))
    steps = queries.steps_of(row)
    clocks = case_words.clock_lines(row, clock.today(), steps, "public")
    shown = {
        "case": row,
        "is_late": not row.is_over and any(line.clock.is_late for line in clocks),
        "state": case_words.STATES[row.state],
        "kind": (kind := case_words.kind_name(row)),
        "headed": case_words.headed(kind, row),
        "verdict": case_words.VERDICTS.get(row.verdict, ""),
        "lacks": case_words.LACKS.get(row.lacks, ""),
        "hidden_says": case_words.hidden_says(steps),
        "clocks": clocks,
        "steps": case_words.steps_for(steps, "public"),
    }
    return render(request, "public/case.html", shown)


@doors.room("cases")
@require_safe
def figures(request: HttpRequest) -> HttpResponse:
    """Reasons and days of all cases of a cycle. No mean of marks, and no share of content reporters to be ranked by."""
    face = found(public_face(request))
    cycle, on = found(campaigns.launched_cycle(face.cycle_id)), clock.today()
    told = queries.figures(cycle, on)
    kinds = [(name, told.kinds.get(slug, 0)) for slug, name in case_words.kinds_of(cycle)]
    shown = {
        "cycle": cycle,
        "figures": told,
        "least": rules.LEAST,
        "kinds": [(name, count) for name, count in kinds if count],
        "hands": queries.hands_by_unit(cycle, MOST_UNITS),
        "today": on,
    }
    return render(request, "public/case_figures.html", shown)

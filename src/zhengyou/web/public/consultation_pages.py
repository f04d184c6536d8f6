"""Plans for everybody: what changed because of people's words first, then the text whose numbers one taps to say something."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from zhengyou.consultation import actions, queries, rules
from zhengyou.consultation.comparing import Lineage
from zhengyou.consultation.models import ParagraphWording, Plan, PlanVersion
from zhengyou.remarks import queries as remarks
from zhengyou.web.shared import clock, doors
from zhengyou.web.shared.addresses import address
from zhengyou.web.shared.languages import note_that_chinese
from zhengyou.web.shared.lists import Cell, Column, listed
from zhengyou.web.shared.narrowing import Filter, page_of
from zhengyou.web.shared.pages import found, posted
from zhengyou.web.shared.plan_parts import RemarkForm, changes_of, reading_of, remarks_shown
from zhengyou.web.shared.public_writing import from_our_page

PHASES = [(phase.value, phase.label) for phase in (Plan.Phase.OPEN, Plan.Phase.ANSWERING, Plan.Phase.ADOPTED)]
LONGEST_NUMBER = 4
COMMENTS_ON_A_SHEET = 3


@doors.room("consultation")
@require_safe
def plans(request: HttpRequest) -> HttpResponse:
    """All plans that everybody may read, those open for remarks first."""
    return listed(
        request,
        "public/plans.html",
        queries.public_plans(clock.today()),
        [
            Column(_("Plan"), lambda row: Cell(row.title, _address_of(row), note=note_that_chinese(row.title))),
            Column(_("Unit"), _unit_of, order="organisation__name_key", says_itself=True),
            Column(_("State"), lambda row: {"plan": row}, part="parts/plan_state.html"),
            Column(_("Comments until"), lambda row: row.open_until, order="open_until"),
        ],
        name="plans",
        nothing=_("No plan has been published yet. As soon as one is open for comments, it will appear here."),
        search=_("Find a plan by its title, or by the name of its unit"),
        paths=("title", "organisation__name"),
        filters=[Filter("phase", _("State"), "phase_now", PHASES)],
    )


@doors.room("consultation")
@require_safe
def plan(request: HttpRequest, code: str, plan_id: int) -> HttpResponse:
    """One plan: what changed, the newest text or an earlier version, what is no longer in it, and how it came about."""
    row = _plan_of(code, plan_id)
    if not rules.is_public(row, clock.today()):
        return _members_first(request, row)
    newest = found(queries.newest_version(row, is_published=True))
    shown = _version_named(request, row, "version") or newest
    lineage = Lineage(row)
    facts = reading_of(row, shown, lineage) | changes_of(row, newest, lineage)
    facts |= {"is_newest": shown.number == newest.number, "newest": newest, "versions": queries.versions_of(row)}
    return render(request, "public/plan.html", facts)


@doors.room("consultation")
@require_safe
def compare(request: HttpRequest, code: str, plan_id: int) -> HttpResponse:
    """Two versions side by side, what differs marked sign by sign."""
    row = _public(code, plan_id)
    newest = found(queries.newest_version(row, is_published=True))
    old = _version_named(request, row, "from") or found(queries.version_numbered(row, max(newest.number - 1, 1)))
    new = _version_named(request, row, "to") or newest
    old, new = sorted((old, new), key=lambda version: version.number)
    stretches = queries.comparison(old, new, Lineage(row))
    is_narrow = request.GET.get("all", "") != "yes"
    shown = {
        "plan": row,
        "organisation": row.organisation,
        "old": old,
        "new": new,
        "stretches": [one for one in stretches if one.is_changed or not is_narrow],
        "left_out": sum(not one.is_changed for one in stretches) if is_narrow else 0,
        "versions": [one for one in queries.versions_of(row) if one.published_at],
    }
    return render(request, "public/plan_compare.html", shown)


@doors.room("consultation")
@require_safe
def sheet(request: HttpRequest, code: str, plan_id: int) -> HttpResponse:
    """The plan as a form on paper: its paragraphs with their numbers, and lines to write on. Afterwards the way back to the plan."""
    row = _public(code, plan_id)
    if rules.phase_on(row, clock.today()) != Plan.Phase.OPEN:
        return redirect("public-plan", code, plan_id)
    newest = found(queries.newest_version(row, is_published=True))
    whole, *wordings = queries.wordings_of(newest)
    shown = {"plan": row, "organisation": row.organisation, "newest": newest, "whole": whole, "wordings": wordings}
    return render(
        request, "public/plan_sheet.html", shown | {"comments": range(COMMENTS_ON_A_SHEET), "lines": range(3)}
    )


@doors.room("consultation")
@require_GET
def text(request: HttpRequest, code: str, plan_id: int) -> HttpResponse:
    """The paragraphs of all published versions as data, with the fingerprints that stand in the public entries."""
    row = _public(code, plan_id)
    versions = [
        {
            "number": version.number,
            "text_sha256": version.fingerprint,
            "text": [one.text for one in queries.wordings_of(version)],
        }
        for version in queries.versions_of(row)
        if version.published_at
    ]
    return JsonResponse({"plan": row.pk, "title": row.title, "versions": versions}, json_dumps_params={"indent": 1})


@doors.room("consultation")
@require_http_methods(["GET", "HEAD", "POST"])
@from_our_page
def paragraph(request: HttpRequest, code: str, wording_id: int) -> HttpResponse:
    """One paragraph with what people say to it; posting a remark leads to the page of its sender."""
    row = found(queries.wording_with_id(wording_id))
    plan = _plan_of(code, row.version.plan_id)
    if row.version.published_at is None:
        raise Http404
    if not rules.is_public(plan, clock.today()):
        return _members_first(request, plan)
    form = RemarkForm(request, row)

    def record(**given: Any) -> HttpResponse:
        made = actions.remark_on_paragraph(wording=row, **given)
        return redirect("public-own-words", made.remark.public_id)

    return posted(request, form, record) or render(request, "public/plan_paragraph.html", _at(request, row, form))


def _at(request: HttpRequest, row: ParagraphWording, form: RemarkForm) -> dict[str, Any]:
    plan, day = row.version.plan, clock.today()
    lineage = Lineage(plan)
    newest = found(queries.newest_version(plan, is_published=True))
    page = page_of(request, queries.remarks_at(row, lineage), queries.REMARKS_A_PAGE)
    waiting = remarks.waiting_about(row.reference)
    heirs = lineage.heirs(row.paragraph_id, row.version.number, newest.number)
    is_open = rules.phase_on(plan, day) == Plan.Phase.OPEN and plan.cycle.is_under_way
    return {
        "wording": row,
        "plan": plan,
        "organisation": plan.organisation,
        "phase": rules.phase_on(plan, day),
        "is_open": is_open,
        "form": form,
        "page": page,
        "rows": remarks_shown(page, newest),
        "waiting": waiting,
        "is_late": waiting.is_late(day),
        "newest": newest,
        "heirs": [one for one in queries.wordings_of(newest) if one.paragraph_id in heirs],
        "because": lineage.because.get(row.paragraph_id, (0, ""))[1],
    }


def _plan_of(code: str, plan_id: int) -> Plan:
    row = found(queries.plan_with_id(plan_id))
    if row.organisation.code != code or rules.phase_on(row, clock.today()) == Plan.Phase.DRAFTED:
        raise Http404
    return row


def _public(code: str, plan_id: int) -> Plan:
    row = _plan_of(code, plan_id)
    if not rules.is_public(row, clock.today()):
        raise Http404
    return row


def _members_first(request: HttpRequest, row: Plan) -> HttpResponse:
    """Who wrote as a member finds the way back here, and whoever comes early reads when to come."""
    return render(request, "public/plan_members_first.html", {"plan": row, "organisation": row.organisation})


def _version_named(request: HttpRequest, row: Plan, name: str) -> PlanVersion | None:
    number = request.GET.get(name, "")
    if not number:
        return None
    is_number = number.isascii() and number.isdigit() and len(number) <= LONGEST_NUMBER
    return found(queries.version_numbered(row, int(number)) if is_number else None)


def _address_of(row: Plan) -> str:
    return address("public-plan", row.organisation.code, row.pk)


def _unit_of(row: Plan) -> Cell:
    return Cell(row.organisation.name, address("public-organisation", row.organisation.code))

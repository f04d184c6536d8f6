"""At the desk: an organisation writes its plan, publishes it, writes the next version, enters the adoption. Answers are beside."""

from functools import partial
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zhengyou.base.refusals import reason_against
from zhengyou.consultation import actions, on_paper, queries, rules
from zhengyou.consultation.models import ParagraphFate, ParagraphWording, Plan, PlanVersion
from zhengyou.consultation.rules import ReadingDays
from zhengyou.organisations import queries as organisations
from zhengyou.organisations.models import Organisation
from zhengyou.organisations.readers import Reader
from zhengyou.web.desk import consultation_forms as forms
from zhengyou.web.desk.consultation_doors import of_paragraph, writers
from zhengyou.web.shared import clock, doors, meanwhile
from zhengyou.web.shared.pages import check_opens, found, posted, pressed
from zhengyou.web.shared.stages import calendars_for, chosen, cycle_for

REWORDING = ("consultation.reword_paragraph",)
GONE = _("This paragraph is not there any more.")


@doors.room("consultation")
@doors.signed_in
def plans(request: doors.PersonRequest) -> HttpResponse:
    """The plans that the reader writes, those to read before everybody does, and where to begin one."""
    reader = doors.reader_of(request)
    calendar = chosen(request, calendars_for(reader))
    has_room = calendar is not None and "consultation" in calendar.cycle.ruleset.rooms
    shown = {
        "plans": queries.plans_to_write(reader, reader.on),
        "to_read": queries.plans_to_read_first(reader, reader.on),
        "units": [row for row in queries.led_by(reader) if calendar and row.path.startswith(calendar.top.path)]
        if has_room
        else [],
        "cycle": calendar.cycle if calendar else None,
        "on_paper": on_paper.plans_on_paper(reader, reader.on),
        "below": _units_of_paper(reader) if has_room and "commitments" not in doors.frame_of(request).rooms else [],
    }
    return render(request, "desk/plans.html", shown)


def _units_of_paper(reader: Reader) -> list[Organisation]:
    """The units next below the reader's, for which they enter the draft of a plan, where no list of promises leads to them."""
    led = reader.organisations_as(*on_paper.ABOVE)
    return list(organisations.living_organisations().filter(parent__in=led)) if led else []


@doors.room("consultation")
@doors.signed_in
def begin(request: doors.PersonRequest, code: str) -> HttpResponse:
    """Begin a plan from a pasted text."""
    unit = found(organisations.organisation_with_code(code))
    rules.check_may_plan(request.person, unit, clock.today())
    cycle = cycle_for(request, unit)
    check_opens(request, rules.check_may_begin, cycle, unit)
    form = forms.BeginForm(request.POST or None)

    def write(**given: Any) -> HttpResponse:
        return redirect("desk-plan", actions.begin_plan(cycle=cycle, organisation=unit, **given).pk)

    return posted(request, form, write, done=_("The text is split into paragraphs. Look at each.")) or _form_page(
        request, form, _("A new plan"), _("Save it as a draft"), {"organisation": unit}
    )


@writers
def plan(request: doors.PersonRequest, plan: Plan) -> HttpResponse:
    """One plan as those see it who write it: where it stands, the next step, its paragraphs."""
    newest = found(queries.newest_version(plan))
    day, waiting = clock.today(), queries.waiting_for_a_look(plan)
    shown = {
        "plan": plan,
        "organisation": plan.organisation,
        "phase": rules.phase_on(plan, day),
        "newest": newest,
        "is_written": newest.published_at is None,
        "wordings": queries.wordings_of(newest)[1:],
        "removed": queries.removed_in(newest) if newest.published_at is None else [],
        "account": queries.account_of(plan),
        "waiting": waiting,
        "is_late": waiting.is_late(day),
        "against_adoption": _against_adoption(plan, newest),
        "is_public": rules.is_public(plan, day),
    }
    return render(request, "desk/plan.html", shown)


@writers
def add(request: doors.PersonRequest, plan: Plan) -> HttpResponse:
    """Add paragraphs after the one that the address names, else at the end."""
    version = _written(plan)
    last = len(queries.wordings_of(version)) - 1
    after = _number(request.GET.get("after", ""), last)
    form = forms.AddForm(request.POST or None)
    deed = partial(actions.add_paragraphs, version=version, after=after)
    heading = _("New text after paragraph %(n)d") % {"n": after} if after else _("New text at the beginning")
    return posted(request, form, deed, done=_("It is in the draft."), to=("desk-plan", plan.pk)) or _form_page(
        request, form, heading, _("Add it"), {"plan": plan}
    )


@of_paragraph
def paragraph(request: doors.PersonRequest, plan: Plan, wording: ParagraphWording) -> HttpResponse:
    """Reword or split a paragraph."""
    form = forms.ParagraphForm(request.POST or None, initial={"text": wording.text})
    meanwhile.guard(form, about=plan.reference, deeds=REWORDING)
    deed = partial(actions.reword_paragraph, wording=wording)
    heading = _("Paragraph %(n)d") % {"n": wording.place}
    return posted(request, form, deed, done=_("The paragraph is saved."), to=("desk-plan", plan.pk)) or _form_page(
        request, form, heading, _("Save"), {"plan": plan, "wording": wording}
    )


@require_POST
@of_paragraph
def move(request: doors.PersonRequest, plan: Plan, wording: ParagraphWording, way: str) -> HttpResponse:
    """Move a paragraph up or down."""
    if way not in ("up", "down"):
        raise Http404
    deed = partial(actions.move_paragraph, wording=wording, is_up=way == "up")
    return pressed(request, deed, done=_("The paragraph is moved."), to=("desk-plan", plan.pk))


@require_POST
@of_paragraph
def join(request: doors.PersonRequest, plan: Plan, wording: ParagraphWording) -> HttpResponse:
    """Join a paragraph with the next one."""
    done = _("The two are one paragraph now. An empty line splits them again.")
    return pressed(request, partial(actions.join_paragraph, wording=wording), done=done, to=("desk-plan", plan.pk))


@of_paragraph
def remove(request: doors.PersonRequest, plan: Plan, wording: ParagraphWording) -> HttpResponse:
    """Take a paragraph out, with the reason."""
    form = forms.RemoveForm(request.POST or None)
    deed = partial(actions.remove_paragraph, wording=wording)
    return posted(request, form, deed, done=_("The paragraph is taken out."), to=("desk-plan", plan.pk)) or _form_page(
        request,
        form,
        _("Take out paragraph %(n)d") % {"n": wording.place},
        _("Take it out"),
        {"plan": plan, "quoted": wording},
    )


@require_POST
@writers
def put_back(request: doors.PersonRequest, plan: Plan, fate_id: int) -> HttpResponse:
    """Put back what was taken out of the version that is being written."""
    fate: ParagraphFate = meanwhile.still(queries.fate_with_id(plan, fate_id), GONE)
    done = _("The paragraph is back, at the end.")
    return pressed(request, partial(actions.put_back_paragraph, fate=fate), done=done, to=("desk-plan", plan.pk))


@writers
def publish(request: doors.PersonRequest, plan: Plan) -> HttpResponse:
    """Publish the version that is being written: the first with its days, a next one with a last day or without."""
    version = _written(plan)
    is_first = version.number == 1
    form = (forms.PublishForm if is_first else forms.PublishNextForm)(request.POST or None)

    def put(members_from: Any = None, public_from: Any = None, open_until: Any = None, **acting: Any) -> None:
        if is_first:
            days = ReadingDays(members_from, public_from, open_until)
            actions.publish_plan(plan=plan, days=days, **acting)
        else:
            actions.publish_version(plan=plan, open_until=open_until, **acting)

    number = {"n": version.number}
    done = _("Version %(n)d is published.") % number
    return posted(request, form, put, done=done, to=("desk-plan", plan.pk)) or _form_page(
        request, form, _("Publish version %(n)d") % number, _("Publish"), {"plan": plan}
    )


@require_POST
@writers
def next_version(request: doors.PersonRequest, plan: Plan) -> HttpResponse:
    """Begin the next version."""
    done = _("The next version is a copy of the last. Comments stay open on the old one.")
    return pressed(request, partial(actions.begin_version, plan=plan), done=done, to=("desk-plan", plan.pk))


@writers
def set_aside(request: doors.PersonRequest, plan: Plan) -> HttpResponse:
    """Set the version that is being written aside."""
    check_opens(request, rules.check_may_set_aside, found(queries.newest_version(plan)))
    form = forms.SetAsideForm(request.POST or None)
    deed = partial(actions.set_version_aside, plan=plan)
    return posted(request, form, deed, done=_("The version is set aside."), to=("desk-plan", plan.pk)) or _form_page(
        request, form, _("Set the version aside"), _("Set it aside"), {"plan": plan}
    )


@writers
def prolong(request: doors.PersonRequest, plan: Plan) -> HttpResponse:
    """Take remarks for longer."""
    check_opens(request, rules.check_is_running, plan, clock.today())
    form = forms.ProlongForm(request.POST or None, initial={"open_until": plan.open_until})
    deed = partial(actions.prolong_consultation, plan=plan)
    return posted(
        request, form, deed, done=_("The time for comments is extended."), to=("desk-plan", plan.pk)
    ) or _form_page(request, form, _("Extend the time for comments"), _("Extend"), {"plan": plan})


@writers
def adopt(request: doors.PersonRequest, plan: Plan) -> HttpResponse:
    """Enter the adoption; while something stands against it, that is said and nothing asked."""
    against = _against_adoption(plan, found(queries.newest_version(plan)))
    form = None if against else forms.AdoptForm(request.POST or None)
    done = _("The plan is adopted, and everybody can read it with all its versions.")
    deed, shown = partial(actions.adopt_plan, plan=plan), {"plan": plan, "why_not": against}
    adopted = posted(request, form, deed, done=done, to=("desk-plan", plan.pk)) if form else None
    return adopted or _form_page(request, form, _("Enter the adoption"), _("Publish the adoption"), shown)


def _against_adoption(plan: Plan, newest: PlanVersion) -> Any:
    """Why a plan cannot be adopted yet, or nothing."""
    return (
        reason_against(rules.check_may_adopt, plan, newest, clock.today())
        or reason_against(rules.check_all_answered, *queries.waiting_and_unanswered(plan))
        or reason_against(rules.check_says_true, queries.untrue_responses(plan, newest))
    )


def _written(plan: Plan) -> PlanVersion:
    """The version that is being written. Raises GoneMeanwhile where somebody has published it."""
    gone = _("No version is being written. Begin the next one to change the text.")
    return meanwhile.still(
        queries.newest_version(plan, is_published=False), gone, about=plan.reference, deeds=PUBLISHING
    )


PUBLISHING = ("consultation.publish_plan", "consultation.publish_version", "consultation.set_version_aside")


def _number(text: str, last: int) -> int:
    return min(int(text), last) if text.isascii() and text.isdigit() and len(text) < 6 else last


def _form_page(
    request: doors.PersonRequest, form: Any, heading: str, button: str, shown: dict[str, Any]
) -> HttpResponse:
    facts = {"base": "parts/desk_page.html", "form": form, "heading": heading, "button": button, **shown}
    return render(request, "desk/plan_form.html", facts)

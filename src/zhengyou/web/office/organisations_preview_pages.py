"""The preview of an import: its four tabs, what only the office can answer, words to learn, those whom the file leaves out; and its end."""

import time
from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from zhengyou import jobs
from zhengyou.base.words import language
from zhengyou.organisations import actions, queries
from zhengyou.organisations.importing import drafts
from zhengyou.organisations.importing.judging import Missing, Plan
from zhengyou.organisations.importing.people import ANOTHER, SAME
from zhengyou.organisations.models import ImportDraft, Term
from zhengyou.organisations.vocabulary import terms_read_once, worded
from zhengyou.roster import imports as roster
from zhengyou.roster import queries as roster_queries
from zhengyou.roster import rules as roster_rules
from zhengyou.web.office import organisations_preview_tabs as tabs
from zhengyou.web.office.organisations_import_pages import SHOWN, _since
from zhengyou.web.office.organisations_kept_plans import kept_plan_of
from zhengyou.web.shared import clock, doors, job_parts
from zhengyou.web.shared.downloads import download
from zhengyou.web.shared.fields import DayInput, ShortText, terms_in_readers_words
from zhengyou.web.shared.narrowing import page_of
from zhengyou.web.shared.pages import found, posted, pressed

MOST_TICKED = 500
WRITTEN_AT_ONCE = 2_000  # rows; more are written by a worker


class ConfirmForm(forms.Form):
    """The plan that the preview showed."""

    seen = ShortText(max_length=64, widget=forms.HiddenInput)


class AnswerForm(forms.Form):
    """Who it is under this number."""

    number = ShortText(max_length=40)
    answer = forms.ChoiceField(choices=[(SAME, ""), (ANOTHER, ""), ("again", "")])
    new_number = ShortText(max_length=40, required=False)


class WordForm(forms.Form):
    """A spelling, and the word of the house that it means."""

    category = ShortText(max_length=30)
    text = ShortText(max_length=100)
    slug = ShortText(max_length=60)


class MissingForm(forms.Form):
    """What has become of those that are ticked."""

    how = forms.ChoiceField(
        label=_("What has become of them?"),
        choices=[
            ("left", _("They have left; units are dissolved")),
            ("died", _("They have died")),
            ("keep", _("They stay")),
        ],
        widget=forms.RadioSelect,
        initial="left",
    )
    on = forms.DateField(label=_("On which day?"), widget=DayInput, initial=clock.today)
    reason = ShortText(
        label=_("Why?"),
        max_length=300,
        required=False,
        help_text=worded(
            _(
                "Not needed for those who stay or have died. Only the %(office)s reads it. Do not mention illness or "
                "family matters."
            )
        ),
    )


@doors.topmost_office
def preview(request: doors.PersonRequest, import_id: int) -> HttpResponse:
    """What an import would do, row by row, and its confirmation; afterwards what it did."""
    form, started = ConfirmForm(request.POST or None), time.monotonic()

    def confirm(**given: Any) -> HttpResponse:
        draft = _draft(import_id)
        if len(draft.rows) > WRITTEN_AT_ONCE and draft.applied_at is None:
            jobs.ask_to_write(draft=draft, page=reverse("office-import", args=[import_id]), **given)
            return redirect("office-import", import_id)
        roster.confirm_import(draft=draft, **given)
        messages.success(request, _("Imported in %.1f seconds.") % _since(started))
        return redirect("office-import", import_id)

    if reply := posted(request, form, confirm):
        return reply
    draft = _draft(import_id)
    job = jobs.import_job_of(draft)
    if (like := request.GET.get("like")) and draft.is_read:
        return _rows_of_line(request, draft, like)
    shown = {"draft": draft, "form": form, "what": SHOWN[draft.what]}
    shown["drawn"] = job_parts.drawn([job] if job else [], request.person, may_act=True)
    if draft.applied_at:
        with terms_read_once():
            return render(request, "office/import_done.html", {**shown, **_result(request, draft)})
    if not draft.is_read or (job is not None and job.is_under_way):
        return render(request, "office/import_waits.html", shown)
    with terms_read_once():
        return render(request, "office/import_preview.html", shown | _facts(request, draft))


def _rows_of_line(request: doors.PersonRequest, draft: ImportDraft, like: str) -> HttpResponse:
    """The rows that one line of the page gathers, before the writing or after it."""
    find: Any = tabs.gathered_afterwards if draft.applied_at else tabs.gathered
    rows = find(draft if draft.applied_at else kept_plan_of(draft), like, below="below" in request.GET)
    facts = {"draft": draft, "page": page_of(request, rows), "columns": drafts.columns_by_kind(draft)}
    return render(request, "office/import_gathered.html", facts)


@doors.topmost_office
@require_POST
def discard(request: doors.PersonRequest, import_id: int) -> HttpResponse:
    """Delete an import that was not confirmed."""
    draft = _draft(import_id)

    def throw_away(**deed: Any) -> HttpResponse:
        actions.discard_import(draft=draft, **deed)
        return redirect("office-imports")

    done = _("The import was discarded. Nothing was changed.")
    return pressed(request, throw_away, done=done, to=("office-import", import_id))


@doors.topmost_office
@require_POST
def answer(request: doors.PersonRequest, import_id: int) -> HttpResponse:
    """Say whether a number with another name is the same person."""
    form = AnswerForm(request.POST)
    said = form.cleaned_data if form.is_valid() else {"number": "", "answer": "again", "new_number": ""}
    done = {
        SAME: _("Taken as the same person."),
        ANOTHER: _("Taken as another person. The one who had the number is now among those not in the file."),
    }.get(said["answer"], _("The question is open again."))
    deed = partial(actions.answer_question, draft=_draft(import_id), **said)
    return pressed(request, deed, done=done, to=f"{reverse('office-import', args=[import_id])}?show=look")


@doors.topmost_office
@require_POST
def learn(request: doors.PersonRequest, import_id: int) -> HttpResponse:
    """Take an unknown spelling for a word of the house from now on."""
    form = WordForm(request.POST)
    said = form.cleaned_data if form.is_valid() else {"category": "", "text": "", "slug": ""}
    return pressed(
        request,
        partial(actions.learn_word, **said),
        done=_("“%(text)s” is known from now on. It can be taken back on the page of words.") % said,
        to=f"{reverse('office-import', args=[import_id])}?show=mend",
    )


@doors.topmost_office
def missing(request: doors.PersonRequest, import_id: int) -> HttpResponse:
    """Say what has become of those whom the file leaves out."""
    form, draft = MissingForm(request.POST or None), _draft(import_id)
    ticked = request.POST.getlist("row")[:MOST_TICKED]
    if request.method == "POST" and form.is_valid():
        if not ticked:
            form.add_error(None, _("Tick those that you mean."))
        if form.cleaned_data.get("how") == "left" and not form.cleaned_data.get("reason"):
            form.add_error("reason", _("Say why, in a few words."))
    return posted(request, form, partial(_end, request, draft, ticked)) or render(
        request, "office/import_missing.html", {"draft": draft, **_left_out(request, draft, form)}
    )


def _end(
    request: doors.PersonRequest, draft: ImportDraft, ticked: list[str], *, how: str, on: Any, reason: str, **deed: Any
) -> HttpResponse:
    if how == "keep":
        count = actions.keep_missing(draft=draft, references=ticked, **deed)
        sentence = ngettext("%(n)d entry stays as it is.", "%(n)d entries stay as they are.", count) % {"n": count}
    else:
        people, places = roster.end_missing(
            draft=draft, references=ticked, died=how == "died", on=on, reason=reason, **deed
        )
        said = _(
            "%(people)d people have left, %(places)d units are dissolved. For a day each of their pages has an undo."
        )
        sentence = str(said % {"people": people, "places": places})
    messages.success(request, sentence)
    to = reverse("office-import-missing", args=[draft.pk])
    return redirect(f"{to}?whole=yes" if _asks_for_all(request) else to)


@doors.topmost_office
@require_GET
def issued(request: doors.PersonRequest, import_id: int) -> HttpResponse:
    """The numbers that an import gave to people without one, as .xlsx, for the office's own list: headings alone if it gave none."""
    draft = _draft(import_id)
    return download(drafts.issued_file(draft, language()), f"numbers-{draft.pk}.xlsx")


@doors.topmost_office
@require_GET
def bad_rows(request: doors.PersonRequest, import_id: int, ending: str) -> HttpResponse:
    """The bad rows with their reasons, as CSV or .xlsx, to be mended."""
    draft = _draft(import_id)
    data = drafts.bad_rows_file(draft, language(), as_csv=ending == "csv")
    return download(data, f"{draft.what}-to-mend-{draft.pk}.{ending}")


def _facts(request: doors.PersonRequest, draft: ImportDraft) -> dict[str, Any]:
    kept = kept_plan_of(draft)
    plan, corrects = kept.plan, kept.plan.is_of_corrections and not _asks_for_all(request)
    left_out = [] if corrects else _not_kept(draft, plan)
    tab = tabs.tab_of(request, kept, left_out)
    return {
        "plan": plan,
        "fingerprint": kept.fingerprint,
        "counts": kept.part("counts", lambda: plan.counts),
        "tab": tab,
        "corrects": corrects,
        "columns": drafts.columns_by_kind(draft),
        "column_words": drafts.words_of(draft),
        "choices": tabs.words_to_choose() if tab.show == tabs.MEND and tab.page.object_list else {},
        "roles": dict(terms_in_readers_words(Term.Category.ROLE)),
        "remarks": draft.remarks,
        "harmless": kept.part("harmless", lambda: tabs.harmless_of(plan)),
        "may_confirm": kept.part("may_confirm", lambda: bool(plan.rows_to_write())),
    }


def _missing_of(draft: ImportDraft) -> list[Missing]:
    """Those whom the file leaves out, of whom nothing is said yet."""
    return _not_kept(draft, kept_plan_of(draft).plan) if draft.outcome is None else drafts.missing_of(draft)


def _not_kept(draft: ImportDraft, plan: Plan) -> list[Missing]:
    stay = set(draft.kept)
    return [one for one in plan.missing if one.reference not in stay] if stay else plan.missing


def _corrects(draft: ImportDraft) -> bool:
    """Whether it is a file of corrections: nobody is asked about whom it leaves out, unless somebody wants to see them all."""
    if draft.outcome is not None:
        return bool(draft.outcome.get("is_of_corrections"))
    return kept_plan_of(draft).plan.is_of_corrections


def _asks_for_all(request: doors.PersonRequest) -> bool:
    return "whole" in request.GET


def _left_out(request: doors.PersonRequest, draft: ImportDraft, form: MissingForm) -> dict[str, Any]:
    corrects = _corrects(draft) and not _asks_for_all(request)
    rows = [] if corrects else _missing_of(draft)
    return {
        "corrects": corrects,
        "form": form,
        "tab": tabs.missing_tab(request, rows),
        "roles": dict(terms_in_readers_words(Term.Category.ROLE)),
        "ticked": set(request.POST.getlist("row")),
        "count": len(rows),
    }


def _homes_named(issued: list[list[str]]) -> list[tuple[str, str, str]]:
    """Who was given a number, with the name of their unit beside its code."""
    homes = queries.organisations_by_code(home for _number, _name, home in issued)
    return [(number, name, f"{homes[home].name} ({home})" if home in homes else home) for number, name, home in issued]


def _result(request: doors.PersonRequest, draft: ImportDraft) -> dict[str, Any]:
    assert draft.outcome is not None
    counts = draft.outcome["counts"]
    return {
        "what": SHOWN[draft.what],
        "counts": counts,
        "states": [(tabs.STATES[state], count) for state, count in counts.items()],
        "tab": tabs.left_out_tab(request, drafts.bad_rows_of(draft)),
        "columns": drafts.columns_by_kind(draft),
        "issued": _homes_named(draft.outcome["issued"]),
        "corrects": _corrects(draft),
        "unset": tabs.unset_lines(drafts.unset_of(draft)),
        "changed": _changes_of(request, draft),
        "left_out": len(set(draft.outcome["missing"]) - set(draft.kept)),
    }


def _changes_of(request: doors.PersonRequest, draft: ImportDraft) -> dict[str, Any] | None:
    """How many changes of people and organisations the import made, which pages of theirs show, and where they stand together."""
    first = roster_queries.one_of_all(roster_queries.written_by(draft))
    if first is None:
        return None
    may_undo = roster_rules.allows_undo(first, is_newest=True, at=clock.now(), by=request.person)
    return {"count": first.of_all, "key": first.together, "may_undo": may_undo}


def _draft(import_id: int) -> ImportDraft:
    return found(queries.import_with_id(import_id))

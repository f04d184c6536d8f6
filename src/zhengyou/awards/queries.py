"""What pages ask about selections, candidates, commendations and the register of honours."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from zhengyou.awards.models import Candidate, Commendation, Honour, Selection
from zhengyou.base import codes
from zhengyou.base.deeds import references_of
from zhengyou.base.entries import Erasable, Public
from zhengyou.base.searching import Searchable
from zhengyou.campaigns.models import Cycle
from zhengyou.notices import queries as notices
from zhengyou.notices.models import Notice
from zhengyou.organisations.models import Organisation
from zhengyou.organisations.tree import within_any

SEARCHED_AS = "honour"


@dataclass(frozen=True)
class CandidateRow:
    """A candidate as the office sees it: frozen while an objection is open, removed once one has been upheld."""

    candidate: Candidate
    is_frozen: bool
    is_removed: bool


def selections() -> QuerySet[Selection]:
    """All selections, the newest first, each with `candidates` (how many) and `decision` (number of its decision or '')."""
    candidates = (
        Candidate.objects.filter(selection=OuterRef("pk"))
        .order_by()
        .values("selection")
        .annotate(n=Count("id"))
        .values("n")
    )
    decision = Commendation.objects.filter(selection=OuterRef("pk")).values("decision_number")
    rows = Selection.objects.select_related("cycle", "cycle__campaign", "notice")
    return rows.annotate(candidates=Coalesce(Subquery(candidates), 0), decision=Subquery(decision)).order_by("-id")


def selection(pk: int) -> Selection | None:
    """One selection with its cycle, campaign and notice, or None."""
    rows = Selection.objects.select_related("cycle", "cycle__campaign", "cycle__campaign__organisation", "notice")
    return rows.filter(pk=pk).first()


def references_in(campaign_id: int) -> Any:  # a QuerySet of texts
    """The references of all selections of a campaign, by which its notices are known."""
    return references_of(Selection.objects.filter(cycle__campaign=campaign_id))


def references_led_from(offices: Iterable[Organisation]) -> Any:  # a QuerySet of texts
    """Those of the selections in the campaigns of these organisations, and of those below them."""
    return references_of(Selection.objects.filter(within_any(offices, "cycle__campaign__organisation")))


def selection_about(notice: Notice) -> Selection | None:
    """The selection whose candidates this notice makes known, or made known before it was withdrawn. One query."""
    kind, _colon, number = notice.subject.partition(":")
    return selection(int(number)) if kind == "selection" else None


def running_notices(cycle: Cycle, at: datetime) -> list[Notice]:
    """The notices of this cycle's candidates to which one can still object, the first to end first."""
    subjects = {row.reference for row in Selection.objects.filter(cycle=cycle)}
    return [row for row in notices.running_notices(at) if row.subject in subjects]


def title_suggestions(cycle: Cycle) -> list[str]:
    """Titles to choose from: those of the cycle's frozen rules, then those of earlier selections."""
    words = [title.name["zh-hans"] for title in cycle.ruleset.titles]
    earlier = Selection.objects.order_by("title").values_list("title", flat=True).distinct()
    return list(dict.fromkeys([*words, *earlier]))


def candidates(selection: Selection) -> list[Candidate]:
    """The candidates of a selection in the order of the tree."""
    rows = Candidate.objects.filter(selection=selection).select_related("organisation__parent__parent")
    return list(rows.order_by("organisation__path"))


def candidate_rows(selection: Selection) -> list[CandidateRow]:
    """The candidates with what the objections did to them."""
    notice = selection.notice
    frozen = notices.frozen_nominees(notice) if notice else set()
    removed = notices.removed_nominees(notice) if notice else set()
    return [
        CandidateRow(row, row.organisation.reference in frozen, row.organisation.reference in removed)
        for row in candidates(selection)
    ]


def candidate(selection: Selection, pk: int) -> Candidate | None:
    """One candidate of a selection, or None."""
    return Candidate.objects.select_related("organisation").filter(selection=selection, pk=pk).first()


def candidacies_of(organisation: Organisation, cycle: Cycle) -> list[Candidate]:
    """Where the organisation is a candidate on a published notice of the cycle, the newest first."""
    rows = Candidate.objects.filter(organisation=organisation, selection__cycle=cycle)
    rows = rows.exclude(selection__notice=None).select_related("selection__notice")
    return list(rows.order_by("-selection__notice"))


def snapshot_of(selection: Selection, reason_for_none: str) -> dict[str, Any]:
    """What the notice freezes: names, units, deeds and evidence as they are now."""
    return {
        "nominees": [
            {
                "reference": row.organisation.reference,
                "organisation": row.organisation_id,
                "name": row.organisation.name,
                "unit": row.organisation.parent.name if row.organisation.parent else "",
                "deeds": row.deeds,
                "evidence": row.evidence,
            }
            for row in candidates(selection)
        ],
        "reason_for_none": reason_for_none.strip(),
    }


def basis_of(cycle: Cycle) -> str:
    """The campaign's legal basis as a notice cites it: approving body and document number."""
    return f"{cycle.campaign.basis_body} {cycle.campaign.basis_number}"


def working_days_of(cycle: Cycle) -> int:
    """How many working days the cycle's frozen rules give a notice."""
    return cycle.ruleset.notice.working_days


def commendation_of(selection: Selection) -> Commendation | None:
    """The decision that ended a selection, if it has been recorded."""
    return Commendation.objects.filter(selection=selection).first()


def commendation(pk: int) -> Commendation | None:
    """One decision with its selection, or None."""
    return Commendation.objects.select_related("selection").filter(pk=pk).first()


def commendation_after(notice: Notice) -> Commendation | None:
    """The decision that followed a notice, or None."""
    return Commendation.objects.filter(selection__notice=notice).select_related("selection").first()


def honours_register() -> QuerySet[Honour]:
    """All honours ever given: the newest first, revoked ones too."""
    rows = Honour.objects.select_related(
        "organisation__parent", "commendation__selection__cycle", "commendation__selection__notice"
    )
    return rows.order_by("-given_at", "organisation__path", "id")


def searchable(honours: Iterable[Honour]) -> list[Searchable]:
    """How these honours are found: by title and holder, by the certificate's code, and where their organisation is."""
    return [
        Searchable(
            kind=SEARCHED_AS,
            reference=row.reference,
            title=f"{row.title} {row.holder}",
            address=row.code,
            more=("荣誉 honour", row.code, row.code.replace("-", "")),
            place=row.organisation_id,
            state="revoked" if row.is_revoked else "",
        )
        for row in honours
    ]


def public_decision(commendation: Commendation, honours: Iterable[Honour]) -> list[Public]:
    """What everybody may know of a decision: itself, and each honour it gave."""
    decision = {
        "title": commendation.selection.title,
        "number": commendation.decision_number,
        "body": commendation.deciding_body,
        "reasons": Erasable(commendation.reasons, is_public=True),
    }
    given = [
        Public(
            {"title": row.title, "holder": row.holder, "code": row.code, "decision": commendation.decision_number},
            about=row.organisation.public_reference,
            what="awards.give_honour",
        )
        for row in honours
    ]
    return [Public(decision), *given]


def honours_in(commendation: Commendation) -> list[Honour]:
    """The honours of one decision, in the order of the tree."""
    return list(honours_register().filter(commendation=commendation).order_by("organisation__path"))


def honours_of(organisation: Organisation) -> list[Honour]:
    """The honours an organisation was given, the newest first. Revoked ones are among them: look at `is_revoked`."""
    return list(honours_register().filter(organisation=organisation))


def honour(pk: int) -> Honour | None:
    """One honour, or None."""
    return honours_register().filter(pk=pk).first()


def honour_with_code(code: str) -> Honour | None:
    """The honour whose certificate carries this code, or None. Case, dashes, and O I L for 0 1 1 are forgiven."""
    return honours_register().filter(code=codes.grouped(codes.plain(code))).first()

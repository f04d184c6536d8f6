"""What pages ask about selections, candidates, commendations and the register of honours."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Substr

from zhengyou.awards.models import Candidate, Commendation, Honour, Selection, Votes
from zhengyou.awards.rules import alike_to
from zhengyou.base import codes
from zhengyou.base.deeds import references_of
from zhengyou.base.entries import Erasable, Public
from zhengyou.base.prepared import prepared
from zhengyou.base.searching import Searchable
from zhengyou.campaigns import packs
from zhengyou.campaigns.models import Cycle
from zhengyou.campaigns.packing.faults import PackRefused
from zhengyou.notices import queries as notices
from zhengyou.notices.models import Notice
from zhengyou.organisations import queries as organisations
from zhengyou.organisations import tree
from zhengyou.organisations.models import Organisation, Person, Post, held_on
from zhengyou.organisations.tree import within_any
from zhengyou.pledges import queries as pledges

SEARCHED_AS = "honour"
STEP_OF_PATH = 9  # signs of one step of a path: eight figures and the slash


@dataclass(frozen=True)
class CandidateRow:
    """A candidate as the office sees it: frozen while an objection is open, removed once one has been upheld."""

    candidate: Candidate
    is_frozen: bool
    is_removed: bool


@prepared
def selections_of(cycle: Cycle) -> QuerySet[Selection]:
    """Those of one cycle."""
    return selections().filter(cycle=cycle)


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


def running_notices(subjects: list[str], at: datetime) -> list[Notice]:
    """The notices about these selections' candidates to which one can still object, the first to end first."""
    return [row for row in notices.running_notices(at) if row.subject in subjects]


def references_of_cycle(cycle: Cycle) -> list[str]:
    """The references of a cycle's selections. One query."""
    return [row.reference for row in _selections_in(cycle)]


@prepared
def _selections_in(cycle: Cycle) -> QuerySet[Selection]:
    return Selection.objects.filter(cycle=cycle)


@dataclass(frozen=True)
class Share:
    """One line of a make-up: how many of those named, and of all who could have been, are of this kind (`group`, `slug`)."""

    group: str
    slug: str
    named: int
    every: int


@dataclass(frozen=True)
class MakeUp:
    """Who is named beside all who could have been: with and without a post, by kind of post, sector, and first level below the top."""

    named: int
    every: int
    shares: list[Share]

    def of(self, group: str) -> list[Share]:
        """The lines of one group, the largest first."""
        return sorted((one for one in self.shares if one.group == group), key=lambda one: (-one.every, one.slug))


def make_up(selection: Selection, on: date) -> MakeUp:
    """The make-up of the candidates of a selection of people beside that of all who could have been named. One query."""
    top = selection.cycle.campaign.organisation
    candidates = Candidate.objects.filter(selection=selection).values("person")
    holders = Post.objects.filter(held_on(on), person=OuterRef("pk"))
    rows = (
        _who_could_be_named(selection, on)
        .order_by()
        .annotate(
            has_post=Exists(holders),
            town=Substr("organisation__path", len(top.path) + 1, STEP_OF_PATH),
        )
    )
    groups = ("has_post", "post_kind", "organisation__sector", "town")
    counted: Any = rows.values(*groups).annotate(every=Count("pk"), named=Count("pk", filter=Q(pk__in=candidates)))
    every: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    for row in counted:
        for group in groups:
            slug = str(int(row[group].strip("/") or 0)) if group == "town" else str(row[group])
            line = every[group, slug]
            line[0] += row["named"]
            line[1] += row["every"]
    shares = [Share(group, slug, named, of_all) for (group, slug), (named, of_all) in every.items()]
    totals = [share for share in shares if share.group == "has_post"]
    return MakeUp(sum(one.named for one in totals), sum(one.every for one in totals), shares)


def _who_could_be_named(selection: Selection, on: date) -> QuerySet[Person]:
    top = selection.cycle.campaign.organisation
    rows = Person.objects.filter(tree.within_any([top], "organisation"), left_on=None)
    rows = rows.exclude(membership=Person.Membership.PROBATIONARY).exclude(organisation__parent=None)
    named = Q(pk__in=pledges.standing_in(selection.cycle).order_by().values("person"))
    if selection.of == Selection.Of.WORKERS:
        named |= Q(pk__in=Post.objects.filter(held_on(on)).values("person"))
    return rows.filter(named)


def title_suggestions(cycle: Cycle) -> list[str]:
    """Titles to choose from: those of the cycle's frozen rules, then those of earlier selections."""
    words = [title.name["zh-hans"] for title in cycle.ruleset.titles]
    earlier = Selection.objects.order_by("title").values_list("title", flat=True).distinct()
    return list(dict.fromkeys([*words, *earlier]))


def candidates(selection: Selection) -> list[Candidate]:
    """The candidates of a selection in the order of the tree."""
    rows = Candidate.objects.filter(selection=selection)
    rows = rows.select_related("organisation__parent__parent", "person__organisation")
    return list(rows.order_by("organisation__path", "person__name_key", "pk"))


def candidate_rows(selection: Selection) -> list[CandidateRow]:
    """The candidates with what the objections did to them."""
    notice, alike = selection.notice, alike_to(selection.reference)
    frozen = notices.frozen_nominees(notice, alike) if notice else set()
    removed = notices.removed_nominees(notice, alike) if notice else notices.upheld_before(alike)
    return [CandidateRow(row, row.reference in frozen, row.reference in removed) for row in candidates(selection)]


def candidate(selection: Selection, pk: int) -> Candidate | None:
    """One candidate of a selection, or None."""
    return Candidate.objects.select_related("organisation", "person").filter(selection=selection, pk=pk).first()


def units_put_forward(selection: Selection) -> set[int]:
    """The ids of those units of the people here that are put forward themselves in this cycle: who decides sees both at once."""
    people = Candidate.objects.filter(selection=selection).exclude(person=None).values("organisation")
    rows = Candidate.objects.filter(person=None, selection__cycle=selection.cycle, selection__withdrawn_at=None)
    return set(rows.filter(organisation__in=people).values_list("organisation", flat=True))


def candidacies_of(organisation: Organisation, cycle: Cycle) -> list[Candidate]:
    """Where the organisation itself is a candidate on a published notice of the cycle, the newest first."""
    rows = Candidate.objects.filter(organisation=organisation, person=None, selection__cycle=cycle)
    rows = rows.exclude(selection__notice=None).select_related("selection__notice")
    return list(rows.order_by("-selection__notice"))


def snapshot_of(selection: Selection, reason_for_none: str) -> dict[str, Any]:
    """What the notice freezes: names, units, posts, deeds and evidence as they are now."""
    return {
        "nominees": [_nominee(row) for row in candidates(selection)],
        "reason_for_none": reason_for_none.strip(),
    }


def _nominee(row: Candidate) -> dict[str, Any]:
    """One nominee as the notice has it. Of a person it says post, unit and deeds, and neither number nor anything else."""
    of_person = {"person": row.person_id, "post": row.post, "is_front_line": row.is_front_line} if row.person else {}
    return of_person | {
        "reference": row.reference,
        "organisation": row.organisation_id,
        "name": row.name,
        "unit": row.unit.name if row.unit else "",
        "deeds": row.deeds,
        "evidence": row.evidence,
    }


def remaining_nominees(notice: Notice) -> list[dict[str, Any]]:
    """Those of the notice whom no upheld objection has taken off."""
    removed = notices.removed_nominees(notice, alike_to(notice.subject))
    return [one for one in notice.nominees if one["reference"] not in removed]


def honoured_who_left(selection: Selection) -> list[Person]:
    """The people who would be given the title now and have left, or died, since they were announced."""
    remaining = remaining_nominees(selection.notice) if selection.notice else []
    rows = Person.objects.filter(pk__in=[one["person"] for one in remaining if one.get("person")])
    return list(rows.exclude(left_on=None).order_by("name_key", "number"))


def known_front_line(selection: Selection, person: Person) -> bool | None:
    """Whether somebody works at the front line, as their kind of post says by the campaign's pack; None where it says nothing."""
    try:
        kinds = packs.load_pack(selection.cycle.campaign.pack).post_kinds
    except PackRefused:
        return None  # the file of the pack is gone: it is typed, as before
    said = {one.id: one.front_line for one in kinds}
    return said.get(person.post_kind) if any(said.values()) else None


def may_be_named(selection: Selection, person: Person, on: date) -> bool:
    """Whether somebody can be put forward: who committed in public in this cycle; for organisation workers, who holds a post as well."""
    is_worker = selection.of == Selection.Of.WORKERS and bool(organisations.posts_of(person, on))
    return is_worker or pledges.standing_in(selection.cycle).filter(person=person).exists()


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
        "organisation__parent", "person", "commendation__selection__cycle__campaign", "commendation__selection__notice"
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


def votes_of(row: Commendation) -> Votes | None:
    """How those present voted, or None where nothing is recorded of it."""
    if row.present is None:
        return None
    return Votes(row.present, row.in_favour or 0, row.against or 0, row.abstained or 0)


def has_honours(row: Commendation) -> bool:
    """Whether the decision honours anybody."""
    return Honour.objects.filter(commendation=row).exists()


def public_decision(commendation: Commendation, honours: Iterable[Honour]) -> list[Public]:
    """What everybody may know of a decision: itself, and each honour it gave. The name of a person can be erased."""
    decision = {
        "title": commendation.selection.title,
        "number": commendation.decision_number,
        "body": commendation.deciding_body,
        "reasons": Erasable(commendation.reasons, is_public=True),
        "stepped_aside": Erasable(commendation.stepped_aside, is_public=True),
        **({"votes": asdict(votes)} if (votes := votes_of(commendation)) else {}),
    }
    given = [
        Public(
            {
                "title": row.title,
                "holder": Erasable(row.holder, is_public=True) if row.person else row.holder,
                "code": row.code,
                "decision": commendation.decision_number,
            },
            about="" if row.person else row.organisation.public_reference,
            what="awards.give_honour",
        )
        for row in honours
    ]
    return [Public(decision), *given]


def honours_in(commendation: Commendation) -> list[Honour]:
    """The honours of one decision, in the order of the tree."""
    return list(honours_register().filter(commendation=commendation).order_by("organisation__path"))


def honours_of(organisation: Organisation) -> list[Honour]:
    """The honours an organisation itself was given, the newest first. Revoked ones are among them: look at `is_revoked`."""
    return list(honours_register().filter(organisation=organisation, person=None))


def honours_at(organisation: Organisation) -> tuple[list[Honour], list[Honour]]:
    """The honours of an organisation itself, and those of its people, the newest first, revoked ones too. One query."""
    rows = _honours_of(organisation)
    return [row for row in rows if row.person_id is None], [row for row in rows if row.person_id]


@prepared
def _honours_of(organisation: Organisation) -> QuerySet[Honour]:
    return honours_register().filter(organisation=organisation)


def honour(pk: int) -> Honour | None:
    """One honour, or None."""
    return honours_register().filter(pk=pk).first()


def honour_with_code(code: str) -> Honour | None:
    """The honour whose certificate carries this code, or None. Case, dashes, and O I L for 0 1 1 are forgiven."""
    return honours_register().filter(code=codes.grouped(codes.plain(code))).first()

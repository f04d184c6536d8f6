"""What may be selected, put forward, commended and revoked. Ranks and votes are evidence here, never a decision."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from zhengyou.awards.models import Candidate, Commendation, Honour, Selection, Votes
from zhengyou.base.deeds import references_of
from zhengyou.base.refusals import Refused
from zhengyou.base.texts import check_texts
from zhengyou.base.time import local_day
from zhengyou.base.words import joined
from zhengyou.campaigns import rules as campaign_rules
from zhengyou.campaigns.calendar import Calendar
from zhengyou.campaigns.models import Cycle
from zhengyou.campaigns.ruleset import Purpose
from zhengyou.notices import queries as notices
from zhengyou.notices.models import Notice
from zhengyou.notices.rules import check_has_no_numbers
from zhengyou.organisations.models import Organisation, Person


class SelectionRefused(Refused):
    """The selection or one of its candidates cannot stand so."""


class CommendationRefused(Refused):
    """The commendation cannot be recorded yet, or not again."""


class HonourRefused(Refused):
    """The honour cannot be revoked so."""


def check_title(title: str) -> str:
    """A selection gives a title. Returns it trimmed."""
    return check_texts(SelectionRefused, Selection, _("Name the title that is to be given."), title=title)["title"]


def check_may_select(cycle: Cycle, *, quota: int, is_taken: bool) -> None:
    """A selection belongs to a cycle under way and gives a title of its own to at least one place."""
    campaign_rules.check_under_way(cycle)
    if quota < 1:
        raise SelectionRefused(_("The quota is at least 1."), reason="selection.quota-too-small")
    if is_taken:
        raise SelectionRefused(
            _("There already is a selection for this title in this cycle. Use that one."),
            reason="selection.title-taken",
        )


def check_bounds(of: str, *, quota: int, most_of_one: int | None, front_line_least: int | None) -> None:
    """Bounds by unit and by front line are for selections of people, and can be met."""
    if of not in Selection.Of.values:
        raise SelectionRefused(_("Say to whom this title is given."), reason="selection.of-unknown")
    bounds = [bound for bound in (most_of_one, front_line_least) if bound is not None]
    if bounds and of == Selection.Of.ORGANISATIONS:
        raise SelectionRefused(
            _("How many of one unit, and how many at the front line, is asked of people only. Leave both empty."),
            reason="selection.bounds-without-people",
        )
    if any(not 1 <= bound <= quota for bound in bounds):
        raise SelectionRefused(
            _("A bound lies between 1 and the number of places, %(quota)d. Leave it empty for none.")
            % {"quota": quota},
            reason="selection.bound-out-of-range",
        )


def check_is_open(selection: Selection) -> None:
    """A selection is changed until its decision is recorded, or it is withdrawn."""
    if selection.is_withdrawn:
        raise SelectionRefused(
            _("This selection has been withdrawn. Make a new one instead."), reason="selection.withdrawn-already"
        )
    if Commendation.objects.filter(selection=selection).exists():
        raise SelectionRefused(
            _("The decision of this selection is recorded. Correct the decision, or revoke an honour."),
            reason="selection.decided",
        )


def check_is_announced(selection: Selection) -> Notice:
    """What is corrected or withdrawn has been published. Returns the notice."""
    if selection.notice is None:
        raise SelectionRefused(
            _("No notice of this selection is published. Change the selection itself."),
            reason="selection.not-announced",
        )
    return selection.notice


def check_fits(quota: int, announced: int) -> None:
    """No quota falls below the number of those announced."""
    if quota < announced:
        raise SelectionRefused(
            _("%(count)d candidates are announced, so the quota is at least that. Take somebody off the notice first.")
            % {"count": announced},
            reason="selection.quota-below-announced",
        )


def check_withdrawal(why: str) -> str:
    """A selection is withdrawn for a reason. Returns it trimmed."""
    missing = _("Say why this selection is withdrawn.")
    return check_texts(SelectionRefused, Selection, missing, withdrawal_reason=why)["withdrawal_reason"]


def check_is_draft(selection: Selection) -> None:
    """Candidates and deeds are frozen by the notice, and by the withdrawal."""
    if selection.is_withdrawn:
        raise SelectionRefused(
            _("This selection has been withdrawn. Make a new one instead."), reason="selection.withdrawn-already"
        )
    if selection.notice_id is not None:
        raise SelectionRefused(
            _("The notice has been published: its candidates are frozen and can no longer be changed."),
            reason="selection.frozen",
        )


def check_may_put_forward(selection: Selection, organisation: Organisation, *, is_candidate: bool) -> None:
    """A candidate is a living organisation of the campaign, put forward once, while the cycle is under way."""
    check_is_draft(selection)
    if selection.is_of_people:
        raise SelectionRefused(
            _("This title is given to people. Put a person forward."), reason="candidate.organisation-among-people"
        )
    campaign_rules.check_under_way(selection.cycle)
    campaign_rules.check_takes_part(selection.cycle, organisation)
    if is_candidate:
        raise SelectionRefused(
            _("%(name)s is a candidate already. Change its deeds there.") % {"name": organisation.name},
            reason="candidate.already-there",
        )


def check_may_put_person_forward(selection: Selection, person: Person, *, may_be_named: bool, of_one_unit: int) -> None:
    """A candidate of a selection of people is a full member of the campaign who has not left, is put forward for one title a cycle,
    and may be named: who promised in public, or for organisation workers who holds a post. `of_one_unit` are candidates already.
    """
    check_is_draft(selection)
    campaign_rules.check_under_way(selection.cycle)
    campaign_rules.check_takes_part(selection.cycle, person.organisation)
    _check_is_eligible(selection, person, may_be_named=may_be_named)
    if selection.most_of_one is not None and of_one_unit >= selection.most_of_one:
        raise SelectionRefused(
            _("%(unit)s has %(count)d candidates already, and no more of one unit may be put forward.")
            % {"unit": person.organisation.name, "count": of_one_unit},
            reason="candidate.too-many-of-one-unit",
        )
    once = Candidate.objects.filter(person=person, selection__cycle=selection.cycle, selection__withdrawn_at=None)
    if (other := once.select_related("selection").first()) is not None:
        raise SelectionRefused(
            _("%(name)s is a candidate for “%(title)s” already, and nobody is given two titles in one cycle.")
            % {"name": person.name, "title": other.selection.title},
            reason="candidate.person-twice",
        )


def _check_is_eligible(selection: Selection, person: Person, *, may_be_named: bool) -> None:
    facts = {"name": person.name}
    if not selection.is_of_people:
        raise SelectionRefused(
            _("This title is given to units. Put a unit forward."), reason="candidate.person-among-organisations"
        )
    if person.left_on is not None:
        raise SelectionRefused(_("%(name)s has left. Choose somebody else.") % facts, reason="candidate.has-left")
    if person.membership == Person.Membership.PROBATIONARY:
        raise SelectionRefused(
            _("%(name)s is probationary and cannot be commended yet.") % facts, reason="candidate.probationary"
        )
    if person.organisation.parent_id is None:
        raise SelectionRefused(
            _("%(name)s belongs to the topmost unit itself, so nobody comes from elsewhere to check an objection.")
            % facts,
            reason="candidate.nobody-from-elsewhere",
        )
    if not may_be_named:
        raise SelectionRefused(
            _("%(name)s made no public commitment in this cycle. Only those who did can be commended; enter it first.")
            % facts,
            reason="candidate.without-public-commitment",
        )


def check_post(post: str) -> str:
    """What somebody is, in a few words that everybody reads, or nothing. Returns it trimmed."""
    text = check_texts(SelectionRefused, Candidate, post=post)["post"]
    check_has_no_numbers(text)
    return text


def check_nobody_left_before(people: list[Person]) -> None:
    """Nobody is announced who has left since they were put forward. `people` are all candidates that are people."""
    if gone := [person.name for person in people if person.left_on is not None]:
        raise SelectionRefused(
            _("These candidates have left: %(names)s. Take them out, or put them forward again if they are back.")
            % {"names": joined(gone)},
            reason="candidate.left-before-the-notice",
        )


def alike_to(reference: str) -> Any:  # a QuerySet of texts
    """The references of this selection and of those of the same title in its cycle, withdrawn ones too.

    Neither a new notice nor a new selection of the same title undoes what was said against a candidate.
    """
    this = Selection.objects.filter(pk=int(reference.partition(":")[2]))
    return references_of(Selection.objects.filter(cycle__in=this.values("cycle"), title__in=this.values("title")))


def check_may_publish(selection: Selection, at: datetime) -> None:
    """The stage of recognition is open, no more candidates go into the notice than titles can be given, and none taken off before."""
    if selection.is_withdrawn:
        check_is_draft(selection)
    Calendar.of(selection.cycle).check_open(Purpose.RECOGNISE, local_day(at))
    candidates = Candidate.objects.filter(selection=selection).count()
    if candidates > selection.quota:
        raise SelectionRefused(
            _(
                "There are %(candidates)d candidates, and the quota is %(quota)d. Take out those who are not to be commended."
            )
            % {"candidates": candidates, "quota": selection.quota},
            reason="selection.over-quota",
        )
    _check_nobody_is_taken_off(selection)
    _check_front_line(selection, candidates)


def _check_nobody_is_taken_off(selection: Selection) -> None:
    """Whoever an upheld objection took off a notice of this title is not announced for it once more in the same cycle."""
    upheld = notices.upheld_before(alike_to(selection.reference))
    rows = Candidate.objects.filter(selection=selection).select_related("person", "organisation") if upheld else []
    if again := [row.name for row in rows if row.reference in upheld]:
        raise SelectionRefused(
            _("An objection to %(names)s was upheld when this title was announced before. Take them out first.")
            % {"names": joined(again)},
            reason="selection.objection-upheld-before",
        )


def check_front_line(known: bool | None, typed: bool | None) -> bool:
    """What the kind of post says counts, whatever was typed; where it says nothing, somebody says it."""
    if known is None and typed is None:
        raise SelectionRefused(
            _("The list of people does not say this person’s kind of post. Say whether they work at the front line."),
            reason="candidate.front-line-unsaid",
        )
    return bool(typed if known is None else known)


def _check_front_line(selection: Selection, candidates: int) -> None:
    """Zero candidates are a valid number; of some, as many work at the front line as was said at the beginning."""
    if not candidates or selection.front_line_least is None:
        return
    at_front = Candidate.objects.filter(selection=selection, is_front_line=True).count()
    if at_front < selection.front_line_least:
        raise SelectionRefused(
            _("%(count)d of the candidates work at the front line, and at least %(least)d shall. Put others forward.")
            % {"count": at_front, "least": selection.front_line_least},
            reason="selection.front-line-short",
        )


def check_may_commend(selection: Selection, at: datetime) -> None:
    """A selection is commended once, after the notice has run its whole time, when no objection waits for an answer."""
    if selection.is_withdrawn:
        check_is_draft(selection)
    recorded = Commendation.objects.filter(selection=selection).first()
    if recorded is not None:
        raise CommendationRefused(
            _("This commendation has already been recorded, by decision %(number)s.")
            % {"number": recorded.decision_number},
            reason="commendation.already-recorded",
        )
    _check_notice_is_over(selection.notice, at)


def _check_notice_is_over(notice: Notice | None, at: datetime) -> None:
    if notice is None:
        raise CommendationRefused(
            _("Publish the notice of the candidates first."), reason="commendation.without-notice"
        )
    if at < notice.closes_at:
        raise CommendationRefused(
            _("The notice runs until the end of %(day)s. Record the commendation after that day.")
            % {"day": date_format(notice.ends_on)},
            reason="commendation.notice-still-running",
        )
    waiting = notices.open_objections(notice, alike_to(notice.subject))
    if waiting:
        raise CommendationRefused(
            ngettext_lazy(
                "%(count)d objection has not been answered yet. Answer it, then record the commendation.",
                "%(count)d objections have not been answered yet. Answer them, then record the commendation.",
                waiting,
            )
            % {"count": waiting},
            reason="commendation.open-objections",
        )


def check_nobody_left(gone: list[Person], *, all_the_same: bool) -> None:
    """Whoever left or died since the notice is honoured only if the body decided so knowingly. `gone` have left."""
    if gone and not all_the_same:
        raise CommendationRefused(
            _(
                "These candidates have left since they were announced: %(names)s. Say that they are honoured all the same."
            )
            % {"names": joined(person.name for person in gone)},
            reason="commendation.somebody-left",
        )


def check_stepped_aside(words: str) -> str:
    """Who took no part in deciding, and why; may be empty. Returns it trimmed."""
    text = check_texts(CommendationRefused, Commendation, stepped_aside=words)["stepped_aside"]
    check_has_no_numbers(text)
    return text


def check_votes(votes: Votes | None, *, honours: bool) -> dict[str, int | None]:
    """Those present all voted for, against, or abstained; a decision that honours somebody had more for it than against.

    Each number may be zero. Returns them as columns; without votes nothing.
    """
    if votes is None:
        return dict.fromkeys(("present", "in_favour", "against", "abstained"))
    if votes.present < 1:
        raise CommendationRefused(
            _("Somebody was present when this was decided. Write how many."), reason="commendation.nobody-present"
        )
    total = votes.in_favour + votes.against + votes.abstained
    if total != votes.present or min(votes.in_favour, votes.against, votes.abstained) < 0:
        raise CommendationRefused(
            _("For, against and abstained make %(total)d, but %(present)d were present. Count again.")
            % {"total": total, "present": votes.present},
            reason="commendation.votes-do-not-add-up",
        )
    if honours and votes.in_favour <= votes.against:
        raise CommendationRefused(
            _(
                "With %(for)d for and %(against)d against the body gave no title. Take the candidates off, or correct it."
            )
            % {"for": votes.in_favour, "against": votes.against},
            reason="commendation.voted-down",
        )
    return asdict(votes)


def check_decision(**texts: str) -> dict[str, str]:
    """A named body (`deciding_body`) decides, by a numbered document (`decision_number`), and gives `reasons`.

    Returns the texts trimmed.
    """
    missing = _("Name the decision’s number, the body that decided, and its reasons.")
    trimmed = check_texts(CommendationRefused, Commendation, missing, **texts)
    check_has_no_numbers(trimmed.get("reasons", ""))
    return trimmed


def check_may_revoke(honour: Honour) -> None:
    """An honour is revoked once."""
    if honour.is_revoked:
        raise HonourRefused(_("This honour has already been revoked."), reason="honour.already-revoked")


def check_revocation(reason: str) -> str:
    """An honour is revoked for a reason that everybody may read. Returns it trimmed."""
    missing = _("Say why this honour is revoked. The reason is shown in the register.")
    return check_texts(HonourRefused, Honour, missing, revocation_reason=reason)["revocation_reason"]

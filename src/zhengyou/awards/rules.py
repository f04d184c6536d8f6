"""What may be selected, put forward, commended and revoked. Ranks and votes are evidence here, never a decision."""

from datetime import datetime

from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from zhengyou.awards.models import Candidate, Commendation, Honour, Selection
from zhengyou.base.refusals import Refused
from zhengyou.base.texts import check_texts
from zhengyou.base.time import local_day
from zhengyou.campaigns import rules as campaign_rules
from zhengyou.campaigns.calendar import Calendar
from zhengyou.campaigns.models import Cycle
from zhengyou.campaigns.ruleset import Purpose
from zhengyou.notices import queries as notices
from zhengyou.notices.models import Notice
from zhengyou.organisations.models import Organisation


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
    campaign_rules.check_under_way(selection.cycle)
    campaign_rules.check_takes_part(selection.cycle, organisation)
    if is_candidate:
        raise SelectionRefused(
            _("%(name)s is a candidate already. Change its deeds there.") % {"name": organisation.name},
            reason="candidate.already-there",
        )


def check_may_publish(selection: Selection, at: datetime) -> None:
    """The stage of recognition is open, and no more candidates go into the notice than titles can be given."""
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
    notice = selection.notice
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
    waiting = notices.open_objections(notice)
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


def check_decision(**texts: str) -> dict[str, str]:
    """A named body (`deciding_body`) decides, by a numbered document (`decision_number`), and gives `reasons`.

    Returns the texts trimmed.
    """
    missing = _("Name the decision's number, the body that decided, and its reasons.")
    return check_texts(CommendationRefused, Commendation, missing, **texts)


def check_may_revoke(honour: Honour) -> None:
    """An honour is revoked once."""
    if honour.is_revoked:
        raise HonourRefused(_("This honour has already been revoked."), reason="honour.already-revoked")


def check_revocation(reason: str) -> str:
    """An honour is revoked for a reason that everybody may read. Returns it trimmed."""
    missing = _("Say why this honour is revoked. The reason is shown in the register.")
    return check_texts(HonourRefused, Honour, missing, revocation_reason=reason)["revocation_reason"]

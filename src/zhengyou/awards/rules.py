"""What may be selected, put forward, commended and revoked. Ranks and votes are evidence here, never a decision."""

from datetime import datetime

from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from zhengyou.awards.models import Commendation, Honour, Selection
from zhengyou.base.refusals import Refused
from zhengyou.base.time import local_day
from zhengyou.campaigns import queries as campaigns
from zhengyou.campaigns import rules as campaign_rules
from zhengyou.campaigns.models import Cycle, StageWindow
from zhengyou.notices.models import Notice
from zhengyou.organisations.models import Organisation


class SelectionRefused(Refused):
    """The selection or one of its candidates cannot stand so."""

    reason = "selection"


class CommendationRefused(Refused):
    """The commendation cannot be recorded yet, or not again."""

    reason = "commendation"


class HonourRefused(Refused):
    """The honour cannot be revoked so."""

    reason = "honour"


def check_may_select(cycle: Cycle, *, title: str, quota: int, is_taken: bool) -> None:
    """A selection belongs to a cycle under way and gives a title of its own to at least one place."""
    check_under_way(cycle)
    if not title.strip():
        raise SelectionRefused(_("Name the title that is to be given."))
    longest = Selection._meta.get_field("title").max_length or 0
    if len(title.strip()) > longest:
        raise SelectionRefused(_("The title is longer than %(most)d characters.") % {"most": longest})
    if quota < 1:
        raise SelectionRefused(_("The quota is at least 1."))
    if is_taken:
        raise SelectionRefused(_("There already is a selection for this title in this cycle. Use that one."))


def check_under_way(cycle: Cycle) -> None:
    """Candidates are gathered while the cycle is under way."""
    if not cycle.is_launched:
        raise SelectionRefused(_("This cycle has not been launched yet. Launch it first."))
    if cycle.is_closed:
        raise SelectionRefused(_("This cycle has been closed. Nobody can be put forward in it any more."))


def check_is_draft(selection: Selection) -> None:
    """Candidates and deeds are frozen by the notice."""
    if selection.notice_id is not None:
        raise SelectionRefused(
            _("The notice has been published: its candidates are frozen and can no longer be changed.")
        )


def check_may_put_forward(selection: Selection, organisation: Organisation, *, is_candidate: bool) -> None:
    """A candidate is a living organisation of the campaign, put forward once."""
    check_is_draft(selection)
    check_under_way(selection.cycle)
    if organisation.ended_on is not None or not organisation.path.startswith(
        selection.cycle.campaign.organisation.path
    ):
        raise SelectionRefused(
            _("%(name)s takes no part in this campaign. Choose an organisation that does.")
            % {"name": organisation.name}
        )
    if is_candidate:
        raise SelectionRefused(
            _("%(name)s is a candidate already. Change its deeds there.") % {"name": organisation.name}
        )


def check_may_publish(selection: Selection, candidates: int, at: datetime) -> None:
    """The stage of recognition is open, and no more candidates go into the notice than titles can be given."""
    window = campaigns.window(selection.cycle, StageWindow.Stage.RECOGNISE)
    campaign_rules.check_stage_open(selection.cycle, window, local_day(at))
    if candidates > selection.quota:
        raise SelectionRefused(
            _(
                "There are %(candidates)d candidates, and the quota is %(quota)d. Take out those who are not to be commended."
            )
            % {"candidates": candidates, "quota": selection.quota}
        )


def check_may_commend(
    *, notice: Notice | None, open_objections: int, recorded: Commendation | None, at: datetime
) -> None:
    """Commended is once, after the notice has run its whole time, when no objection waits for an answer."""
    if recorded is not None:
        raise CommendationRefused(
            _("This commendation has already been recorded, by decision %(number)s.")
            % {"number": recorded.decision_number}
        )
    if notice is None:
        raise CommendationRefused(_("Publish the notice of the candidates first."))
    if at < notice.closes_at:
        raise CommendationRefused(
            _("The notice runs until the end of %(day)s. Record the commendation after that day.")
            % {"day": date_format(notice.ends_on)}
        )
    if open_objections:
        raise CommendationRefused(
            ngettext_lazy(
                "%(count)d objection has not been answered yet. Answer it, then record the commendation.",
                "%(count)d objections have not been answered yet. Answer them, then record the commendation.",
                open_objections,
            )
            % {"count": open_objections}
        )


def check_decision(decision_number: str, deciding_body: str, reasons: str) -> None:
    """A named body decides, by a numbered document, and says why."""
    if not (decision_number.strip() and deciding_body.strip() and reasons.strip()):
        raise CommendationRefused(_("Name the decision's number, the body that decided, and its reasons."))
    for field, text in (("decision_number", decision_number), ("deciding_body", deciding_body)):
        longest = getattr(Commendation._meta.get_field(field), "max_length", 0)
        if len(text.strip()) > longest:
            raise CommendationRefused(
                _("The decision's number or body is longer than %(most)d characters.") % {"most": longest}
            )


def check_may_revoke(honour: Honour, reason: str) -> None:
    """An honour is revoked once, for a reason that everybody may read."""
    if honour.is_revoked:
        raise HonourRefused(_("This honour has already been revoked."))
    if not reason.strip():
        raise HonourRefused(_("Say why this honour is revoked. The reason is shown in the register."))
    longest = Honour._meta.get_field("revocation_reason").max_length or 0
    if len(reason.strip()) > longest:
        raise HonourRefused(_("The reason is longer than %(most)d characters.") % {"most": longest})

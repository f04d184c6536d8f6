"""Who may enter what somebody reported by telephone, on paper or by word of mouth, and what such a report needs."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from zhengyou.campaigns.models import Cycle
from zhengyou.cases import rules
from zhengyou.cases.models import Case, CaseStep
from zhengyou.cases.rules import CaseRefused, ConfidenceRefused
from zhengyou.identity import rules as identity_rules
from zhengyou.organisations import queries as organisations
from zhengyou.organisations.models import Organisation, Person, Post
from zhengyou.organisations.tree import is_within
from zhengyou.organisations.vocabulary import worded

WRITTEN_DOWN = (Case.Source.PAPER, Case.Source.COUNTER)
CLERKS = (Post.Role.SECRETARY, Post.Role.CAMPAIGN_OFFICE)


def check_may_enter(unit: Organisation, by: Person, on: date) -> None:
    """What came by telephone or hotline is entered by the office, never by somebody of the unit that it is about."""
    identity_rules.check_is_office_of(by, unit, on)
    if rules.is_of_target(by, organisations.posts_of(by, on), [unit]):
        raise ConfidenceRefused(
            worded(
                _("You belong to %(unit)s, and this is about it. Somebody in the %(office)s from elsewhere enters it."),
                unit=unit.name,
            ),
            reason="case.own-unit",
        )


def check_is_entered_by(case: Case, by: Person | None, on: date) -> None:
    """What came by telephone or hotline the office enters; what came on paper or was spoken, also a clerk; the rest nobody."""
    if by is not None and case.source in WRITTEN_DOWN:
        check_may_write_down(case.unit, case.cycle, by, on)
    elif by is not None:
        check_may_enter(case.unit, by, on)
    if case.source == Case.Source.COUNTER and not case.witness:
        raise CaseRefused(
            _("Read it back before somebody else, and write down who that was."), reason="case.witness-missing"
        )


def check_may_write_down(unit: Organisation, cycle: Cycle, by: Person, on: date) -> None:
    """Whoever acts for a unit of the campaign writes down what somebody hands in or says there, and never about a unit they belong to:
    it would read the words, and hold the code by which its reporter answers.
    """
    posts, top = organisations.posts_of(by, on), cycle.campaign.organisation
    if not any(post.role in CLERKS and is_within(post.organisation, top) for post in posts):
        raise not_a_clerk()
    leads = any(post.organisation_id == unit.pk and post.role == Post.Role.SECRETARY for post in posts)
    if leads or rules.is_of_target(by, posts, [unit]):
        raise ConfidenceRefused(
            worded(
                _(
                    "You belong to %(unit)s, so you cannot write down a report about it. A clerk of another unit or the "
                    "%(office)s can, and so can whoever reports, on the public page. For misconduct it is the public "
                    "page, which goes to two named people."
                ),
                unit=unit.name,
            ),
            reason="case.own-unit",
        )


def not_a_clerk() -> ConfidenceRefused:
    """The refusal of writing a report down, to whoever acts for no unit."""
    return ConfidenceRefused(
        worded(_("Only somebody who acts for a unit, or its %(office)s, can write a report down for somebody else.")),
        reason="case.not-a-clerk",
    )


def side_of_source(source: str) -> str:
    """Who brought a report into the house: its reporter, a clerk who wrote it down, or the office."""
    if source in WRITTEN_DOWN:
        return CaseStep.Side.CLERK
    return CaseStep.Side.OFFICE if source in (Case.Source.PHONE, Case.Source.HOTLINE) else CaseStep.Side.REPORTER

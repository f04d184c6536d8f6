"""Who may enter what somebody reported by telephone, on paper or by word of mouth, and what such a report needs."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from zhengyou.cases import rules
from zhengyou.cases.models import Case, CaseStep
from zhengyou.cases.rules import CaseRefused, ConfidenceRefused
from zhengyou.identity import rules as identity_rules
from zhengyou.organisations import queries as organisations
from zhengyou.organisations.models import Organisation, Person, Post
from zhengyou.organisations.tree import is_within

WRITTEN_DOWN = (Case.Source.PAPER, Case.Source.COUNTER)
CLERKS = (Post.Role.SECRETARY, Post.Role.CAMPAIGN_OFFICE)


def check_may_enter(unit: Organisation, by: Person, on: date) -> None:
    """What came by telephone or hotline is entered by the office, never by somebody of the unit that it is about."""
    identity_rules.check_is_office_of(by, unit, on)
    if rules.is_of_target(by, organisations.posts_of(by, on), [unit]):
        raise ConfidenceRefused(
            _("You belong to %(unit)s, and this is about it. Somebody of the office from elsewhere enters it.")
            % {"unit": unit.name},
            reason="case.own-unit",
        )


def check_is_entered_by(case: Case, by: Person | None, on: date) -> None:
    """What came by telephone or hotline the office enters; what came on paper or was spoken, also a clerk; the rest nobody."""
    if case.source == Case.Source.COUNTER and not case.witness:
        raise CaseRefused(
            _("Read it back before somebody else, and write down who that was."), reason="case.witness-missing"
        )
    if by is not None and case.source in WRITTEN_DOWN:
        check_may_write_down(case, by, on)
    elif by is not None:
        check_may_enter(case.unit, by, on)


def check_may_write_down(case: Case, by: Person, on: date) -> None:
    """Whoever acts for a unit of the campaign writes down what somebody hands in or says there. About their own unit it is nothing
    that goes around it, and no way to reach its reporter, who has the code.
    """
    posts, top = organisations.posts_of(by, on), case.cycle.campaign.organisation
    if not any(post.role in CLERKS and is_within(post.organisation, top) for post in posts):
        raise not_a_clerk()
    if not rules.is_of_target(by, posts, [case.unit]):
        return
    if case.is_guarded:
        raise ConfidenceRefused(
            _(
                "This goes around %(unit)s, to which you belong. Its reporter can call the campaign office, or use the page."
            )
            % {"unit": case.unit.name},
            reason="case.own-unit",
        )
    if case.contact:
        raise CaseRefused(
            _(
                "It is about your own unit, which never learns how to reach its reporter. Leave it empty; the slip is enough."
            ),
            reason="case.own-contact",
        )


def not_a_clerk() -> ConfidenceRefused:
    """The refusal of writing a report down, to whoever acts for no unit."""
    return ConfidenceRefused(
        _("Only who acts for a unit, or its office, writes a report down for somebody."), reason="case.not-a-clerk"
    )


def side_of_source(source: str) -> str:
    """Who brought a report into the house: its reporter, a clerk who wrote it down, or the office."""
    if source in WRITTEN_DOWN:
        return CaseStep.Side.CLERK
    return CaseStep.Side.OFFICE if source in (Case.Source.PHONE, Case.Source.HOTLINE) else CaseStep.Side.REPORTER

"""Who enters for a unit, who looks at it, who settles an objection. What may be entered is the matter of each room."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from zhengyou.base.deeds import two_people
from zhengyou.base.refusals import Refused, allows
from zhengyou.base.texts import check_texts
from zhengyou.identity import rules as identity
from zhengyou.organisations import rules as organisations
from zhengyou.organisations.models import Organisation, Person
from zhengyou.organisations.vocabulary import worded
from zhengyou.submissions.models import Submission

FURTHEST_BACK = 2  # years: what lies longer was handed in for another cycle


class SubmissionRefused(Refused):
    """What came on paper cannot be entered, or answered, like this."""


def check_handed_in(handed_in_on: date, today: date) -> None:
    """What is entered was handed in before."""
    if handed_in_on > today:
        raise SubmissionRefused(
            _("This day lies ahead. Write down when it was handed in."), reason="submission.day-ahead"
        )
    organisations.check_year(handed_in_on, today, back=FURTHEST_BACK)


def check_may_enter(by: Person, organisation: Organisation, what: str, today: date) -> None:
    """A level above enters what a unit handed in; what people wrote to be heard by it, nobody to whom it is written."""
    of_people = what in Submission.OF_ITS_PEOPLE
    (identity.check_may_enter_words_about if of_people else identity.check_may_enter_for)(by, organisation, today)


def check_may_look(row: Submission, by: Person, today: date) -> None:
    """The unit's own secretary looks at what was entered for it, once, and never at what they entered themselves."""
    identity.check_is_secretary(by, row.organisation, today)
    two_people(row.entered_by_id, by, SubmissionRefused(_("You entered this yourself."), reason="submission.own"))
    if row.agreed_at or row.objected_at:
        raise SubmissionRefused(_("Somebody of your unit has looked at this already."), reason="submission.looked-at")


def check_objection(words: str) -> str:
    """An objection says what is wrong."""
    missing = _("Say what is not as your unit handed it in.")
    return check_texts(SubmissionRefused, Submission, missing, objection=words)["objection"]


def check_may_settle(row: Submission, by: Person, today: date, words: str) -> str:
    """The level above settles an objection with a word, once. Returns it trimmed."""
    check_may_enter(by, row.organisation, row.what, today)
    if not row.objected_at or row.settled_at:
        raise SubmissionRefused(_("There is no objection to settle here any more."), reason="submission.settled")
    missing = _("Say what was done about it.")
    return check_texts(SubmissionRefused, Submission, missing, settlement=words)["settlement"]


def check_may_see_photo(row: Submission, by: Person, today: date) -> None:
    """Whoever enters for the unit sees the paper, and so does its secretary, but for what people wrote to be heard by it."""
    check_may_see(by, row.organisation, today)
    if row.is_of_its_people and not allows(check_may_enter, by, row.organisation, row.what, today):
        raise identity.RoleRefused(
            _(
                "People wrote this by hand, and the unit is not shown whose hand it is. Only the level above sees the paper."
            ),
            reason="submission.of-its-people",
        )


def check_may_see(by: Person, organisation: Organisation, today: date) -> bool:
    """Whether somebody enters for the unit, and so is of the level above (at the top its own office); else only its secretary
    sees this. Raises RoleRefused.
    """
    of_a_top = identity.check_may_enter_words_about if organisation.parent_id is None else identity.check_may_enter_for
    if allows(of_a_top, by, organisation, today):
        return True
    if not allows(identity.check_is_secretary, by, organisation, today):
        raise identity.RoleRefused(
            worded(
                _(
                    "Only the %(secretary)s of %(name)s, and those who lead a level above or work in its %(office)s, "
                    "see this."
                ),
                name=organisation.name,
            ),
            reason="role.not-of-the-paper",
        )
    return False

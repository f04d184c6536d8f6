"""Who may be a scrutineer, and when openings are handed over and recounts signed."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from zhengyou.appraisals.models import Poll, PollScrutineer, RatedOrganisation
from zhengyou.appraisals.rules import PollRefused, check_is_not_concerned
from zhengyou.appraisals.rules.ending import LONGEST_REASON
from zhengyou.base.refusals import Refused
from zhengyou.base.time import local_day
from zhengyou.organisations import queries as organisations
from zhengyou.organisations.models import Person, Post


class ScrutinyRefused(Refused):
    """A scrutineer cannot do this (yet)."""

    reason = "scrutiny"


def check_may_scrutinise(poll: Poll, person: Person, at: datetime) -> None:
    """Scrutineers hold that post outside the rated units, are not tied to them, and do not work in the campaign office."""
    held = organisations.posts_of(person, local_day(at))
    rated = RatedOrganisation.objects.filter(poll=poll).values_list("organisation__path", flat=True)
    homes = [post.organisation.path for post in held if post.role == Post.Role.SCRUTINEER]
    if not any(not home.startswith(tuple(rated)) for home in homes):
        raise PollRefused(
            _("%(person)s holds no post as scrutineer outside the rated organisations. Give one on the page of posts.")
            % {"person": person.name}
        )
    if any(post.role == Post.Role.CAMPAIGN_OFFICE for post in held):
        raise PollRefused(
            _("%(person)s works in the campaign office. A scrutineer checks the office and so comes from elsewhere.")
            % {"person": person.name}
        )
    check_is_not_concerned(poll, person, at)


def check_is_registered(registered: PollScrutineer | None, poll: Poll) -> PollScrutineer:
    """Openings and signatures are for a closed poll's own scrutineers. Returns the registration."""
    if registered is None:
        raise ScrutinyRefused(_("You are not a scrutineer of this appraisal."), reason="no-scrutineer")
    if poll.state != Poll.State.CLOSED:
        raise ScrutinyRefused(_("There is nothing to recount before the appraisal is closed."))
    return registered


def check_may_sign(registered: PollScrutineer, signed: bool, *, is_agreed: bool, remark: str) -> None:
    """A scrutineer signs once, after taking the openings; who disagrees says what does not fit."""
    if signed:
        raise ScrutinyRefused(_("You have already signed. What was signed stands."))
    if registered.handed_at is None:
        raise ScrutinyRefused(_("Take the openings and recount first, then sign."))
    if not is_agreed and not remark.strip():
        raise ScrutinyRefused(_("Say what does not fit: everybody will read it."))
    if len(remark.strip()) > LONGEST_REASON:
        raise ScrutinyRefused(_("This text is too long. Shorten it to %(most)d characters.") % {"most": LONGEST_REASON})

"""Who may act in which role, who has no part because they are judged themselves, and when sign-in must wait."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from zhengyou.base.refusals import Refused
from zhengyou.base.words import joined
from zhengyou.identity.models import Account, FailedSignIn
from zhengyou.organisations import queries as organisations
from zhengyou.organisations.models import Organisation, Person, Post
from zhengyou.organisations.tree import is_within_any
from zhengyou.organisations.vocabulary import worded

MOST_NAMES = 6  # as many as a sentence on a phone can name
# Ten wrong passwords in a quarter of an hour from one place: nobody mistypes so often, and a guesser gets no further than a
# thousand a day. They make only that place wait, or anybody could keep anybody out.
FAILURES_ALLOWED = 10
# From all places together: whoever has many gets no further than three thousand a day. Beyond it places wait from which the
# login never came in; the devices of its owner do not.
FAILURES_EVERYWHERE = 30
FAILURE_MEMORY = timedelta(minutes=15)


@dataclass(frozen=True)
class Place:
    """Whence somebody tries to sign in: a digest, and whether that login has come in from there before."""

    mark: str
    is_known: bool


class RoleRefused(Refused):
    """The person does not hold the post this needs."""


class SignInRefused(Refused):
    """Login, password or code does not fit, or there were too many wrong ones."""


class ConcernRefused(Refused):
    """The person is judged, or administers those who are, and so has no part in running it (M32)."""


def check_is_office(person: Person, on: date) -> None:
    """Only people with a post in the campaign office run the campaign."""
    if not any(post.role == Post.Role.CAMPAIGN_OFFICE for post in organisations.posts_of(person, on)):
        raise RoleRefused(
            _("Only the campaign office may do this. Ask it, or sign in with an office account."),
            reason="role.not-office",
        )


def check_is_office_of(person: Person, top: Organisation, on: date) -> None:
    """A campaign is run by the office of its own organisation, or of one above it."""
    held = [post.organisation for post in organisations.posts_of(person, on) if post.role == Post.Role.CAMPAIGN_OFFICE]
    if not is_within_any(top, held):
        raise RoleRefused(
            _("Only the campaign office of %(name)s, or of a level above it, may do this.") % {"name": top.name},
            reason="role.not-office-of-the-campaign",
        )


def check_is_office_or_scrutineer(person: Person, on: date) -> None:
    """Paper ballots are handled by the campaign office and by registered scrutineers."""
    roles = {post.role for post in organisations.posts_of(person, on)}
    if not roles & {Post.Role.CAMPAIGN_OFFICE, Post.Role.SCRUTINEER}:
        raise RoleRefused(
            _("Only the campaign office and registered scrutineers may do this."),
            reason="role.not-office-or-scrutineer",
        )


def check_is_secretary(person: Person, organisation: Organisation, on: date) -> None:
    """Only an organisation's own secretary acts for it."""
    if not organisations.holds_post(person, Post.Role.SECRETARY, organisation, on):
        raise RoleRefused(
            worded(_("Only the %(secretary)s of %(name)s may do this."), name=organisation.name),
            reason="role.not-secretary",
        )


def check_is_above(person: Person, organisation: Organisation, on: date) -> None:
    """Only secretaries and leaders of a level above judge what an organisation proposes."""
    roles = [Post.Role.SECRETARY, Post.Role.LEADER]
    if not organisations.holds_post_above(person, roles, organisation, on):
        raise RoleRefused(
            _("Only those who lead the level above %(name)s may do this.") % {"name": organisation.name},
            reason="role.not-above",
        )


def check_may_enter_for(person: Person, organisation: Organisation, on: date) -> None:
    """What a unit hands in on paper is entered by somebody of a level above: who leads there, or its campaign office."""
    roles = [Post.Role.SECRETARY, Post.Role.LEADER, Post.Role.CAMPAIGN_OFFICE]
    if not organisations.holds_post_above(person, roles, organisation, on):
        raise RoleRefused(
            _("Only somebody of a level above %(name)s enters for it what came on paper.")
            % {"name": organisation.name},
            reason="role.not-clerk-above",
        )


def check_acts_for(person: Person, organisation: Organisation, on: date, *, as_clerk: bool) -> None:
    """An organisation's own secretary acts for it, or a clerk of a level above enters for it what it handed in."""
    if as_clerk:
        check_may_enter_for(person, organisation, on)
    else:
        check_is_secretary(person, organisation, on)


def check_is_unconcerned(person: Person, judged: list[Organisation], top: Organisation, on: date) -> None:
    """Whoever is judged, or administers the judged as far up as `top`, does not run it; the refusal names who may."""
    tie = organisations.ties_to([person], judged, top, on).get(person.pk)
    if tie is not None:
        office = organisations.holders_of(Post.Role.CAMPAIGN_OFFICE, on)
        tied = organisations.ties_to(office, judged, top, on)
        raise ConcernRefused(
            format_lazy("{} {}", concern_sentence(person, tie), _others([row for row in office if row.pk not in tied])),
            reason="person.is-concerned",
        )


def concern_sentence(person: Person, tie: organisations.Tie) -> Any:
    """Why somebody has no part in judging."""
    why = {
        "member": _("%(person)s belongs to %(organisation)s, which is judged here, and so has no part in running it."),
        "post": _("%(person)s leads %(organisation)s and so administers organisations that are judged here."),
        "responsible": _(
            "%(person)s answers for %(organisation)s and so administers organisations that are judged here."
        ),
    }
    return why[tie.kind] % {"person": person.name, "organisation": tie.organisation.name}


def _others(free: list[Person]) -> Any:
    if not free:
        return _("Nobody of the campaign office stands outside. Appoint somebody to it who does.")
    return _("These people of the campaign office may do it: %(names)s.") % {
        "names": joined(person.name for person in free[:MOST_NAMES])
    }


def check_may_try_to_sign_in(login: str, place: Place, at: datetime) -> None:
    """After ten wrong passwords in a quarter of an hour from one place, that place waits with this login.

    After thirty from everywhere all places wait from which the login never came in.
    """
    recent = FailedSignIn.objects.filter(login=login, at__gt=at - FAILURE_MEMORY)
    here = recent.filter(place=place.mark).count()
    if here >= FAILURES_ALLOWED or (not place.is_known and recent.count() >= FAILURES_EVERYWHERE):
        raise SignInRefused(
            _("Too many wrong passwords. Wait a quarter of an hour, then try again."),
            reason="sign-in.too-many-failures",
        )


def check_password(password: str, account: Account) -> None:
    """A new password is long enough, not among the common ones, and not the login."""
    try:
        password_validation.validate_password(password, account)
    except ValidationError as error:
        raise SignInRefused(
            _("Choose another password: at least ten characters, not one that many people use, and not your login."),
            reason="password.too-easy",
        ) from error

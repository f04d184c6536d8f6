"""Who may act in which role, who has no part because they are judged themselves, and when sign-in must wait."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from zhengyou.base import codes
from zhengyou.base.refusals import Refused
from zhengyou.base.words import joined
from zhengyou.identity.models import Account, FailedSignIn
from zhengyou.organisations import queries as organisations
from zhengyou.organisations.importing.headings import looks_like_id_number
from zhengyou.organisations.models import Organisation, Person, Post
from zhengyou.organisations.tree import is_within, is_within_any
from zhengyou.organisations.vocabulary import worded

MOST_NAMES = 6  # as many as a sentence on a phone can name
# Ten wrong passwords in a quarter of an hour from one place: nobody mistypes so often, and a guesser gets no further than a
# thousand a day. They make only that place wait, or anybody could keep anybody out.
FAILURES_ALLOWED = 10
# From all places together: whoever has many gets no further than three thousand a day. Beyond it places wait from which the
# login never came in; the devices of its owner do not.
FAILURES_EVERYWHERE = 30
FAILURE_MEMORY = timedelta(minutes=15)
TELLING_LOGIN = 3  # signs of a login that no password holds by chance
LEAST_BESIDES_LOGIN = 6  # signs of a password that are not the login
PHONE = re.compile(r"\+?[0-9 ()/.-]+(?:(?:ext\.?|x|转|分机|#) ?[0-9]{1,6})?", re.IGNORECASE)
FEWEST_FIGURES, MOST_FIGURES = 7, 20
SOME_MAIL = "name@example.org"

TOO_EASY: dict[str, Any] = {  # by the code of the rule that a password fails
    "password_too_short": _("It has fewer than ten characters."),
    "password_too_common": _("It is one that many people use."),
    "login": _("It contains your login, or is hardly more than your login."),
}

COMMITTEE = (Post.Role.SECRETARY, Post.Role.LEADER)  # the posts whose holders lead a unit


@dataclass(frozen=True)
class Place:
    """Whence somebody tries to sign in: a digest, and whether that login has come in from there before."""

    mark: str
    is_known: bool


class RoleRefused(Refused):
    """The person does not hold the post this needs."""


class SignInRefused(Refused):
    """Login, password or code does not fit, or there were too many wrong ones."""


class AccountRefused(Refused):
    """The account cannot be opened, switched off or changed so."""


class ConcernRefused(Refused):
    """The person is judged, or administers those who are, and so has no part in running it (M32)."""


def contact_of(typed: str) -> str:
    """A phone number or an address of mail as it is kept: in half width, and each of its dashes a hyphen."""
    return " ".join(re.sub("[‐‑‒–—−]", "-", unicodedata.normalize("NFKC", typed)).split())


def login_of(typed: str) -> str:
    """A login as it is kept, also if it was typed in full-width signs."""
    return unicodedata.normalize("NFKC", typed).strip()


def as_printed(typed: str) -> list[str]:
    """The password that a letter would print for what was typed, if it can be one."""
    letters = codes.plain(unicodedata.normalize("NFKC", typed))
    return [codes.grouped(letters)] if codes.is_complete(letters) else []


def check_is_office(person: Person, on: date) -> None:
    """Only people with a post in the campaign office run the campaign."""
    check_has_office(organisations.offices_of(person, on))


def check_has_office(offices: Iterable[Organisation]) -> None:
    """`offices` are the organisations in whose campaign office somebody works: at least one."""
    if not list(offices):
        raise RoleRefused(
            worded(_("Only the %(office)s may do this. Ask it, or sign in with an office account.")),
            reason="role.not-office",
        )


def check_reaches(offices: Iterable[Organisation], places: Iterable[Organisation]) -> None:
    """An office looks after its own organisation and everything below it, and after nothing beside or above."""
    offices = list(offices)
    if not all(is_within_any(place, offices) for place in places):
        raise RoleRefused(
            worded(
                _("This lies outside what your %(office)s looks after. The %(office)s of the level above can do it.")
            ),
            reason="role.out-of-reach",
        )


def check_reaches_all(offices: Iterable[Organisation]) -> None:
    """Lists of the whole house are read in and given out by the office of its topmost organisation."""
    if not any(office.parent_id is None for office in offices):
        raise RoleRefused(
            worded(
                _(
                    "Lists concern the whole system, so the %(office)s of the topmost unit imports them. Send it your changes."
                )
            ),
            reason="role.not-topmost-office",
        )


def check_may_change_account(person: Person, by: Person | None, on: date) -> None:
    """Whoever could sign in as somebody gets their rights: so their home and all their posts must lie within the office's reach.

    A command (`by` is None) may do everything.
    """
    if by is None:
        return
    check_reaches(
        organisations.offices_of(by, on),
        [person.organisation, *(post.organisation for post in organisations.posts_of(person, on))],
    )


def check_is_office_of(person: Person, top: Organisation, on: date) -> None:
    """A campaign is run by the office of its own organisation, or of one above it."""
    held = organisations.offices_of(person, on)
    check_has_office(held)
    if not is_within_any(top, held):
        raise RoleRefused(
            worded(_("Only the %(office)s of %(name)s, or of a level above it, may do this."), name=top.name),
            reason="role.not-office-of-the-campaign",
        )


def check_is_office_or_scrutineer(person: Person, on: date) -> None:
    """Paper ballots are handled by the campaign office and by registered scrutineers."""
    roles = {post.role for post in organisations.posts_of(person, on)}
    if not roles & {Post.Role.CAMPAIGN_OFFICE, Post.Role.SCRUTINEER}:
        raise RoleRefused(
            worded(_("Only the %(office)s and registered scrutineers may do this.")),
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
    if not organisations.holds_post_above(person, list(COMMITTEE), organisation, on):
        raise RoleRefused(
            _("Only those who lead the level above %(name)s may do this.") % {"name": organisation.name},
            reason="role.not-above",
        )


def is_of_committee(person: Person, organisation: Organisation, on: date) -> bool:
    """Whether somebody belongs to the committee of exactly this unit: who leads it, and who answers for it in one of the tiers."""
    if any(organisations.holds_post(person, role, organisation, on) for role in COMMITTEE):
        return True
    return any(one.person_id == person.pk for one in organisations.responsible_for(organisation, on))


def may_read_of_people(person: Person, organisation: Organisation, on: date) -> bool:
    """Whether somebody reads what is said of the single people of a unit: its committee, and who leads a level above. No office does."""
    if is_of_committee(person, organisation, on):
        return True
    return organisations.holds_post_above(person, list(COMMITTEE), organisation, on)


def check_may_enter_for(person: Person, organisation: Organisation, on: date) -> None:
    """What a unit hands in on paper is entered by somebody of a level above: who leads there, or its campaign office."""
    roles = [Post.Role.SECRETARY, Post.Role.LEADER, Post.Role.CAMPAIGN_OFFICE]
    if not organisations.holds_post_above(person, roles, organisation, on):
        raise RoleRefused(
            _("Only somebody of a level above %(name)s enters for it what came on paper.")
            % {"name": organisation.name},
            reason="role.not-clerk-above",
        )


def check_may_enter_words_about(person: Person, organisation: Organisation, on: date) -> None:
    """What people wrote on paper to be heard by a unit is entered by a level above; at the top, above which nobody stands, by its own
    campaign office. Never by anybody to whom it is written: who leads the top organisation, or belongs to a unit below it.
    """
    posts, is_top = organisations.posts_of(person, on), organisation.parent_id is None
    if is_top:
        check_is_office_of(person, organisation, on)
        is_addressed = any(post.organisation_id == organisation.pk and post.role in COMMITTEE for post in posts)
    else:
        check_may_enter_for(person, organisation, on)
        homes = (person.organisation, *(post.organisation for post in posts))
        is_addressed = any(is_within(home, organisation) for home in homes)
    if is_addressed:
        raise RoleRefused(
            _(
                "People wrote this to be heard by %(name)s, to which you belong. Somebody else enters it, and sees the paper."
            )
            % {"name": organisation.name},
            reason="role.addressed",
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
        "post": _("%(person)s leads %(organisation)s and so administers units that are judged here."),
        "responsible": _("%(person)s answers for %(organisation)s and so administers units that are judged here."),
    }
    return why[tie.kind] % {"person": person.name, "organisation": tie.organisation.name}


def _others(free: list[Person]) -> Any:
    if not free:
        return worded(_("Nobody in the %(office)s is independent of the rated units. Appoint somebody who is."))
    names = joined(person.name for person in free[:MOST_NAMES])
    return worded(_("These people in the %(office)s may do it: %(names)s."), names=names)


def check_is_switched_on(account: Account | None) -> None:
    """An account that is switched off gets no new password: first it is switched on, with open eyes."""
    if account is not None and not account.is_active:
        raise AccountRefused(
            _("The account of %(name)s is switched off. Switch it on first.") % {"name": account.person.name},
            reason="account.switched-off",
        )


def check_login_is_free(other: Account | None) -> None:
    """A login leads to one person."""
    if other is not None:
        raise AccountRefused(
            _(
                "%(name)s signs in with %(login)s already. Give that account a new password first, so that its login changes."
            )
            % {"name": other.person.name, "login": other.login},
            reason="account.login-taken",
        )


def check_may_switch_off(account: Account, by: Person) -> None:
    """Nobody shuts the door from outside behind themselves: then somebody of the office can always come in."""
    if account.person_id == by.pk:
        raise AccountRefused(
            worded(_("This is your own account. Somebody else of the %(office)s can switch it off.")),
            reason="account.own",
        )


def check_has_post(person: Person, on: date) -> None:
    """How somebody is reached is kept for their post only."""
    if not organisations.posts_of(person, on):
        raise AccountRefused(
            _("Phone and email are kept only for people with a post, and %(name)s has none.") % {"name": person.name},
            reason="contact.without-post",
        )


def check_somebody_gets_letters(people: Iterable[Person]) -> None:
    """Letters with accounts are for somebody with a post."""
    if not list(people):
        raise AccountRefused(
            _("Nobody who is ticked holds a post in your reach, so no letter was made. Tick others."),
            reason="letters.for-nobody",
        )


def check_may_be_contact(phone: str, mail: str) -> None:
    """One telephone number and one address of mail, or nothing: a field of one's own says nothing about anybody else.

    Neither is an ID-card number, which a form asks for so often that somebody writes it here too.
    """
    if looks_like_id_number(phone) or looks_like_id_number(mail):
        raise AccountRefused(
            _("This looks like an ID-card number, which is never stored here. Take it out."), reason="contact.id-number"
        )
    if phone and not is_phone(phone):
        raise AccountRefused(
            _(
                "Write one phone number of 7 to 20 digits. Spaces, +, hyphens and brackets may stand in it, and “ext.” before an"
                " extension."
            ),
            reason="contact.no-phone",
        )
    try:
        validate_email(mail or SOME_MAIL)
    except ValidationError as error:
        raise AccountRefused(
            _("Write one email address, such as %(example)s.") % {"example": SOME_MAIL}, reason="contact.no-mail"
        ) from error


def is_phone(text: str) -> bool:
    """Whether it is one telephone number, perhaps with an extension."""
    figures = sum(sign.isdigit() for sign in text)
    return bool(PHONE.fullmatch(text)) and FEWEST_FIGURES <= figures <= MOST_FIGURES


def check_may_try_to_sign_in(mark: str, place: Place, at: datetime) -> None:
    """After ten wrong passwords in a quarter of an hour from one place, that place waits with this login (here its digest).

    After thirty from everywhere all places wait from which the login never came in.
    """
    recent = FailedSignIn.objects.filter(login=mark, at__gt=at - FAILURE_MEMORY)
    here = recent.filter(place=place.mark).count()
    if here >= FAILURES_ALLOWED or (not place.is_known and recent.count() >= FAILURES_EVERYWHERE):
        raise SignInRefused(
            _("Too many wrong passwords. Wait a quarter of an hour, then try again."),
            reason="sign-in.too-many-failures",
        )


def check_password(password: str, account: Account) -> None:
    """A new password is long enough, not among the common ones, and does not hold the login. The refusal says which it is not.

    A login of one or two signs may be in it by chance; then enough must stand beside it.
    """
    login, failed = account.login.casefold(), list[Any]()
    besides = password.casefold().replace(login, "")
    try:
        password_validation.validate_password(password, account)
    except ValidationError as error:
        failed += [TOO_EASY[one.code or ""] for one in error.error_list]
    is_telling = len(login) >= TELLING_LOGIN or len(besides) < LEAST_BESIDES_LOGIN
    if is_telling and login in password.casefold():
        failed.append(TOO_EASY["login"])
    if failed:
        sentences = format_lazy(
            "{} {}", _("Choose another password."), format_lazy(" ".join(["{}"] * len(failed)), *failed)
        )
        raise SignInRefused(sentences, reason="password.too-easy")


def check_is_handed_out(account: Account) -> None:
    """Only a password that was handed out is replaced without giving it once more."""
    if not account.is_handed_out:
        raise SignInRefused(
            _("You have a password of your own already. Change it on the page of your account."),
            reason="password.own-already",
        )


def check_is_another(*, same: bool) -> None:
    """A new password is not the one of before."""
    if same:
        raise SignInRefused(_("This is the password you have now. Choose another one."), reason="password.same")

"""What words may hold, when they wait for a look, how much may come at once, and who may look at them."""

import hashlib
import re
import unicodedata
import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from zhengyou.base.deeds import two_people
from zhengyou.base.refusals import Refused
from zhengyou.base.texts import check_texts
from zhengyou.base.time import working_days_after
from zhengyou.base.words import joined
from zhengyou.identity import rules as identity_rules
from zhengyou.organisations import queries as organisations
from zhengyou.organisations.models import Person, Post
from zhengyou.organisations.tree import ids_above, is_within
from zhengyou.organisations.vocabulary import worded
from zhengyou.remarks.models import Remark

TEN_MINUTES = timedelta(minutes=10)
# A village meeting of twenty answers within ten minutes, each with a phone of their own. Nobody has seen more come honestly
# about one promise in that time; a program sends fifty in four seconds.
USUAL = 20
# What comes without a solved puzzle costs its sender nothing. It has a valve of its own, so that a flood of it never holds
# back somebody whose browser solved one: five people without JavaScript at one meeting are many.
USUAL_UNSOLVED = 5
KEPT_FOR = timedelta(days=2)  # longer than any form or puzzle is good for
VALVES_KEPT_FOR = timedelta(days=1)

FEWEST_DIGITS = 7  # a local telephone number; prices and house numbers are shorter
DAY = re.compile(r"(?<!\d)(19|20)\d\d *[-/.年] *\d{1,2} *[-/.月] *\d{1,2}(?!\d)")
BETWEEN_DIGITS = re.compile(r"(?<=\d)[\s.()/_+*-]{1,3}(?=\d)")
CHINESE_DIGITS = str.maketrans("零〇一二三四五六七八九幺", "001234567891")
LINE_OF_DIGITS = re.compile(rf"\d{{{FEWEST_DIGITS},}}")

OF_A_PERSON = re.compile(r"(?<!\d)(?:1[3-9]\d{9}|\d{17}[\dXx])(?!\d)")  # a mobile telephone, an identity card
MOST_NUMBERS = 20  # as many as a sentence can name; the page lists all
JOINER = "\u200d"  # holds emoji together
ALLOWED_CONTROLS = "\n\r\t"
REPLACED = "\ufffd"  # stands where bytes were no text
MOST_MARKS = 3  # combining marks on one letter; more are heaped up to cover the lines around
MARKS = r"\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
HEAPED = re.compile(rf"([{MARKS}]{{{MOST_MARKS}}})[{MARKS}]+")
EMPTY_LINES = re.compile(r"\n\s*\n\s*\n+")
BLANK_LETTERS = "\u115f\u1160\u3164\uffa0\u2800"  # letters and a sign by their class, nothing to the eye


class RemarkRefused(Refused):
    """The words cannot be taken, shown, hidden, reported or answered like this."""


@dataclass(frozen=True)
class Arrival:
    """How something came by the public door: with which form, and the digest of the puzzle solved for it, or nothing.

    What somebody of the house enters for another came by no door: None stands in its place.
    """

    ticket: uuid.UUID | None
    solution: str = ""


def cleaned(text: str) -> str:
    """The text as it is kept: one kind of line break, nothing that turns or hides the words around it, no heaps of marks.

    Joiners stay, because emoji need them.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = "".join(one for one in text if one == JOINER or unicodedata.category(one) != "Cf")
    return EMPTY_LINES.sub("\n\n", HEAPED.sub(r"\1", text)).strip()


def check_text(refusal: type[Refused], model: type[Model], field: str, text: str, missing: Any = "") -> str:
    """Anybody's text for that field, cleaned: it can be shown, something of it can be seen, and it is not too long.

    Raises `refusal` with `<model>.<field>-unreadable` or `-invisible`, and what `check_texts` raises.
    """
    slug = f"{model._meta.model_name}.{field}"
    if any(one == REPLACED or _is_control(one) for one in text):
        raise refusal(
            _("Your text holds characters that cannot be shown. Take them out, or type the text again."),
            reason=f"{slug}-unreadable",
        )
    kept = cleaned(text)
    if text.strip() and not _can_be_seen(kept):
        raise refusal(
            _("Nothing of your text can be seen: it holds blanks only. Write words, or leave the field empty."),
            reason=f"{slug}-invisible",
        )
    return check_texts(refusal, model, missing, **{field: kept})[field]


def _is_control(one: str) -> bool:
    return unicodedata.category(one) in ("Cc", "Cs") and one not in ALLOWED_CONTROLS


def _can_be_seen(text: str) -> bool:
    return any(one not in BLANK_LETTERS and unicodedata.category(one)[0] not in "ZCM" for one in text)


def fold_of(words: str, *beside: str) -> str:
    """The digest by which equal words are one: without case, blanks, signs and forms; what stands beside must be equal too."""
    plain = unicodedata.normalize("NFKC", words).casefold()
    letters = "".join(one for one in plain if unicodedata.category(one)[0] in "LNS") or plain
    return hashlib.sha256("\0".join((letters, *beside)).encode()).hexdigest()


def holds_a_number(words: str) -> bool:
    """Whether the words hold something like a telephone, identity or card number, however its digits are written."""
    plain = DAY.sub(" ", unicodedata.normalize("NFKC", words))
    return bool(LINE_OF_DIGITS.search(BETWEEN_DIGITS.sub("", plain.translate(CHINESE_DIGITS))))


def why_waiting(*, is_solved: bool, is_flood: bool, has_words: bool, has_number: bool, words_shown: str) -> str:
    """Why something new waits for a look; nothing if it is shown at once.

    In a flood everything waits. Else only words and photos wait: after a look by the rules, or without a solved puzzle, or
    with a number of somebody in them.
    """
    if is_flood:
        return Remark.Why.FLOOD
    if not has_words:
        return ""
    return "" if is_solved and not has_number and words_shown == "at_once" else Remark.Why.LOOK


def valve_began(at: datetime) -> datetime:
    """The begin of the ten minutes, by the clock, in which an instant lies."""
    return at.replace(minute=at.minute - at.minute % 10, second=0, microsecond=0)


def is_too_much(load: int, before: int, *, is_solved: bool, at: datetime) -> bool:
    """Whether more than the usual number came within the last ten minutes.

    `load` came since these ten minutes of the clock began and `before` in the ten before them, of which the part counts that
    has not passed yet, as if it had come evenly. So nobody gets twice the number through where two of them meet, and twenty
    quiet minutes always open the valve.
    """
    left = 1 - (at - valve_began(at)) / TEN_MINUTES
    return load + before * left > (USUAL if is_solved else USUAL_UNSOLVED)


def look_due_on(came_on: date) -> date:
    """By the end of which day words are looked at: within one working day."""
    return working_days_after(came_on, 1)


def check_may_look(remark: Remark, by: Person, posts: Collection[Post], on: date) -> None:
    """The office, or a secretary or leader of a level above the unit concerned, looks; never somebody of the unit itself.

    `posts` are those that the person holds on that day. Nothing is above the top organisation: there the office looks, and
    hiding takes two people.
    """
    unit = remark.organisation
    if is_about_own(remark, by, posts):
        raise identity_rules.RoleRefused(
            worded(
                _(
                    "You belong to %(unit)s, and these words are about it. The %(office)s or the level above looks at "
                    "them."
                ),
                unit=unit.name,
            ),
            reason="remark.own-unit",
        )
    above = {post.organisation_id for post in posts if post.role in (Post.Role.SECRETARY, Post.Role.LEADER)}
    if above.isdisjoint(ids_above(unit)):
        identity_rules.check_is_office_of(by, unit, on)


def is_about_own(remark: Remark, by: Person, posts: Collection[Post]) -> bool:
    """Whether words are about the unit to which somebody belongs, who therefore neither shows nor hides them."""
    homes = {post.organisation_id: post.organisation for post in posts}
    if by.organisation_id not in homes:  # else it is read already
        homes[by.organisation_id] = by.organisation
    unit = remark.organisation
    return unit.parent_id is not None and any(is_within(home, unit) for home in homes.values())


def check_are_named(remarks: Collection[Remark], named: Collection[int]) -> None:
    """Words with something like a number of a person are shown only by somebody who named each of them, never among many."""
    unnamed = [remark.pk for remark in remarks if remark.has_number and remark.pk not in named]
    if unnamed:
        raise RemarkRefused(
            ngettext_lazy(
                "Number %(numbers)s holds something like a telephone or identity number. Read it, and say that it may be shown.",
                "Numbers %(numbers)s hold something like a telephone or identity number. Read each, and say which may be shown.",
                len(unnamed),
            )
            % {"numbers": joined(str(number) for number in unnamed[:MOST_NUMBERS])},
            reason="remark.number-not-named",
        )


def form_used() -> RemarkRefused:
    """The refusal of other words under a form that was sent already."""
    return RemarkRefused(
        _("This form has already been sent. If this is something more, nothing is lost: send it once more."),
        reason="remark.form-used",
    )


def no_flood() -> RemarkRefused:
    """The refusal of a deed over a flood that is not there any more."""
    return RemarkRefused(
        _("Nothing of this waits any more because much came at once. Somebody else has looked at it."),
        reason="remark.no-flood",
    )


def check_may_hide(remark: Remark, reason: str) -> None:
    """Words are hidden for one of the reasons of the public list. Whoever wants another reason hides them anew."""
    if reason not in Remark.Reason.values:
        raise RemarkRefused(
            _("Choose one of the reasons. It stands in place of the words for ever."), reason="remark.unknown-reason"
        )
    if remark.is_hidden and remark.hidden_because == reason:
        raise RemarkRefused(_("These words are already hidden for this reason."), reason="remark.already-hidden")


def takes_two(remark: Remark) -> bool:
    """Whether hiding takes two people: the words are about the top organisation, above which nobody stands."""
    return remark.organisation.parent_id is None


def check_is_second(remark: Remark, by: Person) -> None:
    """The second person is another one than the first."""
    own = _("You asked for this yourself. Words about the top unit are hidden by two people.")
    two_people(remark.hiding_asked_by_id, by, RemarkRefused(own, reason="remark.same-person"))


def check_may_undo(remark: Remark) -> None:
    """The last look can be undone until somebody answers or looks again."""
    if not remark.was:
        raise RemarkRefused(_("There is no look at these words to undo."), reason="remark.nothing-to-undo")


def check_may_report(remark: Remark) -> None:
    """Readers report words that they can read."""
    if not remark.is_shown:
        raise RemarkRefused(_("These words are not shown, so there is nothing to report."), reason="remark.not-shown")


def check_may_answer(remark: Remark, by: Person, on: date, *, as_clerk: bool = False) -> None:
    """The secretary of the unit concerned, a clerk of a level above for it, or the office, answers words that are shown, once."""
    if as_clerk:
        identity_rules.check_may_enter_for(by, remark.organisation, on)
    else:
        check_speaks_for_unit(remark, by, on)
    check_is_to_answer(remark)


def check_speaks_for_unit(remark: Remark, by: Person, on: date) -> None:
    """The secretary of the unit that words are about, or the office, answers them."""
    if not organisations.holds_post(by, Post.Role.SECRETARY, remark.organisation, on):
        identity_rules.check_is_office_of(by, remark.organisation, on)


def check_is_to_answer(remark: Remark) -> None:
    """Words that are shown are answered, once."""
    if not remark.is_shown:
        raise RemarkRefused(
            _("These words are not shown. Answer them once they have been looked at."), reason="remark.not-shown"
        )
    if remark.answer:
        raise RemarkRefused(_("These words have already been answered."), reason="remark.already-answered")


def check_answer(answer: str) -> str:
    """An answer says something. Returns it trimmed."""
    missing = _("Write the answer. Everybody can read it, and whoever sent the words finds it at their address.")
    return check_tells_of_nobody(RemarkRefused, check_texts(RemarkRefused, Remark, missing, answer=answer)["answer"])


def check_tells_of_nobody(refusal: type[Refused], words: str) -> str:
    """What a unit says in public holds no mobile or identity number; the number of an office may stand there. Returns it."""
    plain = unicodedata.normalize("NFKC", words)
    # A sign of Chinese before a number may be a digit or the end of a name: both readings are looked at.
    if any(OF_A_PERSON.search(BETWEEN_DIGITS.sub("", one)) for one in (plain, plain.translate(CHINESE_DIGITS))):
        raise refusal(
            _("Everybody can read this. Leave out the mobile or identity number; name an office telephone if need be."),
            reason="answer.tells-of-somebody",
        )
    return words


def check_public_texts(refusal: type[Refused], model: type[Model], missing: Any = "", **texts: str) -> dict[str, str]:
    """As `check_texts`, of what units and the levels above write for everybody: it tells nobody's mobile or identity number."""
    said = check_texts(refusal, model, missing, **texts)
    return {field: check_tells_of_nobody(refusal, text) for field, text in said.items()}

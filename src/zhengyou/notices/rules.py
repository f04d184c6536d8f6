"""What a notice must contain, when objections still count, and who may handle one: somebody from outside the nominee."""

import re
import unicodedata
from collections.abc import Collection, Iterable
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from zhengyou.base.addenda import Correction, corrections
from zhengyou.base.refusals import Refused
from zhengyou.base.texts import check_texts
from zhengyou.identity import queries as identity
from zhengyou.notices.models import Notice, Objection
from zhengyou.organisations import queries as organisations
from zhengyou.organisations.models import Organisation, Person
from zhengyou.organisations.tree import is_within, is_within_any
from zhengyou.organisations.vocabulary import worded
from zhengyou.remarks.rules import check_text

# What looks like an ID card of 18 or 15 signs, a mobile or a fixed-line number, also with blanks or dashes between the figures.
NUMBERS = re.compile(
    r"(?<!\d)(?:(?:\d[\s.-]?){17}[\dXx]|\d{15}|(?:86[\s.-]?)?1[\s.-]?[3-9](?:[\s.-]?\d){9}|0\d{2,3}[\s.-]?[2-9]\d{6,7})(?!\d)"
)
LONGEST_DEEDS = 1500  # a printed page: whoever passes a notice board reads that much of each nominee
CORRECTABLE = ("title", "basis", "route", "receiving_body", "phone", "mail", "address")
IN_FORM = ("title", "basis")  # corrected without a new clock: nobody is announced, asked or reached otherwise
MOST_WORKING_DAYS = 60  # a quarter of a year; what is longer was mistyped


class NoticeRefused(Refused):
    """The notice cannot be published so."""


class ObjectionRefused(Refused):
    """The objection cannot be taken, or its next step is another one."""


class OutsiderRefused(Refused):
    """Somebody of the nominee's own organisation, or set over it, would handle an objection to it."""


def end_of(day: date) -> datetime:
    """24:00 of that day where the campaign runs."""
    return datetime.combine(day + timedelta(days=1), time(), tzinfo=ZoneInfo(settings.TIME_ZONE))


def check_may_publish(*, snapshot: dict[str, Any], working_days: int, already: Notice | None) -> None:
    """A notice is published once, and runs for a sensible time."""
    if already is not None:
        raise NoticeRefused(
            _("This has already been published, as notice %(number)s.") % {"number": already.number_words},
            reason="notice.already-published",
        )
    if not 1 <= working_days <= MOST_WORKING_DAYS:
        raise NoticeRefused(
            _("A notice runs for 1 to %(most)d working days.") % {"most": MOST_WORKING_DAYS},
            reason="notice.working-days-out-of-bounds",
        )
    check_snapshot(snapshot)


def check_notice_texts(*, mail: str, **needed: str) -> dict[str, str]:
    """A notice says everything a reader needs: title, basis, route, receiving_body, phone, address. Returns all trimmed."""
    missing = _(
        "A notice needs a title, its basis and route, and the body that takes objections with phone and address."
    )
    return check_texts(NoticeRefused, Notice, missing, **needed) | check_texts(NoticeRefused, Notice, mail=mail)


def check_may_correct(notice: Notice) -> None:
    """A notice can be corrected until it is withdrawn or its decision is recorded."""
    if notice.is_withdrawn:
        raise NoticeRefused(
            _("This notice has been withdrawn. Publish a new one instead."), reason="notice.withdrawn-already"
        )
    check_is_undecided(notice)


def check_is_undecided(notice: Notice) -> None:
    """A ruling on an objection can be corrected until the decision; of a withdrawn notice too, for it holds for the next one."""
    if notice.settled_at is not None:
        raise NoticeRefused(
            _("The decision that followed this notice is recorded. Correct the decision, or revoke an honour."),
            reason="notice.settled",
        )


def check_withdrawal(why: str) -> str:
    """A notice is withdrawn for a reason that everybody reads. Returns it trimmed."""
    missing = _("Say why this notice is withdrawn. Everybody can read it.")
    return check_texts(NoticeRefused, Notice, missing, withdrawal_reason=why)["withdrawal_reason"]


def corrections_of_nominees(old: dict[str, Any], new: dict[str, Any] | None) -> list[Correction]:
    """What differs between the nominees as they were published and as they shall stand."""
    if new is None:
        return []
    before = {row["reference"]: row for row in old["nominees"]}
    after = {row["reference"]: row for row in new["nominees"]}
    found = [Correction("nominee", before[one]["name"], "") for one in before if one not in after]
    found += [Correction("nominee", "", after[one]["name"]) for one in after if one not in before]
    for reference in [one for one in after if one in before]:
        found += corrections({"deeds": before[reference]["deeds"]}, {"deeds": after[reference]["deeds"]})
    return found


def is_in_substance(found: Iterable[Correction]) -> bool:
    """Whether somebody could object otherwise now than before: to anything but the title and the basis cited."""
    return any(one.part not in IN_FORM for one in found)


def check_is_ruled(objection: Objection) -> None:
    """Only a ruling that was made can be corrected."""
    if objection.ruled_at is None:
        raise ObjectionRefused(_("Nobody has ruled on this objection yet."), reason="objection.not-ruled")


def check_snapshot(snapshot: dict[str, Any]) -> None:
    """Each nominee stands once, with a name and with deeds short enough to be read. A notice of nobody says why."""
    nominees = snapshot["nominees"]
    if not nominees and not snapshot.get("reason_for_none", "").strip():
        raise NoticeRefused(
            _("Nobody is put forward. That is allowed: say why, or add candidates."),
            reason="notice.nobody-without-reason",
        )
    if len({nominee["reference"] for nominee in nominees}) < len(nominees):
        raise NoticeRefused(
            _("Somebody stands in the notice twice. Take one of the two out."), reason="notice.nominee-twice"
        )
    for nominee in nominees:
        check_deeds(nominee["deeds"])


def check_deeds(deeds: str) -> None:
    """Every nominee has deeds, in 1,500 characters at most. They are kept in a snapshot, which has no field to ask."""
    if not deeds.strip():
        raise NoticeRefused(_("Say what the candidate did: its deeds, in plain facts."), reason="notice.deeds-missing")
    if len(deeds) > LONGEST_DEEDS:
        raise NoticeRefused(
            _("The deeds have %(count)d characters. Shorten them to %(most)d.")
            % {"count": len(deeds), "most": LONGEST_DEEDS},
            reason="notice.deeds-too-long",
        )
    check_has_no_numbers(deeds)


def check_has_no_numbers(text: str) -> None:
    """Nothing that everybody reads of somebody holds an ID-card or a telephone number, in whatever figures it is written."""
    if NUMBERS.search(unicodedata.normalize("NFKC", text)):
        raise NoticeRefused(
            _("This looks like an ID-card or a telephone number, and everybody would read it. Take it out."),
            reason="notice.number-of-a-person",
        )


def check_may_object(notice: Notice, *, nominee: str, arrived_at: datetime, at: datetime) -> None:
    """Objections count by arrival: from publication to the end of the last day."""
    if not notice.published_at <= arrived_at <= at:
        raise ObjectionRefused(
            _(
                "An objection arrives after the notice was published and not in the future. Correct the time of arrival."
            ),
            reason="objection.impossible-arrival",
        )
    if notice.is_withdrawn:
        raise ObjectionRefused(
            _("This notice has been withdrawn, so nobody is announced by it any more. There is nothing to object to."),
            reason="objection.notice-withdrawn",
        )
    if arrived_at >= notice.closes_at:
        raise ObjectionRefused(
            _("The notice ran until the end of %(day)s, and objections count by arrival. Turn to %(body)s: %(phone)s.")
            % {"day": date_format(notice.ends_on), "body": notice.receiving_body, "phone": notice.phone},
            reason="objection.too-late",
        )
    if nominee and nominee not in {row["reference"] for row in notice.nominees}:
        raise ObjectionRefused(
            _("This notice names no such candidate. Choose one of those it names, or the notice as a whole."),
            reason="objection.unknown-nominee",
        )


def check_objection_texts(*, content: str, name: str, contact: str) -> dict[str, str]:
    """An objection says something, whoever makes it: name and contact may be empty. Returns all cleaned and trimmed."""
    missing = _("Say what you object to: what happened, when and where.")
    return {
        "content": check_text(ObjectionRefused, Objection, "content", content, missing),
        "name": check_text(ObjectionRefused, Objection, "name", name),
        "contact": check_text(ObjectionRefused, Objection, "contact", contact),
    }


def check_finding(finding: str) -> str:
    """A check has found something out. Returns it trimmed."""
    return check_texts(ObjectionRefused, Objection, _("Write what the check found."), finding=finding)["finding"]


def check_answer(answer: str) -> str:
    """An answer says something. Returns it trimmed."""
    missing = _("Write the answer that the objector will read.")
    return check_texts(ObjectionRefused, Objection, missing, answer=answer)["answer"]


def check_is_same_objection(
    known: Objection, *, notice: Notice, nominee: str, content: str, fold: str | None = None
) -> None:
    """A form sent twice is one objection; a changed text needs a form of its own. `fold` is that of what was sent now."""
    is_equal = (known.nominee, known.content) == (nominee, content) or (fold is not None and fold == known.fold)
    if known.notice_id != notice.pk or not is_equal:
        raise ObjectionRefused(
            _(
                "This form has already been sent, as objection %(number)d. If this is something more, nothing is lost: send it "
                "once more."
            )
            % {"number": known.number},
            reason="objection.form-used",
        )


def check_may_set_aside(objections: Collection[Objection]) -> None:
    """Only what came in a flood and was not registered is set aside; whatever came alone is handled, whoever sent it."""
    if not objections or not all(objection.waits_for_a_look for objection in objections):
        raise ObjectionRefused(
            _(
                "Only objections that came in numbers within minutes and are not registered yet can be set aside. Handle the "
                "others one by one."
            ),
            reason="objection.not-from-flood",
        )


def check_may_put_back(objection: Objection) -> None:
    """Only what was set aside is put back."""
    if objection.state != Objection.State.SET_ASIDE:
        raise ObjectionRefused(_("This objection is not set aside."), reason="objection.not-set-aside")


def check_may_register(objection: Objection) -> None:
    """A received objection is registered, once."""
    if objection.state != Objection.State.RECEIVED:
        raise ObjectionRefused(_("This objection has already been registered."), reason="objection.already-registered")


def check_may_check(objection: Objection) -> None:
    """A registered objection is checked, once."""
    if objection.state == Objection.State.RECEIVED:
        raise ObjectionRefused(
            _("Register this objection first, then have it checked."), reason="objection.not-registered"
        )
    if objection.state != Objection.State.REGISTERED:
        raise ObjectionRefused(_("This objection has already been checked."), reason="objection.already-checked")


def check_may_rule(objection: Objection) -> None:
    """A checked objection is ruled on, once."""
    if objection.state in {Objection.State.RECEIVED, Objection.State.REGISTERED}:
        raise ObjectionRefused(
            _("This objection has not been checked yet. Have somebody from outside check it first."),
            reason="objection.not-checked",
        )
    if objection.state != Objection.State.CHECKED:
        raise ObjectionRefused(_("This objection has already been ruled on."), reason="objection.already-ruled")


def check_may_answer(objection: Objection) -> None:
    """An objection that was ruled on is answered, once."""
    if objection.state == Objection.State.ANSWERED:
        raise ObjectionRefused(_("This objection has already been answered."), reason="objection.already-answered")
    if objection.state != Objection.State.RULED:
        raise ObjectionRefused(
            _("Rule on this objection first: upheld or not. Then answer it."), reason="objection.not-ruled"
        )


def check_is_outside(person: Person, nominees: Iterable[Organisation], on: date) -> None:
    """Objections are handled from outside the nominee.

    Nobody who belongs to the nominee or to something below it, or holds a post there, has a part in it; who belongs
    to something above it has one only as a member of the campaign office.
    """
    homes = [person.organisation, *[post.organisation for post in organisations.posts_of(person, on)]]
    is_office = identity.is_office(person, on)
    for nominee in nominees:
        if any(is_within(home, nominee) for home in homes):
            raise OutsiderRefused(
                _("%(person)s belongs to %(nominee)s. Somebody from outside it must do this.")
                % {"person": person.name, "nominee": nominee.name},
                reason="objection.handler-from-nominee",
            )
        if not is_office and is_within_any(nominee, homes):
            raise OutsiderRefused(
                worded(
                    _(
                        "%(person)s works in the line above %(nominee)s. Choose somebody from elsewhere or from the "
                        "%(office)s."
                    ),
                    person=person.name,
                    nominee=nominee.name,
                ),
                reason="objection.handler-from-above",
            )

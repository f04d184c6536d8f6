"""What a notice must contain, when objections still count, and who may handle one: somebody from outside the nominee."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from zhengyou.base.refusals import Refused
from zhengyou.identity import queries as identity
from zhengyou.notices.models import Notice, Objection
from zhengyou.organisations import queries as organisations
from zhengyou.organisations.models import Organisation, Person

LONGEST_DEEDS = 1500
LONGEST_TEXT = 2000
MOST_WORKING_DAYS = 60


class NoticeRefused(Refused):
    """The notice cannot be published so."""

    reason = "notice"


class ObjectionRefused(Refused):
    """The objection cannot be taken, or its next step is another one."""

    reason = "objection"


class OutsiderRefused(Refused):
    """Somebody of the nominee's own organisation, or set over it, would handle an objection to it."""

    reason = "outsider"


def end_of(day: date) -> datetime:
    """24:00 of that day where the campaign runs."""
    return datetime.combine(day + timedelta(days=1), time(), tzinfo=ZoneInfo(settings.TIME_ZONE))


def check_may_publish(
    *, texts: dict[str, str], mail: str, snapshot: dict[str, Any], working_days: int, already: Notice | None
) -> None:
    """A notice is published once, says everything a reader needs, and runs for a sensible time.

    `texts` holds title, basis, route, receiving_body, phone and address.
    """
    if already is not None:
        raise NoticeRefused(
            _("This has already been published, as notice %(year)d-%(number)d.")
            % {"year": already.year, "number": already.number}
        )
    if not all(text.strip() for text in texts.values()):
        raise NoticeRefused(
            _("A notice needs a title, its basis and route, and the body that takes objections with phone and address.")
        )
    for field, text in {**texts, "mail": mail}.items():
        longest = getattr(Notice._meta.get_field(field), "max_length", None)
        if longest and len(text) > longest:
            raise NoticeRefused(_("One of the notice's lines is longer than %(most)d characters.") % {"most": longest})
    if not 1 <= working_days <= MOST_WORKING_DAYS:
        raise NoticeRefused(_("A notice runs for 1 to %(most)d working days.") % {"most": MOST_WORKING_DAYS})
    check_snapshot(snapshot)


def check_snapshot(snapshot: dict[str, Any]) -> None:
    """Each nominee stands once, with a name and deeds of bearable length; nobody at all needs a reason."""
    nominees = snapshot["nominees"]
    if not nominees and not snapshot.get("reason_for_none", "").strip():
        raise NoticeRefused(_("Nobody is put forward. That is allowed: say why, or add candidates."))
    if len({nominee["key"] for nominee in nominees}) < len(nominees):
        raise NoticeRefused(_("Somebody stands in the notice twice. Take one of the two out."))
    for nominee in nominees:
        check_deeds(nominee["deeds"])


def check_deeds(deeds: str) -> None:
    """Deeds are told, in 1,500 characters at most."""
    if not deeds.strip():
        raise NoticeRefused(_("Say what the candidate did: its deeds, in plain facts."))
    if len(deeds) > LONGEST_DEEDS:
        raise NoticeRefused(
            _("The deeds have %(count)d characters. Shorten them to %(most)d.")
            % {"count": len(deeds), "most": LONGEST_DEEDS}
        )


def check_may_object(notice: Notice, *, nominee: str, content: str, arrived_at: datetime, at: datetime) -> None:
    """Objections count by arrival: from publication to the end of the last day. Concrete anonymous ones too."""
    if not notice.published_at <= arrived_at <= at:
        raise ObjectionRefused(
            _("An objection arrives after the notice was published and not in the future. Correct the time of arrival.")
        )
    if arrived_at >= notice.closes_at:
        raise ObjectionRefused(
            _("The notice ran until the end of %(day)s, and objections count by arrival. Turn to %(body)s: %(phone)s.")
            % {"day": date_format(notice.ends_on), "body": notice.receiving_body, "phone": notice.phone}
        )
    if nominee and nominee not in {row["key"] for row in notice.nominees}:
        raise ObjectionRefused(
            _("This notice names no such candidate. Choose one of those it names, or the notice as a whole.")
        )
    _check_text(content, _("Say what you object to: what happened, when and where."))


def check_objector(name: str, contact: str) -> None:
    """Name and contact are optional, and short."""
    for field, text in (("name", name), ("contact", contact)):
        longest = getattr(Objection._meta.get_field(field), "max_length", 0)
        if len(text.strip()) > longest:
            raise ObjectionRefused(_("Name or contact is longer than %(most)d characters.") % {"most": longest})


def check_is_same_objection(known: Objection, *, notice: Notice, nominee: str, content: str) -> None:
    """A form sent twice is one objection; a changed text needs a form of its own."""
    if (known.notice_id, known.nominee, known.content) != (notice.pk, nominee, content.strip()):
        raise ObjectionRefused(
            _("This form has already been sent, as objection %(number)d. To object to more, open the notice again.")
            % {"number": known.number}
        )


def check_may_register(objection: Objection) -> None:
    """What has been received is registered, once."""
    if objection.state != Objection.State.RECEIVED:
        raise ObjectionRefused(_("This objection has already been registered."))


def check_may_check(objection: Objection, finding: str) -> None:
    """What is registered is checked, once, with a finding."""
    if objection.state == Objection.State.RECEIVED:
        raise ObjectionRefused(_("Register this objection first, then have it checked."))
    if objection.state != Objection.State.REGISTERED:
        raise ObjectionRefused(_("This objection has already been checked."))
    _check_text(finding, _("Write what the check found."))


def check_may_rule(objection: Objection) -> None:
    """What has been checked is ruled on, once."""
    if objection.state in {Objection.State.RECEIVED, Objection.State.REGISTERED}:
        raise ObjectionRefused(_("This objection has not been checked yet. Have somebody from outside check it first."))
    if objection.state != Objection.State.CHECKED:
        raise ObjectionRefused(_("This objection has already been ruled on."))


def check_may_answer(objection: Objection, answer: str) -> None:
    """What has been ruled on is answered, once."""
    if objection.state == Objection.State.ANSWERED:
        raise ObjectionRefused(_("This objection has already been answered."))
    if objection.state != Objection.State.RULED:
        raise ObjectionRefused(_("Rule on this objection first: upheld or not. Then answer it."))
    _check_text(answer, _("Write the answer that the objector will read."))


def check_is_outside(person: Person, nominees: Iterable[Organisation], on: date) -> None:
    """Objections are handled from outside the nominee.

    Nobody who belongs to the nominee or to something below it, or holds a post there, has a part in it; who belongs
    to something above it has one only as a member of the campaign office.
    """
    homes = [person.organisation, *[post.organisation for post in organisations.posts_of(person, on)]]
    is_office = identity.is_office(person, on)
    for nominee in nominees:
        if any(home.path.startswith(nominee.path) for home in homes):
            raise OutsiderRefused(
                _("%(person)s belongs to %(nominee)s. Somebody from outside it must do this.")
                % {"person": person.name, "nominee": nominee.name}
            )
        if not is_office and any(nominee.path.startswith(home.path) for home in homes):
            raise OutsiderRefused(
                _("%(person)s works in the line above %(nominee)s. Choose somebody from elsewhere or from the office.")
                % {"person": person.name, "nominee": nominee.name}
            )


def _check_text(text: str, missing: Any) -> None:
    if not text.strip():
        raise ObjectionRefused(missing)
    if len(text) > LONGEST_TEXT:
        raise ObjectionRefused(
            _("This text has %(count)d characters. Shorten it to %(most)d.")
            % {"count": len(text), "most": LONGEST_TEXT}
        )

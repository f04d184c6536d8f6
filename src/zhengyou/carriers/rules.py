"""What a carrier and its content of a cycle must say, and who may be shown as an example."""

from collections.abc import Collection, Sequence
from datetime import date

from django.utils.translation import gettext_lazy as _

from zhengyou.base.refusals import Refused
from zhengyou.base.texts import check_texts
from zhengyou.base.words import day_said
from zhengyou.campaigns.models import Campaign, Cycle
from zhengyou.campaigns.ruleset import Rules
from zhengyou.carriers.models import Carrier, CarrierYear, DemonstrationUnit
from zhengyou.organisations import rules as organisations
from zhengyou.organisations.models import Organisation
from zhengyou.organisations.tree import is_within

MOST_UNITS = 500  # named one by one; whoever takes part with everything below counts as one


class CarrierRefused(Refused):
    """The carrier, its content or the demonstration unit cannot be like this."""


def check_carrier(*, name: str, kind: str, ruleset: Rules) -> str:
    """A carrier has a name, and one of the kinds that the campaign knows. Returns the name trimmed."""
    if kind not in {one.id for one in ruleset.carrier_kinds}:
        raise CarrierRefused(_("Choose one of the campaign’s kinds of project."), reason="carrier.unknown-kind")
    return check_texts(CarrierRefused, Carrier, _("Give the project a name."), name=name)["name"]


def check_name_is_free(is_taken: bool) -> None:
    """Two carriers of one name would be taken for one."""
    if is_taken:
        raise CarrierRefused(
            _("This campaign has a project of this name already. Write its content there, or choose another name."),
            reason="carrier.name-taken",
        )


def check_takes_part(campaign: Campaign, organisations: Collection[Organisation]) -> None:
    """Everybody named belongs to the campaign and has not ended."""
    for one in organisations:
        if one.ended_on is not None or not is_within(one, campaign.organisation):
            raise CarrierRefused(
                _("%(unit)s takes no part in this campaign. Choose a unit that does.") % {"unit": one.name},
                reason="carrier.takes-no-part",
            )


def check_grew_from(carrier: Carrier | None, before: Carrier | None, since_on: date) -> None:
    """A carrier continues one that began no later, of the same campaign, and never itself."""
    if before is None:
        return
    if carrier is not None and before.pk == carrier.pk:
        raise CarrierRefused(_("A project cannot continue itself."), reason="carrier.continues-itself")
    if before.since_on > since_on:
        raise CarrierRefused(
            _("“%(name)s” began later, on %(day)s. Choose an earlier one, or correct the day.")
            % {"name": before.name, "day": day_said(before.since_on)},
            reason="carrier.continues-a-later-one",
        )


def check_goes_on(carrier: Carrier) -> None:
    """A carrier that has ended is not changed any more."""
    if carrier.ended_on is not None:
        raise CarrierRefused(
            _("This project ended on %(day)s. Begin a new one that continues it.")
            % {"day": day_said(carrier.ended_on)},
            reason="carrier.ended",
        )


def check_year(*, content: str, what_is_new: str, units: Sequence[Organisation]) -> dict[str, str]:
    """A carrier's cycle says what is done and who takes part. Returns the texts trimmed."""
    needed = check_texts(CarrierRefused, CarrierYear, _("Say what is done in this cycle."), content=content)
    if not units:
        raise CarrierRefused(_("Name the units that take part."), reason="carrier.nobody-takes-part")
    if len(units) > MOST_UNITS:
        raise CarrierRefused(
            _("These are %(count)d units. Name those above them, with everything below; at most %(most)d.")
            % {"count": len(units), "most": MOST_UNITS},
            reason="carrier.too-many-units",
        )
    return needed | check_texts(CarrierRefused, CarrierYear, what_is_new=what_is_new)


def check_cycle(carrier: Carrier, cycle: Cycle) -> None:
    """The content belongs to a cycle of the carrier's own campaign that is not closed."""
    if cycle.campaign_id != carrier.campaign_id or cycle.is_closed:
        raise CarrierRefused(
            _("Content is written for a cycle of this campaign that is not closed."), reason="carrier.other-cycle"
        )


def check_designation(*, criteria: str, designated_by: str, is_one_already: bool) -> dict[str, str]:
    """A unit is shown as an example once, against criteria, by a body that is named. Returns the texts trimmed."""
    if is_one_already:
        raise CarrierRefused(
            _("This unit is a model unit already. End that first, or leave it."),
            reason="demonstration-unit.already",
        )
    missing = _("Name the criteria and the body that designated the unit.")
    texts = {"criteria": criteria, "designated_by": designated_by}
    return check_texts(CarrierRefused, DemonstrationUnit, missing, **texts)


def check_end(row: Carrier | DemonstrationUnit, begun_on: date, on: date, reason: str, today: date) -> str:
    """Something ends once, not before it began and not in advance, with a reason that everybody reads. Returns the reason trimmed."""
    if row.ended_on is not None:
        raise CarrierRefused(
            _("It ended already, on %(day)s.") % {"day": day_said(row.ended_on)}, reason="carrier.ended-already"
        )
    if on < begun_on:
        raise CarrierRefused(
            _("It began on %(day)s. It cannot end before.") % {"day": day_said(begun_on)},
            reason="carrier.ends-before-it-begins",
        )
    organisations.check_has_come(on, today)
    missing = _("Say why it ends. Everybody reads it.")
    return check_texts(CarrierRefused, type(row), missing, end_reason=reason)["end_reason"]

"""Who promises for themselves, who records what was said aloud, who is exempt, who reviews. Residents and minors never have any."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from django.utils.translation import gettext_lazy as _

from zhengyou.base.deeds import two_people
from zhengyou.base.refusals import Refused, allows
from zhengyou.base.texts import check_texts
from zhengyou.base.time import year_is_over_on
from zhengyou.base.words import day_said
from zhengyou.campaigns import queries as campaigns
from zhengyou.campaigns import rules as campaign_rules
from zhengyou.campaigns.calendar import Calendar
from zhengyou.campaigns.models import Cycle
from zhengyou.campaigns.ruleset import Purpose
from zhengyou.identity import rules as identity_rules
from zhengyou.organisations.models import Organisation, Person
from zhengyou.organisations.vocabulary import worded
from zhengyou.remarks.rules import check_public_texts
from zhengyou.vows.models import Vow, VowItem, VowText

MOST_ITEMS = 10  # the pack advises two to five; more than ten nobody reads


class VowRefused(Refused):
    """The member's promise cannot be taken, recorded or reviewed like this."""


def check_may_promise(calendar: Calendar, person: Person, day: date, *, is_of_age: bool, is_returned: bool) -> None:
    """Members of the campaign promise while the stage is open; what was sent back is mended as long as the cycle runs."""
    cycle = calendar.cycle
    campaign_rules.check_takes_part(cycle, person.organisation)
    check_asks_members(cycle)
    check_is_member(person)
    if not is_of_age:
        raise VowRefused(
            _("Only people aged 18 or over make public promises. Tick that this is so."),
            reason="vow.minor",
        )
    if is_returned:
        campaign_rules.check_under_way(cycle)
    else:
        calendar.check_open(Purpose.PROMISE, day)


def check_asks_members(cycle: Cycle) -> None:
    """A campaign whose rules advise no number to single people asks none of them."""
    if not cycle.ruleset.commitments.member_most:
        raise VowRefused(
            _("In this campaign units make promises; individuals do not."), reason="vow.not-in-this-campaign"
        )


def check_is_member(person: Person) -> None:
    """Residents, guests and staff without membership are judged by nobody and promise nothing in public."""
    if person.membership not in Person.Membership.values or person.left_on:
        raise VowRefused(
            worded(_("%(name)s is no %(member)s here, and so makes no public promise."), name=person.name),
            reason="vow.not-a-member",
        )


def check_can_be_replaced(vow: Vow | None) -> None:
    """What waits for its review, or was sent back, is handed in anew by whose it is; what is published stays."""
    if vow and vow.state == Vow.State.PUBLISHED:
        raise VowRefused(
            _("These promises are published already and can no longer be changed."), reason="vow.published"
        )


def check_may_record_over(vow: Vow | None, by: Person, *, has_items: bool) -> None:
    """A recording never takes the place of what the member wrote, nor of what another one recorded and nobody has reviewed, nor
    does it end an exemption; the sentence on that does not tell who is exempt.
    """
    if vow is None:
        return
    if has_items and vow.mode == Vow.Mode.WRITTEN:
        raise VowRefused(
            _("%(name)s has written this with their own hand. Nobody writes over it: only they can change it.")
            % {"name": vow.person.name},
            reason="vow.own-words",
        )
    if vow.state == Vow.State.EXEMPT:
        raise VowRefused(
            _("In this cycle nobody writes anything down for %(name)s: only they themselves can promise something.")
            % {"name": vow.person.name},
            reason="vow.no-record-over-an-exemption",
        )
    if has_items and vow.state == Vow.State.PROPOSED and vow.recorder_id != by.pk:
        raise VowRefused(
            _("Somebody else has written down what %(name)s promised, and it waits for its review. Let it be reviewed.")
            % {"name": vow.person.name},
            reason="vow.recorded-by-another",
        )


def check_takes_a_record(vow: Vow | None, by: Person, *, has_items: bool) -> None:
    """What `by` writes down for somebody now would be taken, as far as it hangs on what is there already."""
    check_may_record_over(vow, by, has_items=has_items)
    check_can_be_replaced(vow)


def check_may_answer_record(vow: Vow, by: Person) -> None:
    """Whose name stands there says, once, whether what others wrote down or decided about them is so."""
    if by.pk != vow.person_id:
        raise identity_rules.RoleRefused(
            _("Only the person whose promises these are can say this."), reason="vow.of-somebody-else"
        )
    if vow.owned_at or vow.disowned_at or not (vow.recorder_id or vow.state == Vow.State.EXEMPT):
        raise VowRefused(
            _("Nobody has written anything in your name here that waits for your word."), reason="vow.nothing-to-answer"
        )


def check_may_disown(vow: Vow) -> None:
    """Only a recording can be denied; whoever is exempt and wants to promise hands in promises."""
    if vow.state == Vow.State.EXEMPT:
        raise VowRefused(
            _("You are exempt. If you want to promise all the same, hand in your promises."), reason="vow.is-exempt"
        )


def check_items(items: Sequence[VowText], cycle: Cycle, day: date) -> list[VowText]:
    """At least one promise, each with what and by what one sees it, due from today on inside the cycle. Returns them trimmed."""
    if not 1 <= len(items) <= MOST_ITEMS:
        raise VowRefused(_("Write one to %(most)d promises.") % {"most": MOST_ITEMS}, reason="vow.too-few-or-many")
    campaign_rules.check_has_days_left(cycle, day)
    kept = []
    for item in items:
        missing = _("Say what each promise is, and how others can see that it is kept.")
        said = check_public_texts(VowRefused, VowItem, missing, what=item.what, standard=item.standard)
        if not max(day, cycle.starts_on) <= item.due_on <= cycle.ends_on:
            raise VowRefused(
                _("The day by which this is done lies outside the cycle or has passed. Choose one until %(last)s.")
                % {"last": day_said(cycle.ends_on)},
                reason="promise.due-outside-the-cycle",
            )
        kept.append(replace(item, what=said["what"], standard=said["standard"], aim=_aim_of(item, cycle)))
    return kept


def _aim_of(item: VowText, cycle: Cycle) -> str:
    """The aim of the piece that it serves, else the one it names. Raises for what the cycle does not know."""
    campaign_rules.check_piece_number(item.piece, cycle)
    if item.aim and item.aim not in {aim.id for aim in cycle.ruleset.aims}:
        raise VowRefused(_("Choose one of the campaign’s aims, or none."), reason="promise.unknown-aim")
    pieces = {one.number: one for one in campaigns.central_work(cycle)} if item.piece else {}
    return pieces[item.piece].aim if item.piece else item.aim


def check_may_record(person: Person, by: Person, day: date) -> None:
    """What somebody promised aloud is written down by another one of the same unit, or of a level above; never from below."""
    own = _("Whoever promised does not record it. Write it yourself, or let somebody else record and read it back.")
    two_people(person.pk, by, VowRefused(own, reason="promise.recorder-is-promisor"))
    if by.organisation_id != person.organisation_id and not may_lead(by, person.organisation, day):
        raise identity_rules.RoleRefused(
            _("Only somebody of %(name)s itself, or who leads a level above, writes down what is promised there.")
            % {"name": person.organisation.name},
            reason="role.not-of-the-unit",
        )


def check_read_back(read_back_on: date, cycle: Cycle, day: date) -> None:
    """It was read back within the cycle, and not in the future."""
    if read_back_on > day:
        raise VowRefused(
            _("This day lies ahead. Write down on which day you read it back."), reason="vow.read-back-ahead"
        )
    if read_back_on < cycle.starts_on:
        raise VowRefused(
            worded(
                _("The cycle began on %(day)s. Write down on which day since then you read it back."),
                day=day_said(cycle.starts_on),
            ),
            reason="vow.read-back-before-the-cycle",
        )


def check_leads(by: Person, unit: Organisation, day: date) -> None:
    """Who leads the unit, or somebody of a level above. Raises RoleRefused."""
    if not may_lead(by, unit, day):
        raise identity_rules.RoleRefused(
            worded(
                _("Only the %(secretary)s of %(name)s, or somebody who leads a level above, may do this."),
                name=unit.name,
            ),
            reason="role.not-leading",
        )


def may_lead(by: Person, unit: Organisation, day: date) -> bool:
    """Whether somebody leads the unit or is of a level above it."""
    return allows(identity_rules.check_is_secretary, by, unit, day) or allows(
        identity_rules.check_may_enter_for, by, unit, day
    )


def may_read_reason(by: Person, unit: Organisation, day: date) -> bool:
    """Whether somebody reads why a member is exempt, which may be an illness: the unit's committee and who leads above, no office."""
    return identity_rules.may_read_of_people(by, unit, day)


def check_exempts_another(person: Person, by: Person) -> None:
    """A member is exempted, and never by themselves."""
    check_is_member(person)
    own = _("You cannot exempt yourself. Somebody of the level above can.")
    two_people(person.pk, by, VowRefused(own, reason="vow.own-exemption"))


def check_may_exempt(person: Person, by: Person, reason: str, day: date) -> str:
    """Who leads the unit, or a level above, exempts a member, never themselves, with a reason that is not public. Returns it."""
    check_exempts_another(person, by)
    check_leads(by, person.organisation, day)
    missing = _("Say why this person is exempt. Only the unit and the level above read it.")
    return check_texts(VowRefused, Vow, missing, exempt_because=reason)["exempt_because"]


def no_exemption() -> VowRefused:
    """There is none to end, or somebody has ended it."""
    return VowRefused(
        _("This person is not exempt, or somebody has ended that already. Look at the list once more."),
        reason="vow.is-not-exempt",
    )


def check_may_end_exemption(vow: Vow, by: Person, day: date) -> None:
    """Who leads the unit, or a level above, ends an exemption in a cycle under way; whoever is exempt hands in promises instead."""
    if vow.state != Vow.State.EXEMPT:
        raise no_exemption()
    campaign_rules.check_under_way(vow.cycle)
    own = _("You are exempt. If you want to promise all the same, hand in your promises.")
    two_people(vow.person_id, by, VowRefused(own, reason="vow.is-exempt"))
    check_leads(by, vow.organisation, day)


def check_may_review(vow: Vow, by: Person, day: date) -> None:
    """Who leads the unit reviews, or the level above; never the one who promised, nor the one who recorded it."""
    if vow.state != Vow.State.PROPOSED:
        raise VowRefused(
            _("These promises are no longer waiting for a review. Look at where they stand now."),
            reason="review.no-longer-waiting",
        )
    own = _("These are your own promises. Somebody of the level above reviews them.")
    two_people(vow.person_id, by, VowRefused(own, reason="review.own-proposal"))
    recorded = _("You recorded these promises yourself. Somebody else reviews them.")
    two_people(vow.recorder_id, by, VowRefused(recorded, reason="review.own-record"))
    check_leads(by, vow.organisation, day)


def check_opinion(opinion: str, *, agrees: bool) -> str:
    """Who sends back says why. Returns it trimmed."""
    missing = "" if agrees else _("Write what should be changed.")
    return check_texts(VowRefused, Vow, missing, opinion=opinion)["opinion"]


def comes_off_on(cycle: Cycle) -> date:
    """The first day on which what members promised in this cycle stands on no page: it stays for a year after the cycle."""
    return year_is_over_on(cycle.ends_on)

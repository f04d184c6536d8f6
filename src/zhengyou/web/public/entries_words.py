"""What the public entries are called, by their deed, and who enters them. A test finds every deed that enters something here."""

from collections.abc import Collection
from typing import Any

from django.utils.translation import gettext_lazy as _

BY: dict[str, Any] = {
    "office": _("the campaign office"),
    "level-above": _("the level above"),
    "scrutineer": _("a scrutineer"),
    "unit": _("the unit itself"),
}
# The part of a campaign that a deed's room belongs to, where it is not the room itself; others belong to every campaign.
ROOMS = dict.fromkeys(("ballots", "counting", "standings"), "polls") | {"notices": "awards"}
ROOMS |= {room: room for room in ("commitments", "awards", "plans", "polls", "paper")}
WORDS: dict[str, Any] = {
    "campaigns.launch_cycle": _("Rules frozen, cycle launched"),
    "campaigns.close_cycle": _("Cycle closed"),
    "commitments.publish_promise": _("Promise published"),
    "commitments.state_outcome": _("Outcome of a promise stated"),
    "ballots.open_poll": _("Appraisal opened"),
    "ballots.extend_poll": _("Appraisal extended"),
    "counting.close_poll": _("Appraisal closed, record published"),
    "scrutiny.sign_word": _("Word of a scrutineer on the record"),
    "counting.void_poll": _("Appraisal declared void"),
    "counting.repeat_poll": _("Appraisal held again"),
    "standings.compute_result": _("Result published"),
    "notices.publish_notice": _("Notice published"),
    "notices.rule_on_objection": _("Objection ruled on"),
    "notices.set_aside_objections": _("Objections that a program sent set aside"),
    "notices.put_back_objections": _("Objections put back that had been set aside"),
    "awards.record_commendation": _("Decision to commend"),
    "awards.give_honour": _("Honour given"),
    "awards.revoke_honour": _("Honour revoked"),
}


def words_in(rooms: Collection[str]) -> list[tuple[str, Any]]:
    """The deeds that a house with these rooms can enter, with their words."""
    return [(deed, words) for deed, words in WORDS.items() if ROOMS.get(deed.partition(".")[0]) in (None, *rooms)]

"""What the public entries are called, by their deed, who enters them, and what they are about, with its address.

A test finds every deed that enters something here.
"""

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from zhengyou.base import entries
from zhengyou.base.models import PublicEntry
from zhengyou.base.numbers import number_words
from zhengyou.base.words import day_said, in_readers_words
from zhengyou.organisations import queries as organisations
from zhengyou.organisations.vocabulary import worded
from zhengyou.polls import queries as poll_queries
from zhengyou.polls.models import Poll
from zhengyou.web.shared.addresses import address
from zhengyou.web.shared.lists import Cell

BY: dict[str, Any] = {
    "office": worded(_("the %(office)s")),
    "level-above": _("the level above"),
    "scrutineer": _("a scrutineer"),
    "unit": _("the unit itself"),
}
# The part of a campaign that a deed's room belongs to, where it is not the room itself; others belong to every campaign.
ROOMS = dict.fromkeys(("ballots", "counting", "standings"), "polls") | {"notices": "awards"}
ROOMS |= dict.fromkeys(("keeping", "vows", "situations"), "commitments")
ROOMS |= {
    room: room
    for room in (
        "leadership",
        "carriers",
        "commitments",
        "consultation",
        "cases",
        "awards",
        "plans",
        "polls",
        "paper",
        "windows",
    )
}
WORDS: dict[str, Any] = {
    "campaigns.launch_cycle": _("Rules frozen, cycle launched"),
    "campaigns.describe_campaign": _("Text about the campaign corrected"),
    "campaigns.cite_document": _("Document of a higher body named"),
    "campaigns.drop_document": _("Document of a higher body taken out"),
    "campaigns.correct_basis": _("Legal basis corrected"),
    "campaigns.correct_themes": _("Themes corrected"),
    "campaigns.correct_windows": _("Stages extended or moved"),
    "campaigns.close_cycle": _("Cycle closed"),
    "campaigns.correct_central_work": _("Central work corrected"),
    "carriers.begin_carrier": _("Project begun"),
    "windows.open_point": _("Service window opened"),
    "windows.change_point": _("Service window corrected"),
    "windows.close_point": _("Service window closed"),
    "windows.reopen_point": _("Service window open again"),
    "windows.give_tablet": _("Tablet at a window given its address"),
    "windows.take_tablet": _("Tablet at a window no longer takes ratings"),
    "carriers.change_carrier": _("Project corrected"),
    "carriers.designate_unit": _("Model unit designated"),
    "carriers.end_carrier": _("Project ended"),
    "carriers.end_designation": _("No longer a model unit"),
    "carriers.write_year": _("Content of a project written"),
    "leadership.form_team": _("Leading team formed"),
    "leadership.change_team": _("Leading team renamed"),
    "leadership.end_team": _("Leading team dissolved"),
    "leadership.name_member": _("Somebody entered into a leading team"),
    "leadership.change_member": _("Entry in a leading team corrected"),
    "leadership.end_member": _("Somebody left a leading team"),
    "leadership.adopt_unit": _("Leader given to a unit"),
    "leadership.release_unit": _("Leader no longer looks after a unit"),
    "commitments.publish_promise": _("Promise published"),
    "commitments.correct_promise": _("Published promise corrected"),
    "commitments.take_off_on_the_spot": _("Promise given on the spot taken off: entered wrongly for the unit"),
    "keeping.uphold_answer": _("Doubt upheld by the level above"),
    "keeping.answer_in_public": _("Unit answered about a promise"),
    "keeping.decide": _("Promise decided on"),
    "keeping.drop_promise": _("Inherited promise dropped"),
    "vows.publish_vow": _("Promises of a person published"),
    "situations.publish_report": _("Situation report published"),
    "commitments.state_outcome": _("Outcome of a promise stated"),
    "consultation.publish_plan": _("Draft plan published"),
    "consultation.publish_version": _("Next version of a plan published"),
    "consultation.prolong_consultation": _("Time for comments on a plan extended"),
    "consultation.adopt_plan": _("Plan adopted"),
    "cases.assign_case": _("Case given to a unit"),
    "cases.pass_on": _("Case passed on, “not ours”"),
    "cases.take_on": _("Case taken on"),
    "cases.settle_owner": _("Level above decided whose case it is"),
    "cases.say_fixed": _("Unit says a case has been put right"),
    "cases.say_impossible": _("Unit says a case cannot be done"),
    "cases.answer_impossible": _("Level above decided whether a case can be done"),
    "cases.pause_clock": _("Time limit of a case paused"),
    "cases.ask_for_pause": _("Unit asks to pause the time limit of a case"),
    "cases.deny_pause": _("Time limit of a case runs on"),
    "cases.start_clock": _("Time limit of a case resumed"),
    "cases.close_silent": _("Case closed by another unit, without a verdict"),
    "cases.confirm_reader": _("Reader of confidential reports changed"),
    "cases.confirm_giving": _("Reports that nobody could read given to the people named now"),
    "cases.change_kind": _("Kind of a case corrected"),
    "cases.black_out_words": _("Words of a report blacked out, because they name or insult somebody"),
    "cases.hide_words": _("Public words about a case hidden, because they name or insult somebody"),
    "cases.release_reader": _("Somebody no longer reads confidential reports"),
    "cases.answer_aside": _("Reports set aside by two people"),
    "cases.undo_aside": _("Reports brought back that had been set aside"),
    "cases.count_week": _("Weekly count of cases and waiting reports"),
    "ballots.open_poll": _("Appraisal opened"),
    "ballots.extend_poll": _("Appraisal extended"),
    "counting.close_poll": _("Appraisal closed, record published"),
    "scrutiny.sign_word": _("A scrutineer’s statement on the record"),
    "counting.void_poll": _("Appraisal declared void"),
    "counting.repeat_poll": _("Appraisal held again"),
    "standings.compute_result": _("Result published"),
    "notices.publish_notice": _("Notice published"),
    "notices.rule_on_objection": _("Objection ruled on"),
    "notices.correct_notice": _("Notice corrected"),
    "notices.withdraw_notice": _("Notice withdrawn"),
    "notices.correct_ruling": _("Ruling on an objection reversed"),
    "notices.set_aside_objections": _("Objections that a program sent set aside"),
    "notices.put_back_objections": _("Objections put back that had been set aside"),
    "awards.record_commendation": _("Decision to commend"),
    "awards.give_honour": _("Honour given"),
    "awards.correct_decision": _("Decision corrected"),
    "awards.revoke_honour": _("Honour revoked"),
}


def words_in(rooms: Collection[str]) -> list[tuple[str, Any]]:
    """The deeds that a house with these rooms can enter, with their words."""
    return [(deed, words) for deed, words in WORDS.items() if ROOMS.get(deed.partition(".")[0]) in (None, *rooms)]


@dataclass(frozen=True)
class News:
    """Entries of one kind of one day: what they are called, how many, and what the newest of them is about."""

    what: Any
    day: date
    count: int
    about: Cell
    number: int


def newest_in_words(most: int) -> list[News]:
    """The newest entries, those of one kind and day as one. Four queries."""
    counts = {last: n for _what, _day, n, last in entries.newest_kinds(most)}
    rows = entries.entries_numbered(list(counts)) if counts else []
    names = names_of(rows)
    return [
        News(WORDS.get(row.what, row.what), row.day, counts[row.number], about(row, names), row.number) for row in rows
    ]


def names_of(rows: Iterable[PublicEntry]) -> dict[str, Cell]:
    """What these entries are about, by reference, as a name that leads to its page. Two queries at most."""
    references = {row.about for row in rows}
    codes = [one.removeprefix("organisation:") for one in references if one.startswith("organisation:")]
    units = {
        f"organisation:{row.code}": Cell(row.name, address("public-organisation", row.code))
        for row in organisations.organisations_by_code(codes).values()
    }
    return units | (names_of_polls() if any(one.startswith("poll:") for one in references) else {})


def names_of_polls() -> dict[str, Cell]:
    """All polls by reference, each as a name that leads to its page."""
    return {row.reference: Cell(in_readers_words(row.name), _page_of(row)) for row in poll_queries.polls_with_drafts()}


def _page_of(poll: Poll) -> str:
    """Where everybody reads of a poll: of one that rates persons only that it was held."""
    return f"{address('public-polls')}#{poll.key}" if poll.is_of_persons else address("booth", poll.key)


def about(row: PublicEntry, names: dict[str, Cell]) -> Cell:
    """A notice is named by its number, a count by its week: both stand in the entry; their references say nothing to people."""
    if row.what.startswith("notices."):
        content = json.loads(row.document)["content"]
        number = content.get("notice") or [content["year"], content["number"]]
        return Cell(
            _("Notice %(number)s") % {"number": number_words(*map(int, number))}, address("public-notice", *number)
        )
    if row.what == "cases.count_week":
        week = date.fromisoformat(json.loads(row.document)["content"]["week"])
        return Cell(_("week of %(day)s") % {"day": day_said(week)}, address("public-case-figures"))
    if row.what.startswith("awards.") and row.about not in names:
        return _honour_or_decision(json.loads(row.document)["content"], row)
    return names.get(row.about, Cell(row.about))


def _honour_or_decision(content: dict[str, Any], row: PublicEntry) -> Cell:
    """An honour by the code of its certificate, a decision by its number, a correction of one by nothing but the entry's own id."""
    if "code" in content:
        return Cell(_("Certificate %(code)s") % content, address("public-honour", content["code"]))
    return Cell(content.get("number") or row.about)

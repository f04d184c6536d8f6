"""The paragraphs of help of pages about people: the roster, who committed in public, what was said of them. `help_words` takes it in."""

from typing import Any

from django.utils.translation import gettext_lazy as _

OF_PERSONS: dict[str, Any] = {
    "office-poll-plan-persons": _(
        "An appraisal in which people are rated by the rules’ items for people. Nothing about a person "
        "is ever published: each reads their own result, and so do those who lead the unit or answer "
        "for it and the level above. Everybody sees that it was held."
    ),
    "desk-person-results": _(
        "What appraisals of people said of you, and of people of units that you lead or answer for. "
        "Nobody else sees it: no page, list or file of this system shows it to others. From ten ballots "
        "of a pool on there is a score, from five on one band."
    ),
    "desk-person-unit": _(
        "What one appraisal said of the people of this unit, by name and in no order of marks. It is for those who lead the unit or "
        "answer for it and for the level above; each of these people reads their own part. Keep it to yourself."
    ),
    "office-pledges": _(
        "People who made a public commitment, in their own name: only they can be judged in an "
        "appraisal of people. Everybody sees on the page of their unit the post, the name, where and "
        "when; the rest of this list is seen by the office alone. It stays there until a year after the "
        "cycle."
    ),
    "office-pledge-enter": _(
        "Enter together those who committed on the same day at the same place. Whoever stands in the list already stays as they are, so "
        "that a list can be sent twice. Everybody reads post, name, place and day on the page of the unit."
    ),
    "office-pledge-correct": _(
        "Mend the day, the place or how it can be looked up. The journal keeps who changed it and what stood there before; the page of "
        "the unit shows the new words at once."
    ),
    "office-people": _(
        "Everybody on the roster; those who have left stand apart. Only the office sees this list. Open somebody to correct a name "
        "or a number, or tick several to move them, or to write down that they have left."
    ),
    "office-people-many": _(
        "Look at the list once more: this happens to all of them on the same day and for the same reason, or to nobody. It can be "
        "undone for a day, for all of them together or for each on their own page."
    ),
    "office-organisations-many": _(
        "Look at the list once more: this happens to all of them, or to none. What has a day and a reason can be undone for a day, "
        "for all of them together or for each on its own page; a kind or sector is corrected without, and stands in the journal."
    ),
    "office-person-enter": _(
        "For one who is new. Many at once come in faster with a workbook, on the page “Import lists”. Only the office sees whom you "
        "enter; they belong to the organisation at once and vote in every appraisal that opens later."
    ),
    "office-roster-together": _(
        "What was written down for several together, by hand or by an import. For a day it can be undone for all of them, as long as "
        "nothing else was changed at any of them since; the page of each one undoes it for that one alone. New entries of an import stay."
    ),
    "office-person": _(
        "What the system knows of this person. Only the office sees it. Posts are given and ended on "
        "the page “Posts and accounts”."
    ),
    "office-person-change": _(
        "The journal keeps who wrote it down; it can be undone for a day, as long as nothing else was changed here since."
    ),
}

"""The paragraphs of help of pages about people: the roster, who committed in public, what was said of them. `help_words` takes it in."""

from typing import Any

from django.utils.translation import gettext_lazy as _

OF_PERSONS: dict[str, Any] = {
    "office-poll-plan-persons": _(
        "An appraisal that rates people by the items for people in the rules. Nothing about anyone is "
        "ever published: each person reads their own result, and so do those who lead the unit or "
        "answer for it, and the level above. Everybody sees that it was held."
    ),
    "desk-person-results": _(
        "How appraisals rated you, and people in units that you lead or answer for. Nobody else sees "
        "this: no page, list or file shows it to others. From ten ballots in a pool there is a score; "
        "from five, only a band."
    ),
    "desk-person-unit": _(
        "How one appraisal rated the people in this unit, by name and not in order of marks. It is for "
        "those who lead the unit or answer for it, and for the level above; each of these people reads "
        "their own part. Please keep it to yourself."
    ),
    "office-pledges": _(
        "People who made a public commitment in their own name: only they can be rated in an appraisal "
        "of people. On the page of their unit everybody sees post, name, where and when, until a year "
        "after the cycle; only the %(office)s sees the rest of this list."
    ),
    "office-pledge-enter": _(
        "Enter together those who committed on the same day at the same place. Those already in the "
        "list stay as they are, so a list can be sent twice. On the page of the unit, everybody can see "
        "post, name, place and day."
    ),
    "office-pledge-correct": _(
        "Correct the day, the place or how it can be looked up. The journal keeps who changed it and "
        "what it said before; the page of the unit shows the new words at once."
    ),
    "office-people": _(
        "Everybody on the list of people; those who have left are listed apart. Only the %(office)s sees "
        "it. Open somebody to correct a name or a number, or tick several to move them, or to record "
        "that they have left."
    ),
    "office-people-many": _(
        "Look at the list once more: this happens to all of them on the same day and for the same "
        "reason, or to nobody. For a day it can be undone, for all of them together or for each on "
        "their own page."
    ),
    "office-organisations-many": _(
        "Look at the list once more: this happens to all of them, or to none. For a day, whatever has a "
        "day and a reason can be undone, for all together or for each on its own page. A kind or sector "
        "is corrected without these; the journal keeps it."
    ),
    "office-person-enter": _(
        "For somebody who is new. Many at once are quicker with a workbook, on the page “Import lists”. "
        "Only the %(office)s sees whom you enter; they belong to the unit at once and vote in every "
        "appraisal that opens later."
    ),
    "office-roster-together": _(
        "What was written down for several together, by hand or by an import. For a day it can be undone for all of them, as long as "
        "nothing else was changed at any of them since; the page of each one undoes it for that one alone. "
        "Who or what an import entered is taken out by that."
    ),
    "office-person": _(
        "What is on record about this person. Only the %(office)s sees it. Posts are given and ended on the "
        "page “Posts and accounts”."
    ),
    "office-person-change": _(
        "The journal keeps who wrote it down; it can be undone for a day, as long as nothing else was changed here since."
    ),
}

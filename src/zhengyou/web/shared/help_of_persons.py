"""The paragraphs of help of pages about people: the roster, who committed in public, what was said of them. `help_words` takes it in."""

from typing import Any

from django.utils.translation import gettext_lazy as _

OF_PERSONS: dict[str, Any] = {
    "office-poll-plan-persons": _(
        "An appraisal in which persons are rated by the rules’ items for persons. Nothing about a person is ever published: each reads "
        "their own result, and so do those who lead the unit or answer for it and the level above. Everybody sees that it was held."
    ),
    "desk-person-results": _(
        "What appraisals of persons said of you, and of people of units that you lead or answer for. Nobody else sees it: no page, list "
        "or file of this house shows it to others. From ten ballots of a pool on there is a score, from five on one band."
    ),
    "desk-person-unit": _(
        "What one appraisal said of the people of this unit, by name and in no order of marks. It is for those who lead the unit or "
        "answer for it and for the level above; each of these people reads their own part. Keep it to yourself."
    ),
    "office-pledges": _(
        "People who made a commitment in public, in their own name: only they can be judged in an appraisal of persons. Everybody sees "
        "on the page of their unit the post, the name, where and when; the rest of this list is seen by the office alone. It stays "
        "there until a year after the cycle."
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
    "office-person-enter": _(
        "For one who is new. Many at once come in faster with a workbook, on the page “Read in lists”. Only the office sees whom you "
        "enter; they belong to the organisation at once and vote in every appraisal that opens later."
    ),
    "office-roster-together": _(
        "What was written down for several people together. For a day it can be undone for all of them, as long as nothing else was "
        "changed at any of them since; each page of a person undoes it for that one alone."
    ),
    "office-person": _(
        "What the house knows of this person. Only the office sees it. Posts are given and ended on the page “Posts and accounts”."
    ),
    "office-person-change": _(
        "The journal keeps who wrote it down; it can be undone for a day, as long as nothing else was changed here since."
    ),
    "desk-grades": _(
        "Your own year: your words on it, and the grade that your unit’s committee decided. Besides you "
        "the committee and the level above know it. Nobody else does, and no list or page of the house shows it."
    ),
    "desk-grade-words": _(
        "Your committee reads these words before it decides; nobody else does. You can change them until your grade is decided. "
        "Whoever keeps the database of this house could read them too, as with everything that is stored."
    ),
    "desk-grade-object": _(
        "You may object once, within the days of the rules. The level above reads it, asks whom it must, and answers with its reason. "
        "A changed grade stands beside the old one."
    ),
    "desk-grade-unit": _(
        "What the committee decided, entered in one go or in several. Everybody reads their own grade at the desk; whoever does not "
        "is told in a talk. Nobody enters their own: the level above does. This committee and the levels above read it, the office never."
    ),
    "desk-grade-list": _(
        "The grades of this unit as a file for its own committee. It names people: keep it where nobody else reads it, and delete it "
        "when you no longer need it."
    ),
    "desk-grade-units": _(
        "How far the units below yours are, in numbers, with the way to each. Only those who lead a level above open it; heads of "
        "units wait for you here, as nobody enters their own grade."
    ),
    "desk-grade-correct": _(
        "For what was entered wrongly, until the person has been told. Afterwards only an objection can change a grade."
    ),
    "desk-grade-tell": _(
        "For whoever does not come to the desk. Tell them in private what was decided and that they may object; then write the day down."
    ),
    "desk-grade-answer": _(
        "Ask the committee, the person and others before you answer. The answer is final. If the grade changes, both stand side by "
        "side, and the person is told anew."
    ),
    "office-grades": _(
        "Which units have decided, in numbers. The office sees no grade: it reads here whom it may remind. Who is graded must have "
        "committed in public in this cycle."
    ),
}

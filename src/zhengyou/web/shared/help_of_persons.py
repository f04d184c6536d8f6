"""The paragraphs of help of pages about persons: who committed in public, and what appraisals said of them. `help_words` takes them in."""

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
}

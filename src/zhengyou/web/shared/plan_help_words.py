"""The paragraphs of help of the desk's and the office's pages about plans, by the name of their address."""

from typing import Any

from django.utils.translation import gettext_lazy as _

PLAN_HELP: dict[str, Any] = {
    "office-plans": _(
        "Every plan of this cycle and how it stands. A draft is seen by its writers only; a published "
        "plan by everybody. Whoever leads a unit writes its plan and answers its comments at the desk; "
        "late answers are marked here."
    ),
    "office-plans-missing": _(
        "The units of the campaign without a plan that everybody can read; a draft is none yet. Whoever "
        "leads such a unit is shown beside it, so that you can ask. The list can be taken away as a "
        "file."
    ),
    "desk-plans": _(
        "Drafts of your own unit appear here before everybody can read them: say what should be "
        "otherwise. Whoever leads a unit also writes its plans here, and answers what people say."
    ),
    "desk-plan-begin": _(
        "Paste the whole text: it is split into numbered paragraphs, which you can then reword, split, join and move. "
        "Only those who write this unit’s plan see the draft, until you publish it."
    ),
    "desk-plan": _(
        "First your own people read the draft, then everybody, at least seven days. Every comment gets "
        "an answer; what is taken up goes into the next version. Then the adoption is entered, and the "
        "plan stands with all its versions."
    ),
    "desk-plan-add": _("Paste one paragraph or several. Nobody else sees them until this version is published."),
    "desk-plan-paragraph": _(
        "However you reword it, it stays the same paragraph: comments on its earlier wording go with "
        "it. Nobody else sees the change until this version is published."
    ),
    "desk-plan-remove": _(
        "Comments on it are not lost: they are shown below “no longer in the text” with your reason. "
        "Until this version is published the paragraph can be put back."
    ),
    "desk-plan-publish": _(
        "From now on the text of this version cannot be changed. What people say goes into the next version."
    ),
    "desk-plan-set-aside": _(
        "Nobody has read this version yet. The published one stays, with its comments and answers."
    ),
    "desk-plan-prolong": _("Everybody sees the new last day at once. It can be moved later again, never earlier."),
    "desk-plan-adopt": _(
        "Write which body adopted the plan and on which day. Everybody reads it on the plan’s page and in the public entries."
    ),
    "desk-plan-remarks": _(
        "What people said, those without an answer first; each is due within ten working days. Tick several that want the same, or "
        "take a whole group, and answer them together. Words are hidden by the level above only, never by the unit they are about."
    ),
    "desk-plan-answer": _(
        "Everybody reads the answer below each of these comments, and whoever sent one finds it at "
        "their own address. It can be mended until the plan is adopted."
    ),
    "desk-plan-answer-change": _(
        "The mended answer is shown below all comments that it answers. What it said before stays in the journal."
    ),
    "desk-plan-read": _(
        "Tap the number of a paragraph to say something to it. No name is kept. Those who answer see the day, and where only few read "
        "a draft, somebody may guess from the words who wrote."
    ),
    "desk-plan-say": _(
        "Your words are looked at first; then everybody who may read this draft reads them, and they get an answer. "
        "No name is kept, only the day."
    ),
}

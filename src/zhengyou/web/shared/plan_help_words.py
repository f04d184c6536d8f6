"""The paragraphs of help of the desk's and the office's pages about plans, by the name of their address."""

from typing import Any

from django.utils.translation import gettext_lazy as _

PLAN_HELP: dict[str, Any] = {
    "office-plans": _(
        "Every plan of this cycle and how it stands. Only its writers see a draft; everybody sees a "
        "published plan. Whoever leads a unit writes its plan and answers comments at the desk; late "
        "answers are marked here."
    ),
    "office-plans-missing": _(
        "The units of the campaign without a plan that everybody can read; a draft does not count. "
        "Beside each is the person who leads it, so that you can ask. The list can be downloaded."
    ),
    "desk-plans": _(
        "Drafts of your own unit appear here before everybody can read them: say what should be "
        "different. Whoever leads a unit also writes its plans here, and answers what people say. A level "
        "above enters here what people wrote on forms."
    ),
    "desk-plan-begin": _(
        "Paste the whole text: it is split into numbered paragraphs, which you can then reword, split, "
        "join and move. Until you publish it, only those who write this unit’s plan see the draft."
    ),
    "desk-plan": _(
        "First your own people read the draft, then everybody, for at least seven days. Every comment "
        "gets an answer; what is taken up goes into the next version. Then the adoption is entered, and "
        "the plan stays public with all its versions."
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
        "What people said, beginning with comments without an answer; each is due within ten working "
        "days. Tick several that want the same, or take a whole group, and answer them together. Only "
        "the level above can hide comments, never the unit they are about."
    ),
    "desk-plan-answer": _(
        "Everybody can read the answer below each of these comments, and whoever sent one finds it at "
        "their own address. It can be corrected until the plan is adopted."
    ),
    "desk-plan-answer-change": _(
        "The corrected answer is shown below all the comments it answers. What it said before stays there too, as the "
        "earlier answer, which everybody can read."
    ),
    "desk-plan-answer-apart": _(
        "What you ticked gets an answer of its own, and whoever sent such a comment finds it at their own address. The "
        "others keep the answer that all of them had. This can be done until the plan is adopted."
    ),
    "desk-plan-read": _(
        "Tap the number of a paragraph to comment on it. No name is kept. Those who answer see the day; "
        "where only a few people read a draft, somebody may guess from the words who wrote them."
    ),
    "desk-plan-say": _(
        "Your words are read first; then everybody who may read this draft sees them, and they get an "
        "answer. No name is kept, only the day."
    ),
}

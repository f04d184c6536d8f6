"""The paragraphs of help of the pages about who leads: teams, contact points. `help_words` takes them in."""

from typing import Any

from django.utils.translation import gettext_lazy as _

LEADING: dict[str, Any] = {
    "office-leading": _(
        "The leading group, its office and the office’s teams, with those who are in them. Everybody sees names and posts on the page "
        "about the campaign. Next: give every leader a unit to look after."
    ),
    "office-leading-team": _(
        "Who is in this team. Everybody sees it with names and posts. Whoever goes stays on record with their days; a new head is "
        "entered when the old one has gone."
    ),
    "office-leading-change": _(
        "The new name stands on the page about the campaign at once; the public entries keep the old one."
    ),
    "office-leading-end": _(
        "Those who are in it are no longer shown. Nothing is deleted, and a new team can be formed at any time."
    ),
    "office-leading-member": _(
        "Correct what is wrong in this entry. Without a last day it goes on; a last day that was a slip is taken out here."
    ),
    "office-contact-points": _(
        "Every unit with whoever answers for it and the leader who looks after it. The public sees who looks after a unit on its page. "
        "Narrow the list to those that have nobody, tick them, and name a leader for all of them at once."
    ),
    "office-contact-leaders": _(
        "Everybody in the leading group, everybody with the post of a leader, and which units they look after. Leaders can also "
        "choose for themselves, at their desk. Whoever has no unit is reminded there."
    ),
    "office-cycle-central-work": _(
        "What the campaign’s own organisation has to get done this year. Every unit says which piece its theme serves. The list is frozen "
        "at the launch; afterwards a piece is reworded or added in public, with the reason, and none is taken out."
    ),
    "office-cycle-served": _(
        "Which pieces of central work and which aims the units’ themes and promises serve, those that nothing serves first. Only the "
        "office sees this table. A piece that nothing serves is worth a word to the units that could."
    ),
    "office-cycle-guidance": _(
        "One or two sentences for each kind of post and each sector, shown where people and units write themes and promises. Chinese and "
        "English may stand with | between them. The launch freezes them with the rules; an empty text gives no guidance."
    ),
    "office-carriers": _(
        "What the campaign is carried by from cycle to cycle. A project keeps its name and its history; "
        "each cycle it gets its content and the units that take part. Everybody can read it. Nothing is "
        "typed anew: carry on from the last cycle, then say what is new."
    ),
    "office-carrier-change": _(
        "What a project is. Its content of each cycle stays as it is; the public entries keep the old wording."
    ),
    "office-carrier-year": _(
        "What is done in this cycle, what is new beside the last, and who takes part. A unit that is "
        "named “with everything below it” brings all units beneath along. Everybody reads it on the "
        "project’s page and on the pages of these units."
    ),
    "office-carrier-end": _(
        "Everybody reads the reason. What the project did stays on its page; a new one can say that it continues it."
    ),
    "office-carriers-reach": _(
        "The units and the kinds of post that none of this cycle’s projects reaches. Only the office "
        "sees this list. Name them in a project, or begin one for them."
    ),
    "office-demonstrations": _(
        "Units that a body designated as examples to look at, with the criteria that everybody can hold "
        "them to. Each is shown on the unit’s page; it ends with a reason, which stands there too."
    ),
    "office-demonstration-end": _(
        "The unit is no longer shown as an example. The reason is shown on its page, and so does that it was one."
    ),
    "desk-contact-points": _(
        "A leader looks after a unit: comes to see it, listens, and is the one to turn to when nothing "
        "moves. Everybody sees on the unit’s page who that is. Your own units appear here with how far "
        "they are, one tap from their pages."
    ),
}

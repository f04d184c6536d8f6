"""The paragraphs of help of the pages about who leads: teams, contact points. `help_words` takes them in."""

from typing import Any

from django.utils.translation import gettext_lazy as _

LEADING: dict[str, Any] = {
    "office-leading": _(
        "The leading group, its office and the office’s teams, with those who are in them. Everybody sees names and posts on the page "
        "about the campaign. Next: give every leader a unit to look after."
    ),
    "office-leading-team": _(
        "Who is in this team. Everybody sees their names and posts. Those who leave stay on record with "
        "their days; a new head is entered once the old one has gone."
    ),
    "office-leading-change": _(
        "The new name stands on the page about the campaign at once; the public entries keep the old one."
    ),
    "office-leading-end": _(
        "Those who are in it are no longer shown. Nothing is deleted, and a new team can be formed at any time."
    ),
    "office-leading-member": _(
        "Correct what is wrong in this entry. Without a last day it goes on; remove a last day here if "
        "it was entered by mistake."
    ),
    "office-contact-points": _(
        "Every unit, with the person who answers for it and the leader who looks after it. The public "
        "sees on a unit’s page who looks after it. Narrow the list to units that have nobody, tick "
        "them, and name a leader for all of them at once."
    ),
    "office-contact-leaders": _(
        "Everybody in the leading group and everybody with the post of a leader, with the units they "
        "look after. Leaders can also choose for themselves, at their desk, and are reminded there if "
        "they have none."
    ),
    "office-cycle-central-work": _(
        "What the unit behind the campaign has to get done this year. Every unit says which "
        "piece its theme serves. The list is frozen at the launch; after that, a piece can be reworded "
        "or added in public, with the reason, but not removed."
    ),
    "office-cycle-served": _(
        "Which pieces of central work and which aims the units’ themes and promises serve, starting "
        "with those that nothing serves. Only the %(office)s sees this table. If nothing serves a piece, it "
        "is worth a word to the units that could."
    ),
    "office-cycle-guidance": _(
        "One or two sentences for each kind of post and each sector, shown where people and units write "
        "themes and promises. Write Chinese and English with | between them. The launch freezes them "
        "with the rules; an empty text gives no guidance."
    ),
    "office-carriers": _(
        "What carries the campaign on from cycle to cycle. A project keeps its name and its history; in "
        "each cycle it gets its content and the units that take part. Everybody can read it. Nothing "
        "needs retyping: carry on from the last cycle, then say what is new."
    ),
    "office-carrier-change": _(
        "What a project is. What was done in each cycle stays as it is; the public entries keep the old wording."
    ),
    "office-carrier-year": _(
        "What is done in this cycle, what is new compared with the last, and who takes part. A unit "
        "named “with everything below it” brings all units beneath it. Everybody can read it on the "
        "project’s page and on the pages of these units."
    ),
    "office-carrier-end": _(
        "Everybody can read the reason. What the project did stays on its page; a new project can say "
        "that it continues this one."
    ),
    "office-carriers-reach": _(
        "The units and kinds of post that none of this cycle’s projects reaches. Only the %(office)s sees "
        "this list. Add them to a project, or begin one for them."
    ),
    "office-demonstrations": _(
        "Units that a body named as examples to visit, with criteria that anybody can check. Each is "
        "shown on the unit’s page; when it ends, the reason is shown there too."
    ),
    "office-demonstration-end": _("The unit is no longer shown as an example. Its page says so and gives the reason."),
    "desk-contact-points": _(
        "A leader looks after a unit and is the one to turn to when nothing moves. "
        "Everybody sees on the unit’s page who that is. Whoever looks after units finds them here with "
        "how they are doing, one tap from their pages."
    ),
}

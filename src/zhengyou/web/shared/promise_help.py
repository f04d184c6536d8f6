"""Help of the desk's pages about promises: written, from paper, reviewed, how they end, those of single people, the situation."""

from typing import Any

from django.utils.translation import gettext_lazy as _

PROMISES: dict[str, Any] = {
    "desk-keeping": _(
        "What waits for you about promises of the units below yours: those given on the spot, those "
        "whose end the unit has reported, and inherited ones a unit wants to drop. Those who lead a unit above decide, "
        "and everybody can read what they decide; its %(office)s reads this page too."
    ),
    "desk-keeping-look": _(
        "A promise given on the spot is public before anybody at the level above has seen it. Say "
        "afterwards what you think of it: everybody sees your opinion beside it, and the promise itself "
        "stays as it is."
    ),
    "desk-keeping-decide": _(
        "Look at the evidence and at what people say, then decide. If there is neither, you can only "
        "decide “nothing shown”, which is counted apart from “not kept”. Everybody can read "
        "your reason. A later decision is shown beside this one."
    ),
    "desk-keeping-uphold": _(
        "If somebody who doubts this promise is right, say so: from today the promise is contested, and "
        "the unit has to answer in public. Everybody can read what you found. This cannot be taken back."
    ),
    "desk-keeping-dropping": _(
        "An earlier cycle left this promise open, and the unit does not want to take it over. If you "
        "consent, it is dropped in public, with the unit’s reason. If not, the unit reads your opinion "
        "and takes it over."
    ),
    "desk-promise-answer": _(
        "More answers said “not kept” than “kept”, or the level above found one of them right, or "
        "decided “not kept” or “nothing shown”. Everybody can read your answer "
        "beside the promise. It is due by the day shown there; after that it is marked as late."
    ),
    "desk-promise-drop": _(
        "What an earlier cycle left open comes first in the new one. If it no longer makes sense, say "
        "why: the level above must consent, and then everybody can read your reason. Until then you "
        "cannot propose the new promises."
    ),
    "desk-promise-on-the-spot": _(
        "For what you promised on the spot: at a meeting, on a visit, after a complaint. It is "
        "published by the end of the next working day; the level above looks at it afterwards. It "
        "cannot be changed, only reported on."
    ),
    "desk-draft": _(
        "What your unit is about to promise, and what the level above says about it. Say what you think "
        "until it is published: only those who write the promises and the level above read it, with "
        "your name."
    ),
    "desk-vow": _(
        "What you promise yourself: things that others can see. Whoever leads your unit looks at it; then "
        "it is on the page of the unit with your name and post, until a year after the cycle. If writing is "
        "hard, let somebody record it."
    ),
    "desk-vows": _(
        "Who in the unit has promised, who waits for your review, and who has not begun. Write down "
        "what somebody promises aloud, and read it back to them; whoever recorded it does not review "
        "it. Only those who lead the unit and the levels above see this list."
    ),
    "desk-vow-colleagues": _(
        "For a colleague who does not write: find their name, write down what they say and read it "
        "back. Only people in your own unit for whom nothing is written yet are listed here, with "
        "nothing but their names. Somebody else reviews it, and the colleague is told."
    ),
    "desk-vow-record": _(
        "For somebody who does not write: write down what they say, read it aloud, and change it until "
        "they agree. Never your own promises. The record names you as the person who read it back; "
        "somebody else reviews it."
    ),
    "desk-vow-exempt": _(
        "For somebody from whom no promise can be expected in this cycle. Only the unit and the level "
        "above know the reason; the public sees only how many are exempt. It changes if promises are "
        "handed in later."
    ),
    "desk-vow-review": _(
        "Agree if others can see whether it is kept; otherwise send it back and say what should be "
        "changed. Once you agree, it is public, with name and post. You never review your own promises, "
        "nor those you recorded."
    ),
    "desk-situation-write": _(
        "Tell everybody how things stand, once in each period set by the campaign’s rules. The report "
        "gets the next number of your unit and cannot be changed; a mistake is put right in the next "
        "one. Anybody can comment on it, and you answer."
    ),
    "desk-submissions": _(
        "What a level above entered for this unit because it came on paper, by phone or in "
        "conversation. Whoever leads the unit and the levels above can see it. If something differs "
        "from what was handed in, an objection is shown beside it until it is settled."
    ),
    "desk-submission-enter": _(
        "Write it exactly as the unit handed it in: it counts as the unit’s own word. Your name is "
        "shown beside it; whoever leads the unit is asked to check it and may object. Ballots are never "
        "entered for anybody."
    ),
    "desk-submission-object": _(
        "Say what differs from what your unit handed in. It is shown beside the entry from now on, and "
        "stays on the list of those who lead the level above until they have said what was done."
    ),
    "desk-submission-settle": _(
        "Say what was done: corrected together with the unit, or why it stays. The unit and the levels "
        "above see both statements beside the entry."
    ),
    "desk-units-below": _(
        "All units below yours, those that need you first. Only those who lead a unit above, and its %(office)s, "
        "see this table. "
        "“Promises doubted” counts promises, not people: a reason to look, not a measurement. The name of a unit "
        "leads to its public page, or, for those who review it, to the review if one is waiting or was sent back. "
        "“Enter papers” shows what the unit owes, and takes what it handed in."
    ),
    "desk-promises": _(
        "The promises of the units you lead, and those waiting for your opinion. Only the unit and the "
        "levels above see drafts; once the level above agrees to all of them they are published. Then "
        "come reports, and people say whether they are kept."
    ),
    "desk-commitment": _(
        "Everything your unit promises this year: its theme, each promise with the opinions on it, and "
        "what can be done next. Until it is published, only your unit and the levels above can read it; "
        "then everybody can, and it can no longer be changed."
    ),
    "desk-theme": _(
        "One sentence for the whole year, and the main work it serves. Everybody sees it on your unit’s "
        "page. You can change it while the stage for promises is open."
    ),
    "desk-promise-write": _(
        "A promise says what will be done, to which standard, for whom, by when, and how a stranger can "
        "see that it is kept. It is a draft until you propose it; then the level above gives its "
        "opinion, and finally everybody can read it."
    ),
    "desk-promise-change": _(
        "Revise the wording of one promise. If it was returned, the opinion of the level above is shown "
        "here. Nobody outside sees it until it is agreed to; when you are done, propose all of them "
        "again."
    ),
    "desk-review-correct": _(
        "A slip in a published promise, corrected by the level above or the %(office)s, never by "
        "those who promised. The old wording stays beside the new one, and everybody can read why."
    ),
    "desk-review": _(
        "You give an opinion on each promise of a unit below yours: agree, or return it and say what to "
        "change. If you agree to all of them, they are published at once for everybody. What you return "
        "goes back to the unit, which revises it and proposes it again."
    ),
    "desk-progress": _(
        "Tell people what has happened to this promise, if possible with a photo. It is published at "
        "once beside the promise, with today’s date, and stays; a later report may correct it. People "
        "then say whether they see it the same way."
    ),
    "desk-outcome": _(
        "Say how the promise ended, and why. Everybody can read it beside what people say about it. A "
        "later statement may correct it; the earlier one stays readable."
    ),
}

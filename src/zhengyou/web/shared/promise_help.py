"""Help of the desk's pages about promises: written, from paper, reviewed, how they end, those of single people, the situation."""

from typing import Any

from django.utils.translation import gettext_lazy as _

PROMISES: dict[str, Any] = {
    "desk-keeping": _(
        "What waits for you about promises of the units below yours: those given on the spot, those whose end the unit has told, and "
        "inherited ones that a unit wants to drop. Only those who lead a unit above see this page. What you decide everybody reads."
    ),
    "desk-keeping-look": _(
        "A promise given on the spot is public before anybody of the level above has seen it. Say "
        "afterwards what you think of it: your opinion is shown beside it for everybody, and the "
        "promise itself stays as it is."
    ),
    "desk-keeping-decide": _(
        "Look at the evidence and at what people say, then decide. Without either you can only say that "
        "nothing was shown; that is counted apart from “not kept”. Everybody reads your reason. A later "
        "decision is shown beside this one."
    ),
    "desk-keeping-uphold": _(
        "If somebody who doubts this promise is right, say so: the promise is contested from today on, and the unit has to answer in "
        "public. Everybody reads what you found. It cannot be taken back."
    ),
    "desk-keeping-dropping": _(
        "An earlier cycle left this promise open, and the unit does not want to take it over. If you consent, it is dropped in "
        "public with the unit’s reason. If you do not, the unit reads your opinion and takes it over."
    ),
    "desk-promise-answer": _(
        "More people said “not kept” than “kept”, or the level above found one of them right, or decided that it was not kept, or that "
        "nothing was shown. Everybody reads your answer beside the promise; you have the days that stand there, and what comes later is "
        "called late."
    ),
    "desk-promise-drop": _(
        "What an earlier cycle left open comes first in the new one. If it no longer makes sense, say why: the level above must "
        "consent, and then everybody reads your reason. Until then you cannot propose the new promises."
    ),
    "desk-promise-on-the-spot": _(
        "For what you promised on the spot: at a meeting, on a visit, after a complaint. It is published at once, by the end of the next "
        "working day after you gave it; the level above looks at it afterwards. It cannot be changed, only reported on."
    ),
    "desk-draft": _(
        "What your unit is about to promise, and what the level above says to it. Say what you think until it is published: those who "
        "write the promises and the level above read it, with your name, and nobody else."
    ),
    "desk-vow": _(
        "What you promise yourself, two to five things that others can see. Whoever leads your unit looks at it; then it stands on the "
        "page of the unit with your name and post, and leaves it a year after the cycle. If writing is hard, let somebody record it."
    ),
    "desk-vows": _(
        "Who of the unit has promised, who waits for your review, who has not begun. Write down what somebody promises aloud, and read "
        "it back to them; whoever recorded it does not review it. Only those who lead the unit and the levels above see this list."
    ),
    "desk-vow-colleagues": _(
        "For a colleague who does not write: find their name, write down what they say and read it back. Here stand those of your own "
        "unit of whom nothing is written yet, and nothing else of them. Somebody else reviews it, and the colleague is told."
    ),
    "desk-vow-record": _(
        "For somebody who does not write: write down what they say, read it aloud, and change it until they agree. Never your own "
        "promises. Your name stands in the record as the one who read it back; another person reviews it."
    ),
    "desk-vow-exempt": _(
        "For somebody from whom no promise can be expected in this cycle. The reason stays inside the unit and the level above; in "
        "public stands only how many are exempt. It can be changed by handing in promises later."
    ),
    "desk-vow-review": _(
        "Agree if others can see whether it is kept, else send it back and say what should be mended. Once you agree it is public, with "
        "name and post. You never review your own promises, nor those you recorded."
    ),
    "desk-situation-write": _(
        "Tell everybody how things stand, once in each period of the campaign’s rules. The report gets the next number of your unit and "
        "cannot be changed; a mistake is put right by the next one. Anybody can say something to it, and you answer."
    ),
    "desk-submissions": _(
        "What a level above entered for this unit because it came on paper, by phone or by word of "
        "mouth. Whoever leads the unit and the levels above see it. Is something not as it was handed "
        "in? An objection is shown beside it until it is settled."
    ),
    "desk-submission-enter": _(
        "Write it exactly as the unit handed it in: it counts as the unit’s own word. Your name is "
        "shown beside it, whoever leads the unit is asked to look at it and may object. Ballots are "
        "never entered for anybody."
    ),
    "desk-submission-object": _(
        "Say what is not as your unit handed it in. It is shown beside the entry from now on, and those "
        "who lead the level above find it on their list until they have said what was done."
    ),
    "desk-submission-settle": _(
        "Say what was done: mended with the unit, or why it stays. Both words are shown beside the "
        "entry for the unit and the levels above."
    ),
    "desk-units-below": _(
        "All units below yours in this campaign, by your post: what they promise, what they report, what people "
        "doubt and what is past its day. Only those who lead a unit above see this table. “Doubted” counts "
        "promises, not people: anybody may answer, so it is a reason to look and no measurement. A unit that waits "
        "for a review leads to the review, every other one to its public page."
    ),
    "desk-promises": _(
        "The promises of the units that you lead, and those that wait for your opinion. Drafts are seen by the unit "
        "and the levels above only; once the level above agrees to all of them they are published. Then come "
        "reports, and people say whether they are kept."
    ),
    "desk-commitment": _(
        "All that your unit promises this year: its theme, each promise with the opinions on it, and what can be "
        "done next. Until it is published only your unit and the levels above read it; afterwards everybody does, "
        "and it can no longer be changed."
    ),
    "desk-theme": _(
        "One sentence for the whole year, and the main work that it serves. Everybody sees it on your unit’s page. "
        "You can change it as long as the stage of promises is open."
    ),
    "desk-promise-write": _(
        "A promise says what is done, to which standard, for whom, by when, and by what a stranger can see that it "
        "is kept. It is a draft until you propose it; then the level above gives its opinion, and at last everybody "
        "reads it."
    ),
    "desk-promise-change": _(
        "Revise the wording of one promise. If it was returned, the opinion of the level above appears "
        "here. Nobody outside sees it before it is agreed to; propose all of them again when you are "
        "done."
    ),
    "desk-review-correct": _(
        "A slip in a published promise, corrected by the level above or the campaign office, never by whoever "
        "promised. The old wording stays beside the new one, and everybody reads why."
    ),
    "desk-review": _(
        "You give an opinion on each promise of a unit below yours: agree, or return it and say what to change. If "
        "you agree to all of them they are published at once, for everybody. What you return goes back to the unit, "
        "which revises it and proposes it again."
    ),
    "desk-progress": _(
        "Tell what has happened to this promise, best with a photo. It is published at once beside the promise, "
        "with today’s date, and stays; a later report may correct it. People then say whether they see it the same "
        "way."
    ),
    "desk-outcome": _(
        "Say how the promise ended, and why. Everybody reads it beside what people say of it. A later statement may "
        "correct it; the earlier one stays readable."
    ),
}

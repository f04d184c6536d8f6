"""The paragraphs of help about yearly grades, selections, notices and honours; `help_words` has the others and joins them."""

from typing import Any

from django.utils.translation import gettext_lazy as _

HELP_RECOGNITION: dict[str, Any] = {
    "desk-grades": _(
        "Your own year: your words on it, and the grade decided by those who lead your unit. Only you, "
        "they and the level above know it; no list or page here shows it to anybody else."
    ),
    "desk-grade-words": _(
        "Those who lead your unit read these words before they decide; nobody else does. You can change "
        "them until your grade is decided. As with everything stored here, whoever runs the database "
        "could read them too."
    ),
    "desk-grade-object": _(
        "You may object once, within the days set by the rules. The level above reads your objection, "
        "makes enquiries, and answers with its reason. A changed grade is shown beside the old one."
    ),
    "desk-grade-unit": _(
        "Enter what was decided, all at once or in several goes. Everybody reads their own grade at the "
        "desk, or is told in a talk. Nobody enters their own: the level above does. Those who lead the "
        "unit and the levels above can read the grades; the %(office)s never can."
    ),
    "desk-grade-list": _(
        "The grades of this unit as a file for those who lead it. It names people: keep it where nobody "
        "else can read it, and delete it when you no longer need it."
    ),
    "desk-grade-units": _(
        "How far the units below yours are, in numbers, with the way to each. Only those who lead a "
        "level above can open it. Heads of units are graded here, because nobody enters their own grade."
    ),
    "desk-grade-correct": _(
        "For a grade that was entered wrongly, until the person has been told. After that only an "
        "objection can change it."
    ),
    "desk-grade-tell": _(
        "For people who do not use the desk. Tell them in private what was decided and that they may "
        "object; then write down the day."
    ),
    "desk-grade-answer": _(
        "Before you answer, ask those who decided, the person and others. The answer is final. If the "
        "grade changes, both are kept side by side, and the person is told again."
    ),
    "office-grades": _(
        "Which units have decided, in numbers. The %(office)s sees no grades, only whom it could remind. "
        "Only people who made a public commitment in this cycle are graded."
    ),
    "office-docket": _(
        "Objections to candidates: received, registered, checked from outside, ruled on, answered. "
        "Nobody from the candidate’s own unit can open one. Everybody sees how many there are "
        "and the rulings, never who objected."
    ),
    "office-objection": _(
        "One objection and its steps. Only people in the %(office)s who come from elsewhere can read it. "
        "Register it, have it checked by somebody from outside, rule with reasons, and answer: the "
        "objector reads the answer with the code."
    ),
    "office-docket-flood": _(
        "Many objections to one notice arrived within minutes; they hold up no candidate until somebody "
        "has looked. Decide once for all of them whether people or a program sent them; they can be put "
        "back later."
    ),
    "office-objection-turn": _(
        "A wrong ruling can be reversed, with the reason, by somebody from outside the candidate’s "
        "unit, until the decision is recorded. The person with the objection’s code can read "
        "it, and everybody can see that it was reversed."
    ),
    "office-objection-enter": _(
        "For an objection that came by letter, by phone or in person. It goes the same way as one sent "
        "here. You get a code for the objector, shown only this once, with which they read the answer."
    ),
    "office-selections": _(
        "The titles given in this cycle, each with its places and candidates. Until its notice is "
        "published only the %(office)s sees a selection; then come five working days for objections, and "
        "the decision."
    ),
    "office-selection-make": _(
        "A title, and how many may get it. Nobody outside sees it yet. Next, enter the candidates and "
        "what speaks for each."
    ),
    "office-selection": _(
        "One title with its candidates and what speaks for each. Until the notice only the %(office)s sees "
        "it and everything can be changed; the notice freezes candidates and deeds for everybody to "
        "read. When its days are over you record the decision, and the honours are given."
    ),
    "office-selection-change": _(
        "The title, and how many may get it. Before the notice you can change both freely; afterwards "
        "everybody sees the change with its reason, and the time for objections starts again."
    ),
    "office-selection-withdraw": _(
        "For a selection that should not have been made: it stays in the list with your reason, and so "
        "does its notice. Another selection of this cycle can then give its title."
    ),
    "office-selection-notice-correct": _(
        "A published notice is corrected in public: the old wording stays beside the new one, with the "
        "reason. If anything but its title or basis changes, the working days for objections start "
        "again today."
    ),
    "office-selection-notice-withdraw": _(
        "The notice stays visible as withdrawn, with your reason. The selection is a draft again: its "
        "candidates can be changed, and a new notice gets its own number and days."
    ),
    "office-selection-decision": _(
        "For typing errors in the number, body or reasons of a recorded decision. The old wording stays "
        "beside the new one. This does not change who is honoured: for that, revoke an honour."
    ),
    "office-candidates": _(
        "Everybody put forward for this title, with all that is written about them and what objections "
        "led to. Until the notice is published only the %(office)s sees this list; you can take it to the "
        "meeting as a workbook."
    ),
    "office-candidates-file": _(
        "A list of candidates with their deeds, as units send it in. All rows are put forward or none; "
        "any problem is named with its row. Then they are in the selection, where each can still be "
        "changed."
    ),
    "office-candidate-deeds": _(
        "What speaks for this candidate, with the place where it can be checked. Everybody reads it on the notice, "
        "where it is frozen. Write what was done, for whom, and with what effect."
    ),
    "office-selection-notice": _(
        "Publishing freezes the candidates with their deeds and starts the count of working days. "
        "Everybody can read it and object. Mistakes can only be corrected in public, so check names, "
        "phone and address first."
    ),
    "office-selection-commend": _(
        "Who decided, under which number, and why these and not others. Everybody can read it; each "
        "honour gets a public code that anybody can check. Candidates with an open objection wait, and "
        "those with an upheld one get nothing."
    ),
    "office-honour-revoke": _(
        "Take back an honour, with a reason that everybody can read. It stays in the register as "
        "revoked, and anyone who checks its certificate is told so."
    ),
}

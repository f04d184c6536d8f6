"""The paragraphs of help about yearly grades, selections, notices and honours; `help_words` has the others and joins them."""

from typing import Any

from django.utils.translation import gettext_lazy as _

HELP_RECOGNITION: dict[str, Any] = {
    "desk-grades": _(
        "Your own year: your words on it, and the grade that those who lead your unit decided. Besides "
        "you they and the level above know it. Nobody else does, and no list or page of the system "
        "shows it."
    ),
    "desk-grade-words": _(
        "Those who lead your unit read these words before they decide; nobody else does. You can change "
        "them until your grade is decided. Whoever keeps the database of this system could read them "
        "too, as with everything that is stored."
    ),
    "desk-grade-object": _(
        "You may object once, within the days of the rules. The level above reads it, asks whom it "
        "must, and answers with its reason. A changed grade is shown beside the old one."
    ),
    "desk-grade-unit": _(
        "What was decided, entered in one go or in several. Everybody reads their own grade at the desk; whoever does not "
        "is told in a talk. Nobody enters their own: the level above does. Those who lead the unit and the levels above "
        "read it, the office never."
    ),
    "desk-grade-list": _(
        "The grades of this unit as a file for those who lead it. It names people: keep it where nobody else reads it, and delete it "
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
        "Ask those who decided, the person and others before you answer. The answer is final. If the grade changes, both stand side by "
        "side, and the person is told anew."
    ),
    "office-grades": _(
        "Which units have decided, in numbers. The office sees no grade: it reads here whom it may "
        "remind. Who is graded must have made a public commitment in this cycle."
    ),
    "office-docket": _(
        "Objections to candidates: received, registered, checked from outside, ruled on, answered. Nobody from the "
        "candidate’s own organisation can open one against it. Everybody sees how many there are and the rulings, "
        "never who objected."
    ),
    "office-objection": _(
        "One objection and its steps. It can be read only by people in the office who come from "
        "elsewhere. Register it, have it checked by somebody from outside, rule with reasons, and "
        "answer: the objector reads the answer with their code."
    ),
    "office-docket-flood": _(
        "Many objections to one notice came within minutes; they hold up no candidate until somebody has looked. "
        "Decide once for all whether people or a program sent them; it can be put back afterwards."
    ),
    "office-objection-turn": _(
        "A wrong ruling is turned round with its reason, by somebody from outside the candidate, until the decision is "
        "recorded. Whoever has the objection’s code reads it, and everybody reads that it was turned round."
    ),
    "office-objection-enter": _(
        "For an objection that came by mail, by phone or in person. It goes the same way as one sent here. You get "
        "a code for the objector, shown this once, with which they read the answer."
    ),
    "office-selections": _(
        "The titles that are given in this cycle, each with its places and candidates. A selection is seen by the "
        "office only until its notice is published; then come five working days for objections, and the decision."
    ),
    "office-selection-make": _(
        "A title and how many may get it. Nobody outside sees it yet. Next you enter the candidates, each with what "
        "speaks for it."
    ),
    "office-selection": _(
        "One title with its candidates and what speaks for each. Until the notice only the office sees it, and "
        "everything can be changed; the notice freezes candidates and deeds for everybody to read. After its days "
        "you record the decision, and the honours are given."
    ),
    "office-selection-change": _(
        "The title that is given and to how many at most. Before the notice you change them freely; once it is "
        "published everybody reads the change with its reason, and the time for objections starts anew."
    ),
    "office-selection-withdraw": _(
        "For a selection that should not be: it stays in the list with your reason, and so does its notice. Its title "
        "can be given by another selection of this cycle."
    ),
    "office-selection-notice-correct": _(
        "A published notice is corrected in public: the old wording stays beside the new one, with the reason. If "
        "anything but its title or basis changes, the working days for objections start anew today."
    ),
    "office-selection-notice-withdraw": _(
        "The notice stays on show as withdrawn, with your reason. The selection is a draft again: its candidates can "
        "be changed, and a new notice gets a number and days of its own."
    ),
    "office-selection-decision": _(
        "Number, body and reasons of a recorded decision, where something was typed wrongly. The old wording stays "
        "beside the new one. Whom it honours does not change here: for that an honour is revoked."
    ),
    "office-candidates": _(
        "Everybody who is put forward for this title, with all that is written of them, and what objections have done. "
        "Only the office sees this list until the notice is published; take it along to the meeting as a workbook."
    ),
    "office-candidates-file": _(
        "A list of candidates with their deeds, as units send it in. All rows are put forward or none; whatever speaks "
        "against one is said with its row. Next they stand in the selection, where each can still be changed."
    ),
    "office-candidate-deeds": _(
        "What speaks for this candidate, with the place where it can be checked. Everybody reads it on the notice, "
        "where it is frozen. Write what was done, for whom, and with what effect."
    ),
    "office-selection-notice": _(
        "Publishing freezes the candidates with their deeds and starts the clock of working days. Everybody can "
        "read it and object. What is wrong in it is corrected in public, so look through names, telephone and address first."
    ),
    "office-selection-commend": _(
        "Who decided, under which number, and why these and not others. Everybody reads it; each honour gets a "
        "public code that anybody can check. Candidates with an open objection wait, and those with an upheld one "
        "get nothing."
    ),
    "office-honour-revoke": _(
        "Take an honour back, with a reason that everybody reads. It stays in the register as revoked, and its "
        "certificate then says so to whoever checks it."
    ),
}

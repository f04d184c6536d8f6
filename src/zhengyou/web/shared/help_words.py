"""One paragraph of help for each page of desk and office: what it is, who sees it, what comes next. By the name of its address.

`{% page_help %}` shows it. A test walks every address of both faces: a new page comes with its paragraph here, or with its own.
"""

from typing import Any

from django.utils.translation import gettext_lazy as _

from zhengyou.web.shared.case_help_words import CASE_HELP
from zhengyou.web.shared.help_of_leading import LEADING
from zhengyou.web.shared.help_of_persons import OF_PERSONS
from zhengyou.web.shared.help_of_windows import OF_WINDOWS
from zhengyou.web.shared.help_recognition import HELP_RECOGNITION
from zhengyou.web.shared.plan_help_words import PLAN_HELP
from zhengyou.web.shared.promise_help import PROMISES

HELP: dict[str, Any] = (
    OF_PERSONS
    | HELP_RECOGNITION
    | PROMISES
    | LEADING
    | CASE_HELP
    | OF_WINDOWS
    | {
        # office: people and organisations one by one
        "office-organisation-enter": _(
            "For one that is new. Many at once come in faster with a workbook, on the page “Import lists”. Everybody finds it from now "
            "on; next it needs its people, whoever leads it, and somebody who answers for it."
        ),
        "office-journal": _(
            "Who did what, and when: every deed of people in this system, with a link to what it was about. "
            "It can be searched and taken away, never changed. Ballots and marks never appear here, nor who "
            "sent words from outside."
        ),
        "office-organisation": _(
            "Who belongs to this organisation, who leads it and who answers for it. Only the office sees this page; its promises, "
            "results and honours stand on its public page."
        ),
        "office-organisation-change": _(
            "The journal keeps who wrote it down; it can be undone for a day, as long as nothing else was changed here since."
        ),
        # desk
        "desk-home": _(
            "What this system asks of you, the most urgent first: by which day, and about how long it "
            "takes. Only you see this list. A line goes away by itself once it is done."
        ),
        "desk-remarks": _(
            "What people wrote about your own unit, and about the units below yours. About your own you may answer, "
            "once and in public, and the level above looks at the words. Words about the units below you show, or hide "
            "for a reason that everybody reads."
        ),
        "desk-remark-answer": _(
            "You answer these words once. The answer is shown below them for everybody, and whoever wrote "
            "them finds it at their own address. Who wrote them is not known, and the answer should not ask."
        ),
        "desk-ballots": _(
            "All secret votes on whose roll you stand, open ones and those that are over. Here you see whether a ballot "
            "was issued in your name, nothing more: how you voted is known to nobody, this page included."
        ),
        "desk-ballot": _(
            "Your way into this vote. Only you see the page. From here you go into the booth, where nobody "
            "knows who you are; afterwards it says that a ballot was issued in your name. After the close, "
            "results and record are published for everybody; of people nothing is, and the scrutineers "
            "alone have the record."
        ),
        "desk-scrutiny-polls": _(
            "The votes for which you were chosen as scrutineer. Before the opening you make and try your keys; after "
            "the close you open with another scrutineer what is not published, recount it, and sign in public whether "
            "it fits."
        ),
        "desk-scrutiny": _(
            "Your work as scrutineer of this vote, step by step. Your keys stay with you; the system cannot "
            "replace them. What you open together stays among the scrutineers, and everybody reads only "
            "what you sign: that it fits, or that it does not and why."
        ),
        "desk-scrutiny-keys": _(
            "You hand in the card with your two public keys. The keys themselves stay with you, in a file and on paper. "
            "Afterwards you try them, and everybody finds the card in the rules of the vote."
        ),
        "desk-scrutiny-answer": _(
            "You show that your keys work, before anything depends on them: what only they can open is "
            "opened here, in your browser. The system sees the answer only. Then there is nothing to do "
            "until the close."
        ),
        "desk-lessons": _(
            "Units whose result is clearly higher than yours, with their promises. Write down what you take from them: "
            "it stands on your public card with today’s date. Nobody is obliged to."
        ),
        # office
        "office-home": _(
            "Where the campaign stands today, what waits for the office, and what was done last. Everybody "
            "in the campaign office sees this page; the public sees the stages and the results only. Begin "
            "with what waits, the most urgent stands first."
        ),
        "office-set-up": _(
            "All that a system needs before its campaign begins, in the order in which it goes quickest. "
            "Only the campaign office sees it. You can stop after any step and go on another day: what is "
            "done stays done, and the next step is always named here."
        ),
        "office-tree": _(
            "Every unit of this system in its order, with the one above it and how many people belong to "
            "it. The public sees names and places, never the lists of people. Units come in by import; "
            "search for a name, a code or pinyin. Tick several to move, merge, dissolve or correct them "
            "together."
        ),
        "office-imports": _(
            "Organisations and %(members)s, from the workbooks that you have; one file may hold both, on several sheets. You see a "
            "preview first, and nothing is changed before you confirm it. Next month import the newer file again: only what "
            "changed is taken."
        ),
        "office-import": _(
            "What this file would change, row by row: what has to be mended, what is worth a look, who of "
            "the system is not in the file, and what is ready. Nothing has been changed yet. Confirm, and "
            "what is ready comes in at once; take the bad rows, correct them and import them again."
        ),
        "office-import-missing": _(
            "Those of the system whom this file does not name, whoever belongs to a place in the file "
            "first. Only the office sees it. Tick them and say what became of them: they leave with day and "
            "reason, which can be undone for a day, or they stay. Confirm the import first where people of "
            "a dissolved organisation move elsewhere in the same file."
        ),
        "office-import-words": _(
            "All headings and words that an import reads, those of the pack and those that the office has taught it. Only the office "
            "sees it. An unknown word is taught in the preview of an import, and taken back here."
        ),
        "office-responsible": _(
            "For each unit one person answers at the first place. Without one no cycle can be launched; everybody sees "
            "the name on the unit’s page. For many units at once put a column for it into the workbook of organisations "
            "and import it."
        ),
        "office-posts": _(
            "Who holds which post in your unit and below it, and who can sign in. What somebody may do "
            "follows from their posts. Two different people in the campaign office close an appraisal, so "
            "the office needs at least two. Tick many to print letters with login and password for all of "
            "them."
        ),
        "office-post-change": _(
            "A title or a day that is wrong is corrected here, also for days gone by. What was done by this post stays done. The "
            "journal keeps who changed it."
        ),
        "office-post-end": _(
            "Ending a post takes its rights from the person on that day. Nothing that they did is undone, and the post can be given again."
        ),
        "office-post-letters": _(
            "A worker makes one file: a letter for each person with the address of this system, login and "
            "password, and a list for signatures. Only you can take it, for an hour. Each person chooses a "
            "password of their own at the first sign-in."
        ),
        "office-account": _(
            "By which login somebody signs in, and whether they have done so. A password is shown once, when you make it; hand it over "
            "in person. At the first sign-in the person chooses another one, which nobody else knows."
        ),
        "office-account-off": _(
            "Nobody signs in by an account that is switched off, and whoever is signed in by it is signed out at once. Posts stay as "
            "they are. It can be switched on again, with the same password."
        ),
        "office-packs": _(
            "A pack is one text file with the words and rules of a kind of campaign. Files of your own lie "
            "in a folder on the machine of this system. Looking changes nothing; a pack that does not fit "
            "says why and where."
        ),
        "office-campaign-create": _(
            "Choose the kind of campaign. Its pack brings words, stages, an appraisal sheet and titles; before the "
            "launch you can leave parts out and change dates and points. Nothing is public before the launch."
        ),
        "office-campaign-name": _(
            "Name, theme and the document on which the campaign rests. Everybody reads them once it is launched. Next "
            "comes the first cycle with its dates."
        ),
        "office-campaign": _(
            "One campaign: what it rests on, and its cycles. Only the office sees this page; names and "
            "legal basis are public. Once it was launched every correction is shown beside the old words, "
            "with its reason."
        ),
        "office-campaign-basis": _(
            "The document that allows this campaign, who issued it, and from when to when it is in force. It is frozen "
            "into the rules at the launch, and everybody reads it. Without one in force no cycle can be launched; corrected "
            "afterwards, it is told with the reason, and the rules get a new number."
        ),
        "office-campaign-words": _(
            "What everybody reads on the campaign’s page: why it is, who says so, what is asked of you. "
            "After the launch every change is a correction that is shown beside the old words, with its "
            "reason."
        ),
        "office-campaign-documents": _(
            "Documents of higher bodies that this campaign carries out at home. They are shown on its page, "
            "by title, number and body, so that anybody can look them up."
        ),
        "office-cycle-add": _(
            "A cycle is one turn of the campaign, usually a year. The first begins with the stages and the sheet of the "
            "pack, a later one with those of the last. Nobody outside sees it before its launch; next you set the dates "
            "of its stages."
        ),
        "office-cycle": _(
            "Everything of one cycle: what it rests on, its stages and their dates, themes, sheet, and who is "
            "responsible. Only the office sees it now and can change all of it. The launch freezes and "
            "publishes the rules; then each stage asks the units for what is due in it."
        ),
        "office-cycle-english": _(
            "How campaign, cycle and themes are called for readers of English. A field left empty shows the Chinese. Everybody "
            "reads it at once; the frozen rules keep the Chinese, so this can be changed at any time."
        ),
        "office-cycle-rename": _(
            "Name and days of a cycle that is not launched. Its stages must lie within, and the days of another cycle of "
            "this campaign are taken. Nobody outside sees it yet."
        ),
        "office-cycle-close": _(
            "All that is open in this cycle. Bring each thing to its end, or mark that it goes on in the "
            "next cycle; then two people in the office close it. What goes on keeps its history; the rest "
            "stays as it is, for everybody."
        ),
        "office-cycle-stages": _(
            "First and last day of each stage; stages may overlap. On these days the system opens and "
            "closes them by itself, and everybody sees them on the first page. After the launch a stage is "
            "moved only with its reason."
        ),
        "office-cycle-parts": _(
            "Leave out what this campaign does not need. What is left out appears in no menu and on no page, and costs "
            "the units no minute. Below you see how many minutes a month the choice asks of units and people."
        ),
        "office-cycle-themes": _(
            "What the campaign means for each kind of work, in one sentence. Units read it when they choose their own "
            "theme, and everybody sees it. Each sector needs one before the launch."
        ),
        "office-cycle-sheet": _(
            "Which items are graded, in which grades with how many points, and from how many ballots results are shown. "
            "Voters see it on their sheet and everybody in the rules. It is frozen at the launch."
        ),
        "office-coverage": _(
            "Every unit that takes part, with its theme, its promises and its reports. The public sees only what is "
            "published. Narrow the list to those who lack something, and take it as a workbook to remind them."
        ),
        "office-remarks": _(
            "What people wrote in this cycle, and what somebody reported. Show the words, or hide them for a reason "
            "that everybody reads in their place; nothing is deleted, and a look is due within one working day. A mark "
            "counts whatever becomes of its words, unless a program sent it."
        ),
        "office-remark-flood": _(
            "Much came about one thing within minutes, so none of it counts yet. Decide once for all of it whether "
            "people or a program sent it. Everybody sees that it waits, and afterwards the reason; you can undo it at "
            "once."
        ),
        "office-remark-answer": _(
            "You answer for the office, once and in public. The answer is shown below the words, and "
            "whoever wrote them finds it at their own address."
        ),
        "office-polls": _(
            "All appraisals, surveys and votes: in preparation, open, and closed. What is in preparation only the "
            "office sees. Each one leads you through its steps: sheet, groups of voters, scrutineers, keys, opening, "
            "voting, close, recount."
        ),
        "office-poll-plan": _(
            "What is asked, of which units, and when. It stays a draft that only the office sees: the groups of voters "
            "and the scrutineers follow, and nothing is fixed before you open it."
        ),
        "office-poll": _(
            "One appraisal with its steps; the next one is marked. Whoever is rated in it, or administers the rated, "
            "may look and do nothing. While people vote, turnout is told in fives only, and nobody, this page included, "
            "sees a ballot."
        ),
        "office-poll-question-add": _(
            "A question with options that voters put in order or approve, beside or instead of grades. Options are "
            "units or things, never people. The method is frozen at the opening and said on the sheet."
        ),
        "office-poll-question": _(
            "Another wording of a question on the sheet of a planned appraisal. At the opening the sheet is frozen and "
            "published."
        ),
        "office-poll-times": _(
            "When the vote opens and closes. Everybody sees both times as soon as it is opened; later it can only be "
            "made longer, with a public reason."
        ),
        "office-poll-poster": _(
            "A sheet to print and hang up: what is voted on, until when, and the code that leads to the booth. It holds "
            "no secret; what each voter needs besides is their own one-time code."
        ),
        "office-poll-scrutineers": _(
            "Choose people from outside the rated units who watch the vote. They need a post as scrutineer and make "
            "their own keys before the opening. Two of them together open what is not published, recount it and sign."
        ),
        "office-roll": _(
            "Who may vote in this pool, unit by unit, and guests behind them. The office sees it, never who has voted. Until the "
            "opening it can be corrected here, and the file of this list can be posted; from the opening on it never changes."
        ),
        "office-roll-add": _(
            "For somebody who was forgotten. They must stand on no other roll of this appraisal. It can be undone until the opening."
        ),
        "office-roll-invite": _(
            "For somebody who is no member: a patient, a representative of the public. The contact serves to hand over the letter, and "
            "is forgotten with the name after the appraisal. Never write an ID-card number."
        ),
        "office-roll-take-off": _(
            "For somebody who cannot vote, such as whoever is ill for long or has moved. At least five must stay. It can be undone "
            "until the opening."
        ),
        "office-poll-open": _(
            "From the opening on nothing of this can be changed: sheet, rolls, times, scrutineers. Its fingerprint is published, and "
            "everybody can check later that it stayed so. Look through the rolls once more."
        ),
        "office-poll-codes": _(
            "Letters with one-time codes for the people of one group, made in the background and taken once. New codes "
            "make the earlier ones of the same people invalid, so print for single people where only one letter is "
            "lost. Nobody can see later which code was whose."
        ),
        "office-poll-extend": _(
            "A later end for an open vote. The new time and your reason are public at once and stand in the record. It "
            "works only before the present end."
        ),
        "office-poll-ask-void": _(
            "The first of two people asks that this vote be ended unopened, and says why. A second person decides. Then "
            "all ballots are destroyed unopened; everybody sees the turnout and the reason."
        ),
        "office-issuer": _(
            "A second issuer at another level gives out codes of its own, so that the office alone can add no ballot. "
            "Its files go to and fro by these steps: name it, hand over the request, take its reply before the opening, "
            "and its signed count after the close."
        ),
        "office-paper": _(
            "Voting on paper for those without a phone of their own: mark who they are, print sheets with a scrutineer "
            "present, let people draw, and key the forms after the close. Paper and phone end in the same record, and "
            "nobody can tell them apart in it."
        ),
        "office-paper-forms": _(
            "Forms to tick, one set for each voter on paper; print them once and copy. Nothing on them is secret: a "
            "form counts only with a drawn slip stapled to it."
        ),
        "office-paper-instructions": _(
            "A page to print and hang up where people vote on paper. It says in plain words how to draw, mark and hand in."
        ),
        "office-paper-pool": _(
            "Who of this group votes on paper. Only the office and scrutineers see the list. Whoever is on it gets no "
            "code for the booth; you can take somebody off again as long as no sheet is printed for them."
        ),
        "office-paper-print": _(
            "Print the folded sheets for the people of this group, with a scrutineer beside you. The keys on them exist "
            "on paper only. Print a few more than there are people, so that the last one to draw also has a choice."
        ),
        "office-paper-batch": _(
            "Sheets that were printed together: how many were drawn and cancelled, and how far the keying is. What is "
            "not drawn is cancelled by number before the others count; everybody reads these numbers in the record."
        ),
        "office-paper-keying": _(
            "Two people key every form, each without seeing what the other has keyed; where they differ the form is "
            "looked at again. The office and scrutineers see this page. When both agree the batch is signed and "
            "counted."
        ),
        "office-paper-key": _(
            "One form with its slip: key what is ticked, also if it makes no sense to you. A form with two ticks in a "
            "row is keyed as invalid, not corrected. Whoever keys second does not see what you have entered."
        ),
        "office-outside": _(
            "Means that were published elsewhere, with their source. With at least five of them each unit’s combined "
            "score is set beside them on its card, as a view from outside. Everybody sees them with the source."
        ),
        "account": _(
            "By what you sign in, how you are reached if you hold a post, and on which devices you are signed in now. Only you see this "
            "page; your office sees phone and mail as well."
        ),
        "password": _(
            "Change the password with which you sign in. Only you know it; the office can make a new one for you, and "
            "cannot read this one. Afterwards your other devices are signed out."
        ),
    }
)
HELP |= PLAN_HELP

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
            "For a unit that is new. Many at once are quicker with a workbook, on the page “Import "
            "lists”. From now on everybody can find it; next it needs its people, a leader, and somebody "
            "who answers for it."
        ),
        "office-journal": _(
            "Who did what, and when: everything people do in this system, with a link to what it was about. "
            "It can be searched and downloaded, never changed. Ballots and marks never appear here, nor who "
            "sent words from outside."
        ),
        "office-organisation": _(
            "Who belongs to this unit, who leads it and who answers for it. Only the %(office)s sees "
            "this page; its promises, results and honours are on its public page."
        ),
        "office-organisation-change": _(
            "The journal keeps who wrote it down; it can be undone for a day, as long as nothing else was changed here since."
        ),
        # desk
        "desk-home": _(
            "What you are asked to do, the most urgent first: by which day, and about how long it takes. "
            "Only you see this list. A line disappears by itself once it is done."
        ),
        "desk-remarks": _(
            "What people wrote about your own unit and about the units below yours. About your own you may "
            "answer once, in public, and the level above decides whether words are shown. Words about the "
            "units below you show, or hide for a reason that everybody can read."
        ),
        "desk-remark-answer": _(
            "You answer these words once. Everybody can read the answer below them, and whoever wrote them "
            "finds it at their own address. Nobody knows who wrote them, and the answer should not ask."
        ),
        "desk-ballots": _(
            "All secret votes on whose roll you are, open or over. Here you see only whether a ballot was "
            "issued in your name: nobody knows how you voted, and neither does this page."
        ),
        "desk-ballot": _(
            "Your way into this vote. Only you see this page. From here you go into the booth, where nobody knows who you are; "
            "afterwards this page says that a ballot was issued in your name. After the close, results and record are published, "
            "unless people are rated: then only the scrutineers have the record."
        ),
        "desk-scrutiny-polls": _(
            "The votes for which you are a scrutineer. Before the opening you make and try your keys; after "
            "the close you and another scrutineer open what is not published, recount it, and sign in "
            "public whether it matches."
        ),
        "desk-scrutiny": _(
            "Your work as a scrutineer of this vote, step by step. Your keys stay with you; the system "
            "cannot replace them. What you open together stays among the scrutineers, and everybody reads "
            "only what you sign: that it matches, or that it does not and why."
        ),
        "desk-scrutiny-keys": _(
            "You hand in the card with your two public keys. The keys themselves stay with you, in a file "
            "and on paper. Then you try them, and everybody can find the card in the rules of the vote."
        ),
        "desk-scrutiny-answer": _(
            "You show that your keys work before anything depends on them: something only they can open is "
            "opened here, in your browser. The system sees only the answer. Then there is nothing to do "
            "until the close."
        ),
        "desk-lessons": _(
            "Units whose result is clearly higher than yours, with their promises. Write down what you take "
            "from them: it appears on your public card with today’s date. Nobody has to."
        ),
        # office
        "office-home": _(
            "Where the campaign stands today, what the %(office)s has to do, and what was done last. Everybody "
            "in the %(office)s sees this page; the public sees only the stages and the results. Begin "
            "at the top: the most urgent comes first."
        ),
        "office-set-up": _(
            "Everything to do before a campaign begins, in the order that goes quickest. Only the "
            "%(office)s sees this. You can stop after any step and go on another day: what is done stays done, "
            "and the next step is always named here."
        ),
        "office-tree": _(
            "Every unit in its order, with the one above it and how many people belong to it. The public "
            "sees names and places, never the lists of people. Units are added by import; search for a "
            "name, a code or pinyin. Tick several to move, merge, dissolve or correct them together."
        ),
        "office-imports": _(
            "Units and %(members)s, from the workbooks you have; one file may hold both, on several "
            "sheets. You see a preview first, and nothing is changed until you confirm it. Next month, "
            "import the newer file: only what changed is taken."
        ),
        "office-import": _(
            "What this file would change, row by row: what must be corrected, what is worth a look, who on "
            "record is not in the file, and what is ready. Nothing has been changed yet. If you confirm, "
            "everything that is ready comes in at once; download the bad rows, correct them and import them "
            "again."
        ),
        "office-import-missing": _(
            "People and units on record that this file does not name. Only the %(office)s sees this. Tick them and say what became of "
            "them: they stay, or leave with day and reason, which can be undone for a day. If people of a dissolved unit "
            "move elsewhere in the same file, confirm the import first."
        ),
        "office-import-undo": _(
            "For a day an import can be taken back as a whole: names, places and posts are then as before, and whoever it entered is "
            "gone. Once something was built on it, such as a promise or a vote, this is refused and nothing is changed. Single changes "
            "are undone on the pages of people and units."
        ),
        "office-import-words": _(
            "All headings and words that an import can read: those of the pack, and those the %(office)s has "
            "taught it. Only the %(office)s sees this. Unknown words are taught in the preview of an import, "
            "and taken back here."
        ),
        "office-responsible": _(
            "At least one person answers for each unit, in one of three tiers; without anybody no cycle can be "
            "launched. Everybody sees the names on the unit’s page. “—” means that nobody is entered in that "
            "tier: press the unit’s name and enter somebody, as its %(office)s and those above it can. For "
            "many units at once, put a column for each tier into the workbook of units and import it."
        ),
        "office-posts": _(
            "Who holds which post in your unit and below it, and who can sign in. What people may do "
            "depends on their posts. Two different people in the %(office)s close an appraisal, so the "
            "office needs at least two. Tick several to print letters with login and password for all of "
            "them."
        ),
        "office-post-change": _(
            "Correct a wrong title or day here, including past days. What was done under this post stays "
            "done. The journal keeps who changed it."
        ),
        "office-post-end": _(
            "When a post ends, the person loses its rights from that day. Nothing they did is undone, and "
            "the post can be given again."
        ),
        "office-post-letters": _(
            "One file is made in the background: a letter for each person with the web address, login and "
            "password, and a list for signatures. Only you can download it, for an hour. At the first "
            "sign-in each person chooses a password of their own."
        ),
        "office-account": _(
            "The login of this person, and whether it has been used. A password is shown once, when you "
            "make it; hand it over in person. At the first sign-in the person chooses another one that "
            "nobody else knows."
        ),
        "office-account-off": _(
            "Nobody can sign in with an account that is switched off, and anyone signed in with it is "
            "signed out at once. Posts stay as they are. It can be switched on again with the same password."
        ),
        "office-packs": _(
            "A pack is one text file with the words and rules of a kind of campaign. Your own files go into "
            "a folder on the machine of this system. Looking changes nothing; a pack that does not fit says "
            "why and where."
        ),
        "office-campaign-create": _(
            "Choose the kind of campaign. Its pack brings words, stages, an appraisal sheet and titles; "
            "before the launch you can leave out parts and change dates and points. Nothing is public "
            "before the launch."
        ),
        "office-campaign-name": _(
            "Name, theme and the document on which the campaign rests. Once it is launched, everybody can "
            "read them. Next comes the first cycle with its dates."
        ),
        "office-campaign": _(
            "One campaign: what it rests on, and its cycles. Only the %(office)s sees this page; names and "
            "legal basis are public. After the launch every correction is shown beside the old words, with "
            "its reason."
        ),
        "office-campaign-basis": _(
            "The document that allows this campaign, who issued it, and the period in which it is in force. "
            "It is frozen into the rules at the launch, and everybody can read it. Without one in force no "
            "cycle can be launched. Later corrections are published with the reason, and the rules get a "
            "new number."
        ),
        "office-campaign-words": _(
            "What everybody reads on the campaign’s page: why it is held, who says so, and what is asked of "
            "you. After the launch every change is a correction, shown beside the old words with its reason."
        ),
        "office-campaign-documents": _(
            "Documents of higher bodies that this campaign carries out locally. Its page lists them by "
            "title, number and body, so that anybody can look them up."
        ),
        "office-cycle-add": _(
            "A cycle is one round of the campaign, usually a year. The first begins with the stages and the "
            "sheet of the pack, later ones with those of the last cycle. Nobody outside sees it before its "
            "launch. Next, set the dates of its stages."
        ),
        "office-cycle": _(
            "Everything about one cycle: what it rests on, its stages and their dates, themes, sheet, and "
            "who is responsible. For now only the %(office)s sees it and can change all of it. The launch "
            "freezes and publishes the rules; then each stage asks the units for what is due in it."
        ),
        "office-cycle-english": _(
            "What campaign, cycle and themes are called for readers of English. An empty field shows the "
            "Chinese. Everybody sees it at once; the frozen rules keep the Chinese, so this can be changed "
            "at any time."
        ),
        "office-cycle-rename": _(
            "Name and days of a cycle that has not been launched. Its stages must lie within them, and they "
            "must not overlap another cycle of this campaign. Nobody outside sees it yet."
        ),
        "office-cycle-close": _(
            "Everything still open in this cycle. Finish each matter, or mark it to carry over into the "
            "next cycle; then two people in the %(office)s close the cycle. What carries over keeps its "
            "history; the rest stays as it is, for everybody to see."
        ),
        "office-cycle-stages": _(
            "First and last day of each stage; stages may overlap. On these days they open and close by "
            "themselves, and everybody sees them on the first page. After the launch a stage can be moved "
            "only with a reason."
        ),
        "office-cycle-parts": _(
            "Leave out what this campaign does not need. What is left out appears in no menu and on no "
            "page, and takes no time of the units. Below you see how many minutes a month your choice asks "
            "of units and people."
        ),
        "office-cycle-themes": _(
            "What the campaign means for each kind of work, in one sentence. Units read it when they choose their own "
            "theme, and everybody sees it. Each sector needs one before the launch."
        ),
        "office-cycle-sheet": _(
            "Which items are graded, in which grades with how many points, and from how many ballots "
            "results are shown. Voters see it on their sheet, and everybody in the rules. It is frozen at "
            "the launch."
        ),
        "office-coverage": _(
            "Every unit that takes part, with its theme, promises and reports. The public sees only what is "
            "published. Narrow the list to units that lack something, and download it as a workbook to "
            "remind them."
        ),
        "office-remarks": _(
            "What people wrote in this cycle, and what was reported. Show the words, or hide them for a "
            "reason that everybody can read in their place; nothing is deleted, and words should be read "
            "within one working day. A rating counts whatever becomes of its words, unless a program sent "
            "it."
        ),
        "office-remark-flood": _(
            "Many comments about one thing arrived within minutes, so none of them counts yet. Decide once "
            "for all of them whether people or a program sent them. Everybody sees that they are waiting, "
            "and later the reason; you can undo it at once."
        ),
        "office-remark-answer": _(
            "You answer for the %(office)s, once and in public. The answer is shown below the words, and "
            "whoever wrote them finds it at their own address."
        ),
        "office-polls": _(
            "All appraisals, surveys and votes: in preparation, open and closed. Only the %(office)s sees those "
            "in preparation. Each one leads you through its steps: sheet, pools of voters, scrutineers, "
            "keys, opening, voting, close, recount."
        ),
        "office-poll-plan": _(
            "What is asked, about which units, and when. It stays a draft that only the %(office)s sees. Pools "
            "of voters and scrutineers come next, and nothing is fixed until you open it."
        ),
        "office-poll": _(
            "One appraisal with its steps; the next one is marked. Anyone who is rated in it, or "
            "administers those who are, may look but do nothing. While people vote, turnout is shown only "
            "in fives, and nobody sees a ballot, not even on this page."
        ),
        "office-poll-question-add": _(
            "A question with options that voters put in order or approve, beside grades or instead of them. "
            "Options are units or things, never people. The method is shown on the sheet and frozen at the "
            "opening."
        ),
        "office-poll-question": _(
            "Reword a question on the sheet of a planned appraisal. At the opening the sheet is frozen and published."
        ),
        "office-poll-times": _(
            "When the vote opens and closes. Everybody sees both times as soon as it is opened; later it can only be "
            "made longer, with a public reason."
        ),
        "office-poll-poster": _(
            "A sheet to print and put up: what is voted on, until when, and the code that leads to the "
            "booth. It holds no secret; each voter also needs their own one-time code."
        ),
        "office-poll-scrutineers": _(
            "Choose people from outside the rated units to watch the vote. They need a post as scrutineer "
            "and make their own keys before the opening. Two of them together open what is not published, "
            "recount it and sign."
        ),
        "office-roll": _(
            "Who may vote in this pool, unit by unit, followed by guests. The %(office)s sees the roll, never "
            "who has voted. Until the opening it can be corrected here, and the list can be downloaded and "
            "posted; after that it never changes."
        ),
        "office-roll-add": _(
            "For somebody who was forgotten. They must not be on another roll of this appraisal. It can be "
            "undone until the opening."
        ),
        "office-roll-invite": _(
            "For somebody who is not in the list of people: a patient, a representative of the public. The contact serves to hand over the "
            "letter, and is forgotten with the name after the appraisal. Never write an ID-card number."
        ),
        "office-roll-take-off": _(
            "For somebody who cannot vote, for example because of long illness or because they have moved. "
            "At least five people must remain. It can be undone until the opening."
        ),
        "office-poll-open": _(
            "After the opening nothing can be changed: sheet, rolls, times, scrutineers. Their fingerprint "
            "is published, and everybody can check later that they stayed the same. Look through the rolls "
            "once more."
        ),
        "office-poll-codes": _(
            "Letters with one-time codes for the people in one group, made in the background and downloaded "
            "once. New codes make the same people’s earlier ones invalid, so if only one letter is lost, "
            "print it for that person alone. Nobody can see later which code was whose."
        ),
        "office-poll-extend": _(
            "A later end for an open vote. The new time and your reason are public at once and go into the "
            "record. This works only before the present end."
        ),
        "office-poll-ask-void": _(
            "The first of two people asks for this vote to be ended unopened, and says why. A second person "
            "decides. Then all ballots are destroyed unopened; everybody sees the turnout and the reason."
        ),
        "office-issuer": _(
            "A second issuer at another level gives out codes of its own, so that the %(office)s alone can add "
            "no ballot. Files go back and forth in these steps: name it, hand over the request, take its "
            "reply before the opening, and its signed count after the close."
        ),
        "office-paper": _(
            "Voting on paper for those without a phone of their own: mark who they are, print sheets with a "
            "scrutineer present, let people draw, and key in the forms after the close. Paper and phone go "
            "into the same record, where nobody can tell them apart."
        ),
        "office-paper-forms": _(
            "Forms to tick, one set for each voter on paper; print one set and copy it. Nothing on them is "
            "secret: a form counts only with a drawn slip stapled to it."
        ),
        "office-paper-instructions": _(
            "A page to print and hang up where people vote on paper. It says in plain words how to draw, mark and hand in."
        ),
        "office-paper-pool": _(
            "Who in this group votes on paper. Only the %(office)s and scrutineers see the list. Anyone on it "
            "gets no code for the booth; you can take people off again as long as no sheet has been printed "
            "for them."
        ),
        "office-paper-print": _(
            "Print the folded sheets for the people in this group, with a scrutineer beside you. The keys "
            "on them exist on paper only. Print a few more than there are people, so that the last to draw "
            "also has a choice."
        ),
        "office-paper-batch": _(
            "Sheets that were printed together: how many were drawn and cancelled, and how far the keying "
            "is. Sheets that were not drawn are cancelled by number before the others count; everybody can "
            "read these numbers in the record."
        ),
        "office-paper-keying": _(
            "Two people key in every form, each without seeing what the other has keyed; where they differ, "
            "the form is looked at again. The %(office)s and scrutineers see this page. When both agree, the "
            "batch is signed and counted."
        ),
        "office-paper-key": _(
            "One form with its slip: key in what is ticked, even if it makes no sense to you. A form with "
            "two ticks in a row is keyed as invalid, not corrected. The second person does not see what you "
            "have entered."
        ),
        "office-outside": _(
            "Means published elsewhere, with their source. If there are at least five, each unit’s card "
            "compares its combined score with them, as a view from outside. Everybody sees them with the "
            "source."
        ),
        "account": _(
            "Your login, how to reach you if you hold a post, and the devices on which you are signed in. Only "
            "you see this page; your %(office)s also sees phone and email."
        ),
        "password": _(
            "Change the password you sign in with. Only you know it; the %(office)s can make a new one for you, "
            "but cannot read this one. Your other devices are signed out afterwards."
        ),
    }
)
HELP |= PLAN_HELP

"""The paragraphs of help of the desk's and the office's pages about cases, by the name of their address."""

from typing import Any

from django.utils.translation import gettext_lazy as _

CASE_HELP: dict[str, Any] = {
    "office-cases": _(
        "What people reported, except about a unit you belong to. Give each report to its unit with a "
        "text of your own, and call the reporter back within one working day. A report gets its number "
        "only when it is given, so that numbers show nothing of who came when."
    ),
    "office-case": _(
        "What the reporter wrote is for the %(office)s alone, and the reporter sees that you read it. The "
        "unit reads the text you write for it. Only the reporter closes a case; after a long silence "
        "somebody from another unit does, without a verdict."
    ),
    "office-case-act": _(
        "What you write here is read by the reporter, by the unit or by everybody, as stated below each "
        "field. It adds a step to the case, which nobody can change."
    ),
    "office-case-hide": _(
        "What somebody wrote in public about a case, and should not have: a name, or an insult. In its "
        "place stands that the %(office)s hid it and why; the public entry keeps its hash and loses the "
        "text. Nobody can show it again. Single words can be blacked out."
    ),
    "office-case-enter": _(
        "Somebody called, handed in a letter, or spoke. Write down what was said as it was said; the "
        "reporter gets the code and closes the case like anybody else. The unit reads only the text "
        "written for it, and never learns who brought it. What goes around the unit is read by two named people; "
        "once it is taken, you see it no more."
    ),
    "desk-case-enter": _(
        "For somebody without a phone: write down what they hand in or say, and give them the slip with "
        "the code. Whoever reads it and they themselves see your name with it. It goes to the %(office)s, which "
        "writes a text of its own for the unit; what goes around the unit goes to two named people instead."
    ),
    "office-case-hotline": _(
        "The table is checked row by row before anything is taken. What was taken before is known by "
        "its number and left out. Each report gets a code for the caller. The list of cases can be "
        "downloaded as a workbook."
    ),
    "office-case-readers": _(
        "Only two people read what goes around the unit it is about. They hand it to the body named in the rules within one "
        "working day, and read only what comes after they were confirmed. One person in the %(office)s names or releases them, "
        "another one confirms it. Nobody from the %(office)s, and nobody who heads or answers for a unit, can be one of them."
    ),
    "office-case-release": _(
        "One person in the %(office)s asks to release a reader, another one does it, or keeps them. What nobody can read after that "
        "waits until it is given to those who are named then."
    ),
    "desk-cases": _(
        "What people reported and your units have in hand, with what is due next first. Say how it was "
        "put right, that it cannot be done, or whose it is. Nobody in the unit learns who reported it."
    ),
    "desk-case": _(
        "The %(office)s wrote this text for you; the report itself is not for the unit. What you say at the end stands in public beside "
        "the word of the reporter, who alone closes the case; what that says stands here from the next day on. "
        "The reporter sees that it was read here."
    ),
    "desk-case-many": _(
        "The same for all of these at once, or for none of them. Each gets its own step, which nobody "
        "can change, and each reporter is asked separately."
    ),
    "office-case-aside-ask": _(
        "Only what arrived in a rush within minutes. Another person in the %(office)s answers; until then "
        "it waits, and its time limits run. The reporters can read the reason, and each can bring their "
        "report back with one press."
    ),
    "office-case-aside": _(
        "You can read all of these here, and the reporters see that you did. Tick those that should go on "
        "waiting. What you both set aside is counted in public, with the reason, and for a day either "
        "of you can bring all of it back."
    ),
    "office-case-many": _(
        "Each of these reporters can read the message with their own code; for those who left no phone "
        "number, the first one is the call-back. If only the kind is given, a unit sees the kind of its "
        "report and not a word more."
    ),
    "desk-case-act": _(
        "This adds a step to the case, with its day. Nobody can change it. Only your note of who does it can be changed, and is no step."
    ),
    "desk-guarded": _(
        "Reports that go around the unit they are about. Only the people named for it read them, two at most; the %(office)s "
        "knows only how many there are. Hand each to the named body within one working day; here it "
        "ends with that. It takes two of you to set aside what says nothing."
    ),
    "desk-guarded-case": _(
        "Only the people named for it read this, two at most, and the reporter sees that you did. It appears "
        "in no list, search or journal. The unit it is about learns nothing from this system."
    ),
    "desk-guarded-sheet": _(
        "What the body gets, in both languages, to print or as a text file. The system keeps no copy of it; the reporter sees that it was "
        "read. Hand it over yourself, and delete the file when the body has it. Then enter when and how."
    ),
    "desk-guarded-many": _(
        "You can read all of these here, and the reporters see that you did. It takes both of you to "
        "set them aside; how many there were, and why, is public. Nothing in a report is deleted."
    ),
    "desk-guarded-aside": _(
        "The other reader asks you to set these aside. Tick those that should go on waiting. What you both "
        "set aside is counted in public, the reporters can read why, and for a day either of you can "
        "bring all of it back."
    ),
    "desk-guarded-act": _("The reporter reads what you write here, using the code, and nobody else does."),
}

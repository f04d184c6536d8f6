"""The paragraphs of help of the desk's and the office's pages about cases, by the name of their address."""

from typing import Any

from django.utils.translation import gettext_lazy as _

CASE_HELP: dict[str, Any] = {
    "office-cases": _(
        "What people reported, without anything about a unit that you belong to. Give each to its unit with a text of your own, and "
        "call its reporter back within one working day. Numbers are given with the unit, so that they say nothing of who came when."
    ),
    "office-case": _(
        "What its reporter wrote is for the office alone, and its reporter sees that you read it. The unit reads the text that you "
        "write for it. Only the reporter closes a case; after a long silence somebody from elsewhere does, without a verdict."
    ),
    "office-case-act": _(
        "What you write here is read by the reporter, by the unit or by everybody, as it says below each field. It adds a step to the "
        "case, which nobody can change."
    ),
    "office-case-hide": _(
        "What somebody wrote in public about a case, and should not have: a name, or an insult. In its place stands that the campaign "
        "office hid it and why; the public entry keeps its hash and loses the text. Nobody can show it again. "
        "Single words can be blacked out."
    ),
    "office-case-enter": _(
        "Somebody called, handed in a paper, or spoke. Write what was said as it was said; whoever reports gets the code and closes "
        "the case like anybody else. The unit reads only the text that is made for it, and never who brought it."
    ),
    "desk-case-enter": _(
        "For somebody without a telephone: write down what they hand in or say, and give them the slip with the code. Your name "
        "stands with it for the office and for them. It goes to the office, which gives the unit a text of its own."
    ),
    "office-case-hotline": _(
        "The table is looked at row by row before anything is taken. What was taken before is known by its number and left out. Each "
        "report gets a code for whoever called; out again goes the list of cases, as a workbook."
    ),
    "office-case-readers": _(
        "Two people, and nobody else, read what goes around the unit it is about, and hand it to the "
        "body that the rules name within one working day. One person in the office names or releases them, another "
        "one confirms it, and everybody sees that it changed. Neither of them may work in a campaign "
        "office, or head or answer for a unit, and they read only what comes after the day on which "
        "they were confirmed."
    ),
    "desk-cases": _(
        "What people reported and your units have in hand, what is due next first, each with its clock. Say how it was put right, say "
        "that it cannot be done, or whose it is. Who reported it nobody of the unit learns."
    ),
    "desk-case": _(
        "The office wrote this text for you; the report itself is not for the unit. What you say at the end stands in public beside the "
        "word of the reporter, who alone closes the case; what that says stands here from the next day on. "
        "The reporter sees that it was read here."
    ),
    "desk-case-many": _(
        "The same for all of these at once, or for none of them. Each gets its own step, which nobody can change, and each reporter is "
        "asked alone."
    ),
    "office-case-aside-ask": _(
        "Only what came in numbers within minutes. Another person in the office answers; until then it "
        "waits, and its clocks run. Their reporters read the reason, and each brings its report back by "
        "one press."
    ),
    "office-case-aside": _(
        "You read all of these here, and their reporters see that you did. Tick what is to wait on. What you both set aside is counted "
        "in public, with the reason, and for a day one of you can bring all of it back."
    ),
    "office-case-many": _(
        "A message is read by each of these reporters, by their own code; to whoever left no telephone the first one is the call-back. "
        "Given by kind alone, a unit reads the kind of its report and no word more."
    ),
    "desk-case-act": _("It adds a step to the case, with its day, which nobody can change."),
    "desk-guarded": _(
        "Reports that go around whom they are about. You and one other person read them; the office knows how many there are. Hand each "
        "to the named body within one working day: here it ends with that. What says nothing is set aside by both of you together."
    ),
    "desk-guarded-case": _(
        "Only you and the other person named read this, and its reporter sees that you did. It stands "
        "in no list, search or journal. The target learns nothing from this system."
    ),
    "desk-guarded-many": _(
        "You read the words of all of these here, and their reporters see that you did. Setting aside takes both of you; how many "
        "there were, and why, stands in public. Nothing of a report is deleted."
    ),
    "desk-guarded-aside": _(
        "The other reader asks you to set these aside. Tick what is to wait on. What you both set aside is counted in public, its "
        "reporters read why, and for a day one of you can bring all of it back."
    ),
    "desk-guarded-act": _("Its reporter reads what you write here, by the code, and nobody else does."),
}

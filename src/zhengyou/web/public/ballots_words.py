"""The sentences of the booth, translated by the server; the keys are listed in frontend/booth/words.ts. No crypto words here."""

from django.utils.translation import gettext as _

from zhengyou.organisations.vocabulary import worded


def booth_words() -> dict[str, str]:
    """Every sentence the booth can say, in the reader's language."""
    said = (
        _entering()
        | _second_code()
        | _keeping()
        | _of_this_device()
        | _marking()
        | _answering()
        | _replacing()
        | _confirming()
        | _casting()
        | _cast()
        | _again()
        | _in_the_record()
        | _not_in_the_record()
        | _refusing()
        | _refusing_to_trust()
        | _deciding_once()
        | _proving()
        | _refusing_for_want_of_room()
    )
    return {key: str(worded(text)) for key, text in said.items()}


def _entering() -> dict[str, str]:
    return {
        "code_heading": _("Enter your code"),
        "code_label": _("One-time code"),
        "code_hint": _("The code in your letter or on a printed slip. Capitals, spaces and dashes do not matter."),
        "code_open": _("Open the sheet"),
        "code_empty": _("Enter the code from your invitation first."),
        "checking": _("Checking…"),
        "slip_note": _(
            "You scanned a printed slip. Mark this sheet here, or staple the slip to a paper form; not both."
        ),
        "bad_slip": _("This is not the code of a slip. Scan the slip again, or type its 28 letters and figures."),
        "issued_elsewhere": _(
            "A ballot was begun with this code on another device or in another browser. Continue there: what "
            "was cast there counts and can be changed there. If you have never opened your invitation anywhere "
            "else, tell the %(office)s."
        ),
        "issued_erased": _(
            "A ballot was begun with this code, but this browser no longer has it. The browser may have erased "
            "it: phones do so after some days, or when they run out of space. That does not mean your vote is "
            "lost. If you had cast it, your ballot is in the box and counts; you need not do anything. If you "
            "had not, no second ballot can be made with this code: tell the %(office)s that you could not "
            "finish. If you began on another device, continue there."
        ),
        "issued_before": _(
            "A ballot has already been drawn in your name, and a new letter was made for you; every letter is "
            "for one ballot. If you drew it yourself, there is nothing more to do; to change it, go back to "
            "where you voted. If you did not, tell the %(office)s."
        ),
    }


def _second_code() -> dict[str, str]:
    return {
        "both_codes": _(
            "Two codes are needed here, so that no single office can add ballots: one from the %(office)s, one "
            "from {names}. They came to you separately. Have both at hand."
        ),
        "second_heading": _("Enter your second code"),
        "second_label": _("Code from {name}"),
        "second_hint": _(
            "{name} sent you this code, separately from the first one, which came from the %(office)s and is "
            "correct. Capitals, spaces and dashes do not matter."
        ),
        "second_same": _("This is the first code again. Enter the other one here, which came to you separately."),
        "second_elsewhere": _(
            "A ballot has already been started with this second code on another device or in another "
            "browser. Continue there. If it was not you, tell those who sent you the code at once."
        ),
        "second_down": _(
            "{name} does not answer just now. Nothing is lost, and you vote only once. Try again, or come back to this page "
            "later on this device, in the same browser."
        ),
        "second_refused": _("{name} says: {sentence}"),
    }


def _keeping() -> dict[str, str]:
    """How long this browser keeps what is marked, and how it is cleared."""
    return {
        "kept_note": _(
            "Your marks are kept in this browser, locked with your code, until you cast or the poll closes. "
            "Your invitation brings them back. Is this a shared phone?"
        ),
        "kept_tab": _(
            "Your marks are kept until you close this page. Open your invitation again to have them kept longer. Is this phone "
            "shared?"
        ),
        "kept_not": _(
            "This browser has stopped keeping your marks. Cast before you close this page. Is this phone shared?"
        ),
        "clear_all": _("Clear my marks and my code"),
        "clear_sure": _(
            "Clear all marks on this sheet, and your code, from this device? A ballot you have already cast stays cast."
        ),
        "cleared": _(
            "This page no longer keeps your marks and your code. The link of your invitation may still be in the browser’s history: "
            "delete it there if others use this device."
        ),
    }


def _of_this_device() -> dict[str, str]:
    """What a person should know of their browser before the first mark."""
    return {
        "wechat_note": _(
            "WeChat may close this page when you leave it. What you marked is there again when you come back."
        ),
        "iphone_note": _(
            "Fill in and cast in one sitting. iPhones and iPads erase what a page has kept if it is not "
            "opened for seven days; a ballot that was begun and not cast is then lost."
        ),
        "wechat_leave": _(
            "In WeChat: tap ··· at the top right and choose to open this page in the phone’s own browser."
        ),
    }


def _marking() -> dict[str, str]:
    return {
        "sheet_heading": _("Your sheet"),
        "help": _(
            "Tap one mark for each item. If you leave an item blank, you abstain there. You can fill in the "
            "sheet again on this device until {closes}."
        ),
        "progress": _("{marked} of {total} marked"),
        "next_blank": _("Next blank"),
        "promises": _("What it promised"),
        "promises_label": _("What it promised: {unit} (opens a new page)"),
        "dont_know": _("Don’t know"),
        "unit_unknown": _("I don’t know this unit"),
        "unit_known": _("Take that back"),
        "clear": _("Clear"),
        "clear_label": _("Clear the mark: {unit}, {criterion}"),
        "resume_note": _(
            "You began to cast on this device, but your marks had not been sent. Look through the sheet and "
            "cast it; your ballot still counts once."
        ),
        "doubted_note": _(
            "Nothing has been cast: so far you have only looked at how this device seals your marks. Look "
            "through the sheet and cast it; it will be sealed again."
        ),
        "check": _("Check and cast"),
    }


def _answering() -> dict[str, str]:
    """Questions: an order of preference, or ticks."""
    return {
        "help_answers": _(
            "Answer what you want to answer. If you leave a question blank, you abstain there. You can fill "
            "in the sheet again on this device until {closes}."
        ),
        "progress_answers": _("{marked} of {total} answered"),
        "rank_hint": _(
            "Tap the options in the order you prefer, the best one first. You may stop before all {total} are in order; tap one "
            "again to take it out."
        ),
        "best_hint": _(
            "Tap the best {most} of these {total} in order, the very best one first. You may name fewer; tap one again to take it "
            "out."
        ),
        "approve_hint": _("Tick everything that you approve: as many as you like."),
        "ordinals": _("1st|2nd|3rd|4th|5th|6th"),
        "your_order": _("Your order: {order}"),
        "places_full": _("You have named {most} already. Tap one of them to take it out first."),
        "undo": _("Take the last one back"),
        "left_blank": _("left blank: you abstain"),
    }


def _replacing() -> dict[str, str]:
    """A second sheet: it takes the place of the first as a whole."""
    return {
        "replaces": _(
            "You are filling in the whole sheet again. This device does not keep your earlier marks, so the "
            "sheet is empty. As soon as you cast it, your earlier {old} no longer count."
        ),
        "replaced": _("What you cast before ({old}) no longer counts. This takes its place: {new}."),
        "so_many": _("{marked} of {total}"),
        "all_of_it": _("everything"),
    }


def _confirming() -> dict[str, str]:
    return {
        "check_heading": _("Check your answers"),
        "all_items": _("All {count} items"),
        "confirm_all": _("Nothing is left blank."),
        "confirm_blank": _("Left blank: {blank} of {total} ({units}). If you leave an item blank, you abstain there."),
        "blank_many": _("in {count} parts of the sheet, named below"),
        "change_one": _("Change"),
        "change_label": _("Change: {unit}"),
        "confirm_until": _("After casting, you can fill in the whole sheet again on this device until {closes}."),
        "cast_now": _("Cast now"),
        "doubt": _("Not sure about this device?"),
        "back": _("Back to the sheet"),
    }


def _casting() -> dict[str, str]:
    return {
        "preparing": _("Preparing your ballot…"),
        "issuing": _("Asking for your ballot papers…"),
        "sealing": _("Sealing your marks…"),
        "sending": _("Putting your ballot into the box…"),
    }


def _cast() -> dict[str, str]:
    return {
        "done_heading": _("Your ballot is in the box"),
        "nothing_more": _("You need not do anything more."),
        "next_heading": _("What happens next"),
        "next_open": _("Until the close you may fill in the whole sheet again here; then only the newest one counts."),
        "next_close": _("After the close everything is counted and the record is published for everybody."),
        "next_look": _(
            "If you like, open this page again then, in this browser: it will look for your ballot in the "
            "record by itself."
        ),
        "check_code": _("Check code:"),
        "seal_code": _("Seal code, as the other device keeps it:"),
        "check_code_hint": _(
            "It stands for your whole ballot and shows nothing of your marks. You may write it down: after "
            "the close this page must show the same code."
        ),
    }


def _again() -> dict[str, str]:
    return {
        "again_heading": _("Your ballot on this device"),
        "ballot_number": _("Ballot {number}"),
        "in_box": _("The box has confirmed this ballot."),
        "not_drawn": _("You began to cast here, but no answer came back. Nothing is lost."),
        "not_sent": _("Your ballot papers are on this device, but nothing has been cast yet."),
        "no_reply": _("Your ballot was sent, but no confirmation came back. Send it again: it counts once."),
        "change": _("Fill in the whole sheet again"),
        "change_answers": _("Fill in the whole sheet again"),
        "forget": _("On a shared phone: forget this ballot"),
        "show_where": _("For the other device"),
        "continue": _("Continue"),
        "send_again": _("Send again"),
        "another_person": _("Another person votes on this device"),
    }


def _in_the_record() -> dict[str, str]:
    return {
        "in_record": _("Your ballot is in the record."),
        "in_record_earlier": _(
            "Your ballot is in the record as you first cast it. The change you sent later was never "
            "confirmed and is not in it."
        ),
        "in_record_paper": _(
            "This slip is not in the record as you cast it here. If it was stapled to a paper form, the form counts instead. If "
            "it was not, keep this device as it is and tell the scrutineers."
        ),
        "names_root": _(
            "This was looked up in the list of all slips, which shows nothing of anybody’s marks. Its "
            "fingerprint must be the same on the public page of appraisals:"
        ),
    }


def _not_in_the_record() -> dict[str, str]:
    return {
        "missing_in_record": _(
            "Warning: {missing} of the {total} slips of your ballot are not in the published record as you "
            "cast them ({units}), although the ballot box had confirmed them. Keep this device as it is and "
            "show this page to the scrutineers."
        ),
        "partly_in_record": _(
            "Only part of your ballot is in the record: {missing} of its {total} slips are missing "
            "({units}). The box never confirmed it. Tell the scrutineers."
        ),
        "never_arrived": _("Your ballot is not in the record. It was sent from here, but the box never confirmed it."),
        "not_cast": _("Nothing was cast from this device: a ballot was begun but not finished before the close."),
        "ask_scrutineer": _(
            "Show this page to a scrutineer of this appraisal, who has the record and sees in it what is missing."
        ),
        "record_head": _(
            "Fingerprint of the record. This device keeps it; everybody else must see the same one on the "
            "page of the record."
        ),
        "other_head": _(
            "Warning: on an earlier visit this site showed this device another record, with the fingerprint {kept}. Keep this "
            "device as it is and show this page to the scrutineers."
        ),
        "record_unreached": _("The record could not be looked up just now. Open this page again later."),
        "record_refused": _(
            "What this site shows as the record is not the signed record of this appraisal. Keep the ballot on "
            "this device, and tell the %(office)s and the scrutineers."
        ),
    }


def _refusing() -> dict[str, str]:
    return {
        "network": _("The server did not answer. Nothing is lost. Check the connection and try again."),
        "retry": _("Try again"),
        "unexpected": _(
            "Something went wrong that this page did not expect. Nothing is lost. Reload the page and try again."
        ),
    }


def _refusing_to_trust() -> dict[str, str]:
    return {
        "other_manifest": _(
            "Do not vote here: this page does not belong to the appraisal of your invitation. Tell the %(office)s."
        ),
        "wrong_keys": _(
            "Do not vote here: the keys sent to you are not those that were announced for everybody. Tell the "
            "%(office)s."
        ),
        "bad_token": _(
            "The ballot papers that came back are not valid. Nothing was cast. Try again; if it happens twice, "
            "tell the %(office)s."
        ),
        "bad_reply": _(
            "The server’s answer makes no sense here. Nothing is lost. Try again; if it happens twice, tell "
            "the %(office)s."
        ),
        "bad_acknowledgement": _(
            "The confirmation that came back is not signed by the ballot box of this appraisal. Keep this page "
            "and tell the %(office)s."
        ),
        "cast_elsewhere": _(
            "This ballot has just been cast in another window of this device. What you marked here was not sent."
        ),
        "insecure": _("Voting needs a secure address that begins with https. Ask the %(office)s for the right link."),
    }


def _deciding_once() -> dict[str, str]:
    return {
        "was_opened": _("This ballot was opened and can no longer be cast. Go back to the sheet: it is sealed anew."),
        "was_cast": _("This ballot was cast and can no longer be opened."),
    }


def _refusing_for_want_of_room() -> dict[str, str]:
    """A browser that keeps nothing: said before the first mark, since a ballot lives in the browser until it is cast."""
    return {
        "no_storage": _(
            "This browser does not let this page keep anything, so a ballot would be lost half-way. Nothing "
            "was marked or cast. Leave private browsing, or allow cookies and site data for this page and "
            "reload it; or open your invitation in another browser."
        ),
        "storage_full": _(
            "This device has no space left, so a ballot would be lost half-way. Nothing was marked or cast. "
            "Free some space and reload this page, or open your invitation on another device."
        ),
        "no_keys": _(
            "This browser cannot keep the keys of a ballot, so it would be lost half-way. Nothing was marked "
            "or cast. Open your invitation in another browser, or ask the %(office)s for a paper slip."
        ),
    }


def _proving() -> dict[str, str]:
    """Said to who misses a slip that the box had confirmed, and to nobody else."""
    return {
        "keep_proof": _("Save the file for the scrutineers"),
        "proof_note": _(
            "The file holds what this device signed, what the box confirmed and the signed head of the "
            "record, but no marks. The scrutineers decide on the basis of it and the record. Give it to "
            "them and to nobody else, because it shows that these slips belong together."
        ),
    }

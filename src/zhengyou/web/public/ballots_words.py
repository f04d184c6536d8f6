"""The sentences of the booth, translated by the server; the keys are listed in frontend/booth/words.ts. No crypto words here."""

from django.utils.translation import gettext as _


def booth_words() -> dict[str, str]:
    """Every sentence the booth can say, in the reader's language."""
    return (
        _entering()
        | _second_code()
        | _marking()
        | _answering()
        | _confirming()
        | _casting()
        | _cast()
        | _again()
        | _in_the_record()
        | _not_in_the_record()
        | _refusing()
        | _refusing_to_trust()
        | _deciding_once()
    )


def _entering() -> dict[str, str]:
    return {
        "code_heading": _("Enter your code"),
        "code_label": _("One-time code"),
        "code_hint": _(
            "Letters and digits from your invitation, or the 28 of a printed slip. Capitals, spaces and dashes do not matter."
        ),
        "code_open": _("Open the sheet"),
        "code_empty": _("Enter the code from your invitation first."),
        "checking": _("Checking…"),
        "slip_note": _(
            "You scanned a printed slip. Mark this sheet here, or staple the slip to a paper form; not both."
        ),
        "bad_slip": _("This is not the code of a slip. Scan the slip again, or type its 28 letters and figures."),
        "issued_elsewhere": _(
            "A ballot has already been started with this code on another device or in another browser. Go "
            "on there. If it was not you, tell the office at once."
        ),
        "issued_before": _(
            "A ballot has already been drawn in your name, and a new letter was made for you: every letter is for one ballot. "
            "If you drew it yourself, nothing more is to be done; to change it, go on where you voted. If you did not, tell the "
            "office."
        ),
    }


def _second_code() -> dict[str, str]:
    return {
        "both_codes": _(
            "Two codes are needed here, so that no single office can add ballots: one from the campaign office, one from "
            "{names}. They came to you separately. Have both at hand."
        ),
        "second_heading": _("Enter your second code"),
        "second_label": _("Code from {name}"),
        "second_hint": _(
            "{name} sent you this code, apart from the first one, which came from the campaign office and is good. "
            "Capitals, spaces and dashes do not matter."
        ),
        "second_same": _("This is the first code again. Enter the other one here, which came to you separately."),
        "second_elsewhere": _(
            "A ballot has already been started with this second code on another device or in another browser. Go "
            "on there. If it was not you, tell those who sent you the code at once."
        ),
        "second_down": _(
            "{name} does not answer just now. Nothing is lost, and you vote only once. Try again, or come back to this page "
            "later on this device, in the same browser."
        ),
        "second_refused": _("{name} says: {sentence}"),
    }


def _marking() -> dict[str, str]:
    return {
        "sheet_heading": _("Your sheet"),
        "progress": _("{marked} of {total} organisations marked"),
        "dont_know": _("Don't know"),
        "clear": _("Clear"),
        "clear_label": _("Clear the mark: {unit}, {criterion}"),
        "change_note": _(
            "This device does not keep your earlier marks. Mark the whole sheet again: it replaces your earlier ballot."
        ),
        "resume_note": _(
            "You began to cast on this device, but your marks had not gone out. Mark the sheet and cast it; "
            "your ballot still counts once."
        ),
        "cast": _("Cast"),
    }


def _answering() -> dict[str, str]:
    """Questions: an order of preference, or ticks."""
    return {
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


def _confirming() -> dict[str, str]:
    return {
        "confirm_answers": _("Check your answers:"),
        "confirm_heading": _("Cast this ballot?"),
        "confirm_all": _("Everything is marked."),
        "confirm_blank": _(
            "Left blank: {blank} of {total} marks ({units}). A blank mark means that you abstain there."
        ),
        "confirm_until": _("You can change your marks on this device until {closes}."),
        "cast_now": _("Cast now"),
        "doubt": _("Do you doubt this device?"),
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
        "done_note": _(
            "You need not do anything more. Come back to this page in the same browser after the close: it "
            "then looks for your ballot in the published record by itself."
        ),
        "check_code": _("Check code:"),
    }


def _again() -> dict[str, str]:
    return {
        "again_heading": _("Your ballot on this device"),
        "ballot_number": _("Ballot {number}"),
        "in_box": _("The box has confirmed this ballot."),
        "not_drawn": _("You began to cast here, but no answer came back. Nothing is lost."),
        "not_sent": _("Your ballot papers are on this device, but nothing has been cast yet."),
        "no_reply": _("Your ballot was sent, but no confirmation came back. Send it again: it counts once."),
        "change": _("Change my marks"),
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
            "Your ballot is in the record as you first cast it. The change you sent afterwards was never "
            "confirmed and is not in it."
        ),
        "in_record_paper": _(
            "This slip is not in the record as you cast it here. If it was stapled to a paper form, the form counts instead. If "
            "it was not, keep this device as it is and tell the scrutineers."
        ),
    }


def _not_in_the_record() -> dict[str, str]:
    return {
        "missing_in_record": _(
            "Warning: {missing} of the {total} slips of your ballot are not in the published record as you "
            "cast them ({units}), although the ballot box had confirmed them. Keep this device as it is and "
            "show this page to the scrutineers."
        ),
        "keep_proof": _("Save the file for the scrutineers"),
        "proof_note": _(
            "The file holds what this device signed, what the box confirmed and the record's signed head, and no marks. The "
            "scrutineers decide from it and from the record; give it to them and to nobody else, for it shows that these slips "
            "belong together."
        ),
        "partly_in_record": _(
            "Only part of your ballot is in the record: {missing} of its {total} slips are missing "
            "({units}). The box never confirmed it. Tell the scrutineers."
        ),
        "never_arrived": _("Your ballot is not in the record. It was sent from here, but the box never confirmed it."),
        "not_cast": _("Nothing was cast from this device: the ballot was begun and not finished before the close."),
        "record_head": _(
            "Fingerprint of the record. This device keeps it; everybody else has to see the same, on the page of the record."
        ),
        "other_head": _(
            "Warning: on an earlier visit this site showed this device another record, with the fingerprint {kept}. Keep this "
            "device as it is and show this page to the scrutineers."
        ),
        "record_unreached": _("The record could not be looked up just now. Open this page again later."),
        "record_refused": _(
            "What this site shows as the record is not the signed record of this appraisal. Keep this device's ballot and tell the "
            "office and the scrutineers."
        ),
    }


def _refusing() -> dict[str, str]:
    return {
        "network": _("No answer came from the server. Nothing is lost. Check the connection and try again."),
        "retry": _("Try again"),
        "unexpected": _(
            "Something went wrong that this page did not expect. Nothing is lost. Reload the page and try again."
        ),
    }


def _refusing_to_trust() -> dict[str, str]:
    return {
        "other_manifest": _(
            "Do not vote here: this page does not belong to the appraisal of your invitation. Tell the office."
        ),
        "wrong_keys": _(
            "Do not vote here: the keys sent to you are not those that were announced for everybody. Tell the office."
        ),
        "bad_token": _(
            "The ballot papers that came back are not valid. Nothing was cast. Try again; if it happens "
            "twice, tell the office."
        ),
        "bad_reply": _(
            "The server answered something that makes no sense here. Nothing is lost. Try again; if it "
            "happens twice, tell the office."
        ),
        "bad_acknowledgement": _(
            "The confirmation that came back is not signed by the ballot box of this appraisal. Keep this page "
            "and tell the office."
        ),
        "cast_elsewhere": _(
            "This ballot has just been cast in another window of this device. What you marked here was not sent."
        ),
        "no_storage": _(
            "This browser cannot store anything, so a ballot would be lost half-way. Leave private "
            "browsing, or use another browser."
        ),
        "insecure": _("Voting needs a secure address that begins with https. Ask the office for the right link."),
    }


def _deciding_once() -> dict[str, str]:
    return {
        "was_opened": _("This ballot was opened and can no longer be cast. Go back to the sheet: it is sealed anew."),
        "was_cast": _("This ballot was cast and can no longer be opened."),
    }

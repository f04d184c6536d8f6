"""The sentences of a scrutineer's pages, translated by the server; their keys are in frontend/recount/scrutineer/{words,findings}.ts."""

from django.utils.translation import gettext as _

from zhengyou.web.shared.recount_words import recount_words


def scrutineer_words() -> dict[str, str]:
    """Every sentence that the scrutineer's program can say, in the reader's language, with those of the recount."""
    return (
        recount_words()
        | _keys()
        | _printed()
        | _trying()
        | _recounting()
        | _sealed()
        | _passing()
        | _signing()
        | _about_handover()
    )


def _keys() -> dict[str, str]:
    return {
        "key_file": _("Your key file"),
        "paper": _("Or type the fourteen groups of your printed keys"),
        "paper_hint": _("Capitals, spaces and dashes do not matter."),
        "make_keys": _("Make my keys"),
        "keys_made": _(
            "Your keys are made, and their file was saved on this device. Nobody else has them: if you lose both the file and "
            "what you print, they are gone. Print them, then send the card in the field below."
        ),
        "keys_taken": _("These keys are read. Their card is in the field below."),
        "save_again": _("Save the file again"),
        "print": _("Print the keys"),
    }


def _printed() -> dict[str, str]:
    return {
        "print_heading": _("Keys of a scrutineer"),
        "print_note": _(
            "Anyone who reads this page can open what is sealed to you and sign in your name. Keep it in a "
            "closed envelope. Appraisal {poll}"
        ),
        "bad_key_file": _("This is not the key file of a scrutineer."),
        "paper_length": _("The printed keys have 56 letters and figures; {count} were typed."),
        "paper_letter": _("Group {group} has a sign that no printed keys contain."),
        "paper_check": _("At least one letter or figure is not as it was printed. Compare group by group."),
    }


def _trying() -> dict[str, str]:
    return {
        "tried": _("Your keys open what was sealed to them. Send the answer in the field below."),
        "try_other_keys": _("This was sealed to other keys. Choose the file whose card you handed in."),
        "bad_challenge": _("The test on this page cannot be read. Load the page again."),
    }


def _recounting() -> dict[str, str]:
    return {
        "fetching_record": _("Fetching the record…"),
        "fetching_handover": _("Fetching what was handed over to you…"),
        "progress_shares": _("{done} of {total} shares of keys checked"),
        "progress_slips": _("{done} of {total} sealed slips checked"),
        "stop": _("Stop"),
        "again": _("Recount once more"),
        "record_waiting": _("The record is still being packed. Try again in a minute."),
        "handover_refused": _(
            "The site has not handed anything over to you. Load the page again, and sign in if it asks you to."
        ),
        "handover_gone": _(
            "What was handed over is no longer on this site. If you saved it, with the shares that were passed to you, choose both "
            "files below."
        ),
        "saved_files": _("What was handed over and what was passed to you, as you saved it"),
        "not_named": _("These are not the keys under which the manifest names you. Choose the right file."),
    }


def _sealed() -> dict[str, str]:
    return {
        "sealed_heading": _("The sealed lines"),
        "sealed_fits": _(
            "The sealed lines match. Opened with your shares and those of {name} and counted again: slips "
            "{slips}, lines {lines}."
        ),
        "sealed_none": _("This record has no sealed lines: everybody can count all of it again."),
        "sealed_first": _(
            "Your shares match, and the sealed slips are those that were cast (slips {slips}, lines "
            "{lines}). You are the first here: one scrutineer alone opens nothing. Pass your shares on, and "
            "come back when somebody has passed theirs to you."
        ),
        "sealed_fails": _(
            "What was handed over to you fails {count} checks. Sign that you disagree, and say what does not match."
        ),
        "sealed_left": _(
            "The record itself fails, as explained below. Sign that you disagree, and say what does not match."
        ),
        "no_ed25519": _(
            "This browser cannot check the platform’s signature on the record, so you cannot sign here that "
            "you counted it again. Use another browser."
        ),
    }


def _passing() -> dict[str, str]:
    return {
        "passed_unreadable": _("Shares that were passed to you cannot be read."),
        "passed_closed": _("The shares that {name} passed to you do not open with your keys. Ask for them again."),
        "passed_misfit": _("The shares that {name} passed to you do not match. Ask for them again."),
        "pass_on": _(
            "Your shares are in the field below, sealed to each of the {count} other scrutineers; this site cannot open them. Send "
            "them on."
        ),
    }


def _signing() -> dict[str, str]:
    return {
        "sign_legend": _("What you sign"),
        "sign_checked": _("I counted the record and its sealed lines ({lines}) again, and they match."),
        "sign_seen": _("I have seen this record."),
        "sign_disagrees": _("I disagree: something does not match."),
        "sign_ready": _("Signed. Send it by the button below; everybody can read it then."),
        "remark": _("What does not match"),
        "remark_needed": _("Say what does not match, in at most 500 characters."),
    }


def _about_handover() -> dict[str, str]:
    return {
        "bad-handover": _("what was handed over cannot be read, at {detail}."),
        "other-places": _("not the sealed lines of this record were handed over."),
        "share-closed": _("{pool}, {place}: your share of the key does not open."),
        "share-misfit": _("{pool}, {place}: your share does not fit the closing key."),
    }

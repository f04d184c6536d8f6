"""The sentences of what the booth fetches later, and of the page of a second device; their keys are in frontend/booth/doubting-words.ts
and frontend/recount/seal/words.ts."""

from django.utils.translation import gettext as _

from zhengyou.organisations.vocabulary import worded
from zhengyou.web.shared.recount_words import recount_words

# What keeps a record from being read is said as in the recount.
TROUBLES = ("choose_first", "no_record", "no_zip", "zip_twice", "too_large", "site_unreached", "insecure", "unexpected")


def doubting_words() -> dict[str, str]:
    """What the booth says to who doubts the device, asks where the slips stand, or wants a ballot forgotten."""
    return _code() | _opened() | _where() | _proving() | _forgetting()


def _code() -> dict[str, str]:
    return {
        "code_heading": _("Seal code of the ballot about to be cast"),
        "code_note": _(
            "Your ballot is sealed and has not been sent. This code stands for exactly these bytes. Keep it on another device "
            "now, before you choose: scan the picture, or type the letters there."
        ),
        "code_keep": _("The page for the other device: {address}"),
        "code_choice": _(
            "Then choose. If you cast it, the other device can find this code in the record after the "
            "close. If you open it, the other device shows whether your marks are in it; an opened ballot "
            "is never cast, and everything is sealed again. Show an opened ballot only to a device of your "
            "own: whoever keeps it can tell after the close which slips are yours."
        ),
        "cast_it": _("Cast it"),
        "open_it": _("Open it instead"),
        "back": _("Back"),
        "qr_label": _("QR code for the other device"),
    }


def _opened() -> dict[str, str]:
    return {
        "opened_heading": _("Opened, not cast"),
        "opened_note": _(
            "Scan each picture with the other device, or paste the text there. It shows the marks in words "
            "and tells you whether they make the code you kept. Nothing has been cast."
        ),
        "picture": _("{number} of {total}: {name}"),
        "previous": _("Previous picture"),
        "next": _("Next picture"),
        "play": _("Show them in turn"),
        "stop": _("Stop here"),
        "copy": _("Copy the text"),
        "copied": _("Copied"),
        "opened_text": _("The same as text"),
        "fill_again": _("Back to the answers"),
    }


def _where() -> dict[str, str]:
    return {
        "where_heading": _("Where your slips are"),
        "where_note": _(
            "Scan this with the device that kept the seal code, or copy the text below there. It then finds your slips in the "
            "record and says whether they are the ones whose code you saw. Whoever else sees this can find your slips too."
        ),
    }


def _proving() -> dict[str, str]:
    """Said in WeChat to who misses a slip."""
    return {
        "proof_heading": _("For the scrutineers"),
        "proof_copy": _(
            "WeChat may not save files. Copy the whole text below, put it into a file or a message, and give it to the scrutineers and to "
            "nobody else: it shows that these slips belong together."
        ),
        "proof_text": _("What this device signed and what the box confirmed"),
    }


def _forgetting() -> dict[str, str]:
    return {
        "forget_heading": _("Forget this ballot on this device?"),
        "forget_lost": _(
            "This is wise on a shared phone. The device will then no longer know your ballot: it can "
            "neither change it nor check later whether it is in the record, and no other device can do so "
            "for you."
        ),
        "forget_kept": _("A ballot that was cast stays cast and is counted."),
        "forget_now": _("Forget it"),
        "forget_not": _("Keep it"),
        "forgotten_heading": _("This device has forgotten the ballot"),
        "forgotten_note": _(
            "What this page kept is gone. The link of your invitation may still be in the browser’s history: delete it there, then "
            "close this page."
        ),
        "begin_again": _("To the beginning"),
    }


def second_device_words() -> dict[str, str]:
    """What the page of a second device says."""
    troubles = recount_words()
    return _keeping() | _showing_opened() | _finding() | _refusing() | {name: troubles[name] for name in TROUBLES}


def _keeping() -> dict[str, str]:
    return {
        "kept_heading": _("Kept seal codes"),
        "kept_none": _("No code is kept here yet."),
        "kept": _("Kept on this device."),
        "forget": _("Forget this code"),
        "code_wrong": _("This is not a seal code. Compare the letters with the other device: one is wrong or missing."),
        "manifest": _("Fingerprint of the manifest: compare it with your invitation."),
        "check": _("Check this code"),
    }


def _showing_opened() -> dict[str, str]:
    return {
        "opened_fits": _(
            "These {count} slips make the code. The device had sealed these marks, and nothing else. Compare them with what you "
            "marked."
        ),
        "opened_waits": _("{count} of {total} slips are here. The code can be compared when all are."),
        "opened_differs": _(
            "These slips do NOT make the code. If all of them are here, the device showed the code of another ballot. Do not vote "
            "with it; tell the scrutineers."
        ),
        "opened_none": _("Scan the pictures of the other device first, or paste its text here."),
        "opened_unreadable": _(
            "Line {line} is not an opened slip. Copy the other device’s text again, or scan that picture again."
        ),
        "slips_here": _("{count} opened slips are here."),
        "opened_other": _("This slip belongs to another poll."),
        "opened_twice": _("Two different slips are here for {name}, or slips of two pools: they are not one ballot."),
        "opened_no_line": _("This slip names a pool or a line that the poll does not have."),
        "dont_know": _("Don’t know"),
        "unmarked": _("not marked"),
        "approved": _("approved"),
        "no_mark": _("a mark that does not exist ({number})"),
        "order": _("{place}. {name}"),
    }


def _finding() -> dict[str, str]:
    return {
        "found": _(
            "Found. The {count} slips of this code are in the record as they were sealed when you saw it. "
            "If you also opened a ballot and it matched, you have good reason to trust the device."
        ),
        "not_found": _(
            "NOT found. No slips that make this code are in this record. If this was the last ballot you "
            "cast, the device cast something other than what it showed, or it never arrived: tell the "
            "scrutineers. A ballot that was cast again later has another code."
        ),
        "ask_where": _(
            "Nothing in a record shows which slips belong together, and there are too many combinations to "
            "try. Open the booth on the device you voted with, choose “For the other device”, and scan or "
            "paste here what it shows."
        ),
        "where_wrong": _("This does not say where slips are. Copy the whole text."),
        "recount_too": _("This page looked for your slips only. Recount the record too."),
        "other_record": _(
            "This is the record of another poll: the fingerprint of its manifest differs from that in the code."
        ),
        "false_record": _("This is not the record as it was signed ({file}). Fetch it again."),
        "reading": _("Looking for the slips…"),
    }


def _refusing() -> dict[str, str]:
    return {
        "other_manifest": str(
            worded(
                _(
                    "The manifest of this site’s poll is not the one that the other device names. Do not vote with "
                    "that device; tell the %(office)s."
                )
            )
        ),
        "no_poll": _("The rules of the poll could not be fetched. Opened slips can be shown once they are."),
        "bad_poll": _("The rules of the poll are not in the right form."),
        "camera": _("The camera cannot be used. Type the code, or paste the text."),
    }

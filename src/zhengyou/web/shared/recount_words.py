"""The sentences of a recount in the browser, translated by the server; their keys are in frontend/recount/{words,findings}.ts.

The public page of the recount has them, and the scrutineers' page at the desk.
"""

from django.utils.translation import gettext as _

from zhengyou.base.words import in_readers_words
from zhengyou.web.shared.mark_words import NO_GRADE


def recount_words() -> dict[str, str]:
    """Every sentence the recount can say, in the reader's language; those of the checks under the checks' names."""
    return (
        _working()
        | _verdict()
        | _beside_the_verdict()
        | _scrutiny()
        | _turnout()
        | _counted()
        | _troubles()
        | _about_files()
        | _about_documents()
        | _about_slips()
        | _about_sealed()
        | _about_counts()
    )


def _working() -> dict[str, str]:
    return {
        "chosen": _("Chosen: {name}"),
        "choose_first": _("Choose a record first."),
        "reading": _("Reading the files…"),
        "progress": _("{done} of {total} slips checked"),
        "stopped": _("Stopped. Nothing has been decided."),
    }


def _verdict() -> dict[str, str]:
    return {
        "sound_heading": _("The record is sound"),
        "sound": _(
            "The record is sound, and it belongs to the manifest that you named, with the fingerprint {fingerprint}: {slips} slips "
            "were checked, the marks of {opened} of them were counted again."
        ),
        "sound_alone": _(
            "The record is sound in itself: {slips} slips were checked, the marks of {opened} of them were counted again. That "
            "does not tell whose record it is: compare the fingerprint of its manifest with your invitation: {fingerprint}"
        ),
        "sealed": _(
            "The other slips are sealed. Their tokens, signatures and number were checked; their marks can be "
            "counted again by the scrutineers."
        ),
        "unsound_heading": _("The record fails"),
        "unsound": _("The record fails {count} checks. Do not rely on it."),
        "changed_heading": _("This copy was changed"),
        "changed": _(
            "This copy was changed or is not whole: it fails {count} checks. That says nothing about the record itself. Take "
            "another copy."
        ),
    }


def _beside_the_verdict() -> dict[str, str]:
    return {
        "more": _("And {count} more."),
        "file_line": _("{file}, line {line}:"),
        "file": _("{file}:"),
        "signature_unchecked": _(
            "This browser cannot check the platform’s signature on the record (Ed25519). Everything else was checked."
        ),
        "manifest": _(
            "Fingerprint of the rules, known before the vote. Compare it with your invitation or the poster."
        ),
        "head": _(
            "Fingerprint of the record, known since the close. Everybody has to see the same; your voting device shows it too."
        ),
    }


def _scrutiny() -> dict[str, str]:
    return {
        "scrutiny": _("Scrutineers"),
        "unscrutinised": _(
            "Not yet checked by scrutineers: fewer than two of them have signed that they counted the sealed slips again."
        ),
        "scrutinised": _(
            "{count} scrutineers have signed that they counted the sealed slips again and found the same."
        ),
        "scrutineer_checked": _("{name} counted again, and found the same. Lines: {lines}."),
        "scrutineer_seen": _("{name} has seen this record."),
        "scrutineer_disagrees": _("{name} disagrees: {remark}"),
        "scrutineer_silent": _("{name} has not signed."),
    }


def _turnout() -> dict[str, str]:
    return {
        "turnout": _("Turnout"),
        "pool": _("Pool"),
        "size": _("On the roll"),
        "issued": _("Issued"),
        "returned_most": _("Returned"),
        "pool_verdict": _("Verdict"),
        "verdict_valid": _("valid"),
        "verdict_void": _("void: more returned than issued"),
        "verdict_below_turnout": _("not valid: turnout too low"),
        "extended": _(
            "The closing time was moved to {closes_at}; announced {announced_at}. The reason given: {reason}"
        ),
        "cancelled_slips": _("{pool}: {count} printed paper slips were not drawn from the urn and are cancelled."),
    }


def _counted() -> dict[str, str]:
    """The counts beside the verdict, in the words of the result and the count report."""
    return {
        "counted": _("The counts, as the published result has them"),
        "counted_how": _(
            "Lines that are published slip by slip were counted again here, with their mean. The others are as the record has "
            "them; scrutineers count those."
        ),
        "compare": _("Compare with the published result"),
        "organisation": _("Unit"),
        "item": _("Item"),
        "marks": _("Marks"),
        "mean": _("Mean"),
        "nearly_all": _("nearly all (at least nine in ten, or all but two at most):"),
        **{mark: in_readers_words(name) for mark, name in NO_GRADE.items()},
        "whole_file": _("the whole file"),
        "field_criteria": _("the counts of the items"),
        "field_returned": _("the number returned"),
        "field_valid": _("the number of valid slips"),
        "field_invalid": _("the number of invalid slips"),
        "field_abstained": _("the number of slips without any grade"),
    }


def _troubles() -> dict[str, str]:
    return {
        "no_record": _("There is no record file in what you chose."),
        "no_zip": _("This file is not a zip, or it is broken."),
        "zip_twice": _("This zip holds two files of the same name. Unpack it and choose the folder."),
        "too_large": _("This is too much for a browser. Recount it with the program on the page of the record."),
        "site_unreached": _("The record could not be fetched. Try again, or choose a file you have."),
        "insecure": _("This page needs a secure address that begins with https."),
        "unexpected": _("Something went wrong that this page did not expect. Nothing has been decided."),
    }


def _about_files() -> dict[str, str]:
    return {
        "missing-file": _("the file is missing."),
        "strange-file": _("this file does not belong to a record."),
        "file-changed": _("not the file that record.json names; its fingerprint is another."),
        "bad-manifest": _("not a valid manifest, at {detail}."),
        "other-manifest": _("not the manifest that was announced; its fingerprint is {detail}."),
        "bad-head": _("cannot be read, at {detail}."),
        "head-manifest": _("not the manifest that record.json names."),
        "closed-early": _("closed the appraisal before its time, {detail}; there is no early close."),
        "bad-extension": _("breaks the rules for a later closing time, at {detail}."),
        "bad-signature": _("not the signature of the head key on record.json."),
    }


def _about_documents() -> dict[str, str]:
    return {
        "bad-keys": _("not the keys of the manifest, at {detail}."),
        "bad-counts": _("breaks a rule of publication or cannot be read, at {detail}."),
        "bad-gate": _("what is withheld cannot be read, at {detail}."),
        "bad-closing-keys": _("not the keys of the lines that are open, at {detail}."),
        "other-key": _("{pool}, {place}: the private key is not that of the closing key."),
        "bad-printed": _("the printed batches cannot be read, at {detail}."),
        "bad-statement": _("not the second issuer’s signed statement of what it issued, at {detail}."),
        "bad-cosignature": _("not a scrutineer’s signature on this record, at {detail}."),
        "line-form": _("the line cannot be read, at {detail}."),
        "cancelled-order": _("the cancelled slip is not in the order of serials, or stands twice."),
        "cancelled-used": _("the serial of this slip is cancelled on line {detail} of cancelled.jsonl."),
        "unknown-batch": _("a cancelled slip of a batch that printed.json does not have."),
        "not-printed": _("the cancelled slip is not proved to be one of those that were printed."),
        "undrawn": _(
            "{pool}, {place}, batch {detail}: {said} sheets were not drawn, but {counted} slips are cancelled."
        ),
        "board-size": _("holds {detail} slips, another number than record.json says."),
        "board-root": _("the slips do not have the root that record.json says."),
    }


def _about_slips() -> dict[str, str]:
    return {
        "unknown-line": _("a slip for a pool or line that the manifest does not have."),
        "wrong-issuers": _("the slip has another number of tokens than its pool has issuers."),
        "board-order": _("the slip is not in the order of names."),
        "forged-token": _("the token is not the issuer’s signature."),
        "bad-serial": _("the serial is not a key."),
        "forged-signature": _("the slip is not signed by its own key."),
        "serial-twice": _("the same serial stands on line {detail}."),
        "opened-order": _("the opened slip is not in the order of names."),
        "opened-stranger": _("opens a slip that is not on the board."),
        "opened-forbidden": _("opens a slip that must stay sealed."),
        "opened-missing": _("the slip must be opened, but is not in {detail}."),
        "other-commitment": _("these marks are not those that the slip was cast with."),
        "no-such-mark": _("a mark that the manifest has no grade for."),
    }


def _about_sealed() -> dict[str, str]:
    return {
        "sealed-order": _("the sealed slip is not in the order of names."),
        "sealed-stranger": _("sealed bytes of a slip that is not on the board."),
        "sealed-forbidden": _("sealed bytes of a slip that is not published one by one."),
        "sealed-missing": _("the sealed bytes of the slip are not in {detail}."),
        "other-sealed": _("not the sealed bytes that the slip was cast with."),
        "false-invalid": _("the slip is called invalid, but opens otherwise: {detail}."),
        "false-opening": _("the slip opens with other marks than are said."),
        "bad-proof": _("the proof that this slip opens as is said does not hold."),
        "invalid-order": _("the invalid slip is not in the order of names."),
        "invalid-stranger": _("calls a slip invalid that is not on the board."),
        "invalid-forbidden": _("calls a slip invalid where no proof belongs."),
        "unproved-invalid": _("{pool}, {place}: {said} slips are called invalid, but {counted} are shown to be."),
    }


def _about_counts() -> dict[str, str]:
    return {
        "returned": _("{pool}, {place}: {said} slips are said to have come back, the board has {counted}."),
        "cancelled": _("{pool}, {place}: {said} slips are said to be cancelled, cancelled.jsonl has {counted}."),
        "verdict": _("{pool}: the verdict says {said}, the numbers say {counted}."),
        "recount": _("{pool}, {place}: {field} is not what the opened slips add up to, which is {counted}."),
    }

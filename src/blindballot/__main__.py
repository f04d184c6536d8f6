"""`python -m blindballot verify FOLDER|ZIP`: recounts a record offline and says in plain words what it found.

`… scrutineer …` is for those who recount the lines that are not published slip by slip; `… sealcode …` and `… missing …` hold what
a voter's device said against a record.

Exit status: 0 the record is sound (the code is found, something is missing), 1 it is not, 2 wrong usage or nothing to read.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from blindballot.format.cosigning import CHECKED, DISAGREES, Cosignature
from blindballot.format.encoding import FormatError
from blindballot.format.fields import LANGUAGES
from blindballot.format.findings import language_named, printable
from blindballot.verifying.called import sentence_of
from blindballot.verifying.deviceside import add_device_commands
from blindballot.verifying.scrutinising import NotFittingError, add_commands, run
from blindballot.verifying.unpacking import record_folder
from blindballot.verifying.verifier import UnreadableError, Verdict, verify

WORDS = {
    "en": {
        "sound": "The record is sound, and of the manifest you named: {fingerprint}",
        "sound-in-itself": "The record is sound in itself. Compare this fingerprint with your invitation: {fingerprint}",
        "unsound": "The record is NOT sound: it fails {count} checks.",
        "changed": "This copy was changed or is not whole: {count} checks fail. Fetch the record again; this says nothing about it.",
        "counted": "{slips} slips checked, {opened} of them opened and counted again.",
        "manifest": "Fingerprint of the rules (known before the vote): {fingerprint}",
        "record": "Fingerprint of the record (known since the close): {fingerprint}",
        "unreadable": "Cannot verify: {error}",
        "cannot": "That cannot be done: {error}",
        "progress": "{percent} % of the board checked",
        "head": "pool\troll\ttokens issued\tmost returned\tverdict",
        "extended": "Closing time moved to {closes_at}, announced {announced_at}: {reason}",
        "cancelled": "{pool}: {count} printed paper slips were not drawn and are cancelled.",
        "valid": "valid",
        "void": "void",
        "below-turnout": "turnout too low",
        "sealed": "Lines that are not published slip by slip were checked for eligibility, uniqueness and root. Their counts "
        "rest on the scrutineers.",
        "seen": "Scrutineer {scrutineer} has seen this record.",
        "checked": "Scrutineer {scrutineer} recounted {lines} lines: they fit.",
        "disagrees": "Scrutineer {scrutineer} DISAGREES: {remark}",
        "unchecked": "Not yet checked by scrutineers: fewer than two of them say that they recounted.",
        "waiting": "{count} slips are called invalid on lines so small that only scrutineers can tell. Fewer than two have told yet.",
    },
    "zh-hans": {
        "sound": "记录完好，且与您所给的规则清单一致：{fingerprint}",
        "sound-in-itself": "记录本身完好。请将此指纹与您的邀请函核对：{fingerprint}",
        "unsound": "记录不完好：有 {count} 处不符。",
        "changed": "这份副本被改动过或不完整：有 {count} 处不符。请重新下载；这不说明原记录有问题。",
        "counted": "核对票页 {slips} 张，对其中公开的 {opened} 张重新计票。",
        "manifest": "规则清单的指纹（投票前就公布）：{fingerprint}",
        "record": "记录的指纹（投票结束后才有）：{fingerprint}",
        "unreadable": "无法核验：{error}",
        "cannot": "无法进行：{error}",
        "progress": "票页清单已核对 {percent} %",
        "head": "投票组\t名册人数\t发出凭证\t最多收回\t有效性",
        "extended": "投票截止时间延至 {closes_at}（公布于 {announced_at}）：{reason}",
        "cancelled": "{pool}：印制而未抽取的票页 {count} 张，已作废。",
        "valid": "有效",
        "void": "作废",
        "below-turnout": "无效（参与人数不够）",
        "sealed": "未逐张公布的测评行已核对资格、唯一性和根值；其计数以监票人的核对为准。",
        "seen": "监票人 {scrutineer} 已看过本记录。",
        "checked": "监票人 {scrutineer} 已重新计票 {lines} 行，相符。",
        "disagrees": "监票人 {scrutineer} 有异议：{remark}",
        "unchecked": "尚未经监票人核对：声明已重新计票的监票人不足两人。",
        "waiting": "有 {count} 张票页被记为无效，所在测评行人数太少，只有监票人能够核对；声明的监票人尚不足两人。",
    },
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; the exit status."""
    options = _parser().parse_args(arguments)
    try:
        if options.command == "verify":
            with record_folder(options.record) as folder:
                said, is_sound = _verify(folder, options)
        elif options.command == "scrutineer":
            said, is_sound = _scrutinise(options)
        else:
            said, is_sound = options.run(options)
    except (UnreadableError, FormatError, OSError) as error:
        key = "unreadable" if options.command == "verify" else "cannot"
        print(WORDS[options.lang][key].format(error=printable(str(error))), file=sys.stderr)
        return 2
    print(said)
    return 0 if is_sound else 1


def _verify(folder: Path, options: argparse.Namespace) -> tuple[str, bool]:
    verdict = verify(
        folder,
        announced=options.manifest,
        decrypt_all=options.decrypt_all,
        screen_keys=options.screen_keys,
        processes=options.processes,
        progress=_Progress(options.lang) if sys.stderr.isatty() else None,
    )
    return describe(verdict, options.lang), verdict.is_sound


def _scrutinise(options: argparse.Namespace) -> tuple[str, bool]:
    try:
        return run(options), True
    except NotFittingError as error:
        return str(error), False


def headline(verdict: Verdict, language: str) -> str:
    """The verdict in one sentence, which stands first and last."""
    words = WORDS[language]
    if verdict.is_sound:
        return words["sound" if verdict.announced else "sound-in-itself"].format(fingerprint=verdict.manifest)
    return words["changed" if verdict.is_changed_copy else "unsound"].format(count=len(verdict.findings))


def describe(verdict: Verdict, language: str) -> str:
    """The verdict in words: its sentence first and last, between them fingerprints, turnout, scrutineers, and every finding.

    Text out of the record is written so that it cannot pass itself off as anything else.
    """
    words = WORDS[language]
    lines = [headline(verdict, language)]
    if verdict.manifest:
        lines.append(words["manifest"].format(fingerprint=verdict.manifest))
    if verdict.record:
        lines.append(words["record"].format(fingerprint=verdict.record))
    lines += [
        words["extended"].format(**{name: printable(text) for name, text in extension.to_json().items()})
        for extension in verdict.extensions
    ]
    lines += _turnout(verdict, words)
    if verdict.is_sound:
        lines.append(words["counted"].format(slips=verdict.slips, opened=verdict.opened))
        lines += _scrutiny(verdict, words)
    lines += [f"- {sentence_of(finding, language, verdict.rules)}" for finding in verdict.findings]
    return "\n".join([*lines, headline(verdict, language)])


def _turnout(verdict: Verdict, words: dict[str, str]) -> list[str]:
    lines = [words["head"]] if verdict.pools else []
    for pool in verdict.pools:
        issued = ", ".join(f"{issuer} {count}" for issuer, count in pool.issued.items())
        lines.append(f"{pool.pool}\t{pool.size}\t{issued}\t{pool.returned}\t{words[pool.verdict]}")
    unused = [pool for pool in verdict.pools if pool.cancelled]
    return [*lines, *(words["cancelled"].format(pool=pool.pool, count=pool.cancelled) for pool in unused)]


def _scrutiny(verdict: Verdict, words: dict[str, str]) -> list[str]:
    """What is not published slip by slip rests on scrutineers: what they say, and what is still to be said."""
    lines = [words["sealed"]] if verdict.opened < verdict.slips else []
    lines += [_said(said, words) for said in verdict.cosignatures]
    if lines and not verdict.has_enough_scrutineers:
        lines.append(words["unchecked"])
    return [*lines, words["waiting"].format(count=verdict.waiting)] if verdict.waiting else lines


def _said(said: Cosignature, words: dict[str, str]) -> str:
    if said.kind == DISAGREES:
        return words["disagrees"].format(scrutineer=said.scrutineer, remark=printable(said.remark))
    kind = "checked" if said.kind == CHECKED else "seen"
    return words[kind].format(scrutineer=said.scrutineer, lines=len(said.lines))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m blindballot")
    default = "zh-hans" if os.environ.get("LANG", "").startswith("zh") else "en"
    words: dict[str, Any] = {
        "type": language_named,
        "choices": LANGUAGES,
        "default": default,
        "help": "the language of the answer",
    }
    commands = parser.add_subparsers(required=True, dest="command", metavar="verify|scrutineer|sealcode|missing")
    check = commands.add_parser("verify", help="recount a record, a folder or a zip")
    check.add_argument("record", type=Path, metavar="FOLDER|ZIP", help="the record")
    scrutineer = commands.add_parser(
        "scrutineer", help="for scrutineers: keys, and the lines that are not published slip by slip"
    )
    add_commands(scrutineer, words)
    add_device_commands(commands, words)
    check.add_argument("--lang", **words)
    check.add_argument("--manifest", default="", metavar="FINGERPRINT", help="the manifest's fingerprint as announced")
    check.add_argument(
        "--decrypt-all", action="store_true", help="open the valid slips too, with the published keys (slower)"
    )
    check.add_argument(
        "--screen-keys", action="store_true", help="look for issuers' keys that are prime or share a factor (slow)"
    )
    check.add_argument("--processes", type=int, metavar="N", help="how many cores to use (all)")
    return parser


class _Progress:
    """Rewrites one line of the terminal with the share of the board that is checked."""

    def __init__(self, language: str) -> None:
        self._words = WORDS[language]["progress"]

    def __call__(self, done: int, size: int) -> None:
        end = "\n" if done >= size else ""
        sys.stderr.write("\r" + self._words.format(percent=100 * done // max(size, 1)) + end)
        sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main())

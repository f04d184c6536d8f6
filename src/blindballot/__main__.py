"""`python -m blindballot verify FOLDER`: recounts a record offline and says in plain words what it found.

Exit status: 0 the record is sound, 1 it is not, 2 wrong usage or nothing to read.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from blindballot.format.fields import LANGUAGES
from blindballot.format.findings import language_named
from blindballot.verifying.verifier import UnreadableError, Verdict, verify

WORDS = {
    "en": {
        "sound": "The record is sound: {slips} slips checked, {opened} opened and counted again.",
        "unsound": "The record fails {count} checks:",
        "manifest": "Manifest {fingerprint}",
        "unreadable": "Cannot verify: {error}",
        "progress": "{percent} % of the board checked",
        "head": "pool\troll\ttokens issued\tmost returned\tverdict",
        "extended": "Closing time moved to {closes_at}, announced {announced_at}: {reason}",
        "cancelled": "{pool}: {count} printed paper slips were not drawn and are cancelled.",
        "valid": "valid",
        "void": "void",
        "below-turnout": "turnout too low",
        "sealed": "Lines that are not published slip by slip were checked for eligibility, uniqueness and root; "
        "their counts can be checked with the scrutineers' openings (--openings).",
    },
    "zh-hans": {
        "sound": "记录完好：核对票页 {slips} 张，对其中公开的 {opened} 张重新计票。",
        "unsound": "记录有 {count} 处不符：",
        "manifest": "规则清单 {fingerprint}",
        "unreadable": "无法核验：{error}",
        "progress": "票页清单已核对 {percent} %",
        "head": "投票组\t名册人数\t发出凭证\t最多收回\t有效性",
        "extended": "投票截止时间延至 {closes_at}（公布于 {announced_at}）：{reason}",
        "cancelled": "{pool}：印制而未抽取的票页 {count} 张，已作废。",
        "valid": "有效",
        "void": "作废",
        "below-turnout": "无效（参与人数不够）",
        "sealed": "未逐张公布的测评行已核对资格、唯一性和根值；其计数可凭监票人的票页内容文件（--openings）核对。",
    },
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; the exit status."""
    options = _parser().parse_args(arguments)
    words = WORDS[options.lang]
    try:
        verdict = verify(
            options.folder,
            options.openings,
            announced=options.manifest,
            processes=options.processes,
            progress=_Progress(options.lang) if sys.stderr.isatty() else None,
        )
    except UnreadableError as error:
        print(words["unreadable"].format(error=error), file=sys.stderr)
        return 2
    print(describe(verdict, options.lang, has_openings=options.openings is not None))
    return 0 if verdict.is_sound else 1


def describe(verdict: Verdict, language: str, *, has_openings: bool = False) -> str:
    """The verdict in words: the manifest, the pools' turnout, and either soundness or every finding."""
    words = WORDS[language]
    lines = []
    if verdict.manifest:
        lines.append(words["manifest"].format(fingerprint=verdict.manifest))
    lines += [words["extended"].format(**extension.to_json()) for extension in verdict.extensions]
    if verdict.pools:
        lines.append(words["head"])
    for pool in verdict.pools:
        issued = ", ".join(f"{issuer} {count}" for issuer, count in pool.issued.items())
        lines.append(f"{pool.pool}\t{pool.size}\t{issued}\t{pool.returned}\t{words[pool.verdict]}")
    unused = [pool for pool in verdict.pools if pool.cancelled]
    lines += [words["cancelled"].format(pool=pool.pool, count=pool.cancelled) for pool in unused]
    if verdict.is_sound:
        lines.append(words["sound"].format(slips=verdict.slips, opened=verdict.opened))
        if verdict.opened < verdict.slips and not has_openings:
            lines.append(words["sealed"])
    else:
        lines.append(words["unsound"].format(count=len(verdict.findings)))
        lines += [f"- {finding.sentence(language)}" for finding in verdict.findings]
    return "\n".join(lines)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m blindballot")
    command = parser.add_subparsers(required=True, metavar="verify").add_parser(
        "verify", help="recount a record folder"
    )
    command.add_argument("folder", type=Path, metavar="FOLDER", help="the record folder")
    command.add_argument("--openings", type=Path, metavar="FILE", help="the scrutineers' openings of the sealed slips")
    command.add_argument(
        "--manifest", default="", metavar="FINGERPRINT", help="the manifest's fingerprint as announced"
    )
    command.add_argument("--processes", type=int, metavar="N", help="how many cores to use (all)")
    default = "zh-hans" if os.environ.get("LANG", "").startswith("zh") else "en"
    command.add_argument(
        "--lang", type=language_named, choices=LANGUAGES, default=default, help="the language of the verdict"
    )
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

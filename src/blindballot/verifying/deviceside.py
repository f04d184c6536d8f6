"""`python -m blindballot sealcode` and `missing`: what a voter's device said, held against a record. Offline."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from blindballot.format.encoding import FormatError
from blindballot.format.findings import printable
from blindballot.format.letters import CodeError
from blindballot.format.sealcode import OpenedSlip, read_code, read_where
from blindballot.verifying.missingcheck import MissingFile, check_missing
from blindballot.verifying.sealcheck import FITS, FOUND, check_opened, find_code, marks_in_words
from blindballot.verifying.signedboard import SignedBoard
from blindballot.verifying.unpacking import record_folder
from blindballot.verifying.verifier import LARGEST_DOCUMENT, UnreadableError

WORDS = {
    "en": {
        "found": "Found: the {count} slips of this code are in the record.",
        "not-found": "NOT found: no slips that make this code are in this record.",
        "ask-where": "Too many stacks to try. Say where the slips stand, as the device that cast them shows it: sealcode RECORD CODE WHERE",
        "no-code": "This is no seal code: a letter is wrong or missing.",
        "fits": "These slips make the code.",
        "waits": "Some slips of the ballot are not here, so the code cannot be compared yet.",
        "differs": "These slips do NOT make the code.",
        "recount": "Nothing else was checked. Recount the record: python -m blindballot verify",
        "left-out": "the box acknowledged this slip, and the record leaves it out.",
        "older": "the box acknowledged this slip, and the record has an older or an unsigned one in its place.",
        "other-head": "the box acknowledged this slip; it is in this record, but not in the one that the device was shown.",
        "there": "the slip is in the record. Nothing is missing.",
        "replaced": "a later version, signed by the same slip's key, is in the record. That proves nothing against the box.",
        "forged": "this is no slip of this poll: its token or its signature is false.",
        "unacknowledged": "the box never acknowledged this slip. That proves nothing against it.",
        "two-heads": "The key of the head signed two records of this poll: this one, and the one that the device was shown.",
        "proof": "The file proves this against whoever kept the box. docs/ballots.md says who decides.",
        "no-proof": "The file proves nothing against whoever kept the box.",
    },
    "zh-hans": {
        "found": "找到了：此码对应的 {count} 张票页都在记录中。",
        "not-found": "没有找到：这份记录中没有与此码相符的票页。",
        "ask-where": "可能的组合太多。请给出投票设备所显示的票页位置：sealcode 记录 封存码 位置",
        "no-code": "这不是封存码：有字符输错或遗漏。",
        "fits": "这些票页与封存码相符。",
        "waits": "这张选票的票页还不齐全，暂时不能与封存码核对。",
        "differs": "这些票页与封存码不符。",
        "recount": "除此以外没有核对。请核对整份记录：python -m blindballot verify",
        "left-out": "票箱为这张票页出具了回执，而记录中没有它。",
        "older": "票箱为这张票页出具了回执，而记录中在它的位置上是旧的或签名不对的票页。",
        "other-head": "票箱为这张票页出具了回执；它在这份记录中，却不在那台设备看到的记录中。",
        "there": "票页在记录中，没有遗漏。",
        "replaced": "记录中有同一票页密钥签名的较新版本。这不能证明票箱有问题。",
        "forged": "这不是这次测评的票页：凭证或签名不对。",
        "unacknowledged": "票箱从未为这张票页出具回执。这不能证明票箱有问题。",
        "two-heads": "记录的签名密钥为这次测评签了两份记录：这一份，和那台设备看到的另一份。",
        "proof": "这份文件足以向票箱的保管者提出质问。由谁裁定，见 docs/ballots.md。",
        "no-proof": "这份文件不能证明票箱的保管者有问题。",
    },
}


def add_device_commands(commands: Any, words: dict[str, Any]) -> None:
    """The two commands, each with the option of its language, given in `words`."""
    seal = commands.add_parser(
        "sealcode", help="find the slips of a seal code in a record, or hold opened slips against it"
    )
    seal.add_argument("record", type=Path, metavar="FOLDER|ZIP", help="the record")
    seal.add_argument("code", metavar="CODE", help="the 28 letters that the device showed")
    seal.add_argument(
        "where", nargs="?", default="", metavar="WHERE", help="where the slips stand, as the device shows it"
    )
    seal.add_argument("--opened", type=Path, metavar="FILE", help="slips that were opened instead of cast, one a line")
    seal.set_defaults(run=seal_code)
    missing = commands.add_parser("missing", help="read the file about slips that a device missed in a record")
    missing.add_argument("file", type=Path, metavar="FILE", help="the file that the device saved")
    missing.add_argument("record", type=Path, metavar="FOLDER|ZIP", help="the record")
    missing.set_defaults(run=missing_slips)
    for command in (seal, missing):
        command.add_argument("--lang", **words)


def seal_code(options: argparse.Namespace) -> tuple[str, bool]:
    """What is said of a seal code, and whether it was found or made. Raises UnreadableError or FormatError."""
    words = WORDS[options.lang]
    try:
        letters = read_code(options.code)
    except CodeError as error:
        raise FormatError(words["no-code"]) from error
    with record_folder(options.record) as folder:
        board = SignedBoard.read(folder)
        if options.opened:
            return _opened(options, board, letters)
        answer, count = find_code(board, letters, read_where(options.where) if options.where else ())
    return "\n".join([words[answer].format(count=count), words["recount"]]), answer == FOUND


def _opened(options: argparse.Namespace, board: SignedBoard, letters: str) -> tuple[str, bool]:
    slips = [OpenedSlip.read(line) for line in _read(options.opened).splitlines() if line.strip()]
    answer = check_opened(board.manifest, board.keys(), letters, slips)
    shown = [printable(marks_in_words(board.manifest, slip, options.lang)) for slip in slips]
    return "\n".join([*shown, WORDS[options.lang][answer]]), answer == FITS


def missing_slips(options: argparse.Namespace) -> tuple[str, bool]:
    """What the file proves, and whether it proves anything. Raises UnreadableError or FormatError."""
    words = WORDS[options.lang]
    file = MissingFile.read(_read(options.file))
    with record_folder(options.record) as folder:
        proved = check_missing(file, SignedBoard.read(folder))
    lines = [f"{pool} {line}: {words[what]}" for pool, line, what in proved.slips]
    heads = [words["two-heads"]] if proved.has_two_heads else []
    return "\n".join([*lines, *heads, words["proof" if proved.is_proof else "no-proof"]]), proved.is_proof


def _read(path: Path) -> bytes:
    if not path.is_file() or path.stat().st_size > LARGEST_DOCUMENT:
        raise UnreadableError(f"{path}: no file, or too large")
    return path.read_bytes()

"""What a scrutineer with a laptop does: make keys, answer the test, pass shares on, recount what is sealed, sign. Without a network.

Each function takes what was typed and returns what is printed; `python -m blindballot scrutineer` names them.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import sys
from pathlib import Path
from typing import Any

from blindballot.format.cosigning import CHECKED, DISAGREES, KINDS, Cosignature, cosign
from blindballot.format.encoding import FormatError
from blindballot.format.fields import read_text
from blindballot.format.findings import Finding
from blindballot.format.handover import LONGEST_PASSED, pass_shares
from blindballot.format.manifest import read_manifest
from blindballot.format.record import COSIGNATURES, MANIFEST, RECORD
from blindballot.format.scrutineers import (
    LONGEST_DOCUMENT,
    SIGNS_ON_PAPER,
    ScrutineerKeys,
    answer_challenge,
    signs_on_paper,
)
from blindballot.verifying.scrutiny import Papers, ScrutinyError, recount_sealed
from blindballot.verifying.unpacking import record_folder
from blindballot.verifying.verifier import UnreadableError, verify

WORDS = {
    "en": {
        "made": "Keys written to {path}. Keep this file, and the line below on paper; show them to nobody:\n{paper}",
        "card": "Hand this card in at your desk, or to the office:",
        "restored": "Keys written to {path}.",
        "paper": "Type the fourteen groups of the paper, then press Enter:",
        "not-paper": "That is not what stands on the paper: {error}",
        "too-few": "{count} of 56 letters and digits. Go on with the next groups, or press Enter on an empty line to begin anew:",
        "not-yours": "These keys are not those of a scrutineer of this record. Take the key file that you registered for this appraisal.",
        "nobody-passed": "Nobody has passed shares to you yet. Run `scrutineer pass`, hand in what it prints, and come back when another "
        "one has done so.",
        "share-misfit": "Your share does not open, or does not fit: {error}",
        "exists": "{path} is there already. Keys are never overwritten: take another name, or move it away.",
        "fits": "The sealed lines fit: {slips} slips of {lines} lines recounted. Hand in the last line:",
        "fails": "It does NOT fit: {count} checks fail. Sign that you disagree, with a remark: scrutineer say … disagrees REMARK",
    },
    "zh-hans": {
        "made": "密钥已写入 {path}。请保管好这个文件，并把下面一行抄在纸上；不要给任何人看：\n{paper}",
        "card": "请在您的工作台提交这张公钥卡，或交给活动办：",
        "restored": "密钥已写入 {path}。",
        "paper": "请输入纸上的十四组字符，然后按回车：",
        "not-paper": "与纸上的不符：{error}",
        "too-few": "56 个字符中已有 {count} 个。请接着输入后面的各组；如要重来，请在空行上按回车：",
        "not-yours": "这不是本记录监票人的密钥。请使用您为本次测评登记的密钥文件。",
        "nobody-passed": "还没有人把份额交给您。请先运行 scrutineer pass 并提交它打印的内容，等另一名监票人也这样做了再来。",
        "share-misfit": "您的份额打不开，或不相符：{error}",
        "exists": "{path} 已经存在。密钥文件不会被覆盖：请换一个名字，或先移走它。",
        "fits": "未逐张公布的测评行相符：已重新计票 {lines} 行，票页 {slips} 张。请提交最后一行：",
        "fails": "不符：有 {count} 处。请签署异议并说明：scrutineer say … disagrees 说明",
    },
}


class NotFittingError(Exception):
    """A scrutineer's recount found something; the message says all of it."""


def make_keys(options: argparse.Namespace) -> str:
    """Makes both keys, writes their file for the owner only, and says the card and what to write on paper."""
    keys = ScrutineerKeys.generate()
    _write_keys(options, keys)
    words = WORDS[options.lang]
    return "\n".join([words["made"].format(path=options.keys, paper=keys.to_paper()), words["card"], _card(keys)])


def restore_keys(options: argparse.Namespace) -> str:
    """Writes the key file again from what stands on the paper, which is typed."""
    words = WORDS[options.lang]
    sys.stderr.write(words["paper"] + "\n")
    try:
        keys = ScrutineerKeys.from_paper(_typed(words))
    except FormatError as error:
        raise UnreadableError(words["not-paper"].format(error=error)) from error
    _write_keys(options, keys)
    return "\n".join([words["restored"].format(path=options.keys), words["card"], _card(keys)])


def _typed(words: dict[str, str]) -> str:
    """What is typed until all signs are there, or the input or a line ends it."""
    typed = ""
    while line := sys.stdin.readline(1000):
        typed += line
        count = len(signs_on_paper(typed))
        if count >= SIGNS_ON_PAPER or not line.strip():
            break
        sys.stderr.write(words["too-few"].format(count=count) + "\n")
    return typed


def answer(options: argparse.Namespace) -> str:
    """The answer to the test of the keys."""
    return answer_challenge(_read_keys(options), _read(options.challenge, LONGEST_DOCUMENT)).decode()


def pass_on(options: argparse.Namespace) -> str:
    """One's shares, sealed to each of the others: a line each."""
    with record_folder(options.record) as folder:
        keys, papers = _read_keys(options), Papers.read(folder, options.handover)
        own, shares = papers.own_id(keys), papers.own_shares(keys)
        others = [each.id for each in papers.manifest.scrutineers if each.id != own]
        return "\n".join(pass_shares(papers.manifest, shares, own, other).decode() for other in others)


def recount(options: argparse.Namespace) -> str:
    """Verifies the record, recounts what is sealed, and says the signed line. Raises NotFittingError."""
    with record_folder(options.record) as folder:
        keys, papers = _read_keys(options), Papers.read(folder, options.handover)
        lines = _read(options.passed, LONGEST_PASSED).split(b"\n") if options.passed else []
        # What others signed is no part of the record that this word is about.
        found = [finding for finding in verify(folder).findings if finding.file != COSIGNATURES]
        # An empty handover has no keys to join, but it is held against what the record says is sealed like any other.
        done = recount_sealed(papers, papers.join(keys, lines) if papers.handover.places else {})
        words = WORDS[options.lang]
        _check_found([*found, *done.findings], options.lang)
        said = Cosignature(_fingerprint(folder), papers.own_id(keys), CHECKED, done.lines, done.invalid)
        fits = words["fits"].format(slips=done.slips, lines=len(done.lines))
        return f"{fits}\n{cosign(said, keys.signing).decode()}"


def say(options: argparse.Namespace) -> str:
    """The signed line of who has seen the record, or disagrees with it."""
    remark = read_text(options.remark, "REMARK") if options.remark else ""
    if (options.kind == DISAGREES) != bool(remark):
        raise FormatError("REMARK: says what does not fit, and stands with `disagrees` only")
    with record_folder(options.record) as folder:
        keys = _read_keys(options)
        manifest = read_manifest((folder / MANIFEST).read_bytes())
        own = next((each.id for each in manifest.scrutineers if each.signing_key == keys.card.signing_key), "")
        if not own:
            raise ScrutinyError("not-yours", "these keys are not those of a scrutineer of this manifest")
        return cosign(Cosignature(_fingerprint(folder), own, options.kind, remark=remark), keys.signing).decode()


def add_commands(parser: argparse.ArgumentParser, words: dict[str, Any]) -> None:
    """The commands below `scrutineer`, each with the option of its language, given in `words`."""
    commands = parser.add_subparsers(required=True, dest="deed", metavar="keys|restore|answer|pass|recount|say")
    plan = {
        "keys": (make_keys, "make your two keys, as a file and for paper"),
        "restore": (restore_keys, "write the key file again from paper"),
        "answer": (answer, "show that your keys open what is sealed to them"),
        "pass": (pass_on, "pass your shares on to the other scrutineers"),
        "recount": (recount, "recount the sealed lines with your shares and those passed to you, and sign"),
        "say": (say, "sign that you have seen the record, or disagree with it"),
    }
    for name, (deed, text) in plan.items():
        command = commands.add_parser(name, help=text)
        command.set_defaults(run=deed)
        command.add_argument("--lang", **words)
        command.add_argument("keys", type=Path, metavar="KEYS", help="your key file")
        if name == "answer":
            command.add_argument("challenge", type=Path, metavar="CHALLENGE", help="the test, from your desk")
        if name in ("pass", "recount", "say"):
            command.add_argument("record", type=Path, metavar="FOLDER|ZIP", help="the record")
        if name in ("pass", "recount"):
            command.add_argument("handover", type=Path, metavar="HANDOVER", help="what was handed to the scrutineers")
        if name == "recount":
            command.add_argument("passed", type=Path, nargs="?", metavar="PASSED", help="what others passed to you")
        if name == "say":
            command.add_argument("kind", choices=[kind for kind in KINDS if kind != CHECKED])
            command.add_argument("remark", nargs="?", default="", metavar="REMARK", help="what does not fit")


def run(options: argparse.Namespace) -> str:
    """Does what was asked for. Raises NotFittingError where it does not fit, UnreadableError, FormatError or OSError for the rest."""
    words = WORDS[options.lang]
    try:
        return str(options.run(options))
    except ScrutinyError as error:
        sentence = words[error.word].format(error=error)
        if error.word == "share-misfit":
            raise NotFittingError("\n".join([words["fails"].format(count=1), f"- {sentence}"])) from error
        raise UnreadableError(sentence) from error


def _check_found(found: list[Finding], language: str) -> None:
    if found:
        head = WORDS[language]["fails"].format(count=len(found))
        raise NotFittingError("\n".join([head, *(f"- {finding.sentence(language)}" for finding in found)]))


def _write_keys(options: argparse.Namespace, keys: ScrutineerKeys) -> None:
    try:
        handle = os.open(options.keys, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise UnreadableError(WORDS[options.lang]["exists"].format(path=options.keys)) from error
    with os.fdopen(handle, "wb") as file:
        file.write(keys.to_file() + b"\n")


def _read_keys(options: argparse.Namespace) -> ScrutineerKeys:
    try:
        return ScrutineerKeys.from_file(_read(options.keys, LONGEST_DOCUMENT))
    except FormatError as error:
        raise FormatError(f"{options.keys}: {error}") from error


def _read(path: Path, most: int) -> bytes:
    """The bytes of an ordinary file no longer than that."""
    if not path.is_file() or path.stat().st_size > most:
        raise UnreadableError(f"{path}: not an ordinary file, or too large")
    return path.read_bytes()


def _card(keys: ScrutineerKeys) -> str:
    return keys.card.to_bytes().decode()


def _fingerprint(folder: Path) -> str:
    return hashlib.sha256((folder / RECORD).read_bytes()).hexdigest()

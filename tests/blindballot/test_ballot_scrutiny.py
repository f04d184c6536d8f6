"""Scrutineers: keys on file and paper, the test of keys, shares that two must join, recounts of what was handed over, the command."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.blindballot.polls import Poll, document, make_poll
from tests.blindballot.records import cosign_record, export, recount_handed

from blindballot.__main__ import main
from blindballot.format.cosigning import Cosignature, read_cosignature
from blindballot.format.curve import ORDER
from blindballot.format.encoding import FormatError, b64, canonical, sha256, unb64
from blindballot.format.handover import join_shares, open_passed, pass_shares, read_passed
from blindballot.format.record import RECORD
from blindballot.format.scrutineers import ScrutineerKeys, answer_challenge, check_answer, read_card, write_challenge
from blindballot.verifying.scrutiny import Papers, recount_sealed
from blindballot.verifying.verifier import UnreadableError, verify

VECTOR = Path(__file__).parents[1] / "vectors" / "record"
TOLD = json.loads((VECTOR / "scrutiny.json").read_text(encoding="utf-8"))
POLL = "0b54bd9a-5c40-4bd8-8f1f-1c7a3c62c0b1"
KEYS = {each: ScrutineerKeys.from_file((VECTOR / f"keys-{each}.json").read_bytes()) for each in ("s1", "s2", "s3")}


@pytest.fixture
def papers() -> Papers:
    return Papers.read(VECTOR / "record", VECTOR / "handover.jsonl")


@settings(deadline=None)
@given(st.binary(min_size=32, max_size=32), st.integers(0, 55), st.integers(1, 31))
def test_keys_come_back_from_paper_and_a_wrong_letter_is_noticed(seed: bytes, place: int, by: int) -> None:
    keys, letters = ScrutineerKeys(seed), "0123456789abcdefghjkmnpqrstvwxyz"
    paper = keys.to_paper()
    assert ScrutineerKeys.from_paper(paper.upper().replace(" ", "-")) == keys
    assert ScrutineerKeys.from_paper(paper.replace("0", "O").replace("1", "l")) == keys
    signs = paper.replace(" ", "")
    wrong = letters[(letters.index(signs[place]) + by) % 32]
    with pytest.raises(FormatError, match="another than on the paper"):
        ScrutineerKeys.from_paper(signs[:place] + wrong + signs[place + 1 :])


@pytest.mark.parametrize("text", ["", "abcd " * 13, "u" * 56, "0" * 57])
def test_what_is_no_paper_is_said_to_be_none(text: str) -> None:
    with pytest.raises(FormatError, match="56 letters and digits"):
        ScrutineerKeys.from_paper(text)


def test_a_key_file_holds_the_keys_and_a_card_no_secret() -> None:
    keys = ScrutineerKeys.generate()
    assert ScrutineerKeys.from_file(keys.to_file()) == keys
    assert repr(keys) == "ScrutineerKeys()"
    assert read_card(keys.card.to_bytes()) == keys.card
    assert b64(keys.seed) not in keys.card.to_bytes().decode()
    for data in (b"", b"{}", b"[]", keys.card.to_bytes(), b"\xff", b"{" * 5000):
        with pytest.raises(FormatError):
            ScrutineerKeys.from_file(data)


def test_the_test_of_keys_passes_for_their_holder_only() -> None:
    keys, other, nonce = ScrutineerKeys.generate(), ScrutineerKeys.generate(), bytes(range(32))
    challenge = write_challenge(keys.card, POLL, nonce)
    answer = answer_challenge(keys, challenge)
    check_answer(keys.card, POLL, nonce, answer)
    check_answer(keys.card, POLL, nonce, b"  " + answer + b"\n")
    with pytest.raises(FormatError, match="do not open"):
        answer_challenge(other, challenge)
    with pytest.raises(FormatError, match="not what was sealed"):
        check_answer(keys.card, POLL, bytes(32), answer)
    with pytest.raises(FormatError, match="poll"):
        check_answer(keys.card, POLL[:-1] + "2", nonce, answer)
    with pytest.raises(FormatError, match="signing key"):
        check_answer(other.card, POLL, nonce, answer)


def test_vectors_of_scrutineers_hold(papers: Papers) -> None:
    for scrutineer, told in TOLD["scrutineers"].items():
        keys = KEYS[scrutineer]
        assert (keys.to_paper(), keys.card.to_bytes().decode()) == (told["paper"], told["card"])
        check_answer(keys.card, papers.manifest.poll, unb64(told["nonce"]), told["answer"].encode())
        assert papers.own_id(keys) == scrutineer
    passed = (VECTOR / "passed.jsonl").read_bytes().splitlines()
    for keys in KEYS.values():
        joined = papers.join(keys, passed)
        assert {"/".join(place): f"{secret:064x}" for place, secret in joined.items()} == TOLD["keys"]
        done = recount_sealed(papers, joined)
        assert (done.findings, done.slips) == ([], TOLD["slips"])
        assert [list(place) for place in done.lines] == TOLD["lines"]
        assert [b64(name) for name in done.invalid] == TOLD["invalid"]


@pytest.mark.parametrize("told", TOLD["handovers"], ids=lambda told: told["name"])
def test_a_handover_that_was_tampered_with_is_found(tmp_path: Path, told: dict) -> None:  # type: ignore[type-arg]
    data = (VECTOR / "handover.jsonl").read_bytes()
    for edit in told["edits"]:
        data = data[: edit["at"]] + edit["put"].encode() + data[edit["at"] + edit["remove"] :]
    (tmp_path / "handover.jsonl").write_bytes(data)
    found = ""
    try:
        papers = Papers.read(VECTOR / "record", tmp_path / "handover.jsonl")
        found = "share"
        papers.own_shares(KEYS["s1"])
        found = "unreadable"
        secrets = {tuple(place.split("/")): int(number, 16) for place, number in TOLD["keys"].items()}
        findings = recount_sealed(papers, secrets).findings  # type: ignore[arg-type]
        found = findings[0].check if findings else ""
    except UnreadableError:
        found = "unreadable"
    except FormatError:
        assert found == "share"
    assert found == told["found"]


def test_one_share_opens_nothing_even_if_everybody_reads_it(papers: Papers) -> None:
    """Somebody publishes all their shares. Without a second scrutineer's they fit any secret whatever (Shamir 1979)."""
    shares = papers.own_shares(KEYS["s1"])
    secret = {tuple(place.split("/")): int(number, 16) for place, number in TOLD["keys"].items()}
    for place, share in shares.items():
        assert share != secret[place]
        for imagined in (1, 2, ORDER - 1):
            other = (imagined + 2 * (share - imagined)) % ORDER
            assert join_shares(papers.manifest, ("s1", {place: share}), ("s2", {place: other})) == {place: imagined}
    with pytest.raises(FormatError, match="of one scrutineer"):
        join_shares(papers.manifest, ("s1", shares), ("s1", shares))


def test_shares_on_their_way_are_for_one_reader(papers: Papers) -> None:
    manifest, shares = papers.manifest, papers.own_shares(KEYS["s1"])
    line = pass_shares(manifest, shares, "s1", "s2")
    sent = read_passed(manifest, line)
    assert open_passed(manifest, papers.keys, papers.handover, sent, KEYS["s2"].decryption) == shares
    with pytest.raises(FormatError, match="do not open"):
        open_passed(manifest, papers.keys, papers.handover, sent, KEYS["s3"].decryption)
    with pytest.raises(FormatError, match="another scrutineer"):
        read_passed(manifest, pass_shares(manifest, shares, "s1", "s1"))
    for wrong in (line.replace(b'"from":"s1"', b'"from":"s3"'), line.replace(b'"from":"s1"', b'"from":"s9"')):
        with pytest.raises(FormatError):
            open_passed(manifest, papers.keys, papers.handover, read_passed(manifest, wrong), KEYS["s2"].decryption)
    lied = read_passed(manifest, pass_shares(manifest, {place: 1 + shares[place] for place in shares}, "s1", "s2"))
    with pytest.raises(FormatError, match="does not fit"):
        open_passed(manifest, papers.keys, papers.handover, lied, KEYS["s2"].decryption)


def test_somebody_who_passes_nonsense_does_not_stop_the_others(papers: Papers) -> None:
    passed = (VECTOR / "passed.jsonl").read_bytes().splitlines()
    good = next(line for line in passed if b'"from":"s3"' in line and b'"to":"s2"' in line)
    lied = pass_shares(papers.manifest, dict.fromkeys(papers.own_shares(KEYS["s1"]), 7), "s1", "s2")
    joined = papers.join(KEYS["s2"], [b"{}", lied, good])
    assert recount_sealed(papers, joined).findings == []
    with pytest.raises(FormatError, match="does not fit"):
        papers.join(KEYS["s2"], [lied])
    with pytest.raises(FormatError, match="nobody has passed"):
        papers.join(KEYS["s2"], [])
    with pytest.raises(FormatError, match="not those of a scrutineer"):
        papers.join(ScrutineerKeys.generate(), [good])


def small() -> Poll:
    made = make_poll(document({"members": 12, "elders": 8, "few": 8}, ("u1",)), scrutineers=3)
    for pool, voters in (("members", 11), ("elders", 6), ("few", 4)):
        for voter in range(voters):
            made.vote(pool, {"u1": {"work": ("good", "fair")[voter % 2]}})
    return made


def test_nothing_of_a_line_that_publishes_nothing_is_handed_over(tmp_path: Path) -> None:
    made = small()
    export(made, tmp_path)
    papers = Papers.read(tmp_path / "record", tmp_path / "handover.jsonl")
    assert [handed.place for handed in papers.handover.places] == [("members", "u1"), ("elders", "u1")]
    names = {slip.name for _, slip in papers.handover.slips()}
    few = {slip.name(made.manifest.digest) for slip in made.slips if slip.pool == "few"}
    assert len(names) == 17
    assert not names & few


def test_the_handover_says_no_mark_without_two_scrutineers(tmp_path: Path) -> None:
    """What lies on the server after the close holds neither a mark nor a key: only sealed bytes."""
    made = small()
    export(made, tmp_path)
    data = (tmp_path / "handover.jsonl").read_bytes()
    for secret in made.secrets().values():
        for form in (f"{secret:x}".encode(), b64(secret.to_bytes(32, "big")).encode(), secret.to_bytes(32, "big")):
            assert form not in data
    assert b"marks" not in data
    assert b"salt" not in data


def test_a_scrutineer_with_a_laptop(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Every step by command, as two of three scrutineers take them; the third stays away."""

    def run(*words: object, status: int = 0) -> list[str]:
        assert main(["scrutineer", *map(str, words), "--lang", "en"]) == status
        out = capsys.readouterr()
        return (out.out or out.err).splitlines()

    made = small()
    record = export(made, tmp_path)
    handover = tmp_path / "handover.jsonl"
    files = {each: tmp_path / f"{each}.json" for each in ("s1", "s2")}
    for each, path in files.items():
        path.write_bytes(made.scrutineers[each].to_file())
    passed = tmp_path / "passed.jsonl"
    passed.write_text("\n".join(run("pass", files["s1"], record, handover)) + "\n")
    assert len(passed.read_text().splitlines()) == 2
    assert run("recount", files["s2"], record, handover, status=2) == [
        "That cannot be done: Nobody has passed shares to you yet. Run `scrutineer pass`, hand in what it prints, and come back when "
        "another one has done so."
    ]
    said, line = run("recount", files["s2"], record, handover, passed)
    assert said == "The sealed lines fit: 17 slips of 2 lines recounted. Hand in the last line:"
    word = read_cosignature(made.manifest, sha256((record / RECORD).read_bytes()).hex(), line.encode())
    assert (word.scrutineer, word.kind, len(word.lines)) == ("s2", "checked", 2)
    (line,) = run("say", files["s1"], record, "disagrees", "the band of u1")
    assert b'"remark":"the band of u1"' in line.encode()
    assert "REMARK" in run("say", files["s1"], record, "disagrees", status=2)[0]
    assert "REMARK" in run("say", files["s1"], record, "seen", "all well", status=2)[0]
    handover.write_bytes(b"".join(handover.read_bytes().splitlines(keepends=True)[:-1]))
    refused = run("recount", files["s2"], record, handover, passed, status=1)
    assert refused[0].startswith("It does NOT fit: 1 checks fail.")
    assert "(opened-missing)" in refused[1]


def test_a_laptop_makes_keys_once_and_has_them_back_from_paper(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path, again = tmp_path / "keys.json", tmp_path / "again.json"
    assert main(["scrutineer", "keys", str(path), "--lang", "en"]) == 0
    _, paper, _, card = capsys.readouterr().out.splitlines()
    assert path.stat().st_mode & 0o777 == 0o600
    assert read_card(card.encode()) == ScrutineerKeys.from_file(path.read_bytes()).card
    assert main(["scrutineer", "keys", str(path), "--lang", "zh"]) == 2
    assert "已经存在" in capsys.readouterr().err

    class Typed:
        def readline(self, _most: int) -> str:
            return paper + "\n"

    monkeypatch.setattr("sys.stdin", Typed())
    assert main(["scrutineer", "restore", str(again), "--lang", "en"]) == 0
    assert again.read_bytes() == path.read_bytes()
    challenge = tmp_path / "challenge.json"
    challenge.write_bytes(write_challenge(read_card(card.encode()), POLL, bytes(32)))
    capsys.readouterr()
    assert main(["scrutineer", "answer", str(again), str(challenge)]) == 0
    check_answer(read_card(card.encode()), POLL, bytes(32), capsys.readouterr().out.encode())


def test_two_of_three_are_enough_for_the_verdict(tmp_path: Path) -> None:
    made = small()
    record = export(made, tmp_path)
    shutil.copytree(record, tmp_path / "copy")
    done = recount_handed(record)
    words = [Cosignature("", each, "checked", done.lines, done.invalid) for each in ("s1", "s3")]
    cosign_record(made, record, words[:1])
    assert not verify(record).has_enough_scrutineers
    cosign_record(made, record, words)
    verdict = verify(record)
    assert verdict.is_sound
    assert verdict.has_enough_scrutineers
    of_little = [Cosignature("", each, "checked", done.lines[:1]) for each in ("s1", "s3")]
    cosign_record(made, record, of_little)
    assert verify(record).is_sound
    assert not verify(record).has_enough_scrutineers


def test_what_a_command_cannot_do_is_said_in_the_readers_language(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = small()
    record, handover = export(made, tmp_path), tmp_path / "handover.jsonl"
    own, other = tmp_path / "s1.json", tmp_path / "other.json"
    own.write_bytes(made.scrutineers["s1"].to_file())
    other.write_bytes(ScrutineerKeys.generate().to_file())
    for keys, sentence in ((own, "还没有人把份额交给您"), (other, "这不是本记录监票人的密钥")):
        assert main(["scrutineer", "recount", str(keys), str(record), str(handover), "--lang", "zh"]) == 2
        assert sentence in capsys.readouterr().err
    lines = handover.read_bytes().splitlines(keepends=True)
    place = json.loads(lines[1])
    place["shares"].reverse()
    changed = json.dumps(place, separators=(",", ":"), sort_keys=True).encode() + b"\n"
    handover.write_bytes(b"".join([lines[0], changed, *lines[2:]]))
    assert main(["scrutineer", "recount", str(own), str(record), str(handover), "--lang", "zh"]) == 1
    said = capsys.readouterr().out
    assert "请签署异议" in said
    assert "打不开" in said


def test_paper_is_typed_in_rows_and_with_any_keyboard() -> None:
    keys = ScrutineerKeys.generate()
    wide = keys.to_paper().upper().translate({n: n + 0xFEE0 for n in range(0x30, 0x5B)}).replace(" ", "\u3000")
    assert ScrutineerKeys.from_paper(wide) == keys
    assert ScrutineerKeys.from_paper(keys.to_paper().replace(" ", "\u2014\n\u2212")) == keys


def test_an_empty_handover_is_not_recounted_as_if_nothing_were_sealed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A platform that hands over nothing of what is sealed gets no word that it fits."""
    made = small()
    record, empty, keys = export(made, tmp_path), tmp_path / "empty.jsonl", tmp_path / "s1.json"
    head = json.loads((tmp_path / "handover.jsonl").read_bytes().splitlines()[0])
    empty.write_bytes(canonical(head | {"places": 0}) + b"\n")
    keys.write_bytes(made.scrutineers["s1"].to_file())
    assert head["places"]
    assert main(["scrutineer", "recount", str(keys), str(record), str(empty), "--lang", "en"]) == 1
    said = capsys.readouterr().out
    assert "does NOT fit: 1 checks fail" in said
    assert "blindballot-cosignature-1" not in said

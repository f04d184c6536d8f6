"""The gate over what a poll publishes: what it lets through is proved, what tells too much is withheld, and both are written down."""

import json
import random

import pytest
import rfc8785
from tests.cast import sheets

from blindballot.format.encoding import FormatError, canonical
from blindballot.format.gate import read_gate
from blindballot.format.publication import Withheld, publish_line
from honestrank.__main__ import main
from honestrank.disclosure.certificate import failures
from zhengyou.standings.computing.gating import gate_publication
from zhengyou.standings.computing.scoring import score_pools

APART = {"00000000-0000-4000-8000-000000000001": 7, "00000000-0000-4000-8000-000000000002": None}


def drawn(seed, n):
    rng = random.Random(seed)
    weights = [rng.random() ** 2 for _ in sheets.MARKS]
    return list(zip(*(rng.choices(sheets.MARKS, weights=weights, k=n) for _ in "ab"), strict=True))


def asked(manifest, slips, apart=APART):
    counts, exact = sheets.published(manifest, slips)
    engine = sheets.engine_manifest(manifest)
    return gate_publication(manifest, engine.fingerprint, counts, exact, apart), counts, exact, engine


@pytest.fixture
def sheet():
    sizes = {"few": 7, "ten": 10, "some": 23, "more": 38, "open": 60}
    manifest = sheets.manifest_of(list(sizes), ["a", "b"], 80)
    return manifest, {unit: drawn(seed, n) for seed, (unit, n) in enumerate(sizes.items())}


def test_what_the_rule_publishes_passes_and_anybody_can_check_that(sheet):
    document, counts, _exact, engine = asked(*sheet)
    assert document["withheld"] == []
    assert [line["publication"] for line in counts["pools"][0]["lines"]][:4] == ["band", "counts", "counts", "counts"]
    written = rfc8785.dumps(document)
    assert read_gate(engine, written) == {}
    certificate = json.loads(written)["certificate"]
    assert len(certificate["distributions"]) == 6 + 2 * (counts["pools"][0]["lines"][4]["publication"] == "counts")
    assert failures(certificate) == []
    assert all(type(n) is not float for n in _numbers(json.loads(written)))


def _numbers(value):
    if isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _numbers(item)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield value


def test_the_command_line_finds_the_certificate_in_the_answer(sheet, tmp_path, capsys):
    file = tmp_path / "gate.json"
    file.write_bytes(rfc8785.dumps(asked(*sheet)[0]))
    assert main(["check-certificate", str(file)]) == 0
    file.write_bytes(file.read_bytes().replace(b'"insiders":0', b'"insiders":9'))
    assert main(["check-certificate", str(file)]) == 3
    capsys.readouterr()


def test_a_certificate_that_was_changed_proves_nothing(sheet):
    certificate = json.loads(rfc8785.dumps(asked(*sheet)[0]))["certificate"]
    at = next(at for at, part in enumerate(certificate["parts"]) if len(part["tables"]) > 1)
    certificate["parts"][at]["tables"] = certificate["parts"][at]["tables"][:1]
    assert any(failure.startswith("distribution:") for failure in failures(certificate))


def test_the_gate_says_nothing_of_the_truth_beyond_what_is_published(sheet):
    """Two truths behind the same counts and figures get the same answer, byte for byte."""
    manifest = sheets.manifest_of(["u"], ["a"], 40)
    answers = {}
    for good in range(1, 5):
        slips = [("good",)] * good + [("fairly-good",)] * (9 - good) + [("fair",)] * 12
        document, counts, exact, _ = asked(manifest, {"u": slips}, {})
        criterion = score_pools(manifest, counts, exact, 13, {})[0].units[0].criteria[0]
        told = (json.dumps(counts), criterion.mean, criterion.standard_error)
        answers.setdefault(told, set()).add(rfc8785.dumps(document | {"manifest": ""}))
    assert len(answers) < 4
    assert all(len(answer) == 1 for answer in answers.values())


def test_cells_that_tell_what_they_hide_are_withheld_and_no_mean_is_told():
    """Cells by another rule than the record's: 12 good, 25 without a grade say that all who gave a grade gave the same."""
    manifest = sheets.manifest_of(["u", "v"], ["a", "b"], 40)
    slips = {"v": drawn(3, 25), "u": [("good", "good")] * 12 + [("dont_know", "fair")] * 24 + [("unmarked", "poor")]}
    counts, exact = sheets.published(manifest, slips)
    line = counts["pools"][0]["lines"][0]
    line["criteria"][0]["cells"] = [
        *({"marks": [mark], "n": 12 if mark == "good" else 0} for mark in sheets.MARKS[:4]),
        {"marks": ["dont_know", "unmarked"], "n": 25},
    ]
    engine = sheets.engine_manifest(manifest)
    document = gate_publication(manifest, engine.fingerprint, counts, exact, {})
    assert document["withheld"] == [{"pool": "p", "line": "u-1", "most": "open", "criteria": ["a"]}]
    assert failures(json.loads(rfc8785.dumps(document))["certificate"]) == []
    assert read_gate(engine, rfc8785.dumps(document)) == {("p", "u-1"): Withheld("open", frozenset({"a"}))}


def test_a_withheld_criterion_has_neither_cells_nor_a_mean():
    manifest = sheets.manifest_of(["u"], ["a"], 40)
    counts, exact = sheets.published(manifest, {"u": [("good",)] * 14 + [("fair",)] * 15})
    before = score_pools(manifest, counts, exact, 13, {})[0].units[0].criteria[0]
    assert before.mean is not None
    engine = sheets.engine_manifest(manifest)
    patterns, withheld = {b"\x01": 14, b"\x03": 15}, Withheld("open", frozenset({"a"}))
    counts["pools"][0]["lines"] = [publish_line(engine, engine.lines[0], patterns, {}, withheld)]
    unit = score_pools(manifest, counts, exact, 13, {})[0].units[0]
    assert (unit.criteria[0].mean, unit.score) == (None, None)
    assert [cell.n for cell in unit.criteria[0].cells] == [29]


def test_another_poll_of_nearly_the_same_people_withholds_everything(sheet):
    document, counts, _exact, engine = asked(*sheet, apart={"00000000-0000-4000-8000-000000000003": 4})
    assert {row["most"] for row in document["withheld"]} == {"nothing"}
    assert len(read_gate(engine, rfc8785.dumps(document))) == len(counts["pools"][0]["lines"])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"format": "zhengyou-gate-2"}, "format"),
        ({"manifest": "0" * 64}, "manifest"),
        ({"certificate": []}, "certificate"),
        ({"other_polls": [{"poll": "x", "people": 0}]}, "people"),
        ({"withheld": [{"pool": "q", "line": "few-1", "most": "band", "criteria": []}]}, "not a line"),
        ({"withheld": [{"pool": "p", "line": "few-1", "most": "open", "criteria": []}]}, "withholds nothing"),
        ({"withheld": [{"pool": "p", "line": "few-1", "most": "all", "criteria": []}]}, "most"),
        ({"withheld": [{"pool": "p", "line": "few-1", "most": "open", "criteria": ["b", "a"]}]}, "in its order"),
        ({"withheld": [{"pool": "p", "line": "few-1", "most": "band", "criteria": []}] * 2}, "stands once"),
    ],
)
def test_an_answer_of_another_form_is_refused(sheet, change, message):
    document, _counts, _exact, engine = asked(*sheet)
    with pytest.raises(FormatError, match=message):
        read_gate(engine, canonical(document | change))

"""Checks the cancelled slips of a record: form, place, order, and that each was printed in its batch. Their serials go to the register.

Whether a slip of the board carries one of them, the register tells.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from blindballot.format.encoding import FormatError
from blindballot.format.findings import Finding
from blindballot.format.keys import load_point
from blindballot.format.lines import CancelledSlip, line_number, lines_between, read_cancelled_line
from blindballot.format.manifest import Manifest
from blindballot.format.printed import PrintedBatch, is_of_batch
from blindballot.format.record import CANCELLED, PRINTED, Place
from blindballot.format.serials import SerialRegister
from blindballot.verifying.boardcheck import MOST_FINDINGS

Batches = Mapping[tuple[str, int], PrintedBatch]


def check_cancelled(
    path: Path, manifest: Manifest, batches: Batches | None, serials: SerialRegister
) -> tuple[list[Finding], Counter[Place]]:
    """What is wrong in the file, and how many slips are cancelled by place. Stops after many findings.

    `batches` is None where `printed.json` cannot be read, which was found already.
    """
    findings: list[Finding] = []
    counted: Counter[Place] = Counter()
    of_batch: Counter[tuple[str, int, str]] = Counter()
    places, last = set(manifest.places), b""
    for offset, line in lines_between(path, 0, path.stat().st_size):
        if len(findings) >= MOST_FINDINGS:
            break
        try:
            slip = read_cancelled_line(line)
        except FormatError as error:
            findings.append(Finding(CANCELLED, line_number(path, offset), "line-form", {"detail": str(error)}))
            continue
        check = _fault(slip, places, last) or (_fault_of_batch(manifest, slip, batches) if batches is not None else "")
        if check:
            findings.append(Finding(CANCELLED, line_number(path, offset), check))
        last = slip.serial
        counted[slip.pool, slip.line] += 1
        of_batch[slip.pool, slip.batch, slip.line] += 1
        serials.add_cancelled(slip.serial, offset)
    if not findings:
        findings += _undrawn(manifest, batches or {}, of_batch)
    return findings, counted


def _fault(slip: CancelledSlip, places: set[Place], last: bytes) -> str:
    """The check that a cancelled slip fails by itself, or nothing."""
    if (slip.pool, slip.line) not in places:
        return "unknown-line"
    try:
        load_point(slip.serial)
    except FormatError:
        return "bad-serial"
    return "cancelled-order" if slip.serial <= last else ""


def _fault_of_batch(manifest: Manifest, slip: CancelledSlip, batches: Batches) -> str:
    batch = batches.get((slip.pool, slip.batch))
    if batch is None:
        return "unknown-batch"
    return "" if is_of_batch(manifest, batch, slip) else "not-printed"


def _undrawn(manifest: Manifest, batches: Batches, counted: Counter[tuple[str, int, str]]) -> list[Finding]:
    """Batches whose drawn and cancelled sheets do not make up those printed; the first few."""
    found: list[Finding] = []
    for (pool, number), batch in batches.items():
        for line in manifest.lines_of(manifest.pool_by_id[pool]):
            cancelled = counted[pool, number, line.id]
            if cancelled != batch.sheets - batch.drawn and len(found) < MOST_FINDINGS:
                values = {"pool": pool, "place": line.id, "said": batch.sheets - batch.drawn, "counted": cancelled}
                found.append(Finding(PRINTED, 0, "undrawn", values))
    return found

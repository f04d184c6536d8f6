"""Checks the cancelled slips of a record: their form, places and order. Their serials go to the register beside the board's.

Whether a slip of the board carries one of them, the register tells.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from blindballot.format.encoding import FormatError
from blindballot.format.findings import Finding
from blindballot.format.keys import load_point
from blindballot.format.manifest import Manifest
from blindballot.format.record import CANCELLED, line_number, lines_between, read_cancelled_line
from blindballot.format.serials import SerialRegister
from blindballot.verifying.boardcheck import MOST_FINDINGS, Place


def check_cancelled(path: Path, manifest: Manifest, serials: SerialRegister) -> tuple[list[Finding], Counter[Place]]:
    """What is wrong in the file, and how many slips are cancelled by pool and line. Stops after many findings."""
    findings: list[Finding] = []
    counted: Counter[Place] = Counter()
    last = b""
    for offset, line in lines_between(path, 0, path.stat().st_size):
        if len(findings) >= MOST_FINDINGS:
            break
        try:
            slip = read_cancelled_line(line)
        except FormatError as error:
            findings.append(Finding(CANCELLED, line_number(path, offset), "line-form", {"detail": str(error)}))
            continue
        check = _fault(manifest, (slip.pool, slip.line), slip.serial, last)
        if check:
            findings.append(Finding(CANCELLED, line_number(path, offset), check))
        last = slip.serial
        counted[slip.pool, slip.line] += 1
        serials.add_cancelled(slip.serial, offset)
    return findings, counted


def _fault(manifest: Manifest, place: Place, serial: bytes, last: bytes) -> str:
    """The check that a cancelled slip fails, or nothing."""
    if place[0] not in manifest.pool_by_id or place[1] not in manifest.line_by_id:
        return "unknown-line"
    try:
        load_point(serial)
    except FormatError:
        return "bad-serial"
    return "cancelled-order" if serial <= last else ""

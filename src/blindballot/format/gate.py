"""Reads `gate.json`: what the gate kept back of a poll beside the rule of publication, pool by pool and line by line.

Whether the gate was right is not asked here: its certificate is checked by whoever knows its method (`honestrank`).
"""

from __future__ import annotations

from typing import Any

from blindballot.format.encoding import FormatError, canonical, parse_canonical
from blindballot.format.fields import Fields, read_identifier, read_whole
from blindballot.format.manifest import Manifest
from blindballot.format.publication import KINDS, Withheld
from blindballot.format.record import Place

FORMAT = "blindballot-gate-1"
MOST_POLLS = 1000


def read_gate(manifest: Manifest, data: bytes) -> dict[Place, Withheld]:
    """What is withheld, by pool and line, of the lines of which something is. Raises FormatError naming the field."""
    fields = Fields(parse_canonical(data))
    fields.constant("format", FORMAT)
    fields.constant("manifest", manifest.fingerprint)
    assumed = Fields(fields.take("assumed"), "assumed")
    for name in ("least", "insiders", "fewest_apart"):
        assumed.whole(name, 0)
    assumed.done()
    fields.items("other_polls", _read_other_poll, 0, MOST_POLLS)
    if not isinstance(fields.take("certificate"), dict):
        raise FormatError("certificate: must be an object")
    places = manifest.places
    rows = fields.items("withheld", lambda item, where: _read_withheld(manifest, item, where), 0, len(places))
    fields.done()
    at = {place: number for number, place in enumerate(places)}
    numbers = [at.get(place, -1) for place, _ in rows]
    if numbers != sorted(set(numbers)) or -1 in numbers:
        raise FormatError("withheld: each line stands once, in the manifest's order")
    return dict(rows)


def open_gate(manifest: Manifest) -> bytes:
    """The bytes of `gate.json` where nobody is asked and nothing is withheld."""
    assumed = {"least": 0, "insiders": 0, "fewest_apart": 0}
    return canonical(
        {
            "format": FORMAT,
            "manifest": manifest.fingerprint,
            "assumed": assumed,
            "other_polls": [],
            "withheld": [],
            "certificate": {},
        }
    )


def _read_other_poll(value: Any, where: str) -> None:
    fields = Fields(value, where)
    fields.text("poll")
    people = fields.take("people")
    if people is not None:
        read_whole(people, f"{where}.people", 1, 2**31 - 1)
    fields.done()


def _read_withheld(manifest: Manifest, value: Any, where: str) -> tuple[Place, Withheld]:
    fields = Fields(value, where)
    pool, line = fields.identifier("pool"), manifest.line_by_id.get(fields.identifier("line"))
    if pool not in manifest.pool_by_id or line is None:
        raise FormatError(f"{where}: is not a line of the manifest")
    most = fields.text("most")
    if most not in KINDS:
        raise FormatError(f"{where}.most: must be one of {', '.join(KINDS)}")
    criteria = fields.items("criteria", read_identifier, 0, len(line.criteria))
    fields.done()
    if list(criteria) != [criterion for criterion in line.criteria if criterion in criteria]:
        raise FormatError(f"{where}.criteria: must be criteria of the line, each once, in its order")
    if not criteria and most == KINDS[-1]:
        raise FormatError(f"{where}: withholds nothing")
    return (pool, line.id), Withheld(most, frozenset(criteria))

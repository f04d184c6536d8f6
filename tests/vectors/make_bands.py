"""Writes tests/vectors/bands-2: a record whose units have several lines and few slips, its openings, and tampered variants.

Run once by hand (`python -m tests.vectors.make_bands`); like record-2, the folder is the contract.
"""

from __future__ import annotations

from pathlib import Path

from tests.blindballot.polls import Poll, document, make_poll
from tests.vectors.make_record import write_folder
from tests.vectors.record_variants import Forgery, Variant, counts

from blindballot.format.record import COUNTS

TARGET = Path(__file__).parent / "bands-2"


def make_sound() -> Poll:
    """A unit of two lines and one of one line: six voters and a spoilt slip; ten, of whom one left the second line out."""
    plan = document({"few": 8, "ten": 12}, ("u1-1", "u1-2", "u2"), ("work", "service", "morals"))
    plan["lines"][0] |= {"unit": "u1", "criteria": ["work", "service"]}
    plan["lines"][1] |= {"unit": "u1", "criteria": ["morals"]}
    plan["lines"][2] |= {"unit": "u2", "criteria": ["work"]}
    made = make_poll(plan)
    first, second, other = made.manifest.lines
    for voter in range(6):
        work = "excellent" if voter else "good"
        marks = {"work": work, "service": "excellent"}
        made.vote("few", {"u1-1": marks, "u1-2": {"morals": "poor"}, "u2": {"work": "good"}})
    made.slips.append(made.ballot("few").fill(second, bytes([9])))
    for voter in range(9):
        marks = {"work": ("excellent", "good", "fair")[voter % 3], "service": "fair"}
        made.vote("ten", {"u1-1": marks, "u1-2": {"morals": "excellent"}, "u2": {"work": "good"}})
    last = made.ballot("ten")
    made.slips += [last.fill(first, bytes([1, 1])), last.fill(other, bytes([1]))]
    made.cancel("few")
    return made


def all_variants() -> list[Variant]:
    """Every way to tamper, in the order of the vectors."""

    def bands(pool: int, said: dict[int, str]) -> Forgery:
        return counts(lambda pools: [pools[pool]["lines"][at].update(band=band) for at, band in said.items()])

    reasons = counts(lambda pools: pools[0]["lines"][1].update(invalid={"no-such-mark": 1}))
    return [
        Variant("sound", lambda made, folder: None),
        Variant("sound with openings", lambda made, folder: None, openings=True),
        Variant("a band for each line of a unit", bands(0, {0: "high"}), COUNTS, "bad-counts"),
        Variant("a lower band for a line of a unit", bands(0, {1: "none"}), COUNTS, "bad-counts"),
        Variant("the band of a unit cooked, scrutineers away", bands(0, {0: "high", 1: "high"})),
        Variant("the best of a unit's bands", bands(0, {0: "high", 1: "high"}), COUNTS, "recount", openings=True),
        Variant("the middle of a unit's bands", bands(0, {0: "middle", 1: "middle"}), COUNTS, "recount", openings=True),
        Variant("the band of another unit", bands(0, {2: "low"}), COUNTS, "recount", openings=True),
        Variant("a band beside counts cooked", bands(1, {1: "middle"}), COUNTS, "recount", openings=True),
        Variant("a reason beside a band", reasons, COUNTS, "bad-counts"),
    ]  # fmt: skip


def main() -> None:
    """Write the folder anew."""
    write_folder(TARGET, make_sound(), all_variants())


if __name__ == "__main__":
    main()

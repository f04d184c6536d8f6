"""The gate over everything that a closed poll publishes: which lines and criteria are withheld, and the proof (gate.json).

Pure. It takes the counts as the record would have them before the gate. What a result adds (scores, places, combined groups) is
worked out from what is gated here, so it tells nothing new. Slips of open lines are public by the record's own rule.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from honestrank import Distribution, Gated, GateRules, Sum, Table, TableCount, gate
from zhengyou.standings.computing.scoring import Counts, Plain, Sheet, release_of

FORMAT = "blindballot-gate-1"
# Two polls of a cycle are about nearly the same people if fewer differ: their results together would show how those graded.
FEWEST_APART = 5
KINDS = ("nothing", "band", "counts", "open")

# Pool, line and criterion.
Place = tuple[str, str, str]


@dataclass
class Withheld:
    """What is kept back: criteria of lines in counts, and the kind to which a line is lowered."""

    criteria: set[Place] = field(default_factory=set)
    lowered: dict[tuple[str, str], str] = field(default_factory=dict)

    def in_order(self, counts: Plain) -> list[dict[str, Any]]:
        """The lines of which something is withheld, as gate.json lists them."""
        rows = []
        for pool, line in _lines(counts):
            names = [entry["criterion"] for entry in line.get("criteria", [])]
            criteria = [name for name in names if (pool, line["line"], name) in self.criteria]
            most = self.lowered.get((pool, line["line"]), KINDS[-1])
            if criteria or most != KINDS[-1]:
                rows.append({"pool": pool, "line": line["line"], "most": most, "criteria": criteria})
        return rows


def gate_publication(
    manifest: Plain, fingerprint: str, counts: Plain, exact: Counts, apart: Mapping[str, int | None]
) -> dict[str, Any]:
    """The document gate.json: what is withheld of `counts` (counts.json before the gate), what was assumed, the certificate.

    `exact` has the true counts by pool, line and criterion; `apart` by how many people pools of each other poll of the cycle about
    the same organisations differ (None: not at all comparable). The same input gives the same document. Whole numbers only.

    1. Where another poll's people are fewer than five apart, nothing is published of any line.
    2. Each criterion in counts is gated with its cells, mean and error; one that would tell what they hide is withheld.
    3. Should a withheld criterion still tell something, its line is lowered to a band.
    """
    sheet, withheld = Sheet.read(manifest), Withheld()
    if any(people is not None and people < FEWEST_APART for people in apart.values()):
        withheld.lowered = {(pool, line["line"]): KINDS[0] for pool, line in _lines(counts)}
    while True:
        gated, places = _gated(sheet, counts, exact, withheld)
        told = {places[name] for name in (*gated.withheld, *gated.exposed) if name in places}
        if not told:
            break
        for place in told:
            if place in withheld.criteria:
                withheld.lowered[place[:2]] = "band"
            withheld.criteria.add(place)
    return {
        "format": FORMAT,
        "manifest": fingerprint,
        "assumed": {
            "least": gated.certificate["k"],
            "insiders": gated.certificate["insiders"],
            "fewest_apart": FEWEST_APART,
        },
        "other_polls": [{"poll": poll, "people": people} for poll, people in sorted(apart.items())],
        "withheld": withheld.in_order(counts),
        "certificate": gated.certificate,
    }


def _lines(counts: Plain) -> list[tuple[str, Plain]]:
    return [(pool["pool"], line) for pool in counts["pools"] for line in pool["lines"]]


def _gated(sheet: Sheet, counts: Plain, exact: Counts, withheld: Withheld) -> tuple[Gated, dict[str, Place]]:
    """The gate's answer, and the criterion that each of its figures and distributions is of."""
    book = _Book(sheet)
    for pool, line in _lines(counts):
        if line["publication"] == "counts" and (pool, line["line"]) not in withheld.lowered:
            book.add_line(pool, line, exact, withheld.criteria)
    table = Table(tuple(book.figures), tuple(book.sums), tuple(book.distributions))
    rules = GateRules(k=max(FEWEST_APART, sheet.cell), insiders=0, shown_from=max(10, sheet.score_from))
    return gate(table, rules), book.places


@dataclass
class _Book:
    """The table of everything published, as it grows."""

    sheet: Sheet
    figures: list[TableCount] = field(default_factory=list)
    sums: list[Sum] = field(default_factory=list)
    distributions: list[Distribution] = field(default_factory=list)
    places: dict[str, Place] = field(default_factory=dict)

    def add_line(self, pool: str, line: Plain, exact: Counts, withheld: set[Place]) -> None:
        """The criteria of a line in counts. Of a question only who is first is told there, so it has nothing to be gated but its size."""
        size = f"{pool}/{line['line']}"
        self.figures.append(TableCount(size, line["valid"], "public", is_size=True))
        for entry in line.get("criteria", ()):
            place = (pool, line["line"], entry["criterion"])
            self._add_criterion(size, place, {} if place in withheld else entry, line, exact[place])

    def _add_criterion(self, size: str, place: Place, entry: Plain, line: Plain, counts: Mapping[str, int]) -> None:
        """Marks alone in a cell are offered, cells of several as figures of their own; `entry` is empty where it is withheld."""
        name, scale = "/".join(place), self.sheet.scale
        cells = entry.get("cells", [])
        alone = {cell["marks"][0] for cell in cells if len(cell["marks"]) == 1}
        marks = {mark: f"{name}/{mark}" for mark in scale.grades}
        for mark, figure in marks.items():
            self.figures.append(TableCount(figure, counts[mark], "offered" if mark in alone else "hidden"))
        self.sums.append(Sum(size, tuple(marks.values())))
        for at, cell in enumerate(cells if len(cells) > 1 else []):
            if len(cell["marks"]) > 1:
                self.figures.append(TableCount(f"{name}/cell-{at}", cell["n"]))
                self.sums.append(Sum(f"{name}/cell-{at}", tuple(marks[mark] for mark in cell["marks"])))
                self.places[f"{name}/cell-{at}"] = place
        release = release_of(self.sheet, entry, counts, line) if entry else None
        alike, shown = (release.alike, release.certificate) if release and release.alike else (None, None)
        self.distributions.append(Distribution(name, tuple(marks.values()), scale.points, alike, shown))
        self.places |= dict.fromkeys([name, *marks.values()], place)

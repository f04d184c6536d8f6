"""The gate over a whole release: which figures may be published beside everything public already, which not, and the proof.

Rule: a published count is 0 or at least k + insiders; nothing published lets a smaller one be worked out, nor that all agree.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from honestrank.disclosure.bounds import Booleans, hidden_parts, with_implied_zeros
from honestrank.disclosure.candidates import Rules
from honestrank.disclosure.certificate import CERTIFICATE_FORMAT
from honestrank.disclosure.proof import Proof, groups_by_figure, prove, reaches
from honestrank.disclosure.search import Need, Neighbours, cheapest_hiding, hide_companions
from honestrank.disclosure.shown import in_hundredths
from honestrank.disclosure.table import Distribution, Table
from honestrank.words.wording import InputError, Language, say

# With grades of 10, 7, 5 and 2 points mean and deviation give the whole distribution away in 54 of 56 cases at five
# marks and still in half of them at twelve: below ten nothing is broken down, above it means are coarsened.
SMALLEST_SHOWN = 10

# So many figures with so many needs stand in one integer programme, which holds a copy of the figures for each need.
# Larger ones are mended need by need, and their loss is small, not proven smallest.
EXACT_UP_TO = 80

EXACT_NEEDS = 12


@dataclass(frozen=True)
class GateRules:
    """`k`: the fewest ballots a count may stand for; `insiders`: how many people may put together what they know of their own
    ballots; `shown_from`: the smallest group whose marks are broken down; `majority`: the share at which a grade counts as all.
    """

    k: int = 5
    insiders: int = 1
    shown_from: int = SMALLEST_SHOWN
    majority: tuple[int, int] = (9, 10)

    @property
    def least(self) -> int:
        """The fewest ballots a published count stands for."""
        return self.k + self.insiders


@dataclass(frozen=True)
class Gated:
    """What may be published (`published`), what not (`withheld`), and what can be worked out whatever is withheld (`exposed`:
    nothing of the release mends it, because it follows from what is public). The certificate may be published when nothing is exposed.

    `withheld` gives one of two reasons, both known to everybody: the group is small, or the figure protects. Which of the
    protecting figures is the small one is not said.
    """

    published: tuple[str, ...]
    withheld: dict[str, str]
    exposed: tuple[str, ...]
    certificate: dict[str, Any]

    def sentence(self, figure: str, language: Language) -> str:
        """Why a figure is not published."""
        return say(self.withheld[figure], language, least=self.certificate["k"] + self.certificate["insiders"])


def gate(table: Table, rules: GateRules | None = None) -> Gated:
    """Decide what may be published of the offered figures.

    1. Hidden from the start: counts of 1 to k + insiders - 1, whole distributions of fewer than `shown_from` ballots, the
       figures of a distribution in which one grade has the share `majority` (or all ballots but two).
    2. Until nothing can be worked out: the cheapest further figures are hidden (`disclosure_search`), the smallest loss for
       tables of up to 80 figures that hang together, step by step in larger ones.
    3. For each part that hangs together other tables are found that show the same published figures (`disclosure_proof`).
    The same input gives the same answer. Raises InputError for rules below k = 5, shown_from = 10.
    """
    rules = rules or GateRules()
    if rules.k < 5 or rules.insiders < 0 or rules.shown_from < SMALLEST_SHOWN:
        raise InputError("bad_gate")
    work = _Work(table, rules)
    work.hide_first()
    work.hide_exactly()
    proofs = work.hide_until_safe()
    return work.answer(proofs)


class _Work:
    """One run of the gate: what is published so far, and why the rest is not."""

    def __init__(self, table: Table, rules: GateRules) -> None:
        self.table = table
        self.rules = rules
        empty = table.caps == 0
        self.known: Booleans = empty | np.array([figure.state != "hidden" for figure in table.figures], dtype=bool)
        self.offered: Booleans = np.array([figure.state == "offered" for figure in table.figures], dtype=bool)
        self.neighbours = Neighbours(table)
        self.small: set[int] = set()
        self.needs: dict[int, Need] = {}
        self.proofs: dict[bytes, Proof] = {}
        self.hopeless: set[int] = set()
        self.hopeless_forms: set[str] = set()

    def hide_first(self) -> None:
        """Step 1."""
        least = reaches(self.table, np.zeros_like(self.known), self.rules.least)
        for at, figure in enumerate(self.table.figures):
            is_small = self.offered[at] and 0 < figure.n < self.rules.least
            if not figure.is_size and (is_small or (not self.known[at] and figure.n < least[at])):
                self.known[at] = False
                self.needs[at] = Need(at, int(least[at]))
        for one in self.table.distributions:
            places = [self.table.place[name] for name in one.figures]
            size = sum(self.table.figures[at].n for at in places)
            if size < self.rules.shown_from:
                self.small |= {at for at in places if self.offered[at]}
                self.known[[at for at in places if self.offered[at]]] = False
            else:
                self._hide_majority(one, places, size)

    def _hide_majority(self, one: Distribution, places: list[int], size: int) -> None:
        least = Rules(majority=self.rules.majority).least_of_majority(size)
        for at, point in zip(places, one.points, strict=True):
            if point is not None and self.offered[at] and self.table.figures[at].n >= least:
                self.known[at] = False
                self.needs[at] = Need(at, least - 1, is_most=True)

    def hide_exactly(self) -> None:
        """Step 2 where the table is small: the smallest loss. Elsewhere a quick start for the steps that follow."""
        movable = self.offered | ~self.known
        seen: set[int] = set()
        for start in sorted(self.needs):
            if start in seen:
                continue
            region = self.neighbours.around([start], movable, len(movable))
            seen.update(region)
            needs = [self.needs[at] for at in region if at in self.needs]
            if len(region) <= EXACT_UP_TO and len(needs) <= EXACT_NEEDS:
                for at in self._cheapest(needs, region) or []:
                    self.known[at] = False
        if len(movable) > EXACT_UP_TO:
            reach = reaches(self.table, self.known, self.rules.least)
            self.known = hide_companions(self.table, self.known, reach, self.neighbours)

    def _cheapest(self, needs: list[Need], region: list[int]) -> list[int] | None:
        """Zeros are hidden only where nothing else will do: they would need protection themselves."""
        plain = [at for at in region if not self.known[at] or self.table.figures[at].n]
        found = cheapest_hiding(self.table, self.known, needs, plain)
        return found if found is not None else cheapest_hiding(self.table, self.known, needs, region)

    def hide_until_safe(self) -> list[Proof]:
        """Steps 2 and 3 in turn, until every part is safe or what is left follows from what is public."""
        while True:
            proofs = self._prove()
            hidden_more = False
            for proof in proofs:
                for need in self._unmet(proof):
                    hidden_more |= self._mend(need)
            if not hidden_more:
                return proofs

    def _prove(self) -> list[Proof]:
        known = with_implied_zeros(self.table, self.known)
        hidden = groups_by_figure(self.table, known)
        proofs = []
        for part in hidden_parts(self.table, known):
            key = part.figures.tobytes()
            if key not in self.proofs:
                self.proofs[key] = prove(part, self.table, known, self.rules.least, hidden)
            proofs.append(self.proofs[key])
        return proofs

    def _unmet(self, proof: Proof) -> list[Need]:
        reach = reaches(self.table, self.known, self.rules.least) if not proof.is_safe else None
        needs = [] if reach is None else [Need(at, int(reach[at])) for at in proof.pinned if at not in self.hopeless]
        for one in proof.unique:
            if one.id not in self.hopeless_forms:
                needs += self._other_form(one)
        return needs

    def _other_form(self, one: Distribution) -> list[Need]:
        """Its smallest hidden figure could be one more, or one fewer."""
        places = [self.table.place[name] for name in one.figures]
        hidden = [at for at in places if not self.known[at]]
        at = min(hidden, key=lambda place: (self.table.figures[place].n, place))
        n = self.table.figures[at].n
        self.hopeless_forms.add(one.id)
        return [Need(at, n + 1)] if n < self.table.caps[at] else [Need(at, n - 1, is_most=True)]

    def _mend(self, need: Need) -> bool:
        """Hide what the need asks for, from near to far; whether anything more is hidden now."""
        movable = self.offered | ~self.known
        size = 0
        # Two steps reach the companions in its own sums, four those in their sums; only then the whole part is worth
        # its time.
        for steps in (2, 4, len(movable)):
            region = self.neighbours.around([need.place], movable, steps)
            if len(region) == size:
                break
            size = len(region)
            found = self._cheapest([need], region)
            if found is not None:
                self.known[found] = False
                return bool(found)
        self.hopeless.add(need.place)
        return False

    def answer(self, proofs: list[Proof]) -> Gated:
        """Names for places, reasons and the certificate."""
        figures = self.table.figures
        published = tuple(figures[at].id for at in np.flatnonzero(self.known & self.offered).tolist())
        reasons = {True: "withheld_small_group", False: "withheld_protects"}
        hidden = np.flatnonzero(~self.known & self.offered).tolist()
        withheld = {figures[at].id: reasons[at in self.small] for at in hidden}
        exposed = [figures[at].id for proof in proofs for at in proof.pinned]
        exposed += [one.id for proof in proofs for one in proof.unique]
        return Gated(published, withheld, tuple(exposed), self._certificate(proofs))

    def _certificate(self, proofs: list[Proof]) -> dict[str, Any]:
        """Everything published, how it adds up, and the other tables: no count that is hidden."""
        figures = self.table.figures
        published = with_implied_zeros(self.table, self.known).tolist()
        return {
            "format": CERTIFICATE_FORMAT,
            "k": self.rules.k,
            "insiders": self.rules.insiders,
            "figures": [
                [figure.id, figure.n if known else None, "size" if figure.is_size else figure.state]
                for figure, known in zip(figures, published, strict=True)
            ],
            "sums": [[one.total, list(one.parts)] for one in self.table.sums],
            "distributions": [_said(one) for one in self.table.distributions],
            "parts": [
                {
                    "figures": [figures[at].id for at in proof.part.figures],
                    "tables": [found.tolist() for found in proof.tables],
                }
                for proof in proofs
            ],
        }


def _said(one: Distribution) -> dict[str, Any]:
    said: dict[str, Any] = {"id": one.id, "figures": list(one.figures), "points": list(one.points)}
    if one.shown is not None:
        return said | {"shown": in_hundredths(one.shown)}
    return said | ({"possible": [list(form) for form in one.possible]} if one.possible is not None else {})

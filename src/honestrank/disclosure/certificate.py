"""Checks the certificate of a release by itself: it imports none of the search and solves nothing.

It proves that the published figures leave other tables possible. Its reader must compare whether these were all the figures
published.
"""

from collections import ChainMap, Counter
from collections.abc import Mapping, Sequence
from typing import Any

from honestrank.disclosure.shown import fits_shown, from_hundredths, is_safe, shown_scale
from honestrank.words.wording import InputError

CERTIFICATE_FORMAT = "honestrank-certificate-1"

Counts = Mapping[str, int]

SumSaid = tuple[str, list[str]]


def failures(certificate: Mapping[str, Any]) -> list[str]:
    """What the certificate fails to prove, as sentences' keys with their place (`key:place`); empty if it holds.

    Checked: the counts published by this release are 0 or at least k + insiders; the published figures add up; every other
    table fits them and has no negative count; each hidden figure reaches k + insiders, or all of a smaller group, in one of
    them; each distribution that is not wholly published has two forms, one not unanimous (or one form that is not unanimous
    and has no small count), and where it comes with mean and error, forms that differ in every hidden figure, also for
    whoever knows one mark.
    Raises InputError when it is no certificate.
    """
    try:
        case = _Case(certificate)
        ill_formed = case.too_small() + case.wrong_sums() + case.uncovered()
        return ill_formed or case.unfit_tables() + case.unreached() + case.unvaried()
    except (KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
        raise InputError("no_certificate") from error


class _Case:
    """A certificate taken apart."""

    def __init__(self, certificate: Mapping[str, Any]) -> None:
        if certificate["format"] != CERTIFICATE_FORMAT or certificate["k"] < 5 or certificate["insiders"] < 0:
            raise ValueError
        self.least = int(certificate["k"]) + int(certificate["insiders"])
        self.published = {str(name): int(n) for name, n, _ in certificate["figures"] if n is not None}
        self.hidden = {str(name) for name, n, _ in certificate["figures"] if n is None}
        self.kind = {str(name): str(kind) for name, _, kind in certificate["figures"]}
        self.sizes = {name for name, kind in self.kind.items() if kind == "size"}
        self.sums: list[SumSaid] = [(str(total), list(map(str, parts))) for total, parts in certificate["sums"]]
        self.distributions: Sequence[Mapping[str, Any]] = certificate["distributions"]
        self.listed = {name for one in self.distributions if _has_forms(one) for name in one["figures"]}
        self.parts = [
            (list(part["figures"]), [dict(zip(part["figures"], counts, strict=True)) for counts in part["tables"]])
            for part in certificate["parts"]
        ]
        self.part_of = {name: place for place, (names, _) in enumerate(self.parts) for name in names}

    def too_small(self) -> list[str]:
        """Counts of this release that stand for too few ballots."""
        published = [name for name, n in self.published.items() if self.kind[name] == "offered" and 0 < n < self.least]
        return [f"figure:{name}" for name in published]

    def wrong_sums(self) -> list[str]:
        """Sums that are wholly published and do not add up; sums whose hidden figures lie in two parts."""
        wrong = []
        for total, parts in self.sums:
            hidden = {self.part_of.get(name) for name in (total, *parts) if name not in self.published}
            if len(hidden) > 1 or (not hidden and self.published[total] != sum(self.published[part] for part in parts)):
                wrong.append(f"sum:{total}")
        return wrong

    def unfit_tables(self) -> list[str]:
        """Other tables with a negative count, or against a sum or a list of forms."""
        sums: dict[int | None, list[SumSaid]] = {}
        for one in self.sums:
            sums.setdefault(self._place((one[0], *one[1])), []).append(one)
        lists: dict[int | None, list[Mapping[str, Any]]] = {}
        for distribution in self.distributions:
            if _has_forms(distribution):
                lists.setdefault(self._place(distribution["figures"]), []).append(distribution)
        return [
            f"table:{place}"
            for place, (_, tables) in enumerate(self.parts)
            for table in tables
            if not self._fits(table, sums.get(place, []), lists.get(place, []))
        ]

    def _place(self, names: Sequence[str]) -> int | None:
        return next((self.part_of[name] for name in names if name in self.part_of), None)

    def _fits(self, table: Counts, sums: Sequence[SumSaid], lists: Sequence[Mapping[str, Any]]) -> bool:
        count = ChainMap(dict(table), self.published)
        whole = all(type(n) is int and n >= 0 for n in table.values())
        adds_up = all(count[total] == sum(count[part] for part in parts) for total, parts in sums)
        return whole and adds_up and all(_is_form([count[name] for name in one["figures"]], one) for one in lists)

    def uncovered(self) -> list[str]:
        """Hidden figures that stand in no part, or in two, and parts without a table."""
        listed = Counter(name for names, _ in self.parts for name in names)
        wrong = [f"figure:{name}" for name in sorted(self.hidden ^ listed.keys())]
        wrong += [f"figure:{name}" for name, times in listed.items() if times > 1]
        return wrong + [f"part:{place}" for place, (_, tables) in enumerate(self.parts) if not tables]

    def unreached(self) -> list[str]:
        """Hidden figures that no table shows large enough."""
        wrong = []
        caps = self._caps()
        for names, tables in self.parts:
            for name in names:
                if name in self.sizes or name in self.listed:
                    continue
                if max((table[name] for table in tables), default=-1) < min(self.least, caps.get(name, self.least)):
                    wrong.append(f"figure:{name}")
        return wrong

    def _caps(self) -> dict[str, int]:
        """The size of the smallest group each figure is a part of."""
        caps = {name: self.published[name] for name in self.sizes if name in self.published}
        changed = True
        while changed:
            changed = False
            for total, parts in self.sums:
                for part in parts if total in caps else ():
                    if caps.get(part, caps[total] + 1) > caps[total]:
                        caps[part] = caps[total]
                        changed = True
        return caps

    def unvaried(self) -> list[str]:
        """Distributions with a hidden figure that have one form only, or none that is not unanimous."""
        wrong = []
        for one in self.distributions:
            place = self._place(one["figures"])
            if place is None:
                continue
            tables = [ChainMap(table, self.published) for table in self.parts[place][1]]
            forms = {tuple(table[name] for name in one["figures"]) for table in tables}
            if "shown" in one:
                wrong += [] if is_safe(sorted(forms), *shown_scale(one["shown"])) else [f"distribution:{one['id']}"]
                continue
            mixed = [form for form in forms if not _is_unanimous(form, one["points"])]
            harmless = len(forms) > 1 or all(n == 0 or n >= self.least for form in forms for n in form)
            if not mixed or not harmless:
                wrong.append(f"distribution:{one['id']}")
        return wrong


def _has_forms(distribution: Mapping[str, Any]) -> bool:
    """Whether statistics of it are published, as the list of all it may be or as they are."""
    return "possible" in distribution or "shown" in distribution


def _is_form(counts: list[int], distribution: Mapping[str, Any]) -> bool:
    """Whether a distribution may be this one as far as its statistics tell."""
    if "shown" in distribution:
        return fits_shown(tuple(counts), from_hundredths(distribution["shown"]))
    return counts in distribution["possible"]


def _is_unanimous(form: Sequence[int], points: Sequence[float | None]) -> bool:
    return sum(form) > 1 and sum(1 for n, point in zip(form, points, strict=True) if n and point is not None) <= 1

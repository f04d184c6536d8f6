"""Was it kept? Of the cycle that a front page shows and of the one before: how the promises ended that have come due, side by side as
the units, the level above and citizens tell it. `parts/kept_strips.html` draws it with `home.css`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from types import MappingProxyType

from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext_lazy as _

from zhengyou.base.time import local_day
from zhengyou.campaigns.queries import Face
from zhengyou.commitments import tallies
from zhengyou.commitments.queries import Promised, promised_in
from zhengyou.commitments.tallies import ABOVE, CITIZENS, UNITS, KeptBy
from zhengyou.keeping import queries as keeping

WORDS = {
    "wholly": _("kept"),
    "partly": _("partly kept"),
    "not_kept": _("not kept"),
    "unshown": _("nothing shown"),
    "unsaid": _("not said yet"),
}
OF_ABOVE, OF_CITIZENS = {"partly": _("mostly kept")}, {"unshown": _("can’t tell")}


@dataclass(frozen=True)
class Part:
    """How many ended so, and where their bar lies in per cent of the strip."""

    kind: str
    words: str | Lazy
    count: int
    start: str
    length: str


@dataclass(frozen=True)
class KeptStrips:
    """Of one cycle: how many promises it has, how many have come due, and what each side tells of those; a side without parts told
    nothing. `kept_above` were kept as the level above decided, which is None before it decided on any.
    """

    name: str
    promises: int
    due: int
    units: list[Part]
    above: list[Part]
    citizens: list[Part]
    answers: int
    kept_above: int | None


def was_it_kept(face: Face, promised: Promised, at: datetime) -> list[KeptStrips]:
    """The cycle of the page, then the one before it; without those of which no promise has come due.

    Counted anew once anybody stated, decided or answered anything, and every ten minutes for what was hidden since. One query
    where nothing did.
    """
    if not promised.due and face.earlier_id is None:
        return []
    told, before = _counted(
        face.cycle_id, face.earlier_id, promised.due, local_day(at), keeping.last_said(), _tenth(at)
    )
    cycles = [(face.cycle_id, face.cycle, promised), (face.earlier_id, face.earlier, before)]
    return [_strips(told.get(pk, {}), name, of.promises, of.due) for pk, name, of in cycles if pk and of.due]


def _tenth(at: datetime) -> tuple[int, int]:
    return at.hour, at.minute // 10


@lru_cache(maxsize=16)
def _counted(
    cycle: int, earlier: int | None, _due: int, on: date, _last: tuple[int, ...], _tenth: tuple[int, int]
) -> tuple[dict[int, dict[str, KeptBy]], Promised]:
    """What is told of both cycles, and what the earlier one has. Thousands of promises are too many to count for each reader."""
    cycles = [one for one in (cycle, earlier) if one]
    return tallies.told_in(cycles, on), promised_in(earlier, on) if earlier else Promised(0, 0, 0, 0)


def _strips(told: dict[str, KeptBy], name: str, promises: int, due: int) -> KeptStrips:
    by_units, by_above, by_citizens = (told.get(side, KeptBy()) for side in (UNITS, ABOVE, CITIZENS))
    citizens = _parts(by_citizens, by_citizens.total, OF_CITIZENS)
    units = _parts(by_units, due) if by_units.total else []
    above = _parts(by_above, due, OF_ABOVE) if by_above.total else []
    kept_above = by_above.kept if by_above.total else None
    return KeptStrips(name, promises, due, units, above, citizens, by_citizens.total, kept_above)


def _parts(told: KeptBy, of: int, own: Mapping[str, str | Lazy] = MappingProxyType({})) -> list[Part]:
    """What there is of each kind, one beside the other; what nobody told is the rest."""
    counts = {"wholly": told.kept, "partly": told.partly, "not_kept": told.not_kept, "unshown": told.unshown}
    counts["unsaid"] = max(of - told.total, 0)
    parts, before = [], 0
    for kind, count in counts.items():
        if count > 0:
            parts.append(
                Part(kind, own.get(kind, WORDS[kind]), count, f"{100 * before / of:.2f}%", f"{100 * count / of:.2f}%")
            )
            before += count
    return parts

"""Which paragraphs go on in which, and two versions side by side. The texts' own arithmetic is in `computing/`."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from zhengyou.base.prepared import prepared
from zhengyou.consultation.computing import differences
from zhengyou.consultation.computing.differences import Piece
from zhengyou.consultation.models import ParagraphFate, ParagraphWording, Plan


@dataclass(frozen=True)
class Compared:
    """One stretch of a comparison: the numbers of the paragraphs before and after, what differs, and why it left the text."""

    before: tuple[int, ...]
    after: tuple[int, ...]
    pieces: tuple[Piece, ...]
    because: str = ""
    paragraphs: frozenset[int] = frozenset()

    @property
    def is_changed(self) -> bool:
        return any(piece.kind != differences.SAME for piece in self.pieces)

    @property
    def says_something_else(self) -> bool:
        """Whether more differs than marks, blanks and where paragraphs end."""
        was, now = (
            differences.substance("".join(piece.text for piece in self.pieces if piece.kind != other))
            for other in (differences.NEW, differences.GONE)
        )
        return was != now

    @property
    def sentences(self) -> list[Piece]:
        """Only the sentences in which something changed."""
        return differences.changed(self.pieces)


class Lineage:
    """Which paragraphs of one version go on in which of another: identities, and the heirs of what was split or joined."""

    def __init__(self, plan: Plan) -> None:
        self.steps: dict[int, dict[int, set[int]]] = defaultdict(lambda: defaultdict(set))
        self.because: dict[int, tuple[int, str]] = {}
        for number, paragraph, heir, because in _fates(plan):
            if not heir:  # it left the text
                self.because[paragraph] = (number, because)
            else:
                self.steps[number][paragraph].add(heir)

    def heirs(self, paragraph: int, since: int, until: int) -> set[int]:
        """The paragraphs of version `until` in which this one of version `since` may go on, itself among them."""
        found = {paragraph}
        for number in range(since + 1, until + 1):
            fresh = set(found)
            while fresh:
                fresh = {heir for one in fresh for heir in self.steps[number].get(one, ())} - found
                found |= fresh
        return found


@prepared
def _fates(plan: Plan) -> QuerySet[Any, tuple[int, int, int | None, str]]:
    """In which version what became of which paragraph of a plan, and why."""
    rows: Any = ParagraphFate.objects.filter(version__plan=plan)
    told: QuerySet[Any, tuple[int, int, int | None, str]] = rows.values_list(
        "version__number", "paragraph", "heir", "because"
    )
    return told


def compared(
    before: list[ParagraphWording], after: list[ParagraphWording], since: int, until: int, lineage: Lineage
) -> list[Compared]:
    """The paragraphs of two versions in the order of the new one; what was split or joined stands in one stretch."""
    now = {row.paragraph_id for row in after}
    heirs = {row.paragraph_id: lineage.heirs(row.paragraph_id, since, until) & now for row in before}
    made, used = [], set()
    for row in after:
        if row.paragraph_id not in used:
            olds, news = _kin(row.paragraph_id, heirs)
            used |= news
            made.append(_compared(_among(before, olds), _among(after, news), lineage))
    gone = [_compared([row], [], lineage) for row in before if not heirs[row.paragraph_id]]
    return sorted([*made, *gone], key=lambda one: _order_of(one, made))


def _among(rows: list[ParagraphWording], paragraphs: set[int]) -> list[ParagraphWording]:
    return [row for row in rows if row.paragraph_id in paragraphs]


def _kin(paragraph: int, heirs: Mapping[int, set[int]]) -> tuple[set[int], set[int]]:
    """All old and all new paragraphs that hang together with this new one by having been split and joined."""
    news = {paragraph}
    while True:
        olds = {one for one, its_heirs in heirs.items() if its_heirs & news}
        more = news.union(*(heirs[one] for one in olds))
        if more == news:
            return olds, news
        news = more


def _compared(olds: list[ParagraphWording], news: list[ParagraphWording], lineage: Lineage) -> Compared:
    was, now = "\n".join(row.text for row in olds), "\n".join(row.text for row in news)
    pieces = (Piece(differences.SAME, was),) if was == now else tuple(differences.pieces(was, now))
    because = lineage.because.get(olds[0].paragraph_id, (0, ""))[1] if olds and not news else ""
    numbers = tuple(row.place for row in olds), tuple(row.place for row in news)
    return Compared(*numbers, pieces, because, frozenset(row.paragraph_id for row in [*olds, *news]))


def _order_of(one: Compared, made: Iterable[Compared]) -> tuple[float, int]:
    """Where a stretch stands: by its new number; what is gone stands after what was before it."""
    if one.after:
        return (one.after[0], 0)
    earlier = [other for other in made if other.after and other.before and other.before[-1] < one.before[0]]
    nearest = max(earlier, key=lambda other: other.before[-1], default=None)
    return (nearest.after[-1] + 0.5 if nearest else 0, one.before[0])

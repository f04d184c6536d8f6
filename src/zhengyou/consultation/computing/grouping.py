"""Remarks that share most of their words, as proposals of groups (L10): each has a first, whose words are those in common.

Words are pairs of Chinese signs, and words of letters. Nothing is decided here: people answer, and take out who does not belong.
"""

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import chain, pairwise
from math import ceil

# Of the first one's words so many must stand in another's, and of the other's so many in the first one's: with less, a
# remark of ten sentences would belong to every short one. Chosen on remarks copied from one another with an addition.
OF_THE_FIRST, OF_THE_OTHER = 0.8, 0.5
FEWEST_WORDS = 4  # "I agree" leads no group
OWN_FROM = 4  # so many words beside those in common are words of one's own
MOST_FIRSTS, MOST_COMPARED = (
    60,
    20,
)  # for one word, and for one remark: a text of few words made for the purpose costs no more


@dataclass(frozen=True)
class Alike:
    """A proposed group: its first remark, and the others with whether they added words of their own."""

    first: int
    others: Mapping[int, bool]


def words_of(text: str) -> frozenset[str]:
    """The words of a text without their spelling: pairs of neighbouring signs where these are Chinese, else words of letters."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    runs = "".join(one if unicodedata.category(one)[0] in "LNM" else " " for one in plain).split()
    return frozenset(word for run in runs for word in _parts(run))


def alike(remarks: Iterable[tuple[int, str]]) -> list[Alike]:
    """Groups of at least two among these remarks (id and text), none in two of them; the same for any order of them.

    Shorter ones come first, so that the first has the fewest words beside those in common. Two that share enough also share
    one of their rarest words, so only these are looked up; what one lookup may cost is bounded, whatever somebody sends.
    """
    held = sorted(((pk, words_of(text)) for pk, text in remarks), key=lambda row: (len(row[1]), row[0]))
    often = Counter(chain.from_iterable(words for _pk, words in held))
    ranks = {word: n for n, word in enumerate(sorted(often, key=lambda word: (often[word], word)))}
    firsts: dict[int, list[int]] = defaultdict(list)
    ranks_of: dict[int, frozenset[int]] = {}
    groups: dict[int, dict[int, bool]] = {}
    for pk, words in held:
        if len(words) < FEWEST_WORDS:
            continue
        mine = frozenset(ranks[word] for word in words)
        rare = sorted(mine)
        first = _first_for(mine, _near(_rarest(rare, OF_THE_OTHER), firsts), ranks_of)
        if first is not None:
            groups[first][pk] = len(mine - ranks_of[first]) >= OWN_FROM
            continue
        ranks_of[pk], groups[pk] = mine, {}
        for rank in _rarest(rare, OF_THE_FIRST):
            firsts[rank].append(pk)
    return [Alike(first, others) for first, others in groups.items() if others]


def _rarest(rare: list[int], share: float) -> list[int]:
    """So many of the rarest words that whoever shares this part of all of them has one of these."""
    return rare[: len(rare) - ceil(share * len(rare)) + 1]


def _near(ranks: list[int], firsts: Mapping[int, list[int]]) -> list[int]:
    """The firsts with most of these words."""
    hits = Counter(chain.from_iterable(firsts[rank][:MOST_FIRSTS] for rank in ranks if rank in firsts))
    return [pk for pk, _n in hits.most_common(MOST_COMPARED)]


def _first_for(mine: frozenset[int], near: Iterable[int], ranks_of: Mapping[int, frozenset[int]]) -> int | None:
    """Of these firsts the one whose words it shares best, the elder of equal ones."""
    best: tuple[float, int] | None = None
    for pk in near:
        other = ranks_of[pk]
        shared = len(mine & other)
        if shared >= OF_THE_FIRST * len(other) and shared >= OF_THE_OTHER * len(mine):
            mark = (-shared / len(mine | other), pk)
            best = mark if best is None else min(best, mark)
    return best[1] if best else None


def _parts(run: str) -> Iterable[str]:
    if not any(_is_han(one) for one in run):
        return [run]
    return ["".join(pair) for pair in pairwise(run)] or [run]


def _is_han(one: str) -> bool:
    return "\u2e80" <= one <= "\u9fff" or one >= "\U00020000"

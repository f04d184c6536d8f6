"""What a typed text can mean: for each of its words the texts that must stand in a thing, at several levels of forgiveness.

Pure: how the database is asked is in `searching`, what is known of the two languages in `folding`. What a search may cost is
bounded here.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from zhengyou.base import folding

LONGEST_WORD, MOST_WORDS, MOST_SIGNS = 40, 8, 60  # of what is typed, in letters or signs; nobody types a longer name
MOST_TEXTS = 63  # that a question looks for: each is one bit of a number in the database
MOST_PAIRS = 32  # of these; a word whose pairs would be more has to stand as it is
MOST_PARTS = 4  # letters and figures in turn
SHORTEST_FORGIVEN = 5  # letters: below that one wrong letter makes another word
MOST_FORGIVEN = 2  # words with a letter wrong in one text
MOST_READINGS = 3  # of one word with a letter wrong
# From so many signs on a word may be made of two pieces, of three. Letters have few different pairs: short words would be
# found wherever their pairs lie scattered.
CUT_ONCE_CHINESE, CUT_ONCE = (4, 6), (10, 18)
PARTS = re.compile("[a-z]+|[^a-z]+")


@dataclass(frozen=True)
class Meaning:
    """One word is there if all the texts of one of `ways` stand in a thing, or all of its `pairs` but so many as are `missing`."""

    ways: tuple[tuple[str, ...], ...]
    pairs: tuple[str, ...] = ()
    missing: int = 0


Meanings = Sequence[Meaning]  # one for each word; all must be there


@dataclass(frozen=True)
class Half:
    """One half of a word that is looked for as it stands, since the wrong letter is in the other; `around` it are so many letters."""

    word: str
    text: str
    is_first: bool
    around: int


def words_of(typed: str) -> list[str]:
    """The words of a typed text as they are compared, each once; what is beyond the bounds is not looked for.

    Letters and figures that stand alone are no words where nothing else is typed: they stand in everything.
    """
    words: list[str] = []
    room = MOST_SIGNS
    for word in dict.fromkeys(folding.folded(typed).split()):
        words.append(word[: min(LONGEST_WORD, room)])
        room -= len(words[-1])
        if not room or len(words) == MOST_WORDS:
            break
    return [] if all(word.isascii() and len(word) == 1 for word in words) else words


def as_typed(words: Sequence[str]) -> Meanings:
    """Each word as it is."""
    return [Meaning(((word,),)) for word in words]


def joined(words: Sequence[str]) -> Meanings:
    """Letters as if no blank had been typed between them, for some write each syllable alone; nothing for other words."""
    is_cut = len(words) > 1 and all(word.isascii() and word.isalpha() for word in words)
    return as_typed(["".join(words)]) if is_cut else []


def main_parts(words: Sequence[str]) -> Meanings:
    """Without the endings that people add, and without little words; letters and figures in one word each for themselves."""
    return [Meaning(_main_part(word)) for word in _needed(words)]


def in_pieces(words: Sequence[str]) -> Meanings:
    """As `main_parts`; and of a long word pieces, which stand anywhere: all pairs of its signs but those where it was cut."""
    least = main_parts(words)
    room = min(MOST_PAIRS, MOST_TEXTS - len(texts_of([least])) - MOST_FORGIVEN * MOST_READINGS - 2 * len(words))
    meanings = []
    for word, meaning in zip(_needed(words), least, strict=True):
        pairs, missing = _pairs_of(word)
        if not missing or len(pairs) > room:
            pairs, missing = (), 0
        room -= len(pairs)
        meanings.append(Meaning(meaning.ways, pairs, missing))
    return meanings


def sounding_alike(words: Sequence[str], readings: Mapping[str, Sequence[str]]) -> Meanings:
    """As `in_pieces`; and Chinese by its pinyin, letters by their right `readings`. One word alone has been looked for in pieces
    before, which is not done again.
    """
    needed = _needed(words)
    before = in_pieces(words) if len(needed) > 1 else [Meaning(()) for _word in needed]
    meanings = []
    for word, meaning in zip(needed, before, strict=True):
        ways = (*meaning.ways, *((reading,) for reading in _readings(word, readings)))
        meanings.append(Meaning(tuple(dict.fromkeys(ways)), meaning.pairs, meaning.missing))
    return meanings


def halves(words: Sequence[str]) -> list[Half]:
    """What is right of the words that may have one letter wrong, missing or too many: the first half or the second."""
    forgiven = [word for word in _needed(words) if word.isascii() and word.isalpha() and len(word) >= SHORTEST_FORGIVEN]
    parts = []
    for word in forgiven[:MOST_FORGIVEN]:
        half = len(word) // 2
        parts += [Half(word, word[:half], True, len(word) - half + 1), Half(word, word[half:], False, half + 1)]
    return parts


def readings(found: Iterable[tuple[Half, str]]) -> dict[str, list[str]]:
    """By word: how it is written where one of its halves stands, the commonest first. `found` are halves and what is around."""
    right: dict[str, list[str]] = {}
    for half, around in found:
        text = half.text + around if half.is_first else around + half.text
        place = "^(?:{})" if half.is_first else "(?:{})$"
        match = re.search(place.format(_one_letter_off(half.word)), text)
        if match and match[0] not in right.setdefault(half.word, []):
            right[half.word].append(match[0])
    return {word: texts[:MOST_READINGS] for word, texts in right.items()}


def texts_of(levels: Iterable[Meanings]) -> list[str]:
    """Every text and every pair that is looked for, once."""
    every = [meaning for meanings in levels for meaning in meanings]
    texts = [text for meaning in every for way in meaning.ways for text in way]
    return list(dict.fromkeys([*texts, *(pair for meaning in every for pair in meaning.pairs)]))


def _needed(words: Sequence[str]) -> Sequence[str]:
    return [word for word in words if word not in folding.STOP] or words


def _main_part(word: str) -> tuple[tuple[str, ...], ...]:
    parts = tuple(PARTS.findall(word))
    if 1 < len(parts) <= MOST_PARTS and folding.LATIN.search(word):
        return (word,), parts
    singular = word.removesuffix("s") if folding.LATIN.match(word) else word
    names = [word, folding.without_ending(word), folding.without_road(word), singular]
    return tuple((text,) for text in dict.fromkeys(names))


def _pairs_of(word: str) -> tuple[tuple[str, ...], int]:
    """The pairs of a word, and how many of them may be missing."""
    whole = folding.without_ending(word)
    if len(PARTS.findall(whole)) > 1:
        return (), 0
    pairs = tuple(dict.fromkeys(first + second for first, second in pairwise(whole)))
    enough = CUT_ONCE if whole.isascii() else CUT_ONCE_CHINESE
    return pairs, sum(len(pairs) + 1 >= least for least in enough)  # a sign that is repeated makes a word no longer


def _readings(word: str, right: Mapping[str, Sequence[str]]) -> Sequence[str]:
    """A sign alone has none, for very many others sound like it."""
    if word.isascii():
        return right.get(word, ())
    name = folding.without_ending(word)
    return [folding.spelled(text)[0] for text in dict.fromkeys([name, folding.in_signs(name)])] if len(word) > 1 else ()


def _one_letter_off(word: str) -> str:
    wrong = [f"{word[:n]}[a-z]{word[n + 1 :]}" for n in range(len(word))]
    missing = [f"{word[:n]}[a-z]{word[n:]}" for n in range(1, len(word))]
    too_many = [word[:n] + word[n + 1 :] for n in range(len(word))]
    return "|".join([*wrong, *missing, *too_many])

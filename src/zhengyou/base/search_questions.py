"""The two questions that a search asks the database: what has these meanings, and how a word with a wrong letter is written.

Each text that is looked for is one bit of a number. The bits of the places are found first, as there are few of them and many
things at each; a thing adds those of its own words. All that is put into the statements are numbers and names from here.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from zhengyou.base import folding
from zhengyou.base.meanings import Half, Meaning, Meanings, texts_of

SHORTEST_RARE = 3  # signs: what is shorter stands in too many things for an index to save anything; so do all pairs
MANY_PLACES = 200  # from so many on an index saves nothing
STEP = 64  # more than pairs are ever looked for
MOST_AROUND = 300  # different letters around one half of a word; the commonest are enough

# A step is a level and how many of the words' pairs stand there; where there is but one, nothing is said of it.
FOUND = """
WITH place AS MATERIALIZED (SELECT p.id, p.depth, {place_bits} AS bits FROM zhengyou_searchplace p),
hit AS MATERIALIZED (SELECT id, kind, depth, order_key, {rank} AS rank {step} FROM ({candidates}) candidate WHERE {is_hit}),
counted AS (SELECT kind, count(*) AS count {and_step} FROM hit GROUP BY kind {and_step})
SELECT kind, {step_found}, count, ARRAY(
    SELECT hit.id FROM hit WHERE hit.kind = counted.kind AND {same_step}
    ORDER BY hit.rank, hit.depth NULLS FIRST, hit.order_key, hit.id
    LIMIT %(most)s OFFSET least(%(start)s, (counted.count - 1) / %(most)s * %(most)s)
) FROM counted WHERE {is_nearest}
"""
ONE_STEP = {"step": "", "and_step": "", "step_found": "0", "same_step": "TRUE", "is_nearest": "TRUE"}
STEPS = {
    "and_step": ", step",
    "step_found": "step",
    "same_step": "hit.step = counted.step",
    "is_nearest": f"""step = (
    SELECT max(step) FROM counted same WHERE same.kind = counted.kind AND same.step / {STEP} = counted.step / {STEP}
)""",
}
# What may be common: every thing once. The offset keeps the planner from working out the bits anew for each use of them.
ONE_BY_ONE = """
    SELECT {columns}, {bits} AS bits FROM zhengyou_searchentry e LEFT JOIN place ON place.id = e.place_id
    WHERE {gate} {may_be} AND e.kind = ANY(%(kinds)s) AND e.audience = ANY(%(audiences)s) {apart}
"""
# What seems rare: the things at the places that have it all, and those that an index finds. Where many places have it, such as the
# name of the town at the top, every thing once after all.
BY_INDEX = f"""
    ({ONE_BY_ONE}) UNION ALL
    SELECT {{columns}}, {{bits}} AS bits FROM place JOIN zhengyou_searchentry e ON e.place_id = place.id
    WHERE NOT {{at_many}} AND {{place_is_enough}} AND e.kind = ANY(%(kinds)s) AND e.audience = ANY(%(audiences)s)
    UNION ALL
    SELECT {{columns}}, {{bits}} AS bits FROM zhengyou_searchentry e LEFT JOIN place ON place.id = e.place_id
    WHERE NOT {{at_many}} AND {{has_one}} AND {{may_be}} AND {{place_is_enough}} IS NOT TRUE
    AND e.kind = ANY(%(kinds)s) AND e.audience = ANY(%(audiences)s)
"""
AT_MANY = f"(SELECT count(*) > {MANY_PLACES} FROM place WHERE {{place_is_enough}})"
COLUMNS = "e.id, e.kind, e.order_key, e.title_key, e.folded, e.folded_bits, e.spelled, e.spelled_bits, place.depth"

# What stands right behind the first half of a word, or before the second, wherever it is; the commonest first. LIKE costs no more than
# the pairs, so that where the planner reads everything it is asked first.
AROUND = """
(SELECT {number}, around FROM (
    SELECT {side}(unnest({parts}), %s) AS around FROM zhengyou_searchentry WHERE spelled LIKE %s AND grams @> %s::int[]
) part GROUP BY around ORDER BY count(*) DESC, around LIMIT {most})
"""
PARTS = {
    True: ("(string_to_array(spelled, %s))[2:]", "left"),
    False: ("trim_array(string_to_array(spelled, %s), 1)", "right"),
}


@dataclass(frozen=True)
class Hits:
    """What is found of one kind at one level: all of them counted, and the ids of a part. `near` of the words' pairs stand in each."""

    kind: str
    level: int
    near: int
    count: int
    ids: list[int]


def hits(
    words: Sequence[str],
    levels: Sequence[Meanings],
    kinds: Sequence[str],
    audiences: Sequence[str],
    start: int,
    most: int,
    *,
    are_common: bool,
) -> list[Hits]:
    """What has the meanings, by kind and by the first of the `levels` at which it has them; what has fewer pairs than others of its
    kind and level is left out. Each level forgives more than the one before it. One query.
    `are_common` says that an index would be in vain.
    """
    statement = _Statement(words, levels, are_common)
    given = {"kinds": list(kinds), "audiences": list(audiences), "start": start, "most": most}
    with connection.cursor() as cursor:
        cursor.execute(statement.text(), statement.given | given)
        return [Hits(kind, step // STEP, step % STEP, count, ids) for kind, step, count, ids in cursor.fetchall()]


def around(halves: Sequence[Half]) -> Iterator[tuple[Half, str]]:
    """Every half of a word with letters that stand around it somewhere. One query, none without halves."""
    if not halves:
        return
    pieces: list[str] = []
    given: list[Any] = []
    for number, half in enumerate(halves):
        parts, side = PARTS[half.is_first]
        pieces.append(AROUND.format(number=number, parts=parts, side=side, most=MOST_AROUND))
        given += [half.text, half.around, f"%{half.text}%", _grams_of(half.text)]
    with connection.cursor() as cursor:
        cursor.execute("UNION ALL".join(pieces), given)
        yield from ((halves[number], letters) for number, letters in cursor.fetchall())


class _Statement:
    """One `FOUND` with its parts. The last level forgives everything that the others forgive."""

    def __init__(self, words: Sequence[str], levels: Sequence[Meanings], are_common: bool) -> None:
        self.words, self.levels, self.are_common = words, levels, are_common
        self.texts = texts_of(levels)
        self.bit = {text: 1 << number for number, text in enumerate(self.texts)}
        self.given: dict[str, Any] = {f"text{number}": text for number, text in enumerate(self.texts)}
        self.given |= {f"word{number}": word for number, word in enumerate(words)} | {"joined": "".join(words)}

    def text(self) -> str:
        last, has_pairs = self.levels[-1], bool(self._pairs())
        has_bits = len(self.levels) > 1 or has_pairs
        is_rare = not (has_pairs or self.are_common) and all(len(text) >= SHORTEST_RARE for text in self.texts)
        enough, may_be = self._has_all(last, "place.bits"), _all(self._may_have(meaning) for meaning in last)
        at_many = AT_MANY.format(place_is_enough=enough)
        candidates = (BY_INDEX if is_rare else ONE_BY_ONE).format(
            columns=COLUMNS,
            bits=self._bits() if has_bits else "0",
            apart="OFFSET 0" if has_bits else "",
            at_many=at_many,
            place_is_enough=enough,
            has_one=self._has_one() if is_rare else "TRUE",
            may_be=may_be,
            gate=f"{at_many} AND" if is_rare else "",
        )
        return FOUND.format(
            candidates=candidates,
            place_bits=self._place_bits(),
            is_hit=self._has_all(last, "bits") if has_pairs else "TRUE",
            rank=self._rank(),
            **({"step": f", {self._step()} AS step"} | STEPS if has_bits else ONE_STEP),
        )

    def _pairs(self) -> list[str]:
        return [pair for meaning in self.levels[-1] for pair in meaning.pairs]

    def _place_bits(self) -> str:
        return " | ".join(
            f"((strpos(p.{_column(text)}, %(text{number})s) > 0)::int::bigint << {number})"
            for number, text in enumerate(self.texts)
        )

    def _bits(self) -> str:
        """The bits of a thing: of its place, and of its own words."""
        return (
            "("
            + " | ".join(f"CASE WHEN {self._stands(text)} THEN {self.bit[text]} ELSE 0 END" for text in self.texts)
            + ")"
        )

    def _stands(self, text: str) -> str:
        """The text stands in the thing. Its own words are looked through only if those of its place do not have it."""
        own = _own(text, f"text{self.texts.index(text)}", "e.")
        return f"(place.bits & {self.bit[text]} <> 0 OR {own})"

    def _may_have(self, meaning: Meaning) -> str:
        """Said so that most things are done with after one comparison. Of any pairs that are more than may be missing, one is there;
        whether enough are there is told by the bits.
        """
        ways = [_all(map(self._stands, way)) for way in meaning.ways]
        if not meaning.pairs:
            return _any(ways)
        size = meaning.missing + 1
        some = [meaning.pairs[n : n + size] for n in range(0, len(meaning.pairs) - meaning.missing, size)]
        return _any([*ways, _all(_any(map(self._stands, pairs)) for pairs in some)])

    def _has_one(self) -> str:
        """The thing's own words have one of the texts. An index knows pairs of signs, and two of a text's are enough to find what is
        rare. For short texts and for single pairs it would save nothing, as comparing many arrays costs more than comparing all texts.
        """
        conditions = []
        for number, text in enumerate(self.texts):
            self.given[f"grams{number}"] = _grams_of(text)
            conditions.append(f"({_own(text, f'text{number}', 'e.')} AND e.grams @> %(grams{number})s::int[])")
        return _any(conditions)

    def _has_all(self, level: Meanings, bits: str) -> str:
        return _all(self._has(meaning, bits) for meaning in level)

    def _has(self, meaning: Meaning, bits: str) -> str:
        sums = {sum(self.bit[text] for text in set(way)) for way in meaning.ways}
        conditions = [f"{bits} & {one} = {one}" for one in sorted(sums)]
        return _any([*conditions, *([self._enough(meaning, bits)] if meaning.pairs else [])])

    def _enough(self, meaning: Meaning, bits: str) -> str:
        return f"{self._count(meaning.pairs, bits)} >= {len(meaning.pairs) - meaning.missing}"

    def _count(self, pairs: Sequence[str], bits: str) -> str:
        return f"bit_count(({bits} & {sum(self.bit[pair] for pair in set(pairs))})::bit(64))"

    def _step(self) -> str:
        near = f" + {self._count(self._pairs(), 'bits')}" if self._pairs() else ""
        cases = [f"WHEN {self._has_all(level, 'bits')} THEN {n * STEP}" for n, level in enumerate(self.levels[:-1])]
        last = str((len(self.levels) - 1) * STEP)
        return (f"CASE {' '.join(cases)} ELSE {last} END" if cases else last) + near

    def _rank(self) -> str:
        """Called so, in signs or in pinyin; begins so; has all the words in its title; has them in its own words; or they are those
        of its place.
        """
        numbered = list(enumerate(self.words))
        title = (
            r"split_part(spelled, E'\n', 1)" if all(_column(word) == "spelled" for word in self.words) else "title_key"
        )
        in_title = _all(f"strpos({title}, %(word{number})s) > 0" for number, _word in numbered)
        in_own = _all(_own(word, f"word{number}") for number, word in numbered)
        return (
            f"CASE WHEN NOT {in_own} THEN 4 WHEN NOT {in_title} THEN 3 WHEN {title} = %(joined)s THEN 0"
            f" WHEN starts_with({title}, %(joined)s) THEN 1 ELSE 2 END"
        )


def _all(conditions: Iterable[str]) -> str:
    return f"({' AND '.join(conditions)})"


def _any(conditions: Iterable[str]) -> str:
    return f"({' OR '.join(conditions)})"


def _grams_of(text: str) -> list[int]:
    """The first pair and the last."""
    return sorted({folding.gram(*text[:2]), folding.gram(*text[-2:])})


def _own(text: str, name: str, table: str = "") -> str:
    """The own words of a thing have the text. Its bits say of most that they do not, at a tenth of the cost."""
    column, bits = f"{table}{_column(text)}", folding.bits(text)
    stands = f"strpos({column}, %({name})s) > 0"
    return f"({column}_bits & {bits} = {bits} AND {stands})" if bits else stands


def _column(text: str) -> str:
    """Where a text stands, if it stands anywhere: letters with what is spelled, all else with the words as they are."""
    return "spelled" if text.isascii() and folding.LATIN.search(text) else "folded"

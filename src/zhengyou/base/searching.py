"""One table of what can be found, written by deeds in their own transaction, and one search over it.

Knows no room: a thing has a kind, words, an address in the room's own terms, an audience, and perhaps a place in the tree.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import pairwise
from operator import add

from django.db.models import Case, IntegerField, Q, Value, When
from django.db.models.lookups import GreaterThanOrEqual

from zhengyou.base import folding
from zhengyou.base.models import SearchEntry

PUBLIC = "public"
BATCH = 500
SHORTEST_FORGIVEN = 5  # letters: below that one wrong letter makes another word
LONGEST_WORD, MOST_WORDS = 40, 8  # of what is typed; more would cost the database more than it finds
# From so many signs on a word may be made of two pieces, of three. Letters have few different pairs: short words would be
# found wherever their pairs lie scattered.
CUT_ONCE_CHINESE, CUT_ONCE = (4, 6), (10, 18)
PARTS = re.compile("[a-z]+|[^a-z]+")
Names = Mapping[int, Sequence[str]]  # by place: its name, then those above it up to the root


@dataclass(frozen=True)
class Searchable:
    """One thing that can be found: `title` is shown, `more` is searched as well, `address` is for the page that leads there."""

    kind: str
    reference: str
    title: str
    address: str
    more: tuple[str, ...] = ()
    place: int | None = None
    state: str = ""
    audience: str = PUBLIC


@dataclass(frozen=True)
class Group:
    """What was found of one kind: the ids of all of it, the best first, to be looked at page by page (`shown`)."""

    kind: str
    ids: list[int]

    @property
    def count(self) -> int:
        return len(self.ids)


@dataclass(frozen=True)
class Answer:
    """What a typed text can mean, by kind; `is_exact` if something has the very words."""

    groups: list[Group]
    is_exact: bool


def put(things: Iterable[Searchable], names: Names) -> None:
    """Make things findable, or findable by other words. `names` has every place among them. Idempotent, one statement a batch."""
    rows = [_entry(thing, names) for thing in things]
    fields = [field.name for field in SearchEntry._meta.concrete_fields if field.name not in ("id", "reference")]
    SearchEntry.objects.bulk_create(
        rows, batch_size=BATCH, update_conflicts=True, unique_fields=["reference"], update_fields=fields
    )


def move(names: Names) -> None:
    """Everything at these places, of whatever kind, is from now on found by these names of the place and those above it."""
    rows = SearchEntry.objects.filter(place__in=list(names)).order_by("pk").select_for_update()
    changed = []
    for row in rows.iterator(chunk_size=BATCH):
        _place(row, names[row.place or 0])
        changed.append(row)
    SearchEntry.objects.bulk_update(changed, ["place_names", "around", "grams", "order_key"], batch_size=BATCH)


def drop(references: Iterable[str]) -> None:
    """Nobody finds these any more."""
    SearchEntry.objects.filter(reference__in=list(references)).delete()


def replace(things: Iterable[Searchable], names: Names) -> int:
    """The whole table anew; how many things it has."""
    SearchEntry.objects.all().delete()
    rows = [_entry(thing, names) for thing in things]
    SearchEntry.objects.bulk_create(rows, batch_size=BATCH)
    return len(rows)


def search(typed: str, kinds: Sequence[str], audiences: Sequence[str] = (PUBLIC,)) -> Answer:
    """What was meant, of these kinds. What has the words comes first. While the first of the kinds has nothing, the kinds without
    anything give what has the words without the endings that people add; then what has most of their pairs, in its name and
    those above; and if nothing at all was found, what sounds alike or differs by one letter. At most four queries.
    """
    words = [word[:LONGEST_WORD] for word in folding.folded(typed).split()][:MOST_WORDS]
    found: dict[str, list[int]] = {}
    is_exact = False
    for way in (_has, _has_main_part, _has_most, _sounds_like) if words else ():
        if kinds[0] in found or (way is _sounds_like and found):
            break
        left = [kind for kind in kinds if kind not in found]
        rows = SearchEntry.objects.filter(_each(way, words), kind__in=left, audience__in=audiences)
        for pk, kind in rows.order_by(_rank(words), "order_key", "pk").values_list("pk", "kind"):
            found.setdefault(kind, []).append(pk)
        is_exact = is_exact or (way is _has and bool(found))
    return Answer([Group(kind, found[kind]) for kind in kinds if kind in found], is_exact)


def shown(ids: Iterable[int]) -> dict[int, SearchEntry]:
    """What was found, by id, as pages show it. One query."""
    return SearchEntry.objects.defer("own", "around", "grams").in_bulk(list(ids))


def _entry(thing: Searchable, names: Names) -> SearchEntry:
    row = SearchEntry(
        kind=thing.kind,
        reference=thing.reference,
        audience=thing.audience,
        title=thing.title,
        state=thing.state,
        address=thing.address,
        place=thing.place,
        title_key=folding.folded(thing.title).replace(" ", ""),
        own="\n".join([*_lines(thing.title), folding.in_english(thing.title), *map(folding.folded, thing.more)]),
    )
    _place(row, names[thing.place] if thing.place is not None else ())
    return row


def _place(row: SearchEntry, names: Sequence[str]) -> None:
    above = [name for name in names if name != row.title]
    row.place_names = list(names)
    row.around = "\n".join(line for name in above for line in _lines(name))
    row.grams = sorted(folding.grams([row.own, row.around]))
    row.order_key = f"{len(names):02d} {folding.spelled(row.title)[0]}"[
        :400
    ]  # what stands higher in the tree comes first


def _lines(name: str) -> list[str]:
    return [folding.folded(name), *folding.spelled(name)]


def _rank(words: Sequence[str]) -> Case:
    in_title = Q(*(Q(title_key__contains=word) for word in words))
    in_own = Q(*(Q(own__contains=word) for word in words))
    whens = (Q(title_key="".join(words)), Q(title_key__startswith="".join(words)), in_title, in_own)
    cases = (When(when, then=Value(n)) for n, when in enumerate(whens))
    return Case(*cases, default=Value(len(whens)), output_field=IntegerField())


def _each(way: Callable[[str], Q], words: Sequence[str]) -> Q:
    needed = [word for word in words if word not in folding.STOP] if way is not _has else words
    return Q(*(way(word) for word in needed or words))


def _has(word: str) -> Q:
    """The word stands in the thing's own words or in those of its place. The pairs are what the index knows."""
    has_pairs = Q(grams__contains=sorted(folding.grams([word])))
    is_one_pair = len(word) == 2 or (len(word) == 1 and not folding.LATIN.match(word))
    return has_pairs if is_one_pair else has_pairs & (Q(own__contains=word) | Q(around__contains=word))


def _has_main_part(word: str) -> Q:
    """Without the ending that people add; letters and figures that stand in one word each for themselves."""
    parts = PARTS.findall(word)
    if len(parts) > 1 and folding.LATIN.search(word):
        return _has(word) | Q(*map(_has, parts))
    singular = word.removesuffix("s") if folding.LATIN.match(word) else word
    return Q(
        *[_has(word), *[_has(other) for other in {folding.without_ending(word), singular} - {word}]], _connector=Q.OR
    )


def _has_most(word: str) -> Q:
    """Pieces of the word stand in the names of the thing and of its place: all pairs are there but those where it was cut.

    If no more than two of the pairs are missing, one of three groups of them is whole, which the index finds.
    """
    whole = folding.without_ending(word)
    pairs = [folding.gram(*pair) for pair in pairwise(whole)]
    missing = sum(len(whole) >= least for least in (CUT_ONCE if whole.isascii() else CUT_ONCE_CHINESE))
    if not missing or len(PARTS.findall(whole)) > 1:
        return _has_main_part(word)
    is_near = Q(*[Q(grams__contains=pairs[n :: missing + 1]) for n in range(missing + 1)], _connector=Q.OR)
    there = [Case(When(grams__contains=[pair], then=Value(1)), default=Value(0)) for pair in pairs]
    enough = GreaterThanOrEqual(reduce(add, there), Value(len(pairs) - missing))
    return _has_main_part(word) | (is_near & Q(enough))


def _sounds_like(word: str) -> Q:
    """Chinese by its pinyin; letters with one of them wrong, missing or too many: then one half of the word is right."""
    if not word.isascii():
        return _has_most(word) | _has(folding.spelled(folding.without_ending(word))[0])
    if len(word) < SHORTEST_FORGIVEN or not word.isalpha():
        return _has_main_part(word)
    half = len(word) // 2
    is_near = Q(grams__contains=sorted(folding.grams([word[:half]])))
    is_near |= Q(grams__contains=sorted(folding.grams([word[half:]])))
    wrong = [f"{word[:n]}[a-z]{word[n + 1 :]}" for n in range(len(word))]
    missing = [f"{word[:n]}[a-z]{word[n:]}" for n in range(1, len(word))]
    too_many = [word[:n] + word[n + 1 :] for n in range(len(word))]
    pattern = "|".join([*wrong, *missing, *too_many])
    return _has_most(word) | (is_near & (Q(own__regex=pattern) | Q(around__regex=pattern)))

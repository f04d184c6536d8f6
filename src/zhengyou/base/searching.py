"""One table of what can be found, written by deeds in their own transaction, and one search over it.

Knows no room: a thing has a kind, words, an address in the room's own terms, an audience, and perhaps a place in the tree.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Count, F, IntegerField, Q, QuerySet, Value, When, Window
from django.db.models.functions import RowNumber

from zhengyou.base import folding
from zhengyou.base.models import SearchEntry

PUBLIC = "public"
BATCH = 500
SHORTEST_FORGIVEN = 5  # letters: below that one wrong letter makes another word
LONGEST_WORD, MOST_WORDS = 40, 8  # of what is typed; more would cost the database more than it finds
SHORTEST_PIECE = 3  # letters; two stand in almost every name
MOST_PIECES_OF = 12  # signs of a word that is tried in three pieces
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
    """What was found of one kind: how many there are, and the first of them."""

    kind: str
    count: int
    first: list[SearchEntry]


@dataclass(frozen=True)
class Matching:
    """What a typed text can mean, the best first; `is_exact` if something has the very words."""

    rows: "QuerySet[Any]"
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
    SearchEntry.objects.bulk_update(changed, ["place_names", "around", "grams"], batch_size=BATCH)


def drop(references: Iterable[str]) -> None:
    """Nobody finds these any more."""
    SearchEntry.objects.filter(reference__in=list(references)).delete()


def replace(things: Iterable[Searchable], names: Names) -> int:
    """The whole table anew; how many things it has."""
    SearchEntry.objects.all().delete()
    rows = [_entry(thing, names) for thing in things]
    SearchEntry.objects.bulk_create(rows, batch_size=BATCH)
    return len(rows)


def matching(typed: str, kinds: Sequence[str], audiences: Sequence[str] = (PUBLIC,)) -> Matching:
    """What was meant, of these kinds. Each kind gives what has the words; else what has them without the endings people add;
    else what has their pieces in its name and those above. Where no kind gives anything: what sounds alike or differs by one
    letter. At most four questions, however many rows there are.
    """
    words = [word[:LONGEST_WORD] for word in folding.folded(typed).split()][:MOST_WORDS]
    rows: QuerySet[Any] = SearchEntry.objects.filter(audience__in=audiences).defer("own", "around", "grams")
    left, condition, is_exact = set(kinds) if words else set(), Q(pk__in=[]), True
    for way in (_has, _has_main_part, _has_pieces, _sounds_like):
        if not left or (way is _sounds_like and left != set(kinds)):
            break
        of_this_way = Q(kind__in=left) & _each(way, words)
        kinds_found = set(rows.filter(of_this_way).order_by().values_list("kind", flat=True).distinct())
        condition |= Q(kind__in=kinds_found) & _each(way, words) if kinds_found else Q(pk__in=[])
        is_exact = is_exact and (way is _has or not kinds_found or left != set(kinds))
        left -= kinds_found
    ranked = rows.filter(condition).annotate(rank=_rank(words)) if words else rows.none()
    return Matching(ranked.order_by("rank", "order_key", "pk") if words else ranked, is_exact)


def by_kind(found: QuerySet[SearchEntry], kinds: Sequence[str], each: int) -> list[Group]:
    """How many were found of each kind and the first `each` of them, in one query; kinds in this order."""
    order = [F("rank"), F("order_key"), F("pk")]
    numbered: QuerySet[Any] = found.annotate(
        place_in_kind=Window(RowNumber(), partition_by=[F("kind")], order_by=order),
        of_kind=Window(Count("*"), partition_by=[F("kind")]),
    )
    groups: dict[str, list[Any]] = {}
    for row in numbered.filter(place_in_kind__lte=each).order_by("place_in_kind"):
        groups.setdefault(row.kind, []).append(row)
    return [Group(kind, groups[kind][0].of_kind, groups[kind]) for kind in kinds if kind in groups]


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
    return Q(grams__contains=sorted(folding.grams([word]))) & (Q(own__contains=word) | Q(around__contains=word))


def _has_main_part(word: str) -> Q:
    """Without the ending that people add; letters and figures that stand in one word each for themselves."""
    parts = re.findall("[a-z]+|[0-9]+|[^a-z0-9]+", word)
    is_mixed = len(parts) > 1 and folding.LATIN.search(word)
    mixed = Q(*map(_has, parts)) if is_mixed else _has(folding.without_ending(word))
    return _has(word) | mixed | (_has(word.removesuffix("s")) if word.endswith("s") else Q(pk__in=[]))


def _has_pieces(word: str) -> Q:
    """Up to three pieces of the word stand somewhere: all its pairs are there but those where it was cut."""
    whole = folding.without_ending(word)
    least = SHORTEST_PIECE if word.isascii() else 2
    two = [(whole[:n], whole[n:]) for n in range(least, len(whole) - least + 1)]
    three = [(first, rest[:n], rest[n:]) for first, rest in two for n in range(least, len(rest) - least + 1)]
    condition = _has_main_part(word)
    for cut in [*two, *(three if len(whole) <= MOST_PIECES_OF else [])]:
        condition |= Q(*map(_has, cut))
    return condition


def _sounds_like(word: str) -> Q:
    """Chinese by its pinyin; letters with one of them wrong, missing or too many: then one half of the word is right."""
    if not word.isascii():
        return _has_pieces(word) | _has(folding.spelled(folding.without_ending(word))[0])
    if len(word) < SHORTEST_FORGIVEN or not word.isalpha():
        return _has_main_part(word)
    half = len(word) // 2
    is_near = Q(grams__contains=sorted(folding.grams([word[:half]])))
    is_near |= Q(grams__contains=sorted(folding.grams([word[half:]])))
    wrong = [f"{word[:n]}[a-z]{word[n + 1 :]}" for n in range(len(word))]
    missing = [f"{word[:n]}[a-z]{word[n:]}" for n in range(1, len(word))]
    too_many = [word[:n] + word[n + 1 :] for n in range(len(word))]
    pattern = "|".join([*wrong, *missing, *too_many])
    return _has_pieces(word) | (is_near & (Q(own__regex=pattern) | Q(around__regex=pattern)))

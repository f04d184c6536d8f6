"""One table of what can be found, written by deeds in their own transaction, and one search over it.

Knows no room: a thing has a kind, words, an address in the room's own terms, an audience, and perhaps a place in the tree. What a
typed text can mean is said in `meanings`. The places are few and looked through; of a thing a number tells what it lacks, and an
index what is rare.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db import connection
from django.db.models import Q, QuerySet

from zhengyou.base import folding, meanings, search_questions
from zhengyou.base.meanings import Meanings
from zhengyou.base.models import SearchEntry, SearchPlace
from zhengyou.base.search_questions import Hits

PUBLIC = "public"
BATCH = 500
MOST = 50  # of each kind at once
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
    """What was found of one kind: how many, and the ids of a part of them, the best first, to be looked at (`shown`)."""

    kind: str
    count: int
    ids: list[int]


@dataclass(frozen=True)
class Answer:
    """What a typed text can mean, by kind; `is_exact` if something has the very words, `is_too_little` if nothing was looked for."""

    groups: list[Group]
    is_exact: bool
    is_too_little: bool


def put(things: Iterable[Searchable], names: Names) -> None:
    """Make things findable, or findable by other words. `names` has every place among them. Idempotent, one statement a batch."""
    rows = [_entry(thing) for thing in things]
    _put_places({row.place_id: names[row.place_id] for row in rows if row.place_id is not None})
    fields = [field.name for field in SearchEntry._meta.concrete_fields if field.name not in ("id", "reference")]
    SearchEntry.objects.bulk_create(
        rows, batch_size=BATCH, update_conflicts=True, unique_fields=["reference"], update_fields=fields
    )
    if len(rows) >= BATCH:
        _count_again()


def move(names: Names) -> None:
    """Everything at these places, of whatever kind, is from now on found by these names of the place and those above it."""
    used = SearchPlace.objects.filter(pk__in=list(names)).values_list("pk", flat=True)
    _put_places({place: names[place] for place in used})


def places_named(word: str) -> QuerySet[SearchPlace]:
    """The ids of the places whose name, or that of one above them, has this word: as written, in pinyin or by its initials."""
    plain = folding.folded(word)
    rows = SearchPlace.objects.filter(Q(folded__contains=plain) | Q(spelled__contains=plain.replace(" ", "")))
    return rows.order_by().values("pk")  # type: ignore[return-value]


def drop(references: Iterable[str]) -> None:
    """Nobody finds these any more."""
    SearchEntry.objects.filter(reference__in=list(references)).delete()


def unknown(things: Iterable[Searchable]) -> list[Searchable]:
    """Those of these that nobody finds yet."""
    things = list(things)
    references = [thing.reference for thing in things]
    known = set(SearchEntry.objects.filter(reference__in=references).values_list("reference", flat=True))
    return [thing for thing in things if thing.reference not in known]


def replace(things: Iterable[Searchable], names: Names) -> int:
    """The whole table anew; how many things it has."""
    SearchEntry.objects.all().delete()
    SearchPlace.objects.all().delete()
    rows = [_entry(thing) for thing in things]
    _put_places({row.place_id: names[row.place_id] for row in rows if row.place_id is not None})
    SearchEntry.objects.bulk_create(rows, batch_size=BATCH)
    _count_again()
    return len(rows)


def search(
    typed: str, kinds: Sequence[str], audiences: Sequence[str] = (PUBLIC,), *, start: int = 0, most: int = MOST
) -> Answer:
    """What was meant, of these kinds, each counted, with the ids of the page of `most` on which number `start` stands, or the last.

    What has the words comes first. While the first of the kinds has nothing, the kinds without anything give what has the words
    without the endings that people add; then what has most of their pairs, in its name and those above; and if nothing at all
    was found, what sounds alike or differs by one letter. At most four queries; what they may cost is bounded in `meanings`.
    """
    words = meanings.words_of(typed)
    found: dict[str, Group] = {}
    is_exact, tried = False, list[Meanings]()
    for step in (_as_typed, _near, _alike) if words else ():
        if kinds[0] in found or (step is _alike and found):
            break
        levels = [level for level in step(words) if level not in tried and all(meaning.ways for meaning in level)]
        left = [kind for kind in kinds if kind not in found]
        if levels:
            are_common = step is _alike  # a right reading is how many things write it
            hits = search_questions.hits(words, levels, left, audiences, start, most, are_common=are_common)
            _take(found, hits, kinds)
        tried += levels
        is_exact = is_exact or (step is _as_typed and bool(found))
    return Answer([found[kind] for kind in kinds if kind in found], is_exact, not words)


def shown(ids: Iterable[int]) -> dict[int, SearchEntry]:
    """What was found, by id, as pages show it, each with its place. One query."""
    rows = SearchEntry.objects.select_related("place")
    return rows.defer("folded", "spelled", "grams", "place__folded", "place__spelled").in_bulk(list(ids))


def _as_typed(words: Sequence[str]) -> list[Meanings]:
    return [level for level in (meanings.joined(words), meanings.as_typed(words)) if level]


def _near(words: Sequence[str]) -> list[Meanings]:
    return [meanings.main_parts(words), meanings.in_pieces(words)]


def _alike(words: Sequence[str]) -> list[Meanings]:
    around = search_questions.around(meanings.halves(words))
    return [meanings.sounding_alike(words, meanings.readings(around))]


def _take(found: dict[str, Group], hits: Sequence[Hits], kinds: Sequence[str]) -> None:
    """Of each kind without anything yet the first level, until the first of the kinds has something.

    Of a level with most of the pairs: who has one less was hardly meant.
    """
    for level in sorted({one.level for one in hits}):
        if kinds[0] in found:
            break
        left = [one for one in hits if one.level == level and one.kind not in found]
        for one in left:
            if one.near == max(other.near for other in left):
                found[one.kind] = Group(one.kind, one.count, one.ids)


def _count_again() -> None:
    """The database learns what stands in the tables now. Until it does, it takes them for nearly empty and one search takes seconds."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE zhengyou_searchplace, zhengyou_searchentry")


def _entry(thing: Searchable) -> SearchEntry:
    pinyin, initials = folding.spelled(thing.title)
    title = folding.folded(thing.title)
    title_key = title.replace(" ", "")
    more = [folding.folded(words) for words in thing.more]
    lines = list(dict.fromkeys([title, title_key, *more, *map(folding.tightened, more)]))
    row = SearchEntry(
        kind=thing.kind,
        reference=thing.reference,
        audience=thing.audience,
        title=thing.title,
        state=thing.state,
        address=thing.address,
        place_id=thing.place,
        title_key=title_key,
        order_key=folding.in_order(thing.title)[:400],
        folded="\n".join(lines),
        spelled="\n".join([pinyin, initials, folding.in_english(thing.title), *filter(folding.LATIN.search, lines)]),
    )
    row.grams = sorted(folding.grams([row.folded, row.spelled]))
    row.folded_bits, row.spelled_bits = folding.bits(row.folded), folding.bits(row.spelled)
    return row


def _put_places(names: Names) -> None:
    rows = [
        SearchPlace(
            id=place,
            names=list(above),
            depth=len(above),
            folded="\n".join(map(folding.folded, above)),
            spelled="\n".join(line for name in above for line in _lettered(name)),
        )
        for place, above in names.items()
    ]
    SearchPlace.objects.bulk_create(
        rows,
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=["names", "depth", "folded", "spelled"],
    )


def _lettered(name: str) -> list[str]:
    folded = folding.folded(name)
    return [*folding.spelled(name), *([folded] if folding.LATIN.search(folded) else [])]

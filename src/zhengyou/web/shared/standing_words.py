"""What may be said of a standing and what may not, as sentences: of a pool, of all groups together, of one organisation.

They come from the one relation that orders organisations (*clearly different*), never from the scores alone.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from zhengyou.base.words import all_of, any_of, in_readers_words, joined
from zhengyou.standings.computing.document import CombinedResult, CombinedRow, PoolResult, UnitResult

# A sentence names so many organisations, and so many sentences stand above a chart: whoever wants all reads the table.
MOST_NAMES = 5
MOST_FOLDED = 40  # of the others so many wait behind a tap; few more are named at once
MOST_ORDERED = 12
MOST_FACTS = 3
# Of so many ways to say it the best is taken.
MOST_CANDIDATES = 24

Row = UnitResult | CombinedRow
Table = PoolResult | CombinedResult
Join = Callable[[Iterable[str]], str]


@dataclass(frozen=True)
class Conclusions:
    """Whole sentences for the reader: what the figures carry, and what they do not."""

    may: tuple[SafeString, ...] = ()
    may_not: tuple[SafeString, ...] = ()


@dataclass(frozen=True)
class Fact:
    """Each of `above` is clearly higher than each of `below`."""

    above: tuple[Row, ...]
    below: tuple[Row, ...]


def conclusions_of(table: Table) -> Conclusions:
    """What may be said of the organisations of a pool, or of all groups together."""
    compared = [row for row in table.units if row.standing and row.standing.compared]
    if len(compared) > 1 and table.standing:
        return _of_compared(table, compared)
    scored = [row for row in table.units if row.score is not None]
    if len(scored) == 1:
        return _of_one(scored[0])
    if scored:
        return _of_alike(scored) if table.standing is None else _of_too_few(scored)
    return _of_bands([row for row in table.units if isinstance(row, UnitResult) and row.band])


def conclusions_about(own: Row, table: Table | None) -> Conclusions:
    """What may be said of one organisation that is compared; nothing of another."""
    if own.standing is None or not own.standing.compared or table is None or table.standing is None:
        return Conclusions()
    rows = {row.unit: row for row in table.units}
    higher = [row for row in table.units if row.standing and own.unit in row.standing.separates_above]
    lower = [rows[unit] for unit in own.standing.separates_above]
    alike = [rows[unit] for unit in own.standing.indistinguishable_from]
    may = [
        *([_sentence(_("It is clearly higher than %(names)s."), names=named(lower))] if lower else []),
        *([_sentence(_("It is clearly lower than %(names)s."), names=named(higher))] if higher else []),
        _place(own, table.standing.compared, is_all=table.standing.compared == len(table.units)),
    ]
    doubt = _("Whether it is better or worse than %(names)s: the difference is not clear.")
    return Conclusions(tuple(may), (_sentence(doubt, names=named(alike, any_of)),) if alike else ())


def why_unranked(row: Row, table: Table) -> str:
    """Why a row stands there without a place."""
    if isinstance(row, CombinedRow) and isinstance(table, CombinedResult):
        return _("no figure from %(groups)s") % {"groups": any_of(map(in_readers_words, table.names_of(row.missing)))}
    if row.standing is not None:
        is_many = row.standing.why_not_compared == "too_many"
        return _("not compared: too many units") if is_many else _("not compared: too few ballots")
    level = row.level if isinstance(row, UnitResult) else ""
    return {
        "nothing": _("not shown: too few valid ballots"),
        "band": _("only a band is shown: too few ballots for a score"),
    }.get(level, _("no score is shown, because it would reveal individual marks"))


def linked(row: Row) -> SafeString:
    """A name within a sentence, leading to its organisation; on an English page `marking` adds how it is read, once."""
    address = reverse("public-organisation", args=[row.unit])
    return format_html('<a class="quiet" href="{}">{}</a>', address, in_readers_words(row.name))


def all_named(rows: Iterable[Row], join: Join = all_of) -> SafeString:
    """All their names in the order given."""
    return SafeString(join(map(linked, rows)))


def named(rows: Sequence[Row], join: Join = all_of) -> SafeString:
    """Their names in the order given; of many the first few, and the others behind how many they are. Stands in no paragraph."""
    if len(rows) <= MOST_NAMES + 2:
        return all_named(rows, join)
    names, rest = all_named(rows[:MOST_NAMES], joined), rows[MOST_NAMES:]
    if len(rest) > MOST_FOLDED:
        return _sentence(_("%(names)s and %(n)d more"), names=names, n=len(rest))
    more = format_html('<details class="more"><summary>{}</summary> {}</details>', _count_of(rest), all_named(rest))
    return _sentence(_("%(names)s and %(more)s"), names=names, more=more)


def _count_of(rest: Sequence[Row]) -> str:
    return _("%(n)d more") % {"n": len(rest)}


def _sentence(text: str, **parts: object) -> SafeString:
    """A sentence of the house with names in it, which are text and nothing else."""
    return SafeString(
        text % {name: conditional_escape(part) if isinstance(part, str) else part for name, part in parts.items()}
    )


def _of_compared(table: Table, compared: list[Row]) -> Conclusions:
    standing = table.standing
    left_out = [row for row in table.units if row not in compared]
    apart, pairs = (standing.pairs_that_separate, standing.pairs) if standing else (0, 0)
    if not apart:
        nothing = _sentence(_("No clear difference is seen between these %(n)d units."), n=len(compared))
        doubt = _("Which is better, who is first or who is last: each of the %(n)d could be either.")
        return Conclusions((nothing,), (_sentence(doubt, n=len(compared)), *_left_out(left_out)))
    facts = facts_of(compared)
    # Whoever could not be compared may stand anywhere: a sentence on first and last says of how many it speaks.
    is_all, n = not left_out, len(compared)
    may = _order(compared, is_all) if apart == pairs else _most_telling(facts, n, apart, pairs, is_all=is_all)
    may_not = _ends(compared, is_all) if apart < pairs else [_exactness()]
    return Conclusions(tuple(may), (*may_not, *_left_out(left_out)))


def facts_of(compared: Sequence[Row]) -> list[Fact]:
    """The clear differences in a few sentences: each time the one that tells most pairs not told yet, and only such, so that no
    pair is told twice; `MOST_FACTS` at most.

    A set of organisations is a whole number, a bit for each: two thousand of them take some milliseconds.
    """
    bit = {row.unit: 1 << place for place, row in enumerate(compared)}
    untold = [sum(bit[unit] for unit in row.standing.separates_above) if row.standing else 0 for row in compared]
    facts: list[Fact] = []
    while len(facts) < MOST_FACTS and any(untold):
        candidates = [(_above(untold, below), below) for below in _spread(set(untold) - {0})]
        above, below = max(candidates, key=lambda one: len(one[0]) * one[1].bit_count())
        for n in above:
            untold[n] &= ~below
        facts.append(Fact(tuple(compared[n] for n in above), tuple(row for row in compared if bit[row.unit] & below)))
    return facts


def _above(lower: list[int], below: int) -> list[int]:
    """The places of those that are clearly higher than all of `below`."""
    return [n for n, own in enumerate(lower) if own & below == below]


def _spread(sets: set[int]) -> list[int]:
    """Some of many sets, from the smallest to the largest."""
    ordered = sorted(sets, key=lambda one: (one.bit_count(), one))
    step = -(-len(ordered) // MOST_CANDIDATES) or 1
    return ordered[::step]


def _most_telling(facts: list[Fact], n: int, apart: int, pairs: int, *, is_all: bool) -> list[SafeString]:
    sentences, higher = [], set[str]()
    for fact in facts:
        sentences.append(_in_words(fact, n, is_all=is_all, is_also={row.unit for row in fact.above} <= higher))
        higher |= {row.unit for row in fact.above}
    told = {(one.unit, other.unit) for fact in facts for one in fact.above for other in fact.below}
    if len(told) < apart:
        rest = _("In all %(apart)d of %(pairs)d pairs are clearly different; the table has each.")
        sentences.append(_sentence(rest, apart=apart, pairs=pairs))
    return sentences


def _in_words(fact: Fact, n: int, *, is_all: bool, is_also: bool = False) -> SafeString:
    own_standing = fact.above[0].standing
    if n > 2 and len(fact.above) == 1 and own_standing and len(own_standing.separates_above) == n - 1:
        own = _("%(name)s is first: clearly higher than every other one.")
        some = _("Of the %(n)d compared, %(name)s is first: clearly higher than every other one.")
        return _sentence(own if is_all else some, name=named(fact.above), n=n)
    if n > 2 and len(fact.below) == 1 and len(fact.above) == n - 1:
        own = _("%(name)s is last: clearly lower than every other one.")
        some = _("Of the %(n)d compared, %(name)s is last: clearly lower than every other one.")
        return _sentence(own if is_all else some, name=named(fact.below), n=n)
    text = ngettext(
        "%(above)s is clearly higher than %(below)s.", "%(above)s are clearly higher than %(below)s.", len(fact.above)
    )
    if is_also:  # all of them were said to be higher than others before
        text = ngettext(
            "%(above)s is also clearly higher than %(below)s.",
            "%(above)s are also clearly higher than %(below)s.",
            len(fact.above),
        )
    return _sentence(text, above=named(fact.above), below=named(fact.below))


def _order(compared: list[Row], is_all: bool) -> list[SafeString]:
    """Every pair is clearly different: the order itself may be told."""
    rows = sorted(compared, key=lambda row: row.standing.rank_low if row.standing and row.standing.rank_low else 0)
    if len(rows) == 2:
        return [_in_words(Fact((rows[0],), (rows[1],)), 2, is_all=is_all)]
    names = named(rows) if len(rows) > MOST_ORDERED else all_named(rows, joined)
    own = _("All places are clear; from the first on: %(names)s.")
    some = _("Of the %(n)d compared all places are clear; from the first on: %(names)s.")
    return [_sentence(own if is_all else some, names=names, n=len(rows))]


def _ends(compared: list[Row], is_all: bool) -> list[SafeString]:
    """Who is first, who is last, as far as several could be; and that a higher mean alone says nothing."""
    first = [row for row in compared if row.standing and row.standing.rank_low == 1]
    last = [row for row in compared if row.standing and row.standing.rank_high == len(compared)]
    sentences: list[SafeString] = []
    for could, (few, many) in zip((first, last), _ends_in_words(is_all), strict=True):
        if len(could) > 1:
            text = few if len(could) <= MOST_NAMES else many
            sentences.append(_sentence(text, names=named(could, any_of), n=len(could), all=len(compared)))
    return [*sentences, SafeString(_("That a slightly higher mean is better: only the clear differences count."))]


def _ends_in_words(is_all: bool) -> tuple[tuple[str, str], tuple[str, str]]:
    if is_all:
        return (
            (_("Who is first: it could be %(names)s."), _("Who is first: %(n)d units could be.")),
            (_("Who is last: it could be %(names)s."), _("Who is last: %(n)d units could be.")),
        )
    return (
        (
            _("Who is first of the %(all)d compared: it could be %(names)s."),
            _("Who is first of the %(all)d compared: %(n)d units could be."),
        ),
        (
            _("Who is last of the %(all)d compared: it could be %(names)s."),
            _("Who is last of the %(all)d compared: %(n)d units could be."),
        ),
    )


def _exactness() -> SafeString:
    return SafeString(_("By exactly how much they differ: other voters would have graded a little differently."))


def _left_out(rows: list[Row]) -> Iterable[SafeString]:
    if rows:
        text = ngettext(
            "The place of %(names)s, which could not be compared.",
            "The places of %(names)s, which could not be compared.",
            len(rows),
        )
        yield _sentence(text, names=named(rows))


def _place(own: Row, n: int, *, is_all: bool) -> SafeString:
    low, high = (own.standing.rank_low, own.standing.rank_high) if own.standing else (None, None)
    if low == high:
        text = _("Of %(n)d it holds place %(low)d.") if is_all else _("Of the %(n)d compared it holds place %(low)d.")
        return _sentence(text, n=n, low=low)
    own_text = _("Of %(n)d its place is between %(low)d and %(high)d.")
    some_text = _("Of the %(n)d compared its place is between %(low)d and %(high)d.")
    return _sentence(own_text if is_all else some_text, n=n, low=low, high=high)


def _of_one(row: Row) -> Conclusions:
    may = _sentence(_("%(name)s has %(score)s points."), name=named([row]), score=f"{row.score:.2f}")
    return Conclusions(
        (may,), (SafeString(_("Whether that is better or worse than others: nobody else here has a score.")),)
    )


def _of_alike(rows: list[Row]) -> Conclusions:
    scores = SafeString(joined(f"{linked(row)} {row.score:.2f}" for row in rows[:MOST_NAMES]))
    may = _sentence(_("All ballots agree on each unit: %(scores)s."), scores=scores)
    doubt = _("Who is ahead of whom: where all agree, nothing shows how far other voters would differ.")
    return Conclusions((may,), (SafeString(doubt),))


def _of_too_few(rows: list[Row]) -> Conclusions:
    may = _sentence(_("%(n)d units have a score, each from few ballots."), n=len(rows))
    return Conclusions((may,), (SafeString(_("Who is better: there are too few ballots to compare them.")),))


def _of_bands(rows: list[UnitResult]) -> Conclusions:
    words: dict[str, Callable[[], str]] = {
        "high": lambda: _("high"),
        "middle": lambda: _("middle"),
        "low": lambda: _("low"),
    }
    may = [
        _sentence(_("%(band)s overall: %(names)s."), band=word(), names=named(those))
        for band, word in words.items()
        if (those := [row for row in rows if row.band == band])
    ]
    if not may:
        return Conclusions()
    return Conclusions(
        tuple(may), (SafeString(_("Any score, and who is better within a band: this group is too small.")),)
    )

"""Results for pages: numbered, the newest first, what is in force of each poll, and one organisation's rows in them."""

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import honestrank
from honestrank import Figure
from zhengyou.base.spreadsheets import harmless
from zhengyou.base.words import in_readers_words
from zhengyou.campaigns.models import Cycle
from zhengyou.campaigns.ruleset import Rules
from zhengyou.organisations import queries as organisations
from zhengyou.organisations.models import Organisation
from zhengyou.polls import queries as poll_queries
from zhengyou.polls.models import Poll
from zhengyou.standings.computing import combining, comparing
from zhengyou.standings.computing.comparing import InWords, Needed, Reader, Seen
from zhengyou.standings.computing.document import (
    CombinedResult,
    CombinedRow,
    Names,
    PeerGroup,
    PoolResult,
    QuestionResult,
    SmallRoll,
    UnitResult,
    WeighedGroup,
)
from zhengyou.standings.computing.shares import Share, share
from zhengyou.standings.models import Lesson, OutsideFigure, Result
from zhengyou.windows.rules import WindowCounts

COMBINED = "combined"
MARKS_WITH_CODES = 10  # no share of fewer


def combined_of(poll: Poll, pools: tuple[PoolResult, ...]) -> CombinedResult | None:
    """The groups together by the table of weights that serves: the rolls are those of the opening, so that no ballot chooses it.

    Of published figures alone: whoever may read those of the pools may read this. None with fewer than two groups.
    """
    rolls = combining.rolls_of(pools)
    weights = poll.cycle.ruleset.weights_for(rolls)
    groups = [
        WeighedGroup(one.id, one.name, one.weight, one.side, of=tuple(part for part in one.of if part != one.id))
        for one in weights.groups
    ]
    small = tuple(SmallRoll(one.id, one.name, rolls.get(one.id, 0), one.least) for one in weights.small)
    return combining.combine_pools(pools, groups, poll.cycle.ruleset.thresholds.compare_from, small)


def results_of(poll: Poll) -> list[Result]:
    """All results of a poll, the newest first."""
    return results_of_poll_with_key(poll.key)


def results_of_poll_with_key(key: UUID) -> list[Result]:
    """All results of the poll with this public key, the newest first; none for a poll that is not there."""
    rows = Result.objects.filter(poll__key=key).select_related("poll", "poll__cycle")
    return list(rows.order_by("-number"))


def newest_result(poll: Poll) -> Result | None:
    """The newest result, which may only say that something was corrected. Whoever wants scores asks `figures_in_force`."""
    return Result.objects.filter(poll=poll).select_related("poll").order_by("-number").first()


def figures_in_force(poll: Poll) -> Result | None:
    """The newest result with figures: what scores, comparisons and selections go by. The newest result of all may be a
    correction without figures, and then says whether these still stand.
    """
    return all_figures_in_force([poll]).get(poll.pk)


def all_figures_in_force(polls: list[Poll]) -> dict[int, Result]:
    """Poll id to the result whose figures are in force, for the polls that have one."""
    if not polls:
        return {}
    rows = (
        Result.objects.filter(poll__in=polls)
        .exclude(stored_document__has_key="correction")
        .select_related("poll")
        .order_by("poll", "-number")
        .distinct("poll")
    )
    return {row.poll_id: row for row in rows}


def polls_with_result(polls: list[Poll]) -> set[int]:
    """The ids of those polls that have a result. Of one that rates persons it is made at the close, and is no `Result`."""
    of_persons = {poll.pk for poll in polls if poll.is_of_persons and poll.state == Poll.State.CLOSED}
    return of_persons | set(Result.objects.filter(poll__in=polls).values_list("poll", flat=True))


@dataclass(frozen=True)
class OrganisationResult:
    """What the figures in force of one poll say of an organisation in one pool; with the last pool what all groups together say."""

    poll: Poll
    result: Result
    pool: PoolResult
    row: UnitResult
    together: "CombinedCard | None" = None


def results_of_organisation(organisation: Organisation) -> list[OrganisationResult]:
    """What the figures in force say of one organisation, the newest poll first."""
    polls = poll_queries.closed_polls_rating(organisation)
    results = all_figures_in_force(polls)
    found: list[OrganisationResult] = []
    for poll in polls:
        result = results.get(poll.pk)
        pools = result.document.pools if result else ()
        lines = [(pool, row) for pool in pools for row in pool.units if row.unit == organisation.code]
        own = [OrganisationResult(poll, result, pool, row) for pool, row in lines if result]
        if own and result and (together := _together(result, organisation)):
            own[-1] = replace(own[-1], together=together)
        found += own
    return found


def _together(result: Result, unit: Organisation) -> "CombinedCard | None":
    combined = result.document.combined
    row = _row_of(combined, unit.code)
    return _combined_card(combined, row) if combined and row else None


@dataclass(frozen=True)
class OptionResult:
    """What came of a question of a closed poll in which an organisation was an option, in one pool."""

    poll: Poll
    pool: PoolResult
    question: QuestionResult
    option: str

    @property
    def is_first(self) -> bool:
        """Whether the organisation is first, alone or with others."""
        return self.option in self.question.winners


def questions_about(organisation: Organisation) -> list[OptionResult]:
    """The questions in which an organisation was an option, with what the figures in force say, the newest poll first."""
    places = poll_queries.places_as_option(organisation)
    results = all_figures_in_force([place.poll for place in places])
    return [
        OptionResult(place.poll, pool, question, place.option)
        for place in places
        if (result := results.get(place.poll.pk))
        for pool in result.document.pools
        for question in pool.questions
        if question.line == place.line
    ]


def peer_groups(units: list[Organisation]) -> dict[str, PeerGroup]:
    """The declared peer group of each organisation by its code: sector, kind and size band, as they are now."""
    members = organisations.member_counts(units)
    return {
        unit.code: PeerGroup(unit.sector, unit.kind, comparing.size_band(members.get(unit.pk, 0))) for unit in units
    }


@dataclass(frozen=True)
class PoolCard:
    """What one pool says of one organisation: its row, and what it compares with where it has a score."""

    pool: PoolResult
    row: UnitResult
    past: InWords | None = None
    peers: InWords | None = None
    needs: tuple[Needed, ...] = ()
    better: tuple[UnitResult, ...] = ()


@dataclass(frozen=True)
class CombinedCard:
    """What all groups of raters together say of one organisation, among how many compared (`all`), and which are missing."""

    row: CombinedRow
    all: int | None
    missing_names: list[Names]


@dataclass(frozen=True)
class InsideCard:
    """The units directly below an organisation, compared with each other in one pool of one poll."""

    poll: Poll
    pool: PoolResult
    compared: InWords


@dataclass(frozen=True)
class UnitCard:
    """Everything a result says of one organisation: each pool, all together, and the four comparisons."""

    pools: list[PoolCard]
    combined: CombinedCard | None
    outside: InWords | None
    elsewhere: InWords | None
    inside: list[InsideCard]
    peer_group: PeerGroup | None


def unit_card(result: Result, unit: Organisation, reader: Reader) -> UnitCard | None:
    """The card of an organisation in a result; None if it does not stand in it. Constant number of queries."""
    document = result.document
    rows = [(pool, row) for pool in document.pools for row in pool.units if row.unit == unit.code]
    if not rows:
        return None
    earlier, manifest = _earlier_results(result, unit), poll_queries.manifest_document(result.poll)
    items = {criterion["id"]: criterion["name"] for criterion in manifest["criteria"]}
    group = document.peer_groups.get(unit.code)
    peers = {code for code, other in document.peer_groups.items() if other == group} - {unit.code}
    pools = []
    for pool, row in rows:
        seen = Seen(result.poll.name, row, _grades(manifest))
        past = comparing.past(seen, _before(earlier, pool, unit.code), items, reader)
        pools.append(_pool_card(pool, row, past, peers, reader))
    combined = document.combined
    together = _row_of(combined, unit.code)
    figure = reader.figure(together) if together else None
    return UnitCard(
        pools=pools,
        combined=_combined_card(combined, together) if combined and together else None,
        outside=_outside(combined, rows[0][1], reader) if combined else None,
        elsewhere=comparing.elsewhere(figure, _published(result.poll.cycle), reader) if figure else None,
        inside=inside_comparisons(unit, reader),
        peer_group=group,
    )


def _pool_card(pool: PoolResult, row: UnitResult, past: InWords | None, peers: set[str], reader: Reader) -> PoolCard:
    own = reader.figure(row)
    if own is None:
        return PoolCard(pool, row)
    return PoolCard(
        pool,
        row,
        past=past,
        peers=comparing.peers(own, [other for other in pool.units if other.unit in peers], reader),
        needs=tuple(comparing.needs(own, row, pool, reader)),
        better=tuple(other for other in pool.units if other.standing and row.unit in other.standing.separates_above),
    )


def _row_of(combined: CombinedResult | None, code: str) -> CombinedRow | None:
    return next((row for row in combined.units if row.unit == code), None) if combined else None


def _combined_card(combined: CombinedResult, row: CombinedRow) -> CombinedCard:
    compared = combined.standing.compared if combined.standing else None
    return CombinedCard(row, compared, combined.names_of(row.missing))


def _outside(combined: CombinedResult, row: UnitResult, reader: Reader) -> InWords | None:
    figures = [figure for figure in combined.figures if figure.unit == row.unit]
    return comparing.outside(row.name, figures, combined.groups, reader)


def _published(cycle: Cycle) -> list[Figure]:
    """The figures published elsewhere, an error taken as known where no number of ratings is given."""
    return [Figure(row.name, row.mean, row.standard_error, row.count) for row in outside_figures(cycle)]


def inside_comparisons(whole: Organisation, reader: Reader) -> list[InsideCard]:
    """The units directly below an organisation, compared with each other where the newest poll rated at least two of them."""
    below = organisations.children(whole)
    polls = poll_queries.closed_polls_rating(*below) if below else []
    results = all_figures_in_force(polls)
    codes = {row.code for row in below}
    for poll in polls:
        cards = [
            InsideCard(poll, pool, comparing.units_inside(whole.name, rows, reader))
            for pool in (results[poll.pk].document.pools if poll.pk in results else ())
            if len(rows := [row for row in pool.units if row.unit in codes and row.score is not None]) > 1
        ]
        if cards:
            return cards
    return []


def outside_figures(cycle: Cycle) -> list[OutsideFigure]:
    """The means published elsewhere that are on record for a cycle, by name."""
    return list(OutsideFigure.objects.filter(cycle=cycle).order_by("name"))


def outside_figure(cycle: Cycle, figure_id: int) -> OutsideFigure | None:
    """One outside figure of a cycle, or None."""
    return OutsideFigure.objects.select_related("cycle").filter(cycle=cycle, pk=figure_id).first()


def better_ones(unit: Organisation) -> list[tuple[Organisation, Poll]]:
    """The organisations that separate above this one in the figures in force, each once, with the poll that says so."""
    polls = poll_queries.closed_polls_rating(unit)
    results = all_figures_in_force(polls)
    better: dict[str, Poll] = {}
    for poll in polls:
        for pool in results[poll.pk].document.pools if poll.pk in results else ():
            for row in pool.standing.units if pool.standing else ():
                if unit.code in row.separates_above:
                    better.setdefault(row.unit, poll)
    found = organisations.organisations_by_code(better)
    known = {row.code: row for row in organisations.organisations_by_id(row.pk for row in found.values()).values()}
    return [(known[code], poll) for code, poll in better.items() if code in known]


def lessons_of(unit: Organisation) -> list[Lesson]:
    """What an organisation wrote down to have learnt from others, the newest first."""
    rows = Lesson.objects.filter(organisation=unit).select_related("learned_from", "cycle")
    return list(rows.order_by("-written_at", "-id"))


def _grades(manifest: Mapping[str, Any]) -> tuple[tuple[str, int], ...]:
    return tuple((grade["id"], grade["points"]) for grade in manifest["grades"])


def _earlier_results(result: Result, unit: Organisation) -> list[Result]:
    """The figures in force of earlier polls that rated the organisation, the latest poll first."""
    polls = [row for row in poll_queries.closed_polls_rating(unit) if row.closes_at < result.poll.closes_at]
    results = all_figures_in_force(polls)
    return [results[row.pk] for row in polls if row.pk in results]


def _before(earlier: list[Result], pool: PoolResult, code: str) -> Seen | None:
    """The unit in the latest earlier pool of the same group of raters (or of the same name, for a pool of none)."""
    for result in earlier:
        for other in result.document.pools:
            is_same = other.rater_group == pool.rater_group if pool.rater_group else other.name == pool.name
            row = next((row for row in other.units if row.unit == code and row.score is not None), None)
            if is_same and row is not None:
                return Seen(result.poll.name, row, _grades(poll_queries.manifest_document(result.poll)))
    return None


def units_csv(pool: PoolResult) -> str:
    """A pool's published scores as CSV: what `python -m honestrank` needs to recompute the standing."""
    rows = [
        [honestrank.for_spreadsheet(row.unit), _plain_name(row.name), row.n, row.score, row.standard_error]
        for row in pool.units
        if row.score is not None
    ]
    return _csv(["unit", "name", "n", "score", "se"], rows)


def groups_csv(combined: CombinedResult) -> str:
    """What each group of raters says of each unit, with the group's weight, as CSV: enough to recompute the combined standing."""
    names = {row.unit: _plain_name(row.name) for row in combined.units}
    rows = [
        [
            honestrank.for_spreadsheet(one.unit),
            names[one.unit],
            honestrank.for_spreadsheet(one.group),
            one.weight,
            one.n,
            one.score,
            one.standard_error,
        ]
        for one in combined.figures
    ]
    return _csv(["unit", "name", "group", "weight", "n", "score", "se"], rows)


def scores_csv(result: Result, pool_id: str) -> str | None:
    """The published scores of a pool, or of the groups of raters together (`combined`); None if there is no such pool."""
    table = _table(result, pool_id)
    if isinstance(table, CombinedResult):
        return groups_csv(table)
    return units_csv(table) if table else None


def standing_csv(result: Result, pool_id: str) -> str | None:
    """The standing of a pool or of all groups together as the published command writes it; None where nothing is ranked.

    It is written from the result itself, not computed again: whoever runs the command on the published scores compares theirs
    with what was published.
    """
    table = _table(result, pool_id)
    return honestrank.units_csv(table.standing) if table and table.standing else None


def _table(result: Result, pool_id: str) -> PoolResult | CombinedResult | None:
    return result.document.combined if pool_id == COMBINED else result.document.pool_with_id(pool_id)


def _csv(head: list[str], rows: Iterable[Iterable[object]]) -> str:
    """With a mark in front, without which Excel does not read UTF-8."""
    out = io.StringIO("\ufeff")
    out.seek(0, io.SEEK_END)
    writer = csv.writer(out, lineterminator="\n")
    writer.writerows([head, *rows])
    return out.getvalue()


def _plain_name(name: Names) -> str:
    """A unit's name for a spreadsheet."""
    return harmless(name["zh-hans"])


def shares_at_window(figures: WindowCounts, ruleset: Rules) -> list[tuple[Any, Share]]:
    """The share of each of the five steps among marks with one-time codes, with its margin; nothing below the least number.

    Steps are never added up. What was given without a code is no sample, and nobody may hand it in here.
    """
    if figures.total < MARKS_WITH_CODES:
        return []
    steps = ruleset.service_steps
    return [(in_readers_words(one.name), share(figures.counts.get(one.id, 0), figures.total)) for one in steps]

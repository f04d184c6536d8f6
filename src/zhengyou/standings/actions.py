"""Computing a result from a closed poll's record; figures from elsewhere and lessons beside it."""

import hashlib
import json
from datetime import datetime
from typing import Any

import rfc8785
from django.db import transaction

from zhengyou.ballots import queries as ballot_queries
from zhengyou.base.deeds import done, locked
from zhengyou.base.entries import Erasable, Public
from zhengyou.base.time import local_day
from zhengyou.campaigns.models import Cycle
from zhengyou.counting.actions import Judge
from zhengyou.identity import rules as identity
from zhengyou.organisations.models import Organisation, Person
from zhengyou.polls import queries as poll_queries
from zhengyou.polls import rules as poll_rules
from zhengyou.polls.models import Poll
from zhengyou.standings import queries, rules
from zhengyou.standings.computing import gating, releasing, scoring
from zhengyou.standings.computing.document import PoolResult, ResultDocument
from zhengyou.standings.models import Lesson, OutsideFigure, PoolResults, Result


def check_compute(*, poll: Poll, at: datetime, by: Person) -> None:
    """Whether this person may have the result computed now. Raises ResultRefused while the poll is open, or ConcernRefused."""
    rules.check_is_public(poll)
    rules.check_may_compute(poll)
    poll_rules.check_is_not_concerned(poll, by, at)


def ask_gate(poll: Poll, counts: dict[str, Any], exact: scoring.Counts) -> bytes:
    """The gate's answer at the close as canonical JSON (gate.json): what is withheld of `counts`, why that is enough, and what
    other polls of the cycle it looked at. Changes nothing; the same counts give the same bytes.

    `counts` is what the record would publish without a gate, `exact` the true counts.
    """
    apart = {str(other.key): people for other, people in ballot_queries.differences_from_other_polls(poll)}
    manifest = poll_queries.manifest_document(poll)
    return rfc8785.dumps(gating.gate_publication(manifest, poll.fingerprint, counts, exact, apart))


def keep_pools(*, poll: Poll, counts: dict[str, Any], exact: scoring.Counts) -> None:
    """Keep each pool's result, as it may be published, at the close: the true counts are nowhere afterwards. Idempotent."""
    figures = scoring.score_pools(
        poll_queries.manifest_document(poll),
        counts,
        exact,
        poll.cycle.ruleset.thresholds.compare_from,
        poll_queries.rater_groups_of(poll),
    )
    pools = [pool.to_json() for pool in figures]
    PoolResults.objects.update_or_create(poll=poll, defaults={"pools": pools})


JUDGE = Judge(ask_gate, keep_pools)


@transaction.atomic
def compute_result(*, poll: Poll, at: datetime, by: Person, reason: str = "") -> Result:
    """Compute the poll's next numbered result from its record. The same record gives the same document: then the result
    in force is returned and none is added.

    A result that differs from an earlier one is a correction and needs a `reason`. All results stay public, so the new one is
    held against every earlier one: where their difference would show a small group, the new result has no figures and says
    only that something was corrected and whether the outcome changed (`ResultDocument.correction`).
    Raises ResultRefused while the poll is open, or for a correction without a reason.
    """
    row = locked(poll, "cycle")
    check_compute(poll=row, at=at, by=by)
    earlier = queries.results_of(row)
    document = _publishable(_document(row, earlier), earlier, poll_queries.manifest_document(row)["thresholds"]["cell"])
    stored = document.to_json()
    text = json.dumps(stored, ensure_ascii=False, sort_keys=True)
    fingerprint = hashlib.sha256(text.encode()).hexdigest()
    if earlier and earlier[0].fingerprint == fingerprint:
        return earlier[0]
    rules.check_says_why(earlier[0].number if earlier else None, reason)
    result = Result.objects.create(
        poll=row,
        number=(earlier[0].number if earlier else 0) + 1,
        stored_document=stored,
        fingerprint=fingerprint,
        computed_at=at,
        reason=reason.strip(),
    )
    facts = {"number": result.number, "fingerprint": fingerprint, "reason": result.reason}
    said = facts | {"record": row.record_fingerprint, "reason": Erasable(result.reason, is_public=True)}
    done("standings.compute_result", row, at=at, by=by, public=Public(said, about=row.reference), **facts)
    return result


def _publishable(document: ResultDocument, earlier: list[Result], cell: int) -> ResultDocument:
    """The document itself, or the notice of a correction where its figures would show too much beside the earlier ones."""
    figures = [result for result in earlier if not result.document.correction]
    if releasing.may_be_published([one.document for one in figures], document, cell):
        return document
    return releasing.correction(figures[0].number, figures[0].document, document)


def _document(poll: Poll, earlier: list[Result]) -> ResultDocument:
    """The result: which record it was made from, the pools' figures, and the peer groups of the first result."""
    pools = tuple(PoolResult.read(pool) for pool in PoolResults.objects.get(poll=poll).pools)
    peers = earlier[-1].document.peer_groups if earlier else None
    return ResultDocument(
        poll=str(poll.key),
        manifest=poll.fingerprint,
        record=poll.record_fingerprint,
        pools=pools,
        combined=queries.combined_of(poll, pools),
        peer_groups=peers or queries.peer_groups(poll_queries.rated_organisations(poll)),
    )


@transaction.atomic
def enter_outside_figure(*, cycle: Cycle, figure: rules.Published, at: datetime, by: Person) -> OutsideFigure:
    """Put a mean published elsewhere on record with its source; the same name again corrects it.

    Raises ResultRefused for a figure that cannot be, and in a closed cycle.
    """
    rules.check_may_enter(cycle, figure)
    row, _is_new = OutsideFigure.objects.update_or_create(
        cycle=cycle,
        name=figure.name.strip(),
        defaults={
            "mean": figure.mean,
            "standard_error": figure.standard_error,
            "count": figure.count,
            "source": figure.source.strip(),
            "entered_at": at,
            "entered_by": by,
        },
    )
    facts = {"name": row.name, "mean": row.mean, "standard_error": row.standard_error, "source": row.source}
    done("standings.enter_outside_figure", cycle, at=at, by=by, **facts)
    return row


@transaction.atomic
def remove_outside_figure(*, figure: OutsideFigure, at: datetime, by: Person) -> None:
    """Take an outside figure back; the journal keeps that it was there."""
    facts = {"name": figure.name, "mean": figure.mean, "source": figure.source}
    done("standings.remove_outside_figure", figure.cycle, at=at, by=by, **facts)
    figure.delete()


@transaction.atomic
def write_lesson(
    *, cycle: Cycle, organisation: Organisation, learned_from: Organisation, text: str, at: datetime, by: Person
) -> Lesson:
    """Record what an organisation learns from one that did better; its secretary writes it. The same again is not written twice.

    Raises RoleRefused for others, ResultRefused for an empty text or itself.
    """
    identity.check_is_secretary(by, organisation, local_day(at))
    rules.check_may_learn(organisation, learned_from, text)
    said = {"cycle": cycle, "organisation": organisation, "learned_from": learned_from, "text": text.strip()}
    row, is_new = Lesson.objects.get_or_create(**said, defaults={"written_at": at, "written_by": by})
    if is_new:
        done("standings.write_lesson", organisation, at=at, by=by, lesson=row.pk, learned_from=learned_from)
    return row

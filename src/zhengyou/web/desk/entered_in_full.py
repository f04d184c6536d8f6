"""What was entered for a unit as it stands now, in full: whoever leads the unit compares it with what was handed in."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from zhengyou.base.deeds import rows_named
from zhengyou.commitments import queries as commitments
from zhengyou.commitments.models import OutcomeStatement, ProgressReport, Promise
from zhengyou.consultation import on_paper
from zhengyou.consultation import queries as consultation
from zhengyou.consultation.models import ParagraphWording, Plan, RemarkSheet, SheetRemark
from zhengyou.keeping.models import Dropping, UnitAnswer
from zhengyou.plans import queries as plans
from zhengyou.plans.models import PracticeTheme
from zhengyou.situations.models import SituationReport
from zhengyou.submissions import queries
from zhengyou.submissions.models import Submission

PROMISE = "commitment__cycle__campaign"


@dataclass
class InFull:
    """What was made of one entry: promises, each with what it may serve; or of which promise it tells, and what beside its words; or
    what people wrote on forms; or the draft of a plan as it stands now.
    """

    promises: list[tuple[Promise, dict[str, Any]]] = field(default_factory=list)
    about: Promise | None = None
    outcome: Any = ""
    text: str = ""
    theme: PracticeTheme | None = None
    comments: list[SheetRemark] = field(default_factory=list)
    plan: Plan | None = None
    paragraphs: list[ParagraphWording] = field(default_factory=list)


def in_full(rows: list[Submission]) -> dict[int, InFull]:
    """What was made of these entries, by entry; of what has no more to tell than its words, nothing."""
    things = queries.things_of(rows)
    named = [one for several in things.values() for one in several]
    promises = rows_named(Promise, named, PROMISE)
    served = {
        one.commitment.cycle_id: commitments.served_by_promises(one.commitment.cycle) for one in promises.values()
    }
    others = _tellings(named)
    reports = rows_named(SituationReport, named)
    themes, comments, plans_begun = _themes(rows), _comments(named), rows_named(Plan, named)
    found = {}
    for row in rows:
        full = InFull(theme=themes.get((row.organisation_id, row.text)) if row.what == row.What.THEME else None)
        for one in things[row.pk]:
            if promise := promises.get(one):
                full.promises.append((promise, served[promise.commitment.cycle_id]))
            elif telling := others.get(one):
                full.about = telling.promise
                full.outcome = telling.get_outcome_display() if isinstance(telling, OutcomeStatement) else ""
            elif report := reports.get(one):
                full.text = report.text
            elif plan := plans_begun.get(one):
                full.plan, full.paragraphs = plan, consultation.text_begun(plan)
            full.comments += comments.get(one, [])
        if full != InFull():
            found[row.pk] = full
    return found


def _comments(named: list[str]) -> dict[str, list[SheetRemark]]:
    """What stands on the forms among these, by form; no query where none is."""
    sheets, found = rows_named(RemarkSheet, named), defaultdict(list)
    for one in on_paper.remarks_on_sheets(sheets.values()) if sheets else ():
        found[one.sheet.reference].append(one)
    return found


def _themes(rows: list[Submission]) -> dict[tuple[int, str], PracticeTheme]:
    """The practice themes that stand in these words, by unit; no query where none was entered."""
    units = {row.organisation_id for row in rows if row.what == row.What.THEME}
    return {(one.organisation_id, one.text): one for one in plans.practice_themes_of(units)} if units else {}


def _tellings(named: Iterable[str]) -> dict[str, Any]:
    """What tells something of one promise."""
    asked = list(named)
    kinds: list[Any] = [OutcomeStatement, ProgressReport, Dropping, UnitAnswer]
    return {name: row for kind in kinds for name, row in rows_named(kind, asked, "promise").items()}

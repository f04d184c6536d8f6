"""What a reporter ever wrote in a case: report, messages, words of a verdict, why it was opened again, what was said on the telephone.

Nothing that anybody else reads is a copy of it, by whichever form somebody who read it writes that.
"""

from collections.abc import Collection

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhengyou.cases import rules
from zhengyou.cases.computing.repeating import LEAST_OF_FACTS, copied, held, in_plain_signs, repeated, telling
from zhengyou.cases.models import Case, CaseReading, CaseStep
from zhengyou.cases.rules import CaseRefused
from zhengyou.organisations.models import Person

Kind, Side = CaseStep.Kind, CaseStep.Side
OF_REPORTER = Q(side=Side.REPORTER) | Q(kind=Kind.CALLED)


def written_later(case: Case) -> list[str]:
    """What its reporter wrote after the report, and what was said when they were called, which the unit is promised not to read."""
    rows = CaseStep.objects.filter(OF_REPORTER, case=case).exclude(words="").order_by("number")
    return list(rows.values_list("words", flat=True))


def known_to_unit(case: Case) -> list[str]:
    """What the unit reads anyway: its name, its window, the text that it has, and what was said by it or above it. Whoever repeats that
    repeats no reporter, even where the reporter repeated it first.
    """
    said = CaseStep.objects.filter(case=case, side__in=[Side.UNIT, Side.ABOVE]).exclude(words="")
    known = (case.unit.name, case.window_words, case.target_text, case.unit_says)
    return [one for one in (*known, *said.values_list("words", flat=True)) if one]


def repeated_of(case: Case, text: str) -> str:
    """What a text for a unit repeats of its reporter, if anything: a turn of phrase, or a name, an hour, a place, however short."""
    known, facts = known_to_unit(case), f"{case.place}\n{case.happened}"
    words = "\n".join([case.words, *written_later(case)])
    plain = in_plain_signs(text)
    told = [one for one in telling(f"{words}\n{facts}\n{case.contact}") if in_plain_signs(one) in plain]
    told = [one for one in told if not any(one in name for name in known)]
    return (
        repeated(text, f"{words}\n{facts}", known)
        or max(told, key=len, default="")
        or repeated(text, f"{facts}\n{case.contact}", known, LEAST_OF_FACTS)
    )


def copied_of(case: Case, text: str) -> str:
    """What a text for others copies of its reporter, if anything, which nobody can mean: its reporter was told that the unit gets none of
    the words, or only those of the report that everybody reads.
    """
    if text == rules.plain_text(case):
        return ""
    known = known_to_unit(case)
    run = copied(text, case.words, known)
    if run and not (case.may_show and run in case.public_words):
        return run
    if run := held(text, case.contact, known):  # no unit needs it, by no tick
        return run
    return next((run for words in written_later(case) if (run := copied(text, words, known))), "")


def facts_of(case: Case, text: str) -> str:
    """What a text says of where and when it was, and how its reporter is reached, as they wrote it."""
    known = known_to_unit(case)
    return next((run for fact in (case.place, case.happened, case.contact) if (run := held(text, fact, known))), "")


def has_read(case: Case, by: Person) -> bool:
    """Whether this person has read what its reporter wrote, or wrote it down for them."""
    read = CaseReading.objects.filter(case=case, person=by, what=CaseReading.What.REPORT).exists()
    return read or CaseStep.objects.filter(case=case, kind=Kind.RECEIVED, by=by).exists()


def check_copies_nothing(case: Case, text: str, by: Person | None = None) -> None:
    """What somebody writes that others read is no copy of its reporter. `by`: somebody of the unit or above it, who is asked this only
    where they have read it; else the refusal itself would tell whether a guess is right.
    """
    if (by is None or has_read(case, by)) and (run := copied_of(case, text)):
        raise _is_a_copy(run)


def _is_a_copy(run: str) -> CaseRefused:
    return CaseRefused(
        _(
            "“%(run)s” is what its reporter wrote. Its reporter was told that the unit does not get these words. "
            "Say it in your own words."
        )
        % {"run": run[:60]},
        reason="case.copies-report",
    )


def check_said_to_all(case: Case, words: str, by: Person | None = None) -> str:
    """What is said of a case to everybody tells of nobody, is no copy of its reporter, and says where and when it was in other words.
    Returns it.
    """
    check_copies_nothing(case, words, by)
    if (by is None or has_read(case, by)) and (run := facts_of(case, words)):
        raise _is_a_copy(run)
    return rules.check_tells_of_nobody(words)


def check_repeats_nothing(case: Case, text: str, *, is_meant: bool = False) -> None:
    """The text for a unit is the office's own: what stands in it as its reporter wrote it has to be meant, and is no copy."""
    check_copies_nothing(case, text)
    if not is_meant and (run := repeated_of(case, text)):
        raise CaseRefused(
            _(
                "“%(run)s” is in what its reporter wrote as well, and the unit may know from it who reported. Say it in your "
                "own words, or tick below that it has to stay."
            )
            % {"run": run[:60]},
            reason="case.repeats-report",
        )


def check_copies_none_for_others(cases: Collection[Case], words: str) -> None:
    """What several reporters read at once is a copy of none of them, since the others would read it."""
    for row in cases if len(cases) > 1 else []:
        run = copied(words, row.words) or next((run for one in written_later(row) if (run := copied(words, one))), "")
        if run := run or facts_of(row, words):
            raise CaseRefused(
                _(
                    "“%(run)s” is what one of these reporters wrote, and the others would read it. Say it in your own words."
                )
                % {"run": run[:60]},
                reason="case.copies-another",
            )

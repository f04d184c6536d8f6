"""What a reporter ever wrote in a case: report, messages, words of a verdict, why it was opened again, what was said on the telephone.

Nothing that anybody else reads is a copy of it, by whichever form somebody who read it writes that.
"""

from collections.abc import Collection, Iterable
from functools import partial

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhengyou.base.refusals import reason_against
from zhengyou.cases import rules
from zhengyou.cases.computing.naming import in_plain_signs
from zhengyou.cases.computing.repeating import (
    LEAST_OF_FACTS,
    copied,
    every_piece,
    held,
    repeated,
    telling,
)
from zhengyou.cases.computing.ringing import BLACK
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
    """What the unit reads anyway: its name, its window, the kinds of the campaign, the text that it has, and what was said by it or above
    it. Whoever repeats that repeats no reporter, even where the reporter repeated it first.
    """
    said = CaseStep.objects.filter(case=case, side__in=[Side.UNIT, Side.ABOVE]).exclude(words="")
    kinds = [name for one in case.ruleset.case_kinds for name in one.name.values()]
    known = (case.unit.name, case.window_words, case.target_text, case.unit_says, *kinds)
    return [one for one in (*known, *said.values_list("words", flat=True)) if one]


def _shown_of(case: Case) -> list[str]:
    """What everybody reads of the report itself."""
    return [one for one in (case.public_words.split(BLACK) if case.is_shown else ()) if one.strip()]


def repeated_of(case: Case, text: str) -> str:
    """What a text for a unit repeats of its reporter, if anything: turns of phrase, and names, hours, places, however short."""
    known, facts = [*known_to_unit(case), *_shown_of(case)], f"{case.place}\n{case.happened}"
    words = "\n".join([case.words, *written_later(case)])
    plain = in_plain_signs(text)
    told = telling(f"{words}\n{facts}\n{case.contact}")
    told = [one for one in told if in_plain_signs(one) in plain or held(text, one)]
    told = [one for one in told if not any(one in name for name in known)]
    found = every_piece(text, lambda left: repeated(left, f"{words}\n{facts}", known))
    found += every_piece(text, lambda left: repeated(left, f"{facts}\n{case.contact}", known, LEAST_OF_FACTS))
    return _quoted([*found, *sorted(told, key=len, reverse=True)])


def copied_of(case: Case, text: str) -> str:
    """What a text for others copies of its reporter, if anything, word for word or nearly, which nobody can mean: its reporter was told
    that the unit gets none of the words, or only those of the report that everybody reads.
    """
    return _quoted(_copies_in(case, text))


def beside_copies(case: Case, text: str) -> str:
    """The text without what is copied in it."""
    for run in _copies_in(case, text):
        text = text.replace(run, "\n")
    return text


def _copies_in(case: Case, text: str) -> list[str]:
    if text == rules.plain_text(case):
        return []
    known, found = known_to_unit(case), list[str]()
    shown = case.public_words if case.may_show else ""
    for words in (case.words, *written_later(case)):
        read = [*known, *(shown.split(BLACK) if words == case.words else ())]
        runs = every_piece(text, partial(_copied_in, words=words, known=known, names=[case.place, *read]))
        found += [run for run in runs if words != case.words or run not in shown]
    contact = held(text, case.contact, known)  # no unit needs how to reach them, by no tick
    return [*found, contact] if contact else found


def _copied_in(text: str, *, words: str, known: list[str], names: list[str]) -> str:
    return copied(text, words, known, [one for one in names if one])


def _quoted(found: Iterable[str]) -> str:
    """These pieces as they are quoted, each once and none within another."""
    pieces = [one for one in dict.fromkeys(found) if one]
    return " … ".join(one[:60] for one in pieces if not any(one != other and one in other for other in pieces))


def facts_of(case: Case, text: str) -> str:
    """What a text says of where and when it was, and how its reporter is reached, as they wrote it."""
    known = known_to_unit(case)
    return _quoted(held(text, fact, known) for fact in (case.place, case.happened, case.contact))


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
            "“%(run)s” is what its reporter wrote, word for word or nearly. Its reporter was told that the unit does not get "
            "these words, and changing some of them is not enough. Say in your own words what it is about and what is to be done."
        )
        % {"run": run},
        reason="case.copies-report",
    )


def check_said_to_all(case: Case, words: str, by: Person | None = None) -> str:
    """What is said of a case to everybody tells of nobody, is no copy of its reporter, and says where and when it was in other words.
    Returns it.
    """
    check_copies_nothing(case, words, by)
    check_tells_no_facts(case, words, by)
    return rules.check_tells_of_nobody(words)


def check_tells_no_facts(case: Case, words: str, by: Person | None = None) -> None:
    """Where and when it was, and how its reporter is reached, stands in nothing that everybody reads as they wrote it."""
    if (by is None or has_read(case, by)) and (run := facts_of(case, words)):
        raise _is_a_copy(run)


def reasons_against_saying(case: Case, words: str, by: Person | None = None) -> list[str]:
    """All sentences by which `check_said_to_all` would refuse these words, for a form that says at once what is wrong with it."""
    checks = (partial(check_copies_nothing, case, words, by), partial(check_tells_no_facts, case, words, by))
    said = [*map(reason_against, checks), reason_against(rules.check_tells_of_nobody, words)]
    return [one for one in dict.fromkeys(said) if one]


def turn_of_phrase(case: Case, words: str, by: Person | None = None) -> str:
    """The sentence that asks about what is said to everybody where it repeats a turn of phrase of the report; nothing where none does, and
    for `by`, somebody of the unit or above it, who has not read it.
    """
    may_be_told = by is None or has_read(case, by)
    return (
        reason_against(_check_is_meant, case, beside_copies(case, words), is_meant=False)
        if may_be_told and words
        else ""
    )


def check_repeats_nothing(case: Case, text: str, *, is_meant: bool = False) -> None:
    """The text for a unit is the office's own: what stands in it as its reporter wrote it has to be meant, and is no copy."""
    check_copies_nothing(case, text)
    _check_is_meant(case, text, is_meant=is_meant)


def _check_is_meant(case: Case, text: str, *, is_meant: bool) -> None:
    if not is_meant and (run := repeated_of(case, text)):
        raise CaseRefused(
            _(
                "“%(run)s” is in what its reporter wrote as well, and the unit may know from it who reported. Say it in your "
                "own words, or tick below that it has to stay."
            )
            % {"run": run},
            reason="case.repeats-report",
        )


def reasons_against_text(case: Case, text: str, *, is_meant: bool) -> list[str]:
    """All sentences by which a text for the unit would be refused."""
    said = [reason_against(rules.check_target_text, text), reason_against(check_copies_nothing, case, text)]
    meant = reason_against(_check_is_meant, case, beside_copies(case, text), is_meant=is_meant)
    return [one for one in [*said, meant] if one]


def check_copies_none_for_others(cases: Collection[Case], words: str) -> None:
    """What several reporters read at once is a copy of none of them, since the others would read it."""
    for row in cases if len(cases) > 1 else []:
        run = _quoted(copied(words, one) for one in (row.words, *written_later(row))) or facts_of(row, words)
        if run:
            raise CaseRefused(
                _(
                    "“%(run)s” is what one of these reporters wrote, word for word or nearly, and the others would read it. "
                    "Say it in your own words."
                )
                % {"run": run},
                reason="case.copies-another",
            )

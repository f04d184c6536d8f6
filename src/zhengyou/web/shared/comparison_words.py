"""The four comparisons of one organisation as four short sentences, their figures beside them, and each caveat once."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from zhengyou.base.words import in_readers_words
from zhengyou.standings.computing.comparing import InWords
from zhengyou.standings.queries import UnitCard

SHOWN = 2  # figures behind the point, as in every table of a result


@dataclass(frozen=True)
class InShort:
    """What one comparison says: of which group of voters (or nothing), in a sentence, with its figures; `above`, `below` or nothing."""

    group: str
    sentence: str
    figures: str = ""
    outcome: str = ""


@dataclass(frozen=True)
class SideBySide:
    """One of the four comparisons with its answers."""

    heading: str
    answers: tuple[InShort, ...]
    note: str = ""  # between what it compares


@dataclass(frozen=True)
class FourComparisons:
    """All four, and what holds for them, each caveat once."""

    questions: tuple[SideBySide, ...]
    caveats: tuple[str, ...]


def four_comparisons(card: UnitCard) -> FourComparisons:
    """What a card compares: with its own past, among peers, inside, from outside."""
    scored = [one for one in card.pools if one.row.score is not None]
    past = [(in_readers_words(one.pool.name), one.past) for one in scored if one.past]
    peers = [(in_readers_words(one.pool.name), one.peers) for one in scored if one.peers]
    inside = [(in_readers_words(one.pool.name), one.compared) for one in card.inside]
    outside = [("", one) for one in (card.outside, card.elsewhere) if one]
    asked = [
        (_("With its own past"), past, _("No earlier appraisal asked the same voters about it.")),
        (_("Among its peers"), peers, _("It has no score that could be compared.")),
        (_("Inside"), inside, _("No units inside it were appraised side by side.")),
        (
            _("From outside"),
            outside,
            _(
                "This appraisal did not ask both those outside and those inside, so their views cannot be set side by side."
            ),
        ),
    ]
    questions = [SideBySide(heading, _answers(found) or (InShort("", none),)) for heading, found, none in asked]
    if past:
        same = _("Compared within the same group of voters, over the questions that both appraisals asked.")
        questions[0] = replace(questions[0], note=same)
    return FourComparisons(tuple(questions), tuple(dict.fromkeys(_caveats([*past, *peers, *inside, *outside]))))


def _answers(found: list[tuple[str, InWords]]) -> tuple[InShort, ...]:
    named = len(found) > 1
    return tuple(
        InShort(group if named else "", _short(words), _figures(words), words.outcome) for group, words in found
    )


def _caveats(found: list[tuple[str, InWords]]) -> Iterator[str]:
    for _group, words in found:
        yield from words.sentences[1:]


def _short(words: InWords) -> str:
    """The sentence without its figures; what is not compared, and what is compared inside, says it in the engine's words."""
    compared = words.comparison
    if compared is None:
        return words.sentences[0]
    sentences = {
        "over_time": {
            "above": _("It scored higher than last time."),
            "below": _("It scored lower than last time."),
            "": _("No clear change since last time."),
        },
        "among_peers": {
            "above": _("It is above the average of its %(peers)s peers."),
            "below": _("It is below the average of its %(peers)s peers."),
            "": _("No clear difference from the average of its %(peers)s peers."),
        },
        "outside_view": {
            "above": _("%(outside)s see it more favourably than %(inside)s."),
            "below": _("%(outside)s see it less favourably than %(inside)s."),
            "": _("No clear difference between what %(outside)s and what %(inside)s say of it."),
        },
        "among_published": {
            "above": _("It is above the average of %(others)s figures published elsewhere."),
            "below": _("It is below the average of %(others)s figures published elsewhere."),
            "": _("No clear difference from the average of %(others)s figures published elsewhere."),
        },
    }
    return sentences[compared.kind][words.outcome] % compared.details


def _figures(words: InWords) -> str:
    compared = words.comparison
    if compared is None:
        return ""
    low, high = compared.difference.interval
    higher = _("%(score).2f against %(reference).2f, %(apart).2f points higher")
    lower = _("%(score).2f against %(reference).2f, %(apart).2f points lower")
    score, reference = round(compared.score, SHOWN), round(compared.reference, SHOWN)
    # The difference of what is shown, so that whoever subtracts finds no mistake.
    told = (lower if score < reference else higher) % {
        "score": score,
        "reference": reference,
        "apart": abs(score - reference),
    }
    span = _("; between %(low)+.2f and %(high)+.2f (95 %%)") % {"low": low, "high": high}
    return told + span.replace("-", "−")

"""Whether a text made for a unit repeats words of the report: by a turn of phrase a unit knows who speaks."""

import re
from collections.abc import Iterable

from zhengyou.base.folding import simplified
from zhengyou.cases.computing.ringing import rings

LEAST = 6  # signs of Chinese, or words of letters, in a row
HOURS = re.compile(
    r"[一二两三四五六七八九十\d]{1,3}点(?:半|钟|[一二三四五六七八九十\d]{1,3}分?)?|\d{1,2}[:：]\d\d|\b(?:half|quarter) (?:past|to) \w+"
    r"|\b\d{1,2} ?[ap]\.?m\b|\b\w+ o.clock",
    re.IGNORECASE,
)
IN_CAPITALS = re.compile(r"\b[A-Z][\w-]+(?: [A-Z][\w-]+)+")  # what reads like a name in letters
LEAST_OF_WHOLE = 20  # so many in a row are the report itself, and no turn of phrase
LEAST_OF_FACTS = 3  # where and when somebody says it was
TOKEN = re.compile(r"[\u3400-\u9fff]|[^\W_\u3400-\u9fff]+")


def telling(words: str) -> list[str]:
    """What stands in somebody's words that a unit would know them by, however short: what is ringed, names and hours."""
    ringed = [words[start:end] for start, end in rings(words)]
    names = [one.split()[-1] for one in ringed if one[-1:].isascii() and one.split()[-1][:1].isupper()]
    hours = [found.group() for pattern in (HOURS, IN_CAPITALS) for found in pattern.finditer(words)]
    return [one for one in (*ringed, *names, *hours) if len(one) > 1]


def in_plain_signs(text: str) -> str:
    """The text in simplified characters and ordinary widths, sign for sign, so that a place in it stays a place."""
    return "".join(one if one.isascii() or len(plain := simplified(one)) != 1 else plain for one in text)


def _tokens(text: str) -> list[tuple[str, int, int]]:
    return [(match.group(), *match.span()) for match in TOKEN.finditer(in_plain_signs(text).lower())]


def repeated(text: str, words: str, known: Iterable[str] = (), least: int = LEAST) -> str:
    """The longest run of `least` signs or words at least that stands in both, as the text has it; nothing if there is none. What lies
    wholly in a `known` text, such as the name of the unit, is no sign of anybody.
    """
    mine, theirs = _tokens(text), [one for one, _start, _end in _tokens(words)]
    names = [[one for one, _start, _end in _tokens(name)] for name in known]
    places: dict[tuple[str, ...], list[int]] = {}
    for place in range(len(theirs) - least + 1):
        places.setdefault(tuple(theirs[place : place + least]), []).append(place)
    best = ""
    for start in range(len(mine) - least + 1):
        run = [one for one, _start, _end in mine[start:]]
        for place in places.get(tuple(run[:least]), ()):
            length = _length(run, theirs[place:])
            found = text[mine[start][1] : mine[start + length - 1][2]]
            if len(found) > len(best) and not any(_lies_in(run[:length], name) for name in names):
                best = found
    return best


def copied(text: str, words: str, known: Iterable[str] = ()) -> str:
    """What a text takes over of the words where that is all of them, or a long piece in a row; else nothing."""
    run = repeated(text, words, known)
    size = len(_tokens(run))
    return run if size >= LEAST_OF_WHOLE or (run and size == len(_tokens(words))) else ""


def held(text: str, fact: str, known: Iterable[str] = ()) -> str:
    """A place, a time or an address that stands whole in a text, however few signs it has; nothing if it does not."""
    size = len(_tokens(fact)) if len(fact.strip()) >= LEAST_OF_FACTS else 0
    return repeated(text, fact, known, size) if size else ""


def _length(run: list[str], theirs: list[str]) -> int:
    length = 0
    while length < min(len(run), len(theirs)) and run[length] == theirs[length]:
        length += 1
    return length


def _lies_in(run: list[str], name: list[str]) -> bool:
    return any(name[start : start + len(run)] == run for start in range(len(name) - len(run) + 1))

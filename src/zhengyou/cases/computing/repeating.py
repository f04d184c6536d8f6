"""Whether a text made for a unit repeats words of the report: by a turn of phrase a unit knows who speaks."""

import re
import unicodedata
from collections.abc import Iterable

LEAST = 6  # signs of Chinese, or words of letters, in a row
TOKEN = re.compile(r"[\u3400-\u9fff]|[^\W_\u3400-\u9fff]+")


def _tokens(text: str) -> list[tuple[str, int, int]]:
    flat = "".join(one if len(plain := unicodedata.normalize("NFKC", one)) != 1 else plain for one in text).lower()
    return [(match.group(), *match.span()) for match in TOKEN.finditer(flat)]


def repeated(text: str, words: str, known: Iterable[str] = ()) -> str:
    """The longest run of LEAST signs or words at least that stands in both, as the text has it; nothing if there is none. What lies
    wholly in a `known` text, such as the name of the unit, is no sign of anybody.
    """
    mine, theirs = _tokens(text), [one for one, _start, _end in _tokens(words)]
    names = [[one for one, _start, _end in _tokens(name)] for name in known]
    places: dict[tuple[str, ...], list[int]] = {}
    for place in range(len(theirs) - LEAST + 1):
        places.setdefault(tuple(theirs[place : place + LEAST]), []).append(place)
    best = ""
    for start in range(len(mine) - LEAST + 1):
        run = [one for one, _start, _end in mine[start:]]
        for place in places.get(tuple(run[:LEAST]), ()):
            length = _length(run, theirs[place:])
            found = text[mine[start][1] : mine[start + length - 1][2]]
            if len(found) > len(best) and not any(_lies_in(run[:length], name) for name in names):
                best = found
    return best


def _length(run: list[str], theirs: list[str]) -> int:
    length = 0
    while length < min(len(run), len(theirs)) and run[length] == theirs[length]:
        length += 1
    return length


def _lies_in(run: list[str], name: list[str]) -> bool:
    return any(name[start : start + len(run)] == run for start in range(len(name) - len(run) + 1))

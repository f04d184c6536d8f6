"""Whether a text made for a unit repeats words of the report: by a turn of phrase a unit knows who speaks."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator

from zhengyou.cases.computing.naming import in_plain_signs, spans_of_names, spans_with_titles
from zhengyou.cases.computing.ringing import rings

LEAST = 6  # signs of Chinese, or words of letters, in a row
HOURS = re.compile(
    r"[一二两三四五六七八九十\d]{1,3}点(?:半|钟|[一二三四五六七八九十\d]{1,3}分?)?|\d{1,2}[:：]\d\d|\b(?:half|quarter) (?:past|to) \w+"
    r"|\b\d{1,2} ?[ap]\.?m\b|\b\w+ o.clock",
    re.IGNORECASE,
)
IN_CAPITALS = re.compile(r"\b[A-Z][\w-]+(?: [A-Z][\w-]+)+")  # what reads like a name in letters
LEAST_OF_WHOLE = 20  # so many in a row are the report itself, and no turn of phrase
LEAST_OF_NEAR = 10  # of so many signs at least a changed copy is told from the name of a thing
PIECE = 3  # so many in a row are a piece of a changed copy
LEAST_KNOWN = 4  # so many in a row of what is known are no piece
LEAST_TOLD = 4  # so many signs of a short run are its own, beside words that everybody says
LEAST_OF_FACTS = 3  # where and when somebody says it was
MOST_PIECES = 6
TAKEN_OUT = "ꙮ"  # a letter that nobody writes, in the place of what was found: what stood before it and after it is not read together
EVERYDAY = re.compile(
    "什么时候|为什么|是什么|怎么办|怎么样|有没有|能不能|是不是|可不可以|不知道|没有人|没人管|没人说|没有|可以|应该|已经|一直|现在|还是|到底|请问|希望"
    "|能否|尽快|及时|解决|处理|办理|反映|问题|情况|说明|相关|部门|单位|工作人员"
)
A_PLACE = re.compile(r"[\u4e00-\u9fff]{2}(?:路|街|巷|弄)\s*\d{1,4}号")
A_HOME = re.compile(
    r"(?:家住在?|(?:我|我们|本人)(?:就|都)?住在?|住在|家在)(?P<home>[\u4e00-\u9fff]{2,6}?(?:路|街|巷|弄|小区|花园|家园|新村|公寓|组|村))"
)
HAN = re.compile(r"[\u3400-\u9fff]")
TOKEN = re.compile(r"[\u3400-\u9fff]|[^\W_\u3400-\u9fff]+")
Token = tuple[str, int, int]  # a sign or word, from–to


def telling(words: str) -> list[str]:
    """What stands in somebody's words that a unit would know them by, however short: what is ringed, names and hours."""
    ringed = [words[start:end] for start, end in rings(words)]
    ringed += [words[start:end] for spans in (spans_of_names, spans_with_titles) for start, end in spans(words)]
    names = [one.split()[-1] for one in ringed if one[-1:].isascii() and one.split()[-1][:1].isupper()]
    hours = [found.group() for pattern in (HOURS, IN_CAPITALS) for found in pattern.finditer(words)]
    places = [found.group() for found in A_PLACE.finditer(words)]
    homes = [found["home"] for found in A_HOME.finditer(words)]
    return [one for one in (*ringed, *names, *hours, *places, *homes) if len(one) > 1]


def _tokens(text: str) -> list[Token]:
    return [(match.group(), *match.span()) for match in TOKEN.finditer(in_plain_signs(text).lower())]


def _signs(text: str) -> list[str]:
    return [one for one, _start, _end in _tokens(text)]


def repeated(text: str, words: str, known: Iterable[str] = (), least: int = LEAST) -> str:
    """The longest run of `least` signs or words at least that stands in both, as the text has it; nothing if there is none. What lies
    wholly in a `known` text, such as the name of the unit, is no sign of anybody, and nor is a short run of words that everybody says.
    What was put between the signs in letters and digits counts for nothing in a longer run.
    """
    known = list(known)
    best = _longest(_tokens(text), _tokens(words), known, least, text)
    if best or least < LEAST:
        return best
    mine, theirs = ([one for one in _tokens(of) if HAN.fullmatch(one[0])] for of in (text, words))
    return _longest(mine, theirs, known, LEAST_OF_NEAR, text)


def _longest(mine: list[Token], theirs: list[Token], known: list[str], least: int, text: str) -> str:
    names, signs = [_signs(name) for name in known], [one for one, _start, _end in mine]
    best = ""
    for start, _place, length in _pieces(signs, [one for one, _start, _end in theirs], least):
        found, run = text[mine[start][1] : mine[start + length - 1][2]], signs[start : start + length]
        if len(found) > len(best) and not any(_lies_in(run, name) for name in names) and not _is_everyday(run):
            best = found
    return best


def _is_everyday(run: list[str]) -> bool:
    """Whether a short run of characters holds little beside words that everybody says."""
    if not LEAST <= len(run) < LEAST_OF_NEAR or not all(map(HAN.fullmatch, run)):
        return False
    return len(EVERYDAY.sub("", "".join(run))) < LEAST_TOLD


def copied(text: str, words: str, known: Iterable[str] = (), names: Iterable[str] = ()) -> str:
    """What a text takes over of the words where that is all of them, a long piece in a row, or nearly so; else nothing. `names`: what else
    may stand there and is not counted, such as a place, as long as that is not all.
    """
    known, names = list(known), list(names)
    run = repeated(text, words, known)
    size = len(_tokens(run))
    if run and size == len(_tokens(words)):
        return run
    own = [one for one in _without_known(_signs(run), map(_signs, [*known, *names])) if one]
    return run if len(own) >= LEAST_OF_WHOLE else nearly_copied(text, words, [*known, *names])


def every_piece(text: str, found_in: Callable[[str], str]) -> list[str]:
    """What is found in a text, one piece after the other, each taken out before the next; some of them, if there are many."""
    pieces: list[str] = []
    while len(pieces) < MOST_PIECES and (piece := found_in(text)):
        pieces.append(piece)
        text = text.replace(piece, f" {TAKEN_OUT} ")
    return pieces


def nearly_copied(text: str, words: str, known: Iterable[str] = ()) -> str:
    """The stretch of a text in which two of three signs or words stand in short pieces as in one place of the words, whatever was
    changed, put in or turned round between them; of few words four of five. Nothing if there is none. One piece by itself is no such
    stretch: a thing may have a long name. Nor is what is `known`.
    """
    known = list(known)
    for is_counted in (str, HAN.fullmatch):  # the second time without letters and digits, which are put in between
        mine = [one for one in _tokens(text) if is_counted(one[0])]
        theirs = [one for one, _start, _end in _tokens(words) if is_counted(one)]
        names = [[one for one, _start, _end in _tokens(name) if is_counted(one)] for name in known]
        if found := _near_stretch(_without_known([one for one, _start, _end in mine], names), theirs):
            return text[mine[found[0]][1] : mine[found[1]][2]]
    return ""


def _near_stretch(mine: list[str], theirs: list[str]) -> tuple[int, int] | None:
    """From which place to which `mine` nearly copies one place of `theirs`; None if nowhere."""
    need = min(LEAST_OF_WHOLE, -(-len(theirs) * 4 // 5))
    if need < LEAST_OF_NEAR:
        return None
    pieces = list(_pieces(mine, theirs, PIECE))
    counted = [place for place, sign in enumerate(mine) if sign]
    for begin in range(0, len(theirs), 2 * need):  # neighbourhoods that overlap by half
        near = [one for one in pieces if begin <= one[1] < begin + 4 * need]
        if found := _full_window(near, counted, need):
            return found
    return None


def _full_window(pieces: list[tuple[int, int, int]], counted: list[int], need: int) -> tuple[int, int] | None:
    """The first window of half as many again as `need` of the counted places in which the pieces cover so many, not nearly all of them by
    one piece that could be a name.
    """
    longest: dict[int, tuple[int, int]] = {}  # at each place its longest piece: how long, where it begins
    for start, _place, length in pieces:
        for place in range(start, start + length):
            longest[place] = max(longest.get(place, (0, 0)), (length, start))
    for number in range(len(counted)):
        inside = [place for place in counted[number : number + need + need // 2] if place in longest]
        if len(inside) >= need:
            [(one, most)] = Counter(longest[place] for place in inside).most_common(1)
            if one[0] >= LEAST_OF_WHOLE or len(inside) - most >= need // 3:
                return inside[0], inside[-1]
    return None


def _without_known(signs: list[str], names: Iterable[list[str]]) -> list[str]:
    """The signs, with nothing in the place of those that are known from elsewhere: a whole name, or a longer piece of it."""
    left = list(signs)
    for name in names:
        for start, _place, length in _pieces(signs, name, min(len(name), LEAST_KNOWN) or 1):
            left[start : start + length] = [""] * length
    return left


def _pieces(mine: list[str], theirs: list[str], least: int) -> Iterator[tuple[int, int, int]]:
    """All runs that stand in both and go on in neither direction, so long at least: where in the one, where in the other, how long."""
    places: dict[tuple[str, ...], list[int]] = {}
    for place in range(len(theirs) - least + 1):
        places.setdefault(tuple(theirs[place : place + least]), []).append(place)
    for start in range(len(mine) - least + 1):
        for place in places.get(tuple(mine[start : start + least]), ()):
            if not start or not place or mine[start - 1] != theirs[place - 1]:
                yield start, place, _length(mine, theirs, start, place)


def held(text: str, fact: str, known: Iterable[str] = ()) -> str:
    """A place, a time or an address that stands whole in a text, however few signs it has; nothing if it does not."""
    size = len(_tokens(fact)) if len(fact.strip()) >= LEAST_OF_FACTS else 0
    return repeated(text, fact, known, size) if size else ""


def _length(mine: list[str], theirs: list[str], start: int, place: int) -> int:
    length, most = 0, min(len(mine) - start, len(theirs) - place)
    while length < most and mine[start + length] == theirs[place + length]:
        length += 1
    return length


def _lies_in(run: list[str], name: list[str]) -> bool:
    return any(name[start : start + len(run)] == run for start in range(len(name) - len(run) + 1))

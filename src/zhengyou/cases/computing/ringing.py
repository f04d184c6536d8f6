"""Rings around what in somebody's words could tell who a person is: numbers, plates, mail, names, kin, classes and houses; words that
speak of violence or money; and blacking out.

Better one ring too many: nothing is taken out that its writer does not tap. Signs keep their places, so that a ring is two numbers.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from zhengyou.cases.computing.naming import in_plain_signs, spans_with_titles, words_of_titles

BLACK = "█"
PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使领"
KIN = "女儿|儿子|孩子|小孩|孙子|孙女|外孙女|外孙|闺女|老婆|妻子|丈夫|老公|爱人|母亲|父亲|妈妈|爸爸|奶奶|爷爷"
ROLES = (
    f"{KIN}|家长|家属|亲戚|邻居|学生|患者|病人|老师|会计|职工|员工|租户|业主|残疾人|低保户|五保户|退伍军人|军属|孤儿"
)
WHOM = f"(?:我|他|她|你)?(?:们|家)?的?(?:{KIN}|学生|同学|老人|患者|病人)"
GRAVE = re.compile(
    rf"打[了过伤]?{WHOM}(?!的?(?:电话|手机|号码|证|卡|名单))|打伤|[踢踹][了过]?(?:我|他|她|{WHOM})|巴掌|拳头|推搡|辱骂|骂[了过]?{WHOM}"
    r"|补课费|乱收费|吃拿卡要|"
    r"打人|殴打|打骂|体罚|耳光|虐待|猥亵|性侵|骚扰|威胁|恐吓|红包|回扣|好处费|受贿|行贿|索贿|索要|贪污|挪用|私分|"
    r"截留|冒领|收了?钱|收礼|送礼|要钱|塞钱|报复|假公章|伪造"
    r"|\b(?:brib\w*|kickback\w*|envelopes?|beat\w*|hits?|slap\w*|kick(?:s|ed)|punch\w*|bull(?:y|ies|ied|ying)|abus\w*|harass\w*|threat\w*|forg(?:ed|ery))\b",
    re.IGNORECASE,
)
PATTERNS = (
    re.compile(r"(?<![0-9A-Za-z])(?:[0-9][\s.()/_+*-]{0,2}){6,}[0-9Xx]"),  # telephone, identity and card numbers
    re.compile(rf"[{PROVINCES}][A-Z][·•.\s-]?[A-Z0-9]{{5,6}}", re.IGNORECASE),
    re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"),
    re.compile(rf"我(?:家|的)?(?:大|小|二)?(?:{KIN})(?:叫|是|名叫)?"),
    re.compile(
        r"(?<=叫)[\u4e00-\u9fff]{2,3}(?=[，。、；！？,.;!?\s]|$)"
    ),  # “my daughter is called …”, also without a surname
    re.compile(
        r"\b(?:[Mm]y|[Oo]ur) (?:daughter|son|child|wife|husband|mother|father|grand\w+)(?:,? (?:called |named )?[A-Z][\w-]+)?"
    ),
    re.compile(
        r"[一二三四五六七八九\d]{1,2}年级(?:[(（]?[一二三四五六七八九十\d]{1,2}[)）]?班)?|[高初][一二三](?:[(（]?[一二三四五六七八九十\d]{1,2}[)）]?班)"
    ),
    re.compile(
        r"[一二三四五六七八九十\d]{1,3}(?:组|栋|幢|单元|号楼|室|号房)(?:[一二三四五六七八九十\d]{1,4}(?:单元|室|号))*"
    ),
    re.compile(r"[\u4e00-\u9fff]{1,6}(?:路|街|巷|弄)\s*\d{1,4}号"),
    # Who somebody says to be: “I am the mother of …”.
    re.compile(rf"(?:我|本人)就?是[\u4e00-\u9fff]{{0,12}}?(?:{ROLES})|(?:作为|身为)[\u4e00-\u9fff]{{0,8}}?(?:{ROLES})"),
    re.compile(
        r"\b(?:I am|I['’]m|[Aa]s) (?:(?:the|an?|his|her|their|[A-Z][\w-]+(?: [A-Z][\w-]+)?['’]s) )?"
        r"(?:mother|father|parent|mum|mom|dad|wife|husband|daughter|son|sister|brother|neighbou?r|teacher|patient|student|grand\w+)"
        r"(?: of [A-Z][\w-]+(?: [A-Z][\w-]+)?)?"
    ),
)


A_DAY = re.compile(r"(?:19|20)\d\d[-./]\d{1,2}[-./]\d{1,2}")


def holds_a_number(words: str) -> bool:
    """Whether a telephone, identity, card or plate number, or an address of mail, seems to stand there. A day is none."""
    plain = A_DAY.sub(" ", unicodedata.normalize("NFKC", words))
    return any(pattern.search(plain) for pattern in PATTERNS[:3])


def sounds_grave(words: str) -> bool:
    """Whether the words seem to speak of violence, threats or money: then it is asked whether they go around their target."""
    return bool(GRAVE.search(unicodedata.normalize("NFKC", words)))


@dataclass(frozen=True)
class Piece:
    """A part of a text; one with a ring is named by where it begins and ends. A number is black if nothing else is said."""

    text: str
    ring: str = ""
    is_number: bool = False


def rings(words: str) -> list[tuple[int, int]]:
    """Where in the words something could tell who somebody is, from–to, in order and without overlaps."""
    plain = in_plain_signs(
        "".join(one if len(flat := unicodedata.normalize("NFKC", one)) != 1 else flat for one in words)
    )
    spans = [match.span() for pattern in PATTERNS for match in pattern.finditer(plain)]
    kept: list[tuple[int, int]] = []
    for start, end in _with_whole_titles(sorted([*spans, *spans_with_titles(plain)]), words_of_titles(plain)):
        if kept and start < kept[-1][1]:
            kept[-1] = (kept[-1][0], max(end, kept[-1][1]))
        else:
            kept.append((start, end))
    return kept


def _with_whole_titles(spans: list[tuple[int, int]], titles: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The spans, none of which ends or begins within the word of a title."""
    whole = []
    for start, end in spans:
        cut = [one for one in titles if one[0] < start < one[1] or one[0] < end < one[1]]
        whole.append((min([start, *(begin for begin, _stop in cut)]), max([end, *(stop for _begin, stop in cut)])))
    return sorted(whole)


def pieces(words: str) -> list[Piece]:
    """The words in pieces, those with a ring apart."""
    parts, last = [], 0
    for start, end in rings(words):
        parts += [Piece(words[last:start]), Piece(words[start:end], f"{start}-{end}", holds_a_number(words[start:end]))]
        last = end
    return [one for one in [*parts, Piece(words[last:])] if one.text]


def blacked_out(words: str, tapped: Iterable[str], others: str = "") -> str:
    """The words with these rings blacked out, and every place of these other words, which are parted by blanks."""
    signs = list(words)
    spans = [
        (int(start), int(end))
        for start, _dash, end in (one.partition("-") for one in tapped)
        if start.isascii() and end.isascii() and start.isdigit() and end.isdigit() and len(start) + len(end) < 12
    ]
    spans += [match.span() for other in others.split() for match in re.finditer(re.escape(other), words, re.IGNORECASE)]
    for start, end in spans:
        for place in range(start, min(end, len(signs))):
            signs[place] = signs[place] if signs[place] == "\n" else BLACK
    return "".join(signs)

"""Words as search compares them: width, case, traditional forms, digits and punctuation folded; pinyin, initials, English.

Here is what is known of the two languages. What is searched, and how, is in `searching`.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import cache, lru_cache
from itertools import pairwise

DIGITS = {figure: str(n) for n, figure in enumerate("〇一二三四五六七八九")} | {"零": "0", "十": "10"}
SIGNS = {figure: sign for sign, figure in DIGITS.items() if sign != "零"}
FIGURE = re.compile("10|[0-9]")
NUMERAL = re.compile(f"[{''.join(DIGITS)}]+")
TENS = re.compile("([一二三四五六七八九]?)十([一二三四五六七八九]?)")
LATIN = re.compile("[a-z]")
WIDE = {
    sign + 0xFEE0: sign for sign in range(ord("0"), ord("z") + 1) if chr(sign).isalnum()
}  # full-width letters and figures
NUMBER = re.compile("[0-9]+")
BLANK_AT_FIGURES = re.compile("(?<=[0-9]) (?=[^ -~])|(?<=[^ -~]) (?=[0-9])")
WORD = re.compile(r"\w+")
BITS = 63  # of a number that the database keeps with its sign

# What people add to the name of a place or a unit, and what of it may stand in the name. Longer ones come first.
ENDINGS = {
    "村民委员会": "村", "村委会": "村", "村委": "村", "居民委员会": "", "社区居委会": "社区", "居委会": "",
    "街道办事处": "街道", "街道办": "街道", "办事处": "", "人民政府": "", "政府": "", "党支部委员会": "", "支部委员会": "",
    "委员会": "", "党小组": "", "党总支": "", "党支部": "", "支委会": "", "支部": "", "总支": "", "党委": "", "党组": "",
}  # fmt: skip
ROADS = ("大街", "路", "街", "巷")  # after the name of the place that is meant
STOP = {"a", "an", "and", "in", "of", "the"}

# English for what stands in many Chinese names, so that whoever reads no Chinese finds a hospital or a school.
ENGLISH = {
    "医院": "hospital clinic", "卫生院": "hospital clinic", "卫生室": "clinic", "诊所": "clinic", "学校": "school",
    "小学": "primary school", "中学": "middle secondary school", "高中": "high school", "大学": "university",
    "学院": "college", "幼儿园": "kindergarten nursery", "村": "village", "镇": "town", "乡": "township",
    "街道": "street subdistrict", "社区": "community neighbourhood neighborhood", "区委": "district committee",
    "县委": "county committee", "市委": "city committee", "公司": "company firm", "厂": "factory", "集团": "group",
    "银行": "bank", "法院": "court", "检察院": "procuratorate", "派出所": "police station", "公安": "police",
    "图书馆": "library", "养老院": "nursing home", "敬老院": "nursing home", "市场": "market", "合作社": "cooperative",
    "局": "bureau", "科": "department section", "党": "party", "委": "committee", "支部": "branch",
    "路灯": "street lamp light", "公路": "road", "道路": "road", "厕所": "toilet", "老人": "elderly old people",
    "饮水": "drinking water", "垃圾": "rubbish garbage waste", "停车": "parking", "公示": "notice", "先进": "outstanding",
}  # fmt: skip


@cache
def _simplified() -> "object":
    from opencc import OpenCC  # here, as only search needs its tables

    return OpenCC("t2s")


@lru_cache(maxsize=8192)
def simplified(text: str) -> str:
    """The text in simplified characters and ordinary widths."""
    converted: str = _simplified().convert(unicodedata.normalize("NFKC", text))  # type: ignore[attr-defined]
    return converted


@lru_cache(maxsize=8192)
def folded(text: str) -> str:
    """The text for comparing: simplified, small letters, figures for numerals, single blanks for everything in between."""
    plain = NUMERAL.sub(lambda match: _figures(match[0]), simplified(text).casefold())
    return " ".join("".join(sign if sign.isalnum() else " " for sign in plain).split())


@lru_cache(maxsize=8192)
def spelled(text: str) -> tuple[str, str]:
    """The text in pinyin without blanks, and its initials."""
    from pypinyin import lazy_pinyin  # here, as its dictionaries are a fifth of what a worker would load to start

    words = [word for part in WORD.findall(simplified(text).lower()) for word in lazy_pinyin(part)]
    return "".join(words), "".join(word if word.isdigit() else word[0] for word in words)


def in_order(text: str) -> str:
    """A key that sorts by pinyin, and numbers as numbers."""
    return NUMBER.sub(lambda match: match[0].zfill(6), spelled(folded(text))[0])


def in_english(text: str) -> str:
    """English words for what a Chinese name is called."""
    return " ".join(english for chinese, english in ENGLISH.items() if chinese in text)


def without_ending(word: str) -> str:
    """The word without what people add to a name. What would then be empty stays as it is."""
    for ending, kept in ENDINGS.items():
        if word.endswith(ending) and len(word) > len(ending) + 1:
            return without_ending(word.removesuffix(ending) + kept) if not kept else word.removesuffix(ending) + kept
    return word


def without_road(word: str) -> str:
    """The name of the place after which a road is called; the word as it is where it names none."""
    road = next((road for road in ROADS if word.endswith(road) and len(word) > len(road) + 1), "")
    return word.removesuffix(road)


def in_signs(text: str) -> str:
    """Folded text with numerals for its figures, sign by sign: 红10 as 红十. So it sounds as it was typed."""
    return FIGURE.sub(lambda match: SIGNS[match[0]], text)


def tightened(text: str) -> str:
    """Folded text without the blanks that stand between figures and Chinese: 11 盏 as 11盏."""
    return BLANK_AT_FIGURES.sub("", text)


def grams(texts: Iterable[str]) -> set[int]:
    """The pairs of neighbouring signs within each word, and single signs that are no letters, as numbers."""
    found: set[int] = set()
    for text in texts:
        for word in text.split():
            found |= _grams_in(word)
    return found


def bits(text: str) -> int:
    """The pairs of neighbouring signs within each word as bits of one number: what stands in a text has no bit that the text has not.
    Quickly compared; several pairs share a bit. Letters have few different pairs and fill more of it.
    """
    found = 0
    for word in text.split():
        for first, second in pairwise(word):
            found |= 1 << (ord(first) * 31 + ord(second)) % BITS
    return found


def narrow(words: str) -> str:
    """Words with full-width letters and figures as a keyboard has them, which is how codes and numbers are kept."""
    return words.translate(WIDE)


@lru_cache(maxsize=8192)
def _grams_in(word: str) -> frozenset[int]:
    pairs = [gram(first, second) for first, second in pairwise(word)]
    return frozenset([*pairs, *(gram(sign) for sign in word if not LATIN.match(sign))])


def gram(first: str, second: str = "\0") -> int:
    """Two signs as one number of 32 bits: an array of them is a fifth of one of texts, and stays within its row. Signs beyond
    the basic plane share numbers with others; who compares with them looks at the words as well.
    """
    return ((ord(first) & 0xFFFF) << 16 | ord(second) & 0xFFFF) - 2**31


def _figures(numeral: str) -> str:
    """十三 as 13, 三十 as 30, 二〇二六 as 2026; what is no number sign by sign."""
    if tens := TENS.fullmatch(numeral):
        return (DIGITS[tens[1]] if tens[1] else "1") + (DIGITS[tens[2]] if tens[2] else "0")
    return "".join(DIGITS[figure] for figure in numeral)

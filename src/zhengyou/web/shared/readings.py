"""How the Chinese name of a unit is read, for readers of English: in words and not syllable by syllable, as a name is written.

A name has no blanks: what it ends on (a village, a district, its kind) is cut off by a list, and the rest, which names places,
into pairs, as most names of places have two signs.
"""

import re
from functools import lru_cache

HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_RUN = re.compile(f"[{HAN}]+")
_OPENINGS = ("中国共产党", "中共")
# What a name ends on, from its last word on; several may follow each other. The longest fits first.
_ENDING = (
    "村 镇 乡 县 市 省 区 局 科 处 站 所 街道 社区 小区 园区 新区 组 小组 委 区委 县委 市委 镇委 党委 党工委 工委 委员会 居委会 村委会 "
    "支部 党支部 总支 党总支 党 办公室 办事处 领导小组 专班 中心 医院 卫生院 卫生室 学校 小学 中学 幼儿园 公司 集团 银行 协会 政府 "
    "人民政府 服务 管理 服务区 大厅 窗口 机关 党组"
)
_ENDINGS = sorted(_ENDING.split(), key=len, reverse=True)
_WORDS = {"党支部": ("党", "支部"), "党总支": ("党", "总支"), "区委": ("区委",), "人民政府": ("人民", "政府")}


def is_chinese(name: str) -> bool:
    """Whether there is anything in it to be read."""
    return _RUN.search(name) is not None


@lru_cache(maxsize=4096)
def reading(name: str) -> str:
    """The whole name: `Hóngshí Shíqiáo Cūn Dǎng Zhībù`. What is not Chinese in it stays as it is."""
    return " ".join(_RUN.sub(lambda run: f" {_read([*_split(run[0])[0], *_split(run[0])[1]])} ", name).split())


@lru_cache(maxsize=4096)
def short_reading(name: str) -> str:
    """What tells it from others, without the words on which such names end: `Hóngshí Shíqiáo`. Nothing for a name without Chinese."""
    if not _RUN.search(name):
        return ""
    words = [word for run in _RUN.findall(name) for word in _split(run)[0] or _split(run)[1]]
    return _read([word for word in words if word not in _OPENINGS] or words)


def _split(run: str) -> tuple[list[str], list[str]]:
    """The words that name places, and those on which the name ends."""
    opening = next((one for one in _OPENINGS if run.startswith(one)), "")
    rest, endings = run[len(opening) :], list[str]()
    while ending := next((one for one in _ENDINGS if rest.endswith(one) and len(rest) > len(one) + _least(one)), ""):
        endings[:0] = _WORDS.get(ending, (ending,))
        rest = rest[: -len(ending)]
    return [*([opening] if opening else []), *_in_pairs(rest)], endings


def _least(ending: str) -> int:
    """So many signs stay before an ending of one sign, which may as well be part of a name: 新村, 东区."""
    return 1 if len(ending) == 1 else 0


def _in_pairs(text: str) -> list[str]:
    """Two signs each; a last single one goes with the pair before it. What belongs to a district or a town says so first: 区体育中心."""
    if len(text) > 1 and text[0] in "省市县区镇乡":
        return [text[0], *_in_pairs(text[1:])]
    pairs = [text[at : at + 2] for at in range(0, len(text), 2)]
    if len(pairs) > 1 and len(pairs[-1]) == 1:
        pairs[-2:] = [pairs[-2] + pairs[-1]]
    return pairs


def _read(words: list[str]) -> str:
    from pypinyin import Style, lazy_pinyin  # here: its dictionaries are a fifth of what a worker would load to start

    # The words are read together, as a sign may be read differently by its neighbours.
    syllables = lazy_pinyin("".join(words), style=Style.TONE)
    if len(syllables) != sum(map(len, words)):
        return " ".join(syllables)
    read, at = [], 0
    for word in words:
        read.append(joined(syllables[at : at + len(word)]))
        at += len(word)
    return " ".join(read)


def looks_like_a_unit(name: str) -> bool:
    """Whether it ends as places and offices do, and so is not the name of a person."""
    return any(name.endswith(one) for one in _ENDINGS)


def joined(syllables: list[str]) -> str:
    """One word; an apostrophe where a syllable begins with a vowel, as pinyin is written."""
    first, *rest = syllables
    joined = first + "".join(f"’{one}" if one[0] in "aāáǎàeēéěèoōóǒò" else one for one in rest)
    return joined[:1].upper() + joined[1:]

"""A finding's values in words: pools, organisations and items by their names, and what a document breaks, in Chinese as well.

Nothing is checked here. What has no name or no sentence stays as it is.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from typing import Any

from blindballot.format.fields import Names
from blindballot.format.findings import Finding
from blindballot.format.manifest import Manifest
from blindballot.format.marks import DONT_KNOW_ID, UNMARKED_ID
from blindballot.format.record import COUNTS

MARKS: dict[str, Names] = {
    DONT_KNOW_ID: {"en": "Don't know", "zh-hans": "不了解"},
    UNMARKED_ID: {"en": "Abstained", "zh-hans": "弃权"},
}
NEARLY_ALL = {"en": "nearly all {mark}", "zh-hans": "几乎全部{mark}"}
FIELDS: dict[str, Names] = {
    "criteria": {"en": "the counts of the items", "zh-hans": "各项目的计数"},
    "returned": {"en": "the number returned", "zh-hans": "收回张数"},
    "valid": {"en": "the number of valid slips", "zh-hans": "有效张数"},
    "invalid": {"en": "the number of invalid slips", "zh-hans": "无效张数"},
    "abstained": {"en": "the number of slips without any grade", "zh-hans": "整张弃权的张数"},
}
VERDICT_WORDS: dict[str, Names] = {
    "valid": {"en": "valid", "zh-hans": "有效"},
    "void": {"en": "void", "zh-hans": "作废"},
    "below-turnout": {"en": "turnout too low", "zh-hans": "无效（参与人数不够）"},
}
# What FormatError says after the place, and the same in Chinese; \1, \2 are what the pattern holds.
REASONS: tuple[tuple[str, str], ...] = (
    (r"do not add up to (\d+) valid slips", r"合计不等于有效票页 \1 张"),
    (r"do not add up to (\d+) slips that name an option", r"合计不等于选了选项的票页 \1 张"),
    (r"is not valid and invalid together", "不等于有效与无效之和"),
    (r"(\d+) valid slips may not be published as (\w+)", r"有效票页 \1 张，不得按“\2”公布"),
    (r"must cover every mark once, in order", "必须按顺序包含每一种评分，各一次"),
    (r"nearly all of (\d+) slips agree, which keeps a line from being open", r"\1 张票页几乎全部相同，不得逐张公布"),
    (r"are withheld by the gate", "按规定不予公布"),
    (r"are not joined by the rule for cells of (\d+) slips", r"没有按“每格至少 \1 张”的规则合并"),
    (r"the lines of one unit have different bands", "同一单位的各测评行档次不同"),
    (r"is not a mark of the manifest that may be told", "不是规则清单中可以公布的评分"),
    (r"is not a (line|pool) of the manifest", "不在规则清单中"),
    (r"must be those of the (manifest|pool), in (its|the manifest's) order", "必须与规则清单一致，并按其顺序"),
    (r"is missing", "缺失"),
    (r"must be an object", "应为一个对象"),
    (r"must be a list of (\d+) to (\d+) items", r"应为 \1 至 \2 项的列表"),
    (r"must be a whole number from (\d+) to (\d+)", r"应为 \1 至 \2 的整数"),
    (r"must be one of (.+)", r"应为下列之一：\1"),
    (r"must be (\S+)", r"应为 \1"),
    (r"is not a field of this document", "不是这个文件应有的字段"),
    (r"not JSON in UTF-8", "不是 UTF-8 编码的 JSON"),
    (r"not its own canonical form", "不是规范写法的 JSON"),
    (r"a name is given twice", "同一个名称出现两次"),
    (r"too large", "太大"),
)
_PLACE = re.compile(r"pools\[(\d+)\](?:\.lines\[(\d+)\](?:\.criteria\[(\d+)\])?)?")


def sentence_of(finding: Finding, language: str, manifest: Manifest | None) -> str:
    """The finding's sentence with names for people."""
    values = {name: _value(name, value, finding, (language, manifest)) for name, value in finding.values.items()}
    return Finding(finding.file, finding.line, finding.check, values).sentence(language)


def _value(name: str, value: object, finding: Finding, reader: tuple[str, Manifest | None]) -> object:
    language, manifest = reader
    if name == "detail":
        return _detail(str(value), finding.file, language, manifest)
    words = {"field": FIELDS, "said": VERDICT_WORDS, "counted": VERDICT_WORDS}.get(name, {})
    if isinstance(value, str) and value in words:
        return _in(words[value], language)
    return value if manifest is None else _called(name, value, language, manifest)


def _called(name: str, value: object, language: str, manifest: Manifest) -> object:
    if name == "pool":
        return _in(next((pool.name for pool in manifest.pools if pool.id == value), {"en": str(value)}), language)
    if name == "place":
        return _line(str(value), language, manifest)
    return _counts(value, language, manifest) if name == "counted" else value


def _detail(text: str, file: str, language: str, manifest: Manifest | None) -> str:
    """`place: reason` with the place in names and, for Chinese readers, the reason in Chinese."""
    place, colon, reason = text.partition(": ")
    if not colon:
        return _reason(text, language)
    return (
        f"{_place(place, file, language, manifest)}{'：' if language == 'zh-hans' else ': '}{_reason(reason, language)}"
    )


def _reason(reason: str, language: str) -> str:
    if language != "zh-hans":
        return reason
    for pattern, chinese in REASONS:
        if match := re.fullmatch(pattern, reason):
            return match.expand(chinese)
    return reason


def _place(place: str, file: str, language: str, manifest: Manifest | None) -> str:
    match = _PLACE.match(place) if manifest and file == COUNTS else None
    if match is None or manifest is None:
        return place
    pool_at, line_at, item_at = (None if at is None else int(at) for at in match.groups())
    if pool_at is None or pool_at >= len(manifest.pools):
        return place
    pool = manifest.pools[pool_at]
    lines = [manifest.line_by_id[id] for id in pool.marked] if pool.marked is not None else list(manifest.lines)
    names = [_in(pool.name, language)]
    if line_at is not None and line_at < len(lines):
        line = lines[line_at]
        names.append(_in(line.name, language))
        if item_at is not None and item_at < len(line.criteria):
            names.append(_criterion(line.criteria[item_at], language, manifest))
    return " · ".join(names)


def _line(line_id: str, language: str, manifest: Manifest) -> str:
    """The organisation; with its items where it has several lines."""
    line = manifest.line_by_id.get(line_id)
    if line is None:
        return line_id
    name = _in(line.name, language)
    if Counter(other.unit for other in manifest.lines)[line.unit] == 1 or not line.criteria:
        return name
    return f"{name} ({', '.join(_criterion(one, language, manifest) for one in line.criteria)})"


def _criterion(criterion: str, language: str, manifest: Manifest) -> str:
    return _in(next((one.name for one in manifest.criteria if one.id == criterion), {"en": criterion}), language)


def _counts(items: object, language: str, manifest: Manifest) -> object:
    """The items of a line as the result has them; anything else as it is."""
    if not isinstance(items, list) or not all(isinstance(item, dict) and "criterion" in item for item in items):
        return items
    marks = {grade.id: grade.name for grade in manifest.grades} | MARKS
    return "; ".join(
        f"{_criterion(item['criterion'], language, manifest)}: {_item(item, language, marks)}" for item in items
    )


def _item(item: Mapping[str, Any], language: str, marks: Mapping[str, Names]) -> str:
    if "most" in item:
        return NEARLY_ALL[language].format(mark=_in(marks[item["most"]], language))
    return " · ".join(
        f"{'/'.join(_in(marks[mark], language) for mark in cell['marks'])} {cell['n']}" for cell in item["cells"]
    )


def _in(names: Names, language: str) -> str:
    return names.get(language) or next(iter(names.values()))

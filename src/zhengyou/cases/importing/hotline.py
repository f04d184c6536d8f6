"""The table of a hotline (12345) as rows of reports, each with what speaks against it. Nothing is kept here."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from zhengyou.base.refusals import Refused
from zhengyou.campaigns.models import Cycle
from zhengyou.cases import rules
from zhengyou.cases.computing.ringing import sounds_grave
from zhengyou.cases.models import Case
from zhengyou.organisations import queries as organisations
from zhengyou.organisations.importing.workbooks import Sheet, read_sheets

MOST_ROWS = 1000
HEAD_WITHIN = 10
# What the columns are called; the first that fits wins, and a heading serves once.
COLUMNS: dict[str, tuple[str, ...]] = {
    "external": ("工单编号", "工单号", "受理编号", "编号", "单号", "number"),
    "unit": ("承办单位", "被反映单位", "责任单位", "涉及单位", "单位", "unit", "organisation"),
    "kind": ("问题类型", "诉求类型", "问题类别", "类别", "类型", "kind"),
    "words": ("诉求内容", "反映内容", "问题描述", "内容", "描述", "words", "content"),
    "contact": ("联系电话", "来电号码", "联系方式", "手机", "电话", "contact", "phone"),
    "place": ("发生地点", "事发地", "地点", "地址", "place", "where"),
    "happened": ("发生时间", "时间", "when"),
}
NEEDED = ("external", "unit", "words")


@dataclass(frozen=True)
class HotlineRow:
    """One report of the table. `problem` says why it is not taken; `is_known` that it was taken before."""

    line: int
    external: str
    unit: str
    unit_id: int | None
    kind: str
    words: str
    contact: str
    place: str
    happened: str
    problem: str = ""
    is_known: bool = False

    @property
    def is_good(self) -> bool:
        return not self.problem and not self.is_known


def read_table(data: bytes, cycle: Cycle) -> list[HotlineRow]:
    """The rows of all sheets, judged. Raises WorkbookRefused for what is no table, CaseRefused for one without the columns."""
    sheets = [sheet for sheet in read_sheets(data) if not sheet.is_hidden and sheet.rows]
    raw = [(number, cells) for sheet in sheets for number, cells in _cells_of(sheet)]
    if not raw:
        raise rules.CaseRefused(
            _("The table needs columns for the number, the unit and what was reported. Name them in its first lines."),
            reason="hotline.columns-missing",
        )
    if len(raw) > MOST_ROWS:
        raise rules.CaseRefused(
            _("The table has %(count)d rows. Read in at most %(most)d at once.")
            % {"count": len(raw), "most": MOST_ROWS},
            reason="hotline.too-long",
        )
    known = known_numbers(cycle, [cells["external"] for _number, cells in raw])
    seen: set[str] = set()
    rows = []
    for number, cells in raw:
        rows.append(_judged(number, cells, cycle, known, is_twice=cells["external"] in seen))
        seen.add(cells["external"])
    return rows


def known_numbers(cycle: Cycle, numbers: Iterable[str]) -> set[str]:
    """Those of the hotline's numbers whose reports were taken already. One query."""
    rows = Case.objects.filter(cycle=cycle, source=Case.Source.HOTLINE, external__in=list(numbers))
    return set(rows.values_list("external", flat=True))


def _cells_of(sheet: Sheet) -> list[tuple[int, dict[str, str]]]:
    for place, (_number, cells) in enumerate(sheet.rows[:HEAD_WITHIN]):
        columns = _columns([cell.strip().lower() for cell in cells])
        if all(name in columns for name in NEEDED):
            return [(number, _named(columns, row)) for number, row in sheet.rows[place + 1 :]]
    return []


def _columns(heads: list[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for name, words in COLUMNS.items():
        places = [n for word in words for n, head in enumerate(heads) if word in head and n not in found.values()]
        found |= {name: places[0]} if places else {}
    return found


def _named(columns: dict[str, int], cells: list[str]) -> dict[str, str]:
    return {
        name: cells[columns[name]].strip() if name in columns and columns[name] < len(cells) else "" for name in COLUMNS
    }


def _judged(line: int, cells: dict[str, str], cycle: Cycle, known: set[str], *, is_twice: bool) -> HotlineRow:
    unit = organisations.the_one(cells["unit"], cycle.campaign.organisation).one if cells["unit"] else None
    kind = _kind_of(cells["kind"], cycle)
    problem: Any = ""
    if not cells["external"]:
        problem = _("It has no number, so it could be taken twice.")
    elif unit is None:
        problem = _("No unit has exactly this name or code.")
    elif not kind:
        problem = _("The rules have no such kind.")
    elif not cells["kind"] and sounds_grave(cells["words"]):
        problem = _(
            "It names no kind, and its words speak of money, threats or violence. Write the kind into the table: what goes around "
            "the unit is read by two people, and not here."
        )
    elif is_twice:
        problem = _("Its number stands in the table twice.")
    else:
        problem = _text_problem(cells)
    given = {**cells, "unit": unit.name if unit else cells["unit"], "kind": kind or cells["kind"]}
    return HotlineRow(
        line, unit_id=unit.pk if unit else None, problem=str(problem), is_known=cells["external"] in known, **given
    )


def _text_problem(cells: dict[str, str]) -> str:
    try:
        texts = {name: cells[name] for name in ("words", "contact", "place", "happened", "external")}
        rules.check_report(**texts)
    except Refused as refusal:
        if refusal.reason == "case.says-nothing":
            return str(_("It says neither what happened nor how to reach whoever called."))
        return str(refusal)
    return ""


def _kind_of(typed: str, cycle: Cycle) -> str:
    """The kind by its slug or one of its names; without any the last of the rules that is public."""
    kinds = cycle.ruleset.case_kinds
    if not typed:
        return next((one.id for one in reversed(kinds) if one.is_public), "")
    return next(
        (one.id for one in kinds if typed.lower() in {one.id, *(name.lower() for name in one.name.values())}), ""
    )

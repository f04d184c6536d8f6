"""Finds the list in a workbook: the sheet, the row of headings, which column is what; and leaves out what must not be kept.

Meaning comes later (`tree`, `people`): here a row is text by column, with ID-card numbers removed.
"""

import re
import unicodedata
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from zhengyou.organisations.importing.sentences import Remark, say
from zhengyou.organisations.importing.workbooks import Sheet
from zhengyou.organisations.models import ImportDraft
from zhengyou.organisations.rules import WorkbookRefused

HEAD_WITHIN = 30
LONGEST_CELL = 400
TOTALS = {"合计", "总计", "小计", "共计", "累计", "total", "sum", "subtotal"}
FOOTER = re.compile(r"(填表|制表|审核|负责人|备注|注[:：]|说明|日期|单位[（(]?盖章|note\b)", re.IGNORECASE)
ID_HEADING = re.compile(r"身份证|公民身份|证件号|idcard|identitycard|identitynumber|identityno|nationalid")
ID_NUMBER = re.compile(
    r"(?<![0-9])[1-9][0-9]{5}(18|19|20)[0-9]{2}(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])[0-9]{3}[0-9Xx](?![0-9])"
)


@dataclass(frozen=True)
class Column:
    """One column an office may send: its slug, its heading in both languages, other headings that mean the same."""

    slug: str
    name: dict[str, str]
    others: tuple[str, ...] = ()
    is_needed: bool = False

    @property
    def headings(self) -> set[str]:
        return {plain_heading(text) for text in (*self.name.values(), *self.others)}


def _column(slug: str, zh: str, en: str, others: str = "", *, needed: bool = False) -> Column:
    return Column(slug, {"zh-hans": zh, "en": en}, tuple(others.split()), needed)


def _person_column(slug: str, zh: str, en: str, *more: str) -> Column:
    words = [f"{base}{end}" for base in (zh, *more) for end in ("", "编号", "党员编号", "工号", "姓名", "名字")]
    return _column(slug, zh, en, " ".join(words))


HOLDERS = ("primary", "direct", "operational", "secretary")
COLUMNS: dict[str, list[Column]] = {
    ImportDraft.What.ORGANISATIONS: [
        _column(
            "code",
            "组织代码",
            "Code",
            "代码 编码 编号 组织编码 组织编号 党组织代码 党组织编码 党组织编号 单位代码 单位编码 机构代码 支部代码 "
            "OrganisationCode OrganizationCode OrgCode Number",
            needed=True,
        ),
        _column(
            "name",
            "组织名称",
            "Name",
            "名称 组织 组织全称 党组织 党组织名称 党组织全称 单位 单位名称 单位全称 机构名称 支部名称 党支部名称 "
            "Organisation Organization OrganisationName OrganizationName",
            needed=True,
        ),
        _column(
            "parent",
            "上级组织",
            "Parent",
            "上级 上级组织代码 上级组织编码 上级组织名称 上级党组织 上级党组织代码 上级党组织编码 上级党组织名称 上级代码 上级编码 "
            "上级单位 上级单位代码 上级单位名称 所属上级 所属上级组织 隶属组织 隶属组织代码 隶属党组织 隶属党组织代码 隶属党组织名称 "
            "隶属关系 隶属 ParentCode ParentName ParentOrganisation ParentOrganization",
        ),
        _column(
            "kind",
            "组织类别",
            "Kind",
            "类别 类型 组织类型 党组织类别 党组织类型 单位类别 Type Category OrganisationKind OrganizationType",
        ),
        _column("sector", "所属领域", "Sector", "领域 所在领域 活动领域 行业领域 所属行业领域"),
        _person_column("primary", "第一责任人", "First responsible person"),
        _person_column("direct", "直接责任人", "Directly responsible person"),
        _person_column("operational", "具体责任人", "Operationally responsible person"),
        _person_column("secretary", "书记", "Secretary", "党组织书记", "支部书记", "党支部书记"),
    ],
    ImportDraft.What.PEOPLE: [
        _column(
            "number",
            "党员编号",
            "Number",
            "编号 工号 人员编号 人员工号 党员工号 职工号 MemberNumber MemberNo EmployeeNumber StaffNumber",
            needed=True,
        ),
        _column("name", "姓名", "Name", "党员姓名 名字 FullName MemberName", needed=True),
        _column(
            "organisation",
            "所在支部",
            "Organisation",
            "所在支部代码 所在支部编码 所在党支部 所在党支部代码 所属支部 所属支部代码 所属党支部 所属党支部代码 所在党组织 所在党组织代码 "
            "所属党组织 所属党组织代码 所在组织 所属组织 所在单位 组织代码 组织名称 党组织代码 党组织名称 党支部 党支部名称 支部 支部名称 "
            "支部代码 Organization OrganisationCode OrganizationCode Branch BranchCode BranchName",
        ),
        _column(
            "membership", "人员类别", "Membership", "Standing 党员类别 党员身份 党员类型 类别 Category MembershipType"
        ),
        _column("is_floating", "是否流动党员", "Floating", "流动党员 是否流动 流动 IsFloating FloatingMember"),
    ],
}


@dataclass
class ReadRow:
    """A row as it was read: its number in the file, its text by column, and the columns whose text was an ID-card number."""

    number: int
    cells: dict[str, str]
    removed: list[str] = field(default_factory=list)


@dataclass
class Reading:
    """What was read of a file, and remarks on it."""

    rows: list[ReadRow] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)


def plain(text: str) -> str:
    """Text for comparing: full-width made normal, no spaces, lower case."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).casefold()


def plain_heading(text: str) -> str:
    """A heading for comparing: also without what stands in brackets and without marks such as * and :"""
    return re.sub(r"\(.*?\)|\[.*?\]|【.*?】|[*:_/\-.﹡※#]", "", plain(text))


def looks_like_id_number(text: str) -> bool:
    """Whether the text holds eighteen digits built like an ID-card number; spaces and dashes hide nothing."""
    if len(text) < 18:
        return False
    return bool(ID_NUMBER.search(re.sub(r"[\s\-·.≈]", "", unicodedata.normalize("NFKC", text))))


def without_id_numbers(text: str) -> str:
    """The text, or nothing if it holds an ID-card number."""
    return "" if looks_like_id_number(text) else text


def read_list(sheets: list[Sheet], what: str) -> Reading:
    """The rows of the sheet that looks most like the list asked for. Raises WorkbookRefused if none does."""
    lists = [(sheet, head) for sheet in sheets if (head := _find_head(sheet, what)) is not None]
    if not lists:
        raise _no_head(sheets, what)
    sheet, head = max(lists, key=lambda pair: (not pair[0].is_hidden, len(pair[1][1]), len(pair[0].rows)))
    reading = Reading()
    others = [without_id_numbers(row.name) or "…" for row in sheets if row is not sheet]
    if others:
        reading.remarks.append(say("sheet-taken", sheet=without_id_numbers(sheet.name) or "…", others=others))
    _read_rows(reading, sheet, *head, what)
    if not reading.rows:
        raise WorkbookRefused(
            _("Under the headings there are no rows. Fill in the list and try again."), reason="workbook.no-rows"
        )
    return reading


def _find_head(sheet: Sheet, what: str) -> tuple[int, dict[str, list[int]]] | None:
    """Where in the sheet's rows the headings stand, and the columns' places; None without the needed ones."""
    best: tuple[int, dict[str, list[int]]] | None = None
    for position, (_number, cells) in enumerate(sheet.rows[:HEAD_WITHIN]):
        places = _places(cells, what)
        needed = all(column.slug in places for column in COLUMNS[what] if column.is_needed)
        if needed and (best is None or len(places) > len(best[1])):
            best = position, places
    return best


def _places(cells: list[str], what: str) -> dict[str, list[int]]:
    """Column to the places where it stands; of several (code and name of the parent) the code comes first."""
    places: dict[str, list[int]] = {}
    for place, cell in enumerate(cells):
        heading = plain_heading(cell)
        if not heading or ID_HEADING.search(heading):
            continue
        for column in COLUMNS[what]:
            if heading in column.headings:
                places.setdefault(column.slug, []).append(place)
    for several in places.values():
        several.sort(key=lambda place: not re.search(r"代码|编码|编号|工号|code|number", cells[place].lower()))
    return places


def _read_rows(reading: Reading, sheet: Sheet, position: int, places: dict[str, list[int]], what: str) -> None:
    head = sheet.rows[position][1]
    key = COLUMNS[what][0].slug
    left_out: list[int] = []
    removed: list[int] = []
    for number, cells in sheet.rows[position + 1 :]:
        row = _row(number, cells, places)
        if _is_no_entry(cells, row.cells, head, key):
            left_out.append(number)
        elif row.cells or row.removed:
            reading.rows.append(row)
            removed += [number] if row.removed else []
    for column in head:
        if ID_HEADING.search(plain_heading(column)):
            reading.remarks.append(say("id-column", column=without_id_numbers(column)[:60]))
    taken = {place for several in places.values() for place in several}
    unread = [cell for place, cell in enumerate(head) if cell and place not in taken]
    unread = [cell[:60] for cell in unread if not ID_HEADING.search(plain_heading(cell)) and without_id_numbers(cell)]
    for slug, name, named in (("columns-unread", "columns", unread), ("id-values", "rows", removed)):
        if named:
            reading.remarks.append(say(slug, **{name: named}))
    if left_out:
        reading.remarks.append(say("left-out", rows=left_out))


def _row(number: int, cells: list[str], places: dict[str, list[int]]) -> ReadRow:
    kept: dict[str, str] = {}
    removed: list[str] = []
    for slug, several in places.items():
        text = next((cells[place] for place in several if place < len(cells) and cells[place]), "")
        if looks_like_id_number(text):
            removed.append(slug)
        elif text:
            kept[slug] = re.sub(r"[\x00-\x1f\x7f]", " ", text)[:LONGEST_CELL]
    return ReadRow(number, kept, removed)


def _is_no_entry(cells: list[str], kept: dict[str, str], head: list[str], key: str) -> bool:
    """Totals, what stands below the list (who filled it in, notes), and headings that are printed again."""
    filled = [cell for cell in cells if cell]
    if filled == [cell for cell in head if cell]:
        return True
    is_total = any(plain(cell) in TOTALS for cell in filled)
    if is_total and (key not in kept or plain(kept[key]) in TOTALS):
        return True
    return bool(len(kept) <= 1 and FOOTER.match(filled[0]))


def _no_head(sheets: list[Sheet], what: str) -> WorkbookRefused:
    other = next(kind for kind in COLUMNS if kind != what)
    if any(_find_head(sheet, other) for sheet in sheets):
        return WorkbookRefused(
            _("This looks like the other kind of list. Choose above whether the file holds organisations or members."),
            reason="workbook.other-list",
        )
    needed = ["{zh-hans} ({en})".format(**column.name) for column in COLUMNS[what] if column.is_needed]
    return WorkbookRefused(
        _("No row of headings was found. The first rows of a sheet must name at least these columns: %(columns)s.")
        % {"columns": "、".join(needed)},
        reason="workbook.no-head",
    )

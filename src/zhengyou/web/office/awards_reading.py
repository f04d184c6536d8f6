"""Candidates as an office collects them: a workbook with a column that says who, one of deeds, and for people two more.

Only reads. Who is meant, and whether they may be put forward, is the page's and the room's to say.
"""

from dataclasses import dataclass

from zhengyou.organisations.importing.workbooks import Sheet, read_sheets

HEADS = {
    "code": ("代码", "编码", "编号", "工号", "code", "number"),
    "name": ("名称", "姓名", "单位", "组织", "支部", "候选", "对象", "name", "organisation", "person", "candidate"),
    "deeds": ("事迹", "材料", "deeds"),
    "post": ("职务", "岗位", "身份", "post", "what they are"),
    "front_line": ("一线", "front line"),
}
HEAD_WITHIN = 10
YES = ("是", "一线", "yes", "y", "1", "true", "√", "✓")


@dataclass(frozen=True)
class ListedCandidate:
    """One row: where it stands in the file, by which texts it says who, and what it says of them."""

    place: str
    code: str
    name: str
    deeds: str
    post: str = ""
    is_front_line: bool = False


def candidates_of_file(data: bytes) -> list[ListedCandidate] | None:
    """The rows of all sheets with a heading of deeds and one that says who; None where no sheet has both.

    Raises WorkbookRefused for what cannot be read.
    """
    found, has_heads = [], False
    for sheet in read_sheets(data):
        if sheet.is_hidden or (heads := _heads_of(sheet)) is None:
            continue
        has_heads = True
        first, columns = heads
        found += [row for n, cells in sheet.rows if n > first and (row := _row(sheet.name, n, cells, columns))]
    return found if has_heads else None


def _heads_of(sheet: Sheet) -> tuple[int, dict[str, int]] | None:
    """The number of the row of headings, and the place of each column that it names."""
    for number, cells in sheet.rows[:HEAD_WITHIN]:
        columns: dict[str, int] = {}
        for place, cell in enumerate(cells):
            named = cell.strip().lower()
            slug = next((slug for slug, words in HEADS.items() if any(word in named for word in words)), None)
            if slug:
                columns.setdefault(slug, place)
        if "deeds" in columns and {"code", "name"} & columns.keys():
            return number, columns
    return None


def _row(sheet: str, number: int, cells: list[str], columns: dict[str, int]) -> ListedCandidate | None:
    said = {slug: cells[place].strip() if place < len(cells) else "" for slug, place in columns.items()}
    if not any(said.get(slug) for slug in ("code", "name", "deeds")):
        return None
    return ListedCandidate(
        f"{sheet} {number}".strip(),
        said.get("code", ""),
        said.get("name", ""),
        said.get("deeds", ""),
        said.get("post", ""),
        said.get("front_line", "").lower() in YES,
    )

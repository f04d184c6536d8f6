"""`import_preview`: from an office's workbook of 2,000 organisations and 40,000 members on two sheets to the preview's page.

The budget is 10 s on two cores, for an empty house, next month for one that has them all, and for a file in which everybody has
another name and place: the file is opened in a process of its own, read, kept as a draft, judged, and drawn. The writing with its
history, the page of what was changed, and the taking back stand beside it. Run: `PYTHONPATH=src python -m tests.bench.import_bench`.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from tests.bench.page_bench import running_house

ROOT = Path(__file__).resolve().parents[2]
TOWNS, VILLAGES, MEMBERS = 40, 49, 20
BUDGET = 10


def workbook(*, moved: bool = False) -> bytes:
    """Both lists as an office keeps them: a title above the headings, codes as texts, columns that nobody needs.

    `moved`: everybody stands in the next unit and is called otherwise, and so are the units.
    """
    from tests.rooms.organisations.lists import xlsx

    towns = [f"8{town:03d}" for town in range(TOWNS)]
    codes = [f"{town}{village:03d}" for town in towns for village in range(VILLAGES)]
    homes, unit, member = codes, "大村", "大员"
    if moved:
        homes, unit, member = [*codes[1:], codes[0]], "新村", "新员"
    tree: list[list[Any]] = [
        ["一览表"],
        ["组织代码", "组织名称", "上级组织代码", "组织类别", "所属领域", "书记", "备注"],
    ]
    tree += [[town, f"大镇{town}党委", "001", "党委", "农村", "", ""] for town in towns]
    tree += [
        [code, f"{unit}{code}党支部", code[:4], "党支部", "农村", "" if moved else f"大员{code}0", ""] for code in codes
    ]
    people: list[list[Any]] = [
        ["花名册"],
        ["序号", "姓名", "党员编号", "党支部代码", "人员类别", "是否流动党员", "联系电话"],
    ]
    people += [
        [n, f"{member}{code}{n}", f"Z{code}{n:02d}", home, "正式党员", "否", "0745-1"]
        for code, home in zip(codes, homes, strict=True)
        for n in range(MEMBERS + (code < codes[len(codes) * 2 // 5]))
    ]
    return xlsx(("党组织", tree), ("党员", people))


def measured() -> dict[str, float]:
    """Seconds to the previews in an empty house, of the same file again, and of one in which all changed; to write, show and undo."""
    from django.contrib.auth import get_user_model
    from django.test import Client
    from django.urls import reverse
    from tests.cast.district import small_district

    from zhengyou.organisations import actions
    from zhengyou.organisations.importing import drafts
    from zhengyou.roster import imports, queries, taking_back
    from zhengyou.web.shared import clock

    office, seconds = small_district(at=clock.now()).office, {}
    client = Client(headers={"accept-language": "zh-CN", "host": "localhost"})
    client.force_login(get_user_model().objects.get(person=office))
    given: dict[str, Any] = {"at": clock.now(), "by": office}
    files = {"first": workbook(), "changed": workbook(moved=True)}
    for name in ("first", "again", "changed"):
        data = files.get(name, files["first"])
        start = time.perf_counter()
        draft = actions.draft_import(what="both", data=data, file_name="名册.xlsx", **given)
        page = client.get(reverse("office-import", args=[draft.pk]), follow=True)
        seconds[name] = time.perf_counter() - start
        if page.status_code != 200:
            raise RuntimeError(f"the preview answered {page.status_code}")
        if name == "again":
            continue
        if name == "changed":  # of those whose name and place both change the office is asked: the same people
            draft.answers = {
                row["cells"]["number"]: {"is": "same", "number": ""} for row in draft.rows if "number" in row["cells"]
            }
            draft.save(update_fields=["answers"])
        seen = drafts.plan_of(draft).fingerprint
        start = time.perf_counter()
        draft = imports.confirm_import(draft=draft, seen=seen, **given)
        seconds[f"{name} written"] = time.perf_counter() - start
        key = queries.written_by(draft)[0].together
        start = time.perf_counter()
        client.get(reverse("office-roster-together", args=[key]), {"page": 40})
        seconds[f"{name}, its page"] = time.perf_counter() - start
        print(name, draft.outcome["counts"], queries.counts_by_kind(queries.written_by(draft)), file=sys.stderr)
    start = time.perf_counter()
    taking_back.take_back_import(draft=draft, **given)
    seconds["changed taken back"] = time.perf_counter() - start
    first = queries.RosterChange.objects.filter(kind="entered").select_related("source").first()
    start = time.perf_counter()
    taking_back.take_back_import(draft=first.source, **given)
    seconds["first taken back"] = time.perf_counter() - start
    return seconds


def measure() -> dict[str, Any]:
    """The slowest of the three previews against the budget; in a process of its own, since a house is set up once in each."""
    environment = os.environ | {"PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"}
    command = [sys.executable, "-m", "tests.bench.import_bench", "--json"]
    done = subprocess.run(command, check=True, capture_output=True, text=True, env=environment, cwd=ROOT)
    seconds: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    slower = max(seconds[name] for name in ("first", "again", "changed"))
    return {
        "name": "import_preview",
        "ours": round(slower, 1),
        "reference": BUDGET,
        "ratio": round(slower / BUDGET, 3),
        "unit": "s",
    }


def main() -> None:
    """Print the seconds, or one line of JSON."""
    with running_house():
        seconds = measured()
    if "--json" in sys.argv:
        print(json.dumps(seconds))
        return
    for name, spent in seconds.items():
        print(f"{name:20}{spent:8.1f} s")


if __name__ == "__main__":
    main()

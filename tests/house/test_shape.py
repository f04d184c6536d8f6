"""The rules of docs/house.md that no linter knows, checked by reading the sources: what a room holds, names, sizes, docstrings, keys."""

import ast
import configparser
import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from functools import cache
from itertools import chain
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SRC = ROOT / "src"
HOUSE = SRC / "zhengyou"
ENGINES = [SRC / "blindballot", SRC / "honestrank", SRC / "ownpostgres"]
NO_ROOMS = {"management", "migrations", "packs", "static", "templates", "templatetags", "locale", "web"}
ROOMS = sorted(path.parent for path in HOUSE.glob("*/__init__.py") if path.parent.name not in NO_ROOMS)
BASE = HOUSE / "base"
MODELS = sorted(HOUSE.glob("*/models.py"))
TEMPLATES = sorted((HOUSE / "templates").rglob("*.html"))
PROGRAMS = [ROOT / "frontend" / name for name in ("booth", "recount", "desk", "writing", "page", "shared")]

ROOM_FILES = {"__init__", "models", "rules", "queries", "actions"}
EXTRA_FILES = {
    "boxes": {"sealing"},
    "operating": {"dumping", "findings", "listing", "looking", "product", "proxies", "restoring", "wheels"},
    # what nearly every page asks for
    "organisations": {"asked_often", "importing", "readers", "tree", "vocabulary"},
    "campaigns": {"calendar", "packing", "packs", "ruleset"},
    # what figures are counted from, and what is kept of that by week;
    # deeds that write no journal, or none about a case; rules of what is entered, paused and set aside, which stand by themselves; who
    # reads what goes around its target, apart from all other questions; when a
    # reporter's word stands, and what an office sees of it at once; what a reporter ever wrote, which nothing for others
    # copies; the one deed that also erases from public entries
    "cases": {
        "aside_queries",
        "aside_rules",
        "computing",
        "counting",
        "desk_queries",
        "due_queries",
        "effects",
        "entering_rules",
        "giving_rules",
        "guarding",
        "hiding",
        "importing",
        "office_queries",
        "own_words",
        "pausing",
        "pausing_rules",
        "reader_queries",
        "reporting",
        "setting_aside",
        "tallies",
    },
    # what everybody reads of what was said, apart from what is counted; how far many units have come, made of values
    "commitments": {"by_unit", "spoken", "tallies"},
    "consultation": {"asked_often", "comparing", "computing", "due_queries", "on_paper", "splitting", "taking"},
    "polls": {"asked_often"},
    # what units owe everybody, asked by a unit's own list and by those above it
    "keeping": {"coverage", "owing"},
    # tables of thousands of units, made of values
    "rhythm": {"below"},
    # rows as they were, which every change keeps; changes that imports make, by the thousand; posts given by hand; what is taken
    # back of an import, by the thousand as well
    "roster": {"before", "imports", "posts", "taking_back"},
    "standings": {"computing"},
}
BASE_FILES = {
    "__init__", "addenda", "codes", "deeds", "entries", "entries_checked", "entries_downloaded", "files", "folding", "home", "job_files",
    "job_runs",
    "jobs", "journal", "locks", "meanings", "models", "numbers", "once", "papers", "passwords", "photos", "prepared",
    "plain_jpeg", "refusals",
    "search_questions", "searching", "shape",
    "spreadsheets", "stack", "texts", "time", "words",
}  # fmt: skip
LONGEST_FILE = 500
LONGEST_TEMPLATE_LINE = 160
LONGEST_MODULE_DOCSTRING = 6
WIDEST_LINE = 120
WRITES_ITS_METHOD_OUT = {"zhengyou.standings.computing.scoring"}
LONGEST_FUNCTION = 30
KEYS = {"ForeignKey", "OneToOneField", "ManyToManyField"}
CONSTRAINTS = {"CheckConstraint", "UniqueConstraint", "Index"}
WRITING = {"save", "create", "bulk_create", "update", "update_or_create", "get_or_create", "delete", "record", "done"}


def modules(*folders: Path) -> list[Path]:
    """The Python files below these folders that were written by hand."""
    found = chain.from_iterable(folder.rglob("*.py") for folder in folders)
    return sorted(path for path in found if "migrations" not in path.parts)


def typescript() -> list[Path]:
    """The modules of the programs that run in a browser, and their tests."""
    return sorted(chain.from_iterable(folder.rglob("*.ts") for folder in (*PROGRAMS, ROOT / "frontend" / "test")))


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def dotted(path: Path) -> str:
    return ".".join(path.relative_to(SRC).with_suffix("").parts).removesuffix(".__init__")


def called(node: ast.AST) -> str:
    """The last word of what a call calls, or nothing."""
    if not isinstance(node, ast.Call):
        return ""
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def keyword(call: ast.Call, name: str) -> object:
    """The constant given for a keyword, or None."""
    return next(
        (part.value.value for part in call.keywords if part.arg == name and isinstance(part.value, ast.Constant)), None
    )


def calls(path: Path, names: set[str]) -> Iterator[ast.Call]:
    for node in ast.walk(tree(path)):
        if called(node) in names and isinstance(node, ast.Call):
            yield node


@cache
def imported(path: Path) -> set[str]:
    """Every module, and every name with its module, that a file imports anywhere in it."""
    names: set[str] = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            names.add(node.module or "")
            names.update(f"{node.module}.{alias.name}" for alias in node.names)
    return names


def functions(path: Path) -> Iterator[ast.FunctionDef]:
    yield from (node for node in ast.walk(tree(path)) if isinstance(node, ast.FunctionDef))


def public(nodes: list[ast.stmt]) -> Iterator[ast.FunctionDef | ast.ClassDef]:
    yield from (node for node in nodes if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name[0] != "_")


def actions(room: Path) -> list[Path]:
    """The files of a room's actions: one, or a package of them where one grew past 500 lines."""
    return sorted(room.glob("actions.py")) + sorted((room / "actions").glob("*.py")) if room != BASE else []


def body_lines(function: ast.FunctionDef) -> int:
    """Lines of what a function does; its signature and its promise do not count."""
    first = function.body[1 if ast.get_docstring(function) and len(function.body) > 1 else 0]
    return (function.end_lineno or 0) - first.lineno + 1


def test_the_rooms_are_those_of_the_contract_and_each_has_its_models_registered() -> None:
    config = configparser.ConfigParser()
    config.read(ROOT / ".importlinter", encoding="utf-8")
    layers = re.findall(r"\w+", config["importlinter:contract:house"]["layers"])
    for layer in layers:
        assert (HOUSE / layer / "__init__.py").exists() or (HOUSE / f"{layer}.py").exists(), layer
    assert {room.name for room in ROOMS} <= set(layers)
    registered = [node.module for node in tree(HOUSE / "models.py").body if isinstance(node, ast.ImportFrom)]
    assert registered == [f"zhengyou.{path.parent.name}.models" for path in MODELS]


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: room.name)
def test_a_room_holds_nothing_but_its_files(room: Path) -> None:
    held = {path.stem for path in room.iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()}
    allowed = BASE_FILES if room == BASE else ROOM_FILES | EXTRA_FILES.get(room.name, set())
    assert held <= allowed
    assert room == BASE or held & ROOM_FILES > {"__init__"}


def test_no_drawer_for_whatever_fits_nowhere() -> None:
    files = chain(SRC.rglob("*"), (ROOT / "tests").rglob("*"), typescript())
    drawers = re.compile(r"(utils?|helpers?|common|managers?|misc|tools?)(_|\.|$)|.*_(utils?|helpers?|manager)(\.|$)")
    assert [path for path in files if drawers.match(path.name)] == []


def test_no_file_is_longer_than_500_lines() -> None:
    files = [*modules(SRC, ROOT / "tests"), *TEMPLATES, *typescript(), *(HOUSE / "static").glob("*.css")]
    long = [path for path in files if len(path.read_text(encoding="utf-8").splitlines()) > LONGEST_FILE]
    assert long == []


def test_no_line_of_a_template_is_longer_than_160_characters() -> None:
    lines = [(path, line) for path in TEMPLATES for line in path.read_text(encoding="utf-8").splitlines()]
    assert [(path.name, line) for path, line in lines if len(line) > LONGEST_TEMPLATE_LINE] == []


def test_the_way_to_a_page_and_its_errors_are_shared_parts_and_not_written_by_hand() -> None:
    by_hand = re.compile(r'class="[^"]*\bcrumbs\b|role="alert"[^>]*class="note|class="note error"[^>]*role="alert"')
    shared = {HOUSE / "templates/parts/errors.html"}
    assert {path for path in TEMPLATES if by_hand.search(path.read_text(encoding="utf-8"))} == shared


def test_every_template_is_used() -> None:
    by_name_of_django = {"400.html", "404.html", "500.html"}
    sources = "".join(path.read_text(encoding="utf-8") for path in [*modules(HOUSE), *TEMPLATES])
    names = {path.relative_to(HOUSE / "templates").as_posix() for path in TEMPLATES}
    assert {name for name in names if f'"{name}"' not in sources} == by_name_of_django


def test_every_module_opens_with_one_to_six_lines_that_say_what_is_here() -> None:
    openings = {dotted(path): ast.get_docstring(tree(path)) or "" for path in modules(SRC)}
    assert [name for name, text in openings.items() if not text] == []
    longer = {name for name, text in openings.items() if len(text.splitlines()) > LONGEST_MODULE_DOCSTRING}
    assert longer == WRITES_ITS_METHOD_OUT


def test_every_typescript_module_opens_so_too_and_keeps_to_the_width() -> None:
    texts = {path: path.read_text(encoding="utf-8") for path in typescript()}
    assert {path.parent.name for path in texts} >= {"booth", "recount", "desk", "shared"}
    opening = re.compile(rf"(// .+\n){{1,{LONGEST_MODULE_DOCSTRING}}}(?!//)")
    assert [path for path, text in texts.items() if not opening.match(text)] == []
    assert [path for path, text in texts.items() if max(map(len, text.splitlines())) > WIDEST_LINE] == []


def test_public_functions_and_classes_of_engines_and_rooms_say_what_they_promise() -> None:
    silent = []
    for path in modules(*ENGINES, *ROOMS):
        for node in public(tree(path).body):
            inside = public(node.body) if isinstance(node, ast.ClassDef) and path.parent in ENGINES else []
            silent += [f"{dotted(path)}.{one.name}" for one in (node, *inside) if not ast.get_docstring(one)]
    assert silent == []


def test_functions_stay_under_30_lines() -> None:
    long = [
        f"{dotted(path)}.{function.name}"
        for path in modules(SRC)
        for function in functions(path)
        if body_lines(function) >= LONGEST_FUNCTION
    ]
    assert long == []


def test_pages_and_commands_read_one_clock() -> None:
    readers = [
        dotted(path) for path in modules(SRC) for call in calls(path, {"now"}) if "timezone" in ast.unparse(call)
    ]
    assert readers == ["zhengyou.web.shared.clock"]


def test_names_of_models_are_unique_in_the_whole_app() -> None:
    names = Counter(
        node.name
        for path in MODELS
        for node in tree(path).body
        if isinstance(node, ast.ClassDef)
        and any(re.search("Model|User|Referable|SentOnce", ast.unparse(base)) for base in node.bases)
    )
    assert len(names) > 25
    assert [name for name, times in names.items() if times > 1] == []


def test_a_room_leaves_nothing_behind_on_the_models_it_points_at() -> None:
    keys = [(dotted(path), call) for path in MODELS for call in calls(path, KEYS)]
    assert len(keys) > 40
    assert [f"{room}:{call.lineno}" for room, call in keys if keyword(call, "related_name") != "+"] == []


def test_constraints_and_indexes_have_names_that_say_what_holds() -> None:
    made = [(dotted(path), call) for path in MODELS for call in calls(path, CONSTRAINTS)]
    assert len(made) > 30
    assert [
        f"{room}:{call.lineno}"
        for room, call in made
        if not re.fullmatch(r"[a-z]+(_[a-z]+)+", str(keyword(call, "name")))
    ] == []


def test_there_are_no_signals_anywhere() -> None:
    heard = re.compile(r"(^|\.)signals(\.|$)|^django\.dispatch")
    listeners = [dotted(path) for path in modules(HOUSE) if any(heard.search(name) for name in imported(path))]
    assert listeners == []


def test_rooms_know_no_http_and_no_clock_by_any_other_name() -> None:
    """What ruff's list of banned names does not reach; what keeps a server waits for it and so needs a clock."""
    http = re.compile(
        r"django\.(http|shortcuts|urls|views|template|middleware|test|forms|contrib\.(messages|sessions))\b"
    )
    clock = re.compile(r"(time|django\.db\.models\.functions\.(Now|datetime\.Now))(\..*)?$")
    for path in modules(*ROOMS, *ENGINES):
        names = imported(path)
        assert [name for name in names if http.match(name)] == [], path
        assert path.parent.name == "ownpostgres" or [name for name in names if clock.match(name)] == [], path
        dated = [
            call
            for call in ast.walk(tree(path))
            if isinstance(call, ast.keyword) and call.arg in ("auto_now", "auto_now_add")
        ]
        assert dated == [], path


def test_pages_leave_the_asking_to_the_rooms_queries() -> None:
    asking = [
        f"{dotted(path)}:{node.lineno}"
        for path in modules(HOUSE / "web")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute) and node.attr == "objects"
    ]
    assert asking == []


def test_nobody_imports_what_stands_outside_the_layers() -> None:
    """The register of models, the server's entry, commands and filters: only Django and the pages reach for them."""
    entries = {f"zhengyou.{name}" for name in ("models", "wsgi", "apps", "__main__", "migrations", "templatetags")}
    for path in modules(*ROOMS, *ENGINES):
        assert {
            name for name in imported(path) if name in entries or name.startswith("zhengyou.templatetags")
        } == set(), path
    assert [path for path in modules(SRC) if imported(path) & (entries - {"zhengyou.templatetags"})] == []


def test_actions_take_their_arguments_by_name() -> None:
    """Whatever changes rows is an action; `name_key` and the like in the same file change nothing."""
    positional = []
    for room in ROOMS:
        for node in chain.from_iterable(public(tree(path).body) for path in actions(room)):
            if isinstance(node, ast.FunctionDef) and (node.args.args or node.args.posonlyargs):
                positional += [f"{room.name}.{node.name}" for part in ast.walk(node) if called(part) in WRITING]
    assert positional == []


def test_no_sentence_is_filled_in_before_its_reader_is_known() -> None:
    """`_("…") % …` outside a function is done once, in the language of whoever came first: `format_lazy` waits."""
    early = [
        f"{path.name}:{node.lineno}"
        for path in modules(SRC)
        for node in outside_functions(tree(path))
        if isinstance(node, ast.BinOp) and isinstance(node.left, ast.Call) and getattr(node.left.func, "id", "") == "_"
    ]
    assert early == []


def outside_functions(node: ast.AST) -> Iterator[ast.AST]:
    """What is done when a module is read."""
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            yield child
            yield from outside_functions(child)


def test_every_deed_in_the_journal_names_the_action_that_did_it() -> None:
    """Written out, so that whoever reads `room.verb_noun` in the journal finds the function, and its call, by searching."""
    deeds = [(room, deed) for room in ROOMS for path in actions(room) for deed in deeds_in(path, room.name)]
    assert len(deeds) > 40
    assert [deed for room, deed in deeds if deed.partition(".")[2] not in names_of_actions(room)] == []


def test_every_deed_is_written_out_where_it_is_done() -> None:
    """A step that several actions of a file share hands the deed on, by that name."""
    done = [(path, call) for room in ROOMS for path in actions(room) for call in calls(path, {"done"})]
    assert len(done) > 40
    hidden = [
        f"{dotted(path)}:{call.lineno}"
        for path, call in done
        if not re.fullmatch(r"'[a-z]+\.[a-z]+(_[a-z]+)*'|deed", ast.unparse(call.args[0]))
    ]
    assert hidden == []


def test_only_deeds_write_the_journal() -> None:
    writers = {path for path in modules(HOUSE) for call in calls(path, {"record"}) if has_deed(call)}
    assert {path.parent.name for path in writers} == {"base"}


def deeds_in(path: Path, room: str) -> list[str]:
    """Every text `room.verb_noun` in a file."""
    texts = [node.value for node in ast.walk(tree(path)) if isinstance(node, ast.Constant)]
    return [text for text in texts if isinstance(text, str) and re.fullmatch(rf"{room}\.[a-z]+(_[a-z]+)*", text)]


def names_of_actions(room: Path) -> set[str]:
    """The public functions of a room's actions."""
    nodes = chain.from_iterable(public(tree(path).body) for path in actions(room))
    return {node.name for node in nodes if isinstance(node, ast.FunctionDef)}


def has_deed(call: ast.Call) -> bool:
    return any(part.arg == "deed" for part in call.keywords)


def test_nothing_is_left_to_do() -> None:
    marks = re.compile(r"\b(" + "|".join(("TO" + "DO", "FIX" + "ME", "X" * 3)) + r")\b")
    files = chain(modules(SRC, ROOT / "tests"), TEMPLATES, typescript())
    assert [path for path in files if marks.search(path.read_text(encoding="utf-8"))] == []


def test_every_test_belongs_to_a_command() -> None:
    """`make test` and `make test-long` read the same folders, the marker `long` decides; other folders have their own target."""
    options = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["pytest"]["ini_options"]
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    alone = {path.parent for path in (ROOT / "tests").glob("*/pytest.ini") if f"{path.relative_to(ROOT)} " in makefile}
    covered = {ROOT / folder for folder in options["testpaths"]} | alone
    assert [path for path in (ROOT / "tests").rglob("test_*.py") if covered.isdisjoint(path.parents)] == []
    inside = next(line.split("=")[1].split() for line in makefile.splitlines() if line.startswith("INSIDE = "))
    assert sorted([*inside, "tests/journeys"]) == sorted(options["testpaths"])
    run = ('"not long" $(INSIDE)', '"not long" tests/journeys', "long $(LONG)", "long $(LONG_JOURNEYS)")
    assert [f"-m {which}\n" in makefile for which in run] == [True] * 4
    # Files with long tests are found by the marker's name, which therefore is written out where it is used.
    assert all(f"'mark\\.long' {where})\n" in makefile for where in ("$(INSIDE)", "tests/journeys"))
    aliased = re.compile(r"from pytest import .*\bmark\b|\bmark = pytest\.mark\b")
    assert [
        path.name
        for path in (ROOT / "tests").rglob("*.py")
        if path != Path(__file__) and aliased.search(path.read_text(encoding="utf-8"))
    ] == []


@pytest.mark.parametrize("path", sorted((ROOT / "tests").rglob("test_kill_*.py")), ids=lambda path: path.stem)
def test_what_kills_processes_is_marked_as_long(path: Path) -> None:
    marks = [ast.unparse(node) for node in tree(path).body if isinstance(node, ast.Assign)]
    assert [mark for mark in marks if mark.startswith("pytestmark =") and "pytest.mark.long" in mark]

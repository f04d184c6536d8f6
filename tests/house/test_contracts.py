"""Every import contract is proved by breaking it: offending imports are written into a copy of the sources, and the linter must
name each of them under its contract. The untouched copy passes.
"""

import configparser
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from itertools import combinations, pairwise, permutations
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LINTER = Path(sys.executable).with_name("lint-imports")
CONFIG = configparser.ConfigParser()
CONFIG.read(ROOT / ".importlinter", encoding="utf-8")


def listed(contract: str, option: str) -> list[str]:
    """The entries of one option of a contract, the signs around them taken off."""
    return re.findall(r"[\w.]+", CONFIG[f"importlinter:contract:{contract}"][option])


def title(contract: str) -> str:
    return CONFIG[f"importlinter:contract:{contract}"]["name"]


LAYERS = listed("house", "layers")
TOPS = ["settings", "urls"]  # side by side: neither is above the other
ROOMS = LAYERS[LAYERS.index("web") + 1 :]
INSIDE = listed("rooms", "layers")
ENGINES = ["blindballot", "honestrank", "ownpostgres"]


def files_of(room: str) -> list[str]:
    """The layers that a room really has, from above to below."""
    folder = ROOT / "src/zhengyou" / room
    return [name for name in INSIDE if (folder / f"{name}.py").exists() or (folder / name).is_dir()]


def house_offences() -> list[tuple[str, str]]:
    """Each layer importing each layer above it."""
    pairs = [(lower, upper) for upper, lower in combinations(LAYERS, 2) if lower not in TOPS]
    return [(f"zhengyou.{lower}", f"zhengyou.{upper}") for lower, upper in pairs]


def room_offences() -> list[tuple[str, str]]:
    """In each room, each file importing each file above it."""
    return [
        (f"zhengyou.{room}.{lower}", f"zhengyou.{room}.{upper}")
        for room in ROOMS
        for upper, lower in combinations(files_of(room), 2)
        if room != "base"
    ]


def strangers_to(door: str) -> list[str]:
    """Everybody of the house who may not open an engine."""
    everybody = [*(f"zhengyou.{room}" for room in ROOMS), "zhengyou.web", "zhengyou.management.commands"]
    allowed = tuple(f"{name}." for name in listed(door, "allowed_importers"))
    return [name for name in everybody if not f"{name}.".startswith(allowed)]


OFFENCES = {
    "house": [
        ("zhengyou.commitments.queries", "zhengyou.polls.models"),
        ("zhengyou.organisations.rules", "zhengyou.identity.rules"),
        ("zhengyou.base.journal", "zhengyou.organisations.models"),
        ("zhengyou.campaigns.actions", "zhengyou.web.shared.clock"),
        *house_offences(),
    ],
    "faces": [
        (f"zhengyou.web.{one}", f"zhengyou.web.{other}")
        for one in ("public", "desk", "office", "issuer", "serving", "shared")
        for other in ("public", "desk", "office", "issuer", "serving")
        if one != other
    ],
    "engines-alone": [(engine, other) for engine in ENGINES for other in ("django", "zhengyou.base")],
    "engines-apart": list(permutations(ENGINES, 2)),
    "box-order": [
        (f"blindballot.{lower}", f"blindballot.{upper}")
        for lower, upper in (
            ("format", "voter"),
            ("format", "box"),
            ("format", "closing"),
            ("format", "verifying"),
            ("voter", "box"),
            ("voter", "closing"),
            ("box", "voter"),
            ("box", "verifying"),
            ("closing", "verifying"),
        )
    ],
    "verifier-alone": [
        (f"blindballot.{module}", f"blindballot.{checked}")
        for module in ("verifying.boardcheck", "__main__")
        for checked in ("box.receiving", "closing.exporting", "voter.voting")
    ],
    "box-door": [(stranger, "blindballot.format.manifest") for stranger in strangers_to("box-door")],
    "rank-order": [
        (f"honestrank.{lower}", f"honestrank.{upper}")
        for lower, upper in pairwise(
            (
                "words",
                "linear",
                "fits",
                "sums",
                "reading",
                "disclosure",
                "estimators",
                "screens",
                "ranks",
                "ranked",
                "comparing",
                "answers",
                "cli",
                "__main__",
            )
        )
    ],
    "rank-readers": [
        (f"honestrank.{solver}", reader)
        for solver in ("estimators.crossed", "ranks.standing", "linear.passes", "sums")
        for reader in ("duckdb", "honestrank.reading.tables")
    ],
    "rank-door": [(stranger, "honestrank.ranks.standing") for stranger in strangers_to("rank-door")],
    "postgres-door": [(stranger, "ownpostgres.cluster") for stranger in strangers_to("postgres-door")],
    "rooms": [("zhengyou.awards.models", "zhengyou.awards.actions"), *room_offences()],
    "computing": [
        ("zhengyou.standings.computing.scoring", "django"),
        ("zhengyou.standings.computing.comparing", "zhengyou.organisations.models"),
    ],
    "second-issuer": [
        (stranger, "zhengyou.issuers.rules")
        for stranger in strangers_to("second-issuer")
        if stranger not in ("zhengyou.issuers", "zhengyou.web")
    ],
}
# Tried in one run of the linter: what offends one of them lies on no way that another of the same row looks at.
TOGETHER = [
    ("box-order", "rank-order"),
    ("box-door", "rank-door", "postgres-door", "second-issuer"),
    ("rooms", "computing"),
]


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sources and the contracts, where they may be spoilt."""
    made = tmp_path_factory.mktemp("contracts")
    shutil.copy(ROOT / ".importlinter", made)
    for package in (ROOT / "src").iterdir():
        if (package / "__init__.py").exists():
            shutil.copytree(package, made / "pristine" / package.name, ignore=_all_but_python)
    return made


def _all_but_python(folder: str, names: list[str]) -> set[str]:
    return {
        name for name in names if name == "__pycache__" or not (name.endswith(".py") or Path(folder, name).is_dir())
    }


@pytest.fixture(scope="module")
def told(copy: Path) -> Callable[[str], dict[str, str]]:
    """What the linter says after a contract's offences, by contract; each contract is tried once."""

    @cache
    def lint(contracts: tuple[str, ...]) -> dict[str, str]:
        return lint_with(copy, [pair for contract in contracts for pair in OFFENCES[contract]])

    return lambda contract: lint(next((row for row in TOGETHER if contract in row), (contract,)))


def lint_with(copy: Path, offences: list[tuple[str, str]], strangers: tuple[str, ...] = ()) -> dict[str, str]:
    """Run the linter over a fresh copy with these imports and these new modules; each broken contract's own section."""
    shutil.rmtree(copy / "src", ignore_errors=True)
    shutil.copytree(copy / "pristine", copy / "src")
    for importer, imported in offences:
        path = copy / "src" / importer.replace(".", "/")
        with (path / "__init__.py" if path.is_dir() else path.with_suffix(".py")).open("a") as file:
            file.write(f"\nimport {imported}\n")
    for stranger in strangers:
        (copy / "src" / stranger).write_text('"""Whatever fits nowhere else."""\n')
    command = [LINTER, "--config", "../.importlinter", "--no-cache", "--no-logo"]
    environment = {"PATH": os.environ["PATH"], "COLUMNS": "300", "NO_COLOR": "1"}
    done = subprocess.run(
        command, cwd=copy / "src", env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    summary, _line, details = done.stdout.partition("Broken contracts")
    broken = [name for name in re.findall(r"^(.+) BROKEN$", summary, re.MULTILINE)]
    assert f"{len(OFFENCES) - len(broken)} kept, {len(broken)} broken" in summary, done.stdout + done.stderr
    assert done.returncode == bool(broken)
    return {name: details.partition(f"\n{name}\n---")[2].partition("\n---")[0] for name in broken}


def test_the_house_as_it_stands_keeps_every_contract(copy: Path) -> None:
    assert lint_with(copy, []) == {}


def test_every_contract_is_tried() -> None:
    assert [f"importlinter:contract:{contract}" for contract in OFFENCES] == CONFIG.sections()[1:]


@pytest.mark.parametrize(
    ("contract", "importer", "imported"),
    [pytest.param(name, *pair, id=f"{name}:{pair[0]}-{pair[1]}") for name, pairs in OFFENCES.items() for pair in pairs],
)
def test_an_import_against_a_contract_breaks_it(
    told: Callable[[str], dict[str, str]], contract: str, importer: str, imported: str
) -> None:
    shown = told(contract).get(title(contract), "the contract was kept")
    assert re.search(rf"\b{re.escape(importer)} -> {re.escape(imported)} \(", shown), shown


def test_a_module_outside_the_plan_breaks_the_exhaustive_contracts(copy: Path) -> None:
    shown = lint_with(copy, [], ("zhengyou/utils.py", "zhengyou/web/helpers.py"))
    assert "zhengyou.utils" in shown[title("house")]
    assert "zhengyou.web.helpers" in shown[title("faces")]
    assert len(shown) == 2

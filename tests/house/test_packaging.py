"""What `packaging/` ships beside the wheel, and the papers at the top: read here; asked of systemd's own checker where it is long."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SYSTEMD = ROOT / "packaging/systemd"
CONTAINER = (ROOT / "packaging/Containerfile").read_text(encoding="utf-8")
SERVICES = ["zhengyou.service", "zhengyou-backup.service"]
# systemd's own figure, of 10: below 2 it says OK. What is left is the network, and code that is compiled while it runs.
EXPOSED_AT_MOST = 1.6
PAPERS = ["LICENSE", "README.md", "README.zh-CN.md", "SECURITY.md", "CONTRIBUTING.md", "CHANGELOG.md"]


def steps(word: str) -> list[str]:
    """What follows a word of the Containerfile's last part, which is what runs."""
    last = CONTAINER.replace("\\\n", " ").rsplit("\nFROM ", 1)[1]
    return re.findall(rf"^{word} (.*)$", last, re.M)


def settings(unit: str) -> dict[str, str]:
    """The lines of a unit; of a repeated one the last."""
    return dict(re.findall(r"^(\w+)=(.*)$", (SYSTEMD / unit).read_text(encoding="utf-8"), re.M))


def test_the_container_is_nobodys_has_one_volume_and_serves() -> None:
    [user], [volume] = steps("USER"), steps("VOLUME")
    assert user not in {"root", "0"}
    assert volume == "/var/lib/zhengyou"
    assert f"ZHENGYOU_HOME={volume}" in steps("ENV")[0]
    assert steps("ENTRYPOINT") == ['["/opt/zhengyou/bin/zhengyou"]']
    assert steps("COPY") == ["--from=building /opt/zhengyou /opt/zhengyou"]  # no sources, no compilers
    assert "RUN make install" in CONTAINER
    assert set((ROOT / ".containerignore").read_text().split()) >= {".venv", "build", "src/zhengyou/static/dist"}
    assert (ROOT / ".dockerignore").read_text() == (ROOT / ".containerignore").read_text()


def test_service_and_container_run_the_same_command() -> None:
    served = settings("zhengyou.service")["ExecStart"]
    [command] = steps("CMD")
    words = re.findall(r'"([^"]+)"', command)
    assert served.split() == ["/opt/zhengyou/bin/zhengyou", *(word.replace("0.0.0.0", "127.0.0.1") for word in words)]


def test_whatever_a_service_is_told_is_a_variable_that_is_documented() -> None:
    running = (ROOT / "docs/running.md").read_text(encoding="utf-8")
    told = re.findall(r"^([A-Z_]+)=", (SYSTEMD / "environment").read_text(), re.M)
    assert told
    assert [name for name in told if f"`{name}`" not in running] == []


def test_every_shipped_file_is_named_where_it_is_explained() -> None:
    running = (ROOT / "docs/running.md").read_text(encoding="utf-8")
    shipped = [
        path
        for path in (ROOT / "packaging").rglob("*")
        if path.is_file() and path.suffix not in {".py", ".toml", ".pyc"}
    ]
    assert [str(path.relative_to(ROOT)) for path in shipped if path.name not in running] == []


def test_the_changelog_is_made_of_the_changes(tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    for name in ("changes", "tools"):
        shutil.copytree(ROOT / name, copy / name)
    subprocess.run((sys.executable, copy / "tools/changelog.py"), check=True)
    made = (copy / "CHANGELOG.md").read_text(encoding="utf-8")
    assert made == (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), "run: make changelog"
    subprocess.run((sys.executable, copy / "tools/changelog.py", "--release", "1.0.0", "2027-01-05"), check=True)
    released = (copy / "CHANGELOG.md").read_text(encoding="utf-8")
    assert released == made.replace("## Not yet released", "## 1.0.0 (2027-01-05)")
    assert list((copy / "changes").glob("[0-9]*-*.md")) == []


@pytest.mark.parametrize("name", PAPERS)
def test_the_papers_lead_to_what_is_there(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    leads = [to.split("#")[0] for to in re.findall(r"\]\(([^)\s]+)\)", text) if "://" not in to]
    assert [to for to in leads if to and not (ROOT / to).exists()] == []


@pytest.mark.long
def test_systemd_finds_its_files_right_and_the_services_little_exposed(tmp_path: Path) -> None:
    analyze = shutil.which("systemd-analyze")
    assert analyze, "install systemd: tools/proxies.sh"
    for path in SYSTEMD.glob("zhengyou*"):
        text = path.read_text().replace("/opt/zhengyou/bin/zhengyou", "/bin/true").replace("=-/etc", "=/etc")
        (tmp_path / path.name).write_text(
            text.replace("User=zhengyou", "User=root").replace("Group=zhengyou", "Group=root")
        )
    units = sorted(tmp_path.iterdir())
    done = subprocess.run((analyze, "verify", *units), capture_output=True, text=True, check=False)
    assert (done.returncode, [line for line in done.stderr.splitlines() if "zhengyou" in line]) == (0, [])
    for unit in SERVICES:
        asked = subprocess.run(
            (analyze, "security", "--offline=true", "--no-pager", SYSTEMD / unit),
            capture_output=True,
            text=True,
            check=False,
        )
        [exposed] = re.findall(r"Overall exposure level for \S+: ([0-9.]+)", asked.stdout + asked.stderr)
        assert float(exposed) <= EXPOSED_AT_MOST, asked.stdout


@pytest.mark.long
def test_where_there_is_no_node_the_locked_one_brings_its_commands(tmp_path: Path) -> None:
    """As `tools/frontend.sh` installs it, in a container for one; both commands are called by name."""
    subprocess.run((sys.executable, "-m", "venv", tmp_path / "place"), check=True)
    programs = tmp_path / "place/bin"
    locked = (programs / "pip", "install", "--quiet", "--require-hashes", "-r", ROOT / "requirements/node.txt")
    subprocess.run(locked, check=True)
    assert "-r requirements/node.txt" in (ROOT / "tools/frontend.sh").read_text(encoding="utf-8")
    for command in ("node", "npm"):
        asked = subprocess.run(
            (command, "--version"), env={"PATH": str(programs)}, capture_output=True, text=True, check=True
        )
        assert re.fullmatch(r"v?\d+\.\d+\.\d+", asked.stdout.strip())


# What is written in two languages says the same in both.

PAIRS = [
    ("README.md", "README.zh-CN.md"),
    ("docs/handbook/README.md", "docs/handbook/README.zh-CN.md"),
    ("docs/approval.md", "docs/approval.zh-CN.md"),
    ("docs/citizens.md", "docs/citizens.zh-CN.md"),
]


def skeleton(path: Path) -> dict[str, list[str]]:
    """What a reader of the other language must find too: levels of headings, commands, pictures, where links lead, rows and items."""
    text = path.read_text(encoding="utf-8").replace("文件夹`", "FOLDER`").replace("文件`", "FILE`")
    blocks = re.findall(r"^```\w*\n(.*?)^```$", text, re.S | re.M)
    plain = re.sub(r"^```.*?^```$", "", text, flags=re.S | re.M)
    leads = [to for to in re.findall(r"\]\(([^)\s#]+)[^)]*\)", plain) if not re.search(r"README[^/]*\.md$", to)]
    return {
        "headings": re.findall(r"^(#+) ", plain, re.M),
        "commands": [line.split("  #")[0].strip() for block in blocks for line in block.splitlines()],
        "typed": sorted(set(re.findall(r"`((?:make|zhengyou|\.venv|python)[^`]*)`", plain)) - {"make"}),
        "pictures": [re.sub(r"-(en|zh)\.png", ".png", to) for to in re.findall(r"!\[[^\]]*\]\(([^)]+)\)", plain)],
        "leads": sorted({re.sub(r"(-(en|zh)\.png|\.zh-CN\.md)$", "", to).removesuffix(".md") for to in leads}),
        "items": re.findall(r"^(?:(\d+)\. |(-) )", plain, re.M),  # type: ignore[dict-item]
        "rows": [str(line.count("|")) for line in plain.splitlines() if line.startswith("|")],
    }


@pytest.mark.parametrize(("english", "chinese"), PAIRS)
def test_both_languages_have_the_same_headings_commands_pictures_and_rows(english: str, chinese: str) -> None:
    assert skeleton(ROOT / english) == skeleton(ROOT / chinese)


@pytest.mark.parametrize("name", [name for pair in PAIRS for name in pair])
def test_every_link_of_a_paper_leads_somewhere(name: str) -> None:
    path = ROOT / name
    leads = [to for to in re.findall(r"\]\(([^)\s#]+)[^)]*\)", path.read_text(encoding="utf-8")) if "://" not in to]
    assert [to for to in leads if not (path.parent / to).exists()] == []


def test_the_pictures_of_the_handbook_are_small_together() -> None:
    pictures = list((ROOT / "docs/handbook/pictures").glob("*.png"))
    assert {path.stem.rsplit("-", 1)[1] for path in pictures} == {"en", "zh"}
    assert sum(path.stat().st_size for path in pictures) <= 1_500_000

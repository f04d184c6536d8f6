"""How fast a ballot over ten units with four grades each is verified, against belenios-tool on a ballot of the same shape.

Both on one core, in seconds of processor time. Only where belenios-tool is installed (Debian: `apt-get install belenios-tool`).
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

from tests.bench.verify_bench import build
from tests.blindballot.records import export

from blindballot.verifying.verifier import verify

TOOL = "belenios-tool"
UNITS = 10
BALLOTS = 100
FEW, MORE = 2, 8
MISSING = f"verify_vs_belenios: {TOOL} is not installed here, so nothing was compared (Debian: apt-get install {TOOL})"


def measure() -> list[dict[str, Any]]:
    """`verify_vs_belenios`: ballots a second and core of each, and their ratio; nothing, said in words, without the tool."""
    if shutil.which(TOOL) is None:
        print(MISSING, flush=True)
        return []
    ours, reference = 1 / seconds_of_ours(), 1 / seconds_of_belenios()
    return [
        {
            "name": "verify_vs_belenios",
            "ours": round(ours),
            "reference": round(reference, 2),
            "ratio": round(ours / reference, 1),
            "unit": "ballots/s",
        }
    ]


def seconds_of_ours() -> float:
    """Processor seconds a ballot of ten slips, of the best of three verifications."""
    made = build(BALLOTS * UNITS, lines=tuple(f"u{number}" for number in range(UNITS)), criteria=("work",))
    with tempfile.TemporaryDirectory() as temporary:
        folder = export(made, Path(temporary))
        best = 0.0
        for _ in range(3):
            start = time.process_time()
            if not verify(folder, processes=1).is_sound:
                raise RuntimeError("the record of the bench does not verify")
            spent = time.process_time() - start
            best = min(best or spent, spent)
    return best / BALLOTS


def seconds_of_belenios() -> float:
    """Processor seconds a ballot: what six ballots more cost, so that starting and the setup do not count."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        election = set_up(folder)
        credentials = (folder / "private_creds.txt").read_text().splitlines()
        spent = {}
        for number, line in enumerate(credentials, 1):
            cast(folder, line.split()[-1])
            if number in (FEW, MORE):
                copy = folder / str(number)
                copy.mkdir()
                shutil.copy(folder / election, copy)
                spent[number] = min(child_seconds(folder, "election", "verify", "--dir", copy.name) for _ in range(3))
    return (spent[MORE] - spent[FEW]) / (MORE - FEW)


def set_up(folder: Path) -> str:
    """An election of ten questions with four answers each, one at most; the name of its archive."""
    uuid = run(folder, "setup", "generate-token").strip()
    group = ("--group", "BELENIOS-2048")
    (folder / "voters.txt").write_text("".join(f"voter{number}@example.com\n" for number in range(MORE)))
    run(folder, "setup", "generate-credentials", "--uuid", uuid, *group, "--file", "voters.txt")
    rename(folder, ".pubcreds", "public_creds.json")
    rename(folder, ".privcreds", "private_creds.txt")
    run(folder, "setup", "generate-trustee-key", *group)
    rename(folder, ".pubkey", "public_keys.jsons")
    run(folder, "setup", "make-trustees")
    answers = ["excellent", "good", "fair", "poor"]
    questions = [{"answers": answers, "min": 0, "max": 1, "question": f"unit {each}"} for each in range(UNITS)]
    people = {"administrator": "office", "credential_authority": "office"}
    template = {"name": "bench", "description": "bench", "questions": questions, **people}
    (folder / "template.json").write_text(json.dumps(template))
    run(folder, "setup", "make-election", "--uuid", uuid, *group, "--template", "template.json")
    run(folder, "archive", "init")
    (folder / "marks.json").write_text(json.dumps([[0, 1, 0, 0]] * UNITS))
    return f"{uuid}.bel"


def cast(folder: Path, credential: str) -> None:
    """One ballot, with its proofs, into the archive."""
    (folder / "credential").write_text(credential)
    ballot = run(folder, "election", "generate-ballot", "--privcred", "credential", "--ballot", "marks.json")
    run(folder, "archive", "add-event", "--type=Ballot", given=ballot)


def rename(folder: Path, ending: str, name: str) -> None:
    next(folder.glob(f"*{ending}")).rename(folder / name)


def run(folder: Path, *arguments: str, given: str = "") -> str:
    """What the tool answers. Raises CalledProcessError if it fails."""
    environment = os.environ | {"BELENIOS_USE_URANDOM": "1"}
    called = subprocess.run(
        [TOOL, *arguments], cwd=folder, input=given, env=environment, capture_output=True, check=True, text=True
    )
    return called.stdout


def child_seconds(folder: Path, *arguments: str) -> float:
    """Processor seconds of one call."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    run(folder, *arguments)
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before


if __name__ == "__main__":
    for result in measure():
        print("{name}: ours {ours}, {unit} of belenios-tool {reference}, ratio {ratio}".format(**result))

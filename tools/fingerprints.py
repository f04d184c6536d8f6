"""Writes SHA256SUMS beside the files of a folder, and says them: whoever fetched one compares with `sha256sum -c SHA256SUMS`."""

import hashlib
import sys
from pathlib import Path

folder = Path(sys.argv[1])
lines = [
    f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}"
    for path in sorted(folder.iterdir())
    if path.name != "SHA256SUMS"
]
(folder / "SHA256SUMS").write_text("\n".join([*lines, ""]))
sys.stdout.write("\n".join([*lines, ""]))

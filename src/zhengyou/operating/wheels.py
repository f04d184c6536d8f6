"""The verifier as one file that anybody installs: `blindballot` by itself, as a wheel made from the sources that run here.

A wheel is a zip of the sources and three lists (Python packaging, "Binary distribution format"). Nothing in it is compressed and
every file has the same date, so the same sources give the same bytes on every machine, and the fingerprint can be compared.
`packaging/blindballot/pyproject.toml` says the same of it to whoever builds with other tools; a test holds the two together.
"""

import base64
import hashlib
import io
import zipfile
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

NAME, VERSION, PYTHON = "blindballot", "0.1.0", ">=3.11"
REQUIRES = ("cryptography>=50", "gmpy2>=2.2", "rfc8785>=0.1.4")
SUMMARY = "Checks and recounts the record of a secret ballot of Zhengyou, offline."
# The earliest date a zip knows. A real one would make other bytes of the same sources.
DATE = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Wheel:
    """A wheel's file name and bytes."""

    name: str
    data: bytes

    @property
    def sha256(self) -> str:
        """The fingerprint of the file."""
        return hashlib.sha256(self.data).hexdigest()


@cache
def verifier() -> Wheel:
    """The wheel of `blindballot`: the same bytes from the same sources. Made once a process."""
    folder = Path(next(iter(_places())))
    files = {
        path.relative_to(folder.parent).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*.py"))
        if "__pycache__" not in path.parts
    }
    return packed(NAME, VERSION, files, metadata=_metadata())


def packed(
    name: str, version: str, files: dict[str, bytes], *, metadata: bytes, more: dict[str, bytes] | None = None
) -> Wheel:
    """A wheel of these files, by their places in it; `more` stands beside its metadata. The same files give the same bytes."""
    about = f"{name}-{version}.dist-info"
    files = files | {f"{about}/METADATA": metadata}
    files[f"{about}/WHEEL"] = b"Wheel-Version: 1.0\nGenerator: zhengyou\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    files |= {f"{about}/{place}": data for place, data in (more or {}).items()}
    listed = [f"{place},sha256={_hash(data)},{len(data)}" for place, data in files.items()]
    files[f"{about}/RECORD"] = "\n".join([*listed, f"{about}/RECORD,,", ""]).encode()
    return Wheel(f"{name}-{version}-py3-none-any.whl", _zipped(files))


def _places() -> list[str]:
    """Where the package lies. It is read as files, not imported."""
    spec = find_spec(NAME)
    return list(spec.submodule_search_locations or ()) if spec else []


def _metadata() -> bytes:
    heads = ["Metadata-Version: 2.1", f"Name: {NAME}", f"Version: {VERSION}", f"Summary: {SUMMARY}"]
    heads += [f"Requires-Python: {PYTHON}", *(f"Requires-Dist: {one}" for one in REQUIRES)]
    return "\n".join([*heads, ""]).encode()


def _hash(data: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()


def _zipped(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, data in files.items():
            entry = zipfile.ZipInfo(name, DATE)
            entry.create_system, entry.external_attr = 3, 0o644 << 16
            archive.writestr(entry, data)
    return out.getvalue()

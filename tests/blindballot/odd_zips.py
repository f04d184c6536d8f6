"""Records as zips, plain and strange: for the fuzzer of the two verifiers."""

from __future__ import annotations

import io
import random
import struct
import warnings
import zipfile
import zlib


def pack_files(files: dict[str, bytes], dice: random.Random) -> tuple[bytes, str]:
    """The files as a zip, plain or strange, and in words what is strange."""
    folder = dice.choice(("", "", "record/", "a/b/", "记录/", "__proto__/"))
    entries = [(folder + name, data) for name, data in files.items()]
    deed = dice.choice(("plain", "plain", "more", "more", "twice", "method", "patched", "bytes", "bytes", "around"))
    if deed == "more":
        more = [
            "__proto__",
            "__proto__",
            "constructor",
            "__MACOSX/._x",
            ".hidden",
            "x/",
            "../x",
            "/x",
            "x\x00",
            "record.sig/",
        ]
        entries.append((dice.choice((folder, "")) + dice.choice(more), b"x"))
    if deed == "twice":
        entries.append(dice.choice(entries))
    method = dice.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED))
    packed = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(packed, "w", method) as archive:
        warnings.simplefilter("ignore")
        for name, data in entries:
            info = zipfile.ZipInfo("x")
            info.filename = name
            own = zipfile.ZIP_BZIP2 if deed == "method" and dice.random() < 0.3 else method
            info.compress_type = own
            archive.writestr(info, data, own)
    data, word = _strange_zip(packed.getvalue(), deed, dice)
    return data, f"zip: {deed} {word} in {folder!r}"


def _strange_zip(data: bytes, deed: str, dice: random.Random) -> tuple[bytes, str]:
    if deed == "around":
        return dice.choice(
            ((b"PK" + data, "before"), (data + b"x", "after"), (data[:-1], "cut"), (data + b"\0" * 22, "zeros"))
        )
    if deed == "bytes":
        # mostly in the list at the end and in the headers, where the meaning is
        near = [place for place in range(len(data)) if data[place : place + 2] == b"PK"]
        place = min(dice.choice(near) + dice.randrange(46), len(data) - 1)
        return data[:place] + bytes([data[place] ^ (1 << dice.randrange(8))]) + data[place + 1 :], f"bit at {place}"
    if deed == "patched":
        place = data.rindex(b"PK\x01\x02")
        field_, value = dice.choice(
            ((8, 1), (8, 1 << 6), (10, 12), (10, 99), (16, 7), (24, 1), (24, 2**32 - 1), (42, 1), (34, 1))
        )
        patched = bytearray(data)
        struct.pack_into("<H" if field_ in (8, 10, 34) else "<I", patched, place + field_, value)
        return bytes(patched), f"{field_} is {value}"
    return data, str(zlib.crc32(data))

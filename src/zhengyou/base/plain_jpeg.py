"""A JPEG as it lies inside a PDF: what its pixels need stays byte for byte, and everything that somebody can read about it leaves.

Photos that come by themselves are drawn anew by `base.photos`; these are not, since a scanned page would lose by it.
"""

START, END, SCAN = 0xD8, 0xD9, 0xDA
FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}
NEEDED = FRAMES | {0xC4, 0xCC, 0xDB, 0xDC, 0xDD, SCAN}  # tables, frame, lines, restarts, scan
SAID = {*range(0xE0, 0xF0), 0xFE}  # of programs and cameras, and comments
JFIF, ADOBE = (0xE0, b"JFIF\0"), (0xEE, b"Adobe")  # by these a program knows the colours


class NotPlain(ValueError):
    """The picture is no JPEG that can be followed from its beginning to its end."""


def plain_jpeg(data: bytes) -> bytes:
    """The same pixels without Exif, place, makers, previews, comments, and what stands behind the end. Raises NotPlain."""
    if data[:2] != bytes((0xFF, START)):
        raise NotPlain
    kept, place = [data[:2]], 2
    while True:
        marker, place = _marker(data, place)
        if marker == END:
            return b"".join([*kept, bytes((0xFF, END))])
        length = int.from_bytes(data[place : place + 2], "big")
        if length < 2 or place + length > len(data) or marker not in NEEDED | SAID:
            raise NotPlain
        body, place = data[place + 2 : place + length], place + length
        if marker in NEEDED:
            kept.append(_segment(marker, body))
        elif told := _of_colours(marker, body):
            kept.append(_segment(marker, told))
        if marker == SCAN:
            end = _end_of_scan(data, place)
            kept.append(data[place:end])
            place = end


def pixels_of(data: bytes) -> int:
    """How many pixels a plain JPEG has. Raises NotPlain where it has no frame."""
    place = 2
    while place + 9 <= len(data):
        marker, length = data[place + 1], int.from_bytes(data[place + 2 : place + 4], "big")
        if marker in FRAMES:
            return int.from_bytes(data[place + 5 : place + 7], "big") * int.from_bytes(
                data[place + 7 : place + 9], "big"
            )
        place += 2 + length
    raise NotPlain


def _marker(data: bytes, place: int) -> tuple[int, int]:
    """The marker at this place, and where what belongs to it begins."""
    if data[place : place + 1] != b"\xff":
        raise NotPlain
    while data[place : place + 1] == b"\xff":  # filled up with as many as the writer liked
        place += 1
    if place >= len(data):
        raise NotPlain
    return data[place], place + 1


def _segment(marker: int, body: bytes) -> bytes:
    return bytes((0xFF, marker)) + (len(body) + 2).to_bytes(2, "big") + body


def _of_colours(marker: int, body: bytes) -> bytes:
    """Of what programs say the two things that tell how colours are meant, without a preview or anything added."""
    if marker == JFIF[0] and body.startswith(JFIF[1]) and len(body) >= 14:
        return body[:12] + b"\0\0"
    if marker == ADOBE[0] and body.startswith(ADOBE[1]) and len(body) >= 12:
        return body[:12]
    return b""


def _end_of_scan(data: bytes, place: int) -> int:
    """Where the next marker stands that is neither a stuffed byte nor a restart. Raises NotPlain where none follows."""
    while True:
        place = data.find(b"\xff", place)
        if place < 0 or place + 1 >= len(data):
            raise NotPlain
        following = data[place + 1]
        if following == 0xFF:
            place += 1
        elif following == 0 or 0xD0 <= following <= 0xD7:
            place += 2
        else:
            return place

"""Pictures as they come from phones and programs, read within a bound of memory and made into one plain small picture.

Metadata is never trusted: only how the camera was held is read from it, and what cannot be read is left out. What is
transparent lies on white. Of a moving picture the first frame is taken. Keeping the outcome is for `base.files`.
"""

import io
import struct
import warnings

from django.utils.translation import gettext_lazy as _
from PIL import Image, UnidentifiedImageError

from zhengyou.base.refusals import Refused

LONGEST_SIDE = 1600
LARGEST_PIXELS = 60_000_000  # of what is unpacked whole: 240 MB
# A JPEG whose parts stand together is read strip by strip at an eighth of its size, so that a camera of 108 million pixels
# costs less memory than a small PNG.
LARGEST_PIXELS_IN_STRIPS = 120_000_000
ORIENTATION = 0x0112
UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
BROKEN = (OSError, SyntaxError, ValueError, TypeError, KeyError, IndexError, OverflowError, EOFError, struct.error)
APPLE = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"avif", b"avis")
START_OF_FRAME, START_OF_SCAN = (0xC0, 0xC1), 0xDA


class NotAPhoto(Refused):
    """The upload is not a picture the product can show."""


def plain_picture(data: bytes) -> Image.Image:
    """The picture upright, flat, in RGB, at most 1,600 pixels long, without anything beside its pixels. Raises NotAPhoto."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of odd metadata; how many pixels there are is looked at here
        source = _opened(data)
        try:
            with source:
                flat = _upright(_flat(_read_small(source)), source)
        except BROKEN as error:
            raise NotAPhoto(
                _(
                    "This photo is not whole: a part of the file is missing or damaged. Choose it again, or take it again."
                ),
                reason="photo.broken",
            ) from error
    flat.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    clean = Image.new("RGB", flat.size)
    clean.paste(flat)
    return clean


def _opened(data: bytes) -> Image.Image:
    """The picture, not unpacked yet, of a kind and size that we read."""
    try:
        source = Image.open(io.BytesIO(data), formats=["JPEG", "PNG", "WEBP"])
    except Image.DecompressionBombError as error:
        raise _too_many(LARGEST_PIXELS) from error
    except (UnidentifiedImageError, *BROKEN) as error:
        raise _not_a_photo(data) from error
    most = LARGEST_PIXELS_IN_STRIPS if _comes_in_strips(data) else LARGEST_PIXELS
    if source.width * source.height > most:
        raise _too_many(most)
    return source


def _too_many(most: int) -> NotAPhoto:
    return NotAPhoto(
        _(
            "This picture is too large: it has more than %(most)d million pixels. Set the camera to a lower resolution, or "
            "send a smaller copy."
        )
        % {"most": most // 1_000_000},
        reason="photo.too-many-pixels",
    )


def _not_whole() -> NotAPhoto:
    return NotAPhoto(
        _("This photo is not whole: a part of the file is missing or damaged. Choose it again, or take it again."),
        reason="photo.broken",
    )


def _not_a_photo(data: bytes) -> NotAPhoto:
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP" and int.from_bytes(data[4:8], "little") + 8 > len(data):
        return _not_whole()
    if data[4:8] == b"ftyp" and data[8:12] in APPLE:
        return NotAPhoto(
            _(
                "This photo is in a form (HEIC) that most browsers cannot show. On an iPhone choose Settings, Camera, Formats, "
                "Most Compatible and take it again, or send a screenshot of it."
            ),
            reason="photo.heic",
        )
    return NotAPhoto(
        _("This file is not a photo we can show. Send a JPEG, PNG or WebP picture."), reason="photo.no-photo"
    )


def _comes_in_strips(data: bytes) -> bool:
    """Whether this is a JPEG whose colours stand together in one scan: only then it is read without holding all of it."""
    place, colours = 2, 0
    while data[:2] == b"\xff\xd8" and data[place : place + 1] == b"\xff" and place + 10 <= len(data):
        marker, length = data[place + 1], int.from_bytes(data[place + 2 : place + 4], "big")
        if marker == START_OF_SCAN:
            return colours > 0 and data[place + 4] == colours
        if marker in START_OF_FRAME:
            colours = data[place + 9]
        place += 2 + length
    return False


def _read_small(source: Image.Image) -> Image.Image:
    """The pixels; of a large JPEG read at a half, a quarter or an eighth, which costs a fraction."""
    shrink = max(source.size) / LONGEST_SIDE
    if shrink > 1:
        source.draft("L" if source.mode == "L" else "RGB", (int(source.width / shrink), int(source.height / shrink)))
        if source.mode in ("RGB", "RGBA", "L", "LA", "CMYK", "YCbCr"):
            source.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    source.load()
    return source


def _flat(picture: Image.Image) -> Image.Image:
    """In RGB. What is transparent lies on white; the brightest of sixteen bits is white too."""
    if picture.mode.startswith("I"):
        picture = picture.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    if "transparency" not in picture.info and "A" not in picture.getbands():
        return picture.convert("RGB")
    picture = picture.convert("RGBA")
    white = Image.new("RGB", picture.size, "white")
    white.paste(picture, mask=picture.getchannel("A"))
    return white


def _upright(picture: Image.Image, source: Image.Image) -> Image.Image:
    """Turned as the camera was held; left as it is where the metadata cannot be read."""
    try:
        turn = UPRIGHT.get(source.getexif().get(ORIENTATION, 1))
    except BROKEN:
        return picture
    return picture.transpose(turn) if turn is not None else picture

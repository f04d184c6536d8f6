"""Photos as phones and programs make them: palettes, transparency, sixteen bits, printers' colours, odd metadata, 108 million pixels."""

import io
import struct
import subprocess
import sys
import zlib

import pytest
from PIL import Image
from tests.cast.refusing import refused

from zhengyou.base.photos import plain_picture

SIZE = (40, 30)
RED, WHITE = (200, 10, 10), (255, 255, 255)
# A grey JPEG of 108 million pixels: after the first block, which is as grey as JPEG begins, each block takes six bits.
WIDE, HIGH = 12_000, 9_000
MEMORY = """
import resource, sys
from zhengyou.base.photos import plain_picture
def most():
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / 1024 if sys.platform == "darwin" else most
data = sys.stdin.buffer.read()
before = most()
picture = plain_picture(data)
print(*picture.size, round((most() - before) / 1024))
"""


def saved(picture: Image.Image, kind: str, **how: object) -> bytes:
    """The picture as a file of this kind."""
    out = io.BytesIO()
    picture.save(out, kind, **how)
    return out.getvalue()


def is_near(found: tuple[int, ...], meant: tuple[int, int, int], by: int = 12) -> bool:
    """Whether two colours look alike: JPEG and printers' colours are never exact."""
    return all(abs(one - other) <= by for one, other in zip(found, meant, strict=True))


def with_exif(data: bytes, exif: bytes) -> bytes:
    """A JPEG with these very bytes as its Exif block."""
    block = b"Exif\0\0" + exif
    return data[:2] + b"\xff\xe1" + struct.pack(">H", len(block) + 2) + block + data[2:]


def test_a_palette_with_one_transparent_colour_lies_on_white() -> None:
    picture = Image.new("P", SIZE, 0)
    picture.putpalette([0, 0, 0, *RED])
    picture.paste(1, (0, 0, 20, 30))
    plain = plain_picture(saved(picture, "PNG", transparency=0))
    assert (plain.getpixel((5, 5)), plain.getpixel((35, 5))) == (RED, WHITE)


def test_a_palette_with_half_transparent_colours_lies_on_white() -> None:
    picture = Image.new("P", SIZE, 0)
    picture.putpalette([*RED, *RED])
    picture.paste(1, (20, 0, 40, 30))
    plain = plain_picture(saved(picture, "PNG", transparency=bytes([255, 0])))
    assert (plain.getpixel((5, 5)), plain.getpixel((35, 5))) == (RED, WHITE)


@pytest.mark.parametrize(("mode", "clear"), [("RGBA", (0, 0, 0, 0)), ("LA", (0, 0))])
@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_what_is_transparent_is_white_and_not_black(mode: str, clear: tuple[int, ...], kind: str) -> None:
    assert plain_picture(saved(Image.new(mode, SIZE, clear), kind)).getpixel((5, 5)) == WHITE


def test_one_transparent_colour_of_a_picture_without_a_palette_is_white() -> None:
    plain = plain_picture(saved(Image.new("RGB", SIZE, (0, 255, 0)), "PNG", transparency=(0, 255, 0)))
    assert plain.getpixel((5, 5)) == WHITE


@pytest.mark.parametrize(("value", "meant"), [(0, 0), (32_768, 128), (65_535, 255)])
def test_sixteen_bits_of_grey_keep_their_shade(value: int, meant: int) -> None:
    plain = plain_picture(saved(Image.new("I;16", SIZE, value), "PNG"))
    assert is_near(plain.getpixel((5, 5)), (meant, meant, meant), by=1)  # type: ignore[arg-type]


def test_sixteen_bits_of_colour_keep_their_colour() -> None:
    pixels = b"".join(b"\0" + struct.pack(">HHH", 51_400, 2_570, 2_570) * 40 for _row in range(30))
    head = struct.pack(">IIBBBBB", *SIZE, 16, 2, 0, 0, 0)
    chunks = [(b"IHDR", head), (b"IDAT", zlib.compress(pixels)), (b"IEND", b"")]
    data = b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body)) for name, body in chunks
    )
    assert is_near(plain_picture(data).getpixel((5, 5)), RED, by=1)  # type: ignore[arg-type]


def test_printers_colours_become_those_of_screens() -> None:
    plain = plain_picture(saved(Image.new("CMYK", SIZE, (0, 255, 255, 0)), "JPEG", quality=95))
    assert is_near(plain.getpixel((5, 5)), (255, 0, 0))  # type: ignore[arg-type]


@pytest.mark.parametrize("turn", range(1, 9))
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_the_picture_stands_as_the_camera_was_held(turn: int, kind: str) -> None:
    exif = Image.Exif()
    exif[0x0112] = turn
    plain = plain_picture(saved(Image.new("RGB", SIZE, RED), kind, exif=exif.tobytes()))
    assert plain.size == (SIZE if turn < 5 else SIZE[::-1])


@pytest.mark.parametrize(
    "exif",
    [
        b"",
        b"II*\0",
        b"II*\0\xff\xff\xff\xff",
        b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\xff\xff\0\0\0\0\0\0",
        b"II*\0\x08\0\0\0\xff\xff" + b"\x12\x01\x02\0\xff\xff\xff\x7f\0\0\0\x01" * 9,
        b"\xff" * 200,
    ],
)
def test_odd_metadata_is_left_out_and_the_picture_taken(exif: bytes) -> None:
    plain = plain_picture(with_exif(saved(Image.new("RGB", SIZE, RED), "JPEG"), exif))
    assert (plain.size, is_near(plain.getpixel((5, 5)), RED)) == (SIZE, True)  # type: ignore[arg-type]


def test_a_picture_that_calls_itself_several_and_holds_one_is_taken() -> None:
    data = saved(Image.new("RGB", SIZE, RED), "JPEG")
    block = b"MPF\0II*\0\x08\0\0\0\x01\0\x01\xb0\x04\0\x01\0\0\0\x02\0\0\0\0\0\0\0"
    odd = data[:2] + b"\xff\xe2" + struct.pack(">H", len(block) + 2) + block + data[2:]
    assert plain_picture(odd).size == SIZE


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_of_a_moving_picture_the_first_frame_is_taken(kind: str) -> None:
    frames = [Image.new("RGB", SIZE, colour) for colour in (RED, (0, 0, 200))]
    plain = plain_picture(saved(frames[0], kind, save_all=True, append_images=frames[1:], duration=100, lossless=True))
    assert is_near(plain.getpixel((5, 5)), RED)  # type: ignore[arg-type]


@pytest.mark.parametrize("brand", [b"heic", b"mif1", b"avif"])
def test_what_iphones_keep_is_refused_with_what_to_do(brand: bytes) -> None:
    with refused("photo.heic") as caught:
        plain_picture(b"\0\0\0\x18ftyp" + brand + b"\0" * 400)
    assert "Most Compatible" in str(caught.value)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_half_a_file_is_called_half_a_file(kind: str) -> None:
    noise = Image.effect_noise((300, 300), 80)
    data = saved(noise, kind)
    with refused("photo.broken"):
        plain_picture(data[: len(data) // 2])


def large_grey_jpeg(*, is_progressive: bool = False) -> bytes:
    """12,000 by 9,000 grey pixels in a megabyte, written by hand: unpacked whole they take 108 MB and more."""
    small = saved(Image.new("L", (8, 8), 128), "JPEG", progressive=is_progressive)
    frame = small.index(b"\xff\xc2" if is_progressive else b"\xff\xc0")
    sized = small[: frame + 5] + struct.pack(">HH", HIGH, WIDE) + small[frame + 9 :]
    scan = sized.index(b"\xff\xda")
    begin = scan + 2 + int.from_bytes(sized[scan + 2 : scan + 4], "big")
    blocks = (WIDE // 8) * (HIGH // 8)
    return sized[:begin] + b"\x28\xa2\x8a" * (blocks // 4) + b"\xff\xd9"


def test_a_camera_of_108_million_pixels_is_read_in_little_memory() -> None:
    command = [sys.executable, "-c", MEMORY]
    done = subprocess.run(command, input=large_grey_jpeg(), capture_output=True, check=True, timeout=60)
    width, height, megabytes = (int(word) for word in done.stdout.split())
    assert (width, height) == (1600, 1200)
    assert megabytes < 60


def test_as_many_pixels_that_must_be_held_whole_are_refused_before() -> None:
    with refused("photo.too-many-pixels"):
        plain_picture(large_grey_jpeg(is_progressive=True))


def test_more_pixels_than_that_are_refused_whatever_they_are() -> None:
    data = large_grey_jpeg()
    frame = data.index(b"\xff\xc0")
    with refused("photo.too-many-pixels"):
        plain_picture(data[: frame + 5] + struct.pack(">HH", 11_000, 12_000) + data[frame + 9 :])

"""Photos from outside are hostile: checked, stripped, made small."""

import io
from contextlib import contextmanager

import pytest
from django.db import connection
from PIL import Image
from tests.cast import district as cast
from tests.cast.refusing import refused

from zhengyou.base import locks
from zhengyou.base.files import MOST_AT_ONCE, path_of, store_photo
from zhengyou.base.photos import NotAPhoto

pytestmark = pytest.mark.django_db


def picture(kind="JPEG", size=(40, 30), **save):
    out = io.BytesIO()
    Image.new("RGB", size, (200, 10, 10)).save(out, kind, **save)
    return out.getvalue()


def test_place_and_device_do_not_survive():
    exif = Image.Exif()
    exif[0x010F] = "SECRET-PHONE"
    exif[0x8825] = {1: "N", 2: (27.0, 33.0, 12.0)}
    data = picture(exif=exif.tobytes(), comment=b"SECRET-COMMENT")
    assert b"SECRET-PHONE" in data
    kept = path_of(store_photo(data, at=cast.NOW).digest).read_bytes()
    assert b"SECRET" not in kept
    assert not Image.open(io.BytesIO(kept)).getexif()


def test_a_sideways_photo_is_turned_upright_and_a_large_one_made_small():
    exif = Image.Exif()
    exif[0x0112] = 6
    stored = store_photo(picture(size=(3000, 2000), exif=exif.tobytes()), at=cast.NOW)
    assert (stored.width, stored.height) == (1067, 1600)


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "JPEG"])
def test_the_same_photo_twice_is_one_file(kind):
    first, second = (store_photo(picture(kind), at=cast.NOW) for _time in range(2))
    assert first == second
    assert path_of(first.digest).read_bytes()[:3] == b"\xff\xd8\xff"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"%PDF-1.7 not a photo",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        picture()[:300],
        b"\x89PNG\r\n\x1a\n" + b"\0" * 100,
        picture("GIF"),
    ],
)
def test_what_is_not_a_photo_is_refused_in_words_and_leaves_nothing(data, settings):
    with pytest.raises(NotAPhoto, match="photo"):
        store_photo(data, at=cast.NOW)
    assert not settings.FILES.exists()


def test_a_picture_with_too_many_pixels_is_refused_before_it_is_unpacked():
    out = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(out, "PNG")
    assert len(out.getvalue()) < 100_000
    with pytest.raises(NotAPhoto):
        store_photo(out.getvalue(), at=cast.NOW)


def test_a_picture_that_is_too_large_is_called_too_large_whatever_its_size():
    for side in (8_000, 10_000, 20_000):
        out = io.BytesIO()
        Image.new("1", (side, side)).save(out, "PNG")
        with refused("photo.too-many-pixels") as caught:
            store_photo(out.getvalue(), at=cast.NOW)
        assert "larger than" not in str(caught.value)
        assert "60 million pixels" in str(caught.value)


def test_photos_are_made_small_one_at_a_time_and_only_a_few_wait():
    with at_the_head_of_the_queue(MOST_AT_ONCE), refused("photo.too-many-at-once"):
        store_photo(picture(), at=cast.NOW)
    assert store_photo(picture(), at=cast.NOW).width == 40


@contextmanager
def at_the_head_of_the_queue(count):
    """Others, each on a connection of its own, who have taken all places of the queue."""
    others = [connection.copy() for _one in range(count)]
    try:
        for n, other in enumerate(others):
            with other.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_lock(hashtextextended(%s, 0))", [f"{locks.PHOTO} queue:{n}"])
        yield
    finally:
        for other in others:
            with other.cursor() as cursor:  # a closed connection gives its locks back a moment later
                cursor.execute("SELECT pg_advisory_unlock_all()")
            other.close()


def test_a_photo_that_is_none_keeps_no_place_in_the_queue():
    for _time in range(MOST_AT_ONCE + 1):
        with refused("photo.no-photo"):
            store_photo(b"\x89PNG\r\n\x1a\n" + b"\0" * 100, at=cast.NOW)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()")
        assert cursor.fetchone() == (0,)

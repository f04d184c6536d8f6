"""Photos as the product keeps them: checked, turned upright, made small, stripped of place and device, named by their hash."""

import hashlib
import io
import os
import secrets
import warnings
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps, UnidentifiedImageError

from zhengyou.base import locks
from zhengyou.base.models import StoredFile
from zhengyou.base.refusals import Refused

LARGEST_UPLOAD = 12 * 1024 * 1024
LARGEST_PIXELS = 60_000_000
LONGEST_SIDE = 1600
MOST_AT_ONCE = (
    6  # that wait for their turn or are being made small; each takes a third of a second on the machine we have in mind
)


class NotAPhoto(Refused):
    """The upload is not a picture the product can show."""


def store_photo(data: bytes, *, at: datetime) -> StoredFile:
    """Keep a photo as JPEG without metadata and return its register entry; the same photo twice gives the same entry.

    One photo at a time is made small, and a few wait for it. Raises NotAPhoto for anything that is not a JPEG, PNG or WebP
    picture of reasonable size, and where too many come at this moment.
    """
    if len(data) > LARGEST_UPLOAD:
        raise NotAPhoto(
            _("This photo is larger than 12 MB. Take it at a lower quality and send it again."),
            reason="photo.too-large",
        )
    kept, picture = _made_small(data)
    digest = hashlib.sha256(kept).hexdigest()
    _write_once(path_of(digest), kept)
    stored, _created = StoredFile.objects.get_or_create(
        digest=digest,
        defaults={
            "media_type": "image/jpeg",
            "size": len(kept),
            "width": picture.width,
            "height": picture.height,
            "stored_at": at,
        },
    )
    return stored


def _made_small(data: bytes) -> tuple[bytes, Image.Image]:
    """The photo as it is kept, and its picture; in turn with others, because it takes a whole processor."""
    with locks.in_turn(locks.PHOTO, MOST_AT_ONCE) as is_turn:
        if not is_turn:
            raise NotAPhoto(
                _(
                    "Many photos come at this moment, and yours was not taken. Choose it again in a minute and send it again."
                ),
                reason="photo.too-many-at-once",
            )
        picture, out = _opened(data), io.BytesIO()
        picture.save(out, "JPEG", quality=82, optimize=True)
    return out.getvalue(), picture


def path_of(digest: str) -> Path:
    """Where the file with this hash lies."""
    return Path(settings.FILES) / digest[:2] / digest


def _opened(data: bytes) -> Image.Image:
    refusal = NotAPhoto(
        _("This file is not a photo we can show. Send a JPEG, PNG or WebP picture."), reason="photo.no-photo"
    )
    too_many = NotAPhoto(
        _(
            "This picture is too large: it has more than %(most)d million pixels. Set the camera to a lower resolution, or "
            "send a smaller copy."
        )
        % {"most": LARGEST_PIXELS // 1_000_000},
        reason="photo.too-many-pixels",
    )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            with Image.open(io.BytesIO(data), formats=["JPEG", "PNG", "WEBP"]) as source:
                if source.width * source.height > LARGEST_PIXELS:
                    raise too_many
                _read_small(source)
                upright = ImageOps.exif_transpose(source) or source
                flat = upright.convert("RGB")
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise too_many from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Warning) as error:
        raise refusal from error
    flat.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    clean = Image.new("RGB", flat.size)
    clean.paste(flat)
    return clean


def _read_small(source: Image.Image) -> None:
    """Have a large JPEG read at a half, a quarter or an eighth, which costs a fraction; it is made smaller still afterwards."""
    shrink = max(source.size) / LONGEST_SIDE
    if shrink > 1:
        source.draft("RGB", (int(source.width / shrink), int(source.height / shrink)))
        source.thumbnail((LONGEST_SIDE, LONGEST_SIDE))


def _write_once(path: Path, data: bytes) -> None:
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    new.write_bytes(data)
    os.replace(new, path)

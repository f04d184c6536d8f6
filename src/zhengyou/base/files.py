"""Photos and papers as the product keeps them: made plain by `base.photos` and `base.papers`, named by their hash, kept once."""

import hashlib
import io
import os
import secrets
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from PIL import Image

from zhengyou.base import locks
from zhengyou.base.models import StoredFile
from zhengyou.base.papers import NotAPaper, plain_paper
from zhengyou.base.photos import NotAPhoto, plain_picture

LARGEST_UPLOAD = 12 * 1024 * 1024
MOST_AT_ONCE = (
    6  # that wait for their turn or are being made small; each takes a third of a second on the machine we have in mind
)


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


def store_paper(data: bytes, *, at: datetime) -> StoredFile:
    """Keep a PDF with its pages only and return its register entry; the same paper twice gives the same entry.

    Raises NotAPaper for anything that holds more than pages, is locked or broken, and where too many come at this moment.
    """
    if len(data) > LARGEST_UPLOAD:
        raise NotAPaper(_("This PDF is larger than 12 MB. Send a smaller copy."), reason="paper.too-large")
    with locks.in_turn(locks.PHOTO, MOST_AT_ONCE) as is_turn:
        if not is_turn:
            raise NotAPaper(
                _("Many files come at this moment, and yours was not taken. Choose it again in a minute."),
                reason="paper.too-many-at-once",
            )
        kept = plain_paper(data)
    digest = hashlib.sha256(kept).hexdigest()
    _write_once(path_of(digest), kept)
    facts = {"media_type": "application/pdf", "size": len(kept), "stored_at": at}
    stored, _created = StoredFile.objects.get_or_create(digest=digest, defaults=facts)
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
        picture, out = plain_picture(data), io.BytesIO()
        picture.save(out, "JPEG", quality=82, optimize=True)
    return out.getvalue(), picture


def path_of(digest: str) -> Path:
    """Where the file with this hash lies."""
    return Path(settings.FILES) / digest[:2] / digest


def _write_once(path: Path, data: bytes) -> None:
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    new.write_bytes(data)
    os.replace(new, path)

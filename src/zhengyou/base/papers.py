"""PDF files as they come from offices: read with qpdf (pikepdf), refused if they hold anything but pages, made plain.

What a page shows stays as it is; who made it and with what, where its photos were taken, notes, forms and links leave.
Twice it is looked at for what unpacks to too much: as bytes before the library sees it, and as objects. Keeping is for `base.files`.
"""

import io
import re
import zlib
from collections.abc import Iterator
from itertools import accumulate
from typing import Any

from django.utils.translation import gettext_lazy as _

from zhengyou.base.plain_jpeg import pixels_of, plain_jpeg
from zhengyou.base.refusals import Refused

MOST_PAGES = 60  # a report with its annexes; more is an archive
MOST_OBJECTS = 20_000  # a scanned page has five, a page set by an office program about fifty
LARGEST_UNPACKED = 64 * 1024 * 1024  # of one part: a page scanned at 600 dpi in grey has 33 MB
LARGEST_TOGETHER = 512 * 1024 * 1024
MOST_PIXELS = 64_000_000  # of one picture: a page scanned at 600 dpi has 35 million; in black and white more, which take an eighth
MOST_DOTS = 8 * MOST_PIXELS
STEP, LARGEST_STEP = 64 * 1024, 1024 * 1024
BEGINS = re.compile(rb"(?<!end)stream[\0\t\n\f\r ]*")  # what is packed begins with none of these
HIDDEN_SIGN = re.compile(rb"#([0-9A-Fa-f]{2})")  # a letter of a name, written as its number
RARE_PACKING = re.compile(rb"/(ASCII85Decode|A85|ASCIIHexDecode|AHx|RunLengthDecode|LZWDecode|LZW|Crypt)\b")
OBJECTS_BEGIN = re.compile(
    rb"(?:[\0\t\n\f\r ]|%[^\n\r]*[\n\r])*[0-9]"
)  # a part full of objects begins with their numbers
LONGEST_RARE = 64  # signs of such a name, each written as a number
PICTURE_IN_TEXT = re.compile(
    rb"/(DCTDecode|DCT|JPXDecode)\b"
)  # a photo written into the text of a page, with what it says
FLATE, PHOTO = "/FlateDecode", "/DCTDecode"
SHORT_NAMES = {"/Fl": FLATE, "/DCT": PHOTO, "/CCF": "/CCITTFaxDecode"}
PACKINGS = {(), (FLATE,), (PHOTO,), (FLATE, PHOTO), ("/CCITTFaxDecode",), ("/JBIG2Decode",)}
RUNS = {"/JavaScript", "/Launch", "/ImportData", "/SubmitForm", "/GoToR", "/GoToE", "/Rendition", "/Movie", "/Sound"}
SCRIPTS = {"/JS", "/JavaScript", "/AA", "/XFA", "/RichMediaContent", "/RichMediaSettings"}
CARRIES = {"/EmbeddedFiles", "/EF", "/AF"}
LEAVES_ROOT = ("/Metadata", "/Names", "/AcroForm", "/OpenAction", "/AA", "/PieceInfo", "/Outlines", "/Collection")
LEAVES_ANYWHERE = ("/Metadata", "/PieceInfo", "/LastModified", "/Thumb", "/Annots")


class NotAPaper(Refused):
    """The upload is not a PDF that the product can show to everybody."""


def plain_paper(data: bytes) -> bytes:
    """The PDF with its pages only. Raises NotAPaper for what is locked, broken, too large, or holds scripts or files."""
    import pikepdf  # here: its library is loaded only where somebody sends a paper

    if not data.lstrip().startswith(b"%PDF-"):
        raise NotAPaper(_("This file is no PDF. Send a PDF, or a photo instead."), reason="paper.no-pdf")
    _check_packing(data)
    _bound(pikepdf.settings)
    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            _check_opens_freely(pdf)
            _check_size(pdf)
            together = 0
            for one in pdf.objects:
                _check_object(one)
                if isinstance(one, pikepdf.Stream):
                    together += _made_plain(one)
                    _check_together(together)
            return _saved_plain(pdf)
    except pikepdf.PasswordError as error:
        raise _locked() from error
    except (pikepdf.PdfError, ValueError, TypeError, KeyError, RuntimeError, RecursionError, OverflowError) as error:
        raise NotAPaper(
            _("This PDF is not whole, or no program can read it. Print it to a new PDF and send that."),
            reason="paper.broken",
        ) from error


def _bound(settings: Any) -> None:
    """What the library itself unpacks at most; these bounds are those of the process."""
    settings.set_qpdf_limits(
        max_stream_filters=1,
        flate_max_memory=LARGEST_UNPACKED,
        png_max_memory=LARGEST_UNPACKED,
        tiff_max_memory=LARGEST_UNPACKED,
        run_length_max_memory=LARGEST_UNPACKED,
    )


def _check_packing(data: bytes) -> None:
    """Before the library unpacks anything: each packed part, unpacked no further than the limit, wherever it stands and however
    often it is packed. A rare packing is looked for in the unpacked parts too, since what one part says may stand in another.
    """
    _check_names(data)
    together = 0
    for match in BEGINS.finditer(data):
        together += _unpacked(memoryview(data)[match.end() :])
        _check_together(together)


def _check_names(data: bytes, names: re.Pattern[bytes] = RARE_PACKING) -> None:
    if names.search(HIDDEN_SIGN.sub(lambda match: bytes([int(match[1], 16)]), data)):
        raise _odd()


def _check_together(size: int) -> None:
    if size > LARGEST_TOGETHER:
        raise _bomb()


def _unpacked(packed: memoryview) -> int:
    """How many bytes come out of it; what is not packed like this gives none. Raises NotAPaper past the limit, for what unpacks once
    more to much, and for rare packings named among the objects that it holds.
    """
    size, tail, holds_objects = 0, b"", False
    for part in _parts(packed):
        if not size:
            holds_objects = OBJECTS_BEGIN.match(part) is not None
            if _is_longer(memoryview(part), LARGEST_STEP):
                raise _bomb()
        size += len(part)
        if size > LARGEST_UNPACKED:
            raise _bomb()
        if holds_objects:
            _check_names(tail + part)
            tail = part[-LONGEST_RARE:]
    return size


def _is_longer(packed: memoryview, most: int) -> bool:
    return any(size > most for size in accumulate(len(part) for part in _parts(packed)))


def _parts(packed: memoryview) -> Iterator[bytes]:
    """What comes out, in steps; nothing more where it is not packed like this, or damaged: a reader shows what came until there."""
    unpacking, left, place = zlib.decompressobj(), bytes(packed[:STEP]), STEP
    try:
        while left and not unpacking.eof:
            yield unpacking.decompress(left, LARGEST_STEP)
            left = unpacking.unconsumed_tail
            if not left:
                left, place = bytes(packed[place : place + STEP]), place + STEP
    except zlib.error:
        return


def _made_plain(stream: Any) -> int:
    """A part as the library has read it: packed in one of the usual ways, within the limits, and of a photo the pixels alone. How
    many bytes come out of it. Raises NotAPaper.
    """
    filters = _filters_of(stream)
    if filters not in PACKINGS or "/F" in stream:
        raise _odd()
    raw = stream.read_raw_bytes()
    if int(stream.get("/Width", 0)) * int(stream.get("/Height", 0)) > MOST_DOTS:
        raise _bomb()
    if PHOTO in filters:
        _keep_pixels(stream, _whole(raw) if FLATE in filters else raw)
        return len(raw)
    text = _whole(raw) if filters == (FLATE,) else raw
    if str(stream.get("/Subtype", "")) != "/Image" and str(stream.get("/Type", "")) not in ("/ObjStm", "/XRef"):
        _check_names(text, PICTURE_IN_TEXT)
    return len(text)


def _filters_of(stream: Any) -> tuple[str, ...]:
    import pikepdf

    said = stream.get("/Filter", None)
    names = [] if said is None else list(said) if isinstance(said, pikepdf.Array) else [said]
    return tuple(SHORT_NAMES.get(str(name), str(name)) for name in names)


def _whole(packed: bytes) -> bytes:
    """All that comes out. Raises NotAPaper past the limit."""
    out = bytearray()
    for part in _parts(memoryview(packed)):
        out += part
        if len(out) > LARGEST_UNPACKED:
            raise _bomb()
    return bytes(out)


def _keep_pixels(stream: Any, photo: bytes) -> None:
    import pikepdf

    plain = plain_jpeg(photo)
    if pixels_of(plain) > MOST_PIXELS:
        raise _bomb()
    parms = stream.get("/DecodeParms", None)
    last = parms[len(parms) - 1] if isinstance(parms, pikepdf.Array) and len(parms) else parms
    stream.write(plain, filter=pikepdf.Name(PHOTO), decode_parms=last if isinstance(last, pikepdf.Dictionary) else None)


def _check_opens_freely(pdf: Any) -> None:
    if pdf.is_encrypted:
        raise _locked()


def _check_size(pdf: Any) -> None:
    if len(pdf.objects) > MOST_OBJECTS:
        raise _bomb()
    pages = len(pdf.pages)
    if not 0 < pages <= MOST_PAGES:
        raise NotAPaper(
            _("This PDF has %(count)d pages. Send one with 1 to %(most)d.") % {"count": pages, "most": MOST_PAGES},
            reason="paper.too-many-pages",
        )


def _check_object(one: Any) -> None:
    import pikepdf

    if isinstance(one, pikepdf.Dictionary | pikepdf.Stream):
        _check_is_still(one)
    elif isinstance(one, pikepdf.Array):
        _check_parts(one, 0)


def _check_is_still(one: Any, depth: int = 0) -> None:
    """Neither it nor what is written inside it, without a number of its own, does anything when it is opened."""
    names = set(one.keys())
    if names & SCRIPTS or str(one.get("/S", "")) in RUNS or str(one.get("/Subtype", "")) == "/RichMedia":
        raise NotAPaper(
            _(
                "This PDF holds a script or an order to open something, which is not taken. "
                "Print it to a new PDF, which has pages only, and send that."
            ),
            reason="paper.runs-something",
        )
    if names & CARRIES or str(one.get("/Type", "")) == "/EmbeddedFile":
        raise NotAPaper(
            _("This PDF carries other files inside. Print it to a new PDF, which has pages only, and send that."),
            reason="paper.carries-files",
        )
    _check_parts([one[name] for name in names], depth)


def _check_parts(parts: Any, depth: int) -> None:
    import pikepdf

    if depth > 20:
        raise _bomb()
    for part in parts:
        if getattr(part, "is_indirect", False):
            continue  # stands in the list of objects by itself
        if isinstance(part, pikepdf.Dictionary):
            _check_is_still(part, depth + 1)
        elif isinstance(part, pikepdf.Array):
            _check_parts(part, depth + 1)


def _saved_plain(pdf: Any) -> bytes:
    """A new file with these pages: nothing of who made it, no notes, no links, no form."""
    for name in LEAVES_ROOT:
        if name in pdf.Root:
            del pdf.Root[name]
    for page in pdf.pages:
        for name in LEAVES_ANYWHERE:
            if name in page.obj:
                del page.obj[name]
    _forget_makers(pdf)
    pdf.remove_unreferenced_resources()
    out = io.BytesIO()
    pdf.save(out, fix_metadata_version=False, deterministic_id=True)
    return out.getvalue()


def _forget_makers(pdf: Any) -> None:
    import pikepdf

    if "/Info" in pdf.trailer:
        del pdf.trailer["/Info"]
    for one in pdf.objects:
        if isinstance(one, pikepdf.Dictionary | pikepdf.Stream):
            for name in ("/Metadata", "/PieceInfo", "/LastModified"):
                if name in one:
                    del one[name]


def _bomb() -> NotAPaper:
    return NotAPaper(
        _("This PDF unpacks to far more than it seems, and was not taken. Print it to a new PDF and send that."),
        reason="paper.bomb",
    )


def _odd() -> NotAPaper:
    return NotAPaper(
        _("This PDF is packed in an old or unusual way. Print it to a new PDF and send that."),
        reason="paper.odd-packing",
    )


def _locked() -> NotAPaper:
    return NotAPaper(
        _("This PDF is locked with a password. Everybody must be able to read it: send it without one."),
        reason="paper.locked",
    )

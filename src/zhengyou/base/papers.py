"""PDF files as they come from offices: read with qpdf (pikepdf), refused if they hold anything but pages, made plain.

What a page shows stays as it is; who made it and with what, notes, forms and links leave. Keeping is for `base.files`.
"""

import io
import re
import zlib
from typing import Any

from django.utils.translation import gettext_lazy as _

from zhengyou.base.refusals import Refused

MOST_PAGES = 60  # a report with its annexes; more is an archive
MOST_OBJECTS = 20_000  # a scanned page has five, a page set by an office program about fifty
LARGEST_UNPACKED = 64 * 1024 * 1024  # of one part: a page scanned at 600 dpi in grey has 33 MB
LARGEST_TOGETHER = 512 * 1024 * 1024
STEP, LARGEST_STEP = 64 * 1024, 1024 * 1024
BEGINS = re.compile(rb"(?<!end)stream\r?\n")
HIDDEN_SIGN = re.compile(rb"#([0-9A-Fa-f]{2})")  # a letter of a name, written as its number
RARE_PACKING = re.compile(
    rb"/(ASCII85Decode|A85|ASCIIHexDecode|AHx|RunLengthDecode|LZWDecode|LZW|Crypt)\b"
    rb"|/(FlateDecode|Fl)\s*/(FlateDecode|Fl)\b"
)
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
    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            _check_opens_freely(pdf)
            _check_size(pdf)
            for one in pdf.objects:
                _check_object(one)
            return _saved_plain(pdf)
    except pikepdf.PasswordError as error:
        raise _locked() from error
    except (pikepdf.PdfError, ValueError, TypeError, KeyError, RuntimeError, RecursionError, OverflowError) as error:
        raise NotAPaper(
            _("This PDF is not whole, or no program can read it. Print it to a new PDF and send that."),
            reason="paper.broken",
        ) from error


def _check_packing(data: bytes) -> None:
    """Before the library unpacks anything: each packed part, unpacked no further than the limit, wherever it stands."""
    spelled_out = HIDDEN_SIGN.sub(lambda match: bytes([int(match[1], 16)]), data)
    if RARE_PACKING.search(spelled_out):
        raise NotAPaper(
            _("This PDF is packed in an old or unusual way. Print it to a new PDF and send that."),
            reason="paper.odd-packing",
        )
    together = 0
    for match in BEGINS.finditer(data):
        together += _unpacked(memoryview(data)[match.end() :])
        if together > LARGEST_TOGETHER:
            raise _bomb()


def _unpacked(packed: memoryview) -> int:
    """How many bytes come out of it; what is not packed like this gives none. Raises NotAPaper past the limit."""
    unpacking, size, left = zlib.decompressobj(), 0, bytes(packed[:STEP])
    place = STEP
    try:
        while left:
            size += len(unpacking.decompress(left, LARGEST_STEP))
            if size > LARGEST_UNPACKED:
                raise _bomb()
            if unpacking.eof:
                break
            left = unpacking.unconsumed_tail
            if not left:
                left, place = bytes(packed[place : place + STEP]), place + STEP
    except zlib.error:
        pass  # the end of a part that is not packed, or damaged: a reader shows what came until here
    return size


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


def _locked() -> NotAPaper:
    return NotAPaper(
        _("This PDF is locked with a password. Everybody must be able to read it: send it without one."),
        reason="paper.locked",
    )

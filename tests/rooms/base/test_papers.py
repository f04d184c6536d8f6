"""What PDF files may be: pages and nothing else, that unpack to what a reader bears, with photos that tell nothing of their makers."""

import io
import zlib

import pikepdf
import pytest
from PIL import Image
from tests.cast.refusing import refused

from zhengyou.base.papers import plain_paper

Dictionary, Name = pikepdf.Dictionary, pikepdf.Name
MUCH = bytes(80_000_000)


def pdf(change=lambda made: None, pages=1, **saving) -> bytes:
    """A small PDF, changed before it is saved."""
    made = pikepdf.new()
    for _page in range(pages):
        made.add_blank_page(page_size=(200, 200))
    change(made)
    out = io.BytesIO()
    made.save(out, **saving)
    return out.getvalue()


def opens_with(action):
    return lambda made: made.Root.__setitem__("/OpenAction", action)


def annotated(action):
    link = Dictionary(Type=Name.Annot, Subtype=Name.Link, A=action)
    return lambda made: made.pages[0].obj.__setitem__("/Annots", pikepdf.Array([link]))


def bomb(made):
    stream = pikepdf.Stream(made, b"")
    stream.write(zlib.compress(bytes(70 * 1024 * 1024), 9), filter=Name.FlateDecode)
    made.pages[0].obj.Contents = made.make_indirect(stream)


def twice_packed(made):
    stream = pikepdf.Stream(made, b"")
    packed = zlib.compress(zlib.compress(bytes(1000)))
    stream.write(packed, filter=pikepdf.Array([Name.FlateDecode, Name.FlateDecode]))
    made.pages[0].obj.Contents = made.make_indirect(stream)


HOSTILE = {
    "script at opening": (pdf(opens_with(Dictionary(S=Name.JavaScript, JS="app.alert(1)"))), "paper.runs-something"),
    "script on a page": (
        pdf(lambda made: made.pages[0].obj.__setitem__("/AA", Dictionary(O=Dictionary(S=Name.JavaScript, JS="x")))),
        "paper.runs-something",
    ),
    "launch": (pdf(annotated(Dictionary(S=Name.Launch, F="cmd.exe"))), "paper.runs-something"),
    "file inside": (pdf(lambda made: made.attachments.__setitem__("a.exe", b"MZ")), "paper.carries-files"),
    "password": (pdf(encryption=pikepdf.Encryption(owner="a", user="b")), "paper.locked"),
    "owner's password": (pdf(encryption=pikepdf.Encryption(owner="a", user="")), "paper.locked"),
    "bomb": (pdf(bomb), "paper.bomb"),
    "packed twice": (
        pdf(twice_packed, stream_decode_level=pikepdf.StreamDecodeLevel.none, compress_streams=False),
        "paper.odd-packing",
    ),
    "too many pages": (pdf(pages=61), "paper.too-many-pages"),
    "cut": (pdf()[:200], "paper.broken"),
    "no PDF": (b"hello", "paper.no-pdf"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_pdf_is_refused_with_a_sentence(name) -> None:
    data, slug = HOSTILE[name]
    with refused(slug):
        plain_paper(data)


def made_of(parts: list[bytes]) -> bytes:
    """A PDF written by hand, so that nothing tidies it: these objects from number 1 on, the first one its root."""
    out, places = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, 1):
        places.append(len(out))
        out += b"%d 0 obj\n" % number + part + b"\nendobj\n"
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    begins = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(parts) + 1) + table
    return out + b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(parts) + 1, begins)


def page_with(content: bytes, *more: bytes, resources: bytes = b"") -> bytes:
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] /Contents 4 0 R /Resources <<" + resources + b">> >>"
    pages = b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
    return made_of([b"<< /Type /Catalog /Pages 2 0 R >>", pages, page, content, *more])


def stream(data: bytes, said: bytes, begins: bytes = b"stream\n") -> bytes:
    return b"<< /Length %d %s >>\n" % (len(data), said) + begins + data + b"\nendstream"


@pytest.fixture(scope="module")
def once() -> bytes:
    return zlib.compress(MUCH, 9)


@pytest.fixture(scope="module")
def twice(once) -> bytes:
    return zlib.compress(once, 9)


def test_what_unpacks_to_much_is_refused_however_its_packing_is_written(once, twice) -> None:
    rare = stream(b"x", b"/Filter [/FlateDecode %x\n /FlateDecode]")
    with refused("paper.odd-packing"):
        plain_paper(page_with(rare))
    written = {
        "with a comment": page_with(stream(twice, b"/Filter [/FlateDecode %x\n /FlateDecode]")),
        "by reference": page_with(stream(twice, b"/Filter [6 0 R 6 0 R]"), b"null", b"/FlateDecode"),
        "all by reference": page_with(stream(twice, b"/Filter 6 0 R"), b"null", b"[/FlateDecode /FlateDecode]"),
        "after a blank": page_with(stream(once, b"/Filter /FlateDecode", b"stream \n")),
        "after many blanks": page_with(stream(once, b"/Filter /FlateDecode", b"stream \t\f \r\n")),
        "after one sign alone": page_with(stream(once, b"/Filter /FlateDecode", b"stream\r")),
        "in letters as numbers": page_with(stream(once, b"/F#69lter /#46lateDecode", b"stream \n")),
        "three times": page_with(stream(zlib.compress(twice), b"/Filter [/Fl /Fl 6 0 R]"), b"null", b"/Fl"),
    }
    for name, data in written.items():
        with pytest.raises(Exception, match="PDF") as said:
            plain_paper(data)
        assert getattr(said.value, "reason", "") in ("paper.bomb", "paper.odd-packing"), name


def test_a_rare_packing_is_found_where_the_objects_are_packed_themselves() -> None:
    hidden = b"7 0 /LZWDecode"
    held = stream(zlib.compress(hidden), b"/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode")
    with refused("paper.odd-packing"):
        plain_paper(page_with(stream(b"q Q", b""), held))


def test_a_packing_that_no_reader_of_ours_unpacks_is_refused() -> None:
    for said in (
        b"/Filter /JPXDecode",
        b"/Filter [/JBIG2Decode /DCTDecode]",
        b"/Filter /Unknown",
        b"/F (elsewhere.bin)",
    ):
        with refused("paper.odd-packing"):
            plain_paper(page_with(stream(b"q Q", said)))


def phone_photo(**more) -> bytes:
    """A JPEG as a phone writes it: maker, place, a comment, and a preview behind its end."""
    exif = Image.Exif()
    exif[271] = "SECRETMAKER"
    exif.get_ifd(0x8825).update({1: "N", 2: (28.0, 12.0, 0.0), 3: "E", 4: (112.0, 1.0, 0.0)})
    out = io.BytesIO()
    Image.effect_mandelbrot((64, 48), (-2, -1, 1, 1), 60).convert("RGB").save(
        out, "JPEG", exif=exif, comment=b"SECRETWORDS", **more
    )
    return out.getvalue() + b"SECRETTAIL"


@pytest.mark.parametrize(("packed", "progressive"), [(False, False), (True, False), (False, True)])
def test_a_photo_inside_a_pdf_tells_neither_where_it_was_taken_nor_with_what(packed, progressive) -> None:
    photo = phone_photo(progressive=progressive)
    said = b"/Type /XObject /Subtype /Image /Width 64 /Height 48 /ColorSpace /DeviceRGB /BitsPerComponent 8 /Filter "
    said += b"[/Fl /DCT]" if packed else b"/DCTDecode"
    picture = stream(zlib.compress(photo) if packed else photo, said)
    data = page_with(stream(b"q 64 0 0 48 0 0 cm /A Do Q", b""), picture, resources=b"/XObject << /A 5 0 R >>")
    kept = plain_paper(data)
    for secret in (b"SECRET", b"Exif", b"MAKER"):
        assert secret not in kept
    with pikepdf.open(io.BytesIO(kept)) as made:
        shown = made.pages[0].Resources.XObject.A.read_raw_bytes()
    with Image.open(io.BytesIO(shown)) as after, Image.open(io.BytesIO(photo)) as before:
        assert (after.tobytes(), len(after.getexif())) == (before.tobytes(), 0)


def test_a_photo_that_cannot_be_followed_or_is_written_into_the_text_is_refused() -> None:
    said = b"/Type /XObject /Subtype /Image /Width 64 /Height 48 /ColorSpace /DeviceRGB /BitsPerComponent 8 /Filter /DCTDecode"
    with refused("paper.broken"):
        plain_paper(page_with(stream(b"q Q", b""), stream(phone_photo()[:400], said)))
    inline = b"BI /W 64 /H 48 /F /D#43T ID " + phone_photo() + b" EI"
    with refused("paper.odd-packing"):
        plain_paper(page_with(stream(inline, b"")))
    with refused("paper.odd-packing"):
        plain_paper(page_with(stream(zlib.compress(inline), b"/Filter /FlateDecode")))
    large = bytearray(phone_photo())
    frame = large.index(b"\xff\xc0")
    large[frame + 5 : frame + 9] = b"\xff\xff\xff\xff"
    with refused("paper.bomb"):
        plain_paper(page_with(stream(b"q Q", b""), stream(bytes(large), said)))

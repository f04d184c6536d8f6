"""QR codes as drawings within the page."""

import segno


def qr_of(address: str, *, scale: int = 4, mask: int | None = None) -> str:
    """The code of an address as SVG. `mask` spares the search for the best one where hundreds alike are made."""
    code = segno.make(address, error="m", micro=False, mask=mask)
    return str(code.svg_inline(scale=scale, border=2))

"""Draws the two pictures that cannot be SVG, from the same strokes as `static/seal.svg`: the sign for a phone's home screen, and
the picture that goes along where a page is shared. Run it after the seal was changed: `.venv/bin/python tools/draw_pictures.py`.
"""

from pathlib import Path

from PIL import Image, ImageDraw

STATIC = Path(__file__).resolve().parent.parent / "src" / "zhengyou" / "static"
RED, DEEP, GOLD, WHITE = "#941713", "#77100d", "#cfa84a", "#ffffff"
FINER = 4  # drawn so many times larger and then made small, since Pillow's lines have no soft edges
Point = tuple[float, float]
STROKES: tuple[tuple[Point, ...], ...] = (
    ((9.5, 8), (9.5, 24)),
    ((9.5, 14), (23.5, 14)),
    ((16, 8), (16, 14), (15.7, 17), (14.6, 20.4), (13, 22.7), (11, 24)),
    ((18, 14), (18, 21), (18.4, 22.9), (19.4, 23.8), (21, 24), (23, 24)),
)


def seal(draw: ImageDraw.ImageDraw, left: float, top: float, size: float, *, corner: float) -> None:
    """The seal in a square of this size: red, a line of gold, the strokes in white."""
    one = size / 32

    def at(point: Point) -> Point:
        return left + point[0] * one, top + point[1] * one

    draw.rounded_rectangle((*at((0, 0)), *at((32, 32))), corner * one, RED)
    draw.rounded_rectangle((*at((2, 2)), *at((30, 30))), 4.4 * one, None, GOLD, round(one))
    for stroke in STROKES:
        draw.line([at(point) for point in stroke], WHITE, round(2.4 * one), joint="curve")
        for x, y in (at(stroke[0]), at(stroke[-1])):
            draw.ellipse((x - 1.2 * one, y - 1.2 * one, x + 1.2 * one, y + 1.2 * one), WHITE)


def touch() -> Image.Image:
    """180 by 180, without round corners: phones cut their own."""
    large = Image.new("RGB", (180 * FINER, 180 * FINER), RED)
    seal(ImageDraw.Draw(large), 0, 0, 180 * FINER, corner=0)
    return large.resize((180, 180), Image.Resampling.LANCZOS)


def share() -> Image.Image:
    """1200 by 630: the seal on red between two lines of gold. Names and words come from the page."""
    wide, high = 1200 * FINER // 2, 630 * FINER // 2
    large = Image.new("RGB", (wide, high), RED)
    draw = ImageDraw.Draw(large)
    draw.rectangle((0, high * 0.86, wide, high), DEEP)
    for y in (high * 0.06, high * 0.86):
        draw.rectangle((0, y, wide, y + 4 * FINER // 2), GOLD)
    size = high * 0.52
    draw.rounded_rectangle(
        ((wide - size) / 2 - 12, high * 0.2 - 12, (wide + size) / 2 + 12, high * 0.2 + size + 12), 90, GOLD
    )
    seal(draw, (wide - size) / 2, high * 0.2, size, corner=6)
    return large.resize((1200, 630), Image.Resampling.LANCZOS)


if __name__ == "__main__":
    touch().quantize(64).save(STATIC / "touch.png", optimize=True)
    share().quantize(64).save(STATIC / "share.png", optimize=True)

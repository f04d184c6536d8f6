"""How a pasted text falls into paragraphs: at empty lines, and where a line begins with a number of its own. Nothing is taken out."""

import re

# A line that begins so begins a paragraph: 一、 （一） 第三条 1. 1、 (1). A figure such as 1.5 begins none.
BEGINS = re.compile(
    r"^\s*(?:第[〇一二三四五六七八九十百\d]+[条章节]|[一二三四五六七八九十]{1,3}[、.．]"
    r"|[（(][一二三四五六七八九十\d]{1,3}[）)]|\d{1,3}(?:[、．)）]|\.(?!\d)))"
)


def split(text: str) -> list[str]:
    """The paragraphs of a text, trimmed, in their order; none of a text without a sign."""
    pieces: list[list[str]] = [[]]
    for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        if not line.strip():
            pieces.append([])
        elif BEGINS.match(line):
            pieces.append([line.strip()])
        else:
            pieces[-1].append(line.strip())
    return ["\n".join(lines) for lines in pieces if lines]

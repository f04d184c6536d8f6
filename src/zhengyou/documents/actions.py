"""Files made of what the rooms know, piece by piece, so that whoever has them made can show how far it is, and stop."""

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Any

import segno
from django.utils import translation

from zhengyou.base import codes
from zhengyou.polls.models import Poll, VoterPool
from zhengyou.rolls.queries import RollVoter

Draw = Callable[[str, dict[str, Any]], str]
LETTERS_A_STEP = 25  # a third of a second


@dataclass(frozen=True)
class Letter:
    """What stands on one voter's letter."""

    line: RollVoter
    code: str
    qr: str


def write_code_letters(
    *,
    file: IO[bytes],
    draw: Draw,
    poll: Poll,
    pool: VoterPool,
    lines: Sequence[RollVoter],
    languages: Sequence[str],
    address: str,
    at: datetime,
) -> Generator[tuple[int, int], None, dict[int, str]]:
    """Write a print sheet with a letter for each of these voters of the pool, branch by branch, and the list on which each signs
    for theirs; its value is the new codes by entry of the roll.

    Nothing works yet: the codes stand in the file and nowhere else until `replace_poll_codes` takes them. `address` is the
    booth's; `draw` makes text of a template and its facts. The sheet stands alone. Each letter speaks these languages, which
    are its readers' and not those of whoever has it made; the frame speaks the first.
    """
    made = {line.pk: codes.fresh() for line in lines}
    facts = {"poll": poll, "pool": pool, "address": address, "count": len(lines), "at": at, "lines": lines}
    facts |= {"language": languages[0], "languages": languages}
    file.write(_drawn(draw, "documents/letters_head.html", facts))
    mask = None
    for number, line in enumerate(lines, 1):
        code = segno.make(f"{address}#m={poll.fingerprint}&c={made[line.pk]}", error="m", mask=mask)
        mask = (
            code.mask
        )  # what is best for the first: the addresses differ in twelve letters, and the search takes six times as long
        qr = code.svg_inline(scale=3, border=2)
        one = facts | {"letter": Letter(line, made[line.pk], qr)}
        file.write(_drawn(draw, "documents/letters_one.html", one))
        if number % LETTERS_A_STEP == 0:
            yield number, len(lines)
    file.write(_drawn(draw, "documents/letters_foot.html", facts))
    yield len(lines), len(lines)
    return made


def _drawn(draw: Draw, template: str, facts: dict[str, Any]) -> bytes:
    """A piece of the sheet in its own language; between two pieces whoever runs this has theirs."""
    with translation.override(facts["language"]):
        return draw(template, facts).encode()

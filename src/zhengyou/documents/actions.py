"""Files made of what the rooms know, piece by piece, so that whoever has them made can show how far it is, and stop."""

from collections.abc import Callable, Generator
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Any

import segno

from zhengyou.base import codes
from zhengyou.base.words import language
from zhengyou.organisations.models import Person
from zhengyou.polls import queries as polls
from zhengyou.polls.models import Poll, VoterPool

Draw = Callable[[str, dict[str, Any]], str]
LETTERS_A_STEP = 25  # a third of a second


@dataclass(frozen=True)
class Letter:
    """What stands on one person's letter."""

    person: Person
    code: str
    qr: str


def write_code_letters(
    *, file: IO[bytes], draw: Draw, poll: Poll, pool: VoterPool, address: str, at: datetime
) -> Generator[tuple[int, int], None, dict[int, str]]:
    """Write a print sheet with a letter for each person of the pool; its value is the new codes by person id.

    Nothing works yet: the codes stand in the file and nowhere else until `replace_poll_codes` takes them. `address` is the
    booth's; `draw` makes text of a template and its facts. The sheet stands alone and speaks the language of whoever has it made.
    """
    people = polls.people_on_roll(poll, pool)
    made = {person.pk: codes.fresh() for person in people}
    facts = {"poll": poll, "pool": pool, "address": address, "count": len(people), "at": at, "language": language()}
    file.write(draw("documents/letters_head.html", facts).encode())
    mask = None
    for number, person in enumerate(people, 1):
        code = segno.make(f"{address}#m={poll.fingerprint}&c={made[person.pk]}", error="m", mask=mask)
        mask = (
            code.mask
        )  # what is best for the first: the addresses differ in twelve letters, and the search takes six times as long
        qr = code.svg_inline(scale=3, border=2)
        one = facts | {"letter": Letter(person, made[person.pk], qr)}
        file.write(draw("documents/letters_one.html", one).encode())
        if number % LETTERS_A_STEP == 0:
            yield number, len(people)
    file.write(draw("documents/letters_foot.html", facts).encode())
    yield len(people), len(people)
    return made

"""Files made of what the rooms know, piece by piece, so that whoever has them made can show how far it is, and stop."""

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Any

import segno
from django.contrib.auth.hashers import make_password
from django.utils import translation

from zhengyou.base import codes
from zhengyou.base.time import local_day
from zhengyou.identity import queries as accounts
from zhengyou.organisations import queries as organisations
from zhengyou.organisations.models import Person, Post, Term
from zhengyou.organisations.tree import downward
from zhengyou.polls.models import Poll, VoterPool
from zhengyou.rolls.queries import RollVoter
from zhengyou.windows.models import ServicePoint

Draw = Callable[[str, dict[str, Any]], str]
LETTERS_A_STEP = 24  # a third of a second; three pages of eight slips


@dataclass(frozen=True)
class Letter:
    """What stands on one voter's letter."""

    line: RollVoter
    code: str
    qr: str


@dataclass(frozen=True)
class AccountLetter:
    """What stands on the letter with which somebody signs in for the first time: `path` leads down to their organisation."""

    person: Person
    password: str
    path: str
    posts: list[Post]


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


def write_account_letters(
    *,
    file: IO[bytes],
    draw: Draw,
    people: Sequence[Person],
    logins_at: str,
    paper: str,
    languages: Sequence[str],
    at: datetime,
) -> Generator[tuple[int, int], None, dict[int, str]]:
    """Write a print sheet with a letter for each of these people, and at its end a list on which they sign for it.

    The value is the passwords as they are stored, by person id. Nothing works yet: in clear they stand in the file and nowhere
    else. `logins_at` is the address where they sign in. Each letter speaks these languages, the frame the first.
    """
    paths = organisations.names_upward({person.organisation_id for person in people})
    posts = accounts.posts_of_many(people, local_day(at))
    stored: dict[int, str] = {}
    facts = {"people": people, "address": logins_at, "paper": paper, "count": len(people), "at": at}
    facts |= {"language": languages[0], "languages": languages, "qr": _qr(logins_at)}
    facts["roles"] = organisations.term_names(Term.Category.ROLE)
    file.write(_drawn(draw, "documents/accounts_head.html", facts))
    letters = []
    for number, person in enumerate(people, 1):
        password = codes.fresh()
        stored[person.pk] = make_password(password)
        path = downward(paths[person.organisation_id])
        letters.append(AccountLetter(person, password, path, posts.get(person.pk, [])))
        file.write(_drawn(draw, "documents/accounts_one.html", facts | {"letter": letters[-1]}))
        yield number, len(people)  # a tenth of a second each
    file.write(_drawn(draw, "documents/accounts_foot.html", facts | {"letters": letters}))
    return stored


def write_slips(
    *, file: IO[bytes], draw: Draw, point: ServicePoint, count: int, address: str, language: str, at: datetime
) -> Generator[tuple[int, int], None, list[str]]:
    """Write a print sheet with so many slips of a window, each with a one-time code; its value is the codes. `address` is that of
    the page that takes marks.

    Nothing counts yet: the codes stand in the file and nowhere else until `add_codes` takes them. Each slip speaks both languages,
    the frame that of whoever has it made.
    """
    facts = {"point": point, "address": address, "count": count, "at": at, "language": language}
    made = [codes.fresh() for _n in range(count)]
    file.write(_drawn(draw, "documents/slips_head.html", facts))
    for first in range(0, count, LETTERS_A_STEP):
        piece = made[first : first + LETTERS_A_STEP]
        slips = [(one, _slip_qr(f"{address}#{one}")) for one in piece]
        file.write(_drawn(draw, "documents/slips_some.html", facts | {"slips": slips}))
        yield first + len(piece), count
    file.write(_drawn(draw, "documents/slips_foot.html", facts))
    return made


def _slip_qr(address: str) -> str:
    return str(segno.make(address, error="m", micro=False, mask=0).svg_inline(scale=1, border=4, omitsize=True))


def _qr(address: str) -> str:
    return segno.make(address, error="m").svg_inline(scale=3, border=2)


def _drawn(draw: Draw, template: str, facts: dict[str, Any]) -> bytes:
    """A piece of the sheet in its own language; between two pieces whoever runs this has theirs."""
    with translation.override(facts["language"]):
        return draw(template, facts).encode()

"""What comes by the public door: forms with their tickets, puzzles solved as the page would, and arrivals for the rooms."""

import re
import secrets
import uuid

import altcha
from django.test import Client

from zhengyou.remarks.rules import Arrival
from zhengyou.web.shared import puzzles
from zhengyou.web.shared.public_writing import fresh_ticket


def arrived(*, is_solved: bool = True) -> Arrival:
    """Something that came by a form of its own, with a puzzle of its own or without."""
    return Arrival(uuid.uuid4(), secrets.token_hex(32) if is_solved else "")


def ticket_in(page: str) -> str:
    """The ticket in the form of a page."""
    found = re.search(r'name="ticket" value="([^"]+)"', page)
    assert found, "the page has no form"
    return found[1]


def solved(about: str) -> str:
    """The answer to a fresh puzzle about this subject, as the page sends it."""
    challenge = altcha.Challenge.from_dict(puzzles.puzzle(about))
    solution = altcha.solve_challenge(challenge)
    assert solution is not None
    return altcha.Payload(challenge, solution).to_base64()


def filled(about: str, *, is_solved: bool = True, **fields: object) -> dict[str, object]:
    """What a form about this subject sends: a ticket of its own, an answer to its puzzle, and these fields."""
    return {"ticket": fresh_ticket(about), "altcha": solved(about) if is_solved else "", **fields}


def page_of(client: Client, address: str) -> str:
    """The text of a page."""
    return client.get(address).content.decode()

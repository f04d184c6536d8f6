"""The puzzle that a page solves while somebody types: ALTCHA's proof of work, made and checked here, asked of nobody else.

It costs whoever sends one thing nothing and whoever sends thousands their machine. It tells nothing of who solved it.
"""

import base64
import binascii
import hashlib
import json
import secrets
from datetime import timedelta
from typing import Any

import altcha
from django.conf import settings

from zhengyou.web.shared import clock

ALGORITHM = "SHA-256"
HASHES_A_TRY = 200
GOOD_FOR = timedelta(hours=2)  # nobody types longer; the page fetches a fresh one when it comes back into sight
LONGEST = 2_000


def puzzle(about: str) -> dict[str, Any]:
    """A fresh puzzle for something about this subject, as ALTCHA's clients read it."""
    made = altcha.create_challenge(
        ALGORITHM,
        HASHES_A_TRY,
        counter=settings.PUZZLE_TRIES + secrets.randbelow(settings.PUZZLE_TRIES + 1),
        expires_at=clock.now() + GOOD_FOR,
        data={"about": about},
        hmac_secret=_secret(),
    )
    return dict(made.to_dict())


def solution_of(answer: str, about: str) -> str:
    """The digest of a solved puzzle that was made for this subject and still holds; nothing for anything else.

    That a solution is good once is for the room to see: it keeps the digest.
    """
    given = _read(answer)
    if not given or not altcha.verify_solution(given, _secret()).verified:
        return ""
    parameters = given.challenge.parameters
    is_ours = (parameters.data, parameters.algorithm) == ({"about": about}, ALGORITHM)
    holds = isinstance(parameters.expires_at, int) and clock.now().timestamp() < parameters.expires_at
    return hashlib.sha256(parameters.nonce.encode()).hexdigest() if is_ours and holds else ""


def _read(answer: str) -> "altcha.Payload | None":
    """The answer as the library reads it; None for what is none, so that nobody's junk raises in it."""
    if not 0 < len(answer) <= LONGEST:
        return None
    try:
        payload = altcha.Payload.from_dict(json.loads(base64.b64decode(answer, validate=True)))
        bytes.fromhex(payload.challenge.parameters.nonce + payload.challenge.parameters.salt)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, binascii.Error):
        return None
    return payload


def _secret() -> str:
    """A key of its own, so that nothing else the house signs can pass for a puzzle."""
    return hashlib.sha256(b"puzzle\0" + settings.SECRET_KEY.encode()).hexdigest()

"""Issuing keys for the polls of tests: real RSA-2048 keys, which take long to make, and so are made once a process.

They lie where `prepare_keys` and `make_duty_keys` put theirs, which then find nothing left to make. No two polls of one
database share a key. Tests about making keys do not use this.
"""

import json
from collections.abc import Iterator
from functools import cache
from itertools import count

from django.conf import settings

from blindballot.box.issuing import IssuerKey
from zhengyou.ballots import actions as ballot_actions
from zhengyou.ballots import rules as ballot_rules
from zhengyou.ballots.models import LineKey
from zhengyou.issuers import actions as issuer_actions
from zhengyou.issuers.models import IssuerDuty, IssuerLineKey
from zhengyou.polls import queries as poll_queries
from zhengyou.polls.models import Poll


@cache
def _key(number: int) -> dict[str, bytes]:
    """The columns of a key."""
    key = IssuerKey.generate()
    return {"modulus": key.n.to_bytes(256, "big"), "private_key": key.to_pem(settings.KEY_PASSWORD)}


def _unused_keys() -> Iterator[dict[str, bytes]]:
    """Keys that stand nowhere in the database."""
    models = (LineKey, IssuerLineKey)
    used = {bytes(modulus) for model in models for modulus in model.objects.values_list("modulus", flat=True)}
    return (key for key in map(_key, count()) if key["modulus"] not in used)


def give_keys(poll: Poll) -> None:
    """The office's keys of a drafted poll, as many as it needs."""
    unused, lines = _unused_keys(), [line["id"] for line in poll_queries.sheet_lines(poll)]
    LineKey.objects.bulk_create(
        LineKey(pool=pool, line=line, issuer=ballot_rules.ISSUER, **next(unused))
        for pool in poll_queries.pools_of(poll)
        for line in lines
    )
    assert ballot_actions.prepare_keys(poll=poll, count=0) == 0


def give_duty_keys(duty: IssuerDuty) -> None:
    """A second issuer's keys for what it was asked, as far as they are missing."""
    unused, made = _unused_keys(), set(IssuerLineKey.objects.filter(duty=duty).values_list("line", flat=True))
    missing = [line["id"] for line in json.loads(duty.request)["lines"] if line["id"] not in made]
    IssuerLineKey.objects.bulk_create(IssuerLineKey(duty=duty, line=line, **next(unused)) for line in missing)
    has, wanted = issuer_actions.make_duty_keys(duty=duty, count=0)
    assert has == wanted

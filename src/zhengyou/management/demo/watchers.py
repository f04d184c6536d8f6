"""The demo's scrutineers: keys in files of the demo's home, their test, and the recount that two of three sign after a close."""

from datetime import datetime
from pathlib import Path

from django.conf import settings

from blindballot.format.cosigning import CHECKED, Cosignature, cosign
from blindballot.format.handover import pass_shares
from blindballot.format.scrutineers import ScrutineerKeys, answer_challenge
from blindballot.verifying.scrutiny import Papers, recount_sealed
from zhengyou.counting import queries as counting
from zhengyou.organisations.models import Person
from zhengyou.polls.models import Poll
from zhengyou.scrutiny import actions, queries


def key_file(person: Person) -> Path:
    """Where the demo keeps a scrutineer's key file, for whoever plays them."""
    return Path(settings.HOME) / "scrutineer-keys" / f"{person.number}.json"


def make_ready(poll: Poll, person: Person, at: datetime) -> None:
    """A registered scrutineer hands in a card and passes the test."""
    keys = _keys_of(person)
    registered = actions.register_keys(poll=poll, card=keys.card.to_bytes().decode(), at=at, by=person)
    challenge = queries.challenge_for(registered)
    if challenge is not None:
        actions.try_keys(poll=poll, answer=answer_challenge(keys, challenge).decode(), at=at, by=person)


def recount(poll: Poll, people: list[Person], at: datetime) -> None:
    """The first two pass their shares to each other, recount, and sign that it fits. The others are absent."""
    folder = counting.record_folder(poll)
    papers = Papers.read(folder, counting.handover_file(poll))
    for person in people[:2]:
        actions.hand_over(poll=poll, at=at, by=person)
        keys = _keys_of(person)
        own, shares = papers.own_id(keys), papers.own_shares(keys)
        others = [each.id for each in papers.manifest.scrutineers if each.id != own]
        lines = "\n".join(pass_shares(papers.manifest, shares, own, other).decode() for other in others)
        actions.pass_shares(poll=poll, lines=lines, at=at, by=person)
    secrets = papers.join(_keys_of(people[0]), queries.shares_for(poll, people[0]).splitlines())
    done = recount_sealed(papers, secrets)
    for person in people[:2]:
        keys = _keys_of(person)
        said = Cosignature(poll.record_fingerprint, papers.own_id(keys), CHECKED, done.lines, done.invalid)
        actions.sign_word(poll=poll, line=cosign(said, keys.signing).decode(), at=at, by=person)


def _keys_of(person: Person) -> ScrutineerKeys:
    path = key_file(person)
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.write_bytes(ScrutineerKeys.generate().to_file())
        path.chmod(0o600)
    return ScrutineerKeys.from_file(path.read_bytes())

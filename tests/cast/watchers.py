"""Scrutineers of the tests: everybody's keys follow from their number; the test of keys, shares passed on, words, and what two open."""

import dataclasses
import hashlib
from datetime import datetime

from blindballot.closing.tallying import Tally
from blindballot.format.cosigning import CHECKED, DISAGREES, SEEN, Cosignature, cosign, read_cosignature
from blindballot.format.handover import handed_places, pass_shares
from blindballot.format.lines import read_board_line, read_opening_line
from blindballot.format.record import BOARD, OPENED
from blindballot.format.scrutineers import ScrutineerKeys, answer_challenge
from blindballot.verifying.openings import open_published
from blindballot.verifying.scrutiny import Papers, recount_sealed
from zhengyou.counting import queries as counting
from zhengyou.organisations.models import Person
from zhengyou.polls import queries as polls
from zhengyou.polls.models import Poll
from zhengyou.scrutiny import actions, queries


def keys_of(person: Person) -> ScrutineerKeys:
    """The keys that this scrutineer has in every test."""
    return keys_of_number(person.number)


def keys_of_number(number: str) -> ScrutineerKeys:
    """The same, where there is the number alone."""
    return ScrutineerKeys(hashlib.sha256(number.encode()).digest())


def make_ready(poll: Poll, person: Person, at: datetime) -> None:
    """A registered scrutineer hands in a card and passes the test of the keys."""
    actions.register_keys(poll=poll, card=keys_of(person).card.to_bytes().decode(), at=at, by=person)
    answer_test(poll, person, at)


def answer_test(poll: Poll, person: Person, at: datetime) -> None:
    """A scrutineer with registered keys passes their test."""
    registered = polls.registration_of(poll, person)
    assert registered is not None
    challenge = queries.challenge_for(registered)
    assert challenge is not None
    actions.try_keys(poll=poll, answer=answer_challenge(keys_of(person), challenge).decode(), at=at, by=person)


def papers_of(poll: Poll) -> Papers:
    """What a scrutineer has who took record and handover."""
    return Papers.read(counting.record_folder(poll), counting.handover_file(poll))


def shares_to_pass(poll: Poll, person: Person) -> str:
    """This scrutineer's shares, sealed to each of the others: a line each."""
    papers, keys = papers_of(poll), keys_of(person)
    own, shares = papers.own_id(keys), papers.own_shares(keys)
    others = [each.id for each in papers.manifest.scrutineers if each.id != own]
    return "\n".join(pass_shares(papers.manifest, shares, own, other).decode() for other in others)


def recounted(poll: Poll, person: Person, most_lines: int | None = None) -> str:
    """The signed word of a scrutineer to whom shares were passed, and who found that it fits; of some lines only if told so."""
    papers, keys = papers_of(poll), keys_of(person)
    done = recount_sealed(papers, papers.join(keys, queries.shares_for(poll, person).splitlines()))
    assert done.findings == []
    said = Cosignature(poll.record_fingerprint, papers.own_id(keys), CHECKED, done.lines[:most_lines], done.invalid)
    return cosign(said, keys.signing).decode()


def signed_again(poll: Poll, person: Person, line: str, **changes: object) -> str:
    """A word that its scrutineer signs with something else in it."""
    said = read_cosignature(queries.manifest_of(poll), poll.record_fingerprint, line.encode())
    return cosign(dataclasses.replace(said, **changes), keys_of(person).signing).decode()


def word(poll: Poll, person: Person, kind: str = SEEN, remark: str = "") -> str:
    """A signed word without a recount: seen, or a disagreement."""
    assert kind in (SEEN, DISAGREES)
    manifest = queries.manifest_of(poll)
    registered = polls.registration_of(poll, person)
    assert registered is not None
    own = queries.id_in_manifest(manifest, registered)
    said = Cosignature(poll.record_fingerprint, own, kind, remark=remark)
    return cosign(said, keys_of(person).signing).decode()


def exact_counts(poll: Poll) -> dict[tuple[str, str, str], dict[str, int]]:
    """The true counts of what was opened of a closed poll, as two scrutineers find them, by pool, line and criterion.

    Lines of which nothing is published have none: nobody can open them.
    """
    papers = papers_of(poll)
    people = [row.person for row in polls.scrutineers_of(poll)][:2]
    passed = [line for person in people for line in shares_to_pass(poll, person).encode().splitlines()]
    secrets = papers.join(keys_of(people[0]), passed) if handed_places(papers.manifest, papers.counts) else {}
    with counting.record_path(poll, BOARD).open("rb") as board:
        slips = {slip.name(papers.manifest.digest): slip for slip in map(read_board_line, board)}
    tally = Tally(papers.manifest)
    with counting.record_path(poll, OPENED).open("rb") as opened:
        for opening in map(read_opening_line, opened):
            tally.add(slips[opening.name].pool, slips[opening.name].line, opening)
    for _number, sealed in papers.handover.slips():
        slip = slips[sealed.name]
        place = (slip.pool, slip.line)
        tally.add(*place, open_published(papers.manifest, slip, sealed.name, sealed.sealed, secrets[place]))
    return {key: dict(marks) for key, marks in tally.exact().items()}

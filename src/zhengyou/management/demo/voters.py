"""The demo's voters: each plays a phone that speaks the booth's own protocol, with marks from a fixed seed."""

import random
from collections.abc import Iterable
from datetime import datetime

from blindballot.format.encoding import b64, canonical, unb64
from blindballot.format.manifest import Line, Manifest, read_manifest
from blindballot.format.questions import APPROVAL
from blindballot.voter.voting import Ballot, LineMarks
from zhengyou.ballots import actions as ballot_actions
from zhengyou.ballots.queries import public_keys
from zhengyou.base import codes
from zhengyou.organisations.models import Person
from zhengyou.polls.models import Poll, VoterPool

ISSUER = "office"
HARSHNESS, TASTE, NOISE = 0.7, 0.35, 0.75
STEP = 0.8  # how far the options of a question lie apart


class Opinions:
    """What the voters of one poll think: a quality for each unit, a harshness for each voter, a taste for each item, a worth of
    each option."""

    def __init__(self, manifest: Manifest, seed: int, spread: float) -> None:
        self.random = random.Random(seed)
        self.manifest = manifest
        units = dict.fromkeys(line.unit for line in manifest.lines)
        self.quality = {unit: self.random.gauss(-0.35, spread) for unit in units}
        self.taste = {c.id: self.random.gauss(0, TASTE) for c in manifest.criteria}
        asked = [line for line in manifest.lines if line.question]
        self.worth = {line.id: self._worth(line) for line in asked}

    def marks(self) -> dict[str, LineMarks]:
        """One voter's marks for every line; a few items are left blank or not known."""
        harsh = self.random.gauss(0, HARSHNESS)
        return {
            line.id: self._answer(line) if line.question else self._grades(line, harsh) for line in self.manifest.lines
        }

    def _grades(self, line: Line, harsh: float) -> dict[str, str]:
        return {c: self._mark(self.quality[line.unit] + self.taste[c] - harsh) for c in line.criteria}

    def _worth(self, line: Line) -> dict[str, float]:
        """How much people in general think of each option of a question: they agree more than on grades."""
        options = line.question.option_ids if line.question else ()
        return {option: STEP * -place for place, option in enumerate(self.random.sample(options, len(options)))}

    def _answer(self, line: Line) -> list[str]:
        """The options in one voter's order, or those that one approves; a few do not know."""
        if self.random.random() < 0.05 or line.question is None:
            return ["dont_know"]
        felt = {option: worth + self.random.gauss(0, STEP) for option, worth in self.worth[line.id].items()}
        order = sorted(felt, key=lambda option: -felt[option])
        if line.question.kind == APPROVAL:
            return [option for option in order if felt[option] > -0.75 * STEP]
        return order[: line.question.most]

    def _mark(self, feeling: float) -> str:
        grades = [grade.id for grade in self.manifest.grades]
        chance = self.random.random()
        if chance < 0.04:
            return "unmarked" if chance < 0.015 else "dont_know"
        felt = feeling + self.random.gauss(0, NOISE)
        return grades[sum(felt < step for step in (0.15, -0.85, -1.85))]


def vote(poll: Poll, pool: VoterPool, entries: Iterable[int], opinions: Opinions, at: datetime, by: Person) -> None:
    """Those with these entries of a pool's roll, members or guests, draw their ballots and cast them at that instant."""
    made = {entry: codes.fresh() for entry in entries}
    ballot_actions.replace_poll_codes(poll=poll, made=made, at=at, by=by)
    keys = public_keys(poll)
    for code in made.values():
        ballot = Ballot.begin(opinions.manifest, keys, pool.slug)
        blinded = {line: b64(data) for line, data in ballot.request(ISSUER).items()}
        asked = canonical({"manifest": poll.fingerprint, "code": code, "blinded": blinded})
        answer = ballot_actions.issue_tokens(poll=poll, body=asked, at=at)
        ballot.accept(ISSUER, {line: unb64(text) for line, text in answer["signatures"].items()})
        slips = [slip.to_json() for slip in ballot.cast(opinions.marks())]
        ballot_actions.take_slips(poll=poll, body=canonical({"manifest": poll.fingerprint, "slips": slips}), at=at)


def opinions_on(poll: Poll, seed: int, spread: float) -> Opinions:
    """The opinions of a poll's voters; `spread` is how far the units lie apart."""
    return Opinions(read_manifest(poll.manifest.encode()), seed, spread)

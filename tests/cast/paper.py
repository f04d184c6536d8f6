"""Paper ballots of the tests: people marked, a batch printed under a scrutineer's eyes, the draw settled, forms keyed by two."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from tests.cast.district import NOW, District
from tests.cast.polls import AFTER, cast_body

from blindballot.box.paper import read_key, secret_of
from blindballot.format.encoding import b64, unb64
from blindballot.format.manifest import read_manifest
from blindballot.format.slips import Slip
from blindballot.voter.voting import make_slip
from zhengyou.ballots import actions as ballot_actions
from zhengyou.ballots.queries import public_keys
from zhengyou.organisations import actions as organisations
from zhengyou.organisations.models import Person, Post
from zhengyou.paper import actions as paper_actions
from zhengyou.paper.actions import PrintedSheet
from zhengyou.paper.models import PaperBatch
from zhengyou.polls import queries as poll_queries
from zhengyou.polls.models import Poll, VoterPool

GRADES = ["good", "fairly-good", "fair", "poor"]


@dataclass
class Printing:
    """A batch with the sheets as they came out of the printer: the first `drawn` are the voters', the others undrawn."""

    batch: PaperBatch
    sheets: list[PrintedSheet]
    drawn: int

    @property
    def voters(self) -> list[PrintedSheet]:
        return self.sheets[: self.drawn]

    @property
    def undrawn(self) -> list[PrintedSheet]:
        return self.sheets[self.drawn :]


def scrutineer(district: District, *, number: str = "W0001", at: datetime = NOW) -> Person:
    """Somebody from the root with a scrutineer's post and no other tie."""
    person = organisations.add_person(number=number, name=f"监票{number}", organisation=district.root, at=at, by=None)
    organisations.appoint(
        person=person,
        organisation=district.root,
        role=Post.Role.SCRUTINEER,
        title="",
        from_on=at.date(),
        at=at,
        by=None,
    )
    return person


def pool_of(poll: Poll) -> VoterPool:
    """The poll's first pool."""
    return poll_queries.pools_of(poll)[0]


def printed(
    poll: Poll, district: District, watching: Person, *, people: int = 5, spare: int = 2, at: datetime = NOW
) -> Printing:
    """The first people of the roll on paper, a batch printed for them."""
    pool = pool_of(poll)
    chosen = poll_queries.people_on_roll(poll, pool)[:people]
    paper_actions.mark_on_paper(poll=poll, pool=pool, people=chosen, at=at, by=district.office)
    batch, sheets = paper_actions.print_batch(
        poll=poll, pool=pool, sheets=people + spare, scrutineer=watching, at=at, by=district.office
    )
    return Printing(batch, sheets, people)


def settled(
    poll: Poll, district: District, watching: Person, *, people: int = 5, spare: int = 2, at: datetime = NOW
) -> Printing:
    """The same with the undrawn sheets cancelled."""
    printing = printed(poll, district, watching, people=people, spare=spare, at=at)
    codes = [sheet.code for sheet in printing.undrawn]
    printing.batch = paper_actions.settle_draw(batch=printing.batch, codes=codes, absent=0, at=at, by=district.office)
    return printing


def slip_by_phone(poll: Poll, key: str, grade: str, *, version: int = 1, at: datetime = NOW) -> Slip:
    """What a booth makes of a scanned slip."""
    manifest = read_manifest(poll.manifest.encode())
    secret = secret_of(manifest.digest, read_key(key, poll.fingerprint))
    shown = paper_actions.show_paper_slip(poll=poll, fingerprint=poll.fingerprint, finder=finder_of(poll, key), at=at)
    place = next(n for n, each in enumerate(manifest.grades, 1) if each.id == grade)
    marks = bytes([place]) * len(manifest.line_by_id[shown["line"]].criteria)
    tokens = (unb64(shown["token"]),)
    keys = public_keys(poll)
    return make_slip(manifest, keys, (shown["pool"], shown["line"]), secret.serial, tokens, marks, version)


def finder_of(poll: Poll, key: str) -> str:
    """The word under which a booth asks for a slip."""
    manifest = read_manifest(poll.manifest.encode())
    return b64(secret_of(manifest.digest, read_key(key, poll.fingerprint)).finder)


def cast_by_phone(poll: Poll, key: str, grade: str, *, at: datetime = NOW) -> Slip:
    """A slip scanned and cast."""
    slip = slip_by_phone(poll, key, grade, at=at)
    ballot_actions.take_slips(poll=poll, body=cast_body(poll, [slip]), at=at)
    return slip


def entries_for(poll: Poll, line: str, entry: str) -> list[str]:
    """The same entry for every criterion of a line."""
    return [entry] * len(read_manifest(poll.manifest.encode()).line_by_id[line].criteria)


def key_all(
    printing: Printing, poll: Poll, by: Person, entry: Callable[[int, int], str], *, at: datetime = AFTER
) -> None:
    """One person keys the forms of all drawn sheets; `entry(sheet, line)` is the figure for all criteria."""
    for place, sheet in enumerate(printing.voters):
        for number, slip in enumerate(sheet.slips):
            entries = entries_for(poll, slip.line, entry(place, number))
            paper_actions.key_form(batch=printing.batch, scanned=slip.key, entries=entries, at=at, by=by)


def counted(printing: Printing, by: Person, *, forms: int | None = None, at: datetime = AFTER) -> PaperBatch:
    """The hand count entered: every slip of every drawn sheet, unless another number is given."""
    number = forms if forms is not None else sum(len(sheet.slips) for sheet in printing.voters)
    return paper_actions.count_forms(batch=printing.batch, forms=number, without_slip=0, at=at, by=by)


def signed(printing: Printing, people: list[Person], *, at: datetime = AFTER) -> PaperBatch:
    """Both keyers sign."""
    batch = printing.batch
    for person in people:
        batch = paper_actions.sign_batch(batch=batch, at=at, by=person)
    return batch

"""`kill -9` fifty times while people vote, and then at the close: nothing acknowledged is lost, nothing half done stays.

Real processes: web workers, the server with its parent, backends and postmasters of both durable databases. Only processes that
descend from the server started here are ever killed. The seed is printed; ZHENGYOU_SEED repeats a run.
"""

import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator

import psycopg
import pytest
from tests.cast.watchers import keys_of_number
from tests.living.evenings import found_in
from tests.living.homes import ROOT
from tests.living.house import LivingHouse
from tests.living.killing import kill, postmasters
from tests.living.voters import PATIENCE, Voters

from blindballot.format.handover import pass_shares
from blindballot.verifying.scrutiny import Papers, recount_sealed

pytestmark = pytest.mark.long
VICTIMS = {
    "worker": 36, "workers": 2, "server": 2, "box backend": 4, "house backend": 3, "box postmaster": 2, "house postmaster": 1,
}  # fmt: skip
VOTERS, LINES, CROWDS, STEPS = 60, 2, 3, 2


@pytest.fixture
def voters() -> Iterator[Voters]:
    with LivingHouse() as house:
        yield Voters(house, count=VOTERS, lines=LINES)


def vote_while_it_dies(voters: Voters, number: int, victim: str, luck: random.Random) -> None:
    """One poll: in each crowd one voter who may be new and some others take a step each, and something is killed meanwhile."""
    crowds = [voters.voters[place::CROWDS] for place in range(CROWDS)]
    threads = voters.crowd([[some[number * len(some) // 50], *luck.choices(some, k=STEPS)] for some in crowds], luck)
    for thread in threads:
        thread.start()
    time.sleep(luck.uniform(0, 0.15))
    kill(voters.house, victim, luck)
    while any(thread.is_alive() for thread in threads):
        voters.house.revive()  # also where too many workers died in too short a time, and the server gave up
        threads[0].join(0.1)
        threads.append(threads.pop(0))
    voters.house.revive()
    voters.look()


def everybody_votes(voters: Voters) -> None:
    """Whoever was cut off sends the same again, and all cast at least once: every token that was issued is good for it."""
    for voter in voters.voters:
        while voter.pending or not voter.acknowledged:
            voters.step(voter)
    voters.look()


def close_until(
    voters: Voters,
    locking: str,
    is_time: Callable[[], bool],
    *,
    until: Callable[[], bool] | None = None,
    freeze: Callable[[], None] = lambda: None,
) -> None:
    """Begin the close while a lock in the house's database stops it on its way, and kill it when it is time.

    With `until` the lock is given up then, after something was frozen that stops the close further on.
    """
    house = voters.house
    with psycopg.connect(**voters.address("house")) as holder:
        holder.execute(locking)
        closing = subprocess.Popen(
            house.story("close_poll", voters.poll.key), cwd=ROOT, env=house.beside, stdout=subprocess.DEVNULL
        )
        if until is not None:
            wait_for(until, closing)
            freeze()
            holder.rollback()
        wait_for(is_time, closing)
        closing.kill()
        closing.wait()


def wait_for(is_time: Callable[[], bool], closing: "subprocess.Popen[bytes]") -> None:
    """Return as soon as it is time, and the close is still on its way."""
    deadline = time.monotonic() + PATIENCE
    while not is_time():
        assert closing.poll() is None, "the close was not stopped"
        assert time.monotonic() < deadline
        time.sleep(0.05)


def state_of(voters: Voters) -> str:
    """How far the house says the poll is."""
    return str(voters.rows("house", "SELECT state FROM zhengyou_poll")[0][0])


def test_nothing_acknowledged_is_lost_and_nothing_half_done_stays_in_fifty_kills(
    voters: Voters, luck: random.Random
) -> None:
    plan = luck.sample(list(VICTIMS), counts=list(VICTIMS.values()), k=50)
    for number, victim in enumerate(plan):
        print(f"{number}: {victim}", flush=True)
        vote_while_it_dies(voters, number, victim, luck)
    print(f"{voters.failures} requests were cut off, the server was started {voters.house.starts} times")
    assert voters.failures >= 10, "the kills met nobody"
    everybody_votes(voters)
    assert_logs_tell_nothing(voters.house)
    voters.house.tell("close_poll", voters.poll.key)
    voters.check_record()
    verify(voters)


def assert_logs_tell_nothing(house: LivingHouse) -> None:
    """Servers that were killed in the middle of a statement wrote down that they were, but not the statement."""
    logs = [house.home / "database" / "server.log", *(house.home / "polls").glob("[!.]*/server.log")]
    assert len(logs) == 2
    told = "".join(log.read_text(errors="replace") for log in logs)
    assert "was terminated by signal 9" in told
    assert "zhengyou_" not in told
    said = house.log()
    assert "The booth's database did not answer" in said
    assert re.findall(r"/booth/[0-9a-f-]{36}/", said) == []


def assert_disk_tells_nothing(voters: Voters) -> None:
    """Sealed slips stand only in what is handed to scrutineers, codes nowhere on the disk, and serials in the record alone."""
    voter = voters.voters[0]
    sealed = [slip.sealed for stack in voter.stacks for slip in stack]
    serials = [one.serial for one in voter.ballot.prepared.values()]
    places = {path for path in voters.house.home.rglob("*") if path.is_file()}
    with_serials = {path for path in places if found_in(path.read_bytes(), serials)}
    assert with_serials == {voters.record / "board.jsonl"}
    handover = voters.record.parent / "handover-for-scrutineers.jsonl"
    assert [path for path in places if found_in(path.read_bytes(), sealed)] == [handover]
    assert [path for path in places if found_in(path.read_bytes(), [voter.code.encode()])] == []


def verify(voters: Voters) -> None:
    """The record passes the verifier, and two scrutineers' recount of what they were handed."""
    command = (sys.executable, "-m", "blindballot", "verify", str(voters.record))
    told = subprocess.run(command, cwd=ROOT, env=voters.house.environment, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stdout + told.stderr
    papers = Papers.read(voters.record, voters.record.parent / "handover-for-scrutineers.jsonl")
    first, second = (keys_of_number(number) for number in ("S0001", "S0002"))
    passed = pass_shares(papers.manifest, papers.own_shares(first), papers.own_id(first), papers.own_id(second))
    assert recount_sealed(papers, papers.join(second, [passed])).findings == []


def test_a_close_that_is_killed_half_way_is_done_again_or_finished(luck: random.Random) -> None:
    with LivingHouse() as house:
        voters = Voters(house, count=6, lines=LINES)
        everybody_votes(voters)
        key_rows = "SELECT 1 FROM zhengyou_voterpool FOR UPDATE"
        close_until(voters, key_rows, voters.record.exists)
        assert state_of(voters) == "opened", "the record was written, but the poll is not closed"
        voters.look()
        voters.step(voters.voters[0])

        place = house.home / "polls" / voters.poll.key
        shutil.rmtree(voters.record.parent)
        [server] = postmasters(house, f"polls/{voters.poll.key}")
        frozen = {"until": voters.record.exists, "freeze": lambda: os.kill(server, signal.SIGSTOP)}
        close_until(voters, key_rows, lambda: state_of(voters) == "closed" and not (place / "key").exists(), **frozen)
        assert (place / "data").exists(), "the server could not be ended by the close"
        os.kill(server, signal.SIGCONT)
        voters.check_record()
        verify(voters)
        kept = "SELECT count(*) FROM zhengyou_linekey WHERE private_key IS NOT NULL"
        assert voters.rows("house", kept) == [(0,)]
        deadline = time.monotonic() + PATIENCE
        while voters.rows("house", "SELECT is_box_destroyed FROM zhengyou_poll") != [(True,)]:
            assert time.monotonic() < deadline, "what the killed close left is still there"
            time.sleep(0.1)
        assert not place.exists()
        house.stop()
        assert_disk_tells_nothing(voters)

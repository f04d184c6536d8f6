"""A real restore in the middle of a poll: the house's database comes back as it was before some voted. Nobody votes twice."""

import json
import shutil
import subprocess
from contextlib import closing

import pytest
from tests.living.house import LivingHouse, ask
from tests.living.voters import Voters

pytestmark = pytest.mark.long


def test_a_house_that_was_restored_in_the_middle_of_a_poll_issues_nothing_any_more() -> None:
    with LivingHouse(workers=1) as house:
        voters = Voters(house, count=5, lines=2)
        database, backup = house.home / "database" / "data", house.home / "backup"
        house.stop()
        subprocess.run(("cp", "-a", database, backup), check=True)
        house.start()
        first, second = voters.voters[:2]
        for _turn in ("issue", "cast"):
            voters.step(first)
        for _day in ("the house goes on", "and is seen by the poll as it then is"):
            house.stop()
            house.start()
        house.stop()
        shutil.rmtree(database)
        subprocess.run(("cp", "-a", backup, database), check=True)
        house.start()
        for voter in (first, second):
            with closing(house.connect()) as connection:
                status, answer = ask(connection, "POST", voters.poll.path("issue"), voter.request)
            assert (status, json.loads(answer)["reason"]) == (409, "poll.only-void")
        assert voters.rows("house", "SELECT only_void FROM zhengyou_poll") == [("restored",)]
        assert "can only be declared void" in house.log()

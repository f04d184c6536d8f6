"""`zhengyou practice` on the real command, beside a house with a poll: nothing of the house changes, and a wipe leaves nothing."""

from typing import Any

import pytest
from tests.living.house import LivingHouse
from tests.living.voters import Voters
from tests.operating.houses import command, said

from ownpostgres.cluster import Cluster
from zhengyou.base.home import own_cluster

pytestmark = pytest.mark.long


def counted(house: LivingHouse) -> dict[str, int]:
    """How many rows each table of the house has."""
    import psycopg

    cluster: Cluster = own_cluster(house.home, durable=False)
    with cluster, psycopg.connect(**cluster.dsn()) as connection:
        names: list[Any] = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        return {name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for (name,) in names}  # type: ignore[index]


def test_what_is_practised_stays_in_the_practice_house() -> None:
    with LivingHouse(workers=1) as house:
        Voters(house, count=5, lines=2)
        house.stop()
        house.environment |= {
            "ZHENGYOU_ADDRESS": "https://your.name",
            "ZHENGYOU_HOSTS": "your.name",
            "ZHENGYOU_HTTPS": "1",
        }
        before, files = counted(house), {path.name for path in house.home.iterdir()}
        answer = said(house, "practice", "--no-serve")
        assert "The roster of" in answer
        assert answer.count("/booth/") == 3
        assert answer.count("http://localhost:") == 4, (
            "letters of a practice house lead into it and not to the real site"
        )
        named = said(house, "practice", "--no-serve", "--address", "https://practice.example")
        assert named.count("https://practice.example/") == 4
        refused = command(house, "practice", "--no-serve", "--address=https://your.name:8443")
        assert (refused.returncode, "is the real site" in refused.stderr) == (1, True)
        practice = house.home / "practice"
        assert (practice / "database").is_dir()
        assert (practice / "secrets/code_key").read_bytes() != (house.home / "secrets/code_key").read_bytes()
        assert counted(house) == before
        assert "The practice house is deleted." in said(house, "practice", "--wipe")
        assert {path.name for path in house.home.iterdir()} == files
        assert counted(house) == before

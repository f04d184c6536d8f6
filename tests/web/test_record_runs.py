"""The board handed out in runs: the same bytes as the file, nothing before the close, nothing in the record's folder, no query a slip."""

import pytest
from django.urls import reverse
from tests.cast import booth as cast_booth
from tests.cast import district as cast

from blindballot.format.record import RecordHead
from blindballot.format.runs import BoardIndex
from zhengyou.counting import queries as counting_queries

pytestmark = pytest.mark.django_db


@pytest.fixture
def opened():
    district = cast.small_district(members_a_village=5)
    return district, cast_booth.opened_now(
        district, cast_booth.small_cycle(district, criteria=1), [district.members[:6]]
    )


@pytest.fixture
def closed(opened):
    district, poll = opened
    for voter in cast_booth.codes_for(poll, district.members[:5]):
        cast_booth.vote(poll, "pool-1", voter, lambda place: "good")
    return cast_booth.closed_now(poll, district)


def test_the_runs_are_the_board_and_their_index_has_its_root(client, closed, django_assert_max_num_queries):
    files = counting_queries.record_files(closed)
    board = counting_queries.record_path(closed, "board.jsonl").read_bytes()
    for _ in range(2):
        with django_assert_max_num_queries(1):
            index = BoardIndex.read(client.get(reverse("public-record-index", args=[closed.key])).content)
            index.check(RecordHead.read(counting_queries.record_path(closed, "record.json").read_bytes()))
    assert index.size == board.count(b"\n") == 5
    with django_assert_max_num_queries(len(index.runs)):
        runs = [client.get(reverse("public-record-run", args=[closed.key, at])) for at in range(len(index.runs))]
    assert b"".join(run.content for run in runs) == board
    assert {run["Content-Type"] for run in runs} == {"text/plain; charset=utf-8"}
    assert client.get(reverse("public-record-run", args=[closed.key, len(index.runs)])).status_code == 404
    assert counting_queries.record_files(closed) == files


def test_a_board_that_was_changed_is_not_handed_out(client, closed):
    path = counting_queries.record_path(closed, "board.jsonl")
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[1:]))
    assert client.get(reverse("public-record-index", args=[closed.key])).status_code == 404
    assert client.get(reverse("public-record-run", args=[closed.key, 0])).status_code == 404


def test_an_open_poll_has_no_runs(client, opened):
    _, poll = opened
    assert client.get(reverse("public-record-index", args=[poll.key])).status_code == 404
    assert client.get(reverse("public-record-run", args=[poll.key, 0])).status_code == 404


def test_the_booth_looks_under_the_address_of_the_record(client, opened):
    _, poll = opened
    page = client.get(reverse("booth", args=[poll.key])).content.decode()
    address = reverse("public-record", args=[poll.key])
    assert f'data-record-url="{address}"' in page
    assert reverse("public-record-index", args=[poll.key]) == address + "index.json"
    assert reverse("public-record-run", args=[poll.key, 7]) == address + "runs/7"
    assert reverse("public-record-file", args=[poll.key, "record.sig"]) == address + "files/record.sig"

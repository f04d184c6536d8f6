"""Fetching from the other side of a poll: only by https, or from this very machine."""

import pytest

from zhengyou.web.shared.fetching import NotFetched, fetch


@pytest.mark.parametrize(
    "address",
    [
        "http://example.invalid/opening.json",
        "http://localhost.example.invalid/opening.json",
        "http://127.0.0.1.example.invalid/",
        "http://localhost@example.invalid/",
        "file:///etc/passwd",
        "ftp://localhost/",
        "http://[",
        "",
    ],
)
def test_an_address_that_others_could_read_is_never_asked(address):
    with pytest.raises(NotFetched, match="https://"):
        fetch(address)


def test_a_machine_that_does_not_answer_is_told_in_words():
    with pytest.raises(NotFetched, match="upload it here"):
        fetch("http://127.0.0.1:9/opening.json")

"""Numbers of a series: one after the other by kind and year, without gaps, written in both languages."""

from functools import partial

import pytest
from django.db import transaction
from django.utils import translation
from tests.cast.at_once import at_once

from zhengyou.base.numbers import next_number, number_words


def test_each_kind_and_year_counts_from_one(db):
    taken = [next_number(kind, year) for kind, year in [("case", 2026), ("case", 2026), ("case", 2027), ("row", 2026)]]
    assert taken == [1, 2, 1, 1]


def test_a_deed_undone_leaves_no_gap(db):
    next_number("case", 2026)
    with transaction.atomic():
        assert next_number("case", 2026) == 2
        transaction.set_rollback(True)
    assert next_number("case", 2026) == 2


@pytest.mark.django_db(transaction=True)
def test_a_number_outside_a_deed_is_an_error():
    with pytest.raises(transaction.TransactionManagementError):
        next_number("case", 2026)


@pytest.mark.django_db(transaction=True)
def test_several_at_once_get_one_number_each_also_the_first_ones():
    def take(is_undone):
        with transaction.atomic():
            number = next_number("case", 2026)
            transaction.set_rollback(is_undone)
            return None if is_undone else number

    taken = at_once(*[partial(take, is_undone) for is_undone in (False, True, False, True, False)])
    assert sorted(number for number in taken if number) == [1, 2, 3]


def test_a_number_is_written_in_both_languages():
    assert number_words(2026, 3) == "No. 3 of 2026"
    with translation.override("zh-hans"):
        assert number_words(2026, 3) == "〔2026〕3号"

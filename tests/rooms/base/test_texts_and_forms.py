"""Texts of bearable length, forms that are sent twice, codes that are copied by hand, names in two languages."""

import re
import uuid

import pytest
from django.utils import translation
from tests.cast.refusing import refused

from zhengyou.base import codes, words
from zhengyou.base.models import JournalEntry
from zhengyou.base.once import once_of
from zhengyou.base.refusals import Refused, allows, reason_against
from zhengyou.base.texts import check_texts, longest


class StampRefused(Refused):
    """The stamp cannot be pressed so."""


def test_texts_are_trimmed_and_have_one_kind_of_line_break():
    assert check_texts(StampRefused, JournalEntry, deed=" one\r\ntwo ", subject="") == {
        "deed": "one\ntwo",
        "subject": "",
    }


def test_a_text_as_long_as_its_field_passes():
    assert check_texts(StampRefused, JournalEntry, "Say it.", deed="长" * 80) == {"deed": "长" * 80}


def test_a_text_longer_than_its_field_is_refused_by_its_beginning():
    with refused("journalentry.deed-too-long") as caught:
        check_texts(StampRefused, JournalEntry, "Say it.", subject="s", deed="begins like this" + "x" * 65)
    assert caught.type is StampRefused
    assert str(caught.value) == "The text that begins with “begins like ” has 81 characters. Shorten it to 80."


def test_a_missing_text_is_refused_with_the_sentence_for_it():
    with refused("journalentry.deed-missing") as caught:
        check_texts(StampRefused, JournalEntry, "Say it.", subject="s", deed=" \r\n ")
    assert str(caught.value) == "Say it."


def test_a_field_without_a_limit_takes_any_length():
    assert longest(JournalEntry, "payload") is None
    assert longest(JournalEntry, "by") == 80


def test_a_form_sent_twice_is_once_and_other_words_are_another_time():
    ticket = uuid.uuid4()
    assert once_of(ticket, "promise:1", "words") == once_of(ticket, "promise:1", "words")
    others = {once_of(ticket, *said) for said in (("promise:1", "word"), ("promise:2", "words"), ("promise:1words",))}
    assert once_of(ticket, "promise:1", "words") not in others
    assert len(others) == 3


def test_another_form_with_the_same_words_is_another_time():
    assert once_of(uuid.uuid4(), "words") != once_of(uuid.uuid4(), "words")


def test_without_a_ticket_everything_is_another_time():
    assert once_of(None, "words") != once_of(None, "words")


def test_a_code_is_twelve_letters_in_groups_of_four():
    code = codes.fresh()
    assert re.fullmatch(rf"[{codes.ALPHABET}]{{4}}(-[{codes.ALPHABET}]{{4}}){{2}}", code)
    assert codes.grouped(codes.plain(code)) == code


def test_a_number_has_one_code_and_its_lowest_60_bits_make_it():
    assert codes.spelled(0) == "0000-0000-0000"
    assert codes.spelled(2**60 - 1) == "ZZZZ-ZZZZ-ZZZZ"
    assert codes.spelled(2**60 + 31) == codes.spelled(31) == "Z000-0000-0000"


@pytest.mark.parametrize("typed", ["0123-ABCD-1Z10", "0123abcd1z10", " ol23 abcd iZlO ", "０123.abcd/1z10"])
def test_a_code_may_be_typed_carelessly(typed):
    expected = "123ABCD1Z10" if typed.startswith("０") else "0123ABCD1Z10"
    assert codes.plain(typed) == expected


def test_the_hash_of_a_code_forgives_the_same_and_is_bound_to_purpose_and_house(settings):
    kept = codes.digest("stamp", "0123-ABCD-1Z10")
    assert codes.digest("stamp", "o123 abcd lzi0") == kept
    assert codes.digest("other", "0123-ABCD-1Z10") != kept
    settings.CODE_KEY = "another house"
    assert codes.digest("stamp", "0123-ABCD-1Z10") != kept


@pytest.mark.parametrize(
    ("reader", "language", "name", "list_"),
    [("en", "en", "Road", "a, b"), ("zh-hans", "zh-hans", "路", "a、b"), ("de", "zh-hans", "路", "a、b")],
)
def test_names_and_lists_are_in_the_readers_language(reader, language, name, list_):
    with translation.override(reader):
        assert words.language() == language
        assert words.in_readers_words({"zh-hans": "路", "en": "Road"}) == name
        assert words.joined(["a", "b"]) == list_


@pytest.mark.parametrize(
    ("names", "name"), [({"zh-hans": "路"}, "路"), ({"en": "", "zh-hans": "路"}, "路"), (None, "")]
)
def test_a_missing_name_falls_back_to_the_other(names, name):
    assert words.in_readers_words(names) == name


def _check(is_refused, sentence="No. Do this instead."):
    if is_refused:
        raise StampRefused(sentence, reason="stamp.wet")


def test_pages_ask_the_rule_itself():
    assert (allows(_check, False), reason_against(_check, False)) == (True, "")
    assert (allows(_check, True), reason_against(_check, True)) == (False, "No. Do this instead.")


def test_a_refusal_without_a_sentence_is_still_a_refusal():
    assert not allows(_check, True, sentence="")


def test_what_is_no_refusal_is_not_swallowed():
    with pytest.raises(TypeError):
        allows(_check)

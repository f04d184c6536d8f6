"""The words of the house's pack in sentences: in the reader's language, once a request, and never somebody else's."""

import pytest
from django.urls import reverse
from django.utils.translation import override
from tests.cast import district as cast

from zhengyou.identity.models import Account
from zhengyou.organisations import vocabulary
from zhengyou.organisations.models import Term

pytestmark = pytest.mark.django_db
STAFF = [{"id": "members", "name": {"zh-hans": "职工", "en": "staff"}}]


@pytest.fixture
def district():
    return cast.small_district()


def say_instead(words):
    """These words in place of those that the house's pack has for the same places."""
    for row in words:
        assert Term.objects.filter(category=Term.Category.WORD, slug=row["id"]).update(name=row["name"])


def renamed():
    say_instead(STAFF)


@pytest.mark.parametrize(("language", "inside", "first"), [("zh-hans", "党员", "党员"), ("en", "members", "Members")])
def test_a_word_is_said_in_the_readers_language_and_begins_a_sentence_with_a_capital(district, language, inside, first):
    with override(language):
        assert vocabulary.word_now("members") == inside
        assert str(vocabulary.word("Members")) == first


def test_the_office_is_called_as_the_pack_calls_that_role(district):
    office = Term.objects.filter(category=Term.Category.ROLE, slug="campaign_office")
    said = vocabulary.worded("The %(office)s answers. %(Office)s")
    for name, told in (
        ({"zh-hans": "考评办公室", "en": "Appraisal office"}, "The appraisal office answers. Appraisal office"),
        ({"zh-hans": "活动办", "en": "Campaign office"}, "The campaign office answers. Campaign office"),
    ):
        assert office.update(name=name)
        with override("en"):
            assert str(said) == told
        with override("zh-hans"):
            assert vocabulary.word_now("office") == name["zh-hans"]
    office.delete()
    with override("en"):
        assert vocabulary.word_now("office") == "campaign office", "a house whose pack is not loaded yet"


def test_a_sentence_takes_the_words_as_they_are_when_it_is_said(district):
    sentence = vocabulary.worded("%(Members)s of %(name)s", name="100 % 村")
    renamed()
    with override("en"):
        assert str(sentence) == "Staff of 100 % 村"
        with pytest.raises(KeyError):
            str(vocabulary.worded("%(Members)s of %(name)s"))


def test_a_word_of_the_pack_stays_text_on_a_page(client, district):
    evil = {"zh-hans": "<b>工号</b>", "en": "<script>alert(1)</script>"}
    assert Term.objects.filter(category=Term.Category.PEOPLE_COLUMN, slug="number").update(name=evil)
    client.force_login(Account.objects.get(person=district.office))
    page = client.get(reverse("office-imports"), HTTP_ACCEPT_LANGUAGE="en").content.decode()
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert" not in page


def test_a_request_reads_the_words_once_and_another_reads_them_anew(district, django_assert_num_queries):
    with django_assert_num_queries(1), vocabulary.read_once():
        for _time in range(3):
            vocabulary.word_now("member")
    renamed()
    with vocabulary.read_once(), override("en"):
        assert vocabulary.word_now("members") == "staff"


def test_a_house_without_a_pack_says_the_plain_word_and_a_misspelt_one_is_an_error(db):
    assert vocabulary.word_now("Secretary") == "Secretary"
    with pytest.raises(KeyError):
        vocabulary.word_now("secretery")

"""Signing in, roles from posts, one-time codes."""

from datetime import date, timedelta

import pytest
from tests.cast import district as cast

from zhengyou.identity import actions, queries, rules
from zhengyou.identity.models import OneTimeCode
from zhengyou.organisations import actions as organisations
from zhengyou.organisations.models import Post

pytestmark = pytest.mark.django_db


@pytest.fixture
def district():
    return cast.small_district()


def test_login_and_password_that_fit_give_the_account_and_others_one_and_the_same_sentence(district):
    account = actions.check_sign_in(login=district.office.number, password=cast.PASSWORD, at=cast.NOW)
    assert account.person == district.office
    sentences = set()
    for login, password in [(district.office.number, "wrong"), ("nobody", cast.PASSWORD)]:
        with pytest.raises(rules.SignInRefused) as refused:
            actions.check_sign_in(login=login, password=password, at=cast.NOW)
        sentences.add(str(refused.value))
    assert len(sentences) == 1


def test_after_ten_wrong_passwords_even_the_right_one_waits_a_quarter_of_an_hour(district):
    login = district.office.number
    for _attempt in range(10):
        with pytest.raises(rules.SignInRefused):
            actions.check_sign_in(login=login, password="wrong", at=cast.NOW)
    with pytest.raises(rules.SignInRefused, match="quarter"):
        actions.check_sign_in(login=login, password=cast.PASSWORD, at=cast.NOW)
    later = cast.NOW + timedelta(minutes=16)
    assert actions.check_sign_in(login=login, password=cast.PASSWORD, at=later).login == login


def test_roles_follow_from_posts_and_end_with_them(district):
    person = district.members[0]
    assert queries.roles_of(person, date(2026, 3, 1)) == set()
    organisations.appoint(
        person=person,
        organisation=district.root,
        role=Post.Role.CAMPAIGN_OFFICE,
        title="",
        from_on=date(2026, 3, 1),
        until_on=date(2026, 3, 5),
        at=cast.NOW,
        by="",
    )
    days = [date(2026, 2, 28), date(2026, 3, 1), date(2026, 3, 4), date(2026, 3, 5)]
    assert [queries.is_office(person, day) for day in days] == [False, True, True, False]
    rules.check_is_office(person, date(2026, 3, 4))
    with pytest.raises(rules.RoleRefused):
        rules.check_is_office(person, date(2026, 3, 5))


def test_codes_are_forgiving_to_type_kept_as_hmac_only_and_bound_to_their_purpose(district):
    person = district.members[0]
    code = actions.hand_out_codes(purpose="poll:a", people=[person])[person.pk]
    assert len(code.replace("-", "")) == 12
    for typed in (code, code.lower(), code.replace("-", " "), code.replace("0", "o").replace("1", "l")):
        assert queries.person_with_code("poll:a", typed) == person
    assert queries.person_with_code("poll:b", code) is None
    stored = OneTimeCode.objects.get(person=person)
    assert code.replace("-", "") not in stored.digest.upper()


def test_a_new_code_replaces_the_earlier_one(district):
    person = district.members[0]
    first = actions.hand_out_codes(purpose="poll:a", people=[person])[person.pk]
    second = actions.hand_out_codes(purpose="poll:a", people=[person])[person.pk]
    assert queries.person_with_code("poll:a", first) is None
    assert queries.person_with_code("poll:a", second) == person

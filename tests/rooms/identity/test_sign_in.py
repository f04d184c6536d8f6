"""Signing in, roles from posts, one-time codes."""

from datetime import date, timedelta

import pytest
from tests.cast import district as cast
from tests.cast.refusing import refused

from zhengyou.base.journal import entries_about
from zhengyou.identity import actions, queries, rules
from zhengyou.identity.models import Account, FailedSignIn
from zhengyou.organisations import actions as organisations
from zhengyou.organisations.models import Post

pytestmark = pytest.mark.django_db


@pytest.fixture
def district():
    return cast.small_district()


def sign_in(district, **changes):
    given = {"login": district.office.number, "password": cast.PASSWORD, "at": cast.NOW}
    return actions.check_sign_in(**(given | changes))


def fail_often(district, times=10):
    for _attempt in range(times):
        with refused("sign-in.does-not-fit"):
            sign_in(district, password="wrong")


def test_login_and_password_that_fit_give_the_account(district):
    assert sign_in(district).person == district.office


def test_a_wrong_login_and_a_wrong_password_are_refused_with_one_and_the_same_sentence(district):
    sentences = set()
    for changes in ({"password": "wrong"}, {"login": "nobody"}):
        with refused("sign-in.does-not-fit") as caught:
            sign_in(district, **changes)
        sentences.add(str(caught.value))
    assert len(sentences) == 1


def test_after_ten_wrong_passwords_even_the_right_one_waits(district):
    fail_often(district)
    with refused("sign-in.too-many-failures"):
        sign_in(district)


def test_after_nine_wrong_passwords_the_right_one_does_not_wait(district):
    fail_often(district, 9)
    assert sign_in(district).person == district.office


def test_after_a_quarter_of_an_hour_the_right_password_opens_again(district):
    fail_often(district)
    with refused("sign-in.too-many-failures"):
        sign_in(district, at=cast.NOW + rules.FAILURE_MEMORY - timedelta(seconds=1))
    assert sign_in(district, at=cast.NOW + rules.FAILURE_MEMORY).person == district.office


def test_nothing_remains_of_wrong_passwords_after_a_quarter_of_an_hour(district):
    """Whoever signs in next deletes them, also those of others and of logins that nobody has."""
    fail_often(district, 3)
    with refused("sign-in.does-not-fit"):
        sign_in(district, login="nobody")
    with refused("sign-in.does-not-fit"):
        sign_in(district, login="somebody else", at=cast.NOW + timedelta(minutes=5))
    assert FailedSignIn.objects.count() == 5
    sign_in(district, login=district.leader.number, at=cast.NOW + rules.FAILURE_MEMORY)
    assert [row.login for row in FailedSignIn.objects.all()] == ["somebody else"]


def test_whoever_waits_does_not_wait_longer_by_trying_again(district):
    fail_often(district)
    with refused("sign-in.too-many-failures"):
        sign_in(district, password="wrong", at=cast.NOW + timedelta(minutes=14))
    assert FailedSignIn.objects.count() == 10


def change(district, **changes):
    account = Account.objects.get(person=district.office)
    given = {"account": account, "old": cast.PASSWORD, "new": "another-long-password", "at": cast.NOW}
    return actions.change_password(**(given | changes))


def test_a_changed_password_is_the_one_that_fits(district):
    change(district)
    assert sign_in(district, password="another-long-password").person == district.office
    with refused("sign-in.does-not-fit"):
        sign_in(district)
    entry = entries_about(district.office.reference)[-1]
    assert (entry.deed, entry.by) == ("identity.change_password", district.office.reference)


@pytest.mark.parametrize("new", ["short", "password1234"])
def test_a_password_that_is_too_easy_is_refused(district, new):
    with refused("password.too-easy"):
        change(district, new=new)
    assert sign_in(district).person == district.office


def test_a_wrong_old_password_counts_like_one_at_the_door(district):
    for _attempt in range(10):
        with refused("sign-in.does-not-fit"):
            change(district, old="wrong")
    with refused("sign-in.too-many-failures"):
        sign_in(district)


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
        by=None,
    )
    days = [date(2026, 2, 28), date(2026, 3, 1), date(2026, 3, 4), date(2026, 3, 5)]
    assert [queries.is_office(person, day) for day in days] == [False, True, True, False]
    rules.check_is_office(person, date(2026, 3, 4))
    with refused("role.not-office"):
        rules.check_is_office(person, date(2026, 3, 5))


def test_a_secretary_acts_for_the_own_organisation_only(district):
    secretary = district.secretaries[0]
    rules.check_is_secretary(secretary, district.villages[0], cast.NOW.date())
    with refused("role.not-secretary"):
        rules.check_is_secretary(secretary, district.villages[1], cast.NOW.date())


def test_a_level_above_judges_and_nobody_beside_or_below(district):
    rules.check_is_above(district.town_secretary, district.villages[0], cast.NOW.date())
    rules.check_is_above(district.leader, district.villages[0], cast.NOW.date())
    for person in (district.secretaries[0], district.secretaries[1], district.office):
        with refused("role.not-above"):
            rules.check_is_above(person, district.villages[0], cast.NOW.date())


def test_paper_is_for_office_and_scrutineers(district):
    for person in (district.office, *cast.scrutineers(district)):
        rules.check_is_office_or_scrutineer(person, cast.NOW.date())
    with refused("role.not-office-or-scrutineer"):
        rules.check_is_office_or_scrutineer(district.leader, cast.NOW.date())


def test_who_belongs_to_the_judged_runs_nothing_and_the_refusal_names_who_may(district):
    judged, day = [district.town], cast.NOW.date()
    rules.check_is_unconcerned(district.office, judged, district.root, day)
    with refused("person.is-concerned") as caught:
        rules.check_is_unconcerned(district.town_secretary, judged, district.root, day)
    assert "甲办公, 乙办公" in str(caught.value)

"""Readers: what is for whom, from the public down to the office of an organisation."""

import pytest
from tests.cast.district import NOW, District

from zhengyou.organisations import actions
from zhengyou.organisations.models import Post
from zhengyou.organisations.readers import Audience, Reader

TODAY = NOW.date()


def audiences(reader: Reader, organisation: object) -> set[str]:
    return {audience.value for audience in Audience if reader.sees(audience, organisation)}  # type: ignore[arg-type]


def test_the_public_sees_what_is_public_and_costs_no_query(district: District, django_assert_num_queries) -> None:
    with django_assert_num_queries(0):
        reader = Reader.of(None, TODAY, "en")
        assert audiences(reader, district.town) == {"public"}
        assert reader.organisations_as(Post.Role.SECRETARY) == []


@pytest.mark.parametrize(
    ("who", "where", "seen"),
    [
        ("member", "village", {"public", "members", "own"}),
        (
            "member",
            "town",
            {"public", "members", "own"},
        ),  # the town is theirs too: they belong to it through the village
        ("member", "other", {"public", "members"}),
        ("secretary", "village", {"public", "members", "own"}),
        ("town_secretary", "village", {"public", "members", "own", "above"}),
        ("town_secretary", "town", {"public", "members", "own"}),
        ("leader", "village", {"public", "members", "own", "above"}),
        ("office", "village", {"public", "members", "own", "above", "office"}),
        ("office", "root", {"public", "members", "own", "above", "office"}),
    ],
)
def test_each_sees_what_is_for_them(district: District, who: str, where: str, seen: set[str]) -> None:
    people = {
        "member": district.members[0],
        "secretary": district.secretaries[0],
        "town_secretary": district.town_secretary,
        "leader": district.leader,
        "office": district.office,
    }
    places = {
        "village": district.villages[0],
        "other": district.villages[1],
        "town": district.town,
        "root": district.root,
    }
    assert audiences(Reader.of(people[who], TODAY, "en"), places[where]) == seen


def test_an_office_sees_nothing_beside_its_own_organisation(district: District) -> None:
    clerk = district.members[0]
    actions.appoint(
        person=clerk,
        organisation=district.villages[0],
        role=Post.Role.CAMPAIGN_OFFICE,
        title="",
        from_on=TODAY,
        at=NOW,
        by=None,
    )
    reader = Reader.of(clerk, TODAY, "en")
    assert reader.sees(Audience.OFFICE, district.villages[0])
    assert not reader.sees(Audience.OFFICE, district.villages[1])
    assert not reader.sees(Audience.OFFICE, district.town)


def test_posts_are_those_of_the_day_and_cost_one_query(district: District, django_assert_num_queries) -> None:
    with django_assert_num_queries(1):
        reader = Reader.of(district.town_secretary, TODAY, "en")
        assert reader.organisations_as(Post.Role.SECRETARY, Post.Role.LEADER) == [district.town]
    earlier = Reader.of(district.town_secretary, TODAY.replace(year=2000), "en")
    assert earlier.posts == ()

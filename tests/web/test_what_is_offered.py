"""What a page offers can be opened: every menu, due line and link that each kind of person is shown leads to a page of theirs."""

import re
from collections import Counter
from datetime import UTC, datetime, time, timedelta
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.urls import Resolver404, resolve, reverse
from tests.cast import booth as cast_booth
from tests.cast import district as cast
from tests.cast.awards import drafted_selection, filed_objection, published_notice, selection_of_people
from tests.cast.commitments import proposed_commitment, published_commitment
from tests.cast.leading import formed_group

from zhengyou.identity.models import Account
from zhengyou.organisations import actions as organisations
from zhengyou.organisations.models import Post
from zhengyou.web.shared import clock

pytestmark = pytest.mark.django_db
LINK = re.compile(r'<a\b[^>]*?\shref="(/[^"]*)"')
OF_A_KIND = 2  # addresses that are visited


def noon(days_ago=0):
    return datetime.combine(clock.today() - timedelta(days=days_ago), time(4), tzinfo=UTC)


@pytest.fixture
def district():
    return cast.small_district(at=noon(70))


def in_office_of(district, person, organisation):
    """This person works in the campaign office of the organisation from now on, and can sign in."""
    facts = {"title": "", "from_on": clock.today(), "at": clock.now(), "by": district.office}
    organisations.appoint(person=person, organisation=organisation, role=Post.Role.CAMPAIGN_OFFICE, **facts)
    Account.objects.get_or_create(person=person, defaults={"login": person.number, "password": "x"})
    return person


@pytest.fixture
def house(district, servers):
    """A house in the middle of its year: a group that leads, promises in every state, a poll, selections, a notice with an objection."""
    cycle = cast.launched_cycle(district, at=noon(60))
    formed_group(district, cycle.campaign)
    published_commitment(district, cycle, district.villages[0], at=noon(50))
    proposed_commitment(cycle, district.villages[1], at=noon(50))
    filed_objection(published_notice(district, cycle, at=noon(1)), at=clock.now(), ticket="0" * 32)
    drafted_selection(district, cycle, at=noon(1), title="创先争优示范点")
    selection_of_people(district, cycle, at=noon(1))
    cast_booth.drafted_now(district, cycle, [district.members[:6]])
    cast_booth.opened_now(district, cycle, [district.members[:6]])
    return cycle


def people_of(district):
    """Everybody who has another view of the house, by name."""
    member = district.members[0]
    Account.objects.create(person=member, login="member", password="x")
    return {
        "office": district.office,
        "office of a bureau": in_office_of(district, district.members[3], district.town),
        "office of a unit": in_office_of(district, district.members[6], district.villages[2]),
        "leader": district.leader,
        "town": district.town_secretary,
        "village": district.secretaries[0],
        "scrutineer": cast.scrutineers(district)[0],
        "member": member,
    }


def links_on(page):
    """The addresses within the house that a page leads to, each with its kind: the name of the page and of the words behind it."""
    for href in LINK.findall(page):
        address = href.replace("&amp;", "&")
        try:
            name = resolve(urlsplit(address).path).url_name
        except Resolver404:
            continue
        if name not in ("static", "choose-language"):
            yield address, (name, tuple(sorted(key for key, _value in parse_qsl(urlsplit(address).query))))


def walk(client, start):
    """Visit the pages from here on and what they offer, of each kind of address the first few; the offers that were refused."""
    counts, seen, refused, rows = Counter(), {start}, [], [(start, "")]
    for address, source in rows:
        answer = client.get(address, headers={"accept-language": "en"}, follow=True)
        if answer.status_code >= 400:
            refused.append((address, source, answer.status_code))
        elif not answer.streaming and "text/html" in answer.headers.get("Content-Type", ""):
            for found, kind in links_on(answer.content.decode()):
                if found not in seen and counts[kind] < OF_A_KIND:
                    seen.add(found)
                    counts[kind] += 1
                    rows.append((found, address))
    return refused, len(seen)


def refused_to(client, people):
    refused = []
    for words, person in people.items():
        client.force_login(Account.objects.get(person=person))
        found, count = walk(client, reverse("office-home" if "office" in words else "desk-home"))
        assert count > 20, (words, count)
        refused += [(words, *one) for one in found]
    return refused


def test_an_office_below_the_top_is_offered_no_page_that_refuses_it(client, district, house):
    people = people_of(district)
    refused = refused_to(client, {words: people[words] for words in ("office of a bureau", "office of a unit")})
    assert not refused, "\n".join(map(str, refused))


@pytest.mark.long
def test_nobody_is_offered_a_page_that_refuses_them(client, district, house):
    people = people_of(district)
    refused = refused_to(client, {words: one for words, one in people.items() if "office of" not in words})
    assert not refused, "\n".join(map(str, refused))

"""What a page offers can be opened: every menu, due line and link that each kind of person is shown leads to a page of theirs."""

import re
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
OF_A_KIND = 2  # addresses of one name that are visited from one page


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


def links_on(page, here):
    """The addresses a page leads to within the house, by the names of their pages; of each name a few."""
    by_name = {}
    for href in LINK.findall(page):
        address = href.replace("&amp;", "&")
        path = urlsplit(address).path
        try:
            name = resolve(path).url_name
        except Resolver404:
            continue
        query = tuple(sorted(key for key, _value in parse_qsl(urlsplit(address).query)))
        if name not in ("static", "choose-language") and path != here:
            by_name.setdefault((name, query), []).append(address)
    return [address for rows in by_name.values() for address in list(dict.fromkeys(rows))[:OF_A_KIND]]


def walk(client, start):
    """Visit the pages from here on, and all that their pages offer; the offers that were refused."""
    seen, refused, rows = set(), [], [(start, "", 0)]
    for address, source, depth in rows:
        if address in seen:
            continue
        seen.add(address)
        answer = client.get(address, headers={"accept-language": "en"}, follow=True)
        if answer.status_code >= 400:
            refused.append((address, source, answer.status_code))
        elif depth < 2 and not answer.streaming and "text/html" in answer.headers.get("Content-Type", ""):
            rows += [(one, address, depth + 1) for one in links_on(answer.content.decode(), address)]
    return refused, len(seen)


def test_nobody_is_offered_a_page_that_refuses_them(client, district, house):
    refused = []
    for words, person in people_of(district).items():
        client.force_login(Account.objects.get(person=person))
        for start in ["desk-home", *(["office-home"] if "office" in words else [])]:
            found, count = walk(client, reverse(start))
            assert count > 10, (words, count)
            refused += [(words, *one) for one in found]
    assert refused == []

"""Every kind of page of every face is opened once on a phone and looked at beyond axe: focus, doubled text, targets, weight, names,
the dark, days, Chinese within English, and what is heard of it. The few pages that most people see are looked at in Chinese on every run.
"""

import re
from collections import Counter
from urllib.parse import urljoin, urlsplit

import pytest
from django.conf import settings
from django.test import Client
from django.urls import Resolver404, resolve, reverse
from playwright.sync_api import Browser, Error, Page, expect
from tests.cast import booth as cast_booth
from tests.cast.awards import filed_objection, published_notice
from tests.cast.commitments import drafted_commitment, promises_of, published_commitment
from tests.cast.district import launched_cycle, small_district
from tests.cast.results import computed_poll
from tests.cast.writing import filled
from tests.journeys import hearing, looking

from zhengyou.commitments.models import Promise
from zhengyou.identity.models import Account
from zhengyou.polls.models import Poll
from zhengyou.web.shared import clock

pytestmark = pytest.mark.django_db(transaction=True)
PHONE = {"width": 390, "height": 844}
SAYS_WHY = """one => one.matches('[role=alert]') || (one.getAttribute('aria-describedby') ?? '').split(' ')
  .map(id => document.getElementById(id)).filter(part => part?.matches('.error') || part?.querySelector('.error')).length > 0"""


@pytest.fixture
def house():
    """Promises published and drafted, an answer, a closed poll with its result, an open one, a notice with an objection."""
    now = clock.now()
    district = small_district(at=now, members_a_village=6)
    cycle = launched_cycle(district, at=now)
    promise = promises_of(published_commitment(district, cycle, district.villages[0], at=now))[0]
    drafted_commitment(cycle, district.villages[1], at=now)
    computed_poll(district, cycle, pools={"members": district.members[:8]})
    opened_poll = cast_booth.opened_now(district, cycle, [district.members[8:16]])
    Poll.objects.filter(pk=opened_poll.pk).update(name={"zh-hans": "年中测评", "en": "Mid-year appraisal"})
    notice = published_notice(district, cycle, at=now)
    filed_objection(notice, at=now)
    page = reverse("public-promise", args=[promise.commitment.organisation.code, promise.pk])
    Client().post(page, filled(promise.reference, mark="on_course", words="路灯已经装了三盏。"))
    return district


def opened(browser: Browser, server: str, person=None, *, language: str) -> Page:
    context = browser.new_context(viewport=PHONE, locale=language, reduced_motion="reduce", has_touch=True)
    if person is not None:
        client = Client()
        client.force_login(Account.objects.get(person=person))
        value = client.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": server}])
    return context.new_page()


def looked_at(page: Page, address: str, checks) -> list[str]:
    """What is wrong with the page at this address."""
    weights: dict[str, int] = {}
    try:
        with looking.weighed(page, weights):
            answer = page.goto(address)
    except Error:  # a file to be taken away
        return []
    if answer is None or not answer.headers["content-type"].startswith("text/html"):
        return []
    found = [f"{name}: {one}" for name, check in checks.items() for one in check(page)]
    found += ["shows an object of the program"] if page.evaluate(looking.OBJECT) else []
    return found + ([f"weighs {sum(weights.values())}"] if sum(weights.values()) > looking.HEAVIEST else [])


def kinds(page: Page, server: str, first: str):
    """Addresses of every kind of page that links lead to from the first one, one of a kind, each before its links are followed."""
    face, waiting, seen = first.strip("/"), [first], Counter()
    while waiting:
        address = waiting.pop(0)
        try:
            name = resolve(urlsplit(address).path).view_name
        except Resolver404:
            continue
        is_other = urlsplit(address).path.split("/")[1] in {"desk", "office"} - {face}
        if seen[name] or is_other or re.search(r"\.\w+$|lang=|as=|/lines/", address):
            continue
        seen[name] += 1
        yield address
        links = page.eval_on_selector_all("a[href]", "all => all.map(one => one.getAttribute('href'))")
        waiting += [
            urljoin(address, link).partition("#")[0] for link in links if not re.match(r"https?:|//|\w+:", link)
        ]


def walk(page: Page, server: str, first: str, checks) -> tuple[dict[str, list[str]], int]:
    wrong, count = {}, 0
    for address in kinds(page, server, first):
        count += 1
        if found := looked_at(page, server + address, checks):
            wrong[address] = found
    page.context.close()
    return wrong, count


@pytest.mark.long
@pytest.mark.parametrize(("first", "fewest"), [("/", 20), ("/desk/", 6), ("/office/", 20)])
def test_every_kind_of_page_can_be_used_by_everybody(live_server, browser, house, first, fewest):
    checks = looking.CHECKS | hearing.CHECKS | {"Chinese unsaid": looking.chinese_unsaid}
    checks |= {"torn on paper": looking.torn_on_paper} if first == "/" else {}
    person = {"/desk/": house.secretaries[0], "/office/": house.office}.get(first)
    page = opened(browser, live_server.url, person, language="en-GB")
    wrong, count = walk(page, live_server.url, first, checks)
    assert count >= fewest
    assert wrong == {}


def test_the_pages_that_most_people_see_can_be_used_by_everybody(live_server, browser, house):
    unit = reverse("public-organisation", args=[house.villages[0].code])
    page = opened(browser, live_server.url, language="zh-CN")
    checks = looking.CHECKS | hearing.CHECKS | {"torn on paper": looking.torn_on_paper}
    wrong = {address: looked_at(page, live_server.url + address, checks) for address in ("/", unit, "/booth/")}
    page.context.close()
    assert {address: found for address, found in wrong.items() if found} == {}


@pytest.mark.parametrize("language", ["en-GB", "zh-CN"])
def test_what_is_wrong_in_a_form_is_heard_at_its_place(live_server, browser, house, language):
    """A form that is sent empty: its page says so by its name, and the focus is on what is wrong, which says why."""
    code, promise = house.villages[0].code, Promise.objects.filter(commitment__organisation=house.villages[0]).first()
    page = opened(browser, live_server.url, language=language)
    asked = {"public-promise": [code, promise.pk], "public-case-report": [code]}
    asked["booth-entry"] = [Poll.objects.get(name__en="Mid-year appraisal").key]
    wrong = {}
    for name in ("sign-in", "public-case-own", "public-objection-answer", *asked):
        page.goto(live_server.url + reverse(name, args=asked.get(name, [])))
        page.locator("main form[method=post] button:not([type=button])").first.click()
        expect(page).to_have_title(re.compile("^(Please check: |请检查：)"))
        focused = page.locator(":focus")
        found = [f"{look}: {one}" for look, check in hearing.CHECKS.items() for one in check(page)]
        found += [] if focused.evaluate(SAYS_WHY) else [f"no reason at {focused.evaluate('one => one.outerHTML')[:80]}"]
        wrong |= {name: found} if found else {}
    page.context.close()
    assert wrong == {}

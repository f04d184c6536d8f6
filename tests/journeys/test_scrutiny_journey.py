"""Scrutiny: three people make keys in their browser and try them; after the close two open, recount and sign what nobody else sees."""

import json
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page, expect
from tests.cast import booth as cast_booth
from tests.cast import district as cast
from tests.cast.keys import give_keys

from blindballot.verifying.verifier import verify
from zhengyou.ballots import actions as ballot_actions
from zhengyou.counting import queries as counting
from zhengyou.identity.models import Account
from zhengyou.polls import actions as polls
from zhengyou.scrutiny import queries
from zhengyou.web.shared import clock

GRADES = ("good", "fairly-good", "fair")

pytestmark = pytest.mark.django_db(transaction=True)


def enter(page: Page, address: str, person) -> None:
    """Signed in as this person, whoever it was before."""
    client = Client()
    client.force_login(Account.objects.get(person=person))
    page.context.clear_cookies()
    name = settings.SESSION_COOKIE_NAME
    page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": address}])


def words_of(page: Page) -> dict[str, str]:
    return json.loads(page.locator("#scrutineer-words").text_content() or "")


def test_scrutineers_work_in_their_browser(live_server, phone: Page, tmp_path: Path, check_axe, picture):
    page, district = phone, cast.small_district(members_a_village=5)
    people = district.members[:12]
    poll = cast_booth.drafted_now(district, cast_booth.small_cycle(district), [people])
    watching = cast.scrutineers(district)
    for person in watching[:2]:
        polls.dismiss_scrutineer(poll=poll, person=person, at=clock.now(), by=district.office)
        polls.register_scrutineer(poll=poll, person=person, at=clock.now(), by=district.office)
    desk, files = f"{live_server.url}/desk/scrutiny/{poll.key}/", {}
    for person in watching[:2]:
        enter(page, live_server.url, person)
        page.goto(desk)
        words = words_of(page)
        check_axe(page)
        with page.expect_download() as saving:
            page.get_by_role("button", name=words["make_keys"]).click()
        files[person.pk] = tmp_path / f"{person.number}.json"
        saving.value.save_as(files[person.pk])
        expect(page.locator("textarea[name=card]")).to_have_value(re.compile("blindballot-scrutineer-1"))
        picture(page, "scrutiny-keys-phone")
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        page.locator('[data-scrutineer="keys"] form button').click()
        page.locator('[data-scrutineer="try"] input[type=file]').set_input_files(files[person.pk])
        expect(page.locator("textarea[name=answer]")).not_to_have_value("")
        page.locator('[data-scrutineer="try"] form button').click()
        expect(page.locator(".note.success").first).to_be_visible()
    give_keys(poll)
    opened = ballot_actions.open_poll(poll=poll, at=clock.now(), by=district.office)
    for voter, code in enumerate(cast_booth.codes_for(opened, people)):
        cast_booth.vote(opened, "pool-1", code, lambda place, n=voter: GRADES[(n + place) % 3])
    closed = cast_booth.closed_now(opened, district)
    assert queries.places_handed(closed)
    one, two = watching[:2]
    recount(page, live_server.url, desk, one, files[one.pk])
    picture(page, "scrutiny-first-phone")
    hand_in(page)
    recount(page, live_server.url, desk, two, files[two.pk])
    expect(page.locator("textarea[name=cosignature]")).not_to_have_value("")
    check_axe(page)
    picture(page, "scrutiny-second-phone")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    hand_in(page)
    recount(page, live_server.url, desk, one, files[one.pk])
    hand_in(page)
    said = queries.recount_by_scrutineers(closed)
    assert (said["verdict"], set(said["agreed"])) == ("agreed", {one.name, two.name})
    assert verify(counting.record_folder(closed), processes=1).has_enough_scrutineers
    page.reload()
    expect(page.locator(".note.success").first).to_be_visible()
    assert not queries.is_handover_there(closed)


def recount(page: Page, address: str, desk: str, person, file: Path) -> None:
    enter(page, address, person)
    page.goto(desk)
    section = page.locator('[data-scrutineer="recount"]')
    section.locator("input[type=file]").set_input_files(file)
    expect(page.locator("textarea[name=passed]")).not_to_have_value("")


def hand_in(page: Page) -> None:
    section = page.locator('[data-scrutineer="recount"]')
    if page.locator("textarea[name=cosignature]").input_value() == "":
        section.locator("input[type=radio]").first.check()
        expect(page.locator("textarea[name=cosignature]")).not_to_have_value("")
    section.locator("form button").last.click()
    expect(page.locator(".messages, [role=status], .note").first).to_be_visible()

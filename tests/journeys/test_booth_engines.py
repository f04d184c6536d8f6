"""The booth in the engines of Firefox and of Safari: keys, locked marks and blind signatures work there as in Chromium."""

import json

import pytest
from tests.cast import booth as cast_booth
from tests.cast import boxes as cast_boxes
from tests.cast import district as cast
from tests.journeys.engines import ENGINES, WIDTH

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.long]


@pytest.mark.parametrize("engine", ENGINES)
def test_a_member_votes_with_another_engine_from_the_code_to_the_done_page(live_server, engine):
    district = cast.small_district(members_a_village=4)
    poll = cast_booth.opened_now(district, cast_booth.small_cycle(district), [district.members[:6]], units=2)
    code = cast_booth.codes_for(poll, [district.members[5]])[0]
    with ENGINES[engine]() as page:
        page.go(f"{live_server.url}/booth/{poll.key}/#m={poll.fingerprint}&c={code}")
        page.wait("document.querySelectorAll('fieldset.criterion').length === 4")
        words = json.loads(page.run("return document.querySelector('#booth-words').textContent"))
        assert page.run("return innerWidth") == WIDTH
        assert page.run("return document.documentElement.scrollWidth") <= WIDTH
        page.press("fieldset.criterion label.mark:nth-child(2)")
        page.press("fieldset.unit:nth-of-type(2) fieldset.criterion label.mark:nth-child(1)")
        page.wait("document.querySelector('.sheet').dataset.kept === '2'")

        # Marks that were locked and kept are there again, in a page that knows nothing but the address.
        page.go("about:blank")
        page.go(f"{live_server.url}/booth/{poll.key}/#m={poll.fingerprint}&c={code}")
        page.wait("document.querySelectorAll('.criterion input:checked').length === 2")
        page.press(".sheet button.cast")
        page.wait("document.querySelectorAll('.answers .blank').length === 2")
        page.press(".confirm button.aside")
        seal = page.text(".seal-code strong")
        page.press("#sheet button.cast")
        page.wait("document.querySelector('#sheet h2').textContent === arguments[0]", words["done_heading"])
        check = page.text(".check-code strong")
        assert page.run("return document.documentElement.scrollWidth") <= WIDTH

        page.go("about:blank")
        page.go(f"{live_server.url}/booth/{poll.key}/")
        assert page.text(".check-code strong") == check
    assert len(cast_boxes.slips_in(poll)) == 2
    assert cast_boxes.seal_code(poll) == seal

"""In WeChat's own browser, where nothing can be stored: words arrive, and who came to vote is led on with the whole invitation."""

from datetime import UTC, datetime, time, timedelta

import pytest
from django.urls import reverse
from playwright.sync_api import expect
from tests.cast import booth as cast_booth
from tests.cast import boxes as cast_boxes
from tests.cast.commitments import promises_of, published_commitment
from tests.cast.district import launched_cycle, small_district
from tests.journeys.test_ballot_journey import cast_sheet, mark_all, words_of
from tests.journeys.test_booth_journey import BLOCKED, WECHAT

from zhengyou.remarks.models import Remark
from zhengyou.web.shared import clock

pytestmark = pytest.mark.django_db(transaction=True)


def test_somebody_in_wechat_without_storage_answers_and_votes_in_the_phones_own_browser(
    live_server, phone_of, check_axe, picture
):
    yesterday = datetime.combine(clock.today() - timedelta(days=1), time(4), tzinfo=UTC)
    district = small_district(at=yesterday, members_a_village=4)
    cycle = launched_cycle(district, at=yesterday)
    promise = promises_of(published_commitment(district, cycle, district.villages[0], at=yesterday))[0]
    poll = cast_booth.opened_now(district, cycle, [district.members[:6]], units=1)
    code = cast_booth.codes_for(poll, [district.members[5]])[0]

    page = phone_of(BLOCKED, WECHAT).new_page()
    problems = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.goto(live_server.url + reverse("public-promise", args=[promise.commitment.organisation.code, promise.pk]))
    page.locator(".marks .mark").nth(1).click()
    page.fill("[name=words]", "村口那两盏还是不亮。")
    page.locator("main form button:not([type=button])").click()
    expect(page.locator("#recorded")).to_be_visible()
    assert Remark.objects.get().words == "村口那两盏还是不亮。"
    check_axe(page)

    invitation = f"{live_server.url}/booth/{poll.key}/#m={poll.fingerprint}&c={code}"
    page.goto(invitation)
    words = words_of(page)
    expect(page.locator(".booth-alert")).to_have_text(words["no_storage"] + words["wechat_leave"])
    assert page.url == invitation
    assert problems == []
    picture(page, "booth-wechat-blocked-phone")

    own = phone_of().new_page()
    own.goto(page.url)
    mark_all(own, 0)
    cast_sheet(own)
    expect(own.locator("#sheet h2")).to_have_text(words["done_heading"])
    assert len(cast_boxes.slips_in(poll)) == 2

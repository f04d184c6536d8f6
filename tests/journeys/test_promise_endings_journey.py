"""On a phone: an old member's spoken promise is recorded; a contested promise is answered; an inherited one dropped with consent."""

from datetime import UTC, datetime, time, timedelta

import pytest
from django.urls import reverse
from playwright.sync_api import expect
from tests.cast.commitments import promises_of, published_commitment
from tests.cast.district import PASSWORD, launched_cycle, small_district

from zhengyou.campaigns.models import Cycle
from zhengyou.commitments import actions as commitments
from zhengyou.commitments.models import Commitment, Promise
from zhengyou.web.shared import clock

pytestmark = pytest.mark.django_db(transaction=True)


def noon():
    return datetime.combine(clock.today(), time(4), tzinfo=UTC)


@pytest.fixture
def district():
    return small_district(at=noon(), members_a_village=1)


@pytest.fixture
def cycle(district):
    return launched_cycle(district, at=noon())


@pytest.fixture
def village(district):
    return district.villages[0]


@pytest.fixture
def enter(live_server, phone):
    """Sign in by the page and go somewhere."""

    def go(person, address):
        phone.context.clear_cookies()
        phone.goto(f"{live_server.url}{reverse('sign-in')}?next={address}")
        phone.fill("[name=login]", person.number)
        phone.fill("[name=password]", PASSWORD)
        phone.locator("main button").click()
        phone.wait_for_url(f"**{address}")
        return phone

    return go


def test_what_an_old_member_says_is_written_down_read_back_and_published(district, cycle, village, enter):
    old = next(one for one in district.members if one.organisation == village)
    page = enter(district.secretaries[0], reverse("desk-vows", args=[village.code]))
    page.get_by_role("link", name=f"记录口头承诺 {old.name}").click()
    page.fill("[name=what_1]", "每天早上把村口的水沟捞干净")
    page.fill("[name=standard_1]", "水沟里看不到垃圾")
    page.fill("[name=due_on_1]", cycle.ends_on.isoformat())
    page.select_option("[name=serves_1]", "service")
    page.check("[name=is_of_age]")
    page.get_by_role("button", name="记下").click()
    expect(page.locator("body")).to_contain_text(f"已替{old.name}记录")

    page = enter(district.town_secretary, "/desk/")
    page.get_by_role("link", name="审核本单位1人的个人承诺").click()
    page.get_by_role("link", name=f"审核 {old.name}").click()
    expect(page.locator("main")).to_contain_text(f"口头承诺；{district.secretaries[0].name}记录")
    page.get_by_text("同意，公布姓名、职务和承诺").click()
    page.locator("main form button").last.click()
    expect(page.locator("main")).to_contain_text("已公布")
    page.goto(page.url.partition("/desk/")[0] + reverse("public-organisation", args=[village.code]))
    expect(page.locator("#members")).to_contain_text("每天早上把村口的水沟捞干净")


def test_a_contested_promise_is_answered_and_everybody_reads_it(district, cycle, village, enter):
    [row, *_rest] = promises_of(published_commitment(district, cycle, village, at=noon()))
    Promise.objects.filter(pk=row.pk).update(due_on=clock.today())
    row.refresh_from_db()
    for _person in range(5):
        commitments.answer_promise(promise=row, mark="not_kept", arrival=None, at=noon())
    page = enter(district.secretaries[0], "/desk/")
    page.get_by_role("link", name="公开答复1项承诺").click()
    page.get_by_role("button", name="公开答复").first.click()
    page.fill("[name=text]", "还差三盏，本周五装好，请来看。")
    page.get_by_role("button", name="公开答复").click()
    page.goto(page.url.partition("/desk/")[0] + reverse("public-promise", args=[village.code, row.pk]))
    expect(page.locator("#ending")).to_contain_text("还差三盏，本周五装好")
    expect(page.locator("#owed")).to_have_count(0)


def test_an_inherited_promise_is_dropped_with_the_consent_of_the_level_above(district, cycle, village, enter):
    left = _left_by_an_earlier_cycle(cycle, village, district.secretaries[0])
    page = enter(district.secretaries[0], reverse("desk-commitment", args=[village.code]))
    page.get_by_role("link", name=f"不再承诺 {left.what}").click()
    page.fill("[name=reason]", "这条路已经改道")
    page.check("[name=sure]")
    page.get_by_role("button", name="请示上级").click()
    expect(page.locator("main")).to_contain_text("等上级同意")

    page = enter(district.town_secretary, "/desk/")
    page.get_by_role("link", name="答复1项遗留承诺可否不再承诺").click()
    page.get_by_role("link", name=left.what).click()
    page.get_by_text("可以，不再承诺").click()
    page.locator("main form button").last.click()
    page.goto(page.url.partition("/desk/")[0] + reverse("public-promise", args=[village.code, left.pk]))
    expect(page.locator("#ending")).to_contain_text("经上级同意，不再承诺")
    expect(page.locator("#ending")).to_contain_text("这条路已经改道")


def _left_by_an_earlier_cycle(cycle, village, secretary):
    """A promise of a closed cycle of which nobody has told how it ended."""
    first, last = cycle.starts_on - timedelta(days=365), cycle.starts_on - timedelta(days=1)
    given = {
        "rules": cycle.rules,
        "launched_at": noon() - timedelta(days=500),
        "closed_at": noon() - timedelta(days=70),
    }
    before = Cycle.objects.create(campaign=cycle.campaign, name="上一年度", starts_on=first, ends_on=last, **given)
    at = noon() - timedelta(days=400)
    commitment = Commitment.objects.create(
        cycle=before, organisation=village, state="published", begun_at=at, published_at=at
    )
    texts = {"what": "修好村东的桥", "standard": "能过车", "for_whom": "村民", "due_on": last, "evidence": "照片"}
    return Promise.objects.create(commitment=commitment, state="agreed", written_at=at, written_by=secretary, **texts)

"""An anonymous report followed for a month by its code alone: every visit on its day, through the pages, up to the silent closing."""

from datetime import timedelta

import pytest
from django.urls import reverse
from tests.cast.writing import filled
from tests.rooms.cases.test_cases import DAY
from tests.web.test_case_pages import ENGLISH, code_on, noon, opened, signed_in
from tests.web.test_case_pages import cycle as cycle  # noqa: PLC0414 - a fixture
from tests.web.test_case_pages import district as district  # noqa: PLC0414
from tests.web.test_case_pages import village as village  # noqa: PLC0414

from zhengyou.base.time import working_days_after
from zhengyou.cases.models import Case
from zhengyou.rhythm import actions as rhythm
from zhengyou.web.shared import clock

BEGUN = noon(45)


class Month:
    """The days of it: at each the worker has looked, and everybody signs in anew."""

    def __init__(self, monkeypatch, client, district):
        self.patch, self.client, self.district = monkeypatch, client, district
        self.now, self.code = BEGUN, ""

    def on(self, days):
        self.now = BEGUN + days * DAY
        self.patch.setattr(clock, "now", lambda: self.now)
        rhythm.forget(at=self.now)

    def visit(self, **said):
        page, word = opened(self.client, self.code)
        if said:
            page = self.client.post(reverse("public-case-own"), {"opened": word, **said}, **ENGLISH).content.decode()
        return " ".join(page.split())

    def office(self, name, **given):
        address = reverse("office-case-act", args=[Case.objects.get().pk, name])
        return signed_in(self.district.office).post(address, given, follow=True, **ENGLISH).content.decode()

    def unit(self, name, **given):
        row = Case.objects.get()
        address = reverse("desk-case-act", args=[row.year, row.number, name])
        return signed_in(self.district.secretaries[0]).post(address, given, follow=True, **ENGLISH).content.decode()


@pytest.fixture
def month(monkeypatch, client, district, cycle):
    return Month(monkeypatch, client, district)


def test_an_anonymous_report_is_followed_for_a_month_by_its_code(month, client, village, district):
    month.on(0)
    given = filled(village.reference, kind="delay", words="低保材料交了二十天没有回音", send="yes")
    sent = client.post(reverse("public-case-report", args=[village.code]), given, **ENGLISH)
    month.code = code_on(sent.content.decode())
    assert not sent.cookies
    assert "Nobody yet." in month.visit()
    assert "It came today" in month.office("assign", to=village.code, target_text="请查低保。")
    month.on(1)
    month.office("assign", to=village.code, target_text="有一份申请久未答复，请办理。")
    assert "有一份申请久未答复" in month.visit(), "its reporter reads what the unit reads"
    month.office("message", words="请问是哪一个村民小组？")
    month.on(2)
    assert "请问是哪一个村民小组？" in month.visit()
    assert "第三组" in month.visit(act="message", words="第三组。")
    month.on(5)
    month.unit("fix", says="已补材料，下月发放。")
    assert "已补材料，下月发放。" in month.visit()
    unit = client.get(reverse("public-organisation", args=[village.code]), **ENGLISH).content.decode()
    assert "The unit says of 1 that it has been put right." in " ".join(unit.split())
    month.on(6)
    said = month.visit(act="verdict", verdict="not_solved", goes_on="yes", words="还没有到账。")
    assert "being dealt with" in said, "its reporter sees it at once"
    assert Case.objects.get().state == "fixed", "for others, when the day is over"
    month.on(7)
    assert (Case.objects.get().state, Case.objects.get().reopened) == ("assigned", 1)
    month.on(12)
    month.unit("fix", says="已发放到账。")
    fixed = month.now.date()
    month.on(20)
    page = month.visit()
    assert "已发放到账。" in page
    assert "Your verdict" in page
    silent = (working_days_after(fixed, 15) - BEGUN.date()) + timedelta(days=1)
    closing = reverse("office-case-press", args=[Case.objects.get().pk, "close"])
    for days, state in ((silent.days - 2, "fixed"), (silent.days, "closed")):
        month.on(days)
        signed_in(district.office).post(closing, **ENGLISH)
        assert Case.objects.get().state == state
    page = month.visit()
    assert "Closed by another unit, after a long silence from you" in page
    assert Case.objects.get().verdict == "not_solved", (
        "nobody’s silence is a verdict: what its reporter said last stays"
    )
    month.on(silent.days + 1)
    assert "being dealt with" in month.visit(act="reopen", words="又停发了。"), (
        "and nobody’s silence closes it for good"
    )
    assert not client.cookies

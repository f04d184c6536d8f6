"""Forms about cases open for whoever may send them, while their step is due, and for nobody else; who decides for the level above."""

import re

import pytest
from django.urls import reverse
from tests.rooms.cases import test_cases as cases
from tests.web.test_case_pages import ENGLISH, NOW, assigned, received, signed_in
from tests.web.test_case_pages import cycle as cycle  # noqa: PLC0414 - a fixture
from tests.web.test_case_pages import district as district  # noqa: PLC0414
from tests.web.test_case_pages import village as village  # noqa: PLC0414

from zhengyou.cases import actions
from zhengyou.cases.models import Case


@pytest.mark.parametrize(("name", "is_above"), [("fix", False), ("pause", False), ("settle", True), ("opinion", True)])
def test_nobody_gets_a_form_that_they_may_not_send(cycle, district, name, is_above):
    """The unit reads no form of the level above, nor the other way round; nobody writes a text only to be refused then."""
    row = assigned(district, district.villages[0])
    address = reverse("desk-case-act", args=[row.year, row.number, name])
    unit, above = signed_in(district.secretaries[0]), signed_in(district.town_secretary)
    may, may_not = (above, unit) if is_above else (unit, above)
    assert may_not.get(address).status_code in (403, 404)
    assert may_not.post(address, {"says": "好了。", "words": "好了。"}).status_code in (200, 403, 404)
    row.refresh_from_db()
    assert row.state == "assigned"
    answer = may.get(address, follow=True, **ENGLISH)
    is_due = not is_above  # nobody has asked the level above yet
    assert ("<textarea" in answer.content.decode()) is is_due
    assert ("This case has changed meanwhile" in answer.content.decode()) is not is_due
    Case.objects.update(state={"settle": "unowned", "opinion": "asked"}.get(name, "assigned"))
    assert "<textarea" in may.get(address, **ENGLISH).content.decode()


def test_who_leads_a_level_further_above_decides_where_the_next_one_is_silent(cycle, district):
    """The leader of the district answers for a village whose town does not; the village itself, and another town's, never."""
    row = assigned(district, district.villages[0])
    row = actions.say_impossible(case=row, lacks="means", words="没有钱。", at=NOW, by=district.secretaries[0])
    address, said = (
        reverse("desk-case-act", args=[row.year, row.number, "opinion"]),
        {"confirms": "no", "words": "属实。"},
    )
    for person in (district.secretaries[0], district.secretaries[1]):
        assert signed_in(person).get(address).status_code in (403, 404)
        signed_in(person).post(address, said, **ENGLISH)
        assert Case.objects.get().state == "asked"
    assert signed_in(district.leader).post(address, said, **ENGLISH).status_code == 302
    assert Case.objects.get().state == "impossible"


@pytest.mark.parametrize("name", ["assign", "reword", "kind", "black", "call", "message", "pause", "deny"])
def test_a_form_of_the_office_opens_only_while_its_step_is_due(cycle, village, district, name):
    waits, given, today = (
        received(village).case,
        assigned(district, village),
        cases.received(village, at=NOW, words="今天").case,
    )
    office = signed_in(district.office)

    def opens(row):
        page = office.get(reverse("office-case-act", args=[row.pk, name]), follow=True, **ENGLISH)
        return page.redirect_chain == []

    due = {"assign": (True, False), "kind": (True, True), "message": (True, True)}
    due |= {"reword": (False, True), "black": (False, True), "pause": (False, True)}
    assert (opens(waits), opens(given)) == due.get(name, (False, False))
    assert opens(today) is (name in ("kind", "message"))
    Case.objects.update(has_phone=True, contact="0745-1", pause_asked_on=NOW.date())
    assert opens(given) is (name != "assign")


@pytest.mark.parametrize("state", ["assigned", "passed", "unowned", "asked", "fixed", "impossible", "closed"])
def test_no_page_of_a_case_links_to_a_form_that_is_not_due(cycle, village, district, state):
    row = assigned(district, village, contact="0745-1")
    days = {"fixed_on": NOW.date()} if state in ("fixed", "impossible", "closed") else {}
    Case.objects.filter(pk=row.pk).update(state=state, closed_on=NOW.date() if state == "closed" else None, **days)
    pages = [(district.office, reverse("office-case", args=[row.pk]))]
    at_desk = reverse("desk-case", args=[row.year, row.number])
    pages += [(one, at_desk) for one in (district.secretaries[0], district.town_secretary)]
    for person, address in pages:
        client = signed_in(person)
        page = client.get(address, **ENGLISH).content.decode()
        for to in re.findall(r'href="([^"]*/do/\w+/)', page):
            answer = client.get(to, follow=True, **ENGLISH)
            assert answer.status_code == 200, to
            assert answer.redirect_chain == [], (state, to)

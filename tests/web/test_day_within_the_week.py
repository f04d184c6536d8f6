"""Two houses that differ only in the day on which a report came, or in whether a telephone was left, are one house for the unit and for
everybody, whatever happens afterwards: a property of random histories, hunted on every page, list, file and entry.
"""

import random
import re
import uuid
from datetime import timedelta

import pytest
from django.db import transaction
from tests.cast.district import launched_cycle, small_district
from tests.web.test_case_attacks import seen
from tests.web.test_case_pages import noon, signed_in

from zhengyou.base.models import PublicEntry
from zhengyou.base.time import working_days_after
from zhengyou.cases import actions, pausing, queries, reporting
from zhengyou.cases.computing import timing
from zhengyou.cases.models import Case
from zhengyou.rhythm import actions as rhythm
from zhengyou.web.shared import clock

GIVEN = 20  # days ago
PHONE = "0745-0000000"
HEX = re.compile(r"[0-9a-f]{16,64}|[0-9a-f]{8}(?=…)")


@pytest.fixture
def district(db):
    return small_district(at=noon(70))


@pytest.fixture
def cycle(district):
    return launched_cycle(district, at=noon(60))


class TakenBack(Exception):
    """What was lived in one house is taken back before the other one is lived."""


def lived(district, *, came, contact, calls, seed):
    """One report that came so many days ago, and what was done about it, by lot; nobody else sees the call and the messages."""
    lot, unit, tell = random.Random(seed), district.villages[0], {"by": district.secretaries[0]}
    ticket, office = uuid.UUID(int=seed + 7), {"by": district.office}
    kind = lot.choice(["delay", "inaction", "other"])
    words = {"words": "等了三天", "contact": contact, "source": "report", "ticket": ticket, "may_show": True}
    row = actions.receive_case(kind=kind, unit=unit, at=noon(came), **words).case
    if calls == "before":
        pausing.call_back(case=row, words="说清了。", at=noon(GIVEN), **office)
    row = actions.assign_case(case=row, to=unit, target_text="请查。", at=noon(GIVEN), **office)
    if calls == "after":
        pausing.call_back(case=row, words="说清了。", at=noon(GIVEN - 1), **office)
        pausing.deny_call(case=row, at=noon(GIVEN - 2))
    reporting.write_as_reporter(case=row, words="还有一件事。", at=noon(GIVEN - 1))
    if lot.random() < 0.5:
        until = working_days_after(noon(GIVEN - 2).date(), lot.randint(2, 8))
        pausing.pause_clock(case=row, why="delivery", words="等零件。", until_on=until, at=noon(GIVEN - 2), **office)
    if lot.random() < 0.7:
        row = actions.say_fixed(case=row, says="修好了。", at=noon(GIVEN - 4), **tell)
        if lot.random() < 0.7:
            goes_on = lot.random() < 0.5
            reporting.give_verdict(case=row, verdict=lot.choice(["solved", "partly"]), goes_on=goes_on, at=noon(12))
    rhythm.forget(at=noon())
    return Case.objects.get(pk=row.pk)


def plain(seen_of_it, row):
    """Without what is drawn by lot: the id of the case, and digests of salted texts."""
    return HEX.sub("#", str(seen_of_it).replace(str(row.pk), "PK"))


def views(district, **house):
    """What the unit sees of such a house, on its own and on public pages, in files, entries and figures; then it is taken back."""
    made = {}
    try:
        with transaction.atomic():
            row = lived(district, **house)
            answers = seen(signed_in(district.secretaries[0]), [row])
            made["pages"] = {
                at: plain(answer[:2], row) for at, answer in answers.items()
            }  # marks of content hold salts
            documents = PublicEntry.objects.order_by("number").values_list("document", flat=True)
            made["entries"] = {n: plain(one, row) for n, one in enumerate(documents)}
            figures = queries.figures(row.cycle, clock.today()), queries.figures(row.cycle, clock.today(), row.unit)
            made["figures"] = dict(enumerate(map(str, figures)))
            raise TakenBack
    except TakenBack:
        return made


def differing(one, other):
    """Where the two differ, each with the first place of it."""
    return {
        (name, at): around(text, other[name].get(at, ""))
        for name in one
        for at, text in one[name].items()
        if text != other[name].get(at)
    }


def around(text, other):
    first = next((n for n, (one, its) in enumerate(zip(text, other, strict=False)) if one != its), 0)
    first = max(first, 60)
    return text[first - 60 : first + 60], other[first - 60 : first + 60]


@pytest.mark.parametrize("seed", range(2))
def test_property_the_day_of_a_report_and_a_telephone_make_no_difference_to_the_unit_or_to_everybody(
    cycle, district, seed
):
    given = noon(GIVEN).date()
    alike = [ago for ago in range(1, 30) if timing.week_told(given - timedelta(days=ago), given) is None]
    assert len(alike) >= 7
    first, last = GIVEN + alike[0], GIVEN + alike[-1]
    base = views(district, came=first, contact="", calls="", seed=seed)
    assert differing(base, views(district, came=last, contact="", calls="", seed=seed)) == {}
    lot = random.Random(seed)
    house = {"came": GIVEN + lot.choice(alike), "contact": PHONE, "calls": lot.choice(["before", "after", ""])}
    assert differing(base, views(district, seed=seed, **house)) == {}


def test_the_hunt_finds_a_day_that_is_told(cycle, district):
    """The same comparison of a report that waited for weeks, whose week is told, finds it; so would it find any other sign."""
    base = views(district, came=GIVEN + 1, contact="", calls="", seed=1)
    late = views(district, came=GIVEN + 28, contact="", calls="", seed=1)
    assert {name for name, _at in differing(base, late)} == {"pages", "entries"}

"""The office's first page: what waits, how far the units are, what was done; and the path of a new house to its launch."""

import re
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest
from django.urls import reverse
from tests.cast import booth as cast_booth
from tests.cast.awards import filed_objection, published_notice
from tests.cast.commitments import proposed_commitment, published_commitment
from tests.cast.district import PASSWORD, drafted_cycle, launched_cycle, scrutineers, small_district
from tests.cast.leading import formed_group
from tests.cast.plans import published_plan, remark, wordings

import zhengyou
from zhengyou.campaigns import actions as campaigns
from zhengyou.campaigns.models import SectorTheme
from zhengyou.consultation.models import Plan
from zhengyou.identity import actions as identity
from zhengyou.identity.models import Account
from zhengyou.organisations import actions as organisations
from zhengyou.organisations.models import Post
from zhengyou.polls.models import PollScrutineer, VoterPool
from zhengyou.web.office import setting_up
from zhengyou.web.office.deed_words import DEEDS, QUIET
from zhengyou.web.shared import clock

pytestmark = pytest.mark.django_db
DEED = re.compile(r'"([a-z]+\.[a-z]+_[a-z_]+|burden\.ask|entries\.forget)"')
OF_THE_SECOND_HOUSE = {"issuers"}  # its journal is its own, and nobody of this office sees it


def noon(days_ago=0):
    return datetime.combine(clock.today() - timedelta(days=days_ago), time(4), tzinfo=UTC)


@pytest.fixture
def district():
    return small_district(at=noon(70))


@pytest.fixture
def office(client, district):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    client.force_login(Account.objects.get(person=district.office))
    return client


def test_the_bars_say_how_many_of_how_many_and_lead_to_those_that_have_not(office, district) -> None:
    cycle = launched_cycle(district, at=noon(60))
    published_commitment(district, cycle, district.villages[0], at=noon(50))
    proposed_commitment(cycle, district.villages[1], at=noon(50))
    page = office.get(reverse("office-home"))
    advice = next(one.advice for one in page.context["warnings"] if "backup" in one.what)
    assert advice.startswith("For whoever keeps the machine: Run: zhengyou backup")
    led, *bars = page.context["bars"]
    assert (led.done, led.of) == (0, 5)  # no leader looks after a unit yet
    assert [(bar.done, bar.of, bar.percent) for bar in bars] == [(0, 5, 0), (1, 5, 20), (0, 1, 0), (0, 6, 0)]
    assert bars[1].note == "1 waits for a review by the level above · promises given on the spot are not counted here"
    listed = office.get(bars[1].address)
    assert listed.context["page"].paginator.count == bars[1].left == 4


def test_an_office_below_reads_whose_campaign_it_is_and_is_not_told_to_set_one_up(client, district) -> None:
    launched_cycle(district, at=noon(60))
    clerk = district.members[0]
    begins = {"from_on": clock.today() - timedelta(days=9), "role": Post.Role.CAMPAIGN_OFFICE}
    Post.objects.create(person=clerk, organisation=district.town, **begins)
    client.force_login(
        identity.open_account(person=clerk, login="clerk", password=PASSWORD, at=noon(5), by=district.office)
    )
    page = client.get(reverse("office-home"), HTTP_ACCEPT_LANGUAGE="en").content.decode()
    assert f"The campaign office of {district.root.name} runs it." in page
    assert "Your campaign office runs no campaign of its own." in page
    assert "Next step:" not in page


def test_plans_stand_on_the_first_page_with_their_days_and_what_waits(office, district) -> None:
    cycle = launched_cycle(district, at=noon(60))
    ours = district.villages[0]
    plan = published_plan(cycle, ours, at=noon(40))
    bar = office.get(reverse("office-home")).context["bars"][-1]
    assert (bar.done, bar.of, bar.note) == (1, 6, "")
    remark(wordings(plan)[1], "请写清时间", by_office=district.office, at=noon(35))
    page = office.get(reverse("office-home"))
    assert page.context["bars"][-1].note == "1 comment has no answer"
    [late] = [line for line, _late in page.context["lines"] if "answers are late" in line.text]
    assert ours.name in late.text
    assert plan.title in office.get(late.url).content.decode()
    Plan.objects.update(open_until=clock.today() + timedelta(days=3))
    assert "1 is open for comments, the first until" in office.get(reverse("office-home")).context["bars"][-1].note
    without = office.get(bar.address)
    assert without.context["page"].paginator.count == bar.left == 5
    assert ours.name not in [row.name for row in without.context["page"]]


def test_what_waits_leads_to_its_page_and_a_turnout_is_never_finer_than_it_may_be(office, district, servers) -> None:
    cycle = launched_cycle(district, at=noon(60))
    notice = published_notice(district, cycle, at=noon(1))
    filed_objection(notice, at=clock.now(), ticket="0" * 32)
    poll = cast_booth.drafted_now(district, cycle, [])
    page = office.get(reverse("office-home"))
    lines = {line.text: line.url for line, _late in page.context["lines"]}
    assert reverse("office-poll", args=[poll.key]) in lines.values()
    assert any("objection" in text for text in lines)
    assert page.context["turnouts"] == []
    VoterPool.objects.filter(poll=poll).update(turnout_shown=5, turnout_shown_at=clock.now())
    type(poll).objects.filter(pk=poll.pk).update(
        state="opened", opens_at=noon(1), closes_at=clock.now() + timedelta(days=1)
    )
    [turnout] = office.get(reverse("office-home")).context["turnouts"]
    assert turnout.issued % 5 == 0
    office.force_login(Account.objects.get(person=district.second_office))
    organisations.appoint(
        person=district.second_office, organisation=district.town, role=Post.Role.LEADER, title="",
        from_on=clock.today(), at=clock.now(), by=None,
    )  # fmt: skip
    concerned = office.get(reverse("office-home"))
    assert (concerned.context["turnouts"], concerned.context["is_concerned"]) == ([], True)


@pytest.mark.parametrize("rows", [1, 3])
def test_the_first_page_asks_as_much_for_three_of_each_as_for_one(
    office, district, rows, django_assert_max_num_queries
) -> None:
    cycle = launched_cycle(district, at=noon(60))
    for village in district.villages[:rows]:
        published_commitment(district, cycle, village, at=noon(50))
    for n in range(rows):
        published_notice(district, cycle, at=noon(1), title=f"称号{n}")
        cast_booth.drafted_now(district, cycle, [])
    office.get(reverse("office-home"))  # what a process reads once is read
    with django_assert_max_num_queries(37):
        assert office.get(reverse("office-home")).status_code == 200


def test_a_new_house_lands_on_its_set_up_and_is_led_to_the_launch_step_by_step(client) -> None:
    at = noon()
    campaigns.load_pack_words(pack_id="excellence-2010", at=at, by=None)
    root = organisations.add_organisation(
        code="001", name="新区委", kind="committee", sector="", parent=None, at=at, by=None
    )
    person = organisations.add_person(number="P1", name="甲办公", organisation=root, at=at, by=None)
    organisations.appoint(
        person=person,
        organisation=root,
        role=Post.Role.CAMPAIGN_OFFICE,
        title="",
        from_on=clock.today(),
        at=at,
        by=None,
    )
    client.force_login(identity.open_account(person=person, login="p1", password=PASSWORD, at=at, by=person))
    assert client.get(reverse("office-home")).headers["Location"] == reverse("office-set-up")
    page = client.get(reverse("office-set-up"), headers={"accept-language": "en"})
    assert page.context["next"].title == "Import the units"
    assert page.context["next"].state == "only the topmost one so far"  # and nobody read it in
    assert page.content.decode().count('<a role="button"') == 1


def test_the_set_up_names_the_next_step_until_the_launch_and_then_says_so(office, district) -> None:
    def following():
        return office.get(reverse("office-set-up")).context["next"]

    assert following().address == reverse("office-posts")
    scrutineers(district, at=noon())
    assert following().address == reverse("office-campaign-create")
    cycle = drafted_cycle(district, at=noon())
    themes = SectorTheme.objects.filter(cycle=cycle)
    kept = {row.sector: row.text for row in themes}
    themes.delete()
    assert following().address == reverse("office-cycle-themes", args=[cycle.pk])
    campaigns.write_sector_themes(cycle=cycle, texts=kept, at=noon(), by=district.office)
    assert following().address == reverse("office-leading", args=[cycle.campaign_id])
    formed_group(district, cycle.campaign, at=noon())
    assert following().address == reverse("office-cycle", args=[cycle.pk])
    leading = next(
        step for step in setting_up.steps_of(clock.today(), [district.root]) if step.title == "The leading group"
    )
    assert (leading.is_done, leading.state.endswith(" · 5 units have no leader")) == (True, True)
    assert "Setting up" in office.get(reverse("office-home")).content.decode()
    campaigns.launch_cycle(cycle=cycle, why="", at=noon(), by=district.office)
    cycle.refresh_from_db()
    assert (following().address, following().state) == (reverse("office-polls"), "no appraisal is planned yet")
    poll = cast_booth.drafted_now(district, cycle, [])
    assert following() is None
    done = {str(step.button): step.address for step in office.get(reverse("office-set-up")).context["steps"]}
    assert done["See the campaign"] == reverse("office-campaign", args=[cycle.campaign_id])
    assert {"See the dates", "See the leading group", "To the cycle"} < set(done)
    assert reverse("office-campaign-create") not in done.values()
    PollScrutineer.objects.filter(poll=poll).update(tried_at=None)
    assert following().address == reverse("office-poll", args=[poll.key])
    assert following().state == "0 scrutineers have tried their keys"


def test_whoever_cannot_be_scrutineer_or_cannot_sign_in_is_no_scrutineer_of_the_set_up(office, district) -> None:
    def state():
        steps = office.get(reverse("office-set-up")).context["steps"]
        return next((step.state, step.is_done) for step in steps if step.title == "Three scrutineers")

    given = {"role": Post.Role.SCRUTINEER, "title": "", "from_on": clock.today(), "at": noon(), "by": None}
    of_the_office, judged, without = district.office, district.secretaries[0], district.members[0]
    for person in (of_the_office, judged, without):
        organisations.appoint(person=person, organisation=district.root, **given)
    assert state() == ("0 scrutineers can sign in", False)
    page = office.get(reverse("office-set-up")).content.decode()
    for one in (of_the_office, judged, without):
        assert one.name in page  # each with the rule that they miss
    scrutineers(district, at=noon())
    assert state() == ("3 scrutineers can sign in", True)
    account = Account.objects.get(person__number="S0001")
    identity.switch_off(account=account, reason="请假", at=noon(), by=district.office)
    assert state() == ("2 scrutineers can sign in", False)


def test_every_deed_of_the_rooms_has_a_word_for_the_office_or_is_quiet() -> None:
    rooms = Path(zhengyou.__file__).parent
    texts = [path.read_text(encoding="utf-8") for path in rooms.glob("*/*.py")] + [
        path.read_text(encoding="utf-8") for path in rooms.glob("*/importing/*.py")
    ]
    done = {
        deed for text in texts for call in re.findall(r"\bdone\(\s*(\"[^\"]+\")", text) for deed in DEED.findall(call)
    }
    assert len(done) > 80
    assert {deed for deed in done if deed.partition(".")[0] not in OF_THE_SECOND_HOUSE} - QUIET <= set(DEEDS)


def test_the_first_page_says_whose_heads_cannot_sign_in_and_leads_to_their_letters(office, district) -> None:
    launched_cycle(district, at=noon(60))
    heads = Post.objects.filter(role=Post.Role.SECRETARY)
    Account.objects.filter(person__in=heads.values("person")).delete()
    units = heads.values("organisation").distinct().count()
    [line] = [one for one, _late in office.get(reverse("office-home")).context["lines"] if "cannot sign in" in one.text]
    assert f"those who lead {units} units have none" in line.text
    assert office.get(line.url).context["page"].paginator.count == heads.count()
    for post in heads.select_related("person"):
        Account.objects.get_or_create(person=post.person, defaults={"login": post.person.number, "password": "x"})
    lines = office.get(reverse("office-home")).context["lines"]
    assert not [one for one, _late in lines if "cannot sign in" in one.text]


def test_a_town_office_is_told_who_runs_the_campaign_and_sees_only_the_steps_that_are_its_own(office, district) -> None:
    own = {str(step.title) for step in office.get(reverse("office-set-up")).context["steps"]}
    cycle = launched_cycle(district, at=noon(60))
    post = Post.objects.get(person=district.office, role=Post.Role.CAMPAIGN_OFFICE)
    Post.objects.filter(pk=post.pk).update(organisation=district.town)
    page = office.get(reverse("office-set-up"))
    assert [step.title for step in page.context["steps"]] == [
        "Enter the units",
        "Enter the members",
        "A responsible person for each unit",
    ]
    assert len(own) > 6
    text = page.content.decode()
    assert (
        f"“{cycle.campaign.called}” runs in your units too: the campaign office of {district.root.name} set it up"
        in text
    )
    assert page.context["next"] or "Every step that is yours is done." in text
    assert "the campaign runs." not in text


def test_the_journal_says_what_the_words_were_about_that_somebody_read_and_leads_there(office, district) -> None:
    cycle = launched_cycle(district, at=noon(60))
    plan = published_plan(cycle, district.villages[0], at=noon(20))
    given = remark(wordings(plan)[1], "请早点修", by_office=district.office, at=noon(16))
    text = office.get(reverse("office-journal") + "?room=remarks").content.decode()
    [row] = [one for one in text.split("<tr") if "Words shown" in one]
    assert given.remark.heading in row
    assert f"<small>{district.villages[0].name}</small>" in row
    address = re.search(r'href="(/[^"]*/plans?/[^"]*)"', row) or re.search(r'data-label="About"><a href="([^"]+)"', row)
    assert address
    assert office.get(address[1]).status_code == 200
    assert "请早点修" not in text

"""Polls in the office: what is refused and how it is said, presses that come twice, people who do not belong there."""

import re
import threading
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connections
from django.test import Client
from django.urls import reverse
from django.utils.timezone import localtime
from tests.cast import booth as cast_booth
from tests.cast import district as cast
from tests.cast import keys as cast_keys
from tests.cast import polls as cast_polls
from tests.cast import watchers
from tests.cast.jobs import run_jobs

from zhengyou.ballots.models import LineKey
from zhengyou.base.models import Job, JournalEntry
from zhengyou.identity.models import Account
from zhengyou.organisations import actions as organisations
from zhengyou.organisations.models import Organisation, Post
from zhengyou.polls import actions as poll_actions
from zhengyou.polls import queries as poll_queries
from zhengyou.polls.models import Poll, VoterPool
from zhengyou.standings.models import Result
from zhengyou.web.shared import clock

pytestmark = pytest.mark.django_db

ENGLISH = {"HTTP_ACCEPT_LANGUAGE": "en"}
HOSTILE = "</title><script>alert(1)</script>"
DEEDS = ("keys", "open", "ask-close", "close", "compute")


@pytest.fixture
def district():
    return cast.small_district(members_a_village=4)


@pytest.fixture
def cycle(district):
    return cast_booth.small_cycle(district)


@pytest.fixture
def drafted(district, cycle):
    return cast_booth.drafted_now(district, cycle, [district.members[:6]])


@pytest.fixture
def opened(district, cycle):
    return cast_booth.opened_now(district, cycle, [district.members[:6]])


@pytest.fixture
def office(district):
    return signed_in(district.office)


def signed_in(person):
    client = Client(**ENGLISH)
    client.force_login(Account.objects.get(person=person))
    return client


def deed(client, poll, name, *, follow=False, **more):
    """Press, let a worker do what is left to it, and look if wished."""
    answer = client.post(reverse("office-poll", args=[poll.key]) + f"{name}/", **more)
    run_jobs()
    return client.get(answer.headers["Location"]) if follow and answer.status_code == 302 else answer


def text_of(response):
    return response.content.decode()


def local(at):
    return localtime(at).strftime("%Y-%m-%dT%H:%M")


def planned(**changes):
    now = clock.now()
    given = {"name_zh": "测评", "name_en": "Appraisal", "codes": "001001001", "ticket": uuid4().hex}
    return given | {"opens_at": local(now), "closes_at": local(now + timedelta(days=1))} | changes


def over(poll):
    """The poll's time is over."""
    Poll.objects.filter(pk=poll.pk).update(closes_at=clock.now() - timedelta(seconds=1))


LETTERS = {"whom": "all", "people": "", "languages": "zh-hans"}


def test_only_the_office_enters(district, drafted):
    key = drafted.key
    pages = [reverse("office-polls"), reverse("office-poll-plan"), reverse("office-poll", args=[key])]
    posts = [reverse("office-poll", args=[key]) + f"{name}/" for name in (*DEEDS, "times", "pools/pool-1/codes")]
    for address in pages + posts:
        for call in (Client().get, Client().post):
            assert call(address).headers["Location"].startswith(reverse("sign-in"))
        for person in (district.leader, district.secretaries[0]):
            client = signed_in(person)
            assert client.post(address).status_code == 403
    assert signed_in(district.leader).get(pages[2]).status_code == 403
    drafted.refresh_from_db()
    assert drafted.state == "drafted"


def test_polls_and_pools_that_are_not_there(office, drafted):
    for key in (uuid4(), "1", "not-a-uuid"):
        assert office.get(f"/office/polls/{key}/").status_code == 404
        assert office.post(f"/office/polls/{key}/open/").status_code == 404
    assert office.post(f"/office/polls/{drafted.key}/pools/pool-9/remove/").status_code == 404
    assert office.post(f"/office/polls/{drafted.key}/pools/pool-9/codes/").status_code == 404
    for name in DEEDS:
        answer = office.get(f"/office/polls/{drafted.key}/{name}/")
        if name == "open":
            assert "Two of these people close it afterwards: 甲办公, 乙办公." in text_of(answer)
        else:
            assert answer.headers["Location"] == f"/office/polls/{drafted.key}/"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"codes": "no-such"}, "No unit has the code no-such."),
        ({"codes": ""}, "Choose a unit, or name units below, each by code."),
        ({"name_en": "x" * 121}, "at most 120 characters"),
        ({"opens_at": "soon"}, "Write a day and a time that exist"),
        ({"opens_at": "2026-13-41T99:99"}, "Write a day and a time that exist"),
        ({"opens_at": "2020-01-01T00:00", "closes_at": "2020-01-02T00:00"}, "The closing time has already passed."),
        ({"opens_at": "0001-01-01T00:00"}, "lasts a year at most"),
        ({"closes_at": "9999-12-31T23:59"}, "lasts a year at most"),
        ({"opens_at": "9999-12-31T23:59", "closes_at": "9999-12-31T23:00"}, "would close before it opens"),
    ],
)
def test_a_plan_that_cannot_be_is_refused_in_words(office, cycle, changes, sentence):
    answer = office.post(reverse("office-poll-plan"), planned(**changes))
    assert sentence in text_of(answer)
    assert "测评" in text_of(answer)
    assert Poll.objects.count() == 0


def test_a_sheet_takes_sixty_organisations_and_not_one_more(office, district, cycle):
    extra = [Organisation(code=f"9{n:03d}", name=f"单位{n}", kind="branch", path=f"9{n}/", depth=0) for n in range(61)]
    codes = [row.code for row in Organisation.objects.bulk_create(extra)]
    assert "A sheet takes 1 to 60 units." in text_of(
        office.post(reverse("office-poll-plan"), planned(codes="\n".join(codes)))
    )
    answer = office.post(reverse("office-poll-plan"), planned(codes="\n".join(codes[:60])), follow=True)
    assert text_of(answer).count("/organisations/9") == 60


def test_a_sheet_of_two_slips_an_organisation_is_counted_in_organisations(office, district):
    units = Organisation.objects.bulk_create(
        Organisation(code=f"9{n:03d}", name=f"单位{n}", kind="branch", path=f"9{n}/", depth=0) for n in range(31)
    )
    row = poll_actions.plan_poll(
        cycle=cast.launched_cycle(district),
        name={"en": "x"},
        organisations=list(units),
        opens_at=clock.now(),
        closes_at=clock.now() + cast_booth.HOUR,
        at=clock.now(),
        by=district.office,
    )
    assert len(poll_queries.lines_of(row.cycle.ruleset, list(units))) == 62
    cast_polls.watched(row, district, at=clock.now())
    poll_actions.add_pool(poll=row, name={"en": "x"}, people=district.members[:5], at=clock.now(), by=district.office)
    assert "The keys are not ready yet." in text_of(deed(office, row, "open", follow=True))


def test_a_form_sent_twice_makes_one_poll(office, cycle):
    form = planned()
    addresses = {office.post(reverse("office-poll-plan"), form).headers["Location"] for _press in range(2)}
    assert len(addresses) == Poll.objects.count() == 1
    office.post(reverse("office-poll-plan"), planned())
    assert Poll.objects.count() == 2


def test_hostile_names_stay_text(office, district, cycle):
    office.post(reverse("office-poll-plan"), planned(name_zh=HOSTILE, name_en=HOSTILE))
    row = Poll.objects.get()
    numbers = " ".join(person.number for person in district.members[:5])
    page = reverse("office-poll", args=[row.key])
    office.post(page, {"name_zh": HOSTILE, "name_en": HOSTILE, "numbers": numbers})
    for address in (page, reverse("office-polls")):
        text = text_of(office.get(address))
        assert "alert(1)" in text
        assert "<script>alert" not in text


def test_pools_are_checked_and_named_in_words(office, district, drafted):
    page = reverse("office-poll", args=[drafted.key])
    numbers = [person.number for person in district.members]
    names = {"name_zh": "组", "name_en": "Group"}
    for given, sentence in [
        ({"numbers": "M9999"}, "No member has the number M9999."),
        ({"numbers": ""}, "Choose a unit, or name people by number, or guests, below."),
        ({"numbers": " ".join(numbers[6:10])}, "at least 5 people, this one has 4"),
        ({"numbers": " ".join([numbers[6]] * 9)}, "at least 5 people, this one has 1"),
        ({"numbers": " ".join(numbers[3:9])}, "Already in another pool: 成员1-3, 成员2-0, 成员2-1."),
    ]:
        assert sentence in text_of(office.post(page, names | given))
    assert VoterPool.objects.count() == 1
    assert office.post(page, names | {"numbers": " ".join(numbers[6:11])}).status_code == 302
    assert poll_queries.refused_pools(drafted) == []
    assert office.post(page + "pools/pool-2/remove/").status_code == 302
    assert [group.size for group in poll_queries.refused_pools(drafted)] == [4, 1]


def test_the_times_of_a_drafted_poll_can_be_changed(office, drafted):
    over(drafted)
    page, now = reverse("office-poll-times", args=[drafted.key]), clock.now()
    assert "Opening and closing time" in text_of(office.get(page))
    late = {"opens_at": local(now - timedelta(days=2)), "closes_at": local(now - timedelta(days=1))}
    assert "The closing time has already passed." in text_of(office.post(page, late))
    good = {"opens_at": local(now), "closes_at": local(now + timedelta(days=1))}
    assert office.post(page, good).status_code == 302
    cast_keys.give_keys(drafted)
    deed(office, drafted, "open")
    assert "can no longer be changed" in text_of(office.post(page, good))


def test_keys_are_made_by_a_worker_and_not_for_an_opened_poll(office, drafted):
    assert LineKey.objects.count() == 0
    page = text_of(deed(office, drafted, "keys", follow=True))
    assert LineKey.objects.count() == 1
    assert "1 of 1 keys are ready." in page
    assert "hx-get" not in page
    deed(office, drafted, "open")
    assert "has been opened" in text_of(deed(office, drafted, "keys", follow=True))


def test_a_poll_whose_keys_were_never_asked_for_shows_no_job_of_them(office, drafted):
    page = text_of(office.get(reverse("office-poll", args=[drafted.key])))
    assert "Prepare the keys" in page
    assert 'class="job' not in page


def test_a_press_in_one_of_several_campaigns_leads_to_its_place_on_the_page(office, drafted):
    keys = reverse("office-poll-keys", args=[drafted.key])
    address, _mark, place = office.post(f"{keys}?cycle={drafted.cycle_id}").headers["Location"].partition("#")
    assert place
    assert "?" not in place
    assert address.endswith(f"?cycle={drafted.cycle_id}")


def test_a_poll_opens_once_and_only_with_its_keys(office, drafted):
    assert "The keys are not ready yet." in text_of(deed(office, drafted, "open", follow=True))
    deed(office, drafted, "keys")
    assert "The appraisal is open." in text_of(deed(office, drafted, "open", follow=True))
    frozen = Poll.objects.get().fingerprint
    assert "This appraisal has been opened." in text_of(deed(office, drafted, "open", follow=True))
    assert Poll.objects.get().fingerprint == frozen


def test_a_pool_for_an_opened_poll_is_refused_where_one_sees_it_and_not_put_on_record(office, district, opened):
    page = reverse("office-poll", args=[opened.key])
    names = {"name_zh": "迟", "name_en": "Late"}
    for count in (6, 3):
        numbers = " ".join(person.number for person in district.members[6 : 6 + count])
        assert "can no longer be changed" in text_of(office.post(page, names | {"numbers": numbers}))
    assert poll_queries.refused_pools(opened) == []
    assert "can no longer be changed" in text_of(office.post(page + "pools/pool-1/remove/", follow=True))
    assert VoterPool.objects.count() == 1


def test_letters_are_made_for_an_open_poll_only_and_their_codes_are_kept_nowhere(office, drafted):
    codes = "pools/pool-1/codes"
    assert "Codes belong to an open appraisal." in text_of(deed(office, drafted, codes, data=LETTERS, follow=True))
    assert not Job.objects.filter(kind="letters").exists()
    cast_keys.give_keys(drafted)
    deed(office, drafted, "open")
    assert "Download the file" in text_of(deed(office, drafted, codes, data=LETTERS, follow=True))
    job = Job.objects.get(kind="letters")
    taken = office.post(reverse("office-job-take", args=[job.pk]))
    letters = taken.getvalue().decode()
    assert letters.count('class="code"') == letters.count("<svg") == 6
    assert "no-store" in taken.headers["Cache-Control"]
    assert "attachment" in taken.headers["Content-Disposition"]
    first = letters.split('class="code">')[1][:14]
    assert first not in "".join(map(str, JournalEntry.objects.values_list("payload", flat=True)))
    assert office.get(reverse("office-poll-codes", args=[drafted.key, "pool-1"])).status_code == 200


def test_there_is_no_early_close_and_nobody_closes_alone(office, district, cycle, opened):
    for name in ("ask-close", "close"):
        assert "There is no early close." in text_of(deed(office, opened, name, follow=True))
    opened = cast_booth.over_now(district, cycle, [district.members[:6]])
    assert "over, not counted yet" in text_of(office.get(reverse("office-poll", args=[opened.key])))
    assert "Ask first." in text_of(deed(office, opened, "close", follow=True))
    for step, said in (("ask-close", "must now confirm"), ("close", "must confirm it.")):
        assert f"A second person in the campaign office {said}" in text_of(deed(office, opened, step, follow=True))
    assert Result.objects.count() == 0
    second = signed_in(district.second_office)
    closed = text_of(deed(second, opened, "close", follow=True))
    assert "its record is written" in closed
    assert "The result is computed." in closed
    assert "Only an open appraisal can be closed." in text_of(deed(second, opened, "close", follow=True))
    assert deeds("counting.close_poll") == 1
    deed(office, opened, "compute")
    assert [result.number for result in Result.objects.all()] == [1]


def test_a_result_that_is_missing_can_be_computed_from_the_poll(office, district, opened):
    closed = cast_booth.closed_now(opened, district)
    page = reverse("office-poll", args=[closed.key])
    assert "Compute the result" in text_of(office.get(page))
    assert reverse("public-results", args=[closed.key]) not in text_of(office.get(page))
    assert reverse("public-record", args=[closed.key]) in text_of(office.get(reverse("public-polls")))
    assert "The result is computed." in text_of(deed(office, closed, "compute", follow=True))
    assert ">Compute the result<" not in text_of(office.get(page))


def test_while_a_poll_is_open_its_result_cannot_be_computed(office, opened):
    assert "Results are computed after the close" in text_of(deed(office, opened, "compute", follow=True))


@pytest.mark.parametrize("pools", [1, 3])
def test_the_page_of_a_poll_asks_as_much_for_many_pools(office, district, cycle, pools, django_assert_num_queries):
    row = cast_booth.drafted_now(district, cycle, [district.members[n : n + 5] for n in (0, 5, 10)][:pools])
    with django_assert_num_queries(16):
        page = office.get(reverse("office-poll", args=[row.key]))
    assert text_of(page).count('/remove/"') == pools


@pytest.mark.django_db(transaction=True)
def test_two_tabs_press_the_same_button_at_once(district, cycle, drafted):
    """Keys, opening, asking and closing, each pressed by both people of the office in the same moment."""
    people = (district.office, district.second_office)
    press(people, drafted, "keys")
    assert Job.objects.count() == 1
    run_jobs()
    assert LineKey.objects.count() == 1
    press(people, drafted, "open")
    assert deeds("ballots.open_poll") == 1
    over = cast_booth.over_now(district, cycle, [district.members[6:12]])
    press(people, over, "ask-close")
    assert deeds("counting.ask_to_close") == 1
    press(people, over, "close")
    run_jobs()
    row = Poll.objects.get(pk=over.pk)
    assert (row.state, deeds("counting.close_poll"), Result.objects.count()) == ("closed", 1, 1)
    assert {row.close_asked_by, row.closed_by} == set(people)


def deeds(name):
    return JournalEntry.objects.filter(deed=name).count()


def press(people, poll, name):
    clients, start, answers = [signed_in(person) for person in people], threading.Barrier(2, timeout=20), []

    def run(client):
        start.wait()
        try:
            answers.append(client.post(reverse("office-poll", args=[poll.key]) + f"{name}/").status_code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(client,)) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert answers == [302, 302]


def test_the_rated_see_who_may_and_no_button_to_press(office, district, cycle, opened):
    appoint(district.second_office, district.town, Post.Role.SECRETARY)
    tied = signed_in(district.second_office)
    page = text_of(tied.get(reverse("office-poll", args=[opened.key])))
    assert "You may take no part in running this appraisal." in page
    assert "乙办公 leads 测试镇党委" in page
    assert "These people in the campaign office may do it: 甲办公." in page
    assert "Make letters with codes" not in page
    assert "Turnout so far" not in page
    for name in ("ask-close", "void", "drop-void", "pools/pool-1/codes"):
        assert "may do it: 甲办公" in text_of(deed(tied, opened, name, data=LETTERS, follow=True))
    for name, given in [
        ("extend", {"closes_at": local(opened.closes_at + timedelta(days=1)), "reason": "x"}),
        ("ask-void", {"reason": "x"}),
    ]:
        assert "may do it: 甲办公" in text_of(deed(tied, opened, name, data=given))
    assert "fewer than two may close this one" in text_of(office.get(reverse("office-poll", args=[opened.key])))
    untouched = Poll.objects.get(pk=opened.pk)
    assert (untouched.closes_at, untouched.void_asked_by) == (opened.closes_at, None)


def appoint(person, organisation, role):
    day = clock.today() - timedelta(days=3)
    organisations.appoint(
        person=person, organisation=organisation, role=role, title="", from_on=day, at=clock.now(), by=None
    )


def next_step(response):
    return re.search(r'aria-current="step">\s*<a href="#(\w+)"', text_of(response))[1]


def test_the_steps_say_what_is_next(office, district, cycle):
    row = cast_booth.drafted_now(district, cycle, [])
    page = reverse("office-poll", args=[row.key])
    assert next_step(office.get(page)) == "pools"
    poll_actions.add_pool(poll=row, name={"en": "x"}, people=district.members[:5], at=clock.now(), by=district.office)
    assert next_step(office.get(page)) == "opening"
    deed(office, row, "keys")
    deed(office, row, "open")
    assert next_step(office.get(page)) == "voting"
    assert "Make letters with codes" in text_of(office.get(page))
    over = cast_booth.over_now(district, cycle, [district.members[:5]])
    page = reverse("office-poll", args=[over.key])
    assert "Make letters with codes" not in text_of(office.get(page))
    assert next_step(office.get(page)) == "closing"
    cast_booth.closed_now(over, district)
    assert next_step(office.get(page)) == "recount"


def test_a_pool_that_is_added_or_taken_back_is_said_to_be(office, district, cycle):
    row = cast_booth.drafted_now(district, cycle, [])
    page = reverse("office-poll", args=[row.key])
    given = {"name_zh": "组", "name_en": "Group", "numbers": "\n".join(one.number for one in district.members[:5])}
    assert "The pool is added." in text_of(office.post(page, given, follow=True))
    slug = VoterPool.objects.get(poll=row).slug
    assert "The pool is taken back." in text_of(deed(office, row, f"pools/{slug}/remove", follow=True))
    second = deed(office, row, f"pools/{slug}/remove")
    assert second.status_code == 409
    assert f"taken back already. {district.office.name} did it on" in text_of(second)
    assert not VoterPool.objects.filter(poll=row).exists()


def test_scrutineers_are_registered_on_the_page_and_a_poll_without_them_does_not_open(office, district, cycle):
    row = poll_actions.plan_poll(
        cycle=cycle,
        name={"en": "x"},
        organisations=district.villages[:1],
        opens_at=clock.now(),
        closes_at=clock.now() + cast_booth.HOUR,
        at=clock.now(),
        by=district.office,
    )
    poll_actions.add_pool(poll=row, name={"en": "x"}, people=district.members[:5], at=clock.now(), by=district.office)
    deed(office, row, "keys")
    assert "Register three scrutineers" in text_of(deed(office, row, "open", follow=True))
    nobody = text_of(office.get(reverse("office-poll-scrutineers", args=[row.key])))
    assert "Nobody can be registered." in nobody
    assert reverse("office-posts") in nobody
    assert "id_person" not in nobody
    for person in cast.scrutineers(district):
        said = text_of(deed(office, row, "scrutineers", data={"person": person.pk}, follow=True))
        assert f"{person.name} is registered as scrutineer." in said
    assert text_of(office.get(reverse("office-poll", args=[row.key]))).count("has to make keys") == 3
    waits = text_of(deed(office, row, "open", follow=True))
    assert "have not made and tried their keys yet, at their desk under “Scrutiny”: 监票人1, 监票人2, 监票人3." in waits
    for person in cast.scrutineers(district):
        watchers.make_ready(row, person, clock.now())
    assert text_of(office.get(reverse("office-poll", args=[row.key]))).count("keys tried") == 3
    assert deed(office, row, "scrutineers", data={"person": district.leader.pk}).status_code == 200
    everybody = text_of(office.get(reverse("office-poll-scrutineers", args=[row.key])))
    assert "Everybody who can be registered already is: 监票人1, 监票人2, 监票人3." in everybody
    assert "Nobody can be registered." not in everybody
    registered = poll_queries.scrutineers_of(row)
    assert [one.person.number for one in registered] == ["S0001", "S0002", "S0003"]
    gone = text_of(deed(office, row, f"scrutineers/{registered[0].pk}/dismiss", follow=True))
    assert "监票人1 is no longer a scrutineer of this appraisal." in gone
    assert "Register three scrutineers" in text_of(deed(office, row, "open", follow=True))
    deed(office, row, "scrutineers", data={"person": registered[0].person.pk})
    assert "tried their keys yet, at their desk under “Scrutiny”: 监票人1. Wait" in text_of(
        deed(office, row, "open", follow=True)
    )
    watchers.make_ready(row, registered[0].person, clock.now())
    assert "The appraisal is open." in text_of(deed(office, row, "open", follow=True))
    late = deed(office, row, f"scrutineers/{registered[1].pk}/dismiss", follow=True)
    assert "can no longer be changed" in text_of(late)


def test_a_drafted_poll_can_be_deleted_and_an_opened_one_cannot(office, drafted, opened):
    deed(office, drafted, "keys")
    assert "The appraisal is deleted." in text_of(deed(office, drafted, "delete", follow=True))
    assert deed(office, drafted, "delete").status_code == 404
    assert "can no longer be changed" in text_of(deed(office, opened, "delete", follow=True))
    assert Poll.objects.get() == opened


def test_the_poster_carries_the_fingerprint_and_is_for_opened_polls(office, drafted, opened):
    assert "Open the appraisal first." in text_of(
        office.get(reverse("office-poll-poster", args=[drafted.key]), follow=True)
    )
    page = text_of(office.get(reverse("office-poll-poster", args=[opened.key])))
    assert opened.fingerprint[:8] in page
    assert f"http://testserver/booth/{opened.key}/" in page
    assert "<svg" in page
    assert opened.fingerprint[:8] in text_of(office.get(reverse("public-polls")))

"""Through the pages: a promise given on the spot, a doubt answered, spoken promises recorded, a report told."""

import re
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest
from django.urls import reverse
from tests.cast.commitments import (
    promise_text,
    promises_of,
    proposed_commitment,
    published_commitment,
    secretary_of,
)
from tests.cast.district import PASSWORD, closed_cycle, drafted_cycle, launched_cycle, small_district
from tests.cast.writing import filled, page_of

from zhengyou.base.time import local_day
from zhengyou.campaigns import actions as campaigns
from zhengyou.campaigns.models import Cycle
from zhengyou.commitments import actions as commitments
from zhengyou.commitments.models import CitizenAnswer, Commitment, DraftRemark, Promise
from zhengyou.commitments.rules import Opinion
from zhengyou.identity import actions as identity
from zhengyou.identity.models import Account
from zhengyou.keeping import actions as keeping_actions
from zhengyou.keeping import owing
from zhengyou.keeping import queries as keeping
from zhengyou.keeping.models import Dropping, PromiseDecision, UnitAnswer, Upholding
from zhengyou.remarks.models import Remark
from zhengyou.situations.models import SituationReport
from zhengyou.submissions.models import SubmissionThing
from zhengyou.vows.models import Vow
from zhengyou.web.shared import clock

pytestmark = pytest.mark.django_db


def noon(days_ago=0):
    return datetime.combine(clock.today(), time(4), tzinfo=UTC) - timedelta(days=days_ago)


@pytest.fixture
def district():
    return small_district(at=noon())


@pytest.fixture
def cycle(district):
    return launched_cycle(district, at=noon())


@pytest.fixture
def village(district):
    return district.villages[0]


@pytest.fixture
def promise(district, cycle, village):
    [row, *_rest] = promises_of(published_commitment(district, cycle, village, at=noon()))
    Promise.objects.filter(pk=row.pk).update(due_on=clock.today())
    row.refresh_from_db()
    return row


@pytest.fixture
def enter(client):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"

    def as_(person):
        if not Account.objects.filter(person=person).exists():
            identity.open_account(person=person, login=person.number, password=PASSWORD, at=noon(), by=None)
        client.force_login(Account.objects.get(person=person))
        return client

    return as_


def sent(client, name, args, **given):
    answer = client.post(reverse(name, args=args), given, follow=True)
    assert answer.status_code == 200, answer.content.decode()
    return answer.content.decode()


def wording(cycle, **changes):
    days = {"due_on": cycle.ends_on.isoformat()}
    texts = {
        "what": "修好村口的路灯",
        "standard": "夜间全亮",
        "checked_by": "place",
        "for_whom": "村民",
        "evidence": "照片",
    }
    return texts | days | {"aim": "service"} | changes


def test_a_promise_given_on_the_spot_is_public_and_the_form_asks_about_ordinary_duty(enter, cycle, village, district):
    secretary = enter(secretary_of(village))
    given = {"given_on": clock.today().isoformat()}
    asked = sent(secretary, "desk-promise-on-the-spot", [village.code], **wording(cycle, what="认真学习", **given))
    assert "is what everybody expects of you anyway" in asked
    assert not Promise.objects.exists()
    unseen = wording(cycle, what="认真学习", checked_by="nothing", is_more="on", **given)
    sent(secretary, "desk-promise-on-the-spot", [village.code], **unseen)
    page = page_of(secretary, reverse("public-organisation", args=[village.code]))
    assert "given on the spot" in page
    assert "cannot be checked" in page
    row = Promise.objects.get()
    above = enter(district.leader)
    assert row.what in page_of(above, reverse("desk-keeping"))
    sent(above, "desk-keeping-look", [village.code, row.pk], agrees="object", words="请写清看得见的事")
    assert "请写清看得见的事" in page_of(above, reverse("public-promise", args=[village.code, row.pk]))
    for page, nothing in (
        ("desk-keeping-look", "Nothing about this promise is waiting for a review any more."),
        ("desk-keeping-uphold", "there is nothing to uphold."),
    ):
        again = page_of(above, reverse(page, args=[village.code, row.pk]))
        assert nothing in again
        assert "<textarea" not in again


def test_an_ordinary_promise_is_not_called_one_given_on_the_spot(enter, promise, village, district):
    page = page_of(enter(district.leader), reverse("desk-keeping-look", args=[village.code, promise.pk]))
    assert "<h1>A promise given on the spot</h1>" not in page
    assert "Only promises given on the spot are looked at afterwards." in page
    assert "<textarea" not in page


def test_what_people_doubt_is_answered_in_public_and_decided_on(enter, promise, village, district, cycle):
    for _person in range(5):
        commitments.answer_promise(promise=promise, mark="not_kept", arrival=None, at=noon())
    place = [village.code, promise.pk]
    public = reverse("public-promise", args=place)
    secretary, unit = enter(secretary_of(village)), reverse("public-organisation", args=[village.code])
    assert "The unit owes a public answer by" in page_of(secretary, public)
    assert "The unit owes a public answer by" in page_of(secretary, unit)
    assert "Answer in public about 1 promise" in page_of(secretary, reverse("desk-home"))
    assert reverse("desk-promise-answer", args=place) in page_of(
        secretary, reverse("desk-commitment", args=[village.code])
    )
    asked = page_of(secretary, reverse("desk-promise-answer", args=place))
    assert asked.count("The unit owes a public answer by") == 1
    assert asked.index("The unit owes a public answer by") < asked.index(
        "<textarea"
    )  # why, before the words are written
    for forged in ("desk-keeping-decide", "desk-keeping-uphold", "desk-keeping-look"):
        assert secretary.post(reverse(forged, args=place), {"decision": "kept", "reason": "好"}).status_code == 403
    sent(secretary, "desk-promise-answer", place, text="第三盏灯等零件，周五装好")
    assert "owes a public answer" not in page_of(secretary, public) + page_of(secretary, unit)
    assert "has been contested since" in page_of(secretary, public)
    assert "The unit answered on" in page_of(secretary, public)
    assert "第三盏灯等零件" in page_of(secretary, public)
    above = enter(district.leader)
    assert 'value="nothing_shown"' not in page_of(above, reverse("desk-keeping-decide", args=place))
    sent(above, "desk-keeping-decide", place, decision="not_kept", reason="去看过，三盏不亮")
    page = page_of(above, public)
    assert "The level above says" in page
    assert "The level above gives its reason" in page
    assert "去看过，三盏不亮" in page
    assert (UnitAnswer.objects.count(), PromiseDecision.objects.count()) == (1, 1)


def test_of_two_who_decide_at_once_the_second_is_told_and_decides_anew(enter, promise, village, district, cycle):
    for _person in range(5):
        commitments.answer_promise(promise=promise, mark="not_kept", arrival=None, at=noon())
    place = [village.code, promise.pk]
    seen = enter(district.leader).get(reverse("desk-keeping-decide", args=place)).context["form"].meanwhile.mark
    first = {"decision": "not_kept", "reason": "去看过，三盏不亮", "seen": seen}
    for _twice in range(2):
        assert enter(district.leader).post(reverse("desk-keeping-decide", args=place), first).status_code == 302
    second = {"decision": "kept", "reason": "都亮了", "seen": seen}
    told = sent(enter(district.town_secretary), "desk-keeping-decide", place, **second)
    assert f"{district.leader.name} changed this on" in told
    assert "去看过，三盏不亮" in told
    assert {one.decided_by for one in PromiseDecision.objects.all()} == {district.leader}
    now = keeping.decision_in_force(promise)
    again = (
        enter(district.town_secretary).get(reverse("desk-keeping-decide", args=place)).context["form"].meanwhile.mark
    )
    sent(enter(district.town_secretary), "desk-keeping-decide", place, **second | {"seen": again})
    assert keeping.decision_in_force(promise).pk > now.pk


def test_whoever_decides_is_told_what_the_unit_said_since_the_page_was_opened(enter, promise, village, district, cycle):
    facts = {"promise": promise, "at": noon(), "by": secretary_of(village)}
    commitments.answer_promise(promise=promise, mark="not_kept", arrival=None, at=noon())
    commitments.state_outcome(outcome="fulfilled", explanation="都亮了", **facts)
    place, above = [village.code, promise.pk], enter(district.leader)
    kept, page = {"decision": "kept", "reason": "去看过"}, reverse("desk-keeping-decide", args=place)
    for nth, outcome in enumerate(
        ("not_fulfilled", "fulfilled")
    ):  # the second time after a decision of the same person
        seen = above.get(page).context["form"].meanwhile.mark
        commitments.state_outcome(outcome=outcome, explanation="更正", **facts)
        told = sent(above, "desk-keeping-decide", place, **kept | {"seen": seen})
        assert f"{secretary_of(village).name} changed this on" in told
        assert PromiseDecision.objects.count() == nth
        seen = above.get(page).context["form"].meanwhile.mark
        sent(above, "desk-keeping-decide", place, **kept | {"seen": seen, "reason": f"去看过{nth}"})
    seen = above.get(page).context["form"].meanwhile.mark
    commitments.report_progress(text="又修了一遍", **facts)
    assert "changed this on" in sent(above, "desk-keeping-decide", place, **kept | {"seen": seen})


def test_a_clerk_chooses_among_the_promises_that_owe_an_answer(enter, promise, village, district, cycle):
    place = [village.code, "doubts"]
    clerk, address = enter(district.town_secretary), reverse("desk-submission-enter", args=place)
    assert "nothing to choose" in page_of(clerk, address)
    for _person in range(5):
        commitments.answer_promise(promise=promise, mark="not_kept", arrival=None, at=noon())
    choices = clerk.get(address).context["form"].fields["promise"].choices
    assert choices == [(str(promise.pk), promise.what)]


def test_nobody_is_sent_to_words_that_are_not_there(enter, promise, village, district, cycle):
    commitments.answer_promise(promise=promise, mark="not_kept", arrival=None, at=noon())
    keeping_actions.decide(promise=promise, decision="kept", reason="去看过", at=noon(), by=district.leader)
    pages = [reverse(name, args=[village.code, promise.pk]) for name in ("public-promise", "desk-keeping-decide")]
    above = enter(district.leader)
    assert ["Read what people saw" in page_of(above, page) for page in pages] == [False, False]
    commitments.answer_promise(promise=promise, mark="not_kept", words="一盏都没修", arrival=None, at=noon())
    Remark.objects.update(state=Remark.State.SHOWN)
    assert ["Read what people saw" in page_of(above, page) for page in pages] == [True, True]


def test_once_what_was_sent_back_is_revised_it_is_to_be_proposed_again(enter, village, district, cycle):
    commitment = proposed_commitment(cycle, village, at=noon())
    rows = promises_of(commitment)
    opinions = {row.pk: Opinion(row.pk != rows[0].pk, "写明标准") for row in rows}
    commitments.review_promises(commitment=commitment, opinions=opinions, at=noon(), by=district.leader)
    secretary = enter(secretary_of(village))
    assert "Revise 1 returned promise" in page_of(secretary, reverse("desk-home"))
    row = promises_of(commitment)[0]
    text = replace(row.text, standard="夜间六点到十点全亮")
    commitments.change_promise(promise=row, text=text, at=noon(), by=secretary_of(village), revision=row.revision)
    due = page_of(secretary, reverse("desk-home"))
    assert "Propose the revised promises again" in due
    assert "Revise 0" not in due


def test_one_doubt_is_upheld_through_the_page(enter, promise, village, district, cycle):
    commitments.answer_promise(promise=promise, mark="not_kept", words="一盏都没修", arrival=None, at=noon())
    Remark.objects.update(state=Remark.State.SHOWN)
    answer = CitizenAnswer.objects.get()
    sent(enter(district.leader), "desk-keeping-uphold", [village.code, promise.pk], answer=answer.pk, reason="属实")
    assert Upholding.objects.get().promise == promise
    assert [one.promise for one in owing.contested_in(cycle, [village])] == [promise]


def test_members_promise_in_writing_or_aloud_and_stand_on_the_page_of_their_unit(enter, cycle, village, district):
    first, second = [one for one in district.members if one.organisation == village][:2]
    secretary = secretary_of(village)
    block = {"what_1": "每周给两户老人送药", "standard_1": "登记卡有签名", "due_on_1": cycle.ends_on.isoformat()}
    block["serves_1"] = "service"
    assert "This field" not in sent(enter(first), "desk-vow", [], **block, is_of_age="on")
    read_back = {"is_of_age": "on", "read_back_on": clock.today().isoformat()}
    half = sent(enter(secretary), "desk-vow-record", [second.pk], what_1="扫门前", **read_back)
    assert Vow.objects.count() == 1, half
    sent(enter(secretary), "desk-vow-record", [second.pk], **block, **read_back)
    own, spoken = Vow.objects.order_by("pk")
    sent(enter(secretary), "desk-vow-review", [own.pk], agrees="yes")
    assert "You recorded these promises yourself" in sent(
        enter(secretary), "desk-vow-review", [spoken.pk], agrees="yes"
    )
    sent(enter(district.town_secretary), "desk-vow-review", [spoken.pk], agrees="yes")
    page = page_of(enter(secretary), reverse("public-organisation", args=[village.code]))
    assert first.name in page
    assert second.name in page
    assert page.count("Promised in conversation, written down by somebody else") == 1
    stranger = enter(district.secretaries[1])
    assert stranger.get(reverse("desk-vows", args=[village.code])).status_code == 403
    assert stranger.get(reverse("desk-vow-record", args=[first.pk])).status_code == 403


def test_whose_name_a_recording_bears_is_told_and_can_deny_it(enter, cycle, village, district):
    member, colleague = [one for one in district.members if one.organisation == village][:2]
    block = {"what_1": "每周给两户老人送药", "standard_1": "登记卡有签名", "due_on_1": cycle.ends_on.isoformat()}
    block |= {"serves_1": "service", "is_of_age": "on", "read_back_on": clock.today().isoformat()}
    below = enter(member)
    for above in (district.leader, district.town_secretary, district.office):
        place = reverse("desk-vow-record", args=[above.pk])
        assert (below.get(place).status_code, below.post(place, block).status_code) == (403, 403)
    assert not Vow.objects.exists()
    assert secretary_of(village).name in page_of(below, reverse("desk-vow"))
    sent(enter(colleague), "desk-vow-record", [member.pk], **block)
    row = Vow.objects.get()
    below = enter(member)
    assert "Check what somebody wrote down as your promise" in page_of(below, reverse("desk-home"))
    assert "I never said this" in page_of(below, reverse("desk-vow"))
    assert "a level above" in page_of(enter(district.secretaries[1]), reverse("desk-vows", args=[village.code]))
    sent(enter(member), "desk-vow-answer", [row.pk], is_so="no")
    row.refresh_from_db()
    assert row.state == "returned"
    assert enter(member).get(reverse("desk-vow")).context["form"]["what_1"].value() == ""
    assert "I never said this." in page_of(enter(secretary_of(village)), reverse("desk-vow-review", args=[row.pk]))
    own = {name: value for name, value in block.items() if name != "read_back_on"}
    sent(enter(member), "desk-vow", [], **own)
    forged = sent(enter(colleague), "desk-vow-record", [member.pk], **block | {"what_1": "每天送全村人早饭"})
    assert "has written this with their own hand" in forged
    sent(enter(secretary_of(village)), "desk-vow-exempt", [member.pk], reason="住院")
    page = page_of(enter(member), reverse("desk-vow"))
    assert "What was written before is kept" in page
    assert "每周给两户老人送药" in page
    assert "You are exempt from promising in this cycle" in page


def test_whoever_exempts_reads_what_that_does_and_is_refused_before_they_write(enter, cycle, village, district):
    member, other = [one for one in district.members if one.organisation == village][:2]
    secretary = secretary_of(village)
    block = {"what_1": "每周给两户老人送药", "standard_1": "登记卡有签名", "due_on_1": cycle.ends_on.isoformat()}
    sent(enter(member), "desk-vow", [], **block, serves_1="service", is_of_age="on")
    leads, exempting = enter(secretary), reverse("desk-vow-exempt", args=[member.pk])
    page = page_of(leads, exempting)
    assert "they are put aside" in page
    assert "送药" in page
    sent(leads, "desk-vow-exempt", [member.pk], reason="住院")
    page = page_of(leads, exempting)
    assert "Change the reason of an exemption" in page
    assert "住院" in page, "a second reason never takes the place of the first unseen"
    assert "stays exempt" in sent(leads, "desk-vow-exempt", [member.pk], reason="住院到明年")
    assert "Change the reason" in page_of(leads, reverse("desk-vows", args=[village.code]))
    sent(enter(other), "desk-vow", [], **block, serves_1="service", is_of_age="on")
    leads = enter(secretary)
    sent(leads, "desk-vow-review", [Vow.objects.get(person=other).pk], agrees="yes")
    for somebody in (other, secretary):
        refused = leads.get(reverse("desk-vow-exempt", args=[somebody.pk]))
        assert (refused.status_code, b"<textarea" in refused.content) == (409, False)


def test_whoever_records_reads_nothing_of_a_colleague_and_reviews_nothing_of_their_own(enter, cycle, village, district):
    member, other, colleague = [one for one in district.members if one.organisation == village][:3]
    secretary = secretary_of(village)
    block = {"what_1": "每周给两户老人送药", "standard_1": "登记卡有签名", "due_on_1": cycle.ends_on.isoformat()}
    block |= {"serves_1": "service", "is_of_age": "on", "read_back_on": clock.today().isoformat()}
    own = {name: value for name, value in block.items() if name != "read_back_on"}
    sent(enter(member), "desk-vow", [], **own)
    sent(enter(secretary), "desk-vow-review", [Vow.objects.get().pk], agrees="no", opinion="太空，请写清")
    sent(enter(secretary), "desk-vow-exempt", [other.pk], reason="癌症住院")
    for somebody in (member, other):
        page = page_of(enter(colleague), reverse("desk-vow-record", args=[somebody.pk]))
        assert not [words for words in ("太空", "送药", "癌症", "exempt", "sent back") if words in page]
    assert "nobody writes anything down" in sent(enter(colleague), "desk-vow-record", [other.pk], **block)
    assert Vow.objects.get(person=other).exempt_because == "癌症住院"
    Vow.objects.filter(person=other).delete()
    sent(enter(secretary), "desk-vow-record", [other.pk], **block)
    assert "送药" in page_of(enter(secretary), reverse("desk-vow-record", args=[other.pk]))
    review = reverse("desk-vow-review", args=[Vow.objects.get(person=other).pk])
    people = reverse("desk-vows", args=[village.code])
    assert review not in page_of(enter(secretary), people)
    assert review in page_of(enter(district.town_secretary), people)


def test_whoever_does_not_write_is_found_by_a_colleague_and_by_the_leader(enter, cycle, village, district):
    member, colleague = [one for one in district.members if one.organisation == village][:2]
    own = page_of(enter(member), reverse("desk-vow"))
    assert secretary_of(village).name in own
    assert "anybody else in your unit" in own
    place = reverse("desk-vow-colleagues")
    assert place in page_of(enter(colleague), reverse("desk-vow"))
    page = enter(colleague).get(place, {"q": member.name})
    assert reverse("desk-vow-record", args=[member.pk]) in page.content.decode()
    assert {one.organisation for one in page.context["page"]} == {village}
    assert not {colleague, *district.secretaries[1:]} & set(enter(colleague).get(place).context["page"])
    block = {"what_1": "每周给两户老人送药", "standard_1": "登记卡有签名", "due_on_1": cycle.ends_on.isoformat()}
    block |= {"serves_1": "service", "is_of_age": "on", "read_back_on": clock.today().isoformat()}
    sent(enter(colleague), "desk-vow-record", [member.pk], **block)
    assert member not in enter(colleague).get(place, {"q": member.name}).context["page"]
    everybody = enter(secretary_of(village)).get(reverse("desk-vows", args=[village.code]))
    rows = list(everybody.context["page"])
    assert [one.vow_state for one in rows] == [""] * (len(rows) - 1) + ["proposed"]
    assert len(rows) <= 12
    waiting = enter(secretary_of(village)).get(reverse("desk-vows", args=[village.code]), {"state": "proposed"})
    assert list(waiting.context["page"]) == [member]
    assert "每周给两户老人送药" in waiting.content.decode()
    file = enter(secretary_of(village)).get(reverse("desk-vows", args=[village.code]), {"as": "csv"})
    assert file.content.decode("utf-8-sig").splitlines()[0] == "Name,State,Promises"


def test_a_promise_on_the_spot_that_comes_late_is_asked_about_once(enter, cycle, village):
    secretary = enter(secretary_of(village))
    Cycle.objects.filter(pk=cycle.pk).update(starts_on=clock.today() - timedelta(days=60))
    given = wording(cycle, given_on=(clock.today() - timedelta(days=30)).isoformat())
    asked = sent(secretary, "desk-promise-on-the-spot", [village.code], **given)
    assert "was to be published by" in asked
    assert not Promise.objects.exists()
    sent(secretary, "desk-promise-on-the-spot", [village.code], **given, is_late="on")
    row = Promise.objects.get()
    assert "published late" in page_of(secretary, reverse("public-promise", args=[village.code, row.pk]))


def test_all_that_stands_in_the_way_of_proposing_is_said_at_once_and_members_read_the_opinion(
    enter, cycle, village, district
):
    secretary, proposed = secretary_of(village), proposed_commitment(cycle, village, at=noon())
    [first, *others] = promises_of(proposed)
    opinions = {one.pk: Opinion(True) for one in others} | {first.pk: Opinion(False, "请写清哪几盏")}
    commitments.review_promises(commitment=proposed, opinions=opinions, at=noon(), by=district.town_secretary)
    page = page_of(enter(secretary), reverse("desk-commitment", args=[village.code]))
    assert "Before you can propose:" in page
    assert "1 promise was returned and has not been revised yet" in page
    member = next(one for one in district.members if one.organisation == village)
    assert "请写清哪几盏" in page_of(enter(member), reverse("desk-draft", args=[village.code]))


def test_a_unit_tells_how_things_stand_and_anybody_says_something_to_it(enter, cycle, village):
    sent(
        enter(secretary_of(village)),
        "desk-situation-write",
        [village.code],
        title="一季度",
        text="灯修了六盏\n水渠没动工",
    )
    row = SituationReport.objects.get()
    address = reverse("public-situation", args=[village.code, row.pk])
    client = enter(secretary_of(village))
    client.logout()
    answer = client.post(address, filled(row.reference, words="第三盏还不亮"), follow=True)
    assert "Recorded, number" in answer.content.decode()
    unread = page_of(client, address)
    assert "1 waits to be read before it is shown." in unread
    assert "Nobody has said anything yet." not in unread
    Remark.objects.update(state=Remark.State.SHOWN)
    remark = Remark.objects.get()
    assert client.get(reverse("public-remark", args=[remark.pk]))["Location"] == f"{address}#remark-{remark.pk}"
    page = page_of(client, address)
    assert "第三盏还不亮" in page
    assert "No. 1 of" in page
    assert "一季度" in page_of(client, reverse("public-organisation", args=[village.code]))
    assert "一季度" in page_of(client, reverse("public-find") + "?q=一季度")


def test_people_of_the_unit_read_its_draft_and_say_what_they_think(enter, cycle, village, district):
    commitments.write_promise(
        cycle=cycle, organisation=village, text=promise_text(due_on=cycle.ends_on), at=noon(), by=secretary_of(village)
    )
    member, stranger = (
        next(one for one in district.members if one.organisation == place) for place in district.villages[:2]
    )
    sent(enter(member), "desk-draft", [village.code], text="请再加一段路")
    assert enter(stranger).get(reverse("desk-draft", args=[village.code])).status_code == 403
    assert "请再加一段路" in page_of(enter(secretary_of(village)), reverse("desk-commitment", args=[village.code]))
    assert DraftRemark.objects.count() == 1


def test_what_an_earlier_cycle_left_open_is_settled_from_paper_and_explained(enter, promise, cycle, village, district):
    keeping_actions.decide(promise=promise, decision="nothing_shown", reason="没有材料", at=noon(), by=district.leader)
    public = reverse("public-promise", args=[village.code, promise.pk])
    secretary = enter(secretary_of(village))
    assert "It was decided that nothing was shown of this promise" in page_of(secretary, public)
    assert "was not kept" not in page_of(secretary, public)
    answer = reverse("desk-promise-answer", args=[village.code, promise.pk])
    assert answer in page_of(secretary, public)
    closed_cycle(district, cycle, at=noon())
    following = drafted_cycle(district, at=noon(), name="下一年度")
    campaigns.launch_cycle(cycle=following, why="", at=noon(), by=district.office)
    assert answer in page_of(secretary, reverse("desk-home"))
    assert answer in page_of(secretary, reverse("desk-commitment", args=[village.code]))
    line = re.search(rf'href="({answer}[^"]*)"', secretary.get(reverse("desk-home")).text)[1]
    told = secretary.post(line, {"text": "材料在村部，已补上。"}, follow=True)
    assert told.status_code == 200, "from a line of an earlier cycle too it leads on"
    assert "Your answer is public." in told.text
    clerk = enter(district.town_secretary)
    came = {"came_how": "paper", "came_on": local_day(noon()).isoformat()}
    opened = [one.promise for one in keeping.inherited(following, village)]
    for one in opened[:-1]:
        given = wording(following, promise=one.pk, due_on=following.ends_on.isoformat()) | came
        sent(clerk, "desk-submission-enter", [village.code, "taken-over"], **given)
    dropped = {"promise": opened[-1].pk, "reason": "这条路已经改道"}
    sent(clerk, "desk-submission-enter", [village.code, "dropped"], **dropped, **came)
    assert [one.is_open for one in keeping.inherited(following, village)] == [False] * (len(opened) - 1) + [True]
    assert "nothing to choose" in page_of(clerk, reverse("desk-submission-enter", args=[village.code, "dropped"]))
    drop = reverse("desk-promise-drop", args=[village.code, opened[-1].pk])
    for of, told in ((opened[-1], "was asked on"), (opened[0], "has taken this promise over")):
        page = page_of(enter(secretary_of(village)), reverse("desk-promise-drop", args=[village.code, of.pk]))
        assert told in page
        assert 'name="reason"' not in page
    wish, above = Dropping.objects.get(), enter(district.leader)
    asked = reverse("desk-keeping-dropping", args=[village.code, wish.pk])
    assert "yes, it is dropped" in page_of(above, asked)
    over = {"text": promise_text(due_on=following.ends_on), "carried_from": opened[-1]}
    acting = {"at": noon(), "by": secretary_of(village)}
    over = commitments.write_promise(cycle=following, organisation=village, **over, **acting)
    assert "yes, it is dropped" not in page_of(above, asked)
    commitments.withdraw_promise(promise=over, **acting)
    keeping_actions.answer_dropping(dropping=wish, consents=True, opinion="", at=noon(), by=district.leader)
    assert "is dropped already" in page_of(enter(secretary_of(village)), drop)
    clerk = enter(district.town_secretary)
    sent(clerk, "desk-submission-enter", [village.code, "proposal"], **came)
    assert Commitment.objects.get(cycle=following).state == "proposed"
    review = page_of(enter(district.leader), reverse("desk-review", args=[village.code]))
    assert "an earlier cycle:" in review
    assert opened[0].standard in review
    clerk = enter(district.town_secretary)
    [successor, *_more] = Promise.objects.filter(carried_from__isnull=False).exclude(state="withdrawn")
    assert SubmissionThing.objects.filter(about=successor.reference, submission__what="taken-over").exists()
    stranger = enter(district.secretaries[1])
    for what in ("taken-over", "dropped", "revised"):
        assert stranger.post(reverse("desk-submission-enter", args=[village.code, what]), came).status_code == 403

"""Plans on their pages: from a tap on a number to "what changed because of you", at the desk and for everybody; attacks by forms."""

import re
from datetime import UTC, datetime, time, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.cast.district import launched_cycle, small_district
from tests.cast.plans import BODY, drafted_plan, published_plan, remark, wordings
from tests.cast.writing import filled

from zhengyou import jobs
from zhengyou.consultation import actions, queries
from zhengyou.consultation.models import Plan, PlanRemark
from zhengyou.identity.models import Account
from zhengyou.remarks.models import Remark
from zhengyou.web.shared import clock

pytestmark = pytest.mark.django_db


def noon(days_ago=0):
    return datetime.combine(clock.today() - timedelta(days=days_ago), time(4), tzinfo=UTC)


@pytest.fixture
def district():
    return small_district(at=noon(70))


@pytest.fixture
def cycle(district):
    return launched_cycle(district, at=noon(40))


@pytest.fixture
def village(district):
    return district.villages[0]


@pytest.fixture
def plan(cycle, village):
    return published_plan(cycle, village, at=noon(4))


def signed_in(person):
    client = Client(headers={"accept-language": "en"})
    client.force_login(Account.objects.get(person=person))
    return client


def text_of(client, name, *parts, query=""):
    answer = client.get(reverse(name, args=parts) + query, headers={"accept-language": "en"}, follow=True)
    assert answer.status_code == 200, answer.status_code
    return " ".join(answer.content.decode().split())


def sent(client, wording, words, **more):
    address = reverse("public-plan-paragraph", args=[wording.version.plan.organisation.code, wording.pk])
    return client.post(address, filled(wording.reference, words=words) | more, headers={"accept-language": "en"})


def test_a_remark_changes_a_plan_from_the_tap_to_what_changed(client, plan, district, village):
    lamps = wordings(plan)[1]
    page = text_of(client, "public-plan", village.code, plan.pk)
    assert page.index("The text, version 1") < page.index("What changed because of you")
    assert reverse("public-plan-paragraph", args=[village.code, lamps.pk]) in page
    own = sent(client, lamps, "学校到卫生室的路也没有灯。<script>alert(1)</script>")
    assert own.status_code == 302, own.content.decode()
    assert "<strong>1</strong> waiting to be read" in text_of(client, "public-plan", village.code, plan.pk)
    remark_row = Remark.objects.get()
    office, secretary = signed_in(district.office), signed_in(district.secretaries[0])
    waits = reverse("office-remarks", args=[plan.cycle_id]) + "?state=waiting"  # the line leads to what it counts
    assert waits in [line.url for line, _late in office.get(reverse("office-home")).context["lines"]]
    assert office.get(waits).context["page"].paginator.count == 1
    assert f'name="only" value="{remark_row.pk}"' in office.get(waits).content.decode()
    office.post(waits, {"only": remark_row.pk})  # the button of its row
    page = text_of(client, "public-plan-paragraph", village.code, lamps.pk)
    assert "&lt;script&gt;" in page
    assert "<script>alert" not in page
    assert "Answer 1 comment" in text_of(secretary, "desk-home")
    row = PlanRemark.objects.get()
    ticked = reverse("desk-plan-answer", args=[plan.pk]) + f"?row={row.pk}"
    given = {"outcome": "taken_up", "paragraphs": [lamps.paragraph_id], "text": "已加上。", "ticket": "0" * 32}
    named = secretary.post(ticked, given | {"text": "已给张主任家加上。"}, HTTP_ACCEPT_LANGUAGE="en").content.decode()
    assert "This seems to name somebody: 张" in named
    assert secretary.post(ticked, given).status_code == 302
    own = text_of(client, "public-own-words", remark_row.public_id)
    assert "taken up" in own
    assert f"{remark_row.heading.rpartition(' · ')[0]} · Paragraph {remark_row.heading.rpartition(' · ')[2]}" in own
    mended = reverse("desk-plan-answer-change", args=[plan.pk, PlanRemark.objects.get().response_id])
    for outcome, words in (("not_taken_up", "明年再议。"), ("taken_up", "还是加上。")):
        named = [lamps.paragraph_id] if outcome == "taken_up" else []
        assert (
            secretary.post(mended, given | {"outcome": outcome, "text": words, "paragraphs": named}).status_code == 302
        )
    for page in (
        text_of(client, "public-plan-paragraph", village.code, lamps.pk),
        text_of(client, "public-own-words", remark_row.public_id),
    ):
        assert page.count("the answer was:") == 2
        assert "明年再议。" in page
    secretary.post(reverse("desk-plan-next", args=[plan.pk]))
    new = wordings(plan)[1]
    reworded = {"text": "六月底前修好村口到学校和卫生室的路灯，共十八盏。由村委会负责。"}
    secretary.post(reverse("desk-plan-paragraph", args=[plan.pk, new.pk]), reworded)
    until = clock.today() + timedelta(days=10)
    assert (
        secretary.post(reverse("desk-plan-publish", args=[plan.pk]), {"open_until": until, "sure": "on"}).status_code
        == 302
    )
    page = text_of(client, "public-plan", village.code, plan.pk)
    assert "<strong>1</strong> comment was sent in" in page
    assert "<ins>和卫生室</ins>" in page
    assert "because of comments" in page
    assert "由村委会负责" not in page.partition("changed sentences")[2].partition("</ol>")[0]
    compared = text_of(client, "public-plan-compare", village.code, plan.pk)
    assert "<del>二</del>" in compared.replace("</del> <del>", "")
    assert "2 paragraphs are the same" in compared
    assert plan.title in text_of(client, "public-organisation", village.code)
    listed = text_of(client, "public-plans").partition("<tbody>")[2]
    assert re.search(rf"{plan.title}(?:<[^>]*>[^<]*){{1,6}}<small>in Chinese</small>", listed)
    assert client.get(reverse("public-plan-text", args=[village.code, plan.pk])).json()["versions"][1]["number"] == 2
    jobs.forget(at=clock.now())
    assert plan.title in text_of(client, "public-find", query="?q=路灯")


def test_members_read_first_and_everybody_else_reads_when(client, cycle, district, village):
    plan = published_plan(cycle, village, at=noon())
    lamps = wordings(plan)[1]
    assert "read this draft first" in text_of(client, "public-plan", village.code, plan.pk)
    assert lamps.text not in text_of(client, "public-plan-paragraph", village.code, lamps.pk)
    assert client.get(reverse("public-plan-text", args=[village.code, plan.pk])).status_code == 404
    assert plan.title not in text_of(client, "public-plans")
    reader = signed_in(district.secretaries[0])
    assert lamps.text in text_of(reader, "desk-plan-read", plan.pk)
    said = reader.post(reverse("desk-plan-say", args=[lamps.pk]), filled(lamps.reference, words="先给党员说"))
    assert said.status_code == 302
    assert PlanRemark.objects.get().is_of_members
    assert f'href="{reverse("desk-plan-say", args=[lamps.pk])}"' in reader.get(said.url).content.decode()
    assert reverse("public-plan-paragraph", args=[village.code, lamps.pk]) not in reader.get(said.url).content.decode()
    assert signed_in(district.secretaries[1]).get(reverse("desk-plan-read", args=[plan.pk])).status_code == 403


def test_two_who_answer_one_remark_and_two_who_reword_one_paragraph(plan, district):
    row = remark(wordings(plan)[1], "太少", by_office=district.office, at=noon())
    first, second = signed_in(district.secretaries[0]), signed_in(district.secretaries[0])
    address = reverse("desk-plan-answer", args=[plan.pk]) + f"?row={row.pk}"
    given = {"outcome": "not_taken_up", "text": "不改。"}
    assert first.post(address, given | {"ticket": "1" * 32}).status_code == 302
    late = second.post(address, given | {"ticket": "2" * 32})
    assert "have an answer already" in late.content.decode()
    assert district.secretaries[0].name in late.content.decode()
    actions.begin_version(plan=plan, at=clock.now(), by=district.secretaries[0])
    wording = wordings(plan)[1]
    page = reverse("desk-plan-paragraph", args=[plan.pk, wording.pk])
    seen = re.search(r'name="seen" value="([^"]+)"', second.get(page).content.decode())[1]
    first.post(page, {"text": "第一个人的改法。", "seen": seen})
    stale = second.post(page, {"text": "第二个人的改法。", "seen": seen}).content.decode()
    assert "第一个人的改法。" in stale
    assert wordings(plan)[1].text == "第一个人的改法。"


def test_many_alike_are_answered_by_ticks_and_as_a_group(plan, district):
    lamps, common = wordings(plan)[1], "路灯太少，学校门口晚上看不见路，请多装几盏"
    own = remark(lamps, f"{common}。公交站也没有灯，老人摔倒过两次", by_office=district.office, at=noon())
    rows = [remark(lamps, f"{common}{n}", by_office=district.office, at=noon()) for n in ("", "啊", "吧")]
    desk = signed_in(district.secretaries[0])
    desk.post(reverse("desk-plan-groups", args=[plan.pk]))
    [group] = queries.groups_of(plan)
    page = text_of(desk, "desk-plan-remarks", plan.pk)
    assert "Answer 4 together" in page
    address = reverse("desk-plan-answer", args=[plan.pk])
    answer = {"outcome": "not_taken_up", "text": "年内再装。", "ticket": "3" * 32}
    desk.post(f"{address}?group={group.pk}", answer)
    assert not PlanRemark.objects.filter(pk__in=[row.pk for row in rows], response=None).exists()
    assert PlanRemark.objects.get(response=None) == own, "own words left empty stay open"
    assert "One of 4 that share most of their words" in text_of(
        Client(), "public-plan-paragraph", plan.organisation.code, lamps.pk
    )
    listed = desk.get(reverse("desk-plan-remarks", args=[plan.pk]) + "?as=csv&state=open").content.decode()
    assert "老人摔倒过两次" in listed
    assert listed.count("看不见路") == 1


def test_some_of_many_are_answered_apart_by_ticks_in_the_list_of_their_answer(client, plan, district, village):
    rows = [remark(wordings(plan)[1], f"太少{n}", by_office=district.office, at=noon()) for n in range(3)]
    facts = {"outcome": "not_taken_up", "text": "都不改。", "at": clock.now(), "by": district.secretaries[0]}
    made = actions.respond(plan=plan, remark_ids=[row.pk for row in rows], **facts)
    desk = signed_in(district.secretaries[0])
    change = text_of(desk, "desk-plan-answer-change", plan.pk, made.pk)
    assert f"?answer={made.pk}" in change
    listed = desk.get(reverse("desk-plan-remarks", args=[plan.pk]) + f"?answer={made.pk}").content.decode()
    address = reverse("desk-plan-answer-apart", args=[plan.pk, made.pk])
    assert f'action="{address}"' in listed
    assert f'value="{rows[0].pk}"' in listed
    page = desk.get(f"{address}?row={rows[0].pk}").content.decode()
    assert "都不改。" in page
    given = {"outcome": "not_taken_up", "text": "这一条另说。", "ticket": "3" * 32}
    assert desk.post(f"{address}?row={rows[0].pk}", given).status_code == 302
    read = text_of(client, "public-plan-paragraph", village.code, wordings(plan)[1].pk)
    assert "这一条另说。" in read
    assert read.count("都不改。") >= 3, "below the others as the answer, below this one as the earlier one"
    assert read.rindex("Until ") < read.rindex("Report this"), "the earlier answer stands with the answer"
    assert desk.get(f"{address}?row={rows[0].pk}").status_code == 302, "it is of this answer no more"
    every = desk.get(f"{address}?row={rows[1].pk}&row={rows[2].pk}", follow=True)
    assert every.redirect_chain == [(reverse("desk-plan-answer-change", args=[plan.pk, made.pk]), 302)]
    assert "Correct the answer itself" in every.content.decode()
    assert "which everybody can read" in every.content.decode()


def test_all_that_a_search_found_are_answered_at_one_press_on_every_page(plan, district):
    lamps, answering = wordings(plan)[1], reverse("desk-plan-answer", args=[plan.pk])
    of_buses = [remark(lamps, f"公交{chr(0x4E00 + n)}路改线", by_office=district.office, at=noon()) for n in range(52)]
    other = remark(lamps, "请修水渠", by_office=district.office, at=noon())
    first, second = signed_in(district.secretaries[0]), signed_in(district.secretaries[0])
    assert "All 52 that match, on every page" in text_of(first, "desk-plan-remarks", plan.pk, query="?q=公交")
    found = f"{answering}?all_that_match=q%3D公交"
    page = first.get(found).content.decode()
    assert "The first five of 52" in page
    those = re.search(r'name="those" value="([^"]+)"', page)[1]
    later = remark(lamps, "公交站要有棚", by_office=district.office, at=noon())
    given = {"outcome": "not_taken_up", "text": "由公交公司定。", "those": those}

    # Somebody answered one of them meanwhile: nothing is done, and the next press answers the others.
    one = second.post(f"{answering}?row={of_buses[0].pk}", given | {"text": "先答这条。", "ticket": "1" * 32})
    assert one.status_code == 302
    refused = first.post(found, given | {"ticket": "2" * 32}).content.decode()
    assert "have an answer already" in refused
    assert "由公交公司定。" in refused
    assert PlanRemark.objects.filter(response__isnull=False).count() == 1
    those = re.search(r'name="those" value="([^"]+)"', refused)[1]
    answered = first.post(found, given | {"those": those, "ticket": "2" * 32}, follow=True).content.decode()
    assert "51 comments are answered" in answered
    assert set(PlanRemark.objects.filter(response=None)) == {other, later}, "what came since was not read"
    again = first.post(found, given | {"those": those, "ticket": "2" * 32}).content.decode()
    assert "have an answer already" in again
    assert 'name="those" value=""' in again, "nothing is left for another press"

    # The answer to all of them is corrected in one place until the adoption.
    response = PlanRemark.objects.get(pk=of_buses[1].pk).response_id
    mended = {"outcome": "not_taken_up", "text": "下周答复。"}
    assert first.post(reverse("desk-plan-answer-change", args=[plan.pk, response]), mended).status_code == 302
    assert Remark.objects.filter(answer="下周答复。").count() == 51


def test_nothing_that_can_be_answered_is_said(plan, cycle, district):
    row = remark(wordings(plan)[1], "太少", by_office=district.office, at=noon())
    desk, answering = signed_in(district.secretaries[0]), reverse("desk-plan-answer", args=[plan.pk])
    said = "None of these comments waits for an answer."
    for asked in ("", "?all_that_match=q%3D没有", "?all_that_match=state%3Danswered", "?all_that_match=q%3D%2500"):
        assert said in desk.get(f"{answering}{asked}", follow=True).content.decode(), asked
    given = {"outcome": "not_taken_up", "text": "不改。", "ticket": "4" * 32}
    for those in ("", "x.y", "9" * 30, "0.." * 900):
        forged = desk.post(f"{answering}?all_that_match=", given | {"those": those}, follow=True).content.decode()
        assert said in forged, those
    assert "Tick at least one comment." in desk.post(answering, given).content.decode()
    other = published_plan(cycle, district.villages[1], at=noon(3))
    theirs = remark(wordings(other)[1], "别村的话", by_office=district.office, at=noon())
    forged = desk.post(f"{answering}?all_that_match=", given | {"those": f"{row.pk}.{theirs.pk}"})
    assert forged.status_code == 404
    stranger = signed_in(district.secretaries[1]).post(f"{answering}?all_that_match=", given | {"those": str(row.pk)})
    assert stranger.status_code == 403
    assert not PlanRemark.objects.filter(response__isnull=False).exists()


def test_the_adoption_is_entered_once_all_is_answered(client, cycle, district, village):
    plan = published_plan(cycle, village, at=noon(12))
    row = remark(wordings(plan)[1], "太少", by_office=district.office, at=noon(5))
    desk = signed_in(district.secretaries[0])
    given = {"body": BODY, "adopted_on": clock.today(), "sure": "on"}
    forged = desk.post(reverse("desk-plan-adopt", args=[plan.pk]), given, headers={"accept-language": "en"})
    assert "has no answer yet" in forged.content.decode()
    assert 'name="adopted_on"' not in forged.content.decode(), "no button stands beside what is against it"
    assert Plan.objects.get(pk=plan.pk).adopted_on is None
    opened = desk.get(reverse("desk-plan-adopt", args=[plan.pk]), headers={"accept-language": "en"}).content.decode()
    assert "has no answer yet" in opened
    assert 'name="adopted_on"' not in opened
    actions.respond(
        plan=plan,
        remark_ids=[row.pk],
        outcome="not_taken_up",
        text="不改。",
        at=clock.now(),
        by=district.secretaries[0],
    )
    assert desk.post(reverse("desk-plan-adopt", args=[plan.pk]), given).status_code == 302
    page = text_of(client, "public-plan", village.code, plan.pk)
    assert f"{BODY} adopted version 1" in page
    assert "Plan adopted" in text_of(client, "public-entries")


def test_no_form_asks_for_an_adoption_while_an_answer_says_what_the_text_does_not(cycle, district, village):
    plan = published_plan(cycle, village, at=noon(12))
    wording = wordings(plan)[1]
    row = remark(wording, "太少", by_office=district.office, at=noon(5))
    answer = {"remark_ids": [row.pk], "outcome": "taken_up", "text": "已改。", "paragraph_ids": [wording.paragraph_id]}
    actions.respond(plan=plan, **answer, at=clock.now(), by=district.secretaries[0])
    desk = signed_in(district.secretaries[0])
    for name in ("desk-plan-adopt", "desk-plan"):
        page = desk.get(reverse(name, args=[plan.pk]), headers={"accept-language": "en"}).content.decode()
        assert "Change the text in a next version, or correct the answer" in page
        assert 'name="adopted_on"' not in page
        assert "Enter the adoption</a>" not in page


def test_the_public_pages_ask_as_much_for_many_remarks_as_for_few(client, plan, district, village):
    wording = wordings(plan)[1]
    addresses = [
        reverse("public-plans"),
        reverse("public-plan", args=[village.code, plan.pk]),
        reverse("public-plan-paragraph", args=[village.code, wording.pk]),
    ]

    def counted():
        counts = []
        for address in addresses:
            with CaptureQueriesContext(
                connection,
            ) as asked:
                assert client.get(address).status_code == 200
            counts.append(len(asked))
        return counts

    def said(*texts):
        rows = [remark(wording, text, by_office=district.office, at=noon()) for text in texts]
        given = {"remark_ids": [row.pk for row in rows], "outcome": "partly", "text": "部分采纳。"}
        given |= {"paragraph_ids": [wording.paragraph_id]}
        actions.respond(plan=plan, **given, at=noon(), by=district.secretaries[0])

    said("第一条意见")
    client.get(addresses[0])
    few = counted()
    said(*(f"另外一条意见{n}" for n in range(15)))
    assert counted() == few


# Attacks by forged forms, each by itself.


def test_attack_a_remark_on_a_paragraph_of_another_plan(client, plan, cycle, district):
    other = published_plan(cycle, district.villages[1], at=noon(4))
    theirs = wordings(other)[1]
    address = reverse("public-plan-paragraph", args=[plan.organisation.code, theirs.pk])
    assert client.post(address, filled(theirs.reference, words="混进来")).status_code == 404
    assert sent(client, theirs, "票不对", ticket=filled(wordings(plan)[1].reference)["ticket"]).status_code == 200
    assert not PlanRemark.objects.exists()


def test_what_a_remark_needs_is_not_called_optional(client, plan, village):
    [_whole, wording, *_rest] = wordings(plan)
    for page in (
        text_of(client, "public-plan-paragraph", village.code, wording.pk),
        sent(client, wording, "").content.decode(),
    ):
        assert "(optional)" not in page
    assert "Write what should be different, or what is good as it is." in page


@pytest.mark.parametrize("words", ["长" * 100_000, "a\0b", " "])
def test_attack_words_that_cannot_be_words_come_back_with_a_sentence(client, plan, words):
    answer = sent(client, wordings(plan)[1], words)
    assert answer.status_code in (200, 400)
    assert not PlanRemark.objects.exists()


def test_attack_another_units_secretary_at_the_plans_desk(plan, district):
    stranger = signed_in(district.secretaries[1])
    wording = wordings(plan)[1]
    for name in ("", "-add", "-publish", "-adopt", "-remarks", "-answer", "-prolong", "-set-aside"):
        assert stranger.post(reverse(f"desk-plan{name}", args=[plan.pk])).status_code == 403
    for name in ("-paragraph", "-join", "-remove"):
        assert stranger.post(reverse(f"desk-plan{name}", args=[plan.pk, wording.pk])).status_code == 403


def test_that_a_plan_is_being_written_is_known_to_its_writers_alone(district, cycle):
    unseen = drafted_plan(cycle, district.villages[0], at=noon())
    address = reverse("desk-plan", args=[unseen.pk])
    writer, stranger = signed_in(district.secretaries[0]), signed_in(district.secretaries[1])
    assert (writer.get(address).status_code, stranger.get(address).status_code) == (200, 404)
    assert stranger.post(address).status_code == 404


def test_attack_the_unit_hides_words_about_itself_by_the_desks_list(plan, district):
    row = remark(wordings(plan)[1], "太少", by_office=district.office, at=noon())
    desk = signed_in(district.secretaries[0])
    forged = {"deed": "hide", "reason": "beside", "row": [row.remark_id]}
    for given in (forged, {"deed": "hide"}, {"deed": "nothing-known", "row": [row.remark_id]}):
        answer = desk.post(reverse("desk-remarks"), given)
        assert answer.status_code == 403
        assert "Words are shown or hidden by those who lead a level above" in answer.content.decode()
    assert Remark.objects.get().is_shown


def test_a_list_that_is_asked_for_no_deed_it_knows_says_so(plan, district):
    row = remark(wordings(plan)[1], "太少", at=noon())
    nothing = "Nothing was done: choose by one of the buttons"
    town, office = signed_in(district.town_secretary), signed_in(district.office)
    for client, name, parts in (
        (town, "desk-remarks", ()),
        (office, "office-remarks", (plan.cycle_id,)),
        (office, "office-people-many", ()),
        (office, "office-organisations-many", ()),
        (office, "office-case-many", (plan.cycle_id,)),
    ):
        address = reverse(name, args=parts)
        for deed in ({"deed": "nothing-known"}, {}):
            page = client.post(address, deed | {"row": [row.remark_id]}, follow=True)
            assert nothing in page.content.decode(), name
    assert nothing not in office.get(reverse("office-people-many"), follow=True).content.decode(), (
        "a visit asks nothing"
    )
    assert Remark.objects.get().state == Remark.State.WAITING


def test_attack_the_answer_to_a_plan_by_the_way_of_other_words(plan, district):
    """The general form of answers leads to the plan's own, which asks for the outcome."""
    row = remark(wordings(plan)[1], "太少", by_office=district.office, at=noon())
    desk = signed_in(district.secretaries[0])
    answer = desk.post(reverse("desk-remark-answer", args=[row.remark_id]), {"answer": "好的"})
    assert answer.url == reverse("desk-plan-answer", args=[plan.pk]) + f"?row={row.pk}"
    assert Remark.objects.get().answer == ""


def test_a_flood_is_told_on_the_plan_s_first_page_and_at_the_desk(client, plan, district, village):
    rows = [remark(wordings(plan)[1], f"第{n}句话", at=noon()) for n in range(3)]
    waits = {"state": Remark.State.WAITING, "why": Remark.Why.FLOOD}
    Remark.objects.filter(pk__in=[row.remark_id for row in rows]).update(**waits)
    told = "Many answers came in a short time and are being looked at: 3 are not counted yet."
    page = text_of(client, "public-plan", village.code, plan.pk)
    assert told in page
    assert "Nobody has said anything yet" not in page
    desk = signed_in(district.secretaries[0])
    assert told in text_of(desk, "desk-plan", plan.pk)
    remark(wordings(plan)[1], "另一句话", at=noon())
    listed = text_of(desk, "desk-plan-remarks", plan.pk)
    assert told in listed
    assert "4 wait to be read before they are shown." in listed, "the flood and the others"

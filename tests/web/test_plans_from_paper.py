"""Through the pages: a level above enters what people wrote on forms about a plan, and the draft of a plan; the unit compares."""

import uuid
from datetime import UTC, datetime, time, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.cast.commitments import photo_bytes
from tests.cast.district import drafted_cycle, launched_cycle, small_district
from tests.cast.plans import MEETING, TEXT, published_plan, wordings

from zhengyou.campaigns import actions as campaigns
from zhengyou.consultation import actions
from zhengyou.consultation.models import Plan, PlanRemark, RemarkSheet
from zhengyou.identity.models import Account
from zhengyou.organisations.models import Person, Post
from zhengyou.remarks import actions as remarks
from zhengyou.remarks.models import Remark
from zhengyou.submissions.models import Submission
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


def forms_of(plan, *lines, **more):
    version = wordings(plan)[0].version_id
    given = {"version": version, "came_how": "paper", "came_on": clock.today().isoformat()}
    for n, line in enumerate(lines, 1):
        given |= dict(zip((f"sheet_{n}", f"place_{n}", f"words_{n}"), line, strict=True))
    return given | more


def enter(client, unit, given, what="comments"):
    answer = client.post(reverse("desk-submission-enter", args=[unit.code, what]), given, follow=True)
    assert answer.status_code == 200, answer.status_code
    return " ".join(answer.content.decode().split())


def test_a_clerk_enters_what_stands_on_forms_and_everybody_reads_it_after_the_look(client, plan, district, village):
    clerk = signed_in(district.town_secretary)
    assert "What people wrote on forms about its plan" in text_of(clerk, "desk-submissions", village.code)
    page = text_of(clerk, "desk-submission-enter", village.code, "comments")
    assert f"{plan.title}, version 1" in page
    assert page.count('name="words_') == 20
    entered = enter(
        clerk, village, forms_of(plan, ("12", 1, "再加五盏灯。"), ("", 0, "没有提到水渠。"), ("13", 3, "好。"))
    )
    assert "Entered for" in entered
    assert sorted(PlanRemark.objects.values_list("wording__place", flat=True)) == [0, 1, 3]
    assert sorted(RemarkSheet.objects.values_list("number", flat=True)) == ["12", "13"]
    lamps = wordings(plan)[1]
    before = text_of(client, "public-plan-paragraph", village.code, lamps.pk)
    assert "再加五盏灯" not in before
    remarks.show_remarks(remarks=Remark.objects.all(), at=noon(), by=district.office)
    page = text_of(client, "public-plan-paragraph", village.code, lamps.pk)
    assert "再加五盏灯" in page
    assert "from paper: 1 form, handed in on" in page
    assert f"and entered by {district.town.name}" in page
    assert district.town_secretary.name not in page, "everybody reads the office, not the person"
    assert "(from paper)" in text_of(signed_in(district.secretaries[0]), "desk-plan-remarks", plan.pk)


def test_the_unit_compares_forms_and_reads_neither_what_waits_nor_whose_hand_it_is(plan, district, village):
    clerk, secretary = signed_in(district.town_secretary), signed_in(district.secretaries[0])
    photo = SimpleUploadedFile("form.jpg", photo_bytes(), "image/jpeg")
    enter(clerk, village, forms_of(plan, ("12", 1, "会计贪了钱。"), ("13", 3, "好。"), came_photo=photo))
    row, own = Submission.objects.get(), reverse("desk-submissions", args=[village.code])
    assert (row.what, row.text) == ("comments", f"{plan.title} · 12, 13")
    compared = text_of(secretary, "desk-submissions", village.code)
    assert "Form 12, paragraph 1" in compared
    assert compared.count("waits to be read by the level above") == 2
    assert "会计" not in compared
    photo = reverse("desk-submission-photo", args=[row.pk])
    assert photo not in compared
    assert (secretary.get(photo).status_code, clerk.get(photo).status_code) == (403, 200)
    assert photo in clerk.get(own).content.decode()
    waiting = Remark.objects.order_by("pk")
    remarks.hide_remarks(remarks=waiting[:1], reason="insult", at=noon(), by=district.office)
    remarks.show_remarks(remarks=waiting[1:], at=noon(), by=district.office)
    compared = text_of(secretary, "desk-submissions", village.code)
    assert "Hidden: insults or threatens somebody" in compared
    assert "会计" not in compared
    assert "not answered yet" in compared
    secretary.post(reverse("desk-submission-object", args=[row.pk]), {"objection": "十三号表写的是“不好”。"})
    page = text_of(Client(), "public-plan-paragraph", village.code, wordings(plan)[3].pk)
    assert "The unit objects to this entry" in page


@pytest.mark.parametrize("is_hidden", [False, True])
def test_a_unit_reads_what_waits_or_is_hidden_at_no_address_of_its_desk(plan, district, village, is_hidden):
    """Not on its lists, in their files, by searching, nor by an address that names the comment."""
    enter(signed_in(district.town_secretary), village, forms_of(plan, ("12", 1, "会计贪了钱。")))
    row, remark = PlanRemark.objects.get(), Remark.objects.get()
    own, beside, above = (
        signed_in(one) for one in (district.secretaries[0], district.secretaries[1], district.town_secretary)
    )
    if is_hidden:
        remarks.hide_remarks(remarks=[remark], reason="insult", at=noon(), by=district.office)
    addresses = [reverse("desk-remarks"), reverse("desk-plan-remarks", args=[plan.pk])]
    queries = ("", "?format=csv", "?q=会计", f"?done={remark.pk}")
    addresses = [f"{address}{query}" for address in addresses for query in queries]
    addresses += [f"{reverse('desk-plan-answer', args=[plan.pk])}?row={row.pk}"]
    addresses += [reverse("desk-remark-answer", args=[remark.pk])]
    for address in addresses:
        for reader in (own, beside):
            answer = reader.get(address, follow=True)
            said = b"".join(answer.streaming_content) if answer.streaming else answer.content
            assert "贪了钱" not in said.decode(), address
            assert f">{remark.pk}<" not in said.decode() or "?q=" not in address, "nor are its words looked for"
    assert "贪了钱" in above.get(addresses[0]).content.decode()


def test_whoever_asks_to_show_words_reads_those_alone_that_they_may_look_at(plan, district, village):
    """Words with something like a number are asked about before they are shown: to nobody else."""
    enter(signed_in(district.town_secretary), village, forms_of(plan, ("12", 1, "找我：13812345678")))
    asked = {"deed": "show", "row": Remark.objects.get().pk}
    above, beside = signed_in(district.town_secretary), signed_in(district.leader)
    assert "13812345678" in above.post(reverse("desk-remarks"), asked).content.decode()
    Post.objects.filter(person=district.leader).update(organisation=district.villages[1])
    assert "13812345678" not in beside.post(reverse("desk-remarks"), asked, follow=True).content.decode()


def test_forms_about_the_top_plan_are_entered_by_its_own_office_and_everybody_reads_that(client, cycle, district):
    """Nobody stands above it. Who leads it, and to whom the forms are written, neither enters them nor sees whose hand it is."""
    top, leads = district.root, {"role": Post.Role.SECRETARY, "from_on": noon(60).date()}
    Post.objects.create(person=district.secretaries[1], organisation=top, **leads)
    plan = published_plan(cycle, top, at=noon(4))
    assert client.get(reverse("public-plan-sheet", args=[top.code, plan.pk])).status_code == 200
    given = forms_of(plan, ("12", 1, "再加五盏灯。"))
    photo = SimpleUploadedFile("form.jpg", photo_bytes(), "image/jpeg")
    for person in (district.leader, district.town_secretary, district.secretaries[1]):
        answer = signed_in(person).post(reverse("desk-submission-enter", args=[top.code, "comments"]), given)
        assert answer.status_code == 403
    office = signed_in(district.office)
    assert plan.title in text_of(office, "desk-plans")
    ways = text_of(office, "desk-submissions", top.code)
    assert "What people wrote on forms about its plan" in ways
    assert "A draft of its plan" not in ways, "what it writes itself it writes itself"
    assert office.get(reverse("desk-submission-enter", args=[top.code, "plan"])).status_code == 403
    assert "Entered for" in enter(office, top, given | {"came_photo": photo})
    remarks.show_remarks(remarks=Remark.objects.all(), at=noon(), by=district.office)
    page = text_of(client, "public-plan-paragraph", top.code, wordings(plan)[1].pk)
    assert f"entered by {top.name}, by its own campaign office, as no level stands above it" in page
    photo = reverse("desk-submission-photo", args=[Submission.objects.get().pk])
    assert office.get(photo).status_code == 200
    assert signed_in(district.secretaries[1]).get(photo).status_code == 403


def test_whoever_belongs_to_the_unit_enters_no_forms_about_it_and_sees_none(plan, district, village):
    """Somebody who leads the level above, and whose own organisation the unit is."""
    clerk, given = signed_in(district.town_secretary), forms_of(plan, ("12", 1, "再加五盏灯。"))
    photo = SimpleUploadedFile("form.jpg", photo_bytes(), "image/jpeg")
    enter(clerk, village, given | {"came_photo": photo})
    photo = reverse("desk-submission-photo", args=[Submission.objects.get().pk])
    assert clerk.get(photo).status_code == 200
    Person.objects.filter(pk=district.town_secretary.pk).update(organisation=village)
    assert clerk.get(photo).status_code == 403
    assert photo not in clerk.get(reverse("desk-submissions", args=[village.code])).content.decode()
    again = clerk.post(reverse("desk-submission-enter", args=[village.code, "comments"]), given | {"sheet_1": "13"})
    assert again.status_code == 403
    assert plan.title not in text_of(clerk, "desk-plans")
    assert RemarkSheet.objects.count() == 1


def test_a_form_sent_again_with_other_words_is_not_said_to_be_entered(plan, district, village):
    """Back in the browser, a word mended, sent once more: the form was entered already, and whoever types reads that."""
    clerk, ticket = signed_in(district.town_secretary), str(uuid.uuid4())
    given = forms_of(plan, ("12", 1, "再加五盏灯。"), ticket=ticket)
    assert "Entered for" in enter(clerk, village, given)
    assert "Entered for" in enter(clerk, village, given), "the very same twice is one"
    again = enter(clerk, village, given | {"words_1": "再加六盏灯。"})
    assert "Form 12 was entered already" in again
    assert "再加六盏灯" in again
    assert Remark.objects.get().words == "再加五盏灯。"


def test_a_house_with_plans_and_without_promises_has_a_way_to_its_forms(district, village):
    cycle = drafted_cycle(district, at=noon(40))
    parts = {"rooms": ["consultation", "polls"], "stages": ["appraise"]}
    campaigns.choose_parts(cycle=cycle, at=noon(40), by=district.office, **parts)
    campaigns.launch_cycle(cycle=cycle, why="测试启动", at=noon(40), by=district.office)
    cycle.refresh_from_db()
    plan = published_plan(cycle, village, at=noon(4))
    clerk = signed_in(district.town_secretary)
    plans = text_of(clerk, "desk-plans")
    assert reverse("desk-submissions", args=[village.code]) in plans
    assert reverse("desk-submission-enter", args=[village.code, "comments"]) in plans
    ways = text_of(clerk, "desk-submissions", village.code)
    assert "A draft of its plan" in ways
    assert "A report of progress" not in ways
    assert clerk.get(reverse("desk-submission-enter", args=[village.code, "report"])).status_code == 404
    assert "Entered for" in enter(clerk, village, forms_of(plan, ("12", 1, "再加五盏灯。")))
    secretary = signed_in(district.secretaries[0])
    assert "Form 12, paragraph 1" in text_of(secretary, "desk-submissions", village.code)
    row = Submission.objects.get()
    assert secretary.post(reverse("desk-submission-agree", args=[row.pk])).status_code == 302
    row.refresh_from_db()
    assert row.agreed_at


def test_a_form_entered_twice_is_refused_by_its_number_and_nothing_typed_is_lost(plan, district, village):
    clerk = signed_in(district.town_secretary)
    enter(clerk, village, forms_of(plan, ("12", 1, "再加五盏灯。")))
    again = enter(clerk, village, forms_of(plan, ("14", 2, "很好。"), ("012", 1, "再加六盏灯。")))
    assert "Form 12 was entered already" in again
    assert "再加六盏灯" in again
    assert PlanRemark.objects.count() == Submission.objects.count() == 1
    missing = enter(clerk, village, forms_of(plan, ("14", 2, "很好。"), ("15", "", "没有写第几段"), ("16", 1, "")))
    assert "Write the number of the paragraph, or 0 for the plan as a whole." in missing
    assert "Copy what stands on this form, or leave out its number." in missing
    assert PlanRemark.objects.count() == 1


def test_forged_requests_enter_nothing(plan, cycle, district, village):
    given = forms_of(plan, ("12", 1, "再加五盏灯。"))
    other = district.villages[1]
    for person, unit, status in (
        (district.secretaries[0], village, 403),  # one's own
        (district.secretaries[1], village, 403),  # beside
        (district.town_secretary, district.town, 403),
        (district.town_secretary, other, 200),  # the plan of another unit
    ):
        address = reverse("desk-submission-enter", args=[unit.code, "comments"])
        assert signed_in(person).post(address, given).status_code == status
    clerk = signed_in(district.town_secretary)
    draft = actions.begin_plan(
        cycle=cycle, organisation=village, title="草案", text=TEXT, at=noon(), by=district.secretaries[0]
    )
    assert "草案" not in enter(clerk, village, forms_of(draft, ("12", 1, "再加五盏灯。")))
    late = forms_of(plan, ("12", 1, "灯。"), came_on=(clock.today() + timedelta(days=1)).isoformat())
    assert "This day lies ahead" in enter(clerk, village, late)
    assert not PlanRemark.objects.exists()
    assert not Submission.objects.exists()


def test_a_paragraph_page_asks_as_much_for_one_form_as_for_many(client, plan, district, village):
    lamps = wordings(plan)[1]
    page = reverse("public-plan-paragraph", args=[village.code, lamps.pk])
    clerk = signed_in(district.town_secretary)

    def asked():
        with CaptureQueriesContext(
            connection,
        ) as context:
            client.get(page)
        return len(context)

    enter(clerk, village, forms_of(plan, ("1", 1, "再加一盏灯。")))
    remarks.show_remarks(remarks=Remark.objects.all(), at=noon(), by=district.office)
    asked()
    once = asked()
    enter(clerk, village, forms_of(plan, *((str(n), 1, f"再加{n}盏灯，另外{n}号") for n in range(2, 12))))
    remarks.show_remarks(remarks=Remark.objects.filter(state="waiting"), at=noon(), by=district.office)
    assert client.get(page).content.decode().count("from paper:") == 11
    assert asked() == once


def test_the_form_to_print_has_every_paragraph_with_its_number_and_no_cookie(client, plan, district, village):
    answer = client.get(reverse("public-plan-sheet", args=[village.code, plan.pk]), headers={"accept-language": "en"})
    page = " ".join(answer.content.decode().split())
    assert "Form for comments on version 1" in page
    assert MEETING in page
    assert page.count("To paragraph number") == 3
    assert not answer.cookies
    assert reverse("public-plan-sheet", args=[village.code, plan.pk]) in text_of(
        client, "public-plan", village.code, plan.pk
    )
    Plan.objects.update(open_until=clock.today() - timedelta(days=1), public_from=clock.today() - timedelta(days=2))
    over = client.get(reverse("public-plan-sheet", args=[village.code, plan.pk]))
    assert over.url == reverse("public-plan", args=[village.code, plan.pk])


def test_a_draft_of_a_plan_is_entered_for_a_unit_which_compares_changes_and_publishes_it(cycle, district, village):
    clerk, secretary = signed_in(district.town_secretary), signed_in(district.secretaries[0])
    given = {"title": "路灯计划", "text": TEXT, "came_how": "paper", "came_on": clock.today().isoformat()}
    assert "Entered for" in enter(clerk, village, given, what="plan")
    plan = Plan.objects.get()
    assert (plan.organisation, plan.begun_by) == (village, district.town_secretary)
    compared = text_of(secretary, "desk-submissions", village.code)
    assert MEETING in compared
    assert "It matches what we handed in" in compared
    assert "路灯计划" in text_of(secretary, "desk-plans")
    assert "Publish version 1" in text_of(secretary, "desk-plan", plan.pk)
    assert clerk.get(reverse("desk-plan", args=[plan.pk])).status_code == 404, "from now on it is the unit's own draft"
    assert (
        signed_in(district.secretaries[0])
        .post(reverse("desk-submission-enter", args=[village.code, "plan"]), given)
        .status_code
        == 403
    )
    assert Plan.objects.count() == 1

"""Through the pages: a clerk enters, words anew and takes off what a unit handed in on paper."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from functools import partial

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from tests.cast.commitments import (
    photo_bytes,
    promise_text,
    promises_of,
    proposed_commitment,
    published_commitment,
    secretary_of,
)
from tests.cast.district import PASSWORD, closed_cycle, launched_cycle, small_district
from tests.cast.refusing import refused
from tests.cast.writing import page_of

from zhengyou.base.models import PublicEntry
from zhengyou.base.time import local_day
from zhengyou.base.words import day_said
from zhengyou.campaigns.models import Cycle
from zhengyou.commitments import actions as commitments
from zhengyou.commitments.models import Commitment, Promise
from zhengyou.commitments.rules import Opinion
from zhengyou.identity import actions as identity
from zhengyou.identity.models import Account
from zhengyou.submissions.models import Submission
from zhengyou.web.desk import submissions_forms as forms
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


def test_a_clerk_words_anew_what_was_sent_back(enter, cycle, village, district):
    clerk = enter(district.town_secretary)
    came = {"came_how": "paper", "came_on": local_day(noon()).isoformat()}
    sent(clerk, "desk-submission-enter", [village.code, "promise"], **wording(cycle), **came)
    row = Promise.objects.get()
    sent(
        clerk,
        "desk-submission-enter",
        [village.code, "revised"],
        **wording(cycle, what="修好村口八盏路灯"),
        promise=row.pk,
        **came,
    )
    row.refresh_from_db()
    assert (row.what, row.revision) == ("修好村口八盏路灯", 2)
    nothing = page_of(clerk, reverse("desk-submission-enter", args=[village.code, "dropped"]))
    assert "nothing to choose" in nothing
    assert "Enter it for the unit" not in nothing
    given = wording(cycle, given_on=clock.today().isoformat())
    early = came | {"came_on": (local_day(noon()) - timedelta(days=1)).isoformat()}
    spot = clerk.post(reverse("desk-submission-enter", args=[village.code, "on-the-spot"]), given | early)
    assert "On this day the promise had not been given yet." in spot.text


def test_what_a_clerk_words_anew_is_what_was_sent_back_or_entered_and_no_draft_of_the_unit(
    enter, cycle, village, district
):
    own = partial(commitments.write_promise, cycle=cycle, organisation=village, at=noon(), by=secretary_of(village))
    row = own(text=replace(promise_text(), what="修桥"))
    revised = reverse("desk-submission-enter", args=[village.code, "revised"])
    clerk = enter(district.town_secretary)
    assert "nothing to choose" in page_of(clerk, revised)
    Promise.objects.filter(pk=row.pk).update(state=Promise.State.RETURNED)
    assert "修桥" in page_of(clerk, revised)


def test_a_day_outside_the_cycle_is_refused_with_days_that_are_taken(cycle, village):
    late = promise_text(due_on=cycle.ends_on + timedelta(days=1))
    with refused("promise.due-outside-the-cycle") as told:
        commitments.write_promise(cycle=cycle, organisation=village, text=late, at=noon(), by=secretary_of(village))
    assert cycle.starts_on < clock.today(), "else this shows nothing"
    assert str(day_said(clock.today())) in str(told.value)
    assert str(day_said(cycle.starts_on)) not in str(told.value)


def test_past_the_last_day_of_a_cycle_no_day_is_offered(cycle, village):
    over = datetime.combine(cycle.ends_on + timedelta(days=1), time(4), tzinfo=UTC)
    for due_on in (cycle.ends_on, cycle.ends_on + timedelta(days=5)):
        with refused("cycle.past-its-last-day") as told:
            commitments.publish_immediate_promise(
                cycle=cycle,
                organisation=village,
                text=promise_text(due_on=due_on),
                given_on=cycle.ends_on,
                at=over,
                by=secretary_of(village),
            )
        assert str(day_said(cycle.ends_on)) in str(told.value)
        assert str(day_said(over.date())) not in str(told.value), "no day that no promise could have"


def test_a_clerk_enters_a_whole_board_from_its_photo(enter, cycle, village, district):
    clerk = enter(district.town_secretary)
    blank = clerk.get(reverse("desk-submission-enter", args=[village.code, "board"])).context["form"]
    assert (blank["aim"].value() or "", blank["due_on_2"].value()) == ("", None)
    assert blank.fields["aim"].choices[0][0] == ""
    assert [is_open for _n, is_open, _fields in blank.blocks()] == [True, True] + [False] * (len(blank.numbers) - 2)
    assert next(iter(blank.others())).name == "came_photo"
    board = {"for_whom": "村民", "evidence": "照片", "aim": "service", "came_how": "paper"}
    board |= {"came_on": local_day(noon()).isoformat()}
    for n in (1, 2, 10):
        board |= {f"checked_by_{n}": "place" if n < 3 else "nothing"}
        board |= {f"what_{n}": f"修第{n}段路", f"standard_{n}": "能走车", f"due_on_{n}": cycle.ends_on.isoformat()}
    address = reverse("desk-submission-enter", args=[village.code, "board"])
    bare = clerk.post(address, board)
    assert bare.status_code == 200  # without its photo it is not taken
    assert "choose the file again" not in bare.text
    assert not Promise.objects.exists()

    def photo():
        return SimpleUploadedFile("board.jpg", photo_bytes(), "image/jpeg")

    outside = board | {"due_on_10": (cycle.ends_on + timedelta(days=1)).isoformat(), "came_photo": photo()}
    assert "“修第10段路”: The day by which this is done lies outside" in clerk.post(address, outside).text
    twice = clerk.post(address, board | {"what_2": "修第1段路", "came_photo": photo()})
    assert "Two rows say the same: “修第1段路”." in twice.text
    assert "choose the file again" in twice.text, "a browser keeps no file, and nothing refused is stored"
    assert not Promise.objects.exists()
    assert clerk.post(address, board | {"came_photo": photo()}).status_code == 302
    assert (Promise.objects.count(), Commitment.objects.get().organisation) == (3, village)
    assert sorted(Promise.objects.values_list("checked_by", flat=True)) == ["nothing", "place", "place"]
    row = Submission.objects.get()
    assert (row.what, row.entered_by, row.photo is not None) == ("board", district.town_secretary, True)
    assert clerk.get(reverse("desk-submission-photo", args=[row.pk])).headers["Cache-Control"] == "no-store"
    assert "修第1段路, 修第2段路" in page_of(
        enter(secretary_of(village)), reverse("desk-submissions", args=[village.code])
    )


def test_whoever_compares_reviews_or_reads_a_board_sees_all_of_it_and_who_typed_it(enter, cycle, village, district):
    clerk, secretary = district.office, secretary_of(village)
    board = {
        "for_whom": "村民",
        "evidence": "每段路一张照片",
        "aim": "service",
        "came_how": "paper",
        "came_on": clock.today(),
    }
    for n in (1, 2, 3):
        board |= {f"what_{n}": f"修第{n}段路", f"standard_{n}": f"第{n}段能走车", f"checked_by_{n}": "place"}
        board |= {f"due_on_{n}": cycle.ends_on.isoformat()}
    board["came_photo"] = SimpleUploadedFile("board.jpg", photo_bytes(), "image/jpeg")
    sent(enter(clerk), "desk-submission-enter", [village.code, "board"], **board)
    sent(enter(clerk), "desk-submission-enter", [village.code, "proposal"], came_how="phone", came_on=clock.today())
    compared = page_of(enter(secretary), reverse("desk-submissions", args=[village.code]))
    judged = page_of(enter(district.town_secretary), reverse("desk-review", args=[village.code]))
    for n in (1, 2, 3):
        assert f"第{n}段能走车" in compared
        assert judged.count(f"Entered by {clerk.name}") == 3
    assert judged.count("Photo of the paper") == judged.count("waiting for the unit to check it") == 3
    row = Submission.objects.get(what="board")
    sent(enter(secretary), "desk-submission-object", [row.pk], objection="第三段是修桥")
    assert (
        page_of(enter(district.town_secretary), reverse("desk-review", args=[village.code])).count("第三段是修桥") == 3
    )
    agreed = {one.pk: Opinion(agrees=True) for one in Promise.objects.all()}
    facts = {"commitment": Commitment.objects.get(), "at": noon(), "by": district.town_secretary}
    commitments.review_promises(opinions=agreed, **facts)
    for one in Promise.objects.all():
        page = enter(secretary).get(reverse("public-promise", args=[village.code, one.pk])).text
        assert "handed in on paper on" in page
        assert clerk.name not in page, "everybody reads the office, not the person"


def test_a_board_that_has_no_room_says_how_many_rows_fit_and_what_is_vague_is_taken_and_said(
    enter, cycle, village, district
):
    write = {"cycle": cycle, "organisation": village, "at": noon(), "by": secretary_of(village)}
    for n in range(3):
        commitments.write_promise(text=promise_text(n, due_on=cycle.ends_on), **write)
    clerk, address = enter(district.town_secretary), reverse("desk-submission-enter", args=[village.code, "board"])
    board = {"for_whom": "村民", "evidence": "照片", "aim": "service", "came_how": "paper", "came_on": clock.today()}

    def rows(*whats):
        for n, what in enumerate(whats, 1):
            yield from {f"what_{n}": what, f"standard_{n}": "能走车", f"checked_by_{n}": "place"}.items()
            yield f"due_on_{n}", cycle.ends_on.isoformat()

    def post(*whats):
        photo = SimpleUploadedFile("board.jpg", photo_bytes(), "image/jpeg")
        return clerk.post(address, board | dict(rows(*whats)) | {"came_photo": photo}, follow=True).text

    most = cycle.ruleset.commitments.most
    long = post(*(f"修第{n}段路" for n in range(most)))
    assert f"Promises written already: 3. Rows on this board: {most}. At most {most} are allowed" in long
    assert f"so {most - 3} of these rows can be added" in long
    assert f"修第{most - 1}段路" in long, "nothing of what was typed is lost"
    assert "is promised already. Leave it out here" in post("修桥", promise_text(1).what)
    assert Promise.objects.count() == 3

    vague = cycle.ruleset.commitments.ordinary[0]
    taken = post("修桥", f"{vague}，见行动")
    assert f"Taken as it stands on the paper: “{vague}，见行动”." in taken
    said = f"“{vague}” is what everybody expects anyway. Better:"
    assert said in taken
    assert Promise.objects.count() == 5
    secretary = enter(secretary_of(village))
    own = secretary.post(address, board)
    assert own.status_code == 403
    assert "Only somebody of a level above" in own.text
    assert page_of(secretary, reverse("desk-commitment", args=[village.code])).count(said) == 1
    commitment = Commitment.objects.get()
    commitments.propose_promises(commitment=commitment, at=noon(), by=secretary_of(village))
    assert said in page_of(enter(district.leader), reverse("desk-review", args=[village.code]))


def test_a_clerk_takes_off_what_was_entered_wrongly_as_given_on_the_spot_until_somebody_speaks_of_it(
    enter, client, cycle, village, district
):
    given = {"cycle": cycle, "organisation": village, "given_on": clock.today(), "at": noon()}
    text = promise_text(due_on=cycle.ends_on)
    own = commitments.publish_immediate_promise(text=text, by=secretary_of(village), **given)
    clerk_of = {"by": district.town_secretary, "as_clerk": True}
    wrong, right, spoken = (
        commitments.publish_immediate_promise(text=replace(text, what=what), **clerk_of, **given)
        for what in ("修错了的台阶", "修好台阶", "装上扶手")
    )
    commitments.look_at_promise(promise=spoken, opinion=Opinion(agrees=True), at=noon(), by=district.leader)
    clerk, taking_off = enter(district.town_secretary), [village.code, "taken-off"]
    form = clerk.get(reverse("desk-submission-enter", args=taking_off)).context["form"]
    assert {pk for pk, _words in form.fields["promise"].choices} == {str(wrong.pk), str(right.pk)}
    came = {"came_how": "phone", "came_on": clock.today().isoformat()}
    sent(clerk, "desk-submission-enter", taking_off, promise=wrong.pk, reason="录到了别的村", **came)
    client.logout()
    assert "修错了的台阶" not in page_of(client, reverse("public-organisation", args=[village.code]))
    assert "修错了的台阶" not in page_of(client, f"{reverse('public-find')}?q=台阶")
    entry = PublicEntry.objects.get(what="commitments.take_off_on_the_spot")
    gone = client.get(reverse("public-promise", args=[village.code, wrong.pk]))
    assert gone.status_code == 410
    assert reverse("public-entry", args=[entry.number]) in gone.text
    assert "录到了别的村" in page_of(client, reverse("public-entry", args=[entry.number]))
    assert "录到了别的村" in page_of(enter(secretary_of(village)), reverse("desk-submissions", args=[village.code]))
    take_off = partial(commitments.take_off_on_the_spot, at=noon(), by=district.town_secretary)
    for row, reason, slug in (
        (own, "重复", "promise.of-the-unit-itself"),
        (spoken, "重复", "promise.spoken-of"),
        (right, " ", "promise.reason-missing"),
        (right, "问 13800138000", "answer.tells-of-somebody"),
    ):
        with refused(slug):
            take_off(promise=row, reason=reason)
    with refused("role.not-clerk-above"):
        take_off(promise=right, reason="重复", by=secretary_of(village))


def test_a_clerk_takes_off_what_was_entered_twice_and_nothing_that_the_unit_wrote(enter, cycle, village, district):
    write = {"cycle": cycle, "organisation": village, "at": noon()}
    text = promise_text(due_on=cycle.ends_on)
    own = commitments.write_promise(text=text, by=secretary_of(village), **write)
    first, second = (
        commitments.write_promise(text=text, by=district.town_secretary, as_clerk=True, **write) for _n in range(2)
    )
    clerk, taking_off = enter(district.town_secretary), [village.code, "taken-off"]
    page = clerk.get(reverse("desk-submission-enter", args=taking_off))
    assert "This is your word and not that of the unit" in page.text
    assert "counts as the unit" not in page.text
    form = page.context["form"]
    assert [pk for pk, _words in form.fields["promise"].choices] == [str(first.pk), str(second.pk)]
    came = {"came_how": "paper", "came_on": local_day(noon()).isoformat()}
    sent(clerk, "desk-submission-enter", taking_off, promise=second.pk, reason="同一张表录了两次", **came)
    assert [row.pk for row in Promise.objects.exclude(state="withdrawn").order_by("pk")] == [own.pk, first.pk]
    secretary = enter(secretary_of(village))
    assert "同一张表录了两次" in page_of(secretary, reverse("desk-submissions", args=[village.code]))
    assert reverse("desk-submissions", args=[village.code]) in page_of(secretary, reverse("desk-home"))
    for promise, reason, slug in ((own, "重复", "promise.of-the-unit-itself"), (first, " ", "promise.reason-missing")):
        with refused(slug):
            commitments.withdraw_promise(
                promise=promise, reason=reason, at=noon(), by=district.town_secretary, as_clerk=True
            )


def test_a_clerk_is_offered_nothing_that_would_be_refused(enter, cycle, village, district):
    published = promises_of(published_commitment(district, cycle, village, at=noon()))
    words = page_of(enter(district.town_secretary), reverse("desk-submission-enter", args=[village.code, "answer"]))
    assert "nothing to choose" in words
    assert "Enter it for the unit" not in words
    for form in (forms.ReportForm, forms.OutcomeForm):
        offered = [name for _pk, name in form(unit=village).fields["promise"].choices]
        assert sorted(offered) == sorted(one.what for one in published)
    closed_cycle(district, cycle, at=noon())
    for form in (forms.ReportForm, forms.OutcomeForm):
        assert form(unit=village).fields["promise"].choices == []


def test_a_theme_from_paper_is_read_in_full_by_the_unit_and_by_whoever_reviews(enter, cycle, village, district):
    clerk = enter(district.town_secretary)
    came = {"came_how": "paper", "came_on": local_day(noon()).isoformat()}
    told = {"text": "把水渠修好", "main_work": "春灌以前通水"}
    sent(clerk, "desk-submission-enter", [village.code, "theme"], **told, **came)
    entry = page_of(enter(secretary_of(village)), reverse("desk-submissions", args=[village.code]))
    assert all(words in entry for words in told.values())
    proposed_commitment(cycle, village, at=noon())
    review = page_of(enter(district.leader), reverse("desk-review", args=[village.code]))
    assert all(words in review for words in told.values())
    assert review.count("waiting for the unit to check it") == 1, "nothing else came from paper"


def test_a_guessed_address_of_a_form_says_at_once_what_its_deed_would_refuse(enter, cycle, village, district):
    """Of every kind of form at the desk: what no words would make good is refused before any is written."""
    secretary, clerk = secretary_of(village), district.town_secretary
    commitment = published_commitment(district, cycle, village, at=noon())
    [row, *_rest] = promises_of(commitment)
    on_the_spot = reverse("desk-promise-on-the-spot", args=[village.code])
    for person, name, args, sentence in (
        (secretary, "desk-promise-write", [village.code], "These promises are published"),
        (secretary, "desk-promise-change", [village.code, row.pk], "These promises are published"),
        (secretary, "desk-promise-answer", [village.code, row.pk], "Nothing about this promise waits for an answer"),
        (district.leader, "desk-keeping-decide", [village.code, row.pk], "The day of this promise has not come"),
    ):
        address = reverse(name, args=args)
        answer = enter(person).get(address)
        assert (answer.status_code, sentence in answer.text) == (409, True), name
        assert "<textarea" not in answer.text
        typed = enter(person).post(address, {"text": "写好的话", "reason": "写好的话", "what": "写好的话"})
        assert "写好的话" in typed.text, "nothing typed is lost"
    assert enter(secretary).get(on_the_spot).status_code == 200
    came = {"came_how": "paper", "came_on": clock.today().isoformat()}
    sent(enter(clerk), "desk-submission-enter", [village.code, "situation"], title="情况", text="已开工", **came)
    entered = Submission.objects.get()
    settle, look = (reverse(f"desk-submission-{one}", args=[entered.pk]) for one in ("settle", "object"))
    assert "There is no objection to settle" in enter(clerk).get(settle).text
    assert enter(clerk).get(look).status_code == 403
    assert enter(secretary).get(look).status_code == 200
    Cycle.objects.filter(pk=cycle.pk).update(ends_on=clock.today() - timedelta(days=1))
    assert "Nothing more can fall due in it." in enter(secretary).get(on_the_spot).text

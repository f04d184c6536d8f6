"""A person commended, page by page: the office's way, what anybody reads while the notice runs, and what is left of it afterwards."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils.html import strip_tags
from tests.cast.awards import (
    DEEDS_OF_A_PERSON,
    RECEIVING,
    answered_objection,
    filed_objection,
    notice_of_people,
    selection_of,
)
from tests.cast.district import launched_cycle, small_district
from tests.cast.persons import committed
from tests.web.test_award_pages import DECISION, ENGLISH, WORDS, noon, sign_in, text_of

from zhengyou.awards import actions, queries
from zhengyou.awards.models import Selection
from zhengyou.base.models import SearchEntry
from zhengyou.notices import queries as notices
from zhengyou.web.shared import clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def district():
    return small_district(at=noon(70))


def test_from_a_title_for_people_to_their_certificate(client, district):
    cycle = launched_cycle(district, at=noon())
    sign_in(client, district.office)
    member, stranger = district.members[0], district.members[1]
    committed(district, cycle, [member], at=noon())
    given = {"title": "优秀共产党员", "quota": "2", "of": "organisations"}
    page = client.post(reverse("office-selection-make"), given, headers={"accept-language": "en"})
    assert "this title is given to others" in text_of(page)
    client.post(reverse("office-selection-make"), given | {"of": "members", "most_of_one": "1"})
    selection = Selection.objects.get()
    address = reverse("office-selection", args=[selection.pk])
    empty = text_of(client.get(address, headers={"accept-language": "en"}))
    assert "The notice names the candidates. Put them forward first." in empty
    assert "Publish the notice" not in empty
    said = {"post": "护林员", "is_front_line": "yes", "deeds": DEEDS_OF_A_PERSON}
    refused = client.post(address, said | {"person": stranger.number}, headers={"accept-language": "en"})
    assert "made no public commitment" in text_of(refused)
    page = client.post(address, said | {"person": member.number}, follow=True, headers={"accept-language": "en"})
    assert "Of those named 0 % hold a post, of all who could have been named 0 %." in text_of(page)
    assert "护林员" in text_of(page)
    assert "Publish the notice" in text_of(page)
    notice = {"title": "公示", "route": "推荐", **RECEIVING, "sure": "on"}
    client.post(reverse("office-selection-notice", args=[selection.pk]), notice)
    selection.refresh_from_db()
    public = client.get(reverse("public-notice", args=[selection.notice.year, selection.notice.number]))
    assert DEEDS_OF_A_PERSON in text_of(public)
    assert member.number not in text_of(public)


def test_what_is_left_of_a_notice_of_people_in_every_place_that_anybody_reads(client, district):
    """L19: deeds leave page, data, search and the corrections; name, post, unit, title and decision stay."""
    at = noon(60)
    member = district.members[0]
    notice = notice_of_people(district, launched_cycle(district, at=at), [member], at=at)
    selection = selection_of(notice)
    [candidate] = queries.candidates(selection)
    by = {"by": district.office}
    actions.correct_announcement(
        selection=selection,
        texts={},
        deeds={candidate.pk: f"{DEEDS_OF_A_PERSON}又修了路。"},
        off=[],
        why="漏了一件",
        at=at + timedelta(hours=1),
        **by,
    )
    actions.record_commendation(selection=selection, at=clock.now(), **by, **{part: DECISION[part] for part in WORDS})
    [honour] = queries.honours_at(district.villages[0])[1]
    places = [
        reverse("public-notice", args=[notice.year, notice.number]),
        reverse("public-notices"),
        reverse("public-honours"),
        reverse("public-honours") + "?format=csv",
        reverse("public-honour", args=[honour.code]),
        reverse("public-organisation", args=[district.villages[0].code]),
        reverse("public-entries"),
        reverse("public-find") + "?q=转移了三户老人",
        reverse("public-entries-lines"),
    ]
    read = {place: client.get(place).getvalue().decode() for place in places}
    for place, text in read.items():
        assert "守住了堤口" not in text, place
    for place in (places[0], places[2], places[4], places[5]):
        assert member.name in read[place], place
    assert "护林员" in read[places[4]]
    assert not SearchEntry.objects.filter(title__contains="堤口").exists()
    sign_in(client, district.office)
    revoke = client.get(reverse("office-honour-revoke", args=[honour.pk]), **ENGLISH)
    assert member.name in text_of(revoke)


def test_a_withdrawn_notice_says_so_and_not_that_its_time_has_run(client, district):
    at = clock.now()
    member = district.members[0]
    notice = notice_of_people(district, launched_cycle(district, at=at), [member], at=at)
    selection = selection_of(notice)
    objection = filed_objection(notice, nominee=member.reference, at=at)
    actions.withdraw_announcement(selection=selection, why="办法写错", at=at, by=district.office)
    public = text_of(client.get(reverse("public-notice", args=[notice.year, notice.number]), **ENGLISH))
    assert "It ended early: it was withdrawn on" in public
    assert "This notice was withdrawn, so no more objections can be made." in public
    for untrue in ("The notice has ended", "How to object", DEEDS_OF_A_PERSON):
        assert untrue not in public
    code = notices.lookup_code("a" * 32)
    answer = text_of(client.post(reverse("public-objection-answer"), {"code": code}, **ENGLISH))
    assert "Your objection will still be answered" in answer

    sign_in(client, district.office)
    page = text_of(client.get(reverse("office-selection", args=[selection.pk]), **ENGLISH))
    assert "办法写错" in page
    assert "an objection was upheld before" not in page
    answered_objection(district, objection, is_upheld=True, at=at)
    page = text_of(client.get(reverse("office-selection", args=[selection.pk]), **ENGLISH))
    assert "an objection was upheld before" in page
    assert "Take them out first." in page


def test_a_person_s_unit_stands_with_the_one_above_it_wherever_names_are_shared(client, district):
    at, member, town = noon(60), district.members[0], district.town.name
    cycle = launched_cycle(district, at=at)
    notice = notice_of_people(district, cycle, [member], at=at)
    selection = selection_of(notice)
    with_town = f"{district.villages[0].name} · {town}"
    decided = {part: DECISION[part] for part in WORDS}
    actions.record_commendation(selection=selection, at=clock.now(), by=district.office, **decided)
    [honour] = queries.honours_at(district.villages[0])[1]
    for address in (
        reverse("public-notice", args=[notice.year, notice.number]),
        reverse("public-honour", args=[honour.code]),
        reverse("public-honours"),
    ):
        page = client.get(address, HTTP_ACCEPT_LANGUAGE="zh-Hans")  # in English the pinyin of each stands between them
        assert with_town in " ".join(strip_tags(text_of(page)).split()), address
    sign_in(client, district.office)
    page = client.get(reverse("office-selection", args=[selection.pk]))
    assert f'href="{reverse("office-pledges", args=[cycle.pk])}"' in page.content.decode()

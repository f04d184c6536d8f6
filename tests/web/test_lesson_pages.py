"""The desk page where a secretary writes down what is learned, and the office's page of figures published elsewhere."""

import pytest
from django.urls import reverse
from tests.cast import district as cast
from tests.cast.results import computed_poll, weighed_cycle

from zhengyou.identity.models import Account
from zhengyou.organisations.models import Organisation
from zhengyou.standings.models import Lesson, OutsideFigure

pytestmark = pytest.mark.django_db

ENGLISH = {"HTTP_ACCEPT_LANGUAGE": "en"}


@pytest.fixture
def district():
    return cast.small_district(members_a_village=14)


@pytest.fixture
def cycle(district):
    return weighed_cycle(district)


def signed_in(client, person):
    client.force_login(Account.objects.get(person=person))
    return client


def test_a_secretary_writes_what_is_learned_from_one_that_separates_above(client, district, cycle):
    closed = computed_poll(district, cycle, pools={"members": district.members[:30]}, units=3)
    last = district.villages[2]
    page = reverse("desk-lessons", args=[last.code])
    assert client.get(page).status_code == 302
    assert signed_in(client, district.secretaries[0]).get(page).status_code == 403
    secretary = signed_in(client, district.secretaries[2])
    text = secretary.get(page, **ENGLISH).content.decode()
    above = Organisation.objects.get(pk=district.villages[0].parent_id)
    assert f"{district.villages[0].name} · {above.name}</option>" in text
    empty = secretary.post(page, {"learned_from": district.villages[0].code, "text": " "}, **ENGLISH)
    assert "Please fill this in." in empty.content.decode()
    foreign = secretary.post(page, {"learned_from": last.code, "text": "x"}, **ENGLISH)
    assert "Choose one of the answers" in foreign.content.decode()
    assert not Lesson.objects.exists()
    said = {"learned_from": district.villages[0].code, "text": "每月公布<b>一次</b>"}
    for _time in range(2):
        assert secretary.post(page, said, **ENGLISH).status_code == 302
    assert Lesson.objects.count() == 1
    card = client.get(reverse("public-unit", args=[closed.key, 1, last.code]), **ENGLISH).content.decode()
    assert "每月公布&lt;b&gt;一次&lt;/b&gt;" in card


def test_an_organisation_that_nobody_separates_above_has_nobody_to_copy(client, district, cycle):
    page = reverse("desk-lessons", args=[district.villages[0].code])
    text = signed_in(client, district.secretaries[0]).get(page, **ENGLISH).content.decode()
    assert "so there is nobody to learn from here" in text
    assert "<textarea" not in text


def test_the_office_enters_corrects_and_takes_back_outside_figures(client, district):
    cycle = cast.launched_cycle(district)
    page = reverse("office-outside", args=[cycle.pk])
    assert signed_in(client, district.secretaries[0]).get(page).status_code == 403
    office = signed_in(client, district.office)
    assert "None yet." in office.get(page, **ENGLISH).content.decode()
    said = {"name": "测试邻区", "mean": "8.1", "standard_error": "0.2", "count": "", "source": "测试公报第1期"}
    refused = office.post(page, said | {"mean": "81"}, **ENGLISH).content.decode()
    assert "The mean must lie on this campaign" in refused
    assert 'value="81"' in refused
    assert office.post(page, said).status_code == 302
    figure = OutsideFigure.objects.get()
    assert (figure.mean, figure.count) == (8.1, None)
    assert office.post(reverse("office-outside-remove", args=[cycle.pk, figure.pk])).status_code == 302
    assert not OutsideFigure.objects.exists()
    assert office.get(reverse("office-outside", args=[99_999])).status_code == 404

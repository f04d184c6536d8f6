"""Beside the decision on a promise stand what people said of it and what the appraisals of its cycle published of the unit."""

import re

import pytest
from django.urls import reverse
from tests.cast.commitments import promises_of, published_commitment
from tests.cast.district import NOW, small_district
from tests.cast.results import computed_poll, weighed_cycle

from zhengyou.commitments import actions as commitments
from zhengyou.commitments.models import Promise
from zhengyou.identity.models import Account
from zhengyou.remarks.models import Remark
from zhengyou.web.shared import clock

pytestmark = pytest.mark.django_db


def test_the_words_of_people_and_of_appraisals_stand_apart_as_they_were_published(client, boxes) -> None:
    district = small_district(members_a_village=5)
    cycle = weighed_cycle(district)
    unit = district.villages[0]
    promise = promises_of(published_commitment(district, cycle, unit, at=NOW))[0]
    Promise.objects.filter(pk=promise.pk).update(due_on=clock.today())
    promise.refresh_from_db()
    spoken = commitments.answer_promise(promise=promise, mark="kept", words="桥修好了", arrival=None, at=clock.now())
    hidden = commitments.answer_promise(
        promise=promise, mark="not_kept", words="某某偷懒", arrival=None, at=clock.now()
    )
    Remark.objects.filter(pk=spoken.remark_id).update(state=Remark.State.SHOWN)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    client.force_login(Account.objects.get(person=district.leader))
    address = reverse("desk-keeping-decide", args=[unit.code, promise.pk])
    before = client.get(address).content.decode()
    assert "No appraisal of this cycle has a result" in before
    assert "桥修好了" in before
    assert "某某偷懒" not in before  # nobody has looked at it yet
    assert hidden.remark.state == Remark.State.WAITING
    members = district.members
    computed_poll(district, cycle, pools={"members": members[:12], "public": members[12:18]})
    page = client.get(address).content.decode()
    rows = re.findall(r"<tr>(.*?)</tr>", page.partition('id="results"')[2], re.S)[2:]  # below the heads and the poll
    assert len(rows) == 3  # a line for each group of voters, and why there is none for all together
    assert "Pool 1" in rows[0]
    assert re.search(r"\d\.\d\d–\d\.\d\d", rows[0])
    assert "Pool 2" in rows[1]
    assert "Overall" in rows[1]  # six ballots: one band, no mean
    assert not re.search(r"\d\.\d\d", rows[1])
    assert "do not take its place" in rows[2]
    public = client.get(reverse("public-organisation", args=[unit.code])).content.decode()
    assert re.findall(r"\d\.\d\d–\d\.\d\d", public) == re.findall(r"\d\.\d\d–\d\.\d\d", page)

"""Every list page: as many queries for three rows as for one, search, filters, order, pages, and files without formulas."""

from datetime import UTC, datetime, time, timedelta

import pytest
from django.urls import reverse
from tests.cast.awards import filed_objection, published_notice
from tests.cast.commitments import promises_of, published_commitment
from tests.cast.district import NOW, launched_cycle, small_district
from tests.rooms.organisations.lists import xlsx

from zhengyou.awards import actions as awards
from zhengyou.awards import queries as award_queries
from zhengyou.commitments import actions as commitments
from zhengyou.identity.models import Account
from zhengyou.organisations import actions as organisations
from zhengyou.organisations.models import ImportDraft, Post, Responsibility
from zhengyou.standings import actions as standings
from zhengyou.standings.rules import Published
from zhengyou.web.shared import clock

ENGLISH = {"HTTP_ACCEPT_LANGUAGE": "en"}
DECISION = {"decision_number": "测发〔2026〕9号", "deciding_body": "测试区委", "reasons": "公示期满，研究决定。"}


def noon(days_ago=0):
    """Noon, local time, that many days ago."""
    return datetime.combine(clock.today() - timedelta(days=days_ago), time(4), tzinfo=UTC)


@pytest.fixture
def district(db):
    return small_district(at=noon(70))


@pytest.fixture
def cycle(district):
    return launched_cycle(district, at=noon(60))


@pytest.fixture
def office(client, district):
    client.force_login(Account.objects.get(person=district.office))
    return client


def notices(district, cycle, rows, at=None):
    for n in range(rows):
        published_notice(district, cycle, at=at or noon(1), title=f"称号{n}")


def honours(district, cycle, rows):
    for n in range(rows):
        notice = published_notice(district, cycle, at=noon(50), title=f"称号{n}")
        selection = award_queries.selection_of(notice)
        awards.record_commendation(selection=selection, at=noon(20), by=district.office, **DECISION)


def objections(district, cycle, rows):
    notice = published_notice(district, cycle, at=noon(1))
    for n in range(rows):
        filed_objection(notice, at=clock.now(), ticket=f"{n:032d}")


def posts(district, cycle, rows):
    for member in district.members[:rows]:
        organisations.appoint(
            person=member,
            organisation=district.town,
            role=Post.Role.SCRUTINEER,
            title="",
            from_on=NOW.date(),
            at=NOW,
            by=district.office.reference,
        )


def imports(district, cycle, rows):
    for n in range(rows):
        data = xlsx(("表", [["组织名称", "组织代码"], ["某村党支部", f"9{n}"]]))
        organisations.draft_import(
            what=ImportDraft.What.ORGANISATIONS, data=data, file_name=f"名册{n}.xlsx", at=noon(), by=district.office
        )


def unanswered(district, cycle, rows):
    Responsibility.objects.filter(organisation__in=district.villages[:rows]).delete()


def villages(district, cycle, rows):
    for n in range(rows):
        organisations.add_organisation(
            code=f"9{n}",
            name=f"=新{n}村",
            kind="branch",
            sector="rural",
            parent=district.town,
            at=noon(),
            by=district.office.reference,
        )


def promises(district, cycle, rows):
    for village in district.villages[:rows]:
        published_commitment(district, cycle, village, at=noon(50))


def answers(district, cycle, rows):
    [promise, *_rest] = promises_of(published_commitment(district, cycle, district.villages[0], at=noon(50)))
    for n in range(rows):
        commitments.answer_promise(promise=promise, verdict="kept", words=f"=第{n}句", at=noon())


def figures(district, cycle, rows):
    for n in range(rows):
        figure = Published(name=f"外区{n}", mean=80.0 + n, standard_error=1.5, count=None, source="公报")
        standings.enter_outside_figure(cycle=cycle, figure=figure, at=noon(), by=district.office)


LISTS = {
    "public-notices": (notices, 2),
    "public-honours": (honours, 2),
    "office-selections": (notices, 5),
    "office-docket": (objections, 5),
    "office-posts": (posts, 5),
    "office-imports": (imports, 5),
    "office-responsible": (unanswered, 4),
    "office-tree": (villages, 6),
    "office-coverage": (promises, 9),
    "office-answers": (answers, 6),
    "office-outside": (figures, 5),
}
OF_A_CYCLE = {"office-coverage", "office-answers", "office-outside"}


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize("name", LISTS)
def test_a_list_asks_as_much_for_three_rows_as_for_one(office, district, cycle, name, rows, django_assert_num_queries):
    make, queries = LISTS[name]
    make(district, cycle, rows)
    address = reverse(name, args=[cycle.pk] if name in OF_A_CYCLE else [])
    if name.startswith("public"):
        office.logout()
    with django_assert_num_queries(queries):
        page = office.get(address, **ENGLISH)
    assert page.status_code == 200
    assert page.context["page"].paginator.count >= rows

"""Prepared questions: the same rows as the queryset for any values, each time as the tables stand, also beside each other in threads."""

from datetime import date
from threading import Thread
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import DataError, connection, transaction
from django.db.models import Case, CharField, Count, F, Q, QuerySet, Value, When
from django.test.utils import CaptureQueriesContext
from tests.cast.district import NOW, District, small_district

from zhengyou.base.prepared import prepared
from zhengyou.organisations import actions
from zhengyou.organisations.models import Organisation, Person

pytestmark = pytest.mark.django_db


@pytest.fixture
def district() -> District:
    return small_district(at=NOW)


def of_parent(parent: Any, begun: Any, codes: Any) -> QuerySet[Organisation]:
    """A row with its relation, an annotation, a negation, a per cent sign that is none of ours, and several values in their order."""
    which = Q(parent=parent) | Q(code__in=codes)
    age = Case(When(founded_on__lt=begun, then=Value("100%")), default=Value("new"), output_field=CharField())
    rows = Organisation.objects.select_related("parent").filter(which).exclude(name__contains="%s").annotate(age=age)
    return rows.order_by(F("parent__code").desc(nulls_last=True), "-code")


def by_kind(parent: Organisation | None, at_least: int) -> QuerySet[Any, tuple[str, int]]:
    rows = Organisation.objects.order_by()
    rows = rows.filter(parent=None) if parent is None else rows.filter(parent=parent)
    return rows.values_list("kind").annotate(n=Count("pk")).filter(n__gte=at_least).order_by("kind")


def facts(rows: Any) -> list[tuple[Any, ...]]:
    return [(row.pk, row.name, row.age, row.parent and (row.parent.pk, row.parent.name)) for row in rows]


def test_a_prepared_question_has_the_rows_of_its_queryset(district: District) -> None:
    ask, days = prepared(of_parent), (date(1900, 1, 1), date(2026, 1, 1))
    codes = [["001"], {"001001", "nobody's"}, ("001", "001001", "001001001", "%s", "'; --", "100%")]
    parents = [district.root, *district.root.__class__.objects.filter(depth=1)]
    assert any(facts(ask(parents[0], days[0], codes[0])))
    for parent in parents:
        for day in days:
            for some in codes:
                assert facts(ask(parent, day, some)) == facts(of_parent(parent, day, some))
                assert facts(ask(parent.pk, day, some)) == facts(of_parent(parent.pk, day, some))


def test_counts_by_a_group_and_without_a_value(district: District) -> None:
    ask = prepared(by_kind)
    for parent in (None, district.root, None, district.villages[0].parent):
        for least in (1, 2, 50):
            assert ask(parent, least) == list(by_kind(parent, least))


def test_it_is_made_once_and_asked_each_time(district: District) -> None:
    made = []

    def named(number: str) -> QuerySet[Person]:
        made.append(number)
        return Person.objects.filter(number=number).prefetch_related("organisation")

    ask, person = prepared(named), Person.objects.earliest("pk")
    before = ask(person.number)
    actions.change_person(person=person, changes={"name": "新名字"}, at=NOW, by=None)
    with CaptureQueriesContext(connection) as asked:
        after = ask(person.number)
    assert before[0].name != after[0].name == "新名字"
    assert len(made) == 1
    assert len(asked) == 2  # the person, and what is fetched with them
    assert ask("nobody") == []


def test_values_that_are_none_of_its_own_are_refused(district: District) -> None:
    ask = prepared(of_parent)
    with pytest.raises(ValueError, match="about nothing"):
        ask(district.root, NOW.date(), [])
    for wrong in (1.5, {"a": 1}, Organisation(), b"x"):
        with pytest.raises(TypeError, match="takes no"):
            ask(wrong, NOW.date(), ["001"])
    with pytest.raises(TypeError, match="have no names"):
        ask(parent=district.root, begun=NOW.date(), codes=["001"])


def test_what_a_row_keeps_as_json_is_read_for_each_asking(district: District) -> None:
    said = [{"n": 1.5, "words": ["旧", None, True]}, {}]
    Organisation.objects.filter(pk=district.root.pk).update(former_codes=said)
    ask = prepared(lambda pk: Organisation.objects.filter(pk=pk))
    (first,) = ask(district.root.pk)
    assert first.former_codes == said
    first.former_codes[0]["words"].append("mine")
    assert [row.former_codes for row in ask(district.root.pk)] == [said]
    Organisation.objects.filter(pk=district.root.pk).update(former_codes=["x" * 40_000])
    assert [row.former_codes for row in ask(district.root.pk)] == [["x" * 40_000]]
    values = prepared(lambda pk: Organisation.objects.filter(pk=pk).values_list("former_codes__0", "former_codes"))
    assert values(district.root.pk) == [("x" * 40_000, ["x" * 40_000])]


def test_rows_of_one_answer_share_what_is_long_and_answers_share_nothing(district: District) -> None:
    said = ["字" * 1_200]
    Organisation.objects.filter(parent=district.town.pk).update(former_codes=said)
    ask = prepared(lambda parent: Organisation.objects.filter(parent=parent).order_by("pk"))
    first, second, *_more = ask(district.town)
    assert first.former_codes is second.former_codes
    first.former_codes.append("mine")
    assert {len(row.former_codes) for row in ask(district.town)} == {1}


def test_a_column_that_orders_alone_stands_in_no_row(district: District) -> None:
    ask = prepared(of_children)
    assert ask(district.town) == list(of_children(district.town))
    assert all(len(row) == 1 for row in ask(district.town))


def of_children(parent: Any) -> QuerySet[Any, tuple[str]]:
    rows = Organisation.objects.filter(parent=parent).order_by("kind", "code")
    return rows.values_list("kind").distinct()


def test_an_answer_that_fails_leaves_the_connection_to_the_next(district: District) -> None:
    ask = prepared(lambda pattern: Organisation.objects.filter(code__regex=pattern).values_list("code", flat=True))
    code = district.root.code
    assert ask(f"^{code}$") == [code]
    with pytest.raises(DataError), transaction.atomic():
        ask("(")
    assert ask(f"^{code}$") == [code]


def test_threads_ask_at_the_same_time_each_for_its_own(district: District) -> None:
    ask, found = prepared(of_kind), dict[int, set[int]]()
    kinds = list(ContentType.objects.values_list("pk", flat=True)[:4])  # rows that every thread sees

    def often(pk: int) -> None:
        found[pk] = {row for _time in range(30) for row in ask(pk)}
        connection.close()

    threads = [Thread(target=often, args=(pk,)) for pk in kinds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {pk: {pk} for pk in kinds}


def of_kind(pk: int) -> QuerySet[Any, int]:
    return ContentType.objects.filter(pk=pk).values_list("pk", flat=True)

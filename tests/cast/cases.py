"""Who reads what goes around its target: two people of no office who head nothing, named by one of the office, confirmed by another."""

from datetime import datetime, timedelta

from tests.cast.district import PASSWORD, District

from zhengyou.cases import guarding
from zhengyou.cases.models import CaseReader
from zhengyou.identity import actions as identity
from zhengyou.organisations import actions as organisations
from zhengyou.organisations.models import Organisation, Person, Post


def outsiders(district: District, *, at: datetime, count: int = 2) -> list[Person]:
    """People at the top who hold no post, each with an account."""
    made = []
    for n in range(count):
        facts = {"number": f"D{n:04d}", "name": f"纪检{'甲乙丙丁'[n]}", "organisation": district.root}
        person = organisations.add_person(**facts, at=at, by=None)
        identity.open_account(person=person, login=person.number, password=PASSWORD, at=at, by=None)
        made.append(person)
    return made


def named_reader(*, organisation: Organisation, person: Person, at: datetime, by: Person) -> CaseReader:
    """A reader whom a second person of the office confirmed on the day before, so that what comes `at` is theirs."""
    before = at - timedelta(days=1)
    row = guarding.name_reader(organisation=organisation, person=person, at=before, by=by)
    posts = Post.objects.filter(organisation=organisation, role=Post.Role.CAMPAIGN_OFFICE, until_on=None)
    other = posts.exclude(person=by).order_by("pk")[0].person
    return guarding.confirm_reader(reader=row, at=before, by=other)


def two_readers(district: District, *, at: datetime) -> tuple[Person, Person]:
    """Both readers of what comes `at` and later."""
    first, second = outsiders(district, at=at)
    for person in (first, second):
        named_reader(organisation=district.root, person=person, at=at, by=district.office)
    return first, second


def released(reader: CaseReader, district: District, *, at: datetime) -> CaseReader:
    """A reader whom one person of the office asked to release, and another one released."""
    for person in (district.office, district.second_office):
        reader = guarding.release_reader(reader=reader, at=at, by=person)
    return reader

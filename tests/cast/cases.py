"""Who reads what goes around its target: named by one person of the office, confirmed by another."""

from datetime import datetime

from zhengyou.cases import guarding
from zhengyou.cases.models import CaseReader
from zhengyou.organisations.models import Organisation, Person, Post


def named_reader(*, organisation: Organisation, person: Person, at: datetime, by: Person) -> CaseReader:
    """A reader whom a second person of the office has confirmed."""
    row = guarding.name_reader(organisation=organisation, person=person, at=at, by=by)
    posts = Post.objects.filter(organisation=organisation, role=Post.Role.CAMPAIGN_OFFICE, until_on=None)
    other = posts.exclude(person=by).order_by("pk")[0].person
    return guarding.confirm_reader(reader=row, at=at, by=other)

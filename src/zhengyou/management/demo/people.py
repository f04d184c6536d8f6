"""Numbers a demo's organisations and people, and gives each person a fictional name from a fixed seed."""

import random
from datetime import date, datetime

from zhengyou.organisations import actions as organisations
from zhengyou.organisations.models import Organisation, Person

SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜"
STEMS, BRANCHES = "甲乙丙丁戊己庚辛壬癸", "子丑寅卯辰巳午未申酉戌亥"
GIVEN = [stem + branch for n in range(60) for stem, branch in [(STEMS[n % 10], BRANCHES[n % 12])]]


class Builder:
    """Adds organisations, people and holders of posts, all at one instant."""

    def __init__(self, at: datetime, letter: str = "D", *, floating: float = 0.05) -> None:
        self.at, self.letter, self.floating = at, letter, floating
        self.random = random.Random(2010)
        self.people = 0

    def organisation(self, parent: Organisation | None, name: str, kind: str, sector: str, code: str) -> Organisation:
        return organisations.add_organisation(
            code=code, name=name, kind=kind, sector=sector, parent=parent, at=self.at, by=None
        )

    def person(self, home: Organisation, *, membership: str = Person.Membership.FORMAL, post_kind: str = "") -> Person:
        self.people += 1
        name = self.random.choice(SURNAMES) + self.random.choice(GIVEN)
        return organisations.add_person(
            number=f"{self.letter}{self.people:05d}",
            name=name,
            organisation=home,
            membership=membership,
            is_floating=self.random.random() < self.floating,
            post_kind=post_kind,
            at=self.at,
            by=None,
        )

    def holder(self, home: Organisation, role: str, title: str, since: date) -> Person:
        person = self.person(home)
        organisations.appoint(
            person=person, organisation=home, role=role, title=title, from_on=since, at=self.at, by=None
        )
        return person

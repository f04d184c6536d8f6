"""The tree of organisations, its people, their posts, and who answers for what. Never an ID-card number."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Any
from unicodedata import numeric

from django.db import models
from django.db.models import F, Q

from zhengyou.base.deeds import Referable
from zhengyou.base.folding import spelled
from zhengyou.base.words import Names

NUMBER = re.compile("[0-9０-９〇零一二三四五六七八九十百千]+")
LONGEST_ORDER = 120  # of a key that takes 400


class Term(models.Model):
    """A word of the house's pack: a sector, a kind of organisation, a word for sentences, with its spellings in files.

    `aliases` are the pack's; `learned` are those that the office took for it, which another reading of the pack leaves alone.
    """

    class Category(models.TextChoices):
        SECTOR = "sector"
        ORGANISATION_KIND = "organisation_kind"
        WORD = "word"
        POST_KIND = "post_kind"
        ROLE = "role"
        TIER = "tier"
        MEMBERSHIP = "membership"
        ORGANISATIONS_COLUMN = "organisations_column"
        PEOPLE_COLUMN = "people_column"
        PACK = "pack"  # one: the pack whose words these are

    category = models.CharField(max_length=30, choices=Category)
    slug = models.SlugField(max_length=60)
    name = models.JSONField()
    aliases = models.JSONField(default=list)
    learned = models.JSONField(default=list)
    position = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["category", "slug"], name="term_is_unique_in_its_category")]
        ordering = ["category", "position"]


@dataclass(frozen=True)
class PackWord:
    """One word of a pack on its way into the house."""

    category: str
    slug: str
    name: Names
    aliases: tuple[str, ...] = ()


class Organisation(Referable):
    """One node of the tree. `path` is the chain of ids down to this node; `tree.write_paths` alone writes it."""

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=200)
    kind = models.SlugField(max_length=60)
    sector = models.SlugField(max_length=60, blank=True)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    path = models.CharField(max_length=400, db_index=True, blank=True)
    depth = models.PositiveSmallIntegerField(default=0)
    name_key = models.CharField(max_length=400, db_index=True)
    founded_on = models.DateField(null=True)
    ended_on = models.DateField(null=True)
    former_codes = models.JSONField(default=list)  # under which its page is still found

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(parent=F("id")), name="organisation_is_not_its_own_parent"),
            models.CheckConstraint(condition=~Q(code=""), name="organisation_has_a_code"),
        ]
        indexes = [models.Index(fields=["path"], name="organisation_path_prefix", opclasses=["text_pattern_ops"])]

    def __str__(self) -> str:
        return self.name

    @property
    def public_reference(self) -> str:
        """How public entries name it: by the code that stands on its page."""
        return f"organisation:{self.code}"


class Person(Referable):
    """A member, known by the office's own member number."""

    class Membership(models.TextChoices):
        """The two that every pack has; a pack may add others, such as staff who are no members."""

        FORMAL = "formal"
        PROBATIONARY = "probationary"

    number = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=80)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    membership = models.SlugField(max_length=60, default=Membership.FORMAL, db_index=False)
    is_floating = models.BooleanField(default=False)
    post_kind = models.SlugField(max_length=60, blank=True)
    name_key = models.CharField(max_length=200, db_index=True)
    joined_on = models.DateField(null=True)
    left_on = models.DateField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(number=""), name="person_has_a_number")]
        # How many belong to each unit is counted by it alone.
        indexes = [models.Index(fields=["organisation"], condition=Q(left_on=None), name="person_here_by_unit")]

    def __str__(self) -> str:
        return self.name


class Post(models.Model):
    """What a person is in an organisation, from–to (half-open). Roles follow from posts."""

    class Role(models.TextChoices):
        CAMPAIGN_OFFICE = "campaign_office"
        LEADER = "leader"
        SECRETARY = "secretary"
        SCRUTINEER = "scrutineer"

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=30, choices=Role)
    title = models.CharField(max_length=80, blank=True)
    from_on = models.DateField()
    until_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(until_on=None) | Q(until_on__gt=F("from_on")), name="post_begins_before_it_ends"
            ),
            models.UniqueConstraint(
                fields=["person", "organisation", "role"], condition=Q(until_on=None), name="post_is_held_once"
            ),
        ]


class Responsibility(models.Model):
    """Who answers for an organisation, in three tiers (第一/直接/具体责任人)."""

    class Tier(models.TextChoices):
        PRIMARY = "primary"
        DIRECT = "direct"
        OPERATIONAL = "operational"

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    tier = models.CharField(max_length=20, choices=Tier)
    from_on = models.DateField()
    until_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(until_on=None) | Q(until_on__gt=F("from_on")), name="responsibility_begins_before_it_ends"
            ),
            models.UniqueConstraint(
                fields=["organisation", "tier"], condition=Q(until_on=None), name="one_responsible_person_a_tier"
            ),
        ]


class ImportDraft(Referable):
    """Rows read from an office's workbook, waiting for the office to confirm them; afterwards only the bad ones stay.

    `rows`, and the bad rows in `outcome`, are the fields of `importing`'s rows. `answers` are what the office said about questions,
    by number; `kept` are those whom the file leaves out and who stay. Remarks and problems are sentences by slug
    (`importing.sentences`), so that each reader gets them in their language.
    """

    class What(models.TextChoices):
        ORGANISATIONS = "organisations"
        PEOPLE = "people"
        BOTH = "both"

    what = models.CharField(max_length=20, choices=What)
    file_name = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    remarks: "models.JSONField[list[dict[str, Any]], list[dict[str, Any]]]" = models.JSONField(default=list)
    rows: "models.JSONField[list[dict[str, Any]], list[dict[str, Any]]]" = models.JSONField()
    answers: "models.JSONField[dict[str, dict[str, str]], dict[str, dict[str, str]]]" = models.JSONField(default=dict)
    kept: "models.JSONField[list[str], list[str]]" = models.JSONField(default=list)
    is_read = models.BooleanField(default=True)  # else a job is about to read its file, or could not
    read_at = models.DateTimeField()
    read_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    applied_at = models.DateTimeField(null=True)
    outcome = models.JSONField(null=True)


def held_on(day: date) -> Q:
    """Posts and responsibilities held on that day."""
    return Q(from_on__lte=day) & (Q(until_on=None) | Q(until_on__gt=day))


def person_key(name: str) -> str:
    """`name_key` of a person or a guest: sorts by pinyin; the initials follow, to be found by as well: `zhangsan zs`."""
    return f"{_in_pinyin(name)} {spelled(name)[1]}"[:200]


def unit_key(name: str) -> str:
    """`name_key` for what is numbered: 二里 stands before 十里 and after 一里. The plain key follows, to be found by."""
    plain = _in_pinyin(name)
    if not NUMBER.search(name):
        return plain
    in_order = _in_pinyin(NUMBER.sub(lambda match: f"{_number_of(match[0]):06d}", name))
    return f"{in_order[:LONGEST_ORDER]} {plain}"


def _in_pinyin(name: str) -> str:
    from pypinyin import (  # here, as its dictionaries are a fifth of what a worker would load to start
        Style,
        lazy_pinyin,
    )

    return "".join(lazy_pinyin(name, style=Style.NORMAL, errors=lambda text: text.lower())).replace(" ", "")


def _number_of(numeral: str) -> int:
    """A number in figures or in Chinese: 十二 as 12, 二〇二六 as 2026."""
    number = last = 0
    for figure in map(int, map(numeric, numeral)):
        if figure in (10, 100, 1000):
            number, last = number + (last or 1) * figure, 0
        else:
            last = last * 10 + figure
    return number + last

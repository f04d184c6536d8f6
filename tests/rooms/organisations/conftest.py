"""The small district for the tests of this room, and an office that imports lists."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest
from django.utils import translation
from tests.cast.district import NOW, District, small_district
from tests.rooms.organisations.lists import xlsx

from zhengyou.organisations import actions
from zhengyou.organisations.importing import drafts
from zhengyou.organisations.importing.judging import JudgedRow
from zhengyou.organisations.importing.sentences import sentence
from zhengyou.organisations.models import ImportDraft


@dataclass
class Office:
    """Imports lists into the district the way the office's pages do."""

    district: District

    def draft(self, what: str, rows: Any, at: datetime = NOW) -> ImportDraft:
        """Read a list, given as rows or as a file's bytes."""
        data = rows if isinstance(rows, bytes) else xlsx(("名册", rows))
        return actions.draft_import(what=what, data=data, file_name="名册.xlsx", at=at, by=self.district.office)

    def confirm(self, draft: ImportDraft, at: datetime = NOW) -> ImportDraft:
        """Confirm what the preview shows now."""
        seen = drafts.plan_of(draft).fingerprint
        return actions.confirm_import(draft=draft, seen=seen, at=at, by=self.district.office)

    def take(self, what: str, rows: Any, at: datetime = NOW) -> ImportDraft:
        """Read a list and confirm it."""
        return self.confirm(self.draft(what, rows, at), at)

    def preview(self, what: str, rows: Any) -> list[JudgedRow]:
        """The rows of a list's preview."""
        return drafts.plan_of(self.draft(what, rows)).rows


@pytest.fixture
def district(db: None, settings: Any) -> District:
    """The small district; its passwords are hashed in a hurry, nobody signs in here."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    return small_district()


@pytest.fixture
def office(district: District) -> Office:
    """The district's office."""
    return Office(district)


@pytest.fixture
def sentences() -> Callable[..., list[str]]:
    """A row's problems (or notes) in English."""

    def read(what: str, remarks: list[dict[str, Any]]) -> list[str]:
        with translation.override("en"):
            return [sentence(remark, drafts.columns_of(what)) for remark in remarks]

    return read

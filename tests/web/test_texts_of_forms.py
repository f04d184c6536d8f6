"""Every text that people write: nothing that turns or hides the words around it is kept, whichever form it comes by."""

import re
from pathlib import Path

import pytest
from django import forms
from django.urls import reverse
from tests.cast.district import launched_cycle, small_district
from tests.rooms.organisations.lists import xlsx

import zhengyou.web
from zhengyou.base.texts import has_unreadable, without_hidden
from zhengyou.commitments.models import Promise
from zhengyou.identity.models import Account
from zhengyou.organisations.importing import workbooks
from zhengyou.polls.models import Poll
from zhengyou.web.shared.fields import LongText, ShortText

TURNED = "修\u202e路\u2066<script>\u200b\ufeff"
PLAIN = "修路<script>"
# Where it is made; anybody's words; passwords.
WITHOUT_THE_RULE = {"fields.py", "public_writing.py", "sessions.py", "account_pages.py"}


@pytest.mark.parametrize("field", [ShortText(), LongText()])
def test_signs_that_turn_or_hide_words_go_and_emoji_stay(field):
    assert field.clean(TURNED) == PLAIN
    assert field.clean("一\r\n二\t三" if isinstance(field, LongText) else "好 👨\u200d👩\u200d👧") in (
        "一\n二\t三",
        "好 👨\u200d👩\u200d👧",
    )


def test_a_text_of_megabytes_is_refused_for_its_length_before_anybody_reads_it():
    with pytest.raises(forms.ValidationError, match="at most 20 characters"):
        ShortText(max_length=20).clean("\x07" * 4_000_000)
    assert ShortText(max_length=2).clean("修\u200b\u200b\u200b\u200b路") == "修路"


@pytest.mark.parametrize("sign", ["\0", "\x07", "\x1b", "\x85", chr(0xD800), "\ue000", "\ufffd", "\uffff"])
def test_what_no_font_shows_is_refused_in_words(sign):
    with pytest.raises(forms.ValidationError):
        ShortText().clean(f"修{sign}路")
    assert has_unreadable(sign)


def test_a_text_of_hidden_signs_only_is_empty():
    with pytest.raises(forms.ValidationError, match="Please fill this in"):
        ShortText().clean("\u202e\u200b")
    assert without_hidden("\u202e\u200b") == ""


def test_every_form_of_the_house_has_this_rule():
    paths = Path(zhengyou.web.__file__).parent.rglob("*.py")
    found = [path.name for path in paths if re.search(r"forms\.CharField[(),]", path.read_text(encoding="utf-8"))]
    assert set(found) == WITHOUT_THE_RULE


@pytest.mark.django_db
def test_no_promise_and_no_name_of_an_appraisal_turns_its_page_round(client):
    district = small_district()
    cycle = launched_cycle(district)
    client.force_login(Account.objects.get(person=district.secretaries[0]))
    given = {
        "what": TURNED,
        "standard": "好",
        "checked_by": "thing",
        "for_whom": TURNED,
        "due_on": "2026-12-31",
        "evidence": "照片",
    }
    client.post(reverse("desk-promise-write", args=[district.villages[0].code]), given | {"aim": "service"})
    assert (Promise.objects.get().what, Promise.objects.get().for_whom) == (PLAIN, PLAIN)
    client.force_login(Account.objects.get(person=district.office))
    days = {"opens_at": "2026-06-01T08:00", "closes_at": "2026-06-08T08:00", "cycle": cycle.pk}
    units = {"units": [village.pk for village in district.villages]}
    client.post(reverse("office-poll-plan"), {"name_zh": TURNED, "name_en": TURNED} | days | units)
    assert all(name == PLAIN for poll in Poll.objects.all() for name in poll.name.values())


def test_no_list_brings_such_signs_in():
    rows = [["编号", "名称"], ["1", f"{TURNED}_x0000_"], ["2", "a\u202eb"]]
    for data in (xlsx(("表", rows)), "\n".join(",".join(row) for row in rows).encode()):
        [sheet] = workbooks.read_sheets(data)
        assert sheet.rows[1][1][1].startswith(PLAIN)
        assert not any(has_unreadable(cell) for _number, cells in sheet.rows for cell in cells)
        assert sheet.rows[2][1][1] == "ab"

"""A practice house says so on every page and every sheet, any other house nowhere; it is built of the roster and wiped."""

import json
import re
from io import BytesIO

import pytest
from django.conf import settings as django_settings
from django.core.management.base import CommandError
from django.urls import reverse
from tests.cast import district as cast

from zhengyou.base.home import PRACTICE, PRACTICE_MARK
from zhengyou.identity.models import Account
from zhengyou.management import practising
from zhengyou.organisations.models import Organisation, Person
from zhengyou.polls import queries as poll_queries
from zhengyou.polls.models import Poll
from zhengyou.web.shared import clock
from zhengyou.web.shared.downloads import download, streamed

pytestmark = pytest.mark.django_db
SAID = "演练：这里的一切都不算数"
TEMPLATES = django_settings.BASE / "templates"


@pytest.fixture
def in_practice(settings) -> None:
    settings.IS_PRACTICE = True


def test_whatever_begins_a_page_or_a_sheet_has_the_mark_first() -> None:
    """Pages, pages of faults and files to print: each is made of one of these."""
    whole = [path for path in TEMPLATES.rglob("*.html") if "<body" in path.read_text(encoding="utf-8")]
    assert len(whole) >= 6
    without = [
        path.name
        for path in whole
        if not re.search(r"<body[^\n]*>\n\s*{% practice %}", path.read_text(encoding="utf-8"))
    ]
    assert without == []
    begun = [path for path in TEMPLATES.rglob("*.html") if "<html" in path.read_text(encoding="utf-8")]
    assert begun == whole


@pytest.mark.parametrize("path", ["/", "/sign-in/", "/booth/", "/organisations/", "/notices/", "/trust/", "/nowhere/"])
def test_every_page_says_that_nothing_counts(client, in_practice, path: str) -> None:
    cast.small_district()
    page = client.get(path).content.decode()
    assert SAID in page
    assert page.count("演练 PRACTICE") >= 100  # on paper, all over it


def test_pages_of_faults_say_it_too(client, in_practice) -> None:
    from django.template.loader import render_to_string

    for name in ("400.html", "500.html", "503.html"):
        assert SAID in render_to_string(name)


def test_a_file_to_take_away_is_named_so(in_practice) -> None:
    assert "practice" in download("a,b", "list.csv").headers["Content-Disposition"]
    assert "practice" in streamed(BytesIO(b"a,b"), "list.csv").headers["Content-Disposition"]


def test_whatever_is_taken_away_under_a_name_goes_through_the_one_place_that_marks_it() -> None:
    """But papers of reports, whose name is what they are."""
    own = [
        path
        for path in (django_settings.BASE / "web").rglob("*.py")
        if "as_attachment" in path.read_text(encoding="utf-8")
    ]
    assert [path.name for path in own] == ["downloads.py"]


def test_no_other_house_says_it(client) -> None:
    cast.small_district()
    assert "演练" not in client.get("/").content.decode()
    assert "practice" not in download("a,b", "list.csv").headers["Content-Disposition"]


def test_a_practice_house_is_built_of_the_roster_and_appraises_invented_units_only(
    client, in_practice, settings, tmp_path
) -> None:
    district = cast.small_district()
    settings.HOME = tmp_path
    assert practising.copy_roster(tmp_path) == Person.objects.count()
    assert practising.copy_roster(tmp_path) == 0
    home = tmp_path / PRACTICE
    assert (home / practising.ROSTER).stat().st_mode & 0o077 == 0
    assert {row["model"] for row in json.loads((home / practising.ROSTER).read_text())} == {
        f"zhengyou.{model.__name__.lower()}" for model in practising.COPIED
    }
    Account.objects.all().delete()
    told = practising.build(home, at=clock.now())
    poll = Poll.objects.get()
    assert poll.state == Poll.State.OPENED
    assert {one.name for one in poll_queries.rated_organisations(poll)} == set(practising.UNITS)
    assert told["practice-1"] == practising.OFFICERS[0]
    assert district.office.number in told
    assert not (home / practising.ROSTER).exists()
    page = client.get(reverse("booth", args=[poll.key])).content.decode()
    assert SAID in page
    assert practising.build(home, at=clock.now())["poll"] == str(poll.key)
    assert Organisation.objects.filter(code__startswith="practice-").count() == len(practising.UNITS)
    assert practising.wipe(tmp_path)
    assert not (tmp_path / PRACTICE).exists()
    assert not practising.wipe(tmp_path)


def test_a_roster_of_four_is_refused_in_a_sentence(tmp_path) -> None:
    with pytest.raises(CommandError, match="needs 5 at least"):
        practising.copy_roster(tmp_path)
    assert not (tmp_path / PRACTICE / PRACTICE_MARK).exists()

"""The shared pieces of pages: what a button's refusal becomes, how files are named, which row a page is about."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.http import Http404, HttpResponse
from django.template import engines
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.urls import reverse
from django.utils.translation import override
from tests.cast.awards import published_notice
from tests.cast.district import launched_cycle, small_district

from zhengyou.awards.models import Candidate
from zhengyou.identity.models import Account
from zhengyou.web.shared import doors
from zhengyou.web.shared.downloads import download
from zhengyou.web.shared.due_lines import DueLine


@pytest.mark.django_db
def test_the_refusal_of_a_button_is_said_on_the_page_with_the_button(client):
    district = small_district()
    published_notice(district, launched_cycle(district))
    client.force_login(Account.objects.get(person=district.office))
    candidate = Candidate.objects.order_by("pk")[0]
    page = reverse("office-selection", args=[candidate.selection_id])
    answer = client.post(reverse("office-candidate-remove", args=[candidate.selection_id, candidate.pk]), follow=True)
    assert answer.redirect_chain == [(page, 302)]
    assert [message.level_tag for message in answer.context["messages"]] == ["error"]
    assert Candidate.objects.count() == 2


@pytest.mark.parametrize(
    ("name", "kind", "disposition"),
    [
        ("a.csv", "text/csv; charset=utf-8", 'attachment; filename="a.csv"'),
        ("名册.json", "application/json", "attachment; filename*=utf-8''%E5%90%8D%E5%86%8C.json"),
        ('a"b.zip', "application/zip", 'attachment; filename="a\\"b.zip"'),
    ],
)
def test_a_file_carries_its_name_whatever_it_is_written_in(name, kind, disposition):
    answer = download(b"", name)
    assert (answer["Content-Type"], answer["Content-Disposition"]) == (kind, disposition)


def test_a_file_of_an_unknown_kind_is_not_made():
    with pytest.raises(KeyError):
        download(b"", "a.exe")


def test_a_page_gets_the_row_for_its_part_of_the_address_and_is_not_called_without_one():
    page = doors.fetched("key", {"known": "the row"}.get)(lambda request, row, slug: HttpResponse(f"{row} {slug}"))
    request = RequestFactory().get("/")
    assert page(request, key="known", slug="a").content == b"the row a"
    with pytest.raises(Http404):
        page(request, key="unknown", slug="a")


def test_a_late_clock_says_so_once_and_one_that_is_not_late_bears_no_tag():
    def shown(**clock):
        line = {
            "name": "Fix",
            "words": "6 working days late",
            "clock": {"days": 5, "from_on": date(2026, 11, 14)} | clock,
        }
        return render_to_string("parts/case_clock.html", {"line": line})

    assert (
        shown(is_late=True).count("late")
        == shown(is_late=True).count('<span class="tag red">6 working days late</span>')
        == 1
    )
    assert "tag" not in shown(is_late=False)


def test_a_vote_that_is_open_is_under_way_and_not_the_next_step():
    opens_at = datetime(2026, 11, 28, 1, tzinfo=UTC)
    step = {"slug": "voting", "title": "Voting", "is_next": True}
    facts = {"steps": [step], "poll": {"opens_at": opens_at}}

    def said(minutes):
        return render_to_string("office/poll_steps.html", facts | {"now": opens_at + timedelta(minutes=minutes)})

    assert ("under way" in said(0), "under way" in said(-1)) == (True, False)
    assert re.search(r">\s*next\s*<", said(-1))


def test_on_the_page_of_a_unit_no_line_repeats_its_name():
    lines = [(DueLine("/a/", "Deal with 1 case", "甲村"), 0), (DueLine("/b/", "Deal with 2 cases", "乙村"), 0)]
    page = render_to_string("parts/to_dos.html", {"lines": lines, "unit": {"name": "甲村"}})
    assert ("甲村" in page, "乙村" in page) == (False, True)
    assert "甲村" in render_to_string("parts/to_dos.html", {"lines": lines})


@pytest.mark.parametrize(
    ("language", "text", "first", "rest"),
    [
        ("en", "Short. And clear.", "Short. And clear.", None),
        (
            "en",
            f"It says, e.g. of No. 5, “how many.” Next {'long ' * 30}.",
            "It says, e.g. of No. 5, “how many.”",
            f"Next {'long ' * 30}.",
        ),
        ("zh-hans", f"先看这一句。再{'往下' * 40}。", "先看这一句。", f"再{'往下' * 40}。"),
        ("zh-hans", f"只有{'一' * 80}句。", f"只有{'一' * 80}句。", None),
        (
            "en",
            f"See <a>the list. Of</a> all. Then {'more ' * 30}.",
            f"See <a>the list. Of</a> all. Then {'more ' * 30}.",
            None,
        ),
    ],
)
def test_a_long_help_is_its_first_sentence_and_the_rest_behind_one_word(language, text, first, rest):
    with override(language):
        drawn = engines["django"].from_string("{% helped %}" + text + "{% endhelped %}").render()
    paragraphs = re.findall(r"<p>(.*?)</p>", drawn)
    assert paragraphs == [first, *([rest] if rest else [])]
    assert drawn.count("<details") == drawn.count("<summary>") == (1 if rest else 0)

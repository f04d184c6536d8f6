"""A day in running text is one piece, in both languages; nothing is put between its signs, and nothing else is touched."""

import re

import pytest
from django.urls import reverse
from tests.cast.awards import published_notice
from tests.cast.district import launched_cycle, small_district

from zhengyou.web.shared.marking import MarkingMiddleware
from zhengyou.web.shared.whole_days import days_whole


@pytest.mark.parametrize(
    ("written", "whole"),
    [
        ("<p>Due by 3 December 2026, 8:52.</p>", ["3 December 2026"]),
        ("<p>3 Dec 2026, and from 1 May on</p>", ["3 Dec 2026", "1 May"]),
        ("<p>截至2026年12月5日 16:24，</p>", ["2026年12月5日"]),
        ("<p>2026年12月，12月5日</p>", ["2026年12月", "12月5日"]),
        ("<li>Open <b>15:00–17:00</b>", ["15:00–17:00"]),
        ("by 3 December", ["3 December"]),
        ("<p>10 Mayors and 5 marches, 2026 年, 3 of 12, 8:52, 5个月</p>", []),
        ('<td><span class="day">3 Dec 2026</span></td>', ["3 Dec 2026"]),
        ('<input value="3 December 2026">', []),
        ('<meta content="2026年12月5日">', []),
        ("<option>3 December 2026</option>", []),
        ('<text x="1">2026年12月5日</text>', []),
        ("<title>3 December 2026</title><p>1 May</p>", ["1 May"]),
        ("<textarea>2026年12月5日</textarea>", []),
        ("<script>'3 December 2026'</script>", []),
        ("<pre>3 December 2026</pre>", []),
    ],
)
def test_a_day_is_one_piece_where_it_is_read(written, whole):
    page = days_whole(written)
    assert re.findall('<span class="day">([^<]*)</span>', page) == whole
    assert re.sub("</?span[^>]*>", "", page) == re.sub("</?span[^>]*>", "", written)
    assert page.count("<span") == len(whole)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "form"), [("zh-hans", "20[0-9]{2}年[0-9]+月[0-9]+日"), ("en", "[0-9]+ [A-Z][a-z]+ 20[0-9]{2}")]
)
def test_no_day_in_a_sentence_of_a_notice_can_be_broken(client, settings, language, form):
    place = settings.MIDDLEWARE.index("zhengyou.web.shared.languages.LanguageMiddleware")
    settings.MIDDLEWARE.insert(place, f"{MarkingMiddleware.__module__}.MarkingMiddleware")
    district = small_district()
    notice = published_notice(district, launched_cycle(district))
    page = client.get(
        reverse("public-notice", args=[notice.year, notice.number]), headers={"accept-language": language}
    )
    main = page.content.decode().partition("<main")[2]
    whole = re.findall(f'<span class="day">{form}</span>', main)
    assert len(whole) > 2
    assert len(re.findall(form, re.sub("<[^>]*>", "", main))) == len(whole)

"""The style of lists under letters twice as large, and where the reading of a name begins that takes a line of its own."""

from pathlib import Path

import pytest
from playwright.sync_api import expect
from tests.journeys import looking

import zhengyou
from zhengyou.web.shared.whole_days import days_whole

SHEETS = [
    (Path(zhengyou.__file__).parent / "static" / name).read_text(encoding="utf-8")
    for name in ("dist/pico.min.css", "zhengyou.css", "inside.css")
]
READ = '<span lang="zh-Hans">{}</span><small class="pinyin"> Hóngshí Zhèn Dǎngwěi Nóngyè</small>'
NAME = READ.format("红石镇党委")
LONG = f'<a href="/u/">{READ.format("红石镇党委红石镇党委红石镇党委红")}</a>'


def styled(page, body):
    head = f"<head><style>{''.join(SHEETS)}</style></head>"
    body = f"<body class='office'><main class='container'>{body}</main></body>"
    page.set_content(f"<!doctype html><html lang='en'>{head}{body}</html>")
    return page


@pytest.mark.parametrize("cell", [NAME, '<span class="day">30 November 2026 at 09:14 o’clock</span>'])
def test_no_cell_of_a_list_is_wider_than_a_phone_with_doubled_letters(phone, cell):
    row = f'<table class="stack"><tbody><tr><td data-label="When">{cell}</td></tr></tbody></table>'
    assert looking.wide_when_doubled(styled(phone, row)) == []


@pytest.mark.parametrize("around", ["<dl class='facts'><dt>Unit</dt><dd>{}</dd></dl>", "<p class='crumbs'>{}</p>"])
def test_a_reading_on_a_line_of_its_own_begins_where_the_name_does(phone, around):
    page = styled(phone, around.format(LONG))
    edges = "[...document.querySelectorAll('a > *')].map(one => [one.getBoundingClientRect().left, one.getBoundingClientRect().top])"
    (name, above), (reading, below) = page.evaluate(edges)
    assert below > above
    assert reading == name


@pytest.mark.parametrize(
    "sentence",
    [
        "This promise is to be kept by 30 September 2026, 18:30, and opened 10:00–16:30 from 4 May on.",
        "请在2026年12月25日 16:24以前答复，2026年12月起每天10:00–16:30开放。",
    ],
)
def test_no_line_breaks_within_a_day_however_wide_the_page_is(phone, sentence):
    page = styled(phone, days_whole(f"<p>{sentence}</p>"))
    lines = "[...document.querySelectorAll('.day')].map(one => one.getClientRects().length)"
    for width in range(290, 400, 6):
        page.set_viewport_size({"width": width, "height": 600})
        assert set(page.evaluate(lines)) == {1}, width


def test_a_way_back_is_the_place_right_above_on_a_phone_and_all_of_it_on_a_desktop(phone):
    page = styled(phone, '<nav class="crumbs"><a href="/a/">Overview</a> › <a href="/b/">Campaign</a></nav>')
    overview, campaign = (page.get_by_role("link", name=name, include_hidden=True) for name in ("Overview", "Campaign"))
    expect(overview).to_be_hidden()
    expect(campaign).to_be_visible()
    page.set_viewport_size(looking.DESKTOP)
    expect(overview).to_be_visible()

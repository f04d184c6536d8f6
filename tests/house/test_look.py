"""What every sheet and template keeps to: days by our filters, colours and sizes by variables, every page on a way."""

import re
from pathlib import Path

import pytest
from django.urls import URLPattern, get_resolver
from django.utils import translation

from zhengyou.campaigns.queries import Face, Frame
from zhengyou.campaigns.ruleset import ROOMS
from zhengyou.templatetags.days import day, hour, moment
from zhengyou.web.shared import clock, ways

HOUSE = Path(__file__).resolve().parents[2] / "src" / "zhengyou"
TEMPLATES = sorted((HOUSE / "templates").rglob("*.html"))
SHEETS = sorted((HOUSE / "static").glob("*.css"))
ON_PAPER = {"paper.css"}  # ballots and forms that are printed: black on white, in points
COLOUR = re.compile(r"#[0-9a-fA-F]{3,8}\b|\brgba?\(|\bhsl")
SMALLEST = 0.9  # rem: no text that somebody needs is smaller
FRAME = Frame(set(ROOMS), set(ROOMS), {}, (Face(1, 1, "争优", "主题", "区委", "年度", "00000001/", True),))
# Addresses that answer with no page of their own, or with one that stands outside the ways.
NO_WAY = {"public-manifest", "public-photo", "public-paper", "public-own-photo"}


def test_no_template_writes_a_day_by_any_other_filter() -> None:
    other = re.compile(r"""\|(?:date|time)(?:[:\s|}]|$)|\{% now """)
    assert [path.name for path in TEMPLATES if other.search(path.read_text(encoding="utf-8"))] == []


def test_no_page_calls_a_cycle_or_a_campaign_by_the_name_of_one_language() -> None:
    """`called` is in the reader's language, if the office gave an English name."""
    by_name = re.compile(r"\b(?:cycle|campaign)\.name\b")
    pages = [*TEMPLATES, *sorted((HOUSE / "web").rglob("*.py"))]
    found = [path.name for path in pages if by_name.search(path.read_text(encoding="utf-8"))]
    assert found == []


def test_no_template_reads_the_house_s_words_as_if_a_view_had_given_them() -> None:
    """`words` without a point is the object that gives the house's words, if a view forgets to give its own: that is what
    the search for a sector once showed in its box.
    """
    read = re.compile(r"(?:\{\{|\{% (?:if|for \w+ in)|[=(]) ?words(?=[\s|}%])")
    given = re.compile(r"[, ]words(?:, \w+)* in |as words %|[ ]words=")
    parts = {"empty.html"}  # its includer gives them
    texts = {path.name: path.read_text(encoding="utf-8") for path in TEMPLATES if path.name not in parts}
    assert [name for name, text in texts.items() if read.search(text) and not given.search(text)] == []


def test_the_mark_that_unfolds_something_keeps_its_width_beside_a_long_line() -> None:
    """Where the line is a row of boxes, as the time limit of a case on a phone, it was pressed to a speck."""
    assert "details > summary::after { flex: none;" in (HOUSE / "static/zhengyou.css").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("page", "name"),
    [
        ("parts/case_steps.html", "one.to"),
        ("parts/case_steps.html", "one.who"),
        ("public/window_mark.html", "organisation.name"),
    ],
)
def test_the_name_of_a_unit_that_is_no_link_is_marked_to_be_read(page: str, name: str) -> None:
    assert re.search(
        rf'data-read(?:="short")?>{{{{ {re.escape(name)} }}}}<',
        (HOUSE / "templates" / page).read_text(encoding="utf-8"),
    )


def test_every_table_of_a_public_page_has_a_name() -> None:
    """A screen reader lists the tables of a page; a list by itself stands below the heading of its page."""
    nameless = re.compile(r"<table\b(?![^>]*aria-label)[^>]*>\s*(?!\s|<caption)")
    by_themselves = {"list.html", "styles.html"}
    pages = [path for path in TEMPLATES if path.parent.name in ("public", "parts") and path.name not in by_themselves]
    assert [path.name for path in pages if nameless.search(path.read_text(encoding="utf-8"))] == []


@pytest.mark.parametrize(
    ("sheet", "rule"),
    [
        # “between 15 and 73 %” beside a long step left the side of a narrow phone, and of any with letters twice as large.
        ("windows.css", ".steps-counted td.figure { white-space: normal; }"),
        ("windows.css", "@container main (max-width: 15rem) { .steps-counted tr > * { display: block;"),
        # On paper a notice's number stood in the middle of a column and not of the sheet, below a title that stood in its middle.
        ("awards.css", "main .number { text-align: center; max-width: none; }"),
        ("awards.css", "main .signed { text-align: right; max-width: none;"),
        # A choice with a line of explanation touched the ring of the next one.
        ("zhengyou.css", ".field fieldset label:has(> small) { padding-block: .5rem; }"),
    ],
)
def test_what_once_stood_askew_or_left_the_side_keeps_its_rule(sheet: str, rule: str) -> None:
    assert rule in (HOUSE / "static" / sheet).read_text(encoding="utf-8")


@pytest.mark.parametrize("sheet", [one for one in SHEETS if one.name not in ON_PAPER], ids=lambda one: one.name)
def test_a_sheet_takes_its_colours_and_sizes_from_the_variables(sheet: Path) -> None:
    text = re.sub(r"/\*.*?\*/", "", sheet.read_text(encoding="utf-8"), flags=re.DOTALL)
    text = re.sub(r"url\(\"data:[^\"]*\"\)", "", text)
    rules = re.sub(r"@media print \{(?:[^{}]|\{[^{}]*\})*\}", "", text)
    used = [rule for rule in re.findall(r"[^{};]+:[^{};]+", rules) if "--" not in rule.partition(":")[0]]
    assert [rule.strip() for rule in used if COLOUR.search(rule) and "shadow" not in rule] == []
    sizes = [float(size) for rule in used if "font" in rule for size in re.findall(r"(?<![\d.])(\d*\.?\d+)rem", rule)]
    assert [size for size in sizes if size < SMALLEST] == []


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", ("3 December 2026", "3 December 2026, 8:52", "8:52")),
        ("zh-hans", ("2026年12月3日", "2026年12月3日 8:52", "8:52")),
    ],
)
def test_a_day_is_written_in_one_form_a_language(language: str, said: tuple[str, ...]) -> None:
    at = clock.now().replace(year=2026, month=12, day=3, hour=0, minute=52)
    with translation.override(language):
        assert (day(at), moment(at), hour(at)) == said
        assert day(at.date()) == said[0]
        assert day(None) == ""


def names_of(face: str) -> set[str]:
    """The names of the addresses of one face that take no part which only a program would give."""
    found = set()
    for one in get_resolver().url_patterns:
        for part in getattr(one, "url_patterns", []):
            found |= {
                pattern.name
                for pattern in getattr(part, "url_patterns", [part])
                if isinstance(pattern, URLPattern) and pattern.name and pattern.name.startswith(f"{face}-")
            }
    return found - NO_WAY


@pytest.mark.parametrize(("face", "table"), [("public", ways.PUBLIC), ("desk", ways.DESK), ("office", ways.OFFICE)])
def test_every_address_of_a_face_belongs_to_a_way(face: str, table: tuple[ways.Way, ...]) -> None:
    names = names_of(face)
    assert len(names) > 10
    lost = {name for name in names if not any(link.is_here for link in ways.links(table, name, FRAME, FRAME.face))}
    assert lost - {way.page for way in ways.BELOW} == set()


def test_the_page_that_fits_best_is_marked_and_what_the_house_does_not_have_is_left_out() -> None:
    [here] = [link for link in ways.links(ways.PUBLIC, "public-honour", FRAME, FRAME.face) if link.is_here]
    assert [page.is_here for page in here.pages] == [False, True]
    bare = Frame({"polls"}, {"polls"}, {}, None)
    pages = {link.address for link in ways.links(ways.OFFICE, "office-home", bare)}
    assert "/office/polls/" in pages
    assert not {"/office/selections/", "/office/objections/"} & pages


@pytest.mark.parametrize(
    "rule",
    [
        "dl.facts dt {",
        "dd {",
        '[type="checkbox"] { border-radius: .2rem; }',
        # What to write and what is wrong with it were one red paragraph on public pages.
        "small.error, small > .error { display: block; font-weight: 600; }",
        ':is(small.error, small > .error)::before { content: "⚠ " / ""; }',
        ".field > small, .field > fieldset > small { display: block; margin-top: 0; color: var(--quiet); }",
    ],
)
def test_what_stands_on_pages_of_every_face_is_drawn_by_the_sheet_of_every_page(rule: str) -> None:
    """A tick once looked like a choice on public pages, and facts had the indent of the browser where a sheet was not loaded."""
    assert rule in (HOUSE / "static" / "zhengyou.css").read_text(encoding="utf-8")


def test_no_title_names_the_campaign_twice() -> None:
    """`titled` puts it behind every title of a public page."""
    title = re.compile(r"block title %\}.*(?:campaign|face)\.called")
    pages = [path for path in TEMPLATES if path.parent.name == "public"]
    assert [path.name for path in pages if title.search(path.read_text(encoding="utf-8"))] == []


def test_a_fold_of_a_result_that_stays_closed_is_no_line_on_paper() -> None:
    sheet = (HOUSE / "static" / "standings.css").read_text(encoding="utf-8")
    assert "details.off-paper:not([open])" in sheet.partition("@media print {")[2]
    parts = {path.name: path.read_text(encoding="utf-8") for path in TEMPLATES}
    assert all(
        "off-paper" in parts[f"{name}.html"] for name in ("standing", "unranked_units", "method_card", "combined_card")
    )


def test_charts_of_a_group_are_on_paper_though_their_fold_is_closed() -> None:
    """Its table stays behind: the charts of all groups take no more sheets than one table."""
    printed = (HOUSE / "static" / "standings.css").read_text(encoding="utf-8").partition("@media print {")[2]
    assert "details.off-paper.charted:not([open]) { display: block;" in printed
    assert ".charted:not([open]) > :not(.charts) { display: none; }" in printed
    fold = (HOUSE / "templates" / "parts" / "standing.html").read_text(encoding="utf-8").partition("<details")[2]
    assert fold.startswith(' class="off-paper charted"')
    assert "standing_charts.html" in fold.partition("</details>")[0]

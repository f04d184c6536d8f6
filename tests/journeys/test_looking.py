"""What is looked at on every page finds its fault where one was planted, and nothing on the same page without it."""

import pytest
from tests.journeys import looking

BODY = """<main><h1>Units</h1><p>Two of them have answered, on 3 May.</p>
<form><p>Answer <button>Send</button></p><p><input type="checkbox" name="one" aria-label="One"></p></form></main>"""
STYLE = (
    "body { margin: 0; color: #111; background: #fff } button { min-height: 44px } :focus { outline: 3px solid #06c }"
)
ABOVE = "style='position: absolute; top: 5rem'"
FAULTS = {
    "no mark of focus": ("</style>", "button:focus { outline: none } </style>"),
    "lost in forced colours": ("</style>", "@media (forced-colors: active) { button:focus { outline: none } } </style>"),
    "smaller than 44 px": ("min-height: 44px", "height: 20px"),
    "printed over one another": ("<p>Answer ", f"<p {ABOVE}>Beside</p><p {ABOVE}>Answer "),
    "wide with doubled text": ("<p>Two", "<p style='width: 20rem'>Two"),
    "wide with a long name": ("Two of them", "<a style='overflow-wrap: normal' href='/organisations/1/'>Two</a> of them"),
    "days of machines": ("3 May", "2026-05-03"),
    "unnamed": ("<h1>Units</h1>", "<h1 hidden>Units</h1>"),
    "several primary buttons": ("<button>Send</button>", "<button>Send</button> <button>Keep</button>"),
    "faint in the dark": ("</style>", "@media (prefers-color-scheme: dark) { p { color: #eee } } </style>"),
}  # fmt: skip
UNSEEN = "<input type='checkbox' name='one' aria-label='One' style='appearance: none; background: white'>"


def shown(page, planted: tuple[str, str] = ("", "")):
    head = f"<title>Units · House</title><meta name='description' content='What the units have answered.'><style>{STYLE}</style>"
    html = f"<!doctype html><html lang='en'><head><meta charset='utf-8'>{head}</head><body>{BODY}</body></html>"
    assert planted[0] in html
    page.set_content(html.replace(*planted) if planted[0] else html)
    return page


def test_each_look_finds_what_was_planted_for_it_and_nothing_elsewhere(phone):
    assert set(FAULTS) == set(looking.CHECKS)
    sound = {name: check(shown(phone)) for name, check in looking.CHECKS.items()}
    assert {name: found for name, found in sound.items() if found} == {}
    found = {name: looking.CHECKS[name](shown(phone, planted)) for name, planted in FAULTS.items()}
    assert [name for name, one in found.items() if not one] == []


def test_a_look_leaves_the_page_as_it_was_for_the_next_one(phone):
    page = shown(phone)
    for check in looking.CHECKS.values():
        check(page)
    now = (
        "[innerWidth, matchMedia('(forced-colors: active)').matches, matchMedia('(prefers-color-scheme: dark)').matches,"
        " document.documentElement.style.fontSize]"
    )
    assert page.evaluate(now) == [390, False, False, ""]


@pytest.mark.parametrize("look", [looking.choices_unseen, looking.lost_in_forced_colours])
def test_a_choice_that_is_not_seen_in_forced_colours_is_found(phone, look):
    box = '<input type="checkbox" name="one" aria-label="One">'
    assert look(shown(phone, (box, UNSEEN))) != []


def test_a_box_that_a_sheet_may_end_in_is_found(phone):
    box = "<p style='border: 1px solid; height: 5rem'>Two"
    assert looking.torn_on_paper(shown(phone)) == []
    assert looking.torn_on_paper(shown(phone, ("<p>Two", box.replace("5rem", "5rem; break-inside: avoid")))) == []
    assert len(looking.torn_on_paper(shown(phone, ("<p>Two", box)))) == 1


@pytest.mark.parametrize(("text", "found"), [("村里的灯", ["村里的灯"]), ("<b lang='zh'>村里的灯</b>", [])])
def test_chinese_that_does_not_say_so_is_found(phone, text, found):
    assert looking.chinese_unsaid(shown(phone, ("Two of them", text))) in (
        found,
        [f"{one} have answered, on 3 May." for one in found],
    )


def test_what_a_template_writes_of_an_object_is_found(phone):
    assert shown(phone).evaluate(looking.OBJECT) is False
    assert shown(phone, ("Two", "&lt;A object at 0x7f>")).evaluate(looking.OBJECT) is True

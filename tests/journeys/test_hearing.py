"""What is heard on every page finds its fault where one was planted, and nothing on the same page without it."""

from tests.journeys import hearing

BODY = """<main><nav aria-label="Pages"><a href="/1/">1</a></nav><h1>Units</h1><h2>Answers</h2>
<table><thead><tr><th>Unit</th><th>Owed</th></tr></thead><tbody>
<tr><th scope="row">North</th><td><a href="/n/">See 2 answers</a></td></tr>
<tr><th scope="row">South</th><td><a href="/s/">See 2 answers</a></td></tr></tbody></table>
<p><a href="/all/">See all<span class="unseen"> units</span></a> <b>6</b> <small>of 8</small></p>
<form action="/send/"><label>Yes <input type="radio" name="one" required aria-invalid="false"></label>
<label>Day <input aria-invalid="true" aria-describedby="day-wrong"></label><small class="error" id="day-wrong">Please name a day.</small>
<button>Send</button></form></main>"""
FAULTS = {
    "of one name to several places": ("</main>", "<a href='/every/'>See all units</a></main>"),
    "a link without a word": ("See 2 answers", "2"),
    "a row without a head": ('<th scope="row">North</th>', "<td>North</td>"),
    "said twice": ("See all<", "See all units<"),
    "called wrong before it was filled in": (' aria-invalid="false"', ""),
    "two words read as one": ("</b> <small>", "</b><small>"),
    "wrong and not heard": ('id="day-wrong"', ""),
    "headings and places": ("<h2>Answers</h2>", "<h3>Answers</h3>"),
}


def shown(page, planted=("", "")):
    assert planted[0] in BODY
    style = "<style>.unseen { position: absolute; clip-path: inset(50%); }</style>"
    page.set_content(
        f"<!doctype html><html lang='en'>{style}<body>{BODY.replace(*planted) if planted[0] else BODY}</body></html>"
    )
    return page


def test_each_look_finds_what_was_planted_for_it_and_nothing_elsewhere(phone):
    assert set(FAULTS) == set(hearing.CHECKS)
    page = shown(phone)
    sound = {name: check(page) for name, check in hearing.CHECKS.items()}
    assert {name: found for name, found in sound.items() if found} == {}
    found = {name: hearing.CHECKS[name](shown(phone, planted)) for name, planted in FAULTS.items()}
    assert [name for name, one in found.items() if not one] == []


def test_two_buttons_of_one_name_are_told_apart_by_their_rows_and_two_menus_by_their_names(phone):
    button = "<form action='/other/'><input name='x'><button>Send</button></form></main>"
    assert hearing.CHECKS["of one name to several places"](shown(phone, ("</main>", button))) != []
    menu = "<nav aria-label='Pages'><a href='/2/'>2</a></nav></main>"
    assert hearing.CHECKS["headings and places"](shown(phone, ("</main>", menu))) == ["NAV Pages"]

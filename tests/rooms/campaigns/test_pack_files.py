"""What is wrong with a pack's file as TOML is said once, in the reader's language, with both lines of what stands twice."""

import re

import pytest
from django.utils import translation
from tests.cast.packs import LIGHT, changed, faults_of, without

from zhengyou.campaigns.packing.reading import read_pack

NOT_TOML = {
    "Chinese quotation marks": changed('en = "Rural"', "en = “Rural”"),
    "a comma missing": changed(', en = "Rural"', ' en = "Rural"'),
    "no equals sign": changed("points = 10", "points 10"),
    "a brace over two lines": changed(', en = "Rural"', ',\nen = "Rural"'),
    "a heading not closed": changed("[rules.notice]", "[rules.notice"),
    "a Chinese key": changed("points = 10", "分数 = 10"),
    "two values": changed("points = 10", "points = 10 11"),
    "a backslash": changed('en = "Rural"', 'en = "Ru\\qral"'),
    "a list not closed": f"{LIGHT}x = [1,\n",
    "digits without end": f"x = {'9' * 1990}\n{'y = 9' + '9' * 1900}\n" + LIGHT.replace('id = "', "id = “", 1),
}


@pytest.mark.parametrize("text", NOT_TOML.values(), ids=NOT_TOML)
def test_what_is_no_toml_is_said_in_the_readers_language(text):
    _pack, [fault] = read_pack(text.encode())
    assert fault.slug == "not-toml"
    assert 1 <= fault.line <= text.count("\n") + 1
    with translation.override("zh-hans"):
        words = re.sub(r"TOML|Chinese|#", "", str(fault))
    assert not re.search("[A-Za-z]", words)


@pytest.mark.parametrize(
    ("text", "first", "second"),
    [
        ('id = "a"\nname = 1\nid = "b"\n', 1, 3),
        ("[words]\na = 1\n[rules]\n[words]\n", 1, 4),
        ("[[titles]]\nid = 1\n\n[[titles]]\nid = 1\nid = 2\n", 5, 6),
        ("[rules.notice]\n[rules]\nx = 1\nx = 2\n", 3, 4),
    ],
)
def test_what_stands_twice_is_named_with_both_lines(text, first, second):
    _pack, [fault] = read_pack(text.encode())
    assert (fault.slug, fault.line, dict(fault.details)["first"]) == ("stands-twice", second, first)


def test_an_id_that_stands_twice_is_named_with_both_lines():
    text = changed('id = "street-community"', 'id = "rural"')
    _pack, [fault, *_rest] = read_pack(text.encode())
    lines = [n for n, row in enumerate(text.splitlines(), 1) if row == 'id = "rural"']
    assert [dict(fault.details)["first"], fault.line] == [lines[0] - 1, lines[1]]


def test_thousands_of_faults_are_not_looked_at_one_by_one():
    text = LIGHT + "[weather]\n" + "".join(f"z{n} = 1\n" for n in range(20_000))
    assert len(faults_of(text)) == 1  # a table that nobody knows is one fault, whatever stands in it
    text = "".join(f"z{n} = 1\n" for n in range(20_000)) + LIGHT
    found = faults_of(text)
    assert len(found) == 201
    assert found[-1] == ("more-faults", "")


def test_a_table_that_is_missing_is_one_fault():
    assert faults_of(without("rules.burden")) == [("missing", "rules/burden")]


@pytest.mark.parametrize("where", ["[words]\n", "[rules.notice]\n", '[[titles]]\nid = "outstanding-organisation"\n'])
def test_what_belongs_to_the_top_and_stands_below_a_table_is_one_fault(where):
    rooms = 'rooms = ["plans", "commitments", "polls", "paper", "awards"]\n'
    text = changed(where, where + rooms, changed(rooms, ""))
    [(slug, place)] = faults_of(text)
    assert (slug, place.split("/")[-1]) == ("belongs-to-the-top", "rooms")
    _pack, [fault] = read_pack(text.encode())
    assert text.splitlines()[fault.line - 1] == rooms.strip()

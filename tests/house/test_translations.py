"""The catalogue is collected by whatever names the sources call Django's functions; a sentence that escapes is a gap."""

import re
from pathlib import Path

import pytest
from babel.messages import Catalog
from babel.messages.pofile import read_po

from honestrank.words.comparing import COMPARING
from honestrank.words.counting import COUNTING
from honestrank.words.noise import NOISE
from honestrank.words.wording import SENTENCES
from zhengyou.management.commands.translate import (
    PO,
    ROOT,
    collect,
    gaps_in,
    sentences_in_python,
    sentences_in_template,
)

TEMPLATES = Path(__file__).resolve().parents[2] / "src/zhengyou/templates"
IN_BOTH = {"styles.html", "window_board.html", "practice.html"}  # each sentence stands there in both languages
IMPORTS = "from django.utils.translation import gettext as _now, pgettext_lazy as said, gettext_lazy as _\n"


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    """A folder of sources with one page in it."""
    (tmp_path / "templates").mkdir()
    (tmp_path / "page.py").write_text(IMPORTS + 'title = _now("A notice of %(office)s")\n')
    return tmp_path


def known(sentence: str, chinese: str) -> Catalog:
    catalogue = Catalog()
    catalogue.add(sentence, chinese)
    return catalogue


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        ('_("plain")', ("plain", None)),
        ('_now("under another name")', ("under another name", None)),
        ('said("verb", "to file")', ("to file", "verb")),
        ('translation.gettext("of the module")', ("of the module", None)),
        ('translation.ngettext("%(n)s day", "%(n)s days", n)', (("%(n)s day", "%(n)s days"), None)),
        ('_("in " "two pieces")', ("in two pieces", None)),
    ],
)
def test_a_call_is_collected_whatever_its_name(call: str, sentence: tuple[object, str | None]) -> None:
    assert list(sentences_in_python(IMPORTS + call)) == [sentence]


def test_a_function_of_the_same_name_from_elsewhere_is_not_django_s() -> None:
    assert list(sentences_in_python('from json import dumps as _now\n_now("not for people")')) == []


@pytest.mark.parametrize(
    ("tag", "sentence"),
    [
        ('{% translate "It\'s here" %}', ("It's here", None)),
        ('{% translate "May" context "month" %}', ("May", "month")),
        ('{{ _("in a variable") }}', ("in a variable", None)),
        (
            "{% blocktranslate trimmed count n=days %}\n  {{ n }} day\n{% plural %}\n  {{ n }} days\n{% endblocktranslate %}",
            (("%(n)s day", "%(n)s days"), None),
        ),
    ],
)
def test_a_tag_is_collected_from_amid_a_page(tag: str, sentence: tuple[object, str | None]) -> None:
    page = f"<p class='a'>\n   don't {{# a note #}}\n  {tag} it isn't\n</p>"
    assert list(sentences_in_template(page)) == [sentence]


def test_the_catalogue_has_every_sentence_of_the_sources() -> None:
    """The sentence of the public notice that was in no catalogue, as its function was imported under another name."""
    assert collect(ROOT).get("Notice of the candidates for “%(title)s”, %(cycle)s") is not None


@pytest.mark.parametrize(
    ("catalogue", "gaps"),
    [
        (known("A notice of %(office)s", "%(office)s的公示"), []),
        (known("A notice of %(office)s", ""), ["missing: A notice of %(office)s"]),
        (known("A notice of %(office)s", "公示"), ["placeholders differ: A notice of %(office)s"]),
        (Catalog(), ["missing: A notice of %(office)s"]),
        (
            known("A notice", "公示"),
            ["missing: A notice of %(office)s", "no longer used: A notice"],
        ),
    ],
)
def test_gaps_are_named(sources: Path, catalogue: Catalog, gaps: list[str]) -> None:
    assert list(gaps_in(collect(sources), catalogue)) == gaps


def test_no_chinese_sentence_goes_on_in_english() -> None:
    """Another page's English once stuck to a Chinese help text. Code, addresses and names of commands are no words."""
    with PO.open("rb") as source:
        catalogue = read_po(source, locale="zh_Hans")
    code = re.compile(r"<(code|kbd|pre)>.*?</\1>|`[^`]*`|\S*[_/.=%-]\S*|\bzhengyou( [a-z-]+)*", re.DOTALL)
    five = re.compile(r"(?:\b[A-Za-z]{2,}[,;:]? +){4}[A-Za-z]{2,}")
    texts = [text for one in catalogue for text in ([one.string] if isinstance(one.string, str) else one.string)]
    assert [text for text in texts if five.search(code.sub("。", text))] == []


def test_chinese_has_no_blank_after_its_full_width_signs_nor_beside_a_figure() -> None:
    """But in a line of a terminal, which ends in what is put in, and where a sentence quotes the signs themselves."""
    with PO.open("rb") as file:
        sentences = [
            text for row in read_po(file) for text in (row.string if isinstance(row.string, tuple) else [row.string])
        ]
    han, figure = "[\u4e00-\u9fff]", r"%\(\w+\)d|\d+"
    blank = re.compile(rf"[。，、：；] +(?!%\(\w+\)s$)[^\s“]|{han} (?:{figure})(?=%|{han}| {han})|%\(\w+\)d {han}")
    assert [text for text in sentences if text and blank.search(text)] == []


def test_apostrophes_are_curved_everywhere() -> None:
    """In the catalogue's English, the packs and the engine's words; a tag's own quotation marks are none."""
    with PO.open("rb") as file:
        sentences = [text for row in read_po(file) for text in (row.id if isinstance(row.id, tuple) else [row.id])]
    said = [re.sub("<[^>]*>", "", text) for text in sentences]
    packs = [path.read_text(encoding="utf-8") for path in (PO.parents[3] / "packs").glob("*.toml")]
    said += [line for pack in packs for line in pack.splitlines() if not line.startswith("#")]
    said += [english for words in (COMPARING, COUNTING, NOISE, SENTENCES) for english, _chinese in words.values()]
    assert [text for text in said if re.search(r"\w'(?:\w|[ .,;:)])", text)] == []


def marks_between_words(template):
    """Lines of a template on which a comma, colon, full stop or bracket of its own stands between what is translated or filled in.

    Not meant are the number before a heading ("3. Street lamps"), code, and whole sentences, which say their language.
    """
    text = re.sub(r"\{#.*?#\}", "", template)
    for block in (r"\{%\s*blocktranslate\b.*?endblocktranslate\s*%\}", r"<(script|style|pre|code)\b.*?</\1>"):
        text = re.sub(block, lambda found: "\n" * found[0].count("\n"), text, flags=re.DOTALL)
    text = re.sub(r"\{\{.*?\}\}", "¤", text)
    text = re.sub(r"\{%.*?%\}", "", text)
    text = re.sub(r"<[^>]*>", lambda found: "\n" * found[0].count("\n"), text, flags=re.DOTALL)
    lines = (re.sub(r"^\s*¤\.( ¤)?\s*$", "", line) for line in text.split("\n"))
    return [n for n, line in enumerate(lines, 1) if re.search(r"[,;:.()]", line) and not re.search(r"[a-z]{2}", line)]


def test_no_template_writes_the_marks_of_one_language_between_words():
    """English sets ", ", ": " and " (" where Chinese sets 、：（: they are translated like words, or Chinese pages show them too."""
    found = [
        f"{path.name}:{n}"
        for path in sorted(TEMPLATES.rglob("*.html"))
        for n in marks_between_words(path.read_text(encoding="utf-8"))
        if path.name not in IN_BOTH
    ]
    assert found == []


@pytest.mark.parametrize(
    "wrong", ["{{ a }}, {{ b }}", "<b>{{ a }}</b>: {{ b }}", "{{ a }} ({{ b }})", "<a>{% translate 'A' %}</a>."]
)
def test_such_a_mark_is_found(wrong):
    assert marks_between_words(f"<p>\n{wrong}\n</p>") == [2]

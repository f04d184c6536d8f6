"""Keeps the one translation catalogue: `update` collects sentences, `check` fails on gaps, `compile` writes what Django reads.

Pure Python (Babel), so that no gettext tools need to be installed.
"""

import ast
import re
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel.messages import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[2]
PO = ROOT / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
CALLS = {
    "_": 1,
    "gettext": 1,
    "gettext_lazy": 1,
    "ngettext": 2,
    "ngettext_lazy": 2,
    "pgettext": -2,
    "pgettext_lazy": -2,
}
LITERAL = r"u?(?:'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")"
TEMPLATE_CALL = re.compile(rf"\b(n?gettext|pgettext|_)\(((?:{LITERAL}(?:,\s*)?)+)(?:count)?\)")
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]")


class Command(BaseCommand):
    """`translate update | check | compile`."""

    help = "Collect, check or compile the translations."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("deed", choices=["update", "check", "compile"])

    def handle(self, *args: Any, deed: str, **options: Any) -> None:
        if deed == "compile":
            compile_catalogue()
            return
        collected = collect()
        known = _read()
        if deed == "check":
            gaps = list(gaps_in(collected, known))
            if gaps:
                raise CommandError("The catalogue has gaps:\n" + "\n".join(gaps))
            self.stdout.write(f"{len(collected)} sentences, all in both languages.")
            return
        _write(collected, known)


def collect() -> dict[tuple[str | None, Any], list[tuple[str, int]]]:
    """Every sentence of the sources, with the files it stands in."""
    found: dict[tuple[str | None, Any], list[tuple[str, int]]] = {}
    for path in sorted([*ROOT.rglob("*.py"), *(ROOT / "templates").rglob("*.html")]):
        place = path.relative_to(ROOT).as_posix()
        reader = _in_python if path.suffix == ".py" else _in_template
        for message, context in reader(path.read_text(encoding="utf-8")):
            places = found.setdefault((context, message), [])
            if (place, 0) not in places:
                places.append((place, 0))
    return found


def gaps_in(collected: dict[tuple[str | None, Any], Any], known: Catalog) -> Iterator[str]:
    """A line for each sentence without a translation, with other placeholders, or no longer used."""
    for context, message in collected:
        entry = known.get(message if isinstance(message, str) else message[0], context)
        said = entry.string if entry else ""
        texts = list(said) if isinstance(said, tuple | list) else [said]
        first = message if isinstance(message, str) else message[0]
        if not texts or not all(texts) or (entry and entry.fuzzy):
            yield f"missing: {first}"
        elif set(PLACEHOLDER.findall(first)) != set(PLACEHOLDER.findall(texts[0] or "")):
            yield f"placeholders differ: {first}"
    used = {(context, message if isinstance(message, str) else message[0]) for context, message in collected}
    for entry in known:
        first = entry.id if isinstance(entry.id, str) else entry.id[0]
        if first and (entry.context, first) not in used:
            yield f"no longer used: {first}"


def compile_catalogue() -> None:
    """Write the .mo file beside the .po file, if it is not newer already."""
    target = PO.with_suffix(".mo")
    if target.exists() and target.stat().st_mtime > PO.stat().st_mtime:
        return
    with target.open("wb") as out:
        write_mo(out, _read())


def _read() -> Catalog:
    if not PO.exists():
        return Catalog(locale="zh_Hans")
    with PO.open("rb") as source:
        return read_po(source, locale="zh_Hans")


def _write(collected: dict[tuple[str | None, Any], list[tuple[str, int]]], known: Catalog) -> None:
    new = Catalog(
        locale="zh_Hans",
        project="Zhengyou",
        charset="utf-8",
        fuzzy=False,
        header_comment="# Simplified Chinese sentences of Zhengyou.",
        creation_date=known.creation_date,
        revision_date=known.creation_date,
    )
    for (context, message), places in sorted(collected.items(), key=lambda item: (item[1][0], str(item[0]))):
        entry = known.get(message if isinstance(message, str) else message[0], context)
        new.add(message, string=entry.string if entry else "", context=context, locations=places)
    PO.parent.mkdir(parents=True, exist_ok=True)
    with PO.open("wb") as out:
        write_po(out, new, width=118, omit_header=False, include_lineno=False)


def _in_python(text: str) -> Iterator[tuple[Any, str | None]]:
    for node in ast.walk(ast.parse(text)):
        name = getattr(node.func, "id", "") if isinstance(node, ast.Call) else ""
        if name in CALLS and isinstance(node, ast.Call):
            words = [part.value for part in node.args if isinstance(part, ast.Constant) and isinstance(part.value, str)]
            yield from _as_message(CALLS[name], words)


def _in_template(text: str) -> Iterator[tuple[Any, str | None]]:
    for name, words in TEMPLATE_CALL.findall(templatize(text)):
        yield from _as_message(CALLS[name], [ast.literal_eval(word) for word in re.findall(LITERAL, words)])


def _as_message(form: int, words: list[str]) -> Iterator[tuple[Any, str | None]]:
    if form == 1 and words:
        yield words[0], None
    elif form == 2 and len(words) >= 2:
        yield (words[0], words[1]), None
    elif form == -2 and len(words) >= 2:
        yield words[1], words[0]

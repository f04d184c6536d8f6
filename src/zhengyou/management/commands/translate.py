"""Keeps the one translation catalogue: `update` collects sentences, `check` fails on gaps, `compile` writes what Django reads.

Pure Python (Babel), so that no gettext tools need to be installed.
"""

import ast
import re
from argparse import ArgumentParser
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[2]
PO = ROOT / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
KEYWORDS = {**DEFAULT_KEYWORDS, **{f"{name}_lazy": form for name, form in DEFAULT_KEYWORDS.items()}}
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
        collected, known = collect(ROOT), _read()
        if deed == "check":
            gaps = list(gaps_in(collected, known))
            if gaps:
                raise CommandError("The catalogue has gaps:\n" + "\n".join(gaps))
            self.stdout.write(f"{len(collected)} sentences, all in both languages.")
            return
        known.update(collected, no_fuzzy_matching=True, update_creation_date=False)
        with PO.open("wb") as out:
            write_po(out, known, width=118, ignore_obsolete=True, include_lineno=False)


def collect(root: Path) -> Catalog:
    """Every sentence of the sources below `root`, with the files it stands in, in the order of the first of them."""
    catalogue = Catalog()
    for path in sorted([*root.rglob("*.py"), *(root / "templates").rglob("*.html")]):
        place = (path.relative_to(root).as_posix(), 0)
        reader = sentences_in_python if path.suffix == ".py" else sentences_in_template
        for message, context in sorted(reader(path.read_text(encoding="utf-8")), key=str):
            catalogue.add(message, locations=[place], context=context)
    return catalogue


def sentences_in_python(text: str) -> Iterator[tuple[Any, str | None]]:
    """What a module translates, by whatever names it imports Django's functions; each with its context."""
    imports = (node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.ImportFrom))
    names = (alias for node in imports if node.module == "django.utils.translation" for alias in node.names)
    own = {alias.asname: KEYWORDS[alias.name] for alias in names if alias.asname and alias.name in KEYWORDS}
    for _line, message, _comments, context in extract("python", BytesIO(text.encode()), {**KEYWORDS, **own}):
        yield message, context


def sentences_in_template(text: str) -> Iterator[tuple[Any, str | None]]:
    """What a template translates, each with its context. Django turns the tags into calls; what is left has no indentation
    that Python would bear, so it is read by the rules of JavaScript, which has the same calls.
    """
    for _line, message, _comments, context in extract("javascript", BytesIO(templatize(text).encode()), KEYWORDS):
        yield message, context


def gaps_in(collected: Catalog, known: Catalog) -> Iterator[str]:
    """A line for each sentence without a translation, with other placeholders, or no longer used."""
    for message in collected:
        entry = known.get(message.id, message.context)
        said = entry.string if entry else ""
        texts = list(said) if isinstance(said, tuple | list) else [said]
        first = _first(message.id)
        if first and (not all(texts) or (entry and entry.fuzzy)):
            yield f"missing: {first}"
        elif set(PLACEHOLDER.findall(first)) != set(PLACEHOLDER.findall(texts[0] or "")):
            yield f"placeholders differ: {first}"
    for entry in known:
        if entry.id and collected.get(entry.id, entry.context) is None:
            yield f"no longer used: {_first(entry.id)}"


def _first(message: str | tuple[str, ...] | list[str]) -> str:
    return message if isinstance(message, str) else message[0]


def compile_catalogue() -> None:
    """Write the .mo file beside the .po file, if it is not newer already."""
    target = PO.with_suffix(".mo")
    if target.exists() and target.stat().st_mtime > PO.stat().st_mtime:
        return
    with target.open("wb") as out:
        write_mo(out, _read())


def _read() -> Catalog:
    with PO.open("rb") as source:
        return read_po(source, locale="zh_Hans")

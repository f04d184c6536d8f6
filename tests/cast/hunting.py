"""Looking for what must stand nowhere: on every page that somebody reaches by links, and in every row that the house keeps.

Whoever hunts first shows that the hunt finds something: with the eyes of somebody who may see it, or after planting it.
"""

import re
from collections.abc import Collection, Iterator
from html import unescape

from django.apps import apps
from django.db.models import CharField, TextField
from django.test import Client

LINK = re.compile(r'href="(/[^"#]*)')
ENGLISH = {"HTTP_ACCEPT_LANGUAGE": "en"}
LEFT_OUT = re.compile(r"^/(static|styles|language|sign-out|api)|as=(xlsx|pdf)|lang=|order=")


def pages_by_links(client: Client, start: str, most: int = 45) -> Iterator[tuple[str, str]]:
    """Every page that can be reached from the first by links, CSV files of lists among them: address and text."""
    waiting, seen = [start], {start}
    while waiting and most:
        address = waiting.pop(0)
        answer = client.get(address, **ENGLISH)
        if answer.status_code != 200:
            continue
        most -= 1
        text = (b"".join(answer) if answer.streaming else answer.content).decode(errors="replace")
        yield address, text
        for link in map(unescape, LINK.findall(text)):
            if link not in seen and not LEFT_OUT.search(link):
                seen.add(link)
                waiting.append(link)


def found(pages: Iterator[tuple[str, str]], secrets: Collection[str]) -> set[tuple[str, str]]:
    """Where which of these texts stands."""
    return {(address, secret) for address, text in pages for secret in secrets if secret in text}


def finds_all(pages: Iterator[tuple[str, str]], secrets: Collection[str]) -> bool:
    """Whether each of these texts stands somewhere; it looks no further than it must."""
    left = set(secrets)
    for _address, text in pages:
        left -= {secret for secret in left if secret in text}
        if not left:
            return True
    return False


def tables_with(secret: str) -> set[str]:
    """The tables of the house that hold this text in any column of texts, or within what they keep as JSON."""
    holding = set()
    for model in apps.get_app_config("zhengyou").get_models():
        texts = [one.name for one in model._meta.concrete_fields if isinstance(one, CharField | TextField)]
        texts += [one.name for one in model._meta.concrete_fields if one.get_internal_type() == "JSONField"]
        if any(secret in str(row) for row in model._default_manager.values_list(*texts)) if texts else False:
            holding.add(model.__name__)
    return holding

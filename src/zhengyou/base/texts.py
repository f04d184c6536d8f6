"""Texts that people write: trimmed, without hidden signs, said at all, no longer than the field of the model they are kept in."""

import unicodedata
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from zhengyou.base.refusals import Refused

JOINER = "\u200d"  # holds emoji together
BREAKS = "\n\t"
SHOWN = 12  # so much of a text that is too long tells its writer which of several is meant


def check_texts(refusal: type[Refused], model: type[Model], missing: Any = "", **texts: str) -> dict[str, str]:
    """The texts by field of `model`, trimmed and with one kind of line break; the limit is the field's `max_length`.

    Raises `refusal` with the reason `<model>.<field>-missing` for an empty text, if there is a sentence `missing` for it,
    and with `<model>.<field>-too-long`. Texts may be empty where no such sentence is given.
    """
    trimmed = {field: without_hidden(text.replace("\r\n", "\n")).strip() for field, text in texts.items()}
    for field, text in trimmed.items():
        slug = f"{model._meta.model_name}.{field.replace('_', '-')}"
        if missing and not text:
            raise refusal(missing, reason=f"{slug}-missing")
        most = longest(model, field)
        if most is not None and len(text) > most:
            raise refusal(_too_long(text, most), reason=f"{slug}-too-long")
    return trimmed


def without_hidden(text: str) -> str:
    """The text without signs that cannot be seen and turn or hide the words around them; only what holds emoji together stays."""
    return "".join(one for one in text if one == JOINER or unicodedata.category(one) != "Cf")


def has_unreadable(text: str) -> bool:
    """Whether it holds what no font shows: control characters, halves of characters, the sign for what could not be read."""
    kinds = ("Cc", "Cs", "Co", "Cn")
    return any(one == "\ufffd" or (unicodedata.category(one) in kinds and one not in BREAKS) for one in text)


def longest(model: type[Model], field: str) -> int | None:
    """How many characters that field of the model takes, so that forms and rules cannot disagree; None for no limit."""
    return getattr(model._meta.get_field(field), "max_length", None)


def _too_long(text: str, most: int) -> Any:
    counts = {"begin": text[:SHOWN], "count": len(text), "most": most}
    return _("The text that begins with “%(begin)s” has %(count)d characters. Shorten it to %(most)d.") % counts

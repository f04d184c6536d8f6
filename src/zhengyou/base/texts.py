"""Texts that people write: trimmed, said at all, and no longer than the field of the model they are kept in."""

from typing import Any

from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from zhengyou.base.refusals import Refused

SHOWN = 12  # so much of a text that is too long tells its writer which of several is meant


def check_texts(refusal: type[Refused], model: type[Model], missing: Any = "", **texts: str) -> dict[str, str]:
    """The texts by field of `model`, trimmed and with one kind of line break; the limit is the field's `max_length`.

    Raises `refusal` with the reason `<model>.<field>-missing` for an empty text, if there is a sentence `missing` for it,
    and with `<model>.<field>-too-long`. Texts may be empty where no such sentence is given.
    """
    trimmed = {field: text.replace("\r\n", "\n").strip() for field, text in texts.items()}
    for field, text in trimmed.items():
        slug = f"{model._meta.model_name}.{field.replace('_', '-')}"
        if missing and not text:
            raise refusal(missing, reason=f"{slug}-missing")
        most = longest(model, field)
        if most is not None and len(text) > most:
            raise refusal(_too_long(text, most), reason=f"{slug}-too-long")
    return trimmed


def longest(model: type[Model], field: str) -> int | None:
    """How many characters that field of the model takes, so that forms and rules cannot disagree; None for no limit."""
    return getattr(model._meta.get_field(field), "max_length", None)


def _too_long(text: str, most: int) -> Any:
    counts = {"begin": text[:SHOWN], "count": len(text), "most": most}
    return _("The text that begins with “%(begin)s” has %(count)d characters. Shorten it to %(most)d.") % counts

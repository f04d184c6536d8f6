"""Days and hours as readers write them; what the forms are is said in `web/shared/formats`. Templates use no other date filter."""

from datetime import date, datetime, time
from typing import Any

from django import template
from django.utils.formats import date_format, time_format
from django.utils.timezone import is_aware, localtime

from zhengyou.web.shared.day_words import day_in_a_cell as short_day
from zhengyou.web.shared.day_words import day_in_words

register = template.Library()
EXAMPLE = date(2026, 11, 29)  # one whose day can be no month


@register.filter
def day(value: Any) -> str:
    """3 December 2026, 2026年12月3日; nothing for nothing."""
    return day_in_words(_here(value)) if value else ""


@register.filter
def day_in_a_cell(value: Any) -> str:
    """3 Dec 2026, 2026年12月3日: between <td> and </td>, in the heads of rows, beside a bar; everywhere else `day`."""
    return short_day(_here(value)) if value else ""


@register.filter
def moment(value: Any) -> str:
    """3 December 2026, 8:52 and 2026年12月3日 8:52; nothing for nothing."""
    return date_format(_here(value), "DATETIME_FORMAT") if value else ""


@register.filter
def hour(value: Any) -> str:
    """8:52; nothing for nothing."""
    return time_format(_here(value), "TIME_FORMAT") if value else ""


@register.filter
def for_machines(value: Any) -> str:
    """2026-12-03, or an instant with its zone: for attributes that programs read, never for readers."""
    return _here(value).isoformat() if value else ""


def _here(value: Any) -> Any:
    """The instant on the clock of this house; a day and an hour stay what they are."""
    if isinstance(value, datetime) and is_aware(value):
        return localtime(value)
    if isinstance(value, date | time):
        return value
    raise TypeError(f"{value!r} is neither a day nor an instant")


@register.filter
def is_first_day(field: Any) -> bool:
    """Whether this is the first box for a day on its form: beside it stands how browsers write days."""
    if not _is_day(field):
        return False
    return bool(next(one for one in field.form.visible_fields() if _is_day(one)).name == field.name)


def _is_day(field: Any) -> bool:
    return getattr(field.field.widget, "input_type", "") == "date"


@register.simple_tag
def day_for_example() -> dict[str, Any]:
    """A day as the house writes it, and as browsers may."""
    return {"day": day(EXAMPLE), "month_first": EXAMPLE.strftime("%m/%d/%Y"), "day_first": EXAMPLE.strftime("%d/%m/%Y")}

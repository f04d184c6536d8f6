"""What has been asked of a unit, or of its members, in one month."""

from datetime import date

from zhengyou.burden.models import Ask, month_of
from zhengyou.burden.rules import BY_SLUG, Asking, FilledBy, Used, used_by_form
from zhengyou.organisations import tree
from zhengyou.organisations.models import Organisation


def asked_in(organisation: Organisation, day: date, filled_by: FilledBy = FilledBy.UNIT) -> list[Used]:
    """By form, the dearest first: the minutes asked of this unit (or of each of its members) in that day's month. One query."""
    rows = Ask.objects.filter(month=month_of(day), organisation__in=tree.ids_of(organisation))
    mine = [
        row for row in rows.select_related("organisation") if row.is_for_all_below or row.organisation == organisation
    ]
    askings = [Asking(BY_SLUG[row.form], row.organisation, row.month, row.minutes) for row in mine]
    return used_by_form([one for one in askings if one.form.filled_by == filled_by])

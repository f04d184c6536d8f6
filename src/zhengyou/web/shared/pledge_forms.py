"""Fields of a commitment made in public, for the office and for a clerk of the level above."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from zhengyou.base.texts import longest
from zhengyou.organisations.vocabulary import worded
from zhengyou.pledges.models import PublicCommitment
from zhengyou.pledges.rules import Made
from zhengyou.web.shared import clock
from zhengyou.web.shared.fields import DayInput, PhotoField, ShortText


class MadeForm(forms.Form):
    """When and where somebody committed in public, and by what it can be looked up. Clean data have it as `made`."""

    on = forms.DateField(label=_("On which day was it made in public?"), widget=DayInput, initial=clock.today)
    place = ShortText(
        label=_("Where was it public?"),
        max_length=longest(PublicCommitment, "place"),
        help_text=_(
            "For example: read out at the meeting of the unit on 3 March; on the notice board at the gate. Everybody can read it."
        ),
    )
    evidence = ShortText(
        label=_("Where can it be looked up?"),
        required=False,
        max_length=longest(PublicCommitment, "evidence"),
        help_text=worded(_("The number of the minutes, or where the paper is kept. Only the %(office)s reads it.")),
    )
    photo = PhotoField(
        label=_("Photo"), help_text=worded(_("Only the %(office)s sees it. Place and device are removed."))
    )

    def clean(self) -> dict[str, Any]:
        """The three texts as one."""
        given = super().clean() or self.cleaned_data
        if not self.errors:
            given["made"] = Made(given.pop("on"), given.pop("place"), given.pop("evidence"))
        return given

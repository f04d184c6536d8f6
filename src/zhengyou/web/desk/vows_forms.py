"""Forms for what members promise themselves: a few blocks on one page, spoken ones with who read them back and when, exemptions."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from zhengyou.base.texts import longest
from zhengyou.base.words import in_readers_words
from zhengyou.campaigns import queries as campaigns
from zhengyou.campaigns.models import Cycle
from zhengyou.commitments import queries as commitments
from zhengyou.vows.models import Vow, VowItem, VowText
from zhengyou.web.shared import clock
from zhengyou.web.shared.blocks import blocks_of, others_of
from zhengyou.web.shared.central_work import NONE, ServesField
from zhengyou.web.shared.fields import DayInput, LongText, OpinionField, ReasonField, ShortText, Ticket, YesOrNoField

PARTS = ("what", "standard", "due_on", "serves")


class VowForm(forms.Form):
    """As many promises as the rules advise at most, or as there are already; blocks left empty count for nothing."""

    ticket = Ticket()
    is_of_age = forms.BooleanField(
        label=_("I am 18 or older"),
        error_messages={"required": _("Only people aged 18 or over make public promises. Tick that this is so.")},
    )

    def __init__(self, *args: Any, cycle: Cycle, items: list[VowItem], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.numbers = range(1, max(cycle.ruleset.commitments.member_most, len(items)) + 1)
        first, last = max(clock.today(), cycle.starts_on), cycle.ends_on
        pieces = campaigns.central_work(cycle)
        aims = [(aim, in_readers_words(name)) for aim, name in commitments.aims_of(cycle).items()]
        for n in self.numbers:
            item = items[n - 1] if n <= len(items) else None
            days = DayInput(attrs={"min": first.isoformat(), "max": last.isoformat()})
            self.fields[f"what_{n}"] = LongText(
                label=_("What I promise"),
                required=n == 1,
                max_length=longest(VowItem, "what"),
                rows=2,
                initial=item.what if item else "",
            )
            self.fields[f"standard_{n}"] = ShortText(
                label=_("How others can see that it is kept"),
                required=n == 1,
                max_length=longest(VowItem, "standard"),
                initial=item.standard if item else "",
            )
            self.fields[f"due_on_{n}"] = forms.DateField(
                label=_("By when"), required=n == 1, widget=days, initial=item.due_on if item else None
            )
            if pieces or aims:
                said = str(item.piece or item.aim or NONE) if item else None
                self.fields[f"serves_{n}"] = ServesField(pieces, aims, required=n == 1, initial=said)

    def blocks(self) -> Iterator[tuple[int, bool, list[forms.BoundField]]]:
        """Each promise with its fields, and whether it is open: the first two, and what holds something or is wrong."""
        return blocks_of(self, self.numbers, PARTS)

    def others(self) -> list[forms.BoundField]:
        """What is asked beside the promises."""
        return others_of(self)

    def clean(self) -> dict[str, Any]:
        """The promises in one list. A block begun and not finished is named."""
        given, items = self.cleaned_data, []
        for n in self.numbers:
            said = {name: given.pop(f"{name}_{n}", None) for name in PARTS if f"{name}_{n}" in self.fields}
            lacking = [name for name, value in said.items() if not value]
            if not lacking:
                piece, aim = said.pop("serves", (0, ""))
                items.append(VowText(**said, piece=piece, aim=aim))
            elif len(lacking) < len(said) and not self.errors:
                self.add_error(
                    f"{lacking[0]}_{n}", _("This promise is not complete. Say this as well, or empty the others.")
                )
        return given | {"items": items}


class RecordForm(VowForm):
    """What a member promised aloud."""

    is_of_age = forms.BooleanField(label=_("This person is 18 or older"))
    read_back_on = forms.DateField(
        label=_("On which day did you read it back?"),
        widget=DayInput(),
        initial=clock.today,
        help_text=_("Read aloud what you wrote, and change it until they say: yes, that is it."),
    )


class ExemptForm(forms.Form):
    """Why a member promises nothing."""

    reason = ReasonField(
        max_length=longest(Vow, "exempt_because"),
        help_text=_(
            "For example serious illness. Only the unit and the level above read it; the public sees only a number."
        ),
    )


class VowReviewForm(forms.Form):
    """Agree and publish, or send back with an opinion."""

    agrees = YesOrNoField(
        label=_("Your decision"),
        yes=("yes", _("agree, and publish with name and post")),
        no=("no", _("send back")),
    )
    opinion = OpinionField(
        max_length=longest(Vow, "opinion"), help_text=_("Needed when you send it back: what should be changed.")
    )

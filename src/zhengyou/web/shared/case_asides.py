"""The two forms by which reports are set aside by two people: one asks with a reason, the other one answers."""

from django import forms
from django.utils.translation import gettext_lazy

from zhengyou.base.texts import longest
from zhengyou.cases.models import CaseAside
from zhengyou.web.shared import case_words
from zhengyou.web.shared.fields import ShortText


class AsideForm(forms.Form):
    """Why several are set aside."""

    why = forms.ChoiceField(
        label=gettext_lazy("Reason"),
        choices=list(case_words.ASIDE_WHYS.items()),
        widget=forms.RadioSelect,
        help_text=gettext_lazy("How many, and for which reason, stands in public."),
    )
    words = ShortText(
        label=gettext_lazy("Why you think so"),
        max_length=longest(CaseAside, "words"),
        help_text=gettext_lazy("Their reporters read it by the code, and may bring a report back by a message."),
    )


class AnswerForm(forms.Form):
    """What the other reader says; which of them wait on is ticked beside them."""

    agrees = forms.TypedChoiceField(
        label=gettext_lazy("What do you say?"),
        choices=[
            ("yes", gettext_lazy("Set them aside, except those ticked below")),
            ("no", gettext_lazy("Keep all of them waiting")),
        ],
        coerce=lambda said: said == "yes",
        widget=forms.RadioSelect,
    )

"""Forms for themes, promises, their review and what is reported of them."""

from collections.abc import Iterator
from dataclasses import fields
from datetime import date
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from zhengyou.base.texts import longest
from zhengyou.base.words import day_said, in_readers_words
from zhengyou.campaigns.models import CentralWork, Cycle
from zhengyou.campaigns.ruleset import CommitmentLimits
from zhengyou.commitments.models import (
    LONGEST_NAME,
    LONGEST_TEXT,
    DraftRemark,
    OutcomeStatement,
    ProgressReport,
    Promise,
    PromiseReview,
    PromiseText,
)
from zhengyou.commitments.queries import ReviewedPromise
from zhengyou.commitments.rules import HELD_TO, Opinion, ordinary_words_in, publish_by
from zhengyou.web.shared import clock
from zhengyou.web.shared.central_work import NONE, PieceField
from zhengyou.web.shared.fields import DayInput, LongText, OwnAddressField, PaperField, PhotoField, ShortText, Ticket


class WordingForm(forms.Form):
    """The wording of one promise."""

    what = LongText(
        label=_("What we promise"), max_length=LONGEST_TEXT, rows=2, help_text=_("Something people can see or use.")
    )
    standard = LongText(
        label=_("Standard"), max_length=LONGEST_TEXT, rows=2, help_text=_("How much, how good, how fast.")
    )
    checked_by = forms.ChoiceField(
        label=_("How could a stranger see that it is kept?"),
        choices=Promise.CheckedBy.choices,
        widget=forms.RadioSelect,
        help_text=_(
            "What cannot be checked is published if you insist. The page says so, and it never counts as kept."
        ),
    )
    for_whom = ShortText(label=_("For whom"), max_length=LONGEST_NAME)
    due_on = forms.DateField(label=_("By when"), widget=DayInput())
    evidence = LongText(label=_("Evidence"), max_length=LONGEST_TEXT, rows=2)
    aim = forms.ChoiceField(label=_("Aim of the campaign it serves"), widget=forms.RadioSelect)
    piece = PieceField([])

    is_more = forms.BooleanField(
        label=_("This is more than ordinary duty, and we promise it as it is"),
        required=False,
        widget=forms.HiddenInput,
    )
    limits: CommitmentLimits | None = None

    def __init__(
        self,
        *args: Any,
        aims: list[tuple[str, str]],
        pieces: list[CentralWork],
        first: date,
        last: date,
        **kwargs: Any,
    ) -> None:
        self.limits = kwargs.pop("limits", None)
        super().__init__(*args, **kwargs)
        if pieces:
            self.fields["piece"] = PieceField(pieces)
        else:
            del self.fields["piece"]
        self.fields["due_on"].widget.attrs |= {"min": first.isoformat(), "max": last.isoformat()}
        if aims:
            self.fields["aim"].choices = aims  # type: ignore[attr-defined]
        else:
            del self.fields["aim"]

    def clean(self) -> dict[str, Any]:
        """The wording in one piece."""
        given = self.cleaned_data
        self._ask_about_ordinary_duty(given)
        if self.errors:
            return given
        piece = given.pop("piece", None)
        parts = {field.name: given.pop(field.name, "") for field in fields(PromiseText)}
        return given | {"text": PromiseText(**parts | {"piece": piece.number if piece else 0})}

    def _ask_about_ordinary_duty(self, given: dict[str, Any]) -> None:
        """Ask once whether a promise that sounds like ordinary duty is more than that, with an example of better."""
        is_sure = bool(given.pop("is_more", False))
        phrase = ordinary_words_in(given.get("what", ""), self.limits) if self.limits else ""
        if not phrase or is_sure:
            return
        example = in_readers_words(self.limits.better) if self.limits else ""
        words = {"phrase": phrase, "example": example}
        self.fields["is_more"].widget = forms.CheckboxInput()
        self.add_error(
            "what",
            _(
                "“%(phrase)s” is what everybody expects of you anyway. Better: “%(example)s”. Write something "
                "people can see, or tick below that you promise more than ordinary duty."
            )
            % words,
        )


class PromiseForm(WordingForm):
    """A new promise."""

    ticket = Ticket()


class ImmediateForm(WordingForm):
    """A promise given on the spot, with the day on which it was given. It is published at once."""

    ticket = Ticket()
    given_on = forms.DateField(label=_("On which day was it given?"), widget=DayInput(), initial=clock.today)
    is_late = forms.BooleanField(
        label=_("It was given on that day, and may be marked as published late"),
        required=False,
        widget=forms.HiddenInput,
    )
    cycle: Cycle | None = None
    field_order = (
        "what",
        "is_more",
        "standard",
        "checked_by",
        "for_whom",
        "given_on",
        "is_late",
        "due_on",
        "evidence",
        "aim",
        "piece",
    )

    def clean_is_late(self) -> bool:
        """Ask once about a promise that comes after its days: it is public all the same, and everybody reads that it is late."""
        given_on, is_sure = self.cleaned_data.get("given_on"), bool(self.cleaned_data["is_late"])
        by = publish_by(given_on, self.cycle) if given_on and self.cycle else None
        if by and by < clock.today() and not is_sure:
            self.fields["is_late"].widget = forms.CheckboxInput()
            self.add_error(
                "given_on",
                _(
                    "What was promised on the spot on this day was to be published by %(day)s. Check whether the "
                    "day is right. If it is, tick below: it is then published now, and everybody sees that it is "
                    "late."
                )
                % {"day": day_said(by)},
            )
        return is_sure

    def clean(self) -> dict[str, Any]:
        """The wording and the day; that it is late was a question, no fact."""
        given = super().clean()
        given.pop("is_late", None)
        return given


class ChangeForm(WordingForm):
    """Another wording of the `revision` that was seen."""

    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)


def wording_of(promise: Promise) -> dict[str, Any]:
    """What the form shows of a promise already written."""
    return {**promise.text.__dict__, "piece": str(promise.piece or NONE), "revision": promise.revision}


class CorrectPromiseForm(WordingForm):
    """The wording of a published promise, and why it is corrected."""

    why = ShortText(
        label=_("Why it is corrected"), max_length=500, help_text=_("Everybody can read it, beside the old wording.")
    )

    def __init__(self, *args: Any, is_held_to: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for part in HELD_TO if is_held_to else ():
            self.fields[part].disabled = True
            self.fields[part].help_text = _(
                "It stays as published: the promise is due, or people have answered about it."
            )


class DraftRemarkForm(forms.Form):
    """What somebody of the unit thinks of its draft."""

    ticket = Ticket()
    text = LongText(label=_("What you think of it"), max_length=longest(DraftRemark, "text"), rows=4)


class ReviewForm(forms.Form):
    """A word and, where it is sent back, an opinion to each waiting promise."""

    proposal = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, lines: list[ReviewedPromise], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.waiting = [line for line in lines if line.promise.state == Promise.State.PROPOSED]
        for line in self.waiting:
            pk = line.promise.pk
            self.fields[f"word_{pk}"] = forms.ChoiceField(
                label=_("Your decision"),
                choices=[("agree", _("agree")), ("return", _("send back"))],
                widget=forms.RadioSelect,
                error_messages={"required": _("Say whether you agree or send it back.")},
            )
            self.fields[f"opinion_{pk}"] = LongText(
                label=_("Opinion"),
                required=False,
                max_length=longest(PromiseReview, "opinion"),
                rows=2,
                help_text=_("Needed when you send it back: what should be changed."),
            )

    def rows(self) -> Iterator[tuple[ReviewedPromise, forms.BoundField, forms.BoundField]]:
        """Each waiting promise with its two fields."""
        for line in self.waiting:
            yield line, self[f"word_{line.promise.pk}"], self[f"opinion_{line.promise.pk}"]

    def clean(self) -> dict[str, Any]:
        """The opinions by promise id; a missing one is named where it is missing."""
        given = self.cleaned_data
        for line in self.waiting:
            name = f"opinion_{line.promise.pk}"
            is_back = given.get(f"word_{line.promise.pk}") == "return"
            if is_back and not given.get(name) and name not in self.errors:
                self.add_error(name, _("Write what should be changed."))
        if self.errors:
            return given
        words = {line.promise.pk: (f"word_{line.promise.pk}", f"opinion_{line.promise.pk}") for line in self.waiting}
        opinions = {pk: Opinion(given[word] == "agree", given[opinion]) for pk, (word, opinion) in words.items()}
        return {"proposal": given["proposal"], "opinions": opinions}


class ProgressForm(forms.Form):
    """One report of progress."""

    ticket = Ticket()
    text = LongText(label=_("What has been done"), max_length=longest(ProgressReport, "text"), rows=4)
    photo = PhotoField(
        help_text=_("Everybody can see it. Place and device are removed. Do not show faces without asking.")
    )
    paper = PaperField()
    link = OwnAddressField(
        label=_("A page of this site that shows it"),
        required=False,
        help_text=_("Copy the address of a report, a result or a notice. Pages of other sites are not accepted."),
    )

    def __init__(
        self, *args: Any, reports: list[ProgressReport], here: str = "", about: str = "", **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        link: Any = self.fields["link"]
        link.here, link.about = here, about
        known = {str(row.pk): row for row in reports}
        if known:
            self.fields["corrects"] = forms.TypedChoiceField(
                label=_("Does it correct an earlier report?"),
                required=False,
                choices=[
                    ("", _("no")),
                    *[(pk, f"{date_format(localtime(row.reported_at))} {row.text[:40]}") for pk, row in known.items()],
                ],
                coerce=known.get,
                empty_value=None,
                help_text=_("Reports are never edited. A correction is a new report beside the old one."),
            )


class OutcomeForm(forms.Form):
    """The organisation's own word on how the promise ended."""

    ticket = Ticket()
    outcome = forms.ChoiceField(
        label=_("How it ended"), choices=OutcomeStatement.Outcome.choices, widget=forms.RadioSelect
    )
    explanation = LongText(
        label=_("Explanation for everybody"),
        max_length=longest(OutcomeStatement, "explanation"),
        rows=4,
        help_text=_("What was done, and what was not and why."),
    )

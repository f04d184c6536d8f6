"""Form fields that several faces use."""

import uuid
from collections.abc import Sequence
from typing import Any
from urllib.parse import SplitResult, urlsplit

from django import forms
from django.conf import settings
from django.db.models import Q
from django.urls import Resolver404, resolve
from django.utils.translation import gettext_lazy as _

from zhengyou.base.files import LARGEST_UPLOAD
from zhengyou.base.texts import has_unreadable, without_hidden
from zhengyou.base.words import in_readers_words
from zhengyou.organisations import queries as organisations
from zhengyou.organisations.models import Organisation, Person, Post, Term
from zhengyou.organisations.tree import downward, is_within_any, within_any
from zhengyou.organisations.vocabulary import word, worded
from zhengyou.web.shared.which_one import MeantRow, SearchBox, one_or_ask

PUBLIC_PAGES = ("public-", "booth")
SHOW_NOTHING = {  # lists and forms below something, and what only one person knows
    "public-campaign",
    "public-campaign-about",
    "public-organisation",
    "public-situations",
    "public-carriers",
    "public-window-board",
    "public-window",
    "public-window-thanks",
    "public-window-counter",
    "public-window-next",
    "public-report",
    "public-reported",
    "public-case-report",
    "public-own-words",
    "public-own-photo",
    "booth",
    "booth-entry",
    "booth-paper",
    "booth-issue",
    "booth-cast",
}
LONGEST_PATH = 200
NOT_OURS = _("This is no address of one of our own public pages. Open the page, and copy its address from there.")
MUCH_TOO_LONG = 4  # times the length: hidden signs and line breaks, which do not count, make no text as long


class ShortText(forms.CharField):
    """Text that people write, for every form but those of passwords: nothing hidden stays in it, and all of it can be shown.

    `may_wait`: it is needed later, so that it is not called optional though a form is taken without it.
    """

    may_wait = False

    def to_python(self, value: Any) -> str:
        """The text without signs that turn or hide the words around them. Raises ValidationError for what no font shows."""
        given = str(super().to_python(value))
        if self.max_length is not None and len(given) > MUCH_TOO_LONG * self.max_length:
            self.run_validators(given)  # its sentence about the length: no sign of such a text is looked at
        text = without_hidden(given.replace("\r\n", "\n"))
        text = text.strip() if self.strip else text
        if has_unreadable(text.replace("\r", "\n")):
            raise forms.ValidationError(
                _("This text holds characters that cannot be shown. Take them out, or type it again.")
            )
        return text or str(self.empty_value)


class LongText(ShortText):
    """Text of several lines. A line break counts as one character, as it does while typing."""

    def __init__(self, *, rows: int = 4, **kwargs: Any) -> None:
        super().__init__(widget=forms.Textarea(attrs={"rows": rows}), **kwargs)


class SureField(forms.BooleanField):
    """The one question before what cannot be undone: its label says what happens, and ticking it is the answer.

    The form calls it `sure`; `pages.posted` hands it to no deed.
    """

    def __init__(self, label: Any) -> None:
        unticked = _("Please tick this to confirm that you know what will happen.")
        super().__init__(label=label, error_messages={"required": unticked})


class DayInput(forms.DateInput):
    """A day picker that every phone knows."""

    input_type = "date"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="%Y-%m-%d", **kwargs)


class InstantInput(forms.DateTimeInput):
    """A day and time picker."""

    input_type = "datetime-local"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M", **kwargs)


class ReasonField(LongText):
    """Why something is done that everybody will read."""

    def __init__(self, **kwargs: Any) -> None:
        given: dict[str, Any] = {"label": _("Reason"), "help_text": _("Everybody will read it."), "rows": 3} | kwargs
        super().__init__(**given)


class YesOrNoField(forms.ChoiceField):
    """One of two answers, each a word of the form and what it says. The clean value is whether the first was chosen."""

    def __init__(self, *, yes: tuple[str, Any], no: tuple[str, Any], **kwargs: Any) -> None:
        self._yes = yes[0]
        super().__init__(choices=[yes, no], widget=forms.RadioSelect, **kwargs)

    def clean(self, value: Any) -> Any:
        """Yes or no."""
        return super().clean(value) == self._yes


class OpinionField(LongText):
    """What somebody says beside a yes or no; its help says when it is needed."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(label=_("Opinion"), required=False, rows=3, **kwargs)


class Ticket(forms.UUIDField):
    """A hidden key that makes a form sent twice one row. It says nothing of who sent it."""

    def __init__(self) -> None:
        super().__init__(widget=forms.HiddenInput, initial=uuid.uuid4, required=False)


class PhotoField(forms.FileField):
    """An optional photo. The clean value is its bytes, or None; of a file that is too large just enough to refuse it."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"})
        given: dict[str, Any] = {"label": _("Photo"), "required": False, "widget": widget} | kwargs
        super().__init__(**given)

    def clean(self, data: Any, initial: Any = None) -> Any:
        """The bytes of the upload. Whether they are a photo is for the room to say."""
        upload = super().clean(data, initial)
        return upload.read(LARGEST_UPLOAD + 1) if upload else None


class PaperField(forms.FileField):
    """An optional PDF. The clean value is its bytes, or None; of a file that is too large just enough to refuse it."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.FileInput(attrs={"accept": "application/pdf"})
        help_text = _("A PDF of at most 12 MB with pages only. Who made it and with what is removed.")
        given: dict[str, Any] = {
            "label": _("Document (PDF)"),
            "required": False,
            "widget": widget,
            "help_text": help_text,
        }
        super().__init__(**given | kwargs)

    def clean(self, data: Any, initial: Any = None) -> Any:
        """The bytes of the upload. Whether they are a paper is for the room to say."""
        upload = super().clean(data, initial)
        return upload.read(LARGEST_UPLOAD + 1) if upload else None


class OwnAddressField(ShortText):
    """The address of a public page of this house that shows something, typed or pasted. The clean value is its path alone, nothing
    for an empty box.

    A form sets `here`, the host at which its page was opened, and `about`, the address of what is to be shown: that shows nothing of
    itself.
    """

    here = ""
    about = ""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "url"})
        given: dict[str, Any] = {"max_length": MUCH_TOO_LONG * LONGEST_PATH, "widget": widget} | kwargs
        super().__init__(**given)

    def clean(self, value: Any) -> Any:
        """The path. Raises ValidationError for what is no public page of ours, and for lists, forms and what it is about itself."""
        typed = super().clean(value)
        if not typed:
            return ""
        parts = _parts_of(typed)
        path = parts.path
        try:
            meant = resolve(path) if parts.netloc.casefold() in self._hosts() else None
        except Resolver404:
            meant = None
        if meant is None or not meant.view_name.startswith(PUBLIC_PAGES) or len(path) > LONGEST_PATH:
            raise forms.ValidationError(NOT_OURS)
        if not meant.kwargs or meant.view_name in SHOW_NOTHING or (self.about and path.startswith(self.about)):
            raise forms.ValidationError(
                _(
                    "This page does not show it: it is a list, a form or the promise you are reporting on. Copy the "
                    "address of the one page that shows what was done."
                )
            )
        return path

    def _hosts(self) -> set[str]:
        return {"", self.here.casefold(), urlsplit(settings.PUBLIC_ADDRESS).netloc.casefold()}


def _parts_of(typed: str) -> SplitResult:
    """An address in its parts. Raises ValidationError for what is none."""
    try:
        return urlsplit(typed)
    except ValueError as error:
        raise forms.ValidationError(NOT_OURS) from error


def names_in(given: dict[str, Any]) -> dict[str, str]:
    """Take the fields `name_zh` and `name_en` out of clean data, as one name in both languages; where none is English, the Chinese."""
    chinese = given.pop("name_zh")
    return {"zh-hans": chinese, "en": given.pop("name_en") or chinese}


class OrganisationField(ShortText):
    """An organisation by its code, name or pinyin. The clean value is the one living organisation meant, None of an empty box.

    A form may set `within`: then only that organisation and those below it are meant; and a page of an office `offices`, beyond
    which it does not look (`reach`). Where several fit the box asks which.
    """

    within: Organisation | None = None
    offices: Sequence[Organisation] | None = None

    def __init__(self, **kwargs: Any) -> None:
        given: dict[str, Any] = {"max_length": 200, "help_text": worded(_("%(Unit_code)s, name or pinyin."))} | kwargs
        super().__init__(widget=SearchBox(), **given)

    def clean(self, value: Any) -> Any:
        """The organisation; a choice of those that fit, each with its path, if there are several."""
        words = super().clean(value)
        if not words:
            return None
        meant = organisations.the_one(words, self.within, self.offices)
        if meant.one is None and self._means_one_beyond(words):
            return one_or_ask(self.widget, None, [], worded(self._none(), words=words))
        return one_or_ask(self.widget, meant.one, self._rows(meant.possible), worded(self._none(), words=words))

    def _means_one_beyond(self, words: str) -> bool:
        """Whether the whole code or name of one is written that the office does not look after: no other one is offered for it."""
        if self._is_everywhere():
            return False
        beyond = organisations.the_one(words).one
        return beyond is not None and not is_within_any(beyond, self.offices or ())

    def _is_everywhere(self) -> bool:
        return self.offices is None or any(one.parent_id is None for one in self.offices)

    def _none(self) -> Any:
        """The same sentence for no organisation and for one from elsewhere."""
        if self._is_everywhere():
            return _("No unit has the code or name %(words)s.")
        return _(
            "No unit that your %(office)s looks after has the code or name %(words)s. For one from elsewhere, "
            "ask the %(office)s of the level above both."
        )

    def prepare_value(self, value: Any) -> Any:
        """An organisation that a form begins with stands there by its code, with its name below, since nobody knows codes by heart."""
        if not isinstance(value, Organisation):
            return value
        self.widget.meant = self._rows([value])[0]
        return value.code

    def _rows(self, units: Sequence[Organisation]) -> list[MeantRow]:
        paths = organisations.names_upward([row.pk for row in units])
        return [MeantRow(row.code, row.name, downward(paths[row.pk][1:])) for row in units]


MEMBER_NUMBER = word("Member_number")
NOBODY = _("No %(member)s has the number %(number)s.")


class PersonField(ShortText):
    """A member by number, name or pinyin. The clean value is the one person meant who has not left, None of an empty box.

    On a page of an office only its own people are looked for (`offices`, by `reach`), and nothing tells whether there are others.
    A field may be `also_elsewhere`: then anybody is meant by their whole number.
    """

    offices: Sequence[Organisation] | None = None

    def __init__(self, *, also_elsewhere: bool = False, **kwargs: Any) -> None:
        self.also_elsewhere = also_elsewhere
        given: dict[str, Any] = {"max_length": 80, "help_text": worded(_("%(Member_number)s, name or pinyin."))}
        super().__init__(widget=SearchBox(), **given | kwargs)

    def clean(self, value: Any) -> Any:
        """The person; a choice of those who fit, each with their organisation and its path, if there are several."""
        words = super().clean(value)
        if not words:
            return None
        meant = organisations.the_one_person(words, self._among(words))
        paths = organisations.names_upward([row.organisation_id for row in meant.possible])
        rows = [MeantRow(row.number, row.name, downward(paths[row.organisation_id])) for row in meant.possible]
        return one_or_ask(self.widget, meant.one, rows, worded(self._none(), words=words))

    def prepare_value(self, value: Any) -> Any:
        """A person with whom a form begins stands there by number, with the name below."""
        if not isinstance(value, Person):
            return value
        path = downward(organisations.names_upward([value.organisation_id])[value.organisation_id])
        self.widget.meant = MeantRow(value.number, value.name, path)
        return value.number

    def _among(self, words: str) -> Q:
        if self.offices is None:
            return Q()
        ours = within_any(self.offices, "organisation")
        return ours | Q(number=words) if self.also_elsewhere else ours

    def _none(self) -> Any:
        """The same sentence for nobody and for somebody from elsewhere."""
        is_everywhere = self.offices is None or any(one.parent_id is None for one in self.offices)
        if is_everywhere or self.also_elsewhere:
            return _("No %(member)s has the number or name %(words)s.")
        return _(
            "None of the %(members)s your %(office)s looks after has the number or name %(words)s. For "
            "somebody from elsewhere, ask the %(office)s of the level above both."
        )


def terms_in_readers_words(category: str) -> list[tuple[str, str]]:
    """The house's words of one category to choose from, in the reader's language. One query."""
    return [(term.slug, in_readers_words(term.name)) for term in organisations.terms(category)]


def titled(posts: Sequence[Post]) -> list[tuple[Post, str]]:
    """Each post with what it is called: the role, and the title where it says more."""
    if not posts:
        return []
    terms = list(organisations.terms(Term.Category.ROLE))
    names = {term.slug: in_readers_words(term.name) for term in terms}
    usual = {name for term in terms for name in term.name.values()}
    called = [(post, str(names.get(post.role, post.role))) for post in posts]
    return [
        (post, f"{role} · {post.title}" if post.title and post.title not in usual else role) for post, role in called
    ]

"""The words of the house's pack that stand in sentences: what a member, a secretary, the public are called here.

They are the house's, not a campaign's: one house calls its people by one name. A request reads them once, when the first
sentence needs one; outside a request each sentence reads them anew.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db.models import Q
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from zhengyou.base.words import Names, in_readers_words
from zhengyou.organisations.models import Post, Term

# The words that sentences of the house use. A pack gives each one; `zhengyou pack check` says which is missing.
WORDS = ("member", "members", "secretary", "branch", "public", "citizens")
OFFICE = "office"  # whoever runs the campaign: what the pack calls that role, as it stands in a sentence
CODE, NUMBER = "unit_code", "member_number"  # by which a unit and a person are named: as the pack heads those columns
MARK = "mark"  # the sign of the house, one or two characters in its seal; a pack may leave it out
WHERE = "where"  # the question on the first page by which people find their place; a pack may leave it out too

READ = ""  # no word has this slug: it says that all were read, also where there are none
_read: ContextVar[dict[str, Names] | None] = ContextVar("read", default=None)
_terms: ContextVar[dict[str, list[Term]] | None] = ContextVar("terms", default=None)


@contextmanager
def read_once() -> Iterator[None]:
    """Within this, the words are read from the database once, and only if a sentence needs one."""
    token = _read.set({})
    try:
        yield
    finally:
        _read.reset(token)


def keep(words: dict[str, Names]) -> None:
    """Words that another question has brought along serve for the rest of the request. Outside a request nothing is kept."""
    if (kept := _read.get()) is not None:
        kept.update({**words, READ: {}})


@contextmanager
def terms_read_once() -> Iterator[None]:
    """Within this, all the pack's words are read by one question, for a page that needs many kinds of them."""
    token = _terms.set({})
    try:
        yield
    finally:
        _terms.reset(token)


def kept_terms() -> dict[str, list[Term]] | None:
    """All words by category where a page asked for them once (`terms_read_once`), else None."""
    kept = _terms.get()
    if kept is not None and not kept:
        for term in Term.objects.all():
            kept.setdefault(term.category, []).append(term)
    return kept


def word_now(slug: str) -> str:
    """The house's word in the reader's language. With a capital (`Member`) it begins a sentence.

    A house whose pack is not loaded yet has none: the slug itself stands there. Raises KeyError for a word that no pack has.
    """
    name = slug.lower()
    if name in SOUGHT:
        called = in_readers_words(_words().get(name)) or str(SOUGHT[name])
        text = called[:1].lower() + called[1:]
    elif name in WORDS:
        text = in_readers_words(_words().get(name)) or name
    else:
        raise KeyError(slug)
    return text if slug == name else text[:1].upper() + text[1:]


def mark_now() -> str:
    """What stands in the seal of the house, or nothing where its pack names none."""
    return in_readers_words(_words().get(MARK))


def where_now() -> str:
    """The question by which people find their place, or nothing where the pack asks none: then they are asked where they live or work."""
    return in_readers_words(_words().get(WHERE))


def word(slug: str) -> Any:
    """The word as a lazy text, for the label of a field or the heading of a column."""
    return _one(slug)


def worded(message: Any, **details: Any) -> Any:
    """A lazy sentence: its `%(member)s`, `%(Members)s` … become the house's words, its other places the details.

    For sentences on forms and in refusals; templates have `words`. Raises KeyError when it is said, for a place left empty.
    """
    return _said(message, details)


class _Places(dict[str, Any]):
    def __missing__(self, slug: str) -> str:
        return word_now(slug)


def _sentence(message: Any, details: dict[str, Any]) -> str:
    return str(message) % _Places(details)


# Words that the pack has for something else, and what stands there as long as no pack is loaded.
SOUGHT = {OFFICE: _("campaign office"), CODE: _("Code"), NUMBER: _("Number")}
ROWS_SOUGHT: dict[tuple[str, str], str] = {
    (Term.Category.ROLE, Post.Role.CAMPAIGN_OFFICE): OFFICE,
    (Term.Category.ORGANISATIONS_COLUMN, "code"): CODE,
    (Term.Category.PEOPLE_COLUMN, "number"): NUMBER,
}
_one = lazy(word_now, str)
_said = lazy(_sentence, str)


def _words() -> dict[str, Names]:
    kept = _read.get()
    if kept and READ in kept:
        return kept
    sought = Q(category=Term.Category.WORD)
    for category, slug in ROWS_SOUGHT:
        sought |= Q(category=category, slug=slug)
    words = {ROWS_SOUGHT.get((row.category, row.slug), row.slug): row.name for row in Term.objects.filter(sought)}
    keep(words)
    return words

"""Reading a JSON object field by field: every field asked for, of its kind, and nothing left over.

Says where a document is wrong ("pools[2].size"); knows nothing of what the documents mean.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections import Counter
from collections.abc import Callable
from typing import Any, TypeVar

from blindballot.format.encoding import FINGERPRINT, IDENTIFIER, INSTANT, FormatError, unb64
from blindballot.format.keys import POINT_LENGTH, load_point

LANGUAGES = ("zh-hans", "en")
# Characters of a name or title: room for any, and no page or verifier is handed a novel.
LONGEST_TEXT = 500
# Control characters, line and paragraph separators, signs that turn the direction of writing, lone surrogates: with them a text
# could pass itself off as a line of a verdict.
_FORBIDDEN = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")

Names = dict[str, str]
T = TypeVar("T")


class Fields:
    """The fields of one object at `where` in its document; every method raises FormatError naming the place."""

    def __init__(self, value: object, where: str = "") -> None:
        if not isinstance(value, dict):
            raise FormatError(f"{where or 'the document'}: must be an object")
        self._left: dict[str, Any] = dict(value)
        self.where = where
        self._where = f"{where}." if where else ""

    def take(self, name: str) -> Any:
        """The field as it stands."""
        if name not in self._left:
            raise FormatError(f"{self._where}{name}: is missing")
        return self._left.pop(name)

    def has(self, name: str) -> bool:
        """Whether the field is there and not yet taken."""
        return name in self._left

    def constant(self, name: str, wanted: str) -> None:
        """The field must be exactly `wanted`."""
        if self.take(name) != wanted:
            raise FormatError(f"{self._where}{name}: must be {wanted}")

    def text(self, name: str, longest: int = LONGEST_TEXT) -> str:
        """Text of 1 to `longest` characters, none of which could hide or feign a line."""
        return read_text(self.take(name), f"{self._where}{name}", longest)

    def fingerprint(self, name: str) -> str:
        """The fingerprint of a document."""
        value = self.take(name)
        if not isinstance(value, str) or not FINGERPRINT.fullmatch(value):
            raise FormatError(f"{self._where}{name}: must be a fingerprint of 64 letters and digits")
        return value

    def identifier(self, name: str) -> str:
        """An identifier."""
        return read_identifier(self.take(name), f"{self._where}{name}")

    def instant(self, name: str) -> str:
        """An instant in UTC, to the second."""
        value = self.take(name)
        if not isinstance(value, str) or not INSTANT.fullmatch(value) or not _is_in_the_calendar(value):
            raise FormatError(f"{self._where}{name}: must be an instant like 2026-11-20T00:00:00Z")
        return value

    def whole(self, name: str, least: int, most: int = 2**31 - 1) -> int:
        """A whole number from `least` to `most`."""
        return read_whole(self.take(name), f"{self._where}{name}", least, most)

    def binary(self, name: str, length: int | None = None) -> bytes:
        """Base64url bytes, of the given length if there is one."""
        value = self.take(name)
        try:
            return unb64(value, length)
        except FormatError as error:
            raise FormatError(f"{self._where}{name}: {error}") from error

    def point(self, name: str) -> bytes:
        """An uncompressed point of P-256."""
        value = self.binary(name, POINT_LENGTH)
        try:
            load_point(value)
        except FormatError as error:
            raise FormatError(f"{self._where}{name}: {error}") from error
        return value

    def names(self, name: str) -> Names:
        """Text in at least one of the two languages."""
        value = self.take(name)
        if not isinstance(value, dict) or not value or not set(value) <= set(LANGUAGES):
            raise FormatError(f"{self._where}{name}: must be text under zh-hans, en or both")
        return {language: read_text(text, f"{self._where}{name}.{language}") for language, text in value.items()}

    def items(self, name: str, read: Callable[[Any, str], T], least: int, most: int) -> tuple[T, ...]:
        """A list of `least` to `most` items, each read by `read(item, where)`."""
        where = f"{self._where}{name}"
        value = self.take(name)
        if not isinstance(value, list) or not least <= len(value) <= most:
            raise FormatError(f"{where}: must be a list of {least} to {most} items")
        return tuple(read(item, f"{where}[{index}]") for index, item in enumerate(value))

    def done(self) -> None:
        """No field may be left over."""
        if self._left:
            raise FormatError(f"{self._where}{min(self._left)}: is not a field of this document")


def read_identifier(value: object, where: str) -> str:
    """An identifier of docs/ballots.md: 1 to 64 of a-z, 0-9, `_`, `.`, `-`, beginning with a letter or digit."""
    if not isinstance(value, str) or not IDENTIFIER.fullmatch(value):
        raise FormatError(f"{where}: must be an identifier of 1 to 64 characters a-z, 0-9, _ . -")
    return value


def read_text(value: object, where: str, longest: int = LONGEST_TEXT) -> str:
    """Text of 1 to `longest` characters without the forbidden ones."""
    if not isinstance(value, str) or not 0 < len(value) <= longest:
        raise FormatError(f"{where}: must be text of 1 to {longest} characters")
    if _FORBIDDEN.search(value):
        raise FormatError(f"{where}: must not hold control characters or signs that turn the direction of writing")
    return value


def read_whole(value: object, where: str, least: int, most: int) -> int:
    """A whole number from `least` to `most`; a truth value is none."""
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise FormatError(f"{where}: must be a whole number from {least} to {most}")
    return value


def check_different(ids: list[str], where: str) -> None:
    """Raises FormatError if an id stands twice."""
    if len(set(ids)) != len(ids):
        twice = min(one for one, times in Counter(ids).items() if times > 1)
        raise FormatError(f"{where}: {twice} stands twice")


def _is_in_the_calendar(instant: str) -> bool:
    year, month, day = int(instant[:4]), int(instant[5:7]), int(instant[8:10])
    return day <= monthrange(year, month)[1]

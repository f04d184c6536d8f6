"""Form fields that several faces use."""

from typing import Any

from django import forms


class LongText(forms.CharField):
    """Text of several lines. A line break counts as one character, as it does while typing."""

    def __init__(self, *, rows: int = 4, **kwargs: Any) -> None:
        super().__init__(widget=forms.Textarea(attrs={"rows": rows}), **kwargs)

    def to_python(self, value: Any) -> str:
        """The text with plain line breaks."""
        return str(super().to_python(value)).replace("\r\n", "\n")

"""Several like things on one form, each a block of fields called `what_1`, `what_2` and so on: folded from the third."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django import forms

OPEN = 2  # blocks that are open however empty they are


def blocks_of(
    form: Any, numbers: Iterable[int], parts: Sequence[str]
) -> Iterator[tuple[int, bool, list[forms.BoundField]]]:
    """Each block with its fields, and whether it is open: the first two, and what holds something or is wrong."""
    for n in numbers:
        bound = [form[f"{name}_{n}"] for name in parts if f"{name}_{n}" in form.fields]
        yield n, n <= OPEN or any(one.errors or one.value() for one in bound), bound


def others_of(form: Any) -> list[forms.BoundField]:
    """What is asked beside the blocks."""
    return [one for one in form.visible_fields() if not one.name.rpartition("_")[2].isdigit()]

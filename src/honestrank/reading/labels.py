"""What a blank is written as, and the reading order of labels."""

from collections.abc import Sequence

# What R and spreadsheets write where there is no score.
MISSING = ("", "NA")


# Squares of larger scores, summed, may leave the range of a double.
LARGEST = 1e100


def label_order(labels: Sequence[str]) -> list[int]:
    """Places of `labels` in reading order: as numbers when all are whole numbers, else by code point."""
    if all(label.isdecimal() for label in labels):
        return sorted(range(len(labels)), key=lambda i: (int(labels[i]), labels[i]))
    return sorted(range(len(labels)), key=lambda i: labels[i])

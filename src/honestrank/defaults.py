"""What commands and functions take where nothing else is asked for. Imports nothing, so that `--help` is quick."""

from typing import Literal

# Any number would do; it is printed, so that everybody draws the same.
SEED = 20100512

# Ratings up to which the exact model fits in seconds: see docs/methods/scale.md.
MANY = 5_000_000

# Whose noise a unit's score has: see `fits.Noise`.
Way = Literal["own_or_pooled", "own", "pooled"]
WAYS: tuple[Way, ...] = ("own_or_pooled", "own", "pooled")

# The products of two sums of squares of larger scores may leave the range of a double.
LARGEST = 1e60

# How ballots are counted: see `ranked.counting`.
METHODS = ("borda", "copeland", "schulze", "ranked-pairs", "stv", "plackett-luce")

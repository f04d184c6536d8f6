"""Ratings and rankings to scores, honest ranks and disclosure control. Pure: no Django, no clock, no network."""

from honestrank import _one_thread  # noqa: F401
from honestrank.assembly import Standing, UnitStanding
from honestrank.parts import PartScores, join_parts
from honestrank.ranksets import RankSets, quota_statement, rank_sets
from honestrank.standing import standing
from honestrank.wording import InputError

__all__ = [
    "InputError",
    "PartScores",
    "RankSets",
    "Standing",
    "UnitStanding",
    "join_parts",
    "quota_statement",
    "rank_sets",
    "standing",
]

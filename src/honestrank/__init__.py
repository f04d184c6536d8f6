"""Ratings and rankings to scores, honest ranks and disclosure control. Pure: no Django, no clock, no network.

This list of names is the front door; what is not on it may move.
"""

from honestrank import _one_thread  # noqa: F401
from honestrank.answer import units_csv
from honestrank.assembly import Ranking, Standing, UnitStanding
from honestrank.candidates import Cell, Majority, Rules, Scale
from honestrank.comparisons import (
    Comparison,
    Figure,
    Inside,
    Need,
    NotCompared,
    PublishedPlace,
    Wave,
    among_peers,
    among_published,
    inside,
    outside_view,
    over_time,
    separation_need,
)
from honestrank.disclosure import Release, agree_safely, coarsen
from honestrank.disclosure_gate import Gated, GateRules, gate
from honestrank.disclosure_shown import check_certificate
from honestrank.disclosure_table import Distribution, Sum, Table, TableCount
from honestrank.parts import PartScores, join_parts
from honestrank.ranksets import RankSets, quota_statement, rank_sets
from honestrank.standing import standing
from honestrank.weights import CombinedUnit, GroupMean, RaterGroup, combine_groups, combined_standing, over_all_ballots
from honestrank.wording import InputError, Language

__all__ = [
    "Cell",
    "CombinedUnit",
    "Comparison",
    "Distribution",
    "Figure",
    "GateRules",
    "Gated",
    "GroupMean",
    "InputError",
    "Inside",
    "Language",
    "Majority",
    "Need",
    "NotCompared",
    "PartScores",
    "PublishedPlace",
    "RankSets",
    "Ranking",
    "RaterGroup",
    "Release",
    "Rules",
    "Scale",
    "Standing",
    "Sum",
    "Table",
    "TableCount",
    "UnitStanding",
    "Wave",
    "agree_safely",
    "among_peers",
    "among_published",
    "check_certificate",
    "coarsen",
    "combine_groups",
    "combined_standing",
    "gate",
    "inside",
    "join_parts",
    "outside_view",
    "over_all_ballots",
    "over_time",
    "quota_statement",
    "rank_sets",
    "separation_need",
    "standing",
    "units_csv",
]

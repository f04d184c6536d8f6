"""Ratings and rankings to scores, honest ranks and disclosure control. Pure: no Django, no clock, no network.

This list of names is the front door; what is not on it may move. A name is loaded with its module when it is first asked for:
a program that only counts ballots does not wait for what fits models.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from honestrank import _one_thread  # noqa: F401

if TYPE_CHECKING:
    from honestrank.answers.written import for_spreadsheet, units_csv
    from honestrank.comparing.comparisons import (
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
        standing_need,
    )
    from honestrank.disclosure.candidates import Cell, Majority, Rules, Scale
    from honestrank.disclosure.gate import Gated, GateRules, gate
    from honestrank.disclosure.one_group import Release, agree_safely, coarsen
    from honestrank.disclosure.shown import check_certificate
    from honestrank.disclosure.table import Distribution, Sum, Table, TableCount
    from honestrank.estimators.parts import PartScores, join_parts
    from honestrank.estimators.raking import Margin, Raked, rake, weighted_mean
    from honestrank.estimators.rater_groups import CombinedUnit, combine_groups, over_all_ballots
    from honestrank.ranks.assembly import Ranking, Standing, UnitStanding
    from honestrank.ranks.of_means import combined_standing
    from honestrank.ranks.ranksets import RankSets, quota_statement, rank_sets
    from honestrank.ranks.standing import standing
    from honestrank.rating import rate
    from honestrank.screens.anomalies import Flag, equal_ballots, leans_on_cluster, straight_lines, unlike_the_others
    from honestrank.screens.reliability import (
        Intraclass,
        alpha_of_covariance,
        cronbach_alpha,
        intraclass,
        krippendorff_alpha,
        ratings_needed,
        spearman_brown,
    )
    from honestrank.sums import GroupMean, RaterGroup
    from honestrank.words.wording import InputError, Language

__all__ = [
    "Cell",
    "CombinedUnit",
    "Comparison",
    "Distribution",
    "Figure",
    "Flag",
    "GateRules",
    "Gated",
    "GroupMean",
    "InputError",
    "Inside",
    "Intraclass",
    "Language",
    "Majority",
    "Margin",
    "Need",
    "NotCompared",
    "PartScores",
    "PublishedPlace",
    "Raked",
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
    "alpha_of_covariance",
    "among_peers",
    "among_published",
    "check_certificate",
    "coarsen",
    "combine_groups",
    "combined_standing",
    "cronbach_alpha",
    "equal_ballots",
    "for_spreadsheet",
    "gate",
    "inside",
    "intraclass",
    "join_parts",
    "krippendorff_alpha",
    "leans_on_cluster",
    "outside_view",
    "over_all_ballots",
    "over_time",
    "quota_statement",
    "rake",
    "rank_sets",
    "rate",
    "ratings_needed",
    "separation_need",
    "spearman_brown",
    "standing",
    "standing_need",
    "straight_lines",
    "units_csv",
    "unlike_the_others",
    "weighted_mean",
]

# Where each name lives; a test holds this to the imports above.
_FROM = {
    "answers.written": "for_spreadsheet units_csv",
    "comparing.comparisons": "Comparison Figure Inside Need NotCompared PublishedPlace Wave among_peers among_published "
    "inside outside_view over_time separation_need standing_need",
    "disclosure.candidates": "Cell Majority Rules Scale",
    "disclosure.gate": "Gated GateRules gate",
    "disclosure.one_group": "Release agree_safely coarsen",
    "disclosure.shown": "check_certificate",
    "disclosure.table": "Distribution Sum Table TableCount",
    "estimators.parts": "PartScores join_parts",
    "estimators.raking": "Margin Raked rake weighted_mean",
    "estimators.rater_groups": "CombinedUnit combine_groups over_all_ballots",
    "ranks.assembly": "Ranking Standing UnitStanding",
    "ranks.of_means": "combined_standing",
    "ranks.ranksets": "RankSets quota_statement rank_sets",
    "ranks.standing": "standing",
    "rating": "rate",
    "screens.anomalies": "Flag equal_ballots leans_on_cluster straight_lines unlike_the_others",
    "screens.reliability": "Intraclass alpha_of_covariance cronbach_alpha intraclass krippendorff_alpha ratings_needed "
    "spearman_brown",
    "sums": "GroupMean RaterGroup",
    "words.wording": "InputError Language",
}
_PLACE = {name: module for module, names in _FROM.items() for name in names.split()}


def __getattr__(name: str) -> Any:
    if name not in _PLACE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = getattr(import_module(f"{__name__}.{_PLACE[name]}"), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})

"""What may be done with rounds: planning, voting, closing. One file each."""

from zhengyou.appraisals.actions.closing import (
    ask_to_close,
    close_round,
    destroy_emptied_box,
)
from zhengyou.appraisals.actions.planning import (
    add_pool,
    change_times,
    open_round,
    plan_round,
    prepare_keys,
    remove_pool,
)
from zhengyou.appraisals.actions.voting import (
    draw_own_code,
    hand_out_round_codes,
    issue_tokens,
    show_sheet_keys,
    take_slips,
)

__all__ = [
    "add_pool",
    "ask_to_close",
    "change_times",
    "close_round",
    "destroy_emptied_box",
    "draw_own_code",
    "hand_out_round_codes",
    "issue_tokens",
    "open_round",
    "plan_round",
    "prepare_keys",
    "remove_pool",
    "show_sheet_keys",
    "take_slips",
]

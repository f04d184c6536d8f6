"""What may be done with rounds: planning, voting, extending, closing, voiding, scrutiny. One file each."""

from zhengyou.appraisals.actions.closing import (
    ask_to_close,
    close_round,
    destroy_emptied_box,
)
from zhengyou.appraisals.actions.extending import extend_round, read_turnout
from zhengyou.appraisals.actions.planning import (
    add_pool,
    change_times,
    delete_round,
    open_round,
    plan_round,
    prepare_keys,
    remove_pool,
)
from zhengyou.appraisals.actions.scrutiny import (
    dismiss_scrutineer,
    hand_over_openings,
    register_scrutineer,
    sign_recount,
)
from zhengyou.appraisals.actions.voiding import ask_to_void, drop_void, repeat_round, void_round
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
    "ask_to_void",
    "change_times",
    "close_round",
    "delete_round",
    "destroy_emptied_box",
    "dismiss_scrutineer",
    "draw_own_code",
    "drop_void",
    "extend_round",
    "hand_out_round_codes",
    "hand_over_openings",
    "issue_tokens",
    "open_round",
    "plan_round",
    "prepare_keys",
    "read_turnout",
    "register_scrutineer",
    "remove_pool",
    "repeat_round",
    "show_sheet_keys",
    "sign_recount",
    "take_slips",
    "void_round",
]

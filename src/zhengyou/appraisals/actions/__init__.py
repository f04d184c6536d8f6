"""What may be done with rounds: planning, voting, closing. One file each."""

from zhengyou.appraisals.actions.closing import (
    ask_to_close,
    close_round,
    destroy_emptied_box,
)
from zhengyou.appraisals.actions.paper_keying import (
    count_forms,
    find_slip,
    key_form,
    restart_keying,
    sign_batch,
    take_back_form,
)
from zhengyou.appraisals.actions.paper_printing import (
    mark_on_paper,
    print_batch,
    settle_draw,
    take_off_paper,
    withdraw_batch,
)
from zhengyou.appraisals.actions.paper_voting import show_paper_slip
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
    "count_forms",
    "destroy_emptied_box",
    "draw_own_code",
    "find_slip",
    "hand_out_round_codes",
    "issue_tokens",
    "key_form",
    "mark_on_paper",
    "open_round",
    "plan_round",
    "prepare_keys",
    "print_batch",
    "remove_pool",
    "restart_keying",
    "settle_draw",
    "show_paper_slip",
    "show_sheet_keys",
    "sign_batch",
    "take_back_form",
    "take_off_paper",
    "take_slips",
    "withdraw_batch",
]

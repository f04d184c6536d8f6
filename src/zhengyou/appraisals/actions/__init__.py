"""What may be done with rounds: planning, voting, extending, closing, voiding, scrutiny. One file each."""

from zhengyou.appraisals.actions.closing import (
    ask_to_close,
    close_round,
    destroy_emptied_box,
)
from zhengyou.appraisals.actions.extending import extend_round, read_turnout
from zhengyou.appraisals.actions.issuing_house import (
    check_own_home,
    extend_duty,
    hand_out_duty_codes,
    issue_second_tokens,
    make_duty_keys,
    open_duties,
    show_duty_code,
    state_count,
    take_on_duty,
    write_duty_reply,
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
from zhengyou.appraisals.actions.second_issuer import (
    dismiss_issuer,
    name_issuer,
    take_reply,
    take_statement,
    write_issuer_opening,
    write_issuer_request,
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
    "check_own_home",
    "close_round",
    "count_forms",
    "delete_round",
    "destroy_emptied_box",
    "dismiss_issuer",
    "dismiss_scrutineer",
    "draw_own_code",
    "drop_void",
    "extend_duty",
    "extend_round",
    "find_slip",
    "hand_out_duty_codes",
    "hand_out_round_codes",
    "hand_over_openings",
    "issue_second_tokens",
    "issue_tokens",
    "key_form",
    "make_duty_keys",
    "mark_on_paper",
    "name_issuer",
    "open_duties",
    "open_round",
    "plan_round",
    "prepare_keys",
    "print_batch",
    "read_turnout",
    "register_scrutineer",
    "remove_pool",
    "repeat_round",
    "restart_keying",
    "settle_draw",
    "show_duty_code",
    "show_paper_slip",
    "show_sheet_keys",
    "sign_batch",
    "sign_recount",
    "state_count",
    "take_back_form",
    "take_off_paper",
    "take_on_duty",
    "take_reply",
    "take_slips",
    "take_statement",
    "void_round",
    "withdraw_batch",
    "write_duty_reply",
    "write_issuer_opening",
    "write_issuer_request",
]

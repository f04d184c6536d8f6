"""The sentences of counts of ballots that rank, in English and Chinese; `wording` joins them to the others."""

COUNTING: dict[str, tuple[str, str]] = {
    # bad input
    "ranked_twice_on_line": (
        "Line {line}: ballot “{ballot}” ranks “{candidate}” a second time.",
        "第 {line} 行：选票“{ballot}”把“{candidate}”又排了一次。",
    ),
    "ballot_twice": ("Line {line}: ballot “{ballot}” appears a second time.", "第 {line} 行：选票“{ballot}”重复出现。"),
    "nobody_ranked": ("No ballot ranks anybody.", "没有一张选票排了候选对象。"),
    "too_many_candidates": (
        "{count} candidates are too many (at most {most}). Is the file in long form? Then name --item and --rank.",
        "候选对象有 {count} 个，太多（最多 {most} 个）。若文件是长格式，请用 --item 和 --rank 指明列名。",
    ),
    "seats_for_stv": (
        "--seats belongs to --method stv, and stv needs it: how many are to be elected?",
        "--seats 只用于 --method stv，而 stv 必须给出席位数。",
    ),
    "lot_for_stv": ("--lot belongs to --method stv.", "--lot 只用于 --method stv。"),
    "option_for_plackett_luce": (
        "{option} belongs to --method plackett-luce.",
        "{option} 只用于 --method plackett-luce。",
    ),
    "bad_pseudo": (
        "--pseudo is a number from 0 to {most}; 0.5 is usual.",
        "--pseudo 应是 0 到 {most} 之间的数，通常用 0.5。",
    ),
    "contests_made_up": (
        "Each candidate was taken to have won and lost {number} contests that nobody held (--pseudo). Strengths are drawn "
        "together by it, and ranges hold only as far as that is granted.",
        "设想每个对象各胜、各负 {number} 场并未举行的比较（--pseudo）。强弱因此相互靠近，名次范围也只在认可这一设想时成立。",
    ),
    "left_out": (
        "Only {count} candidates were counted (--largest); ranges are about these alone. Left out, since no chain of ballots leads from "
        "the others to them and back: {names}.",
        "只统计了 {count} 个对象（--largest），名次范围只在它们之间成立。以下对象与其余的之间没有环环相接、往返相通的选票，"
        "未计入：{names}。",
    ),
    "no_part": (
        "No two candidates are ranked in both directions by chains of ballots, so there is no part to count. Count by another method "
        "(schulze, borda), or say --pseudo 0.5.",
        "没有两个对象是选票环环相接、往返都排得到的，没有可统计的部分。请改用别的方法（schulze、borda），或用 --pseudo 0.5。",
    ),
    "parts_alike": (
        "Two parts of the candidates are as large as each other, and no chain of ballots leads from one to the other and back: “{one}” and "
        "“{other}”. Leave one of them out of the file, or say --pseudo 0.5.",
        "有两部分对象一样多，彼此之间没有往返相通的选票：“{one}”和“{other}”。请从文件中去掉其中一部分，或用 --pseudo 0.5。",
    ),
    "bad_lot": (
        "--lot must name every candidate once, joined by colons: {candidates}.",
        "--lot 须把每个候选对象各写一次，用冒号连接：{candidates}。",
    ),
    # ballots that rank
    "no_candidates": ("There is no candidate to rank.", "没有候选对象。"),
    "candidate_twice": ("The candidate “{candidate}” is listed twice.", "候选对象“{candidate}”出现了两次。"),
    "no_ballots": (
        "There must be at least one ballot, and every count must be at least one.",
        "至少要有一张选票，每种选票的张数至少为一。",
    ),
    "not_standing": (
        "Ballot {ballot}: “{candidate}” is not a candidate.",
        "第 {ballot} 张选票：“{candidate}”不是候选对象。",
    ),
    "ranked_twice": ("Ballot {ballot} ranks “{candidate}” twice.", "第 {ballot} 张选票把“{candidate}”排了两次。"),
    "empty_ballot": ("Ballot {ballot} ranks nobody.", "第 {ballot} 张选票没有排任何候选对象。"),
    "tie_on_ballot": (
        "Ballot {ballot} puts two candidates on one place, which this method cannot count. Count by borda, copeland, schulze or "
        "ranked-pairs.",
        "第 {ballot} 张选票有并列，这种方法无法计票。可改用 borda、copeland、schulze 或 ranked-pairs。",
    ),
    "tie_not_in_model": (
        "Ballot {ballot} puts two candidates on one place. Say --ties to make ties a part of the model, or count by borda, copeland, "
        "schulze or ranked-pairs.",
        "第 {ballot} 张选票有并列。请用 --ties 把并列纳入模型，或改用 borda、copeland、schulze 或 ranked-pairs。",
    ),
    "always_tied": (
        "Ballots put {order} candidates on one place wherever there was room for it, so this model cannot say how likely such a tie is. "
        "Count by borda, copeland, schulze or ranked-pairs.",
        "凡是能让 {order} 个对象并列的地方，选票都写了并列，该模型无法估计这种并列有多常见。请改用 borda、copeland、schulze 或 "
        "ranked-pairs。",
    ),
    "ties_too_many": (
        "Ties of up to {most} among so many candidates on so many different ballots would keep this model busy for long. Count by borda, "
        "copeland, schulze or ranked-pairs.",
        "候选对象和不同的选票太多，又有多达 {most} 个并列，用该模型要算很久。请改用 borda、copeland、schulze 或 ranked-pairs。",
    ),
    "bad_seats": (
        "The number of seats must be a whole number from 1 to {candidates}, the number of candidates.",
        "席位数必须是 1 到 {candidates}（候选对象数）之间的整数。",
    ),
    "no_chain": (
        "No chain of ballots ranks “{above}” above “{below}”, so by this model one is infinitely stronger. Count by another method "
        "(schulze, borda), leave one of the two out, keep the largest part that ballots join (--largest), or let each win and lose half "
        "a contest that nobody held: --pseudo 0.5.",
        "没有任何选票能一环接一环地把“{above}”排在“{below}”之前，按该模型一方无限强于另一方。请改用别的方法（schulze、borda），"
        "去掉其中一个，只统计选票相互贯通的最大一部分（--largest），或设想每个对象各胜、各负半场：--pseudo 0.5。",
    ),
    # the methods
    "count_borda": (
        "Borda count: a point for each candidate put below, half a point for a tie.",
        "博达计数：每排在一个对象之前得一分，并列得半分。",
    ),
    "count_copeland": (
        "Copeland count: contests of two won by majority, less those lost.",
        "科普兰计数：两两相比，获多数支持的次数减去落败的次数。",
    ),
    "count_schulze": (
        "Schulze count: strongest chains of majorities.",
        "舒尔茨计数：比较多数意见所连成的最强路径。",
    ),
    "count_ranked-pairs": (
        "Ranked pairs: majorities locked in from the clearest down, but for those that close a circle.",
        "排序对计数：从差距最大的多数意见起逐个锁定，会形成循环的除外。",
    ),
    "count_stv": (
        "Single transferable vote; seats: {seats}, quota: {quota} votes.",
        "单一可转移票：{seats} 个席位，当选票数 {quota} 票。",
    ),
    "count_plackett-luce": (
        "Plackett–Luce model: strengths behind the orders, with standard errors.",
        "Plackett–Luce 模型：由排序估计各对象的强弱及标准误。",
    ),
    # the answer
    "said_ballots": (
        "{cast} ballots, {candidates} candidates; blank and left out: {blank}.",
        "有效选票 {cast} 张，候选对象 {candidates} 个；空白未计 {blank} 张。",
    ),
    "said_first": ("First by this count: {names}.", "按此计数居首：{names}。"),
    "said_first_together": (
        "By this count nobody stands above these, and it does not tell them apart: {names}.",
        "按此计数，下列对象之前没有他人，彼此也分不出先后：{names}。",
    ),
    "said_elected": ("Elected, in this order: {names}.", "依次当选：{names}。"),
    "said_separate": (
        "{separate} of {pairs} pairs of candidates separate, all pairs together at {level} %.",
        "{pairs} 对候选对象中有 {separate} 对能分出高下（全部各对同时成立的把握为 {level}%）。",
    ),
    "said_log_likelihood": ("Log likelihood {value}, {steps} steps.", "对数似然 {value}，{steps} 步。"),
    "said_ties": (
        "Ties are a part of the model: of {order} equally strong candidates all stand on one place with chance {share} %, against one of "
        "them before the others (log prevalence {prevalence}, standard error {error}).",
        "并列是模型的一部分：{order} 个一样强的对象并列的概率为 {share}%（与其中一个居先相比；对数倾向 {prevalence}，标准误 {error}）。",
    ),
    "condorcet": ("{name} beats every other candidate two by two.", "{name}与其他任何对象两两相比都获多数支持。"),
    "condorcet_passed_over": (
        "{name} beats every other candidate two by two, which this count does not look at.",
        "{name}与其他任何对象两两相比都获多数支持，而本计数方法不看这一点。",
    ),
    "no_condorcet": (
        "Nobody beats every other candidate two by two: other counts may name somebody else.",
        "没有对象在两两相比中全部获胜：换一种计数可能得出不同结果。",
    ),
    "equal_margins": (
        "Majorities of equal size were locked in by the order of the candidates; another order gives another result.",
        "有差距相等的多数意见，按候选对象的排列先后锁定；换一种先后会得出不同结果。",
    ),
    "decided_by_lot": (
        "Equal votes were decided by lot for: {names}. Without --lot the lot is the reverse order of standing; draw one in "
        "public.",
        "得票相等、以抽签决定的：{names}。未给出 --lot 时按排列倒序代替抽签；请当众抽签。",
    ),
    "unlisted_below": (
        "Whoever a ballot does not list stands below all it lists.",
        "选票未列出的对象，视为排在所列对象之后。",
    ),
    "unlisted_unknown": (
        "Of whoever a ballot does not list, it says nothing.",
        "选票未列出的对象，视为未作评价。",
    ),
    "declared_beforehand": (
        "Counts can disagree. Which one holds must be declared before anybody votes.",
        "不同计数方法的结果可能不同；采用哪一种，须在投票前公布。",
    ),
    "stage": ("Stage {number}: {votes}", "第 {number} 轮：{votes}"),
    "stage_elected": ("Stage {number}: {votes}; elected: {names}", "第 {number} 轮：{votes}；当选：{names}"),
    "stage_excluded": ("Stage {number}: {votes}; excluded: {names}", "第 {number} 轮：{votes}；淘汰：{names}"),
    "column_candidate": ("candidate", "候选对象"),
    "column_points": ("points", "得分"),
    "column_won_less_lost": ("won less lost", "胜负差"),
    "column_stands_above": ("stands above", "高于几个"),
    "column_stands_below": ("stands below", "低于几个"),
    "column_votes": ("first votes", "首选票"),
    "column_elected": ("elected", "当选次序"),
    "column_strength": ("strength", "强弱"),
    "column_standard_error": ("standard error", "标准误"),
    "method_ballots": ("File {name}, SHA-256 {sha256}.", "文件 {name}，SHA-256 {sha256}。"),
}

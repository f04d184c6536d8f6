"""Sentences about the noise of marks, and about ways to compare that cannot be meant."""

NOISE: dict[str, tuple[str, str]] = {
    "too_few_draws": (
        "{draws} draws cannot show what {level} % confidence needs; take at least {least}, or leave --draws out.",
        "模拟 {draws} 次看不出 {level} % 的把握；请至少模拟 {least} 次，或不写 --draws。",
    ),
    "seed_negative": (
        "The seed {seed} is below zero; take a whole number from 0.",
        "种子 {seed} 小于零；请用不小于 0 的整数。",
    ),
    "not_whole": (
        "{what} is {value}; take a whole number.",
        "{what} 是 {value}；请用整数。",
    ),
    "freedom_of_matrix": (
        "Degrees of freedom go with the variances of independent scores, not with a matrix. Give the variances, or leave them out.",
        "自由度只能与各自独立的方差一起给出，不能与协方差矩阵一起给出。请改为给出方差，或不写自由度。",
    ),
    "freedom_not_positive": (
        "Degrees of freedom number {place} is missing or not above zero.",
        "第 {place} 个自由度缺失或不大于零。",
    ),
    "not_in_groups": (
        "comparable must be a table of units by units that parts them into groups: whoever two units are both compared with, "
        "they are compared with each other.",
        "comparable 应是单位对单位的表，并把单位分成若干组：与同一单位都可比的两个单位，彼此也须可比。",
    ),
    "bad_reliability": (
        "Variances are not below zero, a reliability is not above 1, what is aimed at lies between 0 and 1, times are above zero.",
        "方差不得为负，信度不得大于 1，目标信度应在 0 与 1 之间，倍数应大于零。",
    ),
    "bad_metric": (
        "“{value}” is none of these: {metrics}.",
        "“{value}”不在可选之列：{metrics}。",
    ),
    "agree_but_for_level": (
        "But for their severity all raters agree, so nothing is known about the noise: no coefficient has an interval here.",
        "除宽严不同外，评分人意见完全一致，无从知道误差有多大：这里的系数给不出区间。",
    ),
    "least_negative": (
        "The least number of ratings to be compared is {least}; take a whole number from 0.",
        "参加比较的最少票数是 {least}；请用不小于 0 的整数。",
    ),
    "fixed_leave_nothing": (
        "The fixed columns have as many values as there are ratings, so nothing is left to tell units by. Leave one out.",
        "固定效应列的取值和评分一样多，没有余地区分单位。请去掉一列。",
    ),
    "grade_not_finite": ("A declared grade is not a number.", "所列的某个档次分值不是数字。"),
    "score_missing": (
        "Score number {place} is missing or not finite; leave that unit out.",
        "第 {place} 个分数缺失或不是有限的数；请去掉这个单位。",
    ),
    "covariance_indefinite": (
        "The covariance cannot be one: some combination of scores would have a variance below zero.",
        "给出的协方差矩阵不成立：某种分数组合的方差会小于零。",
    ),
    "count_not_a_number_of_marks": (
        "The count of “{unit}” is {value}; it must be a whole number from 1.",
        "“{unit}”的票数是 {value}；应是不小于 1 的整数。",
    ),
    "group_is_unit": (
        "The group column “{column}” is the unit column itself, so units and groups cannot be told apart; leave --group out.",
        "组别列“{column}”就是单位列，无法区分单位与组别；请不要写 --group。",
    ),
    "score_too_large": (
        "The scores reach {value}; squares of such numbers cannot be added up. Divide all scores by one number first.",
        "分数大到 {value}，其平方无法相加；请先把所有分数除以同一个数。",
    ),
    "grades_are_no_numbers": (
        "“{value}” is no list of grades; write their points like 10,7,5,2.",
        "“{value}”不是档次分值；请写成 10,7,5,2 这样。",
    ),
    "all_agree": (
        "All raters of every unit agree. That is no proof of certainty: with n = {n} another set of raters could move a score "
        "by up to {difference} (at {level} %, marks staying in the range seen). "
        "Nothing separates; where the grades are declared (--grades), more can be said.",
        "每个单位的评分人给的分都一致。这不等于确定无疑：n = {n} 时，换一批评分人，"
        "分数最多可能差 {difference}（把握 {level} %，假定打分不超出已出现的范围）。"
        "因此不分高下；如写明档次分值（--grades），可以多说一些。",
    ),
    "agree_but_for_severity": (
        "But for their severity all raters agree. That is no proof of certainty, and nothing shows how far another set of "
        "raters could differ: nothing separates.",
        "除宽严不同外，评分人意见完全一致。这不等于确定无疑，也看不出换一批评分人会差多少：因此不分高下。",
    ),
    "all_marks_equal": (
        "All marks are equal: all raters agree, and nothing shows how far another set of raters could differ. "
        "Where the grades are declared (--grades), more can be said.",
        "所有的分都相同：评分人意见一致，但看不出换一批评分人会差多少。如写明档次分值（--grades），可以多说一些。",
    ),
    "noise_unequal_own_or_pooled": (
        "Marks scatter more in some units than in others (test of equal noise: p = {p}); each unit is ranked by its own "
        "scatter where that is larger than the common one.",
        "有的单位的分数比别的单位更分散（等方差检验 p = {p}）；比较名次时，自身离散程度大于总体的单位按自身计算。",
    ),
    "noise_unequal_own": (
        "Marks scatter more in some units than in others (test of equal noise: p = {p}); each unit is ranked by its own "
        "scatter.",
        "有的单位的分数比别的单位更分散（等方差检验 p = {p}）；比较名次时每个单位按自身的离散程度计算。",
    ),
    "noise_unequal_pooled": (
        "Marks scatter more in some units than in others (test of equal noise: p = {p}), so one noise for all, which was "
        "asked for, claims separations that are not there.",
        "有的单位的分数比别的单位更分散（等方差检验 p = {p}），而所选的做法假定离散程度相同，会把并无差别的单位判为有差别。",
    ),
    "said_noise": (
        "Noise: {way}; the median pair is {price} % wider than with one noise for all.",
        "误差：{way}；按中位数，一对单位之差的范围比假定误差相同时宽 {price} %。",
    ),
    "way_own_or_pooled": (
        "each unit’s own or the common one, whichever is larger",
        "单位自身的或总体的，取较大者",
    ),
    "way_own": ("each unit’s own", "单位自身的"),
    "way_pooled": ("one for all units, which is assumed", "假定所有单位相同"),
    "method_ranks_welch": (
        "Rank sets: simultaneous confidence sets from all pairs (Games & Howell 1976) with Welch’s degrees of freedom; "
        "critical value {critical} where errors are known exactly, more where few marks stand behind them.",
        "名次范围：由所有两两差别得到的同时置信集（Games、Howell 1976），自由度按 Welch；"
        "误差完全已知时临界值 {critical}，票数少时更大。",
    ),
}

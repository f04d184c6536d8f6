"""Every sentence the engine says to a person, in English and Chinese, and the error that carries one.

Nothing here computes. Numbers are formatted by the caller, some by `places`, `signed` and `percent`.
Sentences of comparisons: `comparing`; of counts: `counting`.
"""

import math
from typing import Literal

from honestrank.words.comparing import COMPARING
from honestrank.words.counting import COUNTING
from honestrank.words.noise import NOISE
from honestrank.words.reading import READING

Language = Literal["en", "zh-hans"]

# What sentences count; an s makes many of one.
COUNTED = ("unit", "rating", "rater", "ballot", "candidate", "group", "row", "column", "pair", "place", "draw")

VERBS = {"have": "has", "lack": "lacks", "are": "is"}
MARKS = ",.;:)!?"
LANGUAGES: tuple[Language, ...] = ("en", "zh-hans")

SENTENCES: dict[str, tuple[str, str]] = {
    # bad input
    "no_such_file": ("There is no file {path}.", "没有文件 {path}。"),
    "empty_file": ("The file {path} is empty.", "文件 {path} 是空的。"),
    "no_rows": ("The file {path} has a heading but no rows.", "文件 {path} 只有表头，没有数据行。"),
    "unreadable": ("The file {path} cannot be read: {reason}", "文件 {path} 读不出来：{reason}"),
    "no_file_but_other": (
        "{path} is a folder or a device, not a file. Give the path of a CSV or Parquet file.",
        "{path} 是文件夹或设备，不是文件。请给出 CSV 或 Parquet 文件的路径。",
    ),
    "unknown_encoding": (
        "The file {path} is neither UTF-8, UTF-16 nor plain GBK text; open it in the program it comes from and save it as CSV in UTF-8.",
        "文件 {path} 不是 UTF-8、UTF-16 或通常的 GBK 文本；请用原来的程序打开，另存为 UTF-8 编码的 CSV。",
    ),
    "no_such_column": (
        "There is no column “{column}”; the file has: {columns}.",
        "没有名为“{column}”的列；文件里有：{columns}。",
    ),
    "no_such_column_but": (
        "There is no column “{column}”; did you mean “{nearest}”? The file has: {columns}.",
        "没有名为“{column}”的列，是不是“{nearest}”？文件里有：{columns}。",
    ),
    "column_twice": ("The column “{column}” appears twice in the heading.", "表头里“{column}”一列出现了两次。"),
    "score_not_finite": (
        "Line {line}: “{value}” in column “{column}” is not a finite number.",
        "第 {line} 行：“{column}”列的“{value}”不是有限的数。",
    ),
    "blank_label": ("Line {line}: column “{column}” is blank.", "第 {line} 行：“{column}”列是空的。"),
    "no_spark": (
        "Reading from Spark needs the extra “spark”: install it with pip install 'zhengyou[spark]' and Java 17.",
        "从 Spark 读取需要附加组件“spark”：请运行 pip install 'zhengyou[spark]'，并安装 Java 17。",
    ),
    "spark_needs_raters": (
        "From Spark only ratings with a rater column, without parts and fixed columns, are read.",
        "从 Spark 只读取有评分人列的评分，不支持分部分和固定效应列。",
    ),
    "rows_wrong": (
        "{count} rows have a blank label, or in column “{column}” a score that is not a finite number; mend or drop them first.",
        "有 {count} 行标签为空，或“{column}”列的分数不是有限的数；请先改正或去掉。",
    ),
    "no_scores": ("Column “{column}” holds no score at all.", "“{column}”列一个分数也没有。"),
    "weight_varies": (
        "Part “{part}” carries two different weights in column “{column}”.",
        "“{part}”部分在“{column}”列里有两个不同的权重。",
    ),
    "groups_incomplete": (
        "{count} units lack the figure of some group of raters; they are left out, and no other group speaks in its place.",
        "有 {count} 个单位缺少某一评价主体的数据，未列入比较，其他主体不代替。",
    ),
    "weight_not_positive": ("The weight of part “{part}” must be above zero.", "“{part}”部分的权重必须大于零。"),
    "part_missing": (
        "Unit “{unit}” has no score in part “{part}”; a unit is scored only when every part is there.",
        "单位“{unit}”在“{part}”部分没有分数；各部分齐全才能计分。",
    ),
    "part_too_small": (
        "Part “{part}” of unit “{unit}” has a single score, so its standard error cannot be estimated.",
        "单位“{unit}”的“{part}”部分只有一个分数，无法估计标准误。",
    ),
    "no_unit_twice": (
        "No unit has two scores, so the noise of one score cannot be told from the differences between units.",
        "没有一个单位有两个以上分数，无法把单个分数的误差与单位之间的差别分开。",
    ),
    "too_few_ratings": (
        "There are fewer ratings than the model needs; at least three are required.",
        "评分太少，不够模型使用；至少需要三个。",
    ),
    "below_five": (
        "{marks} ratings are too few: nothing is said below {least}.",
        "只有 {marks} 个评分，太少：少于 {least} 个不给任何结果。",
    ),
    "no_freedom_left": (
        "There are too few ratings to tell units, raters and noise apart: some rater must mark the same units as another.",
        "评分太少，无法把单位、评分人和误差分开：要有评分人评过相同的几个单位。",
    ),
    "bad_design": (
        "The columns that explain the means must have one row for each of {units} units, be fewer, and not follow from each other.",
        "用来解释均值的各列须与 {units} 个单位一一对应，列数少于单位数，且互不能推出。",
    ),
    "lengths_differ": (
        "The lists differ in length: {what} has {found} entries, expected {expected}.",
        "各列表长度不一：{what} 有 {found} 项，应为 {expected} 项。",
    ),
    "unit_twice": ("The unit “{unit}” is listed twice.", "单位“{unit}”出现了两次。"),
    "not_finite": (
        "Among the {what} that of unit “{unit}” is not a finite number.",
        "单位“{unit}”的{what}不是有限的数。",
    ),
    "se_negative": ("The standard error of unit “{unit}” is negative.", "单位“{unit}”的标准误是负数。"),
    "se_all_zero": (
        "Every standard error is zero, so nothing is known about the noise of the scores.",
        "所有标准误都是零，无从知道分数的误差。",
    ),
    "error_negative": (
        "Line {line}: “{value}” in column “{column}” is negative; a standard error cannot be.",
        "第 {line} 行：“{column}”列的“{value}”是负数；标准误不能为负。",
    ),
    "count_not_whole": (
        "Line {line}: “{value}” in column “{column}” is not a whole number from 1. Write one; for ballots, leave it blank where nothing "
        "is ranked, and name --item and --rank if each row is one place.",
        "第 {line} 行：“{column}”列的“{value}”不是 1 以上的整数。请写整数；选票未排的留空；"
        "若每行只是一个位次，请用 --item 和 --rank 指明列名。",
    ),
    "options_apart": ("{option} and {other} do not go together.", "{option} 与 {other} 不能同时使用。"),
    "option_needs": ("{option} needs {other}.", "{option} 须与 {other} 一起使用。"),
    "no_units": ("There is no unit to score.", "没有可计分的单位。"),
    "bad_level": (
        "The level must lie between 0 and 1: 0.95 stands for 95 %.",
        "置信水平必须在 0 与 1 之间：0.95 即 95 %。",
    ),
    "bad_quota": (
        "The quota must be a whole number from 1 to {units}, the number of units compared.",
        "名额必须是 1 到 {units}（参加比较的单位数）之间的整数。",
    ),
    "bad_covariance": (
        "The covariance must be a symmetric matrix with one row per unit and no negative variance.",
        "协方差必须是每个单位一行的对称矩阵，方差不得为负。",
    ),
    "bad_cells": (
        "The published cells do not add up to the true counts, or a grade is missing from them.",
        "公布的合并格与真实计数不符，或缺少某个等次。",
    ),
    "bad_threshold": (
        "The thresholds may only be raised: band from 5, score from 10, compared from 13.",
        "门槛只能调高：5 票起给档次，10 票起给分数，13 票起参加比较。",
    ),
    "bad_table": (
        "The figures of the release do not add up, or one is missing: {what}.",
        "待公布的数字加起来不相符，或者缺少一项：{what}。",
    ),
    "bad_gate": (
        "The gate may only be tightened: counts of 5 at least, breakdowns of groups of 10 at least.",
        "保密门槛只能调严：计数至少为 5，细分的群体至少为 10 人。",
    ),
    "no_certificate": ("This file is no certificate of a release.", "这个文件不是公布内容的证明。"),
    # what may be published
    "withheld_protects": (
        "Not published: this count, or another one that could be worked out from it, stands for fewer than {least} ballots, or for "
        "nearly all of a group.",
        "不公布：这个数，或者由它可以推算出的另一个数，不足 {least} 票，或者几乎是全组一致。",
    ),
    "withheld_small_group": (
        "Not published: the group is too small for its marks to be broken down.",
        "不公布：这个组人数太少，不能细分等次。",
    ),
    "certificate_holds": (
        "The certificate holds: {figures} figures published, {hidden} hidden, and other tables fit everything published.",
        "证明成立：公布 {figures} 个数，隐去 {hidden} 个，另有不同的表也符合全部公布内容。",
    ),
    "certificate_fails": (
        "The certificate proves nothing here: {places}.",
        "证明在以下各处不成立：{places}。",
    ),
    "too_few_to_agree": (
        "Agreement cannot be measured here: it takes at least two raters, two things rated, and marks that differ.",
        "这里无法衡量一致程度：至少要有两名评分人、两个被评对象，而且打分要有差别。",
    ),
    "bad_least_peers": ("A peer group has at least {least} others.", "同类单位至少要有 {least} 个。"),
    "count_below_one": ("“{unit}” must have at least one rating.", "“{unit}”至少要有一个评分。"),
    "bad_critical": ("The critical value must be a finite number above zero.", "临界值必须是大于零的有限数。"),
    # weights and raking
    "no_rater_groups": ("There is no group of raters to combine.", "没有可合成的评分人群体。"),
    "group_weight_not_positive": (
        "The weight of the raters “{group}” must be a finite number above zero.",
        "评分人群体“{group}”的权重必须是大于零的有限数。",
    ),
    "no_complete_unit": (
        "No unit has marks from every group of raters, so none can be compared.",
        "没有一个单位得到全部评分人群体的评分，无法比较。",
    ),
    "category_empty": (
        "Nobody answered in category “{category}” of “{margin}”, whose known total is {total}.",
        "“{margin}”中的“{category}”类无人作答，而已知总数为 {total}。",
    ),
    "category_unknown": (
        "“{category}” of “{margin}” has answers but no known total.",
        "“{margin}”中的“{category}”类有人作答，但没有已知总数。",
    ),
    "totals_differ": (
        "The known totals of “{margin}” add up to {found}, those of “{first}” to {expected}.",
        "“{margin}”的已知总数合计 {found}，“{first}”的合计 {expected}。",
    ),
    "weights_not_positive": (
        "Every weight and every known total must be a finite number above zero.",
        "每个权重和每个已知总数都必须是大于零的有限数。",
    ),
    # screens
    "equal_ballots": (
        "{count} ballots carry the very same {items} marks; by chance about {expected} would. They may be copies, or "
        "people who truly agree.",
        "有 {count} 张票的 {items} 项打分完全相同；偶然情况下约有 {expected} 张。可能是照抄，也可能确实看法一致。",
    ),
    "straight_lines": (
        "{count} of {ballots} ballots give one and the same mark to all {items} items; about {expected} would by chance. "
        "They may be careless, or mean it.",
        "{ballots} 张票中有 {count} 张对全部 {items} 项打同一等次；偶然情况下约有 {expected} 张。可能是随手填写，也可能确是本意。",
    ),
    "unlike_the_others": (
        "The {n} marks of rater “{rater}” lie {times} times as far from what rater and units lead to expect as those "
        "of others. A different view is no fault.",
        "评分人“{rater}”的 {n} 个打分偏离预期的程度是其他人的 {times} 倍。看法不同并非过错。",
    ),
    "leans_on_cluster": (
        "Without the {n} marks from “{cluster}” the mean of “{unit}” would be {without} instead of {mean}.",
        "去掉来自“{cluster}”的 {n} 个打分，“{unit}”的均值将是 {without}，而不是 {mean}。",
    ),
    # models, in words
    "model_crossed": (
        "Score = overall mean + severity of the rater + unit + group + noise, fitted by {method}.",
        "分数 = 总平均 + 评分人的宽严 + 单位 + 组别 + 误差，用 {method} 估计。",
    ),
    "model_crossed_no_group": (
        "Score = overall mean + severity of the rater + unit + noise, fitted by {method}.",
        "分数 = 总平均 + 评分人的宽严 + 单位 + 误差，用 {method} 估计。",
    ),
    "model_units_and_groups": (
        "Score = overall mean + unit + group + noise, fitted by {method}.",
        "分数 = 总平均 + 单位 + 组别 + 误差，用 {method} 估计。",
    ),
    "model_units_alone": (
        "Score = overall mean + unit + noise, fitted by {method}.",
        "分数 = 总平均 + 单位 + 误差，用 {method} 估计。",
    ),
    "model_fixed_raters": (
        "Score = rater + unit + noise, all of them as fixed effects, fitted by {method}; Student’s t intervals.",
        "分数 = 评分人 + 单位 + 误差，均作固定效应，用最小二乘估计（{method}），t 分布区间。",
    ),
    "model_fixed_units": (
        "Score = unit + noise, units as fixed effects, fitted by {method}; Student’s t intervals.",
        "分数 = 单位 + 误差，单位作固定效应，用最小二乘估计（{method}），t 分布区间。",
    ),
    "model_one_way": (
        "Score = overall mean + unit + noise (one-way model), fitted by REML.",
        "分数 = 总平均 + 单位 + 误差（单因素模型），用 REML 估计。",
    ),
    "model_fay_herriot": (
        "Mean of a unit = overall mean + unit + an error of known size (Fay–Herriot model), fitted by REML.",
        "单位均值 = 总平均 + 单位 + 已知大小的误差（Fay–Herriot 模型），用 REML 估计。",
    ),
    "said_fixed": (
        "The mean moves with {factors}, each against its first level: {effects}.",
        "总平均随 {factors} 变动，各以其首个取值为基准：{effects}。",
    ),
    "said_more": ("{count} more in the fit record", "另有 {count} 项见估计记录"),
    # warnings
    "few_units": (
        "With {units} units (fewer than {few}) how far units differ in general cannot be estimated: scores are plain means and "
        "are not shrunk.",
        "只有 {units} 个单位（少于 {few} 个），无法估计单位之间一般差多少：分数就是均值，不作收缩。",
    ),
    "few_units_or_raters": (
        "With {units} units and {raters} raters (fewer than {few} of one) it cannot be estimated how far they differ in general: "
        "only these units and raters are described, groups are left out, and scores are not shrunk.",
        "有 {units} 个单位、{raters} 位评分人（其中一项少于 {few}），无法估计其一般差异：只描述这些单位和评分人，不计组别，分数不作收缩。",
    ),
    "few_levels": (
        "With {units} units and {raters} raters (fewer than {few} of one) their variances are hardly known.",
        "有 {units} 个单位、{raters} 位评分人（其中一项少于 {few}），其方差很难估准。",
    ),
    "units_below_five": (
        "Nothing is said of units with fewer than {least} ratings: {units}.",
        "评分少于 {least} 个的单位不给任何结果：{units}。",
    ),
    "fixed_dropped": (
        "Left out, because they follow from others or have one value only: {columns}.",
        "下列各项可由其他项推出或只有一个取值，已去掉：{columns}。",
    ),
    "fixed_in_units": (
        "{columns} do not vary within units, so they cannot be told from the units and stay in their scores.",
        "{columns} 在单位内部没有变化，与单位本身分不开，仍留在单位的分数里。",
    ),
    "fixed_too_large": (
        "{units} units are too many for fixed columns. Leave them out, or fit sectors or regions one by one.",
        "{units} 个单位太多，无法加入固定效应列。请不用这些列，或按系统、地区分别估计。",
    ),
    "severity_unseparated": (
        "Without raters, or with ratings of a single unit each, the severity of a rater and the noise of a mark "
        "cannot be separated.",
        "没有评分人一列，或每位评分人只评一个单位时，评分人的宽严与单次评分的误差分不开。",
    ),
    "one_rater": (
        "All marks are those of one rater: how others would see the units is not known.",
        "全部评分出自同一位评分人：换一位会怎样看这些单位，无从知道。",
    ),
    "no_difference": (
        "No difference between units can be detected: every rank from 1 to {units} is possible for each.",
        "看不出单位之间有差别：每个单位都可能是第 1 到第 {units} 名。",
    ),
    "term_dropped": (
        "The variance of “{term}” was estimated as zero and the term was dropped.",
        "“{term}”的方差估计为零，该项已去掉。",
    ),
    "not_converged": (
        "The fit did not converge; the variances shown are moment estimates and should not be relied on.",
        "估计没有收敛；所示方差是矩估计，不宜据以下结论。",
    ),
    "disconnected": (
        "Raters and units fall into {parts} groups that share no rater: units of different groups are not compared.",
        "评分人与单位分成互不相连的 {parts} 块：不同块的单位不作比较。",
    ),
    "duplicates": (
        "{count} times a rater marked the same unit more than once; all marks were used.",
        "有 {count} 处同一评分人对同一单位打了不止一次分；全部计入。",
    ),
    "missing_scores": ("{count} rows without a score: left out.", "有 {count} 行没有分数，未计入。"),
    "too_few_to_compare": (
        "{count} units have fewer than {least} ratings: scores are shown there, ranks are not.",
        "有 {count} 个单位的评分少于 {least} 个：显示分数，不参加比较。",
    ),
    "moments_used": (
        "With so many units the variances come from moments, and standard errors are upper bounds: those of plain means.",
        "单位太多，方差用矩法估计，标准误取上限，即简单平均的标准误。",
    ),
    "too_many_to_compare": (
        "{count} units are too many to compare every pair (at most {most}): scores are shown, ranks are not. Compare "
        "within sectors or regions.",
        "{count} 个单位太多，无法两两比较（最多 {most} 个）：显示分数，不给名次。请按系统或地区分别比较。",
    ),
    "zero_se_replaced": (
        "{count} units had a standard error of zero (all marks equal); the pooled one was used instead, "
        "because equal marks do not prove certainty.",
        "有 {count} 个单位的标准误为零（打分全同）；改用合并标准误，因为打分全同不等于毫无误差。",
    ),
    "parts_bound": (
        "Scores were put together from parts whose slips cannot be joined; the standard error is the upper bound "
        "that holds however the parts are correlated.",
        "分数由互不能对应的几部分合成；所用标准误是上限，无论各部分如何相关都成立。",
    ),
    "single_unit": ("There is a single unit: nothing to compare.", "只有一个单位，无从比较。"),
    # the answer
    "what_interval_means": (
        "An interval says how far another, equally entitled set of raters would differ.",
        "区间说明：换一批同样有资格的评分人，结果会差多少。",
    ),
    "what_known_error_means": (
        "An interval says how far the mean may be off by the standard error the file gives.",
        "区间说明：按文件给出的标准误，均值可能偏离多少。",
    ),
    "what_ranks_mean": (
        "A rank range holds every rank the unit may truly have; all ranges together are right with {level} % "
        "confidence. Rows follow the score for reading only: two units whose ranges overlap may truly stand the other "
        "way round, and only pairs that separate are in any order.",
        "名次范围包含该单位可能的全部真实名次；所有范围同时正确的把握是 {level} %。各行按分数排列只为便于阅读："
        "范围重叠的两个单位，真实先后可能相反；只有能分开的单位之间才有先后。",
    ),
    "what_shrunken_means": (
        "The shrunken score is pulled towards the overall mean as far as the noise of the marks deserves.",
        "收缩分数按打分误差的大小向总平均靠拢。",
    ),
    "said_model": ("Model: {model}", "模型：{model}"),
    "said_size": ("{ratings} ratings of {units} units.", "{units} 个单位，{ratings} 个评分。"),
    "said_units": ("Means of {units} units.", "{units} 个单位的均值。"),
    "said_mean": ("Overall mean {mean} (standard error {error}).", "总平均 {mean}（标准误 {error}）。"),
    "said_deviations": ("Standard deviations: {deviations}.", "标准差：{deviations}。"),
    "said_pairs": (
        "{separate} of {pairs} pairs of units separate ({percent} %).",
        "{pairs} 对单位中有 {separate} 对能分开（{percent} %）。",
    ),
    "said_width": (
        "Median width of the simultaneous rank set: {width} of {units} places.",
        "同时名次范围宽度的中位数：{units} 个名次中占 {width} 个。",
    ),
    "said_quota": (
        "For {quota} places: {inside} surely in, {outside} surely out, {undecided} open.",
        "名额 {quota} 个：{inside} 个肯定入围，{outside} 个肯定不入围，{undecided} 个待定。",
    ),
    "said_surely_in": ("Surely in: {units}.", "肯定入围：{units}。"),
    "said_nobody_compared": ("No unit is compared.", "没有单位参加比较。"),
    "said_warning": ("Warning: {warning}", "注意：{warning}"),
    "said_head": ("Head of the table, {shown} of {units} units:", "表首，{units} 个单位中的 {shown} 个："),
    "said_written": ("Written: {files}", "已写出：{files}"),
    "term_rater": ("rater", "评分人"),
    "term_unit": ("unit", "单位"),
    "term_group": ("group", "组别"),
    "term_residual": ("noise", "误差"),
    "column_unit": ("unit", "单位"),
    "column_n": ("n", "票数"),
    "column_score": ("score", "分数"),
    "column_shrunken": ("shrunken", "收缩分数"),
    "column_interval": ("interval", "区间"),
    "column_ranks": ("ranks", "名次范围"),
    "column_quota": ("quota", "名额"),
    "quota_in": ("surely in", "肯定入围"),
    "quota_out": ("surely out", "肯定不入围"),
    "quota_open": ("open", "待定"),
    "reading": ("reading {path} …", "正在读取 {path} ……"),
    "reading_percent": ("  read: {percent} %", "  已读取 {percent} %"),
    "stopped": ("Stopped; nothing was written.", "已停止，没有写出任何文件。"),
    "fitting": ("fitting and ranking {units} units …", "正在估计并比较 {units} 个单位 ……"),
    # the method file
    "method_title": ("Method", "方法"),
    "method_recompute": ("To recompute:", "重新计算的命令："),
    "method_record": ("Fit record", "估计记录"),
    "method_source": (
        "File {name}, SHA-256 {sha256}; columns: {columns}.",
        "文件 {name}，SHA-256 {sha256}；所用列：{columns}。",
    ),
    "method_ranks": (
        "Rank sets: simultaneous confidence sets from pairwise differences (Mogstad, Romano, Shaikh & Wilhelm 2024), "
        "{draws} simulated draws, seed {seed}, step-down, critical value {critical}.",
        "名次范围：由两两差别得到的同时置信集（Mogstad、Romano、Shaikh、Wilhelm 2024），"
        "模拟 {draws} 次，种子 {seed}，逐步下降，临界值 {critical}。",
    ),
    **COMPARING,
    **COUNTING,
    **NOISE,
    **READING,
}


def say(key: str, language: Language, **values: object) -> str:
    """The sentence `key` in `language` with `values` filled in, tuples as lists. Raises KeyError for an unknown key."""
    comma = ", " if language == "en" else "、"
    filled = {name: comma.join(value) if isinstance(value, tuple) else value for name, value in values.items()}
    said = SENTENCES[key][0 if language == "en" else 1].format(**filled)
    if not said.isascii():
        # Halves of signs, in names that were read in a wrong code, can be printed nowhere.
        said = said.encode("utf-8", "replace").decode()
    return _of_one(said) if language == "en" and any(value in (1, "1") for value in values.values()) else said


def _of_one(said: str) -> str:
    """A sentence on 1 units as a sentence on 1 unit, with the verb behind it."""
    words = said.split(" ")
    for place in range(1, len(words)):
        noun = words[place].rstrip(MARKS)
        if words[place - 1].lstrip("(“") != "1" or noun.removesuffix("s") not in COUNTED:
            continue
        words[place] = noun.removesuffix("s") + words[place][len(noun) :]
        if place + 1 < len(words) and words[place] in COUNTED:
            words[place + 1] = VERBS.get(words[place + 1], words[place + 1])
    return " ".join(words)


def places(standard_error: float) -> int:
    """Decimals that show two significant digits of this error, from 0 to 6."""
    if not (math.isfinite(standard_error) and standard_error > 0):
        return 2
    return min(6, max(0, 1 - math.floor(math.log10(standard_error))))


def signed(value: float, decimals: int) -> str:
    """With a sign, a true minus, and no sign before a zero."""
    text = f"{abs(value):.{decimals}f}"
    return text if float(text) == 0 else ("+" if value > 0 else "\N{MINUS SIGN}") + text


def percent(level: float) -> str:
    """A level between 0 and 1 in per cent, without needless digits."""
    return f"{100 * level:.10g}"


class InputError(ValueError):
    """Input the engine refuses; `sentence(language)` tells a person what to mend."""

    def __init__(self, key: str, **values: object) -> None:
        self.key = key
        self.values = values
        super().__init__(say(key, "en", **values))

    def sentence(self, language: Language) -> str:
        """The refusal in the reader's language."""
        return say(self.key, language, **self.values)

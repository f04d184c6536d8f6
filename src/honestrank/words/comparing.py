"""The sentences of the four comparisons, of what would have to differ for two units to separate, and of combined scores.

In English and Chinese; `wording` joins them to the others.
"""

COMPARING: dict[str, tuple[str, str]] = {
    # over time
    "over_time_above": (
        "{unit} has risen against its own past: {score} in {now}, {reference} in {before}, a difference of {difference} "
        "({level} % interval {low} to {high}).",
        "{unit}比自身过去有提高：{now}为 {score}，{before}为 {reference}，相差 {difference}（{level}% 区间 {low} 至 {high}）。",
    ),
    "over_time_below": (
        "{unit} has fallen against its own past: {score} in {now}, {reference} in {before}, a difference of {difference} "
        "({level} % interval {low} to {high}).",
        "{unit}比自身过去有下降：{now}为 {score}，{before}为 {reference}，相差 {difference}（{level}% 区间 {low} 至 {high}）。",
    ),
    "over_time_indistinguishable": (
        "{unit} does not differ detectably from its own past: {score} in {now}, {reference} in {before}, a difference of "
        "{difference} ({level} % interval {low} to {high}).",
        "{unit}与自身过去相比看不出差别：{now}为 {score}，{before}为 {reference}，相差 {difference}"
        "（{level}% 区间 {low} 至 {high}）。",
    ),
    "common_items": (
        "Compared are the {count} items both appraisals asked: {items}.",
        "只比较两次测评共有的 {count} 个项目：{items}。",
    ),
    "items_left_out": (
        "Left out, because only one of the appraisals asked them: {items}.",
        "下列项目只有一次测评设置，未纳入比较：{items}。",
    ),
    "waves_apart": (
        "Secret ballots of two appraisals cannot be linked, so their errors are taken as independent. Where some of the same "
        "people voted both times, the interval is wider than it need be.",
        "两次测评的无记名选票无法对应，误差按相互独立计算；若两次有相同的人投票，区间只会偏宽（偏保守）。",
    ),
    "no_common_items": (
        "{unit} is not compared with its own past: the appraisals {now} and {before} have no item in common.",
        "{unit}不与自身过去比较：{now}与{before}两次测评没有共同的项目。",
    ),
    "scale_changed": (
        "{unit} is not compared with its own past: {now} and {before} used different grades or points.",
        "{unit}不与自身过去比较：{now}与{before}使用的等次或分值不同。",
    ),
    # among peers
    "among_peers_above": (
        "{unit} stands above the mean of its {peers} peers: {score} against {reference}, a difference of {difference} "
        "({level} % interval {low} to {high}).",
        "{unit}高于 {peers} 个同类单位的平均：{score} 对 {reference}，相差 {difference}（{level}% 区间 {low} 至 {high}）。",
    ),
    "among_peers_below": (
        "{unit} stands below the mean of its {peers} peers: {score} against {reference}, a difference of {difference} "
        "({level} % interval {low} to {high}).",
        "{unit}低于 {peers} 个同类单位的平均：{score} 对 {reference}，相差 {difference}（{level}% 区间 {low} 至 {high}）。",
    ),
    "among_peers_indistinguishable": (
        "{unit} cannot be told from the mean of its {peers} peers: {score} against {reference}, a difference of "
        "{difference} ({level} % interval {low} to {high}).",
        "{unit}与 {peers} 个同类单位的平均分不出高下：{score} 对 {reference}，相差 {difference}（{level}% 区间 {low} 至 {high}）。",
    ),
    "peers_left_out": (
        "Left out of the mean, with fewer than {least} marks each: {peers}.",
        "下列同类单位评分少于 {least} 个，未计入平均：{peers}。",
    ),
    "too_few_peers": (
        "{unit} is not compared with its peers: {peers} others have figures to compare, and it takes {least}.",
        "{unit}不作同类比较：可比的其他同类单位只有 {peers} 个，至少需要 {least} 个。",
    ),
    # inside
    "inside_above": (
        "{unit} stands above the mean of the other {others} units inside: {score} against {reference}, a difference of "
        "{difference} ({level} % interval {low} to {high}).",
        "{unit}高于内部其他 {others} 个单位的平均：{score} 对 {reference}，相差 {difference}（{level}% 区间 {low} 至 {high}）。",
    ),
    "inside_below": (
        "{unit} stands below the mean of the other {others} units inside: {score} against {reference}, a difference of "
        "{difference} ({level} % interval {low} to {high}).",
        "{unit}低于内部其他 {others} 个单位的平均：{score} 对 {reference}，相差 {difference}（{level}% 区间 {low} 至 {high}）。",
    ),
    "inside_indistinguishable": (
        "{unit} cannot be told from the mean of the other {others} units inside: {score} against {reference}, a difference "
        "of {difference} ({level} % interval {low} to {high}).",
        "{unit}与内部其他 {others} 个单位的平均分不出高下：{score} 对 {reference}，相差 {difference}"
        "（{level}% 区间 {low} 至 {high}）。",
    ),
    "inside_spread": (
        "The {units} units inside {whole} differ by a standard deviation of about {spread}; {separate} of {pairs} pairs "
        "separate, all pairs together at {level} %.",
        "{whole}内部 {units} 个单位之间的标准差约为 {spread}；{pairs} 对中有 {separate} 对能分出高下"
        "（全部各对同时成立的把握为 {level}%）。",
    ),
    "inside_alike": (
        "No difference between the {units} units inside {whole} can be detected.",
        "{whole}内部 {units} 个单位之间看不出差别。",
    ),
    "too_few_inside": (
        "{unit} is not compared inside: {units} of its units have figures to compare, and it takes {least}.",
        "{unit}不作内部比较：可比的内部单位只有 {units} 个，至少需要 {least} 个。",
    ),
    # from outside
    "outside_view_above": (
        "{outside} see {unit} more favourably than {inside}: {score} against {reference}, a difference of {difference} "
        "({level} % interval {low} to {high}).",
        "{outside}对{unit}的评价高于{inside}：{score} 对 {reference}，相差 {difference}（{level}% 区间 {low} 至 {high}）。",
    ),
    "outside_view_below": (
        "{outside} see {unit} less favourably than {inside}: {score} against {reference}, a difference of {difference} "
        "({level} % interval {low} to {high}).",
        "{outside}对{unit}的评价低于{inside}：{score} 对 {reference}，相差 {difference}（{level}% 区间 {low} 至 {high}）。",
    ),
    "outside_view_indistinguishable": (
        "{outside} and {inside} do not differ detectably about {unit}: {score} against {reference}, a difference of "
        "{difference} ({level} % interval {low} to {high}).",
        "{outside}与{inside}对{unit}的评价看不出差别：{score} 对 {reference}，相差 {difference}"
        "（{level}% 区间 {low} 至 {high}）。",
    ),
    "among_published_above": (
        "{unit} stands above the mean of {others} published figures: {score} against {reference}, a difference of "
        "{difference} ({level} % interval {low} to {high}).",
        "{unit}高于已公布的 {others} 个外部数据的平均：{score} 对 {reference}，相差 {difference}（{level}% 区间 {low} 至 {high}）。",
    ),
    "among_published_below": (
        "{unit} stands below the mean of {others} published figures: {score} against {reference}, a difference of "
        "{difference} ({level} % interval {low} to {high}).",
        "{unit}低于已公布的 {others} 个外部数据的平均：{score} 对 {reference}，相差 {difference}（{level}% 区间 {low} 至 {high}）。",
    ),
    "among_published_indistinguishable": (
        "{unit} cannot be told from the mean of {others} published figures: {score} against {reference}, a difference of "
        "{difference} ({level} % interval {low} to {high}).",
        "{unit}与已公布的 {others} 个外部数据的平均分不出高下：{score} 对 {reference}，相差 {difference}"
        "（{level}% 区间 {low} 至 {high}）。",
    ),
    "place_among_published": (
        "Among these {all} figures its place lies anywhere from {place_low} to {place_high}.",
        "在这 {all} 个数据中，它的名次可能是第 {place_low} 至第 {place_high}。",
    ),
    "shrunken_among_published": (
        "Pulled towards the mean of all as far as its error deserves, the best guess for it is {shrunken} (prediction error "
        "{error}).",
        "按误差大小向总平均收缩后，对它的最佳估计为 {shrunken}（预测误差 {error}）。",
    ),
    "gathered_elsewhere": (
        "The other figures were gathered by others. They compare only as far as the question, the scale and those asked "
        "were the same.",
        "其他数据由别处采集；只有问题、量表和调查对象相同，才可以相比。",
    ),
    "too_few_published": (
        "{unit} is not compared with other places: {others} published figures are known, and it takes {least}.",
        "{unit}不与外部比较：已知的外部公布数据只有 {others} 个，至少需要 {least} 个。",
    ),
    # any of them
    "one_statement": (
        "The {level} % hold for this one statement. They do not hold for many of them read together, and no order of units "
        "follows.",
        "{level}% 的把握只对这一句成立；许多句放在一起看则不成立，也不能由此排出名次。",
    ),
    "too_few_marks": (
        "{unit} is shown but not compared: {name} rests on {n} marks, and it takes {least}.",
        "{unit}只展示、不比较：{name}只有 {n} 个评分，至少需要 {least} 个。",
    ),
    "nothing_known_of_noise": (
        "{unit} is shown but not compared: every standard error is zero, so nothing is known about the noise.",
        "{unit}只展示、不比较：所有标准误都是零，无从知道误差大小。",
    ),
    # what would have to be different
    "need_separates": (
        "{first} and {second} are clearly different: they are about {size} apart, and more than {needed} is enough.",
        "{first}与{second}已经能分出高下：相差约 {size}，超过 {needed} 即可。",
    ),
    "need_difference": (
        "{first} and {second} are not clearly different: they are about {size} apart, and with as many ratings as now it "
        "takes more than {needed}.",
        "{first}与{second}分不出高下：相差约 {size}；按现有评分数，相差超过 {needed} 才能分出高下。",
    ),
    "need_both": (
        "If the difference stays as it is, both need {times} times as many ratings: {first} {more_first} more, {second} "
        "{more_second} more.",
        "如果差值不变，两者的评分数都要增加到 {times} 倍：{first}再加 {more_first} 个，{second}再加 {more_second} 个。",
    ),
    "need_both_more_than_all": (
        "If the difference stays as it is, both need {times} times as many ratings: more than everybody there is ({pool}).",
        "如果差值不变，两者的评分数都要增加到 {times} 倍：超过全部可评分的人数（{pool} 人）。",
    ),
    "need_one": (
        "Or {name} alone needs {more} more ratings.",
        "或者只给{name}再增加 {more} 个评分。",
    ),
    "need_one_more_than_all": (
        "More ratings of {name} alone are not enough: it would take more than everybody there is ({pool}).",
        "只给{name}增加评分不够：需要的人数超过全部可评分的人数（{pool} 人）。",
    ),
    "need_one_never": (
        "More ratings of {name} alone are never enough: the figure of the other is too uncertain.",
        "只给{name}增加评分，再多也不够：另一方的误差太大。",
    ),
    "need_true_difference": (
        "The true difference may be smaller than the one seen; then even more are needed.",
        "真实差值可能小于现在看到的差值；那样需要的评分更多。",
    ),
    "need_no_ranks": (
        "{first} and {second} are not compared, so nothing can be said of what would set them apart.",
        "{first}与{second}不作比较，因此无法说明怎样才能分出高下。",
    ),
    "need_no_difference": (
        "{first} and {second} have the same score: no number of ratings is known that would tell them apart.",
        "{first}与{second}得分相同：无法算出需要多少评分才能分出高下。",
    ),
    # groups of raters combined
    "combined": (
        "{unit}: {score} (standard error {error}), combined by the weights frozen at the start: {groups}.",
        "{unit}：{score}（标准误 {error}），按启动时冻结的权重合成：{groups}。",
    ),
    "combined_group": (
        "{name} {score} from {n} marks, weight {weight} %",
        "{name} {score}（{n} 个评分，权重 {weight}%）",
    ),
    "group_missing": (
        "{unit} is shown but not compared: no figure of {missing} may be published or is there, and its weight is never "
        "spread over the others.",
        "{unit}只展示、不比较：{missing}没有可公布的数据；其权重不会摊给其他群体。",
    ),
}

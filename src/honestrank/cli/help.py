"""The parser of the command lines, whose help and complaints are in English or, with `--lang zh`, in Chinese.

The words of the answer are in `wording`.
"""

import argparse
import re
import sys
from collections.abc import Sequence
from typing import Any

from honestrank.words.wording import Language

CHINESE = {
    "Ratings to scores and honest ranks.": "由评分得出分数和诚实的名次。",
    "CSV or Parquet, one rating (with --se: one unit's mean) a row": "CSV 或 Parquet 文件，每行一个评分（用 --se 时每行一个单位的均值）",
    "column of the unit rated": "被评单位所在的列",
    "column of the score, higher is better": "分数所在的列，越高越好",
    "column of the score's standard error: the file holds means": "分数标准误所在的列：文件里是均值",
    "column of the number of marks behind a mean (with --se)": "每个均值所依据的评分个数所在的列（与 --se 同用）",
    "column of the rater or ballot": "评分人或选票所在的列",
    "column of the group, or several joined by a colon": "组别所在的列，多列用冒号连接",
    "column the mean moves with (item, wave, stratum; with --se: region, kind), against its first value; may be given "
    "again": "总平均随之变动的列（项目、轮次、层；用 --se 时如地区、类别），以首个取值为基准；可多次给出",
    "column of the part of the unit's score (without --rater); with --se: of the group of raters": ""
    "单位分数的组成部分所在的列（不与 --rater 同用）；用 --se 时为评价主体所在的列",
    "column of the part's weight": "各部分权重所在的列",
    "say who is surely in, surely out, open for K places": "说明 K 个名额中谁必入、谁必不入、谁待定",
    "least ratings to be compared (13)": "参加比较至少需要的评分个数（13）",
    "noise of units: the larger of own and pooled, own, or one for all": "单位误差的取法：自身与总体中较大者、自身、或全体相同",
    "points of the grades a rater may give, as 10,7,5,2": "评分人可给的档次分值，如 10,7,5,2",
    "raters were assigned at random": "评分人是随机分配的",
    "confidence level (0.95)": "置信水平（0.95）",
    "simulated draws (by the number of units)": "模拟次数（缺省时按单位个数定）",
    "start of the random numbers": "随机数的种子",
    "memory for reading; what is more goes to disk": "读取时可用的内存（GB），多出的写到磁盘",
    "fit by moments above N ratings (5000000)": "评分超过 N 个时用矩估计（5000000）",
    "write result.json, units.csv and method.md here": "把 result.json、units.csv 和 method.md 写到这里",
    "language of the answer": "回答所用的语言",
    "certificate of a release, as JSON": "一次发布的证明，JSON 文件",
    "Counts ballots that rank. Long form: a row says which place a ballot gives an item. Wide form (without --item): a row is a ballot, "
    "a column a candidate, a cell the place.": "统计排序选票。长表：每行说明一张选票把某个候选对象排在第几位。"
    "宽表（不用 --item）：每行一张选票，每列一个候选对象，格中是位次。",
    "CSV or Parquet; blank rank: not listed": "CSV 或 Parquet 文件；位次空着表示未列入",
    "how ballots are counted": "计票方法",
    "column of the ballot": "选票所在的列",
    "column of the item ranked (long form)": "被排对象所在的列（长表）",
    "column of the place, 1 is best, equal for ties (long form)": "位次所在的列，1 为最好，并列的写相同数字（长表）",
    "column of how many such ballots there are (wide form)": "同样的选票有几张（宽表）",
    "what not listing says": "未列入表示什么：below 排在所有列入者之后，unknown 不表态",
    "how many are elected (stv)": "选出几个（stv）",
    "all candidates in the order lots exclude them (stv)": "抽签时依次排除的全部候选对象（stv）",
    "made-up contests each wins and loses (plackett-luce)": "设想每个对象各胜、各负几场（plackett-luce）",
    "make ties a part of the model (plackett-luce)": "把并列纳入模型（plackett-luce）",
    "count the largest part that ballots join (plackett-luce)": "只统计选票相互贯通的最大一部分（plackett-luce）",
    "confidence level (plackett-luce; 0.95)": "置信水平（plackett-luce；0.95）",
    "simulated draws (plackett-luce)": "模拟次数（plackett-luce）",
    "write result.json, candidates.csv, method.md here": "把 result.json、candidates.csv、method.md 写到这里",
    "show this help message and exit": "显示本说明后退出",
}

# What argparse itself says.
ITS_OWN = (
    (r"\busage: ", "用法："),
    (r"^positional arguments:", "位置参数："),
    (r"^options:", "选项："),
    (r"the following arguments are required: ", "缺少必需的参数："),
    (r"unrecognized arguments: ", "不认识的参数："),
    (r"argument (\S+): ", r"参数 \1："),
    (r"expected one argument", "后面要有一个值"),
    (r"invalid choice: (\S+) \(choose from (.*)\)", r"没有 \1 这个选择，可选：\2"),
    (r"invalid (\w+) value: ", "不是合适的值："),
    (
        r"was given twice; join several columns by a colon, as in dept:service",
        "给了两次；多列请用冒号连接，如 dept:service",
    ),
    (r": error: ", "：错误："),
)


def language_of(given: Sequence[str]) -> Language:
    """The language asked for, before anything is parsed."""
    asked = re.findall(r"(?:^|\0)--lang(?:=|\0)([\w-]+)", "\0".join(given))
    return "zh-hans" if asked and asked[-1] in ("zh", "zh-hans") else "en"


def language_named(word: str) -> str:
    """The language a person means by `--lang`: `zh` is short for `zh-hans`; any other word stands for itself."""
    return "zh-hans" if word == "zh" else word


class Parser(argparse.ArgumentParser):
    """An ArgumentParser that speaks the language; every help has to stand in CHINESE (else KeyError)."""

    def __init__(self, language: Language, prog: str, description: str | None = None) -> None:
        self.language = language
        super().__init__(prog=prog, description=description and self._said(description), add_help=False)
        self.add_argument("-h", "--help", action="help", help="show this help message and exit")

    def _said(self, text: str) -> str:
        return CHINESE[text] if self.language == "zh-hans" else text

    def add_argument(self, *names: Any, **options: Any) -> argparse.Action:
        """As in argparse, the help translated."""
        return super().add_argument(*names, **options | {"help": self._said(options["help"])})

    def _print_message(self, message: str, file: Any = None) -> None:
        if self.language == "zh-hans":
            for pattern, chinese in ITS_OWN:
                message = re.sub(pattern, chinese, message, flags=re.MULTILINE)
        # Not argparse's own way, which swallows that the message could not be written.
        (file or sys.stderr).write(message)

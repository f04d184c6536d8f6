"""What the demo's organisations promise, report and are told: plainly fictional sentences, drawn with a fixed seed."""

import io
import random
from datetime import timedelta

from PIL import Image, ImageDraw

from zhengyou.campaigns.models import Cycle
from zhengyou.commitments.models import CitizenAnswer, OutcomeStatement, PromiseText

THEMES = [
    ("办实事、解民忧", "为民服务"),
    ("修好一条路，点亮一盏灯", "基础设施"),
    ("让群众少跑一趟", "便民办理"),
    ("学在前、干在前", "队伍建设"),
    ("富民强村", "产业发展"),
    ("安全第一，隐患清零", "安全生产"),
]
PROMISES = [
    ("修好主路上坏掉的 {n} 盏路灯", "夜间全部亮起", "沿路住户", "照片和电费单", "service"),
    ("清理 {n} 处乱堆垃圾并设投放点", "一周内不再堆积", "全体居民", "前后对比照片", "harmony"),
    ("为 {n} 名独居老人每月上门一次", "每次有签字记录", "独居老人", "上门记录", "service"),
    ("把办事时限缩短到 {n} 个工作日", "公开时限并可查询", "办事群众", "办理台账", "development"),
    ("组织 {n} 次技能培训", "每次不少于二十人", "村民和职工", "签到与反馈", "development"),
    ("公开 {n} 项收支账目", "每季度张榜公布", "全体群众", "公示照片", "grassroots"),
    ("调解 {n} 起邻里纠纷", "双方签字确认", "当事群众", "调解记录", "harmony"),
    ("结对帮扶 {n} 户困难家庭", "每户有一件实事", "困难家庭", "帮扶记录", "grassroots"),
]
REPORTS = [
    "已完成一半，其余下月完成。",
    "材料已到位，正在施工。",
    "全部完成，欢迎群众查看。",
    "遇到阴雨天气，顺延一周。",
    "已走访两次，记录在册。",
]
ADVERTISEMENT = "专业搬家，价格公道，随叫随到。"
CITIZENS = [
    (CitizenAnswer.Mark.KEPT, "确实修好了，晚上亮堂多了。"),
    (CitizenAnswer.Mark.KEPT, ""),
    (CitizenAnswer.Mark.NOT_KEPT, "我家门口那盏还没有亮。"),
    (CitizenAnswer.Mark.CANNOT_TELL, "没有看到公示。"),
    (CitizenAnswer.Mark.CANNOT_TELL, ADVERTISEMENT),
]
OF_TODAY = [
    (CitizenAnswer.Mark.OFF_COURSE, "路口那一段还是黑的，老人晚上不敢走。"),
    (CitizenAnswer.Mark.ON_COURSE, "上周来人量过尺寸了，等着看。"),
    (CitizenAnswer.Mark.TOO_EARLY, "想问清楚可以找谁？请打 0745-0000000 联系我。"),
]
SO_FAR = [
    (CitizenAnswer.Mark.ON_COURSE, "已经动起来了，看着不错。"),
    (CitizenAnswer.Mark.ON_COURSE, ""),
    (CitizenAnswer.Mark.OFF_COURSE, "到现在还没有看到动静。"),
    (CitizenAnswer.Mark.TOO_EARLY, "刚开了头，还说不好。"),
]


def theme(dice: random.Random) -> tuple[str, str]:
    """A practice theme and the main work it serves."""
    return dice.choice(THEMES)


def promises(dice: random.Random, cycle: Cycle) -> list[PromiseText]:
    """Two to five different promises, due within the cycle."""
    days = (cycle.ends_on - cycle.starts_on).days
    return [
        PromiseText(
            what=what.format(n=dice.randint(2, 12)),
            standard=standard,
            for_whom=for_whom,
            due_on=cycle.starts_on + timedelta(days=dice.randint(days * 5 // 6, days - 1)),
            evidence=evidence,
            aim=aim,
        )
        for what, standard, for_whom, evidence, aim in dice.sample(PROMISES, dice.randint(2, 5))
    ]


def report(dice: random.Random) -> str:
    """A progress report."""
    return dice.choice(REPORTS)


def citizen(dice: random.Random, is_due: bool) -> tuple[str, str]:
    """What a citizen says, before the promise's day or from then on: the mark and the words."""
    mark, sentence = dice.choice(CITIZENS if is_due else SO_FAR)
    return str(mark), sentence


def outcome(dice: random.Random) -> tuple[str, str]:
    """An organisation's own word at the end of the cycle."""
    if dice.random() < 0.75:
        return str(OutcomeStatement.Outcome.FULFILLED), "已按标准全部完成。"
    return str(OutcomeStatement.Outcome.PARTLY), "完成了大部分，其余转入下一轮。"


def deeds(name: str) -> str:
    """A candidate's deeds."""
    return f"{name}围绕中心工作公开承诺并逐项兑现，群众可对照查看；民主测评结果和方法均已公开。"


def photo(dice: random.Random) -> bytes:
    """A drawn picture of a street lamp, different each time, so that nobody mistakes it for a real place."""
    picture = Image.new("RGB", (640, 420), (dice.randint(20, 60), dice.randint(30, 70), dice.randint(70, 120)))
    draw = ImageDraw.Draw(picture)
    draw.rectangle([0, 330, 640, 420], fill=(60, 64, 66))
    for x in range(dice.randint(40, 120), 640, dice.randint(120, 200)):
        draw.line([x, 330, x, 130], fill=(200, 200, 200), width=8)
        draw.ellipse([x - 30, 100, x + 30, 150], fill=(255, 226, 140))
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=80)
    return out.getvalue()

"""What the demo's organisations promise, report and are told: plainly fictional sentences, drawn with a fixed seed."""

import io
import random
from datetime import timedelta

from PIL import Image, ImageDraw

from zhengyou.campaigns.models import Cycle
from zhengyou.campaigns.queries import central_work
from zhengyou.campaigns.rules import Piece
from zhengyou.commitments.models import CitizenAnswer, OutcomeStatement, PromiseText

THEMES = [
    ("办实事、解民忧", "为民服务"),
    ("修好一条路，点亮一盏灯", "基础设施"),
    ("让群众少跑一趟", "便民办理"),
    ("学在前、干在前", "队伍建设"),
    ("富民强村", "产业发展"),
    ("安全第一，隐患清零", "安全生产"),
]
# What the district itself has to get done this year, each piece with the aim that it serves; the last one nobody serves yet.
CENTRAL_WORK = [
    Piece(1, "修通村组道路，点亮主要路口", "service"),
    Piece(2, "办事事项全部进一个窗口", "service"),
    Piece(3, "每个村培育一项集体产业", "development"),
    Piece(4, "安全生产隐患清零", "harmony"),
    Piece(5, "整顿软弱涣散组织", "grassroots"),
]
CARRIERS = {
    "linked-levels": (
        "三级联创",
        "区、镇、村三级结对，每月走访一次，问题当月有回音。",
        "今年走访先看去年没兑现的承诺。",
    ),
    "vanguard-post": (
        "党员先锋岗",
        "窗口挂牌上岗，一次讲清；每季度由办事群众说说好不好。",
        "今年起挂牌的党员写明自己能当场办的事。",
    ),
}
PIECE_OF = {"为民服务": 2, "基础设施": 1, "便民办理": 2, "产业发展": 3, "安全生产": 4}
SERVES = {"修好": 1, "把办": 2, "为 ": 2, "组织": 3}  # by the first signs of a promise: the piece of central work
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
# By the first signs of a promise: what may be reported while it is being fulfilled. Its end is stated apart.
REPORTS = {
    "修好": ("新灯已到货，先换村口的几盏。", "已换好一半，其余月底前亮起来。", "遇到阴雨天气，顺延一周。"),
    "清理": ("先清了两处，照片附在公示栏。", "投放点已选好位置，正在征求住户意见。"),
    "为 ": ("本月已逐户上门，签字记录在册。", "本月上门时帮着换了灯泡、代买了药。"),
    "把办": ("办理时限已张贴在窗口，可以查询。", "两类事项已按新时限办理，其余下月起执行。"),
    "组织": ("第一次培训已办，签到和反馈都在册。", "下一次培训的时间地点已通知各组。"),
    "公开": ("本季度账目已张榜，公示七天。", "账目正在核对，月底前张榜。"),
    "调解": ("已调解一起，双方签字。", "两起正在调解，约好下周再谈。"),
    "结对": ("结对名单已定，逐户问了难处。", "已帮两户各办成一件事，其余在办。"),
}
ADVERTISEMENT = "专业搬家，价格公道，随叫随到。"
CITIZENS = [
    (CitizenAnswer.Mark.KEPT, "去看过了，确实办好了。"),
    (CitizenAnswer.Mark.KEPT, ""),
    (CitizenAnswer.Mark.NOT_KEPT, "到期了，我们这边还没有办到。"),
    (CitizenAnswer.Mark.CANNOT_TELL, "没有看到公示，说不清。"),
    (CitizenAnswer.Mark.CANNOT_TELL, ADVERTISEMENT),
]
OF_TODAY = [
    (CitizenAnswer.Mark.OFF_COURSE, "说好先办的那一处，到今天还没有动静。"),
    (CitizenAnswer.Mark.ON_COURSE, "上周来人看过了，等着看。"),
    (CitizenAnswer.Mark.TOO_EARLY, "想问清楚可以找谁？请打 0745-0000000 联系我。"),
]
ANSWERS = {
    CitizenAnswer.Mark.ON_COURSE: "谢谢。后面每办完一步，都会在这里报告。",
    CitizenAnswer.Mark.OFF_COURSE: "您说的情况去核实过了，确实慢了。已排到本月办，办完在这里报告，请您再来看。",
    CitizenAnswer.Mark.TOO_EARLY: "眼下刚开头。下月中会有一次进展报告，请您到时再看。",
}
OPINION = "请写清在什么地方、分几步办、每一步到哪一天，让群众能够对照检查。"
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
    days, has_list = (cycle.ends_on - cycle.starts_on).days, bool(central_work(cycle))
    return [
        PromiseText(
            what=what.format(n=dice.randint(2, 12)),
            standard=standard,
            for_whom=for_whom,
            due_on=cycle.starts_on + timedelta(days=dice.randint(days * 5 // 6, days - 1)),
            evidence=evidence,
            aim=aim,
            piece=SERVES.get(what[:2], 0) if has_list else 0,
        )
        for what, standard, for_whom, evidence, aim in dice.sample(PROMISES, dice.randint(2, 5))
    ]


def report(dice: random.Random, what: str) -> str:
    """A progress report that fits what was promised."""
    return dice.choice(next(texts for begins, texts in REPORTS.items() if what.startswith(begins)))


def citizen(dice: random.Random, is_due: bool) -> tuple[str, str]:
    """What a citizen says, before the promise's day or from then on: the mark and the words."""
    mark, sentence = dice.choice(CITIZENS if is_due else SO_FAR)
    return str(mark), sentence


def outcome(dice: random.Random) -> tuple[str, str]:
    """An organisation's own word at the end of the cycle."""
    if dice.random() < 0.75:
        return str(OutcomeStatement.Outcome.FULFILLED), "已按标准全部完成。"
    return str(OutcomeStatement.Outcome.PARTLY), "完成了大部分，其余转入下一轮。"


def deeds(name: str, promised: list[str], fulfilled: int | None) -> str:
    """A candidate's deeds: what it has promised, how much of it is fulfilled (None while the cycle goes on), where to look."""
    if fulfilled is None:
        state = "正在逐项报告进展，群众说的每一条都看得到。上一轮民主测评的结果和方法已经公开"
    else:
        state = f"单位说已兑现{fulfilled}项，群众的评价列在旁边。民主测评的结果和方法已经公开"
    return f"{name}公开承诺{len(promised)}项，其中有“{promised[0]}”。{state}。"


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
